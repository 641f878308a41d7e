//! Prints what is wrong with a library of rules.

use std::io;

use super::Console;
use crate::library::Library;
use crate::reading::words::pick;
use crate::wording;

/// All problems of a library, to the error stream; nothing when there are none.
pub(super) fn print(library: &Library, console: &mut Console<'_>) -> io::Result<()> {
    let word = pick(console.language, "lỗi", "error");
    for unreadable in &library.unreadable {
        let words = unreadable.words(console.language);
        console.complain(&format!("{word}: {words}"))?;
    }
    let words = wording::render(&library.sources, &library.diagnostics, console.language, console.color);
    write!(console.err, "{words}")
}
