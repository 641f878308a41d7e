//! What is asked and answered in the standard's words, as schemas. Of its open objects only what is read is named.

use serde_json::{Value as Json, json};

use super::MOST;
use super::asked::{BODY, DECIDE, TASK};
use crate::server::openapi::{DAY, WORD};
use crate::server::paging;

/// By their names.
pub(in crate::server) fn schemas() -> [(&'static str, Json); 7] {
    [
        ("EvaluationQuestion", question(true)),
        ("EvaluationsQuestion", evaluations()),
        ("SubjectSearchQuestion", search()),
        ("Evaluation", evaluation()),
        ("Evaluations", evaluations_told()),
        ("SubjectsFound", found()),
        ("DecisionPoint", metadata()),
    ]
}

fn word(about: &str) -> Json {
    json!({ "type": "string", "pattern": WORD, "description": about })
}

/// Objects that may hold more than we read.
fn open(members: &Json, required: &[&str]) -> Json {
    json!({ "type": "object", "properties": members, "required": required, "additionalProperties": true })
}

fn subject(with_id: bool) -> Json {
    let kind = json!({ "type": "string", "const": BODY });
    let id = word("A body by id or name; behind `@` its unit, by code or name: `ubnd@20242`.");
    let properties = open(&json!({ "unit": word("The unit, where it does not stand in `id`.") }), &[]);
    if with_id {
        open(&json!({ "type": kind, "id": id, "properties": properties }), &["type", "id"])
    } else {
        open(&json!({ "type": kind }), &["type"])
    }
}

fn action() -> Json {
    open(&json!({ "name": { "type": "string", "const": DECIDE } }), &["name"])
}

fn facts() -> Json {
    json!({ "$ref": "#/components/schemas/Question/properties/facts" })
}

fn resource() -> Json {
    let place = json!({ "$ref": "#/components/schemas/Question/properties/in" });
    let properties = open(&json!({ "in": place, "facts": facts() }), &[]);
    let id = word("The id or a name of the task.");
    open(&json!({ "type": { "type": "string", "const": TASK }, "id": id, "properties": properties }), &["type", "id"])
}

fn context() -> Json {
    let on = json!({ "type": "string", "pattern": DAY, "description": "The day; never today by itself." });
    open(&json!({ "on": on, "facts": facts() }), &["on"])
}

fn question(whole: bool) -> Json {
    let members = json!({ "subject": subject(true), "action": action(), "resource": resource(), "context": context() });
    open(&members, if whole { &["subject", "action", "resource", "context"] } else { &[] })
}

fn evaluations() -> Json {
    let semantic = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"];
    let options = open(&json!({ "evaluations_semantic": { "type": "string", "enum": semantic } }), &[]);
    let mut schema = question(false);
    let list = json!({
        "type": "array", "minItems": 1, "maxItems": MOST, "items": { "type": "object" },
        "description": "Each as an evaluation; what one leaves out is said beside the list.",
    });
    if let Some(members) = schema.pointer_mut("/properties").and_then(Json::as_object_mut) {
        members.insert("evaluations".to_owned(), list);
        members.insert("options".to_owned(), options);
    }
    if let Some(members) = schema.as_object_mut() {
        members.insert("required".to_owned(), json!(["evaluations"]));
    }
    schema
}

fn search() -> Json {
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": paging::MOST });
    let page = open(&json!({ "token": { "type": "string" }, "limit": limit }), &[]);
    let members = json!({
        "subject": subject(false), "action": action(), "resource": resource(), "context": context(), "page": page,
    });
    open(&members, &["subject", "action", "resource", "context"])
}

fn ruling() -> Json {
    json!({ "$ref": "#/components/schemas/Ruling" })
}

fn evaluation() -> Json {
    let text = json!({ "type": "string" });
    let verdict = json!({ "$ref": "#/components/schemas/Judgement/properties/verdict" });
    let near = json!({ "type": "array", "items": { "$ref": "#/components/schemas/JudgementNear" } });
    let context = json!({
        "type": "object",
        "properties": { "verdict": verdict, "label": text, "near": near, "ruling": ruling() },
        "required": ["verdict", "label", "near", "ruling"],
    });
    json!({
        "type": "object",
        "description": "Whether the subject may decide; `true` only where it does in every case that is left open.",
        "properties": { "decision": { "type": "boolean" }, "context": context },
        "required": ["decision", "context"],
    })
}

fn evaluations_told() -> Json {
    let error = json!({ "$ref": "#/components/schemas/Problem" });
    let refused = json!({
        "type": "object",
        "properties": {
            "decision": { "type": "boolean", "const": false },
            "context": { "type": "object", "properties": { "error": error }, "required": ["error"] },
        },
        "required": ["decision", "context"],
    });
    let one = json!({ "$ref": "#/components/schemas/Evaluation" });
    let list = json!({
        "type": "object",
        "properties": { "evaluations": { "type": "array", "items": { "anyOf": [one, refused] } } },
        "required": ["evaluations"],
    });
    json!({ "description": "The decisions in the order of what was asked; one alone where no list was sent.", "anyOf": [list, one] })
}

fn found() -> Json {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let page = json!({
        "type": "object", "properties": { "next_token": text, "count": count, "total": count },
        "required": ["next_token", "count", "total"],
    });
    let properties = json!({
        "type": "object", "properties": { "name": text, "unit_name": text }, "required": ["name"],
    });
    let result = json!({
        "type": "object",
        "properties": { "type": { "type": "string", "const": BODY }, "id": text, "properties": properties },
        "required": ["type", "id", "properties"],
    });
    let context = json!({ "type": "object", "properties": { "ruling": ruling() }, "required": ["ruling"] });
    json!({
        "type": "object",
        "description": "Everybody who may decide.",
        "properties": { "page": page, "context": context, "results": { "type": "array", "items": result } },
        "required": ["page", "context", "results"],
    })
}

fn metadata() -> Json {
    let address = json!({ "type": "string", "format": "uri" });
    let names = [
        "policy_decision_point",
        "access_evaluation_endpoint",
        "access_evaluations_endpoint",
        "search_subject_endpoint",
    ];
    let members: serde_json::Map<String, Json> =
        names.iter().map(|name| ((*name).to_owned(), address.clone())).collect();
    json!({ "type": "object", "properties": members, "required": names })
}
