//! The region check on all rules of the project.

use std::fs;
use std::path::Path;

use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::Partition;
use thamquyen::reading::verify::check;
use thamquyen::rulebook::TaskId;

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn wrong(library: &Library) -> Vec<String> {
    let rulebook = &library.rulebook;
    let mut wrong = Vec::new();
    for (task, id) in rulebook.tasks.iter().zip(0..) {
        let partition = Partition::new(rulebook, TaskId(id)).expect("few regions");
        let checked = check(rulebook, &partition);
        if let Err(found) = checked {
            wrong.push(format!("{}: {found:#?}", task.names.id));
        }
    }
    wrong
}

#[test]
fn every_task_of_the_rules_is_what_the_law_says() {
    let library = library::load(&Origin::Folders(vec![here("rules")]));
    let wrong = wrong(&library);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_of_the_semantics_is_what_the_law_says() {
    let folder = here("tests/cases/good");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("text");
    let mut all = Vec::new();
    for entry in fs::read_dir(&folder).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if !name.ends_with(".tq") || name == "catalogue.tq" {
            continue;
        }
        let texts = ["catalogue.tq", "units.csv", "successions.csv", &name].map(|name| (name.to_owned(), read(name)));
        let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        all.extend(wrong(&library::from_texts(&texts)).into_iter().map(|wrong| format!("{name} {wrong}")));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
