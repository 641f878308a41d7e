//! Every console line of the README, and of the page about HTTP, answers as printed there.
//!
//! `UPDATE_README=1 cargo test --release --test readme` writes the answers anew, for a person to read in the diff.

use std::path::Path;
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use thamquyen::library::{self, Origin};
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

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

/// The text before a comment of the shell.
fn without_comment(command: &str) -> &str {
    command.split(" #").next().unwrap_or(command)
}

fn run(command: &str) -> Option<String> {
    let (command, head) = match without_comment(command).split_once("| head -c ") {
        Some((command, count)) => (command, Some(count.trim().parse::<usize>().expect("a number of bytes"))),
        None => (without_comment(command), None),
    };
    let words = words(command.trim_start_matches("$ "));
    let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    let printed = match arguments.as_slice() {
        ["curl", "-s", rest @ ..] => curl(rest),
        ["cargo", "run", "--release", "--", "serve" | "test"] => return None,
        ["cargo", "run", "--release", "--", rest @ ..] | ["tq", rest @ ..] => program(rest),
        other => panic!("the README runs something else: {other:?}"),
    };
    Some(match head {
        Some(count) => String::from_utf8_lossy(&printed.as_bytes()[..count.min(printed.len())]).into_owned(),
        None => printed,
    })
}

fn program(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(arguments)
        .current_dir(ROOT)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("the program runs");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
}

fn curl(arguments: &[&str]) -> String {
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
    let library = library::load(&Origin::Folders(vec![Path::new(ROOT).join("rules")]));
    let answer = async {
        let response = app(State::new(library)).oneshot(request.expect("a request")).await.expect("infallible");
        axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body")
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    String::from_utf8(runtime.block_on(answer).to_vec()).expect("UTF-8")
}

#[test]
fn every_console_line_answers_as_printed() {
    hold("README.md", 7);
}

#[test]
fn every_console_line_about_http_answers_as_printed() {
    hold("docs/http.md", 2);
}

fn hold(path: &str, least: usize) {
    let path = Path::new(ROOT).join(path);
    let readme = std::fs::read_to_string(&path).expect("a page");
    let (around, found) = examples(&readme);
    assert!(found.len() >= least, "only {} examples", found.len());
    assert_eq!(around.len(), found.len() + 1);
    let update = std::env::var_os("UPDATE_README").is_some();
    let mut written = String::new();
    for (index, (text, example)) in around.iter().zip(&found).enumerate() {
        let printed = run(&example.command).map_or_else(
            || example.printed.clone(),
            |answer| {
                // Examples that follow each other stand apart by an empty line.
                let apart = around.get(index + 1).is_some_and(String::is_empty);
                let end = if apart { "\n\n" } else { "\n" };
                format!("{}{end}", answer.trim_end_matches('\n'))
            },
        );
        if !update {
            assert_eq!(printed, example.printed, "{}", example.command);
        }
        written.push_str(text);
        written.push_str(&example.command);
        written.push_str(&printed);
    }
    written.push_str(around.last().expect("the end"));
    if update {
        std::fs::write(&path, written).expect("the page is written");
    } else {
        assert_eq!(written, readme, "the page was not read whole");
    }
}
