//! Two diagrams at once: what changes from one day to the next, or what two say of the same points. Knows diagrams; nothing of
//! what rulings say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Partition, Variable, day_number};
use crate::applicability::Pattern;
use crate::diagram::{Edge, Node};
use crate::rulebook::Rulebook;

/// Where two diagrams lead, or one on the day before and on a day.
pub type Transition = (u32, u32);

impl Partition {
    /// A diagram, among the partition's own, of what the holder's diagram leads to on the day before a day and on it: leaves
    /// are indices into the list, from one on; zero where `same` says that nothing changes.
    ///
    /// Where units change on the day, whether places lie together on the day before is asked of that day.
    pub fn transitions(
        &mut self,
        rulebook: &Rulebook,
        day: Date,
        same: &dyn Fn(&Self, Transition) -> bool,
    ) -> (Edge, Vec<Transition>) {
        let units_change = rulebook.register.change_days().contains(&day);
        let eve = day.yesterday().ok().filter(|_| units_change);
        let mut walk = Walk { day: Some(day_number(day)), eve, same, met: Vec::new(), known: BTreeMap::new() };
        let root = walk.pair(self, self.holding, self.holding);
        (root, walk.met)
    }

    /// The same for what two of the partition's diagrams lead to at each point; zero where `same` says that it is nothing.
    pub fn pairs(
        &mut self,
        (one, other): (Edge, Edge),
        same: &dyn Fn(&Self, Transition) -> bool,
    ) -> (Edge, Vec<Transition>) {
        let mut walk = Walk { day: None, eve: None, same, met: Vec::new(), known: BTreeMap::new() };
        let root = walk.pair(self, one, other);
        (root, walk.met)
    }
}

struct Walk<'s> {
    /// The day that is compared with the one before it.
    day: Option<u32>,
    /// The day before, when places may lie together on it that do not on the day, or the other way round.
    eve: Option<Date>,
    same: &'s dyn Fn(&Partition, Transition) -> bool,
    met: Vec<Transition>,
    known: BTreeMap<(Edge, Edge), Edge>,
}

impl Walk<'_> {
    fn pair(&mut self, partition: &mut Partition, before: Edge, after: Edge) -> Edge {
        if let Some(known) = self.known.get(&(before, after)) {
            return *known;
        }
        let nodes = [before, after].map(|edge| partition.diagrams.node(edge));
        let made = match nodes.iter().flatten().map(|node| node.variable).min() {
            None => self.leaf(partition, (before.value().unwrap_or(0), after.value().unwrap_or(0))),
            Some(variable) => {
                let [one, other] = nodes.map(|node| node.filter(|node| node.variable == variable));
                if let Some(day) = self.day.filter(|_| partition.variable(variable) == Variable::Day) {
                    let (one, other) = (follow(one, before, day.saturating_sub(1)), follow(other, after, day));
                    let made = self.pair(partition, one, other);
                    self.known.insert((before, after), made);
                    return made;
                }
                let earlier = one.map(|node| (node.follow(0), node.follow(1)));
                let of_eve = self.of_eve(&partition.patterns, partition.variable(variable));
                if let (Some(earlier), Some((index, eve))) = (earlier, of_eve) {
                    let made = self.apart(partition, (variable, index, eve), earlier, after);
                    self.known.insert((before, after), made);
                    return made;
                }
                let firsts: BTreeSet<u32> =
                    [one, other].iter().flatten().flat_map(|node| node.runs).map(|(first, _)| *first).collect();
                let below: Vec<(u32, (Edge, Edge))> = firsts
                    .into_iter()
                    .map(|first| (first, (follow(one, before, first), follow(other, after, first))))
                    .collect();
                let mut runs = Vec::new();
                for (first, (before, after)) in below {
                    runs.push((first, self.pair(partition, before, after)));
                }
                partition.diagrams.make(variable, runs)
            }
        };
        self.known.insert((before, after), made);
        made
    }

    /// What a variable asks of the day, asked of the day before, when that has to be asked by itself; and the variable's index.
    fn of_eve(&self, patterns: &[Pattern], variable: Variable) -> Option<(usize, Pattern)> {
        let Variable::Pattern(index) = variable else { return None };
        let asked = patterns.get(index).filter(|asked| !asked.is_span() && asked.on.is_none())?;
        Some((index, Pattern { on: Some(self.eve?), ..*asked }))
    }

    /// Where the diagram of the day before goes on by what is asked of that day, and the diagram of the day by what is asked
    /// of the day.
    fn apart(
        &mut self,
        partition: &mut Partition,
        (variable, index, of_eve): (u32, usize, Pattern),
        (no, yes): (Edge, Edge),
        after: Edge,
    ) -> Edge {
        let at = partition.patterns.iter().position(|pattern| *pattern == of_eve).unwrap_or_else(|| {
            partition.patterns.push(of_eve);
            partition.patterns.len() - 1
        });
        let of_eve = u32::try_from(at).ok().zip(u32::try_from(index).ok());
        let of_eve = of_eve.map_or(u32::MAX, |(at, index)| variable - index + at);
        let mut runs = Vec::new();
        for value in [0, 1] {
            let later = partition.diagrams.node(after).filter(|node| node.variable == variable);
            let later = follow(later, after, value);
            let (no, yes) = (self.pair(partition, no, later), self.pair(partition, yes, later));
            runs.push((value, choose(partition, of_eve, no, yes)));
        }
        partition.diagrams.make(variable, runs)
    }

    fn leaf(&mut self, partition: &Partition, transition: Transition) -> Edge {
        if (self.day.is_some() && transition.0 == transition.1) || (self.same)(partition, transition) {
            return Edge::leaf(0);
        }
        let at = self.met.iter().position(|met| *met == transition).unwrap_or_else(|| {
            self.met.push(transition);
            self.met.len() - 1
        });
        Edge::leaf(u32::try_from(at).unwrap_or(u32::MAX - 1).saturating_add(1))
    }
}

/// One diagram where a variable that comes after theirs, or anywhere among them, is not so, and another where it is.
fn choose(partition: &mut Partition, variable: u32, no: Edge, yes: Edge) -> Edge {
    if no == yes {
        return no;
    }
    let nodes = [no, yes].map(|edge| partition.diagrams.node(edge));
    let first = nodes.iter().flatten().map(|node| node.variable).filter(|own| *own <= variable).min();
    let Some(first) = first else { return partition.diagrams.make(variable, vec![(0, no), (1, yes)]) };
    let [one, other] = nodes.map(|node| node.filter(|node| node.variable == first));
    if first == variable {
        let (no, yes) = (follow(one, no, 0), follow(other, yes, 1));
        return partition.diagrams.make(variable, vec![(0, no), (1, yes)]);
    }
    let cells: BTreeSet<u32> =
        [one, other].iter().flatten().flat_map(|node| node.runs).map(|(cell, _)| *cell).collect();
    let below: Vec<(u32, (Edge, Edge))> =
        cells.into_iter().map(|cell| (cell, (follow(one, no, cell), follow(other, yes, cell)))).collect();
    let each = below.into_iter().map(|(cell, (no, yes))| (cell, choose(partition, variable, no, yes)));
    let runs: Vec<(u32, Edge)> = each.collect();
    partition.diagrams.make(first, runs)
}

fn follow(node: Option<Node<'_>>, own: Edge, cell: u32) -> Edge {
    node.map_or(own, |node| node.follow(cell))
}
