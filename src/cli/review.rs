//! `tq review`: steps through the snapshots that differ from the rules, beside each the decisions that move, and asks of each
//! whether it is what was meant. Knows no law: texts come from [`crate::reading::snapshot`], moves from [`crate::reading::diff`].

mod against;
mod found;
mod list;
mod paint;
mod responsible;
mod step;
mod words;

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::snapshot::{self, folder};
use super::{Console, Format, Status, ask, errors_line, origin, problems, texts};
use crate::library::{Library, Origin};
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::snapshot::{file_name, language_of};
use crate::rulebook::Language;
use against::Against;
use folder::{Change, Done};
use found::Found;
use paint::Paint;

/// Where somebody may sit who answers.
pub(super) struct Desk<'a> {
    pub(super) input: &'a mut dyn BufRead,
    pub(super) attended: bool,
    pub(super) color: bool,
}

/// The rules, where they come from, and the folder of their snapshots.
#[derive(Clone, Copy)]
struct Case<'a> {
    library: &'a Library,
    origin: &'a Origin,
    folder: &'a Path,
    /// That of the snapshots.
    language: Language,
}

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>, desk: Desk<'_>) -> io::Result<Status> {
    let accepts = matches.get_flag("accept-all") || matches.contains_id("accept");
    if console.format == Format::Json && !matches.get_flag("list") {
        console.complain(words::json_is_for_lists(console.language))?;
        return Ok(Status::Wrong);
    }
    if !desk.attended && !accepts && !matches.get_flag("list") {
        console.complain(words::nobody_there(console.language))?;
        return Ok(Status::Wrong);
    }
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
        return Ok(Status::Wrong);
    }
    let folder = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
    let there = match folder::gather(&folder) {
        Ok(there) => there,
        Err(error) => return snapshot::fail(&folder, &error, console),
    };
    let language = kept_language(there.values());
    let Some(wanted) = snapshot::wanted(&library, language, console)? else { return Ok(Status::Wrong) };
    let changes = folder::changes(&wanted, &there);
    if let Some(name) = folder::foreign(&changes) {
        return snapshot::somebody_elses(&folder.join(name), console);
    }
    let origin = origin(matches);
    let case = Case { library: &library, origin: &origin, folder: &folder, language };
    if accepts {
        return match chosen(matches, case, &changes, console)? {
            Some(chosen) => accept(case, (&changes, &chosen), console),
            None => Ok(Status::Wrong),
        };
    }
    let Some(against) = Against::find(matches, case, console)? else { return Ok(Status::Wrong) };
    let found = Found::new(case, &against, &changes, console.language);
    if matches.get_flag("list") {
        return list::show((case, &against, &found), console);
    }
    let paint = if desk.color { Paint::Colours } else { Paint::Plain };
    step::through((case, &against, &found), (desk.input, paint), console)
}

/// The snapshots keep the language that they are in: Vietnamese unless all are English.
fn kept_language<'a>(texts: impl Iterator<Item = &'a String>) -> Language {
    let mut languages = texts.filter_map(|text| language_of(text)).peekable();
    let english = languages.peek().is_some() && languages.all(|language| language == Language::English);
    if english { Language::English } else { Language::Vietnamese }
}

/// The changes that the arguments name, by their places; `None` when a task is unknown, which is told.
fn chosen(
    matches: &ArgMatches,
    case: Case<'_>,
    changes: &[Change<'_>],
    console: &mut Console<'_>,
) -> io::Result<Option<Vec<usize>>> {
    if matches.get_flag("accept-all") {
        return Ok(Some((0..changes.len()).collect()));
    }
    let (mut chosen, mut idle) = (Vec::new(), Vec::new());
    for written in texts(matches, "accept") {
        // What is left over has a file and no task.
        let of = |id: &str| changes.iter().position(|change| change.name == file_name(id));
        let rulebook = &case.library.rulebook;
        let (id, place) = match of(&written) {
            Some(place) => (written, Some(place)),
            None => match question::task(rulebook, Some(&written)) {
                Ok(task) => (rulebook[task].names.id.to_string(), of(&rulebook[task].names.id)),
                Err(trouble) => {
                    ask::refuse(Voice::new(rulebook, console.language), &trouble, console)?;
                    return Ok(None);
                }
            },
        };
        match place {
            Some(place) => chosen.push(place),
            None => idle.push(id),
        }
    }
    for id in idle {
        console.say(&words::nothing_to_accept(&id, console.language))?;
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(Some(chosen))
}

/// Accepts what was chosen, and says how much is left.
fn accept(
    case: Case<'_>,
    (changes, chosen): (&[Change<'_>], &[usize]),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let mut accepted = 0;
    for change in chosen.iter().filter_map(|place| changes.get(*place)) {
        let path = case.folder.join(change.name);
        match folder::put(case.folder, change) {
            Ok(done) => {
                snapshot::told(&path, done, console)?;
                accepted += usize::from(done != Done::ChangedMeanwhile);
            }
            Err(error) => return snapshot::fail(&path, &error, console),
        }
    }
    let left = changes.len() - accepted;
    console.say(&words::accepted_and_left(accepted, left, console.language))?;
    Ok(if left == 0 { Status::Fine } else { Status::Findings })
}
