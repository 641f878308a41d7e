//! The HTTP service and its page: one resource per file. Knows requests and responses; every answer comes from
//! [`crate::reading`]. A request sees one library from start to end.

mod batch;
mod body;
mod caller;
mod documents;
mod health;
mod openapi;
mod over_time;
mod page;
mod paging;
mod parameters;
mod problem;
mod request;
mod segment;
mod tasks;
mod units;
mod who_decides;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::library::Library;

/// So many bytes of rendered answers are kept.
const ANSWERS_KEPT: u64 = 64 << 20;
/// Open connections beyond these wait to be accepted.
const CONNECTIONS: usize = 1024;
/// For the head of a request, for its body, and for what is under way when the service stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all requests share.
#[derive(Debug, Clone)]
pub struct State(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The rules that new requests see.
    library: ArcSwap<Library>,
    /// Rendered answers by version, language, depth and canonical question: a key never goes stale, so nothing is ever
    /// invalidated.
    answers: moka::sync::Cache<String, Arc<str>>,
}

impl State {
    #[must_use]
    pub fn new(library: Library) -> Self {
        let weight = |key: &String, answer: &Arc<str>| u32::try_from(key.len() + answer.len()).unwrap_or(u32::MAX);
        let answers = moka::sync::Cache::builder().max_capacity(ANSWERS_KEPT).weigher(weight).build();
        Self(Arc::new(Shared { library: ArcSwap::from_pointee(library), answers }))
    }

    /// The rules of this moment. A request takes them once and keeps them, so that it sees one library from start to end
    /// though the rules be reloaded meanwhile.
    fn library(&self) -> Arc<Library> {
        self.0.library.load_full()
    }
}

/// Every route, as the service and the tests have it.
pub fn app(state: State) -> Router {
    let nosniff =
        SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Router::new()
        .route("/", get(page::page))
        .route("/style.css", get(page::style))
        .route("/v1/who-decides", get(who_decides::get).post(who_decides::post))
        .route("/v1/who-decides/batch", post(batch::post))
        .route("/v1/tasks", get(tasks::list))
        .route("/v1/tasks/{id}", get(tasks::one))
        .route("/v1/tasks/{id}/table", get(over_time::table))
        .route("/v1/tasks/{id}/timeline", get(over_time::timeline))
        .route("/v1/units", get(units::list))
        .route("/v1/units/{code}", get(units::one))
        .route("/v1/documents/{*number}", get(documents::one))
        .route("/openapi.json", get(openapi::get))
        .route("/healthz/live", get(health::live))
        .route("/healthz/ready", get(health::ready))
        .method_not_allowed_fallback(problem::no_such_method)
        .fallback(problem::no_such_route)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(nosniff)
        .layer(from_fn(request::identified))
        .with_state(state)
}

/// Serves until the process is told to stop, then finishes what is under way.
///
/// `axum::serve` waits for ever for slow heads and bounds no connections, so the loop is our own.
///
/// # Errors
/// When the signals of the system cannot be listened to.
pub async fn serve(listener: TcpListener, state: State) -> io::Result<()> {
    let app = app(state);
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = std::pin::pin!(told_to_stop()?);
    loop {
        let slot = tokio::select! {
            () = &mut stop => break,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, or the peer is already gone: others may fare better in a moment.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let service = TowerToHyperService::new(app.clone());
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _slot = slot;
            // A broken connection is its client's affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(PATIENCE, graceful.shutdown()).await;
    Ok(())
}

/// Completes on ctrl-C or on the signal by which services are stopped.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
