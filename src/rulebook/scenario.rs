//! Scenarios: the questions that legal staff put to the rules, and what they expect, in ids.

use jiff::civil::Date;

use super::{
    Address, BodyId, DocumentId, ExpectedOutcome, FactId, RequirementKind, RoleId, TaskId, TransferForm, Value, Within,
};
use crate::register::{LevelId, UnitId};
use crate::source::Span;

/// A scenario: the test that legal staff write.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub title: String,
    pub ask: Ask,
    pub expect: Vec<(Expectation, Span)>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum Ask {
    WhoDecides { task: TaskId, places: Vec<(RoleId, Option<PlaceQuery>)>, on: Date, facts: Vec<(FactId, Value)> },
    Exists { body: BodyId, level: LevelId, at: PlaceQuery, on: Date },
}

/// A unit as asked for: text for [`crate::register::Register::find`], with the level or type word that precedes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceQuery {
    pub level_or_type: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone)]
pub enum Expectation {
    Decided {
        transferred: Option<TransferForm>,
        holder: ExpectedHolder,
        by: Option<Citation>,
    },
    Outcome {
        outcome: ExpectedOutcome,
        between: Vec<ExpectedHolder>,
    },
    Requires {
        kind: RequirementKind,
        of: ExpectedHolder,
    },
    RequiresNothing,
    SignedBy(ExpectedHolder),
    SealOf(ExpectedHolder),
    /// The steps of the procedure together.
    Takes(Within),
    Limit(Within),
    Lost(Citation),
    Exists(bool),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedHolder {
    pub body: BodyId,
    pub level: Option<LevelId>,
    /// A named unit, when the scenario names one.
    pub unit: Option<UnitId>,
}

/// An address in a document; whatever stands at or below it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    pub document: DocumentId,
    pub address: Address,
}
