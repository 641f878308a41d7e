//! `tq timeline`: who decides a task at a place, over all days.

use std::io;

use clap::ArgMatches;

use super::ask::{asked, refuse};
use super::{Console, Format, Status, problems, warn};
use crate::reading::naming::Voice;
use crate::reading::trouble::Trouble;
use crate::reading::{question, timeline};

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    let timeline = asked(matches).and_then(|asked| {
        let lasting = question::lasting(&library.rulebook, &asked)?;
        timeline::timeline(library.law(), lasting).map_err(|(bad, day)| Trouble::refused(&bad, voice, day))
    });
    let errors = library.errors();
    match timeline {
        Err(trouble) => {
            refuse(voice, &trouble, console)?;
            return Ok(Status::Wrong);
        }
        Ok(timeline) => {
            warn(errors, console)?;
            match console.format {
                Format::Json => {
                    console.say(&format!("{:#}", timeline::json(voice, &timeline, (&library.version, errors))))?;
                }
                Format::Text => {
                    for line in timeline::lines(voice, &timeline) {
                        console.say(&line)?;
                    }
                }
            }
        }
    }
    Ok(if errors > 0 { Status::Findings } else { Status::Fine })
}
