//! The published versions of a service that has a store: the newest is served, older ones are read and worked out when they
//! are asked for, each once, and some of them kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ahash::RandomState;
use arc_swap::ArcSwap;
use moka::sync::Cache;

use super::caller::Caller;
use super::problem::{Kind, Problem};
use super::standing::Standing;
use super::{State, request};
use crate::digest::Digest;
use crate::library::{self, Library};
use crate::store::fault::Fault;
use crate::store::log::Log;
use crate::store::statement::Publication;
use crate::store::{Named, Store};
use crate::syntax::tree::Language;

/// So many older versions are kept ready: each takes as much memory as the one that is served.
const READY: u64 = 4;

/// Which version is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Dial {
    /// The one that is served.
    Served,
    Version(String),
    /// What was published by then.
    Known(String),
}

/// The parameters, and members of a body, that say so.
pub(super) const VERSION: &str = "version";
pub(super) const AS_KNOWN: &str = "as_known";

impl Dial {
    /// As a query string says it.
    pub(super) fn of(caller: &Caller) -> Result<Self, Problem> {
        let said = |name| caller.one(name).map(str::to_owned);
        Self::said(said(VERSION), said(AS_KNOWN), caller.language)
    }

    /// One of the two, or neither.
    pub(super) fn said(version: Option<String>, known: Option<String>, language: Language) -> Result<Self, Problem> {
        match (version, known) {
            (None, None) => Ok(Self::Served),
            (Some(version), None) => Ok(Self::Version(version)),
            (None, Some(moment)) => Ok(Self::Known(moment)),
            (Some(_), Some(_)) => {
                let detail = match language {
                    Language::Vietnamese => format!("chỉ nêu một trong hai: `{VERSION}` hoặc `{AS_KNOWN}`"),
                    Language::English => format!("say one of the two, `{VERSION}` or `{AS_KNOWN}`"),
                };
                Err(Problem::new(Kind::BadParameter, language, detail).at(AS_KNOWN))
            }
        }
    }

    const fn member(&self) -> &'static str {
        match self {
            Self::Served | Self::Version(_) => VERSION,
            Self::Known(_) => AS_KNOWN,
        }
    }

    fn find(&self, log: &Log) -> Result<Publication, Fault> {
        let (_, publication) = match self {
            Self::Served => log.find(&Named::Latest)?,
            Self::Version(named) => log.find(&named.parse::<Named>()?)?,
            Self::Known(moment) => log.known(moment)?,
        };
        Ok(publication.clone())
    }
}

/// A store and what of it is ready.
#[derive(Debug)]
pub(super) struct Shelf {
    /// Held while it is read, which may take as long as a database takes that does not answer.
    store: Mutex<Store>,
    /// As it was read last, for those who cannot wait.
    log: ArcSwap<Log>,
    standing: Arc<Standing>,
    ready: Cache<Digest, Arc<Library>, RandomState>,
    /// Whoever looks for the newest version and takes it does so alone: else one who looked earlier could take an older one later.
    turn: Mutex<()>,
}

impl Shelf {
    pub(super) fn new(store: Store) -> Self {
        let ready = Cache::builder().max_capacity(READY).build_with_hasher(RandomState::new());
        let standing = Arc::new(Standing::new(store.log().last().map_or(0, |last| last.number)));
        let hinted = Arc::clone(&standing);
        store.hint(move || hinted.want());
        Self { log: ArcSwap::new(store.snapshot()), store: Mutex::new(store), standing, ready, turn: Mutex::new(()) }
    }

    /// As it was read last.
    pub(super) fn log(&self) -> Arc<Log> {
        self.log.load_full()
    }

    /// How far it is served.
    pub(super) fn standing(&self) -> &Arc<Standing> {
        &self.standing
    }

    /// Nothing is left half done by whoever panicked: a log is replaced as a whole.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last entry, and the newest version if it is another than the one that is served.
    pub(super) fn newer(&self, than: &Library) -> Result<(u32, Option<Arc<Library>>), Fault> {
        let mut store = self.store();
        store.follow()?;
        self.log.store(store.snapshot());
        let publication = Dial::Served.find(store.log())?;
        let differs = publication.rules != than.digest;
        let known = || self.ready.get(&publication.rules).map(Ok);
        let beside = |files| Arc::new(library::from_files_beside(files, than));
        let read = || store.files(&publication).map(beside);
        let library = differs.then(|| known().unwrap_or_else(read)).transpose()?;
        Ok((store.log().last().map_or(0, |last| last.number), library))
    }

    /// Held while the newest version is looked for and taken.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps rules ready that were worked out already.
    pub(super) fn offer(&self, library: Arc<Library>) {
        self.ready.insert(library.digest, library);
    }

    /// A version, worked out once whoever asks meanwhile, beside another that is at hand.
    pub(super) fn ready(&self, publication: &Publication, beside: &Library) -> Result<Arc<Library>, Fault> {
        let work = || {
            let files = self.store().files(publication)?;
            let library = library::from_files_beside(files, beside);
            library.compile();
            Ok(Arc::new(library))
        };
        self.ready.try_get_with(publication.rules, work).map_err(|fault: Arc<Fault>| Fault::clone(&fault))
    }
}

impl State {
    /// The rules that a request asks for.
    pub(super) async fn rules(&self, dial: Dial, language: Language) -> Result<Arc<Library>, Problem> {
        let served = self.library();
        if dial == Dial::Served {
            return Ok(served);
        }
        let state = self.clone();
        let work = move || state.of_dial(&dial, &served, language);
        self.aside(work).await.unwrap_or_else(|why| Err(why.problem(language)))
    }

    /// The same where one may wait.
    pub(super) fn of_dial(
        &self,
        dial: &Dial,
        served: &Arc<Library>,
        language: Language,
    ) -> Result<Arc<Library>, Problem> {
        let wrong = |detail: String| Problem::new(Kind::BadParameter, language, detail).at(dial.member());
        if *dial == Dial::Served {
            return Ok(Arc::clone(served));
        }
        let Some(shelf) = self.shelf() else {
            return Err(wrong(
                match language {
                    Language::Vietnamese => "dịch vụ này đọc thư mục quy định, không có kho phiên bản",
                    Language::English => "this service reads folders of rules, and keeps no versions",
                }
                .to_owned(),
            ));
        };
        let publication = dial.find(&shelf.log()).map_err(|fault| wrong(fault.words(language)))?;
        if publication.rules == served.digest {
            return Ok(Arc::clone(served));
        }
        if let Some(library) = shelf.ready.get(&publication.rules) {
            return Ok(library);
        }
        // Who waited for a database that does not answer would keep others from being answered.
        if shelf.standing.is_unreadable() {
            return Err(away(language));
        }
        shelf.ready(&publication, served).map_err(|fault| {
            tracing::error!(trace_id = request::trace_id(), "{}", fault.words(self.settings().language));
            if matches!(fault, Fault::Away { .. }) { away(language) } else { Problem::internal(language) }
        })
    }
}

/// Only what is served and what was asked lately can be answered now.
fn away(language: Language) -> Problem {
    let detail = match language {
        Language::Vietnamese => {
            "hiện không đọc được kho; chỉ trả lời theo phiên bản đang dùng và các phiên bản vừa được hỏi"
        }
        Language::English => {
            "the store cannot be read now; only the version that is served and those asked lately are answered"
        }
    };
    Problem::new(Kind::StoreAway, language, detail)
}
