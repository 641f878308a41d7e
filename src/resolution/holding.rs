//! Who holds a task by law: the unbeaten sentences on who decides, agreed or conceding each other. Knows nothing yet of what
//! moves a task on.

use jiff::civil::Date;

use crate::rulebook::{Deciders, ProvisionId, Seat, SeatAt, Sharing, Statement, TaskId};
use crate::ruling::{ConflictKind, Ground, Held, Holder, Outcome, Step};

use super::case::{Case, Found, Vantage};
use super::{Clock, Dossier, Query};

/// One holder and the way by which the task came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) holder: Holder,
    pub(super) grounds: Vec<Ground>,
    /// The day of issue of what assigned it.
    pub(super) assigned: Date,
    /// Every seat on the way, the present one last.
    pub(super) seats: Vec<Seat>,
}

/// Who holds a task before or after it is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) outcome: Outcome,
    pub(super) conflict: Option<ConflictKind>,
    pub(super) sharing: Option<Sharing>,
    pub(super) lines: Vec<Line>,
    /// The grounds of no line.
    pub(super) grounds: Vec<Ground>,
    pub(super) framework_unread: bool,
}

impl Lines {
    pub(super) const fn nobody(outcome: Outcome) -> Self {
        Self { outcome, conflict: None, sharing: None, lines: Vec::new(), grounds: Vec::new(), framework_unread: false }
    }

    pub(super) fn moves(&self) -> bool {
        matches!(self.outcome, Outcome::Decided | Outcome::Concurrent)
    }
}

/// What one unbeaten sentence says.
struct Voice {
    provision: ProvisionId,
    also: bool,
    said: Lines,
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Who holds a task by its sentences, before any passing.
    pub(super) fn assigned(&self, task: TaskId, clock: Clock) -> Found<Lines, D> {
        let at = Vantage { site: self.sources.site(task), clock };
        let winners = self.prevailing(self.sources.deciding(task), at)?;
        if winners.is_empty() {
            return self.unassigned(task, at);
        }
        let mut voices = Vec::new();
        for winner in winners {
            voices.push(self.voice(winner, at)?);
        }
        self.heard(voices, clock)
    }

    fn unassigned(&self, task: TaskId, at: Vantage) -> Found<Lines, D> {
        for (index, condition) in self.rules[task].open.iter().enumerate() {
            let derived = self.derived_in(condition, at)?;
            if self.ask(Query::Open(task, index, derived))? {
                return Ok(Lines::nobody(Outcome::Open));
            }
        }
        Ok(Lines::nobody(Outcome::Gap))
    }

    fn voice(&self, provision: ProvisionId, at: Vantage) -> Found<Voice, D> {
        let ground = |step| Ground { step, provision };
        match &self.rules[provision].statement {
            Statement::DecidedBy { also, by: Deciders::Seats { seats, sharing }, .. } => {
                let mut said = Lines::nobody(Outcome::Decided);
                said.sharing = *sharing;
                for seat in seats {
                    let line = self.assigning(provision, *seat, at)?;
                    self.join(&mut said.lines, line, at.clock)?;
                }
                Ok(Voice { provision, also: *also, said })
            }
            Statement::DecidedBy { also, by: Deciders::WhoeverDecides(task), .. } => {
                let mut said = self.authority(*task, at.clock)?;
                for line in &mut said.lines {
                    line.grounds.insert(0, ground(Step::Assigns));
                    line.assigned = self.rules.issued(provision);
                }
                if said.lines.is_empty() {
                    said.grounds.insert(0, ground(Step::Assigns));
                }
                Ok(Voice { provision, also: *also, said })
            }
            Statement::NotRequired { .. } => {
                let mut said = Lines::nobody(Outcome::NotRequired);
                said.grounds.push(ground(Step::SwitchesOff));
                Ok(Voice { provision, also: false, said })
            }
            Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => Ok(Voice { provision, also: false, said: Lines::nobody(Outcome::Gap) }),
        }
    }

    /// The line that a text's own sentence makes, with whoever carries on in the seat.
    fn assigning(&self, provision: ProvisionId, seat: Seat, at: Vantage) -> Found<Line, D> {
        let document = &self.rules[self.document(provision)];
        let to_level = !matches!(seat.at, SeatAt::Nowhere);
        let devolved = self.rules[document.kind].may_devolve && document.issuer.unit.is_none() && to_level;
        let carried = self.carried(seat, at)?;
        let held = match (carried.by.is_empty(), devolved) {
            (false, _) => Held::Reorganised,
            (true, true) => Held::Devolved,
            (true, false) => Held::Assigned,
        };
        let assigns = std::iter::once(Ground { step: Step::Assigns, provision });
        let succeeds = carried.by.iter().map(|by| Ground { step: Step::Succeeds, provision: *by });
        Ok(Line {
            holder: Holder { seat: carried.seat, held, answerable: carried.seat },
            grounds: assigns.chain(succeeds).collect(),
            assigned: self.rules.issued(provision),
            seats: vec![carried.seat],
        })
    }

    /// Adds a line; one that ends at the same seat is the same line.
    pub(super) fn join(&self, lines: &mut Vec<Line>, line: Line, clock: Clock) -> Found<(), D> {
        for known in lines.iter_mut() {
            if self.same(known.holder.seat, line.holder.seat, clock)? {
                let new: Vec<Ground> =
                    line.grounds.into_iter().filter(|ground| !known.grounds.contains(ground)).collect();
                known.grounds.extend(new);
                known.assigned = known.assigned.min(line.assigned);
                return Ok(());
            }
        }
        lines.push(line);
        Ok(())
    }

    fn heard(&self, voices: Vec<Voice>, clock: Clock) -> Found<Lines, D> {
        let mut sum = Lines::nobody(Outcome::Decided);
        let mut agreed = true;
        let mut plain: Option<Lines> = None;
        for voice in &voices {
            if !voice.also {
                if let Some(first) = &plain {
                    agreed = agreed && self.alike(first, &voice.said, clock)?;
                } else {
                    plain = Some(voice.said.clone());
                }
            }
            sum.sharing = sum.sharing.or(voice.said.sharing);
            sum.framework_unread |= voice.said.framework_unread;
            for ground in &voice.said.grounds {
                if !sum.grounds.contains(ground) {
                    sum.grounds.push(*ground);
                }
            }
            for line in &voice.said.lines {
                self.join(&mut sum.lines, line.clone(), clock)?;
            }
        }
        let nobody = voices.iter().find(|voice| !voice.said.moves());
        if let Some(nobody) = nobody {
            // Who speaks of a task that nobody decides, beside those who name a decider, cannot be followed together with them.
            let all = voices.iter().all(|voice| voice.said.outcome == nobody.said.outcome);
            sum.outcome = if all { nobody.said.outcome } else { Outcome::Conflict };
            sum.conflict = if all { nobody.said.conflict } else { Some(ConflictKind::Deciders) };
            return Ok(sum);
        }
        if !agreed {
            sum.outcome = Outcome::Conflict;
            sum.conflict = Some(ConflictKind::Deciders);
        } else if sum.lines.len() > 1 {
            sum.outcome = Outcome::Concurrent;
        }
        Ok(sum)
    }

    /// Two sentences name the same holders.
    fn alike(&self, one: &Lines, other: &Lines, clock: Clock) -> Found<bool, D> {
        Ok(one.outcome == other.outcome && self.within(one, other, clock)? && self.within(other, one, clock)?)
    }

    fn within(&self, one: &Lines, other: &Lines, clock: Clock) -> Found<bool, D> {
        for line in &one.lines {
            let mut found = false;
            for candidate in &other.lines {
                found = found || self.same(line.holder.seat, candidate.holder.seat, clock)?;
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
