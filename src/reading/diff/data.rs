//! A diff for programs: every member always there. Paths are made by whoever knows where the rules of each side lie.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::{Asked, Change, Class, Findings, Telling, Told, title, unit_lines};
use crate::reading::check::data::{self, FindingShape, Frame, WitnessShape};
use crate::reading::check::review::Judged;
use crate::reading::naming::Voice;
use crate::reading::report::Day;
use crate::reading::table::{self, TableNode, TableRuling};
use crate::rulebook::TaskId;

/// The number of this form.
const FORMAT: u32 = 1;

/// What a change of rules changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Diff)]
pub struct DiffShape<'a> {
    /// The number of this form: 1.
    pub format: u32,
    /// Hash of the old rules.
    pub old: &'a str,
    /// Hash of the new rules.
    pub new: &'a str,
    /// The day of which questions were compared, where it was one alone.
    #[schema(value_type = Option<String>, format = "date")]
    pub on: Option<Day>,
    /// How many tasks both have, whose points were all compared.
    pub compared: usize,
    /// How many changes there are of each class.
    pub counts: BTreeMap<&'static str, usize>,
    pub changes: Vec<ChangeShape<'a>>,
    /// What the registers say unlike, in words.
    pub units: Vec<String>,
    /// Which findings come and go, where that was asked.
    pub findings: Option<DiffFindings<'a>>,
    /// Errors in the rules of the old side, and of the new one.
    pub rules_errors: Vec<usize>,
}

/// A region in which the two say unlike of one thing.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DiffChange)]
pub struct ChangeShape<'a> {
    #[schema(schema_with = classes)]
    pub class: &'static str,
    /// The id of the task.
    pub task: Option<&'a str>,
    pub title: String,
    /// What the old side says; several where its readings differ.
    pub before: Vec<SaidShape<'a>>,
    pub after: Vec<SaidShape<'a>>,
    /// Of the points of the new side; `null` where the task as a whole is meant.
    #[serde(rename = "where")]
    pub region: Option<TableNode<'a>>,
    /// In so many units of the lowest level.
    pub units: Option<usize>,
    pub days: Option<i64>,
    /// One case in which it is so.
    pub witness: Option<WitnessShape<'a>>,
}

/// What a side says: who decides, or what else it says, in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = DiffSaid)]
pub enum SaidShape<'a> {
    Ruling { ruling: Box<TableRuling<'a>> },
    Words { says: Vec<String> },
}

/// Findings that come and go.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DiffFindings<'a> {
    pub new: Vec<FindingShape<'a>>,
    pub gone: Vec<FindingShape<'a>>,
}

fn classes() -> Schema {
    let classes = Class::ALL.map(Class::code);
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(classes)).build())
}

/// A diff; the frames are those of the two sides.
#[must_use]
pub fn shape<'a>(telling: &Telling<'a>, frames: (Frame<'a>, Frame<'a>)) -> DiffShape<'a> {
    let Telling { voices, diff, findings, versions } = *telling;
    let mut counts: BTreeMap<&'static str, usize> = Class::ALL.iter().map(|class| (class.code(), 0)).collect();
    for change in &diff.changes {
        *counts.entry(change.class.code()).or_default() += 1;
    }
    DiffShape {
        format: FORMAT,
        old: versions.0,
        new: versions.1,
        on: diff.on.map(Day),
        compared: diff.compared,
        counts,
        changes: diff.changes.iter().map(|change| of_change(voices, change)).collect(),
        units: unit_lines(voices, diff),
        findings: findings.map(|findings| of_findings(frames, findings)),
        rules_errors: vec![frames.0.rules_errors, frames.1.rules_errors],
    }
}

fn of_change<'a>((old, new): (Voice<'a>, Voice<'a>), change: &'a Change) -> ChangeShape<'a> {
    let (before, after) = match change.task {
        Asked::Both { old, new } => (Some(old), Some(new)),
        Asked::Old(old) => (Some(old), None),
        Asked::New(new) => (None, Some(new)),
    };
    let id = after.map(|task| new.rulebook[task].names.id.as_str());
    let id = id.or_else(|| before.map(|task| old.rulebook[task].names.id.as_str()));
    ChangeShape {
        class: change.class.code(),
        task: id,
        title: title((old, new), change),
        before: side(old, before, &change.before),
        after: side(new, after, &change.after),
        region: after.and_then(|task| Some(table::region_shape(new, task, change.region.as_ref()?))),
        units: change.extent.and_then(|extent| extent.units),
        days: change.extent.and_then(|extent| extent.days),
        witness: change.witness.as_ref().map(|point| data::witness(new, "", point)),
    }
}

fn side<'a>(voice: Voice<'a>, task: Option<TaskId>, all: &'a [Told]) -> Vec<SaidShape<'a>> {
    task.map(|task| all.iter().map(|one| of_told(voice, task, one)).collect()).unwrap_or_default()
}

fn of_told<'a>(voice: Voice<'a>, task: TaskId, told: &'a Told) -> SaidShape<'a> {
    match told {
        Told::Holder(holding) => SaidShape::Ruling { ruling: Box::new(table::ruling_shape(voice, holding)) },
        Told::Beside(beside) => SaidShape::Words { says: table::beside_lines(voice, task, beside) },
        Told::Nothing => SaidShape::Words { says: Vec::new() },
    }
}

/// As a check tells findings.
fn of_findings<'a>((old, new): (Frame<'a>, Frame<'a>), findings: &'a Findings) -> DiffFindings<'a> {
    let told = |frame: Frame<'a>, all: &'a [Judged]| all.iter().map(|one| data::finding(frame, one)).collect();
    DiffFindings { new: told(new, &findings.caused), gone: told(old, &findings.ended) }
}
