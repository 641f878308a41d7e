//! Addresses and who answers there, and what goes around each answer: it is counted, it goes under an id, and a panic is a
//! problem like others. Knows no resource.
//!
//! What goes around the answers is written out here, around axum's router and not in it: `Router::layer` puts each route into
//! a second box, which costs every request two boxes more.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::http::{HeaderValue, Request, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use axum::routing::future::RouteFuture;
use pin_project_lite::pin_project;
use tower::Service;

use super::meters::{Begun, Count, Counts, Meters};
use super::request::{Id, Identify};
use super::standing::{Demand, Stamp};
use super::{State, clock, problem};

/// The whole service but for its sockets.
#[derive(Debug, Clone)]
pub struct App {
    router: Router,
    counts: Arc<ByAddress>,
    state: State,
}

/// What is counted of each address, found as the router finds the way: it is of the same make.
#[derive(Debug)]
struct ByAddress {
    known: matchit::Router<Arc<Counts>>,
    other: Arc<Counts>,
}

/// The one table of addresses, from which requests find their way and by which they are counted.
pub(super) struct Routes {
    router: Router<State>,
    known: matchit::Router<Arc<Counts>>,
    meters: Arc<Meters>,
}

impl Routes {
    pub(super) fn new(meters: &Arc<Meters>) -> Self {
        Self { router: Router::new(), known: matchit::Router::new(), meters: Arc::clone(meters) }
    }

    pub(super) fn route(mut self, address: &'static str, methods: MethodRouter<State>) -> Self {
        // An address that cannot be taken here is one that axum's router does not take either, and it says so.
        let _ = self.known.insert(address, Arc::new(Counts::new(address, Arc::clone(&self.meters))));
        self.router = self.router.route(address, methods);
        self
    }

    pub(super) fn serve(self, state: State) -> App {
        let router = self.router.method_not_allowed_fallback(problem::no_such_method).fallback(problem::no_such_route);
        let other = Arc::new(Counts::new("other", self.meters));
        let counts = Arc::new(ByAddress { known: self.known, other });
        App { router: router.with_state(state.clone()), counts, state }
    }
}

impl App {
    pub(super) fn answer<B>(&self, mut request: Request<B>) -> Answer
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let found = self.counts.known.at(request.uri().path());
        let counts = Arc::clone(found.map_or(&self.counts.other, |found| found.value));
        let (begun, id) = (Begun::now(counts, request.method()), Id::of(request.headers()));
        let stamp = Stamp::of(&self.state, begun.since());
        // The router is one pointer.
        let mut router = self.router.clone();
        let way = match Demand::of(&mut request) {
            Ok(None) => Way::Straight { inner: router.call(request) },
            demand => {
                let state = self.state.clone();
                let waits = async move {
                    let met = match demand {
                        Ok(Some(demand)) => demand.met(&state).await,
                        Ok(None) => Ok(()),
                        Err(problem) => Err(problem),
                    };
                    if let Err(problem) = met {
                        return Ok(problem.into_response());
                    }
                    // It is further now than when the request came.
                    let stamp = Stamp::of(&state, clock::instant());
                    let mut answer = router.call(request).await?;
                    if let Some(stamp) = stamp {
                        stamp.on(answer.headers_mut());
                    }
                    Ok(answer)
                };
                Way::Waits { inner: Box::pin(waits) }
            }
        };
        let inner = Guarded { inner: way, stamp };
        Answer { inner: begun.count(Identify::new(id, inner)) }
    }
}

impl<B> Service<Request<B>> for App
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        self.answer(request)
    }
}

pin_project! {
    /// An answer in the making.
    pub struct Answer {
        #[pin]
        inner: Count<Identify<Guarded>>,
    }
}

impl Future for Answer {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().inner.poll(context)
    }
}

pin_project! {
    /// The same, where a panic is a problem like others, and no browser guesses what an answer is.
    struct Guarded {
        #[pin]
        inner: Way,
        stamp: Option<Stamp>,
    }
}

pin_project! {
    /// How a request goes to its resource.
    #[project = WayProjected]
    enum Way {
        Straight { #[pin] inner: RouteFuture<Infallible> },
        /// Once the service has the entry that is demanded.
        Waits { inner: Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>> },
    }
}

impl Future for Way {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            WayProjected::Straight { inner } => inner.poll(context),
            WayProjected::Waits { inner } => inner.as_mut().poll(context),
        }
    }
}

impl Future for Guarded {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let inner = this.inner;
        // What panicked is not polled again: this is its answer.
        let mut answer = match catch_unwind(AssertUnwindSafe(|| inner.poll(context))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(answer))) => answer,
            Err(panic) => problem::panicked(panic),
        };
        answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(stamp) = this.stamp {
            stamp.on(answer.headers_mut());
        }
        Poll::Ready(Ok(answer))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::{Routes, State};
    use crate::library;

    async fn panics() -> StatusCode {
        panic!("on purpose")
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_like_others() {
        let state = State::new(library::from_texts(&[]));
        let app = Routes::new(state.meters()).route("/panics/{at}", get(panics)).serve(state.clone());
        for (path, status) in [("/panics/here", 500), ("/nowhere", 404)] {
            let request = Request::get(path).header("x-request-id", "mine").body(Body::empty()).expect("a request");
            let answer = app.clone().oneshot(request).await.expect("infallible");
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers()["x-request-id"], "mine");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            let body: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!((&body["status"], &body["request_id"]), (&status.into(), &"mine".into()));
        }
        let counted = state.meters().rendered();
        for kind in
            ["route=\"/panics/{at}\",method=\"GET\",status=\"500\"", "route=\"other\",method=\"GET\",status=\"404\""]
        {
            assert!(counted.contains(&format!("thamquyen_http_requests_total{{{kind}}} 1")), "{counted}");
        }
    }
}
