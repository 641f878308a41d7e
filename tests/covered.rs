//! What the rules say of covered places does not change when the register of a place is loaded that they do not cover.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::Partitions;
use thamquyen::reading::ask::{Depth, Law, ask};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::question::{Asked, understand};
use thamquyen::reading::report::{Frame, report};
use thamquyen::register::Found;
use thamquyen::rulebook::{Cover, Days, Rulebook, Scope};
use thamquyen::syntax::tree::Language;

/// Days in each of the times of the register, and one of its last days.
const DAYS: [&str; 5] = ["2019-05-10", "2023-05-10", "2025-06-30", "2025-08-01", "2026-08-10"];

/// No place, the city, a commune that was there until 30 June 2025, and one that is there since.
const PLACES: [Option<&str>; 4] = [None, Some("48"), Some("20233"), Some("20242")];

fn rules(more: &[&str]) -> Library {
    let here = |path: &&str| Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let folders: Vec<PathBuf> = ["rules"].iter().chain(more).map(here).collect();
    let library = library::load(&Origin::Folders(folders));
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics.first());
    library
}

/// What is asked, and the answer without a word of how it was come to.
type Answered = (String, Option<Json>);

/// Every task, on each day, at each place that is there then; nothing said of its facts and of its other places.
fn answers(rulebook: &Rulebook) -> Vec<Answered> {
    let partitions = Partitions::new(rulebook);
    let law = Law { rulebook, partitions: &partitions };
    let mut answers = Vec::new();
    for task in &rulebook.tasks {
        for (day, place) in DAYS.iter().flat_map(|day| PLACES.iter().map(move |place| (day, place))) {
            let places = place.iter().map(|place| (None, (*place).into())).collect();
            let asked =
                Asked { task: Some(task.names.id.as_str().into()), on: Some((*day).into()), places, facts: Vec::new() };
            let Ok(question) = understand(rulebook, &asked) else { continue };
            let frame = Frame { version: "", rules_errors: 0, depth: Depth::Ruling };
            let told = |answer| report(Voice::new(rulebook, Language::English), &answer, frame);
            let answer = ask(law, &question, Depth::Ruling).ok().map(told);
            answers.push((format!("{} {day} {place:?}", task.names.id), answer));
        }
    }
    answers
}

fn unlike(one: &[Answered], other: &[Answered]) -> Vec<String> {
    assert_eq!(one.len(), other.len());
    let pairs = one.iter().zip(other);
    pairs.filter(|(one, other)| one != other).map(|((asked, _), _)| asked.clone()).collect()
}

/// A line of the cover for the province that is not covered.
fn covered(rulebook: &Rulebook) -> Cover {
    let day = "2026-01-01".parse().expect("a date");
    let Found::One(row) = rulebook.register.find("98", None, day) else { panic!("the province") };
    let unit = Some(rulebook.register.row(row).unit);
    Cover { scopes: vec![Scope { former: None, unit, of_type: None, role: None }], days: Days::default() }
}

#[test]
fn a_province_that_is_not_covered_changes_no_answer() {
    let (alone, beside) = (rules(&[]), rules(&["tests/fixtures/tinh-khac"]));
    let answers_alone = answers(&alone.rulebook);
    assert!(answers_alone.len() > 500, "{}", answers_alone.len());
    assert_eq!(unlike(&answers_alone, &answers(&beside.rulebook)), Vec::<String>::new());
    // The fault that this would catch: what is open may lie in that province too.
    let mut copy = beside.rulebook;
    let line = covered(&copy);
    copy.cover.push(line);
    let caught = unlike(&answers_alone, &answers(&copy));
    assert!(caught.len() > 50, "{}", caught.len());
}
