//! Everything that can be wrong with a request, as RFC 9457 problems: one map from error to status, words in both
//! languages. Knows no resource.

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::caller::Caller;
use super::limits::Rate;
use super::publishing::Finding;
use super::rate::TooOften;
use super::request::{self, Call};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Name, UnitInTime, UnitStep};
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::Rulebook;
use crate::syntax::tree::Language;
use crate::text::shortened;

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
    /// Nobody says who asks where that must be known, or says it wrongly.
    Unauthorized,
    /// Who asks is known, and may not.
    Forbidden,
    /// What was named is not as it was taken to be any more.
    PreconditionFailed,
    /// It must be said what something is taken to be.
    PreconditionRequired,
    /// It cannot be done as things stand.
    Conflict,
    /// Rules that are not to be published.
    NotPublishable,
    /// The store of versions cannot be read or written.
    NoStore,
    /// The body of a batch ended before its time.
    BrokenOff,
    /// As much as can be done is under way.
    Busy,
    /// A client asks more often than it may.
    TooOften,
    /// The request as a whole: for whom it is.
    BadRequest,
    /// What `Expect` says.
    Unexpected,
    /// The service does not have yet what a caller demands.
    Behind,
    /// What is asked lies in a store that does not answer.
    StoreAway,
    /// The log of decisions cannot be written, without which nothing is published.
    NotLogged,
    Internal,
}

impl Kind {
    pub(super) const ALL: [Self; 26] = [
        Self::NoSuchRoute,
        Self::NoSuchMethod,
        Self::NotFound,
        Self::BadParameter,
        Self::MalformedJson,
        Self::WrongShape,
        Self::TooLarge,
        Self::TooSlow,
        Self::WrongContentType,
        Self::BadQuestion,
        Self::Unauthorized,
        Self::Forbidden,
        Self::PreconditionFailed,
        Self::PreconditionRequired,
        Self::Conflict,
        Self::NotPublishable,
        Self::NoStore,
        Self::BrokenOff,
        Self::Busy,
        Self::TooOften,
        Self::BadRequest,
        Self::Unexpected,
        Self::Behind,
        Self::StoreAway,
        Self::NotLogged,
        Self::Internal,
    ];

    fn uri(self) -> String {
        format!("tag:thamquyen,2026:problem:{}", self.code())
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::NoSuchRoute | Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadParameter | Self::MalformedJson | Self::BrokenOff | Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::WrongShape | Self::BadQuestion | Self::NotPublishable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::WrongContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Busy | Self::NoStore | Self::Behind | Self::StoreAway | Self::NotLogged => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::Unexpected => StatusCode::EXPECTATION_FAILED,
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
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::PreconditionFailed => "precondition-failed",
            Self::PreconditionRequired => "precondition-required",
            Self::Conflict => "conflict",
            Self::NotPublishable => "not-publishable",
            Self::NoStore => "no-store",
            Self::BrokenOff => "broken-off",
            Self::Busy => "busy",
            Self::TooOften => "too-often",
            Self::BadRequest => "bad-request",
            Self::Unexpected => "unexpected",
            Self::Behind => "behind",
            Self::StoreAway => "store-away",
            Self::NotLogged => "not-logged",
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
                Self::Unauthorized => "Chưa rõ ai hỏi",
                Self::Forbidden => "Không có quyền",
                Self::PreconditionFailed => "Không còn như đã nêu",
                Self::PreconditionRequired => "Thiếu điều kiện phải nêu",
                Self::Conflict => "Không làm được lúc này",
                Self::NotPublishable => "Không công bố",
                Self::NoStore => "Kho phiên bản không dùng được",
                Self::BrokenOff => "Nội dung bị đứt",
                Self::Busy => "Dịch vụ đang bận",
                Self::TooOften => "Hỏi quá dồn dập",
                Self::BadRequest => "Yêu cầu không hợp lệ",
                Self::Unexpected => "Không đáp ứng được `Expect`",
                Self::Behind => "Dịch vụ chưa có phiên bản này",
                Self::StoreAway => "Kho phiên bản không trả lời",
                Self::NotLogged => "Không ghi được nhật ký quyết định",
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
                Self::Unauthorized => "It is not known who asks",
                Self::Forbidden => "Not allowed",
                Self::PreconditionFailed => "It is not as it was said to be",
                Self::PreconditionRequired => "A condition must be said",
                Self::Conflict => "It cannot be done as things stand",
                Self::NotPublishable => "Not published",
                Self::NoStore => "The store of versions cannot be used",
                Self::BrokenOff => "The body broke off",
                Self::Busy => "The service is busy",
                Self::TooOften => "Asked too often",
                Self::BadRequest => "The request is not valid",
                Self::Unexpected => "`Expect` cannot be met",
                Self::Behind => "The service does not have this version yet",
                Self::StoreAway => "The store does not answer",
                Self::NotLogged => "The log of decisions cannot be written",
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
    body: Box<Body>,
    /// What its answer carries besides.
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What is wrong with a request (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body {
    /// `tag:thamquyen,2026:problem:` and the kind of problem.
    #[serde(rename = "type")]
    #[schema(required, schema_with = types)]
    kind: String,
    #[schema(required)]
    title: &'static str,
    #[schema(required, minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with a question, or with what says who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[schema(required)]
    detail: String,
    /// The parameter, header or member that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    expected: Option<Option<String>>,
    /// What may have been meant, ready to be written instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    suggestion: Option<Option<String>>,
    /// The tasks that there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Name>)]
    tasks: Vec<Json>,
    /// Units that may have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<UnitInTime>)]
    candidates: Vec<Json>,
    /// What became of the unit that was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<UnitStep>)]
    successors: Vec<Json>,
    /// For what rules are not published.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
    /// The line of a batch that is wrong, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// As in the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required)]
    request_id: Option<String>,
    /// The trace that the request belongs to, as in the header `traceresponse`.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
}

/// Every type of problem.
fn types() -> Schema {
    let types = Kind::ALL.map(Kind::uri);
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(types)).build())
}

/// What a caller wrote is told again, but no more of it than these many characters of a detail and of a member's path: a request
/// may hold many mistakes that each quote all of it.
const DETAIL: usize = 2_000;
const MEMBER: usize = 300;

fn within(text: String, most: usize) -> String {
    // Most are short, which is seen at once.
    if text.len() <= most { text } else { shortened(&text, most).into_owned() }
}

impl Problem {
    pub(super) fn new(kind: Kind, language: Language, detail: impl Into<String>) -> Self {
        let body = Body {
            kind: kind.uri(),
            title: kind.title(language),
            status: kind.status().as_u16(),
            code: None,
            detail: within(detail.into(), DETAIL),
            member: None,
            expected: None,
            suggestion: None,
            tasks: Vec::new(),
            candidates: Vec::new(),
            successors: Vec::new(),
            findings: Vec::new(),
            line: None,
            request_id: None,
            trace_id: None,
        };
        let is_soon = matches!(
            kind,
            Kind::Busy | Kind::TooOften | Kind::NoStore | Kind::Behind | Kind::StoreAway | Kind::NotLogged
        );
        let headers = if is_soon { vec![(header::RETRY_AFTER, 1.into())] } else { Vec::new() };
        Self { kind, language, body: Box::new(body), headers }
    }

    pub(super) fn is_coded(&self, code: &str) -> bool {
        self.body.code.as_deref() == Some(code)
    }

    /// New requests are sent away until those that wait are answered.
    pub(super) fn behind(language: Language) -> Self {
        let detail = pick(
            language,
            "dịch vụ đang quá tải: hãy hỏi lại sau giây lát",
            "the service cannot keep up: ask again in a moment",
        );
        Self::new(Kind::Busy, language, detail)
    }

    /// With the headers of the draft by which clients slow down themselves.
    pub(super) fn too_often(language: Language, TooOften { wait, rate }: TooOften) -> Self {
        let Rate { per_second, burst } = rate;
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let window = burst.get().div_ceil(per_second.get());
        let detail = match language {
            Language::Vietnamese => {
                format!("mỗi nơi gọi được hỏi {per_second} lần mỗi giây: hãy hỏi lại sau {seconds} giây")
            }
            Language::English => format!("each client may ask {per_second} times a second: ask again in {seconds} s"),
        };
        let mut problem = Self::new(Kind::TooOften, language, detail);
        let said = |text: String| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("client"));
        problem.headers = vec![
            (header::RETRY_AFTER, seconds.into()),
            (HeaderName::from_static("ratelimit-policy"), said(format!("\"client\";q={burst};w={window}"))),
            (HeaderName::from_static("ratelimit"), said(format!("\"client\";r=0;t={seconds}"))),
        ];
        problem
    }

    /// Names the wrong member.
    pub(super) fn at(mut self, member: &str) -> Self {
        self.body.member = Some(within(member.to_owned(), MEMBER));
        self
    }

    /// For what rules are not published.
    pub(super) fn finding(mut self, findings: Vec<Finding>) -> Self {
        self.body.findings = findings;
        self
    }

    /// Says more exactly what is wrong, for programs.
    pub(super) fn coded(mut self, code: &str) -> Self {
        self.body.code = Some(code.to_owned());
        self
    }

    pub(super) fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.body.expected = Some(Some(expected.into()));
        self
    }

    /// A question that could not be understood.
    pub(super) fn question(kind: Kind, rulebook: &Rulebook, language: Language, trouble: &Trouble) -> Self {
        let said = report::trouble(Voice::new(rulebook, language), trouble);
        let mut problem = Self::new(kind, language, said.detail);
        let body = &mut problem.body;
        body.code = Some(said.code);
        body.member = Some(within(said.member, MEMBER));
        body.expected = Some(said.expected);
        body.suggestion = Some(said.suggestion);
        // Written at once: a problem outlives the rules that it names things of.
        body.tasks = said.tasks.iter().map(report::json).collect();
        body.candidates = said.candidates.iter().map(report::json).collect();
        body.successors = said.successors.iter().map(report::json).collect();
        problem
    }

    /// What is wrong and what was expected, for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let expected = self.body.expected.clone().flatten();
        std::iter::once(self.body.detail.clone()).chain(expected).collect()
    }

    /// With its member named as a query string names it, which says `fact.NAME` where JSON has an object `facts`.
    pub(super) fn in_query(mut self) -> Self {
        if let Some(rest) = self.body.member.as_deref().and_then(|member| member.strip_prefix("facts")) {
            self.body.member = Some(format!("fact{rest}"));
        }
        self
    }

    /// One line of a batch, without its end, of the call that the batch is.
    pub(super) fn line(mut self, number: usize, call: Option<&Call>) -> String {
        self.body.line = Some(number);
        self.body.request_id = call.and_then(|call| call.id.text());
        self.body.trace_id = call.map(|call| call.trace.id());
        report::json(&self.body).to_string()
    }

    /// How to say who asks (RFC 6750), where that is what is wrong.
    fn challenge(&self) -> Option<&'static str> {
        match (self.kind, &self.body.code) {
            (Kind::Unauthorized, None) => Some("Bearer realm=\"thamquyen\""),
            (Kind::Unauthorized, Some(_)) => Some("Bearer realm=\"thamquyen\", error=\"invalid_token\""),
            (Kind::Forbidden, _) => Some("Bearer realm=\"thamquyen\", error=\"insufficient_scope\""),
            (_, _) => None,
        }
    }

    /// A question that cannot be answered as put, where a standard has one status for all that is wrong.
    pub(super) fn into_bad_request(mut self) -> Self {
        if self.kind.status() == StatusCode::UNPROCESSABLE_ENTITY {
            self.body.status = StatusCode::BAD_REQUEST.as_u16();
        }
        self
    }

    /// As it stands in an answer of which it is a part.
    pub(super) fn told(mut self) -> Json {
        self.body.request_id = request::id();
        report::json(&self.body)
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
    fn into_response(mut self) -> Response {
        self.body.request_id = request::id();
        self.body.trace_id = request::trace_id();
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CONTENT_LANGUAGE, self.language.tag()),
            (header::CACHE_CONTROL, "no-store"),
        ];
        let status = StatusCode::from_u16(self.body.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, headers, report::json(&self.body).to_string()).into_response();
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response.headers_mut().extend(self.headers);
        response
    }
}

pub(super) async fn no_such_route(uri: Uri, caller: Caller) -> Problem {
    let path = uri.path();
    let detail = match caller.language {
        Language::Vietnamese => format!("không có `{path}`"),
        Language::English => format!("there is no `{path}`"),
    };
    Problem::new(Kind::NoSuchRoute, caller.language, detail)
}

pub(super) async fn no_such_method(method: Method, uri: Uri, caller: Caller) -> Problem {
    unlike(&method, &uri, caller.language)
}

/// The same where the router is not asked.
pub(super) fn method_refused(method: &Method, uri: &Uri, (allow, language): (String, Language)) -> Problem {
    let mut problem = unlike(method, uri, language);
    problem.headers.extend(HeaderValue::from_str(&allow).ok().map(|allow| (header::ALLOW, allow)));
    problem
}

fn unlike(method: &Method, uri: &Uri, language: Language) -> Problem {
    let path = uri.path();
    let detail = match language {
        Language::Vietnamese => format!("`{path}` không nhận {method}"),
        Language::English => format!("`{path}` does not take {method}"),
    };
    Problem::new(Kind::NoSuchMethod, language, detail)
}

/// A JSON answer in a language.
pub(super) fn answer(language: Language, body: &impl Serialize) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ];
    (headers, report::json(body).to_string()).into_response()
}

/// What a service that is well answers, as a schema.
pub(super) fn health_schema() -> Json {
    let text = json!({ "type": "string" });
    let moment = json!({ "type": "string", "format": "date-time" });
    let line = json!({ "type": ["integer", "null"] });
    let fault = json!({
        "type": "object", "properties": { "path": text, "line": line, "code": text, "message": text },
        "required": ["path", "line", "code", "message"],
    });
    let pending = json!({
        "description": "Newer rules that are broken; the ones before go on being served.", "type": ["object", "null"],
        "properties": {
            "version": text, "since": moment, "count": { "type": "integer" }, "errors": { "type": "array", "items": fault },
        },
        "required": ["version", "since", "count", "errors"],
    });
    let rules = json!({
        "description": "Only where it is asked whether the service is ready.", "type": "object",
        "properties": { "version": text, "since": moment, "pending": pending },
        "required": ["version", "since", "pending"],
    });
    let publishing = json!({
        "description": "Where versions are published over HTTP: how many others than the author have to approve.",
        "type": "object", "properties": { "approvals": { "type": "integer" } }, "required": ["approvals"],
    });
    let unreadable = json!({
        "type": ["object", "null"], "properties": { "since": moment, "message": text }, "required": ["since", "message"],
        "description": "Since when the store cannot be read; what was read before is served.",
    });
    let store = json!({
        "description": "How far the store is served, and when that was last known to be the newest; only of a service that has one.",
        "type": ["object", "null"],
        "properties": { "entry": { "type": "integer" }, "checked": moment, "unreadable": unreadable },
        "required": ["entry", "checked", "unreadable"],
    });
    let count = json!({ "type": "integer", "minimum": 0 });
    let failing = json!({
        "description": "Why nothing can be written, and since when.", "type": ["object", "null"],
        "properties": { "since": moment, "message": text }, "required": ["since", "message"],
    });
    let last = json!({
        "description": "The last record. Kept elsewhere it tells later whether the log was cut behind it.",
        "type": "object", "properties": { "number": count, "hash": text }, "required": ["number", "hash"],
    });
    let decisions = json!({
        "description": "The log of decisions; only where there is one and it is asked whether the service is ready.",
        "type": "object",
        "properties": {
            "to": text, "writing": { "type": "boolean" }, "written": count, "lost": count, "last": last, "failing": failing,
        },
        "required": ["to", "writing", "written", "lost", "last", "failing"],
    });
    json!({
        "type": "object",
        "properties": {
            "status": text, "version": text, "rules": rules, "store": store, "decisions": decisions, "publishing": publishing,
        },
        "required": ["status", "version"],
    })
}

/// The empty answer of a service that is well.
pub(super) fn well(version: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, json!({ "status": "ok", "version": version }).to_string()).into_response()
}
