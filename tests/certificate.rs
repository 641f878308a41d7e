//! Certificates of rulings: two verifiers that share nothing believe those that are right, and refuse every forged one for the
//! right reason. Forgers sign anew with whatever key they could have, so that each check is shown to be needed.

#[path = "certificate/world.rs"]
mod world;

use std::fs;
use std::process::Command;

use serde_json::{Value as Json, json};
use thamquyen::digest::Digest;
use thamquyen::library::{self, Origin};
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::scenario::{Got, run};
use thamquyen::ruling::Outcome;
use thamquyen::store::certificate::check::check;
use thamquyen::store::certificate::flaw::Flaw;
use thamquyen::store::certificate::{Found, RULING};
use thamquyen::store::disk::Folder;
use thamquyen::store::fault::Fault;
use thamquyen::store::statement::{ENTRY, FRESHNESS, PROPOSAL};
use thamquyen::store::{Hand, Store};
use thamquyen::syntax::tree::Language;
use world::{
    THEN, TODAY, Who, World, answered, certified, here, moment, other_verifier, payload, plot, policy, publication,
    question, rules, sealed,
};

/// Both verifiers' word: `None` where they believe it, else the code of the reason, which is the same.
fn refused(certificate: &[u8], root: &str) -> Option<&'static str> {
    let checked = check(certificate, root.parse().expect("a root"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), certificate).expect("written");
    for (lang, language) in [("vi", Language::Vietnamese), ("en", Language::English)] {
        let (status, out, err) = other_verifier(file.path(), root, lang);
        match &checked {
            Ok(checked) => {
                let lines = checked.lines(language).join("\n") + "\n";
                assert_eq!((status, out.as_str(), err.as_str()), (0, lines.as_str(), ""));
            }
            Err(flaw) => {
                assert_eq!((status, out.as_str()), (1, ""), "{flaw}");
                assert!(err.starts_with(&format!("bị từ chối ({}): ", flaw.code())), "{flaw} ≠ {err}");
                // One language is enough to learn the reason.
                break;
            }
        }
    }
    checked.err().map(|flaw| flaw.code())
}

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

#[test]
fn rulings_of_every_kind_are_certified() {
    let world = World::of("test");
    let area = |area| question("bieu-dien", "101", "2023-05-10", &[("dien-tich", area)]);
    let cases = [
        (plot(), Outcome::Decided, 2, "UBND phường An Bình có thẩm quyền quyết định"),
        (area("0.25"), Outcome::Decided, 1, "UBND phường An Bình có thẩm quyền quyết định"),
        (area("1234.567"), Outcome::Gap, 0, "Bỏ trống"),
        (question("giao-dat", "11", "2023-05-10", &[]), Outcome::Undetermined, 0, "Chưa xác định"),
    ];
    for (asked, outcome, links, label) in cases {
        let answer = answered(&world.first, &asked);
        assert_eq!((answer.outcome, answer.grounds.len() >= links), (outcome, true), "{asked:?}");
        let certificate = world.certificate(&asked);
        assert_eq!(refused(&certificate, &world.root.to_string()), None);
        let checked = check(&certificate, world.root).expect("right");
        assert!(checked.lines(Language::Vietnamese)[0].contains(label), "{:?}", checked.lines(Language::Vietnamese));
        assert_eq!(checked.by, ["Trung tâm Hành chính công"]);
        assert_eq!(world.store.replay(&checked), Ok(Ok(())), "{asked:?}");
        assert_eq!(certificate, world.certificate(&asked), "same input, same bytes");
    }
    assert_eq!(refused(&world.old, &world.root.to_string()), None, "it was made while that was allowed");
}

#[test]
fn every_link_of_a_chain_is_quoted_as_it_stands() {
    let world = World::of("test");
    let certificate = payload(&world.certificate(&plot()));
    let chain = certificate["rulings"]["en"]["chain"].as_array().expect("a chain").clone();
    let quotes: Vec<&str> = chain.iter().filter_map(|link| link["quote"].as_str()).collect();
    assert_eq!(quotes.len(), chain.len());
    assert!(quotes.contains(&"Ủy quyền cho UBND phường quyết định giao đất\nđối với cá nhân"), "{quotes:?}");
    assert_eq!(certificate["evidence"]["texts"].as_object().expect("texts").len(), 2);
}

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

#[test]
fn the_store_certifies_for_nobody_else_and_not_blindly() {
    let world = World::of("test");
    let certify = |entry, who: Who, at| certified(&world.store, (&world.first, entry), &plot(), (&who.key(), at)).err();
    for who in [Who::Former, Who::One, Who::Stranger] {
        assert_eq!(certify(2, who, TODAY), Some(Fault::MayNot { key: who.key().public().id() }));
    }
    // Nobody confirmed the policy so late, or so early; and entry 4 published other rules, entry 3 none.
    assert!(matches!(certify(2, Who::Certifier, "2026-05-10T02:03:04Z"), Some(Fault::Stale { .. })));
    assert!(matches!(certify(2, Who::Certifier, "2026-02-10T02:03:04Z"), Some(Fault::Clock { .. })));
    for entry in [3, 4, 99] {
        assert_eq!(certify(entry, Who::Certifier, TODAY), Some(Fault::NoVersion(world.first.version.clone())));
    }
}

/// The first scenario of every task of the real rules: its certificate is right by both verifiers, and is found again.
#[test]
fn rulings_of_the_real_rules_are_certified() {
    let folder = tempfile::tempdir().expect("a folder");
    let library = library::load(&Origin::Folders(vec![here("rules")]));
    let keys = [Who::One.key(), Who::Other.key()];
    let hand = Hand { by: "test", note: "test", keys: &keys, at: moment(THEN) };
    let certifiers = policy(Who::Certifier.holder("Trung tâm Hành chính công"));
    let disk = || Box::new(Folder::new(&folder.path().join("store")));
    let (mut store, _) = Store::create(disk(), certifiers, &hand).expect("a store");
    store.publish(publication(&library, None), &library.files, &hand).expect("published");
    let root = store.log().root().expect("a root");
    let (mut asked, mut links, mut checked_by_both) = (Vec::new(), 0, 0);
    for scenario in &library.rulebook.scenarios {
        let Got::Answer(answer) = run(library.law(), scenario).got else { continue };
        if asked.contains(&answer.question.task) {
            continue;
        }
        asked.push(answer.question.task);
        let answer = ask(library.law(), &answer.question, Depth::Record).expect("an answer");
        let found = Found { entry: 2, library: &library, answer: &answer };
        let certificate = store.certify(&found, &Who::Certifier.key(), moment(THEN)).expect("a certificate");
        check(&certificate, root).unwrap_or_else(|flaw| panic!("{}: {flaw}", scenario.title));
        links += answer.grounds.len();
        // Python is asked of a fifth: it takes a moment to start.
        if asked.len() % 5 == 1 {
            assert_eq!(refused(&certificate, &root.to_string()), None, "{}", scenario.title);
            checked_by_both += 1;
        }
        if asked.len() == 1 {
            assert_eq!(store.replay(&check(&certificate, root).expect("right")), Ok(Ok(())), "{}", scenario.title);
        }
    }
    assert!(asked.len() > 90 && links > 150 && checked_by_both > 15, "{} {links} {checked_by_both}", asked.len());
}

/// The certificate of the guides, made once and kept: what was certified stays right whatever the program becomes.
#[test]
fn the_sample_of_the_guides_stays_right() {
    let sample = here("tests/certificate/sample/certificate.json");
    if std::env::var_os("UPDATE_SAMPLE").is_some() {
        fs::create_dir_all(sample.parent().expect("a folder")).expect("a folder");
        fs::write(&sample, World::of("Sở Tư pháp").certificate(&plot())).expect("written");
    }
    let bytes = fs::read(sample).expect("the sample");
    let root = payload(&bytes)["root"].as_str().expect("a root").to_owned();
    assert_eq!(refused(&bytes, &root), None);
    for page in ["docs/certificates.md", "docs/chung-nhan.md"] {
        assert!(fs::read_to_string(here(page)).expect("a page").contains(&format!("--root {root} ")), "{page}");
    }
}

/// Runs `tq` in a folder, with English as the locale's language; gives status, standard output and standard error.
fn tq(folder: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .env_remove("TQ_STORE")
        .env("LC_ALL", "C")
        .env("TQ_SEEN", folder.join("seen.json"))
        .output()
        .expect("tq runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn the_program_certifies_and_checks() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |line: &[&str]| tq(folder.path(), line);
    let key = |name: &str| run(&["key", "new", name]).1.trim().to_owned();
    let (publisher, certifier) = (format!("A={}", key("a.pem")), format!("B={}", key("b.pem")));
    let made = run(&[
        "store",
        "new",
        "--publisher",
        &publisher,
        "--certifier",
        &certifier,
        "--offset",
        "+07:00",
        "--key",
        "a.pem",
        "--by",
        "A",
        "--note",
        "new",
    ]);
    let root = made.1.rsplit(' ').next().expect("a root").trim().to_owned();
    let small = here("tests/small");
    let small = small.to_str().expect("UTF-8");
    let published = run(&["publish", "--rules", small, "--key", "a.pem", "--by", "A", "--note", "first"]);
    assert_eq!((published.0, published.2.as_str()), (0, ""), "{}", published.1);
    let ask = ["certify", "giao-dat", "--in", "An Bình", "--on", "10/05/2023", "--fact", "doi-tuong=ca-nhan"];
    let certify = |more: &[&str]| run(&[&ask[..], &["--fact", "dien-tich=0,1 ha"], more].concat());
    let done = certify(&["--key", "b.pem", "--output", "c.json"]);
    assert_eq!((done.0, done.2.as_str()), (0, ""));
    assert!(done.1.starts_with("UBND of quận Nhất decides\n  Land allocation, "), "{}", done.1);
    assert!(done.1.contains(", entry 2: c.json\n"), "{}", done.1);
    // What is there is not lost; who may not certify does not; what cannot be asked is not certified.
    let again = certify(&["--key", "b.pem", "--output", "c.json"]);
    assert_eq!(again.0, 2);
    let by_publisher = certify(&["--key", "a.pem", "--output", "d.json"]);
    assert_eq!(
        (by_publisher.0, by_publisher.2.contains("may not do this by the policy")),
        (2, true),
        "{}",
        by_publisher.2
    );
    let wrong =
        run(&["certify", "giao-dat", "--in", "An Bin", "--on", "2023-05-10", "--key", "b.pem", "--output", "d.json"]);
    assert_eq!((wrong.0, wrong.2.contains("`An Bin`")), (2, true), "{}", wrong.2);
    let early = certify(&["--key", "b.pem", "--output", "d.json", "--as-known", "2020-01-01"]);
    assert_eq!((early.0, early.2.contains("no version was published by")), (2, true), "{}", early.2);
    assert!(!folder.path().join("d.json").exists());
    let (status, lines, _) = run(&["certify", "--check", "c.json"]);
    assert!(status == 0 && lines.ends_with("asked again by the published rules: the same to the letter\n"), "{lines}");
    let offline = run(&["certify", "--check", "c.json", "--root", &root]);
    assert_eq!(lines.strip_prefix(&offline.1), Some("  asked again by the published rules: the same to the letter\n"));
    let other = other_verifier(&folder.path().join("c.json"), &root, "en");
    assert_eq!((other.0, other.1.as_str()), (0, offline.1.as_str()), "{}", other.2);
    let unlike = run(&["certify", "--check", "c.json", "--root", &Digest::of(b"another").to_string()]);
    assert_eq!((unlike.0, unlike.2.starts_with("refused (root): ")), (1, true), "{}", unlike.2);
    let missing = run(&["certify", "--check", "none.json", "--root", &root]);
    assert_eq!((missing.0, missing.2.contains("`none.json`")), (2, true), "{}", missing.2);
    assert_eq!(run(&["certify", "--check", "c.json", "--root", "abc"]).0, 2);
    assert_eq!(run(&["certify", "--check", "c.json", "--key", "b.pem"]).0, 2);
    assert_eq!(run(&["certify", "giao-dat"]).0, 2);
}
