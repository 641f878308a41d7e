//! Binding: the law that ships, and every problem that binding can find.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::bind::bind;
use thamquyen::diagnostic::Diagnostic;
use thamquyen::register::RegisterFiles;
use thamquyen::rulebook::Rulebook;
use thamquyen::source::Sources;
use thamquyen::syntax::parse;
use thamquyen::syntax::tree::{File, Item};

/// A folder of rules, read and bound.
struct Library {
    sources: Sources,
    rulebook: Rulebook,
    diagnostics: Vec<Diagnostic>,
}

fn texts_in(folder: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ext| ext == "tq" || ext == "csv") {
                let name = path.strip_prefix(folder).expect("it lies in the folder").to_string_lossy().into_owned();
                let text = parse::normalize(&fs::read(&path).expect("the file can be read")).expect("it is a text");
                texts.insert(name, text);
            }
        }
    }
    texts
}

fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// Reads and binds texts by their paths, in the order in which they are given.
fn check(texts: &[(String, String)]) -> Library {
    let mut sources = Sources::default();
    let mut files: Vec<File> = Vec::new();
    let mut diagnostics = Vec::new();
    for (path, text) in texts {
        let id = sources.add(path.as_str(), text.as_str());
        if path.ends_with(".tq") {
            let (file, found) = parse::file(id, text);
            files.push(file);
            diagnostics.extend(found);
        }
    }
    let by_path: BTreeMap<&String, &String> = texts.iter().map(|(path, text)| (path, text)).collect();
    let mut registers = Vec::new();
    for file in &files {
        for item in &file.items {
            let Item::Register(item) = item else { continue };
            let here = &sources.get(file.source).expect("the file was added").path;
            let [units, successions] = [&item.units, &item.successions].map(|name| beside(here, &name.value));
            registers.push(RegisterFiles {
                units: by_path[&units].clone(),
                successions: by_path[&successions].clone(),
                units_path: units,
                successions_path: successions,
            });
        }
    }
    let (rulebook, found) = bind(&files, &sources, &registers);
    diagnostics.extend(found);
    Library { sources, rulebook, diagnostics }
}

fn listed(library: &Library) -> String {
    let line = |diagnostic: &Diagnostic| {
        let path = &library.sources.get(diagnostic.span.source).expect("it is in a file").path;
        let (line, column) = library.sources.line_column(diagnostic.span);
        let words = library.sources.snippet(diagnostic.span).lines().next().unwrap_or_default();
        format!("{path}:{line}:{column} {} `{words}` {:?}\n", diagnostic.problem.code(), diagnostic.problem)
    };
    library.diagnostics.iter().map(line).collect()
}

fn law() -> Vec<(String, String)> {
    texts_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).into_iter().collect()
}

#[test]
fn the_law_binds() {
    let library = check(&law());
    assert_eq!(listed(&library), "");
}
