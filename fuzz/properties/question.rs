//! Any bytes as a question to the service, in process: behind `?` as parameters, else as a body. Always an answer or a problem,
//! never a panic.

use std::sync::OnceLock;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::Value;
use thamquyen::library;
use thamquyen::server::{App, State, app};
use tower::ServiceExt as _;

struct Service {
    runtime: tokio::runtime::Runtime,
    app: App,
}

static SERVICE: OnceLock<Service> = OnceLock::new();

fn service() -> Service {
    let library = library::from_texts(&[
        ("catalogue.tq", include_str!("../../tests/cases/good/catalogue.tq")),
        ("units.csv", include_str!("../../tests/cases/good/units.csv")),
        ("successions.csv", include_str!("../../tests/cases/good/successions.csv")),
        ("rules.tq", include_str!("../rules.tq")),
    ]);
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    Service { runtime, app: app(State::new(library)) }
}

fn request(bytes: &[u8]) -> Option<Request<Body>> {
    if let Some(parameters) = bytes.strip_prefix(b"?") {
        let path = format!("/v1/who-decides?{}", std::str::from_utf8(parameters).ok()?);
        return Request::get(path).body(Body::empty()).ok();
    }
    let request = Request::post("/v1/who-decides").header("content-type", "application/json");
    request.body(Body::from(bytes.to_vec())).ok()
}

pub(crate) fn holds(bytes: &[u8]) {
    let Some(request) = request(bytes) else { return };
    let Service { runtime, app } = SERVICE.get_or_init(service);
    runtime.block_on(async {
        let response = app.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        if parts.status == StatusCode::OK {
            assert!(body["outcome"].is_string(), "{body}");
        } else {
            assert!(parts.status.is_client_error(), "{} {body}", parts.status);
            assert_eq!(parts.headers["content-type"], "application/problem+json");
            assert_eq!(body["status"], parts.status.as_u16());
        }
    });
}
