//! Loads a library of rules and prints what is wrong with it.

use std::io;

use clap::ArgMatches;

use super::{Console, side};
use crate::library::{self, Library};
use crate::reading::words::pick;
use crate::wording;

/// The library that the arguments name, its problems printed to the error stream; `None` when there is none.
pub(super) fn load(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Option<Library>> {
    match side::of(matches, console)? {
        Ok(base) => told(library::with_drafts(&base, &[]), console),
        Err(none) => none.told(console).map(|()| None),
    }
}

/// The library, its problems printed to the error stream; `None` when a folder of it holds no rules.
pub(super) fn told(library: Library, console: &mut Console<'_>) -> io::Result<Option<Library>> {
    let word = pick(console.language, "lỗi", "error");
    for unreadable in &library.unreadable {
        let words = unreadable.words(console.language);
        console.complain(&format!("{word}: {words}"))?;
    }
    if library.lacks_a_folder() {
        return Ok(None);
    }
    let words = wording::render(&library.sources, &library.diagnostics, console.language, console.color);
    write!(console.err, "{words}")?;
    Ok(Some(library))
}
