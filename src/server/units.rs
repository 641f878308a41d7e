//! `/v1/units?q=&on=` and `/v1/units/{code}?on=`: units on a day, what they were made of and what became of them.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::State;
use super::caller::Caller;
use super::problem::{self, Kind, Problem};
use crate::reading::naming::Voice;
use crate::reading::trouble::{Member, Trouble, What};
use crate::reading::{existence, question, report};
use crate::register::{Found, RowId};
use crate::rulebook::Rulebook;

pub(super) async fn list(Extract(state): Extract<State>, caller: Caller) -> Result<Response, Problem> {
    caller.only(&["q", "on"])?;
    let library = state.library();
    let rulebook = &library.rulebook;
    let voice = Voice::new(rulebook, caller.language);
    let on = day(rulebook, &caller)?;
    let lines = |rows: &[RowId]| rows.iter().map(|row| report::unit_in_time(voice, *row)).collect::<Vec<Json>>();
    let mut body = Map::new();
    body.insert("on".to_owned(), on.to_string().into());
    body.insert("version".to_owned(), library.version.as_str().into());
    let found = match caller.one("q").filter(|query| !query.trim().is_empty()) {
        None => rulebook.register.rows_on(on).collect(),
        Some(query) => match rulebook.register.find(query, None, on) {
            Found::One(row) => vec![row],
            Found::Several(rows) => rows,
            Found::NotThen { rows, successors } => {
                body.insert("other_days".to_owned(), lines(&rows).into());
                let fates = successors.iter().map(|fate| report::fate(voice, fate));
                body.insert("successors".to_owned(), fates.collect());
                Vec::new()
            }
            Found::Unknown { near } => {
                body.insert("near".to_owned(), lines(&near).into());
                Vec::new()
            }
        },
    };
    body.insert("units".to_owned(), lines(&found).into());
    Ok(problem::answer(caller.language, &Json::Object(body)))
}

pub(super) async fn one(
    Extract(state): Extract<State>,
    Path(code): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.only(&["on"])?;
    let library = state.library();
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
    let fates =
        |fates: Vec<crate::register::Fate>| fates.iter().map(|fate| report::fate(voice, fate)).collect::<Json>();
    let mut body = report::unit_in_time(voice, row);
    if let Some(members) = body.as_object_mut() {
        let parents = register.chain_of_parents(row, on).into_iter().map(|above| report::unit(voice, above));
        members.insert("on".to_owned(), on.to_string().into());
        members.insert("parents".to_owned(), parents.collect());
        members.insert("children".to_owned(), register.children(row, on).len().into());
        members.insert("bodies".to_owned(), bodies(voice, row, on));
        members.insert("predecessors".to_owned(), fates(register.predecessors(unit)));
        members.insert("successors".to_owned(), fates(register.successors(unit)));
        members.insert("version".to_owned(), library.version.as_str().into());
    }
    Ok(problem::answer(caller.language, &body))
}

fn bodies(voice: Voice<'_>, row: RowId, on: Date) -> Json {
    let found = existence::bodies(voice.rulebook, row, on).into_iter();
    found
        .map(|(body, exists)| {
            let names = &voice.rulebook[body].names;
            json!({ "id": names.id, "name": voice.name(names), "exists": exists })
        })
        .collect()
}

fn day(rulebook: &Rulebook, caller: &Caller) -> Result<Date, Problem> {
    question::day(caller.one("on"))
        .map_err(|trouble| Problem::question(Kind::BadParameter, rulebook, caller.language, &trouble))
}
