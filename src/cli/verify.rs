//! `tq verify`: the region check of the rules, with a certificate. The time that it took is said apart: two runs give the same
//! certificate.

use std::io;
use std::time::Instant;

use clap::ArgMatches;
use serde_json::json;

use super::{Console, Format, Status, errors_line, problems};
use crate::reading::naming::Voice;
use crate::reading::verify::{Failure, certify, wrong_lines};
use crate::reading::words::pick;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    let started = now();
    let certificate = certify(&library.rulebook, &library.version);
    let millis = started.elapsed().as_millis();
    match console.format {
        Format::Text => {
            for line in certificate.lines(voice) {
                console.say(&line)?;
            }
        }
        Format::Json => {
            let tasks = certificate.tasks.iter().map(|(task, found)| {
                let id = &library.rulebook[*task].names.id;
                match found {
                    Ok(one) => json!({
                        "task": id, "right": true, "regions": one.checked.boxes, "classes": one.checked.classes,
                        "nodes": one.checked.nodes, "bytes": one.bytes,
                    }),
                    Err(Failure::TooMany(many)) => {
                        let provisions = many.provisions.iter().map(|id| voice.citation(*id));
                        json!({ "task": id, "right": false, "multiply": provisions.collect::<Vec<_>>() })
                    }
                    Err(Failure::Wrong(wrong)) => {
                        json!({ "task": id, "right": false, "witness": wrong_lines(voice, *task, wrong) })
                    }
                }
            });
            let summary = json!({
                "version": certificate.version, "tasks": tasks.collect::<Vec<_>>(),
                "right": certificate.is_good(&library.rulebook), "certificate": certificate.digest(&library.rulebook),
                "rules_errors": library.errors(),
            });
            console.say(&format!("{summary:#}"))?;
        }
    }
    console.complain(&format!("{}: {millis} ms", pick(console.language, "thời gian", "time")))?;
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
    }
    let good = certificate.is_good(&library.rulebook) && library.errors() == 0;
    Ok(if good { Status::Fine } else { Status::Findings })
}

/// Only to say how long the check took; nothing that is certified depends on it.
#[expect(clippy::disallowed_methods, reason = "the time is printed beside the certificate, not in it")]
fn now() -> Instant {
    Instant::now()
}
