//! The errors of a library one by one, as programs and logs want them: where, which, and the words in both languages.

use super::Library;
use crate::diagnostic::Severity;
use crate::rulebook::Language;
use crate::wording;

/// One error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    /// From 1; `None` when the file as a whole is meant.
    pub line: Option<usize>,
    pub code: &'static str,
    /// In one line.
    pub vietnamese: String,
    pub english: String,
}

impl Fault {
    #[must_use]
    pub fn words(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.vietnamese,
            Language::English => &self.english,
        }
    }

    /// `file:line`.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }
}

impl Library {
    /// Every error, those of whole files first; warnings are none.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let unreadable = self.unreadable.iter().map(|unreadable| Fault {
            path: unreadable.path.clone(),
            line: None,
            code: "unreadable",
            vietnamese: unreadable.words(Language::Vietnamese),
            english: unreadable.words(Language::English),
        });
        let wrong = self.diagnostics.iter().filter(|found| found.problem.severity() == Severity::Error);
        let wrong = wrong.map(|found| Fault {
            path: self.sources.get(found.span.source).map_or_else(String::new, |source| source.path.to_string()),
            line: Some(self.sources.line_column(found.span).0),
            code: found.problem.code(),
            vietnamese: wording::message(&found.problem, Language::Vietnamese),
            english: wording::message(&found.problem, Language::English),
        });
        unreadable.chain(wrong).collect()
    }
}
