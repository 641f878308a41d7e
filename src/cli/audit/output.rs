//! Findings as they are printed: lines for people, an object on a line for programs, or the table with columns behind its own.

use std::io;

use crate::cli::Console;
use crate::cli::sheet::{MARK, safe};
use crate::reading::audit::{Finding, Found, Tally, said, words};
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Json,
    /// With what parts columns.
    Csv(u8),
}

impl Form {
    /// What comes before the first row.
    pub(super) fn begin(self, header: &[String], console: &mut Console<'_>) -> io::Result<()> {
        match self {
            Self::Text | Self::Json => Ok(()),
            Self::Csv(delimiter) => {
                let names = match console.language {
                    Language::Vietnamese => ["kết luận", "người có thẩm quyền", "hình thức", "căn cứ", "nhận xét"],
                    Language::English => ["verdict", "competent", "held", "citation", "remark"],
                };
                let cells = header.iter().map(String::as_str).chain(names);
                write!(console.out, "{MARK}")?;
                write_row(delimiter, cells, console)
            }
        }
    }

    /// A row, of which these are the cells as far as they could be read.
    pub(super) fn row(
        self,
        voice: Voice<'_>,
        finding: &Finding,
        (cells, width): (&[String], usize),
        console: &mut Console<'_>,
    ) -> io::Result<()> {
        match self {
            Self::Text => words::lines(voice, finding).iter().try_for_each(|line| console.say(line)),
            Self::Json => {
                serde_json::to_writer(&mut *console.out, &said(voice, finding))?;
                console.say("")
            }
            Self::Csv(delimiter) => {
                let [verdict, competent, held, cited, remark] = told(voice, finding);
                let own = fitted(cells, width);
                let own = own.iter().map(String::as_str);
                write_row(delimiter, own.chain([&*verdict, &*competent, &*held, &*cited, &*remark]), console)
            }
        }
    }

    /// What comes behind the last row.
    pub(super) fn end(self, tally: &Tally, console: &mut Console<'_>) -> io::Result<()> {
        let summary = words::summary(tally, console.language);
        match self {
            Self::Text => console.say(&summary),
            Self::Json | Self::Csv(_) => console.complain(&summary),
        }
    }
}

/// Verdict, who is competent, by what, on what grounds, and what else there is to say.
fn told(voice: Voice<'_>, finding: &Finding) -> [String; 5] {
    match &*finding.found {
        Found::Bad(bad) => {
            let line = pick(voice.language, "dòng", "line");
            let remark = format!("{line} {}: {}", finding.line, words::bad(voice, bad));
            let none = String::new;
            [words::bad_row(voice.language).to_owned(), none(), none(), none(), remark]
        }
        Found::Judged(known) => [
            words::verdict(known.judged.verdict, voice.language).to_owned(),
            known.competent.clone(),
            known.held.clone(),
            known.cited.text.clone(),
            known.notes.join("; "),
        ],
    }
}

/// As many cells as there are columns: what is too many stands in the last.
fn fitted(cells: &[String], width: usize) -> Vec<String> {
    let (own, more) = cells.split_at_checked(width).unwrap_or((cells, &[]));
    let mut fitted = own.to_vec();
    fitted.resize(width, String::new());
    if let Some(last) = fitted.last_mut().filter(|_| !more.is_empty()) {
        *last = std::iter::once(last.as_str()).chain(more.iter().map(String::as_str)).collect::<Vec<_>>().join(" | ");
    }
    fitted
}

fn write_row<'a>(delimiter: u8, cells: impl Iterator<Item = &'a str>, console: &mut Console<'_>) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::with_capacity(1 << 10));
    writer.write_record(cells.map(|cell| safe(cell).into_owned())).map_err(io::Error::other)?;
    let row = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    console.out.write_all(&row)
}
