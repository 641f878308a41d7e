//! The findings of the check as data: for every code a folder of `cases/check` with the smallest rules that have the defect
//! (`bad.tq`), rules beside them that must stay silent (`good.tq`), and a defect seeded into the real law (`seeded`). What is
//! expected stands beside them, in both languages. `UPDATE_CASES=1` writes it anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::check::{self, Code, Finding};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::table::region_lines;
use thamquyen::reading::words;
use thamquyen::syntax::tree::Language;

/// Shown elsewhere: the one needs a day, the other too many regions.
const ELSEWHERE: [Code; 2] = [Code::Unchecked, Code::TooMany];

const LANGUAGES: [(Language, &str); 2] = [(Language::English, "en"), (Language::Vietnamese, "vi")];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn folder(code: Code) -> PathBuf {
    here("tests/cases/check").join(code.id())
}

fn codes() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| !ELSEWHERE.contains(code))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The invented country of the other cases with its cover, and a case where one is named.
fn invented(case: Option<&Path>) -> Library {
    let good = here("tests/cases/good");
    let mut files: Vec<(&str, String)> =
        ["catalogue.tq", "units.csv", "successions.csv"].map(|name| (name, read(&good.join(name)))).into();
    files.push(("cover.tq", read(&here("tests/cases/check/cover.tq"))));
    files.extend(case.map(|path| ("case.tq", read(path))));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    sound(library::from_texts(&files))
}

/// The real law, and a seeded defect where one is named.
fn real(seeded: Option<PathBuf>) -> Library {
    sound(library::load(&Origin::Folders(std::iter::once(here("rules")).chain(seeded).collect())))
}

fn sound(library: Library) -> Library {
    assert_eq!(library.errors(), 0, "{:#?}", library.diagnostics);
    library
}

/// A finding as a block of lines: its code and message, the sentences that it names, where and when.
fn block(voice: Voice<'_>, finding: &Finding) -> String {
    let mut lines = vec![format!("[{}] {}", finding.code().id(), check::message(voice, finding))];
    lines.extend(check::because(voice, finding).into_iter().map(|(said, _)| format!("  {said}")));
    if let (Some(task), Some(region)) = (finding.task, &finding.region) {
        lines.extend(region_lines(voice, task, region).into_iter().map(|line| format!("  {line}")));
    }
    if !finding.days.is_empty() {
        let days: Vec<String> = finding.days.iter().map(|days| words::days(*days, voice.language)).collect();
        lines.push(format!("  {}", days.join("; ")));
    }
    lines.join("\n")
}

/// The findings that one library has and another has not, as blocks; the codes among them.
fn new_findings(
    library: &Library,
    than: &[String],
    findings: &[Finding],
    language: Language,
) -> (Vec<String>, BTreeSet<Code>) {
    let voice = Voice::new(&library.rulebook, language);
    let mut old = than.to_vec();
    let (mut blocks, mut codes) = (Vec::new(), BTreeSet::new());
    for finding in findings {
        let block = block(voice, finding);
        if let Some(index) = old.iter().position(|one| *one == block) {
            old.swap_remove(index);
        } else {
            blocks.push(block);
            codes.insert(finding.code());
        }
    }
    (blocks, codes)
}

/// What a library without the case finds: tasks of which no rules speak yet, defects of the law itself.
fn before(library: &Library) -> [Vec<String>; 2] {
    let findings: Vec<Finding> = check::check(library.law()).into_iter().chain(check::unclear(library.law())).collect();
    LANGUAGES.map(|(language, _)| new_findings(library, &[], &findings, language).0)
}

/// What is found by default; of the clears what is found when it is asked for.
fn found(library: &Library, code: Code) -> Vec<Finding> {
    if code == Code::Unclear { check::unclear(library.law()) } else { check::check(library.law()) }
}

/// Compares what a case adds with what stands in its file, in both languages; tells what differs.
fn compare(library: &Library, before: &[Vec<String>; 2], code: Code, name: &str) -> Vec<String> {
    let findings = found(library, code);
    let mut failures = Vec::new();
    for ((language, suffix), before) in LANGUAGES.into_iter().zip(before) {
        let (blocks, codes) = new_findings(library, before, &findings, language);
        let path = folder(code).join(format!("{name}.{suffix}.txt"));
        let found = blocks.join("\n\n") + "\n";
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(&path, &found).expect("the file can be written");
        }
        let expected = read(&path);
        if found != expected {
            failures.push(format!("{}\nexpected:\n{expected}\nfound:\n{found}", path.display()));
        }
        if !codes.contains(&code) {
            failures.push(format!("{}: no such finding", path.display()));
        }
    }
    failures
}

fn none_of(failures: Vec<String>) {
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_code_has_its_cases() {
    let entries = fs::read_dir(here("tests/cases/check")).expect("the folder is there");
    let entries = entries.map(|entry| entry.expect("the entry can be read"));
    let found: BTreeSet<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !ELSEWHERE.iter().any(|code| code.id() == name))
        .collect();
    assert_eq!(found, codes().map(|code| code.id().to_owned()).collect::<BTreeSet<_>>());
}

#[test]
fn the_smallest_bad_rules_have_their_findings() {
    let before = before(&invented(None));
    let of = |code: Code| compare(&invented(Some(&folder(code).join("bad.tq"))), &before, code, "bad");
    none_of(codes().flat_map(of).collect());
}

#[test]
fn near_neighbours_stay_silent() {
    let before = before(&invented(None));
    let mut failures = Vec::new();
    for code in codes() {
        let library = invented(Some(&folder(code).join("good.tq")));
        let findings = found(&library, code);
        let own: Vec<Finding> = findings.into_iter().filter(|finding| finding.code() == code).collect();
        let [before, _] = &before;
        failures.extend(new_findings(&library, before, &own, Language::English).0);
    }
    none_of(failures);
}

#[test]
fn defects_seeded_into_the_real_law_are_found() {
    let before = before(&real(None));
    let of = |code: Code| compare(&real(Some(folder(code).join("seeded"))), &before, code, "seeded");
    none_of(codes().flat_map(of).collect());
}
