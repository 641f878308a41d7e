//! What of one rulebook is what of another: things of the same id, units of the same code that begin on the same day, places
//! that have lain in the same units. Numbers are each rulebook's own; only names are common to two.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    BodyId, Domain, FactId, Handling, Names, ReadingId, RoleId, Rulebook, Seat, SeatAt, TaskId, TextId, Value,
};
use crate::register::{LevelId, LocalityId, Register, RowId, UnitId};

/// A thing of the old rulebook by its number in the new one, or, where the new one has none, by its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Twin<T> {
    Of(T),
    Only(T),
}

/// Two rulebooks, the old one seen from the new one.
#[derive(Debug)]
pub struct Counterparts<'a> {
    pub old: &'a Rulebook,
    pub new: &'a Rulebook,
    levels: Vec<Option<LevelId>>,
    bodies: Vec<Option<BodyId>>,
    roles: Vec<Option<RoleId>>,
    facts: Vec<Option<FactId>>,
    units: Vec<Option<UnitId>>,
    /// For each of the new register's places the old one's.
    places: Vec<Option<LocalityId>>,
}

/// Where a place has lain: the lowest units by code and first day.
type Lain<'a> = Vec<(&'a str, Date)>;

fn by_id<'a, I>(
    old: impl Iterator<Item = &'a Names>,
    new: impl Iterator<Item = &'a Names>,
    ids: impl Iterator<Item = I>,
) -> Vec<Option<I>>
where
    I: Copy,
{
    let known: BTreeMap<&str, I> = new.map(|names| names.id.as_str()).zip(ids).collect();
    old.map(|names| known.get(names.id.as_str()).copied()).collect()
}

impl<'a> Counterparts<'a> {
    #[must_use]
    pub fn new(old: &'a Rulebook, new: &'a Rulebook) -> Self {
        let facts =
            by_id(old.facts.iter().map(|fact| &fact.names), new.facts.iter().map(|fact| &fact.names), ids(FactId));
        Self {
            old,
            new,
            levels: by_id(
                old.levels.iter().map(|level| &level.names),
                new.levels.iter().map(|level| &level.names),
                (0..).map(LevelId),
            ),
            bodies: by_id(
                old.bodies.iter().map(|body| &body.names),
                new.bodies.iter().map(|body| &body.names),
                ids(BodyId),
            ),
            roles: by_id(
                old.roles.iter().map(|role| &role.names),
                new.roles.iter().map(|role| &role.names),
                ids(RoleId),
            ),
            facts,
            units: units(&old.register, &new.register),
            places: places(&old.register, &new.register),
        }
    }

    /// The old rulebook's task of the same id.
    #[must_use]
    pub fn old_task(&self, task: TaskId) -> Option<TaskId> {
        let id = &self.new[task].names.id;
        self.old.task_ids().find(|own| self.old[*own].names.id == *id)
    }

    #[must_use]
    pub fn old_place(&self, place: LocalityId) -> Option<LocalityId> {
        if place == LocalityId::NOWHERE {
            return Some(place);
        }
        self.places.get(place.index()).copied().flatten()
    }

    #[must_use]
    pub fn level(&self, level: LevelId) -> Option<LevelId> {
        self.levels.get(usize::from(level.0)).copied().flatten()
    }

    #[must_use]
    pub fn role(&self, role: RoleId) -> Option<RoleId> {
        number(&self.roles, role.0)
    }

    /// The new rulebook's fact of the same id, where every value of the old one is a value of it.
    #[must_use]
    pub fn fact(&self, fact: FactId) -> Option<FactId> {
        let own = number(&self.facts, fact.0)?;
        let within = |old: &[Names], new: &[Names]| old.iter().all(|one| new.iter().any(|other| other.id == one.id));
        let same = match (&self.old[fact].domain, &self.new[own].domain) {
            (Domain::Boolean, Domain::Boolean) | (Domain::Date, Domain::Date) => true,
            (Domain::One { values: old, .. }, Domain::One { values: new, .. })
            | (Domain::Many { values: old, .. }, Domain::Many { values: new, .. }) => within(old, new),
            (Domain::Number { unit: old, .. }, Domain::Number { unit: new, .. }) => old == new,
            (Domain::LevelOrNone, Domain::LevelOrNone) => self.levels.iter().all(Option::is_some),
            _ => false,
        };
        same.then_some(own)
    }

    /// A value of a fact of the new rulebook as one of its counterpart; `None` where that has no such value.
    #[must_use]
    pub fn old_value(&self, (old, new): (FactId, FactId), value: &Value) -> Option<Value> {
        let one = |index: u8| {
            let (Domain::One { values: own, .. } | Domain::Many { values: own, .. }) = &self.new[new].domain else {
                return None;
            };
            let (Domain::One { values, .. } | Domain::Many { values, .. }) = &self.old[old].domain else { return None };
            let id = &own.get(usize::from(index))?.id;
            u8::try_from(values.iter().position(|value| value.id == *id)?).ok()
        };
        Some(match value {
            Value::One(index) => Value::One(one(*index)?),
            Value::Many(set) => Value::Many(set.iter().map(|index| one(*index)).collect::<Option<_>>()?),
            Value::Level(Some(level)) => {
                let old = self.levels.iter().position(|new| *new == Some(*level))?;
                Value::Level(Some(LevelId(u8::try_from(old).ok()?)))
            }
            Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::Level(None) => value.clone(),
        })
    }

    /// The old rulebook's text with several readings at the same address of the same document, with the same options.
    #[must_use]
    pub fn old_reading(&self, reading: ReadingId) -> Option<ReadingId> {
        let own = &self.new[reading];
        let same = |(old, _): &(ReadingId, &super::Reading)| {
            self.old[*old].options == own.options && cited(self.old, self.old[*old].text) == cited(self.new, own.text)
        };
        ids(ReadingId).zip(&self.old.readings).find(same).map(|(old, _)| old)
    }

    /// A seat of the old rulebook.
    #[must_use]
    pub fn seat(&self, seat: Seat) -> Twin<Seat> {
        let at = || {
            Some(match seat.at {
                SeatAt::Nowhere => SeatAt::Nowhere,
                SeatAt::Level { level, role } => SeatAt::Level { level: self.level(level)?, role: self.role(role)? },
                SeatAt::Here { level } => SeatAt::Here { level: self.level(level)? },
                SeatAt::Any { level } => SeatAt::Any { level: self.level(level)? },
                SeatAt::Others { level, role } => SeatAt::Others { level: self.level(level)?, role: self.role(role)? },
                SeatAt::Unit(unit) => SeatAt::Unit(self.unit(unit)?),
            })
        };
        let twin = number(&self.bodies, seat.body.0).zip(at()).map(|(body, at)| Seat { body, at });
        twin.map_or(Twin::Only(seat), Twin::Of)
    }

    /// How a task is handled by the old rulebook.
    #[must_use]
    pub fn handling(&self, handling: &Handling) -> Handling<Twin<Seat>> {
        handling.map(|seat| self.seat(*seat))
    }

    fn unit(&self, unit: UnitId) -> Option<UnitId> {
        self.units.get(unit.index()).copied().flatten()
    }
}

/// How a text is cited, which two rulebooks have in common: the document's number and the address.
#[must_use]
pub fn cited(rulebook: &Rulebook, text: TextId) -> (String, super::Address) {
    let text = &rulebook[text];
    (rulebook[text.document].number.clone(), text.address.clone())
}

fn ids<I>(id: fn(u32) -> I) -> impl Iterator<Item = I> {
    (0..).map(id)
}

fn number<I: Copy>(table: &[Option<I>], id: u32) -> Option<I> {
    usize::try_from(id).ok().and_then(|index| table.get(index)).copied().flatten()
}

fn units(old: &Register, new: &Register) -> Vec<Option<UnitId>> {
    let key = |register: &Register, unit: UnitId| (register.unit(unit).code.clone(), register.unit(unit).from);
    let known: BTreeMap<(String, Date), UnitId> = new.units().map(|unit| (key(new, unit), unit)).collect();
    old.units().map(|unit| known.get(&key(old, unit)).copied()).collect()
}

/// For each new place the old one that has lain in the same units, or in the same for longest.
fn places(old: &Register, new: &Register) -> Vec<Option<LocalityId>> {
    let mut of_first: BTreeMap<(&str, Date), Vec<(Lain<'_>, LocalityId)>> = BTreeMap::new();
    for place in old.localities() {
        let lain = lain(old, place);
        if let Some(first) = lain.first().copied() {
            of_first.entry(first).or_default().push((lain, place));
        }
    }
    let common = |one: &Lain<'_>, other: &Lain<'_>| one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let nearest = |place: LocalityId| {
        let own = lain(new, place);
        let alike = of_first.get(own.first()?)?;
        let exact = alike.iter().find(|(lain, _)| *lain == own);
        let near = || alike.iter().rev().max_by_key(|(lain, _)| common(lain, &own));
        exact.or_else(near).map(|(_, place)| *place)
    };
    new.localities().map(nearest).collect()
}

fn lain(register: &Register, place: LocalityId) -> Lain<'_> {
    let days = std::iter::once(Date::MIN).chain(register.change_days_of(place));
    let mut rows: Vec<RowId> = days.filter_map(|day| register.lowest(place, day)).collect();
    rows.dedup();
    rows.into_iter().map(|row| register.row(row)).map(|row| (row.code.as_str(), row.from)).collect()
}
