//! Units in JSON: what they are called, when they are so, what became of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes;
use crate::reading::naming::Voice;
use crate::register::{Fate, Portion, RowId};

/// A unit: code, name without its type word, type.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitName {
    pub code: String,
    /// Without the type word.
    pub name: String,
    /// Such as `phường`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A unit with the days on which it is so, its parents and the document that made it so.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitInTime {
    pub code: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Id of its level.
    pub level: String,
    /// The nearest first.
    pub parents: Vec<UnitName>,
    #[schema(format = "date")]
    pub from: String,
    /// Exclusive; `null` is open.
    #[schema(format = "date")]
    pub before: Option<String>,
    /// The number of the document that made it so, where known.
    pub document: Option<String>,
}

/// One step of a unit's history: the unit that it came from or went to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitStep {
    pub code: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[schema(format = "date")]
    pub date: String,
    pub document: Option<String>,
    /// How much of the land.
    #[schema(schema_with = codes::portion)]
    pub portion: &'static str,
}

#[must_use]
pub fn unit(voice: Voice<'_>, id: RowId) -> UnitName {
    let row = voice.rulebook.register.row(id);
    UnitName { code: row.code.clone(), name: row.short_name.clone(), kind: row.kind.clone() }
}

#[must_use]
pub fn unit_in_time(voice: Voice<'_>, id: RowId) -> UnitInTime {
    let register = &voice.rulebook.register;
    let row = register.row(id);
    UnitInTime {
        code: row.code.clone(),
        name: row.short_name.clone(),
        kind: row.kind.clone(),
        level: voice.rulebook[row.level].names.id.clone(),
        parents: register.chain_of_parents(id, row.from).into_iter().map(|above| unit(voice, above)).collect(),
        from: row.from.to_string(),
        before: row.before.map(|day| day.to_string()),
        document: row.document.clone(),
    }
}

#[must_use]
pub fn fate(voice: Voice<'_>, fate: &Fate) -> UnitStep {
    let row = voice.rulebook.register.row(fate.row);
    UnitStep {
        code: row.code.clone(),
        name: row.short_name.clone(),
        kind: row.kind.clone(),
        date: fate.date.to_string(),
        document: fate.document.clone(),
        portion: portion_code(fate.portion),
    }
}

/// The code of how much went on.
#[must_use]
pub(super) const fn portion_code(portion: Portion) -> &'static str {
    match portion {
        Portion::Whole => "whole",
        Portion::Part => "part",
        Portion::Remainder => "remainder",
    }
}
