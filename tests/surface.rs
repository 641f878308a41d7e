//! What stands around the question over HTTP: tables and timelines, search and pages, batches, request ids.

use std::path::Path;
use std::sync::OnceLock;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::question::{self, Asked, Lasting};
use thamquyen::reading::{search, table, timeline};
use thamquyen::rulebook::{Language, TaskId};
use thamquyen::server::{State, app};
use tower::ServiceExt as _;

fn load(path: &str) -> Library {
    let library = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(path)]));
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    library
}

/// The rules of the country, loaded once.
fn rules() -> &'static Library {
    static RULES: OnceLock<Library> = OnceLock::new();
    RULES.get_or_init(|| load("rules"))
}

/// Sends one request to the small library; gives status, headers and body.
async fn send(request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    static STATE: OnceLock<State> = OnceLock::new();
    let state = STATE.get_or_init(|| State::new(load("tests/small"))).clone();
    let response = app(state).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

async fn get(path: &str) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = send(Request::get(path).body(Body::empty()).expect("a request")).await;
    (status, headers, serde_json::from_str(&body).unwrap_or(Value::Null))
}

async fn batch(body: impl Into<Body>) -> (StatusCode, Vec<Value>) {
    let request = Request::post("/v1/who-decides/batch").header("content-type", "application/x-ndjson");
    let (status, _, body) = send(request.body(body.into()).expect("a request")).await;
    (status, body.lines().map(|line| serde_json::from_str(line).expect("JSON on every line")).collect())
}

#[tokio::test]
async fn a_table_is_told_as_on_the_command_line() {
    let (status, _, body) = get("/v1/tasks/giao-dat/table?lang=en&in=101&on=2023-05-10").await;
    assert_eq!((status, &body["task"]["id"], &body["on"]), (StatusCode::OK, &json!("giao-dat"), &json!("2023-05-10")));
    let library = load("tests/small");
    let asked = Asked {
        task: Some("giao-dat".into()),
        on: Some("2023-05-10".into()),
        places: vec![(None, "101".into())],
        facts: Vec::new(),
    };
    let (task, only) = question::part(&library.rulebook, &asked).expect("a part");
    let table = table::table(library.law(), task, only).expect("a table");
    let voice = Voice::new(&library.rulebook, Language::English);
    assert_eq!(body, table::json(voice, &table, (&library.version, 0)));
    let path = "/v1/tasks/giao-dat/table?lang=en&in=101&on=2023-05-10";
    let request = Request::get(path).header("accept", "text/plain").body(Body::empty()).expect("a request");
    let (_, headers, words) = send(request).await;
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(words, table::lines(voice, &table).join("\n") + "\n");
    for (path, status) in [
        ("/v1/tasks/giao-dta/table", StatusCode::NOT_FOUND),
        ("/v1/tasks/giao-dat/table?on=never", StatusCode::UNPROCESSABLE_ENTITY),
        ("/v1/tasks/giao-dat/table?fact.doi-tuong=to-chuc", StatusCode::BAD_REQUEST),
        ("/v1/tasks/%ff/table", StatusCode::NOT_FOUND),
    ] {
        let (got, headers, body) = get(path).await;
        assert_eq!((got, &headers["content-type"]), (status, &"application/problem+json".parse().unwrap()), "{body}");
    }
}

#[tokio::test]
async fn a_timeline_tells_every_run_of_days() {
    let path = "/v1/tasks/giao-dat/timeline?lang=en&in=201&fact.doi-tuong=ca-nhan&fact.dien-tich=0.1";
    let (status, _, body) = get(path).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let runs = body["runs"].as_array().expect("runs");
    let said: Vec<(&str, &str, &str)> = runs
        .iter()
        .map(|run| {
            let text = |value: &'_ Value| value.as_str().map_or("", |text| Box::leak(text.to_owned().into_boxed_str()));
            (text(&run["from"]), text(&run["before"]), text(&run["label"]))
        })
        .collect();
    assert_eq!(said, [("2025-07-01", "2030-01-01", "UBND of phường Tân An decides")]);
    assert_eq!(body["places"]["noi-co-dat"][0]["predecessors"][0]["portion"], "whole");
    let (_, _, body) = get("/v1/tasks/giao-dat/timeline?lang=en&in=101").await;
    let run = &body["runs"][0];
    assert_eq!((&run["outcome"], &run["ask"][0]["fact"]), (&json!("undetermined"), &json!("doi-tuong")));
    assert_eq!((&body["from"], &body["before"]), (&json!("2014-07-01"), &json!("2025-07-01")));
    let (status, _, body) = get("/v1/tasks/giao-dat/timeline?in=Nowhere").await;
    assert_eq!((status, &body["member"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("in")));
}

/// Runs leave no day out, each is as long as can be, and what they say is what the question of each day is answered.
#[test]
fn a_timeline_is_what_every_day_would_be_answered() {
    let library = rules();
    let rulebook = &library.rulebook;
    let voice = Voice::new(rulebook, Language::Vietnamese);
    let mut checked = 0;
    for (task, id) in rulebook.tasks.iter().zip((0..).map(TaskId)) {
        for unit in ["quận Hải Châu", "phường Hải Châu", "phường Thạch Thang", "xã Hòa Khương", "Đà Nẵng"]
        {
            let places = task.roles.iter().map(|role| (Some(rulebook[*role].names.id.as_str().into()), unit.into()));
            let asked =
                Asked { task: Some(task.names.id.as_str().into()), places: places.collect(), ..Asked::default() };
            let Ok(lasting) = question::lasting(rulebook, &asked) else { continue };
            assert_eq!(lasting.task, id);
            let told = timeline::timeline(library.law(), lasting).expect("a timeline");
            assert!(told.runs.windows(2).all(|pair| pair[0].days.before == pair[1].days.from), "a hole");
            let Some(days) = told.days else { continue };
            assert_eq!(told.runs.first().map(|run| run.days.from), Some(days.from));
            assert_eq!(told.runs.last().map(|run| run.days.before), Some(days.before));
            let shape = timeline::json(voice, &told, ("", 0));
            let whole = shape["runs"].as_array().expect("runs");
            for (run, shown) in told.runs.iter().zip(whole) {
                let from = run.days.from.expect("a day");
                let before = run.days.before.unwrap_or(jiff::civil::date(2040, 1, 1));
                let last = before.yesterday().expect("a day");
                let between = from.series(jiff::Span::new().days(401)).take_while(|day| *day < last);
                for day in between.chain([last]) {
                    let one = at(library, &told.asked, day);
                    assert_eq!(one["outcome"], shown["outcome"], "{unit} {day}");
                    assert_eq!(one["label"], shown["label"], "{unit} {day}");
                    assert_eq!(one["chain"], shown["chain"], "{unit} {day}");
                    assert_eq!(one["requires"], shown["requires"], "{unit} {day}");
                    checked += 1;
                }
            }
            for pair in whole.windows(2) {
                let content = |run: &Value| {
                    let mut run = run.clone();
                    run.as_object_mut().map(|run| (run.remove("from"), run.remove("before")));
                    run
                };
                assert_ne!(content(&pair[0]), content(&pair[1]), "{unit}: two runs that say the same");
            }
        }
    }
    assert!(checked > 100, "only {checked} days");
}

/// The report of the same question on one day.
fn at(library: &Library, asked: &Lasting, day: jiff::civil::Date) -> Value {
    use thamquyen::reading::ask::{Depth, ask};
    use thamquyen::reading::report::{Frame, report};
    let register = &library.rulebook.register;
    let rows = asked.units.iter().map(|units| units.iter().filter_map(|unit| register.row_of(*unit, day)).collect());
    let question = thamquyen::ruling::Question {
        task: asked.task,
        on: day,
        places: rows.collect(),
        without: Vec::new(),
        facts: asked.facts.clone(),
    };
    let answer = ask(library.law(), &question, Depth::Ruling).expect("an answer");
    let frame = Frame { version: "", rules_errors: 0, depth: Depth::Ruling };
    report(Voice::new(&library.rulebook, Language::Vietnamese), &answer, frame)
}

#[test]
fn tasks_are_found_as_people_type() {
    let rulebook = &rules().rulebook;
    let found = |query: &str| -> Vec<&str> {
        search::tasks(rulebook, query).into_iter().map(|id| rulebook[id].names.id.as_str()).collect()
    };
    let all = found("");
    assert_eq!(all.len(), rulebook.tasks.len());
    assert!(found("?!").is_empty(), "no word, nothing found");
    assert_eq!(found("giay phep xay dung")[0], "gpxd");
    assert_eq!(found("cap giấy phép xây dựng"), found("cap giay phep xay dung"));
    assert_eq!(found("Building permit")[0], "gpxd");
    assert_eq!(found("GPXD")[0], "gpxd");
    assert_eq!(found("thu hoi dat")[0], "thu-hoi-dat");
    assert_eq!(found("land recov"), ["thu-hoi-dat"]);
    assert!(found("giay khai sinh").is_empty());
    for task in &rulebook.tasks {
        for name in [&task.names.vietnamese, &task.names.english, &task.names.id].into_iter().chain(&task.procedures) {
            assert!(found(name).contains(&task.names.id.as_str()), "{name}");
            assert_eq!(found(name)[0], found(&thamquyen::text::search_fold(name))[0], "{name}");
        }
    }
}

#[test]
fn units_are_found_by_parts_of_their_names() {
    let register = &rules().rulebook.register;
    let found = |query: &str, on| -> Vec<String> {
        let rows = search::units(register, query, on).into_iter();
        rows.map(|row| format!("{} {}", register.row(row).kind, register.row(row).short_name)).collect()
    };
    let (then, now) = (jiff::civil::date(2020, 1, 1), jiff::civil::date(2026, 1, 1));
    assert_eq!(found("thach thang", then), ["phường Thạch Thang"]);
    assert_eq!(found("thach th", then), ["phường Thạch Thang"]);
    assert_eq!(found("thach thang, hai chau", then), ["phường Thạch Thang"]);
    assert_eq!(found("thach thang hai chau", then), ["phường Thạch Thang"]);
    assert!(found("thach thang, thanh khe", then).is_empty());
    assert!(found("thach thang", now).is_empty());
    assert_eq!(found("20242", now), ["phường Hải Châu"]);
    let hoa = found("hoa", now);
    assert!(hoa.len() > 5 && hoa.iter().any(|unit| unit.contains("Hòa Cường")), "{hoa:?}");
    assert_eq!(found("hoa", now), hoa, "always the same order");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (_, _, body) = get("/v1/units?on=2015-01-01&limit=2").await;
    let total = body["total"].as_u64().expect("a number");
    let (mut seen, mut page) = (Vec::new(), body);
    loop {
        let units = page["units"].as_array().expect("units");
        assert!(units.len() <= 2);
        seen.extend(units.iter().map(|unit| unit["code"].as_str().expect("a code").to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        page = get(&format!("/v1/units?on=2015-01-01&limit=2&after={next}")).await.2;
    }
    let mut different = seen.clone();
    different.sort();
    different.dedup();
    assert_eq!((seen.len() as u64, different.len() as u64), (total, total));
    for path in [
        "/v1/tasks?limit=0",
        "/v1/tasks?limit=1001",
        "/v1/tasks?limit=x",
        "/v1/tasks?after=x",
        "/v1/units?on=2015-01-01&after=x",
    ] {
        let (status, _, body) = get(path).await;
        assert_eq!(
            (status, &body["member"]),
            (StatusCode::BAD_REQUEST, &json!(path.split(['?', '&']).next_back().unwrap().split('=').next())),
            "{body}"
        );
    }
    let (_, _, body) = get("/v1/tasks?q=giao+dat").await;
    assert_eq!((&body["total"], &body["next"], &body["tasks"][0]["id"]), (&json!(1), &Value::Null, &json!("giao-dat")));
}

#[tokio::test]
async fn a_batch_is_answered_line_by_line() {
    let good =
        json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } }).to_string();
    let long = format!("{{\"task\":\"{}\"}}", "x".repeat(70_000));
    let body = [good.as_str(), "", "{", "{\"task\":\"no\"}", &long, "\u{0}", &good].join("\n");
    let (status, lines) = batch(body).await;
    assert_eq!(status, StatusCode::OK);
    let said: Vec<(Value, Value)> = lines.iter().map(|line| (line["line"].clone(), line["status"].clone())).collect();
    let problem = |line: u32, status: u32| (json!(line), json!(status));
    let none = (Value::Null, Value::Null);
    assert_eq!(said, [none.clone(), problem(3, 400), problem(4, 422), problem(5, 413), problem(6, 400), none]);
    let request = Request::post("/v1/who-decides").header("content-type", "application/json").body(Body::from(good));
    let (_, _, alone) = send(request.expect("a request")).await;
    assert_eq!(lines[0].to_string(), alone);
    assert_eq!(lines[0], lines[5]);
    let request = Request::post("/v1/who-decides/batch").header("content-type", "application/json").body(Body::empty());
    assert_eq!(send(request.expect("a request")).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(batch("").await, (StatusCode::OK, Vec::new()));
}

#[tokio::test]
async fn the_bytes_of_a_batch_may_be_anything() {
    let (status, lines) = batch(vec![0xff, b'\n', 0xc3, b'\n', b'\r', b'\n', b'"', 0xff, b'"']).await;
    assert_eq!((status, lines.len()), (StatusCode::OK, 3));
    assert!(lines.iter().all(|line| line["type"] == "tag:thamquyen,2026:problem:malformed-json"), "{lines:?}");
}

/// A body that counts how many of its pieces were taken.
struct Counted {
    left: usize,
    taken: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    piece: Bytes,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        let Some(left) = self.left.checked_sub(1) else { return std::task::Poll::Ready(None) };
        self.left = left;
        self.taken.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(self.piece.clone()))))
    }
}

/// A batch without an end is read no faster than its answers are taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_waits_for_its_reader() {
    let taken = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let piece = Bytes::from("{\"task\":\"no\"}\n".repeat(1000));
    let body = Counted { left: 1000, taken: taken.clone(), piece };
    let request = Request::post("/v1/who-decides/batch").header("content-type", "application/x-ndjson");
    let request = request.body(Body::new(body)).expect("a request");
    let response = app(State::new(load("tests/small"))).oneshot(request).await.expect("infallible");
    assert_eq!(response.status(), StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let waiting = taken.load(std::sync::atomic::Ordering::SeqCst);
    assert!(waiting <= 4, "{waiting} pieces were read, and nobody has read an answer");
    let mut body = response.into_body();
    for _ in 0..100 {
        let frame = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await;
        assert!(frame.is_some_and(|frame| frame.is_ok()));
    }
    let later = taken.load(std::sync::atomic::Ordering::SeqCst);
    assert!(later > waiting && later < 100, "{later}");
}

#[tokio::test]
async fn every_answer_bears_the_id_of_its_request() {
    let with =
        |path: &str, id: &str| Request::get(path).header("x-request-id", id).body(Body::empty()).expect("a request");
    let (_, headers, _) = send(with("/v1/tasks", "abc-1")).await;
    assert_eq!(headers["x-request-id"], "abc-1");
    let (_, headers, body) = send(with("/v1/nothing", "abc-2")).await;
    assert_eq!(headers["x-request-id"], "abc-2");
    assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON")["request_id"], "abc-2");
    let mut made = Vec::new();
    for id in ["two words", &"x".repeat(129), ""] {
        let (_, headers, body) = send(with("/v1/nothing", id)).await;
        let own = headers["x-request-id"].to_str().expect("ASCII").to_owned();
        assert!(own != id && !own.is_empty());
        assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON")["request_id"], own.as_str());
        made.push(own);
    }
    made.dedup();
    assert_eq!(made.len(), 3);
    let request = Request::post("/v1/who-decides/batch").header("content-type", "application/x-ndjson");
    let (_, _, body) = send(request.header("x-request-id", "abc-3").body(Body::from("{")).expect("a request")).await;
    assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON")["request_id"], "abc-3");
}

/// Whatever the method and the address, an answer is no failure of the service; what is refused is a problem.
#[tokio::test]
async fn odd_requests_are_refused_in_good_order() {
    let long = format!("/v1/tasks?q={}", "%F0%9F%A6%80".repeat(4000));
    let odd = [
        "/",
        "//",
        "/v1",
        "/v1/tasks",
        "/v1/tasks/",
        "/v1/tasks/%ff",
        "/v1/tasks/%00",
        "/v1/tasks/a%2Fb",
        "/v1/units/%c3%28?on=2026-01-01",
        "/v1/documents/%ff",
        "/v1/documents/",
        "/v1/documents/%2e%2e/%2e%2e",
        "/v1/tasks?q=%ff",
        "/v1/tasks?%ff=%ff",
        "/v1/tasks?&&=&",
        &long,
        "/v1/who-decides",
        "/v1/who-decides?in.=&fact.=",
        "/v1/who-decides/batch",
        "/openapi.json",
        "/healthz/live",
        "/style.css",
        "*",
    ];
    for path in odd {
        for method in ["GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "POST", "BREW"] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            let (status, headers, body) = send(request).await;
            let about = format!("{method} {} {status}", path.chars().take(60).collect::<String>());
            assert!(!status.is_server_error() && !status.is_redirection(), "{about}");
            assert!(headers.contains_key("x-request-id") && headers.contains_key("x-content-type-options"), "{about}");
            assert_eq!(status == StatusCode::METHOD_NOT_ALLOWED, headers.contains_key("allow"), "{about}");
            let is_page = headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            if status.is_client_error() && method != "HEAD" && !is_page {
                assert_eq!(headers["content-type"], "application/problem+json", "{about}");
                assert_eq!(serde_json::from_str::<Value>(&body).expect("JSON")["status"], status.as_u16(), "{about}");
            }
        }
    }
}
