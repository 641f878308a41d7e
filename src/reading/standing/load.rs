//! Load by level on two days: of all pairs of a task and a lowest unit that the rules cover, how many are decided at which
//! level. A pair counts for a level when all its possible cases are decided there by one level alone; for several, when it
//! depends on the facts or is shared; for nobody, when no case is decided. Weighted by yearly cases where these are said.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::reach::{Reach, lowest};
use super::too_many;
use crate::quantity;
use crate::reading::ask::Law;
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::sheet::{Cell, Column, Sheet};
use crate::reading::trouble::{Member, Trouble};
use crate::reading::words::{self, pick};
use crate::register::{LevelId, LocalityId, Register, RowId};
use crate::resolution::Holding;
use crate::rulebook::{Language, Rulebook, SeatAt, TaskId};
use crate::ruling::Outcome;

/// Where a pair is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    At(LevelId),
    /// By a body without a level.
    Elsewhere,
    /// It depends on the facts, or is shared between levels.
    Several,
    /// No case has a decider.
    Nobody,
}

/// Yearly cases of a task, everywhere or in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cases {
    pub task: TaskId,
    /// The unit, on the day on which it is there.
    pub unit: Option<(RowId, Date)>,
    pub count: Decimal,
}

/// The load of one task; `None` where its rules fall into too many regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    pub days: (Date, Date),
    pub tasks: Vec<(TaskId, Option<Two>)>,
    /// Whether cases weigh.
    pub weighted: bool,
}

/// Before and after.
pub type Two = (Sums, Sums);

/// Pairs, and cases, by where they are decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(pub BTreeMap<Where, (u32, Decimal)>);

impl Sums {
    fn add(&mut self, at: Where, pairs: u32, cases: Decimal) {
        let sum = self.0.entry(at).or_default();
        sum.0 += pairs;
        sum.1 += cases;
    }

    fn all(&self) -> (u32, Decimal) {
        self.0.values().fold((0, Decimal::ZERO), |all, one| (all.0 + one.0, all.1 + one.1))
    }
}

/// Reads the load of all tasks.
#[must_use]
pub fn load(law: Law<'_>, days: (Date, Date), cases: &[Cases]) -> Load {
    let tasks = (0_u32..).map(TaskId).zip(&law.rulebook.tasks);
    let tasks = tasks.map(|(task, _)| {
        let own: Vec<&Cases> = cases.iter().filter(|one| one.task == task).collect();
        let of = |day| sums(law, task, day, &own);
        (task, of(days.0).zip(of(days.1)))
    });
    Load { days, tasks: tasks.collect(), weighted: !cases.is_empty() }
}

fn sums(law: Law<'_>, task: TaskId, day: Date, cases: &[&Cases]) -> Option<Sums> {
    let register = &law.rulebook.register;
    let partition = law.partitions.of(law.rulebook, task).ok()?;
    let mut reach = Reach::new(law.rulebook, partition, day);
    let mut found: BTreeMap<RowId, Where> = BTreeMap::new();
    for (unit, places) in lowest(register, day) {
        let holdings: BTreeSet<&Holding> = places.iter().flat_map(|place| reach.holdings(*place)).collect();
        found.extend(decided(register, &holdings).map(|at| (unit, at)));
    }
    let mut sums = Sums::default();
    found.values().for_each(|at| sums.add(*at, 1, Decimal::ZERO));
    for one in cases {
        let units = one.unit.map(|(row, on)| within(register, row, on, day));
        let spread: Vec<Where> = found
            .iter()
            .filter(|(unit, _)| units.as_ref().is_none_or(|units| units.contains(unit)))
            .map(|(_, at)| *at)
            .collect();
        // Evenly over the units that they may be of.
        let Some(each) = u32::try_from(spread.len()).ok().filter(|many| *many > 0) else { continue };
        let mut many: BTreeMap<Where, u32> = BTreeMap::new();
        spread.into_iter().for_each(|at| *many.entry(at).or_default() += 1);
        for (at, pairs) in many {
            sums.add(at, 0, one.count * Decimal::from(pairs) / Decimal::from(each));
        }
    }
    Some(sums)
}

/// The lowest units of a day on the land that a unit has on another.
fn within(register: &Register, row: RowId, on: Date, day: Date) -> BTreeSet<RowId> {
    let places: Vec<LocalityId> = register.localities_of(row, on);
    places.iter().filter_map(|place| register.lowest(*place, day)).collect()
}

/// Where a pair with these possible rulings is decided; `None` outside the cover.
fn decided(register: &Register, holdings: &BTreeSet<&Holding>) -> Option<Where> {
    let covered = holdings.iter().filter(|one| one.outcome != Outcome::NotCovered);
    let (mut levels, mut covers) = (BTreeSet::new(), false);
    for holding in covered {
        covers = true;
        match holding.outcome {
            Outcome::Decided | Outcome::Concurrent => {
                levels.extend(holding.holders.iter().map(|holder| level(register, holder.seat.at)));
            }
            Outcome::Gap
            | Outcome::Conflict
            | Outcome::Orphaned
            | Outcome::NotRequired
            | Outcome::Open
            | Outcome::NotCovered
            | Outcome::Undetermined => {}
        }
    }
    let mut levels = levels.into_iter();
    let at = match (levels.next(), levels.next()) {
        (None, _) => Where::Nobody,
        (Some(one), None) => one.map_or(Where::Elsewhere, Where::At),
        (Some(_), Some(_)) => Where::Several,
    };
    covers.then_some(at)
}

fn level(register: &Register, at: SeatAt) -> Option<LevelId> {
    match at {
        SeatAt::Nowhere => None,
        SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Any { level } | SeatAt::Others { level, .. } => {
            Some(level)
        }
        SeatAt::Unit(unit) => register.rows_of(unit).last().map(|row| register.row(*row).level),
    }
}

/// What is wrong with a row of a table of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongCases {
    Name(Trouble),
    /// This is no number of cases.
    Count(String),
}

impl WrongCases {
    #[must_use]
    pub fn words(&self, voice: Voice<'_>) -> String {
        match (self, voice.language) {
            (Self::Name(trouble), _) => trouble.words(voice),
            (Self::Count(written), Language::Vietnamese) => format!("`{written}` không phải là số vụ việc"),
            (Self::Count(written), Language::English) => format!("`{written}` is not a number of cases"),
        }
    }
}

/// Understands a row of a table of cases: a task, how many cases it has in a year, and perhaps of which unit, as it is called on
/// one of the two days.
///
/// # Errors
/// What of it is wrong.
pub fn cases(
    rulebook: &Rulebook,
    (task, count, unit): (&str, &str, &str),
    days: (Date, Date),
) -> Result<Cases, WrongCases> {
    let task = question::task(rulebook, Some(task)).map_err(WrongCases::Name)?;
    let number = quantity::read(count.trim()).ok().filter(|count| !count.is_sign_negative());
    let count = number.ok_or_else(|| WrongCases::Count(count.to_owned()))?;
    let unit = match unit.trim() {
        "" => None,
        unit => {
            let on = |day| question::unit(rulebook, Member::In(None), unit, day).map(|row| (row, day));
            Some(on(days.0).or_else(|trouble| on(days.1).map_err(|_| trouble)).map_err(WrongCases::Name)?)
        }
    };
    Ok(Cases { task, unit, count })
}

fn at_words(voice: Voice<'_>, at: Where) -> Cell {
    let language = voice.language;
    match at {
        Where::At(level) => {
            let names = &voice.rulebook[level].names;
            Cell::Thing(names.id.clone(), voice.name(names).to_owned())
        }
        Where::Elsewhere => Cell::Code("no-level", pick(language, "không thuộc cấp nào", "no level").to_owned()),
        Where::Several => {
            let words = pick(language, "tùy trường hợp hoặc nhiều cấp", "depends, or several levels");
            Cell::Code("several", words.to_owned())
        }
        Where::Nobody => Cell::Code("nobody", pick(language, "không ai", "nobody").to_owned()),
    }
}

/// The load as a table: each task, then all together.
#[must_use]
pub fn sheet(voice: Voice<'_>, load: &Load) -> Sheet {
    let language = voice.language;
    let mut rows = Vec::new();
    let mut all = Two::default();
    for (task, two) in &load.tasks {
        let names = &voice.rulebook[*task].names;
        let name = Cell::Thing(names.id.clone(), voice.name(names).to_owned());
        let Some(two) = two else {
            let mut row = vec![name, Cell::text(too_many(language))];
            row.resize(columns(load.weighted, language).len(), Cell::Empty);
            rows.push(row);
            continue;
        };
        rows.extend(of_task(voice, &name, two, load.weighted));
        for (sum, own) in [(&mut all.0, &two.0), (&mut all.1, &two.1)] {
            own.0.iter().for_each(|(at, (pairs, cases))| sum.add(*at, *pairs, *cases));
        }
    }
    let together = Cell::Code("all", pick(language, "tất cả", "all tasks").to_owned());
    rows.extend(of_task(voice, &together, &all, load.weighted));
    let day = |day| words::date(day, language);
    let (from, to) = (day(load.days.0), day(load.days.1));
    let note = pick(
        language,
        "Mỗi cặp (nhiệm vụ, đơn vị cấp thấp nhất) trong phạm vi đã phủ tính một lần: vào cấp quyết định mọi trường hợp của nó",
        "Each pair of a task and a lowest unit that the rules cover counts once: for the level that decides all its cases",
    );
    Sheet {
        id: "load",
        title: match language {
            Language::Vietnamese => format!("Khối lượng theo cấp, {from} và {to}"),
            Language::English => format!("Load by level, {from} and {to}"),
        },
        notes: vec![note.to_owned()],
        columns: columns(load.weighted, language),
        rows,
    }
}

fn columns(weighted: bool, language: Language) -> Vec<Column> {
    let column = |id, vietnamese, english| Column { id, name: pick(language, vietnamese, english) };
    let mut columns = vec![
        column("task", "nhiệm vụ", "task"),
        column("level", "cấp", "level"),
        column("before", "trước", "before"),
        column("share_before", "tỷ lệ trước", "share before"),
        column("after", "sau", "after"),
        column("share_after", "tỷ lệ sau", "share after"),
    ];
    if weighted {
        columns.push(column("cases_before", "vụ việc trước", "cases before"));
        columns.push(column("cases_share_before", "tỷ lệ vụ việc trước", "share of cases before"));
        columns.push(column("cases_after", "vụ việc sau", "cases after"));
        columns.push(column("cases_share_after", "tỷ lệ vụ việc sau", "share of cases after"));
    }
    columns
}

fn of_task(voice: Voice<'_>, name: &Cell, (before, after): &Two, weighted: bool) -> Vec<Vec<Cell>> {
    let at: BTreeSet<Where> = before.0.keys().chain(after.0.keys()).copied().collect();
    let row = |at: &Where| {
        let mut row = vec![name.clone(), at_words(voice, *at)];
        let of = |sums: &Sums| (sums.0.get(at).copied().unwrap_or_default(), sums.all());
        for sums in [before, after] {
            let ((pairs, _), (all, _)) = of(sums);
            row.extend([Cell::Count(pairs), Cell::Share(pairs.into(), all.into())]);
        }
        for sums in [before, after].into_iter().filter(|_| weighted) {
            let ((_, cases), (_, all)) = of(sums);
            row.extend([Cell::Number(cases.round_dp(2)), Cell::Share(cases.round_dp(2), all.round_dp(2))]);
        }
        row
    };
    at.iter().map(row).collect()
}
