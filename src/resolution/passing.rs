//! Passings by law: what one held, another holds from a day on. Grouped by first day, earliest first; a group is one
//! simultaneous substitution and is used once. Knows lines and seats; nothing of transfers.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::rulebook::{ProvisionId, Seat, Statement, TaskId};
use crate::ruling::{ConflictKind, Ground, Held, Outcome, Step};

use super::case::{Case, Found, Vantage};
use super::holding::{Line, Lines};
use super::{Clock, Dossier};

/// Where one group of passings brings a seat.
pub(super) enum Passed {
    Stays,
    To {
        seat: Seat,
        by: Vec<Ground>,
    },
    /// Unlike receivers, each with its grounds.
    Contended(Vec<(Seat, Vec<Ground>)>),
}

impl<D: Dossier> Case<'_, '_, D> {
    /// The task's passings by first day.
    pub(super) fn passing_days(&self, task: TaskId) -> BTreeMap<Option<Date>, Vec<ProvisionId>> {
        let mut days: BTreeMap<Option<Date>, Vec<ProvisionId>> = BTreeMap::new();
        for provision in self.sources.passing(task) {
            days.entry(self.rules.start(*provision)).or_default().push(*provision);
        }
        days
    }

    /// What one day's passings do to a seat whose text was issued on a day.
    pub(super) fn passed(&self, group: &[ProvisionId], seat: Seat, issued: Date, at: Vantage) -> Found<Passed, D> {
        let mut fitting = Vec::new();
        for provision in group {
            if issued <= self.rules.issued(*provision)
                && self.stands(*provision, at)?
                && self.passes_from(*provision, seat, at)?
            {
                fitting.push(*provision);
            }
        }
        let mut receivers: Vec<(Seat, Vec<Ground>)> = Vec::new();
        for winner in self.prevailing(&fitting, at)? {
            if let Statement::Passes { to, .. } = &self.rules[winner].statement {
                let carried = self.carried(*to, at)?;
                let mut grounds = vec![Ground { step: Step::Passes, provision: winner }];
                grounds.extend(carried.by.iter().map(|by| Ground { step: Step::Succeeds, provision: *by }));
                self.receive(&mut receivers, carried.seat, grounds, at.clock)?;
            }
        }
        Ok(match receivers.len() {
            0 => Passed::Stays,
            1 => receivers.pop().map_or(Passed::Stays, |(seat, by)| Passed::To { seat, by }),
            _ => Passed::Contended(receivers),
        })
    }

    /// Adds a receiver; the same one twice is one.
    pub(super) fn receive(
        &self,
        receivers: &mut Vec<(Seat, Vec<Ground>)>,
        seat: Seat,
        grounds: Vec<Ground>,
        clock: Clock,
    ) -> Found<(), D> {
        for (known, by) in receivers.iter_mut() {
            if self.same(*known, seat, clock)? {
                by.extend(grounds);
                return Ok(());
            }
        }
        receivers.push((seat, grounds));
        Ok(())
    }

    fn passes_from(&self, provision: ProvisionId, seat: Seat, at: Vantage) -> Found<bool, D> {
        let Statement::Passes { from, .. } = &self.rules[provision].statement else { return Ok(false) };
        for giver in from {
            if self.same(self.carried(*giver, at)?.seat, seat, at.clock)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Moves every line by the passings.
    pub(super) fn pass(&self, task: TaskId, mut held: Lines, clock: Clock) -> Found<Lines, D> {
        let at = Vantage { site: self.sources.site(task), clock };
        for group in self.passing_days(task).values() {
            let mut moved: Vec<Line> = Vec::new();
            let mut contended = false;
            for line in std::mem::take(&mut held.lines) {
                match self.passed(group, line.holder.seat, line.assigned, at)? {
                    Passed::Stays => self.join(&mut moved, line, clock)?,
                    Passed::To { seat, by } => self.join(&mut moved, line.moved(seat, by, Held::Reorganised), clock)?,
                    Passed::Contended(receivers) => {
                        contended = true;
                        for (seat, by) in receivers {
                            self.join(&mut moved, line.clone().moved(seat, by, Held::Reorganised), clock)?;
                        }
                    }
                }
            }
            held.lines = moved;
            if contended {
                held.outcome = Outcome::Conflict;
                held.conflict = Some(ConflictKind::Receivers);
                return Ok(held);
            }
        }
        Ok(held)
    }
}

impl Line {
    /// The line, one step on.
    pub(super) fn moved(mut self, seat: Seat, by: Vec<Ground>, held: Held) -> Self {
        self.holder.answerable = if held == Held::Delegated { self.holder.seat } else { seat };
        self.holder.seat = seat;
        self.holder.held = held;
        self.grounds.extend(by);
        self.seats.push(seat);
        self
    }
}
