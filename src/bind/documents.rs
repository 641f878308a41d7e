//! Documents: who issued them and when, in force from which day, and which one a number means.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::diagnostic::{Binding, Line};
use crate::rulebook::{Days, Document, DocumentId, Issued, LapsesInPart, PrevailsOverRank, Unverified};
use crate::syntax::tree::{self, DocumentItem, DocumentRef, Statement};

use super::catalogue::{Catalogue, Items, number};
use super::declare::bind_days;
use super::holders::Reader;
use super::names::{fold, nearest};
use super::places::Places;
use super::problems::Problems;

#[derive(Default)]
pub(super) struct Documents<'t> {
    pub(super) table: Vec<Document>,
    pub(super) items: Vec<&'t DocumentItem>,
    by_number: BTreeMap<String, Vec<DocumentId>>,
    /// Numbers of documents that were left out: references to them are passed over in silence.
    broken: BTreeSet<String>,
    /// Headings that could not be read, folded: a number that one of them contains is broken too.
    lost: Vec<String>,
    /// Documents in which something may seem missing that is only broken.
    lossy: BTreeSet<DocumentId>,
}

/// What a reference to a document led to.
enum Referred {
    Found(DocumentId),
    /// Already reported at the document itself.
    Broken,
    Unknown(Option<String>),
    Ambiguous(Vec<Date>),
}

impl<'t> Documents<'t> {
    pub(super) fn new(items: &Items<'t>, catalogue: &Catalogue<'_>, places: &Places, problems: &mut Problems) -> Self {
        let lost = items.lost_headings.iter().map(|heading| fold(heading)).collect();
        let mut documents = Self { lost, ..Self::default() };
        let mut bound: Vec<(Document, &DocumentItem)> = Vec::new();
        for item in &items.documents {
            let sound = (!item.damaged).then(|| bind_document(item, catalogue, places, problems));
            match sound.flatten() {
                Some(document) => bound.push((document, item)),
                None => {
                    documents.broken.insert(fold(&item.number.value));
                }
            }
        }
        bound.sort_by_key(|(document, _)| {
            let issuer = (catalogue.body_id_text(document.issuer.body), document.issuer.unit);
            (document.number.clone(), document.issued, issuer, document.span)
        });
        for (document, item) in bound {
            if let Some(last) = documents.table.last()
                && fold(&last.number) == fold(&document.number)
                && (last.issued, &last.issuer) == (document.issued, &document.issuer)
            {
                let problem = Binding::DuplicateDocument { number: document.number.clone() };
                problems.add_related(problem, item.number.span, vec![last.span]);
                continue;
            }
            let id = DocumentId(number(documents.table.len()));
            documents.by_number.entry(fold(&document.number)).or_default().push(id);
            documents.table.push(document);
            documents.items.push(item);
        }
        documents.link(catalogue, problems);
        documents.find_lossy(&items.documents);
        documents
    }

    /// Documents with an article whose heading is broken, and those whose words a broken document amends.
    fn find_lossy(&mut self, items: &[&DocumentItem]) {
        let broken = items.iter().filter(|item| self.broken.contains(&fold(&item.number.value)));
        let provisions = broken.flat_map(|item| &item.articles).flat_map(|article| &article.provisions);
        let mut lossy = BTreeSet::new();
        for provision in provisions {
            let Statement::Act { targets, .. } = &provision.statement else { continue };
            for reference in targets.iter().filter_map(|target| target.document.as_ref()) {
                if let Referred::Found(id) = self.refer(reference) {
                    lossy.insert(id);
                }
            }
        }
        lossy.extend(self.ids().filter(|(_, item)| item.lost_article).map(|(id, _)| id));
        self.lossy = lossy;
    }

    /// That nothing is found in such a document needs no second message.
    pub(super) fn is_lossy(&self, id: DocumentId) -> bool {
        self.lossy.contains(&id)
    }

    fn is_broken(&self, key: &str) -> bool {
        self.broken.contains(key) || self.lost.iter().any(|heading| contains_number(heading, key))
    }

    /// Fills in what documents say of each other.
    fn link(&mut self, catalogue: &Catalogue<'_>, problems: &mut Problems) {
        let mut linked = Vec::new();
        for item in &self.items {
            let rests_on: Vec<DocumentId> =
                item.rests_on.iter().filter_map(|reference| self.basis(reference, problems)).collect();
            let prevails = item.prevails.as_ref().and_then(|prevails| {
                let up_to = catalogue.rank(&prevails.up_to, problems);
                let by = self.find(&prevails.by, problems);
                Some(PrevailsOverRank { up_to: up_to?, by: by? })
            });
            let lapses = item.lapses.as_ref().and_then(|lapses| {
                let from_rank = catalogue.rank(&lapses.from_kind, problems)?;
                Some(LapsesInPart { from_rank, issued_from: lapses.issued_from.value })
            });
            linked.push((rests_on, prevails, lapses));
        }
        for (document, (rests_on, prevails, lapses)) in self.table.iter_mut().zip(linked) {
            document.rests_on = rests_on;
            document.prevails = prevails;
            document.lapses = lapses;
        }
    }

    pub(super) fn get(&self, id: DocumentId) -> Option<&Document> {
        self.table.get(id.0 as usize)
    }

    pub(super) fn number_text(&self, id: DocumentId) -> String {
        self.get(id).map(|document| document.number.clone()).unwrap_or_default()
    }

    /// The days against which the units that a document names are looked up, the first that finds one deciding.
    pub(super) fn days(&self, id: DocumentId) -> Vec<Date> {
        self.get(id).map(days_of).unwrap_or_default()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = (DocumentId, &'t DocumentItem)> {
        self.items.iter().enumerate().map(|(at, item)| (DocumentId(number(at)), *item))
    }

    pub(super) fn find(&self, reference: &DocumentRef, problems: &mut Problems) -> Option<DocumentId> {
        let number = reference.number.value.clone();
        match self.refer(reference) {
            Referred::Found(id) => Some(id),
            Referred::Broken => None,
            Referred::Unknown(nearest) => {
                problems.add(Binding::UnknownDocument { number, nearest }, reference.number.span);
                None
            }
            Referred::Ambiguous(issued) => {
                problems.add(Binding::AmbiguousDocument { number, issued }, reference.span);
                None
            }
        }
    }

    /// Like [`Self::find`], for `rests on`: that a basis is not in the library is no error.
    fn basis(&self, reference: &DocumentRef, problems: &mut Problems) -> Option<DocumentId> {
        match self.refer(reference) {
            Referred::Unknown(nearest) => {
                let number = reference.number.value.clone();
                problems.add(Binding::UnknownBasis { number, nearest }, reference.number.span);
                None
            }
            Referred::Found(_) | Referred::Broken | Referred::Ambiguous(_) => self.find(reference, problems),
        }
    }

    fn refer(&self, reference: &DocumentRef) -> Referred {
        let key = fold(&reference.number.value);
        let all = self.by_number.get(&key).map_or(&[][..], Vec::as_slice);
        let issued = |id: &DocumentId| self.get(*id).map(|document| document.issued);
        let matching: Vec<DocumentId> = match &reference.issued {
            Some(date) => all.iter().copied().filter(|id| issued(id) == Some(date.value)).collect(),
            None => all.to_vec(),
        };
        match matching.as_slice() {
            [] if self.is_broken(&key) => Referred::Broken,
            [_, ..] if reference.issued.is_none() && self.broken.contains(&key) => Referred::Broken,
            [one] => Referred::Found(*one),
            [] if !all.is_empty() => Referred::Ambiguous(all.iter().filter_map(issued).collect()),
            [] => {
                let numbers = self.table.iter().map(|document| document.number.as_str());
                Referred::Unknown(nearest(&reference.number.value, numbers))
            }
            _ => Referred::Ambiguous(matching.iter().filter_map(issued).collect()),
        }
    }
}

/// Whether a heading has the number as a word of its own.
fn contains_number(heading: &str, number: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.');
    heading.match_indices(number).any(|(at, found)| {
        let before = heading.get(..at).and_then(|text| text.chars().next_back());
        let behind = heading.get(at + found.len()..).and_then(|text| text.chars().next());
        !found.is_empty() && !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

fn days_of(document: &Document) -> Vec<Date> {
    std::iter::once(document.issued).chain(document.in_force.iter().filter_map(|days| days.from).min()).collect()
}

fn bind_document(
    item: &DocumentItem,
    catalogue: &Catalogue<'_>,
    places: &Places,
    problems: &mut Problems,
) -> Option<Document> {
    let missing = |line| Binding::MissingLine { line, of: item.number.value.clone() };
    let span = item.number.span;
    let in_force: Vec<Days> = item.in_force.iter().filter_map(|period| some_days(period, problems)).collect();
    let first = in_force.iter().filter_map(|days| days.from).min();
    let may_be_unknown = item.issued_unverified || item.unverified;
    let (issued, known) = match &item.issued {
        Some(issued) if item.issued_unverified => (Some(issued.value), Issued::Unchecked),
        Some(issued) => (Some(issued.value), Issued::Checked),
        None => (first.filter(|_| may_be_unknown), Issued::Presumed),
    };
    if item.issued.is_none() && !may_be_unknown {
        problems.add(missing(Line::Issued), span);
    }
    if item.in_force.is_empty() {
        problems.add(missing(Line::InForce), span);
    }
    let kind = match &item.kind {
        Some(kind) => catalogue.kind(kind, problems),
        None => {
            problems.add(missing(Line::KindOfDocument), span);
            None
        }
    };
    let days: Vec<Date> = issued.into_iter().chain(first).collect();
    let reader = Reader { catalogue, places, days: &days };
    let issuer = match &item.issuer {
        Some(holder) => {
            let issuer = reader.issuer(holder, problems);
            let unit = issuer.as_ref().and_then(|issuer| issuer.unit);
            if let (Some(unit), Some(issued), tree::SeatAt::Unit(scope)) = (unit, issued, &holder.seat) {
                places.issues_then(unit, issued, scope, problems);
            }
            issuer
        }
        None => {
            problems.add(missing(Line::Issuer), span);
            None
        }
    };
    if in_force.is_empty() {
        return None;
    }
    Some(Document {
        number: item.number.value.clone(),
        title: item.title.as_ref().map(|title| title.value.clone()),
        kind: kind?,
        issuer: issuer?,
        issued: issued?,
        in_force,
        rests_on: Vec::new(),
        prevails: None,
        lapses: None,
        checked: item.checked.as_ref().map(|day| day.value),
        unverified: Unverified { number: item.unverified, issued: known, in_force: item.in_force_unverified },
        confidence: item.confidence.as_ref().map(|confidence| confidence.value.clone()),
        span,
    })
}

fn some_days(period: &crate::syntax::tree::Period, problems: &mut Problems) -> Option<Days> {
    let before = problems.errors();
    let days = bind_days(period, problems);
    (problems.errors() == before).then_some(days)
}
