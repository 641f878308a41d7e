//! The service, asked without a socket, on the small library of `tests/small`.

use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use thamquyen::library::{self, Origin};
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

/// Sends one request; gives status, headers and body.
async fn send(request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    send_to(&[], request).await
}

/// The same, with more folders of rules.
async fn send_to(more: &[&Path], request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let more = more.iter().map(|folder| folder.to_path_buf());
    let library = library::load(&Origin::Folders(std::iter::once(small).chain(more).collect()));
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    let response = app(State::new(library)).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

async fn get(path: &str) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
    (status, headers, serde_json::from_str(&body).unwrap_or(Value::Null))
}

async fn post(body: impl Into<Body>) -> (StatusCode, HeaderMap, Value) {
    let request = Request::post("/v1/who-decides").header("content-type", "application/json").body(body.into());
    let (status, headers, body) = send(request.expect("a request")).await;
    (status, headers, serde_json::from_str(&body).unwrap_or(Value::Null))
}

fn is_problem(headers: &HeaderMap, body: &Value, status: StatusCode) {
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(body["status"], status.as_u16());
    for member in ["type", "title", "detail"] {
        assert!(body[member].is_string(), "{member}: {body}");
    }
}

#[tokio::test]
async fn a_question_is_answered_in_the_language_asked_for() {
    let question = json!({ "task": "giao-dat", "in": "An Bình", "on": "2023-05-10", "facts": { "doi-tuong": "ca-nhan", "dien-tich": 0.5 }, "lang": "en" });
    let (status, headers, body) = post(question.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-language"], "en");
    assert_eq!(body["label"], "UBND of quận Nhất decides");
    assert_eq!(body["facts"]["dien-tich"], "0.5");
    assert_eq!(body["requires"][0]["kind"], "prior-approval");
    assert_eq!(body["lost"], Value::Null);
    let (_, headers, body) = post(json!({ "task": "Giao đất", "in": ["101"], "on": "10/05/2023" }).to_string()).await;
    assert_eq!(headers["content-language"], "vi");
    assert_eq!(body["outcome"], "undetermined");
    assert_eq!(body["ask"][0]["fact"], "doi-tuong");
    assert_eq!(body["ask"][0]["values"][0]["choices"][0]["value"], "to-chuc");
    assert_eq!(body["ask"][0]["values"][0]["outcome"], "decided");
}

#[tokio::test]
async fn roles_can_be_named() {
    let question = json!({ "task": "giao-dat", "in": { "noi-co-dat": ["101"] }, "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } });
    let (status, _, body) = post(question.to_string()).await;
    assert_eq!((status, &body["unit"]["code"]), (StatusCode::OK, &json!("101")));
}

#[tokio::test]
async fn the_same_question_has_the_same_tag_and_is_not_sent_twice() {
    let (status, headers, _) = get("/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc").await;
    assert_eq!(status, StatusCode::OK);
    let tag = headers["etag"].to_str().expect("ASCII").to_owned();
    let again = "/v1/who-decides?on=10/05/2023&fact.doi-tuong=t%E1%BB%95%20ch%E1%BB%A9c&in=An+B%C3%ACnh&task=giao-dat";
    let request = Request::get(again).header("if-none-match", format!("\"x\", {tag}")).body(Body::empty());
    let (status, headers, body) = send(request.expect("a request")).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(headers["etag"], tag.as_str());
    let (_, headers, _) =
        get("/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc&lang=en").await;
    assert_ne!(headers["etag"], tag.as_str());
}

#[tokio::test]
async fn a_legal_outcome_without_a_decider_is_an_answer() {
    let (status, _, body) = get("/v1/who-decides?task=giao-dat&in=201&on=2031-01-01&fact.doi-tuong=to-chuc").await;
    assert_eq!((status, &body["outcome"], &body["decider"]), (StatusCode::OK, &json!("not covered"), &Value::Null));
}

#[tokio::test]
async fn a_wrong_question_names_the_member() {
    for (question, member, code) in [
        (json!({ "in": "101", "on": "2023-05-10" }), "task", "missing"),
        (json!({ "task": "giao-dta", "in": "101", "on": "2023-05-10" }), "task", "unknown-name"),
        (json!({ "task": "giao-dat", "in": "101" }), "on", "missing"),
        (json!({ "task": "giao-dat", "in": "101", "on": "2023-02-30" }), "on", "bad-date"),
        (json!({ "task": "giao-dat", "in": "Nowhere at all", "on": "2023-05-10" }), "in", "unknown-unit"),
        (json!({ "task": "giao-dat", "in": "An Bình", "on": "2015-05-10" }), "in", "ambiguous-unit"),
        (json!({ "task": "giao-dat", "in": "101", "on": "2026-05-10" }), "in", "unit-not-then"),
        (json!({ "task": "giao-dat", "in": { "x": "101" }, "on": "2023-05-10" }), "in.x", "not-of-task"),
        (json!({ "task": "giao-dat", "on": "2023-05-10", "facts": { "x": 1 } }), "facts.x", "not-of-task"),
        (
            json!({ "task": "giao-dat", "on": "2023-05-10", "facts": { "doi-tuong": true } }),
            "facts.doi-tuong",
            "bad-value",
        ),
        (
            json!({ "task": "giao-dat", "on": "2023-05-10", "facts": { "doi-tuong": ["to-chuc", "ca-nhan"] } }),
            "facts.doi-tuong",
            "bad-value",
        ),
        (
            json!({ "task": "giao-dat", "on": "2023-05-10", "facts": { "đối tượng": "to-chuc", "doi-tuong": "to-chuc" } }),
            "facts.doi-tuong",
            "twice",
        ),
    ] {
        let (status, headers, body) = post(question.to_string()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{question} {body}");
        is_problem(&headers, &body, status);
        assert_eq!((&body["member"], &body["code"]), (&json!(member), &json!(code)), "{question} {body}");
    }
    // Parameters of a query are named as they are written there.
    for path in ["/v1/who-decides?task=giao-dat&", "/v1/tasks/giao-dat/timeline?"] {
        let (status, _, body) = get(&format!("{path}in=101&on=2023-05-10&fact.x=1")).await;
        assert_eq!((status.as_u16(), &body["member"]), (422, &json!("fact.x")), "{path} {body}");
    }
}

#[tokio::test]
async fn a_unit_of_another_day_carries_its_successors() {
    let (status, _, body) = post(json!({ "task": "giao-dat", "in": "101", "on": "2026-05-10" }).to_string()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body["candidates"][0]["before"], "2025-07-01");
    assert_eq!(body["successors"][0]["code"], "201");
    assert_eq!(body["successors"][0]["document"], "9/NQ-UBTVQH");
}

#[tokio::test]
async fn bodies_that_are_no_question_are_refused() {
    let wrong_shape = StatusCode::UNPROCESSABLE_ENTITY;
    for (body, expected) in [
        ("{\"task\":", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
        ("[]", wrong_shape),
        ("{\"task\":\"giao-dat\",\"when\":1}", wrong_shape),
        ("{\"task\":\"giao-dat\",\"task\":\"giao-dat\"}", wrong_shape),
        ("{\"task\":1}", wrong_shape),
        ("{\"facts\":{\"doi-tuong\":null}}", wrong_shape),
        ("{\"facts\":{\"a\":\"1\",\"a\":\"2\"}}", wrong_shape),
        ("{\"in\":[1]}", wrong_shape),
        ("{\"explain\":\"yes\"}", wrong_shape),
        ("{\"lang\":\"fr\"}", wrong_shape),
    ] {
        let (status, headers, json) = post(body.to_owned()).await;
        assert_eq!(status, expected, "{body} {json}");
        is_problem(&headers, &json, status);
    }
    let (status, headers, body) = post(vec![b' '; 70_000]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    is_problem(&headers, &body, status);
    let request = Request::post("/v1/who-decides").header("content-type", "text/plain").body(Body::from("{}"));
    let (status, _, _) = send(request.expect("a request")).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn other_addresses_methods_and_parameters_are_problems_too() {
    let (status, headers, body) = get("/v1/nothing").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    is_problem(&headers, &body, status);
    let (status, headers, body) = send(Request::delete("/v1/tasks").body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(headers["allow"].to_str().is_ok_and(|allow| allow.contains("GET")));
    is_problem(&headers, &serde_json::from_str(&body).expect("JSON"), status);
    for path in [
        "/v1/tasks?x=1",
        "/v1/units",
        "/v1/units?on=never",
        "/v1/who-decides?tsk=1",
        "/v1/tasks?lang=fr",
        "/v1/who-decides?explain=1",
    ] {
        let (status, headers, body) = get(path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path} {body}");
        is_problem(&headers, &body, status);
    }
}

#[tokio::test]
async fn the_catalogue_the_units_and_the_documents_can_be_read() {
    let (_, _, body) = get("/v1/tasks?lang=en").await;
    assert_eq!(body["tasks"][0]["name"], "Land allocation");
    let (_, _, body) = get("/v1/tasks/giao-dat?lang=en").await;
    assert_eq!(body["facts"][1]["unit_of_measure"], "ha");
    assert_eq!(get("/v1/tasks/x").await.0, StatusCode::NOT_FOUND);
    let (_, _, body) = get("/v1/units?q=an%20binh&on=2015-01-01").await;
    assert_eq!(body["units"].as_array().map(Vec::len), Some(2));
    let (_, _, body) = get("/v1/units/201?on=2026-01-01").await;
    assert_eq!(body["parents"][0]["code"], "1");
    assert_eq!(body["predecessors"].as_array().map(Vec::len), Some(2));
    assert_eq!(body["bodies"][0]["id"], "ubnd");
    let (status, _, body) = get("/v1/units/101?on=2026-01-01").await;
    assert_eq!((status, &body["successors"][0]["code"]), (StatusCode::NOT_FOUND, &json!("201")));
    let (_, _, body) = get("/v1/documents/1/2013/QH?lang=en").await;
    assert_eq!(body["documents"][0]["issued"], "2013-11-29");
    assert_eq!(body["documents"][0]["texts"][0]["quotes"][0]["paraphrase"], false);
    assert!(
        body["documents"][0]["texts"][0]["provisions"][0]["words"]
            .as_str()
            .is_some_and(|words| words.contains("is decided by"))
    );
    assert_eq!(get("/v1/documents/no/such").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_day_of_issue_that_nobody_knows_is_null() {
    let folder = tempfile::tempdir().expect("a folder");
    let text =
        "document 3/QĐ of ubnd in province \"Sơn Hà\"\n  decision, issued unverified\n  in force from 2020-01-01\n";
    std::fs::write(folder.path().join("more.tq"), text).expect("written");
    let request = Request::get("/v1/documents/3/Q%C4%90").body(Body::empty()).expect("a request");
    let (status, _, body) = send_to(&[folder.path()], request).await;
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, &body["documents"][0]["issued"]), (StatusCode::OK, &Value::Null), "{body}");
    assert_eq!(body["documents"][0]["unverified"], true);
}

#[tokio::test]
async fn health_is_answered() {
    for path in ["/healthz/live", "/healthz/ready"] {
        let (status, _, body) = get(path).await;
        assert_eq!((status, &body["status"]), (StatusCode::OK, &json!("ok")));
    }
}

#[tokio::test]
async fn the_page_answers_and_escapes() {
    let path = "/?task=giao-dat&in=%3Cscript%3Ealert(1)%3C/script%3E&on=2023-05-10&fact.doi-tuong=&fact.dien-tich=";
    let (status, headers, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers["content-security-policy"].to_str().is_ok_and(|policy| policy.starts_with("default-src 'none'")));
    assert!(body.contains("<html lang=\"vi\">") && !body.contains("<script>"), "{body}");
    let path = "/?lang=en&task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc";
    let (_, _, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
    assert!(
        body.contains("UBND of tỉnh Sơn Hà decides") && body.contains("<option value=\"to-chuc\" selected>"),
        "{body}"
    );
    assert!(body.contains("href=\"/?lang=vi&") && body.contains("fact.doi-tuong=to-chuc\""), "{body}");
    for (path, words) in
        [("/?lang=en&task=giao-dat&in=101", "`on` is missing"), ("/?lang=en&x=1", "there is no parameter `x`")]
    {
        let (_, headers, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
        assert!(headers["content-type"] == "text/html; charset=utf-8" && body.contains(words), "{body}");
    }
    assert!(!body.contains("http://") && !body.contains("https://"), "nothing from elsewhere");
}

/// A request that is long in all that it may say is answered as others: what it quotes is cut, and nothing of it is compared with
/// everything else.
#[tokio::test]
async fn long_names_and_many_are_refused_briefly() {
    let long = "b".repeat(30_000);
    let facts: serde_json::Map<String, Value> = (0..4_000).map(|number| (format!("x{number}"), json!(1))).collect();
    for question in [
        json!({ "task": long, "in": "101", "on": "2023-05-10" }),
        json!({ "task": "giao-dat", "in": long, "on": "2023-05-10" }),
        json!({ "task": "giao-dat", "in": "101", "on": long }),
        json!({ "task": "giao-dat", "in": { &long: "101" }, "on": "2023-05-10" }),
        json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { &long: 1 } }),
        json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { "doi-tuong": long } }),
        json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": facts }),
    ] {
        let (status, headers, body) = post(question.to_string()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        is_problem(&headers, &body, status);
        let length = |member: &str| body[member].as_str().expect("a text").chars().count();
        assert!(length("detail") <= 2_001 && length("member") <= 301 && body.to_string().len() < 10_000);
    }
    let twice = format!("{{{}\"x7\":2}}", (0..4_000).map(|number| format!("\"x{number}\":1,")).collect::<String>());
    let (status, _, body) =
        post(format!("{{\"task\":\"giao-dat\",\"in\":\"101\",\"on\":\"2023-05-10\",\"facts\":{twice}}}")).await;
    assert_eq!((status.as_u16(), &body["member"]), (422, &json!("facts.x7")), "{body}");
    let (many, words) = (",t".repeat(15_000), "t+".repeat(15_000));
    for query in [format!("a{many}"), words] {
        let (status, _, body) = get(&format!("/v1/units?on=2023-05-10&q={query}")).await;
        assert_eq!((status, &body["units"]), (StatusCode::OK, &json!([])), "{body}");
        let (status, _, body) = get(&format!("/v1/tasks?q={query}")).await;
        assert_eq!((status, &body["tasks"]), (StatusCode::OK, &json!([])), "{body}");
    }
}
