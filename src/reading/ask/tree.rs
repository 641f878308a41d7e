//! A decision tree over what a question leaves open at one place: facts in the task's order, then readings. Reduced: every
//! question in it leads to different rulings.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::reference::{Case, Judged, Judgement, Split, Support, judge, unit_of};
use crate::register::LocalityId;
use crate::rulebook::{Seat, SeatAt};
use crate::ruling::{BadQuestion, ConflictKind, Ground, Loss, Outcome, Verdict};

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

/// One verdict, with the grounds and losses of all cases that share it.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) verdict: Verdict,
    pub(super) grounds: Vec<Ground>,
    pub(super) grounds_vary: bool,
    pub(super) record: BTreeSet<Loss>,
    pub(super) framework_unread: bool,
}

/// Index of a fact or of a reading in the support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    Fact(usize),
    Reading(usize),
}

/// The tree at one place in each role, or of one case that spans several such places; `None` when nothing is possible.
pub(super) fn grow(
    support: &Support<'_>,
    spans: &[Vec<LocalityId>],
    facts: &[Vec<u16>],
    day: Date,
    budget: &Cell<usize>,
) -> Result<Option<Tree>, BadQuestion> {
    let readings = vec![None; support.readings.len()];
    let whole = Case { day, places: Vec::new(), facts: facts.to_vec(), readings };
    let mut leaves = Vec::new();
    let mut open = vec![whole];
    while let Some(case) = open.pop() {
        budget.set(budget.get().checked_sub(1).ok_or(BadQuestion::TooWide)?);
        match at_all(support, spans, &case) {
            Ok(leaf) => leaves.push((case, leaf)),
            Err(split) => open.extend(divide(support, &case, &split)),
        }
    }
    let all: Vec<usize> = (0..leaves.len()).collect();
    Ok(Builder { support, leaves: &leaves, facts }.build(0, &all))
}

/// The ruling of a case at all the places that it spans.
fn at_all(support: &Support<'_>, spans: &[Vec<LocalityId>], case: &Case) -> Judged<Option<Leaf>> {
    let mut united: Option<Leaf> = None;
    for places in spans {
        let here = Case { places: places.clone(), ..case.clone() };
        let Judgement::Ruling(ruling) = judge(support, &here)? else { return Ok(None) };
        let mut leaf = Leaf {
            verdict: ruling.verdict,
            grounds: ruling.grounds,
            grounds_vary: false,
            record: ruling.record.into_iter().collect(),
            framework_unread: ruling.framework_unread,
        };
        if spans.len() > 1 {
            leaf.fix(support, &here);
        }
        match &mut united {
            Some(united) => united.span(leaf),
            None => united = Some(leaf),
        }
    }
    Ok(united)
}

/// The parts of a case on which the test that was mixed always or never holds, or the options of a reading.
fn divide(support: &Support<'_>, case: &Case, split: &Split) -> Vec<Case> {
    match split {
        Split::Fact(index, test) => {
            let Some(cells) = case.facts.get(*index) else { return Vec::new() };
            let (holding, other) = support.grid.split(test, cells);
            let part = |cells: Vec<u16>| {
                let mut part = case.clone();
                part.facts.iter_mut().skip(*index).take(1).for_each(|own| own.clone_from(&cells));
                part
            };
            [holding, other].into_iter().filter(|cells| !cells.is_empty()).map(part).collect()
        }
        Split::Reading(index) => {
            let options = support.readings.get(*index).map_or(0, |id| support.rulebook[*id].options.len());
            (0..options)
                .filter_map(|option| u8::try_from(option).ok())
                .map(|option| {
                    let mut part = case.clone();
                    part.readings.iter_mut().skip(*index).take(1).for_each(|own| *own = Some(option));
                    part
                })
                .collect()
        }
    }
}

struct Builder<'a> {
    support: &'a Support<'a>,
    leaves: &'a [(Case, Option<Leaf>)],
    facts: &'a [Vec<u16>],
}

impl Builder<'_> {
    /// The reduced tree over the variables from `index` on, of the leaves that are left.
    fn build(&self, index: usize, left: &[usize]) -> Option<Tree> {
        let mut verdicts = left.iter().filter_map(|leaf| self.leaf(*leaf));
        let first = verdicts.next()?;
        if verdicts.clone().all(|leaf| leaf.verdict == first.verdict) {
            let mut united = first.clone();
            verdicts.for_each(|leaf| united.absorb(leaf.clone()));
            return Some(Tree::Leaf(united));
        }
        let about = self.variable(index)?;
        let mut groups: BTreeMap<Vec<usize>, Vec<u16>> = BTreeMap::new();
        for cell in self.choices(about) {
            let here = left.iter().copied().filter(|leaf| self.holds(*leaf, about, cell)).collect();
            groups.entry(here).or_default().push(cell);
        }
        let mut ordered: Vec<(Vec<u16>, Vec<usize>)> = groups.into_iter().map(|(here, cells)| (cells, here)).collect();
        ordered.sort();
        let mut branches: Vec<(Vec<u16>, Tree)> = Vec::new();
        for (cells, here) in ordered {
            let Some(below) = self.build(index + 1, &here) else { continue };
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
            return Some(Tree::Node(Node { about, branches }));
        }
        branches.pop().map(|(_, tree)| tree)
    }

    fn leaf(&self, index: usize) -> Option<&Leaf> {
        self.leaves.get(index).and_then(|(_, leaf)| leaf.as_ref())
    }

    fn variable(&self, index: usize) -> Option<Variable> {
        let facts = self.facts.len();
        if index < facts {
            return Some(Variable::Fact(index));
        }
        Some(index - facts).filter(|reading| *reading < self.support.readings.len()).map(Variable::Reading)
    }

    fn choices(&self, about: Variable) -> Vec<u16> {
        match about {
            Variable::Fact(index) => self.facts.get(index).cloned().unwrap_or_default(),
            Variable::Reading(index) => {
                let options = self.support.readings.get(index).map_or(0, |id| self.support.rulebook[*id].options.len());
                (0..options).filter_map(|option| u16::try_from(option).ok()).collect()
            }
        }
    }

    fn holds(&self, leaf: usize, about: Variable, cell: u16) -> bool {
        let Some((case, _)) = self.leaves.get(leaf) else { return false };
        match about {
            Variable::Fact(index) => case.facts.get(index).is_some_and(|cells| cells.contains(&cell)),
            Variable::Reading(index) => {
                let taken = case.readings.get(index).copied().flatten();
                taken.is_none_or(|taken| u16::from(taken) == cell)
            }
        }
    }
}

impl Leaf {
    /// Puts the units of a place in the stead of its symbols, so that rulings at several places can be compared.
    fn fix(&mut self, support: &Support<'_>, case: &Case) {
        let fix = |seat: &mut Seat| {
            if let Some(row) = unit_of(support, &case.places, case.day, *seat) {
                seat.at = SeatAt::Unit(support.rulebook.register.row(row).unit);
            }
        };
        let verdict = &mut self.verdict;
        verdict.holders.iter_mut().for_each(|holder| {
            fix(&mut holder.seat);
            fix(&mut holder.answerable);
        });
        verdict.requirements.iter_mut().for_each(|one| fix(&mut one.of));
        verdict.may_step_in.iter_mut().for_each(fix);
    }

    /// One case that spans another place too: the rulings agree, or nothing says who of them decides.
    fn span(&mut self, mut other: Self) {
        if other.verdict.outcome == Outcome::NotCovered {
            std::mem::swap(self, &mut other);
        }
        if self.verdict.outcome == Outcome::NotCovered {
            return;
        }
        if self.verdict != other.verdict {
            let mut holders = self.verdict.holders.clone();
            holders.extend(other.verdict.holders.iter().copied());
            holders.sort();
            holders.dedup();
            self.verdict = Verdict {
                outcome: Outcome::Conflict,
                holders,
                sharing: None,
                conflict: Some(ConflictKind::Places),
                requirements: Vec::new(),
                may_step_in: Vec::new(),
            };
        }
        self.absorb(other);
    }

    fn absorb(&mut self, other: Self) {
        let vary = self.grounds_vary || other.grounds_vary || self.grounds != other.grounds;
        self.grounds_vary = vary;
        for ground in other.grounds {
            if !self.grounds.contains(&ground) {
                self.grounds.push(ground);
            }
        }
        if vary {
            // Cases come in no order of their own; united grounds are put in one.
            self.grounds.sort();
        }
        self.record.extend(other.record);
        self.framework_unread |= other.framework_unread;
    }
}

impl Tree {
    /// What lost in any of its cases.
    pub(super) fn record(&self) -> BTreeSet<Loss> {
        match self {
            Self::Leaf(leaf) => leaf.record.clone(),
            Self::Node(node) => node.branches.iter().flat_map(|(_, below)| below.record()).collect(),
        }
    }

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
