//! `/v1/format`: a text of rules in canonical form, in its own language or in the other, as `tq fmt` writes it; or what of it
//! cannot be read. A text with errors is answered as such: it was asked what it is.

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::arrival::Headers;
use super::caller::Caller;
use super::content::LONGEST_TEXTS;
use super::drafts::Place;
use super::members::Object;
use super::problem::{self, Kind, Problem};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::{State, content};
use crate::library::Library;
use crate::source::{Sources, Span};
use crate::syntax::format::{self, Refusal};
use crate::syntax::parse;
use crate::syntax::tree::Language;
use crate::wording;

/// A text in canonical form, or what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Canonical<'a> {
    /// `null` where there are problems.
    text: Option<String>,
    /// The language that the text is in now.
    language: Option<&'static str>,
    /// The language of most of what was sent.
    was: Option<&'static str>,
    /// Whether what was sent was canonical already, in the language that was asked for.
    is_canonical: bool,
    problems: Vec<TextProblem>,
    /// Hash of the rules whose names are used.
    version: &'a str,
}

/// What is wrong with a text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TextProblem {
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    code: &'static str,
    message: String,
}

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    let place = Place::take(&state, language)?;
    let bytes = content::json(&state, (&headers, body), LONGEST_TEXTS, language).await?;
    let sent = Object::whole(&bytes, language)?;
    sent.only(&["text", "to"])?;
    let (text, to) = (sent.needed("text")?, sent.language("to")?);
    if text.len() > parse::FILE_LIMIT {
        return Err(too_long(language));
    }
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let work = move || Ok(problem::answer(language, &canonical(&library, &text, to, language)));
    place.work(&state, language, work).await
}

fn too_long(language: Language) -> Problem {
    let limit = parse::FILE_LIMIT;
    let detail = match language {
        Language::Vietnamese => format!("một tệp quy định không dài quá {limit} byte"),
        Language::English => format!("no file of rules is longer than {limit} bytes"),
    };
    Problem::new(Kind::TooLarge, language, detail).at("text")
}

fn canonical<'a>(library: &'a Library, sent: &str, to: Option<Language>, language: Language) -> Canonical<'a> {
    // A text is UTF-8, and was not too long before its characters were composed, which makes no text longer.
    let text = parse::normalize(sent.as_bytes()).unwrap_or_default();
    let mut sources = Sources::default();
    let source = sources.add("", text.as_str());
    let names = library.names(std::iter::once(text.as_str()));
    let at = |span: Span, code, message| {
        let (line, column) = sources.line_column(span);
        TextProblem { line, column, code, message }
    };
    let refused = |problems| Canonical {
        text: None,
        language: None,
        was: None,
        is_canonical: false,
        problems,
        version: &library.version,
    };
    match format::format(source, &text, &names, to) {
        Ok(formatted) => Canonical {
            is_canonical: formatted.text == sent,
            language: Some(formatted.language.tag()),
            was: Some(formatted.was.tag()),
            text: Some(formatted.text),
            problems: Vec::new(),
            version: &library.version,
        },
        Err(Refusal::Unread(found)) => {
            let told =
                found.iter().map(|one| at(one.span, one.problem.code(), wording::message(&one.problem, language)));
            refused(told.collect())
        }
        Err(Refusal::Unsayable(found)) => {
            let told = found
                .iter()
                .map(|(span, trouble)| at(*span, "unsayable", wording::format::unsayable(trouble, language)));
            refused(told.collect())
        }
    }
}

/// What is taken, as a schema.
pub(super) fn schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "text": { "type": "string", "description": "A file of rules." },
            "to": { "type": "string", "enum": ["vi", "en"], "description": "The language to write it in; else its own." },
        },
        "required": ["text"],
        "additionalProperties": false,
    })
}
