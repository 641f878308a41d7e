//! Who asks: the parameters of the query string, and the language in which to answer.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use super::problem::{Kind, Problem};
use crate::syntax::tree::Language;

/// Parameters in their order, and the language: `lang`, else the first of `Accept-Language` that we speak, else
/// Vietnamese.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) language: Language,
    pub(super) parameters: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

impl Caller {
    /// Of a request with this address and these headers.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let query = uri.query().unwrap_or("");
        let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let said = parameters.iter().find(|(name, _)| name == "lang").and_then(|(_, value)| Language::from_tag(value));
        let header = || headers.get(ACCEPT_LANGUAGE)?.to_str().ok().and_then(accepted);
        let language = said.or_else(header).unwrap_or(Language::Vietnamese);
        Self { language, parameters }
    }

    /// The one value of a parameter, if it is there.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter, in their order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.parameters.iter().filter(move |(there, _)| there == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter says so; not where it is not said.
    pub(super) fn truth(&self, name: &str) -> Result<bool, Problem> {
        match self.one(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(self.wrong(name, Wrong::Truth(other))),
        }
    }

    /// Refuses parameters that are unknown or said twice, and languages that we do not speak.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        self.only_and(known, &[])
    }

    /// The same, where some may be said several times.
    pub(super) fn only_and(&self, known: &[&str], several: &[&str]) -> Result<(), Problem> {
        for (place, (name, value)) in self.parameters.iter().enumerate() {
            if name == "lang" {
                if Language::from_tag(value).is_none() {
                    return Err(self.wrong("lang", Wrong::Language(value)));
                }
            } else if several.contains(&name.as_str()) {
                continue;
            } else if !known.contains(&name.as_str()) {
                let all: Vec<&str> = known.iter().chain(several).copied().collect();
                return Err(self.wrong(name, Wrong::Unknown(&all)));
            }
            if self.parameters.iter().take(place).any(|(earlier, _)| earlier == name) {
                return Err(self.wrong(name, Wrong::Twice));
            }
        }
        Ok(())
    }

    pub(super) fn wrong(&self, name: &str, wrong: Wrong<'_>) -> Problem {
        let problem = |vietnamese: String, english: String| {
            let detail = match self.language {
                Language::Vietnamese => vietnamese,
                Language::English => english,
            };
            Problem::new(Kind::BadParameter, self.language, detail).at(name)
        };
        match wrong {
            Wrong::Language(value) => {
                let problem = problem(format!("không có ngôn ngữ `{value}`"), format!("we do not speak `{value}`"));
                problem.expecting("vi, en")
            }
            Wrong::Unknown(known) => {
                let problem = problem(format!("không có tham số `{name}`"), format!("there is no parameter `{name}`"));
                problem.expecting(known.join(", "))
            }
            Wrong::Missing => problem(format!("thiếu tham số `{name}`"), format!("the parameter `{name}` is missing")),
            Wrong::Twice => problem(format!("`{name}` được nêu hai lần"), format!("`{name}` is given twice")),
            Wrong::Truth(value) => {
                let problem = problem(
                    format!("`{value}` không phải true hay false"),
                    format!("`{value}` is neither true nor false"),
                );
                problem.expecting("true, false")
            }
            Wrong::Limit { written, most } => {
                let problem = problem(
                    format!("`{written}` không phải số nguyên từ 1 đến {most}"),
                    format!("`{written}` is no whole number from 1 to {most}"),
                );
                problem.expecting(format!("1–{most}"))
            }
            Wrong::Cursor(after) => problem(
                format!("danh sách này không có `{after}` để xem tiếp"),
                format!("there is no `{after}` in this list to go on from"),
            ),
        }
    }
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wrong<'a> {
    Language(&'a str),
    /// None of these.
    Unknown(&'a [&'a str]),
    Missing,
    Twice,
    Truth(&'a str),
    /// No number from one to the most.
    Limit {
        written: &'a str,
        most: usize,
    },
    /// Nothing in the list is called so.
    Cursor(&'a str),
}

/// The language of highest weight in an `Accept-Language` header; the first of equals.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(u16, Language)> = None;
    for part in header.split(',') {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(1000, thousandths);
        if let Some(language) = Language::from_tag(tag)
            && weight > best.map_or(0, |(weight, _)| weight)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// `0.8` is 800; what is no weight is none.
pub(super) fn thousandths(weight: &str) -> u16 {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    match (whole, part.parse::<u16>()) {
        ("1", Ok(_)) => 1000,
        ("0", Ok(part)) => part,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, accepted};

    #[test]
    fn the_heaviest_language_that_we_speak_wins() {
        assert_eq!(accepted("fr, en;q=0.8, vi;q=0.9"), Some(Language::Vietnamese));
        assert_eq!(accepted("en-GB,vi"), Some(Language::English));
        assert_eq!(accepted("vi;q=0, en;q=0.1"), Some(Language::English));
        assert_eq!(accepted("de, *;q=0.5"), None);
    }
}
