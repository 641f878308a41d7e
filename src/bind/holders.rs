//! Holders: from `UBND at district` to a seat, a pattern of seats, an issuer or an expected holder.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::diagnostic::{Binding, Limit, Named, Noun};
use crate::register::{LevelId, UnitId};
use crate::rulebook::{
    Body, BodyId, BodyPattern, ExpectedHolder, Issuer, LevelPattern, RoleId, Seat, SeatAt, SeatPattern, TaskId,
};
use crate::source::Span;
use crate::syntax::tree::{self, Holder, Name};

use super::catalogue::{Catalogue, Spelled, number};
use super::places::Places;
use super::problems::Problems;

/// Where a holder is read: what names mean, and the days against which units are looked up.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) catalogue: &'a Catalogue<'a>,
    pub(super) places: &'a Places,
    pub(super) days: &'a [Date],
}

/// The task whose places a seat may stand at.
#[derive(Clone, Copy)]
pub(super) struct OfTask<'a> {
    pub(super) task: TaskId,
    pub(super) roles: &'a [RoleId],
}

impl Reader<'_> {
    /// One body: its own name, or the one that heads what `head of` names.
    fn one_body(&self, name: &Name, problems: &mut Problems) -> Option<BodyId> {
        let of = match self.catalogue.spelled(name, problems)? {
            Spelled::Body(body) => {
                if self.catalogue.the_body(body)?.is_class {
                    problems.add(Binding::ClassAsHolder { name: name.value.clone() }, name.span);
                    return None;
                }
                return Some(body);
            }
            Spelled::HeadOf(of) => of,
        };
        if self.catalogue.the_body(of)?.is_class {
            problems.add(Binding::ClassAsHolder { name: name.value.clone() }, name.span);
            return None;
        }
        let heads: Vec<(usize, &Body)> =
            self.catalogue.bodies.iter().enumerate().filter(|(_, body)| body.heads == Some(of)).collect();
        match heads.as_slice() {
            [(at, _)] => Some(BodyId(number(*at))),
            [] => {
                problems.add(Binding::NobodyHeads { name: self.catalogue.body_id_text(of) }, name.span);
                None
            }
            several => {
                let candidates = several.iter().map(|(_, body)| body.names.id.clone()).collect();
                let problem = Binding::AmbiguousName { noun: Noun::Body, name: name.value.clone(), candidates };
                problems.add(problem, name.span);
                None
            }
        }
    }

    fn level_texts(&self, levels: &BTreeSet<LevelId>) -> Vec<Named> {
        levels.iter().map(|level| self.catalogue.level_named(*level)).collect()
    }

    /// Checks that a body is declared at a level.
    pub(super) fn at_level(
        &self,
        body: BodyId,
        level: LevelId,
        span: Span,
        problems: &mut Problems,
    ) -> Option<LevelId> {
        let levels = &self.catalogue.the_body(body)?.levels;
        if levels.contains(&level) {
            return Some(level);
        }
        let problem = Binding::WrongLevel {
            body: self.catalogue.body_named(body),
            level: self.catalogue.level_named(level),
            levels: self.level_texts(levels),
        };
        problems.add(problem, span);
        None
    }

    fn unit_of(&self, body: BodyId, scope: &tree::Scope, problems: &mut Problems) -> Option<UnitId> {
        if let Some(of_type) = &scope.of_type {
            problems.add(Binding::MisplacedLimit { limit: Limit::OfType }, of_type.span);
            return None;
        }
        let unit = self.places.unit(scope.unit.as_ref()?, self.days, self.catalogue, problems)?;
        self.at_level(body, self.places.level(unit)?, scope.span, problems)?;
        Some(unit)
    }

    /// The only level of a body that has one, `None` of one that has none, a problem for several.
    fn only_level(&self, body: BodyId, span: Span, problems: &mut Problems) -> Option<Option<LevelId>> {
        let levels = &self.catalogue.the_body(body)?.levels;
        match (levels.first(), levels.len()) {
            (first, 0 | 1) => Some(first.copied()),
            _ => {
                let body = self.catalogue.body_named(body);
                problems.add(Binding::MissingLevel { body, levels: self.level_texts(levels) }, span);
                None
            }
        }
    }

    pub(super) fn seat(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<Seat> {
        let body = self.one_body(&holder.body, problems)?;
        let level = match &holder.seat {
            tree::SeatAt::Unsaid => self.only_level(body, holder.span, problems)?,
            tree::SeatAt::Level(name) => {
                Some(self.at_level(body, self.catalogue.level(name, problems)?, name.span, problems)?)
            }
            tree::SeatAt::Unit(scope) => {
                let unit = self.unit_of(body, scope, problems)?;
                Self::no_role(holder, problems)?;
                return Some(Seat { body, at: SeatAt::Unit(unit) });
            }
            tree::SeatAt::SameLevel | tree::SeatAt::NextLower | tree::SeatAt::AnyLower => {
                problems.add(Binding::RelativeSeat { written: holder.body.value.clone() }, holder.span);
                return None;
            }
        };
        let Some(level) = level else {
            Self::no_role(holder, problems)?;
            return Some(Seat { body, at: SeatAt::Nowhere });
        };
        let role = self.role_of(holder, of, problems)?;
        Some(Seat { body, at: SeatAt::Level { level, role } })
    }

    fn no_role(holder: &Holder, problems: &mut Problems) -> Option<()> {
        match &holder.role {
            Some(role) => {
                problems.add(Binding::MisplacedLimit { limit: Limit::Place }, role.span);
                None
            }
            None => Some(()),
        }
    }

    fn role_of(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<RoleId> {
        let task = || self.catalogue.task_id_text(of.task);
        match &holder.role {
            Some(name) => {
                let role = self.catalogue.role(name, problems)?;
                if of.roles.contains(&role) {
                    return Some(role);
                }
                let place = self.catalogue.role_id_text(role);
                problems.add(Binding::PlaceNotOfTask { place, task: task() }, name.span);
                None
            }
            None => {
                let first = of.roles.first().copied();
                if first.is_none() {
                    problems.add(Binding::TaskWithoutPlace { task: task() }, holder.span);
                }
                first
            }
        }
    }

    pub(super) fn pattern(&self, holder: &Holder, problems: &mut Problems) -> Option<SeatPattern> {
        let spelled = self.catalogue.spelled(&holder.body, problems)?;
        Self::no_role(holder, problems)?;
        let (body, pattern) = match spelled {
            Spelled::Body(body) => (body, BodyPattern::Is(body)),
            Spelled::HeadOf(of) => (of, BodyPattern::HeadOf(of)),
        };
        let declared = self.catalogue.the_body(body)?;
        let check = !declared.is_class && !declared.levels.is_empty();
        let level = match &holder.seat {
            tree::SeatAt::Unsaid => LevelPattern::Any,
            tree::SeatAt::Level(name) => {
                let level = self.catalogue.level(name, problems)?;
                if check {
                    self.at_level(body, level, name.span, problems)?;
                }
                LevelPattern::At(level)
            }
            tree::SeatAt::Unit(scope) if check => LevelPattern::Unit(self.unit_of(body, scope, problems)?),
            tree::SeatAt::Unit(scope) => {
                LevelPattern::Unit(self.places.unit(scope.unit.as_ref()?, self.days, self.catalogue, problems)?)
            }
            tree::SeatAt::SameLevel => LevelPattern::Same,
            tree::SeatAt::NextLower => LevelPattern::NextLower,
            tree::SeatAt::AnyLower => LevelPattern::AnyLower,
        };
        Some(SeatPattern { body: pattern, level })
    }

    pub(super) fn issuer(&self, holder: &Holder, problems: &mut Problems) -> Option<Issuer> {
        let body = self.one_body(&holder.body, problems)?;
        Self::no_role(holder, problems)?;
        match &holder.seat {
            tree::SeatAt::Unit(scope) => Some(Issuer { body, unit: Some(self.unit_of(body, scope, problems)?) }),
            tree::SeatAt::Unsaid if self.catalogue.the_body(body)?.levels.is_empty() => {
                Some(Issuer { body, unit: None })
            }
            tree::SeatAt::Unsaid
            | tree::SeatAt::Level(_)
            | tree::SeatAt::SameLevel
            | tree::SeatAt::NextLower
            | tree::SeatAt::AnyLower => {
                let body = self.catalogue.body_id_text(body);
                problems.add(Binding::IssuerWithoutUnit { body }, holder.span);
                None
            }
        }
    }

    pub(super) fn expected(&self, holder: &Holder, problems: &mut Problems) -> Option<ExpectedHolder> {
        let body = self.one_body(&holder.body, problems)?;
        let levels = &self.catalogue.the_body(body)?.levels;
        match &holder.seat {
            tree::SeatAt::Unsaid => {
                let level = levels.first().copied().filter(|_| levels.len() == 1);
                Some(ExpectedHolder { body, level, unit: None })
            }
            tree::SeatAt::Level(name) => {
                let level = self.at_level(body, self.catalogue.level(name, problems)?, name.span, problems)?;
                Some(ExpectedHolder { body, level: Some(level), unit: None })
            }
            tree::SeatAt::Unit(scope) => {
                let unit = self.unit_of(body, scope, problems)?;
                Some(ExpectedHolder { body, level: self.places.level(unit), unit: Some(unit) })
            }
            tree::SeatAt::SameLevel | tree::SeatAt::NextLower | tree::SeatAt::AnyLower => {
                problems.add(Binding::RelativeSeat { written: holder.body.value.clone() }, holder.span);
                None
            }
        }
    }
}
