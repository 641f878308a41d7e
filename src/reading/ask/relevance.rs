//! Which places matter on a day: those on which a ruling below some edges of a task's diagrams depends, or whose units it
//! names.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::diagram::{Edge, Node};
use crate::partition::{Partition, Variable, day_number};
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

/// What is below an edge on one day.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    /// What the place of a role leads to, for each run of classes by its first.
    Place(usize, Vec<(u32, usize)>),
    /// The day being chosen, diagrams are reduced: the edge itself.
    Below(At),
}

pub(super) struct Relevance<'a> {
    partition: &'a Partition,
    known: RefCell<BTreeMap<(At, u32), (usize, Roles)>>,
    numbers: RefCell<BTreeMap<Cut, usize>>,
}

impl<'a> Relevance<'a> {
    pub(super) fn new(partition: &'a Partition) -> Self {
        Self { partition, known: RefCell::default(), numbers: RefCell::default() }
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

    /// Whether it matters below some edges on a day which of some places that of a role is.
    pub(super) fn matters(&self, edges: &BTreeSet<At>, role: usize, places: &[LocalityId], day: Date) -> bool {
        edges.iter().any(|at| {
            let below = self.follow(&BTreeSet::from([*at]), role, places);
            let mut cuts = below.into_iter().map(|at| self.cut(at, day_number(day)));
            let Some((first, roles)) = cuts.next() else { return false };
            roles.contains(&role) || cuts.any(|(other, roles)| other != first || roles.contains(&role))
        })
    }

    fn class(&self, place: LocalityId) -> u32 {
        u32::try_from(self.partition.frame.class_of(place)).unwrap_or(u32::MAX)
    }

    /// What is below an edge on a day, by a number that is the same for what is the same; and the roles that matter there. The
    /// places come before the day in the diagrams, so many a choice of place makes no difference on this day.
    fn cut(&self, at: At, day: u32) -> (usize, Roles) {
        if let Some(known) = self.known.borrow().get(&(at, day)) {
            return known.clone();
        }
        let cut = match self.partition.diagrams.node(at.edge()) {
            None => (self.number(Cut::Below(at)), self.named(at)),
            Some(node) => match self.partition.variable(node.variable) {
                Variable::Day => self.cut(at.with(node.follow(day)), day),
                Variable::Place(role) => {
                    let mut runs: Vec<(u32, (usize, Roles))> =
                        node.runs.iter().map(|(first, edge)| (*first, self.cut(at.with(*edge), day))).collect();
                    runs.dedup_by(|next, run| next.1.0 == run.1.0);
                    if let [(_, only)] = runs.as_slice() {
                        only.clone()
                    } else {
                        let numbers = runs.iter().map(|(first, below)| (*first, below.0)).collect();
                        let below = runs.into_iter().flat_map(|(_, below)| below.1);
                        (self.number(Cut::Place(role, numbers)), below.chain([role]).collect())
                    }
                }
                Variable::Pattern(_) | Variable::Fact(_) | Variable::Reading(_) => {
                    (self.number(Cut::Below(at)), self.below(at, &node, day))
                }
            },
        };
        self.known.borrow_mut().insert((at, day), cut.clone());
        cut
    }

    /// The roles that matter from patterns, facts or readings on.
    fn below(&self, at: At, node: &Node<'_>, day: u32) -> Roles {
        let mut roles = Roles::new();
        if let Variable::Pattern(index) = self.partition.variable(node.variable) {
            let pattern = self.partition.patterns.get(index).filter(|pattern| !pattern.is_span());
            roles.extend(pattern.into_iter().flat_map(|pattern| [pattern.roles.0, pattern.roles.1]));
        }
        let below: BTreeSet<Edge> = node.runs.iter().map(|(_, edge)| *edge).collect();
        roles.extend(below.into_iter().flat_map(|edge| self.cut(at.with(edge), day).1));
        roles
    }

    fn number(&self, cut: Cut) -> usize {
        let mut numbers = self.numbers.borrow_mut();
        let next = numbers.len();
        *numbers.entry(cut).or_insert(next)
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
                    let handle = beside.handling.iter().flat_map(|one| one.named().into_iter().copied());
                    required.chain(beside.may_step_in.iter().copied()).chain(handle).collect::<Vec<Seat>>()
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
