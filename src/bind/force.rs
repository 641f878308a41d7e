//! On which sentences the force of others depends, so that none depends on itself.

use crate::rulebook::{Clause, Condition, DocumentId, Reading, Statement, Test};

use super::assembly::{edges, places};
use super::links::Linked;
use super::provisions::Draft;
use super::texts::Draft as TextDraft;

/// The sentences of a rulebook, linked, and what they stand in.
pub(super) struct Force<'a, 't> {
    pub(super) drafts: &'a [Draft<'t>],
    pub(super) linked: &'a [Option<Linked>],
    pub(super) texts: &'a [TextDraft<'t>],
    pub(super) readings: &'a [Reading],
}

impl Force<'_, '_> {
    /// From each sentence to those whose force it changes: what it hits; where it classifies a fact or states limits, what tests these;
    /// where it extends a document, the sentences of the document; where it extends or ends one that settles a reading, the
    /// sentences of the reading. Of all these only the ones that change the force of others in turn.
    pub(super) fn edges(&self) -> Vec<Vec<usize>> {
        let links = |_: usize, linked: &Linked| places(&linked.hits);
        let mut force = edges(self.linked, links);
        for ((next, draft), linked) in force.iter_mut().zip(self.drafts).zip(self.linked) {
            if let Statement::Classifies { fact, .. } = &draft.bound.statement {
                next.extend(self.weighty(|at| self.tests(at, &|test| test.facts().any(|own| own == *fact))));
            } else if let Statement::Tabulates { table, .. } = &draft.bound.statement {
                next.extend(self.weighty(|at| self.tests(at, &|test| test.table() == Some(*table))));
            } else if let Statement::Extends { document, .. } = &draft.bound.statement {
                next.extend(self.weighty(|at| self.expires_with(at, *document) || self.read_by(at, &[*document])));
            } else if let Some(Linked { documents, .. }) = linked
                && !documents.is_empty()
            {
                next.extend(self.weighty(|at| self.read_by(at, documents)));
            }
        }
        force
    }

    /// The wanted sentences among those that change the force of others.
    fn weighty(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let weighs = |draft: &Draft<'_>| {
            matches!(
                draft.bound.statement,
                Statement::Act { .. } | Statement::Extends { .. } | Statement::Classifies { .. }
            )
        };
        let all = self.drafts.iter().enumerate();
        all.filter(|(at, draft)| weighs(draft) && wanted(*at)).map(|(at, _)| at).collect()
    }

    /// Whether the term of the document limits the sentence. What ends a text for good, or extends one, outlives its own.
    fn expires_with(&self, at: usize, document: DocumentId) -> bool {
        let Some(draft) = self.drafts.get(at) else { return false };
        let said = &draft.bound.statement;
        let outlives =
            matches!(said, Statement::Extends { .. }) || matches!(said, Statement::Act { kind, .. } if kind.lasts());
        let text = self.texts.get(draft.bound.text.0 as usize);
        !outlives && text.is_some_and(|text| text.enacted_by == document || text.spot.document == document)
    }

    /// Whether one of the documents settles the reading to which the sentence belongs.
    fn read_by(&self, at: usize, documents: &[DocumentId]) -> bool {
        let reading = self.drafts.get(at).and_then(|draft| draft.bound.reading);
        let reading = reading.and_then(|(reading, _)| self.readings.get(reading.0 as usize));
        reading.is_some_and(|reading| reading.settled.iter().any(|(document, _)| documents.contains(document)))
    }

    /// Whether the sentence has such a test, itself or by the cases that it borrows.
    fn tests(&self, at: usize, wanted: &dyn Fn(&Test) -> bool) -> bool {
        let (mut open, mut seen) = (vec![at], vec![at]);
        while let Some(at) = open.pop() {
            let condition = self.drafts.get(at).and_then(|draft| draft.bound.condition.as_ref());
            if condition.is_some_and(|condition| tests(condition, wanted)) {
                return true;
            }
            let cases = self.linked.get(at).and_then(Option::as_ref).map_or(&[][..], |linked| &linked.cases);
            for cited in places(cases.iter().flat_map(|cases| &cases.of)) {
                if !seen.contains(&cited) {
                    seen.push(cited);
                    open.push(cited);
                }
            }
        }
        false
    }
}

fn tests(condition: &Condition, wanted: &dyn Fn(&Test) -> bool) -> bool {
    condition.clauses.iter().any(|clause| match clause {
        Clause::Test(test) => wanted(test),
        Clause::AnyOf(lines) => lines.iter().flatten().any(wanted),
    })
}
