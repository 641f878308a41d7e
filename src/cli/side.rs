//! Which rules a command reads: folders, a revision of a repository, a published version, however it is called, or those of a
//! running service.

use std::io;
use std::path::PathBuf;

use clap::ArgMatches;

use super::remote::{self, Unsent};
use super::store::Opened;
use super::{Console, origin};
use crate::library::{Base, Origin};
use crate::reading::words::pick;
use crate::server::now;
use crate::store::fault::Fault;
use crate::store::log::Kept;
use crate::store::statement::Publication;
use crate::store::{Named, Store};
use crate::syntax::tree::Language;

/// What names a revision of a git repository, a published version, and the version that was known at a moment.
pub(super) const GIT: &str = "git:";
const VERSION: &str = "version:";
const KNOWN: &str = "known:";

/// The rules that the options of a command mean: a published version where they say one, else folders.
pub(super) fn of(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Result<Base, NoRules>> {
    match Which::of(matches) {
        Some(which) => published(matches, &which, console),
        None => Ok(Ok(Base::Origin(origin(matches)))),
    }
}

/// The rules that a text names: `git:REVISION`, `git:REVISION:FOLDER`, `version:NAME`, `known:MOMENT`, the address of a
/// service, or a folder.
pub(super) fn named(text: &str, matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Result<Base, NoRules>> {
    if let Some(revision) = text.strip_prefix(GIT) {
        let (revision, folder) = revision.split_once(':').unwrap_or((revision, "rules"));
        return Ok(Ok(Base::Revision { revision: revision.to_owned(), folder: folder.to_owned() }));
    }
    if let Some(version) = text.strip_prefix(VERSION) {
        return published(matches, &Which::Version(version), console);
    }
    if let Some(moment) = text.strip_prefix(KNOWN) {
        return published(matches, &Which::Known(moment), console);
    }
    if ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme)) {
        return Ok(remote::rules(text, console.language).map(Base::Files).map_err(NoRules::Remote));
    }
    Ok(Ok(Base::Origin(Origin::Folders(vec![PathBuf::from(text)]))))
}

/// Why there are no rules.
pub(super) enum NoRules {
    Store(Fault),
    Remote(Unsent),
}

impl NoRules {
    pub(super) fn told(&self, console: &mut Console<'_>) -> io::Result<()> {
        let words = match self {
            Self::Store(fault) => fault.words(console.language),
            Self::Remote(unsent) => unsent.words(console.language),
        };
        console.complain(&format!("{}: {words}", pick(console.language, "lỗi", "error")))
    }
}

/// Which published version.
pub(super) enum Which<'a> {
    Version(&'a str),
    Known(&'a str),
}

impl<'a> Which<'a> {
    /// The one that the options of a command mean, where they mean one.
    pub(super) fn of(matches: &'a ArgMatches) -> Option<Self> {
        let said = |name: &str| matches.try_get_one::<String>(name).ok().flatten();
        said("of").map(|version| Self::Version(version)).or_else(|| said("as-known").map(|moment| Self::Known(moment)))
    }

    pub(super) fn find<'s>(&self, store: &'s Store) -> Result<(&'s Kept, &'s Publication), Fault> {
        match self {
            Self::Version(named) => store.find(&named.parse::<Named>()?),
            Self::Known(moment) => store.known(moment),
        }
    }
}

/// A published version, which is told: who asks for a moment wants to know what it came to.
fn published(matches: &ArgMatches, which: &Which<'_>, console: &mut Console<'_>) -> io::Result<Result<Base, NoRules>> {
    let found = Opened::of(matches).and_then(|Opened { store, .. }| {
        let (kept, publication) = which.find(&store)?;
        let files = store.files(publication)?;
        Ok((files, publication.rules.short(), (kept.number, kept.at), store.is_fresh(now()).err()))
    });
    let (files, version, (number, at), stale) = match found {
        Ok(found) => found,
        Err(fault) => return Ok(Err(NoRules::Store(fault))),
    };
    console.complain(&match console.language {
        Language::Vietnamese => format!("theo phiên bản {version}: mục {number}, công bố lúc {at}"),
        Language::English => format!("by version {version}: entry {number}, published at {at}"),
    })?;
    if let Some(fault) = stale {
        console.complain(&format!("{}: {}", pick(console.language, "chú ý", "note"), fault.words(console.language)))?;
    }
    Ok(Ok(Base::Files(files)))
}
