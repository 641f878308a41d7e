//! What is still to be known, in JSON: the next question and what each answer leads to.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::codes;
use super::handled::{Handled, handled};
use super::parts::{Decider, Ground, Reading, Requirement, Seat, decider, grounds, reading, requirements, seats};
use super::unit::{UnitInTime, unit_in_time};
use crate::reading::naming::{self, Voice};
use crate::reading::{explain, words};
use crate::rulebook::{FactId, Value};
use crate::ruling::{self, About, Bound, LeadsTo};

/// What to ask next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextQuestion<'a> {
    #[schema(schema_with = codes::about)]
    pub about: &'static str,
    /// Id of the fact.
    pub fact: Option<&'a str>,
    /// Id of the role.
    pub place: Option<&'a str>,
    pub reading: Option<Reading<'a>>,
    pub label: String,
    /// Disjoint, together everything that is possible.
    pub values: Vec<Case<'a>>,
}

/// Some answers, and what they lead to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Case<'a> {
    pub choices: Vec<Choice<'a>>,
    #[schema(schema_with = codes::outcome)]
    pub outcome: &'static str,
    pub deciders: Vec<Decider<'a>>,
    #[schema(schema_with = codes::sharing)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = codes::conflict)]
    pub conflict: Option<&'static str>,
    pub requires: Vec<Requirement<'a>>,
    pub may_step_in: Vec<Seat<'a>>,
    pub handled: Handled<'a>,
    pub chain: Vec<Ground<'a>>,
    /// A further question, where one is left.
    #[schema(no_recursion)]
    pub ask: Vec<NextQuestion<'a>>,
}

/// A value of a fact: what may be sent as this fact's value. Numbers are texts, so that nothing is rounded on the way.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FactValue<'a> {
    Truth(bool),
    Text(Cow<'a, str>),
    Several(Vec<&'a str>),
}

/// One end of a range.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct End<'a> {
    pub value: FactValue<'a>,
    pub included: bool,
}

/// One choice, or a set of choices that can be said in one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Choice<'a> {
    Value {
        value: FactValue<'a>,
        label: String,
    },
    /// A run of numbers or days, open-ended where `null`.
    Range {
        low: Option<End<'a>>,
        high: Option<End<'a>>,
        label: String,
    },
    /// The highest of several is one of these.
    Highest {
        highest: Vec<FactValue<'a>>,
        label: String,
    },
    Lowest {
        lowest: Vec<FactValue<'a>>,
        label: String,
    },
    /// Of several all are among these.
    All {
        all: Vec<FactValue<'a>>,
        label: String,
    },
    /// Of several at least one is among these.
    Any {
        any: Vec<FactValue<'a>>,
        label: String,
    },
    Reading {
        reading: String,
        label: String,
    },
    /// A part of the asked place; `null`: there is no such place.
    Unit {
        unit: Option<Box<UnitInTime<'a>>>,
        label: String,
    },
}

/// A value of a fact: what may be sent back as this fact's value.
#[must_use]
pub fn value<'a>(voice: Voice<'a>, fact: FactId, value: &Value) -> FactValue<'a> {
    let among = |index: u8| {
        let values = naming::values(&voice.rulebook[fact].domain);
        values.get(usize::from(index)).map_or("", |names| names.id.as_str())
    };
    match value {
        Value::Boolean(truth) => FactValue::Truth(*truth),
        Value::One(index) => FactValue::Text(among(*index).into()),
        Value::Many(set) => FactValue::Several(set.iter().map(|index| among(*index)).collect()),
        Value::Number(number) => FactValue::Text(number.normalize().to_string().into()),
        Value::Date(date) => FactValue::Text(date.to_string().into()),
        Value::Level(Some(level)) => FactValue::Text(voice.rulebook[*level].names.id.as_str().into()),
        Value::Level(None) => FactValue::Text("none".into()),
    }
}

#[must_use]
pub fn next<'a>(voice: Voice<'a>, next: &ruling::NextQuestion) -> NextQuestion<'a> {
    let (about, fact, place, text) = match next.about {
        About::Fact(fact) => ("fact", Some(&voice.rulebook[fact].names), None, None),
        About::Place(role) => ("place", None, Some(&voice.rulebook[role].names), None),
        About::Reading(text) => ("reading", None, None, Some(reading(voice, text))),
    };
    NextQuestion {
        about,
        fact: fact.map(|names| names.id.as_str()),
        place: place.map(|names| names.id.as_str()),
        reading: text,
        label: explain::asked(voice, next.about),
        values: next.branches.iter().map(|branch| case(voice, branch, next.about)).collect(),
    }
}

fn case<'a>(voice: Voice<'a>, branch: &ruling::Branch, about: About) -> Case<'a> {
    let choices: Vec<Choice<'_>> = branch.choices.iter().map(|one| choice(voice, one, about)).collect();
    match &branch.leads_to {
        LeadsTo::Ruling {
            outcome,
            deciders,
            sharing,
            conflict,
            requirements: required,
            may_step_in,
            handling,
            grounds: chain,
        } => Case {
            choices,
            outcome: words::outcome_code(*outcome),
            deciders: deciders.iter().map(|one| decider(voice, one)).collect(),
            sharing: sharing.map(words::sharing_code),
            conflict: conflict.map(words::conflict_code),
            requires: requirements(voice, required),
            may_step_in: seats(voice, may_step_in),
            handled: handled(voice, handling),
            chain: grounds(voice, chain),
            ask: Vec::new(),
        },
        LeadsTo::Further(further) => Case {
            choices,
            outcome: words::outcome_code(ruling::Outcome::Undetermined),
            deciders: Vec::new(),
            sharing: None,
            conflict: None,
            requires: Vec::new(),
            may_step_in: Vec::new(),
            handled: handled(voice, &[]),
            chain: Vec::new(),
            ask: vec![next(voice, further)],
        },
    }
}

#[must_use]
pub fn choice<'a>(voice: Voice<'a>, choice: &ruling::Choice, about: About) -> Choice<'a> {
    let plain = |one: &Value| match about {
        About::Fact(fact) => value(voice, fact, one),
        // Values are of facts alone.
        About::Place(_) | About::Reading(_) => FactValue::Text("".into()),
    };
    let end = |end: &Option<Bound>| end.as_ref().map(|end| End { value: plain(&end.value), included: end.included });
    let values = |values: &[u8]| values.iter().map(|one| plain(&Value::One(*one))).collect();
    let label = voice.choice(choice, &about);
    match choice {
        ruling::Choice::Value(one) => Choice::Value { value: plain(one), label },
        ruling::Choice::Range { low, high } => Choice::Range { low: end(low), high: end(high), label },
        ruling::Choice::Highest(any) => Choice::Highest { highest: values(any), label },
        ruling::Choice::Lowest(any) => Choice::Lowest { lowest: values(any), label },
        ruling::Choice::All(among) => Choice::All { all: values(among), label },
        ruling::Choice::Any(among) => Choice::Any { any: values(among), label },
        ruling::Choice::Reading(_) => Choice::Reading { reading: label.trim_matches(['“', '”']).to_owned(), label },
        ruling::Choice::NoPlace => Choice::Unit { unit: None, label },
        ruling::Choice::Place { unit: row, .. } => {
            Choice::Unit { unit: Some(Box::new(unit_in_time(voice, *row))), label }
        }
    }
}
