//! What is still to be known, as links: each leads to the same question with that choice made. Knows the page's parameters;
//! what matters and what each choice leads to comes from the answer.

use crate::reading::naming::{self, Voice};
use crate::rulebook::{RoleId, TaskId, Value};
use crate::ruling::{About, Choice, NextQuestion};

/// More choices than this are not offered one by one: the field is there to be filled.
const OFFERED: usize = 40;

/// A choice and the address of the question in which it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) label: String,
    pub(super) link: String,
}

/// The choices that can be made by a click: single values and places. Ranges are for the reader to fill in.
pub(super) fn offers(
    voice: Voice<'_>,
    task: TaskId,
    next: &NextQuestion,
    parameters: &[(String, String)],
) -> Vec<Offer> {
    let choices = || next.branches.iter().flat_map(|branch| &branch.choices);
    if choices().count() > OFFERED {
        return Vec::new();
    }
    let offer = |choice: &Choice| {
        let (name, value) = made(voice, task, next.about, choice)?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters.iter().filter(|(known, _)| *known != name));
        query.append_pair(&name, &value);
        Some(Offer { label: voice.choice(choice, &next.about), link: format!("/?{}", query.finish()) })
    };
    choices().filter_map(offer).collect()
}

/// The parameter that makes a choice.
fn made(voice: Voice<'_>, task: TaskId, about: About, choice: &Choice) -> Option<(String, String)> {
    match about {
        About::Fact(fact) => {
            let fact = &voice.rulebook[fact];
            let value = match choice {
                Choice::Value(Value::Boolean(truth)) => (if *truth { "yes" } else { "no" }).to_owned(),
                Choice::Value(Value::One(index)) => {
                    naming::values(&fact.domain).get(usize::from(*index)).map(|names| names.id.clone())?
                }
                Choice::Value(Value::Level(level)) => {
                    level.map_or_else(|| "none".to_owned(), |level| voice.rulebook[level].names.id.clone())
                }
                Choice::Value(Value::Number(number)) => number.normalize().to_string(),
                Choice::Value(Value::Date(day)) => day.to_string(),
                Choice::Value(Value::Many(_))
                | Choice::Range { .. }
                | Choice::Highest(_)
                | Choice::Lowest(_)
                | Choice::All(_)
                | Choice::Any(_)
                | Choice::Reading(_)
                | Choice::NoPlace
                | Choice::Place { .. } => return None,
            };
            Some((format!("fact.{}", fact.names.id), value))
        }
        About::Place(role) => {
            let value = match choice {
                Choice::NoPlace => "none".to_owned(),
                Choice::Place { unit, .. } => voice.rulebook.register.row(*unit).code.clone(),
                Choice::Value(_)
                | Choice::Range { .. }
                | Choice::Highest(_)
                | Choice::Lowest(_)
                | Choice::All(_)
                | Choice::Any(_)
                | Choice::Reading(_) => return None,
            };
            Some((field(voice, task, role), value))
        }
        // Nobody can answer this one: the law is ambiguous.
        About::Reading(_) => None,
    }
}

/// The name of the field of a role: the task's first one is the plain one.
pub(super) fn field(voice: Voice<'_>, task: TaskId, role: RoleId) -> String {
    if voice.rulebook[task].roles.first() == Some(&role) {
        "in".to_owned()
    } else {
        format!("in.{}", voice.rulebook[role].names.id)
    }
}
