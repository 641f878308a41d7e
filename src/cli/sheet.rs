//! Tables of reports as text, Markdown, CSV, a workbook or JSON: the one place that writes them in each form.

use std::borrow::Cow;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::ArgMatches;
use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Console, Status, warn};
use crate::library::Library;
use crate::reading::sheet::{self, Cell, Sheet};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// The forms of a report.
pub(super) const FORMS: [&str; 5] = ["text", "md", "csv", "xlsx", "json"];

/// A spreadsheet reads the table as UTF-8 only behind this.
pub(super) const MARK: &str = "\u{feff}";

/// A text as a cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it.
pub(super) fn safe(cell: &str) -> Cow<'_, str> {
    // Wide forms are folded into the narrow ones by some programs.
    let formula = |first: char| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let control = cell.starts_with(['\t', '\r', '\n']);
    if control || cell.trim_start().starts_with(formula) { format!("'{cell}").into() } else { cell.into() }
}

/// Writes a report in the form that the arguments ask for, where they say.
pub(super) fn print(
    library: &Library,
    sheet: &Sheet,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let language = console.language;
    let form = matches.get_one::<String>("format").map_or("text", String::as_str);
    if shows_bytes(matches, console)? {
        return Ok(Status::Wrong);
    }
    let bytes = match form {
        "md" => markdown(sheet, language).into_bytes(),
        "csv" => csv(sheet, language)?,
        "xlsx" => workbook(sheet, language)?,
        "json" => format!("{:#}\n", sheet::json(sheet, (&library.version, library.errors()))).into_bytes(),
        _ => text(sheet, language).into_bytes(),
    };
    warn(library.errors(), console)?;
    let written = put(&bytes, matches, console)?;
    Ok(written.max(if library.errors() > 0 { Status::Findings } else { Status::Fine }))
}

/// Whether a workbook would be printed on a screen: then it is said where it can go instead.
pub(super) fn shows_bytes(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<bool> {
    let form = matches.get_one::<String>("format").map(String::as_str);
    let shows = form == Some("xlsx") && !matches.contains_id("output") && io::stdout().is_terminal();
    if shows {
        let words = pick(console.language, "hãy nêu --output TỆP.xlsx", "say --output FILE.xlsx");
        console.complain(&format!("tq: {words}"))?;
    }
    Ok(shows)
}

/// Writes what was made into the file that the arguments name, or prints it.
pub(super) fn put(bytes: &[u8], matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    match matches.get_one::<PathBuf>("output") {
        None => console.out.write_all(bytes)?,
        Some(path) => {
            if let Err(error) = fs::write(path, bytes) {
                let words = pick(console.language, "không ghi được", "cannot write");
                console.complain(&format!("tq: {words} `{}`: {error}", path.display()))?;
                return Ok(Status::Wrong);
            }
        }
    }
    Ok(Status::Fine)
}

/// A row is its first cell and, indented below it, what else there is.
fn text(sheet: &Sheet, language: Language) -> String {
    let mut lines = vec![format!("{} ({})", sheet.title, sheet.rows.len())];
    lines.extend(sheet.notes.iter().map(|note| format!("  ({note})")));
    for row in &sheet.rows {
        let mut cells = sheet.columns.iter().zip(row);
        if let Some((_, first)) = cells.next() {
            lines.push(format!("- {}", first.words(language)));
        }
        for (column, cell) in cells {
            match cell {
                Cell::Empty => {}
                Cell::List(all) if all.is_empty() => {}
                Cell::List(all) if all.len() > 1 => {
                    lines.push(format!("    {}:", column.name));
                    lines.extend(all.iter().map(|one| format!("      - {one}")));
                }
                Cell::Text(_)
                | Cell::Thing(..)
                | Cell::Code(..)
                | Cell::Day(_)
                | Cell::Count(_)
                | Cell::Number(_)
                | Cell::Share(..)
                | Cell::List(_) => lines.push(format!("    {}: {}", column.name, cell.words(language))),
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn markdown(sheet: &Sheet, language: Language) -> String {
    let cell = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![format!("# {}", sheet.title), String::new()];
    for note in &sheet.notes {
        lines.extend([note.clone(), String::new()]);
    }
    lines.push(line(sheet.columns.iter().map(|column| cell(column.name)).collect()));
    let rule =
        |at: usize| if sheet.rows.first().and_then(|row| row.get(at)).is_some_and(is_number) { "---:" } else { "---" };
    lines.push(line((0..sheet.columns.len()).map(|at| rule(at).to_owned()).collect()));
    lines.extend(sheet.rows.iter().map(|row| line(row.iter().map(|one| cell(&one.words(language))).collect())));
    lines.push(String::new());
    lines.join("\n")
}

const fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Count(_) | Cell::Number(_) | Cell::Share(..) => true,
        Cell::Empty | Cell::Text(_) | Cell::Thing(..) | Cell::Code(..) | Cell::Day(_) | Cell::List(_) => false,
    }
}

pub(super) fn csv(sheet: &Sheet, language: Language) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    writer.write_record(sheet.columns.iter().map(|column| column.name)).map_err(io::Error::other)?;
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| safe(&cell.words(language)).into_owned());
        writer.write_record(cells).map_err(io::Error::other)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// A workbook of one sheet. The day on which it was made is no part of it: same rules, same bytes.
pub(super) fn workbook(sheet: &Sheet, language: Language) -> io::Result<Vec<u8>> {
    book(sheet, language).map_err(io::Error::other)
}

fn book(sheet: &Sheet, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&sheet.title).set_creation_datetime(&made));
    let page = book.add_worksheet();
    page.set_name(sheet.id)?;
    let bold = Format::new().set_bold().set_text_wrap();
    let plain = Format::new().set_text_wrap();
    let date = Format::new().set_num_format(pick(language, "dd/mm/yyyy", "yyyy-mm-dd"));
    for (column, at) in sheet.columns.iter().zip(0_u16..) {
        page.write_with_format(0, at, column.name, &bold)?;
        page.set_column_width(at, 24)?;
    }
    for (line, row) in sheet.rows.iter().zip(1_u32..) {
        for (cell, at) in line.iter().zip(0_u16..) {
            write_cell(page, (row, at), cell, (&plain, &date, language))?;
        }
    }
    page.set_freeze_panes(1, 1)?;
    if let (Ok(rows), Ok(columns)) = (u32::try_from(sheet.rows.len()), u16::try_from(sheet.columns.len())) {
        page.autofilter(0, 0, rows, columns.saturating_sub(1))?;
    }
    book.save_to_buffer()
}

/// How texts and days look, and the language of words.
type Looks<'a> = (&'a Format, &'a Format, Language);

fn write_cell(page: &mut Worksheet, (row, at): (u32, u16), cell: &Cell, looks: Looks<'_>) -> Result<(), XlsxError> {
    let (plain, date, language) = looks;
    match cell {
        Cell::Empty => {}
        Cell::Count(count) => {
            page.write_number(row, at, *count)?;
        }
        // A spreadsheet knows no exact numbers.
        Cell::Number(number) => {
            page.write_number(row, at, number.to_f64().unwrap_or_default())?;
        }
        Cell::Day(day) => {
            let parts = (u16::try_from(day.year()), u8::try_from(day.month()), u8::try_from(day.day()));
            match parts {
                (Ok(year @ 1900..), Ok(month), Ok(number)) => {
                    page.write_with_format(row, at, &ExcelDateTime::from_ymd(year, month, number)?, date)?;
                }
                _ => {
                    page.write_string(row, at, cell.words(language))?;
                }
            }
        }
        Cell::Text(_) | Cell::Thing(..) | Cell::Code(..) | Cell::Share(..) | Cell::List(_) => {
            let words = cell.words(language);
            page.write_string_with_format(row, at, safe(&words), plain)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Cell, Language, Sheet, csv, markdown, safe, workbook};
    use crate::reading::sheet::Column;

    fn sheet() -> Sheet {
        let columns = [("who", "who"), ("many", "how many"), ("day", "day")];
        Sheet {
            id: "test",
            title: "A table".to_owned(),
            notes: Vec::new(),
            columns: columns.map(|(id, name)| Column { id, name }).to_vec(),
            rows: vec![
                vec![Cell::text("=HYPERLINK(\"x\")"), Cell::Count(2), Cell::Day("2025-07-01".parse().expect("a day"))],
                vec![Cell::List(vec!["a|b".to_owned(), "c".to_owned()]), Cell::Share(1.into(), 3.into()), Cell::Empty],
            ],
        }
    }

    #[test]
    fn what_looks_like_a_formula_is_none() {
        for formula in ["=1", "+1", "-1", "@x", "\t=1", "\r", " =1", "＝1"] {
            assert!(safe(formula).starts_with('\''), "{formula:?}");
        }
        for plain in ["", "1-2", "điểm a khoản 2", "a=b"] {
            assert_eq!(safe(plain), plain);
        }
    }

    #[test]
    fn each_form_says_the_same() {
        let table = String::from_utf8(csv(&sheet(), Language::Vietnamese).expect("a table")).expect("UTF-8");
        let expected = "\u{feff}who,how many,day\n\"'=HYPERLINK(\"\"x\"\")\",2,01/07/2025\na|b; c,\"33,3 %\",\n";
        assert_eq!(table, expected);
        let table = markdown(&sheet(), Language::English);
        assert!(table.ends_with("| =HYPERLINK(\"x\") | 2 | 2025-07-01 |\n| a\\|b; c | 33.3 % |  |\n"), "{table}");
    }

    #[test]
    fn a_workbook_is_the_same_in_every_run() {
        let one = workbook(&sheet(), Language::English).expect("a workbook");
        assert!(one.starts_with(b"PK"));
        assert_eq!(one, workbook(&sheet(), Language::English).expect("a workbook"));
    }
}
