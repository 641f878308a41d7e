//! What stands beside the holder: requirements, and the right to step in. Knows the holding as found.

use crate::rulebook::{ProvisionId, Seat, Statement};
use crate::ruling::{Ground, Outcome, Requirement, Step};

use super::case::{Case, Found, Vantage};
use super::passing::Passed;
use super::{Beside, Clock, Dossier, Holding, Sources};

/// What one sentence of [`Sources::beside`] adds to a holding. Nothing where nobody holds the task; a requirement drops when
/// every holder is the seat addressed.
///
/// # Errors
/// When the dossier's answer to something that matters is not settled.
pub fn beside<D: Dossier>(
    sources: &Sources<'_>,
    holding: &Holding,
    sentence: ProvisionId,
    dossier: &D,
) -> Result<Beside, D::Unsettled> {
    match holding.outcome {
        Outcome::Decided | Outcome::Concurrent | Outcome::Orphaned => {
            Case::new(sources, dossier).beside(holding, sentence)
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
        let at = Vantage { site: self.sources.site(self.sources.task), clock: Clock::Now };
        let (seat, step) = match &self.rules[sentence].statement {
            Statement::Requires { of, .. } => (*of, Step::Requires),
            Statement::StepIn { seat, .. } => (*seat, Step::StepsIn),
            Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => return Ok(Beside::default()),
        };
        if !self.speaks(sentence, at)? {
            return Ok(Beside::default());
        }
        let mut added = Beside::default();
        let carried = self.carried(seat, at)?;
        let mut grounds = vec![Ground { step, provision: sentence }];
        grounds.extend(carried.by.iter().map(|by| Ground { step: Step::Succeeds, provision: *by }));
        for (seat, by) in self.passed_on(carried.seat, sentence, at)? {
            let keeps = match step {
                Step::Requires => !self.addressed_to_itself(holding, seat, at)?,
                _ => self.exists(seat, at.clock)?,
            };
            if keeps {
                self.add(&mut added, sentence, seat);
                added.grounds.extend(
                    grounds
                        .iter()
                        .chain(&by)
                        .copied()
                        .filter(|ground| !added.grounds.contains(ground))
                        .collect::<Vec<_>>(),
                );
            }
        }
        added.requirements.sort();
        added.may_step_in.sort();
        Ok(added)
    }

    fn add(&self, added: &mut Beside, sentence: ProvisionId, seat: Seat) {
        if let Statement::Requires { kind, .. } = &self.rules[sentence].statement {
            added.requirements.push(Requirement { kind: *kind, of: seat });
        } else {
            added.may_step_in.push(seat);
        }
    }

    /// Where passings bring what the sentence gave to a seat.
    fn passed_on(&self, seat: Seat, sentence: ProvisionId, at: Vantage) -> Found<Vec<(Seat, Vec<Ground>)>, D> {
        let issued = self.rules.issued(sentence);
        let mut seats = vec![(seat, Vec::new())];
        for group in self.passing_days(self.sources.task).values() {
            let mut next = Vec::new();
            for (seat, grounds) in seats {
                let on = |by: Vec<Ground>| -> Vec<Ground> { grounds.iter().copied().chain(by).collect() };
                match self.passed(group, seat, issued, at)? {
                    Passed::Stays => next.push((seat, grounds)),
                    Passed::To { seat, by } => next.push((seat, on(by))),
                    Passed::Contended(receivers) => {
                        next.extend(receivers.into_iter().map(|(seat, by)| (seat, on(by))));
                    }
                }
            }
            seats = next;
        }
        Ok(seats)
    }

    fn addressed_to_itself(&self, holding: &Holding, seat: Seat, at: Vantage) -> Found<bool, D> {
        for holder in &holding.holders {
            if !self.same(holder.seat, seat, at.clock)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
