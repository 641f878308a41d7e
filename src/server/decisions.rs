//! The log of decisions: each answer that was given, in a chain of lines in which each holds the hash of the one before. What
//! requests hand over is written by a thread of its own; nobody who asks waits for it. Where it cannot be written the service
//! goes on answering, counts what is lost, and puts the gap into the log when it can write again; nothing is published
//! meanwhile. Knows no resource.

pub mod file;
pub mod postgres;
pub mod read;
pub mod record;
pub mod salt;
pub mod section;
pub mod sink;
pub mod stream;
mod writer;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use jiff::Timestamp;

use super::clock;
use super::request::Id;
use crate::digest::Digest;
use crate::library::Library;
use crate::reading::logged::{Question as LoggedQuestion, Ruling as LoggedRuling, Told};
use crate::reading::report;
use crate::rulebook::Domain;
use crate::ruling::{Answer, Question};
use crate::syntax::tree::Language;
use record::{Begins, Publication, Via};
use salt::Salt;
use sink::{Head, Sink};
use writer::Writer;

/// How a log is kept; the default is for use, others are for tests.
#[derive(Debug, Clone)]
pub struct Pace {
    /// So many answers wait to be written; beyond them they are lost, and counted.
    pub queue: usize,
    /// The writer looks so often for answers.
    pub look: Duration,
    /// A power cut takes what was answered in the last so long, and in the time that a sync takes.
    pub sync: Duration,
    /// After a failure the writer tries again so long after.
    pub retry: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            queue: 1 << 14,
            look: Duration::from_millis(20),
            sync: Duration::from_secs(1),
            retry: Duration::from_secs(1),
        }
    }
}

/// What of answers is logged, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    pub salt: Salt,
    /// Of so many answers one is logged; 1 is all.
    pub one_in: u64,
    /// Numbers and days that are logged as they are. Ids of facts, sorted.
    pub open: Vec<String>,
    /// Enumerated facts and truth values that are hidden. Ids of facts, sorted.
    pub personal: Vec<String>,
}

impl Plan {
    /// What stands for the value of a fact in the log, where it is hidden.
    fn hidden(&self, id: &str, domain: &Domain, value: &str) -> Option<String> {
        let is_personal = match domain {
            Domain::Boolean | Domain::One { .. } | Domain::Many { .. } | Domain::LevelOrNone => {
                self.personal.iter().any(|one| one == id)
            }
            Domain::Number { .. } | Domain::Date => !self.open.iter().any(|one| one == id),
        };
        is_personal.then(|| self.salt.fact(id, value))
    }

    /// What is logged of an answer, as it stands in the log.
    fn told(&self, library: &Library, entry: Option<u32>, question: &Question, answer: &Answer) -> String {
        let hide = |id: &str, domain: &Domain, value: &str| self.hidden(id, domain, value);
        let told = Told {
            version: library.version.clone(),
            entry,
            question: LoggedQuestion::of(&library.rulebook, question, &hide),
            ruling: LoggedRuling::of(&library.rulebook, answer),
        };
        report::json(&told).to_string()
    }

    fn begins(&self, to: &str) -> Begins {
        Begins {
            format: record::FORMAT,
            to: to.to_owned(),
            salt: self.salt.id(),
            one_in: self.one_in,
            open: self.open.clone(),
            personal: self.personal.clone(),
            after: None,
            set_aside: None,
        }
    }
}

/// An answer as requests hand it over: written already, or yet to be.
pub(super) enum Answered {
    Written(Arc<str>),
    Given { library: Arc<Library>, entry: Option<u32>, question: Box<Question>, ruling: Given },
}

/// The answer to a question: perhaps another's of the same ruling.
pub(super) enum Given {
    Kept(Arc<super::answers::Ruling>),
    Own(Box<Answer>),
}

impl Given {
    fn answer(&self) -> &Answer {
        match self {
            Self::Kept(ruling) => &ruling.answer,
            Self::Own(answer) => answer,
        }
    }
}

/// From whom and where an answer was asked.
pub(super) struct From {
    pub(super) request: Option<Id>,
    pub(super) via: Via,
    /// The line of a batch.
    pub(super) line: Option<usize>,
    /// Who asked, where the service knows.
    pub(super) by: Option<Arc<str>>,
}

/// An answer in the queue.
struct Note {
    at: Timestamp,
    from: From,
    answered: Answered,
}

/// A publication; whoever wants it waits for its record to be kept.
struct Announced {
    at: Timestamp,
    publication: Publication,
    done: SyncSender<Result<(), String>>,
}

/// So many publications wait at once.
const ANNOUNCED: usize = 64;

/// How the log is doing, for those who watch the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doing {
    /// Records that are in the log since the service started.
    pub written: u64,
    /// Answers that are missing in it since then.
    pub lost: u64,
    /// Number and hash of the last record: kept elsewhere they tell later whether the log was cut behind it.
    pub last: (u64, Digest),
    /// Why nothing can be written, and since when.
    pub failing: Option<(Timestamp, String)>,
}

/// What both sides of the queue know.
#[derive(Debug)]
struct Shared {
    written: AtomicU64,
    lost: AtomicU64,
    is_closing: AtomicBool,
    /// What is lost and not yet in the log: how many, and from when to when.
    gap: Mutex<Option<Gap>>,
    state: Mutex<(Head, Option<(Timestamp, String)>)>,
    language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gap {
    lost: u64,
    since: Timestamp,
    until: Timestamp,
}

/// Nothing is left half done by whoever panicked with it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn lose(&self, at: Timestamp) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        let mut gap = locked(&self.gap);
        let before = gap.unwrap_or(Gap { lost: 0, since: at, until: at });
        *gap = Some(Gap { lost: before.lost + 1, until: before.until.max(at), ..before });
    }
}

/// A log of decisions that is being written.
#[derive(Clone)]
pub struct Decisions(Arc<Inner>);

struct Inner {
    plan: Arc<Plan>,
    to: &'static str,
    queue: SyncSender<Note>,
    announced: SyncSender<Announced>,
    shared: Arc<Shared>,
    writer: Thread,
    handle: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Decisions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Decisions").field("to", &self.0.to).finish_non_exhaustive()
    }
}

impl Decisions {
    /// Goes on with the log of a sink.
    ///
    /// # Errors
    /// When no thread can be made.
    pub fn new(sink: Box<dyn Sink>, plan: Plan, pace: Pace, language: Language) -> std::io::Result<Self> {
        let (queue, notes) = sync_channel(pace.queue);
        let (announced, announcements) = sync_channel(ANNOUNCED);
        let (plan, to) = (Arc::new(plan), sink.name());
        let shared = Arc::new(Shared {
            written: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            is_closing: AtomicBool::new(false),
            gap: Mutex::new(None),
            state: Mutex::new((sink.head(), None)),
            language,
        });
        let begins = Begins { after: sink.left_over(), set_aside: sink.set_aside(), ..plan.begins(to) };
        let (own, desk) = (Arc::clone(&plan), Arc::clone(&shared));
        let writer = Writer::new((sink, begins), (notes, announcements), own, desk, pace);
        let handle = thread::Builder::new().name("decisions".to_owned()).spawn(move || writer.run())?;
        let thread = handle.thread().clone();
        let handle = Mutex::new(Some(handle));
        Ok(Self(Arc::new(Inner { plan, to, queue, announced, shared, writer: thread, handle })))
    }

    /// Whether an answer is one of those that are logged. The same request is always judged alike.
    pub(super) fn wants(&self, request: Option<&Id>, line: Option<usize>) -> bool {
        let Plan { one_in, salt, .. } = &*self.0.plan;
        if *one_in < 2 {
            return true;
        }
        // What has no id is under no request, and there is no such answer.
        request.is_none_or(|id| id.with_text(|text| salt.draws(text, line, *one_in)))
    }

    /// Hands an answer over. Never waits.
    pub(super) fn note(&self, from: From, answered: Answered) {
        let at = clock::now();
        if self.0.queue.try_send(Note { at, from, answered }).is_err() {
            self.0.shared.lose(at);
        }
    }

    /// What is logged of an answer that will be given more than once.
    pub(super) fn written(
        &self,
        (library, entry): (&Library, Option<u32>),
        question: &Question,
        answer: &Answer,
    ) -> Arc<str> {
        self.0.plan.told(library, entry, question, answer).into()
    }

    /// Puts a publication into the log, and returns when a power cut does not take it back. May wait.
    ///
    /// # Errors
    /// Why it cannot be written: then nothing must be published.
    pub fn publication(&self, publication: Publication) -> Result<(), String> {
        let (done, written) = sync_channel(1);
        let announced = Announced { at: clock::now(), publication, done };
        self.0.announced.try_send(announced).map_err(|error| self.why().unwrap_or_else(|| error.to_string()))?;
        self.0.writer.unpark();
        written.recv().unwrap_or_else(|error| Err(error.to_string()))
    }

    /// Whether what is answered now is logged, as far as is known.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.why().is_none() && !self.0.shared.is_closing.load(Ordering::Acquire)
    }

    fn why(&self) -> Option<String> {
        locked(&self.0.shared.state).1.as_ref().map(|(_, why)| why.clone())
    }

    #[must_use]
    pub fn doing(&self) -> Doing {
        let shared = &self.0.shared;
        let (head, failing) = locked(&shared.state).clone();
        Doing {
            written: shared.written.load(Ordering::Relaxed),
            lost: shared.lost.load(Ordering::Relaxed),
            last: (head.number, head.hash),
            failing,
        }
    }

    /// Where it goes: `file`, `stdout`, `postgres`.
    #[must_use]
    pub fn to(&self) -> &'static str {
        self.0.to
    }

    /// Writes what waits, says in the log that it ends here, and returns when all of it is kept. What is answered later is lost.
    pub fn close(&self) {
        self.0.shared.is_closing.store(true, Ordering::Release);
        self.0.writer.unpark();
        let handle = locked(&self.0.handle).take();
        if let Some(handle) = handle {
            let _ = handle.join();
        }
    }
}
