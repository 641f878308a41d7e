//! What the tasks depend on: the facts and places that they declare, and those that come with the tasks they follow.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Binding, Chain};
use crate::rulebook::{FactId, RoleId, TaskId};
use crate::source::Span;
use crate::syntax::tree::{self, Clause, Condition, Deciders, Name, Provision, Statement};

use super::catalogue::{Catalogue, number};
use super::cycles::cycles;
use super::problems::Problems;
use super::texts::Draft;

pub(super) struct Tasks {
    facts: Vec<Vec<FactId>>,
    roles: Vec<Vec<RoleId>>,
    /// Of these, the ones that there may not be.
    optional: Vec<Vec<RoleId>>,
    /// Those that name a place which nobody declared.
    lossy: BTreeSet<TaskId>,
    /// Sentences through which tasks, or classified facts, follow themselves.
    circular: BTreeSet<Span>,
}

/// A task with what its sentences may speak of.
#[derive(Clone, Copy)]
pub(super) struct OfTask<'a> {
    pub(super) task: TaskId,
    pub(super) facts: &'a [FactId],
    pub(super) roles: &'a [RoleId],
    pub(super) optional: &'a [RoleId],
    /// Whether one of its places is not declared.
    lossy: bool,
}

impl OfTask<'_> {
    /// The task has no place, and here one is needed.
    pub(super) fn lacks_place(self, at: Span, catalogue: &Catalogue<'_>, problems: &mut Problems) {
        if self.lossy {
            problems.add_consequence();
        } else {
            problems.add(Binding::TaskWithoutPlace { task: catalogue.task_id_text(self.task) }, at);
        }
    }

    /// One of the task's places.
    pub(super) fn role(self, name: &Name, catalogue: &Catalogue<'_>, problems: &mut Problems) -> Option<RoleId> {
        let role = catalogue.role(name, problems)?;
        if self.roles.contains(&role) {
            return Some(role);
        }
        let (place, task) = (catalogue.role_id_text(role), catalogue.task_id_text(self.task));
        problems.add(Binding::PlaceNotOfTask { place, task }, name.span);
        None
    }

    /// One of the task's places of which there may be none.
    pub(super) fn optional(self, name: &Name, catalogue: &Catalogue<'_>, problems: &mut Problems) -> Option<RoleId> {
        let role = self.role(name, catalogue, problems)?;
        if self.optional.contains(&role) {
            return Some(role);
        }
        let (place, task) = (catalogue.role_id_text(role), catalogue.task_id_text(self.task));
        problems.add(Binding::PlaceAlwaysThere { place, task }, name.span);
        None
    }
}

/// From a number to a number, and the sentence that says so.
type Edges = BTreeMap<(usize, usize), Span>;

impl Tasks {
    pub(super) fn new(catalogue: &Catalogue<'_>, texts: &[Draft<'_>], problems: &mut Problems) -> Self {
        let mut facts = Vec::new();
        let (mut roles, mut optional) = (Vec::new(), Vec::new());
        let mut lossy = BTreeSet::new();
        for (at, task) in catalogue.tasks.iter().enumerate() {
            if task.places.iter().any(|name| catalogue.get_role(&name.value).is_none()) {
                lossy.insert(TaskId(number(at)));
            }
            facts.push(unique(task.facts.iter().filter_map(|name| catalogue.fact(name, problems))));
            roles.push(unique(task.places.iter().filter_map(|name| catalogue.role(name, problems))));
            optional.push(unique(task.optional.iter().filter_map(|name| catalogue.get_role(&name.value))));
        }
        let mut follows = Edges::new();
        let mut classifies = Edges::new();
        for provision in texts.iter().flat_map(|text| provisions(text)) {
            edges(provision, catalogue, &mut follows, &mut classifies);
        }
        let names: Vec<String> = catalogue.tasks.iter().map(|task| task.declared.id.value.clone()).collect();
        let mut circular = break_cycles(Chain::TasksFollowing, &mut follows, &names, problems);
        let names: Vec<String> = catalogue.facts.iter().map(|fact| fact.names.id.clone()).collect();
        circular.extend(break_cycles(Chain::Classifications, &mut classifies, &names, problems));
        let own = facts.clone();
        for (at, facts) in facts.iter_mut().enumerate() {
            for followed in reach(&follows, at) {
                facts.extend(own.get(followed).into_iter().flatten().copied());
            }
            let derived: Vec<usize> = facts.iter().flat_map(|fact| reach(&classifies, fact.0 as usize)).collect();
            facts.extend(derived.into_iter().map(|fact| FactId(number(fact))));
            *facts = unique(facts.iter().copied());
        }
        Self { facts, roles, optional, lossy, circular }
    }

    /// What may be said of a task.
    pub(super) fn of(&self, task: TaskId) -> OfTask<'_> {
        let lossy = self.lossy.contains(&task);
        OfTask { task, facts: self.facts(task), roles: self.roles(task), optional: self.optional(task), lossy }
    }

    pub(super) fn facts(&self, task: TaskId) -> &[FactId] {
        self.facts.get(task.0 as usize).map_or(&[], Vec::as_slice)
    }

    pub(super) fn roles(&self, task: TaskId) -> &[RoleId] {
        self.roles.get(task.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Those of the places of which there may be none.
    fn optional(&self, task: TaskId) -> &[RoleId] {
        self.optional.get(task.0 as usize).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_circular(&self, sentence: Span) -> bool {
        self.circular.contains(&sentence)
    }
}

/// The sentences of a text, those of its readings included.
pub(super) fn provisions<'t>(text: &Draft<'t>) -> impl Iterator<Item = &'t Provision> + use<'t> {
    let article = text.article;
    article.provisions.iter().chain(article.readings.iter().flat_map(|reading| &reading.provisions))
}

fn edges(provision: &Provision, catalogue: &Catalogue<'_>, follows: &mut Edges, classifies: &mut Edges) {
    match &provision.statement {
        Statement::DecidedBy { tasks, by: Deciders::WhoeverDecides(followed), .. } => {
            let Some(followed) = catalogue.get_task(&followed.value) else { return };
            for task in tasks.iter().filter_map(|task| catalogue.get_task(&task.value)) {
                follows.insert((task.0 as usize, followed.0 as usize), provision.span);
            }
        }
        Statement::Classifies { fact, .. } => {
            let Some(fact) = catalogue.get_fact(&fact.value) else { return };
            for base in provision.limits.condition.iter().flat_map(tested) {
                if let Some(base) = catalogue.get_fact(base) {
                    classifies.insert((fact.0 as usize, base.0 as usize), provision.span);
                }
            }
        }
        Statement::DecidedBy { by: Deciders::Holders { .. } | Deciders::WhoeverDecided(_), .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::PassesTo { .. }
        | Statement::SucceededBy { .. }
        | Statement::Transfer { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::MayStepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Tabulates { .. } => {}
    }
}

/// The names of the facts that a condition tests.
fn tested(condition: &Condition) -> impl Iterator<Item = &str> {
    condition
        .clauses
        .iter()
        .flat_map(|clause| match clause {
            Clause::Test(test) => test.fact().into_iter().collect(),
            Clause::AnyOf(lines) => lines.iter().flatten().filter_map(tree::Test::fact).collect::<Vec<_>>(),
        })
        .map(|fact| fact.value.as_str())
}

/// Takes the edges that lie on cycles away and reports each cycle at the first of its sentences.
fn break_cycles(chain: Chain, edges: &mut Edges, names: &[String], problems: &mut Problems) -> BTreeSet<Span> {
    let mut next = vec![Vec::new(); names.len()];
    for (from, to) in edges.keys() {
        if let Some(next) = next.get_mut(*from) {
            next.push(*to);
        }
    }
    let mut circular = BTreeSet::new();
    for cycle in cycles(&next) {
        let on = |from: &usize, to: &usize| cycle.contains(from) && cycle.contains(to);
        let spans: BTreeSet<Span> =
            edges.iter().filter(|((from, to), _)| on(from, to)).map(|(_, span)| *span).collect();
        edges.retain(|(from, to), _| !on(from, to));
        let members = cycle.iter().filter_map(|at| names.get(*at).cloned()).collect();
        if let Some(first) = spans.first() {
            let related = spans.iter().skip(1).copied().collect();
            problems.add_related(Binding::Circular { chain, members }, *first, related);
        }
        circular.extend(spans);
    }
    circular
}

/// What is reached from `start`, nearest first.
fn reach(edges: &Edges, start: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for (_, to) in edges.range((at, 0)..=(at, usize::MAX)).map(|(edge, _)| edge) {
            if !found.contains(to) {
                found.push(*to);
                open.push(*to);
            }
        }
    }
    found
}

fn unique<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.fold(Vec::new(), |mut found, item| {
        if !found.contains(&item) {
            found.push(item);
        }
        found
    })
}
