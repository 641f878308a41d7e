//! Every place, day and way to span units at which a task's law can differ, as the reference reads places.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Wrong;
use crate::partition::Partition;
use crate::reference::{Support, alike};
use crate::register::{LevelId, LocalityId};
use crate::rulebook::{RoleId, Rulebook};

/// Localities that the reference reads alike. Never empty.
type Kind = Vec<LocalityId>;

/// What there is to go through.
pub(super) struct Walk<'a> {
    support: &'a Support<'a>,
    partition: &'a Partition,
    /// For each class.
    kinds: Vec<Vec<Kind>>,
    /// For each role the levels of which it can matter whether a case spans several units.
    spannable: Vec<BTreeSet<LevelId>>,
}

/// A place in each role, for each the highest level of which the case spans several units, and a day.
pub(super) type Spot = (Vec<LocalityId>, Vec<Option<LevelId>>, Date);

impl<'a> Walk<'a> {
    /// # Errors
    /// When the classes of places do not hold each locality once.
    pub(super) fn new(support: &'a Support<'a>, partition: &'a Partition) -> Result<Self, Wrong> {
        let kinds = kinds(support, partition)?;
        Ok(Self { support, partition, kinds, spannable: spannable(support, partition) })
    }

    /// One spot for each way in which the law can differ, in order.
    pub(super) fn spots(&self) -> Vec<Spot> {
        let mut spots = Vec::new();
        self.places(&mut Vec::new(), &mut |kinds, day| spots.extend(self.on(kinds, day)));
        spots
    }

    /// One spot for each way in which the law can differ on a day or on the day before, in order.
    pub(super) fn turns(&self) -> Vec<Spot> {
        let mut spots = BTreeSet::new();
        self.places(&mut Vec::new(), &mut |kinds, day| {
            let eve = day.yesterday().into_iter().flat_map(|eve| self.on(kinds, eve));
            let on_the_day = |(places, spans, _): Spot| (places, spans, day);
            spots.extend(self.on(kinds, day).into_iter().chain(eve).map(on_the_day));
        });
        spots.into_iter().collect()
    }

    /// Calls with each choice of a kind for each role, and each of its days.
    fn places(&self, chosen: &mut Vec<Kind>, each: &mut dyn FnMut(&[Kind], Date)) {
        if chosen.len() < self.partition.frame.roles.len() {
            let optional = self.partition.frame.optional.get(chosen.len()).copied().unwrap_or(false);
            let nowhere = optional.then(|| vec![LocalityId::NOWHERE]);
            for kind in self.kinds.iter().flatten().cloned().chain(nowhere) {
                chosen.push(kind);
                self.places(chosen, each);
                chosen.pop();
            }
            return;
        }
        let first: Vec<LocalityId> = chosen.iter().filter_map(|kind| kind.first()).copied().collect();
        for day in self.days(&first) {
            each(chosen, day);
        }
    }

    fn on(&self, kinds: &[Kind], day: Date) -> Vec<Spot> {
        let tuples = self.tuples(kinds, day).into_iter();
        let spanned = |places: Vec<LocalityId>| {
            let ways = self.spanned(&places, day);
            ways.into_iter().map(move |spans| (places.clone(), spans, day))
        };
        tuples.flat_map(spanned).collect()
    }

    /// The days between which neither the reference nor the diagrams can change.
    fn days(&self, places: &[LocalityId]) -> BTreeSet<Date> {
        let mut days: BTreeSet<Date> = BTreeSet::from([Date::MIN]);
        days.extend(self.support.change_days(&places.iter().copied().collect()));
        days.extend(self.partition.days(places));
        days
    }

    /// Places of these kinds, one for each way in which they can lie together on the day.
    fn tuples(&self, kinds: &[Kind], day: Date) -> Vec<Vec<LocalityId>> {
        let mut tuples: Vec<Vec<LocalityId>> = vec![Vec::new()];
        for kind in kinds {
            // Where no pattern came up, any member stands for all.
            let members = if self.partition.patterns.is_empty() { kind.get(..1).unwrap_or(kind) } else { kind };
            let longer = |tuple: &Vec<LocalityId>| {
                members.iter().map(|member| tuple.iter().chain([member]).copied().collect()).collect::<Vec<_>>()
            };
            tuples = tuples.iter().flat_map(longer).collect();
        }
        let mut seen = BTreeSet::new();
        let together = |tuple: &Vec<LocalityId>| {
            let holds = |pattern: &crate::applicability::Pattern| pattern.holds(self.support.rulebook, tuple, day);
            self.partition.patterns.iter().map(holds).collect::<Vec<bool>>()
        };
        tuples.retain(|tuple| seen.insert(together(tuple)));
        tuples
    }

    /// All that a case at these places can span, as far as it matters: for each role nothing, or the units of a level that
    /// there is on the day, and of all lower ones.
    fn spanned(&self, places: &[LocalityId], day: Date) -> Vec<Vec<Option<LevelId>>> {
        let register = &self.support.rulebook.register;
        let mut spanned: Vec<Vec<Option<LevelId>>> = vec![Vec::new()];
        for (place, asked) in places.iter().zip(&self.spannable) {
            // Two ways that differ in no level that is asked about are one.
            let mut seen = BTreeSet::from([asked.clone()]);
            let there = |level: &LevelId| register.ancestor(*place, *level, day).is_some();
            let mut ways = vec![None];
            for level in levels(self.support.rulebook).filter(there) {
                if seen.insert(asked.range(..level).copied().collect()) {
                    ways.push(Some(level));
                }
            }
            let longer = |chosen: &Vec<Option<LevelId>>| {
                ways.iter().map(|way| chosen.iter().chain([way]).copied().collect()).collect::<Vec<_>>()
            };
            spanned = spanned.iter().flat_map(longer).collect();
        }
        spanned
    }
}

/// For each role of the frame the levels of which a diagram, or the reference, asks whether a case spans several units.
fn spannable(support: &Support<'_>, partition: &Partition) -> Vec<BTreeSet<LevelId>> {
    let asked = support.spans_asked();
    let of_role = |(index, role): (usize, &RoleId)| {
        let patterns = partition.patterns.iter().filter(|pattern| pattern.is_span() && pattern.roles.0 == index);
        let own = asked.iter().filter(|(asked, _)| asked == role).map(|(_, level)| *level);
        patterns.map(|pattern| pattern.level).chain(own).collect()
    };
    partition.frame.roles.iter().enumerate().map(of_role).collect()
}

fn levels(rulebook: &Rulebook) -> impl Iterator<Item = LevelId> {
    (0..rulebook.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId)
}

/// For each class, its members by how the reference reads them.
fn kinds(support: &Support<'_>, partition: &Partition) -> Result<Vec<Vec<Kind>>, Wrong> {
    let classes = &partition.frame.classes;
    let mut met = BTreeSet::new();
    for (class, number) in classes.iter().zip(0..) {
        let stray =
            class.members.iter().find(|member| partition.frame.class_of(**member) != number || !met.insert(**member));
        if let Some(stray) = stray {
            return Err(Wrong::Stray(*stray));
        }
    }
    if let Some(lost) = support.rulebook.register.localities().find(|locality| !met.contains(locality)) {
        return Err(Wrong::Stray(lost));
    }
    let of = |members: &[LocalityId]| {
        let mut kinds: Vec<Kind> = Vec::new();
        for member in members {
            match kinds.iter_mut().find(|kind| kind.first().is_some_and(|first| alike(support, *first, *member))) {
                Some(kind) => kind.push(*member),
                None => kinds.push(vec![*member]),
            }
        }
        kinds
    };
    Ok(classes.iter().map(|class| of(&class.members)).collect())
}
