//! Which rules a command reads: folders, a revision of a repository, a published version, however it is called, or those of a
//! running service.

use std::io;
use std::path::PathBuf;

use clap::ArgMatches;

use super::remote::{self, NoRules};
use super::store::Opened;
use super::{Console, origin};
use crate::library::{self, Library, Origin};
use crate::reading::words::pick;
use crate::server::now;
use crate::store::fault::Fault;
use crate::store::log::Kept;
use crate::store::statement::Publication;
use crate::store::{Named, Store};
use crate::syntax::tree::Language;

/// What names a revision of a git repository, a published version, and the version that was known at a moment.
const GIT: &str = "git:";
const VERSION: &str = "version:";
const KNOWN: &str = "known:";

/// The rules that the options of a command mean: a published version where they say one, else folders.
pub(super) fn of(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Result<Library, NoLibrary>> {
    let said = |name: &str| matches.try_get_one::<String>(name).ok().flatten();
    match (said("of"), said("as-known")) {
        (Some(version), _) => published(matches, &Which::Version(version), console),
        (None, Some(moment)) => published(matches, &Which::Known(moment), console),
        (None, None) => Ok(Ok(library::load(&origin(matches)))),
    }
}

/// The rules that one side of a comparison names.
pub(super) fn named(
    side: &str,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> io::Result<Result<Library, NoLibrary>> {
    if let Some(revision) = side.strip_prefix(GIT) {
        let (revision, folder) = revision.split_once(':').unwrap_or((revision, "rules"));
        return Ok(Ok(library::at_revision(revision, folder)));
    }
    if let Some(version) = side.strip_prefix(VERSION) {
        return published(matches, &Which::Version(version), console);
    }
    if let Some(moment) = side.strip_prefix(KNOWN) {
        return published(matches, &Which::Known(moment), console);
    }
    if ["http://", "https://"].iter().any(|scheme| side.starts_with(scheme)) {
        return Ok(remote::rules(side, console.language).map_err(NoLibrary::Remote));
    }
    Ok(Ok(library::load(&Origin::Folders(vec![PathBuf::from(side)]))))
}

/// Why there are no rules.
pub(super) enum NoLibrary {
    Store(Fault),
    Remote(NoRules),
}

impl NoLibrary {
    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Self::Store(fault) => fault.words(language),
            Self::Remote(none) => none.words(language),
        }
    }
}

/// Which published version.
enum Which<'a> {
    Version(&'a str),
    Known(&'a str),
}

impl Which<'_> {
    fn find<'s>(&self, store: &'s Store) -> Result<(&'s Kept, &'s Publication), Fault> {
        match self {
            Self::Version(named) => store.find(&named.parse::<Named>()?),
            Self::Known(moment) => store.known(moment),
        }
    }
}

/// A published version, which is told: who asks for a moment wants to know what it came to.
fn published(
    matches: &ArgMatches,
    which: &Which<'_>,
    console: &mut Console<'_>,
) -> io::Result<Result<Library, NoLibrary>> {
    let found = Opened::of(matches).and_then(|Opened { store, .. }| {
        let (kept, publication) = which.find(&store)?;
        let library = library::from_files(store.files(publication)?);
        Ok((library, kept.number, kept.at, store.is_fresh(now()).err()))
    });
    let (library, number, at, stale) = match found {
        Ok(found) => found,
        Err(fault) => return Ok(Err(NoLibrary::Store(fault))),
    };
    let version = &library.version;
    console.complain(&match console.language {
        Language::Vietnamese => format!("theo phiên bản {version}: mục {number}, công bố lúc {at}"),
        Language::English => format!("by version {version}: entry {number}, published at {at}"),
    })?;
    if let Some(fault) = stale {
        console.complain(&format!("{}: {}", pick(console.language, "chú ý", "note"), fault.words(console.language)))?;
    }
    Ok(Ok(library))
}
