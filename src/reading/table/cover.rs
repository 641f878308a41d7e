//! Sets of places in few names: *all of U except …*, over the units as they stood on one day. Knows the register, no law.
//!
//! One pass down the tree of units gives for every set the shortest such cover; of equally short ones that which names no
//! exceptions. What is finer than the units of the day is said by the units from which or into which it came.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::register::{LocalityId, Register, RowId, UnitId};
use crate::rulebook::Days;

/// More days than this are not tried for the names of units.
const DAY_LIMIT: usize = 24;

/// A set of localities in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Sorted.
    pub localities: Vec<LocalityId>,
    /// Together just these localities.
    pub parts: Vec<Part>,
    /// And where there is no place.
    pub nowhere: bool,
    /// The names are those of the units of this day, where it makes a difference.
    pub named_on: Option<Date>,
}

/// All of a unit, or of everything, except some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `None`: everywhere.
    pub all_of: Option<Piece>,
    pub except: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Unit(RowId),
    /// What of a unit has been, or came to be, in each of some others.
    Of {
        unit: RowId,
        also: Vec<RowId>,
    },
}

type Set = BTreeSet<LocalityId>;

/// Says disjoint sets in words, all by the units of one day: that which needs the fewest names, of several the last.
pub(super) fn cover(register: &Register, universe: &Set, groups: Vec<Set>, days: Days) -> Vec<Places> {
    let nowhere: Vec<bool> = groups.iter().map(|group| group.contains(&LocalityId::NOWHERE)).collect();
    let on_ground = |set: &Set| set.iter().copied().filter(|place| *place != LocalityId::NOWHERE).collect::<Set>();
    let (universe, groups) = (&on_ground(universe), groups.iter().map(on_ground).collect::<Vec<Set>>());
    let whole = |day: &Date| universe.iter().all(|place| register.lowest(*place, *day).is_some());
    let inside = days_of(register, days);
    let mut candidates: Vec<Date> = inside.iter().copied().filter(whole).collect();
    if candidates.is_empty() {
        candidates = register.change_days().iter().copied().filter(whole).collect();
    }
    let candidates = candidates.split_off(candidates.len().saturating_sub(DAY_LIMIT));
    let said = |day: Date| {
        let tree = Tree::new(register, universe, day);
        groups.iter().map(|group| tree.parts(group)).collect::<Vec<_>>()
    };
    let length = |all: &[Vec<Part>]| all.iter().flatten().map(Part::length).sum::<usize>();
    let best = candidates.iter().rev().map(|day| (said(*day), *day)).min_by_key(|(all, _)| length(all));
    let (all, day) = match best {
        Some((all, day)) => (all, Some(day)),
        None => (groups.iter().map(|group| chains(register, group)).collect(), None),
    };
    let always = day.is_some_and(|day| {
        let rows = all.iter().flatten().flat_map(|part| part.all_of.iter().chain(&part.except));
        rows.flat_map(Piece::rows).all(|row| is_always(register, universe, (row, day), &inside))
    });
    let named_on = day.filter(|_| !always);
    let places = |((group, parts), nowhere): ((&Set, Vec<Part>), bool)| Places {
        localities: group.iter().copied().collect(),
        parts,
        nowhere,
        named_on,
    };
    groups.iter().zip(all).zip(nowhere).map(places).collect()
}

/// Whether a name means on all of some days what it means on the one: the unit is there on some of them and then holds the
/// same places, and no other unit bears the name.
fn is_always(register: &Register, universe: &Set, (row, day): (RowId, Date), days: &[Date]) -> bool {
    let own = register.row(row);
    let there = |day: Date| -> Set {
        let held = register.localities_of_unit(own.unit, day).into_iter();
        held.filter(|place| universe.contains(place)).collect()
    };
    let meant = there(day);
    let other = |row: RowId| {
        let row = register.row(row);
        row.unit != own.unit && row.kind == own.kind && row.short_name == own.short_name
    };
    let lives = |day: &Date| register.rows_of(own.unit).iter().any(|row| register.row(*row).holds_on(*day));
    days.iter().any(lives)
        && days.iter().all(|day| {
            let held = there(*day);
            (held.is_empty() || held == meant) && !register.rows_on(*day).any(other)
        })
}

/// The days from which on the register stands otherwise, as far as they concern a run of days.
fn days_of(register: &Register, days: Days) -> Vec<Date> {
    let changes = register.change_days();
    let first = days.from.map_or(0, |from| changes.partition_point(|day| *day <= from).saturating_sub(1));
    let end = days.before.map_or(changes.len(), |before| changes.partition_point(|day| *day < before));
    changes.get(first..end).unwrap_or_default().to_vec()
}

/// Localities one by one, each by all the lowest units that have held it.
fn chains(register: &Register, group: &Set) -> Vec<Part> {
    let part = |place: &LocalityId| {
        let mut rows = history(register, *place);
        let unit = rows.pop()?;
        Some(Part { all_of: Some(Piece::Of { unit, also: rows }), except: Vec::new() })
    };
    group.iter().filter_map(part).collect()
}

/// The lowest units that hold a locality one after the other.
fn history(register: &Register, place: LocalityId) -> Vec<RowId> {
    let mut rows: Vec<RowId> = Vec::new();
    for row in register.change_days_of(place).into_iter().filter_map(|day| register.lowest(place, day)) {
        if rows.last().is_none_or(|last| register.row(*last).unit != register.row(row).unit) {
            rows.push(row);
        }
    }
    rows
}

impl Part {
    fn length(&self) -> usize {
        self.all_of.iter().chain(&self.except).map(Piece::length).sum::<usize>() + usize::from(self.all_of.is_none())
    }
}

impl Piece {
    fn rows(&self) -> Vec<RowId> {
        match self {
            Self::Unit(row) => vec![*row],
            Self::Of { unit, also } => std::iter::once(unit).chain(also).copied().collect(),
        }
    }

    /// A part of a unit is harder to read than a unit.
    fn length(&self) -> usize {
        match self {
            Self::Unit(_) => 1,
            Self::Of { also, .. } => 3 * also.len().max(1),
        }
    }
}

/// The units of a day.
struct Tree<'a> {
    register: &'a Register,
    roots: Vec<RowId>,
    below: BTreeMap<RowId, Vec<RowId>>,
    /// Of the asked places.
    held: BTreeMap<RowId, Set>,
    universe: &'a Set,
}

impl<'a> Tree<'a> {
    fn new(register: &'a Register, universe: &'a Set, day: Date) -> Self {
        let mut tree = Self { register, roots: Vec::new(), below: BTreeMap::new(), held: BTreeMap::new(), universe };
        for row in register.rows_on(day) {
            let held: Set = register.localities_of(row, day).into_iter().filter(|at| universe.contains(at)).collect();
            if held.is_empty() {
                continue;
            }
            match register.chain_of_parents(row, day).first() {
                Some(above) => tree.below.entry(*above).or_default().push(row),
                None => tree.roots.push(row),
            }
            tree.held.insert(row, held);
        }
        tree
    }

    fn parts(&self, wanted: &Set) -> Vec<Part> {
        if wanted == self.universe {
            return vec![Part { all_of: None, except: Vec::new() }];
        }
        let listed: Vec<Part> = self.roots.iter().flat_map(|root| self.cover(*root, wanted)).collect();
        let others: Set = self.universe.difference(wanted).copied().collect();
        let except = self.roots.iter().flat_map(|root| self.plain(*root, &others)).collect();
        shorter(listed, Part { all_of: None, except })
    }

    /// With exceptions where that is shorter.
    fn cover(&self, row: RowId, wanted: &Set) -> Vec<Part> {
        let Some(held) = self.held.get(&row) else { return Vec::new() };
        if held.is_disjoint(wanted) {
            return Vec::new();
        }
        if held.is_subset(wanted) {
            return vec![Part { all_of: Some(Piece::Unit(row)), except: Vec::new() }];
        }
        let below = self.below.get(&row).map_or(&[][..], Vec::as_slice);
        let listed: Vec<Part> = match below {
            [] => self.pieces(row, held, wanted).into_iter().map(alone).collect(),
            below => below.iter().flat_map(|child| self.cover(*child, wanted)).collect(),
        };
        let others: Set = held.difference(wanted).copied().collect();
        shorter(listed, Part { all_of: Some(Piece::Unit(row)), except: self.plain(row, &others) })
    }

    /// Without exceptions.
    fn plain(&self, row: RowId, wanted: &Set) -> Vec<Piece> {
        let Some(held) = self.held.get(&row).filter(|held| !held.is_disjoint(wanted)) else { return Vec::new() };
        if held.is_subset(wanted) {
            return vec![Piece::Unit(row)];
        }
        match self.below.get(&row).map_or(&[][..], Vec::as_slice) {
            [] => self.pieces(row, held, wanted),
            below => below.iter().flat_map(|child| self.plain(*child, wanted)).collect(),
        }
    }

    /// Of a lowest unit the wanted part: by other units that hold none of the rest, the widest first; what none of them
    /// tells from the rest by all the lowest units that held it.
    fn pieces(&self, unit: RowId, held: &Set, wanted: &Set) -> Vec<Piece> {
        let mut through: BTreeMap<UnitId, (RowId, Set)> = BTreeMap::new();
        for place in held {
            for row in self.register.change_days_of(*place).into_iter().flat_map(|day| self.above(*place, day)) {
                let of = self.register.row(row).unit;
                through.entry(of).or_insert_with(|| (row, Set::new())).1.insert(*place);
            }
        }
        through.retain(|_, (_, places)| places.is_subset(wanted));
        let mut left: Set = held.intersection(wanted).copied().collect();
        let mut pieces: Vec<Piece> = Vec::new();
        while let Some(first) = left.first().copied() {
            let count = |(_, places): &&(RowId, Set)| places.intersection(&left).count();
            let widest = through.values().max_by_key(count).filter(|one| count(one) > 0);
            match widest {
                Some((row, places)) => {
                    left.retain(|place| !places.contains(place));
                    pieces.push(Piece::Of { unit, also: vec![*row] });
                }
                None => {
                    left.remove(&first);
                    let mut also = history(self.register, first);
                    also.retain(|row| self.register.row(*row).unit != self.register.row(unit).unit);
                    pieces.push(Piece::Of { unit, also });
                }
            }
        }
        pieces
    }

    /// The units that hold a locality on a day, the lowest first.
    fn above(&self, place: LocalityId, day: Date) -> Vec<RowId> {
        let lowest = self.register.lowest(place, day).into_iter();
        lowest.flat_map(|row| std::iter::once(row).chain(self.register.chain_of_parents(row, day))).collect()
    }
}

fn alone(piece: Piece) -> Part {
    Part { all_of: Some(piece), except: Vec::new() }
}

fn shorter(listed: Vec<Part>, except: Part) -> Vec<Part> {
    let length: usize = listed.iter().map(Part::length).sum();
    if except.length() < length { vec![except] } else { listed }
}
