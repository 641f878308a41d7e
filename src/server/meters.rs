//! What the service counts, for `/metrics` in the text form of Prometheus. Labels have few values: routes by their template,
//! never by what was asked.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::HttpBody;
use axum::extract::State as Extract;
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder as _, SharedString};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use pin_project_lite::pin_project;

use super::connections::End;
use super::logging::Logging;
use super::work::Unanswered;
use super::{State, Traces, clock, log, request};

const ABOUT: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// Everything that is counted.
pub(super) struct Meters {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    open: Gauge,
    ends: Ends,
    refused: Refused,
    panics: Counter,
    renewed: Counter,
    not_renewed: Counter,
    pub(super) whole: Kept,
    pub(super) rulings: Kept,
    reloaded: Counter,
    not_reloaded: Counter,
    batch_lines: Counter,
}

/// Connections that did not end by themselves.
struct Ends {
    silent: Counter,
    crowded: Counter,
    unframed: Counter,
    ungreeted: Counter,
}

/// Requests that were not answered as asked.
struct Refused {
    behind: Counter,
    crowded: Counter,
    waited: Counter,
    overdue: Counter,
    limited: Counter,
}

/// Of one cache: found, not found, bytes.
pub(super) struct Kept {
    pub(super) hits: Counter,
    pub(super) misses: Counter,
    pub(super) bytes: Gauge,
}

impl fmt::Debug for Meters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Meters").finish_non_exhaustive()
    }
}

impl Meters {
    pub(super) fn new() -> Self {
        // Seconds: answers take from some ten microseconds to a few seconds.
        let buckets = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
        let builder = PrometheusBuilder::new();
        let recorder = builder.set_buckets(&buckets).unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
        let counter = |name, labels| recorder.register_counter(&key(name, labels), &ABOUT);
        let gauge = |name, labels| recorder.register_gauge(&key(name, labels), &ABOUT);
        let kept = |cache| Kept {
            hits: counter("thamquyen_cache_hits_total", vec![Label::new("cache", cache)]),
            misses: counter("thamquyen_cache_misses_total", vec![Label::new("cache", cache)]),
            bytes: gauge("thamquyen_cache_bytes", vec![Label::new("cache", cache)]),
        };
        let closed = |why| counter("thamquyen_connections_closed_total", vec![Label::new("why", why)]);
        let reloads = |result| counter("thamquyen_reloads_total", vec![Label::new("result", result)]);
        let shed = |why| counter("thamquyen_requests_shed_total", vec![Label::new("why", why)]);
        let certificates = |result| counter("thamquyen_certificate_reloads_total", vec![Label::new("result", result)]);
        describe(&recorder);
        Self {
            handle: recorder.handle(),
            open: gauge("thamquyen_open_connections", Vec::new()),
            ends: Ends {
                silent: closed("silent"),
                crowded: closed("crowded"),
                unframed: closed("unframed"),
                ungreeted: counter("thamquyen_tls_handshakes_failed_total", Vec::new()),
            },
            refused: Refused {
                behind: shed("behind"),
                crowded: shed("crowded"),
                waited: shed("waited"),
                overdue: shed("overdue"),
                limited: counter("thamquyen_requests_limited_total", Vec::new()),
            },
            panics: counter("thamquyen_panics_total", Vec::new()),
            renewed: certificates("ok"),
            not_renewed: certificates("failed"),
            whole: kept("whole"),
            rulings: kept("ruling"),
            reloaded: reloads("ok"),
            not_reloaded: reloads("failed"),
            batch_lines: counter("thamquyen_batch_lines_total", Vec::new()),
            recorder,
        }
    }

    pub(super) fn opened(&self) {
        self.open.increment(1_u32);
    }

    pub(super) fn closed(&self) {
        self.open.decrement(1_u32);
    }

    /// A connection ended.
    pub(super) fn ended(&self, end: End) {
        let counter = match end {
            End::Own => return,
            End::CrowdedOut => &self.ends.crowded,
            End::Silent => &self.ends.silent,
            End::Unframed => &self.ends.unframed,
            End::Ungreeted => &self.ends.ungreeted,
        };
        counter.increment(1);
    }

    /// A request was sent away because the service is behind.
    pub(super) fn sent_away(&self) {
        self.refused.behind.increment(1);
    }

    /// A client asked too often.
    pub(super) fn limited(&self) {
        self.refused.limited.increment(1);
    }

    pub(super) fn unanswered(&self, why: Unanswered) {
        let counter = match why {
            Unanswered::Crowded => &self.refused.crowded,
            Unanswered::Waited => &self.refused.waited,
            Unanswered::Overdue => &self.refused.overdue,
            Unanswered::Panicked => &self.panics,
        };
        counter.increment(1);
    }

    pub(super) fn panicked(&self) {
        self.panics.increment(1);
    }

    /// Certificates were read again.
    pub(super) fn renewed(&self, well: bool) {
        if well { &self.renewed } else { &self.not_renewed }.increment(1);
    }

    pub(super) fn reloaded(&self, well: bool) {
        if well { &self.reloaded } else { &self.not_reloaded }.increment(1);
    }

    /// So many lines of a batch were answered.
    pub(super) fn batch_lines(&self, lines: u64) {
        self.batch_lines.increment(lines);
    }

    /// So many messages to a webhook were acknowledged, or not.
    pub(super) fn messages(&self, webhook: &str, well: bool, more: u64) {
        let result = if well { "ok" } else { "failed" };
        let labels = vec![Label::new("webhook", webhook.to_owned()), Label::new("result", result)];
        self.recorder.register_counter(&key("thamquyen_webhook_messages_total", labels), &ABOUT).increment(more);
    }

    /// A webhook was told of all entries up to this one.
    pub(super) fn told(&self, webhook: &str, entry: u32) {
        let labels = vec![Label::new("webhook", webhook.to_owned())];
        self.recorder.register_gauge(&key("thamquyen_webhook_entry", labels), &ABOUT).set(entry);
    }

    /// Samples wait in the recorder until somebody reads them or this is called.
    pub(super) fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// In the text form of Prometheus.
    pub(super) fn rendered(&self) -> String {
        self.handle.render()
    }

    /// A way to answer that there was not before.
    fn kind(&self, address: &'static str, method: &'static str, status: StatusCode) -> Kind {
        let named = || vec![Label::new("route", address), Label::new("method", method)];
        let mut counted = named();
        counted.push(Label::new("status", status.as_u16().to_string()));
        let count = self.recorder.register_counter(&key("thamquyen_http_requests_total", counted), &ABOUT);
        let took = self.recorder.register_histogram(&key("thamquyen_http_request_duration_seconds", named()), &ABOUT);
        Kind { method, status, count, took }
    }
}

fn key(name: &'static str, labels: Vec<Label>) -> Key {
    Key::from_parts(name, labels)
}

/// Only the methods that there are: anybody can invent others.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

fn describe(recorder: &PrometheusRecorder) {
    let counter = |name, about: &'static str| {
        recorder.describe_counter(KeyName::from_const_str(name), None, SharedString::const_str(about));
    };
    let gauge = |name, about: &'static str| {
        recorder.describe_gauge(KeyName::from_const_str(name), None, SharedString::const_str(about));
    };
    counter("thamquyen_http_requests_total", "Requests answered, by route, method and status.");
    counter("thamquyen_cache_hits_total", "Answers found, by cache: whole answers, or rulings that questions share.");
    counter("thamquyen_cache_misses_total", "Answers not found, by cache.");
    counter("thamquyen_reloads_total", "Rules read again because their files changed: taken (ok) or not (failed).");
    counter(
        "thamquyen_connections_closed_total",
        "Connections closed because too little moved on them (silent), to make room (crowded), or for what is no HTTP (unframed).",
    );
    counter(
        "thamquyen_requests_shed_total",
        "Requests sent away: the service is behind, too many wait for work (crowded), for too long (waited), or it took too long (overdue).",
    );
    counter("thamquyen_requests_limited_total", "Requests of clients that ask too often.");
    counter(
        "thamquyen_panics_total",
        "Panics, each of which is a defect; their requests were answered with a problem.",
    );
    counter("thamquyen_tls_handshakes_failed_total", "Connections without agreement on how to keep them secret.");
    counter(
        "thamquyen_certificate_reloads_total",
        "Certificates read again because their files changed: taken (ok) or not (failed).",
    );
    counter("thamquyen_batch_lines_total", "Questions answered in batches.");
    gauge("thamquyen_cache_bytes", "Bytes of answers kept, by cache.");
    gauge("thamquyen_open_connections", "Connections open now.");
    counter("thamquyen_webhook_messages_total", "Messages to webhooks: acknowledged (ok) or not (failed).");
    gauge(
        "thamquyen_webhook_entry",
        "The last entry of the store of which a webhook was told, as far as this service knows.",
    );
    recorder.describe_histogram(
        KeyName::from_const_str("thamquyen_http_request_duration_seconds"),
        None,
        SharedString::const_str("Time from a request to the head of its answer."),
    );
}

/// `GET /metrics`.
pub(super) async fn get(Extract(state): Extract<State>) -> impl axum::response::IntoResponse {
    let meters = state.meters();
    let (whole, rulings) = state.answers().bytes();
    let gauge = |gauge: &Gauge, bytes: u64| gauge.set(u32::try_from(bytes).unwrap_or(u32::MAX));
    gauge(&meters.whole.bytes, whole);
    gauge(&meters.rulings.bytes, rulings);
    let text = meters.rendered() + &now(&state);
    let kind =
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    let store = state.shelf().map_or_else(String::new, |shelf| shelf.standing().metrics());
    let decisions = state.logging().map(Logging::metrics).unwrap_or_default();
    (kind, text + &store + &decisions).into_response()
}

/// What is so at this moment. By hand: a version that is gone must not stay among the series.
fn now(state: &State) -> String {
    let (working, waiting) = state.hands().busy();
    let batches = state.batches().in_use();
    let since = state.news().since().as_second();
    let behind = u8::from(state.pressure().is_behind());
    let version = &state.library().version;
    [
        ("rules_info", format!("{{version=\"{version}\"}} 1"), "The version of the rules that are served."),
        ("rules_since_timestamp_seconds", format!(" {since}"), "Since when these rules are served."),
        ("behind", format!(" {behind}"), "Whether requests are sent away because those before them wait for too long."),
        ("work_under_way", format!(" {working}"), "Work that is not done at once and is being done."),
        ("work_waiting", format!(" {waiting}"), "Work that waits its turn."),
        ("batches_under_way", format!(" {batches}"), "Batches that are being answered."),
    ]
    .map(|(name, value, about)| {
        format!("# HELP thamquyen_{name} {about}\n# TYPE thamquyen_{name} gauge\nthamquyen_{name}{value}\n")
    })
    .concat()
}

/// How requests to one address were answered.
#[derive(Debug)]
pub(super) struct Counts {
    address: &'static str,
    /// Tells how the service is, and so is answered whatever its state.
    pub(super) always: bool,
    meters: Arc<Meters>,
    answered: Answered,
}

/// The ways to answer that there were so far, each behind the one before. They are few, and none is ever taken away: nobody
/// waits for anybody.
#[derive(Default)]
struct Answered(OnceLock<Box<(Kind, Self)>>);

/// Of answers of one method and status: how many, and how long they took.
struct Kind {
    method: &'static str,
    status: StatusCode,
    count: Counter,
    took: Histogram,
}

impl fmt::Debug for Answered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Answered").finish_non_exhaustive()
    }
}

impl Counts {
    pub(super) fn new(address: &'static str, meters: Arc<Meters>) -> Self {
        let always = address == "/metrics" || address.starts_with("/healthz/");
        Self { address, always, meters, answered: Answered::default() }
    }

    fn answered(&self, method: &'static str, status: StatusCode, took: Duration) {
        let mut answered = &self.answered;
        loop {
            let first = || Box::new((self.meters.kind(self.address, method, status), Answered::default()));
            let (kind, others) = &**answered.0.get_or_init(first);
            if kind.status == status && kind.method == method {
                kind.count.increment(1);
                kind.took.record(took);
                return;
            }
            answered = others;
        }
    }
}

/// A request that came.
pub(super) struct Begun {
    since: Instant,
    method: &'static str,
    counts: Arc<Counts>,
    parent: Option<request::Part>,
    traces: Option<Traces>,
}

impl Begun {
    pub(super) fn now<B>(counts: Arc<Counts>, asked: &Request<B>, traces: Option<&Traces>) -> Self {
        let parent = traces.and_then(|_| request::caller(asked.headers()));
        let (since, method) = (clock::instant(), method_label(asked.method()));
        Self { since, method, counts, parent, traces: traces.cloned() }
    }

    pub(super) const fn since(&self) -> Instant {
        self.since
    }

    pub(super) fn count<F>(self, inner: F) -> Count<F> {
        Count { inner, begun: self }
    }
}

pin_project! {
    /// Its answer in the making, which is counted.
    pub(super) struct Count<F> {
        #[pin]
        inner: F,
        begun: Begun,
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B: HttpBody, E> Future for Count<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = this.inner.poll(context);
        if let Poll::Ready(Ok(answer)) = &answer {
            let Begun { since, method, counts, parent, traces } = this.begun;
            let (status, took, bytes) = (answer.status(), since.elapsed(), answer.body().size_hint().exact());
            counts.answered(method, status, took);
            let (route, headers) = (counts.address, answer.headers());
            let line = log::Line { method, route, status, headers, bytes, took };
            line.write();
            if let Some(traces) = traces {
                traces.tell(&line, *parent);
            }
        }
        answer
    }
}
