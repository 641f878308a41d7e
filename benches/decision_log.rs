//! What a log of decisions costs those who ask. `cargo bench --bench decision_log`
//!
//! The same questions to four services in turns, in one process and without a network, so that the log is as large a part of it as
//! it can be: without a log, with files, with a stream that keeps nothing, and with PostgreSQL on this machine. The ratios are what
//! counts: of the time until all is answered, of the time until all of it is kept, and of this process's processor time for both,
//! which moves less on a machine that does other things too. `RULES=tests/small` takes other rules.

#![expect(clippy::disallowed_methods, reason = "a bench is told by the clock")]
#![expect(clippy::float_arithmetic, reason = "ratios of times, not numbers of law")]

#[path = "../tests/replicas/cluster.rs"]
mod cluster;

use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use cluster::Cluster;
use thamquyen::library::{self, Library, Origin};
use thamquyen::server::decisions::file::Folder;
use thamquyen::server::decisions::postgres::Chain;
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::sink::Sink;
use thamquyen::server::decisions::stream::Stream;
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::server::{State, app};
use thamquyen::store::postgres::Address;
use thamquyen::syntax::tree::Language;
use tower::ServiceExt as _;

const ROUNDS: usize = 7;
/// Questions to each service in each round: fewer than may wait, so that none is lost.
const QUESTIONS: usize = 12_000;
const KINDS: [&str; 4] = ["no log", "files", "stream", "postgres"];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (folder, cluster) = (tempfile::tempdir().expect("a folder"), Cluster::start());
    let url = format!("postgres://tq@127.0.0.1:{}/postgres?sslmode=disable&chain=one", cluster.port);
    let sink = |kind: &str| -> Option<Box<dyn Sink>> {
        match kind {
            "files" => Some(Box::new(Folder::open(folder.path(), 64 << 20).expect("a folder"))),
            "stream" => Some(Box::new(Stream::new(File::options().write(true).open("/dev/null").expect("a device")))),
            "postgres" => Some(Box::new(Chain::open(&Address::of_chain(&url).expect("an address")).expect("a chain"))),
            _ => None,
        }
    };
    let bodies = bodies(&rules());
    let services = KINDS.map(|kind| service(sink(kind)));
    let mut times = KINDS.map(|_| Vec::new());
    for round in 0..=ROUNDS {
        for (state, times) in services.iter().zip(&mut times) {
            let before = state.decision_log().map_or(0, |log| log.doing().written);
            let (begun, ticks) = (Instant::now(), ticks());
            let asked = runtime.block_on(ask(state, &bodies));
            let answered = begun.elapsed();
            while state.decision_log().is_some_and(|log| log.doing().written < before + asked) {
                thread::sleep(Duration::from_millis(1));
            }
            // The first round fills what answers are kept in.
            if round > 0 {
                times.push([answered, begun.elapsed(), self::ticks() - ticks]);
            }
        }
    }
    let of = |kind: usize, what: usize| median(times[kind].iter().map(|times| times[what]));
    for (index, (kind, state)) in KINDS.iter().zip(&services).enumerate() {
        let lost = state.decision_log().map_or(0, |log| log.doing().lost);
        let told = ["answered", "kept", "worked"].iter().zip(0..).map(|(what, at)| {
            let time = of(index, at);
            format!("{what} {:.1} µs ({:.2} of no log)", time * 1e6 / QUESTIONS as f64, time / of(0, at))
        });
        println!("{kind:>8}: {}, {lost} lost", told.collect::<Vec<_>>().join(", "));
    }
}

fn rules() -> Library {
    let folder = std::env::var("RULES").unwrap_or_else(|_| "rules".to_owned());
    library::load(&Origin::Folders(vec![folder.into()]))
}

fn service(sink: Option<Box<dyn Sink>>) -> State {
    let state = State::new(rules());
    if let Some(sink) = sink {
        let salt = Salt::new(b"a salt of many bytes").expect("long enough");
        let plan = Plan { salt, one_in: 1, open: Vec::new(), personal: Vec::new() };
        state.log_to(Decisions::new(sink, plan, Pace::default(), Language::English).expect("a thread"));
    }
    state
}

/// Questions about tasks in many places on many days.
fn bodies(library: &Library) -> Vec<String> {
    let rulebook = &library.rulebook;
    let mut all = Vec::new();
    for day in 0..30 {
        let on = jiff::civil::date(2023, 5, 1).saturating_add(jiff::Span::new().days(day));
        let rows: Vec<_> = rulebook.register.rows_on(on).collect();
        for (place, task) in rulebook.tasks.iter().enumerate().filter(|(_, task)| task.roles.len() == 1).take(40) {
            let row = rows.get((place * 7 + usize::try_from(day).expect("small")) % rows.len().max(1)).expect("a unit");
            let (id, unit) = (&task.names.id, &rulebook.register.row(*row).code);
            all.push(format!("{{\"task\":\"{id}\",\"in\":\"{unit}\",\"on\":\"{on}\"}}"));
        }
    }
    all
}

/// Asks all of them again and again; how many were answered.
async fn ask(state: &State, bodies: &[String]) -> u64 {
    let (app, mut answered) = (app(state.clone()), 0);
    for body in bodies.iter().cycle().take(QUESTIONS) {
        let request = Request::post("/v1/who-decides").header("content-type", "application/json");
        let request = request.body(Body::from(body.clone())).expect("a request");
        let response = app.clone().oneshot(request).await.expect("infallible");
        answered += u64::from(response.status() == StatusCode::OK);
        let _ = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    }
    answered
}

/// Processor time of this process so far, in hundredths of a second as Linux tells it.
fn ticks() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * ticks)
}

/// In seconds.
fn median(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}
