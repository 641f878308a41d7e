//! What holders pass on themselves: decentralisations and delegations, each line alone, until none fits. Knows when a transfer
//! is valid; what the law of its day admits it asks of the framework.

use crate::rulebook::{ProvisionId, Seat, Statement, TaskId, TransferForm};
use crate::ruling::{ConflictKind, Ground, Held, Outcome, Step};

use super::case::{Case, Found, Vantage};
use super::holding::{Line, Lines};
use super::{Clock, Dossier, Query};

/// How far a task is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The authority, before any delegation.
    Authority,
    /// Whoever decides in the end.
    End,
}

/// A transfer that fits a line.
struct Fitting {
    provision: ProvisionId,
    to: Seat,
    /// Admitted because no framework text is loaded for its day.
    unread: bool,
}

/// What one round does to a line.
enum Round {
    Rests,
    To { seat: Seat, by: Vec<Ground>, held: Held, unread: bool },
    Contended { receivers: Vec<(Seat, Vec<Ground>)>, held: Held, unread: bool },
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Who holds a task before any delegation.
    pub(super) fn authority(&self, task: TaskId, clock: Clock) -> Found<Lines, D> {
        self.followed(task, clock, Until::Authority)
    }

    /// Who holds a task: assigned, passed by law, passed on by holders.
    pub(super) fn followed(&self, task: TaskId, clock: Clock, until: Until) -> Found<Lines, D> {
        let held = self.assigned(task, clock)?;
        if !held.moves() {
            return Ok(held);
        }
        let held = self.pass(task, held, clock)?;
        if !held.moves() {
            return Ok(held);
        }
        let mut held = self.transferred(task, held, clock, until)?;
        if held.moves() {
            held.outcome = if held.lines.len() > 1 { Outcome::Concurrent } else { Outcome::Decided };
        }
        Ok(held)
    }

    fn transferred(&self, task: TaskId, mut held: Lines, clock: Clock, until: Until) -> Found<Lines, D> {
        let at = Vantage { site: self.sources.site(task), clock };
        let mut moved: Vec<Line> = Vec::new();
        let mut conflict = None;
        for mut line in std::mem::take(&mut held.lines) {
            loop {
                match self.round(task, &line, at, until)? {
                    Round::Rests => break,
                    Round::To { seat, by, held: how, unread } => {
                        held.framework_unread |= unread;
                        let circular = self.been(&line, seat, clock)?;
                        line = line.moved(seat, by, how);
                        if circular {
                            conflict = conflict.or(Some(ConflictKind::Circular));
                            break;
                        }
                    }
                    Round::Contended { mut receivers, held: how, unread } => {
                        held.framework_unread |= unread;
                        conflict = conflict.or(Some(ConflictKind::Receivers));
                        let last = receivers.pop();
                        for (seat, by) in receivers {
                            moved.push(line.clone().moved(seat, by, how));
                        }
                        if let Some((seat, by)) = last {
                            line = line.moved(seat, by, how);
                        }
                        break;
                    }
                }
            }
            moved.push(line);
        }
        for line in moved {
            self.join(&mut held.lines, line, clock)?;
        }
        if conflict.is_some() {
            held.outcome = Outcome::Conflict;
            held.conflict = conflict;
        }
        Ok(held)
    }

    fn been(&self, line: &Line, seat: Seat, clock: Clock) -> Found<bool, D> {
        for before in &line.seats {
            if self.same(*before, seat, clock)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn round(&self, task: TaskId, line: &Line, at: Vantage, until: Until) -> Found<Round, D> {
        let forms: &[TransferForm] = match until {
            Until::Authority => &[TransferForm::Decentralise],
            Until::End => &[TransferForm::Decentralise, TransferForm::Delegate],
        };
        for form in forms {
            let (step, held) = match form {
                TransferForm::Decentralise => (Step::Decentralises, Held::Decentralised),
                TransferForm::Delegate => (Step::Delegates, Held::Delegated),
            };
            let fitting = self.fitting(task, *form, line, at)?;
            if fitting.is_empty() {
                continue;
            }
            let provisions: Vec<ProvisionId> = fitting.iter().map(|fitting| fitting.provision).collect();
            let winners = self.prevailing(&provisions, at)?;
            let mut receivers: Vec<(Seat, Vec<Ground>)> = Vec::new();
            let mut unread = false;
            for fitting in fitting.iter().filter(|fitting| winners.contains(&fitting.provision)) {
                let ground = Ground { step, provision: fitting.provision };
                self.receive(&mut receivers, fitting.to, vec![ground], at.clock)?;
                unread |= fitting.unread;
            }
            return Ok(match receivers.len() {
                0 => Round::Rests,
                1 => receivers.pop().map_or(Round::Rests, |(seat, by)| Round::To { seat, by, held, unread }),
                _ => Round::Contended { receivers, held, unread },
            });
        }
        Ok(Round::Rests)
    }

    /// The valid transfers of one form that fit a line.
    fn fitting(&self, task: TaskId, form: TransferForm, line: &Line, at: Vantage) -> Found<Vec<Fitting>, D> {
        let mut fitting = Vec::new();
        for provision in self.sources.transfers(task, form) {
            let Statement::Transfer { to, .. } = &self.rules[*provision].statement else { continue };
            let given = self.stands(*provision, at)? && self.given_by(*provision, line, at)?;
            if !given || !self.speaks(*provision, at)? || self.banned(*provision, at)? {
                continue;
            }
            let to = self.carried(*to, at)?.seat;
            if !self.exists(to, at.clock)? {
                continue;
            }
            let admission = self.admitted(*provision, line.holder.held, at.site)?;
            if admission.admits && self.born(task, *provision, at)? {
                fitting.push(Fitting { provision: *provision, to, unread: admission.unread });
            }
        }
        Ok(fitting)
    }

    /// The giver holds the task, by the provision that the transfer names.
    fn given_by(&self, provision: ProvisionId, line: &Line, at: Vantage) -> Found<bool, D> {
        let Statement::Transfer { giver, under, .. } = &self.rules[provision].statement else { return Ok(false) };
        let by = |named: &Vec<ProvisionId>| line.grounds.iter().any(|ground| named.contains(&ground.provision));
        Ok(under.as_ref().is_none_or(by) && self.same(self.carried(*giver, at)?.seat, line.holder.seat, at.clock)?)
    }

    /// On its first day the transfer was effective, or contended with others.
    fn born(&self, task: TaskId, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let past = match at.clock {
            Clock::Now => self.ask(Query::Past(provision, Clock::Now))?,
            Clock::First(other) => self.first_day(provision) < self.first_day(other),
            Clock::Issued(document) => self.first_day(provision) < Some(self.rules[document].issued),
        };
        if !past {
            return Ok(true);
        }
        self.born.or_find(provision, || {
            let clock = Clock::First(provision);
            let held = self.assigned(task, clock)?;
            let held = if held.moves() { self.pass(task, held, clock)? } else { held };
            for line in held.lines {
                if self.reaches(task, line, provision, clock)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Following a line, the giver of the transfer comes to hold the task by the provision that it names, as the law admits.
    fn reaches(&self, task: TaskId, line: Line, provision: ProvisionId, clock: Clock) -> Found<bool, D> {
        let at = Vantage { site: self.sources.site(task), clock };
        let mut open = vec![line];
        while let Some(line) = open.pop() {
            if self.given_by(provision, &line, at)? && self.admitted(provision, line.holder.held, at.site)?.admits {
                return Ok(true);
            }
            match self.round(task, &line, at, Until::End)? {
                Round::Rests => {}
                Round::To { seat, by, held, .. } => {
                    if !self.been(&line, seat, clock)? {
                        open.push(line.moved(seat, by, held));
                    }
                }
                Round::Contended { receivers, held, .. } => {
                    for (seat, by) in receivers {
                        if !self.been(&line, seat, clock)? {
                            open.push(line.clone().moved(seat, by, held));
                        }
                    }
                }
            }
        }
        Ok(false)
    }

    /// The later of issue and start.
    fn first_day(&self, provision: ProvisionId) -> Option<jiff::civil::Date> {
        self.rules.start(provision).max(Some(self.rules.issued(provision)))
    }
}
