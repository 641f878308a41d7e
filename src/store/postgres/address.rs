//! Where a store, or a chain of a log of decisions, lies in PostgreSQL, as a URL says it. What it shows of itself holds no
//! password.

use std::fmt;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;

use crate::store::fault::{Fault, PARAMETERS};

/// The store of a database that has but one.
const USUAL: &str = "store";

/// No name of a store or a chain is longer, in bytes.
const LONGEST: usize = 63;

/// A database, how to reach it, and which of its stores or chains is meant.
#[derive(Clone)]
pub struct Address {
    pub(super) options: PgConnectOptions,
    /// As the URL says it.
    name: Option<String>,
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
        let address = Self::naming(text, "store")?;
        Ok(if address.name.is_some() { address } else { address.called("store", USUAL) })
    }

    /// Reads a URL that may name a chain, and is else written as that of a store: `postgres://…?chain=replica-1`.
    ///
    /// # Errors
    /// As for a store.
    pub fn of_chain(text: &str) -> Result<Self, Fault> {
        Self::naming(text, "chain")
    }

    /// The same database, and another chain of it.
    #[must_use]
    pub(crate) fn with_chain(self, chain: &str) -> Self {
        self.called("chain", chain)
    }

    /// The chain that is meant, where the URL says one.
    #[must_use]
    pub fn chain(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The store that is meant.
    pub(super) fn store(&self) -> &str {
        self.name.as_deref().unwrap_or(USUAL)
    }

    /// Whether a URL holds a password, which others would see where it is written down.
    #[must_use]
    pub fn holds_password(text: &str) -> bool {
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let authority = base.split_once("://").map_or(base, |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or_default();
        let in_base = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
        in_base || form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "password")
    }

    fn called(self, of: &str, name: &str) -> Self {
        let base = self.shown.split('?').next().unwrap_or_default();
        Self { shown: format!("{base}?{of}={name}"), name: Some(name.to_owned()), ..self }
    }

    /// Reads a URL in which one parameter says what of the database is meant.
    fn naming(text: &str, of: &'static str) -> Result<Self, Fault> {
        let wrong = |said: String| Fault::Address { said, of };
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut meant, mut rest) = (None, form_urlencoded::Serializer::new(String::new()));
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name == of {
                if !is_name(&value) {
                    return Err(wrong(format!("{of}={value}")));
                }
                meant = Some(value.into_owned());
            } else if PARAMETERS.contains(&name.as_ref()) {
                rest.append_pair(&name, &value);
            } else {
                // The value of what is not known may be a secret that was misspelt.
                return Err(Fault::Parameter { name: name.into_owned(), of });
            }
        }
        let rest = rest.finish();
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{rest}") };
        let options = PgConnectOptions::from_str(&url).map_err(|error| wrong(error.to_string()))?;
        let host = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        let shown = format!("postgres://{host}:{}/{database}", options.get_port());
        let address = Self { options, name: None, shown };
        Ok(meant.map_or(address.clone(), |name| address.called(of, &name)))
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
    fn a_chain_is_named_or_not() {
        let one = Address::of_chain("postgres://tq:hush@h/d?chain=replica-1&sslmode=disable").expect("an address");
        assert_eq!(
            (one.chain(), one.to_string()),
            (Some("replica-1"), "postgres://h:5432/d?chain=replica-1".to_owned())
        );
        let none = Address::of_chain("postgres://tq@h/d").expect("an address");
        assert_eq!((none.chain(), none.to_string()), (None, "postgres://h:5432/d".to_owned()));
        assert_eq!(none.with_chain("a").to_string(), "postgres://h:5432/d?chain=a");
        assert!(
            Address::of_chain("postgres://h/d?store=city").is_err() && Address::read("postgres://h/d?chain=a").is_err()
        );
    }

    #[test]
    fn a_password_in_a_url_is_seen() {
        for text in
            ["postgres://tq:hush@h/d", "postgres://h/d?password=hush", "postgres://h/d?sslmode=disable&pass%77ord=hush"]
        {
            assert!(Address::holds_password(text), "{text}");
        }
        for text in ["postgres://tq@h:5433/d", "postgres://h:5433/d?chain=a", "postgres:///d?host=/run"] {
            assert!(!Address::holds_password(text), "{text}");
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
