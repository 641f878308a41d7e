//! `/.well-known/authzen-configuration`: where the standard's questions are answered. Searches for resources and for actions
//! are not offered, and so not named.

use axum::extract::State as Extract;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use crate::server::State;
use crate::server::arrival::Headers;
use crate::server::caller::Caller;
use crate::server::configuration::Wrong;
use crate::server::problem::{Kind, Problem};
use crate::syntax::tree::Language;

/// What an operator says of the decision point.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Authzen {
    /// The address by which callers know this service: `https://` and a host, without a path.
    pub decision_point: String,
}

impl Authzen {
    /// Refuses what the standard does not take.
    ///
    /// # Errors
    /// When it is no `https` address of a host alone.
    pub fn checked(self) -> Result<Self, Wrong> {
        let host = self.decision_point.strip_prefix("https://").filter(|host| is_host(host));
        if host.is_some() {
            return Ok(self);
        }
        Err(Wrong::new(
            "authzen.decision-point",
            "cần `https://` và tên máy, không có đường dẫn, như `https://tq.example.vn`",
            "`https://` and a host without a path is expected, such as `https://tq.example.vn`",
        ))
    }
}

pub(in crate::server) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let base = match &state.settings().authzen {
        Some(said) => said.decision_point.clone(),
        // Nobody said by what name this service is known: the caller knows one.
        None => reached(&headers).ok_or_else(|| no_host(caller.language))?,
    };
    let at = |path: &str| format!("{base}{path}");
    let told = json!({
        "policy_decision_point": base,
        "access_evaluation_endpoint": at("/access/v1/evaluation"),
        "access_evaluations_endpoint": at("/access/v1/evaluations"),
        "search_subject_endpoint": at("/access/v1/search/subject"),
    });
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache"), (header::VARY, "host")];
    Ok((headers, told.to_string()).into_response())
}

/// The address that the caller reached.
fn reached(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok().filter(|host| is_host(host))?;
    Some(format!("http://{host}"))
}

/// A name or an address of a machine, perhaps with a port.
fn is_host(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (1..=255).contains(&text.len()) && text.chars().all(fits)
}

fn no_host(language: Language) -> Problem {
    let detail = match language {
        Language::Vietnamese => "yêu cầu không nêu tên máy",
        Language::English => "the request names no host",
    };
    Problem::new(Kind::BadParameter, language, detail).at("host")
}

#[cfg(test)]
mod tests {
    use super::Authzen;

    #[test]
    fn a_decision_point_is_a_host_behind_https() {
        let of = |text: &str| Authzen { decision_point: text.to_owned() }.checked();
        assert!(of("https://tq.example.vn").is_ok() && of("https://[::1]:8443").is_ok());
        for wrong in ["http://tq.example.vn", "https://", "https://tq.example.vn/", "https://a?b", "tq.example.vn"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
