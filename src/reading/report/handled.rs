//! How a task is handled, in JSON: procedure, time limit, signature, seal.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes;
use super::parts::{Seat, seat};
use crate::reading::naming::Voice;
use crate::reading::signature::{self, Mark};
use crate::reading::{handling, words};
use crate::rulebook::{self, Handling, Slot};
use crate::ruling::{self, Answer, Named};

/// A number of days.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Time {
    /// 0 is the same day.
    pub number: u32,
    #[schema(schema_with = codes::time)]
    pub unit: &'static str,
}

/// How a case is gone about, from its receipt to its result.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Procedure<'a> {
    /// Any of these.
    pub received_by: Vec<Seat<'a>>,
    /// In the order in which they are taken.
    pub steps: Vec<ProcedureStep<'a>>,
    /// The times of the steps together, where they are said in one unit.
    pub takes: Option<Time>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProcedureStep<'a> {
    /// One, or several where the law leaves open which.
    pub by: Vec<Seat<'a>>,
    #[schema(schema_with = codes::deed)]
    pub does: &'static str,
    pub within: Option<Time>,
    pub label: String,
}

/// One way in which the decision is signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Signature<'a> {
    /// `TM.`: on behalf of a body that works collectively; `TUQ.`: by delegation, under the giver's seal.
    #[schema(schema_with = codes::mark)]
    pub mark: Option<&'static str>,
    /// Whom the mark names.
    #[serde(rename = "for")]
    pub of: Option<Seat<'a>>,
    /// For whom the signer deputises: `KT.` stands above its name.
    pub in_place_of: Option<Seat<'a>>,
    pub signer: Seat<'a>,
    /// A deputy of the signer may sign in its place (`KT.`).
    pub deputy: bool,
    pub label: String,
}

/// What the texts say of how a task is handled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Handled<'a> {
    pub procedure: Option<Procedure<'a>>,
    /// What the procedure ends in.
    pub result: Option<String>,
    /// The time in which the task is to be decided.
    pub limit: Option<Time>,
    /// Any of these signs; empty where no text says who.
    pub signers: Vec<Seat<'a>>,
    /// `false`: no deputy signs.
    pub deputies: bool,
    pub seal: Option<Seat<'a>>,
    /// The slots of which texts of equal standing say unlike things, so that nothing is told of them.
    #[schema(schema_with = codes::slots)]
    pub unlike: Vec<&'static str>,
}

fn time(within: rulebook::Within) -> Time {
    let (number, unit) = match within {
        rulebook::Within::SameDay => (0, "days"),
        rulebook::Within::Days(days) => (days, "days"),
        rulebook::Within::WorkingDays(days) => (days, "working-days"),
    };
    Time { number, unit }
}

fn procedure<'a>(voice: Voice<'a>, of: &rulebook::Procedure<Named>) -> Procedure<'a> {
    let seats = |all: &[Named]| all.iter().map(|one| seat(voice, *one)).collect::<Vec<_>>();
    let step = |stage: &rulebook::Stage<Named>| {
        let by = seats(&stage.by);
        let names: Vec<&str> = by.iter().map(|seat| seat.label.as_str()).collect();
        let within = stage.within.map(|within| format!(" {}", words::in_time(within, voice.language)));
        let deed = words::deed(stage.deed, voice.language);
        let label = format!("{} {deed}{}", names.join("; "), within.unwrap_or_default());
        ProcedureStep { by, does: words::deed_code(stage.deed), within: stage.within.map(time), label }
    };
    Procedure {
        received_by: seats(&of.received_by),
        steps: of.stages.iter().map(step).collect(),
        takes: of.takes().map(time),
    }
}

/// What stands in each slot.
#[must_use]
pub fn handled<'a>(voice: Voice<'a>, all: &[Handling<Named>]) -> Handled<'a> {
    let unlike: Vec<Slot> =
        Slot::ALL.into_iter().filter(|slot| all.iter().filter(|one| one.slot() == *slot).count() > 1).collect();
    let mut handled = Handled {
        procedure: None,
        result: None,
        limit: None,
        signers: Vec::new(),
        deputies: true,
        seal: None,
        unlike: unlike.iter().map(|slot| words::slot_code(*slot)).collect(),
    };
    for one in all.iter().filter(|one| !unlike.contains(&one.slot())) {
        match one {
            Handling::Procedure(of) => {
                handled.procedure = Some(procedure(voice, of));
                handled.result = of.result.as_ref().map(|paper| handling::paper(paper, voice.language).to_owned());
            }
            Handling::Limit(within) => handled.limit = Some(time(*within)),
            Handling::Signers(signers) => handled.signers = signers.iter().map(|one| seat(voice, *one)).collect(),
            Handling::NoDeputy => handled.deputies = false,
            Handling::Seal(of) => handled.seal = Some(seat(voice, *of)),
        }
    }
    handled
}

/// The same of seats in symbols.
#[must_use]
pub fn handled_symbols<'a>(voice: Voice<'a>, all: &[Handling]) -> Handled<'a> {
    let named: Vec<Handling<Named>> = all.iter().map(|one| one.map(|seat| Named { seat: *seat, unit: None })).collect();
    handled(voice, &named)
}

/// How a ruling is signed; `None` where that is not known.
#[must_use]
pub(super) fn signatures<'a>(voice: Voice<'a>, answer: &Answer) -> Option<Vec<Signature<'a>>> {
    let all = signature::signatures(voice.rulebook, answer.outcome, &answer.deciders, &answer.handling);
    let signature = |one: &signature::Signature| {
        let named = |of: Option<ruling::Named>| of.map(|of| seat(voice, of));
        let mark = |(mark, _): (Mark, Named)| handling::mark_code(mark);
        Signature {
            mark: one.mark.map(mark),
            of: named(one.mark.map(|(_, of)| of)),
            in_place_of: named(one.in_place_of),
            signer: seat(voice, one.signer),
            deputy: one.deputy,
            label: handling::signature(voice, one),
        }
    };
    (!all.is_empty()).then(|| all.iter().map(signature).collect())
}

/// Whose seal the decision bears.
#[must_use]
pub(super) fn seal<'a>(voice: Voice<'a>, answer: &Answer) -> Option<Seat<'a>> {
    signature::seal(answer.outcome, &answer.deciders, &answer.handling).map(|of| seat(voice, of))
}
