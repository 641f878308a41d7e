//! `tq audit`: decisions already signed, row by row, however many there are.

mod output;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal as _};
use std::time::{Duration, Instant};

use clap::ArgMatches;

use super::{Console, Status, problems, warn};
use crate::library::Library;
use crate::reading::ask::cell::Cells;
use crate::reading::audit::rows::Rows;
use crate::reading::audit::{Auditor, Finding, Row, Tally, header};
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::syntax::tree::Language;
use output::Form;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let path = matches.get_one::<String>("table").map_or("-", String::as_str);
    let format = matches.get_one::<String>("format").map_or("text", String::as_str);
    let source: Box<dyn BufRead> = if path == "-" {
        Box::new(io::stdin().lock())
    } else {
        match File::open(path) {
            Ok(file) => Box::new(BufReader::new(file)),
            Err(error) => {
                let words = pick(console.language, "không đọc được", "cannot read");
                console.complain(&format!("tq: {words} `{path}`: {error}"))?;
                return Ok(Status::Wrong);
            }
        }
    };
    warn(library.errors(), console)?;
    let mut out = BufWriter::with_capacity(1 << 16, &mut *console.out);
    let mut console = Console { out: &mut out, err: &mut *console.err, ..*console };
    let status = audit(&library, format, Rows::new(source)?, &mut console)?;
    console.out.flush()?;
    Ok(if library.errors() > 0 { status.max(Status::Findings) } else { status })
}

fn audit<R: BufRead>(
    library: &Library,
    format: &str,
    mut rows: Rows<R>,
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let voice = Voice::new(&library.rulebook, console.language);
    let form = match format {
        "json" => Form::Json,
        "csv" => Form::Csv(rows.delimiter()),
        _ => Form::Text,
    };
    let (header, columns) = match header(&mut rows, voice)? {
        Ok(found) => found,
        Err(wrong) => {
            let error = pick(console.language, "lỗi", "error");
            for line in wrong {
                console.complain(&format!("{error}: {line}"))?;
            }
            return Ok(Status::Wrong);
        }
    };
    let cells = Cells::lazily(&library.rulebook);
    let mut auditor = Auditor::new((library.law(), &cells), voice, &columns);
    let (mut tally, mut progress) = (Tally::default(), Progress::new());
    form.begin(&header, console)?;
    while let Some(record) = rows.next_row()? {
        let finding = match record.wrong {
            Some(bad) => Finding::unread(record.line, bad),
            None => auditor.audit(Row { line: record.line, cells: &record.cells }),
        };
        tally.count(&finding);
        form.row(voice, &finding, (&record.cells, columns.len()), console)?;
        progress.show(tally.rows(), console)?;
    }
    form.end(&tally, console)?;
    progress.end(tally.rows(), console)?;
    Ok(if tally.is_fine() { Status::Fine } else { Status::Findings })
}

/// How far a long table is, on a terminal; and at the end how fast it went.
struct Progress {
    begun: Instant,
    shown: Option<Instant>,
    watched: bool,
}

/// The clock is looked at once in so many rows.
const GLANCE: u64 = 256;

impl Progress {
    fn new() -> Self {
        Self { begun: now(), shown: None, watched: io::stderr().is_terminal() }
    }

    fn show(&mut self, rows: u64, console: &mut Console<'_>) -> io::Result<()> {
        if !self.watched || !rows.is_multiple_of(GLANCE) {
            return Ok(());
        }
        let now = now();
        if now.duration_since(self.shown.unwrap_or(self.begun)) < Duration::from_secs(1) {
            return Ok(());
        }
        self.shown = Some(now);
        write!(console.err, "\r{}", self.words(rows, console.language))?;
        console.err.flush()
    }

    fn end(&self, rows: u64, console: &mut Console<'_>) -> io::Result<()> {
        let lead = if self.shown.is_some() { "\r" } else { "" };
        console.complain(&format!("{lead}{}", self.words(rows, console.language)))
    }

    fn words(&self, rows: u64, language: Language) -> String {
        let millis = self.begun.elapsed().as_millis().max(1);
        let rate = u128::from(rows) * 1000 / millis;
        match language {
            Language::Vietnamese => format!("{rows} dòng trong {millis} ms, {rate} dòng/giây"),
            Language::English => format!("{rows} rows in {millis} ms, {rate} rows/s"),
        }
    }
}

/// Only to say how fast rows are judged; no verdict depends on it.
#[expect(clippy::disallowed_methods, reason = "the rate is printed beside the verdicts, not in them")]
fn now() -> Instant {
    Instant::now()
}
