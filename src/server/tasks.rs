//! `/v1/tasks` and `/v1/tasks/{id}`: the catalogue, searched without marks, with what each task must be asked.

use axum::extract::State as Extract;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::Again;
use super::paging::{Page, Paging};
use super::problem::{self, Kind, Problem};
use super::segment::Segment;
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::reading::naming::{self, Voice};
use crate::reading::report::{Name, TaskBrief, brief, name};
use crate::reading::{question, search, spelled};
use crate::rulebook::{Domain, FactId, TaskId};

/// Tasks, best first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskList<'a> {
    tasks: Vec<TaskBrief<'a>>,
    /// Hash of the rules.
    version: &'a str,
    /// How many there are on all pages.
    total: usize,
    /// What to say as `after` for the next page.
    next: Option<String>,
}

/// A task with all that it may be asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskDetail<'a> {
    id: &'a str,
    name: &'a str,
    sector: Option<Name<'a>>,
    procedures: &'a [String],
    places: Vec<Name<'a>>,
    facts: Vec<FactDetail<'a>>,
    version: &'a str,
}

/// A fact, and what may be said of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactDetail<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    #[schema(schema_with = fact_types)]
    kind: &'static str,
    unit_of_measure: Option<&'a str>,
    /// Of a fact with named values: all of them.
    values: Vec<Name<'a>>,
    /// What may be said, in words.
    expected: String,
}

fn fact_types() -> Schema {
    let types = ["boolean", "one", "many", "integer", "decimal", "date", "level-or-none"];
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(types)).build())
}

pub(super) async fn list(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&["q", "limit", "after", VERSION, AS_KNOWN])?;
    let paging = Paging::of(&caller)?;
    let library = state.rules(Dial::of(&caller)?, caller.language).await?;
    let again = Again::of(&headers, &caller, (&library.version, "tasks"));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let rulebook = &library.rulebook;
    let voice = Voice::new(rulebook, caller.language);
    let found = search::tasks(rulebook, caller.one("q").unwrap_or(""));
    let Page { items, total, next } = paging.page(&caller, &found, |id: TaskId| rulebook[id].names.id.clone())?;
    let tasks = items.into_iter().map(|id| brief(voice, &rulebook[id])).collect();
    let list = TaskList { tasks, version: &library.version, total, next };
    Ok(again.answer(problem::answer(caller.language, &list)))
}

pub(super) async fn one(
    Extract(state): Extract<State>,
    Segment(id): Segment,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let library = state.rules(Dial::of(&caller)?, caller.language).await?;
    let again = Again::of(&headers, &caller, (&library.version, &format!("tasks/{id}")));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let rulebook = &library.rulebook;
    let voice = Voice::new(rulebook, caller.language);
    let id = question::task(rulebook, Some(&id))
        .map_err(|trouble| Problem::question(Kind::NotFound, rulebook, caller.language, &trouble))?;
    let task = &rulebook[id];
    let TaskBrief { id, name, sector, procedures, places, .. } = brief(voice, task);
    let facts = task.facts.iter().map(|fact| fact_detail(voice, *fact)).collect();
    let version = &library.version;
    let detail = TaskDetail { id, name, sector, procedures, places, facts, version };
    Ok(again.answer(problem::answer(caller.language, &detail)))
}

fn fact_detail(voice: Voice<'_>, id: FactId) -> FactDetail<'_> {
    let fact = &voice.rulebook[id];
    let kind = match &fact.domain {
        Domain::Boolean => "boolean",
        Domain::One { .. } => "one",
        Domain::Many { .. } => "many",
        Domain::Number { integer: true, .. } => "integer",
        Domain::Number { integer: false, .. } => "decimal",
        Domain::Date => "date",
        Domain::LevelOrNone => "level-or-none",
    };
    FactDetail {
        id: &fact.names.id,
        name: voice.name(&fact.names),
        kind,
        unit_of_measure: naming::unit_of(&fact.domain),
        values: naming::values(&fact.domain).iter().map(|value| name(voice, value)).collect(),
        expected: spelled::expected(voice.rulebook, &fact.domain, voice.language),
    }
}
