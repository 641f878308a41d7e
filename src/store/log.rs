//! The log of a store, read from its first entry on: each follows the one before by its hash, and is signed by those whom the
//! policy of that place names. Knows no files.

use jiff::Timestamp;

use super::envelope::{Envelope, Unsound};
use super::fault::Fault;
use super::key::PublicKey;
use super::statement::{
    ENTRY, Entry, FORMAT, FRESHNESS, Freshness, Listed, PROPOSAL, Policy, Proposal, Publication, Says,
};
use crate::digest::Digest;

/// No version has more files.
const MOST_FILES: usize = 100_000;

/// The entries that were read, all of them right.
#[derive(Debug, Clone, Default)]
pub struct Log {
    kept: Vec<Kept>,
}

/// An entry, and what is known of it once it is believed.
#[derive(Debug, Clone)]
pub struct Kept {
    pub number: u32,
    pub at: Timestamp,
    /// The hash of its file.
    pub digest: Digest,
    pub proposal: Proposal,
    /// Who signed the proposal, by their keys.
    pub signers: Vec<PublicKey>,
    /// The policy from here on.
    policy: Policy,
}

impl Kept {
    /// What it publishes, if it does.
    #[must_use]
    pub const fn publication(&self) -> Option<&Publication> {
        match &self.proposal.says {
            Says::Publication(publication) => Some(publication),
            Says::Policy(_) => None,
        }
    }

    /// The names of those who signed, as the policy of this place has them.
    #[must_use]
    pub fn signed_by(&self) -> Vec<&str> {
        let holders = self.policy.publishers.iter();
        holders.filter(|holder| self.signers.contains(&holder.key)).map(|holder| holder.name.as_str()).collect()
    }
}

/// The file of an entry.
pub(super) fn name_of(number: u32) -> String {
    format!("{number:08}.json")
}

impl Log {
    #[must_use]
    pub fn entries(&self) -> &[Kept] {
        &self.kept
    }

    #[must_use]
    pub fn last(&self) -> Option<&Kept> {
        self.kept.last()
    }

    /// The number of the entry to come.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.last().map_or(1, |last| last.number.saturating_add(1))
    }

    /// The hash of the first entry: what the store is known by.
    #[must_use]
    pub fn root(&self) -> Option<Digest> {
        self.kept.first().map(|first| first.digest)
    }

    /// Who may publish now; nobody yet in an empty log.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        self.last().map(|last| &last.policy)
    }

    /// The entry of this number.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<&Kept> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.kept.get(index)
    }

    /// The entry whose policy is in force at the entry of this number.
    #[must_use]
    pub fn policy_entry(&self, number: u32) -> Option<&Kept> {
        self.kept.iter().rev().find(|kept| kept.number <= number && kept.publication().is_none())
    }

    /// The version that was published last.
    #[must_use]
    pub fn latest(&self) -> Option<(&Kept, &Publication)> {
        self.published().next_back()
    }

    /// All that was published, the oldest first.
    pub fn published(&self) -> impl DoubleEndedIterator<Item = (&Kept, &Publication)> {
        self.kept.iter().filter_map(|kept| Some((kept, kept.publication()?)))
    }

    /// Takes the next entry as its file holds it, if it is right.
    ///
    /// # Errors
    /// When it is not: then nothing of it is taken.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let number = self.next();
        let name = format!("log/{}", name_of(number));
        let unsound = |why| Fault::Unsound { name: name.clone(), why };
        let envelope = Envelope::read(bytes).map_err(unsound)?;
        let entry: Entry = read(&name, &envelope.payload().map_err(unsound)?)?;
        format_of(&name, entry.format)?;
        if entry.number != number || entry.previous != self.last().map(|last| last.digest) {
            return Err(Fault::Order(name));
        }
        if self.last().is_some_and(|last| entry.at < last.at) {
            return Err(Fault::Backwards(name));
        }
        let (proposal, signers, policy) = self.judged(&name, &entry.proposal)?;
        // Whoever puts a proposal into its place is one of those who may publish, before it or by it.
        let (_, placed_by) = envelope.opened(ENTRY, &self.keys(&policy)).map_err(unsound)?;
        by_one(&name, &placed_by)?;
        self.kept.push(Kept { number, at: entry.at, digest: Digest::of(bytes), proposal, signers, policy });
        Ok(())
    }

    /// What a proposal says, who signed it, and who may publish after it; only where it may go into the log now.
    fn judged(&self, name: &str, envelope: &Envelope) -> Result<(Proposal, Vec<PublicKey>, Policy), Fault> {
        let (proposal, signers, policy) = self.proposed(name, envelope)?;
        let enough = |policy: &Policy| {
            let signed = policy.publishing().iter().filter(|key| signers.contains(key)).count();
            let needed = policy.signatures;
            if signed >= needed { Ok(()) } else { Err(Fault::Few { name: name.to_owned(), signed, needed }) }
        };
        // A change of policy takes those before it and those after it.
        self.policy().map_or(Ok(()), enough)?;
        enough(&policy)?;
        Ok((proposal, signers, policy))
    }

    /// What a proposal says, who signed it so far, and who may publish after it.
    pub(super) fn proposed(
        &self,
        name: &str,
        envelope: &Envelope,
    ) -> Result<(Proposal, Vec<PublicKey>, Policy), Fault> {
        let unsound = |why| Fault::Unsound { name: name.to_owned(), why };
        let proposal: Proposal = read(name, &envelope.payload().map_err(unsound)?)?;
        format_of(name, proposal.format)?;
        if proposal.after != self.last().map(|last| last.digest) {
            return Err(Fault::Order(name.to_owned()));
        }
        let policy = match (&proposal.says, self.policy()) {
            (Says::Policy(policy), _) if policy.is_sound() => policy.clone(),
            (Says::Policy(_), _) => return Err(Fault::Policy(name.to_owned())),
            (Says::Publication(publication), Some(policy)) => {
                self.publishes(name, publication)?;
                policy.clone()
            }
            (Says::Publication(_), None) => return Err(Fault::Order(name.to_owned())),
        };
        let (_, signers) = envelope.opened(PROPOSAL, &self.keys(&policy)).map_err(unsound)?;
        Ok((proposal, signers, policy))
    }

    /// The keys of those who may publish now, and of those who may by a policy.
    fn keys(&self, policy: &Policy) -> Vec<PublicKey> {
        let mut keys = self.policy().map(Policy::publishing).unwrap_or_default();
        keys.extend(policy.publishing());
        keys
    }

    /// Whether a publication fits the log, and its files what they are known by.
    pub(super) fn publishes(&self, name: &str, publication: &Publication) -> Result<(), Fault> {
        let files = &publication.files;
        if publication.parent != self.latest().map(|(_, latest)| latest.rules) {
            return Err(Fault::Order(name.to_owned()));
        }
        let again = |number: u32| self.entry(number).and_then(Kept::publication).map(|earlier| earlier.rules);
        if publication.again.is_some_and(|number| again(number) != Some(publication.rules)) {
            return Err(Fault::Order(name.to_owned()));
        }
        let sorted = files.windows(2).all(|pair| match pair {
            [one, other] => one.path < other.path,
            _ => true,
        });
        if files.len() > MOST_FILES || !sorted || !files.iter().all(|file| is_inside(&file.path)) {
            return Err(Fault::Paths(name.to_owned()));
        }
        if Digest::of_rules(files.iter().map(|Listed { path, sha256, .. }| (path.as_str(), *sha256)))
            != publication.rules
        {
            return Err(Fault::Malformed(name.to_owned()));
        }
        Ok(())
    }

    /// Until when this log may be taken for the newest, as the file of it says, and who says so.
    pub(super) fn freshness(&self, name: &str, bytes: &[u8]) -> Result<(Freshness, Vec<PublicKey>), Fault> {
        let unsound = |why| Fault::Unsound { name: name.to_owned(), why };
        let envelope = Envelope::read(bytes).map_err(unsound)?;
        let said: Freshness = read(name, &envelope.payload().map_err(unsound)?)?;
        format_of(name, said.format)?;
        let there = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let Some(last) = self.entry(said.number) else {
            return Err(Fault::RolledBack { seen: said.number, there });
        };
        let policy = self.policy_entry(said.number).map(|kept| kept.digest);
        if last.digest != said.head || self.root() != Some(said.root) || policy != Some(said.policy) {
            return Err(Fault::Forked(said.number));
        }
        let (_, signers) = envelope.opened(FRESHNESS, &last.policy.publishing()).map_err(unsound)?;
        by_one(name, &signers)?;
        Ok((said, signers))
    }
}

/// One signs it, no more: of two signatures, anybody could take one away and so make another file, with another hash.
fn by_one(name: &str, signers: &[PublicKey]) -> Result<(), Fault> {
    match signers {
        [_] => Ok(()),
        [] => Err(Fault::Few { name: name.to_owned(), signed: 0, needed: 1 }),
        [_, _, ..] => Err(Fault::Unsound { name: name.to_owned(), why: Unsound::Malformed }),
    }
}

/// A path that stays where it is put: relative, of plain parts.
fn is_inside(path: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    path.split('/').all(plain) && !path.chars().any(char::is_control)
}

fn format_of(name: &str, format: u8) -> Result<(), Fault> {
    if format == FORMAT { Ok(()) } else { Err(Fault::Later { name: name.to_owned(), format }) }
}

/// A later program may say more than this one can read: then that it is later is what is told.
fn read<T: serde::de::DeserializeOwned>(name: &str, payload: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(payload).map_err(|_| {
        let format = serde_json::from_slice::<serde_json::Value>(payload).ok();
        let format = format.and_then(|value| u8::try_from(value.get("format")?.as_u64()?).ok());
        match format {
            Some(format) if format != FORMAT => Fault::Later { name: name.to_owned(), format },
            Some(_) | None => Fault::Unsound { name: name.to_owned(), why: Unsound::Malformed },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn no_path_leaves_its_folder() {
        for path in ["a.tq", "dat-dai/59.tq", "registers/đà nẵng/units.csv", "..a/b..tq"] {
            assert!(is_inside(path), "{path}");
        }
        for path in ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/./b", "a\\b", "c:/a", "a\nb", "a/"] {
            assert!(!is_inside(path), "{path:?}");
        }
    }
}
