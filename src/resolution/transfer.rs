//! What holders pass on themselves: decentralisations, entrustings and delegations, each line alone, until none fits. Knows when a transfer
//! is valid; what the law of its day admits it asks of the framework.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::rulebook::{ProvisionId, SealOf, Seat, Statement, TaskId, TransferForm};
use crate::ruling::{ConflictKind, Ground, Held, Holder, Step};

use super::case::{Case, Found, Vantage};
use super::holding::{Line, Lines};
use super::passing::{Passed, moved_to};
use super::{Clock, Dossier, Query, Site};

/// How far a task is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The authority, before any delegation: whoever is entrusted decides and answers for itself.
    Authority,
    /// Whoever decides in the end.
    End,
}

impl Until {
    const fn forms(self) -> &'static [TransferForm] {
        match self {
            Self::Authority => &[TransferForm::Decentralise, TransferForm::Entrust],
            Self::End => &[TransferForm::Decentralise, TransferForm::Entrust, TransferForm::Delegate],
        }
    }
}

/// Who holds a task in the end.
pub(super) struct Followed {
    pub(super) held: Lines,
    /// The transfers that moved a line, or contend for one.
    used: BTreeSet<(ProvisionId, Site)>,
}

/// Where one line ends.
enum Ended {
    At(Line),
    Contended(ConflictKind, Vec<Line>),
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Who holds a task: assigned, passed by law, passed on by holders.
    pub(super) fn followed(&self, task: TaskId, clock: Clock, until: Until) -> Found<Followed, D> {
        let assigned = self.assigned(task, clock)?;
        if !assigned.hold() {
            return Ok(Followed { held: assigned, used: BTreeSet::new() });
        }
        let (mut lines, mut contenders) = (Vec::new(), Vec::new());
        let mut used = BTreeSet::new();
        let mut uses = |line: &Line| used.extend(line.made.iter().copied());
        let mut conflict: Option<ConflictKind> = None;
        for line in assigned.lines {
            let line = self.widened(line, clock)?;
            match self.moved(task, line, clock, until)? {
                Ended::At(line) => {
                    uses(&line);
                    self.join(&mut lines, line, clock)?;
                }
                Ended::Contended(kind, lines) => {
                    lines.iter().for_each(&mut uses);
                    conflict = Some(conflict.map_or(kind, |before| before.min(kind)));
                    contenders.extend(lines);
                }
            }
        }
        let held = match conflict {
            Some(kind) => Lines::contended(kind, contenders),
            None => {
                let outcome = self.decided(&lines, clock)?;
                Lines { lines, sharing: assigned.sharing, ..Lines::nobody(outcome) }
            }
        };
        Ok(Followed { held, used })
    }

    fn moved(&self, task: TaskId, line: Line, clock: Clock, until: Until) -> Found<Ended, D> {
        let at = Vantage { site: line.site, clock };
        match self.pass(task, line.holder.seat, line.assigned, at)? {
            Passed::Contended(receivers) => {
                let on = |(to, way): ((Seat, Site), Vec<ProvisionId>)| line.clone().passed(to, &way);
                Ok(Ended::Contended(ConflictKind::Receivers, receivers.into_iter().map(on).collect()))
            }
            Passed::To(to, way) => self.transferred(task, line.passed(to, &way), (clock, until)),
        }
    }

    fn transferred(&self, task: TaskId, mut line: Line, (clock, until): (Clock, Until)) -> Found<Ended, D> {
        loop {
            let at = Vantage { site: line.site, clock };
            self.comes_by(task, &line, clock);
            let next = self.next(task, &line, at, until)?;
            let Some(first) = next.first() else { return Ok(Ended::At(line)) };
            let seat = first.holder.seat;
            for other in &next {
                if !self.same(other.holder.seat, seat, at.clock)? {
                    return Ok(Ended::Contended(ConflictKind::Receivers, next));
                }
            }
            for before in &line.left {
                if self.same(*before, seat, at.clock)? {
                    let came_back = next.into_iter().take(1);
                    return Ok(Ended::Contended(
                        ConflictKind::Circular,
                        std::iter::once(line).chain(came_back).collect(),
                    ));
                }
            }
            line = next
                .into_iter()
                .reduce(|mut one, other| {
                    one.grounds.extend(other.grounds.last().copied());
                    one.made.extend(other.made.last().copied());
                    one.agree_on_seal(other.holder.seal);
                    one
                })
                .unwrap_or(line);
        }
    }

    fn comes_by(&self, task: TaskId, line: &Line, clock: Clock) {
        if let Some((of, then, lines)) = self.on_the_way.borrow_mut().as_mut()
            && (*of, *then) == (task, clock)
        {
            lines.push(line.clone());
        }
    }

    /// The line, one transfer on, by each of those that prevail.
    fn next(&self, task: TaskId, line: &Line, at: Vantage, until: Until) -> Found<Vec<Line>, D> {
        for form in until.forms() {
            let fitting = self.fitting(task, *form, line, at)?;
            if !fitting.is_empty() {
                let mut next = Vec::new();
                for provision in self.unbeaten(&fitting, at)? {
                    if let Statement::Transfer { to, seal, .. } = &self.rules[provision].statement {
                        let to = self.seated(Self::meant(*to, line.holder.seat, at.site), at)?;
                        next.push(line.clone().transferred(provision, *form, (to, *seal)));
                    }
                }
                return Ok(next);
            }
        }
        Ok(Vec::new())
    }

    /// The valid transfers of one form by whoever holds the line.
    fn fitting(&self, task: TaskId, form: TransferForm, line: &Line, at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let mut fitting = Vec::new();
        for provision in self.sources.transfers(task, form) {
            if self.given_by(*provision, line, at)? && self.valid(task, *provision, line.holder, at)? {
                fitting.push(*provision);
            }
        }
        Ok(fitting)
    }

    /// The giver holds the task, by the provision that the transfer names.
    fn given_by(&self, provision: ProvisionId, line: &Line, at: Vantage) -> Found<bool, D> {
        let Statement::Transfer { giver, under, .. } = &self.rules[provision].statement else { return Ok(false) };
        let by = |named: &Vec<ProvisionId>| line.grounds.iter().any(|ground| named.contains(&ground.provision));
        let holder = line.holder.seat;
        let giver = self.seated(Self::meant(*giver, holder, at.site), at)?;
        Ok(under.as_ref().is_none_or(by) && self.same(giver, holder, at.clock)?)
    }

    /// A transfer speaks; on its own first day it is judged by who made it, whatever its own terms said on that day.
    pub(super) fn made(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        if at.clock == Clock::First(provision) {
            Ok(self.may_say(provision) && self.issuer_existed(self.enacting(provision))?)
        } else {
            self.speaks(provision, at)
        }
    }

    /// A transfer by one who holds the task so. What depends on facts is asked last.
    fn valid(&self, task: TaskId, provision: ProvisionId, holder: Holder, at: Vantage) -> Found<bool, D> {
        let Statement::Transfer { to, .. } = &self.rules[provision].statement else { return Ok(false) };
        let on_first_day = at.clock == Clock::First(provision);
        let stands = if on_first_day { self.made(provision, at)? } else { self.stands(provision, at)? };
        if !stands
            || !self.passed_on_lawfully(provision, holder.held, at.site)?
            || !self.exists(self.seated(Self::meant(*to, holder.seat, at.site), at)?, at.clock)?
        {
            return Ok(false);
        }
        if !on_first_day && !self.speaks(provision, at)? {
            return Ok(false);
        }
        Ok(self.admitted(provision, holder.seat, at)? && self.born(task, provision, at)?)
    }

    /// On its first day the transfer was effective, or contended with others, so that what was void then stays void.
    pub(super) fn born(&self, task: TaskId, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let clock = at.clock;
        // Days of law are compared here; only the day asked about is the dossier's to know.
        let past = match clock {
            Clock::Now => self.ask(Query::Past(provision, clock))?,
            Clock::First(other) => self.first_day(provision) < self.first_day(other),
            Clock::Issued(document) => self.first_day(provision) < self.rules[document].issued,
            Clock::On(day) => self.first_day(provision) < day,
        };
        if !past {
            return Ok(true);
        }
        self.born.or_find((provision, at.site), || {
            let noting = self.noting.replace(false);
            let then = self.followed(task, Clock::First(provision), Until::End);
            self.noting.set(noting);
            Ok(then?.used.contains(&(provision, at.site)))
        })
    }

    /// The later of issue and start.
    pub(super) fn first_day(&self, provision: ProvisionId) -> Date {
        let issued = self.rules.issued(provision);
        self.rules.start(provision).map_or(issued, |start| start.max(issued))
    }
}

impl Line {
    /// The line, one transfer on. Who receives by decentralisation or is entrusted answers itself; who delegates stays answerable.
    fn transferred(mut self, provision: ProvisionId, form: TransferForm, (to, seal): (Seat, Option<SealOf>)) -> Self {
        let giver = self.holder.seat;
        let (step, held, answerable) = match form {
            TransferForm::Decentralise => (Step::Decentralises, Held::Decentralised, to),
            TransferForm::Entrust => (Step::Entrusts, Held::Entrusted, to),
            TransferForm::Delegate => (Step::Delegates, Held::Delegated, giver),
        };
        self.left.push(giver);
        self.made.push((provision, self.site));
        self.site = moved_to(to, self.site);
        self.grounds.push(Ground { step, provision });
        self.holder = Holder { seat: to, held, answerable, seal };
        self
    }
}
