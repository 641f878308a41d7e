//! A finding in JSON, one object for one row. Knows names and citations, not how a verdict is reached.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use super::row::{Finding, Found};
use super::{Verdict, words};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Day, Decider, Name, Trouble};
use crate::reading::{explain, words as names};
use crate::ruling::{About, Ground};

use super::row::Bad;

/// What is said of a row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Judgement)]
pub struct Said<'a> {
    /// The line on which the row begins, from 1.
    pub line: u64,
    pub number: &'a str,
    #[schema(value_type = Option<String>, format = "date")]
    pub date: Option<Day>,
    /// `null` of a row that could not be judged.
    #[schema(schema_with = verdicts)]
    pub verdict: Option<&'static str>,
    pub label: String,
    /// What the ruling says of the case.
    pub outcome: Option<&'static str>,
    pub task: Option<Name<'a>>,
    pub signer: Option<&'a str>,
    /// Who decides or contends; of an undetermined case those of all that is open.
    pub competent: Vec<Decider<'a>>,
    #[schema(value_type = Option<Vec<Citation>>)]
    pub chain: Option<&'a RawValue>,
    pub near: Vec<Mistake>,
    /// What has to be known.
    pub missing: Option<Missing<'a>>,
    /// What is wrong with the row.
    pub error: Option<Error<'a>>,
}

/// What was mistaken for what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JudgementNear)]
pub struct Mistake {
    pub code: &'static str,
    pub label: String,
}

/// What a verdict depends on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JudgementMissing)]
pub struct Missing<'a> {
    /// `fact`, `place` or `reading`.
    pub about: &'static str,
    /// Of a fact or a role.
    pub id: Option<&'a str>,
    pub label: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JudgementError)]
pub struct Error<'a> {
    pub code: &'static str,
    pub detail: String,
    /// What the question was refused for, where it was put.
    pub question: Option<Trouble<'a>>,
}

/// A provision that a ruling rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JudgementCitation)]
struct Citation<'a> {
    kind: &'static str,
    document: &'a str,
    address: String,
    citation: String,
    unverified: bool,
}

/// `null` of a row that could not be judged.
fn verdicts() -> Schema {
    let codes = Verdict::ALL.map(words::verdict_code).map(Some).into_iter().chain([None]);
    let schema = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    Schema::Object(schema.enum_values(Some(codes)).build())
}

/// What is said of a finding.
#[must_use]
pub fn said<'a>(voice: Voice<'a>, finding: &'a Finding) -> Said<'a> {
    let blank = Said {
        line: finding.line,
        number: &finding.number,
        date: finding.on.map(Day),
        verdict: None,
        label: String::new(),
        outcome: None,
        task: None,
        signer: None,
        competent: Vec::new(),
        chain: None,
        near: Vec::new(),
        missing: None,
        error: None,
    };
    match &*finding.found {
        Found::Bad(bad) => {
            let detail = words::bad(voice, bad);
            let label = words::bad_row(voice.language).to_owned();
            let error = Error { code: words::bad_code(bad), detail, question: refused(voice, bad) };
            Said { label, error: Some(error), ..blank }
        }
        Found::Judged(known) => {
            let judged = &known.judged;
            let mistake =
                |near: &_| Mistake { code: words::near_code(*near), label: words::near(voice, *near, &known.signer) };
            Said {
                verdict: Some(words::verdict_code(judged.verdict)),
                label: words::verdict(judged.verdict, voice.language).to_owned(),
                outcome: Some(names::outcome_code(judged.outcome)),
                task: Some(report::name(voice, &voice.rulebook[known.task].names)),
                signer: Some(&known.signed),
                competent: judged.deciders.iter().map(|one| report::decider(voice, one)).collect(),
                chain: Some(&known.cited.json),
                near: judged.near.iter().map(mistake).collect(),
                missing: judged.missing.map(|about| missing(voice, about)),
                ..blank
            }
        }
    }
}

fn refused<'a>(voice: Voice<'a>, bad: &Bad) -> Option<Trouble<'a>> {
    match bad {
        Bad::SignerBody(trouble) | Bad::SignerUnit(trouble) | Bad::Question(trouble) => {
            Some(report::trouble(voice, trouble))
        }
        Bad::Cells { .. } | Bad::NotText { .. } | Bad::OpenQuote | Bad::TooLong { .. } | Bad::NoSignerUnit => None,
    }
}

fn missing(voice: Voice<'_>, about: About) -> Missing<'_> {
    let (kind, id) = match about {
        About::Fact(fact) => ("fact", Some(voice.rulebook[fact].names.id.as_str())),
        About::Place(role) => ("place", Some(voice.rulebook[role].names.id.as_str())),
        About::Reading(_) => ("reading", None),
    };
    Missing { about: kind, id, label: explain::asked(voice, about) }
}

/// Grounds, written.
pub(super) fn citations(voice: Voice<'_>, grounds: &[Ground]) -> Box<RawValue> {
    let citation = |ground: &Ground| {
        let text = &voice.rulebook[voice.rulebook[ground.provision].text];
        Citation {
            kind: names::step_code(ground.step),
            document: &voice.rulebook[text.document].number,
            address: names::address(&text.address, voice.language),
            citation: voice.citation(ground.provision),
            unverified: explain::unverified(voice, ground.provision),
        }
    };
    to_raw_value(&grounds.iter().map(citation).collect::<Vec<_>>()).unwrap_or_default()
}
