//! What can be the ruling somewhere on a day, whatever the facts: the leaves that a task's diagrams lead to from a place of the
//! task's first role. The other roles have any place of the day; a case lies in one unit. Knows diagrams, no words.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;

use crate::diagram::Edge;
use crate::partition::{Partition, Variable, day_number};
use crate::register::{LocalityId, Register, RowId};
use crate::resolution::Holding;
use crate::rulebook::Rulebook;

/// A task's diagrams on a day.
pub(super) struct Reach<'a> {
    partition: &'a Partition,
    day: u32,
    /// By role: the kinds of places that there are on the day.
    kinds: Vec<BTreeSet<u32>>,
    below: BTreeMap<Edge, Leaves>,
}

/// Indices into the partition's holdings.
pub(super) type Leaves = Rc<BTreeSet<u32>>;

impl<'a> Reach<'a> {
    pub(super) fn new(rulebook: &Rulebook, partition: &'a Partition, day: Date) -> Self {
        let frame = &partition.frame;
        let kind = |place| u32::try_from(frame.class_of(place)).unwrap_or(u32::MAX);
        let there: BTreeSet<u32> = places(&rulebook.register, day).map(kind).collect();
        let kinds = frame.optional.iter().map(|optional| {
            let nowhere = optional.then(|| kind(LocalityId::NOWHERE));
            there.iter().copied().chain(nowhere).collect()
        });
        Self { partition, day: day_number(day), kinds: kinds.collect(), below: BTreeMap::new() }
    }

    /// The leaves of a diagram of the task, for a place of its first role.
    pub(super) fn leaves(&mut self, root: Edge, place: LocalityId) -> Leaves {
        let from = self.from(root, place);
        self.all(from)
    }

    /// Where a diagram stands once the first role's place is known.
    pub(super) fn from(&self, root: Edge, place: LocalityId) -> Edge {
        match self.partition.diagrams.node(root) {
            Some(node) if self.partition.variable(node.variable) == Variable::Place(0) => {
                node.follow(u32::try_from(self.partition.frame.class_of(place)).unwrap_or(u32::MAX))
            }
            Some(_) | None => root,
        }
    }

    /// What is possible at a place: the holdings that the catalogue does not declare impossible.
    pub(super) fn holdings(&mut self, place: LocalityId) -> Vec<&'a Holding> {
        let leaves = self.leaves(self.partition.holding, place);
        let holding = |leaf: &u32| self.partition.holdings.get(usize::try_from(*leaf).ok()?)?.as_ref();
        leaves.iter().filter_map(holding).collect()
    }

    fn all(&mut self, edge: Edge) -> Leaves {
        if let Some(known) = self.below.get(&edge) {
            return Rc::clone(known);
        }
        let leaves: BTreeSet<u32> = match edge.value() {
            Some(leaf) => BTreeSet::from([leaf]),
            None => self
                .next(edge)
                .into_iter()
                .flat_map(|below| self.all(below).iter().copied().collect::<Vec<_>>())
                .collect(),
        };
        let leaves = Rc::new(leaves);
        self.below.insert(edge, Rc::clone(&leaves));
        leaves
    }

    /// The diagrams below a node, as far as the day and the places that there are lead to them.
    pub(super) fn next(&self, edge: Edge) -> BTreeSet<Edge> {
        let Some(node) = self.partition.diagrams.node(edge) else { return BTreeSet::new() };
        self.cells(node.variable, node.runs).into_iter().map(|cell| node.follow(cell)).collect()
    }

    /// One cell of each run of a node that is possible on the day.
    fn cells(&self, variable: u32, runs: &[(u32, Edge)]) -> Vec<u32> {
        match self.partition.variable(variable) {
            Variable::Day => vec![self.day],
            Variable::Place(role) => self.kinds.get(role).into_iter().flatten().copied().collect(),
            Variable::Pattern(index) if self.partition.patterns.get(index).is_some_and(|one| one.is_span()) => vec![1],
            Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => {
                runs.iter().map(|(first, _)| *first).collect()
            }
        }
    }
}

/// Walks two days of a task's diagrams together, and gives each pair of leaves to which the same case leads.
pub(super) fn pairs(before: &Reach<'_>, after: &Reach<'_>, roots: (Edge, Edge)) -> BTreeSet<(u32, u32)> {
    let partition = before.partition;
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![roots];
    while let Some((one, other)) = open.pop() {
        // The day is the only variable that differs.
        let (one, other) = (settle(before, one), settle(after, other));
        if !seen.insert((one, other)) {
            continue;
        }
        let nodes = || [one, other].into_iter().filter_map(|edge| partition.diagrams.node(edge));
        let Some(variable) = nodes().map(|node| node.variable).min() else {
            found.extend(one.value().zip(other.value()));
            continue;
        };
        let own = || nodes().filter(|node| node.variable == variable);
        let cells: BTreeSet<u32> = own()
            .flat_map(|node| {
                let cells = before.cells(variable, node.runs).into_iter();
                cells.chain(after.cells(variable, node.runs)).collect::<Vec<_>>()
            })
            .collect();
        let follow = |edge: Edge, cell: u32| match partition.diagrams.node(edge) {
            Some(node) if node.variable == variable => node.follow(cell),
            Some(_) | None => edge,
        };
        open.extend(cells.into_iter().map(|cell| (follow(one, cell), follow(other, cell))));
    }
    found
}

/// Where a diagram stands once the day is known, if that is what it tests.
fn settle(reach: &Reach<'_>, edge: Edge) -> Edge {
    match reach.partition.diagrams.node(edge) {
        Some(node) if reach.partition.variable(node.variable) == Variable::Day => node.follow(reach.day),
        Some(_) | None => edge,
    }
}

/// The places that there are on a day.
pub(super) fn places(register: &Register, day: Date) -> impl Iterator<Item = LocalityId> + '_ {
    register.localities().filter(move |place| register.lowest(*place, day).is_some())
}

/// The lowest units of a day, each with its places.
pub(super) fn lowest(register: &Register, day: Date) -> BTreeMap<RowId, Vec<LocalityId>> {
    let mut units: BTreeMap<RowId, Vec<LocalityId>> = BTreeMap::new();
    for place in register.localities() {
        if let Some(row) = register.lowest(place, day) {
            units.entry(row).or_default().push(place);
        }
    }
    units
}
