//! The snapshots in a folder: what is there, what differs from what should be, and putting it right. Knows files and no law;
//! touches nothing that no `tq` wrote.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, str};

use crate::reading::snapshot::{Snapshot, is_snapshot};

/// What makes a file of the folder differ from what it should be.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Change<'a> {
    pub(in crate::cli) name: &'a str,
    /// What is there; `None`: nothing.
    pub(in crate::cli) old: Option<&'a str>,
    /// What should be; `None`: nothing.
    pub(in crate::cli) new: Option<&'a str>,
}

/// How putting one file right ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Done {
    Written,
    Removed,
    /// The file is not what it was when it was read: it was left alone.
    ChangedMeanwhile,
}

/// The texts in a folder, by name; none where there is no folder. What is no text in UTF-8 is nobody's snapshot.
pub(in crate::cli) fn gather(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".txt"));
        if let Some(name) = name.filter(|_| path.is_file()) {
            found.insert(name.to_owned(), read(&path)?);
        }
    }
    Ok(found)
}

fn read(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    // A checkout may have turned the ends of lines.
    Ok(str::from_utf8(&bytes).unwrap_or_default().replace("\r\n", "\n"))
}

/// What differs, in order of names, what is left over last.
pub(in crate::cli) fn changes<'a>(wanted: &'a [Snapshot], there: &'a BTreeMap<String, String>) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    for Snapshot { name, text } in wanted {
        let old = there.get(name).map(String::as_str);
        if old != Some(text) {
            changes.push(Change { name, old, new: Some(text) });
        }
    }
    for (name, text) in there {
        if is_snapshot(text) && wanted.iter().all(|one| one.name != *name) {
            changes.push(Change { name, old: Some(text), new: None });
        }
    }
    changes
}

/// A file of that name which is somebody else's.
pub(in crate::cli) fn foreign<'a>(changes: &[Change<'a>]) -> Option<&'a str> {
    changes.iter().find(|change| change.old.is_some_and(|old| !is_snapshot(old))).map(|change| change.name)
}

/// Writes or removes the file, unless it has become another since it was read.
pub(in crate::cli) fn put(folder: &Path, change: &Change<'_>) -> io::Result<Done> {
    let path = folder.join(change.name);
    let now = match read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        text => Some(text?),
    };
    if now.as_deref() != change.old {
        return Ok(Done::ChangedMeanwhile);
    }
    match change.new {
        Some(text) => {
            fs::create_dir_all(folder)?;
            place(&path, text).map(|()| Done::Written)
        }
        None => fs::remove_file(&path).map(|()| Done::Removed),
    }
}

/// Beside it first, so that the old text is there until the new one is whole.
fn place(path: &Path, text: &str) -> io::Result<()> {
    // Where the file is a link, what it leads to is written, as an editor would.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let placed = written.and_then(|()| match fs::metadata(path) {
        Ok(old) => fs::set_permissions(&beside, old.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    });
    let placed = placed.and_then(|()| fs::rename(&beside, path));
    if placed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    placed
}
