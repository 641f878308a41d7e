//! The region check: that a task's diagrams say what the law says, on every point, with the reference as the judge.
//!
//! Three things are shown. The diagrams are well formed, so that each of their nodes tells all cells of its variable apart, and
//! the classes of places hold each locality once. The members of a class that every sentence reads alike, as the reference
//! reads, may be judged at one of them; a class whose members it reads differently is judged once for each kind. And on each
//! box of points of every path of a diagram the reference, which has code of its own for places, days and values and its own
//! reasoning, gives the ruling at the path's end; a box on which it finds more than one ruling it splits at its own constants.
//! The boxes' volumes add up to the whole, so that no point is left out.

mod boxes;
mod certificate;
mod complete;
mod foreseen;
mod points;
mod regions;
mod unlike;
mod walk;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::partition::Partition;
use crate::reference::{Beside, Case, Judgement, Support, judge_part};
use crate::register::{LevelId, LocalityId};
use crate::resolution::Holding;
use crate::rulebook::{FactId, Handling, ReadingId, Rulebook, Seat, Value};
use crate::ruling::{Aside, Ground, Holder, Outcome, PointRuling, Requirement};
use boxes::Boxes;
pub use certificate::{Certificate, Failure, Task, certify, certify_rest, wrong_lines};
pub use complete::{Incomplete, Mark, complete};
pub use foreseen::{Unforeseen, foreseen};
pub use unlike::{Untold, unlike};
use walk::Walk;

/// What a check went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    pub classes: usize,
    pub nodes: usize,
    /// Boxes of points that the reference judged as one.
    pub boxes: usize,
}

/// A point at which diagram and reference differ, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A node's runs do not tell the cells of its variable apart.
    Malformed,
    /// A locality stands in a class that is not its own, in two, or in none.
    Stray(LocalityId),
    /// The boxes of one slice do not add up to all of its points.
    Volume {
        /// In the order of the roles; [`LocalityId::NOWHERE`] where there is no such place.
        places: Vec<LocalityId>,
        day: Date,
    },
    Ruling(Box<Witness>),
}

/// A point with both rulings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// In the order of the roles; [`LocalityId::NOWHERE`] where there is no such place.
    pub places: Vec<LocalityId>,
    /// For each role the highest level of which the case spans several units.
    pub spans: Vec<Option<LevelId>>,
    pub day: Date,
    /// Facts that matter, each with a value or an open range.
    pub facts: Vec<(FactId, Between)>,
    pub readings: Vec<(ReadingId, u8)>,
    /// What stands beside the holder and is wrong; `None` for the holder.
    pub aside: Option<Aside>,
    /// What the diagram says.
    pub found: Option<Side>,
    /// What the reference says.
    pub expected: Option<Side>,
}

/// A ruling as one side sees it; `None` in its stead: the point is impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    pub outcome: Option<Outcome>,
    pub holders: Vec<Holder>,
    pub requirements: Vec<Requirement>,
    pub may_step_in: Vec<Seat>,
    pub handling: Vec<Handling>,
    pub grounds: Vec<Ground>,
}

/// A value, or what lies strictly between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Between {
    Value(Value),
    Range(Option<Value>, Option<Value>),
}

/// Checks a task's partition against what the rulebook says.
///
/// # Errors
/// With the first thing that is wrong.
pub fn check(rulebook: &Rulebook, partition: &Partition) -> Result<Checked, Wrong> {
    well_formed(partition)?;
    let cuts: Vec<(FactId, Value)> = partition
        .frame
        .facts
        .iter()
        .flat_map(|axis| axis.constants().map(|value| (axis.fact, value.clone())))
        .collect();
    let support = Support::cut_at(rulebook, partition.frame.task, &cuts);
    let walk = Walk::new(&support, partition)?;
    let boxes = Boxes::new(&support, partition);
    let mut check = Check { support: &support, partition, boxes, judged: 0 };
    for (places, spans, day) in walk.spots() {
        check.slice((&places, &spans), day)?;
    }
    let Check { judged, .. } = check;
    Ok(Checked { classes: partition.frame.classes.len(), nodes: partition.diagrams.len(), boxes: judged })
}

/// Runs begin with the first cell, ascend, stay within the variable, and lead on to later variables or to results.
fn well_formed(partition: &Partition) -> Result<(), Wrong> {
    let mut open = vec![(partition.holding, partition.holdings.len())];
    open.extend(partition.beside.iter().map(|(_, edge)| (*edge, partition.besides.len())));
    let mut seen = BTreeSet::new();
    while let Some((edge, results)) = open.pop() {
        if !seen.insert((edge, results)) {
            continue;
        }
        let Some(node) = partition.diagrams.node(edge) else {
            let known = edge.value().and_then(|value| usize::try_from(value).ok()).is_some_and(|value| value < results);
            if known { continue } else { return Err(Wrong::Malformed) }
        };
        let ascends = node.runs.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0 && a.1 != b.1));
        let begins = node.runs.first().is_some_and(|(first, _)| *first == 0);
        let last = node.runs.last().map_or(0, |(first, _)| *first);
        let later =
            |(_, next): &(u32, _)| partition.diagrams.node(*next).is_none_or(|next| next.variable > node.variable);
        if !ascends || !begins || last >= partition.cells(node.variable) || !node.runs.iter().all(later) {
            return Err(Wrong::Malformed);
        }
        open.extend(node.runs.iter().map(|(_, next)| (*next, results)));
    }
    Ok(())
}

struct Check<'a> {
    support: &'a Support<'a>,
    partition: &'a Partition,
    boxes: Boxes,
    judged: usize,
}

impl Check<'_> {
    fn slice(&mut self, (places, spans): boxes::Ground<'_>, day: Date) -> Result<(), Wrong> {
        let slice = self.partition.at(places, day);
        let whole = self.boxes.whole(self.support, (places, spans), day);
        let asides = self.partition.beside.iter().map(|(aside, _)| Some(*aside));
        let edges = std::iter::once(slice.holding).chain(slice.beside.iter().copied());
        for (aside, edge) in std::iter::once(None).chain(asides).zip(edges) {
            let mut volume: u128 = 0;
            for (value, case) in self.boxes.of((self.support, self.partition), edge, &whole) {
                volume += self.judge(aside, value, case)?;
            }
            if volume != self.boxes.volume(self.support, &whole) {
                return Err(Wrong::Volume { places: places.to_vec(), day });
            }
        }
        Ok(())
    }

    /// Judges a box, split where the reference has to; the volume that was judged.
    fn judge(&mut self, aside: Option<Aside>, value: u32, case: Case) -> Result<u128, Wrong> {
        let wanted = aside.map_or(Beside::None, Beside::Only);
        let mut open = vec![case];
        let mut volume = 0;
        while let Some(case) = open.pop() {
            match judge_part(self.support, &case, wanted) {
                Err(split) => open.extend(self.support.divide(&case, &split)),
                Ok(judgement) => {
                    self.judged += 1;
                    volume += self.boxes.volume(self.support, &case);
                    if !self.agrees(aside, value, &judgement) {
                        return Err(Wrong::Ruling(Box::new(self.witness(aside, value, &case, &judgement))));
                    }
                }
            }
        }
        Ok(volume)
    }

    fn agrees(&self, aside: Option<Aside>, value: u32, judgement: &Judgement) -> bool {
        let index = usize::try_from(value).unwrap_or(usize::MAX);
        match (judgement, aside) {
            (Judgement::Impossible, None) => self.partition.holdings.get(index) == Some(&None),
            // Where nothing is possible, nothing stands beside.
            (Judgement::Impossible, Some(_)) => true,
            (Judgement::Ruling(ruling), None) => match self.partition.holdings.get(index) {
                Some(Some(holding)) => same_holding(holding, ruling),
                Some(None) | None => false,
            },
            (Judgement::Ruling(ruling), Some(_)) => self.partition.besides.get(index).is_some_and(|beside| {
                let PointRuling { verdict, grounds, .. } = &**ruling;
                beside.requirements == verdict.requirements
                    && beside.may_step_in == verdict.may_step_in
                    && beside.handling == verdict.handling
                    && beside.grounds == *grounds
            }),
        }
    }

    fn witness(&self, aside: Option<Aside>, value: u32, case: &Case, judgement: &Judgement) -> Witness {
        let index = usize::try_from(value).unwrap_or(usize::MAX);
        let found = match aside {
            None => self.partition.holdings.get(index).and_then(Option::as_ref).map(|holding| Side {
                outcome: Some(holding.outcome),
                holders: holding.holders.clone(),
                requirements: Vec::new(),
                may_step_in: Vec::new(),
                handling: Vec::new(),
                grounds: holding.grounds.clone(),
            }),
            Some(_) => self.partition.besides.get(index).map(|beside| Side {
                outcome: None,
                holders: Vec::new(),
                requirements: beside.requirements.clone(),
                may_step_in: beside.may_step_in.clone(),
                handling: beside.handling.clone(),
                grounds: beside.grounds.clone(),
            }),
        };
        let expected = match judgement {
            Judgement::Impossible => None,
            Judgement::Ruling(ruling) => Some(Side {
                outcome: Some(ruling.verdict.outcome).filter(|_| aside.is_none()),
                holders: if aside.is_none() { ruling.verdict.holders.clone() } else { Vec::new() },
                requirements: ruling.verdict.requirements.clone(),
                may_step_in: ruling.verdict.may_step_in.clone(),
                handling: ruling.verdict.handling.clone(),
                grounds: ruling.grounds.clone(),
            }),
        };
        let (facts, readings) = boxes::point(self.support, case);
        let (places, spans, day) = (case.places.clone(), case.spans.clone(), case.day);
        Witness { places, spans, day, facts, readings, aside, found, expected }
    }
}

fn same_holding(holding: &Holding, ruling: &PointRuling) -> bool {
    let PointRuling { verdict, grounds, framework_unread, .. } = ruling;
    let same_grounds: &[Ground] = &holding.grounds;
    holding.outcome == verdict.outcome
        && holding.holders == verdict.holders
        && holding.sharing == verdict.sharing
        && holding.conflict == verdict.conflict
        && holding.of_several == verdict.of_several
        && same_grounds == grounds.as_slice()
        && holding.framework_unread == *framework_unread
}
