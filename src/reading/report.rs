//! A ruling as JSON, for programs: the shape of DESIGN section 7, every member always there, in one order.
//! Numbers of facts are strings, so that nothing is rounded on the way.
//!
//! Shapes are types: their members are written in the order of the fields, and their schemas are made from the same fields.

mod codes;
mod next;
mod parted;
mod parts;
mod task;
mod trouble;
mod unit;

use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

pub use parted::{Parted, chain};

use super::ask::Depth;
use super::naming::Voice;
use super::{explain, words};
use crate::register::RowId;
use crate::rulebook::RoleId;
use crate::ruling::{Answer, Outcome};

pub(super) use codes::{conflict as conflict_schema, held as held_schema, outcome as outcome_schema};
pub(super) use codes::{requirement as requirement_schema, sharing as sharing_schema};
pub use next::{Case, Choice, End, FactValue, NextQuestion, choice, next, value};
pub use parts::{Citation, Days, Decider, Ground, Loss, Name, Reading, Requirement, Seat};
pub use parts::{days, decider, grounds, loss, name, reading, requirements, seat, seats};
pub use task::{TaskBrief, brief};
pub use trouble::{Trouble, trouble};
pub use unit::{UnitInTime, UnitName, UnitStep, fate, unit, unit_in_time};

/// What a report holds besides the answer.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub version: &'a str,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    pub depth: Depth,
}

/// A ruling.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ruling {
    #[schema(schema_with = codes::outcome)]
    pub outcome: &'static str,
    /// Outcome and decider in words.
    pub label: String,
    pub task: Name,
    /// The place of the task's first role, if it is one unit.
    pub unit: Option<UnitName>,
    /// The units asked about, by role.
    #[schema(value_type = BTreeMap<String, Vec<UnitName>>)]
    pub places: Map<String, Json>,
    #[schema(format = "date")]
    pub date: String,
    /// The facts that were said.
    #[schema(value_type = BTreeMap<String, FactValue>)]
    pub facts: Map<String, Json>,
    /// Who decides; of a conflict those who contend, of an orphaned task the one that is gone.
    pub deciders: Vec<Decider>,
    /// The one who decides.
    pub decider: Option<Decider>,
    #[schema(schema_with = codes::held_or_null)]
    pub held: Option<&'static str>,
    pub answerable: Option<Seat>,
    #[schema(schema_with = codes::nothing)]
    pub signature: Option<String>,
    #[schema(schema_with = codes::sharing)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = codes::conflict)]
    pub conflict: Option<&'static str>,
    pub requires: Vec<Requirement>,
    pub may_step_in: Vec<Seat>,
    #[schema(schema_with = codes::nothing)]
    pub procedure: Option<String>,
    #[schema(schema_with = codes::nothing)]
    pub result: Option<String>,
    #[schema(schema_with = codes::nothing)]
    pub seal: Option<String>,
    /// The grounds, in the order of the law's steps.
    pub chain: Vec<Ground>,
    /// The grounds depend on what was not said; the ruling does not.
    pub grounds_vary: bool,
    /// No organisation law of the day is loaded: transfers are unverified.
    pub framework_unread: bool,
    /// What applies by its own terms and lost; `null` unless it was asked for.
    pub lost: Option<Vec<Loss>>,
    /// Days around the date on which all of this stays the same.
    pub valid: Days,
    /// What is still to be known.
    pub ask: Vec<NextQuestion>,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    /// Hash of the rules.
    pub version: String,
}

/// A shape as a JSON value, its members in their order.
#[must_use]
pub fn json(shape: &impl Serialize) -> Json {
    serde_json::to_value(shape).unwrap_or_default()
}

/// The report of an answer.
#[must_use]
pub fn report(voice: Voice<'_>, answer: &Answer, frame: Frame<'_>) -> Json {
    json(&ruling(voice, answer, frame, grounds(voice, &answer.grounds)))
}

fn ruling(voice: Voice<'_>, answer: &Answer, frame: Frame<'_>, chain: Vec<Ground>) -> Ruling {
    let question = &answer.question;
    let one = match answer.deciders.as_slice() {
        [one] if answer.outcome == Outcome::Decided => Some(one),
        _ => None,
    };
    let facts = question.facts.iter();
    let facts = facts.map(|(fact, said)| (voice.rulebook[*fact].names.id.clone(), json(&value(voice, *fact, said))));
    Ruling {
        outcome: words::outcome_code(answer.outcome),
        label: explain::heading(voice, answer),
        task: name(voice, &voice.rulebook[question.task].names),
        unit: question.places.first().and_then(|rows| match rows.as_slice() {
            [row] => Some(unit(voice, *row)),
            _ => None,
        }),
        places: places(voice, answer),
        date: question.on.to_string(),
        facts: facts.collect(),
        deciders: answer.deciders.iter().map(|one| decider(voice, one)).collect(),
        decider: one.map(|one| decider(voice, one)),
        held: one.map(|decider| words::held_code(decider.held)),
        answerable: one.map(|decider| seat(voice, decider.answerable)),
        signature: None,
        sharing: answer.sharing.map(words::sharing_code),
        conflict: answer.conflict.map(words::conflict_code),
        requires: requirements(voice, &answer.requirements),
        may_step_in: seats(voice, &answer.may_step_in),
        procedure: None,
        result: None,
        seal: None,
        chain,
        grounds_vary: answer.grounds_vary,
        framework_unread: answer.framework_unread,
        lost: match frame.depth {
            Depth::Ruling => None,
            Depth::Record => Some(answer.record.iter().map(|one| loss(voice, one)).collect()),
        },
        valid: days(answer.valid),
        ask: answer.next.as_ref().map(|open| vec![next(voice, open)]).unwrap_or_default(),
        rules_errors: frame.rules_errors,
        version: frame.version.to_owned(),
    }
}

fn places(voice: Voice<'_>, answer: &Answer) -> Map<String, Json> {
    let roles = voice.rulebook[answer.question.task].roles.iter();
    let place = |(role, rows): (&RoleId, &Vec<RowId>)| {
        if answer.question.without.contains(role) {
            return (voice.rulebook[*role].names.id.clone(), Json::Null);
        }
        let rows: Vec<UnitName> = rows.iter().map(|row| unit(voice, *row)).collect();
        (voice.rulebook[*role].names.id.clone(), json(&rows))
    };
    roles.zip(&answer.question.places).map(place).collect()
}
