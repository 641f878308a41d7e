//! Which places matter: those on which a ruling below some edges of a task's diagrams depends, or whose units it names.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagram::Edge;
use crate::partition::{Partition, Variable};
use crate::register::LocalityId;
use crate::rulebook::{RoleId, Seat, SeatAt};

/// A set of roles, by their index in the frame.
type Roles = BTreeSet<usize>;

/// An edge in the diagram of the holder, or in that of a sentence beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    Holding(Edge),
    Beside(Edge),
}

pub(super) struct Relevance<'a> {
    partition: &'a Partition,
    known: RefCell<BTreeMap<At, Roles>>,
}

impl<'a> Relevance<'a> {
    pub(super) fn new(partition: &'a Partition) -> Self {
        Self { partition, known: RefCell::default() }
    }

    /// The roots of the task's diagrams.
    pub(super) fn roots(&self) -> BTreeSet<At> {
        let beside = self.partition.beside.iter().map(|(_, edge)| At::Beside(*edge));
        beside.chain([At::Holding(self.partition.holding)]).collect()
    }

    /// Where the diagrams go on when the place of a role is one of some.
    pub(super) fn follow(&self, edges: &BTreeSet<At>, role: usize, places: &[LocalityId]) -> BTreeSet<At> {
        let classes: BTreeSet<u32> = places.iter().map(|place| self.class(*place)).collect();
        let below = |at: &At| match self.partition.diagrams.node(at.edge()) {
            Some(node) if self.partition.variable(node.variable) == Variable::Place(role) => {
                classes.iter().map(|class| at.with(node.follow(*class))).collect::<Vec<At>>()
            }
            Some(_) | None => vec![*at],
        };
        edges.iter().flat_map(below).collect()
    }

    /// Whether the place of a role matters below some edges.
    pub(super) fn matters(&self, edges: &BTreeSet<At>, role: usize) -> bool {
        edges.iter().any(|at| self.roles(*at).contains(&role))
    }

    fn class(&self, place: LocalityId) -> u32 {
        u32::try_from(self.partition.frame.class_of(place)).unwrap_or(u32::MAX)
    }

    fn roles(&self, at: At) -> Roles {
        if let Some(known) = self.known.borrow().get(&at) {
            return known.clone();
        }
        let mut roles = Roles::new();
        match self.partition.diagrams.node(at.edge()) {
            None => roles.extend(self.named(at)),
            Some(node) => {
                match self.partition.variable(node.variable) {
                    Variable::Place(role) => roles.extend([role]),
                    Variable::Pattern(index) => {
                        let pattern = self.partition.patterns.get(index).filter(|pattern| !pattern.is_span());
                        roles.extend(pattern.into_iter().flat_map(|pattern| [pattern.roles.0, pattern.roles.1]));
                    }
                    Variable::Day | Variable::Fact(_) | Variable::Reading(_) => {}
                }
                let below: BTreeSet<Edge> = node.runs.iter().map(|(_, edge)| *edge).collect();
                roles.extend(below.into_iter().flat_map(|edge| self.roles(at.with(edge))));
            }
        }
        self.known.borrow_mut().insert(at, roles.clone());
        roles
    }

    /// The roles whose units a ruling names.
    fn named(&self, at: At) -> Roles {
        let value = at.edge().value().and_then(|value| usize::try_from(value).ok()).unwrap_or(usize::MAX);
        let seats: Vec<Seat> = match at {
            At::Holding(_) => {
                let holding = self.partition.holdings.get(value).and_then(Option::as_ref);
                let holders = holding.into_iter().flat_map(|holding| &holding.holders);
                holders.flat_map(|holder| [holder.seat, holder.answerable]).collect()
            }
            At::Beside(_) => {
                let beside = self.partition.besides.get(value).into_iter();
                let seats = |beside: &crate::resolution::Beside| {
                    let required = beside.requirements.iter().map(|one| one.of);
                    required.chain(beside.may_step_in.iter().copied()).collect::<Vec<Seat>>()
                };
                beside.flat_map(seats).collect()
            }
        };
        let role = |seat: Seat| match seat.at {
            SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => self.index(role),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => None,
        };
        seats.into_iter().filter_map(role).collect()
    }

    fn index(&self, role: RoleId) -> Option<usize> {
        self.partition.frame.roles.iter().position(|own| *own == role)
    }
}

impl At {
    const fn edge(self) -> Edge {
        match self {
            Self::Holding(edge) | Self::Beside(edge) => edge,
        }
    }

    const fn with(self, edge: Edge) -> Self {
        match self {
            Self::Holding(_) => Self::Holding(edge),
            Self::Beside(_) => Self::Beside(edge),
        }
    }
}
