//! Certificates of rulings: two verifiers that share nothing believe those that are right, and refuse every forged one for the
//! right reason. Forgers sign anew with whatever key they could have, so that each check is shown to be needed.

#[path = "certificate/forged.rs"]
mod forged;
#[path = "certificate/world.rs"]
mod world;

use std::fs;
use std::process::Command;

use thamquyen::digest::Digest;
use thamquyen::library::{self, Origin};
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::scenario::{Got, run};
use thamquyen::ruling::Outcome;
use thamquyen::store::certificate::Found;
use thamquyen::store::certificate::check::check;
use thamquyen::store::disk::Folder;
use thamquyen::store::fault::Fault;
use thamquyen::store::{Hand, Store};
use thamquyen::syntax::tree::Language;
use world::{
    THEN, TODAY, Who, World, answered, certified, here, moment, other_verifier, payload, plot, policy, publication,
    question,
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
