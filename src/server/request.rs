//! The id of a request: the caller's own where it is sane, else a new one. It goes with every response, and every problem says
//! it in its body.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::{HeaderName, HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;
use tower::{Layer, Service};

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// No longer id is taken from a caller.
const LONGEST: usize = 128;

tokio::task_local! {
    /// The id of the request that is being answered.
    static ID: HeaderValue;
}

/// Answers every request under its id. Written out, for a middleware made of a function costs every request two boxes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identifying;

impl<S> Layer<S> for Identifying {
    type Service = Identified<S>;

    fn layer(&self, inner: S) -> Identified<S> {
        Identified(inner)
    }
}

/// A service whose requests have ids.
#[derive(Debug, Clone)]
pub(super) struct Identified<S>(S);

impl<S: Service<Request<A>, Response = Response<B>>, A, B> Service<Request<A>> for Identified<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Identify<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let mut said = request.headers().get_all(HEADER).iter();
        let id = match (said.next(), said.next()) {
            (Some(only), None) if is_sane(only) => only.clone(),
            _ => made(),
        };
        Identify { inner: ID.scope(id.clone(), self.0.call(request)), id: Some(id) }
    }
}

pin_project! {
    /// An answer in the making.
    pub(super) struct Identify<F> {
        #[pin]
        inner: TaskLocalFuture<HeaderValue, F>,
        id: Option<HeaderValue>,
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Identify<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = this.inner.poll(context);
        if let Poll::Ready(Ok(answer)) = &mut answer
            && let Some(id) = this.id.take()
        {
            answer.headers_mut().insert(HEADER, id);
        }
        answer
    }
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
