//! What two registers say unlike of units: which there are, from when to when, under which name, type and parent.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::register::{Register, Row, RowId};
use crate::rulebook::counterparts::Counterparts;

/// A row of a register that only one side has, or that they have unlike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    pub old: Option<RowId>,
    pub new: Option<RowId>,
}

pub(super) fn changes(old: &Register, new: &Register, of: &Counterparts<'_>) -> Vec<UnitChange> {
    let mut all: BTreeMap<(&str, Date), (Option<RowId>, Option<RowId>)> = BTreeMap::new();
    for id in old.rows() {
        all.entry((&old.row(id).code, old.row(id).from)).or_default().0 = Some(id);
    }
    for id in new.rows() {
        all.entry((&new.row(id).code, new.row(id).from)).or_default().1 = Some(id);
    }
    let level = |row: &Row| of.level(row.level);
    let same = |(before, after): (RowId, RowId)| {
        let (one, other) = (old.row(before), new.row(after));
        (&one.name, &one.kind, &one.parent, one.before) == (&other.name, &other.kind, &other.parent, other.before)
            && level(one) == Some(other.level)
    };
    let pairs = all.into_values().filter(|(before, after)| !before.zip(*after).is_some_and(same));
    pairs.map(|(old, new)| UnitChange { old, new }).collect()
}
