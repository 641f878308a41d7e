//! `/v1/units?q=&on=` and `/v1/units/{code}?on=`: units on a day, what they were made of and what became of them.

use axum::extract::State as Extract;
use axum::response::Response;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::Again;
use super::paging::{Page, Paging};
use super::problem::{self, Kind, Problem};
use super::segment::Segment;
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Day, UnitInTime, UnitName, UnitStep};
use crate::reading::trouble::{Member, Trouble, What};
use crate::reading::{existence, question, search};
use crate::register::{Fate, Found, RowId};
use crate::rulebook::Rulebook;

/// Units on a day, best first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnitList<'a> {
    #[schema(required, value_type = String, format = "date")]
    on: Day,
    /// Hash of the rules.
    #[schema(required)]
    version: &'a str,
    /// Where no unit is called just so on the day: those that are on other days.
    #[serde(skip_serializing_if = "Option::is_none")]
    other_days: Option<Vec<UnitInTime<'a>>>,
    /// What became of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    successors: Option<Vec<UnitStep<'a>>>,
    /// Where nothing was ever called so: what may have been meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    near: Option<Vec<UnitInTime<'a>>>,
    #[schema(required)]
    units: Vec<UnitInTime<'a>>,
    /// How many there are on all pages.
    #[schema(required)]
    total: usize,
    /// What to say as `after` for the next page.
    #[schema(required)]
    next: Option<String>,
}

/// A unit on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnitDetail<'a> {
    code: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    level: &'a str,
    /// The units above it on the day, the nearest first.
    parents: Vec<UnitName<'a>>,
    #[schema(value_type = String, format = "date")]
    from: Day,
    #[schema(value_type = Option<String>, format = "date")]
    before: Option<Day>,
    document: Option<&'a str>,
    #[schema(value_type = String, format = "date")]
    on: Day,
    /// How many units are directly under it on the day.
    children: usize,
    /// The bodies that its level can have.
    bodies: Vec<BodyThere<'a>>,
    predecessors: Vec<UnitStep<'a>>,
    successors: Vec<UnitStep<'a>>,
    version: &'a str,
}

/// A body, and whether it exists in the unit on the day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BodyThere<'a> {
    id: &'a str,
    name: &'a str,
    exists: bool,
}

pub(super) async fn list(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&["q", "on", "limit", "after", VERSION, AS_KNOWN])?;
    let paging = Paging::of(&caller)?;
    let library = state.rules(Dial::of(&caller)?, caller.language).await?;
    let again = Again::of(&headers, &caller, (&library.version, "units"));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let rulebook = &library.rulebook;
    let register = &rulebook.register;
    let voice = Voice::new(rulebook, caller.language);
    let on = day(rulebook, &caller)?;
    let lines = |rows: &[RowId]| rows.iter().map(|row| report::unit_in_time(voice, *row)).collect::<Vec<_>>();
    let (mut other_days, mut successors, mut near) = (None, None, None);
    let found = match caller.one("q").filter(|query| !query.trim().is_empty()) {
        None => register.rows_on(on).collect(),
        Some(query) => {
            let found = search::units(register, query, on);
            match register.find(query, None, on) {
                Found::One(_) | Found::Several(_) => {}
                Found::NotThen { rows, successors: fates } => {
                    other_days = Some(lines(&rows));
                    successors = Some(steps(voice, &fates));
                }
                Found::Unknown { near: rows } if found.is_empty() => near = Some(lines(&rows)),
                Found::Unknown { .. } => {}
            }
            found
        }
    };
    // On one day no code is borne twice.
    let Page { items, total, next } = paging.page(&caller, &found, |row: RowId| register.row(row).code.clone())?;
    let (on, version) = (Day(on), library.version.as_str());
    let list = UnitList { on, version, other_days, successors, near, units: lines(&items), total, next };
    Ok(again.answer(problem::answer(caller.language, &list)))
}

pub(super) async fn one(
    Extract(state): Extract<State>,
    Segment(code): Segment,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&["on", VERSION, AS_KNOWN])?;
    let library = state.rules(Dial::of(&caller)?, caller.language).await?;
    let again = Again::of(&headers, &caller, (&library.version, &format!("units/{code}")));
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let rulebook = &library.rulebook;
    let on = day(rulebook, &caller)?;
    let register = &rulebook.register;
    let voice = Voice::new(rulebook, caller.language);
    let row = register.row_on(&code, on).ok_or_else(|| {
        let what = match question::unit(rulebook, Member::In(None), &code, on) {
            Err(trouble) => *trouble.what,
            // The text is the name of a unit, but this address wants codes.
            Ok(row) => What::UnknownUnit { written: code.clone(), near: vec![row] },
        };
        let trouble = Trouble::new(Member::In(None), what);
        Problem::question(Kind::NotFound, rulebook, caller.language, &trouble).at("code")
    })?;
    let unit = register.row(row).unit;
    let parents = register.chain_of_parents(row, on).into_iter().map(|above| report::unit(voice, above));
    let UnitInTime { code, name, kind, level, from, before, document, .. } = report::unit_in_time(voice, row);
    let detail = UnitDetail {
        code,
        name,
        kind,
        level,
        parents: parents.collect(),
        from,
        before,
        document,
        on: Day(on),
        children: register.children(row, on).len(),
        bodies: bodies(voice, row, on),
        predecessors: steps(voice, &register.predecessors(unit)),
        successors: steps(voice, &register.successors(unit)),
        version: &library.version,
    };
    Ok(again.answer(problem::answer(caller.language, &detail)))
}

fn steps<'a>(voice: Voice<'a>, fates: &[Fate]) -> Vec<UnitStep<'a>> {
    fates.iter().map(|fate| report::fate(voice, fate)).collect()
}

fn bodies(voice: Voice<'_>, row: RowId, on: Date) -> Vec<BodyThere<'_>> {
    let found = existence::bodies(voice.rulebook, row, on).into_iter();
    found
        .map(|(body, exists)| {
            let names = &voice.rulebook[body].names;
            BodyThere { id: &names.id, name: voice.name(names), exists }
        })
        .collect()
}

fn day(rulebook: &Rulebook, caller: &Caller) -> Result<Date, Problem> {
    question::day(caller.one("on"))
        .map_err(|trouble| Problem::question(Kind::BadParameter, rulebook, caller.language, &trouble))
}
