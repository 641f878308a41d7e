//! For how long an answer may be kept by others, and the tag by which they ask whether it is still so.
//!
//! The answer to a question about a day under one version of the rules never changes: the day is in the question, and no answer
//! knows what day it is today. Only new rules change it, and nobody can say when they come. So whoever keeps an answer keeps it
//! for a bounded time, and asks again with the tag, which is answered without working anything out.
//!
//! What `valid` tells is how likely new rules are to touch the answer. A run of days that lies in the past is history: laws
//! made from now on act on the days to come, and only a correction of the rules can change what was the law then. A run that
//! has today in it or before it can be cut by the next law that is entered. And no copy is used beyond the last day of the run
//! unasked, so that who asks about today does not hold yesterday's law.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::civil::Date;

use super::caller::Caller;
use super::problem::Problem;
use super::shelf::{AS_KNOWN, VERSION};
use super::{State, clock};
use crate::digest::Digest;
use crate::syntax::tree::Language;

/// Seconds for which a copy is used unasked, and then while it is being asked about: where new law may touch the answer.
const OPEN: (i64, i64) = (60, 600);
/// Likewise where only a correction can.
const PAST: (i64, i64) = (3600, 3600);

/// `Cache-Control` for an answer that is so until a day, at a moment.
pub(super) fn cache_control(until: Option<Date>, moment: Timestamp) -> String {
    let (today, passed) = clock::day(moment);
    let left = |end: Date| end.duration_since(today).as_secs() - passed;
    let ((fresh, stale), left) = match until {
        Some(end) if end <= today => (PAST, i64::MAX),
        Some(end) => (OPEN, left(end)),
        None => (OPEN, i64::MAX),
    };
    let fresh = fresh.min(left);
    let stale = stale.min(left - fresh);
    format!("max-age={fresh}, stale-while-revalidate={stale}")
}

/// The tag of an answer. The key tells the question, its language, its depth and the version of the rules; the end of
/// `valid` is written behind it, so that the tag alone says for how long a copy may go on being kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag(String);

impl Tag {
    pub(super) fn new(key: &str) -> Self {
        // Another program may write the same answer otherwise. 128 bits of the hash.
        Self(Digest::of(format!("{} {key}", env!("CARGO_PKG_VERSION")).as_bytes()).first(32))
    }

    pub(super) fn until(&self, until: Option<Date>) -> String {
        match until {
            Some(day) => format!("\"{}-{day}\"", self.0),
            None => format!("\"{}-\"", self.0),
        }
    }

    /// The end of `valid` in the first of a request's tags that is this one. Who writes another end into it deceives
    /// nobody else: an answer is kept under the tag that came with it.
    pub(super) fn known(&self, headers: &HeaderMap) -> Option<Option<Date>> {
        said(headers).find_map(|one| {
            let end = one.trim_matches('"').strip_prefix(self.0.as_str())?.strip_prefix('-')?;
            if end.is_empty() { Some(None) } else { end.parse().ok().map(Some) }
        })
    }
}

/// For how long an answer may be used unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Until new rules may have come, which nobody can foretell.
    Rules,
    /// Not at all: what it tells of may have happened just now.
    Never,
    /// Until another program may have come.
    Program,
}

impl Keep {
    fn control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Rules => "max-age=60, stale-while-revalidate=600",
            Self::Never => "no-cache",
            Self::Program => "max-age=3600",
        })
    }
}

/// An answer that can be asked for again by its tag. The tag tells the version of what is told, the address and its
/// parameters, and the language: who has it has the answer, and nothing is worked out.
#[derive(Debug, Clone)]
pub(super) struct Again {
    tag: HeaderValue,
    keep: Keep,
    /// The caller has it.
    known: bool,
    /// Whatever it is, the caller has it.
    any: bool,
}

impl Again {
    /// The answer of an address to a caller, under these rules.
    pub(super) fn of(headers: &HeaderMap, caller: &Caller, (version, address): (&str, &str)) -> Self {
        // Which rules are meant is said by their version, and the language is that of the caller.
        let own = |name: &str| !matches!(name, "lang" | VERSION | AS_KNOWN);
        let mut parameters: Vec<&(String, String)> = caller.parameters.iter().filter(|(name, _)| own(name)).collect();
        // What is said several times stays in its order.
        parameters.sort_by_key(|(name, _)| name);
        let key = format!("{version} {} {address:?} {parameters:?}", caller.language.tag());
        Self::keyed(headers, &key, Keep::Rules)
    }

    /// What is told by a key alone.
    pub(super) fn keyed(headers: &HeaderMap, key: &str, keep: Keep) -> Self {
        let tag = format!("\"{}\"", Tag::new(key).0);
        let known = said(headers).any(|one| one == tag);
        Self {
            tag: HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\"")),
            keep,
            known,
            any: any(headers),
        }
    }

    pub(super) fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// What is answered to a caller that has the answer, else what is worked out when its turn comes.
    pub(super) async fn or(
        self,
        state: &State,
        language: Language,
        work: impl FnOnce() -> Result<Response, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        if let Some(same) = self.unchanged() {
            return Ok(same);
        }
        let answer = state.aside(work).await.unwrap_or_else(|why| Err(why.problem(language)))?;
        Ok(self.answer(answer))
    }

    /// What is answered to a caller that has the answer.
    pub(super) fn unchanged(&self) -> Option<Response> {
        self.known.then(|| self.clone().not_modified(Some(HeaderValue::from_static("accept, accept-language"))))
    }

    fn not_modified(self, vary: Option<HeaderValue>) -> Response {
        let headers = [(header::ETAG, self.tag), (header::CACHE_CONTROL, self.keep.control())];
        let mut response = (StatusCode::NOT_MODIFIED, headers).into_response();
        response.headers_mut().extend(vary.map(|vary| (header::VARY, vary)));
        response
    }

    /// The answer with its tag; nothing of it for whoever has one, whichever it is.
    pub(super) fn answer(self, mut response: Response) -> Response {
        if self.any {
            let vary = response.headers().get(header::VARY).cloned();
            return self.not_modified(vary);
        }
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.tag);
        headers.insert(header::CACHE_CONTROL, self.keep.control());
        response
    }
}

/// Whether any answer at all would do.
pub(super) fn any(headers: &HeaderMap) -> bool {
    said(headers).any(|one| one == "*")
}

fn said(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|one| one.trim().trim_start_matches("W/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_kept_shortly_and_never_beyond_the_run_of_days() {
        let noon: Timestamp = "2025-06-30T12:00:00+07:00".parse().expect("a moment");
        let late: Timestamp = "2025-06-30T23:59:30+07:00".parse().expect("a moment");
        let day = |text: &str| Some(text.parse::<Date>().expect("a day"));
        assert_eq!(cache_control(None, noon), "max-age=60, stale-while-revalidate=600");
        assert_eq!(cache_control(day("2025-07-01"), noon), "max-age=60, stale-while-revalidate=600");
        assert_eq!(cache_control(day("2025-07-01"), late), "max-age=30, stale-while-revalidate=0");
        assert_eq!(cache_control(day("2025-06-30"), noon), "max-age=3600, stale-while-revalidate=3600");
    }

    #[test]
    fn a_tag_says_how_long() {
        let tag = Tag::new("x");
        for until in [None, Some("2025-07-01".parse().expect("a day"))] {
            let mut headers = HeaderMap::new();
            let said = format!("\"other\", W/{}", tag.until(until));
            headers.insert(header::IF_NONE_MATCH, said.parse().expect("a header"));
            assert_eq!(tag.known(&headers), Some(until));
            assert_eq!(Tag::new("y").known(&headers), None);
        }
    }
}
