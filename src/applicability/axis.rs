//! A fact as an axis: its values cut into finitely many cells at the constants of the rules, so that a test holds on all of a
//! cell or on none of it. Knows values; nothing of places, days or law.

use std::collections::BTreeSet;

use crate::rulebook::{
    Clause, Comparison, Condition, Direction, Domain, Extreme, FactId, Predicate, Rulebook, Test, Value,
};

/// A set of cells of one axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cells(Box<[u64]>);

impl Cells {
    #[must_use]
    pub fn none(of: usize) -> Self {
        Self(vec![0; of.div_ceil(64)].into_boxed_slice())
    }

    #[must_use]
    pub fn all(of: usize) -> Self {
        let mut words = vec![u64::MAX; of.div_ceil(64)];
        if let Some(last) = words.last_mut().filter(|_| !of.is_multiple_of(64)) {
            *last = (1 << (of % 64)) - 1;
        }
        Self(words.into_boxed_slice())
    }

    pub fn insert(&mut self, cell: usize) {
        if let Some(word) = self.0.get_mut(cell / 64) {
            *word |= 1 << (cell % 64);
        }
    }

    #[must_use]
    pub fn holds(&self, cell: usize) -> bool {
        self.0.get(cell / 64).is_some_and(|word| word >> (cell % 64) & 1 == 1)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & !b).collect())
    }

    /// The first cell of each run of neighbouring cells, ascending.
    pub fn runs(&self) -> impl Iterator<Item = usize> + '_ {
        let before = std::iter::once(0).chain(self.0.iter().map(|word| word >> 63));
        self.0.iter().zip(before).enumerate().flat_map(|(index, (word, carried))| {
            let mut begins = word & !(word << 1 | carried);
            std::iter::from_fn(move || {
                let bit = begins.trailing_zeros();
                begins &= begins.wrapping_sub(1);
                (bit < 64).then(|| index * 64 + bit as usize)
            })
        })
    }
}

/// A cell: one value, or what lies strictly between two neighbouring constants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Value(Value),
    Between(Option<Value>, Option<Value>),
}

/// One fact, cut.
#[derive(Debug, Clone)]
pub struct Axis {
    pub fact: FactId,
    /// Values in the order of the domain; numbers and days ascending.
    pub cells: Vec<Cell>,
    /// Cells lie on a line: neighbours can be said as one range.
    pub is_line: bool,
}

impl Axis {
    /// Cuts a fact at the constants of all tests of it.
    pub(super) fn new<'t>(rulebook: &Rulebook, fact: FactId, tests: impl Iterator<Item = &'t Test>) -> Self {
        let values = |count: usize, value: fn(u8) -> Value| {
            (0..count).filter_map(|index| u8::try_from(index).ok()).map(value).map(Cell::Value).collect()
        };
        let mut is_line = false;
        let cells = match &rulebook[fact].domain {
            Domain::Boolean => [true, false].map(|value| Cell::Value(Value::Boolean(value))).to_vec(),
            Domain::One { values: of, .. } => values(of.len(), Value::One),
            Domain::Many { values: of, .. } => sets(of.len()),
            Domain::LevelOrNone => {
                let mut cells: Vec<Cell> =
                    values(rulebook.levels.len(), |level| Value::Level(Some(crate::register::LevelId(level))));
                cells.push(Cell::Value(Value::Level(None)));
                cells
            }
            domain @ (Domain::Number { .. } | Domain::Date) => {
                is_line = true;
                let mut points = BTreeSet::new();
                for test in tests {
                    if let Test::Fact { fact: of, predicate } = test
                        && *of == fact
                    {
                        constants(predicate, &mut points);
                    }
                    if let Test::Limit { fact: of, share, table, .. } = test
                        && *of == fact
                    {
                        points.extend(rulebook.limits(*table).map(|limit| Value::Number(part(limit, *share))));
                    }
                }
                let whole = !matches!(domain, Domain::Number { integer: false, .. });
                cut(points, whole)
            }
        };
        Self { fact, cells, is_line }
    }

    /// The same line cut at further values too; an axis that is no line is as it was.
    #[must_use]
    pub(super) fn cut_at(self, rulebook: &Rulebook, more: impl Iterator<Item = Value>) -> Self {
        if !self.is_line {
            return self;
        }
        let whole = !matches!(rulebook[self.fact].domain, Domain::Number { integer: false, .. });
        let points: BTreeSet<Value> = self.constants().cloned().chain(more).collect();
        Self { cells: cut(points, whole), ..self }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cell in which a value lies.
    #[must_use]
    pub fn cell_of(&self, value: &Value) -> Option<usize> {
        self.cells.iter().position(|cell| match cell {
            Cell::Value(own) => own == value,
            Cell::Between(low, high) => {
                let above = low.as_ref().is_none_or(|low| value > low);
                above && high.as_ref().is_none_or(|high| value < high)
            }
        })
    }

    /// The constants at which the axis is cut.
    pub fn constants(&self) -> impl Iterator<Item = &Value> {
        let points = self.cells.iter().filter(|_| self.is_line);
        points.filter_map(|cell| if let Cell::Value(value) = cell { Some(value) } else { None })
    }

    /// The cell that holds everything between two values, where one does.
    #[must_use]
    pub fn cell_between(&self, low: Option<&Value>, high: Option<&Value>) -> Option<usize> {
        self.cells.iter().position(|cell| match cell {
            Cell::Value(_) => false,
            Cell::Between(own_low, own_high) => {
                let from = own_low.as_ref().is_none_or(|own| low.is_some_and(|low| low >= own));
                from && own_high.as_ref().is_none_or(|own| high.is_some_and(|high| high <= own))
            }
        })
    }

    /// The cells on which a test holds.
    pub(super) fn satisfying(&self, predicate: &Predicate) -> Cells {
        let mut cells = Cells::none(self.len());
        if let Predicate::Compare { with, value } = predicate {
            let Some(point) = self.cells.iter().position(|cell| *cell == Cell::Value(value.clone())) else {
                return cells;
            };
            let range = match with {
                Comparison::Less => 0..point,
                Comparison::AtMost => 0..point + 1,
                Comparison::Equal => point..point + 1,
                Comparison::AtLeast => point..self.len(),
                Comparison::Greater => point + 1..self.len(),
            };
            range.for_each(|cell| cells.insert(cell));
            return cells;
        }
        for (cell, own) in self.cells.iter().enumerate() {
            // A cell between constants holds none of them: only `not` is satisfied there.
            let satisfied = match own {
                Cell::Value(value) => satisfies(value, predicate),
                Cell::Between(..) => matches!(predicate, Predicate::Among { not: true, .. }),
            };
            if satisfied {
                cells.insert(cell);
            }
        }
        cells
    }
}

/// A share of a limit, which binding has found to be exact.
pub(super) fn part(limit: rust_decimal::Decimal, share: rust_decimal::Decimal) -> rust_decimal::Decimal {
    limit.checked_mul(share).unwrap_or_default().normalize()
}

fn satisfies(value: &Value, predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Holds(wanted) => *value == Value::Boolean(*wanted),
        Predicate::Among { not, values } => {
            let one_of = |wanted: &Value| match (value, wanted) {
                (Value::Many(own), Value::One(wanted)) => own.contains(wanted),
                (own, wanted) => own == wanted,
            };
            values.iter().any(one_of) != *not
        }
        Predicate::Ranked { or, value: than } => {
            // Values are declared highest first, so what ranks below has the greater index.
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
            let extreme = match which {
                Extreme::Highest => own.first(),
                Extreme::Lowest => own.last(),
            };
            extreme.is_some_and(|own| satisfies(&Value::One(*own), is))
        }
        Predicate::Compare { .. } => false,
    }
}

/// All tests of a condition.
pub(super) fn tests(condition: &Condition) -> Vec<&Test> {
    let mut found = Vec::new();
    for clause in &condition.clauses {
        match clause {
            Clause::Test(test) => found.push(test),
            Clause::AnyOf(lines) => found.extend(lines.iter().flatten()),
        }
    }
    found
}

fn constants(predicate: &Predicate, into: &mut BTreeSet<Value>) {
    match predicate {
        Predicate::Compare { value, .. } => {
            into.insert(value.clone());
        }
        Predicate::Among { values, .. } => into.extend(values.iter().cloned()),
        Predicate::Extreme { is, .. } => constants(is, into),
        Predicate::Holds(_) | Predicate::Ranked { .. } => {}
    }
}

/// Every non-empty set of so many values: small sets first, sets of one size in order of their members.
fn sets(values: usize) -> Vec<Cell> {
    // `bind` limits such facts to twelve values.
    let mut sets: Vec<BTreeSet<u8>> = vec![BTreeSet::new()];
    for value in (0..values).filter_map(|value| u8::try_from(value).ok()) {
        let with = |set: &BTreeSet<u8>| set.iter().copied().chain([value]).collect();
        let more: Vec<BTreeSet<u8>> = sets.iter().map(with).collect();
        sets.extend(more);
    }
    sets.retain(|set| !set.is_empty());
    sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    sets.into_iter().map(|set| Cell::Value(Value::Many(set))).collect()
}

/// A line cut at points; between whole numbers or days that follow each other there is nothing.
fn cut(points: BTreeSet<Value>, whole: bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut last = None;
    for point in points {
        let follows = whole && last.as_ref().is_some_and(|last| follows(last, &point));
        if !follows {
            cells.push(Cell::Between(last, Some(point.clone())));
        }
        cells.push(Cell::Value(point.clone()));
        last = Some(point);
    }
    cells.push(Cell::Between(last, None));
    cells
}

fn follows(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => {
            high.checked_sub(*low).is_some_and(|step| step <= rust_decimal::Decimal::ONE)
        }
        (Value::Date(low), Value::Date(high)) => low.tomorrow().is_ok_and(|next| next >= *high),
        _ => false,
    }
}
