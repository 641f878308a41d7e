//! `/v1/rules`: the files of the rules that are served, or of another version, as they were read. Who has them can compare,
//! check and ask them at home.

use axum::extract::State as Extract;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::Again;
use super::problem::{self, Problem};
use super::shelf::{AS_KNOWN, Dial, VERSION};

/// Rules as files.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rules<'a> {
    version: &'a str,
    /// The whole hash: over path and SHA-256 of each file, in their order.
    rules: String,
    files: Vec<Text<'a>>,
}

/// A file of rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Text<'a> {
    path: &'a str,
    text: &'a str,
}

pub(super) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let again = Again::of(&headers, &caller, (&library.version, "rules"));
    let work = move || {
        // Rules that are no text are errors, and are not served.
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        let files = library.files.iter().map(|file| Text { path: &file.path, text: text(&file.bytes) }).collect();
        Ok(problem::answer(language, &Rules { version: &library.version, rules: library.digest.to_string(), files }))
    };
    again.or(&state, language, work).await
}
