//! How a task is handled: of each slot what the sentences that prevail say, their seats passed on as law passes tasks on.
//! Knows the holding as found; what makes a signature of it is left to those who read rulings.

use crate::rulebook::{Handling, Procedure, ProvisionId, Seat, SeatAt, Slot, Stage, Statement};
use crate::ruling::{Ground, Step};

use super::case::{Case, Found, Vantage};
use super::passing::Passed;
use super::{Beside, Clock, Dossier, Holding};

/// Where one who is named has come, and by what.
struct Come {
    seats: Vec<Seat>,
    way: Vec<ProvisionId>,
}

impl<D: Dossier> Case<'_, '_, D> {
    /// What prevails in a slot: one value, or several that are unlike.
    pub(super) fn handled(&self, holding: &Holding, slot: Slot) -> Found<Beside, D> {
        let at = Vantage { site: self.sources.site(self.sources.task), clock: Clock::Now };
        let mut added = Beside::default();
        for winner in self.prevailing(self.sources.handling(slot), at)? {
            let Statement::Handling { says, .. } = &self.rules[winner].statement else { continue };
            let mut come = Vec::new();
            for named in says.named() {
                come.push(self.come(*named, winner, holding)?);
            }
            for value in placed(says, &come) {
                let mut known = false;
                for other in &added.handling {
                    known = known || self.alike(&value, other, at.clock)?;
                }
                if !known {
                    added.handling.push(value);
                }
            }
            let own = Ground { step: Step::Handles(slot), provision: winner };
            let ways = come.iter().flat_map(|come| &come.way);
            let passes = ways.map(|by| Ground { step: Step::Passes, provision: *by });
            for ground in std::iter::once(own).chain(passes) {
                if !added.grounds.contains(&ground) {
                    added.grounds.push(ground);
                }
            }
        }
        added.handling.sort();
        Ok(added)
    }

    /// Who carries on for one who is named, where passings by law have brought that. One who is named without a place sits
    /// where the holders sit; one at a place that is not there is left as said.
    fn come(&self, named: Seat, by: ProvisionId, holding: &Holding) -> Found<Come, D> {
        let task = self.sources.task;
        let mut meant: Vec<Seat> = Vec::new();
        if matches!(named.at, SeatAt::Here { .. }) {
            meant.extend(holding.holders.iter().map(|own| Self::meant(named, own.seat, self.sources.site(task))));
        } else {
            meant.push(named);
        }
        let mut come = Come { seats: Vec::new(), way: Vec::new() };
        for seat in meant {
            let at = Vantage { site: self.sources.site_of(task, seat), clock: Clock::Now };
            if !self.seat_placed(seat)? {
                come.seats.push(seat);
                continue;
            }
            match self.pass(task, self.seated(seat, at)?, self.rules.issued(by), at)? {
                Passed::To((seat, _), way) => {
                    come.seats.push(seat);
                    come.way.extend(way);
                }
                Passed::Contended(receivers) => {
                    for ((seat, _), way) in receivers {
                        come.seats.push(seat);
                        come.way.extend(way);
                    }
                }
            }
        }
        let mut seen: Vec<Seat> = Vec::new();
        come.seats.retain(|seat| {
            let new = !seen.contains(seat);
            seen.push(*seat);
            new
        });
        Ok(come)
    }

    /// Two values say the same: alike in all else, they name the same seats.
    fn alike(&self, a: &Handling, b: &Handling, clock: Clock) -> Found<bool, D> {
        let bodies = |value: &Handling| value.map(|seat| seat.body);
        if bodies(a) != bodies(b) {
            return Ok(false);
        }
        for (one, other) in a.named().into_iter().zip(b.named()) {
            if !self.same(*one, *other, clock)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The sentence with those in it who are there now, in the order in which it names them: a value for each seal.
fn placed(says: &Handling, come: &[Come]) -> Vec<Handling> {
    let mut next = come.iter().map(|come| come.seats.clone());
    let mut all = |many: usize| -> Vec<Seat> { next.by_ref().take(many).flatten().collect() };
    match says {
        Handling::Procedure(said) => {
            let received_by = all(said.received_by.len());
            let mut stage = |stage: &Stage| Stage { by: all(stage.by.len()), deed: stage.deed, within: stage.within };
            let stages = said.stages.iter().map(&mut stage).collect();
            vec![Handling::Procedure(Procedure { received_by, stages, result: said.result.clone() })]
        }
        Handling::Signers(said) => {
            let mut signers = all(said.len());
            signers.sort();
            signers.dedup();
            vec![Handling::Signers(signers)]
        }
        Handling::Seal(_) => all(1).into_iter().map(Handling::Seal).collect(),
        Handling::Limit(within) => vec![Handling::Limit(*within)],
        Handling::NoDeputy => vec![Handling::NoDeputy],
    }
}
