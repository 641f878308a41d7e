//! A database whose standby has to have everything first. While it is away nothing is told to be there that it does not have, not
//! even what can be seen already; and when it takes over, all that was told is there.
#![cfg(unix)]

#[path = "desk/office.rs"]
pub mod office;
#[path = "store/shelf.rs"]
mod shelf;

use std::thread;
use std::time::Duration;

use office::cluster::{Cluster, until};
use serde_json::json;
use shelf::{Shelf, hand, key, policy, version};
use thamquyen::server::State;
use thamquyen::server::decisions::postgres::{self, Chain};
use thamquyen::server::decisions::record::{Record, Says};
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::store::disk::Disk;
use thamquyen::store::fault::Fault;
use thamquyen::store::postgres::{Address, Postgres};
use thamquyen::store::{Placed, Store};
use thamquyen::syntax::tree::Language;

/// A server, and its standby, for which it waits from here on.
fn pair() -> (Cluster, Cluster) {
    let first = Cluster::start();
    let second = first.standby();
    first.sql("ALTER SYSTEM SET synchronous_standby_names = '*'");
    first.sql("SELECT pg_reload_conf()");
    until(|| first.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1");
    (first, second)
}

const WAITS: &str = "wait_event = 'SyncRep' AND application_name = 'tq'";

/// How many sessions wait for the standby.
fn waiting(first: &Cluster) -> String {
    first.sql(&format!("SELECT count(*) FROM pg_stat_activity WHERE {WAITS}"))
}

fn disk(cluster: &Cluster) -> Box<Postgres> {
    Box::new(Postgres::new(Address::read(&cluster.url("city")).expect("an address")).expect("a disk"))
}

/// Publishes a text.
fn publish(store: &mut Store, text: &str, seconds: i64) -> Result<Placed, Fault> {
    let (publication, files) = version(store, &[("a.tq", text)]);
    store.publish(publication, &files, &hand(&[key(1)], seconds))
}

fn made(disk: Box<dyn Disk>) -> Store {
    let (mut store, _) = Store::create(disk, policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store");
    assert_eq!(publish(&mut store, "one", 1), Ok(Placed::Entry(2)));
    assert_eq!(publish(&mut store, "two", 2), Ok(Placed::Entry(3)));
    store
}

#[test]
fn an_entry_is_told_once_the_standby_has_it() {
    let (mut first, mut second) = pair();
    // A store elsewhere that is the same to the byte says what the next entry is: a text that is there already.
    let twin = Shelf::default();
    assert_eq!(publish(&mut made(Box::new(twin.clone())), "one", 3), Ok(Placed::Entry(4)));
    let entry = twin.file("log/00000004.json");
    drop(made(disk(&first)));

    second.kill();
    thread::scope(|scope| {
        let disk = disk(&first);
        let placing = scope.spawn(move || {
            let _lock = disk.lock().expect("a lock");
            disk.write("log/.new", &entry).expect("kept in memory");
            disk.rename("log/.new", "log/00000004.json")
        });
        until(|| waiting(&first) == "1");
        assert_eq!(first.eye().sees("00000004.json"), Some(false));
        first.end_sessions(WAITS);
        until(|| first.eye().sees("00000004.json") == Some(true));
        // What follows waits for the standby, and nobody is told anything before.
        until(|| waiting(&first) == "1" || placing.is_finished());
        assert!(!placing.is_finished(), "it can be seen, and is not told");
        second.go();
        placing.join().expect("no panic").expect("it is there");
    });
    first.kill();
    assert_eq!(second.sql("SELECT pg_promote()"), "t");
    let mut store = Store::open(disk(&second), None).expect("a good store");
    assert_eq!(store.log().last().map(|entry| entry.number), Some(4));
    for (_, publication) in store.log().published() {
        store.files(publication).expect("whole");
    }
    assert_eq!(publish(&mut store, "three", 4), Ok(Placed::Entry(5)), "it goes on");
}

fn chain(cluster: &Cluster) -> Address {
    let url = format!("postgres://tq@127.0.0.1:{}/postgres?sslmode=disable&chain=one", cluster.port);
    Address::of_chain(&url).expect("an address")
}

async fn ask(state: &State, id: &str) {
    let question = json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10",
        "facts": { "doi-tuong": "ca-nhan", "dien-tich": "0.1" } });
    let headers = [("content-type", "application/json"), ("x-request-id", id)];
    let answered = office::ask(state, ("POST", "/v1/who-decides"), &headers, &question.to_string()).await;
    assert_eq!(answered.status.as_u16(), 200, "{}", answered.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_logged_once_the_standby_has_it() {
    let (mut first, mut second) = pair();
    let salt = Salt::new(b"a salt of many bytes").expect("long enough");
    let plan = Plan { salt, one_in: 1, open: Vec::new(), personal: Vec::new() };
    let pace = Pace { look: Duration::from_millis(2), retry: Duration::from_millis(50), ..Pace::default() };
    let state = State::new(office::small());
    let sink = Box::new(Chain::open(&chain(&first)).expect("a chain"));
    state.log_to(Decisions::new(sink, plan, pace, Language::English).expect("a thread"));
    let log = state.decision_log().expect("a log").clone();
    ask(&state, "before").await;
    until(|| log.doing().written == 2);

    second.kill();
    ask(&state, "meanwhile").await;
    until(|| waiting(&first) == "1");
    first.end_sessions(WAITS);
    until(|| first.sql("SELECT count(*) FROM thamquyen_decisions.records") == "3");
    until(|| waiting(&first) == "1" || log.doing().written > 2);
    assert_eq!(log.doing().written, 2, "it can be seen, and does not count");
    second.go();
    until(|| log.doing().written == 3);
    log.close();
    first.kill();
    assert_eq!(second.sql("SELECT pg_promote()"), "t");
    let records: Vec<Record> =
        postgres::lines(&chain(&second)).expect("a chain").map(|line| line.expect("a whole chain").record).collect();
    let requests: Vec<_> = records
        .iter()
        .filter_map(|record| if let Says::Answer(given) = &record.says { given.request.as_deref() } else { None })
        .collect();
    assert_eq!(requests, ["before", "meanwhile"]);
    assert!(matches!(records.last().map(|record| &record.says), Some(Says::Ends(_))));
}
