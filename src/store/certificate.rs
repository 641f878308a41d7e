//! A ruling that was certified: question, ruling, the texts that it quotes, and all that shows without the store by whom the
//! rules were published and who may certify, in one signed file. The ruling is found elsewhere.
//!
//! The proof holds few entries of the log however long it is: those that said who may publish and certify, from the first one,
//! whose hash is the store's root, and the one that published the rules. That no change of policy is left out is said by the
//! confirmation that the log is the newest: a publisher of today names in it the entry whose policy is in force. Each policy is
//! signed by enough of those whom the one before it names, so none is believed for its own sake.

pub mod check;
pub mod flaw;
mod replay;
mod told;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::envelope::Unsound;
use super::fault::Fault;
use super::key::SecretKey;
use super::log::{Kept, name_of};
use super::statement::{FORMAT, Freshness};
use super::{FRESH, LARGEST_ENTRY, LOG, Store, sealed, whole, written};
use crate::digest::Digest;
use crate::library::Library;
use crate::reading::ask::Depth;
use crate::reading::naming::Voice;
use crate::reading::report::{self, Frame};
use crate::ruling::Answer;
use crate::syntax::tree::Language;

/// The kind of envelope.
pub const RULING: &str = "application/vnd.thamquyen.ruling+json";

/// What is signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub format: u8,
    pub question: Question,
    pub rulings: Rulings,
    /// What the rules are known by.
    pub version: Digest,
    /// The entry of the log that published them.
    pub entry: u32,
    /// What the store is known by: the hash of the first entry.
    pub root: Digest,
    /// When it was certified, to the second.
    pub at: Timestamp,
    /// The version of the program that found the ruling.
    pub program: String,
    pub evidence: Evidence,
}

/// What was asked, by ids and codes: the same however it was spelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub task: String,
    pub on: Date,
    /// The codes of units on that day, by role; none where there is no such place.
    pub places: BTreeMap<String, Option<Vec<String>>>,
    /// Values as a ruling has them.
    pub facts: BTreeMap<String, Json>,
}

/// The ruling as `tq ask --explain --format json` has it, once in each language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rulings {
    pub vi: Json,
    pub en: Json,
}

impl Rulings {
    #[must_use]
    pub const fn of(&self, language: Language) -> &Json {
        match language {
            Language::Vietnamese => &self.vi,
            Language::English => &self.en,
        }
    }
}

/// What the rest is checked against, without the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The entries that say who may publish and certify, from the first one on, each as its file holds it.
    pub policies: Vec<String>,
    /// The entry that published the rules.
    pub publication: String,
    /// The confirmation that the log is the newest.
    pub fresh: String,
    /// The rule files that the ruling quotes, by their paths.
    pub texts: BTreeMap<String, String>,
    /// Where each link of the ruling's chain stands in them.
    pub cited: Vec<Cited>,
}

/// A heading in a rule file, below which a text is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    pub path: String,
    /// From 1.
    pub line: usize,
}

/// An answer by published rules, that is to be certified.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The entry of the log that published the rules.
    pub entry: u32,
    pub library: &'a Library,
    /// With its [record](Depth::Record).
    pub answer: &'a Answer,
}

impl Store {
    /// The file that certifies a ruling.
    ///
    /// # Errors
    /// When the key may not certify by the policy in force, nobody confirmed lately that this policy is the last, or the rules
    /// are not those of the entry.
    pub fn certify(&self, found: &Found<'_>, key: &SecretKey, at: Timestamp) -> Result<Vec<u8>, Fault> {
        let (root, policy) = self.log.root().zip(self.log.policy()).ok_or(Fault::Empty)?;
        if !policy.certifying().contains(&key.public()) {
            return Err(Fault::MayNot { key: key.public().id() });
        }
        let at = whole(at);
        self.is_confirmed(at)?;
        let version = found.library.digest;
        let publishes = |kept: &&Kept| kept.publication().is_some_and(|one| one.rules == version);
        let published = self.log.entry(found.entry).filter(publishes);
        let published = published.ok_or_else(|| Fault::NoVersion(found.library.version.clone()))?;
        let policies = self.log.entries().iter().filter(|kept| kept.publication().is_none());
        let (texts, cited) = texts(found.library, found.answer);
        let certificate = Certificate {
            format: FORMAT,
            question: question(found.library, found.answer),
            rulings: rulings(found.library, found.answer),
            version,
            entry: found.entry,
            root,
            at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            evidence: Evidence {
                policies: policies.map(|kept| self.entry_text(kept)).collect::<Result<_, _>>()?,
                publication: self.entry_text(published)?,
                fresh: text(FRESH, self.fresh_file()?.unwrap_or_default())?,
                texts,
                cited,
            },
        };
        sealed(RULING, &written(&certificate), std::slice::from_ref(key))
    }

    /// Whether somebody confirmed that all there is in the log is all, for this moment.
    fn is_confirmed(&self, at: Timestamp) -> Result<(), Fault> {
        self.is_fresh(at)?;
        let (last, said) = self.log.last().zip(self.freshness()?).ok_or(Fault::Empty)?;
        let Freshness { head, at: said_at, .. } = said;
        if head != last.digest {
            // Whoever wrote the last entry was stopped before it was confirmed.
            return Err(Fault::Stale { before: said_at });
        }
        if at < said_at { Err(Fault::Clock { last: said_at }) } else { Ok(()) }
    }

    /// An entry as its file holds it.
    fn entry_text(&self, kept: &Kept) -> Result<String, Fault> {
        let name = format!("{LOG}/{}", name_of(kept.number));
        let bytes = self.disk.read(&name, LARGEST_ENTRY).map_err(|error| Fault::of(&name, &error))?;
        if Digest::of(&bytes) == kept.digest { text(&name, bytes) } else { Err(Fault::Malformed(name)) }
    }
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, Fault> {
    let malformed = |_| Fault::Unsound { name: name.to_owned(), why: Unsound::Malformed };
    String::from_utf8(bytes).map_err(malformed)
}

/// The question of an answer.
fn question(library: &Library, answer: &Answer) -> Question {
    let (rulebook, asked) = (&library.rulebook, &answer.question);
    let voice = Voice::new(rulebook, Language::English);
    let task = &rulebook[asked.task];
    let places = task.roles.iter().zip(&asked.places).map(|(role, rows)| {
        let codes = || rows.iter().map(|row| rulebook.register.row(*row).code.clone()).collect();
        (rulebook[*role].names.id.clone(), (!asked.without.contains(role)).then(codes))
    });
    let facts = asked.facts.iter().map(|(fact, value)| {
        let value = report::json(&report::value(voice, *fact, value));
        (rulebook[*fact].names.id.clone(), value)
    });
    Question { task: task.names.id.clone(), on: asked.on, places: places.collect(), facts: facts.collect() }
}

/// The ruling in both languages.
fn rulings(library: &Library, answer: &Answer) -> Rulings {
    let frame = Frame { version: &library.version, rules_errors: library.errors(), depth: Depth::Record };
    let of = |language| report::report(Voice::new(&library.rulebook, language), answer, frame);
    Rulings { vi: of(Language::Vietnamese), en: of(Language::English) }
}

/// The files that the grounds of an answer stand in, and where in them.
fn texts(library: &Library, answer: &Answer) -> (BTreeMap<String, String>, Vec<Cited>) {
    let rulebook = &library.rulebook;
    let cited = answer.grounds.iter().map(|ground| {
        let span = rulebook[rulebook[ground.provision].text].span;
        let path = library.sources.get(span.source).map_or_else(String::new, |source| source.path.to_string());
        Cited { path, line: library.sources.line_column(span).0 }
    });
    let cited: Vec<Cited> = cited.collect();
    let is_cited = |path: &str| cited.iter().any(|cited| cited.path == path);
    let texts = library.files.iter().filter(|file| is_cited(&file.path)).map(|file| {
        // What is no text was not loaded.
        (file.path.clone(), String::from_utf8_lossy(&file.bytes).into_owned())
    });
    (texts.collect(), cited)
}
