//! The codes that JSON holds in the stead of words, as schemas: every variant of each enum.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};

use super::unit::portion_code;
use crate::reading::handling::mark_code;
use crate::reading::signature::Mark;
use crate::reading::{reason, words};
use crate::register::Portion;
use crate::rulebook::{Deed, RequirementKind, Sharing, Slot};
use crate::ruling::{ConflictKind, Held, Outcome, Step};

fn one_of(codes: impl IntoIterator<Item = &'static str>, nullable: bool) -> Schema {
    let text = ObjectBuilder::new();
    let codes: Vec<Option<&str>> = codes.into_iter().map(Some).chain(nullable.then_some(None)).collect();
    let types =
        if nullable { SchemaType::from_iter([Type::String, Type::Null]) } else { SchemaType::new(Type::String) };
    Schema::Object(text.schema_type(types).enum_values(Some(codes)).build())
}

const OUTCOMES: [Outcome; 9] = [
    Outcome::Decided,
    Outcome::Concurrent,
    Outcome::Gap,
    Outcome::Conflict,
    Outcome::Orphaned,
    Outcome::NotRequired,
    Outcome::Open,
    Outcome::NotCovered,
    Outcome::Undetermined,
];

pub(in crate::reading) fn outcome() -> Schema {
    one_of(OUTCOMES.map(words::outcome_code), false)
}

const HELD: [Held; 6] =
    [Held::Assigned, Held::Devolved, Held::Reorganised, Held::Decentralised, Held::Entrusted, Held::Delegated];

pub(in crate::reading) fn held() -> Schema {
    one_of(HELD.map(words::held_code), false)
}

pub(in crate::reading) fn held_or_null() -> Schema {
    one_of(HELD.map(words::held_code), true)
}

pub(in crate::reading) fn which() -> Schema {
    one_of(["any", "each-other"], true)
}

pub(in crate::reading) fn step() -> Schema {
    let steps = [
        Step::Assigns,
        Step::SwitchesOff,
        Step::Widens,
        Step::Passes,
        Step::Succeeds,
        Step::Decentralises,
        Step::Entrusts,
        Step::Delegates,
        Step::Requires,
        Step::StepsIn,
        Step::Handles(Slot::Procedure),
        Step::Handles(Slot::Limit),
        Step::Handles(Slot::Signers),
        Step::Handles(Slot::Deputy),
        Step::Handles(Slot::Seal),
        Step::Abolishes,
    ];
    one_of(steps.map(words::step_code), false)
}

pub(in crate::reading) fn requirement() -> Schema {
    let kinds = [
        RequirementKind::PriorApproval,
        RequirementKind::Appraisal,
        RequirementKind::Agreement,
        RequirementKind::Opinion,
        RequirementKind::Report,
    ];
    one_of(kinds.map(words::requirement_code), false)
}

pub(in crate::reading) fn sharing() -> Schema {
    let ways = [Sharing::AnyOf, Sharing::FirstToAccept, Sharing::ApplicantChooses];
    one_of(ways.map(words::sharing_code), true)
}

pub(in crate::reading) fn conflict() -> Schema {
    let kinds = [ConflictKind::Deciders, ConflictKind::Receivers, ConflictKind::Circular, ConflictKind::Places];
    one_of(kinds.map(words::conflict_code), true)
}

pub(in crate::reading) fn portion() -> Schema {
    one_of([Portion::Whole, Portion::Part, Portion::Remainder].map(portion_code), false)
}

pub(in crate::reading) fn about() -> Schema {
    one_of(["fact", "place", "reading"], false)
}

pub(in crate::reading) fn why() -> Schema {
    one_of(reason::CODES, false)
}

pub(in crate::reading) fn deed() -> Schema {
    let deeds = [
        Deed::Examines,
        Deed::Verifies,
        Deed::InspectsTheSite,
        Deed::AsksForOpinions,
        Deed::GivesItsOpinion,
        Deed::Appraises,
        Deed::PostsTheNotice,
        Deed::Submits,
        Deed::Decides,
        Deed::ReturnsTheResult,
    ];
    one_of(deeds.map(words::deed_code), false)
}

pub(in crate::reading) fn mark() -> Schema {
    one_of([Mark::OnBehalf, Mark::ByDelegation].map(mark_code), true)
}

pub(in crate::reading) fn slots() -> Schema {
    let codes = one_of(Slot::ALL.map(words::slot_code), false);
    Schema::Array(ArrayBuilder::new().items(RefOr::T(codes)).build())
}

pub(in crate::reading) fn time() -> Schema {
    one_of(["days", "working-days"], false)
}
