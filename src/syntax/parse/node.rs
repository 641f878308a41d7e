//! What pest found on one line, with the words as written and positions in the file.

use pest::iterators::Pair;

use super::Rule;
use super::keyword::{self, Kind};
use crate::source::Span;
use crate::syntax::tree::Name;

#[derive(Debug, Clone)]
pub(in crate::syntax) struct Node<'t> {
    pub(in crate::syntax) rule: Rule,
    pub(in crate::syntax) text: &'t str,
    pub(in crate::syntax) span: Span,
    pub(in crate::syntax) inner: Vec<Node<'t>>,
}

impl<'t> Node<'t> {
    /// `line` is the line as written; the pair was found in its shadow, which is as long.
    pub(in crate::syntax) fn new(pair: Pair<'_, Rule>, line: &'t str, at: Span) -> Self {
        let (rule, from, to) = (pair.as_rule(), pair.as_span().start(), pair.as_span().end());
        // A rule ends behind the blanks before an absent optional part.
        let text = line.get(from..to).unwrap_or("").trim_end();
        let start = at.start as usize + from;
        let span = Span::new(at.source, start, start + text.len());
        Self { rule, text, span, inner: pair.into_inner().map(|pair| Self::new(pair, line, at)).collect() }
    }

    pub(in crate::syntax) fn is(&self, rule: Rule) -> bool {
        self.rule == rule
    }

    pub(in crate::syntax) fn kind(&self) -> Kind {
        keyword::kind(self.rule)
    }

    pub(in crate::syntax) fn child(&self, rule: Rule) -> Option<&Self> {
        self.inner.iter().find(|node| node.rule == rule)
    }

    pub(in crate::syntax) fn has(&self, rules: &[Rule]) -> bool {
        self.inner.iter().any(|node| rules.contains(&node.rule))
    }

    pub(in crate::syntax) fn children(&self, rule: Rule) -> impl Iterator<Item = &Self> {
        self.inner.iter().filter(move |node| node.rule == rule)
    }

    pub(in crate::syntax) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Self> {
        self.inner.iter().filter(move |node| node.kind() == kind)
    }

    pub(in crate::syntax) fn first(&self, kind: Kind) -> Option<&Self> {
        self.inner.iter().find(|node| node.kind() == kind)
    }

    /// The first child that is not a keyword or a mark.
    pub(in crate::syntax) fn only(&self) -> Option<&Self> {
        self.inner.iter().find(|node| !matches!(node.kind(), Kind::Keyword(_)))
    }

    /// The meaning of the first child that the table lists.
    pub(in crate::syntax) fn pick<T: Copy>(&self, table: &[(Rule, T)]) -> Option<T> {
        self.inner.iter().find_map(|node| lookup(node.rule, table))
    }

    /// The meanings of all children that the table lists.
    pub(in crate::syntax) fn pick_all<T: Copy>(&self, table: &[(Rule, T)]) -> Vec<T> {
        self.inner.iter().filter_map(|node| lookup(node.rule, table)).collect()
    }

    /// The words as a name: without quotation marks, blanks folded to one.
    pub(in crate::syntax) fn name(&self) -> Name {
        let plain = self.text.replace('"', "");
        Name::new(plain.split_whitespace().collect::<Vec<_>>().join(" "), self.span)
    }

    /// All names among the children.
    pub(in crate::syntax) fn names(&self) -> Vec<Name> {
        self.of_kind(Kind::Name).map(Self::name).collect()
    }

    /// The first name among the children.
    pub(in crate::syntax) fn first_name(&self) -> Option<Name> {
        self.first(Kind::Name).map(Self::name)
    }

    /// This node and all below it.
    pub(in crate::syntax) fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        for node in &self.inner {
            node.walk(visit);
        }
    }
}

pub(in crate::syntax) fn lookup<T: Copy>(rule: Rule, table: &[(Rule, T)]) -> Option<T> {
    table.iter().find(|(listed, _)| *listed == rule).map(|(_, meaning)| *meaning)
}
