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
use axum::http::{HeaderName, HeaderValue, Request, header};
use axum::response::Response;
use axum::routing::MethodRouter;
use axum::routing::future::RouteFuture;
use jiff::Timestamp;
use pin_project_lite::pin_project;
use tower::Service;

use super::meters::{Begun, Count, Counts, Meters};
use super::request::{Call, Identify};
use super::{State, problem};

/// The whole service but for its sockets.
#[derive(Debug, Clone)]
pub struct App {
    router: Router,
    counts: Arc<ByAddress>,
}

/// What is counted of each address, found as the router finds the way: it is of the same make.
#[derive(Debug)]
struct ByAddress {
    known: matchit::Router<Address>,
    other: Arc<Counts>,
}

/// What goes with every answer of an address.
#[derive(Debug, Clone)]
struct Address {
    counts: Arc<Counts>,
    retiring: Option<Arc<Parting>>,
}

/// An address that is going away: since when that is said, from which moment it may be gone, and where it is told what to use
/// instead (RFC 9745, RFC 8594).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Retiring {
    pub(super) since: Timestamp,
    pub(super) sunset: Timestamp,
    pub(super) instead: &'static str,
}

/// The headers that say so.
type Parting = [(HeaderName, HeaderValue); 3];

impl Retiring {
    /// None where a header could not hold it.
    fn headers(self) -> Option<Parting> {
        let Self { since, sunset, instead } = self;
        let sunset = sunset.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let value = |text: String| HeaderValue::from_str(&text).ok();
        Some([
            (HeaderName::from_static("deprecation"), value(format!("@{}", since.as_second()))?),
            (HeaderName::from_static("sunset"), value(sunset)?),
            (header::LINK, value(format!("<{instead}>; rel=\"deprecation\"; type=\"text/html\""))?),
        ])
    }
}

/// The one table of addresses, from which requests find their way and by which they are counted.
pub(super) struct Routes {
    router: Router<State>,
    known: matchit::Router<Address>,
    meters: Arc<Meters>,
}

impl Routes {
    pub(super) fn new(meters: &Arc<Meters>) -> Self {
        Self { router: Router::new(), known: matchit::Router::new(), meters: Arc::clone(meters) }
    }

    pub(super) fn route(self, address: &'static str, methods: MethodRouter<State>) -> Self {
        self.known(address, methods, None)
    }

    /// The same of an address that is going away, which every answer of it says.
    #[cfg_attr(not(test), expect(dead_code, reason = "no address is going away yet"))]
    pub(super) fn retiring(self, (address, retiring): (&'static str, Retiring), methods: MethodRouter<State>) -> Self {
        self.known(address, methods, retiring.headers().map(Arc::new))
    }

    fn known(mut self, address: &'static str, methods: MethodRouter<State>, retiring: Option<Arc<Parting>>) -> Self {
        let counts = Arc::new(Counts::new(address, Arc::clone(&self.meters)));
        // An address that cannot be taken here is one that axum's router does not take either, and it says so.
        let _ = self.known.insert(address, Address { counts, retiring });
        self.router = self.router.route(address, methods);
        self
    }

    pub(super) fn serve(self, state: State) -> App {
        let router = self.router.method_not_allowed_fallback(problem::no_such_method).fallback(problem::no_such_route);
        let other = Arc::new(Counts::new("other", self.meters));
        App { router: router.with_state(state), counts: Arc::new(ByAddress { known: self.known, other }) }
    }
}

impl App {
    pub(super) fn answer<B>(&self, request: Request<B>) -> Answer
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let found = self.counts.known.at(request.uri().path());
        let address = found.ok().map(|found| found.value);
        let counts = Arc::clone(address.map_or(&self.counts.other, |address| &address.counts));
        let retiring = address.and_then(|address| address.retiring.clone());
        let (begun, call) = (Begun::now(counts, request.method()), Call::of(request.headers()));
        // The router is one pointer.
        let inner = Guarded { inner: self.router.clone().call(request), retiring };
        Answer { inner: begun.count(Identify::new(call, inner)) }
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
        inner: RouteFuture<Infallible>,
        retiring: Option<Arc<Parting>>,
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
        for (name, value) in this.retiring.iter().flat_map(|parting| parting.iter()) {
            answer.headers_mut().append(name, value.clone());
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

    use super::{Retiring, Routes, State};
    use crate::library;

    async fn panics() -> StatusCode {
        panic!("on purpose")
    }

    #[tokio::test]
    async fn an_address_that_is_going_away_says_so() {
        let state = State::new(library::from_texts(&[]));
        let moment = |text: &str| text.parse().expect("a moment");
        let retiring = Retiring {
            since: moment("2026-01-01T00:00:00Z"),
            sunset: moment("2027-06-30T23:59:59Z"),
            instead: "/reference",
        };
        let routes = Routes::new(state.meters()).retiring(("/old", retiring), get(|| async { "old" }));
        let app = routes.route("/new", get(|| async { "new" })).serve(state.clone());
        let send = |path: &'static str, method: &'static str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            app.clone().oneshot(request)
        };
        // A refusal of the method too, since it is the address that goes.
        for method in ["GET", "HEAD", "POST"] {
            let answer = send("/old", method).await.expect("infallible");
            assert_eq!(answer.headers()["deprecation"], "@1767225600");
            assert_eq!(answer.headers()["sunset"], "Wed, 30 Jun 2027 23:59:59 GMT");
            assert_eq!(answer.headers()["link"], "</reference>; rel=\"deprecation\"; type=\"text/html\"");
        }
        let answer = send("/new", "GET").await.expect("infallible");
        assert!(["deprecation", "sunset", "link"].iter().all(|name| !answer.headers().contains_key(*name)));
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
