//! Why a line could not be read: the one misspelt word where there is one, else what stood where something else was expected.

use std::collections::BTreeSet;
use std::ops::Range;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::Rule;
use super::keyword::{self, Keyword};
use super::known;
use super::layout::Line;
use super::line::parse;
use crate::diagnostic::{Expected, Problem};
use crate::syntax::tree::Language;
use crate::text;

/// How many replacements are tried on one line.
const TRIES: usize = 60;
/// A list of more keywords than this tells nothing at the end of a line: a name swallowed what would have told.
const MOST_KEYWORDS: usize = 6;
/// A line of more words is not searched for a misspelt one.
const MOST_WORDS: usize = 120;

/// What is wrong with a line, where in it, and what the line would be without the mistake.
pub(super) struct Found {
    pub(super) problem: Problem,
    pub(super) at: Range<usize>,
    pub(super) form: Option<Rule>,
}

/// In which language a line is explained, and whether a misspelt word is searched for, which costs a thousand times the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) language: Language,
    pub(super) thorough: bool,
}

pub(super) fn explain(shadow: &str, line: &str, rule: Rule, manner: Manner, error: &Error<Rule>) -> Found {
    let Manner { language, thorough } = manner;
    let whole = 0..line.len();
    let form = (rule == Rule::line_top && opens_like_an_address(shadow)).then_some(Rule::head_article);
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        return Found { problem: Problem::LineTooComplex, at: whole, form };
    };
    if let Some(open) = unclosed_quote(line) {
        let closed = if thorough { known::closed(line, rule) } else { None };
        return closed.unwrap_or(Found { problem: Problem::UnclosedQuote, at: open..line.len(), form });
    }
    let known = || if thorough { known::find(shadow, line, rule) } else { None };
    let meant = || if thorough { misspelt(shadow, line, rule, language) } else { None };
    if let Some(found) = known().or_else(meant).or_else(|| known::heading(shadow, line, rule)) {
        return found;
    }
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let expected = expected(positives, language);
    if shadow.get(at..).is_some_and(|rest| rest.trim().is_empty()) {
        return missing_at_end(shadow, rule).unwrap_or_else(|| {
            let (problem, at) = at_end(shadow, line, (rule, expected));
            Found { problem, at, form }
        });
    }
    let at = word_at(line, at);
    let found = line.get(at.clone()).unwrap_or("").to_owned();
    let expected = most_useful(expected, &found);
    let problem = if expected.is_empty() {
        Problem::UnknownForm { hint: known::forms(rule) }
    } else {
        Problem::Unexpected { found, expected }
    };
    Found { problem, at, form }
}

/// The line was read to its end and wants more, or a name took in what should have told.
fn at_end(shadow: &str, line: &str, (rule, expected): (Rule, Vec<Expected>)) -> (Problem, Range<usize>) {
    let end = line.len()..line.len();
    if let Some(at) = unquoted_unit(line, &expected) {
        let found = line.get(at.clone()).unwrap_or("").to_owned();
        return (Problem::Unexpected { found, expected: vec![Expected::QuotedName] }, at);
    }
    let (words, slots): (Vec<Expected>, Vec<Expected>) =
        expected.into_iter().partition(|one| matches!(one, Expected::Word(_) | Expected::EndOfLine));
    if !slots.is_empty() && shadow.rsplit(' ').next().is_some_and(keyword::is_keyword) {
        return (Problem::Unexpected { found: String::new(), expected: slots }, end);
    }
    let all: Vec<Expected> = words.into_iter().chain(slots).collect();
    if all.is_empty() || all.iter().filter(|one| matches!(one, Expected::Word(_))).count() > MOST_KEYWORDS {
        return (Problem::UnknownForm { hint: known::forms(rule) }, 0..line.len());
    }
    (Problem::Unexpected { found: String::new(), expected: all }, end)
}

/// Rules as users know them, in the language of the file where keywords are concerned.
fn expected(rules: &[Rule], language: Language) -> Vec<Expected> {
    let other = |rule: &Rule| matches!(keyword::kind(*rule), keyword::Kind::Keyword(spoken) if spoken != language);
    let set: BTreeSet<Expected> =
        rules.iter().filter(|rule| !other(rule)).filter_map(|rule| keyword::expected(*rule)).collect();
    set.into_iter().collect()
}

/// Of a long list the slots, and the keywords that are most like what was found; in the order of the list.
fn most_useful(expected: Vec<Expected>, found: &str) -> Vec<Expected> {
    if expected.len() <= MOST_KEYWORDS {
        return expected;
    }
    let found = text::search_fold(found);
    let far = |one: &Expected| match one {
        Expected::Word(word) => 1 + strsim::osa_distance(&text::search_fold(word), &found),
        Expected::EndOfLine => usize::MAX,
        Expected::Name
        | Expected::QuotedName
        | Expected::DocumentNumber
        | Expected::Date
        | Expected::Number
        | Expected::PartLabel
        | Expected::Address
        | Expected::Value => 0,
    };
    let mut nearest: Vec<&Expected> = expected.iter().collect();
    nearest.sort_by_key(|one| far(one));
    let kept: BTreeSet<Expected> = nearest.into_iter().take(MOST_KEYWORDS).cloned().collect();
    kept.into_iter().collect()
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

/// The last words with capital letters, where the name of a unit should have stood in quotes: `quận Hải Châu`.
fn unquoted_unit(line: &str, expected: &[Expected]) -> Option<Range<usize>> {
    if !expected.contains(&Expected::QuotedName) || !expected.contains(&Expected::Number) {
        return None;
    }
    let mut words = words(line);
    let end = words.last()?.end;
    let mut start = end;
    while let Some(word) = words.pop() {
        if !line.get(word.clone())?.starts_with(char::is_uppercase) {
            break;
        }
        start = word.start;
    }
    (start < end).then_some(start..end)
}

fn unclosed_quote(line: &str) -> Option<usize> {
    let marks: Vec<usize> = line.match_indices('"').map(|(at, _)| at).collect();
    (marks.len() % 2 == 1).then(|| marks.last().copied()).flatten()
}

/// Words outside quotation marks, by their bytes.
pub(super) fn words(shadow: &str) -> Vec<Range<usize>> {
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
    /// The words that the keyword would replace.
    at: Range<usize>,
    /// Those of them that differ.
    wrong: Range<usize>,
    keyword: &'static Keyword,
    distance: usize,
}

/// All places where words are nearly a keyword, the nearest first.
fn near_keywords(shadow: &str) -> Vec<Near> {
    let words: Vec<(Range<usize>, String)> =
        words(shadow).into_iter().map(|at| (at.clone(), text::search_fold(shadow.get(at).unwrap_or("")))).collect();
    if words.len() > MOST_WORDS {
        return Vec::new();
    }
    let mut found = Vec::new();
    for keyword in keyword::all() {
        for count in keyword.words.saturating_sub(1).max(1)..=keyword.words + 1 {
            found.extend(words.windows(count).filter_map(|window| near(shadow, window, keyword)));
        }
    }
    found.sort_by_key(|near| (near.distance, std::cmp::Reverse(near.keyword.words)));
    found
}

/// These words, when they are nearly the keyword but not some keyword themselves.
fn near(shadow: &str, window: &[(Range<usize>, String)], keyword: &'static Keyword) -> Option<Near> {
    let ((first, _), (last, _)) = (window.first()?, window.last()?);
    let length = window.iter().map(|(_, plain)| plain.len() + 1).sum::<usize>() - 1;
    let most = match keyword.plain.len() {
        0..=1 => 0,
        2..=5 => 1,
        _ => 2,
    };
    // Nearly all keywords fail by their length, so that is looked at first.
    let fits = length.abs_diff(keyword.plain.len()) <= most;
    let may_lack_a_word = window.len() + 1 == keyword.words;
    if !fits && !may_lack_a_word {
        return None;
    }
    let at = first.start..last.end;
    let written = shadow.get(at.clone())?;
    let same_count = window.len() == keyword.words;
    if written == keyword.exact || same_count && keyword::is_keyword(written) {
        return None;
    }
    if may_lack_a_word && lacks_one(window, &keyword.plain) {
        return Some(Near { wrong: at.clone(), at, keyword, distance: 25 });
    }
    if !fits {
        return None;
    }
    let plain = window.iter().map(|(_, plain)| plain.as_str()).collect::<Vec<_>>().join(" ");
    if strsim::osa_distance(&plain, &keyword.plain) > most {
        return None;
    }
    let distance = strsim::osa_distance(&plain, &keyword.plain) * 10 + strsim::osa_distance(written, &keyword.exact);
    let wrong = if same_count { wrong_words(shadow, window, &keyword.exact) } else { at.clone() };
    Some(Near { at, wrong, keyword, distance })
}

/// The keyword has one word more than these, and they are otherwise the same.
fn lacks_one(window: &[(Range<usize>, String)], keyword: &str) -> bool {
    let mut words = window.iter().map(|(_, plain)| plain.as_str()).peekable();
    let missing = keyword.split(' ').filter(|word| words.next_if(|next| next == word).is_none()).count();
    missing == 1 && words.peek().is_none()
}

/// From the first to the last word that differs.
fn wrong_words(shadow: &str, window: &[(Range<usize>, String)], keyword: &str) -> Range<usize> {
    let differing: Vec<&Range<usize>> = window
        .iter()
        .zip(keyword.split(' '))
        .filter(|((at, _), right)| shadow.get(at.clone()) != Some(right))
        .map(|((at, _), _)| at)
        .collect();
    match (differing.first(), differing.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..shadow.len(),
    }
}

/// The one word that, spelt right, makes the line read.
fn misspelt(shadow: &str, line: &str, rule: Rule, language: Language) -> Option<Found> {
    let mut near = near_keywords(shadow);
    near.sort_by_key(|near| (near.keyword.language != language, near.distance));
    for Near { at, wrong, keyword, .. } in near.into_iter().take(TRIES) {
        let (before, behind) = (shadow.get(..at.start)?, shadow.get(at.end..)?);
        let mended = format!("{before}{}{behind}", keyword.exact);
        if let Ok(pairs) = parse(&mended, rule) {
            let read: Vec<_> = pairs.flatten().map(|pair| (pair.as_rule(), pair.as_span().start())).collect();
            // It must have been read as the keyword, not as words of a name.
            let meant = Some(Expected::Word(keyword.text.clone()));
            if !read.iter().any(|(rule, start)| *start == at.start && keyword::expected(*rule) == meant) {
                continue;
            }
            let form = read.get(1).map(|(rule, _)| *rule);
            let written = line.get(at.clone()).unwrap_or("").to_owned();
            return Some(Found {
                problem: Problem::MisspeltKeyword { written, keyword: keyword.text.clone() },
                at: wrong,
                form,
            });
        }
    }
    None
}

/// The second half of a Vietnamese verb that makes the line read when it is put at the end.
fn missing_at_end(shadow: &str, rule: Rule) -> Option<Found> {
    let closing = |keyword: &&Keyword| matches!(keyword.text.as_str(), "quyết định" | "chấp thuận trước");
    for keyword in keyword::all().iter().filter(closing) {
        let mended = format!("{shadow} {}", keyword.exact);
        if let Ok(pairs) = parse(&mended, rule) {
            let rules: Vec<Rule> = pairs.flatten().map(|pair| pair.as_rule()).collect();
            let at_end = rules.iter().rev().find(|rule| **rule != Rule::EOI);
            // It must have been read as the keyword, not as one more word of a name.
            if at_end.is_some_and(|last| keyword::expected(*last) == Some(Expected::Word(keyword.text.clone()))) {
                let at = shadow.len()..shadow.len();
                return Some(Found {
                    problem: Problem::MissingAtEnd { keyword: keyword.text.clone() },
                    at,
                    form: rules.get(1).copied(),
                });
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
    [
        "article", "clause", "point", "annex", "part", "section", "dieu", "khoan", "diem", "phu", "phan", "muc",
        "tieu", "dong", "doan", "item",
    ]
    .iter()
    .any(|part| strsim::osa_distance(&first, part) <= usize::from(part.len() > 3))
}

/// The language in which most lines open.
pub(super) fn guess_language(lines: &[Line<'_>]) -> Language {
    fn count(line: &Line<'_>, balance: &mut i64) {
        let shadow = text::shadow(line.text);
        let opens = |keyword: &&Keyword| {
            let rest = shadow.strip_prefix(keyword.exact.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        match keyword::all().iter().find(opens).map(|keyword| keyword.language) {
            Some(Language::Vietnamese) => *balance += 1,
            Some(Language::English) => *balance -= 1,
            None => {}
        }
        for below in &line.below {
            count(below, balance);
        }
    }
    let mut balance = 0;
    for line in lines {
        count(line, &mut balance);
    }
    if balance < 0 { Language::English } else { Language::Vietnamese }
}
