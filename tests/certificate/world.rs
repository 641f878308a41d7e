//! A store with a history in which somebody who could certify no longer may, and the verifier that is no part of the program.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::Value as Json;
use tempfile::TempDir;
use thamquyen::digest::Digest;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::question::{Asked, understand};
use thamquyen::reading::spelled::Given;
use thamquyen::ruling::Answer;
use thamquyen::store::certificate::Found;
use thamquyen::store::disk::Folder;
use thamquyen::store::envelope::Envelope;
use thamquyen::store::fault::Fault;
use thamquyen::store::key::SecretKey;
use thamquyen::store::statement::{Holder, Policy, Publication, Says};
use thamquyen::store::{Hand, Store, candidate};

/// Who holds a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Two publishers, both of whom have to sign.
    One,
    Other,
    /// Could certify, and no longer may.
    Former,
    /// May certify.
    Certifier,
    Stranger,
}

impl Who {
    pub(crate) fn key(self) -> SecretKey {
        let seed = match self {
            Self::One => 1,
            Self::Other => 2,
            Self::Former => 3,
            Self::Certifier => 4,
            Self::Stranger => 5,
        };
        SecretKey::from_seed([seed; 32])
    }

    pub(crate) fn holder(self, name: &str) -> Holder {
        Holder { name: name.to_owned(), key: self.key().public() }
    }
}

pub(crate) fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

pub(crate) fn policy(certifier: Holder) -> Policy {
    Policy {
        signatures: 2,
        publishers: vec![Who::One.holder("Sở Tư pháp"), Who::Other.holder("Sở Nội vụ")],
        certifiers: vec![certifier],
        offset: "+07:00".to_owned(),
        fresh_days: 30,
    }
}

/// Files of tests/small and of tests/certificate/rules, and perhaps one more.
pub(crate) fn rules(more: &str) -> Library {
    let folders = vec![here("tests/small"), here("tests/certificate/rules")];
    let mut files = library::load(&Origin::Folders(folders)).files;
    files.push(library::File { path: "more.tq".to_owned(), bytes: more.as_bytes().to_vec() });
    let library = library::from_files(files);
    assert_eq!(library.errors(), 0, "{:?} {:?}", library.diagnostics, library.unreadable);
    library
}

pub(crate) fn publication(library: &Library, parent: Option<&Library>) -> Publication {
    Publication {
        rules: library.digest,
        parent: parent.map(|parent| parent.digest),
        again: None,
        files: candidate::listed(library),
        changes: None,
        accepted: Vec::new(),
        regions: Digest::of(b"not looked at here"),
        program: "test".to_owned(),
    }
}

/// The days on which something came into the log: policy, first version, new policy, second version.
const DAYS: [&str; 4] =
    ["2026-01-01T01:00:00Z", "2026-01-02T01:00:00Z", "2026-03-01T01:00:00Z", "2026-03-02T01:00:00Z"];

/// A day on which certificates are made, and one when the former certifier made them.
pub(crate) const TODAY: &str = "2026-03-10T02:03:04Z";
pub(crate) const THEN: &str = "2026-01-10T02:03:04Z";

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
    /// The version that was published first, as entry 2.
    pub(crate) first: Library,
    pub(crate) root: Digest,
    /// Made by the former certifier when it could, of the first version.
    pub(crate) old: Vec<u8>,
}

impl World {
    /// Like others but for who proposed its first entry.
    pub(crate) fn of(by: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = [Who::One.key(), Who::Other.key()];
        let step = Cell::new(0);
        let hand = || {
            let at = moment(DAYS[step.replace(step.get() + 1)]);
            Hand { by, note: "test", keys: &keys, at }
        };
        let place = folder.path().join("store");
        let former = policy(Who::Former.holder("Phòng Pháp chế"));
        let (mut store, _) = Store::create(Box::new(Folder::new(&place)), former, &hand()).expect("a store");
        let (first, second) = (rules("# 1\n"), rules("# 2\n"));
        store.publish(publication(&first, None), &first.files, &hand()).expect("published");
        let old = certified(&store, (&first, 2), &plot(), (&Who::Former.key(), THEN)).expect("a certificate");
        let now = policy(Who::Certifier.holder("Trung tâm Hành chính công"));
        store.propose(Says::Policy(now), &hand()).expect("a policy");
        store.publish(publication(&second, Some(&first)), &second.files, &hand()).expect("published");
        let root = store.log().root().expect("a root");
        Self { folder, store, first, root, old }
    }

    /// Of the first version, by whoever may certify now.
    pub(crate) fn certificate(&self, asked: &Asked<'_>) -> Vec<u8> {
        certified(&self.store, (&self.first, 2), asked, (&Who::Certifier.key(), TODAY)).expect("a certificate")
    }
}

/// A plot for an individual in a ward to which the district passed that on.
pub(crate) fn plot() -> Asked<'static> {
    question("giao-dat", "101", "2023-05-10", &[("doi-tuong", "ca-nhan"), ("dien-tich", "0.1")])
}

pub(crate) fn question(task: &str, unit: &str, on: &str, facts: &[(&str, &str)]) -> Asked<'static> {
    let fact = |(name, value): &(&str, &str)| ((*name).to_owned().into(), Given::Text((*value).to_owned().into()));
    Asked {
        task: Some(task.to_owned().into()),
        on: Some(on.to_owned().into()),
        places: vec![(None, unit.to_owned().into())],
        facts: facts.iter().map(fact).collect(),
    }
}

pub(crate) fn answered(library: &Library, asked: &Asked<'_>) -> Answer {
    let question = understand(&library.rulebook, asked).expect("a question");
    ask(library.law(), &question, Depth::Record).expect("an answer")
}

pub(crate) fn certified(
    store: &Store,
    (library, entry): (&Library, u32),
    asked: &Asked<'_>,
    (key, at): (&SecretKey, &str),
) -> Result<Vec<u8>, Fault> {
    let answer = answered(library, asked);
    store.certify(&Found { entry, library, answer: &answer }, key, moment(at))
}

/// What an envelope holds.
pub(crate) fn payload(bytes: &[u8]) -> Json {
    let payload = Envelope::read(bytes).and_then(|envelope| envelope.payload()).expect("an envelope");
    serde_json::from_slice(&payload).expect("JSON")
}

/// An envelope of this content, signed by these keys.
pub(crate) fn sealed(kind: &str, payload: &[u8], by: &[Who]) -> Vec<u8> {
    let mut envelope = Envelope::new(kind, payload);
    for who in by {
        envelope.sign(&who.key()).expect("signed");
    }
    envelope.bytes()
}

/// What the verifier that is no part of the program says: exit status, and what it printed where.
pub(crate) fn other_verifier(certificate: &Path, root: &str, lang: &str) -> (i32, String, String) {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
        let found = Command::new(here("tests/certificate/python")).arg(folder).output().expect("bash");
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8(found.stdout).expect("UTF-8").trim().into()
    });
    let output = Command::new(python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .arg(here("tests/certificate/verify.py"))
        .arg(certificate)
        .args(["--root", root, "--lang", lang])
        .output()
        .expect("python runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}
