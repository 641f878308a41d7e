//! The log of the real program: its form, and that nothing of what was asked, and no secret, is ever in it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

/// A service that logs as its configuration says; where it listens.
struct Service {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
    /// Lines that were read so far.
    lines: String,
}

impl Service {
    fn start(configuration: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tq.toml");
        std::fs::write(&file, format!("listen = '127.0.0.1:0'\n{configuration}")).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
        command.args(["serve", "--lang", "en", "--rules"]);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")).arg("--config").arg(&file);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
        let mut log = BufReader::new(child.stderr.take().expect("piped"));
        let mut lines = String::new();
        log.read_line(&mut lines).expect("a line");
        let rest = lines.split("http://").nth(1).unwrap_or_else(|| panic!("no address in {lines}"));
        let address = rest.split(' ').next().expect("an address").to_owned();
        Self { child, log, address, lines }
    }

    fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// All of its log, when it has ended as it should.
    fn end(mut self) -> String {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill");
        assert!(told.success() && self.child.wait().expect("it ends").success());
        self.log.read_to_string(&mut self.lines).expect("text");
        self.lines
    }
}

const SECRETS: [&str; 6] = ["Nguyen-Van-A", "s3cr3t-token", "to-chuc", "079123456789", "c00kie", "secret-path"];

/// Requests that hold what nobody should find in a log, good and bad.
fn tell_secrets(service: &Service) {
    let headers = "host: x\r\nconnection: close\r\nauthorization: Bearer s3cr3t-token\r\ncookie: id=c00kie\r\n\
        x-request-id: mine-7\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
    let question = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc";
    let answer = service.send(&format!("GET {question} HTTP/1.1\r\n{headers}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for path in
        ["/v1/who-decides?task=Nguyen-Van-A&in=079123456789", "/v1/units?x=Nguyen-Van-A", "/secret-path/079123456789"]
    {
        service.send(&format!("GET {path} HTTP/1.1\r\n{headers}\r\n"));
    }
    for body in ["{\"task\":\"Nguyen-Van-A\",\"on\":\"079123456789\"}", "{\"Nguyen-Van-A", "079123456789"] {
        let length = body.len();
        let kind = "content-type: application/json";
        let path = "/v1/who-decides";
        service.send(&format!("POST {path} HTTP/1.1\r\n{headers}{kind}\r\ncontent-length: {length}\r\n\r\n{body}"));
    }
    service.send(&format!("GET /Nguyen-Van-A HTTP/1.1\r\ns3cr3t-token : 1\r\n{headers}\r\n"));
}

#[test]
fn each_line_is_an_object_with_the_same_members() {
    let service = Service::start("[log]\nformat = 'json'\nrequests = true\n");
    tell_secrets(&service);
    let log = service.end();
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    assert!(
        lines.iter().all(|line| ["timestamp", "level", "message"].iter().all(|name| line[name].is_string())),
        "{log}"
    );
    let requests: Vec<&Value> = lines.iter().filter(|line| line["message"] == "request").collect();
    assert_eq!(requests.len(), 7, "{log}");
    for line in &requests {
        let members: Vec<&String> = line.as_object().expect("an object").keys().collect();
        let wanted = ["timestamp", "level", "message", "id", "trace", "method", "route", "status", "bytes", "micros"];
        assert_eq!(members, wanted, "{line}");
        assert_eq!((&line["id"], &line["trace"]), (&"mine-7".into(), &"4bf92f3577b34da6a3ce929d0e0e4736".into()));
        assert!(line["micros"].is_u64() && line["bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{line}");
    }
    let said = |line: &Value| format!("{} {} {}", line["method"], line["route"], line["status"]);
    assert_eq!(said(requests[0]), "\"GET\" \"/v1/who-decides\" 200");
    assert_eq!(said(requests[3]), "\"GET\" \"other\" 404");
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

#[test]
fn a_text_has_a_line_for_each_request_where_it_is_asked_for() {
    let service = Service::start("[log]\nrequests = true\n");
    tell_secrets(&service);
    let log = service.end();
    let wanted = "request id=\"mine-7\" trace=\"4bf92f3577b34da6a3ce929d0e0e4736\" method=\"GET\" route=\"/v1/who-decides\" status=200 bytes=";
    assert!(log.contains(wanted), "{log}");
    assert!(SECRETS.iter().all(|secret| !log.contains(secret)), "{log}");
}

/// The control: without the configuration the same requests leave no line.
#[test]
fn by_itself_the_log_says_nothing_of_requests() {
    let service = Service::start("");
    tell_secrets(&service);
    let log = service.end();
    let lines: Vec<&str> = log.lines().collect();
    let [first, last @ ..] = lines.as_slice() else { panic!("{log}") };
    assert!(first.starts_with("tq: listening on http://127.0.0.1:"), "{log}");
    // Whoever ends it is told how far that is.
    let ends = ["told to stop: finishing what is under way", "stopped"];
    assert!(last.len() == 2 && last.iter().zip(ends).all(|(line, end)| line.ends_with(end)), "{log}");
}
