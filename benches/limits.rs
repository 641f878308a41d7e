//! What slow clients cost others, and what overload does. `cargo bench --bench limits`
//!
//! 2,000 slow or silent connections: a quarter say nothing, a quarter trickle a head, a quarter a body, a quarter read an answer a
//! byte at a time. Beside them 8 connections ask. In turns the slow ones go to the same server and to another one, so that what
//! they cost the machine is in both; the ratio of both p99 is what counts.
//!
//! Overload: the server is stopped and continued from outside, so that it has a tenth of the time; what it then answers is
//! measured, and four times as much is asked, for ten seconds. Then half as much.
//!
//! `-- slow` or `-- overload` does one of both; `RULES=tests/small` takes other rules than `rules`.

#![expect(clippy::disallowed_methods, reason = "a bench is told by the clock")]
#![expect(clippy::float_arithmetic, reason = "ratios of times, not numbers of law")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use thamquyen::library::{self, Library, Origin};
use thamquyen::server::{self, Settings, State};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const ROUNDS: usize = 7;
/// So many a second that both sides keep up on any machine.
const RATE: f64 = 800.0;
const TIME: Duration = Duration::from_secs(5);
const SLOW: usize = 2_000;
/// Each of them does something so often.
const EACH: Duration = Duration::from_millis(500);
/// In the environment of a server: connections that it takes, where it is not as many as usual.
const PLACES: &str = "PLACES";
/// So many connect at a time.
const TOGETHER: usize = 256;
/// Connections over which too much is asked.
const MANY: usize = 4_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|one| one == "--server") {
        return serve();
    }
    if let Some(at) = arguments.iter().position(|one| one == "--slow") {
        return be_slow(&arguments[at + 1]);
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let requests = Arc::new(requests(&rules()));
        let one = |name: &str| arguments.iter().any(|argument| argument == name);
        if !one("overload") {
            beside_slow(&requests).await;
        }
        if !one("slow") {
            overload(&requests).await;
        }
    });
}

fn rules() -> Library {
    let folder = std::env::var("RULES").unwrap_or_else(|_| "rules".to_owned());
    library::load(&Origin::Folders(vec![folder.into()]))
}

fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = server::listen("127.0.0.1:0".parse().expect("an address")).expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        let usual = Settings::default();
        let connections = std::env::var(PLACES).ok().map_or(usual.connections, |more| more.parse().expect("a number"));
        let settings = Settings { connections, ..usual };
        server::serve_until(listener, State::with(rules(), settings), std::future::pending()).await;
    });
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(places: Option<usize>) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("a path"));
        command.envs(places.map(|places| (PLACES, places.to_string())));
        let mut child = command.arg("--server").stdout(Stdio::piped()).spawn().expect("it runs");
        let mut address = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
        Self { child, address: address.trim().to_owned() }
    }

    /// Resident memory in KiB: now, and the most so far.
    fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |name| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
            line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// Leaves it a tenth of the time.
    fn throttle(&self) -> Throttle {
        // The shell sleeps without starting a program, and goes before all others: what is left must not grow under load.
        let script = format!(
            "exec 9<> <(:); while kill -CONT {0}; do read -rt 0.01 -u 9; kill -STOP {0}; read -rt 0.09 -u 9; done",
            self.child.id()
        );
        let mut command = Command::new("nice");
        let child = command.args(["-n", "-20", "bash", "-c", &script]).stderr(Stdio::null()).spawn().expect("bash");
        Throttle { child, server: self.child.id() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Throttle {
    child: Child,
    server: u32,
}

impl Drop for Throttle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = Command::new("kill").args(["-CONT", &self.server.to_string()]).status();
    }
}

/// Questions about every task in many places on many days; most leave something open. One in twenty is a timeline.
fn requests(library: &Library) -> Vec<Vec<u8>> {
    let rulebook = &library.rulebook;
    let mut all = Vec::new();
    for day in 0..60 {
        let on = jiff::civil::date(2023, 5, 1).saturating_add(jiff::Span::new().days(day));
        let rows: Vec<_> = rulebook.register.rows_on(on).collect();
        for (place, task) in rulebook.tasks.iter().enumerate().take(40) {
            let row = rows.get((place * 7 + usize::try_from(day).expect("small")) % rows.len().max(1)).expect("a unit");
            let (id, unit) = (&task.names.id, &rulebook.register.row(*row).code);
            if task.roles.is_empty() {
                continue;
            }
            if all.len() % 20 == 19 {
                all.push(
                    format!("GET /v1/tasks/{id}/timeline?in={unit}&on={on} HTTP/1.1\r\nhost: x\r\n\r\n").into_bytes(),
                );
            }
            let body = format!("{{\"task\":\"{id}\",\"in\":\"{unit}\",\"on\":\"{on}\"}}");
            let (kind, length) = ("content-type: application/json", body.len());
            all.push(
                format!("POST /v1/who-decides HTTP/1.1\r\nhost: x\r\n{kind}\r\ncontent-length: {length}\r\n\r\n{body}")
                    .into_bytes(),
            );
        }
    }
    all
}

/// One request and its whole answer: its status, nothing when the connection ended.
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Option<u16> {
    stream.write_all(request).await.ok()?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).ok()?;
        let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
        if buffer.len() >= end + 4 + length {
            return head.get(9..12)?.parse().ok();
        }
    }
}

/// When it was, how long it took, and its status.
type Told = (Instant, Duration, Option<u16>);

/// A connection that the server has taken.
async fn connected(address: String) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let live = b"GET /healthz/live HTTP/1.1\r\nhost: x\r\n\r\n";
    exchange(&mut stream, live, &mut Vec::new()).await?;
    Some(stream)
}

/// So many connections, which the server has taken.
async fn connect(address: &str, connections: usize) -> Vec<Option<TcpStream>> {
    let mut streams = Vec::with_capacity(connections);
    while streams.len() < connections {
        let some: Vec<_> = (0..TOGETHER).map(|_| tokio::spawn(connected(address.to_owned()))).collect();
        for one in some {
            streams.push(one.await.expect("no panic"));
        }
    }
    streams.truncate(connections);
    streams
}

/// Asks over new connections.
async fn ask(
    address: &str,
    requests: &Arc<Vec<Vec<u8>>>,
    (connections, rate, time): (usize, f64, Duration),
) -> Vec<Told> {
    ask_over((0..connections).map(|_| None).collect(), address, requests, (rate, time)).await
}

/// Asks from now on, at so many requests a second, over these connections, each with one request at a time.
async fn ask_over(
    streams: Vec<Option<TcpStream>>,
    address: &str,
    requests: &Arc<Vec<Vec<u8>>>,
    (rate, time): (f64, Duration),
) -> Vec<Told> {
    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|mut stream| {
            let (address, requests, next) = (address.to_owned(), Arc::clone(requests), Arc::clone(&next));
            tokio::spawn(async move {
                let (mut told, mut buffer) = (Vec::new(), Vec::with_capacity(64 << 10));
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let due = begun + Duration::from_secs_f64(place as f64 / rate);
                    // What should have been asked long ago is not asked any more: each asks when it can.
                    let due = due.max(Instant::now());
                    if due > begun + time {
                        return told;
                    }
                    tokio::time::sleep_until(due.into()).await;
                    if stream.is_none() {
                        stream = TcpStream::connect(&address).await.ok();
                    }
                    let asked = Instant::now();
                    let request = &requests[place % requests.len()];
                    let status = match &mut stream {
                        Some(stream) => exchange(stream, request, &mut buffer).await,
                        None => None,
                    };
                    if status.is_none() {
                        stream = None;
                    }
                    told.push((asked, asked.elapsed(), status));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic"));
    }
    all
}

/// Microseconds of the given part of a thousand, of those that were answered well.
fn quantile(told: &[Told], of: usize) -> f64 {
    let mut took: Vec<Duration> = told.iter().filter(|told| told.2 == Some(200)).map(|told| told.1).collect();
    took.sort();
    took.get((took.len() * of / 1_000).min(took.len().saturating_sub(1)))
        .map_or(f64::NAN, |took| took.as_secs_f64() * 1e6)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// One slow client, until it is closed.
async fn slow(address: String, place: usize) {
    // They know nothing of each other: not all at the same moment.
    tokio::time::sleep(EACH * u32::try_from(place).expect("few") / u32::try_from(SLOW).expect("few")).await;
    let Ok(mut stream) = TcpStream::connect(&address).await else { return };
    let kind = place % 4;
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
    let mut byte = [0; 1];
    loop {
        tokio::time::sleep(EACH).await;
        if matches!(kind, 1 | 2) && stream.write_all(b"x").await.is_err() {
            return;
        }
        if let Ok(Ok(0) | Err(_)) = tokio::time::timeout(Duration::from_millis(1), stream.read(&mut byte)).await {
            return;
        }
    }
}

/// All slow clients, until this process is ended.
fn be_slow(address: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let clients: Vec<_> = (0..SLOW).map(|place| tokio::spawn(slow(address.to_owned(), place))).collect();
        for client in clients {
            client.await.expect("no panic");
        }
        std::future::pending::<()>().await;
    });
}

/// Slow clients in a process of their own: they are not to keep those waiting who measure.
struct Slow(Child);

impl Slow {
    fn at(server: &Server) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("a path"));
        Self(command.args(["--slow", &server.address]).spawn().expect("it runs"))
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks one server while slow clients are at one.
async fn beside(server: &Server, slow: &Server, requests: &Arc<Vec<Vec<u8>>>) -> Vec<Told> {
    let slow = Slow::at(slow);
    tokio::time::sleep(2 * EACH).await;
    let told = ask(&server.address, requests, (8, RATE, TIME)).await;
    drop(slow);
    told
}

/// What the server says of its open connections, of which this is one.
async fn open(server: &Server) -> String {
    let mut stream = TcpStream::connect(&server.address).await.expect("connected");
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("an answer");
    let line = text.lines().find_map(|line| line.strip_prefix("thamquyen_open_connections "));
    line.unwrap_or("?").to_owned()
}

async fn beside_slow(requests: &Arc<Vec<Vec<u8>>>) {
    let (server, other) = (Server::start(None), Server::start(None));
    let few = Arc::new(requests.iter().filter(|request| request.starts_with(b"POST")).cloned().collect::<Vec<_>>());
    ask(&server.address, &few, (8, RATE, TIME)).await;
    let (mut alone, mut beside_them, mut ratios, mut bad) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut first = Duration::ZERO;
    for _ in 0..ROUNDS {
        let without = beside(&server, &other, &few).await;
        let with = beside(&server, &server, &few).await;
        bad += with.iter().chain(&without).filter(|told| told.2 != Some(200)).count();
        // Whoever comes now needs a place first.
        first = first.max(with.iter().take(8).map(|told| told.1).max().unwrap_or_default());
        alone.push(quantile(&without, 990));
        beside_them.push(quantile(&with, 990));
        ratios.push(quantile(&with, 990) / quantile(&without, 990));
    }
    // At last nobody stops by itself.
    let slow = Slow::at(&server);
    tokio::time::sleep(Duration::from_secs(30)).await;
    let open = open(&server).await;
    drop(slow);
    println!("\n| 8 connections beside {SLOW} slow or silent ones | |\n|---|---:|");
    println!("| p99 while they are elsewhere, µs, median of {ROUNDS} | {:.0} |", median(alone));
    println!("| p99 beside them, µs | {:.0} |", median(beside_them));
    println!("| ratio | {:.2} |", median(ratios.clone()));
    println!("| ratios | {ratios:.2?} |");
    println!("| answers other than 200 | {bad} |");
    println!("| longest first answer on a new connection, ms | {:.1} |", first.as_secs_f64() * 1e3);
    println!("| connections open at the server after 30 s | {open} |");
    println!("| memory at most, MiB | {} |", server.memory().1 >> 10);
}

async fn overload(requests: &Arc<Vec<Vec<u8>>>) {
    // Each connection asks one thing at a time: it takes many to ask too much of somebody who answers late.
    let server = Server::start(Some(2 * MANY));
    ask(&server.address, requests, (32, 1e6, Duration::from_secs(5))).await;
    let throttle = server.throttle();
    let own = Duration::from_secs(5);
    let told = ask(&server.address, requests, (512, 1e6, own)).await;
    let capacity = told.iter().filter(|told| told.2 == Some(200)).count() as f64 / own.as_secs_f64();
    drop(throttle);
    // They are there before: how long the system keeps whoever comes as one of thousands is another matter.
    let streams = connect(&server.address, MANY).await;
    let throttle = server.throttle();
    let before = server.memory();
    let time = Duration::from_secs(10);
    let over = ask_over(streams, &server.address, requests, (4.0 * capacity, time)).await;
    let ended = Instant::now();
    let during = server.memory();
    let after = ask(&server.address, requests, (32, capacity / 2.0, Duration::from_secs(5))).await;
    drop(throttle);
    let of = |told: &[Told], status: Option<u16>| told.iter().filter(|told| told.2 == status).count();
    let last = after.iter().filter(|told| told.2 != Some(200)).map(|told| told.0 + told.1).max();
    let recovered = last.map_or(0.0, |last| last.saturating_duration_since(ended).as_secs_f64());
    println!("\n| four times what it answers, for {} s | |\n|---|---:|", time.as_secs());
    println!("| it answers, a second | {capacity:.0} |");
    println!("| asked, a second | {:.0} |", over.len() as f64 / time.as_secs_f64());
    println!("| answered, a second | {:.0} |", of(&over, Some(200)) as f64 / time.as_secs_f64());
    println!("| sent away (503), a second | {:.0} |", of(&over, Some(503)) as f64 / time.as_secs_f64());
    println!("| connections that ended | {} |", of(&over, None));
    println!(
        "| p50 and p99 of what was answered, ms | {:.0}, {:.0} |",
        quantile(&over, 500) / 1e3,
        quantile(&over, 990) / 1e3
    );
    println!("| memory before, after, at most, MiB | {}, {}, {} |", before.0 >> 10, during.0 >> 10, during.1 >> 10);
    println!("| then, at half: last one sent away after, s | {recovered:.2} |");
    println!("| p99 then, ms | {:.0} |", quantile(&after, 990) / 1e3);
}
