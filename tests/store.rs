//! The store as its users meet it: no bit of a version changes unseen, who leaves can sign it, what was seen of stores is kept
//! by several at once, and nothing is read or written through what does not belong there.

#[path = "store/forgery.rs"]
mod forgery;
#[path = "store/shelf.rs"]
mod shelf;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;

use forgery::good;
use shelf::{Shelf, at, hand, key, policy, version};
use thamquyen::digest::Digest;
use thamquyen::store::disk::Folder;
use thamquyen::store::fault::Fault;
use thamquyen::store::seen::{Memory, Seen};
use thamquyen::store::statement::{Publication, Says};
use thamquyen::store::{Named, Placed, Store};

/// Bits between those that are flipped: every bit, where the program is fast.
const STRIDE: usize = if cfg!(debug_assertions) { 211 } else { 1 };

/// A store whose newest version, entry and texts, has 20 KB and more.
fn large() -> Shelf {
    let shelf = good();
    let mut store = shelf.opened();
    let text = |number: usize| {
        let mut text = String::new();
        for line in 0..20 {
            writeln!(text, "article {line} of document {number}: {}", Digest::of(&[line, 7]).short()).expect("a text");
        }
        (format!("linh-vuc/{number:02}.tq"), text)
    };
    let texts: Vec<(String, String)> = (0..20).map(text).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (publication, files) = version(&store, &texts);
    let placed = store.publish(publication, &files, &hand(&[key(1), key(2)], 20));
    assert_eq!(placed, Ok(Placed::Entry(4)));
    shelf
}

/// All that a reader does to have the newest version.
fn read(shelf: &Shelf) -> Result<usize, Fault> {
    let store = shelf.open()?;
    let (_, latest) = store.find(&Named::Latest)?;
    Ok(store.files(latest)?.len())
}

/// Flips bits of a file, one after the other, each on a disk of its own; half of them in another thread.
fn flips(shelf: &Shelf, name: &str, is_refused: fn(&Shelf, &Store) -> bool) -> usize {
    let bytes = shelf.file(name);
    let half = |first: usize| {
        let (twin, mut count) = (shelf.twin(), 0);
        // Before the flips: opening reads none of the texts.
        let store = twin.opened();
        assert!(twin.content().read.iter().all(|name| !name.starts_with("files/")));
        for bit in (0..bytes.len() * 8).step_by(STRIDE).skip(first).step_by(2) {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            twin.put(name, &changed);
            assert!(is_refused(&twin, &store), "bit {bit} of {name} was flipped and nobody saw it");
            count += 1;
        }
        count
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0) + other.join().expect("no panic")
    })
}

/// Every bit of what makes a version: its entry, the entries before it, what confirms it, and each of its texts.
#[test]
fn no_bit_changes_unseen() {
    let shelf = large();
    assert_eq!(read(&shelf), Ok(20));
    let opened = shelf.opened();
    let (_, latest) = opened.log().latest().expect("a version");
    let texts: Vec<String> = latest.files.iter().map(|listed| format!("files/{}", listed.sha256)).collect();
    let size: usize =
        texts.iter().map(|name| shelf.file(name).len()).sum::<usize>() + shelf.file("log/00000004.json").len();
    assert!(size >= 20 << 10, "{size} bytes are too few");
    let mut count = 0;
    for name in ["log/00000001.json", "log/00000003.json", "log/00000004.json", "fresh.json"] {
        count += flips(&shelf, name, |flipped, _| read(flipped).is_err());
    }
    // Without what confirms it, the entry is what is left to tell.
    let unconfirmed = shelf.twin();
    unconfirmed.take("fresh.json");
    count += flips(&unconfirmed, "log/00000004.json", |flipped, _| read(flipped).is_err());
    for name in &texts {
        count += flips(&shelf, name, |_, store| {
            let (_, latest) = store.find(&Named::Latest).expect("the log is whole");
            matches!(store.files(latest), Err(Fault::Content { .. }))
        });
    }
    println!("{count} flips of single bits of a version of {size} bytes, all refused");
    assert!(STRIDE > 1 || count >= size * 8);
}

/// A publisher leaves by a change of policy that only they sign last: the newcomer proposed it.
#[test]
fn who_leaves_may_sign_last() {
    let shelf = Shelf::default();
    Store::create(Box::new(shelf.clone()), policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store");
    let mut store = shelf.opened();
    let Ok(Placed::Waits { proposal, .. }) = store.propose(Says::Policy(policy(1, &[2])), &hand(&[key(2)], 10)) else {
        panic!("it takes the one who leaves")
    };
    let waiting = store.waiting_one(&proposal).expect("it waits");
    assert_eq!(store.approve(&waiting, &hand(&[key(1)], 20)), Ok(Placed::Entry(2)));
    // Only who came may confirm it.
    assert_eq!(shelf.opened().is_fresh(at(21)), Err(Fault::Stale { before: at(20) }));
    assert_eq!(shelf.opened().renew(&hand(&[key(1)], 21)).map(drop), Err(Fault::MayNot { key: key(1).public().id() }));
    shelf.opened().renew(&hand(&[key(2)], 22)).expect("confirmed");
    assert_eq!(shelf.opened().is_fresh(at(23)), Ok(()));
}

#[test]
fn versions_are_found_by_number_hash_and_day() {
    let shelf = good();
    let mut store = shelf.opened();
    let (older, rules) = {
        let (kept, older) = store.find(&Named::Number(2)).expect("a version");
        assert_eq!(kept.number, 2);
        (older.clone(), older.rules)
    };
    let parent = store.log().latest().map(|(_, latest)| latest.rules);
    let again = Publication { again: Some(2), parent, ..older };
    let day = 24 * 3600;
    assert_eq!(store.publish(again, &[], &hand(&[key(1), key(2)], day)), Ok(Placed::Entry(4)));
    let named = |text: &str| store.find(&text.parse()?).map(|(kept, _)| kept.number);
    assert_eq!(named("latest"), Ok(4));
    assert_eq!(named("3"), Ok(3));
    assert_eq!(named(&rules.to_string()), Ok(4), "the last time that it was published");
    assert_eq!(named("1"), Err(Fault::NoVersion("1".to_owned())), "a change of policy is no version");
    assert_eq!(named("00000000"), Err(Fault::NoVersion("00000000".to_owned())));
    let known = |moment: &str| store.known(moment).map(|(kept, _)| kept.number);
    assert_eq!(known("2026-10-01"), Ok(3));
    assert_eq!(known("02/10/2026"), Ok(4));
    assert_eq!(known("2026-09-30"), Err(Fault::NotBy("2026-09-30T16:59:59Z".parse().expect("a moment"))));
}

/// There is one store in a folder, and who comes second is told.
#[test]
fn a_store_is_made_once() {
    let shelf = good();
    let made = Store::create(Box::new(shelf), policy(1, &[1]), &hand(&[key(1)], 0)).map(drop);
    assert_eq!(made, Err(Fault::IsStore("log".to_owned())));
    assert_eq!(Shelf::default().fault(), Fault::NoStore("log".to_owned()));
}

fn seen(store: u8, number: u32) -> Seen {
    let digest = |number: u32| Digest::of(&[&[store][..], &number.to_be_bytes()].concat());
    Seen { root: digest(1), number, head: digest(number) }
}

/// Programs of one user keep what they saw in one file, at the same time.
#[test]
fn what_was_seen_is_kept_by_several_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("state").join("seen.json");
    thread::scope(|scope| {
        for store in 0..8 {
            let file = &file;
            scope.spawn(move || {
                for number in 1..12 {
                    let mut memory = Memory::read(file).expect("whole whenever it is read");
                    memory.keep(&store.to_string(), seen(store, number), file).expect("kept");
                }
            });
        }
    });
    let memory = Memory::read(&file).expect("whole");
    for store in 0..8 {
        assert_eq!(memory.of(&store.to_string()), Some(&seen(store, 11)));
    }
}

/// Who was slow does not make the memory of a store older, and two logs of one store are not both remembered.
#[test]
fn what_was_seen_only_grows() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("seen.json");
    let keep = |one: Seen| Memory::default().keep("a", one, &file);
    let known = || Memory::read(&file).expect("whole").of("a").copied();
    keep(seen(1, 5)).expect("kept");
    keep(seen(1, 3)).expect("no fault");
    assert_eq!(known(), Some(seen(1, 5)));
    let forked = Seen { head: Digest::of(b"another"), ..seen(1, 5) };
    assert_eq!(keep(forked), Err(Fault::Forked(5)));
    assert_eq!(known(), Some(seen(1, 5)));
    keep(seen(2, 1)).expect("a new store in the place of the old one");
    assert_eq!(known(), Some(seen(2, 1)));
    fs::write(&file, "{").expect("written");
    assert_eq!(keep(seen(2, 2)), Err(Fault::Malformed(file.display().to_string())));
}

/// Somebody who may write into the folder puts a pipe where a file is read, which would keep whoever reads waiting for ever.
#[cfg(unix)]
#[test]
fn a_pipe_keeps_nobody_waiting() {
    let folder = on_disk();
    let pipe = folder.path().join("log").join("00000002.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let fault = Store::open(Box::new(Folder::new(folder.path())), None).expect_err("no file");
    let said = "not a regular file".to_owned();
    assert_eq!(fault, Fault::System { name: "log/00000002.json".to_owned(), said });
}

/// They put a link where the next entry is about to be written, to a file of whoever publishes.
#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let folder = on_disk();
    let victim = folder.path().join("victim");
    fs::write(&victim, "mine").expect("written");
    let next = folder.path().join("log").join(".00000002.json.new");
    std::os::unix::fs::symlink(&victim, next).expect("a link");
    let mut store = Store::open(Box::new(Folder::new(folder.path())), None).expect("a good store");
    let (publication, files) = version(&store, &[("b.tq", "text")]);
    assert_eq!(store.publish(publication, &files, &hand(&[key(1)], 10)), Ok(Placed::Entry(2)));
    assert_eq!(fs::read_to_string(&victim).expect("text"), "mine");
    let entry = folder.path().join("log").join("00000002.json");
    assert!(fs::symlink_metadata(entry).expect("an entry").is_file());
}

#[cfg(unix)]
fn on_disk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Folder::new(folder.path());
    Store::create(Box::new(disk), policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store");
    folder
}

/// Folders above the store are made with it.
#[test]
fn a_store_is_made_in_folders_that_are_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let place: &Path = &folder.path().join("a").join("b").join("store");
    for made in [true, false] {
        let store = Store::create(Box::new(Folder::new(place)), policy(1, &[1]), &hand(&[key(1)], 0));
        assert_eq!(store.is_ok(), made);
    }
    assert!(Store::open(Box::new(Folder::new(place)), None).is_ok());
}
