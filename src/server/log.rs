//! `[log]`: what goes to the log and in which form. A request leaves a line only where the configuration asks for it, with
//! nothing in it of what was asked: no query, no body, no credential.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;

use super::{Traces, request};

/// What a configuration says of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Log {
    pub format: Format,
    pub level: Level,
    /// A line for each request.
    pub requests: bool,
}

/// The form of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: an object on each line.
    Json,
}

/// What is told at least.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Error,
    Warn,
    #[default]
    Info,
}

/// The target of the lines about requests.
pub const REQUESTS: &str = "thamquyen::request";

const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");

/// What is kept of a request until it is answered, where it leaves a line or a span.
pub(super) fn trace(headers: &HeaderMap, traces: Option<&Traces>) -> Option<HeaderValue> {
    let is_kept = traces.is_some() || tracing::enabled!(target: REQUESTS, tracing::Level::INFO);
    is_kept.then(|| headers.get(TRACE_PARENT).cloned()).flatten()
}

/// The id of the trace in a header of W3C's form.
fn trace_id(parent: &HeaderValue) -> Option<&str> {
    let mut parts = parent.to_str().ok()?.split('-');
    let (_, id) = (parts.next().filter(|version| version.len() == 2)?, parts.next()?);
    let is_id = id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_id && id.bytes().any(|byte| byte != b'0')).then_some(id)
}

/// A request that was answered.
pub(super) struct Line<'a> {
    pub(super) method: &'static str,
    /// The template of its address, or `other`.
    pub(super) route: &'static str,
    pub(super) status: StatusCode,
    /// Of its answer.
    pub(super) headers: &'a HeaderMap,
    /// None where the answer goes on as it comes.
    pub(super) bytes: Option<u64>,
    /// To the head of the answer.
    pub(super) took: Duration,
    pub(super) trace: Option<&'a HeaderValue>,
}

impl Line<'_> {
    pub(super) fn write(&self) {
        let id = self.headers.get(request::HEADER).and_then(|id| id.to_str().ok());
        // As the caller is told it, who may have said none.
        let trace = self.headers.get(request::TRACE).or(self.trace).and_then(trace_id);
        tracing::info!(
            target: REQUESTS,
            id,
            trace,
            method = self.method,
            route = self.route,
            status = self.status.as_u16(),
            bytes = self.bytes,
            micros = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_known_by_its_id() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = |text: &str| HeaderValue::from_str(text).expect("a value");
        assert_eq!(trace_id(&parent(&format!("00-{id}-00f067aa0ba902b7-01"))), Some(id));
        for wrong in ["", "00", "00-", "00-4bf9-00f067aa0ba902b7-01", &format!("00-{}-x-01", "0".repeat(32))] {
            assert_eq!(trace_id(&parent(wrong)), None, "{wrong}");
        }
        assert_eq!(trace_id(&parent(&format!("00-{}-x-01", id.to_uppercase()))), None);
    }
}
