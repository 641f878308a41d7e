//! The sides that the arguments of `tq diff` name. Knows what names a revision, and what is compared where little is said.

use std::io;
use std::path::PathBuf;

use clap::ArgMatches;

use super::super::side::{self, NoRules};
use super::super::{Console, origin};
use crate::library::{self, Base, Library};

/// Both sides, and what is laid over the new one.
pub(super) struct Sides {
    old: Base,
    new: Base,
    drafts: Vec<PathBuf>,
}

impl Sides {
    /// With drafts the new side is the old one, and the old one the rules as every command finds them, unless they are named.
    pub(super) fn of(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Result<Self, NoRules>> {
        let said = |name: &str| matches.get_one::<String>(name);
        let rules = || Base::Origin(origin(matches));
        let drafts: Vec<PathBuf> = matches.get_many::<PathBuf>("with").into_iter().flatten().cloned().collect();
        let old = match said("old").map(|text| side::named(text, matches, console)).transpose()? {
            None => rules(),
            Some(Ok(base)) => base,
            Some(Err(none)) => return Ok(Err(none)),
        };
        let new = match said("new").map(|text| side::named(text, matches, console)).transpose()? {
            None if drafts.is_empty() => rules(),
            None => old.clone(),
            Some(Ok(base)) => base,
            Some(Err(none)) => return Ok(Err(none)),
        };
        Ok(Ok(Self { old, new, drafts }))
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

fn path(base: &Base, file: &str) -> String {
    match base {
        Base::Origin(origin) => origin.path(file),
        Base::Revision { .. } | Base::Files(_) => file.to_owned(),
    }
}
