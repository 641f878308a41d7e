//! Problems: what is wrong and where, as facts. Words for them are in [`crate::wording`].

use crate::source::Span;

mod binding;

pub use binding::{Binding, Chain, Cited, Limit, Line, Noun, Shape};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One problem at one place, perhaps with other places that explain it (an earlier declaration, a candidate).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub problem: Problem,
    pub span: Span,
    pub related: Vec<Span>,
}

impl Diagnostic {
    #[must_use]
    pub const fn new(problem: Problem, span: Span) -> Self {
        Self { problem, span, related: Vec::new() }
    }
}

/// Every problem that reading rules can meet. Each has a [code](Problem::code) and a folder of cases
/// `tests/cases/bad/<code>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A date that no calendar has, or not written as a date.
    InvalidDate { written: String },
    /// `1.500`: could be 1500 or 1.5.
    AmbiguousNumber { written: String, readings: [String; 2] },
    /// Every line reads, but names, addresses or values do not fit.
    Binding(Binding),
}

impl Problem {
    /// The code under which users look the problem up, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidDate { .. } => "invalid-date",
            Self::AmbiguousNumber { .. } => "ambiguous-number",
            Self::Binding(problem) => problem.code(),
        }
    }

    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::InvalidDate { .. } | Self::AmbiguousNumber { .. } => Severity::Error,
            Self::Binding(problem) => problem.severity(),
        }
    }
}
