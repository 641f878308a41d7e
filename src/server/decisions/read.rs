//! Reading a log of decisions, a line at a time: files in their order, or rows, each record held against the one before. Holds
//! no more than one line, and knows no database.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::file::ENDING;
use super::record::{self, Flaw, LONGEST, Link, Record};

/// A record where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub record: Record,
    pub link: Link,
    /// Where it ends in its file, in bytes.
    pub end: u64,
    /// A chain begins anew here, behind another one.
    pub begins_anew: bool,
}

/// A place at which a log is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The file, as it was named; of rows their address.
    pub file: String,
    /// From 1; of rows the number of the record.
    pub line: u64,
    pub flaw: Flaw,
}

/// What the name of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of its first record.
    pub(super) first: u64,
    pub(super) day: Date,
}

impl Place {
    /// `000000000001-2026-11-23.ndjson`
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
        let (first, day) = name.split_once('-')?;
        Some(Self { first: first.parse().ok()?, day: day.parse().ok()? })
    }
}

/// The files of a log in a folder, the oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn files_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        files.extend(Place::of(&path).map(|place| (place.first, path)));
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The lines of one chain that lie elsewhere than in a file, each in a place of its own.
pub(super) trait Rows {
    /// The next line, without an end, and the number under which it is kept.
    ///
    /// # Errors
    /// When it cannot be read.
    fn next(&mut self) -> Result<Option<(u64, Vec<u8>)>, Flaw>;
}

/// Where lines come from.
enum Input<'a> {
    Bytes(Box<dyn BufRead + 'a>),
    Rows(Box<dyn Rows + 'a>),
}

/// The lines of one or more files, of a stream, or of rows.
pub struct Lines<'a> {
    /// Those that are not open yet, the last one first.
    waiting: Vec<PathBuf>,
    open: Option<(String, Input<'a>)>,
    line: u64,
    end: u64,
    /// Where the last record stands: its file and line.
    last: Option<(String, u64)>,
    link: Option<Link>,
    /// Something was read already.
    is_under_way: bool,
    is_over: bool,
}

impl std::fmt::Debug for Lines<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Lines").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

impl<'a> Lines<'a> {
    fn new(waiting: Vec<PathBuf>, link: Option<Link>) -> Self {
        Self { waiting, open: None, line: 0, end: 0, last: None, link, is_under_way: false, is_over: false }
    }

    /// The records of files and of the files of folders, in this order.
    ///
    /// # Errors
    /// When a folder cannot be read, or holds no log.
    pub fn of(paths: &[PathBuf]) -> io::Result<Self> {
        let mut files = Vec::new();
        for path in paths {
            if path.is_dir() {
                let own = files_of(path)?;
                if own.is_empty() {
                    return Err(io::ErrorKind::NotFound.into());
                }
                files.extend(own);
            } else {
                files.push(path.clone());
            }
        }
        files.reverse();
        Ok(Self::new(files, None))
    }

    /// Those of a stream.
    #[must_use]
    pub fn of_stream(input: impl BufRead + 'a) -> Self {
        Self { open: Some(("-".to_owned(), Input::Bytes(Box::new(input)))), ..Self::new(Vec::new(), None) }
    }

    /// Those of rows, which are called so.
    pub(super) fn of_rows(name: String, rows: impl Rows + 'a) -> Self {
        Self { open: Some((name, Input::Rows(Box::new(rows)))), ..Self::new(Vec::new(), None) }
    }

    /// Those of one file that goes on behind a record, where one is known.
    pub(super) fn of_file(path: &Path, link: Option<Link>) -> io::Result<Self> {
        fs::metadata(path)?;
        Ok(Self::new(vec![path.to_owned()], link))
    }

    fn broken(&self, flaw: Flaw) -> Broken {
        let file = self.open.as_ref().map_or_else(String::new, |(name, _)| name.clone());
        Broken { file, line: self.line, flaw }
    }

    /// The next whole line without its end; of the last one it may be missing, which is told.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Broken> {
        loop {
            if self.open.is_none() {
                let Some(path) = self.waiting.pop() else { return Ok(None) };
                let name = path.display().to_string();
                (self.line, self.end) = (0, 0);
                let file = File::open(&path).map_err(|error| Broken {
                    file: name.clone(),
                    line: 0,
                    flaw: Flaw::System(error.to_string()),
                })?;
                self.open = Some((name, Input::Bytes(Box::new(BufReader::with_capacity(1 << 16, file)))));
            }
            let mut line = Vec::new();
            let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
            self.line += 1;
            let read = match self.open.as_mut() {
                Some((_, Input::Rows(rows))) => match rows.next() {
                    Ok(Some((number, line))) => {
                        self.line = number;
                        return Ok(Some(line));
                    }
                    Ok(None) => Some(Ok(0)),
                    Err(flaw) => return Err(self.broken(flaw)),
                },
                Some((_, Input::Bytes(file))) => Some(file.take(most).read_until(b'\n', &mut line)),
                None => None,
            };
            match read {
                Some(Err(error)) => return Err(self.broken(Flaw::System(error.to_string()))),
                None | Some(Ok(0)) => self.open = None,
                Some(Ok(count)) => {
                    self.end += u64::try_from(count).unwrap_or(u64::MAX);
                    return match line.pop() {
                        Some(b'\n') => Ok(Some(line)),
                        _ if count > LONGEST => Err(self.broken(Flaw::TooLong)),
                        _ => Err(self.broken(Flaw::Cut)),
                    };
                }
            }
        }
    }

    fn record(&mut self) -> Result<Option<Line>, Broken> {
        let Some(text) = self.line()? else { return Ok(None) };
        let mut found = record::read(&text, self.link.as_ref());
        let mut begins_anew = false;
        if matches!(found, Err(Flaw::Chain)) && self.is_under_way {
            // A stream knows nothing of what came before the service was started.
            let alone = record::read(&text, None);
            if alone.as_ref().is_ok_and(|(record, _)| record.is_first()) {
                (found, begins_anew) = (alone, true);
            }
        }
        if found == Err(Flaw::Chain) {
            return Err(self.unchained(&text));
        }
        let (record, link) = found.map_err(|flaw| self.broken(flaw))?;
        if matches!(self.open, Some((_, Input::Rows(_)))) && record.n != self.line {
            return Err(self.broken(Flaw::Number { expected: self.line, found: record.n }));
        }
        (self.link, self.is_under_way) = (Some(link), true);
        self.last = self.open.as_ref().map(|(file, _)| (file.clone(), self.line));
        Ok(Some(Line { record, link, end: self.end, begins_anew }))
    }

    /// Which of two lines was changed that do not fit: the second one is as it was written if the one behind it says so.
    fn unchained(&mut self, text: &[u8]) -> Broken {
        let here = self.broken(Flaw::Chain);
        let Ok((_, link)) = record::read(text, None) else { return here };
        let Ok(Some(next)) = self.line() else { return here };
        match (record::read(&next, Some(&link)), self.last.take()) {
            (Ok(_), Some((file, line))) => Broken { file, line, flaw: Flaw::Changed },
            (Ok(_), None) | (Err(Flaw::Number { .. }), _) => here,
            (Err(_), _) => Broken { flaw: Flaw::Changed, ..here },
        }
    }

    /// Whether a record follows somewhere behind a broken place. Reads to the end.
    pub(super) fn goes_on(&mut self) -> bool {
        loop {
            match self.line() {
                Ok(None) => return false,
                Ok(Some(text)) if record::read(&text, None).is_ok() => return true,
                Ok(Some(_)) => {}
                Err(Broken { flaw: Flaw::System(_), .. }) => return true,
                Err(_) => {}
            }
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, Broken>;

    /// Ends behind the first place that is broken.
    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.record();
        self.is_over = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}
