//! Who decides? The answer to a question in which facts, or a finer place, may be missing.
//!
//! What the question leaves open is a set of cases. Each place in it is judged by the [reference](crate::reference), split
//! where the reference says so, and the rulings are put into one decision tree in the task's order of facts, reduced until
//! every question in it matters. One leaf left: that is the answer, whatever was missing. Else the root is what to ask next.

mod choices;
mod tree;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::reference::{Support, unit_of};
use crate::register::{LocalityId, RowId, UnitId};
use crate::rulebook::{Days, RequirementKind, Rulebook, Seat, SeatAt};
use crate::ruling::{
    About, Answer, BadQuestion, Branch, Choice, Decider, Held, LeadsTo, Loss, Named, NextQuestion, Outcome, Question,
    Verdict,
};
use tree::{Leaf, Tree};

/// More places than this at once are refused.
const PLACE_LIMIT: usize = 20_000;

/// Questions that leave more cases open than this are refused: a few seconds of work.
const CASE_LIMIT: usize = 60_000;

/// When finding how long an answer holds takes more cases than this, the days that were looked at are given: true, but
/// perhaps not the longest run.
const VALIDITY_LIMIT: usize = 300_000;

/// Answers a question.
///
/// # Errors
/// When the question does not fit the task, or declares what cannot be.
pub fn ask(rulebook: &Rulebook, question: &Question) -> Result<Answer, BadQuestion> {
    let support = Support::new(rulebook, question.task);
    let asked = Asked::new(&support, question)?;
    let mut answer = asked.look(question.on)?;
    asked.budget.set(VALIDITY_LIMIT);
    answer.valid = asked.valid(&answer);
    Ok(answer)
}

/// A seat and the unit it lies in.
type Occupied = (Seat, Option<UnitId>);

/// A question made ready: what it leaves possible.
struct Asked<'a> {
    support: &'a Support<'a>,
    question: &'a Question,
    /// For each way to take one unit in each role, the localities of each role.
    cases: Vec<Vec<Vec<LocalityId>>>,
    facts: Vec<Vec<u16>>,
    /// How many more cases may be judged.
    budget: Cell<usize>,
}

impl<'a> Asked<'a> {
    fn new(support: &'a Support<'a>, question: &'a Question) -> Result<Self, BadQuestion> {
        if question.places.len() > support.roles.len() {
            return Err(BadQuestion::TooManyPlaces);
        }
        let mut cases: Vec<Vec<Vec<LocalityId>>> = vec![Vec::new()];
        for (index, role) in support.roles.iter().enumerate() {
            let units = question.places.get(index).map_or(&[][..], Vec::as_slice);
            let mut alternatives = Vec::new();
            for unit in units {
                let localities = support.rulebook.register.localities_of(*unit, question.on);
                if localities.is_empty() {
                    return Err(BadQuestion::PlaceNotThen { role: *role, unit: *unit });
                }
                alternatives.push(localities);
            }
            if units.is_empty() {
                alternatives.push(everywhere(support.rulebook, question.on));
            }
            let longer = |case: &Vec<Vec<LocalityId>>, more: &Vec<LocalityId>| {
                case.iter().chain([more]).cloned().collect::<Vec<_>>()
            };
            cases = cases.iter().flat_map(|case| alternatives.iter().map(|more| longer(case, more))).collect();
            let places: usize = cases.iter().map(|case| case.iter().map(Vec::len).product::<usize>()).sum();
            if places > PLACE_LIMIT {
                return Err(BadQuestion::TooWide);
            }
        }
        Ok(Self { support, question, cases, facts: facts(support, question)?, budget: Cell::new(CASE_LIMIT) })
    }

    /// The answer on a day, for the places of the question's own day; without its validity.
    fn look(&self, day: Date) -> Result<Answer, BadQuestion> {
        let mut answer = self.blank();
        let mut spans = Vec::new();
        for case in &self.cases {
            let root = self.places(case, &mut Vec::new(), day)?.ok_or(BadQuestion::Impossible)?;
            let shown = Shown { asked: self, day, case };
            match root {
                Place::Facts(_, tuples) if self.cases.len() > 1 => spans.extend(tuples.into_iter().next()),
                Place::Facts(tree, tuples) => {
                    shown.fill(&mut answer, &tree, &tuples);
                    return Ok(answer);
                }
                Place::Role(index, branches) => {
                    answer.next = shown.ask_place(index, &branches);
                    answer.record = Place::Role(index, branches).record().into_iter().collect();
                    return Ok(answer);
                }
            }
        }
        // One case that spans several units, in each of which the place is known finely enough.
        let tree = tree::grow(self.support, &spans, &self.facts, day, &self.budget)?.ok_or(BadQuestion::Impossible)?;
        let case: &[Vec<LocalityId>] = self.cases.first().map_or(&[], Vec::as_slice);
        spans.truncate(1);
        Shown { asked: self, day, case }.fill(&mut answer, &tree, &spans);
        Ok(answer)
    }

    fn blank(&self) -> Answer {
        Answer {
            question: self.question.clone(),
            outcome: Outcome::Undetermined,
            deciders: Vec::new(),
            sharing: None,
            conflict: None,
            requirements: Vec::new(),
            may_step_in: Vec::new(),
            grounds: Vec::new(),
            grounds_vary: false,
            record: Vec::new(),
            framework_unread: false,
            valid: Days::default(),
            next: None,
        }
    }

    /// The tree over the roles' places from the next role on, its equal branches joined.
    fn places(
        &self,
        case: &[Vec<LocalityId>],
        chosen: &mut Vec<LocalityId>,
        day: Date,
    ) -> Result<Option<Place>, BadQuestion> {
        let Some(localities) = case.get(chosen.len()) else {
            let tree = tree::grow(self.support, std::slice::from_ref(chosen), &self.facts, day, &self.budget)?;
            return Ok(tree.map(|tree| Place::Facts(tree, vec![chosen.clone()])));
        };
        let mut branches: Vec<(Vec<LocalityId>, Place)> = Vec::new();
        for locality in localities {
            chosen.push(*locality);
            let below = self.places(case, chosen, day)?;
            chosen.pop();
            let Some(below) = below else { continue };
            match branches.iter_mut().find(|(_, other)| other.same(&below)) {
                Some((here, other)) => {
                    here.push(*locality);
                    other.absorb(below);
                }
                None => branches.push((vec![*locality], below)),
            }
        }
        if branches.len() > 1 {
            return Ok(Some(Place::Role(chosen.len(), branches)));
        }
        Ok(branches.pop().map(|(_, place)| place))
    }

    /// The longest run of days around the question's on which the answer stays the same.
    fn valid(&self, answer: &Answer) -> Days {
        let localities: BTreeSet<LocalityId> = self.cases.iter().flatten().flatten().copied().collect();
        let days = self.support.change_days(&localities);
        let day = self.question.on;
        let after = days.partition_point(|change| *change <= day);
        let same = |on: Date| self.look(on).is_ok_and(|other| self.stays(answer, &other));
        let mut valid = Days { from: None, before: None };
        for change in days.iter().take(after).rev() {
            if !change.yesterday().is_ok_and(same) {
                valid.from = Some(*change);
                break;
            }
        }
        valid.before = days.iter().skip(after).find(|change| !same(**change)).copied();
        valid
    }

    /// Same verdict, grounds and named units.
    fn stays(&self, a: &Answer, b: &Answer) -> bool {
        a.outcome == b.outcome
            && a.sharing == b.sharing
            && a.conflict == b.conflict
            && a.grounds == b.grounds
            && self.deciders(&a.deciders) == self.deciders(&b.deciders)
            && self.requirements(&a.requirements) == self.requirements(&b.requirements)
            && self.named(&a.may_step_in) == self.named(&b.may_step_in)
            && a.next.as_ref().map(|next| self.next(next)) == b.next.as_ref().map(|next| self.next(next))
    }

    fn unit(&self, named: Named) -> Occupied {
        (named.seat, named.unit.map(|row| self.support.rulebook.register.row(row).unit))
    }

    fn named(&self, all: &[Named]) -> Vec<Occupied> {
        all.iter().map(|named| self.unit(*named)).collect()
    }

    fn deciders(&self, all: &[Decider]) -> Vec<(Occupied, Held, Occupied)> {
        all.iter().map(|one| (self.unit(one.who), one.held, self.unit(one.answerable))).collect()
    }

    fn requirements(&self, all: &[(RequirementKind, Named)]) -> Vec<(RequirementKind, Occupied)> {
        all.iter().map(|(kind, named)| (*kind, self.unit(*named))).collect()
    }

    /// A next question with rows replaced by units, so that a row that only changed its parent is the same place.
    fn next(&self, question: &NextQuestion) -> NextQuestion {
        let mut question = question.clone();
        let newest = |row: &mut RowId| {
            let register = &self.support.rulebook.register;
            if let Some(last) = register.rows_of(register.row(*row).unit).last() {
                *row = *last;
            }
        };
        let named = |named: &mut Named| named.unit.iter_mut().for_each(newest);
        for branch in &mut question.branches {
            for choice in &mut branch.choices {
                if let Choice::Place { unit, .. } = choice {
                    newest(unit);
                }
            }
            match &mut branch.leads_to {
                LeadsTo::Ruling { deciders, requirements, may_step_in, .. } => {
                    deciders.iter_mut().for_each(|decider| {
                        named(&mut decider.who);
                        named(&mut decider.answerable);
                    });
                    requirements.iter_mut().for_each(|(_, of)| named(of));
                    may_step_in.iter_mut().for_each(named);
                }
                LeadsTo::Further(further) => **further = self.next(further),
            }
        }
        question
    }
}

fn everywhere(rulebook: &Rulebook, day: Date) -> Vec<LocalityId> {
    let register = &rulebook.register;
    register.localities().filter(|locality| register.lowest(*locality, day).is_some()).collect()
}

fn facts(support: &Support<'_>, question: &Question) -> Result<Vec<Vec<u16>>, BadQuestion> {
    let given: BTreeMap<_, _> = question.facts.iter().map(|(fact, value)| (*fact, value)).collect();
    if let Some(fact) = given.keys().find(|fact| !support.facts.contains(fact)) {
        return Err(BadQuestion::FactNotOfTask(*fact));
    }
    let mut all = Vec::new();
    for fact in &support.facts {
        let cells = support.grid.cells(*fact).iter().zip(0_u16..);
        let possible = |cell: &crate::reference::Cell| given.get(fact).is_none_or(|value| cell.holds(value));
        let indices: Vec<u16> = cells.filter(|(cell, _)| possible(cell)).map(|(_, index)| index).collect();
        if indices.is_empty() {
            return Err(BadQuestion::NotAValue(*fact));
        }
        all.push(indices);
    }
    Ok(all)
}

/// A tree over places, and below it over facts. Places whose trees are equal stand together.
enum Place {
    /// The tree of facts, and the places (one in each role) for which it is the same.
    Facts(Tree, Vec<Vec<LocalityId>>),
    /// The index of the role that matters, and its choices.
    Role(usize, Vec<(Vec<LocalityId>, Place)>),
}

impl Place {
    /// What lost in any of its cases.
    fn record(&self) -> BTreeSet<Loss> {
        match self {
            Self::Facts(tree, _) => tree.record(),
            Self::Role(_, branches) => branches.iter().flat_map(|(_, below)| below.record()).collect(),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Facts(a, _), Self::Facts(b, _)) => a.same(b),
            (Self::Role(i, a), Self::Role(j, b)) => {
                i == j && a.len() == b.len() && a.iter().zip(b).all(|((x, a), (y, b))| x == y && a.same(b))
            }
            (Self::Facts(..), Self::Role(..)) | (Self::Role(..), Self::Facts(..)) => false,
        }
    }

    /// Takes in an equal tree: places are added, grounds united.
    fn absorb(&mut self, other: Self) {
        match (self, other) {
            (Self::Facts(tree, tuples), Self::Facts(other, more)) => {
                tree.absorb(other);
                tuples.extend(more);
            }
            (Self::Role(_, branches), Self::Role(_, others)) => {
                for ((_, branch), (_, other)) in branches.iter_mut().zip(others) {
                    branch.absorb(other);
                }
            }
            (Self::Facts(..), Self::Role(..)) | (Self::Role(..), Self::Facts(..)) => {}
        }
    }
}

/// How trees are shown: seats become units.
struct Shown<'a> {
    asked: &'a Asked<'a>,
    day: Date,
    case: &'a [Vec<LocalityId>],
}

impl Shown<'_> {
    /// The unit of a seat when it is the same for all places.
    fn name(&self, seat: Seat, tuples: &[Vec<LocalityId>]) -> Named {
        let mut units = tuples.iter().map(|places| unit_of(self.asked.support, places, self.day, seat));
        let first = units.next().flatten();
        Named { seat, unit: first.filter(|_| units.all(|unit| unit == first)) }
    }

    fn deciders(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<Decider> {
        let decider = |holder: &crate::ruling::Holder| Decider {
            who: self.name(holder.seat, tuples),
            held: holder.held,
            answerable: self.name(holder.answerable, tuples),
        };
        verdict.holders.iter().map(decider).collect()
    }

    fn requirements(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<(RequirementKind, Named)> {
        verdict.requirements.iter().map(|one| (one.kind, self.name(one.of, tuples))).collect()
    }

    fn may_step_in(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<Named> {
        verdict.may_step_in.iter().map(|seat| self.name(*seat, tuples)).collect()
    }

    fn fill(&self, answer: &mut Answer, tree: &Tree, tuples: &[Vec<LocalityId>]) {
        match tree {
            Tree::Node(node) => {
                answer.record = tree.record().into_iter().collect();
                answer.next = Some(self.question(node, tuples));
            }
            Tree::Leaf(leaf) => {
                let verdict = &leaf.verdict;
                answer.outcome = verdict.outcome;
                answer.deciders = self.deciders(verdict, tuples);
                answer.sharing = verdict.sharing;
                answer.conflict = verdict.conflict;
                answer.requirements = self.requirements(verdict, tuples);
                answer.may_step_in = self.may_step_in(verdict, tuples);
                answer.grounds.clone_from(&leaf.grounds);
                answer.grounds_vary = leaf.grounds_vary;
                answer.record = leaf.record.iter().cloned().collect();
                answer.framework_unread = leaf.framework_unread;
                answer.next = self.which_unit(leaf, tuples);
            }
        }
    }

    /// One decider in symbols, but several units: which place is it, of the role on which the unit depends?
    fn which_unit(&self, leaf: &Leaf, tuples: &[Vec<LocalityId>]) -> Option<NextQuestion> {
        let unit = |places: &[LocalityId], seat| unit_of(self.asked.support, places, self.day, seat);
        let unclear = leaf.verdict.holders.iter().map(|holder| holder.seat).find(|seat| {
            self.name(*seat, tuples).unit.is_none() && tuples.iter().any(|places| unit(places, *seat).is_some())
        })?;
        let SeatAt::Level { role, .. } = unclear.at else { return None };
        let index = self.asked.support.roles.iter().position(|own| *own == role)?;
        let mut groups: Vec<(Option<RowId>, Vec<Vec<LocalityId>>)> = Vec::new();
        for places in tuples {
            let own = unit(places, unclear);
            match groups.iter_mut().find(|(other, _)| *other == own) {
                Some((_, group)) => group.push(places.clone()),
                None => groups.push((own, vec![places.clone()])),
            }
        }
        let branch = |(_, group): &(Option<RowId>, Vec<Vec<LocalityId>>)| {
            let localities: BTreeSet<LocalityId> =
                group.iter().filter_map(|places| places.get(index).copied()).collect();
            let localities: Vec<LocalityId> = localities.into_iter().collect();
            Branch { choices: self.parts(index, &localities), leads_to: self.leads(leaf, group) }
        };
        Some(NextQuestion { about: About::Place(role), branches: groups.iter().map(branch).collect() })
    }

    fn leads(&self, leaf: &Leaf, tuples: &[Vec<LocalityId>]) -> LeadsTo {
        LeadsTo::Ruling {
            outcome: leaf.verdict.outcome,
            deciders: self.deciders(&leaf.verdict, tuples),
            sharing: leaf.verdict.sharing,
            conflict: leaf.verdict.conflict,
            requirements: self.requirements(&leaf.verdict, tuples),
            may_step_in: self.may_step_in(&leaf.verdict, tuples),
            grounds: leaf.grounds.clone(),
        }
    }

    fn ask_place(&self, index: usize, branches: &[(Vec<LocalityId>, Place)]) -> Option<NextQuestion> {
        let about = About::Place(*self.asked.support.roles.get(index)?);
        let branch = |(localities, below): &(Vec<LocalityId>, Place)| {
            let leads_to = match below {
                Place::Facts(Tree::Leaf(leaf), tuples) => self.leads(leaf, tuples),
                Place::Facts(Tree::Node(node), tuples) => LeadsTo::Further(Box::new(self.question(node, tuples))),
                Place::Role(index, branches) => LeadsTo::Further(Box::new(self.ask_place(*index, branches)?)),
            };
            Some(Branch { choices: self.parts(index, localities), leads_to })
        };
        Some(NextQuestion { about, branches: branches.iter().filter_map(branch).collect() })
    }

    fn question(&self, node: &tree::Node, tuples: &[Vec<LocalityId>]) -> NextQuestion {
        let support = self.asked.support;
        let branch = |(cells, below): &(Vec<u16>, Tree)| {
            let choices = match node.about {
                tree::Variable::Fact(index) => {
                    let possible = self.asked.facts.get(index).map_or(&[][..], Vec::as_slice);
                    support
                        .facts
                        .get(index)
                        .map_or_else(Vec::new, |fact| choices::said(support, *fact, cells, possible))
                }
                tree::Variable::Reading(_) => {
                    cells.iter().filter_map(|option| u8::try_from(*option).ok()).map(Choice::Reading).collect()
                }
            };
            let leads_to = match below {
                Tree::Leaf(leaf) => self.leads(leaf, tuples),
                Tree::Node(node) => LeadsTo::Further(Box::new(self.question(node, tuples))),
            };
            Branch { choices, leads_to }
        };
        let about = match node.about {
            tree::Variable::Fact(index) => support.facts.get(index).copied().map(About::Fact),
            tree::Variable::Reading(index) => support.readings.get(index).copied().map(About::Reading),
        };
        let about = about.unwrap_or(About::Reading(crate::rulebook::ReadingId(u32::MAX)));
        NextQuestion { about, branches: node.branches.iter().map(branch).collect() }
    }

    /// Names the parts of a role's asked place that hold these localities: by the unit of the day where all of it is
    /// meant, else by the unit that they came from.
    fn parts(&self, role: usize, localities: &[LocalityId]) -> Vec<Choice> {
        let register = &self.asked.support.rulebook.register;
        let asked = self.case.get(role).map_or(&[][..], Vec::as_slice);
        let mut parts: BTreeMap<RowId, Vec<LocalityId>> = BTreeMap::new();
        for locality in localities {
            let Some(row) = register.lowest(*locality, self.day) else { continue };
            let mut alike = asked.iter().filter(|other| register.lowest(**other, self.day) == Some(row));
            let whole = alike.all(|other| localities.contains(other));
            let name = if whole { row } else { self.former(*locality, row) };
            parts.entry(name).or_default().push(*locality);
        }
        parts.into_iter().map(|(unit, localities)| Choice::Place { unit, localities }).collect()
    }

    /// The unit in which a locality lay before it came to the unit of the day.
    fn former(&self, locality: LocalityId, row: RowId) -> RowId {
        let register = &self.asked.support.rulebook.register;
        let days = register.change_days_of(locality);
        let mut earlier =
            days.iter().rev().filter(|change| **change <= self.day).filter_map(|change| change.yesterday().ok());
        earlier.find_map(|day| register.lowest(locality, day).filter(|other| *other != row)).unwrap_or(row)
    }
}
