//! That a diff says all that two rulebooks say unlike, and nothing else: on pairs of generated rulebooks, and on the real rules
//! before and after a decree.

mod generated;

use std::collections::BTreeSet;

use generated::questions::value;
use generated::{Files, all_days, load, numbers, pair, wanted};
use jiff::civil::Date;
use thamquyen::library::Library;
use thamquyen::reading::check::Point;
use thamquyen::reading::diff::{Asked, Change, Class, Diff, diff, replays};
use thamquyen::reading::verify::unlike;
use thamquyen::register::{LevelId, LocalityId};
use thamquyen::rulebook::counterparts::Counterparts;
use thamquyen::rulebook::{FactId, ReadingId, TaskId};

/// Pairs that are compared; a run may look further.
const PAIRS: u64 = 300;

/// Points of one task at which the reference is asked on both sides.
const POINTS: usize = 60;

fn compared(old: &Library, new: &Library) -> Diff {
    diff(old.law(), new.law()).expect("few regions")
}

/// The days on which anything changes on either side, and those before them.
fn days(old: &Library, new: &Library, task: (TaskId, TaskId)) -> Vec<Date> {
    let mut days: BTreeSet<Date> = all_days().into_iter().collect();
    for (library, task) in [(old, task.0), (new, task.1)] {
        let register = &library.rulebook.register;
        let partition = library.partitions.of(&library.rulebook, task).expect("few regions");
        let roles = partition.frame.roles.len();
        let places = partition.frame.classes.iter().map(|class| vec![class.representative; roles]);
        days.extend(places.flat_map(|places| partition.days(&places)).chain(register.change_days().iter().copied()));
    }
    days.iter().copied().chain(days.iter().filter_map(|day| day.yesterday().ok())).collect()
}

/// The facts on which a task's rulings depend.
fn facts(library: &Library, task: TaskId) -> BTreeSet<FactId> {
    let partition = library.partitions.of(&library.rulebook, task).expect("few regions");
    partition.frame.facts.iter().map(|axis| axis.fact).collect()
}

/// Points of a task of both, always the same for a seed.
fn points(of: &Counterparts<'_>, days: &[Date], facts: &BTreeSet<FactId>, new: TaskId) -> Vec<Point> {
    let seed = u64::from(new.0);
    let mut next = numbers(seed ^ 0x90_1d);
    let mut pick = move |among: usize| usize::try_from(next() >> 33).unwrap_or(0) % among.max(1);
    let task = &of.new[new];
    let places: Vec<LocalityId> = of.new.register.localities().collect();
    let readings: Vec<(ReadingId, usize)> =
        (0..).map(ReadingId).zip(&of.new.readings).map(|(id, reading)| (id, reading.options.len())).collect();
    let mut points = Vec::new();
    for _ in 0..POINTS {
        let mut place = |role| match pick(4) {
            0 if task.optional.contains(role) => LocalityId::NOWHERE,
            _ => places[pick(places.len())],
        };
        let places: Vec<LocalityId> = task.roles.iter().map(&mut place).collect();
        let day = days[pick(days.len())];
        let span = |place: &LocalityId, pick: &mut dyn FnMut(usize) -> usize| {
            let level = LevelId(u8::try_from(pick(of.new.levels.len())).unwrap_or(0));
            let there = of.new.register.ancestor(*place, level, day).is_some();
            (there && pick(5) == 0).then_some(level)
        };
        let spans = places.iter().map(|place| span(place, &mut pick)).collect();
        let facts = facts.iter().map(|fact| (*fact, value(of.new, *fact, &mut pick))).collect();
        let option = |(id, options): &(ReadingId, usize)| (*id, u8::try_from(pick(*options)).unwrap_or(0));
        let readings = readings.iter().map(option).collect();
        points.push(Point { task: new, day, places, spans, facts, readings });
    }
    points
}

/// What went through, where nothing went wrong.
#[derive(Debug, Default)]
struct Counted {
    changes: usize,
    unlike: usize,
    points: usize,
    classes: BTreeSet<Class>,
}

/// Compares a diff, changed or not, with the reference.
fn wrong(old: &Library, new: &Library, change: impl Fn(&mut Vec<Change>), counted: &mut Counted) -> Option<String> {
    let of = Counterparts::new(&old.rulebook, &new.rulebook);
    let mut diff = compared(old, new);
    change(&mut diff.changes);
    if let Some(idle) = diff.changes.iter().find(|change| !replays(&of, change)) {
        return Some(format!("does not replay: {idle:#?}"));
    }
    let otherwise: BTreeSet<Asked> =
        diff.changes.iter().filter(|change| change.region.is_none()).map(|change| change.task).collect();
    counted.changes += diff.changes.len();
    counted.classes.extend(diff.changes.iter().map(|change| change.class));
    for task in new.rulebook.task_ids() {
        let Some(own) = of.old_task(task).filter(|own| !otherwise.contains(&Asked::Both { old: *own, new: task }))
        else {
            continue;
        };
        let days = days(old, new, (own, task));
        let mut facts = facts(new, task);
        facts.extend(self::facts(old, own).into_iter().filter_map(|fact| of.fact(fact)));
        for point in points(&of, &days, &facts, task) {
            counted.points += 1;
            match unlike(&of, &diff.changes, (own, task), &point) {
                Ok(found) => counted.unlike += found,
                Err(untold) => return Some(format!("{untold:#?} at {point:#?}")),
            }
        }
    }
    None
}

/// A pair as (number, both sides in English).
fn pairs(count: u64) -> impl Iterator<Item = (u64, [Files; 2])> {
    (0..count).map(|number| (number, pair(number).map(|made| made.english())))
}

#[test]
fn all_that_is_unlike_is_told_and_nothing_else() {
    let mut counted = Counted::default();
    for (number, [before, after]) in pairs(wanted(PAIRS)) {
        let (old, new) = (load(&before), load(&after));
        let wrong = wrong(&old, &new, |_| {}, &mut counted);
        assert!(wrong.is_none(), "{number}: {}", wrong.unwrap_or_default());
    }
    println!("{counted:?}");
    assert!(counted.unlike > 200, "{counted:?}");
}

/// The text with one of some pieces replaced, that of a number among all that there are.
fn altered(files: &Files, at: usize, pieces: &[(&str, &str)]) -> Option<Files> {
    let mut files = files.clone();
    let mut left = at;
    for (_, text) in files.iter_mut().filter(|(path, _)| path.ends_with(".tq")) {
        for (piece, other) in pieces {
            let found: Vec<usize> = text.match_indices(piece).map(|(at, _)| at).collect();
            if let Some(at) = found.get(left) {
                text.replace_range(*at..at + piece.len(), other);
                return Some(files);
            }
            left = left.checked_sub(found.len())?;
        }
    }
    None
}

/// One day later, or another unit, in one place of the text: what that changes is told, to the day and to the unit.
#[test]
fn a_change_of_one_day_or_one_unit_is_never_missed() {
    let days = [
        ("from 2002-07-01", "from 2002-07-02"),
        ("from 2003-07-01", "from 2003-07-02"),
        ("from 2001-01-01", "from 2001-01-02"),
        ("through 2006-12-31", "through 2007-01-01"),
        ("before 2004-01-02", "before 2004-01-03"),
    ];
    let units =
        [("\"Thanh Lam\"", "\"Bạch Sa\""), ("\"Cát Tường\"", "\"Diên Khê\""), ("\"Phong Điền\"", "\"Quảng Tây\"")];
    for pieces in [&days[..], &units[..]] {
        let mut counted = Counted::default();
        let mut compared = 0;
        for number in 0..240 {
            let before = generated::nth(number).english();
            let mut next = numbers(number);
            let at = usize::try_from(next() % 8).expect("small");
            let Some(after) = altered(&before, at, pieces) else { continue };
            let (old, new) = (load(&before), load(&after));
            // Not every day can be another: what is issued must not begin before.
            if new.errors() > 0 {
                continue;
            }
            compared += 1;
            let wrong = wrong(&old, &new, |_| {}, &mut counted);
            assert!(wrong.is_none(), "{number}: {}", wrong.unwrap_or_default());
        }
        assert!(compared > 40 && counted.changes > 40, "{compared} {counted:?}");
    }
}

#[test]
fn nothing_changes_where_nothing_does() {
    for (_, [before, _]) in pairs(40) {
        let (one, other) = (load(&before), load(&before));
        let diff = compared(&one, &other);
        assert_eq!((diff.changes, diff.units), (Vec::new(), Vec::new()));
    }
}

/// Whether at least ten of the first pairs show a fault of the diff.
fn caught(fault: impl Fn(&mut Vec<Change>)) -> bool {
    let shows = |(_, [before, after]): &(u64, [Files; 2])| {
        wrong(&load(before), &load(after), &fault, &mut Counted::default()).is_some()
    };
    pairs(300).filter(shows).take(10).count() == 10
}

/// Faults: a change is left out; one is said of a part of its region only; one of all points; the sides are mistaken.
#[test]
fn a_diff_that_is_wrong_is_noticed() {
    use thamquyen::reading::table::Node;
    assert!(caught(|changes| drop(changes.pop())), "left out");
    let smaller = |changes: &mut Vec<Change>| {
        for change in changes {
            if let Some(Node::Branches(branches)) = &mut change.region {
                branches.pop();
            }
        }
    };
    assert!(caught(smaller), "smaller");
    let larger = |changes: &mut Vec<Change>| {
        changes.iter_mut().filter(|change| change.region.is_some()).for_each(|change| change.region = Some(Node::So));
    };
    assert!(caught(larger), "larger");
    let mistaken = |changes: &mut Vec<Change>| {
        changes.iter_mut().for_each(|change| std::mem::swap(&mut change.before, &mut change.after));
    };
    assert!(caught(mistaken), "mistaken");
}
