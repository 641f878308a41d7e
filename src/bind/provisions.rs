//! Sentences, one task at a time, before they point at each other: who holds, when and where, in ids.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostic::{Binding, Limit, Line, Noun};
use crate::rulebook::{
    Candidate, Condition, Days, Deciders, DocumentId, Provision, ReadingId, Seat, SeatAt, SeatPattern, Statement,
    TaskId, TextId, TransferForm,
};
use crate::syntax::tree::{self, Holder, Limits, Name};

use super::catalogue::{Catalogue, number};
use super::declare::bind_days;
use super::documents::Documents;
use super::holders::Reader;
use super::names::fold;
use super::places::Places;
use super::problems::Problems;
use super::tasks::{OfTask, Tasks};
use super::texts::{Draft as TextDraft, within};
use super::typing::Typing;

/// A provision whose `cases`, `under`, `hits` and the like are still empty, with the sentence that says them.
pub(super) struct Draft<'t> {
    pub(super) source: &'t tree::Provision,
    pub(super) bound: Provision,
}

/// Everything that sentences are read against.
#[derive(Clone, Copy)]
pub(super) struct Binder<'a> {
    pub(super) catalogue: &'a Catalogue<'a>,
    pub(super) places: &'a Places,
    pub(super) documents: &'a Documents<'a>,
    pub(super) tasks: &'a Tasks,
}

/// Where a sentence stands.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    pub(super) id: TextId,
    pub(super) text: &'a TextDraft<'a>,
    pub(super) reading: Option<(ReadingId, u8)>,
}

impl Binder<'_> {
    /// The provisions that a sentence makes, one for each of its tasks. Those with an error are missing.
    pub(super) fn provisions<'t>(
        self,
        source: &'t tree::Provision,
        standing: Standing<'_>,
        problems: &mut Problems,
    ) -> Vec<Draft<'t>> {
        let tasks = tasks_of(&source.statement);
        if tasks.is_empty() {
            let draft = self.provision(source, None, standing, problems);
            return draft.into_iter().collect();
        }
        let mut drafts = Vec::new();
        for name in tasks {
            let task = self.catalogue.task(name, problems);
            drafts.extend(task.and_then(|task| self.provision(source, Some(task), standing, problems)));
        }
        drafts
    }

    fn provision<'t>(
        self,
        source: &'t tree::Provision,
        task: Option<TaskId>,
        standing: Standing<'_>,
        problems: &mut Problems,
    ) -> Option<Draft<'t>> {
        let before = problems.errors();
        let days = self.documents.days(standing.text.enacted_by);
        let reader = Reader { catalogue: self.catalogue, places: self.places, days: &days };
        let limits = &source.limits;
        let of = task.map(|task| self.tasks.of(task));
        check_limits(source, problems);
        let issued_by = standing.text.enacted_by;
        let statement = match of {
            Some(of) => self.of_task(source, of, (reader, issued_by), problems),
            None => self.of_none(&source.statement, reader, problems),
        };
        let scopes = self.places.scopes(&limits.scopes, &days, (self.catalogue, of), problems);
        let condition = self.condition(limits, of, problems);
        let days = days_within(limits, standing.text.days, problems);
        if let Some(Statement::DecidedBy { by: Deciders::WhoeverDecided(day), .. }) = statement {
            let first = self.first_day(standing, days);
            if first.is_none_or(|first| first <= day) {
                problems.add(Binding::DayNotBefore { day, first }, source.span);
            }
        }
        if problems.errors() > before || self.tasks.is_circular(source.span) {
            return None;
        }
        let bound = Provision {
            text: standing.id,
            statement: statement?,
            scopes,
            condition,
            cases: Vec::new(),
            days,
            reading: standing.reading,
            prevails: Vec::new(),
            yields: Vec::new(),
            unverified: limits.unverified,
            confidence: limits.confidence.as_ref().map(|confidence| confidence.value.clone()),
            span: source.span,
        };
        Some(Draft { source, bound })
    }

    /// The first day on which a sentence can speak, as [`crate::rulebook::Rulebook::start`] finds it.
    fn first_day(self, standing: Standing<'_>, own: Days) -> Option<Date> {
        let documents = [standing.text.spot.document, standing.text.enacted_by];
        let documents = documents.into_iter().filter_map(|id| self.documents.get(id));
        let first = documents.map(|document| document.in_force.iter().map(|days| days.from).min().flatten());
        first.fold(own.from, Option::max)
    }

    fn condition(self, limits: &Limits, task: Option<OfTask<'_>>, problems: &mut Problems) -> Option<Condition> {
        let typing = Typing { catalogue: self.catalogue, task };
        limits.condition.as_ref().and_then(|condition| typing.condition(condition, problems))
    }

    fn of_task(
        self,
        source: &tree::Provision,
        of: OfTask<'_>,
        (reader, issued_by): (Reader<'_>, DocumentId),
        problems: &mut Problems,
    ) -> Option<Statement> {
        let task = of.task;
        match &source.statement {
            tree::Statement::DecidedBy { also, by, .. } => {
                let by = self.deciders(source, by, (reader, of), problems)?;
                Some(Statement::DecidedBy { task, also: *also, by })
            }
            tree::Statement::NotRequired { .. } => Some(Statement::NotRequired { task }),
            tree::Statement::Governs { .. } => Some(Statement::Governs { task, within: Vec::new() }),
            tree::Statement::PassesTo { from, to, .. } => {
                let from = moved(from, reader, of, problems);
                let to = reader.moved(to, of, problems);
                Some(Statement::Passes { task, from: from?, to: to? })
            }
            tree::Statement::Transfer { form, giver, to, .. } => {
                let giver = match giver {
                    Some(giver) => reader.moved(giver, of, problems),
                    None => self.issuer_seat(issued_by),
                };
                let to = reader.moved(to, of, problems);
                let with_consent = source.limits.with_consent;
                if source.limits.under.is_empty() {
                    problems.add(Binding::MissingUnder, source.span);
                }
                let (giver, to, seal) = (giver?, to?, source.limits.seal);
                Some(Statement::Transfer { task, form: *form, giver, to, under: None, with_consent, seal })
            }
            tree::Statement::MayStepIn { holder, .. } => {
                Some(Statement::StepIn { task, seat: reader.seat(holder, of, problems)? })
            }
            tree::Statement::Requires { kind, of: by, .. } => {
                Some(Statement::Requires { task, kind: *kind, of: reader.required(by, of, problems)? })
            }
            tree::Statement::Handling { says, .. } => {
                Some(Statement::Handling { task, says: reader.handling(says, of, problems)? })
            }
            permission @ tree::Statement::Permission { .. } => permitted(permission, Some(task), reader, problems),
            tree::Statement::SucceededBy { .. }
            | tree::Statement::Onward { .. }
            | tree::Statement::MustStateTerm { .. }
            | tree::Statement::Widens { .. }
            | tree::Statement::HigherRankPrevails
            | tree::Statement::LaterTextPrevails
            | tree::Statement::Act { .. }
            | tree::Statement::Extends { .. }
            | tree::Statement::BodyExists { .. }
            | tree::Statement::LevelExists { .. }
            | tree::Statement::Classifies { .. }
            | tree::Statement::Tabulates { .. } => None,
        }
    }

    fn of_none(self, statement: &tree::Statement, reader: Reader<'_>, problems: &mut Problems) -> Option<Statement> {
        let catalogue = self.catalogue;
        match statement {
            tree::Statement::SucceededBy { body, by } => {
                let (body, by) = (catalogue.body(body, problems), catalogue.body(by, problems));
                Some(Statement::Succeeded { body: body?, by: by? })
            }
            tree::Statement::Onward { received, modal, forms, with_consent } => Some(Statement::Onward {
                received: *received,
                modal: *modal,
                forms: forms.clone(),
                with_consent: *with_consent,
            }),
            tree::Statement::MustStateTerm { form } => Some(Statement::MustStateTerm { form: *form }),
            tree::Statement::Widens { level, to } => self.widens(level, to, problems),
            tree::Statement::HigherRankPrevails => Some(Statement::HigherRankPrevails),
            tree::Statement::LaterTextPrevails => Some(Statement::LaterTextPrevails),
            tree::Statement::Act { kind, .. } => {
                Some(Statement::Act { kind: *kind, hits: Vec::new(), documents: Vec::new() })
            }
            tree::Statement::Extends { document, before } => {
                let document = self.documents.find(document, problems)?;
                Some(Statement::Extends { document, before: before.value })
            }
            tree::Statement::BodyExists { exists, body, level } => self.body_exists(*exists, body, level, problems),
            tree::Statement::LevelExists { exists, level } => {
                Some(Statement::LevelExists { exists: *exists, level: catalogue.level(level, problems)? })
            }
            tree::Statement::Classifies { fact, value } => {
                let (fact, value) = Typing { catalogue, task: None }.classified(fact, value, problems)?;
                Some(Statement::Classifies { fact, value })
            }
            tree::Statement::Tabulates { table, rows } => self.tabulates(table, rows, problems),
            permission @ tree::Statement::Permission { .. } => permitted(permission, None, reader, problems),
            tree::Statement::DecidedBy { .. }
            | tree::Statement::NotRequired { .. }
            | tree::Statement::Governs { .. }
            | tree::Statement::PassesTo { .. }
            | tree::Statement::Transfer { .. }
            | tree::Statement::MayStepIn { .. }
            | tree::Statement::Requires { .. }
            | tree::Statement::Handling { .. } => None,
        }
    }

    fn widens(self, level: &Name, to: &Name, problems: &mut Problems) -> Option<Statement> {
        let (from, above) = (self.catalogue.level(level, problems), self.catalogue.level(to, problems));
        let (from, above) = (from?, above?);
        if above >= from {
            let problem = Binding::NotAbove { level: to.value.clone(), than: level.value.clone() };
            problems.add(problem, to.span);
            return None;
        }
        Some(Statement::Widens { level: from, to: above })
    }

    fn tabulates(self, name: &Name, rows: &[tree::Row], problems: &mut Problems) -> Option<Statement> {
        let (id, table) = self.catalogue.table(name, problems)?;
        let before = problems.errors();
        if rows.is_empty() {
            problems.add(Binding::MissingLine { line: Line::TableRows, of: name.value.clone() }, name.span);
        }
        let mut bound = BTreeMap::new();
        for row in rows {
            if row.unit.as_deref().map(fold) != table.unit.as_deref().map(fold) {
                let (declared, written) = (table.unit.clone(), row.unit.clone());
                let fact = table.names.id.clone();
                problems.add(Binding::WrongMeasure { fact, declared, written }, row.span);
            }
            for value in &row.values {
                let Some(at) = self.catalogue.value(table.by, value, problems) else { continue };
                if bound.insert(at, row.limit).is_some() {
                    let problem = Binding::DuplicateName { noun: Noun::Value, name: value.value.clone() };
                    problems.add(problem, value.span);
                }
            }
        }
        (problems.errors() == before).then_some(Statement::Tabulates { table: id, rows: bound })
    }

    fn body_exists(self, exists: bool, body: &Name, level: &Name, problems: &mut Problems) -> Option<Statement> {
        let id = self.catalogue.body(body, problems);
        let at = self.catalogue.level(level, problems);
        let (id, at) = (id?, at?);
        let reader = Reader { catalogue: self.catalogue, places: self.places, days: &[] };
        reader.at_level(id, at, level.span, problems)?;
        Some(Statement::BodyExists { exists, body: id, level: at })
    }

    fn deciders(
        self,
        source: &tree::Provision,
        by: &tree::Deciders,
        (reader, of): (Reader<'_>, OfTask<'_>),
        problems: &mut Problems,
    ) -> Option<Deciders> {
        match by {
            tree::Deciders::Holders { holders, sharing } => {
                let all: Vec<Option<Vec<Candidate>>> =
                    holders.iter().map(|holder| reader.candidates(holder, of, problems)).collect();
                let several = |holder: &Holder| {
                    holder.which == tree::Which::OneOf
                        || holder.more.iter().any(|(further, _)| *further == tree::Further::Or)
                };
                if (holders.len() > 1 || holders.iter().any(several)) && sharing.is_none() {
                    problems.add(Binding::MissingSharing, source.span);
                }
                let seats = all.into_iter().collect::<Option<Vec<Vec<Candidate>>>>()?.concat();
                Some(Deciders::Seats { seats, sharing: *sharing })
            }
            tree::Deciders::WhoeverDecided(day) => Some(Deciders::WhoeverDecided(day.value)),
            tree::Deciders::WhoeverDecides(name) => {
                let followed = self.catalogue.task(name, problems)?;
                for role in self.tasks.roles(followed).iter().filter(|role| !of.roles.contains(role)) {
                    let problem = Binding::FollowerLacksPlace {
                        task: self.catalogue.task_id_text(of.task),
                        followed: self.catalogue.task_id_text(followed),
                        place: self.catalogue.role_id_text(*role),
                    };
                    problems.add(problem, name.span);
                }
                Some(Deciders::WhoeverDecides(followed))
            }
        }
    }

    /// Who gives where nobody is named: the issuer, in its unit.
    fn issuer_seat(self, document: DocumentId) -> Option<Seat> {
        let issuer = &self.documents.get(document)?.issuer;
        Some(Seat { body: issuer.body, at: issuer.unit.map_or(SeatAt::Nowhere, SeatAt::Unit) })
    }
}

/// The days of a sentence inside those of its article.
fn days_within(limits: &Limits, article: Days, problems: &mut Problems) -> Days {
    let Some(period) = &limits.period else { return article };
    let before = problems.errors();
    let own = bind_days(period, problems);
    let days = within(article, own);
    let own_end = own.before == days.before;
    if let (Some(from), Some(end)) = (days.from, days.before)
        && from >= end
        && problems.errors() == before
    {
        problems.add(Binding::EmptyPeriod { from, before: end, through: own_end && period.through }, period.span);
    }
    days
}

fn moved(holders: &[Holder], reader: Reader<'_>, of: OfTask<'_>, problems: &mut Problems) -> Option<Vec<Seat>> {
    // All holders are read, so that each says what is wrong with it.
    let seats: Vec<Option<Seat>> = holders.iter().map(|holder| reader.moved(holder, of, problems)).collect();
    seats.into_iter().collect()
}

fn permitted(
    statement: &tree::Statement,
    task: Option<TaskId>,
    reader: Reader<'_>,
    problems: &mut Problems,
) -> Option<Statement> {
    let tree::Statement::Permission { modal, forms, givers, receivers, .. } = statement else { return None };
    let mut patterns = |holders: &[Holder]| -> Option<Vec<SeatPattern>> {
        let all: Vec<_> = holders.iter().map(|holder| reader.pattern(holder, problems)).collect();
        all.into_iter().collect()
    };
    let (givers, receivers) = (patterns(givers), patterns(receivers));
    Some(Statement::Permission { task, modal: *modal, forms: forms.clone(), givers: givers?, receivers: receivers? })
}

/// The tasks that a sentence names as its own.
pub(super) fn tasks_of(statement: &tree::Statement) -> &[Name] {
    match statement {
        tree::Statement::DecidedBy { tasks, .. }
        | tree::Statement::NotRequired { tasks }
        | tree::Statement::Governs { tasks, .. }
        | tree::Statement::PassesTo { tasks, .. }
        | tree::Statement::Transfer { tasks, .. }
        | tree::Statement::Permission { tasks, .. }
        | tree::Statement::MayStepIn { tasks, .. }
        | tree::Statement::Requires { tasks, .. }
        | tree::Statement::Handling { tasks, .. } => tasks,
        tree::Statement::SucceededBy { .. }
        | tree::Statement::Onward { .. }
        | tree::Statement::MustStateTerm { .. }
        | tree::Statement::Widens { .. }
        | tree::Statement::HigherRankPrevails
        | tree::Statement::LaterTextPrevails
        | tree::Statement::Act { .. }
        | tree::Statement::Extends { .. }
        | tree::Statement::BodyExists { .. }
        | tree::Statement::LevelExists { .. }
        | tree::Statement::Classifies { .. }
        | tree::Statement::Tabulates { .. } => &[],
    }
}

/// Whether a sentence may test facts, and whether it may borrow the cases of another.
const fn may_test(statement: &tree::Statement) -> (bool, bool) {
    match statement {
        tree::Statement::DecidedBy { .. }
        | tree::Statement::NotRequired { .. }
        | tree::Statement::Governs { .. }
        | tree::Statement::PassesTo { .. }
        | tree::Statement::Transfer { .. }
        | tree::Statement::MayStepIn { .. }
        | tree::Statement::Requires { .. }
        | tree::Statement::Handling { .. }
        | tree::Statement::Act { .. } => (true, true),
        tree::Statement::Permission { tasks, .. } => (!tasks.is_empty(), true),
        tree::Statement::Classifies { .. } => (true, false),
        tree::Statement::SucceededBy { .. }
        | tree::Statement::Onward { .. }
        | tree::Statement::MustStateTerm { .. }
        | tree::Statement::Widens { .. }
        | tree::Statement::HigherRankPrevails
        | tree::Statement::LaterTextPrevails
        | tree::Statement::Extends { .. }
        | tree::Statement::BodyExists { .. }
        | tree::Statement::LevelExists { .. }
        | tree::Statement::Tabulates { .. } => (false, false),
    }
}

fn check_limits(source: &tree::Provision, problems: &mut Problems) {
    let limits = &source.limits;
    let (tests, borrows) = may_test(&source.statement);
    if let Some(condition) = limits.condition.as_ref().filter(|_| !tests) {
        problems.add(Binding::MisplacedLimit { limit: Limit::When }, condition.span);
    }
    if let Some(cases) = limits.cases.first().filter(|_| !borrows) {
        problems.add(Binding::MisplacedLimit { limit: Limit::Cases }, cases.span);
    }
    let delegates = matches!(&source.statement, tree::Statement::Transfer { form: TransferForm::Delegate, .. });
    if limits.seal.is_some() && !delegates {
        problems.add(Binding::MisplacedLimit { limit: Limit::SealOf }, source.span);
    }
    if matches!(source.statement, tree::Statement::Transfer { .. }) {
        return;
    }
    if limits.with_consent {
        problems.add(Binding::MisplacedLimit { limit: Limit::WithConsent }, source.span);
    }
    if let Some(under) = limits.under.first() {
        problems.add(Binding::MisplacedLimit { limit: Limit::Under }, under.span);
    }
}

/// The number of a text in its table.
pub(super) const fn text_id(at: usize) -> TextId {
    TextId(number(at))
}
