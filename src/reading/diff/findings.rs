//! Findings that one of two rulebooks has and the other has not, by the fingerprint by which the check knows a finding again.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Scope;
use crate::reading::ask::Law;
use crate::reading::check::baseline::Baseline;
use crate::reading::check::levels::Levels;
use crate::reading::check::review::{self, Judged, Review};
use crate::reading::check::{Finding, Matter, Severity, fingerprints};
use crate::reading::table::{Branch, Condition, Node};
use crate::rulebook::{Days, TaskId};

/// Findings of one side alone, the gravest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Of the new rulebook, in its numbers.
    pub caused: Vec<Judged>,
    /// Of the old one, in its numbers.
    pub ended: Vec<Judged>,
}

impl Findings {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.caused.is_empty() && self.ended.is_empty()
    }

    /// How many of those that come are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.caused.iter().filter(|one| one.finding.code().severity() == Severity::Error).count()
    }
}

/// What the check finds on one side of a scope and not on the other. A finding whose region changes is another one: the first
/// ends, the second comes.
#[must_use]
pub fn findings((old, new): (Law<'_>, Law<'_>), scope: &Scope) -> Findings {
    let (before, after) = (found(old, scope), found(new, scope));
    let only = |own: &[Judged], other: &[Judged]| {
        let known: BTreeSet<&str> = other.iter().map(|one| one.fingerprint.as_str()).collect();
        let mut own: Vec<Judged> =
            own.iter().filter(|one| !known.contains(one.fingerprint.as_str())).cloned().collect();
        own.sort_by_key(|one| (one.finding.code().severity(), one.finding.code()));
        own
    };
    Findings { caused: only(&after, &before), ended: only(&before, &after) }
}

/// All findings of a side, whatever is accepted of them.
fn found(law: Law<'_>, scope: &Scope) -> Vec<Judged> {
    let tasks: Vec<TaskId> = if scope.tasks.is_empty() { Vec::new() } else { scope.tasks_of(law.rulebook) };
    if tasks.is_empty() && !scope.tasks.is_empty() {
        // A side without the task has no findings of it.
        return Vec::new();
    }
    let looked = review::Scope { tasks, compared: None };
    let judged = Review::new(law, &looked, &Baseline::default(), &Levels::default()).judged;
    match scope.on {
        None => judged,
        Some(day) => {
            let own: Vec<Judged> = judged.into_iter().filter_map(|one| on_day(one, day)).collect();
            let findings: Vec<Finding> = own.iter().map(|one| one.finding.clone()).collect();
            let known = fingerprints(law.rulebook, &findings);
            own.into_iter().zip(known).map(|(one, fingerprint)| Judged { fingerprint, ..one }).collect()
        }
    }
}

/// The part of a finding that is of a day; `None` where nothing of it is.
fn on_day(mut judged: Judged, day: Date) -> Option<Judged> {
    let finding = &mut judged.finding;
    if let Matter::DelegationEnds { on, .. } = finding.matter
        && on != day
    {
        return None;
    }
    let holds = |days: &Days| days.from.is_none_or(|from| from <= day) && days.before.is_none_or(|end| day < end);
    let own = Days { from: Some(day), before: day.tomorrow().ok() };
    if !finding.days.is_empty() {
        if !finding.days.iter().any(holds) {
            return None;
        }
        finding.days = vec![own];
    }
    if let Some(region) = finding.region.take() {
        let below = clipped(region, &holds)?;
        finding.region = Some(Node::Branches(vec![Branch { condition: Condition::Days(own), below }]));
    }
    finding.witness = finding.witness.take().filter(|point| point.day == day);
    Some(judged)
}

/// A region where its days hold, without them; `None` where it is of other days.
fn clipped(node: Node, holds: &dyn Fn(&Days) -> bool) -> Option<Node> {
    let Node::Branches(branches) = node else { return Some(node) };
    let mut kept = Vec::new();
    for Branch { condition, below } in branches {
        match condition {
            // Runs of days are beside one another: one of them is the day's.
            Condition::Days(days) if holds(&days) => return clipped(below, holds),
            Condition::Days(_) => {}
            Condition::Place { .. }
            | Condition::Fact { .. }
            | Condition::Reading { .. }
            | Condition::Together { .. } => {
                kept.extend(clipped(below, holds).map(|below| Branch { condition, below }));
            }
        }
    }
    (!kept.is_empty()).then_some(Node::Branches(kept))
}
