//! The statements of the log of decisions, and the sessions on which they run. Knows rows and hashes, and not what records say.

use std::io;

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Error, Row as _};
use tokio::sync::Mutex;

use super::super::record::Link;
use super::Displaced;
use crate::store::fault::Fault;
use crate::store::postgres::Address;
use crate::store::postgres::session::{Purpose, Tables, away, is_lost, open, trouble, upgrade};

/// A schema beside that of the stores: who may write answers down need not be able to publish, and a copy of the one holds
/// nothing of the other.
const TABLES: Tables = Tables {
    schema: "thamquyen_decisions",
    forms: &["
    CREATE TABLE thamquyen_decisions.records (
        chain text COLLATE \"C\" NOT NULL,
        number bigint NOT NULL CHECK (number > 0),
        -- As in a file, without its end.
        line text NOT NULL,
        PRIMARY KEY (chain, number)
    );
    CREATE FUNCTION thamquyen_decisions.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'records of decisions are only ever added'; END
    $$;
    CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON thamquyen_decisions.records
        FOR EACH STATEMENT EXECUTE FUNCTION thamquyen_decisions.refuse();
"],
};

/// What a server says that takes what is written.
const WRITES: &str = "off";

/// So many rows are read at once.
const PAGE: i64 = 1 << 8;

/// The lock of a chain, and who holds it, so that a session that was lost can be told from another one with its number.
const LOCK: &str = "SELECT pg_advisory_lock(hashtextextended('thamquyen.decisions ' || $1, 0)), pg_backend_pid(),
    (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()), current_setting('transaction_read_only')";
const END: &str =
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2";
const HEAD: &str = "SELECT number, encode(sha256(convert_to(line, 'UTF8')), 'hex') FROM thamquyen_decisions.records
    WHERE chain = $1 ORDER BY number DESC LIMIT 1";
/// All of them or none, and only where the chain ends with the record before, as it was written.
const ADD: &str = "INSERT INTO thamquyen_decisions.records (chain, number, line)
    SELECT $1, $2 + place, line FROM unnest($3::text[]) WITH ORDINALITY AS added (line, place)
    WHERE NOT EXISTS (SELECT FROM thamquyen_decisions.records WHERE chain = $1 AND number > $2)
    AND ($2 = 0 OR EXISTS (SELECT FROM thamquyen_decisions.records
        WHERE chain = $1 AND number = $2 AND encode(sha256(convert_to(line, 'UTF8')), 'hex') = $4))";
/// Commits, and changes nothing.
const TICK: &str = "SELECT pg_logical_emit_message(true, 'thamquyen', '')";
/// A server that was the first one may have become a standby.
const LOOK: &str = "SELECT current_setting('transaction_read_only')";
const PAGE_BEHIND: &str = "SELECT number, CASE WHEN octet_length(line) <= $3 THEN line END
    FROM thamquyen_decisions.records WHERE chain = $1 AND number > $2 ORDER BY number LIMIT $4";
/// Each name is found by the index, however many records there are.
const CHAINS: &str = "WITH RECURSIVE names (name) AS (
        SELECT min(chain) FROM thamquyen_decisions.records
        UNION ALL SELECT (SELECT min(chain) FROM thamquyen_decisions.records WHERE chain > name) FROM names
        WHERE name IS NOT NULL
    ) SELECT name FROM names WHERE name IS NOT NULL";

/// Why lines were not added.
#[derive(Debug)]
pub(super) enum Refused {
    /// Nothing of them is there.
    Surely(io::Error),
    /// They may be there, or come yet.
    Perhaps(io::Error),
}

/// The session that writes a chain.
#[derive(Debug)]
pub(super) struct Session {
    address: Address,
    chain: String,
    open: Mutex<Option<PgConnection>>,
    /// The process of the last one on the server, and since when that was there.
    process: Mutex<Option<(i32, String)>>,
}

/// It took too long.
pub(super) fn late(address: &Address) -> io::Error {
    away(address, "no answer in time")
}

impl Session {
    pub(super) fn new(address: Address, chain: String) -> Self {
        Self { address, chain, open: Mutex::new(None), process: Mutex::new(None) }
    }

    pub(super) fn late(&self) -> io::Error {
        late(&self.address)
    }

    /// What the database said, for whoever runs the service.
    fn wrong(&self, error: &Error) -> io::Error {
        let said = trouble(&self.address, error);
        // Somebody took the tables away: there is more to say of it than that something is not there.
        if said.kind() == io::ErrorKind::NotFound {
            let (name, said) = (self.address.to_string(), error.to_string());
            return io::Error::other(Fault::System { name, said });
        }
        said
    }

    /// Makes the tables where there are none, takes the lock, and says with which number the chain ends.
    pub(super) async fn begin(&self) -> io::Result<u64> {
        let mut session = open(&self.address, Purpose::Append, &TABLES).await?;
        upgrade(&mut session, &TABLES).await.map_err(|error| self.wrong(&error))?;
        let end = self.lock(&mut session).await?;
        *self.open.lock().await = Some(session);
        Ok(end.number)
    }

    /// Takes the lock, and says where the chain ends: nobody adds to it now.
    async fn lock(&self, session: &mut PgConnection) -> io::Result<Link> {
        let wrong = |error: Error| self.wrong(&error);
        let row = sqlx::query(LOCK).bind(&self.chain).fetch_one(&mut *session).await.map_err(wrong)?;
        *self.process.lock().await = Some((row.try_get(1).map_err(wrong)?, row.try_get(2).map_err(wrong)?));
        let found: String = row.try_get(3).map_err(wrong)?;
        if found != WRITES {
            return Err(io::Error::other(Fault::Server { setting: "transaction_read_only", found, wanted: WRITES }));
        }
        let row = sqlx::query(HEAD).bind(&self.chain).fetch_optional(session).await.map_err(wrong)?;
        row.map_or(Ok(Link::START), |row| of_row(&row).map_err(wrong))
    }

    /// Adds lines behind the last one.
    pub(super) async fn add(&self, behind: Link, lines: Vec<String>) -> Result<(), Refused> {
        let mut slot = self.open.lock().await;
        // Taken out: what is cut off in the middle is not used again.
        let Some(mut session) = slot.take() else {
            return Err(Refused::Perhaps(away(&self.address, "the session that held the lock is lost")));
        };
        let (number, hash) = (i64::try_from(behind.number).unwrap_or(i64::MAX), behind.before());
        let added = sqlx::query(ADD).bind(&self.chain).bind(number).bind(&lines).bind(hash).execute(&mut session).await;
        if !added.as_ref().is_err_and(is_lost) {
            *slot = Some(session);
        }
        match added {
            Err(error) if is_lost(&error) => Err(Refused::Perhaps(self.wrong(&error))),
            Ok(added) if added.rows_affected() == u64::try_from(lines.len()).unwrap_or(u64::MAX) => Ok(()),
            Ok(_) => Err(Refused::Surely(self.displaced())),
            // Somebody added at the same time, whom no lock kept away.
            Err(Error::Database(said)) if said.is_unique_violation() => Err(Refused::Surely(self.displaced())),
            Err(error) => Err(Refused::Surely(self.wrong(&error))),
        }
    }

    fn displaced(&self) -> io::Error {
        io::Error::other(Displaced(self.chain.clone()))
    }

    /// Where the chain ends, which is one of two places: where it stood, or behind lines that may have been added. Takes the
    /// lock again where its session is lost.
    pub(super) async fn ends(&self, link: Link, perhaps: Option<Link>) -> io::Result<Link> {
        let mut slot = self.open.lock().await;
        if perhaps.is_none()
            && let Some(mut session) = slot.take()
        {
            let looked = sqlx::query_scalar::<_, String>(LOOK).fetch_one(&mut session).await;
            if looked.is_ok_and(|found| found == WRITES) {
                *slot = Some(session);
                return Ok(link);
            }
        }
        *slot = None;
        let mut session = open(&self.address, Purpose::Append, &TABLES).await?;
        // The server may not have noticed yet that nobody is at the other end; what comes from there comes before it ends.
        if let Some((process, since)) = self.process.lock().await.clone() {
            let ended = sqlx::query(END).bind(process).bind(since).execute(&mut session).await;
            ended.map_err(|error| self.wrong(&error))?;
        }
        let end = self.lock(&mut session).await?;
        if end != link && Some(end) != perhaps {
            return Err(self.displaced());
        }
        if Some(end) == perhaps {
            // They may be here alone: a session that ends while it waits for a standby leaves what it committed to be seen. What is
            // committed behind them waits for the standby to have all.
            sqlx::query(TICK).execute(&mut session).await.map_err(|error| self.wrong(&error))?;
        }
        *slot = Some(session);
        Ok(end)
    }
}

/// Number and hash of a record.
fn of_row(row: &PgRow) -> Result<Link, Error> {
    let number: i64 = row.try_get(0)?;
    let hash: String = row.try_get(1)?;
    Ok(Link { number: u64::try_from(number).unwrap_or_default(), hash: hash.parse().ok() })
}

/// A session that reads a chain.
#[derive(Debug)]
pub(super) struct Reader {
    address: Address,
    open: Mutex<Option<PgConnection>>,
}

impl Reader {
    pub(super) fn new(address: Address) -> Self {
        Self { address, open: Mutex::new(None) }
    }

    pub(super) fn late(&self) -> io::Error {
        late(&self.address)
    }

    /// The next records behind a number; without its line one that is longer than so many bytes.
    pub(super) async fn page(&self, behind: i64, longest: usize) -> io::Result<Vec<(i64, Option<String>)>> {
        let wrong = |error: Error| trouble(&self.address, &error);
        let mut slot = self.open.lock().await;
        let mut session = match slot.take() {
            Some(session) => session,
            None => open(&self.address, Purpose::Read, &TABLES).await?,
        };
        let longest = i64::try_from(longest).unwrap_or(i64::MAX);
        let chain = self.address.chain().unwrap_or_default();
        let asked = sqlx::query(PAGE_BEHIND).bind(chain).bind(behind).bind(longest).bind(PAGE);
        let rows = asked.fetch_all(&mut session).await.map_err(wrong)?;
        *slot = Some(session);
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, Error>>().map_err(wrong)
    }
}

/// The names of all chains, sorted.
pub(super) async fn chains(address: &Address) -> io::Result<Vec<String>> {
    let mut session = open(address, Purpose::Read, &TABLES).await?;
    let wrong = |error: Error| trouble(address, &error);
    let rows = sqlx::query(CHAINS).fetch_all(&mut session).await.map_err(wrong)?;
    rows.iter().map(|row| row.try_get(0)).collect::<Result<_, Error>>().map_err(wrong)
}
