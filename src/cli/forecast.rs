//! `tq check --from DATE --days N`: what comes, as text, JSON or a calendar.

use std::io;

use clap::ArgMatches;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Console, Status, ask, errors_line};
use crate::library::Library;
use crate::reading::check::data;
use crate::reading::forecast::{self, Change, Forecast, Kind, Turn, Window};
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::report::{self, Day};
use crate::reading::table;
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::TaskId;
use crate::server::today;

/// Looks ahead from the day that the arguments name, at some tasks or all; `rules` is what a command must say besides, to ask
/// the same rules. Status 1 when somebody will be missing.
pub(super) fn run(
    matches: &ArgMatches,
    (library, tasks, rules): (&Library, &[TaskId], &str),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let voice = Voice::new(&library.rulebook, console.language);
    let from = match day_said(matches, "from") {
        Ok(from) => from,
        Err(trouble) => {
            ask::refuse(voice, &trouble, console)?;
            return Ok(Status::Wrong);
        }
    };
    let days = matches.get_one::<u16>("days").copied().unwrap_or_default();
    let before = from.checked_add(jiff::Span::new().days(i64::from(days) + 1)).unwrap_or(Date::MAX);
    let forecast = match forecast::forecast(library.law(), tasks, Window { from, before }) {
        Ok(forecast) => forecast,
        Err(many) => {
            let words = pick(console.language, "quá nhiều vùng ở", "too many regions in");
            let task = voice.name(&library.rulebook[many.task].names);
            console.complain(&format!("tq: {words} {task}: {}", voice.citations(&many.provisions)))?;
            return Ok(Status::Wrong);
        }
    };
    match matches.get_one::<String>("format").map(String::as_str) {
        Some("json") => console.say(&format!("{:#}", json_of(voice, rules, &forecast, library)))?,
        Some("ics") => write!(console.out, "{}", forecast::calendar(voice, &forecast))?,
        Some(_) | None => {
            for line in forecast::lines(voice, rules, &forecast) {
                console.say(&line)?;
            }
        }
    }
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
    }
    let grave = forecast.changes.iter().any(|change| change.kind <= Kind::Conflict);
    Ok(if grave || library.errors() > 0 { Status::Findings } else { Status::Fine })
}

/// The day that an argument says; `today` is said, never taken for granted.
pub(super) fn day_said(matches: &ArgMatches, name: &str) -> Result<Date, Trouble> {
    let written = matches.get_one::<String>(name).map(String::as_str);
    match written {
        Some("today" | "hôm nay" | "hom-nay") => Ok(today()),
        written => question::day(written),
    }
}

fn json_of(voice: Voice<'_>, rules: &str, forecast: &Forecast, library: &Library) -> Json {
    let change = |change: &Change| {
        json!({
            "on": Day(change.on),
            "kind": change.kind.code(),
            "task": library.rulebook[change.task].names.id,
            "headline": forecast::headline(voice, change),
            "before": table::ruling_shape(voice, &change.before),
            "after": table::ruling_shape(voice, &change.after),
            "where": change.region.as_ref().map(|region| table::region_shape(voice, change.task, region)),
            "witness": data::witness(voice, rules, &change.witness),
        })
    };
    let document =
        |turn: &Turn| json!({ "on": Day(turn.on), "begins": turn.begins, "document": voice.document(turn.document) });
    let last = forecast.window.before.yesterday().unwrap_or(forecast.window.before);
    report::json(&json!({
        "format": 1,
        "from": Day(forecast.window.from),
        "through": Day(last),
        "changes": forecast.changes.iter().map(change).collect::<Vec<_>>(),
        "documents": forecast.documents.iter().map(document).collect::<Vec<_>>(),
        "version": library.version,
        "rules_errors": library.errors(),
    }))
}
