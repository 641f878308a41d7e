//! What is known of an open connection: since when nothing has moved on it, since when a head or an answer is under way.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use crate::server::framing::Part;
use crate::server::{Settings, clock};

/// What is known of an open connection.
///
/// Bytes and requests come several to a look at a connection: they only leave a mark, and after the look the clock is read
/// once for all of them.
pub(super) struct Link {
    opened: Instant,
    /// Something was read or written, or an answer was done, and the time of it is not noted yet.
    stirred: AtomicBool,
    /// Milliseconds from `opened` to when something last moved.
    moved: AtomicU64,
    /// One more than the milliseconds from `opened` to the first byte of a head that is not complete; none where there is none.
    begun: AtomicU64,
    /// The same of a body.
    body: AtomicU64,
    /// Requests being answered.
    busy: AtomicU32,
    /// One more than the milliseconds from `opened` to when an answer first had to wait for its reader; none where none had to.
    blocked: AtomicU64,
    /// Bytes written since then.
    taken: AtomicU64,
    /// Told to make room, or that the service ends.
    pub(super) leave: AtomicBool,
    /// Told to come to an end with what is under way.
    pub(super) finish: AtomicBool,
    /// The task of the connection, once it runs.
    task: Mutex<Option<Waker>>,
}

/// In `begun` and `body`: it began, and the time of it is not noted yet.
const JUST_NOW: u64 = u64::MAX;

/// Bytes a second: whoever takes a long answer more slowly does not get the rest of it.
const SLOWEST: u64 = 4 << 10;

impl Link {
    pub(super) fn new() -> Self {
        Self {
            opened: clock::instant(),
            stirred: AtomicBool::new(false),
            moved: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            body: AtomicU64::new(0),
            busy: AtomicU32::new(0),
            blocked: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            leave: AtomicBool::new(false),
            finish: AtomicBool::new(false),
            task: Mutex::new(None),
        }
    }

    fn touch(&self) {
        self.stirred.store(true, Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Bytes came, behind which a part of a request is under way.
    pub(super) fn read(&self, part: Part) {
        self.touch();
        let begins = |mark: &AtomicU64| {
            if mark.load(Ordering::Relaxed) == 0 {
                mark.store(JUST_NOW, Ordering::Relaxed);
            }
        };
        match part {
            Part::Nothing => {}
            Part::Head if self.busy.load(Ordering::Relaxed) == 0 => begins(&self.begun),
            Part::Head => {}
            Part::Body => return begins(&self.body),
        }
        if self.body.load(Ordering::Relaxed) != 0 {
            self.body.store(0, Ordering::Relaxed);
        }
    }

    /// A request came.
    pub(super) fn asked(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
        self.begun.store(0, Ordering::Relaxed);
        if self.blocked.load(Ordering::Relaxed) != 0 {
            self.blocked.store(0, Ordering::Relaxed);
        }
    }

    /// An answer was done.
    pub(super) fn answered(&self) {
        self.touch();
        // Who sees no request sees that something moved.
        self.busy.fetch_sub(1, Ordering::Release);
    }

    /// So many bytes of an answer were taken, or none while it waits for its reader.
    pub(super) fn wrote(&self, bytes: Option<usize>) {
        match bytes {
            Some(bytes) => {
                self.touch();
                if self.blocked.load(Ordering::Relaxed) != 0 {
                    self.taken.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
                }
            }
            None if self.blocked.load(Ordering::Relaxed) == 0 => {
                self.taken.store(0, Ordering::Relaxed);
                self.blocked.store(self.age() + 1, Ordering::Relaxed);
            }
            None => {}
        }
    }

    /// How long ago a mark was set; nothing where there is none.
    fn since(&self, mark: &AtomicU64) -> Duration {
        let at = mark.load(Ordering::Relaxed);
        let at = at.checked_sub(1).filter(|_| at != JUST_NOW);
        at.map_or(Duration::ZERO, |at| Duration::from_millis(self.age().saturating_sub(at)))
    }

    /// For how long an answer has been waiting for its reader, if it is taken more slowly than [`SLOWEST`].
    fn slow(&self) -> Duration {
        let since = self.since(&self.blocked);
        let taken = u128::from(self.taken.load(Ordering::Relaxed)) * 1_000;
        if taken < u128::from(SLOWEST) * since.as_millis() { since } else { Duration::ZERO }
    }

    /// For how long the connection has been of use to nobody: it is silent, or its client keeps others waiting. While an answer is
    /// made of what has come it is of use.
    pub(super) fn idle(&self) -> Duration {
        if self.busy.load(Ordering::Acquire) > 0 {
            return self.since(&self.body);
        }
        self.silent().max(self.since(&self.begun)).max(self.slow())
    }

    /// Completes when the connection is told to leave or to finish.
    pub(super) async fn told(&self) {
        poll_fn(|context| {
            self.listen(context.waker());
            let told = self.leave.load(Ordering::Relaxed) || self.finish.load(Ordering::Relaxed);
            if told { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Notes the time of what left a mark.
    pub(super) fn note(&self) {
        if !self.stirred.load(Ordering::Relaxed) {
            return;
        }
        let age = self.age();
        for mark in [&self.begun, &self.body] {
            if mark.load(Ordering::Relaxed) == JUST_NOW {
                mark.store(age + 1, Ordering::Relaxed);
            }
        }
        self.moved.store(age, Ordering::Relaxed);
        // Who sees the mark gone sees the time.
        self.stirred.store(false, Ordering::Release);
    }

    /// Tells the connection something, one of its two flags.
    pub(super) fn tell(&self, flag: &AtomicBool) {
        // Under the lock: a task that begins to listen meanwhile sees it.
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        flag.store(true, Ordering::Relaxed);
        if let Some(task) = &*task {
            task.wake_by_ref();
        }
    }

    /// The task to wake, which is the same for as long as the connection is open.
    pub(super) fn listen(&self, task: &Waker) {
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.clone());
    }

    /// How long the connection may go on as it is; nothing when its time is up.
    pub(super) fn left(&self, settings: &Settings) -> Duration {
        if self.slow() >= settings.silent {
            return Duration::ZERO;
        }
        // A head may begin in a moment.
        let head = settings.header.saturating_sub(self.since(&self.begun));
        settings.silent.saturating_sub(self.silent()).min(head)
    }

    /// For how long nothing has moved; nothing while a request is being answered.
    fn silent(&self) -> Duration {
        if self.busy.load(Ordering::Acquire) > 0 || self.stirred.load(Ordering::Acquire) {
            return Duration::ZERO;
        }
        Duration::from_millis(self.age().saturating_sub(self.moved.load(Ordering::Relaxed)))
    }
}
