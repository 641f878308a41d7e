//! Two diagrams at once: what changes from one day to the next, or what two say of the same points. Knows diagrams; nothing of
//! what rulings say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Partition, Variable, day_number};
use crate::diagram::{Edge, Node};

/// Where two diagrams lead, or one on the day before and on a day.
pub type Transition = (u32, u32);

impl Partition {
    /// A diagram, among the partition's own, of what the holder's diagram leads to on the day before a day and on it: leaves
    /// are indices into the list, from one on; zero where `same` says that nothing changes.
    pub fn transitions(&mut self, day: Date, same: &dyn Fn(&Self, Transition) -> bool) -> (Edge, Vec<Transition>) {
        let mut walk = Walk { day: Some(day_number(day)), same, met: Vec::new(), known: BTreeMap::new() };
        let root = walk.pair(self, self.holding, self.holding);
        (root, walk.met)
    }

    /// The same for what two of the partition's diagrams lead to at each point; zero where `same` says that it is nothing.
    pub fn pairs(
        &mut self,
        (one, other): (Edge, Edge),
        same: &dyn Fn(&Self, Transition) -> bool,
    ) -> (Edge, Vec<Transition>) {
        let mut walk = Walk { day: None, same, met: Vec::new(), known: BTreeMap::new() };
        let root = walk.pair(self, one, other);
        (root, walk.met)
    }
}

struct Walk<'s> {
    /// The day that is compared with the one before it.
    day: Option<u32>,
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

fn follow(node: Option<Node<'_>>, own: Edge, cell: u32) -> Edge {
    node.map_or(own, |node| node.follow(cell))
}
