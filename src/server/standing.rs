//! How far a service is in the log of its store, when it last knew that there is no more, and whether it can read the store at
//! all. While it cannot, it goes on answering and says how old it is; who must have a later entry says so (`min_version`), and
//! is answered when it is there, or told after a while that it is not. Knows nothing of what is asked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tokio::sync::{Notify, watch};

use super::caller::{Caller, Wrong};
use super::problem::{Kind, Problem};
use super::{State, clock};
use crate::store::fault::Fault;
use crate::syntax::tree::Language;

/// On every answer of a service that has a store: the entry of the log that it knew when it was asked.
const ENTRY: HeaderName = HeaderName::from_static("rules-entry");
/// On answers of one that has not been able to read its store for a while: when it last did.
const CHECKED: HeaderName = HeaderName::from_static("rules-checked");
/// What a caller demands, in a header, or in the address.
pub(super) const MIN_HEADER: &str = "rules-min-entry";
pub(super) const MIN: &str = "min_version";

/// So many looks at the store may fail or be late before it is said how old the rules are.
const LATE: u32 = 3;

/// Where a service is in the log of its store.
#[derive(Debug)]
pub(super) struct Standing {
    entry: watch::Sender<u32>,
    checked: ArcSwap<Checked>,
    /// Somebody wants the store to be looked at now.
    wanted: Notify,
    looks: AtomicU64,
    failures: AtomicU64,
}

/// What the last looks at the store were.
#[derive(Debug, Clone)]
struct Checked {
    at: Timestamp,
    instant: Instant,
    /// Since when it cannot be read, and why.
    unreadable: Option<(Timestamp, Fault)>,
}

impl Standing {
    pub(super) fn new(entry: u32) -> Self {
        let checked = Checked { at: clock::now(), instant: clock::instant(), unreadable: None };
        Self {
            entry: watch::Sender::new(entry),
            checked: ArcSwap::from_pointee(checked),
            wanted: Notify::new(),
            looks: AtomicU64::new(0),
            failures: AtomicU64::new(0),
        }
    }

    /// What is served has all entries up to this one. It never goes back.
    pub(super) fn reached(&self, entry: u32) {
        self.entry.send_if_modified(|there| {
            let further = *there < entry;
            *there = entry.max(*there);
            further
        });
    }

    pub(super) fn entry(&self) -> u32 {
        *self.entry.borrow()
    }

    /// The store was read, and what is served is the newest of it. Whether it could not be read before.
    pub(super) fn read(&self) -> bool {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let before =
            self.checked.swap(Checked { at: clock::now(), instant: clock::instant(), unreadable: None }.into());
        before.unreadable.is_some()
    }

    /// The store could not be read. Whether it could before.
    pub(super) fn failed(&self, fault: &Fault) -> bool {
        self.failures.fetch_add(1, Ordering::Relaxed);
        let before = self.checked.load();
        let since = before.unreadable.as_ref().map_or_else(clock::now, |(since, _)| *since);
        let unreadable = Some((since, fault.clone()));
        self.checked.store(Checked { unreadable, ..Checked::clone(&before) }.into());
        before.unreadable.is_none()
    }

    pub(super) fn is_unreadable(&self) -> bool {
        self.checked.load().unreadable.is_some()
    }

    /// Asks for a look at the store before its time.
    pub(super) fn want(&self) {
        self.wanted.notify_one();
    }

    /// Until somebody asks for a look.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Looks at the store, and waits for an entry as long as that may take. Whether it is there.
    async fn reaches(&self, entry: u32, patience: Duration) -> bool {
        if self.entry() >= entry {
            return true;
        }
        let mut there = self.entry.subscribe();
        self.want();
        let waited = tokio::time::timeout(patience, there.wait_for(|there| *there >= entry)).await;
        matches!(waited, Ok(Ok(_)))
    }

    /// As `/healthz/ready` shows it.
    pub(super) fn shown(&self, language: Language) -> Json {
        let checked = self.checked.load();
        let unreadable = checked
            .unreadable
            .as_ref()
            .map(|(since, fault)| json!({ "since": since.to_string(), "message": fault.words(language) }));
        json!({ "entry": self.entry(), "checked": checked.at.to_string(), "unreadable": unreadable })
    }

    /// In the text form of Prometheus.
    pub(super) fn metrics(&self) -> String {
        let (looks, failures) = (self.looks.load(Ordering::Relaxed), self.failures.load(Ordering::Relaxed));
        let (entry, checked) = (self.entry(), self.checked.load().at.as_second());
        format!(
            "# HELP thamquyen_store_entry The entry of the log up to which the store is served.\n# TYPE thamquyen_store_entry gauge\n\
             thamquyen_store_entry {entry}\n\
             # HELP thamquyen_store_checked_timestamp_seconds When the rules were last known to be the newest.\n\
             # TYPE thamquyen_store_checked_timestamp_seconds gauge\nthamquyen_store_checked_timestamp_seconds {checked}\n\
             # HELP thamquyen_store_looks_total Looks at the store: it was read (ok) or could not be (failed).\n\
             # TYPE thamquyen_store_looks_total counter\nthamquyen_store_looks_total{{result=\"ok\"}} {looks}\n\
             thamquyen_store_looks_total{{result=\"failed\"}} {failures}\n"
        )
    }
}

/// What is told of the standing on an answer, as it was when the request came: the answer is from this entry or a later one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    entry: u32,
    checked: Option<Timestamp>,
}

impl Stamp {
    pub(super) fn of(state: &State, now: Instant) -> Option<Self> {
        let standing = state.shelf()?.standing();
        let checked = standing.checked.load();
        let is_late = now.saturating_duration_since(checked.instant) > state.settings().poll * LATE;
        Some(Self { entry: standing.entry(), checked: is_late.then_some(checked.at) })
    }

    /// Where nobody said it who knew more.
    pub(super) fn on(self, headers: &mut HeaderMap) {
        if headers.contains_key(ENTRY) {
            return;
        }
        headers.insert(ENTRY, HeaderValue::from(self.entry));
        let checked = self.checked.and_then(|at| HeaderValue::try_from(at.to_string()).ok());
        headers.extend(checked.map(|at| (CHECKED, at)));
    }
}

/// An entry that a caller demands, as it is written.
#[derive(Debug)]
pub(super) struct Demand {
    caller: Caller,
    /// The parameter or the header that says it.
    member: &'static str,
    written: String,
}

impl Demand {
    /// Of a request to the addresses of the interface; it is taken out of it, for nobody else knows it.
    pub(super) fn of<B>(request: &mut Request<B>) -> Result<Option<Self>, Problem> {
        let said = request.uri().query().is_some_and(|query| query.contains(MIN));
        if !request.uri().path().starts_with("/v1/") || !(said || request.headers().contains_key(MIN_HEADER)) {
            return Ok(None);
        }
        let caller = Caller::of(request.uri(), request.headers());
        let header = request.headers_mut().remove(MIN_HEADER);
        let mut values = caller.parameters.iter().filter(|(name, _)| name == MIN).map(|(_, value)| value.clone());
        let (parameter, twice) = (values.next(), values.next());
        if twice.is_some() || (parameter.is_some() && header.is_some()) {
            return Err(caller.wrong(MIN, Wrong::Twice));
        }
        if parameter.is_some() {
            without(request);
        }
        let header = header.map(|value| (MIN_HEADER, String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let written = parameter.map(|value| (MIN, value)).or(header);
        Ok(written.map(|(member, written)| Self { caller, member, written }))
    }

    /// Of a listener who had the event of this entry.
    pub(super) fn of_listener(caller: Caller, entry: u32) -> Self {
        Self { caller, member: "last-event-id", written: entry.to_string() }
    }

    /// Completes when the service has the entry, or with what it has.
    pub(super) async fn met(self, state: &State) -> Result<(), Problem> {
        let language = self.caller.language;
        let wrong = |kind, vietnamese: String, english: String| {
            let detail = match language {
                Language::Vietnamese => vietnamese,
                Language::English => english,
            };
            Problem::new(kind, language, detail).at(self.member)
        };
        let written = &self.written;
        let Some(entry) = written.parse::<u32>().ok().filter(|entry| *entry > 0) else {
            let problem = wrong(
                Kind::BadParameter,
                format!("`{written}` không phải số của một mục trong nhật ký"),
                format!("`{written}` is no number of an entry of the log"),
            );
            return Err(problem.expecting("1, 2, 3…"));
        };
        let Some(shelf) = state.shelf() else {
            return Err(wrong(
                Kind::BadParameter,
                "dịch vụ này đọc thư mục quy định, không có kho phiên bản".to_owned(),
                "this service reads folders of rules, and keeps no versions".to_owned(),
            ));
        };
        let standing = shelf.standing();
        if standing.reaches(entry, state.settings().patience).await {
            return Ok(());
        }
        let there = standing.entry();
        Err(wrong(
            Kind::Behind,
            format!("dịch vụ này mới có đến mục {there}, chưa có mục {entry}; hãy thử lại hoặc hỏi nơi khác"),
            format!("this service has entries up to {there}, and {entry} not yet; try again or ask another one"),
        ))
    }
}

/// Takes the demand out of the address.
fn without<B>(request: &mut Request<B>) {
    let uri = request.uri();
    let name = |pair: &str| form_urlencoded::parse(pair.as_bytes()).next().is_some_and(|(name, _)| name == MIN);
    let rest: Vec<&str> = uri.query().unwrap_or("").split('&').filter(|pair| !name(pair)).collect();
    let path = if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), rest.join("&")) };
    let mut parts = uri.clone().into_parts();
    // A part of what was taken is taken.
    parts.path_and_query = path.parse().ok();
    if let Ok(uri) = axum::http::Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::Demand;

    #[test]
    fn a_demand_is_taken_out_of_the_request() {
        for (address, rest, said) in [
            ("/v1/tasks?min_version=7&q=a%20b&lang=en", "/v1/tasks?q=a%20b&lang=en", Some("7")),
            ("/v1/tasks?min_version=x", "/v1/tasks", Some("x")),
            ("/v1/tasks?q=min_version", "/v1/tasks?q=min_version", None),
            ("/metrics?min_version=7", "/metrics?min_version=7", None),
        ] {
            let mut request = Request::get(address).body(()).expect("a request");
            let demand = Demand::of(&mut request).expect("said once");
            assert_eq!(demand.map(|demand| demand.written).as_deref(), said, "{address}");
            assert_eq!(request.uri(), rest);
        }
        let twice = Request::get("/v1/tasks?min_version=7").header("rules-min-entry", "7").body(());
        assert!(Demand::of(&mut twice.expect("a request")).is_err());
    }
}
