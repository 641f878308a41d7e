//! `tq fmt`: writes rule files canonically, in their own language or with `--lang` in the other.

use std::io;
use std::path::PathBuf;

use clap::ArgMatches;

use super::{Console, Status, origin};
use crate::library::{self, Origin, Written};
use crate::reading::words::pick;
use crate::source::Sources;
use crate::syntax::format::{self, Formatted, Names, Refusal};
use crate::syntax::tree::Language;
use crate::wording;
use crate::wording::format::{Outcome, outcome, summary, unsayable};

/// What is wanted of every file.
struct Wanted {
    names: Names,
    to: Option<Language>,
    check: bool,
}

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let origin = origin(matches);
    let named: Vec<PathBuf> = matches.get_many::<PathBuf>("path").into_iter().flatten().cloned().collect();
    let paths = match (&origin, named.is_empty()) {
        (Origin::Folders(folders), true) => folders.clone(),
        (Origin::Folders(_) | Origin::Compiled, _) => named,
    };
    if paths.is_empty() {
        let words = pick(
            console.language,
            "không có thư mục `rules`: nêu tệp hoặc thư mục",
            "there is no folder `rules`: name a file or a folder",
        );
        console.complain(&format!("{}: {words}", pick(console.language, "lỗi", "error")))?;
        return Ok(Status::Wrong);
    }
    let library = library::load(&origin);
    let (files, unreadable) = library::written(&paths);
    for one in &unreadable {
        let words = one.words(console.language);
        console.complain(&format!("{}: {words}", pick(console.language, "lỗi", "error")))?;
    }
    let to = matches.get_one::<String>("lang").and_then(|tag| Language::from_tag(tag));
    let wanted = Wanted {
        names: library.names(files.iter().map(|file| file.text.as_str())),
        to,
        check: matches.get_flag("check"),
    };
    let mut status = if unreadable.is_empty() { Status::Fine } else { Status::Wrong };
    let mut changed = 0;
    for file in &files {
        let found = one_file(file, &wanted, console)?;
        changed += usize::from(found.1);
        status = status.max(found.0);
    }
    console.say(&summary(files.len(), changed, console.language))?;
    Ok(status)
}

/// How a file came out, and whether it was not canonical.
fn one_file(file: &Written, wanted: &Wanted, console: &mut Console<'_>) -> io::Result<(Status, bool)> {
    let mut sources = Sources::default();
    let path = file.path.display().to_string();
    let source = sources.add(path.as_str(), file.text.as_str());
    match format::format(source, &file.text, &wanted.names, wanted.to) {
        Ok(formatted) if wanted.check => check(file, &formatted, &sources, console),
        Ok(formatted) => rewrite(file, &formatted, console),
        Err(Refusal::Unread(problems)) => {
            let words = wording::render(&sources, &problems, console.language, console.color);
            write!(console.err, "{words}")?;
            console.complain(&format!("{path}: {}", outcome(Outcome::Unread, console.language)))?;
            Ok((Status::Findings, false))
        }
        Err(Refusal::Unsayable(troubles)) => {
            for (span, trouble) in troubles {
                let (line, _) = sources.line_column(span);
                console.complain(&format!("{path}:{line}: {}", unsayable(&trouble, console.language)))?;
            }
            Ok((Status::Findings, false))
        }
    }
}

fn check(
    file: &Written,
    formatted: &Formatted,
    sources: &Sources,
    console: &mut Console<'_>,
) -> io::Result<(Status, bool)> {
    let (path, language) = (file.path.display(), console.language);
    if file.bytes == formatted.text.as_bytes() {
        return Ok((Status::Fine, false));
    }
    if let Some(span) = formatted.foreign {
        let (line, _) = sources.line_column(span);
        let mixed = Outcome::Mixed { main: formatted.was, line: sources.snippet(span) };
        console.say(&format!("{path}:{line}: {}", outcome(mixed, language)))?;
    }
    match format::first_difference(&file.text, &formatted.text) {
        Some((line, is, should)) => {
            let words = outcome(Outcome::NotCanonical { is, should }, language);
            console.say(&format!("{path}:{line}: {words}"))?;
        }
        None => console.say(&format!("{path}: {}", outcome(Outcome::NotCanonicalBytes, language)))?,
    }
    Ok((Status::Findings, true))
}

fn rewrite(file: &Written, formatted: &Formatted, console: &mut Console<'_>) -> io::Result<(Status, bool)> {
    let (path, language) = (file.path.display(), console.language);
    if file.bytes == formatted.text.as_bytes() {
        return Ok((Status::Fine, false));
    }
    if let Err(error) = library::replace(&file.path, &formatted.text) {
        let why = error.to_string();
        console.complain(&format!("{path}: {}", outcome(Outcome::NotWritten { why: &why }, language)))?;
        return Ok((Status::Wrong, true));
    }
    console.say(&format!("{path}: {}", outcome(Outcome::Rewritten, language)))?;
    if formatted.foreign.is_some() && formatted.language == formatted.was {
        console.say(&format!("{path}: {}", outcome(Outcome::WasMixed { main: formatted.was }, language)))?;
    }
    Ok((Status::Fine, true))
}
