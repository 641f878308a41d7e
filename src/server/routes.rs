//! Addresses and who answers there, and what goes around each answer: it is counted, it goes under an id, and a panic is a
//! problem like others. Knows no resource.
//!
//! What goes around the answers is written out here, around axum's router and not in it: `Router::layer` puts each route into
//! a second box, which costs every request two boxes more.

use std::convert::Infallible;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, Request, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use axum::routing::future::RouteFuture;
use jiff::Timestamp;
use pin_project_lite::pin_project;
use tower::Service;

use super::access::{self, Guard, Need, Needs, Principal};
use super::caller::Caller;
use super::meters::{Begun, Count, Counts, Meters};
use super::problem::{self, Problem};
use super::request::{Call, Identify};
use super::standing::{Demand, Stamp};
use super::{State, clock, work};
use crate::syntax::tree::Language;

/// The whole service but for its sockets.
#[derive(Debug, Clone)]
pub struct App {
    router: Router,
    ways: Arc<ByAddress>,
    /// Who may come in, where that is asked.
    guard: Option<Arc<Guard>>,
    state: State,
}

/// What is counted of each address and who may ask it, found as the router finds the way: it is of the same make.
#[derive(Debug)]
struct ByAddress {
    known: matchit::Router<Way>,
    other: Arc<Counts>,
}

/// An address.
#[derive(Debug)]
struct Way {
    counts: Arc<Counts>,
    needs: Needs,
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
    known: matchit::Router<Way>,
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
        let _ = self.known.insert(address, Way { counts, needs: access::needs(address), retiring });
        self.router = self.router.route(address, methods);
        self
    }

    pub(super) fn serve(self, state: State) -> App {
        let router = self.router.method_not_allowed_fallback(problem::no_such_method).fallback(problem::no_such_route);
        let other = Arc::new(Counts::new("other", self.meters));
        let guard = state.settings().access.clone();
        let ways = Arc::new(ByAddress { known: self.known, other });
        App { router: router.with_state(state.clone()), ways, guard, state }
    }
}

impl App {
    /// Answers whoever is at the other end of a connection, or, where there is none, nobody who is counted. What is wrong with
    /// a request as a whole is known already.
    pub(super) fn answer_to<B>(&self, peer: Option<IpAddr>, mut request: Request<B>, fault: Option<Problem>) -> Answer
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let found = self.ways.known.at(request.uri().path()).ok().map(|found| found.value);
        let counts = Arc::clone(found.map_or(&self.ways.other, |way| &way.counts));
        let always = counts.always;
        let (begun, mut call) =
            (Begun::now(counts, &request, self.state.settings().traces.as_ref()), Call::of(request.headers()));
        let stamp = Stamp::of(&self.state, begun.since());
        let admitted = fault.map_or_else(|| self.admitted((peer, &mut call), &request, (found, always)), Err);
        call.by = admitted.as_ref().ok().and_then(Option::as_ref).map(|principal| Arc::clone(&principal.name));
        let course = match admitted {
            Ok(principal) => {
                if let Some(principal) = principal {
                    request.extensions_mut().insert(principal);
                }
                self.routed(request, found)
            }
            Err(problem) => Course::Refused { problem: Some(problem) },
        };
        let retiring = found.and_then(|way| way.retiring.clone());
        let inner = Guarded { inner: course, stamp, retiring, state: self.state.clone() };
        Answer { inner: begun.count(Identify::new(call, inner)) }
    }

    /// The way to the resource: straight, where no entry is demanded that the service may not have yet.
    fn routed<B>(&self, mut request: Request<B>, way: Option<&Way>) -> Course
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        // The router is one pointer.
        let mut router = self.router.clone();
        // Who reads may demand an entry; for all else, and for what is not taken, it is no question how far the service is.
        let need = way.and_then(|way| way.needs.of(request.method()));
        if !matches!(need, Some(Need::Anyone | Need::Reading)) {
            return Course::Straight { inner: router.call(request) };
        }
        let demand = match Demand::of(&mut request) {
            Ok(None) => return Course::Straight { inner: router.call(request) },
            Ok(Some(demand)) => demand,
            Err(problem) => return Course::Refused { problem: Some(problem) },
        };
        let state = self.state.clone();
        let waits = async move {
            if let Err(problem) = demand.met(&state).await {
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
        Course::Waits { inner: Box::pin(waits) }
    }

    /// Who asks, where they said so; or why the request is sent away unread: the service is behind, they may not, or they ask too
    /// often. What tells how the service is is told always. Notes in the call as whom they are counted.
    fn admitted<B>(
        &self,
        (peer, call): (Option<IpAddr>, &mut Call),
        request: &Request<B>,
        (way, always): (Option<&Way>, bool),
    ) -> Result<Option<Principal>, Problem> {
        let state = &self.state;
        let language = || Caller::of(request.uri(), request.headers()).language;
        if !always && !state.pressure().takes() {
            state.meters().sent_away();
            return Err(Problem::behind(language()));
        }
        let asked = (request.method(), request.uri());
        let needs = way.map(|way| way.needs);
        let admitted = self.guard.as_ref().map_or(Ok(None), |guard| guard.admit(needs, asked, request.headers()));
        if always {
            return admitted;
        }
        // Who is known is counted by name, wherever they ask from; who guesses names is counted by where.
        let known = admitted.as_ref().ok().and_then(Option::as_ref).map(|who| state.rates().named(&who.name));
        let client = known.or_else(|| state.settings().proxies.client(peer?, request.headers()));
        call.client = client;
        match client.map_or(Ok(()), |client| state.rates().count(client)) {
            Ok(()) => admitted,
            Err(often) => {
                state.meters().limited();
                Err(Problem::too_often(language(), often))
            }
        }
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
        self.answer_to(None, request, None)
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
        inner: Course,
        stamp: Option<Stamp>,
        retiring: Option<Arc<Parting>>,
        state: State,
    }
}

pin_project! {
    /// How a request goes to its resource.
    #[project = Now]
    enum Course {
        Straight { #[pin] inner: RouteFuture<Infallible> },
        // Once the service has the entry that is demanded.
        Waits { inner: Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>> },
        // Nobody is asked.
        Refused { problem: Option<Problem> },
    }
}

impl Future for Course {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Now::Straight { inner } => inner.poll(context),
            Now::Waits { inner } => inner.as_mut().poll(context),
            Now::Refused { problem } => {
                let problem = problem.take().unwrap_or_else(|| Problem::internal(Language::Vietnamese));
                Poll::Ready(Ok(problem.into_response()))
            }
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
            Err(panic) => {
                this.state.meters().panicked();
                work::tell(Some(panic));
                Problem::internal(Language::Vietnamese).into_response()
            }
        };
        answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(stamp) = this.stamp {
            stamp.on(answer.headers_mut());
        }
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
