//! Full questions are answered without a detour, and just as the general way answers them: same answer, same bytes. Asked of the
//! rules at many places, on days around every change, with facts said and unsaid.

use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use thamquyen::applicability::Cell as FactCell;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::cell::Sought;
use thamquyen::reading::ask::{Depth, ask, ask_noting};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::report::{self, Frame, Lists, report, written};
use thamquyen::register::RowId;
use thamquyen::rulebook::{FactId, Language, TaskId, Value};
use thamquyen::ruling::{Answer, BadQuestion, Question};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    }
}

/// A value in a cell of a fact: the cell's own, or one beside its ends.
fn value(cell: &FactCell) -> Option<Value> {
    use thamquyen::rulebook::Value::Number;
    match cell {
        FactCell::Value(value) => Some(value.clone()),
        FactCell::Between(Some(Number(low)), Some(Number(high))) => Some(Number((*low + *high) / Decimal::TWO)),
        FactCell::Between(Some(Number(low)), None) => Some(Number(*low + Decimal::ONE)),
        FactCell::Between(None, Some(Number(high))) => Some(Number(*high - Decimal::ONE)),
        FactCell::Between(..) => None,
    }
}

fn question(library: &Library, dice: &mut Dice, days: &[Date]) -> Option<Question> {
    let rulebook = &library.rulebook;
    let task = TaskId(u32::try_from(dice.below(rulebook.tasks.len())).expect("few tasks"));
    let partition = library.partitions.of(rulebook, task).ok()?;
    let on = days[dice.below(days.len())];
    let rows: Vec<RowId> = rulebook.register.rows_on(on).collect();
    if rows.is_empty() {
        return None;
    }
    let (mut places, mut without): (Vec<Vec<RowId>>, Vec<_>) = (Vec::new(), Vec::new());
    for role in &rulebook[task].roles {
        let drawn = dice.below(20);
        let beside = places.last().and_then(|rows| rows.first()).copied();
        places.push(match (drawn, beside) {
            (0, _) => Vec::new(),
            (1, _) => vec![rows[dice.below(rows.len())], rows[dice.below(rows.len())]],
            (2..=6, _) if rulebook[task].optional.contains(role) => {
                without.push(*role);
                Vec::new()
            }
            // Often both are at home in one unit.
            (7..=12, Some(beside)) => vec![beside],
            _ => vec![rows[dice.below(rows.len())]],
        });
    }
    let unsaid = dice.below(4) == 0;
    let mut facts: Vec<(FactId, Value)> = Vec::new();
    for axis in &partition.frame.facts {
        if unsaid && dice.below(2) == 0 {
            continue;
        }
        facts.extend(value(&axis.cells[dice.below(axis.len())]).map(|value| (axis.fact, value)));
    }
    facts.sort();
    Some(Question { task, on, places, without, facts })
}

/// The ruling for a question, its long lists written beforehand, as the service has them.
fn text(voice: Voice<'_>, question: &Question, answer: &Answer, frame: Frame<'_>) -> String {
    let chain = report::chain(voice, &answer.grounds);
    let (ask, lost) = (report::ask(voice, answer), report::lost(voice, answer, frame.depth));
    let lists = Lists { chain: Some(&chain), ask: ask.as_deref(), lost: lost.as_deref() };
    String::from_utf8(written(voice, question, answer, frame, lists)).expect("UTF-8")
}

/// A ruling is the same bytes, however it is written: as a value, at once, or with lists that were written before.
fn same_text(library: &Library, question: &Question, depth: Depth) {
    for (language, depth) in [(Language::Vietnamese, Depth::Ruling), (Language::English, depth)] {
        let Ok(answer) = ask(library.law(), question, depth) else { return };
        let voice = Voice::new(&library.rulebook, language);
        let frame = Frame { version: "x", rules_errors: 0, depth };
        let at_once = written(voice, question, &answer, frame, Lists::default());
        let report = report(voice, &answer, frame).to_string();
        assert_eq!(String::from_utf8(at_once).expect("UTF-8"), report);
        assert_eq!(text(voice, question, &answer, frame), report);
    }
}

/// Questions in one region have the same ruling: the same question on other days, as far as they are in it.
fn same_in_its_region(library: &Library, question: &Question, dice: &mut Dice) -> bool {
    let cells = library.cells.get().expect("compiled");
    let law = library.law();
    let days = jiff::Span::new().days(i64::try_from(dice.below(200)).expect("few") - 100);
    let other = Question { on: question.on.saturating_add(days), ..question.clone() };
    let region = |question: &Question| match cells.seek(law, question) {
        Sought::Open { region, .. } => Some(region),
        Sought::Answer(_) | Sought::Unusual => None,
    };
    if region(question).is_none_or(|own| region(&other).is_none_or(|other| own != other)) {
        return false;
    }
    let voice = Voice::new(&library.rulebook, Language::Vietnamese);
    let frame = Frame { version: "x", rules_errors: 0, depth: Depth::Ruling };
    // Both written for one question: what echoes it aside, all must be the same.
    let text = |of: &Question| {
        let answer = ask(law, of, Depth::Ruling)?;
        Ok::<_, BadQuestion>(text(voice, question, &answer, frame))
    };
    assert_eq!(text(question), text(&other), "{question:?} {}", other.on);
    true
}

/// Whether the ruling stays when all facts but these are said otherwise; `None` where there are no others, or they cannot be so.
fn same_whatever_else(library: &Library, question: &Question, read: &[usize], dice: &mut Dice) -> Option<bool> {
    let partition = library.partitions.of(&library.rulebook, question.task).ok()?;
    let mut other = question.clone();
    let unread = partition.frame.facts.iter().enumerate().filter(|(index, _)| !read.contains(index));
    for (_, axis) in unread {
        other.facts.retain(|(fact, _)| *fact != axis.fact);
        if dice.below(4) > 0 {
            other.facts.extend(value(&axis.cells[dice.below(axis.len())]).map(|value| (axis.fact, value)));
        }
    }
    other.facts.sort();
    let voice = Voice::new(&library.rulebook, Language::Vietnamese);
    let frame = Frame { version: "x", rules_errors: 0, depth: Depth::Ruling };
    let text = |of: &Question| {
        let answer = ask(library.law(), of, Depth::Ruling).ok()?;
        Some(text(voice, question, &answer, frame))
    };
    let (own, other) = (text(question)?, (other.facts != question.facts).then(|| text(&other))??);
    Some(own == other)
}

/// Asks so many questions both ways; gives how many were asked, and how many had a cell; of these some have several places.
fn both_ways(library: &Library, asked: usize) -> (usize, usize, usize) {
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    assert!(library.compile().is_empty(), "every task can be worked out");
    let cells = library.cells.get().expect("compiled");
    let changes = library.rulebook.register.change_days().iter().copied();
    let documents = library.rulebook.documents.iter().flat_map(|one| one.in_force.iter().flat_map(|days| days.from));
    let around = changes.chain(documents).flat_map(|day| [day.yesterday().ok(), Some(day), day.tomorrow().ok()]);
    let days: Vec<Date> = around.flatten().collect();
    let mut dice = Dice(20_250_701);
    let (mut all, mut quick, mut regions, mut several) = (0, 0, 0, 0);
    let (mut unread, mut missed) = (0, 0);
    while all < asked {
        let Some(question) = question(library, &mut dice, &days) else { continue };
        all += 1;
        let law = library.law();
        let looked_at = || ask_noting(law, &question, Depth::Ruling).ok().map(|(_, read)| read);
        if let Some(read) = looked_at() {
            let same = same_whatever_else(library, &question, &read, &mut dice);
            assert_ne!(same, Some(false), "{question:?} {read:?}");
            unread += usize::from(same.is_some());
            // The fault that this catches: a fact that was looked at is forgotten.
            let forgetful = read.split_last().map_or(&[][..], |(_, read)| read);
            missed += usize::from(same_whatever_else(library, &question, forgetful, &mut dice) == Some(false));
        }
        // The record takes long to find.
        same_text(library, &question, if all % 50 == 0 { Depth::Record } else { Depth::Ruling });
        let Sought::Answer(own) = cells.seek(law, &question) else {
            regions += usize::from(same_in_its_region(library, &question, &mut dice));
            continue;
        };
        quick += 1;
        several += usize::from(question.places.len() > 1);
        let general = ask(law, &question, Depth::Ruling).expect("what has a cell is a good question");
        assert_eq!(*own, general, "{question:?}");
    }
    assert!(unread > 100 && missed > 10, "{unread} said otherwise, {missed} caught");
    assert!(regions > 30, "only {regions} were asked twice in a region");
    println!("{all} questions, {quick} with a cell, {several} of them of several places, {regions} twice in a region");
    (all, quick, several)
}

#[test]
fn the_short_way_answers_as_the_general_one() {
    let rules = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")]));
    let (all, quick, several) = both_ways(&rules, 3_000);
    assert!(several > 100, "only {several} are of several places");
    assert!(quick * 5 > all, "only {quick} of {all} questions have a cell");
}

#[test]
fn it_does_on_a_small_library_too() {
    let small = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")]));
    let (_, quick, _) = both_ways(&small, 2_000);
    assert!(quick > 500, "only {quick}");
}
