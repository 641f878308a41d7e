//! Whether a seat exists: by declaration, by the register's units, and by what the law of the day establishes or abolishes.
//! Knows nothing of what the seat holds.

use crate::register::LevelId;
use crate::rulebook::{BodyId, ProvisionId, Seat, SeatAt, Statement};

use super::case::{Case, Found, Vantage};
use super::{Clock, Dossier, Query, Site};

/// What there is of a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Existence {
    pub(super) exists: bool,
    /// The sentences that take it away.
    pub(super) abolished: Vec<ProvisionId>,
}

impl Existence {
    const fn without_law(exists: bool) -> Self {
        Self { exists, abolished: Vec::new() }
    }
}

impl<D: Dossier> Case<'_, '_, D> {
    pub(super) fn exists(&self, seat: Seat, clock: Clock) -> Found<bool, D> {
        Ok(self.existence(seat, clock)?.exists)
    }

    pub(super) fn existence(&self, seat: Seat, clock: Clock) -> Found<Existence, D> {
        let body = &self.rules[seat.body];
        if !self.ask(Query::BodyDays(seat.body, clock))? {
            return Ok(Existence::without_law(false));
        }
        if !self.seat_placed(seat)? {
            return Ok(Existence::without_law(false));
        }
        match (seat.at, self.level_of(seat.at)) {
            (SeatAt::Nowhere, _) => Ok(Existence::without_law(body.levels.is_empty())),
            (SeatAt::Level { role, .. } | SeatAt::Others { role, .. }, Some(level)) if body.levels.contains(&level) => {
                let at = Vantage { site: Site::Role(role), clock };
                let there = self.ask(Query::UnitThere(level, at.site, clock))?;
                self.established(seat.body, level, at, there)
            }
            (SeatAt::Unit(unit), Some(level)) if body.levels.contains(&level) => {
                if !self.ask(Query::UnitAt(unit, level, clock))? {
                    return Ok(Existence::without_law(false));
                }
                self.established(seat.body, level, Vantage { site: Site::Unit(unit), clock }, true)
            }
            (SeatAt::Any { .. }, Some(level)) if body.levels.contains(&level) => {
                let there = self.ask(Query::AnyUnit(level, clock))?;
                self.established(seat.body, level, Vantage { site: Site::Nowhere, clock }, there)
            }
            (
                SeatAt::Level { .. }
                | SeatAt::Here { .. }
                | SeatAt::Any { .. }
                | SeatAt::Others { .. }
                | SeatAt::Unit(_),
                _,
            ) => Ok(Existence::without_law(false)),
        }
    }

    /// The level at which a seat lies: a unit is of one level for as long as it is one unit.
    pub(super) fn level_of(&self, at: SeatAt) -> Option<LevelId> {
        match at {
            SeatAt::Nowhere => None,
            SeatAt::Level { level, .. }
            | SeatAt::Here { level }
            | SeatAt::Any { level }
            | SeatAt::Others { level, .. } => Some(level),
            SeatAt::Unit(unit) => {
                let register = &self.rules.register;
                register.rows_of(unit).first().map(|row| register.row(*row).level)
            }
        }
    }

    /// By the law of the day, which is cited also where there is no such unit any more.
    fn established(&self, body: BodyId, level: LevelId, at: Vantage, there: bool) -> Found<Existence, D> {
        let of_level =
            |statement: &Statement| matches!(statement, Statement::LevelExists { level: of, .. } if *of == level);
        let of_body = |statement: &Statement| matches!(statement, Statement::BodyExists { body: of, level: on, .. } if *of == body && *on == level);
        let mut abolished = self.abolishing(of_level, at)?;
        abolished.extend(self.abolishing(of_body, at)?);
        Ok(Existence { exists: there && abolished.is_empty(), abolished })
    }

    /// The prevailing sentences that say there is none.
    fn abolishing(&self, about: impl Fn(&Statement) -> bool, at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let candidates: Vec<ProvisionId> = self
            .sources
            .existence()
            .iter()
            .copied()
            .filter(|candidate| about(&self.rules[*candidate].statement))
            .collect();
        let mut winners = self.prevailing(&candidates, at)?;
        winners.retain(|winner| {
            matches!(
                self.rules[*winner].statement,
                Statement::BodyExists { exists: false, .. } | Statement::LevelExists { exists: false, .. }
            )
        });
        Ok(winners)
    }
}
