//! Whether the service is behind: whether what is ready to be done waits long before it is done. Every now and then somebody
//! stands in line as requests do, in the line of all workers and in that of one; a thread watches how long that takes. Knows
//! nothing of requests.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(20);
/// So many looks in a row have to be late: a standing queue, and no moment's.
const LOOKS: u32 = 3;

/// Of so many requests.
const ALL: u32 = 256;
/// So many are always taken: to send somebody away is work too, and where so many ask that even this is too much, whoever sends
/// away nearly all would answer hardly anybody, and nobody sooner.
const LEAST: u32 = 64;
/// So many more are taken after a look in time, twice as many after the second in a row, and so on: whoever is behind feels its
/// way, and whoever is behind no more takes everything soon. After a late one it is an eighth less.
const MORE: u32 = 12;

/// What was seen: how many of [`ALL`] requests are taken.
#[derive(Debug)]
pub(super) struct Pressure {
    share: AtomicU32,
    asked: AtomicU32,
}

impl Default for Pressure {
    fn default() -> Self {
        Self { share: AtomicU32::new(ALL), asked: AtomicU32::new(0) }
    }
}

impl Pressure {
    /// Whether some requests are sent away.
    pub(super) fn is_behind(&self) -> bool {
        self.share.load(Ordering::Relaxed) < ALL
    }

    /// Whether a new request should be taken.
    pub(super) fn takes(&self) -> bool {
        let share = self.share.load(Ordering::Relaxed);
        // Spread evenly: the factor has no divisor in common with the whole.
        share >= ALL || self.asked.fetch_add(1, Ordering::Relaxed).wrapping_mul(157) % ALL < share
    }

    /// Looks from now on, in the runtime that calls this, until what is returned is dropped.
    pub(super) fn watch(self: &Arc<Self>, late: Duration) -> Watch {
        let (watch, over) = channel();
        let (pressure, runtime) = (Arc::clone(self), Handle::current());
        // A thread of its own: it need not wait for its turn to see that somebody else does.
        tokio::task::spawn_blocking(move || {
            let mut looks = Looks::default();
            while over.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                look(&runtime, late, |late| pressure.share.store(looks.tell(late), Ordering::Relaxed));
            }
        });
        Watch(watch)
    }
}

/// Whoever drops it ends the watch.
pub(super) struct Watch(#[expect(dead_code, reason = "the other end sees that it is gone")] Sender<()>);

/// One look: tells that it was in time, or that it is late, once for each time that it might have taken: who waits that long is
/// not only known when he is done.
fn look(runtime: &Handle, late: Duration, mut tell: impl FnMut(bool)) {
    let (done, seen) = channel();
    // Whoever comes from outside the workers goes behind those that all workers share, and under load that is nearly everybody.
    runtime.spawn(async move {
        in_line().await;
        // Where nobody listens any more there is nobody to tell.
        let _ = done.send(());
    });
    let mut waits = seen.recv_timeout(late);
    // Where the runtime ends it is neither seen nor late.
    if waits == Ok(()) {
        tell(false);
    }
    while waits == Err(RecvTimeoutError::Timeout) {
        tell(true);
        waits = seen.recv_timeout(late);
    }
}

/// Waits in a worker's own line, for everything that is ready there. Whom the clock wakes goes before all others; whoever wakes
/// himself goes behind them (`tokio::task::yield_now` waits for something else: for a moment in which nothing is ready).
async fn in_line() {
    let mut first = true;
    poll_fn(|context| {
        if std::mem::take(&mut first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

/// How many looks in a row were late, or in time, and how many requests are taken after them.
#[derive(Debug)]
struct Looks {
    late: u32,
    in_time: u32,
    share: u32,
}

impl Default for Looks {
    fn default() -> Self {
        Self { late: 0, in_time: 0, share: ALL }
    }
}

impl Looks {
    fn tell(&mut self, late: bool) -> u32 {
        (self.late, self.in_time) =
            if late { (self.late.saturating_add(1), 0) } else { (0, self.in_time.saturating_add(1)) };
        if !late {
            self.share = ALL.min(self.share.saturating_add(MORE.saturating_mul(self.in_time)));
        } else if self.late >= LOOKS {
            self.share = LEAST.max(self.share - self.share / 8);
        }
        self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On one worker, as each of many has it: what is ready when the probe is woken is done before its turn comes.
    #[test]
    fn whoever_stands_in_line_waits_for_all_that_is_ready() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
        let took = runtime.block_on(async {
            let probe = tokio::spawn(async {
                // Twenty that take a millisecond each, all ready before it.
                for _ in 0..20 {
                    tokio::spawn(async { std::thread::sleep(Duration::from_millis(1)) });
                }
                let begun = tokio::time::Instant::now();
                in_line().await;
                begun.elapsed()
            });
            probe.await.expect("no panic")
        });
        // The one that came last goes before.
        assert!(took >= Duration::from_millis(19), "{took:?}");
    }

    /// A worker's own line takes 256; all others wait elsewhere.
    #[test]
    fn who_waits_for_all_workers_is_seen_while_he_waits() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
        let looks = |many: u32| {
            let (begun, all) = channel();
            runtime.spawn(async move {
                // From within a worker, as what the system says is ready comes.
                for _ in 0..many {
                    tokio::spawn(async { std::thread::sleep(Duration::from_micros(100)) });
                }
                begun.send(()).expect("somebody waits");
            });
            all.recv().expect("no panic");
            let mut told = Vec::new();
            look(runtime.handle(), Duration::from_millis(50), |late| told.push(late));
            told
        };
        assert_eq!(looks(0), [false]);
        // A fifth of a second at least, most often a third.
        let told = looks(2_000);
        assert!(told.len() >= 2 && told.iter().all(|late| *late), "{told:?}");
        assert_eq!(looks(0), [false]);
    }

    #[test]
    fn a_standing_queue_is_told_from_a_moments() {
        let mut looks = Looks::default();
        let told = [true, true, false, true, true, true, true, false, true, false, false, false, false];
        let shares: Vec<u32> = told.map(|late| looks.tell(late)).into();
        assert_eq!(shares, [256, 256, 256, 256, 256, 224, 196, 208, 208, 220, 244, 256, 256]);
        assert!((0..1_000).map(|_| looks.tell(true)).last() == Some(LEAST), "some are always taken");
        assert_eq!((1..).find(|_| looks.tell(false) == ALL), Some(6), "and soon all of them");
    }

    #[test]
    fn so_many_are_taken_as_should_be() {
        for share in [LEAST, 1, 100, 255, ALL] {
            let pressure = Pressure::default();
            pressure.share.store(share, Ordering::Relaxed);
            let taken = (0..ALL * 3).filter(|_| pressure.takes()).count();
            assert_eq!(taken, usize::try_from(share * 3).expect("few"));
            assert_eq!(pressure.is_behind(), share < ALL);
        }
    }
}
