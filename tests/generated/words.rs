//! Words in both languages at once, and lines of them, so that every sentence is composed once.

use thamquyen::syntax::tree::Language;

/// The same words in either language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    english: String,
    vietnamese: String,
}

impl Both {
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Vietnamese => &self.vietnamese,
        }
    }
}

pub fn both(english: impl Into<String>, vietnamese: impl Into<String>) -> Both {
    Both { english: english.into(), vietnamese: vietnamese.into() }
}

pub fn same(text: impl Into<String>) -> Both {
    let text = text.into();
    Both { english: text.clone(), vietnamese: text }
}

/// Templates whose `{0}`, `{1}` … are the parts.
pub fn fill(english: &str, vietnamese: &str, parts: &[&Both]) -> Both {
    let fill = |template: &str, language: Language| {
        let mut text = template.to_owned();
        for (at, part) in parts.iter().enumerate() {
            text = text.replace(&format!("{{{at}}}"), part.in_language(language));
        }
        text
    };
    both(fill(english, Language::English), fill(vietnamese, Language::Vietnamese))
}

/// Parts with the same mark between them in both languages.
pub fn joined(parts: &[Both], mark: &Both) -> Both {
    let join = |language| {
        let texts: Vec<&str> = parts.iter().map(|part| part.in_language(language)).collect();
        texts.join(mark.in_language(language))
    };
    both(join(Language::English), join(Language::Vietnamese))
}

pub fn list(parts: &[Both]) -> Both {
    joined(parts, &same(", "))
}

/// A line and what is indented below it.
#[derive(Debug, Clone)]
pub struct Line {
    pub words: Both,
    pub below: Vec<Self>,
}

impl Line {
    pub fn new(words: Both) -> Self {
        Self { words, below: Vec::new() }
    }

    pub fn with(words: Both, below: Vec<Self>) -> Self {
        Self { words, below }
    }

    pub fn write(&self, language: Language, depth: usize, into: &mut String) {
        into.push_str(&"  ".repeat(depth));
        into.push_str(self.words.in_language(language));
        into.push('\n');
        for line in &self.below {
            line.write(language, depth + 1, into);
        }
    }
}
