//! Trees of several places in one: the place is asked about only below the cases in which it matters. A single exception in
//! one district then takes a few lines, not a tree of its own. Joined is what gets shorter by it.

use super::cases::{Canon, Cases};
use crate::diagram::Edge;
use crate::ruling::Outcome;

/// Of more trees than this only all together are tried.
const PAIR_LIMIT: usize = 12;

/// Trees that are written as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joint {
    /// What leads to the trees, in order of the places.
    pub(super) members: Vec<Edge>,
    pub(super) tree: Joined,
    /// About how many lines it takes.
    pub(super) length: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Joined {
    /// The same at all places.
    Alike(Cases),
    Test(u32, Vec<(Vec<u16>, Joined)>),
    /// What differs by place.
    Places(Vec<(Vec<Edge>, Cases)>),
}

/// A tree at some places; `None`: nothing is possible there.
type Entry<'a> = (Edge, Option<&'a Cases>);

/// Joins trees for as long as the whole gets shorter.
pub(super) fn join(canon: &Canon, trees: &[(Edge, Cases)]) -> Vec<Joint> {
    let joint = |(edge, cases): &(Edge, Cases)| Joint {
        members: vec![*edge],
        tree: Joined::Alike(cases.clone()),
        length: length(canon, cases),
    };
    let apart: Vec<Joint> = trees.iter().map(joint).collect();
    let united = |members: &[Edge]| {
        let entries: Vec<Entry<'_>> =
            trees.iter().filter(|(edge, _)| members.contains(edge)).map(|(edge, cases)| (*edge, Some(cases))).collect();
        let tree = joined(&entries)?;
        Some(Joint { members: entries.iter().map(|(edge, _)| *edge).collect(), length: length_of(canon, &tree), tree })
    };
    if trees.len() > PAIR_LIMIT {
        let all: Vec<Edge> = trees.iter().map(|(edge, _)| *edge).collect();
        let sum: usize = apart.iter().map(|joint| 1 + joint.length).sum();
        return united(&all).filter(|joint| 1 + joint.length < sum).map_or(apart, |joint| vec![joint]);
    }
    let mut joints = apart;
    loop {
        let mut best: Option<(usize, (usize, usize), Joint)> = None;
        for (second, other) in joints.iter().enumerate() {
            for (first, one) in joints.iter().enumerate().take(second) {
                let members: Vec<Edge> = one.members.iter().chain(&other.members).copied().collect();
                let Some(joint) = united(&members) else { continue };
                let saved = (one.length + other.length + 1).saturating_sub(joint.length);
                if saved > best.as_ref().map_or(0, |(most, ..)| *most) {
                    best = Some((saved, (first, second), joint));
                }
            }
        }
        let Some((_, (first, second), joint)) = best else { return joints };
        joints.remove(second);
        joints.iter_mut().skip(first).take(1).for_each(|own| *own = joint.clone());
    }
}

fn joined(entries: &[Entry<'_>]) -> Option<Joined> {
    let possible: Vec<(Edge, &Cases)> = entries.iter().filter_map(|(edge, cases)| Some((*edge, (*cases)?))).collect();
    let (_, first) = possible.first()?;
    if possible.iter().all(|(_, cases)| cases == first) {
        return Some(Joined::Alike((*first).clone()));
    }
    let variable = possible.iter().filter_map(|(_, cases)| match cases {
        Cases::Test(variable, _) => Some(*variable),
        Cases::Ruling(_) | Cases::So | Cases::NotSo => None,
    });
    let Some(variable) = variable.min() else {
        let mut groups: Vec<(Vec<Edge>, Cases)> = Vec::new();
        for (edge, cases) in possible {
            match groups.iter_mut().find(|(_, other)| other == cases) {
                Some((edges, _)) => edges.push(edge),
                None => groups.push((vec![edge], cases.clone())),
            }
        }
        return Some(Joined::Places(groups));
    };
    let mut branches: Vec<(Vec<u16>, Joined)> = Vec::new();
    for cell in cells(variable, &possible) {
        let here: Vec<Entry<'_>> =
            possible.iter().map(|(edge, cases)| (*edge, follow(cases, variable, cell))).collect();
        let Some(below) = joined(&here) else { continue };
        match branches.iter_mut().find(|(_, other)| *other == below) {
            Some((cells, _)) => cells.push(cell),
            None => branches.push((vec![cell], below)),
        }
    }
    if branches.len() > 1 {
        return Some(Joined::Test(variable, branches));
    }
    branches.pop().map(|(_, below)| below)
}

/// The possible cells of a variable, as far as one of the trees tests it. Sorted.
fn cells(variable: u32, trees: &[(Edge, &Cases)]) -> Vec<u16> {
    let mut cells: Vec<u16> = Vec::new();
    for (_, cases) in trees {
        match cases {
            Cases::Test(own, branches) if *own == variable => {
                cells.extend(branches.iter().flat_map(|(cells, _)| cells));
            }
            Cases::Test(..) | Cases::Ruling(_) | Cases::So | Cases::NotSo => {}
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

fn follow(cases: &Cases, variable: u32, cell: u16) -> Option<&Cases> {
    match cases {
        Cases::Test(own, branches) if *own == variable => {
            branches.iter().find(|(cells, _)| cells.contains(&cell)).map(|(_, below)| below)
        }
        Cases::Test(..) | Cases::Ruling(_) | Cases::So | Cases::NotSo => Some(cases),
    }
}

/// About how many lines cases take below the line that leads to them.
pub(super) fn length(canon: &Canon, cases: &Cases) -> usize {
    match cases {
        Cases::So | Cases::NotSo => 0,
        Cases::Ruling(index) => canon.holdings.get(*index).map_or(0, |holding| {
            let holders = if holding.outcome == Outcome::Decided { 0 } else { holding.holders.len() };
            holding.grounds.len() + holders
        }),
        Cases::Test(_, branches) => {
            let said = branches.iter().filter(|(_, below)| *below != Cases::NotSo);
            said.map(|(_, below)| 1 + length(canon, below)).sum()
        }
    }
}

fn length_of(canon: &Canon, tree: &Joined) -> usize {
    match tree {
        Joined::Alike(cases) => length(canon, cases),
        Joined::Test(_, branches) => branches.iter().map(|(_, below)| 1 + length_of(canon, below)).sum(),
        Joined::Places(groups) => groups.iter().map(|(_, cases)| 1 + length(canon, cases)).sum(),
    }
}
