//! Who decides a task at a place, over all the days that the rules cover: runs of days with their rulings.
//!
//! A run ends where its answer's own days end ([`Answer::valid`]), and where a unit that was named changes: its row, or the
//! land that it holds. Neighbours that say the same are one run. So the runs are disjoint, leave no day out, and each is as
//! long as can be.

mod data;
mod lines;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use data::{TimelineRun, TimelineShape, TimelineUnit, json};
pub use lines::lines;

use super::ask::{Depth, Law, ask};
use super::question::Lasting;
use crate::register::{LocalityId, Register, RowId, UnitId};
use crate::rulebook::{Days, Handling, Rulebook};
use crate::ruling::{Answer, BadQuestion, Choice, LeadsTo, Named, NextQuestion, Question};

/// A task's rulings at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    pub asked: Lasting,
    /// The days that are told: those that the rules cover, as far as the units are there. `None`: there are no such days.
    pub days: Option<Days>,
    /// In their order, without holes.
    pub runs: Vec<Run>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub days: Days,
    /// As on the run's first day.
    pub answer: Answer,
}

/// Reads a timeline.
///
/// # Errors
/// When the question does not fit the task, or leaves too much open; with the day on which it was put.
pub fn timeline(law: Law<'_>, asked: Lasting) -> Result<Timeline, (BadQuestion, Date)> {
    let days = told(law.rulebook, &asked);
    let mut runs: Vec<Run> = Vec::new();
    let Some(span) = days else { return Ok(Timeline { asked, days, runs }) };
    let changes = changes(&law.rulebook.register, &asked);
    let mut from = span.from;
    loop {
        let day = from.unwrap_or(Date::MIN);
        let answer = ask(law, &question(law.rulebook, &asked, day), Depth::Ruling).map_err(|bad| (bad, day))?;
        let change = changes.iter().find(|change| **change > day).copied();
        let next = [answer.valid.before, change, span.before].into_iter().flatten().min();
        let same = runs.last_mut().filter(|last| {
            let register = &law.rulebook.register;
            compared(register, &last.answer) == compared(register, &answer)
        });
        match same {
            Some(last) => last.days.before = next,
            None => runs.push(Run { days: Days { from, before: next }, answer }),
        }
        if next.is_none() || next == span.before {
            return Ok(Timeline { asked, days, runs });
        }
        from = next;
    }
}

/// The days that the rules cover and on which all units are there.
fn told(rulebook: &Rulebook, asked: &Lasting) -> Option<Days> {
    let register = &rulebook.register;
    let covered = covered(rulebook, asked);
    let units = || asked.units.iter().flatten().map(|unit| register.unit(*unit));
    // A role of which no place is said is asked about everywhere, and so from the first unit on.
    let open = asked.units.iter().any(Vec::is_empty);
    let first = open.then(|| register.change_days().first().copied()).flatten();
    let from = covered.from.into_iter().chain(first).chain(units().map(|unit| unit.from)).max();
    let before = covered.before.into_iter().chain(units().filter_map(|unit| unit.before)).min();
    let some = from.zip(before).is_none_or(|(from, before)| from < before);
    some.then_some(Days { from, before })
}

/// From the first to the last day on which the rules say to be complete, anywhere.
fn covered(rulebook: &Rulebook, asked: &Lasting) -> Days {
    let own = rulebook[asked.task].covered.iter().copied();
    let everybodys = rulebook.cover.iter().map(|cover| cover.days);
    let mut all: Vec<Days> = if own.len() > 0 { own.collect() } else { everybodys.collect() };
    if !all.is_empty() {
        all.extend(rulebook[asked.task].covered_in.iter().map(|line| line.days));
    }
    // An open end is the widest.
    let from = all.iter().map(|days| days.from).min().flatten();
    let before = all.iter().map(|days| days.before).collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max());
    Days { from, before }
}

/// The question as put on a day: each unit by its row of the day.
fn question(rulebook: &Rulebook, asked: &Lasting, day: Date) -> Question {
    let row = |unit: &UnitId| rulebook.register.row_of(*unit, day);
    let rows = |units: &Vec<UnitId>| {
        let mut rows: Vec<RowId> = units.iter().filter_map(row).collect();
        rows.sort();
        rows
    };
    let places = asked.units.iter().map(rows).collect();
    let (without, facts) = (asked.without.clone(), asked.facts.clone());
    Question { task: asked.task, on: day, places, without, facts }
}

/// The days on which a named unit changes or holds other land, or, where a role is open, any does. Sorted.
fn changes(register: &Register, asked: &Lasting) -> Vec<Date> {
    let days = register.change_days();
    if asked.units.iter().any(Vec::is_empty) {
        return days.to_vec();
    }
    let mut changes: BTreeSet<Date> = BTreeSet::new();
    for unit in asked.units.iter().flatten() {
        let mut last: Option<(RowId, Vec<LocalityId>)> = None;
        for day in days {
            let now = register.row_of(*unit, *day).map(|row| (row, register.localities_of(row, *day)));
            if now != last {
                changes.insert(*day);
            }
            last = now;
        }
    }
    changes.into_iter().collect()
}

/// An answer without its day, units in the stead of their rows: equal when the same is said.
fn compared(register: &Register, answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    answer.question.on = Date::MIN;
    answer.valid = Days::default();
    answer.question.places.iter_mut().flatten().for_each(|row| newest(register, row));
    answer.deciders.iter_mut().for_each(|decider| {
        settle(register, &mut decider.who);
        settle(register, &mut decider.answerable);
    });
    answer.requirements.iter_mut().for_each(|(_, of)| settle(register, of));
    answer.may_step_in.iter_mut().for_each(|seat| settle(register, seat));
    settle_handling(register, &mut answer.handling);
    answer.next.iter_mut().for_each(|next| settle_question(register, next));
    answer
}

fn newest(register: &Register, row: &mut RowId) {
    if let Some(last) = register.rows_of(register.row(*row).unit).last() {
        *row = *last;
    }
}

fn settle(register: &Register, named: &mut Named) {
    named.unit.iter_mut().for_each(|row| newest(register, row));
}

fn settle_handling(register: &Register, handling: &mut [Handling<Named>]) {
    for one in handling {
        *one = one.map(|named| {
            let mut named = *named;
            settle(register, &mut named);
            named
        });
    }
}

fn settle_question(register: &Register, question: &mut NextQuestion) {
    for branch in &mut question.branches {
        for choice in &mut branch.choices {
            if let Choice::Place { unit, .. } = choice {
                newest(register, unit);
            }
        }
        match &mut branch.leads_to {
            LeadsTo::Ruling { deciders, requirements, may_step_in, handling, .. } => {
                deciders.iter_mut().for_each(|decider| {
                    settle(register, &mut decider.who);
                    settle(register, &mut decider.answerable);
                });
                requirements.iter_mut().for_each(|(_, of)| settle(register, of));
                may_step_in.iter_mut().for_each(|seat| settle(register, seat));
                settle_handling(register, handling);
            }
            LeadsTo::Further(further) => settle_question(register, further),
        }
    }
}
