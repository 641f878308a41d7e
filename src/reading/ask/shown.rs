//! Trees of rulings as answers and questions: seats become units, sets of places and values are said in few words.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::tree::{self, Leaf, Tree};
use super::{Asked, Place, choices};
use crate::register::{LocalityId, RowId};
use crate::rulebook::{Handling, RequirementKind, Seat, SeatAt};
use crate::ruling::{About, Answer, Branch, Choice, Decider, LeadsTo, Named, NextQuestion, Verdict};

/// How trees are shown: seats become units.
pub(super) struct Shown<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) day: Date,
    pub(super) case: &'a [Vec<LocalityId>],
}

impl Shown<'_> {
    /// The unit of a seat when it is the same for all places.
    fn name(&self, seat: Seat, tuples: &[Vec<LocalityId>]) -> Named {
        let mut units = tuples.iter().map(|places| self.asked.unit_of(places, self.day, seat));
        let first = units.next().flatten();
        Named { seat, unit: first.filter(|_| units.all(|unit| unit == first)) }
    }

    fn deciders(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<Decider> {
        let decider = |holder: &crate::ruling::Holder| Decider {
            who: self.name(holder.seat, tuples),
            held: holder.held,
            answerable: self.name(holder.answerable, tuples),
            seal: holder.seal,
        };
        verdict.holders.iter().map(decider).collect()
    }

    fn requirements(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<(RequirementKind, Named)> {
        verdict.requirements.iter().map(|one| (one.kind, self.name(one.of, tuples))).collect()
    }

    fn may_step_in(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<Named> {
        verdict.may_step_in.iter().map(|seat| self.name(*seat, tuples)).collect()
    }

    fn handling(&self, verdict: &Verdict, tuples: &[Vec<LocalityId>]) -> Vec<Handling<Named>> {
        verdict.handling.iter().map(|one| one.map(|seat| self.name(*seat, tuples))).collect()
    }

    pub(super) fn fill(&self, answer: &mut Answer, tree: &Tree, tuples: &[Vec<LocalityId>]) {
        match tree {
            Tree::Node(node) => {
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
                answer.handling = self.handling(verdict, tuples);
                answer.grounds.clone_from(&leaf.grounds);
                answer.grounds_vary = leaf.grounds_vary;
                answer.framework_unread = leaf.framework_unread;
                answer.next = self.which_unit(leaf, tuples);
            }
        }
    }

    /// One decider in symbols, but several units: which place is it, of the role on which the unit depends?
    fn which_unit(&self, leaf: &Leaf, tuples: &[Vec<LocalityId>]) -> Option<NextQuestion> {
        let unit = |places: &[LocalityId], seat| self.asked.unit_of(places, self.day, seat);
        let unclear = leaf.verdict.holders.iter().map(|holder| holder.seat).find(|seat| {
            self.name(*seat, tuples).unit.is_none() && tuples.iter().any(|places| unit(places, *seat).is_some())
        })?;
        let SeatAt::Level { role, .. } = unclear.at else { return None };
        let index = self.asked.partition.frame.roles.iter().position(|own| *own == role)?;
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

    /// Which place it is, where places with one tree have different units.
    pub(super) fn which_of(&self, tree: &Tree, tuples: &[Vec<LocalityId>]) -> Option<NextQuestion> {
        match tree {
            Tree::Leaf(leaf) => self.which_unit(leaf, tuples),
            Tree::Node(node) => node.branches.iter().find_map(|(_, below)| self.which_of(below, tuples)),
        }
    }

    fn leads(&self, leaf: &Leaf, tuples: &[Vec<LocalityId>]) -> LeadsTo {
        LeadsTo::Ruling {
            outcome: leaf.verdict.outcome,
            deciders: self.deciders(&leaf.verdict, tuples),
            sharing: leaf.verdict.sharing,
            conflict: leaf.verdict.conflict,
            requirements: self.requirements(&leaf.verdict, tuples),
            may_step_in: self.may_step_in(&leaf.verdict, tuples),
            handling: self.handling(&leaf.verdict, tuples),
            grounds: leaf.grounds.clone(),
        }
    }

    pub(super) fn ask_place(&self, index: usize, branches: &[(Vec<LocalityId>, Place)]) -> Option<NextQuestion> {
        let about = About::Place(*self.asked.partition.frame.roles.get(index)?);
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
        let frame = &self.asked.partition.frame;
        let branch = |(cells, below): &(Vec<u16>, Tree)| {
            let choices = match node.about {
                tree::Variable::Fact(index) => {
                    let possible = self.asked.facts.get(index).map_or(&[][..], Vec::as_slice);
                    let axis = frame.facts.get(index);
                    axis.map_or_else(Vec::new, |axis| choices::said(self.asked.rulebook, axis, cells, possible))
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
            tree::Variable::Fact(index) => frame.facts.get(index).map(|axis| About::Fact(axis.fact)),
            tree::Variable::Reading(index) => frame.readings.get(index).map(|(reading, _)| About::Reading(*reading)),
        };
        let about = about.unwrap_or(About::Reading(crate::rulebook::ReadingId(u32::MAX)));
        NextQuestion { about, branches: node.branches.iter().map(branch).collect() }
    }

    /// Names the parts of a role's asked place that hold these localities: by the unit of the day where all of it is
    /// meant, else by the unit that they came from.
    fn parts(&self, role: usize, localities: &[LocalityId]) -> Vec<Choice> {
        let register = &self.asked.rulebook.register;
        let asked = self.case.get(role).map_or(&[][..], Vec::as_slice);
        let mut parts: BTreeMap<RowId, Vec<LocalityId>> = BTreeMap::new();
        let nowhere = localities.contains(&LocalityId::NOWHERE).then_some(Choice::NoPlace);
        for locality in localities {
            let Some(row) = register.lowest(*locality, self.day) else { continue };
            let mut alike = asked.iter().filter(|other| register.lowest(**other, self.day) == Some(row));
            let whole = alike.all(|other| localities.contains(other));
            let name = if whole { row } else { self.former(*locality, row) };
            parts.entry(name).or_default().push(*locality);
        }
        let parts = parts.into_iter().map(|(unit, localities)| Choice::Place { unit, localities });
        parts.chain(nowhere).collect()
    }

    /// The unit in which a locality lay before it came to the unit of the day.
    fn former(&self, locality: LocalityId, row: RowId) -> RowId {
        let register = &self.asked.rulebook.register;
        let days = register.change_days_of(locality);
        let mut earlier =
            days.iter().rev().filter(|change| **change <= self.day).filter_map(|change| change.yesterday().ok());
        earlier.find_map(|day| register.lowest(locality, day).filter(|other| *other != row)).unwrap_or(row)
    }
}
