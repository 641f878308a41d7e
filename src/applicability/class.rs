//! Localities that no sentence of a task tells apart, on any day, as one class: they have been in the same units of those that
//! sentences name, in units of the same of the types that sentences name, and in units of the same levels.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::register::{LevelId, LocalityId, Register, UnitId};

/// What sentences tell localities apart by.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    pub(super) units: BTreeSet<UnitId>,
    /// Folded by [`crate::text::name_fold`].
    pub(super) types: BTreeSet<String>,
}

/// Where a locality lies on some day, as far as sentences can tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Lies {
    /// For each level: no unit, a unit that no sentence names, or that unit.
    levels: Vec<Option<Option<UnitId>>>,
    /// Indices of the named types.
    types: BTreeSet<usize>,
}

/// Localities that are alike.
#[derive(Debug, Clone)]
pub struct Class {
    /// The locality at which sentences are read for all of them: the first.
    pub representative: LocalityId,
    /// Sorted.
    pub members: Vec<LocalityId>,
    /// From which day on its members lie how; the first from the beginning of time.
    pub(super) history: Vec<(Date, Lies)>,
}

impl Class {
    /// The named units that have ever held its members.
    pub(super) fn units(&self) -> BTreeSet<UnitId> {
        self.history.iter().flat_map(|(_, lies)| lies.levels.iter().copied().flatten().flatten()).collect()
    }

    /// On a day: no unit of the level, one that no sentence names, or that unit.
    pub(super) fn unit_on(&self, level: LevelId, day: Date) -> Option<Option<UnitId>> {
        let after = self.history.partition_point(|(from, _)| *from <= day);
        let (_, lies) = after.checked_sub(1).and_then(|last| self.history.get(last))?;
        lies.levels.get(usize::from(level.0)).copied().flatten()
    }

    /// The days on which its members come to lie otherwise.
    pub(super) fn change_days(&self) -> impl Iterator<Item = Date> + '_ {
        self.history.iter().skip(1).map(|(day, _)| *day)
    }
}

/// Groups all localities of a register into classes, in order of their first member.
pub(super) fn classes(register: &Register, levels: usize, named: &Named) -> Vec<Class> {
    let mut groups: BTreeMap<Vec<(Date, Lies)>, Vec<LocalityId>> = BTreeMap::new();
    for locality in register.localities() {
        let mut history: Vec<(Date, Lies)> = Vec::new();
        for day in std::iter::once(Date::MIN).chain(register.change_days_of(locality)) {
            let lies = lies(register, levels, named, (locality, day));
            if history.last().is_none_or(|(_, last)| *last != lies) {
                history.push((day, lies));
            }
        }
        groups.entry(history).or_default().push(locality);
    }
    let class = |(history, members): (Vec<(Date, Lies)>, Vec<LocalityId>)| {
        members.first().copied().map(|representative| Class { representative, members, history })
    };
    let mut classes: Vec<Class> = groups.into_iter().filter_map(class).collect();
    classes.sort_by(|a, b| a.members.cmp(&b.members));
    classes
}

fn lies(register: &Register, levels: usize, named: &Named, (locality, day): (LocalityId, Date)) -> Lies {
    let mut lies = Lies::default();
    for level in (0..levels).filter_map(|level| u8::try_from(level).ok()).map(LevelId) {
        let row = register.ancestor(locality, level, day).map(|row| register.row(row));
        lies.levels.push(row.map(|row| Some(row.unit).filter(|unit| named.units.contains(unit))));
        if let Some(row) = row.filter(|_| !named.types.is_empty()) {
            let kind = crate::text::name_fold(&row.kind);
            lies.types.extend(named.types.iter().position(|own| *own == kind));
        }
    }
    lies
}
