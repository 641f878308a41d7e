//! Where the diagrams of a task stand along the days, in every class of places: what would else be followed anew for each question.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::partition::{Partition, Slice};
use crate::register::LocalityId;

/// Tasks whose places are of more classes than this, together, are left to the general way.
const CLASSES: usize = 4_096;

/// A task's diagrams along the days.
#[derive(Debug)]
pub(super) struct Lines {
    /// By the classes of the places of all roles, the last role's changing fastest; the only one where the task has no place.
    pub(super) classes: Vec<Line>,
    /// How many kinds of places each role has.
    kinds: Vec<usize>,
    pub(super) slices: Vec<Slice>,
}

/// The first days of runs of days, the first from the beginning of time, and where the diagrams stand in each: an index of a
/// slice.
#[derive(Debug)]
pub(super) struct Line(pub(super) Vec<(Date, usize)>);

impl Line {
    /// The run in which a day lies.
    pub(super) fn run(&self, day: Date) -> Option<(Date, usize)> {
        let behind = self.0.partition_point(|(first, _)| *first <= day);
        self.0.get(behind.checked_sub(1)?).copied()
    }

    /// The first day of the next run.
    pub(super) fn next(&self, day: Date) -> Option<Date> {
        let behind = self.0.partition_point(|(first, _)| *first <= day);
        self.0.get(behind).map(|(first, _)| *first)
    }
}

impl Lines {
    pub(super) fn new(partition: &Partition) -> Option<Self> {
        let frame = &partition.frame;
        let kinds: Vec<usize> = (0..frame.roles.len()).map(|role| frame.kinds_of_place(role)).collect();
        let many = kinds.iter().try_fold(1, |many: usize, kinds| many.checked_mul(*kinds))?;
        if many > CLASSES || partition.patterns.len() > super::Truths::BITS {
            return None;
        }
        let mut places: Vec<Vec<LocalityId>> = vec![Vec::new()];
        for kinds in &kinds {
            let of_kind =
                |kind: usize| frame.classes.get(kind).map_or(LocalityId::NOWHERE, |class| class.representative);
            let longer = |before: &Vec<LocalityId>| {
                let before = before.clone();
                (0..*kinds).map(move |kind| before.iter().copied().chain([of_kind(kind)]).collect())
            };
            places = places.iter().flat_map(longer).collect();
        }
        let mut slices: Vec<Slice> = Vec::new();
        let mut numbers = BTreeMap::new();
        let mut classes = Vec::new();
        for places in places {
            let mut line: Vec<(Date, usize)> = Vec::new();
            for day in std::iter::once(Date::MIN).chain(partition.days(&places)) {
                let slice = partition.at(&places, day);
                let number = *numbers.entry(slice.clone()).or_insert_with(|| {
                    slices.push(slice);
                    slices.len() - 1
                });
                if line.last().is_none_or(|(_, last)| *last != number) {
                    line.push((day, number));
                }
            }
            classes.push(Line(line));
        }
        Some(Self { classes, kinds, slices })
    }

    /// The line of places in the order of the frame's roles.
    pub(super) fn of(&self, partition: &Partition, places: &[LocalityId]) -> Option<&Line> {
        let mut at = 0;
        for (place, kinds) in places.iter().zip(&self.kinds) {
            at = at * kinds + Some(partition.frame.class_of(*place)).filter(|kind| kind < kinds)?;
        }
        self.classes.get(at)
    }
}
