//! The rules of the semantics, one document of cases each: `cases/good/*.tq`, every one loaded with the shared catalogue.

use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::library::{self, Library};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::scenario::{self, Got, Run};
use thamquyen::ruling::Answer;
use thamquyen::syntax::tree::Language;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/good")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect("the file can be read")
}

/// A case with the shared catalogue and register.
fn library(name: &str) -> Library {
    let shared = ["catalogue.tq", "units.csv", "successions.csv", name].map(|name| (name, read(name)));
    let texts: Vec<(&str, &str)> = shared.iter().map(|(path, text)| (*path, text.as_str())).collect();
    library::from_texts(&texts)
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("the entry can be read").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".tq") && name != "catalogue.tq").collect();
    names.sort();
    names
}

/// Everything wrong with a library, as lines.
fn problems(library: &Library) -> Vec<String> {
    let line = |found: &thamquyen::diagnostic::Diagnostic| {
        let path = library.sources.get(found.span.source).map(|source| source.path.to_string()).unwrap_or_default();
        let (line, column) = library.sources.line_column(found.span);
        format!("{path}:{line}:{column} {} {:?}", library.sources.snippet(found.span), found.problem)
    };
    let unreadable = library.unreadable.iter().map(|found| format!("{found:?}"));
    library.diagnostics.iter().map(line).chain(unreadable).collect()
}

/// What a failed scenario expected and the whole of what was found.
fn failure(library: &Library, title: &str, run: &Run, expected: &[String]) -> String {
    let voice = Voice::new(&library.rulebook, Language::English);
    let found = scenario::found(voice, &run.got).join("\n    ");
    let missed: Vec<&str> =
        run.failed.iter().filter_map(|failed| expected.get(failed.expectation)).map(String::as_str).collect();
    let raw = if let Got::Answer(answer) = &run.got { format!("{:?}", answer.record) } else { String::new() };
    format!("{title}\n  expected {}\n  found\n    {found}\n    {raw}", missed.join("; "))
}

/// Runs a case's scenarios; each failure is a text.
fn run(name: &str) -> Vec<String> {
    let library = library(name);
    let mut failures = problems(&library);
    let voice = Voice::new(&library.rulebook, Language::English);
    for asked in &library.rulebook.scenarios {
        let run = scenario::run(&library.rulebook, asked);
        let expected: Vec<String> =
            asked.expect.iter().map(|(expectation, _)| scenario::expected(voice, expectation)).collect();
        if !run.passed() || expected.is_empty() {
            failures.push(failure(&library, &asked.title, &run, &expected));
        }
    }
    if library.rulebook.scenarios.is_empty() {
        failures.push("no scenario".to_owned());
    }
    failures.iter().map(|failure| format!("{name}: {failure}")).collect()
}

/// The answer to the scenario of a case whose title begins so.
fn answer(library: &Library, title: &str) -> Answer {
    let asked = library.rulebook.scenarios.iter().find(|asked| asked.title.starts_with(title));
    match scenario::run(&library.rulebook, asked.expect("there is such a scenario")).got {
        Got::Answer(answer) => *answer,
        Got::Exists(_) | Got::Trouble(_) => panic!("{title} has no answer"),
    }
}

#[test]
fn every_case_comes_out_as_it_says() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let names: Vec<String> = cases().into_iter().filter(|name| name.contains(&wanted)).collect();
    let failures: Vec<String> = names.iter().flat_map(|name| run(name)).collect();
    assert!(failures.is_empty(), "{} failures in {} cases\n\n{}", failures.len(), names.len(), failures.join("\n\n"));
}
