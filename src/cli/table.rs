//! `tq table`: the decision tree of one task.

use std::borrow::Cow;
use std::io;

use clap::ArgMatches;

use super::ask::{places, refuse};
use super::{Console, Format, Status, problems, warn};
use crate::reading::naming::Voice;
use crate::reading::question::{self, Asked};
use crate::reading::table;
use crate::reading::trouble::Trouble;
use crate::ruling::BadQuestion;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    let asked = Asked {
        task: matches.get_one::<String>("task").cloned().map(Cow::Owned),
        on: matches.get_one::<String>("on").cloned().map(Cow::Owned),
        places: places(matches),
        facts: Vec::new(),
    };
    let table = question::part(&library.rulebook, &asked).and_then(|(task, only)| {
        let day = only.on.unwrap_or_default();
        let refused = |too_many| Trouble::refused(&BadQuestion::TooManyRules(too_many), voice, day);
        table::table(library.law(), task, only).map_err(refused)
    });
    let errors = library.errors();
    match table {
        Err(trouble) => {
            refuse(voice, &trouble, console)?;
            return Ok(Status::Wrong);
        }
        Ok(table) => {
            warn(errors, console)?;
            match console.format {
                Format::Json => {
                    console.say(&format!("{:#}", table::json(voice, &table, (&library.version, errors))))?;
                }
                Format::Text => {
                    for line in table::lines(voice, &table) {
                        console.say(&line)?;
                    }
                }
            }
        }
    }
    Ok(if errors > 0 { Status::Findings } else { Status::Fine })
}
