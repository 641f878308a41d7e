//! How a task is handled: its procedure, its time limit, who signs, whose seal. Of seats as rules name them, or of units
//! once these are named.

use super::Seat;
pub use crate::syntax::tree::{Deed, Paper, SealOf, Within};

/// What sentences on how a task is handled compete about: only sentences of one slot are unlike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Procedure,
    Limit,
    Signers,
    Deputy,
    Seal,
}

impl Slot {
    pub const ALL: [Self; 5] = [Self::Procedure, Self::Limit, Self::Signers, Self::Deputy, Self::Seal];
}

/// What one sentence says of it, `S` being who is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handling<S = Seat> {
    Procedure(Procedure<S>),
    /// The time in which the task is to be decided.
    Limit(Within),
    /// Any of these signs. Never empty.
    Signers(Vec<S>),
    /// No deputy signs for whoever signs.
    NoDeputy,
    Seal(S),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Procedure<S = Seat> {
    /// Any of these; empty where nothing is said.
    pub received_by: Vec<S>,
    /// In the order in which they are taken.
    pub stages: Vec<Stage<S>>,
    pub result: Option<Paper>,
}

/// A step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stage<S = Seat> {
    /// One as written; several where the law leaves open which.
    pub by: Vec<S>,
    pub deed: Deed,
    pub within: Option<Within>,
}

impl<S> Handling<S> {
    #[must_use]
    pub const fn slot(&self) -> Slot {
        match self {
            Self::Procedure(_) => Slot::Procedure,
            Self::Limit(_) => Slot::Limit,
            Self::Signers(_) => Slot::Signers,
            Self::NoDeputy => Slot::Deputy,
            Self::Seal(_) => Slot::Seal,
        }
    }

    /// All who are named, in the order of the sentence.
    #[must_use]
    pub fn named(&self) -> Vec<&S> {
        match self {
            Self::Procedure(procedure) => {
                procedure.received_by.iter().chain(procedure.stages.iter().flat_map(|stage| &stage.by)).collect()
            }
            Self::Limit(_) | Self::NoDeputy => Vec::new(),
            Self::Signers(signers) => signers.iter().collect(),
            Self::Seal(seal) => vec![seal],
        }
    }

    /// The same, to be changed.
    pub fn named_mut(&mut self) -> Vec<&mut S> {
        match self {
            Self::Procedure(Procedure { received_by, stages, .. }) => {
                received_by.iter_mut().chain(stages.iter_mut().flat_map(|stage| &mut stage.by)).collect()
            }
            Self::Limit(_) | Self::NoDeputy => Vec::new(),
            Self::Signers(signers) => signers.iter_mut().collect(),
            Self::Seal(seal) => vec![seal],
        }
    }

    /// The same of others, asked for in the order of [`Self::named`].
    pub fn map<T>(&self, mut of: impl FnMut(&S) -> T) -> Handling<T> {
        match self {
            Self::Procedure(procedure) => {
                let received_by = procedure.received_by.iter().map(&mut of).collect();
                let mut stage = |stage: &Stage<S>| Stage {
                    by: stage.by.iter().map(&mut of).collect(),
                    deed: stage.deed,
                    within: stage.within,
                };
                let stages = procedure.stages.iter().map(&mut stage).collect();
                Handling::Procedure(Procedure { received_by, stages, result: procedure.result.clone() })
            }
            Self::Limit(within) => Handling::Limit(*within),
            Self::Signers(signers) => Handling::Signers(signers.iter().map(of).collect()),
            Self::NoDeputy => Handling::NoDeputy,
            Self::Seal(seal) => Handling::Seal(of(seal)),
        }
    }
}

impl<S> Procedure<S> {
    /// The times of its steps together, where they are said in one unit. Steps without a time, and those of the same day,
    /// add nothing.
    #[must_use]
    pub fn takes(&self) -> Option<Within> {
        let mut all: Option<Within> = None;
        for within in self.stages.iter().filter_map(|stage| stage.within) {
            all = Some(match (all, within) {
                (None | Some(Within::SameDay), own) => own,
                (Some(all), Within::SameDay) => all,
                (Some(Within::Days(all)), Within::Days(own)) => Within::Days(all.checked_add(own)?),
                (Some(Within::WorkingDays(all)), Within::WorkingDays(own)) => {
                    Within::WorkingDays(all.checked_add(own)?)
                }
                (Some(Within::Days(_)), Within::WorkingDays(_)) | (Some(Within::WorkingDays(_)), Within::Days(_)) => {
                    return None;
                }
            });
        }
        all
    }
}
