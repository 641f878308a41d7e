//! Which tasks of a rulebook are, sentence for sentence, what they were in an older one: whatever was found out of them there holds
//! here too, in other numbers. A task is what the engine and the reference read of it.

use std::collections::BTreeSet;

use super::hands::side_by_side;
use crate::partition::Partition;
use crate::reference::Support;
use crate::resolution::Sources;
use crate::rulebook::kindred::{Kindred, Numbers};
use crate::rulebook::{ActKind, Provision, ProvisionId, Rulebook, Statement, TaskId};

/// For each task of a new rulebook what it is in an old one.
#[derive(Debug, Default)]
pub struct Heritage {
    /// By new task, the old one that is the same.
    same: Vec<Option<TaskId>>,
    numbers: Numbers,
}

/// Everything that is read of a task: itself, those that it follows, and sentences. Sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    tasks: Vec<TaskId>,
    provisions: Vec<ProvisionId>,
}

/// What is read of each task of a rulebook, in their order.
#[must_use]
pub fn reads(rulebook: &Rulebook) -> Vec<Read> {
    let suspending = suspending(rulebook);
    let tasks: Vec<TaskId> = rulebook.task_ids().collect();
    side_by_side(&tasks, |task| Read::new(rulebook, *task, &suspending))
}

impl Heritage {
    #[must_use]
    pub fn new(old: &Rulebook, new: &Rulebook) -> Self {
        Self::of((old, &reads(old)), new).0
    }

    /// The same where it is known what is read of the old tasks; with what is read of the new ones.
    #[must_use]
    pub fn of((old, before): (&Rulebook, &[Read]), new: &Rulebook) -> (Self, Vec<Read>) {
        let Some(kindred) = Kindred::new(old, new) else { return (Self::default(), reads(new)) };
        let news = News::new(&kindred);
        let suspending = suspending(new);
        let tasks: Vec<TaskId> = new.task_ids().collect();
        let found = side_by_side(&tasks, |task| {
            let twin = kindred.old_task(*task);
            let known = twin.zip(twin.and_then(|old| before.get(usize::try_from(old.0).ok()?)));
            let told = known.and_then(|(old, read)| Some((old, news.pass_by(read)?)));
            if let Some((old, read)) = told {
                return (Some(old), read);
            }
            let read = Read::new(new, *task, &suspending);
            let same = known.filter(|(_, before)| before.is_same(&kindred, &read));
            (same.map(|(old, _)| old), read)
        });
        let (same, reads) = found.into_iter().unzip();
        (Self { same, numbers: kindred.into_numbers() }, reads)
    }

    /// The old task that is the same.
    #[must_use]
    pub fn old(&self, task: TaskId) -> Option<TaskId> {
        self.same.get(usize::try_from(task.0).ok()?).copied().flatten()
    }

    /// The tasks that are not what they were, in order.
    #[must_use]
    pub fn changed(&self, new: &Rulebook) -> Vec<TaskId> {
        new.task_ids().filter(|task| self.old(*task).is_none()).collect()
    }

    /// The old partition of a task that is the same, in the numbers of the new rulebook.
    #[must_use]
    pub fn partition(&self, old: &Partition) -> Option<Partition> {
        old.renumbered(&self.numbers)
    }
}

impl Read {
    fn new(rulebook: &Rulebook, task: TaskId, suspending: &[ProvisionId]) -> Self {
        let (sources, support) = (Sources::new(rulebook, task), Support::new(rulebook, task));
        let mut provisions: BTreeSet<ProvisionId> = suspending.iter().copied().collect();
        provisions.extend(sources.provisions().iter().chain(sources.cited()));
        provisions.extend(support.provisions.iter().chain(&support.cited));
        let mut tasks = sources.tasks();
        tasks.extend(&support.tasks);
        Self { tasks: tasks.into_iter().collect(), provisions: provisions.into_iter().collect() }
    }

    /// What was read of a task is what is read of it now.
    fn is_same(&self, kindred: &Kindred<'_>, after: &Self) -> bool {
        let numbers = kindred.numbers();
        let here = |id: &ProvisionId| after.provisions.binary_search(id).is_ok();
        let name_alike = |(old, new): (&ProvisionId, &ProvisionId)| {
            let names = lists(&kindred.old[*old]).map(|list| mapped(list, numbers).filter(here).collect::<Vec<_>>());
            let seen = lists(&kindred.new[*new]).map(|list| list.iter().copied().filter(here).collect::<Vec<_>>());
            names.eq(seen)
        };
        self.tasks.iter().map(|task| numbers.task(*task)).eq(after.tasks.iter().map(|task| Some(*task)))
            && self.tasks.iter().zip(&after.tasks).all(|(old, new)| kindred.same_task(*old, *new))
            && self.provisions.iter().map(|id| numbers.provision(*id)).eq(after.provisions.iter().map(|id| Some(*id)))
            && self.provisions.iter().zip(&after.provisions).all(name_alike)
    }
}

/// On what the differences of two rulebooks bear, found once for all tasks; rather too much than too little.
struct News<'a> {
    kindred: &'a Kindred<'a>,
    /// They may bear on any task.
    on_all: bool,
    /// The old tasks of which something new or gone speaks.
    tasks: BTreeSet<TaskId>,
    /// The old sentences that are gone, that name others than before, or that something new or gone hits.
    provisions: BTreeSet<ProvisionId>,
    /// The old tasks of which the catalogue says the same.
    same_tasks: BTreeSet<TaskId>,
}

impl<'a> News<'a> {
    fn new(kindred: &'a Kindred<'a>) -> Self {
        let numbers = kindred.numbers();
        let same = |new: TaskId| kindred.old_task(new).filter(|old| kindred.same_task(*old, new));
        let same_tasks = kindred.new.task_ids().filter_map(same).collect();
        let mut news = Self { kindred, on_all: false, tasks: BTreeSet::new(), provisions: BTreeSet::new(), same_tasks };
        for (new, provision) in (0..).map(ProvisionId).zip(&kindred.new.provisions) {
            match kindred.old_provision(new) {
                Some(old) => news.names_others(old, new),
                None => {
                    let back = |id: &ProvisionId| kindred.old_provision(*id);
                    news.alone(&provision.statement, |task| kindred.old_task(task), back);
                }
            }
        }
        for (old, provision) in (0..).map(ProvisionId).zip(&kindred.old.provisions) {
            if numbers.provision(old).is_none() {
                news.provisions.insert(old);
                news.alone(&provision.statement, Some, |id| Some(*id));
            }
        }
        // Whatever is made of sentences is in the order of their numbers.
        let kept = (0..).map(ProvisionId).take(kindred.old.provisions.len()).filter_map(|id| numbers.provision(id));
        news.on_all |= !kept.is_sorted();
        news
    }

    /// A sentence of both that may name others than before.
    fn names_others(&mut self, old: ProvisionId, new: ProvisionId) {
        let kindred = self.kindred;
        let before = lists(&kindred.old[old]).map(|list| mapped(list, kindred.numbers()).collect::<Vec<_>>());
        let known = |id: &ProvisionId| kindred.old_provision(*id).is_some();
        let after = lists(&kindred.new[new]).map(|list| list.iter().copied().filter(known).collect::<Vec<_>>());
        if !before.eq(after) {
            self.provisions.insert(old);
        }
    }

    /// A sentence that only one of the two has, in whose numbers it is; how those of tasks and sentences are in the old one.
    fn alone(
        &mut self,
        statement: &Statement,
        task: impl Fn(TaskId) -> Option<TaskId>,
        provision: impl Fn(&ProvisionId) -> Option<ProvisionId>,
    ) {
        if let Some(of) = statement.task() {
            // Of a task that the old rulebook has not, none of its tasks reads.
            self.tasks.extend(task(of));
            return;
        }
        if let Statement::Act { kind, hits, documents, .. } = statement
            && documents.is_empty()
            && *kind != ActKind::Suspends
        {
            self.provisions.extend(hits.iter().filter_map(provision));
        } else {
            self.on_all = true;
        }
    }

    /// What is read of a task on which nothing of it bears, in new numbers.
    fn pass_by(&self, before: &Read) -> Option<Read> {
        let numbers = self.kindred.numbers();
        let untouched = !self.on_all
            && before.tasks.iter().all(|task| self.same_tasks.contains(task) && !self.tasks.contains(task))
            && self.provisions.iter().all(|id| before.provisions.binary_search(id).is_err());
        let read = || {
            let tasks = before.tasks.iter().map(|task| numbers.task(*task)).collect::<Option<_>>()?;
            let provisions = before.provisions.iter().map(|id| numbers.provision(*id)).collect::<Option<_>>()?;
            Some(Read { tasks, provisions })
        };
        untouched.then(read).flatten()
    }
}

/// Sentences that suspend, of whatever task: a text that restores may answer one.
fn suspending(rulebook: &Rulebook) -> Vec<ProvisionId> {
    let suspends =
        |provision: &Provision| matches!(provision.statement, Statement::Act { kind: ActKind::Suspends, .. });
    let all = (0..).map(ProvisionId).zip(&rulebook.provisions);
    all.filter(|(_, provision)| suspends(provision)).map(|(id, _)| id).collect()
}

fn mapped<'l>(list: &'l [ProvisionId], numbers: &'l Numbers) -> impl Iterator<Item = ProvisionId> + 'l {
    list.iter().filter_map(|id| numbers.provision(*id))
}

/// The sentences that a sentence names, list by list.
fn lists(provision: &Provision) -> impl Iterator<Item = &[ProvisionId]> {
    let own: &[ProvisionId] = match &provision.statement {
        Statement::Governs { within: list, .. }
        | Statement::Transfer { under: Some(list), .. }
        | Statement::Act { hits: list, .. } => list,
        Statement::DecidedBy { .. }
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
