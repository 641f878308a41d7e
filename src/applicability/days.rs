//! The days on which something that sentences look at can change at a place. More days than needed do no harm: equal days join
//! again in the diagram.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Frame;
use super::class::Class;
use super::place::{any_unit, first_day};
use crate::calendar::day_after;
use crate::register::{LevelId, LocalityId, UnitId};
use crate::resolution::Sources;
use crate::rulebook::kindred::Numbers;
use crate::rulebook::{self, BodyId, DocumentId, ProvisionId, Rulebook, Seat, SeatAt, Statement};

/// For each place where sentences can apply, their days.
#[derive(Debug, Default)]
pub(super) struct Days {
    /// Of sentences and declarations that can apply anywhere.
    everywhere: What,
    /// Of those that can apply only where a unit has once been.
    within: BTreeMap<UnitId, What>,
}

#[derive(Debug, Default, Clone)]
struct What {
    provisions: Vec<ProvisionId>,
    days: BTreeSet<Date>,
    /// Units in which a seat or issuer is fixed, whose own fate matters.
    fixed: BTreeSet<UnitId>,
}

impl What {
    fn span(&mut self, span: rulebook::Days) {
        self.days.extend(span.from.into_iter().chain(span.before));
    }

    fn document(&mut self, rulebook: &Rulebook, document: DocumentId) {
        rulebook[document].in_force.iter().for_each(|term| self.span(*term));
    }

    fn body(&mut self, rulebook: &Rulebook, body: BodyId) {
        self.span(rulebook[body].days);
    }

    fn provision(&mut self, rulebook: &Rulebook, id: ProvisionId, seats: &[Seat]) {
        let provision = &rulebook[id];
        let text = &rulebook[provision.text];
        self.provisions.push(id);
        self.fixed.extend(rulebook[text.enacted_by].issuer.unit);
        self.span(provision.days);
        for document in [text.document, text.enacted_by] {
            self.document(rulebook, document);
            rulebook[document].prevails.iter().for_each(|claim| self.document(rulebook, claim.by));
        }
        self.days.extend(rulebook.start(id));
        provision.prevails.iter().filter_map(|claim| claim.by).for_each(|by| self.document(rulebook, by));
        if let Some((reading, _)) = provision.reading {
            rulebook[reading].settled.iter().for_each(|(document, _)| self.document(rulebook, *document));
        }
        if let Statement::Extends { before, .. } = provision.statement {
            self.days.insert(before);
        }
        if let Statement::Transfer { .. } = provision.statement {
            let first = first_day(rulebook, id);
            self.days.extend([Some(first), day_after(first)].into_iter().flatten());
        }
        for seat in seats {
            self.body(rulebook, seat.body);
            if let SeatAt::Unit(unit) = seat.at {
                self.fixed.insert(unit);
            }
            if let SeatAt::Any { level } = seat.at {
                self.days.extend(level_days(rulebook, level));
            }
        }
    }
}

impl Days {
    pub(super) fn renumbered(&self, numbers: &Numbers) -> Option<Self> {
        let what = |old: &What| {
            let provisions = old.provisions.iter().map(|id| numbers.provision(*id)).collect::<Option<_>>()?;
            Some(What { provisions, ..old.clone() })
        };
        let within = self.within.iter().map(|(unit, own)| Some((*unit, what(own)?))).collect::<Option<_>>()?;
        Some(Self { everywhere: what(&self.everywhere)?, within })
    }

    pub(super) fn new(rulebook: &Rulebook, sources: &Sources<'_>) -> Self {
        let mut all = Self::default();
        rulebook.bodies.iter().for_each(|body| all.everywhere.span(body.days));
        let tasks = sources.tasks();
        tasks.iter().flat_map(|task| rulebook.cover_of(*task)).for_each(|line| all.everywhere.span(line.days));
        tasks.iter().flat_map(|task| &rulebook[*task].covered).for_each(|span| all.everywhere.span(*span));
        for id in sources.provisions() {
            let seats = sources.seats_of(*id);
            match limits(rulebook, *id) {
                None => all.everywhere.provision(rulebook, *id, &seats),
                Some(units) => {
                    for unit in units {
                        all.within.entry(unit).or_default().provision(rulebook, *id, &seats);
                    }
                }
            }
        }
        all
    }

    fn here<'a>(&'a self, class: &Class) -> impl Iterator<Item = &'a What> + use<'a> {
        let units: Vec<UnitId> = class.units().into_iter().collect();
        units.into_iter().filter_map(|unit| self.within.get(&unit))
    }
}

/// The days on which the first unit of a level comes or the last one goes.
fn level_days(rulebook: &Rulebook, level: LevelId) -> Vec<Date> {
    let register = &rulebook.register;
    let mut before = false;
    let mut days = Vec::new();
    for day in register.change_days() {
        let now = any_unit(register, level, *day);
        if now != before {
            days.push(*day);
        }
        before = now;
    }
    days
}

/// The units outside of which a sentence never applies, if it is so limited.
fn limits(rulebook: &Rulebook, id: ProvisionId) -> Option<Vec<UnitId>> {
    let provision = &rulebook[id];
    if let Some(home) = rulebook[rulebook[provision.text].enacted_by].issuer.unit {
        return Some(vec![home]);
    }
    let units: Option<Vec<UnitId>> = provision.scopes.iter().map(|scope| scope.unit).collect();
    units.filter(|units| !units.is_empty())
}

/// What can matter where the places of the roles are of some classes.
#[derive(Debug)]
pub(crate) struct Local {
    /// The sentences that can apply there, sorted.
    pub(crate) provisions: Vec<ProvisionId>,
    /// The days on which something can change there, sorted.
    pub(crate) days: Vec<Date>,
}

impl Frame {
    pub(crate) fn local(&self, rulebook: &Rulebook, classes: &[usize]) -> Local {
        let register = &rulebook.register;
        let mut days = self.days.everywhere.days.clone();
        let mut provisions: BTreeSet<ProvisionId> = self.days.everywhere.provisions.iter().copied().collect();
        let mut fixed: Vec<UnitId> = self.days.everywhere.fixed.iter().copied().collect();
        let (mut seen, mut met) = (BTreeSet::new(), BTreeSet::new());
        let mut open: Vec<usize> = classes.to_vec();
        // Where a seat or an issuer is fixed, its own fate matters, and so what is said at its own place.
        loop {
            while let Some(class) = open.pop() {
                let Some(own) = self.classes.get(class).filter(|_| seen.insert(class)) else { continue };
                days.extend(own.change_days());
                for what in self.days.here(own) {
                    days.extend(&what.days);
                    provisions.extend(&what.provisions);
                    fixed.extend(&what.fixed);
                }
            }
            let Some(unit) = fixed.pop() else { break };
            if met.insert(unit) {
                for row in register.rows_of(unit) {
                    let row = register.row(*row);
                    days.extend(std::iter::once(row.from).chain(row.before));
                    // It is read at its first locality of the day.
                    let changes = register.change_days().iter().filter(|day| row.holds_on(**day));
                    let there = changes.chain([&row.from]).map(|day| register.localities_of_unit(unit, *day));
                    let first = there.filter_map(|localities| localities.first().copied());
                    open.extend(first.map(|locality| self.class_of(locality)));
                }
            }
        }
        Local { provisions: provisions.into_iter().collect(), days: days.into_iter().collect() }
    }

    /// The class of a locality; behind all of them that of [`LocalityId::NOWHERE`].
    #[must_use]
    pub fn class_of(&self, locality: LocalityId) -> usize {
        if locality == LocalityId::NOWHERE {
            return self.classes.len();
        }
        self.class_of.get(locality.index()).and_then(|class| usize::try_from(*class).ok()).unwrap_or(usize::MAX)
    }
}
