//! The id of a request: the caller's own where it is sane, else a new one. It goes with every response, and every problem says
//! it in its body.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// No longer id is taken from a caller.
const LONGEST: usize = 128;

tokio::task_local! {
    /// The id of the request that is being answered.
    static ID: HeaderValue;
}

/// Answers a request under its id.
pub(super) async fn identified(request: Request, next: Next) -> Response {
    let mut said = request.headers().get_all(HEADER).iter();
    let id = match (said.next(), said.next()) {
        (Some(only), None) if is_sane(only) => only.clone(),
        _ => made(),
    };
    let mut response = ID.scope(id.clone(), next.run(request)).await;
    response.headers_mut().insert(HEADER, id);
    response
}

/// The id of the request under way; none outside of one.
pub(super) fn id() -> Option<String> {
    ID.try_with(|id| id.to_str().map(str::to_owned)).ok().and_then(Result::ok)
}

/// Visible ASCII, and not too long.
fn is_sane(id: &HeaderValue) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

/// Unlike all others, wherever they are made.
fn made() -> HeaderValue {
    let id = uuid::Uuid::new_v4().to_string();
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("none"))
}
