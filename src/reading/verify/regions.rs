//! Whether a region, as tables and findings tell it, holds a point.

use super::boxes;
use crate::applicability::Pattern;
use crate::reading::check::Point;
use crate::reading::table::{self, Node};
use crate::register::LocalityId;
use crate::rulebook::Rulebook;

/// Whether a region holds a point; no region holds none.
pub(super) fn holds_at(rulebook: &Rulebook, region: Option<&Node>, point: &Point) -> bool {
    let lies = |pattern: &Pattern| match point.spans.get(pattern.roles.0).copied().flatten() {
        Some(highest) if pattern.is_span() => pattern.level < highest,
        Some(_) | None => pattern.holds(rulebook, &point.places, point.day),
    };
    region.is_some_and(|region| within(rulebook, region, point, &lies))
}

fn within(rulebook: &Rulebook, region: &Node, point: &Point, lies: &dyn Fn(&Pattern) -> bool) -> bool {
    match region {
        Node::So => true,
        Node::Ruling(_) => false,
        Node::Branches(branches) => {
            let fits = |branch: &table::Branch| fits(rulebook, &branch.condition, point, lies);
            let (rest, said): (Vec<_>, Vec<_>) = branches.iter().partition(|branch| is_rest(&branch.condition));
            match said.iter().find(|branch| fits(branch)) {
                Some(branch) => within(rulebook, &branch.below, point, lies),
                None => rest.first().is_some_and(|branch| within(rulebook, &branch.below, point, lies)),
            }
        }
    }
}

fn is_rest(condition: &table::Condition) -> bool {
    matches!(condition, table::Condition::Fact { rest: true, .. })
}

fn fits(rulebook: &Rulebook, condition: &table::Condition, point: &Point, lies: &dyn Fn(&Pattern) -> bool) -> bool {
    match condition {
        table::Condition::Days(days) => days.contains(point.day),
        table::Condition::Place { role, places } => {
            let index = rulebook[point.task].roles.iter().position(|own| own == role).unwrap_or(usize::MAX);
            point.places.get(index).is_some_and(|place| {
                if *place == LocalityId::NOWHERE { places.nowhere } else { places.localities.contains(place) }
            })
        }
        table::Condition::Fact { fact, choices, .. } => {
            let given = point.facts.iter().find(|(own, _)| own == fact);
            given.is_some_and(|(_, value)| choices.iter().any(|choice| boxes::holds(choice, value)))
        }
        table::Condition::Reading { reading, options } => {
            let taken = point.readings.iter().find(|(own, _)| own == reading);
            taken.is_some_and(|(_, option)| options.contains(option))
        }
        table::Condition::Together { pattern, yes } => lies(pattern) == *yes,
    }
}
