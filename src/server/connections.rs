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
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Sleep;

use super::meters::Meters;
use super::{Answer, App, Settings, State, clock};

/// What is known of an open connection.
///
/// Bytes and requests come several to a look at a connection: they only leave a mark, and after the look the clock is read
/// once for all of them.
struct Link {
    opened: Instant,
    /// Something was read or written, or an answer was done, and the time of it is not noted yet.
    stirred: AtomicBool,
    /// Milliseconds from `opened` to when something last moved.
    moved: AtomicU64,
    /// One more than the milliseconds from `opened` to the first byte of a head that is not complete; none where there is none.
    begun: AtomicU64,
    /// Requests being answered.
    busy: AtomicU32,
    /// Told to make room.
    leave: AtomicBool,
    /// Told to come to an end with what is under way.
    finish: AtomicBool,
    /// The task of the connection, once it runs.
    task: Mutex<Option<Waker>>,
}

/// In `begun`: a head began, and the time of it is not noted yet.
const JUST_NOW: u64 = u64::MAX;

impl Link {
    fn new() -> Self {
        Self {
            opened: clock::instant(),
            stirred: AtomicBool::new(false),
            moved: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            busy: AtomicU32::new(0),
            leave: AtomicBool::new(false),
            finish: AtomicBool::new(false),
            task: Mutex::new(None),
        }
    }

    fn touch(&self) {
        self.stirred.store(true, Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Bytes came: of a body where a request is being answered, else of a head.
    fn read(&self) {
        self.touch();
        if self.busy.load(Ordering::Relaxed) == 0 && self.begun.load(Ordering::Relaxed) == 0 {
            self.begun.store(JUST_NOW, Ordering::Relaxed);
        }
    }

    /// A request came.
    fn asked(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
        self.begun.store(0, Ordering::Relaxed);
    }

    /// Notes the time of what left a mark.
    fn note(&self) {
        if !self.stirred.load(Ordering::Relaxed) {
            return;
        }
        let age = self.age();
        if self.begun.load(Ordering::Relaxed) == JUST_NOW {
            self.begun.store(age + 1, Ordering::Relaxed);
        }
        self.moved.store(age, Ordering::Relaxed);
        // Who sees the mark gone sees the time.
        self.stirred.store(false, Ordering::Release);
    }

    /// Tells the connection something, one of its two flags.
    fn tell(&self, flag: &AtomicBool) {
        // Under the lock: a task that begins to listen meanwhile sees it.
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        flag.store(true, Ordering::Relaxed);
        if let Some(task) = &*task {
            task.wake_by_ref();
        }
    }

    /// The task to wake, which is the same for as long as the connection is open.
    fn listen(&self, task: &Waker) {
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.clone());
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
        if self.busy.load(Ordering::Acquire) > 0 || self.stirred.load(Ordering::Acquire) {
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
        link.tell(&link.leave);
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
        let connection = builder.serve_connection(io, service);
        let watched = Watched { connection, link, state: state.clone(), timer: None, finishing: false };
        let meters = Arc::clone(state.meters());
        tokio::spawn(async move {
            let (_slot, _listed) = (slot, listed);
            match watched.await {
                End::Own => {}
                End::CrowdedOut => meters.crowded_out(),
                End::Silent => meters.fell_silent(),
            }
        });
    }
    drop(listener);
    links.open().values().for_each(|link| link.tell(&link.finish));
    // Whoever has all places is alone.
    let all = slots.acquire_many(u32::try_from(settings.connections).unwrap_or(u32::MAX));
    let _ = tokio::time::timeout(settings.stop, all).await;
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

/// How a connection ended.
enum End {
    /// By itself, or by its client: a broken connection is its client's affair.
    Own,
    CrowdedOut,
    Silent,
}

pin_project! {
    /// A connection until it ends, or must. Who tells it to wakes its task, and so does the timer; at all other times, and that
    /// is several times for each request, what is told and the timer are only looked at.
    struct Watched {
        #[pin]
        connection: http1::Connection<TokioIo<Moving>, Served>,
        link: Arc<Link>,
        state: State,
        // None before the first look.
        #[pin]
        timer: Option<Sleep>,
        finishing: bool,
    }
}

impl Future for Watched {
    type Output = End;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<End> {
        let mut this = self.project();
        let link = &**this.link;
        if this.timer.is_none() {
            link.listen(context.waker());
        }
        if !*this.finishing && link.finish.load(Ordering::Relaxed) {
            *this.finishing = true;
            this.connection.as_mut().graceful_shutdown();
        }
        let ended = this.connection.as_mut().poll(context).is_ready();
        link.note();
        if ended {
            return Poll::Ready(End::Own);
        }
        if link.leave.load(Ordering::Relaxed) {
            return Poll::Ready(End::CrowdedOut);
        }
        while this.timer.as_ref().as_pin_ref().is_none_or(|timer| timer.is_elapsed()) {
            let left = link.left(this.state.settings());
            if left.is_zero() {
                return Poll::Ready(End::Silent);
            }
            this.timer.set(Some(tokio::time::sleep(left)));
            // Whatever the connection did before: a timer that is not polled never wakes.
            if let Some(timer) = this.timer.as_mut().as_pin_mut() {
                let _ = pin!(tokio::task::unconstrained(timer)).poll(context);
            }
        }
        Poll::Pending
    }
}

/// A request is being answered as long as this is there.
struct Busy(Arc<Link>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.touch();
        // Who sees no request sees that something moved.
        self.0.busy.fetch_sub(1, Ordering::Release);
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
