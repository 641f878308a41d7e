//! A scenario, ready to be kept, from a question and its answer.

use super::Witness;
use crate::reading::naming::{self, Voice};
use crate::reading::question;
use crate::reading::scenario;
use crate::reading::trouble::Member;
use crate::reading::words::{self, pick};
use crate::register::RowId;
use crate::rulebook::{
    Citation, Expectation, ExpectedHolder, ExpectedOutcome, FactId, ProvisionId, SeatAt, TransferForm, Value,
};
use crate::ruling::{Decider, Held, Named, Outcome};

/// The lines of a scenario in which the provision counts. It expects what the answer says now.
#[must_use]
pub fn scenario(voice: Voice<'_>, provision: ProvisionId, witness: &Witness) -> Vec<String> {
    let (rulebook, language) = (voice.rulebook, voice.language);
    let Witness { question, answer } = witness;
    let task = &rulebook[question.task];
    let title = voice.citation(provision).replace('"', "”");
    let mut places = Vec::new();
    for (index, (role, rows)) in task.roles.iter().zip(&question.places).enumerate() {
        if question.without.contains(role) {
            let without = pick(language, "không có nơi", "without");
            places.push(format!("{without} {}", rulebook[*role].names.id));
        }
        for row in rows {
            let unit = unit(voice, *row, question.on);
            let of = pick(language, "nơi", "of");
            let role = &rulebook[*role].names.id;
            places.push(if index == 0 { unit } else { format!("{unit} {of} {role}") });
        }
    }
    let at = match places.join(", ") {
        none if none.is_empty() => none,
        places => format!(" {} {places}", pick(language, "tại", "in")),
    };
    let day = words::date(question.on, language);
    let mut lines = vec![
        format!("{} \"{title}\"", pick(language, "tình huống", "scenario")),
        format!("  {} {}{at} {} {day}", pick(language, "hỏi", "ask"), task.names.id, pick(language, "ngày", "on")),
    ];
    let facts: Vec<String> = question
        .facts
        .iter()
        .map(|(fact, given)| format!("{} = {}", rulebook[*fact].names.id, value(voice, *fact, given)))
        .collect();
    if !facts.is_empty() {
        lines.push(format!("    {} {}", pick(language, "với", "with"), facts.join(", ")));
    }
    let expected = scenario::expected(voice, &expectation(voice, provision, answer));
    lines.push(format!("  {} {expected}", pick(language, "kết quả", "expect")));
    lines
}

/// A unit as a question names it: by type and name where these say it, else by its code.
fn unit(voice: Voice<'_>, id: RowId, on: jiff::civil::Date) -> String {
    let row = voice.rulebook.register.row(id);
    let kind = row.kind.to_lowercase();
    let found = question::unit_of_kind(voice.rulebook, Member::In(None), &row.short_name, Some(&kind), on);
    match found {
        Ok(found) if found == id => format!("{kind} \"{}\"", row.short_name),
        Ok(_) | Err(_) => format!("{kind} {}", row.code),
    }
}

/// Named values by their ids, which need no quotes.
fn value(voice: Voice<'_>, fact: FactId, given: &Value) -> String {
    let id = |index: &u8| {
        let names = naming::values(&voice.rulebook[fact].domain).get(usize::from(*index));
        names.map_or_else(String::new, |names| names.id.clone())
    };
    match given {
        Value::One(index) => id(index),
        Value::Many(set) => set.iter().map(id).collect::<Vec<_>>().join(pick(voice.language, " và ", " and ")),
        Value::Boolean(_) | Value::Number(_) | Value::Date(_) | Value::Level(_) => voice.value(fact, given),
    }
}

/// What the answer says, with the provision as its ground where it stands among them.
fn expectation(voice: Voice<'_>, provision: ProvisionId, answer: &crate::ruling::Answer) -> Expectation {
    let outcome = match answer.outcome {
        Outcome::Decided => None,
        Outcome::Concurrent => Some(ExpectedOutcome::Concurrent),
        Outcome::Gap => Some(ExpectedOutcome::Gap),
        Outcome::Conflict => Some(ExpectedOutcome::Conflict),
        Outcome::Orphaned => Some(ExpectedOutcome::Orphaned),
        Outcome::NotRequired => Some(ExpectedOutcome::NotRequired),
        Outcome::Open => Some(ExpectedOutcome::Open),
        Outcome::NotCovered => Some(ExpectedOutcome::NotCovered),
        Outcome::Undetermined => Some(ExpectedOutcome::Undetermined),
    };
    match (outcome, answer.deciders.as_slice()) {
        (None, [decider]) => Expectation::Decided {
            transferred: transferred(decider),
            holder: holder(decider.who),
            by: ground(voice, provision, answer),
        },
        (outcome, _) => {
            let outcome = outcome.unwrap_or(ExpectedOutcome::Undetermined);
            let mut between: Vec<ExpectedHolder> = Vec::new();
            if matches!(
                outcome,
                ExpectedOutcome::Concurrent | ExpectedOutcome::Conflict | ExpectedOutcome::Undetermined
            ) {
                for holder in scenario::contenders(answer).into_iter().map(holder) {
                    if !between.contains(&holder) {
                        between.push(holder);
                    }
                }
            }
            Expectation::Outcome { outcome, between }
        }
    }
}

const fn transferred(decider: &Decider) -> Option<TransferForm> {
    match decider.held {
        Held::Decentralised => Some(TransferForm::Decentralise),
        Held::Entrusted => Some(TransferForm::Entrust),
        Held::Delegated => Some(TransferForm::Delegate),
        Held::Assigned | Held::Devolved | Held::Reorganised => None,
    }
}

const fn holder(named: Named) -> ExpectedHolder {
    let (level, unit) = match named.seat.at {
        SeatAt::Nowhere => (None, None),
        SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Any { level } | SeatAt::Others { level, .. } => {
            (Some(level), None)
        }
        SeatAt::Unit(unit) => (None, Some(unit)),
    };
    ExpectedHolder { body: named.seat.body, level, unit }
}

/// An article that nobody has found yet has no address to cite.
fn ground(voice: Voice<'_>, provision: ProvisionId, answer: &crate::ruling::Answer) -> Option<Citation> {
    let rulebook = voice.rulebook;
    let own = answer.grounds.iter().find(|ground| ground.provision == provision).or(answer.grounds.first())?;
    let text = &rulebook[rulebook[own.provision].text];
    let numbered = !text.address.0.is_empty() && text.address.0.iter().all(|(_, number)| !number.is_empty());
    let alone = rulebook.documents.iter().filter(|other| other.number == rulebook[text.document].number).count() == 1;
    (numbered && alone).then(|| Citation { document: text.document, address: text.address.clone() })
}
