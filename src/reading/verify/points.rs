//! Cases of the reference at a spot, and the point that stands for one.

use super::walk::Spot;
use crate::reading::ask::choices;
use crate::reading::check::Point;
use crate::reference::{self, Case, Cell, Judgement, Support};
use crate::rulebook::{FactId, ReadingId, TaskId, Value};
use crate::ruling::{Bound, Choice};

/// All of a spot: no fact said, no reading taken.
pub(super) fn whole(support: &Support<'_>, (places, spans, day): &Spot) -> Case {
    let all = |fact: &FactId| support.grid.cells(*fact).iter().zip(0_u16..).map(|(_, cell)| cell).collect();
    Case {
        day: *day,
        places: places.clone(),
        spans: spans.clone(),
        facts: support.facts.iter().map(all).collect(),
        readings: vec![None; support.readings.len()],
    }
}

/// Of a fact that the law classifies the value that it gives, where the case leaves it open.
fn classified(support: &Support<'_>, case: &Case) -> Case {
    let mut one = case.clone();
    one.readings.iter_mut().for_each(|taken| *taken = Some(taken.unwrap_or(0)));
    for (index, fact) in support.facts.iter().enumerate() {
        let Some(possible) = one.facts.get(index).filter(|_| support.classified_by.contains_key(fact)) else {
            continue;
        };
        let with = |cell: &u16| {
            let mut part = one.clone();
            part.facts.iter_mut().skip(index).take(1).for_each(|own| *own = vec![*cell]);
            part
        };
        let agrees = |part: &Case| !matches!(reference::judge(support, part), Ok(Judgement::Impossible));
        if let Some(part) = possible.iter().map(with).find(agrees) {
            one = part;
        }
    }
    one
}

/// The first value of each fact and reading of a case; `None` where no value of some fact was found: nobody can ask about it.
pub(super) fn point(support: &Support<'_>, task: TaskId, case: &Case) -> Option<Point> {
    let case = &classified(support, case);
    let value = |(fact, possible): (&FactId, &Vec<u16>)| {
        let cells = support.grid.cells(*fact);
        let bound = |value: &Value| Bound { value: value.clone(), included: false };
        let inside = |index: &u16| match cells.get(usize::from(*index))? {
            Cell::Value(value) => Some(value.clone()),
            Cell::Gap(low, high) => {
                let choice = Choice::Range { low: low.as_ref().map(bound), high: high.as_ref().map(bound) };
                choices::inside(support.rulebook, *fact, &choice)
            }
        };
        // A fact that no rule compares with anything need not be said.
        let free = |index: &u16| matches!(cells.get(usize::from(*index)), Some(Cell::Gap(None, None)));
        if possible.iter().all(free) {
            return Some(None);
        }
        Some(Some((*fact, possible.iter().find_map(inside)?)))
    };
    let facts: Option<Vec<Option<(FactId, Value)>>> = support.facts.iter().zip(&case.facts).map(value).collect();
    let taken = |(reading, taken): (&ReadingId, &Option<u8>)| (*reading, taken.unwrap_or(0));
    Some(Point {
        task,
        day: case.day,
        places: case.places.clone(),
        spans: case.spans.clone(),
        facts: facts?.into_iter().flatten().collect(),
        readings: support.readings.iter().zip(&case.readings).map(taken).collect(),
    })
}
