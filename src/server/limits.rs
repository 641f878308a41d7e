//! `[limits]` of the configuration: how much is taken at once, from everybody and from each client, and for how long anything is
//! waited for. Every limit has a floor and a ceiling: none can be switched off.

use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::Duration;

use serde::Deserialize;

use super::Settings;
use super::configuration::Wrong;

/// What a configuration says of limits; what it leaves out is as without one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Limits {
    connections: Option<i64>,
    header_seconds: Option<i64>,
    body_seconds: Option<i64>,
    silent_seconds: Option<i64>,
    answer_seconds: Option<i64>,
    stop_seconds: Option<i64>,
    at_once: Option<i64>,
    waiting: Option<i64>,
    wait_milliseconds: Option<i64>,
    late_milliseconds: Option<i64>,
    batches: Option<i64>,
    kept_megabytes: Option<i64>,
    requests_per_second: Option<i64>,
    burst: Option<i64>,
}

/// How often one client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// On the average.
    pub per_second: NonZero<u32>,
    /// At once, after a rest.
    pub burst: NonZero<u32>,
}

impl Default for Rate {
    fn default() -> Self {
        // More than any honest client asks; a quarter of what one core answers.
        Self {
            per_second: NonZero::new(1_000).unwrap_or(NonZero::<u32>::MIN),
            burst: NonZero::new(5_000).unwrap_or(NonZero::<u32>::MIN),
        }
    }
}

/// So much work is done beside the answering for each core, and never less than `FEW` together. More threads get no more
/// done, and each keeps memory to itself.
const PER_CORE: usize = 4;
const FEW: usize = 8;

pub(super) fn usual_hands() -> usize {
    FEW.max(PER_CORE * available_parallelism().map_or(1, NonZero::get))
}

/// A member with what it may be.
struct Bounded {
    member: &'static str,
    said: Option<i64>,
    least: i64,
    most: i64,
}

impl Bounded {
    /// What is said, if it is within the bounds.
    fn read<N: TryFrom<i64>>(&self, place: &str) -> Result<Option<N>, Wrong> {
        let Some(said) = self.said else { return Ok(None) };
        let Self { member, least, most, .. } = self;
        let inside = (*least..=*most).contains(&said).then_some(said).and_then(|said| N::try_from(said).ok());
        inside.map(Some).ok_or_else(|| {
            Wrong::new(
                format!("{place}: [limits] {member}"),
                format!("`{said}` nằm ngoài giới hạn: phải từ {least} đến {most}; giới hạn này không tắt được"),
                format!("`{said}` is out of bounds: say {least} to {most}; this limit cannot be switched off"),
            )
        })
    }
}

impl Limits {
    /// Settings that keep these limits. The place is the file, for whoever has to mend it.
    pub(super) fn over(&self, settings: Settings, place: &str) -> Result<Settings, Wrong> {
        let bounded = |member, said, least, most| Bounded { member, said, least, most };
        let number = |member, said, least, most| bounded(member, said, least, most).read::<usize>(place);
        let seconds = |member, said, most| {
            let read = bounded(member, said, 1, most).read::<u64>(place)?;
            Ok::<_, Wrong>(read.map(Duration::from_secs))
        };
        let milliseconds = |member, said, least, most| {
            let read = bounded(member, said, least, most).read::<u64>(place)?;
            Ok::<_, Wrong>(read.map(Duration::from_millis))
        };
        let often = |member, said| bounded(member, said, 1, 1_000_000).read::<u32>(place);
        let (each, together) = (often("requests-per-second", self.requests_per_second)?, often("burst", self.burst)?);
        let rate = Rate {
            per_second: each.and_then(NonZero::new).unwrap_or(settings.rate.per_second),
            burst: together.and_then(NonZero::new).unwrap_or(settings.rate.burst),
        };
        Ok(Settings {
            connections: number("connections", self.connections, 16, 100_000)?.unwrap_or(settings.connections),
            header: seconds("header-seconds", self.header_seconds, 120)?.unwrap_or(settings.header),
            body: seconds("body-seconds", self.body_seconds, 300)?.unwrap_or(settings.body),
            silent: seconds("silent-seconds", self.silent_seconds, 300)?.unwrap_or(settings.silent),
            answer: seconds("answer-seconds", self.answer_seconds, 600)?.unwrap_or(settings.answer),
            stop: seconds("stop-seconds", self.stop_seconds, 600)?.unwrap_or(settings.stop),
            hands: number("at-once", self.at_once, 1, 1_024)?.unwrap_or(settings.hands),
            waiting: number("waiting", self.waiting, 1, 10_000)?.unwrap_or(settings.waiting),
            wait: milliseconds("wait-milliseconds", self.wait_milliseconds, 10, 60_000)?.unwrap_or(settings.wait),
            late: milliseconds("late-milliseconds", self.late_milliseconds, 10, 10_000)?.unwrap_or(settings.late),
            batches: number("batches", self.batches, 1, 256)?.unwrap_or(settings.batches),
            kept: bounded("kept-megabytes", self.kept_megabytes, 1, 65_536)
                .read::<u64>(place)?
                .map_or(settings.kept, |megabytes| megabytes << 20),
            rate,
            ..settings
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::configuration::section;
    use crate::syntax::tree::Language;

    fn over(text: &str) -> Result<Settings, Wrong> {
        let limits: Limits = section(text).expect("members that there are");
        limits.over(Settings::default(), "tq.toml")
    }

    #[test]
    fn no_limit_can_be_switched_off() {
        let members = [
            "connections",
            "header-seconds",
            "body-seconds",
            "silent-seconds",
            "answer-seconds",
            "stop-seconds",
            "at-once",
            "waiting",
            "wait-milliseconds",
            "late-milliseconds",
            "batches",
            "kept-megabytes",
            "requests-per-second",
            "burst",
        ];
        for member in members {
            for off in ["0", "-1", "9223372036854775807", "10000000"] {
                let wrong = over(&format!("{member} = {off}")).expect_err("a limit that is none");
                let words = wrong.words(Language::English);
                assert!(
                    words.starts_with(&format!("tq.toml: [limits] {member}: `{off}` is out of bounds: say ")),
                    "{words}"
                );
                assert!(wrong.words(Language::Vietnamese).contains("không tắt được"));
            }
        }
        let all = section::<Limits>("nothing = 1").expect_err("a member that there is not");
        assert!(members.iter().all(|member| all.contains(&format!("`{member}`"))), "{all}");
    }

    #[test]
    fn what_is_said_is_taken() {
        let usual = Settings::default();
        let said =
            over("connections = 16\nanswer-seconds = 3\nat-once = 2\nburst = 7\nkept-megabytes = 1").expect("sane");
        assert_eq!((said.connections, said.answer, said.hands), (16, Duration::from_secs(3), 2));
        assert_eq!((said.rate.burst.get(), said.rate.per_second), (7, usual.rate.per_second));
        assert_eq!((said.kept, said.waiting, said.header), (1 << 20, usual.waiting, usual.header));
    }
}
