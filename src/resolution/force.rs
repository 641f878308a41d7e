//! Which sentences speak: their own terms hold, they are competent, and no act in force has ended them. Knows what acts do to
//! texts; nothing of who wins among those that speak.

use jiff::civil::Date;

use crate::rulebook::{ActKind, Days, DocumentId, ProvisionId, Statement};

use super::case::{Case, Found, Vantage};
use super::{Dossier, Query};

/// When an act bears on a text: how it ends, and whether it can be stopped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Ends what it hits, for good.
    Ends,
    /// Ends what it hits, and undoes the acts in it.
    Undoes,
    /// Ends what it hits for a time.
    Suspends,
    /// Takes back what the suspended text had ended.
    Restores,
}

const fn effect(kind: ActKind) -> Effect {
    match kind {
        ActKind::Amends | ActKind::Repeals | ActKind::Replaces => Effect::Ends,
        ActKind::Annuls => Effect::Undoes,
        ActKind::Suspends => Effect::Suspends,
        ActKind::Restores => Effect::Restores,
    }
}

impl<D: Dossier> Case<'_, '_, D> {
    /// The sentence applies by its own terms, is competent and in force.
    pub(super) fn speaks(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        self.speaking.or_find((provision, at), || Ok(self.stands(provision, at)? && self.terms(provision, at)?))
    }

    /// All but the sentence's own conditions: what depends on facts is asked last.
    pub(super) fn stands(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        self.standing.or_find((provision, at), || {
            Ok(self.may_say(provision)
                && self.in_time(provision, at)?
                && self.ask(Query::Scope(provision, at.site, at.clock))?
                && self.reading_taken(provision)?
                && self.issuer_existed(self.rules[self.rules[provision].text].enacted_by)?
                && !self.ended(provision, at)?
                && !self.lapsed(provision, at)?)
        })
    }

    /// The sentence's condition and the cases that it cites hold.
    fn terms(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let said = &self.rules[provision];
        if said.condition.as_ref().is_none_or(|condition| condition.clauses.is_empty()) && said.cases.is_empty() {
            return Ok(true);
        }
        let derived = self.derived_among(self.sources.tested(provision).iter().copied(), at)?;
        self.ask(Query::Terms(provision, at.site, at.clock, derived))
    }

    fn reading_taken(&self, provision: ProvisionId) -> Found<bool, D> {
        match self.rules[provision].reading {
            None => Ok(true),
            Some((reading, option)) => self.ask(Query::Reading(reading, option)),
        }
    }

    /// The days of the sentence and of the documents on which it rests. What ends a text goes on without end, whatever becomes
    /// of the ending text; suspensions, restorations and extensions have the end that they name.
    fn in_time(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let said = &self.rules[provision];
        let own_days = || {
            if said.days == Days::default() { Ok(true) } else { self.ask(Query::OwnDays(provision, at.clock)) }
        };
        let begun = || self.ask(Query::Begun(provision, at.clock));
        match &said.statement {
            Statement::Act { kind, .. } => match effect(*kind) {
                Effect::Ends | Effect::Undoes => begun(),
                Effect::Suspends | Effect::Restores => Ok(begun()? && own_days()?),
            },
            Statement::Extends { .. } => Ok(begun()? && own_days()?),
            Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => {
                let text = &self.rules[said.text];
                Ok(own_days()? && self.in_term(text.document, at)? && self.in_term(text.enacted_by, at)?)
            }
        }
    }

    /// The document's term holds, as written or as extended.
    fn in_term(&self, document: DocumentId, at: Vantage) -> Found<bool, D> {
        self.in_term
            .or_find((document, at), || Ok(self.ask(Query::Term(document, at.clock))? || self.extended(document, at)?))
    }

    /// Extensions move the end of the term, one after the other; none revives a document that had already ended.
    fn extended(&self, document: DocumentId, at: Vantage) -> Found<bool, D> {
        let mut extensions: Vec<(Option<Date>, ProvisionId, Date)> = Vec::new();
        for extension in self.sources.extensions(document) {
            if let Statement::Extends { before, .. } = &self.rules[*extension].statement
                && self.rules.issued(*extension) > self.rules[document].issued
            {
                extensions.push((self.rules.start(*extension), *extension, *before));
            }
        }
        extensions.sort();
        let Some(mut end) = self.rules[document].in_force.iter().filter_map(|days| days.before).max() else {
            return Ok(false);
        };
        for (start, extension, before) in extensions {
            if start.is_none_or(|start| start <= end) && before > end && self.speaks(extension, at)? {
                end = before;
                if self.ask(Query::Extends(extension, at.clock))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// An act in force has ended the provision.
    fn ended(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        for act in self.sources.acts(provision) {
            if self.can_hit(*act, provision, at)? && self.speaks(*act, at)? && !self.restored(provision, *act, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is known of an act without asking whether it speaks: its kind, its rank, and that a completed act stays.
    fn can_hit(&self, act: ProvisionId, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let Statement::Act { kind, .. } = &self.rules[act].statement else { return Ok(false) };
        let not_begun = self.rules.start(act) <= self.rules.start(provision);
        let reaches = match (effect(*kind), self.effect_of(provision)) {
            (Effect::Restores, _) => false,
            (Effect::Undoes, _) | (Effect::Ends | Effect::Suspends, None) => true,
            (Effect::Ends, Some(_)) => not_begun,
            (Effect::Suspends, Some(Effect::Ends | Effect::Undoes)) => not_begun,
            (Effect::Suspends, Some(Effect::Suspends | Effect::Restores)) => true,
        };
        let rank = u64::from(self.rules[self.rules[self.document(provision)].kind].rank) * 2;
        Ok(reaches && self.effective_rank(act, at)? >= rank)
    }

    fn effect_of(&self, provision: ProvisionId) -> Option<Effect> {
        match &self.rules[provision].statement {
            Statement::Act { kind, .. } => Some(effect(*kind)),
            Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. } => None,
        }
    }

    /// The text that suspends the act restores what the act had ended.
    fn restored(&self, provision: ProvisionId, act: ProvisionId, at: Vantage) -> Found<bool, D> {
        if self.effect_of(act) != Some(Effect::Ends) {
            return Ok(false);
        }
        let enacting = |of: ProvisionId| self.rules[self.rules[of].text].enacted_by;
        for restoring in self.sources.acts(provision) {
            if self.effect_of(*restoring) != Some(Effect::Restores) {
                continue;
            }
            for suspending in self.sources.acts(act) {
                if self.effect_of(*suspending) == Some(Effect::Suspends)
                    && enacting(*suspending) == enacting(*restoring)
                    && self.speaks(*restoring, at)?
                    && self.speaks(*suspending, at)?
                {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The document says that it lapses in part, and a later text of the named rank decides the same task here.
    fn lapsed(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let document = self.document(provision);
        let (Some(lapses), Some(task)) = (self.rules[document].lapses, self.rules[provision].statement.task()) else {
            return Ok(false);
        };
        for later in self.sources.deciding(task) {
            let other = self.document(*later);
            let decides = matches!(self.rules[*later].statement, Statement::DecidedBy { .. });
            let named = self.rules[self.rules[other].kind].rank >= lapses.from_rank
                && self.rules.issued(*later) >= lapses.issued_from
                && self.rules.issued(*later) > self.rules[document].issued;
            if decides && named && other != document && self.speaks(*later, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The document in which the provision stands, whose rank it has.
    pub(super) fn document(&self, provision: ProvisionId) -> DocumentId {
        self.rules[self.rules[provision].text].document
    }

    /// A text of at least that rank stands as a whole, so that it can authorise others.
    pub(super) fn authorises(&self, document: DocumentId, rank: u32, at: Vantage) -> Found<bool, D> {
        if self.rules[self.rules[document].kind].rank < rank || !self.in_term(document, at)? {
            return Ok(false);
        }
        for act in self.sources.acts_on_whole(document) {
            let ends = self.effect_of(*act).is_some_and(|effect| effect != Effect::Restores);
            let own = u64::from(self.rules[self.rules[document].kind].rank) * 2;
            let later = self.rules.issued(*act) > self.rules[document].issued;
            if ends && later && self.effective_rank(*act, at)? >= own && self.speaks(*act, at)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
