//! Bodies that carry on for others. Knows when one takes another's place; whatever speaks of bodies asks here first.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::rulebook::{BodyId, ProvisionId, Seat, SeatAt, Statement};

use super::Dossier;
use super::case::{Case, Found, Vantage};

/// Who takes whose place, earliest first.
pub(super) type Substitution = Vec<Taking>;

/// From its first day on, one body takes another's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taking {
    from: Option<Date>,
    of: BodyId,
    by: BodyId,
    sentences: Vec<ProvisionId>,
}

/// A seat with those who now carry on in it, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) seat: Seat,
    pub(super) by: Vec<ProvisionId>,
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Sentences on one body compete; one for which those that prevail name unlike bodies is succeeded by none.
    fn substitution(&self, at: Vantage) -> Found<Substitution, D> {
        self.successions.or_find(at, || {
            let mut found = Substitution::new();
            for (of, sentences) in self.sources.successions() {
                let winners = self.prevailing(sentences, at)?;
                let successors: BTreeSet<BodyId> = winners.iter().filter_map(|id| self.successor(*id)).collect();
                if let (Some(by), 1) = (successors.first(), successors.len()) {
                    let from = winners.iter().map(|id| self.rules.start(*id)).min().flatten();
                    found.push(Taking { from, of: *of, by: *by, sentences: winners });
                }
            }
            found.sort();
            Ok(found)
        })
    }

    fn successor(&self, sentence: ProvisionId) -> Option<BodyId> {
        if let Statement::Succeeded { by, .. } = self.rules[sentence].statement { Some(by) } else { None }
    }

    /// Who sits in a seat. One day's successions are one substitution: nobody is succeeded twice on a day.
    pub(super) fn carried(&self, seat: Seat, at: Vantage) -> Found<Carried, D> {
        let mut carried = Carried { seat, by: Vec::new() };
        if self.sources.successions().is_empty() {
            return Ok(carried);
        }
        let mut last = None;
        for taking in self.substitution(at)? {
            if taking.of == carried.seat.body && last != Some(taking.from) {
                carried.seat.body = taking.by;
                carried.by.extend(taking.sentences);
                last = Some(taking.from);
            }
        }
        Ok(carried)
    }

    pub(super) fn seated(&self, seat: Seat, at: Vantage) -> Found<Seat, D> {
        Ok(self.carried(seat, at)?.seat)
    }

    /// The body that carries on for another.
    pub(super) fn carrying_on(&self, body: BodyId, at: Vantage) -> Found<BodyId, D> {
        Ok(self.seated(Seat { body, at: SeatAt::Nowhere }, at)?.body)
    }
}
