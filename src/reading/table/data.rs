//! A table as JSON, for programs: the same tree as in words, every member always there.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{Branch, Condition, Node, Part, Piece, Places, Section, Table};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Choice, Days, Ground, Name, Reading, Seat, UnitInTime};
use crate::reading::words;
use crate::register::RowId;
use crate::resolution::Holding;
use crate::rulebook::{self, RoleId};
use crate::ruling::{About, Holder, Named};

/// A task's law as one decision tree, or the part of it that was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Table)]
pub struct TableShape {
    pub task: Name,
    /// The day that was asked for.
    #[schema(format = "date")]
    pub on: Option<String>,
    pub holder: TableNode,
    /// What is added beside the holder, and in which cases.
    pub beside: Vec<TableSection>,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    /// Hash of the rules.
    pub version: String,
}

/// A ruling, or branches that lead to rulings; neither: it is so.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableNode {
    pub ruling: Option<TableRuling>,
    pub branches: Vec<TableBranch>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableBranch {
    #[serde(rename = "if")]
    pub condition: TableCondition,
    #[serde(rename = "then")]
    #[schema(no_recursion)]
    pub below: TableNode,
}

/// On what a tree branches.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum TableCondition {
    Days {
        days: Days,
    },
    Place {
        /// Id of the role.
        place: String,
        parts: Vec<TablePart>,
        /// And where there is no place.
        nowhere: bool,
        /// The names are those of the units of this day, where it makes a difference.
        #[schema(format = "date")]
        named_on: Option<String>,
    },
    Fact {
        fact: String,
        choices: Vec<Choice>,
        /// These are all that its neighbours leave.
        rest: bool,
    },
    Reading {
        reading: Reading,
        options: Vec<String>,
    },
    /// Whether the case spans several units of a level.
    Spans {
        level: String,
        /// Id of the role.
        place: Option<String>,
        holds: bool,
    },
    /// Whether the places of two roles lie in one unit of a level.
    Together {
        level: String,
        /// Ids of the two roles.
        places: Vec<Option<String>>,
        #[schema(format = "date")]
        on: Option<String>,
        holds: bool,
    },
}

/// All of a unit, or of everything, except some.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TablePart {
    /// `null`: everywhere.
    pub all_of: Option<TablePiece>,
    pub except: Vec<TablePiece>,
}

/// A unit, or what of it has been, or came to be, in others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TablePiece {
    pub unit: UnitInTime,
    pub also_in: Vec<UnitInTime>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableRuling {
    #[schema(schema_with = report::outcome_schema)]
    pub outcome: &'static str,
    pub deciders: Vec<TableDecider>,
    #[schema(schema_with = report::sharing_schema)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = report::conflict_schema)]
    pub conflict: Option<&'static str>,
    /// The case spans several units of a decider's level, each of which may decide it.
    pub of_several: bool,
    pub chain: Vec<Ground>,
    pub framework_unread: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableDecider {
    pub who: Seat,
    #[schema(schema_with = report::held_schema)]
    pub held: &'static str,
    pub answerable: Seat,
}

/// One thing that a sentence adds beside the holder.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableSection {
    pub requires: Vec<TableRequirement>,
    pub may_step_in: Vec<Seat>,
    pub chain: Vec<Ground>,
    /// The cases in which it is so.
    pub when: TableNode,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableRequirement {
    #[schema(schema_with = report::requirement_schema)]
    pub kind: &'static str,
    pub of: Seat,
}

/// The table of a task, with the version of the rules and how many errors they hold.
#[must_use]
pub fn json(voice: Voice<'_>, table: &Table, (version, rules_errors): (&str, usize)) -> Json {
    report::json(&TableShape {
        task: report::name(voice, &voice.rulebook[table.task].names),
        on: table.only.on.map(|day| day.to_string()),
        holder: node(voice, table, &table.holder),
        beside: table.beside.iter().map(|one| section(voice, table, one)).collect(),
        rules_errors,
        version: version.to_owned(),
    })
}

fn node(voice: Voice<'_>, table: &Table, of: &Node) -> TableNode {
    let (ruling, branches) = match of {
        Node::So => (None, Vec::new()),
        Node::Ruling(holding) => (Some(ruling(voice, holding)), Vec::new()),
        Node::Branches(branches) => (None, branches.iter().map(|one| branch(voice, table, one)).collect()),
    };
    TableNode { ruling, branches }
}

fn branch(voice: Voice<'_>, table: &Table, branch: &Branch) -> TableBranch {
    TableBranch { condition: condition(voice, table, &branch.condition), below: node(voice, table, &branch.below) }
}

fn condition(voice: Voice<'_>, table: &Table, of: &Condition) -> TableCondition {
    let id = |role: RoleId| voice.rulebook[role].names.id.clone();
    match of {
        Condition::Days(days) => TableCondition::Days { days: report::days(*days) },
        Condition::Place { role, places } => TableCondition::Place {
            place: id(*role),
            parts: parts(voice, places),
            nowhere: places.nowhere,
            named_on: places.named_on.map(|day| day.to_string()),
        },
        Condition::Fact { fact, choices, rest } => {
            let about = About::Fact(*fact);
            let choices = choices.iter().map(|choice| report::choice(voice, choice, about)).collect();
            TableCondition::Fact { fact: voice.rulebook[*fact].names.id.clone(), choices, rest: *rest }
        }
        Condition::Reading { reading, options } => {
            let option = |option: &u8| voice.reading_option(*reading, *option).to_owned();
            let options = options.iter().map(option).collect();
            TableCondition::Reading { reading: report::reading(voice, *reading), options }
        }
        Condition::Together { pattern, yes } if pattern.is_span() => TableCondition::Spans {
            level: voice.rulebook[pattern.level].names.id.clone(),
            place: voice.rulebook[table.task].roles.get(pattern.roles.0).map(|role| id(*role)),
            holds: !yes,
        },
        Condition::Together { pattern, yes } => {
            let roles = &voice.rulebook[table.task].roles;
            let role = |index: usize| roles.get(index).map(|role| id(*role));
            TableCondition::Together {
                level: voice.rulebook[pattern.level].names.id.clone(),
                places: vec![role(pattern.roles.0), role(pattern.roles.1)],
                on: pattern.on.map(|day| day.to_string()),
                holds: *yes,
            }
        }
    }
}

fn parts(voice: Voice<'_>, places: &Places) -> Vec<TablePart> {
    let unit = |row: &RowId| report::unit_in_time(voice, *row);
    let piece = |piece: &Piece| match piece {
        Piece::Unit(row) => TablePiece { unit: unit(row), also_in: Vec::new() },
        Piece::Of { unit: row, also } => TablePiece { unit: unit(row), also_in: also.iter().map(unit).collect() },
    };
    let part = |part: &Part| TablePart {
        all_of: part.all_of.as_ref().map(piece),
        except: part.except.iter().map(piece).collect(),
    };
    places.parts.iter().map(part).collect()
}

fn ruling(voice: Voice<'_>, holding: &Holding) -> TableRuling {
    let decider = |holder: &Holder| TableDecider {
        who: seat(voice, holder.seat),
        held: words::held_code(holder.held),
        answerable: seat(voice, holder.answerable),
    };
    TableRuling {
        outcome: words::outcome_code(holding.outcome),
        deciders: holding.holders.iter().map(decider).collect(),
        sharing: holding.sharing.map(words::sharing_code),
        conflict: holding.conflict.map(words::conflict_code),
        of_several: holding.of_several,
        chain: report::grounds(voice, &holding.grounds),
        framework_unread: holding.framework_unread,
    }
}

fn section(voice: Voice<'_>, table: &Table, section: &Section) -> TableSection {
    let what = &section.what;
    let requires = what.requirements.iter();
    let requires =
        requires.map(|one| TableRequirement { kind: words::requirement_code(one.kind), of: seat(voice, one.of) });
    TableSection {
        requires: requires.collect(),
        may_step_in: what.may_step_in.iter().map(|of| seat(voice, *of)).collect(),
        chain: report::grounds(voice, &what.grounds),
        when: node(voice, table, &section.when),
    }
}

/// A holder in symbols: `unit` is said only where it is a certain one.
fn seat(voice: Voice<'_>, seat: rulebook::Seat) -> Seat {
    report::seat(voice, Named { seat, unit: None })
}
