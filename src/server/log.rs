//! `[log]`: what goes to the log and in which form. A request leaves a line only where the configuration asks for it, with
//! nothing in it of what was asked: no query, no body, no credential.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::request;

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
}

impl Line<'_> {
    pub(super) fn write(&self) {
        tracing::info!(
            target: REQUESTS,
            id = self.headers.get(request::HEADER).and_then(|id| id.to_str().ok()),
            trace = request::ours(self.headers).map(|part| part.id()),
            method = self.method,
            route = self.route,
            status = self.status.as_u16(),
            bytes = self.bytes,
            micros = u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            "request"
        );
    }
}
