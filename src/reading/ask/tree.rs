//! A decision tree over what a question leaves open at one place: facts in the task's order, then readings. Read off the task's
//! diagrams, all of them at once, and reduced: every question in it leads to different rulings.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::note;
use crate::diagram::{Edge, Node as DiagramNode};
use crate::partition::{Partition, Slice, Variable as DiagramVariable};
use crate::register::LocalityId;
use crate::rulebook::{Handling, Rulebook, Seat, SeatAt};
use crate::ruling::{BadQuestion, ConflictKind, Ground, Outcome, Verdict};

#[derive(Debug, Clone)]
pub(super) enum Tree {
    Leaf(Leaf),
    Node(Node),
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) about: Variable,
    /// Disjoint sets of cells (or options), in order of their first, and what each leads to.
    pub(super) branches: Vec<(Vec<u16>, Tree)>,
}

/// One verdict, with the grounds of all cases that share it.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) verdict: Verdict,
    pub(super) grounds: Vec<Ground>,
    pub(super) grounds_vary: bool,
    pub(super) framework_unread: bool,
}

/// Index of a fact or of a reading in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    Fact(usize),
    Reading(usize),
}

/// Diagrams at a place in each role, or at several such places that one case spans.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spots(pub(super) Vec<Spot>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) slice: Slice,
    /// Which patterns hold here.
    pub(super) patterns: Vec<bool>,
    /// In the order of the frame's roles, where rulings at several places have to be compared; else none.
    pub(super) places: Vec<LocalityId>,
}

/// What trees are grown from: the task's diagrams, restricted to the cells that a question leaves possible.
pub(super) struct Grower<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) partition: &'a Partition,
    /// In the order of the frame's facts.
    pub(super) facts: &'a [Vec<u16>],
    /// The facts that were looked at.
    pub(super) read: &'a RefCell<Vec<usize>>,
    pub(super) day: Date,
    /// How many more nodes may be visited.
    pub(super) budget: &'a Cell<usize>,
}

impl Grower<'_> {
    /// The tree at some spots; `None` when nothing is possible.
    pub(super) fn grow(&self, spots: &Spots) -> Result<Option<Tree>, BadQuestion> {
        let edges = spots.0.iter().map(|spot| edges(&spot.slice)).collect();
        self.below(spots, edges, &mut BTreeMap::new())
    }

    fn below(&self, spots: &Spots, edges: Vec<Vec<Edge>>, known: &mut Known) -> Result<Option<Tree>, BadQuestion> {
        if let Some(tree) = known.get(&edges) {
            return Ok(tree.clone());
        }
        self.budget.set(self.budget.get().checked_sub(1).ok_or(BadQuestion::TooWide)?);
        let top = edges.iter().flatten().filter_map(|edge| self.variable(*edge)).min();
        let tree = match top.map(|variable| (variable, self.partition.variable(variable))) {
            Some((number, DiagramVariable::Fact(index))) => {
                note(self.read, index);
                let cells = self.facts.get(index).cloned().unwrap_or_default();
                self.node(spots, &edges, (number, Variable::Fact(index), cells), known)?
            }
            Some((number, DiagramVariable::Reading(index))) => {
                let options = self.partition.frame.readings.get(index).map_or(0, |(_, options)| *options);
                self.node(spots, &edges, (number, Variable::Reading(index), (0..u16::from(options)).collect()), known)?
            }
            // Only patterns are left, which the places settle.
            Some((_, DiagramVariable::Place(_) | DiagramVariable::Day | DiagramVariable::Pattern(_))) | None => {
                self.leaf(spots, &edges).map(Tree::Leaf)
            }
        };
        known.insert(edges, tree.clone());
        Ok(tree)
    }

    fn variable(&self, edge: Edge) -> Option<u32> {
        self.partition.diagrams.node(edge).map(|node| node.variable)
    }

    fn node(
        &self,
        spots: &Spots,
        edges: &[Vec<Edge>],
        (number, about, cells): (u32, Variable, Vec<u16>),
        known: &mut Known,
    ) -> Result<Option<Tree>, BadQuestion> {
        let mut groups: BTreeMap<Vec<Vec<Edge>>, Vec<u16>> = BTreeMap::new();
        for cell in cells {
            let here = edges.iter().map(|all| all.iter().map(|edge| self.follow(*edge, number, cell)).collect());
            groups.entry(here.collect()).or_default().push(cell);
        }
        let mut ordered: Vec<(Vec<u16>, Vec<Vec<Edge>>)> =
            groups.into_iter().map(|(here, cells)| (cells, here)).collect();
        ordered.sort();
        let mut branches: Vec<(Vec<u16>, Tree)> = Vec::new();
        for (cells, here) in ordered {
            let Some(below) = self.below(spots, here, known)? else { continue };
            match branches.iter_mut().find(|(_, other)| other.same(&below)) {
                Some((own, other)) => {
                    own.extend(cells);
                    own.sort_unstable();
                    other.absorb(below);
                }
                None => branches.push((cells, below)),
            }
        }
        if branches.len() > 1 {
            return Ok(Some(Tree::Node(Node { about, branches })));
        }
        Ok(branches.pop().map(|(_, tree)| tree))
    }

    fn follow(&self, edge: Edge, variable: u32, cell: u16) -> Edge {
        match self.partition.diagrams.node(edge) {
            Some(node) if node.variable == variable => node.follow(u32::from(cell)),
            Some(DiagramNode { .. }) | None => edge,
        }
    }

    /// The ruling at all spots; `None` where one of them is impossible.
    fn leaf(&self, spots: &Spots, edges: &[Vec<Edge>]) -> Option<Leaf> {
        let mut united: Option<Leaf> = None;
        for (spot, edges) in spots.0.iter().zip(edges) {
            let mut leaf = self.leaf_at(spot, edges)?;
            if spots.0.len() > 1 {
                let register = &self.rulebook.register;
                let row = |seat| self.partition.frame.unit_of(self.rulebook, &spot.places, self.day, seat);
                leaf.fix(|seat| row(seat).map(|row| register.row(row).unit));
            }
            match &mut united {
                Some(united) => united.span(leaf),
                None => united = Some(leaf),
            }
        }
        united
    }

    fn leaf_at(&self, spot: &Spot, edges: &[Edge]) -> Option<Leaf> {
        let values: Vec<u32> = edges.iter().map(|edge| self.settled(*edge, &spot.patterns)).collect();
        leaf_of(self.partition, &values)
    }

    /// The leaf's value once the places settle the patterns.
    fn settled(&self, mut edge: Edge, patterns: &[bool]) -> u32 {
        while let Some(node) = self.partition.diagrams.node(edge) {
            let holds = match self.partition.variable(node.variable) {
                DiagramVariable::Pattern(index) => patterns.get(index).copied().unwrap_or(false),
                DiagramVariable::Place(_)
                | DiagramVariable::Day
                | DiagramVariable::Fact(_)
                | DiagramVariable::Reading(_) => false,
            };
            edge = node.follow(u32::from(holds));
        }
        edge.value().unwrap_or(u32::MAX)
    }
}

/// The ruling of the holder's leaf and of those of all that stands beside it; `None` where the point is impossible.
pub(super) fn leaf_of(partition: &Partition, values: &[u32]) -> Option<Leaf> {
    let place = |value: &u32| usize::try_from(*value).unwrap_or(usize::MAX);
    let (holding, besides) = values.split_first()?;
    let holding = partition.holdings.get(place(holding))?.as_ref()?;
    let mut leaf = Leaf {
        verdict: Verdict {
            outcome: holding.outcome,
            holders: holding.holders.clone(),
            sharing: holding.sharing,
            conflict: holding.conflict,
            of_several: holding.of_several,
            requirements: Vec::new(),
            may_step_in: Vec::new(),
            handling: Vec::new(),
        },
        grounds: holding.grounds.clone(),
        grounds_vary: false,
        framework_unread: holding.framework_unread,
    };
    for beside in besides.iter().filter_map(|beside| partition.besides.get(place(beside))) {
        leaf.verdict.requirements.extend(&beside.requirements);
        leaf.verdict.may_step_in.extend(&beside.may_step_in);
        leaf.verdict.handling.extend(beside.handling.iter().cloned());
        leaf.cite(&beside.grounds);
    }
    leaf.verdict.in_order();
    Some(leaf)
}

/// Trees already grown, by where the diagrams stand.
type Known = BTreeMap<Vec<Vec<Edge>>, Option<Tree>>;

fn edges(slice: &Slice) -> Vec<Edge> {
    std::iter::once(slice.holding).chain(slice.beside.iter().copied()).collect()
}

impl Leaf {
    fn cite(&mut self, grounds: &[Ground]) {
        for ground in grounds {
            if !self.grounds.contains(ground) {
                self.grounds.push(*ground);
            }
        }
    }

    /// Puts the units of a place in the stead of its symbols, so that rulings at several places can be compared.
    fn fix(&mut self, unit_of: impl Fn(Seat) -> Option<crate::register::UnitId>) {
        let fix = |seat: &mut Seat| {
            if let Some(unit) = unit_of(*seat) {
                seat.at = SeatAt::Unit(unit);
            }
        };
        let verdict = &mut self.verdict;
        verdict.holders.iter_mut().for_each(|holder| {
            fix(&mut holder.seat);
            fix(&mut holder.answerable);
        });
        verdict.requirements.iter_mut().for_each(|one| fix(&mut one.of));
        verdict.may_step_in.iter_mut().for_each(fix);
        let fixed = |seat: &Seat| {
            let mut seat = *seat;
            fix(&mut seat);
            seat
        };
        verdict.handling.iter_mut().for_each(|one| *one = one.map(fixed));
    }

    /// One case that spans another place too: the rulings agree, or nothing says who of them decides.
    fn span(&mut self, mut other: Self) {
        if other.verdict.outcome == Outcome::NotCovered {
            std::mem::swap(self, &mut other);
        }
        if self.verdict.outcome == Outcome::NotCovered {
            return;
        }
        // How a case is handled is no matter of who decides it: each place adds its own.
        let mut handling = std::mem::take(&mut self.verdict.handling);
        std::mem::take(&mut other.verdict.handling).into_iter().for_each(|more| join(&mut handling, more));
        let alike = |a: &Verdict, b: &Verdict| a.of_several && b.of_several && a.sharing == b.sharing;
        if alike(&self.verdict, &other.verdict) {
            let other = &other.verdict;
            self.verdict.holders.extend(other.holders.iter().copied());
            self.verdict.requirements.extend(other.requirements.iter().copied());
            self.verdict.may_step_in.extend(other.may_step_in.iter().copied());
            self.verdict.in_order();
        } else if self.verdict != other.verdict {
            let mut holders = self.verdict.holders.clone();
            holders.extend(other.verdict.holders.iter().copied());
            holders.sort();
            holders.dedup();
            self.verdict = Verdict {
                outcome: Outcome::Conflict,
                holders,
                sharing: None,
                conflict: Some(ConflictKind::Places),
                of_several: false,
                requirements: Vec::new(),
                may_step_in: Vec::new(),
                handling: Vec::new(),
            };
            handling.clear();
        }
        self.verdict.handling = handling;
        self.verdict.in_order();
        self.absorb(other);
    }

    pub(super) fn absorb(&mut self, other: Self) {
        let vary = self.grounds_vary || other.grounds_vary || self.grounds != other.grounds;
        self.grounds_vary = vary;
        self.cite(&other.grounds);
        if vary {
            // Cases come in no order of their own; united grounds are put in one.
            self.grounds.sort();
        }
        self.framework_unread |= other.framework_unread;
    }
}

/// Adds what another place says of how the task is handled: the same but for the units is said of all of them.
fn join(all: &mut Vec<Handling>, more: Handling) {
    let bodies = |one: &Handling| one.map(|seat| seat.body);
    let join = |own: &mut Vec<Seat>, more: Vec<Seat>| {
        let new: Vec<Seat> = more.into_iter().filter(|seat| !own.contains(seat)).collect();
        own.extend(new);
    };
    let like = all.iter_mut().find(|own| bodies(own) == bodies(&more));
    match (like, more) {
        (Some(Handling::Signers(own)), Handling::Signers(more)) => join(own, more),
        (Some(Handling::Procedure(own)), Handling::Procedure(more)) => {
            join(&mut own.received_by, more.received_by);
            own.stages.iter_mut().zip(more.stages).for_each(|(own, more)| join(&mut own.by, more.by));
        }
        (_, more) => all.push(more),
    }
}

impl Tree {
    /// The same verdicts for the same answers; grounds may differ.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) => a.verdict == b.verdict,
            (Self::Node(a), Self::Node(b)) => {
                a.about == b.about
                    && a.branches.len() == b.branches.len()
                    && a.branches.iter().zip(&b.branches).all(|((x, a), (y, b))| x == y && a.same(b))
            }
            (Self::Leaf(_), Self::Node(_)) | (Self::Node(_), Self::Leaf(_)) => false,
        }
    }

    /// Takes in the grounds of an equal tree.
    pub(super) fn absorb(&mut self, other: Self) {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) => a.absorb(b),
            (Self::Node(a), Self::Node(b)) => {
                a.branches.iter_mut().zip(b.branches).for_each(|((_, a), (_, b))| a.absorb(b));
            }
            (Self::Leaf(_), Self::Node(_)) | (Self::Node(_), Self::Leaf(_)) => {}
        }
    }
}
