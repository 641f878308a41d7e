//! Text to tree. Cuts a file into lines ([`layout`]), parses each line alone by the rule its place calls for ([`line`]), and
//! puts the parts together. A line that cannot be read costs itself and what hangs on it, and is reported once ([`errors`]).
//! Knows nothing of what names mean.

mod catalogue;
mod condition;
mod document;
mod errors;
mod handling;
mod keyword;
mod known;
mod layout;
mod line;
mod node;
mod provision;
mod scenario;
mod statement;

use jiff::civil::Date;

use crate::calendar;
use crate::diagnostic::{Diagnostic, Problem};
use crate::quantity::{self, Unreadable};
use crate::source::{SourceId, Span};
use crate::syntax::tree::{DocumentItem, File, Item, Literal};
use crate::text;
pub(in crate::syntax) use condition::NOT;
pub(super) use keyword::Kind;
use layout::Line;
pub(super) use layout::without_comment;
use line::Reader;
pub(super) use node::{Node, lookup};

/// The largest file, in bytes.
pub const FILE_LIMIT: usize = 1 << 20;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/lexical.pest"]
#[grammar = "grammar/keywords.pest"]
#[grammar = "grammar/holders.pest"]
#[grammar = "grammar/catalogue.pest"]
#[grammar = "grammar/documents.pest"]
#[grammar = "grammar/provisions.pest"]
#[grammar = "grammar/handling.pest"]
#[grammar = "grammar/scenarios.pest"]
struct Grammar;

/// The text that [`file()`] and [`crate::source::Sources`] want: NFC, `\n` as the line end.
///
/// # Errors
///
/// When the file is too large or not UTF-8. Such a file has no text that could be shown, so the problem has no span.
pub fn normalize(bytes: &[u8]) -> Result<String, Problem> {
    if bytes.len() > FILE_LIMIT {
        return Err(Problem::FileTooLarge { bytes: bytes.len(), limit: FILE_LIMIT });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text::normalize(text)),
        Err(error) => {
            let sound = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            Err(Problem::NotUtf8 { line: sound.matches('\n').count() + 1 })
        }
    }
}

/// Reads one file. What cannot be read is missing from the tree and stands in the diagnostics.
#[must_use]
pub fn file(source: SourceId, text: &str) -> (File, Vec<Diagnostic>) {
    let (file, diagnostics, _) = lines(source, text);
    (file, diagnostics)
}

/// [`file()`], and by which rule each line was read, by the byte at which it begins.
pub(super) fn lines(source: SourceId, text: &str) -> (File, Vec<Diagnostic>, Vec<(u32, Rule)>) {
    let (lines, diagnostics) = layout::read(source, text);
    let mut reader = Reader::new(&lines, diagnostics);
    let mut items = Items { done: Vec::new(), document: Document::None, lost: Vec::new() };
    for line in &lines {
        items.read(&mut reader, line);
    }
    items.close();
    let (language, mut diagnostics, read_by) = reader.finish();
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    (File { source, language, items: items.done, lost_headings: items.lost }, diagnostics, read_by)
}

/// What one line says by a rule, its positions counted from the line's first byte.
pub(super) fn one_line(line: &str, rule: Rule) -> Option<Node<'_>> {
    let shadow = text::shadow(line);
    let pair = line::parse(&shadow, rule).ok()?.next()?;
    Some(Node::new(pair, line, Span::new(SourceId(0), 0, line.len())))
}

/// A keyword as it is written.
pub(super) fn spelling(keyword: Rule) -> &'static str {
    keyword::text(keyword)
}

/// Reads a date as a user types it.
///
/// # Errors
///
/// When no calendar has it.
pub fn date(written: &str) -> Result<Date, Problem> {
    calendar::read(written.trim()).ok_or_else(|| Problem::InvalidDate { written: written.to_owned() })
}

/// Reads a value as a user types it: a name, a number with its unit, or a date. Spans are of source 0.
///
/// # Errors
///
/// When it is none of these, or can be read two ways.
pub fn literal(written: &str) -> Result<Literal, Problem> {
    let written = text::normalize(written.trim());
    let mut reader = Reader::new(&[], Vec::new());
    reader.literal(SourceId(0), &written)
}

/// Why a number in a slot of numbers is none.
fn number_problem(written: &str) -> Option<Problem> {
    let written_owned = written.to_owned();
    match quantity::read(written) {
        Ok(_) => None,
        Err(Unreadable::Ambiguous(readings)) => Some(Problem::AmbiguousNumber { written: written_owned, readings }),
        Err(Unreadable::Malformed) => Some(Problem::InvalidNumber { written: written_owned }),
    }
}

/// A keyword of either language that words of a name nearly are, perhaps a separator that was misspelt and swallowed:
/// where it stands in the name (bytes), and the keyword. For names that turn out not to be declared.
#[must_use]
pub fn swallowed_keyword(name: &str) -> Option<(std::ops::Range<usize>, String)> {
    errors::swallowed_keyword(name)
}

/// The document that articles belong to.
enum Document {
    None,
    Open(Box<DocumentItem>),
    /// Its heading could not be read: its articles are read for their mistakes only.
    Lost,
}

struct Items {
    done: Vec<Item>,
    document: Document,
    lost: Vec<String>,
}

impl Items {
    fn read(&mut self, reader: &mut Reader, line: &Line<'_>) {
        match reader.line(line, Rule::line_top) {
            Ok(head) => {
                if let Some(form) = head.inner.first() {
                    self.item(reader, form, line);
                }
            }
            Err(broken) => match broken.form {
                Some(Rule::head_article) => {
                    let _ = reader.article_below(line);
                    self.lose_article();
                }
                // A line of the document in column 0.
                Some(Rule::line_document) => self.damage(),
                // A sentence that should stand under an article: what is below it are its limits.
                Some(Rule::line_reading) => self.lose_article(),
                Some(rule) => {
                    self.lose(line);
                    reader.mistakes_below(rule, line);
                    self.document = if rule == Rule::head_document { Document::Lost } else { Document::None };
                }
                None => {
                    self.lose(line);
                    self.document = Document::Lost;
                }
            },
        }
    }

    fn item(&mut self, reader: &mut Reader, form: &Node<'_>, line: &Line<'_>) {
        if form.is(Rule::head_article) {
            let article = reader.article(form, line);
            if article.is_none() {
                self.lose_article();
            }
            match &mut self.document {
                Document::Open(document) => document.articles.extend(article),
                Document::Lost => {}
                Document::None => reader.report(Problem::ArticleWithoutDocument, line.span),
            }
            return;
        }
        self.close();
        if form.is(Rule::head_document) {
            self.document =
                reader.document(form, line).map_or(Document::Lost, |document| Document::Open(Box::new(document)));
            return;
        }
        self.done.extend(reader.item(form, line));
    }

    /// A heading that could not be read ends the document before it.
    fn lose(&mut self, line: &Line<'_>) {
        self.close();
        self.lost.push(line.text.to_owned());
    }

    fn lose_article(&mut self) {
        if let Document::Open(document) = &mut self.document {
            document.lost_article = true;
        }
    }

    /// A line that the document is missing stands elsewhere.
    fn damage(&mut self) {
        if let Document::Open(document) = &mut self.document {
            document.damaged = true;
        }
    }

    /// The document that was open is complete.
    fn close(&mut self) {
        if let Document::Open(document) = std::mem::replace(&mut self.document, Document::None) {
            self.done.push(Item::Document(document));
        }
    }
}
