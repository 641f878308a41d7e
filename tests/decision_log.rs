//! The log of decisions: what is in it, what is never in it, what breaks its chain, and what a service does that cannot write it.

use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use thamquyen::digest::Digest;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::logged::Fact;
use thamquyen::server::configuration::Configuration;
use thamquyen::server::decisions::file::{Folder, Unfit};
use thamquyen::server::decisions::read::{Broken, Line, Lines, files_of};
use thamquyen::server::decisions::record::{After, Flaw, Given, Link, Publication, Record, Says, Via};
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::sink::{self, Sink};
use thamquyen::server::decisions::stream::Stream;
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::server::{State, app};
use thamquyen::syntax::tree::Language;
use tower::ServiceExt as _;

const SALT: &str = "a salt of many bytes";
const MEBIBYTE: u64 = 1 << 20;

fn rules() -> Library {
    library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")]))
}

fn salt() -> Salt {
    Salt::new(SALT.as_bytes()).expect("long enough")
}

fn plan() -> Plan {
    Plan { salt: salt(), one_in: 1, open: Vec::new(), personal: Vec::new() }
}

fn pace() -> Pace {
    let soon = Duration::from_millis(2);
    Pace { look: soon, retry: soon, ..Pace::default() }
}

/// A service that logs.
fn service(sink: Box<dyn Sink>, plan: Plan, pace: Pace) -> State {
    let state = State::new(rules());
    state.log_to(Decisions::new(sink, plan, pace, Language::English).expect("a thread"));
    state
}

fn in_folder(folder: &Path, plan: Plan) -> State {
    service(Box::new(Folder::open(folder, MEBIBYTE).expect("a log")), plan, pace())
}

fn log(state: &State) -> &Decisions {
    state.decision_log().expect("a log")
}

async fn send(state: &State, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app(state.clone()).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

async fn get(state: &State, path: &str) -> (StatusCode, HeaderMap, String) {
    send(state, Request::get(path).body(Body::empty()).expect("a request")).await
}

fn question(area: &str) -> Value {
    json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { "doi-tuong": "ca-nhan", "dien-tich": area } })
}

/// Asks under an id.
async fn ask(state: &State, id: &str, question: &Value) -> StatusCode {
    let request =
        Request::post("/v1/who-decides").header("content-type", "application/json").header("x-request-id", id);
    send(state, request.body(Body::from(question.to_string())).expect("a request")).await.0
}

async fn batch(state: &State, lines: &[String]) -> StatusCode {
    let request = Request::post("/v1/who-decides/batch")
        .header("content-type", "application/x-ndjson")
        .header("x-request-id", "the-batch");
    send(state, request.body(Body::from(lines.join("\n"))).expect("a request")).await.0
}

const QUERY: &str = "task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=ca-nhan&fact.dien-tich=7.31";

/// All ways to ask, with one area.
async fn ask_everywhere(state: &State) {
    for id in ["one", "two", "three", "four"] {
        assert_eq!(ask(state, id, &question("7.31")).await, StatusCode::OK);
    }
    let (status, headers, _) = get(state, &format!("/v1/who-decides?{QUERY}")).await;
    assert_eq!(status, StatusCode::OK);
    let again = Request::get(format!("/v1/who-decides?{QUERY}")).header("if-none-match", &headers["etag"]);
    let (status, ..) = send(state, again.body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    let lines = [question("7.31").to_string(), "{}".to_owned(), question("0.1").to_string()];
    assert_eq!(batch(state, &lines).await, StatusCode::OK);
    assert_eq!(get(state, &format!("/?{QUERY}")).await.0, StatusCode::OK);
    assert_eq!(get(state, "/").await.0, StatusCode::OK);
    assert_eq!(ask(state, "bad", &json!({ "task": "nothing" })).await, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Every record of a log that is whole.
fn records(folder: &Path) -> Vec<Record> {
    let lines = Lines::of(&[folder.to_owned()]).expect("a log");
    lines.map(|line| line.expect("a whole chain").record).collect()
}

fn answers(records: &[Record]) -> Vec<&Given> {
    records
        .iter()
        .filter_map(|record| if let Says::Answer(given) = &record.says { Some(given) } else { None })
        .collect()
}

/// The bytes of a log.
fn bytes(folder: &Path) -> Vec<u8> {
    files_of(folder).expect("a folder").iter().flat_map(|file| fs::read(file).expect("a file")).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn every_answer_is_in_the_log_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = in_folder(folder.path(), plan());
    ask_everywhere(&state).await;
    log(&state).close();
    #[cfg(unix)]
    for entry in fs::read_dir(folder.path()).expect("a folder") {
        let about = entry.expect("an entry").metadata().expect("there");
        let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions());
        assert_eq!(mode & 0o077, 0, "nobody else reads what was asked");
    }
    let records = records(folder.path());
    assert!(matches!(&records[0].says, Says::Begins(begins) if begins.to == "file" && begins.after.is_none()));
    assert!(matches!(records.last().expect("some").says, Says::Ends(_)));
    let answers = answers(&records);
    let about: Vec<_> =
        answers.iter().map(|one| (one.request.as_deref().unwrap_or_default(), one.via, one.line)).collect();
    assert_eq!(about[..4], ["one", "two", "three", "four"].map(|id| (id, Via::WhoDecides, None)));
    assert_eq!((about[4].1, about[4].2), (Via::WhoDecides, None));
    assert_eq!(about[5..7], [("the-batch", Via::Batch, Some(1)), ("the-batch", Via::Batch, Some(3))]);
    assert_eq!((about[7].1, about.len()), (Via::Page, 8), "a bad question, an empty page and a 304 are no answers");
    // The same answer is logged alike, from wherever it came: worked out, kept as a ruling, or kept whole.
    assert!(answers[..6].iter().all(|one| one.told == answers[0].told));
    let told = &answers[0].told;
    assert_eq!((&*told.ruling.outcome, &*told.ruling.deciders[0].body), ("decided", "ubnd"));
    assert_eq!(told.version, state.version());
    assert_eq!(told.question.facts["doi-tuong"], Fact::Text("ca-nhan".to_owned()));
    assert_eq!(log(&state).doing().lost, 0);
    // What is answered after the end is lost, and counted.
    ask(&state, "late", &question("7.31")).await;
    assert_eq!(log(&state).doing().lost, 1);
}

#[tokio::test]
async fn who_asked_is_in_the_log_where_the_service_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let (key, hash) = thamquyen::server::access::made().expect("randomness");
    let file = folder.path().join("service.toml");
    let access = format!(
        "[access]\nreading = \"keys\"\nmetrics = \"operator\"\n[[access.key]]\nname = \"Ơn\"\nroles = [\"reader\"]\nsha256 = \"{hash}\"\n"
    );
    fs::write(&file, access).expect("written");
    let settings = Configuration::read(&file).and_then(|read| read.settings(Language::English)).expect("right");
    let state = State::with(rules(), settings);
    let sink = Folder::open(&folder.path().join("log"), MEBIBYTE).expect("a log");
    state.log_to(Decisions::new(Box::new(sink), plan(), pace(), Language::English).expect("a thread"));
    let lines = [("/v1/who-decides", "application/json"), ("/v1/who-decides/batch", "application/x-ndjson")];
    for (path, kind) in lines {
        let request = Request::post(path).header("content-type", kind).header("authorization", format!("Bearer {key}"));
        let (status, ..) =
            send(&state, request.body(Body::from(question("0.1").to_string())).expect("a request")).await;
        assert_eq!(status, StatusCode::OK);
    }
    log(&state).close();
    let records = records(&folder.path().join("log"));
    let by: Vec<Option<&str>> = answers(&records).iter().map(|one| one.by.as_deref()).collect();
    assert_eq!(by, [Some("Ơn"); 2]);
    assert!(!holds(&bytes(&folder.path().join("log")), &key), "the key is not");
}

#[tokio::test]
async fn what_is_personal_is_nowhere_in_clear() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = in_folder(folder.path(), plan());
    ask_everywhere(&state).await;
    log(&state).close();
    let written = bytes(folder.path());
    assert!(!holds(&written, "7.31") && !holds(&written, SALT));
    assert!(holds(&written, &salt().fact("dien-tich", "7.31")), "its hash stands there");
    assert!(holds(&written, "ca-nhan"), "what is enumerated is open");
    assert!(!format!("{:?}{:?}{:?}", plan(), log(&state), state).contains(SALT));

    // The control, which the search finds: said to be open. And the other way: said to be personal.
    let other = tempfile::tempdir().expect("a folder");
    let open = Plan { open: vec!["dien-tich".to_owned()], personal: vec!["doi-tuong".to_owned()], ..plan() };
    let state = in_folder(other.path(), open);
    ask_everywhere(&state).await;
    log(&state).close();
    let written = bytes(other.path());
    assert!(holds(&written, "7.31") && !holds(&written, "ca-nhan"));
}

/// A log of some answers, as it lies in its one file.
async fn some_log() -> (TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder");
    let state = in_folder(folder.path(), plan());
    for (id, area) in [("a", "0.1"), ("b", "0.2"), ("c", "0.9"), ("d", "1.5")] {
        ask(&state, id, &question(area)).await;
    }
    log(&state).close();
    let written = bytes(folder.path());
    (folder, written)
}

fn check(log: &[u8]) -> Result<Option<Link>, Broken> {
    let mut last = None;
    for line in Lines::of_stream(Cursor::new(log)) {
        last = Some(line?.link);
    }
    Ok(last)
}

#[tokio::test]
async fn a_flipped_bit_is_found_at_its_line() {
    let (_folder, written) = some_log().await;
    let head = check(&written).expect("the control is whole").expect("some records");
    let lines: Vec<usize> = written
        .iter()
        .scan(1, |line, byte| {
            let own = *line;
            *line += usize::from(*byte == b'\n');
            Some(own)
        })
        .collect();
    let last = *lines.last().expect("some lines");
    let mut unseen = 0;
    for (place, line) in lines.iter().copied().enumerate() {
        let mut flipped = written.clone();
        flipped[place] ^= 1 << (place % 8);
        match check(&flipped) {
            // Of the last two lines only one can be believed, and nothing behind them says which.
            Err(Broken { line: told, flaw: Flaw::Chain, .. }) => {
                assert_eq!(usize::try_from(told), Ok(last), "byte {place}");
                assert!(line + 1 >= last, "byte {place}");
            }
            Err(broken) => assert_eq!(usize::try_from(broken.line), Ok(line), "byte {place}: {broken:?}"),
            // Nothing stands behind the last line; but it has another hash than the one that the service told.
            Ok(found) => {
                assert_eq!(line, last, "byte {place}");
                assert_ne!(found, Some(head));
                unseen += 1;
            }
        }
    }
    assert!(unseen > 0);
}

#[tokio::test]
async fn lines_taken_away_put_in_or_moved_break_the_chain() {
    let (_folder, written) = some_log().await;
    let lines: Vec<&[u8]> = written.split_inclusive(|byte| *byte == b'\n').collect();
    let is_broken = |lines: &[&[u8]]| check(&lines.concat()).is_err();
    assert!(!is_broken(&lines), "the control");
    for place in 1..lines.len() - 1 {
        let mut other = lines.clone();
        other.remove(place);
        assert!(is_broken(&other), "without line {}", place + 1);
        let mut other = lines.clone();
        other.insert(place, lines[place]);
        assert!(is_broken(&other), "line {} twice", place + 1);
        let mut other = lines.clone();
        other.swap(place, place - 1);
        assert!(is_broken(&other), "lines {place} and {} swapped", place + 1);
    }
    // From the end nothing is missed: that is what the head is told for.
    assert!(!is_broken(&lines[..lines.len() - 1]));
    assert!(!is_broken(&lines[2..]), "old files may be gone");
}

#[tokio::test]
async fn a_line_that_was_cut_is_kept_beside_and_the_chain_goes_on() {
    let (from, written) = some_log().await;
    let name = files_of(from.path()).expect("files")[0].file_name().expect("a name").to_owned();
    let begin = written[..written.len() - 1].iter().rposition(|byte| *byte == b'\n').expect("lines") + 1;
    for length in [begin, begin + 1, begin + 40, written.len() - 1] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(&name), &written[..length]).expect("written");
        let state = in_folder(folder.path(), plan());
        ask(&state, "next", &question("0.1")).await;
        log(&state).close();
        let records = records(folder.path());
        let begins =
            records.iter().rev().find_map(|one| if let Says::Begins(begins) = &one.says { Some(begins) } else { None });
        let begins = begins.expect("a start");
        assert_eq!(begins.after, Some(After::Stopped));
        match &begins.set_aside {
            None => assert_eq!(length, begin, "nothing was cut"),
            Some(aside) => {
                let kept = fs::read(folder.path().join(&aside.file)).expect("kept");
                assert_eq!(kept, written[begin..length]);
                assert_eq!(aside.bytes, u64::try_from(length - begin).expect("few"));
            }
        }
        assert_eq!(answers(&records).last().expect("one").request.as_deref(), Some("next"));
    }
    // In the middle nothing is cut by a crash: somebody changed it, and the log is not gone on with.
    let folder = tempfile::tempdir().expect("a folder");
    let mut changed = written.clone();
    changed[begin / 2] ^= 1;
    fs::write(folder.path().join(&name), &changed).expect("written");
    assert!(matches!(Folder::open(folder.path(), MEBIBYTE), Err(Unfit::Broken(_))));
    assert_eq!(bytes(folder.path()), changed, "it is left as it is");
}

#[tokio::test]
async fn files_rotate_and_the_chain_goes_on_over_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for start in 0..3 {
        let sink = Folder::open(folder.path(), 1_500).expect("a log");
        let state = service(Box::new(sink), plan(), pace());
        for index in 0..10 {
            ask(&state, &format!("{start}-{index}"), &question("0.1")).await;
            until(|| log(&state).doing().written > index).await;
        }
        log(&state).close();
    }
    let files = files_of(folder.path()).expect("files");
    assert!(files.len() > 5, "{files:?}");
    let records = records(folder.path());
    assert_eq!(answers(&records).len(), 30);
    assert_eq!(records.last().expect("some").n, u64::try_from(records.len()).expect("few"));
    let ended = |one: &&Record| matches!(&one.says, Says::Begins(begins) if begins.after == Some(After::Ended));
    assert_eq!(records.iter().filter(ended).count(), 2);
    // Without one of them it is broken; without the oldest ones it is not.
    let without = |missing: usize| {
        let left: Vec<PathBuf> =
            files.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, file)| file.clone()).collect();
        Lines::of(&left).expect("files").all(|line| line.is_ok())
    };
    assert!(without(0) && !without(2));
    assert!(matches!(
        (Folder::open(folder.path(), 1_500).expect("a log"), Folder::open(folder.path(), 1_500)),
        (_, Err(Unfit::Taken))
    ));
}

#[test]
fn every_day_has_a_file_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut sink = Folder::open(folder.path(), MEBIBYTE).expect("a log");
    // Days begin at midnight in Việt Nam.
    for (number, at) in [(1, "2026-11-23T16:59:59Z"), (2, "2026-11-23T17:00:00Z"), (3, "2026-11-23T17:00:01Z")] {
        let link = Link { number, hash: Some(Digest::of(at.as_bytes())) };
        let lines = sink::Lines { text: b"x\n", first: number, at: at.parse().expect("a moment"), link };
        sink.write(lines).expect("written");
    }
    let names: Vec<_> = files_of(folder.path())
        .expect("files")
        .iter()
        .map(|file| file.file_name().expect("a name").to_owned())
        .collect();
    assert_eq!(names, ["000000000001-2026-11-23.ndjson", "000000000002-2026-11-24.ndjson"]);
}

#[tokio::test]
async fn a_sample_is_exact_and_the_same_for_all() {
    let drawn =
        |salt: &Salt| (0..200).map(|id| format!("r{id}")).filter(|id| salt.draws(id, None, 4)).collect::<Vec<_>>();
    let mut logged = Vec::new();
    for _ in 0..2 {
        let folder = tempfile::tempdir().expect("a folder");
        let state = in_folder(folder.path(), Plan { one_in: 4, ..plan() });
        for id in 0..200 {
            ask(&state, &format!("r{id}"), &question("0.1")).await;
        }
        let lines: Vec<String> = (0..50).map(|_| question("0.2").to_string()).collect();
        batch(&state, &lines).await;
        log(&state).close();
        let records = records(folder.path());
        assert!(matches!(&records[0].says, Says::Begins(begins) if begins.one_in == 4));
        let (one, many): (Vec<_>, Vec<_>) = answers(&records).into_iter().cloned().partition(|one| one.line.is_none());
        let ids: Vec<String> = one.into_iter().filter_map(|one| one.request).collect();
        assert_eq!(ids, drawn(&salt()));
        let lines: Vec<usize> = many.iter().filter_map(|one| one.line).collect();
        assert_eq!(lines, (1..=50).filter(|line| salt().draws("the-batch", Some(*line), 4)).collect::<Vec<_>>());
        logged.push((ids, lines));
    }
    assert_eq!(logged[0], logged[1]);
    // The control: who does not know the salt cannot tell which ids are drawn.
    assert_ne!(drawn(&Salt::new(b"another salt of many bytes").expect("long enough")), drawn(&salt()));
}

/// Writes until it is told not to.
struct Refusing {
    log: Folder,
    refuses: Arc<AtomicBool>,
}

impl Sink for Refusing {
    fn name(&self) -> &'static str {
        self.log.name()
    }

    fn link(&self) -> Link {
        self.log.link()
    }

    fn write(&mut self, lines: sink::Lines<'_>) -> io::Result<()> {
        if self.refuses.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { self.log.write(lines) }
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.refuses.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { self.log.sync() }
    }
}

/// Waits for what must come.
async fn until(holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("it comes to that");
}

/// While something is written, once, somebody else asks.
struct Busy {
    log: Folder,
    asks: Arc<Mutex<Option<State>>>,
}

impl Sink for Busy {
    fn name(&self) -> &'static str {
        self.log.name()
    }

    fn link(&self) -> Link {
        self.log.link()
    }

    fn write(&mut self, lines: sink::Lines<'_>) -> io::Result<()> {
        if let Some(state) = self.asks.lock().expect("no panic").take() {
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            assert_eq!(runtime.block_on(ask(&state, "meanwhile", &question("0.2"))), StatusCode::OK);
        }
        self.log.write(lines)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.log.sync()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_while_the_log_ends_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let asks = Arc::new(Mutex::new(None));
    let sink = Busy { log: Folder::open(folder.path(), MEBIBYTE).expect("a log"), asks: Arc::clone(&asks) };
    // It looks at the end alone.
    let state = service(Box::new(sink), plan(), Pace { look: Duration::from_secs(3600), ..pace() });
    until(|| log(&state).doing().written == 1).await;
    assert_eq!(ask(&state, "before", &question("0.1")).await, StatusCode::OK);
    *asks.lock().expect("no panic") = Some(state.clone());
    log(&state).close();
    let records = records(folder.path());
    let requests: Vec<_> = answers(&records).iter().filter_map(|one| one.request.as_deref()).collect();
    assert_eq!((requests, log(&state).doing().lost), (vec!["before", "meanwhile"], 0));
    assert!(matches!(records.last().expect("some").says, Says::Ends(_)));
}

fn publication() -> Publication {
    Publication {
        request: None,
        by: "An".to_owned(),
        deed: "publish".to_owned(),
        proposal: None,
        rules: Some("0".repeat(64)),
    }
}

async fn publish(state: &State) -> Result<(), String> {
    let log = log(state).clone();
    tokio::task::spawn_blocking(move || log.publication(publication())).await.expect("no panic")
}

#[tokio::test]
async fn a_full_disk_stops_publications_and_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let refuses = Arc::new(AtomicBool::new(false));
    let sink = Refusing { log: Folder::open(folder.path(), MEBIBYTE).expect("a log"), refuses: Arc::clone(&refuses) };
    let state = service(Box::new(sink), plan(), Pace { queue: 8, ..pace() });
    assert_eq!(ask(&state, "before", &question("0.1")).await, StatusCode::OK);
    publish(&state).await.expect("the control: it can be written");
    until(|| log(&state).doing().written >= 3).await;
    assert!(log(&state).is_writable());

    refuses.store(true, Ordering::SeqCst);
    assert!(publish(&state).await.is_err(), "what cannot be logged is not published");
    assert!(!log(&state).is_writable());
    let asked = 5_000;
    for index in 0..asked {
        assert_eq!(ask(&state, &format!("r{index}"), &question("0.1")).await, StatusCode::OK, "reading goes on");
    }
    let lost = log(&state).doing().lost;
    assert!(lost > 0 && lost < asked, "{lost}");
    let (status, _, ready) = get(&state, "/healthz/ready").await;
    let ready: Value = serde_json::from_str(&ready).expect("JSON");
    let told = &ready["decisions"];
    assert_eq!((status, &told["writing"], &told["lost"]), (StatusCode::OK, &json!(false), &json!(lost)));
    assert!(told["failing"]["message"].is_string() && told["failing"]["since"].is_string(), "{told}");
    let (_, _, metrics) = get(&state, "/metrics").await;
    assert!(metrics.contains(&format!("thamquyen_decisions_lost_total {lost}\n")), "{metrics}");
    assert!(metrics.contains("thamquyen_decisions_writing 0\n"), "{metrics}");

    refuses.store(false, Ordering::SeqCst);
    until(|| log(&state).is_writable()).await;
    assert_eq!(ask(&state, "after", &question("0.1")).await, StatusCode::OK);
    publish(&state).await.expect("it can be written again");
    log(&state).close();
    // The queue is small, and may still have been full.
    let lost = log(&state).doing().lost;
    let records = records(folder.path());
    let gap = |record: &Record| if let Says::Gap(gap) = &record.says { gap.lost } else { 0 };
    assert_eq!(records.iter().map(gap).sum::<u64>(), lost, "the gap is in the log");
    let in_log = u64::try_from(answers(&records).len()).expect("few");
    assert_eq!(in_log + lost, asked + 2, "every answer is there, or counted");
    assert_eq!(records.iter().filter(|one| matches!(one.says, Says::Publication(_))).count(), 2);
}

/// The system's own full disk.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_stream_that_takes_nothing_is_told() {
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    let state = service(Box::new(Stream::new(full)), plan(), pace());
    until(|| !log(&state).is_writable()).await;
    assert_eq!(ask(&state, "one", &question("0.1")).await, StatusCode::OK);
    assert!(publish(&state).await.is_err());
    let (_, why) = log(&state).doing().failing.expect("it fails");
    assert!(why.contains("No space left"), "{why}");
}

#[tokio::test]
async fn a_stream_has_a_chain_of_its_own_from_each_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out");
    for _ in 0..2 {
        let out = fs::File::options().create(true).append(true).open(&file).expect("a file");
        let state = service(Box::new(Stream::new(out)), plan(), pace());
        ask(&state, "one", &question("0.1")).await;
        log(&state).close();
    }
    let lines: Vec<Line> =
        Lines::of(std::slice::from_ref(&file)).expect("a file").collect::<Result<_, _>>().expect("whole");
    let numbers: Vec<(u64, bool)> = lines.iter().map(|line| (line.record.n, line.begins_anew)).collect();
    assert_eq!(numbers, [(1, false), (2, false), (3, false), (1, true), (2, false), (3, false)]);
    // The control: a second beginning that is none breaks the chain.
    let written = fs::read_to_string(&file).expect("text");
    let second = written.lines().nth(4).expect("a line");
    fs::File::options()
        .append(true)
        .open(&file)
        .expect("a file")
        .write_all(format!("{second}\n").as_bytes())
        .expect("written");
    let broken = Lines::of(&[file]).expect("a file").find_map(Result::err).expect("broken");
    assert!(matches!((broken.line, broken.flaw), (7, Flaw::Chain)));
}

/// What a configuration says is wrong with a section, in both languages.
fn refused(folder: &Path, section: &str) -> (String, String) {
    let file = folder.join("service.toml");
    fs::write(&file, format!("[decisions]\n{section}\n")).expect("written");
    let wrong = Configuration::read(&file).and_then(|configuration| State::new(rules()).log_decisions(&configuration));
    let wrong = wrong.expect_err("it is wrong");
    (wrong.words(Language::English), wrong.words(Language::Vietnamese))
}

fn secret(file: &Path, text: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(file, text).expect("written");
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("set");
}

#[tokio::test]
async fn a_section_that_is_wrong_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    secret(&folder.path().join("salt"), SALT, 0o600);
    secret(&folder.path().join("short"), "short", 0o600);
    secret(&folder.path().join("shown"), SALT, 0o644);
    let good = "to = \"file\"\nfolder = \"log\"\nsalt-file = \"salt\"";
    let rows = |url: &str| format!("to = \"postgres\"\nsalt-file = \"salt\"\ndatabase = \"postgres://{url}\"");
    for (section, english, vietnamese) in [
        ("to = \"file\"\nfolder = \"log\"", "missing field `salt-file`", "không hiểu được"),
        ("to = \"cloud\"\nsalt-file = \"salt\"", "unknown variant `cloud`", "không hiểu được"),
        (&format!("{good}\nhash-nothing = true"), "unknown field", "không hiểu được"),
        ("to = \"file\"\nsalt-file = \"salt\"", "[decisions] folder: missing", "thiếu"),
        ("to = \"file\"\nfolder = \"log\"\nsalt-file = \"short\"", "fewer than 16 bytes", "ngắn hơn 16 byte"),
        ("to = \"file\"\nfolder = \"log\"\nsalt-file = \"shown\"", "chmod 600", "chmod 600"),
        ("to = \"stdout\"\nfolder = \"log\"\nsalt-file = \"salt\"", "only goes with to = \"file\"", "chỉ dùng khi"),
        (&format!("{good}\nsample = \"half\""), "`half` is not understood", "không hiểu `half`"),
        (&format!("{good}\nsample = \"1/0\""), "`1/0` is not understood", "không hiểu `1/0`"),
        (&format!("{good}\nopen = [\"dien-tic\"]"), "there is no fact `dien-tic`", "không có dữ kiện `dien-tic`"),
        (&format!("{good}\nfile-mebibytes = 0"), "must be a number from 1", "phải là số từ 1"),
        (
            &format!("{good}\nopen = [\"dien-tich\"]\npersonal = [\"dien-tich\"]"),
            "both open and personal",
            "vừa để mở vừa là",
        ),
        ("to = \"stdout\"\nfile-mebibytes = 1\nsalt-file = \"salt\"", "file-mebibytes: only goes", "chỉ dùng khi"),
        ("to = \"postgres\"\nsalt-file = \"salt\"", "or the name of the chain is missing", "thiếu cơ sở dữ liệu"),
        (&rows("tq@h/d"), "or the name of the chain is missing", "hoặc tên chuỗi"),
        (&format!("{}\nfolder = \"log\"", rows("h/d?chain=a")), "only goes with to = \"file\"", "chỉ dùng khi"),
        (&format!("{good}\ndatabase = \"postgres://h/d?chain=a\""), "only goes with to = \"postgres\"", "chỉ dùng khi"),
        (&rows("tq:hush@h/d?chain=a"), "[decisions] database: no password goes here", "không ghi mật khẩu ở đây"),
        (&rows("tq@h/d?chain=a&password=hush"), "no password goes here", "không ghi mật khẩu ở đây"),
        (&rows("tq@h/d?chain=a&pasword=hush"), "says `pasword`, which is not known", "`pasword` là điều không rõ"),
        (&rows("tq@h/d?store=a"), "it may say: chain, host", "có thể viết: chain, host"),
        (&rows("tq@h/d?chain=A"), "is not right (chain=A)", "không đúng (chain=A)"),
        (&rows("127.0.0.1:1/d?sslmode=disable&chain=a"), "d?chain=a` does not answer", "d?chain=a` không trả lời"),
    ] {
        let (said, dit) = refused(folder.path(), section);
        assert!(!said.contains("hush") && !dit.contains("hush"), "{said}\n{dit}");
        assert!(said.contains(english) && dit.contains(vietnamese), "{section}\n{said}\n{dit}");
    }
    // The control.
    let file = folder.path().join("service.toml");
    fs::write(&file, format!("[decisions]\n{good}\nsample = \"1/2\"\nopen = [\"dien-tich\"]\n")).expect("written");
    let state = State::new(rules());
    state.log_decisions(&Configuration::read(&file).expect("read")).expect("right");
    ask(&state, "one", &question("0.1")).await;
    log(&state).close();
    assert!(!records(&folder.path().join("log")).is_empty());
}
