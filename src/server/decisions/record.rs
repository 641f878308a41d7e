//! A line of the log of decisions: a JSON object that holds the hash of the line before. Knows neither files nor threads.

use std::fmt::Display;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::digest::Digest;
use crate::reading::logged::Told;

/// What this program writes, and reads.
pub const FORMAT: u8 = 1;

/// No line is longer.
pub const LONGEST: usize = 1 << 20;

/// One record, `S` being what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record<S = Says> {
    /// From 1.
    pub n: u64,
    /// The hash of the line before, without its end; of the first one 64 zeros.
    pub before: String,
    pub at: Timestamp,
    pub says: S,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says<T = Told> {
    /// A service began to write here.
    Begins(Begins),
    Answer(Given<T>),
    Publication(Publication),
    /// Answers that are not in the log.
    Gap(Gap),
    /// The service ended in an orderly way.
    Ends(Ends),
}

/// Under what conditions the records after this one are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begins {
    pub format: u8,
    pub to: String,
    /// By what the salt is known; tells nothing of it.
    pub salt: String,
    /// Of so many answers one is logged.
    pub one_in: u64,
    /// Facts that are logged as they are though they are numbers or days.
    pub open: Vec<String>,
    /// Facts that are hidden though they are enumerated.
    pub personal: Vec<String>,
    /// How the service before this one ended; none of a new log.
    pub after: Option<After>,
    /// What was left half written by one that was stopped.
    pub set_aside: Option<SetAside>,
}

/// How the service before ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    Ended,
    /// What it had answered last may be missing.
    Stopped,
}

/// Bytes that are no whole record, kept beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    pub file: String,
    pub bytes: u64,
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given<T = Told> {
    pub request: Option<String>,
    pub via: Via,
    /// The line of a batch, from 1.
    pub line: Option<usize>,
    /// Who asked, where the service knows.
    pub by: Option<String>,
    pub told: T,
}

/// Where it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    WhoDecides,
    Batch,
    Page,
    Authzen,
}

/// Something that is about to be put into the store of versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub request: Option<String>,
    /// Who wants it, as the service knows them.
    pub by: String,
    /// What is done: `propose`, `approve`, `publish`.
    pub deed: String,
    /// The proposal, by its name.
    pub proposal: Option<String>,
    /// The rules, by their hash.
    pub rules: Option<String>,
}

/// Answers that were given and are not in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    pub lost: u64,
    pub since: Timestamp,
    pub until: Timestamp,
}

/// Says no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ends {}

/// What a writer says: of an answer the part that was written already.
pub(super) type Written<'a> = Says<&'a RawValue>;

/// The hash before the first record.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Where a chain stands: number and hash of its last record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub number: u64,
    pub hash: Option<Digest>,
}

impl Link {
    /// Before the first record.
    pub const START: Self = Self { number: 0, hash: None };

    /// The hash that the next record has to name.
    #[must_use]
    pub fn before(&self) -> String {
        self.hash.map_or_else(|| NOTHING.to_owned(), |hash| hash.to_string())
    }

    /// Writes the next record behind a text.
    pub(super) fn add(&mut self, at: Timestamp, says: &Written<'_>, text: &mut Vec<u8>) {
        let record = Record { n: self.number + 1, before: self.before(), at, says };
        let begin = text.len();
        // Into memory nothing can fail to be written.
        let _ = serde_json::to_writer(&mut *text, &record);
        let line = text.get(begin..).unwrap_or_default();
        *self = Self { number: self.number + 1, hash: Some(Digest::of(line)) };
        text.push(b'\n');
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is no record of this format.
    Unreadable(String),
    TooLong,
    /// It is not what was written: the line behind it holds another hash of it.
    Changed,
    /// It holds another hash of the line before. One of the two was changed, or one between them is missing.
    Chain,
    /// Its number is not the next one.
    Number {
        expected: u64,
        found: u64,
    },
    /// The file ends in it.
    Cut,
    /// The system refuses to read it.
    System(String),
}

/// Reads a line behind another.
///
/// # Errors
/// What is wrong with it.
pub fn read(line: &[u8], after: Option<&Link>) -> Result<(Record, Link), Flaw> {
    let unreadable = |error: &dyn Display| Flaw::Unreadable(error.to_string());
    let record: Record = serde_json::from_slice(line).map_err(|error| unreadable(&error))?;
    if after.is_none() && record.n == 1 && record.before != NOTHING {
        return Err(Flaw::Changed);
    }
    if let Some(link) = after {
        if record.before != link.before() {
            return Err(Flaw::Chain);
        }
        if record.n != link.number + 1 {
            return Err(Flaw::Number { expected: link.number + 1, found: record.n });
        }
    }
    let link = Link { number: record.n, hash: Some(Digest::of(line)) };
    Ok((record, link))
}

impl Record {
    /// Whether a chain begins with it.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.n == 1 && self.before == NOTHING && matches!(self.says, Says::Begins(_))
    }
}
