//! The upper part of a table: runs of days and sets of places, each told apart only where the law differs.
//!
//! Places whose law has the same history stand together, and each history is written as its runs of days. First, though, all
//! of time may be cut at days on which the law changes at many places at once, so that places which differ before such a day
//! only are one after it; and where places differ in few cases only, these cases come before the places ([`joined`]). All of
//! this is done where it makes the table shorter, with the fewest cuts.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::cases::{Cases, Edges, Grower};
use super::cover::{Places, cover};
use super::joined::{self, Joined, Joint};
use super::{Branch, Condition, Node};
use crate::diagram::{Diagrams, Edge};
use crate::partition::{Variable, day_number, day_of};
use crate::reading::ask::choices;
use crate::register::LocalityId;
use crate::rulebook::{Days, Rulebook};

/// Cuts are sought among so many days: those on which the law changes at the most places.
const CUT_LIMIT: usize = 32;

/// A value that is to be listed longer than this is said as what the others leave.
const LIST_LIMIT: usize = 5;

/// Days as cells: the first, and the first after the last.
type Run = (u32, u32);

/// Reads the tree of one thing off the diagrams.
pub(super) struct Regions<'a> {
    rulebook: &'a Rulebook,
    /// The asked places of each role, none for all, and the asked day.
    only: (&'a [BTreeSet<LocalityId>], Option<Date>),
    grower: Grower<'a>,
    /// Over places and days; leaves are places in `cases`, from one on, or zero where nothing is possible.
    diagrams: Diagrams,
    cases: Vec<Cases>,
    numbers: BTreeMap<Cases, u32>,
    mapped: BTreeMap<Edges, Edge>,
    joined: RefCell<BTreeMap<Vec<Edge>, Vec<Joint>>>,
}

type Set = BTreeSet<LocalityId>;

/// Where places are told apart: of which role, among which, on which days.
struct Spot {
    role: usize,
    universe: Set,
    days: Days,
}

impl<'a> Regions<'a> {
    pub(super) fn new(
        rulebook: &'a Rulebook,
        only: (&'a [BTreeSet<LocalityId>], Option<Date>),
        grower: Grower<'a>,
    ) -> Self {
        Self {
            rulebook,
            only,
            grower,
            diagrams: Diagrams::default(),
            cases: Vec::new(),
            numbers: BTreeMap::new(),
            mapped: BTreeMap::new(),
            joined: RefCell::default(),
        }
    }

    /// The tree; `None` where there is nothing to say.
    pub(super) fn tree(mut self) -> Option<Node> {
        let roots = self.grower.roots();
        let root = self.map(roots);
        let all = (0, day_number(Date::MAX) + 1);
        let cuts = match self.diagrams.node(root).map(|node| self.grower.partition.variable(node.variable)) {
            Some(Variable::Place(_)) => self.cuts(root, all),
            Some(Variable::Day | Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_)) | None => vec![all],
        };
        if cuts.len() < 2 {
            return self.node(root, all);
        }
        let mut branches: Vec<Branch> = Vec::new();
        for run in cuts {
            let part = self.clip(root, run, &mut BTreeMap::new());
            let below = self.node(part, run);
            branches.extend(below.map(|below| Branch { condition: Condition::Days(days(run)), below }));
        }
        Some(Node::Branches(branches)).filter(|_| root != Edge::leaf(0))
    }

    /// The diagram over places and days whose leaves are trees of cases.
    fn map(&mut self, edges: Edges) -> Edge {
        if let Some(known) = self.mapped.get(&edges) {
            return *known;
        }
        let upper = self.grower.top(edges).filter(|variable| !self.grower.is_case(*variable));
        let mapped = match upper.map(|variable| (variable, self.grower.partition.variable(variable))) {
            Some((variable, Variable::Day)) => match self.only.1 {
                Some(day) => self.map(self.grower.follow(edges, variable, day_number(day))),
                None => self.map_days(edges, variable),
            },
            Some((variable, Variable::Place(role))) => self.map_places(edges, variable, role),
            Some((_, Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_))) | None => self.leaf(edges),
        };
        self.mapped.insert(edges, mapped);
        mapped
    }

    fn leaf(&mut self, edges: Edges) -> Edge {
        let Some(cases) = self.grower.grow(edges).filter(|cases| *cases != Cases::NotSo) else { return Edge::leaf(0) };
        let next = u32::try_from(self.cases.len()).unwrap_or(u32::MAX).saturating_add(1);
        let number = *self.numbers.entry(cases.clone()).or_insert(next);
        if number == next {
            self.cases.push(cases);
        }
        Edge::leaf(number)
    }

    fn map_days(&mut self, edges: Edges, variable: u32) -> Edge {
        let diagrams = &self.grower.partition.diagrams;
        let nodes = [edges.0, edges.1].map(|edge| diagrams.node(edge).filter(|node| node.variable == variable));
        let firsts: BTreeSet<u32> =
            nodes.iter().flatten().flat_map(|node| node.runs).map(|(first, _)| *first).collect();
        let below: Vec<(u32, Edges)> =
            firsts.into_iter().map(|first| (first, self.grower.follow(edges, variable, first))).collect();
        let runs: Vec<(u32, Edge)> = below.into_iter().map(|(first, below)| (first, self.map(below))).collect();
        self.diagrams.make(variable, runs)
    }

    /// Classes outside the asked places go where the class before them goes: they are not looked at.
    fn map_places(&mut self, edges: Edges, variable: u32, role: usize) -> Edge {
        let mut runs: Vec<(u32, Edge)> = Vec::new();
        for class in 0..self.grower.partition.cells(variable) {
            if self.members(role, class).is_empty() {
                continue;
            }
            let below = self.map(self.grower.follow(edges, variable, class));
            runs.push((if runs.is_empty() { 0 } else { class }, below));
        }
        if runs.is_empty() {
            return Edge::leaf(0);
        }
        self.diagrams.make(variable, runs)
    }

    /// The asked localities of a class.
    fn members(&self, role: usize, class: u32) -> BTreeSet<LocalityId> {
        let frame = &self.grower.partition.frame;
        let class = usize::try_from(class).unwrap_or(usize::MAX);
        let nowhere = (class == frame.class_of(LocalityId::NOWHERE)).then_some(LocalityId::NOWHERE);
        let members = frame.classes.get(class).into_iter().flat_map(|class| class.members.iter().copied());
        let members = members.chain(nowhere);
        match self.only.0.get(role).filter(|only| !only.is_empty()) {
            Some(only) => members.filter(|member| only.contains(member)).collect(),
            None => members.collect(),
        }
    }

    /// The same diagram on a run of days only.
    fn clip(&mut self, edge: Edge, run: Run, known: &mut BTreeMap<Edge, Edge>) -> Edge {
        if let Some(clipped) = known.get(&edge) {
            return *clipped;
        }
        let Some(node) = self.diagrams.node(edge) else { return edge };
        let (variable, runs) = (node.variable, node.runs.to_vec());
        let clipped = match self.grower.partition.variable(variable) {
            Variable::Day => {
                let last = |first: &(u32, Edge)| first.0 <= run.0;
                let from = runs.iter().rev().find(|first| last(first)).map(|(_, below)| (0, *below));
                let rest = runs.iter().copied().filter(|(first, _)| *first > run.0 && *first < run.1);
                self.diagrams.make(variable, from.into_iter().chain(rest))
            }
            Variable::Place(_) => {
                let below: Vec<(u32, Edge)> =
                    runs.into_iter().map(|(first, below)| (first, self.clip(below, run, known))).collect();
                self.diagrams.make(variable, below)
            }
            Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => edge,
        };
        known.insert(edge, clipped);
        clipped
    }

    /// Where to cut time so that the table is shortest.
    fn cuts(&mut self, root: Edge, all: Run) -> Vec<Run> {
        let mut bounds = vec![all.0];
        bounds.extend(self.common_days(root));
        bounds.push(all.1);
        // For each bound: the fewest (lines, parts) up to there, and where the last part begins.
        let mut best: Vec<((usize, usize), usize)> = vec![((0, 0), 0)];
        for (end, to) in bounds.iter().enumerate().skip(1) {
            let mut shortest: Option<((usize, usize), usize)> = None;
            for (start, from) in bounds.iter().enumerate().take(end) {
                let Some(((lines, parts), _)) = best.get(start).copied() else { continue };
                let part = self.clip(root, (*from, *to), &mut BTreeMap::new());
                let cost = (lines + 1 + self.length(part, &mut BTreeMap::new()), parts + 1);
                if shortest.is_none_or(|(other, _)| cost < other) {
                    shortest = Some((cost, start));
                }
            }
            best.extend(shortest);
        }
        let mut runs = Vec::new();
        let mut end = bounds.len() - 1;
        while end > 0 {
            let start = best.get(end).map_or(0, |(_, start)| *start);
            runs.extend(bounds.get(start).copied().zip(bounds.get(end).copied()));
            end = start;
        }
        runs.reverse();
        runs
    }

    /// Days on which the law changes, at the most places first as far as there are too many. Sorted.
    fn common_days(&self, root: Edge) -> Vec<u32> {
        let mut places: BTreeMap<u32, usize> = BTreeMap::new();
        let (mut open, mut seen) = (vec![root], BTreeSet::new());
        while let Some(node) = open.pop().and_then(|edge| self.diagrams.node(edge)) {
            let is_day = self.grower.partition.variable(node.variable) == Variable::Day;
            for (first, below) in node.runs {
                if is_day && *first > 0 {
                    *places.entry(*first).or_default() += 1;
                }
                if !is_day && self.diagrams.node(*below).is_some() && seen.insert(*below) {
                    open.push(*below);
                }
            }
        }
        let mut days: Vec<(usize, u32)> = places.into_iter().map(|(day, count)| (count, day)).collect();
        days.sort_by_key(|(count, day)| (std::cmp::Reverse(*count), *day));
        days.truncate(CUT_LIMIT);
        let mut days: Vec<u32> = days.into_iter().map(|(_, day)| day).collect();
        days.sort_unstable();
        days
    }

    /// About how many lines a diagram takes.
    fn length(&self, edge: Edge, known: &mut BTreeMap<Edge, usize>) -> usize {
        if let Some(known) = known.get(&edge) {
            return *known;
        }
        let length = match self.diagrams.node(edge) {
            None => self.case(edge).map_or(0, |cases| joined::length(self.grower.canon, cases)),
            Some(node) => match self.grower.partition.variable(node.variable) {
                Variable::Place(_) => match self.joints(node.runs) {
                    Some(joints) => joints.iter().map(|joint| 1 + joint.length).sum(),
                    None => apart(node.runs).into_iter().map(|below| 1 + self.length(below, known)).sum(),
                },
                Variable::Day | Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => {
                    node.runs.iter().map(|(_, below)| 1 + self.length(*below, known)).sum()
                }
            },
        };
        known.insert(edge, length);
        length
    }

    /// Places as they are written together, where only cases are below them.
    fn joints(&self, runs: &[(u32, Edge)]) -> Option<Vec<Joint>> {
        let below = apart(runs);
        if below.iter().any(|edge| self.diagrams.node(*edge).is_some()) {
            return None;
        }
        if let Some(known) = self.joined.borrow().get(&below) {
            return Some(known.clone());
        }
        let trees: Vec<(Edge, Cases)> =
            below.iter().filter_map(|edge| Some((*edge, self.case(*edge)?.clone()))).collect();
        let joints = joined::join(self.grower.canon, &trees);
        self.joined.borrow_mut().insert(below, joints.clone());
        Some(joints)
    }

    fn case(&self, edge: Edge) -> Option<&Cases> {
        let number = usize::try_from(edge.value()?).ok()?;
        self.cases.get(number.checked_sub(1)?)
    }

    fn node(&self, edge: Edge, run: Run) -> Option<Node> {
        let Some(node) = self.diagrams.node(edge) else { return self.case(edge).map(|cases| self.of_cases(cases)) };
        let branches = match self.grower.partition.variable(node.variable) {
            Variable::Place(role) => return self.places((node.variable, role), node.runs, run),
            Variable::Day => {
                let ends = node.runs.iter().skip(1).map(|(first, _)| *first).chain([run.1]);
                let part = |((first, below), end): (&(u32, Edge), u32)| {
                    let run = (run.0.max(*first), end);
                    let below = self.node(*below, run)?;
                    Some(Branch { condition: Condition::Days(days(run)), below })
                };
                node.runs.iter().zip(ends).filter_map(part).collect()
            }
            Variable::Fact(_) | Variable::Reading(_) | Variable::Pattern(_) => Vec::new(),
        };
        Some(Node::Branches(branches)).filter(|node| *node != Node::Branches(Vec::new()))
    }

    /// Places with one history together, and such as are shorter together.
    fn places(&self, place: (u32, usize), runs: &[(u32, Edge)], run: Run) -> Option<Node> {
        let (variable, role) = place;
        let mut groups: BTreeMap<Edge, Set> = BTreeMap::new();
        let ends = runs.iter().skip(1).map(|(first, _)| *first).chain([self.grower.partition.cells(variable)]);
        for ((first, below), end) in runs.iter().zip(ends) {
            groups.entry(*below).or_default().extend((*first..end).flat_map(|class| self.members(role, class)));
        }
        let at = Spot { role, universe: groups.values().flatten().copied().collect(), days: days(run) };
        let together = |edges: &[Edge]| edges.iter().filter_map(|edge| groups.get(edge)).flatten().copied().collect();
        let below: Vec<(Set, Option<Node>)> = match self.joints(runs) {
            Some(joints) => {
                let node = |joint: &Joint| self.of_joined(&joint.tree, &at, &groups);
                joints.iter().map(|joint| (together(&joint.members), Some(node(joint)))).collect()
            }
            None => groups.iter().map(|(edge, own)| (own.clone(), self.node(*edge, run))).collect(),
        };
        let below: Vec<(Set, Node)> = below.into_iter().filter_map(|(places, node)| Some((places, node?))).collect();
        match <[(Set, Node); 1]>::try_from(below) {
            Ok([(places, node)]) if places == at.universe => Some(node),
            Ok(one) => self.by_place(&at, one.to_vec()),
            Err(below) => self.by_place(&at, below),
        }
    }

    /// Those that are said without exceptions first, then by their first unit.
    fn by_place(&self, at: &Spot, below: Vec<(Set, Node)>) -> Option<Node> {
        let role = *self.grower.partition.frame.roles.get(at.role)?;
        let (sets, nodes): (Vec<Set>, Vec<Node>) = below.into_iter().unzip();
        let said = cover(&self.rulebook.register, &at.universe, sets, at.days);
        let mut named: Vec<(Places, Node)> = said.into_iter().zip(nodes).collect();
        let rest = |places: &Places| places.parts.iter().any(|part| part.all_of.is_none());
        named.sort_by_key(|(places, _)| (rest(places), places.localities.first().copied()));
        let branch = |(places, below)| Branch { condition: Condition::Place { role, places }, below };
        Some(Node::Branches(named.into_iter().map(branch).collect()))
    }

    fn of_joined(&self, tree: &Joined, at: &Spot, groups: &BTreeMap<Edge, Set>) -> Node {
        match tree {
            Joined::Alike(cases) => self.of_cases(cases),
            Joined::Places(differing) => {
                let places = |edges: &[Edge]| -> Set {
                    edges.iter().filter_map(|edge| groups.get(edge)).flatten().copied().collect()
                };
                let said = differing.iter().filter(|(_, cases)| *cases != Cases::NotSo);
                let below = said.map(|(edges, cases)| (places(edges), self.of_cases(cases)));
                self.by_place(at, below.collect()).unwrap_or(Node::So)
            }
            Joined::Test(variable, branches) => {
                let none = Joined::Alike(Cases::NotSo);
                let below = |below: &Joined| (*below != none).then(|| self.of_joined(below, at, groups));
                self.tested(*variable, branches.iter().map(|(cells, tree)| (cells.as_slice(), below(tree))).collect())
            }
        }
    }

    fn of_cases(&self, cases: &Cases) -> Node {
        match cases {
            Cases::So | Cases::NotSo => Node::So,
            Cases::Ruling(index) => {
                let holding = self.grower.canon.holdings.get(*index);
                holding.map_or(Node::So, |holding| Node::Ruling(holding.clone()))
            }
            Cases::Test(variable, branches) => {
                let below = |below: &Cases| (*below != Cases::NotSo).then(|| self.of_cases(below));
                self.tested(*variable, branches.iter().map(|(cells, tree)| (cells.as_slice(), below(tree))).collect())
            }
        }
    }

    /// Branches by the cells of a variable; `None` where there is nothing to say.
    fn tested(&self, variable: u32, branches: Vec<(&[u16], Option<Node>)>) -> Node {
        let possible: BTreeSet<u16> = branches.iter().flat_map(|(cells, _)| *cells).copied().collect();
        let possible: Vec<u16> = possible.into_iter().collect();
        let all = branches.len();
        let branch = |(cells, below): (&[u16], Option<Node>)| {
            Some(Branch { condition: self.condition(variable, cells, &possible)?, below: below? })
        };
        let mut said: Vec<Branch> = branches.into_iter().filter_map(branch).collect();
        if said.len() == all {
            say_rest(&mut said);
        }
        Node::Branches(said)
    }

    fn condition(&self, variable: u32, cells: &[u16], possible: &[u16]) -> Option<Condition> {
        let frame = &self.grower.partition.frame;
        match self.grower.partition.variable(variable) {
            Variable::Fact(index) => {
                let axis = frame.facts.get(index)?;
                let choices = choices::said(self.rulebook, axis, cells, possible);
                Some(Condition::Fact { fact: axis.fact, choices, rest: false })
            }
            Variable::Reading(index) => {
                let (reading, _) = frame.readings.get(index)?;
                let options = cells.iter().filter_map(|cell| u8::try_from(*cell).ok()).collect();
                Some(Condition::Reading { reading: *reading, options })
            }
            Variable::Pattern(index) => {
                let pattern = *self.grower.partition.patterns.get(index)?;
                Some(Condition::Together { pattern, yes: cells == [1] })
            }
            Variable::Place(_) | Variable::Day => None,
        }
    }
}

/// The longest list of values, where it is too long, is said as what the others leave, and comes last.
fn say_rest(branches: &mut Vec<Branch>) {
    let length = |branch: &Branch| match &branch.condition {
        Condition::Fact { choices, .. } => choices.len(),
        Condition::Days(_) | Condition::Place { .. } | Condition::Reading { .. } | Condition::Together { .. } => 0,
    };
    let lengths: Vec<usize> = branches.iter().map(length).collect();
    let Some(longest) = lengths.iter().copied().max().filter(|longest| *longest > LIST_LIMIT) else { return };
    let Some(at) = lengths.iter().position(|length| *length == longest) else { return };
    let mut rest_of = branches.remove(at);
    if let Condition::Fact { rest, .. } = &mut rest_of.condition {
        *rest = true;
    }
    branches.push(rest_of);
}

/// What runs lead to, each once, in order.
fn apart(runs: &[(u32, Edge)]) -> Vec<Edge> {
    let mut seen = BTreeSet::new();
    runs.iter().map(|(_, below)| *below).filter(|below| seen.insert(*below)).collect()
}

/// A run of cells as days; the ends of time are open.
fn days(run: Run) -> Days {
    Days { from: day_of(run.0).filter(|_| run.0 > 0), before: day_of(run.1).filter(|_| run.1 <= day_number(Date::MAX)) }
}
