//! Whether the rules say to be complete (section 7).

use super::At;
use crate::register::LocalityId;
use crate::rulebook::{Cover, TaskId};

impl At<'_> {
    /// Inside the cover of a task's rules at each of its places that there are; without a place wherever the day is.
    pub(super) fn covered(&self, task: TaskId) -> bool {
        let placed = self.placed();
        if placed.is_empty() {
            return self.covered_then(task);
        }
        placed.into_iter().all(|place| {
            let task_alone = self.rulebook[task].covered_in.iter().any(|line| self.is_covered_by(line, place));
            let with_all = || {
                let cover = &self.rulebook.cover;
                cover.is_empty() || cover.iter().any(|line| self.is_covered_by(line, place))
            };
            task_alone || self.covered_then(task) && with_all()
        })
    }

    /// On the clock's day the task is covered somewhere where all tasks are.
    fn covered_then(&self, task: TaskId) -> bool {
        let (own, cover) = (&self.rulebook[task].covered, &self.rulebook.cover);
        let own_days = own.is_empty() || own.iter().any(|days| days.contains(self.clock));
        own_days && (cover.is_empty() || cover.iter().any(|line| line.days.contains(self.clock)))
    }

    fn is_covered_by(&self, line: &Cover, place: LocalityId) -> bool {
        line.days.contains(self.clock) && self.within_scopes(&line.scopes, Some(place))
    }
}
