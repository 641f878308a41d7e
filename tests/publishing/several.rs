//! Several services of one store, as replicas are: what was asked of one is known to the others, whoever is asked next, and also
//! where both are asked at once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{AFTER, BEFORE, Desk, NEW, edit};
use crate::office::{Answered, Kind, on_both};

/// Two services of a store.
fn two(kind: Kind, signatures: usize, publishing: &str) -> (Arc<Desk>, Arc<Desk>) {
    let one = Desk::new(kind, signatures, publishing);
    let other = one.another(publishing);
    (Arc::new(one), Arc::new(other))
}

fn name(answer: &Answered) -> String {
    answer.body["name"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

/// A request as it was sent, whatever is active meanwhile.
async fn propose(desk: &Desk, key: &str, active: &str, body: &Value) -> Answered {
    let headers = [("if-match", active), ("idempotency-key", key)];
    desk.as_one("An", ("POST", "/v1/proposals"), &headers, body).await
}

async fn what_one_is_asked_the_other_goes_on_with(kind: Kind) {
    let (one, other) = two(kind, 1, "");
    let (body, active) = (edit(BEFORE, AFTER), one.active());
    let first = propose(&one, "key", &active, &body).await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.body);
    let again = propose(&other, "key", &active, &body).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body), "it is the same request");
    let reused = propose(&other, "key", &active, &edit("# A country", "# One country")).await;
    assert_eq!((reused.status.as_u16(), &reused.body["code"]), (422, &json!("key-reused")));
    assert_eq!((one.waiting().await.len(), other.waiting().await.len()), (1, 1));
    // Taken back at the other, and then it can be proposed anew.
    let way = format!("/v1/proposals/{}", name(&first));
    assert_eq!(other.as_one("An", ("DELETE", &way), &[], &Value::Null).await.status.as_u16(), 204);
    assert_eq!(one.approve("Bình", &name(&first)).await.status.as_u16(), 404);
    let proposed = name(&propose(&one, "key", &active, &body).await);
    // Nobody approves their own there either.
    assert_eq!(other.approve("An", &proposed).await.status.as_u16(), 403);
    let approved = other.approve("Bình", &proposed).await;
    assert_eq!((approved.status.as_u16(), &approved.body["entry"]), (200, &json!(3)), "{}", approved.body);
    assert_eq!(other.decides().await, NEW);
    for desk in [&one, &other] {
        let late = propose(desk, "key", &active, &body).await;
        assert_eq!((late.status.as_u16(), &late.body["entry"]), (201, &json!(3)), "{}", late.body);
        let repeated = desk.approve("Bình", &proposed).await;
        assert_eq!((repeated.status.as_u16(), &repeated.body["entry"]), (200, &json!(3)), "{}", repeated.body);
        assert_eq!(desk.approve("Cả", &proposed).await.body["code"], "not-waiting");
    }
    assert_eq!(one.entries(), 3);
}

async fn an_older_version_goes_back_at_either(kind: Kind) {
    let (one, other) = two(kind, 1, "approvals = 0\n");
    let active = one.active();
    assert_eq!(propose(&one, "k1", &active, &edit(BEFORE, AFTER)).await.body["entry"], 3);
    let newer = one.active();
    let headers = [("if-match", newer.as_str()), ("idempotency-key", "k2")];
    let back = async |desk: &Desk| {
        let way = ("POST", "/v1/versions/2/rollback");
        desk.as_one("An", way, &headers, &json!({ "note": "a slip" })).await
    };
    let first = back(&other).await;
    assert_eq!((first.status.as_u16(), &first.body["entry"], &first.body["again"]), (201, &json!(4), &json!(2)));
    let again = back(&one).await;
    assert_eq!((again.status.as_u16(), &again.body["entry"]), (201, &json!(4)), "{}", again.body);
    // The rules are the first again, but what was asked of them under the first key was done.
    assert_eq!(propose(&other, "k1", &active, &edit(BEFORE, AFTER)).await.body["entry"], 3);
    assert_eq!(one.entries(), 4);
}

/// Holds the lock of the store until some requests wait for it.
async fn together<T: Send + 'static>(
    desk: &Desk,
    all: Vec<impl Future<Output = T> + Send + 'static>,
    meanwhile: impl FnOnce(),
) -> Vec<T> {
    let disk = desk.office.place.disk();
    let lock = disk.lock().expect("a lock");
    let all: Vec<_> = all.into_iter().map(tokio::spawn).collect();
    // Long enough for each to be examined; where it is not, less is tried and nothing fails.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    meanwhile();
    drop(lock);
    let mut done = Vec::new();
    for task in all {
        done.push(task.await.expect("no panic"));
    }
    done
}

async fn one_request_at_both_at_once_is_done_once(kind: Kind) {
    let (one, other) = two(kind, 1, "approvals = 0\n");
    let active = one.active();
    let ask = |desk: &Arc<Desk>, key: &'static str| {
        let (desk, active) = (Arc::clone(desk), active.clone());
        async move { propose(&desk, key, &active, &edit(BEFORE, AFTER)).await }
    };
    let answers = together(&one, vec![ask(&one, "key"), ask(&other, "key")], || ()).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), &answer.body["entry"]), (201, &json!(3)), "{}", answer.body);
    }
    assert_eq!(one.entries(), 3);
    // The control: two requests, of which one comes too late and is told so.
    let (one, other) = two(kind, 1, "approvals = 0\n");
    let answers = together(&one, vec![ask(&one, "key"), ask(&other, "other")], || ()).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!((statuses, one.entries()), (vec![201, 412], 3));
}

async fn one_proposal_approved_at_both_at_once_is_published_once(kind: Kind) {
    for (signatures, entries) in [(1, 3), (2, 2)] {
        let (one, other) = two(kind, signatures, "");
        let proposed = name(&propose(&one, "key", &one.active(), &edit(BEFORE, AFTER)).await);
        let approve = |desk: &Arc<Desk>, by: &'static str| {
            let (desk, proposed) = (Arc::clone(desk), proposed.clone());
            async move { desk.approve(by, &proposed).await }
        };
        let answers = together(&one, vec![approve(&one, "Bình"), approve(&other, "Cả")], || ()).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!((statuses, one.entries()), (vec![200, 409], entries), "{answers:?}");
        assert!(one.waiting().await.len() <= 1, "one waits for the second signature");
    }
}

/// Who took a proposal back and was told so does not see it published by whoever was approving it meanwhile.
async fn what_is_taken_back_meanwhile_is_not_published(kind: Kind) {
    let (one, other) = two(kind, 1, "");
    let proposed = name(&propose(&one, "key", &one.active(), &edit(BEFORE, AFTER)).await);
    let approve = || {
        let (desk, proposed) = (Arc::clone(&other), proposed.clone());
        async move { desk.approve("Bình", &proposed).await }
    };
    let file = format!("drafts/{proposed}.json");
    let mut taken = Vec::new();
    let answers = together(&one, vec![approve()], || taken = one.office.place.take(&file)).await;
    assert_eq!((answers[0].status.as_u16(), one.entries()), (404, 2), "{}", answers[0].body);
    one.office.place.put(&file, &taken);
    let answers = together(&one, vec![approve()], || ()).await;
    assert_eq!((answers[0].status.as_u16(), one.entries()), (200, 3), "the control: where it waits it is published");
}

on_both!(
    what_one_is_asked_the_other_goes_on_with,
    an_older_version_goes_back_at_either,
    one_request_at_both_at_once_is_done_once,
    one_proposal_approved_at_both_at_once_is_published_once,
    what_is_taken_back_meanwhile_is_not_published,
);
