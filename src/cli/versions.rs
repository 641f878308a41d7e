//! `tq versions`: what was published, by whom, why and when; and what waits for signatures.

use std::io;

use clap::ArgMatches;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value as Json, json};

use super::store::{Opened, refuse};
use super::{Console, Format, Status};
use crate::reading::words::pick;
use crate::server::now;
use crate::store::fault::Fault;
use crate::store::log::Kept;
use crate::store::statement::{Changes, Policy, Proposal, Says};
use crate::store::{Store, Waiting};
use crate::syntax::tree::Language;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let found = Opened::of(matches).and_then(|opened| {
        let waiting = opened.store.waiting()?;
        Ok((opened, waiting))
    });
    let (Opened { store, .. }, (waiting, wrong)) = match found {
        Ok(found) => found,
        Err(fault) => return refuse(&fault, console),
    };
    for fault in &wrong {
        refuse(fault, console)?;
    }
    let stale = store.is_fresh(now()).err();
    match console.format {
        Format::Json => console.say(&format!("{:#}", json_of(&store, &waiting, stale.as_ref())))?,
        Format::Text => {
            let clock = store.log().policy().and_then(Policy::clock).unwrap_or(Offset::UTC);
            for kept in store.log().entries().iter().rev() {
                console.say(&line(kept, clock, console.language))?;
            }
            for Waiting { name, proposal, signed, needed, .. } in &waiting {
                let words = pick(console.language, "chờ ký", "waits for signatures");
                let said = said(proposal, console.language);
                console.say(&format!("{words} ({signed}/{needed}) {name}: {said}"))?;
            }
        }
    }
    if let Some(fault) = stale {
        console.complain(&format!("{}: {}", pick(console.language, "chú ý", "note"), fault.words(console.language)))?;
    }
    Ok(if wrong.is_empty() { Status::Fine } else { Status::Wrong })
}

/// A moment by the clock of the store, to the second.
fn moment(at: Timestamp, clock: Offset) -> String {
    let local = clock.to_datetime(at);
    format!("{} {:02}:{:02}:{:02}", local.date(), local.hour(), local.minute(), local.second())
}

fn line(kept: &Kept, clock: Offset, language: Language) -> String {
    let signed = kept.signed_by().join(", ");
    let signed = format!("{} {signed}", pick(language, "ký:", "signed by"));
    format!("{:>4}  {}  {} [{signed}]", kept.number, moment(kept.at, clock), said(&kept.proposal, language))
}

/// What somebody put into the log, in one line.
fn said(proposal: &Proposal, language: Language) -> String {
    let Proposal { by, note, says, .. } = proposal;
    match says {
        Says::Policy(policy) => {
            let (signatures, publishers) = (policy.signatures, policy.publishers.len());
            let words = match language {
                Language::Vietnamese => format!("quy chế ký: {signatures} trong {publishers} người"),
                Language::English => format!("policy: {signatures} of {publishers} sign"),
            };
            format!("{words}; {by}: {note}")
        }
        Says::Publication(publication) => {
            let again = publication.again.map(|number| match language {
                Language::Vietnamese => format!(", là bản {number} được công bố lại"),
                Language::English => format!(", version {number} published anew"),
            });
            let changes = publication.changes.as_ref().map(|changes| figures(changes, language));
            let parts: Vec<String> = again.into_iter().chain(changes).collect();
            format!("{}{}; {by}: {note}", publication.rules.short(), parts.join(""))
        }
    }
}

/// ` (moved 2, lost 1)`.
fn figures(changes: &Changes, language: Language) -> String {
    let mut parts: Vec<String> = changes.regions.iter().map(|(class, count)| format!("{class} {count}")).collect();
    if changes.units > 0 {
        parts.push(format!("{} {}", pick(language, "dòng sổ đơn vị", "register rows"), changes.units));
    }
    if parts.is_empty() {
        parts.push(pick(language, "không đổi kết quả nào", "no ruling changes").to_owned());
    }
    format!(" ({})", parts.join(", "))
}

fn json_of(store: &Store, waiting: &[Waiting], stale: Option<&Fault>) -> Json {
    let proposal = |proposal: &Proposal| json!({ "by": proposal.by, "note": proposal.note, "says": proposal.says });
    let entry = |kept: &Kept| {
        let version = kept.version();
        json!({
            "number": kept.number, "at": kept.at, "version": version, "signed_by": kept.signed_by(),
            "entry": kept.digest, "proposal": proposal(&kept.proposal),
        })
    };
    let one = |one: &Waiting| json!({ "name": one.name, "signed": one.signed, "needed": one.needed, "proposal": proposal(&one.proposal) });
    json!({
        "root": store.log().root(),
        "fresh": stale.is_none(),
        "entries": store.log().entries().iter().map(entry).collect::<Vec<_>>(),
        "waiting": waiting.iter().map(one).collect::<Vec<_>>(),
    })
}
