//! What the service refuses: too much at once, too often, too slowly, and to start on a configuration that would switch that off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use thamquyen::library::{self, Library, Origin};
use thamquyen::server::configuration::Configuration;
use thamquyen::server::{self, Settings, State};
use thamquyen::syntax::tree::Language;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(30);

fn small() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")
}

fn rules() -> Library {
    library::load(&Origin::Folders(vec![small()]))
}

/// The settings that a configuration says.
fn said(text: &str) -> Result<Settings, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tq.toml");
    fs::write(&file, text).expect("written");
    let read = Configuration::read(&file).and_then(|read| read.settings(Language::English));
    read.map_err(|wrong| wrong.words(Language::English))
}

async fn start(settings: Settings) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(server::serve_until(listener, State::with(rules(), settings), std::future::pending()));
    address
}

/// One request on a connection of its own; everything that comes back.
async fn get(address: &str, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer)).await.expect("in time").expect("an answer");
    answer
}

const QUESTION: &str = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc&lang=en";

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_ask_again() {
    let settings =
        said("[limits]\nrequests-per-second = 1\nburst = 3\n[proxy]\naddresses = ['127.0.0.1']\n").expect("sane");
    let address = start(settings).await;
    let (one, other) = ("x-forwarded-for: 203.0.113.7\r\n", "x-forwarded-for: 203.0.113.8\r\n");
    for _ in 0..3 {
        assert!(get(&address, QUESTION, one).await.starts_with("HTTP/1.1 200"));
    }
    let refused = get(&address, QUESTION, one).await;
    assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
    for line in [
        "retry-after: 1\r\n",
        "ratelimit-policy: \"client\";q=3;w=3\r\n",
        "ratelimit: \"client\";r=0;t=1\r\n",
        "problem:too-often",
        "each client may ask 1 times a second: ask again in 1 s",
        "x-request-id: ",
    ] {
        assert!(refused.contains(line), "{line} is not in\n{refused}");
    }
    assert!(get(&address, QUESTION, other).await.starts_with("HTTP/1.1 200"), "others are not told to wait");
    // Who says before the proxy that it is another is still the same.
    let disguised = get(&address, QUESTION, "x-forwarded-for: 9.9.9.9, 203.0.113.7\r\n").await;
    assert!(disguised.starts_with("HTTP/1.1 429"), "{disguised}");
    // How the service is, is told always; and programs on this machine are not counted.
    for _ in 0..10 {
        assert!(get(&address, "/healthz/live", one).await.starts_with("HTTP/1.1 200"));
        assert!(get(&address, QUESTION, "").await.starts_with("HTTP/1.1 200"));
    }
    let metrics = get(&address, "/metrics", one).await;
    assert!(metrics.contains("thamquyen_requests_limited_total 2\n"), "{metrics}");
    // After a rest it may ask again.
    let again = async {
        while !get(&address, QUESTION, one).await.starts_with("HTTP/1.1 200") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(LONG, again).await.expect("taken again");
}

/// The head of a batch that goes on, and the beginning of its answer.
async fn batch(address: &str, headers: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let head = format!(
        "POST /v1/who-decides/batch?lang=en HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\ncontent-length: 1000\r\n{headers}\r\n{{}}\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut room = vec![0; 4096];
    let read = timeout(LONG, stream.read(&mut room)).await.expect("in time").expect("an answer");
    (stream, String::from_utf8_lossy(room.get(..read).unwrap_or_default()).into_owned())
}

/// Whoever opens as many batches as there are places keeps half of them from nobody.
#[tokio::test]
async fn one_client_leaves_room_for_the_batches_of_others() {
    let text = "[limits]\nbatches = 4\nbody-seconds = 60\n[proxy]\naddresses = ['127.0.0.1']\n";
    let address = start(said(text).expect("sane")).await;
    let (one, other) = ("x-forwarded-for: 203.0.113.7\r\n", "x-forwarded-for: 203.0.113.8\r\n");
    let mut open = Vec::new();
    for who in [one, one] {
        let (stream, answer) = batch(&address, who).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        open.push(stream);
    }
    let (_, refused) = batch(&address, one).await;
    assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
    for line in ["retry-after: 1\r\n", "problem:too-often", "each client may have 2 of these at once"] {
        assert!(refused.contains(line), "{line} is not in\n{refused}");
    }
    for who in [other, ""] {
        let (stream, answer) = batch(&address, who).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        open.push(stream);
    }
    let (_, full) = batch(&address, "").await;
    assert!(full.starts_with("HTTP/1.1 503"), "{full}");
    let metrics = get(&address, "/metrics", "").await;
    for line in [
        "thamquyen_batches_under_way 4\n",
        "thamquyen_requests_limited_total 1\n",
        "thamquyen_requests_shed_total{why=\"crowded\"} 1\n",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    // One ends, and its client may begin another.
    drop(open.remove(0));
    let again = async { while !batch(&address, one).await.1.starts_with("HTTP/1.1 200") {} };
    timeout(LONG, again).await.expect("the place is free again");
}

/// Nor those of who sends texts of rules, which are taken before anything of a text has come.
#[tokio::test]
async fn one_client_leaves_room_for_the_texts_of_others() {
    let address = start(said("[limits]\nbody-seconds = 60\n[proxy]\naddresses = ['127.0.0.1']\n").expect("sane")).await;
    let (one, other) = ("203.0.113.7", "203.0.113.8");
    let send = async |who: &str, length: usize| {
        let mut stream = TcpStream::connect(&address).await.expect("connected");
        let head = format!(
            "POST /v1/format HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-forwarded-for: {who}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{{\"text\": \"\"}}"
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        stream
    };
    let answer = async |who: &str| {
        let mut answer = String::new();
        let mut stream = send(who, 12).await;
        timeout(LONG, stream.read_to_string(&mut answer)).await.expect("in time").expect("an answer");
        answer
    };
    assert!(answer(one).await.starts_with("HTTP/1.1 200"));
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(send(one, 1000).await);
    }
    let refused = async { while !answer(one).await.starts_with("HTTP/1.1 429") {} };
    timeout(LONG, refused).await.expect("half of the places are taken");
    assert!(answer(other).await.starts_with("HTTP/1.1 200"), "others find theirs");
    drop(open);
    let again = async { while !answer(one).await.starts_with("HTTP/1.1 200") {} };
    timeout(LONG, again).await.expect("the places are free again");
}

/// Nobody who is not named as a proxy is believed: then all of these are one client, of this machine, which is not counted.
#[tokio::test]
async fn without_a_proxy_headers_mean_nothing() {
    let address = start(said("[limits]\nrequests-per-second = 1\nburst = 1\n").expect("sane")).await;
    for _ in 0..5 {
        let answer = get(&address, QUESTION, "x-forwarded-for: 203.0.113.7\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

/// A service whose tasks all wait behind others sends requests away, goes on telling how it is, and takes requests again.
#[tokio::test]
async fn a_service_that_is_behind_sheds_and_recovers() {
    let settings = Settings { late: Duration::from_millis(50), ..Settings::default() };
    let address = start(settings).await;
    assert!(get(&address, QUESTION, "").await.starts_with("HTTP/1.1 200"));
    // Other work on the only thread, which is never long away from it: what waits, waits behind that.
    let hog = tokio::spawn(async {
        loop {
            std::thread::sleep(Duration::from_millis(120));
            tokio::task::yield_now().await;
        }
    });
    let shed = async {
        loop {
            let answer = get(&address, QUESTION, "").await;
            if answer.starts_with("HTTP/1.1 503") {
                return answer;
            }
        }
    };
    let shed = timeout(LONG, shed).await.expect("it is behind");
    for line in ["retry-after: 1\r\n", "problem:busy", "the service cannot keep up: ask again in a moment"] {
        assert!(shed.contains(line), "{line} is not in\n{shed}");
    }
    let metrics = get(&address, "/metrics", "").await;
    assert!(metrics.starts_with("HTTP/1.1 200") && metrics.contains("thamquyen_behind 1\n"), "{metrics}");
    assert!(!metrics.contains("thamquyen_requests_shed_total{why=\"behind\"} 0\n"), "{metrics}");
    assert!(get(&address, "/healthz/ready", "").await.starts_with("HTTP/1.1 200"));
    hog.abort();
    let taken = async { while !get(&address, QUESTION, "").await.starts_with("HTTP/1.1 200") {} };
    timeout(LONG, taken).await.expect("it recovers");
}

/// Some of each kind at once, more than there are places: all are closed, and whoever asks meanwhile is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_closed_and_honest_ones_served() {
    let short = Duration::from_millis(800);
    let settings = Settings {
        connections: 64,
        header: short,
        body: short,
        silent: short,
        grace: Duration::from_millis(100),
        ..Settings::default()
    };
    let address = start(settings).await;
    let mut slow = Vec::new();
    for number in 0..200 {
        let address = address.clone();
        slow.push(tokio::spawn(async move { is_closed(&address, number % 4).await }));
    }
    for _ in 0..50 {
        let answer = get(&address, QUESTION, "").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    for one in slow {
        assert!(one.await.expect("no panic"), "a slow connection is still open");
    }
}

/// Nothing; a head that trickles; a body that does; an answer that nobody reads.
async fn is_closed(address: &str, kind: usize) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return true };
    let lasting = async {
        let beginning = match kind {
            0 => "",
            1 => "GET /healthz/live HTTP/1.1\r\nx: ",
            2 => {
                "POST /v1/who-decides HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n"
            }
            _ => "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n",
        };
        if stream.write_all(beginning.as_bytes()).await.is_err() {
            return;
        }
        let mut rest = [0; 64];
        loop {
            let trickle = matches!(kind, 1 | 2);
            if trickle && stream.write_all(b"x").await.is_err() {
                return;
            }
            if let Ok(Ok(0) | Err(_)) = timeout(Duration::from_millis(100), stream.read(&mut rest)).await {
                return;
            }
        }
    };
    timeout(LONG, lasting).await.is_ok()
}

#[test]
fn a_configuration_that_switches_a_check_off_is_refused() {
    for (text, wanted) in [
        (
            "[limits]\nconnections = 0\n",
            "tq.toml: [limits] connections: `0` is out of bounds: say 16 to 100000; this limit cannot be switched off",
        ),
        ("[limits]\nheader-seconds = -1\n", "[limits] header-seconds: `-1` is out of bounds: say 1 to 120"),
        ("[limits]\nburst = 1000001\n", "[limits] burst: `1000001` is out of bounds"),
        ("[limits]\nconections = 100\n", "tq.toml:2: not understood: unknown field `conections`"),
        ("[limits]\nconnections = \"none\"\n", "tq.toml:2: not understood: invalid type"),
        ("[limits]\nconnections = false\n", "tq.toml:2: not understood: invalid type"),
        ("[proxy]\naddresses = []\n", "[proxy] addresses: the addresses of the proxy are missing"),
        ("[proxy]\naddresses = ['0.0.0.0/0']\n", "[proxy] addresses: `0.0.0.0/0` is neither an address nor a network"),
        ("[tls]\ncertificate = 'no.pem'\nkey = 'no.key'\n", "no.key: cannot be read"),
        ("[tls]\ncertificate = 'no.pem'\n", "not understood: missing field `key`"),
        ("[log]\nlevel = 'off'\n", "not understood: unknown variant `off`"),
    ] {
        let wrong = said(text).expect_err(text);
        assert!(wrong.contains(wanted), "{wrong}\nis not\n{wanted}");
    }
}

/// What the page for operators shows of a configuration is one.
#[test]
fn the_samples_of_the_page_are_read() {
    let page = include_str!("../docs/operations.md");
    let samples: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(samples.len() >= 4, "{samples:?}");
    let folder = tempfile::tempdir().expect("a folder");
    for sample in samples {
        let file = folder.path().join("tq.toml");
        fs::write(&file, sample).expect("written");
        if let Err(wrong) = Configuration::read(&file) {
            panic!("{}\n{sample}", wrong.words(Language::English));
        }
    }
}

#[test]
fn traces_go_to_an_address_of_http() {
    let wrong = said("[traces]\nendpoint = '127.0.0.1:4318'\n").expect_err("no address");
    assert!(wrong.contains("[traces] endpoint: `127.0.0.1:4318` is no address of http"), "{wrong}");
}

fn serve(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
    command.args(["serve", "--lang", "en", "--rules"]).arg(small()).args(arguments);
    command.output().expect("it runs")
}

/// Who says how the service is to be run, and that other machines may call, says how secrets are kept.
#[test]
fn nobody_listens_to_other_machines_unencrypted_by_a_configuration() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tq.toml");
    for text in ["listen = '0.0.0.0:0'\n", "listen = '[::]:0'\n"] {
        fs::write(&file, text).expect("written");
        let output = serve(&["--config", file.to_str().expect("UTF-8")]);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("unencrypted: add [tls], or [proxy] where a proxy in front encrypts"), "{words}");
    }
    fs::write(&file, "[limits]\nconnections = 1\n").expect("written");
    let output = serve(&["--config", file.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("[limits] connections: `1` is out of bounds"));
}
