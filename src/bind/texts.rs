//! The texts: what stands at an address. An amendment makes one that lives at the address which it amends.

use crate::diagnostic::Binding;
use crate::rulebook::{Days, DocumentId};
use crate::source::{Sources, Span};
use crate::syntax::tree::{ActKind, Address, Article, Provision, Statement};

use super::addresses::{Spot, complete, covers, resolve};
use super::declare::bind_days;
use super::documents::Documents;
use super::problems::Problems;

/// A text before its provisions have ids.
pub(super) struct Draft<'t> {
    pub(super) spot: Spot,
    pub(super) enacted_by: DocumentId,
    pub(super) enacted_at: Option<Address>,
    pub(super) article: &'t Article,
    /// The days of the article, inside those of the amendment that made it.
    pub(super) days: Days,
    /// The amendment that made it.
    pub(super) made_by: Option<Span>,
}

/// All texts, sorted by document, address and enacting document.
pub(super) fn collect<'t>(documents: &Documents<'t>, sources: &Sources, problems: &mut Problems) -> Vec<Draft<'t>> {
    let mut drafts = Vec::new();
    for (id, item) in documents.ids() {
        for article in &item.articles {
            let draft = Draft {
                spot: Spot { document: id, address: article.address.value.clone() },
                enacted_by: id,
                enacted_at: None,
                article,
                days: Days::default(),
                made_by: None,
            };
            visit(draft, documents, &mut drafts, problems);
        }
    }
    drafts.sort_by_cached_key(|draft| {
        let spot = (draft.spot.document, draft.spot.address.clone());
        (spot, draft.enacted_by, draft.enacted_at.clone(), written(draft.article, sources), draft.article.address.span)
    });
    drafts
}

/// What articles of one address say, in no order, so that they are told apart by what is written and not by where.
fn written(article: &Article, sources: &Sources) -> Vec<String> {
    let quotes = article.quotes.iter().map(|quote| quote.text.clone());
    let period = article.period.iter().map(|period| sources.snippet(period.span).to_owned());
    let confidence = article.confidence.iter().map(|confidence| confidence.value.clone());
    let readings = article.readings.iter().flat_map(|reading| &reading.provisions);
    let sentences = article.provisions.iter().chain(readings);
    let sentences = sentences.map(|provision| sources.snippet(provision.span).to_owned());
    let mut all: Vec<String> = quotes.chain(period).chain(confidence).chain(sentences).collect();
    all.sort();
    all
}

fn visit<'t>(mut draft: Draft<'t>, documents: &Documents<'t>, drafts: &mut Vec<Draft<'t>>, problems: &mut Problems) {
    if let Some(period) = &draft.article.period {
        draft.days = within(draft.days, bind_days(period, problems));
    }
    let article = draft.article;
    let readings = article.readings.iter().flat_map(|reading| &reading.provisions);
    for provision in article.provisions.iter().chain(readings) {
        amendments(provision, &draft, documents, drafts, problems);
    }
    drafts.push(draft);
}

/// The texts that a provision makes, if it amends.
fn amendments<'t>(
    provision: &'t Provision,
    home: &Draft<'t>,
    documents: &Documents<'t>,
    drafts: &mut Vec<Draft<'t>>,
    problems: &mut Problems,
) {
    let Statement::Act { kind: ActKind::Amends, targets, amended, .. } = &provision.statement else { return };
    if amended.is_empty() {
        return;
    }
    let spots: Vec<Spot> =
        targets.iter().filter_map(|target| resolve(target, &home.spot, documents, problems)).collect();
    if spots.is_empty() {
        return;
    }
    let own = provision.limits.period.as_ref().map_or_else(Days::default, |period| bind_days(period, problems));
    for article in amended {
        let said = &article.address;
        let inside: Vec<Spot> = spots.iter().filter_map(|target| inside(target, &said.value)).collect();
        let [spot] = inside.as_slice() else {
            problems.add(Binding::OutsideTarget { address: said.value.clone() }, said.span);
            continue;
        };
        let draft = Draft {
            spot: spot.clone(),
            enacted_by: home.enacted_by,
            enacted_at: Some(home.enacted_at.clone().unwrap_or_else(|| home.spot.address.clone())),
            article,
            days: within(home.days, own),
            made_by: Some(provision.span),
        };
        visit(draft, documents, drafts, problems);
    }
}

/// The address said inside a target, completed from it.
pub(super) fn inside(target: &Spot, said: &Address) -> Option<Spot> {
    let address = complete(said, &target.address);
    covers(&target.address, &address).then_some(Spot { document: target.document, address })
}

/// The days that are in both.
pub(super) fn within(a: Days, b: Days) -> Days {
    let before = match (a.before, b.before) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    };
    Days { from: a.from.max(b.from), before }
}
