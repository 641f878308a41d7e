//! What sentences of classification make of facts, and what limits tables state: dated sentences of law that compete like all others.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::rulebook::{Condition, FactId, ProvisionId, Statement, TableId, Value};

use super::case::{Case, Found, Vantage};
use super::sources::{facts_of, tables_of};
use super::{Derived, Dossier, Values};

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

    /// The rows of tables that count here and then: of a value for which those that prevail disagree, none.
    fn counting(
        &self,
        tables: impl Iterator<Item = TableId>,
        at: Vantage,
    ) -> Found<Vec<(TableId, ProvisionId, Values)>, D> {
        let at = Vantage { site: self.sources.site(self.sources.task), ..at };
        let mut counting: BTreeMap<(TableId, ProvisionId), Values> = BTreeMap::new();
        for table in tables {
            let stating = self.sources.tabulating(table);
            let values: BTreeSet<u8> = stating.iter().flat_map(|id| self.rows(*id).keys().copied()).collect();
            // Most values are stated by the same sentences.
            let mut prevail: BTreeMap<Vec<ProvisionId>, Vec<ProvisionId>> = BTreeMap::new();
            for value in values {
                let of_value = |id: &ProvisionId| self.rows(*id).contains_key(&value);
                let candidates: Vec<ProvisionId> = stating.iter().copied().filter(of_value).collect();
                let winners = match prevail.get(&candidates) {
                    Some(winners) => winners.clone(),
                    None => self.prevailing(&candidates, at)?.into_iter().collect(),
                };
                let stated: BTreeSet<Decimal> =
                    winners.iter().filter_map(|id| self.rows(*id).get(&value).copied()).collect();
                if let (Some(first), 1) = (winners.first(), stated.len()) {
                    counting.entry((table, *first)).or_default().insert(value);
                }
                prevail.insert(candidates, winners);
            }
        }
        Ok(counting.into_iter().map(|((table, sentence), values)| (table, sentence, values)).collect())
    }

    fn rows(&self, provision: ProvisionId) -> &BTreeMap<u8, Decimal> {
        const NONE: &BTreeMap<u8, Decimal> = &BTreeMap::new();
        if let Statement::Tabulates { rows, .. } = &self.rules[provision].statement { rows } else { NONE }
    }

    /// The derived values of some facts, given in order.
    pub(super) fn derived_among(
        &self,
        facts: impl Iterator<Item = FactId>,
        tables: impl Iterator<Item = TableId>,
        at: Vantage,
    ) -> Found<Derived, D> {
        let mut derived = Derived { rows: self.counting(tables, at)?, ..Derived::default() };
        for fact in facts {
            if self.sources.is_classified(fact)
                && let Some(value) = self.derived(fact, at)?
            {
                derived.facts.push((fact, value));
            }
        }
        Ok(derived)
    }

    /// The derived values of the facts that a condition of the catalogue tests.
    pub(super) fn derived_in(&self, condition: &Condition, at: Vantage) -> Found<Derived, D> {
        self.derived_among(facts_of(condition).into_iter(), tables_of(condition).into_iter(), at)
    }
}
