//! What a thing is called. Knows in which form names compare, and nothing of what bears them.

use std::sync::Arc;

use crate::syntax::tree::Language;
use crate::text::name_fold;

/// An id and its two names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Names {
    pub id: String,
    pub vietnamese: String,
    pub english: String,
    /// The forms in which the three compare: made once, for every question is compared with them.
    folded: Arc<[String; 3]>,
}

impl Names {
    #[must_use]
    pub fn new(id: String, vietnamese: String, english: String) -> Self {
        let folded = Arc::new([&id, &vietnamese, &english].map(|name| name_fold(name)));
        Self { id, vietnamese, english, folded }
    }

    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.vietnamese,
            Language::English => &self.english,
        }
    }

    /// Whether one of them has this [`name_fold`].
    #[must_use]
    pub fn has(&self, folded: &str) -> bool {
        self.folded.iter().any(|own| own == folded)
    }
}
