//! Which defects the rules have: every one, with the whole region in which it is one, a point of it that the reference
//! replays, the sentences at fault and those that make it a fault. Read off the leaves of every task's partition.
//!
//! Intended gaps, lawful concurrency, what is not covered and a holder that is named twice at one point are no defects.

mod code;
mod documents;
mod gather;
mod point;
mod said;
mod subjects;
mod words;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use code::{Code, Severity};
pub use point::{Point, replays};
pub(super) use subjects::contradict;
pub use words::{because, help, message};

use super::ask::Law;
use super::table::Node;
use crate::partition::Partition;
use crate::rulebook::{Days, DocumentId, ProvisionId, Rulebook, TaskId};
use crate::ruling::{Basis, ConflictKind, Fault, TooMany};
use crate::source::Span;

/// One defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub matter: Matter,
    /// The task whose ruling is at fault; `None` where a document is.
    pub task: Option<TaskId>,
    /// The sentences at fault, the one that is to be looked at first; none where no sentence says what is missing.
    pub at_fault: Vec<ProvisionId>,
    /// The sentences that make it a fault, or that decide in their stead. Sorted.
    pub because: Vec<ProvisionId>,
    /// Where and when: of a task's points, in words of its places, days and facts.
    pub region: Option<Node>,
    /// When, of what has no places.
    pub days: Vec<Days>,
    /// A point of the region.
    pub witness: Option<Point>,
    /// Where in the rules it shows.
    pub span: Span,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// No sentence hands the task to anybody, where the rules are complete.
    Gap,
    Conflict(ConflictKind),
    /// The holder does not exist there and then.
    Orphaned,
    /// The first sentence says nothing that the second does not say wherever it applies.
    Duplicate,
    /// A transfer that is void, or a wrong claim or sentence.
    Fault(Fault),
    /// It never decides anything: where it applies, others do.
    Dead,
    /// Its conditions hold nowhere.
    Unreachable,
    /// The document rests on one that has ended before it.
    Basis(Basis),
    /// The document was last compared with its source on a day too long ago, or never.
    Unchecked {
        document: DocumentId,
        on: Option<Date>,
    },
    /// The task's rules fall into more regions than are worked through; nothing is known of it.
    TooMany,
}

impl Finding {
    #[must_use]
    pub fn code(&self) -> Code {
        Code::of(self.matter)
    }
}

/// Every defect of the rules, in order of task and code.
#[must_use]
pub fn check(law: Law<'_>) -> Vec<Finding> {
    let ids = (0..).map(TaskId).zip(&law.rulebook.tasks).map(|(id, _)| id);
    let mut findings: Vec<Finding> = ids.flat_map(|task| of_task(law, task)).collect();
    findings.extend(documents::bases(law.rulebook));
    findings.sort_by_cached_key(|finding| {
        (finding.task.is_none(), finding.task, finding.code(), finding.at_fault.clone(), finding.matter)
    });
    findings
}

/// A task's partition, with where something is wrong with its single sentences.
///
/// # Errors
/// When its rules fall into too many regions.
pub fn surveyed(law: Law<'_>, task: TaskId) -> Result<Partition, TooMany> {
    let subjects = subjects::subjects(law.rulebook, law.partitions.of(law.rulebook, task)?);
    Partition::surveyed(law.rulebook, task, &subjects)
}

/// The defects that a surveyed partition shows.
#[must_use]
pub fn shown(rulebook: &Rulebook, partition: &Partition) -> Vec<Finding> {
    gather::findings(rulebook, partition)
}

/// The defects of one task.
#[must_use]
pub fn of_task(law: Law<'_>, task: TaskId) -> Vec<Finding> {
    let rulebook = law.rulebook;
    match surveyed(law, task) {
        Ok(partition) => shown(rulebook, &partition),
        Err(too_many) => vec![Finding {
            matter: Matter::TooMany,
            task: Some(task),
            at_fault: too_many.provisions,
            because: Vec::new(),
            region: None,
            days: Vec::new(),
            witness: None,
            span: rulebook[task].span,
        }],
    }
}

/// Each once, in order.
fn distinct(provisions: impl IntoIterator<Item = ProvisionId>) -> Vec<ProvisionId> {
    provisions.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
