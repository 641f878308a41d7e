//! Who prevails among sentences that speak to one question: displacement by name, then effective rank, then, for one issuer,
//! the later. Knows nothing of what the sentences say, but that `also` yields its place to nobody and takes nobody's.

use std::collections::BTreeSet;

use crate::rulebook::{ProvisionId, Statement, TaskId};

use super::case::{Case, Found, Vantage};
use super::{Clock, Dossier};

/// A sentence, from where it is read.
pub(super) type Read = (ProvisionId, Vantage);

impl<D: Dossier> Case<'_, '_, D> {
    /// The unbeaten among those that speak, in order of id. Conditions are asked only of what nothing stronger beats.
    pub(super) fn prevailing(&self, candidates: &[ProvisionId], at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let candidates: Vec<Read> = candidates.iter().map(|candidate| (*candidate, at)).collect();
        Ok(self.prevailing_reads(&candidates)?.into_iter().map(|(winner, _)| winner).collect())
    }

    fn prevailing_reads(&self, candidates: &[Read]) -> Found<Vec<Read>, D> {
        let mut standing = Vec::new();
        for candidate in candidates {
            if self.stands(candidate.0, candidate.1)? {
                standing.push(*candidate);
            }
        }
        self.contest(&standing, |(one, at)| self.speaks(one, at))
    }

    /// The same among sentences on who decides a task, each as it is read at the places that it names.
    pub(super) fn prevailing_deciders(&self, task: TaskId, clock: Clock) -> Found<Vec<Read>, D> {
        let mut candidates = Vec::new();
        for sentence in self.sources.deciding(task) {
            for site in self.sites(task, *sentence)? {
                let at = Vantage { site, clock };
                if !self.governed(task, *sentence, at)? {
                    candidates.push((*sentence, at));
                }
            }
        }
        self.prevailing_reads(&candidates)
    }

    /// A later or higher text governs the task there as a whole, and the sentence is not in it.
    fn governed(&self, task: TaskId, sentence: ProvisionId, at: Vantage) -> Found<bool, D> {
        for governing in self.sources.governing(task) {
            let Statement::Governs { within, .. } = &self.rules[*governing].statement else { continue };
            let older = self.rules.issued(sentence) < self.rules.issued(*governing);
            let lower = self.rank(self.document(sentence)) < self.rank(self.document(*governing));
            if (older || lower) && !within.contains(&sentence) && self.speaks(*governing, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A sentence on who decides a task speaks at some of the places that it names.
    pub(super) fn decides(&self, task: TaskId, sentence: ProvisionId, clock: Clock) -> Found<bool, D> {
        for site in self.sites(task, sentence)? {
            if self.speaks(sentence, Vantage { site, clock })? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The unbeaten among sentences of which it is known that they speak.
    pub(super) fn unbeaten(&self, speaking: &[ProvisionId], at: Vantage) -> Found<Vec<ProvisionId>, D> {
        let speaking: Vec<Read> = speaking.iter().map(|one| (*one, at)).collect();
        Ok(self.contest(&speaking, |_| Ok(true))?.into_iter().map(|(winner, _)| winner).collect())
    }

    fn contest(&self, standing: &[Read], speaks: impl Fn(Read) -> Found<bool, D>) -> Found<Vec<Read>, D> {
        if self.named_in_displacement(standing).is_empty() {
            return self.strongest(standing, speaks);
        }
        let mut speaking = Vec::new();
        for candidate in standing {
            if speaks(*candidate)? {
                speaking.push(*candidate);
            }
        }
        self.strongest(&self.undisplaced(&speaking)?, |_| Ok(true))
    }

    /// Who displaces whom by name.
    fn named_in_displacement(&self, among: &[Read]) -> BTreeSet<(Read, Read)> {
        let mut edges = BTreeSet::new();
        for one in among {
            for other in among {
                let prevails = self.rules[one.0].prevails.iter().any(|claim| claim.over.contains(&other.0));
                if one.0 != other.0 && (prevails || self.rules[other.0].yields.contains(&one.0)) {
                    edges.insert((*one, *other));
                }
            }
        }
        edges
    }

    /// The grounded solution: what only the displaced displace stays.
    fn undisplaced(&self, speaking: &[Read]) -> Found<Vec<Read>, D> {
        let mut edges = Vec::new();
        for (one, other) in self.named_in_displacement(speaking) {
            if self.rules[other.0].yields.contains(&one.0) || self.founded(one, other.0)? {
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

    /// The one beats the other by name.
    pub(super) fn displaces(&self, one: Read, over: ProvisionId) -> Found<bool, D> {
        Ok(self.rules[over].yields.contains(&one.0) || self.founded(one, over)?)
    }

    /// A claim over a text of higher rank needs a text of that rank, in force, that authorises it; a claim that names such a
    /// text stands and falls with it.
    fn founded(&self, (one, at): Read, over: ProvisionId) -> Found<bool, D> {
        let rank = |of: ProvisionId| self.rules[self.rules[self.document(of)].kind].rank;
        for claim in self.rules[one].prevails.iter().filter(|claim| claim.over.contains(&over)) {
            let founded = match claim.by {
                Some(by) => self.authorises(by, rank(over), at)?,
                None => rank(one) >= rank(over),
            };
            if founded {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A sentence that speaks, or its document, claims to prevail over texts of a rank for which no text in force stands in.
    pub(super) fn claims_in_vain(&self, sentence: ProvisionId, at: Vantage) -> Found<bool, D> {
        let document = self.document(sentence);
        if let Some(claim) = self.rules[document].prevails
            && !self.authorises(claim.by, claim.up_to, at)?
        {
            return Ok(true);
        }
        for over in self.rules[sentence].prevails.iter().flat_map(|claim| &claim.over) {
            if !self.founded((sentence, at), *over)? && self.speaks(*over, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// From the strongest down, so that what is beaten need not be asked whether it speaks.
    fn strongest(&self, standing: &[Read], speaks: impl Fn(Read) -> Found<bool, D>) -> Found<Vec<Read>, D> {
        let mut ranked = Vec::new();
        for one in standing {
            ranked.push((self.effective_rank(*one)?, self.rules.issued(one.0), *one));
        }
        ranked.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
        let mut winners: Vec<Read> = Vec::new();
        let mut fallen: Vec<Read> = Vec::new();
        for (_, _, one) in ranked {
            let mut beaten = false;
            for other in &winners {
                beaten = beaten || self.beats(*other, one)?;
            }
            // What beats a sentence may itself be beaten by that sentence, read elsewhere.
            if winners.iter().any(|winner| winner.0 == one.0) {
                for other in &fallen {
                    beaten = beaten || (self.beats(*other, one)? && speaks(*other)?);
                }
            }
            if beaten {
                fallen.push(one);
            } else if speaks(one)? {
                winners.push(one);
            }
        }
        winners.sort();
        Ok(winners)
    }

    /// A sentence does not beat itself, read elsewhere.
    fn beats(&self, one: Read, other: Read) -> Found<bool, D> {
        if one.0 == other.0 || self.leaves(one.0, other.0) {
            return Ok(false);
        }
        let (rank, other_rank) = (self.effective_rank(one)?, self.effective_rank(other)?);
        let issuer = |of: ProvisionId| &self.rules[self.enacting(of)].issuer;
        let later = self.rules.issued(one.0) > self.rules.issued(other.0);
        Ok(rank > other_rank || (rank == other_rank && issuer(one.0) == issuer(other.0) && later))
    }

    /// "Is also decided by" leaves whoever is named without it.
    fn leaves(&self, one: ProvisionId, other: ProvisionId) -> bool {
        let also = |id: ProvisionId| matches!(self.rules[id].statement, Statement::DecidedBy { also: true, .. });
        also(one) && !also(other)
    }

    /// Twice the rank of the document, or one more than twice the rank up to which it prevails.
    fn effective_rank(&self, (provision, at): Read) -> Found<u64, D> {
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
