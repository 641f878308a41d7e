//! `tq test`: runs the scenarios of the rules, and shows the ruling beside what was expected where one fails.

use std::io;

use clap::ArgMatches;
use serde_json::{Value as Json, json};

use super::{Console, Format, Status, problems};
use crate::library::Library;
use crate::reading::ask::Depth;
use crate::reading::coverage::{self, Coverage};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Frame};
use crate::reading::scenario::{self, Got, Run};
use crate::reading::words::pick;
use crate::rulebook::{Language, Scenario};
use crate::source::Span;

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let runs: Vec<(&Scenario, Run)> =
        library.rulebook.scenarios.iter().map(|one| (one, scenario::run(library.law(), one))).collect();
    let unchecked = &library.rulebook.unchecked;
    let failed = runs.iter().filter(|(_, run)| !run.passed()).count() + unchecked.len();
    let coverage = (!matches.get_flag("no-coverage")).then(|| Coverage::of(library.law(), &runs));
    match console.format {
        Format::Text => print(&library, &runs, coverage.as_ref(), matches.get_flag("verbose"), console)?,
        Format::Json => {
            let voice = Voice::new(&library.rulebook, console.language);
            let scenarios: Vec<Json> = runs.iter().map(|(one, run)| run_json(&library, voice, one, run)).collect();
            let passed = runs.iter().filter(|(_, run)| run.passed()).count();
            let summary = json!({
                "scenarios": scenarios, "passed": passed, "failed": failed, "unchecked": unchecked,
                "coverage": coverage.as_ref().map(|coverage| coverage::json(voice, coverage, |span| at(&library, span))),
                "rules_errors": library.errors(), "version": library.version,
            });
            console.say(&format!("{summary:#}"))?;
        }
    }
    Ok(if failed > 0 || library.errors() > 0 { Status::Findings } else { Status::Fine })
}

fn place(library: &Library, scenario: &Scenario) -> String {
    at(library, scenario.span)
}

fn at(library: &Library, span: Span) -> String {
    let (line, _) = library.sources.line_column(span);
    let path = library.sources.get(span.source).map_or("", |source| &source.path);
    format!("{path}:{line}")
}

/// Failures as they come, what the scenarios show of the provisions, the failures once more as a list, then the count; with
/// `verbose` also what passed.
fn print(
    library: &Library,
    runs: &[(&Scenario, Run)],
    coverage: Option<&Coverage>,
    verbose: bool,
    console: &mut Console<'_>,
) -> io::Result<()> {
    let language = console.language;
    let voice = Voice::new(&library.rulebook, language);
    let failures: Vec<&Scenario> =
        runs.iter().filter(|(_, run)| !run.passed()).map(|(scenario, _)| *scenario).collect();
    for (scenario, run) in runs.iter().filter(|(_, run)| verbose || !run.passed()) {
        let mark = if run.passed() { pick(language, "đạt", "pass") } else { pick(language, "HỎNG", "FAIL") };
        console.say(&format!("{mark}  {}", scenario.title))?;
        if !run.passed() {
            print_failure(library, voice, scenario, run, console)?;
        }
    }
    if let Some(coverage) = coverage {
        print_coverage(library, voice, coverage, console)?;
    }
    if !failures.is_empty() {
        console.say(pick(language, "Các tình huống hỏng:", "Failed:"))?;
    }
    for scenario in &failures {
        console.say(&format!("- {}  {}", place(library, scenario), scenario.title))?;
    }
    let unchecked = &library.rulebook.unchecked;
    if !unchecked.is_empty() {
        console.say(pick(language, "Không kiểm tra được vì có lỗi:", "Not checked because of errors:"))?;
    }
    for title in unchecked {
        console.say(&format!("- {title}"))?;
    }
    let (all, failed) = (runs.len() + unchecked.len(), failures.len() + unchecked.len());
    console.say(&count(all, failed, library.errors(), language))
}

fn print_coverage(
    library: &Library,
    voice: Voice<'_>,
    coverage: &Coverage,
    console: &mut Console<'_>,
) -> io::Result<()> {
    let language = voice.language;
    let missing = coverage::lines(voice, coverage, |span| at(library, span));
    if !missing.is_empty() {
        console.say(pick(language, "Quy định không có trong tình huống nào:", "Provisions in no scenario:"))?;
    }
    for line in missing {
        console.say(&line)?;
    }
    console.say(&coverage::summary(coverage, language))
}

/// The last line, which alone must not mislead: rules with errors leave scenarios and provisions out.
fn count(all: usize, failed: usize, errors: usize, language: Language) -> String {
    let passed = all - failed;
    let words = match language {
        Language::Vietnamese => format!("{all} tình huống: {passed} đạt, {failed} hỏng"),
        Language::English => format!("{all} scenarios: {passed} passed, {failed} failed"),
    };
    match (errors, language) {
        (0, _) => words,
        (_, Language::Vietnamese) => format!("{words}; bộ quy định có {errors} lỗi nên kết quả chưa đầy đủ"),
        (_, Language::English) => format!("{words}; errors in the rules: {errors}, so this is not complete"),
    }
}

fn print_failure(
    library: &Library,
    voice: Voice<'_>,
    scenario: &Scenario,
    run: &Run,
    console: &mut Console<'_>,
) -> io::Result<()> {
    let language = voice.language;
    console.say(&format!("    {}", place(library, scenario)))?;
    for failed in &run.failed {
        if let Some((expectation, _)) = scenario.expect.get(failed.expectation) {
            let words = scenario::expected(voice, expectation);
            console.say(&format!("    {}: {words}", pick(language, "mong đợi", "expected")))?;
        }
    }
    console.say(&format!("    {}:", pick(language, "nhưng kết quả là", "but the ruling is")))?;
    for line in scenario::found(voice, &run.got) {
        console.say(&format!("      {line}"))?;
    }
    Ok(())
}

fn run_json(library: &Library, voice: Voice<'_>, scenario: &Scenario, run: &Run) -> Json {
    let failed = run.failed.iter().filter_map(|failed| scenario.expect.get(failed.expectation));
    let got = match &run.got {
        Got::Answer(answer) => {
            let frame = Frame { version: &library.version, rules_errors: library.errors(), depth: Depth::Record };
            report::report(voice, answer, frame)
        }
        Got::Exists(exists) => json!({ "exists": exists }),
        Got::Trouble(trouble) => json!({ "trouble": report::trouble(voice, trouble) }),
    };
    json!({
        "title": scenario.title,
        "at": place(library, scenario),
        "passed": run.passed(),
        "expected": failed.map(|(expectation, _)| scenario::expected(voice, expectation)).collect::<Vec<_>>(),
        "got": if run.passed() { Json::Null } else { got },
    })
}
