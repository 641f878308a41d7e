//! One script of all that is done with a store, run on a folder and on PostgreSQL: both say the same, to the word. Then what a
//! database does by itself: a server that may lose what it acknowledged is refused, an entry is written once, a session that is
//! ended in the middle is found out about.
#![cfg(unix)]

#[path = "replicas/cluster.rs"]
mod cluster;
#[path = "store/place.rs"]
mod place;
#[path = "replicas/proxy.rs"]
mod proxy;
#[path = "store/rows.rs"]
mod rows;
#[path = "store/shelf.rs"]
mod shelf;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use cluster::{Cluster, copy, hexadecimal, until};
use place::Place;
use proxy::{Proxy, Weather};
use shelf::{Dice, at, hand, key, policy, version, wanted};
use thamquyen::store::disk::{Disk, Folder};
use thamquyen::store::fault::Fault;
use thamquyen::store::postgres::{Address, Postgres};
use thamquyen::store::seen::Memory;
use thamquyen::store::statement::Publication;
use thamquyen::store::{Named, Placed, Store};

/// As the program is told.
fn said(place: &Place) -> String {
    match place {
        Place::Folder(folder) => folder.display().to_string(),
        Place::Rows(eye, store) => eye.url(store),
    }
}

/// As the program calls it.
fn shown(place: &Place) -> String {
    match place {
        Place::Folder(folder) => folder.display().to_string(),
        Place::Rows(eye, store) => format!("postgres://127.0.0.1:{}/postgres?store={store}", eye.port),
    }
}

fn postgres(url: &str) -> Postgres {
    Postgres::new(Address::read(url).expect("an address")).expect("a disk")
}

/// A folder with keys, rules and what was seen; what the program said so far.
struct Script {
    place: Place,
    folder: tempfile::TempDir,
    said: Vec<String>,
    versions: usize,
}

impl Script {
    fn new(place: Place) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, seed) in [("a", 1), ("b", 2), ("c", 3)] {
            fs::write(folder.path().join(name), key(seed).pem().expect("a text")).expect("written");
        }
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small"), &folder.path().join("rules"));
        Self { place, folder, said: Vec::new(), versions: 0 }
    }

    /// A little different each time.
    fn change(&mut self, rules: &str) {
        self.versions += 1;
        let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
        copy(&small, &self.folder.path().join(rules));
        let text = fs::read_to_string(small.join("rules.tq")).expect("text");
        let text = format!("# version {}\n{text}", self.versions);
        fs::write(self.folder.path().join(rules).join("rules.tq"), text).expect("written");
    }

    fn tq(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
        command.current_dir(self.folder.path()).args(arguments).args(["--store", &said(&self.place)]);
        command.args(["--seen", "seen.json", "--lang", "en"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command, and keeps what it said but for hashes, moments and the place.
    fn run(&mut self, arguments: &[&str]) -> Output {
        let output = self.tq(arguments).output().expect("tq");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let text = text.replace(&shown(&self.place), "STORE");
        let status = output.status.code().unwrap_or(-1);
        let line = without_hashes(&arguments.join(" "));
        self.said.push(format!("$ tq {line}{}[{status}]", without_hashes(&text)));
        output
    }

    fn publish(&mut self, keys: &[&str]) -> Output {
        self.change("rules");
        let mut arguments = vec!["publish", "--rules", "rules", "--by", "A", "--note", "n"];
        arguments.extend(keys.iter().flat_map(|key| ["--key", key]));
        self.run(&arguments)
    }

    /// Each number of an entry that is published, once all of it was found right.
    fn published(&self) -> Vec<u32> {
        let memory = Memory::read(&self.folder.path().join("seen.json")).expect("whole");
        let seen = memory.of(&self.key()).copied();
        assert!(seen.is_some(), "it was made here: {memory:?}");
        let store = Store::open(self.place.disk(), seen.as_ref()).expect("a good store");
        for (_, publication) in store.log().published() {
            store.files(publication).expect("whole");
        }
        store.log().published().map(|(kept, _)| kept.number).collect()
    }

    fn key(&self) -> String {
        match &self.place {
            Place::Folder(folder) => fs::canonicalize(folder).expect("a folder").display().to_string(),
            Place::Rows(..) => shown(&self.place),
        }
    }
}

/// Runs of hexadecimal digits, and whatever a clock said, as signs.
fn without_hashes(text: &str) -> String {
    let mut plain = String::new();
    for line in text.lines() {
        let words = line.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == ':'));
        for word in words {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let is_hash = bare.len() >= 8 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_moment = bare.len() >= 8 && bare.starts_with("20") && bare.contains(['-', ':']);
            let is_clock = bare.len() >= 5 && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
            if is_hash || is_moment || is_clock {
                plain.push('#');
                plain.push_str(word.get(bare.len()..).unwrap_or(""));
            } else {
                plain.push_str(word);
            }
        }
        plain.push('\n');
    }
    plain
}

/// All that is done with a store, by people and by those who mean harm.
fn life(place: Place) -> Vec<String> {
    let mut script = Script::new(place);
    let holder = |name: &str, seed| format!("{name}={}", key(seed).public().text());
    let (a, b) = (holder("A", 1), holder("B", 2));
    let code = |output: Output| output.status.code();
    assert_eq!(code(script.run(&["versions"])), Some(2), "there is none yet");
    let make = ["store", "new", "--publisher", &a, "--offset", "+07:00", "--key", "a", "--by", "A", "--note", "n"];
    assert_eq!(code(script.run(&make)), Some(0));
    assert_eq!(code(script.run(&make)), Some(2), "there is one already");
    assert_eq!(code(script.publish(&["a"])), Some(0));
    assert_eq!(code(script.publish(&["c"])), Some(2), "nobody trusts this key");
    let two = ["store", "policy", "--publisher", &a, "--publisher", &b, "--signatures", "2", "--offset", "+07:00"];
    let two = [&two[..], &["--key", "a", "--key", "b", "--by", "A", "--note", "two of us"]].concat();
    assert_eq!(code(script.run(&two)), Some(0));
    assert_eq!(code(script.publish(&["a"])), Some(0));
    assert_eq!(code(script.run(&["versions"])), Some(0), "one waits");
    let waiting = Store::open(script.place.disk(), None).expect("a store").waiting().expect("a list").0;
    let [waiting] = &waiting[..] else { panic!("{waiting:?}") };
    assert_eq!(code(script.run(&["approve", &waiting.name, "--key", "c"])), Some(2));
    assert_eq!(code(script.run(&["approve", &waiting.name, "--key", "b"])), Some(0));
    assert_eq!(code(script.run(&["approve", &waiting.name, "--key", "b"])), Some(2), "nothing waits any more");
    let back = ["rollback", "2", "--key", "a", "--key", "b", "--by", "B", "--note", "back"];
    assert_eq!(code(script.run(&back)), Some(0));
    assert_eq!(code(script.run(&["store", "renew", "--key", "a"])), Some(0));
    assert_eq!(code(script.run(&["versions"])), Some(0));
    assert_eq!(code(script.run(&["diff", "version:2", "version:4"])), Some(0), "they differ in a comment");
    let ask = ["ask", "giao-dat", "--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc", "--of", "4"];
    assert_eq!(code(script.run(&ask)), Some(0));
    assert_eq!(script.published(), [2, 4, 5]);
    attacks(&mut script, &ask);
    assert_eq!(script.published(), [2, 4, 5], "all is as it was");
    script.said
}

/// What is changed behind its back is told, and told in the same words; then it is put right again.
fn attacks(script: &mut Script, ask: &[&str]) {
    let flipped = |bytes: &[u8]| {
        // The first: what another one would be told as depends on the moment that is written there.
        let mut bytes = bytes.to_vec();
        bytes[0] ^= 1;
        bytes
    };
    for name in ["log/00000001.json", "log/00000004.json", "fresh.json"] {
        let bytes = script.place.take(name);
        script.place.put(name, &flipped(&bytes));
        assert_eq!(script.run(&["versions"]).status.code(), Some(2), "{name} was changed");
        script.place.put(name, &bytes);
    }
    let (last, fresh) = (script.place.take("log/00000005.json"), script.place.take("fresh.json"));
    assert_eq!(script.run(&["versions"]).status.code(), Some(2), "it was set back");
    script.place.put("log/00000005.json", &last);
    assert_eq!(script.run(&["versions"]).status.code(), Some(0), "nobody confirms it, which is told");
    script.place.put("fresh.json", &fresh);
    let store = Store::open(script.place.disk(), None).expect("a store");
    let (_, publication) = store.find(&Named::Number(4)).expect("a version");
    let text = format!("files/{}", publication.files.last().expect("a file").sha256);
    let bytes = script.place.take(&text);
    assert_eq!(script.run(ask).status.code(), Some(2), "a text is missing");
    script.place.put(&text, &flipped(&bytes));
    assert_eq!(script.run(ask).status.code(), Some(2), "a text was changed");
    script.place.put(&text, &bytes);
}

#[test]
fn both_disks_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let in_folder = life(Place::Folder(folder.path().join("store")));
    let cluster = Cluster::start();
    let in_rows = life(Place::Rows(cluster.eye(), "city".to_owned()));
    for (one, other) in in_folder.iter().zip(&in_rows) {
        assert_eq!(one, other);
    }
    assert_eq!(in_folder.len(), in_rows.len());
    println!("{} commands said the same of a folder and of a database", in_rows.len());
}

/// Several write at once, and some are killed in the middle: whoever is acknowledged has an entry, and the log has no hole.
#[test]
fn writers_at_once_and_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let cluster = Cluster::start();
    let rounds = wanted("KILLS", if cfg!(debug_assertions) { 12 } else { 100 });
    for place in [Place::Folder(folder.path().join("store")), Place::Rows(cluster.eye(), "city".to_owned())] {
        let mut script = Script::new(place);
        let a = format!("A={}", key(1).public().text());
        let make = ["store", "new", "--publisher", &a, "--offset", "+07:00", "--key", "a", "--by", "A", "--note", "n"];
        assert!(script.run(&make).status.success());
        let (mut dice, mut acknowledged, mut told, mut killed) = (Dice(7), Vec::new(), 0, 0);
        for _ in 0..rounds {
            let hands = ["one", "other", "third"];
            let mut all: Vec<Child> = Vec::new();
            for rules in hands {
                script.change(rules);
                let arguments = ["publish", "--rules", rules, "--key", "a", "--by", "A", "--note", "n"];
                all.push(script.tq(&arguments).spawn().expect("tq"));
            }
            // One of the three is killed, sooner or later.
            thread::sleep(Duration::from_millis(u64::try_from(dice.below(600)).expect("small")));
            let _ = all[0].kill();
            for child in all {
                let output = child.wait_with_output().expect("it ended");
                let words = String::from_utf8_lossy(&output.stdout).into_owned();
                match output.status.code() {
                    Some(0) => {
                        let number = words.lines().find_map(|line| line.strip_prefix("in the log: entry "));
                        acknowledged.push(number.expect("an entry").parse::<u32>().expect("a number"));
                    }
                    Some(_) => {
                        let error = String::from_utf8_lossy(&output.stderr);
                        assert_eq!(error, "error: another entry came first; begin again on the newest version\n");
                        told += 1;
                    }
                    None => killed += 1,
                }
            }
            let published = script.published();
            assert!(published.iter().copied().eq((2..).take(published.len())), "a hole: {published:?}");
            assert!(acknowledged.iter().all(|number| published.contains(number)), "{acknowledged:?} {published:?}");
        }
        let count = acknowledged.len();
        acknowledged.sort_unstable();
        acknowledged.dedup();
        assert_eq!(acknowledged.len(), count, "two were told that they have one entry");
        println!("{count} acknowledged, {told} told that another came first, {killed} killed");
        // In most rounds one comes first; now and then it is the one that is killed.
        assert!(count > rounds / 2 && told > 0);
    }
}

/// A server that may lose what it acknowledged is refused, and each setting by its name.
#[test]
fn a_server_that_may_lose_is_refused() {
    for (setting, refused) in [("fsync=off", Some("fsync")), ("full_page_writes=off", Some("full_page_writes"))] {
        let cluster = Cluster::with(&[setting]);
        let fault = Store::create(Box::new(postgres(&cluster.url("city"))), policy(1, &[1]), &hand(&[key(1)], 0));
        let Err(Fault::Server { setting, .. }) = fault.map(drop) else { panic!("{setting} was taken") };
        assert_eq!(Some(setting), refused);
    }
    // This one each session says for itself.
    let cluster = Cluster::with(&["synchronous_commit=off"]);
    Store::create(Box::new(postgres(&cluster.url("city"))), policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store");
    // Tables of a later program are left alone.
    cluster.sql("INSERT INTO thamquyen.form VALUES (2)");
    let later = Store::open(Box::new(postgres(&cluster.url("city"))), None).map(drop);
    assert_eq!(later, Err(Fault::Later { name: "thamquyen.form".to_owned(), format: 2 }));
}

/// Stores of one database know nothing of each other.
#[test]
fn a_database_has_several_stores() {
    let cluster = Cluster::start();
    for (name, count) in [("city", 1), ("province", 2)] {
        let mut store = made(&cluster, name);
        for seconds in 0..count {
            publish(&mut store, 1 + seconds).expect("published");
        }
    }
    let length = |name| {
        let store = Store::open(Box::new(postgres(&cluster.url(name))), None).expect("a store");
        store.log().entries().len()
    };
    assert_eq!((length("city"), length("province")), (2, 3));
    let nothing = Store::open(Box::new(postgres(&cluster.url("nothing"))), None).map(drop);
    assert_eq!(nothing, Err(Fault::NoStore("log".to_owned())));
}

fn made(cluster: &Cluster, name: &str) -> Store {
    Store::create(Box::new(postgres(&cluster.url(name))), policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store").0
}

fn publish(store: &mut Store, seconds: i64) -> Result<Placed, Fault> {
    let text = format!("text {seconds}");
    let (publication, files): (Publication, _) = version(store, &[("a.tq", &text)]);
    store.publish(publication, &files, &hand(&[key(1)], seconds))
}

/// Whoever thinks that he has the lock, and has lost it, puts nothing into the place of another's entry.
#[test]
fn an_entry_is_written_once() {
    let cluster = Cluster::start();
    made(&cluster, "city");
    let (slow, quick) = (postgres(&cluster.url("city")), postgres(&cluster.url("city")));
    let place = |disk: &Postgres, number: u32, text: &[u8]| {
        disk.write("log/.new", text).expect("kept in memory");
        let placed = disk.rename("log/.new", &format!("log/{number:08}.json"));
        placed.map_err(|error| Fault::clone(error.get_ref().unwrap().downcast_ref().unwrap()))
    };
    let lock = slow.lock().expect("a lock");
    // Its session is ended by the server, and nobody has told it.
    cluster.end_sessions("application_name = 'tq'");
    let other = quick.lock().expect("the lock is free");
    assert_eq!(place(&quick, 2, b"quick"), Ok(()), "it is the first");
    drop(other);
    assert_eq!(place(&slow, 2, b"slow"), Err(Fault::Overtaken));
    assert_eq!(slow.read("log/00000002.json", 100).expect("an entry"), b"quick");
    drop(lock);
    // Both have the lock, for one of them asks nobody for it: the head of the log decides.
    let rude = "UPDATE thamquyen.stores SET head = 3; INSERT INTO thamquyen.files VALUES ('city', 'log', '00000003.json', 'rude')";
    let _lock = slow.lock().expect("a lock");
    cluster.sql(rude);
    assert_eq!(place(&slow, 3, b"slow"), Err(Fault::Overtaken));
    let count = || cluster.sql("SELECT count(*) FROM thamquyen.files WHERE name = '00000003.json'");
    assert_eq!(count(), "1");
    // The control: without the head it is the key of the table that refuses, and without both there are two of one number.
    cluster.sql("UPDATE thamquyen.stores SET head = 2");
    assert_eq!(place(&slow, 3, b"slow"), Err(Fault::Overtaken));
    cluster.sql("ALTER TABLE thamquyen.files DROP CONSTRAINT files_pkey; UPDATE thamquyen.stores SET head = 2");
    assert_eq!(place(&slow, 3, b"slow"), Ok(()));
    assert_eq!(count(), "2");
}

/// The session is lost while an entry is put into the log: it is found out whether it is there.
#[test]
fn what_became_of_an_entry_is_found_out() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.port);
    drop(made(&cluster, "city"));
    let url = cluster.url_by(proxy.port, "city");
    let open = || Store::open(Box::new(postgres(&url)), None).expect("a store");
    let mut store = open();
    // The database ends the session within the statement, which is undone.
    cluster.sql(
        "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.folder = 'log' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
         CREATE TRIGGER undo BEFORE INSERT ON thamquyen.files FOR EACH ROW EXECUTE FUNCTION undo()",
    );
    let fault = publish(&mut store, 1).expect_err("it was undone");
    assert!(matches!(fault, Fault::Away { .. }), "{fault:?}");
    cluster.sql("DROP TRIGGER undo ON thamquyen.files");
    assert_eq!(publish(&mut store, 1), Ok(Placed::Entry(2)));
    assert_eq!(store.is_fresh(at(2)), Ok(()));
    // The statement is done, and its answer is lost. Whoever waits for it is told what became of it once the network is back.
    cluster.sql(
        "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.folder = 'log' THEN PERFORM pg_sleep(1); END IF; RETURN NEW; END $$;
         CREATE TRIGGER late BEFORE INSERT ON thamquyen.files FOR EACH ROW EXECUTE FUNCTION late()",
    );
    let count = |number: u32| {
        cluster.sql(&format!("SELECT count(*) FROM thamquyen.files WHERE name = '{number:08}.json'")) == "1"
    };
    let is_late = || cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1";
    thread::scope(|scope| {
        let publishing = scope.spawn(|| publish(&mut store, 3));
        until(is_late);
        proxy.turn(Weather::Deaf);
        until(|| count(3));
        proxy.turn(Weather::Fair);
        proxy.reset();
        cluster.sql("DROP TRIGGER late ON thamquyen.files");
        assert_eq!(publishing.join().expect("no panic"), Ok(Placed::Entry(3)));
    });
    // The database does not come back: nobody knows, and that is what is said.
    let cluster = std::cell::RefCell::new(cluster);
    thread::scope(|scope| {
        cluster
            .borrow()
            .sql("CREATE TRIGGER late BEFORE INSERT ON thamquyen.files FOR EACH ROW EXECUTE FUNCTION late()");
        let publishing = scope.spawn(|| publish(&mut store, 4));
        until(|| cluster.borrow().sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1");
        cluster.borrow_mut().kill();
        assert_eq!(publishing.join().expect("no panic"), Err(Fault::Uncertain(4)));
    });
}

/// A replica needs no more than to read.
#[test]
fn a_role_that_only_reads_follows_a_store() {
    let cluster = Cluster::start();
    let mut store = made(&cluster, "city");
    cluster.sql("CREATE ROLE replica LOGIN; GRANT USAGE ON SCHEMA thamquyen TO replica");
    cluster.sql("GRANT SELECT ON ALL TABLES IN SCHEMA thamquyen TO replica");
    let url = cluster.url("city").replace("tq@", "replica@");
    let mut reader = Store::open(Box::new(postgres(&url)), None).expect("it may read");
    publish(&mut store, 1).expect("published");
    reader.follow().expect("it may follow");
    assert_eq!(reader.log().last().map(|last| last.number), Some(2));
    let fault = publish(&mut reader, 2).expect_err("it may not write");
    assert!(matches!(&fault, Fault::System { said, .. } if said.contains("permission denied")), "{fault:?}");
}

/// As `docs/operations.md` says it: a backup is restored, an older one is refused by whoever saw more, and a folder moves into
/// rows with its root.
#[test]
fn backups_are_restored_and_folders_move() {
    let cluster = Cluster::start();
    let mut store = made(&cluster, "city");
    publish(&mut store, 1).expect("published");
    let older = cluster.dump();
    publish(&mut store, 2).expect("published");
    let (newer, seen) = (cluster.dump(), store.seen().expect("it has entries"));
    let open = || Store::open(Box::new(postgres(&cluster.url("city"))), Some(&seen));
    cluster.restore(&newer);
    let mut restored = open().expect("all of it");
    assert_eq!(restored.files(restored.log().latest().expect("a version").1).expect("whole").len(), 1);
    assert_eq!(publish(&mut restored, 3), Ok(Placed::Entry(4)), "it goes on");
    cluster.restore(&older);
    assert_eq!(open().map(drop), Err(Fault::RolledBack { seen: 3, there: 2 }));
    // The folder, file by file, and then the number of the last entry.
    let place = tempfile::tempdir().expect("a folder");
    let folder = Folder::new(place.path());
    let (mut store, _) =
        Store::create(Box::new(folder.clone()), policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store");
    publish(&mut store, 1).expect("published");
    cluster.sql("INSERT INTO thamquyen.stores VALUES ('moved', 2)");
    for part in ["", "log", "files", "proposals"] {
        cluster.sql(&format!("INSERT INTO thamquyen.folders VALUES ('moved', '{part}')"));
        for name in if part.is_empty() { vec!["fresh.json".to_owned()] } else { folder.names(part).expect("names") } {
            let path = if part.is_empty() { name.clone() } else { format!("{part}/{name}") };
            let content = hexadecimal(&folder.read(&path, u64::from(u32::MAX)).expect("a file"));
            cluster.sql(&format!(
                "INSERT INTO thamquyen.files VALUES ('moved', '{part}', '{name}', decode('{content}', 'hex'))"
            ));
        }
    }
    let moved = Store::open(Box::new(postgres(&cluster.url("moved"))), store.seen().as_ref());
    assert_eq!(publish(&mut moved.expect("the same store"), 2), Ok(Placed::Entry(3)));
}

/// Nothing of a password is in what the program says.
#[test]
fn no_password_is_told() {
    let port = cluster::free_port();
    for url in [
        format!("postgres://tq:hush@127.0.0.1:{port}/postgres?sslmode=disable"),
        format!("postgres://tq@127.0.0.1:{port}/postgres?sslmode=disable&password=hush"),
        format!("postgres://tq@127.0.0.1:{port}/postgres?sslmode=disable&pasword=hush"),
        "postgres://tq:hush@[/postgres".to_owned(),
    ] {
        for command in [&["versions"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let mut tq = Command::new(env!("CARGO_BIN_EXE_tq"));
            let output = tq.args(command).args(["--store", &url, "--seen", "/dev/null", "--lang", "vi"]).output();
            let output = output.expect("tq");
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
            assert!(said.starts_with("lỗi: ") && !said.contains("hush"), "{said}");
        }
    }
}
