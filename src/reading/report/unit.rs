//! Units in JSON: what they are called, when they are so, what became of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes;
use super::day::Day;
use crate::reading::naming::Voice;
use crate::register::{Fate, Portion, RowId};

/// A unit: code, name without its type word, type.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitName<'a> {
    pub code: &'a str,
    /// Without the type word.
    pub name: &'a str,
    /// Such as `phường`.
    #[serde(rename = "type")]
    pub kind: &'a str,
}

/// A unit with the days on which it is so, its parents and the document that made it so.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitInTime<'a> {
    pub code: &'a str,
    pub name: &'a str,
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// Id of its level.
    pub level: &'a str,
    /// The nearest first.
    pub parents: Vec<UnitName<'a>>,
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// Exclusive; `null` is open.
    #[schema(value_type = Option<String>, format = "date")]
    pub before: Option<Day>,
    /// The number of the document that made it so, where known.
    pub document: Option<&'a str>,
}

/// One step of a unit's history: the unit that it came from or went to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitStep<'a> {
    pub code: &'a str,
    pub name: &'a str,
    #[serde(rename = "type")]
    pub kind: &'a str,
    #[schema(value_type = String, format = "date")]
    pub date: Day,
    pub document: Option<String>,
    /// How much of the land.
    #[schema(schema_with = codes::portion)]
    pub portion: &'static str,
}

#[must_use]
pub fn unit(voice: Voice<'_>, id: RowId) -> UnitName<'_> {
    let row = voice.rulebook.register.row(id);
    UnitName { code: &row.code, name: &row.short_name, kind: &row.kind }
}

#[must_use]
pub fn unit_in_time(voice: Voice<'_>, id: RowId) -> UnitInTime<'_> {
    let register = &voice.rulebook.register;
    let row = register.row(id);
    UnitInTime {
        code: &row.code,
        name: &row.short_name,
        kind: &row.kind,
        level: &voice.rulebook[row.level].names.id,
        parents: register.chain_of_parents(id, row.from).into_iter().map(|above| unit(voice, above)).collect(),
        from: Day(row.from),
        before: row.before.map(Day),
        document: row.document.as_deref(),
    }
}

#[must_use]
pub fn fate<'a>(voice: Voice<'a>, fate: &Fate) -> UnitStep<'a> {
    let row = voice.rulebook.register.row(fate.row);
    UnitStep {
        code: &row.code,
        name: &row.short_name,
        kind: &row.kind,
        date: Day(fate.date),
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
