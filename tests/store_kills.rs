//! `tq publish` killed at random moments, and several of them at once. After each kill the store is opened anew: what was
//! acknowledged is there with all its files, nothing is there by half, and the next publication goes on.
//!
//! Half of the kills come after a random time, half when a random sign of writing is seen in the folder, so that the moments at
//! which something is half done are hit as well. `KILLS=…` says how many.
#![expect(clippy::disallowed_methods, reason = "moments of killing are what is sought")]
#![cfg(unix)]

#[path = "store/shelf.rs"]
mod shelf;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use shelf::{Dice, key, wanted};
use thamquyen::digest::Digest;
use thamquyen::store::Store;
use thamquyen::store::disk::Folder;
use thamquyen::store::seen::Memory;

/// A store never grows larger: it is the writing that is tested here, and not the reading of long logs.
const MOST_ENTRIES: usize = 12;

/// The rules, in the order of their paths.
const FILES: [&str; 3] = ["registers/successions.csv", "registers/units.csv", "rules.tq"];

/// A folder with a key, rules and a store.
struct Place {
    folder: tempfile::TempDir,
    versions: usize,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a folder"), versions: 0 };
        fs::write(place.path("key"), key(1).pem().expect("a text")).expect("written");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small"), &place.path("rules"));
        let publisher = format!("A={}", key(1).public().text());
        let made = place.tq(&["store", "new", "--publisher", &publisher, "--offset", "+07:00"]).output().expect("tq");
        assert!(made.status.success(), "{made:?}");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tq(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
        command.current_dir(self.folder.path()).args(arguments);
        command.args(["--key", "key", "--by", "A", "--note", "a test", "--store", "store", "--seen", "seen.json"]);
        command.args(["--lang", "en"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A little different each time; what the rules are known by.
    fn change(&mut self, rules: &str) -> String {
        self.versions += 1;
        let text =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small/rules.tq")).expect("text");
        fs::write(self.path(rules).join("rules.tq"), format!("# version {}\n{text}", self.versions)).expect("written");
        let known = |file: &&'static str| (*file, Digest::of(&fs::read(self.path(rules).join(file)).expect("a file")));
        Digest::of_rules(FILES.iter().map(known)).to_string()
    }

    /// The store as whoever remembers it reads it: all of it right, and every version whole.
    fn published(&self) -> Vec<(u32, String)> {
        let disk = Folder::new(&self.path("store"));
        let memory = Memory::read(&self.path("seen.json")).expect("a whole memory");
        let seen = memory.of(&fs::canonicalize(self.path("store")).expect("a folder").display().to_string()).copied();
        assert!(seen.is_some(), "it was made here");
        let store = Store::open(Box::new(disk), seen.as_ref()).expect("a good store");
        let (waiting, wrong) = store.waiting().expect("a list");
        assert!(waiting.is_empty() && wrong.is_empty());
        let whole = |publication| store.files(publication).expect("all files are whole");
        store.log().published().map(|(kept, one)| (kept.number, (whole(one), one.rules.to_string()).1)).collect()
    }

    fn entries(&self) -> BTreeSet<String> {
        self.names("log").into_iter().filter(|name| !name.starts_with('.')).collect()
    }

    /// The names in a folder of the store, hidden ones too.
    fn names(&self, folder: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path("store").join(folder)).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    }
}

/// What is to be seen in the folder when it is time to kill.
#[derive(Debug, Clone, Copy)]
enum Sign {
    Time(Duration),
    /// Something new in a folder of the store, also what is not in its place yet.
    New(&'static str),
    /// A new entry, in its place.
    Entry,
}

/// How far a publication was when it was killed.
#[derive(Debug, Default)]
struct Windows {
    before: usize,
    /// Files were put there, and no entry.
    staged: usize,
    /// There is an entry, and nobody was told.
    logged: usize,
    acknowledged: usize,
}

fn kill_when(place: &Place, child: &mut Child, sign: Sign, dice: &mut Dice) {
    let start = Instant::now();
    let before = match sign {
        Sign::Time(_) => BTreeSet::new(),
        Sign::Entry => place.entries(),
        Sign::New(folder) => place.names(folder),
    };
    loop {
        let is_time = match sign {
            Sign::Time(after) => start.elapsed() >= after,
            Sign::New(folder) => place.names(folder) != before,
            Sign::Entry => place.entries() != before,
        };
        if is_time {
            break;
        }
        if child.try_wait().expect("a child").is_some() {
            return;
        }
        thread::sleep(Duration::from_micros(150));
    }
    // Now at once, now a little later.
    let most = [1, 300, 3000][dice.below(3)];
    thread::sleep(Duration::from_micros(u64::try_from(dice.below(most)).expect("a small number")));
    child.kill().expect("killed");
}

/// Publishes until so many were killed or acknowledged.
fn kills(seed: u64, wanted: usize) -> Windows {
    let (mut dice, mut windows) = (Dice(seed), Windows::default());
    let mut place = Place::new();
    let mut acknowledged: Vec<(u32, String)> = Vec::new();
    let mut usual = Duration::from_millis(50);
    for number in 0..wanted {
        if place.published().len() >= MOST_ENTRIES {
            (place, acknowledged) = (Place::new(), Vec::new());
        }
        let rules = place.change("rules");
        let (files, entries) = (place.names("files"), place.entries());
        let sign = match dice.below(10) {
            0 | 1 => Sign::Time(usual * 9 / 10),
            2 | 3 => Sign::Time(usual * u32::try_from(dice.below(1200)).expect("a small number") / 1000),
            4 | 5 => Sign::New("files"),
            6 => Sign::New("log"),
            7 | 8 => Sign::Entry,
            _ => Sign::Time(Duration::from_secs(60)),
        };
        let start = Instant::now();
        let mut child = place.tq(&["publish", "--rules", "rules"]).spawn().expect("tq");
        kill_when(&place, &mut child, sign, &mut dice);
        let output = child.wait_with_output().expect("it ended");
        let what = format!("seed {seed}, publication {number}, {sign:?}: {output:?}");
        let published = place.published();
        if output.status.success() {
            usual = start.elapsed();
            windows.acknowledged += 1;
            acknowledged.push((entry_of(&output), rules.clone()));
        } else {
            assert!(output.status.code().is_none(), "it was not killed, and failed: {what}");
            let is_there = published.iter().any(|(_, one)| *one == rules);
            assert_eq!(is_there, place.entries() != entries, "{what}");
            match (is_there, place.names("files") != files) {
                (true, _) => windows.logged += 1,
                (false, true) => windows.staged += 1,
                (false, false) => windows.before += 1,
            }
        }
        for one in &acknowledged {
            assert!(published.contains(one), "{one:?} was acknowledged and is lost: {what}");
        }
        let numbers: Vec<u32> = published.iter().map(|(number, _)| *number).collect();
        assert!(numbers.iter().copied().eq((2..).take(numbers.len())), "the log has a hole: {numbers:?}, {what}");
    }
    windows
}

/// The number of the entry that was acknowledged.
fn entry_of(output: &Output) -> u32 {
    let text = String::from_utf8_lossy(&output.stdout);
    let number = text.lines().find_map(|line| line.strip_prefix("in the log: entry "));
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no entry is acknowledged: {output:?}"))
}

#[test]
fn no_kill_loses_or_halves_a_version() {
    let all = wanted("KILLS", if cfg!(debug_assertions) { 100 } else { 1000 });
    let each = all.div_ceil(2);
    let start = Instant::now();
    let (one, other) = thread::scope(|scope| {
        let other = scope.spawn(|| kills(2, each));
        (kills(1, each), other.join().expect("no panic"))
    });
    println!("{all} publications in {:?}: {one:?}, {other:?}", start.elapsed());
    let hit = |of: fn(&Windows) -> usize| of(&one) + of(&other);
    let least = (all / 50).max(1);
    for (window, hits) in [
        ("before anything is written", hit(|windows| windows.before)),
        ("between files and entry", hit(|windows| windows.staged)),
        ("behind the entry", hit(|windows| windows.logged)),
        ("none", hit(|windows| windows.acknowledged)),
    ] {
        assert!(hits >= least, "{hits} kills hit the window `{window}`, fewer than {least}");
    }
}

/// Several publish at once, and remember in one file: each has an entry of its own or is told that another came first.
#[test]
fn who_publishes_at_once_has_an_entry_or_is_told() {
    let mut place = Place::new();
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let hands: Vec<String> = (0..4).map(|hand| format!("rules-{round}-{hand}")).collect();
        let mut versions = Vec::new();
        for hand in &hands {
            copy(&place.path("rules"), &place.path(hand));
            versions.push(place.change(hand));
        }
        let all: Vec<Child> =
            hands.iter().map(|hand| place.tq(&["publish", "--rules", hand]).spawn().expect("tq")).collect();
        let mut winners = 0;
        for (child, rules) in all.into_iter().zip(versions) {
            let output = child.wait_with_output().expect("it ended");
            if output.status.success() {
                winners += 1;
                acknowledged.push((entry_of(&output), rules));
            } else {
                let told = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(2), "{output:?}");
                assert_eq!(told, "error: another entry came first; begin again on the newest version\n");
            }
        }
        assert!(winners > 0, "the first one comes before all others");
    }
    // Each that was acknowledged is in the log once, and nothing else is.
    acknowledged.sort();
    assert_eq!(place.published(), acknowledged);
    let numbers: Vec<u32> = acknowledged.iter().map(|(number, _)| *number).collect();
    assert!(numbers.iter().copied().eq((2..).take(numbers.len())), "{numbers:?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("registers")).expect("a folder");
    for file in FILES {
        fs::copy(from.join(file), to.join(file)).expect("copied");
    }
}
