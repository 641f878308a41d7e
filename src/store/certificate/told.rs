//! A checked certificate in a few lines. The other verifier (`tests/certificate/verify.py`) prints the same.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::Value as Json;

use super::check::{Checked, Trust};
use crate::reading::words::{self, pick};
use crate::store::statement::Policy;
use crate::syntax::tree::Language;

impl Checked {
    /// What is certified, by whom, and as of which version.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let Self { certificate, by, trust: Trust { policy, published, fresh, .. } } = self;
        let ruling = certificate.rulings.of(language);
        let moment = |at| moment(at, policy);
        let mut lines = vec![format!("{}: {}", pick(language, "chứng nhận", "certified"), text(ruling, "/label"))];
        lines.push(format!("  {}", self.about(language)));
        for link in ruling.get("chain").and_then(Json::as_array).into_iter().flatten() {
            lines.push(format!("  {}: {}", pick(language, "căn cứ", "by"), text(link, "/citation")));
        }
        let (version, entry, published, last) =
            (certificate.version, certificate.entry, moment(published.at), fresh.number);
        lines.push(match language {
            Language::Vietnamese => {
                format!("  phiên bản {version}, công bố lúc {published} (mục {entry} trong {last} mục của nhật ký)")
            }
            Language::English => {
                format!("  version {version}, published at {published} (entry {entry} of {last} in the log)")
            }
        });
        let (by, at) = (by.join(", "), moment(certificate.at));
        lines.push(match language {
            Language::Vietnamese => format!("  người chứng nhận: {by}, lúc {at}"),
            Language::English => format!("  certified by {by} at {at}"),
        });
        lines.push(format!("  {}: {}", pick(language, "gốc của kho", "root of the store"), certificate.root));
        lines
    }

    /// Task, places, day and facts of the question.
    fn about(&self, language: Language) -> String {
        let question = &self.certificate.question;
        let ruling = self.certificate.rulings.of(language);
        let mut parts = vec![format!("{} ({})", text(ruling, "/task/name"), question.task)];
        let unit = |unit: &Json| format!("{} {} ({})", text(unit, "/type"), text(unit, "/name"), text(unit, "/code"));
        for (role, units) in ruling.get("places").and_then(Json::as_object).into_iter().flatten() {
            let units = match units {
                Json::Array(units) if units.is_empty() => continue,
                Json::Array(units) => units.iter().map(unit).collect::<Vec<_>>().join(" + "),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
                    pick(language, "không có", "none").to_owned()
                }
            };
            parts.push(format!("{role}: {units}"));
        }
        let day = words::date(question.on, language);
        parts.push(format!("{} {day}", pick(language, "ngày", "on")));
        parts.extend(question.facts.iter().map(|(fact, value)| format!("{fact} = {}", value_words(value, language))));
        parts.join("; ")
    }
}

fn value_words(value: &Json, language: Language) -> String {
    match value {
        Json::Bool(true) => pick(language, "có", "yes").to_owned(),
        Json::Bool(false) => pick(language, "không", "no").to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(all) => all.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", "),
        Json::Null | Json::Number(_) | Json::Object(_) => value.to_string(),
    }
}

fn text<'a>(value: &'a Json, path: &str) -> &'a str {
    value.pointer(path).and_then(Json::as_str).unwrap_or_default()
}

/// A moment by the clock of the store, which is said.
fn moment(at: Timestamp, policy: &Policy) -> String {
    let local = policy.clock().unwrap_or(Offset::UTC).to_datetime(at);
    let clock = format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second());
    format!("{} {clock} {}", local.date(), policy.offset)
}
