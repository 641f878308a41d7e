//! What was proposed to a service and waits there for somebody's approval: a file each in `drafts`, signed by the service, so that
//! nobody else who may write there puts anything into its mouth. A draft is no proposal: it carries no signature that
//! would publish it. With the next entry of the log it is void, for it was examined against another version.

use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::envelope::Envelope;
use super::fault::Fault;
use super::key::SecretKey;
use super::log::Log;
use super::statement::{FORMAT, Policy, Publication};
use super::{LARGEST_ENTRY, Store, digest_of_payload, disk, sealed, whole, written};
use crate::digest::Digest;
use crate::library::File;

pub(super) const DRAFTS: &str = "drafts";

/// The kind of its envelope.
const DRAFT: &str = "application/vnd.thamquyen.draft+json";

/// No more wait at once.
pub const MOST: usize = 64;

/// What somebody wants to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub format: u8,
    /// The hash of the entry that it is to follow.
    pub after: Option<Digest>,
    /// When it was proposed, to the second.
    pub at: Timestamp,
    pub by: String,
    pub note: String,
    /// As in [`Request`](super::statement::Request).
    pub key: Digest,
    pub asked: Digest,
    pub publication: Publication,
}

/// A draft that is right and still fits the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// Its hash: whoever saw it under this name gets no other.
    pub name: String,
    pub draft: Draft,
}

/// Who proposes what and why, and how they asked.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub by: &'a str,
    pub note: &'a str,
    pub at: Timestamp,
    pub key: Digest,
    pub asked: Digest,
    pub publication: Publication,
}

impl Wanted<'_> {
    /// As a draft that follows a log, and the name of it.
    #[must_use]
    pub fn after(self, log: &Log) -> Drafted {
        let Wanted { by, note, at, key, asked, publication } = self;
        let after = log.last().map(|last| last.digest);
        let (by, note, at) = (by.to_owned(), note.to_owned(), whole(at));
        let draft = Draft { format: FORMAT, after, at, by, note, key, asked, publication };
        Drafted { name: Digest::of(&written(&draft)).short(), draft }
    }
}

impl Store {
    /// Whether a version could follow what is published now.
    ///
    /// # Errors
    /// When it does not follow it, or lists files that it must not have.
    pub fn fits(&self, publication: &Publication) -> Result<(), Fault> {
        self.log().publishes(DRAFTS, publication)
    }

    /// Keeps a draft with its files, unless one that was asked for by the same key is there: then that one is told.
    ///
    /// # Errors
    /// When it does not follow the log any more, when too many wait, or when the system refuses.
    pub fn keep_draft(&mut self, drafted: Drafted, files: &[File], key: &SecretKey) -> Result<Drafted, Fault> {
        let _lock = self.alone()?;
        if drafted.draft.after != self.log().last().map(|last| last.digest) {
            return Err(Fault::Overtaken);
        }
        self.fits(&drafted.draft.publication)?;
        let (there, _) = self.drafts()?;
        if let Some(earlier) = there.iter().find(|one| one.draft.key == drafted.draft.key) {
            return Ok(earlier.clone());
        }
        if there.len() >= MOST {
            return Err(Fault::Full(MOST));
        }
        self.keep_files(&drafted.draft.publication, files)?;
        let system = |error: io::Error| Fault::of(DRAFTS, &error);
        self.disk.make_folder(DRAFTS).map_err(system)?;
        self.disk.sync_folder("").map_err(system)?;
        let bytes = sealed(DRAFT, &written(&drafted.draft), std::slice::from_ref(key))?;
        disk::place(&*self.disk, DRAFTS, &format!("{}.json", drafted.name), &bytes).map_err(system)?;
        Ok(drafted)
    }

    /// What waits for approval, the oldest first, and what there is not right.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn drafts(&self) -> Result<(Vec<Drafted>, Vec<Fault>), Fault> {
        let is_none = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let names = match self.disk.names(DRAFTS) {
            Err(error) if is_none(&error) => Vec::new(),
            names => names.map_err(|error| Fault::of(DRAFTS, &error))?,
        };
        let (mut all, mut wrong) = (Vec::new(), Vec::new());
        for name in names.iter().filter_map(|name| name.strip_suffix(".json")) {
            match self.one(name) {
                Ok(one) => all.push(one),
                // Void, or taken away meanwhile.
                Err(Fault::Overtaken | Fault::NoProposal(_)) => {}
                Err(fault) => wrong.push(fault),
            }
        }
        all.sort_by(|a, b| (a.draft.at, &a.name).cmp(&(b.draft.at, &b.name)));
        Ok((all, wrong))
    }

    pub(super) fn one(&self, name: &str) -> Result<Drafted, Fault> {
        let path = format!("{DRAFTS}/{name}.json");
        let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let gone = || Fault::NoProposal(name.to_owned());
        let read = self.disk.read(&path, LARGEST_ENTRY);
        let bytes = read.map_err(|error| if is_gone(&error) { gone() } else { Fault::of(&path, &error) })?;
        let unsound = |why| Fault::Unsound { name: path.clone(), why };
        let envelope = Envelope::read(&bytes).map_err(unsound)?;
        let keys = self.log().policy().map(Policy::publishing).unwrap_or_default();
        let (payload, signers) = envelope.opened(DRAFT, &keys).map_err(unsound)?;
        if signers.is_empty() {
            return Err(Fault::Few { name: path, signed: 0, needed: 1 });
        }
        let draft: Draft = serde_json::from_slice(&payload).map_err(|_| Fault::Malformed(path.clone()))?;
        if digest_of_payload(&envelope)? != name || draft.format != FORMAT {
            return Err(Fault::Malformed(path));
        }
        if draft.after != self.log().last().map(|last| last.digest) {
            return Err(Fault::Overtaken);
        }
        Ok(Drafted { name: name.to_owned(), draft })
    }

    /// Takes a draft away, for good.
    ///
    /// # Errors
    /// When there is none, or the system refuses.
    pub fn withdraw(&mut self, name: &str) -> Result<(), Fault> {
        let _lock = self.alone()?;
        // What is no draft of this name is not removed, whatever the name says.
        self.one(name)?;
        let system = |error: io::Error| Fault::of(DRAFTS, &error);
        self.disk.remove(&format!("{DRAFTS}/{name}.json")).map_err(system)?;
        self.disk.sync_folder(DRAFTS).map_err(system)
    }
}
