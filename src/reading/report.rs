//! A ruling as JSON, for programs: the shape of DESIGN section 7, every member always there, in one order.
//! Numbers of facts are strings, so that nothing is rounded on the way.
//!
//! Shapes are types: their members are written in the order of the fields, and their schemas are made from the same fields.
//! They borrow from the rulebook, so that a ruling is written for each who asks, and no text of it need be kept.

mod codes;
mod day;
mod echo;
mod handled;
mod list;
mod next;
mod parts;
mod task;
mod trouble;
mod unit;

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::ask::Depth;
use super::naming::Voice;
use super::{explain, words};
use crate::ruling::{Answer, Outcome, Question};

pub(super) use codes::{conflict as conflict_schema, held as held_schema, outcome as outcome_schema};
pub(super) use codes::{requirement as requirement_schema, sharing as sharing_schema};
pub use day::Day;
pub use echo::{Facts, Places};
pub use handled::{Handled, Procedure, ProcedureStep, Signature, Time, handled, handled_symbols};
pub use list::{List, Lists, ask, chain, lost};
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
pub struct Ruling<'a> {
    #[schema(schema_with = codes::outcome)]
    pub outcome: &'static str,
    /// Outcome and decider in words.
    pub label: String,
    pub task: Name<'a>,
    /// The place of the task's first role, if it is one unit.
    pub unit: Option<UnitName<'a>>,
    /// The units asked about, by role.
    #[schema(value_type = BTreeMap<String, Vec<UnitName>>)]
    pub places: Places<'a>,
    #[schema(value_type = String, format = "date")]
    pub date: Day,
    /// The facts that were said.
    #[schema(value_type = BTreeMap<String, FactValue>)]
    pub facts: Facts<'a>,
    /// Who decides; of a conflict those who contend, of an orphaned task the one that is gone.
    pub deciders: &'a [Decider<'a>],
    /// The one who decides.
    pub decider: Option<&'a Decider<'a>>,
    #[schema(schema_with = codes::held_or_null)]
    pub held: Option<&'static str>,
    pub answerable: Option<&'a Seat<'a>>,
    /// How the decision is signed; `null` where that is not known.
    pub signature: Option<Vec<Signature<'a>>>,
    #[schema(schema_with = codes::sharing)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = codes::conflict)]
    pub conflict: Option<&'static str>,
    pub requires: Vec<Requirement<'a>>,
    pub may_step_in: Vec<Seat<'a>>,
    pub procedure: Option<Procedure<'a>>,
    /// What the procedure ends in.
    pub result: Option<String>,
    /// The time in which the task is to be decided.
    pub limit: Option<Time>,
    /// Whose seal the decision bears, where a text says so.
    pub seal: Option<Seat<'a>>,
    /// Of how the task is handled: what texts of equal standing say unlike things of, so that `null` stands in its stead.
    #[schema(schema_with = codes::slots)]
    pub unlike: Vec<&'static str>,
    /// The grounds, in the order of the law's steps.
    #[schema(value_type = Vec<Ground>)]
    pub chain: List<'a, Ground<'a>>,
    /// The grounds depend on what was not said; the ruling does not.
    pub grounds_vary: bool,
    /// No organisation law of the day is loaded: transfers are unverified.
    pub framework_unread: bool,
    /// What applies by its own terms and lost; `null` unless it was asked for.
    #[schema(value_type = Option<Vec<Loss>>)]
    pub lost: Option<List<'a, Loss<'a>>>,
    /// Days around the date on which all of this stays the same.
    pub valid: Days,
    /// What is still to be known.
    #[schema(value_type = Vec<NextQuestion>)]
    pub ask: List<'a, NextQuestion<'a>>,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    /// Hash of the rules.
    pub version: &'a str,
}

/// A shape as a JSON value, its members in their order.
#[must_use]
pub fn json(shape: &impl Serialize) -> Json {
    serde_json::to_value(shape).unwrap_or_default()
}

/// The report of an answer.
#[must_use]
pub fn report(voice: Voice<'_>, answer: &Answer, frame: Frame<'_>) -> Json {
    let told = Told { question: &answer.question, answer, deciders: &deciders(voice, answer) };
    json(&ruling(voice, told, frame, Lists::default()))
}

/// The text of the [`report`] for a question that has this answer: perhaps another than the answer was found for, of which
/// only what echoes the question differs. Lists that are written already are taken over.
#[must_use]
pub fn written(voice: Voice<'_>, question: &Question, answer: &Answer, frame: Frame<'_>, lists: Lists<'_>) -> Vec<u8> {
    let told = Told { question, answer, deciders: &deciders(voice, answer) };
    let beside = answer.requirements.len() + answer.may_step_in.len() + answer.handling.len();
    // Where it is too short, it grows.
    let mut text = Vec::with_capacity(lists.bytes() + 1536 + 1024 * told.deciders.len() + 384 * beside);
    serde_json::to_writer(&mut text, &ruling(voice, told, frame, lists)).map(|()| text).unwrap_or_default()
}

/// What a ruling is made of.
#[derive(Clone, Copy)]
struct Told<'a> {
    question: &'a Question,
    /// Of its own question nothing is read.
    answer: &'a Answer,
    deciders: &'a [Decider<'a>],
}

fn deciders<'a>(voice: Voice<'a>, answer: &Answer) -> Vec<Decider<'a>> {
    answer.deciders.iter().map(|one| decider(voice, one)).collect()
}

fn ruling<'a>(voice: Voice<'a>, told: Told<'a>, frame: Frame<'a>, lists: Lists<'a>) -> Ruling<'a> {
    let Told { question, answer, deciders } = told;
    let one = match deciders {
        [one] if answer.outcome == Outcome::Decided => Some(one),
        _ => None,
    };
    let Handled { procedure, result, limit, unlike, .. } = handled(voice, &answer.handling);
    Ruling {
        outcome: words::outcome_code(answer.outcome),
        label: explain::headed(voice.language, answer.outcome, deciders.iter().map(|one| one.label.as_str())),
        task: name(voice, &voice.rulebook[question.task].names),
        unit: question.places.first().and_then(|rows| match rows.as_slice() {
            [row] => Some(unit(voice, *row)),
            _ => None,
        }),
        places: Places { voice, question },
        date: Day(question.on),
        facts: Facts { voice, question },
        deciders,
        decider: one,
        held: one.map(|one| one.held),
        answerable: one.map(|one| &one.answerable),
        signature: handled::signatures(voice, answer),
        sharing: answer.sharing.map(words::sharing_code),
        conflict: answer.conflict.map(words::conflict_code),
        requires: requirements(voice, &answer.requirements),
        may_step_in: seats(voice, &answer.may_step_in),
        procedure,
        result,
        limit,
        seal: handled::seal(voice, answer),
        unlike,
        chain: List::of(lists.chain, || grounds(voice, &answer.grounds)),
        grounds_vary: answer.grounds_vary,
        framework_unread: answer.framework_unread,
        lost: match frame.depth {
            Depth::Ruling => None,
            Depth::Record => Some(List::of(lists.lost, || answer.record.iter().map(|one| loss(voice, one)).collect())),
        },
        valid: days(answer.valid),
        ask: List::of(lists.ask, || answer.next.iter().map(|open| next(voice, open)).collect()),
        rules_errors: frame.rules_errors,
        version: frame.version,
    }
}
