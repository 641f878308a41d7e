//! Findings as GitLab's Code Quality report: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde_json::{Value as Json, json};

use crate::reading::check::Severity;
use crate::reading::check::baseline::whereabouts;
use crate::reading::check::data::{All, Frame, spot};
use crate::reading::check::message;
use crate::reading::check::review::{Judged, Review};

pub(super) fn report(frame: Frame<'_>, review: &Review, all: All) -> Json {
    let shown = review.judged.iter().filter(|one| all == All::Yes || one.standing.is_told());
    shown.map(|judged| entry(frame, judged)).collect()
}

fn entry(frame: Frame<'_>, judged: &Judged) -> Json {
    let finding = &judged.finding;
    let at = spot(frame, finding.span);
    let region: Vec<String> = whereabouts(frame.voice, finding).iter().map(|line| line.trim().to_owned()).collect();
    let message = message(frame.voice, finding);
    let description = if region.is_empty() { message } else { format!("{message}: {}", region.join(" ")) };
    json!({
        "description": description,
        "check_name": finding.code().id(),
        "fingerprint": judged.fingerprint,
        "severity": severity(finding.code().severity()),
        "location": { "path": at.file, "lines": { "begin": at.line } },
    })
}

/// Of `info`, `minor`, `major`, `critical`, `blocker`.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}
