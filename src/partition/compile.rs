//! How a partition is made: place by place, day by day, each region's ruling, then the diagrams bottom up.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::memo::{Function, Memo, Open, Recorder, Step, Stopped};
use super::{Partition, day_number};
use crate::applicability::{Cells, Frame, Ground, Local, Pattern, Region};
use crate::diagram::{Diagrams, Edge};
use crate::resolution::{self, Beside, Holding, Query, Sources};
use crate::rulebook::{ProvisionId, Rulebook, TaskId};
use crate::ruling::{Fault, Subject, TooMany};

/// More regions than this of one task are refused.
const REGION_LIMIT: usize = 4_000_000;

/// More regions than this at one place on one day are refused: nobody wrote so many cases on purpose.
const SLICE_LIMIT: usize = 20_000;

/// So many of the sentences that multiply are named.
const NAMED: usize = 5;

/// A region and the number of its result.
type Judged<'a> = (Region<'a>, u32);

pub(super) fn compile(rulebook: &Rulebook, task: TaskId, subjects: &[Subject]) -> Result<Partition, TooMany> {
    let sources = Sources::new(rulebook, task);
    let frame = Frame::new(rulebook, &sources);
    let patterns: RefCell<Vec<Pattern>> = RefCell::default();
    let ground = Ground { rulebook, patterns: &patterns };
    let mut compiler = Compiler::new((&sources, subjects), &frame, ground);
    let edges = compiler.places(&mut Vec::new())?;
    let Compiler { mut diagrams, results, regions, .. } = compiler;
    diagrams.finish();
    let mut edges = edges.into_iter();
    let holding = edges.next().unwrap_or(Edge::leaf(0));
    let beside: Vec<(ProvisionId, Edge)> = sources.beside().iter().copied().zip(&mut edges).collect();
    let faults: Vec<(Subject, Edge)> = subjects.iter().copied().zip(edges).collect();
    let values: Vec<Vec<u32>> = beside.iter().map(|(_, edge)| diagrams.values(*edge)).collect();
    let Results { holdings, besides, found, .. } = results;
    // Rulings are numbered; more of them than there are numbers cannot be told apart.
    let count = |all: u128, values: &Vec<u32>| all.checked_mul(values.len() as u128);
    if values.iter().try_fold(holdings.len() as u128, count).is_none() {
        return Err(TooMany { task, provisions: sources.beside().iter().copied().take(NAMED).collect() });
    }
    let patterns = patterns.into_inner();
    Ok(Partition { frame, patterns, diagrams, holding, beside, values, holdings, besides, faults, found, regions })
}

struct Compiler<'a> {
    sources: &'a Sources<'a>,
    subjects: &'a [Subject],
    frame: &'a Frame,
    ground: Ground<'a>,
    diagrams: Diagrams,
    results: Results,
    /// By the sentences that can apply at a place.
    memos: BTreeMap<Vec<ProvisionId>, Memos>,
    regions: usize,
}

/// What was evaluated for some set of sentences.
#[derive(Default)]
struct Memos {
    holding: Memo,
    /// For each sentence beside the holder and each holding.
    beside: BTreeMap<(ProvisionId, u32), Memo>,
    /// For each subject and each holding.
    faults: BTreeMap<(Subject, u32), Memo>,
}

/// Distinct results, numbered as they come.
struct Results {
    holdings: Vec<Option<Holding>>,
    besides: Vec<Beside>,
    holding_numbers: BTreeMap<Option<Holding>, u32>,
    beside_numbers: BTreeMap<Beside, u32>,
    found: Vec<Option<Fault>>,
    found_numbers: BTreeMap<Option<Fault>, u32>,
}

impl Results {
    /// Numbers begin with the impossible point and with nothing beside.
    fn new() -> Self {
        Self {
            holdings: vec![None],
            besides: vec![Beside::default()],
            holding_numbers: BTreeMap::from([(None, 0)]),
            beside_numbers: BTreeMap::from([(Beside::default(), 0)]),
            found: vec![None],
            found_numbers: BTreeMap::from([(None, 0)]),
        }
    }
}

fn numbered<T: Ord + Clone>(result: T, numbers: &mut BTreeMap<T, u32>, all: &mut Vec<T>) -> u32 {
    if let Some(known) = numbers.get(&result) {
        return *known;
    }
    let number = u32::try_from(all.len()).unwrap_or(u32::MAX);
    all.push(result.clone());
    numbers.insert(result, number);
    number
}

/// Who holds the task.
struct ByHolding<'a> {
    sources: &'a Sources<'a>,
    results: &'a mut Results,
}

impl Function for ByHolding<'_> {
    fn evaluate(&mut self, dossier: &Recorder<'_, '_>) -> Result<u32, Stopped> {
        let holding = resolution::holding(self.sources, dossier)?;
        Ok(numbered(holding, &mut self.results.holding_numbers, &mut self.results.holdings))
    }
}

/// What a sentence adds beside a holder.
struct ByBeside<'a> {
    sources: &'a Sources<'a>,
    sentence: ProvisionId,
    holding: u32,
    results: &'a mut Results,
}

impl Function for ByBeside<'_> {
    fn evaluate(&mut self, dossier: &Recorder<'_, '_>) -> Result<u32, Stopped> {
        let index = usize::try_from(self.holding).unwrap_or(usize::MAX);
        let Some(Some(holding)) = self.results.holdings.get(index) else { return Ok(0) };
        let beside = resolution::beside(self.sources, holding, self.sentence, dossier)?;
        Ok(numbered(beside, &mut self.results.beside_numbers, &mut self.results.besides))
    }
}

/// What is wrong with a subject beside a holder.
struct ByFault<'a> {
    sources: &'a Sources<'a>,
    subject: Subject,
    holding: u32,
    results: &'a mut Results,
}

impl Function for ByFault<'_> {
    fn evaluate(&mut self, dossier: &Recorder<'_, '_>) -> Result<u32, Stopped> {
        let index = usize::try_from(self.holding).unwrap_or(usize::MAX);
        let Some(Some(holding)) = self.results.holdings.get(index) else { return Ok(0) };
        let fault = resolution::fault(self.sources, holding, self.subject, dossier)?;
        Ok(numbered(fault, &mut self.results.found_numbers, &mut self.results.found))
    }
}

/// Which sentences split regions, and how often.
#[derive(Default)]
struct Splits(BTreeMap<ProvisionId, usize>);

impl Splits {
    fn count(&mut self, query: &Query) {
        if let Query::Terms(provision, ..) = query {
            *self.0.entry(*provision).or_default() += 1;
        }
    }

    fn too_many(self, task: TaskId) -> TooMany {
        let mut worst: Vec<(ProvisionId, usize)> = self.0.into_iter().collect();
        worst.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        TooMany { task, provisions: worst.into_iter().take(NAMED).map(|(id, _)| id).collect() }
    }
}

impl<'a> Compiler<'a> {
    fn new((sources, subjects): (&'a Sources<'a>, &'a [Subject]), frame: &'a Frame, ground: Ground<'a>) -> Self {
        Self {
            sources,
            subjects,
            frame,
            ground,
            diagrams: Diagrams::default(),
            results: Results::new(),
            memos: BTreeMap::new(),
            regions: 0,
        }
    }

    /// The diagrams from the next role on, where the earlier ones' places are of these classes: of the holder, then of each
    /// sentence beside it.
    fn places(&mut self, chosen: &mut Vec<usize>) -> Result<Vec<Edge>, TooMany> {
        if chosen.len() == self.frame.roles.len() {
            return self.days(chosen);
        }
        let mut below = Vec::new();
        for class in 0..self.frame.kinds_of_place(chosen.len()) {
            chosen.push(class);
            let edges = self.places(chosen);
            chosen.pop();
            below.push((u32::try_from(class).unwrap_or(u32::MAX), edges?));
        }
        Ok(self.join(chosen.len(), &below))
    }

    fn days(&mut self, classes: &[usize]) -> Result<Vec<Edge>, TooMany> {
        let Local { provisions, days } = self.frame.local(self.ground.rulebook, classes);
        let sources = self.sources.within(provisions);
        let mut memos = self.memos.remove(sources.provisions()).unwrap_or_default();
        let mut below = Vec::new();
        for day in std::iter::once(Date::MIN).chain(days.into_iter().filter(|day| *day > Date::MIN)) {
            let region = self.frame.region(self.ground, classes, day);
            below.push((day_number(day), self.slice(region, &sources, &mut memos)?));
        }
        self.memos.insert(sources.provisions().to_vec(), memos);
        Ok(self.join(self.frame.roles.len(), &below))
    }

    /// One node for each of the diagrams.
    fn join(&mut self, variable: usize, below: &[(u32, Vec<Edge>)]) -> Vec<Edge> {
        let variable = u32::try_from(variable).unwrap_or(u32::MAX);
        let of = |diagram: usize| {
            let run = move |(first, edges): &(u32, Vec<Edge>)| Some((*first, *edges.get(diagram)?));
            below.iter().filter_map(run).collect::<Vec<_>>()
        };
        (0..=self.sources.beside().len() + self.subjects.len())
            .map(|diagram| {
                let runs = of(diagram);
                if runs.is_empty() { Edge::leaf(0) } else { self.diagrams.make(variable, runs) }
            })
            .collect()
    }

    /// The diagrams over facts, readings and patterns.
    fn slice(&mut self, region: Region<'a>, sources: &Sources<'_>, memos: &mut Memos) -> Result<Vec<Edge>, TooMany> {
        let allowed = SLICE_LIMIT.min(REGION_LIMIT.saturating_sub(self.regions));
        let mut budget = Budget { left: allowed, task: self.frame.task };
        let mut function = ByHolding { sources, results: &mut self.results };
        let held = explore(&mut memos.holding, region, &mut function, &mut budget)?;
        let mut all = vec![self.build(0, &held)];
        for sentence in self.sources.beside() {
            if !sources.beside().contains(sentence) {
                all.push(Edge::leaf(0));
                continue;
            }
            let mut added = Vec::new();
            for (region, holding) in &held {
                let memo = memos.beside.entry((*sentence, *holding)).or_default();
                let results = &mut self.results;
                let mut function = ByBeside { sources, sentence: *sentence, holding: *holding, results };
                added.extend(explore(memo, region.clone(), &mut function, &mut budget)?);
            }
            all.push(self.build(0, &added));
        }
        for subject in self.subjects {
            if !subject.provisions().all(|own| sources.provisions().contains(&own)) {
                all.push(Edge::leaf(0));
                continue;
            }
            let mut added = Vec::new();
            for (region, holding) in &held {
                let memo = memos.faults.entry((*subject, *holding)).or_default();
                let mut function =
                    ByFault { sources, subject: *subject, holding: *holding, results: &mut self.results };
                added.extend(explore(memo, region.clone(), &mut function, &mut budget)?);
            }
            all.push(self.build(0, &added));
        }
        self.regions += allowed - budget.left;
        Ok(all)
    }

    /// The diagram of regions that are disjoint and cover everything, from a variable after the day on.
    fn build(&mut self, variable: usize, regions: &[Judged<'_>]) -> Edge {
        let all: Vec<&Judged<'_>> = regions.iter().collect();
        self.reduce(variable, &all)
    }

    fn reduce(&mut self, variable: usize, regions: &[&Judged<'_>]) -> Edge {
        let Some((_, value)) = regions.first() else { return Edge::leaf(0) };
        if regions.iter().all(|(_, other)| other == value) {
            return Edge::leaf(*value);
        }
        let Some(cells) = self.cells(variable) else { return Edge::leaf(*value) };
        let mut groups: Vec<(Cells, Vec<&Judged<'_>>)> = vec![(Cells::all(cells), Vec::new())];
        for region in regions {
            let own = self.possible(&region.0, variable, cells);
            let mut finer = Vec::new();
            for (group, members) in groups {
                let (inside, outside) = (group.and(&own), group.without(&own));
                if !outside.is_empty() {
                    finer.push((outside, members.clone()));
                }
                if !inside.is_empty() {
                    let members = members.into_iter().chain([*region]).collect();
                    finer.push((inside, members));
                }
            }
            groups = finer;
        }
        let mut runs = Vec::new();
        for (group, members) in groups {
            let edge = self.reduce(variable + 1, &members);
            runs.extend(group.runs().map(|first| (u32::try_from(first).unwrap_or(u32::MAX), edge)));
        }
        runs.sort_by_key(|(first, _)| *first);
        let number = u32::try_from(self.frame.roles.len() + 1 + variable).unwrap_or(u32::MAX);
        self.diagrams.make(number, runs)
    }

    /// How many cells a variable after the day has.
    fn cells(&self, variable: usize) -> Option<usize> {
        let Frame { facts, readings, .. } = self.frame;
        if let Some(axis) = facts.get(variable) {
            return Some(axis.len());
        }
        if let Some((_, options)) = readings.get(variable - facts.len()) {
            return Some(usize::from(*options));
        }
        (variable - facts.len() - readings.len() < self.ground.patterns.borrow().len()).then_some(2)
    }

    fn possible(&self, region: &Region<'_>, variable: usize, cells: usize) -> Cells {
        let Frame { facts, readings, .. } = self.frame;
        let only = |cell: Option<usize>| match cell {
            None => Cells::all(cells),
            Some(cell) => {
                let mut only = Cells::none(cells);
                only.insert(cell);
                only
            }
        };
        if let Some(own) = region.facts.get(variable) {
            return own.clone();
        }
        if let Some(taken) = region.readings.get(variable - facts.len()) {
            return only(taken.map(usize::from));
        }
        only(region.patterns.get(variable - facts.len() - readings.len()).copied().flatten().map(usize::from))
    }
}

/// How many more regions may be worked through.
struct Budget {
    left: usize,
    task: TaskId,
}

/// Splits a region until each part has one result.
fn explore<'r>(
    memo: &mut Memo,
    region: Region<'r>,
    function: &mut impl Function,
    budget: &mut Budget,
) -> Result<Vec<Judged<'r>>, TooMany> {
    let mut open: Vec<Open<'r>> = vec![Open::new(region)];
    let mut judged = Vec::new();
    let mut splits = Splits::default();
    while let Some(next) = open.pop() {
        match memo.follow(next, function) {
            Step::Result(region, result) => {
                let Some(left) = budget.left.checked_sub(1) else { return Err(splits.too_many(budget.task)) };
                budget.left = left;
                judged.push((region, result));
            }
            Step::Split(query, parts) => {
                splits.count(&query);
                open.extend(parts);
            }
        }
    }
    Ok(judged)
}
