//! What stands beside the holder: requirements, the right to step in, and how the task is handled. Knows the holding as
//! found.

use crate::rulebook::{ProvisionId, Seat, SeatAt, Statement};
use crate::ruling::{Aside, Ground, Outcome, Requirement, Step};

use super::case::{Case, Found, Vantage};
use super::passing::Passed;
use super::{Beside, Clock, Dossier, Holding, Sources};

/// What one of [`Sources::beside`] adds to a holding. Nothing where nobody holds the task; a requirement drops when
/// every holder is the seat addressed.
///
/// # Errors
/// When the dossier's answer to something that matters is not settled.
pub fn beside<D: Dossier>(
    sources: &Sources<'_>,
    holding: &Holding,
    aside: Aside,
    dossier: &D,
) -> Result<Beside, D::Unsettled> {
    match holding.outcome {
        Outcome::Decided | Outcome::Concurrent | Outcome::Orphaned => {
            let case = Case::new(sources, dossier);
            match aside {
                Aside::Sentence(sentence) => case.beside(holding, sentence),
                Aside::Slot(slot) => case.handled(holding, slot),
            }
        }
        Outcome::Gap
        | Outcome::Conflict
        | Outcome::NotRequired
        | Outcome::Open
        | Outcome::NotCovered
        | Outcome::Undetermined => Ok(Beside::default()),
    }
}

impl<D: Dossier> Case<'_, '_, D> {
    fn beside(&self, holding: &Holding, sentence: ProvisionId) -> Found<Beside, D> {
        let Some((seat, step)) = addressed(&self.rules[sentence].statement) else { return Ok(Beside::default()) };
        let at = Vantage { site: self.sources.site_of(self.sources.task, seat), clock: Clock::Now };
        if !self.seat_placed(seat)? || !self.speaks(sentence, at)? {
            return Ok(Beside::default());
        }
        // Where the case lies in one unit there is no other.
        if matches!(seat.at, SeatAt::Others { .. }) && !self.spanned(seat, at.clock)? {
            return Ok(Beside::default());
        }
        let mut added = Beside::default();
        let ground = Ground { step, provision: sentence };
        let said = self.seated(seat, at)?;
        let seats: Vec<(Seat, Vec<ProvisionId>)> =
            match self.pass(self.sources.task, said, self.rules.issued(sentence), at)? {
                Passed::To((seat, _), way) => vec![(seat, way)],
                Passed::Contended(receivers) => receivers.into_iter().map(|((seat, _), way)| (seat, way)).collect(),
            };
        for (seat, way) in seats {
            if self.seat_placed(seat)? && self.stands_beside(holding, sentence, seat, at)? {
                if let Statement::Requires { kind, .. } = self.rules[sentence].statement {
                    added.requirements.push(Requirement { kind, of: seat });
                } else {
                    added.may_step_in.push(seat);
                }
                let passes = way.into_iter().map(|by| Ground { step: Step::Passes, provision: by });
                for ground in std::iter::once(ground).chain(passes) {
                    if !added.grounds.contains(&ground) {
                        added.grounds.push(ground);
                    }
                }
            }
        }
        added.requirements.sort();
        added.requirements.dedup();
        added.may_step_in.sort();
        added.may_step_in.dedup();
        Ok(added)
    }

    /// A requirement drops where every holder is the seat addressed; the right to step in, where one is, or where nobody is
    /// there to use it.
    fn stands_beside(&self, holding: &Holding, sentence: ProvisionId, seat: Seat, at: Vantage) -> Found<bool, D> {
        let requires = matches!(self.rules[sentence].statement, Statement::Requires { .. });
        for holder in &holding.holders {
            let own = self.same(holder.seat, seat, at.clock)?;
            if requires != own {
                return Ok(requires);
            }
        }
        if requires { Ok(false) } else { self.exists(seat, at.clock) }
    }
}

/// The seat of a sentence that stands beside the holder.
const fn addressed(statement: &Statement) -> Option<(Seat, Step)> {
    if let Statement::Requires { of, .. } = statement {
        Some((*of, Step::Requires))
    } else if let Statement::StepIn { seat, .. } = statement {
        Some((*seat, Step::StepsIn))
    } else {
        None
    }
}
