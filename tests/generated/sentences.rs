//! Which sentence stands where: form, tasks, address, reading, and for an amendment the new wording that it brings.
//! What sentences cite is chosen in [`super::wording`], when all are placed.

use std::collections::BTreeSet;

use thamquyen::rulebook::{ActKind, TransferForm};

use super::addresses::{self, Address};
use super::catalogue::Catalogue;
use super::documents::Document;
use super::facts;
use super::recipe::{Draw, SENTENCE};
use super::words::Both;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    Decided,
    Shared,
    Also,
    Whoever(usize),
    /// Whoever decided it on the day of this index.
    Frozen(usize),
    NotRequired,
    /// The whole document, or else the part in which it stands.
    Governs {
        document: bool,
    },
    Passes,
    Succeeded,
    Transfer {
        form: TransferForm,
    },
    /// May, must, must not: the pair of a task; to anyone; the task itself; every task.
    Pair,
    ToAnyone,
    Passive,
    Framework,
    Onward,
    Term,
    Widens,
    Table,
    Higher,
    Later,
    StepIn,
    Requires,
    /// How a task is handled: by the number of the slot.
    Handling(u8),
    Act {
        kind: ActKind,
        target: usize,
    },
    Extends(usize),
    BodyExists,
    LevelExists,
    Classifies {
        fact: usize,
        words: Both,
        from: Vec<usize>,
    },
}

impl Form {
    /// Forms of one number are one kind of sentence to *in all other cases of*.
    pub const fn sort(&self) -> u8 {
        match self {
            Self::Decided | Self::Shared | Self::Also | Self::Whoever(_) | Self::Frozen(_) => 0,
            Self::NotRequired => 1,
            Self::Passes => 2,
            Self::Transfer { .. } => 3,
            Self::Pair | Self::ToAnyone | Self::Passive | Self::Framework => 4,
            Self::StepIn => 5,
            Self::Requires => 6,
            Self::Handling(slot) => 20 + *slot,
            Self::Succeeded => 7,
            Self::Onward => 8,
            Self::Term => 9,
            Self::Higher => 10,
            Self::Later => 11,
            Self::Act { .. } => 12,
            Self::Extends(_) => 13,
            Self::BodyExists => 14,
            Self::LevelExists => 15,
            Self::Classifies { .. } => 16,
            Self::Governs { .. } => 17,
            Self::Widens => 18,
            Self::Table => 19,
        }
    }

    /// Whether it says something of tasks of its own.
    pub fn of_tasks(&self) -> bool {
        matches!(self.sort(), 0..=6) || matches!(self, Self::Handling(_) | Self::Governs { .. })
    }

    /// Whether a giver can hold by it.
    pub const fn gives(&self) -> bool {
        matches!(self.sort(), 0 | 2 | 3)
    }
}

/// A sentence in its place.
pub struct Placed<'a> {
    pub form: Form,
    /// Indices of its tasks; none for a sentence about all.
    pub tasks: Vec<usize>,
    /// The document that says it.
    pub document: usize,
    /// The document and address at which it lives: those of what an amendment replaces, for its new wording.
    pub lives: (usize, Address),
    /// Where it is enacted.
    pub enacted: Address,
    /// The amendment that brings it.
    pub brought_by: Option<usize>,
    pub reading: Option<usize>,
    /// What is left to choose.
    pub rest: Draw<'a>,
}

const ACTS: [ActKind; 9] = [
    ActKind::Repeals,
    ActKind::Suspends,
    ActKind::Amends,
    ActKind::Annuls,
    ActKind::Repeals,
    ActKind::Replaces,
    ActKind::Restores,
    ActKind::Suspends,
    ActKind::Amends,
];

const TRANSFERS: [TransferForm; 4] =
    [TransferForm::Decentralise, TransferForm::Delegate, TransferForm::Entrust, TransferForm::Delegate];

pub fn place<'a>(bytes: &'a [Vec<u8>], documents: &[Document], catalogue: &Catalogue) -> Vec<Placed<'a>> {
    let mut placed: Vec<Placed<'a>> = Vec::new();
    for bytes in bytes {
        let mut draw = Draw::of_part(bytes, SENTENCE);
        let inside = draw.one_in(2);
        let amendment = placed.last().and_then(|last| {
            if let Form::Act { kind: ActKind::Amends, target } = last.form {
                return Some((placed.len() - 1, target));
            }
            last.brought_by.filter(|_| inside).map(|act| (act, target(&placed[act].form)))
        });
        let mut document = draw.pick(documents.len());
        if let Some((act, _)) = amendment {
            document = placed[act].document;
        }
        let chosen = draw.pick(256);
        let address = addresses::drawn(&mut draw);
        let reading = draw.one_in(10).then(|| draw.pick(2));
        let tasks = tasks(&mut draw);
        let (form, document) = form(
            chosen,
            &tasks,
            Home { document, amendment: amendment.is_some(), documents, catalogue },
            &placed,
            &mut draw,
        );
        let tasks = if form.of_tasks() && form != Form::Framework { tasks } else { Vec::new() };
        let (lives, enacted, reading) = match amendment {
            Some((act, replaced)) => (placed[replaced].lives.clone(), placed[act].enacted.clone(), None),
            None => ((document, address.clone()), address, reading),
        };
        let brought_by = amendment.map(|(act, _)| act);
        placed.push(Placed { form, tasks, document, lives, enacted, brought_by, reading, rest: draw });
    }
    // What an amendment writes into an extended text might change what extends it.
    let amended: BTreeSet<usize> =
        placed.iter().filter(|one| one.brought_by.is_some()).map(|one| one.lives.0).collect();
    for one in &mut placed {
        if matches!(one.form, Form::Extends(document) if amended.contains(&document)) {
            one.form = Form::Higher;
        }
    }
    placed
}

const fn target(form: &Form) -> usize {
    if let Form::Act { target, .. } = form { *target } else { 0 }
}

/// Mostly felling, so that sentences meet; two tasks at once now and then.
fn tasks(draw: &mut Draw<'_>) -> Vec<usize> {
    let (chosen, of_places) = (draw.pick(16), draw.place(16));
    match (of_places, chosen) {
        (11..=14, _) => return vec![4],
        (15, _) => return vec![3, 4],
        _ => {}
    }
    match chosen {
        0..=8 => vec![1],
        9..=11 => vec![2],
        12 | 13 => vec![3],
        14 => vec![0],
        _ => vec![1, 2],
    }
}

#[derive(Clone, Copy)]
struct Home<'a> {
    document: usize,
    amendment: bool,
    documents: &'a [Document],
    catalogue: &'a Catalogue,
}

/// The form, and the document where it stands: mostly one that may say such a sentence.
fn form(chosen: usize, tasks: &[usize], home: Home<'_>, placed: &[Placed<'_>], draw: &mut Draw<'_>) -> (Form, usize) {
    let kind = draw.of(&ACTS);
    let decides = |other: &Placed<'_>| other.form.gives() && tasks.iter().all(|task| other.tasks.contains(task));
    let handles = |other: &Placed<'_>| matches!(other.form, Form::Handling(_)) && other.tasks == tasks;
    // Sentences that came to the language later take some of the numbers of others.
    let form = match chosen % 64 {
        5 | 6 | 43 if chosen >= 192 => Form::Governs { document: draw.one_in(2) },
        20 | 36 | 38 | 39 | 45 | 58 if chosen >= 128 => Form::Table,
        40 | 42 | 44 | 49 if chosen >= 192 => Form::Widens,
        10 | 16 => return frozen(home, draw),
        0..=3 => Form::Decided,
        // Often what another sentence of the same text says too, so that the two are unlike.
        5..=9 | 11 | 25 | 26 if !home.amendment && placed.iter().any(&handles) => {
            let other = placed.iter().rev().find(|other| handles(other));
            return other.map_or((Form::Decided, home.document), |other| (other.form.clone(), other.document));
        }
        4..=9 => Form::Handling(draw.of(&[0, 1, 2, 3, 4, 0, 0, 4])),
        12 => Form::Shared,
        13 | 14 => Form::Also,
        15 => followed(tasks, home.catalogue, draw).map_or(Form::Decided, Form::Whoever),
        17 => Form::NotRequired,
        18..=20 => Form::Passes,
        21 => Form::Succeeded,
        // Where nobody holds anything yet there is nothing to transfer.
        11 | 22..=34 if placed.iter().any(decides) => Form::Transfer { form: draw.of(&TRANSFERS) },
        35 | 36 | 58 => Form::Pair,
        37 => Form::ToAnyone,
        38 | 45 | 49 => Form::Passive,
        39 | 40 => Form::Framework,
        41 => Form::Onward,
        42 => Form::Term,
        43 => Form::Higher,
        44 => Form::Later,
        46 => Form::StepIn,
        47 | 48 => Form::Requires,
        50..=56 if !placed.is_empty() => return act(home, placed, kind, draw),
        57 => {
            let issued = home.documents[home.document].issued;
            let first = draw.pick(home.documents.len());
            let mut following = (0..home.documents.len()).map(|step| (first + step) % home.documents.len());
            // Only what is older, so that no act extends itself.
            let extended = following.find(|at| home.documents[*at].issued < issued);
            return (extended.map_or(Form::Decided, Form::Extends), home.document);
        }
        59 => Form::BodyExists,
        60 => Form::LevelExists,
        61..=63 => {
            let (fact, words, from) = facts::classified(draw);
            Form::Classifies { fact, words, from }
        }
        _ => Form::Decided,
    };
    // Mostly who decides a task is said before anything else of it.
    let bare = form.of_tasks() && !placed.iter().any(decides) && !draw.one_in(8);
    let form = if bare { Form::Decided } else { form };
    let framework = matches!(form, Form::Framework | Form::Onward | Form::Term | Form::Widens);
    let old = framework || !placed.iter().any(decides);
    let document = if let Form::Transfer { form } = form {
        fitting(home, draw, |document| document.transfers(form))
    } else {
        fitting(home, draw, |document| document.assigns() && (!old || document.issued <= 1))
    };
    (form, document)
}

/// Whoever decided it on a day before the document was issued, where there is one.
fn frozen(home: Home<'_>, draw: &mut Draw<'_>) -> (Form, usize) {
    let document = fitting(home, draw, |document| document.assigns() && document.issued > 1);
    let issued = home.documents[document].issued;
    let form = if issued == 0 { Form::Decided } else { Form::Frozen(issued - 1 - draw.pick(issued.min(3))) };
    (form, document)
}

fn act(home: Home<'_>, placed: &[Placed<'_>], kind: ActKind, draw: &mut Draw<'_>) -> (Form, usize) {
    let kind = if home.amendment && kind == ActKind::Amends { ActKind::Repeals } else { kind };
    let form = match earlier(home.document, home.documents, placed, draw) {
        Some(target) => Form::Act { kind, target },
        None => Form::Decided,
    };
    (form, home.document)
}

/// Mostly the next document that may well say it.
fn fitting(home: Home<'_>, draw: &mut Draw<'_>, may: impl Fn(&Document) -> bool) -> usize {
    let count = home.documents.len();
    let mut following = (0..count).map(|step| (home.document + step) % count);
    let fitting = following.find(|at| may(&home.documents[*at]));
    fitting.filter(|_| !home.amendment && !draw.one_in(6)).unwrap_or(home.document)
}

/// A task of a lower number all of whose places the tasks have.
fn followed(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Option<usize> {
    let lowest = tasks.iter().copied().min()?;
    let has = |other: &usize| {
        let roles = &catalogue.tasks[*other].roles;
        tasks.iter().all(|task| roles.iter().all(|role| catalogue.tasks[*task].roles.contains(role)))
    };
    let open: Vec<usize> = (0..lowest).filter(has).collect();
    // The nearest, which has most to do with it.
    open.last().copied().map(|last| if draw.one_in(4) { open[0] } else { last })
}

/// A sentence before this one, of a document issued before: what acts hit is always older, so that no act ends itself.
fn earlier(document: usize, documents: &[Document], placed: &[Placed<'_>], draw: &mut Draw<'_>) -> Option<usize> {
    let older = |other: &Placed<'_>| {
        let issued = |at: usize| documents[at].issued;
        issued(other.document) < issued(document) && issued(other.lives.0) < issued(document)
    };
    let fitting: Vec<usize> = (0..placed.len()).filter(|at| older(&placed[*at])).collect();
    (!fitting.is_empty()).then(|| fitting[draw.pick(fitting.len())])
}
