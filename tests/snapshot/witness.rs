//! Points for the paths of a table, and what the question there is answered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use thamquyen::applicability::Pattern;
use thamquyen::reading::ask::{Depth, Law, ask};
use thamquyen::reading::table::{Condition, Node, Piece, Places, Table};
use thamquyen::register::{LevelId, LocalityId, Register, RowId};
use thamquyen::resolution::{Beside, Holding};
use thamquyen::rulebook::{
    Domain, FactId, ReadingId, RequirementKind, RoleId, Rulebook, Seat, SeatAt, TaskId, TextId, Value,
};
use thamquyen::ruling::{
    About, Answer, BadQuestion, Bound, Choice, Decider, Ground, Held, LeadsTo, Named, Outcome, Question, Step,
};

#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) paths: usize,
    /// Paths for which a point was found that a question can name.
    pub(crate) asked: usize,
    pub(crate) wrong: Vec<String>,
}

type Path<'a> = Vec<&'a Condition>;

/// Asks at one point of every path.
pub(crate) fn compare(law: Law<'_>, table: &Table) -> Seen {
    let mut seen = Seen::default();
    let mut paths = Vec::new();
    gather(&table.holder, &mut Vec::new(), &mut paths);
    let of_holder = paths.into_iter().map(|(path, leaf)| (path, leaf, None));
    let mut all: Vec<(Path<'_>, &Node, Option<&Beside>)> = of_holder.collect();
    for section in &table.beside {
        let mut paths = Vec::new();
        gather(&section.when, &mut Vec::new(), &mut paths);
        all.extend(paths.into_iter().map(|(path, leaf)| (path, leaf, Some(&section.what))));
    }
    for (path, leaf, beside) in all {
        seen.paths += 1;
        let Some((answer, places)) = witness(law, table, &path) else { continue };
        seen.asked += 1;
        let told = told(&answer, &path, &places);
        let agrees = match (leaf, beside) {
            (Node::Ruling(holding), None) => {
                says(law.rulebook, holding, &told, &placed(law.rulebook, &answer, &places))
            }
            (Node::So, Some(what)) => adds(what, &told),
            _ => false,
        };
        if !agrees {
            seen.wrong.push(format!("{:?}\n  {path:?}\n  {leaf:?} {beside:?}\n  {told:?}", answer.question));
        }
    }
    seen
}

fn gather<'a>(node: &'a Node, path: &mut Path<'a>, into: &mut Vec<(Path<'a>, &'a Node)>) {
    match node {
        Node::Ruling(_) | Node::So => into.push((path.clone(), node)),
        Node::Branches(branches) => {
            for branch in branches {
                path.push(&branch.condition);
                gather(&branch.below, path, into);
                path.pop();
            }
        }
    }
}

/// The last and the first day of the path.
fn days(path: &Path<'_>) -> Vec<Date> {
    let runs = || path.iter().filter_map(|one| if let Condition::Days(days) = one { Some(days) } else { None });
    let last = runs().filter_map(|days| days.before).min().map(|day| day.yesterday().expect("a day before"));
    let days: Vec<Date> = last.into_iter().chain(runs().filter_map(|days| days.from).max()).collect();
    if days.is_empty() { vec![jiff::civil::date(2024, 3, 1)] } else { days }
}

/// A unit in each role, and the place in it that is meant: such as lie wholly on the path, if there are any.
type Tuple = (Vec<Vec<RowId>>, Vec<LocalityId>);

fn places(rulebook: &Rulebook, table: &Table, path: &Path<'_>, on: Date) -> Option<Tuple> {
    let register = &rulebook.register;
    let mut tuples: Vec<Tuple> = vec![Tuple::default()];
    for role in &rulebook[table.task].roles {
        let inside = inside(rulebook, table, path, *role);
        let there = inside.iter().filter_map(|place| Some((register.lowest(*place, on)?, *place)));
        let mut there: Vec<(RowId, LocalityId)> = there.collect();
        there.sort_by_key(|(row, _)| !register.localities_of(*row, on).iter().all(|place| inside.contains(place)));
        let longer = |(rows, places): &Tuple| {
            let more = |(row, place): &(RowId, LocalityId)| {
                ([rows.as_slice(), &[vec![*row]]].concat(), [places.as_slice(), &[*place]].concat())
            };
            // No place is tried last.
            let none =
                ([rows.as_slice(), &[Vec::new()]].concat(), [places.as_slice(), &[LocalityId::NOWHERE]].concat());
            let nowhere = inside.contains(&LocalityId::NOWHERE);
            there.iter().take(30).map(more).chain(nowhere.then_some(none)).collect::<Vec<_>>()
        };
        tuples = tuples.iter().flat_map(longer).collect();
    }
    let fits = |(_, places): &Tuple| {
        path.iter().all(|condition| {
            let Condition::Together { pattern, yes } = condition else { return true };
            pattern.is_span() || pattern.holds(rulebook, places, on) == *yes
        })
    };
    // What spans has a second unit in its role.
    let apart = |mut found: Tuple| {
        for condition in path {
            let Condition::Together { pattern, yes: false } = condition else { continue };
            if pattern.is_span() {
                let role = *rulebook[table.task].roles.get(pattern.roles.0)?;
                let other = apart_from(rulebook, &found, (*pattern, on), &inside(rulebook, table, path, role))?;
                found.0.get_mut(pattern.roles.0)?.push(other);
            }
        }
        Some(found)
    };
    tuples.into_iter().filter(fits).find_map(apart)
}

/// The places of a role on the path, no place among them where there need be none.
fn inside(rulebook: &Rulebook, table: &Table, path: &Path<'_>, role: RoleId) -> BTreeSet<LocalityId> {
    let mut inside = spoken_of(rulebook, table.task);
    if rulebook[table.task].optional.contains(&role) {
        inside.insert(LocalityId::NOWHERE);
    }
    for condition in path {
        if let Condition::Place { role: own, places } = condition
            && *own == role
        {
            inside.retain(|place| match *place {
                LocalityId::NOWHERE => places.nowhere,
                place => places.localities.contains(&place),
            });
        }
    }
    inside
}

/// The unit of one of the places that lies in another unit of the pattern's level than that of the role, and in the same one
/// of as many levels as may be.
fn apart_from(
    rulebook: &Rulebook,
    (rows, places): &Tuple,
    (pattern, on): (Pattern, Date),
    inside: &BTreeSet<LocalityId>,
) -> Option<RowId> {
    let register = &rulebook.register;
    let day = pattern.on.unwrap_or(on);
    let place = *places.get(pattern.roles.0)?;
    let level = register.row(*rows.get(pattern.roles.0)?.first()?).level;
    let above = |place: LocalityId, level: LevelId| register.ancestor(place, level, day);
    let levels = (0..).map(LevelId).take(rulebook.levels.len());
    let shared = |other: &LocalityId| levels.clone().filter(|at| above(*other, *at) == above(place, *at)).count();
    let own = above(place, pattern.level)?;
    let apart = inside.iter().copied().filter(|other| *other != LocalityId::NOWHERE);
    let mut apart: Vec<LocalityId> =
        apart.filter(|other| above(*other, pattern.level).is_some_and(|unit| unit != own)).collect();
    apart.sort_by_key(|other| std::cmp::Reverse(shared(other)));
    apart.iter().filter_map(|other| register.lowest(*other, on)).find(|row| register.row(*row).level == level)
}

/// The answer at some point of the path, and its place in each role.
fn witness(law: Law<'_>, table: &Table, path: &Path<'_>) -> Option<(Answer, Vec<(RoleId, LocalityId)>)> {
    let rulebook = law.rulebook;
    let task = &rulebook[table.task];
    let there = |on: Date| Some((on, places(rulebook, table, path, on)?));
    let (on, (places, chosen)) = days(path).into_iter().find_map(there)?;
    let lacking = |(role, place): (&RoleId, &LocalityId)| (*place == LocalityId::NOWHERE).then_some(*role);
    let mut without: Vec<RoleId> = task.roles.iter().zip(&chosen).filter_map(lacking).collect();
    without.sort();
    let chosen = task.roles.iter().copied().zip(chosen).collect();
    let mut choices: Vec<(FactId, Vec<Value>)> = Vec::new();
    for fact in &task.facts {
        let said = path.iter().find_map(|one| {
            let Condition::Fact { fact: own, choices, .. } = one else { return None };
            (own == fact).then_some(choices)
        });
        let values = match said {
            Some(choices) => choices.iter().map(|choice| of_choice(&rulebook[*fact].domain, choice)).collect(),
            None => some(&rulebook[*fact].domain),
        };
        choices.push((*fact, values));
    }
    let mut points: Vec<Vec<(FactId, Value)>> = vec![Vec::new()];
    for (fact, values) in choices {
        let longer = |point: &Vec<(FactId, Value)>| {
            values
                .iter()
                .map(|value| point.iter().cloned().chain([(fact, value.clone())]).collect())
                .collect::<Vec<_>>()
        };
        points = points.iter().flat_map(longer).collect();
    }
    for mut facts in points.into_iter().take(400) {
        facts.sort();
        let question = Question { task: table.task, on, places: places.clone(), without: without.clone(), facts };
        match ask(law, &question, Depth::Ruling) {
            Ok(answer) => return Some((answer, chosen)),
            Err(BadQuestion::Impossible) => {}
            Err(bad) => panic!("{question:?}: {bad:?}"),
        }
    }
    None
}

fn of_choice(domain: &Domain, choice: &Choice) -> Value {
    let inside = |low: &Option<Bound>, high: &Option<Bound>| {
        let step = rust_decimal::Decimal::new(1, 2);
        match (low, high) {
            (Some(Bound { value, included: true }), _) | (None, Some(Bound { value, included: true })) => value.clone(),
            (Some(Bound { value: Value::Number(low), .. }), _) => Value::Number(low + step),
            (None, Some(Bound { value: Value::Number(high), .. })) => Value::Number(high - step),
            (Some(Bound { value: Value::Date(low), .. }), _) => Value::Date(low.tomorrow().expect("a day")),
            (None, Some(Bound { value: Value::Date(high), .. })) => Value::Date(high.yesterday().expect("a day")),
            other => panic!("{other:?} of {domain:?}"),
        }
    };
    match choice {
        Choice::Value(value) => value.clone(),
        Choice::Range { low, high } => inside(low, high),
        Choice::Highest(values) | Choice::Lowest(values) | Choice::All(values) | Choice::Any(values) => {
            Value::Many(BTreeSet::from([values[0]]))
        }
        Choice::Reading(_) | Choice::NoPlace | Choice::Place { .. } => panic!("{choice:?} of {domain:?}"),
    }
}

/// Some values of a fact on which nothing depends.
fn some(domain: &Domain) -> Vec<Value> {
    match domain {
        Domain::Boolean => [false, true].map(Value::Boolean).to_vec(),
        Domain::One { values, .. } => {
            (0..values.len()).map(|one| Value::One(u8::try_from(one).expect("few"))).collect()
        }
        Domain::Many { values, .. } => {
            (0..values.len()).map(|one| Value::Many(BTreeSet::from([u8::try_from(one).expect("few")]))).collect()
        }
        Domain::Number { .. } => vec![Value::Number(1.into())],
        Domain::Date => vec![Value::Date(jiff::civil::date(2020, 1, 1))],
        Domain::LevelOrNone => vec![Value::Level(None)],
    }
}

/// What an answer says, once the path's places and readings are taken.
#[derive(Debug)]
struct Told<'a> {
    outcome: Outcome,
    deciders: &'a [Decider],
    requirements: &'a [(RequirementKind, Named)],
    may_step_in: &'a [Named],
    grounds: &'a [Ground],
    /// Of several cases that differ in nothing else.
    grounds_vary: bool,
}

fn told<'a>(answer: &'a Answer, path: &Path<'_>, places: &[(RoleId, LocalityId)]) -> Told<'a> {
    let mut told = Told {
        outcome: answer.outcome,
        deciders: &answer.deciders,
        requirements: &answer.requirements,
        may_step_in: &answer.may_step_in,
        grounds: &answer.grounds,
        grounds_vary: answer.grounds_vary,
    };
    let mut next = answer.next.as_ref().filter(|_| answer.outcome == Outcome::Undetermined);
    while let Some(question) = next {
        let taken = |choice: &Choice| match (choice, question.about) {
            (Choice::Reading(option), About::Reading(reading)) => *option == self::option(path, reading),
            (Choice::Place { localities, .. }, About::Place(role)) => {
                places.iter().any(|(own, place)| *own == role && localities.contains(place))
            }
            _ => false,
        };
        let branch = question.branches.iter().find(|one| one.choices.iter().any(taken));
        next = match &branch.expect("an option").leads_to {
            LeadsTo::Further(further) => Some(&**further),
            LeadsTo::Ruling { outcome, deciders, requirements, may_step_in, grounds, .. } => {
                told = Told { outcome: *outcome, deciders, requirements, may_step_in, grounds, grounds_vary: true };
                None
            }
        };
    }
    told
}

fn option(path: &Path<'_>, reading: ReadingId) -> u8 {
    let said = path.iter().find_map(|one| {
        let Condition::Reading { reading: own, options } = one else { return None };
        options.first().filter(|_| *own == reading)
    });
    said.copied().unwrap_or(0)
}

/// The seats of a table in the words of an answer: where a case spans several units, an answer names the units.
fn placed(rulebook: &Rulebook, answer: &Answer, places: &[(RoleId, LocalityId)]) -> impl Fn(Seat) -> Seat {
    let spans = answer.question.places.iter().any(|units| units.len() > 1);
    move |seat| {
        let SeatAt::Level { level, role } = seat.at else { return seat };
        let place = places.iter().find(|(own, _)| *own == role && spans).map(|(_, place)| *place);
        let row = place.and_then(|place| rulebook.register.ancestor(place, level, answer.question.on));
        row.map_or(seat, |row| Seat { at: SeatAt::Unit(rulebook.register.row(row).unit), ..seat })
    }
}

fn says(rulebook: &Rulebook, holding: &Holding, told: &Told<'_>, placed: &impl Fn(Seat) -> Seat) -> bool {
    let held: BTreeSet<(Seat, Held, Seat)> =
        holding.holders.iter().map(|one| (placed(one.seat), one.held, placed(one.answerable))).collect();
    let answered: BTreeSet<(Seat, Held, Seat)> =
        told.deciders.iter().map(|one| (one.who.seat, one.held, one.answerable.seat)).collect();
    let cited = |grounds: &[Ground]| -> BTreeSet<(Step, TextId)> {
        let of_holder = |ground: &&Ground| !matches!(ground.step, Step::Requires | Step::StepsIn | Step::Handles(_));
        grounds.iter().filter(of_holder).map(|ground| (ground.step, rulebook[ground.provision].text)).collect()
    };
    let (own, other) = (cited(&holding.grounds), cited(told.grounds));
    let same = if told.grounds_vary { !own.is_empty() && own.is_subset(&other) } else { own == other };
    holding.outcome == told.outcome && held == answered && (same || (own.is_empty() && other.is_empty()))
}

fn adds(what: &Beside, told: &Told<'_>) -> bool {
    let required = |one: &(RequirementKind, Seat)| told.requirements.iter().any(|(kind, of)| (*kind, of.seat) == *one);
    let steps_in = |seat: &Seat| told.may_step_in.iter().any(|named| named.seat == *seat);
    what.requirements.iter().all(|one| required(&(one.kind, one.of))) && what.may_step_in.iter().all(steps_in)
}

/// The places of which a table speaks: those that the cover of the task ever holds, or all where it holds none.
fn spoken_of(rulebook: &Rulebook, task: TaskId) -> BTreeSet<LocalityId> {
    let register = &rulebook.register;
    let held = rulebook.cover_of(task).flat_map(|cover| {
        let days = register.change_days().iter().copied().chain(cover.days.from);
        let days = days.filter(|day| cover.days.contains(*day));
        let units = cover.scopes.iter().filter_map(|scope| scope.unit);
        let pairs = days.flat_map(move |day| units.clone().map(move |unit| (unit, day)));
        pairs.flat_map(|(unit, day)| register.localities_of_unit(unit, day)).collect::<Vec<_>>()
    });
    let held: BTreeSet<LocalityId> = held.collect();
    if held.is_empty() { register.localities().collect() } else { held }
}

/// What the branches of a tree leave out, or say twice.
pub(crate) fn holes(rulebook: &Rulebook, table: &Table) -> Vec<String> {
    let task = &rulebook[table.task];
    let register = &rulebook.register;
    let all = |role: &RoleId| {
        let nowhere = task.optional.contains(role).then_some(LocalityId::NOWHERE);
        (*role, spoken_of(rulebook, table.task).into_iter().chain(nowhere).collect())
    };
    let mut found = Vec::new();
    look(
        (register, &spoken_of(rulebook, table.task), &table.holder),
        &task.roles.iter().map(all).collect(),
        (None, None),
        &mut found,
    );
    found
}

/// What of each role's places is spoken of.
type Spoken = BTreeMap<RoleId, BTreeSet<LocalityId>>;

type Run = (Option<Date>, Option<Date>);

/// What the names of places mean, read anew.
fn meant(register: &Register, places: &Places, days: Run) -> BTreeSet<LocalityId> {
    let last = days.1.map(|day| day.yesterday().expect("a day before"));
    let day = places.named_on.or(last).unwrap_or(Date::MAX);
    let then = |row: &RowId| {
        let unit = register.row(*row).unit;
        let changes = register.change_days().iter().rev().filter(|change| **change <= day);
        let held = changes.map(|change| register.localities_of_unit(unit, *change)).find(|held| !held.is_empty());
        held.unwrap_or_default().into_iter().collect::<BTreeSet<_>>()
    };
    let piece = |piece: &Piece| match piece {
        Piece::Unit(row) => then(row),
        Piece::Of { unit, also } => also.iter().fold(then(unit), |held, row| {
            let ever = register.footprint_ever(register.row(*row).unit);
            held.into_iter().filter(|place| ever.contains(place)).collect()
        }),
    };
    let mut all = BTreeSet::new();
    for part in &places.parts {
        let whole = part.all_of.as_ref().map_or_else(|| register.localities().collect(), piece);
        let except: BTreeSet<LocalityId> = part.except.iter().flat_map(piece).collect();
        all.extend(whole.difference(&except).copied());
    }
    all
}

fn look(
    (register, ever, node): (&Register, &BTreeSet<LocalityId>, &Node),
    spoken: &Spoken,
    days: Run,
    found: &mut Vec<String>,
) {
    let Node::Branches(branches) = node else { return };
    let (mut held, mut count, mut end) = (BTreeSet::new(), 0, days.0);
    let (mut has_places, mut has_days) = (None, false);
    for branch in branches {
        match &branch.condition {
            Condition::Place { role, places: own } => {
                has_places = Some(*role);
                let nowhere = own.nowhere.then_some(LocalityId::NOWHERE);
                let here: BTreeSet<LocalityId> = own.localities.iter().copied().chain(nowhere).collect();
                count += here.len();
                held.extend(here.iter().copied());
                let mut meant = meant(register, own, days);
                meant.retain(|place| ever.contains(place));
                if !meant.iter().eq(&own.localities) {
                    found.push(format!("{:?} means {meant:?}, not {:?}", own.parts, own.localities));
                }
                let mut below = spoken.clone();
                below.insert(*role, here);
                look((register, ever, &branch.below), &below, days, found);
            }
            Condition::Days(own) => {
                has_days = true;
                if own.from != end {
                    found.push(format!("{own:?} after {end:?}"));
                }
                end = own.before;
                look((register, ever, &branch.below), spoken, (own.from, own.before), found);
            }
            Condition::Fact { .. } | Condition::Reading { .. } | Condition::Together { .. } => {
                look((register, ever, &branch.below), spoken, days, found);
            }
        }
    }
    let places = has_places.and_then(|role| spoken.get(&role));
    if let Some(places) = places
        && (held != *places || count != held.len())
    {
        found.push(format!("{} of {} places, said {count} times", held.len(), places.len()));
    }
    if has_days && end != days.1 {
        found.push(format!("days end {end:?}, not {:?}", days.1));
    }
}
