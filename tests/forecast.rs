//! What a forecast tells: every kind of change on an invented country, in words, as data and as a calendar; and that it tells
//! all that changes and no more, against the reference, on generated rulebooks and on the real rules, with the faults that
//! these comparisons catch.

mod generated;

use std::fs;
use std::path::{Path, PathBuf};

use generated::{load, nth, wanted};
use jiff::civil::{Date, date};
use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::Partition;
use thamquyen::reading::forecast::{self, Change, Forecast, Window};
use thamquyen::reading::hands::side_by_side;
use thamquyen::reading::naming::Voice;
use thamquyen::reading::verify::foreseen;
use thamquyen::rulebook::{Language, Statement, TaskId};

/// Rulebooks that are compared; a run may look further.
const RULEBOOKS: u64 = 300;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The invented country of the other cases with one change of each kind.
fn invented() -> Library {
    let good = ["catalogue.tq", "units.csv", "successions.csv"].map(|name| format!("tests/cases/good/{name}"));
    let more = ["tests/cases/check/cover.tq", "tests/cases/forecast/rules.tq"].map(str::to_owned);
    let read = |path: String| {
        let text = fs::read_to_string(here(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        (path.rsplit('/').next().unwrap_or_default().to_owned(), text)
    };
    let files: Vec<(String, String)> = good.into_iter().chain(more).map(read).collect();
    let library = load(&files);
    assert_eq!(library.errors(), 0, "{:#?}", library.diagnostics);
    library
}

fn real() -> Library {
    library::load(&Origin::Folders(vec![here("rules")]))
}

const ALWAYS: Window = Window { from: Date::MIN, before: Date::MAX };

fn ahead(library: &Library, window: Window) -> Forecast {
    forecast::forecast(library.law(), &[], window).expect("few regions")
}

#[test]
fn every_kind_of_change_is_told_once_in_words() {
    let library = invented();
    let window = Window { from: date(2002, 1, 1), before: date(2015, 1, 1) };
    let forecast = ahead(&library, window);
    for (language, name) in [(Language::English, "en"), (Language::Vietnamese, "vi")] {
        let lines = forecast::lines(Voice::new(&library.rulebook, language), "", &forecast);
        insta::assert_snapshot!(format!("forecast_{name}"), lines.join("\n"));
    }
    insta::assert_snapshot!(
        "forecast_ics",
        forecast::calendar(Voice::new(&library.rulebook, Language::English), &forecast)
    );
    let mut kinds: Vec<&str> = forecast.changes.iter().map(|change| change.kind.code()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let all = [
        "conflict",
        "falls-back",
        "gap",
        "left-open",
        "mended",
        "moves",
        "orphaned",
        "passed-on",
        "switched-off",
        "switched-on",
    ];
    assert_eq!(kinds, all);
}

#[test]
fn a_window_cuts_the_days_and_a_task_leaves_the_others_out() {
    let library = invented();
    let whole = ahead(&library, ALWAYS);
    for on in whole.changes.iter().map(|change| change.on) {
        let next = on.tomorrow().expect("a later day");
        let told = |from: Date, before: Date| ahead(&library, Window { from, before }).changes;
        let own: Vec<Change> = whole.changes.iter().filter(|change| change.on == on).cloned().collect();
        assert_eq!(told(on.yesterday().expect("an earlier day"), next), own, "{on}");
        assert_eq!(told(on, next), [], "what holds on the first day is no change: {on}");
    }
    let felling = library.rulebook.tasks.iter().position(|task| task.names.id.as_str() == "chat-cay").expect("felling");
    let felling = TaskId(u32::try_from(felling).expect("few tasks"));
    let told = forecast::forecast(library.law(), &[felling], ALWAYS).expect("few regions");
    let own: Vec<Change> = whole.changes.iter().filter(|change| change.task == felling).cloned().collect();
    assert_eq!(told.changes, own);
    assert!(told.documents.is_empty() && !whole.documents.is_empty());
}

/// What differs between a forecast, changed, and the reference; and how many points changed and how many did not.
fn differ(
    library: &Library,
    (window, most): (Window, usize),
    change: impl Fn(&mut Vec<Change>) + Sync,
) -> (Option<String>, usize, usize) {
    let rulebook = &library.rulebook;
    let mut changes = ahead(library, window).changes;
    change(&mut changes);
    let idle = changes.iter().find(|change| !forecast::replays(rulebook, change));
    if let Some(idle) = idle {
        return (Some(format!("does not replay: {idle:#?}")), 0, 0);
    }
    let tasks: Vec<TaskId> = rulebook.task_ids().filter(|task| rulebook[*task].roles.len() <= most).collect();
    let all = side_by_side(&tasks, |task| {
        let partition = Partition::new(rulebook, *task).expect("few regions");
        foreseen(rulebook, &partition, window, &changes).map_err(|wrong| format!("{wrong:#?}"))
    });
    let sum = |(changed, same): (usize, usize), one: &(usize, usize)| (changed + one.0, same + one.1);
    let (changed, same) = all.iter().flatten().fold((0, 0), sum);
    (all.into_iter().find_map(Result::err), changed, same)
}

/// Where sentences classify facts, a point of one day can be none on the other, of which a forecast says nothing.
fn classifies(library: &Library) -> bool {
    library.rulebook.provisions.iter().any(|one| matches!(one.statement, Statement::Classifies { .. }))
}

#[test]
fn changes_are_those_of_the_reference_on_generated_rulebooks() {
    let (mut changed, mut same) = (0, 0);
    for made in (0..wanted(RULEBOOKS)).map(nth) {
        let files = made.english();
        let library = load(&files);
        if classifies(&library) {
            continue;
        }
        let (wrong, some, others) = differ(&library, (ALWAYS, usize::MAX), |_| {});
        assert!(wrong.is_none(), "{}\n{files:?}", wrong.unwrap_or_default());
        changed += some;
        same += others;
    }
    assert!(changed > 1000, "{changed} points changed, {same} did not");
}

/// From the end of the district to after the end of the decrees of 2025, tasks with one place.
#[test]
fn changes_are_those_of_the_reference_on_the_real_rules() {
    let window = Window { from: date(2025, 6, 30), before: date(2027, 3, 2) };
    let (wrong, changed, same) = differ(&real(), (window, 1), |_| {});
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    println!("{changed} points changed, {same} did not");
}

/// How many of the first rulebooks show a fault of the forecast.
fn caught(change: impl Fn(&mut Vec<Change>) + Sync) -> usize {
    (0..60).filter(|at| differ(&load(&nth(*at).english()), (ALWAYS, usize::MAX), &change).0.is_some()).count()
}

#[test]
fn a_change_that_is_missing_twice_or_elsewhere_is_noticed() {
    use thamquyen::reading::table::Node;
    let missing = caught(|changes| drop(changes.pop()));
    let twice = caught(|changes| changes.extend(changes.last().cloned()));
    let everywhere = caught(|changes| changes.iter_mut().for_each(|change| change.region = Some(Node::So)));
    let late = caught(|changes| {
        for change in changes {
            change.on = change.on.tomorrow().expect("a later day");
        }
    });
    assert!(
        [missing, twice, everywhere, late].iter().all(|caught| *caught > 20),
        "{missing} {twice} {everywhere} {late}"
    );
}
