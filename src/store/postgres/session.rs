//! A connection to PostgreSQL that may be relied upon: to a server that keeps what it acknowledges, with tables of a form that is
//! known here. Also what each error of the database means for a store.

use std::io;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions as _, Connection as _, Error, Row as _};

use super::address::Address;
use crate::store::fault::Fault;

/// For a connection to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// The oldest server that is taken.
const OLDEST: i32 = 15;

/// What each form of the tables adds to the one before. None is ever changed, only followed by another.
const FORMS: [&str; 1] = ["
    CREATE TABLE thamquyen.stores (
        store text PRIMARY KEY,
        -- The last entry of the log.
        head integer NOT NULL DEFAULT 0,
        -- Moves with all that readers should look at.
        counter bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE thamquyen.folders (
        store text NOT NULL REFERENCES thamquyen.stores,
        folder text NOT NULL,
        PRIMARY KEY (store, folder)
    );
    CREATE TABLE thamquyen.files (
        store text NOT NULL,
        folder text NOT NULL,
        name text NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (store, folder, name),
        FOREIGN KEY (store, folder) REFERENCES thamquyen.folders
    );
"];

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    /// To wait for the lock, and write under it.
    Write,
}

/// A connection to a server that keeps what it acknowledges.
pub(super) async fn open(address: &Address, purpose: Purpose) -> io::Result<PgConnection> {
    // A session that nobody holds the other end of any more must not keep its lock: the server asks.
    let options = address.options.clone().application_name("tq").disable_statement_logging().options([
        ("statement_timeout", if purpose == Purpose::Read { "10s" } else { "40s" }),
        ("lock_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("idle_session_timeout", if purpose == Purpose::Read { "0" } else { "60s" }),
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "3"),
    ]);
    let connected = tokio::time::timeout(CONNECT, options.connect()).await;
    let connected = connected.map_err(|_| away(address, "no answer in time"))?;
    let mut session = connected.map_err(|error| trouble(address, &error))?;
    is_sound(&mut session).await.map_err(|error| error.of(address))?;
    Ok(session)
}

/// What went wrong before a store could be read.
enum Refused {
    Database(Error),
    Fault(Fault),
}

impl Refused {
    fn of(self, address: &Address) -> io::Error {
        match self {
            Self::Database(error) => trouble(address, &error),
            Self::Fault(fault) => io::Error::other(fault),
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// Refuses a server that may lose what it acknowledged, or whose tables a later program made.
async fn is_sound(session: &mut PgConnection) -> Result<(), Refused> {
    // Whoever waits for a standby to apply what is written goes on doing so: that is more than is needed here.
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('full_page_writes'),
         set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply'
         ELSE 'on' END, false), to_regclass('thamquyen.form') IS NOT NULL",
    );
    let row = row.fetch_one(&mut *session).await?;
    let number: i32 = row.try_get(0)?;
    if number / 10_000 < OLDEST {
        let found = (number / 10_000).to_string();
        return Err(Refused::Fault(Fault::Server { setting: "server_version", found, wanted: "15+" }));
    }
    for (place, setting) in [(1, "fsync"), (2, "full_page_writes"), (3, "synchronous_commit")] {
        let found: String = row.try_get(place)?;
        if matches!(found.as_str(), "off" | "local" | "remote_write") {
            return Err(Refused::Fault(Fault::Server { setting, found, wanted: "on" }));
        }
    }
    if row.try_get(4)? {
        let form = form(session).await?;
        let known = i32::try_from(FORMS.len()).unwrap_or(i32::MAX);
        if form > known {
            let format = u8::try_from(form).unwrap_or(u8::MAX);
            return Err(Refused::Fault(Fault::Later { name: "thamquyen.form".to_owned(), format }));
        }
        if form < known {
            upgrade(session).await?;
        }
    }
    Ok(())
}

/// The form of the tables.
async fn form(session: &mut PgConnection) -> Result<i32, Error> {
    sqlx::query("SELECT coalesce(max(form), 0) FROM thamquyen.form").fetch_one(session).await?.try_get(0)
}

/// Makes the tables, or those of them that are not there yet; one does it, others wait. A session on which this fails is of
/// no use any more.
pub(super) async fn upgrade(session: &mut PgConnection) -> Result<(), Error> {
    // Whoever may write rows need not be allowed to make tables.
    let there = sqlx::query("SELECT to_regclass('thamquyen.form') IS NOT NULL").fetch_one(&mut *session).await?;
    let known = i32::try_from(FORMS.len()).unwrap_or(i32::MAX);
    if there.try_get(0)? && form(session).await? == known {
        return Ok(());
    }
    // The session is on no request's behalf, and is dropped where time is up: nothing else happens on it.
    let mut work = session.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('thamquyen.form', 0))").execute(&mut *work).await?;
    let there = sqlx::query("SELECT to_regnamespace('thamquyen') IS NOT NULL").fetch_one(&mut *work).await?;
    if !there.try_get::<bool, _>(0)? {
        sqlx::query("CREATE SCHEMA thamquyen").execute(&mut *work).await?;
    }
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS thamquyen.form (form integer PRIMARY KEY, since timestamptz DEFAULT now())",
    )
    .execute(&mut *work)
    .await?;
    let form = form(&mut work).await?;
    for (number, adds) in (1..).zip(FORMS).filter(|(number, _)| *number > form) {
        sqlx::raw_sql(adds).execute(&mut *work).await?;
        sqlx::query("INSERT INTO thamquyen.form (form) VALUES ($1)").bind(number).execute(&mut *work).await?;
    }
    work.commit().await
}

/// The database does not answer.
pub(super) fn away(address: &Address, said: &str) -> io::Error {
    io::Error::other(Fault::Away { at: address.to_string(), said: said.to_owned() })
}

/// What an error of the database means: that it does not answer, that somebody else writes, or what it says itself.
pub(super) fn trouble(address: &Address, error: &Error) -> io::Error {
    let Error::Database(said) = error else { return away(address, &error.to_string()) };
    let code = said.code().unwrap_or_default();
    match code.as_ref() {
        // Nobody made a store there, or somebody takes it away.
        "42P01" | "3F000" => io::ErrorKind::NotFound.into(),
        "55P03" => io::Error::other(Fault::Busy(address.to_string())),
        // It starts or stops, ends the session, or has no room for another.
        "57P01" | "57P02" | "57P03" | "57P05" | "53300" | "57014" => away(address, said.message()),
        _ if code.starts_with("08") => away(address, said.message()),
        _ => io::Error::other(Fault::System { name: address.to_string(), said: said.message().to_owned() }),
    }
}

/// Whether a session is of no use after an error: it is gone, or nobody knows what is still to come on it.
pub(super) fn is_lost(error: &Error) -> bool {
    if let Error::Database(said) = error {
        return said.code().is_none_or(|code| code.starts_with("57P") || code.starts_with("08"));
    }
    !matches!(error, Error::RowNotFound)
}
