//! Reads folders of rules from disk, in the order of paths. Never leaves them: a linked file counts only when its target
//! lies inside, linked folders are not entered, hidden files are skipped.

use std::fs;
use std::path::{Path, PathBuf};

use super::unreadable::{Reason, Unreadable};
use super::{Gathered, is_rules};

/// More than any register or law needs, less than what would exhaust memory.
pub(super) const LARGEST_FILE: u64 = 32 << 20;

/// All rule files and tables of the folders. Paths of the second and further folders begin with the folder's name, so
/// that equal names in two folders stay apart.
pub(super) fn gather(folders: &[PathBuf]) -> Gathered {
    let mut gathered = Gathered::default();
    for (index, folder) in folders.iter().enumerate() {
        let place = |folder: &PathBuf| fs::canonicalize(folder).ok();
        if let Some(there) = place(folder)
            && folders.iter().take(index).any(|earlier| place(earlier).as_ref() == Some(&there))
        {
            let path = folder.display().to_string();
            gathered.unreadable.push(Unreadable { path, reason: Reason::FolderTwice });
            continue;
        }
        let prefix = match (index, folder.file_name()) {
            (0, _) => String::new(),
            (_, Some(name)) => format!("{}/", name.to_string_lossy()),
            (_, None) => format!("{index}/"),
        };
        gather_folder(folder, &prefix, &mut gathered);
    }
    gathered.files.sort();
    gathered
}

pub(super) fn gather_folder(folder: &Path, prefix: &str, gathered: &mut Gathered) {
    let refuse = |reason| Unreadable { path: folder.display().to_string(), reason };
    let root = match fs::canonicalize(folder) {
        Ok(root) if root.is_dir() => root,
        Ok(_) | Err(_) => return gathered.unreadable.push(refuse(Reason::NoFolder)),
    };
    let before = gathered.files.len();
    let mut waiting = vec![(root.clone(), prefix.to_owned())];
    while let Some((folder, prefix)) = waiting.pop() {
        match entries(&folder) {
            Ok(entries) => {
                for (name, path) in entries {
                    take(&root, path, format!("{prefix}{name}"), &mut waiting, gathered);
                }
            }
            Err(error) => gathered.unreadable.push(Unreadable { path: prefix, reason: Reason::System(error) }),
        }
    }
    if !gathered.files.iter().skip(before).any(|(path, _)| is_rules(path)) {
        gathered.unreadable.push(refuse(Reason::NoRules));
    }
}

/// Names and paths in a folder, sorted, hidden ones left out.
pub(super) fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

fn take(root: &Path, path: PathBuf, name: String, waiting: &mut Vec<(PathBuf, String)>, gathered: &mut Gathered) {
    if path.is_dir() {
        if !path.is_symlink() {
            waiting.push((path, format!("{name}/")));
        }
        return;
    }
    if !matches!(path.extension().and_then(|extension| extension.to_str()), Some("tq" | "csv")) {
        return;
    }
    match read(root, &path) {
        Ok(bytes) => gathered.files.push((name, bytes)),
        Err(reason) => gathered.unreadable.push(Unreadable { path: name, reason }),
    }
}

pub(super) fn read(root: &Path, path: &Path) -> Result<Vec<u8>, Reason> {
    let system = |error: std::io::Error| Reason::System(error.to_string());
    if !fs::canonicalize(path).map_err(system)?.starts_with(root) {
        return Err(Reason::LeavesFolder);
    }
    if fs::metadata(path).map_err(system)?.len() > LARGEST_FILE {
        return Err(Reason::TooLarge { limit: LARGEST_FILE });
    }
    fs::read(path).map_err(system)
}
