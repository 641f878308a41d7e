//! Delegations that end with nobody who goes on: from the day after their last the task is the giver's again, or whoever's the
//! law then says. Knows the terms as written, and the partition on the two days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::point::{Points, Sought};
use super::{Finding, Matter, distinct};
use crate::partition::{Partition, Transition};
use crate::reading::table::Atlas;
use crate::resolution::Holding;
use crate::rulebook::{Days, ProvisionId, Rulebook, Seat, Statement, TransferForm};
use crate::ruling::{Held, Outcome};

/// One finding for each delegation, last day, and what the task falls back to.
pub(super) fn ends(rulebook: &Rulebook, partition: &mut Partition) -> Vec<Finding> {
    let task = partition.frame.task;
    let mut met = Vec::new();
    for transfer in rulebook[task].provisions.iter().copied().filter(|id| delegates(rulebook, *id)) {
        for day in last_days(rulebook, transfer) {
            let stays = |partition: &Partition, transition: Transition| !lapses(partition, transition, transfer);
            let (edge, transitions) = partition.transitions(rulebook, day, &stays);
            met.push((transfer, day, edge, transitions));
        }
    }
    if met.iter().all(|(.., transitions)| transitions.is_empty()) {
        return Vec::new();
    }
    let (atlas, points) = (Atlas::new(rulebook, partition), Points::new(rulebook, partition));
    let mut findings = Vec::new();
    for (transfer, on, edge, transitions) in met {
        let mut groups: BTreeMap<Matter, (BTreeSet<u32>, Vec<ProvisionId>)> = BTreeMap::new();
        for ((_, after), value) in transitions.iter().zip(1..) {
            let Some(after) = holding(partition, *after) else { continue };
            let to = match after.holders.as_slice() {
                [holder] if after.outcome == Outcome::Decided => Some(holder.seat),
                _ => None,
            };
            let group = groups.entry(Matter::DelegationEnds { on, to, outcome: after.outcome }).or_default();
            group.0.insert(value);
            group.1.extend(after.grounds.iter().map(|ground| ground.provision));
        }
        for (matter, (values, grounds)) in groups {
            let Some(witness) = points.first(edge, &values, Sought::Turning(on)) else { continue };
            findings.push(Finding {
                matter,
                task: Some(task),
                at_fault: vec![transfer],
                because: distinct(grounds),
                witness: Some(witness),
                region: atlas.region_on(edge, values, Some(on)),
                days: vec![Days { from: Some(on), before: None }],
                span: rulebook[transfer].span,
            });
        }
    }
    findings
}

fn delegates(rulebook: &Rulebook, id: ProvisionId) -> bool {
    matches!(rulebook[id].statement, Statement::Transfer { form: TransferForm::Delegate, .. })
}

/// The days after the last ones on which the sentence stands as written.
fn last_days(rulebook: &Rulebook, id: ProvisionId) -> BTreeSet<Date> {
    let text = &rulebook[rulebook[id].text];
    let terms = [text.document, text.enacted_by].into_iter().flat_map(|document| &rulebook[document].in_force);
    terms.filter_map(|days| days.before).chain(rulebook[id].days.before).collect()
}

/// The delegation decided on the day before, and on the day nobody holds by delegation, nor do they who held decide by another
/// text.
fn lapses(partition: &Partition, (before, after): Transition, transfer: ProvisionId) -> bool {
    let by = |holding: &Holding| holding.grounds.iter().any(|ground| ground.provision == transfer);
    let delegated = |holding: &Holding| holding.holders.iter().any(|holder| holder.held == Held::Delegated);
    let seats = |holding: &Holding| holding.holders.iter().map(|holder| holder.seat).collect::<BTreeSet<Seat>>();
    match (holding(partition, before), holding(partition, after)) {
        (Some(before), Some(after)) => {
            let goes_on = delegated(after) || seats(before) == seats(after);
            by(before) && !goes_on && after.outcome != Outcome::NotCovered
        }
        (None, _) | (_, None) => false,
    }
}

fn holding(partition: &Partition, value: u32) -> Option<&Holding> {
    partition.holdings.get(usize::try_from(value).ok()?)?.as_ref()
}
