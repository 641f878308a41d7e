//! What a change of rules changes in the world: every point of every task at which two rulebooks do not say the same, in few
//! regions, each with a question that both answer. Read off the partitions of both, laid over one another
//! ([`crate::partition::Joint`]).

mod compare;
mod extent;
mod lines;
mod replay;
mod told;
mod units;

use super::ask::Law;
use super::check::Point;
use super::table::Node;
use crate::applicability::Otherwise;
use crate::partition::Side;
use crate::resolution::{Beside, Holding};
use crate::rulebook::counterparts::{Counterparts, Twin};
use crate::rulebook::{RequirementKind, Seat, Slot, TaskId};
use crate::ruling::TooMany;

pub(super) use compare::spoken_of;
pub use extent::Extent;
pub use lines::{lines, summary, title, unit_lines};
pub use replay::{Said, replays};
pub use units::UnitChange;

/// What two rulebooks say unlike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// By class, then in the order of the new rulebook's tasks, those of the old one alone last.
    pub changes: Vec<Change>,
    /// What the registers say unlike, in order of code and day.
    pub units: Vec<UnitChange>,
    /// How many tasks both have, whose points were all compared.
    pub compared: usize,
}

/// A region in which the two say unlike of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub class: Class,
    pub task: Asked,
    pub about: About,
    /// In the numbers of the old rulebook; several where its readings differ. Empty where nobody can ask.
    pub before: Vec<Told>,
    /// In the numbers of the new one.
    pub after: Vec<Told>,
    /// Of the points of the new rulebook; `None` where the task as a whole is meant.
    pub region: Option<Node>,
    /// The first of them, in the numbers of the new rulebook.
    pub witness: Option<Point>,
    /// How large the region is, where there is one.
    pub extent: Option<Extent>,
}

/// The task of a change, by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    Both { old: TaskId, new: TaskId },
    Old(TaskId),
    New(TaskId),
}

/// What of a ruling two rulebooks say unlike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Who decides.
    Holder,
    Requirement(RequirementKind, Twin<Seat>),
    MayStepIn(Twin<Seat>),
    Handling(Slot),
    /// How the task is asked: nothing of it was compared.
    Question(Why),
}

/// Why points of a task could not be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// One of the two does not have the task.
    NoTask,
    /// It is asked of other places.
    Places,
    /// A fact is gone, or is of another kind, or has lost values.
    Fact(crate::rulebook::FactId),
}

/// What one side says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Holder(Holding),
    Beside(Beside),
    /// Of a requirement, a right to step in or a slot: that there is none.
    Nothing,
}

/// What a change is to those who work by the rules, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Somebody decided, and now nobody does.
    Lost,
    /// Who decides depends on how a text is read.
    Unclear,
    /// Several contend now.
    Conflict,
    /// Another decides, or others do.
    Moved,
    /// Somebody decides where nobody did.
    Decided,
    /// A conflict ends.
    Resolved,
    /// Nobody decides, now for another reason.
    Undecided,
    /// Whether anybody has to decide at all.
    Required,
    /// The same decides, by another title: assigned, delegated and so on.
    Held,
    /// Who is answerable, signs or seals.
    Signature,
    /// How several share it.
    Sharing,
    /// Approvals, opinions and reports that it takes, and who may step in.
    Approvals,
    /// The steps.
    Procedure,
    /// The time in which it is to be decided.
    Limit,
    /// The points for which the rules are complete.
    Covered,
    /// The questions that can be asked.
    Question,
    /// Only the texts that say so.
    Citation,
}

impl Class {
    pub const ALL: [Self; 17] = [
        Self::Lost,
        Self::Unclear,
        Self::Conflict,
        Self::Moved,
        Self::Decided,
        Self::Resolved,
        Self::Undecided,
        Self::Required,
        Self::Held,
        Self::Signature,
        Self::Sharing,
        Self::Approvals,
        Self::Procedure,
        Self::Limit,
        Self::Covered,
        Self::Question,
        Self::Citation,
    ];

    /// As reports, programs and `--deny` write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Unclear => "unclear",
            Self::Conflict => "conflict",
            Self::Moved => "moved",
            Self::Decided => "decided",
            Self::Resolved => "resolved",
            Self::Undecided => "undecided",
            Self::Required => "required",
            Self::Held => "held",
            Self::Signature => "signature",
            Self::Sharing => "sharing",
            Self::Approvals => "approvals",
            Self::Procedure => "procedure",
            Self::Limit => "limit",
            Self::Covered => "covered",
            Self::Question => "question",
            Self::Citation => "citation",
        }
    }
}

/// Compares all tasks of two rulebooks.
///
/// # Errors
/// When the rules of a task fall into too many regions on one of the sides.
pub fn diff(old: Law<'_>, new: Law<'_>) -> Result<Diff, (Side, TooMany)> {
    let of = Counterparts::new(old.rulebook, new.rulebook);
    let mut changes = Vec::new();
    let mut met = Vec::new();
    for task in new.rulebook.task_ids() {
        let Some(own) = of.old_task(task) else {
            changes.push(whole(Asked::New(task), Why::NoTask));
            continue;
        };
        met.push(own);
        let before = old.partitions.of(old.rulebook, own).map_err(|many| (Side::Old, many))?;
        let after = new.partitions.of(new.rulebook, task).map_err(|many| (Side::New, many))?;
        match compare::compare(&of, before, after) {
            Ok(more) => changes.extend(more),
            Err(otherwise) => {
                let why = match otherwise {
                    Otherwise::Places => Why::Places,
                    Otherwise::Fact(fact) => Why::Fact(fact),
                };
                changes.push(whole(Asked::Both { old: own, new: task }, why));
            }
        }
    }
    let gone = old.rulebook.task_ids().filter(|task| !met.contains(task));
    changes.extend(gone.map(|task| whole(Asked::Old(task), Why::NoTask)));
    changes.sort_by_key(|change| change.class);
    let units = units::changes(&old.rulebook.register, &new.rulebook.register, &of);
    Ok(Diff { changes, units, compared: met.len() })
}

/// Of a task as a whole.
const fn whole(task: Asked, why: Why) -> Change {
    Change {
        class: Class::Question,
        task,
        about: About::Question(why),
        before: Vec::new(),
        after: Vec::new(),
        region: None,
        witness: None,
        extent: None,
    }
}
