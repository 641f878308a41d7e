//! What was known of stores before, so that one that was set back or put in another's place is noticed. Kept outside of the
//! store, in a file of whoever reads it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::{Disk as _, Folder, place_at_root};
use super::fault::Fault;
use super::log::Log;
use crate::digest::Digest;

/// How far the log of a store was known, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The hash of its first entry.
    pub root: Digest,
    pub number: u32,
    pub head: Digest,
}

impl Seen {
    /// Whether a log holds all that was seen.
    pub(super) fn agrees(&self, log: &Log) -> Result<(), Fault> {
        let there = log.next().saturating_sub(1);
        match log.root() {
            Some(root) if root == self.root => {}
            Some(found) => return Err(Fault::Root { known: self.root, found }),
            None => return Err(Fault::RolledBack { seen: self.number, there }),
        }
        match log.entry(self.number) {
            Some(entry) if entry.digest == self.head => Ok(()),
            Some(_) => Err(Fault::Forked(self.number)),
            None => Err(Fault::RolledBack { seen: self.number, there }),
        }
    }
}

/// What was seen of each store, by where it lies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    stores: BTreeMap<String, Seen>,
}

/// A memory of any number of stores is smaller.
const LARGEST: u64 = 16 << 20;

impl Memory {
    /// Of a file; empty where there is none.
    ///
    /// # Errors
    /// When the file is damaged: what was forgotten could not be held against anybody.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let (folder, name) = parts(file);
        match folder.read(&name, LARGEST) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| Fault::Malformed(file.display().to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Fault::of(&file.display().to_string(), &error)),
        }
    }

    /// What is known of the store that lies there.
    #[must_use]
    pub fn of(&self, store: &str) -> Option<&Seen> {
        self.stores.get(store)
    }

    /// What is known of the store with this root, wherever copies of it lie.
    pub fn of_root(&self, root: Digest) -> impl Iterator<Item = &Seen> {
        self.stores.values().filter(move |seen| seen.root == root)
    }

    /// Keeps what is known now, beside what others kept meanwhile; who knows more of a store is not made to know less.
    ///
    /// # Errors
    /// When others saw another log at the same place, or when the system refuses.
    pub fn keep(&mut self, store: &str, seen: Seen, file: &Path) -> Result<(), Fault> {
        if self.stores.get(store) == Some(&seen) {
            return Ok(());
        }
        let (folder, name) = parts(file);
        let system = |error: io::Error| Fault::of(&file.display().to_string(), &error);
        folder.make_folder("").map_err(system)?;
        let _lock = folder.lock().map_err(system)?;
        *self = Self::read(file)?;
        match self.stores.get(store).filter(|known| known.root == seen.root) {
            Some(known) if known.number == seen.number && known.head != seen.head => {
                return Err(Fault::Forked(seen.number));
            }
            Some(known) if known.number >= seen.number => return Ok(()),
            Some(_) | None => {}
        }
        self.stores.insert(store.to_owned(), seen);
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        place_at_root(&folder, &name, &bytes).map_err(system)
    }
}

fn parts(file: &Path) -> (Folder, String) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    (Folder::new(folder), file.file_name().unwrap_or_default().to_string_lossy().into_owned())
}
