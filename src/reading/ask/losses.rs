//! What lost, and why: every sentence that applies by its own terms in some case that a question leaves open, and does not
//! speak there. Asked of the reference, which says it point by point; diagrams do not hold it.

use std::collections::BTreeSet;

use super::Asked;
use crate::reference::{Case, Judgement, Support, judge};
use crate::register::{LevelId, LocalityId};
use crate::ruling::{BadQuestion, Loss};

impl Asked<'_> {
    /// Sorted, without repeats.
    pub(super) fn losses(&self) -> Result<Vec<Loss>, BadQuestion> {
        let support = Support::new(self.rulebook, self.question.task);
        let facts = support.possible(&self.question.facts).ok_or(BadQuestion::Impossible)?;
        let spans: Vec<Option<LevelId>> = (0..support.roles.len()).map(|role| self.highest_spanned(role)).collect();
        let mut losses = BTreeSet::new();
        for case in &self.cases {
            let mut places: Vec<Vec<LocalityId>> = vec![Vec::new()];
            for role in case {
                let longer = |chosen: &Vec<LocalityId>, place: &LocalityId| {
                    chosen.iter().chain([place]).copied().collect::<Vec<_>>()
                };
                let more = |chosen: &Vec<LocalityId>| {
                    let told = self.telling(chosen, role, self.question.on).iter();
                    told.map(|place| longer(chosen, place)).collect::<Vec<_>>()
                };
                places = places.iter().flat_map(more).collect();
            }
            for places in places {
                let readings = vec![None; support.readings.len()];
                let mut open =
                    vec![Case { day: self.question.on, places, spans: spans.clone(), facts: facts.clone(), readings }];
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

    /// The highest level of which the question's case spans several units in a role.
    fn highest_spanned(&self, role: usize) -> Option<LevelId> {
        let mut levels = (0..self.rulebook.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId);
        levels.find(|level| self.lie_apart(role, *level, self.question.on))
    }
}
