//! A diff for programs: every member always there.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Loaded;
use crate::library::Library;
use crate::reading::check::data::{self, Frame};
use crate::reading::check::review::Judged;
use crate::reading::diff::{self, Asked, Change, Class, Findings, Telling, Told};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Day};
use crate::reading::table;
use crate::rulebook::TaskId;

pub(super) fn shape(telling: &Telling<'_>, loaded: &Loaded) -> Json {
    let Telling { voices, diff, findings, versions } = *telling;
    let mut counts: BTreeMap<&str, usize> = Class::ALL.iter().map(|class| (class.code(), 0)).collect();
    for change in &diff.changes {
        *counts.entry(change.class.code()).or_default() += 1;
    }
    report::json(&json!({
        "format": 1,
        "old": versions.0,
        "new": versions.1,
        "on": diff.on.map(Day),
        "compared": diff.compared,
        "counts": counts,
        "changes": diff.changes.iter().map(|change| of_change(voices, change)).collect::<Vec<_>>(),
        "units": diff::unit_lines(voices, diff),
        "findings": findings.map(|findings| of_findings(voices, findings, loaded)),
        "rules_errors": [loaded.old.errors(), loaded.new.errors()],
    }))
}

fn of_change((old, new): (Voice<'_>, Voice<'_>), change: &Change) -> Json {
    let (before, after) = match change.task {
        Asked::Both { old, new } => (Some(old), Some(new)),
        Asked::Old(old) => (Some(old), None),
        Asked::New(new) => (None, Some(new)),
    };
    let side = |voice: Voice<'_>, task: Option<TaskId>, all: &[Told]| {
        let said = task.into_iter().flat_map(|task| all.iter().map(move |one| of_told(voice, task, one)));
        said.collect::<Vec<Json>>()
    };
    let id = after.map(|task| &new.rulebook[task].names.id);
    let id = id.or_else(|| before.map(|task| &old.rulebook[task].names.id));
    json!({
        "class": change.class.code(),
        "task": id,
        "title": diff::title((old, new), change),
        "before": side(old, before, &change.before),
        "after": side(new, after, &change.after),
        "where": after.and_then(|task| Some(table::region_shape(new, task, change.region.as_ref()?))),
        "units": change.extent.and_then(|extent| extent.units),
        "days": change.extent.and_then(|extent| extent.days),
        "witness": change.witness.as_ref().map(|point| data::witness(new, "", point)),
    })
}

fn of_told(voice: Voice<'_>, task: TaskId, told: &Told) -> Json {
    match told {
        Told::Holder(holding) => json!({ "ruling": table::ruling_shape(voice, holding) }),
        Told::Beside(beside) => json!({ "says": table::beside_lines(voice, task, beside) }),
        Told::Nothing => json!({ "says": [] }),
    }
}

/// As `tq check --format json` tells findings.
fn of_findings((old, new): (Voice<'_>, Voice<'_>), findings: &Findings, loaded: &Loaded) -> Json {
    let told = |voice, library: &Library, path: &dyn Fn(&str) -> String, all: &[Judged]| {
        let frame = Frame {
            voice,
            sources: &library.sources,
            path,
            rules: "",
            version: &library.version,
            rules_errors: library.errors(),
        };
        all.iter().map(|one| json!(data::finding(frame, one))).collect::<Vec<Json>>()
    };
    json!({
        "new": told(new, &loaded.new, &|file| loaded.sides.new_path(file), &findings.caused),
        "gone": told(old, &loaded.old, &|file| loaded.sides.old_path(file), &findings.ended),
    })
}
