//! Stage 4: a line of holders is moved only from whoever holds it: first as laws pass it on, in the order of their first
//! days, then by valid decentralisations, then by valid delegations, until none fits.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::held::Line;
use super::{At, Judged};
use crate::register::LevelId;
use crate::rulebook::{
    BodyId, BodyPattern, LevelPattern, Modal, ProvisionId, ReceivedBy, Seat, SeatAt, SeatPattern, Statement, TaskId,
    TransferForm,
};
use crate::ruling::{ConflictKind, Ground, Held, Step, Why};

/// Where a line ended, or why it could not be followed.
pub(super) enum Moved {
    To(Line),
    /// The unlike receivers, each a line of its own.
    Conflict(ConflictKind, Vec<Line>),
}

/// Where a seat is passed by law.
pub(super) enum Passed {
    To(Seat, Vec<ProvisionId>),
    Conflict(Vec<(Seat, ProvisionId)>),
}

struct Move<'a> {
    id: ProvisionId,
    form: TransferForm,
    giver: Seat,
    to: Seat,
    under: Option<&'a [ProvisionId]>,
    with_consent: bool,
}

impl At<'_> {
    /// The passings by law of a task that speak, grouped by their first day, earliest first.
    fn passings(&self, task: TaskId) -> Judged<BTreeMap<Option<Date>, Vec<ProvisionId>>> {
        let mut groups: BTreeMap<Option<Date>, Vec<ProvisionId>> = BTreeMap::new();
        for id in &self.rulebook[task].provisions {
            if matches!(self.rulebook[*id].statement, Statement::Passes { .. }) && self.speaks(*id, self.site())? {
                groups.entry(self.rulebook.start(*id)).or_default().push(*id);
            }
        }
        Ok(groups)
    }

    /// Follows a seat that was assigned on a day through the passings by law. Each group of one day is one simultaneous
    /// substitution and is used once.
    pub(super) fn pass(&self, task: TaskId, seat: Seat, assigned: Date) -> Judged<Passed> {
        let mut now = seat;
        let mut by_way_of = Vec::new();
        for group in self.passings(task)?.into_values() {
            let mut fitting = Vec::new();
            for id in group {
                let Statement::Passes { from, .. } = &self.rulebook[id].statement else { continue };
                let mut fits = false;
                for giver in from {
                    let giver = self.succeed(*giver)?;
                    fits |= self.same(giver, now);
                }
                if fits && assigned > self.rulebook.issued(id) {
                    self.lose(id, Why::AssignedLater);
                } else if fits {
                    fitting.push(id);
                }
            }
            let (winners, lost) = self.contest(&fitting, self.site())?;
            lost.into_iter().for_each(|(id, why)| self.lose(id, why));
            let mut receivers = Vec::new();
            for id in winners {
                if let Statement::Passes { to, .. } = self.rulebook[id].statement {
                    receivers.push((self.succeed(to)?, id));
                }
            }
            let Some((to, _)) = receivers.first().copied() else { continue };
            if !receivers.iter().all(|(other, _)| self.same(*other, to)) {
                return Ok(Passed::Conflict(receivers));
            }
            now = to;
            by_way_of.extend(receivers.into_iter().map(|(_, id)| id));
        }
        Ok(Passed::To(now, by_way_of))
    }

    /// Moves one line by passings and then by transfers.
    pub(super) fn move_line(&self, task: TaskId, line: Line, forms: &[TransferForm]) -> Judged<Moved> {
        match self.pass(task, line.seat, line.assigned)? {
            Passed::Conflict(receivers) => {
                let to = |(seat, id)| line.moved(Step::Passes, id, seat, Held::Reorganised, seat);
                Ok(Moved::Conflict(ConflictKind::Receivers, receivers.into_iter().map(to).collect()))
            }
            Passed::To(seat, by_way_of) => {
                let line = by_way_of.into_iter().fold(line, |line, id| line.by_law(id, seat));
                self.transfer(task, line, forms)
            }
        }
    }

    fn transfer(&self, task: TaskId, mut line: Line, forms: &[TransferForm]) -> Judged<Moved> {
        loop {
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
            let (winners, lost) = self.contest(&ids, self.site())?;
            lost.into_iter().for_each(|(id, why)| self.lose(id, why));
            let next: Vec<Line> = fitting
                .iter()
                .filter(|(id, ..)| winners.contains(id))
                .map(|(id, form, to)| line.transferred(*id, *form, *to))
                .collect();
            let Some(first) = next.first().cloned() else { return Ok(Moved::To(line)) };
            if !next.iter().all(|other| self.same(other.seat, first.seat)) {
                return Ok(Moved::Conflict(ConflictKind::Receivers, next));
            }
            if line.path.iter().any(|earlier| self.same(*earlier, first.seat)) {
                return Ok(Moved::Conflict(ConflictKind::Circular, vec![line, first]));
            }
            let used: Vec<Ground> = next.iter().filter_map(|other| other.grounds.last().copied()).collect();
            line = first;
            line.grounds.pop();
            line.grounds.extend(used);
        }
    }

    /// The valid transfers of one form from the line's seat; the others are noted with what is wrong with them.
    fn fitting(&self, task: TaskId, line: &Line, form: TransferForm) -> Judged<Vec<(ProvisionId, TransferForm, Seat)>> {
        let mut fitting = Vec::new();
        for id in &self.rulebook[task].provisions {
            let Some(candidate) = self.candidate(*id)? else { continue };
            if candidate.form != form || !self.same(candidate.giver, line.seat) || !self.is_made(*id)? {
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
    fn is_made(&self, id: ProvisionId) -> Judged<bool> {
        if self.born == Some(id) { Ok(self.incompetent(id)?.is_none()) } else { self.speaks(id, self.site()) }
    }

    /// A transfer with those who carry on for its giver and receiver on the clock's day.
    fn candidate(&self, id: ProvisionId) -> Judged<Option<Move<'_>>> {
        let Statement::Transfer { form, giver, to, ref under, with_consent, .. } = self.rulebook[id].statement else {
            return Ok(None);
        };
        let (giver, to) = (self.succeed(giver)?, self.succeed(to)?);
        Ok(Some(Move { id, form, giver, to, under: under.as_deref(), with_consent }))
    }

    /// What is wrong with a transfer by the one who holds the task, if something is.
    fn fault(&self, task: TaskId, line: &Line, candidate: &Move<'_>) -> Judged<Option<Why>> {
        if let Some(under) = candidate.under
            && !line.grounds.iter().any(|ground| under.contains(&ground.provision))
        {
            return Ok(Some(Why::NotHeld));
        }
        if let Some(why) = self.unborn(task, candidate.id)? {
            return Ok(Some(why));
        }
        let canon = self.canon(task, candidate)?;
        if let Some(Err(by)) = canon {
            return Ok(Some(Why::Forbidden { by }));
        }
        let issued = self.at_clock(self.rulebook.issued(candidate.id));
        let then = issued.candidate(candidate.id)?;
        let framework = issued.framework(line, then.as_ref().unwrap_or(candidate), canon.is_some());
        self.notes.borrow_mut().framework_unread.extend(issued.notes.borrow().framework_unread.iter().copied());
        if let Some(why) = framework? {
            return Ok(Some(why));
        }
        Ok(if self.exists(candidate.to)? { None } else { Some(Why::ReceiverAbsent) })
    }

    /// Why the transfer was not effective on its first day, when that is past.
    fn unborn(&self, task: TaskId, id: ProvisionId) -> Judged<Option<Why>> {
        let issued = self.rulebook.issued(id);
        let first = self.rulebook.start(id).map_or(issued, |start| start.max(issued));
        if first >= self.clock {
            return Ok(None);
        }
        let then = self.authority_at_birth(task, first, id)?;
        if then.used.contains(&id) {
            return Ok(None);
        }
        let why = then.losses.iter().find(|loss| loss.provision == id).map(|loss| loss.why.clone());
        Ok(Some(match why {
            Some(Why::NotHeld) | None => Why::NotHeldAtBirth,
            Some(why) => why,
        }))
    }

    /// The task's own sentences on passing it on: `Ok` when they allow this transfer, `Err` with the one that forbids it.
    fn canon(&self, task: TaskId, candidate: &Move<'_>) -> Judged<Option<Result<(), ProvisionId>>> {
        let mut speaking = Vec::new();
        for id in &self.rulebook[task].provisions {
            if let Statement::Permission { task: Some(_), ref forms, ref givers, ref receivers, .. } =
                self.rulebook[*id].statement
                && forms.contains(&candidate.form)
                && self.pair(givers, receivers, candidate)?
                && self.speaks(*id, self.site())?
            {
                speaking.push(*id);
            }
        }
        let winners = self.win(&speaking, self.site())?;
        Ok(self.verdict(&winners))
    }

    /// The form and pair as the organisation laws in force at this clock (the day of issue) admit them.
    fn framework(&self, line: &Line, candidate: &Move<'_>, allowed: bool) -> Judged<Option<Why>> {
        let mut pairs = Vec::new();
        let mut loaded = false;
        let mut onward = Vec::new();
        let mut term = None;
        for id in &self.support.framework {
            let provision = &self.rulebook[*id];
            match &provision.statement {
                Statement::Permission { forms, givers, receivers, modal, .. } if forms.contains(&candidate.form) => {
                    let speaks = self.speaks(*id, self.site())?;
                    loaded |= speaks && *modal != Modal::MustNot;
                    if speaks && self.pair(givers, receivers, candidate)? {
                        pairs.push(*id);
                    }
                }
                Statement::Onward { received, forms, .. }
                    if forms.contains(&candidate.form) && Some(*received) == received_by(line.held) =>
                {
                    if self.speaks(*id, self.site())? {
                        onward.push(*id);
                    }
                }
                Statement::MustStateTerm { form } if *form == candidate.form => {
                    if self.speaks(*id, self.site())? {
                        term = Some(*id);
                    }
                }
                _ => {}
            }
        }
        if let Some(by) = term
            && !self.has_term(candidate.id)
        {
            return Ok(Some(Why::NoTerm { by }));
        }
        if !self.onward_allowed(&onward, line, candidate)? {
            return Ok(Some(Why::PassedOn));
        }
        if allowed {
            return Ok(None);
        }
        let winners = self.win(&pairs, self.site())?;
        if !loaded {
            self.notes.borrow_mut().framework_unread.insert(candidate.id);
        }
        Ok(match self.verdict(&winners) {
            Some(Err(by)) => Some(Why::Forbidden { by }),
            Some(Ok(())) => None,
            None if loaded => Some(Why::WrongPair),
            None => None,
        })
    }

    /// A tie of both is a prohibition.
    fn verdict(&self, winners: &[ProvisionId]) -> Option<Result<(), ProvisionId>> {
        let forbids = |id: &&ProvisionId| {
            matches!(self.rulebook[**id].statement, Statement::Permission { modal: Modal::MustNot, .. })
        };
        match winners.iter().find(forbids) {
            Some(by) => Some(Err(*by)),
            None if winners.is_empty() => None,
            None => Some(Ok(())),
        }
    }

    fn onward_allowed(&self, sentences: &[ProvisionId], line: &Line, candidate: &Move<'_>) -> Judged<bool> {
        let winners = self.win(sentences, self.site())?;
        if winners.is_empty() {
            // A delegated task goes on only where the framework says so; any other, unless it says not.
            return Ok(line.held != Held::Delegated);
        }
        Ok(winners.iter().all(|id| {
            if let Statement::Onward { modal, with_consent, .. } = self.rulebook[*id].statement {
                modal != Modal::MustNot && (!with_consent || candidate.with_consent)
            } else {
                true
            }
        }))
    }

    fn has_term(&self, id: ProvisionId) -> bool {
        let provision = &self.rulebook[id];
        let document = &self.rulebook[self.rulebook[provision.text].enacted_by];
        provision.days.before.is_some() || document.in_force.iter().all(|days| days.before.is_some())
    }

    fn pair(&self, givers: &[SeatPattern], receivers: &[SeatPattern], candidate: &Move<'_>) -> Judged<bool> {
        let any = |patterns: &[SeatPattern], seat: Seat, giver: Option<Seat>| -> Judged<bool> {
            let mut fits = patterns.is_empty();
            for pattern in patterns {
                fits |= self.matches(*pattern, seat, giver)?;
            }
            Ok(fits)
        };
        Ok(any(givers, candidate.giver, None)? && any(receivers, candidate.to, Some(candidate.giver))?)
    }

    fn matches(&self, pattern: SeatPattern, seat: Seat, giver: Option<Seat>) -> Judged<bool> {
        let body = match pattern.body {
            BodyPattern::Is(wanted) => self.is_or_belongs(seat.body, wanted)?,
            BodyPattern::HeadOf(wanted) => match self.rulebook[seat.body].heads {
                Some(headed) => self.is_or_belongs(headed, wanted)?,
                None => false,
            },
        };
        Ok(body && self.at_level(pattern.level, seat, giver))
    }

    /// What is said of a body is said of the one that carries on for it.
    fn is_or_belongs(&self, body: BodyId, wanted: BodyId) -> Judged<bool> {
        Ok(body == wanted || self.rulebook[body].classes.contains(&wanted) || self.succession(wanted)?.0 == body)
    }

    fn at_level(&self, pattern: LevelPattern, seat: Seat, giver: Option<Seat>) -> bool {
        let own = self.level(seat);
        let givers = giver.and_then(|giver| self.level(giver));
        match pattern {
            LevelPattern::Any => true,
            LevelPattern::At(level) => own == Some(level),
            LevelPattern::Unit(unit) => self.unit(seat) == Some(unit),
            LevelPattern::Same => own.is_some() && own == givers && self.lies_under(seat, giver),
            LevelPattern::AnyLower => {
                matches!((own, givers), (Some(own), Some(givers)) if own > givers) && self.lies_under(seat, giver)
            }
            LevelPattern::NextLower => {
                let next = givers.and_then(|givers| self.next_lower(givers));
                own.is_some() && own == next && self.lies_under(seat, giver)
            }
        }
    }

    /// The receiver's unit is the giver's or lies in it; where one of them is unknown nothing speaks against it.
    fn lies_under(&self, seat: Seat, giver: Option<Seat>) -> bool {
        let register = &self.rulebook.register;
        let (Some(own), Some(givers)) = (self.unit_row(seat), giver.and_then(|giver| self.unit_row(giver))) else {
            return true;
        };
        own == givers || register.chain_of_parents(own, self.clock).contains(&givers)
    }

    /// The next level below that has a unit here on the clock's day.
    fn next_lower(&self, level: LevelId) -> Option<LevelId> {
        let below = (level.0.saturating_add(1)..)
            .map_while(|index| (usize::from(index) < self.rulebook.levels.len()).then_some(LevelId(index)));
        let place = self.site();
        below.into_iter().find(|level| {
            place.is_none_or(|place| self.rulebook.register.ancestor(place, *level, self.clock).is_some())
        })
    }

    fn level(&self, seat: Seat) -> Option<LevelId> {
        match seat.at {
            SeatAt::Nowhere => None,
            SeatAt::Level { level, .. } => Some(level),
            SeatAt::Unit(unit) => self.level_of(unit),
        }
    }
}

fn received_by(held: Held) -> Option<ReceivedBy> {
    match held {
        Held::Devolved => Some(ReceivedBy::Devolution),
        Held::Decentralised => Some(ReceivedBy::Decentralisation),
        Held::Delegated => Some(ReceivedBy::Delegation),
        Held::Assigned | Held::Reorganised | Held::Entrusted => None,
    }
}
