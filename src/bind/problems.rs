//! Where binding collects what it finds wrong.

use crate::diagnostic::{Binding, Diagnostic, Problem, Severity};
use crate::source::Span;

#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) found: Vec<Diagnostic>,
    errors: usize,
}

impl Problems {
    pub(super) fn add(&mut self, problem: Binding, span: Span) {
        self.add_related(problem, span, Vec::new());
    }

    pub(super) fn add_related(&mut self, problem: Binding, span: Span, related: Vec<Span>) {
        self.errors += usize::from(problem.severity() == Severity::Error);
        self.found.push(Diagnostic { related, ..Diagnostic::new(Problem::Binding(problem), span) });
    }

    /// How many errors there are so far: a sentence during which the number grew is left out.
    pub(super) const fn errors(&self) -> usize {
        self.errors
    }
}
