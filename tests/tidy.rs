//! The walls of the house, held by reading the source: layers, who knows which library, sizes, headings.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file of `src`.
struct File {
    /// `reading/ask.rs`.
    path: String,
    text: String,
}

impl File {
    /// The text without comments, so that a link in a doc comment is no dependency.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().zip(1..).map(|(line, number)| (number, line));
        lines
            .map(|(number, line)| (number, line.split("//").next().unwrap_or("")))
            .filter(|(_, line)| !line.trim().is_empty())
    }

    /// It is compiled for tests alone, which may look up to what they compare with and read files.
    fn is_test(&self) -> bool {
        self.path.split(['/', '.']).any(|part| part == "tests")
    }

    /// Its first module: `reading` of `reading/ask.rs`.
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or("")
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<File> {
    let mut found = Vec::new();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root().join("src")).expect("inside").to_string_lossy().replace('\\', "/");
                found.push(File { path: name, text: fs::read_to_string(&path).expect("text") });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The layers, lowest first: the modules in the order of `src/lib.rs`. The tree of the language is a layer of its own
/// below the problems, which speak of it; the parser, which reports them, is above.
fn layers() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let modules = lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'));
    let mut layers: Vec<String> = modules.map(str::to_owned).collect();
    let problems = layers.iter().position(|layer| layer == "diagnostic").expect("diagnostic is a module");
    layers.insert(problems, "syntax::tree".to_owned());
    layers
}

fn layer_of(file: &File) -> &str {
    if file.path == "syntax/tree.rs" { "syntax::tree" } else { file.module() }
}

/// The modules that the text behind `crate::` names: one, or those of a list in braces.
fn named(rest: &str) -> Vec<&str> {
    let list = rest.strip_prefix('{').map_or(rest, |list| list.split('}').next().unwrap_or(list));
    let parts: Vec<&str> = if rest.starts_with('{') { list.split(',').map(str::trim).collect() } else { vec![list] };
    let module = |part: &'_ str| part.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(part.len());
    let name = |part| {
        if str::starts_with(part, "syntax::tree") { "syntax::tree" } else { part.get(..module(part)).unwrap_or("") }
    };
    parts.into_iter().map(name).collect()
}

#[test]
fn modules_only_look_down() {
    let layers = layers();
    let height: BTreeMap<&str, usize> = layers.iter().map(String::as_str).zip(0..).collect();
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| !matches!(file.module(), "lib" | "main") && !file.is_test()) {
        let own = *height.get(layer_of(file)).unwrap_or_else(|| panic!("{} is in no layer of src/lib.rs", file.path));
        for (number, line) in file.code() {
            for rest in line.split("crate::").skip(1) {
                for named in
                    named(rest).into_iter().filter(|named| height.get(named).is_some_and(|height| *height > own))
                {
                    wrong.push(format!("src/{}:{number} names `{named}`, which is above it", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which part of the house may name a library.
#[test]
fn libraries_stay_in_their_rooms() {
    const ROOMS: [(&str, &[&str]); 29] = [
        ("pest", &["syntax/parse"]),
        ("axum", &["server"]),
        ("hyper", &["server"]),
        ("hyper_util", &["server"]),
        ("matchit", &["server"]),
        ("moka", &["server"]),
        ("arc_swap", &["server"]),
        ("metrics", &["server"]),
        ("tracing_subscriber", &["cli/serve"]),
        ("tokio", &["server", "cli/serve", "store/postgres"]),
        // Pages: those of the service, and the one that a diff is written as.
        ("askama", &["server", "cli/diff/html"]),
        ("uuid", &["server"]),
        // Where JSON has its shape: schemas are made from the same fields.
        (
            "utoipa",
            &[
                "server",
                "reading/report",
                "reading/table/data",
                "reading/timeline/data",
                "reading/check/data",
                "reading/diff/data",
                "reading/audit/shape",
            ],
        ),
        ("clap", &["cli"]),
        ("annotate_snippets", &["wording"]),
        ("similar", &["cli"]),
        ("csv", &["register", "reading/audit/rows", "cli"]),
        ("rust_xlsxwriter", &["cli/sheet"]),
        ("ed25519_dalek", &["store/key"]),
        ("base64", &["store", "server/access", "server/webhooks"]),
        ("ureq", &["cli/remote", "server/webhooks", "server/traces"]),
        // Whose words are told in Vietnamese is asked itself, by a test.
        ("toml", &["server/configuration", "reading/misread"]),
        ("sqlx", &["store/postgres", "server/decisions/postgres"]),
        ("jsonwebtoken", &["server/access"]),
        ("subtle", &["server/access"]),
        ("governor", &["server/rate"]),
        ("tokio_rustls", &["server/connections", "server/tls"]),
        ("opentelemetry", &["server/traces"]),
        ("hmac", &["server"]),
    ];
    let mut wrong = Vec::new();
    for file in sources() {
        for (library, rooms) in ROOMS {
            let allowed = rooms.iter().any(|room| file.path.starts_with(room));
            let names =
                |line: &str| line.contains(&format!("{library}::")) || line.contains(&format!("{library}_derive"));
            if !allowed && let Some((number, _)) = file.code().find(|(_, line)| names(line)) {
                wrong.push(format!("src/{}:{number} names {library}, which only {rooms:?} may", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Input and output are for the edges; numbers are exact everywhere.
#[test]
fn the_engine_is_pure_and_exact() {
    let mut wrong = Vec::new();
    for file in sources() {
        let edge = matches!(file.module(), "library" | "server" | "cli" | "main") || file.is_test();
        // The files of the store, in one file: a test puts a disk there that loses power.
        let edge = edge || file.path == "store/disk.rs" || file.path.starts_with("store/postgres");
        // Threads that end before it returns, in one file: what is made does not depend on their order.
        let hands = file.path == "reading/hands.rs";
        for (number, line) in file.code() {
            let words = || line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if words().any(|word| matches!(word, "f32" | "f64")) {
                wrong.push(format!("src/{}:{number} has a floating point number", file.path));
            }
            let touches = ["std::fs", "std::net", "std::env", "std::time", "std::thread"]
                .iter()
                .any(|module| line.contains(module));
            if !edge && touches && !(hands && line.contains("std::thread")) {
                wrong.push(format!("src/{}:{number} reaches outside", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// So that the exceptions for tests hold for nothing else.
#[test]
fn files_of_tests_are_compiled_for_tests_alone() {
    for file in sources().iter().filter(|file| file.path.ends_with("tests.rs")) {
        let parent = file.path.trim_end_matches("/tests.rs").to_owned() + ".rs";
        let parent = fs::read_to_string(root().join("src").join(&parent)).expect("the module above");
        assert!(parent.contains("#[cfg(test)]\nmod tests;"), "src/{} is compiled into the program", file.path);
    }
}

#[test]
fn files_are_small_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        if lines > 600 {
            wrong.push(format!("src/{} has {lines} lines, more than 600", file.path));
        }
        if !file.text.starts_with("//!") {
            wrong.push(format!("src/{} does not open with //!", file.path));
        }
        let words = ["utils", "helpers", "common", "manager"];
        if words.iter().any(|word| file.path.split(['/', '.']).any(|part| part == *word)) {
            wrong.push(format!("src/{} has a name that says nothing", file.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
