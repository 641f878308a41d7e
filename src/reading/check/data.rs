//! Findings as JSON, for programs: every member always there. Its form has a number of its own, which rises when a member
//! changes its meaning or goes. Paths are made by whoever knows where the rules lie.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::command::ask_command;
use super::review::{Judged, Review, Standing};
use super::{Point, Severity, help, message};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Day, Days, FactValue, Name, Reading, UnitName};
use crate::reading::table::{TableCondition, TableNode, region_shape};
use crate::reading::words;
use crate::register::LocalityId;
use crate::rulebook::{ProvisionId, RoleId};
use crate::source::{Sources, Span};

/// The number of this form.
pub const FORMAT: u32 = 1;

/// What findings are shown with.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub voice: Voice<'a>,
    pub sources: &'a Sources,
    /// The path that a reader knows for one of the sources.
    pub path: &'a dyn Fn(&str) -> String,
    /// What a command must say besides, so that it asks the same rules: ` --rules DIR`, or nothing.
    pub rules: &'a str,
    pub version: &'a str,
    pub rules_errors: usize,
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Frame").field("version", &self.version).finish_non_exhaustive()
    }
}

/// What a check found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Findings)]
pub struct FindingsShape<'a> {
    /// The number of this form: 1.
    pub format: u32,
    /// In order of task and code.
    pub findings: Vec<FindingShape<'a>>,
    /// What is accepted in the baseline and does not occur any more.
    pub stale: Vec<StaleShape<'a>>,
    pub counts: CountsShape,
    /// Errors in the rules that were loaded: then findings may be missing, or be consequences of them.
    pub rules_errors: usize,
    /// Hash of the rules.
    pub version: &'a str,
}

/// How much was looked at, and what came of it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = FindingCounts)]
pub struct CountsShape {
    pub tasks: usize,
    /// Into how many regions the points of these tasks fall.
    pub regions: usize,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Known from the baseline, and not counted above.
    pub accepted: usize,
    /// Of these without a reason.
    pub unexplained: usize,
    /// Of a code that was allowed, and not counted above.
    pub allowed: usize,
    pub stale: usize,
}

/// One defect.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingShape<'a> {
    #[schema(schema_with = codes)]
    pub code: &'static str,
    #[schema(schema_with = severities)]
    pub severity: &'static str,
    pub message: String,
    /// `null` of a finding about a document.
    pub task: Option<Name<'a>>,
    /// The sentences at fault, the one that is to be looked at first.
    pub at_fault: Vec<SentenceShape<'a>>,
    /// The sentences that make it a fault.
    pub because: Vec<SentenceShape<'a>>,
    /// Where in the rules it shows.
    pub at: SpotShape,
    /// Where, when and in which cases it is so: a tree, of which every way down holds. `null`: of no points.
    pub region: Option<TableNode<'a>>,
    /// The same, each way down as what holds together on it.
    pub regions: Vec<Vec<TableCondition<'a>>>,
    /// When, of what has no places.
    pub days: Vec<Days>,
    /// One case in which it is so.
    pub witness: Option<WitnessShape<'a>>,
    /// One thing to do about it.
    pub help: &'static str,
    /// Stays while what is found stays, whatever becomes of lines and files.
    pub fingerprint: &'a str,
    #[schema(schema_with = standings)]
    pub standing: &'static str,
    /// The reason for which it is accepted.
    pub why: Option<&'a str>,
}

/// A place in the files of the rules.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SpotInRules)]
pub struct SpotShape {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// A sentence of law.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SentenceFound)]
pub struct SentenceShape<'a> {
    /// The number of the document.
    pub document: &'a str,
    pub issuer: String,
    #[schema(value_type = String, format = "date")]
    pub issued: Day,
    pub address: String,
    /// All of it in words.
    pub citation: String,
    pub at: SpotShape,
}

/// A case. What it does not say makes no difference.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Witness)]
pub struct WitnessShape<'a> {
    #[schema(value_type = String, format = "date")]
    pub day: Day,
    pub places: Vec<WitnessPlace<'a>>,
    pub facts: Vec<WitnessFact<'a>>,
    pub readings: Vec<WitnessReading<'a>>,
    /// The command that asks about it, where a question can say it.
    pub command: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WitnessPlace<'a> {
    /// Id of the role.
    pub place: &'a str,
    /// `null`: there is no such place.
    pub unit: Option<UnitName<'a>>,
    /// Id of the highest level of which the case spans several units there.
    pub spans: Option<&'a str>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WitnessFact<'a> {
    pub fact: &'a str,
    pub value: FactValue<'a>,
    pub label: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WitnessReading<'a> {
    pub reading: Reading<'a>,
    pub option: &'a str,
}

/// An entry of the baseline that nothing answers to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StaleEntry)]
pub struct StaleShape<'a> {
    pub task: Option<&'a str>,
    pub code: &'a str,
    pub about: &'a [String],
    pub why: &'a str,
    pub fingerprint: &'a str,
}

fn choice(of: impl Iterator<Item = &'static str>) -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(of)).build())
}

fn codes() -> Schema {
    choice(super::Code::ALL.iter().map(|code| code.id()))
}

fn severities() -> Schema {
    choice([Severity::Error, Severity::Warning, Severity::Note].into_iter().map(Severity::id))
}

fn standings() -> Schema {
    choice(["fails", "told", "allowed", "accepted"].into_iter())
}

/// A review; of findings that are not told only where all are wanted.
#[must_use]
pub fn shape<'a>(frame: Frame<'a>, review: &'a Review, all: All) -> FindingsShape<'a> {
    let shown = review.judged.iter().filter(|one| all == All::Yes || one.standing.is_told());
    let stale = |entry: &'a super::baseline::Accepted| StaleShape {
        task: entry.task.as_deref(),
        code: &entry.code,
        about: &entry.about,
        why: &entry.why,
        fingerprint: &entry.fingerprint,
    };
    let counts = review.counts();
    FindingsShape {
        format: FORMAT,
        findings: shown.map(|one| finding(frame, one)).collect(),
        stale: review.stale.iter().map(stale).collect(),
        counts: CountsShape {
            tasks: review.tasks.len(),
            regions: review.regions,
            errors: counts.errors,
            warnings: counts.warnings,
            notes: counts.notes,
            accepted: counts.accepted,
            unexplained: counts.unexplained,
            allowed: counts.allowed,
            stale: review.stale.len(),
        },
        rules_errors: frame.rules_errors,
        version: frame.version,
    }
}

/// Whether findings that are accepted or allowed are shown too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum All {
    Yes,
    No,
}

/// One finding.
#[must_use]
pub fn finding<'a>(frame: Frame<'a>, judged: &'a Judged) -> FindingShape<'a> {
    let Judged { finding, fingerprint, standing } = judged;
    let voice = frame.voice;
    let sentences = |ids: &[ProvisionId]| ids.iter().map(|id| sentence(frame, *id)).collect();
    let region = finding.task.zip(finding.region.as_ref()).map(|(task, region)| region_shape(voice, task, region));
    let (standing, why) = match standing {
        Standing::Fails => ("fails", None),
        Standing::Told => ("told", None),
        Standing::Allowed => ("allowed", None),
        Standing::Accepted { why } => ("accepted", Some(why.as_str())),
    };
    FindingShape {
        code: finding.code().id(),
        severity: finding.code().severity().id(),
        message: message(voice, finding),
        task: finding.task.map(|task| report::name(voice, &voice.rulebook[task].names)),
        at_fault: sentences(&finding.at_fault),
        because: sentences(&finding.because),
        at: spot(frame, finding.span),
        regions: region.as_ref().map(flattened).unwrap_or_default(),
        region,
        days: finding.days.iter().map(|days| report::days(*days)).collect(),
        witness: finding.witness.as_ref().map(|point| witness(voice, frame.rules, point)),
        help: help(finding, voice.language),
        fingerprint,
        standing,
        why,
    }
}

/// Where a span is for a reader.
#[must_use]
pub fn spot(frame: Frame<'_>, span: Span) -> SpotShape {
    let file = frame.sources.get(span.source).map_or("", |source| &source.path);
    let (line, column) = frame.sources.line_column(span);
    SpotShape { file: (frame.path)(file), line, column }
}

fn sentence(frame: Frame<'_>, id: ProvisionId) -> SentenceShape<'_> {
    let voice = frame.voice;
    let provision = &voice.rulebook[id];
    let text = &voice.rulebook[provision.text];
    let document = &voice.rulebook[text.document];
    SentenceShape {
        document: &document.number,
        issuer: voice.issuer(&document.issuer),
        issued: Day(document.issued),
        address: words::address(&text.address, voice.language),
        citation: voice.citation(id),
        at: spot(frame, provision.span),
    }
}

/// Every way down a tree; one that says nothing where the tree is all of it.
fn flattened<'a>(tree: &TableNode<'a>) -> Vec<Vec<TableCondition<'a>>> {
    if tree.branches.is_empty() {
        return vec![Vec::new()];
    }
    let ways = tree.branches.iter().flat_map(|branch| {
        flattened(&branch.below).into_iter().map(|below| {
            let mut way = vec![branch.condition.clone()];
            way.extend(below);
            way
        })
    });
    ways.collect()
}

/// A point as programs read it; `rules` is what a command must say besides.
pub(crate) fn witness<'a>(voice: Voice<'a>, rules: &str, point: &Point) -> WitnessShape<'a> {
    let register = &voice.rulebook.register;
    let place = |((role, place), spans): ((&RoleId, &LocalityId), &Option<crate::register::LevelId>)| WitnessPlace {
        place: &voice.rulebook[*role].names.id,
        unit: Some(*place)
            .filter(|place| *place != LocalityId::NOWHERE)
            .and_then(|place| register.lowest(place, point.day))
            .map(|row| report::unit(voice, row)),
        spans: spans.map(|level| voice.rulebook[level].names.id.as_str()),
    };
    let roles = voice.rulebook[point.task].roles.iter().zip(&point.places).zip(&point.spans);
    let fact = |(fact, value): &(crate::rulebook::FactId, crate::rulebook::Value)| WitnessFact {
        fact: &voice.rulebook[*fact].names.id,
        value: report::value(voice, *fact, value),
        label: voice.value(*fact, value),
    };
    let reading = |(reading, option): &(crate::rulebook::ReadingId, u8)| WitnessReading {
        reading: report::reading(voice, *reading),
        option: voice.reading_option(*reading, *option),
    };
    WitnessShape {
        day: Day(point.day),
        places: roles.map(place).collect(),
        facts: point.facts.iter().map(fact).collect(),
        readings: point.readings.iter().map(reading).collect(),
        command: ask_command(voice.rulebook, point).map(|command| command + rules),
    }
}
