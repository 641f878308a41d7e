//! `tq certify`: a ruling by published rules as a signed file, and whether such a file is to be believed.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::ask::{asked, refuse as refuse_question};
use super::side::Which;
use super::store::{Opened, refuse};
use super::{Console, Status, warn};
use crate::digest::Digest;
use crate::library::{self, Library};
use crate::reading::ask::{Depth, ask};
use crate::reading::explain;
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::server::now;
use crate::store::Store;
use crate::store::certificate::Found;
use crate::store::certificate::check::{Checked, check};
use crate::store::certificate::flaw::Flaw;
use crate::store::fault::Fault;
use crate::syntax::tree::Language;

/// No certificate is larger.
const LARGEST: u64 = 64 << 20;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    match matches.get_one::<PathBuf>("check") {
        Some(file) => examine(matches, file, console),
        None => make(matches, console),
    }
}

fn make(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let (Some(key), Some(output)) = (matches.get_one::<PathBuf>("key"), matches.get_one::<PathBuf>("output")) else {
        return Ok(Status::Wrong);
    };
    let key = match super::key::read(key) {
        Ok(key) => key,
        Err(words) => {
            console.complain(&words.of(key, console.language))?;
            return Ok(Status::Wrong);
        }
    };
    let (store, entry, library) = match published(matches) {
        Ok(published) => published,
        Err(fault) => return refuse(&fault, console),
    };
    warn(library.errors(), console)?;
    let voice = Voice::new(&library.rulebook, console.language);
    let answer = asked(matches).and_then(|asked| {
        let question = question::understand(&library.rulebook, &asked)?;
        ask(library.law(), &question, Depth::Record).map_err(|bad| Trouble::refused(&bad, voice, question.on))
    });
    let answer = match answer {
        Ok(answer) => answer,
        Err(trouble) => return refuse_question(voice, &trouble, console).map(|()| Status::Wrong),
    };
    let found = Found { entry, library: &library, answer: &answer };
    let bytes = match store.certify(&found, &key, now()) {
        Ok(bytes) => bytes,
        Err(fault) => return refuse(&fault, console),
    };
    if let Err(error) = put(output, &bytes) {
        return unusable(output, &error, console);
    }
    console.say(&explain::heading(voice, &answer))?;
    console.say(&format!("  {}", explain::about(voice, &answer)))?;
    let (version, output) = (&library.version, output.display());
    console.say(&match console.language {
        Language::Vietnamese => format!("đã chứng nhận theo phiên bản {version}, mục {entry}: {output}"),
        Language::English => format!("certified by version {version}, entry {entry}: {output}"),
    })?;
    Ok(Status::Fine)
}

/// The store, and the rules of the version that is meant: the number of its entry, and what it holds.
fn published(matches: &ArgMatches) -> Result<(Store, u32, Library), Fault> {
    let Opened { store, .. } = Opened::of(matches)?;
    let (kept, publication) = Which::of(matches).unwrap_or(Which::Version("latest")).find(&store)?;
    let (entry, files) = (kept.number, store.files(publication)?);
    Ok((store, entry, library::from_files(files)))
}

/// A new file: a certificate that is there already is not lost.
fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut to = fs::OpenOptions::new().write(true).create_new(true).open(file)?;
    to.write_all(bytes).and_then(|()| to.sync_all())
}

fn unusable(file: &Path, error: &io::Error, console: &mut Console<'_>) -> io::Result<Status> {
    let file = file.display();
    console.complain(&match console.language {
        Language::Vietnamese => format!("lỗi: không đọc hoặc ghi được `{file}`: {error}"),
        Language::English => format!("error: cannot read or write `{file}`: {error}"),
    })?;
    Ok(Status::Wrong)
}

fn examine(matches: &ArgMatches, file: &Path, console: &mut Console<'_>) -> io::Result<Status> {
    let (root, store) = match against(matches) {
        Ok(against) => against,
        Err(fault) => return refuse(&fault, console),
    };
    let large = || io::Error::from(io::ErrorKind::FileTooLarge);
    let read = fs::metadata(file).and_then(|about| if about.len() > LARGEST { Err(large()) } else { fs::read(file) });
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => return unusable(file, &error, console),
    };
    let checked = match check(&bytes, root) {
        Ok(checked) => checked,
        Err(flaw) => return told(&flaw, console),
    };
    let replayed = match store.as_ref().map(|store| store.replay(&checked)) {
        Some(Err(fault)) => return refuse(&fault, console),
        Some(Ok(Err(flaw))) => return told(&flaw, console),
        Some(Ok(Ok(()))) => true,
        None => false,
    };
    said(&checked, console)?;
    if replayed {
        let words = pick(
            console.language,
            "  hỏi lại theo bộ quy định đã công bố: đúng từng chữ",
            "  asked again by the published rules: the same to the letter",
        );
        console.say(words)?;
    }
    Ok(Status::Fine)
}

/// What a certificate is held against: a root alone, where it is said without a store; else the store, which is known here.
fn against(matches: &ArgMatches) -> Result<(Digest, Option<Store>), Fault> {
    match (matches.get_one::<String>("root"), matches.get_one::<PathBuf>("store")) {
        (Some(text), None) => Ok((text.parse().map_err(|_| Fault::NoRoot(text.clone()))?, None)),
        (_, Some(_)) | (None, None) => {
            let Opened { store, .. } = Opened::of(matches)?;
            let root = store.log().root().ok_or(Fault::Empty)?;
            Ok((root, Some(store)))
        }
    }
}

fn said(checked: &Checked, console: &mut Console<'_>) -> io::Result<()> {
    checked.lines(console.language).iter().try_for_each(|line| console.say(line))
}

/// Why a certificate is not to be believed, with the code that the other verifier tells too.
fn told(flaw: &Flaw, console: &mut Console<'_>) -> io::Result<Status> {
    let (word, code) = (pick(console.language, "bị từ chối", "refused"), flaw.code());
    console.complain(&format!("{word} ({code}): {}", flaw.words(console.language)))?;
    Ok(Status::Findings)
}
