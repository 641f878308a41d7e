//! `/v1/documents/{number}`: a document as the rules hold it: header, texts, quotes, and its sentences as written.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::State;
use super::caller::Caller;
use super::problem::{self, Kind, Problem};
use crate::library::Library;
use crate::reading::naming::Voice;
use crate::reading::{report, words};
use crate::rulebook::{DocumentId, Text};
use crate::syntax::tree::Language;
use crate::text::name_fold as key;

pub(super) async fn one(
    Extract(state): Extract<State>,
    Path(number): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let library = state.library();
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
    let documents: Vec<Json> = found.into_iter().map(|id| document(&library, voice, id)).collect();
    Ok(problem::answer(caller.language, &json!({ "documents": documents, "version": library.version })))
}

fn document(library: &Library, voice: Voice<'_>, id: DocumentId) -> Json {
    let rulebook = voice.rulebook;
    let document = &rulebook[id];
    let kind = &rulebook[document.kind].names;
    let texts = rulebook.texts.iter().enumerate().filter(|(_, text)| text.document == id || text.enacted_by == id);
    json!({
        "number": document.number,
        "title": document.title,
        "kind": { "id": kind.id, "name": voice.name(kind) },
        "issuer": voice.issuer(&document.issuer),
        "issued": document.issued.to_string(),
        "in_force": document.in_force.iter().map(|days| report::days(*days)).collect::<Vec<_>>(),
        "rests_on": document.rests_on.iter().map(|basis| rulebook[*basis].number.as_str()).collect::<Vec<_>>(),
        "unverified": document.unverified,
        "confidence": document.confidence,
        "texts": texts.map(|(place, text)| text_json(library, voice, place, text)).collect::<Vec<_>>(),
    })
}

fn text_json(library: &Library, voice: Voice<'_>, place: usize, text: &Text) -> Json {
    let rulebook = voice.rulebook;
    let mut said: Vec<_> = rulebook.provisions.iter().filter(|one| usize::try_from(one.text.0) == Ok(place)).collect();
    said.sort_by_key(|one| one.span);
    // A sentence about several tasks is several provisions, written once.
    said.dedup_by_key(|one| one.span);
    let said = said.into_iter().map(|one| {
        let reading = one.reading.map(|(reading, option)| voice.reading_option(reading, option));
        json!({ "words": library.sources.snippet(one.span).trim(), "reading": reading, "unverified": one.unverified })
    });
    let quotes = text.quotes.iter().map(|quote| json!({ "text": quote.text, "paraphrase": quote.paraphrase }));
    json!({
        "address": words::address(&text.address, voice.language),
        "document": rulebook[text.document].number,
        "enacted_by": rulebook[text.enacted_by].number,
        "enacted_at": text.enacted_at.as_ref().map(|at| words::address(at, voice.language)),
        "unverified": text.unverified,
        "confidence": text.confidence,
        "quotes": quotes.collect::<Vec<_>>(),
        "provisions": said.collect::<Vec<_>>(),
    })
}
