//! Where binding collects what it finds wrong.

use crate::diagnostic::{Binding, Diagnostic, Problem, Severity};
use crate::source::Span;

/// Where in binding a problem is found. What goes wrong in one stage has consequences in the later ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    #[default]
    Catalogue,
    Documents,
    Tasks,
    Sentences,
}

#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) found: Vec<(Stage, Diagnostic)>,
    stage: Stage,
    errors: usize,
}

impl Problems {
    pub(super) fn add(&mut self, problem: Binding, span: Span) {
        self.add_related(problem, span, Vec::new());
    }

    pub(super) fn add_related(&mut self, problem: Binding, span: Span, related: Vec<Span>) {
        self.errors += usize::from(problem.severity() == Severity::Error);
        self.found.push((self.stage, Diagnostic { related, ..Diagnostic::new(Problem::Binding(problem), span) }));
    }

    /// Something is wrong only because of what has been reported elsewhere.
    pub(super) const fn add_consequence(&mut self) {
        self.errors += 1;
    }

    pub(super) const fn enter(&mut self, stage: Stage) {
        self.stage = stage;
    }

    /// How many errors there are so far: a sentence during which the number grew is left out.
    pub(super) const fn errors(&self) -> usize {
        self.errors
    }
}
