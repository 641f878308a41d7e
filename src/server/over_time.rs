//! `/v1/tasks/{id}/table` and `/v1/tasks/{id}/timeline`: a task's whole law as one tree, and its rulings at a place over all
//! days; in JSON, or in words for who prefers plain text.

use axum::extract::State as Extract;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value as Json;

use super::State;
use super::arrival::Headers;
use super::caller::{Caller, thousandths};
use super::freshness::Again;
use super::parameters;
use super::problem::{Kind, Problem};
use super::segment::Segment;
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::reading::ask::Law;
use crate::reading::naming::Voice;
use crate::reading::question::{self, Asked};
use crate::reading::trouble::{Member, Trouble};
use crate::reading::{table, timeline};
use crate::ruling::BadQuestion;

/// In which form an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Words,
}

enum Told {
    Json(Json),
    Words(Vec<String>),
}

/// Version of the rules, and how many errors they hold.
type Stamp<'a> = (&'a str, usize);

type Reading = fn(Law<'_>, Stamp<'_>, (Voice<'_>, Form), &Asked<'_>) -> Result<Told, Trouble>;

pub(super) async fn table(
    Extract(state): Extract<State>,
    segment: Segment,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let asked = parameters::asked(&caller, &["in", "in.ROLE", "on", "lang", VERSION, AS_KNOWN])?;
    told(&state, (&caller, &headers), ("table", segment, asked), table_of).await
}

pub(super) async fn timeline(
    Extract(state): Extract<State>,
    segment: Segment,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let asked = parameters::asked(&caller, &["in", "in.ROLE", "on", "fact.NAME", "lang", VERSION, AS_KNOWN])?;
    told(&state, (&caller, &headers), ("timeline", segment, asked), timeline_of).await
}

/// Answers when the turn comes.
async fn told(
    state: &State,
    (caller, headers): (&Caller, &HeaderMap),
    (what, Segment(task), asked): (&str, Segment, Asked<'static>),
    reading: Reading,
) -> Result<Response, Problem> {
    let (language, form) = (caller.language, form(headers));
    let library = state.rules(Dial::of(caller)?, language).await?;
    let again = Again::of(headers, caller, (&library.version, &format!("tasks/{task}/{what} {form:?}")));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let asked = Asked { task: Some(task.into()), ..asked };
    let told = move || {
        let rulebook = &library.rulebook;
        let stamp = (library.version.as_str(), library.errors());
        let voice = Voice::new(rulebook, language);
        reading(library.law(), stamp, (voice, form), &asked).map_err(|trouble| {
            let kind = if trouble.member == Member::Task { Kind::NotFound } else { Kind::BadQuestion };
            Problem::question(kind, rulebook, language, &trouble).in_query()
        })
    };
    let told = state.aside(told).await.unwrap_or_else(|why| Err(why.problem(language)))?;
    let (content, body) = match told {
        Told::Json(json) => ("application/json", json.to_string()),
        Told::Words(lines) => ("text/plain; charset=utf-8", lines.join("\n") + "\n"),
    };
    let headers = [
        (header::CONTENT_TYPE, content),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept, accept-language"),
    ];
    Ok(again.answer((headers, body).into_response()))
}

fn table_of(
    law: Law<'_>,
    stamp: Stamp<'_>,
    (voice, form): (Voice<'_>, Form),
    asked: &Asked<'_>,
) -> Result<Told, Trouble> {
    let (task, only) = question::part(voice.rulebook, asked)?;
    let day = only.on.unwrap_or_default();
    let refused = |too_many| Trouble::refused(&BadQuestion::TooManyRules(too_many), voice, day);
    let table = table::table(law, task, only).map_err(refused)?;
    Ok(match form {
        Form::Json => Told::Json(table::json(voice, &table, stamp)),
        Form::Words => Told::Words(table::lines(voice, &table)),
    })
}

fn timeline_of(
    law: Law<'_>,
    stamp: Stamp<'_>,
    (voice, form): (Voice<'_>, Form),
    asked: &Asked,
) -> Result<Told, Trouble> {
    let lasting = question::lasting(voice.rulebook, asked)?;
    let refused = |(bad, day)| Trouble::refused(&bad, voice, day);
    let timeline = timeline::timeline(law, lasting).map_err(refused)?;
    Ok(match form {
        Form::Json => Told::Json(timeline::json(voice, &timeline, stamp)),
        Form::Words => Told::Words(timeline::lines(voice, &timeline)),
    })
}

/// Words only for who likes plain text better than JSON.
fn form(headers: &HeaderMap) -> Form {
    let said = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let (mut plain, mut json) = (0, None);
    for part in said.flat_map(|value| value.split(',')) {
        let (range, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(1000, thousandths);
        match range.trim().to_ascii_lowercase().as_str() {
            "text/plain" | "text/*" => plain = plain.max(weight),
            "application/json" | "application/*" => json = json.max(Some(weight)),
            "*/*" if json.is_none() => json = Some(weight),
            _ => {}
        }
    }
    if plain > json.unwrap_or(0) { Form::Words } else { Form::Json }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Form, form};

    #[test]
    fn words_are_for_who_prefers_them() {
        let of =
            |accept: &'static str| form(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]));
        assert_eq!(of("text/plain"), Form::Words);
        assert_eq!(of("text/plain, */*;q=0.1"), Form::Words);
        assert_eq!(of("application/json, text/plain;q=0.5"), Form::Json);
        assert_eq!(of("*/*"), Form::Json);
        assert_eq!(form(&HeaderMap::new()), Form::Json);
    }
}
