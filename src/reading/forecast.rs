//! What comes: every change of who decides within some days, where it happens, and what the law says from then on; and which
//! documents begin and end. Read off the partitions; the first day is given, never taken from a clock.

mod calendar;
mod lines;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use calendar::calendar;
pub use lines::{headline, lines, turned};

use super::ask::Law;
use super::check::{Point, Points, Sought, turns};
use super::table::{Atlas, Node};
use crate::partition::{Partition, Transition};
use crate::register::LocalityId;
use crate::resolution::Holding;
use crate::rulebook::{DocumentId, Rulebook, TaskId};
use crate::ruling::{Held, Outcome, PointRuling, TooMany, Verdict};

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
    /// Without the grounds: where texts or readings that differ made the same body decide, it is one change.
    pub before: Holding,
    pub after: Holding,
    /// Of the task's points on that day.
    pub region: Option<Node>,
    /// The first of them.
    pub witness: Point,
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
    /// It is left open on purpose who decides.
    LeftOpen,
    /// A gap or conflict ends, or what was left open is closed.
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
            Self::LeftOpen => "left-open",
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

/// Looks ahead: at some tasks, or at all and at the documents where none is named.
///
/// # Errors
/// When the rules of a task fall into too many regions.
pub fn forecast(law: Law<'_>, tasks: &[TaskId], window: Window) -> Result<Forecast, TooMany> {
    let mut changes = Vec::new();
    for task in law.rulebook.task_ids().filter(|task| tasks.is_empty() || tasks.contains(task)) {
        let days: Vec<Date> = days(law.rulebook, law.partitions.of(law.rulebook, task)?, window).into_iter().collect();
        if !days.is_empty() {
            changes.extend(of_task(law.rulebook, task, &days)?);
        }
    }
    changes.sort_by_key(|change| (change.on, change.kind, change.task));
    let met = coming_and_going(law.rulebook).filter(|turn| tasks.is_empty() && window.holds(turn.on));
    let mut documents: Vec<Turn> = met.collect();
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
fn days(rulebook: &Rulebook, partition: &Partition, window: Window) -> BTreeSet<Date> {
    let classes = &partition.frame.classes;
    let mut tuples: BTreeSet<Vec<LocalityId>> = BTreeSet::from([Vec::new()]);
    for optional in &partition.frame.optional {
        let nowhere = optional.then_some(LocalityId::NOWHERE);
        let places: Vec<LocalityId> = classes.iter().map(|class| class.representative).chain(nowhere).collect();
        let longer = |tuple: &Vec<LocalityId>, place: LocalityId| [tuple.as_slice(), &[place]].concat();
        tuples = tuples.iter().flat_map(|tuple| places.iter().map(|place| longer(tuple, *place))).collect();
    }
    // Whether places lie together can change wherever units do.
    let lie_together = partition.patterns.iter().any(|pattern| !pattern.is_span());
    let of_units = rulebook.register.change_days().iter().copied().filter(|_| lie_together);
    let all = tuples.iter().flat_map(|places| partition.days(places)).chain(of_units);
    all.filter(|day| window.holds(*day) && *day > window.from).collect()
}

fn of_task(rulebook: &Rulebook, task: TaskId, days: &[Date]) -> Result<Vec<Change>, TooMany> {
    let mut partition = Partition::new(rulebook, task)?;
    let mut met = Vec::new();
    for day in days {
        let (edge, transitions) = partition.transitions(rulebook, *day, &unchanged);
        met.push((*day, edge, transitions));
    }
    let (atlas, points) = (Atlas::new(rulebook, &partition), Points::new(rulebook, &partition));
    let mut changes = Vec::new();
    for (on, edge, transitions) in met {
        let mut groups: BTreeMap<(Kind, Holding, Holding), BTreeSet<u32>> = BTreeMap::new();
        for (transition, value) in transitions.iter().zip(1..) {
            let Some((before, after)) = both(&partition, *transition) else { continue };
            if let Some(kind) = kind(before, after) {
                groups.entry((kind, without_grounds(before), after.clone())).or_default().insert(value);
            }
        }
        for ((kind, before, after), values) in groups {
            // Places need not be able to lie together as the region asks: then nothing changes for anybody.
            if let Some(witness) = points.first(edge, &values, Sought::Turning(on)) {
                let region = atlas.region_on(edge, values, Some(on));
                changes.push(Change { on, kind, task, before, after, region, witness });
            }
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
    both(partition, transition).is_none_or(|(before, after)| without_grounds(before) == without_grounds(after))
}

fn without_grounds(holding: &Holding) -> Holding {
    Holding { grounds: Vec::new(), framework_unread: false, ..holding.clone() }
}

/// Whether a ruling of the reference is the one that a holding tells, as far as a change looks at it.
pub(in crate::reading) fn says(holding: &Holding, ruling: &PointRuling) -> bool {
    let Verdict { outcome, holders, sharing, conflict, of_several, requirements: _, may_step_in: _, handling: _ } =
        &ruling.verdict;
    (outcome, holders, sharing, conflict, of_several)
        == (&holding.outcome, &holding.holders, &holding.sharing, &holding.conflict, &holding.of_several)
}

/// Whether the reference rules at a change's witness as it says, on the day before and on the day.
#[must_use]
pub fn replays(rulebook: &Rulebook, change: &Change) -> bool {
    let (before, after) = (&change.before, &change.after);
    turns(rulebook, &change.witness, &|ruling| says(before, ruling), &|ruling| says(after, ruling))
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
        (_, Outcome::Open) => Some(Kind::LeftOpen),
        (one, other) if !decides(one) || !decides(other) => Some(Kind::Mended),
        _ if any_passed(before) && !any_passed(after) => Some(Kind::FallsBack),
        _ if any_passed(after) && !any_passed(before) => Some(Kind::PassedOn),
        _ => Some(Kind::Moves),
    }
}

/// The first days, and the days after the last, of all documents as written.
fn coming_and_going(rulebook: &Rulebook) -> impl Iterator<Item = Turn> {
    let ids = (0..).map(DocumentId).zip(&rulebook.documents);
    ids.flat_map(|(id, document)| {
        document.in_force.iter().flat_map(move |days| {
            let begins = days.from.map(|on| Turn { on, begins: true, document: id });
            let ends = days.before.map(|on| Turn { on, begins: false, document: id });
            begins.into_iter().chain(ends)
        })
    })
}
