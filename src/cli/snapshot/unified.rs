//! The lines in which two texts differ, as `diff -u` has them.

use similar::{ChangeTag, TextDiff};

use crate::reading::words::pick;
use crate::rulebook::Language;

/// The lines that differ with two lines around them, below the names of both sides.
pub(in crate::cli) fn unified(path: &str, (old, new): (&str, &str), language: Language) -> Vec<String> {
    let difference = TextDiff::from_lines(old, new);
    let by_rules = format!("{path} ({})", pick(language, "theo quy định", "by the rules"));
    let words = difference.unified_diff().context_radius(2).header(path, &by_rules).to_string();
    words.lines().map(str::to_owned).collect()
}

/// How many lines come, and how many go.
pub(in crate::cli) fn counted(old: &str, new: &str) -> (usize, usize) {
    let difference = TextDiff::from_lines(old, new);
    let count = |tag: ChangeTag| difference.iter_all_changes().filter(|change| change.tag() == tag).count();
    (count(ChangeTag::Insert), count(ChangeTag::Delete))
}
