//! What is asked in the standard's words, as our question. Knows where each part of it stands.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::library::Library;
use crate::reading::ask::{Depth, ask};
use crate::reading::audit::{Bad, Signer, signer};
use crate::reading::naming::Voice;
use crate::reading::question::{self, Asked, Place};
use crate::reading::spelled::Given;
use crate::reading::trouble::{Member, Trouble, What};
use crate::ruling::{Answer, Question};
use crate::server::body;
use crate::server::members::{Object, twice};
use crate::server::problem::{Kind, Problem};
use crate::syntax::tree::Language;

/// The one type of subject, of resource, and the one action.
pub(super) const BODY: &str = "body";
pub(super) const TASK: &str = "task";
pub(super) const DECIDE: &str = "decide";

/// A part of a request: its own, else that of the one around it.
fn part<'a>(sent: &Object<'a>, around: Option<&Object<'a>>, name: &str) -> Result<Option<Object<'a>>, Problem> {
    match (sent.object(name)?, around) {
        (None, Some(around)) => around.object(name),
        (own, _) => Ok(own),
    }
}

fn needed<'a>(sent: &Object<'a>, around: Option<&Object<'a>>, name: &str) -> Result<Object<'a>, Problem> {
    part(sent, around, name)?.ok_or_else(|| sent.missing(name, "{ }"))
}

/// A text that can only be one.
fn only(object: &Object<'_>, name: &str, wanted: &str) -> Result<(), Problem> {
    if object.needed(name)? == wanted { Ok(()) } else { Err(object.wrong(name, wanted)) }
}

/// Who may or may not decide.
#[derive(Debug)]
pub(super) struct Subject {
    body: String,
    /// Of which it is; empty of a body without a level.
    unit: String,
}

impl Subject {
    pub(super) fn read(sent: &Object<'_>, around: Option<&Object<'_>>) -> Result<Self, Problem> {
        let subject = Self::kind(sent, around)?;
        let id = subject.needed("id")?;
        let properties = subject.object("properties")?;
        let unit = properties.map(|properties| properties.text("unit")).transpose()?.flatten();
        Ok(match (id.split_once('@'), unit) {
            (Some((body, unit)), None) => Self { body: body.to_owned(), unit: unit.to_owned() },
            (_, unit) => Self { unit: unit.unwrap_or_default(), body: id },
        })
    }

    /// A subject of which only the type is read.
    pub(super) fn kind<'a>(sent: &Object<'a>, around: Option<&Object<'a>>) -> Result<Object<'a>, Problem> {
        let subject = needed(sent, around, "subject")?;
        only(&subject, "type", BODY)?;
        Ok(subject)
    }

    pub(super) fn signer(&self, library: &Library, on: Date, language: Language) -> Result<Signer, Problem> {
        let rulebook = &library.rulebook;
        let wrong =
            |trouble: &Trouble, member| Problem::question(Kind::BadQuestion, rulebook, language, trouble).at(member);
        signer(rulebook, (&self.body, &self.unit), on).map_err(|bad| match bad {
            Bad::SignerBody(trouble) => wrong(&trouble, "subject.id"),
            Bad::SignerUnit(trouble) | Bad::Question(trouble) => wrong(&trouble, "subject.properties.unit"),
            Bad::NoSignerUnit | Bad::Cells { .. } | Bad::NotText { .. } | Bad::OpenQuote | Bad::TooLong { .. } => {
                wrong(&Trouble::new(Member::In(None), What::Missing), "subject.properties.unit")
            }
        })
    }
}

/// A task at a place, on a day, on facts.
#[derive(Debug)]
pub(super) struct Case<'a> {
    asked: Asked<'a>,
}

impl<'a> Case<'a> {
    pub(super) fn read(sent: &Object<'a>, around: Option<&Object<'a>>) -> Result<Self, Problem> {
        only(&needed(sent, around, "action")?, "name", DECIDE)?;
        let resource = needed(sent, around, "resource")?;
        only(&resource, "type", TASK)?;
        let mut asked = Asked { task: Some(resource.needed("id")?.into()), ..Asked::default() };
        if let Some(properties) = resource.object("properties")? {
            asked.places = places(&properties)?;
            facts(&properties, &mut asked.facts)?;
        }
        let context = part(sent, around, "context")?.ok_or_else(|| sent.missing("context.on", "2026-10-01"))?;
        asked.on = context.text("on")?.map(Cow::Owned);
        facts(&context, &mut asked.facts)?;
        Ok(Self { asked })
    }

    pub(super) fn answer(&self, library: &Library, language: Language) -> Result<(Question, Answer), Problem> {
        let voice = Voice::new(&library.rulebook, language);
        let question = question::understand(&library.rulebook, &self.asked);
        let answered = question.and_then(|question| match ask(library.law(), &question, Depth::Ruling) {
            Ok(answer) => Ok((question, answer)),
            Err(bad) => Err(Trouble::refused(&bad, voice, question.on)),
        });
        answered.map_err(|trouble| {
            let problem = Problem::question(Kind::BadQuestion, &library.rulebook, language, &trouble);
            problem.at(&self.member(&trouble.member))
        })
    }

    /// Where a member of our question stands in the standard's words.
    fn member(&self, member: &Member) -> String {
        match member {
            Member::Task => "resource.id".to_owned(),
            Member::On | Member::Day(_) => "context.on".to_owned(),
            Member::In(_) => format!("resource.properties.{}", member.path()),
            Member::Body => "subject.id".to_owned(),
            Member::Fact(_) | Member::Facts => format!("context.{}", member.path()),
        }
    }
}

fn places<'a>(properties: &Object<'a>) -> Result<Vec<Place<'a>>, Problem> {
    let read = |value| body::places(value, &properties.at("in"), properties.speaks());
    Ok(properties.get("in").map(read).transpose()?.unwrap_or_default())
}

/// Facts may stand with the resource or with the context, and each is said once.
fn facts<'a>(object: &Object<'a>, known: &mut Vec<(Cow<'a, str>, Given<'a>)>) -> Result<(), Problem> {
    let Some(value) = object.get("facts") else { return Ok(()) };
    for (name, given) in body::facts(value, &object.at("facts"), object.speaks())? {
        if known.iter().any(|(earlier, _)| *earlier == name) {
            return Err(twice(object.speaks(), &format!("{}.{name}", object.at("facts"))));
        }
        known.push((name, given));
    }
    Ok(())
}
