//! One frame for the points of a task under two rulebooks, in the numbers of the new one: places are told apart where either
//! tells them apart, and facts are cut where either cuts them. It frames diagrams that are made already; it judges no region.

use std::collections::{BTreeMap, BTreeSet};

use super::{Axis, Class, Frame, days, terms};
use crate::register::LocalityId;
use crate::rulebook::counterparts::Counterparts;
use crate::rulebook::{FactId, ReadingId, Value};

/// Why the points of two frames cannot be laid over one another: the task is asked in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// Other places, or one of them may be left out now or no more.
    Places,
    /// A fact, by the old rulebook's number, that is none in the new one, or has lost values there.
    Fact(FactId),
}

impl Frame {
    /// The frame of both.
    ///
    /// # Errors
    /// When the task is asked in another way.
    pub fn joint(of: &Counterparts<'_>, old: &Self, new: &Self) -> Result<Self, Otherwise> {
        let roles: Vec<_> = old.roles.iter().map(|role| of.role(*role)).collect();
        if !roles.iter().copied().eq(new.roles.iter().copied().map(Some)) || old.optional != new.optional {
            return Err(Otherwise::Places);
        }
        let mut facts: BTreeMap<FactId, &Axis> = BTreeMap::new();
        let mut last = Vec::new();
        for axis in &old.facts {
            let fact = of.fact(axis.fact).ok_or(Otherwise::Fact(axis.fact))?;
            facts.insert(fact, axis);
            if !new.facts.iter().any(|own| own.fact == fact) {
                last.push(Axis::new(of.new, fact, std::iter::empty()));
            }
        }
        let cut = |axis: Axis| {
            let more: Vec<Value> = facts.get(&axis.fact).into_iter().flat_map(|old| old.constants().cloned()).collect();
            axis.cut_at(of.new, more.into_iter())
        };
        let (classes, class_of) = classes(of, old, new);
        Ok(Self {
            task: new.task,
            roles: new.roles.clone(),
            optional: new.optional.clone(),
            classes,
            class_of,
            facts: new.facts.iter().cloned().chain(last).map(cut).collect(),
            readings: readings(of, old, new),
            conditions: terms::Conditions::default(),
            days: days::Days::default(),
        })
    }
}

/// The new rulebook's texts with several readings that the old one has too: both sides answer by the same reading.
fn readings(of: &Counterparts<'_>, old: &Frame, new: &Frame) -> Vec<(ReadingId, u8)> {
    let has = |reading: ReadingId| old.readings.iter().any(|(own, _)| of.old_reading(reading) == Some(*own));
    new.readings.iter().copied().filter(|(reading, _)| has(*reading)).collect()
}

/// Places that neither rulebook tells apart, in order of their first member.
fn classes(of: &Counterparts<'_>, old: &Frame, new: &Frame) -> (Vec<Class>, Vec<u32>) {
    let mut classes: Vec<Class> = Vec::new();
    for class in &new.classes {
        let mut parts: BTreeMap<Option<usize>, Vec<LocalityId>> = BTreeMap::new();
        for member in &class.members {
            parts.entry(of.old_place(*member).map(|place| old.class_of(place))).or_default().push(*member);
        }
        let first = |members: &Vec<LocalityId>| members.first().copied();
        classes.extend(parts.into_values().filter_map(|members| {
            Some(Class { representative: first(&members)?, members, history: class.history.clone() })
        }));
    }
    classes.sort_by(|one, other| one.members.cmp(&other.members));
    let mut class_of = vec![0; new.class_of.len()];
    for (class, number) in classes.iter().zip(0..) {
        let members: BTreeSet<usize> = class.members.iter().map(|member| member.index()).collect();
        for index in members {
            class_of.iter_mut().skip(index).take(1).for_each(|of| *of = number);
        }
    }
    (classes, class_of)
}
