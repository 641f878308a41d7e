//! Requests that are framed badly, byte by byte on real sockets: each is refused as stated, the connection is closed, and what
//! stands behind it is never taken for a request. The statement is the table below; `docs/operations.md` tells it in short.

use std::path::Path;
use std::time::Duration;

use thamquyen::library::{self, Origin};
use thamquyen::server::{self, Settings, State};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Long enough for whatever should happen, on a machine that does other things too.
const LONG: Duration = Duration::from_secs(20);

async fn start(hello: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let rules = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")]));
    let short = Duration::from_millis(700);
    let settings = Settings { header: short, body: short, silent: short, ..Settings::default() };
    let state = State::with(rules, settings);
    if hello {
        let app = axum::Router::new().fallback_service(server::app(state));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("served") });
    } else {
        tokio::spawn(server::serve_until(listener, state, std::future::pending()));
    }
    address
}

/// What stands behind each of them: it would be answered with 418's neighbour, a 404 that names it.
const NEXT: &str = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";

/// Sends bytes; the statuses of all answers until the connection is closed, and everything that came.
async fn send(address: &str, bytes: &[u8]) -> (Vec<u16>, String) {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    // The service may close before all is sent.
    let _ = stream.write_all(bytes).await;
    let mut answers = Vec::new();
    let closed = timeout(LONG, stream.read_to_end(&mut answers)).await;
    assert!(closed.is_ok(), "still open: {}", String::from_utf8_lossy(bytes));
    let text = String::from_utf8_lossy(&answers).into_owned();
    let statuses = text.split("HTTP/1.").skip(1).filter_map(|answer| answer.get(2..5)?.parse().ok()).collect();
    (statuses, text)
}

const GET: &str = "GET /healthz/live HTTP/1.1\r\n";
const HOST: &str = "host: x\r\n";
const ASK: &str = "POST /v1/who-decides HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/// What is sent, as parts, and the statuses of its answers; behind each goes [`NEXT`], which is never answered.
type Case = (&'static str, &'static [&'static str], &'static [u16]);

/// Where one request ends and the next begins.
const LINES: [Case; 27] = [
    ("an empty line before the request", &["\r\n", GET, HOST, "\r\n"], &[400]),
    ("a bare line feed before it", &["\n", GET, HOST, "\r\n"], &[400]),
    ("lines that end in bare line feeds", &["GET /healthz/live HTTP/1.1\nhost: x\n\n"], &[400]),
    ("a head that ends in a bare line feed", &[GET, HOST, "\n"], &[400]),
    ("a header that ends in one", &[GET, "host: x\n\r\n"], &[400]),
    ("lines that end in carriage returns", &["GET /healthz/live HTTP/1.1\rhost: x\r\r"], &[400]),
    ("two carriage returns", &["GET /healthz/live HTTP/1.1\r\r\nhost: x\r\n\r\n"], &[400]),
    ("HTTP/0.9", &["GET /healthz/live\r\n"], &[400]),
    ("HTTP/1.2", &["GET /healthz/live HTTP/1.2\r\n", HOST, "\r\n"], &[400]),
    ("HTTP/2.0 in a line", &["GET /healthz/live HTTP/2.0\r\n", HOST, "\r\n"], &[400]),
    ("HTTP/2 with prior knowledge", &["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0"], &[400]),
    ("http in small letters", &["GET /healthz/live http/1.1\r\n", HOST, "\r\n"], &[400]),
    ("a version with a space behind it", &["GET /healthz/live HTTP/1.1 \r\n", HOST, "\r\n"], &[400]),
    ("a fourth word", &["GET /healthz/live HTTP/1.1 HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("two spaces", &["GET  /healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("tabs for spaces", &["GET\t/healthz/live\tHTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("a space before the method", &[" ", GET, HOST, "\r\n"], &[400]),
    ("a method that is no word", &["G(T /healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("no method", &["/healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("no target", &["GET HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("a fragment", &["GET /healthz/live#a HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("a null byte in the target", &["GET /healthz\0/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("a target without a slash", &["GET healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("TLS on a plain socket", &["\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n"], &[400]),
    ("another protocol", &["SSH-2.0-OpenSSH_9.2\r\n"], &[400]),
    ("a line of a proxy", &["PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", GET, HOST, "\r\n"], &[400]),
    ("mail", &["EHLO x\r\n"], &[400]),
];

const HEADERS: [Case; 14] = [
    ("a space before a colon", &[GET, "host : x\r\n\r\n"], &[400]),
    ("a tab before a colon", &[GET, HOST, "content-length\t: 5\r\n\r\n"], &[400]),
    ("a folded header", &[GET, HOST, "a: b\r\n c\r\n\r\n"], &[400]),
    ("a header folded with a tab", &[GET, HOST, "a: b\r\n\ttransfer-encoding: chunked\r\n\r\n"], &[400]),
    ("a first header that is folded", &[GET, " host: x\r\n\r\n"], &[400]),
    ("a header without a colon", &[GET, HOST, "nonsense\r\n\r\n"], &[400]),
    ("a header without a name", &[GET, HOST, ": x\r\n\r\n"], &[400]),
    ("a name with a space", &[GET, HOST, "content length: 5\r\n\r\n"], &[400]),
    ("a name with a null byte", &[GET, HOST, "content-length\0: 5\r\n\r\n"], &[400]),
    ("a name that is not ASCII", &[GET, HOST, "đ: 5\r\n\r\n"], &[400]),
    ("a null byte in a value", &[GET, HOST, "a: b\0c\r\n\r\n"], &[400]),
    ("a carriage return in a value", &[GET, HOST, "a: b\rtransfer-encoding: chunked\r\n\r\n"], &[400]),
    ("a backspace in a value", &[GET, HOST, "a: b\u{8}\r\n\r\n"], &[400]),
    ("a head that breaks off", &[GET, "host: x"], &[400]),
];

/// What is wrong with the length of a body.
const BODIES: [Case; 30] = [
    ("a length twice", &[ASK, "content-length: 2\r\ncontent-length: 2\r\n\r\n{}"], &[400]),
    ("two lengths", &[ASK, "content-length: 2\r\ncontent-length: 40\r\n\r\n{}"], &[400]),
    ("a list of lengths", &[ASK, "content-length: 2, 2\r\n\r\n{}"], &[400]),
    ("a length with a sign", &[ASK, "content-length: +2\r\n\r\n{}"], &[400]),
    ("a negative length", &[ASK, "content-length: -2\r\n\r\n{}"], &[400]),
    ("a length in hexadecimals", &[ASK, "content-length: 0x2\r\n\r\n{}"], &[400]),
    ("a length with a point", &[ASK, "content-length: 2.0\r\n\r\n{}"], &[400]),
    ("no length", &[ASK, "content-length:\r\n\r\n{}"], &[400]),
    ("a length beyond 64 bits", &[ASK, "content-length: 18446744073709551618\r\n\r\n{}"], &[400]),
    ("a length of all digits", &[ASK, "content-length: 00000000000000000000002\r\n\r\n{}"], &[400]),
    ("a length, then chunks", &[ASK, "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks, then a length", &[ASK, "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"], &[400]),
    ("no length, then chunks", &[ASK, "content-length: 0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks twice", &[ASK, "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks within something", &[ASK, "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("something within chunks", &[ASK, "transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks, said to be nothing", &[ASK, "transfer-encoding: identity\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks under a near name", &[ASK, "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks behind a vertical tab", &[ASK, "transfer-encoding: \u{b}chunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("chunks in HTTP/1.0", &["POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"], &[400]),
    ("a chunk without a size", &[ASK, "transfer-encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n"], &[400]),
    ("a chunk of no number", &[ASK, "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"], &[400]),
    ("a chunk of a negative size", &[ASK, "transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"], &[400]),
    (
        "a chunk beyond 64 bits",
        &[ASK, "transfer-encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n"],
        &[400],
    ),
    ("a chunk with an extension", &[ASK, "transfer-encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n"], &[400]),
    ("a chunk with a space", &[ASK, "transfer-encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n"], &[400]),
    ("a chunk with a bare line feed", &[ASK, "transfer-encoding: chunked\r\n\r\n2\n{}\n0\n\n"], &[400]),
    ("a chunk that is longer than it says", &[ASK, "transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"], &[400]),
    ("a chunk that is shorter", &[ASK, "transfer-encoding: chunked\r\n\r\n3\r\n{}\r\n0\r\n\r\n"], &[400]),
    ("trailers", &[ASK, "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nhost: y\r\n\r\n"], &[400]),
];

/// For whom it is, and what is expected.
const WHOLE: [Case; 16] = [
    ("no host", &[GET, "\r\n"], &[400]),
    ("two hosts", &[GET, HOST, "host: y\r\n\r\n"], &[400]),
    ("the same host twice", &[GET, HOST, HOST, "\r\n"], &[400]),
    ("an empty host", &[GET, "host:\r\n\r\n"], &[400]),
    ("a list of hosts", &[GET, "host: x, y\r\n\r\n"], &[400]),
    ("a host with a user", &[GET, "host: a@x\r\n\r\n"], &[400]),
    ("a host with a path", &[GET, "host: x/y\r\n\r\n"], &[400]),
    ("a host with a wild port", &[GET, "host: x:y\r\n\r\n"], &[400]),
    ("a host that differs from the address", &["GET http://y/healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("an address with a user", &["GET http://a@x/healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("an address of another kind", &["GET ftp://x/healthz/live HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("a tunnel", &["CONNECT x:80 HTTP/1.1\r\n", HOST, "\r\n"], &[400]),
    ("an expectation", &[ASK, "expect: 200-ok\r\ncontent-length: 2\r\n\r\n{}"], &[417]),
    ("two expectations", &[ASK, "expect: 100-continue, x\r\ncontent-length: 2\r\n\r\n{}"], &[417]),
    (
        "an expectation and another one",
        &[ASK, "expect: 100-continue\r\nexpect: x\r\ncontent-length: 2\r\n\r\n{}"],
        &[417],
    ),
    ("HTTP/1.0 with two hosts", &["GET /healthz/live HTTP/1.0\r\n", HOST, HOST, "\r\n"], &[400]),
];

fn cases() -> impl Iterator<Item = Case> {
    LINES.into_iter().chain(HEADERS).chain(BODIES).chain(WHOLE)
}

#[tokio::test]
async fn each_is_refused_as_stated_and_nothing_behind_it_is_answered() {
    let address = start(false).await;
    let mut wrong = Vec::new();
    for (about, parts, statuses) in cases() {
        let bytes = parts.concat() + NEXT;
        let (found, text) = send(&address, bytes.as_bytes()).await;
        if found != statuses || text.contains("/smuggled") {
            wrong.push(format!("{about}: {found:?}, not {statuses:?}\n    {bytes:?}\n    {text:?}"));
        }
    }
    assert!(cases().count() >= 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is before it on the connection is answered, in its turn.
#[tokio::test]
async fn requests_before_it_are_answered() {
    let address = start(false).await;
    let mut wrong = Vec::new();
    for (about, parts, statuses) in cases() {
        let bytes = format!("{GET}{HOST}\r\n{}{NEXT}", parts.concat());
        let (found, text) = send(&address, bytes.as_bytes()).await;
        if found.first() != Some(&200) || found.get(1..) != Some(statuses) || text.contains("/smuggled") {
            wrong.push(format!("{about}: {found:?}, not 200 and {statuses:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The control: under `axum::serve`, without what looks at the bytes, some of them are taken.
#[tokio::test]
async fn under_axum_serve_some_are_taken() {
    let address = start(true).await;
    let mut taken = 0;
    for (about, parts, statuses) in LINES.into_iter().chain(BODIES) {
        // What never ends is not told apart here.
        if matches!(about, "HTTP/0.9" | "another protocol" | "mail" | "a chunk that is shorter") {
            continue;
        }
        let last = "GET /smuggled HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        let _ = stream.write_all((parts.concat() + last).as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut text = Vec::new();
        let _ = timeout(Duration::from_secs(2), stream.read_to_end(&mut text)).await;
        let text = String::from_utf8_lossy(&text);
        let refused = statuses.iter().all(|status| text.starts_with(&format!("HTTP/1.1 {status}")));
        taken += usize::from(!refused || text.contains("/smuggled"));
    }
    assert!(taken >= 8, "only {taken} are taken");
}

/// What is strange and right is answered.
#[tokio::test]
async fn what_is_right_is_answered() {
    let address = start(false).await;
    let close = "connection: close\r\n\r\n";
    let cases: [(&str, String, &[u16]); 16] = [
        ("a request", format!("{GET}{HOST}{close}"), &[200]),
        ("two at once", format!("{GET}{HOST}\r\n{GET}{HOST}{close}"), &[200, 200]),
        ("HTTP/1.0", format!("GET /healthz/live HTTP/1.0\r\n\r\n{NEXT}"), &[200]),
        ("a whole address", format!("GET http://X/healthz/live HTTP/1.1\r\n{HOST}{close}"), &[200]),
        ("an address of IPv6", format!("{GET}host: [::1]:8080\r\n{close}"), &[200]),
        ("a body", format!("{ASK}content-length: 2\r\n\r\n{{}}{GET}{HOST}{close}"), &[422, 200]),
        ("spaces around a length", format!("{ASK}content-length: \t 2 \r\n\r\n{{}}{GET}{HOST}{close}"), &[422, 200]),
        (
            "chunks",
            format!("{ASK}transfer-encoding: Chunked\r\n\r\n1\r\n{{\r\n01\r\n}}\r\n0\r\n\r\n{GET}{HOST}{close}"),
            &[422, 200],
        ),
        (
            "a body that nobody reads",
            format!("{GET}{HOST}content-length: 28\r\n\r\n{GET}{GET}{HOST}{close}"),
            &[200, 200],
        ),
        (
            "a wish to continue",
            format!("{ASK}expect: 100-Continue\r\ncontent-length: 2\r\n\r\n{{}}{GET}{HOST}{close}"),
            &[100, 422, 200],
        ),
        (
            "another protocol, not taken",
            format!(
                "{GET}{HOST}upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\nconnection: upgrade, http2-settings, close\r\n\r\n"
            ),
            &[200],
        ),
        (
            "a socket of the web, not taken",
            format!("{GET}{HOST}upgrade: websocket\r\nconnection: close\r\n\r\n"),
            &[200],
        ),
        ("all of the server", format!("OPTIONS * HTTP/1.1\r\n{HOST}{close}"), &[404]),
        ("a method of somebody's own", format!("BREW /healthz/live HTTP/1.1\r\n{HOST}{close}"), &[405]),
        ("too many headers", format!("{GET}{HOST}{}\r\n", "a: b\r\n".repeat(101)), &[431]),
        ("a head that is too long", format!("{GET}{HOST}a: {}\r\n\r\n", "b".repeat(40_000)), &[431]),
    ];
    let mut wrong = Vec::new();
    for (about, text, statuses) in cases {
        let (found, answers) = send(&address, text.as_bytes()).await;
        if found != statuses {
            wrong.push(format!("{about}: {found:?}, not {statuses:?}\n    {answers:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who is refused in words is told in which.
#[tokio::test]
async fn what_is_wrong_with_a_whole_request_is_said() {
    let address = start(false).await;
    let (_, english) = send(&address, b"GET /?lang=en HTTP/1.1\r\n\r\n").await;
    let (_, vietnamese) = send(&address, b"GET / HTTP/1.1\r\n\r\n").await;
    assert!(
        english.contains("problem:bad-request") && english.contains("a request says one `Host`, and no more"),
        "{english}"
    );
    assert!(vietnamese.contains("yêu cầu phải nêu đúng một `Host`") && vietnamese.contains("\"member\":\"host\""));
    assert!(english.contains("connection: close") && english.contains("x-request-id: "), "{english}");
}
