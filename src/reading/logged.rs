//! A question and its ruling as a log of decisions holds them: by ids and codes, the same in every language, and under every
//! version that knows them. Knows neither files nor secrets: who hides a fact says so.

mod again;
mod id;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use again::{Again, Difference, again};

use super::naming::Voice;
use super::question::Asked;
use super::report::{self, FactValue};
use super::spelled::Given;
use super::words;
use crate::rulebook::{Domain, FactId, Language, Rulebook, Value};
use crate::ruling::{self, Answer};

/// A question, and what was ruled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The rules, by the first 16 digits of their hash.
    pub version: String,
    /// The entry of the store's log that published them; none of folders.
    pub entry: Option<u32>,
    pub question: Question,
    pub ruling: Ruling,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub task: String,
    pub on: Date,
    /// The codes of units on that day, by role; none where the question says that there is no such place.
    #[serde(rename = "in")]
    pub places: BTreeMap<String, Option<Vec<String>>>,
    pub facts: BTreeMap<String, Fact>,
}

/// The value of a fact, by ids. Numbers are texts, so that nothing is rounded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    Truth(bool),
    Text(String),
    /// Sorted.
    Several(Vec<String>),
    /// A keyed hash stands in its stead.
    Hidden {
        hash: String,
    },
}

/// What was ruled, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// As in a ruling's JSON.
    pub outcome: Cow<'static, str>,
    /// Who decides; of a conflict those who contend, of an orphaned task the one that is gone.
    pub deciders: Vec<Decider>,
    /// Equal ids, equal rulings: a hash of who decides and what is asked, one of what stands beside, one of the grounds, 16
    /// digits each.
    pub id: String,
}

/// One who decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decider {
    /// Id of the body.
    pub body: String,
    /// Code of its unit; none of a body without a level, or where the place is not known finely enough.
    pub unit: Option<String>,
    pub held: Cow<'static, str>,
}

/// Whether a fact is hidden, and as what: told its id, its domain and its value as text.
pub type Hide<'a> = &'a dyn Fn(&str, &Domain, &str) -> Option<String>;

impl Question {
    /// A question as it is logged.
    #[must_use]
    pub fn of(rulebook: &Rulebook, asked: &ruling::Question, hide: Hide<'_>) -> Self {
        let task = &rulebook[asked.task];
        let places = task.roles.iter().zip(&asked.places).map(|(role, rows)| {
            let codes = || rows.iter().map(|row| rulebook.register.row(*row).code.clone()).collect();
            (rulebook[*role].names.id.clone(), (!asked.without.contains(role)).then(codes))
        });
        let facts = asked.facts.iter().map(|(fact, value)| {
            let (id, domain) = (&rulebook[*fact].names.id, &rulebook[*fact].domain);
            let open = Fact::of(rulebook, *fact, value);
            let hidden = hide(id, domain, &open.text()).map(|hash| Fact::Hidden { hash });
            (id.clone(), hidden.unwrap_or(open))
        });
        Self { task: task.names.id.clone(), on: asked.on, places: places.collect(), facts: facts.collect() }
    }

    /// The question as it would be put. Hidden facts are those that `found` knows; the ids of the others are given too.
    #[must_use]
    pub fn asked(&self, found: &dyn Fn(&str, &str) -> Option<Fact>) -> (Asked<'_>, Vec<&str>) {
        let places = self.places.iter().flat_map(|(role, codes)| {
            let role = || Some(Cow::Borrowed(role.as_str()));
            match codes {
                Some(codes) => codes.iter().map(|code| (role(), code.as_str().into())).collect(),
                None => vec![(role(), "none".into())],
            }
        });
        let (mut facts, mut unknown) = (Vec::new(), Vec::new());
        for (id, fact) in &self.facts {
            let given = match fact {
                Fact::Hidden { hash } => found(id, hash).and_then(Fact::into_given),
                Fact::Truth(_) | Fact::Text(_) | Fact::Several(_) => fact.clone().into_given(),
            };
            match given {
                Some(given) => facts.push((id.as_str().into(), given)),
                None => unknown.push(id.as_str()),
            }
        }
        let asked = Asked {
            task: Some(self.task.as_str().into()),
            on: Some(self.on.to_string().into()),
            places: places.collect(),
            facts,
        };
        (asked, unknown)
    }
}

impl Fact {
    /// A value, open.
    #[must_use]
    pub fn of(rulebook: &Rulebook, fact: FactId, value: &Value) -> Self {
        match report::value(Voice::new(rulebook, Language::English), fact, value) {
            FactValue::Truth(truth) => Self::Truth(truth),
            FactValue::Text(text) => Self::Text(text.into_owned()),
            FactValue::Several(texts) => {
                let mut texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
                texts.sort();
                Self::Several(texts)
            }
        }
    }

    /// The one text of a value, from which its hash is made.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Truth(truth) => truth.to_string(),
            Self::Text(text) => text.clone(),
            Self::Several(texts) => texts.join("\n"),
            Self::Hidden { hash } => hash.clone(),
        }
    }

    /// Numbers in the notation of JSON, which could be read otherwise if they were taken for words.
    fn into_given(self) -> Option<Given<'static>> {
        match self {
            Self::Truth(truth) => Some(Given::Truth(truth)),
            Self::Text(text) => Some(Given::Number(text.into())),
            Self::Several(texts) => Some(Given::Several(texts.into_iter().map(Cow::Owned).collect())),
            Self::Hidden { .. } => None,
        }
    }
}

impl Ruling {
    #[must_use]
    pub fn of(rulebook: &Rulebook, answer: &Answer) -> Self {
        let decider = |one: &ruling::Decider| Decider {
            body: rulebook[one.who.seat.body].names.id.clone(),
            unit: one.who.unit.map(|row| rulebook.register.row(row).code.clone()),
            held: words::held_code(one.held).into(),
        };
        Self {
            outcome: words::outcome_code(answer.outcome).into(),
            deciders: answer.deciders.iter().map(decider).collect(),
            id: id::of(rulebook, answer),
        }
    }

    /// Who decides; what stands beside; on what grounds.
    fn parts(&self) -> [&str; 3] {
        let mut parts = self.id.split('-');
        [(); 3].map(|()| parts.next().unwrap_or_default())
    }
}
