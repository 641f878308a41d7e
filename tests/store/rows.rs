//! What a database does by itself: many files are read at once, a session that ends in the middle harms nobody else, and whoever
//! publishes needs no more than to write rows.

use std::io;
use std::thread;
use std::time::Duration;

use thamquyen::store::disk::{Disk, Folder};
use thamquyen::store::fault::Fault;
use thamquyen::store::{Placed, Store};

use super::cluster::Cluster;
use super::proxy::{Proxy, Weather};
use super::shelf::Dice;
use super::{made, postgres, publish, until};

/// Files as they are wanted, by whatever the disk reads at once.
fn several(disk: &dyn Disk, wanted: &[(String, u64)]) -> Vec<Result<Vec<u8>, io::ErrorKind>> {
    let mut all = Vec::new();
    while let Some(rest) = wanted.get(all.len()..).filter(|rest| !rest.is_empty()) {
        match disk.read_several(rest) {
            Ok(some) => {
                assert!((1..=rest.len()).contains(&some.len()), "{} of {}", some.len(), rest.len());
                all.extend(some.into_iter().map(Ok));
            }
            Err(error) => all.push(Err(error.kind())),
        }
    }
    all
}

/// Small, large, missing, and larger than they may be: read at once as one by one.
#[test]
fn files_are_read_at_once_as_one_by_one() {
    let cluster = Cluster::start();
    drop(made(&cluster, "city"));
    let folder = tempfile::tempdir().expect("a folder");
    let (rows, files) = (postgres(&cluster.url("city")), Folder::new(folder.path()));
    files.make_folder("files").expect("a folder");
    let mut dice = Dice(5);
    let sizes: Vec<usize> = (0..60).map(|number| dice.below(if number % 6 == 0 { 3 << 20 } else { 2000 })).collect();
    let name = |number: usize| format!("files/{number}");
    let lock = rows.lock().expect("a lock");
    for (number, size) in sizes.iter().enumerate() {
        let bytes: Vec<u8> = (0..*size).map(|_| u8::try_from(dice.below(256)).expect("a byte")).collect();
        for disk in [&rows as &dyn Disk, &files] {
            disk.write("files/.new", &bytes).expect("written");
            disk.rename("files/.new", &name(number)).expect("renamed");
        }
    }
    drop(lock);
    let one_by_one = |wanted: &[(String, u64)]| -> Vec<Result<Vec<u8>, io::ErrorKind>> {
        wanted.iter().map(|(name, limit)| files.read(name, *limit).map_err(|error| error.kind())).collect()
    };
    let mut tried = Vec::new();
    for _ in 0..12 {
        let mut one = || {
            let number = dice.below(sizes.len() + 4);
            let size = sizes.get(number).map_or(0, |size| u64::try_from(*size).expect("small"));
            (name(number), if dice.below(10) == 0 { size.saturating_sub(1) } else { size })
        };
        let wanted: Vec<(String, u64)> = (0..80).map(|_| one()).collect();
        assert!(several(&rows, &wanted) == one_by_one(&wanted), "{wanted:?}");
        tried.push(wanted);
    }
    assert!(rows.read_several(&[]).is_ok_and(|none| none.is_empty()));
    // The control: a byte that is another is found.
    cluster.sql("UPDATE thamquyen.files SET content = set_byte(content, 0, get_byte(content, 0) # 1) WHERE name = '1'");
    assert!(tried.iter().any(|wanted| several(&rows, wanted) != one_by_one(wanted)));
}

/// However long a log is, it is read in few turns.
#[test]
fn a_log_is_read_in_few_turns() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.port);
    let mut store = made(&cluster, "city");
    for seconds in 1..100 {
        publish(&mut store, seconds).expect("published");
    }
    let url = cluster.url_by(proxy.port, "city");
    let open = || Store::open(Box::new(postgres(&url)), None).expect("a store");
    let before = proxy.asked();
    let opened = open();
    let turns = proxy.asked() - before;
    assert_eq!(opened.log().entries().len(), 100);
    assert!(turns <= 20, "{turns} turns");
    // The control: one by one.
    let (disk, before) = (postgres(&url), proxy.asked());
    for number in 1..=100 {
        disk.read(&format!("log/{number:08}.json"), u64::from(u32::MAX)).expect("an entry");
    }
    let single = proxy.asked() - before;
    assert!(single >= 100, "{single} turns");
    println!("100 entries in {turns} turns; one by one in {single}");
}

/// A server ends a session that holds the lock and says nothing for a minute, here for a moment. What was being published is refused,
/// and what is published next is not.
#[test]
fn a_lock_that_is_lost_while_nothing_is_written_harms_one_publication() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.port);
    drop(made(&cluster, "city"));
    let mut store = Store::open(Box::new(postgres(&cluster.url_by(proxy.port, "city"))), None).expect("a store");
    assert_eq!(publish(&mut store, 1), Ok(Placed::Entry(2)));
    cluster.sql(
        "CREATE FUNCTION hurry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         PERFORM set_config('idle_session_timeout', '1ms', false); RETURN NEW; END $$;
         CREATE TRIGGER hurry BEFORE INSERT ON thamquyen.files FOR EACH ROW WHEN (NEW.folder = 'files') EXECUTE FUNCTION hurry()",
    );
    // Whether the texts are there is asked on another connection, and that takes longer now.
    proxy.turn(Weather::Slow);
    let fault = publish(&mut store, 2).expect_err("the lock is lost");
    assert!(matches!(fault, Fault::Away { .. }), "{fault:?}");
    proxy.turn(Weather::Fair);
    cluster.sql("DROP TRIGGER hurry ON thamquyen.files");
    assert_eq!(publish(&mut store, 2), Ok(Placed::Entry(3)));
    assert_eq!(publish(&mut store, 3), Ok(Placed::Entry(4)));
    // Nobody is left who holds the lock.
    until(|| cluster.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0");
}

/// Two of one program write, and the first loses its lock in the middle: it does not write by the lock of the second, nor end it.
#[test]
fn a_lock_is_its_owners_alone() {
    let cluster = Cluster::start();
    let store = made(&cluster, "city");
    let other = store.beside();
    thread::scope(|scope| {
        let mut second = None;
        let first = store.note("notes", "first", |_| {
            cluster.end_sessions(
                "application_name = 'tq' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')",
            );
            second = Some(scope.spawn(|| {
                other.note("notes", "second", |_| {
                    thread::sleep(Duration::from_millis(500));
                    (Some(b"second".to_vec()), ())
                })
            }));
            // As long as the second takes to have a lock, if nobody keeps it from that.
            thread::sleep(Duration::from_millis(300));
            (Some(b"first".to_vec()), ())
        });
        assert!(matches!(first, Err(Fault::Away { .. })), "{first:?}");
        assert_eq!(second.expect("it was begun").join().expect("no panic"), Ok(()));
    });
    assert_eq!(
        (store.noted("notes", "first"), store.noted("notes", "second")),
        (Ok(None), Ok(Some(b"second".to_vec())))
    );
}

/// Who publishes makes no tables, and needs no right to.
#[test]
fn a_role_that_writes_rows_publishes() {
    let cluster = Cluster::start();
    let mut store = made(&cluster, "city");
    cluster.sql("CREATE ROLE publisher LOGIN; GRANT USAGE ON SCHEMA thamquyen TO publisher");
    cluster.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA thamquyen TO publisher");
    let url = cluster.url("city").replace("tq@", "publisher@");
    let mut publisher = Store::open(Box::new(postgres(&url)), None).expect("it may read");
    assert_eq!(publish(&mut publisher, 1), Ok(Placed::Entry(2)));
    // What a service keeps beside the log, in folders of its own.
    publisher.note("notes", "one", |_| (Some(b"1".to_vec()), ())).expect("noted");
    assert_eq!(store.noted("notes", "one"), Ok(Some(b"1".to_vec())));
    store.refresh().expect("it follows");
    assert_eq!(publish(&mut store, 2), Ok(Placed::Entry(3)));
}
