//! `tq diff`: what a change of rules changes in the world.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use clap::ArgMatches;
use serde_json::{Value as Json, json};

use super::{Console, Format, Status, errors_line, origin, problems, texts};
use crate::library::{self, Library, Origin};
use crate::partition::Side;
use crate::reading::check::data;
use crate::reading::diff::{self, Asked, Change, Class, Diff, Told};
use crate::reading::naming::Voice;
use crate::reading::report;
use crate::reading::table;
use crate::reading::words::pick;
use crate::rulebook::TaskId;

/// What names a revision of a git repository, and not a folder.
const GIT: &str = "git:";

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let said = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let old = side(said("old").unwrap_or_default());
    let new = said("new").map_or_else(|| library::load(&origin(matches)), side);
    let Some(old) = problems::told(old, console)? else { return Ok(Status::Wrong) };
    let Some(new) = problems::told(new, console)? else { return Ok(Status::Wrong) };
    for errors in [old.errors(), new.errors()].into_iter().filter(|errors| *errors > 0) {
        console.complain(&errors_line(errors, console.language))?;
    }
    let voices = (Voice::new(&old.rulebook, console.language), Voice::new(&new.rulebook, console.language));
    let diff = match diff::diff(old.law(), new.law()) {
        Ok(diff) => diff,
        Err((side, many)) => {
            let voice = if side == Side::Old { voices.0 } else { voices.1 };
            let words = pick(console.language, "quá nhiều vùng ở", "too many regions in");
            let task = voice.name(&voice.rulebook[many.task].names);
            console.complain(&format!("tq: {words} {task}: {}", voice.citations(&many.provisions)))?;
            return Ok(Status::Wrong);
        }
    };
    match console.format {
        Format::Json => console.say(&format!("{:#}", json_of(voices, (&old, &new), &diff)))?,
        Format::Text => {
            for line in diff::lines(voices, &diff) {
                console.say(&line)?;
            }
        }
    }
    if old.errors() + new.errors() > 0 {
        return Ok(Status::Findings);
    }
    let denied = texts(matches, "deny");
    let counts = |change: &&Change| denied.is_empty() || denied.iter().any(|code| code == change.class.code());
    let units = denied.is_empty() && !diff.units.is_empty();
    Ok(if units || diff.changes.iter().any(|change| counts(&change)) { Status::Findings } else { Status::Fine })
}

/// `git:REVISION`, `git:REVISION:FOLDER`, or a folder.
fn side(named: &str) -> Library {
    match named.strip_prefix(GIT) {
        Some(revision) => {
            let (revision, folder) = revision.split_once(':').unwrap_or((revision, "rules"));
            library::at_revision(revision, folder)
        }
        None => library::load(&Origin::Folders(vec![PathBuf::from(named)])),
    }
}

fn json_of((old, new): (Voice<'_>, Voice<'_>), libraries: (&Library, &Library), diff: &Diff) -> Json {
    let told = |voice: Voice<'_>, task: TaskId, told: &Told| match told {
        Told::Holder(holding) => json!({ "ruling": table::ruling_shape(voice, holding) }),
        Told::Beside(beside) => json!({ "says": table::beside_lines(voice, task, beside) }),
        Told::Nothing => json!({ "says": [] }),
    };
    let change = |change: &Change| {
        let (before, after) = match change.task {
            Asked::Both { old, new } => (Some(old), Some(new)),
            Asked::Old(old) => (Some(old), None),
            Asked::New(new) => (None, Some(new)),
        };
        let side = |voice: Voice<'_>, task: Option<TaskId>, all: &[Told]| {
            let said = task.into_iter().flat_map(|task| all.iter().map(move |one| told(voice, task, one)));
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
    };
    let mut counts: BTreeMap<&str, usize> = Class::ALL.iter().map(|class| (class.code(), 0)).collect();
    for change in &diff.changes {
        *counts.entry(change.class.code()).or_default() += 1;
    }
    report::json(&json!({
        "format": 1,
        "old": libraries.0.version,
        "new": libraries.1.version,
        "compared": diff.compared,
        "counts": counts,
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
        "units": diff::unit_lines((old, new), diff),
        "rules_errors": [libraries.0.errors(), libraries.1.errors()],
    }))
}
