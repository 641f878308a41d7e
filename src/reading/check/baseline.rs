//! Findings that the authors of the rules know and accept, each with the reason why: as a text that is kept beside the rules
//! and reviewed with them. A finding is known again by its fingerprint; the words beside it are for whoever reviews. Knows no
//! files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Finding;
use crate::reading::naming::Voice;
use crate::reading::table::region_lines;
use crate::reading::words;

/// The number of this form.
const FORMAT: u32 = 1;
/// Of a region so many lines are kept.
const LINES: usize = 6;

/// What is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    format: u32,
    /// In order of task, code, citations and fingerprint.
    pub accepted: Vec<Accepted>,
}

/// A finding that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Id of the task; none of a finding about a document.
    pub task: Option<String>,
    pub code: String,
    /// The sentences at fault, or the message where there are none.
    pub about: Vec<String>,
    /// Where and when, shortened.
    pub region: Vec<String>,
    /// The reason, which a person writes.
    pub why: String,
    pub fingerprint: String,
}

/// Why a text is no baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Not the JSON that is expected: the line, and what the reader of JSON says.
    Json { line: usize, said: String },
    /// Written by a later version of the program.
    Later(u32),
}

impl Default for Baseline {
    fn default() -> Self {
        Self { format: FORMAT, accepted: Vec::new() }
    }
}

impl Baseline {
    /// Reads a text.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn read(text: &str) -> Result<Self, Unread> {
        let json = |error: serde_json::Error| Unread::Json { line: error.line(), said: error.to_string() };
        let baseline: Self = serde_json::from_str(text).map_err(json)?;
        if baseline.format > FORMAT { Err(Unread::Later(baseline.format)) } else { Ok(baseline) }
    }

    /// Accepts just these findings. The reasons that were given before stay with theirs.
    #[must_use]
    pub fn of(voice: Voice<'_>, findings: &[(&Finding, &str)], before: &Self) -> Self {
        let why: BTreeMap<&str, &str> =
            before.accepted.iter().map(|one| (one.fingerprint.as_str(), one.why.as_str())).collect();
        let accepted = |(finding, fingerprint): &(&Finding, &str)| Accepted {
            task: finding.task.map(|task| voice.rulebook[task].names.id.clone()),
            code: finding.code().id().to_owned(),
            about: about(voice, finding),
            region: shortened(whereabouts(voice, finding)),
            why: why.get(fingerprint).copied().unwrap_or_default().to_owned(),
            fingerprint: (*fingerprint).to_owned(),
        };
        let mut accepted: Vec<Accepted> = findings.iter().map(accepted).collect();
        accepted
            .sort_by_cached_key(|one| (one.task.clone(), one.code.clone(), one.about.clone(), one.fingerprint.clone()));
        Self { accepted, ..Self::default() }
    }

    /// As it is written: one member a line.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", crate::reading::report::json(self))
    }

    /// What is accepted in either.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.accepted.extend(other.accepted);
        self
    }

    /// The entry that accepts a finding.
    #[must_use]
    pub fn entry(&self, fingerprint: &str) -> Option<&Accepted> {
        self.accepted.iter().find(|one| one.fingerprint == fingerprint)
    }
}

fn about(voice: Voice<'_>, finding: &Finding) -> Vec<String> {
    if finding.at_fault.is_empty() {
        vec![super::message(voice, finding)]
    } else {
        finding.at_fault.iter().map(|id| voice.citation(*id)).collect()
    }
}

/// Where and when it is so, as lines; none where it is so everywhere and always.
#[must_use]
pub fn whereabouts(voice: Voice<'_>, finding: &Finding) -> Vec<String> {
    let region = finding.task.zip(finding.region.as_ref());
    let lines = region.map(|(task, region)| region_lines(voice, task, region)).unwrap_or_default();
    lines.into_iter().chain(finding.days.iter().map(|days| words::days(*days, voice.language))).collect()
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > LINES {
        lines.truncate(LINES - 1);
        lines.push("…".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Accepted, Baseline, Unread};

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        let accepted = Accepted {
            task: Some("gpxd".to_owned()),
            code: "gap".to_owned(),
            about: vec!["nobody decides".to_owned()],
            region: Vec::new(),
            why: "known".to_owned(),
            fingerprint: "ab".to_owned(),
        };
        let baseline = Baseline { accepted: vec![accepted], ..Baseline::default() };
        assert_eq!(Baseline::read(&baseline.text()), Ok(baseline.clone()));
        let later = baseline.text().replace("\"format\": 1", "\"format\": 2");
        assert_eq!(Baseline::read(&later), Err(Unread::Later(2)));
        let misspelt = baseline.text().replace("\"why\"", "\"because\"");
        assert!(matches!(Baseline::read(&misspelt), Err(Unread::Json { line: 11, .. })), "{misspelt}");
    }
}
