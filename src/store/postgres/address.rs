//! Where a store lies in PostgreSQL, as a URL says it. What it shows of itself holds no password.

use std::fmt;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;

use crate::store::fault::{Fault, PARAMETERS};

/// The store of a database that has but one.
const USUAL: &str = "store";

/// No name of a store is longer, in bytes.
const LONGEST: usize = 63;

/// A database, how to reach it, and which of its stores is meant.
#[derive(Clone)]
pub struct Address {
    pub(super) options: PgConnectOptions,
    pub(super) store: String,
    shown: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        form.write_str(&self.shown)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        form.write_str(&self.shown)
    }
}

impl Address {
    /// Whether a text says that it is a database, and not a folder.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// Reads `postgres://user@host:5432/database?sslmode=verify-full&store=city`; what it leaves out is taken from the
    /// variables that PostgreSQL's own programs read (`PGHOST`, `PGPASSFILE`, …).
    ///
    /// # Errors
    /// When it is no such URL, or says what is not known here.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut store, mut rest) = (USUAL.to_owned(), form_urlencoded::Serializer::new(String::new()));
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                // The value of what is not known may be a secret that was misspelt.
                _ if !PARAMETERS.contains(&name.as_ref()) => return Err(Fault::Parameter(name.into_owned())),
                "store" if is_name(&value) => store = value.into_owned(),
                "store" => return Err(Fault::Address(format!("store={value}"))),
                _ => drop(rest.append_pair(&name, &value)),
            }
        }
        let rest = rest.finish();
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{rest}") };
        let options = PgConnectOptions::from_str(&url).map_err(|error| Fault::Address(error.to_string()))?;
        let host = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        let shown = format!("postgres://{host}:{}/{database}?store={store}", options.get_port());
        Ok(Self { options, store, shown })
    }
}

/// Plain, so that it needs no quotes anywhere.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn no_password_is_shown() {
        for text in [
            "postgres://tq:hush@db.example.vn:5433/law?store=city",
            "postgres://tq@db.example.vn:5433/law?store=city&password=hush",
        ] {
            let address = Address::read(text).expect("an address");
            assert_eq!(address.to_string(), "postgres://db.example.vn:5433/law?store=city");
            assert_eq!(format!("{address:?}"), address.to_string());
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in [
            "postgres://h/d?sslmodes=hush",
            "postgres://h/d?store=",
            "postgres://h/d?store=A%20B",
            "postgres://h/d?sslmode=perhaps",
            "postgres://h:port/d",
        ] {
            let fault = Address::read(text).map(drop).expect_err(text);
            assert!(!fault.to_string().contains("hush"), "{fault}");
        }
        assert!(Address::is_one("postgresql://h/d") && !Address::is_one("store") && !Address::is_one("./postgres:"));
    }
}
