//! Work on things that know nothing of each other, done side by side and put together in their order. Knows not what is done.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the work makes of each thing, in the order of the things; on as many threads as the machine has hands.
pub fn side_by_side<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let hands = std::thread::available_parallelism().map_or(1, NonZero::get).min(things.len()).max(1);
    let next = AtomicUsize::new(0);
    let part = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(index) else { return done };
            done.push((index, work(thing)));
        }
    };
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..hands).map(|_| scope.spawn(part)).collect();
        let mut all = part();
        for other in others {
            all.extend(other.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)));
        }
        all
    });
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, result)| result).collect()
}
