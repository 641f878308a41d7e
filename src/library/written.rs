//! Rule files as they lie on disk, to be written anew. Knows nothing of what they say.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::folder::{self, LARGEST_FILE};
use super::is_rules;
use super::unreadable::{self, Reason, Unreadable};

/// One rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    /// The text as the parser wants it.
    pub text: String,
}

/// The rule files at these paths, each a file or a folder, in the order of their paths and each once; and what could not
/// be read. Links are not followed, hidden files are skipped.
#[must_use]
pub fn written(paths: &[PathBuf]) -> (Vec<Written>, Vec<Unreadable>) {
    let (mut files, mut unreadable): (Vec<Written>, Vec<Unreadable>) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            gather(path, &mut files, &mut unreadable);
            if files.len() == before {
                unreadable.push(Unreadable { path: shown(path), reason: Reason::NoRules });
            }
        } else {
            take(path, &mut files, &mut unreadable);
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| fs::canonicalize(&a.path).ok() == fs::canonicalize(&b.path).ok());
    unreadable.sort();
    (files, unreadable)
}

/// Puts a new text in the place of a file: beside it first, so that the old one is there until the new one is whole.
///
/// # Errors
///
/// When the system refuses.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    let mut file = fs::File::create(&beside)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let placed = written
        .and_then(|()| fs::metadata(path))
        .and_then(|old| fs::set_permissions(&beside, old.permissions()))
        .and_then(|()| fs::rename(&beside, path));
    if placed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    placed
}

fn gather(root: &Path, files: &mut Vec<Written>, unreadable: &mut Vec<Unreadable>) {
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        match folder::entries(&folder) {
            Ok(entries) => {
                for (name, path) in entries.into_iter().filter(|(_, path)| !path.is_symlink()) {
                    if path.is_dir() {
                        waiting.push(path);
                    } else if is_rules(&name) {
                        take(&path, files, unreadable);
                    }
                }
            }
            Err(error) => unreadable.push(Unreadable { path: shown(&folder), reason: Reason::System(error) }),
        }
    }
}

fn take(path: &Path, files: &mut Vec<Written>, unreadable: &mut Vec<Unreadable>) {
    let refused = |reason| Unreadable { path: shown(path), reason };
    match fs::metadata(path) {
        Ok(about) if about.len() > LARGEST_FILE => {
            return unreadable.push(refused(Reason::TooLarge { limit: LARGEST_FILE }));
        }
        Ok(_) | Err(_) => {}
    }
    match fs::read(path) {
        Ok(bytes) => {
            let text = unreadable::text_of(&shown(path), &bytes, unreadable);
            files.extend(text.map(|text| Written { path: path.to_owned(), bytes, text }));
        }
        Err(error) => unreadable.push(refused(Reason::System(error.to_string()))),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
