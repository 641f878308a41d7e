//! Which decisions a publication moved, task by task: worked out once for two versions, and some of it kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::RandomState;
use moka::sync::Cache;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use crate::digest::Digest;
use crate::library::Library;
use crate::reading::diff::{self, Asked, Diff};
use crate::rulebook::Names;
use crate::store::fault::Fault;
use crate::store::log::{Kept, Log};
use crate::store::statement::Publication;

/// Of so many publications it is kept.
pub(super) const KEPT: u64 = 64;

/// A task of which two versions say something unlike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Moved {
    /// Its id.
    task: String,
    vietnamese: String,
    english: String,
    /// How many regions of each class, as `tq diff` names them.
    classes: BTreeMap<&'static str, usize>,
}

/// What was worked out, by the hashes of both versions.
#[derive(Debug)]
pub(super) struct Moves(Cache<(Digest, Digest), Arc<Vec<Moved>>, RandomState>);

impl Moves {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(KEPT).build_with_hasher(RandomState::new()))
    }

    /// Keeps what an examination found.
    pub(super) fn keep(&self, (old, new): (&Library, &Library), diff: &Diff) -> Arc<Vec<Moved>> {
        let moved = Arc::new(moved((old, new), diff));
        self.0.insert((old.digest, new.digest), Arc::clone(&moved));
        moved
    }
}

impl State {
    /// What a publication of a log moved; nothing of the first. Takes seconds where it was not worked out before.
    pub(super) fn moved(&self, log: &Log, publication: &Publication) -> Result<Arc<Vec<Moved>>, Fault> {
        let Some(parent) = publication.parent else { return Ok(Arc::default()) };
        let work = || {
            let of_parent = |(_, earlier): &(&Kept, &Publication)| earlier.rules == parent;
            let older = log.published().rev().find(of_parent).ok_or_else(|| Fault::NoVersion(parent.short()))?;
            let (old, new) = (self.of(older.1)?, self.of(publication)?);
            let diff = diff::diff(old.law(), new.law()).map_err(|_| Fault::NoVersion(publication.rules.short()))?;
            Ok(Arc::new(moved((&old, &new), &diff)))
        };
        let known = &self.moves().0;
        known.try_get_with((parent, publication.rules), work).map_err(|fault: Arc<Fault>| Fault::clone(&fault))
    }
}

fn moved((old, new): (&Library, &Library), diff: &Diff) -> Vec<Moved> {
    let mut tasks: BTreeMap<Asked, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for change in &diff.changes {
        *tasks.entry(change.task).or_default().entry(change.class.code()).or_default() += 1;
    }
    let named = |(asked, classes): (Asked, BTreeMap<&'static str, usize>)| {
        let names: &Names = match asked {
            Asked::Both { new: task, .. } | Asked::New(task) => &new.rulebook[task].names,
            Asked::Old(task) => &old.rulebook[task].names,
        };
        Moved { task: names.id.clone(), vietnamese: names.vietnamese.clone(), english: names.english.clone(), classes }
    };
    tasks.into_iter().map(named).collect()
}
