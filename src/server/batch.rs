//! `/v1/who-decides/batch`: questions in, rulings out, one JSON object on a line (NDJSON), in their order. What is read is
//! bounded by how fast the answers are taken: nothing piles up. A bad line is answered by a problem on its own line and stops
//! no other. One library answers the whole batch.

mod cut;

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State as Extract;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Frame;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, timeout, timeout_at};

use super::State;
use super::arrival::Headers;
use super::body::{self, Wanted};
use super::caller::Caller;
use super::problem::{Kind, Problem};
use super::request::{self, Under};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::work::{self, Unanswered};
use crate::library::Library;
use crate::reading::ask::{Law, ask};
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::report::{self, Frame as About, Lists};
use crate::reading::trouble::Trouble;
use crate::ruling::Answer;
use crate::syntax::tree::Language;
use cut::{Cutter, LONGEST, Line, Wrong};

/// Answers are sent on when there are so many bytes of them, or no more questions to be read.
const CHUNK: usize = 32 << 10;
/// Whoever takes no answers for so long gets no more of them.
const UNTAKEN: Duration = Duration::from_secs(60);

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    lines_only(&headers, language)?;
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let slot = Arc::clone(state.batches()).try_acquire_owned().map_err(|_| {
        state.meters().unanswered(Unanswered::Crowded);
        busy(language)
    })?;
    let (put, lines) = mpsc::channel(1);
    let (sent, answers) = mpsc::channel(2);
    let patience = state.settings().body;
    let desk = Desk { state, library, language, request: request::under(), answers: sent, handle: Handle::current() };
    tokio::spawn(read(body, put, patience));
    tokio::task::spawn_blocking(move || desk.answer_all(lines, slot));
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(Answers(answers))).into_response())
}

fn lines_only(headers: &HeaderMap, language: Language) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = said.split(';').next().unwrap_or("").trim();
    let taken = ["application/x-ndjson", "application/ndjson", "application/jsonl"];
    if taken.iter().any(|one| essence.eq_ignore_ascii_case(one)) {
        return Ok(());
    }
    let detail = match language {
        Language::Vietnamese => format!("không nhận loại nội dung `{said}`"),
        Language::English => format!("the content type `{said}` is not taken"),
    };
    Err(Problem::new(Kind::WrongContentType, language, detail).at("content-type").expecting("application/x-ndjson"))
}

fn busy(language: Language) -> Problem {
    let detail = match language {
        Language::Vietnamese => "đang có quá nhiều lô câu hỏi: hãy gửi lại sau",
        Language::English => "too many batches are under way: send it again in a moment",
    };
    Problem::new(Kind::Busy, language, detail)
}

/// Reads a body piece by piece, each only when the lines of the one before are being answered.
async fn read(mut body: Body, put: mpsc::Sender<Vec<Line>>, patience: Duration) {
    let mut cutter = Cutter::default();
    // A byte now and then is not enough: each time a line has to come to its end.
    let mut due = Instant::now() + patience;
    loop {
        let piece = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let (lines, over) = match timeout_at(due, piece).await {
            Ok(Some(Ok(frame))) => (frame.into_data().map(|bytes| cutter.cut(&bytes)).unwrap_or_default(), false),
            Ok(Some(Err(_))) => (cutter.stop(Wrong::BrokenOff), true),
            Ok(None) => (cutter.end(), true),
            Err(_) => (cutter.stop(Wrong::TooSlow(patience)), true),
        };
        if !lines.is_empty() {
            if put.send(lines).await.is_err() {
                return;
            }
            due = Instant::now() + patience;
        }
        if over {
            return;
        }
    }
}

/// The one version of the rules that answers a batch.
#[derive(Clone, Copy)]
struct Rules<'a> {
    law: Law<'a>,
    version: &'a str,
    errors: usize,
}

/// Where a batch is answered, on a thread of its own.
struct Desk {
    state: State,
    library: Arc<Library>,
    language: Language,
    request: Option<Under>,
    answers: mpsc::Sender<Bytes>,
    handle: Handle,
}

impl Desk {
    fn answer_all(self, mut lines: mpsc::Receiver<Vec<Line>>, _slot: OwnedSemaphorePermit) {
        let library = &self.library;
        let rules = Rules { law: library.law(), version: &library.version, errors: library.errors() };
        let mut text = Vec::new();
        while let Some(group) = lines.blocking_recv() {
            self.state.meters().batch_lines(u64::try_from(group.len()).unwrap_or(u64::MAX));
            for line in group {
                text.append(&mut self.answer(rules, line));
                text.push(b'\n');
                if text.len() >= CHUNK && !self.send(&mut text) {
                    return;
                }
            }
            if !text.is_empty() && !self.send(&mut text) {
                return;
            }
        }
    }

    /// Whether somebody still takes answers.
    fn send(&self, text: &mut Vec<u8>) -> bool {
        let sent = self.answers.send(Bytes::from(std::mem::take(text)));
        self.handle.block_on(timeout(UNTAKEN, sent)).is_ok_and(|sent| sent.is_ok())
    }

    fn answer(&self, rules: Rules<'_>, Line { number, text }: Line) -> Vec<u8> {
        let work = || {
            let text = text.map_err(|wrong| self.wrong(wrong))?;
            let wanted = body::read(&text, self.language)?;
            if wanted.dial()? != Dial::Served {
                return Err(self.dialled());
            }
            ruling(rules, &wanted)
        };
        let answer = guarded(&self.state, self.language, work).map(|(text, answer)| {
            self.log(number, answer);
            text
        });
        answer.unwrap_or_else(|problem| {
            let request = self.request.as_ref().map(|under| under.id.with_text(str::to_owned));
            problem.line(number, request.as_deref()).into_bytes()
        })
    }

    /// Hands an answer to the log, where there is one.
    fn log(&self, line: usize, answer: Answer) {
        if let Some(logging) = self.state.logging() {
            let put = (Arc::clone(&self.library), answer.question.clone());
            logging.line(&self.state, (self.request.as_ref(), line), put, answer);
        }
    }

    /// One version answers all lines.
    fn dialled(&self) -> Problem {
        let detail = match self.language {
            Language::Vietnamese => "cả lô do một phiên bản trả lời: hãy nêu nó trong địa chỉ",
            Language::English => "one version answers the whole batch: say it in the address",
        };
        Problem::new(Kind::WrongShape, self.language, detail).at(VERSION)
    }

    fn wrong(&self, wrong: Wrong) -> Problem {
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
        let detail = match self.language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        };
        Problem::new(kind, self.language, detail)
    }
}

/// What panics is a defect of ours, and the other lines must not pay for it.
fn guarded<T>(state: &State, language: Language, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        state.meters().panicked();
        work::tell(Some(panic));
        Err(Problem::internal(language))
    })
}

fn ruling(Rules { law, version, errors }: Rules<'_>, wanted: &Wanted) -> Result<(Vec<u8>, Answer), Problem> {
    let Wanted { asked, depth, language, .. } = wanted;
    let voice = Voice::new(law.rulebook, *language);
    let answer = question::understand(law.rulebook, asked)
        .and_then(|question| ask(law, &question, *depth).map_err(|bad| Trouble::refused(&bad, voice, question.on)));
    match answer {
        Ok(answer) => {
            let about = About { version, rules_errors: errors, depth: *depth };
            Ok((report::written(voice, &answer.question, &answer, about, Lists::default()), answer))
        }
        Err(trouble) => Err(Problem::question(Kind::BadQuestion, law.rulebook, *language, &trouble)),
    }
}

/// Answers as they come.
struct Answers(mpsc::Receiver<Bytes>);

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
    use super::*;

    #[test]
    fn a_line_that_panics_is_a_problem_like_others() {
        let state = State::new(crate::library::from_texts(&[]));
        let broken = guarded(&state, Language::English, || -> Result<u8, Problem> { panic!("on purpose") });
        let line = broken.expect_err("a problem").line(7, Some("mine"));
        assert!(line.contains("\"status\":500") && line.contains("\"line\":7") && line.contains("mine"), "{line}");
        assert!(matches!(guarded(&state, Language::English, || Ok(3)), Ok(3)));
        assert!(state.meters().rendered().contains("thamquyen_panics_total 1"));
    }
}
