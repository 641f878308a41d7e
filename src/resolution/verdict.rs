//! From lines to the holding: what is impossible or not covered, who still stands, and what is said of it.

use std::collections::BTreeSet;

use crate::rulebook::ProvisionId;
use crate::ruling::{Ground, Holder, Outcome, Step};

use super::case::{Case, Found, Vantage};
use super::holding::Lines;
use super::transfer::Until;
use super::{Clock, Dossier, Holding, Query, Sources};

/// Who holds the sources' task, and by what. `None` where the catalogue declares the point impossible, or where the law
/// classifies a fact otherwise than it is given.
///
/// # Errors
/// When the dossier's answer to something that matters is not settled.
pub fn holding<D: Dossier>(sources: &Sources<'_>, dossier: &D) -> Result<Option<Holding>, D::Unsettled> {
    Case::new(sources, dossier).holding()
}

impl<D: Dossier> Case<'_, '_, D> {
    fn holding(&self) -> Found<Option<Holding>, D> {
        let task = self.sources.task;
        let at = Vantage { site: self.sources.site(task), clock: Clock::Now };
        if self.impossible(at)? {
            return Ok(None);
        }
        if !self.covered(task, at.clock)? {
            return Ok(Some(self.said(Lines::nobody(Outcome::NotCovered), Vec::new(), false)));
        }
        let held = self.followed(task, at.clock, Until::End)?.held;
        self.stood(held).map(Some)
    }

    fn impossible(&self, at: Vantage) -> Found<bool, D> {
        for (index, condition) in self.rules[self.sources.task].impossible.iter().enumerate() {
            let derived = self.derived_in(condition, at)?;
            if self.ask(Query::Impossible(self.sources.task, index, derived))? {
                return Ok(true);
            }
        }
        for fact in self.sources.classified() {
            if let Some(value) = self.derived(fact, at)?
                && !self.ask(Query::Is(fact, value))?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A holder that does not exist decides nothing; when none does, the task is orphaned.
    fn stood(&self, mut held: Lines) -> Found<Holding, D> {
        if !held.hold() {
            return Ok(self.said(held, Vec::new(), false));
        }
        let (mut standing, mut abolishing) = (Vec::new(), Vec::new());
        for line in &held.lines {
            let existence = self.existence(line.holder.seat, Clock::Now)?;
            if existence.exists {
                standing.push(line.clone());
            } else {
                abolishing.extend(existence.abolished);
            }
        }
        if standing.is_empty() {
            held.outcome = Outcome::Orphaned;
            abolishing.sort();
            return Ok(self.said(held, abolishing, false));
        }
        let of_several = self.of_several(&standing, Clock::Now)?;
        held.outcome = if standing.len() > 1 || of_several { Outcome::Concurrent } else { Outcome::Decided };
        held.lines = standing;
        Ok(self.said(held, Vec::new(), of_several))
    }

    fn said(&self, held: Lines, abolishing: Vec<ProvisionId>, of_several: bool) -> Holding {
        let mut grounds: Vec<Ground> = Vec::new();
        let of_lines = held.lines.iter().flat_map(|line| line.grounds.iter().copied());
        let abolishes = abolishing.into_iter().map(|provision| Ground { step: Step::Abolishes, provision });
        for ground in of_lines.chain(held.grounds.iter().copied()).chain(abolishes) {
            if !grounds.contains(&ground) {
                grounds.push(ground);
            }
        }
        let holders: BTreeSet<Holder> = held.lines.iter().map(|line| line.holder).collect();
        let unread = self.unread.borrow();
        Holding {
            outcome: held.outcome,
            holders: holders.into_iter().collect(),
            sharing: held.sharing.filter(|_| held.outcome == Outcome::Concurrent),
            conflict: held.conflict,
            of_several,
            framework_unread: grounds.iter().any(|ground| unread.contains(&ground.provision)),
            grounds,
        }
    }
}
