//! The only clock of the program: when rules came, how long a request took, and which day it is for those who keep copies of
//! answers. No answer depends on it.

use std::time::{Instant, SystemTime};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Law changes at midnight in Việt Nam.
const ZONE: Offset = Offset::constant(7);

#[expect(
    clippy::disallowed_methods,
    reason = "how long a request took, and whether a connection is silent, are told by the clock"
)]
pub(super) fn instant() -> Instant {
    Instant::now()
}

/// The moment that it is, for those who say so.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "since when rules are served, and for how long a copy may be kept, is told by the clock"
)]
pub fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A moment as day and seconds since its midnight.
pub(super) fn day(moment: Timestamp) -> (Date, i64) {
    let local = ZONE.to_datetime(moment);
    let time = local.time();
    (local.date(), i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second()))
}

/// The day that it is in Việt Nam, for those who say so.
#[must_use]
pub fn today() -> Date {
    day(now()).0
}
