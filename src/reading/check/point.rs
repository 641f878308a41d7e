//! A point of a finding's region, as somebody could ask about it, and its replay by the reference. Knows the diagrams to find
//! it; of how rulings are reached it knows nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::handled::{lacking, longer};
use super::places::Places;
use super::{Finding, Matter};
use crate::diagram::Edge;
use crate::partition::{Partition, Variable, day_number, day_of};
use crate::reading::ask::choices;
use crate::reference::{self, Case, Judgement, Support};
use crate::register::{LevelId, LocalityId, RowId};
use crate::rulebook::{FactId, Handling, ProvisionId, ReadingId, RoleId, Rulebook, Slot, TaskId, Value};
use crate::ruling::{Fault, Outcome, PointRuling, Question, Step, Subject};

/// One case: what is not said of it makes no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub task: TaskId,
    pub day: Date,
    /// In the order of the task's roles; [`LocalityId::NOWHERE`] where there is no such place.
    pub places: Vec<LocalityId>,
    /// For each role the highest level of which the case spans several units.
    pub spans: Vec<Option<LevelId>>,
    pub facts: Vec<(FactId, Value)>,
    pub readings: Vec<(ReadingId, u8)>,
}

impl Point {
    /// The point as a question, where a question can say it: the case lies in one unit of each level.
    #[must_use]
    pub fn question(&self, rulebook: &Rulebook) -> Option<Question> {
        if self.spans.iter().any(Option::is_some) {
            return None;
        }
        let roles = &rulebook[self.task].roles;
        let lacks = |(role, place): (&RoleId, &LocalityId)| (*place == LocalityId::NOWHERE).then_some(*role);
        let mut without: Vec<RoleId> = roles.iter().zip(&self.places).filter_map(lacks).collect();
        without.sort();
        let rows = |place: &LocalityId| match *place {
            LocalityId::NOWHERE => Some(Vec::new()),
            place => Some(vec![rulebook.register.lowest(place, self.day)?]),
        };
        let places = self.places.iter().map(rows).collect::<Option<Vec<Vec<RowId>>>>()?;
        Some(Question { task: self.task, on: self.day, places, without, facts: self.facts.clone() })
    }
}

/// Finds points of a partition.
pub(in crate::reading) struct Points<'a> {
    rulebook: &'a Rulebook,
    partition: &'a Partition,
}

/// On which days a point is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Sought {
    AnyDay,
    On(Date),
    /// On a day that is compared with the day before.
    Turning(Date),
}

/// A path down a diagram.
#[derive(Debug, Clone)]
struct Path {
    edge: Edge,
    /// For each role the classes of its place, where they are tested: the first, and the one after the last.
    classes: Vec<Option<(usize, usize)>>,
    /// The first of the days, and the one after the last.
    days: (u32, u32),
    facts: Vec<(usize, u16)>,
    readings: Vec<(ReadingId, u8)>,
    patterns: Vec<(usize, bool)>,
    /// Whether the day before is asked about too.
    turning: bool,
}

impl<'a> Points<'a> {
    pub(in crate::reading) const fn new(rulebook: &'a Rulebook, partition: &'a Partition) -> Self {
        Self { rulebook, partition }
    }

    /// The first point in the order of the variables at which a diagram leads to one of some values, among those of the days
    /// that are asked about.
    pub(in crate::reading) fn first(&self, root: Edge, values: &BTreeSet<u32>, sought: Sought) -> Option<Point> {
        let (on, turning) = match sought {
            Sought::AnyDay => (None, false),
            Sought::On(day) => (Some(day), false),
            Sought::Turning(day) => (Some(day), true),
        };
        let start = Path {
            edge: root,
            classes: vec![None; self.partition.frame.roles.len()],
            days: on.map_or((0, day_number(Date::MAX) + 1), |on| (day_number(on), day_number(on) + 1)),
            facts: Vec::new(),
            readings: Vec::new(),
            patterns: Vec::new(),
            turning,
        };
        let mut open = vec![start];
        while let Some(path) = open.pop() {
            let Some(node) = self.partition.diagrams.node(path.edge) else {
                let wanted = path.edge.value().is_some_and(|value| values.contains(&value));
                match wanted.then(|| self.real(&path)).flatten() {
                    Some(point) => return Some(point),
                    None => continue,
                }
            };
            let ends = node.runs.iter().skip(1).map(|(first, _)| *first).chain([u32::MAX]);
            let runs: Vec<((u32, u32), Edge)> =
                node.runs.iter().zip(ends).map(|((first, below), end)| ((*first, end), *below)).collect();
            // The last is looked at first.
            let is_day = self.partition.variable(node.variable) == Variable::Day;
            let meets = |(first, end): (u32, u32)| !is_day || (first < path.days.1 && path.days.0 < end);
            for (run, below) in runs.into_iter().rev().filter(|(run, _)| meets(*run)) {
                if self.leads_to(below, values) {
                    open.push(self.step(&path, node.variable, run, below));
                }
            }
        }
        None
    }

    fn leads_to(&self, edge: Edge, values: &BTreeSet<u32>) -> bool {
        match edge.value() {
            Some(value) => values.contains(&value),
            None => self.partition.diagrams.values(edge).iter().any(|value| values.contains(value)),
        }
    }

    fn step(&self, path: &Path, variable: u32, (first, end): (u32, u32), edge: Edge) -> Path {
        let mut next = Path { edge, ..path.clone() };
        let cell = usize::try_from(first).unwrap_or(usize::MAX);
        match self.partition.variable(variable) {
            Variable::Place(role) => {
                let classes = (cell, usize::try_from(end).unwrap_or(usize::MAX));
                next.classes.iter_mut().skip(role).take(1).for_each(|own| *own = Some(classes));
            }
            Variable::Day => next.days = (first.max(next.days.0), end.min(next.days.1)),
            Variable::Fact(index) => next.facts.push((index, u16::try_from(first).unwrap_or(u16::MAX))),
            Variable::Reading(index) => {
                let reading = self.partition.frame.readings.get(index);
                next.readings.extend(reading.map(|(reading, _)| (*reading, u8::try_from(first).unwrap_or(u8::MAX))));
            }
            Variable::Pattern(index) => next.patterns.push((index, first == 1)),
        }
        next
    }

    /// A case on the path, if there is one: places may not be able to lie together as it asks.
    fn real(&self, path: &Path) -> Option<Point> {
        let day = self.day(path.days)?;
        let facts: Option<Vec<(FactId, Value)>> =
            path.facts.iter().map(|(index, cell)| self.fact(*index, *cell)).collect();
        let facts = facts?;
        let places = Places { rulebook: self.rulebook, partition: self.partition, day, turning: path.turning };
        let (places, spans) = places.first(&path.classes, &path.patterns)?;
        Some(Point { task: self.partition.frame.task, day, places, spans, facts, readings: path.readings.clone() })
    }

    /// The first day of a run; of one without a beginning its last, and of all days the first that is covered.
    fn day(&self, (first, end): (u32, u32)) -> Option<Date> {
        if first > 0 {
            return day_of(first);
        }
        if end <= day_number(Date::MAX) {
            return day_of(end.checked_sub(1)?);
        }
        let covered = self.rulebook.cover.iter().filter_map(|cover| cover.days.from).min();
        covered.or(Some(Date::MIN))
    }

    fn fact(&self, index: usize, cell: u16) -> Option<(FactId, Value)> {
        let axis = self.partition.frame.facts.get(index)?;
        let all: Vec<u16> = (0..u16::try_from(axis.len()).unwrap_or(u16::MAX)).collect();
        let choice = choices::said(self.rulebook, axis, &[cell], &all).into_iter().next()?;
        Some((axis.fact, choices::inside(self.rulebook, axis.fact, &choice)?))
    }
}

/// Whether the reference finds at a finding's witness what the finding says. Findings without a witness say nothing of points.
#[must_use]
pub fn replays(rulebook: &Rulebook, finding: &Finding) -> bool {
    let Some(point) = &finding.witness else { return true };
    let support = Support::new(rulebook, point.task);
    let Some(case) = case(&support, point) else { return false };
    if let (Matter::DelegationEnds { .. }, [transfer]) = (finding.matter, finding.at_fault.as_slice()) {
        return ends(&support, &case, *transfer);
    }
    let mut open = vec![case];
    let mut found = false;
    while let Some(case) = open.pop() {
        match reference::judge(&support, &case) {
            Err(split) => open.extend(support.divide(&case, &split)),
            Ok(Judgement::Impossible) => {}
            Ok(Judgement::Ruling(ruling)) => match shows(&support, &case, &ruling, finding) {
                Err(split) => open.extend(support.divide(&case, &split)),
                Ok(false) => return false,
                Ok(true) => found = true,
            },
        }
    }
    found
}

/// Whether a transfer is among the grounds everywhere on the day before a case's, and nowhere on its day.
fn ends(support: &Support<'_>, case: &Case, transfer: ProvisionId) -> bool {
    let among = |ruling: &PointRuling| ruling.grounds.iter().any(|ground| ground.provision == transfer);
    case.day.yesterday().is_ok_and(|day| all(support, Case { day, ..case.clone() }, &among))
        && all(support, case.clone(), &|ruling| !among(ruling))
}

/// Whether the reference's rulings of all cases into which one falls are accepted; what cannot be is no case.
fn all(support: &Support<'_>, case: Case, accepts: &dyn Fn(&PointRuling) -> bool) -> bool {
    let mut open = vec![case];
    while let Some(case) = open.pop() {
        match reference::judge(support, &case) {
            Err(split) => open.extend(support.divide(&case, &split)),
            Ok(Judgement::Impossible) => {}
            Ok(Judgement::Ruling(ruling)) if accepts(&ruling) => {}
            Ok(Judgement::Ruling(_)) => return false,
        }
    }
    true
}

/// Whether the reference's rulings at a point are accepted, on the day before and on the day.
pub(in crate::reading) fn turns(
    rulebook: &Rulebook,
    point: &Point,
    before: &dyn Fn(&PointRuling) -> bool,
    after: &dyn Fn(&PointRuling) -> bool,
) -> bool {
    let support = Support::new(rulebook, point.task);
    let (Some(case), Ok(yesterday)) = (case(&support, point), point.day.yesterday()) else { return false };
    all(&support, Case { day: yesterday, ..case.clone() }, before) && all(&support, case, after)
}

/// A point as the reference reads it; `None` where its facts cannot be together.
pub(in crate::reading) fn case(support: &Support<'_>, point: &Point) -> Option<Case> {
    let facts = support.possible(&point.facts)?;
    let taken = |reading: &ReadingId| point.readings.iter().find(|(own, _)| own == reading).map(|(_, option)| *option);
    let readings = support.readings.iter().map(taken).collect();
    Some(Case { day: point.day, places: point.places.clone(), spans: point.spans.clone(), facts, readings })
}

/// Whether a ruling of the reference shows what a finding says.
fn shows(
    support: &Support<'_>,
    case: &Case,
    ruling: &PointRuling,
    finding: &Finding,
) -> Result<bool, reference::Split> {
    let at_fault = &finding.at_fault;
    // The grounds of the holder alone.
    let Judgement::Ruling(holder) = reference::judge_part(support, case, reference::Beside::None)? else {
        return Ok(false);
    };
    let moving = moving(&holder);
    let named = moving.iter().eq(at_fault);
    let fault = |subject: Subject| reference::fault(support, case, ruling, subject);
    Ok(match (finding.matter, at_fault.as_slice()) {
        (Matter::Gap, _) => ruling.verdict.outcome == Outcome::Gap,
        (Matter::Conflict(kind), _) => ruling.verdict.conflict == Some(kind) && named,
        (Matter::Orphaned, _) => ruling.verdict.outcome == Outcome::Orphaned && named,
        (Matter::Duplicate, _) => at_fault.iter().all(|id| moving.contains(id)),
        (Matter::Unlike(slot), _) => handling(ruling, slot).len() > 1 && handled_by(ruling, slot).iter().eq(at_fault),
        (Matter::OverLimit { takes, limit }, _) => {
            longer(&handling(ruling, Slot::Procedure), &handling(ruling, Slot::Limit)) == Some((takes, limit))
        }
        (Matter::Unclear(clear), _) => {
            lacking(ruling.verdict.outcome, &handling(ruling, Slot::Procedure)) == Some(clear)
        }
        (Matter::Dead, [sentence]) => {
            matches!(fault(Subject::Idle(*sentence))?, Some(Fault::Speaks | Fault::Ended { .. }))
        }
        (Matter::Fault(wanted), [admits, forbids]) => {
            fault(Subject::Canons { admits: *admits, forbids: *forbids })? == Some(wanted)
        }
        (Matter::Fault(wanted), [sentence]) => match wanted {
            Fault::UnfoundedClaim => fault(Subject::Claim(*sentence))? == Some(wanted),
            Fault::Incompetent | Fault::IssuerAbsent => fault(Subject::Competence(*sentence))? == Some(wanted),
            Fault::WrongSubject
            | Fault::OutlivesBasis { .. }
            | Fault::NotHeld
            | Fault::Forbidden { .. }
            | Fault::WrongPair { .. }
            | Fault::Upward { .. }
            | Fault::NoTerm { .. }
            | Fault::PassedOn
            | Fault::ReceiverAbsent
            | Fault::Undecided
            | Fault::ByClaim
            | Fault::Speaks
            | Fault::Ended { .. }
            | Fault::OutsideCover => fault(Subject::Transfer(*sentence))? == Some(wanted),
        },
        (
            Matter::Fault(_)
            | Matter::Dead
            | Matter::Unreachable
            | Matter::Basis(_)
            | Matter::Unchecked { .. }
            | Matter::DelegationEnds { .. }
            | Matter::TooMany,
            _,
        ) => false,
    })
}

/// The sentences by which a task came to its holders, of a ruling on the holder alone.
pub(in crate::reading) fn moving(ruling: &PointRuling) -> BTreeSet<ProvisionId> {
    let came = |step| match step {
        Step::Assigns
        | Step::SwitchesOff
        | Step::Widens
        | Step::Passes
        | Step::Succeeds
        | Step::Decentralises
        | Step::Entrusts
        | Step::Delegates => true,
        Step::Requires | Step::StepsIn | Step::Handles(_) | Step::Abolishes => false,
    };
    ruling.grounds.iter().filter(|ground| came(ground.step)).map(|ground| ground.provision).collect()
}

/// What a ruling says of a slot.
pub(in crate::reading) fn handling(ruling: &PointRuling, slot: Slot) -> Vec<Handling> {
    ruling.verdict.handling.iter().filter(|one| one.slot() == slot).cloned().collect()
}

/// The sentences that say so.
pub(in crate::reading) fn handled_by(ruling: &PointRuling, slot: Slot) -> BTreeSet<ProvisionId> {
    let own = ruling.grounds.iter().filter(|ground| ground.step == Step::Handles(slot));
    own.map(|ground| ground.provision).collect()
}
