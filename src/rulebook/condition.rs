//! Conditions: tests of facts, places and tables, joined.

use rust_decimal::Decimal;

use super::{Comparison, Direction, Extreme, FactId, RoleId, TableId, Value};
use crate::register::LevelId;

/// All clauses hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    pub clauses: Vec<Clause>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    Test(Test),
    /// One of the lines, whose tests all hold, suffices.
    AnyOf(Vec<Vec<Test>>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Fact {
        fact: FactId,
        predicate: Predicate,
    },
    /// The case, at the place of this role, spans several units of the level, or lies in one. Where there is no such level
    /// nothing is spanned.
    Spans {
        role: RoleId,
        level: LevelId,
        several: bool,
    },
    /// A number against a share of the limit that a table states for the value of the fact `by`. Where none is stated it does
    /// not hold.
    Limit {
        fact: FactId,
        by: FactId,
        with: Comparison,
        /// 1 is the whole.
        share: Decimal,
        table: TableId,
    },
    /// There is a place of this role, or there is none.
    HasPlace {
        role: RoleId,
        there: bool,
    },
}

impl Test {
    /// The facts that are looked at.
    pub fn facts(&self) -> impl Iterator<Item = FactId> + use<> {
        let (fact, by) = match self {
            Self::Fact { fact, .. } => (Some(*fact), None),
            Self::Limit { fact, by, .. } => (Some(*fact), Some(*by)),
            Self::Spans { .. } | Self::HasPlace { .. } => (None, None),
        };
        fact.into_iter().chain(by)
    }

    /// The table that is looked at.
    #[must_use]
    pub const fn table(&self) -> Option<TableId> {
        match self {
            Self::Limit { table, .. } => Some(*table),
            Self::Fact { .. } | Self::Spans { .. } | Self::HasPlace { .. } => None,
        }
    }
}

/// A test of a fact's value against constants; typing has made sure that it fits the fact's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// A yes-or-no fact has this value.
    Holds(bool),
    /// The value is one of these (for `Many`: some of its values is), or not.
    Among {
        not: bool,
        values: Vec<Value>,
    },
    /// Ordered values, by index: `III or below` is index >= that of III.
    Ranked {
        or: Direction,
        value: u8,
    },
    /// Of a fact with several ordered values, the highest or lowest satisfies the inner test (`Among` on `One`, or `Ranked`).
    Extreme {
        which: Extreme,
        is: Box<Predicate>,
    },
    Compare {
        with: Comparison,
        value: Value,
    },
}
