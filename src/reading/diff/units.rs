//! What two registers say unlike of units: which there are, from when to when, under which name, type and parent.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::register::{Register, Row, RowId};
use crate::rulebook::counterparts::Counterparts;

/// A row of a register that only one side has, or that they have unlike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnitChange {
    pub old: Option<RowId>,
    pub new: Option<RowId>,
}

pub(super) fn changes(old: &Register, new: &Register, of: &Counterparts<'_>) -> Vec<UnitChange> {
    let mut all: BTreeMap<(&str, Date), UnitChange> = BTreeMap::new();
    for id in old.rows() {
        all.entry((&old.row(id).code, old.row(id).from)).or_default().old = Some(id);
    }
    for id in new.rows() {
        all.entry((&new.row(id).code, new.row(id).from)).or_default().new = Some(id);
    }
    let level = |row: &Row| of.level(row.level);
    let same = |(before, after): (RowId, RowId)| {
        let (one, other) = (old.row(before), new.row(after));
        (&one.name, &one.kind, &one.parent, one.before) == (&other.name, &other.kind, &other.parent, other.before)
            && level(one) == Some(other.level)
    };
    all.into_values().filter(|change| !change.old.zip(change.new).is_some_and(same)).collect()
}
