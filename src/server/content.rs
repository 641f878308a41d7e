//! Bodies as they come: of which type, how long, and in what time. Knows nothing of what they say.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};

use super::State;
use super::arrival::{self, Missing};
use super::problem::{Kind, Problem};
use crate::syntax::tree::Language;

/// Texts of rules, all of a body together, are no longer, in bytes.
pub(super) const LONGEST_TEXTS: usize = 8 << 20;

/// A body of JSON, whole, of at most so many bytes.
pub(super) async fn json(
    state: &State,
    (headers, body): (&HeaderMap, Body),
    most: usize,
    language: Language,
) -> Result<Bytes, Problem> {
    json_only(headers, language)?;
    let patience = state.settings().body;
    arrival::whole(body, most, patience).await.map_err(|missing| {
        let seconds = patience.as_secs();
        let (kind, detail) = match (missing, language) {
            (Missing::TooLong, Language::Vietnamese) => (Kind::TooLarge, format!("nội dung dài hơn {most} byte")),
            (Missing::TooLong, Language::English) => (Kind::TooLarge, format!("the body is longer than {most} bytes")),
            (Missing::BrokenOff, Language::Vietnamese) => {
                (Kind::BrokenOff, "nội dung bị đứt, hoặc các đoạn của nó sai quy cách".to_owned())
            }
            (Missing::BrokenOff, Language::English) => {
                (Kind::BrokenOff, "the body broke off, or its chunks are framed badly".to_owned())
            }
            (Missing::TooSlow, Language::Vietnamese) => {
                (Kind::TooSlow, format!("nội dung chưa đến đủ sau {seconds} giây"))
            }
            (Missing::TooSlow, Language::English) => {
                (Kind::TooSlow, format!("the body was not there after {seconds} seconds"))
            }
        };
        Problem::new(kind, language, detail)
    })
}

fn json_only(headers: &HeaderMap, language: Language) -> Result<(), Problem> {
    let essence = essence(headers);
    let is = |part: Option<&str>, wanted| part.is_some_and(|part| part.eq_ignore_ascii_case(wanted));
    let (kind, suffix) = (essence.get(..12), essence.len().checked_sub(5).and_then(|at| essence.get(at..)));
    if is(Some(essence), "application/json") || (is(kind, "application/") && is(suffix, "+json")) {
        return Ok(());
    }
    Err(not_taken(headers, language, "application/json"))
}

/// The content type of a request without its parameters.
pub(super) fn essence(headers: &HeaderMap) -> &str {
    said(headers).split(';').next().unwrap_or("").trim()
}

fn said(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("")
}

pub(super) fn not_taken(headers: &HeaderMap, language: Language, expected: &str) -> Problem {
    let said = said(headers);
    let detail = match language {
        Language::Vietnamese => format!("không nhận loại nội dung `{said}`"),
        Language::English => format!("the content type `{said}` is not taken"),
    };
    Problem::new(Kind::WrongContentType, language, detail).at("content-type").expecting(expected)
}
