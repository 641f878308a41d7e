//! The HTTP service and its page: one resource per file. Knows requests and responses; every answer comes from
//! [`crate::reading`]. A request sees one library from start to end.

pub mod access;
mod batch;
mod answers;
mod arrival;
mod audit;
mod authzen;
mod body;
mod caller;
mod check;
mod client;
mod clock;
pub mod configuration;
mod connections;
mod content;
mod diff;
pub mod decisions;
mod documents;
mod events;
mod framing;
mod drafts;
mod format;
mod freshness;
mod health;
mod limits;
mod log;
mod logging;
mod openapi;
mod over_time;
mod members;
mod meters;
mod moves;
mod page;
mod paging;
mod places;
mod parameters;
mod pressure;
mod portfolio;
mod problem;
mod proposals;
mod publishing;
mod rate;
mod request;
mod segment;
mod shelf;
mod standing;
mod stream;
mod versions;
mod reference;
mod regions;
mod reload;
mod routes;
mod rules;
mod tasks;
mod tls;
mod traces;
mod units;
mod webhooks;
mod who_decides;
mod work;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::routing::{get, post};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

use crate::library::{self, Library};
use crate::reading::words::pick;
use crate::store::Store;
use crate::store::fault::Fault;
use crate::syntax::tree::Language;
use answers::Answers;
pub use authzen::Authzen;
pub use client::Proxies;
pub use clock::{now, today};
use events::Events;
pub use limits::Rate;
pub use log::{Format, Level, Log, REQUESTS};
use logging::Logging;
use meters::Meters;
use moves::Moves;
use places::Places;
use pressure::Pressure;
use rate::Rates;
pub use reload::{watch, watch_store};
use routes::Routes;
pub use routes::{Answer, App};
use shelf::Shelf;
pub use tls::Certificates;
pub use traces::Traces;
use work::Hands;

/// How the service behaves; the default is for use, others are for tests.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Open connections; beyond these one that is of use to nobody makes room, else the next waits.
    pub connections: usize,
    /// For the head of a request, from the end of the one before.
    pub header: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// A connection is closed on which nothing was read or written for so long while no request on it is being answered.
    pub silent: Duration,
    /// One that has been silent, or has kept others waiting, for so long makes room when all places are taken.
    pub grace: Duration,
    /// For work that is not done at once, from when it begins.
    pub answer: Duration,
    /// So much of such work is done side by side.
    pub hands: usize,
    /// So much of it waits its turn; the rest is sent away.
    pub waiting: usize,
    /// For its turn.
    pub wait: Duration,
    /// Requests are sent away when what is ready to be done goes on waiting for longer than this.
    pub late: Duration,
    /// Batches that are answered at once.
    pub batches: usize,
    /// How often one client may ask.
    pub rate: Rate,
    /// Who is believed to speak for others.
    pub proxies: Proxies,
    /// What is said is secret by these; said openly without them.
    pub tls: Option<Arc<Certificates>>,
    /// Who is told of each request.
    pub traces: Option<Traces>,
    /// For what is under way when the service stops.
    pub stop: Duration,
    /// Between two looks at the folders of rules, or at the store.
    pub poll: Duration,
    /// For an entry of the log that a caller demands.
    pub patience: Duration,
    /// So many bytes of rendered answers are kept.
    pub kept: u64,
    /// Of the log.
    pub language: Language,
    /// Who may come in; anybody where nothing is said.
    pub access: Option<Arc<access::Guard>>,
    /// By what name callers know the decision point.
    pub authzen: Option<Authzen>,
    /// How versions are published over HTTP, if they are.
    pub publishing: Option<Arc<publishing::Desk>>,
    /// Who is told of publications.
    pub webhooks: Vec<Arc<webhooks::Hook>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 1024,
            header: Duration::from_secs(10),
            body: Duration::from_secs(10),
            silent: Duration::from_secs(10),
            grace: Duration::from_secs(1),
            answer: Duration::from_secs(30),
            hands: limits::usual_hands(),
            waiting: 256,
            wait: Duration::from_secs(2),
            late: Duration::from_millis(100),
            batches: 16,
            rate: Rate::default(),
            proxies: Proxies::default(),
            tls: None,
            traces: None,
            stop: Duration::from_secs(10),
            poll: Duration::from_secs(1),
            patience: Duration::from_secs(2),
            kept: 128 << 20,
            language: Language::English,
            access: None,
            authzen: None,
            publishing: None,
            webhooks: Vec::new(),
        }
    }
}

/// What all requests share.
#[derive(Debug, Clone)]
pub struct State(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    /// The rules that new requests see.
    library: ArcSwap<Library>,
    /// Where the rules were published, if they were.
    shelf: Option<Shelf>,
    news: ArcSwap<reload::News>,
    answers: Answers,
    moves: Moves,
    events: Events,
    meters: Arc<Meters>,
    /// Where answers are logged, if they are.
    decisions: OnceLock<Logging>,
    /// For work that is not done at once.
    hands: Hands,
    /// For batches and audits, each of which has a thread of its own.
    batches: Arc<Places>,
    /// For whoever sends texts of rules.
    drafts: Arc<Places>,
    pressure: Arc<Pressure>,
    rates: Rates,
}

impl State {
    /// A service of these rules. Works out all of their tasks, so that no question waits for that.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self::with(library, Settings::default())
    }

    /// The same, behaving otherwise.
    #[must_use]
    pub fn with(library: Library, settings: Settings) -> Self {
        Self::shelved(library, None, settings)
    }

    /// A service of the newest version of a store, and of the older ones when they are asked for.
    ///
    /// # Errors
    /// When nothing was published yet, or a file of the version is not what it was.
    pub fn of_store(store: Store, settings: Settings) -> Result<Self, Fault> {
        let files = store.log().latest().map(|(_, latest)| store.files(latest)).ok_or(Fault::Empty)??;
        Ok(Self::shelved(library::from_files(files), Some(Shelf::new(store)), settings))
    }

    fn shelved(library: Library, shelf: Option<Shelf>, settings: Settings) -> Self {
        for large in library.compile() {
            let words = pick(settings.language, "việc không trả lời được", "a task cannot be answered");
            let fault = reload::too_large(&library, &large);
            tracing::error!("{words}: {}: {}", fault.place(), fault.words(settings.language));
        }
        let newest = shelf.as_ref().map_or(0, |shelf| shelf.store().log().next().saturating_sub(1));
        Self(Arc::new(Shared {
            moves: Moves::new(),
            events: Events::new(newest),
            library: ArcSwap::from_pointee(library),
            shelf,
            news: ArcSwap::from_pointee(reload::News::new()),
            answers: Answers::new(settings.kept),
            meters: Arc::new(Meters::new()),
            decisions: OnceLock::new(),
            hands: Hands::new(&settings),
            batches: Arc::new(Places::new(settings.batches)),
            drafts: Arc::new(Places::new(drafts::PLACES)),
            pressure: Arc::default(),
            rates: Rates::new(settings.rate),
            settings,
        }))
    }

    /// The rules of this moment. A request takes them once and keeps them, so that it sees one library from start to end
    /// though the rules be reloaded meanwhile.
    fn library(&self) -> Arc<Library> {
        self.0.library.load_full()
    }

    /// The version of the rules that new requests see.
    #[must_use]
    pub fn version(&self) -> String {
        self.library().version.clone()
    }

    /// How many errors the rules hold that new requests see.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.library().errors()
    }

    /// Whether clients have to speak TLS.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.0.settings.tls.is_some()
    }

    fn shelf(&self) -> Option<&Shelf> {
        self.0.shelf.as_ref()
    }

    fn take(&self, library: Arc<Library>) {
        self.0.library.store(library);
    }

    fn moves(&self) -> &Moves {
        &self.0.moves
    }

    fn events(&self) -> &Events {
        &self.0.events
    }

    fn news(&self) -> Arc<reload::News> {
        self.0.news.load_full()
    }

    fn tell(&self, news: reload::News) {
        self.0.news.store(Arc::new(news));
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn answers(&self) -> &Answers {
        &self.0.answers
    }

    fn meters(&self) -> &Arc<Meters> {
        &self.0.meters
    }

    fn hands(&self) -> &Hands {
        &self.0.hands
    }

    fn batches(&self) -> &Arc<Places> {
        &self.0.batches
    }

    fn drafts(&self) -> &Arc<Places> {
        &self.0.drafts
    }

    fn pressure(&self) -> &Arc<Pressure> {
        &self.0.pressure
    }

    fn rates(&self) -> &Rates {
        &self.0.rates
    }
}

/// Every route, as the service and the tests have it.
pub fn app(state: State) -> App {
    Routes::new(state.meters())
        .route("/", get(page::page))
        .route("/style.css", get(page::style))
        .route("/v1/who-decides", get(who_decides::get).post(who_decides::post))
        .route("/v1/who-decides/batch", post(batch::post))
        .route("/v1/tasks", get(tasks::list))
        .route("/v1/tasks/{id}", get(tasks::one))
        .route("/v1/tasks/{id}/table", get(over_time::table))
        .route("/v1/tasks/{id}/timeline", get(over_time::timeline))
        .route("/v1/units", get(units::list))
        .route("/v1/units/{code}", get(units::one))
        .route("/v1/documents/{*number}", get(documents::one))
        .route("/v1/bodies/{id}/portfolio", get(portfolio::get))
        .route("/v1/check", get(check::get).post(check::post))
        .route("/v1/format", post(format::post))
        .route("/v1/diff", get(diff::get).post(diff::post))
        .route("/v1/audit", post(audit::post))
        .route("/v1/versions", get(versions::list))
        .route("/v1/versions/{version}/rollback", post(proposals::rollback))
        .route("/v1/proposals", get(proposals::list).post(proposals::post))
        .route("/v1/proposals/{name}", get(proposals::one).delete(proposals::withdraw))
        .route("/v1/proposals/{name}/approval", post(proposals::approve))
        .route("/v1/events", get(events::get))
        .route("/v1/rules", get(rules::get))
        .route("/access/v1/evaluation", post(authzen::evaluation))
        .route("/access/v1/evaluations", post(authzen::evaluations))
        .route("/access/v1/search/subject", post(authzen::search))
        .route("/.well-known/authzen-configuration", get(authzen::metadata))
        .route("/reference", get(reference::get))
        .route("/openapi.json", get(openapi::get))
        .route("/metrics", get(meters::get))
        .route("/healthz/live", get(health::live))
        .route("/healthz/ready", get(health::ready))
        .serve(state)
}

/// So many may connect at one moment. The usual 128 makes the others of a burst come again after a second, or three.
const BACKLOG: u32 = 1024;

/// Listens where clients of the service connect.
///
/// # Errors
/// When the system does not give the address.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A service that starts again finds its address free, but for one that runs. Elsewhere this would let in two.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until the process is told to stop, then finishes what is under way.
///
/// # Errors
/// When the signals of the system cannot be listened to.
pub async fn serve(listener: TcpListener, state: State) -> io::Result<()> {
    let (told, language) = (told_to_stop()?, state.settings().language);
    let stop = async move {
        told.await;
        tracing::info!("{}", pick(language, "được bảo dừng: trả lời nốt", "told to stop: finishing what is under way"));
    };
    serve_until(listener, state.clone(), stop).await;
    // What was answered last is written before the process ends.
    if let Some(log) = state.decision_log() {
        log.close();
    }
    tracing::info!("{}", pick(language, "đã dừng", "stopped"));
    Ok(())
}

/// The same until something completes.
pub async fn serve_until(listener: TcpListener, state: State, stop: impl Future<Output = ()>) {
    let tidy = async {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            state.meters().tidy();
            state.rates().tidy();
        }
    };
    let pressure = state.pressure().watch(state.settings().late);
    reload::certify(&state, None);
    let app = app(state.clone());
    let watch = watch_access(state.clone());
    let told = state.settings().webhooks.iter().cloned();
    let telling: Vec<JoinHandle<()>> = told.map(|hook| tokio::spawn(webhooks::tell(state.clone(), hook))).collect();
    // Whoever listens would keep the service from stopping.
    let (listened, stop) = (state.clone(), async {
        stop.await;
        state.events().end();
    });
    tokio::select! {
        () = connections::serve(listener, (listened, app), stop) => {}
        () = tidy => {}
        () = watch => {}
        () = tls::watch(state.clone()) => {}
    }
    drop(pressure);
    for task in telling {
        // It leaves its turn to others, if it is not in the middle of it.
        let _ = tokio::time::timeout(Duration::from_secs(1), task).await;
    }
    if let Some(traces) = state.settings().traces.clone() {
        let _ = tokio::task::spawn_blocking(move || traces.end()).await;
    }
}

/// Takes the keys of tokens anew when they change.
async fn watch_access(state: State) {
    let Some(guard) = state.settings().access.clone() else { return std::future::pending().await };
    let language = state.settings().language;
    loop {
        tokio::time::sleep(state.settings().poll).await;
        let guard = Arc::clone(&guard);
        let _ = tokio::task::spawn_blocking(move || guard.look(language)).await;
    }
}

/// Completes on ctrl-C or on the signal by which services are stopped.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
