//! Full questions without a detour. Where a question leaves nothing open, its answer is read straight off the task's diagrams:
//! the leaves they lead to, the units that bear the seats, and the days around the question's on which it stays so.
//!
//! Whatever is unusual (several units at once, a fact or a place that matters and was not said, a place whose parts differ, a
//! text whose readings differ) is left to [`ask`](super::ask()). What is answered here is answered alike there
//! (`tests/cells.rs`). Questions in one [`Region`] that agree in the facts that were looked at have the same answer, however
//! it was found.

mod lines;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::Law;
use super::tree::{self, Grower, Leaf, Spots, Tree, leaf_of};
use crate::diagram::Edge;
use crate::partition::{Partition, Slice, Variable};
use crate::register::{LocalityId, RowId};
use crate::rulebook::{Days, RoleId, Rulebook, Seat, SeatAt, TaskId};
use crate::ruling::{Answer, Decider, Holder, Named, Outcome, Question};
use lines::{Line, Lines};

/// Places that have, together, more parts than this are left to the general way.
const PARTS: usize = 96;

/// More cases than this that another day leaves open are left to it too.
const CASES: usize = 64;

/// What full questions about a rulebook are answered with.
#[derive(Debug)]
pub struct Cells {
    /// By task, each made when it is first asked about.
    tasks: Vec<OnceLock<Made>>,
    /// By locality: the days on which a unit that holds it changes. Sorted.
    changes: Vec<Box<[Date]>>,
}

/// What questions about one task are answered with.
#[derive(Debug)]
struct Made {
    /// `None` where the general way is always taken.
    lines: Option<Lines>,
    /// The days on which one of its diagrams changes somewhere, or any unit. Sorted.
    runs: Box<[Date]>,
}

impl Made {
    fn new(law: Law<'_>, task: TaskId) -> Self {
        let lines = law.partitions.of(law.rulebook, task).ok().and_then(Lines::new);
        let classes = lines.iter().flat_map(|lines| &lines.classes);
        let days = classes.flat_map(|line| line.0.iter().map(|(first, _)| *first));
        let changes = law.rulebook.register.change_days().iter().copied();
        let runs = days.chain(changes).collect::<BTreeSet<Date>>().into_iter().collect();
        Self { lines, runs }
    }
}

impl Cells {
    /// Of each task when it is first asked about.
    #[must_use]
    pub fn lazily(rulebook: &Rulebook) -> Self {
        let register = &rulebook.register;
        Self {
            tasks: rulebook.tasks.iter().map(|_| OnceLock::new()).collect(),
            changes: register.localities().map(|place| register.change_days_of(place).into_boxed_slice()).collect(),
        }
    }

    /// Of all tasks that can be worked out, which is done here where it was not yet.
    #[must_use]
    pub fn new(law: Law<'_>) -> Self {
        let cells = Self::lazily(law.rulebook);
        let tasks = (0_u32..).map(TaskId).zip(&cells.tasks);
        tasks.for_each(|(task, made)| {
            made.get_or_init(|| Made::new(law, task));
        });
        cells
    }

    /// A task whose diagrams are followed here, with what they are followed by.
    fn of<'a>(&'a self, law: Law<'a>, task: TaskId) -> Option<(&'a Made, &'a Lines, &'a Partition)> {
        let at = usize::try_from(task.0).ok()?;
        let made = self.tasks.get(at)?.get_or_init(|| Made::new(law, task));
        Some((made, made.lines.as_ref()?, law.partitions.of(law.rulebook, task).ok()?))
    }

    /// Answers a question that leaves nothing open.
    #[must_use]
    pub fn seek(&self, law: Law<'_>, question: &Question) -> Sought {
        self.sought(law, question).unwrap_or(Sought::Unusual)
    }

    fn sought(&self, law: Law<'_>, question: &Question) -> Option<Sought> {
        let (made, lines, partition) = self.of(law, question.task)?;
        let spot = Spot::new(law.rulebook, partition, (self, lines), question)?;
        let landings = spot.landings(question.on);
        let short = landings.is_some();
        if let Some(answer) = landings.and_then(|landings| spot.answer(question, landings)) {
            return Some(Sought::Answer(Box::new(answer)));
        }
        let run = made.runs.partition_point(|first| *first <= question.on);
        let Question { places, without, .. } = question.clone();
        Some(Sought::Open { short, region: Region { places, without, run }, facts: spot.facts.into() })
    }
}

/// What was found out about a question.
#[derive(Debug)]
pub enum Sought {
    Answer(Box<Answer>),
    /// Something is open, at one unit in each role.
    Open {
        /// Nothing but what its places or the readings of a text leave open: the general way takes no time to speak of.
        short: bool,
        region: Region,
        /// The cells of the facts of the task, where they were said.
        facts: Box<[Option<u32>]>,
    },
    /// Several units of one role, or very many places.
    Unusual,
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

/// The seats of a leaf, those of the holders first: seat and who answers for it.
fn seats(leaf: &Leaf) -> impl Iterator<Item = Seat> + '_ {
    let verdict = &leaf.verdict;
    let holders = verdict.holders.iter().flat_map(|holder| [holder.seat, holder.answerable]);
    let handle = verdict.handling.iter().flat_map(|one| one.named().into_iter().copied());
    let beside = verdict.requirements.iter().map(|one| one.of).chain(verdict.may_step_in.iter().copied());
    holders.chain(beside).chain(handle)
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
    /// The localities of all parts, in the order of the roles, one part after the other.
    flat: Vec<LocalityId>,
    /// Of all parts, each once.
    lines: Vec<&'a Line>,
    /// By locality: the days on which a unit that holds it changes.
    changes: Vec<&'a [Date]>,
    /// By fact: its cell, where it was said.
    facts: Vec<Option<u32>>,
}

#[derive(Clone, Copy)]
struct Part<'a> {
    /// Where its localities begin.
    at: usize,
    line: &'a Line,
}

/// Which patterns hold, by their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Truths(u32);

impl Truths {
    const BITS: usize = 32;
}

/// Where diagrams lead once the facts are known: leaves, or what depends on how the law is read, and there on what the places
/// settle.
#[derive(Debug, PartialEq, Eq)]
struct Landing {
    slice: Slice,
    truths: Truths,
}

impl Landing {
    fn edges(&self) -> impl Iterator<Item = &Edge> {
        std::iter::once(&self.slice.holding).chain(&self.slice.beside)
    }
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
        let (mut parts, mut flat) = (Vec::with_capacity(many), Vec::with_capacity(many * places.len()));
        let mut known: Vec<&Line> = Vec::new();
        for number in 0..many {
            let mut rest = number;
            let at = flat.len();
            for localities in &places {
                flat.push(*localities.get(rest % localities.len())?);
                rest /= localities.len();
            }
            let line = lines.of(partition, flat.get(at..)?)?;
            if !known.iter().any(|other| std::ptr::eq(*other, line)) {
                known.push(line);
            }
            parts.push(Part { at, line });
        }
        let there = places.iter().flatten().filter(|place| **place != LocalityId::NOWHERE);
        let changes = there.map(|place| cells.changes.get(place.index()).map(|days| &**days)).collect::<Option<_>>()?;
        Some(Self {
            rulebook,
            partition,
            slices: &lines.slices,
            places,
            parts,
            flat,
            lines: known,
            changes,
            facts: facts(partition, question)?,
        })
    }

    /// Where each part lands on a day, each landing once; `None` where a fact that was not said matters.
    fn landings(&self, day: Date) -> Option<Vec<Landing>> {
        let mut found: Vec<Landing> = Vec::with_capacity(1);
        let mut stands: Vec<Stand> = Vec::with_capacity(1);
        for part in &self.parts {
            let stand = self.stand(*part, day)?;
            if !stands.contains(&stand) {
                stands.push(stand);
                let landing = self.landing(stand)?;
                if !found.contains(&landing) {
                    found.push(landing);
                }
            }
        }
        Some(found)
    }

    /// The answer, where all parts land at one place and every reading says the same.
    fn answer(&self, question: &Question, mut landings: Vec<Landing>) -> Option<Answer> {
        let landing = landings.pop().filter(|_| landings.is_empty())?;
        let leaf = self.leaf(&landing, question.on)?;
        if leaf.verdict.outcome == Outcome::Undetermined {
            return None;
        }
        let units = self.units(&leaf, question.on)?;
        let known = Known { landing, units, fixed: self.fixed(&leaf), leaf };
        let valid = self.valid(&known, question.on)?;
        Some(known.answer(question, valid))
    }

    /// The leaf of a landing, the same for every reading.
    fn leaf(&self, landing: &Landing, day: Date) -> Option<Leaf> {
        let values: Option<Vec<u32>> = landing.edges().map(|edge| edge.value()).collect();
        if let Some(values) = values {
            return leaf_of(self.partition, &values);
        }
        let patterns = (0..self.partition.patterns.len()).map(|index| landing.truths.0 >> index & 1 == 1).collect();
        let spot = tree::Spot { slice: landing.slice.clone(), patterns, places: Vec::new() };
        let (read, budget) = (RefCell::default(), Cell::new(CASES));
        let Self { rulebook, partition, .. } = *self;
        let grower = Grower { rulebook, partition, facts: &[], read: &read, day, budget: &budget };
        match grower.grow(&Spots(vec![spot])).ok()?? {
            Tree::Leaf(leaf) => Some(leaf),
            Tree::Node(_) => None,
        }
    }

    /// The locality in each role.
    fn places_of(&self, part: Part<'_>) -> &[LocalityId] {
        self.flat.get(part.at..part.at + self.places.len()).unwrap_or(&[])
    }

    fn stand(&self, part: Part<'_>, day: Date) -> Option<Stand> {
        let (_, slice) = part.line.run(day)?;
        let places = self.places_of(part);
        let holds = |pattern: &crate::applicability::Pattern| pattern.holds(self.rulebook, places, day);
        let truths = self.partition.patterns.iter().rev().fold(0, |truths, one| truths << 1 | u32::from(holds(one)));
        Some((slice, Truths(truths)))
    }

    /// Where the said facts lead; `None` where one that was not said matters.
    fn landing(&self, (slice, truths): Stand) -> Option<Landing> {
        let slice = self.slices.get(slice)?;
        let mut read = false;
        let mut land = |edge: &Edge| {
            let edge = self.down(*edge, truths);
            let Some(node) = self.partition.diagrams.node(edge) else { return Some(edge) };
            read = true;
            matches!(self.partition.variable(node.variable), Variable::Reading(_)).then_some(edge)
        };
        let slice = Slice {
            holding: land(&slice.holding)?,
            beside: slice.beside.iter().map(&mut land).collect::<Option<Vec<Edge>>>()?,
        };
        // Once all has led to leaves it does not matter what the places settled on the way.
        Some(Landing { slice, truths: if read { truths } else { Truths(0) } })
    }

    fn row(&self, part: Part<'_>, day: Date, seat: Seat) -> Option<RowId> {
        self.partition.frame.unit_of(self.rulebook, self.places_of(part), day, seat)
    }

    /// The unit of a seat, when it is the same in some parts; in all of them without need to look at each.
    fn row_in(&self, parts: &[Part<'_>], day: Date, seat: Seat) -> Option<Option<RowId>> {
        let (first, rest) = parts.split_first()?;
        let row = self.row(*first, day, seat);
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
            _ => rest.iter().all(|part| self.row(*part, day, seat) == row),
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
                Variable::Fact(index) => self.facts.get(index).copied().flatten(),
                Variable::Pattern(index) => Some(truths.0 >> index & 1),
                Variable::Reading(_) | Variable::Place(_) | Variable::Day => None,
            };
            let Some(cell) = cell else { break };
            edge = node.follow(cell);
        }
        edge
    }

    /// The unit of each seat, when it is the same in all parts.
    fn units(&self, leaf: &Leaf, day: Date) -> Option<Vec<Option<RowId>>> {
        seats(leaf).map(|seat| self.row_in(&self.parts, day, seat)).collect()
    }

    /// The longest run of days around the question's on which the answer stays.
    fn valid(&self, known: &Known, on: Date) -> Option<Days> {
        let mut valid = Days::default();
        let mut day = on;
        while let Some(change) = self.last_change(known, day) {
            let stays = match change.yesterday() {
                Ok(before) => {
                    day = before;
                    self.stays(known, before)?
                }
                Err(_) => false,
            };
            if !stays {
                valid.from = Some(change);
                break;
            }
        }
        day = on;
        while let Some(change) = self.next_change(known, day) {
            if !self.stays(known, change)? {
                valid.before = Some(change);
                break;
            }
            day = change;
        }
        Some(valid)
    }

    /// The days on which units change that seats name.
    fn fixed(&self, leaf: &Leaf) -> Vec<Date> {
        let register = &self.rulebook.register;
        let units = seats(leaf).filter_map(|seat| match seat.at {
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
    fn last_change(&self, known: &Known, day: Date) -> Option<Date> {
        let last = |days: &[Date]| {
            let behind = days.partition_point(|change| *change <= day);
            behind.checked_sub(1).and_then(|last| days.get(last)).copied()
        };
        let runs = self.lines.iter().filter_map(|line| line.run(day)).map(|(first, _)| first);
        let runs = runs.filter(|first| *first > Date::MIN);
        runs.chain(self.changes.iter().filter_map(|days| last(days))).chain(last(&known.fixed)).max()
    }

    /// The first day after this one on which anything can change.
    fn next_change(&self, known: &Known, day: Date) -> Option<Date> {
        let next = |days: &[Date]| days.get(days.partition_point(|change| *change <= day)).copied();
        let runs = self.lines.iter().filter_map(|line| line.next(day));
        runs.chain(self.changes.iter().filter_map(|days| next(days))).chain(next(&known.fixed)).min()
    }

    fn stays(&self, known: &Known, day: Date) -> Stays {
        // A part in which the case cannot be on that day does not count.
        let mut here: Vec<Part<'_>> = Vec::with_capacity(self.parts.len());
        // The known leaf itself is `None`.
        let mut leaves: Vec<Option<Leaf>> = Vec::new();
        // Each stand is looked at once, and whether its parts count is remembered.
        let mut stands: Vec<(Stand, bool)> = Vec::new();
        for part in &self.parts {
            let stand = self.stand(*part, day)?;
            if let Some((_, counts)) = stands.iter().find(|(seen, _)| *seen == stand) {
                here.extend(counts.then_some(part));
                continue;
            }
            let mut counts = false;
            if self.landing(stand).as_ref() == Some(&known.landing) {
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
        for ((seat, own), place) in seats(&known.leaf).zip(&known.units).zip(0..) {
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
fn same_grounds(known: &Known, leaves: &[Option<Leaf>]) -> bool {
    let mut leaves = leaves.iter().map(|leaf| leaf.as_ref().unwrap_or(&known.leaf));
    let Some(first) = leaves.next() else { return false };
    let mut united = first.clone();
    leaves.for_each(|leaf| united.absorb(leaf.clone()));
    united.grounds == known.leaf.grounds
}

/// What an answer must be the same as.
struct Known {
    landing: Landing,
    leaf: Leaf,
    /// The unit of each seat of the leaf.
    units: Vec<Option<RowId>>,
    /// The days on which units change that its seats name. Sorted.
    fixed: Vec<Date>,
}

impl Known {
    fn answer(self, question: &Question, valid: Days) -> Answer {
        let mut units = self.units.iter();
        // Seats come in the order in which their units were found.
        let mut named = |seat: Seat| Named { seat, unit: units.next().copied().flatten() };
        let decider = |holder: &Holder| Decider {
            who: named(holder.seat),
            held: holder.held,
            answerable: named(holder.answerable),
            seal: holder.seal,
        };
        let Leaf { verdict, grounds, grounds_vary, framework_unread } = self.leaf;
        Answer {
            question: question.clone(),
            outcome: verdict.outcome,
            deciders: verdict.holders.iter().map(decider).collect(),
            sharing: verdict.sharing,
            conflict: verdict.conflict,
            requirements: verdict.requirements.iter().map(|one| (one.kind, named(one.of))).collect(),
            may_step_in: verdict.may_step_in.iter().map(|seat| named(*seat)).collect(),
            handling: verdict.handling.iter().map(|one| one.map(|seat| named(*seat))).collect(),
            grounds,
            grounds_vary,
            record: Vec::new(),
            framework_unread,
            valid,
            next: None,
        }
    }
}
