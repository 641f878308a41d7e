//! Where binding collects what it finds wrong.

use crate::diagnostic::{Binding, Diagnostic, Problem, Severity};
use crate::source::Span;

#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) found: Vec<Diagnostic>,
}

impl Problems {
    pub(super) fn add(&mut self, problem: Binding, span: Span) {
        self.found.push(Diagnostic::new(Problem::Binding(problem), span));
    }

    pub(super) fn add_related(&mut self, problem: Binding, span: Span, related: Vec<Span>) {
        self.found.push(Diagnostic { related, ..Diagnostic::new(Problem::Binding(problem), span) });
    }

    /// How many errors there are so far: a sentence during which the number grew is left out.
    pub(super) fn errors(&self) -> usize {
        self.found.iter().filter(|diagnostic| diagnostic.problem.severity() == Severity::Error).count()
    }
}
