//! One snapshot after the other: shows it, asks, does what is answered, and says at the end what is left.

use std::io::{self, BufRead};

use super::super::snapshot::unified::unified;
use super::super::{Console, Status, snapshot};
use super::against::Against;
use super::folder::{self, Done};
use super::found::{Found, Item};
use super::list::side;
use super::paint::{Kind, Paint};
use super::{Case, responsible, words};

/// So many lines of a text, and of its moves, are shown before all are asked for.
const SHOWN: usize = 40;

/// What is answered of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
    Full,
    Quit,
    Help,
    Unknown(String),
}

/// How much of a change is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Short,
    Full,
}

/// What is shown, and to whom.
#[derive(Clone, Copy)]
struct Shown<'a> {
    case: Case<'a>,
    against: &'a Against,
    paint: Paint,
}

/// What became of the snapshots; those of neither kind are undecided.
#[derive(Debug, Default)]
struct Tally<'a> {
    accepted: usize,
    rejected: Vec<&'a str>,
}

/// Asks of every snapshot. The end of the input is an answer too: to quit.
pub(super) fn through(
    (case, against, found): (Case<'_>, &Against, &Found<'_>),
    (input, paint): (&mut dyn BufRead, Paint),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    let shown = Shown { case, against, paint };
    for line in words::head(found.items.len(), case.folder, against, console.language) {
        console.say(&line)?;
    }
    let mut tally = Tally::default();
    for (item, number) in found.items.iter().zip(1..) {
        let count = format!("[{number}/{}]", found.items.len());
        match decide(shown, (item, &count), input, console)? {
            Answer::Accept => match folder::put(case.folder, &item.change) {
                Ok(done) => {
                    snapshot::told(&case.folder.join(item.change.name), done, console)?;
                    tally.accepted += usize::from(done != Done::ChangedMeanwhile);
                }
                Err(error) => return snapshot::fail(&case.folder.join(item.change.name), &error, console),
            },
            Answer::Reject => tally.rejected.push(item.id),
            Answer::Quit => break,
            Answer::Skip | Answer::Full | Answer::Help | Answer::Unknown(_) => {}
        }
    }
    close(shown, found, &tally, console)
}

/// Shows a snapshot until one of the answers that decide is given.
fn decide(
    shown: Shown<'_>,
    (item, count): (&Item<'_>, &str),
    input: &mut dyn BufRead,
    console: &mut Console<'_>,
) -> io::Result<Answer> {
    let mut length = Length::Short;
    show(shown, (item, count), length, console)?;
    loop {
        console.out.write_all(words::prompt(console.language).as_bytes())?;
        console.out.flush()?;
        let answer = read(input)?;
        match answer {
            Answer::Accept | Answer::Reject | Answer::Skip | Answer::Quit => return Ok(answer),
            Answer::Full => {
                length = if length == Length::Short { Length::Full } else { Length::Short };
                show(shown, (item, count), length, console)?;
            }
            Answer::Help => console.say(words::help(console.language))?,
            Answer::Unknown(written) => console.say(&words::unknown_key(&written, console.language))?,
        }
    }
}

/// One line of the input; at its end, to quit.
fn read(input: &mut dyn BufRead) -> io::Result<Answer> {
    let mut line = Vec::new();
    if input.read_until(b'\n', &mut line)? == 0 {
        return Ok(Answer::Quit);
    }
    let line = String::from_utf8_lossy(&line).trim().to_lowercase();
    Ok(match line.as_str() {
        "a" => Answer::Accept,
        "r" => Answer::Reject,
        "s" => Answer::Skip,
        "d" => Answer::Full,
        "q" => Answer::Quit,
        "?" => Answer::Help,
        _ => Answer::Unknown(line.escape_debug().to_string()),
    })
}

fn show(
    shown: Shown<'_>,
    (item, count): (&Item<'_>, &str),
    length: Length,
    console: &mut Console<'_>,
) -> io::Result<()> {
    let Shown { case, against, paint } = shown;
    let language = console.language;
    console.say("")?;
    console.say(&paint.text(Kind::Title, &format!("{count} {} ({})", item.title, item.id)))?;
    let path = case.folder.join(item.change.name).display().to_string();
    let (old, new) = (item.change.old.unwrap_or_default(), item.change.new.unwrap_or_default());
    if item.change.old.is_none() || item.change.new.is_none() {
        let lines = new.lines().count();
        console.say(&format!("{path}: {}", words::state(item, (lines, 0), language)))?;
    }
    let text = unified(&path, (old, new), language);
    let text: Vec<String> = text.iter().map(|line| paint.text(Kind::of_line(line), line)).collect();
    part(&text, length, console)?;
    for line in words::moves(item, side(against), language) {
        console.say("")?;
        console.say(&paint.text(Kind::Title, &line))?;
    }
    if let Against::Compared(compared) = against {
        let regions = compared.lines(&case.library.rulebook, item.id, language);
        if !regions.is_empty() {
            console.say("")?;
        }
        part(&regions, length, console)?;
    }
    console.say("")
}

/// The first lines, or all.
fn part(lines: &[String], length: Length, console: &mut Console<'_>) -> io::Result<()> {
    let count = match length {
        Length::Short => SHOWN,
        Length::Full => lines.len(),
    };
    for line in lines.iter().take(count) {
        console.say(line)?;
    }
    let more = lines.len().saturating_sub(count);
    if more > 0 { console.say(&words::more(more, console.language)) } else { Ok(()) }
}

/// What became of all, what has to be changed, and what moves without a text.
fn close(shown: Shown<'_>, found: &Found<'_>, tally: &Tally<'_>, console: &mut Console<'_>) -> io::Result<Status> {
    let language = console.language;
    let left = found.items.len() - tally.accepted;
    let rejected = tally.rejected.len();
    if !found.items.is_empty() {
        console.say("")?;
        console.say(&words::summary((tally.accepted, rejected, left - rejected), language))?;
    }
    if rejected > 0 {
        console.say(words::rejected(language))?;
    }
    for id in &tally.rejected {
        let places = match shown.against {
            Against::Compared(compared) => responsible::places(shown.case, compared, id),
            Against::Alone(_) => Vec::new(),
        };
        let colon = if places.is_empty() { "" } else { ": " };
        console.say(&format!("  {id}{colon}{}", places.join(", ")))?;
    }
    for line in words::silent(&found.silent, side(shown.against), language) {
        console.say(&line)?;
    }
    Ok(if left == 0 { Status::Fine } else { Status::Findings })
}
