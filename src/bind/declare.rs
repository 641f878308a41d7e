//! What each declaration of the catalogue says. Knows nothing of documents.

use std::collections::BTreeSet;

use crate::diagnostic::{Binding, Chain, Line, Noun};
use crate::rulebook::{Body, BodyId, Days, Domain, Fact, Kind, Level, Names};
use crate::syntax::tree::{self, FactKind, KindMay, Name};

use super::catalogue::{level_id, number};
use super::cycles::cycles;
use super::names::{Table, names, sorted};
use super::problems::Problems;

/// Levels in one chain, highest first. What is not in it follows by id.
pub(super) fn bind_levels(items: &[&tree::LevelItem], problems: &mut Problems) -> (Vec<Level>, Table) {
    let items = sorted(Noun::Level, items.to_vec(), |item| &item.declared, problems);
    let by_id = Table::of(Noun::Level, items.iter().map(|item| &item.declared), problems);
    let above: Vec<Option<usize>> =
        items.iter().map(|item| item.below.as_ref().and_then(|name| by_id.find(name, problems))).collect();
    report_cycles(Chain::LevelsBelow, &above, &items.iter().map(|item| &item.declared).collect::<Vec<_>>(), problems);
    let mut order: Vec<usize> = Vec::new();
    let mut last: Option<usize> = None;
    loop {
        let next: Vec<usize> =
            (0..items.len()).filter(|at| !order.contains(at) && above.get(*at) == Some(&last)).collect();
        if let [first, second, ..] = next.as_slice()
            && let (Some(first), Some(second)) = (items.get(*first), items.get(*second))
        {
            let (first, second) = (&first.declared.id, &second.declared.id);
            let problem = Binding::BranchingLevels { first: first.value.clone(), second: second.value.clone() };
            problems.add_related(problem, second.span, vec![first.span]);
        }
        let Some(&first) = next.first() else { break };
        order.push(first);
        last = Some(first);
    }
    order.extend((0..items.len()).filter(|at| !order.contains(at)).collect::<Vec<_>>());
    order.truncate(usize::from(u8::MAX));
    let ordered: Vec<&tree::LevelItem> = order.iter().filter_map(|at| items.get(*at).copied()).collect();
    // Duplicate names were reported above.
    let table = Table::of(Noun::Level, ordered.iter().map(|item| &item.declared), &mut Problems::default());
    (ordered.iter().map(|item| Level { names: names(&item.declared) }).collect(), table)
}

pub(super) fn bind_kinds(items: &[&tree::KindItem], problems: &mut Problems) -> (Vec<Kind>, Table) {
    let items = sorted(Noun::Kind, items.to_vec(), |item| &item.declared, problems);
    let table = Table::of(Noun::Kind, items.iter().map(|item| &item.declared), problems);
    let mut kinds = Vec::new();
    for item in &items {
        if item.rank.is_none() {
            let problem = Binding::MissingLine { line: Line::Rank, of: item.declared.id.value.clone() };
            problems.add(problem, item.declared.id.span);
        }
        let may = |what: KindMay| item.may.iter().any(|may| may.value == what);
        kinds.push(Kind {
            names: names(&item.declared),
            rank: item.rank.as_ref().map_or(0, |rank| rank.value),
            may_devolve: may(KindMay::Devolve),
            may_assign: may(KindMay::Assign),
            may_decentralise: may(KindMay::Decentralise),
            may_entrust: may(KindMay::Entrust),
            may_delegate: may(KindMay::Delegate),
        });
    }
    (kinds, table)
}

pub(super) fn bind_bodies(items: &[&tree::BodyItem], levels: &Table, problems: &mut Problems) -> (Vec<Body>, Table) {
    let items = sorted(Noun::Body, items.to_vec(), |item| &item.declared, problems);
    let table = Table::of(Noun::Body, items.iter().map(|item| &item.declared), problems);
    let mut bodies = Vec::new();
    let mut heads = Vec::new();
    let mut under = Vec::new();
    let mut deputising = Vec::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for item in &items {
        let find =
            |name: &Option<Name>, problems: &mut Problems| name.as_ref().and_then(|name| table.find(name, problems));
        heads.push(find(&item.heads, problems));
        under.push(find(&item.under, problems));
        deputising.push(find(&item.deputises, problems));
        classes.push(item.classes.iter().filter_map(|name| find_class(name, &table, &items, problems)).collect());
        bodies.push(Body {
            names: names(&item.declared),
            is_class: item.is_class,
            levels: item.levels.iter().filter_map(|name| levels.find(name, problems)).map(level_id).collect(),
            heads: None,
            under: None,
            deputises: None,
            classes: BTreeSet::new(),
            collective: item.collective.as_ref().map(|collective| collective.value),
            system: item.system.as_ref().map(|system| system.value.clone()),
            days: item.period.as_ref().map_or_else(Days::default, |period| bind_days(period, problems)),
        });
    }
    let declared: Vec<_> = items.iter().map(|item| &item.declared).collect();
    let heading = report_cycles(Chain::BodiesHeading, &heads, &declared, problems);
    let standing = report_cycles(Chain::BodiesUnder, &under, &declared, problems);
    let deputies = report_cycles(Chain::BodiesDeputising, &deputising, &declared, problems);
    let circular = report_class_cycles(&classes, &declared, problems);
    for (at, body) in bodies.iter_mut().enumerate() {
        let id = |found: Option<&Option<usize>>| found.copied().flatten().map(|at| BodyId(number(at)));
        body.heads = id(heads.get(at)).filter(|_| !heading.contains(&at));
        body.under = id(under.get(at)).filter(|_| !standing.contains(&at));
        body.deputises = id(deputising.get(at)).filter(|_| !deputies.contains(&at));
        if !circular.contains(&at) {
            body.classes = above_all(&classes, at).into_iter().map(|at| BodyId(number(at))).collect();
        }
    }
    (bodies, table)
}

fn find_class(name: &Name, table: &Table, items: &[&tree::BodyItem], problems: &mut Problems) -> Option<usize> {
    let at = table.find(name, problems)?;
    if items.get(at).is_some_and(|item| item.is_class) {
        return Some(at);
    }
    problems.add(Binding::NotAClass { name: name.value.clone() }, name.span);
    None
}

/// Every class that `start` belongs to, its classes' classes included.
fn above_all(classes: &[Vec<usize>], start: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        open.extend(classes.get(at).into_iter().flatten().copied().filter(|class| seen.insert(*class)));
    }
    seen
}

/// Cycles of a relation with at most one successor; the members of all of them are returned.
fn report_cycles(
    chain: Chain,
    next: &[Option<usize>],
    declared: &[&tree::Declared],
    problems: &mut Problems,
) -> BTreeSet<usize> {
    let edges: Vec<Vec<usize>> = next.iter().map(|next| next.iter().copied().collect()).collect();
    report(chain, &edges, declared, problems)
}

fn report_class_cycles(
    classes: &[Vec<usize>],
    declared: &[&tree::Declared],
    problems: &mut Problems,
) -> BTreeSet<usize> {
    report(Chain::BodyClasses, classes, declared, problems)
}

fn report(
    chain: Chain,
    edges: &[Vec<usize>],
    declared: &[&tree::Declared],
    problems: &mut Problems,
) -> BTreeSet<usize> {
    let found = cycles(edges);
    for cycle in &found {
        let members: Vec<&tree::Declared> = cycle.iter().filter_map(|at| declared.get(*at).copied()).collect();
        let Some((first, rest)) = members.split_first() else { continue };
        let problem =
            Binding::Circular { chain, members: members.iter().map(|member| member.id.value.clone()).collect() };
        problems.add_related(problem, first.id.span, rest.iter().map(|member| member.id.span).collect());
    }
    found.into_iter().flatten().collect()
}

pub(super) fn bind_fact(item: &tree::FactItem, problems: &mut Problems) -> (Fact, Table) {
    let id = &item.declared.id;
    let table = Table::of(Noun::Value, &item.values, problems);
    let values: Vec<Names> = item.values.iter().map(names).collect();
    let Some(kind) = &item.kind else {
        problems.add(Binding::MissingLine { line: Line::FactDomain, of: id.value.clone() }, id.span);
        return (Fact { names: names(&item.declared), domain: Domain::Boolean }, table);
    };
    if values.len() > usize::from(u8::MAX) {
        problems.add(Binding::TooManyValues { fact: id.value.clone() }, id.span);
    }
    if values.is_empty() && matches!(kind.value, FactKind::One { .. } | FactKind::Many { .. }) {
        problems.add(Binding::MissingLine { line: Line::FactValues, of: id.value.clone() }, id.span);
    }
    let domain = match &kind.value {
        FactKind::Boolean => Domain::Boolean,
        FactKind::One { ordered } => Domain::One { values, ordered: *ordered },
        FactKind::Many { ordered } => Domain::Many { values, ordered: *ordered },
        FactKind::Integer { unit } => Domain::Number { unit: unit.clone(), integer: true },
        FactKind::Decimal { unit } => Domain::Number { unit: unit.clone(), integer: false },
        FactKind::Date => Domain::Date,
        FactKind::LevelOrNone => Domain::LevelOrNone,
    };
    (Fact { names: names(&item.declared), domain }, table)
}

/// `from … before …`, empty periods reported.
pub(super) fn bind_days(period: &tree::Period, problems: &mut Problems) -> Days {
    let days = Days {
        from: period.from.as_ref().map(|from| from.value),
        before: period.before.as_ref().map(|before| before.value),
    };
    if let (Some(from), Some(before)) = (days.from, days.before)
        && from >= before
    {
        problems.add(Binding::EmptyPeriod { from, before, through: period.through }, period.span);
    }
    days
}
