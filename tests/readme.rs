//! Every console line of the pages below answers as printed there.
//!
//! `UPDATE_README=1 cargo test --release --test readme` writes the answers anew, for a person to read in the diff.
//! A page's commands run in a folder of their own that holds `rules`, and the exercise in it where the page has one.
//! Between them a page may change the exercise and put it back, in comments that only this test reads:
//! `<!-- edit FILE | what stands there | what comes instead -->`, `<!-- copy FILE | where to -->`, `<!-- restore -->`.
//! A page may say that its folder is a git repository: `<!-- repository PART… -->` keeps only these parts of `rules`, writes
//! their snapshots and commits both on `main`; `<!-- commit BRANCH | MESSAGE -->` puts what was edited since on a branch of its
//! own and goes back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use thamquyen::library::{self, Origin};
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ENGLISH: &str = "C.UTF-8";
const VIETNAMESE: &str = "vi_VN.UTF-8";

/// Commits are the same on every machine.
const GIT: [(&str, &str); 8] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_AUTHOR_NAME", "A reviewer"),
    ("GIT_AUTHOR_EMAIL", "reviewer@example.org"),
    ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "A reviewer"),
    ("GIT_COMMITTER_EMAIL", "reviewer@example.org"),
    ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
];

/// A page of the documentation.
struct Page {
    path: &'static str,
    /// What `LANG` is where its commands run.
    locale: &'static str,
    /// The folder of the finished exercise, and where its reader puts it.
    exercise: Option<(&'static str, &'static str)>,
    /// It has at least so many examples.
    least: usize,
}

/// A console example: its command line (continued lines joined) and what is printed below it.
struct Example {
    command: String,
    printed: String,
}

/// The text around the examples, and the examples: `around[0] example[0] around[1] …`.
fn examples(readme: &str) -> (Vec<String>, Vec<Example>) {
    let (mut around, mut found) = (vec![String::new()], Vec::<Example>::new());
    let (mut console, mut command, mut answer) = (false, false, false);
    for line in readme.split_inclusive('\n') {
        if line.starts_with("```") {
            console = line.trim_end() == "```console";
            (command, answer) = (false, false);
        }
        if console && (line.starts_with("$ ") || command) {
            if line.starts_with("$ ") {
                if !answer {
                    // The lines since the last example belong to the text between.
                    around.push(String::new());
                }
                found.push(Example { command: String::new(), printed: String::new() });
                if answer {
                    around.push(String::new());
                }
            }
            found.last_mut().expect("an example").command.push_str(line);
            command = line.trim_end().ends_with('\\');
            answer = !command;
        } else if console && answer && !line.starts_with("```") {
            found.last_mut().expect("an example").printed.push_str(line);
        } else {
            around.last_mut().expect("a text").push_str(line);
        }
    }
    (around, found)
}

/// Splits a command line as a shell does with plain words and quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.replace("\\\n", " ").trim().chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c.is_whitespace() => words.push(String::new()),
            Some(_) | None => words.last_mut().expect("a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Page {
    /// The folder in which its commands run.
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages").join(self.path.replace('/', "-"))
    }

    fn set_up(&self) {
        if self.folder().exists() {
            fs::remove_dir_all(self.folder()).expect("an old folder goes");
        }
        copy(&Path::new(ROOT).join("rules"), &self.folder().join("rules"));
        self.restore();
    }

    /// The exercise as it was written.
    fn restore(&self) {
        if let Some((finished, place)) = self.exercise {
            copy(&Path::new(ROOT).join(finished), &self.folder().join(place));
        }
    }

    /// Does what the comments in a text between examples say.
    fn change(&self, text: &str) {
        for line in text.lines().map(str::trim) {
            if line == "<!-- restore -->" {
                self.restore();
            } else if let Some(edit) = line.strip_prefix("<!-- edit ").and_then(|edit| edit.strip_suffix(" -->")) {
                let [file, old, new] = edit.split(" | ").collect::<Vec<_>>()[..] else { panic!("no edit: {edit}") };
                let path = self.folder().join(file);
                let written = fs::read_to_string(&path).expect("a file of the exercise");
                assert!(written.contains(old), "`{old}` is not in {file}");
                fs::write(&path, written.replacen(old, new, 1)).expect("it is written");
            } else if let Some(parts) =
                line.strip_prefix("<!-- repository ").and_then(|parts| parts.strip_suffix(" -->"))
            {
                self.make_repository(parts);
            } else if let Some(commit) =
                line.strip_prefix("<!-- commit ").and_then(|commit| commit.strip_suffix(" -->"))
            {
                let (branch, message) = commit.split_once(" | ").expect("a branch and a message");
                self.quietly(&format!(
                    "git switch -q -c {branch} && git commit -q -a -m '{message}' && git switch -q main"
                ));
            } else if let Some(copy) = line.strip_prefix("<!-- copy ").and_then(|copy| copy.strip_suffix(" -->")) {
                let (from, to) = copy.split_once(" | ").expect("from and to");
                let to = self.folder().join(to);
                fs::create_dir_all(to.parent().expect("a folder")).expect("it is made");
                fs::copy(self.folder().join(from), to).expect("it is copied");
            }
        }
    }

    /// Makes the folder a repository of these parts of the rules and their snapshots.
    fn make_repository(&self, parts: &str) {
        let (from, to) = (Path::new(ROOT).join("rules"), self.folder().join("rules"));
        fs::remove_dir_all(&to).expect("all rules go");
        for part in parts.split(' ').chain([library::BASELINE]) {
            if from.join(part).is_dir() {
                copy(&from.join(part), &to.join(part));
            } else {
                fs::create_dir_all(to.join(part).parent().expect("a folder")).expect("made");
                fs::copy(from.join(part), to.join(part)).expect("it is copied");
            }
        }
        // What is accepted of other rules is not found here.
        self.quietly("tq check --write-baseline > said && tq snapshot > said && rm said");
        self.quietly("git init -q -b main && git add . && git commit -q -m rules");
    }

    /// Runs what must succeed and print nothing.
    fn quietly(&self, command: &str) {
        assert_eq!(self.shell(&format!("{command} || echo failed")), "", "{}: {command}", self.path);
    }

    fn run(&self, command: &str) -> String {
        let command = command.trim_start_matches("$ ").replace("cargo run --release -- ", "tq ");
        if !command.starts_with("curl -s ") {
            let known = command.starts_with("tq ") || command.starts_with("git ");
            assert!(known, "{}: another program: {command}", self.path);
            return self.shell(&command);
        }
        let (command, head) = match command.split_once("| head -c ") {
            Some((command, count)) => (command.to_owned(), count.trim().parse().expect("a number of bytes")),
            None => (command, usize::MAX),
        };
        let words = words(&command);
        let arguments: Vec<&str> = words.iter().skip(2).map(String::as_str).collect();
        let printed = curl(&self.folder().join("rules"), &arguments);
        String::from_utf8_lossy(&printed.as_bytes()[..head.min(printed.len())]).into_owned()
    }

    /// What a terminal would show, both streams in their order.
    fn shell(&self, command: &str) -> String {
        let programs = Path::new(env!("CARGO_BIN_EXE_tq")).parent().expect("a folder");
        let path = std::env::var("PATH").expect("a path");
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder())
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("LANG", self.locale)
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .envs(GIT)
            .output()
            .expect("a shell");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder is made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("it is copied");
        }
    }
}

/// The service, without a socket.
fn curl(rules: &Path, arguments: &[&str]) -> String {
    let value = |flag: &str| arguments.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1]);
    let url = arguments.iter().find(|word| word.starts_with("http://127.0.0.1:8080/")).expect("an address");
    let path = url.trim_start_matches("http://127.0.0.1:8080");
    // A shell's `$'…\n…'` is a text of several lines.
    let body = value("-d").or(value("--data-binary")).map(|body| body.trim_start_matches('$').replace("\\n", "\n"));
    let mut request = if body.is_some() { Request::post(path) } else { Request::get(path) };
    for pair in arguments.windows(2).filter(|pair| pair[0] == "-H") {
        let (name, value) = pair[1].split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    let request = request.body(body.map_or_else(Body::empty, Body::from));
    let library = library::load(&Origin::Folders(vec![rules.to_owned()]));
    let answer = async {
        let response = app(State::new(library)).oneshot(request.expect("a request")).await.expect("infallible");
        axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body")
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    String::from_utf8(runtime.block_on(answer).to_vec()).expect("UTF-8")
}

#[test]
fn the_readme_answers_as_printed() {
    hold(&Page { path: "README.md", locale: ENGLISH, exercise: None, least: 6 });
}

#[test]
fn the_vietnamese_readme_answers_as_printed() {
    hold(&Page { path: "README.vi.md", locale: VIETNAMESE, exercise: None, least: 6 });
}

#[test]
fn the_page_about_http_answers_as_printed() {
    hold(&Page { path: "docs/http.md", locale: ENGLISH, exercise: None, least: 2 });
}

#[test]
fn the_vietnamese_page_about_http_answers_as_printed() {
    hold(&Page { path: "docs/qua-http.md", locale: VIETNAMESE, exercise: None, least: 2 });
}

#[test]
fn the_page_about_defects_answers_as_printed() {
    hold(&Page { path: "docs/check.md", locale: ENGLISH, exercise: None, least: 1 });
}

#[test]
fn the_page_about_diffs_answers_as_printed() {
    hold(&Page { path: "docs/diff.md", locale: ENGLISH, exercise: Some(("rules", "before")), least: 1 });
}

#[test]
fn the_vietnamese_page_about_diffs_answers_as_printed() {
    hold(&Page { path: "docs/so-sanh.md", locale: VIETNAMESE, exercise: Some(("rules", "truoc")), least: 1 });
}

#[test]
fn the_page_about_reviews_answers_as_printed() {
    hold(&Page { path: "docs/review.md", locale: ENGLISH, exercise: None, least: 8 });
}

#[test]
fn the_vietnamese_page_about_reviews_answers_as_printed() {
    hold(&Page { path: "docs/xem-xet.md", locale: VIETNAMESE, exercise: None, least: 8 });
}

#[test]
fn the_page_about_certificates_answers_as_printed() {
    let exercise = Some(("tests/certificate/sample", "."));
    hold(&Page { path: "docs/certificates.md", locale: ENGLISH, exercise, least: 2 });
}

#[test]
fn the_vietnamese_page_about_certificates_answers_as_printed() {
    let exercise = Some(("tests/certificate/sample", "."));
    hold(&Page { path: "docs/chung-nhan.md", locale: VIETNAMESE, exercise, least: 2 });
}

#[test]
fn the_guide_answers_as_printed() {
    let exercise = Some(("tests/fixtures/guide", "rules/exercise"));
    hold(&Page { path: "docs/guide.md", locale: ENGLISH, exercise, least: 14 });
}

#[test]
fn the_vietnamese_guide_answers_as_printed() {
    let exercise = Some(("tests/fixtures/huong-dan", "rules/bai-tap"));
    hold(&Page { path: "docs/huong-dan.md", locale: VIETNAMESE, exercise, least: 14 });
}

fn hold(page: &Page) {
    let path = Path::new(ROOT).join(page.path);
    let text = fs::read_to_string(&path).expect("a page");
    let (around, found) = examples(&text);
    assert!(found.len() >= page.least, "only {} examples", found.len());
    assert_eq!(around.len(), found.len() + 1);
    let update = std::env::var_os("UPDATE_README").is_some();
    page.set_up();
    let mut written = String::new();
    for (index, (before, example)) in around.iter().zip(&found).enumerate() {
        page.change(before);
        // Examples that follow each other stand apart by an empty line.
        let apart = around.get(index + 1).is_some_and(String::is_empty);
        let end = if apart { "\n\n" } else { "\n" };
        let printed = page.run(&example.command);
        let printed = match printed.trim_end_matches('\n') {
            // A command that is silent is followed by the next one, or by the end of the block.
            "" => end.replacen('\n', "", 1),
            printed => format!("{printed}{end}"),
        };
        if !update {
            assert_eq!(printed, example.printed, "{}: {}", page.path, example.command);
        }
        written.push_str(before);
        written.push_str(&example.command);
        written.push_str(&printed);
    }
    written.push_str(around.last().expect("the end"));
    if update {
        fs::write(&path, written).expect("the page is written");
    } else {
        assert_eq!(written, text, "the page was not read whole");
    }
}
