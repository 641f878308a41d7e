//! A table of a report as data: columns, and rows of cells. Knows neither what it tells nor the forms in which it is written.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::words;
use crate::rulebook::Language;

/// A report's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What names the report in JSON.
    pub id: &'static str,
    pub title: String,
    /// How its figures are to be read.
    pub notes: Vec<String>,
    pub columns: Vec<Column>,
    /// Each as long as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column: its member in JSON, and its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub id: &'static str,
    pub name: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    /// A declared thing: its id and its name.
    Thing(String, String),
    /// A code for programs, and its words.
    Code(&'static str, String),
    Day(Date),
    Count(u32),
    Number(Decimal),
    /// A part of a whole.
    Share(Decimal, Decimal),
    List(Vec<String>),
}

impl Cell {
    /// A text, or nothing.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    #[must_use]
    pub fn day(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    /// For people: several in one line, a share in hundredths with one decimal.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Thing(_, text) | Self::Code(_, text) => text.clone(),
            Self::Day(day) => words::date(*day, language),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => decimal(*number, language),
            Self::Share(_, of) if of.is_zero() => "–".to_owned(),
            Self::Share(part, of) => {
                let hundredths = (*part * Decimal::ONE_HUNDRED / *of).round_dp(1);
                format!("{} %", decimal(hundredths, language))
            }
            Self::List(all) => all.join("; "),
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) => json!(text),
            Self::Thing(id, name) => json!({ "id": id, "name": name }),
            Self::Code(code, label) => json!({ "code": code, "label": label }),
            Self::Day(day) => json!(day.to_string()),
            Self::Count(count) => json!(count),
            // As all numbers of facts: nothing is rounded on the way.
            Self::Number(number) => json!(number.normalize().to_string()),
            Self::Share(part, of) => {
                json!({ "part": part.normalize().to_string(), "of": of.normalize().to_string() })
            }
            Self::List(all) => json!(all),
        }
    }
}

fn decimal(number: Decimal, language: Language) -> String {
    let plain = number.normalize().to_string();
    words::pick(language, plain.replace('.', ",").as_str(), plain.as_str()).to_owned()
}

/// The table with the version of the rules and how many errors they hold.
#[must_use]
pub fn json(sheet: &Sheet, (version, rules_errors): (&str, usize)) -> Json {
    let row = |cells: &Vec<Cell>| -> Json {
        let members = sheet.columns.iter().zip(cells).map(|(column, cell)| (column.id.to_owned(), cell.json()));
        Json::Object(members.collect::<Map<_, _>>())
    };
    json!({
        "report": sheet.id,
        "title": sheet.title,
        "notes": sheet.notes,
        "rows": sheet.rows.iter().map(row).collect::<Vec<_>>(),
        "total": sheet.rows.len(),
        "rules_errors": rules_errors,
        "version": version,
    })
}
