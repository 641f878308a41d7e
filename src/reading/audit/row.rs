//! One row at a time: from its cells to a finding. Rows that say the same within days on which nothing changes are worked out
//! once. Holds what it keeps within bounds, and no row.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;
use serde_json::value::RawValue;

use super::columns::{Column, Columns};
use super::judge::{Judged, judge};
use super::memo::Memo;
use super::signer::{Signer, signer};
use super::{shape, words};
use crate::calendar;
use crate::reading::ask::cell::{Cells, Sought};
use crate::reading::ask::{Depth, Law, ask};
use crate::reading::naming::Voice;
use crate::reading::question::{Asked, understand};
use crate::reading::spelled::Given;
use crate::reading::trouble::{Member, Trouble, What};
use crate::rulebook::{Days, Rulebook, TaskId};
use crate::ruling::{Ground, Outcome};

/// So many different rows are remembered in each of two generations: some tens of megabytes.
const ROOM: usize = 1 << 14;

/// A row: the line that it begins on, from 1, and its cells.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub line: u64,
    pub cells: &'a [String],
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bad {
    /// It has another number of cells than the header.
    Cells {
        found: usize,
        wanted: usize,
    },
    /// A cell is not UTF-8: the column, from 1.
    NotText {
        column: usize,
    },
    /// A quotation mark is opened and not closed.
    OpenQuote,
    /// Longer than so many bytes.
    TooLong {
        limit: usize,
    },
    NoSignerUnit,
    SignerBody(Trouble),
    SignerUnit(Trouble),
    Question(Trouble),
}

/// What was found of a row.
#[derive(Debug)]
pub struct Finding {
    pub line: u64,
    /// The number of the decision.
    pub number: String,
    pub on: Option<Date>,
    pub found: Rc<Found>,
}

#[derive(Debug)]
pub enum Found {
    Bad(Bad),
    Judged(Box<Known>),
}

/// A row that could be judged, in data and in words.
#[derive(Debug)]
pub struct Known {
    pub task: TaskId,
    pub signer: Signer,
    pub judged: Judged,
    /// Who signed.
    pub signed: String,
    /// Who decides; empty where nobody does.
    pub competent: String,
    /// By what the task is held.
    pub held: String,
    pub cited: Rc<Cited>,
    /// What the verdict does not say alone.
    pub notes: Vec<String>,
}

/// Grounds, written once for all rows that rest on them.
#[derive(Debug)]
pub struct Cited {
    pub text: String,
    pub json: Box<RawValue>,
}

impl Finding {
    /// A row that could not even be read.
    #[must_use]
    pub fn unread(line: u64, bad: Bad) -> Self {
        Self { line, number: String::new(), on: None, found: Rc::new(Found::Bad(bad)) }
    }
}

/// Judges rows of one table.
pub struct Auditor<'a> {
    law: Law<'a>,
    cells: &'a Cells,
    voice: Voice<'a>,
    columns: &'a Columns,
    /// Days on which a name, a body or a text may begin or end. Sorted.
    days: Vec<Date>,
    memo: Memo<Found>,
    cited: BTreeMap<Vec<Ground>, Rc<Cited>>,
}

impl<'a> Auditor<'a> {
    #[must_use]
    pub fn new((law, cells): (Law<'a>, &'a Cells), voice: Voice<'a>, columns: &'a Columns) -> Self {
        let days = days(law.rulebook);
        Self { law, cells, voice, columns, days, memo: Memo::new(ROOM), cited: BTreeMap::new() }
    }

    /// Judges a row.
    pub fn audit(&mut self, row: Row<'_>) -> Finding {
        let number = self.cell(row, &Column::Number).trim().to_owned();
        if row.cells.len() != self.columns.len() {
            let bad = Bad::Cells { found: row.cells.len(), wanted: self.columns.len() };
            return Finding { number, ..Finding::unread(row.line, bad) };
        }
        let written = self.cell(row, &Column::Date).trim();
        let Some(on) = calendar::read(written) else {
            let what = if written.is_empty() { What::Missing } else { What::NoDate { written: written.to_owned() } };
            let bad = Bad::Question(Trouble::new(Member::On, what));
            return Finding { number, ..Finding::unread(row.line, bad) };
        };
        let (run, key) = self.key(row, on);
        let found = match self.memo.get(&key, on) {
            Some(found) => found,
            None => {
                let (days, found) = match self.judge(row, on) {
                    Ok((known, valid)) => (within(valid, run), Found::Judged(Box::new(known))),
                    // What is said of it names the day.
                    Err(bad) => (Days { from: Some(on), before: on.tomorrow().ok() }, Found::Bad(bad)),
                };
                let found = Rc::new(found);
                self.memo.keep(key, days, Rc::clone(&found));
                found
            }
        };
        Finding { line: row.line, number, on: Some(on), found }
    }

    fn cell<'r>(&self, row: Row<'r>, column: &Column) -> &'r str {
        self.columns.at(column).and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }

    /// The run of days that holds the day, and all that a row says but its number, day and remarks.
    fn key(&self, row: Row<'_>, on: Date) -> (Days, Vec<u8>) {
        let at = self.days.partition_point(|day| *day <= on);
        let run = Days {
            from: at.checked_sub(1).and_then(|at| self.days.get(at)).copied(),
            before: self.days.get(at).copied(),
        };
        let mut key = at.to_le_bytes().to_vec();
        for (column, cell) in self.columns.iter().zip(row.cells) {
            match column {
                Column::Number | Column::Date | Column::Remark => {}
                Column::SignerBody | Column::SignerUnit | Column::Task | Column::Place(_) | Column::Fact(_) => {
                    key.extend_from_slice(&cell.len().to_le_bytes());
                    key.extend_from_slice(cell.as_bytes());
                }
            }
        }
        (run, key)
    }

    fn judge(&mut self, row: Row<'_>, on: Date) -> Result<(Known, Days), Bad> {
        let rulebook = self.law.rulebook;
        let question = understand(rulebook, &self.asked(row)).map_err(Bad::Question)?;
        let signer = signer(rulebook, (self.cell(row, &Column::SignerBody), self.cell(row, &Column::SignerUnit)), on)?;
        let answer = match self.cells.seek(self.law, &question) {
            Sought::Answer(answer) => *answer,
            Sought::Open { .. } | Sought::Unusual => ask(self.law, &question, Depth::Ruling)
                .map_err(|bad| Bad::Question(Trouble::refused(&bad, self.voice, on)))?,
        };
        let judged = judge(rulebook, &answer, &signer);
        let known = Known {
            task: question.task,
            signed: words::signer(self.voice, &signer),
            competent: words::competent(self.voice, &judged),
            held: words::held(self.voice, &judged),
            cited: self.cited(&judged.grounds),
            notes: words::notes(self.voice, &judged, &signer),
            judged,
            signer,
        };
        Ok((known, answer.valid))
    }

    fn cited(&mut self, grounds: &[Ground]) -> Rc<Cited> {
        if let Some(known) = self.cited.get(grounds) {
            return Rc::clone(known);
        }
        let cited =
            Rc::new(Cited { text: words::cited(self.voice, grounds), json: shape::citations(self.voice, grounds) });
        // There are about as many as sentences of law.
        if self.cited.len() >= ROOM {
            self.cited.clear();
        }
        self.cited.insert(grounds.to_vec(), Rc::clone(&cited));
        cited
    }

    /// The question that a row puts. Several units of one place stand in one cell, with `+` between them.
    fn asked<'r>(&'r self, row: Row<'r>) -> Asked<'r> {
        let (mut places, mut facts) = (Vec::new(), Vec::new());
        for (column, cell) in self.columns.iter().zip(row.cells).filter(|(_, cell)| !cell.trim().is_empty()) {
            match column {
                Column::Place(role) => {
                    let units = cell.split('+').map(str::trim).filter(|unit| !unit.is_empty());
                    places.extend(units.map(|unit| (role.as_deref().map(Cow::Borrowed), Cow::Borrowed(unit))));
                }
                Column::Fact(fact) => facts.push((Cow::Borrowed(fact.as_str()), Given::Text(Cow::Borrowed(cell)))),
                Column::Number
                | Column::Date
                | Column::SignerBody
                | Column::SignerUnit
                | Column::Task
                | Column::Remark => {}
            }
        }
        let said = |column: &Column| Some(Cow::Borrowed(self.cell(row, column)));
        Asked { task: said(&Column::Task), on: said(&Column::Date), places, facts }
    }
}

fn within(one: Days, other: Days) -> Days {
    let before = [one.before, other.before].into_iter().flatten().min();
    Days { from: one.from.max(other.from), before }
}

/// Every day on which a unit, a body, a document or a sentence begins or ends.
fn days(rulebook: &Rulebook) -> Vec<Date> {
    let bodies = rulebook.bodies.iter().map(|body| body.days);
    let documents = rulebook.documents.iter().flat_map(|document| document.in_force.iter().copied());
    let sentences = rulebook.provisions.iter().map(|provision| provision.days);
    let ends = bodies.chain(documents).chain(sentences).flat_map(|days| [days.from, days.before]).flatten();
    let days: BTreeSet<Date> = ends.chain(rulebook.register.change_days().iter().copied()).collect();
    days.into_iter().collect()
}

impl Known {
    /// Whether the ruling names somebody who decides or contends.
    #[must_use]
    pub const fn names_somebody(&self) -> bool {
        match self.judged.outcome {
            Outcome::Decided | Outcome::Concurrent | Outcome::Conflict | Outcome::Undetermined | Outcome::Orphaned => {
                true
            }
            Outcome::Gap | Outcome::NotRequired | Outcome::Open | Outcome::NotCovered => false,
        }
    }
}
