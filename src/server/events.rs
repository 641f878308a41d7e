//! `/v1/events`: what was published, as it is (server-sent events). The log is the truth: each listener has a place in it
//! and is told what comes after, so nothing is lost between two connections; that there is something new is only a hint.

use std::sync::Arc;
use std::time::Duration;

use ahash::RandomState;
use axum::body::{Body, Bytes};
use axum::extract::State as Extract;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use moka::sync::Cache;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};
use utoipa::ToSchema;

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::moves::{KEPT, Moved};
use super::places::{Place, Places};
use super::problem::{Kind, Problem};
use super::standing::Demand;
use super::stream::Answers;
use super::versions::Figures;
use crate::reading::report;
use crate::store::fault::Fault;
use crate::syntax::tree::Language;

/// So many listen at once.
const LISTENERS: usize = 64;

/// After so long a listener is sent away, and comes back by itself: who went without a word holds no place for ever.
const LONGEST: Duration = Duration::from_secs(3600);

/// What listeners wait for.
#[derive(Debug)]
pub(super) struct Events {
    news: watch::Sender<News>,
    places: Arc<Places>,
    /// By the number of the entry, which never changes.
    told: Cache<u32, Arc<str>, RandomState>,
}

/// The last entry that is known, and whether the service is about to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) number: u32,
    pub(super) is_over: bool,
}

/// A publication, and which decisions it moved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Event {
    /// The entry of the log.
    number: u32,
    version: String,
    /// The whole hash of the rules.
    rules: String,
    parent: Option<String>,
    /// The entry by which the same rules were published before.
    again: Option<u32>,
    #[schema(format = "date-time")]
    at: String,
    by: String,
    approved_by: Option<String>,
    note: String,
    /// What differs from the parent, in figures.
    changes: Option<Figures>,
    /// In which tasks; `null` where the publication lies far back.
    tasks: Option<Vec<Moved>>,
}

impl Events {
    pub(super) fn new(number: u32) -> Self {
        let told = Cache::builder().max_capacity(KEPT).build_with_hasher(RandomState::new());
        let news = watch::Sender::new(News { number, is_over: false });
        Self { news, places: Arc::new(Places::new(LISTENERS)), told }
    }

    /// The log has so many entries now.
    pub(super) fn tell(&self, number: u32) {
        self.news.send_if_modified(|news| {
            let is_new = number > news.number;
            news.number = news.number.max(number);
            is_new
        });
    }

    /// Nobody is told any more.
    pub(super) fn end(&self) {
        self.news.send_modify(|news| news.is_over = true);
    }

    pub(super) fn news(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }
}

impl State {
    /// An entry as data for programs, where it is a publication. Takes seconds where nobody asked for it before.
    pub(super) fn event(&self, number: u32) -> Result<Option<Arc<str>>, Fault> {
        let Some(shelf) = self.shelf() else { return Ok(None) };
        if let Some(told) = self.events().told.get(&number) {
            return Ok(Some(told));
        }
        let log = shelf.log();
        let (entry, newest) = (log.entry(number), log.next().saturating_sub(1));
        let Some((kept, publication)) = entry.and_then(|kept| Some((kept, kept.publication()?))) else {
            return Ok(None);
        };
        // Whoever asks for all of a long log does not make the service compare all of it.
        let is_near = u64::from(newest.saturating_sub(number)) < KEPT;
        let moved = is_near.then(|| self.moved(&log, publication)).transpose()?;
        let request = kept.proposal.request.as_ref();
        let event = Event {
            number,
            version: publication.rules.short(),
            rules: publication.rules.to_string(),
            parent: publication.parent.map(|parent| parent.short()),
            again: publication.again,
            at: kept.at.to_string(),
            by: kept.proposal.by.clone(),
            approved_by: request.and_then(|request| request.approved_by.clone()),
            note: kept.proposal.note.clone(),
            changes: publication.changes.as_ref().map(Figures::of),
            tasks: moved.map(|moved| moved.to_vec()),
        };
        let text: Arc<str> = report::json(&event).to_string().into();
        if is_near {
            self.events().told.insert(number, Arc::clone(&text));
        }
        Ok(Some(text))
    }
}

pub(super) async fn get(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    if state.shelf().is_none() {
        let detail = match language {
            Language::Vietnamese => "dịch vụ này đọc thư mục quy định, không có kho phiên bản",
            Language::English => "this service reads folders of rules, and keeps no versions",
        };
        return Err(Problem::new(Kind::NotFound, language, detail));
    }
    let newest = state.events().news().borrow().number;
    let from = last(&headers, newest, language)?.unwrap_or(newest);
    if from > newest {
        // It comes from a replica that is further.
        Demand::of_listener(caller, from).met(&state).await?;
    }
    let place = state.place(&state.events().places, language)?;
    let (sent, answers) = mpsc::channel(1);
    tokio::spawn(listen(state, from, (sent, place)));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(Answers(answers))).into_response())
}

/// The last event that a listener had, if it says so.
fn last(headers: &HeaderMap, newest: u32, language: Language) -> Result<Option<u32>, Problem> {
    let Some(said) = headers.get("last-event-id") else { return Ok(None) };
    let number = said.to_str().ok().and_then(|text| text.parse().ok());
    number.map(Some).ok_or_else(|| {
        let detail = match language {
            Language::Vietnamese => format!("`Last-Event-ID` là số của một mục nhật ký, nay từ 0 đến {newest}"),
            Language::English => {
                format!("`Last-Event-ID` is the number of an entry of the log, now from 0 to {newest}")
            }
        };
        Problem::new(Kind::BadParameter, language, detail).at("last-event-id").expecting(format!("0–{newest}"))
    })
}

/// Tells one listener what comes after its place in the log.
async fn listen(state: State, mut place: u32, (sent, _place): (mpsc::Sender<Bytes>, Place)) {
    // A connection on which nothing moves is closed.
    let (patience, beat) = (state.settings().silent, state.settings().silent / 2);
    let mut news = state.events().news();
    let until = Instant::now() + LONGEST;
    // Who does not take what it asked for is sent away.
    let send =
        async |text: String| timeout(patience, sent.send(Bytes::from(text))).await.is_ok_and(|sent| sent.is_ok());
    if !send("retry: 2000\n\n".to_owned()).await {
        return;
    }
    loop {
        let News { number, is_over } = *news.borrow_and_update();
        if is_over {
            return;
        }
        while place < number {
            let (desk, next) = (state.clone(), place + 1);
            // A version that cannot be read now may be read when the listener comes back.
            let Ok(Ok(event)) = state.aside(move || desk.event(next)).await else { return };
            if let Some(data) = event
                && !send(format!("id: {next}\nevent: version\ndata: {data}\n\n")).await
            {
                return;
            }
            place = next;
        }
        tokio::select! {
            changed = timeout(beat, news.changed()) => match changed {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) if send(": \n\n".to_owned()).await => {}
                Err(_) => return,
            },
            () = sent.closed() => return,
            () = sleep_until(until) => return,
        }
    }
}
