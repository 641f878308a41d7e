//! One evaluation: the sources, the dossier, and what has been found out so far. Knows no law; it only keeps each question
//! from being put twice.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::rulebook::{DocumentId, FactId, ProvisionId, Rulebook, Seat, SeatAt, TaskId, Value};

use super::holding::Line;
use super::succession::Substitution;
use super::{Clock, Dossier, Query, Site, Sources};

/// From where a sentence is read: at a place, on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Vantage {
    pub(super) site: Site,
    pub(super) clock: Clock,
}

/// A finding, or what has to be settled before there is one.
pub(super) type Found<T, D> = Result<T, <D as Dossier>::Unsettled>;

/// One case, as far as its dossier tells.
pub(super) struct Case<'c, 'a, D: Dossier> {
    pub(super) sources: &'c Sources<'a>,
    pub(super) rules: &'a Rulebook,
    dossier: &'c D,
    answers: Memo<Query, bool>,
    pub(super) standing: Memo<(ProvisionId, Vantage), bool>,
    pub(super) speaking: Memo<(ProvisionId, Vantage), bool>,
    pub(super) in_term: Memo<(DocumentId, Vantage), bool>,
    pub(super) ranks: Memo<(DocumentId, Vantage), u64>,
    pub(super) derived: Memo<(FactId, Vantage), Option<Value>>,
    pub(super) issuers: Memo<DocumentId, bool>,
    /// What is being found out, so that sentences that bear on themselves end the search.
    pub(super) open: Open,
    /// Transfers admitted because no framework text is loaded for their day of issue.
    pub(super) unread: RefCell<BTreeSet<ProvisionId>>,
    /// What is found out is of the ruling itself, and not of the first day of a transfer.
    pub(super) noting: Cell<bool>,
    pub(super) successions: Memo<Vantage, Substitution>,
    pub(super) born: Memo<(ProvisionId, Site), bool>,
    /// Where it is asked for: the lines of a task at a clock, as they come by.
    pub(super) on_the_way: RefCell<Option<OnTheWay>>,
}

/// A task, a clock, and the lines by which its holders were found then.
pub(super) type OnTheWay = (TaskId, Clock, Vec<Line>);

impl<'c, 'a, D: Dossier> Case<'c, 'a, D> {
    pub(super) fn new(sources: &'c Sources<'a>, dossier: &'c D) -> Self {
        Self {
            sources,
            rules: sources.rules,
            dossier,
            answers: Memo::default(),
            standing: Memo::default(),
            speaking: Memo::default(),
            in_term: Memo::default(),
            ranks: Memo::default(),
            derived: Memo::default(),
            issuers: Memo::default(),
            open: Open::default(),
            unread: RefCell::default(),
            noting: Cell::new(true),
            successions: Memo::default(),
            born: Memo::default(),
            on_the_way: RefCell::default(),
        }
    }

    pub(super) fn ask(&self, query: Query) -> Found<bool, D> {
        if let Some(known) = self.answers.get(&query) {
            return Ok(known);
        }
        let answer = self.dossier.ask(&query)?;
        self.answers.put(query, answer);
        Ok(answer)
    }

    /// Whether two seats are one at a clock.
    pub(super) fn same(&self, a: Seat, b: Seat, clock: Clock) -> Found<bool, D> {
        if a.body != b.body {
            return Ok(false);
        }
        self.same_unit(a.at, b.at, clock)
    }

    pub(super) fn same_unit(&self, a: SeatAt, b: SeatAt, clock: Clock) -> Found<bool, D> {
        if a == b {
            return Ok(true);
        }
        match (a, b) {
            (SeatAt::Unit(_), SeatAt::Unit(_)) => Ok(false),
            // A unit is of one level on a day.
            (SeatAt::Level { level, .. }, SeatAt::Level { level: other, .. }) if level != other => Ok(false),
            (SeatAt::Level { .. } | SeatAt::Unit(_), SeatAt::Level { .. } | SeatAt::Unit(_)) => {
                self.ask(Query::SameUnit(a.min(b), a.max(b), clock))
            }
            // No unit, any unit and the other units are no one's own.
            (SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Others { .. }, _)
            | (_, SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Others { .. }) => Ok(false),
        }
    }

    /// There is a place at which something is read.
    pub(super) fn placed(&self, site: Site) -> Found<bool, D> {
        match site {
            Site::Role(role) if self.sources.may_lack(role) => self.ask(Query::Placed(role)),
            Site::Role(_) | Site::Nowhere | Site::Unit(_) => Ok(true),
        }
    }

    /// A seat is at a place that is there, if it is at one.
    pub(super) fn seat_placed(&self, seat: Seat) -> Found<bool, D> {
        match seat.at {
            SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => self.placed(Site::Role(role)),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => Ok(true),
        }
    }

    /// Inside the cover of a task's rules, wherever it has a place.
    pub(super) fn covered(&self, task: TaskId, clock: Clock) -> Found<bool, D> {
        let roles = &self.rules[task].roles;
        let mut somewhere = false;
        for site in roles.iter().map(|role| Site::Role(*role)) {
            if self.placed(site)? {
                somewhere = true;
                if !self.ask(Query::Covered(task, site, clock))? {
                    return Ok(false);
                }
            }
        }
        if somewhere { Ok(true) } else { self.ask(Query::Covered(task, Site::Nowhere, clock)) }
    }

    /// The seat that a sentence means which is read of a holder.
    pub(super) fn meant(seat: Seat, holder: Seat, site: Site) -> Seat {
        let SeatAt::Here { level } = seat.at else { return seat };
        let at = match (holder.at, site) {
            (SeatAt::Level { role, .. } | SeatAt::Others { role, .. }, _) => SeatAt::Level { level, role },
            (SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Unit(_), Site::Role(role)) => {
                SeatAt::Level { level, role }
            }
            (SeatAt::Any { .. }, _)
            | (SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Unit(_), Site::Nowhere | Site::Unit(_)) => {
                SeatAt::Any { level }
            }
        };
        Seat { at, ..seat }
    }
}

/// What is being found out.
#[derive(Default)]
pub(super) struct Open {
    standing: RefCell<BTreeSet<(ProvisionId, Vantage)>>,
    issuers: RefCell<BTreeSet<DocumentId>>,
}

impl Open {
    /// `find`, but yes where the same is being found out already: binding refuses rules whose force depends on itself; should
    /// one get here, the search stops.
    pub(super) fn standing<E>(
        &self,
        key: (ProvisionId, Vantage),
        find: impl FnOnce() -> Result<bool, E>,
    ) -> Result<bool, E> {
        once(&self.standing, key, find)
    }

    /// Likewise for two documents that establish each other's issuers.
    pub(super) fn issuer<E>(&self, key: DocumentId, find: impl FnOnce() -> Result<bool, E>) -> Result<bool, E> {
        once(&self.issuers, key, find)
    }
}

fn once<K: Ord + Copy, E>(
    open: &RefCell<BTreeSet<K>>,
    key: K,
    find: impl FnOnce() -> Result<bool, E>,
) -> Result<bool, E> {
    if !open.borrow_mut().insert(key) {
        return Ok(true);
    }
    let found = find();
    open.borrow_mut().remove(&key);
    found
}

/// What has been found out, by what was asked. Sorted, so that nothing hangs on the order of hashes.
pub(super) struct Memo<K, V>(RefCell<BTreeMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RefCell::new(BTreeMap::new()))
    }
}

impl<K: Ord, V: Clone> Memo<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.0.borrow().get(key).cloned()
    }

    pub(super) fn put(&self, key: K, value: V) {
        self.0.borrow_mut().insert(key, value);
    }

    /// The value of the key, found by `find` when it is not known yet.
    pub(super) fn or_find<E>(&self, key: K, find: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        if let Some(known) = self.get(&key) {
            return Ok(known);
        }
        let found = find()?;
        self.put(key, found.clone());
        Ok(found)
    }
}
