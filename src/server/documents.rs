//! `/v1/documents/{number}`: a document as the rules hold it: header, texts, quotes, and its sentences as written.

use axum::extract::State as Extract;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::Again;
use super::problem::{self, Kind, Problem};
use super::segment::Segment;
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Days, Name};
use crate::reading::words;
use crate::rulebook::{DocumentId, Issued, Text};
use crate::source::Sources;
use crate::syntax::tree::Language;
use crate::text::name_fold as key;

/// The documents that bear a number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DocumentList<'a> {
    documents: Vec<Document<'a>>,
    version: String,
}

/// A document as the rules hold it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Document<'a> {
    number: String,
    title: Option<String>,
    kind: Name<'a>,
    issuer: String,
    /// `null` where nobody knows the day; its first day in force then stands for it where texts are ordered.
    #[schema(format = "date")]
    issued: Option<String>,
    in_force: Vec<Days>,
    /// Numbers of the documents that it rests on.
    rests_on: Vec<String>,
    /// Nobody has checked number, issuer and dates.
    unverified: bool,
    confidence: Option<String>,
    /// What it says, and what it gives other documents to say.
    texts: Vec<DocumentText>,
}

/// What stands at an address.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DocumentText {
    address: String,
    /// The number of the document in which it stands.
    document: String,
    /// The number of the document that gave it this wording.
    enacted_by: String,
    enacted_at: Option<String>,
    unverified: bool,
    confidence: Option<String>,
    quotes: Vec<Quote>,
    provisions: Vec<Sentence>,
}

/// The official text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Quote {
    text: String,
    /// Not the official wording.
    paraphrase: bool,
}

/// A sentence of the rules, as written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sentence {
    words: String,
    reading: Option<String>,
    unverified: bool,
}

pub(super) async fn one(
    Extract(state): Extract<State>,
    Segment(number): Segment,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let library = state.rules(Dial::of(&caller)?, caller.language).await?;
    let again = Again::of(&headers, &caller, (&library.version, &format!("documents/{number}")));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let wanted = key(&number);
    // Several documents may bear one number: all are shown.
    let found = (0_u32..).map(DocumentId).zip(&library.rulebook.documents);
    let found: Vec<DocumentId> =
        found.filter(|(_, document)| key(&document.number) == wanted).map(|(id, _)| id).collect();
    if found.is_empty() {
        let detail = match caller.language {
            Language::Vietnamese => format!("không có văn bản nào số `{number}`"),
            Language::English => format!("there is no document `{number}`"),
        };
        return Err(Problem::new(Kind::NotFound, caller.language, detail).at("number"));
    }
    let voice = Voice::new(&library.rulebook, caller.language);
    let documents = found.into_iter().map(|id| document(&library.sources, voice, id)).collect();
    let list = DocumentList { documents, version: library.version.clone() };
    Ok(again.answer(problem::answer(caller.language, &list)))
}

fn document<'a>(sources: &Sources, voice: Voice<'a>, id: DocumentId) -> Document<'a> {
    let rulebook = voice.rulebook;
    let document = &rulebook[id];
    let texts = rulebook.texts.iter().enumerate().filter(|(_, text)| text.document == id || text.enacted_by == id);
    Document {
        number: document.number.clone(),
        title: document.title.clone(),
        kind: report::name(voice, &rulebook[document.kind].names),
        issuer: voice.issuer(&document.issuer),
        issued: (document.unverified.issued != Issued::Presumed).then(|| document.issued.to_string()),
        in_force: document.in_force.iter().map(|days| report::days(*days)).collect(),
        rests_on: document.rests_on.iter().map(|basis| rulebook[*basis].number.clone()).collect(),
        unverified: document.unverified.any(),
        confidence: document.confidence.clone(),
        texts: texts.map(|(place, text)| text_at(sources, voice, place, text)).collect(),
    }
}

fn text_at(sources: &Sources, voice: Voice<'_>, place: usize, text: &Text) -> DocumentText {
    let rulebook = voice.rulebook;
    let mut said: Vec<_> = rulebook.provisions.iter().filter(|one| usize::try_from(one.text.0) == Ok(place)).collect();
    said.sort_by_key(|one| one.span);
    // A sentence about several tasks is several provisions, written once.
    said.dedup_by_key(|one| one.span);
    let said = said.into_iter().map(|one| Sentence {
        words: sources.snippet(one.span).trim().to_owned(),
        reading: one.reading.map(|(reading, option)| voice.reading_option(reading, option).to_owned()),
        unverified: one.unverified,
    });
    let quotes = text.quotes.iter().map(|quote| Quote { text: quote.text.clone(), paraphrase: quote.paraphrase });
    DocumentText {
        address: words::address(&text.address, voice.language),
        document: rulebook[text.document].number.clone(),
        enacted_by: rulebook[text.enacted_by].number.clone(),
        enacted_at: text.enacted_at.as_ref().map(|at| words::address(at, voice.language)),
        unverified: text.unverified,
        confidence: text.confidence.clone(),
        quotes: quotes.collect(),
        provisions: said.collect(),
    }
}
