//! All that a body may decide at a unit on a day, and in which cases: read off the tasks' tables, their other branches left out.

use jiff::civil::Date;

use super::too_many;
use crate::reading::ask::Law;
use crate::reading::naming::Voice;
use crate::reading::sheet::{Cell, Column, Sheet};
use crate::reading::table::{Condition, Node, Only, condition_words, table};
use crate::reading::words::{self, pick};
use crate::register::RowId;
use crate::resolution::Holding;
use crate::rulebook::{BodyId, Language, RoleId, Rulebook, SeatAt, TaskId, TextId};
use crate::ruling::{Held, Holder, Outcome};

/// What a body may decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    pub body: BodyId,
    /// Where it sits; none for a body without a level.
    pub unit: Option<RowId>,
    pub on: Date,
    pub powers: Vec<Power>,
    /// Tasks whose rules fall into too many regions.
    pub unread: Vec<TaskId>,
}

/// A task that the body may decide, in some cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    pub task: TaskId,
    /// The role whose place lies in the unit, if it depends on one.
    pub role: Option<RoleId>,
    /// Alternatives, each of conditions that hold together; one without any: always.
    pub when: Vec<Vec<Condition>>,
    pub holder: Holder,
    /// It alone, with others, or it contends.
    pub outcome: Outcome,
    pub grounds: Vec<TextId>,
}

/// Reads what a body may decide.
#[must_use]
pub fn portfolio(law: Law<'_>, body: BodyId, unit: Option<RowId>, on: Date) -> Portfolio {
    let mut found = Portfolio { body, unit, on, powers: Vec::new(), unread: Vec::new() };
    for task in law.rulebook.task_ids() {
        let Ok(partition) = law.partitions.of(law.rulebook, task) else {
            found.unread.push(task);
            continue;
        };
        let seats = partition.holdings.iter().flatten().flat_map(|holding| &holding.holders);
        let mut ways: Vec<Way> = seats.filter_map(|holder| way(law.rulebook, &found, holder)).collect();
        ways.sort();
        ways.dedup();
        for way in ways {
            found.powers.extend(powers(law, &found, task, way));
        }
    }
    found
}

/// How a seat is the body's: wherever the case is, or by where the place of a role lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Anywhere,
    Role(RoleId),
}

fn way(rulebook: &Rulebook, of: &Portfolio, holder: &Holder) -> Option<Way> {
    let register = &rulebook.register;
    let unit = of.unit.map(|row| register.row(row));
    if holder.seat.body != of.body {
        return None;
    }
    match holder.seat.at {
        SeatAt::Nowhere => unit.is_none().then_some(Way::Anywhere),
        SeatAt::Unit(own) => unit.is_some_and(|unit| unit.unit == own).then_some(Way::Anywhere),
        SeatAt::Any { level } | SeatAt::Here { level } => {
            unit.is_some_and(|unit| unit.level == level).then_some(Way::Anywhere)
        }
        SeatAt::Level { level, role } => unit.is_some_and(|unit| unit.level == level).then_some(Way::Role(role)),
        SeatAt::Others { .. } => None,
    }
}

fn powers(law: Law<'_>, of: &Portfolio, task: TaskId, way: Way) -> Vec<Power> {
    let roles = &law.rulebook[task].roles;
    let units = roles.iter().map(|role| match way {
        Way::Role(own) if own == *role => of.unit.into_iter().collect(),
        Way::Role(_) | Way::Anywhere => Vec::new(),
    });
    let only = Only { units: units.collect(), without: Vec::new(), on: Some(of.on) };
    // It could be worked out before.
    let Ok(table) = table(law, task, only) else { return Vec::new() };
    let role = match way {
        Way::Role(role) => Some(role),
        Way::Anywhere => None,
    };
    let mut found = Vec::new();
    let mut open: Vec<(Vec<Condition>, &Node)> = vec![(Vec::new(), &table.holder)];
    while let Some((when, node)) = open.pop() {
        match node {
            Node::So => {}
            Node::Ruling(holding) => {
                let own = holding.holders.iter().filter(|holder| self::way(law.rulebook, of, holder) == Some(way));
                for holder in own.filter(|_| may(holding.outcome)) {
                    add(
                        &mut found,
                        Power {
                            task,
                            role,
                            when: vec![when.clone()],
                            holder: *holder,
                            outcome: holding.outcome,
                            grounds: grounds(law.rulebook, holding),
                        },
                    );
                }
            }
            Node::Branches(branches) => {
                // The first comes off the stack first.
                for branch in branches.iter().rev() {
                    let when = when.iter().chain([&branch.condition]).cloned().collect();
                    open.push((when, &branch.below));
                }
            }
        }
    }
    found
}

/// Whether those whom a ruling names may decide, or claim to.
const fn may(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Decided | Outcome::Concurrent | Outcome::Conflict => true,
        Outcome::Gap
        | Outcome::Orphaned
        | Outcome::NotRequired
        | Outcome::Open
        | Outcome::NotCovered
        | Outcome::Undetermined => false,
    }
}

/// Adds a power; what is held alike is one, with more alternatives.
fn add(powers: &mut Vec<Power>, power: Power) {
    let alike = |one: &&mut Power| (one.holder, one.outcome) == (power.holder, power.outcome);
    match powers.iter_mut().find(alike) {
        Some(one) => {
            one.when.extend(power.when);
            let new: Vec<TextId> = power.grounds.into_iter().filter(|text| !one.grounds.contains(text)).collect();
            one.grounds.extend(new);
        }
        None => powers.push(power),
    }
}

fn grounds(rulebook: &Rulebook, holding: &Holding) -> Vec<TextId> {
    let mut grounds: Vec<TextId> = Vec::new();
    for ground in &holding.grounds {
        let text = rulebook[ground.provision].text;
        if !grounds.contains(&text) {
            grounds.push(text);
        }
    }
    grounds
}

/// A portfolio as a table.
#[must_use]
pub fn sheet(voice: Voice<'_>, portfolio: &Portfolio) -> Sheet {
    let language = voice.language;
    let column = |id, vietnamese, english| Column { id, name: pick(language, vietnamese, english) };
    let body = voice.name(&voice.rulebook[portfolio.body].names);
    let of = portfolio.unit.map(|row| format!("{}{}", pick(language, " ", " of "), voice.row(row))).unwrap_or_default();
    let day = words::date(portfolio.on, language);
    let title = match language {
        Language::Vietnamese => format!("{body}{of} được quyết định những gì ngày {day}"),
        Language::English => format!("What {body}{of} may decide on {day}"),
    };
    let unread = portfolio.unread.iter().map(|task| {
        let name = voice.name(&voice.rulebook[*task].names);
        format!("{name}: {}", too_many(language))
    });
    Sheet {
        id: "portfolio",
        title,
        notes: unread.collect(),
        columns: vec![
            column("task", "nhiệm vụ", "task"),
            column("place", "nơi xét", "place"),
            column("when", "khi", "when"),
            column("alone", "tư cách", "capacity"),
            column("held", "hình thức", "held"),
            column("answerable", "chịu trách nhiệm", "answerable"),
            column("grounds", "căn cứ", "grounds"),
        ],
        rows: portfolio.powers.iter().map(|power| row(voice, power)).collect(),
    }
}

fn row(voice: Voice<'_>, power: &Power) -> Vec<Cell> {
    let (rulebook, language) = (voice.rulebook, voice.language);
    let task = &rulebook[power.task];
    let role = power.role.map(|role| &rulebook[role].names);
    let say = |all: &Vec<Condition>| match all.as_slice() {
        [] => pick(language, "mọi trường hợp", "every case").to_owned(),
        some => some.iter().map(|one| condition_words(voice, &task.roles, one)).collect::<Vec<_>>().join(", "),
    };
    let when = power.when.iter().map(say).collect();
    let capacity = match power.outcome {
        Outcome::Concurrent => ("concurrent", pick(language, "cùng người khác", "with others")),
        Outcome::Conflict => ("conflict", pick(language, "chồng chéo", "contends")),
        Outcome::Decided
        | Outcome::Gap
        | Outcome::Orphaned
        | Outcome::NotRequired
        | Outcome::Open
        | Outcome::NotCovered
        | Outcome::Undetermined => ("alone", pick(language, "một mình", "alone")),
    };
    let held: Held = power.holder.held;
    let answerable = (power.holder.answerable != power.holder.seat)
        .then(|| voice.named(crate::ruling::Named { seat: power.holder.answerable, unit: None }));
    vec![
        Cell::Thing(task.names.id.clone(), voice.name(&task.names).to_owned()),
        role.map_or(Cell::Empty, |names| Cell::Thing(names.id.clone(), voice.name(names).to_owned())),
        Cell::List(when),
        Cell::Code(capacity.0, capacity.1.to_owned()),
        Cell::Code(words::held_code(held), words::held(held, language).to_owned()),
        answerable.map_or(Cell::Empty, Cell::Text),
        Cell::List(power.grounds.iter().map(|text| voice.text(*text)).collect()),
    ]
}
