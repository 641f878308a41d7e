//! Bodies that carry on for others. Knows when one takes another's place; whatever speaks of bodies asks here first.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::rulebook::{BodyId, ProvisionId, Seat, Statement};

use super::Dossier;
use super::case::{Case, Found, Vantage};

/// What prevails on each body, by first day.
pub(super) type Substitution = BTreeMap<BodyId, Vec<Taking>>;

/// From this day the one takes the other's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taking {
    from: Option<Date>,
    by: BodyId,
    provision: ProvisionId,
}

/// A seat with those who now carry on in it, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) seat: Seat,
    pub(super) by: Vec<ProvisionId>,
}

impl<D: Dossier> Case<'_, '_, D> {
    fn substitution(&self, at: Vantage) -> Found<Substitution, D> {
        self.successions.or_find(at, || {
            let mut found = Substitution::new();
            for (body, sentences) in self.sources.successions() {
                let mut takings = Vec::new();
                for winner in self.prevailing(sentences, at)? {
                    if let Statement::Succeeded { by, .. } = &self.rules[winner].statement {
                        takings.push(Taking { from: self.rules.start(winner), by: *by, provision: winner });
                    }
                }
                takings.sort();
                found.insert(*body, takings);
            }
            Ok(found)
        })
    }

    /// Who sits in a seat, followed by first days, each day once.
    pub(super) fn carried(&self, seat: Seat, at: Vantage) -> Found<Carried, D> {
        let mut carried = Carried { seat, by: Vec::new() };
        if self.sources.successions().is_empty() {
            return Ok(carried);
        }
        let substitution = self.substitution(at)?;
        let mut days: Vec<Option<Date>> = substitution.values().flatten().map(|taking| taking.from).collect();
        days.sort();
        days.dedup();
        for day in days {
            let takings =
                substitution.get(&carried.seat.body).into_iter().flatten().filter(|taking| taking.from == day);
            let takings: Vec<Taking> = takings.copied().collect();
            if let Some(first) = takings.first()
                && takings.iter().all(|taking| taking.by == first.by)
            {
                carried.seat.body = first.by;
                carried.by.extend(takings.iter().map(|taking| taking.provision));
            }
        }
        Ok(carried)
    }

    /// The body that carries on for another.
    pub(super) fn carrying_on(&self, body: BodyId, at: Vantage) -> Found<BodyId, D> {
        Ok(self.carried(Seat { body, at: crate::rulebook::SeatAt::Nowhere }, at)?.seat.body)
    }
}
