//! From cited addresses to the provisions that stand there: cases, grounds, acts, displacement.

use std::collections::BTreeSet;

use crate::diagnostic::{Binding, Cited};
use crate::rulebook::{Cases, CasesKind, DocumentId, PrevailsOver, ProvisionId, Slot, Statement, TaskId};
use crate::source::Sources;
use crate::syntax::tree::{self, AddressRef};

use super::addresses::{Spot, nearest, resolve};
use super::catalogue::{Catalogue, number};
use super::documents::Documents;
use super::problems::Problems;
use super::provisions::Draft;
use super::texts::{Draft as TextDraft, inside};

/// Everything that addresses are looked up in. Provisions are numbered by their place in `drafts`.
pub(super) struct Links<'a, 't> {
    pub(super) catalogue: &'a Catalogue<'t>,
    pub(super) documents: &'a Documents<'t>,
    pub(super) sources: &'a Sources,
    pub(super) texts: &'a [TextDraft<'t>],
    pub(super) drafts: &'a [Draft<'t>],
    /// The drafts of each text, in order.
    pub(super) by_text: Vec<Vec<usize>>,
    /// Texts of which a sentence was left out: that nothing is found there needs no second message.
    pub(super) broken: &'a BTreeSet<usize>,
}

/// What one provision says of others.
#[derive(Default)]
pub(super) struct Linked {
    pub(super) cases: Vec<Cases>,
    pub(super) prevails: Vec<PrevailsOver>,
    pub(super) yields: Vec<ProvisionId>,
    pub(super) under: Option<Vec<ProvisionId>>,
    pub(super) hits: Vec<ProvisionId>,
    pub(super) documents: Vec<DocumentId>,
    /// What stands in the part that governs a task.
    pub(super) within: Vec<ProvisionId>,
}

/// The provision whose words are being looked up.
#[derive(Clone, Copy)]
struct From<'a, 't> {
    at: usize,
    draft: &'a Draft<'t>,
    text: &'a TextDraft<'t>,
    task: Option<TaskId>,
}

impl<'a, 't> Links<'a, 't> {
    /// `None` when something that it cites is not there.
    pub(super) fn link(&self, at: usize, problems: &mut Problems) -> Option<Linked> {
        let draft = self.drafts.get(at)?;
        let text = self.texts.get(draft.bound.text.0 as usize)?;
        let from = From { at, draft, text, task: draft.bound.statement.task() };
        let limits = &draft.source.limits;
        let mut linked = Linked::default();
        let mut whole = true;
        for cases in &limits.cases {
            match self.cases(from, cases, problems) {
                Some(of) => linked.cases.push(of),
                None => whole = false,
            }
        }
        for prevails in &limits.prevails {
            let over = self.all(from, &prevails.over, problems, |_| true);
            let by = prevails.by.as_ref().map(|by| self.documents.find(by, problems));
            match (over, by) {
                (Some(over), None) => linked.prevails.push(PrevailsOver { over, by: None }),
                (Some(over), Some(Some(by))) => linked.prevails.push(PrevailsOver { over, by: Some(by) }),
                (None, _) | (_, Some(None)) => whole = false,
            }
        }
        if !limits.yields.is_empty() {
            match self.all(from, &limits.yields, problems, |_| true) {
                Some(yields) => linked.yields = yields,
                None => whole = false,
            }
        }
        if matches!(draft.bound.statement, Statement::Transfer { .. }) && !limits.under.is_empty() {
            linked.under = self.all(from, &limits.under, problems, gives);
            whole = whole && linked.under.is_some();
        }
        if let tree::Statement::Act { targets, except, .. } = &draft.source.statement {
            let hits = self.act(from, targets, except, problems);
            whole = whole && hits.is_some();
            (linked.hits, linked.documents) = hits.unwrap_or_default();
        }
        if let tree::Statement::Governs { part, .. } = &draft.source.statement {
            match self.within(from, *part, problems) {
                Some(within) => linked.within = within,
                None => whole = false,
            }
        }
        whole.then_some(linked)
    }

    /// The texts that live at or below a spot; failing that, those that were enacted there.
    fn texts_at(&self, spot: &Spot) -> Vec<usize> {
        let key = |text: &TextDraft<'_>| (text.spot.document, text.spot.address.clone());
        let asked = (spot.document, spot.address.clone());
        let first = self.texts.partition_point(|text| key(text) < asked);
        let rest = self.texts.iter().enumerate().skip(first);
        let living: Vec<usize> = rest.take_while(|(_, text)| spot.covers(&text.spot)).map(|(at, _)| at).collect();
        if living.is_empty() { self.texts_enacted_at(spot) } else { living }
    }

    fn texts_enacted_at(&self, spot: &Spot) -> Vec<usize> {
        let there = |text: &TextDraft<'_>| {
            let enacted = text.enacted_at.as_ref().map(|at| Spot { document: text.enacted_by, address: at.clone() });
            enacted.is_some_and(|enacted| spot.covers(&enacted))
        };
        self.texts.iter().enumerate().filter(|(_, text)| there(text)).map(|(at, _)| at).collect()
    }

    fn drafts_of(&self, texts: &[usize]) -> Vec<usize> {
        texts.iter().filter_map(|text| self.by_text.get(*text)).flatten().copied().collect()
    }

    fn the(&self, at: usize) -> Option<&'a Draft<'t>> {
        self.drafts.get(at)
    }

    /// What stands at a cited address on the same task, as far as `wanted`; nothing at all is a problem.
    fn cited(
        &self,
        from: From<'_, '_>,
        cited: &AddressRef,
        problems: &mut Problems,
        wanted: impl Fn(&Draft<'_>) -> bool,
    ) -> Option<Vec<usize>> {
        let spot = resolve(cited, &from.text.spot, self.documents, problems)?;
        let texts = self.texts_at(&spot);
        let all: Vec<usize> = self.drafts_of(&texts).into_iter().filter(|at| *at != from.at).collect();
        let about = |draft: &Draft<'_>| from.task.is_none() || draft.bound.statement.task() == from.task;
        let found: Vec<usize> =
            all.iter().copied().filter(|at| self.the(*at).is_some_and(|draft| about(draft) && wanted(draft))).collect();
        if !found.is_empty() {
            return Some(found);
        }
        if !self.documents.is_lossy(spot.document) && !texts.iter().any(|text| self.broken.contains(text)) {
            let mut there: Vec<String> = Vec::new();
            for at in all {
                let words = self.the(at).map(|draft| self.sources.snippet(draft.source.span)).unwrap_or_default();
                let line = words.lines().next().unwrap_or_default().trim().to_owned();
                if there.len() < 3 && !there.contains(&line) {
                    there.push(line);
                }
            }
            let task = from.task.map(|task| self.catalogue.task_id_text(task));
            let nearest = self
                .nearest(&spot, |text| self.drafts_of(&[text]).into_iter().any(|at| self.the(at).is_some_and(about)));
            problems.add(Binding::NothingThere { at: self.words(&spot), task, there, nearest }, cited.span);
        }
        None
    }

    /// The address of the same document, of a text that is wanted, which one label tells from this one.
    fn nearest(&self, spot: &Spot, wanted: impl Fn(usize) -> bool) -> Option<Box<Cited>> {
        let texts = self.texts.iter().enumerate().filter(|(_, text)| text.spot.document == spot.document);
        let there = texts.filter(|(at, _)| wanted(*at)).map(|(_, text)| &text.spot.address);
        let address = nearest(&spot.address, there)?;
        Some(Box::new(Cited { address, number: self.documents.number_text(spot.document) }))
    }

    fn words(&self, spot: &Spot) -> Cited {
        Cited { address: spot.address.clone(), number: self.documents.number_text(spot.document) }
    }

    fn all(
        &self,
        from: From<'_, '_>,
        refs: &[AddressRef],
        problems: &mut Problems,
        wanted: impl Fn(&Draft<'_>) -> bool,
    ) -> Option<Vec<ProvisionId>> {
        let found: Vec<_> = refs.iter().map(|cited| self.cited(from, cited, problems, &wanted)).collect();
        Some(ids(found.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten()))
    }

    fn cases(&self, from: From<'_, '_>, cases: &tree::Cases, problems: &mut Problems) -> Option<Cases> {
        let found: Vec<Option<Vec<usize>>> = match cases.kind {
            CasesKind::In | CasesKind::Except => cases
                .of
                .iter()
                .map(|cited| self.cited(from, cited, problems, |_| true).map(|found| self.deciding(found)))
                .collect(),
            CasesKind::AllOther => {
                let same = self.spots(from, cases);
                cases.of.iter().map(|cited| self.siblings(from, cited, &same, problems)).collect()
            }
        };
        let of = ids(found.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten());
        Some(Cases { kind: cases.kind, of })
    }

    /// Of what stands at an address: what decides, else what moves or lifts the decision, else all.
    fn deciding(&self, found: Vec<usize>) -> Vec<usize> {
        let rank = |at: &usize| {
            self.the(*at).map_or(2, |draft| match draft.bound.statement {
                Statement::DecidedBy { .. } => 0,
                Statement::NotRequired { .. } | Statement::Passes { .. } | Statement::Transfer { .. } => 1,
                Statement::Succeeded { .. }
                | Statement::Governs { .. }
                | Statement::Permission { .. }
                | Statement::Onward { .. }
                | Statement::MustStateTerm { .. }
                | Statement::Widens { .. }
                | Statement::HigherRankPrevails
                | Statement::LaterTextPrevails
                | Statement::StepIn { .. }
                | Statement::Requires { .. }
                | Statement::Handling { .. }
                | Statement::Act { .. }
                | Statement::Extends { .. }
                | Statement::BodyExists { .. }
                | Statement::LevelExists { .. }
                | Statement::Classifies { .. }
                | Statement::Tabulates { .. } => 2,
            })
        };
        let best = found.iter().map(rank).min();
        found.into_iter().filter(|at| Some(rank(at)) == best).collect()
    }

    /// The addresses of an `in all other cases of`, silently.
    fn spots(&self, from: From<'_, '_>, cases: &tree::Cases) -> Vec<Spot> {
        let mut silent = Problems::default();
        cases.of.iter().filter_map(|cited| resolve(cited, &from.text.spot, self.documents, &mut silent)).collect()
    }

    /// Sentences of the same kind on the same task that are not themselves about the other cases of the same address.
    fn siblings(
        &self,
        from: From<'_, '_>,
        cited: &AddressRef,
        same: &[Spot],
        problems: &mut Problems,
    ) -> Option<Vec<usize>> {
        let kind = kind(&from.draft.bound.statement);
        self.cited(from, cited, problems, |draft| {
            let other = |cases: &&tree::Cases| cases.kind == CasesKind::AllOther;
            let rest = draft.source.limits.cases.iter().filter(other).any(|cases| {
                let text = self.texts.get(draft.bound.text.0 as usize);
                text.is_some_and(|text| self.spots(From { text, ..from }, cases).iter().any(|spot| same.contains(spot)))
            });
            self::kind(&draft.bound.statement) == kind && !rest
        })
    }

    /// What an act hits, and the documents that it hits as a whole.
    fn act(
        &self,
        from: From<'_, '_>,
        targets: &[AddressRef],
        except: &[AddressRef],
        problems: &mut Problems,
    ) -> Option<(Vec<ProvisionId>, Vec<DocumentId>)> {
        let spots: Vec<Option<Spot>> =
            targets.iter().map(|target| resolve(target, &from.text.spot, self.documents, problems)).collect();
        let spots: Vec<Spot> = spots.into_iter().collect::<Option<_>>()?;
        let excepted = self.excepted(&spots, except, problems)?;
        let mut hits = BTreeSet::new();
        for (spot, target) in spots.iter().zip(targets) {
            let mut texts = self.texts_at(spot);
            texts.extend(self.texts_enacted_at(spot));
            let before: Vec<usize> = texts.into_iter().filter(|text| self.was_there(*text, from)).collect();
            let kept = |text: &&usize| {
                self.texts.get(**text).is_some_and(|text| !excepted.iter().any(|spot| spot.covers(&text.spot)))
            };
            let of: Vec<usize> = before.iter().filter(kept).copied().collect();
            let found = self.drafts_of(&of);
            let stub = self.documents.get(spot.document).is_some() && self.is_stub(spot.document);
            let stub = stub || self.documents.is_lossy(spot.document);
            if found.is_empty() && !stub && !before.iter().any(|text| self.broken.contains(text)) {
                let nearest =
                    self.nearest(spot, |text| self.was_there(text, from) && !self.drafts_of(&[text]).is_empty());
                problems.add(Binding::NothingHit { at: self.words(spot), nearest }, target.span);
            }
            hits.extend(found.into_iter().filter(|at| *at != from.at));
        }
        let whole = |spot: &&Spot| {
            spot.address.0.is_empty() && !excepted.iter().any(|excepted| excepted.document == spot.document)
        };
        let whole: BTreeSet<DocumentId> = spots.iter().filter(whole).map(|spot| spot.document).collect();
        Some((ids(hits.into_iter()), whole.into_iter().collect()))
    }

    /// The sentences on who decides a task that stand in the part, or the document, that governs it.
    fn within(
        &self,
        from: From<'_, '_>,
        part: Option<tree::PartKind>,
        problems: &mut Problems,
    ) -> Option<Vec<ProvisionId>> {
        let span = from.draft.source.span;
        let spot = match part {
            Some(part) => {
                let this = AddressRef { address: tree::CitedAddress::This(part), document: None, span };
                resolve(&this, &from.text.spot, self.documents, problems)?
            }
            None => Spot { document: from.text.spot.document, address: tree::Address(Vec::new()) },
        };
        let decides = |draft: &Draft<'_>| {
            let said = &draft.bound.statement;
            said.task() == from.task && matches!(said, Statement::DecidedBy { .. } | Statement::NotRequired { .. })
        };
        let there = self.drafts_of(&self.texts_at(&spot)).into_iter();
        Some(ids(there.filter(|at| self.the(*at).is_some_and(decides))))
    }

    /// A document of which no article is written down.
    fn is_stub(&self, document: DocumentId) -> bool {
        !self.texts.iter().any(|text| text.spot.document == document || text.enacted_by == document)
    }

    /// The addresses after `except`, completed from the targets in which they must lie.
    fn excepted(&self, targets: &[Spot], except: &[AddressRef], problems: &mut Problems) -> Option<Vec<Spot>> {
        let mut excepted = Vec::new();
        for cited in except {
            let named = match &cited.document {
                Some(reference) => Some(self.documents.find(reference, problems)?),
                None => None,
            };
            let tree::CitedAddress::Parts(said) = &cited.address else {
                problems.add(Binding::OutsideTarget { address: tree::Address(Vec::new()) }, cited.span);
                return None;
            };
            let of_document = targets.iter().filter(|target| named.is_none_or(|named| named == target.document));
            let found: Vec<Spot> = of_document.filter_map(|target| inside(target, said)).collect();
            if found.is_empty() {
                problems.add(Binding::OutsideTarget { address: said.clone() }, cited.span);
                return None;
            }
            excepted.extend(found);
        }
        Some(excepted)
    }

    /// Whether a text was there when the act was issued. Of its own document an act hits only what that document says
    /// itself, not what it writes into others.
    fn was_there(&self, text: usize, act: From<'_, '_>) -> bool {
        let Some(text) = self.texts.get(text) else { return false };
        let issued = |id: DocumentId| self.documents.get(id).map(|document| document.issued);
        if text.enacted_by == act.text.enacted_by {
            return text.made_by.is_none();
        }
        let (own, acts) = (issued(text.enacted_by), issued(act.text.enacted_by));
        // Two amendments of one day do not end each other's new wording: their conflict must show.
        own < acts || (own == acts && text.made_by.is_none())
    }
}

/// Whether a sentence can be what a giver holds a task by.
const fn gives(draft: &Draft<'_>) -> bool {
    matches!(draft.bound.statement, Statement::DecidedBy { .. } | Statement::Passes { .. } | Statement::Transfer { .. })
}

/// What tells sentences apart that say the like of a task.
fn kind(statement: &Statement) -> (std::mem::Discriminant<Statement>, Option<Slot>) {
    let slot = if let Statement::Handling { says, .. } = statement { Some(says.slot()) } else { None };
    (std::mem::discriminant(statement), slot)
}

fn ids(found: impl Iterator<Item = usize>) -> Vec<ProvisionId> {
    let sorted: BTreeSet<ProvisionId> = found.map(|at| ProvisionId(number(at))).collect();
    sorted.into_iter().collect()
}
