//! The sample dashboard: each metric and label that it names is there in `/metrics`.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::Value;
use thamquyen::library::{self, Origin};
use thamquyen::server::{State, app};
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
    let rules = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small")]));
    let state = State::new(rules);
    get(&state, "/v1/who-decides?task=giao-dat&in=101&on=2023-05-10&fact.doi-tuong=to-chuc").await;
    let metrics = get(&state, "/metrics").await;
    // Of a histogram the buckets.
    let series =
        metrics.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(['{', ' ']).next().unwrap_or(line));
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
    let labels: BTreeSet<&str> = ["status", "route", "why", "cache", "version", "result", "le", "instance"].into();
    for text in expressions() {
        for list in text.split("by (").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(list.split(',').all(|label| labels.contains(label.trim())), "{text}");
        }
        assert_eq!(text.matches('(').count(), text.matches(')').count(), "{text}");
    }
    let panels = dashboard()["panels"].as_array().expect("panels").len();
    assert!(panels >= 12, "{panels} panels");
}
