//! What is wrong with how a task is handled: texts that are unlike, steps that take longer than the task may, and what no text
//! says where somebody decides. Read off the diagrams of the slots.

use std::collections::{BTreeMap, BTreeSet};

use super::point::{Points, Sought};
use super::{Clear, Finding, Matter, distinct};
use crate::diagram::Edge;
use crate::partition::{Partition, Transition};
use crate::reading::table::Atlas;
use crate::resolution::Beside;
use crate::rulebook::{Handling, ProvisionId, Rulebook, Slot, Within};
use crate::ruling::{Aside, Outcome, Step};

/// A defect without its region.
type Key = (Matter, Vec<ProvisionId>, Vec<ProvisionId>);

/// The findings of a task's slots.
pub(super) fn handled(rulebook: &Rulebook, partition: &mut Partition) -> Vec<Finding> {
    let mut found: Vec<(Key, Edge, BTreeSet<u32>)> = Vec::new();
    for slot in Slot::ALL {
        let edge = slot_edge(partition, slot);
        let mut groups: BTreeMap<Key, BTreeSet<u32>> = BTreeMap::new();
        for value in partition.diagrams.values(edge) {
            if let Some(beside) = beside(partition, value).filter(|beside| beside.handling.len() > 1) {
                let key = (Matter::Unlike(slot), by(beside, slot), Vec::new());
                groups.entry(key).or_default().insert(value);
            }
        }
        found.extend(groups.into_iter().map(|(key, values)| (key, edge, values)));
    }
    let (procedure, limit) = (slot_edge(partition, Slot::Procedure), slot_edge(partition, Slot::Limit));
    let fits = |partition: &Partition, pair: Transition| too_long(partition, pair).is_none();
    found.extend(of_pairs(partition, (procedure, limit), &fits, &too_long));
    let said = |partition: &Partition, pair: Transition| unsaid(partition, pair).is_none();
    found.extend(of_pairs(partition, (partition.holding, procedure), &said, &unsaid));
    if found.is_empty() {
        return Vec::new();
    }
    let (atlas, points) = (Atlas::new(rulebook, partition), Points::new(rulebook, partition));
    let task = partition.frame.task;
    let finding = |((matter, at_fault, because), edge, values): (Key, Edge, BTreeSet<u32>)| Finding {
        matter,
        task: Some(task),
        witness: points.first(edge, &values, Sought::AnyDay),
        region: atlas.region(edge, values),
        days: Vec::new(),
        span: at_fault.first().map_or(rulebook[task].span, |id| rulebook[*id].span),
        at_fault,
        because,
    };
    found.into_iter().map(finding).collect()
}

type Judge<'j> = &'j dyn Fn(&Partition, Transition) -> Option<Key>;

fn of_pairs(
    partition: &mut Partition,
    edges: (Edge, Edge),
    same: &dyn Fn(&Partition, Transition) -> bool,
    judge: Judge<'_>,
) -> Vec<(Key, Edge, BTreeSet<u32>)> {
    let (edge, pairs) = partition.pairs(edges, same);
    let mut groups: BTreeMap<Key, BTreeSet<u32>> = BTreeMap::new();
    for (pair, value) in pairs.iter().zip(1..) {
        if let Some(key) = judge(partition, *pair) {
            groups.entry(key).or_default().insert(value);
        }
    }
    groups.into_iter().map(|(key, values)| (key, edge, values)).collect()
}

/// The diagram of a slot; that which leads to nothing where no sentence of the task speaks of it.
pub(in crate::reading) fn slot_edge(partition: &Partition, slot: Slot) -> Edge {
    let own = partition.beside.iter().find(|(aside, _)| *aside == Aside::Slot(slot));
    own.map_or(Edge::leaf(0), |(_, edge)| *edge)
}

fn beside(partition: &Partition, value: u32) -> Option<&Beside> {
    partition.besides.get(usize::try_from(value).ok()?)
}

fn by(beside: &Beside, slot: Slot) -> Vec<ProvisionId> {
    let own = beside.grounds.iter().filter(|ground| ground.step == Step::Handles(slot));
    distinct(own.map(|ground| ground.provision))
}

/// The steps that the one leaf says, and the limit that the other does.
fn too_long(partition: &Partition, (procedure, limit): Transition) -> Option<Key> {
    let (procedure, limit) = (beside(partition, procedure)?, beside(partition, limit)?);
    let (takes, within) = longer(&procedure.handling, &limit.handling)?;
    let matter = Matter::OverLimit { takes, limit: within };
    Some((matter, by(procedure, Slot::Procedure), by(limit, Slot::Limit)))
}

/// What the steps take and the limit, where they surely take longer.
pub(in crate::reading) fn longer<S>(procedure: &[Handling<S>], limit: &[Handling<S>]) -> Option<(Within, Within)> {
    match (procedure, limit) {
        ([Handling::Procedure(procedure)], [Handling::Limit(limit)]) => {
            let takes = procedure.takes()?;
            exceeds(takes, *limit).then_some((takes, *limit))
        }
        _ => None,
    }
}

/// Working days are days too, but days may be fewer working days: what is not sure is no fault.
const fn exceeds(takes: Within, limit: Within) -> bool {
    match (takes, limit) {
        (Within::WorkingDays(takes), Within::WorkingDays(limit) | Within::Days(limit))
        | (Within::Days(takes), Within::Days(limit)) => takes > limit,
        (Within::WorkingDays(takes) | Within::Days(takes), Within::SameDay) => takes > 1,
        (Within::Days(_), Within::WorkingDays(_)) | (Within::SameDay, _) => false,
    }
}

/// Somebody decides, and no procedure is said, or none with a result.
fn unsaid(partition: &Partition, (holding, procedure): Transition) -> Option<Key> {
    let holding = partition.holdings.get(usize::try_from(holding).ok()?)?.as_ref()?;
    let handling = beside(partition, procedure).map_or(&[][..], |beside| beside.handling.as_slice());
    let clear = lacking(holding.outcome, handling)?;
    Some((Matter::Unclear(clear), Vec::new(), Vec::new()))
}

/// What is not said of a task of which somebody decides, or nobody has to.
pub(in crate::reading) fn lacking<S>(outcome: Outcome, procedures: &[Handling<S>]) -> Option<Clear> {
    let decides = match outcome {
        Outcome::Decided | Outcome::Concurrent => true,
        Outcome::Gap
        | Outcome::Conflict
        | Outcome::Orphaned
        | Outcome::NotRequired
        | Outcome::Open
        | Outcome::NotCovered
        | Outcome::Undetermined => false,
    };
    let result = |one: &Handling<S>| match one {
        Handling::Procedure(procedure) => procedure.result.is_some(),
        Handling::Limit(_) | Handling::Signers(_) | Handling::NoDeputy | Handling::Seal(_) => true,
    };
    match (decides, procedures) {
        (false, _) => None,
        (true, []) => Some(Clear::Procedure),
        (true, all) => (!all.iter().all(result)).then_some(Clear::Result),
    }
}
