//! That what is taken over from older rules is what would be found anew: partitions, region checks, findings and diffs, on pairs of
//! generated rulebooks, on rulebooks with one thing changed, and on the real rules with one sentence changed.

mod generated;

use std::collections::BTreeSet;
use std::path::Path;

use generated::{load, numbers, pair, wanted};
use thamquyen::library::{self, File, Library, Origin};
use thamquyen::partition::Partition;
use thamquyen::reading::check::review::found;
use thamquyen::reading::diff::{Scope, beyond};
use thamquyen::reading::hands::side_by_side;
use thamquyen::reading::heritage::Heritage;
use thamquyen::reading::verify::{Checked, check};
use thamquyen::rulebook::{ActKind, Rulebook, Statement, TaskId};

/// Pairs that are compared; a run may look further.
const PAIRS: u64 = 300;

#[derive(Debug, Default, Clone, Copy)]
struct Counted {
    same: usize,
    changed: usize,
}

impl Counted {
    fn of(all: impl Iterator<Item = Self>) -> Self {
        all.fold(Self::default(), |sum, one| Self { same: sum.same + one.same, changed: sum.changed + one.changed })
    }
}

/// Everything of a partition, as text.
fn whole(partition: &Partition) -> String {
    format!("{partition:?}")
}

/// What the region check counts; nothing where it finds a fault, which the rules as they are do not have.
fn checked(rulebook: &Rulebook, partition: &Partition) -> Option<Checked> {
    check(rulebook, partition).ok()
}

/// What is taken over wrongly, if anything is.
fn wrong(old: &Library, new: &Rulebook, heritage: &Heritage, counted: &mut Counted) -> Option<String> {
    for task in new.task_ids() {
        let fresh = Partition::new(new, task).ok()?;
        let Some(kin) = heritage.old(task) else {
            counted.changed += 1;
            continue;
        };
        counted.same += 1;
        let id = &new[task].names.id;
        let before = old.partitions.of(&old.rulebook, kin).ok()?;
        let Some(taken) = heritage.partition(before) else { return Some(format!("{id} has no numbers")) };
        if whole(&taken) != whole(&fresh) {
            return Some(format!("{id} has another partition"));
        }
        if checked(&old.rulebook, before) != checked(new, &fresh) {
            return Some(format!("{id} is checked in other boxes"));
        }
    }
    None
}

fn fingerprints(library: &Library, tasks: &[TaskId]) -> BTreeSet<String> {
    found(library.law(), tasks).into_iter().map(|(_, fingerprint)| fingerprint).collect()
}

#[test]
fn what_is_taken_over_is_what_would_be_found() {
    let numbers: Vec<u64> = (0..wanted(PAIRS)).collect();
    let all = side_by_side(&numbers, |number| {
        let mut counted = Counted::default();
        let [old, new] = pair(*number).map(|made| load(&made.english()));
        let heritage = Heritage::new(&old.rulebook, &new.rulebook);
        let wrong = wrong(&old, &new.rulebook, &heritage, &mut counted);
        assert_eq!(wrong, None, "{number}");
        for (task, kin) in new.rulebook.task_ids().filter_map(|task| Some((task, heritage.old(task)?))) {
            assert_eq!(fingerprints(&old, &[kin]).len(), fingerprints(&new, &[task]).len(), "{number}");
        }
        let all = Scope::default();
        let laws = (old.law(), new.law());
        let (short, long) = (beyond(laws, &all, &heritage), beyond(laws, &all, &Heritage::default()));
        assert_eq!(short, long, "{number}");
        counted
    });
    let counted = Counted::of(all.into_iter());
    println!("{counted:?}");
    let least = usize::try_from(wanted(PAIRS)).unwrap();
    assert!(counted.same > least && counted.changed > least, "{counted:?}");
}

/// What may change of a rulebook, each in one place.
const CHANGES: usize = 9;

/// The rulebook with one thing changed; nothing where it has no such thing.
fn changed(rulebook: &Rulebook, what: usize, at: usize) -> Option<Rulebook> {
    let mut own = rulebook.clone();
    let of = |many: usize| (many > 0).then(|| at % many.max(1));
    let lists = |wanted: fn(&Statement) -> bool| -> Vec<usize> {
        let all = rulebook.provisions.iter().enumerate();
        all.filter(|(_, provision)| wanted(&provision.statement)).map(|(index, _)| index).collect()
    };
    match what {
        0 => {
            let provision = &mut own.provisions[of(rulebook.provisions.len())?];
            provision.days.from =
                provision.days.from.map_or(jiff::civil::date(2024, 3, 1), |day| day.tomorrow().unwrap()).into();
        }
        1 => drop(own.provisions[of(rulebook.provisions.len())?].condition.take()?),
        2 => drop(own.provisions[of(rulebook.provisions.len())?].scopes.pop()?),
        3 => drop(own.provisions[of(rulebook.provisions.len())?].prevails.pop()?.over),
        4 => {
            let acts = lists(|statement| matches!(statement, Statement::Act { .. }));
            let Statement::Act { hits, .. } = &mut own.provisions[acts[of(acts.len())?]].statement else { return None };
            hits.pop()?;
        }
        5 => {
            let acts = lists(|statement| matches!(statement, Statement::Act { .. }));
            let Statement::Act { kind, .. } = &mut own.provisions[acts[of(acts.len())?]].statement else { return None };
            *kind = if *kind == ActKind::Repeals { ActKind::Suspends } else { ActKind::Repeals };
        }
        6 => {
            let document = &mut own.documents[of(rulebook.documents.len())?];
            document.in_force.iter_mut().for_each(|days| days.from = Some(jiff::civil::date(2023, 5, 5)));
        }
        7 => {
            let task = &mut own.tasks[of(rulebook.tasks.len())?];
            task.open.pop()?;
        }
        _ => {
            let document = &mut own.documents[of(rulebook.documents.len())?];
            document.issued = document.issued.tomorrow().unwrap();
        }
    }
    Some(own)
}

#[test]
fn one_thing_changed_is_noticed_wherever_it_matters() {
    let pairs: Vec<u64> = (0..wanted(PAIRS / 3)).collect();
    let all = side_by_side(&pairs, |number| {
        let (mut counted, mut caught, mut looked) = (Counted::default(), 0, 0);
        let [old, _] = pair(*number).map(|made| load(&made.english()));
        let mut next = numbers(number ^ 0x51de);
        for what in 0..CHANGES {
            let at = usize::try_from(next() >> 33).unwrap();
            let Some(new) = changed(&old.rulebook, what, at) else { continue };
            looked += 1;
            let heritage = Heritage::new(&old.rulebook, &new);
            assert_eq!(wrong(&old, &new, &heritage, &mut counted), None, "{number}: change {what} at {at}");
            // The seeded fault: whoever takes the rulebook for the same takes over what is wrong, and that is seen.
            let blind = Heritage::new(&old.rulebook, &old.rulebook);
            caught += usize::from(wrong(&old, &new, &blind, &mut Counted::default()).is_some());
        }
        (counted, caught, looked)
    });
    let counted = Counted::of(all.iter().map(|(counted, ..)| *counted));
    let (caught, looked) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
    println!("{looked} changes, {caught} of them change a partition; {counted:?}");
    assert!(caught > looked / 8, "{caught} of {looked}");
    assert!(counted.same > looked && counted.changed > looked, "{counted:?}");
}

#[test]
fn a_rulebook_is_its_own_heir() {
    for number in 0..20 {
        let [old, _] = pair(number).map(|made| load(&made.english()));
        let heritage = Heritage::new(&old.rulebook, &old.rulebook);
        assert_eq!(heritage.changed(&old.rulebook), [], "{number}");
    }
}

fn rules() -> Library {
    library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")]))
}

/// The rules with something else in one file.
fn edited(rules: &Library, path: &str, from: &str, to: &str) -> Library {
    let mut files: Vec<File> = rules.files.clone();
    let file = files.iter_mut().find(|file| file.path == path).expect("the file");
    let text = String::from_utf8(file.bytes.clone()).expect("text");
    assert!(text.contains(from), "{path}");
    file.bytes = text.replacen(from, to, 1).into_bytes();
    library::from_files(files)
}

/// One sentence on one task: the others are what they were, though every later sentence has another number and line.
#[test]
fn an_edit_of_the_rules_leaves_the_other_tasks() {
    let old = rules();
    let path = "dien-anh/131-2022-nd-cp.tq";
    let sentence = "thong-bao-chieu-phim do UBND cấp huyện quyết định";
    let added = format!(
        "thong-bao-chieu-phim do UBND cấp tỉnh quyết định\n    khi địa điểm chiếu phim là nhà hát\n  {sentence}"
    );
    for to in ["thong-bao-chieu-phim do UBND cấp tỉnh quyết định", added.as_str()] {
        let new = edited(&old, path, sentence, to);
        assert_eq!(new.errors(), 0, "{:?}", new.diagnostics);
        let heritage = new.inherit(&old);
        let ids: Vec<&str> =
            heritage.changed(&new.rulebook).iter().map(|task| new.rulebook[*task].names.id.as_str()).collect();
        assert_eq!(ids, ["thong-bao-chieu-phim"]);
        old.compile();
        let again = Heritage::new(&old.rulebook, &new.rulebook);
        for (task, kin) in new.rulebook.task_ids().filter_map(|task| Some((task, again.old(task)?))) {
            let before = old.partitions.made(kin).expect("compiled");
            let taken = again.partition(before).expect("numbers");
            assert_eq!(whole(&taken), whole(&Partition::new(&new.rulebook, task).expect("few regions")));
        }
    }
}

/// Comments and lines above change the place of every sentence of a file, and no task.
#[test]
fn a_comment_changes_no_task() {
    let old = rules();
    let new = edited(&old, "dien-anh/131-2022-nd-cp.tq", "văn bản", "# một dòng thêm\nvăn bản");
    let heritage = Heritage::new(&old.rulebook, &new.rulebook);
    assert_eq!(heritage.changed(&new.rulebook), []);
}
