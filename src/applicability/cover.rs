//! Whether a task's rules say to be complete at a place on a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::place::lies_in;
use crate::register::LocalityId;
use crate::rulebook::{Cover, Rulebook, TaskId};

/// Whether a task is covered: by its own line for the place, or on its own days by a line for all tasks. Without a place it is
/// covered wherever its day is.
#[must_use]
pub fn covered(rulebook: &Rulebook, task: TaskId, place: Option<LocalityId>, day: Date) -> bool {
    let here = |line: &Cover, place: LocalityId| {
        line.scopes.is_empty() || line.scopes.iter().any(|scope| lies_in(rulebook, scope, place, day))
    };
    let holds = |line: &Cover| line.days.contains(day) && place.is_none_or(|place| here(line, place));
    let (own, cover) = (&rulebook[task], &rulebook.cover);
    if place.is_some() && own.covered_in.iter().any(holds) {
        return true;
    }
    (own.covered.is_empty() || own.covered.iter().any(|days| days.contains(day)))
        && (cover.is_empty() || cover.iter().any(holds))
}

/// Where a task is covered on some day.
#[must_use]
pub fn ever_covered(rulebook: &Rulebook, task: TaskId) -> BTreeSet<LocalityId> {
    let register = &rulebook.register;
    let own = rulebook[task].covered.iter().filter_map(|days| days.from);
    let first: BTreeSet<Date> = rulebook.cover_of(task).filter_map(|line| line.days.from).chain(own).collect();
    let somewhen = |place: &LocalityId| {
        let changes = register.change_days_of(*place);
        let mut days = first.iter().chain(&changes).chain([&Date::MIN]);
        days.any(|day| covered(rulebook, task, Some(*place), *day))
    };
    register.localities().filter(somewhen).collect()
}
