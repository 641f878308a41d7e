//! `/v1/tasks` and `/v1/tasks/{id}`: the catalogue, with what each task must be asked.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::State;
use super::caller::Caller;
use super::problem::{self, Kind, Problem};
use crate::reading::naming::{self, Voice};
use crate::reading::{question, spelled};
use crate::rulebook::{Domain, FactId, Names, Task};

pub(super) async fn list(Extract(state): Extract<State>, caller: Caller) -> Result<Response, Problem> {
    caller.only(&[])?;
    let library = state.library();
    let voice = Voice::new(&library.rulebook, caller.language);
    let tasks: Vec<Json> = library.rulebook.tasks.iter().map(|task| brief(voice, task)).collect();
    Ok(problem::answer(caller.language, &json!({ "tasks": tasks, "version": library.version })))
}

pub(super) async fn one(
    Extract(state): Extract<State>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let library = state.library();
    let rulebook = &library.rulebook;
    let voice = Voice::new(rulebook, caller.language);
    let id = question::task(rulebook, Some(&id))
        .map_err(|trouble| Problem::question(Kind::NotFound, rulebook, caller.language, &trouble))?;
    let task = &rulebook[id];
    let mut body = brief(voice, task);
    if let Some(members) = body.as_object_mut() {
        let facts: Vec<Json> = task.facts.iter().map(|fact| fact_json(voice, *fact)).collect();
        members.insert("facts".to_owned(), facts.into());
        members.insert("version".to_owned(), library.version.as_str().into());
    }
    Ok(problem::answer(caller.language, &body))
}

fn names(voice: Voice<'_>, names: &Names) -> Json {
    json!({ "id": names.id, "name": voice.name(names) })
}

fn brief(voice: Voice<'_>, task: &Task) -> Json {
    json!({
        "id": task.names.id,
        "name": voice.name(&task.names),
        "sector": task.sector.as_ref().map(|sector| names(voice, sector)),
        "procedures": task.procedures,
        "places": task.roles.iter().map(|role| names(voice, &voice.rulebook[*role].names)).collect::<Vec<_>>(),
        "facts": task.facts.iter().map(|fact| names(voice, &voice.rulebook[*fact].names)).collect::<Vec<_>>(),
    })
}

fn fact_json(voice: Voice<'_>, id: FactId) -> Json {
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
    json!({
        "id": fact.names.id,
        "name": voice.name(&fact.names),
        "type": kind,
        "unit_of_measure": naming::unit_of(&fact.domain),
        "values": naming::values(&fact.domain).iter().map(|value| names(voice, value)).collect::<Vec<_>>(),
        "expected": spelled::expected(voice.rulebook, &fact.domain, voice.language),
    })
}
