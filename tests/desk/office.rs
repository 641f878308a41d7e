//! What the tests of access and publishing share: rules, keys, a store, configurations, and somebody who asks.

#![allow(dead_code, unused_imports, unused_macros, reason = "each test uses a part of it")]

#[path = "../replicas/cluster.rs"]
pub mod cluster;
#[path = "../store/place.rs"]
pub mod place;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use cluster::Shared;
use place::Place;
use serde_json::Value;
use tempfile::TempDir;
use thamquyen::library::{self, Library, Origin};
use thamquyen::rulebook::Language;
use thamquyen::server::access::made;
use thamquyen::server::configuration::Configuration;
use thamquyen::server::{self, Settings, State, app};
use thamquyen::store::candidate::examine;
use thamquyen::store::key::SecretKey;
use thamquyen::store::statement::{Holder, Policy};
use thamquyen::store::{Hand, Store};
use tower::ServiceExt as _;

/// What the store of an office lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Folder,
    Rows,
}

/// Runs scripts with a store in a folder, and again with one in PostgreSQL.
macro_rules! on_both {
    ($($script:ident),+ $(,)?) => {
        mod in_a_folder {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $script() {
                super::$script($crate::office::Kind::Folder).await;
            })+
        }
        #[cfg(unix)]
        mod in_postgresql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $script() {
                super::$script($crate::office::Kind::Rows).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// A folder with a configuration, a place for a store, and the keys of those who are known to it.
pub struct Office {
    pub home: TempDir,
    pub place: Place,
    /// Where the place is in it, as long as somebody is here.
    _shared: Option<Arc<Shared>>,
    /// Name, roles, key.
    pub known: Vec<(&'static str, &'static [&'static str], String)>,
}

/// Everybody who has a key.
pub const PEOPLE: [(&str, &[&str]); 7] = [
    ("Rần", &["reader"]),
    ("An", &["author"]),
    ("Bình", &["approver"]),
    ("Ơn", &["operator"]),
    ("Cả", &["author", "approver"]),
    ("Dung", &["author"]),
    // The key that follows the one above.
    ("Cả", &["author", "approver"]),
];

impl Office {
    pub fn founded() -> Self {
        Self::with(Kind::Folder)
    }

    /// With a place for a store of this kind.
    pub fn with(kind: Kind) -> Self {
        static OFFICES: AtomicUsize = AtomicUsize::new(0);
        let home = tempfile::tempdir().expect("a folder");
        let shared = (kind == Kind::Rows).then(Shared::one);
        let store = format!("office-{}", OFFICES.fetch_add(1, Ordering::Relaxed));
        let place = match &shared {
            Some(shared) => Place::Rows(shared.eye.clone(), store),
            None => Place::Folder(home.path().join("store")),
        };
        let key = |(name, roles)| (name, roles, made().expect("randomness").0);
        Self { home, place, _shared: shared, known: PEOPLE.into_iter().map(key).collect() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The key of somebody.
    pub fn key(&self, name: &str) -> &str {
        &self.known.iter().find(|(known, ..)| *known == name).expect("a name").2
    }

    /// The keys as a configuration has them.
    pub fn keys(&self) -> String {
        let one = |(name, roles, key): &(&str, &[&str], String)| {
            let hash = thamquyen::digest::Digest::of(key.as_bytes());
            format!("[[access.key]]\nname = \"{name}\"\nroles = {roles:?}\nsha256 = \"{hash}\"\n")
        };
        self.known.iter().map(one).collect()
    }

    /// Writes a configuration.
    pub fn configure(&self, text: &str) -> PathBuf {
        let file = self.path("tq.toml");
        fs::write(&file, text).expect("written");
        file
    }

    /// The settings of a configuration, or what is wrong with it, in both languages.
    pub fn settings(&self, text: &str) -> Result<Settings, [String; 2]> {
        let read = Configuration::read(&self.configure(text)).and_then(|read| read.settings(Language::English));
        let quick = |settings| Settings { poll: Duration::from_millis(20), ..settings };
        read.map(quick).map_err(|wrong| [wrong.words(Language::English), wrong.words(Language::Vietnamese)])
    }

    /// A store in which the small rules are published by a key of the service; so many signatures are needed.
    pub fn store(&self, signatures: usize) -> Store {
        self.store_of(&small(), signatures)
    }

    /// The same with other rules.
    pub fn store_of(&self, library: &Library, signatures: usize) -> Store {
        let keys = [secret(1), secret(2)];
        fs::write(self.path("service.pem"), keys[0].pem().expect("a text")).expect("written");
        restrict(&self.path("service.pem"));
        let holder = |(key, name): (&SecretKey, &str)| Holder { name: name.to_owned(), key: key.public() };
        let policy = Policy {
            signatures,
            publishers: keys.iter().zip(["the service", "the office"]).map(holder).collect(),
            certifiers: Vec::new(),
            offset: "+07:00".to_owned(),
            fresh_days: 30,
        };
        let hand = |note| Hand { by: "the office", note, keys: &keys, at: server::now() };
        let (mut store, _) = Store::create(self.place.disk(), policy, &hand("a store")).expect("a store");
        // What is found in them is known.
        let known = library.review().judged.iter().map(|one| (one.fingerprint.clone(), "known".to_owned())).collect();
        let candidate = examine(library, None, &known).expect("sound rules");
        store.publish(candidate.publication, &library.files, &hand("the first")).expect("published");
        store
    }

    /// The same store, opened anew.
    pub fn opened(&self) -> Store {
        Store::open(self.place.disk(), None).expect("a store that is right")
    }
}

pub fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

/// Nobody else may read it.
pub fn restrict(file: &Path) {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
}

pub fn small() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    library::load(&Origin::Folders(vec![folder]))
}

/// An answer.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answered {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

/// Asks with these headers.
pub async fn ask(state: &State, (method, path): (&str, &str), headers: &[(&str, &str)], body: &str) -> Answered {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let response = app(state.clone()).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    Answered {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}
