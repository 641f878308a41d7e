//! `tq snapshot`: what the rules mean, one file for each task, to be kept beside the rules. Writes and removes only files that
//! begin as it begins them.

pub(super) mod folder;
pub(super) mod unified;

use std::io;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::{Console, Status, errors_line, problems};
use crate::library::Library;
use crate::reading::naming::Voice;
use crate::reading::snapshot::{Snapshot, snapshots};
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::Language;
use crate::ruling::{BadQuestion, TooMany};
use folder::{Change, Done};

/// Of a file that differs so many lines of difference are shown.
const SHOWN: usize = 30;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    // The same files on every machine: the locale does not count.
    let said = matches.get_one::<String>("lang").map(String::as_str);
    let language = if said == Some("en") { Language::English } else { Language::Vietnamese };
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
        return Ok(Status::Wrong);
    }
    let Some(wanted) = wanted(&library, language, console)? else { return Ok(Status::Wrong) };
    let folder = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
    let there = match folder::gather(&folder) {
        Ok(there) => there,
        Err(error) => return fail(&folder, &error, console),
    };
    let changes = folder::changes(&wanted, &there);
    if matches.get_flag("check") {
        return show(&folder, &changes, wanted.len(), console);
    }
    write(&folder, &changes, wanted.len(), console)
}

/// What the files should be; `None` when the rules of a task fall into too many regions, which is told.
pub(super) fn wanted(
    library: &Library,
    language: Language,
    console: &mut Console<'_>,
) -> io::Result<Option<Vec<Snapshot>>> {
    match snapshots(library.law(), language) {
        Ok(wanted) => Ok(Some(wanted)),
        Err(too_many) => refuse(library, too_many, console).map(|()| None),
    }
}

fn refuse(library: &Library, too_many: TooMany, console: &mut Console<'_>) -> io::Result<()> {
    let voice = Voice::new(&library.rulebook, console.language);
    let day = jiff::civil::Date::default();
    let trouble = Trouble::refused(&BadQuestion::TooManyRules(too_many), voice, day);
    super::ask::refuse(voice, &trouble, console)
}

fn show(folder: &Path, changes: &[Change<'_>], all: usize, console: &mut Console<'_>) -> io::Result<Status> {
    let language = console.language;
    for Change { name, old, new } in changes {
        let path = folder.join(name).display().to_string();
        match (old, new) {
            (None, _) => console.say(&format!("{path}: {}", pick(language, "thiếu", "missing")))?,
            (_, None) => {
                let words = pick(language, "thừa: không còn nhiệm vụ này", "left over: there is no such task");
                console.say(&format!("{path}: {words}"))?;
            }
            (Some(old), Some(new)) => difference(&path, old, new, console)?,
        }
    }
    console.say(&match language {
        Language::Vietnamese => format!("{all} nhiệm vụ, {} ảnh chụp khác với quy định", changes.len()),
        Language::English => format!("{all} tasks, snapshots that differ from the rules: {}", changes.len()),
    })?;
    if changes.is_empty() {
        return Ok(Status::Fine);
    }
    let advice = pick(
        language,
        "Nếu đúng là ý muốn: chạy `tq snapshot` rồi lưu các tệp đó cùng với quy định.",
        "If this is what was meant: run `tq snapshot` and keep the files together with the rules.",
    );
    console.say(advice)?;
    Ok(Status::Findings)
}

fn difference(path: &str, old: &str, new: &str, console: &mut Console<'_>) -> io::Result<()> {
    let lines = unified::unified(path, (old, new), console.language);
    for line in lines.iter().take(SHOWN) {
        console.say(line)?;
    }
    let more = lines.len().saturating_sub(SHOWN);
    if more > 0 {
        let words = pick(console.language, "dòng khác nữa", "more lines");
        console.say(&format!("… {more} {words}"))?;
    }
    Ok(())
}

fn write(folder: &Path, changes: &[Change<'_>], all: usize, console: &mut Console<'_>) -> io::Result<Status> {
    let language = console.language;
    if let Some(name) = folder::foreign(changes) {
        return somebody_elses(&folder.join(name), console);
    }
    let mut left = 0;
    for change in changes {
        let path = folder.join(change.name);
        match folder::put(folder, change) {
            Ok(done) => {
                told(&path, done, console)?;
                left += usize::from(done == Done::ChangedMeanwhile);
            }
            Err(error) => return fail(&path, &error, console),
        }
    }
    let changed = changes.len() - left;
    console.say(&match language {
        Language::Vietnamese => format!("{all} nhiệm vụ, {changed} tệp thay đổi"),
        Language::English => format!("{all} tasks, files changed: {changed}"),
    })?;
    Ok(if left > 0 { Status::Wrong } else { Status::Fine })
}

/// Says what became of a file.
pub(super) fn told(path: &Path, done: Done, console: &mut Console<'_>) -> io::Result<()> {
    let path = path.display();
    match done {
        Done::Written => console.say(&format!("{}: {path}", pick(console.language, "đã viết", "written"))),
        Done::Removed => console.say(&format!("{}: {path}", pick(console.language, "đã xóa", "removed"))),
        Done::ChangedMeanwhile => {
            let words = pick(
                console.language,
                "đã bị sửa trong lúc này nên được giữ nguyên: chạy lại lệnh",
                "was changed meanwhile and is left alone: run the command again",
            );
            console.complain(&format!("{path}: {words}"))
        }
    }
}

/// Refuses to touch a file.
pub(super) fn somebody_elses(path: &Path, console: &mut Console<'_>) -> io::Result<Status> {
    let words = pick(
        console.language,
        "không phải ảnh chụp do tq viết: hãy chọn thư mục khác",
        "is no snapshot that tq wrote: choose another folder",
    );
    console.complain(&format!("{}: {words}", path.display()))?;
    Ok(Status::Wrong)
}

pub(super) fn fail(path: &Path, error: &io::Error, console: &mut Console<'_>) -> io::Result<Status> {
    let words = pick(console.language, "không đọc hoặc ghi được", "cannot be read or written");
    console.complain(&format!("{}: {words}: {error}", path.display()))?;
    Ok(Status::Wrong)
}
