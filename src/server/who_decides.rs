//! `/v1/who-decides`: one ruling. `POST` takes a JSON body; `GET` takes parameters and can be asked again with the
//! entity tag. A legal outcome, a gap included, is 200.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State as Extract;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::answers::{self, Grounds, Ruling, There, Whole};
use super::arrival::{Headers, LONGEST};
use super::body::{self, Wanted};
use super::caller::{Caller, Wrong};
use super::decisions::Given;
use super::freshness::{self, Tag};
use super::problem::{Kind, Problem};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::{State, clock, content, parameters};
use crate::library::Library;
use crate::reading::ask::cell::Sought;
use crate::reading::ask::{Depth, ask_noting};
use crate::reading::naming::Voice;
use crate::reading::question::{self, Asked};
use crate::reading::report::{self, Frame, Lists};
use crate::reading::trouble::Trouble;
use crate::ruling::{Answer, Question};
use crate::syntax::tree::Language;

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let bytes = content::json(&state, (&headers, body), LONGEST, caller.language).await?;
    let library = state.library();
    let entry = state.shelf().map_or(0, |shelf| shelf.standing().entry());
    let asked = answers::Asked { version: library.number(), entry, language: caller.language, question: bytes };
    if let Some(known) = state.answers().whole(&asked, state.meters()) {
        if let (Some(logging), Some(told)) = (state.logging(), known.told) {
            logging.again(told);
        }
        return Ok((content(known.language), Body::from(known.body)).into_response());
    }
    let wanted = body::read(&asked.question, caller.language)?;
    let (language, dial) = (wanted.language, wanted.dial()?);
    let is_served = dial == Dial::Served;
    let library = if is_served { library } else { state.rules(dial, language).await? };
    let understood = Understood::new(library, wanted)?;
    let ruling = understood.ruling(&state).await?;
    let whole = Whole { body: understood.body(&ruling), language, told: None };
    if is_served {
        let told = || Some(state.logging()?.written(&state, &understood.library, &understood.question, &ruling.answer));
        state.answers().keep(&asked, &whole, told);
    }
    understood.log(&state, ruling);
    Ok((content(language), Body::from(whole.body)).into_response())
}

pub(super) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let (asked, depth, language) = (asked(&caller)?, depth(&caller)?, caller.language);
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let understood = Understood::new(library, Wanted { asked, depth, language, version: None, as_known: None });
    let understood = understood.map_err(Problem::in_query)?;
    let tag = Tag::new(&understood.key());
    let kept = |until| {
        let control = freshness::cache_control(until, clock::now());
        [(header::ETAG, tag.until(until)), (header::CACHE_CONTROL, control)]
    };
    let vary = [(header::VARY, "accept-language")];
    // The tag is that of the question under these rules: who has it has the answer, which need not be found again.
    if let Some(until) = tag.known(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, kept(until), vary).into_response());
    }
    let ruling = understood.ruling(&state).await.map_err(Problem::in_query)?;
    if freshness::any(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, kept(ruling.until), vary).into_response());
    }
    let answer = (kept(ruling.until), content(understood.language), Body::from(understood.body(&ruling)));
    understood.log(&state, ruling);
    Ok(answer.into_response())
}

fn content(language: Language) -> [(header::HeaderName, HeaderValue); 3] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
        (header::VARY, HeaderValue::from_static("accept-language")),
    ]
}

/// The question in the parameters.
pub(super) fn asked(caller: &Caller) -> Result<Asked<'static>, Problem> {
    parameters::asked(caller, &["task", "in", "in.ROLE", "on", "fact.NAME", "explain", "lang", VERSION, AS_KNOWN])
}

fn depth(caller: &Caller) -> Result<Depth, Problem> {
    match caller.one("explain") {
        None | Some("false") => Ok(Depth::Ruling),
        Some("true") => Ok(Depth::Record),
        Some(other) => Err(caller.wrong("explain", Wrong::Truth(other))),
    }
}

/// A question that was understood, and under which rules.
struct Understood {
    library: Arc<Library>,
    question: Question,
    depth: Depth,
    language: Language,
}

impl Understood {
    fn new(library: Arc<Library>, wanted: Wanted) -> Result<Self, Problem> {
        let Wanted { asked, depth, language, .. } = wanted;
        let question = question::understand(&library.rulebook, &asked)
            .map_err(|trouble| Problem::question(Kind::BadQuestion, &library.rulebook, language, &trouble))?;
        Ok(Self { library, question, depth, language })
    }

    /// Hands the answer to the log, where there is one.
    fn log(self, state: &State, ruling: Arc<Ruling>) {
        if let Some(logging) = state.logging() {
            logging.answer(state, (self.library, self.question), Given::Kept(ruling));
        }
    }

    fn voice(&self) -> Voice<'_> {
        Voice::new(&self.library.rulebook, self.language)
    }

    /// The question and how it is to be answered, as text.
    fn key(&self) -> String {
        let (version, language) = (&self.library.version, self.language.tag());
        format!("{version} {language} {:?} {}", self.depth, question::canonical(&self.question))
    }

    /// The ruling for this question, which may be another than the one that it was worked out for.
    fn body(&self, ruling: &Ruling) -> Bytes {
        let frame = Frame { version: &self.library.version, rules_errors: self.library.errors(), depth: self.depth };
        let Ruling { answer, chain, ask, lost, .. } = ruling;
        let lists = Lists { chain: Some(chain), ask: ask.as_deref(), lost: lost.as_deref() };
        report::written(self.voice(), &self.question, answer, frame, lists).into()
    }

    /// The ruling, as kept or worked out.
    async fn ruling(&self, state: &State) -> Result<Arc<Ruling>, Problem> {
        let (law, number) = (self.library.law(), self.library.number());
        let Some(cells) = self.library.cells.get().filter(|_| self.depth == Depth::Ruling) else {
            return self.slowly(state).await;
        };
        let (short, region, facts) = match cells.seek(law, &self.question) {
            Sought::Answer(answer) => return Ok(Arc::new(self.kept(state, *answer, Vec::new()))),
            Sought::Open { short, region, facts } => (short, region, facts),
            Sought::Unusual => return self.slowly(state).await,
        };
        let there = There(number, self.language, self.question.task, region);
        if let Some(known) = state.answers().in_region(&there, &facts, state.meters()) {
            return Ok(known);
        }
        let ruling = if short { self.shortly(state)? } else { self.slowly(state).await? };
        state.answers().remember(there, &facts, &ruling);
        Ok(ruling)
    }

    /// The ruling by the general way, where that takes no time to speak of.
    fn shortly(&self, state: &State) -> Result<Arc<Ruling>, Problem> {
        state.meters().rulings.misses.increment(1);
        self.work_out(state).map(Arc::new).map_err(|trouble| self.problem(&trouble))
    }

    /// The ruling by the general way.
    async fn slowly(&self, state: &State) -> Result<Arc<Ruling>, Problem> {
        let key = self.key();
        if let Some(known) = state.answers().known(&key, state.meters()) {
            return Ok(known);
        }
        let desk = state.clone();
        let own = Self { library: Arc::clone(&self.library), question: self.question.clone(), ..*self };
        let work = move || {
            let ruling = desk.answers().ruling(&key, desk.meters(), || own.work_out(&desk));
            ruling.map_err(|trouble| own.problem(&trouble))
        };
        state.aside(work).await.unwrap_or_else(|why| Err(why.problem(self.language)))
    }

    fn problem(&self, trouble: &Trouble) -> Problem {
        Problem::question(Kind::BadQuestion, &self.library.rulebook, self.language, trouble)
    }

    fn work_out(&self, state: &State) -> Result<Ruling, Trouble> {
        let refused = |bad: &_| Trouble::refused(bad, self.voice(), self.question.on);
        let (answer, read) = ask_noting(self.library.law(), &self.question, self.depth).map_err(|bad| refused(&bad))?;
        Ok(self.kept(state, answer, read))
    }

    /// An answer with its long lists as they are written, and the facts that were looked at.
    fn kept(&self, state: &State, answer: Answer, read: Vec<usize>) -> Ruling {
        let voice = self.voice();
        let grounds = Grounds(self.library.number(), self.language, answer.grounds.as_slice().into());
        let chain = state.answers().chain(grounds, || report::chain(voice, &answer.grounds).into());
        let (ask, lost) = (report::ask(voice, &answer), report::lost(voice, &answer, self.depth));
        Ruling { until: answer.valid.before, answer, chain, ask, lost, read }
    }
}
