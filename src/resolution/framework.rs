//! What the law lets holders pass on: the organisation law of the day of issue, and the task's own sentences of the day asked.
//! Knows patterns of seats; nothing of lines but how the task is held.

use crate::register::LevelId;
use crate::rulebook::{
    BodyId, BodyPattern, LevelPattern, Modal, ProvisionId, ReceivedBy, Seat, SeatAt, SeatPattern, Statement,
    TransferForm,
};
use crate::ruling::{Fault, Held, Holder};

use super::case::{Case, Found, Vantage};
use super::{Clock, Dossier, Query, Site};

/// A transfer, as seen from a day.
#[derive(Clone, Copy)]
struct Pair {
    form: TransferForm,
    giver: Seat,
    receiver: Seat,
}

impl<D: Dossier> Case<'_, '_, D> {
    fn pair(&self, transfer: ProvisionId, holder: Seat, at: Vantage) -> Found<Option<Pair>, D> {
        let Statement::Transfer { form, giver, to, .. } = &self.rules[transfer].statement else { return Ok(None) };
        let meant = |seat: Seat| self.seated(Self::meant(seat, holder, at.site), at);
        Ok(Some(Pair { form: *form, giver: meant(*giver)?, receiver: meant(*to)? }))
    }

    /// From where the organisation law on a transfer is read: on the day of issue.
    fn on_issue(&self, transfer: ProvisionId, site: Site) -> Vantage {
        Vantage { site, clock: Clock::Issued(self.enacting(transfer)) }
    }

    /// The task's own sentences decide whether the transfer may be; where there are none, the organisation law of its day.
    pub(super) fn admitted(&self, transfer: ProvisionId, holder: Seat, at: Vantage) -> Found<bool, D> {
        let (Some(pair), Some(task)) = (self.pair(transfer, holder, at)?, self.rules[transfer].statement.task()) else {
            return Ok(false);
        };
        match self.verdict_on(self.sources.canon(task), pair, at)? {
            Some(verdict) => Ok(verdict.is_ok()),
            None => Ok(self.pair_unknown(transfer, holder, at)?.is_none()),
        }
    }

    /// What forbids the transfer by one who holds the task so, if something does.
    pub(super) fn banned(&self, transfer: ProvisionId, holder: Holder, at: Vantage) -> Found<Option<Fault>, D> {
        let (Some(pair), Some(task)) = (self.pair(transfer, holder.seat, at)?, self.rules[transfer].statement.task())
        else {
            return Ok(None);
        };
        let canon = self.verdict_on(self.sources.canon(task), pair, at)?;
        if let Some(Err(by)) = canon {
            return Ok(Some(Fault::Forbidden { by }));
        }
        let then = self.on_issue(transfer, at.site);
        if let Some(by) = self.term_demanded(transfer, then)? {
            return Ok(Some(Fault::NoTerm { by }));
        }
        if !self.onward_admitted(transfer, holder.held, then)? {
            return Ok(Some(Fault::PassedOn));
        }
        if canon.is_none()
            && let Some(fault) = self.pair_unknown(transfer, holder.seat, at)?
        {
            return Ok(Some(fault));
        }
        Ok(if self.exists(pair.receiver, at.clock)? { None } else { Some(Fault::ReceiverAbsent) })
    }

    /// What the unbeaten among sentences on a pair say, and by which of them it is forbidden; nothing where none is about it.
    /// A tie forbids.
    fn verdict_on(
        &self,
        sentences: &[ProvisionId],
        pair: Pair,
        at: Vantage,
    ) -> Found<Option<Result<(), ProvisionId>>, D> {
        let mut about = Vec::new();
        for sentence in sentences {
            if self.speaks_of(*sentence, pair, at)? {
                about.push(*sentence);
            }
        }
        let winners = self.prevailing(&about, at)?;
        let forbids = winners.iter().copied().find(|winner| self.forbids(*winner));
        Ok(if winners.is_empty() { None } else { Some(forbids.map_or(Ok(()), Err)) })
    }

    /// What the organisation law of the day of issue says against the pair and form, if something. Where none is loaded for
    /// that day, the transfer is admitted, and this is noted.
    fn pair_unknown(&self, transfer: ProvisionId, holder: Seat, at: Vantage) -> Found<Option<Fault>, D> {
        let then = self.on_issue(transfer, at.site);
        let Some(pair) = self.pair(transfer, holder, then)? else { return Ok(None) };
        if let Some(verdict) = self.verdict_on(self.sources.framework(), pair, then)? {
            return Ok(verdict.err().map(|by| Fault::Forbidden { by }));
        }
        for sentence in self.sources.framework() {
            let about = matches!(&self.rules[*sentence].statement,
                Statement::Permission { forms, modal: Modal::May | Modal::Must, .. } if forms.contains(&pair.form));
            if about && self.speaks(*sentence, then)? {
                let levels = (self.level_of(pair.giver.at), self.level_of(pair.receiver.at));
                let upward = matches!(levels, (Some(giver), Some(receiver)) if receiver < giver);
                let by = *sentence;
                return Ok(Some(if upward { Fault::Upward { by } } else { Fault::WrongPair { by } }));
            }
        }
        if at.clock == Clock::Now {
            self.unread.borrow_mut().insert(transfer);
        }
        Ok(None)
    }

    /// The organisation law of the day of issue asks for no term that is not stated, and lets what was received so go on.
    pub(super) fn passed_on_lawfully(&self, transfer: ProvisionId, held: Held, site: Site) -> Found<bool, D> {
        let then = self.on_issue(transfer, site);
        Ok(self.term_demanded(transfer, then)?.is_none() && self.onward_admitted(transfer, held, then)?)
    }

    fn speaks_of(&self, sentence: ProvisionId, pair: Pair, at: Vantage) -> Found<bool, D> {
        let Statement::Permission { forms, givers, receivers, .. } = &self.rules[sentence].statement else {
            return Ok(false);
        };
        if !forms.contains(&pair.form) || !self.stands(sentence, at)? {
            return Ok(false);
        }
        Ok(self.any_fits(givers, pair.giver, None, at)?
            && self.any_fits(receivers, pair.receiver, Some(pair.giver), at)?)
    }

    /// No pattern is every pattern.
    fn any_fits(&self, patterns: &[SeatPattern], seat: Seat, giver: Option<Seat>, at: Vantage) -> Found<bool, D> {
        let mut fits = patterns.is_empty();
        for pattern in patterns {
            fits = fits || self.fits(*pattern, seat, giver, at)?;
        }
        Ok(fits)
    }

    fn forbids(&self, sentence: ProvisionId) -> bool {
        matches!(self.rules[sentence].statement, Statement::Permission { modal: Modal::MustNot, .. })
    }

    /// The sentence that demands a term of a transfer that states none.
    fn term_demanded(&self, transfer: ProvisionId, at: Vantage) -> Found<Option<ProvisionId>, D> {
        let said = &self.rules[transfer];
        let document = &self.rules[self.enacting(transfer)];
        if said.days.before.is_some() || document.in_force.iter().all(|days| days.before.is_some()) {
            return Ok(None);
        }
        for sentence in self.sources.framework() {
            if let Statement::MustStateTerm { form } = &self.rules[*sentence].statement
                && matches!(&said.statement, Statement::Transfer { form: of, .. } if of == form)
                && self.speaks(*sentence, at)?
            {
                return Ok(Some(*sentence));
            }
        }
        Ok(None)
    }

    fn onward_admitted(&self, transfer: ProvisionId, held: Held, at: Vantage) -> Found<bool, D> {
        let Statement::Transfer { form, with_consent, .. } = &self.rules[transfer].statement else { return Ok(false) };
        // A delegated task goes on only where the law says so; any other, unless it says not.
        let (how, unsaid) = match held {
            Held::Assigned | Held::Reorganised | Held::Entrusted => return Ok(true),
            Held::Devolved => (ReceivedBy::Devolution, true),
            Held::Decentralised => (ReceivedBy::Decentralisation, true),
            Held::Delegated => (ReceivedBy::Delegation, false),
        };
        let candidates: Vec<ProvisionId> = self
            .sources
            .framework()
            .iter()
            .copied()
            .filter(|sentence| {
                matches!(&self.rules[*sentence].statement,
                    Statement::Onward { received, forms, .. } if *received == how && forms.contains(form))
            })
            .collect();
        let winners = self.prevailing(&candidates, at)?;
        let admits = |winner: &ProvisionId| {
            matches!(&self.rules[*winner].statement,
                Statement::Onward { modal: Modal::May | Modal::Must, with_consent: asked, .. } if !asked || *with_consent)
        };
        Ok(if winners.is_empty() { unsaid } else { winners.iter().all(admits) })
    }

    /// Levels below or beside are those of the giver, of which only receivers are told.
    fn fits(&self, pattern: SeatPattern, seat: Seat, giver: Option<Seat>, at: Vantage) -> Found<bool, D> {
        if !self.body_fits(pattern.body, seat.body, at)? {
            return Ok(false);
        }
        let level = self.level_of(seat.at);
        let below = |below: fn(&Self, LevelId, LevelId, Vantage) -> Found<bool, D>| -> Found<bool, D> {
            let (Some(giver), Some(level)) = (giver, level) else { return Ok(false) };
            let Some(above) = self.level_of(giver.at) else { return Ok(false) };
            Ok(below(self, above, level, at)? && self.lies_under(seat.at, giver.at, at)?)
        };
        match pattern.level {
            LevelPattern::Any => Ok(true),
            LevelPattern::At(wanted) => Ok(level == Some(wanted)),
            LevelPattern::Unit(unit) => self.same_unit(seat.at, SeatAt::Unit(unit), at.clock),
            LevelPattern::Same => below(|_, above, level, _| Ok(above == level)),
            LevelPattern::AnyLower => below(|_, above, level, _| Ok(above < level)),
            LevelPattern::NextLower => below(Self::is_next),
        }
    }

    fn lies_under(&self, seat: SeatAt, giver: SeatAt, at: Vantage) -> Found<bool, D> {
        let any = |at: SeatAt| matches!(at, SeatAt::Any { .. });
        // Of any unit and any upper one, some lie so.
        if seat == giver || any(seat) || any(giver) {
            return Ok(true);
        }
        self.ask(Query::Under(seat, giver, at.clock))
    }

    /// The level is the next one below that has a unit where the task is asked.
    fn is_next(&self, above: LevelId, level: LevelId, at: Vantage) -> Found<bool, D> {
        let nowhere = at.site == Site::Nowhere || !self.placed(at.site)?;
        for between in above.0.saturating_add(1)..level.0 {
            if nowhere || self.ask(Query::UnitThere(LevelId(between), at.site, at.clock))? {
                return Ok(false);
            }
        }
        Ok(above < level && (nowhere || self.ask(Query::UnitThere(level, at.site, at.clock))?))
    }

    fn body_fits(&self, pattern: BodyPattern, body: BodyId, at: Vantage) -> Found<bool, D> {
        match pattern {
            BodyPattern::Is(named) => self.is_or_belongs(body, named, at),
            BodyPattern::HeadOf(named) => match self.rules[body].heads {
                Some(headed) => self.is_or_belongs(headed, named, at),
                None => Ok(false),
            },
        }
    }

    /// What is said of a body is said of the one that carries on for it.
    fn is_or_belongs(&self, body: BodyId, named: BodyId, at: Vantage) -> Found<bool, D> {
        let is = body == named || self.rules[body].classes.contains(&named);
        Ok(is || self.carrying_on(named, at)? == body)
    }
}
