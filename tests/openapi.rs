//! The description of the service is held to the service: every route is described and every description is routed, and real
//! answers are what their schemas say, member for member.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};
use thamquyen::library::{self, Origin};
use thamquyen::reading::hands::side_by_side;
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

fn state(folder: &str) -> State {
    static SMALL: OnceLock<State> = OnceLock::new();
    static RULES: OnceLock<State> = OnceLock::new();
    let slot = if folder == "rules" { &RULES } else { &SMALL };
    let load = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        State::new(library::load(&Origin::Folders(vec![folder])))
    };
    slot.get_or_init(load).clone()
}

async fn send(folder: &str, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app(state(folder)).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

fn asking(method: &str, path: &str, body: Option<&str>) -> Request<Body> {
    let streams = path.ends_with("/batch") || path.ends_with("/audit");
    let kind = if streams { "application/x-ndjson" } else { "application/json" };
    let request = Request::builder().method(method).uri(path).header("content-type", kind).header("host", "tq.example");
    request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_owned()))).expect("a request")
}

async fn document() -> Value {
    let (status, _, body) = send("tests/small", asking("GET", "/openapi.json", None)).await;
    assert_eq!(status, StatusCode::OK);
    serde_json::from_str(&body).expect("JSON")
}

#[tokio::test]
async fn the_document_is_as_kept() {
    insta::assert_json_snapshot!("openapi", document().await);
}

/// Routes that are for machines around the service, not for its callers.
const UNSAID: [&str; 1] = ["/metrics"];

#[tokio::test]
async fn every_route_is_described_and_every_description_is_routed() {
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server.rs")).expect("a file");
    let mut routed = BTreeSet::new();
    for route in source.split(".route(").skip(1) {
        let path = route.split('"').nth(1).expect("a path").replace("{*", "{");
        let rest = route.split('\n').next().unwrap_or("");
        for method in ["get", "post", "put", "delete", "patch"] {
            if rest.contains(&format!("{method}(")) && !UNSAID.contains(&path.as_str()) {
                routed.insert((path.clone(), method.to_owned()));
            }
        }
    }
    let document = document().await;
    let mut said = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            said.insert((path.clone(), method.clone()));
        }
    }
    assert_eq!(routed, said);
}

/// A schema that allows nothing that it does not name.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(strict);
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What the document says, ready to be held against answers.
struct Said {
    document: Value,
    components: Value,
    /// By the text of their schema.
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Said {
    async fn new() -> Self {
        let document = document().await;
        let mut components = document["components"].clone();
        strict(&mut components);
        Self { document, components, validators: Mutex::default() }
    }

    fn check(&self, schema: &Value, value: &Value, about: &str) {
        let make = || {
            let mut whole = schema.clone();
            whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            whole["components"] = self.components.clone();
            Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).expect("a schema"))
        };
        let mut validators = self.validators.lock().expect("no panic");
        let validator = Arc::clone(validators.entry(schema.to_string()).or_insert_with(make));
        drop(validators);
        let wrong: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert!(wrong.is_empty(), "{about}: {}\n{value}", wrong.join("\n"));
    }

    /// Sends a request and holds status, headers, content type and body to what is said of the operation.
    async fn hold(&self, folder: &str, (method, template): (&str, &str), path: &str, body: Option<&str>) -> u16 {
        let (status, headers, text) = send(folder, asking(method, path, body)).await;
        let about = format!("{method} {path} {body:?} {status}");
        let operation = &self.document["paths"][template][method.to_lowercase()];
        let answer = &operation["responses"][status.as_str()];
        assert!(answer.is_object(), "{about} is not described: {text}");
        for (name, header) in answer["headers"].as_object().expect("headers") {
            let reference = header["$ref"].as_str().expect("a reference").trim_start_matches('#');
            let said = self.document.pointer(reference).expect("a header");
            let schema = &said["schema"];
            let Some(value) = headers.get(name) else {
                assert_eq!(said["required"], false, "{about} has no {name}");
                continue;
            };
            let value = value.to_str().expect("ASCII");
            let value =
                if schema["type"] == "integer" { json!(value.parse::<u32>().expect("a number")) } else { json!(value) };
            self.check(schema, &value, &format!("{about} {name}"));
        }
        let Some(contents) = answer["content"].as_object() else {
            assert_eq!(text, "", "{about}");
            return status.as_u16();
        };
        let kind = headers["content-type"].to_str().expect("ASCII");
        let content = contents.get(kind).unwrap_or_else(|| panic!("{about} is {kind}"));
        if kind.ends_with("json") && kind != "application/x-ndjson" {
            self.check(&content["schema"], &serde_json::from_str(&text).expect("JSON"), &about);
        }
        if let Some(line) = content.get("x-line-schema") {
            text.lines().for_each(|text| self.check(line, &serde_json::from_str(text).expect("JSON"), &about));
        }
        status.as_u16()
    }
}

/// Many questions, and every kind of what is wrong with them.
#[tokio::test]
async fn real_answers_are_what_is_said_of_them() {
    let said = Said::new().await;
    let mut statuses = BTreeSet::new();
    for (folder, template, path) in [
        ("tests/small", "/v1/who-decides", "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&explain=true"),
        (
            "tests/small",
            "/v1/who-decides",
            "/v1/who-decides?task=giao-dat&in=101&in=102&on=2023-05-10&fact.doi-tuong=ca-nhan",
        ),
        ("tests/small", "/v1/who-decides", "/v1/who-decides?task=giao-dat&in=101&on=2026-05-10"),
        ("tests/small", "/v1/who-decides", "/v1/who-decides?task=giao-dta"),
        ("tests/small", "/v1/who-decides", "/v1/who-decides?x=1"),
        ("tests/small", "/v1/tasks", "/v1/tasks?lang=en&limit=1"),
        ("tests/small", "/v1/tasks", "/v1/tasks?limit=no"),
        ("tests/small", "/v1/tasks/{id}", "/v1/tasks/giao-dat"),
        ("tests/small", "/v1/tasks/{id}", "/v1/tasks/no"),
        ("tests/small", "/v1/tasks/{id}/table", "/v1/tasks/giao-dat/table?in=xyz"),
        ("tests/small", "/v1/tasks/{id}/table", "/v1/tasks/no/table"),
        ("tests/small", "/v1/tasks/{id}/timeline", "/v1/tasks/giao-dat/timeline?in=101&fact.x=1"),
        ("tests/small", "/v1/units", "/v1/units?on=2015-01-01&q=an+binh"),
        ("tests/small", "/v1/units", "/v1/units?on=2015-01-01&q=an+bnih"),
        ("tests/small", "/v1/units", "/v1/units?on=2030-01-01&q=101"),
        ("tests/small", "/v1/units", "/v1/units"),
        ("tests/small", "/v1/units/{code}", "/v1/units/201?on=2026-01-01"),
        ("tests/small", "/v1/units/{code}", "/v1/units/101?on=2026-01-01"),
        ("tests/small", "/v1/documents/{number}", "/v1/documents/1/2013/QH"),
        ("tests/small", "/v1/documents/{number}", "/v1/documents/no"),
        ("tests/small", "/v1/check", "/v1/check"),
        ("tests/small", "/v1/check", "/v1/check?x=1"),
        ("rules", "/v1/check", "/v1/check?lang=en"),
        ("tests/small", "/v1/bodies/{id}/portfolio", "/v1/bodies/ubnd/portfolio?in=101&on=2023-05-10&lang=en"),
        ("tests/small", "/v1/bodies/{id}/portfolio", "/v1/bodies/no/portfolio?in=101&on=2023-05-10"),
        ("rules", "/v1/bodies/{id}/portfolio", "/v1/bodies/ubnd/portfolio?in=20242&on=2026-05-10&limit=20"),
        ("tests/small", "/v1/diff", "/v1/diff?old=served&findings=true"),
        ("tests/small", "/v1/diff", "/v1/diff?old=9"),
        ("tests/small", "/v1/versions", "/v1/versions"),
        ("tests/small", "/v1/rules", "/v1/rules"),
        ("tests/small", "/reference", "/reference?lang=en"),
        ("tests/small", "/reference", "/reference?x=1"),
        ("tests/small", "/.well-known/authzen-configuration", "/.well-known/authzen-configuration"),
        ("tests/small", "/healthz/live", "/healthz/live"),
        ("tests/small", "/healthz/ready", "/healthz/ready"),
        ("tests/small", "/openapi.json", "/openapi.json"),
        ("tests/small", "/style.css", "/style.css"),
        ("tests/small", "/", "/?task=giao-dat&on=2023-05-10"),
        ("tests/small", "/", "/?x=1"),
        ("rules", "/v1/units", "/v1/units?on=2020-01-01&limit=1000"),
        ("rules", "/v1/documents/{number}", "/v1/documents/45%2F2013%2FQH13"),
    ] {
        statuses.insert(said.hold(folder, ("GET", template), path, None).await);
    }
    let question =
        json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } }).to_string();
    let lines = format!("{question}\n{{\n{{\"task\":\"x\"}}\n");
    let long = " ".repeat(70_000);
    for body in [question.as_str(), "{", "[]", "{\"task\":1}", "{}", &long] {
        statuses.insert(said.hold("tests/small", ("POST", "/v1/who-decides"), "/v1/who-decides", Some(body)).await);
    }
    let path = "/v1/who-decides/batch";
    statuses.insert(said.hold("tests/small", ("POST", path), path, Some(&lines)).await);
    said.check(
        &json!({ "$ref": "#/components/schemas/Question" }),
        &serde_json::from_str(&question).expect("JSON"),
        "",
    );
    assert_eq!(statuses, [200, 400, 404, 413, 422].into());
}

/// Texts that are not published, decisions to be judged, and the questions of AuthZEN.
#[tokio::test]
async fn answers_to_what_is_sent_are_what_is_said_of_them() {
    let said = Said::new().await;
    let rules = include_str!("small/rules.tq");
    let moved =
        rules.replace("ubnd at tinh\n    when doi-tuong is to-chuc", "ubnd at xa\n    when doi-tuong is to-chuc");
    assert_ne!(moved, rules);
    let case = json!({
        "subject": { "type": "body", "id": "ubnd@101" }, "action": { "name": "decide" },
        "resource": { "type": "task", "id": "giao-dat", "properties": { "in": "101" } }, "context": { "on": "2023-05-10" },
    });
    let with = |member: &str, value: Value| {
        let mut case = case.clone();
        case[member] = value;
        case
    };
    let row = json!({
        "number": "1", "date": "2023-05-10", "signer_body": "ubnd", "signer_unit": "101", "task": "giao-dat", "unit": "101",
    });
    let open = with("context", json!({ "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } }));
    for (path, shape, body) in [
        ("/v1/format", "FormatQuestion", json!({ "text": rules, "to": "vi" })),
        ("/v1/format", "FormatQuestion", json!({ "text": "nonsense" })),
        ("/v1/check", "CheckQuestion", json!({ "files": [{ "path": "rules.tq", "text": moved }] })),
        ("/v1/check", "CheckQuestion", json!({ "files": [{ "path": "x.tq", "text": "nonsense" }], "alone": true })),
        ("/v1/diff", "DiffQuestion", json!({ "files": [{ "path": "rules.tq", "text": moved }] })),
        ("/access/v1/evaluation", "EvaluationQuestion", case.clone()),
        ("/access/v1/evaluation", "EvaluationQuestion", open.clone()),
        ("/access/v1/evaluations", "EvaluationsQuestion", with("evaluations", json!([{}, { "subject": {} }]))),
        ("/access/v1/search/subject", "SubjectSearchQuestion", open.clone()),
    ] {
        said.check(&json!({ "$ref": format!("#/components/schemas/{shape}") }), &body, path);
        let body = body.to_string();
        assert_eq!(said.hold("tests/small", ("POST", path), path, Some(&body)).await, 200, "{body}");
    }
    for (path, body) in [
        ("/v1/format", json!({})),
        ("/v1/check", json!({ "files": 1 })),
        ("/v1/diff", json!({})),
        ("/access/v1/evaluation", json!({})),
        ("/access/v1/evaluations", json!([])),
        ("/access/v1/search/subject", with("page", json!({ "limit": 0 }))),
    ] {
        let wanted = if path.starts_with("/v1") { 422 } else { 400 };
        assert_eq!(
            said.hold("tests/small", ("POST", path), path, Some(&body.to_string())).await,
            wanted,
            "{path} {body}"
        );
    }
    let lines = format!("{row}\n{{\n{{\"x\":1}}\n{}\n", row.to_string().replace("giao-dat", "giao-dta"));
    assert_eq!(said.hold("tests/small", ("POST", "/v1/audit"), "/v1/audit", Some(&lines)).await, 200);
}

/// The law of the country: every task, asked in many places, on many days.
#[tokio::test(flavor = "multi_thread")]
async fn answers_about_the_law_are_what_is_said_of_them() {
    let said = Said::new().await;
    let (_, _, body) = send("rules", asking("GET", "/v1/tasks?lang=en", None)).await;
    let tasks: Value = serde_json::from_str(&body).expect("JSON");
    let ask = async |task: &Value| {
        let id = task["id"].as_str().expect("an id");
        for (template, path) in [
            ("/v1/tasks/{id}", format!("/v1/tasks/{id}")),
            ("/v1/tasks/{id}/table", format!("/v1/tasks/{id}/table")),
            ("/v1/tasks/{id}/timeline", format!("/v1/tasks/{id}/timeline")),
            ("/v1/tasks/{id}/timeline", format!("/v1/tasks/{id}/timeline?in=20242&on=2026-01-01")),
        ] {
            // A task without a place is not asked about at one.
            let refused = path.contains("in=") && task["places"].as_array().is_some_and(Vec::is_empty);
            let wanted = if refused { 422 } else { 200 };
            assert_eq!(said.hold("rules", ("GET", template), &path, None).await, wanted, "{path}");
        }
        for place in ["492", "20233", "20242", "48", "20203"] {
            for day in ["2016-02-01", "2021-08-01", "2024-10-01", "2025-08-01", "2026-10-01", "2031-01-01"] {
                let path = format!("/v1/who-decides?task={id}&in={place}&on={day}&explain=true");
                said.hold("rules", ("GET", "/v1/who-decides"), &path, None).await;
            }
        }
    };
    let hand = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        side_by_side(tasks["tasks"].as_array().expect("tasks"), |task| hand.block_on(ask(task)));
    });
}
