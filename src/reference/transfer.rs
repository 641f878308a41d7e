//! Stage 4: a line of holders is moved only from whoever holds it: first as laws pass it on, in the order of their first
//! days, then by valid decentralisations, then by valid delegations, until none fits.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::held::{Line, MadeAt};
use super::place::Spot;
use super::{At, Judged};
use crate::register::LocalityId;
use crate::rulebook::{ProvisionId, Seat, Statement, TaskId, TransferForm};
use crate::ruling::{ConflictKind, Ground, Why};

/// Where a line ended, or why it could not be followed.
pub(super) enum Moved {
    To(Line),
    /// The unlike receivers, each a line of its own.
    Conflict(ConflictKind, Vec<Line>),
}

/// Where a seat is passed by law.
pub(super) enum Passed {
    To(Spot, Vec<ProvisionId>),
    /// Unlike receivers, each with the passings that lead to it.
    Conflict(Vec<(Spot, Vec<ProvisionId>)>),
}

/// A transfer, with those who carry on for its giver and receiver.
pub(super) struct Move<'a> {
    pub(super) id: ProvisionId,
    /// Where it is read, as all that admits or forbids it: the holder's own place.
    pub(super) place: Option<LocalityId>,
    pub(super) form: TransferForm,
    pub(super) giver: Seat,
    pub(super) to: Seat,
    under: Option<&'a [ProvisionId]>,
    pub(super) with_consent: bool,
}

impl Move<'_> {
    /// The holder holds by what the transfer names, if it names something.
    pub(super) fn is_under(&self, line: &Line) -> bool {
        self.under.is_none_or(|under| line.grounds.iter().any(|ground| under.contains(&ground.provision)))
    }
}

impl At<'_> {
    /// The passings by law of a task, grouped by their first day, earliest first.
    fn passings(&self, task: TaskId) -> BTreeMap<Option<Date>, Vec<ProvisionId>> {
        let mut groups: BTreeMap<Option<Date>, Vec<ProvisionId>> = BTreeMap::new();
        for id in &self.rulebook[task].provisions {
            if matches!(self.rulebook[*id].statement, Statement::Passes { .. }) {
                groups.entry(self.rulebook.start(*id)).or_default().push(*id);
            }
        }
        groups
    }

    /// Follows a seat that was assigned on a day through the passings by law. Each group of one day is one simultaneous
    /// substitution and is used once. Each is read where the seat then is.
    pub(super) fn pass(&self, task: TaskId, from: Spot, assigned: Date) -> Judged<Passed> {
        let mut now = from;
        let mut by_way_of = Vec::new();
        for group in self.passings(task).into_values() {
            let place = self.place_at(now);
            let mut fitting = Vec::new();
            for id in group {
                let Statement::Passes { from, .. } = &self.rulebook[id].statement else { continue };
                let mut fits = false;
                for giver in from {
                    fits |= self.same(self.succeed(self.here(*giver, now), place)?, now.seat);
                }
                if !fits || !self.speaks(id, place)? {
                    continue;
                }
                if assigned > self.rulebook.issued(id) {
                    self.lose(id, Why::AssignedLater);
                } else {
                    fitting.push(id);
                }
            }
            let (winners, lost) = self.contest_at(&fitting, place)?;
            lost.into_iter().for_each(|(id, why)| self.lose(id, why));
            let mut receivers = Vec::new();
            for id in winners {
                if let Statement::Passes { to, .. } = self.rulebook[id].statement {
                    receivers.push((now.at(self.succeed(self.here(to, now), place)?), id));
                }
            }
            let Some((to, _)) = receivers.first().copied() else { continue };
            if !receivers.iter().all(|(other, _)| self.same(other.seat, to.seat)) {
                let after = |(spot, id)| (spot, by_way_of.iter().copied().chain([id]).collect());
                return Ok(Passed::Conflict(receivers.into_iter().map(after).collect()));
            }
            now = to;
            by_way_of.extend(receivers.into_iter().map(|(_, id)| id));
        }
        Ok(Passed::To(now, by_way_of))
    }

    /// Moves one line by passings and then by transfers.
    pub(super) fn move_line(&self, task: TaskId, line: Line, forms: &[TransferForm]) -> Judged<Moved> {
        match self.pass(task, line.spot(), line.assigned)? {
            Passed::Conflict(receivers) => {
                let to = |(spot, ids): (Spot, Vec<ProvisionId>)| {
                    ids.into_iter().fold(line.clone(), |line, id| line.by_law(id, spot))
                };
                Ok(Moved::Conflict(ConflictKind::Receivers, receivers.into_iter().map(to).collect()))
            }
            Passed::To(spot, by_way_of) => {
                let line = by_way_of.into_iter().fold(line, |line, id| line.by_law(id, spot));
                self.transfer(task, line, forms)
            }
        }
    }

    fn transfer(&self, task: TaskId, mut line: Line, forms: &[TransferForm]) -> Judged<Moved> {
        loop {
            self.notes.borrow_mut().lines.push((task, line.clone()));
            let mut step = None;
            for form in forms {
                let fitting = self.fitting(task, &line, *form)?;
                if !fitting.is_empty() {
                    step = Some(fitting);
                    break;
                }
            }
            let Some(fitting) = step else { return Ok(Moved::To(line)) };
            let ids: Vec<ProvisionId> = fitting.iter().map(|(id, ..)| *id).collect();
            let (winners, lost) = self.contest_at(&ids, self.place_at(line.spot()))?;
            lost.into_iter().for_each(|(id, why)| self.lose(id, why));
            let next: Vec<Line> = fitting
                .iter()
                .filter(|(id, ..)| winners.contains(id))
                .map(|(id, form, to)| line.transferred((*id, line.role), *form, *to))
                .collect();
            let Some(first) = next.first().cloned() else { return Ok(Moved::To(line)) };
            if !next.iter().all(|other| self.same(other.seat, first.seat)) {
                return Ok(Moved::Conflict(ConflictKind::Receivers, next));
            }
            if line.path.iter().any(|earlier| self.same(*earlier, first.seat)) {
                return Ok(Moved::Conflict(ConflictKind::Circular, vec![line, first]));
            }
            let used: Vec<Ground> = next.iter().filter_map(|other| other.grounds.last().copied()).collect();
            let moves: Vec<MadeAt> = next.iter().filter_map(|other| other.moves.last().copied()).collect();
            line = first;
            line.grounds.pop();
            line.grounds.extend(used);
            line.moves.extend(moves);
        }
    }

    /// The valid transfers of one form from the line's seat; the others are noted with what is wrong with them.
    fn fitting(&self, task: TaskId, line: &Line, form: TransferForm) -> Judged<Vec<(ProvisionId, TransferForm, Seat)>> {
        let mut fitting = Vec::new();
        for id in &self.rulebook[task].provisions {
            let Some(candidate) = self.candidate(*id, line.spot())? else { continue };
            if candidate.form != form || !self.same(candidate.giver, line.seat) || !self.is_made(&candidate)? {
                continue;
            }
            match self.fault(task, line, &candidate)? {
                None => fitting.push((*id, form, candidate.to)),
                Some(why) => self.lose(*id, why),
            }
        }
        Ok(fitting)
    }

    /// Whether a transfer speaks; on its own first day its issuer's competence is enough.
    pub(super) fn is_made(&self, candidate: &Move<'_>) -> Judged<bool> {
        if self.born == Some(candidate.id) {
            Ok(self.incompetent(candidate.id)?.is_none())
        } else {
            self.speaks(candidate.id, candidate.place)
        }
    }

    /// A transfer as it is read where a holder is, with those who carry on for its giver and receiver on the clock's day.
    pub(super) fn candidate(&self, id: ProvisionId, holder: Spot) -> Judged<Option<Move<'_>>> {
        let Statement::Transfer { form, giver, to, ref under, with_consent, .. } = self.rulebook[id].statement else {
            return Ok(None);
        };
        let place = self.place_at(holder);
        let giver = self.succeed(self.here(giver, holder), place)?;
        let to = self.succeed(self.here(to, holder), place)?;
        Ok(Some(Move { id, place, form, giver, to, under: under.as_deref(), with_consent }))
    }

    /// What is wrong with a transfer by the one who holds the task, if something is.
    pub(super) fn fault(&self, task: TaskId, line: &Line, candidate: &Move<'_>) -> Judged<Option<Why>> {
        if !candidate.is_under(line) {
            return Ok(Some(Why::NotHeld));
        }
        if let Some(why) = self.unborn(task, (candidate.id, line.role))? {
            return Ok(Some(why));
        }
        let canon = self.canon(task, candidate)?;
        if let Some(Err(by)) = canon {
            return Ok(Some(Why::Forbidden { by }));
        }
        let issued = self.at_clock(self.rulebook.issued(candidate.id));
        let then = issued.candidate(candidate.id, line.spot())?;
        let framework = issued.framework(line, then.as_ref().unwrap_or(candidate), canon.is_some());
        self.notes.borrow_mut().framework_unread.extend(issued.notes.borrow().framework_unread.iter().copied());
        if let Some(why) = framework? {
            return Ok(Some(why));
        }
        Ok(if self.exists(candidate.to)? { None } else { Some(Why::ReceiverAbsent) })
    }

    /// The first day of a transfer: the later of its issue and its start.
    pub(super) fn birth(&self, id: ProvisionId) -> Date {
        let issued = self.rulebook.issued(id);
        self.rulebook.start(id).map_or(issued, |start| start.max(issued))
    }

    /// Why the transfer was not effective at this role's place on its first day, when that is past.
    pub(super) fn unborn(&self, task: TaskId, made: MadeAt) -> Judged<Option<Why>> {
        let (id, _) = made;
        let first = self.birth(id);
        if first >= self.clock {
            return Ok(None);
        }
        let then = self.authority_at_birth(task, first, id)?;
        if then.used.contains(&made) {
            return Ok(None);
        }
        let why = then.losses.iter().find(|loss| loss.provision == id).map(|loss| loss.why.clone());
        Ok(Some(match why {
            Some(Why::NotHeld) | None => Why::NotHeldAtBirth,
            Some(why) => why,
        }))
    }
}
