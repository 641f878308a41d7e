//! What an attacker can do to a store, one test for each attack, and what it meets. The names are those of The Update
//! Framework where it has one. Unless said otherwise the attacker may write whatever they like where the store lies, and a
//! forged entry is right in everything but what the attack is: signed by real keys, with its files.

#[path = "store/forgery.rs"]
mod forgery;
#[path = "store/shelf.rs"]
mod shelf;

use forgery::{FOURTH, Forgery, bytes_of, good, json, refusal, sealed, text};
use serde_json::{Value as Json, json as made};
use shelf::{Shelf, at, hand, key, policy, rules_of, version};
use thamquyen::store::envelope::{Envelope, Unsound};
use thamquyen::store::fault::Fault;
use thamquyen::store::key::{PublicKey, SecretKey};
use thamquyen::store::seen::Seen;
use thamquyen::store::statement::{ENTRY, FRESHNESS, Freshness, PROPOSAL, Says};
use thamquyen::store::{Placed, Store};

const LARGEST: u64 = 64 << 20;

fn id(seed: u8) -> String {
    key(seed).public().id()
}

fn unsound(name: &str, why: Unsound) -> Fault {
    Fault::Unsound { name: name.to_owned(), why }
}

fn malformed(name: &str) -> Fault {
    unsound(name, Unsound::Malformed)
}

/// Takes the newest entries away, until so many are left.
fn set_back(shelf: &Shelf, entries: u32) {
    let gone: Vec<String> = (entries + 1..10).map(|number| format!("log/{number:08}.json")).collect();
    shelf.content().files.retain(|name, _| !gone.contains(name));
}

fn freshness(shelf: &Shelf, entry: u32, lasting: i64) -> Freshness {
    let store = shelf.opened();
    let head = store.log().entry(entry).expect("an entry").digest;
    let root = store.log().root().expect("a root");
    let policy = store.log().policy_entry(entry).expect("a policy").digest;
    Freshness { format: 1, root, number: entry, head, policy, at: at(5), before: at(lasting) }
}

/// An attacker with keys of their own signs a version as if they were two publishers, or puts what two publishers signed into
/// the log themselves.
#[test]
fn arbitrary_version_by_keys_that_nobody_trusts() {
    let first = id(8).min(id(9));
    let fault = refusal(|forgery| forgery.signers = vec![key(8), key(9)]);
    assert_eq!(fault, unsound(FOURTH, Unsound::Stranger(first)));
    let fault = refusal(|forgery| forgery.placers = vec![key(9)]);
    assert_eq!(fault, unsound(FOURTH, Unsound::Stranger(id(9))));
}

/// A publisher whose signature is one of two puts their own version into the log.
#[test]
fn one_signature_where_two_are_needed() {
    let fault = refusal(|forgery| forgery.signers = vec![key(1)]);
    assert_eq!(fault, Fault::Few { name: FOURTH.to_owned(), signed: 1, needed: 2 });
    // A policy of one signature does not bring itself in by one.
    let fault = refusal(|forgery| {
        forgery.says(policy(1, &[1]));
        forgery.signers = vec![key(1)];
    });
    assert_eq!(fault, Fault::Few { name: FOURTH.to_owned(), signed: 1, needed: 2 });
}

/// An attacker puts an older store, which is whole and rightly signed, in the place of the newer one.
#[test]
fn rollback() {
    let shelf = good();
    let seen = shelf.opened().seen().expect("entries");
    let older = shelf.twin();
    set_back(&older, 2);
    assert_eq!(older.fault(), Fault::RolledBack { seen: 3, there: 2 }, "what confirms the newer one is still there");
    older.take("fresh.json");
    assert!(older.open().is_ok(), "who remembers nothing cannot know");
    let opened = Store::open(Box::new(older.clone()), Some(&seen)).map(drop);
    assert_eq!(opened, Err(Fault::RolledBack { seen: 3, there: 2 }));
    let mut running = shelf.opened();
    set_back(&shelf, 1);
    assert_eq!(running.refresh(), Err(Fault::RolledBack { seen: 3, there: 1 }));
    assert_eq!(running.log().next(), 4, "what was read stays");
    set_back(&shelf, 0);
    shelf.take("fresh.json");
    let opened = Store::open(Box::new(shelf), Some(&seen)).map(drop);
    assert_eq!(opened, Err(Fault::RolledBack { seen: 3, there: 0 }));
}

/// An attacker keeps newer entries back and shows what was the newest once: with its confirmation, which ends, or with none.
#[test]
fn freeze() {
    let shelf = good();
    let day = 24 * 3600;
    assert_eq!(shelf.opened().is_fresh(at(30 * day)), Ok(()));
    let ended = Fault::Stale { before: at(30 * day + 3) };
    assert_eq!(shelf.opened().is_fresh(at(30 * day + 3)), Err(ended));
    shelf.take("fresh.json");
    assert_eq!(shelf.opened().is_fresh(at(4)), Err(Fault::Stale { before: at(3) }));
    // A confirmation of their own.
    let said = text(&freshness(&shelf, 3, 9999 * day));
    shelf.put("fresh.json", &sealed(FRESHNESS, &said, &[key(9)]).bytes());
    assert_eq!(shelf.fault(), unsound("fresh.json", Unsound::Stranger(id(9))));
    shelf.put("fresh.json", &sealed(FRESHNESS, &said, &[]).bytes());
    assert_eq!(shelf.fault(), Fault::Few { name: "fresh.json".to_owned(), signed: 0, needed: 1 });
    shelf.put("fresh.json", &sealed(FRESHNESS, &said, &[key(1)]).bytes());
    assert_eq!(shelf.opened().is_fresh(at(31 * day)), Ok(()), "a key that may confirm could");
}

/// An attacker puts together what was signed, each thing rightly, for different places.
#[test]
fn mix_and_match() {
    let shelf = good();
    // Of another store of the same publishers, whose fourth entry follows other ones.
    let other = Shelf::default();
    let both = [key(1), key(2)];
    let (mut store, _) =
        Store::create(Box::new(other.clone()), policy(2, &[1, 2, 3]), &hand(&both, 7)).expect("a store");
    for number in 2..5 {
        let (publication, files) = version(&store, &[("b.tq", &format!("other {number}"))]);
        store.publish(publication, &files, &hand(&both, 10)).expect("published");
    }
    shelf.put(FOURTH, &other.file(FOURTH));
    assert_eq!(shelf.fault(), Fault::Order(FOURTH.to_owned()));
    shelf.put(FOURTH, &shelf.file("log/00000003.json"));
    assert_eq!(shelf.fault(), Fault::Order(FOURTH.to_owned()));
    let seen = other.opened().seen();
    let found = good().opened().log().root().expect("a root");
    let opened = Store::open(Box::new(good()), seen.as_ref()).map(drop);
    assert_eq!(opened, Err(Fault::Root { known: seen.expect("entries").root, found }));
    // What was signed to follow another entry, or to replace another version.
    let before = good().opened().log().entry(2).expect("an entry").digest;
    assert_eq!(refusal(|forgery| forgery.proposal.after = Some(before)), Fault::Order(FOURTH.to_owned()));
    assert_eq!(refusal(|forgery| forgery.entry.previous = Some(before)), Fault::Order(FOURTH.to_owned()));
    assert_eq!(refusal(|forgery| forgery.publication().parent = None), Fault::Order(FOURTH.to_owned()));
    assert_eq!(refusal(|forgery| forgery.publication().again = Some(2)), Fault::Order(FOURTH.to_owned()));
}

/// An attacker puts the text of one version in the place of that of another.
#[test]
fn mix_and_match_of_files() {
    let shelf = good();
    let store = shelf.opened();
    let of = |number| store.log().entry(number).and_then(|kept| kept.publication()).expect("a version");
    let file = |number| format!("files/{}", of(number).files[1].sha256);
    assert_eq!(store.files(of(3)).expect("whole")[1].bytes, b"version of entry 3");
    shelf.put(&file(3), &shelf.file(&file(2)));
    let name = of(3).rules.short();
    assert_eq!(store.files(of(3)).map(drop), Err(Fault::Content { name, path: "b.tq".to_owned() }));
    shelf.take(&file(3));
    assert_eq!(store.files(of(3)).map(drop), Err(Fault::Missing(file(3))));
    // The list says one thing, the hash by which the version is known another.
    let lie = refusal(|forgery| forgery.publication().files[0].sha256 = forgery.publication().files[1].sha256);
    assert_eq!(lie, Fault::Malformed(FOURTH.to_owned()));
}

/// An attacker makes the number so large that no entry can follow.
#[test]
fn fast_forward() {
    assert_eq!(refusal(|forgery| forgery.entry.number = u32::MAX), Fault::Order(FOURTH.to_owned()));
    let shelf = good();
    shelf.put("log/4294967295.json", &Forgery::of(&shelf).bytes());
    assert_eq!(shelf.fault(), Fault::Missing(FOURTH.to_owned()));
    // What is called otherwise than an entry keeps nobody from reading or writing those that are.
    let shelf = good();
    for name in ["log/9.json", "log/+0000009.json", "log/000000009.json", "log/00000009.json.bak", "log/x"] {
        shelf.put(name, b"{}");
    }
    assert_eq!(shelf.opened().log().next(), 4);
}

/// An attacker lets whoever reads read without an end.
#[test]
fn endless_data() {
    let huge = vec![b' '; usize::try_from(LARGEST).expect("a size") + 4096];
    for name in [FOURTH, "fresh.json"] {
        let shelf = good();
        shelf.put(name, &huge);
        assert_eq!(shelf.fault(), Fault::Large(name.to_owned()));
        assert!(shelf.content().handed < LARGEST + 20_000, "{name}: {} bytes were read", shelf.content().handed);
    }
    let shelf = good();
    let store = shelf.opened();
    let (_, latest) = store.log().latest().expect("a version");
    shelf.put(&format!("files/{}", latest.files[0].sha256), &huge);
    shelf.content().handed = 0;
    let fault = Fault::Content { name: latest.rules.short(), path: "a.tq".to_owned() };
    assert_eq!(store.files(latest).map(drop), Err(fault));
    assert_eq!(shelf.content().handed, latest.files[0].size + 1, "one byte more tells that there is more");
    shelf.put("proposals/0123456789abcdef.json", &huge);
    let (waiting, wrong) = store.waiting().expect("a list");
    assert_eq!((waiting.len(), wrong), (0, vec![Fault::Large("proposals/0123456789abcdef.json".to_owned())]));
}

/// A version lists files that would be written outside of its folder, or one file twice.
#[test]
fn paths_that_leave_the_folder() {
    let paths = ["../a", "/etc/passwd", "a/../../b", "a//b", "a/./b", "a\\b", "c:/b", "a\nb", "a\0b", "", "a/", "."];
    for path in paths {
        let fault = refusal(|forgery| {
            let publication = forgery.publication();
            publication.files.remove(0);
            publication.files[0].path = path.to_owned();
            publication.rules = rules_of(&publication.files);
        });
        assert_eq!(fault, Fault::Paths(FOURTH.to_owned()), "{path:?}");
    }
    for order in [[0, 0], [1, 0]] {
        let fault = refusal(|forgery| {
            let publication = forgery.publication();
            publication.files = order.iter().map(|place| publication.files[*place].clone()).collect();
            publication.rules = rules_of(&publication.files);
        });
        assert_eq!(fault, Fault::Paths(FOURTH.to_owned()), "{order:?}");
    }
}

/// A key was stolen and taken out of the policy; the thief signs on: versions, and that an old log is the newest.
#[test]
fn a_key_that_was_taken_away() {
    let shelf = good();
    let said = text(&freshness(&shelf, 3, 999_999_999));
    shelf.put("fresh.json", &sealed(FRESHNESS, &said, &[key(3)]).bytes());
    assert_eq!(shelf.opened().is_fresh(at(99_999_999)), Ok(()), "while it was in the policy");
    let mut store = shelf.opened();
    let both = [key(1), key(2)];
    store.propose(Says::Policy(policy(2, &[1, 2, 4])), &hand(&both, 100)).expect("a new policy");
    assert_eq!(shelf.opened().is_fresh(at(101)), Ok(()));
    shelf.put("fresh.json", &sealed(FRESHNESS, &said, &[key(3)]).bytes());
    assert_eq!(shelf.opened().is_fresh(at(101)), Err(Fault::Stale { before: at(100) }));
    let mut forgery = Forgery::of(&shelf);
    let fifth = "log/00000005.json";
    shelf.put(fifth, &forgery.bytes());
    assert_eq!(shelf.opened().log().next(), 6, "those who stayed publish");
    forgery.signers = vec![key(1), key(3)];
    shelf.put(fifth, &forgery.bytes());
    assert_eq!(shelf.fault(), unsound(fifth, Unsound::Stranger(id(3))));
}

/// One publisher counts as two: by signing twice, or by standing in the policy under two names.
#[test]
fn one_key_counted_twice() {
    let twice = |mut envelope: Json| {
        let first = envelope["signatures"][0].clone();
        envelope["signatures"] = made!([first, first]);
        envelope
    };
    let fault = refusal(|forgery| {
        forgery.signers = vec![key(1)];
        forgery.proposal_envelope = Box::new(twice);
    });
    assert_eq!(fault, unsound(FOURTH, Unsound::Twice(id(1))));
    let fault = refusal(|forgery| forgery.says(policy(2, &[1, 2, 2])));
    assert_eq!(fault, Fault::Policy(FOURTH.to_owned()));
    let mut renamed = policy(2, &[1, 2, 2]);
    renamed.publishers[2].name = "Somebody else".to_owned();
    assert_eq!(refusal(|forgery| forgery.says(renamed)), Fault::Policy(FOURTH.to_owned()));
}

/// The order of the group of Ed25519, which can be added to the second half of a signature.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn with_order_added(mut envelope: Json) -> Json {
    use base64::Engine as _;
    let standard = base64::engine::general_purpose::STANDARD;
    let signature = envelope["signatures"][0]["sig"].as_str().expect("a text");
    let mut bytes = standard.decode(signature).expect("base64");
    let mut carry = 0;
    for (byte, more) in bytes[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        *byte = u8::try_from(sum & 0xff).expect("a byte");
        carry = sum >> 8;
    }
    envelope["signatures"][0]["sig"] = Json::from(standard.encode(bytes));
    envelope
}

/// Without a key, an attacker makes another signature of one that is right (S + L), so that the same entry has two hashes; or
/// brings a key under which many signatures fit any text.
#[test]
fn signatures_and_keys_of_many_forms() {
    let fault = refusal(|forgery| forgery.entry_envelope = Box::new(with_order_added));
    assert_eq!(fault, unsound(FOURTH, Unsound::Forged(id(1))));
    let first = id(1).min(id(2));
    let fault = refusal(|forgery| forgery.proposal_envelope = Box::new(with_order_added));
    assert_eq!(fault, unsound(FOURTH, Unsound::Forged(first)));
    // Points of order 1, 2, 4 and 4: the only ones of these encodings.
    let weak = [
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "7P///////////////////////////////////////38=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=",
    ];
    for weak in weak {
        assert!(PublicKey::read(weak).is_none(), "{weak}");
        let fault = refusal(|forgery| {
            forgery.says(policy(2, &[1, 2, 5]));
            let strong = key(5).public().text();
            forgery.proposal_text = Box::new(move |text| text.replace(&strong, weak));
        });
        assert_eq!(fault, malformed(FOURTH), "{weak}");
    }
}

/// What a publisher signed for one purpose is passed off as another.
#[test]
fn one_kind_of_statement_for_another() {
    for kind in [FRESHNESS, PROPOSAL, "application/vnd.thamquyen.certificate+json", ""] {
        let fault = refusal(|forgery| forgery.entry_kind = kind.to_owned());
        assert_eq!(fault, unsound(FOURTH, Unsound::Kind(kind.to_owned())));
    }
    for kind in [FRESHNESS, ENTRY] {
        let fault = refusal(|forgery| forgery.proposal_kind = kind.to_owned());
        assert_eq!(fault, unsound(FOURTH, Unsound::Kind(kind.to_owned())));
    }
    // What is of another kind, but says that it is of this.
    let relabelled = |mut envelope: Json| {
        envelope["payloadType"] = Json::from(ENTRY);
        envelope
    };
    let fault = refusal(|forgery| {
        forgery.entry_kind = FRESHNESS.to_owned();
        forgery.entry_envelope = Box::new(relabelled);
    });
    assert_eq!(fault, unsound(FOURTH, Unsound::Forged(id(1))));
    let shelf = good();
    let said = text(&freshness(&shelf, 3, 99));
    shelf.put(FOURTH, &sealed(FRESHNESS, &said, &[key(1)]).bytes());
    assert_eq!(shelf.fault(), malformed(FOURTH), "a whole confirmation as an entry");
    shelf.take(FOURTH);
    shelf.put("fresh.json", &sealed(ENTRY, &said, &[key(1)]).bytes());
    assert_eq!(shelf.fault(), unsound("fresh.json", Unsound::Kind(ENTRY.to_owned())));
    shelf.put("fresh.json", &shelf.file("log/00000003.json"));
    assert_eq!(shelf.fault(), malformed("fresh.json"), "a whole entry as a confirmation");
}

/// Publishers, or whoever has their keys, show one log to some and another to others.
#[test]
fn fork() {
    let (one, other) = (good(), good());
    let both = [key(1), key(2)];
    for (shelf, content) in [(&one, "one"), (&other, "other")] {
        let mut store = shelf.opened();
        let (publication, files) = version(&store, &[("b.tq", content)]);
        store.publish(publication, &files, &hand(&both, 50)).expect("published");
    }
    let seen = one.opened().seen().expect("entries");
    assert!(Store::open(Box::new(one.clone()), Some(&seen)).is_ok());
    assert_eq!(Store::open(Box::new(other.clone()), Some(&seen)).map(drop), Err(Fault::Forked(4)));
    let older = Seen { number: 3, head: good().opened().log().last().expect("an entry").digest, ..seen };
    assert!(Store::open(Box::new(other.clone()), Some(&older)).is_ok(), "until there nothing was forked");
    other.put("fresh.json", &one.file("fresh.json"));
    assert_eq!(other.fault(), Fault::Forked(4));
}

/// What one program reads so and another otherwise: duplicate or unknown members, other white space, another form of base64.
#[test]
fn tricks_with_json() {
    let texts: [(&str, &str); 5] = [
        ("{\"format\":1", "{\"format\":1,\"format\":1"),
        ("{\"format\":1", "{\"format\":1,\"extra\":1"),
        ("{\"format\":1", "{\"format\":\"1\""),
        ("{\"format\":1", "{\"format\":1e0"),
        ("{\"format\":1", "\u{feff}{\"format\":1"),
    ];
    for (from, to) in texts {
        let change = move |text: String| text.replacen(from, to, 1);
        assert_eq!(refusal(|forgery| forgery.entry_text = Box::new(change)), malformed(FOURTH), "{to}");
        assert_eq!(refusal(|forgery| forgery.proposal_text = Box::new(change)), malformed(FOURTH), "{to}");
    }
    let files: [(&str, &str); 6] = [
        ("  \"payloadType\"", " \"payloadType\""),
        ("{\n  \"payloadType\"", "{\n  \"payloadType\": \"a\",\n  \"payloadType\""),
        ("{\n  \"payloadType\"", "{\n  \"extra\": 1,\n  \"payloadType\""),
        ("payloadType", "payload\\u0054ype"),
        ("}\n", "}"),
        ("}\n", "}\n\n"),
    ];
    for (from, to) in files {
        let shelf = good();
        let file = String::from_utf8(Forgery::of(&shelf).bytes()).expect("text");
        let at = if from == "}\n" { file.rfind(from) } else { file.find(from) }.expect("it is there");
        let changed = format!("{}{to}{}", &file[..at], &file[at + from.len()..]);
        shelf.put(FOURTH, changed.as_bytes());
        assert_eq!(shelf.fault(), malformed(FOURTH), "{to:?}");
    }
    for change in [
        |text: &str| text.trim_end_matches('=').to_owned(),
        |text: &str| format!("{text}\n"),
        |text: &str| format!("{}=", text.trim_end_matches('=')),
    ] {
        let in_payload = move |mut envelope: Json| {
            let signature = envelope["signatures"][0]["sig"].as_str().expect("a text");
            envelope["signatures"][0]["sig"] = Json::from(change(signature));
            envelope
        };
        assert_eq!(
            refusal(|forgery| forgery.entry_envelope = Box::new(in_payload)),
            unsound(FOURTH, Unsound::Forged(id(1)))
        );
    }
}

/// A publisher puts an entry into the log as of a day on which it was not there.
#[test]
fn backdating() {
    assert_eq!(refusal(|forgery| forgery.entry.at = at(2)), Fault::Backwards(FOURTH.to_owned()));
    let shelf = good();
    let mut store = shelf.opened();
    let (publication, files) = version(&store, &[("b.tq", "late")]);
    let both = [key(1), key(2)];
    assert_eq!(store.publish(publication, &files, &hand(&both, 2)), Err(Fault::Clock { last: at(3) }));
    assert_eq!(store.renew(&hand(&both, 2)), Err(Fault::Clock { last: at(3) }));
    assert_eq!(shelf.opened().log().next(), 4);
}

/// A statement in a form that this program does not know is not read as if it were in one that it knows.
#[test]
fn another_format() {
    for format in [0, 2, 255] {
        let later = |name: &str| Fault::Later { name: name.to_owned(), format };
        assert_eq!(refusal(|forgery| forgery.entry.format = format), later(FOURTH));
        assert_eq!(refusal(|forgery| forgery.proposal.format = format), later(FOURTH));
        let shelf = good();
        let said = text(&Freshness { format, ..freshness(&shelf, 3, 99) });
        shelf.put("fresh.json", &sealed(FRESHNESS, &said, &[key(1)]).bytes());
        assert_eq!(shelf.fault(), later("fresh.json"));
    }
}

fn proposed(shelf: &Shelf, content: &str, keys: &[SecretKey]) -> String {
    let mut store = shelf.opened();
    let (publication, files) = version(&store, &[("b.tq", content)]);
    match store.publish(publication, &files, &hand(keys, 60)) {
        Ok(Placed::Waits { proposal, .. }) => proposal,
        other => panic!("it should wait: {other:?}"),
    }
}

/// Whoever may write among the proposals puts there what they like: it is told, and keeps nobody from signing an honest one.
#[test]
fn hostile_proposals() {
    let shelf = good();
    let name = proposed(&shelf, "honest", &[key(1)]);
    let place = |name: &str| format!("proposals/{name}.json");
    let honest = shelf.file(&place(&name));
    let stripped = bytes_of(&{
        let mut envelope = json(&Envelope::read(&honest).expect("an envelope"));
        envelope["signatures"] = made!([]);
        envelope
    });
    // Its own name, so that this is not what it is refused for.
    let other = proposed(&shelf, "unsigned", &[key(1)]);
    let unsigned = {
        let mut envelope = json(&Envelope::read(&shelf.file(&place(&other))).expect("an envelope"));
        envelope["signatures"] = made!([]);
        bytes_of(&envelope)
    };
    shelf.put(&place(&other), &unsigned);
    let alike = format!("{name}0");
    shelf.put(&place(&alike), &honest);
    shelf.put(&place("0000"), b"not JSON");
    shelf.put(&place("0001"), &stripped);
    shelf.put("proposals/readme", b"what is called otherwise is none");
    let mut store = shelf.opened();
    let (waiting, mut wrong) = store.waiting().expect("a list");
    assert_eq!(waiting.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), [name.as_str()]);
    let few = Fault::Few { name: place(&other), signed: 0, needed: 2 };
    let mut expected =
        vec![malformed(&place("0000")), Fault::Malformed(place("0001")), Fault::Malformed(place(&alike)), few];
    wrong.sort_by_key(Fault::to_string);
    expected.sort_by_key(Fault::to_string);
    assert_eq!(wrong, expected);
    let waiting = store.waiting_one(&name).expect("its whole name is its own");
    assert_eq!(store.approve(&waiting, &hand(&[key(2)], 61)), Ok(Placed::Entry(4)));
    assert_eq!(shelf.opened().log().next(), 5);
    let left = shelf.content().files.keys().filter(|name| name.starts_with("proposals/")).count();
    assert_eq!(left, 0, "none follows the log any more");
}

/// Between reading a proposal and signing it, another one is put in its place.
#[test]
fn a_proposal_exchanged_before_it_is_signed() {
    let shelf = good();
    let (honest, other) = (proposed(&shelf, "honest", &[key(1)]), proposed(&shelf, "other", &[key(1)]));
    let place = |name: &str| format!("proposals/{name}.json");
    let mut store = shelf.opened();
    let waiting = store.waiting_one(&honest).expect("it waits");
    let twin = shelf.twin();
    shelf.put(&place(&honest), &shelf.file(&place(&other)));
    let refused = store.approve(&waiting, &hand(&[key(2)], 61));
    assert_eq!(refused, Err(Fault::Malformed(place(&honest))));
    assert_eq!(twin.opened().approve(&waiting, &hand(&[key(2)], 61)), Ok(Placed::Entry(4)));
}

/// Without a key an attacker takes a signature away, adds or reorders some, or says that somebody else signed; a publisher does
/// the same to what others signed.
#[test]
fn signatures_taken_away_or_exchanged() {
    let without = |mut envelope: Json| {
        envelope["signatures"].as_array_mut().expect("a list").pop();
        envelope
    };
    let fault = refusal(|forgery| forgery.entry_envelope = Box::new(without));
    assert_eq!(fault, Fault::Few { name: FOURTH.to_owned(), signed: 0, needed: 1 });
    let fault = refusal(|forgery| forgery.proposal_envelope = Box::new(without));
    assert_eq!(fault, Fault::Few { name: FOURTH.to_owned(), signed: 1, needed: 2 });
    // In a whole entry, of which whoever put it there signed all. It is judged from the inside out.
    let shelf = good();
    let honest = Forgery::of(&shelf).bytes();
    let mut envelope = json(&Envelope::read(&honest).expect("an envelope"));
    let payload = Envelope::read(&honest).and_then(|envelope| envelope.payload()).expect("a payload");
    let mut entry: Json = serde_json::from_slice(&payload).expect("JSON");
    entry["proposal"]["signatures"].as_array_mut().expect("a list").pop();
    envelope["payload"] = json(&Envelope::new(ENTRY, entry.to_string().as_bytes()))["payload"].clone();
    shelf.put(FOURTH, &bytes_of(&envelope));
    assert_eq!(shelf.fault(), Fault::Few { name: FOURTH.to_owned(), signed: 1, needed: 2 });
    // With as many signatures as before, one of them by somebody else, the signature over all tells.
    let other = Forgery { signers: vec![key(1), key(3)], ..Forgery::of(&good()) };
    let other = Envelope::read(&other.bytes()).and_then(|envelope| envelope.payload()).expect("a payload");
    envelope["payload"] = json(&Envelope::new(ENTRY, &other))["payload"].clone();
    shelf.put(FOURTH, &bytes_of(&envelope));
    assert_eq!(shelf.fault(), unsound(FOURTH, Unsound::Forged(id(1))));
    // A second signature on an entry could be taken away by anybody.
    let fault = refusal(|forgery| forgery.placers = vec![key(1), key(2)]);
    assert_eq!(fault, malformed(FOURTH));
    let fault = refusal(|forgery| {
        forgery.proposal_envelope = Box::new(|mut envelope| {
            envelope["signatures"].as_array_mut().expect("a list").reverse();
            envelope
        });
    });
    assert_eq!(fault, malformed(FOURTH));
    let renamed = |mut envelope: Json| {
        envelope["signatures"][0]["keyid"] = Json::from(id(3));
        envelope
    };
    let fault = refusal(|forgery| forgery.entry_envelope = Box::new(renamed));
    assert_eq!(fault, unsound(FOURTH, Unsound::Forged(id(3))));
}
