//! Load by level on two days: of all pairs of a task and a lowest unit that the rules cover, how many are decided at which
//! level. A pair has many possible cases, of which nobody knows how often each comes: so a level has at least the pairs of which
//! it decides every case alone, and at most those of which it decides some case. Yearly cases, where they are said, are counted
//! likewise.

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
    /// By nobody: a gap, a conflict, a holder that is gone, or nothing to decide.
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

/// Pairs and cases by where they are decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    pub at: BTreeMap<Where, Sum>,
    /// All pairs, and all cases.
    pub pairs: u32,
    pub cases: Decimal,
}

/// How much is decided at one place: all that is decided there alone, and all of which some case is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub pairs: (u32, u32),
    pub cases: (Decimal, Decimal),
}

impl Sums {
    /// Pairs that are decided in these ways.
    fn add(&mut self, ways: &BTreeSet<Where>, pairs: u32, cases: Decimal) {
        self.pairs += pairs;
        self.cases += cases;
        for way in ways {
            let sum = self.at.entry(*way).or_default();
            sum.pairs.1 += pairs;
            sum.cases.1 += cases;
            if ways.len() == 1 {
                sum.pairs.0 += pairs;
                sum.cases.0 += cases;
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.cases += other.cases;
        for (way, more) in &other.at {
            let sum = self.at.entry(*way).or_default();
            sum.pairs = (sum.pairs.0 + more.pairs.0, sum.pairs.1 + more.pairs.1);
            sum.cases = (sum.cases.0 + more.cases.0, sum.cases.1 + more.cases.1);
        }
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
    let mut found: BTreeMap<RowId, BTreeSet<Where>> = BTreeMap::new();
    for (unit, places) in lowest(register, day) {
        let holdings: BTreeSet<&Holding> = places.iter().flat_map(|place| reach.holdings(*place)).collect();
        found.extend(decided(register, &holdings).map(|ways| (unit, ways)));
    }
    let mut sums = Sums::default();
    found.values().for_each(|ways| sums.add(ways, 1, Decimal::ZERO));
    for one in cases {
        let units = one.unit.map(|(row, on)| within(register, row, on, day));
        let spread = found.iter().filter(|(unit, _)| units.as_ref().is_none_or(|units| units.contains(unit)));
        // Evenly over the units that they may be of.
        let mut many: BTreeMap<&BTreeSet<Where>, u32> = BTreeMap::new();
        spread.for_each(|(_, ways)| *many.entry(ways).or_default() += 1);
        let each: u32 = many.values().sum();
        for (ways, units) in many {
            sums.add(ways, 0, one.count * Decimal::from(units) / Decimal::from(each));
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
fn decided(register: &Register, holdings: &BTreeSet<&Holding>) -> Option<BTreeSet<Where>> {
    let (mut ways, mut idle) = (BTreeSet::new(), false);
    for holding in holdings {
        match holding.outcome {
            Outcome::Decided | Outcome::Concurrent => {
                let levels = holding.holders.iter().map(|holder| level(register, holder.seat.at));
                ways.extend(levels.map(|level| level.map_or(Where::Elsewhere, Where::At)));
            }
            Outcome::Gap | Outcome::Conflict | Outcome::Orphaned | Outcome::Undetermined => {
                ways.insert(Where::Nobody);
            }
            // Cases that cannot be, or of which nothing is decided, are no load.
            Outcome::NotRequired | Outcome::Open => idle = true,
            Outcome::NotCovered => {}
        }
    }
    if ways.is_empty() && idle {
        ways.insert(Where::Nobody);
    }
    (!ways.is_empty()).then_some(ways)
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
            sum.join(own);
        }
    }
    let together = Cell::Code("all", pick(language, "tất cả", "all tasks").to_owned());
    rows.extend(of_task(voice, &together, &all, load.weighted));
    let day = |day| words::date(day, language);
    let (from, to) = (day(load.days.0), day(load.days.1));
    let note = pick(
        language,
        "Đếm các cặp (nhiệm vụ, đơn vị cấp thấp nhất) trong phạm vi đã phủ. Ít nhất: cấp ấy quyết định mọi trường hợp; nhiều nhất: quyết định một số trường hợp",
        "Pairs of a task and a lowest unit that the rules cover. At least: the level decides every case; at most: it decides some case",
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
    let mut columns = vec![column("task", "nhiệm vụ", "task"), column("level", "cấp", "level")];
    columns.extend([
        column("least_before", "ít nhất, trước", "at least, before"),
        column("least_share_before", "% ít nhất, trước", "% at least, before"),
        column("most_before", "nhiều nhất, trước", "at most, before"),
        column("most_share_before", "% nhiều nhất, trước", "% at most, before"),
        column("least_after", "ít nhất, sau", "at least, after"),
        column("least_share_after", "% ít nhất, sau", "% at least, after"),
        column("most_after", "nhiều nhất, sau", "at most, after"),
        column("most_share_after", "% nhiều nhất, sau", "% at most, after"),
    ]);
    if weighted {
        columns.extend([
            column("cases_least_before", "vụ việc ít nhất, trước", "cases at least, before"),
            column("cases_most_before", "vụ việc nhiều nhất, trước", "cases at most, before"),
            column("cases_least_after", "vụ việc ít nhất, sau", "cases at least, after"),
            column("cases_most_after", "vụ việc nhiều nhất, sau", "cases at most, after"),
        ]);
    }
    columns
}

fn of_task(voice: Voice<'_>, name: &Cell, (before, after): &Two, weighted: bool) -> Vec<Vec<Cell>> {
    let at: BTreeSet<Where> = before.at.keys().chain(after.at.keys()).copied().collect();
    let row = |at: &Where| {
        let mut row = vec![name.clone(), at_words(voice, *at)];
        let of = |sums: &Sums| sums.at.get(at).copied().unwrap_or_default();
        for sums in [before, after] {
            let Sum { pairs, .. } = of(sums);
            for pairs in [pairs.0, pairs.1] {
                row.extend([Cell::Count(pairs), Cell::Share(pairs.into(), sums.pairs.into())]);
            }
        }
        for sums in [before, after].into_iter().filter(|_| weighted) {
            let Sum { cases, .. } = of(sums);
            row.extend([cases.0, cases.1].map(|cases| Cell::Number(cases.round_dp(2))));
        }
        row
    };
    at.iter().map(row).collect()
}
