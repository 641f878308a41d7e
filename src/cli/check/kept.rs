//! The file of what is accepted: where it lies, how it is read and written. It lies beside the rules, as `baseline.json`; that
//! of the rules inside the program is inside it too.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::super::{Console, Status, errors_line};
use crate::library::{self, BASELINE, Library, Origin};
use crate::reading::check::baseline::{Baseline, Unread};
use crate::reading::check::review::{Review, Standing};
use crate::reading::misread;
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::rulebook::Language;

/// What is accepted, nothing where there is no file; `None` where a file cannot be used, which is told.
pub(super) fn read(matches: &ArgMatches, origin: &Origin, console: &mut Console<'_>) -> io::Result<Option<Baseline>> {
    let writes = matches.get_flag("write-baseline");
    // A file that is to be written need not be there.
    let files = |file: PathBuf| Some(file).filter(|file| !writes || file.exists()).into_iter().collect();
    of(named(matches).map(files), origin, console)
}

/// What is accepted in these files, else in those beside the rules; `None` where one cannot be used, which is told.
pub(in crate::cli) fn of(
    named: Option<Vec<PathBuf>>,
    origin: &Origin,
    console: &mut Console<'_>,
) -> io::Result<Option<Baseline>> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let files: Vec<PathBuf> = match (named, origin) {
        (Some(files), _) => files,
        (None, Origin::Folders(folders)) => {
            folders.iter().map(|folder| folder.join(BASELINE)).filter(|file| file.is_file()).collect()
        }
        (None, Origin::Compiled) => {
            texts.extend(library::compiled_baseline().map(|text| (BASELINE.to_owned(), text.to_owned())));
            Vec::new()
        }
    };
    for file in files {
        match fs::read_to_string(&file) {
            Ok(text) => texts.push((shown(&file), text)),
            Err(error) => {
                fail(&shown(&file), &error.to_string(), console)?;
                return Ok(None);
            }
        }
    }
    let mut accepted = Baseline::default();
    for (file, text) in texts {
        match Baseline::read(&text) {
            Ok(read) => accepted = accepted.and(read),
            Err(unread) => {
                fail(&file, &words(&unread, console.language), console)?;
                return Ok(None);
            }
        }
    }
    Ok(Some(accepted))
}

/// Accepts all that was found, and says how much is new and how much is gone.
pub(super) fn write(
    matches: &ArgMatches,
    origin: &Origin,
    (library, review, before): (&Library, &Review, &Baseline),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
        return Ok(Status::Wrong);
    }
    let file = match (named(matches), origin) {
        (Some(file), _) => file,
        (None, Origin::Folders(folders)) if let [folder] = folders.as_slice() => folder.join(BASELINE),
        (None, Origin::Folders(_) | Origin::Compiled) => {
            let where_to = pick(
                console.language,
                "lỗi: không rõ ghi vào đâu: thêm --baseline TỆP",
                "error: there is no one folder to write to: add --baseline FILE",
            );
            console.complain(where_to)?;
            return Ok(Status::Wrong);
        }
    };
    // The same file on every machine: the locale does not count.
    let said = matches.get_one::<String>("lang").map(String::as_str);
    let language = if said == Some("en") { Language::English } else { Language::Vietnamese };
    // What is allowed needs no acceptance.
    let kept = review.judged.iter().filter(|one| one.standing != Standing::Allowed);
    let findings: Vec<_> = kept.map(|one| (&one.finding, one.fingerprint.as_str())).collect();
    let baseline = Baseline::of(Voice::new(&library.rulebook, language), &findings, before);
    if let Err(error) = place(&file, &baseline.text()) {
        return fail(&shown(&file), &error.to_string(), console);
    }
    let new = baseline.accepted.iter().filter(|one| before.entry(&one.fingerprint).is_none()).count();
    let (all, gone) = (baseline.accepted.len(), review.stale.len());
    let file = shown(&file);
    console.say(&match console.language {
        Language::Vietnamese => format!("{file}: chấp nhận {all} phát hiện, thêm {new}, bỏ {gone}"),
        Language::English => format!("{file}: findings accepted: {all}, new: {new}, gone: {gone}"),
    })?;
    Ok(Status::Fine)
}

fn place(file: &Path, text: &str) -> io::Result<()> {
    if file.exists() { library::replace(file, text) } else { fs::write(file, text) }
}

fn named(matches: &ArgMatches) -> Option<PathBuf> {
    matches.get_one::<PathBuf>("baseline").cloned()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn fail(file: &str, why: &str, console: &mut Console<'_>) -> io::Result<Status> {
    console.complain(&format!("{}: {file}: {why}", pick(console.language, "lỗi", "error")))?;
    Ok(Status::Wrong)
}

fn words(unread: &Unread, language: Language) -> String {
    match (unread, language) {
        (Unread::Json { line, said }, _) => {
            let said = misread::said(said, language);
            let (from, anew) = pick(
                language,
                ("không đọc được từ dòng", "viết lại bằng --write-baseline"),
                ("cannot be read from line", "write it anew with --write-baseline"),
            );
            format!("{from} {line}: {said}; {anew}")
        }
        (Unread::Later(format), Language::Vietnamese) => {
            format!("dạng {format} là của phiên bản mới hơn của chương trình")
        }
        (Unread::Later(format), Language::English) => format!("form {format} is of a later version of the program"),
    }
}
