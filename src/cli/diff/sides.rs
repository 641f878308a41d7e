//! The sides that the arguments of `tq diff` name. Knows what names a revision, and what is compared where little is said.

use std::path::PathBuf;

use clap::ArgMatches;

use super::super::origin;
use crate::library::{self, Base, Library, Origin};

/// What names a revision of a git repository, and not a folder.
const GIT: &str = "git:";

/// Both sides, and what is laid over the new one.
pub(super) struct Sides {
    old: Base,
    new: Base,
    drafts: Vec<PathBuf>,
}

impl Sides {
    /// With drafts the new side is the old one, and the old one the rules as every command finds them, unless they are named.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        let said = |name: &str| matches.get_one::<String>(name).map(|named| side(named));
        let rules = || Base::Origin(origin(matches));
        let drafts: Vec<PathBuf> = matches.get_many::<PathBuf>("with").into_iter().flatten().cloned().collect();
        let old = said("old").unwrap_or_else(rules);
        let unsaid = || if drafts.is_empty() { rules() } else { old.clone() };
        let new = said("new").unwrap_or_else(unsaid);
        Self { old, new, drafts }
    }

    pub(super) fn load_old(&self) -> Library {
        library::with_drafts(&self.old, &[])
    }

    pub(super) fn load_new(&self) -> Library {
        library::with_drafts(&self.new, &self.drafts)
    }

    /// The path of a file of the old side as whoever named the side knows it.
    pub(super) fn old_path(&self, file: &str) -> String {
        path(&self.old, file)
    }

    /// The same of the new side: a draft has the path by which it was named.
    pub(super) fn new_path(&self, file: &str) -> String {
        let is_draft = self.drafts.iter().any(|draft| PathBuf::from(file).starts_with(draft.components().as_path()));
        if is_draft { file.to_owned() } else { path(&self.new, file) }
    }
}

/// `git:REVISION`, `git:REVISION:FOLDER`, or a folder.
fn side(named: &str) -> Base {
    match named.strip_prefix(GIT) {
        Some(revision) => {
            let (revision, folder) = revision.split_once(':').unwrap_or((revision, "rules"));
            Base::Revision { revision: revision.to_owned(), folder: folder.to_owned() }
        }
        None => Base::Origin(Origin::Folders(vec![PathBuf::from(named)])),
    }
}

fn path(base: &Base, file: &str) -> String {
    match base {
        Base::Origin(origin) => origin.path(file),
        Base::Revision { .. } => file.to_owned(),
    }
}
