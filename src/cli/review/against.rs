//! What the decisions are compared with: the folder of rules as it was last committed, or whatever side is named.

use std::io;

use clap::ArgMatches;

use super::super::side::{self, GIT};
use super::super::{Console, problems};
use super::{Case, words};
use crate::library::{self, Library, Origin};
use crate::partition::Side;
use crate::reading::diff::{self, Asked, Change, Diff};
use crate::reading::naming::Voice;
use crate::reading::snapshot;
use crate::rulebook::{Language, Rulebook, TaskId};

/// Whether decisions could be compared.
pub(super) enum Against {
    Compared(Box<Compared>),
    /// They could not, and why.
    Alone(String),
}

/// The other side, and what it says unlike.
pub(super) struct Compared {
    /// As it is to be written after `tq diff`.
    pub(super) named: String,
    pub(super) old: Library,
    pub(super) diff: Diff,
}

impl Against {
    /// Compares; `None` when a side that was named cannot be read, which is told.
    pub(super) fn find(matches: &ArgMatches, case: Case<'_>, console: &mut Console<'_>) -> io::Result<Option<Self>> {
        let said = matches.get_one::<String>("against");
        let named = match said.cloned().map_or_else(|| committed(case.origin, console.language), Ok) {
            Ok(named) => named,
            Err(why) => return Ok(Some(Self::Alone(why))),
        };
        let old = match side::named(&named, matches, console)? {
            Ok(base) => library::with_drafts(&base, &[]),
            Err(none) => return none.told(console).map(|()| None),
        };
        if old.lacks_a_folder() {
            let why = old.unreadable.iter().map(|one| one.words(console.language)).collect::<Vec<_>>().join("; ");
            // What was asked for and is not there is a mistake; without a repository there is still something to review.
            return match said {
                Some(_) => problems::told(old, console).map(|_| None),
                None => Ok(Some(Self::Alone(why))),
            };
        }
        if old.errors() > 0 {
            console.complain(&words::errors_against(&named, old.errors(), console.language))?;
        }
        let diff = match diff::diff(old.law(), case.library.law()) {
            Ok(diff) => diff,
            Err((side, many)) => {
                let rulebook = if side == Side::Old { &old.rulebook } else { &case.library.rulebook };
                let voice = Voice::new(rulebook, console.language);
                let task = voice.name(&rulebook[many.task].names);
                let texts = voice.citations(&many.provisions);
                return Ok(Some(Self::Alone(words::too_many_regions(task, &texts, console.language))));
            }
        };
        Ok(Some(Self::Compared(Box::new(Compared { named, old, diff }))))
    }
}

impl Compared {
    /// What the two sides say unlike of the task of this name.
    pub(super) fn of(&self, new: &Rulebook, id: &str) -> Vec<&Change> {
        self.diff.changes.iter().filter(|change| self.id(new, change) == id).collect()
    }

    /// The name of a change's task.
    pub(super) fn id<'a>(&'a self, new: &'a Rulebook, change: &Change) -> &'a str {
        match change.task {
            Asked::Both { new: task, .. } | Asked::New(task) => &new[task].names.id,
            Asked::Old(task) => &self.old.rulebook[task].names.id,
        }
    }

    /// The other side's task of this name.
    pub(super) fn task(&self, id: &str) -> Option<TaskId> {
        self.old.rulebook.task_ids().find(|task| self.old.rulebook[*task].names.id == id)
    }

    /// The snapshot that the other side's rules have of the task of this name.
    pub(super) fn text(&self, id: &str, language: Language) -> Option<String> {
        snapshot::text(self.old.law(), language, self.task(id)?).ok()
    }

    fn voices<'a>(&'a self, new: &'a Rulebook, language: Language) -> (Voice<'a>, Voice<'a>) {
        (Voice::new(&self.old.rulebook, language), Voice::new(new, language))
    }

    /// The regions of one task in words, as `tq diff` has them.
    pub(super) fn lines(&self, new: &Rulebook, id: &str, language: Language) -> Vec<String> {
        let mut own = self.diff.clone();
        own.changes.retain(|change| self.id(new, change) == id);
        own.units.clear();
        // The counts come first, and were said.
        diff::lines(self.voices(new, language), &own).into_iter().skip_while(|line| !line.is_empty()).skip(1).collect()
    }
}

/// The folder of rules as it was last committed; or why there is no such thing.
fn committed(origin: &Origin, language: Language) -> Result<String, String> {
    let Origin::Folders(folders) = origin else { return Err(words::rules_of_the_program(language).to_owned()) };
    let [folder] = folders.as_slice() else { return Err(words::several_folders(language).to_owned()) };
    let here = std::env::current_dir().unwrap_or_default();
    let folder = folder.strip_prefix(&here).unwrap_or(folder);
    let folder = folder.to_string_lossy().replace('\\', "/");
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    Ok(if folder == "rules" { format!("{GIT}HEAD") } else { format!("{GIT}HEAD:{folder}") })
}
