//! Documents that rest on others which ended before them. Knows terms and acts on whole documents by their days alone: a text
//! that ended at some places only still stands.

use jiff::civil::Date;

use super::{Finding, Matter, distinct};
use crate::rulebook::{ActKind, Days, DocumentId, ProvisionId, Rulebook, Statement};
use crate::ruling::Basis;

/// Every document that was in force, on days that the rules cover, when one on which it rests no longer was.
pub(super) fn bases(rulebook: &Rulebook) -> Vec<Finding> {
    let ids = (0..).map(DocumentId).zip(&rulebook.documents);
    let mut found = Vec::new();
    for (id, document) in ids {
        let own = in_force(rulebook, id);
        for rests_on in &document.rests_on {
            let basis = in_force(rulebook, *rests_on);
            let begins = basis.iter().map(|days| days.from).min().flatten();
            let after = vec![Days { from: begins, before: None }];
            let gone =
                basis.iter().fold(after, |left, days| left.iter().flat_map(|one| without(*one, *days)).collect());
            let days = meet(&meet(&own, &gone), &covered(rulebook));
            if !days.is_empty() {
                found.push(Finding {
                    matter: Matter::Basis(Basis { document: id, rests_on: *rests_on }),
                    task: None,
                    at_fault: Vec::new(),
                    because: distinct(ending(rulebook, *rests_on)),
                    region: None,
                    days,
                    witness: None,
                    span: document.span,
                });
            }
        }
    }
    found
}

fn covered(rulebook: &Rulebook) -> Vec<Days> {
    if rulebook.cover.is_empty() {
        return vec![Days::default()];
    }
    let of_tasks = rulebook.tasks.iter().flat_map(|task| &task.covered_in);
    rulebook.cover.iter().chain(of_tasks).map(|cover| cover.days).collect()
}

/// The days of a document's terms, as extended, and before an act ends or suspends all of it.
fn in_force(rulebook: &Rulebook, id: DocumentId) -> Vec<Days> {
    let mut days = rulebook[id].in_force.clone();
    let ids = (0..).map(ProvisionId).zip(&rulebook.provisions);
    for (act, provision) in ids {
        match &provision.statement {
            Statement::Extends { document, before } if *document == id => {
                let last = days.iter_mut().max_by_key(|days| days.before.unwrap_or(Date::MAX));
                if let Some(end) = last.and_then(|days| days.before.as_mut()) {
                    *end = (*end).max(*before);
                }
            }
            Statement::Act { kind, documents, .. } if documents.contains(&id) => {
                if let Some(hole) = hole(rulebook, act, *kind) {
                    days = days.iter().flat_map(|days| without(*days, hole)).collect();
                }
            }
            Statement::Extends { .. }
            | Statement::Act { .. }
            | Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Governs { .. }
            | Statement::Widens { .. }
            | Statement::Tabulates { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Handling { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => {}
        }
    }
    days
}

/// The days that an act takes from what it hits: an end is for good.
fn hole(rulebook: &Rulebook, act: ProvisionId, kind: ActKind) -> Option<Days> {
    match kind {
        ActKind::Repeals | ActKind::Replaces | ActKind::Annuls => {
            Some(Days { from: rulebook.start(act), before: None })
        }
        ActKind::Suspends => {
            let provision = &rulebook[act];
            let ends = rulebook[rulebook[provision.text].document].in_force.iter().map(|days| days.before);
            let end = ends.max_by_key(|end| end.unwrap_or(Date::MAX)).flatten();
            let before = provision.days.before.into_iter().chain(end).min();
            Some(Days { from: rulebook.start(act), before })
        }
        ActKind::Amends | ActKind::Restores => None,
    }
}

fn without(days: Days, hole: Days) -> Vec<Days> {
    let before = Days { from: days.from, before: earlier(days.before, hole.from) };
    let after = hole.before.map(|end| Days { from: days.from.max(Some(end)), before: days.before });
    std::iter::once(before).filter(|_| hole.from.is_some()).chain(after).filter(|days| !is_empty(*days)).collect()
}

fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

fn is_empty(days: Days) -> bool {
    matches!((days.from, days.before), (Some(from), Some(before)) if from >= before)
}

/// The days in one of some and in one of others, those that touch joined.
fn meet(some: &[Days], others: &[Days]) -> Vec<Days> {
    let both = |a: &Days, b: &Days| Days { from: a.from.max(b.from), before: earlier(a.before, b.before) };
    let mut all: Vec<Days> = some.iter().flat_map(|a| others.iter().map(|b| both(a, b))).collect();
    all.retain(|days| !is_empty(*days));
    all.sort();
    let mut joined: Vec<Days> = Vec::new();
    for days in all {
        match joined.last_mut() {
            Some(last) if last.before.is_none_or(|end| days.from.is_none_or(|from| from <= end)) => {
                last.before = last.before.zip(days.before).map(|(one, other)| one.max(other));
            }
            Some(_) | None => joined.push(days),
        }
    }
    joined
}

/// The acts that end or suspend a document as a whole.
fn ending(rulebook: &Rulebook, id: DocumentId) -> Vec<ProvisionId> {
    let ids = (0..).map(ProvisionId).zip(&rulebook.provisions);
    let ends = |provision: &crate::rulebook::Provision| {
        matches!(&provision.statement, Statement::Act { kind, documents, .. }
            if documents.contains(&id) && !matches!(kind, ActKind::Amends | ActKind::Restores))
    };
    ids.filter(|(_, provision)| ends(provision)).map(|(act, _)| act).collect()
}

/// Every document that was not compared with its source within some months before a day; in order of document.
#[must_use]
pub fn unchecked(rulebook: &Rulebook, on: Date, months: u16) -> Vec<Finding> {
    let oldest = on.checked_sub(jiff::Span::new().months(i32::from(months))).unwrap_or(Date::MIN);
    let ids = (0..).map(DocumentId).zip(&rulebook.documents);
    let stale = ids.filter(|(_, document)| document.checked.is_none_or(|checked| checked < oldest));
    stale
        .map(|(id, document)| Finding {
            matter: Matter::Unchecked { document: id, on: document.checked },
            task: None,
            at_fault: Vec::new(),
            because: Vec::new(),
            region: None,
            days: Vec::new(),
            witness: None,
            span: document.span,
        })
        .collect()
}
