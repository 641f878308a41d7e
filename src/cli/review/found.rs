//! What there is to review: the snapshots that differ, each with the decisions that move, and the tasks of which the one is so
//! and not the other.

use std::collections::BTreeMap;

use super::against::{Against, Compared};
use super::folder;
use super::{Case, words};
use crate::reading::diff::{Change, Class, said};
use crate::reading::naming::Voice;
use crate::reading::snapshot::text;
use crate::rulebook::{Language, TaskId};

/// All that is found.
pub(super) struct Found<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// Tasks whose decisions move though their snapshot is as the rules mean.
    pub(super) silent: Vec<Silent>,
}

/// A snapshot that differs from the rules.
pub(super) struct Item<'a> {
    pub(super) id: &'a str,
    /// The task's name.
    pub(super) title: String,
    pub(super) change: folder::Change<'a>,
    pub(super) moves: Moves,
}

/// The regions of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Regions {
    pub(super) count: usize,
    /// The class in words.
    pub(super) class: &'static str,
}

/// Which decisions move with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moves {
    /// Nothing was compared.
    Unknown,
    Compared {
        /// Of each class, the gravest first.
        regions: BTreeMap<Class, Regions>,
        /// Whether the text that is kept is the one that the other side's rules have: else it tells of other changes too.
        kept: Kept,
    },
}

/// What the text that is kept is to the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The snapshot of its rules.
    OfThatSide,
    /// Neither that nor the snapshot of the rules of now.
    OfNeither,
}

/// A task whose decisions move though its snapshot is as the rules mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Silent {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) regions: BTreeMap<Class, Regions>,
    pub(super) why: Why,
}

/// Why a snapshot does not differ though decisions move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It was accepted before.
    Accepted,
    /// Both sides' rules have the same text: a tree does not say what moves.
    SameText,
}

impl<'a> Found<'a> {
    pub(super) fn new(case: Case<'a>, against: &Against, changes: &[folder::Change<'a>], language: Language) -> Self {
        let items = changes.iter().map(|change| item(case, against, *change, language)).collect::<Vec<_>>();
        let silent = match against {
            Against::Compared(compared) => silent(case, (against, compared), &items, language),
            Against::Alone(_) => Vec::new(),
        };
        Self { items, silent }
    }
}

fn item<'a>(case: Case<'a>, against: &Against, change: folder::Change<'a>, language: Language) -> Item<'a> {
    let id = change.name.strip_suffix(".txt").unwrap_or(change.name);
    let moves = match against {
        Against::Alone(_) => Moves::Unknown,
        Against::Compared(compared) => {
            let regions = counted(&compared.of(&case.library.rulebook, id), language);
            let of_that_side = compared.text(id, case.language).as_deref() == change.old;
            Moves::Compared { regions, kept: if of_that_side { Kept::OfThatSide } else { Kept::OfNeither } }
        }
    };
    Item { id, title: title(case, against, id, language), change, moves }
}

/// How many regions there are of each class.
fn counted(changes: &[&Change], language: Language) -> BTreeMap<Class, Regions> {
    let mut regions: BTreeMap<Class, Regions> = BTreeMap::new();
    for change in changes {
        let none = || Regions { count: 0, class: said(change.class, language) };
        regions.entry(change.class).or_insert_with(none).count += 1;
    }
    regions
}

fn task(case: Case<'_>, id: &str) -> Option<TaskId> {
    case.library.rulebook.task_ids().find(|task| case.library.rulebook[*task].names.id == id)
}

/// The name of a task that one of the sides has.
fn title(case: Case<'_>, against: &Against, id: &str, language: Language) -> String {
    let old = match against {
        Against::Compared(compared) => compared.task(id).map(|task| (&compared.old.rulebook, task)),
        Against::Alone(_) => None,
    };
    match task(case, id).map(|task| (&case.library.rulebook, task)).or(old) {
        Some((rulebook, task)) => Voice::new(rulebook, language).name(&rulebook[task].names).to_owned(),
        None => words::task_gone(language).to_owned(),
    }
}

fn silent(
    case: Case<'_>,
    (against, compared): (&Against, &Compared),
    items: &[Item<'_>],
    language: Language,
) -> Vec<Silent> {
    let rulebook = &case.library.rulebook;
    let mut by_task: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &compared.diff.changes {
        by_task.entry(compared.id(rulebook, change)).or_default().push(change);
    }
    by_task.retain(|id, _| items.iter().all(|item| item.id != *id));
    let mut all = Vec::new();
    for (id, changes) in by_task {
        let now = task(case, id).and_then(|task| text(case.library.law(), case.language, task).ok());
        let same = now.is_some() && now == compared.text(id, case.language);
        let why = if same { Why::SameText } else { Why::Accepted };
        let title = title(case, against, id, language);
        all.push(Silent { id: id.to_owned(), title, regions: counted(&changes, language), why });
    }
    all
}
