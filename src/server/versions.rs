//! `/v1/versions`: what was published, the newest first. A service of folders of rules has published nothing.

use std::sync::Arc;

use axum::extract::State as Extract;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::{Again, Keep};
use super::paging::{Page, Paging};
use super::problem::{self, Problem};
use super::shelf::Shelf;
use crate::store::log::{Kept, Log};
use crate::store::statement::Changes;

/// Published versions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct VersionList {
    /// The version that is served.
    version: String,
    /// The hash of the first entry of the log, by which the store is known; none of a service of folders.
    root: Option<String>,
    versions: Vec<Version>,
    /// How many there are on all pages.
    total: usize,
    /// What to say as `after` for the next page.
    next: Option<String>,
}

/// A published version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    /// The entry of the log.
    number: u32,
    /// As rulings name it.
    version: String,
    /// The whole hash of the rules.
    rules: String,
    #[schema(format = "date-time")]
    at: String,
    by: String,
    /// Who approved it over HTTP, where somebody else than who proposed it had to.
    approved_by: Option<String>,
    note: String,
    signed_by: Vec<String>,
    /// The entry by which the same rules were published before.
    again: Option<u32>,
    /// What differs from the version before, in figures; none of the first.
    changes: Option<Figures>,
}

/// A diff in figures.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Figures {
    /// Tasks that both versions have.
    compared: usize,
    /// Regions by class, where there are any.
    regions: std::collections::BTreeMap<String, usize>,
    /// Rows of registers.
    units: usize,
}

pub(super) async fn list(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&["limit", "after"])?;
    let paging = Paging::of(&caller)?;
    let log: Arc<Log> = state.shelf().map_or_else(Arc::default, Shelf::log);
    let all: Vec<&Kept> = log.published().rev().map(|(kept, _)| kept).collect();
    let served = state.library();
    // What is told changes with the log and with what is served.
    let told = format!("{} {:?}", served.version, all.first().map(|newest| newest.digest));
    let again = Again::of(&headers, &caller, (&told, "versions")).keep(Keep::Never);
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let Page { items, total, next } = paging.page(&caller, &all, |kept| kept.number.to_string())?;
    let list = VersionList {
        version: served.version.clone(),
        root: log.root().map(|root| root.to_string()),
        versions: items.into_iter().filter_map(version).collect(),
        total,
        next,
    };
    Ok(again.answer(problem::answer(caller.language, &list)))
}

impl Figures {
    pub(super) fn of(changes: &Changes) -> Self {
        Self { compared: changes.compared, regions: changes.regions.clone(), units: changes.units }
    }
}

fn version(kept: &Kept) -> Option<Version> {
    let publication = kept.publication()?;
    Some(Version {
        number: kept.number,
        version: publication.rules.short(),
        rules: publication.rules.to_string(),
        at: kept.at.to_string(),
        by: kept.proposal.by.clone(),
        approved_by: kept.proposal.request.as_ref().and_then(|request| request.approved_by.clone()),
        note: kept.proposal.note.clone(),
        signed_by: kept.signed_by().into_iter().map(str::to_owned).collect(),
        again: publication.again,
        changes: publication.changes.as_ref().map(Figures::of),
    })
}
