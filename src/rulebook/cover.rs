//! Where and when the rules say to be complete.

use super::{Days, Rulebook, Scope, TaskId};

/// Places, any one of which suffices, and days. No place is that of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    pub scopes: Vec<Scope>,
    pub days: Days,
}

impl Rulebook {
    /// Every line by which a task may be covered somewhere: those of all tasks, and its own.
    pub fn cover_of(&self, task: TaskId) -> impl Iterator<Item = &Cover> {
        self.cover.iter().chain(&self[task].covered_in)
    }
}
