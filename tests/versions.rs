//! Versions as people and programs meet them: the commands that publish, approve, roll back and ask them, and the service
//! that answers by them.

#[path = "store/shelf.rs"]
mod shelf;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use thamquyen::server::{self, Settings, State, app};
use thamquyen::store::Store;
use thamquyen::store::disk::Folder;
use thamquyen::store::seen::Seen;
use tower::ServiceExt as _;

/// An office: rules, keys, a store, and what its machine has seen.
struct Office {
    home: TempDir,
    keys: Vec<String>,
}

impl Office {
    /// With so many publishers, of whom so many have to sign.
    fn new(publishers: usize, signatures: usize) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small"), &home.path().join("rules"));
        let mut office = Self { home, keys: Vec::new() };
        for index in 0..publishers {
            let file = format!("{index}.pem");
            let key = office.well(&["key", "new", &file]).trim().to_owned();
            office.keys.push(key);
        }
        let holders: Vec<String> =
            office.keys.iter().enumerate().map(|(index, key)| format!("P{index}={key}")).collect();
        let many = signatures.to_string();
        let mut arguments =
            vec!["store", "new", "--signatures", &many, "--offset", "+07:00", "--by", "A", "--note", "n"];
        holders.iter().for_each(|holder| arguments.extend(["--publisher", holder]));
        let files: Vec<String> = (0..signatures).map(|index| format!("{index}.pem")).collect();
        files.iter().for_each(|file| arguments.extend(["--key", file]));
        office.well(&arguments);
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_as("seen.json", arguments)
    }

    /// On a machine that has seen what this file says.
    fn run_as(&self, seen: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
        command.args(arguments).env("TQ_SEEN", self.path(seen)).env("LC_ALL", "C").current_dir(self.home.path());
        command.output().expect("tq runs")
    }

    /// What a command prints that must go well.
    fn well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What a command complains of, and its status.
    fn badly(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}: {}", text(&output.stdout));
        (output.status.code().unwrap_or(-1), text(&output.stderr))
    }

    fn publish(&self, keys: &[&str]) -> String {
        let mut arguments = vec!["publish", "--by", "An", "--note", "because"];
        keys.iter().for_each(|key| arguments.extend(["--key", key]));
        self.well(&arguments)
    }

    /// Changes the rules.
    fn edit(&self, from: &str, to: &str) {
        let file = self.path("rules/rules.tq");
        let old = fs::read_to_string(&file).expect("rules");
        assert!(old.contains(from), "{from}");
        fs::write(&file, old.replace(from, to)).expect("written");
    }

    fn store(&self) -> Store {
        Store::open(Box::new(Folder::new(&self.path("store"))), None).expect("a store that is right")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { fs::copy(&from, &to).map(|_| ()).expect("copied") }
    }
}

/// Organisations go from the province to the district.
const BEFORE: &str = "  giao-dat is decided by ubnd at tinh\n    when doi-tuong is to-chuc";
const AFTER: &str = "  giao-dat is decided by ubnd at huyen\n    when doi-tuong is to-chuc\n    before 2025-07-01\n  giao-dat is decided by ubnd at xa\n    when doi-tuong is to-chuc\n    from 2025-07-01";

const QUESTION: [&str; 8] = ["ask", "giao-dat", "--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc"];

fn asked<'a>(more: &[&'a str]) -> Vec<&'a str> {
    QUESTION.iter().chain(more).copied().collect()
}

#[test]
fn a_version_is_asked_by_its_number_its_hash_and_when_it_was_known() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    let first = office.store().log().latest().expect("a version").1.rules.to_string();
    office.edit(BEFORE, AFTER);
    let said = office.publish(&["0.pem"]);
    assert!(said.contains("another decides (moved): 2 regions in 1 tasks"), "{said}");
    assert!(office.well(&asked(&["--of", "2"])).contains("UBND of tỉnh Sơn Hà decides"));
    assert!(office.well(&asked(&["--of", &first[..8]])).contains("UBND of tỉnh Sơn Hà decides"));
    assert!(office.well(&asked(&["--of", "latest"])).contains("UBND of quận Nhất decides"));
    let (status, complaint) = office.badly(&asked(&["--as-known", "2001-01-01"]));
    assert!(status == 2 && complaint.contains("no version was published by 2001-01-01T16:59:59Z"), "{complaint}");
    assert!(office.well(&asked(&["--as-known", "2100-01-01"])).contains("UBND of quận Nhất decides"));
    let moment = office.store().log().entry(2).expect("an entry").at.to_string();
    // Both may have been published within one second.
    let known = office.store().known(&moment).expect("a version").0.version();
    let json: Value =
        serde_json::from_str(&office.well(&asked(&["--as-known", &moment, "--format", "json"]))).expect("JSON");
    assert_eq!(json["version"].as_str(), known.as_deref());
    let (status, complaint) = office.badly(&asked(&["--as-known", "soon"]));
    assert!(status == 2 && complaint.contains("`soon` is no moment"), "{complaint}");
    let (_, complaint) = office.badly(&asked(&["--of", "9"]));
    assert!(complaint.contains("there is no version `9`; see `tq versions`"), "{complaint}");
}

#[test]
fn signed_decisions_are_audited_by_what_was_known() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    let table = "number,date,signer_body,signer_unit,task,unit,doi-tuong\n1,2023-05-10,ubnd,1,giao-dat,101,to-chuc\n";
    fs::write(office.path("signed.csv"), table).expect("written");
    let verdict = |of: &str| {
        let output = office.run(&["audit", "signed.csv", "--of", of, "--format", "csv"]);
        text(&output.stdout)
    };
    let (old, new) = (verdict("2"), verdict("3"));
    assert!(old.contains("competent") && old != new, "{old}\n{new}");
}

#[test]
fn two_signatures_publish_and_one_waits() {
    let office = Office::new(3, 2);
    let said = office.publish(&["0.pem"]);
    assert!(said.contains("waiting: 1 of 2 signatures"), "{said}");
    let waiting = office.store().waiting().expect("proposals").0;
    let name = waiting[0].name.clone();
    let (_, complaint) = office.badly(&asked(&["--of", "latest"]));
    assert!(complaint.contains("no version was published yet"), "{complaint}");
    // The same key once more is no second signature.
    assert!(office.well(&["approve", &name, "--key", "0.pem"]).contains("waiting: 1 of 2"));
    assert!(office.well(&["approve", &name, "--key", "2.pem"]).contains("in the log: entry 2"));
    let json: Value = serde_json::from_str(&office.well(&["versions", "--format", "json"])).expect("JSON");
    assert_eq!(json["entries"][1]["signed_by"], json!(["P0", "P2"]));
    assert_eq!(json["waiting"], json!([]));
    let (_, complaint) = office.badly(&["approve", &name, "--key", "1.pem"]);
    assert!(complaint.contains("there is no proposal"), "{complaint}");
}

/// Who proposes may lie about what it changes; who signs finds out.
#[test]
fn a_proposal_is_examined_by_whoever_signs_it() {
    use thamquyen::store::{Hand, key::SecretKey};
    let office = Office::new(2, 2);
    let mut store = office.store();
    let library = thamquyen::library::load(&thamquyen::library::Origin::Folders(vec![office.path("rules")]));
    let candidate = thamquyen::store::candidate::examine(&library, None, &Default::default()).expect("sound rules");
    let lie = thamquyen::store::statement::Publication {
        regions: thamquyen::digest::Digest::of(b"nothing was checked"),
        ..candidate.publication
    };
    let key = SecretKey::from_pem(&fs::read_to_string(office.path("0.pem")).expect("a key")).expect("a key");
    let keys = [key];
    let hand = Hand { by: "A", note: "n", keys: &keys, at: server::now() };
    store.publish(lie, &library.files, &hand).expect("proposed");
    let name = store.waiting().expect("proposals").0[0].name.clone();
    let (status, complaint) = office.badly(&["approve", &name, "--key", "1.pem"]);
    assert!(status == 2 && complaint.contains("not what an examination finds"), "{complaint}");
    assert_eq!(office.store().log().entries().len(), 1);
}

#[test]
fn what_brings_a_new_grave_finding_is_published_only_with_a_reason() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    // Nobody decides for organisations any more.
    office.edit("    when doi-tuong is to-chuc\n", "    when doi-tuong is to-chuc\n    before 2020-01-01\n");
    let publish = ["publish", "--key", "0.pem", "--by", "An", "--note", "because"];
    let (status, complaint) = office.badly(&publish);
    assert!(
        status == 1 && complaint.contains("gap: giao-dat:") && complaint.contains("--write-baseline"),
        "{complaint}"
    );
    assert!(office.run(&["check", "--rules", "rules", "--write-baseline"]).status.success());
    let (_, complaint) = office.badly(&publish);
    assert!(complaint.contains("without a reason"), "{complaint}");
    let baseline = office.path("rules/baseline.json");
    let accepted = fs::read_to_string(&baseline).expect("a baseline");
    fs::write(&baseline, accepted.replace("\"why\": \"\"", "\"why\": \"the new law is being drafted\""))
        .expect("written");
    let said = office.publish(&["0.pem"]);
    assert!(said.contains("new finding, accepted: gap: the new law is being drafted"), "{said}");
    // It is no new one for the next version.
    office.edit("# A country", "# One country");
    office.publish(&["0.pem"]);
}

#[test]
fn errors_are_not_published_and_a_dry_run_is_none() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    office.edit(BEFORE, AFTER);
    let dry = office.well(&["publish", "--key", "0.pem", "--by", "An", "--note", "n", "--dry-run"]);
    assert!(dry.contains("moved") && dry.contains("not published"), "{dry}");
    assert_eq!(office.store().log().entries().len(), 2);
    office.edit("giao-dat is decided by ubnd at huyen", "giao-dat is decided by nobody at huyen");
    let (status, complaint) = office.badly(&["publish", "--key", "0.pem", "--by", "An", "--note", "n"]);
    assert!(status == 2 && complaint.contains("not published"), "{complaint}");
    assert_eq!(office.store().log().entries().len(), 2);
}

/// Another program may have published what this one would not: it is not served, neither from the start nor later.
#[tokio::test(flavor = "multi_thread")]
async fn errors_that_others_published_are_not_served() {
    use thamquyen::store::{Hand, key::SecretKey};
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    let settings = Settings { poll: Duration::from_millis(20), ..Settings::default() };
    let state = State::of_store(office.store(), settings).expect("published");
    let watching = tokio::spawn(server::watch_store(state.clone(), |_| Ok(())));
    let served = state.version();

    office.edit("giao-dat is decided by ubnd at huyen", "giao-dat is decided by nobody at huyen");
    let names = ["registers/successions.csv", "registers/units.csv", "rules.tq"];
    let texts = names.map(|name| (name, fs::read_to_string(office.path("rules").join(name)).expect("text")));
    let mut store = office.store();
    let (publication, files) = shelf::version(&store, &texts.each_ref().map(|(name, text)| (*name, text.as_str())));
    let keys = [SecretKey::from_pem(&fs::read_to_string(office.path("0.pem")).expect("a key")).expect("a key")];
    let hand = Hand { by: "A", note: "n", keys: &keys, at: server::now() };
    store.publish(publication, &files, &hand).expect("the store asks for signatures alone");

    until(&state, |ready| ready["rules"]["pending"]["errors"].as_array().is_some_and(|errors| !errors.is_empty()))
        .await;
    assert_eq!(get(&state, ADDRESS).await.1["version"], served.as_str());
    watching.abort();
    let (status, complaint) = office.badly(&["serve", "--store", "store", "--listen", "127.0.0.1:0"]);
    assert!(status == 2 && complaint.contains("the service does not start"), "{complaint}");
}

#[test]
fn a_rollback_is_a_publication_and_nothing_is_forgotten() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    let said = office.well(&["rollback", "2", "--key", "0.pem", "--by", "Bình", "--note", "a slip"]);
    assert!(said.contains("in the log: entry 4"), "{said}");
    assert!(office.well(&asked(&["--of", "latest"])).contains("UBND of tỉnh Sơn Hà decides"));
    assert!(office.well(&asked(&["--of", "3"])).contains("UBND of quận Nhất decides"));
    let json: Value = serde_json::from_str(&office.well(&["versions", "--format", "json"])).expect("JSON");
    assert_eq!(json["entries"][3]["proposal"]["says"]["publication"]["again"], 2);
    assert_eq!(json["entries"][3]["proposal"]["says"]["publication"]["changes"]["regions"]["moved"], 2);
    let (status, complaint) = office.badly(&["rollback", "2", "--key", "0.pem", "--by", "B", "--note", "n"]);
    assert!(status == 1 && complaint.contains("these rules are the newest version"), "{complaint}");
    office.well(&["verify", "3"]);
}

/// A machine that never saw the store asks whose it is; one that saw more of it takes no less.
#[test]
fn a_store_is_trusted_by_its_root_and_never_goes_back() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    let root = office.store().log().root().expect("a root").to_string();
    let stranger = office.run_as("other.json", &["versions"]);
    assert!(text(&stranger.stderr).contains(&format!("add `--root {root}`")), "{}", text(&stranger.stderr));
    let wrong = office.run_as("other.json", &["versions", "--root", &"0".repeat(64)]);
    assert!(text(&wrong.stderr).contains("this is another store"), "{}", text(&wrong.stderr));
    assert!(office.run_as("other.json", &["versions", "--root", &root]).status.success());
    assert!(office.run_as("other.json", &["versions"]).status.success());
    copy(&office.path("store"), &office.path("older"));
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    let (status, complaint) = office.badly(&["versions", "--store", "older", "--root", &root]);
    assert!(status == 2 && complaint.contains("set back: it has 2 entries, 3 were seen"), "{complaint}");
    fs::remove_dir_all(office.path("store")).expect("removed");
    fs::rename(office.path("older"), office.path("store")).expect("put in its place");
    let (status, complaint) = office.badly(&["versions"]);
    assert!(status == 2 && complaint.contains("set back: it has 2 entries, 3 were seen"), "{complaint}");
}

async fn send(state: &State, request: Request<Body>) -> (StatusCode, Value) {
    let response = app(state.clone()).oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn get(state: &State, path: &str) -> (StatusCode, Value) {
    send(state, Request::get(path).body(Body::empty()).expect("a request")).await
}

const ADDRESS: &str = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc&lang=en";

#[tokio::test]
async fn the_service_answers_by_the_version_that_is_asked() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    let state = State::of_store(office.store(), Settings::default()).expect("published");
    let (_, now) = get(&state, ADDRESS).await;
    let (_, old) = get(&state, &format!("{ADDRESS}&version=2")).await;
    assert_eq!(
        (&now["label"], &old["label"]),
        (&json!("UBND of quận Nhất decides"), &json!("UBND of tỉnh Sơn Hà decides"))
    );
    let (_, versions) = get(&state, "/v1/versions").await;
    assert_eq!(
        (&versions["versions"][0]["version"], &versions["versions"][1]["version"]),
        (&now["version"], &old["version"])
    );
    assert_eq!(versions["versions"][0]["changes"]["regions"], json!({ "moved": 2 }));
    for (old, new) in [("2", "latest"), ("2", "served"), ("known:2001-01-01", "served"), ("3", "2")] {
        let (status, diff) = get(&state, &format!("/v1/diff?old={old}&new={new}&lang=en")).await;
        if old.starts_with("known") {
            assert_eq!((status, &diff["member"]), (StatusCode::BAD_REQUEST, &json!("old")), "{diff}");
            continue;
        }
        assert_eq!((status, &diff["counts"]["moved"]), (StatusCode::OK, &json!(2)), "{old} {new}: {diff}");
        let newer_first = old == "3";
        assert_eq!(diff["old"] == now["version"], newer_first);
        assert_eq!(diff["new"] == now["version"], !newer_first);
    }
    let asked = |more: Value| {
        let mut body =
            json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } });
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        let request = Request::post("/v1/who-decides").header("content-type", "application/json");
        request.body(Body::from(body.to_string())).expect("a request")
    };
    // Twice each: what is kept of one version is not another's.
    for _ in 0..2 {
        let (_, body) = send(&state, asked(json!({ "version": "2" }))).await;
        assert_eq!(body["version"], old["version"]);
        let (_, body) = send(&state, asked(json!({}))).await;
        assert_eq!(body["version"], now["version"]);
        let (_, body) = send(&state, asked(json!({ "as_known": "2100-01-01" }))).await;
        assert_eq!(body["version"], now["version"]);
    }
    let (status, body) = send(&state, asked(json!({ "version": "2", "as_known": "2100-01-01" }))).await;
    assert_eq!((status, &body["member"]), (StatusCode::BAD_REQUEST, &json!("as_known")));
    for (dial, member) in [
        ("version=17", "version"),
        ("version=ab", "version"),
        ("as_known=2001-01-01", "as_known"),
        ("as_known=x", "as_known"),
    ] {
        let (status, body) = get(&state, &format!("{ADDRESS}&{dial}")).await;
        assert_eq!((status, &body["member"]), (StatusCode::BAD_REQUEST, &json!(member)), "{body}");
    }
    for path in ["/v1/tasks", "/v1/tasks/giao-dat", "/v1/tasks/giao-dat/table", "/v1/documents/1/2013/QH", "/v1/check"]
    {
        let (status, body) = get(&state, &format!("{path}?version=2")).await;
        assert_eq!((status, &body["version"]), (StatusCode::OK, &old["version"]), "{path}");
    }
    let line = json!({ "task": "giao-dat", "in": "101", "on": "2023-05-10", "facts": { "doi-tuong": "to-chuc" } });
    let batch = Request::post("/v1/who-decides/batch?version=2").header("content-type", "application/x-ndjson");
    let (_, body) = send(&state, batch.body(Body::from(format!("{line}\n"))).expect("a request")).await;
    assert_eq!(body["version"], old["version"]);
}

#[tokio::test]
async fn a_service_of_folders_keeps_no_versions() {
    let office = Office::new(1, 1);
    let library = thamquyen::library::load(&thamquyen::library::Origin::Folders(vec![office.path("rules")]));
    let state = State::new(library);
    let (status, body) = get(&state, &format!("{ADDRESS}&version=2")).await;
    assert_eq!(
        (status, &body["detail"]),
        (StatusCode::BAD_REQUEST, &json!("this service reads folders of rules, and keeps no versions"))
    );
    let (_, body) = get(&state, "/v1/versions").await;
    assert_eq!((&body["versions"], &body["root"]), (&json!([]), &Value::Null));
}

/// The service follows its store, and stays where it is when the store is set back or damaged.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_follows_its_store_and_never_goes_back() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    let settings = Settings { poll: Duration::from_millis(20), ..Settings::default() };
    let state = State::of_store(office.store(), settings).expect("published");
    let seen = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&seen);
    let remember = move |now: Seen| {
        *keep.lock().expect("no panic") = Some(now);
        Ok(())
    };
    let watching = tokio::spawn(server::watch_store(state.clone(), remember));
    copy(&office.path("store"), &office.path("older"));
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    let newest = office.store().log().latest().expect("a version").1.rules.short();
    until(&state, |ready| ready["version"] == newest.as_str()).await;
    // In one step: files that go one by one are a damaged store for a look in between.
    fs::rename(office.path("store"), office.path("gone")).expect("taken away");
    // Nobody is told to make another one, and nothing is wrong with the rules.
    until(&state, |ready| ready["store"]["unreadable"].to_string().contains("restore it from a backup")).await;
    assert!(get(&state, "/healthz/ready").await.1["rules"]["pending"].is_null());
    fs::rename(office.path("older"), office.path("store")).expect("put in its place");
    until(&state, |ready| ready["rules"]["pending"]["errors"][0]["code"] == "store").await;
    let (_, body) = get(&state, ADDRESS).await;
    assert_eq!(body["version"], newest.as_str());
    assert_eq!(seen.lock().expect("no panic").map(|seen| seen.number), Some(3));
    watching.abort();
}

async fn until(state: &State, is: impl Fn(&Value) -> bool) {
    for _ in 0..500 {
        let (_, ready) = get(state, "/healthz/ready?lang=en").await;
        if is(&ready) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{}", get(state, "/healthz/ready").await.1);
}

fn differences(output: &Output) -> (i32, Value) {
    (output.status.code().unwrap_or(-1), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

#[test]
fn versions_are_sides_of_a_diff() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    office.edit(AFTER, BEFORE);
    let moved = |old: &str, new: &str| {
        let (status, json) = differences(&office.run(&["diff", old, new, "--format", "json"]));
        (status, json["counts"]["moved"].as_u64())
    };
    assert_eq!(moved("version:2", "version:3"), (1, Some(2)));
    assert_eq!(moved("version:2", "rules"), (0, Some(0)));
    assert_eq!(moved("known:2100-01-01", "rules"), (1, Some(2)));
    let (status, complaint) = office.badly(&["diff", "version:7", "rules"]);
    assert!(status == 2 && complaint.contains("there is no version `7`"), "{complaint}");
}

/// What a service serves is compared as it is, and only if it is what the service says.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_service_is_a_side_of_a_diff() {
    let office = Office::new(1, 1);
    office.publish(&["0.pem"]);
    office.edit(BEFORE, AFTER);
    office.publish(&["0.pem"]);
    let state = State::of_store(office.store(), Settings::default()).expect("published");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(server::serve_until(listener, state, std::future::pending()));
    tokio::task::spawn_blocking(move || {
        let moved = |old: &str| differences(&office.run(&["diff", old, "rules", "--format", "json"]));
        assert_eq!(moved(&address).0, 0);
        let (status, json) = moved(&format!("{address}/?version=2"));
        assert_eq!((status, &json["counts"]["moved"]), (1, &json!(2)));
        let (status, complaint) = office.badly(&["diff", &format!("{address}?version=7"), "rules"]);
        assert!(status == 2 && complaint.contains("there is no version `7`"), "{complaint}");
        let (status, complaint) = office.badly(&["diff", "http://127.0.0.1:9", "rules"]);
        assert!(status == 2 && complaint.contains("cannot fetch the rules of `http://127.0.0.1:9`"), "{complaint}");
    })
    .await
    .expect("all is compared");
}

/// A service that says one thing and sends another is not believed.
#[tokio::test(flavor = "multi_thread")]
async fn rules_of_another_hash_are_not_compared() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let office = Office::new(1, 1);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut caller, _) = listener.accept().await.expect("a caller");
        let _ = caller.read(&mut [0; 4096]).await;
        let body = json!({ "rules": "0".repeat(64), "files": [{ "path": "a.tq", "text": "# nothing" }] }).to_string();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        caller.write_all((head + &body).as_bytes()).await.expect("sent");
    });
    tokio::task::spawn_blocking(move || {
        let (status, complaint) = office.badly(&["diff", &address, "rules"]);
        assert!(status == 2 && complaint.contains("are not those of the hash that it names"), "{complaint}");
    })
    .await
    .expect("refused");
}
