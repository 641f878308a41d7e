//! Who decides? The answer to a question in which facts, or a finer place, may be missing.
//!
//! What the question leaves open is a part of the task's [partition](crate::partition). Each place in it has diagrams over facts,
//! which are restricted to what is possible and put into one decision tree in the task's order of facts, reduced until every
//! question in it matters. One leaf left: that is the answer, whatever was missing. Else the root is what to ask next.

pub mod cell;
pub(super) mod choices;
mod losses;
mod places;
mod relevance;
mod shown;
mod tree;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::applicability::Pattern;
use crate::partition::{Partition, Partitions};
use crate::register::{LevelId, LocalityId, RowId, UnitId};
use crate::rulebook::{Days, Handling, RequirementKind, Rulebook, SealOf, Seat};
use crate::ruling::{
    About, Answer, BadQuestion, Choice, Decider, Held, LeadsTo, Named, NextQuestion, Outcome, Question,
};
use places::{Cases, Said};
use relevance::Relevance;
use shown::Shown;
use tree::{Grower, Spot, Spots, Tree};

/// More places than this at once are refused.
const PLACE_LIMIT: usize = 20_000;

/// Places of several roles that were not said are not looked at together beyond this many: one is asked for first.
const TOGETHER_LIMIT: usize = 1_000;

/// Questions that leave more cases open than this are refused: a few seconds of work.
const CASE_LIMIT: usize = 200_000;

/// When finding how long an answer holds takes more cases than this, the days that were looked at are given: true, but
/// perhaps not the longest run.
const VALIDITY_LIMIT: usize = 300_000;

/// A rulebook with the partitions of its tasks.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    pub rulebook: &'a Rulebook,
    pub partitions: &'a Partitions,
}

/// How much is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    Ruling,
    /// With every provision that lost, and why.
    Record,
}

/// Answers a question.
///
/// # Errors
/// When the question does not fit the task, or declares what cannot be.
pub fn ask(law: Law<'_>, question: &Question, depth: Depth) -> Result<Answer, BadQuestion> {
    ask_noting(law, question, depth).map(|(answer, _)| answer)
}

/// The same, with the indices of the task's facts that were looked at, each once, in their order: for a
/// [ruling](Depth::Ruling) which one is next depends on nothing but the question without its facts and those before it.
///
/// # Errors
/// As [`ask`].
pub fn ask_noting(law: Law<'_>, question: &Question, depth: Depth) -> Result<(Answer, Vec<usize>), BadQuestion> {
    let partition = law.partitions.of(law.rulebook, question.task).map_err(BadQuestion::TooManyRules)?;
    let asked = Asked::new(law.rulebook, partition, question)?;
    let mut answer = asked.look(question.on)?;
    if asked.first.is_some() {
        // Nothing was looked at on any other day.
        answer.valid = Days { from: Some(question.on), before: question.on.tomorrow().ok() };
        return Ok((answer, asked.read.into_inner()));
    }
    if depth == Depth::Record {
        answer.record = asked.losses()?;
    }
    asked.budget.set(VALIDITY_LIMIT);
    answer.valid = asked.valid(&answer);
    Ok((answer, asked.read.into_inner()))
}

/// Notes that a fact was looked at.
fn note(read: &RefCell<Vec<usize>>, fact: usize) {
    let mut read = read.borrow_mut();
    if !read.contains(&fact) {
        read.push(fact);
    }
}

/// A seat and the unit it lies in.
type Occupied = (Seat, Option<UnitId>);

/// A question made ready: what it leaves possible.
struct Asked<'a> {
    rulebook: &'a Rulebook,
    partition: &'a Partition,
    question: &'a Question,
    /// For each way to take one unit in each role, the localities of each role; on the question's day.
    cases: Cases,
    /// What is said of each role's place.
    said: Vec<Said>,
    relevance: Relevance<'a>,
    /// The index of a role whose place must be said before anything else is looked at on the question's day.
    first: Option<usize>,
    facts: Vec<Vec<u16>>,
    /// The facts that were looked at.
    read: RefCell<Vec<usize>>,
    /// How many more cases may be looked at.
    budget: Cell<usize>,
    /// Trees already grown.
    grown: RefCell<BTreeMap<Spots, Option<Tree>>>,
}

impl<'a> Asked<'a> {
    fn new(rulebook: &'a Rulebook, partition: &'a Partition, question: &'a Question) -> Result<Self, BadQuestion> {
        if question.places.len() > partition.frame.roles.len() {
            return Err(BadQuestion::TooManyPlaces);
        }
        let roles = 0..partition.frame.roles.len();
        let said =
            roles.map(|index| places::said(rulebook, partition, question, index)).collect::<Result<Vec<_>, _>>()?;
        let cases = places::cases(rulebook, &partition.frame, &said, question.on);
        let relevance = Relevance::new(partition);
        let first = first_to_say(&relevance, question, &cases, question.on)?;
        let facts = facts(partition, question)?;
        let grown = RefCell::default();
        let budget = Cell::new(CASE_LIMIT);
        let read = RefCell::default();
        Ok(Self { rulebook, partition, question, cases, said, relevance, first, facts, read, budget, grown })
    }

    /// The answer on a day, without its validity: for what the named units held on the question's own day, and for what is
    /// open as it is on that day.
    fn look(&self, day: Date) -> Result<Answer, BadQuestion> {
        let mut answer = self.blank();
        let cases = self.cases_on(day);
        let first = if day == self.question.on {
            self.first
        } else {
            first_to_say(&self.relevance, self.question, &cases, day)?
        };
        if let Some(role) = first.and_then(|index| self.partition.frame.roles.get(index)) {
            answer.next = Some(NextQuestion { about: About::Place(*role), branches: Vec::new() });
            return Ok(answer);
        }
        let mut spans = Vec::new();
        for case in cases.iter() {
            let root = self.places(case, &mut Vec::new(), day)?.ok_or(BadQuestion::Impossible)?;
            let shown = Shown { asked: self, day, case };
            match root {
                Place::Facts(tree, tuples) if cases.len() > 1 => {
                    if let Some(next) = shown.which_of(&tree, &tuples) {
                        answer.next = Some(next);
                        return Ok(answer);
                    }
                    spans.extend(tuples.into_iter().next());
                }
                Place::Facts(tree, tuples) => {
                    shown.fill(&mut answer, &tree, &tuples);
                    return Ok(answer);
                }
                Place::Role(index, branches) => {
                    answer.next = shown.ask_place(index, &branches);
                    return Ok(answer);
                }
            }
        }
        // One case that spans several units, in each of which the place is known finely enough.
        let spots =
            Spots(spans.iter().map(|places| Spot { places: places.clone(), ..self.spot(places, day) }).collect());
        let tree = self.grower(day).grow(&spots)?.ok_or(BadQuestion::Impossible)?;
        let case: &[Vec<LocalityId>] = cases.first().map_or(&[], Vec::as_slice);
        spans.truncate(1);
        Shown { asked: self, day, case }.fill(&mut answer, &tree, &spans);
        Ok(answer)
    }

    fn cases_on(&self, day: Date) -> Cow<'_, Cases> {
        if day == self.question.on || !self.said.iter().any(Said::is_open) {
            return Cow::Borrowed(&self.cases);
        }
        Cow::Owned(places::cases(self.rulebook, &self.partition.frame, &self.said, day))
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
            handling: Vec::new(),
            grounds: Vec::new(),
            grounds_vary: false,
            record: Vec::new(),
            framework_unread: false,
            valid: Days::default(),
            next: None,
        }
    }

    fn grower(&self, day: Date) -> Grower<'_> {
        let Self { rulebook, partition, facts, read, budget, .. } = self;
        Grower { rulebook, partition, facts, read, day, budget }
    }

    fn spot(&self, places: &[LocalityId], day: Date) -> Spot {
        let holds = |pattern: &Pattern| {
            if pattern.is_span() { !self.spans(pattern, day) } else { pattern.holds(self.rulebook, places, day) }
        };
        let patterns = self.partition.patterns.iter().map(holds).collect();
        Spot { slice: self.partition.at(places, day), patterns, places: Vec::new() }
    }

    /// Whether the question's case spans several units of the pattern's level, or of an upper one: two of its units lie in none
    /// together. The pattern may be about another day, on which there is such a level.
    fn spans(&self, pattern: &Pattern, day: Date) -> bool {
        (0..=pattern.level.0).any(|level| self.lie_apart(pattern.roles.0, LevelId(level), day))
    }

    fn lie_apart(&self, role: usize, level: LevelId, day: Date) -> bool {
        let units = self.said.get(role).map_or(&[][..], Said::units);
        let unit_at = |place: &LocalityId| {
            let register = &self.rulebook.register;
            register.ancestor(*place, level, day).map(|row| register.row(row).unit)
        };
        let lie_in: Vec<BTreeSet<UnitId>> =
            units.iter().map(|localities| localities.iter().filter_map(unit_at).collect()).collect();
        lie_in.iter().enumerate().any(|(at, one)| {
            let apart = |other: &BTreeSet<UnitId>| !one.is_empty() && !other.is_empty() && one.is_disjoint(other);
            lie_in.iter().skip(at + 1).any(apart)
        })
    }

    /// The tree over facts at a place in each role.
    fn tree(&self, places: &[LocalityId], day: Date) -> Result<Option<Tree>, BadQuestion> {
        let spots = Spots(vec![self.spot(places, day)]);
        if let Some(tree) = self.grown.borrow().get(&spots) {
            return Ok(tree.clone());
        }
        let tree = self.grower(day).grow(&spots)?;
        self.grown.borrow_mut().insert(spots, tree.clone());
        Ok(tree)
    }

    fn unit_of(&self, places: &[LocalityId], day: Date, seat: Seat) -> Option<RowId> {
        self.partition.frame.unit_of(self.rulebook, places, day, seat)
    }

    /// The places of the next role that have to be looked at: of one that does not matter one is as good as all.
    fn telling<'l>(&self, chosen: &[LocalityId], localities: &'l [LocalityId], day: Date) -> &'l [LocalityId] {
        if localities.len() < 2 {
            return localities;
        }
        let mut here = self.relevance.roots();
        for (role, place) in chosen.iter().enumerate() {
            here = self.relevance.follow(&here, role, &[*place]);
        }
        if self.relevance.matters(&here, chosen.len(), localities, day) {
            return localities;
        }
        localities.get(..1).unwrap_or(localities)
    }

    /// The tree over the roles' places from the next role on, its equal branches joined.
    fn places(
        &self,
        case: &[Vec<LocalityId>],
        chosen: &mut Vec<LocalityId>,
        day: Date,
    ) -> Result<Option<Place>, BadQuestion> {
        let Some(localities) = case.get(chosen.len()) else {
            let tree = self.tree(chosen, day)?;
            return Ok(tree.map(|tree| Place::Facts(tree, vec![chosen.clone()])));
        };
        let localities = self.telling(chosen, localities, day);
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
        let localities: BTreeSet<LocalityId> =
            self.said.iter().flat_map(|said| said.ever(&self.rulebook.register)).collect();
        let days = self.change_days(&localities);
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

    /// Every day on which a ruling or a unit can change at these localities. Sorted.
    fn change_days(&self, localities: &BTreeSet<LocalityId>) -> Vec<Date> {
        let classes: BTreeSet<usize> =
            localities.iter().map(|locality| self.partition.frame.class_of(*locality)).collect();
        let classes: Vec<usize> = classes.into_iter().collect();
        let rules = self.partition.frame.local(self.rulebook, &classes).days;
        let units = localities.iter().flat_map(|locality| self.rulebook.register.change_days_of(*locality));
        rules.into_iter().chain(units).collect::<BTreeSet<_>>().into_iter().collect()
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
            && self.handling(&a.handling) == self.handling(&b.handling)
            && a.next.as_ref().map(|next| self.next(next)) == b.next.as_ref().map(|next| self.next(next))
    }

    fn unit(&self, named: Named) -> Occupied {
        (named.seat, named.unit.map(|row| self.rulebook.register.row(row).unit))
    }

    fn named(&self, all: &[Named]) -> Vec<Occupied> {
        all.iter().map(|named| self.unit(*named)).collect()
    }

    fn deciders(&self, all: &[Decider]) -> Vec<(Occupied, Held, Occupied, Option<SealOf>)> {
        all.iter().map(|one| (self.unit(one.who), one.held, self.unit(one.answerable), one.seal)).collect()
    }

    fn handling(&self, all: &[Handling<Named>]) -> Vec<Handling<Occupied>> {
        all.iter().map(|one| one.map(|named| self.unit(*named))).collect()
    }

    fn requirements(&self, all: &[(RequirementKind, Named)]) -> Vec<(RequirementKind, Occupied)> {
        all.iter().map(|(kind, named)| (*kind, self.unit(*named))).collect()
    }

    /// A next question with rows replaced by units, so that a row that only changed its parent is the same place.
    fn next(&self, question: &NextQuestion) -> NextQuestion {
        let mut question = question.clone();
        let newest = |row: &mut RowId| {
            let register = &self.rulebook.register;
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
                LeadsTo::Ruling { deciders, requirements, may_step_in, handling, .. } => {
                    deciders.iter_mut().for_each(|decider| {
                        named(&mut decider.who);
                        named(&mut decider.answerable);
                    });
                    requirements.iter_mut().for_each(|(_, of)| named(of));
                    may_step_in.iter_mut().for_each(named);
                    handling.iter_mut().for_each(|one| {
                        *one = one.map(|own| {
                            let mut own = *own;
                            named(&mut own);
                            own
                        });
                    });
                }
                LeadsTo::Further(further) => **further = self.next(further),
            }
        }
        question
    }
}

/// The place that has to be said first, or more finely, where what a question leaves open is too much to look at: the first role
/// that matters, one that was not said at all before others.
fn first_to_say(
    relevance: &Relevance<'_>,
    question: &Question,
    cases: &Cases,
    day: Date,
) -> Result<Option<usize>, BadQuestion> {
    // Nearly always: too few for the limits, whatever matters of them.
    let product = |case: &Vec<Vec<LocalityId>>| case.iter().fold(1_usize, |many, of| many.saturating_mul(of.len()));
    if let [case] = cases.as_slice()
        && product(case) <= TOGETHER_LIMIT
    {
        return Ok(None);
    }
    let said = |role: usize| question.places.get(role).is_some_and(|units| !units.is_empty());
    let (mut unsaid, mut coarse): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    let mut places = 0_usize;
    for case in cases {
        let (mut edges, mut here) = (relevance.roots(), 1_usize);
        for (role, localities) in case.iter().enumerate() {
            let mut telling = localities.get(..1).unwrap_or(localities);
            if relevance.matters(&edges, role, localities, day) {
                here = here.saturating_mul(localities.len());
                telling = localities;
                if localities.len() > 1 {
                    if said(role) { &mut coarse } else { &mut unsaid }.insert(role);
                }
            }
            edges = relevance.follow(&edges, role, telling);
        }
        places = places.saturating_add(here);
    }
    let limit = if unsaid.len() > 1 { TOGETHER_LIMIT } else { PLACE_LIMIT };
    let (unsaid, coarse) = (unsaid.first().copied(), coarse.first().copied());
    if places > limit {
        return unsaid.or(coarse).map(Some).ok_or(BadQuestion::TooWide);
    }
    // In a case that spans several units the others' places are compared by their units.
    Ok(unsaid.filter(|_| cases.len() > 1))
}

fn facts(partition: &Partition, question: &Question) -> Result<Vec<Vec<u16>>, BadQuestion> {
    let given: BTreeMap<_, _> = question.facts.iter().map(|(fact, value)| (*fact, value)).collect();
    let axes = &partition.frame.facts;
    if let Some(fact) = given.keys().find(|fact| !axes.iter().any(|axis| axis.fact == **fact)) {
        return Err(BadQuestion::FactNotOfTask(*fact));
    }
    let mut all = Vec::new();
    for axis in axes {
        let cells = match given.get(&axis.fact) {
            Some(value) => {
                let cell = axis.cell_of(value).ok_or(BadQuestion::NotAValue(axis.fact))?;
                vec![u16::try_from(cell).map_err(|_| BadQuestion::NotAValue(axis.fact))?]
            }
            None => (0..axis.len()).filter_map(|cell| u16::try_from(cell).ok()).collect(),
        };
        all.push(cells);
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
