//! Stage 1 and 2: which provisions are in force at a point, and which of them their issuer was competent to make.
//!
//! Acts form an acyclic graph (an act hits only what was issued before it), so "in force when no act in force hits it" has
//! one solution.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::applies::any;
use super::{At, Judged, persists};
use crate::register::LocalityId;
use crate::rulebook::{
    ActKind, Deciders, Document, DocumentId, Provision, ProvisionId, Seat, SeatAt, Statement, TransferForm,
};
use crate::ruling::Why;

impl At<'_> {
    /// Applies by its own terms and no act in force has ended, suspended or outdated it.
    pub(super) fn in_force(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        match self.applies(id, place) {
            Ok(applies) => Ok(applies && self.in_force_since(id, place)?),
            // What is ended everywhere need not be looked into: its conditions do not matter.
            Err(split) => match self.in_force_since(id, place) {
                Ok(false) => Ok(false),
                Ok(true) | Err(_) => Err(split),
            },
        }
    }

    /// In force and competent: the provision speaks.
    pub(super) fn speaks(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        Ok(self.in_force(id, place)? && self.incompetent(id)?.is_none())
    }

    /// No act in force hits it; its own terms are not asked.
    pub(super) fn in_force_since(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        if let Some(known) = self.in_force.borrow().get(&(id, place)) {
            return Ok(*known);
        }
        // `bind` refuses rules whose force depends on itself; should one get here, it stops here.
        if !self.judging.borrow_mut().insert(((id, place), self.clock)) {
            return Ok(true);
        }
        let ended = self.ended(id, place);
        self.judging.borrow_mut().remove(&((id, place), self.clock));
        let free = ended?.is_none();
        self.in_force.borrow_mut().insert((id, place), free);
        Ok(free)
    }

    /// What ended the provision, if something did: the first in order of id, so that the record is stable.
    pub(super) fn ended(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<Option<Why>> {
        for act in self.support.hit_by.get(&id).map_or(&[][..], Vec::as_slice) {
            if self.hits(*act, id, place)? {
                return Ok(Some(Why::Ended { by: *act }));
            }
        }
        self.lapsed(id)
    }

    fn hits(&self, act: ProvisionId, target: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        let Statement::Act { kind, .. } = self.rulebook[act].statement else { return Ok(false) };
        let reaches = match kind {
            ActKind::Annuls => true,
            // A completed repeal is not undone by the repeal of its text, nor by its suspension, unless the suspending text
            // says so (`restores`).
            ActKind::Amends | ActKind::Repeals | ActKind::Replaces | ActKind::Suspends => {
                !persists(self.rulebook, target) || self.rulebook.start(act) <= self.rulebook.start(target)
            }
            ActKind::Restores => false,
        };
        if !reaches || !self.may_end(act, self.rank(target)) || !self.speaks(act, place)? {
            return Ok(false);
        }
        match kind {
            ActKind::Annuls | ActKind::Suspends | ActKind::Restores => Ok(true),
            ActKind::Amends | ActKind::Repeals | ActKind::Replaces => Ok(!self.restored(act, target, place)?),
        }
    }

    /// Within its term, and not ended or suspended as a whole.
    pub(super) fn document_stands(&self, document: DocumentId, place: Option<LocalityId>) -> Judged<bool> {
        if !self.document_in_force(document, place)? {
            return Ok(false);
        }
        let acts = self.support.ended_by.get(&document).map_or(&[][..], Vec::as_slice);
        for act in acts {
            let rank = self.rulebook[self.rulebook[document].kind].rank;
            if self.ends_whole(*act) && self.may_end(*act, rank) && self.speaks(*act, place)? {
                let mut restored = false;
                for other in acts {
                    restored |= self.restores(*other)
                        && self.rulebook.issued(*other) > self.rulebook.issued(*act)
                        && self.speaks(*other, place)?;
                }
                if !restored {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn ends_whole(&self, act: ProvisionId) -> bool {
        let Statement::Act { kind, .. } = self.rulebook[act].statement else { return false };
        match kind {
            ActKind::Repeals | ActKind::Replaces | ActKind::Annuls | ActKind::Suspends => true,
            ActKind::Amends | ActKind::Restores => false,
        }
    }

    fn restores(&self, act: ProvisionId) -> bool {
        matches!(self.rulebook[act].statement, Statement::Act { kind: ActKind::Restores, .. })
    }

    /// No text ends one of higher rank, unless its own document prevails over texts of that rank.
    fn may_end(&self, act: ProvisionId, rank: u32) -> bool {
        let document = self.rulebook[self.rulebook[act].text].enacted_by;
        let claims = self.rulebook[document].prevails.map_or(0, |claim| claim.up_to);
        self.rulebook[self.rulebook[document].kind].rank.max(claims) >= rank
    }

    /// Whether a restoring sentence is about what this act had ended: its document suspends the act, or suspends nothing.
    fn answers(&self, restoring: ProvisionId, act: ProvisionId) -> bool {
        let enacted_by = |id: ProvisionId| self.rulebook[self.rulebook[id].text].enacted_by;
        let mut suspends = false;
        // What it suspends of other tasks counts too: it still restores only what that had ended.
        let of_document = |provision: &&Provision| self.rulebook[provision.text].enacted_by == enacted_by(restoring);
        for provision in self.rulebook.provisions.iter().filter(of_document) {
            if let Statement::Act { kind: ActKind::Suspends, hits, documents } = &provision.statement {
                if hits.contains(&act) || documents.contains(&enacted_by(act)) {
                    return true;
                }
                suspends = true;
            }
        }
        !suspends
    }

    /// A later text in force restores what the act had ended.
    fn restored(&self, act: ProvisionId, target: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        for other in self.support.hit_by.get(&target).map_or(&[][..], Vec::as_slice) {
            if self.restores(*other)
                && self.rulebook.issued(*other) > self.rulebook.issued(act)
                && self.answers(*other, act)
                && self.speaks(*other, place)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Partial lapse: the document says that its sentences yield where a later text of some rank decides the same task, at
    /// whichever place that text is read.
    fn lapsed(&self, id: ProvisionId) -> Judged<Option<Why>> {
        let text = &self.rulebook[self.rulebook[id].text];
        let (Some(lapses), Some(task)) = (self.rulebook[text.document].lapses, self.rulebook[id].statement.task())
        else {
            return Ok(None);
        };
        for other in &self.rulebook[task].provisions {
            let later = self.rulebook.issued(*other) >= lapses.issued_from
                && self.rulebook.issued(*other) > self.rulebook.issued(id)
                && self.rank(*other) >= lapses.from_rank;
            if later && decides(&self.rulebook[*other].statement) && self.of_task(task).decides_somewhere(*other)? {
                return Ok(Some(Why::Lapsed { by: *other }));
            }
        }
        Ok(None)
    }

    /// Whether a sentence on who decides speaks at one of the places at which it is read.
    fn decides_somewhere(&self, id: ProvisionId) -> Judged<bool> {
        any(self.deciding_places(id).into_iter().map(|place| self.speaks(id, place)))
    }

    /// The places at which a sentence on who decides is read; none where all of its seats fall away.
    pub(super) fn deciding_places(&self, id: ProvisionId) -> BTreeSet<Option<LocalityId>> {
        match &self.rulebook[id].statement {
            Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } => {
                let counting = seats.iter().filter(|candidate| self.counts(candidate));
                counting.map(|candidate| self.place_of(candidate.seat)).collect()
            }
            Statement::DecidedBy { by: Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
            | Statement::NotRequired { .. }
            | Statement::Governs { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Transfer { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::Widens { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Handling { .. }
            | Statement::Act { .. }
            | Statement::Extends { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. }
            | Statement::Tabulates { .. } => BTreeSet::from([self.site()]),
        }
    }

    pub(super) fn rank(&self, id: ProvisionId) -> u32 {
        let document = self.rulebook[self.rulebook[id].text].document;
        self.rulebook[self.rulebook[document].kind].rank
    }

    /// Stage 2: why the issuer could not say this, if so.
    pub(super) fn incompetent(&self, id: ProvisionId) -> Judged<Option<Why>> {
        let provision = &self.rulebook[id];
        let document = self.rulebook[provision.text].enacted_by;
        let kind = &self.rulebook[self.rulebook[document].kind];
        let may = match provision.statement {
            Statement::Transfer { form: TransferForm::Decentralise, .. } => kind.may_decentralise,
            Statement::Transfer { form: TransferForm::Entrust, .. } => kind.may_entrust,
            Statement::Transfer { form: TransferForm::Delegate, .. } => kind.may_delegate,
            // A document may always end or change what its own issuer said by a document of that kind.
            Statement::Act { .. } | Statement::Extends { .. } => {
                kind.may_assign || kind.may_decentralise || kind.may_entrust || kind.may_delegate
            }
            Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Governs { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::Widens { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Handling { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. }
            | Statement::Tabulates { .. } => kind.may_assign,
        };
        Ok(if !may {
            Some(Why::Incompetent)
        } else if self.issuer_existed(document)? {
            None
        } else {
            Some(Why::IssuerAbsent)
        })
    }

    /// Whether the issuer existed on the day of issue: by its declaration, in the register, and by the law of that day.
    fn issuer_existed(&self, document: DocumentId) -> Judged<bool> {
        let Document { issuer, issued, .. } = &self.rulebook[document];
        let body = &self.rulebook[issuer.body];
        let Some(unit) = issuer.unit else { return Ok(body.days.contains(*issued)) };
        if !self.issuers.borrow_mut().insert(document) {
            return Ok(true);
        }
        // What is being found out of today is not asked of that day, though it be the same one.
        let then = Self { judging: Rc::default(), ..self.at_clock(*issued) };
        let existed = then.exists(Seat { body: issuer.body, at: SeatAt::Unit(unit) });
        self.issuers.borrow_mut().remove(&document);
        existed
    }
}

/// Whether the sentence settles who decides, so that an older text on the same task can lapse for it.
fn decides(statement: &Statement) -> bool {
    match statement {
        Statement::DecidedBy {
            by: Deciders::Seats { .. } | Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_),
            ..
        }
        | Statement::NotRequired { .. } => true,
        // What passes a task on needs the sentence that it passes on, and what governs one says nothing itself.
        Statement::Passes { .. }
        | Statement::Governs { .. }
        | Statement::Succeeded { .. }
        | Statement::Transfer { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. }
        | Statement::Tabulates { .. } => false,
    }
}
