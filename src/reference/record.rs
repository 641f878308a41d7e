//! The record: why sentences that apply by their own terms do not speak.

use std::collections::BTreeSet;

use super::At;
use crate::register::LocalityId;
use crate::rulebook::{ProvisionId, Statement, TaskId};
use crate::ruling::{Ground, Why};

/// Notes why the task's other sentences that apply by their own terms do not speak.
pub(super) fn record(at: &At<'_>, task: TaskId, grounds: &[Ground]) {
    for id in &at.rulebook[task].provisions {
        if grounds.iter().any(|ground| ground.provision == *id) {
            continue;
        }
        // Where a case is still open on what cannot change the ruling, what lost on a part of it only is not noted.
        let places = read_at(at, *id);
        let mut applies = places.into_iter().filter(|place| at.applies_if_so_read(*id, *place).unwrap_or(false));
        let Some(place) = applies.next() else { continue };
        if let Ok(Some(why)) = at.ended(*id, place) {
            at.lose(*id, why);
        } else if !at.within_reading(*id, place).unwrap_or(true) {
            at.lose(*id, Why::OtherReading);
        } else if let Ok(Some(why)) = at.incompetent(*id) {
            at.lose(*id, why);
        } else if matches!(at.rulebook[*id].statement, Statement::Transfer { .. }) {
            let noted = at.notes.borrow().losses.iter().any(|loss| loss.provision == *id);
            if !noted {
                at.lose(*id, Why::NotHeld);
            }
        }
    }
}

/// Every place at which a sentence on a task can be read: what moves a holder, wherever a holder can be.
fn read_at(at: &At<'_>, id: ProvisionId) -> BTreeSet<Option<LocalityId>> {
    let statement = &at.rulebook[id].statement;
    if let Statement::Requires { of: seat, .. } | Statement::StepIn { seat, .. } = statement {
        return Some(*seat).filter(|seat| !at.misplaced(*seat)).map(|seat| at.place_of(seat)).into_iter().collect();
    }
    if matches!(statement, Statement::DecidedBy { .. } | Statement::NotRequired { .. }) {
        return at.deciding_places(id);
    }
    if matches!(statement, Statement::Handling { .. }) {
        return BTreeSet::from([at.site()]);
    }
    at.placed().into_iter().map(Some).chain([at.site()]).collect()
}
