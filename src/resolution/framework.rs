//! What the law lets holders pass on: the organisation law of the day of issue, and the task's own sentences of the day asked.
//! Knows patterns of seats; nothing of lines but how the task is held.

use crate::register::LevelId;
use crate::rulebook::{
    BodyId, BodyPattern, LevelPattern, Modal, ProvisionId, ReceivedBy, Seat, SeatAt, SeatPattern, Statement,
    TransferForm,
};
use crate::ruling::Held;

use super::case::{Case, Found, Vantage};
use super::{Dossier, Query, Site};

/// Whether the law of its day admits a transfer.
#[derive(Clone, Copy)]
pub(super) struct Admission {
    pub(super) admits: bool,
    /// No organisation law is loaded for the day.
    pub(super) unread: bool,
}

/// A transfer, as seen from a day.
#[derive(Clone, Copy)]
struct Pair {
    form: TransferForm,
    giver: Seat,
    receiver: Seat,
}

impl<D: Dossier> Case<'_, '_, D> {
    fn pair(&self, transfer: ProvisionId, at: Vantage) -> Found<Option<Pair>, D> {
        let Statement::Transfer { form, giver, to, .. } = &self.rules[transfer].statement else { return Ok(None) };
        Ok(Some(Pair { form: *form, giver: self.carried(*giver, at)?.seat, receiver: self.carried(*to, at)?.seat }))
    }

    /// The task's own sentences forbid the transfer; a tie forbids too.
    pub(super) fn banned(&self, transfer: ProvisionId, at: Vantage) -> Found<bool, D> {
        let winners = self.on_pair(transfer, at, Whose::Task)?;
        Ok(winners.iter().any(|winner| self.modal(*winner) == Some(Modal::MustNot)))
    }

    /// The unbeaten permissions and bans on the transfer's form and pair.
    fn on_pair(&self, transfer: ProvisionId, at: Vantage, whose: Whose) -> Found<Vec<ProvisionId>, D> {
        let (Some(pair), Some(task)) = (self.pair(transfer, at)?, self.rules[transfer].statement.task()) else {
            return Ok(Vec::new());
        };
        let sentences = match whose {
            Whose::Task => self.sources.canon(task),
            Whose::All => self.sources.framework(),
        };
        let mut fitting = Vec::new();
        for sentence in sentences {
            if self.speaks_of(*sentence, pair, at)? {
                fitting.push(*sentence);
            }
        }
        self.prevailing(&fitting, at)
    }

    fn speaks_of(&self, sentence: ProvisionId, pair: Pair, at: Vantage) -> Found<bool, D> {
        let Statement::Permission { forms, givers, receivers, .. } = &self.rules[sentence].statement else {
            return Ok(false);
        };
        if !forms.contains(&pair.form) || !self.stands(sentence, at)? {
            return Ok(false);
        }
        let mut gives = givers.is_empty();
        for pattern in givers {
            gives = gives || self.fits(*pattern, pair.giver, pair.giver, at)?;
        }
        let mut receives = receivers.is_empty();
        for pattern in receivers {
            receives = receives || (gives && self.fits(*pattern, pair.receiver, pair.giver, at)?);
        }
        Ok(gives && receives)
    }

    fn modal(&self, sentence: ProvisionId) -> Option<Modal> {
        match &self.rules[sentence].statement {
            Statement::Permission { modal, .. } | Statement::Onward { modal, .. } => Some(*modal),
            Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => None,
        }
    }

    /// What the organisation law of the day of issue says of the pair, the form, the term and of passing on what was received.
    pub(super) fn admitted(&self, transfer: ProvisionId, held: Held, site: Site) -> Found<Admission, D> {
        let document = self.rules[self.rules[transfer].text].enacted_by;
        let at = Self::on_issue(site, document);
        let mut loaded = false;
        for sentence in self.sources.framework() {
            loaded = loaded || self.speaks(*sentence, at)?;
        }
        if !loaded {
            return Ok(Admission { admits: true, unread: true });
        }
        let admits = self.pair_admitted(transfer, at)?
            && self.term_admitted(transfer, at)?
            && self.onward_admitted(transfer, held, at)?;
        Ok(Admission { admits, unread: false })
    }

    fn pair_admitted(&self, transfer: ProvisionId, at: Vantage) -> Found<bool, D> {
        let special = self.on_pair(transfer, at, Whose::Task)?;
        if !special.is_empty() {
            return Ok(special.iter().all(|winner| self.modal(*winner) != Some(Modal::MustNot)));
        }
        let general = self.on_pair(transfer, at, Whose::All)?;
        Ok(!general.is_empty() && general.iter().all(|winner| self.modal(*winner) != Some(Modal::MustNot)))
    }

    fn term_admitted(&self, transfer: ProvisionId, at: Vantage) -> Found<bool, D> {
        let said = &self.rules[transfer];
        let document = &self.rules[self.rules[said.text].enacted_by];
        if said.days.before.is_some() || document.in_force.iter().all(|days| days.before.is_some()) {
            return Ok(true);
        }
        for sentence in self.sources.framework() {
            if let Statement::MustStateTerm { form } = &self.rules[*sentence].statement
                && matches!(&said.statement, Statement::Transfer { form: of, .. } if of == form)
                && self.speaks(*sentence, at)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn onward_admitted(&self, transfer: ProvisionId, held: Held, at: Vantage) -> Found<bool, D> {
        let Statement::Transfer { form, with_consent, .. } = &self.rules[transfer].statement else { return Ok(false) };
        let (how, unsaid) = match held {
            Held::Assigned | Held::Reorganised => return Ok(true),
            Held::Devolved => (ReceivedBy::Devolution, true),
            Held::Decentralised => (ReceivedBy::Decentralisation, true),
            Held::Delegated | Held::Entrusted => (ReceivedBy::Delegation, false),
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

    fn fits(&self, pattern: SeatPattern, seat: Seat, giver: Seat, at: Vantage) -> Found<bool, D> {
        if !self.body_fits(pattern.body, seat.body, at)? {
            return Ok(false);
        }
        match pattern.level {
            LevelPattern::Any => Ok(true),
            LevelPattern::At(level) => Ok(self.level(seat, at)? == Some(level)),
            LevelPattern::Unit(unit) => self.same_unit(seat.at, SeatAt::Unit(unit), at.clock),
            LevelPattern::Same => {
                Ok(self.level(seat, at)? == self.level(giver, at)? && self.lies_under(seat.at, giver.at, at)?)
            }
            LevelPattern::NextLower => {
                let (Some(level), above) = (self.level(seat, at)?, self.level(giver, at)?) else { return Ok(false) };
                Ok(above < Some(level)
                    && self.none_between(above, level, seat, at)?
                    && self.lies_under(seat.at, giver.at, at)?)
            }
            LevelPattern::AnyLower => {
                let (Some(level), above) = (self.level(seat, at)?, self.level(giver, at)?) else { return Ok(false) };
                Ok(above < Some(level) && self.lies_under(seat.at, giver.at, at)?)
            }
        }
    }

    fn lies_under(&self, seat: SeatAt, giver: SeatAt, at: Vantage) -> Found<bool, D> {
        if seat == giver || giver == SeatAt::Nowhere {
            return Ok(true);
        }
        self.ask(Query::Under(seat, giver, at.clock))
    }

    /// The level of a seat; none for a body without one, or where the unit is not there.
    fn level(&self, seat: Seat, at: Vantage) -> Found<Option<LevelId>, D> {
        match seat.at {
            SeatAt::Nowhere => Ok(None),
            SeatAt::Level { level, .. } => Ok(Some(level)),
            SeatAt::Unit(unit) => {
                for level in &self.rules[seat.body].levels {
                    if self.ask(Query::UnitAt(unit, *level, at.clock))? {
                        return Ok(Some(*level));
                    }
                }
                Ok(None)
            }
        }
    }

    fn none_between(&self, above: Option<LevelId>, level: LevelId, seat: Seat, at: Vantage) -> Found<bool, D> {
        let site = match seat.at {
            SeatAt::Nowhere => at.site,
            SeatAt::Level { role, .. } => Site::Role(role),
            SeatAt::Unit(unit) => Site::Unit(unit),
        };
        let first = above.map_or(0, |above| above.0.saturating_add(1));
        for between in first..level.0 {
            if self.level_is_there(LevelId(between), Vantage { site, clock: at.clock })? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn body_fits(&self, pattern: BodyPattern, body: BodyId, at: Vantage) -> Found<bool, D> {
        let belongs = |of: BodyId, class: BodyId| of == class || self.rules[of].classes.contains(&class);
        match pattern {
            BodyPattern::Is(named) => Ok(belongs(body, self.carrying_on(named, at)?) || belongs(body, named)),
            BodyPattern::HeadOf(named) => {
                let Some(headed) = self.rules[body].heads else { return Ok(false) };
                Ok(belongs(headed, self.carrying_on(named, at)?) || belongs(headed, named))
            }
        }
    }
}

/// Sentences on one task, or on all.
#[derive(Clone, Copy)]
enum Whose {
    Task,
    All,
}
