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
use axum::http::{HeaderValue, Request, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use axum::routing::future::RouteFuture;
use pin_project_lite::pin_project;
use tower::Service;

use super::access::{self, Guard, Needs, Principal};
use super::caller::Caller;
use super::meters::{Begun, Count, Counts, Meters};
use super::problem::{self, Problem};
use super::request::{Id, Identify};
use super::{State, work};
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

    pub(super) fn route(mut self, address: &'static str, methods: MethodRouter<State>) -> Self {
        // An address that cannot be taken here is one that axum's router does not take either, and it says so.
        let counts = Arc::new(Counts::new(address, Arc::clone(&self.meters)));
        let _ = self.known.insert(address, Way { counts, needs: access::needs(address) });
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
        let (begun, id) =
            (Begun::now(counts, &request, self.state.settings().traces.as_ref()), Id::of(request.headers()));
        let admitted = fault.map_or_else(|| self.admitted(peer, &request, (found, always)), Err);
        let inner = match admitted {
            Ok(principal) => {
                if let Some(principal) = principal {
                    request.extensions_mut().insert(principal);
                }
                // The router is one pointer.
                Guarded::Routed { inner: self.router.clone().call(request), state: self.state.clone() }
            }
            Err(problem) => Guarded::Refused { problem: Some(problem) },
        };
        Answer { inner: begun.count(Identify::new(id, inner)) }
    }

    /// Who asks, where they said so; or why the request is sent away unread: the service is behind, they may not, or they ask too
    /// often. What tells how the service is is told always.
    fn admitted<B>(
        &self,
        peer: Option<IpAddr>,
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
    #[project = Projected]
    enum Guarded {
        Routed { #[pin] inner: RouteFuture<Infallible>, state: State },
        // Nobody is asked.
        Refused { problem: Option<Problem> },
    }
}

impl Future for Guarded {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut answer = match self.project() {
            // What panicked is not polled again: this is its answer.
            Projected::Routed { inner, state } => match catch_unwind(AssertUnwindSafe(|| inner.poll(context))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(Ok(answer))) => answer,
                Err(panic) => {
                    state.meters().panicked();
                    work::tell(Some(panic));
                    Problem::internal(Language::Vietnamese).into_response()
                }
            },
            Projected::Refused { problem } => {
                problem.take().unwrap_or_else(|| Problem::internal(Language::Vietnamese)).into_response()
            }
        };
        answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
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
