//! The administrative units of a country over time, and the localities: the pieces of land that successions of units
//! never cut. Knows of no country, no level by name, and no law; it is told the levels and reads files of facts.
//!
//! A code is no identity: after a merger the new unit may bear the code of an old one. So there are three kinds of
//! thing here. A [`Row`] is what the files say, for one interval. A [`Unit`] is a run of rows under one code and one
//! name. A locality is a chain of lowest units through the successions, and the only thing that stands still: questions
//! of place are asked of localities, and units are read off them by level and day.
//!
//! ```
//! use thamquyen::register::{Found, Register, RegisterFiles};
//!
//! let levels = [("tinh".to_owned(), vec![]), ("xa".to_owned(), vec![])];
//! let files = RegisterFiles {
//!     units_path: "units.csv".to_owned(),
//!     units: "code,name,short_name,type,level,parent_code,from,before,document\n\
//!             48,Thành phố Đà Nẵng,Đà Nẵng,thành phố,tinh,,2025-07-01,,\n\
//!             20242,Phường Hải Châu,Hải Châu,phường,xa,48,2025-07-01,,1659/NQ-UBTVQH15\n"
//!         .to_owned(),
//!     successions_path: "successions.csv".to_owned(),
//!     successions: "date,document,old_code,new_code,portion\n".to_owned(),
//! };
//! let (register, problems) = Register::build(&levels, &[files]);
//! assert!(problems.is_empty());
//! let found = register.find("hai chau, da nang", None, jiff::civil::date(2026, 1, 1));
//! assert!(matches!(found, Found::One(row) if register.row(row).code == "20242"));
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

mod chain;
mod check;
mod fate;
mod find;
mod problem;
mod read;
mod spelling;

pub use fate::Fate;
pub use find::Found;
pub use problem::{Origin, RegisterProblem, RegisterProblemKind};

/// The place of a level in the rulebook's list, 0 the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LevelId(pub u8);

/// One row of a `units.csv`; ids are in the order of code, then day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u32);

/// One [`Unit`]; ids are in the order of code, then day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(u32);

impl UnitId {
    /// Its place among [`Register::units`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A chain of lowest units through the successions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalityId(u32);

impl LocalityId {
    /// The place that there is not: in no unit on any day, and none of [`Register::localities`].
    pub const NOWHERE: Self = Self(u32::MAX);

    /// Its place among [`Register::localities`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// More chains than this are refused: ten times a country of ten thousand communes, each cut into two.
const LOCALITY_LIMIT: usize = 200_000;

/// A unit as it was from one day to another: same name, type and parent throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    /// With the type word: `Phường Thạch Thang`.
    pub name: String,
    /// Without it: `Thạch Thang`.
    pub short_name: String,
    /// The type: `phường`.
    pub kind: String,
    pub level: LevelId,
    /// The code of the unit above, whatever unit bears it on the day.
    pub parent: Option<String>,
    pub from: Date,
    /// Exclusive; `None` is open.
    pub before: Option<Date>,
    pub unit: UnitId,
    /// The number of the document that opened the row, where known.
    pub document: Option<String>,
}

impl Row {
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.before.is_none_or(|before| day < before)
    }

    /// Whether it held on the day before.
    fn holds_before(&self, day: Date) -> bool {
        self.from < day && self.before.is_none_or(|before| day <= before)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.before.is_none_or(|before| other.from < before) && other.before.is_none_or(|before| self.from < before)
    }
}

/// Rows of one code, one level and one name (marks aside) that follow one another without a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub code: String,
    pub rows: Vec<RowId>,
    pub from: Date,
    /// Exclusive; `None` is open.
    pub before: Option<Date>,
}

/// How much of an old unit's land goes to a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Portion {
    Whole,
    Part,
    /// What is left when the parts are gone.
    Remainder,
}

/// At the start of `date` the land of `old` goes to `new`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    pub date: Date,
    pub document: Option<String>,
    pub portion: Portion,
    pub old: RowId,
    pub new: RowId,
}

/// The text of one pair of files. Paths are only for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterFiles {
    pub units_path: String,
    pub units: String,
    pub successions_path: String,
    pub successions: String,
}

/// The units of a country over time; see the [module](self).
#[derive(Debug, Clone, Default)]
pub struct Register {
    levels: Vec<find::LevelWords>,
    rows: Vec<Row>,
    origins: Vec<Origin>,
    units: Vec<Unit>,
    by_code: BTreeMap<String, Vec<RowId>>,
    children: BTreeMap<String, Vec<RowId>>,
    successions: Vec<Succession>,
    succession_origins: Vec<Origin>,
    /// Per row, the places of the successions out of it and into it.
    leaving: BTreeMap<RowId, Vec<usize>>,
    arriving: BTreeMap<RowId, Vec<usize>>,
    chains: Vec<Chain>,
    /// Per row, what lies in it and when, by locality.
    held: Vec<Vec<Held>>,
    /// Per row, the keys under which its names are compared.
    names: Vec<find::Names>,
    spellings: find::Spellings,
    /// Names without marks, and the rows that bear them.
    by_name: BTreeMap<String, Vec<RowId>>,
    days: Vec<Date>,
}

/// A locality: the lowest units that hold it, and the units of each level.
#[derive(Debug, Clone)]
struct Chain {
    lowest: Vec<Segment>,
    levels: Vec<Vec<Segment>>,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    from: Date,
    before: Option<Date>,
    row: RowId,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    locality: LocalityId,
    from: Date,
    before: Option<Date>,
}

/// What the id of another register's row or unit stands for here.
static NO_ROW: Row = Row {
    code: String::new(),
    name: String::new(),
    short_name: String::new(),
    kind: String::new(),
    level: LevelId(0),
    parent: None,
    from: Date::ZERO,
    before: Some(Date::ZERO),
    unit: UnitId(u32::MAX),
    document: None,
};
static NO_UNIT: Unit = Unit { code: String::new(), rows: Vec::new(), from: Date::ZERO, before: Some(Date::ZERO) };

impl Register {
    /// Both hold the same rows, units and successions, so that each of their numbers means the same in both.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.rows, &self.units, &self.successions) == (&other.rows, &other.units, &other.successions)
    }

    /// Reads files into a register. `levels` are the ids and names of the levels, highest first.
    ///
    /// Always gives a register: what is in problems is left out of it (a row, a link, a succession), except where the
    /// kind of problem says that it is kept. The order of the files makes no difference but to the paths in problems.
    #[must_use]
    pub fn build(levels: &[(String, Vec<String>)], files: &[RegisterFiles]) -> (Self, Vec<RegisterProblem>) {
        let mut problems = Vec::new();
        let words = levels.iter().map(|(id, names)| find::LevelWords::new(id, names)).collect();
        let mut register = Self { levels: words, ..Self::default() };
        let read = read::read(levels, files, &mut problems);
        check::admit_rows(&mut register, read.rows, &mut problems);
        check::check_parents(&mut register, &mut problems);
        check::admit_successions(&mut register, read.successions, &mut problems);
        chain::trace(&mut register, &mut problems);
        register.names = register.rows.iter().map(find::Names::new).collect();
        register.spellings = find::Spellings::new(register.rows.iter().zip(&register.names));
        for (row, names) in register.rows().zip(&register.names) {
            for name in names.folded() {
                register.by_name.entry(name.to_owned()).or_default().push(row);
            }
        }
        register.days = register.all_days();
        problems.sort();
        problems.dedup();
        (register, problems)
    }

    fn all_days(&self) -> Vec<Date> {
        let of_rows = self.rows.iter().flat_map(|row| std::iter::once(row.from).chain(row.before));
        sorted(of_rows.chain(self.successions.iter().map(|succession| succession.date)).collect())
    }

    pub fn localities(&self) -> impl ExactSizeIterator<Item = LocalityId> + use<> {
        (0..id(self.chains.len())).map(LocalityId)
    }

    /// The unit of a level that holds a locality on a day: none before its first row, and none of a level that is
    /// absent there and then.
    #[must_use]
    pub fn ancestor(&self, locality: LocalityId, level: LevelId, day: Date) -> Option<RowId> {
        at(self.chain(locality)?.levels.get(usize::from(level.0))?, day)
    }

    /// The lowest unit that holds a locality on a day.
    #[must_use]
    pub fn lowest(&self, locality: LocalityId, day: Date) -> Option<RowId> {
        at(&self.chain(locality)?.lowest, day)
    }

    /// What lies in the unit of a row on a day, sorted; nothing outside the row's time.
    #[must_use]
    pub fn localities_of(&self, row: RowId, day: Date) -> Vec<LocalityId> {
        let there = |held: &&Held| held.from <= day && held.before.is_none_or(|before| day < before);
        sorted(self.held(row).iter().filter(there).map(|held| held.locality).collect())
    }

    /// The row of a unit that holds on a day.
    #[must_use]
    pub fn row_of(&self, unit: UnitId, day: Date) -> Option<RowId> {
        self.rows_of(unit).iter().copied().find(|row| self.row(*row).holds_on(day))
    }

    /// What lies in a unit on a day, whichever of its rows holds then.
    #[must_use]
    pub fn localities_of_unit(&self, unit: UnitId, day: Date) -> Vec<LocalityId> {
        self.row_of(unit, day).map(|row| self.localities_of(row, day)).unwrap_or_default()
    }

    /// What lay in a unit on its last day, or what its newest state holds where it has no end.
    #[must_use]
    pub fn footprint_last(&self, unit: UnitId) -> Vec<LocalityId> {
        self.unit(unit).rows.last().map(|row| self.footprint_of_row(*row)).unwrap_or_default()
    }

    /// What lay in a row on its last day. Tells a unit before a reform from the enlarged one of the same code and
    /// name after it, where the reform changed its type or parent.
    #[must_use]
    pub fn footprint_of_row(&self, row: RowId) -> Vec<LocalityId> {
        let end = self.row(row).before;
        sorted(self.held(row).iter().filter(|held| held.before == end).map(|held| held.locality).collect())
    }

    /// What lay in a unit on any day of its life.
    #[must_use]
    pub fn footprint_ever(&self, unit: UnitId) -> Vec<LocalityId> {
        sorted(self.rows_of(unit).iter().flat_map(|row| self.held(*row)).map(|held| held.locality).collect())
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = RowId> + use<> {
        (0..id(self.rows.len())).map(RowId)
    }

    /// The row of an id; an empty one for an id of another register.
    #[must_use]
    pub fn row(&self, row: RowId) -> &Row {
        self.rows.get(row.place()).unwrap_or(&NO_ROW)
    }

    /// The file and line that a row comes from.
    #[must_use]
    pub fn origin(&self, row: RowId) -> Option<&Origin> {
        self.origins.get(row.place())
    }

    pub fn units(&self) -> impl ExactSizeIterator<Item = UnitId> + use<> {
        (0..id(self.units.len())).map(UnitId)
    }

    /// The unit of an id; an empty one for an id of another register.
    #[must_use]
    pub fn unit(&self, unit: UnitId) -> &Unit {
        usize::try_from(unit.0).ok().and_then(|place| self.units.get(place)).unwrap_or(&NO_UNIT)
    }

    #[must_use]
    pub fn rows_of(&self, unit: UnitId) -> &[RowId] {
        &self.unit(unit).rows
    }

    /// The row of the unit that bears a code on a day.
    #[must_use]
    pub fn row_on(&self, code: &str, day: Date) -> Option<RowId> {
        self.bearers(code).find(|(_, row)| row.holds_on(day)).map(|(place, _)| place)
    }

    /// All rows that hold on a day.
    pub fn rows_on(&self, day: Date) -> impl Iterator<Item = RowId> + '_ {
        self.numbered().filter(move |(_, row)| row.holds_on(day)).map(|(place, _)| place)
    }

    /// The units directly under a row on a day.
    #[must_use]
    pub fn children(&self, row: RowId, day: Date) -> Vec<RowId> {
        let above = self.row(row);
        let below = self.children.get(&above.code).filter(|_| above.holds_on(day));
        below.into_iter().flatten().copied().filter(|child| self.row(*child).holds_on(day)).collect()
    }

    /// The units above a row on a day, the nearest first; the row itself is not among them.
    #[must_use]
    pub fn chain_of_parents(&self, row: RowId, day: Date) -> Vec<RowId> {
        let parent = |row: RowId| self.row_on(self.row(row).parent.as_deref()?, day);
        // Parents stand above their children, so there are fewer steps than levels.
        std::iter::successors(parent(row), |above| parent(*above)).take(self.levels.len()).collect()
    }

    /// All successions, by day and old code.
    #[must_use]
    pub fn successions(&self) -> &[Succession] {
        &self.successions
    }

    /// The days on which anything changes, the first day of the first row included.
    #[must_use]
    pub fn change_days(&self) -> &[Date] {
        &self.days
    }

    /// The days on which any unit that holds a locality changes, its first day included.
    #[must_use]
    pub fn change_days_of(&self, locality: LocalityId) -> Vec<Date> {
        let segments = self.chain(locality).into_iter().flat_map(|chain| chain.levels.iter().flatten());
        sorted(segments.flat_map(|segment| std::iter::once(segment.from).chain(segment.before)).collect())
    }

    fn chain(&self, locality: LocalityId) -> Option<&Chain> {
        self.chains.get(usize::try_from(locality.0).ok()?)
    }

    fn held(&self, row: RowId) -> &[Held] {
        self.held.get(row.place()).map_or(&[], Vec::as_slice)
    }

    fn numbered(&self) -> impl Iterator<Item = (RowId, &Row)> {
        self.rows().zip(&self.rows)
    }

    fn bearers(&self, code: &str) -> impl Iterator<Item = (RowId, &Row)> {
        self.by_code.get(code).into_iter().flatten().map(|place| (*place, self.row(*place)))
    }
}

impl RowId {
    fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// The segment of a day, by binary search: segments are sorted and do not overlap.
fn at(segments: &[Segment], day: Date) -> Option<RowId> {
    let behind = segments.partition_point(|segment| segment.from <= day);
    let segment = segments.get(behind.checked_sub(1)?)?;
    segment.before.is_none_or(|before| day < before).then_some(segment.row)
}

/// Files are far too small for more than four thousand million rows; saturating keeps this total.
fn id(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

impl Default for Origin {
    fn default() -> Self {
        Self { path: Arc::from(""), line: 1 }
    }
}
