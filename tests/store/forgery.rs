//! An entry as a forger writes it: right in everything, by real keys, but for what the forger changes.

#![allow(dead_code, unreachable_pub, reason = "a part of a test")]

use serde::Serialize;
use serde_json::Value as Json;
use thamquyen::store::envelope::Envelope;
use thamquyen::store::fault::Fault;
use thamquyen::store::key::SecretKey;
use thamquyen::store::statement::{ENTRY, Entry, FORMAT, PROPOSAL, Policy, Proposal, Publication, Says};
use thamquyen::store::{Placed, Store};

use crate::shelf::{Shelf, at, hand, key, policy, version};

/// The file of the entry that is forged, in a [`good`] store.
pub const FOURTH: &str = "log/00000004.json";

type Change<T> = Box<dyn Fn(T) -> T>;

pub struct Forgery {
    pub entry: Entry,
    pub proposal: Proposal,
    pub signers: Vec<SecretKey>,
    pub placers: Vec<SecretKey>,
    pub entry_kind: String,
    pub proposal_kind: String,
    /// What is signed, as text.
    pub entry_text: Change<String>,
    pub proposal_text: Change<String>,
    /// Envelopes once they are signed.
    pub entry_envelope: Change<Json>,
    pub proposal_envelope: Change<Json>,
}

/// Two of three publish; an entry of policy and two versions.
pub fn good() -> Shelf {
    let (shelf, both) = (Shelf::default(), [key(1), key(2)]);
    let (mut store, _) =
        Store::create(Box::new(shelf.clone()), policy(2, &[1, 2, 3]), &hand(&both, 0)).expect("a new store");
    for number in [2, 3] {
        let text = format!("version of entry {number}");
        let (publication, files) = version(&store, &[("a.tq", "the same"), ("b.tq", &text)]);
        let placed = store.publish(publication, &files, &hand(&both, i64::from(number))).expect("published");
        assert_eq!(placed, Placed::Entry(number));
    }
    shelf
}

/// The text of a signed structure.
pub fn text<T: Serialize>(what: &T) -> String {
    serde_json::to_string(what).expect("JSON")
}

/// An envelope of a kind, signed.
pub fn sealed(kind: &str, payload: &str, keys: &[SecretKey]) -> Envelope {
    let mut envelope = Envelope::new(kind, payload.as_bytes());
    keys.iter().for_each(|key| envelope.sign(key).expect("signed"));
    envelope
}

/// As JSON, to change what no program would write.
pub fn json(envelope: &Envelope) -> Json {
    serde_json::to_value(envelope).expect("JSON")
}

/// The file of an envelope that was changed as JSON.
pub fn bytes_of(envelope: &Json) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(envelope).expect("JSON");
    bytes.push(b'\n');
    bytes
}

impl Forgery {
    /// The next entry of a store, nothing of it forged.
    pub fn of(shelf: &Shelf) -> Self {
        let store = shelf.opened();
        let (publication, files) = version(&store, &[("a.tq", "the same"), ("b.tq", "what comes next")]);
        for (listed, file) in publication.files.iter().zip(&files) {
            shelf.put(&format!("files/{}", listed.sha256), &file.bytes);
        }
        let last = store.log().last().expect("an entry").digest;
        let says = Says::Publication(publication);
        let (by, note) = ("A".to_owned(), "B".to_owned());
        Self {
            entry: Entry {
                format: FORMAT,
                number: store.log().next(),
                previous: Some(last),
                at: at(600),
                proposal: Envelope::new(PROPOSAL, b""),
            },
            proposal: Proposal { format: FORMAT, after: Some(last), by, note, says, request: None },
            signers: vec![key(1), key(2)],
            placers: vec![key(1)],
            entry_kind: ENTRY.to_owned(),
            proposal_kind: PROPOSAL.to_owned(),
            entry_text: Box::new(|text| text),
            proposal_text: Box::new(|text| text),
            entry_envelope: Box::new(|envelope| envelope),
            proposal_envelope: Box::new(|envelope| envelope),
        }
    }

    /// A change of policy in the place of a version.
    pub fn says(&mut self, policy: Policy) {
        self.proposal.says = Says::Policy(policy);
    }

    pub fn publication(&mut self) -> &mut Publication {
        match &mut self.proposal.says {
            Says::Publication(publication) => publication,
            Says::Policy(_) => panic!("a change of policy"),
        }
    }

    /// Its file.
    pub fn bytes(&self) -> Vec<u8> {
        let proposal = sealed(&self.proposal_kind, &(self.proposal_text)(text(&self.proposal)), &self.signers);
        let proposal = (self.proposal_envelope)(json(&proposal));
        let proposal = serde_json::from_value(proposal).expect("an envelope still");
        let entry = Entry { proposal, ..self.entry.clone() };
        let entry = sealed(&self.entry_kind, &(self.entry_text)(text(&entry)), &self.placers);
        bytes_of(&(self.entry_envelope)(json(&entry)))
    }
}

/// Why a good store with a forged fourth entry is refused. It is the forgery that makes the difference: the same entry without
/// the change is taken.
pub fn refusal(change: impl FnOnce(&mut Forgery)) -> Fault {
    let shelf = good();
    let mut forgery = Forgery::of(&shelf);
    shelf.put(FOURTH, &forgery.bytes());
    assert_eq!(shelf.opened().log().next(), 5, "an entry that is not forged is taken");
    change(&mut forgery);
    shelf.put(FOURTH, &forgery.bytes());
    shelf.fault()
}
