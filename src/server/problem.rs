//! Everything that can be wrong with a request, as RFC 9457 problems: one map from error to status, words in both
//! languages. Knows no resource.

use std::any::Any;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};

use super::caller::Caller;
use crate::reading::naming::Voice;
use crate::reading::report;
use crate::reading::trouble::Trouble;
use crate::rulebook::Rulebook;
use crate::syntax::tree::Language;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    NoSuchRoute,
    NoSuchMethod,
    NotFound,
    /// A parameter of the query string.
    BadParameter,
    MalformedJson,
    /// JSON, but not the members or types that are wanted.
    WrongShape,
    TooLarge,
    TooSlow,
    WrongContentType,
    /// The question cannot be answered as put.
    BadQuestion,
    Internal,
}

impl Kind {
    const fn status(self) -> StatusCode {
        match self {
            Self::NoSuchRoute | Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadParameter | Self::MalformedJson => StatusCode::BAD_REQUEST,
            Self::WrongShape | Self::BadQuestion => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::WrongContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::NoSuchRoute => "no-such-route",
            Self::NoSuchMethod => "no-such-method",
            Self::NotFound => "not-found",
            Self::BadParameter => "bad-parameter",
            Self::MalformedJson => "malformed-json",
            Self::WrongShape => "wrong-shape",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::WrongContentType => "wrong-content-type",
            Self::BadQuestion => "bad-question",
            Self::Internal => "internal",
        }
    }

    const fn title(self, language: Language) -> &'static str {
        match language {
            Language::Vietnamese => match self {
                Self::NoSuchRoute => "Không có địa chỉ này",
                Self::NoSuchMethod => "Địa chỉ này không nhận phương thức đó",
                Self::NotFound => "Không tìm thấy",
                Self::BadParameter => "Tham số sai",
                Self::MalformedJson => "Nội dung không phải JSON",
                Self::WrongShape => "JSON không đúng cấu trúc",
                Self::TooLarge => "Nội dung quá lớn",
                Self::TooSlow => "Nội dung đến quá chậm",
                Self::WrongContentType => "Sai loại nội dung",
                Self::BadQuestion => "Câu hỏi sai",
                Self::Internal => "Lỗi của dịch vụ",
            },
            Language::English => match self {
                Self::NoSuchRoute => "There is no such address",
                Self::NoSuchMethod => "This address does not take that method",
                Self::NotFound => "Not found",
                Self::BadParameter => "A parameter is wrong",
                Self::MalformedJson => "The body is not JSON",
                Self::WrongShape => "The JSON has the wrong shape",
                Self::TooLarge => "The body is too large",
                Self::TooSlow => "The body came too slowly",
                Self::WrongContentType => "Wrong content type",
                Self::BadQuestion => "The question is wrong",
                Self::Internal => "The service failed",
            },
        }
    }
}

/// One problem, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    kind: Kind,
    language: Language,
    /// `detail`, `member`, `expected`, `suggestion` and whatever else the problem carries.
    members: Map<String, Json>,
}

impl Problem {
    pub(super) fn new(kind: Kind, language: Language, detail: impl Into<String>) -> Self {
        let mut members = Map::new();
        members.insert("detail".to_owned(), detail.into().into());
        Self { kind, language, members }
    }

    /// Names the wrong member.
    pub(super) fn at(mut self, member: &str) -> Self {
        self.members.insert("member".to_owned(), member.into());
        self
    }

    pub(super) fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.members.insert("expected".to_owned(), expected.into().into());
        self
    }

    /// A question that could not be understood.
    pub(super) fn question(kind: Kind, rulebook: &Rulebook, language: Language, trouble: &Trouble) -> Self {
        Self { kind, language, members: report::trouble(Voice::new(rulebook, language), trouble) }
    }

    /// What is wrong and what was expected, for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let texts = ["detail", "expected"].into_iter().filter_map(|name| self.members.get(name));
        texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    pub(super) fn internal(language: Language) -> Self {
        let detail = match language {
            Language::Vietnamese => "dịch vụ gặp lỗi khi trả lời; câu hỏi không có lỗi",
            Language::English => "the service failed while answering; the question is not at fault",
        };
        Self::new(Kind::Internal, language, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let mut body = Map::new();
        body.insert("type".to_owned(), format!("tag:thamquyen,2026:problem:{}", self.kind.code()).into());
        body.insert("title".to_owned(), self.kind.title(self.language).into());
        body.insert("status".to_owned(), status.as_u16().into());
        body.extend(self.members);
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CONTENT_LANGUAGE, self.language.tag()),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (status, headers, Json::Object(body).to_string()).into_response()
    }
}

pub(super) async fn no_such_route(uri: axum::http::Uri, caller: Caller) -> Problem {
    let path = uri.path();
    let detail = match caller.language {
        Language::Vietnamese => format!("không có `{path}`"),
        Language::English => format!("there is no `{path}`"),
    };
    Problem::new(Kind::NoSuchRoute, caller.language, detail)
}

pub(super) async fn no_such_method(method: axum::http::Method, uri: axum::http::Uri, caller: Caller) -> Problem {
    let path = uri.path();
    let detail = match caller.language {
        Language::Vietnamese => format!("`{path}` không nhận {method}"),
        Language::English => format!("`{path}` does not take {method}"),
    };
    Problem::new(Kind::NoSuchMethod, caller.language, detail)
}

/// The answer to a request whose handler panicked, which is a defect of ours.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!("panic: {}", words.unwrap_or("?"));
    Problem::internal(Language::Vietnamese).into_response()
}

/// A JSON answer in a language.
pub(super) fn answer(language: Language, body: &Json) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ];
    (headers, body.to_string()).into_response()
}

/// The empty answer of a service that is well.
pub(super) fn well(version: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json!({ "status": "ok", "version": version }).to_string())
        .into_response()
}
