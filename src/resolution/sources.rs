//! What may speak about a task at any point: its sentences, those of the tasks that it follows, those without a task, and the
//! acts, extensions and classifications that reach any of these. Knows the rulebook alone, and nothing of a case.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::rulebook::{
    ActKind, BodyId, Clause, Condition, Deciders, DocumentId, FactId, ProvisionId, ReadingId, RoleId, Rulebook, Seat,
    SeatAt, Slot, Statement, TableId, TaskId, Test, TransferForm,
};

use crate::register::LevelId;

use super::Site;
use crate::ruling::Aside;

/// Everything static about a task: its sentences and those of tasks it follows, sentences without a task, acts and
/// classifications that reach any of these.
#[derive(Debug, Clone)]
pub struct Sources<'a> {
    pub(super) rules: &'a Rulebook,
    pub(super) task: TaskId,
    provisions: Vec<ProvisionId>,
    cited: Vec<ProvisionId>,
    readings: Vec<ReadingId>,
    seats: Vec<Seat>,
    beside: Vec<Aside>,
    handling: BTreeMap<Slot, Vec<ProvisionId>>,
    index: Index,
}

/// For each document, the suspensions that it pronounces, of whatever task.
type Suspensions = Rc<BTreeMap<DocumentId, Vec<ProvisionId>>>;

/// The provisions of the sources by what they are looked up for, each list in order of id.
#[derive(Debug, Clone, Default)]
struct Index {
    deciding: BTreeMap<TaskId, Vec<ProvisionId>>,
    governing: BTreeMap<TaskId, Vec<ProvisionId>>,
    passing: BTreeMap<TaskId, Vec<ProvisionId>>,
    transfers: BTreeMap<(TaskId, TransferForm), Vec<ProvisionId>>,
    canon: BTreeMap<TaskId, Vec<ProvisionId>>,
    framework: Vec<ProvisionId>,
    /// Sentences on cases that span several units of a level.
    widening: BTreeMap<LevelId, Vec<ProvisionId>>,
    /// Sentences whose terms, those of the cases that they cite included, ask what a case spans.
    of_spans: BTreeSet<ProvisionId>,
    existence: Vec<ProvisionId>,
    successions: BTreeMap<BodyId, Vec<ProvisionId>>,
    classifications: BTreeMap<FactId, Vec<ProvisionId>>,
    extensions: BTreeMap<DocumentId, Vec<ProvisionId>>,
    acts: BTreeMap<ProvisionId, Vec<ProvisionId>>,
    acts_on_whole: BTreeMap<DocumentId, Vec<ProvisionId>>,
    /// All suspensions, by the document that enacts them.
    suspensions: Suspensions,
    /// The facts that a provision's own terms test, those of the cases that it cites included.
    tested: BTreeMap<ProvisionId, Vec<FactId>>,
    /// Likewise the tables.
    tables_tested: BTreeMap<ProvisionId, Vec<TableId>>,
    tabulating: BTreeMap<TableId, Vec<ProvisionId>>,
}

impl<'a> Sources<'a> {
    #[must_use]
    pub fn new(rules: &'a Rulebook, task: TaskId) -> Self {
        let tasks = followed(rules, task);
        let provisions = Reach::new(rules).of(&tasks);
        let mut suspensions: BTreeMap<DocumentId, Vec<ProvisionId>> = BTreeMap::new();
        for (id, provision) in (0..).map(ProvisionId).zip(&rules.provisions) {
            if let Statement::Act { kind: ActKind::Suspends, .. } = provision.statement {
                suspensions.entry(rules[provision.text].enacted_by).or_default().push(id);
            }
        }
        Self::indexed(rules, task, provisions, Rc::new(suspensions))
    }

    /// The same for those of its provisions that can apply where a case lies; sorted.
    #[must_use]
    pub fn within(&self, provisions: Vec<ProvisionId>) -> Self {
        Self::indexed(self.rules, self.task, provisions, Rc::clone(&self.index.suspensions))
    }

    fn indexed(rules: &'a Rulebook, task: TaskId, provisions: Vec<ProvisionId>, suspensions: Suspensions) -> Self {
        let cited = cited_by(rules, &provisions);
        let mut index = Index { suspensions, ..Index::default() };
        for provision in &provisions {
            index.add(rules, *provision);
        }
        let readings: BTreeSet<ReadingId> = provisions
            .iter()
            .chain(&cited)
            .filter_map(|provision| rules[*provision].reading.map(|(reading, _)| reading))
            .collect();
        let seats: BTreeSet<Seat> =
            provisions.iter().flat_map(|provision| named(&rules[*provision].statement)).collect();
        let stands_beside = |provision: &&ProvisionId| {
            matches!(&rules[**provision].statement,
                Statement::Requires { task: of, .. } | Statement::StepIn { task: of, .. } if *of == task)
        };
        let sentences = provisions.iter().filter(stands_beside).copied().map(Aside::Sentence);
        let mut handling: BTreeMap<Slot, Vec<ProvisionId>> = BTreeMap::new();
        for provision in &provisions {
            if let Statement::Handling { task: of, says } = &rules[*provision].statement
                && *of == task
            {
                handling.entry(says.slot()).or_default().push(*provision);
            }
        }
        let beside = sentences.chain(handling.keys().copied().map(Aside::Slot)).collect();
        Self {
            rules,
            task,
            cited,
            readings: readings.into_iter().collect(),
            seats: seats.into_iter().collect(),
            beside,
            handling,
            index,
            provisions,
        }
    }

    /// All provisions about which queries can be asked, sorted.
    #[must_use]
    pub fn provisions(&self) -> &[ProvisionId] {
        &self.provisions
    }

    /// The provisions whose cases these cite, one through the other, sorted; their terms are asked as parts of others'.
    #[must_use]
    pub fn cited(&self) -> &[ProvisionId] {
        &self.cited
    }

    /// The facts that sentences of the sources classify, sorted.
    #[must_use]
    pub fn classified(&self) -> Vec<FactId> {
        self.index.classifications.keys().copied().collect()
    }

    #[must_use]
    pub fn readings(&self) -> &[ReadingId] {
        &self.readings
    }

    #[must_use]
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// The task and those that it follows, which may have no sentence of their own. Sorted.
    #[must_use]
    pub fn tasks(&self) -> BTreeSet<TaskId> {
        followed(self.rules, self.task)
    }

    /// The seats that one of the sentences names.
    #[must_use]
    pub fn seats_of(&self, provision: ProvisionId) -> Vec<Seat> {
        named(&self.rules[provision].statement)
    }

    /// Every seat that the sentences name, sorted.
    #[must_use]
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// The task's sentences on what is required beside the holder and on who may step in, in order of id; then the slots
    /// in which a sentence says how the task is handled.
    #[must_use]
    pub fn beside(&self) -> &[Aside] {
        &self.beside
    }

    /// The task's sentences of a slot.
    #[must_use]
    pub fn handling(&self, slot: Slot) -> &[ProvisionId] {
        list(&self.handling, &slot)
    }

    /// The sentences of what stands beside the holder.
    #[must_use]
    pub fn sentences_of(&self, aside: Aside) -> Vec<ProvisionId> {
        match aside {
            Aside::Sentence(sentence) => vec![sentence],
            Aside::Slot(slot) => self.handling(slot).to_vec(),
        }
    }

    /// The places of a task of which there may be none.
    pub(super) fn may_lack(&self, role: RoleId) -> bool {
        self.rules[self.task].optional.contains(&role)
    }

    /// Where a sentence on a task is read that names this seat: at the seat's own place.
    pub(super) fn site_of(&self, task: TaskId, seat: Seat) -> Site {
        match seat.at {
            SeatAt::Level { role, .. } | SeatAt::Others { role, .. } => Site::Role(role),
            SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Any { .. } | SeatAt::Unit(_) => self.site(task),
        }
    }

    /// Where a task's sentences are read that name no place: at its own first one.
    pub(super) fn site(&self, task: TaskId) -> Site {
        self.rules[task].roles.first().map_or(Site::Nowhere, |role| Site::Role(*role))
    }

    /// Sentences on who decides a task, or that nobody has to.
    pub(super) fn deciding(&self, task: TaskId) -> &[ProvisionId] {
        list(&self.index.deciding, &task)
    }

    /// Sentences by which a text governs a task as a whole.
    pub(super) fn governing(&self, task: TaskId) -> &[ProvisionId] {
        list(&self.index.governing, &task)
    }

    pub(super) fn passing(&self, task: TaskId) -> &[ProvisionId] {
        list(&self.index.passing, &task)
    }

    pub(super) fn transfers(&self, task: TaskId, form: TransferForm) -> &[ProvisionId] {
        list(&self.index.transfers, &(task, form))
    }

    /// The task's own sentences on what may and must not be passed on.
    pub(super) fn canon(&self, task: TaskId) -> &[ProvisionId] {
        list(&self.index.canon, &task)
    }

    /// The sentences of organisation law on passing on, for all tasks.
    pub(super) fn framework(&self) -> &[ProvisionId] {
        &self.index.framework
    }

    /// The sentences on cases that span several units of a level.
    pub(super) fn widening(&self, level: LevelId) -> &[ProvisionId] {
        list(&self.index.widening, &level)
    }

    /// The sentence asks itself what a case spans.
    pub(super) fn asks_of_spans(&self, provision: ProvisionId) -> bool {
        self.index.of_spans.contains(&provision)
    }

    pub(super) fn existence(&self) -> &[ProvisionId] {
        &self.index.existence
    }

    pub(super) fn successions(&self) -> &BTreeMap<BodyId, Vec<ProvisionId>> {
        &self.index.successions
    }

    pub(super) fn classifications(&self, fact: FactId) -> &[ProvisionId] {
        list(&self.index.classifications, &fact)
    }

    pub(super) fn extensions(&self, document: DocumentId) -> &[ProvisionId] {
        list(&self.index.extensions, &document)
    }

    /// The acts that hit a provision.
    pub(super) fn acts(&self, provision: ProvisionId) -> &[ProvisionId] {
        list(&self.index.acts, &provision)
    }

    /// The acts that hit a document as a whole.
    pub(super) fn acts_on_whole(&self, document: DocumentId) -> &[ProvisionId] {
        list(&self.index.acts_on_whole, &document)
    }

    /// The suspensions that a document enacts, of whatever text.
    pub(super) fn suspensions(&self, document: DocumentId) -> &[ProvisionId] {
        list(&self.index.suspensions, &document)
    }

    /// The facts that a provision's terms test.
    pub(super) fn tested(&self, provision: ProvisionId) -> &[FactId] {
        list(&self.index.tested, &provision)
    }

    /// The tables that a provision's terms test.
    pub(super) fn tables_tested(&self, provision: ProvisionId) -> &[TableId] {
        list(&self.index.tables_tested, &provision)
    }

    /// The sentences that state limits of a table.
    pub(super) fn tabulating(&self, table: TableId) -> &[ProvisionId] {
        list(&self.index.tabulating, &table)
    }

    pub(super) fn is_classified(&self, fact: FactId) -> bool {
        self.index.classifications.contains_key(&fact)
    }
}

fn list<'l, K: Ord, T>(table: &'l BTreeMap<K, Vec<T>>, key: &K) -> &'l [T] {
    table.get(key).map_or(&[], Vec::as_slice)
}

impl Index {
    fn add(&mut self, rules: &Rulebook, provision: ProvisionId) {
        match &rules[provision].statement {
            Statement::DecidedBy { task, .. } | Statement::NotRequired { task } => {
                self.deciding.entry(*task).or_default().push(provision);
            }
            Statement::Governs { task, .. } => self.governing.entry(*task).or_default().push(provision),
            Statement::Passes { task, .. } => self.passing.entry(*task).or_default().push(provision),
            Statement::Transfer { task, form, .. } => {
                self.transfers.entry((*task, *form)).or_default().push(provision);
            }
            Statement::Permission { task: Some(task), .. } => self.canon.entry(*task).or_default().push(provision),
            Statement::Permission { task: None, .. } | Statement::Onward { .. } | Statement::MustStateTerm { .. } => {
                self.framework.push(provision);
            }
            Statement::Widens { level, .. } => self.widening.entry(*level).or_default().push(provision),
            Statement::Succeeded { body, .. } => self.successions.entry(*body).or_default().push(provision),
            Statement::BodyExists { .. } | Statement::LevelExists { .. } => self.existence.push(provision),
            Statement::Classifies { fact, .. } => self.classifications.entry(*fact).or_default().push(provision),
            Statement::Tabulates { table, .. } => self.tabulating.entry(*table).or_default().push(provision),
            Statement::Extends { document, .. } => self.extensions.entry(*document).or_default().push(provision),
            Statement::Act { hits, documents, .. } => {
                for hit in hits {
                    self.acts.entry(*hit).or_default().push(provision);
                }
                for document in documents {
                    self.acts_on_whole.entry(*document).or_default().push(provision);
                }
            }
            Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Handling { .. } => {}
        }
        if asks_of_spans(rules, provision) {
            self.of_spans.insert(provision);
        }
        let tested = tested_by(rules, provision);
        if !tested.is_empty() {
            self.tested.insert(provision, tested.into_iter().collect());
        }
        let tables = tables_tested_by(rules, provision);
        if !tables.is_empty() {
            self.tables_tested.insert(provision, tables.into_iter().collect());
        }
    }
}

/// A task and those it follows, one through the other, sorted.
fn followed(rules: &Rulebook, task: TaskId) -> BTreeSet<TaskId> {
    let mut found = BTreeSet::new();
    let mut open = vec![task];
    while let Some(task) = open.pop() {
        if found.insert(task) {
            for provision in &rules[task].provisions {
                if let Statement::DecidedBy { by: Deciders::WhoeverDecides(of), .. } = rules[*provision].statement {
                    open.push(of);
                }
            }
        }
    }
    found
}

/// Follows every way in which one sentence bears on another.
struct Reach<'a> {
    rules: &'a Rulebook,
    /// Acts by what they hit, extensions and acts by document, classifications by fact.
    acts: BTreeMap<ProvisionId, Vec<ProvisionId>>,
    documents: BTreeMap<DocumentId, Vec<ProvisionId>>,
    classifications: BTreeMap<FactId, Vec<ProvisionId>>,
    tables: BTreeMap<TableId, Vec<ProvisionId>>,
    /// Sentences of all tasks.
    general: Vec<ProvisionId>,
}

impl<'a> Reach<'a> {
    fn new(rules: &'a Rulebook) -> Self {
        let mut reach = Self {
            rules,
            acts: BTreeMap::new(),
            documents: BTreeMap::new(),
            classifications: BTreeMap::new(),
            tables: BTreeMap::new(),
            general: Vec::new(),
        };
        for (id, provision) in (0..).map(ProvisionId).zip(&rules.provisions) {
            match &provision.statement {
                Statement::Act { hits, documents, .. } => {
                    for hit in hits {
                        reach.acts.entry(*hit).or_default().push(id);
                    }
                    for document in documents {
                        reach.documents.entry(*document).or_default().push(id);
                    }
                }
                Statement::Extends { document, .. } => reach.documents.entry(*document).or_default().push(id),
                Statement::Tabulates { table, .. } => reach.tables.entry(*table).or_default().push(id),
                Statement::Classifies { fact, .. } => reach.classifications.entry(*fact).or_default().push(id),
                Statement::Permission { task: None, .. }
                | Statement::Succeeded { .. }
                | Statement::Onward { .. }
                | Statement::MustStateTerm { .. }
                | Statement::Widens { .. }
                | Statement::BodyExists { .. }
                | Statement::LevelExists { .. } => reach.general.push(id),
                // The articles behind the order of texts are citations: nothing is asked about them.
                Statement::HigherRankPrevails
                | Statement::LaterTextPrevails
                | Statement::DecidedBy { .. }
                | Statement::NotRequired { .. }
                | Statement::Governs { .. }
                | Statement::Passes { .. }
                | Statement::Transfer { .. }
                | Statement::Permission { task: Some(_), .. }
                | Statement::StepIn { .. }
                | Statement::Requires { .. }
                | Statement::Handling { .. } => {}
            }
        }
        reach
    }

    fn of(&self, tasks: &BTreeSet<TaskId>) -> Vec<ProvisionId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<ProvisionId> = self.general.clone();
        for task in tasks {
            open.extend(&self.rules[*task].provisions);
            open.extend(self.rules[*task].facts.iter().flat_map(|fact| list(&self.classifications, fact)));
            let conditions = self.rules[*task].impossible.iter().chain(&self.rules[*task].open);
            open.extend(conditions.clone().flat_map(tables_of).flat_map(|table| list(&self.tables, &table).to_vec()));
            open.extend(conditions.flat_map(facts_of).flat_map(|fact| list(&self.classifications, &fact).to_vec()));
        }
        while let Some(provision) = open.pop() {
            if found.insert(provision) {
                open.extend(list(&self.acts, &provision));
                for document in self.leans_on(provision) {
                    open.extend(list(&self.documents, &document));
                }
                let facts = tested_by(self.rules, provision);
                open.extend(facts.iter().flat_map(|fact| list(&self.classifications, fact)));
                let tables = tables_tested_by(self.rules, provision);
                open.extend(tables.iter().flat_map(|table| list(&self.tables, table)));
            }
        }
        found.into_iter().collect()
    }

    /// The documents whose term or life matters to a provision: those in which it stands, those that let it prevail,
    /// and those that settle how it is read.
    fn leans_on(&self, provision: ProvisionId) -> BTreeSet<DocumentId> {
        let text = &self.rules[self.rules[provision].text];
        let claims = self.rules[provision].prevails.iter().filter_map(|claim| claim.by);
        let own = [text.document, text.enacted_by].into_iter();
        let rank = self.rules[text.document].prevails.map(|prevails| prevails.by);
        let reading = self.rules[provision].reading.map(|(reading, _)| &self.rules[reading].settled);
        let settling = reading.into_iter().flatten().map(|(document, _)| *document);
        own.chain(claims).chain(rank).chain(settling).collect()
    }
}

/// The provisions whose cases others cite, one through the other.
fn cited_by(rules: &Rulebook, provisions: &[ProvisionId]) -> Vec<ProvisionId> {
    let direct = |provision: ProvisionId| rules[provision].cases.iter().flat_map(|cases| cases.of.iter().copied());
    let mut found = BTreeSet::new();
    let mut open: Vec<ProvisionId> = provisions.iter().flat_map(|provision| direct(*provision)).collect();
    while let Some(provision) = open.pop() {
        if found.insert(provision) {
            open.extend(direct(provision));
        }
    }
    found.into_iter().collect()
}

/// The facts that a provision's condition, and those of the cases that it cites, test.
fn tested_by(rules: &Rulebook, provision: ProvisionId) -> BTreeSet<FactId> {
    let all = std::iter::once(provision).chain(cited_by(rules, &[provision]));
    all.filter_map(|provision| rules[provision].condition.as_ref()).flat_map(facts_of).collect()
}

/// A provision's condition, or one of those of the cases that it cites, asks what a case spans.
fn asks_of_spans(rules: &Rulebook, provision: ProvisionId) -> bool {
    let mut all = std::iter::once(provision).chain(cited_by(rules, &[provision]));
    let asks = |tests: &[Test]| tests.iter().any(|test| matches!(test, Test::Spans { .. }));
    all.any(|provision| {
        let clauses = rules[provision].condition.iter().flat_map(|condition| &condition.clauses);
        clauses.into_iter().any(|clause| match clause {
            Clause::Test(test) => asks(std::slice::from_ref(test)),
            Clause::AnyOf(lines) => lines.iter().any(|line| asks(line)),
        })
    })
}

/// The facts that a condition tests, sorted.
pub(super) fn facts_of(condition: &Condition) -> BTreeSet<FactId> {
    tests_of(condition).into_iter().flat_map(Test::facts).collect()
}

/// The tables that a condition tests, sorted.
pub(super) fn tables_of(condition: &Condition) -> BTreeSet<TableId> {
    tests_of(condition).into_iter().filter_map(Test::table).collect()
}

fn tests_of<'c>(condition: &'c Condition) -> Vec<&'c Test> {
    let clause = |clause: &'c Clause| match clause {
        Clause::Test(test) => vec![test],
        Clause::AnyOf(lines) => lines.iter().flatten().collect(),
    };
    condition.clauses.iter().flat_map(clause).collect()
}

/// The tables that a provision's condition, and those of the cases that it cites, test.
fn tables_tested_by(rules: &Rulebook, provision: ProvisionId) -> BTreeSet<TableId> {
    let all = std::iter::once(provision).chain(cited_by(rules, &[provision]));
    all.filter_map(|provision| rules[provision].condition.as_ref()).flat_map(tables_of).collect()
}

/// The seats that a statement names.
fn named(statement: &Statement) -> Vec<Seat> {
    match statement {
        Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } => {
            seats.iter().map(|candidate| candidate.seat).collect()
        }
        Statement::Passes { from, to, .. } => from.iter().chain(std::iter::once(to)).copied().collect(),
        Statement::Transfer { giver, to, .. } => vec![*giver, *to],
        Statement::StepIn { seat, .. } | Statement::Requires { of: seat, .. } => vec![*seat],
        Statement::Handling { says, .. } => says.named().into_iter().copied().collect(),
        Statement::DecidedBy { by: Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Succeeded { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. }
        | Statement::Tabulates { .. } => Vec::new(),
    }
}
