//! The accept loop. Bounds connections, closes those on which nothing moves, and finishes what is under way when the service
//! stops. Knows sockets; nothing of requests.
//!
//! `axum::serve` has no time limit for the head of a request and bounds no connections: whoever opens sockets and says nothing
//! holds them for ever. Here a connection is *silent* while no request on it is being answered and nothing is read or
//! written. One that is silent for [`Settings::silent`](super::Settings) is closed; when all places are taken, the one that has been silent longest
//! makes room, after [`Settings::grace`](super::Settings) already.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};

use super::meters::Meters;
use super::{Answer, App, Settings, State, clock};

/// What is known of an open connection.
struct Link {
    opened: Instant,
    /// Milliseconds from `opened` to the last byte read or written.
    moved: AtomicU64,
    /// One more than the milliseconds from `opened` to the first byte of a head that is not complete; none where there is none.
    begun: AtomicU64,
    /// Requests being answered.
    busy: AtomicU32,
    /// Told to make room.
    leave: Notify,
}

impl Link {
    fn new() -> Self {
        Self {
            opened: clock::instant(),
            moved: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            busy: AtomicU32::new(0),
            leave: Notify::new(),
        }
    }

    fn touch(&self) {
        self.moved.store(self.age(), Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Bytes came: of a body where a request is being answered, else of a head.
    fn read(&self) {
        self.touch();
        if self.busy.load(Ordering::Relaxed) == 0 && self.begun.load(Ordering::Relaxed) == 0 {
            self.begun.store(self.age() + 1, Ordering::Relaxed);
        }
    }

    /// A request came.
    fn asked(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
        self.begun.store(0, Ordering::Relaxed);
    }

    /// How long the connection may go on as it is; nothing when its time is up.
    fn left(&self, settings: &Settings) -> Duration {
        let left = settings.silent.saturating_sub(self.silent());
        let begun = self.begun.load(Ordering::Relaxed);
        let since = self.age().saturating_sub(begun.saturating_sub(1));
        match begun {
            // A head may begin in a moment.
            0 => left.min(settings.header),
            _ => left.min(settings.header.saturating_sub(Duration::from_millis(since))),
        }
    }

    /// For how long nothing has moved; nothing while a request is being answered.
    fn silent(&self) -> Duration {
        if self.busy.load(Ordering::Relaxed) > 0 {
            return Duration::ZERO;
        }
        Duration::from_millis(self.age().saturating_sub(self.moved.load(Ordering::Relaxed)))
    }
}

/// All open connections.
#[derive(Default)]
struct Links {
    open: Mutex<BTreeMap<u64, Arc<Link>>>,
}

impl Links {
    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Link>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the connection that has been silent longest to leave, if it has been for so long.
    fn make_room(&self, grace: Duration) -> bool {
        let open = self.open();
        let longest = open.values().map(|link| (link.silent(), link)).max_by_key(|(silent, _)| *silent);
        let Some((_, link)) = longest.filter(|(silent, _)| *silent >= grace) else { return false };
        link.leave.notify_one();
        true
    }
}

/// Takes a connection out of the list when it ends, however it ends.
struct Listed {
    links: Arc<Links>,
    number: u64,
    meters: Arc<Meters>,
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.links.open().remove(&self.number);
        self.meters.closed();
    }
}

/// Serves until `stop` completes, then finishes what is under way.
pub(super) async fn serve(listener: TcpListener, (state, app): (State, App), stop: impl Future<Output = ()>) {
    let settings = state.settings();
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(settings.connections));
    let links = Arc::new(Links::default());
    let mut stop = std::pin::pin!(stop);
    for number in 0_u64.. {
        let next = async {
            let slot = slot(&slots, &links, settings).await;
            (slot, accept(&listener, &links, settings).await)
        };
        let (slot, stream) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let link = Arc::new(Link::new());
        links.open().insert(number, Arc::clone(&link));
        state.meters().opened();
        let listed = Listed { links: Arc::clone(&links), number, meters: Arc::clone(state.meters()) };
        // An answer is one write, which should leave at once.
        let _ = stream.set_nodelay(true);
        let service = Served { app: app.clone(), link: Arc::clone(&link) };
        let mut builder = http1::Builder::new();
        // Its own limit arms a timer for every request; the watch below arms one now and then.
        builder.header_read_timeout(None);
        let io = TokioIo::new(Moving { stream, link: Arc::clone(&link) });
        let connection = graceful.watch(builder.serve_connection(io, service));
        let state = state.clone();
        tokio::spawn(async move {
            let (_slot, _listed) = (slot, listed);
            tokio::select! {
                // A broken connection is its client's affair.
                _ = connection => {}
                () = link.leave.notified() => state.meters().crowded_out(),
                () = out_of_time(&link, state.settings()) => state.meters().fell_silent(),
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(settings.stop, graceful.shutdown()).await;
}

/// A place for one more connection: a free one, or that of the connection that has been silent longest.
async fn slot(slots: &Arc<Semaphore>, links: &Links, settings: &Settings) -> Option<tokio::sync::OwnedSemaphorePermit> {
    loop {
        if let Ok(slot) = Arc::clone(slots).try_acquire_owned() {
            return Some(slot);
        }
        links.make_room(settings.grace);
        // It leaves at once; where nobody could, somebody may in a moment.
        let free = Arc::clone(slots).acquire_owned();
        if let Ok(slot) = tokio::time::timeout(Duration::from_millis(20), free).await {
            return slot.ok();
        }
    }
}

async fn accept(listener: &TcpListener, links: &Links, settings: &Settings) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Out of file descriptors, or the peer is already gone: others may fare better in a moment.
            Err(_) => {
                links.make_room(settings.grace);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Completes when nothing has moved for too long, or a head has been coming for too long.
async fn out_of_time(link: &Link, settings: &Settings) {
    loop {
        let left = link.left(settings);
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left).await;
    }
}

/// A request is being answered as long as this is there.
struct Busy(Arc<Link>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.touch();
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The service, as one connection has it.
struct Served {
    app: App,
    link: Arc<Link>,
}

impl Service<Request<Incoming>> for Served {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        self.link.asked();
        Answering { inner: self.app.answer(request), _busy: Busy(Arc::clone(&self.link)) }
    }
}

pin_project! {
    /// An answer in the making.
    struct Answering {
        #[pin]
        inner: Answer,
        _busy: Busy,
    }
}

impl Future for Answering {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().inner.poll(context)
    }
}

pin_project! {
    /// A socket that notes when something moves.
    struct Moving {
        #[pin]
        stream: TcpStream,
        link: Arc<Link>,
    }
}

impl AsyncRead for Moving {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.project();
        let read = this.stream.poll_read(context, buffer);
        if read.is_ready() {
            this.link.read();
        }
        read
    }
}

impl AsyncWrite for Moving {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.project();
        let written = this.stream.poll_write(context, bytes);
        if written.is_ready() {
            this.link.touch();
        }
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.project();
        let written = this.stream.poll_write_vectored(context, parts);
        if written.is_ready() {
            this.link.touch();
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().stream.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().stream.poll_shutdown(context)
    }
}
