//! The only file operations of the store, apart from what they store: a folder of the system, or one in a test that loses
//! power. Nothing here knows versions.

use std::any::Any;
use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The name of a file, and the bytes that it may have at most.
pub type Bounded = (String, u64);

/// A folder of folders of files, with the operations whose effects a power cut can undo. Names are relative, with `/`.
pub trait Disk: std::fmt::Debug + Send + Sync {
    /// A whole file.
    ///
    /// # Errors
    /// When there is none, when it is larger than `limit` bytes ([`io::ErrorKind::FileTooLarge`]), or when the system refuses.
    fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>>;

    /// Some of several files, in the order in which they are named, each with the bytes that it may have at most: as many as are
    /// best read at once, and at least the first.
    ///
    /// # Errors
    /// As [`Disk::read`] of the first.
    fn read_several(&self, wanted: &[Bounded]) -> io::Result<Vec<Vec<u8>>> {
        wanted.first().map(|(name, limit)| self.read(name, *limit)).into_iter().collect()
    }

    /// The names in a folder, sorted, hidden ones left out.
    ///
    /// # Errors
    /// When there is no such folder, or when the system refuses.
    fn names(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Makes a folder where there is none.
    ///
    /// # Errors
    /// When the system refuses.
    fn make_folder(&self, folder: &str) -> io::Result<()>;

    /// Writes a file. A power cut may leave any part of it, until [`Disk::sync`].
    ///
    /// # Errors
    /// When the system refuses.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Returns when the content of a file outlasts a power cut.
    ///
    /// # Errors
    /// When the system refuses.
    fn sync(&self, name: &str) -> io::Result<()>;

    /// Gives a file another name, at once for everybody who reads; a power cut may undo it, until [`Disk::sync_folder`].
    ///
    /// # Errors
    /// When the system refuses.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Returns when the names in a folder outlast a power cut.
    ///
    /// # Errors
    /// When the system refuses.
    fn sync_folder(&self, folder: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When the system refuses.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Waits until nobody else writes, and keeps others waiting as long as the lock lives; the system ends it with the process.
    ///
    /// # Errors
    /// When the system refuses.
    fn lock(&self) -> io::Result<Lock>;

    /// A number that is another after every change that readers should look at, where it is cheaper to ask than to look.
    ///
    /// # Errors
    /// When the system refuses.
    fn counter(&self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    /// Calls when somebody may have written. It may not be called, and is called until the disk is dropped.
    fn hint(&self, _: Box<dyn Fn() + Send + Sync>) {}
}

/// Held while something is written.
#[derive(Debug)]
pub struct Lock {
    _held: Option<Box<dyn Any + Send>>,
}

impl Lock {
    /// Of a disk that nobody else can reach.
    #[must_use]
    pub const fn alone() -> Self {
        Self { _held: None }
    }

    /// Until it is dropped.
    pub(super) fn held(what: impl Any + Send) -> Self {
        Self { _held: Some(Box::new(what)) }
    }
}

/// So many files are asked for at once, at most.
const PAGE: usize = 512;

/// Files in the order in which they are wanted, with their names, read as few at a time as the disk likes. What cannot be read does
/// not keep those behind it from being read.
#[derive(Debug)]
pub(super) struct Reading<'a, I> {
    disk: &'a dyn Disk,
    wanted: I,
    asked: VecDeque<Bounded>,
    read: VecDeque<Vec<u8>>,
}

/// Reads files, each when it is come to.
pub(super) fn each<I: Iterator<Item = Bounded>>(disk: &dyn Disk, wanted: I) -> Reading<'_, I> {
    Reading { disk, wanted, asked: VecDeque::new(), read: VecDeque::new() }
}

impl<I: Iterator<Item = Bounded>> Iterator for Reading<'_, I> {
    type Item = (String, io::Result<Vec<u8>>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut read = Ok(());
        if self.read.is_empty() {
            let room = PAGE.saturating_sub(self.asked.len());
            self.asked.extend(self.wanted.by_ref().take(room));
            if !self.asked.is_empty() {
                read = self.disk.read_several(self.asked.make_contiguous()).map(|read| self.read.extend(read));
            }
        }
        let (name, _) = self.asked.pop_front()?;
        let bytes = read.and_then(|()| self.read.pop_front().ok_or_else(|| io::ErrorKind::NotFound.into()));
        Some((name, bytes))
    }
}

/// Puts a file in its place so that whoever reads finds the old one or the new one, whole; when this returns, a power cut leaves
/// the new one.
pub(super) fn place(disk: &dyn Disk, folder: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    stage(disk, folder, name, bytes)?;
    disk.sync_folder(folder)
}

/// The same of the first of several files of a folder: their names outlast a power cut after [`Disk::sync_folder`] alone.
pub(super) fn stage(disk: &dyn Disk, folder: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = format!("{folder}/.{name}.new");
    disk.write(&beside, bytes)?;
    disk.sync(&beside)?;
    disk.rename(&beside, &format!("{folder}/{name}"))
}

/// [`place`] for a file that lies in no folder of its own.
pub(super) fn place_at_root(disk: &dyn Disk, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = format!(".{name}.new");
    disk.write(&beside, bytes)?;
    disk.sync(&beside)?;
    disk.rename(&beside, name)?;
    disk.sync_folder("")
}

/// A folder of the system.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

impl Disk for Folder {
    fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let (path, mut bytes) = (self.path(name), Vec::new());
        // Whoever opens a pipe waits until somebody writes into it.
        if !fs::metadata(&path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        // One byte more than allowed tells that there is more.
        fs::File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
            Ok(bytes)
        } else {
            Err(io::ErrorKind::FileTooLarge.into())
        }
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(folder))? {
            // What is no text is no name that was given here.
            names.extend(entry?.file_name().into_string().ok().filter(|name| !name.starts_with('.')));
        }
        names.sort();
        Ok(names)
    }

    fn make_folder(&self, folder: &str) -> io::Result<()> {
        make_folders(&self.path(folder))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        // What was left there by one who was stopped, or is a link to a file of somebody else, is not written through.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        fs::File::options().write(true).create_new(true).open(path)?.write_all(bytes)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        // Some systems write through a handle that may write alone.
        fs::File::options().write(true).open(self.path(name))?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        sync_names(&self.path(folder))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    fn lock(&self) -> io::Result<Lock> {
        let file = fs::File::options().write(true).create(true).truncate(false).open(self.path(".lock"))?;
        file.lock()?;
        Ok(Lock::held(file))
    }
}

/// Makes a folder and those above it, so that a power cut leaves all of them.
fn make_folders(path: &Path) -> io::Result<()> {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    if path.is_dir() {
        // Whoever made it may have been stopped before this; but the folder above may be one that nobody here may read.
        let _ = sync_names(above);
        return Ok(());
    }
    if !above.is_dir() {
        make_folders(above)?;
    }
    match fs::create_dir(path) {
        Err(error) if !path.is_dir() => Err(error),
        Ok(()) | Err(_) => sync_names(above),
    }
}

#[cfg(unix)]
fn sync_names(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Elsewhere the system keeps names in a journal of its own, and opens no folder.
#[cfg(not(unix))]
fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}
