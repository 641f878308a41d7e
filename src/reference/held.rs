//! Stages 3, 5 and 6: who is assigned the task, whether the holder stands, and the ruling with its grounds and record.

use std::collections::BTreeSet;
use std::rc::Rc;

use jiff::civil::Date;

use super::place::Spot;
use super::transfer::{Moved, Passed};
use super::{At, AtPlace, Judged, handled, record};
use crate::rulebook::{
    Candidate, Deciders, ProvisionId, RequirementKind, RoleId, SealOf, Seat, SeatAt, Sharing, Slot, Statement, TaskId,
    TransferForm,
};
use crate::ruling::{
    Aside, ConflictKind, Ground, Held, Holder, Loss, Outcome, PointRuling, Requirement, Step, Verdict, Why,
};

/// One holder on its way: from the seat that a text assigns to the seat that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) seat: Seat,
    /// Where it is read what moves it: at the place of its seat, or of the last seat that had one.
    pub(super) role: Option<RoleId>,
    pub(super) held: Held,
    pub(super) answerable: Seat,
    /// Whose seal the delegations to it say, all of them alike.
    pub(super) seal: Option<SealOf>,
    pub(super) grounds: Vec<Ground>,
    /// Seats that the line has left by transfers, the assigned one first.
    pub(super) path: Vec<Seat>,
    /// When the assignment was issued.
    pub(super) assigned: Date,
    /// The transfers that moved it.
    pub(super) moves: Vec<MadeAt>,
    /// It stands for each of several units, as long as its seat is of a level that the case spans.
    one_of: bool,
    /// What assigned it says nothing of what the case spans.
    pub(super) unsaid: bool,
}

/// A transfer, and the role at whose place it was read.
pub(super) type MadeAt = (ProvisionId, Option<RoleId>);

impl Line {
    fn moved(&self, ground: Ground, to: Holder) -> Self {
        let mut line = self.clone();
        line.path.push(line.seat);
        let spot = self.spot().at(to.seat);
        (line.seat, line.role) = (spot.seat, spot.role);
        line.held = to.held;
        line.answerable = to.answerable;
        line.seal = to.seal;
        line.grounds.push(ground);
        line
    }

    pub(super) const fn spot(&self) -> Spot {
        Spot { seat: self.seat, role: self.role }
    }

    /// Passed on by law. A later passing may bring a task back, so the path starts anew.
    pub(super) fn by_law(&self, id: ProvisionId, to: Spot) -> Self {
        let Spot { seat, role } = to;
        let to = Holder { seat, held: Held::Reorganised, answerable: seat, seal: None };
        let mut line = self.moved(Ground { step: Step::Passes, provision: id }, to);
        line.role = role;
        line.path.clear();
        line
    }

    pub(super) fn transferred(&self, made: MadeAt, form: TransferForm, (to, seal): (Seat, Option<SealOf>)) -> Self {
        // Who receives by decentralisation, or is entrusted, answers itself; who delegates stays answerable.
        let (step, held, answerable) = match form {
            TransferForm::Decentralise => (Step::Decentralises, Held::Decentralised, to),
            TransferForm::Entrust => (Step::Entrusts, Held::Entrusted, to),
            TransferForm::Delegate => (Step::Delegates, Held::Delegated, self.seat),
        };
        let mut line = self.moved(Ground { step, provision: made.0 }, Holder { seat: to, held, answerable, seal });
        line.moves.push(made);
        line
    }

    /// Joins a line to the same seat. Who holds in more than one way holds in the way that binds least: by a text's own
    /// sentence before by transfer.
    fn join(&mut self, other: &Self) {
        if other.held < self.held {
            self.held = other.held;
            self.answerable = other.answerable;
            self.seal = other.seal;
        } else if other.held == self.held && other.seal != self.seal {
            self.seal = None;
        }
        self.assigned = self.assigned.max(other.assigned);
        self.one_of |= other.one_of;
        self.unsaid &= other.unsaid;
        self.moves.extend(&other.moves);
        add_grounds(&mut self.grounds, &other.grounds);
    }

    fn holder(&self) -> Holder {
        Holder { seat: self.seat, held: self.held, answerable: self.answerable, seal: self.seal }
    }
}

/// Who holds a task at a clock, before it is asked whether they stand.
#[derive(Debug, Clone)]
pub(super) struct Authority {
    outcome: Outcome,
    lines: Vec<Line>,
    sharing: Option<Sharing>,
    conflict: Option<ConflictKind>,
    /// Grounds that belong to no line (a procedure switched off).
    grounds: Vec<Ground>,
    /// Transfers that moved a line, or contend for one.
    pub(super) used: BTreeSet<MadeAt>,
    pub(super) losses: BTreeSet<Loss>,
    /// The task's lines that came by on an earlier day, when that was asked for.
    pub(super) met: Vec<Line>,
}

impl Authority {
    fn none(outcome: Outcome) -> Self {
        Self {
            outcome,
            lines: Vec::new(),
            sharing: None,
            conflict: None,
            grounds: Vec::new(),
            used: BTreeSet::new(),
            losses: BTreeSet::new(),
            met: Vec::new(),
        }
    }

    fn conflict(kind: ConflictKind, lines: Vec<Line>) -> Self {
        Self { lines, conflict: Some(kind), ..Self::none(Outcome::Conflict) }
    }
}

/// What one winning sentence says.
struct Said {
    lines: Vec<Line>,
    sharing: Option<Sharing>,
    also: bool,
}

const ALL_FORMS: [TransferForm; 3] = [TransferForm::Decentralise, TransferForm::Entrust, TransferForm::Delegate];

/// Before anybody delegated: whoever is entrusted decides and answers for itself.
const AUTHORITY: [TransferForm; 2] = [TransferForm::Decentralise, TransferForm::Entrust];

impl At<'_> {
    /// Full authority on the first day of a transfer, remembered.
    pub(super) fn authority_at_birth(&self, task: TaskId, clock: Date, born: ProvisionId) -> Judged<Rc<Authority>> {
        if let Some(known) = self.earlier.borrow().get(&(task, clock, born)) {
            return Ok(Rc::clone(known));
        }
        let at = self.at_birth(born, clock).of_task(task);
        let mut authority = at.authority(task, &ALL_FORMS)?;
        authority.losses = at.notes.borrow().losses.clone();
        authority.met = at.notes.borrow().lines_of(task);
        let authority = Rc::new(authority);
        self.earlier.borrow_mut().insert((task, clock, born), Rc::clone(&authority));
        Ok(authority)
    }

    /// Who holds the task on the case's own day.
    pub(super) fn authority_now(&self, task: TaskId) -> Judged<Authority> {
        self.authority(task, &ALL_FORMS)
    }

    /// Stages 3 and 4.
    fn authority(&self, task: TaskId, forms: &[TransferForm]) -> Judged<Authority> {
        let assigned = self.assigned(task)?;
        if !matches!(assigned.outcome, Outcome::Decided | Outcome::Concurrent) {
            return Ok(assigned);
        }
        let mut lines: Vec<Line> = Vec::new();
        let mut contenders: Vec<Line> = Vec::new();
        let mut conflict: Option<ConflictKind> = None;
        for line in assigned.lines {
            let line = self.widen(line)?;
            match self.move_line(task, line, forms)? {
                Moved::Conflict(kind, lines) => {
                    conflict = Some(conflict.map_or(kind, |earlier| earlier.min(kind)));
                    contenders.extend(lines);
                }
                Moved::To(line) => match lines.iter_mut().find(|other| self.same(other.seat, line.seat)) {
                    Some(other) => other.join(&line),
                    None => lines.push(line),
                },
            }
        }
        // Transfers that contend are born: a conflict does not end by itself on the next day.
        let used = lines.iter().chain(&contenders).flat_map(|line| line.moves.iter().copied()).collect();
        if let Some(kind) = conflict {
            return Ok(Authority { used, ..Authority::conflict(kind, contenders) });
        }
        let outcome = self.decided(&lines);
        Ok(Authority { lines, sharing: assigned.sharing, used, ..Authority::none(outcome) })
    }

    /// Stage 3: the winners among the sentences that say who decides.
    fn assigned(&self, task: TaskId) -> Judged<Authority> {
        let mut speaking = Vec::new();
        for id in &self.rulebook[task].provisions {
            let statement = &self.rulebook[*id].statement;
            if matches!(statement, Statement::DecidedBy { .. } | Statement::NotRequired { .. }) {
                for place in self.deciding_places(*id) {
                    if !self.speaks(*id, place)? {
                        continue;
                    }
                    match self.governed(task, *id, place)? {
                        Some(by) => self.lose(*id, Why::Governed { by }),
                        None => speaking.push((*id, place)),
                    }
                }
            }
        }
        let (winners, lost) = self.contest(&speaking)?;
        lost.into_iter().for_each(|(id, why)| self.lose(id, why));
        if winners.is_empty() {
            for condition in &self.rulebook[task].open {
                if self.condition(condition)? {
                    return Ok(Authority::none(Outcome::Open));
                }
            }
            return Ok(Authority::none(Outcome::Gap));
        }
        self.unite(&winners)
    }

    fn unite(&self, unbeaten: &[AtPlace]) -> Judged<Authority> {
        let winners: BTreeSet<ProvisionId> = unbeaten.iter().map(|(id, _)| *id).collect();
        let off = |id: &ProvisionId| matches!(self.rulebook[*id].statement, Statement::NotRequired { .. });
        let switching: Vec<ProvisionId> = winners.iter().copied().filter(off).collect();
        if switching.len() == winners.len() {
            let grounds = switching.iter().map(|id| Ground { step: Step::SwitchesOff, provision: *id }).collect();
            return Ok(Authority { grounds, ..Authority::none(Outcome::NotRequired) });
        }
        let mut said = Vec::new();
        let mut undecided: Option<Authority> = None;
        for id in winners {
            let Statement::DecidedBy { by, also, .. } = &self.rulebook[id].statement else { continue };
            match self.said(id, (by, *also), unbeaten)? {
                Ok(one) => said.push(one),
                Err(inherited) => {
                    undecided = undecided.filter(|other| other.outcome >= inherited.outcome).or(Some(inherited));
                }
            }
        }
        // The followed task is not decided: this one inherits that, unless another sentence decides it.
        if let Some(inherited) = undecided.filter(|_| said.is_empty() && switching.is_empty()) {
            return Ok(inherited);
        }
        if !switching.is_empty() {
            let mut conflict = Authority::conflict(ConflictKind::Deciders, self.join(said));
            conflict.grounds = switching.iter().map(|id| Ground { step: Step::SwitchesOff, provision: *id }).collect();
            return Ok(conflict);
        }
        let (plain, shared): (Vec<Said>, Vec<Said>) =
            said.into_iter().partition(|one| one.sharing.is_none() && !one.also);
        let sharing = shared.iter().filter_map(|one| one.sharing).min();
        let sharing = sharing.or((!shared.is_empty()).then_some(Sharing::AnyOf));
        let concedes = shared.iter().all(|one| one.also);
        let plain = self.join(plain);
        let agreed = plain.len() <= 1;
        let all = self.add(plain.clone(), shared);
        // Sentences that do not concede a second decider contradict another one's.
        if !agreed || !(plain.is_empty() || concedes || all.len() == plain.len()) {
            return Ok(Authority::conflict(ConflictKind::Deciders, all));
        }
        let outcome = self.decided(&all);
        let sharing = sharing.filter(|_| outcome == Outcome::Concurrent);
        Ok(Authority { lines: all, sharing, ..Authority::none(outcome) })
    }

    /// One decides, or several: several seats, or a seat that stands for several units.
    fn decided(&self, lines: &[Line]) -> Outcome {
        if lines.len() > 1 || self.any_of_several(lines) { Outcome::Concurrent } else { Outcome::Decided }
    }

    fn any_of_several(&self, lines: &[Line]) -> bool {
        lines.iter().any(|line| line.one_of && self.of_several(line.seat))
    }

    /// The lines that a sentence begins at the places where it is unbeaten; `Err` when it follows a task that is itself not
    /// decided.
    fn said(
        &self,
        id: ProvisionId,
        (by, also): (&Deciders, bool),
        unbeaten: &[AtPlace],
    ) -> Judged<Result<Said, Authority>> {
        let assigned = self.rulebook.issued(id);
        let ground = Ground { step: Step::Assigns, provision: id };
        match by {
            Deciders::Seats { seats, sharing } => {
                let mut lines = Vec::new();
                let here = |own: &&Candidate| self.counts(own) && unbeaten.contains(&(id, self.place_of(own.seat)));
                for Candidate { seat: said, one_of, .. } in seats.iter().filter(here) {
                    let unsaid = !*one_of && !self.speaks_of_spans(id);
                    let one_of = *one_of && self.of_several(*said);
                    let role = self.role_of(*said);
                    let (body, successions) = self.succession(said.body, self.place_of(*said))?;
                    let seat = Seat { body, at: said.at };
                    let held = if successions.is_empty() { self.mode(id, seat) } else { Held::Reorganised };
                    let succeeds = successions.into_iter().map(|id| Ground { step: Step::Succeeds, provision: id });
                    let grounds = std::iter::once(ground).chain(succeeds).collect();
                    let (path, moves) = (Vec::new(), Vec::new());
                    let (answerable, seal) = (seat, None);
                    lines.push(Line {
                        seat,
                        role,
                        held,
                        answerable,
                        seal,
                        grounds,
                        path,
                        assigned,
                        moves,
                        one_of,
                        unsaid,
                    });
                }
                Ok(Ok(Said { lines, sharing: *sharing, also }))
            }
            Deciders::WhoeverDecided(day) => self.decided_on(id, *day, also),
            Deciders::WhoeverDecides(other) => {
                // The followed task's own holder, before anybody delegated that task.
                if !self.of_task(*other).covered(*other) {
                    return Ok(Err(Authority::none(Outcome::NotCovered)));
                }
                let followed = self.of_task(*other).authority(*other, &AUTHORITY)?;
                if !matches!(followed.outcome, Outcome::Decided | Outcome::Concurrent) {
                    return Ok(Err(followed));
                }
                let mut lines = followed.lines;
                for line in &mut lines {
                    line.unsaid = false;
                    line.grounds.insert(0, ground);
                    line.assigned = line.assigned.max(assigned);
                }
                Ok(Ok(Said { lines, sharing: followed.sharing, also }))
            }
        }
    }

    /// Whoever decided the task on an earlier day, before anybody delegated it, and who now carries on for it.
    fn decided_on(&self, id: ProvisionId, day: Date, also: bool) -> Judged<Result<Said, Authority>> {
        let then = self.at_clock(day);
        // `bind` refuses a day that is not before the sentence's first.
        if self.rulebook.start(id).is_none_or(|start| start <= day) {
            return Ok(Err(Authority::none(Outcome::NotCovered)));
        }
        let Some(task) = self.rulebook[id].statement.task().filter(|task| then.covered(*task)) else {
            return Ok(Err(Authority::none(Outcome::NotCovered)));
        };
        let held = then.authority(task, &AUTHORITY)?;
        self.notes.borrow_mut().framework_unread.extend(then.notes.borrow().framework_unread.iter().copied());
        if !matches!(held.outcome, Outcome::Decided | Outcome::Concurrent) {
            return Ok(Err(held));
        }
        let mut lines = held.lines;
        for line in &mut lines {
            let (body, successions) = self.succession(line.seat.body, self.place_at(line.spot()))?;
            if !successions.is_empty() {
                line.seat.body = body;
                line.answerable = line.seat;
                line.held = Held::Reorganised;
            }
            line.unsaid = false;
            line.grounds.insert(0, Ground { step: Step::Assigns, provision: id });
            line.grounds.extend(successions.into_iter().map(|id| Ground { step: Step::Succeeds, provision: id }));
            line.assigned = line.assigned.max(self.rulebook.issued(id));
        }
        let sharing = held.sharing;
        let lines = self.join(vec![Said { lines, sharing, also }]);
        Ok(Ok(Said { lines, sharing, also }))
    }

    /// How a holder by a text's own sentence holds: devolved, when a text of a kind that devolves gives it to a level.
    fn mode(&self, id: ProvisionId, seat: Seat) -> Held {
        let document = &self.rulebook[self.rulebook[self.rulebook[id].text].document];
        let local = matches!(seat.at, SeatAt::Level { .. } | SeatAt::Any { .. } | SeatAt::Unit(_));
        let devolves = self.rulebook[document.kind].may_devolve && document.issuer.unit.is_none();
        if devolves && local { Held::Devolved } else { Held::Assigned }
    }

    fn join(&self, said: Vec<Said>) -> Vec<Line> {
        self.add(Vec::new(), said)
    }

    fn add(&self, mut lines: Vec<Line>, said: Vec<Said>) -> Vec<Line> {
        for line in said.into_iter().flat_map(|one| one.lines) {
            match lines.iter_mut().find(|other| self.same(other.seat, line.seat)) {
                Some(other) => other.join(&line),
                None => lines.push(line),
            }
        }
        lines
    }
}

pub(super) fn add_grounds(to: &mut Vec<Ground>, more: &[Ground]) {
    for ground in more {
        if !to.contains(ground) {
            to.push(*ground);
        }
    }
}

/// What is looked at beside the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    All,
    None,
    Only(Aside),
}

/// Stages 1 to 6 at the case's own day.
pub(super) fn ruling(at: &At<'_>, task: TaskId, wanted: Beside) -> Judged<PointRuling> {
    if !at.covered(task) {
        let verdict = verdict(Outcome::NotCovered, &Authority::none(Outcome::NotCovered));
        return Ok(PointRuling { verdict, grounds: Vec::new(), record: Vec::new(), framework_unread: false });
    }
    let mut authority = at.authority(task, &ALL_FORMS)?;
    let gone = stand(at, &mut authority)?;
    let mut grounds: Vec<Ground> = Vec::new();
    authority.lines.iter().for_each(|line| add_grounds(&mut grounds, &line.grounds));
    add_grounds(&mut grounds, &authority.grounds);
    add_grounds(&mut grounds, &gone);
    let mut verdict = verdict(authority.outcome, &authority);
    verdict.of_several = authority.outcome == Outcome::Concurrent && at.any_of_several(&authority.lines);
    if matches!(authority.outcome, Outcome::Decided | Outcome::Concurrent | Outcome::Orphaned) {
        let mut added = Vec::new();
        beside(at, task, wanted, (&mut verdict, &mut added))?;
        match wanted {
            Beside::All | Beside::None => add_grounds(&mut grounds, &added),
            Beside::Only(_) => grounds = added,
        }
    } else if wanted != Beside::All && wanted != Beside::None {
        grounds.clear();
    }
    let holding = authority.lines.iter().flat_map(|line| &line.grounds).chain(&grounds);
    let unread = |ground: &Ground| at.notes.borrow().framework_unread.contains(&ground.provision);
    let framework_unread = holding.into_iter().any(unread);
    record::record(at, task, &grounds);
    let notes = at.notes.borrow();
    let record = notes.losses.iter().filter(|loss| !speaks_anyway(&grounds, loss)).cloned().collect();
    Ok(PointRuling { verdict, grounds, record, framework_unread })
}

/// A ground that is noted as losing lost only something else (a claim to prevail that it did not need).
fn speaks_anyway(grounds: &[Ground], loss: &Loss) -> bool {
    grounds.iter().any(|ground| ground.provision == loss.provision) && loss.why != Why::UnfoundedClaim
}

fn verdict(outcome: Outcome, authority: &Authority) -> Verdict {
    let holders: BTreeSet<Holder> = authority.lines.iter().map(Line::holder).collect();
    Verdict {
        outcome,
        holders: holders.into_iter().collect(),
        sharing: authority.sharing.filter(|_| outcome == Outcome::Concurrent),
        conflict: authority.conflict,
        of_several: false,
        requirements: Vec::new(),
        may_step_in: Vec::new(),
        handling: Vec::new(),
    }
}

/// Stage 5: drops the holders that do not exist; if none is left, the task is orphaned and all stay to be shown.
fn stand(at: &At<'_>, authority: &mut Authority) -> Judged<Vec<Ground>> {
    if !matches!(authority.outcome, Outcome::Decided | Outcome::Concurrent) {
        return Ok(Vec::new());
    }
    at.notes.borrow_mut().abolished.clear();
    let mut standing = Vec::new();
    let mut absent = Vec::new();
    for line in &authority.lines {
        if at.exists(line.seat)? {
            standing.push(line.clone());
        } else {
            absent.extend(line.grounds.last().map(|ground| ground.provision));
        }
    }
    if standing.is_empty() {
        authority.outcome = Outcome::Orphaned;
        return Ok(at.notes.borrow().abolished.iter().copied().collect());
    }
    absent.into_iter().for_each(|id| at.lose(id, Why::HolderAbsent));
    authority.outcome = at.decided(&standing);
    authority.lines = standing;
    Ok(Vec::new())
}

/// Requirements, the right to step in and how the task is handled, which stand beside the holder.
fn beside(
    at: &At<'_>,
    task: TaskId,
    wanted: Beside,
    (verdict, grounds): (&mut Verdict, &mut Vec<Ground>),
) -> Judged<()> {
    let mut requirements: BTreeSet<Requirement> = BTreeSet::new();
    let mut step_in: BTreeSet<Seat> = BTreeSet::new();
    for id in &at.rulebook[task].provisions {
        let statement = &at.rulebook[*id].statement;
        let (requirement, said): (Option<RequirementKind>, Seat) =
            if let Statement::Requires { kind, of, .. } = statement {
                (Some(*kind), *of)
            } else if let Statement::StepIn { seat, .. } = statement {
                (None, *seat)
            } else {
                continue;
            };
        let looked_at = match wanted {
            Beside::All => true,
            Beside::None => false,
            Beside::Only(only) => only == Aside::Sentence(*id),
        };
        // What is asked of each other unit is asked of none where there is no other.
        let alone = matches!(said.at, SeatAt::Others { .. }) && !at.of_several(said);
        if !looked_at || alone || at.misplaced(said) || !at.speaks(*id, at.place_of(said))? {
            continue;
        }
        for (seat, by_way_of) in aside(at, task, *id, said)? {
            if at.misplaced(seat) {
                continue;
            }
            let mut same = verdict.holders.iter().map(|holder| at.same(holder.seat, seat));
            // A requirement drops only where whoever decides is the one addressed.
            let own = if requirement.is_some() { same.all(|same| same) } else { same.any(|same| same) };
            match requirement {
                Some(_) if own => at.lose(*id, Why::SelfRequirement),
                Some(kind) => {
                    requirements.insert(Requirement { kind, of: seat });
                    add_grounds(grounds, &[Ground { step: Step::Requires, provision: *id }]);
                    add_grounds(grounds, &by_way_of);
                }
                None if !own && at.exists(seat)? => {
                    step_in.insert(seat);
                    add_grounds(grounds, &[Ground { step: Step::StepsIn, provision: *id }]);
                    add_grounds(grounds, &by_way_of);
                }
                None => {}
            }
        }
    }
    verdict.requirements = requirements.into_iter().collect();
    verdict.may_step_in = step_in.into_iter().collect();
    for slot in Slot::ALL {
        if wanted == Beside::All || wanted == Beside::Only(Aside::Slot(slot)) {
            let (values, by) = handled::slot(at, task, slot, &verdict.holders)?;
            verdict.handling.extend(values);
            add_grounds(grounds, &by);
        }
    }
    Ok(())
}

/// The seat of a requirement or reserve, after succession and passings by law; all of them, if these conflict.
pub(super) fn aside(at: &At<'_>, task: TaskId, id: ProvisionId, said: Seat) -> Judged<Vec<(Seat, Vec<Ground>)>> {
    let spot = at.spot(said);
    let spot = spot.at(at.succeed(said, at.place_at(spot))?);
    let passed = match at.pass(task, spot, at.rulebook.issued(id))? {
        Passed::To(spot, by_way_of) => vec![(spot, by_way_of)],
        Passed::Conflict(receivers) => receivers,
    };
    let passes =
        |ids: Vec<ProvisionId>| ids.into_iter().map(|id| Ground { step: Step::Passes, provision: id }).collect();
    Ok(passed.into_iter().map(|(spot, by_way_of)| (spot.seat, passes(by_way_of))).collect())
}
