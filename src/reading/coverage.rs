//! What the scenarios show of the provisions: for each provision whether it counts in some scenario's answer, or loses there and
//! why; and of one that is in no scenario a question in which it counts, or why it never does.
//!
//! A provision **counts** in an answer when it stands among the grounds (of the ruling, or of one of those that the answer still
//! leaves open), when another one loses because of it (what it repeals, displaces or forbids), or, for sentences that no ruling
//! names (the organisation laws, extensions, classifications), when the answer would be another without it. The two sentences
//! on which text prevails are code; they count where a text loses by what they say, on a day on which they are in force.

mod search;
mod skeleton;
mod told;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use skeleton::scenario;
pub use told::{Counts, json, lines, summary};

use super::ask::Law;
use super::hands::side_by_side;
use super::reason;
use super::scenario::{self as scenarios, Got, Run};
use crate::partition::Partitions;
use crate::resolution::Sources;
use crate::rulebook::{
    ActKind, Ask, Days, DocumentId, ProvisionId, Rulebook, Scenario, Statement, TaskId, TransferForm,
};
use crate::ruling::{Answer, LeadsTo, NextQuestion, Outcome, Question, Why};

/// What is known of every provision, in order of id.
#[derive(Debug)]
pub struct Coverage(pub Vec<(ProvisionId, Shown)>);

/// What scenarios show of one provision.
#[derive(Debug)]
pub enum Shown {
    /// It counts in a scenario.
    Counts,
    /// It applies by its own terms in a scenario, but only loses.
    Loses(Vec<Why>),
    /// In no scenario; it counts in this answer.
    Elsewhere(Box<Witness>),
    /// In no scenario; it counts somewhere in this task, but no single question was found that shows it.
    Somewhere(TaskId),
    Never(Never),
}

/// A question in which a provision counts, and its answer.
#[derive(Debug)]
pub struct Witness {
    pub question: Question,
    pub answer: Answer,
}

/// Why a provision never counts.
#[derive(Debug, PartialEq, Eq)]
pub enum Never {
    /// What it speaks of is nothing on which the ruling of a task could depend.
    Unreached,
    /// It says who may pass on what in a form in which these rules pass nothing on.
    NothingPassedOn,
    /// It says which of two texts prevails, and on its days no text loses so.
    NothingYields,
    /// Its days and those of its document hold no day that the rules cover.
    OutsideCover,
    /// Its other terms hold nowhere on the days that the rules cover.
    NowhereApplies,
    /// Wherever it applies it loses, for these reasons.
    Loses(Vec<Why>),
    /// No ruling would be another without it.
    ChangesNothing,
}

impl Coverage {
    /// Looks at what scenarios gave.
    #[must_use]
    pub fn of(law: Law<'_>, runs: &[(&Scenario, Run)]) -> Self {
        let rulebook = law.rulebook;
        let seen = Seen::in_runs(runs);
        let search = search::Search::new(law);
        let shown = |id: ProvisionId| {
            if seen.counting.contains(&id) || counts_unnamed(law, id, runs) {
                Shown::Counts
            } else if let Some(whys) = seen.losing.get(&id) {
                Shown::Loses(whys.clone())
            } else {
                search.elsewhere(id)
            }
        };
        let ids: Vec<ProvisionId> = (0..).map(ProvisionId).zip(&rulebook.provisions).map(|(id, _)| id).collect();
        Self(side_by_side(&ids, |id| (*id, shown(*id))))
    }

    /// Those that are in no scenario.
    pub fn missing(&self) -> impl Iterator<Item = &(ProvisionId, Shown)> {
        self.0.iter().filter(|(_, shown)| match shown {
            Shown::Counts | Shown::Loses(_) => false,
            Shown::Elsewhere(_) | Shown::Somewhere(_) | Shown::Never(_) => true,
        })
    }
}

/// What the answers of scenarios name.
#[derive(Default)]
struct Seen {
    counting: BTreeSet<ProvisionId>,
    losing: BTreeMap<ProvisionId, Vec<Why>>,
}

impl Seen {
    fn in_runs(runs: &[(&Scenario, Run)]) -> Self {
        let mut seen = Self::default();
        for (_, run) in runs {
            let Got::Answer(answer) = &run.got else { continue };
            seen.counting.extend(named(answer));
            for loss in &answer.record {
                let whys = seen.losing.entry(loss.provision).or_default();
                if !whys.contains(&loss.why) {
                    whys.push(loss.why.clone());
                }
            }
        }
        seen
    }
}

/// Every provision that an answer names as a ground or as the reason of a loss.
fn named(answer: &Answer) -> BTreeSet<ProvisionId> {
    let mut found: BTreeSet<ProvisionId> = answer.grounds.iter().map(|ground| ground.provision).collect();
    found.extend(answer.record.iter().filter_map(|loss| reason::other(&loss.why)));
    let mut open: Vec<&NextQuestion> = answer.next.iter().collect();
    while let Some(next) = open.pop() {
        for branch in &next.branches {
            match &branch.leads_to {
                LeadsTo::Ruling { grounds, .. } => found.extend(grounds.iter().map(|ground| ground.provision)),
                LeadsTo::Further(further) => open.push(further),
            }
        }
    }
    found
}

/// Whether a provision that no answer names counts in a scenario.
fn counts_unnamed(law: Law<'_>, id: ProvisionId, runs: &[(&Scenario, Run)]) -> bool {
    let rulebook = law.rulebook;
    let silent = OnceCell::new();
    runs.iter().any(|(scenario, run)| match (&run.got, &scenario.ask) {
        (Got::Answer(answer), Ask::WhoDecides { .. }) => {
            by_precedence(rulebook, id, answer)
                || could_matter(rulebook, id, answer)
                    && matches!(scenarios::run(silent.get_or_init(|| Silent::new(rulebook, id)).law(), scenario).got,
                        Got::Answer(other) if differ(answer, &other))
        }
        (Got::Exists(found), Ask::Exists { body, level, .. }) => {
            let about = matches!(&rulebook[id].statement,
                    Statement::BodyExists { body: own, level: at, .. } if own == body && at == level)
                || matches!(&rulebook[id].statement, Statement::LevelExists { level: own, .. } if own == level);
            about
                && matches!(scenarios::run(silent.get_or_init(|| Silent::new(rulebook, id)).law(), scenario).got,
                    Got::Exists(other) if other != *found)
        }
        (Got::Answer(_) | Got::Exists(_) | Got::Trouble(_), Ask::WhoDecides { .. } | Ask::Exists { .. }) => false,
    })
}

/// The two sentences on precedence: some text loses by what they say.
fn by_precedence(rulebook: &Rulebook, id: ProvisionId, answer: &Answer) -> bool {
    let Some(rule) = rule(&rulebook[id].statement) else { return false };
    stands(rulebook, id, answer.question.on) && answer.record.iter().any(|loss| rule(&loss.why))
}

/// How texts lose by a sentence on precedence.
fn rule(statement: &Statement) -> Option<fn(&Why) -> bool> {
    if matches!(statement, Statement::HigherRankPrevails) {
        Some(|why| matches!(why, Why::LowerRank { .. }))
    } else if matches!(statement, Statement::LaterTextPrevails) {
        Some(|why| matches!(why, Why::Earlier { .. }))
    } else {
        None
    }
}

/// Whether a provision's own days and its documents' hold a day; acts on it are not looked at.
fn stands(rulebook: &Rulebook, id: ProvisionId, on: Date) -> bool {
    let provision = &rulebook[id];
    let text = &rulebook[provision.text];
    let term = |document: DocumentId| rulebook[document].in_force.iter().any(|days| days.contains(on));
    provision.days.contains(on) && term(text.document) && term(text.enacted_by)
}

/// Whether asking again without an unnamed provision is worth it.
fn could_matter(rulebook: &Rulebook, id: ProvisionId, answer: &Answer) -> bool {
    let about = answer.question.task;
    let transferred = |forms: &[TransferForm], day: fn(&Rulebook, ProvisionId, Date) -> Date| {
        let losing = answer.record.iter().map(|loss| loss.provision);
        let mut all = answer.grounds.iter().map(|ground| ground.provision).chain(losing);
        all.any(|other| {
            matches!(&rulebook[other].statement, Statement::Transfer { form, .. } if forms.contains(form))
                && stands(rulebook, id, day(rulebook, other, answer.question.on))
        })
    };
    match &rulebook[id].statement {
        Statement::Permission { task: None, forms, .. } | Statement::Onward { forms, .. } => {
            transferred(forms, |rulebook, other, _| rulebook.issued(other))
        }
        Statement::MustStateTerm { form } => transferred(&[*form], |rulebook, other, _| rulebook.issued(other)),
        Statement::Permission { task: Some(task), forms, .. } => *task == about && transferred(forms, |_, _, on| on),
        Statement::BodyExists { .. } | Statement::LevelExists { .. } => {
            answer.outcome == Outcome::Orphaned
                || answer
                    .record
                    .iter()
                    .any(|loss| matches!(loss.why, Why::HolderAbsent | Why::ReceiverAbsent | Why::IssuerAbsent))
        }
        Statement::Extends { .. }
        | Statement::Classifies { .. }
        | Statement::Tabulates { .. }
        | Statement::Act { kind: ActKind::Restores, .. } => Sources::new(rulebook, about).provisions().contains(&id),
        Statement::DecidedBy { .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Transfer { .. }
        | Statement::Widens { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Act { .. } => false,
    }
}

/// The rules without one provision.
struct Silent {
    rulebook: Rulebook,
    partitions: Partitions,
}

impl Silent {
    fn new(rulebook: &Rulebook, id: ProvisionId) -> Self {
        let mut rulebook = rulebook.clone();
        // A repeal runs on without end: only one that never begins is silent.
        let never = Date::MAX;
        let index = usize::try_from(id.0).unwrap_or(usize::MAX);
        rulebook.provisions.iter_mut().skip(index).take(1).for_each(|own| {
            own.days = Days { from: Some(never), before: Some(never) };
        });
        let partitions = Partitions::new(&rulebook);
        Self { rulebook, partitions }
    }

    fn law(&self) -> Law<'_> {
        Law { rulebook: &self.rulebook, partitions: &self.partitions }
    }
}

/// Whether two answers to one question differ in more than how long they hold and what is on record.
fn differ(a: &Answer, b: &Answer) -> bool {
    let parts = |answer: &Answer| {
        (
            (answer.outcome, answer.sharing, answer.conflict, answer.framework_unread),
            answer.deciders.clone(),
            answer.requirements.clone(),
            answer.may_step_in.clone(),
            answer.handling.clone(),
            answer.grounds.clone(),
            answer.next.clone(),
        )
    };
    parts(a) != parts(b)
}
