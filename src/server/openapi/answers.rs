//! What is answered, as OpenAPI has it: contents and headers of every status.

use serde_json::{Map, Value as Json, json};

/// The headers of answers by the names under which they are referred to.
pub(super) fn headers() -> Json {
    let header = |about: &str| json!({ "description": about, "required": true, "schema": { "type": "string" } });
    json!({
        "Allow": header("The methods that the address takes."),
        "CacheControl": header("How long the answer may be kept."),
        "ContentLanguage": {
            "description": "The language of the answer.", "required": true, "schema": { "type": "string", "enum": ["vi", "en"] },
        },
        "ETag": header("Tells the answer from all others; it stays while the rules stay."),
        "RateLimit": header("How many requests are left (`r`), and after how many seconds there are more (`t`)."),
        "RateLimitPolicy": header("How many requests a client may send at once (`q`), and in how many seconds it may again (`w`)."),
        "RequestId": {
            "description": "The id of the request: the caller's, or a new one.", "required": true,
            "schema": { "type": "string", "pattern": "^[!-~]{1,128}$" },
        },
        "Location": header("Where what was made is to be found."),
        "WWWAuthenticate": header("How to say who asks."),
        "RetryAfter": {
            "description": "After so many seconds it is worth trying again.", "required": true,
            "schema": { "type": "integer", "minimum": 1 },
        },
        "RulesChecked": {
            "description": "When the rules were last known to be the newest; where that is longer ago than three looks at the store.",
            "required": false, "schema": { "type": "string", "format": "date-time" },
        },
        "RulesEntry": {
            "description": "The entry of the log that the service had when it was asked: the answer is from this one or a later one. Of a service that has a store.",
            "required": false, "schema": { "type": "integer", "minimum": 1 },
        },
        "TraceResponse": {
            "description": "The trace that the request belongs to (W3C Trace Context): the caller's, or a new one.", "required": true,
            "schema": { "type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$" },
        },
        "Vary": header("The headers of the request on which the answer depends."),
        "XContentTypeOptions": {
            "description": "The content is what it says to be.", "required": true, "schema": { "type": "string", "const": "nosniff" },
        },
    })
}

/// What stands in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A shape, in the language of the caller.
    Shape(&'static str),
    /// A shape that says the same in every language.
    Plain(&'static str),
    /// With the tag by which it can be asked again.
    Tagged(&'static str),
    /// A shape of something that changes at any time.
    Fleeting(&'static str),
    /// The same of something that was made.
    Made(&'static str),
    /// Nothing: it was taken away.
    Gone,
    /// Server-sent events, each of a shape.
    Events(&'static str),
    /// Nothing: the caller has it.
    Unchanged,
    /// With a tag, or words for who prefers them.
    TaggedOrWords(&'static str),
    /// A shape on each line, or a problem.
    Lines(&'static str),
    Page,
    TaggedPage,
    Style,
    /// This document.
    Anything,
}

impl Content {
    pub(super) fn json(self) -> Json {
        let shape = |name: &str| json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } });
        let text = json!({ "schema": { "type": "string" } });
        let (about, content, headers): (_, _, &[(&str, &str)]) = match self {
            Self::Shape(name) => ("The answer.", json!({ "application/json": shape(name) }), SPOKEN),
            Self::Plain(name) => {
                ("The answer.", json!({ "application/json": shape(name) }), &[("Cache-Control", "CacheControl")])
            }
            Self::TaggedOrWords(name) => {
                let content = json!({ "application/json": shape(name), "text/plain; charset=utf-8": text });
                ("The answer; words for who prefers `text/plain`.", content, TAGGED)
            }
            Self::Tagged(name) => ("The answer.", json!({ "application/json": shape(name) }), TAGGED),
            Self::Fleeting(name) => ("The answer.", json!({ "application/json": shape(name) }), FLEETING),
            Self::Made(name) => (
                "What was made, or was made by the same request before.",
                json!({ "application/json": shape(name) }),
                MADE,
            ),
            Self::Gone => ("It was taken away.", Json::Null, &[("Cache-Control", "CacheControl")]),
            Self::Events(name) => {
                let item = json!({ "$ref": format!("#/components/schemas/{name}") });
                let stream = json!({ "text/event-stream": { "schema": { "type": "string" }, "x-event-schema": item } });
                ("Events, as they come.", stream, &[("Cache-Control", "CacheControl")])
            }
            Self::Unchanged => ("The answer is still that of the tag.", Json::Null, KEPT),
            Self::Lines(name) => {
                let about = "An answer, or a problem with the number of its `line`, on each line, in the order of what was sent.";
                let item = json!({ "anyOf": [
                    { "$ref": format!("#/components/schemas/{name}") },
                    { "$ref": "#/components/schemas/Problem" },
                ]});
                (
                    about,
                    json!({ "application/x-ndjson": { "schema": { "type": "string" }, "x-line-schema": item } }),
                    &[("Cache-Control", "CacheControl")],
                )
            }
            Self::Page => ("The page.", json!({ "text/html; charset=utf-8": text }), PAGE),
            Self::TaggedPage => ("The page.", json!({ "text/html; charset=utf-8": text }), TAGGED),
            Self::Style => ("How the page looks.", json!({ "text/css; charset=utf-8": text }), KEPT),
            Self::Anything => {
                ("This document.", json!({ "application/json": { "schema": { "type": "object" } } }), KEPT)
            }
        };
        let mut answer = json!({ "description": about, "headers": with(headers) });
        if let Some(members) = answer.as_object_mut().filter(|_| !content.is_null()) {
            members.insert("content".to_owned(), content);
        }
        answer
    }
}

const PAGE: &[(&str, &str)] = &[("Content-Language", "ContentLanguage"), ("Cache-Control", "CacheControl")];
const SPOKEN: &[(&str, &str)] = &[("Content-Language", "ContentLanguage"), ("Vary", "Vary")];
const FLEETING: &[(&str, &str)] =
    &[("Cache-Control", "CacheControl"), ("Content-Language", "ContentLanguage"), ("Vary", "Vary")];
const MADE: &[(&str, &str)] = &[
    ("Cache-Control", "CacheControl"),
    ("Content-Language", "ContentLanguage"),
    ("Location", "Location"),
    ("Vary", "Vary"),
];
const KEPT: &[(&str, &str)] = &[("ETag", "ETag"), ("Cache-Control", "CacheControl")];
const TAGGED: &[(&str, &str)] =
    &[("ETag", "ETag"), ("Cache-Control", "CacheControl"), ("Content-Language", "ContentLanguage"), ("Vary", "Vary")];

/// These headers, and those of every answer.
fn with(headers: &[(&str, &str)]) -> Json {
    let everywhere = [
        ("X-Request-Id", "RequestId"),
        ("traceresponse", "TraceResponse"),
        ("X-Content-Type-Options", "XContentTypeOptions"),
        ("Rules-Entry", "RulesEntry"),
        ("Rules-Checked", "RulesChecked"),
    ];
    let refer = |(name, reference): &(&str, &str)| {
        ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{reference}") }))
    };
    Json::Object(headers.iter().chain(&everywhere).map(refer).collect::<Map<_, _>>())
}

/// A problem of a status.
pub(super) fn problem(status: u16) -> Json {
    let about = match status {
        400 => "A parameter is wrong, or the body is not JSON.",
        401 => "Who asks must be known, and is not, or says it wrongly.",
        403 => "Who asks may not do this.",
        404 => "Nothing is called so.",
        409 => "It cannot be done as things stand.",
        412 => "Another version is active.",
        428 => "The active version must be named.",
        408 => "The body came too slowly.",
        413 => "The body is too large.",
        415 => "The body is of a type that is not taken.",
        422 => "The question cannot be answered as put; `member` says what is wrong.",
        429 => "This client asks more often than it may.",
        503 => {
            "The service cannot keep up, as many of these as are answered at once are under way, the service does not have the demanded entry yet, or the store that is to be read does not answer."
        }
        _ => "The service failed, which is its own fault.",
    };
    let mut headers = vec![("Content-Language", "ContentLanguage"), ("Cache-Control", "CacheControl")];
    if matches!(status, 429 | 503) {
        headers.push(("Retry-After", "RetryAfter"));
    }
    if matches!(status, 401 | 403) {
        headers.push(("WWW-Authenticate", "WWWAuthenticate"));
    }
    if status == 429 {
        headers.extend([("RateLimit-Policy", "RateLimitPolicy"), ("RateLimit", "RateLimit")]);
    }
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    json!({ "description": about, "headers": with(&headers), "content": { "application/problem+json": schema } })
}
