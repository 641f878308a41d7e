//! WIN: which of several sentences prevails. First displacement by name, then effective rank, then, for one issuer, the
//! later. The order is a strict partial one, so that something is always unbeaten. There is no implicit *lex specialis*.

use std::collections::BTreeSet;

use super::{At, Judged};
use crate::register::LocalityId;
use crate::rulebook::{DocumentId, ProvisionId, Statement};
use crate::ruling::Why;

/// Who lost, and why.
pub(super) type Losers = Vec<(ProvisionId, Why)>;

impl At<'_> {
    /// The unbeaten sentences of a set that speaks, sorted. Never empty when the set is not.
    pub(super) fn win(&self, candidates: &[ProvisionId], place: Option<LocalityId>) -> Judged<Vec<ProvisionId>> {
        Ok(self.contest(candidates, place)?.0)
    }

    /// The same, with why each of the others lost.
    pub(super) fn contest(
        &self,
        candidates: &[ProvisionId],
        place: Option<LocalityId>,
    ) -> Judged<(Vec<ProvisionId>, Losers)> {
        let candidates: BTreeSet<ProvisionId> = candidates.iter().copied().collect();
        let mut lost = Vec::new();
        let standing = self.undisplaced(&candidates, place, &mut lost)?;
        let mut winners = Vec::new();
        for id in &standing {
            let mut beaten = None;
            for other in &standing {
                if beaten.is_none() {
                    beaten = self.beaten_by(*id, *other, place)?;
                }
            }
            match beaten {
                Some(why) => lost.push((*id, why)),
                None => winners.push(*id),
            }
        }
        Ok((winners, lost))
    }

    fn beaten_by(&self, id: ProvisionId, other: ProvisionId, place: Option<LocalityId>) -> Judged<Option<Why>> {
        if self.adds(other) && !self.adds(id) {
            return Ok(None);
        }
        let (own, its) = (self.effective_rank(id, place)?, self.effective_rank(other, place)?);
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
    fn effective_rank(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<u32> {
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

    fn authorises(&self, document: DocumentId, rank: u32, place: Option<LocalityId>) -> Judged<bool> {
        Ok(self.rulebook[self.rulebook[document].kind].rank >= rank && self.document_stands(document, place)?)
    }

    /// The grounded solution of displacement by name: out is what something that stays displaces.
    fn undisplaced(
        &self,
        candidates: &BTreeSet<ProvisionId>,
        place: Option<LocalityId>,
        lost: &mut Losers,
    ) -> Judged<BTreeSet<ProvisionId>> {
        let mut displaces = Vec::new();
        for by in candidates {
            for id in candidates {
                if by != id && self.displaces(*by, *id, place)? {
                    displaces.push((*by, *id));
                }
            }
        }
        let mut stays = BTreeSet::new();
        let mut out = BTreeSet::new();
        loop {
            let before = (stays.len(), out.len());
            for id in candidates {
                let mut displacers = displaces.iter().filter(|(_, displaced)| displaced == id).map(|(by, _)| by);
                if displacers.clone().all(|by| out.contains(by)) {
                    stays.insert(*id);
                } else if let Some(by) = displacers.find(|by| stays.contains(*by))
                    && out.insert(*id)
                {
                    lost.push((*id, Why::Displaced { by: *by }));
                }
            }
            if before == (stays.len(), out.len()) {
                break;
            }
        }
        // What displaces itself in a circle is left in, so that the conflict shows.
        Ok(candidates.difference(&out).copied().collect())
    }

    fn displaces(&self, by: ProvisionId, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        if self.rulebook[id].yields.contains(&by) {
            return Ok(true);
        }
        for claim in self.rulebook[by].prevails.iter().filter(|claim| claim.over.contains(&id)) {
            let founded = match claim.by {
                Some(document) => self.authorises(document, self.rank(id), place)?,
                None => self.rank(by) >= self.rank(id),
            };
            if founded {
                return Ok(true);
            }
            self.lose(by, Why::UnfoundedClaim);
        }
        Ok(false)
    }
}
