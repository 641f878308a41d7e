//! A diff in words: counts first, then each region with what either side says of it.

use super::entry::{FindingEntry, Said, entry, finding_entries};
use super::head::{Count, compared, counts, turned};
use super::{Change, Diff, Findings, UnitChange, title};
use crate::reading::naming::Voice;
use crate::reading::words::{self, pick};
use crate::register::RowId;
use crate::rulebook::Language;

/// The diff as lines; each side speaks with its own names.
#[must_use]
pub fn lines((old, new): (Voice<'_>, Voice<'_>), diff: &Diff) -> Vec<String> {
    let language = new.language;
    let mut lines = in_short(language, diff);
    for change in &diff.changes {
        lines.push(String::new());
        lines.push(title((old, new), change));
        lines.extend(detail((old, new), change).into_iter().map(|line| format!("  {line}")));
    }
    if !diff.units.is_empty() {
        lines.push(String::new());
        lines.push(pick(language, "sổ đơn vị", "registers").to_owned());
        lines.extend(unit_lines((old, new), diff).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// What the registers say unlike, a line each.
#[must_use]
pub fn unit_lines(voices: (Voice<'_>, Voice<'_>), diff: &Diff) -> Vec<String> {
    diff.units.iter().map(|change| unit(voices, change)).collect()
}

/// How much of what, in a few lines.
#[must_use]
pub fn in_short(language: Language, diff: &Diff) -> Vec<String> {
    let mut lines = vec![compared(language, diff)];
    lines.extend(counts(language, diff).into_iter().map(|Count { class, words, regions, tasks, .. }| match language {
        Language::Vietnamese => format!("  {words} ({}): {regions} vùng ở {tasks} nhiệm vụ", class.code()),
        Language::English => format!("  {words} ({}): {regions} regions in {tasks} tasks", class.code()),
    }));
    if !diff.units.is_empty() {
        let units = diff.units.len();
        lines.push(match language {
            Language::Vietnamese => format!("  sổ đơn vị: {units} dòng khác nhau"),
            Language::English => format!("  registers: {units} rows differ"),
        });
    }
    lines
}

/// Findings that come and go as lines; each side speaks with its own names.
#[must_use]
pub fn finding_lines(voices: (Voice<'_>, Voice<'_>), findings: &Findings) -> Vec<String> {
    let language = voices.1.language;
    let head = pick(language, "khiếm khuyết", "findings of the check");
    let mut lines = vec![format!("{head}: {}", turned(language, findings))];
    for entry in finding_entries(voices, findings) {
        lines.push(format!("  {}", entry.title));
        lines.extend(finding_detail(language, &entry).into_iter().map(|line| format!("    {line}")));
    }
    lines
}

fn finding_detail(language: Language, entry: &FindingEntry) -> Vec<String> {
    let mut lines = entry.because.clone();
    lines.extend(entry.place.iter().cloned());
    lines.extend(entry.witness.iter().map(|witness| format!("{} {witness}", such_as(language))));
    lines.extend(entry.command.clone());
    lines.push(entry.help.to_owned());
    lines
}

const fn such_as(language: Language) -> &'static str {
    pick(language, "ví dụ:", "such as:")
}

fn detail(voices: (Voice<'_>, Voice<'_>), change: &Change) -> Vec<String> {
    let entry = entry(voices, change);
    let mut lines: Vec<String> = entry.why.into_iter().collect();
    for Said { when, lines: said } in entry.before.into_iter().chain(entry.after) {
        let mut said = said.into_iter();
        lines.extend(said.next().map(|first| format!("{when}: {first}")));
        lines.extend(said.map(|line| format!("  {line}")));
    }
    lines.extend(entry.place);
    lines.extend(entry.extent);
    lines.extend(entry.witness.map(|witness| format!("{} {witness}", such_as(voices.1.language))));
    lines.extend(entry.command);
    lines
}

/// A row of a register: name, code, parent and days.
pub(super) fn row(voice: Voice<'_>, id: RowId) -> String {
    let row = voice.rulebook.register.row(id);
    let from = words::date(row.from, voice.language);
    let before = row.before.map(|day| format!(" – {}", words::date(day, voice.language))).unwrap_or_default();
    let parent = row.parent.as_deref().map(|parent| format!(" < {parent}")).unwrap_or_default();
    format!("{} ({}{parent}) {from}{before}", row.name, row.code)
}

fn unit((old, new): (Voice<'_>, Voice<'_>), change: &UnitChange) -> String {
    let before = change.old.map(|id| row(old, id));
    let after = change.new.map(|id| row(new, id));
    match (before, after) {
        (Some(before), Some(after)) => format!("~ {before} → {after}"),
        (Some(before), None) => format!("- {before}"),
        (None, Some(after)) => format!("+ {after}"),
        (None, None) => String::new(),
    }
}
