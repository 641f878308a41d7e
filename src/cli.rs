//! The command line `tq`: one file per command. Knows arguments, streams and exit statuses; every answer comes from
//! [`crate::reading`].

mod ask;
mod audit;
mod certify;
mod check;
mod command;
mod diff;
mod fmt;
mod forecast;
mod key;
mod portfolio;
mod problems;
mod publish;
mod remote;
mod replay;
mod report;
mod review;
mod serve;
mod sheet;
mod side;
mod snapshot;
mod store;
mod table;
mod tasks;
mod test;
mod timeline;
mod usage;
mod verify;
mod versions;

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::ErrorKind;

use crate::library::Origin;
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All is well.
    Fine,
    /// Findings, failed scenarios, or an answer that names no decider.
    Findings,
    /// Wrong use or unreadable input.
    Wrong,
}

impl Status {
    const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Wrong => 2,
        }
    }
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

/// Where a command writes, and in which language and form.
struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    language: Language,
    format: Format,
    /// Whether problems are shown in colour.
    color: bool,
}

impl Console<'_> {
    fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    fn complain(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.err, "{line}")
    }
}

/// What the program reads from and writes to.
pub struct Streams<'a> {
    pub input: &'a mut dyn BufRead,
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
    /// Whether somebody sits there: what is written is read on a terminal, and answered on it.
    pub attended: bool,
    /// Whether answers are shown in colour.
    pub out_color: bool,
    /// Whether problems are shown in colour.
    pub err_color: bool,
}

/// Runs the program on the arguments and the environment of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // Neither input nor errors are locked: a command may read the input on its own, and threads of the service write errors
    // too, and so does whoever panics.
    let (mut input, mut out, mut err) = (BufReader::new(io::stdin()), io::stdout().lock(), io::stderr());
    let colors = std::env::var_os("NO_COLOR").is_none();
    let attended = io::stdin().is_terminal() && out.is_terminal();
    let (out_color, err_color) = (colors && out.is_terminal(), colors && err.is_terminal());
    let streams = Streams { input: &mut input, out: &mut out, err: &mut err, attended, out_color, err_color };
    let status = run(&arguments, streams);
    match status.and_then(|status| out.flush().map(|()| status)) {
        Ok(status) => ExitCode::from(status.code()),
        // Whoever read our output has enough of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(err, "tq: {error}");
            ExitCode::from(Status::Wrong.code())
        }
    }
}

/// Runs one command line, the first of the arguments being the program's name.
///
/// # Errors
///
/// When a stream cannot be read or written.
pub fn run(arguments: &[OsString], streams: Streams<'_>) -> io::Result<Status> {
    let language = language_of(arguments, |name| std::env::var(name).ok());
    match command::command(language).try_get_matches_from(arguments) {
        Ok(matches) => dispatch(&matches, language, streams),
        Err(error) => {
            let status = if error.use_stderr() { Status::Wrong } else { Status::Fine };
            let is_of_environment = usage::is_of_environment(&error, arguments);
            // In the colours of the process's own terminal; help and version are in the language already.
            let _ = match (status, language) {
                (Status::Wrong, Language::Vietnamese)
                    if error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
                {
                    error.apply::<usage::Vietnamese>().print()
                }
                _ => error.print(),
            };
            if is_of_environment {
                let comes = pick(language, "lấy từ biến môi trường", "comes from the environment variable");
                writeln!(streams.err, "\n--store {comes} TQ_STORE")?;
            }
            Ok(status)
        }
    }
}

fn dispatch(matches: &ArgMatches, language: Language, streams: Streams<'_>) -> io::Result<Status> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Status::Wrong) };
    let format = match matches.try_get_one::<String>("format") {
        Ok(Some(format)) if format == "json" => Format::Json,
        Ok(_) | Err(_) => Format::Text,
    };
    let Streams { input, out, err, attended, out_color, err_color } = streams;
    let mut console = Console { out, err, language, format, color: err_color };
    match name {
        "ask" => ask::run(matches, &mut console),
        "tasks" => tasks::run(matches, &mut console),
        "table" => table::run(matches, &mut console),
        "timeline" => timeline::run(matches, &mut console),
        "audit" => audit::run(matches, &mut console),
        "replay" => replay::run(matches, &mut console, input),
        "report" => report::run(matches, &mut console),
        "portfolio" => portfolio::run(matches, &mut console),
        "test" => test::run(matches, &mut console),
        "fmt" => fmt::run(matches, &mut console),
        "snapshot" => snapshot::run(matches, &mut console),
        "review" => review::run(matches, &mut console, review::Desk { input, attended, color: out_color }),
        "serve" => serve::run(matches, &mut console),
        "check" => check::run(matches, &mut console),
        "diff" => diff::run(matches, &mut console),
        "verify" => verify::run(matches, &mut console),
        "key" => key::run(matches, &mut console),
        "store" => store::run(matches, &mut console),
        "publish" => publish::run(matches, &mut console),
        "approve" => publish::approve(matches, &mut console),
        "rollback" => publish::rollback(matches, &mut console),
        "certify" => certify::run(matches, &mut console),
        "versions" => versions::run(matches, &mut console),
        _ => Ok(Status::Wrong),
    }
}

/// `--lang` wins, then `LC_ALL`, `LC_MESSAGES` and `LANG` as the system reads them; English where none is Vietnamese.
fn language_of(arguments: &[OsString], environment: impl Fn(&str) -> Option<String>) -> Language {
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let after = texts.iter().position(|text| *text == "--lang").and_then(|at| texts.get(at + 1)).copied();
    let said = after.or_else(|| texts.iter().find_map(|text| text.strip_prefix("--lang=")));
    let locale = || {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
        names.filter_map(environment).find(|value| !value.is_empty()).unwrap_or_default()
    };
    match said.map_or_else(locale, str::to_owned) {
        tag if tag.to_lowercase().starts_with("vi") => Language::Vietnamese,
        _ => Language::English,
    }
}

fn origin(matches: &ArgMatches) -> Origin {
    Origin::choose(matches.get_many::<PathBuf>("rules").into_iter().flatten().cloned().collect())
}

fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

/// Says of rules that hold errors that what follows rests on the rest of them; said first, so that no answer is taken for whole.
fn warn(errors: usize, console: &mut Console<'_>) -> io::Result<()> {
    if errors == 0 {
        return Ok(());
    }
    let rest = pick(
        console.language,
        "kết quả sau đây chỉ theo phần không có lỗi, nên có thể sai",
        "what follows rests on what is free of them, and may be wrong",
    );
    console.complain(&format!("{}; {rest}", errors_line(errors, console.language)))
}

/// One line about rules that hold errors.
fn errors_line(errors: usize, language: Language) -> String {
    format!("{} {errors}", pick(language, "chú ý: số lỗi trong bộ quy định:", "note: errors in the rules:"))
}

#[cfg(test)]
mod tests {
    use super::language_of;
    use crate::syntax::tree::Language;

    #[test]
    fn the_language_is_said_or_the_locales() {
        let none = |_: &str| None;
        let of = |arguments: &[&str]| arguments.iter().map(Into::into).collect::<Vec<_>>();
        assert_eq!(language_of(&of(&["tq", "--lang", "vi"]), none), Language::Vietnamese);
        assert_eq!(language_of(&of(&["tq", "--lang=en"]), |_| Some("vi_VN".to_owned())), Language::English);
        assert_eq!(
            language_of(&of(&["tq"]), |name| (name == "LANG").then(|| "vi_VN.UTF-8".to_owned())),
            Language::Vietnamese
        );
        assert_eq!(
            language_of(&of(&["tq"]), |name| Some(if name == "LC_ALL" { "C" } else { "vi" }.to_owned())),
            Language::English
        );
    }
}
