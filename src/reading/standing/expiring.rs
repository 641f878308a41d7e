//! What ends within some days: documents, sentences of their own term, transfers, and what an act brings to an end; and what each
//! end changes: for which tasks, from whom to whom, in how many units.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::reach::{Reach, lowest, pairs};
use super::{in_brief, too_many, units};
use crate::reading::ask::Law;
use crate::reading::naming::Voice;
use crate::reading::sheet::{Cell, Column, Sheet};
use crate::reading::words::{self, pick};
use crate::register::RowId;
use crate::resolution::Holding;
use crate::rulebook::{ActKind, DocumentId, Language, ProvisionId, ReadingId, Rulebook, Statement, TaskId, TextId};
use crate::ruling::{Held, Holder};

/// What ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Document(DocumentId),
    /// Sentences of one text that end by a term of their own, or by an act; all of them transfers, or none. Sorted.
    Sentences(Vec<ProvisionId>),
}

/// An end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The first day on which it is over.
    pub on: Date,
    pub what: What,
    /// The act that ends it; `None`: its term.
    pub by: Option<ProvisionId>,
    pub changes: Vec<Change>,
    /// Tasks of it whose rules fall into too many regions.
    pub unread: Vec<TaskId>,
}

/// Who decided the day before, and who decides then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub task: TaskId,
    pub before: Holding,
    pub after: Holding,
    /// In so many of the lowest units.
    pub units: usize,
}

/// Reads what ends on one of these days, by day.
#[must_use]
pub fn expiring(law: Law<'_>, from: Date, before: Date) -> Vec<End> {
    let rulebook = law.rulebook;
    let inside = |day: &Date| from <= *day && *day < before;
    let mut ends: BTreeSet<(Date, What, Option<ProvisionId>)> = BTreeSet::new();
    let mut sentences: BTreeMap<Together, Vec<ProvisionId>> = BTreeMap::new();
    let mut sentence = |day: Date, id: ProvisionId, by: Option<ProvisionId>| {
        let one = &rulebook[id];
        sentences.entry((day, by, one.text, one.reading, is_transfer(&one.statement))).or_default().push(id);
    };
    for (index, document) in (0_u32..).zip(&rulebook.documents) {
        let id = DocumentId(index);
        let over = document.in_force.iter().filter_map(|days| days.before).map(|end| extended(rulebook, id, end));
        ends.extend(over.filter(inside).map(|day| (day, What::Document(id), None)));
    }
    for (index, provision) in (0_u32..).zip(&rulebook.provisions) {
        let id = ProvisionId(index);
        let whole = &rulebook[rulebook[provision.text].document].in_force;
        // One that ends with its document is told there.
        let own = provision.days.before.filter(|end| !whole.iter().any(|days| days.before == Some(*end)));
        own.filter(inside).into_iter().for_each(|day| sentence(day, id, None));
        if let Statement::Act { kind, hits, documents } = &provision.statement
            && let Some(day) = rulebook.start(id).filter(inside).filter(|_| is_end(*kind))
        {
            ends.extend(documents.iter().map(|document| (day, What::Document(*document), Some(id))));
            let of_whole = |hit: &&ProvisionId| !documents.contains(&rulebook[rulebook[**hit].text].document);
            hits.iter().filter(of_whole).for_each(|hit| sentence(day, *hit, Some(id)));
        }
    }
    ends.extend(sentences.into_iter().map(|((day, by, ..), ids)| (day, What::Sentences(ids), by)));
    ends.into_iter().map(|(on, what, by)| end(law, on, what, by)).collect()
}

/// Sentences that end together: day, act, text with its reading, and whether they are transfers.
type Together = (Date, Option<ProvisionId>, TextId, Option<(ReadingId, u8)>, bool);

const fn is_transfer(statement: &Statement) -> bool {
    match statement {
        Statement::Transfer { .. } => true,
        Statement::DecidedBy { .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Handling { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. } => false,
    }
}

/// Whether what an act hits speaks no longer.
const fn is_end(kind: ActKind) -> bool {
    match kind {
        ActKind::Repeals | ActKind::Replaces | ActKind::Suspends | ActKind::Annuls => true,
        ActKind::Amends | ActKind::Restores => false,
    }
}

/// The end of a document's term, where a sentence that begins before it moves it.
fn extended(rulebook: &Rulebook, document: DocumentId, end: Date) -> Date {
    let mut end = end;
    for (index, provision) in (0_u32..).zip(&rulebook.provisions) {
        if let Statement::Extends { document: own, before } = &provision.statement
            && *own == document
            && rulebook.start(ProvisionId(index)).is_none_or(|start| start <= end)
        {
            end = end.max(*before);
        }
    }
    end
}

fn end(law: Law<'_>, on: Date, what: What, by: Option<ProvisionId>) -> End {
    let rulebook = law.rulebook;
    let gone: BTreeSet<ProvisionId> = match &what {
        What::Sentences(ids) => ids.iter().copied().collect(),
        What::Document(document) => (0_u32..)
            .map(ProvisionId)
            .zip(&rulebook.provisions)
            .filter(|(_, provision)| rulebook[provision.text].document == *document)
            .map(|(id, _)| id)
            .collect(),
    };
    let (mut changes, mut unread) = (Vec::new(), Vec::new());
    for (task, of) in (0_u32..).map(TaskId).zip(&rulebook.tasks) {
        // What speaks of no task (an organisation law, a succession) may bear any.
        let concerned = of.provisions.iter().any(|id| gone.contains(id))
            || gone.iter().any(|id| rulebook[*id].statement.task().is_none());
        if !concerned {
            continue;
        }
        match changed(law, task, on, &gone) {
            Some(found) => changes.extend(found),
            None => unread.push(task),
        }
    }
    End { on, what, by, changes, unread }
}

/// What changes from the day before, where a ruling rested on what is gone.
fn changed(law: Law<'_>, task: TaskId, on: Date, gone: &BTreeSet<ProvisionId>) -> Option<Vec<Change>> {
    let partition = law.partitions.of(law.rulebook, task).ok()?;
    let Ok(yesterday) = on.yesterday() else { return Some(Vec::new()) };
    let register = &law.rulebook.register;
    let before = Reach::new(law.rulebook, partition, yesterday);
    let after = Reach::new(law.rulebook, partition, on);
    let holding = |leaf: u32| partition.holdings.get(usize::try_from(leaf).ok()?)?.as_ref();
    let mut found: BTreeMap<(Holding, Holding), BTreeSet<RowId>> = BTreeMap::new();
    let mut known: BTreeMap<usize, Vec<(Holding, Holding)>> = BTreeMap::new();
    for (unit, places) in lowest(register, yesterday) {
        for place in places {
            let class = partition.frame.class_of(place);
            let differ = known.entry(class).or_insert_with(|| {
                let roots = (before.from(partition.holding, place), after.from(partition.holding, place));
                let pairs = pairs(&before, &after, roots).into_iter();
                let both = pairs.filter_map(|(one, other)| Some((holding(one)?, holding(other)?)));
                let rests = |one: &Holding| one.grounds.iter().any(|ground| gone.contains(&ground.provision));
                let pairs = both.filter(|(one, _)| rests(one)).map(|(one, new)| (plain(one), plain(new)));
                pairs.filter(|(one, new)| one != new).collect()
            });
            for pair in differ.iter() {
                found.entry(pair.clone()).or_default().insert(unit);
            }
        }
    }
    let change = |((before, after), units): ((Holding, Holding), BTreeSet<RowId>)| Change {
        task,
        before,
        after,
        units: units.len(),
    };
    Some(found.into_iter().map(change).collect())
}

/// Who decides, and nothing of how it is held and by what: where only that differs, nobody's work changes.
fn plain(holding: &Holding) -> Holding {
    let holder = |one: &Holder| Holder { seat: one.seat, held: Held::Assigned, answerable: one.seat, seal: None };
    Holding {
        holders: holding.holders.iter().map(holder).collect(),
        grounds: Vec::new(),
        framework_unread: false,
        ..holding.clone()
    }
}

/// The ends as a table.
#[must_use]
pub fn sheet(voice: Voice<'_>, ends: &[End], (from, days): (Date, u32)) -> Sheet {
    let language = voice.language;
    let column = |id, vietnamese, english| Column { id, name: pick(language, vietnamese, english) };
    let day = words::date(from, language);
    Sheet {
        id: "expiring",
        title: match language {
            Language::Vietnamese => format!("Sắp hết hiệu lực: {days} ngày từ ngày {day}"),
            Language::English => format!("What ends within {days} days from {day}"),
        },
        notes: Vec::new(),
        columns: vec![
            column("what", "hết hiệu lực", "what ends"),
            column("kind", "loại", "kind"),
            column("on", "từ ngày", "from"),
            column("by", "bởi", "by"),
            column("changes", "thay đổi", "changes"),
        ],
        rows: ends.iter().map(|end| row(voice, end)).collect(),
    }
}

fn row(voice: Voice<'_>, end: &End) -> Vec<Cell> {
    let language = voice.language;
    let (kind, what) = match &end.what {
        What::Document(document) => (
            Cell::Code("document", pick(language, "văn bản", "document").to_owned()),
            Cell::Thing(voice.rulebook[*document].number.clone(), voice.document(*document)),
        ),
        What::Sentences(ids) => {
            let transfer = ids.iter().any(|id| is_transfer(&voice.rulebook[*id].statement));
            let kind = if transfer {
                Cell::Code("transfer", pick(language, "chuyển giao", "transfer").to_owned())
            } else {
                Cell::Code("provision", pick(language, "quy định", "provision").to_owned())
            };
            (kind, Cell::text(ids.first().map_or_else(String::new, |id| voice.citation(*id))))
        }
    };
    let by = end.by.map_or_else(
        || Cell::Code("term", pick(language, "hết thời hạn", "its term").to_owned()),
        |act| Cell::Text(voice.citation(act)),
    );
    let unread =
        end.unread.iter().map(|task| format!("{}: {}", voice.name(&voice.rulebook[*task].names), too_many(language)));
    let changes = end.changes.iter().map(|change| said(voice, change)).chain(unread).collect();
    vec![what, kind, Cell::Day(end.on), by, Cell::List(changes)]
}

fn said(voice: Voice<'_>, change: &Change) -> String {
    let task = voice.name(&voice.rulebook[change.task].names);
    let (before, after) = (in_brief(voice, &change.before), in_brief(voice, &change.after));
    format!("{task}: {before} → {after} ({})", units(change.units, voice.language))
}
