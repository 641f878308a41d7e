//! Puts the tables together: sorts provisions, links them, takes out what turned out wrong, and gives the rest its ids.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Binding, Chain, Noun};
use crate::rulebook::{Cases, PrevailsOver, Provision, ProvisionId, Quote, Reading, ReadingId, Statement, Text};
use crate::source::{Sources, Span};
use crate::syntax::tree::{self, Name};

use super::Broken;
use super::catalogue::number;
use super::cycles::cycles;
use super::documents::Documents;
use super::force::Force;
use super::links::{Linked, Links};
use super::names::{fold, nearest};
use super::problems::Problems;
use super::provisions::{Binder, Draft, Standing, text_id};
use super::texts::Draft as TextDraft;

/// The tables of texts and readings; a text with readings has the next number of the second.
pub(super) fn texts(
    drafts: &[TextDraft<'_>],
    documents: &Documents<'_>,
    problems: &mut Problems,
) -> (Vec<Text>, Vec<Reading>) {
    let mut texts = Vec::new();
    let mut readings = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let article = draft.article;
        texts.push(Text {
            document: draft.spot.document,
            address: draft.spot.address.clone(),
            enacted_by: draft.enacted_by,
            enacted_at: draft.enacted_at.clone(),
            unverified: article.unverified,
            confidence: article.confidence.as_ref().map(|confidence| confidence.value.clone()),
            quotes: article.quotes.iter().map(quote).collect(),
            span: article.address.span,
        });
        if !article.readings.is_empty() {
            let (options, settled) = options(article, documents, problems);
            readings.push(Reading { text: text_id(at), options, settled });
        }
    }
    (texts, readings)
}

fn quote(quote: &tree::Quote) -> Quote {
    Quote { text: quote.text.clone(), paraphrase: quote.paraphrase }
}

type Settled = Vec<(crate::rulebook::DocumentId, u8)>;

fn options(article: &tree::Article, documents: &Documents<'_>, problems: &mut Problems) -> (Vec<String>, Settled) {
    let names: Vec<&Name> = article.readings.iter().map(|reading| &reading.name).collect();
    let place = |name: &str| names.iter().position(|other| fold(&other.value) == fold(name));
    for (at, name) in names.iter().enumerate() {
        if let Some(first) = place(&name.value).filter(|first| *first < at) {
            let problem = Binding::DuplicateName { noun: Noun::Reading, name: name.value.clone() };
            problems.add_related(problem, name.span, names.get(first).map(|first| first.span).into_iter().collect());
        }
    }
    let mut settled = Vec::new();
    for line in &article.settled {
        let Some(option) = place(&line.name.value).and_then(|at| u8::try_from(at).ok()) else {
            let nearest = nearest(&line.name.value, names.iter().map(|name| name.value.as_str()));
            let name = line.name.value.clone();
            problems.add(
                Binding::UnknownName {
                    noun: Noun::Reading,
                    name,
                    nearest,
                    keyword: None,
                    foreign: None,
                    among: Vec::new(),
                },
                line.name.span,
            );
            continue;
        };
        settled.extend(documents.find(&line.by, problems).map(|document| (document, option)));
    }
    (names.iter().map(|name| name.value.clone()).collect(), settled)
}

/// All provisions, bound and linked.
pub(super) fn provisions(
    binder: Binder<'_>,
    texts: &[TextDraft<'_>],
    readings: &[Reading],
    sources: &Sources,
    problems: &mut Problems,
) -> Vec<Provision> {
    let (mut drafts, broken) = drafts(binder, texts, problems);
    drafts.sort_by_cached_key(|draft| {
        let place = (draft.bound.text, draft.bound.reading);
        let task = draft.bound.statement.task();
        (place, task, said(draft), limits_said(draft), draft.source.span)
    });
    let mut by_text = vec![Vec::new(); texts.len()];
    for (at, draft) in drafts.iter().enumerate() {
        if let Some(list) = by_text.get_mut(draft.bound.text.0 as usize) {
            list.push(at);
        }
    }
    let links = Links {
        catalogue: binder.catalogue,
        documents: binder.documents,
        sources,
        texts,
        drafts: &drafts,
        by_text,
        broken: &broken,
    };
    let mut linked: Vec<Option<Linked>> = (0..drafts.len()).map(|at| links.link(at, problems)).collect();
    take_out_cycles(&drafts, texts, readings, &mut linked, problems);
    compact(drafts, linked)
}

/// What a sentence says, by the ids of what it names, which are themselves sorted by what they name: neither the place in
/// the files nor the language makes a difference.
fn said(draft: &Draft<'_>) -> String {
    let acts_on: Vec<String> = match &draft.source.statement {
        tree::Statement::Act { targets, except, .. } => targets.iter().chain(except).map(cited).collect(),
        tree::Statement::Extends { document, before } => vec![format!("{} {}", named(document), before.value)],
        tree::Statement::Governs { part, .. } => vec![format!("{part:?}")],
        tree::Statement::DecidedBy { .. }
        | tree::Statement::NotRequired { .. }
        | tree::Statement::PassesTo { .. }
        | tree::Statement::SucceededBy { .. }
        | tree::Statement::Transfer { .. }
        | tree::Statement::Permission { .. }
        | tree::Statement::Onward { .. }
        | tree::Statement::MustStateTerm { .. }
        | tree::Statement::Widens { .. }
        | tree::Statement::HigherRankPrevails
        | tree::Statement::LaterTextPrevails
        | tree::Statement::MayStepIn { .. }
        | tree::Statement::Requires { .. }
        | tree::Statement::Handling { .. }
        | tree::Statement::BodyExists { .. }
        | tree::Statement::LevelExists { .. }
        | tree::Statement::Classifies { .. }
        | tree::Statement::Tabulates { .. } => Vec::new(),
    };
    format!("{:?} {acts_on:?}", draft.bound.statement)
}

/// What the limits of a sentence say, so that like sentences are told apart by what they say and not by where.
fn limits_said(draft: &Draft<'_>) -> String {
    let Draft { source, bound } = draft;
    let tree::Limits { cases, under, prevails, yields, with_consent, .. } = &source.limits;
    let cases: Vec<_> =
        cases.iter().map(|cases| (cases.kind, cases.of.iter().map(cited).collect::<Vec<_>>())).collect();
    let cites = under.iter().chain(yields).chain(prevails.iter().flat_map(|prevails| &prevails.over));
    let authority = prevails.iter().filter_map(|prevails| prevails.by.as_ref());
    let words: Vec<String> = cites.map(cited).chain(authority.map(named)).collect();
    let own = (&bound.scopes, &bound.condition, bound.days, bound.unverified, &bound.confidence);
    format!("{own:?} {with_consent} {cases:?} {words:?}")
}

fn cited(one: &tree::AddressRef) -> String {
    format!("{:?} {:?}", one.address, one.document.as_ref().map(named))
}

fn named(document: &tree::DocumentRef) -> String {
    format!("{} {:?}", document.number.value, document.issued.as_ref().map(|issued| issued.value))
}

/// The provisions of all texts, before they point at each other, and the texts that lost a sentence.
fn drafts<'t>(binder: Binder<'_>, texts: &[TextDraft<'t>], problems: &mut Problems) -> (Vec<Draft<'t>>, Broken) {
    let mut drafts = Vec::new();
    let mut broken = Broken::new();
    let mut readings = 0;
    for (at, text) in texts.iter().enumerate() {
        let id = text_id(at);
        if text.article.damaged {
            broken.insert(at);
        }
        let plain = text.article.provisions.iter().map(|provision| (provision, None));
        let of_readings = (0..=u8::MAX).zip(&text.article.readings).flat_map(|(option, reading)| {
            let reading_id = ReadingId(number(readings));
            reading.provisions.iter().map(move |provision| (provision, Some((reading_id, option))))
        });
        for (source, reading) in plain.chain(of_readings) {
            let before = problems.errors();
            drafts.extend(binder.provisions(source, Standing { id, text, reading }, problems));
            if problems.errors() > before {
                broken.insert(at);
            }
        }
        readings += usize::from(!text.article.readings.is_empty());
    }
    (drafts, broken)
}

/// Provisions that borrow their cases from themselves, displace themselves or end themselves are left out.
fn take_out_cycles(
    drafts: &[Draft<'_>],
    texts: &[TextDraft<'_>],
    readings: &[Reading],
    linked: &mut [Option<Linked>],
    problems: &mut Problems,
) {
    let cases = |_: usize, linked: &Linked| places(linked.cases.iter().flat_map(|cases| &cases.of));
    for (chain, edges) in [
        (Chain::Cases, edges(linked, cases)),
        (Chain::Displacement, displacement(linked)),
        (Chain::Acts, Force { drafts, linked, texts, readings }.edges()),
    ] {
        for cycle in cycles(&edges) {
            let spans: BTreeSet<Span> =
                cycle.iter().filter_map(|at| drafts.get(*at)).map(|draft| draft.source.span).collect();
            if let Some(first) = spans.first() {
                let related = spans.iter().skip(1).copied().collect();
                problems.add_related(Binding::Circular { chain, members: Vec::new() }, *first, related);
            }
            for at in cycle {
                if let Some(entry) = linked.get_mut(at) {
                    *entry = None;
                }
            }
        }
    }
}

pub(super) fn places<'a>(ids: impl IntoIterator<Item = &'a ProvisionId>) -> Vec<usize> {
    ids.into_iter().map(|id| id.0 as usize).collect()
}

pub(super) fn edges(linked: &[Option<Linked>], of: impl Fn(usize, &Linked) -> Vec<usize>) -> Vec<Vec<usize>> {
    linked
        .iter()
        .enumerate()
        .map(|(at, linked)| linked.as_ref().map_or_else(Vec::new, |linked| of(at, linked)))
        .collect()
}

/// From what beats to what is beaten, by name.
fn displacement(linked: &[Option<Linked>]) -> Vec<Vec<usize>> {
    let mut edges = edges(linked, |_, linked| places(linked.prevails.iter().flat_map(|prevails| &prevails.over)));
    for (beaten, linked) in linked.iter().enumerate() {
        for by in linked.iter().flat_map(|linked| &linked.yields) {
            if let Some(edges) = edges.get_mut(by.0 as usize) {
                edges.push(beaten);
            }
        }
    }
    edges
}

/// Leaves out what was not linked, and what borrowed its cases or its ground only from such; the rest gets its ids.
fn compact(drafts: Vec<Draft<'_>>, linked: Vec<Option<Linked>>) -> Vec<Provision> {
    let mut linked = linked;
    loop {
        let kept: BTreeSet<usize> =
            linked.iter().enumerate().filter(|(_, linked)| linked.is_some()).map(|(at, _)| at).collect();
        let lost = |ids: &[ProvisionId]| !ids.is_empty() && !ids.iter().any(|id| kept.contains(&(id.0 as usize)));
        let mut changed = false;
        for entry in &mut linked {
            let fails = entry.as_ref().is_some_and(|linked| {
                linked.cases.iter().any(|cases| lost(&cases.of)) || linked.under.as_deref().is_some_and(lost)
            });
            if fails {
                *entry = None;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let kept = linked.iter().enumerate().filter(|(_, linked)| linked.is_some()).map(|(at, _)| at);
    let new: BTreeMap<ProvisionId, ProvisionId> =
        kept.enumerate().map(|(to, from)| (ProvisionId(number(from)), ProvisionId(number(to)))).collect();
    let pairs = drafts.into_iter().zip(linked);
    pairs.filter_map(|(draft, linked)| Some(finish(draft.bound, linked?, &new))).collect()
}

fn finish(mut provision: Provision, linked: Linked, new: &BTreeMap<ProvisionId, ProvisionId>) -> Provision {
    let renew =
        |ids: Vec<ProvisionId>| -> Vec<ProvisionId> { ids.iter().filter_map(|id| new.get(id).copied()).collect() };
    provision.cases = linked.cases.into_iter().map(|cases| Cases { kind: cases.kind, of: renew(cases.of) }).collect();
    let over = |prevails: PrevailsOver| PrevailsOver { over: renew(prevails.over), by: prevails.by };
    provision.prevails = linked.prevails.into_iter().map(over).collect();
    provision.yields = renew(linked.yields);
    if let Statement::Transfer { under, .. } = &mut provision.statement {
        *under = linked.under.map(renew);
    } else if let Statement::Act { hits, documents, .. } = &mut provision.statement {
        *hits = renew(linked.hits);
        *documents = linked.documents;
    } else if let Statement::Governs { within, .. } = &mut provision.statement {
        *within = renew(linked.within);
    }
    provision
}

/// The provisions about each task.
pub(super) fn by_task(provisions: &[Provision], tasks: usize) -> Vec<Vec<ProvisionId>> {
    let mut lists = vec![Vec::new(); tasks];
    for (at, provision) in provisions.iter().enumerate() {
        if let Some(list) = provision.statement.task().and_then(|task| lists.get_mut(task.0 as usize)) {
            list.push(ProvisionId(number(at)));
        }
    }
    lists
}
