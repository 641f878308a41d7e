//! `tq verify`: the region check of the rules, with a certificate; of a published version also signatures, hashes and log. The
//! time that it took is said apart: two runs give the same certificate.

use std::io;
use std::time::Instant;

use clap::ArgMatches;
use serde_json::{Value as Json, json};

use super::store::{self, Opened};
use super::{Console, Format, Status, errors_line, problems};
use crate::library::{self, Library};
use crate::reading::naming::Voice;
use crate::reading::verify::{Certificate, Failure, certify, wrong_lines};
use crate::reading::words::pick;
use crate::server::now;
use crate::store::Named;
use crate::store::fault::Fault;
use crate::store::log::Kept;
use crate::store::statement::Publication;
use crate::syntax::tree::Language;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    match matches.get_one::<String>("version") {
        None => {
            let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
            of_rules(&library, None, console)
        }
        Some(named) => match published(matches, named) {
            Ok(published) => of_version(&published, console),
            Err(fault) => store::refuse(&fault, console),
        },
    }
}

/// A published version, after all that can be told without its rules was found right.
struct Published {
    kept: Kept,
    said: Publication,
    library: Library,
    stale: Option<Fault>,
}

/// Signatures, hashes and log are checked by opening the store and reading the files.
fn published(matches: &ArgMatches, named: &str) -> Result<Published, Fault> {
    let Opened { store, .. } = Opened::of(matches)?;
    let (kept, said) = store.find(&named.parse::<Named>()?)?;
    let library = library::from_files(store.files(said)?);
    Ok(Published { kept: kept.clone(), said: said.clone(), library, stale: store.is_fresh(now()).err() })
}

fn of_version(published: &Published, console: &mut Console<'_>) -> io::Result<Status> {
    let Published { kept, said, library, stale } = published;
    let (number, at, signed) = (kept.number, kept.at, kept.signed_by().join(", "));
    let (files, version) = (said.files.len(), &library.version);
    console.complain(&match console.language {
        Language::Vietnamese => format!(
            "phiên bản {version}: mục {number}, công bố lúc {at}, ký: {signed}; chữ ký, nhật ký và {files} tệp đều đúng"
        ),
        Language::English => format!(
            "version {version}: entry {number}, published at {at}, signed by {signed}; signatures, log and {files} files are right"
        ),
    })?;
    let status = of_rules(library, Some(said), console)?;
    match stale {
        Some(fault) => store::refuse(fault, console).map(|_| status.max(Status::Findings)),
        None => Ok(status),
    }
}

fn of_rules(library: &Library, said: Option<&Publication>, console: &mut Console<'_>) -> io::Result<Status> {
    let voice = Voice::new(&library.rulebook, console.language);
    let started = instant();
    let certificate = certify(&library.rulebook, &library.version);
    let millis = started.elapsed().as_millis();
    match console.format {
        Format::Text => {
            for line in certificate.lines(voice) {
                console.say(&line)?;
            }
        }
        Format::Json => console.say(&format!("{:#}", json_of(voice, library, &certificate)))?,
    }
    console.complain(&format!("{}: {millis} ms", pick(console.language, "thời gian", "time")))?;
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
    }
    // Another program may divide otherwise; the same one finds the same.
    let unlike = said.is_some_and(|said| {
        said.program == env!("CARGO_PKG_VERSION") && said.regions != certificate.digest(&library.rulebook)
    });
    if unlike {
        let words = pick(
            console.language,
            "lỗi: kết quả khác với chứng nhận khi công bố",
            "error: this is not what was certified when it was published",
        );
        console.complain(words)?;
    }
    let good = certificate.is_good(&library.rulebook) && library.errors() == 0 && !unlike;
    Ok(if good { Status::Fine } else { Status::Findings })
}

fn json_of(voice: Voice<'_>, library: &Library, certificate: &Certificate) -> Json {
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
    json!({
        "version": certificate.version, "tasks": tasks.collect::<Vec<_>>(),
        "right": certificate.is_good(&library.rulebook), "certificate": certificate.digest(&library.rulebook),
        "rules_errors": library.errors(),
    })
}

/// Only to say how long the check took; nothing that is certified depends on it.
#[expect(clippy::disallowed_methods, reason = "the time is printed beside the certificate, not in it")]
fn instant() -> Instant {
    Instant::now()
}
