//! Why a line could not be read: the one misspelt word where there is one, else what stood where something else was expected.

use std::collections::BTreeSet;
use std::ops::Range;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::keyword::{self, Keyword};
use super::layout::Line;
use super::line::parse;
use super::Rule;
use crate::diagnostic::{Expected, Problem};
use crate::syntax::tree::Language;
use crate::text;

/// How many replacements are tried on one line.
const TRIES: usize = 60;
/// A list longer than this tells nothing.
const MOST_EXPECTED: usize = 12;

/// What is wrong with a line, where in it, and what the line would be without the mistake.
pub(super) struct Found {
    pub(super) problem: Problem,
    pub(super) at: Range<usize>,
    pub(super) form: Option<Rule>,
}

pub(super) fn explain(shadow: &str, line: &str, rule: Rule, language: Language, error: &Error<Rule>) -> Found {
    let whole = 0..line.len();
    let form = (rule == Rule::line_top && opens_like_an_address(shadow)).then_some(Rule::head_article);
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        return Found { problem: Problem::LineTooComplex, at: whole, form };
    };
    if let Some(open) = unclosed_quote(line) {
        return Found { problem: Problem::UnclosedQuote, at: open..line.len(), form };
    }
    if let Some(found) = misspelt(shadow, line, rule, language) {
        return found;
    }
    let at = match error.location {
        InputLocation::Pos(at) => at,
        InputLocation::Span((at, _)) => at,
    };
    let expected = expected(positives, language);
    if shadow.get(at..).is_some_and(|rest| rest.trim().is_empty()) {
        if let Some(found) = missing_at_end(shadow, rule, language) {
            return found;
        }
        if expected.is_empty() || expected.len() > MOST_EXPECTED / 2 {
            return Found { problem: Problem::UnknownForm, at: whole, form };
        }
        return Found { problem: Problem::Unexpected { found: String::new(), expected }, at: line.len()..line.len(), form };
    }
    let at = word_at(line, at);
    let found = line.get(at.clone()).unwrap_or("").to_owned();
    let problem = if expected.is_empty() { Problem::UnknownForm } else { Problem::Unexpected { found, expected } };
    Found { problem, at, form }
}

/// Rules as users know them, in the language of the file where keywords are concerned.
fn expected(rules: &[Rule], language: Language) -> Vec<Expected> {
    let other = |rule: &Rule| matches!(keyword::kind(*rule), keyword::Kind::Keyword(spoken) if spoken != language);
    let set: BTreeSet<Expected> = rules.iter().filter(|rule| !other(rule)).filter_map(|rule| keyword::expected(*rule)).collect();
    set.into_iter().collect()
}

/// The word that begins at or behind a byte.
fn word_at(line: &str, at: usize) -> Range<usize> {
    let rest = line.get(at..).unwrap_or("");
    let start = at + (rest.len() - rest.trim_start().len());
    let rest = line.get(start..).unwrap_or("");
    let quoted = rest.strip_prefix('"').and_then(|inside| inside.find('"')).map(|end| end + 2);
    let end = quoted.or_else(|| rest.find([' ', ','])).unwrap_or(rest.len());
    start..start + end.max(rest.chars().next().map_or(0, char::len_utf8))
}

fn unclosed_quote(line: &str) -> Option<usize> {
    let marks: Vec<usize> = line.match_indices('"').map(|(at, _)| at).collect();
    (marks.len() % 2 == 1).then(|| marks.last().copied()).flatten()
}

/// Words outside quotation marks, by their bytes.
fn words(shadow: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, c) in shadow.char_indices().chain([(shadow.len(), ' ')]) {
        if c == '"' {
            quoted = !quoted;
        }
        let inside = !quoted && !matches!(c, ' ' | ',' | '"');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    words
}

/// Some words and a keyword that they nearly are.
struct Near {
    at: Range<usize>,
    keyword: &'static Keyword,
    distance: usize,
}

/// All places where words are nearly a keyword, the nearest first.
fn near_keywords(shadow: &str) -> Vec<Near> {
    let words = words(shadow);
    let mut found = Vec::new();
    for keyword in keyword::all() {
        let (exact, plain) = (text::shadow(&keyword.text), text::search_fold(&keyword.text));
        let most = match plain.chars().count() {
            0..=1 => 0,
            2..=5 => 1,
            _ => 2,
        };
        for count in keyword.words.saturating_sub(1).max(1)..=keyword.words + 1 {
            for window in words.windows(count) {
                let (Some(first), Some(last)) = (window.first(), window.last()) else { continue };
                let at = first.start..last.end;
                let written = shadow.get(at.clone()).unwrap_or("");
                if written == exact || written.len().abs_diff(exact.len()) > 12 {
                    continue;
                }
                let distance = strsim::osa_distance(&text::search_fold(written), &plain);
                if distance <= most {
                    found.push(Near { at, keyword, distance: distance * 10 + strsim::osa_distance(written, &exact) });
                }
            }
        }
    }
    found.sort_by_key(|near| (near.distance, std::cmp::Reverse(near.keyword.words)));
    found
}

/// The one word that, spelt right, makes the line read.
fn misspelt(shadow: &str, line: &str, rule: Rule, language: Language) -> Option<Found> {
    let mut near = near_keywords(shadow);
    near.sort_by_key(|near| (near.keyword.language != language, near.distance));
    for Near { at, keyword, .. } in near.into_iter().take(TRIES) {
        let (before, behind) = (shadow.get(..at.start)?, shadow.get(at.end..)?);
        let mended = format!("{before}{}{behind}", text::shadow(&keyword.text));
        if let Ok(pairs) = parse(&mended, rule) {
            let form = pairs.flatten().nth(1).map(|pair| pair.as_rule());
            let written = line.get(at.clone()).unwrap_or("").to_owned();
            return Some(Found { problem: Problem::MisspeltKeyword { written, keyword: keyword.text.clone() }, at, form });
        }
    }
    None
}

/// The keyword that makes the line read when it is put at the end.
fn missing_at_end(shadow: &str, rule: Rule, language: Language) -> Option<Found> {
    for keyword in keyword::all().iter().filter(|keyword| keyword.language == language) {
        let mended = format!("{shadow} {}", text::shadow(&keyword.text));
        if let Ok(pairs) = parse(&mended, rule) {
            let rules: Vec<Rule> = pairs.flatten().map(|pair| pair.as_rule()).collect();
            let at_end = rules.iter().rev().find(|rule| **rule != Rule::EOI);
            // It must have been read as the keyword, not as one more word of a name.
            if at_end.is_some_and(|last| keyword::expected(*last) == Some(Expected::Word(keyword.text.clone()))) {
                let at = shadow.len()..shadow.len();
                return Some(Found { problem: Problem::MissingAtEnd { keyword: keyword.text.clone() }, at, form: rules.get(1).copied() });
            }
        }
    }
    None
}

/// A separator that may have been swallowed into a name of several words.
pub(super) fn swallowed_keyword(name: &str) -> Option<(Range<usize>, String)> {
    let shadow = text::shadow(name);
    let near = near_keywords(&shadow).into_iter().find(|near| near.at.start > 0)?;
    Some((near.at, near.keyword.text.clone()))
}

fn opens_like_an_address(shadow: &str) -> bool {
    let first = text::search_fold(shadow.split(' ').next().unwrap_or(""));
    ["article", "clause", "point", "annex", "part", "section", "dieu", "khoan", "diem", "phu", "phan", "muc", "tieu", "dong", "doan", "item"]
        .iter()
        .any(|part| strsim::osa_distance(&first, part) <= usize::from(part.len() > 3))
}

/// The language in which most lines open.
pub(super) fn guess_language(lines: &[Line<'_>]) -> Language {
    fn count(line: &Line<'_>, balance: &mut i64) {
        let shadow = text::shadow(line.text);
        let opens = |keyword: &&Keyword| {
            let rest = shadow.strip_prefix(text::shadow(&keyword.text).as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        match keyword::all().iter().find(opens).map(|keyword| keyword.language) {
            Some(Language::Vietnamese) => *balance += 1,
            Some(Language::English) => *balance -= 1,
            None => {}
        }
        line.below.iter().for_each(|below| count(below, balance));
    }
    let mut balance = 0;
    lines.iter().for_each(|line| count(line, &mut balance));
    if balance < 0 { Language::English } else { Language::Vietnamese }
}
