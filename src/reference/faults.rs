//! What is wrong with single sentences at a point, transcribed from `docs/semantics.md` like the ruling itself: every line that
//! came by is looked at once more, every sentence read anew.

use std::collections::BTreeSet;

use super::held::Line;
use super::transfer::Move;
use super::{At, AtPlace, Case, Judged, Support};
use crate::register::LocalityId;
use crate::rulebook::{ProvisionId, Seat, Statement, TaskId};
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
            if !somebody || used || !at.said_somewhere(id)? {
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
        if matches!(statement, Statement::DecidedBy { .. } | Statement::NotRequired { .. }) {
            return self.deciding_places(id);
        }
        self.everywhere()
    }

    fn everywhere(&self) -> BTreeSet<Option<LocalityId>> {
        self.placed().into_iter().map(Some).chain([self.site()]).collect()
    }

    fn said_somewhere(&self, id: ProvisionId) -> Judged<bool> {
        super::applies::any(self.read_where(id).into_iter().map(|place| self.speaks(id, place)))
    }

    /// Why nobody who held the task on its way, at this clock, could make the transfer.
    fn void(&self, task: TaskId, id: ProvisionId) -> Judged<Option<Fault>> {
        let lines: Vec<Line> = self.notes.borrow().lines_of(task);
        let mut against = BTreeSet::new();
        for line in lines {
            let Some(candidate) = self.candidate(id, line.spot())? else { return Ok(None) };
            if !self.same(candidate.giver, line.seat) {
                if self.one_heads_the_other(candidate.giver, line.seat) {
                    against.insert(Fault::WrongSubject);
                }
                continue;
            }
            if !candidate.is_under(&line) {
                against.insert(Fault::NotHeld);
                continue;
            }
            if !self.is_made(&candidate)? {
                continue;
            }
            match self.against(task, &line, &candidate)? {
                Some(fault) => against.insert(fault),
                None => return Ok(None),
            };
        }
        Ok(Some(against.into_iter().next().unwrap_or(Fault::NotHeld)))
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
        let Statement::Transfer { under: Some(under), .. } = &self.rulebook[id].statement else { return Ok(void) };
        let mut reached = Vec::new();
        for basis in under {
            for place in self.read_where(*basis) {
                if self.within_territory(*basis, place) && self.own_cases(*basis, place)? {
                    reached.push((*basis, place));
                }
            }
        }
        for (basis, place) in &reached {
            if self.speaks(*basis, *place)? {
                return Ok(void);
            }
        }
        Ok(reached.first().map(|(basis, _)| Fault::OutlivesBasis { basis: *basis }))
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
