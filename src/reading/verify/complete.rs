//! That the findings of a task are all there are, and none too many: the reference looks at every point, one for each box on
//! which it finds one ruling and one answer to each question about single sentences, and what it finds wrong there must be just
//! the findings whose region holds the point.
//!
//! It says on its own which sentences are to be looked at: all of the task. Whether two of them are one finding, and in which
//! words the region is told, is what is compared.

use std::collections::{BTreeMap, BTreeSet};

use super::Wrong;
use super::points::{point, whole};
use super::regions::holds_at;
use super::walk::{Spot, Walk};
use crate::partition::Partition;
use crate::reading::check::{Finding, Matter, Point, handled_by, handling, lacking, longer, moving};
use crate::reading::table::known;
use crate::reference::{self, Case, Judgement, Support};
use crate::rulebook::{Deciders, Modal, ProvisionId, Rulebook, Slot, Statement, TaskId};
use crate::ruling::{Fault, Ground, Outcome, PointRuling, Step, Subject};

/// A point at which findings and reference differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incomplete {
    /// Something is wrong there that no finding says.
    Missing {
        point: Box<Point>,
        mark: Mark,
    },
    /// A finding says something of the point that is not so.
    Extra {
        point: Box<Point>,
        mark: Mark,
    },
    /// A finding on a sentence as a whole is missing, or one too many.
    Whole {
        mark: Mark,
        found: bool,
    },
    Places(Box<Wrong>),
}

/// What is wrong at a point: the matter, and the sentences at fault.
pub type Mark = (Matter, Vec<ProvisionId>);

/// What the reference finds wrong at one point.
struct Marked {
    /// `None` where no value of some fact was found: nobody can ask about such a point.
    point: Option<Point>,
    marks: BTreeSet<Mark>,
}

/// Compares the findings of a task with what the reference finds; how many points were looked at.
///
/// # Errors
/// With the first difference.
pub fn complete(rulebook: &Rulebook, partition: &Partition, findings: &[Finding]) -> Result<usize, Incomplete> {
    let task = partition.frame.task;
    let support = Support::new(rulebook, task);
    let walk = Walk::new(&support, partition).map_err(|wrong| Incomplete::Places(Box::new(wrong)))?;
    let mut every = Every { support: &support, task, subjects: subjects(rulebook, task), seen: Vec::new() };
    for spot in walk.spots() {
        every.look(&spot);
    }
    let Every { seen, .. } = every;
    let used: BTreeSet<ProvisionId> = seen.iter().flat_map(|(.., used)| used).map(|ground| ground.provision).collect();
    let faulty: BTreeSet<ProvisionId> = seen.iter().flat_map(|(marked, ..)| &marked.marks).filter_map(told).collect();
    let mut applies: BTreeMap<ProvisionId, bool> = BTreeMap::new();
    let mut points = 0;
    // What ends from one day to the next is not of a point; its witness is replayed on both days.
    let of_points = |finding: &&Finding| !matches!(finding.matter, Matter::DelegationEnds { .. });
    let findings: Vec<&Finding> = findings.iter().filter(of_points).collect();
    let said: BTreeSet<Mark> = findings.iter().map(|finding| (finding.matter, finding.at_fault.clone())).collect();
    let twice = duplicates(rulebook, task, &seen);
    let known = known(rulebook, task);
    for (marked, idle, grounds) in &seen {
        let mut marks = marked.marks.clone();
        for (sentence, fault) in idle.iter().filter(|(sentence, _)| !used.contains(sentence)) {
            *applies.entry(*sentence).or_default() |= *fault != Fault::OutsideCover;
            if *fault != Fault::OutsideCover && !faulty.contains(sentence) {
                marks.insert((Matter::Dead, vec![*sentence]));
            }
        }
        let assigns = assigning(grounds);
        marks.extend(twice.iter().filter(|(_, pair)| pair.iter().all(|id| assigns.contains(id))).cloned());
        let Some(at) = &marked.point else { continue };
        // Regions say nothing of places that the cover never holds.
        let inside = at.places.iter().zip(&known).all(|(place, known)| known.contains(place));
        let holds = |finding: &&Finding| inside && holds_at(rulebook, finding.region.as_ref(), at);
        let here = findings.iter().copied().filter(holds);
        let found: BTreeSet<Mark> = here.map(|finding| (finding.matter, finding.at_fault.clone())).collect();
        let witness = || Box::new(at.clone());
        if let Some(mark) = marks.difference(&found).next() {
            return Err(Incomplete::Missing { point: witness(), mark: mark.clone() });
        }
        if let Some(mark) = found.difference(&marks).next() {
            return Err(Incomplete::Extra { point: witness(), mark: mark.clone() });
        }
        points += 1;
    }
    for sentence in idle_kinds(rulebook, task).filter(|sentence| !used.contains(sentence)) {
        let mark = (Matter::Unreachable, vec![sentence]);
        let expected = !applies.contains_key(&sentence) && !faulty.contains(&sentence);
        if expected != said.contains(&mark) {
            return Err(Incomplete::Whole { found: !expected, mark });
        }
    }
    Ok(points)
}

/// A sentence of which a mark says that it is void or could not be said.
fn told((matter, at_fault): &Mark) -> Option<ProvisionId> {
    match (matter, at_fault.as_slice()) {
        (Matter::Fault(Fault::UnfoundedClaim), _) => None,
        (Matter::Fault(_), [sentence]) => Some(*sentence),
        _ => None,
    }
}

/// Sentences that assign to seats of which each is assigned to by another one wherever they stand; of two that always stand
/// together the later one.
fn duplicates(rulebook: &Rulebook, task: TaskId, seen: &[Seen]) -> Vec<Mark> {
    let each: Vec<BTreeSet<ProvisionId>> = seen.iter().map(|(.., grounds)| assigning(grounds)).collect();
    let own = |id: &ProvisionId| rulebook[*id].statement.task() == Some(task);
    let all: BTreeSet<ProvisionId> = each.iter().flatten().copied().filter(own).collect();
    let seats = |id: ProvisionId| match &rulebook[id].statement {
        Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } => {
            seats.iter().map(|candidate| candidate.seat).collect::<Vec<_>>()
        }
        Statement::DecidedBy { by: Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Transfer { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. } => Vec::new(),
    };
    let within =
        |one: ProvisionId, other: ProvisionId| each.iter().all(|here| !here.contains(&one) || here.contains(&other));
    let later = |one: ProvisionId, other: ProvisionId| (rulebook.issued(one), one) > (rulebook.issued(other), other);
    let mut found = Vec::new();
    for one in all.iter().copied() {
        for other in all.iter().copied().filter(|other| *other != one) {
            let theirs = seats(other);
            let repeats = !seats(one).is_empty() && seats(one).iter().all(|seat| theirs.contains(seat));
            if repeats && within(one, other) && (!within(other, one) || later(one, other)) {
                found.push((Matter::Duplicate, vec![one, other]));
            }
        }
    }
    found
}

fn assigning(grounds: &[Ground]) -> BTreeSet<ProvisionId> {
    grounds.iter().filter(|ground| ground.step == Step::Assigns).map(|ground| ground.provision).collect()
}

/// Every question about single sentences of a task.
fn subjects(rulebook: &Rulebook, task: TaskId) -> Vec<Subject> {
    let own = rulebook[task].provisions.iter().copied();
    let mut subjects: Vec<Subject> = Vec::new();
    for id in own.clone() {
        subjects.extend([Subject::Claim(id), Subject::Competence(id)]);
        if matches!(rulebook[id].statement, Statement::Transfer { .. }) {
            subjects.push(Subject::Transfer(id));
        }
        let permits = |other: ProvisionId, wanted: fn(Modal) -> bool| matches!(&rulebook[other].statement, Statement::Permission { modal, .. } if wanted(*modal));
        if permits(id, |modal| modal != Modal::MustNot) {
            let forbidding = own.clone().filter(|other| permits(*other, |modal| modal == Modal::MustNot));
            let pairs = forbidding.filter(|other| crate::reading::check::contradict(rulebook, id, *other));
            subjects.extend(pairs.map(|forbids| Subject::Canons { admits: id, forbids }));
        }
    }
    subjects.extend(idle_kinds(rulebook, task).map(Subject::Idle));
    subjects
}

fn idle_kinds(rulebook: &Rulebook, task: TaskId) -> impl Iterator<Item = ProvisionId> {
    rulebook[task].provisions.iter().copied().filter(|id| {
        matches!(
            rulebook[*id].statement,
            Statement::DecidedBy { .. }
                | Statement::NotRequired { .. }
                | Statement::Passes { .. }
                | Statement::Transfer { .. }
                | Statement::StepIn { .. }
                | Statement::Requires { .. }
                | Statement::Handling { .. }
        )
    })
}

/// What was seen at one point: what is wrong, what applies of every sentence, and on what the ruling rests.
type Seen = (Marked, Vec<(ProvisionId, Fault)>, Vec<Ground>);

struct Every<'a> {
    support: &'a Support<'a>,
    task: TaskId,
    subjects: Vec<Subject>,
    seen: Vec<Seen>,
}

impl Every<'_> {
    fn look(&mut self, spot: &Spot) {
        let mut open = vec![whole(self.support, spot)];
        while let Some(case) = open.pop() {
            match self.marked(&case) {
                Err(split) => open.extend(self.support.divide(&case, &split)),
                Ok(seen) => self.seen.extend(seen),
            }
        }
    }

    fn marked(&self, case: &Case) -> Result<Option<Seen>, reference::Split> {
        let Judgement::Ruling(ruling) = reference::judge(self.support, case)? else { return Ok(None) };
        let Judgement::Ruling(holder) = reference::judge_part(self.support, case, reference::Beside::None)? else {
            return Ok(None);
        };
        let mut marks: BTreeSet<Mark> = of_holder(&holder).into_iter().chain(of_handling(&ruling)).collect();
        let mut idle = Vec::new();
        for subject in &self.subjects {
            match (reference::fault(self.support, case, &ruling, *subject)?, subject) {
                (Some(fault), Subject::Idle(sentence)) => idle.push((*sentence, fault)),
                (Some(fault), _) => {
                    marks.insert((Matter::Fault(fault), subject.provisions().collect()));
                }
                (None, _) => {}
            }
        }
        Ok(Some((Marked { point: point(self.support, self.task, case), marks }, idle, ruling.grounds)))
    }
}

/// What a ruling of the reference on the holder alone says to be wrong.
fn of_holder(ruling: &PointRuling) -> Option<Mark> {
    let moving: Vec<ProvisionId> = moving(ruling).into_iter().collect();
    match (ruling.verdict.outcome, ruling.verdict.conflict) {
        (Outcome::Gap, _) => Some((Matter::Gap, Vec::new())),
        (Outcome::Conflict, Some(kind)) => Some((Matter::Conflict(kind), moving)),
        (Outcome::Orphaned, _) => Some((Matter::Orphaned, moving)),
        (
            Outcome::Conflict
            | Outcome::Decided
            | Outcome::Concurrent
            | Outcome::NotRequired
            | Outcome::Open
            | Outcome::NotCovered
            | Outcome::Undetermined,
            _,
        ) => None,
    }
}

/// What is wrong with how the task is handled.
fn of_handling(ruling: &PointRuling) -> Vec<Mark> {
    let by = |slot| handled_by(ruling, slot).into_iter().collect::<Vec<ProvisionId>>();
    let unlike = |slot: &Slot| (handling(ruling, *slot).len() > 1).then(|| (Matter::Unlike(*slot), by(*slot)));
    let mut marks: Vec<Mark> = Slot::ALL.iter().filter_map(unlike).collect();
    let procedure = handling(ruling, Slot::Procedure);
    if let Some((takes, limit)) = longer(&procedure, &handling(ruling, Slot::Limit)) {
        marks.push((Matter::OverLimit { takes, limit }, by(Slot::Procedure)));
    }
    marks.extend(lacking(ruling.verdict.outcome, &procedure).map(|clear| (Matter::Unclear(clear), Vec::new())));
    marks
}
