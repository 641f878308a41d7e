//! What lost, and why: every sentence that applies by its own terms in some case that a question leaves open, and does not
//! speak there. Asked of the reference, which says it point by point; diagrams do not hold it.

use std::collections::BTreeSet;

use super::Asked;
use crate::reference::{Case, Judgement, Support, judge};
use crate::register::LocalityId;
use crate::ruling::{BadQuestion, Loss};

impl Asked<'_> {
    /// Sorted, without repeats.
    pub(super) fn losses(&self) -> Result<Vec<Loss>, BadQuestion> {
        let support = Support::new(self.rulebook, self.question.task);
        let facts = support.possible(&self.question.facts).ok_or(BadQuestion::Impossible)?;
        let mut losses = BTreeSet::new();
        for case in &self.cases {
            let mut places: Vec<Vec<LocalityId>> = vec![Vec::new()];
            for role in case {
                let longer = |chosen: &Vec<LocalityId>, place: &LocalityId| {
                    chosen.iter().chain([place]).copied().collect::<Vec<_>>()
                };
                places = places.iter().flat_map(|chosen| role.iter().map(|place| longer(chosen, place))).collect();
            }
            for places in places {
                let readings = vec![None; support.readings.len()];
                let mut open = vec![Case { day: self.question.on, places, facts: facts.clone(), readings }];
                while let Some(case) = open.pop() {
                    self.budget.set(self.budget.get().checked_sub(1).ok_or(BadQuestion::TooWide)?);
                    match judge(&support, &case) {
                        Ok(Judgement::Ruling(ruling)) => losses.extend(ruling.record),
                        Ok(Judgement::Impossible) => {}
                        Err(split) => open.extend(support.divide(&case, &split)),
                    }
                }
            }
        }
        Ok(losses.into_iter().collect())
    }
}
