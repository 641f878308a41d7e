//! Tables as files: the one place that writes them in each form.

use std::borrow::Cow;

/// A text as a cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it.
pub(super) fn safe(cell: &str) -> Cow<'_, str> {
    // Wide forms are folded into the narrow ones by some programs.
    let formula = |first: char| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let control = cell.starts_with(['\t', '\r', '\n']);
    if control || cell.trim_start().starts_with(formula) { format!("'{cell}").into() } else { cell.into() }
}
