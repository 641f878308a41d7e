//! `/v1/diff`: what a change of rules changes, as `tq diff --format json` tells it. `GET` compares two published versions, or
//! one with the rules that are served; `POST` also lays texts over the new side. A side is `served`, a version by its name, or
//! `known:` and a moment.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::arrival::Headers;
use super::caller::Caller;
use super::check::{files_schema, frame, without_schema};
use super::content::LONGEST_TEXTS;
use super::drafts::{Drafts, FILES, Place, WITHOUT};
use super::freshness::Again;
use super::members::Object;
use super::openapi::{DAY, WORD};
use super::problem::{self, Kind, Problem};
use super::shelf::Dial;
use super::{State, content};
use crate::library::Library;
use crate::partition::Side;
use crate::reading::diff::{self, Telling, data};
use crate::reading::question;
use crate::reading::trouble::{Member, Trouble};
use crate::ruling::BadQuestion;
use crate::syntax::tree::Language;

/// What names the rules that are served, and what stands before a moment.
const SERVED: &str = "served";
const KNOWN: &str = "known:";

/// What is compared of two sides.
struct Wanted {
    tasks: Vec<String>,
    /// The member that says them.
    member: &'static str,
    on: Option<String>,
    findings: bool,
    language: Language,
}

pub(super) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only_and(&["old", "new", "on", "findings"], &["task"])?;
    let language = caller.language;
    let old = caller.one("old").ok_or_else(|| caller.wrong("old", super::caller::Wrong::Missing))?;
    let old = state.side(old, "old", language).await?;
    let new = state.side(caller.one("new").unwrap_or(SERVED), "new", language).await?;
    let tasks = caller.all("task").map(str::to_owned).collect();
    let on = caller.one("on").map(str::to_owned);
    let wanted = Wanted { tasks, member: "task", on, findings: caller.truth("findings")?, language };
    let versions = format!("{} {}", old.version, new.version);
    let again = Again::of(&headers, &caller, (&versions, "diff"));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let place = Place::take(&state, language)?;
    let answer = place.work(&state, language, move || wanted.compare(&old, &new)).await?;
    Ok(again.answer(answer))
}

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    let place = Place::take(&state, language)?;
    let bytes = content::json(&state, (&headers, body), LONGEST_TEXTS, language).await?;
    let sent = Object::whole(&bytes, language)?;
    sent.only(&["old", "new", FILES, WITHOUT, "tasks", "on", "findings"])?;
    let drafts = Drafts::read(&sent)?;
    let (old, new) = (sent.text("old")?, sent.text("new")?);
    if drafts.are_none() && old.is_none() {
        return Err(sent.missing("old", SERVED));
    }
    let old = state.side(old.as_deref().unwrap_or(SERVED), "old", language).await?;
    let new = match new {
        Some(new) => state.side(&new, "new", language).await?,
        // Beside texts the new side is the old one with them.
        None if !drafts.are_none() => Arc::clone(&old),
        None => state.library(),
    };
    // What is drafted is also checked, unless that is not wanted.
    let findings = sent.truth("findings")?.unwrap_or(!drafts.are_none());
    let wanted = Wanted { tasks: sent.texts("tasks")?, member: "tasks", on: sent.text("on")?, findings, language };
    let work = move || {
        if drafts.are_none() {
            return wanted.compare(&old, &new);
        }
        wanted.compare(&old, &drafts.over(&new, language)?)
    };
    place.work(&state, language, work).await
}

impl State {
    /// The rules of a side.
    async fn side(&self, named: &str, member: &str, language: Language) -> Result<Arc<Library>, Problem> {
        let dial = match named.strip_prefix(KNOWN) {
            _ if named == SERVED => Dial::Served,
            Some(moment) => Dial::Known(moment.to_owned()),
            None => Dial::Version(named.to_owned()),
        };
        self.rules(dial, language).await.map_err(|problem| problem.at(member))
    }
}

impl Wanted {
    fn compare(&self, old: &Library, new: &Library) -> Result<Response, Problem> {
        let (law, voices) = ((old.law(), new.law()), (frame(old, self.language), frame(new, self.language)));
        let wrong = |rules: &Library, trouble: &Trouble| {
            Problem::question(Kind::BadQuestion, &rules.rulebook, self.language, trouble)
        };
        let on = self.on.as_deref().map(|written| question::day(Some(written))).transpose();
        let scope = on.and_then(|on| diff::scope((&old.rulebook, &new.rulebook), &self.tasks, on));
        let scope = scope.map_err(|trouble| {
            let problem = wrong(new, &trouble);
            if trouble.member == Member::Task { problem.at(self.member) } else { problem }
        })?;
        let same = old.digest == new.digest;
        let diff = if same { Ok(diff::none(&new.rulebook, &scope)) } else { diff::within(law, &scope) };
        let diff = diff.map_err(|(side, many)| {
            let rules = if side == Side::Old { old } else { new };
            let voice = frame(rules, self.language).voice;
            wrong(rules, &Trouble::refused(&BadQuestion::TooManyRules(many), voice, Date::ZERO))
        })?;
        let findings = self.findings.then(|| match same {
            true => diff::Findings::default(),
            false => diff::findings(law, &scope),
        });
        let telling = Telling {
            voices: (voices.0.voice, voices.1.voice),
            diff: &diff,
            findings: findings.as_ref(),
            versions: (&old.version, &new.version),
        };
        Ok(problem::answer(self.language, &data::shape(&telling, voices)))
    }
}

/// What `POST` takes, as a schema.
pub(super) fn schema() -> Json {
    let side = |about: &str| json!({ "type": "string", "pattern": WORD, "description": about });
    json!({
        "type": "object",
        "description": "Two sides, and texts over the new one.",
        "properties": {
            "old": side("`served`, a published version (number, eight or more first digits of its hash, `latest`), or `known:` and a day or moment. `served` where there are texts and nothing is said."),
            "new": side("The same. Where nothing is said: the old side, if there are texts, else `served`."),
            "files": files_schema(),
            "without": without_schema(),
            "tasks": { "type": "array", "description": "Only these, by id or name.", "items": { "type": "string" } },
            "on": { "type": "string", "pattern": DAY, "description": "Only questions of this day." },
            "findings": { "type": "boolean", "description": "Also say which findings of a check come and go; so where there are texts." },
        },
        "additionalProperties": false,
    })
}
