//! Over HTTP: while the log of decisions cannot be written nothing is published, and that is said; questions are answered all the
//! same; and when it can be written again the same request is done.
#![cfg(unix)]

#[path = "desk/office.rs"]
pub mod office;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use office::cluster::Cluster;
use office::{Answered, Office, ask, small};
use serde_json::{Value, json};
use thamquyen::server::State;
use thamquyen::server::decisions::file::Folder;
use thamquyen::server::decisions::postgres::{self, Chain};
use thamquyen::server::decisions::read::Lines;
use thamquyen::server::decisions::record::{Record, Says};
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::store::postgres::Address;
use thamquyen::syntax::tree::Language;

const QUESTION: &str = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc";

/// A service that publishes without approval.
struct Desk {
    office: Office,
    state: State,
}

impl Desk {
    fn new() -> Self {
        let office = Office::founded();
        let store = office.store(1);
        let text = format!(
            "[access]\nreading = \"open\"\n{}[publishing]\nkey = \"service.pem\"\napprovals = 0\n",
            office.keys()
        );
        let settings = office.settings(&text).expect("a configuration");
        Self { state: State::of_store(store, settings).expect("published"), office }
    }

    fn log_to(self, sink: impl thamquyen::server::decisions::sink::Sink + 'static) -> Self {
        let salt = Salt::new(b"a salt of many bytes").expect("long enough");
        let plan = Plan { salt, one_in: 1, open: Vec::new(), personal: Vec::new() };
        let pace = Pace { retry: Duration::from_millis(20), ..Pace::default() };
        let log = Decisions::new(Box::new(sink), plan, pace, Language::English).expect("a thread");
        self.state.log_to(log);
        self
    }

    async fn propose(&self, note: &str) -> Answered {
        let (key, active) = (format!("Bearer {}", self.office.key("An")), format!("\"{}\"", self.state.version()));
        let library = small();
        let file = library.files.iter().find(|file| file.path == "rules.tq").expect("the rules");
        let text = format!("# {note}\n{}", String::from_utf8(file.bytes.clone()).expect("text"));
        let body = json!({ "changes": [{ "path": "rules.tq", "text": text }], "note": note });
        let headers = [
            ("authorization", key.as_str()),
            ("accept-language", "en"),
            ("content-type", "application/json"),
            ("if-match", &active),
            ("idempotency-key", note),
        ];
        ask(&self.state, ("POST", "/v1/proposals"), &headers, &body.to_string()).await
    }

    fn entries(&self) -> usize {
        self.office.opened().log().entries().len()
    }

    async fn decisions(&self) -> Value {
        let ready = ask(&self.state, ("GET", "/healthz/ready"), &[], "").await;
        assert_eq!(ready.status.as_u16(), 200, "it is ready to answer");
        ready.body["decisions"].clone()
    }

    /// What is done with a log that can be written, then cannot, then can again.
    async fn script(self, mut breaks: impl FnMut(), mut mends: impl FnMut()) -> Self {
        let first = self.propose("first").await;
        assert_eq!((first.status.as_u16(), self.entries()), (201, 3), "the control: {}", first.body);
        breaks();
        let version = self.state.version();
        for _ in 0..2 {
            let refused = self.propose("second").await;
            assert_eq!(refused.status.as_u16(), 503, "{}", refused.body);
            assert_eq!(refused.body["type"], "tag:thamquyen,2026:problem:not-logged", "{}", refused.body);
            let detail = refused.body["detail"].as_str().expect("words");
            assert!(
                detail.starts_with("the log of decisions cannot be written, so nothing is published: "),
                "{detail}"
            );
            assert!(!refused.header("retry-after").is_empty());
            assert_eq!((self.entries(), self.state.version()), (3, version.clone()), "nothing is published or served");
            let told = self.decisions().await;
            assert_eq!(told["writing"], false, "{told}");
            assert!(told["failing"]["since"].is_string(), "{told}");
            let answer = ask(&self.state, ("GET", QUESTION), &[], "").await;
            assert_eq!(answer.status.as_u16(), 200, "reading goes on: {}", answer.body);
        }
        // It does not count as mended because nobody tries.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(self.decisions().await["writing"], false);
        mends();
        let mut done = self.propose("second").await;
        for _ in 0..500 {
            if done.status.as_u16() != 503 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            done = self.propose("second").await;
        }
        assert_eq!((done.status.as_u16(), self.entries()), (201, 4), "{}", done.body);
        assert_eq!(self.decisions().await["writing"], true);
        self.state.decision_log().expect("a log").close();
        self
    }
}

/// What the log says of publications, and how many answers are in it or missing.
fn told(records: &[Record]) -> (Vec<&str>, u64) {
    let (mut deeds, mut answers) = (Vec::new(), 0);
    for record in records {
        match &record.says {
            Says::Publication(publication) => deeds.push(publication.deed.as_str()),
            Says::Answer(_) => answers += 1,
            Says::Gap(gap) => answers += gap.lost,
            Says::Begins(_) | Says::Ends(_) => {}
        }
    }
    (deeds, answers)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_while_files_cannot_be_written() {
    let desk = Desk::new();
    let (folder, away) = (desk.office.path("log"), desk.office.path("away"));
    // So small that each write begins a file, for which the folder has to be there.
    let sink = Folder::open(&folder, 1).expect("a log");
    let shift = |from: &PathBuf, to: &PathBuf| fs::rename(from, to).expect("renamed");
    let _desk = desk.log_to(sink).script(|| shift(&folder, &away), || shift(&away, &folder)).await;
    let records: Vec<Record> =
        Lines::of(&[folder]).expect("a log").map(|line| line.expect("a whole chain").record).collect();
    assert_eq!(told(&records), (vec!["publish", "publish"], 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_while_the_database_is_away() {
    let cluster = std::cell::RefCell::new(Cluster::start());
    let url = format!("postgres://tq@127.0.0.1:{}/postgres?sslmode=disable&chain=one", cluster.borrow().port);
    let address = Address::of_chain(&url).expect("an address");
    let desk = Desk::new().log_to(Chain::open(&address).expect("a chain"));
    let _desk = desk.script(|| cluster.borrow_mut().kill(), || cluster.borrow_mut().go()).await;
    let records: Vec<Record> =
        postgres::lines(&address).expect("a log").map(|line| line.expect("a whole chain").record).collect();
    assert_eq!(told(&records), (vec!["publish", "publish"], 2));
}

/// The seeded fault: a service that asks no log publishes at once, so it is the log that the refusals come from.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_log_it_is_published() {
    let desk = Desk::new();
    assert_eq!((desk.propose("first").await.status.as_u16(), desk.entries()), (201, 3));
    assert_eq!(desk.decisions().await, Value::Null);
}
