//! Where a question asks: the localities that it leaves possible for each role. A place of which nothing is said lies inside the
//! cover of the task, as long as there is such a place: who asks without it does not mean the places of which the rules know
//! nothing.

use jiff::civil::Date;

use crate::applicability::{Frame, covered};
use crate::partition::Partition;
use crate::register::{LocalityId, Register, RowId};
use crate::rulebook::{Rulebook, TaskId};
use crate::ruling::{BadQuestion, Question};

/// For each way to take one unit in each role, the localities of each role.
pub(super) type Cases = Vec<Vec<Vec<LocalityId>>>;

/// What a question says of a role's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// The localities of each unit that it names; that there is no place is a unit with no place.
    Units(Vec<Vec<LocalityId>>),
    /// It may be anywhere, or, where the catalogue says so, nowhere.
    Nothing { or_nowhere: bool },
}

impl Said {
    pub(super) const fn is_open(&self) -> bool {
        match self {
            Self::Units(_) => false,
            Self::Nothing { .. } => true,
        }
    }

    pub(super) fn units(&self) -> &[Vec<LocalityId>] {
        match self {
            Self::Units(units) => units,
            Self::Nothing { .. } => &[],
        }
    }

    /// Every locality that is meant on some day.
    pub(super) fn ever(&self, register: &Register) -> Vec<LocalityId> {
        match self {
            Self::Units(units) => units.iter().flatten().copied().collect(),
            Self::Nothing { or_nowhere } => {
                register.localities().chain(or_nowhere.then_some(LocalityId::NOWHERE)).collect()
            }
        }
    }

    fn on(&self, rulebook: &Rulebook, task: TaskId, day: Date) -> Vec<Vec<LocalityId>> {
        match self {
            Self::Units(units) => units.clone(),
            Self::Nothing { or_nowhere } => {
                let nowhere = or_nowhere.then_some(LocalityId::NOWHERE);
                vec![anywhere(rulebook, task, day).into_iter().chain(nowhere).collect()]
            }
        }
    }
}

/// What a question says of the place of a role, by its index.
pub(super) fn said(
    rulebook: &Rulebook,
    partition: &Partition,
    question: &Question,
    index: usize,
) -> Result<Said, BadQuestion> {
    let Some(role) = partition.frame.roles.get(index).copied() else { return Ok(Said::Units(Vec::new())) };
    let optional = partition.frame.optional.get(index).copied().unwrap_or(false);
    if question.without.contains(&role) {
        let nowhere = Said::Units(vec![vec![LocalityId::NOWHERE]]);
        return if optional { Ok(nowhere) } else { Err(BadQuestion::PlaceAlwaysThere(role)) };
    }
    let units = question.places.get(index).map_or(&[][..], Vec::as_slice);
    if units.is_empty() {
        return Ok(Said::Nothing { or_nowhere: optional });
    }
    let mut alternatives: Vec<(RowId, Vec<LocalityId>)> = Vec::new();
    for unit in units {
        let localities = rulebook.register.localities_of(*unit, question.on);
        if localities.is_empty() {
            return Err(BadQuestion::PlaceNotThen { role, unit: *unit });
        }
        for (other, known) in &alternatives {
            // Of two units that share land one lies in the other.
            if localities.iter().any(|locality| known.contains(locality)) {
                let (unit, within) = if localities.len() > known.len() { (*other, *unit) } else { (*unit, *other) };
                return Err(BadQuestion::PlaceWithin { role, unit, within });
            }
        }
        alternatives.push((*unit, localities));
    }
    Ok(Said::Units(alternatives.into_iter().map(|(_, localities)| localities).collect()))
}

/// The ways to take one unit in each role; what is open as it is on a day.
pub(super) fn cases(rulebook: &Rulebook, frame: &Frame, said: &[Said], day: Date) -> Cases {
    let longer =
        |case: &Vec<Vec<LocalityId>>, more: &Vec<LocalityId>| case.iter().chain([more]).cloned().collect::<Vec<_>>();
    let mut cases: Cases = vec![Vec::new()];
    for alternatives in said.iter().map(|said| said.on(rulebook, frame.task, day)) {
        cases = cases.iter().flat_map(|case| alternatives.iter().map(|more| longer(case, more))).collect();
    }
    cases
}

/// Where a task may be on a day: where the rules on it are complete; where they are so nowhere, everywhere.
fn anywhere(rulebook: &Rulebook, task: TaskId, day: Date) -> Vec<LocalityId> {
    let register = &rulebook.register;
    let there = || register.localities().filter(|place| register.lowest(*place, day).is_some());
    let complete: Vec<LocalityId> = there().filter(|place| covered(rulebook, task, Some(*place), day)).collect();
    if complete.is_empty() { there().collect() } else { complete }
}
