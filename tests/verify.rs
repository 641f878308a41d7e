//! The region check on all rules of the project, and on the patchwork; and how that grows.

#[path = "../benches/patchwork.rs"]
mod patchwork;

use std::fs;
use std::path::Path;

use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::Partition;
use thamquyen::reading::verify::certify;
use thamquyen::rulebook::TaskId;

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn wrong(library: &Library) -> Vec<String> {
    let rulebook = &library.rulebook;
    let certificate = certify(rulebook, &library.version);
    let wrong = certificate.tasks.into_iter().filter_map(|(task, found)| Some((task, found.err()?)));
    wrong.map(|(task, found)| format!("{}: {found:#?}", rulebook[task].names.id)).collect()
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

#[test]
fn the_patchwork_is_what_the_law_says_and_grows_with_its_districts() {
    const { assert!(patchwork::DISTRICTS > 700) };
    let sizes = [6, 12, 24].map(|districts| {
        let library = patchwork::library(districts);
        let wrong = wrong(&library);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let partition = Partition::new(&library.rulebook, TaskId(0)).expect("few regions");
        (partition.regions, partition.diagrams.len())
    });
    let [(regions, nodes), twice, four_times] = sizes;
    assert_eq!((twice.0, four_times.0), (2 * regions, 4 * regions));
    assert!(twice.1 <= 2 * nodes && four_times.1 <= 4 * nodes, "{sizes:?}");
}
