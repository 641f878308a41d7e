//! The sample dashboard: each metric and label that it names is there in `/metrics`.

#[path = "store/shelf.rs"]
mod shelf;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::Value;
use shelf::{Shelf, hand, key, policy, version};
use thamquyen::server::configuration::Configuration;
use thamquyen::server::decisions::file::Folder;
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::server::{self, State, app};
use thamquyen::store::Store;
use thamquyen::syntax::tree::Language;
use tower::ServiceExt as _;

async fn get(state: &State, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = app(state.clone()).oneshot(request).await.expect("infallible");
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn dashboard() -> Value {
    serde_json::from_str(include_str!("../deploy/grafana/thamquyen.json")).expect("JSON")
}

/// Every expression of it.
fn expressions() -> Vec<String> {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().expect("targets").clone());
    targets.map(|target| target["expr"].as_str().expect("an expression").to_owned()).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.starts_with("thamquyen_"))
}

#[tokio::test]
async fn each_metric_that_it_shows_is_there_and_none_is_left_out() {
    // A service of a store counts what others count, and more.
    let (mut store, _) =
        Store::create(Box::new(Shelf::default()), policy(1, &[1]), &hand(&[key(1)], 0)).expect("a store");
    let paths = ["registers/successions.csv", "registers/units.csv", "rules.tq"];
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let texts = paths.map(|path| (path, fs::read_to_string(small.join(path)).expect("text")));
    let (publication, files) = version(&store, &texts.each_ref().map(|(path, text)| (*path, text.as_str())));
    store.publish(publication, &files, &hand(&[key(1)], 1)).expect("published");
    // It logs, and tells somebody.
    let home = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let file = home.path().join(name);
        fs::write(&file, text).expect("written");
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
        file
    };
    put("hook.secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    let configuration = put(
        "tq.toml",
        "[[webhook]]\nname = \"portal\"\nurl = \"http://127.0.0.1:9/\"\nsecret-file = \"hook.secret\"\n",
    );
    let read = Configuration::read(&configuration).and_then(|read| read.settings(Language::English));
    let state = State::of_store(store, read.expect("a configuration")).expect("a service");
    let salt = Salt::new(b"a salt of many bytes").expect("long enough");
    let plan = Plan { salt, one_in: 1, open: Vec::new(), personal: Vec::new() };
    let log = Folder::open(&home.path().join("log"), 1 << 20).expect("a log");
    state.log_to(Decisions::new(Box::new(log), plan, Pace::default(), Language::English).expect("a thread"));
    let listener = server::listen("127.0.0.1:0".parse().expect("an address")).expect("a port");
    tokio::spawn(server::serve_until(listener, state.clone(), std::future::pending()));
    // How far it was told is known when it was looked.
    let known = async {
        while !get(&state, "/metrics").await.contains("thamquyen_webhook_entry{") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), known).await.expect("it looks");
    get(&state, "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc").await;
    let metrics = get(&state, "/metrics").await;
    // Of a histogram the buckets.
    let series = metrics.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let series = series.map(|line| line.split(['{', ' ']).next().unwrap_or(line));
    let there: BTreeSet<&str> = series.filter(|name| !name.ends_with("_sum") && !name.ends_with("_count")).collect();
    let expressions = expressions();
    let shown: BTreeSet<&str> = expressions.iter().flat_map(|text| words(text)).collect();
    assert_eq!(shown, there);
    for line in metrics.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or(line);
        let about = name.trim_end_matches("_bucket").trim_end_matches("_sum").trim_end_matches("_count");
        assert!(metrics.contains(&format!("# HELP {about} ")), "{about} is not described");
    }
}

#[test]
fn what_it_groups_by_are_labels_that_there_are() {
    let labels: BTreeSet<&str> =
        ["status", "route", "why", "cache", "version", "result", "le", "instance", "webhook"].into();
    for text in expressions() {
        for list in text.split("by (").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(list.split(',').all(|label| labels.contains(label.trim())), "{text}");
        }
        assert_eq!(text.matches('(').count(), text.matches(')').count(), "{text}");
    }
    let panels = dashboard()["panels"].as_array().expect("panels").len();
    assert!(panels >= 12, "{panels} panels");
}
