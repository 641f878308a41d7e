//! Who holds a task by law: the unbeaten sentences on who decides, agreed or conceding each other. Knows nothing yet of what
//! moves a task on.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::rulebook::{Candidate, Deciders, ProvisionId, SealOf, Seat, SeatAt, Sharing, Statement, TaskId};
use crate::ruling::{ConflictKind, Ground, Held, Holder, Outcome, Step};

use super::case::{Case, Found, Vantage};
use super::transfer::Until;
use super::{Clock, Dossier, Query, Site};

/// One holder and the way by which the task came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) holder: Holder,
    pub(super) grounds: Vec<Ground>,
    /// The day of issue of what assigned it.
    pub(super) assigned: Date,
    /// The seats that it has left by transfers.
    pub(super) left: Vec<Seat>,
    /// Where sentences that may move it are read: at the place of its seat, or of the last seat that had one.
    pub(super) site: Site,
    /// The transfers that moved it, each with where it was read.
    pub(super) made: Vec<(ProvisionId, Site)>,
    /// Of several units that the case spans, one decides.
    pub(super) one_of: bool,
    /// The sentence that names the holder says nothing of what the case spans.
    pub(super) silent_on_spans: bool,
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
}

impl Lines {
    pub(super) const fn nobody(outcome: Outcome) -> Self {
        Self { outcome, conflict: None, sharing: None, lines: Vec::new(), grounds: Vec::new() }
    }

    pub(super) fn contended(conflict: ConflictKind, lines: Vec<Line>) -> Self {
        Self { conflict: Some(conflict), lines, ..Self::nobody(Outcome::Conflict) }
    }

    /// Somebody holds the task.
    pub(super) fn hold(&self) -> bool {
        matches!(self.outcome, Outcome::Decided | Outcome::Concurrent)
    }
}

impl Line {
    /// What another sentence found, as named by this one.
    fn named_by(&mut self, provision: ProvisionId, issued: Date) {
        self.grounds.insert(0, Ground { step: Step::Assigns, provision });
        self.assigned = self.assigned.max(issued);
        self.silent_on_spans = false;
    }

    /// Adds another way to the same seat. Who holds in several ways holds in the one that binds least: by a text's own sentence
    /// before by transfer.
    pub(super) fn also_by(&mut self, other: Self) {
        if other.holder.held < self.holder.held {
            self.holder.held = other.holder.held;
            self.holder.answerable = other.holder.answerable;
            self.holder.seal = other.holder.seal;
        } else if other.holder.held == self.holder.held {
            self.agree_on_seal(other.holder.seal);
        }
        self.assigned = self.assigned.max(other.assigned);
        self.one_of |= other.one_of;
        self.silent_on_spans &= other.silent_on_spans;
        self.made.extend(other.made);
        let new: Vec<Ground> = other.grounds.into_iter().filter(|ground| !self.grounds.contains(ground)).collect();
        self.grounds.extend(new);
    }
}

impl Line {
    /// Of delegations to one seat that say unlike seals none says whose.
    pub(super) fn agree_on_seal(&mut self, other: Option<SealOf>) {
        self.holder.seal = self.holder.seal.filter(|own| Some(*own) == other);
    }
}

/// How a sentence bears with others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Names the decider.
    Plain,
    /// Shares the task out among its own holders, and concedes it to nobody else.
    Shared,
    /// Adds a decider beside whomever others name.
    Also,
}

/// What one unbeaten sentence says.
struct Voice {
    manner: Manner,
    said: Lines,
}

impl<D: Dossier> Case<'_, '_, D> {
    /// Who holds a task by its sentences, before any passing.
    pub(super) fn assigned(&self, task: TaskId, clock: Clock) -> Found<Lines, D> {
        let at = Vantage { site: self.sources.site(task), clock };
        let winners = self.prevailing_deciders(task, clock)?;
        if winners.is_empty() {
            return self.unassigned(task, at);
        }
        let mut switching = Vec::new();
        let mut voices = Vec::new();
        let sentences: BTreeSet<ProvisionId> = winners.iter().map(|(winner, _)| *winner).collect();
        for winner in sentences {
            if let Statement::DecidedBy { also, by, .. } = &self.rules[winner].statement {
                voices.push(self.voice((task, winner), (*also, by), &winners, clock)?);
            } else {
                switching.push(Ground { step: Step::SwitchesOff, provision: winner });
            }
        }
        self.heard(switching, voices, clock)
    }

    fn unassigned(&self, task: TaskId, at: Vantage) -> Found<Lines, D> {
        for (index, condition) in self.rules[task].open.iter().enumerate() {
            let derived = self.derived_in(condition, at)?;
            if self.ask(Query::Open(task, index, at.clock, derived))? {
                return Ok(Lines::nobody(Outcome::Open));
            }
        }
        Ok(Lines::nobody(Outcome::Gap))
    }

    /// The places at which a sentence on who decides is read: those of its seats of which there is one, and that stand in
    /// for none that there is.
    pub(super) fn sites(&self, task: TaskId, sentence: ProvisionId) -> Found<BTreeSet<Site>, D> {
        let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = &self.rules[sentence].statement else {
            return Ok(BTreeSet::from([self.sources.site(task)]));
        };
        let mut sites = BTreeSet::new();
        for candidate in seats {
            if self.comes_in(candidate)? {
                sites.insert(self.sources.site_of(task, candidate.seat));
            }
        }
        Ok(sites)
    }

    fn comes_in(&self, candidate: &Candidate) -> Found<bool, D> {
        for role in &candidate.lacking {
            if self.placed(Site::Role(*role))? {
                return Ok(false);
            }
        }
        self.seat_placed(candidate.seat)
    }

    fn voice(
        &self,
        (task, provision): (TaskId, ProvisionId),
        (also, by): (bool, &Deciders),
        unbeaten: &[(ProvisionId, Vantage)],
        clock: Clock,
    ) -> Found<Voice, D> {
        let said = match by {
            Deciders::Seats { seats, sharing } => {
                let mut said = Lines { sharing: *sharing, ..Lines::nobody(Outcome::Decided) };
                for candidate in seats {
                    let at = Vantage { site: self.sources.site_of(task, candidate.seat), clock };
                    if self.comes_in(candidate)? && unbeaten.contains(&(provision, at)) {
                        said.lines.push(self.assigning(provision, candidate, at)?);
                    }
                }
                said
            }
            Deciders::WhoeverDecides(task) => self.following(provision, *task, clock)?,
            Deciders::WhoeverDecided(day) => self.decided_on((task, provision), *day, clock)?,
        };
        let manner = match (also, said.sharing) {
            (true, _) => Manner::Also,
            (false, Some(_)) => Manner::Shared,
            (false, None) => Manner::Plain,
        };
        Ok(Voice { manner, said })
    }

    /// The line that a text's own sentence makes, with whoever carries on in the seat.
    fn assigning(&self, provision: ProvisionId, candidate: &Candidate, at: Vantage) -> Found<Line, D> {
        let seat = candidate.seat;
        let document = &self.rules[self.document(provision)];
        let to_level = match seat.at {
            SeatAt::Nowhere => false,
            SeatAt::Level { .. }
            | SeatAt::Here { .. }
            | SeatAt::Any { .. }
            | SeatAt::Others { .. }
            | SeatAt::Unit(_) => true,
        };
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
            holder: Holder { seat: carried.seat, held, answerable: carried.seat, seal: None },
            grounds: assigns.chain(succeeds).collect(),
            assigned: self.rules.issued(provision),
            left: Vec::new(),
            site: at.site,
            made: Vec::new(),
            one_of: candidate.one_of && self.spanned(seat, at.clock)?,
            silent_on_spans: !candidate.one_of && !self.sources.asks_of_spans(provision),
        })
    }

    /// Whoever decides another task: its holder before anybody delegated it.
    fn following(&self, provision: ProvisionId, task: TaskId, clock: Clock) -> Found<Lines, D> {
        if !self.covered(task, clock)? {
            return Ok(Lines::nobody(Outcome::NotCovered));
        }
        let mut said = self.followed(task, clock, Until::Authority)?.held;
        if said.hold() {
            for line in &mut said.lines {
                line.named_by(provision, self.rules.issued(provision));
            }
        }
        Ok(said)
    }

    /// Whoever decided the task itself on an earlier day, before anybody delegated it; with those who now carry on for it.
    fn decided_on(&self, (task, provision): (TaskId, ProvisionId), day: Date, clock: Clock) -> Found<Lines, D> {
        let then = Clock::On(day);
        // Binding sees to it that the day is before the sentence's first; else it might ask for itself.
        if self.rules.start(provision).is_none_or(|start| start <= day) || !self.covered(task, then)? {
            return Ok(Lines::nobody(Outcome::NotCovered));
        }
        let mut said = self.followed(task, then, Until::Authority)?.held;
        if said.hold() {
            for mut line in std::mem::take(&mut said.lines) {
                let carried = self.carried(line.holder.seat, Vantage { site: line.site, clock })?;
                if !carried.by.is_empty() {
                    line.holder =
                        Holder { seat: carried.seat, held: Held::Reorganised, answerable: carried.seat, seal: None };
                    line.grounds.extend(carried.by.iter().map(|by| Ground { step: Step::Succeeds, provision: *by }));
                }
                line.named_by(provision, self.rules.issued(provision));
                self.join(&mut said.lines, line, clock)?;
            }
        }
        Ok(said)
    }

    /// What unbeaten sentences say together.
    fn heard(&self, switching: Vec<Ground>, voices: Vec<Voice>, clock: Clock) -> Found<Lines, D> {
        let (voices, silent): (Vec<Voice>, Vec<Voice>) = voices.into_iter().partition(|voice| voice.said.hold());
        if switching.is_empty() && voices.is_empty() {
            // Nobody decides the tasks that are followed. Of unlike outcomes the later in their order is told.
            let outcomes = silent.into_iter().map(|voice| voice.said);
            let told = outcomes.reduce(|told, other| if other.outcome > told.outcome { other } else { told });
            return Ok(told.unwrap_or(Lines::nobody(Outcome::Gap)));
        }
        if !switching.is_empty() {
            if voices.is_empty() && silent.is_empty() {
                return Ok(Lines { grounds: switching, ..Lines::nobody(Outcome::NotRequired) });
            }
            let mut lines = Vec::new();
            for line in voices.into_iter().flat_map(|voice| voice.said.lines) {
                self.join(&mut lines, line, clock)?;
            }
            return Ok(Lines { grounds: switching, ..Lines::contended(ConflictKind::Deciders, lines) });
        }
        self.agreed(voices, clock)
    }

    /// Holders named by several sentences: agreed, or added, or contending.
    fn agreed(&self, voices: Vec<Voice>, clock: Clock) -> Found<Lines, D> {
        let (plain, others): (Vec<Voice>, Vec<Voice>) =
            voices.into_iter().partition(|voice| voice.manner == Manner::Plain);
        let all_also = others.iter().all(|voice| voice.manner == Manner::Also);
        let said = others.iter().filter_map(|voice| voice.said.sharing).min();
        let sharing = said.or(if others.is_empty() { None } else { Some(Sharing::AnyOf) });
        let mut lines = Vec::new();
        for line in plain.into_iter().flat_map(|voice| voice.said.lines) {
            self.join(&mut lines, line, clock)?;
        }
        let named = lines.len();
        for line in others.into_iter().flat_map(|voice| voice.said.lines) {
            self.join(&mut lines, line, clock)?;
        }
        if named > 1 || (named == 1 && !all_also && lines.len() > 1) {
            return Ok(Lines::contended(ConflictKind::Deciders, lines));
        }
        let outcome = self.decided(&lines, clock)?;
        let sharing = sharing.filter(|_| outcome == Outcome::Concurrent);
        Ok(Lines { lines, sharing, ..Lines::nobody(outcome) })
    }

    /// One decides, or several: several seats, or a seat that stands for several units.
    pub(super) fn decided(&self, lines: &[Line], clock: Clock) -> Found<Outcome, D> {
        let several = lines.len() > 1 || self.of_several(lines, clock)?;
        Ok(if several { Outcome::Concurrent } else { Outcome::Decided })
    }

    /// The case spans several units of the level of a holder of whom the law says that one of several decides.
    pub(super) fn of_several(&self, lines: &[Line], clock: Clock) -> Found<bool, D> {
        for line in lines.iter().filter(|line| line.one_of) {
            if self.spanned(line.holder.seat, clock)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A seat stands for several units, over which the case spans.
    pub(super) fn spanned(&self, seat: Seat, clock: Clock) -> Found<bool, D> {
        match seat.at {
            SeatAt::Level { level, role } | SeatAt::Others { level, role } => {
                self.ask(Query::Spans(role, level, clock))
            }
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => Ok(false),
        }
    }

    /// Adds a line; one that ends at the same seat is the same line.
    pub(super) fn join(&self, lines: &mut Vec<Line>, line: Line, clock: Clock) -> Found<(), D> {
        for known in lines.iter_mut() {
            if self.same(known.holder.seat, line.holder.seat, clock)? {
                known.also_by(line);
                return Ok(());
            }
        }
        lines.push(line);
        Ok(())
    }
}
