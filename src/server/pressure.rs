//! Whether the service is behind: whether what is ready to be done waits long before it is done. A probe asks to be woken every
//! now and then, and then stands in line as requests do; how late it comes to its turn is how long they wait. Knows nothing of
//! requests.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(20);
/// So many looks in a row have to be late: a standing queue, and no moment's.
const LOOKS: u32 = 3;

/// Of so many requests.
const ALL: u32 = 256;
/// Some are always taken.
const LEAST: u32 = 8;
/// So many more are taken after a look in time; after a late one an eighth less.
const MORE: u32 = 12;

/// What the probe found: how many of [`ALL`] requests are taken.
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

    /// Looks for ever.
    pub(super) async fn probe(&self, late: Duration) {
        let mut looks = Looks::default();
        loop {
            let due = Instant::now() + PERIOD;
            sleep_until(due).await;
            in_line().await;
            self.share.store(looks.tell(due.elapsed() > late), Ordering::Relaxed);
        }
    }
}

/// Waits for everything that is ready. Whom the clock wakes goes before all others; whoever wakes himself goes behind them
/// (`tokio::task::yield_now` waits for something else: for a moment in which nothing is ready).
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

/// How many looks in a row were late, and how many requests are taken after them.
#[derive(Debug)]
struct Looks {
    late: u32,
    share: u32,
}

impl Default for Looks {
    fn default() -> Self {
        Self { late: 0, share: ALL }
    }
}

impl Looks {
    fn tell(&mut self, late: bool) -> u32 {
        self.late = if late { self.late.saturating_add(1) } else { 0 };
        if !late {
            self.share = ALL.min(self.share + MORE);
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

    #[test]
    fn a_standing_queue_is_told_from_a_moments() {
        let mut looks = Looks::default();
        let told = [true, true, false, true, true, true, true, false, true, false, false, false, false];
        let shares: Vec<u32> = told.map(|late| looks.tell(late)).into();
        assert_eq!(shares, [256, 256, 256, 256, 256, 224, 196, 208, 208, 220, 232, 244, 256]);
        assert!((0..1_000).map(|_| looks.tell(true)).last() == Some(LEAST), "some are always taken");
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
