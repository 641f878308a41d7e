//! Which sentences speak: their own terms hold, they are competent, and no act in force has ended them. Knows what acts do to
//! texts; nothing of who wins among those that speak.

use jiff::civil::Date;

use crate::rulebook::{ActKind, Days, DocumentId, ProvisionId, ReadingId, Statement};

use super::case::{Case, Found, Vantage};
use super::{Clock, Dossier, Query};

/// What an act does to what it hits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Ends it for good; what stands in its stead goes on.
    Ends,
    /// Ends it for good, and the acts in it with it.
    Undoes,
    /// Ends it for a time.
    Suspends,
    /// Takes back what a suspended text had ended.
    Restores,
}

impl Effect {
    const fn of(kind: ActKind) -> Self {
        match kind {
            ActKind::Amends | ActKind::Repeals | ActKind::Replaces => Self::Ends,
            ActKind::Annuls => Self::Undoes,
            ActKind::Suspends => Self::Suspends,
            ActKind::Restores => Self::Restores,
        }
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
            self.open.standing((provision, at), || {
                Ok(self.may_say(provision)
                    && self.in_time(provision, at)?
                    && self.in_scope(provision, at)?
                    && self.issuer_existed(self.enacting(provision))?
                    && self.reading_taken(provision, at)?
                    && self.ended_by(provision, at)?.is_none())
            })
        })
    }

    /// All but the competence of whoever said it.
    pub(super) fn stands_if_competent(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        Ok(self.applies(provision, at)? && self.ended_by(provision, at)?.is_none())
    }

    /// The sentence applies by its own terms, as its text is read.
    pub(super) fn applies(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        Ok(self.in_time(provision, at)?
            && self.in_scope(provision, at)?
            && self.reading_taken(provision, at)?
            && self.terms(provision, at)?)
    }

    /// The sentence's own `in`, `when` and cited cases hold, whatever its days.
    pub(super) fn own_cases(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        Ok(self.in_scope(provision, at)? && self.terms(provision, at)?)
    }

    /// What ended the sentence: an act in force, or a later text for which it lapsed in part. The first in order of id.
    pub(super) fn ended_by(&self, provision: ProvisionId, at: Vantage) -> Found<Option<ProvisionId>, D> {
        match self.ended(provision, at)? {
            None => self.lapsed(provision, at),
            ended => Ok(ended),
        }
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

    fn in_scope(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let everywhere =
            self.rules[provision].scopes.is_empty() && self.rules[self.enacting(provision)].issuer.unit.is_none();
        if everywhere { Ok(true) } else { self.ask(Query::Scope(provision, at.site, at.clock)) }
    }

    /// The reading to which the sentence belongs is taken. Once settled, a text has always meant that: also where the clock is
    /// an earlier day.
    fn reading_taken(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let Some((reading, option)) = self.rules[provision].reading else { return Ok(true) };
        match self.settled(reading, at)? {
            Some(settled) => Ok(settled == option),
            None => self.ask(Query::Reading(reading, option)),
        }
    }

    fn settled(&self, reading: ReadingId, at: Vantage) -> Found<Option<u8>, D> {
        for (document, option) in &self.rules[reading].settled {
            if self.document_stands(*document, Vantage { clock: Clock::Now, ..at })? {
                return Ok(Some(*option));
            }
        }
        Ok(None)
    }

    /// The days of the sentence and of the documents on which it rests. What ends a text for good goes on without end, and an
    /// extension to the end that it names, whatever becomes of the text that says so.
    fn in_time(&self, provision: ProvisionId, at: Vantage) -> Found<bool, D> {
        let said = &self.rules[provision];
        let extends = matches!(said.statement, Statement::Extends { .. });
        if extends || self.lasts(provision) {
            return self.ask(Query::Begun(provision, at.clock));
        }
        let text = &self.rules[said.text];
        Ok((said.days == Days::default() || self.ask(Query::OwnDays(provision, at.clock))?)
            && self.in_term(text.document, at)?
            && self.in_term(text.enacted_by, at)?)
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
                && self.may_extend(*extension, document)
            {
                extensions.push((self.rules.start(*extension), *extension, *before));
            }
        }
        extensions.sort();
        let ends = self.rules[document].in_force.iter().map(|days| days.before.unwrap_or(Date::MAX));
        let mut end = ends.max().unwrap_or(Date::MIN);
        for (start, extension, before) in extensions {
            if start.is_none_or(|start| start <= end) && self.speaks(extension, at)? {
                if self.ask(Query::Extends(extension, at.clock))? {
                    return Ok(true);
                }
                end = end.max(before);
            }
        }
        Ok(false)
    }

    /// A text is extended by its own issuer's or a higher one.
    fn may_extend(&self, extension: ProvisionId, document: DocumentId) -> bool {
        let by = self.enacting(extension);
        self.rank(by) >= self.rank(document) || self.rules[by].issuer == self.rules[document].issuer
    }

    /// An act in force has ended the provision.
    fn ended(&self, provision: ProvisionId, at: Vantage) -> Found<Option<ProvisionId>, D> {
        for act in self.sources.acts(provision) {
            if self.can_hit(*act, provision)
                && self.stands(*act, at)?
                && !self.restored(provision, *act, at)?
                && self.speaks(*act, at)?
            {
                return Ok(Some(*act));
            }
        }
        Ok(None)
    }

    /// What is known of an act before it is asked whether it speaks. A completed act for good stays, but for an annulment.
    fn can_hit(&self, act: ProvisionId, provision: ProvisionId) -> bool {
        let completed = self.lasts(provision) && self.rules.start(act) > self.rules.start(provision);
        let reaches = match self.effect(act) {
            Some(Effect::Undoes) => true,
            Some(Effect::Ends | Effect::Suspends) => !completed,
            Some(Effect::Restores) | None => false,
        };
        reaches && self.may_end(act, self.rank(self.document(provision)))
    }

    /// No text ends one of higher rank, unless its own document prevails over texts of that rank.
    fn may_end(&self, act: ProvisionId, rank: u32) -> bool {
        let by = self.enacting(act);
        let claims = self.rules[by].prevails.map_or(0, |claim| claim.up_to);
        self.rank(by).max(claims) >= rank
    }

    fn lasts(&self, provision: ProvisionId) -> bool {
        matches!(self.rules[provision].statement, Statement::Act { kind, .. } if kind.lasts())
    }

    fn effect(&self, provision: ProvisionId) -> Option<Effect> {
        let Statement::Act { kind, .. } = self.rules[provision].statement else { return None };
        Some(Effect::of(kind))
    }

    /// A later text restores what the act had ended: one that suspends the act, or that suspends nothing.
    fn restored(&self, provision: ProvisionId, act: ProvisionId, at: Vantage) -> Found<bool, D> {
        if self.effect(act) != Some(Effect::Ends) {
            return Ok(false);
        }
        for restoring in self.sources.acts(provision) {
            if self.effect(*restoring) == Some(Effect::Restores)
                && self.rules.issued(*restoring) > self.rules.issued(act)
                && self.answers(*restoring, act)
                && self.speaks(*restoring, at)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn answers(&self, restoring: ProvisionId, act: ProvisionId) -> bool {
        let suspensions = self.sources.suspensions(self.enacting(restoring));
        let of_act = |suspension: &ProvisionId| {
            matches!(&self.rules[*suspension].statement,
                Statement::Act { hits, documents, .. } if hits.contains(&act) || documents.contains(&self.enacting(act)))
        };
        suspensions.is_empty() || suspensions.iter().any(of_act)
    }

    /// The document says that it lapses in part, and a later text of the named rank settles here who decides the same task.
    fn lapsed(&self, provision: ProvisionId, at: Vantage) -> Found<Option<ProvisionId>, D> {
        let lapses = self.rules[self.document(provision)].lapses;
        let (Some(lapses), Some(task)) = (lapses, self.rules[provision].statement.task()) else { return Ok(None) };
        for other in self.sources.deciding(task) {
            let issued = self.rules.issued(*other);
            let later = issued >= lapses.issued_from && issued > self.rules.issued(provision);
            if later && self.rank(self.document(*other)) >= lapses.from_rank && self.decides(task, *other, at.clock)? {
                return Ok(Some(*other));
            }
        }
        Ok(None)
    }

    /// The document in which the provision stands, whose rank it has.
    pub(super) fn document(&self, provision: ProvisionId) -> DocumentId {
        self.rules[self.rules[provision].text].document
    }

    /// The document that gave the provision its wording, whose issuer answers for it.
    pub(super) fn enacting(&self, provision: ProvisionId) -> DocumentId {
        self.rules[self.rules[provision].text].enacted_by
    }

    pub(super) fn rank(&self, document: DocumentId) -> u32 {
        self.rules[self.rules[document].kind].rank
    }

    /// A text of at least that rank stands as a whole, so that it can authorise others.
    pub(super) fn authorises(&self, document: DocumentId, rank: u32, at: Vantage) -> Found<bool, D> {
        Ok(self.rank(document) >= rank && self.document_stands(document, at)?)
    }

    /// Within its term, and not ended or suspended as a whole.
    fn document_stands(&self, document: DocumentId, at: Vantage) -> Found<bool, D> {
        if !self.in_term(document, at)? {
            return Ok(false);
        }
        for act in self.sources.acts_on_whole(document) {
            if self.ends_whole(*act, document) && self.speaks(*act, at)? && !self.restored_whole(document, *act, at)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn ends_whole(&self, act: ProvisionId, document: DocumentId) -> bool {
        let Statement::Act { kind, .. } = self.rules[act].statement else { return false };
        let ends = match kind {
            ActKind::Repeals | ActKind::Replaces | ActKind::Annuls | ActKind::Suspends => true,
            ActKind::Amends | ActKind::Restores => false,
        };
        ends && self.rules.issued(act) > self.rules[document].issued && self.may_end(act, self.rank(document))
    }

    fn restored_whole(&self, document: DocumentId, act: ProvisionId, at: Vantage) -> Found<bool, D> {
        for other in self.sources.acts_on_whole(document) {
            if self.effect(*other) == Some(Effect::Restores)
                && self.rules.issued(*other) > self.rules.issued(act)
                && self.speaks(*other, at)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
