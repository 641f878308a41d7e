//! What is wrong with a question, in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::parts::{Name, name};
use super::unit::{UnitInTime, UnitStep, fate, unit_in_time};
use crate::reading::naming::Voice;
use crate::reading::trouble;

/// What is wrong with a question: which member, what was expected, what may have been meant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trouble<'a> {
    pub code: String,
    pub detail: String,
    /// The path of the member that is wrong.
    pub member: String,
    pub expected: Option<String>,
    /// Ready to be written instead.
    pub suggestion: Option<String>,
    /// The tasks that there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Name<'a>>,
    /// Units that may have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<UnitInTime<'a>>,
    /// What became of the unit that was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<UnitStep<'a>>,
}

/// The members of a trouble, as problems carry them.
#[must_use]
pub fn trouble<'a>(voice: Voice<'a>, trouble: &trouble::Trouble) -> Trouble<'a> {
    Trouble {
        code: trouble.code().to_owned(),
        detail: trouble.words(voice),
        member: trouble.member.path(),
        expected: trouble.expected(voice),
        suggestion: trouble.suggestion(voice),
        tasks: trouble.tasks(voice).into_iter().map(|names| name(voice, names)).collect(),
        candidates: trouble.candidates().iter().map(|row| unit_in_time(voice, *row)).collect(),
        successors: trouble.successors().iter().map(|one| fate(voice, one)).collect(),
    }
}
