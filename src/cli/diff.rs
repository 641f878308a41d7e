//! `tq diff`: what a change of rules changes in the world; for people, for programs, for a comment on a merge request.

mod html;
mod sides;

use std::io;

use clap::ArgMatches;

use self::sides::Sides;
use super::command::FINDING;
use super::{Console, Status, ask, errors_line, forecast, problems, sheet, texts};
use crate::library::Library;
use crate::partition::Side;
use crate::reading::check::data::Frame;
use crate::reading::diff::{self, Diff, Findings, Scope, Telling, data};
use crate::reading::naming::Voice;
use crate::reading::report;
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::Language;
use crate::ruling::TooMany;

/// How long a comment may be where nothing is said: it fits wherever comments are written.
const LIMIT: usize = 65_000;

/// In which form a diff is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Markdown,
    Html,
    Csv,
    Workbook,
}

impl Form {
    fn of(matches: &ArgMatches) -> Self {
        match matches.get_one::<String>("format").map(String::as_str) {
            Some("json") => Self::Json,
            Some("md") => Self::Markdown,
            Some("html") => Self::Html,
            Some("csv") => Self::Csv,
            Some("xlsx") => Self::Workbook,
            Some(_) | None => Self::Text,
        }
    }
}

/// Both sides, loaded.
struct Loaded {
    sides: Sides,
    old: Library,
    new: Library,
}

impl Loaded {
    fn voices(&self, language: Language) -> (Voice<'_>, Voice<'_>) {
        (Voice::new(&self.old.rulebook, language), Voice::new(&self.new.rulebook, language))
    }

    /// Letter by letter the same rules: nothing can be unlike.
    fn are_same(&self) -> bool {
        let texts = |library: &Library| -> Vec<_> {
            library.sources.iter().map(|(_, source)| (source.path.clone(), source.text.clone())).collect()
        };
        self.old.version == self.new.version
            && self.old.unreadable == self.new.unreadable
            && texts(&self.old) == texts(&self.new)
    }
}

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    if let Some(refusal) = idle_limit(matches, console.language) {
        console.complain(&refusal)?;
        return Ok(Status::Wrong);
    }
    if sheet::shows_bytes(matches, console)? {
        return Ok(Status::Wrong);
    }
    let sides = match Sides::of(matches, console)? {
        Ok(sides) => sides,
        Err(none) => return none.told(console).map(|()| Status::Wrong),
    };
    let Some(old) = problems::told(sides.load_old(), console)? else { return Ok(Status::Wrong) };
    let Some(new) = problems::told(sides.load_new(), console)? else { return Ok(Status::Wrong) };
    for errors in [old.errors(), new.errors()].into_iter().filter(|errors| *errors > 0) {
        console.complain(&errors_line(errors, console.language))?;
    }
    let loaded = Loaded { sides, old, new };
    let scope = match scope(matches, &loaded) {
        Ok(scope) => scope,
        Err(trouble) => {
            ask::refuse(loaded.voices(console.language).1, &trouble, console)?;
            return Ok(Status::Wrong);
        }
    };
    let (diff, findings) = match compared(matches, &loaded, &scope) {
        Ok(compared) => compared,
        Err(too_many) => return refuse(&loaded, &too_many, console),
    };
    let telling = Telling {
        voices: loaded.voices(console.language),
        diff: &diff,
        findings: findings.as_ref(),
        versions: (&loaded.old.version, &loaded.new.version),
    };
    let bytes = told(matches, &telling, &loaded)?;
    if sheet::put(&bytes, matches, console)? == Status::Wrong {
        return Ok(Status::Wrong);
    }
    let fails = loaded.old.errors() + loaded.new.errors() > 0 || is_denied(matches, &telling);
    Ok(if fails { Status::Findings } else { Status::Fine })
}

/// A limit of what has none.
fn idle_limit(matches: &ArgMatches, language: Language) -> Option<String> {
    let idle = matches.contains_id("limit") && Form::of(matches) != Form::Markdown;
    idle.then(|| {
        pick(language, "lỗi: `--limit` chỉ dùng cùng `--format md`", "error: `--limit` goes with `--format md`")
    })
    .map(str::to_owned)
}

/// A task of either side; of a day where one is said.
fn scope(matches: &ArgMatches, loaded: &Loaded) -> Result<Scope, Trouble> {
    let on = matches.contains_id("on").then(|| forecast::day_said(matches, "on")).transpose()?;
    diff::scope((&loaded.old.rulebook, &loaded.new.rulebook), texts(matches, "task"), on)
}

/// What is unlike, and which findings come and go where that is asked.
type Compared = (Diff, Option<Findings>);

fn compared(matches: &ArgMatches, loaded: &Loaded, scope: &Scope) -> Result<Compared, (Side, TooMany)> {
    let (old, new) = (&loaded.old, &loaded.new);
    let denied = texts(matches, "deny").iter().any(|denied| denied == FINDING);
    let asked = denied || matches.get_flag("findings") || matches.contains_id("with");
    if loaded.are_same() {
        return Ok((diff::none(&new.rulebook, scope), asked.then(Findings::default)));
    }
    let diff = diff::within((old.law(), new.law()), scope)?;
    Ok((diff, asked.then(|| diff::findings((old.law(), new.law()), scope))))
}

fn refuse(loaded: &Loaded, (side, many): &(Side, TooMany), console: &mut Console<'_>) -> io::Result<Status> {
    let (old, new) = loaded.voices(console.language);
    let voice = if *side == Side::Old { old } else { new };
    let words = pick(console.language, "quá nhiều vùng ở", "too many regions in");
    let task = voice.name(&voice.rulebook[many.task].names);
    console.complain(&format!("tq: {words} {task}: {}", voice.citations(&many.provisions)))?;
    Ok(Status::Wrong)
}

fn told(matches: &ArgMatches, telling: &Telling<'_>, loaded: &Loaded) -> io::Result<Vec<u8>> {
    let language = telling.language();
    Ok(match Form::of(matches) {
        Form::Text => lines(telling).into_bytes(),
        Form::Json => json(telling, loaded).into_bytes(),
        Form::Markdown => {
            let limit = matches.get_one::<usize>("limit").copied().unwrap_or(LIMIT);
            diff::markdown(telling, limit).into_bytes()
        }
        Form::Html => html::page(telling).map_err(io::Error::other)?.into_bytes(),
        Form::Csv => sheet::csv(&diff::sheet(telling), language)?,
        Form::Workbook => sheet::workbook(&diff::sheet(telling), language)?,
    })
}

fn json(telling: &Telling<'_>, loaded: &Loaded) -> String {
    let (old, new) = telling.voices;
    let old_path = |file: &str| loaded.sides.old_path(file);
    let new_path = |file: &str| loaded.sides.new_path(file);
    let frames = (
        Frame {
            voice: old,
            sources: &loaded.old.sources,
            path: &old_path,
            rules: "",
            version: &loaded.old.version,
            rules_errors: loaded.old.errors(),
        },
        Frame {
            voice: new,
            sources: &loaded.new.sources,
            path: &new_path,
            rules: "",
            version: &loaded.new.version,
            rules_errors: loaded.new.errors(),
        },
    );
    format!("{:#}\n", report::json(&data::shape(telling, frames)))
}

fn lines(telling: &Telling<'_>) -> String {
    let mut lines = diff::lines(telling.voices, telling.diff);
    if let Some(findings) = telling.findings {
        lines.push(String::new());
        lines.extend(diff::finding_lines(telling.voices, findings));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Whether there is what was denied; anything at all, where nothing was.
fn is_denied(matches: &ArgMatches, telling: &Telling<'_>) -> bool {
    let denied = texts(matches, "deny");
    if denied.is_empty() {
        return !telling.is_nothing();
    }
    let errors = telling.findings.map_or(0, Findings::errors);
    let is_told = |code: &String| match code.as_str() {
        FINDING => errors > 0,
        code => telling.diff.changes.iter().any(|change| change.class.code() == code),
    };
    denied.iter().any(is_told)
}
