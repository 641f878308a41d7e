//! Publishing over HTTP: what is proposed, approved, refused, repeated and taken back; what outlasts a hang-up and a restart.

#[path = "desk/office.rs"]
pub mod office;
#[path = "publishing/several.rs"]
mod several;

use std::fs;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use office::{Answered, Kind, Office, ask, on_both, restrict, secret, small};
use serde_json::{Value, json};
use thamquyen::server::{Settings, State, app};
use thamquyen::store::statement::Says;
use tower::ServiceExt as _;

/// Organisations go from the province to the district.
const BEFORE: &str = "  giao-dat is decided by ubnd at tinh\n    when doi-tuong is to-chuc";
const AFTER: &str = "  giao-dat is decided by ubnd at huyen\n    when doi-tuong is to-chuc\n    before 2025-07-01\n  giao-dat is decided by ubnd at xa\n    when doi-tuong is to-chuc\n    from 2025-07-01";
const QUESTION: &str = "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc&lang=en";

/// A service that publishes.
struct Desk {
    office: Arc<Office>,
    state: State,
}

fn text(office: &Office, publishing: &str) -> String {
    format!("[access]\nreading = \"open\"\n{}[publishing]\nkey = \"service.pem\"\n{publishing}", office.keys())
}

impl Desk {
    /// With so many signatures, and what a configuration says of approvals.
    fn new(kind: Kind, signatures: usize, publishing: &str) -> Self {
        let office = Arc::new(Office::with(kind));
        let store = office.store(signatures);
        let settings = office.settings(&text(&office, publishing)).expect("a configuration");
        let state = State::of_store(store, settings).expect("published");
        Self { office, state }
    }

    /// The same service, started anew.
    fn restarted(self, publishing: &str) -> Self {
        self.another(publishing)
    }

    /// Another service of the same store.
    fn another(&self, publishing: &str) -> Self {
        let settings = self.office.settings(&text(&self.office, publishing)).expect("a configuration");
        let state = State::of_store(self.office.opened(), settings).expect("published");
        Self { office: Arc::clone(&self.office), state }
    }

    fn active(&self) -> String {
        format!("\"{}\"", self.state.version())
    }

    async fn as_one(&self, name: &str, way: (&str, &str), more: &[(&str, &str)], body: &Value) -> Answered {
        let key = format!("Bearer {}", self.office.key(name));
        let mut headers = vec![("authorization", key.as_str()), ("accept-language", "en")];
        headers.extend(more);
        let text = if body.is_null() { String::new() } else { body.to_string() };
        if !body.is_null() {
            headers.push(("content-type", "application/json"));
        }
        ask(&self.state, way, &headers, &text).await
    }

    /// Somebody proposes, under a key.
    async fn propose(&self, name: &str, key: &str, body: &Value) -> Answered {
        let active = self.active();
        self.as_one(name, ("POST", "/v1/proposals"), &[("if-match", &active), ("idempotency-key", key)], body).await
    }

    async fn approve(&self, name: &str, proposal: &str) -> Answered {
        self.as_one(name, ("POST", &format!("/v1/proposals/{proposal}/approval")), &[], &Value::Null).await
    }

    async fn waiting(&self) -> Vec<Value> {
        let answer = self.as_one("Bình", ("GET", "/v1/proposals"), &[], &Value::Null).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        answer.body["proposals"].as_array().expect("a list").clone()
    }

    async fn decides(&self) -> String {
        ask(&self.state, ("GET", QUESTION), &[], "").await.body["label"].as_str().expect("a label").to_owned()
    }

    fn entries(&self) -> usize {
        self.office.opened().log().entries().len()
    }
}

const OLD: &str = "UBND of tỉnh Sơn Hà decides";
const NEW: &str = "UBND of quận Nhất decides";

fn rules() -> String {
    let library = small();
    let file = library.files.iter().find(|file| file.path == "rules.tq").expect("the rules");
    String::from_utf8(file.bytes.clone()).expect("text")
}

/// The rules with one thing replaced.
fn edit(from: &str, to: &str) -> Value {
    assert!(rules().contains(from), "{from}");
    json!({ "changes": [{ "path": "rules.tq", "text": rules().replace(from, to) }], "note": "a new decree" })
}

async fn what_one_proposes_another_publishes(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let proposed = desk.propose("An", "k1", &edit(BEFORE, AFTER)).await;
    assert_eq!(proposed.status.as_u16(), 201, "{}", proposed.body);
    let body = &proposed.body;
    let name = body["name"].as_str().expect("a name").to_owned();
    assert_eq!(proposed.header("location"), format!("/v1/proposals/{name}"));
    assert_eq!(
        (&body["state"], &body["by"], &body["entry"]),
        (&json!("waiting-for-approval"), &json!("An"), &json!(null))
    );
    assert_eq!(body["changes"]["regions"], json!({ "moved": 2 }));
    assert_eq!(
        body["tasks"],
        json!([{ "task": "giao-dat", "vietnamese": "Giao đất", "english": "Land allocation", "classes": { "moved": 2 } }])
    );
    // Nothing is published, signed for publication, or served.
    assert_eq!((desk.entries(), desk.decides().await.as_str()), (2, OLD));
    assert_eq!(desk.office.opened().waiting().expect("proposals").0.len(), 0);
    let seen = desk.as_one("Bình", ("GET", &format!("/v1/proposals/{name}")), &[], &Value::Null).await;
    assert_eq!(seen.body, *body);
    assert_eq!(desk.waiting().await.len(), 1);
    let own = desk.approve("An", &name).await;
    assert_eq!((own.status.as_u16(), desk.entries()), (403, 2), "an author has no such role");
    let approved = desk.approve("Bình", &name).await;
    assert_eq!((approved.status.as_u16(), &approved.body["state"]), (200, &json!("published")), "{}", approved.body);
    // The new version is served before the answer is there.
    assert_eq!((desk.entries(), desk.decides().await.as_str()), (3, NEW));
    let versions = ask(&desk.state, ("GET", "/v1/versions"), &[], "").await;
    let first = &versions.body["versions"][0];
    assert_eq!(
        (&first["by"], &first["approved_by"], &first["note"]),
        (&json!("An"), &json!("Bình"), &json!("a new decree"))
    );
    assert_eq!((&first["signed_by"], &first["version"]), (&json!(["the service"]), &approved.body["version"]));
    // It is kept where nobody can change it: in what was signed.
    let store = desk.office.opened();
    let request = store.log().entry(3).and_then(|kept| kept.proposal.request.clone()).expect("a request");
    assert_eq!((request.draft.as_str(), request.approved_by.as_deref()), (name.as_str(), Some("Bình")));
    assert!(desk.waiting().await.is_empty());
    let later = desk.as_one("An", ("GET", &format!("/v1/proposals/{name}")), &[], &Value::Null).await;
    assert_eq!((&later.body["state"], &later.body["entry"]), (&json!("published"), &json!(3)));
}

/// Who may do both does not do both with one proposal, and approving twice is approving once.
async fn nobody_approves_their_own_and_an_approval_is_repeated_harmlessly(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let name = |answer: &Answered| answer.body["name"].as_str().expect("a name").to_owned();
    let own = name(&desk.propose("Cả", "k1", &edit(BEFORE, AFTER)).await);
    let refused = desk.approve("Cả", &own).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (403, &json!("own-proposal")));
    // Nor with another key of theirs, while they change over.
    let (.., newer) = desk.office.known.last().expect("somebody");
    assert_ne!(newer, desk.office.key("Cả"));
    let way = ("POST", &*format!("/v1/proposals/{own}/approval"));
    let refused = ask(&desk.state, way, &[("authorization", &format!("Bearer {newer}"))], "").await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (403, &json!("own-proposal")));
    let approved = desk.approve("Bình", &own).await;
    let again = desk.approve("Bình", &own).await;
    assert_eq!((approved.status.as_u16(), again.status.as_u16(), desk.entries()), (200, 200, 3));
    assert_eq!(approved.body["entry"], again.body["entry"]);
    let other = desk.approve("Cả", &own).await;
    assert_eq!((other.status.as_u16(), &other.body["code"]), (409, &json!("not-waiting")));
    assert_eq!(desk.approve("Bình", "0000000000000000").await.status.as_u16(), 404);
    let theirs = name(&desk.propose("An", "k2", &edit("# A country", "# One country")).await);
    assert_eq!(desk.approve("Cả", &theirs).await.status.as_u16(), 200, "the control: of somebody else's it is done");
}

async fn the_version_that_it_follows_must_be_said_and_be_the_active_one(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let body = edit(BEFORE, AFTER);
    let way = ("POST", "/v1/proposals");
    let key = ("idempotency-key", "k");
    let ask = async |headers: &[(&str, &str)]| {
        let answer = desk.as_one("An", way, headers, &body).await;
        (answer.status.as_u16(), answer.body["member"].clone())
    };
    let active = desk.active();
    assert_eq!(ask(&[key]).await, (428, json!("if-match")));
    assert_eq!(ask(&[key, ("if-match", "\"0123456789abcdef\"")]).await, (412, json!("if-match")));
    for wrong in ["*", "0123456789abcdef", "\"short\"", "\"0123456789abcdef\", \"0123456789abcdef\""] {
        assert_eq!(ask(&[key, ("if-match", wrong)]).await, (400, json!("if-match")), "{wrong}");
    }
    assert_eq!(ask(&[("if-match", &active)]).await, (400, json!("idempotency-key")));
    assert_eq!(ask(&[("if-match", &active), ("idempotency-key", "a b")]).await, (400, json!("idempotency-key")));
    assert_eq!(ask(&[key, ("if-match", &active)]).await.0, 201, "the control");
    // What waits is void once something else is published.
    let first = desk.waiting().await[0]["name"].as_str().expect("a name").to_owned();
    let second = desk.propose("Dung", "k2", &edit("# A country", "# One country")).await;
    let second = second.body["name"].as_str().expect("a name");
    assert_eq!(desk.approve("Bình", second).await.status.as_u16(), 200);
    assert_eq!(desk.approve("Bình", &first).await.status.as_u16(), 404);
    assert_eq!((ask(&[("idempotency-key", "k3"), ("if-match", &active)]).await.0, desk.entries()), (412, 3));
    assert!(desk.waiting().await.is_empty());
}

async fn a_repeat_is_done_once_also_after_a_restart(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let (body, other) = (edit(BEFORE, AFTER), edit("# A country", "# One country"));
    let active = desk.active();
    let first = desk.propose("An", "key", &body).await;
    let again = desk.propose("An", "key", &body).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    let reused = desk.propose("An", "key", &other).await;
    assert_eq!((reused.status.as_u16(), &reused.body["code"]), (422, &json!("key-reused")));
    let theirs = desk.propose("Dung", "key", &other).await;
    assert_eq!(theirs.status.as_u16(), 201, "keys are each caller's own");
    let desk = desk.restarted("");
    assert_eq!(desk.propose("An", "key", &body).await.body, first.body);
    assert_eq!(desk.waiting().await.len(), 2);
    let name = first.body["name"].as_str().expect("a name");
    assert_eq!(desk.approve("Bình", name).await.status.as_u16(), 200);
    // What it followed is not active any more, and still it is the same request: the log answers.
    let desk = desk.restarted("");
    let headers = [("if-match", active.as_str()), ("idempotency-key", "key")];
    let late = desk.as_one("An", ("POST", "/v1/proposals"), &headers, &body).await;
    assert_eq!(
        (late.status.as_u16(), &late.body["state"], &late.body["name"]),
        (201, &json!("published"), &json!(name))
    );
    let late = desk.as_one("An", ("POST", "/v1/proposals"), &headers, &other).await;
    assert_eq!((late.status.as_u16(), &late.body["code"]), (422, &json!("key-reused")));
    assert_eq!(desk.entries(), 3);
    // The control: under another key it is another request, which comes too late.
    let headers = [("if-match", active.as_str()), ("idempotency-key", "other")];
    assert_eq!(desk.as_one("An", ("POST", "/v1/proposals"), &headers, &body).await.status.as_u16(), 412);
}

/// The same request twice at the same time: one is done, the other is told to wait or finds it done.
async fn a_repeat_in_flight_is_done_once(kind: Kind) {
    let desk = Arc::new(Desk::new(kind, 1, "approvals = 0\n"));
    let (body, active) = (edit(BEFORE, AFTER), desk.active());
    let one = || {
        let (desk, body, active) = (Arc::clone(&desk), body.clone(), active.clone());
        tokio::spawn(async move {
            let headers = [("if-match", active.as_str()), ("idempotency-key", "key")];
            desk.as_one("An", ("POST", "/v1/proposals"), &headers, &body).await
        })
    };
    let all: Vec<_> = (0..6).map(|_| one()).collect();
    let mut statuses = Vec::new();
    for task in all {
        let answer = task.await.expect("no panic");
        let status = answer.status.as_u16();
        assert!(status == 201 || status == 409 && answer.body["code"] == "in-flight", "{}", answer.body);
        statuses.push(status);
    }
    assert!(statuses.contains(&201), "{statuses:?}");
    assert_eq!((desk.entries(), one().await.expect("no panic").status.as_u16()), (3, 201));
}

/// Who hangs up leaves nothing half done.
async fn who_hangs_up_changes_nothing(kind: Kind) {
    let desk = Desk::new(kind, 1, "approvals = 0\n");
    let (body, active) = (edit(BEFORE, AFTER), desk.active());
    let request = Request::post("/v1/proposals")
        .header("authorization", format!("Bearer {}", desk.office.key("An")))
        .header("content-type", "application/json")
        .header("if-match", &active)
        .header("idempotency-key", "key")
        .body(Body::from(body.to_string()))
        .expect("a request");
    let mut asked = Box::pin(app(desk.state.clone()).oneshot(request));
    // Until it is under way, and then nobody waits any more.
    for _ in 0..3 {
        let polled = std::future::poll_fn(|context| std::task::Poll::Ready(asked.as_mut().poll(context))).await;
        assert!(polled.is_pending(), "the examination takes longer");
    }
    drop(asked);
    for _ in 0..1000 {
        if desk.state.version() != active.trim_matches('"') {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!((desk.entries(), desk.decides().await.as_str()), (3, NEW));
    let headers = [("if-match", active.as_str()), ("idempotency-key", "key")];
    let again = desk.as_one("An", ("POST", "/v1/proposals"), &headers, &body).await;
    assert_eq!((again.status.as_u16(), &again.body["entry"], desk.entries()), (201, &json!(3), 3));
}

async fn what_is_wrong_is_refused_with_findings_in_both_languages(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let refused = async |body: &Value| {
        let answer = desk.propose("An", "key", body).await;
        (answer.status.as_u16(), answer.body)
    };
    let (status, body) = refused(&edit("is decided by ubnd at tinh", "is decided by nobody at tinh")).await;
    assert_eq!((status, &body["code"]), (422, &json!("errors")));
    let finding = &body["findings"][0];
    assert_eq!((&finding["path"], &finding["code"]), (&json!("rules.tq"), &json!("unknown-name")), "{body}");
    assert!(finding["line"].as_u64().is_some_and(|line| line > 30));
    assert!(finding["english"] != finding["vietnamese"]);
    let gap = edit("    when doi-tuong is to-chuc\n", "    when doi-tuong is to-chuc\n    before 2020-01-01\n");
    let (status, body) = refused(&gap).await;
    assert_eq!(
        (status, &body["code"], &body["findings"][0]["code"]),
        (422, &json!("findings"), &json!("gap")),
        "{body}"
    );
    let fingerprint = body["findings"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
    let mut reasoned = gap.clone();
    reasoned["accepted"] = json!([{ "fingerprint": fingerprint, "why": " " }]);
    assert_eq!(refused(&reasoned).await.0, 422, "an empty reason is none");
    reasoned["accepted"] = json!([{ "fingerprint": fingerprint, "why": "the new law is being drafted" }]);
    let (status, body) = refused(&reasoned).await;
    assert_eq!((status, &body["accepted"][0]["why"]), (201, &json!("the new law is being drafted")), "{body}");
    let name = body["name"].as_str().expect("a name");
    assert_eq!(desk.approve("Bình", name).await.status.as_u16(), 200);
    let (_, body) = refused(&json!({ "changes": [], "note": "n" })).await;
    assert_eq!(body["code"], "key-reused");
}

async fn bodies_are_read_strictly(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let text = rules();
    for (body, status, about) in [
        (json!({ "note": "n" }), 422, "say one of the two"),
        (json!({ "files": [], "changes": [], "note": "n" }), 422, "say one of the two"),
        (json!({ "changes": [], "note": " " }), 422, "`note` has to say why"),
        (json!({ "changes": [] }), 422, "note"),
        (json!({ "changes": [], "note": "n", "force": true }), 422, "force"),
        (json!({ "changes": [{ "path": "a.tq" }], "note": "n" }), 422, "a change says"),
        (json!({ "changes": [{ "path": "a.tq", "text": "", "delete": true }], "note": "n" }), 422, "a change says"),
        (json!({ "changes": [{ "path": "a.tq", "delete": true }], "note": "n" }), 422, "no `a.tq` to delete"),
        (json!({ "changes": [{ "path": "baseline.json", "text": "{}" }], "note": "n" }), 422, "no part of the rules"),
        (
            json!({ "changes": [{ "path": "a", "text": "" }, { "path": "a", "text": "" }], "note": "n" }),
            422,
            "given twice",
        ),
        (
            json!({ "changes": [{ "path": "read.me", "text": "x" }, { "path": "a.tq", "text": "# x" }], "note": "n" }),
            422,
            "no file of rules",
        ),
        (
            json!({ "changes": [{ "path": "../a.tq", "text": "# x" }], "note": "n" }),
            422,
            "lists paths of files that are not allowed",
        ),
        (json!({ "changes": [], "note": "n" }), 422, "these rules are the newest version"),
        (json!({ "files": [{ "path": "rules.tq", "text": text }], "note": "n" }), 422, "the rules hold errors"),
        (
            json!({ "changes": [], "note": "n", "accepted": [{ "fingerprint": "a", "why": "b" }, { "fingerprint": "a", "why": "c" }] }),
            422,
            "named twice",
        ),
    ] {
        let answer = desk.propose("An", "key", &body).await;
        let detail = answer.body["detail"].as_str().unwrap_or("");
        assert!(
            answer.status.as_u16() == status && detail.contains(about),
            "{body}: {} {}",
            answer.status,
            answer.body
        );
    }
    let active = desk.active();
    let headers = [("if-match", active.as_str()), ("idempotency-key", "k")];
    let key = format!("Bearer {}", desk.office.key("An"));
    for (kind, body, status) in [
        ("application/json", "{", 400),
        ("text/plain", "{}", 415),
        ("application/json", "{\"note\":\"a\",\"note\":\"b\",\"changes\":[]}", 422),
    ] {
        let mut all = headers.to_vec();
        all.extend([("authorization", key.as_str()), ("content-type", kind)]);
        assert_eq!(ask(&desk.state, ("POST", "/v1/proposals"), &all, body).await.status.as_u16(), status, "{body}");
    }
    let long = format!("{{\"note\":\"{}\"}}", "x".repeat(17 << 20));
    let mut all = headers.to_vec();
    all.extend([("authorization", key.as_str()), ("content-type", "application/json")]);
    assert_eq!(ask(&desk.state, ("POST", "/v1/proposals"), &all, &long).await.status.as_u16(), 413);
    assert_eq!((desk.entries(), desk.waiting().await.len()), (2, 0));
}

async fn a_whole_tree_is_taken_and_a_dry_run_leaves_nothing(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let library = small();
    let text = |path: &str, bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        json!({ "path": path, "text": text.replace(BEFORE, AFTER) })
    };
    let files: Vec<Value> = library.files.iter().map(|file| text(&file.path, &file.bytes)).collect();
    let mut body = json!({ "files": files, "note": "all of it", "dry_run": true });
    let dry = desk.propose("An", "key", &body).await;
    assert_eq!((dry.status.as_u16(), &dry.body["state"], &dry.body["name"]), (200, &json!("dry-run"), &json!(null)));
    assert_eq!(dry.body["changes"]["regions"], json!({ "moved": 2 }));
    assert_eq!(desk.waiting().await.len(), 0);
    body["dry_run"] = json!(false);
    let real = desk.propose("An", "key", &body).await;
    assert_eq!((real.status.as_u16(), &real.body["version"]), (201, &dry.body["version"]));
}

async fn a_proposal_is_taken_back_by_its_author_or_an_approver(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let propose = async |by: &str, key: &str| {
        let answer = desk.propose(by, key, &edit(BEFORE, AFTER)).await;
        answer.body["name"].as_str().expect("a name").to_owned()
    };
    let delete = async |by: &str, name: &str| {
        let answer = desk.as_one(by, ("DELETE", &format!("/v1/proposals/{name}")), &[], &Value::Null).await;
        (answer.status.as_u16(), answer.body["code"].clone())
    };
    let first = propose("An", "k1").await;
    assert_eq!(delete("Dung", &first).await, (403, json!("not-own")));
    assert_eq!(delete("An", &first).await.0, 204);
    assert_eq!(delete("An", &first).await.0, 404);
    assert_eq!(desk.approve("Bình", &first).await.status.as_u16(), 404);
    let second = propose("An", "k1").await;
    assert_eq!(delete("Bình", &second).await.0, 204);
    let third = propose("An", "k3").await;
    assert_eq!(desk.approve("Bình", &third).await.status.as_u16(), 200);
    assert_eq!(delete("An", &third).await, (409, json!("not-waiting")));
    assert_eq!(delete("An", "../log/00000002").await.0, 404);
    assert_eq!(desk.entries(), 3);
}

async fn an_older_version_is_published_anew(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let name = desk.propose("An", "k1", &edit(BEFORE, AFTER)).await.body["name"].as_str().expect("a name").to_owned();
    desk.approve("Bình", &name).await;
    assert_eq!(desk.decides().await, NEW);
    let active = desk.active();
    let headers = [("if-match", active.as_str()), ("idempotency-key", "k2")];
    let back = async |version: &str| {
        let way = format!("/v1/versions/{version}/rollback");
        desk.as_one("An", ("POST", &way), &headers, &json!({ "note": "a slip" })).await
    };
    assert_eq!(back("77").await.status.as_u16(), 404);
    assert_eq!(back("3").await.body["code"], "same");
    let proposed = back("2").await;
    assert_eq!((proposed.status.as_u16(), &proposed.body["again"]), (201, &json!(2)), "{}", proposed.body);
    let approved = desk.approve("Bình", proposed.body["name"].as_str().expect("a name")).await;
    assert_eq!(
        (&approved.body["state"], &approved.body["entry"]),
        (&json!("published"), &json!(4)),
        "{}",
        approved.body
    );
    assert_eq!(desk.decides().await, OLD);
}

/// With two signatures the service's is one: the other is given as ever.
async fn a_store_of_two_signatures_waits_for_the_second(kind: Kind) {
    let desk = Desk::new(kind, 2, "");
    let name = desk.propose("An", "k1", &edit(BEFORE, AFTER)).await.body["name"].as_str().expect("a name").to_owned();
    assert_eq!(desk.office.opened().waiting().expect("proposals").0.len(), 0, "nobody can sign what is not approved");
    let approved = desk.approve("Bình", &name).await;
    assert_eq!(
        (&approved.body["state"], &approved.body["signed"], &approved.body["needed"]),
        (&json!("waiting-for-signatures"), &json!(1), &json!(2))
    );
    assert_eq!((desk.entries(), desk.waiting().await.len()), (2, 1));
    assert_eq!(desk.propose("An", "k1", &edit(BEFORE, AFTER)).await.body["state"], "waiting-for-signatures");
    let keys = [secret(2)];
    let hand = thamquyen::store::Hand { by: "the office", note: "", keys: &keys, at: thamquyen::server::now() };
    let mut store = desk.office.opened();
    let waiting = store.waiting().expect("proposals").0.remove(0);
    assert!(matches!(waiting.proposal.says, Says::Publication(_)));
    store.approve(&waiting, &hand).expect("signed");
    assert_eq!(desk.entries(), 3);
    let late = desk.as_one("An", ("GET", &format!("/v1/proposals/{name}")), &[], &Value::Null).await;
    assert_eq!(
        (&late.body["state"], &late.body["approved_by"]),
        (&json!("published"), &json!("Bình")),
        "{}",
        late.body
    );
}

/// What lies among the drafts and was not signed by the service is nobody's word.
async fn a_draft_that_was_changed_is_none(kind: Kind) {
    let desk = Desk::new(kind, 1, "");
    let name = desk.propose("An", "k1", &edit(BEFORE, AFTER)).await.body["name"].as_str().expect("a name").to_owned();
    let (place, file) = (&desk.office.place, format!("drafts/{name}.json"));
    let good = place.read(&file).expect("a draft");
    let mut envelope: Value = serde_json::from_slice(&good).expect("JSON");
    use base64::Engine as _;
    let standard = base64::engine::general_purpose::STANDARD;
    let payload = standard.decode(envelope["payload"].as_str().expect("text")).expect("base64");
    let other = String::from_utf8(payload).expect("text").replace("\"by\":\"An\"", "\"by\":\"Ba\"");
    envelope["payload"] = json!(standard.encode(&other));
    let mut forged = serde_json::to_vec_pretty(&envelope).expect("JSON");
    forged.push(b'\n');
    place.put(&file, &forged);
    let own = thamquyen::digest::Digest::of(other.as_bytes()).short();
    place.put(&format!("drafts/{own}.json"), &forged);
    assert!(desk.waiting().await.is_empty());
    for name in [&name, &own] {
        assert_eq!(desk.approve("Bình", name).await.status.as_u16(), 404);
    }
    place.put(&file, &good);
    assert_eq!(desk.approve("Bình", &name).await.status.as_u16(), 200, "the control: as it was it is approved");
}

async fn one_person_alone_publishes_where_a_configuration_says_so_and_that_is_told(kind: Kind) {
    let alone = Desk::new(kind, 1, "approvals = 0\n");
    let published = alone.propose("An", "k1", &edit(BEFORE, AFTER)).await;
    assert_eq!((&published.body["state"], &published.body["approved_by"]), (&json!("published"), &json!(null)));
    assert_eq!(alone.decides().await, NEW);
    let ready = |desk: &Desk| {
        let state = desk.state.clone();
        async move { ask(&state, ("GET", "/healthz/ready"), &[], "").await.body["publishing"].clone() }
    };
    assert_eq!(ready(&alone).await, json!({ "approvals": 0 }));
    assert_eq!(ready(&Desk::new(kind, 1, "")).await, json!({ "approvals": 1 }));
}

#[test]
fn a_configuration_by_which_nothing_could_be_published_is_refused() {
    let office = Office::founded();
    drop(office.store(1));
    let refused = |text: &str| office.settings(text).expect_err("refused")[0].clone();
    let own = text(&office, "");
    assert!(refused("[publishing]\nkey = \"service.pem\"\n").contains("it takes `[access]`"));
    assert!(refused(&text(&office, "approvals = 2\n")).contains("publishing.approvals"));
    assert!(refused(&text(&office, "approvals = -1\n")).contains("`-1`"));
    assert!(refused(&own.replace("service.pem", "nowhere.pem")).contains("cannot be read"));
    fs::write(office.path("open.pem"), secret(1).pem().expect("text")).expect("written");
    #[cfg(unix)]
    assert!(refused(&own.replace("service.pem", "open.pem")).contains("others may read this secret"));
    fs::write(office.path("other.pem"), "no key\n").expect("written");
    restrict(&office.path("other.pem"));
    assert!(refused(&own.replace("service.pem", "other.pem")).contains("no secret key of Ed25519"));
    let settings = || office.settings(&own).expect("a configuration");
    let folders = State::with(small(), settings());
    let words = |wrong: thamquyen::server::configuration::Wrong| wrong.words(thamquyen::rulebook::Language::English);
    assert!(folders.may_publish().map_err(words).expect_err("refused").contains("run with `--store`"));
    assert!(State::of_store(office.opened(), settings()).expect("published").may_publish().is_ok());
    fs::write(office.path("service.pem"), secret(9).pem().expect("text")).expect("written");
    let stranger = State::of_store(office.opened(), settings()).expect("published");
    assert!(stranger.may_publish().map_err(words).expect_err("refused").contains("may not publish by the policy"));
    let _ = Settings::default();
}

async fn a_service_without_a_section_publishes_nothing(kind: Kind) {
    let office = Office::with(kind);
    let store = office.store(1);
    let settings =
        office.settings(&format!("[access]\nreading = \"open\"\n{}", office.keys())).expect("a configuration");
    let desk = Desk { state: State::of_store(store, settings).expect("published"), office: Arc::new(office) };
    assert_eq!(desk.propose("An", "k", &edit(BEFORE, AFTER)).await.status.as_u16(), 404);
    assert_eq!(desk.approve("Bình", "x").await.status.as_u16(), 404);
    let unguarded = State::of_store(desk.office.opened(), Settings::default()).expect("published");
    assert_eq!(ask(&unguarded, ("POST", "/v1/proposals"), &[], "").await.status.as_u16(), 401);
}

on_both!(
    what_one_proposes_another_publishes,
    nobody_approves_their_own_and_an_approval_is_repeated_harmlessly,
    the_version_that_it_follows_must_be_said_and_be_the_active_one,
    a_repeat_is_done_once_also_after_a_restart,
    a_repeat_in_flight_is_done_once,
    who_hangs_up_changes_nothing,
    what_is_wrong_is_refused_with_findings_in_both_languages,
    bodies_are_read_strictly,
    a_whole_tree_is_taken_and_a_dry_run_leaves_nothing,
    a_proposal_is_taken_back_by_its_author_or_an_approver,
    an_older_version_is_published_anew,
    a_store_of_two_signatures_waits_for_the_second,
    a_draft_that_was_changed_is_none,
    one_person_alone_publishes_where_a_configuration_says_so_and_that_is_told,
    a_service_without_a_section_publishes_nothing,
);
