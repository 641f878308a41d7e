//! A diff as a table: a row for each change, each row of the registers that differs, each finding that comes or goes. Knows
//! nothing of the forms in which a table is written.

use super::entry::{Entry, FindingEntry, Said, Telling, Turn, entry, said, tree};
use super::lines::row;
use super::{Change, UnitChange};
use crate::reading::check::review::Judged;
use crate::reading::naming::Voice;
use crate::reading::sheet::{Cell, Column, Sheet};
use crate::reading::words::pick;
use crate::register::RowId;
use crate::rulebook::{Days, Language};

/// The columns: id, in Vietnamese, in English.
const COLUMNS: [(&str, &str, &str); 12] = [
    ("class", "loại", "class"),
    ("task", "mã nhiệm vụ", "task"),
    ("name", "nhiệm vụ", "name of the task"),
    ("before", "trước", "before"),
    ("after", "sau", "after"),
    ("where", "ở đâu, khi nào", "where and when"),
    ("from", "từ ngày", "from"),
    ("until", "đến trước ngày", "until before"),
    ("units", "số đơn vị cấp thấp nhất", "units of the lowest level"),
    ("days", "số ngày", "days"),
    ("question", "câu hỏi ví dụ", "question"),
    ("command", "lệnh hỏi", "command"),
];

/// All that changes, in order: changes, rows of the registers, findings.
#[must_use]
pub fn sheet(telling: &Telling<'_>) -> Sheet {
    let Telling { voices, diff, findings, .. } = *telling;
    let language = telling.language();
    let mut rows: Vec<Vec<Cell>> =
        diff.changes.iter().map(|change| of_change(change, entry(voices, change), language)).collect();
    rows.extend(diff.units.iter().map(|change| of_unit(voices, change)));
    let judged = findings.into_iter().flat_map(|findings| findings.caused.iter().chain(&findings.ended));
    rows.extend(telling.finding_entries().into_iter().zip(judged).map(|(entry, one)| of_finding(entry, one)));
    Sheet {
        id: "diff",
        title: pick(language, "Thay đổi quy định", "Change of rules").to_owned(),
        notes: Vec::new(),
        columns: COLUMNS.map(|(id, vi, en)| Column { id, name: pick(language, vi, en) }).to_vec(),
        rows,
    }
}

fn of_change(change: &Change, entry: Entry, language: Language) -> Vec<Cell> {
    let Days { from, before } = change.extent.map(|extent| extent.within).unwrap_or_default();
    let (units, days) = change.extent.map_or((None, None), |extent| (extent.units, extent.days));
    let (id, name) = entry.named;
    vec![
        Cell::Code(entry.class.code(), said(entry.class, language).to_owned()),
        Cell::text(id),
        Cell::text(name),
        Cell::text(entry.why.unwrap_or_else(|| sides(&entry.before))),
        Cell::text(sides(&entry.after)),
        Cell::text(indented(&entry.place)),
        Cell::day(from),
        Cell::day(before),
        count(units.and_then(|units| u32::try_from(units).ok())),
        count(days.and_then(|days| u32::try_from(days).ok())),
        Cell::text(entry.witness.unwrap_or_default()),
        Cell::text(entry.command.unwrap_or_default()),
    ]
}

/// A tree without the marks of its items, which a spreadsheet takes for a formula.
fn indented(lines: &[String]) -> String {
    let line = |(depth, words): (usize, &str)| format!("{}{words}", "  ".repeat(depth));
    tree(lines).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What a side says; several readings apart.
fn sides(said: &[Said]) -> String {
    let several = said.len() > 1;
    let one = |said: &Said| {
        let lines = said.lines.join("\n");
        if several { format!("{}: {lines}", said.when) } else { lines }
    };
    said.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn count(count: Option<u32>) -> Cell {
    count.map_or(Cell::Empty, Cell::Count)
}

fn of_unit((old, new): (Voice<'_>, Voice<'_>), change: &UnitChange) -> Vec<Cell> {
    let told = |voice: Voice<'_>, id: Option<RowId>| id.map(|id| row(voice, id)).unwrap_or_default();
    let day = |voice: Voice<'_>, id: Option<RowId>| id.map(|id| voice.rulebook.register.row(id).from);
    let first = day(new, change.new).or_else(|| day(old, change.old));
    let mut cells = vec![
        Cell::Code("register", pick(new.language, "sổ đơn vị", "registers").to_owned()),
        Cell::Empty,
        Cell::Empty,
        Cell::text(told(old, change.old)),
        Cell::text(told(new, change.new)),
        Cell::Empty,
        Cell::day(first),
    ];
    cells.resize(COLUMNS.len(), Cell::Empty);
    cells
}

fn of_finding(entry: FindingEntry, judged: &Judged) -> Vec<Cell> {
    let (id, name) = entry.named.unwrap_or_default();
    let words = std::iter::once(entry.title).chain(entry.because).collect::<Vec<_>>().join("\n");
    let (before, after) = match entry.turn {
        Turn::Caused => (String::new(), words),
        Turn::Ended => (words, String::new()),
    };
    let days = judged.finding.days.first().copied().unwrap_or_default();
    vec![
        Cell::Code(entry.turn.code(), entry.turn.code().to_owned()),
        Cell::text(id),
        Cell::text(name),
        Cell::text(before),
        Cell::text(after),
        Cell::text(indented(&entry.place)),
        Cell::day(days.from),
        Cell::day(days.before),
        Cell::Empty,
        Cell::Empty,
        Cell::text(entry.witness.unwrap_or_default()),
        Cell::text(entry.command.unwrap_or_default()),
    ]
}
