//! Whether the service is behind: whether what is ready to be done waits long before it is done. A probe asks to be woken every
//! now and then, and stands in line as requests do; how late it is woken is how long they wait. Knows nothing of requests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(20);
/// So many looks in a row have to be late: a standing queue, and no moment's.
const LOOKS: u32 = 5;

/// What the probe found.
#[derive(Debug, Default)]
pub(super) struct Pressure {
    behind: AtomicBool,
}

impl Pressure {
    /// Whether new requests should be sent away.
    pub(super) fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Relaxed)
    }

    /// Looks for ever. One look in time is enough for requests to be taken again.
    pub(super) async fn probe(&self, late: Duration) {
        let mut looks = Looks::default();
        loop {
            let due = Instant::now() + PERIOD;
            sleep_until(due).await;
            self.behind.store(looks.tell(due.elapsed() > late), Ordering::Relaxed);
        }
    }
}

/// How many looks in a row were late.
#[derive(Debug, Default)]
struct Looks(u32);

impl Looks {
    fn tell(&mut self, late: bool) -> bool {
        self.0 = if late { self.0.saturating_add(1) } else { 0 };
        self.0 >= LOOKS
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;

    #[test]
    fn a_standing_queue_is_told_from_a_moments() {
        let mut looks = Looks::default();
        let told: Vec<bool> = [true, true, true, true, false, true, true, true, true, true, true, false, true]
            .map(|late| looks.tell(late))
            .into();
        let behind: Vec<usize> = (0..told.len()).filter(|look| told[*look]).collect();
        assert_eq!(behind, [9, 10]);
    }
}
