//! The resources around the question over HTTP: portfolios, canonical texts, drafts that are checked and compared, decisions that
//! are audited; and what all answers have: tags, days for which they may be kept, traces, suggestions for what is misspelt.

use std::path::Path;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::standing::portfolio;
use thamquyen::reading::{question, sheet};
use thamquyen::rulebook::Language;
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

fn small() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let library = library::load(&Origin::Folders(vec![folder]));
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    library
}

fn state() -> State {
    static STATE: OnceLock<State> = OnceLock::new();
    STATE.get_or_init(|| State::new(small())).clone()
}

async fn send(request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app(state()).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

async fn get(path: &str) -> (StatusCode, Value) {
    let (status, _, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

async fn post(path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path).header("content-type", "application/json").body(Body::from(body.to_string()));
    let (status, _, body) = send(request.expect("a request")).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

async fn lines(path: &str, kind: &str, body: impl Into<Body>) -> (StatusCode, Vec<Value>) {
    let request = Request::post(path).header("content-type", kind).body(body.into()).expect("a request");
    let (status, _, body) = send(request).await;
    (status, body.lines().map(|line| serde_json::from_str(line).expect("JSON on every line")).collect())
}

#[tokio::test]
async fn a_portfolio_is_that_of_the_command_page_by_page() {
    let library = small();
    let on = "2023-05-10".parse().expect("a day");
    let (body, unit) = question::seated(&library.rulebook, ("ubnd", "101"), on).expect("a body");
    let voice = Voice::new(&library.rulebook, Language::English);
    let told = portfolio::sheet(voice, &portfolio::portfolio(library.law(), body, unit, on));
    let mut wanted = sheet::json(&told, (&library.version, 0));
    wanted["next"] = Value::Null;
    let (status, told) = get("/v1/bodies/ubnd/portfolio?in=101&on=2023-05-10&lang=en").await;
    assert_eq!((status, &told), (StatusCode::OK, &wanted));
    let path = "/v1/bodies/UBND/portfolio?in=t%E1%BB%89nh%20S%C6%A1n%20H%C3%A0&on=2026-05-10&lang=en&limit=1";
    let (status, told) = get(path).await;
    assert_eq!((status, told["rows"].as_array().map(Vec::len)), (StatusCode::OK, Some(1)), "{told}");
    assert_eq!(told["rows"][0]["task"]["id"], "giao-dat");
    for (path, status, member) in [
        ("/v1/bodies/ubdn/portfolio?in=101&on=2023-05-10", 404, "body"),
        ("/v1/bodies/ubnd/portfolio?in=101", 422, "on"),
        ("/v1/bodies/ubnd/portfolio?on=2023-05-10", 422, "in"),
        ("/v1/bodies/ubnd/portfolio?in=101&on=2023-05-10&after=no", 400, "after"),
        ("/v1/bodies/ubnd/portfolio?in=101&on=2023-05-10&x=1", 400, "x"),
    ] {
        let (got, told) = get(path).await;
        assert_eq!((got.as_u16(), &told["member"]), (status, &json!(member)), "{told}");
    }
}

#[tokio::test]
async fn a_text_is_written_canonically_or_its_errors_are_told() {
    let (status, told) = post("/v1/format?lang=en", &json!({ "text": "level   x  \"cấp x\"  /  \"x\"\n" })).await;
    assert_eq!((status, &told["text"]), (StatusCode::OK, &json!("level x \"cấp x\" / \"x\"\n")), "{told}");
    assert_eq!((&told["is_canonical"], &told["language"]), (&json!(false), &json!("en")));
    let canonical = told["text"].clone();
    let (_, told) = post("/v1/format", &json!({ "text": canonical })).await;
    assert_eq!((&told["is_canonical"], &told["text"]), (&json!(true), &canonical));
    let (_, told) = post("/v1/format", &json!({ "text": canonical, "to": "vi" })).await;
    assert_eq!((&told["language"], &told["was"]), (&json!("vi"), &json!("en")), "{told}");
    assert!(told["text"].as_str().is_some_and(|text| text.starts_with("cấp ")), "{told}");
    let (status, told) = post("/v1/format?lang=en", &json!({ "text": "level x \"a\"\nnonsense here\n" })).await;
    assert_eq!((status, &told["text"], &told["problems"][0]["line"]), (StatusCode::OK, &Value::Null, &json!(2)));
    for (body, status, member) in [
        (json!({}), 422, "text"),
        (json!({ "text": 1 }), 422, "text"),
        (json!({ "text": "", "to": "fr" }), 422, "to"),
        (json!({ "text": "", "x": 1 }), 422, "x"),
        (json!({ "text": "#".repeat((1 << 20) + 1) }), 413, "text"),
    ] {
        let (got, told) = post("/v1/format", &body).await;
        assert_eq!((got.as_u16(), &told["member"]), (status, &json!(member)), "{told}");
    }
}

const RULES: &str = include_str!("small/rules.tq");

#[tokio::test]
async fn texts_are_checked_over_the_rules_or_alone() {
    let (_, served) = get("/v1/check?lang=en").await;
    let path = "/v1/check?lang=en";
    let same = json!({ "files": [{ "path": "rules.tq", "text": RULES }] });
    let (status, told) = post(path, &same).await;
    assert_eq!((status, &told["errors"], &told["findings"]), (StatusCode::OK, &json!([]), &served));
    // Nobody decides for organisations any more: the check finds the gap.
    let gap = RULES.replace("    when doi-tuong is to-chuc\n", "    when doi-tuong is to-chuc and dien-tich < 1 ha\n");
    assert_ne!(gap, RULES);
    let (_, told) = post(path, &json!({ "files": [{ "path": "rules.tq", "text": gap }] })).await;
    let codes = |told: &Value| -> Vec<String> {
        let findings = told["findings"].as_array().expect("findings").iter();
        findings.map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert_ne!(codes(&told["findings"]), codes(&served), "{told}");
    let (_, told) = post(path, &json!({ "files": [{ "path": "more.tq", "text": "nonsense\n" }] })).await;
    assert_eq!((&told["errors"][0]["path"], &told["errors"][0]["line"]), (&json!("more.tq"), &json!(1)), "{told}");
    assert_eq!(told["findings"]["rules_errors"], 1);
    let many: Vec<Value> = (0..2_001).map(|number| json!({ "path": format!("{number}.tq"), "text": "" })).collect();
    for (body, member) in [
        (json!({ "files": many }), "files"),
        (json!({ "files": [{ "path": "a".repeat(256), "text": "" }] }), "files"),
        (json!({ "without": ["a".repeat(256)] }), "without"),
    ] {
        let (status, told) = post(path, &body).await;
        assert_eq!((status.as_u16(), &told["member"]), (422, &json!(member)), "{told}");
    }
    let (_, told) = post(path, &json!({ "alone": true, "files": [{ "path": "a.tq", "text": "# nothing\n" }] })).await;
    assert_eq!((&told["errors"], &told["findings"]["counts"]["tasks"]), (&json!([]), &json!(0)), "{told}");
    let (_, told) = post(path, &json!({ "without": ["registers/units.csv"] })).await;
    assert!(told["errors"][0]["message"].as_str().is_some_and(|text| text.contains("registers/units.csv")), "{told}");
    for (body, member) in [
        (json!({}), "files"),
        (json!({ "files": [{ "path": "a.tq" }] }), "files.0.text"),
        (json!({ "files": [{ "path": "a.tq", "text": "", "x": 1 }] }), "files.0.x"),
        (json!({ "without": ["rule.tq"] }), "without"),
        (json!({ "files": "a" }), "files"),
    ] {
        let (status, told) = post(path, &body).await;
        assert_eq!((status.as_u16(), &told["member"]), (422, &json!(member)), "{told}");
    }
    let (_, told) = post(path, &json!({ "files": [{ "path": "a.txt", "text": "" }] })).await;
    assert!(told["errors"][0]["message"].as_str().is_some_and(|text| text.contains("must be a `.tq` file")), "{told}");
}

#[tokio::test]
async fn a_draft_is_compared_with_what_is_served() {
    let moved =
        RULES.replace("ubnd at tinh\n    when doi-tuong is to-chuc", "ubnd at xa\n    when doi-tuong is to-chuc");
    assert_ne!(moved, RULES);
    let draft = json!({ "files": [{ "path": "rules.tq", "text": moved }], "tasks": ["Giao đất"] });
    let (status, told) = post("/v1/diff?lang=en", &draft).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert!(told["counts"]["moved"].as_u64().is_some_and(|count| count > 0), "{told}");
    assert_eq!((&told["changes"][0]["class"], &told["compared"]), (&json!("moved"), &json!(1)));
    assert!(told["findings"].is_object() && told["old"] != told["new"]);
    let (_, told) = post("/v1/diff", &json!({ "files": draft["files"], "findings": false, "on": "2031-01-01" })).await;
    assert_eq!((&told["changes"], &told["findings"], &told["on"]), (&json!([]), &Value::Null, &json!("2031-01-01")));
    let (status, told) = get("/v1/diff?old=served").await;
    assert_eq!((status, &told["changes"], &told["compared"]), (StatusCode::OK, &json!([]), &json!(1)));
    for (path, status, member) in [
        ("/v1/diff", 400, "old"),
        ("/v1/diff?old=7", 400, "old"),
        ("/v1/diff?old=served&new=known:2026-01-01", 400, "new"),
        ("/v1/diff?old=served&on=never", 422, "on"),
        ("/v1/diff?old=served&task=giao-dta", 422, "task"),
        ("/v1/diff?old=served&findings=perhaps", 400, "findings"),
    ] {
        let (got, told) = get(path).await;
        assert_eq!((got.as_u16(), &told["member"]), (status, &json!(member)), "{told}");
    }
    let (_, told) = post("/v1/diff", &json!({ "old": "served", "tasks": ["giao-dta"] })).await;
    assert_eq!((&told["member"], &told["suggestion"]), (&json!("tasks"), &json!("giao-dat")), "{told}");
}

const TABLE: &str = "number,date,signer_body,signer_unit,task,unit,fact:doi-tuong,fact:dien-tich\n\
    1/QD,2023-05-10,ubnd,tỉnh Sơn Hà,giao-dat,101,to-chuc,\n\
    2/QD,2023-05-10,ubnd,101,giao-dat,101,to-chuc,\n\
    3/QD,never,ubnd,101,giao-dat,101,to-chuc,\n\
    4/QD,2023-05-10,ubnd,101,giao-dta,101,to-chuc,\n";

#[tokio::test]
async fn decisions_are_judged_as_a_table_and_line_by_line() {
    let (status, table) = lines("/v1/audit?lang=en", "text/csv", TABLE).await;
    assert_eq!(status, StatusCode::OK);
    let verdicts: Vec<&Value> = table.iter().map(|one| &one["verdict"]).collect();
    assert_eq!(verdicts, [&json!("competent"), &json!("ultra-vires"), &Value::Null, &Value::Null]);
    assert_eq!((&table[2]["error"]["question"]["member"], &table[2]["line"]), (&json!("on"), &json!(4)));
    assert_eq!(table[3]["error"]["question"]["suggestion"], "giao-dat");
    let objects: Vec<String> = TABLE
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            json!({
                "number": cells[0], "date": cells[1], "signer_body": cells[2], "signer_unit": cells[3], "task": cells[4],
                "unit": [cells[5]], "doi-tuong": cells[6], "dien-tich": null,
            })
            .to_string()
        })
        .collect();
    let (_, told) = lines("/v1/audit?lang=en", "application/x-ndjson", objects.join("\n")).await;
    let without_lines = |all: &[Value]| -> Vec<Value> {
        let mut all = all.to_vec();
        all.iter_mut().for_each(|one| one["line"] = Value::Null);
        all
    };
    assert_eq!(without_lines(&told), without_lines(&table));
    let mixed = format!("{{\n{}\n{{\"number\":\"x\",\"unti\":1}}\n", objects[0]);
    let (_, told) = lines("/v1/audit?lang=en", "application/x-ndjson", mixed).await;
    assert_eq!((&told[0]["status"], &told[0]["line"]), (&json!(400), &json!(1)), "{told:?}");
    assert!(told[0]["request_id"].is_string() && told[0]["trace_id"].is_string(), "{told:?}");
    assert_eq!((&told[1]["verdict"], &told[1]["line"]), (&json!("competent"), &json!(2)));
    assert_eq!((&told[2]["member"], &told[2]["line"]), (&json!("columns"), &json!(3)));
    let words = told[2]["detail"].as_str().expect("words");
    assert!(words.contains("is `unit` meant?") && words.contains("`signer_body` is missing"), "{words}");
    let (_, told) = lines("/v1/audit", "text/csv", "number,date\n1,2\n").await;
    assert_eq!((told.len(), &told[0]["member"]), (1, &json!("columns")));
    let (status, _) = lines("/v1/audit", "application/json", "{}").await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

/// A body of many rows that counts how many of its pieces were asked for.
struct Endless(std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::convert::Infallible>>> {
        let asked = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let row = TABLE.lines().nth(1).expect("a row");
        let text = if asked == 0 { TABLE.to_owned() } else { format!("{row}\n").repeat(2000) };
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from(text)))))
    }
}

/// No more is read than answers are taken: the body has no end, and reading it stops.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_audit_reads_no_faster_than_it_is_read() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let body = Body::new(Endless(std::sync::Arc::clone(&asked)));
    let request = Request::post("/v1/audit").header("content-type", "text/csv").body(body).expect("a request");
    let mut answer = app(state()).oneshot(request).await.expect("infallible").into_body();
    let mut taken = 0;
    for _ in 0..20 {
        let frame = std::future::poll_fn(|context| Pin::new(&mut answer).poll_frame(context)).await;
        taken += frame.expect("more").expect("a frame").into_data().expect("bytes").len();
    }
    let read = asked.load(std::sync::atomic::Ordering::SeqCst);
    // Twenty pieces of answers are some hundred rows; a piece of the body is two thousand, and few are read ahead.
    assert!(taken > 0 && read <= 20 + 6, "{read} pieces were read");
}

/// Everything that can be asked for again by its tag.
const TAGGED: [&str; 16] = [
    "/v1/tasks?lang=en",
    "/v1/tasks/giao-dat",
    "/v1/tasks/giao-dat/table?in=101",
    "/v1/tasks/giao-dat/timeline?in=101",
    "/v1/units?on=2020-01-01",
    "/v1/units/101?on=2020-01-01",
    "/v1/documents/1/2013/QH",
    "/v1/bodies/ubnd/portfolio?in=101&on=2023-05-10",
    "/v1/check",
    "/v1/diff?old=served",
    "/v1/versions",
    "/v1/rules",
    "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10",
    "/openapi.json",
    "/reference",
    "/style.css",
];

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    for path in TAGGED {
        let (status, headers, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        let tag = headers["etag"].to_str().expect("ASCII").to_owned();
        assert!(headers.contains_key("cache-control"), "{path}");
        for said in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let request = Request::get(path).header("if-none-match", &said).body(Body::empty()).expect("a request");
            let (status, again, body) = send(request).await;
            assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path} {said}");
            assert_eq!((&again["etag"], &again["cache-control"]), (&headers["etag"], &headers["cache-control"]));
        }
        let request = Request::get(path).header("if-none-match", "\"other\"").body(Body::empty()).expect("a request");
        assert_eq!(send(request).await.0, StatusCode::OK, "{path}");
        let request = Request::head(path).body(Body::empty()).expect("a request");
        let (status, head, body) = send(request).await;
        assert_eq!((status, body.as_str(), &head["etag"]), (StatusCode::OK, "", &headers["etag"]), "{path}");
    }
}

/// The tag tells address, parameters, language and form; how a question is written it does not.
#[tokio::test]
async fn other_answers_have_other_tags() {
    let tag = |path: &'static str, accept: &'static str| async move {
        let request = Request::get(path).header("accept", accept).body(Body::empty()).expect("a request");
        send(request).await.1["etag"].to_str().expect("ASCII").to_owned()
    };
    let all = [
        ("/v1/units?on=2020-01-01&limit=1", "*/*"),
        ("/v1/units?on=2020-01-01&limit=2", "*/*"),
        ("/v1/units?on=2020-01-01&limit=1&lang=en", "*/*"),
        ("/v1/units/101?on=2020-01-01", "*/*"),
        ("/v1/units/102?on=2020-01-01", "*/*"),
        ("/v1/tasks/giao-dat/table", "*/*"),
        ("/v1/tasks/giao-dat/table", "text/plain"),
        ("/v1/tasks/giao-dat/timeline", "*/*"),
    ];
    let mut tags = Vec::new();
    for (path, accept) in all {
        tags.push(tag(path, accept).await);
    }
    let distinct: std::collections::BTreeSet<&String> = tags.iter().collect();
    assert_eq!(distinct.len(), all.len(), "{tags:?}");
    assert_eq!(tag("/v1/units?limit=1&on=2020-01-01&lang=vi", "*/*").await, tags[0]);
}

/// What tells of this moment is kept by nobody.
#[tokio::test]
async fn every_answer_says_how_long_it_may_be_kept() {
    for (path, wanted) in [
        ("/healthz/live", "no-store"),
        ("/healthz/ready", "no-store"),
        ("/metrics", "no-store"),
        ("/", "no-store"),
        ("/v1/versions", "no-cache"),
        ("/v1/tasks", "max-age=60, stale-while-revalidate=600"),
        ("/reference", "max-age=3600"),
    ] {
        let (_, headers, _) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
        assert_eq!(headers["cache-control"], wanted, "{path}");
    }
}

#[tokio::test]
async fn a_trace_goes_through() {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = Request::get("/nowhere").header("traceparent", parent).body(Body::empty()).expect("a request");
    let (_, headers, body) = send(request).await;
    let answered = headers["traceresponse"].to_str().expect("ASCII");
    assert!(answered.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && answered.ends_with("-01"), "{answered}");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(body["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    // A wrong one is no fault of the question.
    let request = Request::get("/v1/tasks").header("traceparent", "00-zz").body(Body::empty()).expect("a request");
    let (status, headers, _) = send(request).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["traceresponse"].len(), 55);
    // Worked on aside, and still of the same trace.
    let path = "/v1/tasks/no/table";
    let request = Request::get(path).header("traceparent", parent).body(Body::empty()).expect("a request");
    let body: Value = serde_json::from_str(&send(request).await.2).expect("JSON");
    assert_eq!(body["trace_id"], "0af7651916cd43dd8448eb211c80319c", "{body}");
}

/// Whichever way a question comes, what is misspelt in it is refused, with what may have been meant.
#[tokio::test]
async fn what_is_misspelt_is_told_with_a_suggestion_everywhere() {
    // (what, its parameter or member, as written, as meant)
    let right = json!({ "task": "giao-dat", "in": "An Bình", "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } });
    let wrong = [
        ("task", "giao-dta", "giao-dat"),
        ("in", "An Bìhn", "An Bình"),
        ("fact", "doi-tuogn", "doi-tuong"),
        ("value", "to-chcu", "to-chuc"),
    ];
    for (what, written, meant) in wrong {
        let mut question = right.clone();
        match what {
            "fact" => question["facts"] = json!({ written: "to-chuc" }),
            "value" => question["facts"] = json!({ "doi-tuong": written }),
            member => question[member] = json!(written),
        }
        let facts = question["facts"].as_object().expect("facts").iter().next().expect("a fact");
        let (fact, value) = (facts.0.as_str(), facts.1.as_str().expect("a text"));
        let text = |member: &str| question[member].as_str().expect("a text").to_owned();
        let (task, unit) = (text("task"), text("in"));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("task", &task), ("in", &unit), ("on", &text("on"))])
            .append_pair(&format!("fact.{fact}"), value)
            .finish();
        let helps = |told: &Value| {
            let near = told["candidates"][0]["name"].as_str().is_some_and(|name| name.contains(meant));
            assert!(told["suggestion"].as_str().is_some_and(|said| said.contains(meant)) || near, "{what}: {told}");
        };
        helps(&get(&format!("/v1/who-decides?{query}")).await.1);
        helps(&post("/v1/who-decides", &question).await.1);
        helps(&lines("/v1/who-decides/batch", "application/x-ndjson", question.to_string()).await.1[0]);
        let case = json!({
            "subject": { "type": "body", "id": "ubnd", "properties": { "unit": "tỉnh Sơn Hà" } },
            "action": { "name": "decide" },
            "resource": { "type": "task", "id": task, "properties": { "in": unit } },
            "context": { "on": "2023-05-10", "facts": question["facts"] },
        });
        for path in ["/access/v1/evaluation", "/access/v1/search/subject"] {
            let (status, told) = post(path, &case).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{told}");
            helps(&told);
        }
        let (_, told) = post("/access/v1/evaluations", &json!({ "evaluations": [case] })).await;
        helps(&told["evaluations"][0]["context"]["error"]);
        let row = json!({
            "number": "1", "date": "2023-05-10", "signer_body": "ubnd", "signer_unit": "tỉnh Sơn Hà", "task": task, "unit": unit,
            format!("fact:{fact}"): value,
        });
        let (_, told) = lines("/v1/audit?lang=en", "application/x-ndjson", row.to_string()).await;
        match what {
            "fact" => assert!(told[0]["detail"].as_str().is_some_and(|text| text.contains(meant)), "{told:?}"),
            _ => helps(&told[0]["error"]["question"]),
        }
        if what != "task" && what != "in" {
            continue;
        }
        let path = format!("/v1/tasks/{task}/timeline?{}", query.split_once('&').expect("parameters").1);
        helps(&get(&path).await.1);
    }
    // The control: what is spelt rightly is answered.
    assert_eq!(post("/v1/who-decides", &right).await.0, StatusCode::OK);
}
