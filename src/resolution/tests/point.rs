//! A dossier that answers for one point, straight from rulebook and register. Knows nothing of law.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::reference::{Case, Cell, Support};
use crate::register::{LevelId, LocalityId, RowId, UnitId};
use crate::resolution::{Clock, Derived, Dossier, Query, Site};
use crate::rulebook::{
    Cases, CasesKind, Clause, Comparison, Condition, Direction, Extreme, FactId, Predicate, ProvisionId, ReadingId,
    RoleId, Rulebook, Scope, SeatAt, Statement, Test, Value,
};

const NOWHERE: LocalityId = LocalityId::NOWHERE;

/// One point.
pub(super) struct Point<'a> {
    rules: &'a Rulebook,
    day: Date,
    /// Of roles of which there is a place.
    places: BTreeMap<RoleId, LocalityId>,
    /// The highest level of which the case spans several units.
    spans: BTreeMap<RoleId, LevelId>,
    pub(super) values: BTreeMap<FactId, Value>,
    readings: BTreeMap<ReadingId, u8>,
}

impl<'a> Point<'a> {
    /// Of each gap between constants the point takes one value.
    pub(super) fn new(support: &Support<'a>, case: &Case) -> Self {
        let value = |(fact, cells): (&FactId, &Vec<u16>)| {
            (*fact, representative(&support.grid.cells(*fact)[usize::from(cells[0])]))
        };
        let reading = |(reading, option): (&ReadingId, &Option<u8>)| (*reading, option.expect("an option is taken"));
        let roles = support.roles.iter().copied();
        Self {
            rules: support.rulebook,
            day: case.day,
            places: roles.clone().zip(case.places.iter().copied()).filter(|(_, place)| *place != NOWHERE).collect(),
            spans: roles.zip(&case.spans).filter_map(|(role, level)| level.map(|level| (role, level))).collect(),
            values: support.facts.iter().zip(&case.facts).map(value).collect(),
            readings: support.readings.iter().zip(&case.readings).map(reading).collect(),
        }
    }

    fn clock(&self, clock: Clock) -> Date {
        match clock {
            Clock::Now => self.day,
            Clock::Issued(document) => self.rules[document].issued,
            Clock::On(day) => day,
            Clock::First(transfer) => self.first_day(transfer),
        }
    }

    fn first_day(&self, transfer: ProvisionId) -> Date {
        let issued = self.rules.issued(transfer);
        self.rules.start(transfer).map_or(issued, |start| start.max(issued))
    }

    fn place(&self, site: Site, clock: Clock) -> Option<LocalityId> {
        match site {
            Site::Nowhere => None,
            Site::Role(role) => self.places.get(&role).copied(),
            Site::Unit(unit) => {
                let row = self.row_of(unit, clock)?;
                self.rules.register.localities_of(row, self.clock(clock)).first().copied()
            }
        }
    }

    fn row_of(&self, unit: UnitId, clock: Clock) -> Option<RowId> {
        let register = &self.rules.register;
        register.rows_of(unit).iter().copied().find(|row| register.row(*row).holds_on(self.clock(clock)))
    }

    fn row_at(&self, at: SeatAt, clock: Clock) -> Option<RowId> {
        match at {
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Others { .. } => None,
            SeatAt::Level { level, role } => {
                self.rules.register.ancestor(*self.places.get(&role)?, level, self.clock(clock))
            }
            SeatAt::Unit(unit) => self.row_of(unit, clock),
        }
    }

    fn unit_at(&self, at: SeatAt, clock: Clock) -> Option<UnitId> {
        if let SeatAt::Unit(unit) = at {
            return Some(unit);
        }
        self.row_at(at, clock).map(|row| self.rules.register.row(row).unit)
    }

    fn lies_in(&self, unit: UnitId, place: LocalityId, day: Date) -> bool {
        let register = &self.rules.register;
        let levels = (0..self.rules.levels.len()).map(|level| LevelId(u8::try_from(level).expect("few levels")));
        let mut above = levels.filter_map(|level| register.ancestor(place, level, day));
        above.any(|row| register.row(row).unit == unit)
    }

    fn within(&self, scopes: &[Scope], place: Option<LocalityId>, day: Date) -> bool {
        let register = &self.rules.register;
        let of_type = |place: LocalityId, wanted: &str| {
            (0..self.rules.levels.len()).any(|level| {
                let level = LevelId(u8::try_from(level).expect("few levels"));
                let row = register.ancestor(place, level, day);
                row.is_some_and(|row| crate::text::name_fold(&register.row(row).kind) == wanted)
            })
        };
        let one = |scope: &Scope, place: LocalityId| {
            scope.unit.is_none_or(|unit| self.lies_in(unit, place, scope.former.unwrap_or(day)))
                && scope.of_type.as_ref().is_none_or(|wanted| of_type(place, wanted))
        };
        let of = |scope: &Scope| scope.role.map_or(place, |role| self.places.get(&role).copied());
        scopes.is_empty() || scopes.iter().any(|scope| of(scope).is_some_and(|place| one(scope, place)))
    }

    fn in_scope(&self, provision: ProvisionId, site: Site, clock: Clock) -> bool {
        let place = self.place(site, clock);
        let document = &self.rules[self.rules[self.rules[provision].text].enacted_by];
        let territory = document
            .issuer
            .unit
            .is_none_or(|unit| place.is_some_and(|place| self.lies_in(unit, place, document.issued)));
        territory && self.within(&self.rules[provision].scopes, place, self.clock(clock))
    }

    fn terms(&self, provision: ProvisionId, place: Option<LocalityId>, day: Date, derived: &Derived) -> bool {
        let said = &self.rules[provision];
        said.condition.as_ref().is_none_or(|condition| self.condition(condition, day, derived))
            && said.cases.iter().all(|cases| self.cases(cases, place, day, derived))
    }

    fn cases(&self, cases: &Cases, place: Option<LocalityId>, day: Date, derived: &Derived) -> bool {
        let any = cases.of.iter().any(|cited| {
            self.within(&self.rules[*cited].scopes, place, day) && self.terms(*cited, place, day, derived)
        });
        match cases.kind {
            CasesKind::In => any,
            CasesKind::Except | CasesKind::AllOther => !any,
        }
    }

    fn condition(&self, condition: &Condition, day: Date, derived: &Derived) -> bool {
        condition.clauses.iter().all(|clause| match clause {
            Clause::Test(test) => self.test(test, day, derived),
            Clause::AnyOf(lines) => lines.iter().any(|line| line.iter().all(|test| self.test(test, day, derived))),
        })
    }

    fn test(&self, test: &Test, day: Date, derived: &Derived) -> bool {
        match test {
            Test::Fact { fact, predicate } => {
                let given = derived.facts.iter().find(|(own, _)| own == fact).map(|(_, value)| value);
                given.or_else(|| self.values.get(fact)).is_some_and(|value| satisfies(value, predicate))
            }
            Test::Limit { fact, by, with, share, table } => {
                let given = derived.facts.iter().find(|(own, _)| own == by).map(|(_, value)| value);
                let Some(Value::One(value)) = given.or_else(|| self.values.get(by)) else { return false };
                let stated = derived.limit(self.rules, *table, *value);
                stated.zip(self.values.get(fact)).is_some_and(|(limit, own)| {
                    satisfies(own, &Predicate::Compare { with: *with, value: Value::Number(limit * *share) })
                })
            }
            Test::Spans { role, level, several } => self.spans(*role, *level, day) == *several,
            Test::HasPlace { role, there } => self.places.contains_key(role) == *there,
        }
    }

    fn spans(&self, role: RoleId, level: LevelId, day: Date) -> bool {
        let place = self.places.get(&role);
        place.is_some_and(|place| self.rules.register.ancestor(*place, level, day).is_some())
            && self.spans.get(&role).is_some_and(|highest| *highest <= level)
    }

    fn covered(&self, task: crate::rulebook::TaskId, site: Site, clock: Clock) -> bool {
        let (place, day) = (self.place(site, clock), self.clock(clock));
        let own = &self.rules[task].covered;
        let cover = &self.rules.cover;
        let holds = |line: &crate::rulebook::Cover| {
            line.days.contains(day) && (place.is_none() || self.within(&line.scopes, place, day))
        };
        place.is_some() && self.rules[task].covered_in.iter().any(holds)
            || (own.is_empty() || own.iter().any(|days| days.contains(day)))
                && (cover.is_empty() || cover.iter().any(holds))
    }

    fn answer(&self, query: &Query) -> bool {
        let rules = self.rules;
        match query {
            Query::Begun(id, clock) => rules.start(*id).is_none_or(|start| start <= self.clock(*clock)),
            Query::OwnDays(id, clock) => rules[*id].days.contains(self.clock(*clock)),
            Query::Term(document, clock) => {
                rules[*document].in_force.iter().any(|days| days.contains(self.clock(*clock)))
            }
            Query::Extends(id, clock) => {
                matches!(rules[*id].statement, Statement::Extends { before, .. } if self.clock(*clock) < before)
            }
            Query::Scope(id, site, clock) => self.in_scope(*id, *site, *clock),
            Query::Terms(id, site, clock, derived) => {
                self.terms(*id, self.place(*site, *clock), self.clock(*clock), derived)
            }
            Query::Impossible(task, index, derived) => {
                self.condition(&rules[*task].impossible[*index], self.day, derived)
            }
            Query::Open(task, index, clock, derived) => {
                self.condition(&rules[*task].open[*index], self.clock(*clock), derived)
            }
            Query::Is(fact, value) => self.values.get(fact) == Some(value),
            Query::Reading(reading, option) => self.readings.get(reading) == Some(option),
            Query::Covered(task, site, clock) => self.covered(*task, *site, *clock),
            Query::BodyDays(body, clock) => rules[*body].days.contains(self.clock(*clock)),
            Query::UnitThere(level, site, clock) => {
                let place = self.place(*site, *clock);
                place.is_some_and(|place| rules.register.ancestor(place, *level, self.clock(*clock)).is_some())
            }
            Query::UnitAt(unit, level, clock) => {
                self.row_of(*unit, *clock).is_some_and(|row| rules.register.row(row).level == *level)
            }
            Query::SameUnit(a, b, clock) => {
                let (a, b) = (self.unit_at(*a, *clock), self.unit_at(*b, *clock));
                a.is_some() && a == b
            }
            Query::Under(low, high, clock) => match (self.row_at(*low, *clock), self.row_at(*high, *clock)) {
                (Some(low), Some(high)) => {
                    low == high || rules.register.chain_of_parents(low, self.clock(*clock)).contains(&high)
                }
                (None, _) | (_, None) => true,
            },
            Query::Placed(role) => self.places.contains_key(role),
            Query::Spans(role, level, clock) => self.spans(*role, *level, self.clock(*clock)),
            Query::AnyUnit(level, clock) => {
                let mut rows = rules.register.rows_on(self.clock(*clock));
                rows.any(|row| rules.register.row(row).level == *level)
            }
            Query::Past(id, clock) => self.first_day(*id) < self.clock(*clock),
        }
    }
}

impl Dossier for Point<'_> {
    type Unsettled = std::convert::Infallible;

    fn ask(&self, query: &Query) -> Result<bool, Self::Unsettled> {
        Ok(self.answer(query))
    }
}

/// One value of a cell.
fn representative(cell: &Cell) -> Value {
    match cell {
        Cell::Value(value) => value.clone(),
        Cell::Gap(Some(Value::Number(low)), Some(Value::Number(high))) => {
            // A whole number where there is one: facts of whole numbers have no other gaps.
            let next = low.floor() + Decimal::ONE;
            Value::Number(if next < *high { next } else { (*low + *high) / Decimal::TWO })
        }
        Cell::Gap(Some(Value::Number(low)), _) => Value::Number(low.floor() + Decimal::ONE),
        Cell::Gap(_, Some(Value::Number(high))) => Value::Number(high.ceil() - Decimal::ONE),
        Cell::Gap(Some(Value::Date(low)), _) => Value::Date(low.tomorrow().expect("a day")),
        Cell::Gap(_, Some(Value::Date(high))) => Value::Date(high.yesterday().expect("a day")),
        Cell::Gap(..) => Value::Number(Decimal::ZERO),
    }
}

fn satisfies(value: &Value, predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Holds(wanted) => *value == Value::Boolean(*wanted),
        Predicate::Among { not, values } => {
            let one = |wanted: &Value| match (value, wanted) {
                (Value::Many(own), Value::One(wanted)) => own.contains(wanted),
                (own, wanted) => own == wanted,
            };
            *not != values.iter().any(one)
        }
        Predicate::Ranked { or, value: than } => {
            let ranks = |own: &u8| match or {
                Direction::Below => own >= than,
                Direction::Above => own <= than,
            };
            match value {
                Value::One(own) => ranks(own),
                Value::Many(own) => own.iter().any(ranks),
                Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::Level(_) => false,
            }
        }
        Predicate::Extreme { which, is } => {
            let Value::Many(own) = value else { return false };
            let one = match which {
                Extreme::Highest => own.first(),
                Extreme::Lowest => own.last(),
            };
            one.is_some_and(|one| satisfies(&Value::One(*one), is))
        }
        Predicate::Compare { with, value: constant } => match with {
            Comparison::Less => value < constant,
            Comparison::AtMost => value <= constant,
            Comparison::Equal => value == constant,
            Comparison::AtLeast => value >= constant,
            Comparison::Greater => value > constant,
        },
    }
}
