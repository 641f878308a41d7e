//! What a request brings besides its address, taken without copies: its headers, and its body, whole, within bounds of size
//! and time.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

/// No question is longer.
pub(super) const LONGEST: usize = 64 << 10;

/// The headers of a request, out of it: who reads them after this finds none.
#[derive(Debug)]
pub(super) struct Headers(pub(super) HeaderMap);

impl<S: Sync> FromRequestParts<S> for Headers {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(std::mem::take(&mut parts.headers)))
    }
}

/// Why there is no whole body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    TooLong,
    TooSlow,
    /// Or is framed badly.
    BrokenOff,
}

/// A body, whole, of at most so many bytes.
pub(super) async fn whole(body: Body, most: usize, patience: Duration) -> Result<Bytes, Missing> {
    let mut gathered = pin!(gather(body, most));
    // Nearly every body comes with its head, and hyper hands it over when it is asked for the second time. A timer is armed
    // for the others only.
    match at_once(gathered.as_mut()).await {
        Some(gathered) => gathered,
        None => tokio::time::timeout(patience, gathered).await.map_err(|_| Missing::TooSlow)?,
    }
}

/// What completes when it is polled, or polled again.
async fn at_once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    let mut again = true;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if again => {
            again = false;
            context.waker().wake_by_ref();
            Poll::Pending
        }
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// All parts of a body as one.
async fn gather(mut body: Body, most: usize) -> Result<Bytes, Missing> {
    let first = next(&mut body).await?.unwrap_or_default();
    if body.is_end_stream() || first.len() > most {
        // Most have one part, which is not copied.
        return if first.len() <= most { Ok(first) } else { Err(Missing::TooLong) };
    }
    let mut all = Vec::from(first);
    while let Some(part) = next(&mut body).await? {
        if all.len() + part.len() > most {
            return Err(Missing::TooLong);
        }
        all.extend_from_slice(&part);
    }
    Ok(all.into())
}

/// The next part; nothing behind the last one.
async fn next(body: &mut Body) -> Result<Option<Bytes>, Missing> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
    let part = frame.transpose().map_err(|_| Missing::BrokenOff)?.map(hyper::body::Frame::into_data);
    Ok(part.and_then(Result::ok))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts, each of which comes only when it is asked for so many times.
    struct Parted {
        parts: Vec<&'static [u8]>,
        asked: usize,
        times: usize,
    }

    impl axum::body::HttpBody for Parted {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
            self.asked += 1;
            if !self.asked.is_multiple_of(self.times) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let part = (!self.parts.is_empty()).then(|| self.parts.remove(0));
            Poll::Ready(part.map(|part| Ok(hyper::body::Frame::data(Bytes::from_static(part)))))
        }
    }

    const LONG: &[u8] = &[b'x'; LONGEST];

    /// The parts of a body, and what comes of it.
    type Case = (&'static [&'static [u8]], Result<&'static [u8], Missing>);

    #[tokio::test]
    async fn a_body_is_whole_however_it_comes() {
        let cases: [Case; 6] = [
            (&[], Ok(b"")),
            (&[b"a"], Ok(b"a")),
            (&[b"a", b"b", b"", b"c"], Ok(b"abc")),
            (&[LONG], Ok(LONG)),
            (&[LONG, b"x"], Err(Missing::TooLong)),
            (&[b"x", LONG], Err(Missing::TooLong)),
        ];
        for (parts, wanted) in cases {
            for times in 1..4 {
                let body = Body::new(Parted { parts: parts.to_vec(), asked: 0, times });
                let found = whole(body, LONGEST, Duration::from_secs(60)).await;
                assert_eq!(found.as_deref(), wanted.as_ref().map(|bytes| *bytes), "{} parts", parts.len());
            }
        }
        let (one, more) = (Body::from(LONG), Body::from([LONG, b"x"].concat()));
        assert_eq!(whole(one, LONGEST, Duration::from_secs(60)).await.as_deref(), Ok(LONG));
        assert_eq!(whole(more, LONGEST, Duration::from_secs(60)).await, Err(Missing::TooLong));
    }

    #[tokio::test]
    async fn what_never_comes_is_not_waited_for() {
        let body = Body::new(Parted { parts: vec![b"a"], asked: 0, times: usize::MAX });
        assert_eq!(whole(body, LONGEST, Duration::from_millis(20)).await, Err(Missing::TooSlow));
    }
}
