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
    let holds =
        |line: &Cover| line.days.contains(day) && place.is_none_or(|place| lies_within(rulebook, line, place, day));
    let (own, cover) = (&rulebook[task], &rulebook.cover);
    if place.is_some() && own.covered_in.iter().any(holds) {
        return true;
    }
    (own.covered.is_empty() || own.covered.iter().any(|days| days.contains(day)))
        && (cover.is_empty() || cover.iter().any(holds))
}

/// The places that a line on which a task may be covered holds on some day, whatever the days of the task.
#[must_use]
pub fn ever_covered(rulebook: &Rulebook, task: TaskId) -> BTreeSet<LocalityId> {
    let register = &rulebook.register;
    let held = |place: &LocalityId| {
        let changes = register.change_days_of(*place);
        rulebook.cover_of(task).any(|line| {
            let first = line.days.from.unwrap_or(Date::MIN);
            let days = changes.iter().chain([&first]);
            days.filter(|day| line.days.contains(**day)).any(|day| lies_within(rulebook, line, *place, *day))
        })
    };
    register.localities().filter(|place| rulebook.cover.is_empty() || held(place)).collect()
}

fn lies_within(rulebook: &Rulebook, line: &Cover, place: LocalityId, day: Date) -> bool {
    line.scopes.is_empty() || line.scopes.iter().any(|scope| lies_in(rulebook, scope, place, day))
}
