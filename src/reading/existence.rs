//! Which bodies exist in a unit on a day.

use jiff::civil::Date;

use crate::reference::{Support, established};
use crate::register::RowId;
use crate::rulebook::{BodyId, Rulebook};

/// Every body that the catalogue places at the unit's level, and whether it exists in the unit on the day.
#[must_use]
pub fn bodies(rulebook: &Rulebook, unit: RowId, day: Date) -> Vec<(BodyId, bool)> {
    let level = rulebook.register.row(unit).level;
    let ids = (0..rulebook.bodies.len()).map(|index| BodyId(u32::try_from(index).unwrap_or(u32::MAX)));
    ids.filter(|id| !rulebook[*id].is_class && rulebook[*id].levels.contains(&level))
        .map(|id| (id, exists(rulebook, id, unit, day)))
        .collect()
}

/// Whether one body exists in a unit, at the unit's own level, on a day. A unit lies in one regime: its first locality
/// speaks for it.
#[must_use]
pub fn exists(rulebook: &Rulebook, body: BodyId, unit: RowId, day: Date) -> bool {
    let level = rulebook.register.row(unit).level;
    let locality = rulebook.register.localities_of(unit, day).first().copied();
    locality.is_some_and(|locality| established(&Support::establishment(rulebook), body, level, locality, day))
}
