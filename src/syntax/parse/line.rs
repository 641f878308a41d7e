//! One line at a time: parses it, finds its bad dates and numbers, counts its keywords, keeps the problems.

use std::num::NonZeroUsize;
use std::sync::Once;

use pest::Parser as _;

use super::keyword::Kind;
use super::layout::Line;
use super::node::Node;
use super::{Grammar, Rule, condition, errors, number_problem};
use crate::calendar;
use crate::diagnostic::{Diagnostic, Expected, Problem};
use crate::source::{SourceId, Span};
use crate::syntax::tree::{Language, Literal};
use crate::text;

/// What pest may do on one line before it gives up; a real line takes a few thousand.
const CALL_LIMIT: usize = 600_000;

/// Broken lines of a file that are searched for the word that was meant. A file with more is not a rule file with mistakes,
/// and is to be refused in time.
const SEARCHED: usize = 400;

/// A line that could not be read and was reported.
#[derive(Debug)]
pub(super) struct Broken {
    /// What it would be if the mistake was found.
    pub(super) form: Option<Rule>,
}

/// Reads lines and gathers what is wrong with them.
pub(super) struct Reader {
    diagnostics: Vec<Diagnostic>,
    /// The language in which most lines open, for the choice of what to suggest.
    guess: Language,
    broken: usize,
    vietnamese: usize,
    english: usize,
    /// Where each line that could be read begins, and the rule that read it.
    read_by: Vec<(u32, Rule)>,
}

impl Reader {
    pub(super) fn new(lines: &[Line<'_>], diagnostics: Vec<Diagnostic>) -> Self {
        let guess = errors::guess_language(lines);
        Self { diagnostics, guess, broken: 0, vietnamese: 0, english: 0, read_by: Vec::new() }
    }

    /// The file's language, all problems, and by which rule each line was read.
    pub(super) fn finish(self) -> (Language, Vec<Diagnostic>, Vec<(u32, Rule)>) {
        let language = match self.vietnamese.cmp(&self.english) {
            std::cmp::Ordering::Less => Language::English,
            std::cmp::Ordering::Greater => Language::Vietnamese,
            std::cmp::Ordering::Equal => self.guess,
        };
        (language, self.diagnostics, self.read_by)
    }

    pub(super) fn report(&mut self, problem: Problem, span: Span) {
        self.diagnostics.push(Diagnostic::new(problem, span));
    }

    /// Parses a line by a rule; what is wrong is reported here.
    pub(super) fn line<'t>(&mut self, line: &Line<'t>, rule: Rule) -> Result<Node<'t>, Broken> {
        if line.broken {
            return Err(Broken { form: None });
        }
        let shadow = text::shadow(line.text);
        match parse(&shadow, rule) {
            Ok(mut pairs) => {
                let node =
                    pairs.next().map(|pair| Node::new(pair, line.text, line.span)).ok_or(Broken { form: None })?;
                self.count(&node);
                if self.slots(&node) {
                    self.read_by.push((line.span.start, rule));
                    Ok(node)
                } else {
                    Err(Broken { form: node.inner.first().map(|form| form.rule) })
                }
            }
            Err(error) => {
                self.broken += 1;
                let manner = errors::Manner { language: self.guess, thorough: self.broken <= SEARCHED };
                let found = errors::explain(&shadow, line.text, rule, manner, &error);
                let start = line.span.start as usize;
                self.report(found.problem, Span::new(line.span.source, start + found.at.start, start + found.at.end));
                Err(Broken { form: found.form })
            }
        }
    }

    /// A line whose form holds one meaning only.
    pub(super) fn form<'t>(&mut self, line: &Line<'t>, rule: Rule) -> Option<Node<'t>> {
        let mut node = self.line(line, rule).ok()?;
        (!node.inner.is_empty()).then(|| node.inner.swap_remove(0))
    }

    /// What was built; when the builder refuses what the grammar let through, the line is reported rather than lost.
    pub(super) fn built<T>(&mut self, built: Option<T>, span: Span) -> Option<T> {
        if built.is_none() {
            self.report(Problem::UnknownForm { hint: None }, span);
        }
        built
    }

    /// Sets what may be said once.
    pub(super) fn set<T>(&mut self, slot: &mut Option<T>, value: T, node: &Node<'_>) {
        if slot.is_some() {
            self.report(Problem::RepeatedLine { written: node.text.to_owned() }, node.span);
        } else {
            *slot = Some(value);
        }
    }

    /// Reports whatever is indented below a line that takes nothing.
    pub(super) fn nothing_below(&mut self, line: &Line<'_>) {
        if let Some(first) = line.below.iter().find(|line| !line.broken) {
            self.report(Problem::NothingBelongsHere, first.span);
        }
    }

    pub(super) fn literal(&mut self, source: SourceId, written: &str) -> Result<Literal, Problem> {
        let shadow = text::shadow(written);
        let at = Span::new(source, 0, written.len());
        let unknown = || Problem::Unexpected { found: written.to_owned(), expected: vec![Expected::Value] };
        let node = parse(&shadow, Rule::line_literal).ok().and_then(|mut pairs| pairs.next());
        let node = node.map(|pair| Node::new(pair, written, at)).ok_or_else(unknown)?;
        if !self.slots(&node) {
            return Err(self.diagnostics.pop().map_or_else(unknown, |diagnostic| diagnostic.problem));
        }
        node.only().and_then(condition::value).ok_or_else(unknown)
    }

    fn count(&mut self, node: &Node<'_>) {
        node.walk(&mut |part| match part.kind() {
            Kind::Keyword(Language::Vietnamese) => self.vietnamese += 1,
            Kind::Keyword(Language::English) => self.english += 1,
            Kind::Name
            | Kind::Body
            | Kind::Level
            | Kind::Role
            | Kind::Holder
            | Kind::Tasks
            | Kind::Givers
            | Kind::Receivers
            | Kind::Address
            | Kind::Measure
            | Kind::Other => {}
        });
    }

    /// Looks at every date and number; false when one of them is wrong.
    fn slots(&mut self, node: &Node<'_>) -> bool {
        let before = self.diagnostics.len();
        node.walk(&mut |part| {
            if let Some(problem) = slot_problem(part) {
                self.report(problem, part.span);
            }
        });
        self.diagnostics.len() == before
    }
}

fn slot_problem(part: &Node<'_>) -> Option<Problem> {
    let written = || part.text.to_owned();
    if part.is(Rule::date) || part.is(Rule::date_literal) {
        let sound = calendar::read(part.text).and_then(calendar::day_after).is_some();
        return (!sound).then(|| Problem::InvalidDate { written: written() });
    }
    if part.is(Rule::grade) {
        return grade_problem(part.text);
    }
    if part.is(Rule::address_en) || part.is(Rule::address_vi) {
        return condition::out_of_order(part).map(|right| Problem::AddressOrder { written: written(), right });
    }
    if part.is(Rule::number) {
        return number_problem(part.text);
    }
    if part.is(Rule::integer) {
        return part.text.parse::<u32>().is_err().then(|| Problem::InvalidNumber { written: written() });
    }
    let number = part.child(Rule::number).filter(|number| number_problem(number.text).is_none())?;
    // A sound number times its multiplier can still be too large.
    (condition::value(part).is_none()).then(|| Problem::InvalidNumber { written: format!("{} …", number.text) })
}

/// Why the word behind `confidence` is no grade.
fn grade_problem(written: &str) -> Option<Problem> {
    const GRADES: [&str; 4] = ["S", "S*", "M", "U"];
    let sound = GRADES.contains(&written.to_uppercase().as_str());
    let expected = || GRADES.iter().map(|grade| Expected::Word((*grade).to_owned())).collect();
    (!sound).then(|| Problem::Unexpected { found: written.to_owned(), expected: expected() })
}

/// One line by one rule, bounded.
pub(super) fn parse(
    shadow: &str,
    rule: Rule,
) -> Result<pest::iterators::Pairs<'_, Rule>, Box<pest::error::Error<Rule>>> {
    static BOUNDED: Once = Once::new();
    BOUNDED.call_once(|| pest::set_call_limit(NonZeroUsize::new(CALL_LIMIT)));
    Grammar::parse(rule, shadow).map_err(Box::new)
}
