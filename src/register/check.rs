//! Rows and successions against each other: what does not fit is reported and left out. Knows nothing of localities.

use std::collections::BTreeMap;

use super::read::Written;
use super::{Origin, Register, RegisterProblem, RegisterProblemKind, Row, RowId, Succession, Unit, UnitId, id};
use crate::text::search_fold as fold;

/// Sorts the rows by code and day, leaves out those that overlap an earlier one, and joins rows to units.
pub(super) fn admit_rows(register: &mut Register, mut rows: Vec<(Row, Origin)>, problems: &mut Vec<RegisterProblem>) {
    // An open row sorts last of its day, so that the shorter statement is kept whatever file it came from.
    rows.sort_by(|(a, a_at), (b, b_at)| sort_key(a).cmp(&sort_key(b)).then_with(|| a_at.cmp(b_at)));
    for (mut row, origin) in rows {
        let place = RowId(id(register.rows.len()));
        let same_code = register.rows.last().filter(|last| last.code == row.code);
        if let Some(last) = same_code.filter(|last| last.before.is_none_or(|before| before > row.from)) {
            let earlier = register.origins.last().cloned().unwrap_or_default();
            let kind = RegisterProblemKind::Overlap { code: last.code.clone(), earlier };
            problems.push(origin.problem(kind));
            continue;
        }
        let carries_on = same_code.is_some_and(|last| {
            last.before == Some(row.from) && last.level == row.level && fold(&last.short_name) == fold(&row.short_name)
        });
        if !carries_on {
            register.units.push(Unit { code: row.code.clone(), rows: Vec::new(), from: row.from, before: None });
        }
        row.unit = UnitId(id(register.units.len().saturating_sub(1)));
        if let Some(unit) = register.units.last_mut() {
            unit.rows.push(place);
            unit.before = row.before;
        }
        register.by_code.entry(row.code.clone()).or_default().push(place);
        register.rows.push(row);
        register.origins.push(origin);
    }
}

fn sort_key(row: &Row) -> impl Ord + '_ {
    let end = (row.before.is_none(), row.before);
    (&row.code, row.from, end, row.level, &row.name, &row.short_name, &row.kind, &row.parent, &row.document)
}

/// Reports parents that are unknown, not above, or not there for the whole time. A link to what is not above is cut,
/// so that climbing always ends.
pub(super) fn check_parents(register: &mut Register, problems: &mut Vec<RegisterProblem>) {
    let mut kept: BTreeMap<String, Vec<RowId>> = BTreeMap::new();
    let mut cut = Vec::new();
    for (row_id, row) in register.numbered() {
        let Some(code) = row.parent.clone() else { continue };
        match parent_problem(register, row, &code) {
            Some(kind) => {
                let fatal = !matches!(kind, RegisterProblemKind::ParentNotThen { .. });
                problems.extend(register.origin(row_id).map(|origin| origin.problem(kind)));
                if fatal {
                    cut.push(row_id);
                } else {
                    kept.entry(code).or_default().push(row_id);
                }
            }
            None => kept.entry(code).or_default().push(row_id),
        }
    }
    for row_id in cut {
        if let Some(row) = register.rows.get_mut(row_id.place()) {
            row.parent = None;
        }
    }
    register.children = kept;
}

fn parent_problem(register: &Register, row: &Row, code: &str) -> Option<RegisterProblemKind> {
    let parent = code.to_owned();
    let Some(bearers) = register.by_code.get(code) else {
        return Some(RegisterProblemKind::UnknownParent { parent });
    };
    let mut missing_from = Some(row.from);
    for bearer in bearers.iter().map(|bearer| register.row(*bearer)).filter(|bearer| bearer.overlaps(row)) {
        if bearer.level >= row.level {
            return Some(RegisterProblemKind::ParentNotAbove { parent });
        }
        if missing_from.is_some_and(|day| bearer.from <= day) {
            missing_from = bearer.before;
        }
    }
    let on = missing_from.filter(|day| row.before.is_none_or(|before| *day < before))?;
    Some(RegisterProblemKind::ParentNotThen { parent, on })
}

/// Looks the codes of all successions up on their day.
pub(super) fn admit_successions(
    register: &mut Register,
    mut written: Vec<Written>,
    problems: &mut Vec<RegisterProblem>,
) {
    written.sort();
    for Written { date, old, new, portion, document, origin } in written {
        let from = register.bearers(&old).find(|(_, row)| row.holds_before(date)).map(|(place, _)| place);
        let to = register.row_on(&new, date);
        if from.is_none() {
            problems.push(origin.problem(RegisterProblemKind::OldCodeNotThen { code: old, on: date }));
        }
        if to.is_none() {
            problems.push(origin.problem(RegisterProblemKind::NewCodeNotThen { code: new, on: date }));
        }
        if let (Some(old), Some(new)) = (from, to) {
            let succession = Succession { date, document, portion, old, new };
            // Two registers may state the same one.
            if register.successions.last() != Some(&succession) {
                let place = register.successions.len();
                register.leaving.entry(old).or_default().push(place);
                register.arriving.entry(new).or_default().push(place);
                register.successions.push(succession);
                register.succession_origins.push(origin);
            }
        }
    }
}
