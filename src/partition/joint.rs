//! The diagrams of a task under two rulebooks over one frame. Knows diagrams and whose variable is whose; nothing of what
//! rulings say: a leaf becomes a set of numbers that whoever compares gives it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Partition, Transition, Variable};
use crate::applicability::{Axis, Cell, Class, Frame, Otherwise, Pattern};
use crate::diagram::{Diagrams, Edge};
use crate::register::LocalityId;
use crate::resolution::Holding;
use crate::rulebook::counterparts::Counterparts;
use crate::rulebook::{FactId, ReadingId, Value};
use crate::ruling::Outcome;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

/// What is said at a point: numbers of whoever compares, several where readings differ of which the other side knows nothing.
/// Empty where the question cannot be asked.
pub type Marks = BTreeSet<u32>;

/// Two partitions of a task, laid over one another.
#[derive(Debug)]
pub struct Joint<'a> {
    sides: [&'a Partition; 2],
    /// For each side and each of the joint frame's variables where it is found.
    found: [Vec<Found>; 2],
    /// In the numbers of the new rulebook. Its own diagrams are those that were brought over.
    pub partition: Partition,
    /// The sets to which leaves lead.
    marks: Vec<Marks>,
    numbers: BTreeMap<Marks, u32>,
}

/// A variable of the joint frame on one side.
#[derive(Debug)]
struct Found {
    /// The side's own variable; `None` where it has none, and nothing there depends on it.
    number: Option<u32>,
    /// For each joint cell the side's own: `None` of those that the side does not know. Days are the same on both.
    cells: Option<Vec<Option<u32>>>,
}

impl Found {
    fn is_partial(&self) -> bool {
        self.cells.as_ref().is_some_and(|cells| cells.contains(&None))
    }
}

impl<'a> Joint<'a> {
    /// Lays the partitions of a task over one another.
    ///
    /// # Errors
    /// When the task is asked in another way.
    pub fn new(of: &Counterparts<'_>, old: &'a Partition, new: &'a Partition) -> Result<Self, Otherwise> {
        let frame = Frame::joint(of, &old.frame, &new.frame)?;
        let of_old = |pattern: &Pattern| Some(Pattern { level: of.level(pattern.level)?, ..*pattern });
        let mut patterns = new.patterns.clone();
        let olds: Vec<Option<Pattern>> = old.patterns.iter().map(of_old).collect();
        for pattern in olds.iter().flatten() {
            if !patterns.contains(pattern) {
                patterns.push(*pattern);
            }
        }
        let partition = Partition {
            frame,
            patterns,
            diagrams: Diagrams::default(),
            holding: Edge::leaf(0),
            beside: Vec::new(),
            values: Vec::new(),
            holdings: Vec::new(),
            besides: Vec::new(),
            faults: Vec::new(),
            found: Vec::new(),
            regions: 0,
        };
        let news: Vec<Option<Pattern>> = new.patterns.iter().copied().map(Some).collect();
        let in_old = Named {
            place: &|place| of.old_place(place),
            fact: &|fact| of.fact(fact),
            value: &|facts, value| of.old_value(facts, value),
            reading: &|reading| of.old_reading(reading),
            patterns: &olds,
        };
        let in_new = Named {
            place: &Some,
            fact: &Some,
            value: &|_, value| Some(value.clone()),
            reading: &Some,
            patterns: &news,
        };
        let found = [found(&partition, old, &in_old), found(&partition, new, &in_new)];
        Ok(Self { sides: [old, new], found, partition, marks: Vec::new(), numbers: BTreeMap::new() })
    }

    /// Some of a side's diagrams as one over the joint frame, its leaves marked; what several of them say at a point is made
    /// one.
    pub fn bring(
        &mut self,
        (side, edges): (Side, &[Edge]),
        mark: &mut dyn FnMut(u32) -> Marks,
        one_of: &dyn Fn(Marks) -> Marks,
    ) -> Edge {
        let place = usize::from(side == Side::New);
        let [old, new] = self.sides;
        let source = if side == Side::Old { old } else { new };
        let none = self.number(Marks::new());
        let mut scratch = Scratch::default();
        let mut copied = BTreeSet::new();
        let mut known = BTreeMap::new();
        for edge in edges {
            let mut leaf = |value: u32| Edge::leaf(self.number(mark(value)));
            copied.insert(scratch.copy(&source.diagrams, *edge, &mut leaf, &mut known));
        }
        let mut together = |numbers: BTreeSet<u32>| {
            let marks = one_of(self.union(&numbers));
            self.number(marks)
        };
        let mut root = scratch.all(copied, &mut together, &mut BTreeMap::new());
        // What only this side reads in several ways is said in all of them.
        let own: BTreeSet<u32> = self.found.get(place).into_iter().flatten().filter_map(|found| found.number).collect();
        let variables = scratch.support(root);
        for variable in variables.into_iter().filter(|variable| !own.contains(variable)) {
            root = scratch.collapse(root, variable, &mut |numbers| {
                let marks = self.union(&numbers);
                self.number(marks)
            });
        }
        let Self { found, partition, .. } = self;
        let found = found.get(place).map_or(&[][..], Vec::as_slice);
        let mut brought = Brought {
            found,
            scratch,
            diagrams: &mut partition.diagrams,
            none: Edge::leaf(none),
            known: BTreeMap::new(),
        };
        brought.build(root, 0)
    }

    /// The diagram that leads to these marks everywhere.
    pub fn constant(&mut self, marks: Marks) -> Edge {
        Edge::leaf(self.number(marks))
    }

    /// Two diagrams that were brought over as one, the marks of both made one.
    pub fn both(&mut self, (one, other): (Edge, Edge), of: &dyn Fn(&Marks, &Marks) -> Marks) -> Edge {
        let (root, met) = self.partition.pairs((one, other), &|_, _| false);
        let leaf = |(one, other): &Transition| {
            let marks = of(&self.of(*one), &self.of(*other));
            self.number(marks)
        };
        let leaves: Vec<u32> = met.iter().map(leaf).collect();
        self.relabel(root, &leaves, &mut BTreeMap::new())
    }

    /// Where the marks of two diagrams are not the same. Leaves are indices into the list, from one on.
    pub fn differ(
        &mut self,
        (old, new): (Edge, Edge),
        same: &dyn Fn(&Marks, &Marks) -> bool,
    ) -> (Edge, Vec<(Marks, Marks)>) {
        let marks = &self.marks;
        let none = Marks::new();
        let of = |leaf: u32| usize::try_from(leaf).ok().and_then(|index| marks.get(index)).unwrap_or(&none);
        let (root, met) = self.partition.pairs((old, new), &|_, (old, new)| old == new || same(of(old), of(new)));
        (root, met.into_iter().map(|(old, new)| (of(old).clone(), of(new).clone())).collect())
    }

    /// From now on points are impossible where a diagram leads to a leaf of which this is so.
    pub fn impossible(&mut self, (old, new): (Edge, Edge), so: &dyn Fn(&Marks) -> bool) {
        let (root, met) = self.partition.pairs((old, new), &|_, _| false);
        let of = |leaf: u32| usize::try_from(leaf).ok().and_then(|index| self.marks.get(index));
        let is = |leaf: u32| of(leaf).is_none_or(so);
        let holding = Holding {
            outcome: Outcome::Open,
            holders: Vec::new(),
            sharing: None,
            conflict: None,
            of_several: false,
            grounds: Vec::new(),
            framework_unread: false,
        };
        let possible = met.iter().map(|(old, new)| (!is(*old) || !is(*new)).then(|| holding.clone()));
        self.partition.holdings = std::iter::once(None).chain(possible).collect();
        self.partition.holding = root;
    }

    fn of(&self, leaf: u32) -> Marks {
        usize::try_from(leaf).ok().and_then(|index| self.marks.get(index)).cloned().unwrap_or_default()
    }

    fn number(&mut self, marks: Marks) -> u32 {
        let next = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(marks.clone()).or_insert(next);
        if number == next {
            self.marks.push(marks);
        }
        number
    }

    fn union(&self, numbers: &BTreeSet<u32>) -> Marks {
        numbers.iter().flat_map(|number| self.of(*number)).collect()
    }

    fn relabel(&mut self, edge: Edge, leaves: &[u32], known: &mut BTreeMap<Edge, Edge>) -> Edge {
        if let Some(known) = known.get(&edge) {
            return *known;
        }
        let made = match self.partition.diagrams.node(edge).map(|node| (node.variable, node.runs.to_vec())) {
            None => {
                let index = edge.value().and_then(|value| usize::try_from(value).ok()?.checked_sub(1));
                Edge::leaf(index.and_then(|index| leaves.get(index)).copied().unwrap_or(0))
            }
            Some((variable, runs)) => {
                let below = runs.into_iter().map(|(first, below)| (first, self.relabel(below, leaves, known)));
                let runs: Vec<(u32, Edge)> = below.collect();
                self.partition.diagrams.make(variable, runs)
            }
        };
        known.insert(edge, made);
        made
    }
}

fn cell(index: usize) -> Option<u32> {
    u32::try_from(index).ok()
}

/// The variables of a partition in their order, with their numbers.
fn variables(partition: &Partition) -> Vec<Variable> {
    let frame = &partition.frame;
    let places = (0..frame.roles.len()).map(Variable::Place);
    let facts = (0..frame.facts.len()).map(Variable::Fact);
    let readings = (0..frame.readings.len()).map(Variable::Reading);
    let patterns = (0..partition.patterns.len()).map(Variable::Pattern);
    places.chain([Variable::Day]).chain(facts).chain(readings).chain(patterns).collect()
}

fn number_of(partition: &Partition, wanted: Variable) -> Option<u32> {
    variables(partition).iter().position(|own| *own == wanted).and_then(cell)
}

/// Of a side's fact and the joint frame's, a value of the latter as one of the former.
type ValueOf<'s> = dyn Fn((FactId, FactId), &Value) -> Option<Value> + 's;

/// How what the joint frame names is named on a side.
struct Named<'s> {
    place: &'s dyn Fn(LocalityId) -> Option<LocalityId>,
    /// Of a side's fact the joint frame's.
    fact: &'s dyn Fn(FactId) -> Option<FactId>,
    value: &'s ValueOf<'s>,
    reading: &'s dyn Fn(ReadingId) -> Option<ReadingId>,
    /// The side's patterns as the joint frame has them.
    patterns: &'s [Option<Pattern>],
}

/// Where a side has the joint frame's variables.
fn found(joint: &Partition, side: &Partition, named: &Named<'_>) -> Vec<Found> {
    let found = |variable: &Variable| match *variable {
        Variable::Place(role) => {
            let class =
                |class: &Class| (named.place)(class.representative).and_then(|place| cell(side.frame.class_of(place)));
            let nowhere = cell(side.frame.classes.len()).filter(|_| optional(joint, role));
            let cells = joint.frame.classes.iter().map(class).chain(nowhere.map(Some)).collect();
            Found { number: number_of(side, *variable), cells: Some(cells) }
        }
        Variable::Day => Found { number: number_of(side, *variable), cells: None },
        Variable::Fact(index) => {
            let axis = joint.frame.facts.get(index);
            let is = |own: &Axis| axis.is_some_and(|axis| (named.fact)(own.fact) == Some(axis.fact));
            let at = side.frame.facts.iter().position(is);
            let own = at.and_then(|at| side.frame.facts.get(at));
            let facts = own.zip(axis).map(|(own, axis)| (own.fact, axis.fact));
            let value = |value: &Value| (named.value)(facts?, value);
            along(axis, own, at.and_then(|at| number_of(side, Variable::Fact(at))), &value)
        }
        Variable::Reading(index) => {
            let reading = joint.frame.readings.get(index).and_then(|(reading, _)| (named.reading)(*reading));
            let own = side.frame.readings.iter().position(|(own, _)| Some(*own) == reading);
            whole(own.and_then(|own| number_of(side, Variable::Reading(own))), joint, *variable)
        }
        Variable::Pattern(index) => {
            let own = named.patterns.iter().position(|own| own.is_some() && own.as_ref() == joint.patterns.get(index));
            whole(own.and_then(|own| number_of(side, Variable::Pattern(own))), joint, *variable)
        }
    };
    variables(joint).iter().map(found).collect()
}

fn optional(partition: &Partition, role: usize) -> bool {
    partition.frame.optional.get(role).copied().unwrap_or(false)
}

/// A variable with the same cells on both sides.
fn whole(number: Option<u32>, joint: &Partition, variable: Variable) -> Found {
    let cells = number_of(joint, variable).map_or(0, |number| joint.cells(number));
    Found { number, cells: Some((0..cells).map(Some).collect()) }
}

/// A fact of the joint frame along a side's axis of it; a side that has none depends on no value of it.
fn along(
    joint: Option<&Axis>,
    own: Option<&Axis>,
    number: Option<u32>,
    value: &dyn Fn(&Value) -> Option<Value>,
) -> Found {
    let cells = joint.map_or(&[][..], |axis| axis.cells.as_slice());
    let Some(own) = own else { return Found { number: None, cells: Some(vec![Some(0); cells.len()]) } };
    let at = |cell: &Cell| match cell {
        Cell::Value(joint) => own.cell_of(&value(joint)?),
        Cell::Between(low, high) => own.cell_between(low.as_ref(), high.as_ref()),
    };
    Found { number, cells: Some(cells.iter().map(|joint| at(joint).and_then(self::cell)).collect()) }
}

/// A copy of a side's diagrams, to take variables out of any order.
#[derive(Debug, Default)]
struct Scratch {
    diagrams: Diagrams,
    supports: BTreeMap<Edge, BTreeSet<u32>>,
    taken: BTreeMap<(Edge, u32, u32), Edge>,
}

impl Scratch {
    fn copy(
        &mut self,
        from: &Diagrams,
        edge: Edge,
        leaf: &mut dyn FnMut(u32) -> Edge,
        known: &mut BTreeMap<Edge, Edge>,
    ) -> Edge {
        if let Some(known) = known.get(&edge) {
            return *known;
        }
        let made = match from.node(edge) {
            None => leaf(edge.value().unwrap_or(0)),
            Some(node) => {
                let runs: Vec<(u32, Edge)> =
                    node.runs.iter().map(|(first, below)| (*first, self.copy(from, *below, leaf, known))).collect();
                self.diagrams.make(node.variable, runs)
            }
        };
        known.insert(edge, made);
        made
    }

    fn runs(&self, edge: Edge) -> Option<(u32, Vec<(u32, Edge)>)> {
        self.diagrams.node(edge).map(|node| (node.variable, node.runs.to_vec()))
    }

    /// The variables on which a diagram depends.
    fn support(&mut self, edge: Edge) -> BTreeSet<u32> {
        if let Some(known) = self.supports.get(&edge) {
            return known.clone();
        }
        let mut all = BTreeSet::new();
        if let Some((variable, runs)) = self.runs(edge) {
            all.insert(variable);
            for (_, below) in runs {
                all.extend(self.support(below));
            }
        }
        self.supports.insert(edge, all.clone());
        all
    }

    /// The first cells of the runs into which a diagram divides a variable.
    fn firsts(&self, edge: Edge, variable: u32) -> BTreeSet<u32> {
        let (mut open, mut seen, mut firsts) = (vec![edge], BTreeSet::new(), BTreeSet::from([0]));
        while let Some(edge) = open.pop() {
            let Some(node) = self.diagrams.node(edge).filter(|_| seen.insert(edge)) else { continue };
            if node.variable == variable {
                firsts.extend(node.runs.iter().map(|(first, _)| *first));
            } else {
                open.extend(node.runs.iter().map(|(_, below)| *below));
            }
        }
        firsts
    }

    /// The diagram where a variable has a cell.
    fn take(&mut self, edge: Edge, variable: u32, cell: u32) -> Edge {
        if let Some(known) = self.taken.get(&(edge, variable, cell)) {
            return *known;
        }
        let made = match self.diagrams.node(edge) {
            None => edge,
            Some(node) if node.variable == variable => node.follow(cell),
            Some(node) if node.variable > variable => edge,
            Some(node) => {
                let (own, runs) = (node.variable, node.runs.to_vec());
                let runs: Vec<(u32, Edge)> =
                    runs.into_iter().map(|(first, below)| (first, self.take(below, variable, cell))).collect();
                self.diagrams.make(own, runs)
            }
        };
        self.taken.insert((edge, variable, cell), made);
        made
    }

    /// The diagram without a variable, the leaves of all its cells together.
    fn collapse(&mut self, edge: Edge, variable: u32, union: &mut dyn FnMut(BTreeSet<u32>) -> u32) -> Edge {
        let firsts = self.firsts(edge, variable);
        let parts: BTreeSet<Edge> = firsts.into_iter().map(|cell| self.take(edge, variable, cell)).collect();
        self.all(parts, union, &mut BTreeMap::new())
    }

    fn all(
        &mut self,
        edges: BTreeSet<Edge>,
        union: &mut dyn FnMut(BTreeSet<u32>) -> u32,
        known: &mut BTreeMap<BTreeSet<Edge>, Edge>,
    ) -> Edge {
        if let Some(known) = known.get(&edges) {
            return *known;
        }
        let top = edges.iter().filter_map(|edge| self.diagrams.node(*edge)).map(|node| node.variable).min();
        let made = match top {
            None => Edge::leaf(union(edges.iter().filter_map(|edge| edge.value()).collect())),
            Some(variable) => {
                let firsts: BTreeSet<u32> = edges.iter().flat_map(|edge| self.firsts(*edge, variable)).collect();
                let mut runs = Vec::new();
                for first in firsts {
                    let below: BTreeSet<Edge> = edges.iter().map(|edge| self.take(*edge, variable, first)).collect();
                    runs.push((first, self.all(below, union, known)));
                }
                self.diagrams.make(variable, runs)
            }
        };
        known.insert(edges, made);
        made
    }
}

/// A side's diagram on its way over.
struct Brought<'s> {
    found: &'s [Found],
    scratch: Scratch,
    diagrams: &'s mut Diagrams,
    /// Where the question cannot be asked.
    none: Edge,
    known: BTreeMap<(Edge, usize), Edge>,
}

impl Brought<'_> {
    /// From one of the joint frame's variables on.
    fn build(&mut self, edge: Edge, from: usize) -> Edge {
        let support = self.scratch.support(edge);
        let depends = |found: &Found| found.number.is_some_and(|number| support.contains(&number));
        let next = self.found.iter().enumerate().skip(from).find(|(_, found)| found.is_partial() || depends(found));
        let Some((at, found)) = next else { return edge };
        if let Some(known) = self.known.get(&(edge, at)) {
            return *known;
        }
        let variable = found.number.unwrap_or(u32::MAX);
        let firsts: Vec<u32> = self.scratch.firsts(edge, variable).into_iter().collect();
        // Of a run all cells lead to the same.
        let run = |cell: u32| firsts.partition_point(|first| *first <= cell).checked_sub(1);
        let run = |cell: u32| run(cell).and_then(|index| firsts.get(index)).copied().unwrap_or(0);
        let cells: Vec<(u32, Option<u32>)> = match &found.cells {
            None => firsts.iter().map(|first| (*first, Some(*first))).collect(),
            Some(cells) => (0..).zip(cells.iter().map(|cell| cell.map(run))).collect(),
        };
        let mut runs = Vec::new();
        for (first, own) in cells {
            let below = match own {
                None => self.none,
                Some(cell) => {
                    let below = self.scratch.take(edge, variable, cell);
                    self.build(below, at + 1)
                }
            };
            runs.push((first, below));
        }
        let made = self.diagrams.make(u32::try_from(at).unwrap_or(u32::MAX), runs);
        self.known.insert((edge, at), made);
        made
    }
}
