//! Boxes of points as the reference has them, for the paths of a diagram.

use jiff::civil::Date;

use super::Between;
use crate::applicability::{Frame, Pattern};
use crate::diagram::Edge;
use crate::partition::{Partition, Variable};
use crate::reference::{Case, Cell, Support};
use crate::register::{LevelId, LocalityId};
use crate::rulebook::{FactId, ReadingId, Value};
use crate::ruling::{Bound, Choice};

/// A place in each role, and for each the highest level of which the case spans several units.
pub(super) type Ground<'a> = (&'a [LocalityId], &'a [Option<LevelId>]);

/// What is compared.
pub(super) type Sides<'a> = (&'a Support<'a>, &'a Partition);

/// How the axes of a frame lie to those of the reference.
pub(super) struct Boxes {
    /// For each fact of the frame: its place among the reference's facts, and for each cell of the reference that of the frame.
    facts: Vec<(usize, Vec<Option<usize>>)>,
    /// For each reading of the frame, its place among the reference's.
    readings: Vec<Option<usize>>,
}

impl Boxes {
    pub(super) fn new(support: &Support<'_>, partition: &Partition) -> Self {
        let Frame { facts, readings, .. } = &partition.frame;
        let facts = facts.iter().map(|axis| {
            let index = support.facts.iter().position(|fact| *fact == axis.fact).unwrap_or(usize::MAX);
            let cell = |cell: &Cell| match cell {
                Cell::Value(value) => axis.cell_of(value),
                Cell::Gap(low, high) => axis.cell_between(low.as_ref(), high.as_ref()),
            };
            (index, support.grid.cells(axis.fact).iter().map(cell).collect())
        });
        let reading = |reading: &ReadingId| support.readings.iter().position(|own| own == reading);
        Self { facts: facts.collect(), readings: readings.iter().map(|(own, _)| reading(own)).collect() }
    }

    /// All points at some places on a day, of cases that span as much.
    pub(super) fn whole(&self, support: &Support<'_>, (places, spans): Ground<'_>, day: Date) -> Case {
        let all = |fact: &FactId| support.grid.cells(*fact).iter().zip(0_u16..).map(|(_, cell)| cell).collect();
        Case {
            day,
            places: places.to_vec(),
            spans: spans.to_vec(),
            facts: support.facts.iter().map(all).collect(),
            readings: vec![None; support.readings.len()],
        }
    }

    /// How many elementary cells a box has.
    pub(super) fn volume(&self, support: &Support<'_>, case: &Case) -> u128 {
        let cells = case.facts.iter().map(|cells| cells.len() as u128);
        let options = case.readings.iter().zip(&support.readings).map(|(taken, reading)| match taken {
            Some(_) => 1,
            None => support.rulebook[*reading].options.len() as u128,
        });
        cells.chain(options).fold(1, u128::saturating_mul)
    }

    /// The paths of a diagram over facts and readings inside a box: the value at each one's end, and its box.
    pub(super) fn of(&self, (support, partition): Sides<'_>, edge: Edge, case: &Case) -> Vec<(u32, Case)> {
        let mut open = vec![(edge, case.clone())];
        let mut ends = Vec::new();
        while let Some((edge, case)) = open.pop() {
            let Some(node) = partition.diagrams.node(edge) else {
                ends.extend(edge.value().map(|value| (value, case)));
                continue;
            };
            let mut children: Vec<Edge> = node.runs.iter().map(|(_, next)| *next).collect();
            children.sort();
            children.dedup();
            match partition.variable(node.variable) {
                Variable::Fact(index) => {
                    let Some((place, cells)) = self.facts.get(index) else { continue };
                    for child in children {
                        let leads = |cell: &u16| {
                            let own = cells.get(usize::from(*cell)).copied().flatten();
                            own.and_then(|own| u32::try_from(own).ok()).is_some_and(|own| node.follow(own) == child)
                        };
                        let mut part = case.clone();
                        part.facts.iter_mut().skip(*place).take(1).for_each(|own| own.retain(leads));
                        if part.facts.get(*place).is_some_and(|own| !own.is_empty()) {
                            open.push((child, part));
                        }
                    }
                }
                Variable::Reading(index) => {
                    let Some(place) = self.readings.get(index).copied().flatten() else { continue };
                    let options = partition.frame.readings.get(index).map_or(0, |(_, options)| *options);
                    for option in 0..options {
                        let mut part = case.clone();
                        part.readings.iter_mut().skip(place).take(1).for_each(|own| *own = Some(option));
                        open.push((node.follow(u32::from(option)), part));
                    }
                }
                Variable::Pattern(index) => {
                    let holds = |pattern: &Pattern| match case.spans.get(pattern.roles.0).copied().flatten() {
                        Some(highest) if pattern.is_span() => pattern.level < highest,
                        Some(_) | None => pattern.holds(support.rulebook, &case.places, case.day),
                    };
                    let holds = partition.patterns.get(index).is_some_and(holds);
                    open.push((node.follow(u32::from(holds)), case));
                }
                Variable::Place(_) | Variable::Day => {}
            }
        }
        ends
    }
}

/// Facts and readings of a point.
pub(super) type Point = (Vec<(FactId, Between)>, Vec<(ReadingId, u8)>);

/// A box as a point to look at: of each fact that is not free its first cell, of each reading the option taken.
pub(super) fn point(support: &Support<'_>, case: &Case) -> Point {
    let mut facts = Vec::new();
    for (fact, possible) in support.facts.iter().zip(&case.facts) {
        let cells = support.grid.cells(*fact);
        let first = possible.first().and_then(|cell| cells.get(usize::from(*cell)));
        if let Some(cell) = first.filter(|_| possible.len() < cells.len()) {
            facts.push((
                *fact,
                match cell {
                    Cell::Value(value) => Between::Value(value.clone()),
                    Cell::Gap(low, high) => Between::Range(low.clone(), high.clone()),
                },
            ));
        }
    }
    let readings = support.readings.iter().zip(&case.readings);
    (facts, readings.filter_map(|(reading, taken)| taken.map(|taken| (*reading, taken))).collect())
}

/// Whether a value is among those that a choice means.
pub(super) fn holds(choice: &Choice, value: &Value) -> bool {
    match (choice, value) {
        (Choice::Value(own), value) => own == value,
        (Choice::Range { low, high }, value) => {
            let above = |low: &Bound| value > &low.value || (low.included && *value == low.value);
            let below = |high: &Bound| value < &high.value || (high.included && *value == high.value);
            low.as_ref().is_none_or(above) && high.as_ref().is_none_or(below)
        }
        (Choice::Highest(values), Value::Many(set)) => set.first().is_some_and(|highest| values.contains(highest)),
        (Choice::Lowest(values), Value::Many(set)) => set.last().is_some_and(|lowest| values.contains(lowest)),
        (Choice::All(values), Value::Many(set)) => set.iter().all(|own| values.contains(own)),
        (Choice::Any(values), Value::Many(set)) => set.iter().any(|own| values.contains(own)),
        (
            Choice::Highest(_)
            | Choice::Lowest(_)
            | Choice::All(_)
            | Choice::Any(_)
            | Choice::Reading(_)
            | Choice::NoPlace
            | Choice::Place { .. },
            _,
        ) => false,
    }
}
