//! Drafts laid over rules: files that are not in force, in the place of files of the same path or beside them. Nothing is
//! written; what is made is a library as any other.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::unreadable::{Reason, Unreadable};
use super::{File, Gathered, Library, Origin, assemble, folder, revision};

/// Rules over which drafts are laid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    Origin(Origin),
    /// A folder at a revision of the git repository around the current folder.
    Revision {
        revision: String,
        folder: String,
    },
    /// These files, whoever gave them.
    Files(Vec<File>),
}

impl Base {
    /// The folder from which its files have their paths.
    fn home(&self) -> Option<PathBuf> {
        match self {
            Self::Origin(Origin::Folders(folders)) => folders.first().cloned(),
            Self::Origin(Origin::Compiled) | Self::Files(_) => None,
            Self::Revision { folder, .. } => Some(PathBuf::from(folder)),
        }
    }
}

/// Loads rules with drafts laid over them, each a file or a folder. The files of a folder have their paths from it; a file has
/// the path by which it is named, from the folder of the rules where it is named inside. Never fails: what is wrong is in
/// the result.
#[must_use]
pub fn with_drafts(base: &Base, drafts: &[PathBuf]) -> Library {
    let mut gathered = match base {
        Base::Origin(origin) => super::gather(origin),
        Base::Revision { revision, folder } => revision::gather(revision, folder),
        Base::Files(files) => Gathered::new(files.iter().map(|file| (file.path.clone(), file.bytes.clone()))),
    };
    let home = base.home();
    for draft in drafts {
        if draft.is_dir() {
            lay_folder(draft, &mut gathered);
        } else {
            lay_file(draft, home.as_deref(), &mut gathered);
        }
    }
    gathered.files.sort();
    assemble(gathered, None)
}

/// Texts that are on no disk, laid over rules, or alone where there are none to lay them over. Each has its path among the
/// rules; those of `without` are left out. Never fails: what is wrong is in the result.
#[must_use]
pub fn laid_over(base: Option<&Library>, without: &[String], drafts: Vec<File>) -> Library {
    let kept = base.into_iter().flat_map(|base| &base.files).filter(|file| !without.contains(&file.path));
    let mut gathered = Gathered::new(kept.map(|file| (file.path.clone(), file.bytes.clone())));
    for File { path, bytes } in drafts {
        if is_draft(Path::new(&path)) {
            lay((path.clone(), path), bytes, &mut gathered);
        } else {
            gathered.unreadable.push(Unreadable { path, reason: Reason::NotRules });
        }
    }
    gathered.files.sort();
    assemble(gathered, base)
}

/// Whether a path is of a file of rules or of a table.
fn is_draft(path: &Path) -> bool {
    matches!(path.extension().and_then(|extension| extension.to_str()), Some("tq" | "csv"))
}

fn lay_folder(draft: &Path, gathered: &mut Gathered) {
    let mut own = Gathered::default();
    folder::gather_folder(draft, "", &mut own);
    let named = |path: &str| shown(&draft.join(path));
    for unreadable in own.unreadable {
        // Of the folder itself the whole path stands there already.
        let whole = unreadable.path == draft.display().to_string();
        let path = if whole { unreadable.path } else { named(&unreadable.path) };
        gathered.unreadable.push(Unreadable { path, reason: unreadable.reason });
    }
    for (path, bytes) in own.files {
        let named = named(&path);
        lay((path, named), bytes, gathered);
    }
}

fn lay_file(draft: &Path, home: Option<&Path>, gathered: &mut Gathered) {
    let named = shown(draft);
    let refused = |reason| Unreadable { path: named.clone(), reason };
    if !draft.is_file() {
        return gathered.unreadable.push(refused(Reason::NoFile));
    }
    if !is_draft(draft) {
        return gathered.unreadable.push(refused(Reason::NotRules));
    }
    let path = home.and_then(|home| inside(draft, home)).unwrap_or_else(|| named.clone());
    // It was named itself: where a link leads is its own business.
    let read = fs::canonicalize(draft).map_err(|error| Reason::System(error.to_string()));
    match read.and_then(|place| folder::read(&place, &place)) {
        Ok(bytes) => lay((path, named), bytes, gathered),
        Err(reason) => gathered.unreadable.push(refused(reason)),
    }
}

/// In the place of the file of that path, where there is one; also where that could not be read.
fn lay((path, named): (String, String), bytes: Vec<u8>, gathered: &mut Gathered) {
    if gathered.drafts.insert(path.clone(), named.clone()).is_some() {
        return gathered.unreadable.push(Unreadable { path: named, reason: Reason::DraftTwice });
    }
    gathered.unreadable.retain(|unreadable| unreadable.path != path);
    gathered.files.retain(|(own, _)| *own != path);
    gathered.files.push((path, bytes));
}

/// The path from a folder, where it is written as one inside it.
fn inside(path: &Path, home: &Path) -> Option<String> {
    let parts = |path: &Path| {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| part.as_os_str().to_owned()).collect::<PathBuf>()
    };
    Some(shown(parts(path).strip_prefix(parts(home)).ok()?))
}

/// A path as it is written in messages.
fn shown(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::inside;

    #[test]
    fn a_draft_within_the_rules_has_its_path_there() {
        let of = |path: &str, home: &str| inside(Path::new(path), Path::new(home));
        assert_eq!(of("rules/a/b.tq", "rules").as_deref(), Some("a/b.tq"));
        assert_eq!(of("./rules/b.tq", "rules/").as_deref(), Some("b.tq"));
        assert_eq!(of("draft.tq", "rules"), None);
        assert_eq!(of("rules-new/b.tq", "rules"), None);
    }
}
