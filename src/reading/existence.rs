//! (stub; being written elsewhere)
use jiff::civil::Date;

use crate::register::RowId;
use crate::rulebook::{BodyId, Rulebook};

#[must_use]
pub fn bodies(_rulebook: &Rulebook, _row: RowId, _day: Date) -> Vec<(BodyId, bool)> {
    Vec::new()
}
