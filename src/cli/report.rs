//! `tq report`: standing reports of all tasks.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use clap::ArgMatches;
use jiff::civil::Date;

use super::ask::refuse;
use super::{Console, Status, problems, sheet};
use crate::library::Library;
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::standing::load::{self, Cases};
use crate::reading::standing::{clears, expiring, register};
use crate::reading::trouble::{Member, Trouble};
use crate::reading::words::pick;
use crate::rulebook::TaskId;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Status::Wrong) };
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let made = match name {
        "register" => of_transfers(&library, matches, console),
        "load" => of_load(&library, matches, console),
        "expiring" => of_ends(&library, matches, console),
        "clears" => of_clears(&library, matches, console),
        _ => return Ok(Status::Wrong),
    };
    match made {
        Ok(status) => status,
        Err(trouble) => {
            refuse(Voice::new(&library.rulebook, console.language), &trouble, console)?;
            Ok(Status::Wrong)
        }
    }
}

/// A report that was written, or what is wrong with what was asked.
type Made = Result<io::Result<Status>, Trouble>;

/// A day that must be said.
pub(super) fn day(matches: &ArgMatches, name: &'static str) -> Result<Date, Trouble> {
    question::day_of(Member::Day(name), matches.get_one::<String>(name).map(String::as_str))
}

fn of_transfers(library: &Library, matches: &ArgMatches, console: &mut Console<'_>) -> Made {
    let on = day(matches, "on")?;
    let transfers = register::register(library.law(), on);
    let voice = Voice::new(&library.rulebook, console.language);
    let status = if register::is_fine(&transfers) { Status::Fine } else { Status::Findings };
    Ok(sheet::print(library, &register::sheet(voice, &transfers, on), matches, console).map(|own| own.max(status)))
}

fn of_clears(library: &Library, matches: &ArgMatches, console: &mut Console<'_>) -> Made {
    let on = day(matches, "on")?;
    let every = || library.rulebook.task_ids().collect();
    let tasks: Vec<TaskId> = match matches.get_one::<String>("task") {
        Some(written) => vec![question::task(&library.rulebook, Some(written))?],
        None => every(),
    };
    let all: Vec<_> = tasks.into_iter().map(|task| clears::clears(library.law(), task, on)).collect();
    let voice = Voice::new(&library.rulebook, console.language);
    let status = if clears::is_fine(&all) { Status::Fine } else { Status::Findings };
    Ok(sheet::print(library, &clears::sheet(voice, &all, on), matches, console).map(|own| own.max(status)))
}

fn of_ends(library: &Library, matches: &ArgMatches, console: &mut Console<'_>) -> Made {
    let from = day(matches, "from")?;
    let days = matches.get_one::<u32>("days").copied().unwrap_or_default();
    let before = jiff::Span::new().try_days(days).and_then(|span| from.checked_add(span)).unwrap_or(Date::MAX);
    let ends = expiring::expiring(library.law(), from, before);
    let voice = Voice::new(&library.rulebook, console.language);
    Ok(sheet::print(library, &expiring::sheet(voice, &ends, (from, days)), matches, console))
}

fn of_load(library: &Library, matches: &ArgMatches, console: &mut Console<'_>) -> Made {
    let days = (day(matches, "from")?, day(matches, "to")?);
    let voice = Voice::new(&library.rulebook, console.language);
    let cases = match matches.get_one::<PathBuf>("cases") {
        None => Vec::new(),
        Some(path) => match cases(voice, path, days) {
            Ok(cases) => cases,
            Err(wrong) => {
                let lines = wrong.into_iter().try_for_each(|line| console.complain(&line));
                return Ok(lines.map(|()| Status::Wrong));
            }
        },
    };
    let load = load::load(library.law(), days, &cases);
    Ok(sheet::print(library, &load::sheet(voice, &load), matches, console))
}

/// A table of yearly cases: columns task, cases and perhaps unit; or all that is wrong with it.
fn cases(voice: Voice<'_>, path: &PathBuf, days: (Date, Date)) -> Result<Vec<Cases>, Vec<String>> {
    let cannot = |error: &dyn std::fmt::Display| {
        vec![format!("tq: {} `{}`: {error}", pick(voice.language, "không đọc được", "cannot read"), path.display())]
    };
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header = reader.headers().map_err(|error| cannot(&error))?.clone();
    let at = |names: [&str; 2]| {
        let own = |cell: &str| cell.trim_start_matches('\u{feff}').trim().to_lowercase();
        header.iter().position(|cell| names.contains(&own(cell).as_str()))
    };
    let (Some(task), Some(count)) = (at(["task", "nhiệm vụ"]), at(["cases", "số vụ việc"])) else {
        let words =
            pick(voice.language, "thiếu cột `nhiệm vụ` hoặc `số vụ việc`", "the column `task` or `cases` is missing");
        return Err(vec![format!("tq: {}: {words}", path.display())]);
    };
    let unit = at(["unit", "đơn vị"]);
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.map_err(|error| cannot(&error))?;
        let cell = |at: usize| row.get(at).unwrap_or("");
        let said = (cell(task), cell(count), unit.map_or("", cell));
        match load::cases(voice.rulebook, said, days) {
            Ok(cases) => found.push(cases),
            Err(bad) => {
                let line = row.position().map_or(0, csv::Position::line);
                wrong.push(format!("tq: {}:{line}: {}", path.display(), bad.words(voice)));
            }
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
