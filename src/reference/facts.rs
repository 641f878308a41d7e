//! The reference's own reading of facts: every fact's values cut into cells at the constants of the rules, and each test
//! judged cell by cell. Knows nothing of places, days or law.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::rulebook::{
    Clause, Comparison, Condition, Direction, Domain, Extreme, FactId, Predicate, Rulebook, Test, Value,
};

/// A cell of one fact: a value, or an open gap between two neighbouring constants of a number or date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Value(Value),
    Gap(Option<Value>, Option<Value>),
}

impl Cell {
    /// Whether the cell holds the value.
    pub(crate) fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Value(own) => own == value,
            Self::Gap(low, high) => {
                low.as_ref().is_none_or(|low| low < value) && high.as_ref().is_none_or(|high| value < high)
            }
        }
    }

    /// How every value of the cell compares with a constant that cuts no gap.
    fn compare(&self, constant: &Value) -> Ordering {
        match self {
            Self::Value(own) => own.cmp(constant),
            Self::Gap(_, Some(high)) if high <= constant => Ordering::Less,
            Self::Gap(..) => Ordering::Greater,
        }
    }

    fn satisfies(&self, predicate: &Predicate) -> bool {
        match predicate {
            Predicate::Holds(wanted) => *self == Self::Value(Value::Boolean(*wanted)),
            Predicate::Among { not, values } => *not != self.among(values),
            Predicate::Ranked { or, value } => match self {
                Self::Value(Value::One(own)) => ranked(*own, *or, *value),
                Self::Value(Value::Many(own)) => own.iter().any(|own| ranked(*own, *or, *value)),
                Self::Value(_) | Self::Gap(..) => false,
            },
            Predicate::Extreme { which, is } => self.extreme(*which).is_some_and(|cell| cell.satisfies(is)),
            Predicate::Compare { with, value } => compares(self.compare(value), *with),
        }
    }

    fn among(&self, values: &[Value]) -> bool {
        values.iter().any(|value| match (self, value) {
            (Self::Value(Value::Many(own)), Value::One(wanted)) => own.contains(wanted),
            (own, wanted) => own.holds(wanted),
        })
    }

    /// The highest (first declared) or lowest of several ordered values, as a single value.
    pub(crate) fn extreme(&self, which: Extreme) -> Option<Self> {
        let Self::Value(Value::Many(own)) = self else { return None };
        let value = match which {
            Extreme::Highest => own.first(),
            Extreme::Lowest => own.last(),
        };
        value.map(|value| Self::Value(Value::One(*value)))
    }
}

fn ranked(own: u8, or: Direction, than: u8) -> bool {
    match or {
        Direction::Below => own >= than,
        Direction::Above => own <= than,
    }
}

fn compares(order: Ordering, with: Comparison) -> bool {
    match with {
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Equal => order.is_eq(),
        Comparison::AtLeast => order.is_ge(),
        Comparison::Greater => order.is_gt(),
    }
}

/// Whether a test holds on every value that is still possible, on none, or on some only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Always,
    Never,
    Mixed,
}

/// The cells of every fact that a task's support tests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    cells: BTreeMap<FactId, Vec<Cell>>,
}

impl Grid {
    /// The grid of `facts`, cut at the constants of `tests` and at `more`.
    pub(crate) fn new<'a>(
        rulebook: &Rulebook,
        facts: &[FactId],
        tests: impl IntoIterator<Item = &'a Test>,
        more: &[(FactId, Value)],
    ) -> Self {
        let mut constants: BTreeMap<FactId, BTreeSet<Value>> = BTreeMap::new();
        for (fact, value) in more {
            constants.entry(*fact).or_default().insert(value.clone());
        }
        for test in tests {
            if let Test::Fact { fact, predicate } = test {
                constants_of(predicate, constants.entry(*fact).or_default());
            }
            if let Test::Limit { fact, share, table, .. } = test {
                let limits = rulebook.limits(*table);
                let parts = limits.map(|limit| Value::Number(super::table::share_of(limit, *share)));
                constants.entry(*fact).or_default().extend(parts);
            }
        }
        let none = BTreeSet::new();
        let cells = facts
            .iter()
            .map(|fact| (*fact, cells_of(rulebook, &rulebook[*fact].domain, constants.get(fact).unwrap_or(&none))))
            .collect();
        Self { cells }
    }

    pub(crate) fn cells(&self, fact: FactId) -> &[Cell] {
        self.cells.get(&fact).map_or(&[], Vec::as_slice)
    }

    /// Judges a test on a set of cells (indices into [`Grid::cells`]).
    pub(crate) fn judge(&self, test: &Test, possible: &[u16]) -> Holds {
        let Test::Fact { fact, predicate } = test else { return Holds::Never };
        let cells = self.cells(*fact);
        let holding = possible
            .iter()
            .filter(|index| cells.get(usize::from(**index)).is_some_and(|cell| cell.satisfies(predicate)))
            .count();
        match holding {
            0 => Holds::Never,
            all if all == possible.len() => Holds::Always,
            _ => Holds::Mixed,
        }
    }

    /// Splits a set of cells into those that satisfy the test and the others.
    pub(crate) fn split(&self, test: &Test, possible: &[u16]) -> (Vec<u16>, Vec<u16>) {
        let Test::Fact { fact, predicate } = test else { return (Vec::new(), possible.to_vec()) };
        let cells = self.cells(*fact);
        possible.iter().partition(|index| cells.get(usize::from(**index)).is_some_and(|cell| cell.satisfies(predicate)))
    }
}

/// All tests of a condition, alternatives included.
pub(crate) fn tests_of(condition: &Condition) -> impl Iterator<Item = &Test> {
    condition.clauses.iter().flat_map(|clause| -> Box<dyn Iterator<Item = &Test>> {
        match clause {
            Clause::Test(test) => Box::new(std::iter::once(test)),
            Clause::AnyOf(lines) => Box::new(lines.iter().flatten()),
        }
    })
}

fn constants_of(predicate: &Predicate, into: &mut BTreeSet<Value>) {
    match predicate {
        Predicate::Among { values, .. } => into.extend(values.iter().cloned()),
        Predicate::Compare { value, .. } => {
            into.insert(value.clone());
        }
        Predicate::Extreme { is, .. } => constants_of(is, into),
        Predicate::Holds(_) | Predicate::Ranked { .. } => {}
    }
}

fn cells_of(rulebook: &Rulebook, domain: &Domain, constants: &BTreeSet<Value>) -> Vec<Cell> {
    let index = |i: usize| u8::try_from(i).unwrap_or(u8::MAX);
    match domain {
        Domain::Boolean => vec![Cell::Value(Value::Boolean(true)), Cell::Value(Value::Boolean(false))],
        Domain::One { values, .. } => (0..values.len()).map(|i| Cell::Value(Value::One(index(i)))).collect(),
        Domain::Many { values, .. } => subsets(index(values.len())),
        Domain::LevelOrNone => (0..rulebook.levels.len())
            .map(|i| Some(crate::register::LevelId(index(i))))
            .chain([None])
            .map(|level| Cell::Value(Value::Level(level)))
            .collect(),
        Domain::Number { integer, .. } => line(constants, *integer),
        Domain::Date => line(constants, true),
    }
}

/// Every non-empty set of values; sets of one value first, then by content.
fn subsets(values: u8) -> Vec<Cell> {
    // `bind` limits facts of several values to twelve of them.
    let count = 1_u32.checked_shl(u32::from(values)).unwrap_or(0);
    let mut sets: Vec<BTreeSet<u8>> =
        (1..count).map(|bits| (0..values).filter(|value| bits >> value & 1 == 1).collect()).collect();
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets.into_iter().map(|set| Cell::Value(Value::Many(set))).collect()
}

fn line(constants: &BTreeSet<Value>, steps: bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut below: Option<Value> = None;
    for constant in constants {
        if !(steps && adjacent(below.as_ref(), constant)) {
            cells.push(Cell::Gap(below.clone(), Some(constant.clone())));
        }
        cells.push(Cell::Value(constant.clone()));
        below = Some(constant.clone());
    }
    cells.push(Cell::Gap(below, None));
    cells
}

/// No whole number, or no day, lies strictly between.
fn adjacent(low: Option<&Value>, high: &Value) -> bool {
    match (low, high) {
        (Some(Value::Number(low)), Value::Number(high)) => {
            high.checked_sub(*low).is_some_and(|between| between <= rust_decimal::Decimal::ONE)
        }
        (Some(Value::Date(low)), Value::Date(high)) => low.tomorrow().is_ok_and(|next| next >= *high),
        _ => false,
    }
}
