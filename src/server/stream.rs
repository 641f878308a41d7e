//! Bodies that are answered while they come, a line for a line (NDJSON). What is read is bounded by how fast the answers are
//! taken: nothing piles up. Knows pieces and lines, and not what they say.

pub(super) mod cut;

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Frame;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

use super::State;
use super::problem::{Kind, Problem};
use super::work;
use crate::syntax::tree::Language;
use cut::{LONGEST, Wrong};

/// Answers are sent on when there are so many bytes of them, or no more questions to be read.
const CHUNK: usize = 32 << 10;
/// Whoever takes no answers for so long gets no more of them.
const UNTAKEN: Duration = Duration::from_secs(60);

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
        // A byte now and then is not enough: each time a line has to come to its end, and be more than its end.
        let mut says = false;
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
            let ends_a_line = matches!(&piece, Piece::Bytes(bytes) if ends(bytes, &mut says));
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

/// Whether a line that says something ends in these bytes; and whether the line that goes on behind them says something.
fn ends(bytes: &[u8], says: &mut bool) -> bool {
    let mut parts = bytes.split(|byte| *byte == b'\n').peekable();
    let mut ended = false;
    while let Some(part) = parts.next() {
        *says |= !part.trim_ascii().is_empty();
        if parts.peek().is_some() {
            ended |= std::mem::take(says);
        }
    }
    ended
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

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::super::request::Call;
    use super::*;

    #[test]
    fn a_line_of_blanks_is_none() {
        let mut says = false;
        for (bytes, ended, goes_on) in [
            ("\n \r\n", false, false),
            ("{", false, true),
            ("}", false, true),
            ("\n", true, false),
            (" ", false, false),
            ("\n", false, false),
            ("\nx\n y", true, true),
            ("\n\n", true, false),
        ] {
            assert_eq!((ends(bytes.as_bytes(), &mut says), says), (ended, goes_on), "{bytes:?}");
        }
    }

    #[test]
    fn a_line_that_panics_is_a_problem_like_others() {
        let state = State::new(crate::library::from_texts(&[]));
        let broken = guarded(&state, Language::English, || -> Result<u8, Problem> { panic!("on purpose") });
        let line = broken.expect_err("a problem").line(7, Some(&Call::of(&HeaderMap::new())));
        let said: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&said["status"], &said["line"]), (&500.into(), &7.into()), "{line}");
        assert!(said["request_id"].is_string() && said["trace_id"].is_string(), "{line}");
        assert!(matches!(guarded(&state, Language::English, || Ok(3)), Ok(3)));
        assert!(state.meters().rendered().contains("thamquyen_panics_total 1"));
    }
}
