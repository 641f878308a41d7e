//! The formatter and the two languages, as properties over every rule file of the repository: what is canonical stays
//! so, what is written reads as what was read, and a file that goes to the other language and back is the same text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::library::{self, Library};
use thamquyen::source::SourceId;
use thamquyen::syntax::format::{self, Names, Refusal};
use thamquyen::syntax::parse;
use thamquyen::syntax::tree::{File, Language};

const BOTH: [Language; 2] = [Language::Vietnamese, Language::English];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All files below a folder or the file itself: paths relative to the folder, and bytes.
fn gathered(path: &str) -> Vec<(String, Vec<u8>)> {
    let root = here(path);
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "tq" || extension == "csv") {
            let name = path.strip_prefix(&root).expect("inside").to_string_lossy().into_owned();
            found.push((name, fs::read(&path).expect("a file")));
        }
    }
    found.sort();
    found
}

/// Files that belong together, by path.
type Folder = BTreeMap<String, String>;

fn folder(paths: &[&str]) -> Folder {
    let mut folder = Folder::new();
    for path in paths {
        for (name, bytes) in gathered(path) {
            let name = if *path == "rules" { name } else { format!("{path}/{name}") };
            if let Ok(text) = parse::normalize(&bytes) {
                folder.insert(name, text);
            }
        }
    }
    folder
}

fn loaded(folder: &Folder) -> Library {
    let files: Vec<(&str, &str)> = folder.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    library::from_texts(&files)
}

fn names(folder: &Folder) -> Names {
    let trees: Vec<File> = rules(folder).map(|(_, text)| parse::file(SourceId(0), text).0).collect();
    let register = loaded(folder).rulebook.register;
    Names::new(&trees, register.rows().map(|row| register.row(row).kind.to_string()).collect::<Vec<_>>())
}

fn rules(folder: &Folder) -> impl Iterator<Item = (&String, &String)> {
    folder.iter().filter(|(path, _)| path.ends_with(".tq"))
}

/// The libraries of the repository: each is a whole, so that names can be turned.
fn libraries() -> Vec<Folder> {
    let mut all = vec![folder(&["rules", "tests/fixtures/gia-dinh"]), folder(&["rules", "tests/fixtures/huong-dan"])];
    all.push(folder(&["tests/small"]));
    all.push(folder(&["tests/cases/base"]));
    // Each case stands on the same catalogue.
    let good = folder(&["tests/cases/good"]);
    let is_base = |path: &str| path.ends_with(".csv") || path.ends_with("/catalogue.tq");
    let base: Folder = good.iter().filter(|(path, _)| is_base(path)).map(|(a, b)| (a.clone(), b.clone())).collect();
    for (path, text) in good.iter().filter(|(path, _)| !is_base(path)) {
        let mut one = base.clone();
        one.insert(path.clone(), text.clone());
        all.push(one);
    }
    all
}

/// The one place where tests meet the formatter.
fn formatted(text: &str, names: &Names, to: Option<Language>) -> Result<String, Refusal> {
    format::format(SourceId(0), text, names, to).map(|formatted| formatted.text)
}

fn canonical(text: &str, names: &Names, to: Option<Language>) -> String {
    formatted(text, names, to).unwrap_or_else(|refusal| panic!("{refusal:?}\n{text}"))
}

/// A value without the positions in it.
fn without_spans(text: &str) -> String {
    let mut shape = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("Span {") {
        shape.push_str(before);
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    shape.push_str(rest);
    shape
}

fn tree(text: &str) -> String {
    let (file, problems) = parse::file(SourceId(0), text);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    without_spans(&format!("{:?}", file.items))
}

/// What must be in the text after as before, in this order: comments, quotes, free text in quotation marks.
fn kept(text: &str) -> Vec<String> {
    let mut kept = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('>') {
            kept.push(line.to_owned());
            continue;
        }
        let mut quoted = false;
        let comment = line.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '#' && !quoted
        });
        kept.extend(comment.and_then(|(at, _)| line.get(at..)).map(str::to_owned));
    }
    kept
}

#[test]
fn every_file_is_formatted_once_and_for_all() {
    for folder in libraries() {
        let names = names(&folder);
        for (path, text) in rules(&folder) {
            let once = canonical(text, &names, None);
            assert_eq!(once, canonical(&once, &names, None), "{path}");
            assert_eq!(kept(text), kept(&once), "{path}");
        }
    }
}

#[test]
fn every_file_reads_after_as_before() {
    for folder in libraries() {
        let names = names(&folder);
        for (path, text) in rules(&folder) {
            let language = parse::file(SourceId(0), text).0.language;
            let once = canonical(text, &names, None);
            // Where the author mixed the languages, or spelled a name otherwise, names are spelled anew: then what the
            // trees mean is compared below, by what they bind to.
            let spelled_anew = |one: &str| tree(&canonical(one, &names, Some(language)));
            assert_eq!(spelled_anew(text), tree(&once), "{path}");
        }
    }
}

#[test]
fn to_the_other_language_and_back_is_the_same_text() {
    for folder in libraries() {
        let names = names(&folder);
        for (path, text) in rules(&folder) {
            for (here, there) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0])] {
                let first = canonical(text, &names, Some(here));
                let turned = canonical(&first, &names, Some(there));
                assert_eq!(first, canonical(&turned, &names, Some(here)), "{path}\n{turned}");
                assert_eq!(kept(text), kept(&turned), "{path}");
            }
        }
    }
}

/// The library, every file in one language.
fn turned(folder: &Folder, to: Option<Language>) -> Folder {
    let names = names(folder);
    let turn = |(path, text): (&String, &String)| {
        let text = if path.ends_with(".tq") { canonical(text, &names, to) } else { text.clone() };
        (path.clone(), text)
    };
    folder.iter().map(turn).collect()
}

/// What a library means. Questions of scenarios keep the word before a unit as it was written, so it is left out.
fn meaning(folder: &Folder) -> String {
    let library = loaded(folder);
    let text = without_spans(&format!("{:?}", library.rulebook));
    let mut meaning = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("level_or_type: Some(\"") {
        meaning.push_str(before);
        rest = after.split_once("\")").map_or("", |(_, behind)| behind);
    }
    meaning.push_str(rest);
    meaning
}

#[test]
fn every_library_means_the_same_in_both_languages() {
    for folder in libraries() {
        let first = rules(&folder).next().map(|(path, _)| path.clone()).unwrap_or_default();
        let before = meaning(&folder);
        for to in [None, Some(Language::English), Some(Language::Vietnamese)] {
            let after = meaning(&turned(&folder, to));
            if before != after {
                let at = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
                let around = |text: &str| {
                    let part = text.as_bytes().get(at.saturating_sub(300)..(at + 300).min(text.len()));
                    String::from_utf8_lossy(part.unwrap_or_default()).into_owned()
                };
                panic!("{first} {to:?}\n{}\n---\n{}", around(&before), around(&after));
            }
        }
    }
}
