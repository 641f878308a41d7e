//! Whether two registers let the places of a task lie together in the same cases. Where they do not, a condition on it means
//! one thing on one side and another on the other, and points cannot be laid over one another.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::compare::spoken_of;
use crate::applicability::Pattern;
use crate::partition::Partition;
use crate::register::{LevelId, LocalityId, UnitId};
use crate::rulebook::counterparts::Counterparts;

/// On every day, or on the one that is asked about. What only the new side asks of places is said by its own register.
pub(super) fn lie_alike(of: &Counterparts<'_>, (old, new): (&Partition, &Partition), on: Option<Date>) -> bool {
    let spoken: BTreeSet<LocalityId> = spoken_of(of, (old.frame.task, new.frame.task)).into_iter().flatten().collect();
    let places: Vec<(LocalityId, LocalityId)> = of
        .new
        .register
        .localities()
        .filter(|place| spoken.is_empty() || spoken.contains(place))
        .filter_map(|place| Some((of.old_place(place)?, place)))
        .collect();
    let days = || -> BTreeSet<Date> {
        let (before, after) = (of.old.register.change_days(), of.new.register.change_days());
        before.iter().chain(after).copied().chain([Date::MIN]).collect()
    };
    let alike = |pattern: &Pattern| {
        let Some(level) = of.level(pattern.level) else { return true };
        let days = pattern.on.or(on).map_or_else(days, |day| BTreeSet::from([day]));
        days.into_iter().all(|day| together(of, &places, (pattern.level, level), day))
    };
    old.patterns.iter().filter(|pattern| !pattern.is_span()).all(alike)
}

/// Whether on a day the same places lie in one unit of a level on both sides.
fn together(
    of: &Counterparts<'_>,
    places: &[(LocalityId, LocalityId)],
    (before, after): (LevelId, LevelId),
    day: Date,
) -> bool {
    let (old, new) = (&of.old.register, &of.new.register);
    let (mut to, mut from): (BTreeMap<UnitId, UnitId>, BTreeMap<UnitId, UnitId>) = Default::default();
    places.iter().all(|(was, is)| {
        let was = old.ancestor(*was, before, day).map(|row| old.row(row).unit);
        let is = new.ancestor(*is, after, day).map(|row| new.row(row).unit);
        match (was, is) {
            (Some(was), Some(is)) => *to.entry(was).or_insert(is) == is && *from.entry(is).or_insert(was) == was,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    })
}
