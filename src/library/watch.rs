//! What folders of rules look like from outside: names, sizes and times of their files. Reads no content; a look that differs
//! from the last one is the reason to read again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Origin;
use super::folder::entries;

/// One look at the folders of an origin. Equal looks mean that nothing was written in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: PathBuf,
    bytes: u64,
    written: Option<SystemTime>,
    /// Where the system keeps it: the second and nanosecond of the last change of the entry itself, and its number. They
    /// tell a file that was put in another's place with its size and time.
    changed: (i64, i64, u64),
}

/// Looks at the folders of an origin; `None` when it has none.
#[must_use]
pub fn look(origin: &Origin) -> Option<Look> {
    let Origin::Folders(folders) = origin else { return None };
    let mut seen = Vec::new();
    let mut waiting = folders.clone();
    while let Some(folder) = waiting.pop() {
        for (_, path) in entries(&folder).unwrap_or_default() {
            if path.is_dir() {
                if !path.is_symlink() {
                    waiting.push(path);
                }
            } else if matches!(path.extension().and_then(|extension| extension.to_str()), Some("tq" | "csv")) {
                seen.extend(entry(&path));
            }
        }
    }
    seen.sort();
    Some(Look(seen))
}

fn entry(path: &Path) -> Option<Entry> {
    let about = fs::metadata(path).ok()?;
    Some(Entry { path: path.to_owned(), bytes: about.len(), written: about.modified().ok(), changed: changed(&about) })
}

#[cfg(unix)]
fn changed(about: &fs::Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (about.ctime(), about.ctime_nsec(), about.ino())
}

#[cfg(not(unix))]
fn changed(_: &fs::Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}
