//! The rules of which a log is asked: the same ones throughout, or of each answer those that gave it.

use std::cell::Cell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use clap::ArgMatches;

use super::super::store::Opened;
use super::super::{Console, problems, warn};
use super::found::{Found, Key};
use crate::library::{self, Library};
use crate::reading::check::quoted;
use crate::reading::logged::Told;
use crate::reading::words::pick;
use crate::store::fault::Fault;
use crate::store::{Named, Store};
use crate::syntax::tree::Language;

/// So many versions are kept at a time: a log is in the order of time, but the answers of a batch come late.
const NEAR: usize = 4;
/// After so many different questions it pays to work out every task.
const MANY: usize = 2_000;

/// Rules that are asked, and what they find behind hashes.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) library: Library,
    pub(super) found: Found,
    /// What a command says to ask these.
    pub(super) options: String,
    asked: Cell<usize>,
}

impl Rules {
    fn new(library: Library, found: Found, options: String) -> Self {
        Self { library, found, options, asked: Cell::new(0) }
    }

    /// One more question is asked.
    pub(super) fn count(&self) {
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() == MANY {
            self.library.compile();
        }
    }
}

/// Where rules are found.
pub(super) enum Shelf {
    One(Rc<Rules>),
    Each(Box<Each>),
}

/// What an answer says of its rules: their hash, shortened, and their entry, where they have one.
type Name = (String, Option<u32>);

/// Of each answer the version that gave it.
pub(super) struct Each {
    store: Store,
    /// What a command says to ask this store.
    options: String,
    key: Key,
    /// The last ones first; `None` is not in the store.
    near: Vec<(Name, Option<Rc<Rules>>)>,
}

impl Shelf {
    /// What the options of the command mean; `None` where they mean nothing that can be used, which is told.
    pub(super) fn of(matches: &ArgMatches, key: Key, console: &mut Console<'_>) -> io::Result<Option<Self>> {
        if matches.get_flag("as-answered") {
            return Self::each(matches, key, console);
        }
        let Some(library) = problems::load(matches, console)? else { return Ok(None) };
        warn(library.errors(), console)?;
        let (found, wrong) = Found::of(&library.rulebook, &key);
        if let Some(wrong) = wrong {
            super::refuse(&wrong.words(console.language), console)?;
            return Ok(None);
        }
        Ok(Some(Self::One(Rc::new(Rules::new(library, found, options(matches))))))
    }

    fn each(matches: &ArgMatches, key: Key, console: &mut Console<'_>) -> io::Result<Option<Self>> {
        let opened = Opened::of(matches).and_then(|Opened { store, .. }| {
            let files = store.find(&Named::Latest).and_then(|(_, latest)| store.files(latest))?;
            Ok((store, library::from_files(files)))
        });
        let (store, latest) = match opened {
            Ok(opened) => opened,
            Err(fault) => return super::refuse(&fault.words(console.language), console).map(|_| None),
        };
        // Values that the newest version does not know are slips; older ones need not know them all.
        if let (_, Some(wrong)) = Found::of(&latest.rulebook, &key) {
            super::refuse(&wrong.words(console.language), console)?;
            return Ok(None);
        }
        Ok(Some(Self::Each(Box::new(Each { store, options: of_store(matches), key, near: Vec::new() }))))
    }

    /// The rules that one answer is asked of; `None` where the store does not have them.
    ///
    /// # Errors
    /// When the store has them and cannot show them.
    pub(super) fn rules(&mut self, told: &Told) -> Result<Option<Rc<Rules>>, Fault> {
        match self {
            Self::One(rules) => Ok(Some(Rc::clone(rules))),
            Self::Each(each) => each.rules(told),
        }
    }

    /// The one version that is asked, if it is one.
    pub(super) fn version(&self) -> Option<&str> {
        match self {
            Self::One(rules) => Some(&rules.library.version),
            Self::Each(_) => None,
        }
    }
}

impl Each {
    fn rules(&mut self, told: &Told) -> Result<Option<Rc<Rules>>, Fault> {
        let name = (told.version.clone(), told.entry);
        if let Some(at) = self.near.iter().position(|(near, _)| *near == name) {
            let found = self.near.remove(at);
            self.near.insert(0, found);
        } else {
            let rules = self.read(told)?;
            self.near.insert(0, (name, rules.map(Rc::new)));
            self.near.truncate(NEAR);
        }
        Ok(self.near.first().and_then(|(_, rules)| rules.clone()))
    }

    fn read(&self, told: &Told) -> Result<Option<Rules>, Fault> {
        // Rules of folders have no entry, and may have been published all the same.
        let named = match (told.entry, told.version.parse()) {
            (Some(number), _) => Named::Number(number),
            (None, Ok(named @ Named::Digest(_))) => named,
            (None, Ok(Named::Latest | Named::Number(_)) | Err(_)) => return Ok(None),
        };
        let (number, publication) = match self.store.find(&named) {
            Ok((kept, publication)) => (kept.number, publication),
            Err(Fault::NoVersion(_)) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        // An entry of this number with other rules is of another store.
        if publication.rules.short() != told.version {
            return Ok(None);
        }
        let library = library::from_files(self.store.files(publication)?);
        let (found, _) = Found::of(&library.rulebook, &self.key);
        Ok(Some(Rules::new(library, found, format!("{} --of {number}", self.options))))
    }
}

/// What a command says to ask the rules that the options mean.
fn options(matches: &ArgMatches) -> String {
    let said = |name: &str| matches.get_one::<String>(name).map(|value| format!(" --{name} {}", quoted(value)));
    match said("of").or_else(|| said("as-known")) {
        Some(which) => of_store(matches) + &which,
        None => {
            let folders = matches.get_many::<PathBuf>("rules").into_iter().flatten();
            folders.map(|folder| format!(" --rules {}", quoted(&folder.display().to_string()))).collect()
        }
    }
}

/// What a command says to ask the same store. The address of a database may hold a secret, and is left to `TQ_STORE`.
fn of_store(matches: &ArgMatches) -> String {
    let folder = matches.get_one::<PathBuf>("store").map(|folder| folder.display().to_string());
    folder.filter(|text| !text.contains("://")).map(|text| format!(" --store {}", quoted(&text))).unwrap_or_default()
}

/// How rules are named in words.
pub(super) fn named(shelf: &Shelf, language: Language) -> String {
    match shelf.version() {
        Some(version) => format!("{} {version}", pick(language, "theo bộ quy định", "of rules")),
        None => pick(language, "theo đúng phiên bản đã trả lời", "of the versions that gave them").to_owned(),
    }
}
