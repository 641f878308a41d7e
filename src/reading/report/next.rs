//! What is still to be known, in JSON: the next question and what each answer leads to.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes;
use super::parts::{Decider, Ground, Reading, Requirement, Seat, decider, grounds, reading, requirements, seats};
use super::unit::{UnitInTime, unit_in_time};
use crate::reading::naming::{self, Voice};
use crate::reading::{explain, words};
use crate::rulebook::{FactId, Value};
use crate::ruling::{self, About, Bound, LeadsTo};

/// What to ask next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextQuestion {
    #[schema(schema_with = codes::about)]
    pub about: &'static str,
    /// Id of the fact.
    pub fact: Option<String>,
    /// Id of the role.
    pub place: Option<String>,
    pub reading: Option<Reading>,
    pub label: String,
    /// Disjoint, together everything that is possible.
    pub values: Vec<Case>,
}

/// Some answers, and what they lead to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Case {
    pub choices: Vec<Choice>,
    #[schema(schema_with = codes::outcome)]
    pub outcome: &'static str,
    pub deciders: Vec<Decider>,
    #[schema(schema_with = codes::sharing)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = codes::conflict)]
    pub conflict: Option<&'static str>,
    pub requires: Vec<Requirement>,
    pub may_step_in: Vec<Seat>,
    pub chain: Vec<Ground>,
    /// A further question, where one is left.
    #[schema(no_recursion)]
    pub ask: Vec<NextQuestion>,
}

/// A value of a fact: what may be sent as this fact's value. Numbers are texts, so that nothing is rounded on the way.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FactValue {
    Truth(bool),
    Text(String),
    Several(Vec<String>),
}

/// One end of a range.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct End {
    pub value: FactValue,
    pub included: bool,
}

/// One choice, or a set of choices that can be said in one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Choice {
    Value {
        value: FactValue,
        label: String,
    },
    /// A run of numbers or days, open-ended where `null`.
    Range {
        low: Option<End>,
        high: Option<End>,
        label: String,
    },
    /// The highest of several is one of these.
    Highest {
        highest: Vec<FactValue>,
        label: String,
    },
    Lowest {
        lowest: Vec<FactValue>,
        label: String,
    },
    /// Of several all are among these.
    All {
        all: Vec<FactValue>,
        label: String,
    },
    /// Of several at least one is among these.
    Any {
        any: Vec<FactValue>,
        label: String,
    },
    Reading {
        reading: String,
        label: String,
    },
    /// A part of the asked place; `null`: there is no such place.
    Unit {
        unit: Option<Box<UnitInTime>>,
        label: String,
    },
}

/// A value of a fact: what may be sent back as this fact's value.
#[must_use]
pub fn value(voice: Voice<'_>, fact: FactId, value: &Value) -> FactValue {
    let among = |index: u8| {
        let values = naming::values(&voice.rulebook[fact].domain);
        values.get(usize::from(index)).map(|names| names.id.clone()).unwrap_or_default()
    };
    match value {
        Value::Boolean(truth) => FactValue::Truth(*truth),
        Value::One(index) => FactValue::Text(among(*index)),
        Value::Many(set) => FactValue::Several(set.iter().map(|index| among(*index)).collect()),
        Value::Number(number) => FactValue::Text(number.normalize().to_string()),
        Value::Date(date) => FactValue::Text(date.to_string()),
        Value::Level(Some(level)) => FactValue::Text(voice.rulebook[*level].names.id.clone()),
        Value::Level(None) => FactValue::Text("none".to_owned()),
    }
}

#[must_use]
pub fn next(voice: Voice<'_>, next: &ruling::NextQuestion) -> NextQuestion {
    let (about, fact, place, text) = match next.about {
        About::Fact(fact) => ("fact", Some(&voice.rulebook[fact].names), None, None),
        About::Place(role) => ("place", None, Some(&voice.rulebook[role].names), None),
        About::Reading(text) => ("reading", None, None, Some(reading(voice, text))),
    };
    NextQuestion {
        about,
        fact: fact.map(|names| names.id.clone()),
        place: place.map(|names| names.id.clone()),
        reading: text,
        label: explain::asked(voice, next.about),
        values: next.branches.iter().map(|branch| case(voice, branch, next.about)).collect(),
    }
}

fn case(voice: Voice<'_>, branch: &ruling::Branch, about: About) -> Case {
    let choices: Vec<Choice> = branch.choices.iter().map(|one| choice(voice, one, about)).collect();
    match &branch.leads_to {
        LeadsTo::Ruling {
            outcome,
            deciders,
            sharing,
            conflict,
            requirements: required,
            may_step_in,
            grounds: chain,
        } => Case {
            choices,
            outcome: words::outcome_code(*outcome),
            deciders: deciders.iter().map(|one| decider(voice, one)).collect(),
            sharing: sharing.map(words::sharing_code),
            conflict: conflict.map(words::conflict_code),
            requires: requirements(voice, required),
            may_step_in: seats(voice, may_step_in),
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
            chain: Vec::new(),
            ask: vec![next(voice, further)],
        },
    }
}

#[must_use]
pub fn choice(voice: Voice<'_>, choice: &ruling::Choice, about: About) -> Choice {
    let plain = |one: &Value| match about {
        About::Fact(fact) => value(voice, fact, one),
        // Values are of facts alone.
        About::Place(_) | About::Reading(_) => FactValue::Text(String::new()),
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
