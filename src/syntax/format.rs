//! Text to canonical text, in the language of the file or in the other one. Every line stays a line, comments and quotes
//! stay as they are; what a line says is written anew from what the grammar found in it, and must read back as the same.
//! Knows nothing of files, and of names only what [`Names`] was told.

mod handling;
mod lines;
mod names;
mod parts;
mod sentences;
mod writer;

use std::collections::{BTreeMap, BTreeSet};

pub use names::Names;

use super::parse::{self, Kind, Node, Rule};
use super::tree::Language;
use crate::diagnostic::{Diagnostic, Problem, Unsayable};
use crate::source::{SourceId, Span};
use writer::{Quoting, Writer};

/// The column in which a comment behind a line begins, counted in characters from 0.
const COMMENT_COLUMN: usize = 62;
/// The blanks before a comment behind a line that reaches the column.
const COMMENT_GAP: usize = 3;
/// Blanks of one step of indentation.
const STEP: usize = 2;

/// A file in canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    pub text: String,
    /// The language that the text is in now.
    pub language: Language,
    /// The language of most of what was read.
    pub was: Language,
    /// The first line that was not in that language.
    pub foreign: Option<Span>,
}

/// Why a file is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Some of it could not be read.
    Unread(Vec<Diagnostic>),
    /// Some of it cannot be written in the language.
    Unsayable(Vec<(Span, Unsayable)>),
}

/// Writes a file canonically in the language `to`, else in the language in which most of it is written. The text is as
/// [`parse::normalize`] gives it.
///
/// # Errors
///
/// When some of the text could not be read, or cannot be said in the language: nothing is ever lost.
pub fn format(source: SourceId, text: &str, names: &Names, to: Option<Language>) -> Result<Formatted, Refusal> {
    let (file, problems, read_by) = parse::lines(source, text);
    if !problems.is_empty() {
        return Err(Refusal::Unread(problems));
    }
    let language = to.unwrap_or(file.language);
    let rules: BTreeMap<u32, Rule> = read_by.into_iter().collect();
    let (mut rows, mut troubles, mut foreign) = (Vec::new(), Vec::new(), None);
    let mut start = 0;
    for raw in text.split('\n') {
        let mut row = Row::new(raw, Span::new(source, start, start + raw.len()));
        if let Some((rule, node)) =
            rules.get(&row.span.start).and_then(|rule| Some((*rule, parse::one_line(row.content, *rule)?)))
        {
            if foreign.is_none() && spoken(&node).is_some_and(|spoken| spoken != file.language) {
                foreign = Some(row.span);
            }
            match said(&node, rule, names, language) {
                Ok(said) => row.said = Some(said),
                Err(trouble) => troubles.push((row.span, trouble)),
            }
        }
        rows.push(row);
        start += raw.len() + 1;
    }
    if !troubles.is_empty() {
        return Err(Refusal::Unsayable(troubles));
    }
    let (text, spans) = lay_out(&rows);
    reads_back(source, &text, &spans, language)?;
    Ok(Formatted { text, language, was: file.language, foreign })
}

/// The first line of a text that differs from another text, from 1, as it is and as it should be; `None` where only
/// line ends differ, or nothing.
#[must_use]
pub fn first_difference<'t>(is: &'t str, should: &'t str) -> Option<(usize, &'t str, &'t str)> {
    let (mut is, mut should) = (is.split('\n'), should.split('\n'));
    let mut number = 0;
    loop {
        number += 1;
        match (is.next(), should.next()) {
            (None, None) => return None,
            (one, other) if one != other => return Some((number, one.unwrap_or(""), other.unwrap_or(""))),
            (_, _) => {}
        }
    }
}

/// One line of a file.
struct Row<'t> {
    /// Blanks before it, a tab as one step.
    indent: usize,
    /// Without the comment behind it; a quote whole.
    content: &'t str,
    comment: &'t str,
    /// Of the content.
    span: Span,
    /// The content anew.
    said: Option<String>,
}

impl<'t> Row<'t> {
    /// `whole` is the span of the line with its indentation.
    fn new(raw: &'t str, whole: Span) -> Self {
        let rest = raw.trim_start_matches([' ', '\t']);
        let front = raw.len() - rest.len();
        let tabs = raw.bytes().take(front).filter(|b| *b == b'\t').count();
        let length = if rest.starts_with('>') { rest.len() } else { parse::without_comment(rest).len() };
        let (content, comment) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let content = content.trim_end();
        let start = whole.start as usize + front;
        let span = Span::new(whole.source, start, start + content.len());
        Self { indent: front + tabs * (STEP - 1), content, comment: comment.trim_end(), span, said: None }
    }

    const fn depth(&self) -> usize {
        self.indent.div_ceil(STEP)
    }

    const fn is_blank(&self) -> bool {
        self.content.is_empty() && self.comment.is_empty()
    }
}

/// The language of the first keyword of a line; `None` where it has none.
fn spoken(node: &Node<'_>) -> Option<Language> {
    let mut found = None;
    node.walk(&mut |part| {
        if let (None, Kind::Keyword(language)) = (found, part.kind()) {
            found = Some(language);
        }
    });
    found
}

/// A line in a language, with as few quotation marks as it takes to read back as the same.
fn said(node: &Node<'_>, rule: Rule, names: &Names, to: Language) -> Result<String, Unsayable> {
    let no_form = || Unsayable::NoForm { written: node.text.to_owned(), into: to };
    let write = |node: &Node<'_>, quoting: &Quoting| -> Result<(String, usize), Unsayable> {
        let mut writer = Writer::new(names, to, quoting);
        if !lines::write(&mut writer, node) {
            return Err(no_form());
        }
        writer.finish()
    };
    let (meant, count) = write(node, &Quoting::All)?;
    let back = match (rule, to) {
        (Rule::line_case_en | Rule::line_case_vi, Language::English) => Rule::line_case_en,
        (Rule::line_case_en | Rule::line_case_vi, Language::Vietnamese) => Rule::line_case_vi,
        (other, Language::English | Language::Vietnamese) => other,
    };
    let same = |text: &str| {
        let read = parse::one_line(text, back);
        read.is_some_and(|read| write(&read, &Quoting::All).is_ok_and(|(again, _)| again == meant))
    };
    let bare = write(node, &Quoting::Only(BTreeSet::new()))?.0;
    if same(&bare) {
        return Ok(bare);
    }
    let mut quoted: BTreeSet<usize> = (0..count).collect();
    let mut best = write(node, &Quoting::Only(quoted.clone()))?.0;
    if !same(&best) {
        return Err(no_form());
    }
    for number in 0..count {
        quoted.remove(&number);
        let fewer = write(node, &Quoting::Only(quoted.clone()))?.0;
        if same(&fewer) {
            best = fewer;
        } else {
            quoted.insert(number);
        }
    }
    Ok(best)
}

/// The text, and for each of its lines where it came from.
fn lay_out(rows: &[Row<'_>]) -> (String, Vec<Span>) {
    let (mut text, mut spans) = (String::new(), Vec::new());
    let (mut above, mut blank) = (0, false);
    for (at, row) in rows.iter().enumerate() {
        if row.is_blank() {
            blank = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            text.push('\n');
            spans.push(row.span);
        }
        let depth = if row.content.is_empty() {
            // A comment alone goes with the line above or the one below, whichever is deeper.
            let next = rows.iter().skip(at).find(|row| !row.content.is_empty()).map_or(0, Row::depth);
            row.depth().min(above.max(next))
        } else {
            above = row.depth();
            above
        };
        let mut line = " ".repeat(depth * STEP);
        line.push_str(row.said.as_deref().unwrap_or(row.content));
        if !row.comment.is_empty() {
            let width = line.chars().count();
            let gap = if row.content.is_empty() {
                0
            } else if width + 1 < COMMENT_COLUMN {
                COMMENT_COLUMN - width
            } else {
                COMMENT_GAP
            };
            line.push_str(&" ".repeat(gap));
            line.push_str(row.comment);
        }
        text.push_str(&line);
        text.push('\n');
        spans.push(row.span);
    }
    (text, spans)
}

/// What was written can be read: a line that grew too long, say, is told and not written.
fn reads_back(source: SourceId, text: &str, from: &[Span], into: Language) -> Result<(), Refusal> {
    let (_, problems) = parse::file(source, text);
    let troubles: Vec<(Span, Unsayable)> = problems
        .iter()
        .map(|found| {
            let line = text.get(..found.span.start as usize).unwrap_or("").matches('\n').count();
            let written = text.split('\n').nth(line).unwrap_or("").trim().to_owned();
            let trouble = if matches!(found.problem, Problem::LineTooLong { .. }) {
                Unsayable::TooLong { written, into }
            } else {
                Unsayable::NoForm { written, into }
            };
            (from.get(line).copied().unwrap_or(found.span), trouble)
        })
        .collect();
    if troubles.is_empty() { Ok(()) } else { Err(Refusal::Unsayable(troubles)) }
}
