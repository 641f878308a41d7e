//! A timeline in words, for people: one paragraph for each run of days.

use super::{Run, Timeline};
use crate::reading::explain;
use crate::reading::naming::Voice;
use crate::reading::trouble::fate_line;
use crate::reading::words::{self, pick};
use crate::register::UnitId;
use crate::rulebook::Days;

/// The timeline as lines of text, without a line break at the end.
#[must_use]
pub fn lines(voice: Voice<'_>, timeline: &Timeline) -> Vec<String> {
    let language = voice.language;
    let asked = &timeline.asked;
    let task = &voice.rulebook[asked.task];
    let mut lines = vec![voice.name(&task.names).to_owned()];
    for (role, units) in task.roles.iter().zip(&asked.units) {
        let role = voice.name(&voice.rulebook[*role].names);
        units.iter().for_each(|one| unit(voice, (role, *one), &mut lines));
    }
    let facts = asked.facts.iter();
    lines.extend(facts.map(|(fact, value)| format!("  {} = {}", voice.fact(*fact), voice.value(*fact, value))));
    if timeline.runs.is_empty() {
        let none = "không có ngày nào đơn vị này tồn tại trong thời gian bộ quy định đã phủ";
        lines.push(format!("  {}", pick(language, none, "on no day that the rules cover is this unit there")));
    }
    timeline.runs.iter().for_each(|one| run(voice, one, &mut lines));
    lines
}

/// A unit with its days, and what it was made of and became.
fn unit(voice: Voice<'_>, (role, id): (&str, UnitId), lines: &mut Vec<String>) {
    let language = voice.language;
    let register = &voice.rulebook.register;
    let unit = register.unit(id);
    let days = Days { from: Some(unit.from), before: unit.before };
    lines.push(format!("  {role}: {} ({}), {}", voice.unit(id), unit.code, words::days(days, language)));
    for (lead, fates) in [
        (pick(language, "trước đó:", "before:"), register.predecessors(id)),
        (pick(language, "sau đó:", "afterwards:"), register.successors(id)),
    ] {
        lines.extend(fates.iter().map(|fate| format!("    {lead} {}", fate_line(voice, fate))));
    }
}

fn run(voice: Voice<'_>, Run { days, answer }: &Run, lines: &mut Vec<String>) {
    let language = voice.language;
    lines.push(String::new());
    lines.push(explain::capital(&words::days(*days, language)));
    lines.push(format!("  {}", explain::heading(voice, answer)));
    let mut parts = Vec::new();
    explain::beside(voice, answer, &mut parts);
    lines.extend(parts.into_iter().map(|line| format!("  {line}")));
    if let Some(next) = &answer.next {
        let open = pick(language, "cần biết thêm", "still to be known");
        lines.push(format!("    {open}: {}", explain::asked(voice, next.about)));
    }
}
