//! What is signed: who may publish, what is published, where it stands in the log, and until when the log may be taken for
//! the newest. Shapes alone; what makes them right is said in the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use super::envelope::Envelope;
use super::key::PublicKey;
use crate::digest::Digest;

/// The form of everything here that a program of today writes and reads.
pub const FORMAT: u8 = 1;

/// The kinds of envelopes.
pub const ENTRY: &str = "application/vnd.thamquyen.entry+json";
pub const PROPOSAL: &str = "application/vnd.thamquyen.proposal+json";
pub const FRESHNESS: &str = "application/vnd.thamquyen.freshness+json";

/// A place in the log, signed by whoever put it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub format: u8,
    /// From 1, without a hole.
    pub number: u32,
    /// The hash of the entry before, as its file holds it; of the first there is none.
    pub previous: Option<Digest>,
    /// When it was put here, to the second; never before the entry before.
    pub at: Timestamp,
    /// What was put here, with as many signatures as it takes.
    pub proposal: Envelope,
}

/// What somebody wants to put into the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    pub format: u8,
    /// The hash of the entry that it is to follow: what is signed for one history fits no other.
    pub after: Option<Digest>,
    /// Who proposes it, in words.
    pub by: String,
    /// Why, in words.
    pub note: String,
    pub says: Says,
    /// How a service was asked to propose it, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
}

/// How a service was asked to publish something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The hash of who asked, and of the key by which a repeat of it is known.
    pub key: Digest,
    /// The hash of what was asked.
    pub asked: Digest,
    /// The name under which it waited, or would have.
    pub draft: String,
    /// Who approved it, where somebody else than who proposed it has to.
    pub approved_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Says {
    Policy(Policy),
    Publication(Publication),
}

/// Who may publish from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How many publishers have to sign what goes into the log.
    pub signatures: usize,
    pub publishers: Vec<Holder>,
    /// Who may certify rulings.
    pub certifiers: Vec<Holder>,
    /// The clock by which a day without an hour is meant: `+07:00`.
    pub offset: String,
    /// For so many days after it was last confirmed the log may be taken for the newest.
    pub fresh_days: u16,
}

/// Whose key it is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    pub name: String,
    pub key: PublicKey,
}

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// What the rules are known by.
    pub rules: Digest,
    /// The rules that were published last before.
    pub parent: Option<Digest>,
    /// The entry by which the same rules were published before, where they are published anew.
    pub again: Option<u32>,
    /// In the order of their paths.
    pub files: Vec<Listed>,
    /// What differs from the parent.
    pub changes: Option<Changes>,
    /// Findings of the gravest kind that the parent does not have, each with the reason for which it may stand.
    pub accepted: Vec<Accepted>,
    /// The hash that certifies the region check ([`crate::reading::verify::Certificate`]).
    pub regions: Digest,
    /// The version of the program that did all this.
    pub program: String,
}

/// A file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub path: String,
    pub size: u64,
    pub sha256: Digest,
}

/// A diff in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Tasks that both versions have.
    pub compared: usize,
    /// Regions by class, where there are any.
    pub regions: BTreeMap<String, usize>,
    /// Rows of registers.
    pub units: usize,
}

/// A finding that stands for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    pub code: String,
    pub fingerprint: String,
    pub why: String,
}

/// Until when the log, as far as it is meant here, may be taken for the newest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freshness {
    pub format: u8,
    /// The hash of the first entry.
    pub root: Digest,
    /// The last entry there was.
    pub number: u32,
    pub head: Digest,
    /// The entry whose policy was in force there: who holds this and that entry knows of all changes of policy, without the
    /// entries between.
    pub policy: Digest,
    pub at: Timestamp,
    pub before: Timestamp,
}

impl Policy {
    /// The keys of those who may publish.
    #[must_use]
    pub fn publishing(&self) -> Vec<PublicKey> {
        self.publishers.iter().map(|holder| holder.key).collect()
    }

    /// The keys of those who may certify rulings.
    #[must_use]
    pub fn certifying(&self) -> Vec<PublicKey> {
        self.certifiers.iter().map(|holder| holder.key).collect()
    }

    /// The clock by which days are meant; `None` where it is not written as `+07:00`.
    #[must_use]
    pub fn clock(&self) -> Option<Offset> {
        let (sign, rest) = match self.offset.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let two = |text: &str| {
            (text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse::<i32>().ok())?
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        (minutes < 60 && hours <= 14).then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
    }

    /// Whether anybody could ever publish by it, and nobody counts twice.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let distinct = |holders: &[Holder]| {
            let mut ids: Vec<String> = holders.iter().map(|holder| holder.key.id()).collect();
            ids.sort();
            ids.windows(2).all(|pair| pair.first() != pair.last())
        };
        (1..=self.publishers.len()).contains(&self.signatures)
            && distinct(&self.publishers)
            && distinct(&self.certifiers)
            && self.clock().is_some()
            && self.fresh_days > 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, Policy};
    use crate::store::key::SecretKey;

    #[test]
    fn a_policy_by_which_nobody_could_publish_is_none() {
        let holder = |seed| Holder { name: "A".to_owned(), key: SecretKey::from_seed([seed; 32]).public() };
        let policy = |signatures, publishers: Vec<Holder>, offset: &str| Policy {
            signatures,
            publishers,
            certifiers: Vec::new(),
            offset: offset.to_owned(),
            fresh_days: 30,
        };
        assert!(policy(2, vec![holder(1), holder(2)], "+07:00").is_sound());
        assert!(policy(1, vec![holder(1)], "-03:30").is_sound());
        assert!(!policy(0, vec![holder(1)], "+07:00").is_sound());
        assert!(!policy(2, vec![holder(1)], "+07:00").is_sound());
        assert!(!policy(2, vec![holder(1), holder(1)], "+07:00").is_sound());
        for offset in ["7", "+7:00", "+07:60", "+15:00", "07:00", "+0a:00"] {
            assert!(!policy(1, vec![holder(1)], offset).is_sound(), "{offset}");
        }
    }
}
