//! `/v1/who-decides`: one ruling. `POST` takes a JSON body; `GET` takes parameters and can be asked again with the
//! entity tag. A legal outcome, a gap included, is 200.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::State as Extract;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::body::{self, Wanted};
use super::caller::{Caller, Wrong};
use super::problem::{Kind, Problem};
use super::{PATIENCE, State, parameters};
use crate::reading::ask::{Depth, ask};
use crate::reading::naming::Voice;
use crate::reading::question::{self, Asked};
use crate::reading::report::{self, Frame};
use crate::reading::trouble::Trouble;
use crate::syntax::tree::Language;

/// No question is longer.
const LONGEST: usize = 64 << 10;

/// A rendered answer and the key that tells it from all others.
struct Rendered {
    tag: String,
    body: Arc<str>,
    language: Language,
}

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    json_only(&headers, caller.language)?;
    let bytes = bytes(body, caller.language).await?;
    let wanted = body::read(&bytes, caller.language)?;
    let rendered = render(state, wanted).await?;
    Ok((content(rendered.language), rendered.body.to_string()).into_response())
}

pub(super) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = Wanted { asked: asked(&caller)?, depth: depth(&caller)?, language: caller.language };
    let rendered = render(state, wanted).await?;
    let kept = [(header::ETAG, rendered.tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if matches(&headers, &rendered.tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, content(rendered.language), rendered.body.to_string()).into_response())
}

const fn content(language: Language) -> [(header::HeaderName, &'static str); 3] {
    [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ]
}

fn json_only(headers: &HeaderMap, language: Language) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = said.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let detail = match language {
        Language::Vietnamese => format!("không nhận loại nội dung `{said}`"),
        Language::English => format!("the content type `{said}` is not taken"),
    };
    Err(Problem::new(Kind::WrongContentType, language, detail).at("content-type").expecting("application/json"))
}

async fn bytes(body: Body, language: Language) -> Result<axum::body::Bytes, Problem> {
    let (large, slow) = match language {
        Language::Vietnamese => {
            (format!("nội dung dài hơn {LONGEST} byte hoặc bị đứt"), "nội dung chưa đến đủ sau 10 giây")
        }
        Language::English => (
            format!("the body is longer than {LONGEST} bytes, or broke off"),
            "the body was not there after 10 seconds",
        ),
    };
    match tokio::time::timeout(PATIENCE, to_bytes(body, LONGEST)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Problem::new(Kind::TooLarge, language, large)),
        Err(_) => Err(Problem::new(Kind::TooSlow, language, slow)),
    }
}

/// The question in the parameters.
pub(super) fn asked(caller: &Caller) -> Result<Asked, Problem> {
    parameters::asked(caller, &["task", "in", "in.ROLE", "on", "fact.NAME", "explain", "lang"])
}

fn depth(caller: &Caller) -> Result<Depth, Problem> {
    match caller.one("explain") {
        None | Some("false") => Ok(Depth::Ruling),
        Some("true") => Ok(Depth::Record),
        Some(other) => Err(caller.wrong("explain", Wrong::Truth(other))),
    }
}

/// Answers on a thread where waiting harms nobody.
async fn render(state: State, wanted: Wanted) -> Result<Rendered, Problem> {
    let language = wanted.language;
    let task = tokio::task::spawn_blocking(move || rendered(&state, &wanted));
    task.await.unwrap_or_else(|_| Err(Problem::internal(language)))
}

fn rendered(state: &State, wanted: &Wanted) -> Result<Rendered, Problem> {
    let library = state.library();
    let language = wanted.language;
    let refuse = |trouble: &Trouble| Problem::question(Kind::BadQuestion, &library.rulebook, language, trouble);
    let question = question::understand(&library.rulebook, &wanted.asked).map_err(|trouble| refuse(&trouble))?;
    let canonical = question::canonical(&question);
    let key = format!("{} {} {:?} {canonical}", library.version, language.tag(), wanted.depth);
    let tag = format!("\"{}\"", digest(&key));
    let voice = Voice::new(&library.rulebook, language);
    let body = state.0.answers.try_get_with(key, || {
        let answer =
            ask(library.law(), &question, wanted.depth).map_err(|bad| Trouble::refused(&bad, voice, question.on))?;
        let frame = Frame { version: &library.version, rules_errors: library.errors(), depth: wanted.depth };
        Ok(Arc::from(report::report(voice, &answer, frame).to_string()))
    });
    let body = body.map_err(|trouble: Arc<Trouble>| refuse(&trouble))?;
    Ok(Rendered { tag, body, language })
}

/// 128 bits of the hash of a key.
fn digest(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let said = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
