//! A certified ruling worked out anew from the published rules: the strongest check, where the store is at hand.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::check::{Checked, Trust};
use super::flaw::Flaw;
use super::{Question, question, rulings, texts};
use crate::digest::Digest;
use crate::library::{self, Library};
use crate::reading::ask::{Depth, ask};
use crate::reading::question::{Asked, understand};
use crate::reading::spelled::Given;
use crate::ruling::Answer;
use crate::store::Store;
use crate::store::fault::Fault;

impl Store {
    /// Whether the store holds what a certificate says of it, and its rules give the same ruling, to the byte.
    ///
    /// # Errors
    /// A fault of the store; or, inside, what is wrong with the certificate.
    pub fn replay(&self, checked: &Checked) -> Result<Result<(), Flaw>, Fault> {
        let Checked { certificate, trust: Trust { policies, published, publication, .. }, .. } = checked;
        let of = |digest: &Digest| self.log().entries().iter().any(|kept| kept.digest == *digest);
        let entry = self.log().entry(published.number).map(|kept| kept.digest);
        let is_there = entry == Some(Digest::of(certificate.evidence.publication.as_bytes()));
        if !is_there || !policies.iter().all(of) {
            return Ok(Err(Flaw::Store));
        }
        let library = library::from_files(self.files(publication)?);
        let same = answer(&library, &certificate.question).is_some_and(|answer| {
            let (texts, cited) = texts(&library, &answer);
            let (ours, theirs) = (rulings(&library, &answer), &certificate.rulings);
            // As texts: the order of members is part of the form.
            (ours.vi.to_string(), ours.en.to_string()) == (theirs.vi.to_string(), theirs.en.to_string())
                && question(&library, &answer) == certificate.question
                && (texts, cited) == (certificate.evidence.texts.clone(), certificate.evidence.cited.clone())
        });
        let program = certificate.program.clone();
        Ok(if same { Ok(()) } else { Err(Flaw::Replay { program }) })
    }
}

/// The answer to a certified question; `None` where it is none by these rules.
fn answer(library: &Library, question: &Question) -> Option<Answer> {
    let question = understand(&library.rulebook, &asked(question)).ok()?;
    ask(library.law(), &question, Depth::Record).ok()
}

/// A certified question as it would be put.
fn asked(question: &Question) -> Asked<'_> {
    let places = question.places.iter().flat_map(|(role, codes)| {
        let role = || Some(Cow::Borrowed(role.as_str()));
        match codes {
            Some(codes) => codes.iter().map(|code| (role(), code.as_str().into())).collect(),
            None => vec![(role(), "none".into())],
        }
    });
    let facts = question.facts.iter().map(|(fact, value)| (fact.as_str().into(), given(value)));
    Asked {
        task: Some(question.task.as_str().into()),
        on: Some(question.on.to_string().into()),
        places: places.collect(),
        facts: facts.collect(),
    }
}

/// A value as rulings have it: numbers in texts, in the notation of JSON, which could be read otherwise if they were taken for
/// words.
fn given(value: &Json) -> Given<'_> {
    match value {
        Json::Bool(truth) => Given::Truth(*truth),
        Json::String(text) => Given::Number(text.as_str().into()),
        Json::Array(values) => Given::Several(values.iter().filter_map(Json::as_str).map(Cow::from).collect()),
        Json::Null | Json::Number(_) | Json::Object(_) => Given::Text(value.to_string().into()),
    }
}
