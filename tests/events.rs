//! Events and webhooks: every publication is told, once here and at least once there, with the decisions that it moved; nothing is
//! lost between two connections or two lives of the service.

#[path = "desk/office.rs"]
pub mod office;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener as Listener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use office::{Kind, Office, ask, on_both, restrict, secret, small};
use serde_json::{Value, json};
use thamquyen::digest::Digest;
use thamquyen::library;
use thamquyen::server::{self, Settings, State};
use thamquyen::store::candidate::examine;
use thamquyen::store::{Hand, Store};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

const LONG: Duration = Duration::from_secs(120);
const BEFORE: &str = "  giao-dat is decided by ubnd at tinh\n    when doi-tuong is to-chuc";
const AFTER: &str = "  giao-dat is decided by ubnd at huyen\n    when doi-tuong is to-chuc\n    before 2025-07-01\n  giao-dat is decided by ubnd at xa\n    when doi-tuong is to-chuc\n    from 2025-07-01";

/// Publishes as the command line would: the small rules with a remark, organisations at the district where it is odd.
fn publish(office: &Office, number: u32) {
    let mut store = office.opened();
    let files = small().files.into_iter().map(|mut file| {
        if file.path == "rules.tq" {
            let text = String::from_utf8(file.bytes).expect("text");
            let text = if number % 2 == 1 { text.replace(BEFORE, AFTER) } else { text };
            file.bytes = format!("{text}\n# {number}\n").into_bytes();
        }
        file
    });
    let library = library::from_files(files.collect());
    let parent = store.log().latest().map(|(_, latest)| library::from_files(store.files(latest).expect("files")));
    let candidate = examine(&library, parent.as_ref(), &Default::default()).expect("sound rules");
    let keys = [secret(1)];
    let hand = Hand { by: "the office", note: "once more", keys: &keys, at: server::now() };
    store.publish(candidate.publication, &library.files, &hand).expect("published");
}

/// A running service, and how to stop it.
struct Running {
    state: State,
    address: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    watch: JoinHandle<()>,
}

impl Running {
    async fn of(store: Store, settings: Settings) -> Self {
        let state = State::of_store(store, settings).expect("published");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let until = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(server::serve_until(listener, state.clone(), until));
        let watch = tokio::spawn(server::watch_store(state.clone(), |_| Ok(())));
        Self { state, address, stop, task, watch }
    }

    async fn metrics(&self) -> String {
        let request = Request::get("/metrics").body(Body::empty()).expect("a request");
        let answer = server::app(self.state.clone()).oneshot(request).await.expect("infallible");
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    async fn end(self) {
        self.watch.abort();
        let _ = self.stop.send(());
        tokio::time::timeout(LONG, self.task).await.expect("it stops").expect("no panic");
    }
}

/// Somebody who listens.
struct Ear(BufReader<tokio::net::TcpStream>);

impl Ear {
    async fn of(address: &str, last: Option<&str>) -> Self {
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("connected");
        let last = last.map(|last| format!("last-event-id: {last}\r\n")).unwrap_or_default();
        let head = format!("GET /v1/events HTTP/1.1\r\nhost: x\r\n{last}\r\n");
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut ear = Self(BufReader::new(stream));
        let head = ear.until("retry: 2000").await;
        assert!(
            head[0].starts_with("HTTP/1.1 200") && head.iter().any(|line| line == "content-type: text/event-stream"),
            "{head:?}"
        );
        ear
    }

    /// Lines up to one that begins so.
    async fn until(&mut self, begins: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let reading = async {
            loop {
                let mut line = String::new();
                let read = self.0.read_line(&mut line).await.expect("read");
                assert!(read > 0, "no `{begins}` in {lines:?}");
                lines.push(line.trim_end().to_owned());
                if line.starts_with(begins) {
                    return lines;
                }
            }
        };
        tokio::time::timeout(LONG, reading).await.expect("in time")
    }

    /// The next event: its id and data.
    async fn event(&mut self) -> (u32, Value) {
        let id = self.until("id: ").await.pop().expect("a line");
        let data = self.until("data: ").await.pop().expect("a line");
        (id["id: ".len()..].parse().expect("a number"), serde_json::from_str(&data["data: ".len()..]).expect("JSON"))
    }

    /// Whether the service ends the stream.
    async fn ends(mut self) -> bool {
        let mut line = String::new();
        let ending = async {
            while self.0.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                line.clear();
            }
        };
        tokio::time::timeout(LONG, ending).await.is_ok()
    }
}

fn quick() -> Settings {
    Settings { poll: Duration::from_millis(20), silent: Duration::from_secs(2), ..Settings::default() }
}

async fn every_publication_is_told_with_what_it_moved_and_resumed_from(kind: Kind) {
    let office = Office::with(kind);
    let running = Running::of(office.store(1), quick()).await;
    let mut ear = Ear::of(&running.address, None).await;
    publish(&office, 1);
    let (id, event) = ear.event().await;
    let store = office.opened();
    let kept = store.log().entry(3).expect("an entry");
    assert_eq!((id, &event["number"]), (3, &json!(3)));
    assert_eq!(event["version"].as_str(), kept.version().as_deref());
    assert_eq!(
        (&event["by"], &event["note"], &event["at"]),
        (&json!("the office"), &json!("once more"), &json!(kept.at.to_string()))
    );
    assert_eq!(event["changes"]["regions"], json!({ "moved": 2 }));
    assert_eq!(event["tasks"][0]["task"], "giao-dat");
    assert_eq!(event["tasks"][0]["classes"], json!({ "moved": 2 }));
    let first = store.log().entry(2).and_then(|kept| kept.version());
    assert_eq!(event["parent"].as_str(), first.as_deref());
    drop(ear);
    // While nobody listens more is published; nothing of it is lost, and the order is that of the log.
    for number in 2..5 {
        publish(&office, number);
    }
    let mut ear = Ear::of(&running.address, Some("3")).await;
    for number in 4..7 {
        assert_eq!(ear.event().await.0, number);
    }
    let mut all = Ear::of(&running.address, Some("0")).await;
    let (id, event) = all.event().await;
    assert_eq!(
        (id, &event["tasks"], &event["parent"]),
        (2, &json!([]), &json!(null)),
        "the first moved nothing; who may publish is no event"
    );
    // Where nothing happens a remark keeps the connection open.
    ear.until(":").await;
    let over = running.state.clone();
    running.end().await;
    assert!(ear.ends().await && all.ends().await, "who listens does not keep the service from stopping");
    let answer = ask(&over, ("GET", "/v1/events"), &[("last-event-id", "99")], "").await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["member"]),
        (503, &json!("last-event-id")),
        "a replica that is behind"
    );
    let answer = ask(&over, ("GET", "/v1/events"), &[("last-event-id", "x")], "").await;
    assert_eq!((answer.status.as_u16(), &answer.body["member"]), (400, &json!("last-event-id")));
}

async fn listeners_are_bounded_and_who_leaves_makes_room(kind: Kind) {
    let office = Office::with(kind);
    let running = Running::of(office.store(1), quick()).await;
    let mut ears = Vec::new();
    for _ in 0..64 {
        ears.push(Ear::of(&running.address, None).await);
    }
    let status = async || ask(&running.state, ("GET", "/v1/events"), &[], "").await.status.as_u16();
    assert_eq!(status().await, 503);
    drop(ears.pop());
    for _ in 0..500 {
        let stream = tokio::net::TcpStream::connect(&running.address).await.expect("connected");
        let mut ear = Ear(BufReader::new(stream));
        ear.0.get_mut().write_all(b"GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
        if ear.until("HTTP/1.1 ").await[0].starts_with("HTTP/1.1 200") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no place came free");
}

#[tokio::test]
async fn a_service_of_folders_has_no_events() {
    assert_eq!(ask(&State::new(small()), ("GET", "/v1/events"), &[], "").await.status.as_u16(), 404);
}

/// A request as it came to a receiver.
#[derive(Debug)]
struct Received {
    headers: Vec<(String, String)>,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    fn number(&self) -> u64 {
        let body: Value = serde_json::from_str(&self.body).expect("JSON");
        assert_eq!(body["type"], "version.published");
        body["data"]["number"].as_u64().expect("a number")
    }
}

/// Answers each request with the next of some statuses, then with 204.
fn receiver(statuses: Vec<u16>) -> (String, Receiver<Received>) {
    let listener = Listener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/hook?token=in-the-address", listener.local_addr().expect("an address"));
    let (sent, received) = channel();
    std::thread::spawn(move || {
        let mut statuses = statuses.into_iter();
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            if !answer(stream, statuses.next().unwrap_or(204), &sent) {
                return;
            }
        }
    });
    (address, received)
}

fn answer(mut stream: TcpStream, status: u16, sent: &Sender<Received>) -> bool {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let whole = loop {
        let read = stream.read(&mut piece).unwrap_or(0);
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let headers: Vec<(String, String)> = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length = headers.iter().find(|(name, _)| name == "content-length").map_or("0", |(_, value)| value);
            if body.len() >= length.parse().expect("a number") {
                break Received { headers, body: body.to_owned() };
            }
        }
        if read == 0 {
            return true;
        }
    };
    let elsewhere = if status == 307 { "location: http://127.0.0.1:9/elsewhere\r\n" } else { "" };
    let head = format!("HTTP/1.1 {status} x\r\n{elsewhere}content-length: 0\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.shutdown(Shutdown::Both);
    sent.send(whole).is_ok()
}

/// HMAC-SHA256 as RFC 2104 has it, by hand: what the service signs with is not asked.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    let short = if key.len() > 64 { Digest::of(key).bytes().to_vec() } else { key.to_vec() };
    block[..short.len()].copy_from_slice(&short);
    let pad = |with: u8| block.map(|byte| byte ^ with).to_vec();
    let inner = Digest::of(&[pad(0x36), message.to_vec()].concat());
    *Digest::of(&[pad(0x5c), inner.bytes().to_vec()].concat()).bytes()
}

/// Whether a message is signed with a secret, as the standard says.
fn is_signed(received: &Received, secret: &[u8]) -> bool {
    let message =
        format!("{}.{}.{}", received.header("webhook-id"), received.header("webhook-timestamp"), received.body);
    let wanted = format!("v1,{}", STANDARD.encode(hmac(secret, message.as_bytes())));
    received.header("webhook-signature").split(' ').any(|one| one == wanted)
}

const SECRET: [u8; 32] = [7; 32];
const OLD_SECRET: [u8; 24] = [9; 24];

fn hooked(office: &Office, url: &str) -> Settings {
    for (file, secret) in [("hook.secret", &SECRET[..]), ("old.secret", &OLD_SECRET[..])] {
        fs::write(office.path(file), format!("whsec_{}\n", STANDARD.encode(secret))).expect("written");
        restrict(&office.path(file));
    }
    let text = format!(
        "[[webhook]]\nname = \"portal\"\nurl = \"{url}\"\nsecret-file = \"hook.secret\"\nold-secret-file = \"old.secret\"\n"
    );
    office.settings(&text).expect("a configuration")
}

async fn next(received: &std::sync::Arc<std::sync::Mutex<Receiver<Received>>>) -> Received {
    let received = std::sync::Arc::clone(received);
    let waiting = move || received.lock().expect("no panic").recv_timeout(LONG).expect("a message");
    tokio::task::spawn_blocking(waiting).await.expect("no panic")
}

/// How far the store says that somebody was told.
fn told(office: &Office) -> u64 {
    let note = office.place.read("webhooks/portal.json").unwrap_or_default();
    serde_json::from_slice::<Value>(&note).ok().and_then(|note| note["told"].as_u64()).unwrap_or(0)
}

async fn until_told(office: &Office, number: u64) {
    for _ in 0..3000 {
        if told(office) == number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("told up to {} and not {number}", told(office));
}

async fn webhooks_are_signed_tried_again_and_resumed_after_a_restart(kind: Kind) {
    let office = Office::with(kind);
    let store = office.store(1);
    // Refused, sent elsewhere and failed before it is taken.
    let (url, received) = receiver(vec![500, 307, 404, 204, 503]);
    let received = std::sync::Arc::new(std::sync::Mutex::new(received));
    let running = Running::of(store, hooked(&office, &url)).await;
    // Who is new is told what comes from now on.
    until_told(&office, 2).await;
    publish(&office, 1);
    let mut ids = Vec::new();
    for _ in 0..4 {
        let one = next(&received).await;
        assert_eq!(one.number(), 3, "it is not followed elsewhere, nor passed over");
        assert!(is_signed(&one, &SECRET) && is_signed(&one, &OLD_SECRET), "{one:?}");
        assert!(!is_signed(&one, &[8; 32]), "the control: another secret fits not");
        let at: i64 = one.header("webhook-timestamp").parse().expect("seconds");
        assert!((server::now().as_second() - at).abs() < 60);
        assert_eq!(one.header("content-type"), "application/json");
        ids.push(one.header("webhook-id").to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "the same message has the same id: {ids:?}");
    until_told(&office, 3).await;
    let metrics = running.metrics().await;
    for line in [
        "messages_total{webhook=\"portal\",result=\"failed\"} 3\n",
        "messages_total{webhook=\"portal\",result=\"ok\"} 1\n",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
    publish(&office, 2);
    assert_eq!(next(&received).await.number(), 4);
    // Nobody took it yet, and the service goes.
    running.end().await;
    let before = told(&office);
    publish(&office, 3);
    let running = Running::of(office.opened(), hooked(&office, &url)).await;
    let mut numbers = Vec::new();
    while numbers.last() != Some(&5) {
        numbers.push(next(&received).await.number());
    }
    assert!(before >= 3 && numbers.contains(&5) && (before >= 4 || numbers[0] == 4), "{before} {numbers:?}");
    assert!(numbers.is_sorted(), "{numbers:?}");
    until_told(&office, 5).await;
    running.end().await;
}

/// Of two services of one store one delivers; when it is gone without a word the other does.
async fn one_service_of_a_store_delivers(kind: Kind) {
    let office = Office::with(kind);
    let store = office.store(1);
    let (url, received) = receiver(Vec::new());
    let received = std::sync::Arc::new(std::sync::Mutex::new(received));
    let one = Running::of(store, hooked(&office, &url)).await;
    let other = Running::of(office.opened(), hooked(&office, &url)).await;
    until_told(&office, 2).await;
    for number in 1..6 {
        publish(&office, number);
    }
    until_told(&office, 7).await;
    let mut numbers: Vec<u64> = received.lock().expect("no panic").try_iter().map(|one| one.number()).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    numbers.dedup();
    assert_eq!(numbers, [3, 4, 5, 6, 7]);
    // As it lies there when whoever delivered was killed in the middle: for some time it is left alone, and then taken over.
    let until = server::now().as_second() + 2;
    let until = jiff::Timestamp::from_second(until).expect("a moment");
    let note = json!({ "told": 7, "holder": "somebody who is gone", "until": until.to_string() });
    office.place.put("webhooks/portal.json", note.to_string().as_bytes());
    publish(&office, 6);
    let next = next(&received).await;
    assert_eq!(next.number(), 8);
    assert!(server::now() >= until, "not before the other's time was up");
    until_told(&office, 8).await;
    one.end().await;
    other.end().await;
}

#[test]
fn webhooks_that_others_could_read_are_refused() {
    let office = Office::founded();
    let good = format!("whsec_{}", STANDARD.encode(SECRET));
    let write = |text: &str| {
        fs::write(office.path("a.secret"), text).expect("written");
        restrict(&office.path("a.secret"));
    };
    let section = |name: &str, url: &str| {
        format!("[[webhook]]\nname = \"{name}\"\nurl = \"{url}\"\nsecret-file = \"a.secret\"\n")
    };
    write(&good);
    let refused = |text: &str| office.settings(text).expect_err("refused")[0].clone();
    for url in [
        "http://example.vn/",
        "ftp://example.vn/",
        "example.vn",
        "https://an:secret@example.vn/",
        "http://127.0.0.1.example.vn/",
    ] {
        assert!(refused(&section("a", url)).contains("`url` must be https"), "{url}");
    }
    assert!(refused(&section("A b", "https://example.vn/")).contains("`name` takes"));
    assert!(refused(&section("../a", "https://example.vn/")).contains("`name` takes"));
    let two = section("a", "https://example.vn/").repeat(2);
    assert!(refused(&two).contains("another webhook has this name"));
    for text in ["", "secret", "whsec_", "whsec_AAAA", "whsec_not base64"] {
        write(text);
        let said = refused(&section("a", "https://example.vn/"));
        assert!(said.contains("secret") && !said.contains("AAAA"), "{said}");
    }
    write(&good);
    assert!(refused(&format!("{}verify = false\n", section("a", "https://example.vn/"))).contains("verify"));
    let settings = office.settings(&section("a", "https://example.vn/")).expect("the control");
    let shown = format!("{settings:?}");
    assert!(!shown.contains(&STANDARD.encode(SECRET)) && !shown.contains("example.vn"), "{shown}");
    let folders = State::with(small(), settings);
    assert!(folders.may_publish().is_err(), "without a store there is nothing to tell");
}

on_both!(
    every_publication_is_told_with_what_it_moved_and_resumed_from,
    listeners_are_bounded_and_who_leaves_makes_room,
    webhooks_are_signed_tried_again_and_resumed_after_a_restart,
    one_service_of_a_store_delivers,
);
