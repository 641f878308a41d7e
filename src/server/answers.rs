//! Answers that are kept, bounded in bytes. Nothing is ever taken out because it grew old: the version of the rules is in
//! every key.
//!
//! *Whole answers* are kept by the bytes of the question, from the second time on that it is asked. Of *rulings* only those are
//! kept that take long to find, by the *region* of the question and the facts that mattered, or by the canonical question: as
//! data, and written anew for each who asks. *Grounds*, most of what is written, are kept as they are written, for all
//! rulings that rest on them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ahash::RandomState;
use axum::body::Bytes;
use jiff::civil::Date;
use moka::sync::Cache;
use serde_json::value::RawValue;

use super::meters::Meters;
use super::regions::Known;
use crate::reading::ask::cell::Region;
use crate::rulebook::{Language, TaskId};
use crate::ruling::{Answer, Ground};

/// How many questions are remembered as asked once.
const ASKED_ONCE: usize = 1 << 16;

/// What a whole answer is kept by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    /// [`Library::number`](crate::library::Library::number).
    pub(super) version: u64,
    /// Of the store's log, which is logged with an answer.
    pub(super) entry: u32,
    /// Of the caller; the question may name another one.
    pub(super) language: Language,
    pub(super) question: Bytes,
}

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) body: Bytes,
    pub(super) language: Language,
    /// What is logged of it, where answers are logged.
    pub(super) told: Option<Arc<str>>,
}

/// What the rulings of a region are kept by: version, language, task, and the region.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct There(pub(super) u64, pub(super) Language, pub(super) TaskId, pub(super) Region);

/// What rendered grounds are kept by: version, language, and the grounds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Grounds(pub(super) u64, pub(super) Language, pub(super) Box<[Ground]>);

/// A ruling as it is kept: the answer to the question that was the first to have it, and its long lists as they are written.
#[derive(Debug)]
pub(super) struct Ruling {
    pub(super) answer: Answer,
    pub(super) chain: Arc<RawValue>,
    pub(super) ask: Option<Box<RawValue>>,
    pub(super) lost: Option<Box<RawValue>>,
    /// The facts that were looked at, where it was worked out by the general way.
    pub(super) read: Vec<usize>,
    /// The first day on which it may be another.
    pub(super) until: Option<Date>,
}

impl Ruling {
    /// What it takes on the heap, without the grounds, which are shared.
    pub(super) fn bytes(&self) -> usize {
        let lists = [&self.ask, &self.lost].into_iter().flatten().map(|text| text.get().len());
        self.answer.bytes() + lists.sum::<usize>() + size_of_val(self.read.as_slice())
    }
}

/// All that is kept.
#[derive(Debug)]
pub(super) struct Answers {
    whole: Cache<Asked, Whole, RandomState>,
    /// By version, language, depth and canonical question, as text.
    rulings: Cache<String, Arc<Ruling>, RandomState>,
    chains: Cache<Grounds, Arc<RawValue>, RandomState>,
    regions: Cache<There, Arc<Known>, RandomState>,
    /// Hashes of questions that were asked once, each at the place that it names itself.
    once: Box<[AtomicU64]>,
    hasher: RandomState,
}

impl Answers {
    /// Keeps so many bytes: a quarter of them in whole answers, half in regions, an eighth each in grounds and by question.
    pub(super) fn new(bytes: u64) -> Self {
        let size = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let whole = move |asked: &Asked, whole: &Whole| {
            let told = whole.told.as_ref().map_or(0, |told| told.len());
            size(asked.question.len() + whole.body.len() + told + size_of::<Asked>() + size_of::<Whole>())
        };
        let ruling = move |key: &String, ruling: &Arc<Ruling>| {
            size(key.len() + ruling.bytes() + size_of::<String>() + size_of::<Ruling>())
        };
        let region = move |there: &There, known: &Arc<Known>| {
            size(there.3.bytes() + size_of::<There>() + size_of::<Known>() + known.bytes())
        };
        let chain = move |of: &Grounds, chain: &Arc<RawValue>| {
            size(size_of_val(&*of.2) + chain.get().len() + size_of::<Grounds>() + size_of::<Arc<RawValue>>())
        };
        Self {
            hasher: RandomState::new(),
            whole: Cache::builder().max_capacity(bytes / 4).weigher(whole).build_with_hasher(RandomState::new()),
            rulings: Cache::builder().max_capacity(bytes / 8).weigher(ruling).build_with_hasher(RandomState::new()),
            regions: Cache::builder().max_capacity(bytes / 2).weigher(region).build_with_hasher(RandomState::new()),
            chains: Cache::builder().max_capacity(bytes / 8).weigher(chain).build_with_hasher(RandomState::new()),
            once: (0..ASKED_ONCE).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    pub(super) fn whole(&self, asked: &Asked, meters: &Meters) -> Option<Whole> {
        let found = self.whole.get(asked);
        if found.is_some() { &meters.whole.hits } else { &meters.whole.misses }.increment(1);
        found
    }

    /// Keeps an answer whole if its question was asked before: most are asked once, and keeping costs more than answering.
    /// What is logged of it is only made then.
    pub(super) fn keep(&self, asked: &Asked, whole: &Whole, told: impl FnOnce() -> Option<Arc<str>>) {
        let hash = self.hasher.hash_one(asked);
        let place = usize::try_from(hash).unwrap_or(usize::MAX) % ASKED_ONCE;
        let Some(once) = self.once.get(place) else { return };
        if once.swap(hash, Ordering::Relaxed) == hash {
            // Copies of their own: the bytes of a request are part of a larger buffer, and a text has room to grow.
            let [question, body] = [&asked.question, &whole.body].map(|bytes| Bytes::copy_from_slice(bytes));
            self.whole
                .insert(Asked { question, ..asked.clone() }, Whole { body, language: whole.language, told: told() });
        }
    }

    /// The ruling of a key; worked out when it is not there, once.
    pub(super) fn ruling<E: Clone + Send + Sync + 'static>(
        &self,
        key: &str,
        meters: &Meters,
        work_out: impl FnOnce() -> Result<Ruling, E>,
    ) -> Result<Arc<Ruling>, E> {
        if let Some(found) = self.known(key, meters) {
            return Ok(found);
        }
        meters.rulings.misses.increment(1);
        let ruling = self.rulings.try_get_with_by_ref(key, || work_out().map(Arc::new));
        ruling.map_err(|error: Arc<E>| E::clone(&error))
    }

    /// The ruling of a key, if it is there.
    pub(super) fn known(&self, key: &str, meters: &Meters) -> Option<Arc<Ruling>> {
        let found = self.rulings.get(key);
        if found.is_some() {
            meters.rulings.hits.increment(1);
        }
        found
    }

    /// The ruling of a question whose region is known.
    pub(super) fn in_region(&self, there: &There, facts: &[Option<u32>], meters: &Meters) -> Option<Arc<Ruling>> {
        let known = self.regions.get(there)?;
        let ruling = known.get(facts).map(Arc::clone)?;
        meters.rulings.hits.increment(1);
        Some(ruling)
    }

    /// Remembers a ruling by its region and the facts that were looked at.
    pub(super) fn remember(&self, there: There, facts: &[Option<u32>], ruling: &Arc<Ruling>) {
        let read = &ruling.read;
        let known = match self.regions.get(&there) {
            Some(known) => known.with(read, facts, ruling),
            None => Some(Known::new(read, facts, ruling)),
        };
        if let Some(known) = known {
            self.regions.insert(there, Arc::new(known));
        }
    }

    /// Grounds as they are written; written when they are not there.
    pub(super) fn chain(&self, grounds: Grounds, write: impl FnOnce() -> Arc<RawValue>) -> Arc<RawValue> {
        if let Some(chain) = self.chains.get(&grounds) {
            return chain;
        }
        let chain = write();
        self.chains.insert(grounds, Arc::clone(&chain));
        chain
    }

    /// Of whole answers, and of rulings with their grounds and regions.
    pub(super) fn bytes(&self) -> (u64, u64) {
        (
            self.whole.weighted_size(),
            self.rulings.weighted_size() + self.chains.weighted_size() + self.regions.weighted_size(),
        )
    }
}
