//! `tq check`: every defect of the rules, with where it is one and why; for people, for programs and for what shows reports of
//! others. What is known and accepted lies in a file of its own.

mod gitlab;
mod junit;
pub(super) mod kept;
mod sarif;
mod text;

use std::io;

use clap::ArgMatches;

use super::{Console, Status, ask, errors_line, forecast, origin, problems, texts};
use crate::library::{Library, Origin};
use crate::reading::check::data::{self, All, Frame};
use crate::reading::check::levels::{self, Chosen, Levels, Unknown};
use crate::reading::check::review::{Review, Scope};
use crate::reading::check::{Code, explain};
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::report;
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::{Language, TaskId};

/// For whom findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    /// GitLab's Code Quality.
    GitLab,
    Sarif,
    JUnit,
}

impl Form {
    fn of(matches: &ArgMatches) -> Self {
        match matches.get_one::<String>("format").map(String::as_str) {
            Some("json") => Self::Json,
            Some("gitlab") => Self::GitLab,
            Some("sarif") => Self::Sarif,
            Some("junit") => Self::JUnit,
            Some(_) | None => Self::Text,
        }
    }
}

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    if let Some(written) = matches.get_one::<String>("explain") {
        return match levels::code(written) {
            Ok(code) => explain::lines(code, console.language).iter().try_for_each(|line| console.say(line)),
            Err(unknown) => return refuse(&unknown, console),
        }
        .map(|()| Status::Fine);
    }
    let said = match levels(matches) {
        Ok(said) => said,
        Err(unknown) => return refuse(&unknown, console),
    };
    if let Some(refusal) = wrong_form(matches, console.language) {
        console.complain(&refusal)?;
        return Ok(Status::Wrong);
    }
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let scope = match scope(&library, matches) {
        Ok(scope) => scope,
        Err(trouble) => {
            ask::refuse(Voice::new(&library.rulebook, console.language), &trouble, console)?;
            return Ok(Status::Wrong);
        }
    };
    if matches.contains_id("from") {
        return forecast::run(matches, (&library, &scope.tasks, &texts_of_rules(matches)), console);
    }
    let origin = origin(matches);
    let Some(baseline) = kept::read(matches, &origin, console)? else { return Ok(Status::Wrong) };
    let mut review = Review::new(library.law(), &scope, &baseline, &said);
    if matches.get_flag("write-baseline") {
        return kept::write(matches, &origin, (&library, &review, &baseline), console);
    }
    if library.errors() > 0 {
        // What is not found may be hidden by an error.
        review.stale.clear();
    }
    show(matches, (&library, &origin, &review), console)?;
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
    }
    Ok(if review.fails() || library.errors() > 0 { Status::Findings } else { Status::Fine })
}

/// A form that findings have and a forecast has not, or the other way round.
fn wrong_form(matches: &ArgMatches, language: Language) -> Option<String> {
    match (matches.get_one::<String>("format").map(String::as_str), matches.contains_id("from")) {
        (Some("ics"), false) => Some(match language {
            Language::Vietnamese => "lỗi: `--format ics` chỉ dùng cùng --from".to_owned(),
            Language::English => "error: `--format ics` goes with --from".to_owned(),
        }),
        (Some(form @ ("gitlab" | "sarif" | "junit")), true) => Some(match language {
            Language::Vietnamese => format!("lỗi: `--format {form}` không dùng cùng --from; có text, json, ics"),
            Language::English => format!("error: `--format {form}` does not go with --from; there are text, json, ics"),
        }),
        (Some(_) | None, _) => None,
    }
}

fn show(
    matches: &ArgMatches,
    (library, origin, review): (&Library, &Origin, &Review),
    console: &mut Console<'_>,
) -> io::Result<()> {
    let path = |file: &str| origin.path(file);
    let rules = texts_of_rules(matches);
    let frame = Frame {
        voice: Voice::new(&library.rulebook, console.language),
        sources: &library.sources,
        path: &path,
        rules: &rules,
        version: &library.version,
        rules_errors: library.errors(),
    };
    let all = if matches.get_flag("all") { All::Yes } else { All::No };
    let form = Form::of(matches);
    match form {
        Form::Text => text::findings(frame, review, all, console)?,
        Form::Json => console.say(&format!("{:#}", report::json(&data::shape(frame, review, all))))?,
        Form::GitLab => console.say(&format!("{:#}", gitlab::report(frame, review, all)))?,
        Form::Sarif => console.say(&format!("{:#}", sarif::report(frame, review, all)))?,
        Form::JUnit => write!(console.out, "{}", junit::report(frame, review, all))?,
    }
    let stale = text::stale(review, console.language);
    let summary = text::summary(review, console.language);
    for line in stale.iter().filter(|_| form != Form::Json).chain([&summary]) {
        match form {
            Form::Text => console.say(line)?,
            Form::Json | Form::GitLab | Form::Sarif | Form::JUnit => console.complain(line)?,
        }
    }
    Ok(())
}

/// What a command has to say so that it reads the same rules.
fn texts_of_rules(matches: &ArgMatches) -> String {
    let folders = matches.get_many::<std::path::PathBuf>("rules").into_iter().flatten();
    folders.map(|folder| format!(" --rules {}", crate::reading::check::quoted(&folder.to_string_lossy()))).collect()
}

fn levels(matches: &ArgMatches) -> Result<Levels, Unknown> {
    let read = |name| texts(matches, name).iter().map(|written| Chosen::read(written)).collect::<Result<Vec<_>, _>>();
    Ok(Levels { deny: read("deny")?, allow: read("allow")? })
}

fn scope(library: &Library, matches: &ArgMatches) -> Result<Scope, Trouble> {
    let read = |written: &String| question::task(&library.rulebook, Some(written));
    let mut tasks: Vec<TaskId> = texts(matches, "task").iter().map(read).collect::<Result<_, _>>()?;
    tasks.sort();
    tasks.dedup();
    let compared = match matches.get_one::<u16>("stale-after") {
        Some(months) => Some((forecast::day_said(matches, "on")?, *months)),
        None => None,
    };
    Ok(Scope { tasks, compared })
}

fn refuse(unknown: &Unknown, console: &mut Console<'_>) -> io::Result<Status> {
    let language = console.language;
    let written = &unknown.written;
    let (wrong, help) = match language {
        Language::Vietnamese => (format!("lỗi: không có mã `{written}`"), "gợi ý"),
        Language::English => (format!("error: there is no code `{written}`"), "help"),
    };
    console.complain(&wrong)?;
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    console.complain(&match unknown.near {
        Some(near) => format!("  {help}: {} `{}`?", pick(language, "có phải là", "did you mean"), near.id()),
        None => format!("  {help}: {} {}", pick(language, "các mã:", "the codes are"), known.join(", ")),
    })?;
    Ok(Status::Wrong)
}
