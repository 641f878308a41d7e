//! What is looked at in a task beside its rulings. Knows statements and patterns of seats; nothing of any point.

use std::collections::BTreeSet;

use crate::partition::Partition;
use crate::rulebook::{BodyPattern, LevelPattern, Modal, ProvisionId, Rulebook, SeatPattern, Statement, TaskId};
use crate::ruling::Subject;

/// The sentences of a task on which none of its rulings rests.
pub(super) fn idle(rulebook: &Rulebook, partition: &Partition) -> Vec<Subject> {
    let used = in_grounds(partition);
    let own = rulebook[partition.frame.task].provisions.iter().copied();
    own.filter(|id| decides_something(&rulebook[*id].statement) && !used.contains(id)).map(Subject::Idle).collect()
}

/// The other subjects of a task, in order.
pub(super) fn subjects(rulebook: &Rulebook, task: TaskId) -> Vec<Subject> {
    let own = &rulebook[task].provisions;
    let mut subjects = BTreeSet::new();
    for id in own.iter().copied() {
        if matches!(rulebook[id].statement, Statement::Transfer { .. }) {
            subjects.insert(Subject::Transfer(id));
        }
        if claims(rulebook, id) {
            subjects.insert(Subject::Claim(id));
        }
        if may_be_incompetent(rulebook, id) {
            subjects.insert(Subject::Competence(id));
        }
    }
    for admits in own.iter().copied() {
        for forbids in own.iter().copied().filter(|forbids| contradict(rulebook, admits, *forbids)) {
            subjects.insert(Subject::Canons { admits, forbids });
        }
    }
    subjects.into_iter().collect()
}

/// Every sentence on which some ruling of the task rests.
fn in_grounds(partition: &Partition) -> BTreeSet<ProvisionId> {
    let holdings = partition.holdings.iter().flatten().flat_map(|holding| &holding.grounds);
    holdings.chain(partition.besides.iter().flat_map(|beside| &beside.grounds)).map(|ground| ground.provision).collect()
}

/// Whether a ruling could name the sentence among its grounds.
const fn decides_something(statement: &Statement) -> bool {
    match statement {
        Statement::DecidedBy { .. }
        | Statement::NotRequired { .. }
        | Statement::Passes { .. }
        | Statement::Transfer { .. }
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. } => true,
        Statement::Governs { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Succeeded { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. } => false,
    }
}

fn claims(rulebook: &Rulebook, id: ProvisionId) -> bool {
    let document = rulebook[rulebook[id].text].document;
    rulebook[document].prevails.is_some() || !rulebook[id].prevails.is_empty()
}

/// Its kind may not say everything, or there was a time without its issuer.
fn may_be_incompetent(rulebook: &Rulebook, id: ProvisionId) -> bool {
    let document = &rulebook[rulebook[rulebook[id].text].enacted_by];
    let kind = &rulebook[document.kind];
    let issuer = &rulebook[document.issuer.body];
    let always = document.issuer.unit.is_none() && issuer.days == crate::rulebook::Days::default();
    !(always && kind.may_assign && kind.may_decentralise && kind.may_entrust && kind.may_delegate)
}

/// One admits, the other forbids, in one form and, as far as their patterns tell, between the same two.
pub(in crate::reading) fn contradict(rulebook: &Rulebook, admits: ProvisionId, forbids: ProvisionId) -> bool {
    let (
        Statement::Permission { modal: Modal::May | Modal::Must, forms, givers, receivers, .. },
        Statement::Permission {
            modal: Modal::MustNot,
            forms: banned,
            givers: their_givers,
            receivers: their_receivers,
            ..
        },
    ) = (&rulebook[admits].statement, &rulebook[forbids].statement)
    else {
        return false;
    };
    forms.iter().any(|form| banned.contains(form))
        && meet(rulebook, givers, their_givers)
        && meet(rulebook, receivers, their_receivers)
}

/// No pattern is every pattern.
fn meet(rulebook: &Rulebook, some: &[SeatPattern], others: &[SeatPattern]) -> bool {
    some.is_empty()
        || others.is_empty()
        || some.iter().any(|one| others.iter().any(|other| overlap(rulebook, *one, *other)))
}

fn overlap(rulebook: &Rulebook, one: SeatPattern, other: SeatPattern) -> bool {
    let level = match (one.level, other.level) {
        (LevelPattern::At(one), LevelPattern::At(other)) => one == other,
        (LevelPattern::Unit(one), LevelPattern::Unit(other)) => one == other,
        (
            LevelPattern::Any
            | LevelPattern::At(_)
            | LevelPattern::Unit(_)
            | LevelPattern::Same
            | LevelPattern::NextLower
            | LevelPattern::AnyLower,
            _,
        ) => true,
    };
    let is = |body: crate::rulebook::BodyId, class| body == class || rulebook[body].classes.contains(&class);
    let bodies = |one, other| is(one, other) || is(other, one);
    let body = match (one.body, other.body) {
        (BodyPattern::Is(one), BodyPattern::Is(other)) | (BodyPattern::HeadOf(one), BodyPattern::HeadOf(other)) => {
            bodies(one, other)
        }
        (BodyPattern::Is(one), BodyPattern::HeadOf(headed)) | (BodyPattern::HeadOf(headed), BodyPattern::Is(one)) => {
            rulebook[one].heads.is_some_and(|own| bodies(own, headed))
        }
    };
    level && body
}
