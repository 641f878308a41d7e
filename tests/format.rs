//! The formatter and the two languages, as properties over every rule file of the repository: what is canonical stays
//! so, what is written reads as what was read, and a file that goes to the other language and back is the same text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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

/// One library, with the names that it declares.
struct Whole {
    folder: Folder,
    names: Names,
    /// The files that are judged; others are judged elsewhere.
    own: Vec<String>,
}

impl Whole {
    fn own(&self) -> impl Iterator<Item = (&String, &String)> {
        self.folder.iter().filter(|(path, _)| self.own.contains(path))
    }
}

/// The libraries of the repository: each is a whole, so that names can be turned.
static LIBRARIES: LazyLock<Vec<Whole>> = LazyLock::new(|| {
    let mut all = vec![folder(&["rules", "tests/fixtures/gia-dinh", "tests/fixtures/huong-dan"])];
    all.push(folder(&["tests/small"]));
    all.push(folder(&["tests/cases/base"]));
    // Each case stands on the same catalogue.
    let good = folder(&["tests/cases/good"]);
    let is_base = |path: &str| path.ends_with(".csv") || path.ends_with("/catalogue.tq");
    let base: Folder = good.iter().filter(|(path, _)| is_base(path)).map(|(a, b)| (a.clone(), b.clone())).collect();
    let own = |folder: &Folder| rules(folder).map(|(path, _)| path.clone()).collect::<Vec<_>>();
    all.push(base.clone());
    let mut all: Vec<Whole> =
        all.into_iter().map(|folder| Whole { names: names(&folder), own: own(&folder), folder }).collect();
    for (path, text) in good.iter().filter(|(path, _)| !is_base(path)) {
        let mut one = base.clone();
        one.insert(path.clone(), text.clone());
        all.push(Whole { names: names(&one), own: vec![path.clone()], folder: one });
    }
    all
});

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
    for whole in &*LIBRARIES {
        let names = &whole.names;
        for (path, text) in whole.own() {
            let once = canonical(text, names, None);
            assert_eq!(once, canonical(&once, names, None), "{path}");
            assert_eq!(kept(text), kept(&once), "{path}");
        }
    }
}

/// Without a catalogue no name is spelled anew, so the trees are the same to the letter; what becomes of names is judged
/// by what the rules bind to, below.
#[test]
fn every_file_reads_after_as_before() {
    let nobody = Names::default();
    let mut judged = 0;
    for whole in &*LIBRARIES {
        for (path, text) in whole.own() {
            let once = canonical(text, &nobody, None);
            assert_eq!(tree(text), tree(&once), "{path}");
            judged += 1;
        }
    }
    assert!(judged > 80, "only {judged} files");
}

#[test]
fn to_the_other_language_and_back_is_the_same_text() {
    for whole in &*LIBRARIES {
        let names = &whole.names;
        for (path, text) in whole.own() {
            for (here, there) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0])] {
                let first = canonical(text, names, Some(here));
                let turned = canonical(&first, names, Some(there));
                assert_ne!(first, turned, "{path}");
                assert_eq!(first, canonical(&turned, names, Some(here)), "{path}\n{turned}");
                assert_eq!(kept(text), kept(&turned), "{path}");
            }
        }
    }
}

/// The library, its own files in one language.
fn turned(whole: &Whole, to: Option<Language>) -> Folder {
    let mut folder = whole.folder.clone();
    folder.extend(whole.own().map(|(path, text)| (path.clone(), canonical(text, &whole.names, to))));
    folder
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
    for whole in &*LIBRARIES {
        let folder = &whole.folder;
        let first = whole.own.first().cloned().unwrap_or_default();
        let before = meaning(folder);
        for to in [None, Some(Language::English), Some(Language::Vietnamese)] {
            let after = meaning(&turned(whole, to));
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

/// The library on which the cases of `tests/cases/format` stand.
fn small() -> Names {
    names(&folder(&["tests/cases/base"]))
}

/// What comes of text made by hand: its canonical form, or why there is none, and then in the two languages.
fn by_hand(bytes: &[u8]) -> String {
    let names = small();
    let text = parse::normalize(bytes).expect("text");
    let mut all = String::new();
    for (title, to) in [("as it is", None), ("vi", Some(BOTH[0])), ("en", Some(BOTH[1]))] {
        let formatted = match format::format(SourceId(0), &text, &names, to) {
            Ok(formatted) => {
                let twice = canonical(&formatted.text, &names, to);
                assert_eq!(formatted.text, twice);
                assert_eq!(kept(&text), kept(&twice));
                let mixed = formatted.foreign.map_or(String::new(), |at| {
                    format!("mixed: {:?} and `{}`\n", formatted.was, &text[at.start as usize..at.end as usize])
                });
                format!("{mixed}{}", formatted.text)
            }
            Err(Refusal::Unread(problems)) => {
                problems.iter().map(|found| format!("unread: {:?}\n", found.problem)).collect()
            }
            Err(Refusal::Unsayable(troubles)) => {
                let words = |trouble| thamquyen::wording::format::unsayable(trouble, Language::English);
                troubles.iter().map(|(_, trouble)| format!("unsayable: {}\n", words(trouble))).collect()
            }
        };
        all.push_str(&format!("== {title}\n{formatted}"));
    }
    all
}

#[test]
fn text_made_by_hand() {
    insta::glob!("cases/format/*.tq", |path| {
        let bytes = fs::read(path).expect("a case");
        insta::assert_snapshot!(by_hand(&bytes));
    });
}

/// Control: whatever line of a formatted file is left out, one of the properties sees it.
#[test]
fn a_formatter_that_drops_a_line_is_seen() {
    let names = names(&folder(&["tests/small"]));
    let text = folder(&["tests/small"]).remove("tests/small/rules.tq").expect("the small library");
    let sound = canonical(&text, &names, None);
    let lines: Vec<&str> = sound.lines().collect();
    for dropped in 0..lines.len() {
        if lines[dropped].is_empty() {
            continue;
        }
        let faulty: String =
            lines.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, line)| format!("{line}\n")).collect();
        let tree_differs = || {
            let (file, problems) = parse::file(SourceId(0), &faulty);
            !problems.is_empty() || without_spans(&format!("{:?}", file.items)) != tree(&sound)
        };
        assert!(kept(&faulty) != kept(&sound) || tree_differs(), "nobody misses `{}`", lines[dropped]);
    }
}

/// Control, for what one line says: another day, another number, a word less.
#[test]
fn a_formatter_that_changes_a_word_is_seen() {
    let text = folder(&["tests/small"]).remove("tests/small/rules.tq").expect("the small library");
    for (said, instead) in [
        ("2014-07-01 before", "2014-07-02 before"),
        ("0.5 ha", "5 ha"),
        ("ubnd at huyen\n    when", "ubnd at xa\n    when"),
        ("requires prior approval of", "requires opinion of"),
        ("> UBND cấp tỉnh", "> UBND"),
        ("# A country", "# One country"),
    ] {
        let faulty = text.replacen(said, instead, 1);
        assert_ne!(faulty, text, "{said}");
        assert!(kept(&faulty) != kept(&text) || tree(&faulty) != tree(&text), "nobody sees `{instead}`");
    }
}

/// A name that the other language has for two things is told, not guessed.
#[test]
fn a_name_that_would_mean_two_things_is_refused() {
    let text = "chủ thể mot \"Ban Một\" / \"Board\"\nchủ thể hai \"Ban Hai\" / \"Board\"\nvăn bản 1/2020 \"Một\"\n  \
        luật, ban hành ngày 01/01/2020 bởi Ban Hai\n";
    let names = Names::new(&[parse::file(SourceId(0), text).0], []);
    let refused = formatted(text, &names, Some(Language::English));
    let Err(Refusal::Unsayable(troubles)) = refused else { panic!("{refused:?}") };
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    assert!(formatted(text, &names, Some(Language::Vietnamese)).is_ok());
}
