//! `tq ask`: one ruling.

use std::borrow::Cow;
use std::io;

use clap::ArgMatches;

use super::{Console, Format, Status, problems, texts, warn};
use crate::library::Library;
use crate::reading::ask::{Depth, ask};
use crate::reading::explain;
use crate::reading::naming::Voice;
use crate::reading::question::{self, Asked};
use crate::reading::report::{self, Frame};
use crate::reading::spelled::Given;
use crate::reading::trouble::{Member, Trouble, What};
use crate::rulebook::Language;
use crate::ruling::{Answer, Outcome};
use crate::text::name_fold as key;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    let depth = if matches.get_flag("explain") { Depth::Record } else { Depth::Ruling };
    let answer = asked(matches).and_then(|asked| {
        let question = question::understand(&library.rulebook, &asked)?;
        ask(library.law(), &question, Depth::Record).map_err(|bad| Trouble::refused(&bad, voice, question.on))
    });
    match answer {
        Ok(answer) => {
            warn(library.errors(), console)?;
            print(&library, voice, &answer, depth, console)?;
            let errors = if library.errors() > 0 { Status::Findings } else { Status::Fine };
            Ok(status(answer.outcome).max(errors))
        }
        Err(trouble) => {
            refuse(voice, &trouble, console)?;
            Ok(Status::Wrong)
        }
    }
}

const fn status(outcome: Outcome) -> Status {
    match outcome {
        Outcome::Decided | Outcome::Concurrent | Outcome::NotRequired => Status::Fine,
        Outcome::Gap
        | Outcome::Conflict
        | Outcome::Orphaned
        | Outcome::Open
        | Outcome::NotCovered
        | Outcome::Undetermined => Status::Findings,
    }
}

fn print(
    library: &Library,
    voice: Voice<'_>,
    answer: &Answer,
    depth: Depth,
    console: &mut Console<'_>,
) -> io::Result<()> {
    let errors = library.errors();
    match console.format {
        Format::Json => {
            let frame = Frame { version: &library.version, rules_errors: errors, depth };
            console.say(&format!("{:#}", report::report(voice, answer, frame)))
        }
        Format::Text => {
            for line in explain::lines(voice, answer, depth) {
                console.say(&line)?;
            }
            let lost = answer.record.len();
            if depth == Depth::Ruling && lost > 0 {
                console.say(&match console.language {
                    Language::Vietnamese => {
                        format!("  {lost} quy định liên quan không áp dụng: thêm --explain để xem")
                    }
                    Language::English => {
                        format!("  related provisions that do not apply: {lost}; add --explain to see them")
                    }
                })?;
            }
            Ok(())
        }
    }
}

pub(super) fn refuse(voice: Voice<'_>, trouble: &Trouble, console: &mut Console<'_>) -> io::Result<()> {
    match console.format {
        Format::Json => console.say(&format!("{:#}", report::json(&report::trouble(voice, trouble)))),
        Format::Text => {
            for line in explain::trouble_lines(voice, trouble) {
                console.complain(&line)?;
            }
            Ok(())
        }
    }
}

/// Units, each with the role that is said before it.
pub(super) fn places(matches: &ArgMatches) -> Vec<question::Place<'static>> {
    let place = |text: String| match text.split_once('=') {
        Some((role, unit)) => (Some(role.trim().to_owned().into()), unit.trim().to_owned().into()),
        None => (None, text.into()),
    };
    texts(matches, "in").into_iter().map(place).collect()
}

/// The question as it stands on the command line.
pub(super) fn asked(matches: &ArgMatches) -> Result<Asked<'static>, Trouble> {
    let mut facts: Vec<(String, Vec<String>)> = Vec::new();
    for text in texts(matches, "fact") {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Trouble::new(Member::Fact(text), What::Missing));
        };
        match facts.iter_mut().find(|(earlier, _)| key(earlier) == key(name)) {
            Some((_, values)) => values.push(value.trim().to_owned()),
            None => facts.push((name.trim().to_owned(), vec![value.trim().to_owned()])),
        }
    }
    Ok(Asked {
        task: matches.get_one::<String>("task").cloned().map(Cow::Owned),
        on: matches.get_one::<String>("on").cloned().map(Cow::Owned),
        places: places(matches),
        facts: facts.into_iter().map(|(name, values)| (name.into(), Given::said(values))).collect(),
    })
}
