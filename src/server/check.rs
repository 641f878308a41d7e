//! `/v1/check`: every finding in the rules that are served, as `tq check --format json` has them. Worked out once for each
//! version; what the authors accept is said in their repository, and is not known here. `POST` checks texts that are not
//! published, over these rules or alone, and says their errors besides.

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::arrival::Headers;
use super::caller::Caller;
use super::content::LONGEST_TEXTS;
use super::drafts::{Drafts, FILES, Place, WITHOUT};
use super::freshness::Again;
use super::members::Object;
use super::openapi::WORD;
use super::problem::{self, Problem};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::{State, content};
use crate::library::Library;
use crate::reading::check::data::{All, FindingsShape, Frame, shape};
use crate::reading::naming::Voice;
use crate::syntax::tree::Language;

/// What is wrong with texts of rules: errors first, which may hide findings or be their cause.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Checked<'a> {
    errors: Vec<RuleError>,
    findings: FindingsShape<'a>,
}

/// An error of rules: they are not served while they have one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleError {
    path: String,
    /// From 1; `null` where the file as a whole is meant.
    line: Option<usize>,
    code: &'static str,
    message: String,
}

pub(super) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let again = Again::of(&headers, &caller, (&library.version, "check"));
    again.or(&state, language, move || Ok(problem::answer(language, &findings(&library, language)))).await
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
    sent.only(&[FILES, WITHOUT, "alone"])?;
    let (drafts, alone) = (Drafts::read(&sent)?, sent.truth("alone")?.unwrap_or(false));
    if drafts.are_none() {
        return Err(sent.missing(FILES, "[{ path: string, text: string }]"));
    }
    if alone && sent.get(WITHOUT).is_some() {
        return Err(sent.wrong(WITHOUT, "alone: false"));
    }
    let base = state.rules(Dial::of(&caller)?, language).await?;
    let work = move || {
        let library = if alone { drafts.alone() } else { drafts.over(&base, language)? };
        let errors = library.faults().into_iter().map(|fault| {
            let message = fault.words(language).to_owned();
            RuleError { path: fault.path, line: fault.line, code: fault.code, message }
        });
        let errors = errors.collect();
        Ok(problem::answer(language, &Checked { errors, findings: findings(&library, language) }))
    };
    place.work(&state, language, work).await
}

fn findings(library: &Library, language: Language) -> FindingsShape<'_> {
    shape(frame(library, language), library.review(), All::Yes)
}

/// The findings of a library, as callers are told of them.
pub(super) fn frame(library: &Library, language: Language) -> Frame<'_> {
    Frame {
        voice: Voice::new(&library.rulebook, language),
        sources: &library.sources,
        path: &str::to_owned,
        rules: "",
        version: &library.version,
        rules_errors: library.errors(),
    }
}

/// What `POST` takes, as a schema.
pub(super) fn schema() -> Json {
    json!({
        "type": "object",
        "description": "Texts that are to be checked.",
        "properties": {
            "files": files_schema(),
            "without": without_schema(),
            "alone": { "type": "boolean", "description": "Check these texts and no others; then nothing is left out by `without`." },
        },
        "required": ["files"],
        "additionalProperties": false,
    })
}

/// Texts of rules by their paths.
pub(super) fn files_schema() -> Json {
    let text = json!({ "type": "string" });
    let path = json!({ "type": "string", "pattern": WORD });
    json!({
        "type": "array",
        "description": "Files of rules (`.tq`) or tables (`.csv`). Each takes the place of the file of its path, or is added.",
        "items": {
            "type": "object", "properties": { "path": path, "text": text }, "required": ["path", "text"], "additionalProperties": false,
        },
    })
}

pub(super) fn without_schema() -> Json {
    json!({ "type": "array", "description": "Paths of files that are left out.", "items": { "type": "string" } })
}
