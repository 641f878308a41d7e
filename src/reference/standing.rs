//! Stage 5: whether a seat exists on the day: its unit in the register, its body by declaration, and neither taken away by
//! a sentence of establishment. Any unit of a level exists while there is one; then only what is said of everywhere counts.

use super::{At, Judged};
use crate::register::{LevelId, LocalityId, UnitId};
use crate::rulebook::{BodyId, Deciders, LevelPattern, ProvisionId, Seat, SeatAt, Statement};
use crate::ruling::{Ground, Step};

impl At<'_> {
    pub(super) fn exists(&self, seat: Seat) -> Judged<bool> {
        let body = &self.rulebook[seat.body];
        if !body.days.contains(self.clock) {
            return Ok(false);
        }
        let (level, place) = match seat.at {
            SeatAt::Nowhere => return Ok(body.levels.is_empty()),
            SeatAt::Here { .. } | SeatAt::Others { .. } => return Ok(false),
            SeatAt::Any { level } => {
                return Ok(body.levels.contains(&level)
                    && self.undenied(seat.body, level, None)?
                    && self.any_unit(level));
            }
            SeatAt::Level { level, role } => (level, self.locality(role)),
            SeatAt::Unit(unit) => {
                let register = &self.rulebook.register;
                let Some(row) = self.row_of(unit, self.clock) else { return Ok(false) };
                (register.row(row).level, register.localities_of(row, self.clock).first().copied())
            }
        };
        let Some(place) = place else { return Ok(false) };
        Ok(body.levels.contains(&level) && self.established(seat.body, level, place)?)
    }

    /// Whether the body exists at the level at a place: there is a unit, and the sentences of establishment that prevail
    /// do not take it away.
    pub(super) fn established(&self, body: BodyId, level: LevelId, place: LocalityId) -> Judged<bool> {
        Ok(self.undenied(body, level, Some(place))?
            && self.rulebook.register.ancestor(place, level, self.clock).is_some())
    }

    /// Whether no prevailing sentence of establishment takes the level or the body away: at a place, or everywhere.
    fn undenied(&self, body: BodyId, level: LevelId, place: Option<LocalityId>) -> Judged<bool> {
        let of_level = self.sentences(place, |statement| {
            if let Statement::LevelExists { level: own, exists } = statement
                && *own == level
            {
                return Some(*exists);
            }
            None
        })?;
        let of_body = self.sentences(place, |statement| {
            if let Statement::BodyExists { body: own, level: at, exists } = statement
                && (*own, *at) == (body, level)
            {
                return Some(*exists);
            }
            None
        })?;
        Ok(of_level && of_body)
    }

    /// What the prevailing sentences say; without any, it exists. Those that say no are noted as grounds.
    fn sentences(&self, place: Option<LocalityId>, says: impl Fn(&Statement) -> Option<bool>) -> Judged<bool> {
        let mut speaking = Vec::new();
        for id in &self.support.establishment {
            if says(&self.rulebook[*id].statement).is_some() && self.speaks(*id, place)? {
                speaking.push(*id);
            }
        }
        let denies = |id: &ProvisionId| says(&self.rulebook[*id].statement) == Some(false);
        let denying: Vec<ProvisionId> = self.win_at(&speaking, place)?.into_iter().filter(denies).collect();
        let grounds = denying.iter().map(|id| Ground { step: Step::Abolishes, provision: *id });
        self.notes.borrow_mut().abolished.extend(grounds);
        Ok(denying.is_empty())
    }
}

/// The units at which a sentence fixes seats, or of which it speaks as givers or receivers.
pub(super) fn units(statement: &Statement) -> Vec<UnitId> {
    let mut units: Vec<UnitId> = seats(statement)
        .iter()
        .filter_map(|seat| if let SeatAt::Unit(unit) = seat.at { Some(unit) } else { None })
        .collect();
    if let Statement::Permission { givers, receivers, .. } = statement {
        let patterns = givers.iter().chain(receivers);
        units.extend(patterns.filter_map(|of| if let LevelPattern::Unit(unit) = of.level { Some(unit) } else { None }));
    }
    units
}

/// The seats that a sentence names.
pub(super) fn seats(statement: &Statement) -> Vec<Seat> {
    match statement {
        Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } => {
            seats.iter().map(|candidate| candidate.seat).collect()
        }
        Statement::Passes { from, to, .. } => from.iter().copied().chain([*to]).collect(),
        Statement::Transfer { giver, to, .. } => vec![*giver, *to],
        Statement::StepIn { seat, .. } | Statement::Requires { of: seat, .. } => vec![*seat],
        Statement::Handling { says, .. } => says.named().into_iter().copied().collect(),
        Statement::DecidedBy { by: Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Succeeded { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. }
        | Statement::Tabulates { .. } => Vec::new(),
    }
}
