//! Geometry: which points of a task there are, and what sentences find there by their own terms. Knows places, days and values;
//! nothing of rank, force or holding. It answers the [queries](Query) of [`crate::resolution`], on a whole region of points at
//! once or with the first test that holds on a part of it only.
//!
//! A task's [`Frame`] gives the axes: for each place role the [classes](Class) of localities that no sentence tells apart, the
//! days, for each fact its [cells](Cell), and for each text with several readings its options.

mod axis;
mod class;
mod cover;
mod days;
mod joint;
mod place;
mod terms;

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::civil::Date;

pub use axis::{Axis, Cell, Cells};
pub use class::Class;
pub use cover::{covered, ever_covered};
pub(crate) use days::Local;
pub use joint::Otherwise;
pub use place::Pattern;
pub(crate) use terms::Unsettled;

use crate::register::{LocalityId, RowId};
use crate::resolution::{Dossier, Query, Sources};
use crate::rulebook::kindred::Numbers;
use crate::rulebook::{ProvisionId, ReadingId, RoleId, Rulebook, Seat, SeatAt, Statement, TaskId};

/// The axes of a task's points.
#[derive(Debug)]
pub struct Frame {
    pub task: TaskId,
    pub roles: Vec<RoleId>,
    /// For each role, whether there may be no place of it.
    pub optional: Vec<bool>,
    /// The same for every role; in order of their first member.
    pub classes: Vec<Class>,
    /// For each locality of the register, its class.
    class_of: Vec<u32>,
    /// The task's facts in their order, then others that its sentences test.
    pub facts: Vec<Axis>,
    /// Texts with several readings, and how many.
    pub readings: Vec<(ReadingId, u8)>,
    conditions: terms::Conditions,
    days: days::Days,
}

impl Frame {
    /// The frame of a task, for the sentences on which its rulings can rest.
    #[must_use]
    pub fn new(rulebook: &Rulebook, sources: &Sources<'_>) -> Self {
        let task = sources.task();
        let provisions: BTreeSet<ProvisionId> =
            sources.provisions().iter().copied().chain(sources.cited().iter().copied()).collect();
        let named = place::named(rulebook, sources, &provisions);
        let classes = class::classes(&rulebook.register, rulebook.levels.len(), &named);
        let mut class_of = vec![0; rulebook.register.localities().len()];
        for (class, number) in classes.iter().zip(0..) {
            for member in &class.members {
                class_of.iter_mut().skip(member.index()).take(1).for_each(|of| *of = number);
            }
        }
        let tests = terms::tests(rulebook, sources, &provisions);
        let mut facts = rulebook[task].facts.clone();
        for fact in tests.iter().flat_map(|test| test.facts()).collect::<BTreeSet<_>>() {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        let facts: Vec<Axis> = facts.into_iter().map(|fact| Axis::new(rulebook, fact, tests.iter().copied())).collect();
        let conditions = terms::Conditions::new(rulebook, sources, &provisions, &facts);
        let options = |reading: &ReadingId| u8::try_from(rulebook[*reading].options.len()).unwrap_or(u8::MAX);
        Self {
            task,
            roles: rulebook[task].roles.clone(),
            optional: rulebook[task].roles.iter().map(|role| rulebook[task].optional.contains(role)).collect(),
            classes,
            class_of,
            facts,
            readings: sources.readings().iter().map(|reading| (*reading, options(reading))).collect(),
            conditions,
            days: days::Days::new(rulebook, sources),
        }
    }

    /// The same frame in the numbers of another rulebook; `None` where something has none there.
    #[must_use]
    pub fn renumbered(&self, numbers: &Numbers) -> Option<Self> {
        let reading = |(reading, options): &(ReadingId, u8)| Some((numbers.reading(*reading)?, *options));
        Some(Self {
            task: numbers.task(self.task)?,
            roles: self.roles.clone(),
            optional: self.optional.clone(),
            classes: self.classes.clone(),
            class_of: self.class_of.clone(),
            facts: self.facts.clone(),
            readings: self.readings.iter().map(reading).collect::<Option<_>>()?,
            conditions: self.conditions.renumbered(numbers)?,
            days: self.days.renumbered(numbers)?,
        })
    }

    /// The unit in which a seat lies on a day, for places in the order of the roles.
    #[must_use]
    pub fn unit_of(&self, rulebook: &Rulebook, places: &[LocalityId], day: Date, seat: Seat) -> Option<RowId> {
        let register = &rulebook.register;
        match seat.at {
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Others { .. } => None,
            SeatAt::Level { level, role } => {
                let index = self.roles.iter().position(|own| *own == role)?;
                register.ancestor(*places.get(index)?, level, day)
            }
            SeatAt::Unit(unit) => register.row_of(unit, day),
        }
    }

    /// How many kinds of places a role has: the classes, and none where there may be none.
    #[must_use]
    pub fn kinds_of_place(&self, role: usize) -> usize {
        self.classes.len() + usize::from(self.optional.get(role).copied().unwrap_or(false))
    }

    /// All points whose places are of these classes, on a day.
    pub(crate) fn region<'a>(&'a self, ground: Ground<'a>, classes: &[usize], day: Date) -> Region<'a> {
        Region {
            frame: self,
            rulebook: ground.rulebook,
            seen: ground.patterns,
            classes: classes.to_vec(),
            day,
            facts: self.facts.iter().map(|axis| Cells::all(axis.len())).collect(),
            readings: vec![None; self.readings.len()],
            patterns: Vec::new(),
        }
    }
}

/// What regions of a frame are judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) rulebook: &'a Rulebook,
    /// The patterns that have come up so far, by their number.
    pub(crate) patterns: &'a RefCell<Vec<Pattern>>,
}

/// A set of points: classes of places, a day, cells of each fact, perhaps chosen readings and patterns.
#[derive(Debug, Clone)]
pub(crate) struct Region<'a> {
    frame: &'a Frame,
    rulebook: &'a Rulebook,
    seen: &'a RefCell<Vec<Pattern>>,
    /// In the order of the frame's roles, indices of classes.
    classes: Vec<usize>,
    day: Date,
    /// In the order of the frame's facts.
    pub(crate) facts: Vec<Cells>,
    /// In the order of the frame's readings.
    pub(crate) readings: Vec<Option<u8>>,
    /// As far as they came up.
    pub(crate) patterns: Vec<Option<bool>>,
}

impl Region<'_> {
    /// The parts of the region on each of which what was unsettled is settled; none of them is empty.
    pub(crate) fn split(&self, at: &Unsettled) -> Vec<Self> {
        match at {
            Unsettled::Fact(index, satisfying) => {
                let Some(cells) = self.facts.get(*index) else { return Vec::new() };
                let parts = [cells.and(satisfying), cells.without(satisfying)];
                parts
                    .into_iter()
                    .filter(|cells| !cells.is_empty())
                    .map(|cells| self.with_fact(*index, &cells))
                    .collect()
            }
            Unsettled::Reading(index) => {
                let options = self.frame.readings.get(*index).map_or(0, |(_, options)| *options);
                let part = |option| {
                    let mut part = self.clone();
                    part.readings.iter_mut().skip(*index).take(1).for_each(|own| *own = Some(option));
                    part
                };
                (0..options).map(part).collect()
            }
            Unsettled::Pattern(number) => {
                let part = |together| {
                    let mut part = self.clone();
                    part.patterns.resize(part.patterns.len().max(number + 1), None);
                    part.patterns.iter_mut().skip(*number).take(1).for_each(|own| *own = Some(together));
                    part
                };
                [false, true].map(part).to_vec()
            }
        }
    }

    fn with_fact(&self, index: usize, cells: &Cells) -> Self {
        let mut part = self.clone();
        part.facts.iter_mut().skip(index).take(1).for_each(|own| own.clone_from(cells));
        part
    }
}

impl Dossier for Region<'_> {
    type Unsettled = Unsettled;

    fn ask(&self, query: &Query) -> Result<bool, Unsettled> {
        let rulebook = self.rulebook;
        let of = |id: ProvisionId| &rulebook[id];
        Ok(match query {
            Query::Begun(id, clock) => rulebook.start(*id).is_none_or(|start| start <= self.date(*clock)),
            Query::OwnDays(id, clock) => of(*id).days.contains(self.date(*clock)),
            Query::Term(document, clock) => {
                let day = self.date(*clock);
                rulebook[*document].in_force.iter().any(|term| term.contains(day))
            }
            Query::Extends(id, clock) => {
                matches!(of(*id).statement, Statement::Extends { before, .. } if self.date(*clock) < before)
            }
            Query::Scope(id, site, clock) => self.in_scope(*id, *site, *clock),
            Query::Terms(id, site, clock, derived) => {
                let day = self.date(*clock);
                self.terms(*id, self.locality(*site, day), day, derived)?
            }
            Query::Impossible(task, index, derived) => self.impossible(*task, *index, derived)?,
            Query::Open(task, index, clock, derived) => self.open(*task, *index, self.date(*clock), derived)?,
            Query::Is(fact, value) => self.is(*fact, value)?,
            Query::Reading(reading, option) => self.reading(*reading, *option)?,
            Query::Placed(role) => self.placed(*role),
            Query::Spans(role, level, clock) => self.spans(*role, *level, self.date(*clock))?,
            Query::AnyUnit(level, clock) => place::any_unit(&rulebook.register, *level, self.date(*clock)),
            Query::Covered(task, site, clock) => {
                let day = self.date(*clock);
                covered(rulebook, *task, self.locality(*site, day), day)
            }
            Query::BodyDays(body, clock) => rulebook[*body].days.contains(self.date(*clock)),
            Query::UnitThere(level, site, clock) => self.unit_there(*level, *site, *clock),
            Query::UnitAt(unit, level, clock) => self.unit_at(*unit, *level, *clock),
            Query::SameUnit(a, b, clock) => self.same_unit(*a, *b, *clock)?,
            Query::Under(own, giver, clock) => self.under(*own, *giver, *clock)?,
            Query::Past(transfer, clock) => place::first_day(rulebook, *transfer) < self.date(*clock),
        })
    }
}
