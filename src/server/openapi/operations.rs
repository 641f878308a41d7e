//! What each address takes and answers.

use serde_json::{Map, Value as Json, json};

use super::answers::{self, Content};
use super::parameters::Parameter::{
    self, AcceptLanguage, After, AnyDay, AsKnown, Day, DocumentNumber, Explain, Fact, IfNoneMatch, In, InRole, Lang,
    Limit, MinEntry, MinVersion, RequestId, Search, Task, TaskId, UnitCode, Version,
};

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
        answers: &[(200, Content::Lines)],
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
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Shape("TaskList"))],
        problems: &[400],
    },
    Operation {
        path: "/v1/tasks/{id}",
        method: "get",
        id: "task",
        summary: "A task, and what it may be asked",
        parameters: &[TaskId, Lang, Version, AsKnown, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Shape("TaskDetail"))],
        problems: &[400, 404],
    },
    Operation {
        path: "/v1/tasks/{id}/table",
        method: "get",
        id: "taskTable",
        summary: "A task's whole law as one decision tree, or the part of it at a place or on a day",
        parameters: &[TaskId, In, InRole, AnyDay("Only this day."), Lang, Version, AsKnown, AcceptLanguage],
        body: None,
        answers: &[(200, Content::ShapeOrWords("Table"))],
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
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::ShapeOrWords("Timeline"))],
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
            AcceptLanguage,
        ],
        body: None,
        answers: &[(200, Content::Shape("UnitList"))],
        problems: &[400],
    },
    Operation {
        path: "/v1/units/{code}",
        method: "get",
        id: "unit",
        summary: "A unit on a day: its bodies, what it was made of and what became of it",
        parameters: &[UnitCode, Day, Lang, Version, AsKnown, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Shape("UnitDetail"))],
        problems: &[400, 404],
    },
    Operation {
        path: "/v1/documents/{number}",
        method: "get",
        id: "document",
        summary: "The documents that bear a number, as the rules hold them",
        parameters: &[DocumentNumber, Lang, Version, AsKnown, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Shape("DocumentList"))],
        problems: &[400, 404],
    },
    Operation {
        path: "/v1/check",
        method: "get",
        id: "check",
        summary: "Every defect of the rules that are served: where, when and in which cases, why, and a case of it",
        parameters: &[Lang, Version, AsKnown, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Shape("Findings"))],
        problems: &[400],
    },
    Operation {
        path: "/v1/versions",
        method: "get",
        id: "versions",
        summary: "What was published, the newest first",
        parameters: &[Limit, After("The number of the last version of the page before."), Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Shape("VersionList"))],
        problems: &[400],
    },
    Operation {
        path: "/v1/rules",
        method: "get",
        id: "rules",
        summary: "The files of the rules that are served, or of another version, as they were read",
        parameters: &[Version, AsKnown, Lang, AcceptLanguage],
        body: None,
        answers: &[(200, Content::Shape("Rules"))],
        problems: &[400],
    },
    plain("/healthz/live", "live", "Whether the process runs", &[(200, Content::Plain("Health"))]),
    plain("/healthz/ready", "ready", "Whether it can answer", &[(200, Content::Plain("Health"))]),
    plain("/openapi.json", "openapi", "This document", &[(200, Content::Anything)]),
    plain("/style.css", "style", "How the page looks", &[(200, Content::Style)]),
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
        // An entry of the log can be demanded everywhere.
        let everywhere: &[Parameter] =
            if self.path.starts_with("/v1/") { &[MinVersion, MinEntry, RequestId] } else { &[RequestId] };
        let parameters = self.parameters.iter().chain(everywhere);
        let parameters: Vec<Json> = parameters.map(|one| one.json()).collect();
        let mut responses: Map<String, Json> = Map::new();
        for (status, content) in self.answers {
            responses.insert(status.to_string(), content.json());
        }
        // What tells how the service is, is told always.
        let anywhere: &[u16] = if self.path.starts_with("/healthz/") { &[500] } else { &[429, 500, 503] };
        for status in self.problems.iter().chain(anywhere) {
            responses.insert(status.to_string(), answers::problem(*status));
        }
        let mut operation = Map::new();
        operation.insert("operationId".to_owned(), self.id.into());
        operation.insert("summary".to_owned(), self.summary.into());
        operation.insert("parameters".to_owned(), parameters.into());
        operation.extend(self.body.map(|body| ("requestBody".to_owned(), body.json())));
        operation.insert("responses".to_owned(), Json::Object(responses));
        Json::Object(operation)
    }
}

impl Body {
    fn json(self) -> Json {
        let question = json!({ "$ref": "#/components/schemas/Question" });
        match self {
            Self::Question => {
                let example =
                    json!({ "task": "thu-hoi-dat", "in": "phường Hải Châu", "on": "2026-10-01", "lang": "en" });
                let content = json!({ "application/json": { "schema": question, "example": example } });
                json!({ "required": true, "content": content })
            }
            Self::Questions => json!({
                "required": true,
                "description": "A question on each line, of at most 65536 bytes; blank lines are passed over.",
                "content": { "application/x-ndjson": { "schema": { "type": "string" }, "x-line-schema": question } },
            }),
        }
    }
}
