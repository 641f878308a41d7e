//! A table as JSON, for programs: the same tree as in words, every member always there.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{Branch, Condition, Node, Part, Piece, Places, Section, Table};
use crate::reading::naming::Voice;
use crate::reading::report::{self, Choice, Day, Days, Ground, Name, Reading, Seat, UnitInTime};
use crate::reading::words;
use crate::register::RowId;
use crate::resolution::Holding;
use crate::rulebook::{self, RoleId, TaskId};
use crate::ruling::{About, Holder, Named};

/// A task's law as one decision tree, or the part of it that was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Table)]
pub struct TableShape<'a> {
    pub task: Name<'a>,
    /// The day that was asked for.
    #[schema(value_type = Option<String>, format = "date")]
    pub on: Option<Day>,
    pub holder: TableNode<'a>,
    /// What is added beside the holder, and in which cases.
    pub beside: Vec<TableSection<'a>>,
    /// Errors in the rules that were loaded.
    pub rules_errors: usize,
    /// Hash of the rules.
    pub version: &'a str,
}

/// A ruling, or branches that lead to rulings; neither: it is so.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableNode<'a> {
    pub ruling: Option<TableRuling<'a>>,
    pub branches: Vec<TableBranch<'a>>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableBranch<'a> {
    #[serde(rename = "if")]
    pub condition: TableCondition<'a>,
    #[serde(rename = "then")]
    #[schema(no_recursion)]
    pub below: TableNode<'a>,
}

/// On what a tree branches.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum TableCondition<'a> {
    Days {
        days: Days,
    },
    Place {
        /// Id of the role.
        place: &'a str,
        parts: Vec<TablePart<'a>>,
        /// And where there is no place.
        nowhere: bool,
        /// The names are those of the units of this day, where it makes a difference.
        #[schema(value_type = Option<String>, format = "date")]
        named_on: Option<Day>,
    },
    Fact {
        fact: &'a str,
        choices: Vec<Choice<'a>>,
        /// These are all that its neighbours leave.
        rest: bool,
    },
    Reading {
        reading: Reading<'a>,
        options: Vec<&'a str>,
    },
    /// Whether the case spans several units of a level.
    Spans {
        level: &'a str,
        /// Id of the role.
        place: Option<&'a str>,
        holds: bool,
    },
    /// Whether the places of two roles lie in one unit of a level.
    Together {
        level: &'a str,
        /// Ids of the two roles.
        places: Vec<Option<&'a str>>,
        #[schema(value_type = Option<String>, format = "date")]
        on: Option<Day>,
        holds: bool,
    },
}

/// All of a unit, or of everything, except some.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TablePart<'a> {
    /// `null`: everywhere.
    pub all_of: Option<TablePiece<'a>>,
    pub except: Vec<TablePiece<'a>>,
}

/// A unit, or what of it has been, or came to be, in others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TablePiece<'a> {
    pub unit: UnitInTime<'a>,
    pub also_in: Vec<UnitInTime<'a>>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableRuling<'a> {
    #[schema(schema_with = report::outcome_schema)]
    pub outcome: &'static str,
    pub deciders: Vec<TableDecider<'a>>,
    #[schema(schema_with = report::sharing_schema)]
    pub sharing: Option<&'static str>,
    #[schema(schema_with = report::conflict_schema)]
    pub conflict: Option<&'static str>,
    /// The case spans several units of a decider's level, each of which may decide it.
    pub of_several: bool,
    pub chain: Vec<Ground<'a>>,
    pub framework_unread: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableDecider<'a> {
    pub who: Seat<'a>,
    #[schema(schema_with = report::held_schema)]
    pub held: &'static str,
    pub answerable: Seat<'a>,
}

/// One thing that a sentence adds beside the holder.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableSection<'a> {
    pub requires: Vec<TableRequirement<'a>>,
    pub may_step_in: Vec<Seat<'a>>,
    pub chain: Vec<Ground<'a>>,
    /// The cases in which it is so.
    pub when: TableNode<'a>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableRequirement<'a> {
    #[schema(schema_with = report::requirement_schema)]
    pub kind: &'static str,
    pub of: Seat<'a>,
}

/// The table of a task, with the version of the rules and how many errors they hold.
#[must_use]
pub fn json(voice: Voice<'_>, table: &Table, (version, rules_errors): (&str, usize)) -> Json {
    report::json(&TableShape {
        task: report::name(voice, &voice.rulebook[table.task].names),
        on: table.only.on.map(Day),
        holder: node(voice, table.task, &table.holder),
        beside: table.beside.iter().map(|one| section(voice, table, one)).collect(),
        rules_errors,
        version,
    })
}

/// A part of a task's points.
pub(crate) fn region<'a>(voice: Voice<'a>, task: TaskId, region: &Node) -> TableNode<'a> {
    node(voice, task, region)
}

fn node<'a>(voice: Voice<'a>, task: TaskId, of: &Node) -> TableNode<'a> {
    let (ruling, branches) = match of {
        Node::So => (None, Vec::new()),
        Node::Ruling(holding) => (Some(ruling(voice, holding)), Vec::new()),
        Node::Branches(branches) => (None, branches.iter().map(|one| branch(voice, task, one)).collect()),
    };
    TableNode { ruling, branches }
}

fn branch<'a>(voice: Voice<'a>, task: TaskId, branch: &Branch) -> TableBranch<'a> {
    TableBranch { condition: condition(voice, task, &branch.condition), below: node(voice, task, &branch.below) }
}

fn condition<'a>(voice: Voice<'a>, task: TaskId, of: &Condition) -> TableCondition<'a> {
    let id = |role: RoleId| voice.rulebook[role].names.id.as_str();
    match of {
        Condition::Days(days) => TableCondition::Days { days: report::days(*days) },
        Condition::Place { role, places } => TableCondition::Place {
            place: id(*role),
            parts: parts(voice, places),
            nowhere: places.nowhere,
            named_on: places.named_on.map(Day),
        },
        Condition::Fact { fact, choices, rest } => {
            let about = About::Fact(*fact);
            let choices = choices.iter().map(|choice| report::choice(voice, choice, about)).collect();
            TableCondition::Fact { fact: &voice.rulebook[*fact].names.id, choices, rest: *rest }
        }
        Condition::Reading { reading, options } => {
            let option = |option: &u8| voice.reading_option(*reading, *option);
            let options = options.iter().map(option).collect();
            TableCondition::Reading { reading: report::reading(voice, *reading), options }
        }
        Condition::Together { pattern, yes } if pattern.is_span() => TableCondition::Spans {
            level: &voice.rulebook[pattern.level].names.id,
            place: voice.rulebook[task].roles.get(pattern.roles.0).map(|role| id(*role)),
            holds: !yes,
        },
        Condition::Together { pattern, yes } => {
            let roles = &voice.rulebook[task].roles;
            let role = |index: usize| roles.get(index).map(|role| id(*role));
            TableCondition::Together {
                level: &voice.rulebook[pattern.level].names.id,
                places: vec![role(pattern.roles.0), role(pattern.roles.1)],
                on: pattern.on.map(Day),
                holds: *yes,
            }
        }
    }
}

fn parts<'a>(voice: Voice<'a>, places: &Places) -> Vec<TablePart<'a>> {
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

fn ruling<'a>(voice: Voice<'a>, holding: &Holding) -> TableRuling<'a> {
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

fn section<'a>(voice: Voice<'a>, table: &Table, section: &Section) -> TableSection<'a> {
    let what = &section.what;
    let requires = what.requirements.iter();
    let requires =
        requires.map(|one| TableRequirement { kind: words::requirement_code(one.kind), of: seat(voice, one.of) });
    TableSection {
        requires: requires.collect(),
        may_step_in: what.may_step_in.iter().map(|of| seat(voice, *of)).collect(),
        chain: report::grounds(voice, &what.grounds),
        when: node(voice, table.task, &section.when),
    }
}

/// A holder in symbols: `unit` is said only where it is a certain one.
fn seat(voice: Voice<'_>, seat: rulebook::Seat) -> Seat<'_> {
    report::seat(voice, Named { seat, unit: None })
}
