//! The guides and the READMEs: what they show of rules is what loads, and both languages say the same.
//! That their console lines answer as printed is held by `readme.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::scenario;
use thamquyen::reading::snapshot::snapshots;
use thamquyen::rulebook::Language;

/// A guide, the folder of its exercise, and how the titles of its scenarios begin.
const GUIDES: [(&str, &str, &str); 2] = [
    ("docs/huong-dan.md", "tests/fixtures/huong-dan", "Bài tập: "),
    ("docs/guide.md", "tests/fixtures/guide", "Exercise: "),
];

/// Pages that say the same, Vietnamese first.
const PAIRS: [(&str, &str); 9] = [
    ("docs/huong-dan.md", "docs/guide.md"),
    ("README.vi.md", "README.md"),
    ("docs/qua-http.md", "docs/http.md"),
    ("docs/van-hanh.md", "docs/operations.md"),
    ("docs/xem-xet.md", "docs/review.md"),
    ("docs/anh-chup.md", "docs/snapshots.md"),
    ("docs/chung-nhan.md", "docs/certificates.md"),
    ("docs/phien-ban.md", "docs/versions.md"),
    ("docs/hoi-lai.md", "docs/replay.md"),
];

/// What differs between the commands of both languages.
const WORDS: [(&str, &str); 16] = [
    ("rules/bai-tap", "rules/exercise"),
    ("chieu-phim.tq", "screenings.tq"),
    ("uy-quyen.tq", "delegations.tq"),
    ("Bài tập: ", "Exercise: "),
    ("anh-chup", "shots"),
    ("han-muc", "limit"),
    ("thoi-han", "term"),
    ("ca-hai", "both"),
    ("giong nhau", "the same"),
    ("--lang en", "--lang LANG"),
    ("--lang vi", "--lang LANG"),
    ("\"lang\": \"vi\"", "\"lang\": LANG"),
    ("\"lang\": \"en\"", "\"lang\": LANG"),
    ("lang=vi", "lang=LANG"),
    ("lang=en", "lang=LANG"),
    ("shots --lang LANG", "shots"),
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(here(path)).expect("a page")
}

/// The exercise, one file after the other.
fn exercise(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(here(folder)).expect("the exercise");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a text")).collect()
}

fn load(folder: &str) -> Library {
    let library = library::load(&Origin::Folders(vec![here("rules"), here(folder)]));
    assert_eq!((library.errors(), library.diagnostics.len()), (0, 0), "{:?}", library.diagnostics);
    library
}

/// The fenced blocks: the language of each, and its text.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        if let Some(language) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                blocks.push((language.trim_end().to_owned(), String::new()));
            }
        } else if inside && let Some((_, block)) = blocks.last_mut() {
            block.push_str(line);
        }
    }
    blocks
}

fn of_language(text: &str, language: &str) -> Vec<String> {
    blocks(text).into_iter().filter(|(one, _)| one == language).map(|(_, block)| block).collect()
}

/// A day as both languages can write it: `10/05/2022` becomes `2022-05-10`.
fn day(word: &str) -> String {
    let parts: Vec<&str> = word.split('/').collect();
    match parts[..] {
        [day, month, year] if word.chars().all(|c| c.is_ascii_digit() || c == '/') => format!("{year}-{month}-{day}"),
        _ => word.to_owned(),
    }
}

/// What is alike in a command in either language.
fn alike(command: &str) -> String {
    // As many bytes of an answer as end well in its language.
    let command = command.split("| head -c").next().unwrap_or(command).trim_end();
    let days: Vec<String> = command.split(' ').map(day).collect();
    WORDS.iter().fold(days.join(" "), |command, (vietnamese, english)| command.replace(vietnamese, english))
}

/// Headings by their depth and number, blocks by language (of consoles the commands), rows of tables, links to anywhere else.
fn shape(text: &str) -> Vec<String> {
    let mut shape = Vec::new();
    let mut fenced = blocks(text).into_iter();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
            if inside {
                let (language, block) = fenced.next().expect("a block");
                let lines = block.lines().count();
                match language.as_str() {
                    "console" => {
                        let commands = block.replace("\\\n", "");
                        shape.extend(commands.lines().filter(|line| line.starts_with("$ ")).map(alike));
                    }
                    _ => shape.push(format!("{language}: {lines} lines")),
                }
            }
        } else if !inside && line.starts_with('#') {
            let (depth, title) = line.split_once(' ').expect("a heading");
            let number = title.split_once(". ").map_or("", |(number, _)| number);
            shape.push(format!("{depth} {number}"));
        } else if !inside && line.starts_with("| ") {
            shape.push(format!("row of {}", line.replace("\\|", "").matches('|').count()));
        } else if !inside && line.starts_with("<!-- ") {
            let kind: String = line.chars().take_while(|c| *c != '|').collect();
            shape.push(alike(&kind));
        }
    }
    shape
}

#[test]
fn every_rule_shown_in_a_guide_stands_in_its_exercise() {
    for (guide, folder, _) in GUIDES {
        let files = exercise(folder);
        let shown = of_language(&read(guide), "tq");
        assert!(shown.len() >= 10, "{guide}: only {} blocks", shown.len());
        for block in shown {
            assert!(files.iter().any(|file| file.contains(&block)), "{guide}: not in the exercise:\n{block}");
        }
    }
}

#[test]
fn the_exercises_load_and_their_scenarios_pass() {
    for (_, folder, begins) in GUIDES {
        let library = load(folder);
        let scenarios = &library.rulebook.scenarios;
        let ours: Vec<_> = scenarios.iter().filter(|scenario| scenario.title.starts_with(begins)).collect();
        let written = exercise(folder).concat();
        let headings = written.lines().filter(|line| line.starts_with("scenario ") || line.starts_with("tình huống "));
        assert_eq!(ours.len(), headings.count(), "{folder}");
        assert!(ours.len() >= 12, "{folder}: only {} scenarios", ours.len());
        for scenario in ours {
            assert!(scenario::run(library.law(), scenario).passed(), "{}", scenario.title);
        }
    }
}

#[test]
fn both_exercises_are_the_same_rules() {
    let [one, other] = GUIDES.map(|(_, folder, _)| {
        let library = load(folder);
        let shots = snapshots(library.law(), Language::Vietnamese).expect("within bounds");
        shots.into_iter().map(|shot| (shot.name, shot.text)).collect::<Vec<_>>()
    });
    assert_eq!(one, other);
}

#[test]
fn both_languages_have_the_same_sections_and_examples() {
    for (vietnamese, english) in PAIRS {
        let [one, other] = [vietnamese, english].map(|page| shape(&read(page)));
        for (index, (one, other)) in one.iter().zip(&other).enumerate() {
            assert_eq!(one, other, "{vietnamese} and {english}, part {index}");
        }
        assert_eq!(one.len(), other.len(), "{vietnamese} and {english}");
    }
}
