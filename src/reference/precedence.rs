//! WIN: which of several sentences prevails. First displacement by name, then effective rank, then, for one issuer, the
//! later. The order is a strict partial one, so that something is always unbeaten. There is no implicit *lex specialis*.

use std::collections::BTreeSet;

use super::{At, AtPlace, Judged};
use crate::register::LocalityId;
use crate::rulebook::{DocumentId, ProvisionId, Statement, TaskId};
use crate::ruling::Why;

/// Who lost, and why.
pub(super) type Losers = Vec<(ProvisionId, Why)>;

impl At<'_> {
    /// The unbeaten sentences of a set that speaks at a place, sorted. Never empty when the set is not.
    pub(super) fn win_at(&self, candidates: &[ProvisionId], place: Option<LocalityId>) -> Judged<Vec<ProvisionId>> {
        Ok(self.contest_at(candidates, place)?.0)
    }

    /// The same, with why each of the others lost.
    pub(super) fn contest_at(
        &self,
        candidates: &[ProvisionId],
        place: Option<LocalityId>,
    ) -> Judged<(Vec<ProvisionId>, Losers)> {
        let candidates: Vec<AtPlace> = candidates.iter().map(|id| (*id, place)).collect();
        let (winners, lost) = self.contest(&candidates)?;
        Ok((winners.into_iter().map(|(id, _)| id).collect(), lost))
    }

    /// The unbeaten among sentences that speak, each as it is read at a place: a sentence does not beat itself elsewhere.
    pub(super) fn contest(&self, candidates: &[AtPlace]) -> Judged<(Vec<AtPlace>, Losers)> {
        let candidates: BTreeSet<AtPlace> = candidates.iter().copied().collect();
        let mut lost = Vec::new();
        let standing = self.undisplaced(&candidates, &mut lost)?;
        let mut winners = Vec::new();
        for read in &standing {
            let mut beaten = None;
            for other in standing.iter().filter(|other| other.0 != read.0) {
                if beaten.is_none() {
                    beaten = self.beaten_by(*read, *other)?;
                }
            }
            match beaten {
                Some(why) => lost.push((read.0, why)),
                None => winners.push(*read),
            }
        }
        Ok((winners, lost))
    }

    /// What governs the task at a place, so that this sentence of an older or lower text does not speak there.
    pub(super) fn governed(
        &self,
        task: TaskId,
        id: ProvisionId,
        place: Option<LocalityId>,
    ) -> Judged<Option<ProvisionId>> {
        for by in &self.rulebook[task].provisions {
            if let Statement::Governs { within, .. } = &self.rulebook[*by].statement
                && !within.contains(&id)
                && (self.rulebook.issued(id) < self.rulebook.issued(*by) || self.rank(id) < self.rank(*by))
                && self.speaks(*by, place)?
            {
                return Ok(Some(*by));
            }
        }
        Ok(None)
    }

    fn beaten_by(&self, read: AtPlace, by: AtPlace) -> Judged<Option<Why>> {
        let (id, other) = (read.0, by.0);
        if self.adds(other) && !self.adds(id) {
            return Ok(None);
        }
        let (own, its) = (self.effective_rank(read)?, self.effective_rank(by)?);
        Ok(if its > own {
            Some(Why::LowerRank { than: other })
        } else if its == own && self.one_issuer(id, other) && self.rulebook.issued(other) > self.rulebook.issued(id) {
            Some(Why::Earlier { than: other })
        } else {
            None
        })
    }

    /// "Is also decided by" adds a decider; it beats none that another sentence names.
    fn adds(&self, id: ProvisionId) -> bool {
        matches!(self.rulebook[id].statement, Statement::DecidedBy { also: true, .. })
    }

    fn one_issuer(&self, a: ProvisionId, b: ProvisionId) -> bool {
        let issuer = |id: ProvisionId| &self.rulebook[self.rulebook[self.rulebook[id].text].enacted_by].issuer;
        issuer(a) == issuer(b)
    }

    /// Twice the rank of its document, or one more than twice the rank up to which the document prevails, while the text
    /// that authorises this is in force and of that rank.
    fn effective_rank(&self, (id, place): AtPlace) -> Judged<u32> {
        let own = self.rank(id) * 2;
        let document = self.rulebook[self.rulebook[id].text].document;
        let Some(claim) = self.rulebook[document].prevails else { return Ok(own) };
        if self.authorises(claim.by, claim.up_to, place)? {
            Ok(own.max(claim.up_to * 2 + 1))
        } else {
            self.lose(id, Why::UnfoundedClaim);
            Ok(own)
        }
    }

    pub(super) fn authorises(&self, document: DocumentId, rank: u32, place: Option<LocalityId>) -> Judged<bool> {
        Ok(self.rulebook[self.rulebook[document].kind].rank >= rank && self.document_stands(document, place)?)
    }

    /// The grounded solution of displacement by name: out is what something that stays displaces.
    fn undisplaced(&self, candidates: &BTreeSet<AtPlace>, lost: &mut Losers) -> Judged<BTreeSet<AtPlace>> {
        let mut displaces = Vec::new();
        for by in candidates {
            for read in candidates {
                if by.0 != read.0 && self.displaces(*by, read.0)? {
                    displaces.push((*by, *read));
                }
            }
        }
        let mut stays = BTreeSet::new();
        let mut out = BTreeSet::new();
        loop {
            let before = (stays.len(), out.len());
            for read in candidates {
                let mut displacers = displaces.iter().filter(|(_, displaced)| displaced == read).map(|(by, _)| by);
                if displacers.clone().all(|by| out.contains(by)) {
                    stays.insert(*read);
                } else if let Some(by) = displacers.find(|by| stays.contains(*by))
                    && out.insert(*read)
                {
                    lost.push((read.0, Why::Displaced { by: by.0 }));
                }
            }
            if before == (stays.len(), out.len()) {
                break;
            }
        }
        // What displaces itself in a circle is left in, so that the conflict shows.
        Ok(candidates.difference(&out).copied().collect())
    }

    pub(super) fn displaces(&self, (by, place): AtPlace, id: ProvisionId) -> Judged<bool> {
        if self.rulebook[id].yields.contains(&by) {
            return Ok(true);
        }
        if self.claims_over(by, id, place)? {
            return Ok(true);
        }
        if self.rulebook[by].prevails.iter().any(|claim| claim.over.contains(&id)) {
            self.lose(by, Why::UnfoundedClaim);
        }
        Ok(false)
    }

    /// A claim to prevail over a sentence by name, with the rank or the authorising text that it needs.
    pub(super) fn claims_over(&self, by: ProvisionId, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        for claim in self.rulebook[by].prevails.iter().filter(|claim| claim.over.contains(&id)) {
            let founded = match claim.by {
                Some(document) => self.authorises(document, self.rank(id), place)?,
                None => self.rank(by) >= self.rank(id),
            };
            if founded {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
