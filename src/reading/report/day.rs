//! A day in JSON: `2025-07-01`, written without a text of its own.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// A day, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
