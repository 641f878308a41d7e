//! Spans, as a collector gets them from the real program. `cargo test --all-features --test traces`
#![cfg(feature = "opentelemetry")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Takes whatever is posted and says that it is well; hands over heads and bodies.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (put, got) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a stream"));
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).expect("a line") > 0 {}
            let lower = head.to_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            let mut body = vec![0; length.parse().expect("a number")];
            stream.read_exact(&mut body).expect("a body");
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.get_mut().write_all(answer.as_bytes()).expect("sent");
            if put.send((head, body)).is_err() {
                return;
            }
        }
    });
    (address, got)
}

fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_request_is_a_span_below_its_callers() {
    let (address, got) = collector();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tq.toml");
    let text = format!("listen = '127.0.0.1:0'\n[traces]\nendpoint = 'http://{address}/v1/traces'\n");
    std::fs::write(&file, text).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
    command.args(["serve", "--lang", "en", "--rules"]);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")).arg("--config").arg(&file);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
    let mut line = String::new();
    BufReader::new(child.stderr.take().expect("piped")).read_line(&mut line).expect("a line");
    let service = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address");
    let mut stream = TcpStream::connect(service).expect("connected");
    let question = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc";
    let parent = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = format!("GET {question} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{parent}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // What is left is sent when it ends.
    assert!(Command::new("kill").arg(child.id().to_string()).status().expect("kill").success());
    assert!(child.wait().expect("it ends").success());
    let (head, body) = got.recv_timeout(Duration::from_secs(20)).expect("spans");
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n") && head.contains("application/x-protobuf"), "{head}");
    let trace = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes();
    let caller = 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes();
    assert!(has(&body, &trace), "the trace is the caller's");
    assert!(has(&body, &caller), "the span is below the caller's");
    let told = answer.lines().find_map(|line| line.strip_prefix("traceresponse: 00-")).expect("our part of the trace");
    let ours = u64::from_str_radix(told.split('-').nth(1).expect("a span"), 16).expect("a number").to_be_bytes();
    assert!(has(&body, &ours), "the span has the id that the answer tells");
    for part in ["GET /v1/who-decides", "http.route", "http.response.status_code", "thamquyen"] {
        assert!(has(&body, part.as_bytes()), "{part} is not sent");
    }
    for part in ["giao-dat", "to-chuc", "2023-05-10"] {
        assert!(!has(&body, part.as_bytes()), "{part} is sent");
    }
}
