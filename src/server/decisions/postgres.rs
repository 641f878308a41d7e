//! The log of decisions in PostgreSQL: one table, in which each service has a chain of its own. Records are only ever added, by
//! one statement for all that waits, and only behind the record that this service added last. The session that adds them holds
//! the lock of the chain; whether or not it still has it, nothing is put behind what somebody else wrote.
//!
//! Where a session is lost in the middle of a statement nobody knows what became of it. Then that session is ended on the
//! server, another one takes the lock, and the end of the chain tells.

mod session;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use self::session::{Refused, Session};
use super::read::{self, Broken, Line, Lines as Reading};
use super::record::{After, Flaw, LONGEST, Link, Says};
use super::sink::{Lines, Sink, Standing};
use crate::store::fault::Fault;
use crate::store::postgres::Address;
use crate::store::postgres::worker::Worker;
use crate::syntax::tree::Language;

/// For the tables, the lock and the end of a chain.
const OPENING: Duration = Duration::from_secs(30);
/// For records; the server ends it earlier.
const WRITING: Duration = Duration::from_secs(15);
/// To find out where a chain ends after a session was lost.
const SETTLING: Duration = Duration::from_secs(20);
/// For rows that are read.
const READING: Duration = Duration::from_secs(15);

/// So many records at the end of a chain are checked before it is gone on with.
const TAIL: u64 = 1 << 10;

/// Why there is no chain that can be gone on with, or read.
#[derive(Debug)]
pub enum Unfit {
    /// What the database says.
    Database(Fault),
    /// Another service writes this chain.
    Taken,
    /// What was written was changed.
    Broken(Broken),
    /// There is none.
    Missing,
    /// Which one is meant is not said, and these are there.
    Several(Vec<String>),
}

/// A chain that is being written.
#[derive(Debug)]
pub struct Chain {
    worker: Worker,
    session: Arc<Session>,
    link: Link,
    after: Option<After>,
    /// Where the chain stands if the lines that failed last are there all the same.
    perhaps: Option<Link>,
    /// The database refused what was written last, and may do so again.
    is_refused: bool,
}

/// Somebody else wrote behind the last record, or took some away.
#[derive(Debug)]
struct Displaced(String);

impl std::error::Error for Displaced {}

impl std::fmt::Display for Displaced {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.words(Language::English))
    }
}

impl Displaced {
    fn words(&self, language: Language) -> String {
        let chain = &self.0;
        match language {
            Language::Vietnamese => format!(
                "chuỗi `{chain}` không còn kết thúc ở bản ghi mà dịch vụ này ghi cuối cùng: có người khác đã ghi hoặc xóa"
            ),
            Language::English => format!(
                "the chain `{chain}` does not end with what this service wrote last: somebody else wrote there, or took records away"
            ),
        }
    }
}

impl Chain {
    /// Goes on with a chain, which begins where there is none; makes the tables where there are none.
    ///
    /// # Errors
    /// When the database refuses, another service writes this chain, or its end was changed.
    pub fn open(address: &Address) -> Result<Self, Unfit> {
        let chain = address.chain().ok_or(Unfit::Missing)?.to_owned();
        let database = |error: &io::Error| Unfit::Database(Fault::of(&address.to_string(), error));
        let worker = Worker::new("decisions").map_err(|error| database(&error))?;
        let session = Arc::new(Session::new(address.clone(), chain));
        let own = Arc::clone(&session);
        let opened = worker.wait(OPENING, async move { own.begin().await });
        let head = opened.unwrap_or_else(|| Err(session.late())).map_err(|error| {
            let fault = Fault::of(&address.to_string(), &error);
            if matches!(fault, Fault::Busy(_)) { Unfit::Taken } else { Unfit::Database(fault) }
        })?;
        let (mut link, mut after) = (Link::START, None);
        for line in Rows::of(address, head.saturating_sub(TAIL)).map_err(|error| database(&error))?.lines() {
            let Line { record, link: own, .. } = line.map_err(|broken| match broken.flaw {
                Flaw::System(said) => Unfit::Database(Fault::System { name: address.to_string(), said }),
                Flaw::Unreadable(_) | Flaw::TooLong | Flaw::Changed | Flaw::Chain | Flaw::Number { .. } | Flaw::Cut => {
                    Unfit::Broken(broken)
                }
            })?;
            link = own;
            after = Some(match record.says {
                Says::Ends(_) => After::Ended,
                Says::Begins(_) | Says::Answer(_) | Says::Publication(_) | Says::Gap(_) => After::Stopped,
            });
        }
        Ok(Self { worker, session, link, after, perhaps: None, is_refused: false })
    }

    /// Adds lines once.
    fn add(&mut self, lines: &[String], behind: Link) -> io::Result<()> {
        let (session, lines, link) = (Arc::clone(&self.session), lines.to_vec(), self.link);
        let done = self.worker.wait(WRITING, async move { session.add(link, lines).await });
        let done = done.unwrap_or_else(|| Err(Refused::Perhaps(self.session.late())));
        self.is_refused = matches!(done, Err(Refused::Surely(_)));
        match done {
            Ok(()) => {
                self.link = behind;
                Ok(())
            }
            Err(Refused::Surely(error)) => Err(error),
            Err(Refused::Perhaps(error)) => {
                self.perhaps = Some(behind);
                Err(error)
            }
        }
    }
}

impl Sink for Chain {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn link(&self) -> Link {
        self.link
    }

    fn left_over(&self) -> Option<After> {
        self.after
    }

    fn write(&mut self, lines: Lines<'_>) -> io::Result<()> {
        let text = std::str::from_utf8(lines.text).map_err(|_| io::ErrorKind::InvalidData)?;
        let own: Vec<String> = text.lines().map(str::to_owned).collect();
        let refused = match self.add(&own, lines.link) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if self.perhaps.is_none() {
            return Err(refused);
        }
        // A session that is lost is no reason to wait: mostly there is another one at once.
        match self.settle()? {
            Standing::There => Ok(()),
            Standing::Ready | Standing::Untried => self.add(&own, lines.link),
        }
    }

    fn settle(&mut self) -> io::Result<Standing> {
        let (session, link, perhaps) = (Arc::clone(&self.session), self.link, self.perhaps);
        let ends = self.worker.wait(SETTLING, async move { session.ends(link, perhaps).await });
        let ends = ends.unwrap_or_else(|| Err(self.session.late()))?;
        let is_there = self.perhaps.take() == Some(ends);
        self.link = ends;
        Ok(match (is_there, self.is_refused) {
            (true, _) => Standing::There,
            (false, true) => Standing::Untried,
            (false, false) => Standing::Ready,
        })
    }

    /// What is written is what the database keeps.
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn words(&self, error: &io::Error, language: Language) -> String {
        let inner = error.get_ref();
        if let Some(displaced) = inner.and_then(|inner| inner.downcast_ref::<Displaced>()) {
            return displaced.words(language);
        }
        let fault = inner.and_then(|inner| inner.downcast_ref::<Fault>());
        match fault {
            Some(Fault::Busy(_)) => taken_words(language).to_owned(),
            Some(fault) => fault.words(language),
            None => error.to_string(),
        }
    }
}

/// What is said where another service writes a chain.
pub(super) const fn taken_words(language: Language) -> &'static str {
    match language {
        Language::Vietnamese => "một dịch vụ khác đang ghi chuỗi này; mỗi dịch vụ cần chuỗi riêng",
        Language::English => "another service writes this chain; give each one a chain of its own",
    }
}

/// The records of a chain, the oldest first, as they are in the database now.
///
/// # Errors
/// When the database refuses, or it is not clear which chain is meant.
pub fn lines(address: &Address) -> Result<Reading<'static>, Unfit> {
    let unread = |error: io::Error| {
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        if is_missing { Unfit::Missing } else { Unfit::Database(Fault::of(&address.to_string(), &error)) }
    };
    if address.chain().is_some() {
        let mut rows = Rows::of(address, 0).map_err(unread)?;
        // Whether there are any is asked now and not when they are read.
        rows.turn().map_err(unread)?;
        return if rows.page.as_slice().is_empty() { Err(Unfit::Missing) } else { Ok(rows.lines()) };
    }
    let worker = Worker::new("reading").map_err(unread)?;
    let own = address.clone();
    let names = worker.wait(READING, async move { session::chains(&own).await });
    let names = names.unwrap_or_else(|| Err(session::late(address))).map_err(unread)?;
    match names.as_slice() {
        [] => Err(Unfit::Missing),
        [name] => lines(&address.clone().with_chain(name)),
        _ => Err(Unfit::Several(names)),
    }
}

/// Rows of a chain, a page of them at a time.
#[derive(Debug)]
struct Rows {
    worker: Worker,
    session: Arc<session::Reader>,
    name: String,
    /// The number of the last one that was asked for.
    last: i64,
    page: std::vec::IntoIter<(i64, Option<String>)>,
    is_over: bool,
}

impl Rows {
    /// Those behind a number.
    fn of(address: &Address, behind: u64) -> io::Result<Self> {
        let (worker, session) = (Worker::new("reading")?, Arc::new(session::Reader::new(address.clone())));
        let last = i64::try_from(behind).unwrap_or(i64::MAX);
        let page = Vec::new().into_iter();
        Ok(Self { worker, session, name: address.to_string(), last, page, is_over: false })
    }

    fn lines(self) -> Reading<'static> {
        Reading::of_rows(self.name.clone(), self)
    }

    /// The next page.
    fn turn(&mut self) -> io::Result<()> {
        let (session, last) = (Arc::clone(&self.session), self.last);
        let page = self.worker.wait(READING, async move { session.page(last, LONGEST).await });
        let page = page.unwrap_or_else(|| Err(self.session.late()))?;
        self.is_over = page.is_empty();
        self.last = page.last().map_or(last, |(number, _)| *number);
        self.page = page.into_iter();
        Ok(())
    }
}

impl read::Rows for Rows {
    fn next(&mut self) -> Result<Option<(u64, Vec<u8>)>, Flaw> {
        if self.page.as_slice().is_empty() && !self.is_over {
            self.turn().map_err(|error| Flaw::System(error.to_string()))?;
        }
        let Some((number, line)) = self.page.next() else { return Ok(None) };
        // The database holds that it is positive.
        let number = u64::try_from(number).unwrap_or_default();
        line.map(|line| Some((number, line.into_bytes()))).ok_or(Flaw::TooLong)
    }
}

/// Which chain is meant, where there are several.
pub(super) fn several_words(names: &[String], language: Language) -> String {
    let names = names.join(", ");
    match language {
        Language::Vietnamese => format!("có nhiều chuỗi: {names}; thêm chain=TÊN vào địa chỉ"),
        Language::English => format!("there are several chains: {names}; add chain=NAME to the address"),
    }
}
