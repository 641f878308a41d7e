//! What two rulebooks have in common to the letter: documents, texts and sentences of the same content, whatever their numbers and
//! lines are. Which other sentences a sentence names is left to whoever knows which of them matter.

use std::collections::BTreeMap;

use super::{
    Deciders, Document, DocumentId, Provision, ProvisionId, Reading, ReadingId, Rulebook, Statement, Task, TaskId,
    Text, TextId,
};
use crate::source::Span;

/// The sentences of a new rulebook that an old one has as well.
#[derive(Debug)]
pub struct Kindred<'a> {
    pub old: &'a Rulebook,
    pub new: &'a Rulebook,
    /// For each of the new one's documents the old one's, where both say the same of it.
    documents: Vec<Option<DocumentId>>,
    /// The same of sentences.
    provisions: Vec<Option<ProvisionId>>,
    /// For each of the new one's tasks the old one's of the same id.
    tasks: Vec<Option<TaskId>>,
    numbers: Numbers,
}

/// The new numbers of what an old rulebook and a new one have in common, by the old ones.
#[derive(Debug, Default)]
pub struct Numbers {
    provisions: Vec<Option<ProvisionId>>,
    readings: BTreeMap<ReadingId, ReadingId>,
    tasks: BTreeMap<TaskId, TaskId>,
}

impl Numbers {
    #[must_use]
    pub fn provision(&self, old: ProvisionId) -> Option<ProvisionId> {
        self.provisions.get(place(old.0)).copied().flatten()
    }

    #[must_use]
    pub fn reading(&self, old: ReadingId) -> Option<ReadingId> {
        self.readings.get(&old).copied()
    }

    #[must_use]
    pub fn task(&self, old: TaskId) -> Option<TaskId> {
        self.tasks.get(&old).copied()
    }
}

/// A number that no document or task has: of what the old rulebook lacks.
const NO_OLD: u32 = u32::MAX;

impl<'a> Kindred<'a> {
    /// `None` where levels, kinds, bodies, roles, facts, tables, cover or registers differ: then every number may mean something
    /// else.
    #[must_use]
    pub fn new(old: &'a Rulebook, new: &'a Rulebook) -> Option<Self> {
        if !same_world(old, new) {
            return None;
        }
        let known: BTreeMap<&str, TaskId> =
            old.tasks.iter().map(|task| task.names.id.as_str()).zip((0..).map(TaskId)).collect();
        let tasks = new.tasks.iter().map(|task| known.get(task.names.id.as_str()).copied()).collect();
        let mut found = Self {
            old,
            new,
            documents: documents(old, new),
            provisions: Vec::new(),
            tasks,
            numbers: Numbers::default(),
        };
        found.provisions = found.aligned();
        found.numbers = found.numbered();
        Some(found)
    }

    /// What both have, in new numbers.
    #[must_use]
    pub const fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    #[must_use]
    pub fn into_numbers(self) -> Numbers {
        self.numbers
    }

    fn numbered(&self) -> Numbers {
        let mut numbers = Numbers { provisions: vec![None; self.old.provisions.len()], ..Numbers::default() };
        for (new, old) in (0..).map(ProvisionId).zip(&self.provisions) {
            let Some(old) = *old else { continue };
            numbers.provisions.iter_mut().skip(place(old.0)).take(1).for_each(|own| *own = Some(new));
            if let (Some((before, _)), Some((after, _))) = (self.old[old].reading, self.new[new].reading) {
                numbers.readings.insert(before, after);
            }
        }
        let tasks = (0..).map(TaskId).zip(&self.tasks);
        numbers.tasks = tasks.filter_map(|(new, old)| Some(((*old)?, new))).collect();
        numbers
    }

    /// The sentence of the old rulebook that says the same, the sentences that it names left out.
    #[must_use]
    pub fn old_provision(&self, provision: ProvisionId) -> Option<ProvisionId> {
        self.provisions.get(place(provision.0)).copied().flatten()
    }

    /// The task of the old rulebook with the same id.
    #[must_use]
    pub fn old_task(&self, task: TaskId) -> Option<TaskId> {
        self.tasks.get(place(task.0)).copied().flatten()
    }

    /// The catalogue says the same of both tasks. Their sentences are not looked at.
    #[must_use]
    pub fn same_task(&self, old: TaskId, new: TaskId) -> bool {
        let own = |task: &Task, span: Span| Task { provisions: Vec::new(), span, ..task.clone() };
        let span = self.new[new].span;
        own(&self.old[old], span) == own(&self.new[new], span)
    }

    /// For each new sentence the first old one in the same place of the same text that says the same.
    fn aligned(&self) -> Vec<Option<ProvisionId>> {
        let mut there: BTreeMap<_, Vec<ProvisionId>> = BTreeMap::new();
        for (id, provision) in (0..).map(ProvisionId).zip(&self.old.provisions) {
            let text = &self.old[provision.text];
            there.entry((text.document, &text.address, text.enacted_by)).or_default().push(id);
        }
        let of = |provision: &Provision| {
            let text = &self.new[provision.text];
            let documents = (self.old_document(text.document)?, &text.address, self.old_document(text.enacted_by)?);
            let alike = there.get_mut(&documents)?;
            let found = alike.iter().position(|id| self.alike(&self.old[*id], provision))?;
            Some(alike.remove(found))
        };
        self.new.provisions.iter().map(of).collect()
    }

    fn old_document(&self, document: DocumentId) -> Option<DocumentId> {
        self.documents.get(place(document.0)).copied().flatten()
    }

    fn alike(&self, old: &Provision, new: &Provision) -> bool {
        let (before, after) = (Side { of: None }, Side { of: Some(self) });
        let span = new.span;
        let readings = (
            old.reading.map(|(reading, _)| before.reading(&self.old[reading])),
            new.reading.map(|(reading, _)| after.reading(&self.new[reading])),
        );
        before.provision(old, span) == after.provision(new, span)
            && before.text(&self.old[old.text], span) == after.text(&self.new[new.text], span)
            && readings.0 == readings.1
    }
}

/// One of the two rulebooks, told in the numbers of the old one.
struct Side<'a> {
    /// `None` of the old one.
    of: Option<&'a Kindred<'a>>,
}

impl Side<'_> {
    fn document(&self, document: DocumentId) -> DocumentId {
        self.of.map_or(document, |kindred| kindred.old_document(document).unwrap_or(DocumentId(NO_OLD)))
    }

    /// By what it is called: two rulebooks may number their tasks unlike.
    fn task(&self, task: &mut TaskId) {
        if let Some(kindred) = self.of {
            *task = kindred.old_task(*task).unwrap_or(TaskId(NO_OLD));
        }
    }

    /// Without the sentences that it names.
    fn provision(&self, provision: &Provision, span: Span) -> Provision {
        let mut own = Provision { text: TextId(0), span, yields: Vec::new(), ..provision.clone() };
        own.reading = own.reading.map(|(_, option)| (ReadingId(0), option));
        own.cases.iter_mut().for_each(|cases| cases.of.clear());
        for claim in &mut own.prevails {
            claim.over.clear();
            claim.by = claim.by.map(|by| self.document(by));
        }
        self.statement(&mut own.statement);
        own
    }

    fn statement(&self, statement: &mut Statement) {
        match statement {
            Statement::DecidedBy { task, by, .. } => {
                self.task(task);
                match by {
                    Deciders::WhoeverDecides(of) => self.task(of),
                    Deciders::Seats { .. } | Deciders::WhoeverDecided(_) => {}
                }
            }
            Statement::Governs { task, within } => {
                self.task(task);
                within.clear();
            }
            Statement::Transfer { task, under, .. } => {
                self.task(task);
                under.iter_mut().for_each(Vec::clear);
            }
            Statement::NotRequired { task }
            | Statement::Passes { task, .. }
            | Statement::StepIn { task, .. }
            | Statement::Requires { task, .. }
            | Statement::Handling { task, .. } => self.task(task),
            Statement::Permission { task, .. } => task.iter_mut().for_each(|task| self.task(task)),
            Statement::Act { hits, documents, .. } => {
                hits.clear();
                // In the order of the old numbers: both are sorted by what documents are called.
                documents.iter_mut().for_each(|document| *document = self.document(*document));
            }
            Statement::Extends { document, .. } => *document = self.document(*document),
            Statement::Succeeded { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::Widens { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. }
            | Statement::Tabulates { .. } => {}
        }
    }

    fn text(&self, text: &Text, span: Span) -> Text {
        let (document, enacted_by) = (self.document(text.document), self.document(text.enacted_by));
        Text { document, enacted_by, span, ..text.clone() }
    }

    fn reading(&self, reading: &Reading) -> Reading {
        let settled = reading.settled.iter().map(|(document, option)| (self.document(*document), *option)).collect();
        Reading { text: TextId(0), settled, ..reading.clone() }
    }
}

/// Everything to which sentences refer by numbers that both must share.
fn same_world(old: &Rulebook, new: &Rulebook) -> bool {
    let tables = |rulebook: &Rulebook| {
        let plain = |table: &super::Table| (table.names.clone(), table.by, table.unit.clone());
        rulebook.tables.iter().map(plain).collect::<Vec<_>>()
    };
    (&old.levels, &old.kinds, &old.bodies, &old.roles, &old.facts, &old.cover)
        == (&new.levels, &new.kinds, &new.bodies, &new.roles, &new.facts, &new.cover)
        && tables(old) == tables(new)
        && old.register.is_same(&new.register)
}

/// For each new document the old one of which the same is said, and of the one that lets it prevail. What it rests on changes no
/// ruling.
fn documents(old: &Rulebook, new: &Rulebook) -> Vec<Option<DocumentId>> {
    let key = |document: &Document| {
        let Document { number, issued, issuer, .. } = document.clone();
        (number, issued, issuer.body, issuer.unit)
    };
    let known: BTreeMap<_, DocumentId> = old.documents.iter().map(key).zip((0..).map(DocumentId)).collect();
    let named = |document: &Document| known.get(&key(document)).copied();
    let told = |document: &Document, span: Span| {
        let prevails = document.prevails.map(|claim| super::PrevailsOverRank { by: DocumentId(0), ..claim });
        Document { rests_on: Vec::new(), prevails, span, ..document.clone() }
    };
    let same = |document: &Document| {
        named(document).filter(|twin| told(&old[*twin], document.span) == told(document, document.span))
    };
    let mut found: Vec<Option<DocumentId>> = new.documents.iter().map(same).collect();
    loop {
        let leans_alike = |(document, twin): (&Document, &Option<DocumentId>)| {
            let by = document.prevails.map(|claim| found.get(place(claim.by.0)).copied().flatten());
            twin.filter(|twin| old[*twin].prevails.map(|claim| Some(claim.by)) == by)
        };
        let next: Vec<Option<DocumentId>> = new.documents.iter().zip(&found).map(leans_alike).collect();
        if next == found {
            return found;
        }
        found = next;
    }
}

fn place(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
