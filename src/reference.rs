//! The reference evaluator: a literal transcription of the semantics of a ruling (`docs/semantics.md`), one case at a time,
//! every provision read anew. It is the oracle for everything that is faster.
//!
//! A [`Case`] is one day, one place or none in each role, what it spans, and for each fact the set of values that are still
//! possible. Judging a case either gives the ruling that holds on all of it, or names the first test that holds on a part
//! only, and so where to split. Nothing here knows words, files or questions.

mod applies;
mod covered;
mod facts;
mod faults;
mod force;
mod framework;
mod handled;
mod held;
mod place;
mod precedence;
mod record;
mod standing;
mod succession;
mod table;
mod transfer;
mod widening;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;

pub(crate) use facts::{Cell, Grid};
pub(crate) use faults::fault;
pub(crate) use held::Beside;

use crate::register::{LevelId, LocalityId, UnitId};
use crate::rulebook::{
    BodyId, Deciders, DocumentId, FactId, ProvisionId, ReadingId, RoleId, Rulebook, SeatAt, Statement, TableId, TaskId,
    Test, Value,
};
use crate::ruling::{Ground, Loss, PointRuling};

/// Everything about one task that does not depend on the case.
#[derive(Debug)]
pub struct Support<'a> {
    pub(crate) rulebook: &'a Rulebook,
    /// `None` when only establishment is asked about.
    pub(crate) task: Option<TaskId>,
    /// It and those that it follows, transitively.
    pub(crate) tasks: BTreeSet<TaskId>,
    /// The task's place roles.
    pub(crate) roles: Vec<RoleId>,
    /// Provisions of the task, of tasks it follows, and all sentences without a task. Sorted.
    pub(crate) provisions: Vec<ProvisionId>,
    /// Provisions whose cases these cite.
    pub(crate) cited: BTreeSet<ProvisionId>,
    /// For each provision, the acts that cover it. Sorted.
    pub(crate) hit_by: BTreeMap<ProvisionId, Vec<ProvisionId>>,
    /// For each document, the acts that extend it.
    pub(crate) extended_by: BTreeMap<DocumentId, Vec<ProvisionId>>,
    /// For each document, the later acts that name all of it.
    pub(crate) ended_by: BTreeMap<DocumentId, Vec<ProvisionId>>,
    /// For each fact that is classified, the sentences that do it.
    pub(crate) classified_by: BTreeMap<FactId, Vec<ProvisionId>>,
    /// Sentences on which bodies and levels there are.
    pub(crate) establishment: Vec<ProvisionId>,
    /// Sentences on who carries on for a body.
    pub(crate) successions: Vec<ProvisionId>,
    /// Sentences of the organisation laws: who may pass what on to whom, in which form.
    pub(crate) framework: Vec<ProvisionId>,
    /// The facts on which a ruling can depend: the task's in their order, then others that its support tests.
    pub(crate) facts: Vec<FactId>,
    pub(crate) grid: Grid,
    /// Roles and levels of which conditions ask whether the case spans several units.
    spans_tested: BTreeSet<(RoleId, LevelId)>,
    /// Texts with several readings in the support.
    pub(crate) readings: Vec<ReadingId>,
}

impl<'a> Support<'a> {
    #[must_use]
    pub fn new(rulebook: &'a Rulebook, task: TaskId) -> Self {
        Self::of(rulebook, Some(task))
    }

    /// Without a task: enough to ask which bodies exist.
    #[must_use]
    pub fn establishment(rulebook: &'a Rulebook) -> Self {
        Self::of(rulebook, None)
    }

    /// With facts cut at more constants, so that every cell lies in one cell of somebody else's.
    pub(crate) fn cut_at(rulebook: &'a Rulebook, task: TaskId, cuts: &[(FactId, Value)]) -> Self {
        let mut support = Self::of(rulebook, Some(task));
        let tasks = followed(rulebook, task);
        let tests = all_tests(rulebook, &tasks, &support.provisions);
        support.grid = Grid::new(rulebook, &support.facts, tests, cuts);
        support
    }

    fn of(rulebook: &'a Rulebook, task: Option<TaskId>) -> Self {
        let tasks = task.map(|task| followed(rulebook, task)).unwrap_or_default();
        let provisions = relevant(rulebook, &tasks);
        let Acts { hit_by, extended_by, ended_by } = acts(rulebook, &provisions);
        let pick = |wanted: fn(&Statement) -> bool| -> Vec<ProvisionId> {
            provisions.iter().copied().filter(|id| wanted(&rulebook[*id].statement)).collect()
        };
        let establishment =
            pick(|statement| matches!(statement, Statement::BodyExists { .. } | Statement::LevelExists { .. }));
        let successions = pick(|statement| matches!(statement, Statement::Succeeded { .. }));
        let framework = pick(|statement| {
            matches!(
                statement,
                Statement::Permission { task: None, .. } | Statement::Onward { .. } | Statement::MustStateTerm { .. }
            )
        });
        let tests = all_tests(rulebook, &tasks, &provisions);
        let mut facts = task.map(|task| rulebook[task].facts.clone()).unwrap_or_default();
        for fact in tests.iter().flat_map(|test| test.facts()).collect::<BTreeSet<_>>() {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        let spans_tested = tests.iter().filter_map(|test| place::asks_of(test)).collect();
        let grid = Grid::new(rulebook, &facts, tests, &[]);
        let readings: BTreeSet<ReadingId> =
            provisions.iter().filter_map(|id| rulebook[*id].reading.map(|(reading, _)| reading)).collect();
        let readings = readings.into_iter().collect();
        let classified_by = classifications(rulebook, &provisions, &facts);
        Self {
            rulebook,
            task,
            roles: task.map(|task| rulebook[task].roles.clone()).unwrap_or_default(),
            cited: cited(rulebook, &provisions),
            provisions,
            hit_by,
            extended_by,
            ended_by,
            classified_by,
            establishment,
            successions,
            framework,
            facts,
            grid,
            spans_tested,
            readings,
            tasks,
        }
    }

    /// For each fact, the cells that are possible where some values are given; `None` where one is no value of its fact.
    pub(crate) fn possible(&self, given: &[(FactId, Value)]) -> Option<Vec<Vec<u16>>> {
        let of = |fact: &FactId| {
            let given = given.iter().find(|(own, _)| own == fact).map(|(_, value)| value);
            let cells = self.grid.cells(*fact).iter().zip(0_u16..);
            let possible =
                cells.filter(|(cell, _)| given.is_none_or(|value| cell.holds(value))).map(|(_, index)| index);
            Some(possible.collect::<Vec<u16>>()).filter(|cells| !cells.is_empty())
        };
        self.facts.iter().map(of).collect()
    }

    /// The parts of a case on which the test that was mixed always or never holds, or the options of a reading.
    pub(crate) fn divide(&self, case: &Case, split: &Split) -> Vec<Case> {
        match split {
            Split::Fact(index, test) => {
                let Some(cells) = case.facts.get(*index) else { return Vec::new() };
                let (holding, other) = self.grid.split(test, cells);
                let part = |cells: Vec<u16>| {
                    let mut part = case.clone();
                    part.facts.iter_mut().skip(*index).take(1).for_each(|own| own.clone_from(&cells));
                    part
                };
                [holding, other].into_iter().filter(|cells| !cells.is_empty()).map(part).collect()
            }
            Split::Reading(index) => {
                let options = self.readings.get(*index).map_or(0, |id| self.rulebook[*id].options.len());
                let part = |option| {
                    let mut part = case.clone();
                    part.readings.iter_mut().skip(*index).take(1).for_each(|own| *own = Some(option));
                    part
                };
                (0..options).filter_map(|option| u8::try_from(option).ok()).map(part).collect()
            }
        }
    }

    /// Every day on which a condition of the support begins or ends to hold, for places in these localities and in units that
    /// sentences name. Sorted.
    #[must_use]
    pub fn change_days(&self, localities: &BTreeSet<LocalityId>) -> Vec<Date> {
        let rulebook = self.rulebook;
        let mut days = BTreeSet::new();
        let mut add = |span: crate::rulebook::Days| days.extend(span.from.into_iter().chain(span.before));
        let documents = documents(rulebook, self.provisions.iter().chain(&self.cited).copied());
        for document in &documents {
            rulebook[*document].in_force.iter().copied().for_each(&mut add);
        }
        for id in &self.provisions {
            add(rulebook[*id].days);
        }
        for body in &rulebook.bodies {
            add(body.days);
        }
        for cover in &rulebook.cover {
            add(cover.days);
        }
        self.task.iter().flat_map(|task| &rulebook[*task].covered).copied().for_each(&mut add);
        self.tasks.iter().flat_map(|task| &rulebook[*task].covered_in).map(|line| line.days).for_each(&mut add);
        days.extend(documents.iter().map(|document| rulebook[*document].issued));
        days.extend(self.provisions.iter().filter_map(|id| {
            if let Statement::Extends { before, .. } = rulebook[*id].statement { Some(before) } else { None }
        }));
        days.extend(place::days_of_levels(self));
        let seats = self.provisions.iter().flat_map(|id| standing::seats(&rulebook[*id].statement));
        let fixed = seats.filter_map(|seat| if let SeatAt::Unit(unit) = seat.at { Some(unit) } else { None });
        let elsewhere: BTreeSet<UnitId> = fixed.collect();
        let elsewhere = elsewhere.into_iter().flat_map(|unit| rulebook.register.footprint_ever(unit));
        for locality in elsewhere.chain(localities.iter().copied()).collect::<BTreeSet<_>>() {
            days.extend(rulebook.register.change_days_of(locality));
        }
        days.into_iter().collect()
    }
}

/// The task and those it follows, transitively.
fn followed(rulebook: &Rulebook, task: TaskId) -> BTreeSet<TaskId> {
    let mut tasks = BTreeSet::from([task]);
    let mut open = vec![task];
    while let Some(next) = open.pop() {
        for id in &rulebook[next].provisions {
            if let Statement::DecidedBy { by: Deciders::WhoeverDecides(other), .. } = rulebook[*id].statement
                && tasks.insert(other)
            {
                open.push(other);
            }
        }
    }
    tasks
}

/// The tasks' own sentences, sentences without a task, and of acts and classifications those that reach any of these:
/// what they look at must not be asked where it cannot matter.
fn relevant(rulebook: &Rulebook, tasks: &BTreeSet<TaskId>) -> Vec<ProvisionId> {
    let ids = (0..rulebook.provisions.len()).map(|i| ProvisionId(u32::try_from(i).unwrap_or(u32::MAX)));
    let (mut open, mut kept): (Vec<ProvisionId>, BTreeSet<ProvisionId>) = (Vec::new(), BTreeSet::new());
    for id in ids.filter(|id| rulebook[*id].statement.task().is_none_or(|of| tasks.contains(&of))) {
        if matches!(
            rulebook[id].statement,
            Statement::Act { .. } | Statement::Classifies { .. } | Statement::Tabulates { .. }
        ) {
            open.push(id);
        } else {
            kept.insert(id);
        }
    }
    loop {
        let provisions: Vec<ProvisionId> = kept.iter().copied().collect();
        let mut facts: BTreeSet<FactId> = tasks.iter().flat_map(|task| rulebook[*task].facts.clone()).collect();
        let tests = all_tests(rulebook, tasks, &provisions);
        facts.extend(tests.iter().flat_map(|test| test.facts()));
        let tables: BTreeSet<TableId> = tests.iter().filter_map(|test| test.table()).collect();
        let standing = documents(rulebook, provisions.iter().copied());
        let reaches = |id: &ProvisionId| {
            if let Statement::Classifies { fact, .. } = &rulebook[*id].statement {
                return facts.contains(fact);
            }
            if let Statement::Tabulates { table, .. } = &rulebook[*id].statement {
                return tables.contains(table);
            }
            let Statement::Act { hits, documents, .. } = &rulebook[*id].statement else { return false };
            documents.iter().any(|document| standing.contains(document)) || hits.iter().any(|hit| kept.contains(hit))
        };
        let (reaching, other): (Vec<_>, Vec<_>) = open.into_iter().partition(reaches);
        open = other;
        if reaching.is_empty() {
            return provisions;
        }
        kept.extend(reaching);
    }
}

/// The documents whose term, day of issue or end bears on provisions: those in which they stand, by which they were worded or
/// extended, that let them prevail, and that settle how they are read.
fn documents(rulebook: &Rulebook, provisions: impl Iterator<Item = ProvisionId>) -> BTreeSet<DocumentId> {
    let mut found = BTreeSet::new();
    for id in provisions {
        let (provision, text) = (&rulebook[id], &rulebook[rulebook[id].text]);
        found.extend([text.document, text.enacted_by]);
        found.extend(provision.prevails.iter().filter_map(|claim| claim.by));
        for document in [text.document, text.enacted_by] {
            found.extend(rulebook[document].prevails.map(|claim| claim.by));
        }
        let settled = provision.reading.map(|(reading, _)| &rulebook[reading].settled);
        found.extend(settled.into_iter().flatten().map(|(document, _)| *document));
        if let Statement::Extends { document, .. } = provision.statement {
            found.insert(document);
        }
    }
    found
}

#[derive(Default)]
struct Acts {
    hit_by: BTreeMap<ProvisionId, Vec<ProvisionId>>,
    extended_by: BTreeMap<DocumentId, Vec<ProvisionId>>,
    ended_by: BTreeMap<DocumentId, Vec<ProvisionId>>,
}

fn acts(rulebook: &Rulebook, provisions: &[ProvisionId]) -> Acts {
    let mut acts = Acts::default();
    for id in provisions {
        if let Statement::Act { hits, documents, .. } = &rulebook[*id].statement {
            hits.iter().for_each(|hit| acts.hit_by.entry(*hit).or_default().push(*id));
            let earlier = documents.iter().filter(|document| rulebook[**document].issued < rulebook.issued(*id));
            earlier.for_each(|document| acts.ended_by.entry(*document).or_default().push(*id));
        } else if let Statement::Extends { document, .. } = &rulebook[*id].statement {
            acts.extended_by.entry(*document).or_default().push(*id);
        }
    }
    acts
}

fn classifications(
    rulebook: &Rulebook,
    provisions: &[ProvisionId],
    facts: &[FactId],
) -> BTreeMap<FactId, Vec<ProvisionId>> {
    let mut classified: BTreeMap<FactId, Vec<ProvisionId>> = BTreeMap::new();
    for id in provisions {
        if let Statement::Classifies { fact, .. } = rulebook[*id].statement
            && facts.contains(&fact)
        {
            classified.entry(fact).or_default().push(*id);
        }
    }
    classified
}

/// The provisions whose cases others cite: these may lie outside the support, and so on.
fn cited(rulebook: &Rulebook, provisions: &[ProvisionId]) -> BTreeSet<ProvisionId> {
    let mut cited: BTreeSet<ProvisionId> = BTreeSet::new();
    let mut open = provisions.to_vec();
    while let Some(id) = open.pop() {
        let of = rulebook[id].cases.iter().flat_map(|cases| &cases.of);
        open.extend(of.copied().filter(|of| cited.insert(*of)));
    }
    cited
}

fn all_tests<'a>(rulebook: &'a Rulebook, tasks: &BTreeSet<TaskId>, provisions: &[ProvisionId]) -> Vec<&'a Test> {
    let own = provisions.iter().filter_map(|id| rulebook[*id].condition.as_ref());
    let cited = cited(rulebook, provisions).into_iter().filter_map(|id| rulebook[id].condition.as_ref());
    let tasks = tasks.iter().map(|task| &rulebook[*task]);
    let catalogue = tasks.flat_map(|task| task.impossible.iter().chain(&task.open));
    own.chain(cited).chain(catalogue).flat_map(facts::tests_of).collect()
}

/// A set of points: one day, one locality in each of the task's roles, some cells of each fact, perhaps chosen readings.
#[derive(Debug, Clone)]
pub struct Case {
    pub day: Date,
    /// In the order of the task's roles, [`LocalityId::NOWHERE`] where there is no such place; empty for a task without one.
    pub places: Vec<LocalityId>,
    /// For each role the highest level of which the case spans several units there; it spans those of all lower levels too.
    pub spans: Vec<Option<LevelId>>,
    /// For each fact of [`Support::facts`], indices of the cells that are possible. Never empty.
    pub(crate) facts: Vec<Vec<u16>>,
    /// For each of [`Support::readings`], the option taken.
    pub(crate) readings: Vec<Option<u8>>,
}

impl Case {
    /// A place on a day, and nothing else.
    fn somewhere(place: LocalityId, day: Date) -> Self {
        Self { day, places: vec![place], spans: Vec::new(), facts: Vec::new(), readings: Vec::new() }
    }
}

/// Where a case has to be split before it can be judged.
#[derive(Debug, Clone)]
pub(crate) enum Split {
    /// Index into [`Support::facts`], and the test that holds on a part of it.
    Fact(usize, Test),
    /// Index into [`Support::readings`].
    Reading(usize),
}

impl Split {
    fn order(&self) -> (u8, usize) {
        match self {
            Self::Fact(index, _) => (0, *index),
            Self::Reading(index) => (1, *index),
        }
    }

    /// Of two places to split, the one that comes first in the frame.
    fn first(self, other: Self) -> Self {
        if other.order() < self.order() { other } else { self }
    }
}

pub(crate) type Judged<T> = Result<T, Split>;

/// Both results, or the first place to split of those that need it.
pub(crate) fn both<A, B>(a: Judged<A>, b: Judged<B>) -> Judged<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(a.first(b)),
        (Err(split), Ok(_)) | (Ok(_), Err(split)) => Err(split),
    }
}

/// What is judged at a point: the ruling, or that the catalogue declares the point impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judgement {
    Ruling(Box<PointRuling>),
    Impossible,
}

/// Judges a case: the ruling on all of it, or where to split.
pub(crate) fn judge(support: &Support<'_>, case: &Case) -> Judged<Judgement> {
    judge_part(support, case, Beside::All)
}

/// The same for a part of the ruling: the holder alone, or what one sentence or slot adds beside it, with the grounds of that only.
pub(crate) fn judge_part(support: &Support<'_>, case: &Case, wanted: Beside) -> Judged<Judgement> {
    let rulebook = support.rulebook;
    let at = At::new(support, case, case.day);
    if !at.consistent()? {
        return Ok(Judgement::Impossible);
    }
    let Some(task) = support.task else { return Ok(Judgement::Impossible) };
    for condition in &rulebook[task].impossible {
        if at.condition(condition)? {
            return Ok(Judgement::Impossible);
        }
    }
    held::ruling(&at, task, wanted).map(|ruling| Judgement::Ruling(Box::new(ruling)))
}

/// Whether everything that looks at places reads two places alike, on every day.
pub(crate) fn alike(support: &Support<'_>, a: LocalityId, b: LocalityId) -> bool {
    let register = &support.rulebook.register;
    let days = register.change_days_of(a).into_iter().chain(register.change_days_of(b)).chain([Date::MIN]);
    days.collect::<BTreeSet<_>>().into_iter().all(|day| {
        let case = Case::somewhere(a, day);
        At::new(support, &case, day).alike(a, b)
    })
}

/// Whether a body exists at a level in the unit of that level that holds a locality, on a day.
#[must_use]
pub fn established(support: &Support<'_>, body: BodyId, level: LevelId, locality: LocalityId, day: Date) -> bool {
    let case = Case::somewhere(locality, day);
    let at = At::new(support, &case, day);
    let body_then = &support.rulebook[body];
    // Sentences of establishment test no facts (bind sees to it), so nothing is ever left to split.
    body_then.days.contains(day)
        && body_then.levels.contains(&level)
        && at.established(body, level, locality).unwrap_or(false)
}

/// A case seen at a clock: the case's own day, or an earlier day on which a transfer was made.
pub(crate) struct At<'a> {
    pub(crate) support: &'a Support<'a>,
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) case: &'a Case,
    pub(crate) clock: Date,
    /// The task that is judged: the case's own, or one that it follows. Its first place is where sentences are read.
    task: Option<TaskId>,
    /// Provisions already judged to be in force or not: a cache, since acts are asked about again and again.
    in_force: Rc<RefCell<BTreeMap<AtPlace, bool>>>,
    /// Who held what at earlier clocks, shared by all clocks of one case.
    earlier: Rc<RefCell<Births>>,
    /// Documents whose issuer's existence is being asked, so that two that establish each other's issuers end the search.
    issuers: Rc<RefCell<BTreeSet<DocumentId>>>,
    /// Provisions whose force is being asked, a guard against rules whose force depends on itself.
    judging: Rc<RefCell<BTreeSet<(AtPlace, Date)>>>,
    /// The values that sentences give to facts, once asked.
    classified: Rc<RefCell<BTreeMap<FactId, Judged<Option<Value>>>>>,
    /// The transfer whose first day this is.
    born: Option<ProvisionId>,
    /// Who carries on for whom, once asked.
    successions: RefCell<BTreeMap<Option<LocalityId>, Rc<succession::Successions>>>,
    /// Why provisions do not speak, and other notes for the record.
    notes: Rc<RefCell<Notes>>,
}

/// A provision as it is read at a place.
type AtPlace = (ProvisionId, Option<LocalityId>);

/// For a task and the first day of a transfer, who held it then.
type Births = BTreeMap<(TaskId, Date, ProvisionId), Rc<held::Authority>>;

/// What is noted on the way.
#[derive(Debug, Default, Clone)]
pub(crate) struct Notes {
    pub(crate) losses: BTreeSet<Loss>,
    /// Transfers that are admitted because no framework text is loaded for the day of issue.
    pub(crate) framework_unread: BTreeSet<ProvisionId>,
    /// Establishment sentences that make a seat absent.
    pub(crate) abolished: BTreeSet<Ground>,
    /// The lines of each task, at every step before the transfers that move them on.
    lines: Vec<(TaskId, held::Line)>,
}

impl Notes {
    fn lines_of(&self, task: TaskId) -> Vec<held::Line> {
        self.lines.iter().filter(|(of, _)| *of == task).map(|(_, line)| line.clone()).collect()
    }
}

impl<'a> At<'a> {
    fn new(support: &'a Support<'a>, case: &'a Case, clock: Date) -> Self {
        Self {
            support,
            rulebook: support.rulebook,
            case,
            clock,
            task: support.task,
            in_force: Rc::default(),
            earlier: Rc::default(),
            issuers: Rc::default(),
            judging: Rc::default(),
            classified: Rc::default(),
            born: None,
            successions: RefCell::default(),
            notes: Rc::default(),
        }
    }

    /// The same case at another clock, with the memory of earlier clocks shared.
    fn at_clock(&self, clock: Date) -> Self {
        Self {
            support: self.support,
            rulebook: self.rulebook,
            case: self.case,
            clock,
            task: self.task,
            in_force: Rc::default(),
            earlier: Rc::clone(&self.earlier),
            issuers: Rc::clone(&self.issuers),
            judging: Rc::clone(&self.judging),
            classified: Rc::default(),
            successions: RefCell::default(),
            born: None,
            notes: Rc::default(),
        }
    }

    /// The case on the first day of a transfer, which is judged then whatever its own terms said on that day: it must have
    /// been made by the right one, not have applied here already.
    fn at_birth(&self, transfer: ProvisionId, clock: Date) -> Self {
        Self { born: Some(transfer), ..self.at_clock(clock) }
    }

    /// The same case and clock, seen by another task.
    fn of_task(&self, task: TaskId) -> Self {
        Self {
            support: self.support,
            rulebook: self.rulebook,
            case: self.case,
            clock: self.clock,
            task: Some(task),
            in_force: Rc::clone(&self.in_force),
            earlier: Rc::clone(&self.earlier),
            issuers: Rc::clone(&self.issuers),
            judging: Rc::clone(&self.judging),
            classified: Rc::clone(&self.classified),
            successions: RefCell::default(),
            born: self.born,
            notes: Rc::clone(&self.notes),
        }
    }

    fn lose(&self, provision: ProvisionId, why: crate::ruling::Why) {
        self.notes.borrow_mut().losses.insert(Loss { provision, why });
    }
}

/// Whether a statement ends other texts for good (a completed repeal is not undone by its own expiry).
pub(crate) fn persists(rulebook: &Rulebook, id: ProvisionId) -> bool {
    use crate::rulebook::ActKind;
    let Statement::Act { kind, .. } = rulebook[id].statement else { return false };
    match kind {
        ActKind::Amends | ActKind::Repeals | ActKind::Replaces | ActKind::Annuls => true,
        ActKind::Suspends | ActKind::Restores => false,
    }
}
