//! `tq snapshot`: what the rules mean, one file for each task, to be kept beside the rules. Writes and removes only files that
//! begin as it begins them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::{fs, str};

use clap::ArgMatches;
use similar::TextDiff;

use super::{Console, Status, errors_line, problems};
use crate::reading::naming::Voice;
use crate::reading::snapshot::{Snapshot, is_snapshot, snapshots};
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::Language;
use crate::ruling::BadQuestion;

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
    let wanted = match snapshots(library.law(), language) {
        Ok(wanted) => wanted,
        Err(too_many) => {
            let voice = Voice::new(&library.rulebook, console.language);
            let day = jiff::civil::Date::default();
            let trouble = Trouble::refused(&BadQuestion::TooManyRules(too_many), voice, day);
            super::ask::refuse(voice, &trouble, console)?;
            return Ok(Status::Wrong);
        }
    };
    let folder = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
    let there = match gather(&folder) {
        Ok(there) => there,
        Err(error) => return fail(&folder, &error, console),
    };
    let changes = changes(&wanted, &there);
    if matches.get_flag("check") {
        return show(&folder, &changes, wanted.len(), console);
    }
    write(&folder, &changes, wanted.len(), console)
}

/// What makes a file of the folder differ from what it should be.
struct Change<'a> {
    name: &'a str,
    /// What is there; `None`: nothing.
    old: Option<&'a str>,
    /// What should be; `None`: nothing.
    new: Option<&'a str>,
}

/// The texts in a folder, by name; none where there is no folder. What is no text in UTF-8 is nobody's snapshot.
fn gather(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".txt"));
        if let Some(name) = name.filter(|_| path.is_file()) {
            let bytes = fs::read(&path)?;
            // A checkout may have turned the ends of lines.
            let text = str::from_utf8(&bytes).unwrap_or_default().replace("\r\n", "\n");
            found.insert(name.to_owned(), text);
        }
    }
    Ok(found)
}

fn changes<'a>(wanted: &'a [Snapshot], there: &'a BTreeMap<String, String>) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    for Snapshot { name, text } in wanted {
        let old = there.get(name).map(String::as_str);
        if old != Some(text) {
            changes.push(Change { name, old, new: Some(text) });
        }
    }
    for (name, text) in there {
        if is_snapshot(text) && wanted.iter().all(|one| one.name != *name) {
            changes.push(Change { name, old: Some(text), new: None });
        }
    }
    changes
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
    let difference = TextDiff::from_lines(old, new);
    let by_rules = format!("{path} ({})", pick(console.language, "theo quy định", "by the rules"));
    let words = difference.unified_diff().context_radius(2).header(path, &by_rules).to_string();
    for line in words.lines().take(SHOWN) {
        console.say(line)?;
    }
    let more = words.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        let words = pick(console.language, "dòng khác nữa", "more lines");
        console.say(&format!("… {more} {words}"))?;
    }
    Ok(())
}

fn write(folder: &Path, changes: &[Change<'_>], all: usize, console: &mut Console<'_>) -> io::Result<Status> {
    let language = console.language;
    let foreign = changes.iter().find(|change| change.old.is_some_and(|old| !is_snapshot(old)));
    if let Some(Change { name, .. }) = foreign {
        let path = folder.join(name);
        let words = pick(
            language,
            "không phải ảnh chụp do tq viết: hãy chọn thư mục khác",
            "is no snapshot that tq wrote: choose another folder",
        );
        console.complain(&format!("{}: {words}", path.display()))?;
        return Ok(Status::Wrong);
    }
    if let Err(error) = fs::create_dir_all(folder) {
        return fail(folder, &error, console);
    }
    for Change { name, new, .. } in changes {
        let path = folder.join(name);
        let (done, word) = match new {
            Some(new) => (fs::write(&path, new), pick(language, "đã viết", "written")),
            None => (fs::remove_file(&path), pick(language, "đã xóa", "removed")),
        };
        if let Err(error) = done {
            return fail(&path, &error, console);
        }
        console.say(&format!("{word}: {}", path.display()))?;
    }
    console.say(&match language {
        Language::Vietnamese => format!("{all} nhiệm vụ, {} tệp thay đổi", changes.len()),
        Language::English => format!("{all} tasks, files changed: {}", changes.len()),
    })?;
    Ok(Status::Fine)
}

fn fail(path: &Path, error: &io::Error, console: &mut Console<'_>) -> io::Result<Status> {
    let words = pick(console.language, "không đọc hoặc ghi được", "cannot be read or written");
    console.complain(&format!("{}: {words}: {error}", path.display()))?;
    Ok(Status::Wrong)
}
