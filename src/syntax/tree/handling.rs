//! How a task is handled, as it is written: its procedure, its time limit, who signs, whose seal.

use super::Holder;

/// What one sentence says of it.
#[derive(Debug, Clone)]
pub enum Handling {
    /// `procedure T`, with its lines below.
    Procedure(Procedure),
    /// `T is to be decided within 20 working days`.
    Limit(Within),
    /// `T is signed by H or H`.
    SignedBy(Vec<Holder>),
    /// `T must not be signed by a deputy`.
    NoDeputy,
    /// `T bears the seal of H`.
    SealOf(Box<Holder>),
}

#[derive(Debug, Clone, Default)]
pub struct Procedure {
    /// `received by H, H`.
    pub received_by: Vec<Holder>,
    /// In the order in which they are taken.
    pub stages: Vec<Stage>,
    /// `result "…" / "…"`.
    pub result: Option<Paper>,
}

/// `H examines within 7 working days`.
#[derive(Debug, Clone)]
pub struct Stage {
    pub by: Holder,
    pub deed: Deed,
    pub within: Option<Within>,
}

/// What a procedure ends in: in Vietnamese, and in English where that was said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Paper {
    pub vietnamese: String,
    pub english: Option<String>,
}

/// A time in which something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Within {
    SameDay,
    Days(u32),
    WorkingDays(u32),
}

/// What is done at a step of a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    Examines,
    Verifies,
    InspectsTheSite,
    AsksForOpinions,
    GivesItsOpinion,
    Appraises,
    PostsTheNotice,
    Submits,
    Decides,
    ReturnsTheResult,
}

/// Whose seal one uses who decides by delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SealOf {
    Receiver,
    Giver,
}
