//! Who prevails among sentences that speak to one question: displacement by name, then effective rank, then, for one issuer,
//! the later. Knows nothing of what the sentences say, but that `also` yields its place to nobody and takes nobody's.

use std::collections::BTreeSet;

use crate::rulebook::{Deciders, ProvisionId, Statement};

use super::Dossier;
use super::case::{Case, Found, Vantage};

impl<D: Dossier> Case<'_, '_, D> {
    /// The unbeaten among those that speak, in order of id. Conditions are asked only of what nothing stronger beats.
    pub(super) fn prevailing(&self, candidates: &[ProvisionId], at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let mut standing = Vec::new();
        for candidate in candidates {
            if self.stands(*candidate, at)? {
                standing.push(*candidate);
            }
        }
        let involved = self.named_in_displacement(&standing);
        if !involved.is_empty() {
            let mut speaking = Vec::new();
            for candidate in standing {
                if self.speaks(candidate, at)? {
                    speaking.push(candidate);
                }
            }
            standing = self.undisplaced(&speaking, at)?;
        }
        self.unbeaten(standing, at)
    }

    /// Whoever displaces, or is displaced, by name, were it to speak.
    fn named_in_displacement(&self, among: &[ProvisionId]) -> BTreeSet<(ProvisionId, ProvisionId)> {
        let mut edges = BTreeSet::new();
        for one in among {
            for other in among {
                let prevails = self.rules[*one].prevails.iter().any(|claim| claim.over.contains(other));
                if one != other && (prevails || self.rules[*other].yields.contains(one)) {
                    edges.insert((*one, *other));
                }
            }
        }
        edges
    }

    /// The grounded solution: what only the displaced displace stays.
    fn undisplaced(&self, speaking: &[ProvisionId], at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let mut edges = Vec::new();
        for (one, other) in self.named_in_displacement(speaking) {
            if self.rules[other].yields.contains(&one) || self.founded(one, other, at)? {
                edges.push((one, other));
            }
        }
        let mut kept = BTreeSet::new();
        let mut displaced = BTreeSet::new();
        loop {
            let before = (kept.len(), displaced.len());
            for one in speaking {
                if edges.iter().all(|(by, over)| over != one || displaced.contains(by)) {
                    kept.insert(*one);
                }
            }
            displaced.extend(edges.iter().filter(|(by, _)| kept.contains(by)).map(|(_, over)| *over));
            if before == (kept.len(), displaced.len()) {
                break;
            }
        }
        Ok(speaking.iter().copied().filter(|one| !displaced.contains(one)).collect())
    }

    /// A claim over a text of higher rank needs a text of that rank, in force, that authorises it.
    fn founded(&self, one: ProvisionId, over: ProvisionId, at: Vantage) -> Found<bool, D> {
        let rank = |of: ProvisionId| self.rules[self.rules[self.document(of)].kind].rank;
        if rank(one) >= rank(over) {
            return Ok(true);
        }
        for claim in &self.rules[one].prevails {
            if let Some(by) = claim.by
                && claim.over.contains(&over)
                && self.authorises(by, rank(over), at)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn unbeaten(&self, standing: Vec<ProvisionId>, at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let mut ranked = Vec::new();
        for one in standing {
            ranked.push((self.effective_rank(one, at)?, self.rules.issued(one), one));
        }
        ranked.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
        let mut speaking: Vec<ProvisionId> = Vec::new();
        for (_, _, one) in ranked {
            let mut beaten = false;
            for other in &speaking {
                beaten = beaten || self.beats(*other, one, at)?;
            }
            if !beaten && self.speaks(one, at)? {
                speaking.push(one);
            }
        }
        speaking.sort();
        Ok(speaking)
    }

    fn beats(&self, one: ProvisionId, other: ProvisionId, at: Vantage) -> Found<bool, D> {
        if self.leaves(one, other) {
            return Ok(false);
        }
        let (rank, other_rank) = (self.effective_rank(one, at)?, self.effective_rank(other, at)?);
        let issuer = |of: ProvisionId| &self.rules[self.document(of)].issuer;
        let later = self.rules.issued(one) > self.rules.issued(other);
        Ok(rank > other_rank || (rank == other_rank && issuer(one) == issuer(other) && later))
    }

    /// "Is also decided by" leaves whoever else decides.
    fn leaves(&self, one: ProvisionId, other: ProvisionId) -> bool {
        match (&self.rules[one].statement, &self.rules[other].statement) {
            (
                Statement::DecidedBy { also: true, by: Deciders::Seats { seats, .. }, .. },
                Statement::DecidedBy { by: Deciders::Seats { seats: others, .. }, .. },
            ) => seats != others,
            (Statement::DecidedBy { also: true, .. }, Statement::DecidedBy { .. }) => true,
            _ => false,
        }
    }

    /// Twice the rank of the document, or one more than twice the rank up to which it prevails.
    pub(super) fn effective_rank(&self, provision: ProvisionId, at: Vantage) -> Found<u64, D> {
        let document = self.document(provision);
        self.ranks.or_find((document, at), || {
            let own = u64::from(self.rules[self.rules[document].kind].rank) * 2;
            let Some(prevails) = self.rules[document].prevails else { return Ok(own) };
            let lifted = u64::from(prevails.up_to) * 2 + 1;
            let founded = lifted > own && self.authorises(prevails.by, prevails.up_to, at)?;
            Ok(if founded { lifted } else { own })
        })
    }
}
