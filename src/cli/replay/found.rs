//! The values behind the hashes of a log, where its salt is at hand: every value of an enumerated fact is tried, and of numbers
//! and days those that somebody names. A hash tells nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::reading::logged::Fact;
use crate::reading::spelled::{self, Given};
use crate::reading::words::pick;
use crate::register::LevelId;
use crate::rulebook::{Domain, FactId, Rulebook, Value};
use crate::server::decisions::salt::Salt;
use crate::syntax::tree::Language;

/// Sets of more values than this are not tried: there would be too many.
const SET: usize = 12;

/// Values by fact and hash.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeMap<(String, String), Fact>);

/// What is wrong with a file of candidates.
pub(super) enum Wrong {
    Unreadable(String),
    /// Its line, and what stands there.
    Form(usize, String),
    NoFact(usize, String),
    /// Of a fact that there is; and what is expected of it, in both languages.
    Value(usize, String, [String; 2]),
}

impl Wrong {
    pub(super) fn words(&self, language: Language) -> String {
        let (vietnamese, english) = match self {
            Self::Unreadable(why) => {
                (format!("không đọc được tệp giá trị: {why}"), format!("the file of candidates cannot be read: {why}"))
            }
            Self::Form(line, said) => (
                format!("dòng {line} của tệp giá trị: `{said}` không phải DỮ-KIỆN=GIÁ-TRỊ"),
                format!("line {line} of the candidates: `{said}` is not FACT=VALUE"),
            ),
            Self::NoFact(line, said) => (
                format!("dòng {line} của tệp giá trị: không có dữ kiện `{said}`; hãy viết mã"),
                format!("line {line} of the candidates: there is no fact `{said}`; write its id"),
            ),
            Self::Value(line, said, [vietnamese, english]) => (
                format!("dòng {line} của tệp giá trị: `{said}` không hợp; cần {vietnamese}"),
                format!("line {line} of the candidates: `{said}` does not fit; expected {english}"),
            ),
        };
        pick(language, &vietnamese, &english).clone()
    }
}

/// A salt, and the values that somebody names: line, fact, value.
#[derive(Debug, Default)]
pub(super) struct Key {
    salt: Option<Salt>,
    candidates: Vec<(usize, String, String)>,
}

impl Key {
    /// With the values of a file, where there is one.
    pub(super) fn read(salt: Option<Salt>, candidates: Option<&Path>) -> Result<Self, Wrong> {
        let Some(file) = candidates else { return Ok(Self { salt, candidates: Vec::new() }) };
        let text = fs::read_to_string(file).map_err(|error| Wrong::Unreadable(error.to_string()))?;
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let candidate = |(line, number): (&str, usize)| {
            let (id, value) = line.split_once('=').ok_or_else(|| Wrong::Form(number, line.to_owned()))?;
            Ok((number, id.trim().to_owned(), value.trim().to_owned()))
        };
        Ok(Self { salt, candidates: lines.map(candidate).collect::<Result<_, _>>()? })
    }

    /// By what the salt is known.
    pub(super) fn salt(&self) -> Option<String> {
        self.salt.as_ref().map(Salt::id)
    }
}

impl Found {
    /// What these rules find, and the first of the named values that they do not know.
    pub(super) fn of(rulebook: &Rulebook, key: &Key) -> (Self, Option<Wrong>) {
        let (mut found, mut wrong) = (Self::default(), None);
        let Some(salt) = &key.salt else { return (found, wrong) };
        for fact in (0..rulebook.facts.len()).filter_map(|index| u32::try_from(index).ok()).map(FactId) {
            for value in all(rulebook, fact) {
                found.add(rulebook, salt, (fact, &value));
            }
        }
        for candidate in &key.candidates {
            match fitted(rulebook, candidate) {
                Ok((fact, value)) => found.add(rulebook, salt, (fact, &value)),
                Err(unfit) => wrong = wrong.or(Some(unfit)),
            }
        }
        (found, wrong)
    }

    fn add(&mut self, rulebook: &Rulebook, salt: &Salt, (fact, value): (FactId, &Value)) {
        let (id, open) = (&rulebook[fact].names.id, Fact::of(rulebook, fact, value));
        self.0.insert((id.clone(), salt.fact(id, &open.text())), open);
    }

    /// The value of a fact behind a hash.
    pub(super) fn value(&self, id: &str, hash: &str) -> Option<Fact> {
        self.0.get(&(id.to_owned(), hash.to_owned())).cloned()
    }
}

/// A named value, as these rules read it.
fn fitted(rulebook: &Rulebook, (line, id, value): &(usize, String, String)) -> Result<(FactId, Value), Wrong> {
    let at = rulebook.facts.iter().position(|fact| fact.names.id == *id);
    let fact = at.and_then(|at| u32::try_from(at).ok()).map(FactId);
    let fact = fact.ok_or_else(|| Wrong::NoFact(*line, id.clone()))?;
    let read = spelled::value(rulebook, &rulebook[fact], &Given::Text(value.as_str().into()));
    let expected = |language| spelled::expected(rulebook, &rulebook[fact].domain, language);
    let unfit = || Wrong::Value(*line, value.clone(), [Language::Vietnamese, Language::English].map(expected));
    read.map(|value| (fact, value)).map_err(|_| unfit())
}

/// Every value of an enumerated fact.
fn all(rulebook: &Rulebook, fact: FactId) -> Vec<Value> {
    let indices = |count: usize| (0..count).filter_map(|index| u8::try_from(index).ok());
    match &rulebook[fact].domain {
        Domain::Boolean => vec![Value::Boolean(false), Value::Boolean(true)],
        Domain::One { values, .. } => indices(values.len()).map(Value::One).collect(),
        Domain::Many { values, .. } if values.len() <= SET => {
            let sets = 1_u32..1 << values.len();
            let set =
                |bits: u32| indices(values.len()).filter(|index| bits & (1 << index) != 0).collect::<BTreeSet<_>>();
            sets.map(|bits| Value::Many(set(bits))).collect()
        }
        Domain::LevelOrNone => {
            let levels = indices(rulebook.levels.len()).map(|level| Value::Level(Some(LevelId(level))));
            levels.chain([Value::Level(None)]).collect()
        }
        Domain::Many { .. } | Domain::Number { .. } | Domain::Date => Vec::new(),
    }
}
