//! What is said twice: a sentence whose every seat, wherever it decides, another sentence gives there too.

use std::collections::{BTreeMap, BTreeSet};

use super::Matter;
use crate::partition::Partition;
use crate::rulebook::{Deciders, ProvisionId, Rulebook, Seat, Statement};
use crate::ruling::Step;

/// For each such pair, the leaves of the holder's diagram on which both stand. Of two that say the same everywhere the later
/// one is at fault.
pub(super) fn duplicates(
    rulebook: &Rulebook,
    partition: &Partition,
) -> BTreeMap<(Matter, Vec<ProvisionId>, Vec<ProvisionId>), BTreeSet<u32>> {
    let reached = partition.diagrams.values(partition.holding);
    let mut leaves: BTreeMap<ProvisionId, BTreeSet<u32>> = BTreeMap::new();
    for (holding, value) in partition.holdings.iter().zip(0_u32..) {
        let grounds = holding.iter().flat_map(|holding| &holding.grounds).filter(|_| reached.contains(&value));
        // What a followed task's sentences repeat is told there.
        let own = |id: ProvisionId| rulebook[id].statement.task() == Some(partition.frame.task);
        for ground in grounds.filter(|ground| ground.step == Step::Assigns && own(ground.provision)) {
            leaves.entry(ground.provision).or_default().insert(value);
        }
    }
    let mut found = BTreeMap::new();
    for (one, own) in &leaves {
        for (other, its) in &leaves {
            let later = |id: ProvisionId| (rulebook.issued(id), id);
            let twice = own.is_subset(its) && (own != its || later(*one) > later(*other));
            if one != other && twice && same_seats(rulebook, *one, *other) {
                found.insert((Matter::Duplicate, vec![*one, *other], Vec::new()), own.clone());
            }
        }
    }
    found
}

/// Every seat that the one names the other names too.
fn same_seats(rulebook: &Rulebook, one: ProvisionId, other: ProvisionId) -> bool {
    let (Some(one), Some(other)) = (seats(rulebook, one), seats(rulebook, other)) else { return false };
    one.is_subset(&other)
}

fn seats(rulebook: &Rulebook, id: ProvisionId) -> Option<BTreeSet<Seat>> {
    match &rulebook[id].statement {
        Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } => {
            Some(seats.iter().map(|candidate| candidate.seat).collect())
        }
        Statement::DecidedBy { by: Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Transfer { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. } => None,
    }
}
