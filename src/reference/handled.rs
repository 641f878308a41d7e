//! Stage 6, how the task is handled: for each slot the winners among its sentences, with the seats that they name as
//! successions and passings by law have left them.

use std::collections::BTreeSet;

use super::held::{add_grounds, aside};
use super::{At, Judged};
use crate::rulebook::{Handling, Procedure, ProvisionId, Seat, SeatAt, Slot, Stage, Statement, TaskId};
use crate::ruling::{Ground, Holder, Step};

/// What a slot comes to: nothing, one value, or several unlike ones; and by what.
pub(super) fn slot(at: &At<'_>, task: TaskId, slot: Slot, holders: &[Holder]) -> Judged<(Vec<Handling>, Vec<Ground>)> {
    let mut speaking = Vec::new();
    for id in &at.rulebook[task].provisions {
        if let Statement::Handling { says, .. } = &at.rulebook[*id].statement
            && says.slot() == slot
            && at.speaks(*id, at.site())?
        {
            speaking.push(*id);
        }
    }
    let (winners, lost) = at.contest_at(&speaking, at.site())?;
    lost.into_iter().for_each(|(id, why)| at.lose(id, why));
    let (mut values, mut grounds): (Vec<Handling>, Vec<Ground>) = (Vec::new(), Vec::new());
    for id in winners {
        if let Statement::Handling { says, .. } = &at.rulebook[id].statement {
            add_grounds(&mut grounds, &[Ground { step: Step::Handles(slot), provision: id }]);
            let mut named = Named { at, task, id, holders, grounds: &mut grounds };
            for value in named.said(says)? {
                if !values.iter().any(|other| means_the_same(at, other, &value)) {
                    values.push(value);
                }
            }
        }
    }
    values.sort();
    Ok((values, grounds))
}

/// A winning sentence, of which seats are looked up.
struct Named<'n, 'a> {
    at: &'n At<'a>,
    task: TaskId,
    id: ProvisionId,
    holders: &'n [Holder],
    grounds: &'n mut Vec<Ground>,
}

impl Named<'_, '_> {
    fn said(&mut self, says: &Handling) -> Judged<Vec<Handling>> {
        Ok(match says {
            Handling::Limit(within) => vec![Handling::Limit(*within)],
            Handling::NoDeputy => vec![Handling::NoDeputy],
            Handling::Signers(signers) => {
                let all: BTreeSet<Seat> = self.all(signers)?.into_iter().collect();
                vec![Handling::Signers(all.into_iter().collect())]
            }
            // Where texts contend over who takes over a seal, each says another one.
            Handling::Seal(seal) => self.seats(*seal)?.into_iter().map(Handling::Seal).collect(),
            Handling::Procedure(said) => {
                let received_by = self.all(&said.received_by)?;
                let mut stages = Vec::new();
                for Stage { by, deed, within } in &said.stages {
                    stages.push(Stage { by: self.all(by)?, deed: *deed, within: *within });
                }
                vec![Handling::Procedure(Procedure { received_by, stages, result: said.result.clone() })]
            }
        })
    }

    fn all(&mut self, said: &[Seat]) -> Judged<Vec<Seat>> {
        let mut seats = Vec::new();
        for seat in said {
            seats.extend(self.seats(*seat)?);
        }
        Ok(seats)
    }

    /// Each seat that one said stands for, once: without a place of its own it is where the holders are.
    fn seats(&mut self, said: Seat) -> Judged<Vec<Seat>> {
        let at = self.at;
        let meant: Vec<Seat> = match said.at {
            SeatAt::Here { .. } => self.holders.iter().map(|own| at.here(said, at.spot(own.seat))).collect(),
            SeatAt::Nowhere | SeatAt::Level { .. } | SeatAt::Any { .. } | SeatAt::Others { .. } | SeatAt::Unit(_) => {
                vec![said]
            }
        };
        let mut seats: Vec<Seat> = Vec::new();
        for own in meant {
            let now = if at.misplaced(own) { vec![(own, Vec::new())] } else { aside(at, self.task, self.id, own)? };
            for (seat, by_way_of) in now {
                add_grounds(self.grounds, &by_way_of);
                if !seats.contains(&seat) {
                    seats.push(seat);
                }
            }
        }
        Ok(seats)
    }
}

/// Two values that differ at most in how they name the same seats.
fn means_the_same(at: &At<'_>, a: &Handling, b: &Handling) -> bool {
    let same = |a: &[Seat], b: &[Seat]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| at.same(*a, *b));
    match (a, b) {
        (Handling::Procedure(a), Handling::Procedure(b)) => {
            a.result == b.result
                && same(&a.received_by, &b.received_by)
                && a.stages.len() == b.stages.len()
                && a.stages
                    .iter()
                    .zip(&b.stages)
                    .all(|(a, b)| a.deed == b.deed && a.within == b.within && same(&a.by, &b.by))
        }
        (Handling::Signers(a), Handling::Signers(b)) => same(a, b),
        (Handling::Seal(a), Handling::Seal(b)) => at.same(*a, *b),
        (Handling::Limit(_) | Handling::NoDeputy, _)
        | (_, Handling::Limit(_) | Handling::NoDeputy)
        | (Handling::Procedure(_) | Handling::Signers(_) | Handling::Seal(_), _) => a == b,
    }
}
