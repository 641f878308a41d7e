//! `/healthz/…`: whether the process runs, and whether it can answer. It answers as soon as it listens.

use axum::extract::State as Extract;
use axum::response::Response;

use super::{State, problem};

pub(super) async fn live(Extract(state): Extract<State>) -> Response {
    problem::well(&state.library().version)
}

pub(super) async fn ready(Extract(state): Extract<State>) -> Response {
    problem::well(&state.library().version)
}
