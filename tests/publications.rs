//! Publications one after the other under load, over HTTP, on the full rules: no request fails, each answer is that of the version
//! that it names, and no connection ever sees an older version after a newer one.
//!
//! Each publication turns one sentence of one task round, the one time to a body and the next time to who heads it, so that the
//! versions differ in what they answer. `PUBLICATIONS=300 cargo test --release --test publications -- --nocapture` says how long
//! so many take.

#[path = "desk/office.rs"]
pub mod office;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use office::{Office, ask};
use serde_json::{Value, json};
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::check::ask_command;
use thamquyen::reading::diff::{self, Scope};
use thamquyen::reading::heritage::Heritage;
use thamquyen::server::{self, Settings, State};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Publications without being asked for more.
const PUBLICATIONS: usize = 40;
/// Connections that ask.
const ASKING: usize = 4;

/// Sentences of several tasks; each says the one of [`WAYS`].
const SENTENCES: [(&str, &str); 5] = [
    ("cong-thuong/139-2025-nd-cp.tq", "bao-cao-ruou-thu-cong"),
    ("moi-truong/28-2023-qh15.tq", "cap-phep-khai-thac-nuoc"),
    ("nha-o/27-2023-qh15.tq", "cuong-che-pha-do-nha-o"),
    ("lien-nganh/66-18-2026-nq-cp.tq", "truong-chuyen-biet-sap-nhap"),
    ("xay-dung/140-2025-nd-cp.tq", "dat-ten-duong"),
];
const WAYS: [&str; 2] = ["do UBND cấp tỉnh quyết định", "do Chủ tịch UBND cấp tỉnh quyết định"];

fn publications() -> usize {
    let wanted = std::env::var("PUBLICATIONS").ok().map(|wanted| wanted.parse().expect("PUBLICATIONS is a number"));
    wanted.unwrap_or(PUBLICATIONS)
}

/// A sentence, and a question about it.
struct Turned {
    path: &'static str,
    /// The text of the file, each way.
    texts: [String; 2],
    question: String,
    /// Who decides, as it is said, each way.
    deciders: [String; 2],
}

impl Turned {
    async fn new(rules: &Library, (path, task): (&'static str, &str)) -> Self {
        let file = rules.files.iter().find(|file| file.path == path).expect("a file of the rules");
        let text = std::str::from_utf8(&file.bytes).expect("text");
        let said = WAYS.map(|way| format!("  {task} {way}\n"));
        let now = said.iter().position(|said| text.contains(said.as_str())).expect("a sentence of the task");
        // The way that it is comes first.
        let texts = [text.to_owned(), text.replace(&said[now], &said[1 - now])];
        let other = with_one(rules, path, &texts[1]);
        let heritage = Heritage::new(&other.rulebook, &rules.rulebook);
        let diff = diff::beyond((other.law(), rules.law()), &Scope::default(), &heritage).expect("small tasks");
        let command = diff.changes.iter().find_map(|change| ask_command(&rules.rulebook, change.witness.as_ref()?));
        let question = asked(&command.expect("a case that can be asked"));
        let mut deciders = Vec::new();
        for library in [with_one(rules, path, &texts[0]), other] {
            deciders.push(decider(&ask(&State::new(library), ("GET", &question), &[], "").await.body));
        }
        let deciders: [String; 2] = deciders.try_into().expect("two");
        assert_ne!(deciders[0], deciders[1]);
        Self { path, texts, question, deciders }
    }
}

fn with_one(rules: &Library, path: &str, text: &str) -> Library {
    let mut files = rules.files.clone();
    let file = files.iter_mut().find(|file| file.path == path).expect("a file of the rules");
    file.bytes = text.as_bytes().to_vec();
    library::from_files_beside(files, rules)
}

/// A command line as an address.
fn asked(command: &str) -> String {
    let mut words = command.split(' ').skip(2);
    let mut address = format!("/v1/who-decides?task={}", words.next().expect("a task"));
    while let (Some(option), Some(value)) = (words.next(), words.next()) {
        assert!(value.is_ascii() && !value.contains(['\'', '"']), "{command}");
        address += &match (option, value.split_once('=')) {
            ("--fact", Some((fact, value))) => format!("&fact.{fact}={value}"),
            ("--in", Some((role, unit))) => format!("&in.{role}={unit}"),
            ("--in", None) => format!("&in={value}"),
            (option, _) => format!("&{}={value}", option.trim_start_matches("--")),
        };
    }
    address
}

fn decider(answer: &Value) -> String {
    answer["label"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// What one connection was told, in its order.
#[derive(Debug, Clone)]
struct Seen {
    sentence: usize,
    status: u16,
    version: String,
    decider: String,
}

/// Asks about one sentence after the other until it is told to stop.
async fn keep_asking(address: String, questions: Arc<Vec<String>>, stop: Arc<AtomicBool>) -> Vec<Seen> {
    let mut stream = TcpStream::connect(&address).await.expect("connected");
    let mut seen = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let sentence = seen.len() % questions.len();
        let (status, body) = exchange(&mut stream, "GET", (&questions[sentence], ""), "").await;
        let version = body["version"].as_str().unwrap_or_default().to_owned();
        seen.push(Seen { sentence, status, version, decider: body["label"].as_str().unwrap_or_default().to_owned() });
    }
    seen
}

/// One request on a connection that stays, and its answer.
async fn exchange(stream: &mut TcpStream, method: &str, (path, headers): (&str, &str), body: &str) -> (u16, Value) {
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n{headers}\r\n");
    stream.write_all((head + body).as_bytes()).await.expect("sent");
    let mut bytes = Vec::new();
    loop {
        assert_ne!(stream.read_buf(&mut bytes).await.expect("an answer"), 0, "the connection was closed");
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&bytes[..end]).expect("a head");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let length: usize = length.parse().expect("a number");
        if bytes.len() == end + 4 + length {
            let status = head[9..12].parse().expect("a status");
            return (status, serde_json::from_slice(&bytes[end + 4..]).expect("JSON"));
        }
    }
}

/// What was published, by its name: which one it was, and which way each sentence went.
type Published = BTreeMap<String, (usize, Vec<usize>)>;

/// What is wrong with what a connection saw, if anything is.
fn wrong(seen: &[Seen], published: &Published, turned: &[Turned]) -> Option<String> {
    let mut newest = 0;
    for one in seen {
        let Some((number, ways)) = published.get(&one.version).filter(|_| one.status == 200) else {
            return Some(format!("no answer: {one:?}"));
        };
        if *number < newest {
            return Some(format!("{number} after {newest}: {one:?}"));
        }
        newest = *number;
        if one.decider != turned[one.sentence].deciders[ways[one.sentence]] {
            return Some(format!("another version's: {one:?}"));
        }
    }
    None
}

struct Service {
    /// Its folder lasts as long as it does.
    office: Office,
    state: State,
    address: String,
}

impl Service {
    async fn start(rules: &Library) -> Self {
        let office = Office::founded();
        let store = office.store_of(rules, 1);
        let access = format!("[access]\nreading = \"open\"\n{}", office.keys());
        let text = format!("{access}[publishing]\nkey = \"service.pem\"\napprovals = 0\n");
        let settings: Settings = office.settings(&text).expect("a configuration");
        let state = State::of_store(store, settings).expect("published");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        tokio::spawn(server::serve_until(listener, state.clone(), std::future::pending()));
        Self { office, state, address }
    }
}

/// Publishes one after the other, each on what the one before says that it is.
/// Tells how long the first took, for which all tasks are checked, and how long the others did.
#[expect(clippy::disallowed_methods, reason = "how long it takes is told, and decides nothing")]
async fn publish_all(service: &Service, turned: &[Turned], count: usize) -> (Published, [Duration; 2]) {
    let (begun, mut first) = (Instant::now(), Duration::ZERO);
    let mut stream = TcpStream::connect(&service.address).await.expect("connected");
    let (mut ways, mut version) = (vec![0; turned.len()], service.state.version());
    let mut published = Published::from([(version.clone(), (0, ways.clone()))]);
    for number in 1..=count {
        let sentence = number % turned.len();
        ways[sentence] = 1 - ways[sentence];
        let Turned { path, texts, .. } = &turned[sentence];
        // Each says something that none said before.
        let text = format!("# {number}\n{}", texts[ways[sentence]]);
        let body = json!({ "changes": [{ "path": path, "text": text }], "note": number.to_string() }).to_string();
        let headers = format!(
            "authorization: Bearer {}\r\nif-match: \"{version}\"\r\nidempotency-key: {number}\r\ncontent-type: application/json\r\n",
            service.office.key("An")
        );
        let (status, body) = exchange(&mut stream, "POST", ("/v1/proposals", &headers), &body).await;
        assert_eq!((status, &body["state"]), (201, &json!("published")), "{body}");
        version = body["version"].as_str().expect("a version").to_owned();
        assert!(published.insert(version.clone(), (number, ways.clone())).is_none(), "{version} was there before");
        if number == 1 {
            first = begun.elapsed();
        }
    }
    (published, [first, begun.elapsed().saturating_sub(first)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publications_under_load_mix_nothing_up() {
    let count = publications();
    let rules = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")]));
    let mut turned = Vec::new();
    for sentence in SENTENCES {
        turned.push(Turned::new(&rules, sentence).await);
    }
    let service = Service::start(&rules).await;
    let questions = Arc::new(turned.iter().map(|one| one.question.clone()).collect::<Vec<_>>());
    let stop = Arc::new(AtomicBool::new(false));
    let one = |_| tokio::spawn(keep_asking(service.address.clone(), Arc::clone(&questions), Arc::clone(&stop)));
    let asking: Vec<_> = (0..ASKING).map(one).collect();
    let (published, [first, others]) = publish_all(&service, &turned, count + 1).await;
    stop.store(true, Ordering::Relaxed);
    let mut told = Vec::new();
    for one in asking {
        told.push(one.await.expect("no panic"));
    }
    let answers: usize = told.iter().map(Vec::len).sum();
    println!("one publication in {first:.2?}, then {count} in {others:.2?}, beside {answers} answers");
    for seen in &told {
        assert_eq!(wrong(seen, &published, &turned), None);
        // What is shown must have been seen.
        let versions: BTreeSet<&str> = seen.iter().map(|one| &*one.version).collect();
        assert!(versions.len() > count / 4, "{} of {count} versions were seen", versions.len());
        faults_are_seen(seen, &published, &turned);
    }
}

/// The same answers with one fault each.
fn faults_are_seen(seen: &[Seen], published: &Published, turned: &[Turned]) {
    let turns = |one: &[Seen]| one[0].version != one[1].version;
    let at = seen.windows(2).position(turns).expect("two versions");
    // An answer of the version before that names the new one, where they differ in it.
    let stale = (0..seen.len()).find_map(|place| {
        let (number, ways) = &published[&seen[place].version];
        let before = published.values().find(|(other, _)| other + 1 == *number)?;
        let sentence = seen[place].sentence;
        (before.1[sentence] != ways[sentence]).then_some((place, before.1[sentence]))
    });
    let (place, way) = stale.expect("an answer that a publication changed");
    let with = |place: usize, change: &dyn Fn(&mut Seen)| {
        let mut seen = seen.to_vec();
        change(&mut seen[place]);
        wrong(&seen, published, turned)
    };
    let decider = &turned[seen[place].sentence].deciders[way];
    assert!(with(place, &|one| one.decider.clone_from(decider)).is_some(), "a stale answer was taken");
    assert!(with(at, &|one| one.status = 503).is_some(), "a refusal was taken");
    assert!(with(at, &|one| one.version = String::new()).is_some(), "an answer of no version was taken");
    let mut swapped = seen.to_vec();
    swapped.swap(at, at + 1);
    assert!(wrong(&swapped, published, turned).is_some(), "a step back was taken");
}
