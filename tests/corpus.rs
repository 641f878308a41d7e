//! What fuzzing holds of any bytes, held of the inputs that it keeps and of some that are made of them: with every run of the
//! tests, while libFuzzer looks further.

mod generated;
#[path = "../fuzz/properties/format.rs"]
mod format;
#[path = "../fuzz/properties/parse.rs"]
mod parse;
#[path = "../fuzz/properties/question.rs"]
mod question;
#[path = "../fuzz/properties/generated.rs"]
mod rulebook;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use thamquyen::reading::hands::side_by_side;
use thamquyen::source::SourceId;

/// Panics where something does not hold of the bytes.
type Property = fn(&[u8]);

/// No input of libFuzzer is longer (`fuzz/run`).
const LONGEST: usize = 2048;

fn fuzz(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(path)
}

/// The inputs that are kept for a target, with where they lie.
fn kept(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = fs::read_dir(fuzz("corpus").join(target)).expect("a folder");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 20, "{target}: {}", paths.len());
    paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

/// The kept inputs of which something does not hold.
fn wrong(target: &str, holds: Property) -> Vec<PathBuf> {
    let found = side_by_side(&kept(target), |(path, bytes)| catch_unwind(|| holds(bytes)).err().map(|_| path.clone()));
    found.into_iter().flatten().collect()
}

#[test]
fn everything_holds_of_the_kept_inputs() {
    const TARGETS: [(&str, Property); 4] = [
        ("format", format::holds),
        ("generated", rulebook::holds),
        ("parse", parse::holds),
        ("question", question::holds),
    ];
    let mut targets: Vec<_> = fs::read_dir(fuzz("fuzz_targets")).expect("a folder").collect();
    targets.sort_by_key(|entry| entry.as_ref().expect("an entry").file_name());
    let names = targets.into_iter().map(|entry| entry.expect("an entry").path().with_extension(""));
    assert!(names.eq(TARGETS.map(|(name, _)| fuzz("fuzz_targets").join(name))), "a target that is not replayed");
    for (target, holds) in TARGETS {
        assert_eq!(wrong(target, holds), Vec::<PathBuf>::new());
    }
}

#[test]
fn what_does_not_hold_is_found() {
    let nothing_is_declared = |bytes: &[u8]| assert!(!String::from_utf8_lossy(bytes).contains("document"));
    assert!(!wrong("parse", nothing_is_declared).is_empty());
}

/// A change of an input: somewhere, a word of the grammar or a piece of another input in the place of so many bytes.
#[derive(Clone, Debug)]
struct Edit {
    at: Index,
    gone: usize,
    new: Vec<u8>,
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let from = edit.at.index(bytes.len() + 1);
        let to = (from + edit.gone).min(bytes.len());
        bytes.splice(from..to, edit.new.iter().copied());
    }
    bytes.truncate(LONGEST);
    bytes
}

/// The entries of `fuzz/keywords.dict`.
fn words() -> Vec<Vec<u8>> {
    let text = fs::read_to_string(fuzz("keywords.dict")).expect("a dictionary");
    let entries = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let words: Vec<Vec<u8>> = entries.map(unescaped).collect();
    assert!(words.len() > 200, "{}", words.len());
    words
}

fn unescaped(entry: &str) -> Vec<u8> {
    let mut parts = entry.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (byte, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(byte, 16).expect("two digits"));
        bytes.extend(rest.bytes());
    }
    bytes
}

/// Inputs made of the kept ones of a target.
fn made(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let inputs: Vec<Vec<u8>> = kept(target).into_iter().map(|(_, bytes)| bytes).collect();
    let piece = (select(inputs.clone()), any::<Index>(), 0..200_usize).prop_map(|(bytes, at, long)| {
        let from = at.index(bytes.len() + 1);
        bytes[from..(from + long).min(bytes.len())].to_vec()
    });
    let new = prop_oneof![4 => select(words()), 2 => piece, 1 => vec(any::<u8>(), 0..4)];
    let gone = prop_oneof![Just(0), 1..8_usize, 8..200_usize];
    let edit = (any::<Index>(), gone, new).prop_map(|(at, gone, new)| Edit { at, gone, new });
    (select(inputs), vec(edit, 1..6)).prop_map(|(bytes, edits)| edited(bytes, &edits))
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn rule_files_are_read_and_bound(bytes in made("parse")) {
        parse::holds(&bytes);
    }

    #[test]
    fn rule_files_are_written_as_they_were_read(bytes in made("format")) {
        format::holds(&bytes);
    }
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn questions_are_answered_or_refused(bytes in made("question")) {
        question::holds(&bytes);
    }
}

/// Some inputs that are made are read, and some are not, so that both ways are tried.
#[test]
fn what_is_made_reaches_both_ways() {
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let inputs = made("parse");
    let readable = (0..100).filter(|_| {
        let bytes = inputs.new_tree(&mut runner).expect("an input").current();
        let text = thamquyen::syntax::parse::normalize(&bytes);
        text.is_ok_and(|text| thamquyen::syntax::parse::file(SourceId(0), &text).1.is_empty())
    });
    let readable = readable.count();
    assert!((5..=95).contains(&readable), "{readable}");
}
