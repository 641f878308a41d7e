//! The Vietnamese guide: what it shows is what loads, and what loads answers as it expects.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use thamquyen::library::{self, Origin};
use thamquyen::reading::scenario;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The exercise, one file after the other.
fn exercise() -> Vec<String> {
    let folder = fs::read_dir(here("tests/fixtures/huong-dan")).expect("the exercise");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a text")).collect()
}

/// The texts of the fenced blocks of one language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}");
    let mut blocks: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") {
            inside = line.trim_end() == opening;
            if inside {
                blocks.push(String::new());
            }
        } else if inside && let Some(block) = blocks.last_mut() {
            block.push_str(line);
        }
    }
    blocks
}

#[test]
fn every_rule_shown_in_the_guide_stands_in_the_exercise() {
    let guide = fs::read_to_string(here("docs/huong-dan.md")).expect("the guide");
    let files = exercise();
    let shown = blocks(&guide, "tq");
    assert!(shown.len() >= 5, "only {} blocks", shown.len());
    for block in shown {
        assert!(files.iter().any(|file| file.contains(&block)), "not in the exercise:\n{block}");
    }
}

#[test]
fn the_exercise_loads_and_its_scenarios_pass() {
    let library = library::load(&Origin::Folders(vec![here("rules"), here("tests/fixtures/huong-dan")]));
    assert_eq!((library.errors(), library.diagnostics.len()), (0, 0), "{:?}", library.diagnostics);
    let rulebook = &library.rulebook;
    let ours: Vec<_> = rulebook.scenarios.iter().filter(|scenario| scenario.title.starts_with("Bài tập:")).collect();
    assert!(ours.len() >= 8, "only {} scenarios", ours.len());
    for scenario in ours {
        assert!(scenario::run(library.law(), scenario).passed(), "{}", scenario.title);
    }
}

#[test]
fn the_guides_console_lines_answer_as_printed() {
    let guide = fs::read_to_string(here("docs/huong-dan.md")).expect("the guide");
    let shown = blocks(&guide, "console");
    assert!(shown.len() >= 3, "only {} blocks", shown.len());
    for block in shown {
        let (command, printed) = block.split_once('\n').expect("a command and its answer");
        let (command, last_line) = match command.trim_start_matches("$ tq ").split_once(" | tail -1") {
            Some((command, _)) => (command, true),
            None => (command.trim_start_matches("$ tq "), false),
        };
        // Quoted words are every second part between quotation marks.
        let words = command.split('"').enumerate().flat_map(|(index, part)| {
            if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect::<Vec<_>>() }
        });
        let output = Command::new(env!("CARGO_BIN_EXE_tq"))
            .args(words)
            .current_dir(here(""))
            .output()
            .expect("the program runs");
        let answer = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        let answer = if last_line { answer.trim_end().lines().last().unwrap_or("") } else { answer.trim_end() };
        assert_eq!(answer, printed.trim_end(), "{command}");
    }
}
