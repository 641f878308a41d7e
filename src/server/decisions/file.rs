//! The log of decisions in files of a folder, each named by the number of its first record and its day; the chain goes on from
//! one to the next. A file is only ever added to. What a stopped service left half written is put beside it.

mod tail;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::super::clock;
use super::read::{Broken, Lines as Reading, Place, files_of};
use super::record::{After, Flaw, Link, Says, SetAside};
use super::sink::{Lines, Sink};
use tail::Tail;

/// How files of a log end.
pub const ENDING: &str = ".ndjson";

/// A folder of files of a log.
#[derive(Debug)]
pub struct Folder {
    folder: PathBuf,
    /// A file that is larger is not added to, in bytes.
    limit: u64,
    link: Link,
    after: Option<After>,
    set_aside: Option<SetAside>,
    open: Option<Open>,
    /// Held as long as this lives: no other service writes here.
    _lock: File,
}

#[derive(Debug)]
struct Open {
    tail: Tail<File>,
    day: Date,
}

/// Why a folder is no log that can be gone on with.
#[derive(Debug)]
pub enum Unfit {
    System(PathBuf, io::Error),
    /// Another service writes here.
    Taken,
    /// What was written was changed.
    Broken(Broken),
}

impl Folder {
    /// Goes on with the log of a folder, which is made where there is none.
    ///
    /// # Errors
    /// When the system refuses, another service writes here, or the newest file of the log was changed.
    pub fn open(folder: &Path, limit: u64) -> Result<Self, Unfit> {
        let system = |error: io::Error| Unfit::System(folder.to_owned(), error);
        create_folder(folder).map_err(system)?;
        let lock = own().write(true).create(true).truncate(false).open(folder.join(".lock"));
        let lock = lock.map_err(system)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => Unfit::Taken,
            fs::TryLockError::Error(error) => system(error),
        })?;
        let mut log = Self {
            folder: folder.to_owned(),
            limit,
            link: Link::START,
            after: None,
            set_aside: None,
            open: None,
            _lock: lock,
        };
        log.resume().map_err(|unfit| match unfit {
            Unfit::System(_, error) => system(error),
            Unfit::Taken | Unfit::Broken(_) => unfit,
        })?;
        Ok(log)
    }

    /// Finds where the log ends. Only the newest file is read, from its own first record on, and the last record before it.
    fn resume(&mut self) -> Result<(), Unfit> {
        let system = |error: io::Error| Unfit::System(PathBuf::new(), error);
        let mut files = files_of(&self.folder).map_err(system)?;
        while let Some(newest) = files.pop() {
            let before = match files.last() {
                Some(file) => last_of(file).map_err(system)?,
                None => None,
            };
            if self.resume_in(&newest, before)? {
                return Ok(());
            }
            // Nothing of it was whole: it is beside the log now, and the one before is the newest.
        }
        Ok(())
    }

    /// Goes on behind the last whole record of a file; false where it has none.
    fn resume_in(&mut self, path: &Path, before: Option<Link>) -> Result<bool, Unfit> {
        let system = |error: io::Error| Unfit::System(PathBuf::new(), error);
        let mut reading = Reading::of_file(path, before).map_err(system)?;
        let (mut whole, mut last) = (0, None);
        let broken = loop {
            match reading.next() {
                None => break None,
                Some(Ok(line)) => {
                    self.after = Some(match line.record.says {
                        Says::Ends(_) => After::Ended,
                        Says::Begins(_) | Says::Answer(_) | Says::Publication(_) | Says::Gap(_) => After::Stopped,
                    });
                    (whole, last) = (line.end, Some(line.link));
                }
                Some(Err(Broken { flaw: Flaw::System(error), .. })) => return Err(system(io::Error::other(error))),
                Some(Err(broken)) => break Some(broken),
            }
        };
        if let Some(broken) = broken {
            // Behind what was cut nothing was written; where there is more, somebody changed what was whole.
            if reading.goes_on() {
                return Err(Unfit::Broken(broken));
            }
        }
        let length = fs::metadata(path).map_err(system)?.len();
        if length > whole {
            self.put_aside(path, whole, length).map_err(system)?;
        }
        let Some(link) = last else {
            fs::remove_file(path).map_err(system)?;
            return Ok(false);
        };
        self.link = link;
        let day = day_of(path);
        let file = File::options().read(true).write(true).open(path).map_err(system)?;
        self.open = day.map(|day| Open { tail: Tail::behind(file, whole), day });
        Ok(true)
    }

    /// Copies what is behind the last whole record into a file of its own, and then takes it away.
    fn put_aside(&mut self, path: &Path, whole: u64, length: u64) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut from = File::options().read(true).write(true).open(path)?;
        from.seek(SeekFrom::Start(whole))?;
        let beside = (0..u32::MAX).map(|count| format!("{name}.cut-{count}"));
        let mut free = beside.filter(|name| !self.folder.join(name).exists());
        let beside = free.next().ok_or(io::ErrorKind::AlreadyExists)?;
        let mut to = own().write(true).create_new(true).open(self.folder.join(&beside))?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()?;
        sync_names(&self.folder)?;
        from.set_len(whole)?;
        from.sync_all()?;
        self.set_aside = Some(SetAside { file: beside, bytes: length - whole });
        Ok(())
    }

    /// The file that takes these lines.
    fn file_for(&mut self, lines: &Lines<'_>) -> io::Result<&mut Open> {
        let (day, _) = clock::day(lines.at);
        let length = u64::try_from(lines.text.len()).unwrap_or(u64::MAX);
        let fits = |Open { tail, day: own }: &Open| *own == day && tail.length().saturating_add(length) <= self.limit;
        let open = match self.open.take() {
            // A file without a whole record takes anything: none is left empty.
            Some(open) if fits(&open) || open.tail.length() == 0 => open,
            mut old => {
                let path = self.folder.join(format!("{:012}-{day}{ENDING}", lines.first));
                let done = old.as_mut().map_or(Ok(()), |old| old.tail.sync());
                match done.and_then(|()| create(&path, &self.folder)) {
                    Ok(file) => Open { tail: Tail::behind(file, 0), day },
                    Err(error) => {
                        self.open = old;
                        return Err(error);
                    }
                }
            }
        };
        Ok(self.open.insert(open))
    }
}

/// For a file that nobody else may read: what people asked is their affair.
fn own() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The folder, and those above it that are missing. One that is there stays as it is.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn create(path: &Path, folder: &Path) -> io::Result<File> {
    let file = own().write(true).create_new(true).open(path)?;
    if let Err(error) = sync_names(folder) {
        // It would be in the way when the same is tried again.
        let _ = fs::remove_file(path);
        return Err(error);
    }
    Ok(file)
}

/// The last record of a file, which is not checked further.
fn last_of(path: &Path) -> io::Result<Option<Link>> {
    let mut last = None;
    for line in Reading::of_file(path, None)? {
        match line {
            Ok(line) => last = Some(line.link),
            Err(_) => break,
        }
    }
    Ok(last)
}

/// `000000000001-2026-11-23.ndjson`: the day.
fn day_of(path: &Path) -> Option<Date> {
    let Place { day, .. } = Place::of(path)?;
    Some(day)
}

impl Sink for Folder {
    fn name(&self) -> &'static str {
        "file"
    }

    fn link(&self) -> Link {
        self.link
    }

    fn left_over(&self) -> Option<After> {
        self.after
    }

    fn set_aside(&self) -> Option<SetAside> {
        self.set_aside.clone()
    }

    fn write(&mut self, lines: Lines<'_>) -> io::Result<()> {
        self.file_for(&lines)?.tail.add(lines.text)?;
        self.link = lines.link;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.open.as_mut().map_or(Ok(()), |open| open.tail.sync())
    }
}

#[cfg(unix)]
fn sync_names(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere the system keeps names in a journal of its own, and opens no folder.
#[cfg(not(unix))]
fn sync_names(_: &Path) -> io::Result<()> {
    Ok(())
}
