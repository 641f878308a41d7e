//! What a change of rules changes in the world: every point of every task at which two rulebooks do not say the same, in few
//! regions, each with a question that both answer. Read off the partitions of both, laid over one another
//! ([`crate::partition::Joint`]).

mod compare;
pub mod data;
mod entry;
mod extent;
mod findings;
mod head;
mod lines;
mod markdown;
mod replay;
mod table;
mod together;
mod told;
mod units;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::ask::Law;
use super::check::Point;
use super::hands::side_by_side;
use super::heritage::Heritage;
use super::question;
use super::table::Node;
use super::trouble::Trouble;
use crate::applicability::Otherwise;
use crate::partition::Side;
use crate::resolution::{Beside, Holding};
use crate::rulebook::counterparts::{Counterparts, Twin};
use crate::rulebook::{RequirementKind, Rulebook, Seat, Slot, TaskId};
use crate::ruling::TooMany;

pub(super) use compare::spoken_of;
pub use entry::{Entry, FindingEntry, Said as Words, Telling, Turn, heading, said, title, tree};
pub use extent::Extent;
pub use findings::{Findings, findings};
pub use head::{Count, Labels, Row, counts, rows, summary, turned, words};
pub use lines::{finding_lines, in_short, lines, unit_lines};
pub use markdown::{LEAST, markdown};
pub use replay::{Said, replays};
pub use table::sheet;
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
    /// The day of which points were compared, where it was one alone.
    pub on: Option<Date>,
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
    /// Its places lie together in other cases: the registers are unlike.
    Together,
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

/// What of two rulebooks is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// These tasks alone, by their ids; all where none is named.
    pub tasks: BTreeSet<String>,
    /// Questions of this day alone.
    pub on: Option<Date>,
}

impl Scope {
    fn holds(&self, rulebook: &Rulebook, task: TaskId) -> bool {
        self.tasks.is_empty() || self.tasks.contains(&rulebook[task].names.id)
    }

    /// The tasks of a rulebook that are compared.
    fn tasks_of(&self, rulebook: &Rulebook) -> Vec<TaskId> {
        rulebook.task_ids().filter(|task| self.holds(rulebook, *task)).collect()
    }
}

/// Compares all tasks of two rulebooks.
///
/// # Errors
/// When the rules of a task fall into too many regions on one of the sides.
pub fn diff(old: Law<'_>, new: Law<'_>) -> Result<Diff, (Side, TooMany)> {
    within((old, new), &Scope::default())
}

/// The tasks that are named, each known to either side, and a day, where questions of one alone are meant.
///
/// # Errors
/// When neither side has a task; the new one says what is nearest.
pub fn scope(
    (old, new): (&Rulebook, &Rulebook),
    tasks: impl IntoIterator<Item = impl AsRef<str>>,
    on: Option<Date>,
) -> Result<Scope, Trouble> {
    let id = |rulebook: &Rulebook, written: &str| {
        question::task(rulebook, Some(written)).map(|task| rulebook[task].names.id.clone())
    };
    let either = |written: &str| id(new, written).or_else(|trouble| id(old, written).or(Err(trouble)));
    let tasks = tasks.into_iter().map(|written| either(written.as_ref())).collect::<Result<BTreeSet<String>, _>>()?;
    Ok(Scope { tasks, on })
}

/// Compares what a scope names; no other task is worked out, and none that is what it was.
///
/// # Errors
/// As [`diff`].
pub fn within((old, new): (Law<'_>, Law<'_>), scope: &Scope) -> Result<Diff, (Side, TooMany)> {
    beyond((old, new), scope, &Heritage::new(old.rulebook, new.rulebook))
}

/// The same for whoever knows already which tasks are what they were.
///
/// # Errors
/// As [`diff`].
pub fn beyond((old, new): (Law<'_>, Law<'_>), scope: &Scope, heritage: &Heritage) -> Result<Diff, (Side, TooMany)> {
    let of = Counterparts::new(old.rulebook, new.rulebook);
    let tasks = scope.tasks_of(new.rulebook);
    let unlike: Vec<TaskId> = tasks.iter().filter(|task| heritage.old(**task).is_none()).copied().collect();
    let each = side_by_side(&unlike, |task| of_task(&of, (old, new), *task, scope.on));
    let mut changes = Vec::new();
    for own in each {
        changes.extend(own?);
    }
    let met: BTreeSet<TaskId> = tasks.iter().filter_map(|task| of.old_task(*task)).collect();
    let gone = scope.tasks_of(old.rulebook).into_iter().filter(|task| !met.contains(task));
    changes.extend(gone.map(|task| whole(Asked::Old(task), Why::NoTask)));
    changes.sort_by_key(|change| change.class);
    let units = units::changes(&of, scope.on);
    Ok(Diff { changes, units, compared: met.len(), on: scope.on })
}

/// What comparing a rulebook with itself tells: nothing. For whoever knows that two are the same, and need not look.
#[must_use]
pub fn none(rulebook: &Rulebook, scope: &Scope) -> Diff {
    Diff { changes: Vec::new(), units: Vec::new(), compared: scope.tasks_of(rulebook).len(), on: scope.on }
}

/// One task of the new rulebook.
fn of_task(
    of: &Counterparts<'_>,
    (old, new): (Law<'_>, Law<'_>),
    task: TaskId,
    on: Option<Date>,
) -> Result<Vec<Change>, (Side, TooMany)> {
    let Some(own) = of.old_task(task) else { return Ok(vec![whole(Asked::New(task), Why::NoTask)]) };
    let before = old.partitions.of(old.rulebook, own).map_err(|many| (Side::Old, many))?;
    let after = new.partitions.of(new.rulebook, task).map_err(|many| (Side::New, many))?;
    let asked = Asked::Both { old: own, new: task };
    if !together::lie_alike(of, (before, after), on) {
        return Ok(vec![whole(asked, Why::Together)]);
    }
    Ok(compare::compare(of, (before, after), on).unwrap_or_else(|otherwise| {
        let why = match otherwise {
            Otherwise::Places => Why::Places,
            Otherwise::Fact(fact) => Why::Fact(fact),
        };
        vec![whole(asked, why)]
    }))
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
