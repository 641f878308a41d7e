//! The words for what binding finds wrong, and for what can be done about it: one file for each language.

use jiff::civil::Date;

use crate::diagnostic::{Binding, Named};
use crate::syntax::tree::{Address, Language, PartKind};

mod english;
mod vietnamese;

/// What is wrong, in one line.
pub(super) fn message(problem: &Binding, language: Language) -> String {
    match language {
        Language::Vietnamese => vietnamese::message(problem),
        Language::English => english::message(problem),
    }
}

/// The one thing to do about it, where there is one.
pub(super) fn help(problem: &Binding, language: Language) -> Option<String> {
    match language {
        Language::Vietnamese => vietnamese::help(problem),
        Language::English => english::help(problem),
    }
}

/// Each in backticks, joined by commas.
fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn name(named: &Named, language: Language) -> &str {
    match language {
        Language::Vietnamese => &named.vietnamese,
        Language::English => &named.english,
    }
}

/// The names of the language, each in backticks, joined by commas.
fn names(all: &[Named], language: Language) -> String {
    quoted(&all.iter().map(|named| name(named, language).to_owned()).collect::<Vec<_>>())
}

fn dates(days: &[Date]) -> String {
    days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The address in the order of the language.
fn address(address: &Address, language: Language) -> String {
    let words = address.0.iter().map(|(kind, label)| format!("{} {label}", part(*kind, language)));
    match language {
        Language::Vietnamese => words.rev().collect::<Vec<_>>().join(" "),
        Language::English => words.collect::<Vec<_>>().join(" "),
    }
}

const fn part(kind: PartKind, language: Language) -> &'static str {
    match (kind, language) {
        (PartKind::Annex, Language::Vietnamese) => "Phụ lục",
        (PartKind::Annex, Language::English) => "annex",
        (PartKind::Part, Language::Vietnamese) => "phần",
        (PartKind::Part, Language::English) => "part",
        (PartKind::Section, Language::Vietnamese) => "Mục",
        (PartKind::Section, Language::English) => "section",
        (PartKind::Subsection, Language::Vietnamese) => "Tiểu mục",
        (PartKind::Subsection, Language::English) => "subsection",
        (PartKind::Article, Language::Vietnamese) => "Điều",
        (PartKind::Article, Language::English) => "article",
        (PartKind::Clause, Language::Vietnamese) => "khoản",
        (PartKind::Clause, Language::English) => "clause",
        (PartKind::Point, Language::Vietnamese) => "điểm",
        (PartKind::Point, Language::English) => "point",
        (PartKind::Item, Language::Vietnamese) => "dòng",
        (PartKind::Item, Language::English) => "item",
        (PartKind::Paragraph, Language::Vietnamese) => "đoạn",
        (PartKind::Paragraph, Language::English) => "paragraph",
    }
}
