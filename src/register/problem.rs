//! What can be wrong with a register, and where.

use std::sync::Arc;

use jiff::civil::Date;

/// A line of a file, from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub path: Arc<str>,
    pub line: u32,
}

impl Origin {
    pub(super) fn problem(&self, kind: RegisterProblemKind) -> RegisterProblem {
        RegisterProblem { path: Arc::clone(&self.path), line: self.line, kind }
    }
}

/// One problem at one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterProblem {
    pub path: Arc<str>,
    pub line: u32,
    pub kind: RegisterProblemKind,
}

/// Every problem that a register can have. Days named `on` are the first on which it shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegisterProblemKind {
    /// The header lacks a column; the file is left out.
    MissingColumn {
        column: &'static str,
    },
    /// Not CSV, in the words of its reader.
    Unreadable {
        reason: String,
    },
    /// A line with more or fewer cells than the header.
    CellCount {
        expected: usize,
        found: usize,
    },
    /// An empty cell that may not be empty.
    MissingValue {
        column: &'static str,
    },
    /// Not a day written as `2025-07-01`.
    BadDate {
        written: String,
    },
    UnknownLevel {
        written: String,
    },
    /// Neither `whole`, `part` nor `remainder`.
    UnknownPortion {
        written: String,
    },
    /// The end is not after the beginning.
    EmptyPeriod {
        from: Date,
        before: Date,
    },
    /// The code is borne by another row at the same time, which is the one that is kept.
    Overlap {
        code: String,
        earlier: Origin,
    },
    /// No row bears the parent's code; the row is kept without a parent.
    UnknownParent {
        parent: String,
    },
    /// The parent's level is not above the row's; the row is kept without a parent.
    ParentNotAbove {
        parent: String,
    },
    /// The parent is not there for the whole of the row's time; the link is kept for as long as it is.
    ParentNotThen {
        parent: String,
        on: Date,
    },
    /// Nobody bore the old code on the day before.
    OldCodeNotThen {
        code: String,
        on: Date,
    },
    /// Nobody bears the new code from the day.
    NewCodeNotThen {
        code: String,
        on: Date,
    },
    /// A lowest unit ends and nothing says who has its land; its localities are kept as ended.
    NoSuccessor {
        code: String,
        on: Date,
    },
    /// A lowest unit goes on after all its land went elsewhere and none came in; it holds no locality any more.
    LeftEmpty {
        code: String,
        on: Date,
    },
    /// The land of a lowest unit goes to one that has units below it, so nobody knows to which of them.
    SuccessorNotLowest {
        code: String,
        on: Date,
    },
    /// The successions make more chains than are allowed; the rest is left out.
    TooManyLocalities {
        limit: usize,
    },
}
