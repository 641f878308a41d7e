//! What is wrong with single sentences at a point, transcribed from `docs/semantics.md` like the ruling itself: every line that
//! came by is looked at once more, every sentence read anew.

use std::collections::BTreeSet;

use super::held::Line;
use super::transfer::Move;
use super::{At, AtPlace, Case, Judged, Support};
use crate::register::LocalityId;
use crate::rulebook::{ProvisionId, Seat, SeatAt, Statement, TaskId};
use crate::ruling::{Fault, Outcome, PointRuling, Subject, Why};

/// What is wrong with a subject of the support's task on all of a case, of which the ruling is known; or where to split.
pub(crate) fn fault(
    support: &Support<'_>,
    case: &Case,
    ruling: &PointRuling,
    subject: Subject,
) -> Judged<Option<Fault>> {
    let Some(task) = support.task else { return Ok(None) };
    let at = At::new(support, case, case.day);
    let outcome = ruling.verdict.outcome;
    let somebody = matches!(outcome, Outcome::Decided | Outcome::Concurrent | Outcome::Conflict | Outcome::Orphaned);
    let covered = outcome != Outcome::NotCovered;
    match subject {
        Subject::Transfer(id) => {
            let used = ruling.grounds.iter().any(|ground| ground.provision == id);
            if !somebody || used {
                return Ok(None);
            }
            at.authority_now(task)?;
            let void = at.void(task, id)?;
            if matches!(void, Some(Fault::NotHeld | Fault::WrongSubject)) { at.reached(id, void) } else { Ok(void) }
        }
        Subject::Canons { admits, forbids } if covered => at.disagreement(admits, forbids),
        Subject::Claim(id) if covered => at.vain_claim(id),
        Subject::Competence(id) if covered => at.unsayable(id),
        Subject::Canons { .. } | Subject::Claim(_) | Subject::Competence(_) => Ok(None),
        Subject::Idle(id) => at.idle(id, covered),
    }
}

impl At<'_> {
    /// Everywhere that a sentence can be read: one on who decides where its seats are, one on who else is asked at that
    /// seat's place, any other at each place of the task.
    fn read_where(&self, id: ProvisionId) -> BTreeSet<Option<LocalityId>> {
        let statement = &self.rulebook[id].statement;
        if let Statement::Requires { of, .. } | Statement::StepIn { seat: of, .. } = statement {
            return if self.misplaced(*of) { BTreeSet::new() } else { BTreeSet::from([self.place_of(*of)]) };
        }
        // How a task is handled is read at its first place.
        if matches!(statement, Statement::Handling { .. }) {
            return BTreeSet::from([self.site()]);
        }
        if matches!(statement, Statement::DecidedBy { .. } | Statement::NotRequired { .. }) {
            return self.deciding_places(id);
        }
        self.everywhere()
    }

    fn everywhere(&self) -> BTreeSet<Option<LocalityId>> {
        self.placed().into_iter().map(Some).chain([self.site()]).collect()
    }

    /// Why nobody who held the task on its way, at this clock, could make the transfer; nothing where it says nothing to any
    /// of them.
    fn void(&self, task: TaskId, id: ProvisionId) -> Judged<Option<Fault>> {
        let lines: Vec<Line> = self.notes.borrow().lines_of(task);
        let mut against = BTreeSet::new();
        for line in lines {
            let Some(candidate) = self.candidate(id, line.spot())? else { return Ok(None) };
            if !self.is_made(&candidate)? {
                continue;
            }
            if !self.same(candidate.giver, line.seat) {
                let head = self.one_heads_the_other(candidate.giver, line.seat);
                against.insert(if head { Fault::WrongSubject } else { Fault::NotHeld });
                continue;
            }
            if !candidate.is_under(&line) {
                against.insert(Fault::NotHeld);
                continue;
            }
            match self.against(task, &line, &candidate)? {
                Some(fault) => against.insert(fault),
                None => return Ok(None),
            };
        }
        Ok(against.into_iter().next())
    }

    fn against(&self, task: TaskId, line: &Line, candidate: &Move<'_>) -> Judged<Option<Fault>> {
        let id = candidate.id;
        if self.unborn(task, (id, line.role))?.is_some() {
            let birth = self.birth(id);
            let lines = self.authority_at_birth(task, birth, id)?.met.clone();
            let then = self.at_birth(id, birth).of_task(task);
            then.notes.borrow_mut().lines = lines.into_iter().map(|line| (task, line)).collect();
            return then.void(task, id).map(|found| found.or(Some(Fault::NotHeld)));
        }
        let Some(why) = self.fault(task, line, candidate)? else { return Ok(None) };
        Ok(Some(match why {
            Why::Forbidden { by } => Fault::Forbidden { by },
            Why::WrongPair { by } if self.goes_up(candidate, line)? => Fault::Upward { by },
            Why::WrongPair { by } => Fault::WrongPair { by },
            Why::NoTerm { by } => Fault::NoTerm { by },
            Why::PassedOn => Fault::PassedOn,
            Why::ReceiverAbsent => Fault::ReceiverAbsent,
            Why::NotHeld
            | Why::NotHeldAtBirth
            | Why::Ended { .. }
            | Why::Lapsed { .. }
            | Why::Incompetent
            | Why::IssuerAbsent
            | Why::LowerRank { .. }
            | Why::Earlier { .. }
            | Why::Governed { .. }
            | Why::Displaced { .. }
            | Why::HolderAbsent
            | Why::AssignedLater
            | Why::UnfoundedClaim
            | Why::SelfRequirement
            | Why::OtherReading => Fault::NotHeld,
        }))
    }

    /// From a lower level to a higher one, as the seats were on the day of issue.
    fn goes_up(&self, candidate: &Move<'_>, line: &Line) -> Judged<bool> {
        let issued = self.at_clock(self.rulebook.issued(candidate.id));
        let Some(then) = issued.candidate(candidate.id, line.spot())? else { return Ok(false) };
        let levels = (self.level(then.giver), self.level(then.to));
        Ok(matches!(levels, (Some(giver), Some(receiver)) if receiver < giver))
    }

    /// One is the head of the other, and both are of one unit.
    fn one_heads_the_other(&self, a: Seat, b: Seat) -> bool {
        let heads = |one: Seat, other: Seat| self.rulebook[one.body].heads == Some(other.body);
        (heads(a, b) || heads(b, a)) && self.same(Seat { body: b.body, at: a.at }, b)
    }

    /// Where the giver does not hold by what the transfer names: nothing is passed on where that does not reach, and the
    /// transfer outlives it where it has ended.
    fn reached(&self, id: ProvisionId, void: Option<Fault>) -> Judged<Option<Fault>> {
        let Statement::Transfer { under: Some(under), giver, .. } = &self.rulebook[id].statement else {
            return Ok(void);
        };
        // An article that gives something to the giver is named for that alone.
        let gives = |basis: &ProvisionId| {
            let seats = super::standing::seats(&self.rulebook[*basis].statement);
            seats.iter().any(|seat| {
                let same = match (self.level(*seat), self.level(*giver)) {
                    (Some(own), Some(its))
                        if !matches!((seat.at, giver.at), (SeatAt::Unit(_), _) | (_, SeatAt::Unit(_))) =>
                    {
                        own == its
                    }
                    _ => true,
                };
                seat.body == giver.body && same
            })
        };
        let to_giver: Vec<ProvisionId> = under.iter().copied().filter(gives).collect();
        let mut reached = Vec::new();
        let birth = self.birth(id);
        for basis in if to_giver.is_empty() { under } else { &to_giver } {
            for place in self.read_where(*basis) {
                if self.within_territory(*basis, place)
                    && self.own_cases(*basis, place)?
                    && !self.taken_out(*basis, place)?
                {
                    reached.push((*basis, place));
                }
            }
        }
        for (basis, place) in &reached {
            // One that begins after the transfer was made was none then, and what was void stays so.
            if self.rulebook.start(*basis) > Some(birth) || self.speaks(*basis, *place)? {
                return Ok(void);
            }
        }
        // Only what was in force when it was made can have ended since.
        let then = self.at_clock(birth);
        for (basis, place) in reached {
            if then.speaks(basis, place)? {
                return Ok(Some(Fault::OutlivesBasis { basis }));
            }
        }
        Ok(None)
    }

    /// Another sentence on who decides displaces this one here by name.
    fn taken_out(&self, basis: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        let Some(task) = self.task else { return Ok(false) };
        for id in &self.rulebook[task].provisions {
            let decides =
                matches!(self.rulebook[*id].statement, Statement::DecidedBy { .. } | Statement::NotRequired { .. });
            if decides && self.displaces((*id, place), basis)? && self.speaks(*id, place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn disagreement(&self, admits: ProvisionId, forbids: ProvisionId) -> Judged<Option<Fault>> {
        let mut found = BTreeSet::new();
        for place in self.everywhere() {
            if !self.speaks(admits, place)? || !self.speaks(forbids, place)? {
                continue;
            }
            let both: [AtPlace; 2] = [(admits, place), (forbids, place)];
            let (winners, lost) = self.contest(&both)?;
            match (winners.as_slice(), lost.as_slice()) {
                ([(winner, _)], [(loser, _)]) if self.rank(*winner) < self.rank(*loser) => {
                    found.insert(Fault::ByClaim);
                }
                ([_], _) => {}
                _ => {
                    found.insert(Fault::Undecided);
                }
            }
        }
        Ok(found.into_iter().next())
    }

    fn vain_claim(&self, id: ProvisionId) -> Judged<Option<Fault>> {
        let document = self.rulebook[self.rulebook[id].text].document;
        for place in self.read_where(id) {
            if !self.speaks(id, place)? {
                continue;
            }
            if let Some(claim) = self.rulebook[document].prevails
                && !self.authorises(claim.by, claim.up_to, place)?
            {
                return Ok(Some(Fault::UnfoundedClaim));
            }
            for over in self.rulebook[id].prevails.iter().flat_map(|claim| &claim.over) {
                if !self.claims_over(id, *over, place)? && self.speaks(*over, place)? {
                    return Ok(Some(Fault::UnfoundedClaim));
                }
            }
        }
        Ok(None)
    }

    fn unsayable(&self, id: ProvisionId) -> Judged<Option<Fault>> {
        for place in self.read_where(id) {
            if self.in_force(id, place)? {
                match self.incompetent(id)? {
                    Some(Why::Incompetent) => return Ok(Some(Fault::Incompetent)),
                    Some(_) => return Ok(Some(Fault::IssuerAbsent)),
                    None => {}
                }
            }
        }
        Ok(None)
    }

    fn idle(&self, id: ProvisionId, covered: bool) -> Judged<Option<Fault>> {
        let mut ended = BTreeSet::new();
        for place in self.read_where(id) {
            if !self.applies(id, place)? {
                continue;
            }
            if !covered {
                return Ok(Some(Fault::OutsideCover));
            }
            match self.ended(id, place)? {
                None => return Ok(Some(Fault::Speaks)),
                Some(Why::Ended { by } | Why::Lapsed { by }) => {
                    ended.insert(by);
                }
                Some(_) => {}
            }
        }
        Ok(ended.into_iter().next().map(|by| Fault::Ended { by }))
    }
}
