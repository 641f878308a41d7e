//! What spans several units of a holder's level goes up to the same body at the level that the organisation law of the day
//! names, unless the sentence by which it is held speaks of what is spanned itself.

use std::collections::BTreeSet;

use super::facts::tests_of;
use super::held::Line;
use super::{At, Judged, Support};
use crate::register::LevelId;
use crate::rulebook::{Deciders, ProvisionId, RoleId, Seat, SeatAt, Statement, Test};
use crate::ruling::{Ground, Step};

impl At<'_> {
    /// One level after the other, while there is a sentence for it and the body exists there.
    pub(super) fn widen(&self, mut line: Line) -> Judged<Line> {
        loop {
            let SeatAt::Level { level, role } = line.seat.at else { return Ok(line) };
            if !line.unsaid || !self.spans(role, level) {
                return Ok(line);
            }
            let place = self.locality(role);
            let mut speaking = Vec::new();
            for id in &self.support.provisions {
                if matches!(self.rulebook[*id].statement, Statement::Widens { level: of, .. } if of == level)
                    && self.speaks(*id, place)?
                {
                    speaking.push(*id);
                }
            }
            let winners = self.win_at(&speaking, place)?;
            let levels: BTreeSet<LevelId> = winners.iter().filter_map(|id| self.widens_to(*id)).collect();
            let (Some(to), 1) = (levels.first(), levels.len()) else { return Ok(line) };
            let seat = Seat { body: line.seat.body, at: SeatAt::Level { level: *to, role } };
            if !self.exists(seat)? {
                return Ok(line);
            }
            line.seat = seat;
            line.answerable = seat;
            line.grounds.extend(winners.into_iter().map(|id| Ground { step: Step::Widens, provision: id }));
        }
    }

    fn widens_to(&self, id: ProvisionId) -> Option<LevelId> {
        if let Statement::Widens { to, .. } = self.rulebook[id].statement { Some(to) } else { None }
    }

    /// Whether the sentence, or one whose cases it borrows, tests what the case spans.
    pub(super) fn speaks_of_spans(&self, id: ProvisionId) -> bool {
        let provision = &self.rulebook[id];
        let mut own = provision.condition.iter().flat_map(tests_of);
        own.any(|test| matches!(test, Test::Spans { .. }))
            || provision.cases.iter().flat_map(|cases| &cases.of).any(|of| self.speaks_of_spans(*of))
    }
}

impl Support<'_> {
    /// The roles at which holders are named, with the levels from which a case goes up.
    pub(super) fn widened(&self) -> BTreeSet<(RoleId, LevelId)> {
        let statements = || self.provisions.iter().map(|id| &self.rulebook[*id].statement);
        let levels: BTreeSet<LevelId> = statements()
            .filter_map(|said| if let Statement::Widens { level, .. } = said { Some(*level) } else { None })
            .collect();
        let seats = statements().filter_map(|said| {
            if let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = said { Some(seats) } else { None }
        });
        let roles: BTreeSet<RoleId> = seats
            .flatten()
            .filter_map(|own| if let SeatAt::Level { role, .. } = own.seat.at { Some(role) } else { None })
            .collect();
        roles.iter().flat_map(|role| levels.iter().map(|level| (*role, *level))).collect()
    }
}
