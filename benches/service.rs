//! What the service costs beside a hello-world of the same axum, and what silent connections cost others. Servers run on one
//! core, the load on the other, in turns within one run; the ratios are what counts. `cargo bench --bench service`
//!
//! Beside requests a second there are requests for a second of the server's processor time: on a machine that does other
//! things too they move less.

#![expect(clippy::disallowed_methods, reason = "a bench is told by the clock")]
#![expect(clippy::float_arithmetic, reason = "ratios of times, not numbers of law")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::cell::Sought;
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::register::RowId;
use thamquyen::rulebook::{Domain, TaskId, Value};
use thamquyen::ruling::Question;
use thamquyen::server::{self, Settings, State, app};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const ROUNDS: usize = 11;
/// Requests of each kind in each round.
const REQUESTS: usize = 20_000;
const CONNECTIONS: usize = 32;
const SILENT: usize = 1_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|one| one == "--server").and_then(|at| arguments.get(at + 1)) {
        Some(kind) => serve(kind),
        None if arguments.iter().any(|one| one == "--load") => load(),
        None => {
            let status = pinned("1", &["--load"]).status().expect("the load runs");
            assert!(status.success(), "the load failed");
        }
    }
}

fn rules() -> Library {
    library::load(&Origin::Folders(vec!["rules".into()]))
}

/// This program again, on one core.
fn pinned(core: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(std::env::current_exe().expect("a path")).args(arguments);
    command
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Hello {
    name: String,
}

/// A server on a port of its own, which it says.
fn serve(kind: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        match kind {
            "hello" => {
                let hello =
                    |Json(Hello { name }): Json<Hello>| async move { Json(Hello { name: format!("hello, {name}") }) };
                axum::serve(listener, Router::new().route("/", post(hello))).await.expect("served");
            }
            "ours" => {
                let state = State::with(rules(), Settings::default());
                server::serve_until(listener, state, std::future::pending()).await;
            }
            _ => axum::serve(listener, Router::new().fallback_service(app(State::new(rules())))).await.expect("served"),
        }
    });
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(kind: &str) -> Self {
        let mut child = pinned("0", &["--server", kind]).stdout(Stdio::piped()).spawn().expect("taskset is there");
        let mut address = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
        Self { child, address: address.trim().to_owned() }
    }

    /// Hundredths of a second of processor time so far.
    fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn request(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// One request and its whole answer on an open connection; how long it took.
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Duration {
    let begun = Instant::now();
    stream.write_all(request).await.expect("sent");
    buffer.clear();
    loop {
        assert!(stream.read_buf(buffer).await.expect("an answer") > 0, "the answer broke off");
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).expect("ASCII");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{}", String::from_utf8_lossy(&buffer[end..]));
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if buffer.len() >= end + 4 + length.parse::<usize>().expect("a number") {
            return begun.elapsed();
        }
    }
}

/// Sends all requests over so many connections, one after the other on each. Time for all, and for each, sorted.
async fn run(address: &str, requests: Arc<Vec<Vec<u8>>>, connections: usize) -> (Duration, Vec<Duration>) {
    let next = Arc::new(AtomicUsize::new(0));
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await.expect("connected");
        stream.set_nodelay(true).expect("a socket");
        streams.push(stream);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|mut stream| {
            let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
            tokio::spawn(async move {
                let (mut buffer, mut took) = (Vec::with_capacity(64 << 10), Vec::new());
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    took.push(exchange(&mut stream, request, &mut buffer).await);
                }
                took
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic"));
    }
    let whole = begun.elapsed();
    all.sort();
    (whole, all)
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    }
}

/// How distinct questions are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All facts of the task, the units by their codes.
    ByCode,
    /// The same by their names and those of the units above.
    ByName,
    /// By code, on days of twelve years.
    OverYears,
    /// About half of the facts.
    Partly,
}

/// A question as a portal puts it: a lowest unit in each role, a day around the present one, facts. With its body.
fn question(library: &Library, dice: &mut Dice, kind: Kind) -> Option<(Question, String)> {
    let rulebook = &library.rulebook;
    let task = TaskId(u32::try_from(dice.below(rulebook.tasks.len())).expect("few tasks"));
    let (first, days) = match kind {
        Kind::OverYears => (jiff::civil::date(2015, 1, 1), 4_700),
        Kind::ByCode | Kind::ByName | Kind::Partly => (jiff::civil::date(2026, 1, 1), 60),
    };
    let on = first.saturating_add(jiff::Span::new().days(i64::try_from(dice.below(days)).expect("days")));
    let lowest = |row: &RowId| rulebook.register.children(*row, on).is_empty();
    let rows: Vec<RowId> = rulebook.register.rows_on(on).filter(lowest).collect();
    let places: Vec<Vec<RowId>> = rulebook[task].roles.iter().map(|_| vec![rows[dice.below(rows.len())]]).collect();
    let (mut facts, mut members) = (Vec::new(), Vec::new());
    for fact in &rulebook[task].facts {
        if kind == Kind::Partly && dice.below(2) == 0 {
            continue;
        }
        let names = |values: &[thamquyen::rulebook::Names], at: usize| format!("\"{}\"", values[at].id);
        let index = |at: usize| u8::try_from(at).expect("few values");
        let (value, text) = match &rulebook[*fact].domain {
            Domain::Boolean => {
                let truth = dice.below(2) == 0;
                (Value::Boolean(truth), truth.to_string())
            }
            Domain::One { values, .. } => {
                let at = dice.below(values.len());
                (Value::One(index(at)), names(values, at))
            }
            Domain::Many { values, .. } => {
                let at = dice.below(values.len());
                (Value::Many([index(at)].into()), names(values, at))
            }
            Domain::Number { integer, .. } => {
                let number =
                    rust_decimal::Decimal::new(i64::try_from(dice.below(400)).expect("small"), u32::from(!integer));
                (Value::Number(number.normalize()), number.to_string())
            }
            Domain::Date => continue,
            Domain::LevelOrNone => (Value::Level(None), "\"none\"".to_owned()),
        };
        facts.push((*fact, value));
        members.push(format!("\"{}\":{text}", rulebook[*fact].names.id));
    }
    facts.sort();
    let said = |row: &RowId| {
        let row = rulebook.register.row(*row);
        let above = row.parent.as_deref().and_then(|code| rulebook.register.row_on(code, on));
        let above = above.map(|above| rulebook.register.row(above).short_name.clone()).unwrap_or_default();
        if kind == Kind::ByName { format!("\"{}, {above}\"", row.name) } else { format!("\"{}\"", row.code) }
    };
    let roles = rulebook[task].roles.iter().map(|role| &rulebook[*role].names.id);
    let places_said: Vec<String> =
        roles.zip(&places).map(|(role, rows)| format!("\"{role}\":{}", said(&rows[0]))).collect();
    let id = &rulebook[task].names.id;
    let place = if places_said.is_empty() { String::new() } else { format!("\"in\":{{{}}},", places_said.join(",")) };
    let body = format!("{{\"task\":\"{id}\",{place}\"on\":\"{on}\",\"facts\":{{{}}}}}", members.join(","));
    Some((Question { task, on, places, without: Vec::new(), facts }, body))
}

/// Questions of which no two are the same, that have an answer. How many of them are answered off the diagrams is said.
fn questions(library: &Library, many: usize, kind: Kind) -> Vec<Vec<u8>> {
    let cells = library.cells.get().expect("compiled");
    let (mut dice, mut known, mut quick) = (Dice(7 + kind as u64), std::collections::BTreeSet::new(), 0);
    let mut found = Vec::with_capacity(many);
    while found.len() < many {
        let Some((question, body)) = question(library, &mut dice, kind) else { continue };
        if known.contains(&body) {
            continue;
        }
        let has_cell = matches!(cells.seek(library.law(), &question), Sought::Answer(_));
        if !has_cell && ask(library.law(), &question, Depth::Ruling).is_err() {
            continue;
        }
        quick += usize::from(has_cell);
        found.push(request("/v1/who-decides", &body));
        known.insert(body);
    }
    let share = 100 * quick / many;
    println!("{many} distinct questions, {kind:?}: {share} % off the diagrams\n");
    found
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn load() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let library = rules();
    library.compile();
    runtime.block_on(async {
        beside_hello(&library).await;
        beside_silence(&library).await;
    });
}

async fn beside_hello(library: &Library) {
    let hello = Arc::new(vec![request("/", "{\"name\":\"world\"}"); REQUESTS]);
    let by_code = questions(library, REQUESTS * ROUNDS, Kind::ByCode);
    let by_name = questions(library, REQUESTS * ROUNDS, Kind::ByName);
    let over_years = questions(library, REQUESTS * ROUNDS, Kind::OverYears);
    let partly = questions(library, REQUESTS * ROUNDS / 10, Kind::Partly);
    let few: Vec<Vec<u8>> = by_code.iter().rev().take(100).cloned().collect();
    let repeated = Arc::new(few.iter().cycle().take(REQUESTS).cloned().collect::<Vec<_>>());
    let (theirs, ours) = (Server::start("hello"), Server::start("ours"));
    run(&theirs.address, Arc::clone(&hello), CONNECTIONS).await;
    run(&ours.address, Arc::clone(&repeated), CONNECTIONS).await;
    // By kind: requests a second, and for a second of processor time.
    let mut rates: [Vec<(f64, f64)>; 6] = Default::default();
    for round in 0..ROUNDS {
        let part = |all: &[Vec<u8>]| {
            let many = all.len() / ROUNDS;
            Arc::new(all[round * many..][..many].to_vec())
        };
        let kinds = [
            (&theirs, Arc::clone(&hello)),
            (&ours, Arc::clone(&repeated)),
            (&ours, part(&by_code)),
            (&ours, part(&by_name)),
            (&ours, part(&over_years)),
            (&ours, part(&partly)),
        ];
        for ((server, requests), rates) in kinds.into_iter().zip(&mut rates) {
            let (before, many) = (server.ticks(), requests.len() as f64);
            let (whole, _) = run(&server.address, requests, CONNECTIONS).await;
            let ticks = (server.ticks() - before) as f64;
            rates.push((many / whole.as_secs_f64(), many * 100.0 / ticks));
        }
    }
    caches(&ours).await;
    println!(
        "| {ROUNDS} rounds of {REQUESTS} requests | requests/s | beside hello | for a second of CPU | beside hello |"
    );
    println!("|---|---:|---:|---:|---:|");
    let names = [
        "hello-world",
        "repeated questions",
        "distinct questions, by code",
        "distinct questions, by name",
        "distinct questions, over twelve years",
        "distinct, partly answered",
    ];
    for (name, own) in names.iter().zip(&rates) {
        let ratio = |of: fn(&(f64, f64)) -> f64| {
            median(own.iter().zip(&rates[0]).map(|(own, hello)| of(own) / of(hello)).collect())
        };
        let middle = |of: fn(&(f64, f64)) -> f64| median(own.iter().map(of).collect());
        println!(
            "| {name} | {:.0} | {:.2} | {:.0} | {:.2} |",
            middle(|pair| pair.0),
            ratio(|pair| pair.0),
            middle(|pair| pair.1),
            ratio(|pair| pair.1)
        );
    }
}

/// Prints how often answers were found.
async fn caches(server: &Server) {
    let mut stream = TcpStream::connect(&server.address).await.expect("connected");
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("an answer");
    for line in text.lines().filter(|line| line.starts_with("thamquyen_cache")) {
        println!("    {line}");
    }
    println!();
}

/// Opens silent connections: half say nothing, the others half a head, or one request.
async fn fall_silent(address: &str) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for place in 0..SILENT {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let said = match place % 4 {
            0 | 1 => "",
            2 => "POST /v1/who-decides HTTP/1.1\r\nhost:",
            _ => "GET /healthz/live HTTP/1.1\r\nhost: x\r\n\r\n",
        };
        stream.write_all(said.as_bytes()).await.expect("sent");
        open.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    open
}

/// How many of them are still open.
fn still_open(streams: &[TcpStream]) -> usize {
    let open = |stream: &&TcpStream| loop {
        match stream.try_read(&mut [0; 4096]) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    };
    streams.iter().filter(open).count()
}

async fn beside_silence(library: &Library) {
    let few = questions(library, 100, Kind::ByCode);
    let requests = Arc::new(few.iter().cycle().take(REQUESTS).cloned().collect::<Vec<_>>());
    let p99 = |took: &[Duration]| took[took.len() * 99 / 100].as_secs_f64() * 1e6;
    println!(
        "\n| 8 connections beside {SILENT} silent ones | p99 alone, µs | p99 beside them, µs | ratio | still open after 12 s |"
    );
    println!("|---|---:|---:|---:|---:|");
    for (name, kind) in [("tq serve", "ours"), ("the same app under axum::serve", "control")] {
        let server = Server::start(kind);
        run(&server.address, Arc::clone(&requests), 8).await;
        let (mut alone, mut beside) = (Vec::new(), Vec::new());
        let mut open = 0;
        for round in 0..7 {
            let (_, took) = run(&server.address, Arc::clone(&requests), 8).await;
            alone.push(p99(&took));
            let silent = fall_silent(&server.address).await;
            let (_, took) = run(&server.address, Arc::clone(&requests), 8).await;
            beside.push(p99(&took));
            if round == 6 {
                tokio::time::sleep(Duration::from_secs(12)).await;
                open = still_open(&silent);
            }
        }
        let ratio = median(beside.iter().zip(&alone).map(|(beside, alone)| beside / alone).collect());
        println!("| {name} | {:.0} | {:.0} | {ratio:.2} | {open} |", median(alone), median(beside));
    }
}
