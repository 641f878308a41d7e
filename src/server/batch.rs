//! `/v1/who-decides/batch`: questions in, rulings out, one JSON object on a line (NDJSON), in their order. A bad line is
//! answered by a problem on its own line and stops no other. One library answers the whole batch.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Extract;
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::sync::mpsc;

use super::State;
use super::arrival::Headers;
use super::body::{self, Wanted};
use super::caller::Caller;
use super::content;
use super::places::Place;
use super::problem::{Kind, Problem};
use super::request::{self, Call};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::stream::cut::{Cutter, Line};
use super::stream::{self, Out, Piece};
use crate::library::Library;
use crate::reading::ask::{Law, ask};
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::report::{self, Frame as About, Lists};
use crate::reading::trouble::Trouble;
use crate::ruling::Answer;
use crate::syntax::tree::Language;

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    if !is_lines(&headers) {
        return Err(content::not_taken(&headers, language, "application/x-ndjson"));
    }
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let place = state.place(state.batches(), language)?;
    let pieces = stream::pieces(body, state.settings().body);
    let (out, response) = Out::open();
    let desk = Desk { state, library, language, request: request::under(), out };
    tokio::task::spawn_blocking(move || desk.answer_all(pieces, place));
    Ok(response)
}

/// Whether a body is said to be an object on each line.
pub(super) fn is_lines(headers: &HeaderMap) -> bool {
    let taken = ["application/x-ndjson", "application/ndjson", "application/jsonl"];
    taken.iter().any(|one| content::essence(headers).eq_ignore_ascii_case(one))
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
    request: Option<Call>,
    out: Out,
}

impl Desk {
    fn answer_all(mut self, mut pieces: mpsc::Receiver<Piece>, _place: Place) {
        let library = Arc::clone(&self.library);
        let rules = Rules { law: library.law(), version: &library.version, errors: library.errors() };
        let mut cutter = Cutter::default();
        while let Some(piece) = pieces.blocking_recv() {
            let lines = match piece {
                Piece::Bytes(bytes) => cutter.cut(&bytes),
                Piece::End => cutter.end(),
                Piece::Stop(wrong) => cutter.stop(wrong),
            };
            self.state.meters().batch_lines(u64::try_from(lines.len()).unwrap_or(u64::MAX));
            for line in lines {
                let answer = self.answer(rules, line);
                self.out.line(answer);
                if self.out.is_over() {
                    return;
                }
            }
            self.out.flush();
        }
    }

    fn answer(&self, rules: Rules<'_>, Line { number, text }: Line) -> Vec<u8> {
        let work = || {
            let text = text.map_err(|wrong| stream::wrong(wrong, self.language))?;
            let wanted = body::read(&text, self.language)?;
            if wanted.dial()? != Dial::Served {
                return Err(self.dialled());
            }
            ruling(rules, &wanted)
        };
        let ruled = stream::guarded(&self.state, self.language, work).map(|(text, answer)| {
            self.log(number, answer);
            text
        });
        ruled.unwrap_or_else(|problem| problem.line(number, self.request.as_ref()).into_bytes())
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
