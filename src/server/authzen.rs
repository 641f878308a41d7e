//! AuthZEN 1.0 (OpenID Authorization API): may this body decide this task, there and then? And who may? The subject is a body
//! of a unit, the action is `decide`, the resource is a task at a place, the context says the day and the facts. Members that
//! the standard lets others add are passed over, as it asks; what stands in ours is read as strictly as any question.

mod asked;
mod metadata;
mod schema;
mod search;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use self::asked::{Case, Subject};
use super::arrival::{Headers, LONGEST};
use super::caller::Caller;
use super::decisions::record::Via;
use super::members::Object;
use super::problem::{self, Problem};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::{State, content};
use crate::library::Library;
use crate::reading::ask::Depth;
use crate::reading::audit::{Verdict, judge, words};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Frame};
use crate::ruling::Answer;
use crate::syntax::tree::Language;
pub use metadata::Authzen;
pub(super) use metadata::get as metadata;
pub(super) use schema::schemas;
pub(super) use search::post as search;

/// So many evaluations at once, in so many bytes.
pub(super) const MOST: usize = 1000;
const LONGEST_MANY: usize = 1 << 20;

pub(super) async fn evaluation(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    let work = |at: &Desk<'_>, sent: &Object<'_>, language| Ok(decision(at, sent, None, language)?.1);
    answered((state, caller), (&headers, body), LONGEST, work).await.map_err(Problem::into_bad_request)
}

pub(super) async fn evaluations(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    let work = |at: &Desk<'_>, sent: &Object<'_>, language| all(at, sent, language);
    answered((state, caller), (&headers, body), LONGEST_MANY, work).await.map_err(Problem::into_bad_request)
}

/// Where a request is answered: by these rules, and with a note in the log of decisions, where there is one.
struct Desk<'a> {
    state: &'a State,
    library: Arc<Library>,
}

impl Desk<'_> {
    fn log(&self, answer: &Answer) {
        if let Some(logging) = self.state.logging() {
            logging.elsewhere(self.state, Via::Authzen, Arc::clone(&self.library), answer.clone());
        }
    }
}

/// Reads a body, and answers it where waiting harms nobody.
async fn answered(
    (state, caller): (State, Caller),
    (headers, body): (&HeaderMap, Body),
    most: usize,
    work: impl FnOnce(&Desk<'_>, &Object<'_>, Language) -> Result<Json, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    let bytes = content::json(&state, (headers, body), most, language).await?;
    let library: Arc<Library> = state.rules(Dial::of(&caller)?, language).await?;
    let asked = state.clone();
    let work = move || {
        let sent = Object::whole(&bytes, language)?;
        let at = Desk { state: &asked, library };
        work(&at, &sent, language).map(|told| problem::answer(language, &told))
    };
    state.aside(work).await.unwrap_or_else(|why| Err(why.problem(language)))
}

/// Whether the subject may decide, and what is answered. What a request leaves out is taken from the one around it.
fn decision(
    at: &Desk<'_>,
    sent: &Object<'_>,
    around: Option<&Object<'_>>,
    language: Language,
) -> Result<(bool, Json), Problem> {
    let subject = Subject::read(sent, around)?;
    let case = Case::read(sent, around)?;
    let library: &Library = &at.library;
    let (question, answer) = case.answer(library, language)?;
    let signer = subject.signer(library, question.on, language)?;
    at.log(&answer);
    let judged = judge(&library.rulebook, &answer, &signer);
    let decides = judged.verdict == Verdict::Competent;
    let voice = Voice::new(&library.rulebook, language);
    let near = |one: &_| json!({ "code": words::near_code(*one), "label": words::near(voice, *one, &signer) });
    let context = json!({
        "verdict": words::verdict_code(judged.verdict),
        "label": words::verdict(judged.verdict, language),
        "near": judged.near.iter().map(near).collect::<Vec<_>>(),
        "ruling": ruling(library, voice, &answer),
    });
    Ok((decides, json!({ "decision": decides, "context": context })))
}

/// The ruling, as `POST /v1/who-decides` has it.
fn ruling(library: &Library, voice: Voice<'_>, answer: &Answer) -> Json {
    let frame = Frame { version: &library.version, rules_errors: library.errors(), depth: Depth::Ruling };
    report::report(voice, answer, frame)
}

/// When no more evaluations are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    All,
    /// The first that has this decision.
    First(bool),
}

/// Several evaluations, in their order; one where no list is sent.
fn all(at: &Desk<'_>, sent: &Object<'_>, language: Language) -> Result<Json, Problem> {
    let list = sent.objects("evaluations")?.unwrap_or_default();
    if list.is_empty() {
        return Ok(decision(at, sent, None, language)?.1);
    }
    if list.len() > MOST {
        return Err(sent.wrong("evaluations", &format!("1–{MOST}")));
    }
    // They are read again for each evaluation.
    let around = ["subject", "action", "resource", "context"];
    if let Some(name) = around.into_iter().find(|name| sent.get(name).is_some_and(|part| part.get().len() > LONGEST)) {
        return Err(sent.wrong(name, &format!("at most {LONGEST} bytes")));
    }
    let until = until(sent)?;
    let mut told = Vec::new();
    for one in &list {
        // What is wrong with one says nothing of the others: it is refused alone.
        let (decides, json) = decision(at, one, Some(sent), language).unwrap_or_else(|problem| {
            (false, json!({ "decision": false, "context": { "error": problem.into_bad_request().told() } }))
        });
        told.push(json);
        if until == Until::First(decides) {
            break;
        }
    }
    Ok(json!({ "evaluations": told }))
}

fn until(sent: &Object<'_>) -> Result<Until, Problem> {
    const NAME: &str = "evaluations_semantic";
    let Some(options) = sent.object("options")? else { return Ok(Until::All) };
    match options.text(NAME)?.as_deref() {
        None | Some("execute_all") => Ok(Until::All),
        Some("deny_on_first_deny") => Ok(Until::First(false)),
        Some("permit_on_first_permit") => Ok(Until::First(true)),
        Some(_) => Err(options.wrong(NAME, "execute_all, deny_on_first_deny, permit_on_first_permit")),
    }
}

/// An entity of an answer.
fn entity(kind: &str, id: String, properties: Map<String, Json>) -> Json {
    json!({ "type": kind, "id": id, "properties": properties })
}
