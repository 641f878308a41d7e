//! Where a sentence is read, what the case has and spans there, and which unit a seat means.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{At, Support};
use crate::register::{LevelId, LocalityId, RowId, UnitId};
use crate::rulebook::{Candidate, Deciders, RoleId, Seat, SeatAt, Statement, Test};

/// A seat on its way, and the role at whose place is read what moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) seat: Seat,
    /// `None` in a task without a place.
    pub(super) role: Option<RoleId>,
}

impl Spot {
    /// Moved to another seat. What comes to a seat without a place of its own stays where it was.
    pub(super) const fn at(self, seat: Seat) -> Self {
        let role = match seat.at {
            SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => Some(role),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => self.role,
        };
        Self { seat, role }
    }
}

impl At<'_> {
    /// The place of a role of the point; none where it has no such role, or there is no place of it.
    pub(super) fn locality(&self, role: RoleId) -> Option<LocalityId> {
        let index = self.support.roles.iter().position(|own| *own == role)?;
        self.case.places.get(index).copied().filter(|place| *place != LocalityId::NOWHERE)
    }

    fn first_role(&self) -> Option<RoleId> {
        self.task.and_then(|task| self.rulebook[task].roles.first().copied())
    }

    /// Where what names no place is read: at the task's first place.
    pub(super) fn site(&self) -> Option<LocalityId> {
        match self.task {
            Some(_) => self.first_role().and_then(|role| self.locality(role)),
            None => self.case.places.first().copied().filter(|place| *place != LocalityId::NOWHERE),
        }
    }

    /// The places that there are of the judged task's roles.
    pub(super) fn placed(&self) -> Vec<LocalityId> {
        let roles = self.task.map(|task| self.rulebook[task].roles.as_slice()).unwrap_or_default();
        roles.iter().filter_map(|role| self.locality(*role)).collect()
    }

    /// The role at whose place is read what is said of a seat, or what moves it.
    pub(super) fn role_of(&self, seat: Seat) -> Option<RoleId> {
        match seat.at {
            SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => Some(role),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => self.first_role(),
        }
    }

    pub(super) fn place_of(&self, seat: Seat) -> Option<LocalityId> {
        self.role_of(seat).and_then(|role| self.locality(role))
    }

    /// Whether a seat is at a place that is not there, so that nothing is said of it.
    pub(super) fn misplaced(&self, seat: Seat) -> bool {
        match seat.at {
            SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => self.locality(role).is_none(),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => false,
        }
    }

    /// Whether a candidate is spoken of here: its place is there, and none of those for which it stands in.
    pub(super) fn counts(&self, candidate: &Candidate) -> bool {
        !self.misplaced(candidate.seat) && candidate.lacking.iter().all(|role| self.locality(*role).is_none())
    }

    /// Whether the case spans several units of a level at the place of a role: none where there is none on the clock's day.
    pub(super) fn spans(&self, role: RoleId, level: LevelId) -> bool {
        let index = self.support.roles.iter().position(|own| *own == role);
        let highest = index.and_then(|index| self.case.spans.get(index).copied().flatten());
        let unit = self.locality(role).and_then(|place| self.rulebook.register.ancestor(place, level, self.clock));
        unit.is_some() && highest.is_some_and(|highest| highest <= level)
    }

    /// Whether a seat stands for each of several units that the case spans.
    pub(super) fn of_several(&self, seat: Seat) -> bool {
        match seat.at {
            SeatAt::Level { level, role } | SeatAt::Others { level, role } => self.spans(role, level),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => false,
        }
    }

    pub(super) fn spot(&self, seat: Seat) -> Spot {
        Spot { seat, role: self.role_of(seat) }
    }

    pub(super) fn place_at(&self, spot: Spot) -> Option<LocalityId> {
        spot.role.and_then(|role| self.locality(role))
    }

    /// What a giver or receiver means that names no place: the unit where the holder is, or any where it is any unit, or
    /// where the task has no place.
    pub(super) fn here(&self, said: Seat, holder: Spot) -> Seat {
        let SeatAt::Here { level } = said.at else { return said };
        let any = matches!(holder.seat.at, SeatAt::Any { .. });
        let at = match holder.role.filter(|_| !any) {
            Some(role) => SeatAt::Level { level, role },
            None => SeatAt::Any { level },
        };
        Seat { body: said.body, at }
    }

    pub(super) fn row_of(&self, unit: UnitId, day: Date) -> Option<RowId> {
        let register = &self.rulebook.register;
        register.rows_of(unit).iter().copied().find(|row| register.row(*row).holds_on(day))
    }

    /// The unit in which a seat lies on the clock's day.
    pub(super) fn unit_row(&self, seat: Seat) -> Option<RowId> {
        match seat.at {
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Others { .. } => None,
            SeatAt::Level { level, role } => {
                self.locality(role).and_then(|place| self.rulebook.register.ancestor(place, level, self.clock))
            }
            SeatAt::Unit(unit) => self.row_of(unit, self.clock),
        }
    }

    pub(super) fn unit(&self, seat: Seat) -> Option<UnitId> {
        match seat.at {
            SeatAt::Unit(unit) => Some(unit),
            SeatAt::Level { .. }
            | SeatAt::Nowhere
            | SeatAt::Here { .. }
            | SeatAt::Any { .. }
            | SeatAt::Others { .. } => self.unit_row(seat).map(|row| self.rulebook.register.row(row).unit),
        }
    }

    /// s ≡ s': the same body, in one unit. Seats whose unit does not exist are the same only when said the same way; any unit
    /// is the same as any, and other units are nobody's own.
    pub(super) fn same(&self, a: Seat, b: Seat) -> bool {
        a == b || (a.body == b.body && matches!((self.unit(a), self.unit(b)), (Some(a), Some(b)) if a == b))
    }

    /// Whether there is a unit of a level on the clock's day, wherever.
    pub(super) fn any_unit(&self, level: LevelId) -> bool {
        let register = &self.rulebook.register;
        register.rows_on(self.clock).any(|row| register.row(row).level == level)
    }
}

impl Support<'_> {
    /// The roles and levels of which it can matter whether a case spans several units: those of which a sentence asks, and
    /// those of every seat to which one of several may come.
    pub(crate) fn spans_asked(&self) -> BTreeSet<(RoleId, LevelId)> {
        let statements = self.provisions.iter().map(|id| &self.rulebook[*id].statement);
        let one_of = |statement: &Statement| {
            let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = statement else { return false };
            seats.iter().any(|seat| seat.one_of)
        };
        let any = statements.clone().any(one_of);
        let mut asked = self.spans_tested.clone();
        asked.extend(self.widened());
        for seat in statements.flat_map(super::standing::seats) {
            match seat.at {
                SeatAt::Others { level, role } => {
                    asked.insert((role, level));
                }
                SeatAt::Level { level, role } if any => {
                    asked.insert((role, level));
                }
                SeatAt::Here { level } if any => asked.extend(self.roles.iter().map(|role| (*role, level))),
                SeatAt::Nowhere | SeatAt::Level { .. } | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => {
                }
            }
        }
        asked
    }
}

/// The role and level of a test of what is spanned.
pub(super) fn asks_of(test: &Test) -> Option<(RoleId, LevelId)> {
    if let Test::Spans { role, level, .. } = *test { Some((role, level)) } else { None }
}

/// The days on which the first unit of a level comes to be or the last one goes, where a seat is in any unit of a level.
pub(super) fn days_of_levels(support: &Support<'_>) -> BTreeSet<Date> {
    let rulebook = support.rulebook;
    let register = &rulebook.register;
    let mut seats = support.provisions.iter().flat_map(|id| super::standing::seats(&rulebook[*id].statement));
    if !seats.any(|seat| matches!(seat.at, SeatAt::Any { .. } | SeatAt::Here { .. })) {
        return BTreeSet::new();
    }
    let levels = (0..rulebook.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId);
    let mut days = BTreeSet::new();
    for level in levels {
        let rows = register.rows().map(|row| register.row(row)).filter(|row| row.level == level);
        let mut spans: Vec<(Date, Option<Date>)> = rows.map(|row| (row.from, row.before)).collect();
        spans.sort();
        // The end of what is covered so far; `None` is open.
        let mut end = Some(Date::MIN);
        for (from, before) in spans {
            if end.is_some_and(|end| end < from) {
                days.extend(end.into_iter().chain([from]));
            }
            end = end.and_then(|end| before.map(|before| before.max(end)));
        }
        days.extend(end);
    }
    days
}
