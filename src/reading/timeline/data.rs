//! A timeline as JSON, for programs: every member always there.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::{Run, Timeline};
use crate::reading::naming::Voice;
use crate::reading::report::{
    self, Day, Decider, FactValue, Ground, Handled, Name, NextQuestion, Requirement, Seat, UnitStep, decider, grounds,
    handled, requirements, seats,
};
use crate::reading::{explain, words};
use crate::register::UnitId;

/// Who decides a task at a place, over all the days that the rules cover.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Timeline)]
pub struct TimelineShape<'a> {
    pub task: Name<'a>,
    /// The units asked about, by role.
    #[schema(value_type = BTreeMap<String, Vec<TimelineUnit>>)]
    pub places: Map<String, Json>,
    #[schema(value_type = BTreeMap<String, FactValue>)]
    pub facts: Map<String, Json>,
    /// The first of the days that are told: those that the rules cover, as far as the units are there.
    #[schema(value_type = Option<String>, format = "date")]
    pub from: Option<Day>,
    /// The day after the last of them.
    #[schema(value_type = Option<String>, format = "date")]
    pub before: Option<Day>,
    /// In their order and without holes; none where the units were never there while the rules cover.
    pub runs: Vec<TimelineRun<'a>>,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    /// Hash of the rules.
    pub version: &'a str,
}

/// A unit over time, by its last name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineUnit<'a> {
    pub code: &'a str,
    pub name: &'a str,
    #[serde(rename = "type")]
    pub kind: &'a str,
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    #[schema(value_type = Option<String>, format = "date")]
    pub before: Option<Day>,
    pub predecessors: Vec<UnitStep<'a>>,
    pub successors: Vec<UnitStep<'a>>,
}

/// The longest run of days on which the ruling stays the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineRun<'a> {
    #[schema(value_type = Option<String>, format = "date")]
    pub from: Option<Day>,
    #[schema(value_type = Option<String>, format = "date")]
    pub before: Option<Day>,
    #[schema(schema_with = report::outcome_schema)]
    pub outcome: &'static str,
    /// Outcome and decider in words.
    pub label: String,
    pub deciders: Vec<Decider<'a>>,
    #[schema(schema_with = report::sharing_schema)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = report::conflict_schema)]
    pub conflict: Option<&'static str>,
    pub requires: Vec<Requirement<'a>>,
    pub may_step_in: Vec<Seat<'a>>,
    pub handled: Handled<'a>,
    pub chain: Vec<Ground<'a>>,
    pub grounds_vary: bool,
    pub framework_unread: bool,
    /// What is still to be known, where it is undetermined.
    pub ask: Vec<NextQuestion<'a>>,
}

/// The timeline, with the version of the rules and how many errors they hold.
#[must_use]
pub fn json(voice: Voice<'_>, timeline: &Timeline, (version, rules_errors): (&str, usize)) -> Json {
    let task = &voice.rulebook[timeline.asked.task];
    let units = |units: &Vec<UnitId>| units.iter().map(|one| unit(voice, *one)).collect::<Vec<_>>();
    let roles = task.roles.iter().zip(&timeline.asked.units);
    let facts = timeline.asked.facts.iter();
    let facts = facts
        .map(|(fact, said)| (voice.rulebook[*fact].names.id.clone(), report::json(&report::value(voice, *fact, said))));
    let days = report::days(timeline.days.unwrap_or_default());
    report::json(&TimelineShape {
        task: report::name(voice, &task.names),
        places: roles.map(|(role, all)| (voice.rulebook[*role].names.id.clone(), report::json(&units(all)))).collect(),
        facts: facts.collect(),
        from: days.from,
        before: days.before,
        runs: timeline.runs.iter().map(|one| run(voice, one)).collect(),
        rules_errors,
        version,
    })
}

fn unit(voice: Voice<'_>, id: UnitId) -> TimelineUnit<'_> {
    let register = &voice.rulebook.register;
    let unit = register.unit(id);
    let last = unit.rows.last().map(|row| report::unit(voice, *row));
    let steps = |fates: Vec<crate::register::Fate>| fates.iter().map(|fate| report::fate(voice, fate)).collect();
    TimelineUnit {
        code: &unit.code,
        name: last.as_ref().map(|last| last.name).unwrap_or_default(),
        kind: last.map(|last| last.kind).unwrap_or_default(),
        from: Day(unit.from),
        before: unit.before.map(Day),
        predecessors: steps(register.predecessors(id)),
        successors: steps(register.successors(id)),
    }
}

fn run<'a>(voice: Voice<'a>, Run { days, answer }: &Run) -> TimelineRun<'a> {
    let days = report::days(*days);
    TimelineRun {
        from: days.from,
        before: days.before,
        outcome: words::outcome_code(answer.outcome),
        label: explain::heading(voice, answer),
        deciders: answer.deciders.iter().map(|one| decider(voice, one)).collect(),
        sharing: answer.sharing.map(words::sharing_code),
        conflict: answer.conflict.map(words::conflict_code),
        requires: requirements(voice, &answer.requirements),
        may_step_in: seats(voice, &answer.may_step_in),
        handled: handled(voice, &answer.handling),
        chain: grounds(voice, &answer.grounds),
        grounds_vary: answer.grounds_vary,
        framework_unread: answer.framework_unread,
        ask: answer.next.as_ref().map(|open| vec![report::next(voice, open)]).unwrap_or_default(),
    }
}
