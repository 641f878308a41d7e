//! Certificates in which something else stands, signed anew with whatever key a forger could have: each is refused, and for the
//! right reason.

use std::fs;

use serde_json::{Value as Json, json};
use thamquyen::digest::Digest;
use thamquyen::store::certificate::RULING;
use thamquyen::store::certificate::check::check;
use thamquyen::store::certificate::flaw::Flaw;
use thamquyen::store::disk::Folder;
use thamquyen::store::statement::{ENTRY, FRESHNESS, PROPOSAL};
use thamquyen::store::{Hand, Store};

use super::refused;
use super::world::{THEN, TODAY, Who, World, certified, moment, payload, plot, publication, rules, sealed};

/// A certificate with something else in it, signed anew.
fn forged(certificate: &[u8], by: &[Who], edit: impl FnOnce(&mut Json)) -> Vec<u8> {
    let mut content = payload(certificate);
    edit(&mut content);
    sealed(RULING, &serde_json::to_vec(&content).expect("JSON"), by)
}

/// An entry of the log with something else in what was proposed, signed anew.
fn forged_entry(entry: &mut Json, by: &[Who], edit: impl FnOnce(&mut Json)) {
    forged_place(entry, (PROPOSAL, by), |_, proposal| edit(proposal));
}

/// An entry of the log with something else in it and in what was proposed, which is signed anew for some purpose.
fn forged_place(entry: &mut Json, (kind, by): (&str, &[Who]), edit: impl FnOnce(&mut Json, &mut Json)) {
    let mut content = payload(entry.as_str().expect("a text").as_bytes());
    let inner = serde_json::to_vec_pretty(&content["proposal"]).expect("JSON");
    let mut proposal = payload(&[inner, b"\n".to_vec()].concat());
    edit(&mut content, &mut proposal);
    let inner = sealed(kind, &serde_json::to_vec(&proposal).expect("JSON"), by);
    content["proposal"] = serde_json::from_slice(&inner).expect("JSON");
    *entry = text(sealed(ENTRY, &serde_json::to_vec(&content).expect("JSON"), by));
}

fn forged_fresh(fresh: &mut Json, by: &[Who], edit: impl FnOnce(&mut Json)) {
    let mut content = payload(fresh.as_str().expect("a text").as_bytes());
    edit(&mut content);
    *fresh = text(sealed(FRESHNESS, &serde_json::to_vec(&content).expect("JSON"), by));
}

fn text(bytes: Vec<u8>) -> Json {
    Json::String(String::from_utf8(bytes).expect("UTF-8"))
}

/// Does the same to the ruling in both languages.
fn both(certificate: &mut Json, edit: impl Fn(&mut Json)) {
    for language in ["vi", "en"] {
        edit(&mut certificate["rulings"][language]);
    }
}

const CERTIFIER: &[Who] = &[Who::Certifier];
const PUBLISHERS: &[Who] = &[Who::One, Who::Other];

/// What is forged, how it comes out, and by which reason it is refused.
type Forgery = (&'static str, Vec<u8>, &'static str);

fn check_all(forgeries: Vec<Forgery>, world: &World) {
    let root = world.root.to_string();
    for (name, bytes, code) in forgeries {
        assert_eq!(refused(&bytes, &root), Some(code), "{name}");
    }
}

#[test]
fn who_signed_matters() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let decider = |content: &mut Json| both(content, |ruling| ruling["decider"]["body"] = json!("quoc-hoi"));
    let kept = |edit: &dyn Fn(&mut Json)| {
        let mut envelope: Json = serde_json::from_slice(&good).expect("JSON");
        let unsigned: Json = serde_json::from_slice(&forged(&good, &[], |content| edit(content))).expect("JSON");
        envelope["payload"] = unsigned["payload"].clone();
        [serde_json::to_vec_pretty(&envelope).expect("JSON"), b"\n".to_vec()].concat()
    };
    let swapped = |kind: &str| {
        let content = serde_json::to_vec(&payload(&good)).expect("JSON");
        sealed(kind, &content, CERTIFIER)
    };
    let sixteen = |key: Who| key.key().public().id();
    let mut twice: Json = serde_json::from_slice(&good).expect("JSON");
    let one = twice["signatures"][0].clone();
    twice["signatures"].as_array_mut().expect("signatures").push(one);
    let twice = [serde_json::to_vec_pretty(&twice).expect("JSON"), b"\n".to_vec()].concat();
    // A stranger under the certifier's name.
    let named = String::from_utf8(forged(&good, &[Who::Stranger], decider)).expect("UTF-8");
    let named = named.replace(&sixteen(Who::Stranger), &sixteen(Who::Certifier)).into_bytes();
    check_all(
        vec![
            ("decider changed", kept(&decider), "signature"),
            ("date changed", kept(&|content| content["question"]["on"] = json!("2024-05-10")), "signature"),
            ("signed by a stranger", forged(&good, &[Who::Stranger], decider), "certifier"),
            ("signed by a stranger under another's name", named, "signature"),
            ("signed by a publisher, who may not certify", forged(&good, &[Who::One], decider), "certifier"),
            ("signed by nobody", forged(&good, &[], |_| {}), "certifier"),
            (
                "signed by one who may and one who may not",
                forged(&good, &[Who::Certifier, Who::One], |_| {}),
                "certifier",
            ),
            ("signed twice by one", twice, "signature"),
            ("payload type swapped", swapped(ENTRY), "kind"),
            ("payload type of nobody", swapped("application/json"), "kind"),
        ],
        &world,
    );
}

/// Somebody who could certify before, and forges what it takes to do so today.
#[test]
fn who_no_longer_may_certify_does_not() {
    let world = World::of("test");
    let (good, former) = (world.certificate(&plot()), &[Who::Former]);
    let left_out = |content: &mut Json| content["evidence"]["policies"].as_array_mut().expect("policies").truncate(1);
    let own_fresh = |content: &mut Json| {
        left_out(content);
        let policy = Digest::of(content["evidence"]["policies"][0].as_str().expect("a text").as_bytes());
        forged_fresh(&mut content["evidence"]["fresh"], former, |fresh| fresh["policy"] = json!(policy));
    };
    let own_policy = |content: &mut Json| {
        let mut own = content["evidence"]["policies"][1].clone();
        forged_entry(&mut own, former, |proposal| {
            proposal["says"]["policy"]["certifiers"] = json!([Who::Former.holder("tôi")]);
        });
        content["evidence"]["policies"][1] = own;
    };
    let one_publisher = |content: &mut Json| {
        forged_entry(&mut content["evidence"]["policies"][1], &[Who::One], |proposal| {
            proposal["says"]["policy"]["certifiers"] = json!([Who::Former.holder("tôi")]);
        });
    };
    check_all(
        vec![
            ("all the evidence of today", forged(&good, former, |_| {}), "certifier"),
            ("the policy that ended it left out", forged(&good, former, left_out), "fresh"),
            ("and the confirmation signed by the forger", forged(&good, former, own_fresh), "fresh"),
            ("the policy changed", forged(&good, former, own_policy), "policy"),
            ("the policy changed by one publisher of two", forged(&good, former, one_publisher), "policy"),
            ("old evidence, today", forged(&world.old, former, |content| content["at"] = json!(TODAY)), "time"),
            ("new evidence, before it was", forged(&good, CERTIFIER, |content| content["at"] = json!(THEN)), "time"),
        ],
        &world,
    );
}

#[test]
fn what_was_published_matters() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let entry_of = |bytes: &[u8]| payload(bytes)["evidence"]["publication"].clone();
    let second = rules("# 2\n");
    let of_second =
        certified(&world.store, (&second, 4), &plot(), (&Who::Certifier.key(), TODAY)).expect("a certificate");
    let sworn = |edit: &dyn Fn(&mut Json)| forged(&good, CERTIFIER, |content| edit(content));
    let file = |by: &'static [Who]| {
        move |content: &mut Json| {
            forged_entry(&mut content["evidence"]["publication"], by, |proposal| {
                proposal["says"]["publication"]["files"][0]["sha256"] = json!(Digest::of(b"another"));
            });
        }
    };
    let twice = |content: &mut Json| {
        forged_entry(&mut content["evidence"]["publication"], PUBLISHERS, |proposal| {
            let files = proposal["says"]["publication"]["files"].as_array_mut().expect("files");
            let first = files[0].clone();
            files.push(first);
        });
    };
    let elsewhere = |content: &mut Json| {
        forged_entry(&mut content["evidence"]["publication"], PUBLISHERS, |proposal| {
            proposal["after"] = json!(Digest::of(b"another"));
        });
    };
    check_all(
        vec![
            ("list of files changed by a stranger", sworn(&file(&[Who::Stranger])), "publication"),
            ("list of files changed by one publisher of two", sworn(&file(&[Who::One])), "publication"),
            ("list of files changed by the publishers", sworn(&file(PUBLISHERS)), "files"),
            ("a file listed twice", sworn(&twice), "files"),
            ("another place in the log", sworn(&elsewhere), "publication"),
            (
                "a policy as the publication",
                sworn(&|content| {
                    content["evidence"]["publication"] = content["evidence"]["policies"][1].clone();
                }),
                "publication",
            ),
            (
                "the first policy left out",
                sworn(&|content| {
                    content["evidence"]["policies"].as_array_mut().expect("policies").remove(0);
                }),
                "root",
            ),
            (
                "evidence of another version",
                sworn(&|content| {
                    content["evidence"]["publication"] = entry_of(&of_second);
                }),
                "version",
            ),
        ],
        &world,
    );
}

#[test]
fn a_certificate_is_of_one_version_and_one_store() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let other = world.store.log().entry(4).and_then(|kept| kept.publication()).expect("a publication").rules;
    let sworn = |edit: &dyn Fn(&mut Json)| forged(&good, CERTIFIER, |content| edit(content));
    check_all(
        vec![
            ("another version named", sworn(&|content| content["version"] = json!(other)), "version"),
            (
                "another version in the ruling",
                sworn(&|content| {
                    both(content, |ruling| ruling["version"] = json!(other.short()));
                }),
                "version",
            ),
            ("another entry named", sworn(&|content| content["entry"] = json!(4)), "version"),
            ("another store named", sworn(&|content| content["root"] = json!(Digest::of(b"another"))), "root"),
            ("a certificate of another store", World::of("another").certificate(&plot()), "root"),
            (
                "a text changed",
                sworn(&|content| {
                    content["evidence"]["texts"]["rules.tq"] = json!("article 5 clause 2\n  > mọi việc\n");
                }),
                "text",
            ),
            ("a text of nowhere", sworn(&|content| content["evidence"]["texts"]["z.tq"] = json!("# 1\n")), "text"),
        ],
        &world,
    );
}

#[test]
fn what_the_ruling_quotes_matters() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let sworn = |edit: &dyn Fn(&mut Json)| forged(&good, CERTIFIER, |content| edit(content));
    check_all(
        vec![
            (
                "a quote changed",
                sworn(&|content| {
                    both(content, |ruling| ruling["chain"][0]["quote"] = json!("UBND cấp xã quyết định mọi việc"));
                }),
                "quote",
            ),
            (
                "a quote left out",
                sworn(&|content| {
                    both(content, |ruling| ruling["chain"][0]["quote"] = Json::Null);
                }),
                "quote",
            ),
            (
                "a paraphrase told as a quote",
                sworn(&|content| {
                    both(content, |ruling| {
                        let links = ruling["chain"].as_array_mut().expect("a chain");
                        links.iter_mut().for_each(|link| link["paraphrase"] = json!(false));
                    })
                }),
                "quote",
            ),
            (
                "another document",
                sworn(&|content| {
                    both(content, |ruling| ruling["chain"][0]["document"] = json!("99/2099/QH"));
                }),
                "quote",
            ),
            (
                "a link left out",
                sworn(&|content| {
                    both(content, |ruling| {
                        ruling["chain"].as_array_mut().expect("a chain").pop();
                    })
                }),
                "quote",
            ),
            (
                "another place in the text",
                sworn(&|content| content["evidence"]["cited"][0]["line"] = json!(1)),
                "quote",
            ),
            ("a place in no text", sworn(&|content| content["evidence"]["cited"][0]["path"] = json!("a.tq")), "quote"),
        ],
        &world,
    );
}

#[test]
fn which_question_is_answered_matters() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let sworn = |edit: &dyn Fn(&mut Json)| forged(&good, CERTIFIER, |content| edit(content));
    let question =
        |member: &'static str, value: Json| forged(&good, CERTIFIER, |content| content["question"][member] = value);
    check_all(
        vec![
            ("date changed", question("on", json!("2023-05-11")), "question"),
            ("task changed", question("task", json!("bieu-dien")), "question"),
            ("unit changed", question("places", json!({ "noi-co-dat": ["102"] })), "question"),
            ("fact changed", question("facts", json!({ "dien-tich": "0.1", "doi-tuong": "to-chuc" })), "question"),
            (
                "a day on which it does not hold",
                sworn(&|content| {
                    content["question"]["on"] = json!("2025-05-10");
                    both(content, |ruling| ruling["date"] = json!("2025-05-10"));
                }),
                "valid",
            ),
            (
                "another decider in one language",
                sworn(&|content| {
                    content["rulings"]["en"]["decider"]["body"] = json!("quoc-hoi");
                }),
                "languages",
            ),
        ],
        &world,
    );
}

#[test]
fn only_the_one_form_is_read() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let content = serde_json::to_string(&payload(&good)).expect("JSON");
    let signed = |content: String| sealed(RULING, content.as_bytes(), CERTIFIER);
    let sworn = |edit: &dyn Fn(&mut Json)| forged(&good, CERTIFIER, |content| edit(content));
    // The last digits of base64 say nothing where the bytes end: some other digit there says the same.
    let odd =
        ["", "x", "xx"].into_iter().map(|more| forged(&good, CERTIFIER, |content| content["program"] = json!(more)));
    let loose = odd.filter_map(|bytes| {
        let envelope = String::from_utf8(bytes).expect("UTF-8");
        let at = envelope.find("=\",\n  \"signatures").map(|at| envelope[..=at].trim_end_matches('=').len())?;
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let digit = digits.iter().position(|digit| *digit == envelope.as_bytes()[at - 1]).expect("a digit");
        Some([&envelope.as_bytes()[..at - 1], &[digits[digit + 1]], &envelope.as_bytes()[at..]].concat())
    });
    let loose = loose.into_iter().next().expect("one of three lengths");
    check_all(
        vec![
            ("truncated", good[..good.len() / 2].to_vec(), "shape"),
            ("empty", Vec::new(), "shape"),
            ("no text", vec![0xff; 40], "shape"),
            ("a blank more", [good.clone(), b" ".to_vec()].concat(), "shape"),
            ("truncated and signed", signed(content[..content.len() / 2].to_owned()), "shape"),
            ("extra member", sworn(&|content| content["note"] = json!("x")), "shape"),
            ("extra member of the evidence", sworn(&|content| content["evidence"]["note"] = json!("x")), "shape"),
            ("a member twice", signed(content.replacen("{\"format\":1,", "{\"format\":1,\"format\":1,", 1)), "shape"),
            ("a blank inside", signed(content.replacen("{\"format\":1,", "{\"format\": 1,", 1)), "shape"),
            ("no form", sworn(&|content| content["format"] = json!(true)), "shape"),
            ("texts out of order", sworn(&|content| content["evidence"]["texts"]["a.tq"] = json!("# 1\n")), "shape"),
            (
                "no document",
                sworn(&|content| both(content, |ruling| ruling["chain"][0]["document"] = json!(""))),
                "shape",
            ),
            ("another way to write the payload", loose, "shape"),
            ("a later form", sworn(&|content| content["format"] = json!(2)), "later"),
            ("no evidence", sworn(&|content| content["evidence"]["policies"] = json!([])), "policy"),
        ],
        &world,
    );
}

/// What those could do who publish, all together with a certifier: their own proof has to be one.
#[test]
fn the_proof_stands_in_its_order() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let second = rules("# 2\n");
    let newest = certified(&world.store, (&second, 4), &plot(), (&Who::Certifier.key(), TODAY)).expect("a certificate");
    let published = |edit: &dyn Fn(&mut Json, &mut Json)| {
        forged(&good, CERTIFIER, |content| {
            forged_place(&mut content["evidence"]["publication"], (PROPOSAL, PUBLISHERS), |place, said| {
                edit(place, said)
            });
            content["entry"] =
                payload(content["evidence"]["publication"].as_str().expect("a text").as_bytes())["number"].clone();
        })
    };
    let policy = |edit: &dyn Fn(&mut Json, &mut Json)| {
        forged(&good, CERTIFIER, |content| {
            forged_place(&mut content["evidence"]["policies"][1], (PROPOSAL, PUBLISHERS), |place, said| {
                edit(place, said)
            });
        })
    };
    let fresh = |edit: &dyn Fn(&mut Json)| {
        forged(&newest, CERTIFIER, |content| forged_fresh(&mut content["evidence"]["fresh"], &[Who::One], edit))
    };
    let purpose = forged(&good, CERTIFIER, |content| {
        forged_place(&mut content["evidence"]["publication"], (ENTRY, PUBLISHERS), |_, _| {});
    });
    let publication_as_policy = forged(&good, CERTIFIER, |content| {
        content["evidence"]["policies"][1] = content["evidence"]["publication"].clone();
    });
    let another = json!(Digest::of(b"another"));
    check_all(
        vec![
            ("signed for another purpose", purpose, "publication"),
            (
                "after another entry",
                published(&|place, said| {
                    (place["previous"], said["after"]) = (another.clone(), another.clone());
                }),
                "publication",
            ),
            ("before the policy", published(&|place, _| place["at"] = json!("2025-01-01T00:00:00Z")), "publication"),
            ("in the place of a policy", published(&|place, _| place["number"] = json!(3)), "publication"),
            ("a policy in the place of the first", policy(&|place, _| place["number"] = json!(1)), "policy"),
            (
                "a policy before the one before",
                policy(&|place, _| place["at"] = json!("2025-01-01T00:00:00Z")),
                "policy",
            ),
            (
                "a policy by which nobody could publish",
                policy(&|_, said| {
                    said["says"]["policy"]["signatures"] = json!(0);
                }),
                "policy",
            ),
            ("a publication as a policy", publication_as_policy, "policy"),
            ("a confirmation before the publication", fresh(&|said| said["number"] = json!(3)), "fresh"),
            ("an older confirmation", fresh(&|said| said["at"] = json!("2026-03-01T02:00:00Z")), "fresh"),
            ("a confirmation of another log", fresh(&|said| said["head"] = another.clone()), "fresh"),
            ("a confirmation of another store", fresh(&|said| said["root"] = another.clone()), "fresh"),
        ],
        &world,
    );
    assert_eq!(refused(&fresh(&|_| {}), &world.root.to_string()), None);
}

/// Offline a certifier is believed what no text shows; with the store at hand nobody is.
#[test]
fn with_the_store_a_lie_of_the_certifier_is_found() {
    let world = World::of("test");
    let good = world.certificate(&plot());
    let replayed = |bytes: &[u8]| world.store.replay(&check(bytes, world.root).expect("right offline"));
    let lie = |content: &mut Json| both(content, |ruling| ruling["decider"]["body"] = json!("quoc-hoi"));
    let lies = forged(&good, CERTIFIER, lie);
    assert_eq!(refused(&lies, &world.root.to_string()), None);
    let program = env!("CARGO_PKG_VERSION").to_owned();
    assert_eq!(replayed(&lies), Ok(Err(Flaw::Replay { program: program.clone() })));
    // Valid for longer than it is.
    let longer = forged(&good, CERTIFIER, |content| both(content, |ruling| ruling["valid"]["before"] = Json::Null));
    assert_eq!(replayed(&longer), Ok(Err(Flaw::Replay { program })));
    assert_eq!(replayed(&good), Ok(Ok(())));
    // The same publishers sign another log from the same root: each certificate is right by itself.
    let fork = fork(&world);
    let third = rules("# 3\n");
    let of_fork = certified(&fork, (&third, 5), &plot(), (&Who::Certifier.key(), TODAY)).expect("a certificate");
    assert_eq!(refused(&of_fork, &world.root.to_string()), None);
    assert_eq!(replayed(&of_fork), Ok(Err(Flaw::Store)));
}

/// A copy of a store, in which something else was published since.
fn fork(world: &World) -> Store {
    let copy = world.folder.path().join("copy");
    for folder in ["log", "files", "proposals"] {
        fs::create_dir_all(copy.join(folder)).expect("a folder");
        for entry in fs::read_dir(world.folder.path().join("store").join(folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            fs::copy(entry.path(), copy.join(folder).join(entry.file_name())).expect("copied");
        }
    }
    fs::copy(world.folder.path().join("store/fresh.json"), copy.join("fresh.json")).expect("copied");
    let mut fork = Store::open(Box::new(Folder::new(&copy)), None).expect("a store");
    let (second, third) = (rules("# 2\n"), rules("# 3\n"));
    let keys = [Who::One.key(), Who::Other.key()];
    let hand = Hand { by: "test", note: "fork", keys: &keys, at: moment("2026-03-03T01:00:00Z") };
    fork.publish(publication(&third, Some(&second)), &third.files, &hand).expect("published");
    fork
}
