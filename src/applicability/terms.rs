//! Conditions on facts: each holds on all of a region, on none of it, or on a part, and then says which test to split at.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Region;
use super::axis::{self, Axis, Cells};
use crate::register::{LevelId, LocalityId};
use crate::resolution::{Derived, Sources};
use crate::rulebook::kindred::Numbers;
use crate::rulebook::{
    CasesKind, Clause, Comparison, Condition, FactId, Predicate, ProvisionId, RoleId, Rulebook, TableId, TaskId, Test,
    Value,
};

/// What has to be settled before a region is of one kind. In the order of the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unsettled {
    /// Index of a fact's axis, and the cells on which the test holds.
    Fact(usize, Cells),
    /// Index of a reading.
    Reading(usize),
    /// Index of a pattern.
    Pattern(usize),
}

impl Unsettled {
    fn order(&self) -> (u8, usize) {
        match self {
            Self::Fact(index, _) => (0, *index),
            Self::Reading(index) => (1, *index),
            Self::Pattern(index) => (2, *index),
        }
    }
}

/// A test made ready.
#[derive(Debug, Clone)]
enum Ready {
    /// The axis, and the cells that satisfy the test.
    Fact {
        fact: FactId,
        axis: usize,
        satisfying: Cells,
    },
    Spans {
        role: RoleId,
        level: LevelId,
        several: bool,
    },
    /// The axes of the number and of the value by which the table goes.
    Limit {
        axis: usize,
        by: (FactId, usize),
        with: Comparison,
        share: Decimal,
        table: TableId,
    },
    HasPlace {
        role: RoleId,
        there: bool,
    },
}

/// All lines of each clause; one line of each clause must hold.
type Clauses = Vec<Vec<Vec<Ready>>>;

/// Every condition of a task's sentences and catalogue, made ready.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    of: BTreeMap<ProvisionId, Clauses>,
    impossible: BTreeMap<TaskId, Vec<Clauses>>,
    open: BTreeMap<TaskId, Vec<Clauses>>,
}

impl Conditions {
    pub(super) fn renumbered(&self, numbers: &Numbers) -> Option<Self> {
        let of_tasks = |all: &BTreeMap<TaskId, Vec<Clauses>>| {
            all.iter().map(|(task, own)| Some((numbers.task(*task)?, own.clone()))).collect::<Option<_>>()
        };
        let of = self.of.iter().map(|(id, own)| Some((numbers.provision(*id)?, own.clone())));
        Some(Self {
            of: of.collect::<Option<_>>()?,
            impossible: of_tasks(&self.impossible)?,
            open: of_tasks(&self.open)?,
        })
    }

    pub(super) fn new(
        rulebook: &Rulebook,
        sources: &Sources<'_>,
        provisions: &BTreeSet<ProvisionId>,
        facts: &[Axis],
    ) -> Self {
        let of =
            provisions.iter().filter_map(|id| Some((*id, ready(rulebook[*id].condition.as_ref()?, facts)))).collect();
        let tasks = sources.tasks();
        let all = |conditions: &[Condition]| conditions.iter().map(|condition| ready(condition, facts)).collect();
        Self {
            of,
            impossible: tasks.iter().map(|task| (*task, all(&rulebook[*task].impossible))).collect(),
            open: tasks.iter().map(|task| (*task, all(&rulebook[*task].open))).collect(),
        }
    }
}

fn ready(condition: &Condition, facts: &[Axis]) -> Clauses {
    let test = |test: &Test| match test {
        Test::Fact { fact, predicate } => {
            let axis = facts.iter().position(|axis| axis.fact == *fact)?;
            let satisfying = facts.get(axis)?.satisfying(predicate);
            Some(Ready::Fact { fact: *fact, axis, satisfying })
        }
        Test::Limit { fact, by, with, share, table } => {
            let axis = |fact: FactId| facts.iter().position(|axis| axis.fact == fact);
            Some(Ready::Limit { axis: axis(*fact)?, by: (*by, axis(*by)?), with: *with, share: *share, table: *table })
        }
        Test::Spans { role, level, several } => Some(Ready::Spans { role: *role, level: *level, several: *several }),
        Test::HasPlace { role, there } => Some(Ready::HasPlace { role: *role, there: *there }),
    };
    let line = |tests: &[Test]| tests.iter().filter_map(test).collect::<Vec<Ready>>();
    let clause = |clause: &Clause| match clause {
        Clause::Test(only) => vec![line(std::slice::from_ref(only))],
        Clause::AnyOf(lines) => lines.iter().map(|tests| line(tests)).collect(),
    };
    condition.clauses.iter().map(clause).collect()
}

/// Every test of sentences and of the catalogue.
pub(super) fn tests<'r>(
    rulebook: &'r Rulebook,
    sources: &Sources<'_>,
    provisions: &BTreeSet<ProvisionId>,
) -> Vec<&'r Test> {
    let own = provisions.iter().filter_map(|id| rulebook[*id].condition.as_ref());
    let tasks = sources.tasks();
    let catalogue = tasks.into_iter().flat_map(|task| rulebook[task].impossible.iter().chain(&rulebook[task].open));
    own.chain(catalogue).flat_map(axis::tests).collect()
}

/// Holds on all of a region, on none of it, or on a part.
type Somewhere = Result<bool, Unsettled>;

/// One that never holds settles it; else the first to be settled.
fn all(parts: impl Iterator<Item = Somewhere>) -> Somewhere {
    let mut open: Option<Unsettled> = None;
    for part in parts {
        match part {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(unsettled) => open = Some(first(open, unsettled)),
        }
    }
    open.map_or(Ok(true), Err)
}

/// One that always holds settles it; else the first to be settled.
fn any(parts: impl Iterator<Item = Somewhere>) -> Somewhere {
    let negated = parts.map(|part| part.map(|holds| !holds));
    all(negated).map(|none| !none)
}

fn first(earlier: Option<Unsettled>, unsettled: Unsettled) -> Unsettled {
    match earlier {
        Some(earlier) if earlier.order() <= unsettled.order() => earlier,
        Some(_) | None => unsettled,
    }
}

impl Region<'_> {
    fn test(&self, test: &Ready, day: Date, derived: &Derived) -> Somewhere {
        let (fact, axis, satisfying) = match test {
            Ready::Fact { fact, axis, satisfying } => (*fact, *axis, satisfying),
            Ready::Spans { role, level, several } => {
                return self.spans(*role, *level, day).map(|spans| spans == *several);
            }
            Ready::Limit { .. } => return self.limit(test, derived),
            Ready::HasPlace { role, there } => return Ok(self.placed(*role) == *there),
        };
        if let Some((_, value)) = derived.facts.iter().find(|(of, _)| *of == fact) {
            let cell = self.frame.facts.get(axis).and_then(|axis| axis.cell_of(value));
            return Ok(cell.is_some_and(|cell| satisfying.holds(cell)));
        }
        let Some(possible) = self.facts.get(axis) else { return Ok(false) };
        let here = possible.and(satisfying);
        if here.is_empty() {
            Ok(false)
        } else if here == *possible {
            Ok(true)
        } else {
            Err(Unsettled::Fact(axis, satisfying.clone()))
        }
    }

    /// A number against a share of the limit of a value: where the region holds several values, each of them counts.
    fn limit(&self, test: &Ready, derived: &Derived) -> Somewhere {
        let Ready::Limit { axis, by: (by, of_values), with, share, table } = test else { return Ok(false) };
        let (Some(numbers), Some(values)) = (self.frame.facts.get(*axis), self.frame.facts.get(*of_values)) else {
            return Ok(false);
        };
        let (Some(possible), Some(all)) = (self.facts.get(*axis), self.facts.get(*of_values)) else {
            return Ok(false);
        };
        let given = derived.facts.iter().find(|(fact, _)| fact == by).and_then(|(_, value)| values.cell_of(value));
        let cells: Vec<usize> = match given {
            Some(cell) => vec![cell],
            None => (0..values.len()).filter(|cell| all.holds(*cell)).collect(),
        };
        let limit = |cell: usize| match values.cells.get(cell)? {
            axis::Cell::Value(Value::One(value)) => derived.limit(self.rulebook, *table, *value),
            axis::Cell::Value(_) | axis::Cell::Between(..) => None,
        };
        let satisfying = |limit: Option<Decimal>| match limit {
            Some(limit) => {
                let value = Value::Number(axis::part(limit, *share));
                numbers.satisfying(&Predicate::Compare { with: *with, value })
            }
            None => Cells::none(numbers.len()),
        };
        // Few limits stand for many values.
        let mut by_limit: BTreeMap<Option<Decimal>, Vec<usize>> = BTreeMap::new();
        for cell in &cells {
            by_limit.entry(limit(*cell)).or_default().push(*cell);
        }
        let Some(first) = cells.first().map(|cell| satisfying(limit(*cell))) else { return Ok(false) };
        let here = possible.and(&first);
        let mut alike = Cells::none(values.len());
        for (limit, cells) in by_limit {
            if possible.and(&satisfying(limit)) == here {
                cells.into_iter().for_each(|cell| alike.insert(cell));
            }
        }
        if alike.len() < cells.len() {
            Err(Unsettled::Fact(*of_values, alike))
        } else if here.is_empty() {
            Ok(false)
        } else if here == *possible {
            Ok(true)
        } else {
            Err(Unsettled::Fact(*axis, first))
        }
    }

    fn clauses(&self, clauses: &Clauses, day: Date, derived: &Derived) -> Somewhere {
        let line = |tests: &Vec<Ready>| all(tests.iter().map(|test| self.test(test, day, derived)));
        all(clauses.iter().map(|lines| any(lines.iter().map(line))))
    }

    /// The provision's `when` and the cases that it cites.
    pub(super) fn terms(&self, id: ProvisionId, place: Option<LocalityId>, day: Date, derived: &Derived) -> Somewhere {
        let own = self.frame.conditions.of.get(&id).map_or(Ok(true), |clauses| self.clauses(clauses, day, derived));
        if own == Ok(false) {
            return own;
        }
        let cases = self.rulebook[id].cases.iter().map(|cases| {
            let one = any(cases.of.iter().map(|of| {
                if self.in_one_of(&self.rulebook[*of].scopes, place, day) {
                    self.terms(*of, place, day, derived)
                } else {
                    Ok(false)
                }
            }));
            match cases.kind {
                CasesKind::In => one,
                CasesKind::Except | CasesKind::AllOther => one.map(|one| !one),
            }
        });
        all([own].into_iter().chain(cases))
    }

    pub(super) fn impossible(&self, task: TaskId, index: usize, derived: &Derived) -> Somewhere {
        self.catalogue(&self.frame.conditions.impossible, (task, index), self.day, derived)
    }

    pub(super) fn open(&self, task: TaskId, index: usize, day: Date, derived: &Derived) -> Somewhere {
        self.catalogue(&self.frame.conditions.open, (task, index), day, derived)
    }

    fn catalogue(
        &self,
        of: &BTreeMap<TaskId, Vec<Clauses>>,
        (task, index): (TaskId, usize),
        day: Date,
        derived: &Derived,
    ) -> Somewhere {
        let clauses = of.get(&task).and_then(|conditions| conditions.get(index));
        clauses.map_or(Ok(false), |clauses| self.clauses(clauses, day, derived))
    }

    /// The fact, as it was given, has a value.
    pub(super) fn is(&self, fact: FactId, value: &crate::rulebook::Value) -> Somewhere {
        let Some(index) = self.frame.facts.iter().position(|axis| axis.fact == fact) else { return Ok(true) };
        let (Some(axis), Some(possible)) = (self.frame.facts.get(index), self.facts.get(index)) else {
            return Ok(true);
        };
        let mut cells = Cells::none(axis.len());
        axis.cell_of(value).into_iter().for_each(|cell| cells.insert(cell));
        let here = possible.and(&cells);
        if here.is_empty() {
            Ok(false)
        } else if here == *possible {
            Ok(true)
        } else {
            Err(Unsettled::Fact(index, cells))
        }
    }

    pub(super) fn reading(&self, reading: crate::rulebook::ReadingId, option: u8) -> Somewhere {
        let index = self.frame.readings.iter().position(|(own, _)| *own == reading);
        match index.and_then(|index| self.readings.get(index).copied().flatten()) {
            Some(taken) => Ok(taken == option),
            None => Err(Unsettled::Reading(index.unwrap_or(usize::MAX))),
        }
    }
}
