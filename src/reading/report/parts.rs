//! The parts of a ruling in JSON: who, by what right, on what grounds, and what lost.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes;
use super::day::Day;
use super::unit::{UnitName, unit};
use crate::reading::naming::Voice;
use crate::reading::{explain, reason, words};
use crate::rulebook::{self, Names, ProvisionId, ReadingId, RequirementKind, SeatAt};
use crate::ruling;

/// The id of a declared thing, and its name in the language of the answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Name<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

/// A run of days; `null` is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Days {
    /// The first day.
    #[schema(value_type = Option<String>, format = "date")]
    pub from: Option<Day>,
    /// The day after the last one.
    #[schema(value_type = Option<String>, format = "date")]
    pub before: Option<Day>,
}

/// A body in its unit, as far as the unit is known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Seat<'a> {
    /// Id of the body.
    pub body: &'a str,
    pub name: &'a str,
    /// Id of the level; `null` for a body without one.
    pub level: Option<&'a str>,
    /// Id of the role whose place says which unit it is.
    pub place: Option<&'a str>,
    pub unit: Option<UnitName<'a>>,
    /// `any`: every unit of the level; `each-other`: those that the case spans, but the decider's own; else `null`.
    #[schema(schema_with = codes::which)]
    pub which: Option<&'static str>,
    /// Body and unit in words.
    pub label: String,
}

/// A seat that decides, by what it holds the task, and who answers for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Decider<'a> {
    pub body: &'a str,
    pub name: &'a str,
    pub level: Option<&'a str>,
    pub place: Option<&'a str>,
    pub unit: Option<UnitName<'a>>,
    #[schema(schema_with = codes::which)]
    pub which: Option<&'static str>,
    pub label: String,
    #[schema(schema_with = codes::held)]
    pub held: &'static str,
    pub answerable: Seat<'a>,
}

/// What must be obtained before the decision.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Requirement<'a> {
    #[schema(schema_with = codes::requirement)]
    pub kind: &'static str,
    pub of: Seat<'a>,
    pub label: String,
}

/// Where a provision stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Citation<'a> {
    /// The number of the document.
    pub document: &'a str,
    pub address: String,
    /// The number of the document that gave it its wording, where that is another.
    pub amended_by: Option<&'a str>,
    /// The reading of the text that says so.
    pub reading: Option<&'a str>,
    /// All of it in words.
    pub citation: String,
}

/// A provision that the ruling rests on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ground<'a> {
    /// What it did.
    #[schema(schema_with = codes::step)]
    pub kind: &'static str,
    pub document: &'a str,
    pub address: String,
    pub amended_by: Option<&'a str>,
    pub reading: Option<&'a str>,
    pub citation: String,
    /// The official text.
    pub quote: Option<String>,
    /// The quote is not the official wording.
    pub paraphrase: bool,
    /// Nobody has checked it against the official text.
    pub unverified: bool,
    pub confidence: Option<&'a str>,
}

/// A provision that applies by its own terms and yet does not speak.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Loss<'a> {
    pub document: &'a str,
    pub address: String,
    pub amended_by: Option<&'a str>,
    pub reading: Option<&'a str>,
    pub citation: String,
    #[schema(schema_with = codes::why)]
    pub why: &'static str,
    /// The other provision that the reason speaks of.
    pub by: Option<Citation<'a>>,
    pub label: String,
}

/// A text with several readings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reading<'a> {
    pub document: &'a str,
    pub address: String,
    pub options: &'a [String],
}

#[must_use]
pub fn name<'a>(voice: Voice<'a>, names: &'a Names) -> Name<'a> {
    Name { id: &names.id, name: voice.name(names) }
}

/// Both ends, open ones `null`.
#[must_use]
pub fn days(days: rulebook::Days) -> Days {
    Days { from: days.from.map(Day), before: days.before.map(Day) }
}

#[must_use]
pub fn seat(voice: Voice<'_>, named: ruling::Named) -> Seat<'_> {
    let level = match named.seat.at {
        SeatAt::Nowhere => None,
        SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Any { level } | SeatAt::Others { level, .. } => {
            Some(level)
        }
        SeatAt::Unit(unit) => {
            let register = &voice.rulebook.register;
            register.rows_of(unit).last().map(|row| register.row(*row).level)
        }
    };
    let place = match named.seat.at {
        SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => Some(voice.rulebook[role].names.id.as_str()),
        SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => None,
    };
    let which = match named.seat.at {
        SeatAt::Any { .. } => Some("any"),
        SeatAt::Others { .. } => Some("each-other"),
        SeatAt::Nowhere | SeatAt::Level { .. } | SeatAt::Here { .. } | SeatAt::Unit(_) => None,
    };
    let body = &voice.rulebook[named.seat.body].names;
    Seat {
        body: &body.id,
        name: voice.name(body),
        level: level.map(|level| voice.rulebook[level].names.id.as_str()),
        place,
        unit: named.unit.map(|row| unit(voice, row)),
        which,
        label: voice.named(named),
    }
}

#[must_use]
pub fn decider<'a>(voice: Voice<'a>, decider: &ruling::Decider) -> Decider<'a> {
    let Seat { body, name, level, place, unit, which, label } = seat(voice, decider.who);
    let answerable = seat(voice, decider.answerable);
    Decider { body, name, level, place, unit, which, label, held: words::held_code(decider.held), answerable }
}

#[must_use]
pub fn requirements<'a>(voice: Voice<'a>, requirements: &[(RequirementKind, ruling::Named)]) -> Vec<Requirement<'a>> {
    let requirement = |(kind, of): &(RequirementKind, ruling::Named)| {
        let of = seat(voice, *of);
        let label = [words::requirement(*kind, voice.language), " ", &of.label].concat();
        Requirement { kind: words::requirement_code(*kind), of, label }
    };
    requirements.iter().map(requirement).collect()
}

#[must_use]
pub fn seats<'a>(voice: Voice<'a>, all: &[ruling::Named]) -> Vec<Seat<'a>> {
    all.iter().map(|one| seat(voice, *one)).collect()
}

#[must_use]
pub fn grounds<'a>(voice: Voice<'a>, grounds: &[ruling::Ground]) -> Vec<Ground<'a>> {
    grounds.iter().map(|one| ground(voice, one)).collect()
}

fn ground<'a>(voice: Voice<'a>, ground: &ruling::Ground) -> Ground<'a> {
    let rulebook = voice.rulebook;
    let text = &rulebook[rulebook[ground.provision].text];
    let quote: Vec<&str> = text.quotes.iter().map(|quote| quote.text.as_str()).collect();
    let Citation { document, address, amended_by, reading, citation } = cited(voice, ground.provision);
    Ground {
        kind: words::step_code(ground.step),
        document,
        address,
        amended_by,
        reading,
        citation,
        quote: (!quote.is_empty()).then(|| quote.join("\n")),
        paraphrase: text.quotes.iter().any(|quote| quote.paraphrase),
        unverified: explain::unverified(voice, ground.provision),
        confidence: explain::confidence(voice, ground.provision),
    }
}

/// Document, address and citation of a provision.
fn cited(voice: Voice<'_>, id: ProvisionId) -> Citation<'_> {
    let rulebook = voice.rulebook;
    let provision = &rulebook[id];
    let text = &rulebook[provision.text];
    let amended = (text.enacted_by != text.document).then(|| rulebook[text.enacted_by].number.as_str());
    Citation {
        document: &rulebook[text.document].number,
        address: words::address(&text.address, voice.language),
        amended_by: amended,
        reading: provision.reading.map(|(reading, option)| voice.reading_option(reading, option)),
        citation: voice.citation(id),
    }
}

#[must_use]
pub fn loss<'a>(voice: Voice<'a>, loss: &ruling::Loss) -> Loss<'a> {
    let Citation { document, address, amended_by, reading, citation } = cited(voice, loss.provision);
    Loss {
        document,
        address,
        amended_by,
        reading,
        citation,
        why: reason::code(&loss.why),
        by: reason::other(&loss.why).map(|other| cited(voice, other)),
        label: reason::words(&loss.why, voice),
    }
}

#[must_use]
pub fn reading(voice: Voice<'_>, reading: ReadingId) -> Reading<'_> {
    let text = &voice.rulebook[voice.rulebook[reading].text];
    Reading {
        document: &voice.rulebook[text.document].number,
        address: words::address(&text.address, voice.language),
        options: &voice.rulebook[reading].options,
    }
}
