//! A forecast in words.

use super::{Change, Forecast, Kind, Turn};
use crate::reading::check::{ask_command, witness_line};
use crate::reading::naming::Voice;
use crate::reading::table::{region_lines, ruling_lines};
use crate::reading::words::{self, pick};
use crate::resolution::Holding;
use crate::rulebook::{Language, TaskId};
use crate::ruling::Outcome;

/// The forecast as lines, day by day; `rules` is what a command must say besides, to ask the same rules.
#[must_use]
pub fn lines(voice: Voice<'_>, rules: &str, forecast: &Forecast) -> Vec<String> {
    let language = voice.language;
    let mut lines = Vec::new();
    let mut days: Vec<jiff::civil::Date> = forecast.changes.iter().map(|change| change.on).collect();
    days.extend(forecast.documents.iter().map(|turn| turn.on));
    days.sort();
    days.dedup();
    for day in days {
        lines.push(words::date(day, language));
        lines.extend(
            forecast.documents.iter().filter(|turn| turn.on == day).map(|turn| format!("  {}", turned(voice, *turn))),
        );
        for change in forecast.changes.iter().filter(|change| change.on == day) {
            lines.push(format!("  {}", headline(voice, change)));
            lines.extend(detail(voice, change).into_iter().map(|line| format!("    {line}")));
            let command = ask_command(voice.rulebook, &change.witness);
            lines.extend(command.map(|command| format!("    {command}{rules}")));
        }
    }
    let (changes, tasks) = (forecast.changes.len(), tasks(forecast));
    let from = words::date(forecast.window.from, language);
    let last = forecast.window.before.yesterday().map_or_else(|_| String::new(), |day| words::date(day, language));
    lines.push(match language {
        Language::Vietnamese => {
            format!("từ sau ngày {from} đến hết ngày {last}: {changes} thay đổi ở {tasks} nhiệm vụ")
        }
        Language::English => format!("after {from} and through {last}: {changes} changes in {tasks} tasks"),
    });
    lines
}

fn tasks(forecast: &Forecast) -> usize {
    forecast.changes.iter().map(|change| change.task).collect::<std::collections::BTreeSet<TaskId>>().len()
}

/// What becomes of which task, in one line.
#[must_use]
pub fn headline(voice: Voice<'_>, change: &Change) -> String {
    let task = &voice.rulebook[change.task];
    format!("{}: {} ({})", said(change.kind, voice.language), voice.name(&task.names), task.names.id)
}

/// Before, after, where.
pub(super) fn detail(voice: Voice<'_>, change: &Change) -> Vec<String> {
    let language = voice.language;
    let mut lines = vec![format!("{}: {}", pick(language, "trước", "before"), who(voice, change.task, &change.before))];
    lines.push(format!("{}: {}", pick(language, "từ ngày đó", "from then on"), who(voice, change.task, &change.after)));
    let after = ruling_lines(voice, change.task, &change.after);
    lines.extend(after.into_iter().skip(1 + listed(&change.after)).map(|line| format!("  {line}")));
    if let Some(region) = &change.region {
        lines.extend(region_lines(voice, change.task, region));
    }
    lines.push(format!("{} {}", pick(language, "ví dụ:", "such as:"), witness_line(voice, &change.witness)));
    lines
}

/// Holders that stand on lines of their own below the outcome.
fn listed(holding: &Holding) -> usize {
    if holding.outcome == Outcome::Decided { 0 } else { holding.holders.len() }
}

fn who(voice: Voice<'_>, task: TaskId, holding: &Holding) -> String {
    let lines = ruling_lines(voice, task, holding);
    let (first, rest) = lines.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let holders: Vec<&str> =
        rest.iter().take(listed(holding)).map(|line| line.trim_start_matches('•').trim_start()).collect();
    if holders.is_empty() { first.to_owned() } else { format!("{first}: {}", holders.join("; ")) }
}

/// Which document comes or goes.
#[must_use]
pub fn turned(voice: Voice<'_>, turn: Turn) -> String {
    let document = voice.document(turn.document);
    match (turn.begins, voice.language) {
        (true, Language::Vietnamese) => format!("bắt đầu có hiệu lực: {document}"),
        (true, Language::English) => format!("comes into force: {document}"),
        (false, Language::Vietnamese) => format!("hết hiệu lực: {document}"),
        (false, Language::English) => format!("expires: {document}"),
    }
}

const fn said(kind: Kind, language: Language) -> &'static str {
    match kind {
        Kind::Gapes => pick(language, "bỏ trống", "nobody decides"),
        Kind::Orphaned => pick(language, "mất chủ thể", "the holder is gone"),
        Kind::Conflict => pick(language, "chồng chéo", "conflict"),
        Kind::FallsBack => pick(language, "thẩm quyền trở về người giao", "falls back to the giver"),
        Kind::PassedOn => pick(language, "bắt đầu phân cấp, ủy quyền", "is passed on"),
        Kind::Moves => pick(language, "chuyển sang chủ thể khác", "moves"),
        Kind::SwitchedOff => pick(language, "không còn phải thực hiện", "is not required any more"),
        Kind::SwitchedOn => pick(language, "phải thực hiện trở lại", "is required again"),
        Kind::LeftOpen => pick(language, "bỏ ngỏ", "is left open"),
        Kind::Mended => pick(language, "có người quyết định trở lại", "is decided again"),
    }
}
