//! `/v1/bodies/{id}/portfolio`: all that a body may decide at a unit on a day, as `tq portfolio --format json` has it, page by
//! page.

use axum::extract::State as Extract;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::Again;
use super::paging::{Page, Paging};
use super::problem::{self, Kind, Problem};
use super::segment::Segment;
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::library::Library;
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::sheet::{self, Cell, Sheet};
use crate::reading::standing::portfolio;
use crate::reading::trouble::Member;

pub(super) async fn get(
    Extract(state): Extract<State>,
    Segment(body): Segment,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&["in", "on", "limit", "after", VERSION, AS_KNOWN])?;
    let (paging, language) = (Paging::of(&caller)?, caller.language);
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let again = Again::of(&headers, &caller, (&library.version, &format!("bodies/{body}/portfolio")));
    let work = move || told(&library, &body, (&caller, &paging)).map(|told| problem::answer(language, &told));
    again.or(&state, language, work).await
}

fn told(library: &Library, body: &str, (caller, paging): (&Caller, &Paging)) -> Result<Json, Problem> {
    let voice = Voice::new(&library.rulebook, caller.language);
    let seated = question::day(caller.one("on")).and_then(|on| {
        let unit = caller.one("in").unwrap_or("");
        question::seated(&library.rulebook, (body, unit), on).map(|(body, unit)| (body, unit, on))
    });
    let (body, unit, on) = seated.map_err(|trouble| {
        let kind = if trouble.member == Member::Body { Kind::NotFound } else { Kind::BadQuestion };
        Problem::question(kind, &library.rulebook, caller.language, &trouble)
    })?;
    let mut sheet = portfolio::sheet(voice, &portfolio::portfolio(library.law(), body, unit, on));
    let names = names(&sheet);
    let places: Vec<usize> = (0..names.len()).collect();
    let name = |place: usize| names.get(place).cloned().unwrap_or_default();
    let Page { items, total, next } = paging.page(caller, &places, name)?;
    let wanted = items.first().copied().unwrap_or_default()..items.last().map_or(0, |last| last + 1);
    sheet.rows = sheet.rows.get(wanted).map(<[_]>::to_vec).unwrap_or_default();
    let mut told = sheet::json(&sheet, (&library.version, library.errors()));
    if let Some(members) = told.as_object_mut() {
        members.insert("total".to_owned(), total.into());
        members.insert("next".to_owned(), next.into());
    }
    Ok(told)
}

/// What each row is called by whoever wants the next page: its task, its place, and which of several it is.
fn names(sheet: &Sheet) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        let id = |column: usize| match row.get(column) {
            Some(Cell::Thing(id, _)) => id.as_str(),
            Some(_) | None => "",
        };
        let name = [id(0), id(1)].join(":");
        let several = names.iter().filter(|earlier| earlier.split('#').next() == Some(&name)).count();
        names.push(if several == 0 { name } else { format!("{name}#{}", several + 1) });
    }
    names
}

/// What is answered, as a schema.
pub(super) fn schema() -> Json {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let name = json!({ "$ref": "#/components/schemas/Name" });
    let code = |codes: &[&str]| {
        json!({
            "type": "object", "properties": { "code": { "type": "string", "enum": codes }, "label": text },
            "required": ["code", "label"],
        })
    };
    let held = ["assigned", "devolved", "reorganised", "decentralised", "entrusted", "delegated"];
    let row = json!({
        "type": "object",
        "properties": {
            "task": name,
            "place": { "description": "The place that has to lie in the unit; `null`: wherever the case is.", "anyOf": [name, { "type": "null" }] },
            "when": { "description": "Alternatives, in words.", "type": "array", "items": text },
            "alone": code(&["alone", "concurrent", "conflict"]),
            "held": code(&held),
            "answerable": { "description": "Where it is another.", "type": ["string", "null"] },
            "grounds": texts,
        },
        "required": ["task", "place", "when", "alone", "held", "answerable", "grounds"],
    });
    json!({
        "type": "object",
        "description": "All that a body may decide at a unit on a day.",
        "properties": {
            "report": { "type": "string", "const": "portfolio" },
            "title": text,
            "notes": { "description": "What is not in it.", "type": "array", "items": text },
            "rows": { "type": "array", "items": row },
            "total": { "description": "How many there are on all pages.", "type": "integer", "minimum": 0 },
            "rules_errors": { "type": "integer", "minimum": 0 },
            "version": text,
            "next": { "description": "What to say as `after` for the next page.", "type": ["string", "null"] },
        },
        "required": ["report", "title", "notes", "rows", "total", "rules_errors", "version", "next"],
    })
}
