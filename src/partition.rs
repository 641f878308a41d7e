//! The law of a task as a partition of its points: for every place, day and set of facts the ruling, as decision diagrams over
//! the axes of the task's [`Frame`]. Made once from the sentences by asking [`resolution`](crate::resolution) for each region
//! that [geometry](crate::applicability) tells apart; read many times.
//!
//! The holder with its grounds has a diagram of its own, and so has each sentence that adds a requirement or a right to step
//! in, and each slot of how the task is handled: n independent requirements make n small diagrams, not one with 2ⁿ leaves.

mod compile;
mod joint;
mod memo;
mod renumber;
mod transition;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::civil::Date;

pub use joint::{Joint, Marks, Side};
pub use transition::Transition;

use crate::applicability::{Frame, Pattern};
use crate::diagram::{Diagrams, Edge};
use crate::register::LocalityId;
use crate::resolution::{Beside, Holding};
use crate::rulebook::{Rulebook, TaskId};
use crate::ruling::{Aside, Fault, Subject, TooMany};

/// The rulings of a task on all of its points.
#[derive(Debug)]
pub struct Partition {
    pub frame: Frame,
    /// Whether places lie together: the last variables.
    pub patterns: Vec<Pattern>,
    pub diagrams: Diagrams,
    /// Its leaves are indices into `holdings`.
    pub holding: Edge,
    /// For each sentence that can add something beside the holder, in order of id, then for each slot of which a sentence
    /// speaks: leaves are indices into `besides`.
    pub beside: Vec<(Aside, Edge)>,
    /// For each of `beside`, the indices that its leaves take. Sorted.
    values: Vec<Vec<u32>>,
    /// `None`: the catalogue declares the point impossible.
    pub holdings: Vec<Option<Holding>>,
    pub besides: Vec<Beside>,
    /// For each subject that was asked for, in order: leaves are indices into `found`.
    pub faults: Vec<(Subject, Edge)>,
    /// What is wrong with a subject; the first is nothing.
    pub found: Vec<Option<Fault>>,
    /// How many regions were worked through.
    pub regions: usize,
}

/// A full question, interned: the cell of each variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Point(Box<[u32]>);

/// The number of a ruling among those of its task: that of the holder, and behind it those of what each sentence adds, each in
/// the base of how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ruling(pub u128);

/// What a variable of a task's diagrams is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// Index of a role; cells are classes.
    Place(usize),
    /// Cells are [`day_number`]s.
    Day,
    /// Index of a fact's axis.
    Fact(usize),
    /// Index of a reading; cells are its options.
    Reading(usize),
    /// Index of a pattern; cells are no and yes.
    Pattern(usize),
}

impl Partition {
    /// Works out a task's partition.
    ///
    /// # Errors
    /// When its rules fall into too many regions.
    pub fn new(rulebook: &Rulebook, task: TaskId) -> Result<Self, TooMany> {
        compile::compile(rulebook, task, &[])
    }

    /// The same, and with it where something is wrong with some subjects of the task.
    ///
    /// # Errors
    /// When its rules fall into too many regions.
    pub fn surveyed(rulebook: &Rulebook, task: TaskId, subjects: &[Subject]) -> Result<Self, TooMany> {
        compile::compile(rulebook, task, subjects)
    }

    #[must_use]
    pub fn variable(&self, number: u32) -> Variable {
        let mut rest = usize::try_from(number).unwrap_or(usize::MAX);
        for (count, about) in [
            (self.frame.roles.len(), Variable::Place as fn(usize) -> Variable),
            (1, |_| Variable::Day),
            (self.frame.facts.len(), Variable::Fact),
            (self.frame.readings.len(), Variable::Reading),
        ] {
            if rest < count {
                return about(rest);
            }
            rest -= count;
        }
        Variable::Pattern(rest)
    }

    /// Interns a full question: its cell of every variable. Facts and readings are given by their cells and options, in the
    /// order of the frame.
    #[must_use]
    pub fn point(
        &self,
        rulebook: &Rulebook,
        places: &[LocalityId],
        day: Date,
        (facts, options): (&[usize], &[usize]),
    ) -> Point {
        let number = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
        let classes = (0..self.frame.roles.len()).map(|role| self.class(places, role));
        let known = classes.chain([day_number(day)]);
        let chosen = facts.iter().chain(options).map(|cell| number(*cell));
        let patterns = self.patterns.iter().map(|pattern| u32::from(pattern.holds(rulebook, places, day)));
        Point(known.chain(chosen).chain(patterns).collect())
    }

    /// The ruling at a point: two points of a task have the same one just when holder, grounds and all that stands beside are
    /// the same.
    #[must_use]
    pub fn ruling(&self, point: &Point) -> Ruling {
        let mut number = u128::from(self.diagrams.at(self.holding, &point.0));
        for ((_, edge), values) in self.beside.iter().zip(&self.values) {
            let value = self.diagrams.at(*edge, &point.0);
            let rank = values.binary_search(&value).unwrap_or_else(|rank| rank);
            number = number * values.len() as u128 + rank as u128;
        }
        Ruling(number)
    }

    /// How many cells a variable has.
    #[must_use]
    pub fn cells(&self, number: u32) -> u32 {
        let cells = match self.variable(number) {
            Variable::Place(role) => self.frame.kinds_of_place(role),
            Variable::Day => return day_number(Date::MAX) + 1,
            Variable::Fact(index) => self.frame.facts.get(index).map_or(0, crate::applicability::Axis::len),
            Variable::Reading(index) => self.frame.readings.get(index).map_or(0, |(_, options)| usize::from(*options)),
            Variable::Pattern(_) => 2,
        };
        u32::try_from(cells).unwrap_or(u32::MAX)
    }

    /// The days on which one of the diagrams changes at places in the order of the frame's roles. Sorted.
    #[must_use]
    pub fn days(&self, places: &[LocalityId]) -> Vec<Date> {
        let roots = std::iter::once(self.holding).chain(self.beside.iter().map(|(_, edge)| *edge));
        let mut days = BTreeSet::new();
        for mut edge in roots {
            while let Some(node) = self.diagrams.node(edge) {
                match self.variable(node.variable) {
                    Variable::Place(role) => edge = node.follow(self.class(places, role)),
                    Variable::Day => {
                        days.extend(node.runs.iter().map(|(first, _)| *first));
                        break;
                    }
                    Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => break,
                }
            }
        }
        days.into_iter().filter_map(day_of).collect()
    }

    fn class(&self, places: &[LocalityId], role: usize) -> u32 {
        let class = places.get(role).map(|place| self.frame.class_of(*place));
        class.and_then(|class| u32::try_from(class).ok()).unwrap_or(0)
    }

    /// The diagrams from the facts on: at places in the order of the frame's roles, on a day.
    #[must_use]
    pub fn at(&self, places: &[LocalityId], day: Date) -> Slice {
        let day = day_number(day);
        let down = |mut edge: Edge| {
            while let Some(node) = self.diagrams.node(edge) {
                edge = node.follow(match self.variable(node.variable) {
                    Variable::Place(role) => self.class(places, role),
                    Variable::Day => day,
                    Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => break,
                });
            }
            edge
        };
        Slice { holding: down(self.holding), beside: self.beside.iter().map(|(_, edge)| down(*edge)).collect() }
    }
}

/// A task's diagrams at some places on some day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slice {
    pub holding: Edge,
    /// In the order of [`Partition::beside`].
    pub beside: Vec<Edge>,
}

/// A day as a cell: days since the first one that there is.
#[must_use]
pub fn day_number(day: Date) -> u32 {
    u32::try_from(day.duration_since(Date::MIN).as_hours() / 24).unwrap_or(0)
}

/// The day of a cell.
#[must_use]
pub fn day_of(number: u32) -> Option<Date> {
    Date::MIN.checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// The partitions of a rulebook's tasks, each made when it is first asked for.
#[derive(Debug, Default)]
pub struct Partitions(Vec<OnceLock<Result<Partition, TooMany>>>);

impl Partitions {
    #[must_use]
    pub fn new(rulebook: &Rulebook) -> Self {
        Self(rulebook.tasks.iter().map(|_| OnceLock::new()).collect())
    }

    /// The partition of a task of the rulebook.
    ///
    /// # Errors
    /// When its rules fall into too many regions.
    pub fn of(&self, rulebook: &Rulebook, task: TaskId) -> Result<&Partition, TooMany> {
        let lock = usize::try_from(task.0).ok().and_then(|index| self.0.get(index));
        let none = || TooMany { task, provisions: Vec::new() };
        lock.ok_or_else(none)?.get_or_init(|| Partition::new(rulebook, task)).as_ref().map_err(Clone::clone)
    }

    /// Takes a partition that was made elsewhere, unless there is one.
    pub fn give(&self, task: TaskId, partition: Partition) {
        if let Some(lock) = usize::try_from(task.0).ok().and_then(|index| self.0.get(index)) {
            // Whoever made one meanwhile made the same.
            let _ = lock.set(Ok(partition));
        }
    }

    /// The partition of a task, if it was made.
    #[must_use]
    pub fn made(&self, task: TaskId) -> Option<&Partition> {
        self.0.get(usize::try_from(task.0).ok()?)?.get()?.as_ref().ok()
    }
}
