//! What two registers say unlike of units: which there are, from when to when, under which name, type and parent.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::register::{Row, RowId};
use crate::rulebook::counterparts::Counterparts;

/// A row of a register that only one side has, or that they have unlike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnitChange {
    pub old: Option<RowId>,
    pub new: Option<RowId>,
}

/// All rows that differ; where a day is named, those that differ on it.
pub(super) fn changes(of: &Counterparts<'_>, on: Option<Date>) -> Vec<UnitChange> {
    let (old, new) = (&of.old.register, &of.new.register);
    let mut all: BTreeMap<(&str, Date), UnitChange> = BTreeMap::new();
    for id in old.rows() {
        all.entry((&old.row(id).code, old.row(id).from)).or_default().old = Some(id);
    }
    for id in new.rows() {
        all.entry((&new.row(id).code, new.row(id).from)).or_default().new = Some(id);
    }
    let level = |row: &Row| of.level(row.level);
    let holds = |row: &&Row| on.is_none_or(|day| row.from <= day && row.before.is_none_or(|before| day < before));
    // When it ends is nothing to a day on which it is there.
    let end = |row: &Row| row.before.filter(|_| on.is_none());
    let same = |change: &UnitChange| {
        let one = change.old.map(|id| old.row(id)).filter(holds);
        let other = change.new.map(|id| new.row(id)).filter(holds);
        match (one, other) {
            (Some(one), Some(other)) => {
                (&one.name, &one.kind, &one.parent, end(one)) == (&other.name, &other.kind, &other.parent, end(other))
                    && level(one) == Some(other.level)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    };
    all.into_values().filter(|change| !same(change)).collect()
}
