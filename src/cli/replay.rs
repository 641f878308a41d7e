//! `tq replay`: every question of a decision log asked again, of other rules or of those that answered it. Holds what differs and
//! not the log, however long it is.

mod found;
mod json;
mod shelf;
mod tally;
mod text;

use std::io::{self, BufRead};
use std::path::PathBuf;

use clap::ArgMatches;

use self::found::Key;
use self::shelf::Shelf;
use self::tally::Tally;
use super::{Console, Format, Status};
use crate::reading::words::pick;
use crate::server::decisions::read::Lines;
use crate::server::decisions::{postgres, section};
use crate::store::postgres::Address;
use crate::syntax::tree::Language;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>, input: &mut dyn BufRead) -> io::Result<Status> {
    let salt = match matches.get_one::<PathBuf>("salt").map(|file| section::salt_of(file)).transpose() {
        Ok(salt) => salt,
        Err(wrong) => return refuse(&wrong.words(console.language), console),
    };
    let paths: Vec<PathBuf> = matches.get_many::<PathBuf>("log").into_iter().flatten().cloned().collect();
    let lines = match log(&paths, input, console.language) {
        Ok(lines) => lines,
        Err(why) => {
            let words = pick(console.language, "không có nhật ký nào đọc được", "there is no log that can be read");
            return refuse(&format!("{words}: {why}"), console);
        }
    };
    let limit = usize::from(matches.get_one::<u16>("limit").copied().unwrap_or_default());
    if matches.get_flag("check") {
        return tell(&Tally::of(lines, None, None, limit), None, console);
    }
    let candidates = matches.get_one::<PathBuf>("candidates");
    let key = match Key::read(salt, candidates.map(PathBuf::as_path)) {
        Ok(key) => key,
        Err(wrong) => return refuse(&wrong.words(console.language), console),
    };
    let salt = key.salt();
    let Some(mut shelf) = Shelf::of(matches, key, console)? else { return Ok(Status::Wrong) };
    let tally = Tally::of(lines, Some(&mut shelf), salt.as_deref(), limit);
    tell(&tally, Some(&shelf), console)
}

/// The lines of a log: of a database, of standard input, or of files.
fn log<'a>(paths: &[PathBuf], input: &'a mut dyn BufRead, language: Language) -> Result<Lines<'a>, String> {
    let urls = paths.iter().filter_map(|path| path.to_str()).find(|text| Address::is_one(text));
    match (urls, paths) {
        (Some(url), [_]) => {
            let address = Address::of_chain(url).map_err(|fault| fault.words(language))?;
            postgres::lines(&address).map_err(|unfit| section::unread_words(&unfit, language))
        }
        (Some(_), _) => {
            let words = pick(
                language,
                "mỗi lần chỉ đọc một chuỗi của cơ sở dữ liệu",
                "one chain of a database is read at a time",
            );
            Err(words.to_owned())
        }
        (None, [one]) if one.as_os_str() == "-" => Ok(Lines::of_stream(input)),
        (None, _) => Lines::of(paths).map_err(|error| error.to_string()),
    }
}

/// What came of it, and with which status it ends.
fn tell(tally: &Tally, shelf: Option<&Shelf>, console: &mut Console<'_>) -> io::Result<Status> {
    match console.format {
        Format::Json => console.say(&format!("{:#}", json::shape(tally, shelf, console.language)))?,
        Format::Text => {
            for line in text::lines(tally, shelf, console.language) {
                console.say(&line)?;
            }
        }
    }
    if let Some(broken) = &tally.broken {
        let (file, line) = (&broken.file, broken.line);
        let words = section::flaw_words(&broken.flaw, console.language);
        return refuse(&format!("{file}:{line}: {words}"), console);
    }
    if let Some(fault) = &tally.fault {
        return refuse(&fault.words(console.language), console);
    }
    let proven = tally.differs() == 0 && tally.unknown.is_empty();
    Ok(if proven { Status::Fine } else { Status::Findings })
}

fn refuse(words: &str, console: &mut Console<'_>) -> io::Result<Status> {
    console.complain(&format!("{}: {words}", pick(console.language, "lỗi", "error")))?;
    Ok(Status::Wrong)
}
