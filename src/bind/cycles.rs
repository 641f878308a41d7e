//! Cycles in graphs of numbers.

use std::collections::BTreeSet;

/// The nodes of a graph that lie on a cycle, each strongly connected component once, in order of its least node.
///
/// Kosaraju's algorithm (Sharir 1981), without recursion: linear in nodes and edges, of which a hostile text can make millions.
pub(super) fn cycles(edges: &[Vec<usize>]) -> Vec<BTreeSet<usize>> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, next) in edges.iter().enumerate() {
        for to in next {
            if let Some(back) = back.get_mut(*to) {
                back.push(from);
            }
        }
    }
    let mut seen = vec![false; edges.len()];
    let finished: Vec<usize> = (0..edges.len()).flat_map(|start| reach(edges, start, &mut seen)).collect();
    let mut seen = vec![false; edges.len()];
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for start in finished.into_iter().rev() {
        let component: BTreeSet<usize> = reach(&back, start, &mut seen).into_iter().collect();
        let returns = edges.get(start).is_some_and(|next| next.contains(&start));
        if component.len() > 1 || component.contains(&start) && returns {
            found.push(component);
        }
    }
    found.sort_by_key(|component| component.first().copied());
    found
}

/// What is reached from `start` and was not seen before, each node behind all that is reached through it.
fn reach(edges: &[Vec<usize>], start: usize, seen: &mut [bool]) -> Vec<usize> {
    let mut finished = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let enter = |node: usize, seen: &mut [bool], open: &mut Vec<(usize, usize)>| {
        if let Some(known) = seen.get_mut(node)
            && !std::mem::replace(known, true)
        {
            open.push((node, 0));
        }
    };
    enter(start, seen, &mut open);
    while let Some((node, at)) = open.last_mut() {
        match edges.get(*node).and_then(|next| next.get(*at)) {
            Some(next) => {
                *at += 1;
                enter(*next, seen, &mut open);
            }
            None => {
                finished.push(*node);
                open.pop();
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, cycles};

    #[test]
    fn components_of_more_than_one_node_and_loops_are_cycles() {
        let edges = [vec![1], vec![2, 5], vec![0], vec![4], vec![], vec![5], vec![3, 7], vec![6, 0]];
        let found: Vec<Vec<usize>> = cycles(&edges).into_iter().map(|cycle| cycle.into_iter().collect()).collect();
        assert_eq!(found, [vec![0, 1, 2], vec![5], vec![6, 7]]);
        assert!(cycles(&[vec![1], vec![2], vec![]]).is_empty());
    }

    #[test]
    fn graphs_with_many_edges_and_long_chains_are_quick() {
        let all: Vec<Vec<usize>> = (0..1500).map(|_| (0..1500).collect()).collect();
        assert_eq!(cycles(&all), [(0..1500).collect::<BTreeSet<usize>>()]);
        let chain: Vec<Vec<usize>> = (1..=200_000).map(|next| vec![next]).collect();
        assert!(cycles(&chain).is_empty());
    }
}
