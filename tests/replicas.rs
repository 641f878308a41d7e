//! Two real services on one PostgreSQL, under bad weather: the server killed and started again, the network cut, slow, deaf and
//! reset, sessions ended by the server, publishers killed in the middle, and callers who hang up in the middle. What was acknowledged is
//! visible, in order; services go on answering, never go back, and have the newest version two looks after the weather is fair.
//!
//! The control is the same script with the defence taken away: a service that has its transaction in the future of a request,
//! which ends when the caller hangs up. It must lose something. `PUBLICATIONS=5000` says how many there
//! are to be, which takes a quarter of an hour; `HANG_UPS`, how many of those whose callers hang up.
#![cfg(unix)]

#[path = "replicas/callers.rs"]
mod callers;
#[path = "replicas/cluster.rs"]
mod cluster;
#[path = "replicas/control.rs"]
mod control;
#[path = "replicas/proxy.rs"]
mod proxy;
#[path = "replicas/replica.rs"]
mod replica;
#[path = "store/shelf.rs"]
mod shelf;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use callers::{Caller, Wishes, untrue};
use cluster::{Cluster, copy};
use proxy::{Proxy, Weather};
use replica::{Replica, until};
use shelf::{Dice, key, policy, version, wanted};
use thamquyen::store::disk::Disk as _;
use thamquyen::store::fault::Fault;
use thamquyen::store::postgres::{Address, Postgres};
use thamquyen::store::{Hand, Placed, Store};

/// Somebody who publishes: what is acknowledged is named by something that can be looked for in the database.
trait Publisher: Send {
    /// Publishes something that nobody published before; nothing where it is not acknowledged.
    fn publish(&mut self, number: usize, dice: &mut Dice) -> Option<String>;
}

/// Through the store, as every command and service does.
struct Direct {
    url: String,
    store: Option<Store>,
}

impl Publisher for Direct {
    fn publish(&mut self, number: usize, _: &mut Dice) -> Option<String> {
        if self.store.is_none() {
            self.store = Store::open(Box::new(disk(&self.url)), None).ok();
        }
        let store = self.store.as_mut()?;
        // What others published is no fault: then it is done again on top of it.
        for _ in 0..20 {
            store.follow().ok()?;
            match publish(store, number) {
                Ok(Placed::Entry(entry)) => return Some(format!("{entry:08}.json")),
                Ok(Placed::Waits { .. }) => panic!("one signature is enough"),
                Err(Fault::Overtaken) => {}
                Err(Fault::Away { .. } | Fault::Uncertain(_) | Fault::Busy(_)) => return None,
                // What the database says of a connection that it is ending.
                Err(Fault::System { .. }) => return None,
                Err(fault) => panic!("{fault}"),
            }
        }
        None
    }
}

/// The program, which is killed every other time.
struct Killed {
    url: String,
    folder: tempfile::TempDir,
    root: String,
}

impl Killed {
    fn new(url: String, root: String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("key"), key(1).pem().expect("a text")).expect("written");
        copy(&small(), &folder.path().join("rules"));
        Self { url, folder, root }
    }
}

impl Publisher for Killed {
    fn publish(&mut self, number: usize, dice: &mut Dice) -> Option<String> {
        let rules = self.folder.path().join("rules/rules.tq");
        fs::write(rules, text_of(number)).expect("written");
        let mut tq = Command::new(env!("CARGO_BIN_EXE_tq"));
        tq.current_dir(self.folder.path()).args(["publish", "--rules", "rules", "--key", "key", "--by", "A"]);
        tq.args(["--note", "n", "--lang", "en", "--seen", "seen.json", "--root", &self.root, "--store", &self.url]);
        let tq = tq.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = tq.spawn().expect("tq");
        if dice.below(2) == 0 {
            thread::sleep(Duration::from_millis(u64::try_from(dice.below(1500)).expect("small")));
            let _ = child.kill();
        }
        let output = child.wait_with_output().expect("it ended");
        let said = String::from_utf8_lossy(&output.stdout);
        let entry = said.lines().find_map(|line| line.strip_prefix("in the log: entry "))?;
        Some(format!("{:08}.json", entry.parse::<u32>().expect("a number")))
    }
}

fn small() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")
}

/// Rules that are right, and a little different each time.
fn text_of(number: usize) -> String {
    format!("# publication {number}\n{}", fs::read_to_string(small().join("rules.tq")).expect("text"))
}

fn disk(url: &str) -> Postgres {
    Postgres::new(Address::read(url).expect("an address")).expect("a disk")
}

fn publish(store: &mut Store, number: usize) -> Result<Placed, Fault> {
    let read = |name: &str| fs::read_to_string(small().join(name)).expect("text");
    let (successions, units, rules) = (read("registers/successions.csv"), read("registers/units.csv"), text_of(number));
    let texts = [("registers/successions.csv", &*successions), ("registers/units.csv", &*units), ("rules.tq", &*rules)];
    let (publication, files) = version(store, &texts);
    // The program that publishes beside this one goes by the clock.
    let now = thamquyen::server::now();
    let at = store.log().last().map_or(now, |last| last.at.max(now));
    store.publish(publication, &files, &Hand { by: "A", note: "n", keys: &[key(1)], at })
}

/// What the script found.
#[derive(Debug)]
struct Found {
    acknowledged: Vec<String>,
    attempts: usize,
    faults: Vec<(&'static str, usize)>,
    /// Acknowledged, and not to be seen by another connection.
    unseen: Vec<String>,
}

/// So many publications are wanted, among about so many faults.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    publications: usize,
    faults: usize,
}

/// Publishes in bad weather until as many are acknowledged as are wanted.
fn script(cluster: &mut Cluster, proxies: &[Proxy], publishers: Vec<Box<dyn Publisher>>, wanted: Wanted) -> Found {
    let (number, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (acknowledged, unseen) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let enough = || acknowledged.lock().expect("no panic").len() >= wanted.publications;
    let eye = cluster.eye();
    let mut faults = vec![("killed", 0), ("cut", 0), ("slow", 0), ("deaf", 0), ("reset", 0), ("ended", 0)];
    thread::scope(|scope| {
        let (number, stop, eye, acknowledged, unseen) = (&number, &stop, &eye, &acknowledged, &unseen);
        let mut publishing = Vec::new();
        for (seed, mut publisher) in (1..).zip(publishers) {
            publishing.push(scope.spawn(move || {
                let mut dice = Dice(seed);
                while !stop.load(Ordering::SeqCst) {
                    let number = number.fetch_add(1, Ordering::SeqCst);
                    let Some(name) = publisher.publish(number, &mut dice) else {
                        thread::sleep(Duration::from_millis(20));
                        continue;
                    };
                    // At once, while it can be asked; and all of them at the end.
                    if eye.sees(&name) == Some(false) {
                        unseen.lock().expect("no panic").push(name.clone());
                    }
                    acknowledged.lock().expect("no panic").push(name);
                }
            }));
        }
        let mut dice = Dice(9);
        // The server ends with the thread that started it: so it is this one that starts it anew.
        // Who has found something wrong is not waited for.
        while !enough() && publishing.iter().all(|one| !one.is_finished()) {
            // Between two faults some are acknowledged, or time passes.
            let before = acknowledged.lock().expect("no panic").len();
            let next = before + wanted.publications.div_ceil(wanted.faults);
            for _ in 0..300 {
                if acknowledged.lock().expect("no panic").len() >= next {
                    break;
                }
                pause(10);
            }
            pause(dice.below(300));
            let kind = dice.below(faults.len());
            faults[kind].1 += 1;
            let all = |weather| proxies.iter().for_each(|proxy| proxy.turn(weather));
            match faults[kind].0 {
                "killed" => {
                    cluster.kill();
                    pause(dice.below(300));
                    cluster.go();
                }
                "cut" => {
                    all(Weather::Cut);
                    pause(300 + dice.below(1500));
                }
                "slow" => {
                    all(Weather::Slow);
                    pause(500 + dice.below(1000));
                }
                "deaf" => {
                    all(Weather::Deaf);
                    pause(dice.below(200));
                    proxies.iter().for_each(Proxy::reset);
                }
                "reset" => proxies.iter().for_each(Proxy::reset),
                _ => cluster.end_sessions("true"),
            }
            all(Weather::Fair);
        }
        stop.store(true, Ordering::SeqCst);
    });
    let (acknowledged, mut unseen) = (acknowledged.into_inner().expect("one"), unseen.into_inner().expect("one"));
    unseen.extend(acknowledged.iter().filter(|name| eye.sees(name) != Some(true)).cloned());
    unseen.sort();
    unseen.dedup();
    Found { acknowledged, attempts: number.into_inner(), faults, unseen }
}

fn pause(milliseconds: usize) {
    thread::sleep(Duration::from_millis(u64::try_from(milliseconds).expect("small")));
}

/// A store in a database, and what it is known by.
fn made(cluster: &Cluster) -> (Store, String) {
    let disk = disk(&cluster.url("city"));
    let hand = Hand { by: "A", note: "n", keys: &[key(1)], at: thamquyen::server::now() };
    let (mut store, _) = Store::create(Box::new(disk), policy(1, &[1]), &hand).expect("a store");
    publish(&mut store, 1_000_000).expect("published");
    let root = store.log().root().expect("a root").to_string();
    (store, root)
}

#[test]
fn nothing_that_is_acknowledged_is_lost_and_replicas_converge() {
    let wanted = wanted("PUBLICATIONS", if cfg!(debug_assertions) { 60 } else { 500 });
    let mut cluster = Cluster::start();
    let (_, root) = made(&cluster);
    let proxies: Vec<Proxy> = (0..4).map(|_| Proxy::to(cluster.port)).collect();
    let url = |proxy: usize| cluster.url_by(proxies[proxy].port, "city");
    let replicas = [Replica::of(&url(0), &root), Replica::of(&url(1), &root)];
    let publishers: Vec<Box<dyn Publisher>> = vec![
        Box::new(Direct { url: url(2), store: None }),
        Box::new(Direct { url: url(3), store: None }),
        Box::new(Killed::new(url(3), root.clone())),
    ];
    let wanted = Wanted { publications: wanted, faults: 60 };
    weathered(&mut cluster, &proxies, &replicas, publishers, wanted);
}

/// Runs the script beside two services, and holds what was acknowledged against the store and the services once the weather is fair.
fn weathered(
    cluster: &mut Cluster,
    proxies: &[Proxy],
    replicas: &[Replica],
    publishers: Vec<Box<dyn Publisher>>,
    wanted: Wanted,
) -> Store {
    let stop = AtomicBool::new(false);
    let (found, answers) = thread::scope(|scope| {
        let watching: Vec<_> = replicas.iter().map(|replica| scope.spawn(|| replica.watched(&stop))).collect();
        let found = script(cluster, proxies, publishers, wanted);
        stop.store(true, Ordering::SeqCst);
        let answers: Vec<usize> = watching.into_iter().map(|one| one.join().expect("it never goes back")).collect();
        (found, answers)
    });
    // The weather is fair from here on.
    let before: Vec<usize> = replicas.iter().map(|replica| replica.looks().0).collect();
    let last: u32 = cluster.sql("SELECT head FROM thamquyen.stores WHERE store = 'city'").parse().expect("a number");
    let looks: Vec<usize> =
        replicas.iter().zip(before).map(|(replica, before)| replica.reaches(last) - before).collect();
    // One may have been under way, and failed.
    assert!(looks.iter().all(|looks| *looks <= 3), "the replicas needed {looks:?} looks");
    let store = Store::open(Box::new(disk(&cluster.url("city"))), None).expect("a good store");
    assert_eq!(store.log().last().map(|entry| entry.number), Some(last));
    let (count, attempts) = (found.acknowledged.len(), found.attempts);
    println!(
        "{count} acknowledged of {attempts} begun, {last} entries, {answers:?} answers, after {looks:?} looks, {:?}",
        found.faults
    );
    assert_eq!(found.unseen, Vec::<String>::new(), "acknowledged and lost");
    let mut names = found.acknowledged.clone();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "two were told that they have one entry");
    assert!(store.log().entries().iter().map(|kept| kept.number).eq(1..=last), "the log has a hole");
    for (_, publication) in store.log().published() {
        store.files(publication).expect("whole");
    }
    assert!(count >= wanted.publications && answers.iter().all(|answers| *answers > 0));
    for replica in replicas {
        let shown: BTreeSet<String> =
            replica.published().into_iter().map(|number| format!("{number:08}.json")).collect();
        let hidden = found.acknowledged.iter().find(|name| !shown.contains(*name));
        assert_eq!(hidden, None, "acknowledged, and not to be seen");
    }
    store
}

/// The same where services themselves publish, for callers who hang up in the middle and ask again, of either service.
#[test]
fn who_hangs_up_is_told_what_became_of_it() {
    let wanted = wanted("HANG_UPS", if cfg!(debug_assertions) { 40 } else { 150 });
    let mut cluster = Cluster::start();
    let (_, root) = made(&cluster);
    let proxies: Vec<Proxy> = (0..2).map(|_| Proxy::to(cluster.port)).collect();
    let token = thamquyen::server::access::made().expect("randomness").0;
    let replica = |proxy: &Proxy| {
        let url = cluster.url_by(proxy.port, "city");
        Replica::publishing(&url, &root, (callers::NAME, &token), &key(1))
    };
    let replicas: Vec<Replica> = proxies.iter().map(replica).collect();
    let addresses = replicas.iter().map(|replica| replica.address().to_owned()).collect();
    let caller = Caller { addresses, token, keeps_key: true, wishes: Wishes::default() };
    let publishers = (0..3).map(|_| Box::new(caller.clone()) as Box<dyn Publisher>).collect();
    let wanted = Wanted { publications: wanted, faults: 20 };
    let store = weathered(&mut cluster, &proxies, &replicas, publishers, wanted);
    let wishes = caller.wishes.lock().expect("no panic").clone();
    assert_eq!(untrue(store.log(), &wishes), Vec::<String>::new());
    let published: Vec<_> = wishes.iter().filter_map(|wish| Some((wish, wish.entry()?))).collect();
    println!("{} wishes, of which {} are published", wishes.len(), published.len());
    for (wish, entry) in &published {
        assert!(callers::is_of(store.log().entry(*entry).expect("an entry"), wish), "{wish:?}");
    }
    // Asked once more long afterwards, of both services.
    for (wish, entry) in published.iter().rev().take(20) {
        for replica in &replicas {
            let answer = caller.repeats(wish, replica);
            let says = format!("\"entry\":{entry},");
            assert!(answer.status == 201 && answer.body.contains(&says), "{} {}", answer.status, answer.body);
        }
    }
    let after = Store::open(Box::new(disk(&cluster.url("city"))), None).expect("a good store");
    assert_eq!(after.log().entries().len(), store.log().entries().len(), "nothing is published twice");
}

/// The control of what callers are told: who does not keep the key of a request is told of things that are published that they are not.
#[test]
fn without_its_key_a_request_is_another_one() {
    let cluster = Cluster::start();
    let (_, root) = made(&cluster);
    let token = thamquyen::server::access::made().expect("randomness").0;
    let replica = Replica::publishing(&cluster.url("city"), &root, (callers::NAME, &token), &key(1));
    let addresses = vec![replica.address().to_owned()];
    let mut caller = Caller { addresses, token, keeps_key: false, wishes: Wishes::default() };
    let mut dice = Dice(3);
    for number in 0..40 {
        caller.publish(number, &mut dice);
    }
    let store = Store::open(Box::new(disk(&cluster.url("city"))), None).expect("a good store");
    let wishes = caller.wishes.lock().expect("no panic").clone();
    let found = untrue(store.log(), &wishes);
    println!("control: {} of {} were told what is not so", found.len(), wishes.len());
    assert!(!found.is_empty(), "the check does not find what it is for");
}

/// The same script with the defence taken away: something that was acknowledged is not there.
#[test]
fn a_transaction_in_the_future_of_a_request_loses() {
    let mut cluster = Cluster::start();
    // So far away that callers hang up between a statement and its answer on a quick machine too.
    let proxy = Proxy::far(cluster.port, Duration::from_millis(5));
    made(&cluster);
    let service = control::Service::start(&cluster.url_by(proxy.port, "city"));
    // A few of some hundred are lost: where none is, it is tried again.
    let lost = (0..4).any(|round| {
        let publishers = (0..6).map(|_| Box::new(service.caller(round)) as Box<dyn Publisher>).collect();
        let wanted = Wanted { publications: 300, faults: 60 };
        let found = script(&mut cluster, std::slice::from_ref(&proxy), publishers, wanted);
        let count = found.acknowledged.len();
        println!("control: {} of {count} acknowledged are lost; {:?}", found.unseen.len(), found.faults);
        !found.unseen.is_empty()
    });
    assert!(lost, "the script does not find what it is for");
}

/// With the database away a service answers, says since when, and tells who demands more that it does not have it.
#[test]
fn a_replica_that_is_cut_off_goes_on_and_says_how_old_it_is() {
    let cluster = Cluster::start();
    let (mut store, root) = made(&cluster);
    let proxy = Proxy::to(cluster.port);
    let replica = Replica::of(&cluster.url_by(proxy.port, "city"), &root);
    let other = Replica::of(&cluster.url_by(proxy.port, "city"), &root);
    let ask = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc";
    let first = replica.get(ask);
    assert_eq!((first.status, first.header("rules-entry"), first.header("rules-checked")), (200, Some("2"), None));
    // Read your own writes: whoever has an entry names it, and does not wait for the next look.
    for number in 3..8 {
        assert_eq!(publish(&mut store, number), Ok(Placed::Entry(u32::try_from(number).expect("small"))));
        let answer = replica.get(&format!("{ask}&min_version={number}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.entry() >= u32::try_from(number).expect("small"));
    }
    // Nobody demanded it of the other.
    until(|| other.entry() == 7);
    proxy.turn(Weather::Cut);
    publish(&mut store, 8).expect("published");
    let behind = replica.get(&format!("{ask}&min_version=8&lang=en"));
    assert_eq!((behind.status, behind.header("retry-after")), (503, Some("1")));
    assert!(behind.body.contains("this service has entries up to 7, and 8 not yet"), "{}", behind.body);
    let by_header = replica.send("GET", ask, &[("rules-min-entry", "8")]);
    assert!(by_header.status == 503 && by_header.body.contains("\"member\":\"rules-min-entry\""), "{}", by_header.body);
    until(|| replica.get(ask).header("rules-checked").is_some());
    until(|| replica.get("/healthz/ready").body.contains("\"unreadable\":{\"since\":"));
    let old = replica.get(ask);
    assert_eq!((old.status, old.entry()), (200, 7));
    assert_eq!(old.body, replica.get(ask).body);
    assert!(replica.get("/metrics").body.contains("thamquyen_store_looks_total{result=\"failed\"}"));
    // An older version would have to be read.
    let older = replica.get(&format!("{ask}&version=3&lang=en"));
    assert!(older.status == 503 && older.body.contains("store-away"), "{}", older.body);
    assert_eq!(replica.get("/v1/versions").status, 200);
    let before = [&replica, &other].map(Replica::looks);
    proxy.turn(Weather::Fair);
    for (replica, (looks, entry)) in [&replica, &other].into_iter().zip(before) {
        assert_eq!(entry, 7);
        // Two looks, and the one that was under way and failed.
        assert!(replica.reaches(8) - looks <= 3);
    }
    until(|| replica.get(ask).header("rules-checked").is_none());
    assert!(replica.get("/healthz/ready").body.contains("\"unreadable\":null"));
    assert_eq!(replica.get(&format!("{ask}&version=3")).status, 200);
    // What nobody can demand.
    for (said, word) in [("0", "bad-parameter"), ("x", "bad-parameter"), ("8&min_version=8", "bad-parameter")] {
        let answer = replica.get(&format!("{ask}&min_version={said}"));
        assert!(answer.status == 400 && answer.body.contains(word), "{}", answer.body);
    }
}

/// A database that was restored from an older copy is not followed, and is told of.
#[test]
fn a_database_that_was_set_back_is_not_followed() {
    let cluster = Cluster::start();
    let (mut store, root) = made(&cluster);
    publish(&mut store, 3).expect("published");
    let replica = Replica::of(&cluster.url("city"), &root);
    assert_eq!(replica.entry(), 3);
    let dump = "DELETE FROM thamquyen.files WHERE name IN ('00000003.json', 'fresh.json');
         UPDATE thamquyen.stores SET head = 2, counter = counter + 1";
    cluster.sql(dump);
    until(|| replica.get("/healthz/ready").body.contains("\"code\":\"store\""));
    assert_eq!(replica.entry(), 3);
    drop(store);
    // Nor when it grows again, another way.
    let mut other = Store::open(Box::new(disk(&cluster.url("city"))), None).expect("an older store");
    publish(&mut other, 77).expect("published");
    publish(&mut other, 78).expect("published");
    let before = replica.looks().0;
    until(|| replica.looks().0 > before + 2);
    assert_eq!(replica.entry(), 3);
    assert!(replica.get("/healthz/ready").body.contains("\"code\":\"store\""));
    // Nor is another last entry passed over because as much was changed in all.
    let eye = disk(&cluster.url("city"));
    let before = eye.counter().expect("a number");
    assert_eq!(eye.counter().expect("a number"), before);
    cluster.sql("UPDATE thamquyen.files SET content = content || 'x'::bytea WHERE name = '00000004.json'");
    assert_ne!(eye.counter().expect("a number"), before);
}
