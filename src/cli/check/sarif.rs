//! Findings as SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. The numbers in brackets are its
//! sections.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::reading::check::baseline::whereabouts;
use crate::reading::check::data::{self, All, FindingShape, Frame, SentenceShape, SpotShape};
use crate::reading::check::explain;
use crate::reading::check::review::{Judged, Review, Standing};
use crate::reading::check::{Code, witness_line};
use crate::reading::words::pick;
use crate::rulebook::Language;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn report(frame: Frame<'_>, review: &Review, all: All) -> Json {
    let language = frame.voice.language;
    let shown = review.judged.iter().filter(|one| all == All::Yes || one.standing.is_told());
    let rules: Vec<Json> = Code::ALL.iter().map(|code| rule(*code, language)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "tq", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "language": language.tag(),
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": frame.rules_errors == 0 }],
            "results": shown.map(|judged| result(frame, judged)).collect::<Vec<_>>(),
            "properties": { "rulesVersion": frame.version },
        }],
    })
}

/// What is checked (3.49).
fn rule(code: Code, language: Language) -> Json {
    let told = explain::told(code);
    let of = |(vietnamese, english)| pick(language, vietnamese, english);
    let meaning: &str = of(told.meaning);
    json!({
        "id": code.id(),
        "shortDescription": { "text": of(told.title) },
        "fullDescription": { "text": meaning },
        "help": { "text": explain::lines(code, language).join("\n") },
        "defaultConfiguration": { "level": code.severity().id() },
    })
}

/// One finding (3.27).
fn result(frame: Frame<'_>, judged: &Judged) -> Json {
    let shape = data::finding(frame, judged);
    let index = Code::ALL.iter().position(|code| code.id() == shape.code);
    let related = shape.at_fault.iter().chain(&shape.because);
    let mut result = json!({
        "ruleId": shape.code,
        "ruleIndex": index,
        "level": shape.severity,
        "message": { "text": message(frame, judged, &shape) },
        "locations": [location(&shape.at, None)],
        "relatedLocations": related.map(|one| location(&one.at, Some(one))).collect::<Vec<_>>(),
        "partialFingerprints": { "primaryLocationLineHash": shape.fingerprint, "thamquyen/v1": shape.fingerprint },
        "properties": {
            "task": shape.task.as_ref().map(|task| task.id),
            "regions": shape.regions,
            "days": shape.days,
            "witness": shape.witness,
        },
    });
    if let (Some(members), Some(suppression)) = (result.as_object_mut(), suppression(&judged.standing)) {
        members.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

/// What is wrong, where and when, a case of it, and what to do.
fn message(frame: Frame<'_>, judged: &Judged, shape: &FindingShape<'_>) -> String {
    let language = frame.voice.language;
    let mut text = shape.message.clone();
    for line in whereabouts(frame.voice, &judged.finding) {
        let _ = write!(text, "\n{line}");
    }
    if let Some(point) = &judged.finding.witness {
        let _ = write!(text, "\n{} {}", pick(language, "ví dụ:", "such as:"), witness_line(frame.voice, point));
    }
    let _ = write!(text, "\n{} {}", pick(language, "gợi ý:", "help:"), shape.help);
    text
}

/// A place in a file (3.28), of a sentence with its citation.
fn location(at: &SpotShape, sentence: Option<&SentenceShape<'_>>) -> Json {
    let mut location = Map::new();
    let absolute = at.file.starts_with('/');
    let uri = if absolute { format!("file://{}", escaped(&at.file)) } else { escaped(&at.file) };
    let mut artifact = json!({ "uri": uri });
    if let Some(members) = artifact.as_object_mut().filter(|_| !absolute) {
        members.insert("uriBaseId".to_owned(), "%SRCROOT%".into());
    }
    let region = json!({ "startLine": at.line, "startColumn": at.column });
    location.insert("physicalLocation".to_owned(), json!({ "artifactLocation": artifact, "region": region }));
    location.extend(sentence.map(|one| ("message".to_owned(), json!({ "text": one.citation }))));
    Json::Object(location)
}

/// A path as a URI reference (RFC 3986): what is not unreserved is escaped, byte by byte.
fn escaped(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Why it is shown only because all are (3.35).
fn suppression(standing: &Standing) -> Option<Json> {
    match standing {
        Standing::Fails | Standing::Told => None,
        Standing::Allowed => Some(json!({ "kind": "external" })),
        Standing::Accepted { why } => Some(json!({ "kind": "external", "justification": why })),
    }
}
