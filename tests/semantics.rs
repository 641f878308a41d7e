//! The rules of the semantics, one document of cases each: `cases/good/*.tq`, every one loaded with the shared catalogue.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use thamquyen::library::{self, Library};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::scenario::{self, Got, Run};
use thamquyen::reading::{explain, handling, signature};
use thamquyen::rulebook::{Days, Slot};
use thamquyen::ruling::{About, Answer, Choice, LeadsTo};
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
        let run = scenario::run(library.law(), asked);
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
    match scenario::run(library.law(), asked.expect("there is such a scenario")).got {
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

#[test]
fn an_unread_framework_is_said() {
    let library = library("framework-unread.tq");
    assert!(answer(&library, "unread").framework_unread);
    assert!(!answer(&library, "read").framework_unread);
}

#[test]
fn the_right_to_step_in_stands_beside_the_holder() {
    let library = library("quyet-dinh-thay.tq");
    assert_eq!(answer(&library, "còn phủ").may_step_in.len(), 1);
    assert_eq!(answer(&library, "hết phủ").may_step_in.len(), 0);
    let library = self::library("chuyen-phe-duyet.tq");
    let step_in = answer(&library, "quyền quyết định thay đi theo").may_step_in;
    assert_eq!(step_in.iter().map(|named| named.unit.is_some()).collect::<Vec<_>>(), [true]);
}

/// The lines of a slot in words, and those of the signatures.
fn handled(library: &Library, title: &str, slot: Slot) -> (Vec<String>, Vec<String>) {
    let voice = Voice::new(&library.rulebook, Language::English);
    let answer = answer(library, title);
    let told = handling::told(Language::English, &answer.handling, &|named| voice.named(*named));
    let lines = told.into_iter().find(|(own, _)| *own == slot).map(|(_, lines)| lines).unwrap_or_default();
    let signed = signature::signatures(&library.rulebook, answer.outcome, &answer.deciders, &answer.handling);
    (lines, signed.iter().map(|one| handling::signature(voice, one)).collect())
}

#[test]
fn a_procedure_is_one_texts_and_its_seats_are_passed_on() {
    let library = library("trinh-tu.tq");
    let (before, _) = handled(&library, "trình tự và thời hạn của luật", Slot::Procedure);
    assert_eq!(before.len(), 7, "{before:#?}");
    assert!(before[1].starts_with("1. Council of phủ Đông examines within 7 working days"), "{before:#?}");
    let (after, _) = handled(&library, "trình tự sau chỉ nói về tùng", Slot::Procedure);
    assert!(after[1].starts_with("1. Council of vùng Bạch Sa examines"), "{after:#?}");
    let (unlike, _) = handled(&library, "hai trình tự ngang nhau", Slot::Procedure);
    assert_eq!(unlike[0], handling::unlike(Language::English), "{unlike:#?}");
}

#[test]
fn the_form_of_a_signature_follows_from_who_decides_and_how() {
    let library = library("signature.tq");
    let signed = |title: &str| handled(&library, title, Slot::Signers).1;
    let (board, head) = ("Board of làng An Cư", "Board Head of làng An Cư");
    let on_behalf = format!("TM. {board}: {head}; a deputy may sign in its place (KT.)");
    assert_eq!(signed("the head signs"), std::slice::from_ref(&on_behalf));
    assert_eq!(signed("no deputy"), [format!("TM. {board}: {head}")]);
    let deputy = format!("TM. {board}, KT. {head}: Deputy Board Head of làng An Cư");
    let named = signed("deputies are named");
    assert_eq!(BTreeSet::from_iter(named), BTreeSet::from([on_behalf, deputy]));
    let own = "Tree Bureau Director of vùng Bạch Sa";
    assert_eq!(signed("a signer of nobody's own"), [format!("{own}; a deputy may sign in its place (KT.)")]);
    assert_eq!(signed("by delegation under the giver's seal"), [format!("TUQ. Board of vùng Bạch Sa: {own}")]);
}

#[test]
fn marks_are_passed_on() {
    let library = library("marks.tq");
    let voice = Voice::new(&library.rulebook, Language::English);
    for title in ["an article that nobody has found", "an unverified article"] {
        let answer = answer(&library, title);
        let marked = answer.grounds.iter().all(|ground| explain::unverified(voice, ground.provision));
        assert!(marked && !answer.grounds.is_empty(), "{title}");
    }
}

#[test]
fn valid_is_the_longest_run_of_days() {
    let library = library("validity.tq");
    let whole = Days { from: Some(date(2001, 1, 1)), before: Some(date(2020, 1, 1)) };
    assert_eq!(answer(&library, "a fixed unit elsewhere").valid, whole);
    assert_eq!(answer(&library, "a fixed unit and no place").valid, whole);
    assert_eq!(answer(&library, "it has ended").valid, Days { from: Some(date(2020, 1, 1)), before: None });
    let library = self::library("passes.tq");
    let passed = Days { from: Some(date(2003, 1, 1)), before: Some(date(2004, 1, 1)) };
    assert_eq!(answer(&library, "passed on").valid, passed);
}

/// The units that a place question offers.
fn offered(library: &Library, answer: &Answer) -> BTreeSet<String> {
    let choices = answer.next.iter().flat_map(|next| &next.branches).flat_map(|branch| &branch.choices);
    let units = choices.filter_map(|choice| match choice {
        Choice::Place { unit, .. } => Some(library.rulebook.register.row(*unit).short_name.clone()),
        Choice::Value(_)
        | Choice::Range { .. }
        | Choice::Highest(_)
        | Choice::Lowest(_)
        | Choice::All(_)
        | Choice::Any(_)
        | Choice::Reading(_)
        | Choice::NoPlace => None,
    });
    units.collect()
}

#[test]
fn the_place_on_which_the_unit_depends_is_asked() {
    let library = library("several-places.tq");
    for title in ["which site of the tree", "known only as a region"] {
        let answer = answer(&library, title);
        assert_eq!(
            offered(&library, &answer),
            BTreeSet::from(["Giang Khẩu".to_owned(), "Hương Lộ".to_owned()]),
            "{title}"
        );
        let next = answer.next.expect("a place is asked about");
        assert_eq!(next.branches.len(), 2, "{title}");
        for branch in next.branches {
            let LeadsTo::Ruling { deciders, .. } = branch.leads_to else { panic!("no further question") };
            assert!(deciders.iter().all(|decider| decider.who.unit.is_some()), "{title}");
        }
    }
    let roles = &library.rulebook.roles;
    let asked = answer(&library, "which site of the tree").next.map(|next| next.about);
    let Some(About::Place(role)) = asked else { panic!("a place is asked about") };
    assert_eq!(roles.get(role.0 as usize).map(|role| role.names.id.as_str()), Some("noi-co-cay"));
}

#[test]
fn only_what_matters_is_asked_and_in_the_order_of_the_task() {
    let library = library("khong-hoi-thua.tq");
    let asked = |title: &str| match answer(&library, title).next.map(|next| next.about) {
        Some(About::Fact(fact)) => library.rulebook[fact].names.id.clone(),
        Some(About::Place(_) | About::Reading(_)) | None => panic!("{title}: a fact is asked"),
    };
    assert_eq!(asked("diện tích có đổi"), "dien-tich");
    // Also where it changes nothing but how the task is handled.
    let handled = self::library("trinh-tu.tq");
    let about = answer(&handled, "dữ kiện chỉ đổi trình tự").next.map(|next| next.about);
    assert!(matches!(about, Some(About::Fact(fact)) if handled.rulebook[fact].names.id == "loai-cay"), "{about:?}");
    let readings = self::library("readings.tq");
    assert!(matches!(answer(&readings, "readings differ").next.map(|next| next.about), Some(About::Reading(_))));
}
