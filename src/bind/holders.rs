//! Holders: from `UBND at district` to a seat, a pattern of seats, an issuer or an expected holder.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::diagnostic::{Binding, Limit, Named, Noun};
use crate::register::{LevelId, UnitId};
use crate::rulebook::{
    Body, BodyId, BodyPattern, Candidate, ExpectedHolder, Issuer, LevelPattern, RoleId, Seat, SeatAt, SeatPattern,
};
use crate::source::Span;
use crate::syntax::tree::{self, Further, Holder, Name, Which};

use super::catalogue::{Catalogue, Spelled, number};
use super::places::Places;
use super::problems::Problems;
use super::tasks::OfTask;

/// Where a holder is read: what names mean, and the days against which units are looked up.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) catalogue: &'a Catalogue<'a>,
    pub(super) places: &'a Places,
    pub(super) days: &'a [Date],
}

/// What a holder is named for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// To decide, to be asked or to step in.
    Standing,
    /// To give or receive what is held, or to take part in handling it.
    Moving,
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

    /// The seat of one who steps in.
    pub(super) fn seat(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<Seat> {
        Self::the_one(holder, &[Which::The], problems)?;
        self.seated(holder, (of, Use::Standing), problems)
    }

    /// The seat of a giver or receiver.
    pub(super) fn moved(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<Seat> {
        Self::the_one(holder, &[Which::The], problems)?;
        self.seated(holder, (of, Use::Moving), problems)
    }

    /// The seat of one who takes part in handling a task; perhaps any of its level.
    pub(super) fn handled(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<Seat> {
        Self::the_one(holder, &[Which::The, Which::Any], problems)?;
        self.seated(holder, (of, Use::Moving), problems)
    }

    /// The seat of one whose approval or the like is required; perhaps of each other unit of its level.
    pub(super) fn required(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<Seat> {
        Self::the_one(holder, &[Which::The, Which::EachOther], problems)?;
        let mut seat = self.seated(holder, (of, Use::Standing), problems)?;
        if holder.which == Which::EachOther {
            let SeatAt::Level { level, role } = seat.at else {
                problems.add(Binding::MisplacedLimit { limit: Limit::EachOther }, holder.span);
                return None;
            };
            seat.at = SeatAt::Others { level, role };
        }
        Some(seat)
    }

    /// The seats that a holder names for deciding: one for each role.
    pub(super) fn candidates(
        &self,
        holder: &Holder,
        of: OfTask<'_>,
        problems: &mut Problems,
    ) -> Option<Vec<Candidate>> {
        Self::the_one(holder, &[Which::The, Which::Any, Which::OneOf], problems)?;
        let seat = self.seated(holder, (of, Use::Standing), problems)?;
        let one_of = holder.which == Which::OneOf;
        if one_of && !matches!(seat.at, SeatAt::Level { .. }) {
            problems.add(Binding::MisplacedLimit { limit: Limit::OneOfSeveral }, holder.span);
            return None;
        }
        let mut candidates = vec![Candidate { seat, lacking: Vec::new(), one_of }];
        let mut before: Vec<&Name> = holder.role.iter().collect();
        let mut lacking = Vec::new();
        for (further, name) in &holder.more {
            if *further == Further::Else {
                lacking = before
                    .iter()
                    .map(|name| of.optional(name, self.catalogue, problems))
                    .collect::<Option<Vec<RoleId>>>()?;
            }
            let (SeatAt::Level { level, .. }, Some(role)) = (seat.at, of.role(name, self.catalogue, problems)) else {
                return None;
            };
            let seat = Seat { at: SeatAt::Level { level, role }, ..seat };
            candidates.push(Candidate { seat, lacking: lacking.clone(), one_of });
            before.push(name);
        }
        Some(candidates)
    }

    /// Refuses what a holder cannot say in its place.
    fn the_one(holder: &Holder, allowed: &[Which], problems: &mut Problems) -> Option<()> {
        let limit = match holder.which {
            which if allowed.contains(&which) => return Some(()),
            Which::EachOther => Limit::EachOther,
            Which::The | Which::Any | Which::OneOf => Limit::OneOfSeveral,
        };
        problems.add(Binding::MisplacedLimit { limit }, holder.span);
        None
    }

    fn seated(&self, holder: &Holder, (of, used): (OfTask<'_>, Use), problems: &mut Problems) -> Option<Seat> {
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
        let at = match (&holder.role, holder.which, of.roles) {
            (_, Which::Any, _) => {
                Self::no_role(holder, problems)?;
                SeatAt::Any { level }
            }
            (Some(name), ..) => SeatAt::Level { level, role: of.role(name, self.catalogue, problems)? },
            // What several places may have is moved where it is held.
            (None, _, [] | [_, _, ..]) if used == Use::Moving => SeatAt::Here { level },
            (None, _, [first, ..]) => SeatAt::Level { level, role: *first },
            (None, _, []) => {
                of.lacks_place(holder.span, self.catalogue, problems);
                return None;
            }
        };
        Some(Seat { body, at })
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
