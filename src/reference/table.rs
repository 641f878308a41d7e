//! Tables of limits: a number is compared to a share of what the prevailing row states for the value of the table's fact. Where
//! no row stands, or those that prevail disagree, no comparison holds.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::facts::Cell;
use super::{At, Judged, Split};
use crate::rulebook::{Comparison, FactId, Predicate, ProvisionId, Statement, TableId, Test, Value};

impl At<'_> {
    /// A test against a table, one value of the table's fact after the other.
    pub(super) fn within_limit(&self, test: &Test) -> Judged<bool> {
        let Test::Limit { fact, by, with, share, table } = *test else { return Ok(false) };
        let cells = match self.classified(by)? {
            Some(value) => self.cell_of(by, &value),
            None => self.possible(by).to_vec(),
        };
        let mut judged: BTreeSet<Option<bool>> = BTreeSet::new();
        let mut open = None;
        let mut first = None;
        for cell in &cells {
            let Some(Cell::Value(value)) = self.support.grid.cells(by).get(usize::from(*cell)) else { continue };
            first = first.or_else(|| Some(value.clone()));
            match self.limited(fact, with, share, (table, value)) {
                Ok(holds) => judged.insert(Some(holds)),
                Err(split) => {
                    open = Some(split);
                    judged.insert(None)
                }
            };
        }
        match (judged.len(), judged.first().copied().flatten(), open, first) {
            (0, ..) => Ok(false),
            (1, Some(holds), ..) => Ok(holds),
            (_, _, Some(split), _) if cells.len() == 1 => Err(split),
            // Where the values differ, or each leaves something open, one of them is looked at alone.
            (.., Some(value)) => {
                let one = Predicate::Among { not: false, values: vec![value] };
                Err(Split::Fact(self.index_of(by), Test::Fact { fact: by, predicate: one }))
            }
            (.., None) => Ok(false),
        }
    }

    fn limited(
        &self,
        fact: FactId,
        with: Comparison,
        share: Decimal,
        (table, value): (TableId, &Value),
    ) -> Judged<bool> {
        let Some(limit) = self.stated(table, value)? else { return Ok(false) };
        let value = Value::Number(share_of(limit, share));
        self.test(&Test::Fact { fact, predicate: Predicate::Compare { with, value } })
    }

    /// The limit that the table states for a value: by the prevailing of the sentences that have a row for it.
    fn stated(&self, table: TableId, value: &Value) -> Judged<Option<Decimal>> {
        let Value::One(value) = value else { return Ok(None) };
        let row = |id: ProvisionId| {
            let Statement::Tabulates { table: of, rows } = &self.rulebook[id].statement else { return None };
            rows.get(value).copied().filter(|_| *of == table)
        };
        let site = self.support.roles.first().and_then(|role| self.locality(*role));
        let mut speaking = Vec::new();
        for id in &self.support.provisions {
            if row(*id).is_some() && self.speaks(*id, site)? {
                speaking.push(*id);
            }
        }
        let winners = self.win_at(&speaking, site)?;
        let stated: BTreeSet<Decimal> = winners.iter().filter_map(|id| row(*id)).collect();
        Ok(stated.first().copied().filter(|_| stated.len() == 1))
    }
}

/// Exact: binding has seen to it.
pub(super) fn share_of(limit: Decimal, share: Decimal) -> Decimal {
    limit.checked_mul(share).map_or(Decimal::ZERO, |part| part.normalize())
}
