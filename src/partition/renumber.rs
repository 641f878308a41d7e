//! A partition of an older rulebook in the numbers of a newer one in which the task is the same. The diagrams stay: they know no
//! sentence. Knows not when a task is the same.

use super::Partition;
use crate::applicability::Frame;
use crate::resolution::{Beside, Holding, Sources};
use crate::rulebook::{ProvisionId, Rulebook, TaskId};
use crate::ruling::{Aside, Ground};

impl Partition {
    /// The same partition for a task of another rulebook whose sentences are these in their order; `None` where one has no
    /// number there, or the partition also says where something is wrong with its sentences.
    #[must_use]
    pub fn renumbered(
        &self,
        rulebook: &Rulebook,
        task: TaskId,
        number: impl Fn(ProvisionId) -> Option<ProvisionId>,
    ) -> Option<Self> {
        if !self.faults.is_empty() {
            return None;
        }
        let grounds = |old: &[Ground]| {
            let one = |ground: &Ground| Some(Ground { provision: number(ground.provision)?, ..*ground });
            old.iter().map(one).collect::<Option<Vec<Ground>>>()
        };
        let holding = |old: &Option<Holding>| {
            let Some(old) = old else { return Some(None) };
            Some(Some(Holding { grounds: grounds(&old.grounds)?, ..old.clone() }))
        };
        let beside = |old: &Beside| Some(Beside { grounds: grounds(&old.grounds)?, ..old.clone() });
        let aside = |(aside, edge): &(Aside, _)| {
            let own = match aside {
                Aside::Sentence(sentence) => Aside::Sentence(number(*sentence)?),
                Aside::Slot(slot) => Aside::Slot(*slot),
            };
            Some((own, *edge))
        };
        Some(Self {
            frame: Frame::new(rulebook, &Sources::new(rulebook, task)),
            patterns: self.patterns.clone(),
            diagrams: self.diagrams.clone(),
            holding: self.holding,
            beside: self.beside.iter().map(aside).collect::<Option<_>>()?,
            values: self.values.clone(),
            holdings: self.holdings.iter().map(holding).collect::<Option<_>>()?,
            besides: self.besides.iter().map(beside).collect::<Option<_>>()?,
            faults: Vec::new(),
            found: self.found.clone(),
            regions: self.regions,
        })
    }
}
