//! A ruling as JSON, for programs: the shape of DESIGN section 7, every member always there, in one order.
//! Numbers of facts are strings, so that nothing is rounded on the way.

mod parted;

use serde_json::{Value as Json, json};

pub use parted::Parted;

use super::ask::Depth;
use super::naming::Voice;
use super::trouble::Trouble;
use super::{explain, reason, words};
use crate::register::{Fate, RowId};
use crate::rulebook::{Days, FactId, ProvisionId, ReadingId, RequirementKind, SeatAt, Value};
use crate::ruling::{About, Answer, Bound, Branch, Choice, Decider, Ground, LeadsTo, Named, NextQuestion};

/// What a report holds besides the answer.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub version: &'a str,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    pub depth: Depth,
}

/// The report of an answer.
#[must_use]
pub fn report(voice: Voice<'_>, answer: &Answer, frame: Frame<'_>) -> Json {
    let question = &answer.question;
    let deciders: Vec<Json> = answer.deciders.iter().map(|decider| decider_json(voice, decider)).collect();
    let one = match answer.deciders.as_slice() {
        [one] if answer.outcome == crate::ruling::Outcome::Decided => Some(one),
        _ => None,
    };
    let lost = match frame.depth {
        Depth::Ruling => Json::Null,
        Depth::Record => answer.record.iter().map(|loss| loss_json(voice, loss)).collect(),
    };
    json!({
        "outcome": words::outcome_code(answer.outcome),
        "label": explain::heading(voice, answer),
        "task": { "id": voice.rulebook[question.task].names.id, "name": voice.name(&voice.rulebook[question.task].names) },
        "unit": question.places.first().and_then(|rows| match rows.as_slice() {
            [row] => Some(unit(voice, *row)),
            _ => None,
        }),
        "places": places(voice, answer),
        "date": question.on.to_string(),
        "facts": question.facts.iter().map(|(fact, value)| (voice.rulebook[*fact].names.id.clone(), value_json(voice, *fact, value)))
            .collect::<serde_json::Map<_, _>>(),
        "deciders": deciders,
        "decider": one.map(|decider| decider_json(voice, decider)),
        "held": one.map(|decider| words::held_code(decider.held)),
        "answerable": one.map(|decider| named(voice, decider.answerable)),
        "signature": null,
        "sharing": answer.sharing.map(words::sharing_code),
        "conflict": answer.conflict.map(words::conflict_code),
        "requires": requirements(voice, &answer.requirements),
        "may_step_in": answer.may_step_in.iter().map(|seat| named(voice, *seat)).collect::<Vec<_>>(),
        "procedure": null,
        "result": null,
        "seal": null,
        "chain": answer.grounds.iter().map(|ground| ground_json(voice, ground)).collect::<Vec<_>>(),
        "grounds_vary": answer.grounds_vary,
        "framework_unread": answer.framework_unread,
        "lost": lost,
        "valid": days(answer.valid),
        "ask": answer.next.as_ref().map(|next| vec![next_json(voice, next)]).unwrap_or_default(),
        "rules_errors": frame.rules_errors,
        "version": frame.version,
    })
}

fn requirements(voice: Voice<'_>, requirements: &[(RequirementKind, Named)]) -> Json {
    let requirement = |(kind, of): &(RequirementKind, Named)| {
        let label = format!("{} {}", words::requirement(*kind, voice.language), voice.named(*of));
        json!({ "kind": words::requirement_code(*kind), "of": named(voice, *of), "label": label })
    };
    requirements.iter().map(requirement).collect()
}

fn places(voice: Voice<'_>, answer: &Answer) -> Json {
    let roles = voice.rulebook[answer.question.task].roles.iter();
    let place = |(role, rows): (&crate::rulebook::RoleId, &Vec<RowId>)| {
        let rows: Vec<Json> = rows.iter().map(|row| unit(voice, *row)).collect();
        (voice.rulebook[*role].names.id.clone(), Json::from(rows))
    };
    Json::Object(roles.zip(&answer.question.places).map(place).collect())
}

/// A unit: code, name without its type word, type.
#[must_use]
pub fn unit(voice: Voice<'_>, id: RowId) -> Json {
    let row = voice.rulebook.register.row(id);
    json!({ "code": row.code, "name": row.short_name, "type": row.kind })
}

/// A unit with the days on which it is so, its parents and the document that made it so.
#[must_use]
pub fn unit_in_time(voice: Voice<'_>, id: RowId) -> Json {
    let register = &voice.rulebook.register;
    let row = register.row(id);
    let parents: Vec<Json> =
        register.chain_of_parents(id, row.from).into_iter().map(|above| unit(voice, above)).collect();
    json!({
        "code": row.code, "name": row.short_name, "type": row.kind, "level": voice.rulebook[row.level].names.id,
        "parents": parents, "from": row.from.to_string(), "before": row.before.map(|day| day.to_string()),
        "document": row.document,
    })
}

/// One step of a unit's history.
#[must_use]
pub fn fate(voice: Voice<'_>, fate: &Fate) -> Json {
    use crate::register::Portion;
    let row = voice.rulebook.register.row(fate.row);
    let portion = match fate.portion {
        Portion::Whole => "whole",
        Portion::Part => "part",
        Portion::Remainder => "remainder",
    };
    json!({
        "code": row.code, "name": row.short_name, "type": row.kind, "date": fate.date.to_string(),
        "document": fate.document, "portion": portion,
    })
}

pub(super) fn named(voice: Voice<'_>, named: Named) -> Json {
    let level = match named.seat.at {
        SeatAt::Nowhere => None,
        SeatAt::Level { level, .. } => Some(level),
        SeatAt::Unit(unit) => {
            let register = &voice.rulebook.register;
            register.rows_of(unit).last().map(|row| register.row(*row).level)
        }
    };
    let place = match named.seat.at {
        SeatAt::Level { role, .. } => Some(voice.rulebook[role].names.id.as_str()),
        SeatAt::Nowhere | SeatAt::Unit(_) => None,
    };
    json!({
        "body": voice.rulebook[named.seat.body].names.id,
        "name": voice.name(&voice.rulebook[named.seat.body].names),
        "level": level.map(|level| voice.rulebook[level].names.id.as_str()),
        "place": place,
        "unit": named.unit.map(|row| unit(voice, row)),
        "label": voice.named(named),
    })
}

fn decider_json(voice: Voice<'_>, decider: &Decider) -> Json {
    let mut json = named(voice, decider.who);
    if let Some(members) = json.as_object_mut() {
        members.insert("held".to_owned(), words::held_code(decider.held).into());
        members.insert("answerable".to_owned(), named(voice, decider.answerable));
    }
    json
}

pub(super) fn ground_json(voice: Voice<'_>, ground: &Ground) -> Json {
    let rulebook = voice.rulebook;
    let text = &rulebook[rulebook[ground.provision].text];
    let quote: Vec<&str> = text.quotes.iter().map(|quote| quote.text.as_str()).collect();
    let mut json = cited(voice, ground.provision);
    if let Some(members) = json.as_object_mut() {
        members.shift_insert(0, "kind".to_owned(), words::step_code(ground.step).into());
        members.insert("quote".to_owned(), if quote.is_empty() { Json::Null } else { quote.join("\n").into() });
        members.insert("paraphrase".to_owned(), text.quotes.iter().any(|quote| quote.paraphrase).into());
        members.insert("unverified".to_owned(), explain::unverified(voice, ground.provision).into());
        members.insert("confidence".to_owned(), explain::confidence(voice, ground.provision).into());
    }
    json
}

/// Document, address and citation of a provision.
fn cited(voice: Voice<'_>, id: ProvisionId) -> Json {
    let rulebook = voice.rulebook;
    let provision = &rulebook[id];
    let text = &rulebook[provision.text];
    let amended = (text.enacted_by != text.document).then(|| rulebook[text.enacted_by].number.as_str());
    json!({
        "document": rulebook[text.document].number,
        "address": words::address(&text.address, voice.language),
        "amended_by": amended,
        "reading": provision.reading.map(|(reading, option)| voice.reading_option(reading, option)),
        "citation": voice.citation(id),
    })
}

fn loss_json(voice: Voice<'_>, loss: &crate::ruling::Loss) -> Json {
    let mut json = cited(voice, loss.provision);
    if let Some(members) = json.as_object_mut() {
        members.insert("why".to_owned(), reason::code(&loss.why).into());
        members.insert("by".to_owned(), reason::other(&loss.why).map_or(Json::Null, |other| cited(voice, other)));
        members.insert("label".to_owned(), reason::words(&loss.why, voice).into());
    }
    json
}

/// Both ends, open ones `null`.
#[must_use]
pub fn days(days: Days) -> Json {
    json!({ "from": days.from.map(|day| day.to_string()), "before": days.before.map(|day| day.to_string()) })
}

/// A value of a fact: what may be sent back as this fact's value.
#[must_use]
pub fn value_json(voice: Voice<'_>, fact: FactId, value: &Value) -> Json {
    let among = |index: u8| {
        let values = super::naming::values(&voice.rulebook[fact].domain);
        values.get(usize::from(index)).map_or(Json::Null, |names| names.id.clone().into())
    };
    match value {
        Value::Boolean(truth) => (*truth).into(),
        Value::One(index) => among(*index),
        Value::Many(set) => set.iter().map(|index| among(*index)).collect(),
        Value::Number(number) => number.normalize().to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Level(Some(level)) => voice.rulebook[*level].names.id.clone().into(),
        Value::Level(None) => "none".into(),
    }
}

fn next_json(voice: Voice<'_>, next: &NextQuestion) -> Json {
    let id = |names: &crate::rulebook::Names| Json::from(names.id.as_str());
    let (about, fact, place, reading) = match next.about {
        About::Fact(fact) => ("fact", id(&voice.rulebook[fact].names), Json::Null, Json::Null),
        About::Place(role) => ("place", Json::Null, id(&voice.rulebook[role].names), Json::Null),
        About::Reading(reading) => ("reading", Json::Null, Json::Null, reading_json(voice, reading)),
    };
    let values: Vec<Json> = next.branches.iter().map(|branch| branch_json(voice, branch, next.about)).collect();
    json!({
        "about": about, "fact": fact, "place": place, "reading": reading,
        "label": explain::asked(voice, next.about), "values": values,
    })
}

pub(super) fn reading_json(voice: Voice<'_>, reading: ReadingId) -> Json {
    let text = &voice.rulebook[voice.rulebook[reading].text];
    let address = words::address(&text.address, voice.language);
    json!({ "document": voice.rulebook[text.document].number, "address": address, "options": voice.rulebook[reading].options })
}

fn branch_json(voice: Voice<'_>, branch: &Branch, about: About) -> Json {
    let choices: Vec<Json> = branch.choices.iter().map(|choice| choice_json(voice, choice, about)).collect();
    match &branch.leads_to {
        LeadsTo::Ruling { outcome, deciders, sharing, conflict, requirements, may_step_in, grounds } => json!({
            "choices": choices,
            "outcome": words::outcome_code(*outcome),
            "deciders": deciders.iter().map(|decider| decider_json(voice, decider)).collect::<Vec<_>>(),
            "sharing": sharing.map(words::sharing_code),
            "conflict": conflict.map(words::conflict_code),
            "requires": self::requirements(voice, requirements),
            "may_step_in": may_step_in.iter().map(|seat| named(voice, *seat)).collect::<Vec<_>>(),
            "chain": grounds.iter().map(|ground| ground_json(voice, ground)).collect::<Vec<_>>(),
            "ask": [],
        }),
        LeadsTo::Further(further) => json!({
            "choices": choices, "outcome": "undetermined", "deciders": [], "sharing": null, "conflict": null, "requires": [], "may_step_in": [], "chain": [],
            "ask": [next_json(voice, further)],
        }),
    }
}

pub(super) fn choice_json(voice: Voice<'_>, choice: &Choice, about: About) -> Json {
    let value = |value: &Value| match about {
        About::Fact(fact) => value_json(voice, fact, value),
        About::Place(_) | About::Reading(_) => Json::Null,
    };
    let end = |end: &Option<Bound>| {
        end.as_ref().map_or(Json::Null, |end| json!({ "value": value(&end.value), "included": end.included }))
    };
    let values = |values: &[u8]| values.iter().map(|one| value(&Value::One(*one))).collect::<Json>();
    let label = voice.choice(choice, &about);
    match choice {
        Choice::Value(one) => json!({ "value": value(one), "label": label }),
        Choice::Range { low, high } => json!({ "low": end(low), "high": end(high), "label": label }),
        Choice::Highest(any) => json!({ "highest": values(any), "label": label }),
        Choice::Lowest(any) => json!({ "lowest": values(any), "label": label }),
        Choice::Reading(_) => json!({ "reading": label.trim_matches(['“', '”']), "label": label }),
        Choice::Place { unit: row, .. } => json!({ "unit": unit_in_time(voice, *row), "label": label }),
    }
}

/// The members of a trouble, as problems carry them.
#[must_use]
pub fn trouble(voice: Voice<'_>, trouble: &Trouble) -> serde_json::Map<String, Json> {
    let mut members = serde_json::Map::new();
    members.insert("code".to_owned(), trouble.code().into());
    members.insert("detail".to_owned(), trouble.words(voice).into());
    members.insert("member".to_owned(), trouble.member.path().into());
    members.insert("expected".to_owned(), trouble.expected(voice).into());
    members.insert("suggestion".to_owned(), trouble.suggestion(voice).into());
    let tasks = trouble.tasks(voice);
    if !tasks.is_empty() {
        let tasks = tasks.iter().map(|names| json!({ "id": names.id, "name": voice.name(names) }));
        members.insert("tasks".to_owned(), tasks.collect());
    }
    if !trouble.candidates().is_empty() {
        members.insert(
            "candidates".to_owned(),
            trouble.candidates().iter().map(|row| unit_in_time(voice, *row)).collect(),
        );
    }
    if !trouble.successors().is_empty() {
        members.insert("successors".to_owned(), trouble.successors().iter().map(|one| fate(voice, one)).collect());
    }
    members
}
