//! More batches than are answered at once.

use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use serde_json::Value;
use thamquyen::library::{self, Origin};
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

/// A body that never comes to its end.
struct Endless;

impl axum::body::HttpBody for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_batch_too_many_is_told_to_come_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let app = app(State::new(library::load(&Origin::Folders(vec![folder]))));
    let batch = |body: Body| {
        let request = Request::post("/v1/who-decides/batch").header("content-type", "application/x-ndjson");
        app.clone().oneshot(request.body(body).expect("a request"))
    };
    let mut open = Vec::new();
    for _ in 0..16 {
        let response = batch(Body::new(Endless)).await.expect("infallible");
        assert_eq!(response.status(), StatusCode::OK);
        open.push(response);
    }
    let response = batch(Body::from("{}")).await.expect("infallible");
    assert_eq!(
        (response.status(), &response.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["type"], "tag:thamquyen,2026:problem:busy");
    // What never comes is not waited for: the places are free again, and the last line says why.
    for response in open {
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let body: Value = serde_json::from_slice(&body).expect("one line");
        assert_eq!((&body["status"], &body["line"]), (&408.into(), &1.into()));
    }
    assert_eq!(batch(Body::from("{}")).await.expect("infallible").status(), StatusCode::OK);
}
