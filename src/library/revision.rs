//! Reads rules from the objects of a git repository, as they were at some revision: nothing is checked out, and no hook or
//! filter runs. The program `git` reads the objects, as it reads them for everybody.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::folder::LARGEST_FILE;
use super::unreadable::{Reason, Unreadable};
use super::{Gathered, is_rules};

/// The rules of a folder, named from the current one, at a revision of the repository around it. Never fails: what is wrong is
/// in the result.
pub(super) fn gather(revision: &str, folder: &str) -> Gathered {
    let mut gathered = Gathered::default();
    let name = format!("git:{revision}:{folder}");
    let refuse = |reason| Unreadable { path: name.clone(), reason };
    let entries = match entries(revision, folder) {
        Ok(entries) => entries,
        Err(words) => {
            gathered.unreadable.push(refuse(Reason::NoRevision(words)));
            return gathered;
        }
    };
    let rules: Vec<Entry> = entries.into_iter().filter(|entry| counts(&entry.path)).collect();
    for Entry { path, .. } in rules.iter().filter(|entry| entry.is_link) {
        gathered.unreadable.push(Unreadable { path: path.clone(), reason: Reason::LeavesFolder });
    }
    for Entry { path, .. } in rules.iter().filter(|entry| entry.size > LARGEST_FILE) {
        let reason = Reason::TooLarge { limit: LARGEST_FILE };
        gathered.unreadable.push(Unreadable { path: path.clone(), reason });
    }
    let files: Vec<Entry> = rules.into_iter().filter(|entry| !entry.is_link && entry.size <= LARGEST_FILE).collect();
    match contents(&files) {
        Ok(contents) => gathered.files = files.into_iter().map(|entry| entry.path).zip(contents).collect(),
        Err(words) => gathered.unreadable.push(refuse(Reason::System(words))),
    }
    gathered.files.sort();
    if !gathered.files.iter().any(|(path, _)| is_rules(path)) {
        gathered.unreadable.push(refuse(Reason::NoRules));
    }
    gathered
}

/// Rules and tables, nothing hidden.
fn counts(path: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    !hidden && (path.ends_with(".tq") || path.ends_with(".csv"))
}

/// A file of a tree.
struct Entry {
    path: String,
    object: String,
    size: u64,
    is_link: bool,
}

fn entries(revision: &str, folder: &str) -> Result<Vec<Entry>, String> {
    let folder = folder.trim_end_matches('/');
    let tree =
        if folder.starts_with('/') { folder.to_owned() } else { format!("./{}", folder.trim_start_matches("./")) };
    let output =
        git(&["ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", &format!("{revision}:{tree}")], &[])?;
    let text = String::from_utf8_lossy(&output).into_owned();
    let entry = |line: &str| {
        // Mode, type, object and size, then a tab and the path.
        let (facts, path) = line.split_once('\t')?;
        let mut facts = facts.split_ascii_whitespace();
        let (mode, kind, object, size) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
        (kind == "blob").then(|| Entry {
            path: path.to_owned(),
            object: object.to_owned(),
            size: size.parse().unwrap_or(u64::MAX),
            is_link: mode == "120000",
        })
    };
    Ok(text.split('\0').filter_map(entry).collect())
}

/// The contents of files, in their order.
fn contents(files: &[Entry]) -> Result<Vec<Vec<u8>>, String> {
    let names: String = files.iter().map(|entry| format!("{}\n", entry.object)).collect();
    let output = git(&["cat-file", "--batch"], names.as_bytes())?;
    let mut rest = output.as_slice();
    let mut contents = Vec::new();
    for entry in files {
        // A line with the object, its type and size, then the content and a line's end.
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or("git cat-file: no header")?;
        let size = usize::try_from(entry.size).map_err(|error| error.to_string())?;
        let content = rest.get(end + 1..end + 1 + size).ok_or("git cat-file: too short")?;
        contents.push(content.to_vec());
        rest = rest.get(end + 2 + size..).unwrap_or_default();
    }
    Ok(contents)
}

fn git(arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("git: {error}"))?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // What git says meanwhile must not fill the pipe.
        let writer = scope.spawn(move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input)));
        let output = child.wait_with_output();
        let _ = writer.join();
        output
    });
    let output = output.map_err(|error| format!("git: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(words.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned())
}
