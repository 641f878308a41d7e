//! Tables of limits, once all sentences are bound: that every share of a limit is a number that the fact can be, and which values
//! have no limit. Knows nothing of force.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::diagnostic::Binding;
use crate::rulebook::{Clause, Condition, Domain, Rulebook, Statement, TableId, Test};
use crate::source::Span;

use super::catalogue::number;
use super::problems::Problems;

pub(super) fn check(rulebook: &Rulebook, problems: &mut Problems) {
    let of_sentences = rulebook.provisions.iter().filter_map(|own| Some((own.condition.as_ref()?, own.span)));
    let of_tasks = rulebook
        .tasks
        .iter()
        .flat_map(|task| task.impossible.iter().chain(&task.open).map(|condition| (condition, task.span)));
    for (condition, span) in of_sentences.chain(of_tasks) {
        shares(rulebook, (condition, span), problems);
    }
    // After an error a row may be missing that is written.
    if problems.errors() > 0 {
        return;
    }
    for (id, table) in (0..rulebook.tables.len()).map(|at| TableId(number(at))).zip(&rulebook.tables) {
        let Domain::One { values, .. } = &rulebook[table.by].domain else { continue };
        let stated: BTreeSet<u8> = rulebook
            .provisions
            .iter()
            .filter_map(|own| {
                if let Statement::Tabulates { table, rows } = &own.statement { Some((*table, rows)) } else { None }
            })
            .filter(|(table, _)| *table == id)
            .flat_map(|(_, rows)| rows.keys().copied())
            .collect();
        let lacks = |(at, _): &(usize, _)| !u8::try_from(*at).is_ok_and(|at| stated.contains(&at));
        let values: Vec<String> = values.iter().enumerate().filter(lacks).map(|(_, value)| value.id.clone()).collect();
        if !values.is_empty() {
            problems.add(Binding::MissingRows { table: table.names.id.clone(), values }, table.span);
        }
    }
}

fn shares(rulebook: &Rulebook, (condition, span): (&Condition, Span), problems: &mut Problems) {
    for test in condition.clauses.iter().flat_map(|clause| match clause {
        Clause::Test(test) => vec![test],
        Clause::AnyOf(lines) => lines.iter().flatten().collect(),
    }) {
        let Test::Limit { fact, share, table, .. } = test else { continue };
        let whole = matches!(rulebook[*fact].domain, Domain::Number { integer: true, .. });
        let fits = |limit: Decimal| exactly(limit, *share).is_some_and(|part| !whole || part.is_integer());
        if !rulebook.limits(*table).all(fits) {
            let (fact, table) = (rulebook[*fact].names.id.clone(), rulebook[*table].names.id.clone());
            problems.add(Binding::UnfitShare { fact, table }, span);
        }
    }
}

/// The product, where it has no more digits than a decimal holds: nothing is rounded.
fn exactly(limit: Decimal, share: Decimal) -> Option<Decimal> {
    let (limit, share) = (limit.normalize(), share.normalize());
    let digits = limit.mantissa().checked_mul(share.mantissa())?;
    Decimal::try_from_i128_with_scale(digits, limit.scale() + share.scale()).ok()
}
