//! The accept loop. Bounds connections, closes those on which nothing moves, and finishes what is under way when the service
//! stops. Knows sockets; nothing of requests.
//!
//! `axum::serve` has no time limit for the head of a request and bounds no connections: whoever opens sockets and says nothing
//! holds them for ever. Here a connection is *silent* while no request on it is being answered and nothing is read or
//! written. One that is silent for [`Settings::silent`](super::Settings) is closed. When all places are taken, the one makes room that has been
//! silent, or has kept others waiting for its head, its body or its reading, for longest; after [`Settings::grace`](super::Settings) already.

mod link;
mod socket;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use pin_project_lite::pin_project;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Sleep;

use super::framing::{LONGEST_HEAD, fault};
use super::meters::Meters;
use super::{Answer, App, Settings, State};
use link::Link;
use socket::{Moving, Stream};

/// No honest request has more headers.
const MOST_HEADERS: usize = 100;

/// All open connections.
#[derive(Default)]
struct Links {
    open: Mutex<BTreeMap<u64, Arc<Link>>>,
}

impl Links {
    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Link>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the connection that has been of use to nobody for longest to leave, if it has been for so long.
    fn make_room(&self, grace: Duration) -> bool {
        let open = self.open();
        let longest = open.values().map(|link| (link.idle(), link)).max_by_key(|(idle, _)| *idle);
        let Some((_, link)) = longest.filter(|(idle, _)| *idle >= grace) else { return false };
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

/// To hear that the service ends.
const LAST: Duration = Duration::from_secs(1);

/// Serves until `stop` completes, then finishes what is under way, for as long as that may take. Nothing is answered any more when
/// this returns: what is answered behind the end of the log of decisions would be in no log.
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
        let (slot, (stream, peer)) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let link = Arc::new(Link::new());
        links.open().insert(number, Arc::clone(&link));
        state.meters().opened();
        let listed = Listed { links: Arc::clone(&links), number, meters: Arc::clone(state.meters()) };
        // An answer is one write, which should leave at once.
        let _ = stream.set_nodelay(true);
        let served = Served { app: app.clone(), link, peer };
        let state = state.clone();
        tokio::spawn(async move {
            let (_slot, _listed) = (slot, listed);
            let end = attend(stream, served, state.clone()).await;
            state.meters().ended(end);
        });
    }
    drop(listener);
    links.open().values().for_each(|link| link.tell(&link.finish));
    // Whoever has all places is alone.
    let all = || slots.acquire_many(u32::try_from(settings.connections).unwrap_or(u32::MAX));
    if tokio::time::timeout(settings.stop, all()).await.is_err() {
        links.open().values().for_each(|link| link.tell(&link.leave));
        let _ = tokio::time::timeout(LAST, all()).await;
    }
}

/// A place for one more connection: a free one, or that of the connection that has been of use to nobody for longest.
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

/// Greets, where there is something to be kept secret, and serves until the end.
async fn attend(stream: TcpStream, served: Served, state: State) -> End {
    let link = Arc::clone(&served.link);
    let stream = match &state.settings().tls {
        None => Stream::Plain { stream },
        Some(certificates) => {
            let greeting = tokio::time::timeout(state.settings().header, certificates.acceptor().accept(stream));
            let greeted = tokio::select! {
                greeted = greeting => greeted,
                () = link.told() => return End::CrowdedOut,
            };
            match greeted {
                Ok(Ok(stream)) => Stream::Secret { stream: Box::new(stream) },
                Ok(Err(_)) => return End::Ungreeted,
                Err(_) => return End::Silent,
            }
        }
    };
    let mut builder = http1::Builder::new();
    // Its own limit arms a timer for every request; the watch below arms one now and then.
    builder.header_read_timeout(None).max_headers(MOST_HEADERS);
    builder.max_buf_size(LONGEST_HEAD).max_header_size(LONGEST_HEAD);
    let connection = builder.serve_connection(TokioIo::new(Moving::new(stream, Arc::clone(&link))), served);
    Watched { connection, link, state, timer: None, finishing: false }.await
}

async fn accept(listener: &TcpListener, links: &Links, settings: &Settings) -> (TcpStream, IpAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer.ip()),
            // Out of file descriptors, or the peer is already gone: others may fare better in a moment.
            Err(_) => {
                links.make_room(settings.grace);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, or by its client: a broken connection is its client's affair.
    Own,
    CrowdedOut,
    /// Nothing moved, or too little.
    Silent,
    /// What came is no HTTP.
    Unframed,
    /// There was no agreement on how to keep secret what is said.
    Ungreeted,
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
        let ended = this.connection.as_mut().poll(context);
        link.note();
        if let Poll::Ready(ended) = ended {
            let unframed = ended.is_err_and(|error| error.is_parse());
            return Poll::Ready(if unframed { End::Unframed } else { End::Own });
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
        self.0.answered();
    }
}

/// The service, as one connection has it.
struct Served {
    app: App,
    link: Arc<Link>,
    peer: IpAddr,
}

impl Service<Request<Incoming>> for Served {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        self.link.asked();
        let fault = fault(&request);
        let last = fault.is_some();
        let inner = self.app.answer_to(Some(self.peer), request, fault);
        Answering { inner, last, _busy: Busy(Arc::clone(&self.link)) }
    }
}

pin_project! {
    /// An answer in the making.
    struct Answering {
        #[pin]
        inner: Answer,
        // Nothing more is asked on this connection.
        last: bool,
        _busy: Busy,
    }
}

impl Future for Answering {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = this.inner.poll(context);
        if let Poll::Ready(Ok(answer)) = &mut answer
            && *this.last
        {
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}
