//! Lines and indentation: cuts a file into a tree of lines, without their comments. Knows no keyword and no pest.

use crate::diagnostic::{Diagnostic, Problem};
use crate::source::{SourceId, Span};
use crate::text;

/// The longest line, in characters.
const LINE_LIMIT: usize = 2_000;
/// The most lines of a file.
const LINES_LIMIT: usize = 40_000;
/// The deepest indentation, in steps.
const DEPTH_LIMIT: usize = 8;

/// One line and what is indented below it.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// Without indentation, comment and trailing blanks.
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// It was reported here already and says nothing; what it would have limited must not count either.
    pub(super) broken: bool,
    pub(super) below: Vec<Line<'t>>,
}

impl Line<'_> {
    /// A `>` line: official words, in which nothing is a comment or a quotation mark.
    pub(super) fn is_quote(&self) -> bool {
        self.text.starts_with('>')
    }
}

struct Layout<'t> {
    source: SourceId,
    diagnostics: Vec<Diagnostic>,
    top: Vec<Line<'t>>,
    /// The lines that are still open, each one step deeper than the one before.
    open: Vec<Line<'t>>,
}

/// Cuts a file into the lines of column 0 with what is below them.
pub(super) fn read(source: SourceId, text: &str) -> (Vec<Line<'_>>, Vec<Diagnostic>) {
    let mut layout = Layout { source, diagnostics: Vec::new(), top: Vec::new(), open: Vec::new() };
    let lines = text.bytes().filter(|b| *b == b'\n').count();
    if lines > LINES_LIMIT {
        let problem = Problem::TooManyLines { lines, limit: LINES_LIMIT };
        return (Vec::new(), vec![Diagnostic::new(problem, Span::new(source, 0, 0))]);
    }
    let mut start = 0;
    for raw in text.split('\n') {
        layout.line(start, raw);
        start += raw.len() + 1;
    }
    layout.close(0);
    (layout.top, layout.diagnostics)
}

impl<'t> Layout<'t> {
    fn line(&mut self, start: usize, raw: &'t str) {
        let indent = raw.len() - raw.trim_start_matches([' ', '\t']).len();
        let (front, rest) = raw.split_at_checked(indent).unwrap_or(("", raw));
        let content = if rest.starts_with('>') { rest } else { without_comment(rest) }.trim_end();
        if content.is_empty() {
            return;
        }
        let span = Span::new(self.source, start + indent, start + indent + content.len());
        let (depth, broken) = self.depth(start, front);
        let mut line = Line { text: content, span, broken, below: Vec::new() };
        if let Some(diagnostic) = self.refused(&line) {
            self.diagnostics.push(diagnostic);
            line.broken = true;
        }
        if depth > DEPTH_LIMIT {
            self.close(DEPTH_LIMIT + 1);
            let already = self.open.last().is_some_and(|above| above.broken && self.open.len() > DEPTH_LIMIT);
            if !already {
                self.diagnostics.push(Diagnostic::new(Problem::NestedTooDeep { limit: DEPTH_LIMIT }, span));
            }
            line.broken = true;
            self.close(DEPTH_LIMIT);
        } else {
            self.close(depth);
        }
        self.open.push(line);
    }

    /// The depth at which a line counts, and whether nobody can tell: then it is reported here and not read.
    fn depth(&mut self, start: usize, front: &str) -> (usize, bool) {
        let tabs = front.bytes().filter(|b| *b == b'\t').count();
        let blanks = front.len() - tabs;
        let odd = tabs == 0 && !blanks.is_multiple_of(2);
        let span = Span::new(self.source, start, start + front.len());
        let said = if tabs > 0 {
            self.diagnostics.push(Diagnostic::new(Problem::TabIndent, span));
            tabs + blanks / 2
        } else {
            if odd {
                self.diagnostics.push(Diagnostic::new(Problem::OddIndent { blanks }, span));
            }
            blanks.div_ceil(2)
        };
        let most = self.open.len();
        // What is too deep by nesting is one problem, what jumps is another.
        if said > most && most <= DEPTH_LIMIT {
            if tabs == 0 && !odd {
                self.diagnostics.push(Diagnostic::new(Problem::JumpedIndent { blanks, most: most * 2 }, span));
            }
            return (most, odd);
        }
        (said, odd)
    }

    /// Closes every open line at this depth or deeper.
    fn close(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(done) = self.open.pop() else { return };
            match self.open.last_mut() {
                Some(above) => above.below.push(done),
                None => self.top.push(done),
            }
        }
    }

    /// A line too long, or with a character that is refused.
    fn refused(&self, line: &Line<'t>) -> Option<Diagnostic> {
        let characters = line.text.chars().count();
        if characters > LINE_LIMIT {
            return Some(Diagnostic::new(Problem::LineTooLong { characters, limit: LINE_LIMIT }, line.span));
        }
        let (at, c) = line.text.char_indices().find(|(_, c)| text::is_refused(*c))?;
        let from = line.span.start as usize + at;
        let span = Span::new(self.source, from, from + c.len_utf8());
        Some(Diagnostic::new(Problem::ForbiddenCharacter { code_point: u32::from(c) }, span))
    }
}

/// Cuts off `# …` outside quotation marks.
pub(in crate::syntax) fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}
