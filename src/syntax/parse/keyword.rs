//! What each rule of the grammar is: a keyword of a language, a name, a part of a sentence. Read off the rules' names and
//! off `grammar/keywords.pest`, so that the keywords stand in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Rule;
use crate::diagnostic::Expected;
use crate::syntax::tree::Language;
use crate::text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Kind {
    Keyword(Language),
    Name,
    Body,
    Level,
    Role,
    Holder,
    Tasks,
    Givers,
    Receivers,
    Address,
    Measure,
    Other,
}

/// One keyword as users write it.
#[derive(Debug)]
pub(super) struct Keyword {
    pub(super) language: Language,
    pub(super) text: String,
    /// As the grammar has it, see [`text::shadow`].
    pub(super) exact: String,
    /// Without marks, see [`text::search_fold`].
    pub(super) plain: String,
    pub(super) words: usize,
}

struct Table {
    kinds: Vec<Kind>,
    keywords: Vec<Keyword>,
    exact: BTreeSet<String>,
    /// By rule.
    expected: Vec<Option<Expected>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let texts = keyword_texts();
    let rules = Rule::all_rules();
    let size = rules.iter().map(|rule| *rule as usize + 1).max().unwrap_or(0);
    let mut table = Table {
        kinds: vec![Kind::Other; size],
        keywords: Vec::new(),
        exact: BTreeSet::new(),
        expected: vec![None; size],
    };
    for rule in rules {
        let name = format!("{rule:?}");
        let kind = kind_by_name(&name);
        let text = texts.get(name.as_str());
        if let (Kind::Keyword(language), Some(text)) = (kind, text) {
            let words = text.split(' ').count();
            let (exact, plain) = (text::shadow(text), text::search_fold(text));
            table.exact.insert(exact.clone());
            table.keywords.push(Keyword { language, text: text.clone(), exact, plain, words });
        }
        let expected = text.map_or_else(|| expected_by_name(&name), |text| Some(Expected::Word(text.clone())));
        if let Some(slot) = table.kinds.get_mut(*rule as usize) {
            *slot = kind;
        }
        if let Some(slot) = table.expected.get_mut(*rule as usize) {
            *slot = expected;
        }
    }
    table
});

pub(super) fn kind(rule: Rule) -> Kind {
    TABLE.kinds.get(rule as usize).copied().unwrap_or(Kind::Other)
}

pub(super) fn all() -> &'static [Keyword] {
    &TABLE.keywords
}

/// Words as the grammar sees them that are a keyword.
pub(super) fn is_keyword(shadow: &str) -> bool {
    TABLE.exact.contains(shadow)
}

/// What a rule is called in a message; `None` for rules that users do not know.
pub(super) fn expected(rule: Rule) -> Option<Expected> {
    TABLE.expected.get(rule as usize).cloned().flatten()
}

/// A keyword as it is written; empty for what is no keyword.
pub(in crate::syntax) fn text(rule: Rule) -> &'static str {
    match TABLE.expected.get(rule as usize) {
        Some(Some(Expected::Word(word))) => word,
        _ => "",
    }
}

fn kind_by_name(name: &str) -> Kind {
    match name.split('_').next().unwrap_or(name) {
        "en" => Kind::Keyword(Language::English),
        "vi" => Kind::Keyword(Language::Vietnamese),
        "name" => Kind::Name,
        "body"
            if !matches!(name, "body_at" | "body_heads" | "body_under" | "body_is" | "body_works" | "body_system") =>
        {
            Kind::Body
        }
        "level" if name != "level_below" => Kind::Level,
        "role" => Kind::Role,
        "holder" => Kind::Holder,
        "tasks" => Kind::Tasks,
        "givers" => Kind::Givers,
        "receivers" => Kind::Receivers,
        "address" => Kind::Address,
        "measure" => Kind::Measure,
        _ => Kind::Other,
    }
}

fn expected_by_name(name: &str) -> Option<Expected> {
    let word = |text: &str| Some(Expected::Word(text.to_owned()));
    match name {
        "EOI" => Some(Expected::EndOfLine),
        "comma" => word(","),
        "slash" => word("/"),
        "equals" => word("="),
        "compare" => word(">="),
        "date" | "date_literal" => Some(Expected::Date),
        "number" | "integer" | "name_code" => Some(Expected::Number),
        "name_number" => Some(Expected::DocumentNumber),
        "name_title" | "name_quoted" | "name_path" | "name_unit" | "name_vietnamese" | "name_english" => {
            Some(Expected::QuotedName)
        }
        "label_en" | "label_vi" => Some(Expected::PartLabel),
        "grade" => word("S*"),
        // pest names the outer rule when several inner ones fail at its start.
        "name_value_en" | "name_value_vi" | "value_en" | "value_vi" => Some(Expected::Value),
        "test_en" | "test_vi" | "tests_en" | "tests_vi" => Some(Expected::Name),
        "unit" | "unit_scope" | "scope" | "scopes" => Some(Expected::QuotedName),
        "document" => Some(Expected::DocumentNumber),
        "reference" | "references" | "address_en" | "address_vi" => Some(Expected::Address),
        _ => match kind_by_name(name) {
            Kind::Name
            | Kind::Body
            | Kind::Level
            | Kind::Role
            | Kind::Holder
            | Kind::Tasks
            | Kind::Givers
            | Kind::Receivers => Some(Expected::Name),
            Kind::Keyword(_) | Kind::Address | Kind::Measure | Kind::Other => None,
        },
    }
}

/// The quoted words of each line of `grammar/keywords.pest`, by the rule's name.
fn keyword_texts() -> BTreeMap<&'static str, String> {
    let grammar = include_str!("../../../grammar/keywords.pest");
    let rules = grammar.lines().filter_map(|line| line.split_once(" = "));
    rules
        .map(|(name, body)| {
            let words: Vec<&str> = body.split('"').skip(1).step_by(2).collect();
            (name, as_written(&words.join(" ")))
        })
        .collect()
}

/// The grammar writes keywords in lower case with the tone on the second vowel; people write `ủy quyền` and `Điều`.
fn as_written(folded: &str) -> String {
    let text = folded.replace("uỷ", "ủy").replace("huỷ", "hủy");
    for capital in ["điều", "phụ lục", "mục", "tiểu mục"] {
        if text == capital || text == format!("{capital} này") {
            let mut letters = text.chars();
            return letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        }
    }
    text
}
