//! Prints what is wrong with a library of rules.

use std::io;

use super::Console;
use crate::library::Library;
use crate::reading::words::pick;

/// All problems of a library, to the error stream; nothing when there are none.
pub(super) fn print(library: &Library, console: &mut Console<'_>) -> io::Result<()> {
    let word = pick(console.language, "lỗi", "error");
    for unreadable in &library.unreadable {
        let words = unreadable.words(console.language);
        console.complain(&format!("{word}: {words}"))?;
    }
    for found in &library.diagnostics {
        let (line, column) = library.sources.line_column(found.span);
        let path = library.sources.get(found.span.source).map_or("", |source| &source.path);
        console.complain(&format!("{path}:{line}:{column}: {}", found.problem.code()))?;
    }
    Ok(())
}
