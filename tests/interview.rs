//! The interview: what an answer asks next leads, question by question, to the ruling. On every path of every task's interview,
//! at some places and on some days, and in generated rulebooks:
//!
//! (a) the ruling that the tree promises is that of the question with all the answers given, and so is every promise on the way;
//! (b) no fact is asked twice, and no question is asked whose answers all lead to the same;
//! (c) what was not asked makes no difference, whatever value it has;
//! (d) choices are a partition of what is possible: a value that is given beforehand restricts the interview to the branch that
//!     holds it, and one of a fact that the law classifies to what it is classified from.
//!
//! Beside each the fault that it catches: an answer changed on the way as a wrong program would.

mod generated;
#[path = "interview/walk.rs"]
mod walk;

use std::collections::BTreeSet;
use std::path::Path;

use generated::questions::questions;
use generated::{load, nth};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::{Depth, Law, ask};
use thamquyen::register::RowId;
use thamquyen::rulebook::{FactId, Rulebook, Value};
use thamquyen::ruling::{About, Answer, BadQuestion, LeadsTo, NextQuestion, Question};
use walk::{Program, Walk, Wrong, holds};

/// So many interviews of the library are held with a program that is broken.
const FAULTY: usize = 24;

fn law(library: &Library) -> Law<'_> {
    library.law()
}

fn rules() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    library::load(&Origin::Folders(vec![folder]))
}

fn row(rulebook: &Rulebook, code: &str, on: Date) -> RowId {
    rulebook.register.row_on(code, on).expect(code)
}

/// Every task, without a place, in the whole province, in a commune of each time.
fn of_the_library(rulebook: &Rulebook) -> Vec<Question> {
    let places: [(Date, &[&str]); 6] = [
        (date(2020, 12, 31), &["20296"]),
        (date(2023, 5, 10), &[""]),
        (date(2025, 7, 1), &["20242", "48"]),
        (date(2026, 4, 1), &["20410"]),
        (date(2026, 8, 1), &["", "20242"]),
        (date(2027, 3, 1), &["20308"]),
    ];
    let mut found = Vec::new();
    for task in rulebook.task_ids() {
        for (on, codes) in &places {
            for code in *codes {
                // No code: no place is said.
                let places = if code.is_empty() { Vec::new() } else { vec![vec![row(rulebook, code, *on)]] };
                found.push(Question { task, on: *on, places, without: Vec::new(), facts: Vec::new() });
            }
        }
    }
    found
}

fn complaints(rulebook: &Rulebook, program: Program<'_>, questions: &[Question]) -> (BTreeSet<Wrong>, Vec<String>) {
    let mut walk = Walk::new(rulebook, program);
    for question in questions {
        walk.paths = 0;
        walk.walk(question, None);
    }
    (walk.wrong, walk.told)
}

#[test]
fn every_path_of_the_library_leads_to_its_ruling() {
    let library = rules();
    let right = |question: &Question| ask(law(&library), question, Depth::Ruling);
    let (_, told) = complaints(&library.rulebook, &right, &of_the_library(&library.rulebook));
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_path_of_generated_rulebooks_leads_to_its_ruling() {
    for number in 0..40 {
        let library = load(&nth(number).english());
        let right = |question: &Question| ask(law(&library), question, Depth::Ruling);
        let mut asked = questions(&library.rulebook, number, 4);
        asked.iter_mut().step_by(2).for_each(|question| question.facts.clear());
        let (_, told) = complaints(&library.rulebook, &right, &asked);
        assert!(told.is_empty(), "{number}: {told:#?}");
    }
}

/// The trees of `tests/cases/good/classification.tq`: precious from 10 ha on, from 2005 on from 2 ha, from 2008 on as it is said.
fn trees() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/good");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a case");
    let texts = ["catalogue.tq", "units.csv", "successions.csv", "classification.tq"].map(|name| (name, read(name)));
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    library::from_texts(&texts)
}

/// Whether a program, told that the trees are precious, asks about or answers on areas on which they are not.
fn leaves_the_preimage(library: &Library, program: Program<'_>, on: Date, limit: i64) -> bool {
    let rulebook = &library.rulebook;
    let fact = |id: &str| {
        let at = rulebook.facts.iter().position(|fact| fact.names.english == id).expect(id);
        FactId(u32::try_from(at).expect("few facts"))
    };
    let task = rulebook.task_ids().find(|task| rulebook[*task].names.english == "felling").expect("felling");
    let group = rulebook[fact("group")].domain.clone();
    let named = |id: &str| thamquyen::reading::naming::values(&group).iter().position(|names| names.english == id);
    let precious = Value::One(u8::try_from(named("precious").expect("precious")).expect("few values"));
    let question =
        Question { task, on, places: Vec::new(), without: Vec::new(), facts: vec![(fact("group"), precious)] };
    let below = Value::Number(Decimal::new(limit * 10 - 1, 1));
    let mut contradiction = question.clone();
    contradiction.facts.push((fact("area"), below.clone()));
    if !matches!(program(&contradiction), Err(BadQuestion::Impossible)) {
        return true;
    }
    let Ok(answer) = program(&question) else { return true };
    let mut open: Vec<&NextQuestion> = answer.next.iter().collect();
    while let Some(next) = open.pop() {
        for branch in &next.branches {
            if next.about == About::Fact(fact("area")) && branch.choices.iter().any(|choice| holds(choice, &below)) {
                return true;
            }
            if let LeadsTo::Further(further) = &branch.leads_to {
                open.push(further);
            }
        }
    }
    false
}

#[test]
fn a_classified_fact_that_is_given_restricts() {
    let library = trees();
    let right = |question: &Question| ask(law(&library), question, Depth::Ruling);
    for (on, limit) in [(date(2004, 12, 31), 10), (date(2005, 1, 1), 2)] {
        assert!(!leaves_the_preimage(&library, &right, on, limit), "{on}");
        // The fault: what is given of a classified fact is forgotten.
        let forgetful = |question: &Question| {
            let mut forgotten = question.clone();
            forgotten.facts.retain(|(fact, _)| library.rulebook[*fact].names.english != "group");
            ask(law(&library), &forgotten, Depth::Ruling)
        };
        assert!(leaves_the_preimage(&library, &forgetful, on, limit), "{on}");
    }
    let days = [date(2004, 12, 31), date(2005, 1, 1), date(2008, 1, 1)];
    let asked: Vec<Question> = library
        .rulebook
        .task_ids()
        .flat_map(|task| {
            days.map(|on| Question { task, on, places: Vec::new(), without: Vec::new(), facts: Vec::new() })
        })
        .collect();
    let (_, told) = complaints(&library.rulebook, &right, &asked);
    assert!(told.is_empty(), "{told:#?}");
}

/// `tq ask gpxd --on 2026-08-01`: no more is asked than the task has facts, and the place last if at all.
#[test]
fn a_building_permit_in_2026_asks_no_more_than_matters() {
    let library = rules();
    let task = library.rulebook.task_ids().find(|task| library.rulebook[*task].names.id == "gpxd").expect("gpxd");
    let question = Question { task, on: date(2026, 8, 1), places: Vec::new(), without: Vec::new(), facts: Vec::new() };
    let answer = ask(law(&library), &question, Depth::Ruling).expect("an answer");
    let next = answer.next.expect("a question");
    let mut longest = 0;
    let mut open = vec![(&next, 1)];
    while let Some((next, depth)) = open.pop() {
        assert!(matches!(next.about, About::Fact(_) | About::Place(_)), "{next:?}");
        longest = longest.max(depth);
        for branch in &next.branches {
            if let LeadsTo::Further(further) = &branch.leads_to {
                open.push((further, depth + 1));
            }
        }
    }
    assert!(longest <= library.rulebook[task].facts.len(), "{longest}");
}

/// The first question of facts in an answer, changed.
fn changed(mut answer: Answer, change: impl FnOnce(&mut NextQuestion)) -> Answer {
    if let Some(next) = answer.next.as_mut().filter(|next| matches!(next.about, About::Fact(_))) {
        change(next);
    }
    answer
}

/// Some questions on tasks in which facts can be asked for.
fn with_facts(rulebook: &Rulebook) -> Vec<Question> {
    let several = |question: &Question| rulebook[question.task].facts.len() > 2;
    of_the_library(rulebook).into_iter().filter(several).take(FAULTY).collect()
}

/// What a walk through the library finds wrong with a broken program.
fn found(broken: impl Fn(&Question, Answer) -> Answer) -> BTreeSet<Wrong> {
    let library = rules();
    let program =
        |question: &Question| ask(law(&library), question, Depth::Ruling).map(|answer| broken(question, answer));
    let asked = with_facts(&library.rulebook);
    complaints(&library.rulebook, &program, &asked).0
}

#[test]
fn a_promise_that_is_not_kept_is_caught() {
    // The rulings of the first and last branch change places.
    let swapped = |_: &Question, answer: Answer| {
        changed(answer, |next| {
            let last = next.branches.len() - 1;
            let (first, end) = (next.branches[0].leads_to.clone(), next.branches[last].leads_to.clone());
            (next.branches[0].leads_to, next.branches[last].leads_to) = (end, first);
        })
    };
    assert!(found(swapped).contains(&Wrong::Promise));
}

#[test]
fn a_fact_that_is_asked_again_is_caught() {
    // The answer to what is asked is forgotten.
    let library = rules();
    let forgetful = |question: &Question| {
        let mut forgotten = question.clone();
        forgotten.facts.pop();
        ask(law(&library), &forgotten, Depth::Ruling)
    };
    let asked = with_facts(&library.rulebook);
    let (wrong, _) = complaints(&library.rulebook, &forgetful, &asked);
    assert!(wrong.contains(&Wrong::Twice), "{wrong:?}");
}

#[test]
fn a_question_that_makes_no_difference_is_caught() {
    let idle = |_: &Question, answer: Answer| {
        changed(answer, |next| {
            let first = next.branches[0].leads_to.clone();
            next.branches.iter_mut().for_each(|branch| branch.leads_to = first.clone());
        })
    };
    assert!(found(idle).contains(&Wrong::Idle));
}

#[test]
fn a_fact_that_matters_and_is_not_asked_is_caught() {
    // The first branch is taken for the answer, whatever is asked.
    let hasty = |_: &Question, mut answer: Answer| {
        let taken = answer.next.as_ref().and_then(|next| next.branches.first()).map(|branch| branch.leads_to.clone());
        if let (Some(LeadsTo::Ruling { outcome, deciders, .. }), true) = (taken, answer.deciders.is_empty()) {
            (answer.outcome, answer.deciders, answer.next) = (outcome, deciders, None);
        }
        answer
    };
    assert!(found(hasty).contains(&Wrong::Unasked));
}

#[test]
fn a_value_that_no_branch_holds_is_caught() {
    let missing = |_: &Question, answer: Answer| {
        changed(answer, |next| {
            next.branches.pop();
        })
    };
    assert!(found(missing).contains(&Wrong::Branches));
}
