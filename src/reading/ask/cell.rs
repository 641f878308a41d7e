//! Full questions without a detour. Where a question leaves nothing open, its answer is read straight off the task's diagrams:
//! which leaves they lead to, which units bear the seats, and on which days around the question's it stays so. That is the
//! question's [`Cell`]: questions of one task in one cell have the same answer, but for what echoes the question.
//!
//! Whatever is unusual (several units at once, a fact or a place that matters and was not said, a place whose parts differ) has
//! no cell here, and is answered by [`ask`](super::ask()). Where there is a cell, both give the same answer
//! (`tests/cells.rs`). Questions in one [`Region`] that agree in the facts that were looked at have the same answer, with a cell or without.

mod lines;

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::tree::{Leaf, leaf_of};
use super::{Law, note};
use crate::diagram::Edge;
use crate::partition::{Partition, Slice, Variable};
use crate::register::{LocalityId, RowId};
use crate::rulebook::{Days, RoleId, Rulebook, Seat, SeatAt, TaskId};
use crate::ruling::{Answer, Decider, Named, Outcome, Question};
use lines::{Line, Lines};

/// Places that have, together, more parts than this are left to the general way.
const PARTS: usize = 96;

/// More cases than this that another day leaves open are left to it too.
const CASES: usize = 64;

/// What the cells of a rulebook's questions are found with.
#[derive(Debug)]
pub struct Cells {
    /// By task; `None` where the general way is always taken.
    tasks: Vec<Option<Lines>>,
    /// By task: the days on which one of its diagrams changes somewhere, or any unit. Sorted.
    runs: Vec<Box<[Date]>>,
    /// By locality: the days on which a unit that holds it changes. Sorted.
    changes: Vec<Box<[Date]>>,
}

impl Cells {
    /// Of all tasks that can be worked out, which is done here where it was not yet.
    #[must_use]
    pub fn new(law: Law<'_>) -> Self {
        let register = &law.rulebook.register;
        let tasks = (0_u32..).map(TaskId).zip(&law.rulebook.tasks);
        let tasks: Vec<Option<Lines>> =
            tasks.map(|(id, _)| law.partitions.of(law.rulebook, id).ok().and_then(Lines::new)).collect();
        let runs = |lines: &Option<Lines>| {
            let classes = lines.iter().flat_map(|lines| &lines.classes);
            let days = classes.flat_map(|line| line.0.iter().map(|(first, _)| *first));
            days.chain(register.change_days().iter().copied()).collect::<BTreeSet<Date>>().into_iter().collect()
        };
        Self {
            runs: tasks.iter().map(runs).collect(),
            tasks,
            changes: register.localities().map(|place| register.change_days_of(place).into_boxed_slice()).collect(),
        }
    }

    /// The number of a task whose diagrams are followed here, with what they are followed by.
    fn of<'a>(&'a self, law: Law<'a>, task: TaskId) -> Option<(usize, &'a Lines, &'a Partition)> {
        let at = usize::try_from(task.0).ok()?;
        Some((at, self.tasks.get(at)?.as_ref()?, law.partitions.of(law.rulebook, task).ok()?))
    }

    /// Looks for the cell of a question; `None` where its places are not one unit each.
    #[must_use]
    pub fn seek(&self, law: Law<'_>, question: &Question) -> Option<Sought> {
        let (_, lines, partition) = self.of(law, question.task)?;
        let spot = Spot::new(law.rulebook, partition, (self, lines), question)?;
        let cell = spot.cell(question.on);
        Some(Sought { cell, read: spot.read.into_inner() })
    }

    /// The region of a question whose facts are of its task, and the cells of these facts, where they were said.
    #[must_use]
    pub fn region(&self, law: Law<'_>, question: &Question) -> Option<(Region, Box<[Option<u32>]>)> {
        let (at, _, partition) = self.of(law, question.task)?;
        let facts = facts(partition, question)?;
        let run = self.runs.get(at)?.partition_point(|first| *first <= question.on);
        let Question { places, without, .. } = question.clone();
        Some((Region { places, without, run }, facts.into()))
    }
}

/// What was found out about a question.
#[derive(Debug)]
pub struct Sought {
    /// None where the question is not full, or anything about it is unusual.
    pub cell: Option<Cell>,
    /// The facts that were looked at, each once: which one is next depends on nothing but the region and those before it.
    pub read: Vec<usize>,
}

/// What the answer to any question about one unit in each role depends on, within its task, besides its facts: the units, and
/// the run of days on which no diagram of the task and no unit changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region {
    places: Vec<Vec<RowId>>,
    without: Vec<RoleId>,
    run: usize,
}

impl Region {
    /// What it takes on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let places: usize = self.places.iter().map(|rows| size_of::<Vec<RowId>>() + size_of_val(rows.as_slice())).sum();
        places + size_of_val(self.without.as_slice())
    }
}

/// By fact of the task: its cell, where it was said.
fn facts(partition: &Partition, question: &Question) -> Option<Vec<Option<u32>>> {
    let axes = &partition.frame.facts;
    let mut facts = vec![None; axes.len()];
    for (fact, value) in &question.facts {
        let at = axes.iter().position(|axis| axis.fact == *fact)?;
        let cell = axes.get(at)?.cell_of(value)?;
        *facts.get_mut(at)? = Some(u32::try_from(cell).ok()?);
    }
    Some(facts)
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
    slices: &'a [Slice],
    /// By role: the localities of its place, one that is none where there is no place.
    places: Vec<Vec<LocalityId>>,
    /// Every choice of one locality in each role.
    parts: Vec<Part<'a>>,
    /// Of all parts, each once.
    lines: Vec<&'a Line>,
    /// By locality: the days on which a unit that holds it changes.
    changes: Vec<&'a [Date]>,
    /// By fact: its cell, where it was said.
    facts: Vec<Option<u32>>,
    /// The facts that were looked at.
    read: RefCell<Vec<usize>>,
}

struct Part<'a> {
    /// In the order of the roles.
    places: Vec<LocalityId>,
    line: &'a Line,
}

/// Which patterns hold, by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Truths(u32);

impl Truths {
    const BITS: usize = 32;
}

/// Where the diagrams stand at a part on a day: an index of a slice, and what the places settle.
type Stand = (usize, Truths);

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
        if question.places.len() > frame.roles.len() {
            return None;
        }
        let mut places = Vec::with_capacity(frame.roles.len());
        let mut many = 1_usize;
        for (index, role) in frame.roles.iter().enumerate() {
            let localities = match question.places.get(index).map_or(&[][..], Vec::as_slice) {
                [] if question.without.contains(role) && frame.optional.get(index) == Some(&true) => {
                    vec![LocalityId::NOWHERE]
                }
                [unit] if !question.without.contains(role) => rulebook.register.localities_of(*unit, question.on),
                _ => return None,
            };
            many = many.checked_mul(localities.len()).filter(|many| (1..=PARTS).contains(many))?;
            places.push(localities);
        }
        let mut parts = Vec::with_capacity(many);
        let mut known: Vec<&Line> = Vec::new();
        for number in 0..many {
            let mut rest = number;
            let mut part = Vec::with_capacity(places.len());
            for localities in &places {
                part.push(*localities.get(rest % localities.len())?);
                rest /= localities.len();
            }
            let line = lines.of(partition, &part)?;
            if !known.iter().any(|other| std::ptr::eq(*other, line)) {
                known.push(line);
            }
            parts.push(Part { places: part, line });
        }
        let there = places.iter().flatten().filter(|place| **place != LocalityId::NOWHERE);
        let changes = there.map(|place| cells.changes.get(place.index()).map(|days| &**days)).collect::<Option<_>>()?;
        Some(Self {
            rulebook,
            partition,
            slices: &lines.slices,
            places,
            parts,
            lines: known,
            changes,
            facts: facts(partition, question)?,
            read: RefCell::default(),
        })
    }

    fn cell(&self, on: Date) -> Option<Cell> {
        let values = self.values_on(on)?;
        let units = self.units(&values, on)?;
        let valid = self.valid(&values, &units, on)?;
        Some(Cell { values, units, from: valid.from, before: valid.before })
    }

    fn stand(&self, part: &Part<'_>, day: Date) -> Option<Stand> {
        let (_, slice) = part.line.run(day)?;
        let holds = |pattern: &crate::applicability::Pattern| pattern.holds(self.rulebook, &part.places, day);
        let truths = self.partition.patterns.iter().rev().fold(0, |truths, one| truths << 1 | u32::from(holds(one)));
        Some((slice, Truths(truths)))
    }

    /// The values of the diagrams from the facts on; `None` where a fact that was not said matters, or a reading.
    fn values(&self, (slice, truths): Stand) -> Option<impl Iterator<Item = Option<u32>>> {
        let slice = self.slices.get(slice)?;
        let edges = std::iter::once(&slice.holding).chain(&slice.beside);
        Some(edges.map(move |edge| self.down(*edge, truths).value()))
    }

    /// The values on the question's day, when they are the same in all parts.
    fn values_on(&self, day: Date) -> Option<Box<[u32]>> {
        let (first, rest) = self.parts.split_first()?;
        let stand = self.stand(first, day)?;
        let values: Box<[u32]> = self.values(stand)?.collect::<Option<_>>()?;
        for part in rest {
            let other = self.stand(part, day)?;
            if other != stand && !self.values(other)?.eq(values.iter().copied().map(Some)) {
                return None;
            }
        }
        let holding = self.partition.holdings.get(usize::try_from(*values.first()?).ok()?)?.as_ref()?;
        (holding.outcome != Outcome::Undetermined).then_some(values)
    }

    fn row(&self, part: &Part<'_>, day: Date, seat: Seat) -> Option<RowId> {
        self.partition.frame.unit_of(self.rulebook, &part.places, day, seat)
    }

    /// The unit of a seat, when it is the same in some parts; in all of them without need to look at each.
    fn row_in(&self, parts: &[&Part<'_>], day: Date, seat: Seat) -> Option<Option<RowId>> {
        let (first, rest) = parts.split_first()?;
        let row = self.row(first, day, seat);
        let role = match seat.at {
            SeatAt::Level { role, .. } => self.partition.frame.roles.iter().position(|own| *own == role),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Others { .. } | SeatAt::Unit(_) => {
                return Some(row);
            }
        };
        let alike = match (seat.at, role.and_then(|role| self.places.get(role))) {
            (SeatAt::Level { level, .. }, Some(localities)) if parts.len() == self.parts.len() => {
                let register = &self.rulebook.register;
                localities.iter().all(|place| register.ancestor(*place, level, day) == row)
            }
            _ => rest.iter().all(|part| self.row(part, day, seat) == row),
        };
        alike.then_some(row)
    }

    /// The values in all cases that the question leaves open; `None` when they are many.
    fn open(&self, (slice, truths): Stand) -> Option<BTreeSet<Vec<u32>>> {
        let slice = self.slices.get(slice)?;
        let mut found = BTreeSet::new();
        let mut open = vec![std::iter::once(slice.holding).chain(slice.beside.iter().copied()).collect::<Vec<Edge>>()];
        let mut seen = BTreeSet::new();
        while let Some(mut edges) = open.pop() {
            edges.iter_mut().for_each(|edge| *edge = self.down(*edge, truths));
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

    /// Where the said facts and the places lead.
    fn down(&self, mut edge: Edge, truths: Truths) -> Edge {
        while let Some(node) = self.partition.diagrams.node(edge) {
            let cell = match self.partition.variable(node.variable) {
                Variable::Fact(index) => {
                    note(&self.read, index);
                    self.facts.get(index).copied().flatten()
                }
                Variable::Pattern(index) => Some(truths.0 >> index & 1),
                Variable::Reading(_) | Variable::Place(_) | Variable::Day => None,
            };
            let Some(cell) = cell else { break };
            edge = node.follow(cell);
        }
        edge
    }

    /// The unit of each seat, when it is the same in all parts.
    fn units(&self, values: &[u32], day: Date) -> Option<Box<[Option<RowId>]>> {
        let parts: Vec<&Part<'_>> = self.parts.iter().collect();
        seats(self.partition, values).map(|seat| self.row_in(&parts, day, seat)).collect()
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
        let runs = self.lines.iter().filter_map(|line| line.run(day)).map(|(first, _)| first);
        let runs = runs.filter(|first| *first > Date::MIN);
        runs.chain(self.changes.iter().filter_map(|days| last(days))).chain(last(&known.fixed)).max()
    }

    /// The first day after this one on which anything can change.
    fn next_change(&self, known: &Known<'_>, day: Date) -> Option<Date> {
        let next = |days: &[Date]| days.get(days.partition_point(|change| *change <= day)).copied();
        let runs = self.lines.iter().filter_map(|line| line.next(day));
        runs.chain(self.changes.iter().filter_map(|days| next(days))).chain(next(&known.fixed)).min()
    }

    fn stays(&self, known: &Known<'_>, day: Date) -> Stays {
        // A part in which the case cannot be on that day does not count.
        let mut here: Vec<&Part<'_>> = Vec::with_capacity(self.parts.len());
        // The known leaf itself is `None`.
        let mut leaves: Vec<Option<Leaf>> = Vec::new();
        // Each stand is looked at once, and whether its parts count is remembered.
        let mut stands: Vec<(Stand, bool)> = Vec::new();
        for part in &self.parts {
            let stand = self.stand(part, day)?;
            if let Some((_, counts)) = stands.iter().find(|(seen, _)| *seen == stand) {
                here.extend(counts.then_some(part));
                continue;
            }
            let mut counts = false;
            if self.values(stand)?.eq(known.values.iter().copied().map(Some)) {
                counts = true;
                leaves.push(None);
            } else {
                for values in self.open(stand)? {
                    let Some(leaf) = leaf_of(self.partition, &values) else { continue };
                    // Another ruling, or one of several: then the answer is that something is missing.
                    if leaf.verdict != known.leaf.verdict {
                        return Some(false);
                    }
                    counts = true;
                    leaves.push(Some(leaf));
                }
            }
            stands.push((stand, counts));
            here.extend(counts.then_some(part));
        }
        let moved = leaves.iter().any(Option::is_some);
        if here.is_empty() || moved && !same_grounds(known, &leaves) {
            return Some(false);
        }
        let register = &self.rulebook.register;
        let unit = |row: RowId| register.row(row).unit;
        let holders = 2 * known.leaf.verdict.holders.len();
        let mut same = true;
        for ((seat, own), place) in seats(self.partition, known.values).zip(known.units).zip(0..) {
            let found = self.row_in(&here, day, seat);
            // Seats of holders alternate with who answers for them. One that is in several units is a question of which.
            let which = place < holders && place % 2 == 0 && found.is_none();
            let found = found.flatten();
            same &= !which && found.map(unit) == own.map(unit);
        }
        Some(same)
    }
}

/// Whether the grounds are the same; the verdicts are.
fn same_grounds(known: &Known<'_>, leaves: &[Option<Leaf>]) -> bool {
    let mut leaves = leaves.iter().map(|leaf| leaf.as_ref().unwrap_or(&known.leaf));
    let Some(first) = leaves.next() else { return false };
    let mut united = first.clone();
    leaves.for_each(|leaf| united.absorb(leaf.clone()));
    united.grounds == known.leaf.grounds
}

/// What an answer must be the same as.
struct Known<'a> {
    values: &'a [u32],
    units: &'a [Option<RowId>],
    leaf: Leaf,
    /// The days on which units change that its seats name. Sorted.
    fixed: Vec<Date>,
}
