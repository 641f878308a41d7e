//! A walk through one interview, from question to question down to each ruling: what must hold at every step, and what is wrong
//! where it does not.

use std::collections::BTreeSet;

use jiff::civil::date;
use rust_decimal::Decimal;
use thamquyen::register::{LevelId, RowId};
use thamquyen::rulebook::{Domain, FactId, Handling, Rulebook, Value};
use thamquyen::ruling::{
    About, Answer, BadQuestion, Bound, Branch, Choice, Decider, LeadsTo, Named, NextQuestion, Outcome, Question,
};

use super::generated;

/// More paths of one interview than this are not walked.
const PATHS: usize = 60;

/// What can be wrong with an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// (a) another ruling than promised.
    Promise,
    /// (b) a fact asked again, or that was given.
    Twice,
    /// (b) all answers lead to the same.
    Idle,
    /// (c) a fact that was not asked matters.
    Unasked,
    /// (d) a value stands in no branch or in several, or does not lead where its branch does.
    Branches,
    /// Questions without end, or an answer that is undetermined and asks nothing.
    Endless,
}

/// How a program under test answers: the right one, or a broken one.
pub(super) type Program<'a> = &'a dyn Fn(&Question) -> Result<Answer, BadQuestion>;

/// A ruling as far as the interview tells it; units are left out of it where the place is asked only for them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ruling {
    outcome: Outcome,
    deciders: Vec<Decider>,
    requirements: Vec<(thamquyen::rulebook::RequirementKind, Named)>,
    may_step_in: Vec<Named>,
    handling: Vec<Handling<Named>>,
}

fn of_answer(answer: &Answer) -> Ruling {
    Ruling {
        outcome: answer.outcome,
        deciders: answer.deciders.clone(),
        requirements: answer.requirements.clone(),
        may_step_in: answer.may_step_in.clone(),
        handling: answer.handling.clone(),
    }
}

fn of_leaf(leaf: &LeadsTo) -> Option<Ruling> {
    match leaf {
        LeadsTo::Ruling { outcome, deciders, requirements, may_step_in, handling, .. } => Some(Ruling {
            outcome: *outcome,
            deciders: deciders.clone(),
            requirements: requirements.clone(),
            may_step_in: may_step_in.clone(),
            handling: handling.clone(),
        }),
        LeadsTo::Further(_) => None,
    }
}

/// A question without the grounds of what it leads to: those of all cases that share a ruling are united, and become fewer as
/// more is known.
fn bare(next: &NextQuestion) -> NextQuestion {
    let mut next = next.clone();
    for branch in &mut next.branches {
        match &mut branch.leads_to {
            LeadsTo::Ruling { grounds, .. } => grounds.clear(),
            LeadsTo::Further(further) => **further = bare(further),
        }
    }
    next
}

/// Values of a fact that a choice holds: the value, the ends of a range with their neighbours, members of sets.
fn values(domain: &Domain, choice: &Choice, all: &[Value]) -> Vec<Value> {
    let own: Vec<Value> = match choice {
        Choice::Value(value) => vec![value.clone()],
        Choice::Range { .. }
        | Choice::Highest(_)
        | Choice::Lowest(_)
        | Choice::All(_)
        | Choice::Any(_)
        | Choice::Reading(_)
        | Choice::NoPlace
        | Choice::Place { .. } => Vec::new(),
    };
    let near = |bound: &Bound| around(domain, &bound.value);
    let ends = match choice {
        Choice::Range { low, high } => low.iter().chain(high).flat_map(near).collect(),
        Choice::Value(_)
        | Choice::Highest(_)
        | Choice::Lowest(_)
        | Choice::All(_)
        | Choice::Any(_)
        | Choice::Reading(_)
        | Choice::NoPlace
        | Choice::Place { .. } => Vec::new(),
    };
    let possible = own.into_iter().chain(ends).chain(all.iter().cloned());
    let held: BTreeSet<Value> = possible.filter(|value| holds(choice, value)).collect();
    held.into_iter().collect()
}

/// A number or day and its neighbours.
fn around(domain: &Domain, value: &Value) -> Vec<Value> {
    let step = match domain {
        Domain::Number { integer: true, .. } => Decimal::ONE,
        Domain::Number { .. }
        | Domain::Boolean
        | Domain::One { .. }
        | Domain::Many { .. }
        | Domain::Date
        | Domain::LevelOrNone => Decimal::new(1, 4),
    };
    match value {
        Value::Number(number) => [number - step, *number, number + step].map(Value::Number).to_vec(),
        Value::Date(day) => {
            [day.yesterday(), Ok(*day), day.tomorrow()].into_iter().flatten().map(Value::Date).collect()
        }
        other @ (Value::Boolean(_) | Value::One(_) | Value::Many(_) | Value::Level(_)) => vec![other.clone()],
    }
}

/// What a choice means, read literally.
pub(super) fn holds(choice: &Choice, value: &Value) -> bool {
    let set = |test: &dyn Fn(&BTreeSet<u8>) -> bool| match value {
        Value::Many(set) => test(set),
        Value::Boolean(_) | Value::One(_) | Value::Number(_) | Value::Date(_) | Value::Level(_) => false,
    };
    match choice {
        Choice::Value(own) => own == value,
        Choice::Range { low, high } => {
            low.as_ref().is_none_or(|low| low.value < *value || low.included && low.value == *value)
                && high.as_ref().is_none_or(|high| *value < high.value || high.included && high.value == *value)
        }
        Choice::Highest(any) => set(&|set| set.first().is_some_and(|own| any.contains(own))),
        Choice::Lowest(any) => set(&|set| set.last().is_some_and(|own| any.contains(own))),
        Choice::All(among) => set(&|set| set.iter().all(|own| among.contains(own))),
        Choice::Any(among) => set(&|set| set.iter().any(|own| among.contains(own))),
        Choice::Reading(_) | Choice::NoPlace | Choice::Place { .. } => false,
    }
}

/// Values of a fact to try: all of few, some of many.
fn samples(rulebook: &Rulebook, fact: FactId) -> Vec<Value> {
    let index = |at: usize| u8::try_from(at).expect("few values");
    match &rulebook[fact].domain {
        Domain::Boolean => [false, true].map(Value::Boolean).to_vec(),
        Domain::One { values, .. } => (0..values.len()).map(|at| Value::One(index(at))).collect(),
        Domain::Many { values, .. } => {
            let count = values.len();
            let ones = (0..count).map(|at| BTreeSet::from([index(at)]));
            let twos =
                (1..count).flat_map(|at| [BTreeSet::from([0, index(at)]), BTreeSet::from([index(at - 1), index(at)])]);
            let sets: BTreeSet<BTreeSet<u8>> = ones.chain(twos).chain([(0..count).map(index).collect()]).collect();
            sets.into_iter().map(Value::Many).collect()
        }
        Domain::Number { integer, .. } => {
            let numbers = if *integer {
                [0, 9, 10, 12, 1000].map(|number| Decimal::new(number, 0))
            } else {
                [1, 4_999, 5_000, 9_900, 10_100].map(|number| Decimal::new(number, 4))
            };
            numbers.map(Value::Number).to_vec()
        }
        Domain::Date => [date(1990, 1, 1), date(2020, 1, 1), date(2026, 1, 31)].map(Value::Date).to_vec(),
        Domain::LevelOrNone => {
            let levels = (0..rulebook.levels.len()).map(|at| Value::Level(Some(LevelId(index(at)))));
            levels.chain([Value::Level(None)]).collect()
        }
    }
}

/// The question with a place said, or that there is none; nothing where that was said before.
fn placed(
    rulebook: &Rulebook,
    question: &Question,
    role: thamquyen::rulebook::RoleId,
    row: Option<RowId>,
) -> Option<Question> {
    let roles = &rulebook[question.task].roles;
    let at = roles.iter().position(|own| *own == role)?;
    let known = question.places.get(at).map_or(&[][..], Vec::as_slice);
    if known.len() > 1 || question.without.contains(&role) || row.is_some_and(|row| known == [row]) {
        return None;
    }
    let mut finer = question.clone();
    finer.places.resize(roles.len(), Vec::new());
    match row {
        Some(row) => finer.places[at] = vec![row],
        None if known.is_empty() => finer.without.push(role),
        None => return None,
    }
    finer.without.sort();
    Some(finer)
}

/// A walk through one interview.
pub(super) struct Walk<'a> {
    rulebook: &'a Rulebook,
    program: Program<'a>,
    pub(super) wrong: BTreeSet<Wrong>,
    /// What is wrong, for people.
    pub(super) told: Vec<String>,
    pub(super) paths: usize,
    next: Box<dyn FnMut() -> u64>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rulebook: &'a Rulebook, program: Program<'a>) -> Self {
        let next = Box::new(generated::numbers(7));
        Self { rulebook, program, wrong: BTreeSet::new(), told: Vec::new(), paths: 0, next }
    }

    fn complain(&mut self, wrong: Wrong, question: &Question, why: impl std::fmt::Debug) {
        if self.wrong.insert(wrong) {
            let task = &self.rulebook[question.task].names.id;
            self.told.push(format!("{wrong:?}: {task} {question:?}: {why:?}"));
        }
    }

    fn pick(&mut self, among: usize) -> usize {
        usize::try_from((self.next)() >> 33).unwrap_or(0) % among.max(1)
    }

    /// Asks, follows what is asked next, and checks every step.
    pub(super) fn walk(&mut self, question: &Question, promised: Option<&LeadsTo>) {
        if self.paths >= PATHS {
            return;
        }
        let Ok(answer) = (self.program)(question) else { return };
        if let Some(promised) = promised {
            self.compare(question, &answer, promised);
        }
        match &answer.next {
            None => {
                self.paths += 1;
                if answer.outcome == Outcome::Undetermined {
                    self.complain(Wrong::Endless, question, "undetermined, and nothing is asked");
                }
                self.fill(question, &answer);
            }
            Some(next) => match next.about {
                About::Fact(fact) => self.fact(question, fact, next),
                About::Place(role) => self.place(question, role, next),
                // Nobody can answer this one.
                About::Reading(_) => {
                    self.paths += 1;
                    self.idle(question, next);
                    self.fill(question, &answer);
                }
            },
        }
    }

    /// (a) What was promised is what is answered.
    fn compare(&mut self, question: &Question, answer: &Answer, promised: &LeadsTo) {
        match (of_leaf(promised), &answer.next) {
            (Some(ruling), None) => {
                if ruling != of_answer(answer) {
                    self.complain(Wrong::Promise, question, (ruling, of_answer(answer)));
                }
            }
            (Some(ruling), Some(next)) => {
                // A decider is known, the unit is not: only the place is asked then.
                let place = matches!(next.about, About::Place(_)) && answer.outcome != Outcome::Undetermined;
                if !place || ruling.outcome != answer.outcome {
                    self.complain(Wrong::Promise, question, (ruling, next));
                }
            }
            (None, own) => {
                let LeadsTo::Further(further) = promised else { return };
                let (further, own) = (bare(further), own.as_ref().map(bare));
                if own.as_ref() != Some(&further) {
                    self.complain(Wrong::Promise, question, (further, own));
                }
            }
        }
    }

    /// (b) Of the branches of a question, two lead to different things.
    fn idle(&mut self, question: &Question, next: &NextQuestion) {
        let same = |a: &Branch, b: &Branch| match (of_leaf(&a.leads_to), of_leaf(&b.leads_to)) {
            (Some(a), Some(b)) => a == b,
            (None, None) => match (&a.leads_to, &b.leads_to) {
                (LeadsTo::Further(a), LeadsTo::Further(b)) => bare(a) == bare(b),
                (LeadsTo::Ruling { .. } | LeadsTo::Further(_), _) => false,
            },
            (Some(_), None) | (None, Some(_)) => false,
        };
        let Some((first, others)) = next.branches.split_first() else {
            self.complain(Wrong::Endless, question, next);
            return;
        };
        if others.iter().all(|other| same(first, other)) {
            self.complain(Wrong::Idle, question, next);
        }
        let mut open: Vec<&LeadsTo> = next.branches.iter().map(|branch| &branch.leads_to).collect();
        while let Some(below) = open.pop() {
            if let LeadsTo::Further(further) = below {
                open.extend(further.branches.iter().map(|branch| &branch.leads_to));
                if further.about == next.about {
                    self.complain(Wrong::Twice, question, further);
                }
            }
        }
    }

    fn fact(&mut self, question: &Question, fact: FactId, next: &NextQuestion) {
        self.idle(question, next);
        if question.facts.iter().any(|(own, _)| *own == fact) {
            self.complain(Wrong::Twice, question, next);
            return;
        }
        let domain = &self.rulebook[fact].domain;
        let given = |value: &Value| {
            let mut finer = question.clone();
            finer.facts.push((fact, value.clone()));
            finer
        };
        let all = samples(self.rulebook, fact);
        // (d) Each value that is possible stands in just one branch, and leads where that does.
        for value in &all {
            let finer = given(value);
            let branches: Vec<&Branch> = next
                .branches
                .iter()
                .filter(|branch| branch.choices.iter().any(|choice| holds(choice, value)))
                .collect();
            match ((self.program)(&finer), branches.as_slice()) {
                (Err(BadQuestion::Impossible), []) => {}
                (Ok(answer), [branch]) => {
                    let before = self.wrong.len();
                    self.compare(&finer, &answer, &branch.leads_to);
                    if self.wrong.len() > before {
                        self.complain(Wrong::Branches, &finer, branch);
                    }
                }
                (answer, branches) => self.complain(Wrong::Branches, &finer, (answer, branches)),
            }
        }
        for branch in &next.branches {
            for choice in &branch.choices {
                let values = values(domain, choice, &all);
                if values.is_empty() {
                    self.complain(Wrong::Branches, question, choice);
                }
                // A single value, or the ends of a range: every one. Of sets one of each choice.
                let ranged = matches!(choice, Choice::Range { .. });
                let one = self.pick(values.len());
                for (at, value) in values.iter().enumerate() {
                    if ranged || at == one {
                        self.walk(&given(value), Some(&branch.leads_to));
                    }
                }
            }
        }
    }

    fn place(&mut self, question: &Question, role: thamquyen::rulebook::RoleId, next: &NextQuestion) {
        let register = &self.rulebook.register;
        let task = &self.rulebook[question.task];
        if next.branches.is_empty() {
            // Too much is open to be looked at: this place is asked for first, whatever it is.
            let anywhere = register.localities().filter_map(|one| register.lowest(one, question.on));
            let mut answers: Vec<Option<RowId>> = anywhere.step_by(40).map(Some).collect();
            answers.extend(task.optional.contains(&role).then_some(None));
            for row in answers {
                if let Some(finer) = placed(self.rulebook, question, role, row) {
                    self.walk(&finer, None);
                }
            }
            return;
        }
        self.idle(question, next);
        for branch in &next.branches {
            let register = &self.rulebook.register;
            let finer = match branch.choices.first() {
                Some(Choice::NoPlace) => placed(self.rulebook, question, role, None),
                Some(Choice::Place { localities, .. }) => {
                    let row = localities.first().and_then(|one| register.lowest(*one, question.on));
                    // A part of a unit that came from elsewhere cannot be asked about by itself.
                    let whole = |row: &RowId| {
                        register.localities_of(*row, question.on).iter().all(|one| localities.contains(one))
                    };
                    row.filter(whole).and_then(|row| placed(self.rulebook, question, role, Some(row)))
                }
                _ => None,
            };
            if let Some(finer) = finer {
                // What the place is asked for is judged on what is said of it, not on the units of other places.
                self.walk(&finer, None);
            }
        }
    }

    /// (c) Values of what was not asked.
    fn fill(&mut self, question: &Question, answer: &Answer) {
        let facts = self.rulebook[question.task].facts.clone();
        for round in 0..3 {
            let mut full = question.clone();
            for fact in &facts {
                if !full.facts.iter().any(|(own, _)| own == fact) {
                    let all = samples(self.rulebook, *fact);
                    let at = if round == 0 { 0 } else { self.pick(all.len()) };
                    full.facts.push((*fact, all[at].clone()));
                }
            }
            let Ok(found) = (self.program)(&full) else { continue };
            // A reading is all that is left: which rulings it leaves may only become fewer.
            let reading = answer.next.as_ref().is_some_and(|next| matches!(next.about, About::Reading(_)));
            let same = if reading { true } else { of_answer(&found) == of_answer(answer) };
            if !same {
                self.complain(Wrong::Unasked, &full, (of_answer(&found), of_answer(answer)));
            }
        }
    }
}
