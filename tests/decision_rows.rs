//! The log of decisions in PostgreSQL: what is written is read again, what is changed there is found, and whatever becomes of the
//! database nothing is doubled, and what is missing is counted.
#![cfg(unix)]

#[path = "desk/console.rs"]
pub mod console;
#[path = "desk/office.rs"]
pub mod office;
#[path = "replicas/proxy.rs"]
mod proxy;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::process::Command;
use std::time::Duration;

use console::run;
use office::cluster::{Cluster, free_port};
use office::{ask, small};
use proxy::{Proxy, Weather};
use serde_json::{Value as Json, json};
use thamquyen::cli::Status;
use thamquyen::server::State;
use thamquyen::server::decisions::postgres::{self, Chain, Unfit};
use thamquyen::server::decisions::read::Broken;
use thamquyen::server::decisions::record::{After, Link, Publication, Record, Says};
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::sink::{Lines, Sink, Standing};
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::store::fault::Fault;
use thamquyen::store::postgres::Address;
use thamquyen::syntax::tree::Language;

fn url(port: u16, chain: &str) -> String {
    format!("postgres://tq@127.0.0.1:{port}/postgres?sslmode=disable&chain={chain}")
}

fn address(url: &str) -> Address {
    Address::of_chain(url).expect("an address")
}

fn chain(url: &str) -> Chain {
    Chain::open(&address(url)).expect("a chain")
}

fn plan() -> Plan {
    let salt = Salt::new(b"a salt of many bytes").expect("long enough");
    Plan { salt, one_in: 1, open: vec!["dien-tich".to_owned()], personal: Vec::new() }
}

fn pace() -> Pace {
    Pace { look: Duration::from_millis(2), retry: Duration::from_millis(50), ..Pace::default() }
}

/// A service that logs.
fn service(sink: impl Sink + 'static, pace: Pace) -> State {
    let state = State::new(small());
    state.log_to(Decisions::new(Box::new(sink), plan(), pace, Language::English).expect("a thread"));
    state
}

fn log(state: &State) -> &Decisions {
    state.decision_log().expect("a log")
}

/// Asks under an id.
async fn answer(state: &State, id: &str) {
    let question = json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10",
        "facts": { "doi-tuong": "ca-nhan", "dien-tich": "0.1" } });
    let headers = [("content-type", "application/json"), ("x-request-id", id)];
    let answered = ask(state, ("POST", "/v1/who-decides"), &headers, &question.to_string()).await;
    assert_eq!(answered.status.as_u16(), 200, "{}", answered.body);
}

async fn publish(state: &State) -> Result<(), String> {
    let log = log(state).clone();
    let publication = Publication {
        request: None,
        by: "An".to_owned(),
        deed: "publish".to_owned(),
        proposal: None,
        rules: Some("0".repeat(64)),
    };
    tokio::task::spawn_blocking(move || log.publication(publication)).await.expect("no panic")
}

/// Waits for what must come.
async fn until(holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("it comes to that");
}

async fn ready(state: &State) -> Json {
    let ready = ask(state, ("GET", "/healthz/ready"), &[], "").await;
    assert_eq!(ready.status.as_u16(), 200);
    ready.body["decisions"].clone()
}

/// Every record of a chain that is whole.
fn records(url: &str) -> Vec<Record> {
    let lines = postgres::lines(&address(url)).expect("a chain");
    lines.map(|line| line.expect("a whole chain").record).collect()
}

/// How often each request is in the log.
fn requests(records: &[Record]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for record in records {
        if let Says::Answer(given) = &record.says {
            *found.entry(given.request.clone().expect("an id")).or_default() += 1;
        }
    }
    found
}

fn lost(records: &[Record]) -> u64 {
    records.iter().map(|record| if let Says::Gap(gap) = &record.says { gap.lost } else { 0 }).sum()
}

#[tokio::test]
async fn what_is_written_is_read_and_asked_again() {
    let cluster = Cluster::start();
    let url = url(cluster.port, "one");
    for start in 0..3 {
        let state = service(chain(&url), pace());
        for index in 0..5 {
            answer(&state, &format!("{start}-{index}")).await;
        }
        publish(&state).await.expect("it can be written");
        let told = ready(&state).await;
        assert_eq!((&told["to"], &told["writing"]), (&json!("postgres"), &json!(true)));
        log(&state).close();
        let (number, hash) = log(&state).doing().last;
        let last = postgres::lines(&address(&url)).expect("a chain").last().expect("records").expect("whole").link;
        assert_eq!((last.number, last.hash), (number, Some(hash)), "what the service tells is there");
    }
    let all = records(&url);
    assert_eq!(requests(&all).len(), 15);
    let begins: Vec<_> =
        all.iter().filter_map(|one| if let Says::Begins(begins) = &one.says { Some(begins) } else { None }).collect();
    assert_eq!(begins.iter().map(|one| one.after).collect::<Vec<_>>(), [None, Some(After::Ended), Some(After::Ended)]);
    assert!(begins.iter().all(|one| one.to == "postgres"));
    assert!(all.iter().map(|one| one.n).eq(1..=24), "one chain: {}", all.len());

    // By the program: checked, and asked again; also where the only chain is not named.
    let rules = format!("{}/tests/small", env!("CARGO_MANIFEST_DIR"));
    let (status, out, err) = run(&["replay", &url, "--rules", &rules, "--lang", "en"]);
    assert_eq!(status, Status::Fine, "{out}{err}");
    assert!(out.contains("24 records: 3 starts, 15 answers, 3 publications, 0 lost"), "{out}");
    assert!(out.contains("the chain is whole from record 1 to 24") && out.contains("the same 15"), "{out}");
    let unnamed = url.split("&chain").next().expect("a base");
    assert_eq!(run(&["replay", unnamed, "--check"]).0, Status::Fine);
    let other = self::url(cluster.port, "two");
    let (status, _, err) = run(&["replay", &other, "--check", "--lang", "en"]);
    assert!(status == Status::Wrong && err.contains("there is no log there"), "{err}");
    service(chain(&other), pace()).decision_log().expect("a log").close();
    let (status, _, err) = run(&["replay", unnamed, "--check", "--lang", "en"]);
    assert!(status == Status::Wrong && err.contains("there are several chains: one, two; add chain=NAME"), "{err}");
    let (status, _, err) = run(&["replay", &url, &other, "--check", "--lang", "vi"]);
    assert!(status == Status::Wrong && err.contains("mỗi lần chỉ đọc một chuỗi"), "{err}");
}

const RECORDS: &str = "thamquyen_decisions.records";

/// What somebody does who owns the table, and takes its guard away for that.
fn tamper(cluster: &Cluster, sql: &str) {
    cluster.sql(&format!(
        "ALTER TABLE {RECORDS} DISABLE TRIGGER ALL; ALTER TABLE {RECORDS} DROP CONSTRAINT records_pkey; {sql};
         ALTER TABLE {RECORDS} ENABLE TRIGGER ALL"
    ));
}

/// A chain of eight records, and a copy of them.
async fn some_chain(cluster: &Cluster) -> String {
    let url = url(cluster.port, "one");
    let state = service(chain(&url), pace());
    for index in 0..6 {
        answer(&state, &format!("r{index}")).await;
    }
    log(&state).close();
    cluster.sql(&format!("CREATE TABLE kept AS TABLE {RECORDS}"));
    url
}

/// As it was written.
fn mend(cluster: &Cluster) {
    cluster.sql(&format!(
        "ALTER TABLE {RECORDS} DISABLE TRIGGER ALL; DELETE FROM {RECORDS}; INSERT INTO {RECORDS} TABLE kept;
         ALTER TABLE {RECORDS} ADD CONSTRAINT records_pkey PRIMARY KEY (chain, number); ALTER TABLE {RECORDS} ENABLE TRIGGER ALL"
    ));
}

fn check(url: &str) -> Result<Link, Broken> {
    let mut last = Link::START;
    for line in postgres::lines(&address(url)).expect("a chain") {
        last = line?.link;
    }
    Ok(last)
}

#[tokio::test]
async fn what_is_changed_in_the_table_is_found() {
    let cluster = Cluster::start();
    let url = some_chain(&cluster).await;
    let head = check(&url).expect("the control is whole");
    assert_eq!(head.number, 8);
    let another = format!("UPDATE {RECORDS} SET line = replace(line, 'ubnd', 'hdnd') WHERE number =");
    for place in 2..8 {
        let next = place + 1;
        for (what, sql, at) in [
            ("changed", format!("{another} {place}"), place),
            ("missing", format!("DELETE FROM {RECORDS} WHERE number = {place}"), next),
            ("renumbered", format!("UPDATE {RECORDS} SET number = number + 1 WHERE number >= {place}"), next),
            (
                "swapped",
                format!("UPDATE {RECORDS} SET number = {place} + {next} - number WHERE number IN ({place}, {next})"),
                place,
            ),
            ("twice", format!("INSERT INTO {RECORDS} SELECT * FROM {RECORDS} WHERE number = {place}"), place),
            ("no record", format!("UPDATE {RECORDS} SET line = '{{}}' WHERE number = {place}"), place),
            ("too long", format!("UPDATE {RECORDS} SET line = repeat('x', 2000000) WHERE number = {place}"), place),
            ("of another chain", format!("UPDATE {RECORDS} SET chain = 'other' WHERE number = {place}"), next),
        ] {
            tamper(&cluster, &sql);
            let found = check(&url);
            if place == 7 && what == "of another chain" || what == "renumbered" || place < 7 {
                let broken = found.expect_err(what);
                let about = i64::try_from(broken.line).expect("small") - at;
                assert!((-2..=1).contains(&about), "{what} {place}: {broken:?}");
                assert!(broken.file.ends_with("/postgres?chain=one"), "{}", broken.file);
            } else {
                assert!(found.is_err() || found != Ok(head), "{what} {place}: {found:?}");
            }
            // It is not gone on with either, for it is near the end.
            assert!(matches!(Chain::open(&address(&url)), Err(Unfit::Broken(_))), "{what} {place}");
            mend(&cluster);
        }
    }
    assert_eq!(check(&url), Ok(head));
    // Cut off its end it is another one than the service told; behind it nothing else tells.
    tamper(&cluster, &format!("DELETE FROM {RECORDS} WHERE number > 6"));
    assert!(check(&url).is_ok_and(|found| found != head));
    mend(&cluster);
    // Old records may be gone.
    tamper(&cluster, &format!("DELETE FROM {RECORDS} WHERE number < 4"));
    assert_eq!(check(&url), Ok(head));
    mend(&cluster);
    // By the program.
    tamper(&cluster, &format!("{another} 4"));
    let (status, _, err) = run(&["replay", &url, "--check", "--lang", "en"]);
    assert!(status == Status::Wrong && err.contains("/postgres?chain=one:4: this line was changed"), "{err}");
}

#[tokio::test]
async fn records_are_only_added() {
    let cluster = Cluster::start();
    let url = some_chain(&cluster).await;
    for sql in
        [format!("UPDATE {RECORDS} SET line = ''"), format!("DELETE FROM {RECORDS}"), format!("TRUNCATE {RECORDS}")]
    {
        // Whoever owns the table, or may do anything, is refused as well.
        cluster.sql(&format!(
            "DO $$ BEGIN {sql}; RAISE 'it was done' USING ERRCODE = 'ZZ000'; EXCEPTION WHEN raise_exception THEN NULL; END $$"
        ));
    }
    check(&url).expect("whole");

    // A service needs to add and to read, and whoever replays to read.
    cluster.sql("CREATE ROLE service LOGIN; CREATE ROLE auditor LOGIN");
    cluster.sql("GRANT USAGE ON SCHEMA thamquyen_decisions TO service, auditor");
    cluster.sql("GRANT SELECT ON ALL TABLES IN SCHEMA thamquyen_decisions TO service, auditor");
    cluster.sql(&format!("GRANT INSERT ON {RECORDS} TO service"));
    let as_one = |name: &str| url.replace("tq@", &format!("{name}@"));
    let state = service(chain(&as_one("service")), pace());
    answer(&state, "next").await;
    log(&state).close();
    assert_eq!(requests(&records(&as_one("auditor"))).len(), 7);
    let state = service(chain(&as_one("auditor")), pace());
    answer(&state, "more").await;
    until(|| !log(&state).is_writable()).await;
    let (_, why) = log(&state).doing().failing.expect("it fails");
    assert!(why.contains("permission denied"), "{why}");
    // The control: a role that owns nothing, on an empty database, makes no tables.
    let other = Cluster::start();
    other.sql("CREATE ROLE service LOGIN");
    let refused = Chain::open(&address(&self::url(other.port, "one").replace("tq@", "service@")));
    assert!(matches!(&refused, Err(Unfit::Database(Fault::System { said, .. })) if said.contains("permission denied")));
}

#[tokio::test]
async fn a_database_that_was_killed_leaves_a_gap_that_is_told() {
    let mut cluster = Cluster::start();
    let url = url(cluster.port, "one");
    let state = service(chain(&url), Pace { queue: 8, ..pace() });
    answer(&state, "before").await;
    publish(&state).await.expect("the control: it can be written");

    cluster.kill();
    // Also where nobody asks: the service looks.
    until(|| !log(&state).is_writable()).await;
    let mut asked = 0;
    while log(&state).doing().lost < 20 {
        answer(&state, &format!("r{asked}")).await;
        asked += 1;
    }
    let why = publish(&state).await.expect_err("what cannot be logged is not published");
    assert!(why.contains("does not answer"), "{why}");
    let told = ready(&state).await;
    assert_eq!((&told["writing"], &told["lost"]), (&json!(false), &json!(log(&state).doing().lost)));
    assert!(told["failing"]["message"].as_str().is_some_and(|why| why.contains("does not answer")), "{told}");

    cluster.go();
    until(|| log(&state).is_writable()).await;
    // The queue is small: what waited in it is taken first.
    tokio::time::sleep(Duration::from_millis(100)).await;
    answer(&state, "after").await;
    publish(&state).await.expect("it can be written again");
    log(&state).close();
    let (all, count) = (records(&url), log(&state).doing().lost);
    let requests = requests(&all);
    assert!(requests.values().all(|times| *times == 1), "{requests:?}");
    assert_eq!(lost(&all), count, "the gap is in the log");
    assert_eq!(u64::try_from(requests.len()).expect("few") + count, asked + 2, "every answer is there, or counted");
    assert!(requests.contains_key("before") && requests.contains_key("after"));
    assert_eq!(all.iter().filter(|one| matches!(one.says, Says::Publication(_))).count(), 2);
}

/// A session that is lost is replaced before anybody notices.
#[tokio::test]
async fn a_session_that_is_ended_costs_nothing() {
    let cluster = Cluster::start();
    let url = url(cluster.port, "one");
    let state = service(chain(&url), Pace { sync: Duration::from_secs(600), ..pace() });
    for index in 0..5 {
        cluster.end_sessions("application_name = 'tq'");
        publish(&state).await.expect("on another session");
        answer(&state, &format!("r{index}")).await;
    }
    log(&state).close();
    let all = records(&url);
    assert_eq!((requests(&all).len(), lost(&all)), (5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_write_chains_of_their_own_at_once() {
    let cluster = Cluster::start();
    let (one, two) = (url(cluster.port, "one"), url(cluster.port, "two"));
    let states = [service(chain(&one), pace()), service(chain(&two), pace())];
    // A third one that has the name of another is refused, in both languages.
    assert!(matches!(Chain::open(&address(&one)), Err(Unfit::Taken)));
    let each: Vec<_> = states
        .iter()
        .zip(["one", "two"])
        .map(|(state, name)| {
            let state = state.clone();
            tokio::spawn(async move {
                for index in 0..200 {
                    answer(&state, &format!("{name}-{index}")).await;
                }
                log(&state).close();
            })
        })
        .collect();
    for task in each {
        task.await.expect("no panic");
    }
    for (url, name) in [(&one, "one"), (&two, "two")] {
        let requests = requests(&records(url));
        assert_eq!(requests.len(), 200);
        assert!(requests.iter().all(|(id, times)| id.starts_with(name) && *times == 1));
    }
    drop(states);
    // Whoever ended has given the chain back.
    drop(chain(&one));
}

/// While the service could not see the database somebody else went on with its chain: it adds nothing behind that.
#[tokio::test]
async fn nothing_is_put_behind_what_somebody_else_wrote() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.port);
    let direct = url(cluster.port, "one");
    let state = service(chain(&url(proxy.port, "one")), pace());
    answer(&state, "mine").await;
    until(|| log(&state).doing().written == 2).await;
    proxy.turn(Weather::Cut);
    cluster.end_sessions("application_name = 'tq'");
    let other = service(chain(&direct), pace());
    answer(&other, "theirs").await;
    log(&other).close();
    drop(other);
    let theirs = check(&direct).expect("whole");
    proxy.turn(Weather::Fair);
    answer(&state, "late").await;
    until(|| log(&state).doing().failing.is_some_and(|(_, why)| why.contains("does not end with"))).await;
    assert!(publish(&state).await.is_err());
    log(&state).close();
    assert_eq!(check(&direct), Ok(theirs), "it is as they left it");
    // Started anew it goes on behind them: whoever does that knows of it.
    let state = service(chain(&direct), pace());
    answer(&state, "next").await;
    log(&state).close();
    assert_eq!(requests(&records(&direct)).into_keys().collect::<Vec<_>>(), ["mine", "next", "theirs"]);

    // Both have the lock, for one asked nobody: a record put in by hand is not written over, and nothing comes behind it.
    let written = check(&direct).expect("whole").number + 2;
    let state = service(chain(&direct), pace());
    answer(&state, "before").await;
    until(|| log(&state).doing().last.0 == written).await;
    cluster.sql(&format!("INSERT INTO {RECORDS} VALUES ('one', {}, 'rude')", written + 1));
    assert!(publish(&state).await.expect_err("it has no place").contains("does not end with"));
}

/// Whoever changes the last record under a running service, or takes it away, gets nothing put behind it.
#[tokio::test]
async fn nothing_is_put_behind_what_was_changed() {
    let cluster = Cluster::start();
    for (name, sql) in [
        ("changed", "UPDATE thamquyen_decisions.records SET line = replace(line, 'ubnd', 'hdnd') WHERE number = 2"),
        ("cut", "DELETE FROM thamquyen_decisions.records WHERE number = 2"),
    ] {
        let url = url(cluster.port, name);
        let state = service(chain(&url), pace());
        answer(&state, "one").await;
        until(|| log(&state).doing().written == 2).await;
        cluster.sql(&format!("ALTER TABLE {RECORDS} DISABLE TRIGGER ALL; {sql} AND chain = '{name}'"));
        let why = publish(&state).await.expect_err(name);
        assert!(why.contains("does not end with"), "{why}");
        answer(&state, "two").await;
        log(&state).close();
        assert!(requests(&records(&url)).keys().all(|id| id == "one"));
    }
    // The control: nobody touched it.
    let state = service(chain(&url(cluster.port, "whole")), pace());
    answer(&state, "one").await;
    until(|| log(&state).doing().written == 2).await;
    publish(&state).await.expect("it is as it was left");
}

/// A chain that does not look what became of what it wrote last.
struct Careless(Chain);

impl Sink for Careless {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn link(&self) -> Link {
        self.0.link()
    }

    fn write(&mut self, lines: Lines<'_>) -> io::Result<()> {
        self.0.write(lines)
    }

    fn settle(&mut self) -> io::Result<Standing> {
        self.0.settle().map(|_| Standing::Ready)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}

/// The database keeps what it was told, and its answer is lost; for a while it cannot be asked either. What comes of it.
async fn after_a_lost_answer(cluster: &Cluster, name: &str, is_careless: bool) -> Vec<Record> {
    let proxy = Proxy::to(cluster.port);
    let direct = url(cluster.port, name);
    let chain = chain(&url(proxy.port, name));
    let state = if is_careless { service(Careless(chain), pace()) } else { service(chain, pace()) };
    answer(&state, "first").await;
    until(|| log(&state).doing().written == 2).await;
    cluster.sql(&format!(
        "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
         CREATE TRIGGER late BEFORE INSERT ON {RECORDS} FOR EACH STATEMENT EXECUTE FUNCTION late()"
    ));
    answer(&state, "second").await;
    until(|| cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1").await;
    proxy.turn(Weather::Deaf);
    until(|| cluster.sql(&format!("SELECT count(*) FROM {RECORDS} WHERE chain = '{name}'")) == "3").await;
    cluster.sql(&format!("DROP TRIGGER late ON {RECORDS}; DROP FUNCTION late()"));
    proxy.turn(Weather::Cut);
    proxy.reset();
    until(|| !log(&state).is_writable()).await;
    answer(&state, "third").await;
    proxy.turn(Weather::Fair);
    until(|| log(&state).is_writable()).await;
    answer(&state, "fourth").await;
    log(&state).close();
    assert_eq!(log(&state).doing().lost, 0);
    records(&direct)
}

#[tokio::test]
async fn what_became_of_records_is_found_out() {
    let cluster = Cluster::start();
    let all = after_a_lost_answer(&cluster, "one", false).await;
    let times = |all: &[Record]| requests(all).into_iter().collect::<Vec<_>>();
    let once = ["first", "fourth", "second", "third"].map(|id| (id.to_owned(), 1));
    assert_eq!((times(&all), lost(&all)), (once.to_vec(), 0));
    // The control: who does not look doubles what was there.
    let all = after_a_lost_answer(&cluster, "two", true).await;
    assert!(times(&all).contains(&("second".to_owned(), 2)), "{:?}", times(&all));

    // Undone in the middle by the server: it is written again, once.
    let direct = url(cluster.port, "three");
    let state = service(chain(&direct), pace());
    answer(&state, "first").await;
    until(|| log(&state).doing().written == 2).await;
    cluster.sql(&format!(
        "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('undone') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$;
         CREATE SEQUENCE undone; CREATE TRIGGER undo AFTER INSERT ON {RECORDS} FOR EACH STATEMENT EXECUTE FUNCTION undo()"
    ));
    answer(&state, "second").await;
    until(|| log(&state).doing().written == 3).await;
    log(&state).close();
    assert_eq!(times(&records(&direct)), ["first", "second"].map(|id| (id.to_owned(), 1)));
    assert_eq!(cluster.sql("SELECT last_value > 1 FROM undone"), "t", "it was undone once");
}

/// The address of a program that is started without one in its file, and nothing of a password in what it says.
#[test]
fn the_database_may_be_said_from_outside() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("salt"), "a salt of many bytes").expect("written");
    office::restrict(&folder.path().join("salt"));
    let file = folder.path().join("service.toml");
    fs::write(&file, "[decisions]\nto = \"postgres\"\nsalt-file = \"salt\"\n").expect("written");
    let at = format!("127.0.0.1:{}/postgres", free_port());
    let rules = format!("{}/tests/small", env!("CARGO_MANIFEST_DIR"));
    let mut tq = Command::new(env!("CARGO_BIN_EXE_tq"));
    tq.args(["serve", "--listen", "127.0.0.1:0", "--rules", &rules, "--lang", "vi", "--config"]).arg(&file);
    tq.env("TQ_DECISIONS", format!("postgres://tq:hush@{at}?sslmode=disable&chain=a")).env("PGPASSWORD", "hush");
    let output = tq.output().expect("tq");
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    assert_eq!(output.status.code(), Some(2), "{said}");
    let words = format!("lỗi: [decisions] database: cơ sở dữ liệu `postgres://{at}?chain=a` không trả lời");
    assert!(said.starts_with(&words) && !said.contains("hush"), "{said}");
}
