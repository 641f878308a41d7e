//! Scenarios as they are written: what is asked, and what is expected.

use jiff::civil::Date;

use super::{AddressRef, Holder, Literal, Name, RequirementKind, Scope, TransferForm, Within};
use crate::source::{Span, Spanned};

#[derive(Debug, Clone)]
pub struct ScenarioItem {
    pub title: Name,
    pub ask: Option<ScenarioAsk>,
    pub expect: Vec<Expectation>,
    /// A line of it could not be read: the rest would test something else.
    pub damaged: bool,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum ScenarioAsk {
    WhoDecides {
        task: Name,
        places: Vec<(Option<Name>, Scope)>,
        /// `without ROLE` / `không có nơi ROLE`.
        without: Vec<Name>,
        on: Spanned<Date>,
        facts: Vec<(Name, Vec<Literal>)>,
        span: Span,
    },
    /// `ask there is BODY at LEVEL in SCOPE on DATE`.
    Exists { body: Name, level: Name, at: Scope, on: Spanned<Date>, span: Span },
}

#[derive(Debug, Clone)]
pub struct Expectation {
    pub kind: ExpectationKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum ExpectationKind {
    /// `decided by`, `delegated to`, `entrusted to`, `decentralised to`, with `by ADDRESS of NUMBER`.
    Decided {
        transferred: Option<TransferForm>,
        holder: Holder,
        by: Option<AddressRef>,
    },
    /// Another outcome, perhaps `between HOLDERS`.
    Outcome {
        outcome: ExpectedOutcome,
        between: Vec<Holder>,
    },
    Requires {
        kind: RequirementKind,
        of: Holder,
    },
    RequiresNothing,
    /// `signed by H`.
    SignedBy(Holder),
    /// `seal of H`.
    SealOf(Holder),
    /// `procedure takes 20 working days`: its steps together.
    Takes(Within),
    /// `to be decided within 20 working days`.
    Limit(Within),
    /// `lost ADDRESS of NUMBER`: that provision does not speak here, for a reason on record.
    Lost(AddressRef),
    Exists(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedOutcome {
    Concurrent,
    Gap,
    Conflict,
    Orphaned,
    NotRequired,
    Open,
    NotCovered,
    Undetermined,
}
