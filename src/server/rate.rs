//! How often each client asks. A bucket for each that was seen of late; who asks more often than allowed is told when to ask
//! again. Knows neither headers nor answers.

use std::net::IpAddr;
use std::time::Duration;

use ahash::RandomState;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::limits::Rate;

/// Clients that are counted apart: each with a lock of its own, so that two seldom wait for each other.
const SHARDS: usize = 16;
/// So many clients are known to a shard; others share one bucket until some of these have rested.
const KNOWN: usize = 16_384;

/// Who asks, as far as the count goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    V4(u32),
    /// A network of 64 bits, which is what one subscriber has.
    V6(u64),
    /// Somebody who said who they are, by a hash of the name.
    Named(u64),
    /// All for whom there is no room.
    Rest,
}

impl From<IpAddr> for Key {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => Self::V6(u64::try_from(address.to_bits() >> 64).unwrap_or_default()),
        }
    }
}

/// When to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooOften {
    pub(super) wait: Duration,
    pub(super) rate: Rate,
}

type Limiter<C> = RateLimiter<Key, HashMapStateStore<Key, RandomState>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The buckets.
pub(super) struct Rates<C: Clock = DefaultClock> {
    rate: Rate,
    spread: RandomState,
    shards: Vec<Limiter<C>>,
    clock: C,
}

impl<C: Clock> std::fmt::Debug for Rates<C> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Rates").field("rate", &self.rate).finish_non_exhaustive()
    }
}

impl Rates {
    pub(super) fn new(rate: Rate) -> Self {
        Self::by(rate, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn by(rate: Rate, clock: C) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        let shard = |_| RateLimiter::hashmap_with_clock_and_hasher(quota, clock.clone(), RandomState::new());
        Self { rate, spread: RandomState::new(), shards: (0..SHARDS).map(shard).collect(), clock }
    }

    /// The key of somebody who is known by name.
    pub(super) fn named(&self, name: &str) -> Key {
        Key::Named(self.spread.hash_one(name))
    }

    /// Counts a request.
    pub(super) fn count(&self, key: Key) -> Result<(), TooOften> {
        let spread = usize::try_from(self.spread.hash_one(key)).unwrap_or_default();
        let Some(shard) = self.shards.get(spread % SHARDS) else { return Ok(()) };
        // Memory stays bounded, whatever addresses are made up.
        let key = if shard.len() < KNOWN { key } else { Key::Rest };
        shard.check_key(&key).map_err(|not| TooOften { wait: not.wait_time_from(self.clock.now()), rate: self.rate })
    }

    /// Forgets who has rested.
    pub(super) fn tidy(&self) {
        for shard in &self.shards {
            shard.retain_recent();
            shard.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn rates(per_second: u32, burst: u32) -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let [per_second, burst] = [per_second, burst].map(|number| NonZero::new(number).expect("some"));
        let clock = FakeRelativeClock::default();
        (Rates::by(Rate { per_second, burst }, clock.clone()), clock)
    }

    fn of(address: &str) -> Key {
        Key::from(address.parse::<IpAddr>().expect("an address"))
    }

    #[test]
    fn each_client_has_a_bucket_of_its_own() {
        let (rates, clock) = rates(10, 3);
        let (one, other) = (of("192.0.2.1"), of("192.0.2.2"));
        assert!((0..3).all(|_| rates.count(one).is_ok()));
        let refused = rates.count(one).expect_err("a fourth at once");
        assert_eq!((refused.wait, refused.rate.burst.get()), (Duration::from_millis(100), 3));
        assert!(rates.count(other).is_ok(), "others are not told to wait");
        clock.advance(Duration::from_millis(99));
        assert!(rates.count(one).is_err());
        clock.advance(Duration::from_millis(1));
        assert!(rates.count(one).is_ok() && rates.count(one).is_err(), "one more after a tenth of a second");
    }

    #[test]
    fn a_subscriber_is_one_client_with_whatever_address() {
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn who_has_rested_is_forgotten_and_who_has_not_is_not() {
        let (rates, clock) = rates(10, 3);
        let known = || rates.shards.iter().map(Limiter::len).sum::<usize>();
        for address in 0..1_000 {
            assert!(rates.count(Key::V4(address)).is_ok());
        }
        assert_eq!(known(), 1_000);
        rates.tidy();
        assert_eq!(known(), 1_000, "they asked a moment ago");
        clock.advance(Duration::from_secs(2));
        assert!((0..3).all(|_| rates.count(Key::V4(7)).is_ok()));
        rates.tidy();
        assert_eq!(known(), 1);
        assert!(rates.count(Key::V4(7)).is_err(), "what was counted stays counted");
    }

    #[test]
    fn made_up_clients_take_bounded_room() {
        let (rates, _) = rates(1, 1);
        let taken = (0..600_000).filter(|address| rates.count(Key::V4(*address)).is_ok()).count();
        let known: usize = rates.shards.iter().map(Limiter::len).sum();
        assert!(known <= SHARDS * (KNOWN + 1), "{known} are known");
        assert!(taken <= known, "who is not known shares a bucket: {taken} of {known}");
    }
}
