//! `[traces]`: a span for each request, sent to a collector (OTLP over HTTP), where the program was built with the feature
//! `opentelemetry`. A span says what a line of the log says, and nothing of what was asked. When the collector is away spans are
//! dropped; nobody waits for it.

use serde::Deserialize;

use super::configuration::Wrong;

#[cfg(feature = "opentelemetry")]
mod sent;

#[cfg(feature = "opentelemetry")]
pub use sent::Traces;

/// What a configuration says of traces.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Collector {
    /// Where spans are sent to, with its path: `http://127.0.0.1:4318/v1/traces`.
    endpoint: String,
}

impl Collector {
    /// Whoever sends spans there.
    pub(super) fn traces(&self, place: &str) -> Result<Traces, Wrong> {
        let place = format!("{place}: [traces] endpoint");
        if !self.endpoint.starts_with("http://") && !self.endpoint.starts_with("https://") {
            let (endpoint, example) = (&self.endpoint, "http://127.0.0.1:4318/v1/traces");
            return Err(Wrong::new(
                place,
                format!("`{endpoint}` không phải địa chỉ http: ví dụ `{example}`"),
                format!("`{endpoint}` is no address of http: say for example `{example}`"),
            ));
        }
        Traces::to(&self.endpoint, place)
    }
}

/// Nobody: the program cannot send any.
#[cfg(not(feature = "opentelemetry"))]
#[derive(Debug, Clone)]
pub enum Traces {}

#[cfg(not(feature = "opentelemetry"))]
impl Traces {
    fn to(_: &str, place: String) -> Result<Self, Wrong> {
        Err(unable(place))
    }

    pub(super) fn tell(&self, _: &super::log::Line<'_>, _: Option<super::request::Part>) {}

    pub(super) fn end(&self) {}
}

/// Who wants spans of a program that can send none: it does not start as if it did.
#[cfg(any(test, not(feature = "opentelemetry")))]
fn unable(place: String) -> Wrong {
    Wrong::new(
        place,
        "chương trình này không gửi được vết: hãy biên dịch với `--features opentelemetry`",
        "this program cannot send traces: build it with `--features opentelemetry`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::Language;

    #[test]
    fn traces_need_a_program_that_can_send_them() {
        let words = unable("tq.toml: [traces] endpoint".to_owned()).words(Language::English);
        assert_eq!(
            words,
            "tq.toml: [traces] endpoint: this program cannot send traces: build it with `--features opentelemetry`"
        );
    }
}
