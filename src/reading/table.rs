//! The whole law of a task as one decision tree for people: where, when and in which cases, then who decides and by what text.
//! Read off the task's [partition](crate::partition); knows nothing of how rulings are reached.
//!
//! The holder has a tree of its own, and so has everything that sentences add beside the holder: n independent requirements
//! make n small trees. Cases that the catalogue declares impossible are left out. What is told apart by nothing that is
//! printed is one: sentences at one address with the same marks are the same ground.

mod cases;
mod cover;
mod data;
mod joined;
mod lines;
mod regions;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use cover::{Part, Piece, Places};
pub use data::{TableCondition, TableNode, TableRuling, TableShape, json};
pub(crate) use data::{region as region_shape, ruling as ruling_shape};
pub use lines::{beside_lines, condition_words, lines, places_words, region_lines, ruling_lines};

use crate::applicability::{Pattern, ever_covered};
use crate::diagram::Edge;
use crate::partition::Partition;
use crate::register::{LocalityId, RowId};
use crate::resolution::{Beside, Holding};
use crate::rulebook::{Days, FactId, ReadingId, RoleId, Rulebook, TaskId};
use crate::ruling::{Choice, TooMany};
use cases::{Canon, Grower, What};
use regions::Regions;

use super::ask::Law;

/// The part of the law that is asked for: all of it where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Only {
    /// In the order of the task's roles; no unit restricts nothing.
    pub units: Vec<Vec<RowId>>,
    /// Only the cases in which there is no place of these roles. Sorted.
    pub without: Vec<RoleId>,
    pub on: Option<Date>,
}

impl Only {
    /// For each role what of the land is asked about: what lies in the units on the day, or ever did; where nothing is said of
    /// it, what the cover ever holds.
    fn localities(&self, rulebook: &Rulebook, task: TaskId) -> Vec<BTreeSet<LocalityId>> {
        let register = &rulebook.register;
        let of = |row: &RowId| match self.on {
            Some(day) => register.localities_of(*row, day),
            None => register.footprint_ever(register.row(*row).unit),
        };
        let known = known(rulebook, task);
        let places = |(index, role): (usize, &RoleId)| {
            let units = self.units.get(index).into_iter().flatten();
            let nowhere = self.without.contains(role).then_some(LocalityId::NOWHERE);
            let said: BTreeSet<LocalityId> = units.flat_map(of).chain(nowhere).collect();
            if said.is_empty() { known.get(index).cloned().unwrap_or_default() } else { said }
        };
        rulebook[task].roles.iter().enumerate().map(places).collect()
    }
}

/// For each role the places that the cover of the task ever holds, and no place where there may be none. Where it holds none,
/// everything.
pub(crate) fn known(rulebook: &Rulebook, task: TaskId) -> Vec<BTreeSet<LocalityId>> {
    let covered = ever_covered(rulebook, task);
    if covered.is_empty() {
        return Vec::new();
    }
    let task = &rulebook[task];
    let nowhere = |role: &RoleId| task.optional.contains(role).then_some(LocalityId::NOWHERE);
    task.roles.iter().map(|role| covered.iter().copied().chain(nowhere(role)).collect()).collect()
}

/// A task's law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub task: TaskId,
    pub only: Only,
    /// Ends in [`Node::Ruling`]s.
    pub holder: Node,
    /// What is added beside the holder, and in which cases; by the texts that say it.
    pub beside: Vec<Section>,
}

/// One thing that sentences add beside the holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub what: Beside,
    /// The cases in which it is so: ends in [`Node::So`].
    pub when: Node,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Ruling(Holding),
    So,
    /// Disjoint. Of a holder's tree: together everything that is possible.
    Branches(Vec<Branch>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub condition: Condition,
    pub below: Node,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    Days(Days),
    Place {
        role: RoleId,
        places: Places,
    },
    Fact {
        fact: FactId,
        choices: Vec<Choice>,
        /// These are all that its neighbours leave, and too many to be listed.
        rest: bool,
    },
    Reading {
        reading: ReadingId,
        options: Vec<u8>,
    },
    /// Whether the places of two roles lie in one unit.
    Together {
        pattern: Pattern,
        yes: bool,
    },
}

/// Reads a task's table.
///
/// # Errors
/// When its rules fall into too many regions.
pub fn table(law: Law<'_>, task: TaskId, only: Only) -> Result<Table, TooMany> {
    let partition = law.partitions.of(law.rulebook, task)?;
    let canon = Canon::new(law.rulebook, partition);
    let places = only.localities(law.rulebook, task);
    let read = |what: What| {
        let grower = Grower::new(partition, &canon, what);
        Regions::new(law.rulebook, (&places, only.on), grower).tree()
    };
    let holder = read(What::Holder).unwrap_or(Node::Branches(Vec::new()));
    let mut beside = Vec::new();
    for index in 0..partition.beside.len() {
        for what in canon.besides(partition, index) {
            let when = read(What::Beside { index, what: what.clone() });
            beside.extend(when.map(|when| Section { what, when }));
        }
    }
    sort(law.rulebook, partition, &mut beside);
    Ok(Table { task, only, holder, beside })
}

/// Reads parts of a task's points off its partition.
#[derive(Debug)]
pub(crate) struct Atlas<'a> {
    rulebook: &'a Rulebook,
    partition: &'a Partition,
    canon: Canon,
    /// For each role the places that are told apart; none for all.
    places: Vec<BTreeSet<LocalityId>>,
}

impl<'a> Atlas<'a> {
    pub(crate) fn new(rulebook: &'a Rulebook, partition: &'a Partition) -> Self {
        Self::among(rulebook, partition, known(rulebook, partition.frame.task))
    }

    /// The same, which tells these places of each role apart, and speaks of no others.
    pub(crate) fn among(rulebook: &'a Rulebook, partition: &'a Partition, places: Vec<BTreeSet<LocalityId>>) -> Self {
        Self { rulebook, partition, canon: Canon::new(rulebook, partition), places }
    }

    /// Where one of the partition's diagrams leads to one of some values, as a tree that ends in [`Node::So`]; what is
    /// impossible belongs to either side. `None`: nowhere.
    pub(crate) fn region(&self, edge: Edge, wanted: BTreeSet<u32>) -> Option<Node> {
        self.region_on(edge, wanted, None)
    }

    /// The same for one day, where there is one.
    pub(crate) fn region_on(&self, edge: Edge, wanted: BTreeSet<u32>, day: Option<Date>) -> Option<Node> {
        let grower = Grower::new(self.partition, &self.canon, What::Found { edge, wanted });
        Regions::new(self.rulebook, (&self.places, day), grower).tree()
    }
}

/// By the documents that say so, the oldest first, then by address.
fn sort(rulebook: &Rulebook, partition: &Partition, sections: &mut [Section]) {
    let key = |section: &Section| {
        let grounds = section.what.grounds.iter().map(|ground| {
            let text = &rulebook[rulebook[ground.provision].text];
            let document = &rulebook[text.document];
            (document.issued, document.number.clone(), text.address.clone(), ground.provision)
        });
        (grounds.collect::<Vec<_>>(), section.what.clone(), partition.frame.task)
    };
    sections.sort_by_cached_key(key);
}
