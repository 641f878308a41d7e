//! What the rules mean, in words: the files of `snapshots/luat` are those of `rules/`, the same law gives the same bytes, a
//! change shows as the lines that say it, and what a table says of a point is what the question there is answered.

#[path = "snapshot/witness.rs"]
mod witness;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use similar::TextDiff;
use thamquyen::library::{self, Library};
use thamquyen::reading::snapshot::snapshots;
use thamquyen::reading::table::{Branch, Node, Only, Table, table};
use thamquyen::rulebook::{Language, TaskId};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files below a folder, by path.
fn files(folder: &str) -> BTreeMap<String, String> {
    let (root, mut found) = (here(folder), BTreeMap::new());
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

fn load(files: &BTreeMap<String, String>) -> Library {
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let library = library::from_texts(&texts);
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    library
}

/// All snapshots, by name.
fn shots(library: &Library, language: Language) -> BTreeMap<String, String> {
    let shots = snapshots(library.law(), language).expect("within bounds");
    shots.into_iter().map(|one| (one.name, one.text)).collect()
}

fn vietnamese(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    shots(&load(files), Language::Vietnamese)
}

/// As `git diff` shows it, without context and line numbers.
fn difference(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> String {
    assert_eq!(old.keys().collect::<Vec<_>>(), new.keys().collect::<Vec<_>>());
    let mut words = String::new();
    for (name, text) in old.iter().filter(|(name, text)| new[*name] != **text) {
        let difference = TextDiff::from_lines(text, &new[name]);
        let difference = difference.unified_diff().context_radius(0).to_string();
        words += &format!("{name}\n");
        difference.lines().filter(|line| !line.starts_with("@@")).for_each(|line| words += &format!("{line}\n"));
    }
    words
}

fn changed(path: &str, from: &str, to: &str) -> String {
    let mut rules = files("rules");
    let old = vietnamese(&rules);
    let text = rules.get_mut(path).expect("a file");
    assert!(text.contains(from), "{from} is not in {path}");
    *text = text.replace(from, to);
    difference(&old, &vietnamese(&rules))
}

#[test]
fn the_kept_snapshots_are_those_of_the_rules() {
    let (kept, meant) = (files("snapshots/luat"), vietnamese(&files("rules")));
    assert_eq!(kept.keys().collect::<Vec<_>>(), meant.keys().collect::<Vec<_>>());
    let words = difference(&kept, &meant);
    assert!(words.is_empty(), "run `tq snapshot --rules rules` and look at the difference:\n{words}");
}

#[test]
fn either_language_and_any_order_give_the_same_bytes() {
    let english = files("tests/small");
    let mut vietnamese = english.clone();
    vietnamese.insert("rules.tq".to_owned(), files("tests/fixtures/hai-thu-tieng")["rules.tq"].clone());
    assert_ne!(english, vietnamese);
    for language in [Language::Vietnamese, Language::English] {
        assert_eq!(shots(&load(&english), language), shots(&load(&vietnamese), language));
    }
    insta::assert_snapshot!("a small library", shots(&load(&english), Language::English)["giao-dat.txt"]);
}

/// `tq fmt --lang en` on a copy of the rules.
#[test]
fn the_rules_turned_into_english_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = files("rules");
    for (path, text) in &rules {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(["fmt", "--lang", "en", "--rules"])
        .arg(folder.path())
        .output()
        .expect("tq runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let turned: BTreeMap<String, String> =
        rules.keys().map(|path| (path.clone(), fs::read_to_string(folder.path().join(path)).expect("text"))).collect();
    let law = "dat-dai/45-2013-qh13.tq";
    assert!(turned[law].contains("is decided by") && !turned[law].contains(" do UBND"), "{}", turned[law]);
    assert_eq!(difference(&vietnamese(&rules), &vietnamese(&turned)), "");
}

/// Two places that may lie in one commune, and land that is told apart by the district from which it came.
#[test]
fn places_of_two_roles_and_former_units_are_said() {
    let mut rules = files("tests/small");
    let text = rules.get_mut("rules.tq").expect("rules");
    *text = text.split("scenario").next().expect("rules").to_owned()
        + r#"
place nha-cha "nơi ở của cha" / "home of the father"
place nha-me "nơi ở của mẹ" / "home of the mother"

task khai-sinh "Khai sinh" / "Registration of birth"
  sector ho-tich "hộ tịch" / "civil status"
  places nha-cha, nha-me

document 2/2013/QH "Luật Hộ tịch"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01

article 1
  khai-sinh is decided by ubnd at xa of nha-cha
    in former district "Nhất", former district "Nhì"
    before 2030-01-01
  khai-sinh requires opinion of ubnd at xa of nha-me

article 2
  giao-dat requires report to ubnd at tinh
    in former district "Nhất"
    from 2026-01-01
"#;
    let library = load(&rules);
    let english = shots(&library, Language::English);
    insta::assert_snapshot!("two roles", english["khai-sinh.txt"]);
    insta::assert_snapshot!("a former district", english["giao-dat.txt"]);
    each_table(&library, |table| {
        let seen = witness::compare(library.law(), table);
        assert!(seen.wrong.is_empty(), "{}", seen.wrong.join("\n"));
        assert_eq!(witness::holes(&library.rulebook, table), Vec::<String>::new());
    });
}

#[test]
fn names_and_order_of_files_make_no_difference() {
    let rules = files("rules");
    let turned: BTreeMap<String, String> = rules
        .iter()
        .zip((0..1000).rev())
        .map(|((path, text), number)| match path.rsplit_once('/') {
            Some((folder, _)) if path.ends_with(".tq") => (format!("{folder}/{number:03}.tq"), text.clone()),
            _ => (path.clone(), text.clone()),
        })
        .collect();
    assert_eq!(rules.len(), turned.len());
    assert_eq!(vietnamese(&rules), vietnamese(&turned));
}

#[test]
fn a_changed_threshold_shows_as_the_lines_that_say_it() {
    let words = changed("dat-dai/45-2013-qh13.tq", "diện tích >= 0,5 ha", "diện tích >= 0,6 ha");
    insta::assert_snapshot!("a changed threshold", words);
}

#[test]
fn a_changed_date_shows_as_the_lines_that_say_it() {
    let words = changed("xay-dung/62-2020-qh14.tq", "có hiệu lực từ ngày 01/01/2021", "có hiệu lực từ ngày 15/02/2021");
    insta::assert_snapshot!("a changed date", words);
}

fn each_table(library: &Library, mut look: impl FnMut(&Table)) {
    for id in library.rulebook.task_ids() {
        look(&table(library.law(), id, Only::default()).expect("within bounds"));
    }
}

#[test]
fn every_path_is_answered_as_it_says() {
    let library = load(&files("rules"));
    let (mut asked, mut paths) = (0, 0);
    each_table(&library, |table| {
        let seen = witness::compare(library.law(), table);
        assert!(seen.wrong.is_empty(), "{}", seen.wrong.join("\n"));
        asked += seen.asked;
        paths += seen.paths;
        let few = format!("{} of {} paths of {:?} have a witness", seen.asked, seen.paths, table.task);
        assert!(seen.asked * 10 >= seen.paths * 8, "{few}");
    });
    // For the others no places were found that lie as the path asks: no second province is covered.
    assert!(asked * 100 >= paths * 99, "{asked} of {paths} paths have a witness");
    assert!(asked > 300, "only {asked} paths");
}

#[test]
fn the_places_and_days_of_branches_are_disjoint_and_leave_nothing_out() {
    let library = load(&files("rules"));
    each_table(&library, |table| {
        assert_eq!(witness::holes(&library.rulebook, table), Vec::<String>::new());
    });
}

/// Two neighbouring leaves, as deep as the first branches that lead on go.
fn leaves(branches: &mut [Branch]) -> Option<(&mut Node, &mut Node)> {
    match branches.iter().position(|branch| matches!(branch.below, Node::Branches(_))) {
        Some(at) => match &mut branches[at].below {
            Node::Branches(below) => leaves(below),
            Node::Ruling(_) | Node::So => None,
        },
        None => match branches {
            [one, other, ..] => Some((&mut one.below, &mut other.below)),
            _ => None,
        },
    }
}

/// A check that finds nothing would prove nothing: what merges too much, or loses a citation, is found.
#[test]
fn a_table_that_is_wrong_is_found() {
    let library = load(&files("rules"));
    let id = library.rulebook.tasks.iter().position(|task| task.names.id == "gpxd").expect("a task");
    let id = TaskId(u32::try_from(id).expect("few tasks"));
    let whole = table(library.law(), id, Only::default()).expect("within bounds");
    let spoilt = |spoil: fn(&mut Node, &mut Node)| {
        let mut table = whole.clone();
        let Node::Branches(branches) = &mut table.holder else { panic!("no branches") };
        // The first branch lies before the cover.
        let (one, other) = leaves(branches).expect("two leaves");
        spoil(one, other);
        assert_ne!(table, whole);
        witness::compare(library.law(), &table).wrong.len()
    };
    assert!(spoilt(|one, other| one.clone_from(other)) > 0, "merges too much");
    let no_citation = spoilt(|_, other| {
        if let Node::Ruling(holding) = other {
            holding.grounds.clear();
        }
    });
    assert!(no_citation > 0, "drops the citation");
}

fn tq(arguments: &[&str], folder: &Path) -> (i32, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(arguments)
        .args(["--rules", here("tests/small").to_str().expect("UTF-8")])
        .current_dir(folder)
        .env("LC_ALL", "C")
        .output()
        .expect("tq runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout) + &text(output.stderr))
}

#[test]
fn snapshots_are_written_compared_and_cleared_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join("snapshots/luat").join(name);
    let (status, words) = tq(&["snapshot", "--check"], folder.path());
    assert_eq!(status, 1, "{words}");
    assert!(words.contains("giao-dat.txt: missing") && !path("giao-dat.txt").exists(), "{words}");

    assert_eq!(tq(&["snapshot"], folder.path()).0, 0);
    assert_eq!(tq(&["snapshot", "--check"], folder.path()).0, 0);
    let text = fs::read_to_string(path("giao-dat.txt")).expect("written");
    assert!(text.contains("Ai quyết định"), "in Vietnamese whatever the locale");

    fs::write(path("giao-dat.txt"), text.replace("0,5 ha", "0,6 ha")).expect("spoilt");
    let (status, words) = tq(&["snapshot", "--check"], folder.path());
    assert_eq!(status, 1);
    assert!(words.contains("-") && words.contains("0,6 ha") && words.contains("0,5 ha"), "{words}");

    fs::rename(path("giao-dat.txt"), path("viec-cu.txt")).expect("a task that is gone");
    fs::write(path("ghi-chu.txt"), "một ghi chú\n").expect("somebody's own");
    let (status, words) = tq(&["snapshot"], folder.path());
    assert_eq!(status, 0, "{words}");
    assert!(path("giao-dat.txt").exists() && !path("viec-cu.txt").exists() && path("ghi-chu.txt").exists(), "{words}");

    fs::write(path("giao-dat.txt"), "của người khác\n").expect("somebody's own");
    assert_eq!(tq(&["snapshot"], folder.path()).0, 2, "what tq did not write it does not overwrite");
    assert_eq!(tq(&["snapshot", "--nothing"], folder.path()).0, 2);
}

#[test]
fn a_table_can_be_of_one_place_and_day() {
    let folder = here("");
    let (status, words) = tq(&["table", "giao-dat", "--in", "An Hòa", "--on", "2023-05-10"], &folder);
    assert_eq!(status, 0, "{words}");
    insta::assert_snapshot!("a table of one place and day", words);
    let (status, words) = tq(&["table", "giao-dat", "--format", "json"], &folder);
    let json: serde_json::Value = serde_json::from_str(&words).expect("JSON");
    assert_eq!((status, &json["task"]["id"]), (0, &"giao-dat".into()));
    assert_eq!(json["beside"][0]["requires"][0]["kind"], "prior-approval");
    assert_eq!(tq(&["table"], &folder).0, 2);
    assert_eq!(tq(&["table", "khong-co"], &folder).0, 2);
    assert_eq!(tq(&["table", "giao-dat", "--on", "hôm nay"], &folder).0, 2);
}
