//! `/healthz/…`: whether the process runs, and whether it can answer. It answers as soon as it listens, and goes on answering
//! from the old rules when newer ones are broken: so that is told, and is no reason to send callers elsewhere.

use axum::extract::State as Extract;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::caller::Caller;
use super::{State, problem};

pub(super) async fn live(Extract(state): Extract<State>) -> Response {
    problem::well(&state.library().version)
}

/// The version of the rules and since when it is served; `pending` says what is wrong with newer ones, else it is `null`;
/// `store` says how far its store is served and whether that can be read; `decisions` how the log of decisions is doing, where
/// there is one.
pub(super) async fn ready(Extract(state): Extract<State>, caller: Caller) -> Response {
    let library = state.library();
    let rules = state.news().shown(&library.version, caller.language);
    let store = state.shelf().map(|shelf| shelf.standing().shown(caller.language));
    let mut body = json!({ "status": "ok", "version": library.version, "rules": rules, "store": store });
    // Said where it can be seen: with none, one person alone publishes.
    if let (Some(desk), Some(members)) = (&state.settings().publishing, body.as_object_mut()) {
        members.insert("publishing".to_owned(), json!({ "approvals": desk.approvals() }));
    }
    if let (Some(logging), Some(body)) = (state.logging(), body.as_object_mut()) {
        body.insert("decisions".to_owned(), logging.shown());
    }
    ([(header::CACHE_CONTROL, "no-store")], problem::answer(caller.language, &body)).into_response()
}
