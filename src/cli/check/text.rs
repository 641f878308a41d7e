//! Findings for people: the line, what is wrong, where and when, a case of it, what to do; and what it comes to.

use std::io;

use super::super::Console;
use crate::reading::check::baseline::whereabouts;
use crate::reading::check::data::{All, Frame};
use crate::reading::check::review::{Judged, Review, Standing};
use crate::reading::check::{self, Severity};
use crate::reading::words::pick;
use crate::rulebook::Language;
use crate::wording::{self, Grade, Notice};

pub(super) fn findings(frame: Frame<'_>, review: &Review, all: All, console: &mut Console<'_>) -> io::Result<()> {
    for judged in review.judged.iter().filter(|one| all == All::Yes || one.standing.is_told()) {
        let said = wording::show(frame.sources, &notice(frame, judged), console.language, console.color);
        write!(console.out, "{said}")?;
    }
    Ok(())
}

fn notice<'a>(frame: Frame<'_>, judged: &Judged) -> Notice<'a> {
    let (voice, finding, language) = (frame.voice, &judged.finding, frame.voice.language);
    let code = finding.code();
    let grade = match code.severity() {
        Severity::Error => Grade::Error,
        Severity::Warning => Grade::Warning,
        Severity::Note => Grade::Note,
    };
    let mut notes: Vec<String> = check::because(voice, finding).into_iter().map(|(said, _)| said).collect();
    let lines = whereabouts(voice, finding);
    if !lines.is_empty() {
        let wherever = pick(language, "ở đâu, khi nào:", "where and when:").to_owned();
        notes.push(std::iter::once(wherever).chain(lines).collect::<Vec<_>>().join("\n"));
    }
    if let Some(point) = &finding.witness {
        let example = format!("{} {}", pick(language, "ví dụ:", "such as:"), check::witness_line(voice, point));
        let command = check::ask_command(voice.rulebook, point).map(|command| format!("{command}{}", frame.rules));
        notes.push(std::iter::once(example).chain(command).collect::<Vec<_>>().join("\n"));
    }
    notes.extend(standing(&judged.standing, language));
    Notice {
        grade,
        code: code.id(),
        message: check::message(voice, finding),
        span: finding.span,
        related: finding.at_fault.iter().skip(1).map(|id| voice.rulebook[*id].span).collect(),
        help: Some(check::help(finding, language).to_owned()),
        notes,
    }
}

fn standing(standing: &Standing, language: Language) -> Option<String> {
    match standing {
        Standing::Fails | Standing::Told => None,
        Standing::Allowed => Some(pick(language, "được bỏ qua theo --allow", "allowed by --allow").to_owned()),
        Standing::Accepted { why } if why.trim().is_empty() => {
            Some(pick(language, "đã chấp nhận, chưa ghi lý do", "accepted, without a reason").to_owned())
        }
        Standing::Accepted { why } => Some(format!("{}: {why}", pick(language, "đã chấp nhận", "accepted"))),
    }
}

/// What is accepted and gone, a line each.
pub(super) fn stale(review: &Review, language: Language) -> Vec<String> {
    let line = |entry: &check::baseline::Accepted| {
        let about = entry.about.join("; ");
        let task = entry.task.as_deref().map(|task| format!(" {task}")).unwrap_or_default();
        let gone = pick(
            language,
            "không còn nữa, hoặc đã khác: ghi lại bằng --write-baseline",
            "is not found any more, or is another now: write it anew with --write-baseline",
        );
        format!("{} {}{task} ({about}) {gone}", pick(language, "đường cơ sở:", "baseline:"), entry.code)
    };
    review.stale.iter().map(line).collect()
}

/// The last line: what was found, and in how much.
pub(super) fn summary(review: &Review, language: Language) -> String {
    let counts = review.counts();
    let (tasks, regions) = (review.tasks.len(), review.regions);
    let further = [
        (counts.accepted, pick(language, "đã chấp nhận", "accepted")),
        (counts.unexplained, pick(language, "chấp nhận mà chưa ghi lý do", "accepted without a reason")),
        (counts.allowed, pick(language, "được bỏ qua", "allowed")),
        (review.stale.len(), pick(language, "đã chấp nhận mà không còn", "accepted and gone")),
    ];
    let further: Vec<String> =
        further.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}: {count}")).collect();
    let (errors, warnings, notes) = (counts.errors, counts.warnings, counts.notes);
    let head = match language {
        Language::Vietnamese => {
            format!("{tasks} nhiệm vụ, {regions} vùng: {errors} lỗi, {warnings} cảnh báo, {notes} lưu ý")
        }
        Language::English => {
            format!("tasks: {tasks}, regions: {regions}; errors: {errors}, warnings: {warnings}, notes: {notes}")
        }
    };
    if further.is_empty() { head } else { format!("{head}; {}", further.join(", ")) }
}
