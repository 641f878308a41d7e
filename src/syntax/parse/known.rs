//! Mistakes that people are known to make, each with its one mend: the line reads once it is mended, so nothing is guessed.

use std::ops::Range;

use super::Rule;
use super::errors::{Found, words};
use super::line::parse;
use crate::calendar;
use crate::diagnostic::{Expected, Hint, Problem};
use crate::text;

/// What stands for a part of a document in no address, as the grammar sees it, and a part that may stand there.
const NO_PARTS: [(&str, &str); 3] = [("chương", "mục"), ("tiết", "mục"), ("chapter", "section")];

/// An article that nobody has found, where it is cited, and one that can be.
const UNFOUND: [(&str, &str); 2] = [("điều chưa kiểm chứng", "điều 1"), ("article unverified", "article 1")];

/// At most so many places are tried at which a quotation mark may be missing.
const TRIES: usize = 60;

pub(super) fn find(shadow: &str, line: &str, rule: Rule) -> Option<Found> {
    curly(line, rule)
        .or_else(|| misplaced(shadow, line, rule))
        .or_else(|| replaced(shadow, rule, &NO_PARTS, Hint::Part))
        .or_else(|| replaced(shadow, rule, &UNFOUND, Hint::UnverifiedArticle))
        .or_else(|| date_in_words(shadow, line, rule))
        .or_else(|| issued(shadow, line, rule))
        .or_else(|| unquoted(line, rule))
        .or_else(|| plain_words(shadow))
}

/// What may stand where a line reads as nothing at all.
pub(super) fn forms(rule: Rule) -> Option<Hint> {
    const FORMS: [(Rule, Hint); 8] = [
        (Rule::line_top, Hint::Items),
        (Rule::line_article, Hint::Sentences),
        (Rule::line_reading, Hint::Sentences),
        (Rule::line_document, Hint::DocumentLines),
        (Rule::line_limit, Hint::Limits),
        (Rule::line_amended, Hint::Limits),
        (Rule::line_procedure, Hint::ProcedureLines),
        (Rule::line_scenario, Hint::ScenarioLines),
    ];
    FORMS.iter().find(|(of, _)| *of == rule).map(|(_, hint)| *hint)
}

/// Whether a mended line reads, and as which form.
fn reads(shadow: &str, rule: Rule) -> Option<Option<Rule>> {
    let pairs = parse(shadow, rule).ok()?;
    Some(pairs.flatten().nth(1).map(|pair| pair.as_rule()))
}

fn hinted(hint: Hint, at: Range<usize>, form: Option<Rule>) -> Found {
    Found { problem: Problem::UnknownForm { hint: Some(hint) }, at, form }
}

/// The name whose closing quotation mark is missing: the first word or comma behind which one makes the line read.
pub(super) fn closed(line: &str, rule: Rule) -> Option<Found> {
    let ends = words_all(line);
    for end in ends.into_iter().take(TRIES) {
        let (before, behind) = (line.get(..end)?, line.get(end..)?);
        let open = before.rfind('"');
        let opens = before.matches('"').count() % 2 == 1;
        if let (Some(open), true) = (open, opens)
            && let Some(form) = reads(&text::shadow(&format!("{before}\"{behind}")), rule)
        {
            return Some(Found { problem: Problem::UnclosedQuote, at: open..end, form });
        }
    }
    None
}

/// Where words end, whether in quotation marks or not.
fn words_all(line: &str) -> Vec<usize> {
    let stops = line.char_indices().chain([(line.len(), ' ')]).filter(|(_, c)| matches!(c, ' ' | ','));
    stops.map(|(at, _)| at).collect()
}

/// Quotation marks as word processors write them.
fn curly(line: &str, rule: Rule) -> Option<Found> {
    let is_curly = |c: char| matches!(c, '“' | '”' | '„' | '‟' | '«' | '»');
    let start = line.find(is_curly)?;
    let rest = line.get(start..)?;
    let first = rest.chars().next()?.len_utf8();
    let close = rest.get(first..)?.find(|c| is_curly(c) || c == '"').map(|at| first + at);
    let end = close.and_then(|at| Some(at + rest.get(at..)?.chars().next()?.len_utf8())).unwrap_or(rest.len());
    let form = reads(&text::shadow(&line.replace(is_curly, "\"")), rule)?;
    let found = rest.get(..end)?.to_owned();
    let problem = Problem::Unexpected { found, expected: vec![Expected::QuotedName] };
    Some(Found { problem, at: start..start + end, form })
}

/// A line in column 0 that reads where it is indented.
fn misplaced(shadow: &str, line: &str, rule: Rule) -> Option<Found> {
    if rule != Rule::line_top {
        return None;
    }
    let whole = 0..line.len();
    if parse(shadow, Rule::line_reading).is_ok() {
        return Some(hinted(Hint::Indent, whole, Some(Rule::line_reading)));
    }
    let read = parse(shadow, Rule::line_document).ok()?;
    // A kind alone is any words.
    let told = read.flatten().any(|pair| {
        matches!(pair.as_rule(), Rule::issued | Rule::document_force | Rule::document_rests | Rule::document_prevails)
    });
    told.then(|| hinted(Hint::IndentDocument, whole, Some(Rule::line_document)))
}

/// `Nghị định 1/2020/NĐ-CP "…"`: a document that is opened with its kind.
pub(super) fn heading(shadow: &str, line: &str, rule: Rule) -> Option<Found> {
    let number = words(shadow).into_iter().find(|at| {
        let word = shadow.get(at.clone()).unwrap_or("");
        word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('/')
    })?;
    if rule != Rule::line_top || number.start == 0 {
        return None;
    }
    let rest = shadow.get(number.start..)?;
    let form = ["văn bản", "document"].iter().find_map(|word| reads(&format!("{word} {rest}"), rule))?;
    let before = line.get(..number.start)?.trim_end().len();
    Some(hinted(Hint::Heading, 0..before, form))
}

/// Words that read once others stand in their place.
fn replaced(shadow: &str, rule: Rule, pairs: &[(&str, &str)], hint: Hint) -> Option<Found> {
    for (wrong, right) in pairs {
        for (at, _) in shadow.match_indices(wrong) {
            let (before, behind) = (shadow.get(..at)?, shadow.get(at + wrong.len()..)?);
            if let Some(form) = reads(&format!("{before}{right}{behind}"), rule) {
                return Some(hinted(hint, at..at + wrong.len(), form));
            }
        }
    }
    None
}

/// `18 tháng 6 năm 2020`, `18 June 2020`, where a date in digits reads.
fn date_in_words(shadow: &str, line: &str, rule: Rule) -> Option<Found> {
    let words = words(shadow);
    let windows = words.windows(5).chain(words.windows(3));
    for window in windows {
        let at = window.first()?.start..window.last()?.end;
        let Some(date) = calendar::in_words(shadow.get(at.clone())?) else { continue };
        let (before, behind) = (shadow.get(..at.start)?, shadow.get(at.end..)?);
        if let Some(form) = reads(&format!("{before}{date}{behind}"), rule) {
            let written = line.get(at.clone())?.to_owned();
            return Some(Found { problem: Problem::InvalidDate { written }, at, form });
        }
    }
    None
}

/// `nghị định, bởi Chính phủ`: the kind, and behind the comma no word that says that it was issued.
fn issued(shadow: &str, line: &str, rule: Rule) -> Option<Found> {
    if rule != Rule::line_document {
        return None;
    }
    let comma = shadow.find(", ")? + ", ".len();
    let (kind, rest) = (shadow.get(..comma)?, shadow.get(comma..)?);
    let said = ["ban hành", "issued", "issued unverified"].map(|word| format!("{kind}{word} {rest}"));
    let form = said.iter().find_map(|said| reads(said, rule))?;
    Some(hinted(Hint::Issued, comma..line.len(), form))
}

/// A name of words with capital letters that reads once it stands in quotation marks: `quận Hải Châu`.
fn unquoted(line: &str, rule: Rule) -> Option<Found> {
    let runs = capital_runs(line);
    let quoted = |runs: &[Range<usize>]| {
        let (mut mended, mut from) = (String::new(), 0);
        for run in runs {
            mended.push_str(line.get(from..run.start)?);
            mended.push('"');
            mended.push_str(line.get(run.clone())?);
            mended.push('"');
            from = run.end;
        }
        mended.push_str(line.get(from..)?);
        let shadow = text::shadow(&mended);
        let read: Vec<(Rule, usize)> =
            parse(&shadow, rule).ok()?.flatten().map(|pair| (pair.as_rule(), pair.as_span().start())).collect();
        // Any name may stand in quotation marks; only these must.
        let must = |(rule, start): &(Rule, usize)| {
            matches!(rule, Rule::name_unit | Rule::name_title) && Some(*start) == runs.first().map(|run| run.start)
        };
        read.iter().any(must).then(|| read.get(1).map(|(form, _)| *form))
    };
    let single = runs.iter().take(TRIES).find_map(|run| Some((run, quoted(std::slice::from_ref(run))?)));
    let (run, form) = match single {
        Some(found) => found,
        None => (runs.first()?, quoted(&runs)?),
    };
    let found = line.get(run.clone())?.to_owned();
    Some(Found { problem: Problem::Unexpected { found, expected: vec![Expected::QuotedName] }, at: run.clone(), form })
}

/// Words that begin with capital letters, those that stand side by side together.
fn capital_runs(line: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for word in words(line) {
        if !line.get(word.clone()).is_some_and(|word| word.starts_with(char::is_uppercase)) {
            continue;
        }
        match runs.last_mut() {
            Some(last) if line.get(last.end..word.start) == Some(" ") => last.end = word.end,
            Some(_) | None => runs.push(word),
        }
    }
    runs
}

/// Plain words for what has a form.
fn plain_words(shadow: &str) -> Option<Found> {
    let plain = ["được quyết định bởi", "thuộc thẩm quyền", "có thẩm quyền"].map(text::shadow);
    let (at, words) = plain.iter().find_map(|words| Some((shadow.find(words.as_str())?, words)))?;
    Some(hinted(Hint::DecidedBy, at..at + words.len(), None))
}
