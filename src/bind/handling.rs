//! Sentences on how a task is handled, in ids.

use crate::diagnostic::{Binding, Limit};
use crate::rulebook::{Handling, Procedure, Seat, Stage};
use crate::syntax::tree::{self, Holder};

use super::holders::Reader;
use super::problems::Problems;
use super::tasks::OfTask;

impl Reader<'_> {
    pub(super) fn handling(&self, says: &tree::Handling, of: OfTask<'_>, problems: &mut Problems) -> Option<Handling> {
        Some(match says {
            tree::Handling::Procedure(procedure) => Handling::Procedure(self.procedure(procedure, of, problems)?),
            tree::Handling::Limit(within) => Handling::Limit(*within),
            tree::Handling::SignedBy(holders) => Handling::Signers(self.handlers(holders, of, problems)?),
            tree::Handling::NoDeputy => Handling::NoDeputy,
            tree::Handling::SealOf(holder) => Handling::Seal(self.handler(holder, of, problems)?),
        })
    }

    fn procedure(&self, said: &tree::Procedure, of: OfTask<'_>, problems: &mut Problems) -> Option<Procedure> {
        let received_by = self.handlers(&said.received_by, of, problems);
        let stage = |stage: &tree::Stage, problems: &mut Problems| {
            let by = vec![self.handler(&stage.by, of, problems)?];
            Some(Stage { by, deed: stage.deed, within: stage.within })
        };
        let stages: Vec<Option<Stage>> = said.stages.iter().map(|own| stage(own, problems)).collect();
        let stages = stages.into_iter().collect::<Option<_>>()?;
        Some(Procedure { received_by: received_by?, stages, result: said.result.clone() })
    }

    /// All holders are read, so that each says what is wrong with it.
    fn handlers(&self, holders: &[Holder], of: OfTask<'_>, problems: &mut Problems) -> Option<Vec<Seat>> {
        let seats: Vec<Option<Seat>> = holders.iter().map(|holder| self.handler(holder, of, problems)).collect();
        seats.into_iter().collect()
    }

    /// One holder at one place, or at the decider's where the task has several and none is said.
    fn handler(&self, holder: &Holder, of: OfTask<'_>, problems: &mut Problems) -> Option<Seat> {
        if let Some((_, name)) = holder.more.first() {
            problems.add(Binding::MisplacedLimit { limit: Limit::Place }, name.span);
            return None;
        }
        self.handled(holder, of, problems)
    }
}
