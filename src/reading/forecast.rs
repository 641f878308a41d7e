//! What comes: every change of who decides within some days, where it happens, and what the law says from then on; and which
//! documents begin and end. Read off the partitions; the first day is given, never taken from a clock.

mod calendar;
mod lines;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use calendar::calendar;
pub use lines::{headline, lines};

use super::ask::Law;
use super::table::{Atlas, Node};
use crate::partition::{Partition, Transition};
use crate::register::LocalityId;
use crate::resolution::Holding;
use crate::rulebook::{DocumentId, Rulebook, TaskId};
use crate::ruling::{Held, Outcome, TooMany};

/// Days from the first on and before the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Date,
    pub before: Date,
}

/// What is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    pub window: Window,
    /// In order of day, kind and task.
    pub changes: Vec<Change>,
    /// In order of day and document.
    pub documents: Vec<Turn>,
}

/// From a day on somebody else decides, or nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub on: Date,
    pub kind: Kind,
    pub task: TaskId,
    pub before: Holding,
    pub after: Holding,
    /// Of the task's points on that day.
    pub region: Option<Node>,
}

/// What a change is to those who work by it, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nobody decides from then on.
    Gapes,
    /// The holder is gone from then on.
    Orphaned,
    /// Several contend from then on.
    Conflict,
    /// What had been passed on ends, and the giver decides again.
    FallsBack,
    /// A transfer begins.
    PassedOn,
    /// Another decides, or others do.
    Moves,
    /// The procedure is switched off.
    SwitchedOff,
    /// The procedure comes back.
    SwitchedOn,
    /// A gap or conflict ends.
    Mended,
}

impl Kind {
    /// As reports and programs write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gapes => "gap",
            Self::Orphaned => "orphaned",
            Self::Conflict => "conflict",
            Self::FallsBack => "falls-back",
            Self::PassedOn => "passed-on",
            Self::Moves => "moves",
            Self::SwitchedOff => "switched-off",
            Self::SwitchedOn => "switched-on",
            Self::Mended => "mended",
        }
    }
}

/// A document begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The first day on which it is so.
    pub on: Date,
    pub begins: bool,
    pub document: DocumentId,
}

/// Looks ahead.
///
/// # Errors
/// When the rules of a task fall into too many regions.
pub fn forecast(law: Law<'_>, window: Window) -> Result<Forecast, TooMany> {
    let mut changes = Vec::new();
    for index in 0..law.rulebook.tasks.len() {
        let task = TaskId(u32::try_from(index).unwrap_or(u32::MAX));
        let days: Vec<Date> = days(law.partitions.of(law.rulebook, task)?, window).into_iter().collect();
        if !days.is_empty() {
            changes.extend(of_task(law.rulebook, task, &days)?);
        }
    }
    changes.sort_by_key(|change| (change.on, change.kind, change.task));
    let mut documents: Vec<Turn> = turns(law.rulebook).filter(|turn| window.holds(turn.on)).collect();
    documents.sort();
    documents.dedup();
    Ok(Forecast { window, changes, documents })
}

impl Window {
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && day < self.before
    }
}

/// The days of a window on which the law of a task changes somewhere. A first day is no change: what holds on it holds already.
fn days(partition: &Partition, window: Window) -> BTreeSet<Date> {
    let classes = &partition.frame.classes;
    let mut tuples: BTreeSet<Vec<LocalityId>> = BTreeSet::from([Vec::new()]);
    for optional in &partition.frame.optional {
        let nowhere = optional.then_some(LocalityId::NOWHERE);
        let places: Vec<LocalityId> = classes.iter().map(|class| class.representative).chain(nowhere).collect();
        let longer = |tuple: &Vec<LocalityId>, place: LocalityId| [tuple.as_slice(), &[place]].concat();
        tuples = tuples.iter().flat_map(|tuple| places.iter().map(|place| longer(tuple, *place))).collect();
    }
    let all = tuples.iter().flat_map(|places| partition.days(places));
    all.filter(|day| window.holds(*day) && *day > window.from).collect()
}

fn of_task(rulebook: &Rulebook, task: TaskId, days: &[Date]) -> Result<Vec<Change>, TooMany> {
    let mut partition = Partition::new(rulebook, task)?;
    let mut met = Vec::new();
    for day in days {
        let (edge, transitions) = partition.transitions(*day, &unchanged);
        met.push((*day, edge, transitions));
    }
    let atlas = Atlas::new(rulebook, &partition);
    let mut changes = Vec::new();
    for (on, edge, transitions) in met {
        let mut groups: BTreeMap<(Kind, Holding, Holding), BTreeSet<u32>> = BTreeMap::new();
        for (transition, value) in transitions.iter().zip(1..) {
            let Some((before, after)) = both(&partition, *transition) else { continue };
            if let Some(kind) = kind(before, after) {
                groups.entry((kind, before.clone(), after.clone())).or_default().insert(value);
            }
        }
        for ((kind, before, after), values) in groups {
            let region = atlas.region_on(edge, values, Some(on));
            changes.push(Change { on, kind, task, before, after, region });
        }
    }
    Ok(changes)
}

fn both(partition: &Partition, (before, after): Transition) -> Option<(&Holding, &Holding)> {
    let of = |value: u32| partition.holdings.get(usize::try_from(value).ok()?)?.as_ref();
    Some((of(before)?, of(after)?))
}

/// What decides is the same, though perhaps by another text; or the point is impossible.
fn unchanged(partition: &Partition, transition: Transition) -> bool {
    both(partition, transition).is_none_or(|(before, after)| {
        let said = |holding: &Holding| {
            (holding.outcome, holding.holders.clone(), holding.sharing, holding.conflict, holding.of_several)
        };
        said(before) == said(after)
    })
}

/// Where the cover begins or ends nothing changes in the law.
fn kind(before: &Holding, after: &Holding) -> Option<Kind> {
    let passed = |held: Held| matches!(held, Held::Delegated | Held::Decentralised | Held::Entrusted);
    let decides = |outcome| matches!(outcome, Outcome::Decided | Outcome::Concurrent);
    let any_passed = |holding: &Holding| holding.holders.iter().any(|holder| passed(holder.held));
    match (before.outcome, after.outcome) {
        (Outcome::NotCovered | Outcome::Undetermined, _) | (_, Outcome::NotCovered | Outcome::Undetermined) => None,
        (_, Outcome::Gap) => Some(Kind::Gapes),
        (_, Outcome::Orphaned) => Some(Kind::Orphaned),
        (_, Outcome::Conflict) => Some(Kind::Conflict),
        (_, Outcome::NotRequired) => Some(Kind::SwitchedOff),
        (Outcome::NotRequired, _) => Some(Kind::SwitchedOn),
        (one, other) if !decides(one) || !decides(other) => Some(Kind::Mended),
        _ if any_passed(before) && !any_passed(after) => Some(Kind::FallsBack),
        _ if any_passed(after) && !any_passed(before) => Some(Kind::PassedOn),
        _ => Some(Kind::Moves),
    }
}

/// The first days, and the days after the last, of all documents as written.
fn turns(rulebook: &Rulebook) -> impl Iterator<Item = Turn> {
    let ids = (0..).map(DocumentId).zip(&rulebook.documents);
    ids.flat_map(|(id, document)| {
        document.in_force.iter().flat_map(move |days| {
            let begins = days.from.map(|on| Turn { on, begins: true, document: id });
            let ends = days.before.map(|on| Turn { on, begins: false, document: id });
            begins.into_iter().chain(ends)
        })
    })
}
