//! A set of a fact's cells, said in few choices: runs of numbers and days as ranges, sets of ordered values by their highest
//! or lowest, other sets by what all of them are or one of them is.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::applicability::{Axis, Cell};
use crate::rulebook::{Domain, Extreme, FactId, Rulebook, Value};
use crate::ruling::{Bound, Choice};

/// The chosen cells of a fact, of those that are possible. Both are sorted indices.
pub(in crate::reading) fn said(rulebook: &Rulebook, axis: &Axis, chosen: &[u16], possible: &[u16]) -> Vec<Choice> {
    let cells = axis.cells.as_slice();
    match &rulebook[axis.fact].domain {
        Domain::Number { .. } | Domain::Date => runs(cells, chosen),
        Domain::Many { ordered: true, .. } => [Extreme::Highest, Extreme::Lowest]
            .into_iter()
            .find_map(|which| by_extreme(cells, chosen, possible, which))
            .or_else(|| by_members(cells, chosen, possible))
            .unwrap_or_else(|| one_by_one(cells, chosen)),
        Domain::Many { ordered: false, .. } => {
            by_members(cells, chosen, possible).unwrap_or_else(|| one_by_one(cells, chosen))
        }
        Domain::Boolean | Domain::One { .. } | Domain::LevelOrNone => one_by_one(cells, chosen),
    }
}

/// The sets all of whose values are among some, or one of whose values is, if the chosen ones are just these. One or two
/// sets are said as they are.
fn by_members(cells: &[Cell], chosen: &[u16], possible: &[u16]) -> Option<Vec<Choice>> {
    let members = |index: &u16| match cells.get(usize::from(*index))? {
        Cell::Value(Value::Many(own)) => Some(own),
        Cell::Value(_) | Cell::Between(..) => None,
    };
    if chosen.len() < 3 {
        return None;
    }
    let union = |indices: &mut dyn Iterator<Item = &u16>| -> BTreeSet<u8> {
        indices.filter_map(members).flatten().copied().collect()
    };
    let meant = |holds: &dyn Fn(&BTreeSet<u8>) -> bool| {
        possible.iter().filter(|index| members(index).is_some_and(holds)).eq(chosen)
    };
    let within = union(&mut chosen.iter());
    if meant(&|own| own.is_subset(&within)) {
        return Some(vec![Choice::All(within.into_iter().collect())]);
    }
    let elsewhere = union(&mut possible.iter().filter(|index| chosen.binary_search(index).is_err()));
    let only_here: BTreeSet<u8> = within.difference(&elsewhere).copied().collect();
    let one_of = meant(&|own| !own.is_disjoint(&only_here));
    one_of.then(|| vec![Choice::Any(only_here.into_iter().collect())])
}

/// A value of a fact that a choice holds: an end of a range that is in it, else a value between. `None` where the choice is
/// about no fact.
pub(in crate::reading) fn inside(rulebook: &Rulebook, fact: FactId, choice: &Choice) -> Option<Value> {
    let one = |values: &[u8]| values.first().map(|value| Value::Many(BTreeSet::from([*value])));
    match choice {
        Choice::Value(value) => Some(value.clone()),
        Choice::Highest(values) | Choice::Lowest(values) | Choice::All(values) | Choice::Any(values) => one(values),
        Choice::Range { low: Some(Bound { value, included: true }), .. }
        | Choice::Range { high: Some(Bound { value, included: true }), .. } => Some(value.clone()),
        Choice::Range { low, high } => {
            match (low.as_ref().map(|low| &low.value), high.as_ref().map(|high| &high.value)) {
                (Some(Value::Date(low)), _) => low.tomorrow().ok().map(Value::Date),
                (None, Some(Value::Date(high))) => high.yesterday().ok().map(Value::Date),
                (Some(Value::Number(low)), Some(Value::Number(high))) => {
                    let whole = matches!(rulebook[fact].domain, Domain::Number { integer: true, .. });
                    let two = Decimal::from(2);
                    Some(Value::Number(if whole { low + Decimal::ONE } else { (low + high) / two }))
                }
                (Some(Value::Number(low)), _) => Some(Value::Number(low + Decimal::ONE)),
                // Half of a positive bound stays positive, as areas and sums do.
                (None, Some(Value::Number(high))) if *high > Decimal::ONE || *high <= Decimal::ZERO => {
                    Some(Value::Number(high - Decimal::ONE))
                }
                (None, Some(Value::Number(high))) => Some(Value::Number(high / Decimal::from(2))),
                _ => None,
            }
        }
        Choice::Reading(_) | Choice::NoPlace | Choice::Place { .. } => None,
    }
}

fn one_by_one(cells: &[Cell], chosen: &[u16]) -> Vec<Choice> {
    let cells = chosen.iter().filter_map(|index| cells.get(usize::from(*index)));
    cells.filter_map(|cell| run(std::slice::from_ref(cell))).collect()
}

/// Neighbouring cells as one range.
fn runs(cells: &[Cell], chosen: &[u16]) -> Vec<Choice> {
    let neighbours = chosen.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    neighbours
        .filter_map(|indices| {
            let (first, last) = (usize::from(*indices.first()?), usize::from(*indices.last()?));
            run(cells.get(first..=last)?)
        })
        .collect()
}

fn run(cells: &[Cell]) -> Option<Choice> {
    let (first, last) = (cells.first()?, cells.last()?);
    if let ([Cell::Value(value)], _) = (cells, last) {
        return Some(Choice::Value(value.clone()));
    }
    let end = |value: &Value, included| Bound { value: value.clone(), included };
    let low = match first {
        Cell::Value(value) => Some(end(value, true)),
        Cell::Between(low, _) => low.as_ref().map(|value| end(value, false)),
    };
    let high = match last {
        Cell::Value(value) => Some(end(value, true)),
        Cell::Between(_, high) => high.as_ref().map(|value| end(value, false)),
    };
    Some(Choice::Range { low, high })
}

/// The sets whose highest (or lowest) is one of some values, if the chosen ones are just these.
fn by_extreme(cells: &[Cell], chosen: &[u16], possible: &[u16], which: Extreme) -> Option<Vec<Choice>> {
    let extreme = |index: &u16| match (cells.get(usize::from(*index))?, which) {
        (Cell::Value(Value::Many(own)), Extreme::Highest) => own.first().copied(),
        (Cell::Value(Value::Many(own)), Extreme::Lowest) => own.last().copied(),
        (Cell::Value(_) | Cell::Between(..), Extreme::Highest | Extreme::Lowest) => None,
    };
    let mut values: Vec<u8> = chosen.iter().map(extreme).collect::<Option<_>>()?;
    values.sort_unstable();
    values.dedup();
    let meant = possible.iter().filter(|index| extreme(index).is_some_and(|value| values.contains(&value)));
    if !meant.eq(chosen) {
        return None;
    }
    Some(vec![match which {
        Extreme::Highest => Choice::Highest(values),
        Extreme::Lowest => Choice::Lowest(values),
    }])
}
