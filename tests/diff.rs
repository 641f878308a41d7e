//! That a diff says all that two rulebooks say unlike, and nothing else: on pairs of generated rulebooks, and on the real rules
//! before and after a decree.

mod generated;

use std::collections::BTreeSet;
use std::path::Path;

use generated::questions::value;
use generated::{Files, all_days, load, numbers, pair, wanted};
use jiff::civil::Date;
use thamquyen::library::Library;
use thamquyen::reading::check::Point;
use thamquyen::reading::diff::{Asked, Change, Class, Diff, Scope, Told, diff, replays, within};
use thamquyen::reading::verify::unlike;
use thamquyen::register::{LevelId, LocalityId};
use thamquyen::rulebook::counterparts::Counterparts;
use thamquyen::rulebook::{Days, FactId, Language, ReadingId, SeatAt, TaskId};

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

/// Pairs that are compared on one day.
const ON_A_DAY: u64 = 60;

/// Whether what is told of a day, changed or not, is what the reference finds unlike on it; how much was found.
fn wrong_on(old: &Library, new: &Library, day: Date, change: impl Fn(&mut Vec<Change>)) -> Result<usize, String> {
    let of = Counterparts::new(&old.rulebook, &new.rulebook);
    let scope = Scope { on: Some(day), ..Scope::default() };
    let mut changes = within((old.law(), new.law()), &scope).expect("few regions").changes;
    change(&mut changes);
    let of_day = Days { from: Some(day), before: day.tomorrow().ok() };
    for change in changes.iter().filter(|change| change.region.is_some()) {
        let (extent, witness) = (change.extent.expect("a size"), change.witness.as_ref().expect("a point"));
        if (extent.within, extent.days, witness.day) != (of_day, Some(1), day) || !replays(&of, change) {
            return Err(format!("{change:#?}"));
        }
    }
    let mut found = 0;
    let whole = |task| changes.iter().any(|change| change.region.is_none() && change.task == task);
    for task in new.rulebook.task_ids() {
        let Some(own) = of.old_task(task).filter(|own| !whole(Asked::Both { old: *own, new: task })) else { continue };
        let mut facts = facts(new, task);
        facts.extend(self::facts(old, own).into_iter().filter_map(|fact| of.fact(fact)));
        for point in points(&of, &[day], &facts, task) {
            found +=
                unlike(&of, &changes, (own, task), &point).map_err(|untold| format!("{untold:#?} at {point:#?}"))?;
        }
    }
    Ok(found)
}

/// A day on which something changes on either side, or the one before it, by a number.
fn some_day(old: &Library, new: &Library, number: u64) -> Option<Date> {
    let of = Counterparts::new(&old.rulebook, &new.rulebook);
    let task = new.rulebook.task_ids().find_map(|task| Some((of.old_task(task)?, task)))?;
    let days = days(old, new, task);
    days.get(usize::try_from(numbers(number ^ 0xda7)() >> 33).expect("small") % days.len()).copied()
}

/// What is told of a day is all that is unlike on it, and of no other day.
#[test]
fn of_one_day_all_is_told_and_no_other_day() {
    let (mut found, mut caught) = (0, 0);
    for (number, [before, after]) in pairs(wanted(ON_A_DAY)) {
        let (old, new) = (load(&before), load(&after));
        let Some(day) = some_day(&old, &new, number) else { continue };
        match wrong_on(&old, &new, day, |_| {}) {
            Ok(unlike) => found += unlike,
            Err(wrong) => panic!("{number} on {day}: {wrong}"),
        }
        // A change that is left out is missed.
        caught += usize::from(wrong_on(&old, &new, day, |changes| drop(changes.pop())).is_err());
    }
    assert!(found > 40 && caught > 3, "{found} {caught}");
}

/// What is told of some tasks is what is told of them among all.
#[test]
fn some_tasks_are_compared_as_among_all() {
    let mut told = 0;
    for (number, [before, after]) in pairs(30) {
        let (old, new) = (load(&before), load(&after));
        let all = compared(&old, &new);
        for task in new.rulebook.task_ids() {
            let id = new.rulebook[task].names.id.clone();
            let scope = Scope { tasks: BTreeSet::from([id]), on: None };
            let own = within((old.law(), new.law()), &scope).expect("few regions");
            let is_own = |change: &&Change| match change.task {
                Asked::Both { new, .. } | Asked::New(new) => new == task,
                Asked::Old(_) => false,
            };
            let among: Vec<&Change> = all.changes.iter().filter(is_own).collect();
            assert_eq!(own.changes.iter().collect::<Vec<_>>(), among, "{number}");
            told += among.len();
        }
    }
    assert!(told > 20, "{told}");
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

/// What the decree on land of 2026 moves from the commune's chair to somebody of the province, task by task, and in how many
/// communes; before and after, the reference says so at each witness.
#[test]
fn the_land_decree_of_2026_moves_decisions_from_the_commune() {
    let with = read("rules");
    let without: Files = with.iter().filter(|(path, _)| !path.ends_with("49-2026-nd-cp.tq")).cloned().collect();
    assert_eq!(with.len(), without.len() + 1);
    // Scenarios cite the decree; they are no law.
    let law = |files: Files| load(&files.into_iter().filter(|(path, _)| !path.starts_with("tinh-huong/")).collect());
    let (old, new) = (law(without), law(with));
    assert_eq!((old.errors(), new.errors()), (0, 0));
    let diff = compared(&old, &new);
    let of = Counterparts::new(&old.rulebook, &new.rulebook);
    assert!(diff.changes.iter().all(|change| replays(&of, change)));
    let level = |library: &Library, told: &[Told]| {
        let [Told::Holder(holding)] = told else { return None };
        let [one] = holding.holders.as_slice() else { return None };
        let SeatAt::Level { level, .. } = one.seat.at else { return None };
        Some(library.rulebook[level].names.id.clone())
    };
    let moves = diff.changes.iter().filter(|change| change.class == Class::Moved);
    let up = moves.filter(|change| {
        let (before, after) = (level(&old, &change.before), level(&new, &change.after));
        before.as_deref() == Some("xa") && after.as_deref() == Some("tinh")
    });
    let line = |change: &Change| {
        let Asked::Both { new: task, .. } = change.task else { panic!("no task") };
        let size = change.extent.expect("a region").words(Language::English);
        format!("{}: {size}", new.rulebook[task].names.id)
    };
    let lines: BTreeSet<String> = up.map(line).collect();
    insta::assert_snapshot!("land decree of 2026", lines.into_iter().collect::<Vec<_>>().join("\n"));
}

/// All files of a folder, by their paths in it.
fn read(folder: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut open, mut files) = (vec![root.clone()], Files::new());
    while let Some(folder) = open.pop() {
        for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "tq" || end == "csv") {
                let name = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    files.sort();
    files
}

/// Runs a program in a folder: its status, and all that it prints.
fn run(program: &str, arguments: &[&str], folder: &Path) -> (i32, String) {
    let output = std::process::Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout) + &text(output.stderr))
}

/// Two edits of one author against what was committed, as a reviewer sees them: from the repository's objects, not its files.
#[test]
fn a_revision_is_compared_without_a_checkout() {
    let home = tempfile::tempdir().expect("a folder");
    let write = |edit: &dyn Fn(&str) -> String| {
        for (path, text) in read("tests/small") {
            let path = home.path().join("law/rules").join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
            std::fs::write(path, edit(&text)).expect("it is written");
        }
    };
    let git = |arguments: &[&str]| {
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let (status, words) = run("git", &[&author[..], arguments].concat(), home.path());
        assert_eq!(status, 0, "{words}");
    };
    write(&str::to_owned);
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "before"]);
    let tq = |arguments: &[&str]| run(env!("CARGO_BIN_EXE_tq"), arguments, &home.path().join("law"));

    let (status, words) = tq(&["diff", "git:HEAD"]);
    assert_eq!(status, 0, "{words}");
    assert!(words.contains("nothing changes in"), "{words}");

    write(&|text| text.replace("dien-tich >= 0.5 ha", "dien-tich >= 0.4 ha"));
    let (status, words) = tq(&["diff", "git:HEAD"]);
    assert_eq!(status, 1, "{words}");
    assert!(words.contains("at least 0.4 ha and below 0.5 ha"), "{words}");
    assert_eq!(tq(&["diff", "git:HEAD", "--deny", "lost"]).0, 0, "nobody is lost");
    assert_eq!(tq(&["diff", "git:HEAD", "git:HEAD:rules"]).0, 0, "both are what was committed");
    assert_eq!(run(env!("CARGO_BIN_EXE_tq"), &["diff", "git:HEAD:law/rules", "law/rules"], home.path()).0, 1);

    let (status, words) = tq(&["diff", "git:HEAD", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&words).expect("JSON");
    assert_eq!((status, &json["format"]), (1, &1.into()));
    let change = &json["changes"][0];
    assert!(
        change["class"].is_string() && change["witness"]["command"].is_string() && change["units"].is_u64(),
        "{change}"
    );
    let counted: i64 = json["counts"].as_object().expect("counts").values().filter_map(serde_json::Value::as_i64).sum();
    assert_eq!(Some(counted), json["changes"].as_array().and_then(|all| i64::try_from(all.len()).ok()));

    for (side, told) in [
        ("git:nowhere", "git has no `git:nowhere:rules`"),
        ("git:HEAD:nothing", "git has no `git:HEAD:nothing`"),
        ("git:--output=x", "git has no `git:--output=x:rules`"),
        ("missing", "there is no folder `missing`"),
    ] {
        let (status, words) = tq(&["diff", side]);
        assert!(status == 2 && words.contains(told), "{side}: {status} {words}");
    }
    assert_eq!(tq(&["diff"]).0, 2);
    assert_eq!(tq(&["diff", "git:HEAD", "--deny", "nothing"]).0, 2);
}
