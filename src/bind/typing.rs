//! Conditions against the domains of their facts: what is asked of a fact must be something that it can be.
//! Knows nothing of provisions.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::diagnostic::{Binding, Limit, Shape};
use crate::rulebook::{Clause, Condition, Domain, FactId, Predicate, Test, Value};
use crate::source::Span;
use crate::syntax::builtin::{NO_LEVEL, YES_NO};
use crate::syntax::tree::{self, Comparison, Literal, Name};

use super::catalogue::Catalogue;
use super::names::fold;
use super::problems::Problems;
use super::tasks::OfTask;

/// What conditions are typed against.
#[derive(Clone, Copy)]
pub(super) struct Typing<'a> {
    pub(super) catalogue: &'a Catalogue<'a>,
    /// `None` where any fact may be tested, and no place.
    pub(super) task: Option<OfTask<'a>>,
}

/// A fact under test, with the words that messages about it need.
struct Tested<'a> {
    id: FactId,
    domain: &'a Domain,
    name: &'a str,
    span: Span,
}

impl<'a> Typing<'a> {
    /// `None` when any test does not fit: half a condition would say something else.
    pub(super) fn condition(self, condition: &tree::Condition, problems: &mut Problems) -> Option<Condition> {
        let before = problems.errors();
        let mut clauses = Vec::new();
        for clause in &condition.clauses {
            match clause {
                tree::Clause::Test(test) => clauses.extend(self.test(test, problems).map(Clause::Test)),
                tree::Clause::AnyOf(lines) => {
                    let line = |tests: &Vec<tree::Test>, problems: &mut Problems| {
                        tests.iter().filter_map(|test| self.test(test, problems)).collect::<Vec<_>>()
                    };
                    clauses.push(Clause::AnyOf(lines.iter().map(|tests| line(tests, problems)).collect()));
                }
            }
        }
        (problems.errors() == before).then_some(Condition { clauses })
    }

    fn test(self, test: &tree::Test, problems: &mut Problems) -> Option<Test> {
        match &test.about {
            tree::Tested::Fact { fact, predicate } => {
                let fact = self.fact(fact, test.span, problems)?;
                if let Some((with, percent, table)) = limit(&fact, predicate) {
                    return self.limit(&fact, (with, percent), table, problems);
                }
                let predicate = self.predicate(&fact, predicate, problems)?;
                Some(Test::Fact { fact: fact.id, predicate })
            }
            tree::Tested::Spans { role, level, several } => {
                let role = self.with_places(test.span, problems)?.role(role, self.catalogue, problems);
                let level = self.catalogue.level(level, problems);
                Some(Test::Spans { role: role?, level: level?, several: *several })
            }
            tree::Tested::HasPlace { role, there } => {
                let role = self.with_places(test.span, problems)?.optional(role, self.catalogue, problems)?;
                Some(Test::HasPlace { role, there: *there })
            }
        }
    }

    /// The task whose places may be tested.
    fn with_places(self, span: Span, problems: &mut Problems) -> Option<OfTask<'a>> {
        if self.task.is_none() {
            problems.add(Binding::MisplacedLimit { limit: Limit::Place }, span);
        }
        self.task
    }

    fn fact(self, name: &Name, span: Span, problems: &mut Problems) -> Option<Tested<'a>> {
        let id = self.catalogue.fact(name, problems)?;
        let fact = self.catalogue.the_fact(id)?;
        if let Some(of) = self.task
            && !of.facts.contains(&id)
        {
            let task = self.catalogue.task_id_text(of.task);
            problems.add(Binding::FactNotOfTask { fact: fact.names.id.clone(), task }, name.span);
            return None;
        }
        Some(Tested { id, domain: &fact.domain, name: &fact.names.id, span })
    }

    fn predicate(self, fact: &Tested<'_>, predicate: &tree::Predicate, problems: &mut Problems) -> Option<Predicate> {
        match predicate {
            tree::Predicate::Holds(value) => {
                if !matches!(fact.domain, Domain::Boolean) {
                    return wrong_test(fact, problems);
                }
                Some(Predicate::Holds(*value))
            }
            tree::Predicate::Is { not, values } => {
                let values =
                    values.iter().map(|value| self.constant(fact, value, problems)).collect::<Option<Vec<_>>>()?;
                Some(Predicate::Among { not: *not, values })
            }
            tree::Predicate::Ranked { or, value } => {
                if !is_ordered(fact.domain) {
                    return not_ordered(fact, problems);
                }
                let value = self.index(fact, value, problems)?;
                Some(Predicate::Ranked { or: *or, value })
            }
            tree::Predicate::Extreme { which, is } => {
                let Domain::Many { values, ordered } = fact.domain else { return wrong_test(fact, problems) };
                if !ordered {
                    return not_ordered(fact, problems);
                }
                let one = Domain::One { values: values.clone(), ordered: true };
                let inner = Tested { id: fact.id, domain: &one, name: fact.name, span: fact.span };
                let is = Box::new(self.predicate(&inner, is, problems)?);
                Some(Predicate::Extreme { which: *which, is })
            }
            tree::Predicate::CompareShare { .. } => wrong_test(fact, problems),
            tree::Predicate::Compare { with, value } => self.compare(fact, *with, value, problems),
        }
    }

    /// `F <= TABLE`, `F <= 50 % of TABLE`. The fact by which the table goes must be one of the task's too.
    fn limit(
        self,
        fact: &Tested<'_>,
        (with, percent): (Comparison, Decimal),
        name: &Name,
        problems: &mut Problems,
    ) -> Option<Test> {
        let (table, declared) = self.catalogue.table(name, problems)?;
        let Some(of) = self.task else {
            problems.add(Binding::MisplacedLimit { limit: Limit::Table }, fact.span);
            return None;
        };
        let Domain::Number { unit, .. } = fact.domain else { return wrong_test(fact, problems) };
        if unit.as_deref().map(fold) != declared.unit.as_deref().map(fold) {
            let (own, written) = (unit.clone(), declared.unit.clone());
            problems.add(Binding::WrongMeasure { fact: fact.name.to_owned(), declared: own, written }, name.span);
            return None;
        }
        if !of.facts.contains(&declared.by) {
            let by = self.catalogue.the_fact(declared.by).map(|fact| fact.names.id.clone()).unwrap_or_default();
            let task = self.catalogue.task_id_text(of.task);
            problems.add(Binding::FactNotOfTask { fact: by, task }, name.span);
            return None;
        }
        let share = percent.checked_mul(Decimal::new(1, 2))?.normalize();
        Some(Test::Limit { fact: fact.id, by: declared.by, with, share, table })
    }

    fn compare(
        self,
        fact: &Tested<'_>,
        with: Comparison,
        literal: &Literal,
        problems: &mut Problems,
    ) -> Option<Predicate> {
        match fact.domain {
            Domain::Number { .. } | Domain::Date => {
                Some(Predicate::Compare { with, value: self.constant(fact, literal, problems)? })
            }
            // `F = V` is `F is V`.
            Domain::Boolean | Domain::One { .. } | Domain::Many { .. } | Domain::LevelOrNone
                if with == Comparison::Equal =>
            {
                Some(Predicate::Among { not: false, values: vec![self.constant(fact, literal, problems)?] })
            }
            Domain::Boolean | Domain::One { .. } | Domain::Many { .. } | Domain::LevelOrNone => {
                wrong_test(fact, problems)
            }
        }
    }

    fn index(self, fact: &Tested<'_>, literal: &Literal, problems: &mut Problems) -> Option<u8> {
        match literal {
            Literal::Name(name) => self.catalogue.value(fact.id, name, problems),
            Literal::Number { .. } | Literal::Date(_) => wrong_test(fact, problems),
        }
    }

    /// A constant that the fact can be; one value of those that a fact with several can have.
    fn constant(self, fact: &Tested<'_>, literal: &Literal, problems: &mut Problems) -> Option<Value> {
        match (fact.domain, literal) {
            (Domain::Boolean, Literal::Name(name)) => match yes_or_no(&name.value) {
                Some(value) => Some(Value::Boolean(value)),
                None => wrong_test(fact, problems),
            },
            (Domain::One { .. } | Domain::Many { .. }, Literal::Name(_)) => {
                self.index(fact, literal, problems).map(Value::One)
            }
            (Domain::LevelOrNone, Literal::Name(name)) => self.level_or_none(name, problems),
            (Domain::Number { unit, integer }, Literal::Number { value, unit: written, span }) => {
                let declared = Measure { unit: unit.as_deref(), integer: *integer };
                measured(fact.name, declared, (*value, written.as_deref(), *span), problems).map(Value::Number)
            }
            (Domain::Date, Literal::Date(date)) => Some(Value::Date(date.value)),
            (
                Domain::Boolean
                | Domain::One { .. }
                | Domain::Many { .. }
                | Domain::LevelOrNone
                | Domain::Number { .. }
                | Domain::Date,
                _,
            ) => wrong_test(fact, problems),
        }
    }

    fn level_or_none(self, name: &Name, problems: &mut Problems) -> Option<Value> {
        if let Some(level) = self.catalogue.get_level(&name.value) {
            return Some(Value::Level(Some(level)));
        }
        if NO_LEVEL.iter().any(|(_, none)| fold(none) == fold(&name.value)) {
            return Some(Value::Level(None));
        }
        problems.add(self.catalogue.unknown_level(&name.value), name.span);
        None
    }

    /// `F is classified as V`: the fact and the value that it then has.
    pub(super) fn classified(self, fact: &Name, value: &Name, problems: &mut Problems) -> Option<(FactId, Value)> {
        let fact = self.fact(fact, fact.span, problems)?;
        let value = self.constant(&fact, &Literal::Name(value.clone()), problems)?;
        Some((fact.id, value))
    }

    /// `F = V`, `F = V and V`: the whole value of a fact in a question.
    pub(super) fn given(self, fact: &Name, values: &[Literal], problems: &mut Problems) -> Option<(FactId, Value)> {
        let fact = self.fact(fact, fact.span, problems)?;
        let bound = values.iter().map(|value| self.constant(&fact, value, problems)).collect::<Option<Vec<_>>>()?;
        if matches!(fact.domain, Domain::Many { .. }) {
            let index = |value: Value| if let Value::One(index) = value { Some(index) } else { None };
            let many: BTreeSet<u8> = bound.into_iter().filter_map(index).collect();
            return if many.is_empty() { wrong_test(&fact, problems) } else { Some((fact.id, Value::Many(many))) };
        }
        match <[Value; 1]>::try_from(bound) {
            Ok([value]) => Some((fact.id, value)),
            Err(_) => wrong_test(&fact, problems),
        }
    }
}

/// The comparison, the share and the table, where a number is compared to one.
fn limit<'p>(fact: &Tested<'_>, predicate: &'p tree::Predicate) -> Option<(Comparison, Decimal, &'p Name)> {
    if let tree::Predicate::CompareShare { with, percent, table } = predicate {
        return Some((*with, *percent, table));
    }
    if let tree::Predicate::Compare { with, value: Literal::Name(table) } = predicate
        && matches!(fact.domain, Domain::Number { .. })
    {
        return Some((*with, Decimal::ONE_HUNDRED, table));
    }
    None
}

fn wrong_test<T>(fact: &Tested<'_>, problems: &mut Problems) -> Option<T> {
    problems.add(Binding::WrongTest { fact: fact.name.to_owned(), shape: shape(fact.domain) }, fact.span);
    None
}

fn not_ordered<T>(fact: &Tested<'_>, problems: &mut Problems) -> Option<T> {
    if !matches!(fact.domain, Domain::One { .. } | Domain::Many { .. }) {
        return wrong_test(fact, problems);
    }
    problems.add(Binding::NotOrdered { fact: fact.name.to_owned() }, fact.span);
    None
}

const fn is_ordered(domain: &Domain) -> bool {
    matches!(domain, Domain::One { ordered: true, .. } | Domain::Many { ordered: true, .. })
}

fn yes_or_no(word: &str) -> Option<bool> {
    let word = fold(word);
    let said = |is: usize| YES_NO.iter().any(|(_, words)| words.get(is).is_some_and(|one| fold(one) == word));
    match word.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ if said(0) => Some(true),
        _ if said(1) => Some(false),
        _ => None,
    }
}

fn shape(domain: &Domain) -> Shape {
    match domain {
        Domain::Boolean => Shape::Boolean,
        Domain::One { .. } => Shape::One,
        Domain::Many { .. } => Shape::Many,
        Domain::Number { unit, integer } => Shape::Number { unit: unit.clone(), integer: *integer },
        Domain::Date => Shape::Date,
        Domain::LevelOrNone => Shape::LevelOrNone,
    }
}

#[derive(Clone, Copy)]
struct Measure<'a> {
    unit: Option<&'a str>,
    integer: bool,
}

/// The number, where it is measured as declared and whole where only whole ones can be.
fn measured(
    fact: &str,
    declared: Measure<'_>,
    (value, written, span): (Decimal, Option<&str>, Span),
    problems: &mut Problems,
) -> Option<Decimal> {
    let same = match (declared.unit, written) {
        (Some(declared), Some(written)) => fold(declared) == fold(written),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if !same {
        let (declared, written) = (declared.unit.map(str::to_owned), written.map(str::to_owned));
        problems.add(Binding::WrongMeasure { fact: fact.to_owned(), declared, written }, span);
        return None;
    }
    if declared.integer && !value.is_integer() {
        let shape = Shape::Number { unit: declared.unit.map(str::to_owned), integer: true };
        problems.add(Binding::WrongTest { fact: fact.to_owned(), shape }, span);
        return None;
    }
    Some(value)
}
