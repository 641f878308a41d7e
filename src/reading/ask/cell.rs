//! Full questions without a detour. Where a question leaves nothing open, its answer is read straight off the task's diagrams:
//! which leaves they lead to, which units bear the seats, and on which days around the question's it stays so. That is the
//! question's [`Cell`]: questions of one task in one cell have the same answer, but for what echoes the question.
//!
//! Whatever is unusual (several units at once, several roles, a fact that matters and was not said, a place whose parts differ) has
//! no cell here, and is answered by [`ask`](super::ask()). Where there is a cell, both give the same answer
//! (`tests/cells.rs`). Questions about one unit that have no cell have a [`Region`] at least: those in one region have the same answer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Law;
use super::tree::{Leaf, leaf_of};
use crate::diagram::Edge;
use crate::partition::{Partition, Slice, Variable};
use crate::register::{LocalityId, RowId};
use crate::rulebook::{Days, Rulebook, Seat, SeatAt};
use crate::ruling::{Answer, Decider, Named, Outcome, Question};

/// A place of more parts than this is left to the general way.
const PARTS: usize = 16;

/// More cases than this that another day leaves open are left to it too.
const CASES: usize = 64;

/// What the cells of a rulebook's questions are found with.
#[derive(Debug)]
pub struct Cells {
    /// By task; `None` where the general way is always taken.
    tasks: Vec<Option<Lines>>,
    /// By locality: the days on which a unit that holds it changes. Sorted.
    changes: Vec<Box<[Date]>>,
}

/// A task's diagrams along the days.
#[derive(Debug)]
struct Lines {
    /// By class of places; the only one where the task has no place.
    classes: Vec<Line>,
    slices: Vec<Slice>,
}

/// The first days of runs of days, the first from the beginning of time, and where the diagrams stand in each: an index of a
/// slice.
#[derive(Debug)]
struct Line(Vec<(Date, usize)>);

impl Line {
    /// The run in which a day lies.
    fn run(&self, day: Date) -> Option<(Date, usize)> {
        let behind = self.0.partition_point(|(first, _)| *first <= day);
        self.0.get(behind.checked_sub(1)?).copied()
    }

    /// The first day of the next run.
    fn next(&self, day: Date) -> Option<Date> {
        let behind = self.0.partition_point(|(first, _)| *first <= day);
        self.0.get(behind).map(|(first, _)| *first)
    }
}

impl Lines {
    fn new(partition: &Partition) -> Option<Self> {
        if partition.frame.roles.len() > 1 || !partition.patterns.is_empty() {
            return None;
        }
        let places: Vec<Vec<LocalityId>> = match partition.frame.roles.len() {
            0 => vec![Vec::new()],
            _ => partition.frame.classes.iter().map(|class| vec![class.representative]).collect(),
        };
        let mut slices: Vec<Slice> = Vec::new();
        let mut numbers = BTreeMap::new();
        let mut classes = Vec::new();
        for places in places {
            let mut line: Vec<(Date, usize)> = Vec::new();
            for day in std::iter::once(Date::MIN).chain(partition.days(&places)) {
                let slice = partition.at(&places, day);
                let number = *numbers.entry(slice.clone()).or_insert_with(|| {
                    slices.push(slice);
                    slices.len() - 1
                });
                if line.last().is_none_or(|(_, last)| *last != number) {
                    line.push((day, number));
                }
            }
            classes.push(Line(line));
        }
        Some(Self { classes, slices })
    }
}

impl Cells {
    /// Of all tasks that can be worked out, which is done here where it was not yet.
    #[must_use]
    pub fn new(law: Law<'_>) -> Self {
        let register = &law.rulebook.register;
        let tasks = (0_u32..).map(crate::rulebook::TaskId).zip(&law.rulebook.tasks);
        Self {
            tasks: tasks.map(|(id, _)| law.partitions.of(law.rulebook, id).ok().and_then(Lines::new)).collect(),
            changes: register.localities().map(|place| register.change_days_of(place).into_boxed_slice()).collect(),
        }
    }

    /// The cell of a question, if it is full and nothing about it is unusual.
    #[must_use]
    pub fn cell(&self, law: Law<'_>, question: &Question) -> Option<Cell> {
        let lines = self.tasks.get(usize::try_from(question.task.0).ok()?)?.as_ref()?;
        let partition = law.partitions.of(law.rulebook, question.task).ok()?;
        let spot = Spot::new(law.rulebook, partition, (self, lines), question)?;
        let values = spot.values_on(question.on)?;
        let units = spot.units(&values, question.on)?;
        let valid = spot.valid(&values, &units, question.on)?;
        Some(Cell { values, units, from: valid.from, before: valid.before })
    }
}

impl Cells {
    /// The region of a question that has no cell, because something is missing or its grounds vary.
    #[must_use]
    pub fn region(&self, law: Law<'_>, question: &Question) -> Option<Region> {
        let lines = self.tasks.get(usize::try_from(question.task.0).ok()?)?.as_ref()?;
        let partition = law.partitions.of(law.rulebook, question.task).ok()?;
        let spot = Spot::new(law.rulebook, partition, (self, lines), question)?;
        let units = law.rulebook.register.change_days();
        let unit =
            units.partition_point(|change| *change <= question.on).checked_sub(1).and_then(|last| units.get(last));
        let runs = spot.parts.iter().filter_map(|part| part.line.run(question.on)).map(|(first, _)| first);
        let from = runs.chain(unit.copied()).max()?;
        Some(Region { places: question.places.clone(), from, facts: spot.facts.into() })
    }
}

/// What the answer to any question about one unit depends on, within its task: the unit, the run of days on which neither the
/// diagrams there nor any unit changes, and the cells of the facts that were said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region {
    places: Vec<Vec<RowId>>,
    from: Date,
    facts: Box<[Option<u32>]>,
}

impl Region {
    /// What it takes on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let places: usize = self.places.iter().map(|rows| size_of::<Vec<RowId>>() + size_of_val(rows.as_slice())).sum();
        places + size_of_val(&*self.facts)
    }
}

/// What the answer to a full question depends on, within its task.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The leaf of the holder, and of each sentence beside it.
    values: Box<[u32]>,
    /// The unit of each seat of these leaves, in their order.
    units: Box<[Option<RowId>]>,
    from: Option<Date>,
    before: Option<Date>,
}

impl Cell {
    /// The days around the question's on which the answer stays the same.
    #[must_use]
    pub const fn valid(&self) -> Days {
        Days { from: self.from, before: self.before }
    }

    /// What it takes on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.values) + size_of_val(&*self.units)
    }

    /// The answer to a question in this cell.
    #[must_use]
    pub fn answer(&self, law: Law<'_>, question: &Question) -> Option<Answer> {
        let partition = law.partitions.of(law.rulebook, question.task).ok()?;
        let leaf = leaf_of(partition, &self.values)?;
        let seats: Vec<Seat> = seats(partition, &self.values).collect();
        let named = |seat: Seat| {
            let at = seats.iter().position(|own| *own == seat);
            Named { seat, unit: at.and_then(|at| self.units.get(at).copied()).flatten() }
        };
        let verdict = &leaf.verdict;
        let decider = |holder: &crate::ruling::Holder| Decider {
            who: named(holder.seat),
            held: holder.held,
            answerable: named(holder.answerable),
        };
        Some(Answer {
            question: question.clone(),
            outcome: verdict.outcome,
            deciders: verdict.holders.iter().map(decider).collect(),
            sharing: verdict.sharing,
            conflict: verdict.conflict,
            requirements: verdict.requirements.iter().map(|one| (one.kind, named(one.of))).collect(),
            may_step_in: verdict.may_step_in.iter().map(|seat| named(*seat)).collect(),
            grounds: leaf.grounds,
            grounds_vary: false,
            record: Vec::new(),
            framework_unread: leaf.framework_unread,
            valid: self.valid(),
            next: None,
        })
    }
}

/// The seats of the leaves with these values, those of the holders first: seat and who answers for it.
fn seats<'a>(partition: &'a Partition, values: &'a [u32]) -> impl Iterator<Item = Seat> + 'a {
    let place = |value: &u32| usize::try_from(*value).unwrap_or(usize::MAX);
    let holding = values.first().and_then(|value| partition.holdings.get(place(value))?.as_ref());
    let holders = holding.into_iter().flat_map(|holding| &holding.holders);
    let besides = values.iter().skip(1).filter_map(move |value| partition.besides.get(place(value)));
    let besides =
        besides.flat_map(|one| one.requirements.iter().map(|one| one.of).chain(one.may_step_in.iter().copied()));
    holders.flat_map(|holder| [holder.seat, holder.answerable]).chain(besides)
}

/// A question made ready.
struct Spot<'a> {
    rulebook: &'a Rulebook,
    partition: &'a Partition,
    lines: &'a Lines,
    /// The parts of the place; one that is no place where the task has none.
    parts: Vec<Part<'a>>,
    /// By fact: its cell, where it was said.
    facts: Vec<Option<u32>>,
}

struct Part<'a> {
    place: Option<LocalityId>,
    line: &'a Line,
    changes: &'a [Date],
}

/// Whether an answer stays on another day; `None` where the general way is to say.
type Stays = Option<bool>;

impl<'a> Spot<'a> {
    fn new(
        rulebook: &'a Rulebook,
        partition: &'a Partition,
        (cells, lines): (&'a Cells, &'a Lines),
        question: &Question,
    ) -> Option<Self> {
        let frame = &partition.frame;
        let parts = match (frame.roles.as_slice(), question.places.as_slice()) {
            ([], []) => vec![Part { place: None, line: lines.classes.first()?, changes: &[] }],
            ([_], [units]) => {
                let [unit] = units.as_slice() else { return None };
                let localities = rulebook.register.localities_of(*unit, question.on);
                if localities.is_empty() || localities.len() > PARTS {
                    return None;
                }
                let part = |place: LocalityId| {
                    let line = lines.classes.get(frame.class_of(place))?;
                    Some(Part { place: Some(place), line, changes: cells.changes.get(place.index())? })
                };
                localities.into_iter().map(part).collect::<Option<Vec<_>>>()?
            }
            _ => return None,
        };
        let mut facts = vec![None; frame.facts.len()];
        for (fact, value) in &question.facts {
            let at = frame.facts.iter().position(|axis| axis.fact == *fact)?;
            let cell = frame.facts.get(at)?.cell_of(value)?;
            *facts.get_mut(at)? = Some(u32::try_from(cell).ok()?);
        }
        Some(Self { rulebook, partition, lines, parts, facts })
    }

    /// The value of a diagram from the facts on; `None` where a fact that was not said matters, or a reading.
    fn value(&self, edge: Edge) -> Option<u32> {
        self.down(edge).value()
    }

    fn values(&self, slice: usize) -> Option<impl Iterator<Item = Option<u32>>> {
        let slice = self.lines.slices.get(slice)?;
        Some(std::iter::once(&slice.holding).chain(&slice.beside).map(|edge| self.value(*edge)))
    }

    /// The values on the question's day, when they are the same in all parts.
    fn values_on(&self, day: Date) -> Option<Box<[u32]>> {
        let (first, rest) = self.parts.split_first()?;
        let (_, slice) = first.line.run(day)?;
        let values: Box<[u32]> = self.values(slice)?.collect::<Option<_>>()?;
        for part in rest {
            let (_, other) = part.line.run(day)?;
            if other != slice && !self.values(other)?.eq(values.iter().copied().map(Some)) {
                return None;
            }
        }
        let holding = self.partition.holdings.get(usize::try_from(*values.first()?).ok()?)?.as_ref()?;
        (holding.outcome != Outcome::Undetermined).then_some(values)
    }

    fn row(&self, part: &Part<'_>, day: Date, seat: Seat) -> Option<RowId> {
        let places: &[LocalityId] = part.place.as_slice();
        self.partition.frame.unit_of(self.rulebook, places, day, seat)
    }

    /// The values in all cases that the question leaves open; `None` when they are many.
    fn open(&self, slice: usize) -> Option<BTreeSet<Vec<u32>>> {
        let slice = self.lines.slices.get(slice)?;
        let mut found = BTreeSet::new();
        let mut open = vec![std::iter::once(slice.holding).chain(slice.beside.iter().copied()).collect::<Vec<Edge>>()];
        let mut seen = BTreeSet::new();
        while let Some(mut edges) = open.pop() {
            edges.iter_mut().for_each(|edge| *edge = self.down(*edge));
            let nodes = || edges.iter().filter_map(|edge| self.partition.diagrams.node(*edge));
            let Some(first) = nodes().map(|node| node.variable).min() else {
                found.insert(edges.iter().filter_map(|edge| edge.value()).collect());
                continue;
            };
            if !seen.insert(edges.clone()) {
                continue;
            }
            if seen.len() > CASES {
                return None;
            }
            let own = nodes().filter(|node| node.variable == first);
            let cells: BTreeSet<u32> = own.flat_map(|node| node.runs.iter().map(|(cell, _)| *cell)).collect();
            let follow = |edge: &Edge, cell: u32| match self.partition.diagrams.node(*edge) {
                Some(node) if node.variable == first => node.follow(cell),
                Some(_) | None => *edge,
            };
            open.extend(cells.into_iter().map(|cell| edges.iter().map(|edge| follow(edge, cell)).collect()));
        }
        Some(found)
    }

    /// Where the said facts lead.
    fn down(&self, mut edge: Edge) -> Edge {
        while let Some(node) = self.partition.diagrams.node(edge) {
            let Variable::Fact(index) = self.partition.variable(node.variable) else { break };
            let Some(cell) = self.facts.get(index).copied().flatten() else { break };
            edge = node.follow(cell);
        }
        edge
    }

    /// The unit of each seat, when it is the same in all parts.
    fn units(&self, values: &[u32], day: Date) -> Option<Box<[Option<RowId>]>> {
        let (first, rest) = self.parts.split_first()?;
        let unit = |seat: Seat| {
            let row = self.row(first, day, seat);
            rest.iter().all(|part| self.row(part, day, seat) == row).then_some(row)
        };
        seats(self.partition, values).map(unit).collect()
    }

    /// The longest run of days around the question's on which the answer stays.
    fn valid(&self, values: &[u32], units: &[Option<RowId>], on: Date) -> Option<Days> {
        let known = Known { values, units, leaf: leaf_of(self.partition, values)?, fixed: self.fixed(values) };
        let mut valid = Days::default();
        let mut day = on;
        while let Some(change) = self.last_change(&known, day) {
            let stays = match change.yesterday() {
                Ok(before) => {
                    day = before;
                    self.stays(&known, before)?
                }
                Err(_) => false,
            };
            if !stays {
                valid.from = Some(change);
                break;
            }
        }
        day = on;
        while let Some(change) = self.next_change(&known, day) {
            if !self.stays(&known, change)? {
                valid.before = Some(change);
                break;
            }
            day = change;
        }
        Some(valid)
    }

    /// The days on which units change that seats name.
    fn fixed(&self, values: &[u32]) -> Vec<Date> {
        let register = &self.rulebook.register;
        let units = seats(self.partition, values).filter_map(|seat| match seat.at {
            SeatAt::Unit(unit) => Some(unit),
            SeatAt::Nowhere
            | SeatAt::Level { .. }
            | SeatAt::Here { .. }
            | SeatAt::Any { .. }
            | SeatAt::Others { .. } => None,
        });
        let rows = units.flat_map(|unit| register.rows_of(unit)).map(|row| register.row(*row));
        let mut days: Vec<Date> = rows.flat_map(|row| std::iter::once(row.from).chain(row.before)).collect();
        days.sort();
        days
    }

    /// The last day, up to this one, on which anything can change.
    fn last_change(&self, known: &Known<'_>, day: Date) -> Option<Date> {
        let last = |days: &[Date]| {
            let behind = days.partition_point(|change| *change <= day);
            behind.checked_sub(1).and_then(|last| days.get(last)).copied()
        };
        let runs = self.parts.iter().filter_map(|part| part.line.run(day)).map(|(first, _)| first);
        let runs = runs.filter(|first| *first > Date::MIN);
        runs.chain(self.parts.iter().filter_map(|part| last(part.changes))).chain(last(&known.fixed)).max()
    }

    /// The first day after this one on which anything can change.
    fn next_change(&self, known: &Known<'_>, day: Date) -> Option<Date> {
        let next = |days: &[Date]| days.get(days.partition_point(|change| *change <= day)).copied();
        let runs = self.parts.iter().filter_map(|part| part.line.next(day));
        runs.chain(self.parts.iter().filter_map(|part| next(part.changes))).chain(next(&known.fixed)).min()
    }

    fn stays(&self, known: &Known<'_>, day: Date) -> Stays {
        // A part in which the case cannot be on that day does not count.
        let mut here: Vec<(&Part<'_>, Option<Leaf>)> = Vec::new();
        for part in &self.parts {
            let (_, slice) = part.line.run(day)?;
            if self.values(slice)?.eq(known.values.iter().copied().map(Some)) {
                here.push((part, None));
                continue;
            }
            for values in self.open(slice)? {
                let Some(leaf) = leaf_of(self.partition, &values) else { continue };
                // Another ruling, or one of several: then the answer is that something is missing.
                if leaf.verdict != known.leaf.verdict {
                    return Some(false);
                }
                here.push((part, Some(leaf)));
            }
        }
        if here.is_empty() || !self.same_grounds(known, &here) {
            return Some(false);
        }
        let register = &self.rulebook.register;
        let unit = |row: RowId| register.row(row).unit;
        let holders = 2 * known.leaf.verdict.holders.len();
        let mut same = true;
        for ((seat, own), place) in seats(self.partition, known.values).zip(known.units).zip(0..) {
            let mut rows = here.iter().map(|(part, _)| self.row(part, day, seat));
            let first = rows.next().flatten();
            let alike = rows.all(|row| row == first);
            // Seats of holders alternate with who answers for them. One that is in several units is a question of which.
            let which = place < holders && place % 2 == 0 && !alike;
            let found = first.filter(|_| alike);
            same &= !which && found.map(unit) == own.map(unit);
        }
        Some(same)
    }

    /// Whether the grounds are the same; the verdicts are.
    fn same_grounds(&self, known: &Known<'_>, here: &[(&Part<'_>, Option<Leaf>)]) -> bool {
        let mut leaves = here.iter().map(|(_, leaf)| leaf.as_ref().unwrap_or(&known.leaf));
        let Some(first) = leaves.next() else { return false };
        let mut united = first.clone();
        leaves.for_each(|leaf| united.absorb(leaf.clone()));
        united.grounds == known.leaf.grounds
    }
}

/// What an answer must be the same as.
struct Known<'a> {
    values: &'a [u32],
    units: &'a [Option<RowId>],
    leaf: Leaf,
    /// The days on which units change that its seats name. Sorted.
    fixed: Vec<Date>,
}
