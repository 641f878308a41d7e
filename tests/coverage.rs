//! What scenarios show of provisions: in the library nothing that counts anywhere is in no scenario; a question that is offered
//! for a provision is a scenario in which it counts; and a provision that never counts is told why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::coverage::{Coverage, Never, Shown, Witness, lines, scenario as skeleton, summary};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::scenario::{self, Run};
use thamquyen::rulebook::{Language, ProvisionId, Scenario};

type Files = BTreeMap<String, String>;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(folder: &str) -> Files {
    let (root, mut found) = (here(folder), Files::new());
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end != "json") {
                let name = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

fn load(files: &Files) -> Library {
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let library = library::from_texts(&texts);
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    library
}

fn runs(library: &Library) -> Vec<(&Scenario, Run)> {
    library.rulebook.scenarios.iter().map(|one| (one, scenario::run(library.law(), one))).collect()
}

fn coverage(library: &Library) -> Coverage {
    Coverage::of(library.law(), &runs(library))
}

#[test]
fn what_counts_anywhere_in_the_library_is_in_a_scenario() {
    let library = library::load(&Origin::Folders(vec![here("rules")]));
    let coverage = coverage(&library);
    let voice = Voice::new(&library.rulebook, Language::Vietnamese);
    let left: Vec<String> = coverage
        .missing()
        .filter(|(_, shown)| !matches!(shown, Shown::Never(_)))
        .map(|(id, _)| voice.citation(*id))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    // Decisions that pass something on are in no national law: what says who may do so is tried by hypothetical ones.
    let idle = coverage.missing().filter(|(_, shown)| {
        !matches!(shown, Shown::Never(Never::NothingPassedOn | Never::NothingYields | Never::ChangesNothing))
    });
    assert_eq!(idle.count(), 0);
}

/// The library without its scenarios; every question that is offered, written as a scenario in a language.
fn offered(library: &Library, language: Language, witnesses: &[(ProvisionId, &Witness)]) -> String {
    let voice = Voice::new(&library.rulebook, language);
    let texts: BTreeSet<String> =
        witnesses.iter().map(|(id, witness)| skeleton(voice, *id, witness).join("\n")).collect();
    texts.into_iter().collect::<Vec<_>>().join("\n\n") + "\n"
}

#[test]
fn a_question_that_is_offered_is_a_scenario_in_which_the_provision_counts() {
    let mut bare = files("rules");
    bare.retain(|path, _| !path.starts_with("tinh-huong/"));
    let library = load(&bare);
    let coverage = coverage(&library);
    let witnesses: Vec<(ProvisionId, &Witness)> = coverage
        .0
        .iter()
        .filter_map(|(id, shown)| if let Shown::Elsewhere(witness) = shown { Some((*id, &**witness)) } else { None })
        .collect();
    assert!(witnesses.len() >= 80, "{}", witnesses.len());
    assert_eq!(coverage.missing().count(), coverage.0.len());
    for language in [Language::Vietnamese, Language::English] {
        let mut with = bare.clone();
        with.insert("tinh-huong/moi.tq".to_owned(), offered(&library, language, &witnesses));
        let with = load(&with);
        let runs = runs(&with);
        let failed: Vec<&str> =
            runs.iter().filter(|(_, run)| !run.passed()).map(|(one, _)| one.title.as_str()).collect();
        assert_eq!(failed, Vec::<&str>::new());
        let shown = Coverage::of(with.law(), &runs);
        let not: Vec<ProvisionId> = witnesses
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| !shown.0.iter().any(|(own, shown)| own == id && matches!(shown, Shown::Counts)))
            .collect();
        assert_eq!(not, Vec::<ProvisionId>::new());
    }
    // The fault: the questions of a day earlier, on which what begins then does not speak yet.
    let early: String = offered(&library, Language::English, &witnesses)
        .lines()
        .map(|line| line.replace("on 2026-01-31", "on 2026-01-30") + "\n")
        .collect();
    let mut with = bare.clone();
    with.insert("tinh-huong/moi.tq".to_owned(), early);
    assert!(runs(&load(&with)).iter().any(|(_, run)| !run.passed()));
}

/// Sentences that never count, behind the small library; each is told by the number of its document.
const DEAD: &str = r#"
document 11/2013/QH "it speaks after the last covered day"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2031-01-01
article 1
  giao-dat is decided by ubnd at xa

document 12/2013/QH "its conditions exclude each other"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01
article 1
  giao-dat is decided by ubnd at xa
    when dien-tich < 1 ha and dien-tich > 2 ha

document 13/2013/QĐ "its kind may not say this"
  decision, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01
article 1
  giao-dat is decided by ubnd at xa

document 14/2013/QH "nothing is passed on"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01
article 1
  giao-dat must not be delegated

document 15/2026/QH "it repeals what spoke last in 2025"
  law, issued 2026-01-01 by quoc-hoi
  in force from 2026-01-01
article 1
  repeals article 6 of 16/2013/QH

document 16/2013/QH "a requirement that no scenario shows"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01
article 6
  giao-dat requires opinion of ubnd at tinh
    when doi-tuong is ca-nhan and dien-tich > 3 ha
    from 2015-01-01 before 2025-07-01

document 17/2013/QH "no text yields to another"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01
article 1
  a text of higher rank prevails

document 18/2013/QH "it extends a text in which nothing stands"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01
article 1
  extends 19/2013/QH through 2020-12-31

document 19/2013/QH "nothing stands here"
  law, issued 2013-11-20 by quoc-hoi
  in force from 2014-07-01 through 2019-12-31
"#;

#[test]
fn a_provision_that_never_counts_is_told_why() {
    let mut dead = files("tests/small");
    dead.get_mut("rules.tq").expect("the rules").push_str(DEAD);
    let library = load(&dead);
    let coverage = coverage(&library);
    let of = |number: &str| -> &Shown {
        let in_document = |id: ProvisionId| {
            let text = &library.rulebook[library.rulebook[id].text];
            library.rulebook[text.enacted_by].number == number
        };
        coverage.0.iter().find(|(id, _)| in_document(*id)).map(|(_, shown)| shown).expect(number)
    };
    let never = |number: &str| match of(number) {
        Shown::Never(never) => never,
        other @ (Shown::Counts | Shown::Loses(_) | Shown::Elsewhere(_) | Shown::Somewhere(_)) => {
            panic!("{number}: {other:?}")
        }
    };
    assert_eq!(never("11/2013/QH"), &Never::OutsideCover);
    assert_eq!(never("12/2013/QH"), &Never::NowhereApplies);
    assert_eq!(never("14/2013/QH"), &Never::NothingPassedOn);
    assert_eq!(never("15/2026/QH"), &Never::ChangesNothing);
    assert_eq!(never("17/2013/QH"), &Never::NothingYields);
    assert_eq!(never("18/2013/QH"), &Never::Unreached);
    // Where it loses in a scenario that is what is told; else that it loses everywhere.
    assert!(matches!(of("13/2013/QĐ"), Shown::Loses(_)));
    let Shown::Elsewhere(witness) = of("16/2013/QH") else { panic!("{:?}", of("16/2013/QH")) };
    assert_eq!(witness.question.facts.len(), 2, "{witness:?}");
    assert!(matches!(of("1/2013/QH"), Shown::Counts));

    let mut alone = dead.clone();
    let rules = alone.get_mut("rules.tq").expect("the rules");
    *rules = rules.split("\nscenario ").next().expect("a beginning").to_owned() + "\n" + DEAD;
    let library = load(&alone);
    let coverage = self::coverage(&library);
    let loses = coverage.missing().filter(|(_, shown)| matches!(shown, Shown::Never(Never::Loses(_))));
    assert_eq!(loses.count(), 1);
}

#[test]
fn coverage_is_told_in_both_languages() {
    let mut dead = files("tests/small");
    dead.get_mut("rules.tq").expect("the rules").push_str(DEAD);
    let library = load(&dead);
    let coverage = coverage(&library);
    let place = |span: thamquyen::source::Span| format!("rules.tq:{}", library.sources.line_column(span).0);
    let told = |language| {
        let voice = Voice::new(&library.rulebook, language);
        let mut told = lines(voice, &coverage, place);
        told.push(summary(&coverage, language));
        told.join("\n") + "\n"
    };
    insta::assert_snapshot!("what is in no scenario", [told(Language::Vietnamese), told(Language::English)].join("\n"));
}
