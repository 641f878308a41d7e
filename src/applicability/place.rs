//! What sentences find of places: territories, `in`, units and seats, all read at the first member of a class.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Region;
use super::class::Named;
use super::terms::Unsettled;
use crate::register::{LevelId, LocalityId, Register, RowId, UnitId};
use crate::resolution::{Clock, Site, Sources};
use crate::rulebook::{LevelPattern, ProvisionId, RoleId, Rulebook, Scope, SeatAt, SeatPattern, Statement};

/// Whether the places of two roles lie in one unit of a level that no sentence names; of a role with itself, whether the case
/// lies in one unit of the level, and does not span several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    pub level: LevelId,
    /// Indices into [`Frame::roles`].
    pub roles: (usize, usize),
    /// On which day, when that is not the one asked about.
    pub on: Option<Date>,
}

impl Pattern {
    /// It is about a case that may span several units.
    #[must_use]
    pub const fn is_span(&self) -> bool {
        self.roles.0 == self.roles.1
    }

    /// Whether it is so for single places in the order of the frame's roles, on a day asked about.
    #[must_use]
    pub fn holds(&self, rulebook: &Rulebook, places: &[LocalityId], day: Date) -> bool {
        if self.is_span() {
            return true;
        }
        let day = self.on.unwrap_or(day);
        let unit = |role: usize| {
            let row = rulebook.register.ancestor(*places.get(role)?, self.level, day)?;
            Some(rulebook.register.row(row).unit)
        };
        unit(self.roles.0).is_some() && unit(self.roles.0) == unit(self.roles.1)
    }
}

/// Every unit and type that sentences, their issuers and seats name.
pub(super) fn named(rulebook: &Rulebook, sources: &Sources<'_>, provisions: &BTreeSet<ProvisionId>) -> Named {
    let mut named = Named::default();
    let cover = sources.tasks().into_iter().flat_map(|task| rulebook.cover_of(task));
    let mut scopes: Vec<&Scope> = cover.flat_map(|line| &line.scopes).collect();
    for id in provisions {
        let provision = &rulebook[*id];
        scopes.extend(&provision.scopes);
        named.units.extend(rulebook[rulebook[provision.text].enacted_by].issuer.unit);
        if let Statement::Permission { givers, receivers, .. } = &provision.statement {
            named.units.extend(givers.iter().chain(receivers).filter_map(pattern_unit));
        }
    }
    for scope in scopes {
        named.units.extend(scope.unit);
        named.types.extend(scope.of_type.clone());
    }
    let register = &rulebook.register;
    for seat in sources.seats() {
        let SeatAt::Unit(unit) = seat.at else { continue };
        named.units.insert(unit);
        // Whether such a unit lies under another seat's is asked too.
        for row in register.rows_of(unit) {
            let mut days = vec![register.row(*row).from];
            days.extend(register.change_days().iter().filter(|day| register.row(*row).holds_on(**day)));
            let above = days.iter().flat_map(|day| register.chain_of_parents(*row, *day));
            named.units.extend(above.map(|row| register.row(row).unit));
        }
    }
    named
}

fn pattern_unit(pattern: &SeatPattern) -> Option<UnitId> {
    match pattern.level {
        LevelPattern::Unit(unit) => Some(unit),
        LevelPattern::Any
        | LevelPattern::At(_)
        | LevelPattern::Same
        | LevelPattern::NextLower
        | LevelPattern::AnyLower => None,
    }
}

impl Region<'_> {
    pub(super) fn date(&self, clock: Clock) -> Date {
        match clock {
            Clock::Now => self.day,
            Clock::Issued(document) => self.rulebook[document].issued,
            Clock::On(day) => day,
            Clock::First(transfer) => first_day(self.rulebook, transfer),
        }
    }

    /// The locality at which a site is read; of a unit the first in it.
    pub(super) fn locality(&self, site: Site, day: Date) -> Option<LocalityId> {
        match site {
            Site::Nowhere => None,
            Site::Role(role) => self.of_role(role),
            Site::Unit(unit) => self.rulebook.register.localities_of_unit(unit, day).first().copied(),
        }
    }

    fn of_role(&self, role: RoleId) -> Option<LocalityId> {
        let index = self.frame.roles.iter().position(|own| *own == role)?;
        self.frame.classes.get(*self.classes.get(index)?).map(|class| class.representative)
    }

    /// Inside the issuer's territory on the day of issue, and in one of the provision's places.
    pub(super) fn in_scope(&self, id: ProvisionId, site: Site, clock: Clock) -> bool {
        let provision = &self.rulebook[id];
        let day = self.date(clock);
        let place = self.locality(site, day);
        let document = &self.rulebook[self.rulebook[provision.text].enacted_by];
        let at_home = document
            .issuer
            .unit
            .is_none_or(|unit| place.is_some_and(|place| is_in(&self.rulebook.register, place, unit, document.issued)));
        at_home && self.in_one_of(&provision.scopes, place, day)
    }

    /// In one of these places; in none of none.
    pub(super) fn in_one_of(&self, scopes: &[Scope], place: Option<LocalityId>, day: Date) -> bool {
        if scopes.is_empty() {
            return true;
        }
        scopes.iter().any(|scope| {
            let place = scope.role.map_or(place, |role| self.of_role(role));
            place.is_some_and(|place| lies_in(self.rulebook, scope, place, day))
        })
    }

    fn unit_of(&self, place: LocalityId, level: LevelId, day: Date) -> Option<UnitId> {
        unit_of(&self.rulebook.register, place, level, day)
    }

    pub(super) fn unit_there(&self, level: LevelId, site: Site, clock: Clock) -> bool {
        let day = self.date(clock);
        self.locality(site, day).is_some_and(|place| self.unit_of(place, level, day).is_some())
    }

    pub(super) fn unit_at(&self, unit: UnitId, level: LevelId, clock: Clock) -> bool {
        self.rulebook
            .register
            .row_of(unit, self.date(clock))
            .is_some_and(|row| self.rulebook.register.row(row).level == level)
    }

    /// The row in which a seat lies.
    fn row_of(&self, at: SeatAt, day: Date) -> Option<RowId> {
        match at {
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } => None,
            SeatAt::Level { level, role } | SeatAt::Others { level, role } => {
                self.of_role(role).and_then(|place| self.rulebook.register.ancestor(place, level, day))
            }
            SeatAt::Unit(unit) => self.rulebook.register.row_of(unit, day),
        }
    }

    pub(super) fn same_unit(&self, a: SeatAt, b: SeatAt, clock: Clock) -> Result<bool, Unsettled> {
        if let (SeatAt::Level { level, role }, SeatAt::Level { level: other_level, role: other }) = (a, b)
            && role != other
        {
            return if level == other_level { self.together(level, (role, other), clock) } else { Ok(false) };
        }
        let day = self.date(clock);
        let unit = |at: SeatAt| match at {
            SeatAt::Unit(unit) => Some(unit),
            SeatAt::Level { .. }
            | SeatAt::Nowhere
            | SeatAt::Here { .. }
            | SeatAt::Any { .. }
            | SeatAt::Others { .. } => self.row_of(at, day).map(|row| self.rulebook.register.row(row).unit),
        };
        Ok(unit(a).is_some() && unit(a) == unit(b))
    }

    pub(super) fn under(&self, own: SeatAt, giver: SeatAt, clock: Clock) -> Result<bool, Unsettled> {
        let day = self.date(clock);
        let (Some(row), Some(above)) = (self.row_of(own, day), self.row_of(giver, day)) else { return Ok(true) };
        if let (SeatAt::Level { level, role }, SeatAt::Level { level: givers, role: other }) = (own, giver)
            && role != other
        {
            // Units nest: one lies under the other when both places lie in the upper one.
            return if level < givers { Ok(false) } else { self.together(givers, (role, other), clock) };
        }
        Ok(row == above || self.rulebook.register.chain_of_parents(row, day).contains(&above))
    }

    /// Whether the places of two roles lie in one unit of a level: known where sentences name the unit, else to be settled.
    fn together(&self, level: LevelId, (a, b): (RoleId, RoleId), clock: Clock) -> Result<bool, Unsettled> {
        let day = self.date(clock);
        let index = |role: RoleId| self.frame.roles.iter().position(|own| *own == role);
        let (Some(i), Some(j)) = (index(a), index(b)) else { return Ok(false) };
        let named = |index: usize| {
            let class = self.frame.classes.get(*self.classes.get(index)?)?;
            class.unit_on(level, day)
        };
        let (Some(one), Some(other)) = (named(i), named(j)) else { return Ok(false) };
        if one.is_some() || other.is_some() {
            return Ok(one == other);
        }
        let on = if clock == Clock::Now { None } else { Some(day) };
        let pattern = Pattern { level, roles: (i.min(j), i.max(j)), on };
        let number = self.number(pattern);
        match self.patterns.get(number).copied().flatten() {
            Some(together) => Ok(together),
            None => Err(Unsettled::Pattern(number)),
        }
    }

    /// There is a place of this role.
    pub(super) fn placed(&self, role: RoleId) -> bool {
        self.of_role(role).is_some()
    }

    /// Whether the case spans several units of a level, at the place of a role. What spans units of an upper level spans
    /// those of a lower one too.
    pub(super) fn spans(&self, role: RoleId, level: LevelId, day: Date) -> Result<bool, Unsettled> {
        let Some(index) = self.frame.roles.iter().position(|own| *own == role) else { return Ok(false) };
        if self.of_role(role).is_none_or(|place| self.unit_of(place, level, day).is_none()) {
            return Ok(false);
        }
        let pattern = Pattern { level, roles: (index, index), on: None };
        let number = self.number(pattern);
        if let Some(together) = self.patterns.get(number).copied().flatten() {
            return Ok(!together);
        }
        let seen = self.seen.borrow();
        let known = seen.iter().zip(&self.patterns).filter(|(other, _)| other.roles == pattern.roles);
        for (other, together) in known {
            match together {
                Some(false) if other.level < level => return Ok(true),
                Some(true) if other.level > level => return Ok(false),
                Some(_) | None => {}
            }
        }
        Err(Unsettled::Pattern(number))
    }

    /// The number of a pattern, which is new or known.
    fn number(&self, pattern: Pattern) -> usize {
        let mut patterns = self.seen.borrow_mut();
        if let Some(known) = patterns.iter().position(|own| *own == pattern) {
            return known;
        }
        patterns.push(pattern);
        patterns.len() - 1
    }
}

/// Whether a place lies in a scope, whose role is not looked at.
pub(super) fn lies_in(rulebook: &Rulebook, scope: &Scope, place: LocalityId, day: Date) -> bool {
    let register = &rulebook.register;
    let here = scope.unit.is_none_or(|unit| is_in(register, place, unit, scope.former.unwrap_or(day)));
    here && scope.of_type.as_ref().is_none_or(|kind| is_in_type(rulebook, place, kind, day))
}

fn is_in(register: &Register, place: LocalityId, unit: UnitId, day: Date) -> bool {
    let Some(level) = register.rows_of(unit).first().map(|row| register.row(*row).level) else { return false };
    unit_of(register, place, level, day) == Some(unit)
}

fn is_in_type(rulebook: &Rulebook, place: LocalityId, kind: &str, day: Date) -> bool {
    let register = &rulebook.register;
    let levels = (0..rulebook.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId);
    let rows = levels.filter_map(|level| register.ancestor(place, level, day));
    rows.map(|row| crate::text::name_fold(&register.row(row).kind)).any(|own| own == kind)
}

fn unit_of(register: &Register, place: LocalityId, level: LevelId, day: Date) -> Option<UnitId> {
    register.ancestor(place, level, day).map(|row| register.row(row).unit)
}

/// A unit of the level exists on the day, wherever.
pub(super) fn any_unit(register: &Register, level: LevelId, day: Date) -> bool {
    register.rows_on(day).any(|row| register.row(row).level == level)
}

/// The first day of a transfer: the later of its issue and its start.
pub(super) fn first_day(rulebook: &Rulebook, transfer: ProvisionId) -> Date {
    let issued = rulebook.issued(transfer);
    rulebook.start(transfer).map_or(issued, |start| start.max(issued))
}
