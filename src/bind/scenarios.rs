//! Scenarios: the questions that legal staff put to the rules, and what they expect.

use jiff::civil::Date;

use crate::diagnostic::{Binding, Limit, Line};
use crate::rulebook::{Ask, Citation, Expectation, PlaceQuery, Scenario};
use crate::syntax::tree::{self, Address, AddressRef, CitedAddress, ExpectationKind, ScenarioAsk, ScenarioItem};

use super::holders::Reader;
use super::problems::Problems;
use super::provisions::Binder;
use super::typing::Typing;

impl Binder<'_> {
    /// A scenario with any error is left out whole: half of one would expect something else.
    pub(super) fn scenario(self, item: &ScenarioItem, problems: &mut Problems) -> Option<Scenario> {
        if item.damaged {
            return None;
        }
        let before = problems.errors();
        if item.expect.is_empty() {
            let problem = Binding::MissingLine { line: Line::Expectation, of: item.title.value.clone() };
            problems.add(problem, item.title.span);
        }
        let Some(asked) = &item.ask else {
            let problem = Binding::MissingLine { line: Line::Ask, of: item.title.value.clone() };
            problems.add(problem, item.title.span);
            return None;
        };
        let (ask, day) = match asked {
            ScenarioAsk::WhoDecides { on, .. } => (self.who_decides(asked, problems), on.value),
            ScenarioAsk::Exists { body, level, at, on, .. } => {
                let id = self.catalogue.body(body, problems);
                let level = self.catalogue.level(level, problems);
                let at = self.place(at, on.value, problems);
                let ask = id.zip(level).zip(at);
                (ask.map(|((body, level), at)| Ask::Exists { body, level, at, on: on.value }), on.value)
            }
        };
        let exists = matches!(asked, ScenarioAsk::Exists { .. });
        let (mut expect, mut whole) = (Vec::new(), true);
        for expected in &item.expect {
            if exists != matches!(expected.kind, ExpectationKind::Exists(_)) {
                problems.add(Binding::WrongExpectation, expected.span);
                continue;
            }
            // What cites a broken document cannot be bound, and was reported there.
            match self.expectation(&expected.kind, day, problems) {
                Some(kind) => expect.push((kind, expected.span)),
                None => whole = false,
            }
        }
        let scenario = Scenario { title: item.title.value.clone(), ask: ask?, expect, span: item.title.span };
        (whole && problems.errors() == before).then_some(scenario)
    }

    fn who_decides(self, asked: &ScenarioAsk, problems: &mut Problems) -> Option<Ask> {
        let ScenarioAsk::WhoDecides { task, places, without, on, facts, span } = asked else { return None };
        let task = self.catalogue.task(task, problems)?;
        let of = self.tasks.of(task);
        let mut asked_places = Vec::new();
        for (role, scope) in places {
            let role = match role {
                Some(name) => of.role(name, self.catalogue, problems),
                None => {
                    let first = of.roles.first().copied();
                    if first.is_none() {
                        of.lacks_place(*span, self.catalogue, problems);
                    }
                    first
                }
            };
            asked_places.extend(role.zip(self.place(scope, on.value, problems).map(Some)));
        }
        let lacking = without.iter().filter_map(|name| of.optional(name, self.catalogue, problems));
        asked_places.extend(lacking.map(|role| (role, None)));
        let typing = Typing { catalogue: self.catalogue, task: Some(of) };
        let facts = facts.iter().filter_map(|(fact, values)| typing.given(fact, values, problems)).collect();
        Some(Ask::WhoDecides { task, places: asked_places, on: on.value, facts })
    }

    /// A place asked about, which must be found on the day.
    fn place(self, scope: &tree::Scope, day: Date, problems: &mut Problems) -> Option<PlaceQuery> {
        if scope.former {
            problems.add(Binding::MisplacedLimit { limit: Limit::Former }, scope.span);
            return None;
        }
        if scope.of_type.is_some() {
            problems.add(Binding::MisplacedLimit { limit: Limit::OfType }, scope.span);
            return None;
        }
        let unit = scope.unit.as_ref()?;
        self.places.unit(unit, &[day], self.catalogue, problems)?;
        let level_or_type = unit.level_or_type.as_ref().map(|word| word.value.clone());
        Some(PlaceQuery { level_or_type, name: unit.name.value.clone() })
    }

    fn expectation(self, kind: &ExpectationKind, day: Date, problems: &mut Problems) -> Option<Expectation> {
        let days = [day];
        let reader = Reader { catalogue: self.catalogue, places: self.places, days: &days };
        match kind {
            ExpectationKind::Decided { transferred, holder, by } => {
                let holder = reader.expected(holder, problems);
                let by = match by {
                    Some(by) => Some(self.citation(by, problems)?),
                    None => None,
                };
                Some(Expectation::Decided { transferred: *transferred, holder: holder?, by })
            }
            ExpectationKind::Outcome { outcome, between } => {
                let all: Vec<_> = between.iter().map(|holder| reader.expected(holder, problems)).collect();
                Some(Expectation::Outcome { outcome: *outcome, between: all.into_iter().collect::<Option<_>>()? })
            }
            ExpectationKind::Requires { kind, of } => {
                Some(Expectation::Requires { kind: *kind, of: reader.expected(of, problems)? })
            }
            ExpectationKind::RequiresNothing => Some(Expectation::RequiresNothing),
            ExpectationKind::SignedBy(by) => Some(Expectation::SignedBy(reader.expected(by, problems)?)),
            ExpectationKind::SealOf(of) => Some(Expectation::SealOf(reader.expected(of, problems)?)),
            ExpectationKind::Takes(within) => Some(Expectation::Takes(*within)),
            ExpectationKind::Limit(within) => Some(Expectation::Limit(*within)),
            ExpectationKind::Lost(address) => Some(Expectation::Lost(self.citation(address, problems)?)),
            ExpectationKind::Exists(exists) => Some(Expectation::Exists(*exists)),
        }
    }

    fn citation(self, cited: &AddressRef, problems: &mut Problems) -> Option<Citation> {
        let address = match &cited.address {
            CitedAddress::Parts(address) => Some(address.clone()),
            CitedAddress::Whole => Some(Address(Vec::new())),
            CitedAddress::This(_) => None,
        };
        let (Some(reference), Some(address)) = (&cited.document, address) else {
            problems.add(Binding::MissingLine { line: Line::DocumentOfAddress, of: String::new() }, cited.span);
            return None;
        };
        Some(Citation { document: self.documents.find(reference, problems)?, address })
    }
}
