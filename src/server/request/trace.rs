//! The trace that a request belongs to (W3C Trace Context): the caller's where `traceparent` is right, else a new one. What is
//! wrong in it is no fault of the question, and is replaced.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ahash::RandomState;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");
/// Which trace an answer belongs to, and which part of it is ours.
pub(in crate::server) const RESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// No longer `tracestate` is passed on.
const LONGEST: usize = 512;

/// Where a request stands in a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct Trace {
    /// Of the whole trace.
    pub(in crate::server) trace: [u8; 16],
    /// The caller's part of it, if the trace is the caller's.
    pub(in crate::server) parent: Option<[u8; 8]>,
    /// Our part of it.
    pub(in crate::server) span: [u8; 8],
    /// The caller records it.
    pub(in crate::server) sampled: bool,
    /// What others keep in it, passed on as it came.
    pub(in crate::server) state: Option<HeaderValue>,
}

impl Trace {
    /// Of a request with these headers; a new one is of this number, unlike all others.
    pub(super) fn of(headers: &HeaderMap, fresh: Uuid) -> Self {
        match caller(headers) {
            Some(Part { trace, span: parent, sampled }) => {
                let state = state(headers);
                Self { trace, parent: Some(parent), span: span(&trace), sampled, state }
            }
            None => {
                let trace = fresh.into_bytes();
                Self { trace, parent: None, span: span(&trace), sampled: false, state: None }
            }
        }
    }

    /// The id of the trace: 32 hexadecimal digits.
    pub(in crate::server) fn id(&self) -> String {
        digits(&self.trace)
    }

    pub(super) fn header(&self) -> HeaderValue {
        let text = format!("00-{}-{}-0{}", digits(&self.trace), digits(&self.span), u8::from(self.sampled));
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("none"))
    }
}

/// A part of a trace, as a header says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) struct Part {
    pub(in crate::server) trace: [u8; 16],
    pub(in crate::server) span: [u8; 8],
    pub(in crate::server) sampled: bool,
}

impl Part {
    /// The id of the trace: 32 hexadecimal digits.
    pub(in crate::server) fn id(&self) -> String {
        digits(&self.trace)
    }
}

/// The caller's part, where the headers of a request say it as they must.
pub(in crate::server) fn caller(headers: &HeaderMap) -> Option<Part> {
    let mut said = headers.get_all(PARENT).iter();
    match (said.next(), said.next()) {
        (Some(only), None) => read(only),
        _ => None,
    }
}

/// Ours, as the headers of an answer say it.
pub(in crate::server) fn ours(headers: &HeaderMap) -> Option<Part> {
    headers.get(RESPONSE).and_then(read)
}

/// Of version 00, or of a later one that begins alike.
fn read(header: &HeaderValue) -> Option<Part> {
    let text = header.to_str().ok()?;
    let mut parts = text.splitn(5, '-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let [version] = bytes::<1>(version)?;
    if version == 0xff || (version == 0 && parts.next().is_some()) {
        return None;
    }
    let (trace, span, [flags]) = (bytes::<16>(trace)?, bytes::<8>(span)?, bytes::<1>(flags)?);
    let is_there = trace != [0; 16] && span != [0; 8];
    is_there.then_some(Part { trace, span, sampled: flags & 1 == 1 })
}

/// Two small hexadecimal digits for each byte.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_small = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_small || text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn digits(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().map_or('0', char::from);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Unlike all others of its trace, and never nothing.
fn span(trace: &[u8; 16]) -> [u8; 8] {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    SEED.hash_one((trace, count)).max(1).to_be_bytes()
}

/// What others keep in the trace, where it is written as it must be and not too long.
fn state(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut said = headers.get_all(STATE).iter();
    let (Some(only), None) = (said.next(), said.next()) else { return None };
    let text = only.to_str().ok().filter(|text| text.len() <= LONGEST)?;
    let members = || text.split(',').map(str::trim).filter(|member| !member.is_empty());
    let fits = |member: &str| {
        member.split_once('=').is_some_and(|(key, value)| !key.is_empty() && !value.is_empty() && !value.contains('='))
    };
    (members().count() <= 32 && members().all(fits)).then(|| only.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn of(parent: &[&'static str], state: &[&'static str]) -> Trace {
        let parents = parent.iter().map(|text| (PARENT, HeaderValue::from_static(text)));
        let states = state.iter().map(|text| (STATE, HeaderValue::from_static(text)));
        let mut headers = HeaderMap::new();
        parents.chain(states).for_each(|(name, value)| {
            headers.append(name, value);
        });
        Trace::of(&headers, Uuid::from_u128(7))
    }

    #[test]
    fn a_right_trace_is_gone_on_with() {
        for right in [RIGHT, "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"] {
            let trace = of(&[right], &["a=b, c=d"]);
            assert_eq!(trace.id(), "0af7651916cd43dd8448eb211c80319c");
            assert_eq!(trace.parent.map(u64::from_be_bytes), Some(0xb7ad_6b71_6920_3331));
            assert!(trace.sampled && trace.state.is_some());
            let header = trace.header();
            let header = header.to_str().expect("ASCII");
            assert!(header.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && header.ends_with("-01"), "{header}");
            assert!(!header.contains("b7ad6b7169203331"), "our part is another than the caller's");
        }
        assert_ne!(of(&[RIGHT], &[]).span, of(&[RIGHT], &[]).span);
    }

    #[test]
    fn what_is_wrong_is_replaced() {
        for wrong in [
            &[][..],
            &[RIGHT, RIGHT],
            &[""],
            &["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"],
            &["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"],
            &["ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
            &["00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
            &["00-00000000000000000000000000000000-b7ad6b7169203331-01"],
            &["00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"],
            &["00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01"],
        ] {
            let trace = of(wrong, &["a=b"]);
            assert_eq!((trace.trace, trace.parent), (7_u128.to_be_bytes(), None), "{wrong:?}");
            assert!(!trace.sampled && trace.state.is_none());
            assert!(trace.header().to_str().is_ok_and(|header| header.ends_with("-00")));
        }
        for wrong in [&["a"][..], &["a=b", "c=d"], &["=b"], &["a=b=c"]] {
            assert_eq!(of(&[RIGHT], wrong).state, None, "{wrong:?}");
        }
    }
}
