//! Bodies that are answered while they come, a line for a line (NDJSON). What is read is bounded by how fast the answers are
//! taken: nothing piles up. Knows pieces and lines, and not what they say.

pub(super) mod cut;

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Frame;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, timeout, timeout_at};

use super::State;
use super::problem::{Kind, Problem};
use super::work::{self, Unanswered};
use crate::syntax::tree::Language;
use cut::{LONGEST, Wrong};

/// Answers are sent on when there are so many bytes of them, or no more questions to be read.
const CHUNK: usize = 32 << 10;
/// Whoever takes no answers for so long gets no more of them.
const UNTAKEN: Duration = Duration::from_secs(60);

/// Leave to be answered, if there is room: each stream has a thread of its own.
pub(super) fn slot(state: &State, language: Language) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(state.batches()).try_acquire_owned().map_err(|_| {
        state.meters().unanswered(Unanswered::Crowded);
        Problem::busy(language)
    })
}

/// What panics is a defect of ours, and the other lines must not pay for it.
pub(super) fn guarded<T>(
    state: &State,
    language: Language,
    work: impl FnOnce() -> Result<T, Problem>,
) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        state.meters().panicked();
        work::tell(Some(panic));
        Err(Problem::internal(language))
    })
}

/// What comes of a body.
#[derive(Debug)]
pub(super) enum Piece {
    Bytes(Bytes),
    End,
    Stop(Wrong),
}

/// The pieces of a body, each read only when the one before was taken.
pub(super) fn pieces(mut body: Body, patience: Duration) -> mpsc::Receiver<Piece> {
    let (put, pieces) = mpsc::channel(1);
    let read = async move {
        // A byte now and then is not enough: each time a line has to come to its end.
        let mut due = Instant::now() + patience;
        loop {
            let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
            let piece = match timeout_at(due, frame).await {
                Ok(Some(Ok(frame))) => frame.into_data().map_or(Piece::Bytes(Bytes::new()), Piece::Bytes),
                Ok(Some(Err(_))) => Piece::Stop(Wrong::BrokenOff),
                Ok(None) => Piece::End,
                Err(_) => Piece::Stop(Wrong::TooSlow(patience)),
            };
            let over = !matches!(piece, Piece::Bytes(_));
            let ends_a_line = matches!(&piece, Piece::Bytes(bytes) if bytes.contains(&b'\n'));
            if put.send(piece).await.is_err() || over {
                return;
            }
            if ends_a_line {
                due = Instant::now() + patience;
            }
        }
    };
    tokio::spawn(read);
    pieces
}

/// What is wrong with a body or a line of it.
pub(super) fn wrong(wrong: Wrong, language: Language) -> Problem {
    let (kind, vietnamese, english) = match wrong {
        Wrong::TooLong => (
            Kind::TooLarge,
            format!("dòng này dài hơn {LONGEST} byte"),
            format!("this line is longer than {LONGEST} bytes"),
        ),
        Wrong::BrokenOff => {
            (Kind::BrokenOff, "nội dung bị đứt ở dòng này".to_owned(), "the body broke off in this line".to_owned())
        }
        Wrong::TooSlow(patience) => {
            let seconds = patience.as_secs();
            let vietnamese = format!("sau {seconds} giây không nhận thêm gì");
            (Kind::TooSlow, vietnamese, format!("nothing more came for {seconds} seconds"))
        }
    };
    let detail = match language {
        Language::Vietnamese => vietnamese,
        Language::English => english,
    };
    Problem::new(kind, language, detail)
}

/// Where answers go, from a thread that may wait.
#[derive(Debug)]
pub(super) struct Out {
    answers: mpsc::Sender<Bytes>,
    handle: Handle,
    text: Vec<u8>,
    /// Nobody takes them any more.
    over: bool,
}

impl Out {
    /// With the response through which they go.
    pub(super) fn open() -> (Self, Response) {
        let (sent, answers) = mpsc::channel(2);
        let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
        let out = Self { answers: sent, handle: Handle::current(), text: Vec::new(), over: false };
        (out, (headers, Body::new(Answers(answers))).into_response())
    }

    /// Puts a line, without its end.
    pub(super) fn line(&mut self, mut line: Vec<u8>) {
        self.text.append(&mut line);
        self.text.push(b'\n');
        if self.text.len() >= CHUNK {
            self.flush();
        }
    }

    /// Sends what there is.
    pub(super) fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() && !self.over {
            let sent = self.answers.send(Bytes::from(text));
            self.over = !self.handle.block_on(timeout(UNTAKEN, sent)).is_ok_and(|sent| sent.is_ok());
        }
    }

    /// Whether nobody takes answers any more.
    pub(super) const fn is_over(&self) -> bool {
        self.over
    }
}

/// Answers as they come.
pub(super) struct Answers(pub(super) mpsc::Receiver<Bytes>);

impl HttpBody for Answers {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
