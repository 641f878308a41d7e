//! The id of a request: the caller's own where it is sane, else a new one. It goes with every response, and every problem says
//! it in its body.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// No longer id is taken from a caller.
const LONGEST: usize = 128;

tokio::task_local! {
    /// The request that is being answered.
    static UNDER: Under;
}

/// The id of a request, and who asks, where the service knows.
#[derive(Debug, Clone)]
pub(super) struct Under {
    pub(super) id: Id,
    pub(super) by: Option<Arc<str>>,
}

/// Written only where it is said.
#[derive(Debug, Clone)]
pub(super) enum Id {
    /// Unlike all others, wherever they are made.
    Made(Uuid),
    Said(HeaderValue),
}

impl Id {
    /// Of a request with these headers.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut said = headers.get_all(HEADER).iter();
        match (said.next(), said.next()) {
            (Some(only), None) if is_sane(only) => Self::Said(only.clone()),
            _ => Self::Made(Uuid::new_v4()),
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

    fn text(&self) -> Option<String> {
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
        inner: TaskLocalFuture<Under, F>,
    }
}

impl<F> Identify<F> {
    pub(super) fn new(under: Under, inner: F) -> Self
    where
        F: Future,
    {
        Self { inner: UNDER.scope(under, inner) }
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Identify<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut inner = self.project().inner;
        let mut answer = inner.as_mut().poll(context);
        if let Poll::Ready(Ok(answer)) = &mut answer
            && let Some(Under { id, .. }) = inner.take_value()
        {
            answer.headers_mut().insert(HEADER, id.header());
        }
        answer
    }
}

/// The id of the request under way; none outside of one.
pub(super) fn id() -> Option<String> {
    UNDER.try_with(|under| under.id.text()).ok().flatten()
}

/// The request under way; none outside of one.
pub(super) fn under() -> Option<Under> {
    UNDER.try_with(Under::clone).ok()
}

/// Visible ASCII, and not too long.
fn is_sane(id: &HeaderValue) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}
