//! A connection to PostgreSQL that may be relied upon: to a server that keeps what it acknowledges, with tables of a form that is
//! known here. Also what each error of the database means for whoever keeps something there.

use std::io;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Error, Row as _};

use super::address::Address;
use crate::store::fault::Fault;

/// For a connection to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// The oldest server that is taken.
const OLDEST: i32 = 15;

/// The tables of one purpose: a schema of their own, in which `form` says which of their forms is there.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) schema: &'static str,
    /// What each form adds to the one before. None is ever changed, only followed by another.
    pub(crate) forms: &'static [&'static str],
}

impl Tables {
    /// The table that says which form the others have.
    fn form(&self) -> String {
        format!("{}.form", self.schema)
    }
}

/// Those of stores of versions.
pub(super) const STORES: Tables = Tables {
    schema: "thamquyen",
    forms: &["
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
"],
};

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    /// To wait for the lock, and write under it.
    Write,
    /// To hold a lock as long as the program runs, and add rows under it.
    Append,
}

/// A connection to a server that keeps what it acknowledges.
pub(crate) async fn open(address: &Address, purpose: Purpose, tables: &Tables) -> io::Result<PgConnection> {
    let (statement, lock, idle) = match purpose {
        Purpose::Read => ("10s", "30s", "0"),
        Purpose::Write => ("40s", "30s", "60s"),
        // Whoever holds a lock for long would keep others waiting for as long: they are told soon.
        Purpose::Append => ("10s", "5s", "0"),
    };
    // A session that nobody holds the other end of any more must not keep its lock: the server asks.
    let options = address.options.clone().application_name("tq").disable_statement_logging().options([
        ("statement_timeout", statement),
        ("lock_timeout", lock),
        ("idle_in_transaction_session_timeout", "30s"),
        ("idle_session_timeout", idle),
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "3"),
    ]);
    let connected = tokio::time::timeout(CONNECT, options.connect()).await;
    let connected = connected.map_err(|_| away(address, "no answer in time"))?;
    let mut session = connected.map_err(|error| trouble(address, &error))?;
    is_sound(&mut session, tables).await.map_err(|error| error.of(address))?;
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
async fn is_sound(session: &mut PgConnection, tables: &Tables) -> Result<(), Refused> {
    // Whoever waits for a standby to apply what is written goes on doing so: that is more than is needed here.
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('full_page_writes'),
         set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply'
         ELSE 'on' END, false), to_regclass($1) IS NOT NULL",
    );
    let row = row.bind(tables.form()).fetch_one(&mut *session).await?;
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
        let form = form(session, tables).await?;
        let known = i32::try_from(tables.forms.len()).unwrap_or(i32::MAX);
        if form > known {
            let format = u8::try_from(form).unwrap_or(u8::MAX);
            return Err(Refused::Fault(Fault::Later { name: tables.form(), format }));
        }
        if form < known {
            upgrade(session, tables).await?;
        }
    }
    Ok(())
}

/// The form of the tables.
async fn form(session: &mut PgConnection, tables: &Tables) -> Result<i32, Error> {
    let asked = format!("SELECT coalesce(max(form), 0) FROM {}", tables.form());
    sqlx::query(AssertSqlSafe(asked)).fetch_one(session).await?.try_get(0)
}

/// Makes the tables, or those of them that are not there yet; one does it, others wait. A session on which this fails is of
/// no use any more.
pub(crate) async fn upgrade(session: &mut PgConnection, tables: &Tables) -> Result<(), Error> {
    // The session is on no request's behalf, and is dropped where time is up: nothing else happens on it.
    let mut work = session.begin().await?;
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    sqlx::query(lock).bind(tables.form()).execute(&mut *work).await?;
    let there = "SELECT to_regnamespace($1) IS NOT NULL, to_regclass($2) IS NOT NULL";
    let there = sqlx::query(there).bind(tables.schema).bind(tables.form()).fetch_one(&mut *work).await?;
    // What is there is not made again: who may only add rows may not even try.
    if !there.try_get::<bool, _>(0)? {
        let make = format!("CREATE SCHEMA {}", tables.schema);
        sqlx::query(AssertSqlSafe(make)).execute(&mut *work).await?;
    }
    if !there.try_get::<bool, _>(1)? {
        let make =
            format!("CREATE TABLE {} (form integer PRIMARY KEY, since timestamptz DEFAULT now())", tables.form());
        sqlx::query(AssertSqlSafe(make)).execute(&mut *work).await?;
    }
    let form = form(&mut work, tables).await?;
    for (number, adds) in (1..).zip(tables.forms).filter(|(number, _)| *number > form) {
        sqlx::raw_sql(*adds).execute(&mut *work).await?;
        let put = format!("INSERT INTO {} (form) VALUES ($1)", tables.form());
        sqlx::query(AssertSqlSafe(put)).bind(number).execute(&mut *work).await?;
    }
    work.commit().await
}

/// The database does not answer.
pub(crate) fn away(address: &Address, said: &str) -> io::Error {
    io::Error::other(Fault::Away { at: address.to_string(), said: said.to_owned() })
}

/// What an error of the database means: that it does not answer, that somebody else writes, or what it says itself.
pub(crate) fn trouble(address: &Address, error: &Error) -> io::Error {
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
pub(crate) fn is_lost(error: &Error) -> bool {
    if let Error::Database(said) = error {
        return said.code().is_none_or(|code| code.starts_with("57P") || code.starts_with("08"));
    }
    !matches!(error, Error::RowNotFound)
}
