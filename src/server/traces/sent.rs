//! Spans as they are made and sent.

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Response};
use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::server::clock;
use crate::server::configuration::Wrong;
use crate::server::log::Line;

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
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(about).build();
        Ok(Self { tracer: provider.tracer("thamquyen"), provider })
    }

    /// A request that was answered just now.
    pub(in crate::server) fn tell(&self, line: &Line<'_>) {
        let Line { method, route, status, took, .. } = *line;
        let end = SystemTime::from(clock::now());
        let attributes = [
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.route", route),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        let span = self.tracer.span_builder(format!("{method} {route}")).with_kind(SpanKind::Server);
        let span = span.with_start_time(end.checked_sub(took).unwrap_or(end)).with_attributes(attributes);
        let above = line.trace.and_then(parent).map_or_else(Context::new, |parent| {
            // The caller decides whether the whole is kept.
            Context::new().with_remote_span_context(parent)
        });
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

/// The caller's span, in a header of W3C's form.
fn parent(header: &HeaderValue) -> Option<SpanContext> {
    let parts: Vec<&str> = header.to_str().ok()?.split('-').collect();
    let [version, trace, span, flags, ..] = parts[..] else { return None };
    let is_known = version.len() == 2 && version != "ff" && (version != "00" || parts.len() == 4);
    let lengths = (trace.len(), span.len(), flags.len()) == (32, 16, 2);
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()? & 1);
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    (is_known && lengths && context.is_valid()).then_some(context)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_read_and_nonsense_is_none() {
        let read = |text: &str| parent(&HeaderValue::from_str(text).expect("a value"));
        let found = read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").expect("a parent");
        assert_eq!(found.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(found.span_id().to_string(), "00f067aa0ba902b7");
        assert!(found.is_sampled() && found.is_remote());
        for wrong in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-0-0-0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-zz-00f067aa0ba902b7-01",
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
