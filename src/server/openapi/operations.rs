//! What each address takes and answers.

use axum::http::Method;
use serde_json::{Map, Value as Json, json};

use super::answers::{self, Content};
use super::parameters::Parameter::{
    self, AcceptLanguage, After, AnyDay, AsKnown, BodyId, Day, DocumentNumber, Explain, Fact, Findings, IdempotencyKey,
    IfMatch, IfNoneMatch, In, InRole, Lang, LastEventId, Limit, MinEntry, MinVersion, New, Old, Older, OnlyTasks,
    ProposalName, RequestId, Search, Seat, Task, TaskId, UnitCode, Version,
};
use crate::server::access::{self, Need};

/// One method of one address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) method: &'static str,
    id: &'static str,
    summary: &'static str,
    parameters: &'static [Parameter],
    /// Of the body, if it takes one.
    body: Option<Body>,
    answers: &'static [(u16, Content)],
    /// Statuses of problems besides those that any request may meet.
    problems: &'static [u16],
}

#[derive(Debug, Clone, Copy)]
enum Body {
    Question,
    Questions,
    /// A shape, and an example of it in JSON.
    Shape(&'static str, &'static str),
    /// A table, or an object on each line.
    Decisions,
    Proposal,
    Rollback,
}

const TASK_WORDS: &str =
    "Words of names, ids or codes of procedures; every one must begin a word. Marks may be left out.";
const UNIT_WORDS: &str = "Words of the unit's name or its code, perhaps with units above behind commas; every one must begin a word. Marks may be left out.";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        path: "/v1/who-decides",
        method: "get",
        id: "whoDecides",
        summary: "Who decides a task, there and then, on these facts",
        parameters: &[Task, In, InRole, Day, Fact, Explain, Lang, Version, AsKnown, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Tagged("Ruling")), (304, Content::Unchanged)],
        problems: &[400, 422],
    },
    Operation {
        path: "/v1/who-decides",
        method: "post",
        id: "whoDecidesThis",
        summary: "The same, asked in JSON",
        parameters: &[Lang, AcceptLanguage],
        body: Some(Body::Question),
        answers: &[(200, Content::Shape("Ruling"))],
        problems: &[400, 408, 413, 415, 422],
    },
    Operation {
        path: "/v1/who-decides/batch",
        method: "post",
        id: "whoDecidesAll",
        summary: "Many questions, one on a line; answered as they come, in their order, by one version of the rules",
        parameters: &[Lang, Version, AsKnown, AcceptLanguage],
        body: Some(Body::Questions),
        answers: &[(200, Content::Lines("Ruling"))],
        problems: &[400, 415],
    },
    Operation {
        path: "/v1/tasks",
        method: "get",
        id: "tasks",
        summary: "The catalogue of tasks, or those that words find, best first",
        parameters: &[
            Search(TASK_WORDS),
            Limit,
            After("The id of the last task of the page before."),
            Lang,
            Version,
            AsKnown,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Tagged("TaskList")), (304, Content::Unchanged)],
        problems: &[400],
    },
    Operation {
        path: "/v1/tasks/{id}",
        method: "get",
        id: "task",
        summary: "A task, and what it may be asked",
        parameters: &[TaskId, Lang, Version, AsKnown, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Tagged("TaskDetail")), (304, Content::Unchanged)],
        problems: &[400, 404],
    },
    Operation {
        path: "/v1/tasks/{id}/table",
        method: "get",
        id: "taskTable",
        summary: "A task's whole law as one decision tree, or the part of it at a place or on a day",
        parameters: &[
            TaskId,
            In,
            InRole,
            AnyDay("Only this day."),
            Lang,
            Version,
            AsKnown,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::TaggedOrWords("Table")), (304, Content::Unchanged)],
        problems: &[400, 404, 422],
    },
    Operation {
        path: "/v1/tasks/{id}/timeline",
        method: "get",
        id: "taskTimeline",
        summary: "Who decides a task at a place, over all the days that the rules cover",
        parameters: &[
            TaskId,
            In,
            InRole,
            AnyDay("A day on which the units bear these names; else the last that they were borne on."),
            Fact,
            Lang,
            Version,
            AsKnown,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::TaggedOrWords("Timeline")), (304, Content::Unchanged)],
        problems: &[400, 404, 422],
    },
    Operation {
        path: "/v1/units",
        method: "get",
        id: "units",
        summary: "The units of a day, or those that words find, best first",
        parameters: &[
            Search(UNIT_WORDS),
            Day,
            Limit,
            After("The code of the last unit of the page before."),
            Lang,
            Version,
            AsKnown,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Tagged("UnitList")), (304, Content::Unchanged)],
        problems: &[400],
    },
    Operation {
        path: "/v1/units/{code}",
        method: "get",
        id: "unit",
        summary: "A unit on a day: its bodies, what it was made of and what became of it",
        parameters: &[UnitCode, Day, Lang, Version, AsKnown, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Tagged("UnitDetail")), (304, Content::Unchanged)],
        problems: &[400, 404],
    },
    Operation {
        path: "/v1/documents/{number}",
        method: "get",
        id: "document",
        summary: "The documents that bear a number, as the rules hold them",
        parameters: &[DocumentNumber, Lang, Version, AsKnown, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Tagged("DocumentList")), (304, Content::Unchanged)],
        problems: &[400, 404],
    },
    Operation {
        path: "/v1/check",
        method: "get",
        id: "check",
        summary: "Every defect of the rules that are served: where, when and in which cases, why, and a case of it",
        parameters: &[Lang, Version, AsKnown, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Tagged("Findings")), (304, Content::Unchanged)],
        problems: &[400],
    },
    Operation {
        path: "/v1/check",
        method: "post",
        id: "checkTexts",
        summary: "The errors and defects of texts that are not published, over the rules or alone",
        parameters: &[Lang, Version, AsKnown, AcceptLanguage],
        body: Some(Body::Shape("CheckQuestion", r#"{ "files": [{ "path": "du-thao.tq", "text": "" }] }"#)),
        answers: &[(200, Content::Shape("Checked"))],
        problems: &[400, 408, 413, 415, 422, 503],
    },
    Operation {
        path: "/v1/format",
        method: "post",
        id: "format",
        summary: "A text of rules in canonical form, in its own language or in the other; or what is wrong with it",
        parameters: &[Lang, Version, AsKnown, AcceptLanguage],
        body: Some(Body::Shape("FormatQuestion", r#"{ "text": "", "to": "en" }"#)),
        answers: &[(200, Content::Shape("Canonical"))],
        problems: &[400, 408, 413, 415, 422, 503],
    },
    Operation {
        path: "/v1/diff",
        method: "get",
        id: "diff",
        summary: "What changed from one version of the rules to another: who decides what, where and when",
        parameters: &[
            Old,
            New,
            OnlyTasks,
            AnyDay("Only questions of this day."),
            Findings,
            Lang,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Tagged("Diff")), (304, Content::Unchanged)],
        problems: &[400, 422, 503],
    },
    Operation {
        path: "/v1/diff",
        method: "post",
        id: "diffTexts",
        summary: "The same, with texts that are not published laid over the new side",
        parameters: &[Lang, AcceptLanguage],
        body: Some(Body::Shape(
            "DiffQuestion",
            r#"{ "files": [{ "path": "du-thao.tq", "text": "" }], "tasks": ["thu-hoi-dat"] }"#,
        )),
        answers: &[(200, Content::Shape("Diff"))],
        problems: &[400, 408, 413, 415, 422, 503],
    },
    Operation {
        path: "/v1/audit",
        method: "post",
        id: "audit",
        summary: "Decisions already signed, row by row: was the signer competent then? Judged as they come, in their order",
        parameters: &[Lang, Version, AsKnown, AcceptLanguage],
        body: Some(Body::Decisions),
        answers: &[(200, Content::Lines("Judgement"))],
        problems: &[400, 415, 503],
    },
    Operation {
        path: "/v1/bodies/{id}/portfolio",
        method: "get",
        id: "portfolio",
        summary: "All that a body may decide at a unit on a day, and in which cases",
        parameters: &[
            BodyId,
            Seat,
            Day,
            Limit,
            After("What `next` said on the page before."),
            Lang,
            Version,
            AsKnown,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Tagged("Portfolio")), (304, Content::Unchanged)],
        problems: &[400, 404, 422],
    },
    Operation {
        path: "/v1/versions",
        method: "get",
        id: "versions",
        summary: "What was published, the newest first",
        parameters: &[
            Limit,
            After("The number of the last version of the page before."),
            Lang,
            IfNoneMatch,
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Tagged("VersionList")), (304, Content::Unchanged)],
        problems: &[400],
    },
    Operation {
        path: "/v1/rules",
        method: "get",
        id: "rules",
        summary: "The files of the rules that are served, or of another version, as they were read",
        parameters: &[Version, AsKnown, Lang, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Tagged("Rules")), (304, Content::Unchanged)],
        problems: &[400],
    },
    Operation {
        path: "/v1/versions/{version}/rollback",
        method: "post",
        id: "rollback",
        summary: "Propose to publish an older version anew",
        parameters: &[Older, IfMatch, IdempotencyKey, Lang, AcceptLanguage],
        body: Some(Body::Rollback),
        answers: &[(200, Content::Fleeting("Proposed")), (201, Content::Made("Proposed"))],
        problems: &[400, 404, 408, 409, 412, 413, 415, 422, 428, 503],
    },
    Operation {
        path: "/v1/proposals",
        method: "get",
        id: "proposals",
        summary: "What waits for approval or signatures",
        parameters: &[Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Fleeting("ProposalList"))],
        problems: &[400, 404, 503],
    },
    Operation {
        path: "/v1/proposals",
        method: "post",
        id: "propose",
        summary: "Propose a version: examined at once, published when it is approved",
        parameters: &[IfMatch, IdempotencyKey, Lang, AcceptLanguage],
        body: Some(Body::Proposal),
        answers: &[(200, Content::Fleeting("Proposed")), (201, Content::Made("Proposed"))],
        problems: &[400, 404, 408, 409, 412, 413, 415, 422, 428, 503],
    },
    Operation {
        path: "/v1/proposals/{name}",
        method: "get",
        id: "proposal",
        summary: "A proposal: what it changes, and what became of it",
        parameters: &[ProposalName, Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Fleeting("Proposed"))],
        problems: &[400, 404, 503],
    },
    Operation {
        path: "/v1/proposals/{name}",
        method: "delete",
        id: "withdraw",
        summary: "Take back what waits for approval",
        parameters: &[ProposalName, Lang, AcceptLanguage],
        body: None,
        answers: &[(204, Content::Gone)],
        problems: &[400, 404, 409, 503],
    },
    Operation {
        path: "/v1/proposals/{name}/approval",
        method: "post",
        id: "approve",
        summary: "Approve what somebody else proposed: it is examined anew, and published",
        parameters: &[ProposalName, Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Fleeting("Proposed"))],
        problems: &[400, 404, 409, 412, 422, 503],
    },
    Operation {
        path: "/v1/events",
        method: "get",
        id: "events",
        summary: "What is published, as it is, and which decisions it moves",
        parameters: &[LastEventId, Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Events("Event"))],
        problems: &[400, 404, 503],
    },
    plain("/healthz/live", "live", "Whether the process runs", &[(200, Content::Plain("Health"))]),
    plain("/healthz/ready", "ready", "Whether it can answer", &[(200, Content::Plain("Health"))]),
    tagged("/openapi.json", "openapi", "This document", &[(200, Content::Anything), (304, Content::Unchanged)]),
    Operation {
        path: "/reference",
        method: "get",
        id: "reference",
        summary: "This document as a page",
        parameters: &[Lang, IfNoneMatch, AcceptLanguage],
        body: None,
        answers: &[(200, Content::TaggedPage), (304, Content::Unchanged)],
        problems: &[400],
    },
    tagged("/style.css", "style", "How the page looks", &[(200, Content::Style), (304, Content::Unchanged)]),
    access(
        "/access/v1/evaluation",
        "accessEvaluation",
        "AuthZEN 1.0: may this body decide this task",
        ("EvaluationQuestion", EVALUATION),
        &[(200, Content::Shape("Evaluation"))],
    ),
    access(
        "/access/v1/evaluations",
        "accessEvaluations",
        "AuthZEN 1.0: the same of several at once",
        ("EvaluationsQuestion", EVALUATIONS),
        &[(200, Content::Shape("Evaluations"))],
    ),
    access(
        "/access/v1/search/subject",
        "searchSubject",
        "AuthZEN 1.0: everybody who may decide this task",
        ("SubjectSearchQuestion", SEARCH),
        &[(200, Content::Shape("SubjectsFound"))],
    ),
    Operation {
        path: "/.well-known/authzen-configuration",
        method: "get",
        id: "authzenConfiguration",
        summary: "AuthZEN 1.0: where its questions are answered",
        parameters: &[Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Plain("DecisionPoint"))],
        problems: &[400],
    },
    Operation {
        path: "/",
        method: "get",
        id: "page",
        summary: "The page on which people ask",
        parameters: &[],
        body: None,
        answers: &[(200, Content::Page), (400, Content::Page)],
        problems: &[],
    },
];

const EVALUATION: &str = r#"{ "subject": { "type": "body", "id": "ubnd@20242" }, "action": { "name": "decide" },
    "resource": { "type": "task", "id": "thu-hoi-dat", "properties": { "in": "20242" } }, "context": { "on": "2026-10-01" } }"#;
const EVALUATIONS: &str = r#"{ "action": { "name": "decide" }, "context": { "on": "2026-10-01" },
    "resource": { "type": "task", "id": "thu-hoi-dat", "properties": { "in": "20242" } },
    "evaluations": [{ "subject": { "type": "body", "id": "ubnd@20242" } }, { "subject": { "type": "body", "id": "ubnd@48" } }] }"#;
const SEARCH: &str = r#"{ "subject": { "type": "body" }, "action": { "name": "decide" },
    "resource": { "type": "task", "id": "thu-hoi-dat", "properties": { "in": "20242" } }, "context": { "on": "2026-10-01" } }"#;

/// A question in the words of AuthZEN: its shape with an example, and what is answered.
const fn access(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    (question, example): (&'static str, &'static str),
    answers: &'static [(u16, Content)],
) -> Operation {
    Operation {
        path,
        method: "post",
        id,
        summary,
        parameters: &[Lang, Version, AsKnown, AcceptLanguage],
        body: Some(Body::Shape(question, example)),
        answers,
        problems: &[400, 408, 413, 415],
    }
}

const fn tagged(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    answers: &'static [(u16, Content)],
) -> Operation {
    Operation { path, method: "get", id, summary, parameters: &[IfNoneMatch], body: None, answers, problems: &[] }
}

const fn plain(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    answers: &'static [(u16, Content)],
) -> Operation {
    Operation { path, method: "get", id, summary, parameters: &[], body: None, answers, problems: &[] }
}

impl Operation {
    pub(super) fn json(&self) -> Json {
        // Whoever reads may demand an entry of the log.
        let reads = matches!(self.need(), Some(Need::Anyone | Need::Reading));
        let everywhere: &[Parameter] =
            if self.path.starts_with("/v1/") && reads { &[MinVersion, MinEntry, RequestId] } else { &[RequestId] };
        let parameters = self.parameters.iter().chain(everywhere);
        let parameters: Vec<Json> = parameters.map(|one| one.json()).collect();
        let mut responses: Map<String, Json> = Map::new();
        for (status, content) in self.answers {
            responses.insert(status.to_string(), content.json());
        }
        let security = self.security();
        let strangers: &[u16] = if security.is_some() { &[401, 403] } else { &[401] };
        // What tells how the service is, is told always.
        let anywhere: &[u16] = if self.path.starts_with("/healthz/") { &[500] } else { &[429, 500, 503] };
        for status in self.problems.iter().chain(strangers).chain(anywhere) {
            responses.insert(status.to_string(), answers::problem(*status));
        }
        let mut operation = Map::new();
        operation.insert("operationId".to_owned(), self.id.into());
        operation.insert("summary".to_owned(), self.summary.into());
        operation.insert("parameters".to_owned(), parameters.into());
        operation.extend(self.body.map(|body| ("requestBody".to_owned(), body.json())));
        responses.sort_keys();
        operation.insert("responses".to_owned(), Json::Object(responses));
        operation.extend(security.map(|security| ("security".to_owned(), security)));
        Json::Object(operation)
    }
}

impl Operation {
    fn need(&self) -> Option<Need> {
        let address = self.path.replace("{number}", "{*number}");
        let method = self.method.to_uppercase();
        Method::from_bytes(method.as_bytes()).ok().and_then(|method| access::needs(&address).of(&method))
    }

    /// Whether one must say who asks: always, or where the service is for known callers; never where nothing is said.
    fn security(&self) -> Option<Json> {
        match self.need() {
            Some(Need::Anyone) => None,
            Some(Need::Reading | Need::Metrics) => Some(json!([{}, { "bearer": [] }])),
            Some(Need::Proposing | Need::Seeing | Need::Withdrawing | Need::Approving) | None => {
                Some(json!([{ "bearer": [] }]))
            }
        }
    }
}

impl Body {
    fn json(self) -> Json {
        let question = json!({ "$ref": "#/components/schemas/Question" });
        let of = |name: &str| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            json!({ "required": true, "content": { "application/json": { "schema": schema } } })
        };
        match self {
            Self::Question => {
                let example =
                    json!({ "task": "thu-hoi-dat", "in": "phường Hải Châu", "on": "2026-10-01", "lang": "en" });
                let content = json!({ "application/json": { "schema": question, "example": example } });
                json!({ "required": true, "content": content })
            }
            Self::Shape(name, example) => {
                let example: Json = serde_json::from_str(example).unwrap_or_default();
                let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
                json!({ "required": true, "content": { "application/json": { "schema": schema, "example": example } } })
            }
            Self::Decisions => {
                let about = "A table with a header, or an object on each line with members called like its columns: `number`, `date`, \
                    `signer_body`, `signer_unit`, `task`, `unit`, `in:ROLE`, `fact:NAME`. A row is of at most 65536 bytes.";
                let text = json!({ "type": "string" });
                let value = json!({ "type": ["string", "number", "boolean", "array", "null"], "items": text });
                let line = json!({ "type": "object", "additionalProperties": value });
                let content = json!({
                    "text/csv": { "schema": text },
                    "application/x-ndjson": { "schema": text, "x-line-schema": line },
                });
                json!({ "required": true, "description": about, "content": content })
            }
            Self::Proposal => of("Proposal"),
            Self::Rollback => of("Rollback"),
            Self::Questions => json!({
                "required": true,
                "description": "A question on each line, of at most 65536 bytes; blank lines are passed over.",
                "content": { "application/x-ndjson": { "schema": { "type": "string" }, "x-line-schema": question } },
            }),
        }
    }
}
