//! `tq portfolio`: all that a body may decide at a unit on a day.

use std::io;

use clap::ArgMatches;

use super::ask::refuse;
use super::report::day;
use super::{Console, Status, problems, sheet};
use crate::library::Library;
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::standing::portfolio::{self, Portfolio};
use crate::reading::trouble::Trouble;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    match asked(&library, matches) {
        Ok(portfolio) => sheet::print(&library, &portfolio::sheet(voice, &portfolio), matches, console),
        Err(trouble) => {
            refuse(voice, &trouble, console)?;
            Ok(Status::Wrong)
        }
    }
}

fn asked(library: &Library, matches: &ArgMatches) -> Result<Portfolio, Trouble> {
    let text = |name| matches.get_one::<String>(name).map_or("", String::as_str);
    let on = day(matches, "on")?;
    let (body, unit) = question::seated(&library.rulebook, (text("body"), text("in")), on)?;
    Ok(portfolio::portfolio(library.law(), body, unit, on))
}
