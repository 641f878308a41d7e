//! Which tasks of a rulebook are, sentence for sentence, what they were in an older one: whatever was found out of them there holds
//! here too, in other numbers. A task is what the engine and the reference read of it.

use std::collections::{BTreeMap, BTreeSet};

use super::hands::side_by_side;
use crate::partition::Partition;
use crate::reference::Support;
use crate::resolution::Sources;
use crate::rulebook::kindred::Kindred;
use crate::rulebook::{ActKind, Deciders, Provision, ProvisionId, ReadingId, Rulebook, Statement, TaskId};

/// For each task of a new rulebook what it is in an old one.
#[derive(Debug, Default)]
pub struct Heritage(Vec<Option<Kin>>);

/// A task of an old rulebook that is the same in a new one.
#[derive(Debug, Clone)]
pub struct Kin {
    pub old: TaskId,
    /// Its sentences by their old numbers. Both ascend.
    provisions: BTreeMap<ProvisionId, ProvisionId>,
}

/// Everything that is read of a task.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    tasks: BTreeSet<TaskId>,
    provisions: BTreeSet<ProvisionId>,
    readings: BTreeSet<ReadingId>,
}

impl Heritage {
    #[must_use]
    pub fn new(old: &Rulebook, new: &Rulebook) -> Self {
        let Some(kindred) = Kindred::new(old, new) else { return Self::default() };
        let tasks: Vec<TaskId> = new.task_ids().collect();
        Self(side_by_side(&tasks, |task| kin(&kindred, *task)))
    }

    #[must_use]
    pub fn of(&self, task: TaskId) -> Option<&Kin> {
        self.0.get(usize::try_from(task.0).ok()?)?.as_ref()
    }

    /// The tasks that are not what they were, in order.
    #[must_use]
    pub fn changed(&self, new: &Rulebook) -> Vec<TaskId> {
        new.task_ids().filter(|task| self.of(*task).is_none()).collect()
    }
}

impl Kin {
    /// An old partition of the task in the numbers of the new rulebook.
    #[must_use]
    pub fn partition(&self, old: &Partition, new: &Rulebook, task: TaskId) -> Option<Partition> {
        old.renumbered(new, task, |old| self.provisions.get(&old).copied())
    }
}

fn kin(kindred: &Kindred<'_>, task: TaskId) -> Option<Kin> {
    let old = kindred.old_task(task)?;
    let after = Seen::new(kindred.new, task);
    let provisions = after
        .provisions
        .iter()
        .map(|new| Some((kindred.old_provision(*new)?, *new)))
        .collect::<Option<Vec<(ProvisionId, ProvisionId)>>>()?;
    // Whatever is made of sentences is in the order of their numbers.
    let ascend = provisions.windows(2).all(|pair| matches!(pair, [one, other] if one.0 < other.0));
    let before = Seen::new(kindred.old, old);
    let same = provisions.iter().map(|(old, _)| *old).eq(before.provisions.iter().copied());
    if !ascend || !same {
        return None;
    }
    let provisions: BTreeMap<ProvisionId, ProvisionId> = provisions.into_iter().collect();
    let tasks = after.tasks.iter().map(|task| kindred.old_task(*task)).collect::<Option<Vec<TaskId>>>()?;
    let same_tasks = tasks.iter().copied().eq(before.tasks.iter().copied())
        && tasks.iter().zip(&after.tasks).all(|(old, new)| kindred.same_task(*old, *new));
    let name_alike = |(old, new): (&ProvisionId, &ProvisionId)| {
        let names = named(&kindred.old[*old]).map(|list| {
            list.iter().filter_map(|other| provisions.get(other).copied()).collect::<Vec<_>>()
        });
        let seen = named(&kindred.new[*new])
            .map(|list| list.iter().filter(|other| after.provisions.contains(other)).copied().collect::<Vec<_>>());
        names.eq(seen)
    };
    let readings_alike = before.readings.len() == after.readings.len();
    (same_tasks && readings_alike && provisions.iter().all(name_alike)).then_some(Kin { old, provisions })
}

impl Seen {
    fn new(rulebook: &Rulebook, task: TaskId) -> Self {
        let (sources, support) = (Sources::new(rulebook, task), Support::new(rulebook, task));
        // A text that restores may answer a suspension of another task.
        let suspends = |provision: &&(ProvisionId, &Provision)| {
            matches!(provision.1.statement, Statement::Act { kind: ActKind::Suspends, .. })
        };
        let all: Vec<(ProvisionId, &Provision)> = (0..).map(ProvisionId).zip(&rulebook.provisions).collect();
        let mut provisions: BTreeSet<ProvisionId> = all.iter().filter(suspends).map(|(id, _)| *id).collect();
        provisions.extend(sources.provisions().iter().chain(sources.cited()));
        provisions.extend(support.provisions.iter().chain(&support.cited));
        let mut tasks = sources.tasks();
        tasks.extend(&support.tasks);
        let readings = provisions.iter().filter_map(|id| rulebook[*id].reading.map(|(reading, _)| reading)).collect();
        Self { tasks, provisions, readings }
    }
}

/// The sentences that a sentence names, list by list.
fn named(provision: &Provision) -> impl Iterator<Item = &[ProvisionId]> {
    let own: &[ProvisionId] = match &provision.statement {
        Statement::Governs { within: list, .. }
        | Statement::Transfer { under: Some(list), .. }
        | Statement::Act { hits: list, .. } => list,
        Statement::DecidedBy { by: Deciders::Seats { .. } | Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
        | Statement::Transfer { under: None, .. }
        | Statement::NotRequired { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. }
        | Statement::Tabulates { .. } => &[],
    };
    let cases = provision.cases.iter().map(|cases| cases.of.as_slice());
    let claims = provision.prevails.iter().map(|claim| claim.over.as_slice());
    [own, provision.yields.as_slice()].into_iter().chain(cases).chain(claims)
}
