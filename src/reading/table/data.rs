//! A table as JSON, for programs: the same tree as in words, every member always there.

use serde_json::{Value as Json, json};

use super::{Branch, Condition, Node, Part, Piece, Places, Section, Table};
use crate::reading::naming::Voice;
use crate::reading::{report, words};
use crate::register::RowId;
use crate::resolution::Holding;
use crate::rulebook::{RoleId, Seat};
use crate::ruling::{About, Holder, Named};

/// The table of a task.
#[must_use]
pub fn json(voice: Voice<'_>, table: &Table) -> Json {
    let task = &voice.rulebook[table.task];
    json!({
        "task": { "id": task.names.id, "name": voice.name(&task.names) },
        "on": table.only.on.map(|day| day.to_string()),
        "holder": node(voice, table, &table.holder),
        "beside": table.beside.iter().map(|one| section(voice, table, one)).collect::<Vec<_>>(),
    })
}

fn node(voice: Voice<'_>, table: &Table, of: &Node) -> Json {
    match of {
        Node::So => json!({ "ruling": null, "branches": [] }),
        Node::Ruling(holding) => json!({ "ruling": ruling(voice, holding), "branches": [] }),
        Node::Branches(branches) => {
            let branches: Vec<Json> = branches.iter().map(|one| branch(voice, table, one)).collect();
            json!({ "ruling": null, "branches": branches })
        }
    }
}

fn branch(voice: Voice<'_>, table: &Table, branch: &Branch) -> Json {
    json!({ "if": condition(voice, table, &branch.condition), "then": node(voice, table, &branch.below) })
}

fn condition(voice: Voice<'_>, table: &Table, of: &Condition) -> Json {
    let id = |role: RoleId| voice.rulebook[role].names.id.as_str();
    match of {
        Condition::Days(days) => json!({ "about": "days", "days": report::days(*days) }),
        Condition::Place { role, places } => {
            json!({
                "about": "place", "place": id(*role), "parts": parts(voice, places), "nowhere": places.nowhere,
                "named_on": places.named_on.map(|day| day.to_string()),
            })
        }
        Condition::Fact { fact, choices, rest } => {
            let about = About::Fact(*fact);
            let choices: Vec<Json> = choices.iter().map(|choice| report::choice_json(voice, choice, about)).collect();
            json!({ "about": "fact", "fact": voice.rulebook[*fact].names.id, "choices": choices, "rest": rest })
        }
        Condition::Reading { reading, options } => {
            let options: Vec<&str> = options.iter().map(|option| voice.reading_option(*reading, *option)).collect();
            json!({ "about": "reading", "reading": report::reading_json(voice, *reading), "options": options })
        }
        Condition::Together { pattern, yes } if pattern.is_span() => {
            let role = voice.rulebook[table.task].roles.get(pattern.roles.0).map(|role| id(*role));
            let level = &voice.rulebook[pattern.level].names.id;
            json!({ "about": "spans", "level": level, "place": role, "holds": !yes })
        }
        Condition::Together { pattern, yes } => {
            let roles = &voice.rulebook[table.task].roles;
            let role = |index: usize| roles.get(index).map(|role| id(*role));
            json!({
                "about": "together", "level": voice.rulebook[pattern.level].names.id,
                "places": [role(pattern.roles.0), role(pattern.roles.1)],
                "on": pattern.on.map(|day| day.to_string()), "holds": yes,
            })
        }
    }
}

fn parts(voice: Voice<'_>, places: &Places) -> Json {
    let unit = |row: &RowId| report::unit_in_time(voice, *row);
    let piece = |piece: &Piece| match piece {
        Piece::Unit(row) => json!({ "unit": unit(row), "also_in": [] }),
        Piece::Of { unit: row, also } => {
            json!({ "unit": unit(row), "also_in": also.iter().map(unit).collect::<Vec<_>>() })
        }
    };
    let part = |part: &Part| {
        let except: Vec<Json> = part.except.iter().map(piece).collect();
        json!({ "all_of": part.all_of.as_ref().map(piece), "except": except })
    };
    places.parts.iter().map(part).collect()
}

fn ruling(voice: Voice<'_>, holding: &Holding) -> Json {
    let decider = |holder: &Holder| json!({ "who": seat(voice, holder.seat), "held": words::held_code(holder.held), "answerable": seat(voice, holder.answerable) });
    json!({
        "outcome": words::outcome_code(holding.outcome),
        "deciders": holding.holders.iter().map(decider).collect::<Vec<_>>(),
        "sharing": holding.sharing.map(words::sharing_code),
        "conflict": holding.conflict.map(words::conflict_code),
        "of_several": holding.of_several,
        "chain": holding.grounds.iter().map(|ground| report::ground_json(voice, ground)).collect::<Vec<_>>(),
        "framework_unread": holding.framework_unread,
    })
}

fn section(voice: Voice<'_>, table: &Table, section: &Section) -> Json {
    let what = &section.what;
    let requires = what.requirements.iter();
    let requires = requires.map(|one| json!({ "kind": words::requirement_code(one.kind), "of": seat(voice, one.of) }));
    json!({
        "requires": requires.collect::<Vec<_>>(),
        "may_step_in": what.may_step_in.iter().map(|of| seat(voice, *of)).collect::<Vec<_>>(),
        "chain": what.grounds.iter().map(|ground| report::ground_json(voice, ground)).collect::<Vec<_>>(),
        "when": node(voice, table, &section.when),
    })
}

/// A holder in symbols: `unit` is said only where it is a certain one.
fn seat(voice: Voice<'_>, seat: Seat) -> Json {
    report::named(voice, Named { seat, unit: None })
}
