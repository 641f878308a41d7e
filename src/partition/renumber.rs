//! A partition of an older rulebook in the numbers of a newer one in which the task is the same. The diagrams stay: they know no
//! sentence. Knows not when a task is the same.

use super::Partition;
use crate::resolution::{Beside, Holding};
use crate::rulebook::kindred::Numbers;
use crate::ruling::{Aside, Ground};

impl Partition {
    /// The same partition in new numbers; `None` where a sentence has none, or the partition also says where something is wrong
    /// with its sentences.
    #[must_use]
    pub fn renumbered(&self, numbers: &Numbers) -> Option<Self> {
        if !self.faults.is_empty() {
            return None;
        }
        let grounds = |old: &[Ground]| {
            let one = |ground: &Ground| Some(Ground { provision: numbers.provision(ground.provision)?, ..*ground });
            old.iter().map(one).collect::<Option<Vec<Ground>>>()
        };
        let holding = |old: &Option<Holding>| {
            let Some(old) = old else { return Some(None) };
            Some(Some(Holding { grounds: grounds(&old.grounds)?, ..old.clone() }))
        };
        let beside = |old: &Beside| Some(Beside { grounds: grounds(&old.grounds)?, ..old.clone() });
        let aside = |(aside, edge): &(Aside, _)| {
            let own = match aside {
                Aside::Sentence(sentence) => Aside::Sentence(numbers.provision(*sentence)?),
                Aside::Slot(slot) => Aside::Slot(*slot),
            };
            Some((own, *edge))
        };
        Some(Self {
            frame: self.frame.renumbered(numbers)?,
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
