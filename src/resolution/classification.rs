//! What sentences of classification make of facts: dated sentences of law that compete like all others.

use crate::rulebook::{Condition, FactId, ProvisionId, Statement, Value};

use super::case::{Case, Found, Vantage};
use super::sources::facts_of;
use super::{Derived, Dossier};

impl<D: Dossier> Case<'_, '_, D> {
    /// The value that the law gives to a fact here and then: none when no sentence speaks, or those that prevail disagree.
    pub(super) fn derived(&self, fact: FactId, at: Vantage) -> Found<Option<Value>, D> {
        // A fact is of the whole case: it is the asked task's first place that counts.
        let at = Vantage { site: self.sources.site(self.sources.task), ..at };
        self.derived.or_find((fact, at), || {
            let winners = self.prevailing(self.sources.classifications(fact), at)?;
            let mut values = winners.iter().filter_map(|winner| self.classifies(*winner));
            let value = values.next();
            Ok(if values.all(|other| Some(other) == value) { value.cloned() } else { None })
        })
    }

    fn classifies(&self, provision: ProvisionId) -> Option<&Value> {
        if let Statement::Classifies { value, .. } = &self.rules[provision].statement { Some(value) } else { None }
    }

    /// The derived values of some facts, given in order.
    pub(super) fn derived_among(&self, facts: impl Iterator<Item = FactId>, at: Vantage) -> Found<Derived, D> {
        let mut derived = Derived::new();
        for fact in facts {
            if self.sources.is_classified(fact)
                && let Some(value) = self.derived(fact, at)?
            {
                derived.push((fact, value));
            }
        }
        Ok(derived)
    }

    /// The derived values of the facts that a condition of the catalogue tests.
    pub(super) fn derived_in(&self, condition: &Condition, at: Vantage) -> Found<Derived, D> {
        self.derived_among(facts_of(condition).into_iter(), at)
    }
}
