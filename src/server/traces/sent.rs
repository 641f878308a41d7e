//! Spans as they are made and sent.

use std::cell::Cell;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::http::{Request, Response};
use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SdkTracer, SdkTracerProvider};

use crate::server::clock;
use crate::server::configuration::Wrong;
use crate::server::log::Line;
use crate::server::request::{self, Part};

/// For one sending, which holds some hundred spans.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends spans, from a thread of its own.
#[derive(Debug, Clone)]
pub struct Traces {
    tracer: SdkTracer,
    provider: SdkTracerProvider,
}

impl Traces {
    pub(super) fn to(endpoint: &str, place: String) -> Result<Self, Wrong> {
        let settings = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
        let courier = Courier(settings.http_status_as_error(false).build().into());
        let exporter = SpanExporter::builder().with_http().with_http_client(courier);
        let exporter =
            exporter.with_endpoint(endpoint).with_protocol(Protocol::HttpBinary).build().map_err(|error| {
                Wrong::new(place, format!("không gửi vết được: {error}"), format!("traces cannot be sent: {error}"))
            })?;
        let about = Resource::builder().with_service_name("thamquyen");
        let about = about.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))).build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(about);
        let provider = provider.with_id_generator(AsAnswered(RandomIdGenerator::default())).build();
        Ok(Self { tracer: provider.tracer("thamquyen"), provider })
    }

    /// A request that was answered just now, and the part of the trace below which it stands.
    pub(in crate::server) fn tell(&self, line: &Line<'_>, parent: Option<Part>) {
        let Line { method, route, status, took, .. } = *line;
        let end = SystemTime::from(clock::now());
        let attributes = [
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.route", route),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        let span = self.tracer.span_builder(format!("{method} {route}")).with_kind(SpanKind::Server);
        let span = span.with_start_time(end.checked_sub(took).unwrap_or(end)).with_attributes(attributes);
        // The caller decides whether the whole is kept.
        let above = parent.map_or_else(Context::new, above);
        TOLD.set(request::ours(line.headers));
        let mut span = span.start_with_context(&self.tracer, &above);
        if status.is_server_error() {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(end);
    }

    /// Sends what is left.
    pub(in crate::server) fn end(&self) {
        let _ = self.provider.shutdown_with_timeout(PATIENCE);
    }
}

/// The caller's part of a trace, below which ours stands.
fn above(Part { trace, span, sampled }: Part) -> Context {
    let (trace, span) = (TraceId::from_bytes(trace), SpanId::from_bytes(span));
    let flags = TraceFlags::default().with_sampled(sampled);
    Context::new().with_remote_span_context(SpanContext::new(trace, span, flags, true, TraceState::NONE))
}

thread_local! {
    /// The span that is told on this thread.
    static TOLD: Cell<Option<Part>> = const { Cell::new(None) };
}

/// Gives a span the id by which its caller knows it from the answer.
#[derive(Debug)]
struct AsAnswered(RandomIdGenerator);

impl IdGenerator for AsAnswered {
    fn new_trace_id(&self) -> TraceId {
        TOLD.get().map_or_else(|| self.0.new_trace_id(), |part| TraceId::from_bytes(part.trace))
    }

    fn new_span_id(&self) -> SpanId {
        TOLD.get().map_or_else(|| self.0.new_span_id(), |part| SpanId::from_bytes(part.span))
    }
}

/// Sends over ureq: the thread that sends may wait.
#[derive(Debug)]
struct Courier(ureq::Agent);

impl Courier {
    fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let mut post = self.0.post(parts.uri.to_string());
        for (name, value) in &parts.headers {
            post = post.header(name, value);
        }
        let mut answer = post.send(&body[..])?;
        let (status, bytes) = (answer.status(), answer.body_mut().read_to_vec()?);
        Ok(Response::builder().status(status).body(bytes.into())?)
    }
}

impl HttpClient for Courier {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(std::future::ready(self.carry(request)))
    }
}
