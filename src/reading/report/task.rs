//! A task of the catalogue in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::parts::{Name, name};
use crate::reading::naming::Voice;
use crate::rulebook::Task;

/// A task of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskBrief {
    pub id: String,
    pub name: String,
    pub sector: Option<Name>,
    /// Codes of administrative procedures.
    pub procedures: Vec<String>,
    /// The roles of places; the first is the one that plain `in` fills.
    pub places: Vec<Name>,
    pub facts: Vec<Name>,
}

#[must_use]
pub fn brief(voice: Voice<'_>, task: &Task) -> TaskBrief {
    TaskBrief {
        id: task.names.id.clone(),
        name: voice.name(&task.names).to_owned(),
        sector: task.sector.as_ref().map(|sector| name(voice, sector)),
        procedures: task.procedures.clone(),
        places: task.roles.iter().map(|role| name(voice, &voice.rulebook[*role].names)).collect(),
        facts: task.facts.iter().map(|fact| name(voice, &voice.rulebook[*fact].names)).collect(),
    }
}
