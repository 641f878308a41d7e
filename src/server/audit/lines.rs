//! Decisions as an object on each line. Its members are called like the columns of a table; each line may have others.

use std::borrow::Cow;
use std::collections::VecDeque;

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use tokio::sync::mpsc;

use super::{Bench, Desk, audited};
use crate::quantity;
use crate::reading::audit::Row;
use crate::reading::audit::columns::{Column, Columns};
use crate::server::members::{self, text, texts, wrong};
use crate::server::problem::Problem;
use crate::server::stream::cut::{Cutter, Line};
use crate::server::stream::{self, Piece};
use crate::syntax::tree::Language;

/// Judges lines as they come.
pub(super) fn judge(desk: Desk, bench: Bench<'_>, pieces: mpsc::Receiver<Piece>) {
    let mut queue = Queue { desk, pieces, cutter: Cutter::default(), lines: VecDeque::new(), over: false };
    let mut waiting = queue.next();
    while let Some(mut decision) = waiting.take() {
        let names = decision.names.clone();
        let columns = match Columns::read(&bench.library.rulebook, &names) {
            Ok(columns) => columns,
            Err(all) => {
                queue.desk.unreadable(decision.line, &bench.words(&all));
                waiting = queue.next();
                continue;
            }
        };
        let mut auditor = bench.auditor(&columns);
        // Lines with the same members are rows of one table.
        loop {
            let line = u64::try_from(decision.line).unwrap_or(u64::MAX);
            let cells = written(&columns, decision.values);
            match audited(&mut auditor, Row { line, cells: &cells }) {
                Some(finding) => queue.desk.judgement(bench.voice, &finding),
                None => queue.desk.problem(decision.line, Problem::internal(bench.voice.language)),
            }
            match queue.next() {
                Some(next) if next.names == names => decision = next,
                next => {
                    waiting = next;
                    break;
                }
            }
        }
    }
    queue.desk.out.flush();
}

/// A line as a row with its own header.
struct Decision {
    line: usize,
    names: Vec<String>,
    values: Vec<Given>,
}

/// What a member says.
enum Given {
    One(String),
    Several(Vec<String>),
}

/// The cells of a row. Several units of one place have `+` between them, several values of a fact commas.
fn written(columns: &Columns, values: Vec<Given>) -> Vec<String> {
    let cell = |(column, value): (&Column, Given)| match (column, value) {
        (_, Given::One(text)) => text,
        (Column::Place(_), Given::Several(texts)) => texts.join(" + "),
        (_, Given::Several(texts)) => texts.join(", "),
    };
    columns.iter().zip(values).map(cell).collect()
}

/// The lines of a body that can be read; those that cannot are answered as they come.
struct Queue {
    desk: Desk,
    pieces: mpsc::Receiver<Piece>,
    cutter: Cutter,
    lines: VecDeque<Line>,
    over: bool,
}

impl Queue {
    fn next(&mut self) -> Option<Decision> {
        loop {
            if self.desk.out.is_over() {
                return None;
            }
            if let Some(Line { number, text }) = self.lines.pop_front() {
                let language = self.desk.language;
                let read = text.map_err(|wrong| stream::wrong(wrong, language));
                match read.and_then(|text| decision(number, &text, language)) {
                    Ok(decision) => return Some(decision),
                    Err(problem) => self.desk.problem(number, problem),
                }
                continue;
            }
            if self.over {
                return None;
            }
            self.more();
        }
    }

    /// Takes one more piece. Before it waits for one, what was found is sent.
    fn more(&mut self) {
        let piece = self.pieces.try_recv().ok().or_else(|| {
            self.desk.out.flush();
            self.pieces.blocking_recv()
        });
        let lines = match &piece {
            Some(Piece::Bytes(bytes)) => self.cutter.cut(bytes),
            Some(Piece::End) => self.cutter.end(),
            Some(Piece::Stop(wrong)) => self.cutter.stop(*wrong),
            None => Vec::new(),
        };
        self.over = !matches!(piece, Some(Piece::Bytes(_)));
        self.lines.extend(lines);
    }
}

fn decision(line: usize, bytes: &[u8], language: Language) -> Result<Decision, Problem> {
    let members = members::whole(bytes, language)?;
    let (mut names, mut values) = (Vec::with_capacity(members.len()), Vec::with_capacity(members.len()));
    for (name, value) in members {
        let given =
            given(value).ok_or_else(|| wrong(language, &name, "string, number, true, false, [string], null"))?;
        values.push(given);
        names.push(name.into_owned());
    }
    Ok(Decision { line, names, values })
}

fn given(value: &RawValue) -> Option<Given> {
    match value.get() {
        "null" => Some(Given::One(String::new())),
        plain @ ("true" | "false") => Some(Given::One(plain.to_owned())),
        number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => self::number(number).map(Given::One),
        list if list.starts_with('[') => Some(Given::Several(texts(list)?.into_iter().map(Cow::into_owned).collect())),
        _ => text(value).map(|text| Given::One(text.into_owned())),
    }
}

/// A number of JSON as a cell says it: there a point and three digits may be thousands.
fn number(said: &str) -> Option<String> {
    let number = Decimal::from_str_exact(said).or_else(|_| Decimal::from_scientific(said)).ok()?;
    Some(quantity::written(number, ','))
}

#[cfg(test)]
mod tests {
    use super::number;
    use crate::quantity::read;

    #[test]
    fn a_number_is_the_same_in_a_cell() {
        for written in ["0.5", "1.234", "-1.234", "12", "1e3", "1.5E-2", "1234567.891", "0.1234", "1000.5"] {
            let cell = number(written).expect("a number");
            let wanted = rust_decimal::Decimal::from_str_exact(written)
                .or_else(|_| rust_decimal::Decimal::from_scientific(written))
                .expect("a number");
            assert_eq!(read(&cell), Ok(wanted), "{written} is written {cell}");
        }
        // The control: as it stands, a cell would not say which of two it is.
        assert!(read("1.234").is_err());
        assert_eq!(number("1e400"), None);
    }
}
