//! Which version is meant: by its number, by the first digits of its hash, the latest, or the one that was known at a moment.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, tz::Offset};

use super::Store;
use super::fault::Fault;
use super::log::{Kept, Log};
use super::statement::{Policy, Publication};

/// What somebody calls a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Latest,
    /// The entry of the log.
    Number(u32),
    /// First digits of the hash of the rules, eight or more.
    Digest(String),
}

/// Fewer digits are taken for a number, or for a slip.
const FEWEST_DIGITS: usize = 8;

impl FromStr for Named {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let is_hexadecimal = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        match text {
            "latest" => Ok(Self::Latest),
            _ if is_hexadecimal && (FEWEST_DIGITS..=64).contains(&text.len()) => Ok(Self::Digest(text.to_owned())),
            _ => text.parse().map(Self::Number).map_err(|_| Fault::NoVersion(text.to_owned())),
        }
    }
}

impl Log {
    /// The version that is meant. Of one that was published several times, the last time.
    ///
    /// # Errors
    /// When there is none, or when several begin so.
    pub fn find(&self, named: &Named) -> Result<(&Kept, &Publication), Fault> {
        match named {
            Named::Latest => self.latest().ok_or(Fault::Empty),
            Named::Number(number) => {
                let entry = self.entry(*number).and_then(|kept| Some((kept, kept.publication()?)));
                entry.ok_or_else(|| Fault::NoVersion(number.to_string()))
            }
            Named::Digest(digits) => {
                let fits = |(_, one): &(&Kept, &Publication)| one.rules.to_string().starts_with(digits);
                let mut fitting = self.published().filter(fits).rev();
                let first = fitting.next().ok_or_else(|| Fault::NoVersion(digits.clone()))?;
                let alike = fitting.all(|(_, other)| other.rules == first.1.rules);
                if alike { Ok(first) } else { Err(Fault::Several(digits.clone())) }
            }
        }
    }

    /// The version that was published last by a moment: one with its clock, or a day as a whole by the clock of the store.
    ///
    /// # Errors
    /// When it is no moment, or when nothing was published by then.
    pub fn known(&self, moment: &str) -> Result<(&Kept, &Publication), Fault> {
        let offset = self.policy().and_then(Policy::clock).ok_or(Fault::Empty)?;
        let moment = moment_of(moment, offset)?;
        let by_then = self.published().rev().find(|(kept, _)| kept.at <= moment);
        by_then.ok_or(Fault::NotBy(moment))
    }
}

impl Store {
    /// The version that is meant; see [`Log::find`].
    ///
    /// # Errors
    /// When there is none, or when several begin so.
    pub fn find(&self, named: &Named) -> Result<(&Kept, &Publication), Fault> {
        self.log.find(named)
    }

    /// The version that was published last by a moment; see [`Log::known`].
    ///
    /// # Errors
    /// When it is no moment, or when nothing was published by then.
    pub fn known(&self, moment: &str) -> Result<(&Kept, &Publication), Fault> {
        self.log.known(moment)
    }
}

/// A day means all of it: until its last second.
fn moment_of(text: &str, offset: Offset) -> Result<Timestamp, Fault> {
    let wrong = || Fault::NoMoment(text.to_owned());
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let day: Date = crate::calendar::read(text).ok_or_else(wrong)?;
    let last = DateTime::from_parts(day, Time::constant(23, 59, 59, 0));
    offset.to_timestamp(last).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;

    use super::{Named, moment_of};
    use crate::store::fault::Fault;

    #[test]
    fn a_version_is_named_by_number_or_hash() {
        assert_eq!("latest".parse(), Ok(Named::Latest));
        assert_eq!("7".parse(), Ok(Named::Number(7)));
        assert_eq!("cfc3bad6".parse(), Ok(Named::Digest("cfc3bad6".to_owned())));
        for wrong in ["", "cfc3", "CFC3BAD6", "#7", "-1", "latest "] {
            assert_eq!(wrong.parse::<Named>(), Err(Fault::NoVersion(wrong.to_owned())));
        }
    }

    #[test]
    fn a_day_is_known_to_its_end_by_the_clock_of_the_store() {
        let of = |text| moment_of(text, Offset::constant(7)).map(|moment| moment.to_string());
        assert_eq!(of("2026-10-01").as_deref(), Ok("2026-10-01T16:59:59Z"));
        assert_eq!(of("01/10/2026").as_deref(), Ok("2026-10-01T16:59:59Z"));
        assert_eq!(of("2026-10-01T08:30:00+07:00").as_deref(), Ok("2026-10-01T01:30:00Z"));
        assert_eq!(of("2026-10-01T08:30:00"), Err(Fault::NoMoment("2026-10-01T08:30:00".to_owned())));
        assert_eq!(of("yesterday"), Err(Fault::NoMoment("yesterday".to_owned())));
    }
}
