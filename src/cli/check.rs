//! `tq check`: every defect of the rules, with where it is one and why.

use std::io;

use clap::ArgMatches;

use super::{Console, Status, errors_line, problems};
use crate::reading::check::{self, Finding, Severity};
use crate::reading::naming::Voice;
use crate::reading::table::region_lines;
use crate::reading::words::{self, pick};
use crate::wording::{self, Grade, Notice};

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(library) = problems::load(matches, console)? else { return Ok(Status::Wrong) };
    let voice = Voice::new(&library.rulebook, console.language);
    let findings = check::check(library.law());
    for finding in &findings {
        let notice = notice(voice, finding);
        let said = wording::show(&library.sources, &notice, console.language, console.color);
        write!(console.out, "{said}")?;
    }
    if library.errors() > 0 {
        console.complain(&errors_line(library.errors(), console.language))?;
    }
    let grave = findings.iter().any(|finding| finding.code().severity() != Severity::Note);
    Ok(if grave || library.errors() > 0 { Status::Findings } else { Status::Fine })
}

fn notice<'a>(voice: Voice<'_>, finding: &Finding) -> Notice<'a> {
    let language = voice.language;
    let code = finding.code();
    let grade = match code.severity() {
        Severity::Error => Grade::Error,
        Severity::Warning => Grade::Warning,
        Severity::Note => Grade::Note,
    };
    let mut notes: Vec<String> = check::because(voice, finding).into_iter().map(|(said, _)| said).collect();
    let wherever = pick(language, "ở đâu, khi nào:", "where and when:");
    if let (Some(task), Some(region)) = (finding.task, &finding.region) {
        let lines = region_lines(voice, task, region);
        if !lines.is_empty() {
            notes.push(std::iter::once(wherever.to_owned()).chain(lines).collect::<Vec<_>>().join("\n"));
        }
    }
    if !finding.days.is_empty() {
        let days: Vec<String> = finding.days.iter().map(|days| words::days(*days, language)).collect();
        notes.push(days.join("; "));
    }
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
