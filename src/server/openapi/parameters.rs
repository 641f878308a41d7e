//! The parameters of requests, as OpenAPI has them.

use serde_json::{Value as Json, json};

use crate::server::paging::{MOST, USUAL};
use crate::server::standing::MIN;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    TaskId,
    UnitCode,
    DocumentNumber,
    BodyId,
    /// Of the query: `task`.
    Task,
    In,
    InRole,
    /// Of a body: `in`.
    Seat,
    Old,
    New,
    OnlyTasks,
    Findings,
    /// A day that must be said.
    Day,
    /// A day that may be said, and why.
    AnyDay(&'static str),
    Fact,
    Explain,
    Search(&'static str),
    Limit,
    After(&'static str),
    Lang,
    Version,
    AsKnown,
    ProposalName,
    /// A version in the path.
    Older,
    /// Headers.
    IfNoneMatch,
    IfMatch,
    IdempotencyKey,
    LastEventId,
    AcceptLanguage,
    RequestId,
    /// An entry of the log that the service must have.
    MinVersion,
    MinEntry,
}

/// `2026-10-01` or `01/10/2026`.
pub(in crate::server) const DAY: &str = "^([1-9][0-9]{3}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])|(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])/[1-9][0-9]{3})$";

/// Not blank.
pub(in crate::server) const WORD: &str = "\\S";

/// Of what a body is.
const SEAT: &str = "The unit that the body is of, by code or name; not needed of a body without a level.";
const FINDINGS: &str = "Also say which findings of a check come and go.";
/// What a side of a comparison may be.
const SIDE: &str = "A published version (number, eight or more first digits of its hash, `latest`), `known:` and a day or moment, or `served`.";

/// Which published version.
const VERSION: &str = "Ask this published version: its number, eight or more first digits of its hash, or `latest`.";

impl Parameter {
    pub(super) fn json(self) -> Json {
        let text = || json!({ "type": "string" });
        let word = || json!({ "type": "string", "pattern": WORD });
        let day = || json!({ "type": "string", "pattern": DAY });
        match self {
            Self::TaskId => path("id", "The id or a name of the task.", "thu-hoi-dat"),
            Self::UnitCode => path("code", "The code of the unit.", "20242"),
            Self::DocumentNumber => {
                path("number", "The number of the document; its slashes may stand as they are.", "45/2013/QH13")
            }
            Self::BodyId => path("id", "The id or a name of the body.", "ubnd"),
            Self::Seat => query("in", word(), SEAT, &json!("phường Hải Châu")),
            Self::Old => needed("old", word(), SIDE, "served"),
            Self::New => query("new", word(), "The same; `served` where it is not said.", &json!("served")),
            Self::OnlyTasks => {
                let tasks = json!({ "type": "array", "items": word() });
                query("task", tasks, "Only this task, by id or name; several.", &json!(["thu-hoi-dat"]))
            }
            Self::Findings => query("findings", json!({ "type": "boolean" }), FINDINGS, &json!(false)),
            Self::Task => needed("task", word(), "The id or a name of the task.", "thu-hoi-dat"),
            Self::In => {
                let units = json!({ "type": "array", "items": { "type": "string" } });
                let about =
                    "Code or name of a unit, perhaps with units above it behind commas. Several: the case spans them.";
                query("in", units, about, &json!(["phường Hải Châu"]))
            }
            Self::InRole => {
                named("in.ROLE", "^in\\..+$", "The unit of another role of the task, such as `in.tru-so-chinh`.")
            }
            Self::Fact => {
                named("fact.NAME", "^fact\\..+$", "A fact of the task by id or name, such as `fact.cap-cong-trinh=II`.")
            }
            Self::Day => needed("on", day(), "The day; never today by itself.", "2026-10-01"),
            Self::AnyDay(about) => query("on", day(), about, &json!("2026-10-01")),
            Self::Explain => {
                query("explain", json!({ "type": "boolean" }), "Also say which provisions lost, and why.", &json!(true))
            }
            Self::Search(about) => query("q", text(), about, &json!("hai chau")),
            Self::Limit => limit(),
            Self::After(about) => query("after", word(), about, &Json::Null),
            Self::Lang => {
                let schema = json!({ "type": "string", "enum": ["vi", "en"] });
                query("lang", schema, "The language of the answer; else `Accept-Language` says it.", &json!("en"))
            }
            Self::Version => query("version", word(), VERSION, &Json::Null),
            Self::AsKnown => {
                let about = "Ask the version that was published by then: a day, all of it, or a moment with its clock.";
                query("as_known", word(), about, &Json::Null)
            }
            Self::ProposalName => path("name", "The name of the proposal.", "0123456789abcdef"),
            Self::Older => path("version", "The version: its number, or eight or more first digits of its hash.", "12"),
            Self::IfMatch => required("If-Match", "The active version, in quotes: it follows this one alone."),
            Self::IdempotencyKey => required(
                "Idempotency-Key",
                "The caller's own name for this request, such as a UUID: sent again under it, the request is done once.",
            ),
            Self::LastEventId => {
                header("Last-Event-ID", "The last event that the listener had: it is told what came after.")
            }
            Self::MinVersion => min_version(),
            Self::MinEntry => header("Rules-Min-Entry", "The same as `min_version`; one of the two."),
            Self::IfNoneMatch => header("If-None-Match", "An `ETag` that the caller has."),
            Self::AcceptLanguage => header("Accept-Language", "Vietnamese where it names neither `vi` nor `en`."),
            Self::RequestId => header(
                "X-Request-Id",
                "The caller's own id of the request. Taken where it is 1 to 128 visible characters of ASCII; else one is made.",
            ),
        }
    }
}

fn limit() -> Json {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL });
    query("limit", schema, "At most so many on a page.", &json!(10))
}

/// An entry that the service must have.
fn min_version() -> Json {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX });
    let about =
        "The entry of the log that the answer must be from, or from a later one: as `Rules-Entry` said it before.";
    query(MIN, schema, about, &Json::Null)
}

fn path(name: &str, about: &str, example: &str) -> Json {
    let schema = json!({ "type": "string", "minLength": 1 });
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema, "example": example })
}

fn query(name: &str, schema: Json, about: &str, example: &Json) -> Json {
    let mut parameter =
        json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema });
    if let Some(members) = parameter.as_object_mut().filter(|_| !example.is_null()) {
        members.insert("example".to_owned(), example.clone());
    }
    parameter
}

fn needed(name: &str, schema: Json, about: &str, example: &str) -> Json {
    json!({ "name": name, "in": "query", "required": true, "description": about, "schema": schema, "example": example })
}

/// Parameters whose names begin alike: an object whose members stand in the query as parameters of their own.
fn named(name: &str, pattern: &str, about: &str) -> Json {
    let schema = json!({
        "type": "object", "patternProperties": { pattern: { "type": "string", "pattern": WORD } }, "additionalProperties": false,
    });
    json!({
        "name": name, "in": "query", "required": false, "description": about, "style": "form", "explode": true, "schema": schema,
    })
}

fn required(name: &str, about: &str) -> Json {
    json!({ "name": name, "in": "header", "required": true, "description": about, "schema": { "type": "string" } })
}

fn header(name: &str, about: &str) -> Json {
    json!({ "name": name, "in": "header", "required": false, "description": about, "schema": { "type": "string" } })
}
