//! The search for subjects: all bodies that may decide a case, page by page. A page's token holds what was asked and under
//! which version, so that no page of one search passes for that of another.

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::asked::{BODY, Case, Subject};
use super::{answered, entity, ruling};
use crate::digest::Digest;
use crate::library::Library;
use crate::reading::audit::{Bench, Signer, Verdict, judge, named};
use crate::reading::existence;
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::register::RowId;
use crate::rulebook::{BodyId, SeatAt};
use crate::ruling::{Answer, Named};
use crate::server::State;
use crate::server::arrival::{Headers, LONGEST};
use crate::server::caller::Caller;
use crate::server::members::Object;
use crate::server::paging::{MOST, USUAL};
use crate::server::problem::Problem;
use crate::syntax::tree::Language;

pub(in crate::server) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    answered((state, caller), (&headers, body), LONGEST, found).await.map_err(Problem::into_bad_request)
}

fn found(library: &Library, sent: &Object<'_>, language: Language) -> Result<Json, Problem> {
    // The id of a subject, where one is sent, is passed over.
    Subject::kind(sent, None)?;
    let (question, answer) = Case::read(sent, None)?.answer(library, language)?;
    let voice = Voice::new(&library.rulebook, language);
    let subjects = subjects(library, &answer, question.on);
    let key = format!("{} {}", library.digest, question::canonical(&question));
    let page = Page::read(sent, &key)?;
    let shown: Vec<Json> = subjects.iter().skip(page.from).take(page.limit).map(|one| told(voice, *one)).collect();
    let next = page.from.saturating_add(shown.len());
    let next = if next < subjects.len() && !shown.is_empty() { page.token(next) } else { String::new() };
    Ok(json!({
        "page": { "next_token": next, "count": shown.len(), "total": subjects.len() },
        "context": { "ruling": ruling(library, voice, &answer) },
        "results": shown,
    }))
}

/// A body, and its unit where it has a level.
type Found = (BodyId, Option<RowId>);

/// Everybody whose evaluation would be `true`.
fn subjects(library: &Library, answer: &Answer, on: Date) -> Vec<Found> {
    let rulebook = &library.rulebook;
    let mut subjects: Vec<Found> = Vec::new();
    for one in named(answer).into_iter().flat_map(|decider| of(library, decider.who, on)) {
        let bench = one.1.map_or(Bench::Nowhere, Bench::At);
        let competent = judge(rulebook, answer, &Signer { body: one.0, bench }).verdict == Verdict::Competent;
        if competent && !subjects.contains(&one) {
            subjects.push(one);
        }
    }
    subjects
}

/// The bodies that a ruling names: one, or those of every unit of a level.
fn of(library: &Library, named: Named, on: Date) -> Vec<Found> {
    let (rulebook, body) = (&library.rulebook, named.seat.body);
    if named.unit.is_some() {
        return vec![(body, named.unit)];
    }
    let register = &rulebook.register;
    match named.seat.at {
        SeatAt::Nowhere => vec![(body, None)],
        SeatAt::Unit(unit) => register.row_of(unit, on).map(|row| (body, Some(row))).into_iter().collect(),
        SeatAt::Any { level } => {
            let there = |row: &RowId| {
                register.row(*row).level == level && existence::bodies(rulebook, *row, on).contains(&(body, true))
            };
            register.rows_on(on).filter(there).map(|row| (body, Some(row))).collect()
        }
        // The place is not known finely enough to say whose.
        SeatAt::Level { .. } | SeatAt::Here { .. } | SeatAt::Others { .. } => Vec::new(),
    }
}

/// A subject as an evaluation takes it.
fn told(voice: Voice<'_>, (body, row): Found) -> Json {
    let names = &voice.rulebook[body].names;
    let mut properties = Map::new();
    properties.insert("name".to_owned(), voice.name(names).into());
    let Some(row) = row else { return entity(BODY, names.id.clone(), properties) };
    let code = &voice.rulebook.register.row(row).code;
    properties.insert("unit_name".to_owned(), voice.row(row).into());
    entity(BODY, format!("{}@{code}", names.id), properties)
}

/// Which page is wanted of what is asked.
struct Page {
    from: usize,
    limit: usize,
    key: String,
}

impl Page {
    fn read(sent: &Object<'_>, key: &str) -> Result<Self, Problem> {
        let Some(said) = sent.object("page")? else {
            return Ok(Self { from: 0, limit: USUAL, key: Self::key(key, USUAL) });
        };
        let limit = match said.get("limit") {
            None => USUAL,
            Some(value) => {
                let number = value.get().parse().ok().filter(|limit| (1..=MOST).contains(limit));
                number.ok_or_else(|| said.wrong("limit", &format!("1–{MOST}")))?
            }
        };
        let key = Self::key(key, limit);
        let Some(token) = said.text("token")? else { return Ok(Self { from: 0, limit, key }) };
        let from = token.strip_prefix(&key).and_then(|rest| rest.strip_prefix('-')).and_then(|from| from.parse().ok());
        let from = from.ok_or_else(|| said.wrong("token", "next_token"))?;
        Ok(Self { from, limit, key })
    }

    /// What a page's token begins with.
    fn key(asked: &str, limit: usize) -> String {
        Digest::of(format!("{limit} {asked}").as_bytes()).first(16)
    }

    fn token(&self, from: usize) -> String {
        format!("{}-{from}", self.key)
    }
}
