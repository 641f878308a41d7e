//! Who may pass what on to whom, in which form: a task's own sentences (the canon, of the day asked), and the organisation
//! laws (the framework, of the day on which the transfer was issued). Both are read at the holder's own place.

use super::held::Line;
use super::transfer::Move;
use super::{At, Judged};
use crate::register::{LevelId, LocalityId};
use crate::rulebook::{
    BodyId, BodyPattern, LevelPattern, Modal, ProvisionId, ReceivedBy, Seat, SeatAt, SeatPattern, Statement, TaskId,
};
use crate::ruling::{Held, Why};

impl At<'_> {
    /// The task's own sentences on passing it on: `Ok` when they allow this transfer, `Err` with the one that forbids it.
    pub(super) fn canon(&self, task: TaskId, candidate: &Move<'_>) -> Judged<Option<Result<(), ProvisionId>>> {
        let mut speaking = Vec::new();
        for id in &self.rulebook[task].provisions {
            if let Statement::Permission { task: Some(_), ref forms, ref givers, ref receivers, .. } =
                self.rulebook[*id].statement
                && forms.contains(&candidate.form)
                && self.pair(givers, receivers, candidate)?
                && self.speaks(*id, candidate.place)?
            {
                speaking.push(*id);
            }
        }
        let winners = self.win_at(&speaking, candidate.place)?;
        Ok(self.verdict(&winners))
    }

    /// The form and pair as the organisation laws in force at this clock (the day of issue) admit them.
    pub(super) fn framework(&self, line: &Line, candidate: &Move<'_>, allowed: bool) -> Judged<Option<Why>> {
        if let Some(by) = self.term_demanded(candidate)? {
            return Ok(Some(Why::NoTerm { by }));
        }
        if !self.onward_allowed(line, candidate)? {
            return Ok(Some(Why::PassedOn));
        }
        if allowed {
            return Ok(None);
        }
        let mut pairs = Vec::new();
        let mut loaded = None;
        for id in &self.support.framework {
            if let Statement::Permission { forms, givers, receivers, modal, .. } = &self.rulebook[*id].statement
                && forms.contains(&candidate.form)
                && self.speaks(*id, candidate.place)?
            {
                if *modal != Modal::MustNot {
                    loaded = loaded.or(Some(*id));
                }
                if self.pair(givers, receivers, candidate)? {
                    pairs.push(*id);
                }
            }
        }
        if loaded.is_none() {
            self.notes.borrow_mut().framework_unread.insert(candidate.id);
        }
        let winners = self.win_at(&pairs, candidate.place)?;
        Ok(match self.verdict(&winners) {
            Some(Err(by)) => Some(Why::Forbidden { by }),
            Some(Ok(())) => None,
            None => loaded.map(|by| Why::WrongPair { by }),
        })
    }

    /// The sentence that demands a term of a transfer that states none.
    fn term_demanded(&self, candidate: &Move<'_>) -> Judged<Option<ProvisionId>> {
        for id in &self.support.framework {
            if let Statement::MustStateTerm { form } = self.rulebook[*id].statement
                && form == candidate.form
                && !self.has_term(candidate.id)
                && self.speaks(*id, candidate.place)?
            {
                return Ok(Some(*id));
            }
        }
        Ok(None)
    }

    /// A tie of both is a prohibition.
    fn verdict(&self, winners: &[ProvisionId]) -> Option<Result<(), ProvisionId>> {
        let forbids = |id: &&ProvisionId| {
            matches!(self.rulebook[**id].statement, Statement::Permission { modal: Modal::MustNot, .. })
        };
        match winners.iter().find(forbids) {
            Some(by) => Some(Err(*by)),
            None if winners.is_empty() => None,
            None => Some(Ok(())),
        }
    }

    /// Whether what the line's holder received may be passed on.
    fn onward_allowed(&self, line: &Line, candidate: &Move<'_>) -> Judged<bool> {
        let mut speaking = Vec::new();
        for id in &self.support.framework {
            if let Statement::Onward { received, forms, .. } = &self.rulebook[*id].statement
                && forms.contains(&candidate.form)
                && Some(*received) == received_by(line.held)
                && self.speaks(*id, candidate.place)?
            {
                speaking.push(*id);
            }
        }
        let winners = self.win_at(&speaking, candidate.place)?;
        if winners.is_empty() {
            // A delegated task goes on only where the framework says so; any other, unless it says not.
            return Ok(line.held != Held::Delegated);
        }
        Ok(winners.iter().all(|id| {
            if let Statement::Onward { modal, with_consent, .. } = self.rulebook[*id].statement {
                modal != Modal::MustNot && (!with_consent || candidate.with_consent)
            } else {
                true
            }
        }))
    }

    fn has_term(&self, id: ProvisionId) -> bool {
        let provision = &self.rulebook[id];
        let document = &self.rulebook[self.rulebook[provision.text].enacted_by];
        provision.days.before.is_some() || document.in_force.iter().all(|days| days.before.is_some())
    }

    fn pair(&self, givers: &[SeatPattern], receivers: &[SeatPattern], candidate: &Move<'_>) -> Judged<bool> {
        let any = |patterns: &[SeatPattern], seat: Seat, giver: Option<Seat>| -> Judged<bool> {
            let mut fits = patterns.is_empty();
            for pattern in patterns {
                fits |= self.matches(*pattern, (seat, giver), candidate.place)?;
            }
            Ok(fits)
        };
        Ok(any(givers, candidate.giver, None)? && any(receivers, candidate.to, Some(candidate.giver))?)
    }

    /// Whether a seat, of a receiver with its giver, is one that the pattern speaks of at a place.
    fn matches(
        &self,
        pattern: SeatPattern,
        (seat, giver): (Seat, Option<Seat>),
        place: Option<LocalityId>,
    ) -> Judged<bool> {
        let body = match pattern.body {
            BodyPattern::Is(wanted) => self.is_or_belongs(seat.body, wanted, place)?,
            BodyPattern::HeadOf(wanted) => match self.rulebook[seat.body].heads {
                Some(headed) => self.is_or_belongs(headed, wanted, place)?,
                None => false,
            },
        };
        Ok(body && self.at_level(pattern.level, (seat, giver), place))
    }

    /// What is said of a body is said of the one that carries on for it.
    fn is_or_belongs(&self, body: BodyId, wanted: BodyId, place: Option<LocalityId>) -> Judged<bool> {
        let is = body == wanted || self.rulebook[body].classes.contains(&wanted);
        Ok(is || self.succession(wanted, place)?.0 == body)
    }

    fn at_level(&self, pattern: LevelPattern, (seat, giver): (Seat, Option<Seat>), place: Option<LocalityId>) -> bool {
        let own = self.level(seat);
        let givers = giver.and_then(|giver| self.level(giver));
        match pattern {
            LevelPattern::Any => true,
            LevelPattern::At(level) => own == Some(level),
            LevelPattern::Unit(unit) => self.unit(seat) == Some(unit),
            LevelPattern::Same => own.is_some() && own == givers && self.lies_under(seat, giver),
            LevelPattern::AnyLower => {
                matches!((own, givers), (Some(own), Some(givers)) if own > givers) && self.lies_under(seat, giver)
            }
            LevelPattern::NextLower => {
                let next = givers.and_then(|givers| self.next_lower(givers, place));
                own.is_some() && own == next && self.lies_under(seat, giver)
            }
        }
    }

    /// The receiver's unit is the giver's or lies in it; where one of them is unknown nothing speaks against it.
    fn lies_under(&self, seat: Seat, giver: Option<Seat>) -> bool {
        let register = &self.rulebook.register;
        let (Some(own), Some(givers)) = (self.unit_row(seat), giver.and_then(|giver| self.unit_row(giver))) else {
            return true;
        };
        own == givers || register.chain_of_parents(own, self.clock).contains(&givers)
    }

    /// The next level below that has a unit here on the clock's day.
    fn next_lower(&self, level: LevelId, place: Option<LocalityId>) -> Option<LevelId> {
        let below = (level.0.saturating_add(1)..)
            .map_while(|index| (usize::from(index) < self.rulebook.levels.len()).then_some(LevelId(index)));
        below.into_iter().find(|level| {
            place.is_none_or(|place| self.rulebook.register.ancestor(place, *level, self.clock).is_some())
        })
    }

    pub(super) fn level(&self, seat: Seat) -> Option<LevelId> {
        match seat.at {
            SeatAt::Nowhere => None,
            SeatAt::Level { level, .. }
            | SeatAt::Here { level }
            | SeatAt::Any { level }
            | SeatAt::Others { level, .. } => Some(level),
            SeatAt::Unit(unit) => self.level_of(unit),
        }
    }
}

fn received_by(held: Held) -> Option<ReceivedBy> {
    match held {
        Held::Devolved => Some(ReceivedBy::Devolution),
        Held::Decentralised => Some(ReceivedBy::Decentralisation),
        Held::Delegated => Some(ReceivedBy::Delegation),
        Held::Assigned | Held::Reorganised | Held::Entrusted => None,
    }
}
