//! New rules without a restart. Looks at the folders of rules every now and then; what changed is read, bound and compiled
//! beside the rules that are served, and takes their place in one step. Rules with errors change nothing: the old ones go on
//! being served, and `/healthz/ready` and the log say what is wrong with the new ones.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{State, clock};
use crate::library::{self, Fault, Library, Origin};
use crate::reading::heritage::Heritage;
use crate::reading::naming::Voice;
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::ruling::{BadQuestion, TooMany};
use crate::store::fault::Fault as StoreFault;
use crate::store::seen::Seen;
use crate::syntax::tree::Language;

/// More errors than this are counted, not shown.
const SHOWN: usize = 50;

/// Since when the rules are served, and what is wrong with newer ones.
#[derive(Debug)]
pub(super) struct News {
    since: Timestamp,
    pending: Option<Pending>,
}

/// Rules that were read and not taken.
#[derive(Debug)]
struct Pending {
    since: Timestamp,
    version: String,
    faults: Vec<Fault>,
}

impl News {
    pub(super) fn new() -> Self {
        Self { since: clock::now(), pending: None }
    }

    pub(super) const fn since(&self) -> Timestamp {
        self.since
    }

    /// As `/healthz/ready` shows it.
    pub(super) fn shown(&self, version: &str, language: Language) -> Json {
        let fault = |fault: &Fault| json!({ "path": fault.path, "line": fault.line, "code": fault.code, "message": fault.words(language) });
        let pending = self.pending.as_ref().map(|pending| {
            json!({
                "version": pending.version,
                "since": pending.since.to_string(),
                "count": pending.faults.len(),
                "errors": pending.faults.iter().take(SHOWN).map(fault).collect::<Vec<_>>(),
            })
        });
        json!({ "version": version, "since": self.since.to_string(), "pending": pending })
    }
}

/// Keeps the rules of a service those of its folders, until it is dropped. Rules that are compiled in never change.
pub async fn watch(state: State, origin: Origin) {
    let origin = Arc::new(origin);
    let look = || {
        let origin = Arc::clone(&origin);
        async move { tokio::task::spawn_blocking(move || library::look(&origin)).await.ok().flatten() }
    };
    // What was read at the start may have changed before the first look: the first one is followed by a reading.
    let (mut read, mut last) = (None, look().await);
    while last.is_some() {
        // Files that are being written are left to settle: two looks in a row must be equal.
        if last != read {
            tokio::time::sleep(state.settings().poll).await;
            let now = look().await;
            if now == last {
                let (state, origin) = (state.clone(), Arc::clone(&origin));
                let _ = tokio::task::spawn_blocking(move || reload(&state, &origin)).await;
                read.clone_from(&last);
            }
            last = now;
        } else {
            tokio::time::sleep(state.settings().poll).await;
            last = look().await;
        }
    }
}

/// Looks that somebody wants are no closer to each other.
const APART: Duration = Duration::from_millis(50);

/// Keeps the rules of a service the newest version of its store, until it is dropped.
/// What is seen of the store is handed over each time that there is more of it, to be remembered.
pub async fn watch_store(state: State, remember: impl Fn(Seen) -> Result<(), StoreFault> + Send + Sync + 'static) {
    let remember = Arc::new(remember);
    let Some(standing) = state.shelf().map(|shelf| Arc::clone(shelf.standing())) else { return };
    let (mut last, mut unkept, mut looked) = (None, None::<String>, tokio::time::Instant::now());
    loop {
        // Who wants it earlier says so; but the time is what can be relied upon.
        tokio::select! {
            () = tokio::time::sleep(state.settings().poll) => {}
            // Whoever wants what there will never be makes no look follow another at once.
            () = standing.wanted() => tokio::time::sleep_until(looked + APART.min(state.settings().poll)).await,
        }
        let (desk, remember) = (state.clone(), Arc::clone(&remember));
        let look = move || {
            newest(&desk);
            let seen = desk.shelf().and_then(|shelf| shelf.store().seen()).filter(|seen| last != Some(*seen))?;
            Some((seen, remember(seen)))
        };
        match tokio::task::spawn_blocking(look).await {
            Ok(Some((seen, Ok(())))) => (last, unkept) = (Some(seen), None),
            // It is tried again at the next look, and told once.
            Ok(Some((_, Err(fault)))) => {
                let words = fault.words(state.settings().language);
                if unkept.as_ref() != Some(&words) {
                    tracing::error!("{words}");
                }
                unkept = Some(words);
            }
            Ok(None) | Err(_) => {}
        }
        looked = tokio::time::Instant::now();
    }
}

/// Takes the version that was published last. A store that is not right changes nothing, and that is told once.
pub(super) fn newest(state: &State) {
    let Some(shelf) = state.shelf() else { return };
    let _turn = shelf.turn();
    let (served, language) = (state.library(), state.settings().language);
    match shelf.newer(&served) {
        Ok((entry, library)) => {
            // The same rules may have been published again, under another entry.
            if let Some(logging) = state.logging().filter(|_| entry != shelf.standing().entry()) {
                logging.forget();
            }
            match library {
                Some(library) => adopt(state, library),
                None => back(state, &served.version),
            }
            // What is broken is not served, and then the entry is not reached.
            if state.news().pending.is_none() {
                shelf.standing().reached(entry);
            }
            if shelf.standing().read() {
                tracing::info!("{}", pick(language, "đọc lại được kho", "the store can be read again"));
            }
        }
        Err(fault) => {
            // It was there: nobody is to make a new one.
            let is_gone = matches!(fault, StoreFault::NoStore(_) | StoreFault::Away { .. });
            let fault = if let StoreFault::NoStore(at) = fault { StoreFault::Missing(at) } else { fault };
            let is_new = shelf.standing().failed(&fault);
            if !is_gone {
                return refuse(state, served.version.clone(), vec![of_store(&fault)]);
            }
            // Nothing is wrong with what it holds; it is not known whether there is more.
            if is_new {
                let words = pick(
                    language,
                    "không đọc được kho, tiếp tục dùng bộ quy định đang có:",
                    "the store cannot be read, the rules that are served stay:",
                );
                tracing::error!("{words} {}", fault.words(language));
            }
        }
    }
    state.events().tell(shelf.log().next().saturating_sub(1));
}

/// A store that is not right, as an error of the rules.
fn of_store(fault: &StoreFault) -> Fault {
    Fault {
        path: "store".to_owned(),
        line: None,
        code: "store",
        vietnamese: fault.words(Language::Vietnamese),
        english: fault.words(Language::English),
    }
}

/// Reads the rules again, and takes them if they are sound and others.
fn reload(state: &State, origin: &Origin) {
    adopt(state, Arc::new(library::load_beside(origin, &state.library())));
}

/// Takes rules that are sound and others than those that are served.
fn adopt(state: &State, library: Arc<Library>) {
    let served = state.library();
    let language = state.settings().language;
    let (mut faults, mut heritage) = (library.faults(), None);
    if library.version == served.version && faults.is_empty() {
        return back(state, &served.version);
    }
    if faults.is_empty() {
        // What was published here is worked out already.
        heritage = library.cells.get().is_none().then(|| library.inherit(&served));
        faults.extend(library.compile().iter().map(|large| too_large(&library, large)));
    }
    if faults.is_empty() {
        let words = pick(language, "đã nạp lại bộ quy định:", "rules reloaded:");
        tracing::info!("{words} {} -> {}", served.version, library.version);
        state.take(library);
        state.tell(News::new());
        state.meters().reloaded(true);
        certify(state, heritage.map(|heritage| (served, heritage)));
        return;
    }
    refuse(state, library.version.clone(), faults);
}

/// Where versions are published here, what the next one is examined against is checked region by region beforehand, so that nobody
/// waits for that of tasks that stay as they are. It stops with the process.
pub(super) fn certify(state: &State, inherited: Option<(Arc<Library>, Heritage)>) {
    if state.settings().publishing.is_some() {
        let library = state.library();
        std::thread::spawn(move || {
            let inherited = inherited.as_ref().map(|(from, heritage)| (&**from, heritage));
            library.certificate(inherited).tasks.len()
        });
    }
}

/// What is served is what is there: nothing waits any more.
fn back(state: &State, version: &str) {
    let news = state.news();
    if news.pending.is_some() {
        let language = state.settings().language;
        tracing::info!(
            "{} {version}",
            pick(language, "trở lại bộ quy định đang dùng:", "back to the rules being served:")
        );
        state.tell(News { since: news.since, pending: None });
    }
}

/// Goes on with the old rules, and tells once what is wrong with the new ones.
fn refuse(state: &State, version: String, faults: Vec<Fault>) {
    let (news, language) = (state.news(), state.settings().language);
    if news.pending.as_ref().is_some_and(|pending| pending.version == version && pending.faults == faults) {
        return;
    }
    let words = if version == state.library().version {
        pick(
            language,
            "kho không đúng, tiếp tục dùng bản đang có:",
            "the store is not right, the rules that are served stay:",
        )
    } else {
        pick(language, "bộ quy định mới có lỗi, tiếp tục dùng bản cũ:", "the new rules have errors, the old ones stay:")
    };
    tracing::error!("{words} {}", state.library().version);
    for fault in faults.iter().take(SHOWN) {
        tracing::error!("{}: {}", fault.place(), fault.words(language));
    }
    state.meters().reloaded(false);
    state.tell(News { since: news.since, pending: Some(Pending { since: clock::now(), version, faults }) });
}

/// A task that cannot be worked out, as an error of the rules.
pub(super) fn too_large(library: &Library, large: &TooMany) -> Fault {
    let rulebook = &library.rulebook;
    let words = |language| {
        let voice = Voice::new(rulebook, language);
        let trouble = Trouble::refused(&BadQuestion::TooManyRules(large.clone()), voice, jiff::civil::Date::ZERO);
        format!("{}: {}", rulebook[large.task].names.id, trouble.words(voice))
    };
    let first = large.provisions.first().map(|provision| rulebook[*provision].span);
    let path = first.and_then(|span| library.sources.get(span.source)).map(|source| source.path.to_string());
    Fault {
        path: path.unwrap_or_default(),
        line: first.map(|span| library.sources.line_column(span).0),
        code: "too-many-rules",
        vietnamese: words(Language::Vietnamese),
        english: words(Language::English),
    }
}
