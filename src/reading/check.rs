//! Which defects the rules have: every one, with the whole region in which it is one, a point of it that the reference
//! replays, the sentences at fault and those that make it a fault. Read off the leaves of every task's partition.
//!
//! Intended gaps, lawful concurrency, what is not covered and a holder that is named twice at one point are no defects.

pub mod baseline;
mod code;
mod command;
pub mod data;
mod documents;
mod ends;
pub mod explain;
mod gather;
mod handled;
mod identity;
pub mod levels;
mod places;
mod point;
pub mod review;
mod said;
mod subjects;
mod witness;
mod words;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use code::{Code, Severity};
pub use command::{ask_command, asking, quoted};
use documents::bases;
pub use documents::unchecked;
pub(super) use handled::{lacking, longer, slot_edge};
pub use identity::fingerprints;
pub use point::{Point, replays};
pub(super) use point::{Points, Sought, case, handled_by, handling, moving, turns};
pub(super) use subjects::contradict;
pub use witness::witness_line;
pub use words::{because, help, message, severity};

use super::ask::Law;
use super::hands::side_by_side;
use super::table::Node;
use crate::partition::Partition;
use crate::rulebook::{Days, DocumentId, ProvisionId, Rulebook, Seat, Slot, TaskId, Within};
use crate::ruling::{Basis, ConflictKind, Fault, Outcome, TooMany};
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
    /// Texts of equal standing say unlike things of how the task is handled.
    Unlike(Slot),
    /// The steps of the procedure together take longer than the task may.
    OverLimit {
        takes: Within,
        limit: Within,
    },
    /// Nothing is said of one of the five clears, where somebody decides.
    Unclear(Clear),
    /// Its conditions hold nowhere.
    Unreachable,
    /// From that day on the delegation has ended and nobody holds by another one: the task is this seat's, if it is one's.
    DelegationEnds {
        on: Date,
        to: Option<Seat>,
        outcome: Outcome,
    },
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

/// What no text says of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clear {
    Procedure,
    /// What it yields.
    Result,
}

/// Every defect of the rules, in order of task and code.
#[must_use]
pub fn check(law: Law<'_>) -> Vec<Finding> {
    let ids: Vec<TaskId> = law.rulebook.task_ids().collect();
    let Looked { mut findings, .. } = of_tasks(law.rulebook, &ids, Clears::Left);
    findings.extend(bases(law.rulebook));
    in_order(findings)
}

/// Whether it is told what no text says of a procedure: true of most tasks for as long as procedures are not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clears {
    Told,
    Left,
}

/// What of the five clears no text says, in order of task.
#[must_use]
pub fn unclear(law: Law<'_>) -> Vec<Finding> {
    let ids: Vec<TaskId> = law.rulebook.task_ids().collect();
    let Looked { mut findings, .. } = of_tasks(law.rulebook, &ids, Clears::Told);
    findings.retain(|finding| finding.code() == Code::Unclear);
    in_order(findings)
}

/// What was found in some tasks, and how many regions they fall into.
struct Looked {
    findings: Vec<Finding>,
    regions: usize,
}

fn of_tasks(rulebook: &Rulebook, tasks: &[TaskId], clears: Clears) -> Looked {
    let all = side_by_side(tasks, |task| of_task(rulebook, *task, clears));
    let regions = all.iter().map(|looked| looked.regions).sum();
    Looked { findings: all.into_iter().flat_map(|looked| looked.findings).collect(), regions }
}

fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_cached_key(|finding| {
        (finding.task.is_none(), finding.task, finding.code(), finding.at_fault.clone(), finding.matter)
    });
    findings
}

/// A task's partition, with where something is wrong with its single sentences.
///
/// # Errors
/// When its rules fall into too many regions.
pub fn surveyed(rulebook: &Rulebook, task: TaskId) -> Result<Partition, TooMany> {
    let subjects = subjects::subjects(rulebook, task);
    let partition = Partition::surveyed(rulebook, task, &subjects)?;
    let idle = subjects::idle(rulebook, &partition);
    if idle.is_empty() {
        return Ok(partition);
    }
    // Only the rulings tell which sentences they never rest on.
    Partition::surveyed(rulebook, task, &subjects.into_iter().chain(idle).collect::<Vec<_>>())
}

/// The defects that a surveyed partition shows at its points.
#[must_use]
pub fn shown(rulebook: &Rulebook, partition: &mut Partition) -> Vec<Finding> {
    let mut findings = gather::findings(rulebook, partition);
    findings.extend(handled::handled(rulebook, partition));
    findings
}

fn of_task(rulebook: &Rulebook, task: TaskId, clears: Clears) -> Looked {
    match surveyed(rulebook, task) {
        Ok(mut partition) => {
            let mut findings = shown(rulebook, &mut partition);
            findings.extend(ends::ends(rulebook, &mut partition));
            findings.retain(|finding| clears == Clears::Told || finding.code() != Code::Unclear);
            Looked { findings, regions: partition.regions }
        }
        Err(too_many) => {
            let finding = Finding {
                matter: Matter::TooMany,
                task: Some(task),
                at_fault: too_many.provisions,
                because: Vec::new(),
                region: None,
                days: Vec::new(),
                witness: None,
                span: rulebook[task].span,
            };
            Looked { findings: vec![finding], regions: 0 }
        }
    }
}

/// Each once, in order.
fn distinct(provisions: impl IntoIterator<Item = ProvisionId>) -> Vec<ProvisionId> {
    provisions.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
