//! The id of a request and the trace that it belongs to: the caller's own where they are sane, else new ones. They go with
//! every response, and every problem says them in its body.

mod trace;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::rate::Key;
pub(super) use trace::{Part, Trace, caller, ours};

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// No longer id is taken from a caller.
const LONGEST: usize = 128;

tokio::task_local! {
    /// The request that is being answered.
    static CALL: Call;
}

/// What is known of a request wherever it is worked on.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: Id,
    pub(super) trace: Trace,
    /// Who asks, where the service knows.
    pub(super) by: Option<Arc<str>>,
    /// As whom they are counted, if they are.
    pub(super) client: Option<Key>,
}

impl Call {
    /// Of a request with these headers.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let (id, fresh) = Id::of(headers);
        Self { id, trace: Trace::of(headers, fresh), by: None, client: None }
    }

    /// The call under way; none outside of one.
    fn now() -> Option<Self> {
        CALL.try_with(Self::clone).ok()
    }
}

/// Written only where it is said.
#[derive(Debug, Clone)]
pub(super) enum Id {
    /// Unlike all others, wherever they are made.
    Made(Uuid),
    Said(HeaderValue),
}

impl Id {
    /// Of a request with these headers, and what is new in it.
    fn of(headers: &HeaderMap) -> (Self, Uuid) {
        let fresh = Uuid::new_v4();
        let mut said = headers.get_all(HEADER).iter();
        match (said.next(), said.next()) {
            (Some(only), None) if is_sane(only) => (Self::Said(only.clone()), fresh),
            _ => (Self::Made(fresh), fresh),
        }
    }

    /// Does something with its text.
    pub(super) fn with_text<T>(&self, work: impl FnOnce(&str) -> T) -> T {
        match self {
            Self::Made(id) => work(id.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH])),
            // Only such are taken.
            Self::Said(id) => work(id.to_str().unwrap_or_default()),
        }
    }

    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Made(id) => Some(id.hyphenated().to_string()),
            Self::Said(id) => id.to_str().ok().map(str::to_owned),
        }
    }

    fn header(self) -> HeaderValue {
        match self {
            Self::Made(id) => {
                let mut room = [0; Hyphenated::LENGTH];
                let text = id.hyphenated().encode_lower(&mut room);
                HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"))
            }
            Self::Said(id) => id,
        }
    }
}

pin_project! {
    /// An answer in the making, under an id.
    pub(super) struct Identify<F> {
        #[pin]
        inner: TaskLocalFuture<Call, F>,
    }
}

impl<F> Identify<F> {
    pub(super) fn new(call: Call, inner: F) -> Self
    where
        F: Future,
    {
        Self { inner: CALL.scope(call, inner) }
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Identify<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut inner = self.project().inner;
        let mut answer = inner.as_mut().poll(context);
        if let Poll::Ready(Ok(answer)) = &mut answer
            && let Some(call) = inner.take_value()
        {
            answer.headers_mut().insert(HEADER, call.id.header());
            answer.headers_mut().insert(trace::RESPONSE, call.trace.header());
        }
        answer
    }
}

/// The id of the request under way; none outside of one.
pub(super) fn id() -> Option<String> {
    CALL.try_with(|call| call.id.text()).ok().flatten()
}

/// The trace that the request under way belongs to; none outside of one.
pub(super) fn trace() -> Option<Trace> {
    Call::now().map(|call| call.trace)
}

/// Its id, as it is written; none outside of a request.
pub(super) fn trace_id() -> Option<String> {
    trace().map(|trace| trace.id())
}

/// Work that knows of which request it is, on whichever thread.
pub(super) fn carried<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let call = Call::now();
    move || match call {
        Some(call) => CALL.sync_scope(call, work),
        None => work(),
    }
}

/// The request under way; none outside of one.
pub(super) fn under() -> Option<Call> {
    Call::now()
}

/// As whom the caller of the request under way is counted, if they are.
pub(super) fn client() -> Option<Key> {
    CALL.try_with(|call| call.client).ok().flatten()
}

/// Visible ASCII, and not too long.
fn is_sane(id: &HeaderValue) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}
