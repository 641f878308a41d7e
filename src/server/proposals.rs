//! `/v1/proposals`: versions that somebody proposes, and what becomes of them; `/v1/versions/{version}/rollback` proposes an older
//! one anew. Knows the shapes; the work is done at the desk ([`super::publishing`]).

use axum::body::Body;
use axum::extract::{Path, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::access::Principal;
use super::arrival::Headers;
use super::caller::Caller;
use super::content;
use super::moves::Moved;
use super::problem::{self, Problem};
use super::publishing::{self, LONGEST, Outcome, Stage, Wish};
use super::versions::Figures;
use crate::store::statement::Publication;

/// What waits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProposalList {
    /// The active version.
    version: String,
    proposals: Vec<Proposed>,
}

/// A version that somebody proposes, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Proposed {
    /// Under which it waits or waited; none where it was only asked what would be.
    name: Option<String>,
    /// `dry-run`, `waiting-for-approval`, `waiting-for-signatures` or `published`.
    state: &'static str,
    /// The entry of the log, once it is published.
    entry: Option<u32>,
    /// Where it waits for signatures: how many there are, and how many it takes.
    signed: Option<usize>,
    needed: Option<usize>,
    by: String,
    note: String,
    approved_by: Option<String>,
    #[schema(format = "date-time")]
    at: String,
    /// The version that it would be, or is.
    version: String,
    /// Its whole hash.
    rules: String,
    /// The version that it follows.
    parent: Option<String>,
    /// The entry by which the same rules were published before.
    again: Option<u32>,
    /// What differs from the parent, in figures.
    changes: Option<Figures>,
    /// In which tasks; `null` in lists.
    tasks: Option<Vec<Moved>>,
    accepted: Vec<Stands>,
}

/// A finding that stands for a reason.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stands {
    code: String,
    fingerprint: String,
    why: String,
}

impl Proposed {
    fn of(outcome: Outcome) -> Self {
        let Outcome { stage, name, by, note, at, approved_by, publication, moved } = outcome;
        let Publication { rules, parent, again, changes, accepted, .. } = publication;
        let (state, entry, signed, needed) = match stage {
            Stage::Dry => ("dry-run", None, None, None),
            Stage::Approval => ("waiting-for-approval", None, None, None),
            Stage::Signatures { signed, needed } => ("waiting-for-signatures", None, Some(signed), Some(needed)),
            Stage::Published(entry) => ("published", Some(entry), None, None),
        };
        Self {
            name,
            state,
            entry,
            signed,
            needed,
            by,
            note,
            approved_by,
            at: at.to_string(),
            version: rules.short(),
            rules: rules.to_string(),
            parent: parent.map(|parent| parent.short()),
            again,
            changes: changes.as_ref().map(Figures::of),
            tasks: moved.map(|moved| moved.to_vec()),
            accepted: accepted
                .into_iter()
                .map(|one| Stands { code: one.code, fingerprint: one.fingerprint, why: one.why })
                .collect(),
        }
    }
}

pub(super) async fn post(
    Extract(state): Extract<State>,
    (caller, principal): (Caller, Principal),
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    state.desk(caller.language)?;
    let bytes = content::json(&state, (&headers, body), LONGEST, caller.language).await?;
    let wish = publishing::proposal(&bytes, (&principal.name, caller.language, &headers))?;
    proposed(state, wish).await
}

pub(super) async fn rollback(
    Extract(state): Extract<State>,
    Path(version): Path<String>,
    (caller, principal): (Caller, Principal),
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    state.desk(caller.language)?;
    let bytes = content::json(&state, (&headers, body), LONGEST, caller.language).await?;
    let wish = publishing::rollback(&bytes, &version, (&principal.name, caller.language, &headers))?;
    proposed(state, wish).await
}

async fn proposed(state: State, wish: Wish) -> Result<Response, Problem> {
    let language = wish.language();
    // What is only asked changes nothing, and may be asked as often as one likes.
    let (known_by, is_dry) = ((!wish.is_dry()).then_some(wish.known_by()), wish.is_dry());
    let outcome = state.at_desk(known_by, language, move |state, desk| publishing::propose(state, desk, &wish)).await?;
    let location = outcome.name.as_ref().map(|name| format!("/v1/proposals/{name}"));
    let mut answer = kept_nowhere(problem::answer(language, &Proposed::of(outcome)));
    if !is_dry {
        *answer.status_mut() = StatusCode::CREATED;
    }
    if let Some(location) = location.and_then(|location| HeaderValue::from_str(&location).ok()) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}

pub(super) async fn list(
    Extract(state): Extract<State>,
    // Where nobody is known nobody may see what is proposed.
    (caller, _): (Caller, Principal),
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    state.desk(language)?;
    let desk = state.clone();
    let found = state.aside(move || publishing::standing(&desk, None, language)).await;
    let found = found.map_err(|why| why.problem(language))??;
    let proposals = found.into_iter().map(Proposed::of).collect();
    let version = state.library().version.clone();
    Ok(kept_nowhere(problem::answer(language, &ProposalList { version, proposals })))
}

pub(super) async fn one(
    Extract(state): Extract<State>,
    Path(name): Path<String>,
    (caller, _): (Caller, Principal),
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    state.desk(language)?;
    let (desk, named) = (state.clone(), name.clone());
    let found = state.aside(move || publishing::standing(&desk, Some(&named), language)).await;
    let found = found.map_err(|why| why.problem(language))??;
    let one = found.into_iter().next().ok_or_else(|| publishing::missing(&name, language))?;
    Ok(kept_nowhere(problem::answer(language, &Proposed::of(one))))
}

pub(super) async fn approve(
    Extract(state): Extract<State>,
    Path(name): Path<String>,
    (caller, principal): (Caller, Principal),
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    let work =
        move |state: &State, desk: &publishing::Desk| publishing::approve((state, desk), (&name, &principal), language);
    let outcome = state.at_desk(None, language, work).await?;
    Ok(kept_nowhere(problem::answer(language, &Proposed::of(outcome))))
}

pub(super) async fn withdraw(
    Extract(state): Extract<State>,
    Path(name): Path<String>,
    (caller, principal): (Caller, Principal),
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    let work = move |state: &State, _: &publishing::Desk| publishing::withdraw(state, (&name, &principal), language);
    state.at_desk(None, language, work).await?;
    Ok(kept_nowhere(StatusCode::NO_CONTENT.into_response()))
}

/// What waits changes at any time.
fn kept_nowhere(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
