//! Findings with what was said of them beforehand: which are accepted, which are denied or allowed, and what is accepted and
//! is no longer there. Knows no files and no forms.

use jiff::civil::Date;

use super::baseline::{Accepted, Baseline};
use super::identity::fingerprints;
use super::levels::{Level, Levels};
use super::{Clears, Code, Finding, Looked, Severity, bases, in_order, of_tasks, unchecked};
use crate::reading::ask::Law;
use crate::rulebook::TaskId;

/// What is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// These tasks alone; all, with the documents, where none is named.
    pub tasks: Vec<TaskId>,
    /// Also which documents were not compared with their source in so many months before a day.
    pub compared: Option<(Date, u16)>,
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// In order of task and code.
    pub judged: Vec<Judged>,
    /// What is accepted and does not occur.
    pub stale: Vec<Accepted>,
    /// The tasks that were looked at.
    pub tasks: Vec<TaskId>,
    /// How many regions they fall into.
    pub regions: usize,
}

/// A finding, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub finding: Finding,
    pub fingerprint: String,
    pub standing: Standing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It makes the check fail.
    Fails,
    /// It is told.
    Told,
    /// Its code is allowed.
    Allowed,
    /// It is in the baseline, for this reason.
    Accepted { why: String },
}

impl Standing {
    /// It is to be reported without being asked for.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        match self {
            Self::Fails | Self::Told => true,
            Self::Allowed | Self::Accepted { .. } => false,
        }
    }
}

/// Findings that are told, by severity, and the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub accepted: usize,
    /// Of them without a reason.
    pub unexplained: usize,
    pub allowed: usize,
}

impl Review {
    /// Checks everything, as nobody has said anything of it.
    #[must_use]
    pub fn whole(law: Law<'_>) -> Self {
        Self::new(law, &Scope::default(), &Baseline::default(), &Levels::default())
    }

    /// Checks some tasks, or all with the documents where none is named.
    #[must_use]
    pub fn new(law: Law<'_>, scope: &Scope, baseline: &Baseline, levels: &Levels) -> Self {
        let named = &scope.tasks;
        let rulebook = law.rulebook;
        let all = || rulebook.task_ids().collect();
        let tasks: Vec<TaskId> = if named.is_empty() { all() } else { named.clone() };
        let Looked { mut findings, regions } = of_tasks(rulebook, &tasks, levels.clears());
        if named.is_empty() {
            findings.extend(bases(rulebook));
            findings.extend(scope.compared.into_iter().flat_map(|(on, months)| unchecked(rulebook, on, months)));
        }
        let findings = in_order(findings);
        let known = fingerprints(rulebook, &findings);
        let is_named = |entry: &Accepted| {
            let of = |task: &TaskId| entry.task.as_ref() == Some(&rulebook[*task].names.id);
            named.is_empty() || named.iter().any(of)
        };
        let looked_at = |entry: &Accepted| entry.code != Code::Unclear.id() || levels.clears() == Clears::Told;
        let gone = |entry: &&Accepted| looked_at(entry) && is_named(entry) && !known.contains(&entry.fingerprint);
        let stale = baseline.accepted.iter().filter(gone).cloned().collect();
        let judge = |(finding, fingerprint): (Finding, &String)| {
            let standing = standing(&finding, fingerprint, baseline, levels);
            Judged { finding, fingerprint: fingerprint.clone(), standing }
        };
        let judged = findings.into_iter().zip(&known).map(judge).collect();
        Self { judged, stale, tasks, regions }
    }

    /// Something is left to be done.
    #[must_use]
    pub fn fails(&self) -> bool {
        !self.stale.is_empty() || self.judged.iter().any(|one| one.standing == Standing::Fails)
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for one in &self.judged {
            match &one.standing {
                Standing::Fails | Standing::Told => {
                    *match one.finding.code().severity() {
                        Severity::Error => &mut counts.errors,
                        Severity::Warning => &mut counts.warnings,
                        Severity::Note => &mut counts.notes,
                    } += 1;
                }
                Standing::Allowed => counts.allowed += 1,
                Standing::Accepted { why } => {
                    counts.accepted += 1;
                    counts.unexplained += usize::from(why.trim().is_empty());
                }
            }
        }
        counts
    }
}

/// What is wrong with some tasks and with the documents, each with its fingerprint.
#[must_use]
pub fn found(law: Law<'_>, tasks: &[TaskId]) -> Vec<(Finding, String)> {
    let Looked { mut findings, .. } = of_tasks(law.rulebook, tasks, Clears::Left);
    findings.extend(bases(law.rulebook));
    let findings = in_order(findings);
    let known = fingerprints(law.rulebook, &findings);
    findings.into_iter().zip(known).collect()
}

fn standing(finding: &Finding, fingerprint: &str, baseline: &Baseline, levels: &Levels) -> Standing {
    if let Some(entry) = baseline.entry(fingerprint) {
        return Standing::Accepted { why: entry.why.clone() };
    }
    match levels.of(finding.code()) {
        Level::Fails => Standing::Fails,
        Level::Told => Standing::Told,
        Level::Silent => Standing::Allowed,
    }
}
