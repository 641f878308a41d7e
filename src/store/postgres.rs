//! A store in PostgreSQL, for several replicas of a service: the same files in the same folders, as rows. Every change is one
//! statement, which the database does as a whole or not at all; an entry of the log is only ever inserted, where the head of
//! the log is the entry before it. So neither a lost lock nor a lost session can put two entries in one place.
//!
//! The connections live on a thread of their own. Whoever waits for them owns nothing of them: a caller that goes away cancels
//! nothing. Nothing here knows versions.

mod address;
pub(crate) mod session;
pub(crate) mod worker;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnection, PgListener, PgPoolOptions, PgRow};
use sqlx::{Connection as _, Error, Row as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

pub use self::address::Address;
use self::session::{Purpose, STORES, away, is_lost, open, trouble};
use self::worker::Worker;
use super::disk::{Bounded, Disk, Lock};
use super::fault::Fault;

/// For a reading, with the connection that it may take.
const READING: Duration = Duration::from_secs(5);
/// For a writing under the lock; the server ends it earlier.
const WRITING: Duration = Duration::from_secs(15);
/// For the lock, with the connection.
const LOCKING: Duration = Duration::from_secs(40);
/// To find out what became of an entry when its session was lost.
const SETTLING: Duration = Duration::from_secs(30);
/// Between two attempts to reach a database that does not answer.
const PAUSE: Duration = Duration::from_millis(200);
/// A channel on which nothing was heard for so long is opened anew: it may be cut off without a sign of it.
const SILENCE: Duration = Duration::from_secs(60);

/// So many bytes are read at once, and the last file may end behind them.
const PAGE: i64 = 4 << 20;

/// Where entries lie, of which none is ever written over.
const LOG: &str = "log";
/// Where texts lie by their hashes: readers are led to them by entries.
const FILES: &str = "files";

const READ: &str = "SELECT CASE WHEN octet_length(content) <= $4 THEN content END FROM thamquyen.files
    WHERE store = $1 AND folder = $2 AND name = $3";
/// As many as are together not larger than some bytes, and the one that is.
const SEVERAL: &str = "SELECT CASE WHEN octet_length(content) <= most THEN content END, place FROM (
        SELECT content, most, place, coalesce(sum(octet_length(content)) OVER
            (ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM unnest($2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS wanted (folder, name, most, place)
        JOIN thamquyen.files USING (folder, name) WHERE store = $1
    ) AS page WHERE before < $5 ORDER BY place";
const NAMES: &str = "SELECT name FROM thamquyen.folders LEFT JOIN thamquyen.files USING (store, folder)
    WHERE store = $1 AND folder = $2 ORDER BY name COLLATE \"C\"";
const STORE: &str = "INSERT INTO thamquyen.stores (store) VALUES ($1) ON CONFLICT DO NOTHING";
const FOLDER: &str = "INSERT INTO thamquyen.folders (store, folder) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const REMOVE: &str = "DELETE FROM thamquyen.files WHERE store = $1 AND folder = $2 AND name = $3 RETURNING 1";
/// The counter, and the last entry: a database that was set back may come to the same number of changes by others.
const COUNTER: &str = "SELECT hashtextextended(counter || ' ' || head || ' ' || coalesce(md5(content), ''), 0)
    FROM thamquyen.stores AS one LEFT JOIN thamquyen.files AS entry
    ON entry.store = one.store AND folder = 'log' AND name = to_char(head, 'FM00000000') || '.json' WHERE one.store = $1";
/// Commits, and makes readers look once more.
const TICK: &str = "UPDATE thamquyen.stores SET counter = counter + 1 WHERE store = $1";
/// A key of the lock, and who holds it, so that a session that was lost can be told from another one with its number.
const LOCK: &str = "SELECT pg_advisory_lock(hashtextextended('thamquyen.store ' || $1, 0)), pg_backend_pid(),
    (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()), set_config('statement_timeout', '10s', false)";
const END: &str =
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2";
/// The entry, the head and the counter move together, and only where the head is the entry before.
const ENTRY: &str = "WITH moved AS (
        UPDATE thamquyen.stores SET head = head + 1, counter = counter + 1 WHERE store = $1 AND head = $4 - 1 RETURNING 1
    ), put AS (
        INSERT INTO thamquyen.files (store, folder, name, content) SELECT $1, 'log', $2, $3 FROM moved RETURNING 1
    ) SELECT pg_notify('thamquyen', $1) FROM put";
const TEXT: &str = "INSERT INTO thamquyen.files (store, folder, name, content) VALUES ($1, $2, $3, $4)
    ON CONFLICT (store, folder, name) DO UPDATE SET content = excluded.content RETURNING 1";
const FILE: &str = "WITH moved AS (
        UPDATE thamquyen.stores SET counter = counter + 1 WHERE store = $1 RETURNING 1
    ), put AS (
        INSERT INTO thamquyen.files (store, folder, name, content) SELECT $1, $2, $3, $4 FROM moved
        ON CONFLICT (store, folder, name) DO UPDATE SET content = excluded.content RETURNING 1
    ) SELECT pg_notify('thamquyen', $1) FROM put";

/// A store in a database.
#[derive(Debug)]
pub struct Postgres {
    inner: Arc<Inner>,
    /// What was written and has no name yet under which others could see it.
    staged: Mutex<BTreeMap<String, Vec<u8>>>,
    worker: Worker,
}

#[derive(Debug)]
struct Inner {
    address: Address,
    reader: tokio::sync::Mutex<Option<PgConnection>>,
    /// The session that holds the lock: whatever is written is written by it, so that nothing is written without the lock.
    writer: tokio::sync::Mutex<Option<Writer>>,
    /// One of this disk at a time waits for the lock or has it. Who lost it with its session would else write by the session of
    /// another one here, and end it.
    turn: Arc<Semaphore>,
}

#[derive(Debug)]
struct Writer {
    session: PgConnection,
    /// Its process on the server, and since when that is there.
    process: i32,
    since: String,
}

/// What a statement is given.
#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Bytes(Vec<u8>),
    Large(i64),
    Small(i32),
    Texts(Vec<String>),
    Larges(Vec<i64>),
}

/// A statement with its values, which can be said again.
#[derive(Debug, Clone)]
struct Said(&'static str, Vec<Value>);

impl Said {
    async fn to(&self, session: &mut PgConnection) -> Result<Vec<PgRow>, Error> {
        let mut query = sqlx::query(self.0);
        for value in &self.1 {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
                Value::Large(number) => query.bind(number),
                Value::Small(number) => query.bind(number),
                Value::Texts(texts) => query.bind(texts),
                Value::Larges(numbers) => query.bind(numbers),
            };
        }
        query.fetch_all(session).await
    }
}

impl Postgres {
    /// Connects when something is read.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(address: Address) -> Result<Self, Fault> {
        let worker = Worker::new("store").map_err(|error| Fault::of(&address.to_string(), &error))?;
        let (reader, writer) = (tokio::sync::Mutex::new(None), tokio::sync::Mutex::new(None));
        let inner = Inner { address, reader, writer, turn: Arc::new(Semaphore::new(1)) };
        Ok(Self { inner: Arc::new(inner), staged: Mutex::default(), worker })
    }

    /// Waits for work on the thread of the connections; only the time cancels it.
    fn wait<T: Send + 'static>(
        &self,
        within: Duration,
        work: impl Future<Output = io::Result<T>> + Send + 'static,
    ) -> io::Result<T> {
        self.worker.wait(within, work).unwrap_or_else(|| Err(away(&self.inner.address, "no answer in time")))
    }

    fn look(&self, said: Said) -> io::Result<Vec<PgRow>> {
        let inner = Arc::clone(&self.inner);
        self.wait(READING, async move { inner.look(&said).await })
    }

    fn write_under_lock(&self, said: Said) -> io::Result<Vec<PgRow>> {
        let inner = Arc::clone(&self.inner);
        self.wait(WRITING, async move { inner.write(&said).await })
    }

    fn store(&self) -> Value {
        Value::Text(self.inner.address.store().to_owned())
    }

    fn at(&self, sql: &'static str, name: &str) -> Said {
        let (folder, name) = parts(name);
        Said(sql, vec![self.store(), Value::Text(folder.to_owned()), Value::Text(name.to_owned())])
    }

    fn staged(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.staged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an entry behind the one before, or says for sure that it is not there, or that nobody knows.
    fn enter(&self, name: &str, bytes: Vec<u8>) -> io::Result<()> {
        let number = name.strip_suffix(".json").and_then(|number| number.parse::<i32>().ok());
        let Some(number) = number else { return Err(io::ErrorKind::InvalidInput.into()) };
        let name = name.to_owned();
        let values = vec![self.store(), Value::Text(name.clone()), Value::Bytes(bytes.clone()), Value::Small(number)];
        let inner = Arc::clone(&self.inner);
        // Longer than all that is waited for within, so that what comes of it is told.
        self.wait(WRITING + SETTLING + PAUSE * 10, async move {
            let before = inner.holder().await;
            let put = timeout(WRITING, inner.write(&Said(ENTRY, values))).await;
            if let Ok(Ok(rows)) = &put
                && !rows.is_empty()
            {
                return Ok(());
            }
            let refused = match put {
                Ok(Err(error)) => error,
                Ok(Ok(_)) => io::Error::other(Fault::Overtaken),
                Err(_) => away(&inner.address, "no answer in time"),
            };
            let unknown = || io::Error::other(Fault::Uncertain(u32::try_from(number).unwrap_or_default()));
            let settled = timeout(SETTLING, inner.settle(&name, before)).await.map_err(|_| unknown())?;
            match settled {
                Some(there) if there == bytes => Ok(()),
                Some(_) => Err(io::Error::other(Fault::Overtaken)),
                None => Err(refused),
            }
        })
    }
}

impl Inner {
    /// Asks on the connection that is there, or on another where that one is lost: the server may have been started anew.
    async fn look(&self, said: &Said) -> io::Result<Vec<PgRow>> {
        let mut slot = self.reader.lock().await;
        // Taken out: what is cut off in the middle is not used again.
        if let Some(mut session) = slot.take() {
            match said.to(&mut session).await {
                Err(error) if is_lost(&error) => {}
                done => {
                    *slot = Some(session);
                    return done.map_err(|error| trouble(&self.address, &error));
                }
            }
        }
        let mut session = open(&self.address, Purpose::Read, &STORES).await?;
        let done = said.to(&mut session).await;
        if !done.as_ref().is_err_and(is_lost) {
            *slot = Some(session);
        }
        done.map_err(|error| trouble(&self.address, &error))
    }

    /// Writes on the session that holds the lock. Where that is lost nothing can be written until the lock is taken again.
    async fn write(&self, said: &Said) -> io::Result<Vec<PgRow>> {
        let mut slot = self.writer.lock().await;
        let Some(mut writer) = slot.take() else {
            return Err(away(&self.address, "the session that held the lock is lost"));
        };
        let done = said.to(&mut writer.session).await;
        if !done.as_ref().is_err_and(is_lost) {
            *slot = Some(writer);
        }
        done.map_err(|error| trouble(&self.address, &error))
    }

    /// Who holds the lock on the server.
    async fn holder(&self) -> Option<(i32, String)> {
        let slot = self.writer.lock().await;
        slot.as_ref().map(|writer| (writer.process, writer.since.clone()))
    }

    async fn locked(&self) -> io::Result<Writer> {
        let mut session = open(&self.address, Purpose::Write, &STORES).await?;
        let wrong = |error: Error| trouble(&self.address, &error);
        let rows =
            Said(LOCK, vec![Value::Text(self.address.store().to_owned())]).to(&mut session).await.map_err(wrong)?;
        let row = rows.first().ok_or_else(|| wrong(Error::RowNotFound))?;
        let (process, since) = (row.try_get(1).map_err(wrong)?, row.try_get(2).map_err(wrong)?);
        Ok(Writer { session, process, since })
    }

    /// What stands in the place of an entry, once nothing more can come from the session that was to put it there: who
    /// holds the lock knows that the one who held it before is at the end.
    async fn settle(&self, name: &str, before: Option<(i32, String)>) -> Option<Vec<u8>> {
        *self.writer.lock().await = None;
        loop {
            match self.settled(name, before.clone()).await {
                Ok(found) => return found,
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    async fn settled(&self, name: &str, before: Option<(i32, String)>) -> io::Result<Option<Vec<u8>>> {
        if let Some((process, since)) = before {
            // The server may not have noticed yet that nobody is at the other end.
            self.look(&Said(END, vec![Value::Small(process), Value::Text(since)])).await?;
        }
        let mut writer = self.locked().await?;
        let text = |text: &str| Value::Text(text.to_owned());
        let said = Said(READ, vec![text(self.address.store()), text(LOG), text(name), Value::Large(i64::MAX)]);
        let wrong = |error: Error| trouble(&self.address, &error);
        let rows = said.to(&mut writer.session).await.map_err(wrong)?;
        let found = rows.first().map(|row| row.try_get(0)).transpose().map_err(wrong)?;
        if found.is_some() {
            // It may be here alone: a session that ends while it waits for a standby leaves what it committed to be seen. What is
            // committed behind it waits for the standby to have both.
            Said(TICK, vec![text(self.address.store())]).to(&mut writer.session).await.map_err(wrong)?;
        }
        *self.writer.lock().await = Some(writer);
        Ok(found)
    }
}

impl Disk for Postgres {
    fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let Said(sql, mut values) = self.at(READ, name);
        values.push(Value::Large(i64::try_from(limit).unwrap_or(i64::MAX)));
        let rows = self.look(Said(sql, values))?;
        let row = rows.first().ok_or(io::ErrorKind::NotFound)?;
        let content: Option<Vec<u8>> = self.of(row)?;
        content.ok_or_else(|| io::ErrorKind::FileTooLarge.into())
    }

    fn read_several(&self, wanted: &[Bounded]) -> io::Result<Vec<Vec<u8>>> {
        let (mut folders, mut names, mut limits) = (Vec::new(), Vec::new(), Vec::new());
        for (name, limit) in wanted {
            let (folder, name) = parts(name);
            folders.push(folder.to_owned());
            names.push(name.to_owned());
            limits.push(i64::try_from(*limit).unwrap_or(i64::MAX));
        }
        let values = vec![self.store(), Value::Texts(folders), Value::Texts(names), Value::Larges(limits)];
        let rows = self.look(Said(SEVERAL, [values, vec![Value::Large(PAGE)]].concat()))?;
        let mut read = Vec::new();
        for (row, place) in rows.iter().zip(1_i64..) {
            let wrong = |error: Error| trouble(&self.inner.address, &error);
            let (content, found): (Option<Vec<u8>>, i64) = (self.of(row)?, row.try_get(1).map_err(wrong)?);
            let refused = if found == place { io::ErrorKind::FileTooLarge } else { io::ErrorKind::NotFound };
            match content.filter(|_| found == place) {
                Some(content) => read.push(content),
                None if place == 1 => return Err(refused.into()),
                None => break,
            }
        }
        if read.is_empty() && !wanted.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(read) }
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let rows = self.look(Said(NAMES, vec![self.store(), Value::Text(folder.to_owned())]))?;
        if rows.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        // An empty folder is a row without a name.
        let names: io::Result<Vec<Option<String>>> = rows.iter().map(|row| self.of(row)).collect();
        Ok(names?.into_iter().flatten().filter(|name| !name.starts_with('.')).collect())
    }

    fn make_folder(&self, folder: &str) -> io::Result<()> {
        let (inner, folder, store) = (Arc::clone(&self.inner), Value::Text(folder.to_owned()), self.store());
        self.wait(LOCKING, async move {
            let wrong = |error: Error| trouble(&inner.address, &error);
            let mut session = open(&inner.address, Purpose::Write, &STORES).await?;
            session::upgrade(&mut session, &STORES).await.map_err(wrong)?;
            Said(STORE, vec![store.clone()]).to(&mut session).await.map_err(wrong)?;
            Said(FOLDER, vec![store, folder]).to(&mut session).await.map_err(wrong)?;
            // What was done is done, whether the server hears that we leave or not.
            let _ = session.close().await;
            Ok(())
        })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.staged().insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    /// It has nothing to outlast: others see a file when it has its name, and then the database has it.
    fn sync(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let bytes = self.staged().remove(from).ok_or(io::ErrorKind::NotFound)?;
        let (folder, name) = parts(to);
        if folder == LOG {
            return self.enter(name, bytes);
        }
        let Said(sql, mut values) = self.at(if folder == FILES { TEXT } else { FILE }, to);
        values.push(Value::Bytes(bytes));
        let rows = self.write_under_lock(Said(sql, values))?;
        if rows.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(()) }
    }

    /// Whoever reads something here reads what the database keeps: all who write wait for it.
    fn sync_folder(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        if self.staged().remove(name).is_some() {
            return Ok(());
        }
        let rows = self.write_under_lock(self.at(REMOVE, name))?;
        if rows.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(()) }
    }

    fn lock(&self) -> io::Result<Lock> {
        let inner = Arc::clone(&self.inner);
        let held = self.wait(LOCKING, async move {
            let turn = Arc::clone(&inner.turn).acquire_owned().await.map_err(io::Error::other)?;
            let writer = inner.locked().await?;
            *inner.writer.lock().await = Some(writer);
            Ok(Held { inner, _turn: turn })
        })?;
        Ok(Lock::held(held))
    }

    fn counter(&self) -> io::Result<Option<u64>> {
        let rows = self.look(Said(COUNTER, vec![self.store()]))?;
        let row = rows.first().ok_or(io::ErrorKind::NotFound)?;
        let counter: i64 = self.of(row)?;
        Ok(Some(counter.cast_unsigned()))
    }

    fn hint(&self, wake: Box<dyn Fn() + Send + Sync>) {
        self.worker.spawn(listen(self.inner.address.clone(), wake));
    }
}

impl Postgres {
    /// The first of a row.
    fn of<'r, T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>>(
        &self,
        row: &'r PgRow,
    ) -> io::Result<T> {
        row.try_get(0).map_err(|error| trouble(&self.inner.address, &error))
    }
}

/// The lock, as long as it is held.
#[derive(Debug)]
struct Held {
    inner: Arc<Inner>,
    /// Given back after the session is ended.
    _turn: OwnedSemaphorePermit,
}

impl Drop for Held {
    fn drop(&mut self) {
        // The lock ends with its session. Nobody writes now: whoever does has the lock, and waits for what it writes.
        if let Ok(mut slot) = self.inner.writer.try_lock() {
            drop(slot.take());
        }
    }
}

/// Wakes whoever reads when somebody wrote. Messages may be lost, and then nobody is woken: it is a hint.
async fn listen(address: Address, wake: Box<dyn Fn() + Send + Sync>) {
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(READING);
    let pool = pool.connect_lazy_with(address.options.clone().application_name("tq listens"));
    loop {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen("thamquyen").await.is_ok()
        {
            while let Ok(Ok(Some(told))) = timeout(SILENCE, listener.try_recv()).await {
                if told.payload() == address.store() {
                    wake();
                }
            }
        }
        sleep(5 * PAUSE).await;
    }
}

/// `log/00000001.json` as folder and name.
fn parts(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}
