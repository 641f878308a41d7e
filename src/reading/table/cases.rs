//! The trees below places and days: over facts, then readings, then whether places lie together. Equal trees get equal
//! numbers. Impossible cases are merged away: a question that only they depend on is none.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagram::{Edge, Node as DiagramNode};
use crate::partition::{Partition, Variable};
use crate::resolution::{Beside, Holding};
use crate::rulebook::{ProvisionId, Rulebook, TextId};
use crate::ruling::Ground;

/// What a tree is about.
#[derive(Debug, Clone)]
pub(super) enum What {
    Holder,
    /// Where the sentence of this index in [`Partition::beside`] adds just this.
    Beside {
        index: usize,
        what: Beside,
    },
    /// Where another diagram of the partition leads to one of some values.
    Found {
        edge: Edge,
        wanted: BTreeSet<u32>,
    },
}

/// A tree over facts, readings and patterns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cases {
    /// Index into [`Canon::holdings`].
    Ruling(usize),
    So,
    NotSo,
    /// Sorted sets of cells, in order of their first.
    Test(u32, Vec<(Vec<u16>, Cases)>),
}

/// The rulings of a task as far as they are printed.
#[derive(Debug)]
pub(super) struct Canon {
    /// Each once.
    pub(super) holdings: Vec<Holding>,
    /// For each of the partition's holdings its place among these; `None` where it is impossible.
    of: Vec<Option<usize>>,
    /// The partition's, their grounds made canonical.
    besides: Vec<Beside>,
}

impl Canon {
    pub(super) fn new(rulebook: &Rulebook, partition: &Partition) -> Self {
        let mut first = First { rulebook, known: BTreeMap::new() };
        let mut canon = Self { holdings: Vec::new(), of: Vec::new(), besides: partition.besides.clone() };
        let mut known: BTreeMap<Holding, usize> = BTreeMap::new();
        for holding in &partition.holdings {
            let own = holding.as_ref().map(|holding| {
                let mut holding = holding.clone();
                first.grounds(&mut holding.grounds);
                *known.entry(holding).or_insert_with_key(|holding| {
                    canon.holdings.push(holding.clone());
                    canon.holdings.len() - 1
                })
            });
            canon.of.push(own);
        }
        for beside in &mut canon.besides {
            first.grounds(&mut beside.grounds);
        }
        canon
    }

    /// What a sentence can add. Sorted.
    pub(super) fn besides(&self, partition: &Partition, index: usize) -> BTreeSet<Beside> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<Edge> = partition.beside.get(index).map(|(_, edge)| *edge).into_iter().collect();
        while let Some(edge) = open.pop() {
            if !seen.insert(edge) {
                continue;
            }
            match partition.diagrams.node(edge) {
                Some(node) => open.extend(node.runs.iter().map(|(_, below)| *below)),
                None => found.extend(self.beside(edge).filter(|beside| **beside != Beside::default()).cloned()),
            }
        }
        found
    }

    fn holding(&self, edge: Edge) -> Option<usize> {
        self.of.get(place(edge.value()?)).copied().flatten()
    }

    fn beside(&self, edge: Edge) -> Option<&Beside> {
        self.besides.get(place(edge.value()?))
    }
}

/// For each way in which a sentence is cited, the first sentence that is cited so. Which reading of a text it belongs to is
/// no part of that: a table asks for the reading where it matters.
struct First<'a> {
    rulebook: &'a Rulebook,
    known: BTreeMap<Cited, ProvisionId>,
}

/// Text, and the sentence's own marks.
type Cited = (TextId, bool, Option<String>);

impl First<'_> {
    fn grounds(&mut self, grounds: &mut Vec<Ground>) {
        for ground in grounds.iter_mut() {
            let provision = &self.rulebook[ground.provision];
            let cited = (provision.text, provision.unverified, provision.confidence.clone());
            ground.provision = *self.known.entry(cited).or_insert(ground.provision);
        }
        let mut seen = BTreeSet::new();
        grounds.retain(|ground| seen.insert(*ground));
    }
}

/// Grows trees from where a task's diagrams stand.
pub(super) struct Grower<'a> {
    pub(super) partition: &'a Partition,
    pub(super) canon: &'a Canon,
    what: What,
    known: BTreeMap<Edges, Option<Cases>>,
}

/// Where the holder's diagram stands, which knows what is impossible, and that of what is added.
pub(super) type Edges = (Edge, Edge);

impl<'a> Grower<'a> {
    pub(super) fn new(partition: &'a Partition, canon: &'a Canon, what: What) -> Self {
        Self { partition, canon, what, known: BTreeMap::new() }
    }

    pub(super) fn roots(&self) -> Edges {
        let beside = match &self.what {
            What::Holder => None,
            What::Beside { index, .. } => self.partition.beside.get(*index).map(|(_, edge)| *edge),
            What::Found { edge, .. } => Some(*edge),
        };
        (self.partition.holding, beside.unwrap_or(Edge::leaf(0)))
    }

    /// The first variable that either diagram tests.
    pub(super) fn top(&self, edges: Edges) -> Option<u32> {
        let variable = |edge| self.partition.diagrams.node(edge).map(|node| node.variable);
        variable(edges.0).into_iter().chain(variable(edges.1)).min()
    }

    pub(super) fn follow(&self, edges: Edges, variable: u32, cell: u32) -> Edges {
        let follow = |edge| match self.partition.diagrams.node(edge) {
            Some(node) if node.variable == variable => node.follow(cell),
            Some(DiagramNode { .. }) | None => edge,
        };
        (follow(edges.0), follow(edges.1))
    }

    /// The tree; `None` where nothing is possible.
    pub(super) fn grow(&mut self, edges: Edges) -> Option<Cases> {
        if let Some(known) = self.known.get(&edges) {
            return known.clone();
        }
        let tree = match self.top(edges) {
            Some(variable) => self.test(edges, variable),
            None => self.leaf(edges),
        };
        self.known.insert(edges, tree.clone());
        tree
    }

    fn test(&mut self, edges: Edges, variable: u32) -> Option<Cases> {
        let mut branches: Vec<(Vec<u16>, Cases)> = Vec::new();
        for cell in 0..u16::try_from(self.partition.cells(variable)).unwrap_or(u16::MAX) {
            let below = self.follow(edges, variable, u32::from(cell));
            let Some(below) = self.grow(below) else { continue };
            match branches.iter_mut().find(|(_, other)| *other == below) {
                Some((cells, _)) => cells.push(cell),
                None => branches.push((vec![cell], below)),
            }
        }
        if branches.len() > 1 {
            return Some(Cases::Test(variable, branches));
        }
        branches.pop().map(|(_, tree)| tree)
    }

    fn leaf(&self, edges: Edges) -> Option<Cases> {
        let holding = self.canon.holding(edges.0)?;
        Some(match &self.what {
            What::Holder => Cases::Ruling(holding),
            What::Beside { what, .. } if self.canon.beside(edges.1) == Some(what) => Cases::So,
            What::Found { wanted, .. } if edges.1.value().is_some_and(|value| wanted.contains(&value)) => Cases::So,
            What::Beside { .. } | What::Found { .. } => Cases::NotSo,
        })
    }

    /// What a variable is, if it is below places and days.
    pub(super) fn is_case(&self, variable: u32) -> bool {
        match self.partition.variable(variable) {
            Variable::Place(_) | Variable::Day => false,
            Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => true,
        }
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
