//! Reduced, shared decision diagrams over variables with finitely many cells each. Knows nothing of places, days, facts or
//! law: a variable is a number, its cells are numbers from zero on, and a leaf is a number too.
//!
//! Nodes are multiway and written as runs of neighbouring cells; neighbouring runs lead to different children, a node has two
//! runs at least, variables grow on every path, and equal nodes are one node. So for a given order of variables equal
//! functions are equal [`Edge`]s. (Bryant, *Graph-Based Algorithms for Boolean Function Manipulation*, 1986; multiway nodes as
//! in Srinivasan et al., *Algorithms for Discrete Function Manipulation*, 1990.)

use std::collections::{BTreeMap, BTreeSet};

/// A leaf, or a node of the [`Diagrams`] that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge(u32);

/// Set in an edge that is a leaf.
const LEAF: u32 = 1 << 31;

impl Edge {
    /// The leaf of a value; values are below 2³¹.
    #[must_use]
    pub const fn leaf(value: u32) -> Self {
        Self(value | LEAF)
    }

    /// The value, if it is a leaf.
    #[must_use]
    pub const fn value(self) -> Option<u32> {
        if self.0 & LEAF == 0 { None } else { Some(self.0 & !LEAF) }
    }
}

/// A test of one variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node<'a> {
    pub variable: u32,
    /// The first cell of each run, ascending from zero, and where the run leads.
    pub runs: &'a [(u32, Edge)],
}

impl Node<'_> {
    /// Where a cell leads.
    #[must_use]
    pub fn follow(&self, cell: u32) -> Edge {
        // Runs ascend from zero, so a cell lies in no later run than that of its own number; where every cell has a run of
        // its own it lies just there.
        let last = place(cell).min(self.runs.len().saturating_sub(1));
        match self.runs.get(last) {
            Some((first, edge)) if *first <= cell => *edge,
            Some(_) | None => {
                let before = self.runs.get(..last).unwrap_or_default();
                let after = before.partition_point(|(first, _)| *first <= cell);
                after.checked_sub(1).and_then(|run| before.get(run)).map_or(Edge::leaf(0), |(_, edge)| *edge)
            }
        }
    }
}

/// The nodes of any number of diagrams over one order of variables.
#[derive(Debug, Default, Clone)]
pub struct Diagrams {
    /// For each node its variable, and where its runs begin in `runs`; they end where those of the next node begin.
    nodes: Vec<(u32, u32)>,
    runs: Vec<(u32, Edge)>,
    /// For each hash of a node's content, the nodes that have it.
    known: BTreeMap<u64, Vec<u32>>,
}

impl Diagrams {
    /// The node of an edge; `None` for a leaf.
    #[must_use]
    pub fn node(&self, edge: Edge) -> Option<Node<'_>> {
        if edge.0 & LEAF != 0 {
            return None;
        }
        let index = usize::try_from(edge.0).ok()?;
        let (variable, first) = *self.nodes.get(index)?;
        let end = self.nodes.get(index + 1).map_or(self.runs.len(), |(_, next)| place(*next));
        Some(Node { variable, runs: self.runs.get(place(first)..end)? })
    }

    /// The diagram that leads the cells of a variable where `runs` say: the first cell of each run, ascending from zero, and
    /// a diagram over later variables only.
    pub fn make(&mut self, variable: u32, runs: impl IntoIterator<Item = (u32, Edge)>) -> Edge {
        let mut merged: Vec<(u32, Edge)> = Vec::new();
        for (first, edge) in runs {
            if merged.last().is_none_or(|(_, last)| *last != edge) {
                merged.push((first, edge));
            }
        }
        if let [(_, only)] = merged.as_slice() {
            return *only;
        }
        let key = content_hash(variable, &merged);
        let same = |index: &&u32| self.node(Edge(**index)).is_some_and(|node| node == Node { variable, runs: &merged });
        if let Some(known) = self.known.get(&key).and_then(|alike| alike.iter().find(same)) {
            return Edge(*known);
        }
        let index = number(self.nodes.len());
        self.nodes.push((variable, number(self.runs.len())));
        self.runs.extend(merged);
        self.known.entry(key).or_default().push(index);
        Edge(index)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many bytes the finished diagrams take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(self.nodes.as_slice()) + size_of_val(self.runs.as_slice())
    }

    /// Drops what only making needs.
    pub fn finish(&mut self) {
        self.known = BTreeMap::new();
        self.nodes.shrink_to_fit();
        self.runs.shrink_to_fit();
    }

    /// The values of the leaves below an edge. Sorted.
    #[must_use]
    pub fn values(&self, edge: Edge) -> Vec<u32> {
        let (mut values, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![edge];
        while let Some(edge) = open.pop() {
            values.extend(edge.value());
            if seen.insert(edge) {
                open.extend(self.node(edge).into_iter().flat_map(|node| node.runs).map(|(_, next)| *next));
            }
        }
        values.into_iter().collect()
    }

    /// Follows a point, given as the cell of each variable, to its leaf.
    #[must_use]
    pub fn at(&self, mut edge: Edge, cells: &[u32]) -> u32 {
        loop {
            if let Some(value) = edge.value() {
                return value;
            }
            let Some(node) = self.node(edge) else { return 0 };
            edge = node.follow(cells.get(place(node.variable)).copied().unwrap_or(0));
        }
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn number(place: usize) -> u32 {
    // Diagrams are bounded far below this by whoever makes them.
    u32::try_from(place).unwrap_or(LEAF - 1)
}

/// FNV-1a: the same on every machine and in every run.
fn content_hash(variable: u32, runs: &[(u32, Edge)]) -> u64 {
    let words = std::iter::once(variable).chain(runs.iter().flat_map(|(first, edge)| [*first, edge.0]));
    words.fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ u64::from(word)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_functions_are_equal_edges() {
        let mut diagrams = Diagrams::default();
        let late = diagrams.make(1, [(0, Edge::leaf(1)), (3, Edge::leaf(2))]);
        let again = diagrams.make(1, [(0, Edge::leaf(1)), (1, Edge::leaf(1)), (3, Edge::leaf(2))]);
        assert_eq!(late, again);
        assert_eq!(diagrams.make(0, [(0, late), (5, again)]), late, "a test that changes nothing is none");
        let root = diagrams.make(0, [(0, late), (5, Edge::leaf(3))]);
        assert_eq!(diagrams.len(), 2);
        assert_eq!([[0, 2], [4, 3], [5, 0], [9, 9]].map(|cells| diagrams.at(root, &cells)), [1, 2, 3, 3]);
    }
}
