//! The service on real sockets: what silent and slow connections cost others, beside the same app under `axum::serve`; new
//! rules; what it counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use thamquyen::library::{self, Library, Origin};
use thamquyen::server::{self, Settings, State, app};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Long enough for whatever should happen, on a machine that does other things too.
const LONG: Duration = Duration::from_secs(20);

fn small() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")
}

fn rules() -> Library {
    library::load(&Origin::Folders(vec![small()]))
}

/// Settings under which a test need not wait long.
fn impatient() -> Settings {
    let short = Duration::from_millis(400);
    let grace = Duration::from_millis(200);
    Settings { connections: 8, header: short, body: short, silent: short, grace, poll: grace, ..Settings::default() }
}

/// A service on a port of its own, ours or the control.
async fn start(settings: Settings, ours: bool) -> (String, State) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let state = State::with(rules(), settings);
    let served = state.clone();
    tokio::spawn(async move {
        if ours {
            server::serve_until(listener, served, std::future::pending()).await;
        } else {
            axum::serve(listener, Router::new().fallback_service(app(served))).await.expect("served");
        }
    });
    (address, state)
}

/// A service that ends when it is told to.
async fn start_until_told(settings: Settings) -> (String, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let state = State::with(rules(), settings);
    let service = tokio::spawn(server::serve_until(listener, state, async { stopped.await.expect("told") }));
    (address, stop, service)
}

/// One request on a connection of its own, which the service is asked to close; everything that comes back.
async fn ask(address: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

async fn get(address: &str, path: &str) -> String {
    ask(address, &format!("GET {path}"), "").await
}

/// Whether the other side closes a connection before long.
async fn is_closed(stream: &mut TcpStream, wait: Duration) -> bool {
    let mut rest = [0; 1024];
    let closed = async { while !matches!(stream.read(&mut rest).await, Ok(0) | Err(_)) {} };
    timeout(wait, closed).await.is_ok()
}

/// What a slow or silent client sends before it falls silent.
const BEGINNINGS: [&str; 4] = [
    "",
    "GET /healthz/live HTTP/1.1\r\nhost:",
    "GET /healthz/live HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST /v1/who-decides HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
];

#[tokio::test]
async fn silent_connections_are_closed() {
    let (address, _) = start(impatient(), true).await;
    for beginning in BEGINNINGS {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        stream.write_all(beginning.as_bytes()).await.expect("sent");
        assert!(is_closed(&mut stream, LONG).await, "{beginning:?} is still open");
    }
}

/// The control: the same app under `axum::serve` keeps them open.
#[tokio::test]
async fn under_axum_serve_they_stay() {
    let (address, _) = start(impatient(), false).await;
    for beginning in BEGINNINGS.into_iter().take(3) {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        stream.write_all(beginning.as_bytes()).await.expect("sent");
        assert!(!is_closed(&mut stream, Duration::from_secs(2)).await, "{beginning:?} was closed");
    }
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut_off() {
    let (address, _) = start(impatient(), true).await;
    let mut stream = TcpStream::connect(&address).await.expect("connected");
    let trickle = async {
        for byte in "GET /healthz/live HTTP/1.1\r\n".bytes().chain(std::iter::repeat_n(b'x', 1_000)) {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(timeout(LONG, trickle).await.is_ok(), "a byte every now and then keeps a connection open");
}

#[tokio::test]
async fn silent_connections_make_room_for_others() {
    // They would be closed only after an hour, but all places are taken.
    let patient = Duration::from_secs(3600);
    let settings = Settings { header: patient, silent: patient, ..impatient() };
    let (address, _) = start(settings, true).await;
    let mut silent = Vec::new();
    for place in 0..24 {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        let beginning = BEGINNINGS[place % 3];
        stream.write_all(beginning.as_bytes()).await.expect("sent");
        silent.push(stream);
    }
    for _ in 0..20 {
        let answer = timeout(LONG, get(&address, "/healthz/live")).await.expect("others are not starved");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

#[tokio::test]
async fn what_is_being_answered_is_not_interrupted() {
    let settings = Settings { body: LONG, ..impatient() };
    let (address, _) = start(settings, true).await;
    let body = r#"{"task":"giao-dat","in":"101","on":"2023-05-10","facts":{"doi-tuong":"to-chuc"}}"#;
    let mut stream = TcpStream::connect(&address).await.expect("connected");
    let length = body.len();
    let head = format!(
        "POST /v1/who-decides HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_secs(1)).await;
    stream.write_all(body.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn what_is_under_way_is_finished_when_the_service_stops() {
    let settings = Settings { header: LONG, body: LONG, silent: LONG, ..impatient() };
    let (address, stop, service) = start_until_told(settings).await;
    let mut idle = TcpStream::connect(&address).await.expect("connected");
    idle.write_all(b"GET /healthz/live HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    let body = r#"{"task":"giao-dat","in":"101","on":"2023-05-10","facts":{"doi-tuong":"to-chuc"}}"#;
    let length = body.len();
    let head = format!(
        "POST /v1/who-decides HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut asking = TcpStream::connect(&address).await.expect("connected");
    asking.write_all(head.as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.send(()).expect("it runs");
    assert!(is_closed(&mut idle, LONG / 4).await, "a connection on which nothing is asked is closed");
    assert!(TcpStream::connect(&address).await.is_err(), "nobody new is taken");
    assert!(!service.is_finished(), "a question is under way");
    asking.write_all(body.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(LONG / 4, asking.read_to_string(&mut answer)).await.expect("closed after it").expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    timeout(LONG / 4, service).await.expect("the service ends when all is done").expect("no panic");
}

/// Behind its end the log of decisions takes nothing: an answer that came later would be in no log.
#[tokio::test]
async fn nothing_is_answered_when_the_service_has_ended() {
    let settings = Settings { body: LONG, silent: LONG, stop: Duration::from_millis(200), ..impatient() };
    let (address, stop, service) = start_until_told(settings).await;
    let line = "{\"task\":\"giao-dat\",\"in\":\"101\",\"on\":\"2023-05-10\"}\n";
    let head = format!(
        "POST /v1/who-decides/batch HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        1000 * line.len()
    );
    let mut stream = TcpStream::connect(&address).await.expect("connected");
    stream.write_all(format!("{head}{line}").as_bytes()).await.expect("sent");
    let mut room = [0; 4096];
    let begun = timeout(LONG, stream.read(&mut room)).await.expect("in time").expect("an answer");
    assert!(room[..begun].starts_with(b"HTTP/1.1 200"), "the batch is under way");
    stop.send(()).expect("it runs");
    timeout(LONG, service).await.expect("it does not wait for a batch without end").expect("no panic");
    let _ = stream.write_all(line.as_bytes()).await;
    assert!(is_closed(&mut stream, LONG / 4).await, "nobody is answered any more");
}

/// A question every now and then, for much longer than a head may take: a batch is a stream.
#[tokio::test]
async fn a_batch_may_last() {
    let settings = Settings { body: LONG, ..impatient() };
    let (address, _) = start(settings, true).await;
    let mut stream = TcpStream::connect(&address).await.expect("connected");
    let line = "{\"task\":\"giao-dat\",\"in\":\"101\",\"on\":\"2023-05-10\"}\n";
    let head = format!(
        "POST /v1/who-decides/batch HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        12 * line.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    for _ in 0..12 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stream.write_all(line.as_bytes()).await.expect("it is still open");
    }
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer)).await.expect("in time").expect("an answer");
    assert_eq!(answer.matches("\"task\":").count(), 12, "{answer}");
}

/// Clients that keep the service waiting, and never for so long that they are closed, make room for others all the same.
#[tokio::test]
async fn connections_that_trickle_make_room_for_others() {
    let patient = Duration::from_secs(3600);
    let settings = Settings { header: patient, silent: patient, body: patient, ..impatient() };
    let (address, _) = start(settings, true).await;
    let mut trickles = Vec::new();
    for place in 0..16 {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        trickles.push(tokio::spawn(async move {
            let beginning = if place % 2 == 0 { BEGINNINGS[1] } else { BEGINNINGS[3] };
            if stream.write_all(beginning.as_bytes()).await.is_ok() {
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }));
    }
    for _ in 0..20 {
        let answer = timeout(LONG, get(&address, "/healthz/live")).await.expect("others are not starved");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    trickles.iter().for_each(tokio::task::JoinHandle::abort);
}

/// Copies a folder of rules.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

/// Asks until the answer has something in it.
async fn until(address: &str, path: &str, wanted: &str) -> String {
    let asking = async {
        loop {
            let answer = get(address, path).await;
            if answer.contains(wanted) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let last = timeout(LONG, asking).await;
    match last {
        Ok(answer) => answer,
        Err(_) => panic!("no {wanted} in {}", get(address, path).await),
    }
}

#[tokio::test]
async fn new_rules_are_taken_and_broken_ones_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&small(), folder.path());
    let origin = Origin::Folders(vec![folder.path().to_owned()]);
    let first = library::load(&origin);
    let version = first.version.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let state = State::with(first, impatient());
    tokio::spawn(server::watch(state.clone(), origin.clone()));
    tokio::spawn(server::serve_until(listener, state, std::future::pending()));
    let question = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc";
    until(&address, question, &version).await;

    let broken = folder.path().join("zz-broken.tq");
    fs::write(&broken, "# one\ndocument 9/2020/QH \"x\"\n  nonsense here\n").expect("written");
    let ready = until(&address, "/healthz/ready?lang=en", "zz-broken.tq").await;
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains("\"status\":\"ok\""), "{ready}");
    assert!(
        ready.contains("\"line\":3") && ready.contains(&format!("\"rules\":{{\"version\":\"{version}\"")),
        "{ready}"
    );
    assert!(get(&address, question).await.contains(&version), "the old rules go on being served");
    assert!(until(&address, "/metrics", "reloads_total{result=\"failed\"} 1").await.contains(&version));

    fs::write(&broken, "# only a remark\n").expect("written");
    let ready = until(&address, "/healthz/ready", "\"pending\":null").await;
    let new = library::load(&origin).version;
    assert!(new != version && ready.contains(&new), "{ready}");
    until(&address, question, &new).await;
    until(&address, "/metrics", "reloads_total{result=\"ok\"} 1").await;
}

#[tokio::test]
async fn it_counts() {
    let (address, _) = start(impatient(), true).await;
    let body = r#"{"task":"giao-dat","in":"101","on":"2023-05-10","facts":{"doi-tuong":"to-chuc"}}"#;
    // What leaves something open is shared by the days of a region; what does not is answered without being kept.
    let open = r#"{"task":"giao-dat","in":"101","on":"2023-05-10"}"#;
    let other = open.replace("05-10", "05-11");
    for (body, day) in [(body, 10), (body, 10), (body, 10), (open, 10), (other.as_str(), 11)] {
        let answer = ask(&address, "POST /v1/who-decides", body).await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains(&format!("\"date\":\"2023-05-{day}\"")),
            "{answer}"
        );
    }
    get(&address, "/nothing/here").await;
    let metrics = get(&address, "/metrics").await;
    for line in [
        "thamquyen_http_requests_total{route=\"/v1/who-decides\",method=\"POST\",status=\"200\"} 5",
        "thamquyen_http_requests_total{route=\"other\",method=\"GET\",status=\"404\"} 1",
        "thamquyen_cache_hits_total{cache=\"whole\"} 1",
        "thamquyen_cache_misses_total{cache=\"ruling\"} 1",
        "thamquyen_cache_hits_total{cache=\"ruling\"} 1",
        "thamquyen_open_connections 1",
        "thamquyen_rules_info{version=",
        "thamquyen_http_request_duration_seconds_bucket{route=\"/v1/who-decides\",method=\"POST\",le=",
        "thamquyen_batch_lines_total 0",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains("/nothing/here"), "addresses that anybody can invent are not counted one by one");
}
