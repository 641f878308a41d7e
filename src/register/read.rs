//! From CSV to rows. Knows the columns and their cells; what rows mean to each other is [`super::check`]'s.

use std::sync::Arc;

use jiff::civil::Date;

use super::spelling::tidy;
use super::{LevelId, Origin, Portion, RegisterFiles, RegisterProblem, RegisterProblemKind, Row, UnitId};

const UNIT_COLUMNS: [&str; 9] =
    ["code", "name", "short_name", "type", "level", "parent_code", "from", "before", "document"];
const SUCCESSION_COLUMNS: [&str; 5] = ["date", "document", "old_code", "new_code", "portion"];

/// A line of `successions.csv`, its codes not yet looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Written {
    pub(super) date: Date,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) portion: Portion,
    pub(super) document: Option<String>,
    pub(super) origin: Origin,
}

/// All that the files say, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) rows: Vec<(Row, Origin)>,
    pub(super) successions: Vec<Written>,
}

pub(super) fn read(
    levels: &[(String, Vec<String>)],
    files: &[RegisterFiles],
    problems: &mut Vec<RegisterProblem>,
) -> Read {
    let mut found = Read::default();
    for file in files {
        for record in table(&file.units_path, &file.units, &UNIT_COLUMNS, problems) {
            if let Some(row) = unit(levels, &record, problems) {
                found.rows.push((row, record.origin));
            }
        }
        for record in table(&file.successions_path, &file.successions, &SUCCESSION_COLUMNS, problems) {
            found.successions.extend(succession(record, problems));
        }
    }
    found
}

/// One line: its cells in the order of the columns asked for.
struct Record {
    columns: &'static [&'static str],
    cells: Vec<String>,
    origin: Origin,
}

impl Record {
    fn optional(&self, column: &str) -> Option<String> {
        let place = self.columns.iter().position(|name| *name == column)?;
        self.cells.get(place).filter(|cell| !cell.is_empty()).cloned()
    }

    fn needed(&self, column: &'static str, problems: &mut Vec<RegisterProblem>) -> Option<String> {
        let cell = self.optional(column);
        if cell.is_none() {
            problems.push(self.origin.problem(RegisterProblemKind::MissingValue { column }));
        }
        cell
    }

    fn date(&self, written: &str, problems: &mut Vec<RegisterProblem>) -> Option<Date> {
        // jiff reads more forms than one; the register has one.
        let date = written.parse::<Date>().ok().filter(|date| date.to_string() == written);
        if date.is_none() {
            problems.push(self.origin.problem(RegisterProblemKind::BadDate { written: written.to_owned() }));
        }
        date
    }
}

fn unit(levels: &[(String, Vec<String>)], record: &Record, problems: &mut Vec<RegisterProblem>) -> Option<Row> {
    let code = record.needed("code", problems);
    let name = record.needed("name", problems);
    let kind = record.needed("type", problems);
    let level = record.needed("level", problems).and_then(|written| {
        let level = levels.iter().position(|(id, _)| *id == written).and_then(|place| u8::try_from(place).ok());
        if level.is_none() {
            problems.push(record.origin.problem(RegisterProblemKind::UnknownLevel { written }));
        }
        level.map(LevelId)
    });
    let from = record.needed("from", problems).and_then(|written| record.date(&written, problems));
    let before = match record.optional("before") {
        Some(written) => Some(record.date(&written, problems)?),
        None => None,
    };
    let (code, name, kind, level, from) = (code?, name?, kind?, level?, from?);
    if let Some(before) = before.filter(|before| *before <= from) {
        problems.push(record.origin.problem(RegisterProblemKind::EmptyPeriod { from, before }));
        return None;
    }
    let short_name = record.optional("short_name").unwrap_or_else(|| name.clone());
    let (parent, document) = (record.optional("parent_code"), record.optional("document"));
    Some(Row { code, name, short_name, kind, level, parent, from, before, unit: UnitId(0), document })
}

fn succession(record: Record, problems: &mut Vec<RegisterProblem>) -> Option<Written> {
    let date = record.needed("date", problems).and_then(|written| record.date(&written, problems));
    let old = record.needed("old_code", problems);
    let new = record.needed("new_code", problems);
    let portion = record.needed("portion", problems).and_then(|written| {
        let portion = match written.as_str() {
            "whole" => Some(Portion::Whole),
            "part" => Some(Portion::Part),
            "remainder" => Some(Portion::Remainder),
            _ => None,
        };
        if portion.is_none() {
            problems.push(record.origin.problem(RegisterProblemKind::UnknownPortion { written }));
        }
        portion
    });
    let document = record.optional("document");
    Some(Written { date: date?, old: old?, new: new?, portion: portion?, document, origin: record.origin })
}

fn table(path: &str, text: &str, columns: &'static [&'static str], problems: &mut Vec<RegisterProblem>) -> Vec<Record> {
    let path: Arc<str> = Arc::from(path);
    let at = |line| Origin { path: Arc::clone(&path), line };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::new(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(at(1).problem(RegisterProblemKind::Unreadable { reason: error.to_string() }));
            return Vec::new();
        }
    };
    let mut places = Vec::new();
    for column in columns {
        match header.iter().position(|name| tidy(name) == *column) {
            Some(place) => places.push(place),
            None => problems.push(at(1).problem(RegisterProblemKind::MissingColumn { column })),
        }
    }
    if places.len() < columns.len() {
        return Vec::new();
    }
    let mut records = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let origin = at(record.position().map_or(1, |position| lines.of(position.byte())));
                if record.len() == header.len() {
                    let cells = places.iter().map(|place| tidy(record.get(*place).unwrap_or_default())).collect();
                    records.push(Record { columns, cells, origin });
                } else {
                    let (expected, found) = (header.len(), record.len());
                    problems.push(origin.problem(RegisterProblemKind::CellCount { expected, found }));
                }
            }
            Err(error) => {
                let line = error.position().map_or(1, |position| lines.of(position.byte()));
                problems.push(at(line).problem(RegisterProblemKind::Unreadable { reason: error.to_string() }));
            }
        }
    }
    records
}

/// Lines by byte: the csv crate's own count is one short after blank lines and `\r\n`, since a record begins for it
/// where the last one's text ended.
struct Lines<'a> {
    text: &'a str,
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, ends: text.match_indices('\n').map(|(place, _)| place).collect() }
    }

    fn of(&self, byte: u64) -> u32 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let blank = self.text.get(byte..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let line = self.ends.partition_point(|end| *end < byte.saturating_add(blank)) + 1;
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}
