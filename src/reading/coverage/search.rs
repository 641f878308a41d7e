//! Where a provision that is in no scenario counts: place by place and day by day the question without facts is asked, and its
//! answer followed to the facts on which the provision counts. What the diagrams hold nowhere is never found, and told why.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::{Never, Shown, Silent, Witness, differ, named, rule, stands};
use crate::partition::Partition;
use crate::reading::ask::{Depth, Law, ask, choices};
use crate::reading::hands::side_by_side;
use crate::reading::table::{Only, table};
use crate::register::{LocalityId, RowId};
use crate::resolution::Sources;
use crate::rulebook::{Days, DocumentId, ProvisionId, RoleId, Rulebook, Statement, TaskId};
use crate::ruling::{About, Answer, Ground, Question, Why};

/// More places than this, in tasks with several, are not tried.
const PLACES: usize = 64;

pub(super) struct Search<'a> {
    law: Law<'a>,
    tasks: OnceLock<Vec<Reach>>,
}

/// A task, the provisions on which its rulings can depend, and those that they name.
type Reach = (TaskId, BTreeSet<ProvisionId>, BTreeSet<ProvisionId>);

/// One provision that is looked for.
struct Sought<'a> {
    law: Law<'a>,
    id: ProvisionId,
    /// The rules without it, when no answer names it.
    without: Option<&'a Silent>,
}

impl<'a> Search<'a> {
    pub(super) fn new(law: Law<'a>) -> Self {
        Self { law, tasks: OnceLock::new() }
    }

    fn tasks(&self) -> &[Reach] {
        self.tasks.get_or_init(|| {
            let rulebook = self.law.rulebook;
            let ids: Vec<TaskId> = rulebook.task_ids().collect();
            side_by_side(&ids, |task| {
                let reach = Sources::new(rulebook, *task).provisions().iter().copied().collect();
                let partition = self.law.partitions.of(rulebook, *task);
                (*task, reach, partition.map(in_grounds).unwrap_or_default())
            })
        })
    }

    pub(super) fn elsewhere(&self, id: ProvisionId) -> Shown {
        let rulebook = self.law.rulebook;
        if nothing_passed_on(rulebook, id) {
            return Shown::Never(Never::NothingPassedOn);
        }
        if let Some(rule) = rule(&rulebook[id].statement) {
            return self.by_precedence(id, rule);
        }
        let reached: Vec<TaskId> =
            self.tasks().iter().filter(|(_, reach, _)| reach.contains(&id)).map(|(task, ..)| *task).collect();
        if reached.is_empty() {
            return Shown::Never(Never::Unreached);
        }
        if !in_cover(rulebook, id, &reached) {
            return Shown::Never(Never::OutsideCover);
        }
        let named: Vec<TaskId> =
            self.tasks().iter().filter(|(_, _, grounds)| grounds.contains(&id)).map(|(task, ..)| *task).collect();
        let silent;
        let (without, counting) = if names_itself(&rulebook[id].statement) || !named.is_empty() {
            (None, named)
        } else {
            silent = Silent::new(rulebook, id);
            let changed = reached.iter().copied().filter(|task| changes(self.law, silent.law(), *task)).collect();
            (Some(&silent), changed)
        };
        // The task of the sentence before those that follow it.
        let mut counting: Vec<TaskId> = counting;
        counting.sort_by_key(|task| Some(*task) != rulebook[id].statement.task());
        let sought = Sought { law: self.law, id, without };
        if let Some(witness) = counting.iter().find_map(|task| sought.witness(*task)) {
            return Shown::Elsewhere(Box::new(witness));
        }
        match counting.first() {
            Some(task) => Shown::Somewhere(*task),
            None if without.is_some() => Shown::Never(Never::ChangesNothing),
            None => Shown::Never(sought.losses(&reached)),
        }
    }
}

impl Search<'_> {
    /// A question in which a text loses by a sentence on precedence.
    fn by_precedence(&self, id: ProvisionId, rule: fn(&Why) -> bool) -> Shown {
        let rulebook = self.law.rulebook;
        let sought = Sought { law: self.law, id, without: None };
        for question in self.tasks().iter().flat_map(|(task, ..)| sought.questions(*task)) {
            if !stands(rulebook, id, question.on) {
                continue;
            }
            let Ok(answer) = ask(self.law, &question, Depth::Record) else { continue };
            if answer.record.iter().any(|loss| rule(&loss.why)) {
                return Shown::Elsewhere(Box::new(Witness { question, answer }));
            }
        }
        Shown::Never(Never::NothingYields)
    }
}

/// Whether a sentence of this kind stands among the grounds where it counts.
const fn names_itself(statement: &Statement) -> bool {
    match statement {
        Statement::DecidedBy { .. }
        | Statement::NotRequired { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Transfer { .. }
        | Statement::Widens { .. }
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. } => true,
        Statement::Governs { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. }
        | Statement::Tabulates { .. } => false,
    }
}

/// Every provision that some ruling of a task names.
fn in_grounds(partition: &Partition) -> BTreeSet<ProvisionId> {
    let holdings = partition.holdings.iter().flatten().flat_map(|holding| &holding.grounds);
    let besides = partition.besides.iter().flat_map(|beside| &beside.grounds);
    holdings.chain(besides).map(|ground: &Ground| ground.provision).collect()
}

/// A sentence on who may pass on what, where nothing is passed on so.
fn nothing_passed_on(rulebook: &Rulebook, id: ProvisionId) -> bool {
    let statement = &rulebook[id].statement;
    let forms = if let Statement::Permission { forms, .. } | Statement::Onward { forms, .. } = statement {
        forms.as_slice()
    } else if let Statement::MustStateTerm { form } = statement {
        std::slice::from_ref(form)
    } else {
        return false;
    };
    let of = statement.task();
    !rulebook.provisions.iter().any(|other| {
        matches!(&other.statement,
            Statement::Transfer { task, form, .. } if forms.contains(form) && of.is_none_or(|of| of == *task))
    })
}

/// Whether a provision can speak on a day that the rules cover in one of the tasks.
fn in_cover(rulebook: &Rulebook, id: ProvisionId, tasks: &[TaskId]) -> bool {
    let provision = &rulebook[id];
    let text = &rulebook[provision.text];
    let terms = |document: DocumentId| rulebook[document].in_force.as_slice();
    let always = [Days::default()];
    let cover: Vec<Days> = rulebook.cover.iter().map(|cover| cover.days).collect();
    let own = |task: &TaskId| {
        let own = &rulebook[*task].covered;
        if own.is_empty() { always.to_vec() } else { own.clone() }
    };
    // The reach of a sentence on transfers is the day of issue, and that of an act all days from its own on.
    let lasting = matches!(provision.statement, Statement::Act { .. } | Statement::Extends { .. });
    let until = |days: &Days| Days { from: days.from, before: days.before.filter(|_| !lasting) };
    tasks.iter().any(|task| {
        let mut left = vec![until(&provision.days)];
        for more in [terms(text.document), terms(text.enacted_by)] {
            left = both(&left, &more.iter().map(until).collect::<Vec<_>>());
        }
        let alone: Vec<Days> = rulebook[*task].covered_in.iter().map(|line| line.days).collect();
        !both(&both(&left, &cover), &own(task)).is_empty() || !both(&left, &alone).is_empty()
    })
}

/// The days in one of some and in one of others.
fn both(some: &[Days], others: &[Days]) -> Vec<Days> {
    let meet = |a: &Days, b: &Days| {
        let before = match (a.before, b.before) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        let days = Days { from: a.from.max(b.from), before };
        days.from.zip(before).is_none_or(|(from, before)| from < before).then_some(days)
    };
    some.iter().flat_map(|a| others.iter().filter_map(|b| meet(a, b))).collect()
}

/// Whether a task's law is another one in two rulebooks.
fn changes(law: Law<'_>, other: Law<'_>, task: TaskId) -> bool {
    table(law, task, Only::default()) != table(other, task, Only::default())
}

impl Sought<'_> {
    /// Whether the provision counts in the answer to a question, and that answer.
    fn counts(&self, question: &Question) -> Option<Answer> {
        let answer = ask(self.law, question, Depth::Ruling).ok()?;
        let counts = match self.without {
            None => named(&answer).contains(&self.id),
            Some(silent) => ask(silent.law(), question, Depth::Ruling).is_ok_and(|other| differ(&answer, &other)),
        };
        counts.then_some(answer)
    }

    fn witness(&self, task: TaskId) -> Option<Witness> {
        let mut questions = self.questions(task).into_iter();
        questions.find_map(|question| {
            let answer = self.counts(&question)?;
            Some(self.finer(question, answer))
        })
    }

    /// The question with facts, as long as facts are asked and the provision counts in one of the cases.
    fn finer(&self, question: Question, answer: Answer) -> Witness {
        let Some(next) = &answer.next else { return Witness { question, answer } };
        let About::Fact(fact) = next.about else { return Witness { question, answer } };
        for choice in next.branches.iter().flat_map(|branch| &branch.choices) {
            let Some(value) = choices::inside(self.law.rulebook, fact, choice) else { continue };
            let mut finer = question.clone();
            finer.facts.push((fact, value));
            if let Some(answer) = self.counts(&finer) {
                return self.finer(finer, answer);
            }
        }
        Witness { question, answer }
    }

    /// Questions without facts: one for each kind of place and each day from which on something changes, those first on which the
    /// provision begins.
    fn questions(&self, task: TaskId) -> Vec<Question> {
        let rulebook = self.law.rulebook;
        let Ok(partition) = self.law.partitions.of(rulebook, task) else { return Vec::new() };
        let start = rulebook.start(self.id).unwrap_or(Date::MIN);
        let mut found = Vec::new();
        for places in places(partition) {
            let mut days: BTreeSet<Date> = partition.days(&places).into_iter().filter(|day| *day > start).collect();
            if let Some(Ok(other)) = self.without.map(|silent| silent.partitions.of(&silent.rulebook, task)) {
                days.extend(other.days(&places).into_iter().filter(|day| *day > start));
            }
            for (rank, day) in std::iter::once(start).chain(days).enumerate() {
                found.extend(question(rulebook, (task, &rulebook[task].roles), &places, day).map(|one| (rank, one)));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, question)| question).collect()
    }

    /// Why a provision that no ruling names never counts.
    fn losses(&self, tasks: &[TaskId]) -> Never {
        let mut whys: Vec<Why> = Vec::new();
        for question in tasks.iter().flat_map(|task| self.questions(*task)) {
            let Ok(answer) = ask(self.law, &question, Depth::Record) else { continue };
            for loss in answer.record {
                if loss.provision == self.id && !whys.contains(&loss.why) {
                    whys.push(loss.why);
                }
            }
        }
        if whys.is_empty() { Never::NowhereApplies } else { Never::Loses(whys) }
    }
}

/// A place of each class in each role, the first role's classes first.
/// A question without facts at places in the order of the roles.
fn question(
    rulebook: &Rulebook,
    (task, roles): (TaskId, &[RoleId]),
    places: &[LocalityId],
    day: Date,
) -> Option<Question> {
    let lacks = |(role, place): (&RoleId, &LocalityId)| (*place == LocalityId::NOWHERE).then_some(*role);
    let mut without: Vec<RoleId> = roles.iter().zip(places).filter_map(lacks).collect();
    without.sort();
    let row = |place: &LocalityId| match *place {
        LocalityId::NOWHERE => Some(Vec::new()),
        place => Some(vec![rulebook.register.lowest(place, day)?]),
    };
    let places = places.iter().map(row).collect::<Option<Vec<Vec<RowId>>>>()?;
    Some(Question { task, on: day, places, without, facts: Vec::new() })
}

fn places(partition: &Partition) -> Vec<Vec<LocalityId>> {
    let mut found: Vec<Vec<LocalityId>> = vec![Vec::new()];
    for optional in &partition.frame.optional {
        let nowhere = optional.then_some(LocalityId::NOWHERE);
        let classes = partition.frame.classes.iter().map(|class| class.representative);
        let one: Vec<LocalityId> = nowhere.into_iter().chain(classes).collect();
        let longer = |places: &Vec<LocalityId>, place: &LocalityId| [places.as_slice(), &[*place]].concat();
        found = found.iter().flat_map(|places| one.iter().map(|place| longer(places, place))).take(PLACES).collect();
    }
    found
}
