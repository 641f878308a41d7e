//! `tq tasks`: the catalogue, searched without marks, with what each task must be asked.

use std::io;

use clap::ArgMatches;
use serde_json::{Value as Json, json};

use super::{Console, Format, Status, problems, texts};
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::reading::{report, search};
use crate::rulebook::{Names, Task};

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    let query = texts(matches, "query").join(" ");
    let found: Vec<&Task> =
        search::tasks(&library.rulebook, &query).into_iter().map(|id| &library.rulebook[id]).collect();
    match console.format {
        Format::Json => {
            let tasks: Vec<Json> = found.iter().map(|task| report::json(&report::brief(voice, task))).collect();
            let list = json!({ "tasks": tasks, "version": library.version, "total": found.len() });
            console.say(&format!("{list:#}"))?;
        }
        Format::Text => {
            for line in found.iter().flat_map(|task| lines(voice, task)) {
                console.say(&line)?;
            }
            if found.is_empty() {
                let nothing = pick(console.language, "không có nhiệm vụ nào khớp với", "there is no task that fits");
                console.complain(&format!("{nothing} `{query}`"))?;
            }
        }
    }
    Ok(if found.is_empty() || library.errors() > 0 { Status::Findings } else { Status::Fine })
}

/// The task, and indented below it what it is asked with.
fn lines(voice: Voice<'_>, task: &Task) -> Vec<String> {
    let language = voice.language;
    let sector = task.sector.as_ref().map(|sector| format!(" ({})", voice.name(sector))).unwrap_or_default();
    let mut lines = vec![format!("{}: {}{sector}", task.names.id, voice.name(&task.names))];
    let places: Vec<String> = task.roles.iter().map(|role| named(voice, &voice.rulebook[*role].names)).collect();
    let facts: Vec<String> = task.facts.iter().map(|fact| named(voice, &voice.rulebook[*fact].names)).collect();
    let parts = [
        (pick(language, "nơi", "places"), places),
        (pick(language, "dữ kiện", "facts"), facts),
        (pick(language, "thủ tục", "procedures"), task.procedures.clone()),
    ];
    let parts = parts.into_iter().filter(|(_, all)| !all.is_empty());
    lines.extend(parts.map(|(what, all)| format!("  {what}: {}", all.join(", "))));
    lines
}

/// `doi-tuong (land user)`: what is written, and what it means.
fn named(voice: Voice<'_>, names: &Names) -> String {
    let name = voice.name(names);
    if name == names.id { name.to_owned() } else { format!("{} ({name})", names.id) }
}
