//! Whether a seat exists: by declaration, by the register's units, and by what the law of the day establishes or abolishes.
//! Knows nothing of what the seat holds.

use crate::register::LevelId;
use crate::rulebook::{BodyId, DocumentId, ProvisionId, Seat, SeatAt, Statement};

use super::case::{Case, Found, Vantage};
use super::{Clock, Dossier, Query, Site};

/// What there is of a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Existence {
    Exists,
    /// Neither declared nor in the register, there and then.
    Absent,
    /// Taken away by these sentences.
    Abolished(Vec<ProvisionId>),
}

impl<D: Dossier> Case<'_, '_, D> {
    pub(super) fn exists(&self, seat: Seat, clock: Clock) -> Found<bool, D> {
        Ok(self.existence(seat, clock)? == Existence::Exists)
    }

    pub(super) fn existence(&self, seat: Seat, clock: Clock) -> Found<Existence, D> {
        if !self.ask(Query::BodyDays(seat.body, clock))? {
            return Ok(Existence::Absent);
        }
        let levels = &self.rules[seat.body].levels;
        match seat.at {
            SeatAt::Nowhere => Ok(Existence::Exists),
            SeatAt::Level { level, role } => {
                let site = Site::Role(role);
                if levels.contains(&level) && self.ask(Query::UnitThere(level, site, clock))? {
                    self.established(seat.body, level, Vantage { site, clock })
                } else {
                    Ok(Existence::Absent)
                }
            }
            SeatAt::Unit(unit) => {
                for level in levels {
                    if self.ask(Query::UnitAt(unit, *level, clock))? {
                        return self.established(seat.body, *level, Vantage { site: Site::Unit(unit), clock });
                    }
                }
                Ok(Existence::Absent)
            }
        }
    }

    fn established(&self, body: BodyId, level: LevelId, at: Vantage) -> Found<Existence, D> {
        let of_level =
            |statement: &Statement| matches!(statement, Statement::LevelExists { level: of, .. } if *of == level);
        let of_body = |statement: &Statement| matches!(statement, Statement::BodyExists { body: of, level: on, .. } if *of == body && *on == level);
        let mut abolishing = self.abolishing(of_level, at)?;
        abolishing.extend(self.abolishing(of_body, at)?);
        Ok(if abolishing.is_empty() { Existence::Exists } else { Existence::Abolished(abolishing) })
    }

    /// The level is there, by the law of the day.
    pub(super) fn level_is_there(&self, level: LevelId, at: Vantage) -> Found<bool, D> {
        let of_level =
            |statement: &Statement| matches!(statement, Statement::LevelExists { level: of, .. } if *of == level);
        Ok(self.ask(Query::UnitThere(level, at.site, at.clock))? && self.abolishing(of_level, at)?.is_empty())
    }

    /// The prevailing sentences that say there is none.
    fn abolishing(&self, about: impl Fn(&Statement) -> bool, at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let candidates: Vec<ProvisionId> = self
            .sources
            .existence()
            .iter()
            .copied()
            .filter(|candidate| about(&self.rules[*candidate].statement) && self.known_at(*candidate, at.clock))
            .collect();
        let mut winners = self.prevailing(&candidates, at)?;
        winners.retain(|winner| match &self.rules[*winner].statement {
            Statement::BodyExists { exists, .. } | Statement::LevelExists { exists, .. } => !exists,
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
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::Classifies { .. } => false,
        });
        Ok(winners)
    }

    /// Whether an issuer existed is judged by what had been issued before: a text does not bear on its own issuer.
    fn known_at(&self, sentence: ProvisionId, clock: Clock) -> bool {
        match clock {
            Clock::Issued(document) => self.rules.issued(sentence) < self.rules[document].issued,
            Clock::Now | Clock::First(_) => true,
        }
    }

    /// Where the sentences of a document on passing on are read, and when: on the day of issue.
    pub(super) const fn on_issue(site: Site, document: DocumentId) -> Vantage {
        Vantage { site, clock: Clock::Issued(document) }
    }
}
