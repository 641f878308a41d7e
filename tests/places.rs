//! A case that spans several units, with facts missing: each open answer says what the full one would.

use std::path::Path;

use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::{Depth, Law, ask};
use thamquyen::register::Found;
use thamquyen::rulebook::{Rulebook, TaskId};
use thamquyen::ruling::{About, Choice, ConflictKind, LeadsTo, NextQuestion, Outcome, Question};

fn rules() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    library::load(&Origin::Folders(vec![folder]))
}

fn question(rulebook: &Rulebook, task: &str, places: &[&str], on: &str) -> Question {
    let on = on.parse().expect("a date");
    let mut tasks = (0_u32..).zip(&rulebook.tasks);
    let (task, _) = tasks.find(|(_, declared)| declared.names.id == task).expect("a task");
    let row = |code: &&str| match rulebook.register.find(code, None, on) {
        Found::One(row) => row,
        found @ (Found::Several(_) | Found::NotThen { .. } | Found::Unknown { .. }) => panic!("{code}: {found:?}"),
    };
    Question {
        task: TaskId(task),
        on,
        places: vec![places.iter().map(row).collect()],
        without: Vec::new(),
        facts: Vec::new(),
    }
}

/// Walks every path of an open answer and asks the same with the facts of the path.
fn walk(law: Law<'_>, question: &Question, next: &NextQuestion, seen: &mut Vec<Outcome>) {
    for branch in &next.branches {
        let mut given = question.clone();
        let About::Fact(fact) = next.about else {
            // Nobody can answer a reading; what it leads to stands beside the other reading in the full answer.
            continue;
        };
        let Some(Choice::Value(value)) = branch.choices.iter().find(|choice| matches!(choice, Choice::Value(_))) else {
            continue;
        };
        given.facts.push((fact, value.clone()));
        let full = ask(law, &given, Depth::Record).expect("an answer");
        match &branch.leads_to {
            LeadsTo::Ruling { outcome, deciders, conflict, .. } => {
                assert_eq!((*outcome, deciders, *conflict), (full.outcome, &full.deciders, full.conflict), "{given:?}");
                seen.push(*outcome);
            }
            LeadsTo::Further(further) => walk(law, &given, further, seen),
        }
    }
}

#[test]
fn open_answers_over_two_districts_say_what_the_full_ones_do() {
    let rules = rules();
    let question = question(&rules.rulebook, "thu-hoi-dat", &["20233", "20225"], "2024-09-10");
    let open = ask(rules.law(), &question, Depth::Record).expect("an answer");
    assert_eq!(open.outcome, Outcome::Undetermined);
    let mut seen = Vec::new();
    walk(rules.law(), &question, &open.next.expect("a next question"), &mut seen);
    assert!(seen.contains(&Outcome::Conflict) && seen.contains(&Outcome::Decided), "{seen:?}");
}

#[test]
fn two_communes_under_one_decider_are_decided() {
    let rules = rules();
    let answer =
        ask(rules.law(), &question(&rules.rulebook, "thu-hoi-dat", &["20242", "20257"], "2026-03-10"), Depth::Record)
            .expect("an answer");
    assert_eq!(answer.outcome, Outcome::Decided);
    assert_eq!(answer.deciders.len(), 1);
}

#[test]
fn unlike_deciders_are_a_conflict_of_places() {
    let rules = rules();
    let mut question = question(&rules.rulebook, "thu-hoi-dat", &["20242", "20257"], "2025-10-01");
    let open = ask(rules.law(), &question, Depth::Record).expect("an answer");
    let next = open.next.expect("a next question");
    let mut seen = Vec::new();
    walk(rules.law(), &question, &next, &mut seen);
    assert!(seen.contains(&Outcome::Conflict), "{seen:?}");
    // The order in which the places are named makes no difference.
    question.places[0].reverse();
    assert_eq!(ask(rules.law(), &question, Depth::Record).expect("an answer").next, Some(next));
    let conflict = open.conflict.is_none_or(|kind| kind == ConflictKind::Places);
    assert!(conflict);
}
