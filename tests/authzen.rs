//! The OpenID Authorization API: evaluations, searches for subjects, and where they are found.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use thamquyen::library::{self, Origin};
use thamquyen::server::{Settings, State, app};
use tower::ServiceExt as _;

fn state() -> State {
    static STATE: OnceLock<State> = OnceLock::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    STATE.get_or_init(|| State::new(library::load(&Origin::Folders(vec![folder])))).clone()
}

async fn send(state: State, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let response = app(state).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn post(path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path).header("content-type", "application/json").body(Body::from(body.to_string()));
    let (status, _, body) = send(state(), request.expect("a request")).await;
    (status, body)
}

const EVALUATION: &str = "/access/v1/evaluation?lang=en";
const EVALUATIONS: &str = "/access/v1/evaluations?lang=en";
const SEARCH: &str = "/access/v1/search/subject?lang=en";

fn case(subject: &str, facts: &Value) -> Value {
    json!({
        "subject": { "type": "body", "id": subject },
        "action": { "name": "decide" },
        "resource": { "type": "task", "id": "giao-dat", "properties": { "in": "101" } },
        "context": { "on": "2023-05-10", "facts": facts },
    })
}

#[tokio::test]
async fn who_decides_may_and_nobody_else() {
    let facts = json!({ "doi-tuong": "to-chuc" });
    let (status, told) = post(EVALUATION, &case("ubnd@tỉnh Sơn Hà", &facts)).await;
    assert_eq!((status, &told["decision"]), (StatusCode::OK, &json!(true)), "{told}");
    assert_eq!(told["context"]["ruling"]["label"], "UBND of tỉnh Sơn Hà decides");
    let (_, told) = post(EVALUATION, &case("ubnd@101", &facts)).await;
    assert_eq!((&told["decision"], &told["context"]["verdict"]), (&json!(false), &json!("ultra-vires")));
    assert_eq!(told["context"]["near"][0]["code"], "other-level");
    // What is left open is no permission.
    let (_, told) = post(EVALUATION, &case("ubnd@tỉnh Sơn Hà", &json!({}))).await;
    assert_eq!((&told["decision"], &told["context"]["verdict"]), (&json!(false), &json!("undetermined")));
    // Nor is a day that the rules do not cover.
    let mut later = case("ubnd@tỉnh Sơn Hà", &facts);
    later["context"]["on"] = json!("2031-01-01");
    later["resource"]["properties"]["in"] = json!("tỉnh Sơn Hà");
    let (status, told) = post(EVALUATION, &later).await;
    assert_eq!((status, &told["decision"]), (StatusCode::OK, &json!(false)), "{told}");
    // Members that others add are passed over, and facts may stand with the resource.
    let mut more = case("ubnd", &json!({}));
    more["subject"]["properties"] = json!({ "unit": "tỉnh Sơn Hà", "department": "x" });
    more["resource"]["properties"]["facts"] = facts;
    more["context"]["time"] = json!("2026-01-01T00:00:00Z");
    more["x"] = json!([]);
    assert_eq!(post(EVALUATION, &more).await.1["decision"], true);
}

#[tokio::test]
async fn what_is_wrong_is_a_bad_request_that_says_where() {
    let right = case("ubnd@101", &json!({}));
    let with = |path: &str, value: Option<Value>| {
        let mut case = right.clone();
        let (above, last) = path.rsplit_once('/').expect("a path");
        let members = case.pointer_mut(above).and_then(Value::as_object_mut).expect("an object");
        match value {
            Some(value) => members.insert(last.to_owned(), value),
            None => members.remove(last),
        };
        case
    };
    for (path, value, member) in [
        ("/subject", None, "subject"),
        ("/subject/type", Some(json!("user")), "subject.type"),
        ("/subject/id", None, "subject.id"),
        ("/subject/id", Some(json!("ubdn@101")), "subject.id"),
        ("/subject/id", Some(json!("ubnd@nowhere")), "subject.properties.unit"),
        ("/subject/id", Some(json!("ubnd")), "subject.properties.unit"),
        ("/action/name", Some(json!("read")), "action.name"),
        ("/resource/type", Some(json!("document")), "resource.type"),
        ("/resource/id", Some(json!("giao-dta")), "resource.id"),
        ("/resource/properties/in", Some(json!("Nowhere")), "resource.properties.in"),
        ("/resource/properties/in", Some(json!(1)), "resource.properties.in"),
        ("/context", None, "context.on"),
        ("/context/on", None, "context.on"),
        ("/context/on", Some(json!("never")), "context.on"),
        ("/context/facts/x", Some(json!(1)), "context.facts.x"),
        ("/context/facts/doi-tuong", Some(json!("x")), "context.facts.doi-tuong"),
    ] {
        let (status, told) = post(EVALUATION, &with(path, value)).await;
        assert_eq!((status.as_u16(), &told["status"], &told["member"]), (400, &json!(400), &json!(member)), "{told}");
    }
    let twice = r#"{"subject":{"type":"body","type":"body"}}"#;
    let request = Request::post(EVALUATION).header("content-type", "application/json").body(Body::from(twice));
    let (status, _, told) = send(state(), request.expect("a request")).await;
    assert_eq!((status.as_u16(), &told["member"]), (400, &json!("subject.type")));
}

#[tokio::test]
async fn several_are_evaluated_in_their_order() {
    let subject = |id: &str| json!({ "subject": { "type": "body", "id": id } });
    let mut asked = case("ubnd@101", &json!({ "doi-tuong": "to-chuc" }));
    let list = [subject("ubnd@101"), subject("ubnd@tỉnh Sơn Hà"), subject("ubdn"), json!({})];
    asked["evaluations"] = json!(list);
    let decisions = |told: &Value| -> Vec<Value> {
        told["evaluations"].as_array().expect("a list").iter().map(|one| one["decision"].clone()).collect()
    };
    let (status, told) = post(EVALUATIONS, &asked).await;
    assert_eq!(
        (status, decisions(&told)),
        (StatusCode::OK, vec![json!(false), json!(true), json!(false), json!(false)])
    );
    let error = &told["evaluations"][2]["context"]["error"];
    assert_eq!((&error["status"], &error["suggestion"]), (&json!(400), &json!("ubnd")), "{error}");
    assert_eq!(told["evaluations"][3]["context"]["verdict"], "ultra-vires");
    assert!(told.get("decision").is_none());
    for (semantic, many) in [("execute_all", 4), ("deny_on_first_deny", 1), ("permit_on_first_permit", 2)] {
        asked["options"] = json!({ "evaluations_semantic": semantic, "other": 1 });
        assert_eq!(decisions(&post(EVALUATIONS, &asked).await.1).len(), many, "{semantic}");
    }
    asked["options"] = json!({ "evaluations_semantic": "sometimes" });
    let (status, told) = post(EVALUATIONS, &asked).await;
    assert_eq!((status.as_u16(), &told["member"]), (400, &json!("options.evaluations_semantic")));
    asked["options"] = Value::Null;
    assert_eq!(post(EVALUATIONS, &asked).await.0, StatusCode::BAD_REQUEST);
    let one = case("ubnd@tỉnh Sơn Hà", &json!({ "doi-tuong": "to-chuc" }));
    assert_eq!(post(EVALUATIONS, &one).await.1["decision"], true);
    asked["options"] = json!({});
    asked["evaluations"] = json!(vec![json!({}); 1001]);
    let (status, told) = post(EVALUATIONS, &asked).await;
    assert_eq!((status.as_u16(), &told["member"]), (400, &json!("evaluations")));
    // What all of them inherit is read for each, and is no longer than a question may be.
    asked["evaluations"] = json!([{}, {}]);
    asked["context"]["x"] = json!("y".repeat(1 << 16));
    let (status, told) = post(EVALUATIONS, &asked).await;
    assert_eq!((status.as_u16(), &told["member"]), (400, &json!("context")), "{told}");
}

/// All units of a level may decide: so many subjects that they come in pages.
const EVERYBODY: &str = "ubnd at any xa";

fn many() -> State {
    static STATE: OnceLock<State> = OnceLock::new();
    let read = |path: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small").join(path);
        std::fs::read_to_string(path).expect("text")
    };
    STATE
        .get_or_init(|| {
            let rules = read("rules.tq");
            let changed = rules.replace(
                "decided by ubnd at tinh\n    when doi-tuong is to-chuc",
                &format!("decided by {EVERYBODY}\n    when doi-tuong is to-chuc"),
            );
            assert_ne!(changed, rules);
            // The scenario of the sentence that was changed goes with it.
            let changed = changed.split("scenario").next().expect("a text").to_owned();
            let (units, fates) = (read("registers/units.csv"), read("registers/successions.csv"));
            let files = [
                ("rules.tq", changed.as_str()),
                ("registers/units.csv", units.as_str()),
                ("registers/successions.csv", fates.as_str()),
            ];
            let library = library::from_texts(&files);
            assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
            State::new(library)
        })
        .clone()
}

async fn search(state: State, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(SEARCH).header("content-type", "application/json").body(Body::from(body.to_string()));
    let (status, _, told) = send(state, request.expect("a request")).await;
    (status, told)
}

/// A search finds just those whose evaluation is `true`.
#[tokio::test]
async fn a_search_finds_whoever_may_decide() {
    for state in [state(), many()] {
        for facts in [json!({ "doi-tuong": "to-chuc" }), json!({ "doi-tuong": "ca-nhan", "dien-tich": 1 }), json!({})] {
            let (status, told) = search(state.clone(), &case("ignored", &facts)).await;
            assert_eq!((status, &told["page"]["next_token"]), (StatusCode::OK, &json!("")), "{told}");
            let results = told["results"].as_array().expect("results");
            let found: BTreeSet<&str> = results.iter().map(|one| one["id"].as_str().expect("an id")).collect();
            assert_eq!(results.len(), found.len());
            let path = "/v1/units?on=2023-05-10&limit=1000";
            let (_, _, units) = send(state.clone(), Request::get(path).body(Body::empty()).expect("a request")).await;
            let mut tried = 0;
            for unit in units["units"].as_array().expect("units") {
                let id = format!("ubnd@{}", unit["code"].as_str().expect("a code"));
                let body = case(&id, &facts).to_string();
                let request = Request::post(EVALUATION).header("content-type", "application/json");
                let (_, _, told) = send(state.clone(), request.body(Body::from(body)).expect("a request")).await;
                assert_eq!(told["decision"], found.contains(id.as_str()), "{id} {facts}");
                tried += 1;
            }
            assert!(tried > 3);
        }
    }
}

#[tokio::test]
async fn a_search_comes_in_pages() {
    let facts = json!({ "doi-tuong": "to-chuc" });
    let (_, whole) = search(many(), &case("x", &facts)).await;
    let whole = whole["results"].as_array().expect("results").clone();
    assert!(whole.len() > 1, "{whole:?}");
    let mut asked = case("x", &facts);
    asked["page"] = json!({ "limit": 1 });
    let (mut got, mut pages) = (Vec::new(), 0);
    loop {
        let (status, told) = search(many(), &asked).await;
        assert_eq!((status, &told["page"]["total"]), (StatusCode::OK, &json!(whole.len())), "{told}");
        got.extend(told["results"].as_array().expect("results").clone());
        pages += 1;
        let token = told["page"]["next_token"].as_str().expect("a token").to_owned();
        if token.is_empty() {
            break;
        }
        asked["page"]["token"] = json!(token);
    }
    assert_eq!((got, pages), (whole.clone(), whole.len()));
    // The token is that of this search alone.
    let mut other = asked.clone();
    other["context"]["on"] = json!("2023-05-11");
    let mut wider = asked.clone();
    wider["page"]["limit"] = json!(2);
    for (asked, member) in [(other, "page.token"), (wider, "page.token")] {
        let (status, told) = search(many(), &asked).await;
        assert_eq!((status.as_u16(), &told["member"]), (400, &json!(member)), "{told}");
    }
    for limit in [json!(0), json!(1001), json!("x"), json!(-1), json!(1.5)] {
        asked["page"] = json!({ "limit": limit });
        let (status, told) = search(many(), &asked).await;
        assert_eq!((status.as_u16(), &told["member"]), (400, &json!("page.limit")), "{told}");
    }
}

#[tokio::test]
async fn the_decision_point_is_described() {
    let request = |host: &str| {
        let path = "/.well-known/authzen-configuration";
        Request::get(path).header("host", host).body(Body::empty()).expect("a request")
    };
    let (status, headers, told) = send(state(), request("tq.example.vn:8080")).await;
    assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"application/json".parse().expect("a value")));
    let base = "http://tq.example.vn:8080";
    let wanted = json!({
        "policy_decision_point": base,
        "access_evaluation_endpoint": format!("{base}/access/v1/evaluation"),
        "access_evaluations_endpoint": format!("{base}/access/v1/evaluations"),
        "search_subject_endpoint": format!("{base}/access/v1/search/subject"),
    });
    assert_eq!(told, wanted);
    // Hosts are not for writing what one likes into an answer.
    let (status, _, told) = send(state(), request("a/b\"c")).await;
    assert_eq!((status.as_u16(), &told["member"]), (400, &json!("host")));
    let said = thamquyen::server::Authzen { decision_point: "https://tq.da-nang.example".to_owned() };
    let settings = Settings { authzen: Some(said), ..Settings::default() };
    let state = State::with(library::from_texts(&[]), settings);
    let (_, _, told) = send(state, request("other")).await;
    assert_eq!(told["search_subject_endpoint"], "https://tq.da-nang.example/access/v1/search/subject");
}
