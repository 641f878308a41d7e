//! A task of the catalogue in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::parts::{Name, name};
use crate::reading::naming::Voice;
use crate::rulebook::Task;

/// A task of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskBrief<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub sector: Option<Name<'a>>,
    /// Codes of administrative procedures.
    pub procedures: &'a [String],
    /// The roles of places; the first is the one that plain `in` fills.
    pub places: Vec<Name<'a>>,
    pub facts: Vec<Name<'a>>,
}

#[must_use]
pub fn brief<'a>(voice: Voice<'a>, task: &'a Task) -> TaskBrief<'a> {
    TaskBrief {
        id: &task.names.id,
        name: voice.name(&task.names),
        sector: task.sector.as_ref().map(|sector| name(voice, sector)),
        procedures: &task.procedures,
        places: task.roles.iter().map(|role| name(voice, &voice.rulebook[*role].names)).collect(),
        facts: task.facts.iter().map(|fact| name(voice, &voice.rulebook[*fact].names)).collect(),
    }
}
