//! The five clears (5 rõ) of each task on a day: person, task, responsibility, procedure, result: which are stated.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::reach::{Reach, lowest};
use super::{too_many, units};
use crate::partition::{Partition, Transition};
use crate::reading::ask::Law;
use crate::reading::check::{Clear as Clause, lacking, slot_edge};
use crate::reading::naming::Voice;
use crate::reading::sheet::{Cell, Column, Sheet};
use crate::reading::words::{self, pick};
use crate::resolution::Holding;
use crate::rulebook::{Language, Rulebook, Slot, TaskId};
use crate::ruling::Outcome;

/// How far one of the five is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clear {
    Stated,
    /// In some cases or places.
    Partly,
    NotStated,
    /// The task is not covered on the day, or too large.
    Unknown,
}

/// The five of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clears {
    pub task: TaskId,
    pub person: Clear,
    pub named: Clear,
    pub responsibility: Clear,
    pub procedure: Clear,
    pub result: Clear,
    pub gaps: Vec<Gap>,
}

/// What is not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// In so many units some case has this outcome.
    Person(Outcome, usize),
    Sector,
    ProcedureCode,
    /// In so many units a transfer was not judged by any organisation law.
    Unread(usize),
    NotCovered,
    TooMany,
}

/// Reads the five of a task.
#[must_use]
pub fn clears(law: Law<'_>, task: TaskId, on: Date) -> Clears {
    let named = named(law.rulebook, task);
    let mut gaps: Vec<Gap> = named.1;
    let mut found = Found::default();
    let mut handled = Handled::default();
    // A partition of its own: the pairs of holder and procedure are made in its diagrams.
    match Partition::new(law.rulebook, task) {
        Err(_) => gaps.push(Gap::TooMany),
        Ok(mut partition) => {
            let procedure = slot_edge(&partition, Slot::Procedure);
            let roots = (partition.holding, procedure);
            let (edge, pairs) = partition.pairs(roots, &|_, _| false);
            let mut reach = Reach::new(law.rulebook, &partition, on);
            for places in lowest(&law.rulebook.register, on).values() {
                found.unit(&places.iter().flat_map(|place| reach.holdings(*place)).collect());
                for leaf in
                    places.iter().flat_map(|place| reach.leaves(edge, *place).iter().copied().collect::<Vec<_>>())
                {
                    handled.pair(&partition, pairs.get(usize::try_from(leaf).unwrap_or(0).wrapping_sub(1)));
                }
            }
            gaps.extend(found.gaps());
        }
    }
    Clears {
        task,
        person: found.person(),
        named: named.0,
        responsibility: found.responsibility(),
        procedure: handled.procedure(),
        result: handled.result(),
        gaps,
    }
}

/// In how many kinds of cases that somebody decides a procedure is said, and one with a result.
#[derive(Default)]
struct Handled {
    all: usize,
    procedure: usize,
    result: usize,
}

impl Handled {
    fn pair(&mut self, partition: &Partition, pair: Option<&Transition>) {
        let Some((holding, procedure)) = pair else { return };
        let at = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
        let Some(Some(holding)) = partition.holdings.get(at(*holding)) else { return };
        if !names_somebody(holding.outcome) || holding.holders.is_empty() {
            return;
        }
        let said = partition.besides.get(at(*procedure)).map_or(&[][..], |beside| beside.handling.as_slice());
        let lacks = lacking(holding.outcome, said);
        self.all += 1;
        self.procedure += usize::from(lacks != Some(Clause::Procedure));
        self.result += usize::from(lacks.is_none());
    }

    const fn of(&self, said: usize) -> Clear {
        match (self.all, said) {
            (0, _) => Clear::Unknown,
            (all, said) if all == said => Clear::Stated,
            (_, 0) => Clear::NotStated,
            (..) => Clear::Partly,
        }
    }

    const fn procedure(&self) -> Clear {
        self.of(self.procedure)
    }

    const fn result(&self) -> Clear {
        self.of(self.result)
    }
}

/// Whether the task is told apart from others: by sector and by the codes of its procedures.
fn named(rulebook: &Rulebook, task: TaskId) -> (Clear, Vec<Gap>) {
    let task = &rulebook[task];
    let sector = task.sector.is_none().then_some(Gap::Sector);
    let codes = task.procedures.is_empty().then_some(Gap::ProcedureCode);
    let gaps: Vec<Gap> = sector.into_iter().chain(codes).collect();
    (if gaps.is_empty() { Clear::Stated } else { Clear::Partly }, gaps)
}

/// What was found of the units that the rules cover.
#[derive(Default)]
struct Found {
    units: usize,
    /// In which every case has its decider, or needs none.
    clear: usize,
    /// In which some case has one.
    some: usize,
    unread: usize,
    without: std::collections::BTreeMap<Outcome, usize>,
}

impl Found {
    fn unit(&mut self, holdings: &BTreeSet<&Holding>) {
        let covered: Vec<&&Holding> = holdings.iter().filter(|one| one.outcome != Outcome::NotCovered).collect();
        if covered.is_empty() {
            return;
        }
        self.units += 1;
        let without: BTreeSet<Outcome> =
            covered.iter().map(|one| one.outcome).filter(|outcome| !names_somebody(*outcome)).collect();
        self.clear += usize::from(without.is_empty());
        self.some += usize::from(covered.iter().any(|one| names_somebody(one.outcome)));
        self.unread += usize::from(covered.iter().any(|one| one.framework_unread));
        without.into_iter().for_each(|outcome| *self.without.entry(outcome).or_default() += 1);
    }

    fn gaps(&self) -> Vec<Gap> {
        let without = self.without.iter().map(|(outcome, units)| Gap::Person(*outcome, *units));
        let unread = (self.unread > 0).then_some(Gap::Unread(self.unread));
        let covered = (self.units == 0).then_some(Gap::NotCovered);
        without.chain(unread).chain(covered).collect()
    }

    const fn person(&self) -> Clear {
        match (self.units, self.some) {
            (0, _) => Clear::Unknown,
            (units, _) if self.clear == units => Clear::Stated,
            (_, 0) => Clear::NotStated,
            (..) => Clear::Partly,
        }
    }

    /// Who decides answers, or who delegated: it is as clear as the person, unless nobody judged the transfer.
    const fn responsibility(&self) -> Clear {
        match self.person() {
            Clear::Stated if self.unread > 0 => Clear::Partly,
            person @ (Clear::Stated | Clear::Partly | Clear::NotStated | Clear::Unknown) => person,
        }
    }
}

/// Whether a case with this outcome has its decider, or lawfully needs none.
const fn names_somebody(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Decided | Outcome::Concurrent | Outcome::NotRequired | Outcome::Open => true,
        Outcome::Gap | Outcome::Conflict | Outcome::Orphaned | Outcome::NotCovered | Outcome::Undetermined => false,
    }
}

/// The five of tasks as a table.
#[must_use]
pub fn sheet(voice: Voice<'_>, all: &[Clears], on: Date) -> Sheet {
    let language = voice.language;
    let column = |id, vietnamese, english| Column { id, name: pick(language, vietnamese, english) };
    let row = |one: &Clears| {
        let names = &voice.rulebook[one.task].names;
        let five = [one.person, one.named, one.responsibility, one.procedure, one.result];
        let five = five.map(|clear| Cell::Code(code(clear), clear_words(clear, language).to_owned()));
        let gaps = Cell::List(one.gaps.iter().map(|gap| gap_words(*gap, language)).collect());
        let task = Cell::Thing(names.id.clone(), voice.name(names).to_owned());
        std::iter::once(task).chain(five).chain([gaps]).collect()
    };
    Sheet {
        id: "clears",
        title: format!(
            "{} {}",
            pick(language, "Năm rõ của từng nhiệm vụ ngày", "The five clears of each task on"),
            words::date(on, language)
        ),
        notes: Vec::new(),
        columns: vec![
            column("task", "nhiệm vụ", "task"),
            column("person", "rõ người", "person"),
            column("named", "rõ việc", "task named"),
            column("responsibility", "rõ trách nhiệm", "responsibility"),
            column("procedure", "rõ quy trình", "procedure"),
            column("result", "rõ hiệu quả", "result"),
            column("missing", "còn thiếu", "missing"),
        ],
        rows: all.iter().map(row).collect(),
    }
}

const fn code(clear: Clear) -> &'static str {
    match clear {
        Clear::Stated => "stated",
        Clear::Partly => "partly",
        Clear::NotStated => "not-stated",
        Clear::Unknown => "unknown",
    }
}

const fn clear_words(clear: Clear, language: Language) -> &'static str {
    match clear {
        Clear::Stated => pick(language, "rõ", "stated"),
        Clear::Partly => pick(language, "rõ một phần", "partly"),
        Clear::NotStated => pick(language, "chưa rõ", "not stated"),
        Clear::Unknown => pick(language, "chưa xác định", "unknown"),
    }
}

fn gap_words(gap: Gap, language: Language) -> String {
    match gap {
        Gap::Person(outcome, count) => {
            let outcome = words::outcome_name(outcome, language);
            let count = units(count, language);
            match language {
                Language::Vietnamese => format!("{outcome} trong một số trường hợp ở {count}"),
                Language::English => format!("{outcome} in some cases in {count}"),
            }
        }
        Gap::Sector => pick(language, "lĩnh vực", "sector").to_owned(),
        Gap::ProcedureCode => pick(language, "mã thủ tục hành chính", "procedure code").to_owned(),
        Gap::Unread(count) => {
            let count = units(count, language);
            match language {
                Language::Vietnamese => format!("luật tổ chức để xét việc chuyển giao ở {count}"),
                Language::English => format!("an organisation law by which transfers are judged in {count}"),
            }
        }
        Gap::NotCovered => pick(language, "ngày này ngoài phạm vi đã phủ", "the day is not covered").to_owned(),
        Gap::TooMany => too_many(language).to_owned(),
    }
}

/// Whether what the rules can say is stated everywhere.
#[must_use]
pub fn is_fine(all: &[Clears]) -> bool {
    let fine = |clear: Clear| match clear {
        Clear::Stated => true,
        Clear::Partly | Clear::NotStated | Clear::Unknown => false,
    };
    all.iter().all(|one| [one.person, one.named, one.responsibility, one.procedure, one.result].into_iter().all(fine))
}
