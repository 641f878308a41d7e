//! What is wrong with single sentences at a point: void transfers, unfounded claims, what no issuer could say, permissions and
//! bans that disagree. Knows the holding as found, and asks for the rest what the ruling was made of.
//!
//! A transfer is void where somebody holds the task and the transfer, though it speaks, could not be made by whoever held it
//! on the way from the text's own sentence to the decider.

use crate::rulebook::{ProvisionId, Seat, SeatAt, Statement, TaskId};
use crate::ruling::{Fault, Outcome, Subject};

use super::case::{Case, Found, Vantage};
use super::holding::Line;
use super::transfer::Until;
use super::{Clock, Dossier, Holding, Site, Sources};

/// What is wrong with a subject of the sources' task at a point, beside its holding; `None` where nothing is.
///
/// # Errors
/// When the dossier's answer to something that matters is not settled.
pub fn fault<D: Dossier>(
    sources: &Sources<'_>,
    holding: &Holding,
    subject: Subject,
    dossier: &D,
) -> Result<Option<Fault>, D::Unsettled> {
    let case = Case::new(sources, dossier);
    let covered = holding.outcome != Outcome::NotCovered;
    match subject {
        Subject::Transfer(transfer) if somebody_holds(holding.outcome) => case.of_transfer(transfer, holding),
        Subject::Canons { admits, forbids } if covered => case.of_canons(admits, forbids),
        Subject::Claim(sentence) if covered => case.of_claim(sentence),
        Subject::Competence(sentence) if covered => case.of_competence(sentence),
        Subject::Idle(sentence) => case.of_idle(sentence, covered),
        Subject::Transfer(_) | Subject::Canons { .. } | Subject::Claim(_) | Subject::Competence(_) => Ok(None),
    }
}

const fn somebody_holds(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Decided | Outcome::Concurrent | Outcome::Conflict | Outcome::Orphaned => true,
        Outcome::Gap | Outcome::NotRequired | Outcome::Open | Outcome::NotCovered | Outcome::Undetermined => false,
    }
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Everywhere that a sentence may be read which moves a holder: at each place that there is, and at the task's first.
    fn readings_of(&self, clock: Clock) -> Found<Vec<Vantage>, D> {
        let task = self.sources.task();
        let mut all = vec![Vantage { site: self.sources.site(task), clock }];
        for role in self.rules[task].roles.iter().skip(1) {
            let site = Site::Role(*role);
            if self.placed(site)? {
                all.push(Vantage { site, clock });
            }
        }
        Ok(all)
    }

    /// Where a sentence of the task is read.
    fn vantages(&self, sentence: ProvisionId) -> Found<Vec<Vantage>, D> {
        let clock = Clock::Now;
        match &self.rules[sentence].statement {
            Statement::DecidedBy { task, .. } | Statement::NotRequired { task } => {
                Ok(self.sites(*task, sentence)?.into_iter().map(|site| Vantage { site, clock }).collect())
            }
            Statement::Requires { of: seat, .. } | Statement::StepIn { seat, .. } => {
                let site = self.sources.site_of(self.sources.task(), *seat);
                Ok(if self.seat_placed(*seat)? { vec![Vantage { site, clock }] } else { Vec::new() })
            }
            Statement::Handling { task, .. } => Ok(vec![Vantage { site: self.sources.site(*task), clock }]),
            Statement::Governs { .. }
            | Statement::Passes { .. }
            | Statement::Widens { .. }
            | Statement::Tabulates { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => self.readings_of(clock),
        }
    }

    fn of_transfer(&self, transfer: ProvisionId, holding: &Holding) -> Found<Option<Fault>, D> {
        if holding.grounds.iter().any(|ground| ground.provision == transfer) {
            return Ok(None);
        }
        match self.void(transfer, Clock::Now)? {
            Some(Fault::NotHeld | Fault::WrongSubject) => self.not_held(transfer),
            found => Ok(found),
        }
    }

    /// Why none of those who held the task at a clock could make the transfer; nothing where it speaks to none of them.
    fn void(&self, transfer: ProvisionId, clock: Clock) -> Found<Option<Fault>, D> {
        let task = self.sources.task();
        let mut found: Option<Fault> = None;
        for line in self.lines_on_the_way(task, clock)? {
            let at = Vantage { site: line.site, clock };
            if !self.made(transfer, at)? {
                continue;
            }
            let fault = match self.held_by(transfer, &line, at)? {
                // The weakest reason: that of any other line is told before it.
                Giver::Other => Fault::NotHeld,
                Giver::Head => Fault::WrongSubject,
                Giver::Holder if !self.under_ground(transfer, &line) => Fault::NotHeld,
                Giver::Holder => match self.unlawful(transfer, &line, at)? {
                    Some(fault) => fault,
                    None => return Ok(None),
                },
            };
            found = Some(found.map_or(fault, |before| before.min(fault)));
        }
        Ok(found)
    }

    fn lines_on_the_way(&self, task: TaskId, clock: Clock) -> Found<Vec<Line>, D> {
        self.on_the_way.replace(Some((task, clock, Vec::new())));
        let followed = self.followed(task, clock, Until::End);
        let lines = self.on_the_way.take().map(|(.., lines)| lines).unwrap_or_default();
        followed.map(|_| lines)
    }

    fn held_by(&self, transfer: ProvisionId, line: &Line, at: Vantage) -> Found<Giver, D> {
        let Statement::Transfer { giver, .. } = &self.rules[transfer].statement else { return Ok(Giver::Other) };
        let holder = line.holder.seat;
        let giver = self.seated(Self::meant(*giver, holder, at.site), at)?;
        if self.same(giver, holder, at.clock)? {
            return Ok(Giver::Holder);
        }
        let (own, its) = (&self.rules[giver.body], &self.rules[holder.body]);
        let headed = own.heads == Some(holder.body) || its.heads == Some(giver.body);
        let of_one_unit = headed && self.same(Seat { body: holder.body, ..giver }, holder, at.clock)?;
        Ok(if of_one_unit { Giver::Head } else { Giver::Other })
    }

    fn under_ground(&self, transfer: ProvisionId, line: &Line) -> bool {
        match &self.rules[transfer].statement {
            Statement::Transfer { under: Some(under), .. } => {
                line.grounds.iter().any(|ground| under.contains(&ground.provision))
            }
            Statement::Transfer { under: None, .. }
            | Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Governs { .. }
            | Statement::Widens { .. }
            | Statement::Tabulates { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Handling { .. }
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => true,
        }
    }

    /// What was void on its first day stays so; else what the law of the day says against it.
    fn unlawful(&self, transfer: ProvisionId, line: &Line, at: Vantage) -> Found<Option<Fault>, D> {
        if !self.born(self.sources.task(), transfer, at)? {
            return self.void(transfer, Clock::First(transfer)).map(|found| found.or(Some(Fault::NotHeld)));
        }
        self.banned(transfer, line.holder, at)
    }

    /// A transfer by one who does not hold the task by what it names: where that does not reach, nothing is passed on.
    fn not_held(&self, transfer: ProvisionId) -> Found<Option<Fault>, D> {
        let Statement::Transfer { giver, under: Some(under), .. } = &self.rules[transfer].statement else {
            return self.void(transfer, Clock::Now);
        };
        // Whoever names a whole article means what it gives to the giver, if it gives something.
        let names = |basis: &&ProvisionId| self.sources.seats_of(**basis).iter().any(|seat| alike(*seat, *giver));
        let named = under.iter().any(|basis| names(&basis));
        let mut ended = None;
        for basis in under.iter().copied().filter(|basis| !named || names(&basis)) {
            for at in self.vantages(basis)? {
                if !self.own_cases(basis, at)? || self.displaced(basis, at)? {
                    continue;
                }
                // What was void on the first day stays so, whatever its basis became later.
                let later = self.rules.start(basis) > Some(self.first_day(transfer));
                if later || self.stands(basis, at)? {
                    return self.void(transfer, Clock::Now);
                }
                // A wording that had ended before is none on which it could rest.
                if self.speaks(basis, Vantage { clock: Clock::First(transfer), ..at })? {
                    ended = ended.or(Some(basis));
                }
            }
        }
        Ok(ended.map(|basis| Fault::OutlivesBasis { basis }))
    }

    /// A sentence on who decides takes the case out of this one, by name.
    fn displaced(&self, basis: ProvisionId, at: Vantage) -> Found<bool, D> {
        for by in self.sources.deciding(self.sources.task()) {
            if self.displaces((*by, at), basis)? && self.speaks(*by, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn of_canons(&self, admits: ProvisionId, forbids: ProvisionId) -> Found<Option<Fault>, D> {
        let mut found: Option<Fault> = None;
        for at in self.readings_of(Clock::Now)? {
            if !self.speaks(admits, at)? || !self.speaks(forbids, at)? {
                continue;
            }
            let fault = match self.unbeaten(&[admits.min(forbids), admits.max(forbids)], at)?.as_slice() {
                [winner] => {
                    let loser = if *winner == admits { forbids } else { admits };
                    let rank = |id: ProvisionId| self.rank(self.document(id));
                    (rank(*winner) < rank(loser)).then_some(Fault::ByClaim)
                }
                _ => Some(Fault::Undecided),
            };
            found = found.into_iter().chain(fault).min();
        }
        Ok(found)
    }

    fn of_claim(&self, sentence: ProvisionId) -> Found<Option<Fault>, D> {
        for at in self.vantages(sentence)? {
            if self.speaks(sentence, at)? && self.claims_in_vain(sentence, at)? {
                return Ok(Some(Fault::UnfoundedClaim));
            }
        }
        Ok(None)
    }

    fn of_competence(&self, sentence: ProvisionId) -> Found<Option<Fault>, D> {
        for at in self.vantages(sentence)? {
            if self.stands_if_competent(sentence, at)? {
                if !self.may_say(sentence) {
                    return Ok(Some(Fault::Incompetent));
                }
                if !self.issuer_existed(self.enacting(sentence))? {
                    return Ok(Some(Fault::IssuerAbsent));
                }
            }
        }
        Ok(None)
    }

    fn of_idle(&self, sentence: ProvisionId, covered: bool) -> Found<Option<Fault>, D> {
        let mut ended: Option<ProvisionId> = None;
        for at in self.vantages(sentence)? {
            if self.applies(sentence, at)? {
                if !covered {
                    return Ok(Some(Fault::OutsideCover));
                }
                match self.ended_by(sentence, at)? {
                    None => return Ok(Some(Fault::Speaks)),
                    Some(by) => ended = Some(ended.map_or(by, |before| before.min(by))),
                }
            }
        }
        Ok(ended.map(|by| Fault::Ended { by }))
    }
}

/// What the giver of a transfer is to a holder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Giver {
    Holder,
    /// Its head, or the body of which it is the head.
    Head,
    Other,
}

/// Said of one body at one level.
fn alike(seat: Seat, giver: Seat) -> bool {
    let level = |at: SeatAt| match at {
        SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Any { level } | SeatAt::Others { level, .. } => {
            Some(level)
        }
        SeatAt::Nowhere | SeatAt::Unit(_) => None,
    };
    let levels = (level(seat.at), level(giver.at));
    seat.body == giver.body && (levels.0 == levels.1 || matches!(levels, (None, _) | (_, None)))
}
