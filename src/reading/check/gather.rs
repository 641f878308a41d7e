//! From the leaves of a task's diagrams to findings: what is the same defect is one finding, with all of its region.

use std::collections::{BTreeMap, BTreeSet};

use super::point::{Points, Sought};
use super::{Finding, Matter, distinct, said};
use crate::diagram::Edge;
use crate::partition::Partition;
use crate::reading::table::Atlas;
use crate::resolution::Holding;
use crate::rulebook::{ProvisionId, Rulebook};
use crate::ruling::{Fault, Outcome, Step, Subject};

/// A defect without its region: what, which sentences, and why.
type Key = (Matter, Vec<ProvisionId>, Vec<ProvisionId>);

/// With the diagram and those of its leaves that show it, where it is of points.
type Defect = (Key, Option<(Edge, BTreeSet<u32>)>);

/// The findings of a partition that was surveyed.
pub(super) fn findings(rulebook: &Rulebook, partition: &Partition) -> Vec<Finding> {
    let gathering = Gathering { rulebook, partition, atlas: Atlas::new(rulebook, partition) };
    let mut found: Vec<Defect> = Vec::new();
    for (key, values) in gathering.of_rulings() {
        found.push((key, Some((partition.holding, values))));
    }
    for (key, values) in said::duplicates(rulebook, partition) {
        found.push((key, Some((partition.holding, values))));
    }
    for (subject, edge) in &partition.faults {
        found.extend(gathering.of_subject(*subject, *edge));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let points = Points::new(rulebook, partition);
    found.into_iter().map(|(key, place)| gathering.finding(key, place, &points)).collect()
}

struct Gathering<'a> {
    rulebook: &'a Rulebook,
    partition: &'a Partition,
    atlas: Atlas<'a>,
}

impl Gathering<'_> {
    fn finding(&self, key: Key, place: Option<(Edge, BTreeSet<u32>)>, points: &Points<'_>) -> Finding {
        let (matter, at_fault, because) = key;
        let task = self.partition.frame.task;
        let witness = place.as_ref().and_then(|(edge, values)| points.first(*edge, values, Sought::AnyDay));
        let region = place.and_then(|(edge, values)| self.atlas.region(edge, values));
        let span = at_fault.first().map_or(self.rulebook[task].span, |id| self.rulebook[*id].span);
        Finding { matter, task: Some(task), at_fault, because, region, days: Vec::new(), witness, span }
    }

    /// What the rulings themselves say to be wrong, with the leaves that say so.
    fn of_rulings(&self) -> BTreeMap<Key, BTreeSet<u32>> {
        let mut found: BTreeMap<Key, BTreeSet<u32>> = BTreeMap::new();
        let reached = self.partition.diagrams.values(self.partition.holding);
        for (holding, value) in self.partition.holdings.iter().zip(0..) {
            let defect = holding.as_ref().and_then(of_holding).filter(|_| reached.contains(&value));
            if let Some(key) = defect {
                found.entry(key).or_default().insert(value);
            }
        }
        found
    }

    fn of_subject(&self, subject: Subject, edge: Edge) -> Vec<Defect> {
        let fault = |value: &u32| {
            let index = usize::try_from(*value).unwrap_or(usize::MAX);
            Some((self.partition.found.get(index).copied().flatten()?, *value))
        };
        let found: Vec<(Fault, u32)> = self.partition.diagrams.values(edge).iter().filter_map(fault).collect();
        if let Subject::Idle(sentence) = subject {
            return self.idle(sentence, edge, &found).into_iter().collect();
        }
        let finding = |(fault, value): (Fault, u32)| {
            let key = (Matter::Fault(fault), subject.provisions().collect(), fault.by().into_iter().collect());
            (key, Some((edge, BTreeSet::from([value]))))
        };
        found.into_iter().map(finding).collect()
    }

    /// A sentence on which no ruling rests: dead where it applies all the same, unreachable where it applies nowhere. What
    /// applies outside the cover only is not known, and of what is void or could not be said that is told.
    fn idle(&self, sentence: ProvisionId, edge: Edge, found: &[(Fault, u32)]) -> Option<Defect> {
        if found.is_empty() {
            return Some(((Matter::Unreachable, vec![sentence], Vec::new()), None))
                .filter(|_| !self.told_otherwise(sentence));
        }
        let mut values = BTreeSet::new();
        let mut because = Vec::new();
        for (fault, value) in found {
            match fault {
                Fault::Speaks => {
                    values.insert(*value);
                    because.extend(self.deciding_where(edge, *value));
                }
                Fault::Ended { by } => {
                    values.insert(*value);
                    because.push(*by);
                }
                Fault::WrongSubject
                | Fault::OutlivesBasis { .. }
                | Fault::NotHeld
                | Fault::Forbidden { .. }
                | Fault::WrongPair { .. }
                | Fault::Upward { .. }
                | Fault::NoTerm { .. }
                | Fault::PassedOn
                | Fault::ReceiverAbsent
                | Fault::Undecided
                | Fault::ByClaim
                | Fault::UnfoundedClaim
                | Fault::Incompetent
                | Fault::IssuerAbsent
                | Fault::OutsideCover => {}
            }
        }
        let dead = !values.is_empty() && !self.told_otherwise(sentence);
        dead.then(|| ((Matter::Dead, vec![sentence], distinct(because)), Some((edge, values))))
    }

    /// Another finding says why the sentence does nothing.
    fn told_otherwise(&self, sentence: ProvisionId) -> bool {
        let is_wrong = |edge: Edge| self.partition.diagrams.values(edge).iter().any(|value| *value != 0);
        self.partition.faults.iter().any(|(subject, edge)| match subject {
            Subject::Transfer(own) | Subject::Competence(own) => *own == sentence && is_wrong(*edge),
            Subject::Claim(_) | Subject::Canons { .. } | Subject::Idle(_) => false,
        })
    }

    /// On what rulings rest where a diagram leads to a value.
    fn deciding_where(&self, edge: Edge, value: u32) -> Vec<ProvisionId> {
        let diagrams = &self.partition.diagrams;
        let (mut open, mut seen) = (vec![(edge, self.partition.holding)], BTreeSet::new());
        let mut found = Vec::new();
        while let Some(pair) = open.pop() {
            if !seen.insert(pair) {
                continue;
            }
            let nodes = [pair.0, pair.1].map(|edge| diagrams.node(edge));
            let Some(variable) = nodes.iter().flatten().map(|node| node.variable).min() else {
                let index = pair.1.value().and_then(|index| usize::try_from(index).ok()).unwrap_or(usize::MAX);
                let holding = self.partition.holdings.get(index).and_then(Option::as_ref);
                if pair.0.value() == Some(value) {
                    found.extend(holding.into_iter().flat_map(|holding| &holding.grounds).map(|one| one.provision));
                }
                continue;
            };
            let tests = nodes.map(|node| node.filter(|node| node.variable == variable));
            let firsts: BTreeSet<u32> =
                tests.iter().flatten().flat_map(|node| node.runs).map(|(first, _)| *first).collect();
            let follow = |test: Option<crate::diagram::Node<'_>>, own: Edge, cell: u32| {
                test.map_or(own, |node| node.follow(cell))
            };
            let [one, other] = tests;
            open.extend(firsts.into_iter().map(|cell| (follow(one, pair.0, cell), follow(other, pair.1, cell))));
        }
        found
    }
}

/// What a ruling itself says to be wrong.
fn of_holding(holding: &Holding) -> Option<Key> {
    let by = |wanted: fn(Step) -> bool| {
        distinct(holding.grounds.iter().filter(|ground| wanted(ground.step)).map(|ground| ground.provision))
    };
    let moving = |step| !matches!(step, Step::Abolishes | Step::Requires | Step::StepsIn);
    match holding.outcome {
        Outcome::Gap => Some((Matter::Gap, Vec::new(), Vec::new())),
        Outcome::Conflict => Some((Matter::Conflict(holding.conflict?), by(moving), Vec::new())),
        Outcome::Orphaned => Some((Matter::Orphaned, by(moving), by(|step| step == Step::Abolishes))),
        Outcome::Decided
        | Outcome::Concurrent
        | Outcome::NotRequired
        | Outcome::Open
        | Outcome::NotCovered
        | Outcome::Undetermined => None,
    }
}
