//! Passings by law: what one held, another holds from a day on. Grouped by first day, earliest first; a group is one
//! simultaneous substitution and is used once. Knows seats; nothing of transfers.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::rulebook::{ProvisionId, Seat, SeatAt, Statement, TaskId};
use crate::ruling::{Ground, Held, Holder, Step};

use super::case::{Case, Found, Vantage};
use super::holding::Line;
use super::{Dossier, Site};

/// Where passings bring a seat, and by what.
pub(super) enum Passed {
    To((Seat, Site), Vec<ProvisionId>),
    /// Unlike receivers, each with the way there.
    Contended(Vec<((Seat, Site), Vec<ProvisionId>)>),
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Follows what a text issued on a day gave to a seat.
    pub(super) fn pass(&self, task: TaskId, seat: Seat, issued: Date, at: Vantage) -> Found<Passed, D> {
        let mut days: BTreeMap<Option<Date>, Vec<ProvisionId>> = BTreeMap::new();
        for provision in self.sources.passing(task) {
            if issued <= self.rules.issued(*provision) {
                days.entry(self.rules.start(*provision)).or_default().push(*provision);
            }
        }
        let (mut now, mut at, mut way) = (seat, at, Vec::new());
        for group in days.into_values() {
            let receivers = self.receivers(&group, now, at)?;
            let Some((to, _)) = receivers.first().copied() else { continue };
            let mut agreed = true;
            for (other, _) in &receivers {
                agreed = agreed && self.same(*other, to, at.clock)?;
            }
            if !agreed {
                let on = |(seat, by): (Seat, ProvisionId)| {
                    let way: Vec<ProvisionId> = way.iter().copied().chain(std::iter::once(by)).collect();
                    ((seat, moved_to(seat, at.site)), way)
                };
                return Ok(Passed::Contended(receivers.into_iter().map(on).collect()));
            }
            now = to;
            at.site = moved_to(to, at.site);
            way.extend(receivers.into_iter().map(|(_, by)| by));
        }
        Ok(Passed::To((now, at.site), way))
    }

    /// To whom one day's passings bring a seat: those that prevail among the sentences that pass it on.
    fn receivers(&self, group: &[ProvisionId], seat: Seat, at: Vantage) -> Found<Vec<(Seat, ProvisionId)>, D> {
        let mut fitting = Vec::new();
        for provision in group {
            if self.stands(*provision, at)? && self.passes_from(*provision, seat, at)? {
                fitting.push(*provision);
            }
        }
        let mut receivers = Vec::new();
        for winner in self.prevailing(&fitting, at)? {
            if let Statement::Passes { to, .. } = &self.rules[winner].statement {
                receivers.push((self.seated(Self::meant(*to, seat, at.site), at)?, winner));
            }
        }
        Ok(receivers)
    }

    fn passes_from(&self, provision: ProvisionId, seat: Seat, at: Vantage) -> Found<bool, D> {
        let Statement::Passes { from, .. } = &self.rules[provision].statement else { return Ok(false) };
        for giver in from {
            if self.same(self.seated(Self::meant(*giver, seat, at.site), at)?, seat, at.clock)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Where it is read what moves a holder that came to a seat: at the seat's place, or where it was before, if that has none.
pub(super) const fn moved_to(seat: Seat, before: Site) -> Site {
    match seat.at {
        SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => Site::Role(role),
        SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => before,
    }
}

impl Line {
    /// The line as passed on by law. A later passing may bring a task back, so what it left before does not count.
    pub(super) fn passed(mut self, (seat, site): (Seat, Site), way: &[ProvisionId]) -> Self {
        if !way.is_empty() {
            self.site = site;
            self.holder = Holder { seat, held: Held::Reorganised, answerable: seat, seal: None };
            self.grounds.extend(way.iter().map(|by| Ground { step: Step::Passes, provision: *by }));
            self.left.clear();
        }
        self
    }
}
