//! Resolution against the reference: at points of every case and of the whole library both must say the same. The points are
//! answered by a dossier that reads rulebook and register literally.

mod mixture;
mod point;
mod roles;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::library::{self, Library, Origin};
use crate::reference::{Case, Judgement, Support, judge};
use crate::register::{LevelId, LocalityId};
use crate::rulebook::{ProvisionId, Rulebook, Seat, SeatAt, Task, TaskId};
use crate::ruling::{Ground, PointRuling, Requirement, Verdict};

use super::{Dossier, Query, Sources, beside, holding};
use point::Point;

/// How many places of a task, and how many draws of facts at each place and day, are compared.
#[derive(Clone, Copy)]
struct Spread {
    places: usize,
    facts: usize,
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A case with the shared catalogue and register.
fn case_library(name: &str) -> Library {
    let read = |name: &str| fs::read_to_string(here("tests/cases/good").join(name)).expect("the file can be read");
    let shared = ["catalogue.tq", "units.csv", "successions.csv", name].map(|name| (name, read(name)));
    let texts: Vec<(&str, &str)> = shared.iter().map(|(path, text)| (*path, text.as_str())).collect();
    library::from_texts(&texts)
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(here("tests/cases/good")).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".tq") && name != "catalogue.tq").collect();
    names.sort();
    names
}

/// Numbers that look drawn and are always the same.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a small number") % bound.max(1)
    }
}

/// Remembers what was asked of a point.
struct Listening<'p, 'a> {
    point: &'p Point<'a>,
    asked: RefCell<Vec<Query>>,
}

impl Dossier for Listening<'_, '_> {
    type Unsettled = std::convert::Infallible;

    fn ask(&self, query: &Query) -> Result<bool, Self::Unsettled> {
        self.asked.borrow_mut().push(query.clone());
        self.point.ask(query)
    }
}

/// What resolution says at a point, in the form of the reference, and what it asked.
fn resolve(sources: &Sources<'_>, point: &Point<'_>) -> (Option<PointRuling>, Vec<Query>) {
    let dossier = Listening { point, asked: RefCell::default() };
    let Ok(held) = holding(sources, &dossier);
    let Some(held) = held else { return (None, dossier.asked.into_inner()) };
    let mut grounds: Vec<Ground> = held.grounds.clone();
    let mut requirements: BTreeSet<Requirement> = BTreeSet::new();
    let mut may_step_in = BTreeSet::new();
    let mut handling = Vec::new();
    for aside in sources.beside() {
        let Ok(added) = beside(sources, &held, *aside, &dossier);
        handling.extend(added.handling);
        requirements.extend(added.requirements);
        may_step_in.extend(added.may_step_in);
        for ground in added.grounds {
            if !grounds.contains(&ground) {
                grounds.push(ground);
            }
        }
    }
    let verdict = Verdict {
        outcome: held.outcome,
        holders: held.holders,
        sharing: held.sharing,
        conflict: held.conflict,
        of_several: held.of_several,
        requirements: requirements.into_iter().collect(),
        may_step_in: may_step_in.into_iter().collect(),
        handling,
    };
    let ruling = PointRuling { verdict, grounds, record: Vec::new(), framework_unread: held.framework_unread };
    (Some(ruling), dossier.asked.into_inner())
}

/// The provision of a query, of which the sources have to know.
fn provision(query: &Query) -> Option<ProvisionId> {
    match query {
        Query::Begun(id, _)
        | Query::OwnDays(id, _)
        | Query::Extends(id, _)
        | Query::Scope(id, ..)
        | Query::Terms(id, ..)
        | Query::Past(id, _) => Some(*id),
        Query::Term(..)
        | Query::Impossible(..)
        | Query::Open(..)
        | Query::Is(..)
        | Query::Reading(..)
        | Query::Covered(..)
        | Query::BodyDays(..)
        | Query::Placed(..)
        | Query::Spans(..)
        | Query::AnyUnit(..)
        | Query::UnitThere(..)
        | Query::UnitAt(..)
        | Query::SameUnit(..)
        | Query::Under(..) => None,
    }
}

/// Some localities for each role, drawn; now and then none of a role of which there may be none.
fn places(rules: &Rulebook, task: TaskId, many: usize, draw: &mut Draw) -> BTreeSet<Vec<LocalityId>> {
    let all: Vec<LocalityId> = rules.register.localities().collect();
    let Task { roles, optional, .. } = &rules[task];
    if roles.is_empty() || all.is_empty() {
        return BTreeSet::from([Vec::new()]);
    }
    if roles.len() == 1 && optional.is_empty() && all.len() <= many {
        return all.into_iter().map(|locality| vec![locality]).collect();
    }
    let mut one = |role| {
        let none = optional.contains(role) && draw.below(3) == 0;
        if none { LocalityId::NOWHERE } else { all[draw.below(all.len())] }
    };
    (0..many).map(|_| roles.iter().map(&mut one).collect()).collect()
}

/// Compares at drawn points of one task.
fn compare_drawn(rules: &Rulebook, task: TaskId, points: usize, draw: &mut Draw) -> Vec<String> {
    let support = Support::new(rules, task);
    let sources = Sources::new(rules, task);
    // Binding refuses a seat at a place that the task does not have.
    let elsewhere = |seat: &Seat| matches!(seat.at, SeatAt::Level { role, .. } if !rules[task].roles.contains(&role));
    if sources.seats().iter().any(elsewhere) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    for _ in 0..points {
        let places: Vec<LocalityId> = places(rules, task, 1, draw).into_iter().next().unwrap_or_default();
        let days: Vec<Date> = support.change_days(&places.iter().copied().collect());
        // Rather later than earlier: most sentences have begun by then.
        let day = days[draw.below(days.len()).max(draw.below(days.len()))];
        let day = if draw.below(3) == 0 { day.yesterday().unwrap_or(day) } else { day };
        let case = drawn(&support, places, day, draw);
        wrong.extend(difference(&support, &sources, &case));
    }
    wrong
}

/// The highest level of which a case spans several units, drawn of those that there are.
fn spanned(rules: &Rulebook, place: LocalityId, day: Date, draw: &mut Draw) -> Option<LevelId> {
    let levels = (0..rules.levels.len()).map(|level| LevelId(u8::try_from(level).expect("few levels")));
    let there: Vec<LevelId> = levels.filter(|level| rules.register.ancestor(place, *level, day).is_some()).collect();
    there.get(draw.below(2 * there.len().max(1))).copied()
}

/// The case of one value of each fact and one option of each reading.
fn drawn(support: &Support<'_>, places: Vec<LocalityId>, day: Date, draw: &mut Draw) -> Case {
    let mut below = |bound: usize| draw.below(bound);
    let facts = support
        .facts
        .iter()
        .map(|fact| vec![u16::try_from(below(support.grid.cells(*fact).len())).expect("few cells")])
        .collect();
    let readings = support
        .readings
        .iter()
        .map(|reading| Some(u8::try_from(below(support.rulebook[*reading].options.len())).expect("few options")))
        .collect();
    let spans = places.iter().map(|place| spanned(support.rulebook, *place, day, draw)).collect();
    Case { day, places, spans, facts, readings }
}

/// Compares at the points of one task; differences are texts.
fn compare(rules: &Rulebook, task: TaskId, spread: Spread) -> (usize, Vec<String>) {
    let support = Support::new(rules, task);
    let sources = Sources::new(rules, task);
    let mut draw = Draw(u64::from(task.0) + 1);
    let (mut points, mut wrong) = (0, Vec::new());
    for places in places(rules, task, spread.places, &mut draw) {
        let days = support.change_days(&places.iter().copied().collect());
        let days: BTreeSet<Date> = days.into_iter().flat_map(|day| [day.yesterday().unwrap_or(day), day]).collect();
        for day in days {
            for _ in 0..spread.facts {
                let case = drawn(&support, places.clone(), day, &mut draw);
                points += 1;
                wrong.extend(difference(&support, &sources, &case));
            }
        }
    }
    (points, wrong)
}

fn difference(support: &Support<'_>, sources: &Sources<'_>, case: &Case) -> Option<String> {
    let point = Point::new(support, case);
    let expected = match judge(support, case) {
        Ok(Judgement::Ruling(ruling)) => Some(PointRuling { record: Vec::new(), ..*ruling }),
        Ok(Judgement::Impossible) => None,
        Err(split) => panic!("a point is split at {split:?}"),
    };
    let (found, asked) = resolve(sources, &point);
    for id in asked.iter().filter_map(provision) {
        assert!(sources.provisions().contains(&id), "{id:?} is not in the sources");
    }
    assert_eq!(resolve(sources, &point).1, asked, "the same answers led to other queries");
    let task = &support.rulebook[sources.task].names.id;
    (found != expected)
        .then(|| format!("{task} {case:?}\n  {:?}\n  reference {expected:?}\n  resolution {found:?}", point.values))
}

fn compare_all(library: &Library, spread: Spread) -> (usize, Vec<String>) {
    let rules = &library.rulebook;
    let tasks = (0..).map(TaskId).zip(&rules.tasks);
    let all = tasks.map(|(task, _)| compare(rules, task, spread));
    all.fold((0, Vec::new()), |(points, mut wrong), (more, new)| {
        wrong.extend(new);
        (points + more, wrong)
    })
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn cases_come_out_as_in_the_reference() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let spread = Spread { places: number("PLACES", 6), facts: number("FACTS", 4) };
    let mut all = 0;
    let mut wrong = Vec::new();
    for name in cases().into_iter().filter(|name| name.contains(&wanted)) {
        let (points, new) = compare_all(&case_library(&name), spread);
        all += points;
        wrong.extend(new.into_iter().map(|text| format!("{name}: {text}")));
    }
    assert!(all > 0);
    assert!(wrong.is_empty(), "{} of {all} differ\n\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
}

#[test]
fn the_library_comes_out_as_in_the_reference() {
    let library = library::load(&Origin::Folders(vec![here("rules"), here("tests/fixtures/gia-dinh")]));
    let spread = Spread { places: number("PLACES", 6), facts: number("FACTS", 4) };
    let (points, wrong) = compare_all(&library, spread);
    assert!(points > 0);
    assert!(wrong.is_empty(), "{} of {points} differ\n\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
}

/// Seed and number of mixtures can be set, to look further than every run can.
#[test]
fn mixtures_come_out_as_in_the_reference() {
    let libraries: Vec<Library> = cases().iter().map(|name| case_library(name)).collect();
    let first = number("SEED", 1);
    let mut wrong = Vec::new();
    for seed in first..first + number("MIXTURES", 60) {
        let mut draw = Draw(u64::try_from(seed).expect("a seed"));
        let mixed: Vec<&Rulebook> = (0..4).map(|_| &libraries[draw.below(libraries.len())].rulebook).collect();
        let rules = mixture::merged(&mixed);
        let tasks: Vec<TaskId> = rules.task_ids().collect();
        let felling = tasks.iter().copied().find(|task| rules[*task].names.id == "chat-cay").expect("felling");
        let changes = draw.below(60);
        let mut rules = mixture::Dealer { rules, task: felling, draw: &mut draw }.deal(changes);
        if draw.below(3) > 0 {
            roles::deal(&mut rules, felling, &mut draw);
        }
        for task in tasks {
            let points = if task == felling { 60 } else { 4 };
            let new = compare_drawn(&rules, task, points, &mut draw);
            wrong.extend(new.into_iter().map(|text| format!("seed {seed}: {text}")));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
}
