//! Cycles in graphs of numbers.

use std::collections::BTreeSet;

/// The nodes of a graph that lie on a cycle, each strongly connected component once, in order.
///
/// A node lies on a cycle when it reaches itself; two of them share a component when each reaches the other. The graphs
/// here are small and sparse, so plain searches do.
pub(super) fn cycles(edges: &[Vec<usize>]) -> Vec<BTreeSet<usize>> {
    let mut left = trimmed(edges);
    let mut found = Vec::new();
    while let Some(&start) = left.first() {
        let from = reach(edges, start, &left);
        let component: BTreeSet<usize> =
            from.iter().copied().filter(|&node| reach(edges, node, &left).contains(&start)).collect();
        if component.contains(&start) {
            left.retain(|node| !component.contains(node));
            found.push(component);
        } else {
            left.remove(&start);
        }
    }
    found
}

/// What is left once nodes without successors are taken away, again and again: every cycle and what leads to one.
fn trimmed(edges: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut left: BTreeSet<usize> = (0..edges.len()).collect();
    loop {
        let ends: Vec<usize> = left
            .iter()
            .copied()
            .filter(|&node| edges.get(node).is_none_or(|next| next.iter().all(|to| !left.contains(to))))
            .collect();
        if ends.is_empty() {
            return left;
        }
        for node in ends {
            left.remove(&node);
        }
    }
}

/// The nodes reached from `start` by one edge or more.
fn reach(edges: &[Vec<usize>], start: usize, within: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        for &next in edges.get(node).into_iter().flatten() {
            if within.contains(&next) && seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}
