//! A diff in words: counts first, then each region with what either side says of it.

use std::collections::BTreeMap;

use super::{About, Asked, Change, Class, Diff, Told, UnitChange, Why};
use crate::reading::check::{ask_command, witness_line};
use crate::reading::naming::Voice;
use crate::reading::table::{beside_lines, region_lines, ruling_lines};
use crate::reading::words::{self, pick};
use crate::register::{Register, RowId};
use crate::rulebook::{Language, TaskId};
use crate::ruling::Outcome;

/// The diff as lines; each side speaks with its own names.
#[must_use]
pub fn lines((old, new): (Voice<'_>, Voice<'_>), diff: &Diff) -> Vec<String> {
    let language = new.language;
    let mut lines = summary(language, diff);
    for change in &diff.changes {
        lines.push(String::new());
        lines.push(title((old, new), change));
        lines.extend(detail((old, new), change).into_iter().map(|line| format!("  {line}")));
    }
    if !diff.units.is_empty() {
        lines.push(String::new());
        lines.push(pick(language, "sổ đơn vị", "registers").to_owned());
        lines.extend(unit_lines((old, new), diff).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// What the registers say unlike, a line each.
#[must_use]
pub fn unit_lines(voices: (Voice<'_>, Voice<'_>), diff: &Diff) -> Vec<String> {
    diff.units.iter().map(|change| unit(voices, change)).collect()
}

/// How much of what, in a few lines.
#[must_use]
pub fn summary(language: Language, diff: &Diff) -> Vec<String> {
    let mut by_class: BTreeMap<Class, (usize, std::collections::BTreeSet<Asked>)> = BTreeMap::new();
    for change in &diff.changes {
        let (count, tasks) = by_class.entry(change.class).or_default();
        *count += 1;
        tasks.insert(change.task);
    }
    let compared = diff.compared;
    let mut lines = vec![match (language, diff.changes.is_empty()) {
        (Language::Vietnamese, true) => format!("không có gì thay đổi ở {compared} nhiệm vụ"),
        (Language::English, true) => format!("nothing changes in {compared} tasks"),
        (Language::Vietnamese, false) => format!("{compared} nhiệm vụ được so sánh"),
        (Language::English, false) => format!("{compared} tasks compared"),
    }];
    lines.extend(by_class.into_iter().map(|(class, (count, tasks))| {
        let (said, tasks) = (said(class, language), tasks.len());
        match language {
            Language::Vietnamese => format!("  {said} ({}): {count} vùng ở {tasks} nhiệm vụ", class.code()),
            Language::English => format!("  {said} ({}): {count} regions in {tasks} tasks", class.code()),
        }
    }));
    if !diff.units.is_empty() {
        let units = diff.units.len();
        lines.push(match language {
            Language::Vietnamese => format!("  sổ đơn vị: {units} dòng khác nhau"),
            Language::English => format!("  registers: {units} rows differ"),
        });
    }
    lines
}

/// What becomes of which task, in one line.
#[must_use]
pub fn title((old, new): (Voice<'_>, Voice<'_>), change: &Change) -> String {
    let (voice, task) = match change.task {
        Asked::Both { new: task, .. } | Asked::New(task) => (new, task),
        Asked::Old(task) => (old, task),
    };
    let names = &voice.rulebook[task].names;
    format!("{}: {} ({})", said(change.class, new.language), voice.name(names), names.id)
}

fn detail((old, new): (Voice<'_>, Voice<'_>), change: &Change) -> Vec<String> {
    let language = new.language;
    if let About::Question(why) = change.about {
        return vec![otherwise((old, new), change.task, why)];
    }
    let Asked::Both { old: before, new: after } = change.task else { return Vec::new() };
    let mut lines = Vec::new();
    lines.extend(side(old, before, &change.before, pick(language, "trước", "before")));
    lines.extend(side(new, after, &change.after, pick(language, "sau", "after")));
    if let Some(region) = &change.region {
        let place = region_lines(new, after, region);
        if place.is_empty() {
            lines.push(
                pick(language, "ở mọi nơi, mọi ngày, mọi trường hợp", "everywhere, every day, in every case")
                    .to_owned(),
            );
        }
        lines.extend(place);
    }
    lines.extend(change.extent.map(|extent| extent.words(new.language)));
    if let Some(point) = &change.witness {
        lines.push(format!("{} {}", pick(language, "ví dụ:", "such as:"), witness_line(new, point)));
        lines.extend(ask_command(new.rulebook, point));
    }
    lines
}

/// What one side says, which of several readings it is left open.
fn side(voice: Voice<'_>, task: TaskId, told: &[Told], when: &str) -> Vec<String> {
    if told.is_empty() {
        let none = pick(voice.language, "không hỏi được", "cannot be asked");
        return vec![format!("{when}: {none}")];
    }
    let mut lines = Vec::new();
    let when = match (told, voice.language) {
        ([_], _) => when.to_owned(),
        (_, Language::Vietnamese) => format!("{when}, theo một cách hiểu"),
        (_, Language::English) => format!("{when}, by one reading"),
    };
    for told in told {
        let said = match told {
            Told::Holder(holding) => {
                let mut said = ruling_lines(voice, task, holding);
                // Several holders stand on lines of their own.
                let own = if holding.outcome == Outcome::Decided { 1 } else { 1 + holding.holders.len() };
                said.iter_mut().skip(own).for_each(|line| *line = format!("  {line}"));
                said
            }
            Told::Beside(beside) => beside_lines(voice, task, beside),
            Told::Nothing => vec![pick(voice.language, "không có", "none").to_owned()],
        };
        let mut said = said.into_iter();
        lines.extend(said.next().map(|first| format!("{when}: {first}")));
        lines.extend(said.map(|line| format!("  {line}")));
    }
    lines
}

fn otherwise((old, new): (Voice<'_>, Voice<'_>), task: Asked, why: Why) -> String {
    let language = new.language;
    match (why, task) {
        (Why::NoTask, Asked::New(_)) => pick(language, "nhiệm vụ mới", "a new task").to_owned(),
        (Why::NoTask, _) => pick(language, "nhiệm vụ không còn", "the task is gone").to_owned(),
        (Why::Places, _) => pick(
            language,
            "nơi phải nêu khi hỏi đã khác: không so sánh được từng điểm",
            "it is asked of other places: its points cannot be compared",
        )
        .to_owned(),
        (Why::Fact(fact), _) => {
            let fact = old.fact(fact);
            match language {
                Language::Vietnamese => {
                    format!("dữ kiện {fact} không còn, đã khác loại hoặc mất giá trị: không so sánh được từng điểm")
                }
                Language::English => {
                    format!(
                        "the fact {fact} is gone, of another kind or without some of its values: points cannot be compared"
                    )
                }
            }
        }
    }
}

fn unit((old, new): (Voice<'_>, Voice<'_>), change: &UnitChange) -> String {
    let row = |register: &Register, id: RowId| {
        let row = register.row(id);
        let from = words::date(row.from, new.language);
        let before = row.before.map(|day| format!(" – {}", words::date(day, new.language))).unwrap_or_default();
        let parent = row.parent.as_deref().map(|parent| format!(" < {parent}")).unwrap_or_default();
        format!("{} ({}{parent}) {from}{before}", row.name, row.code)
    };
    let before = change.old.map(|id| row(&old.rulebook.register, id));
    let after = change.new.map(|id| row(&new.rulebook.register, id));
    match (before, after) {
        (Some(before), Some(after)) => format!("~ {before} → {after}"),
        (Some(before), None) => format!("- {before}"),
        (None, Some(after)) => format!("+ {after}"),
        (None, None) => String::new(),
    }
}

/// A class in words.
pub(super) const fn said(class: Class, language: Language) -> &'static str {
    match class {
        Class::Lost => pick(language, "không còn ai quyết định", "nobody decides any more"),
        Class::Unclear => pick(language, "tùy cách hiểu văn bản", "depends on how a text is read"),
        Class::Conflict => pick(language, "thành chồng chéo", "becomes a conflict"),
        Class::Moved => pick(language, "chuyển sang chủ thể khác", "another decides"),
        Class::Decided => pick(language, "nay có người quyết định", "is decided now"),
        Class::Resolved => pick(language, "hết chồng chéo", "a conflict ends"),
        Class::Undecided => {
            pick(language, "vẫn không có người quyết định, vì lý do khác", "still nobody decides, for another reason")
        }
        Class::Required => pick(language, "có phải thực hiện hay không", "whether it is required"),
        Class::Held => pick(language, "vẫn người đó, với tư cách khác", "the same decides, held otherwise"),
        Class::Signature => pick(language, "người chịu trách nhiệm, ký, con dấu", "who is answerable, signs or seals"),
        Class::Sharing => pick(language, "cách chia nhau quyết định", "how it is shared"),
        Class::Approvals => pick(
            language,
            "phê duyệt, ý kiến, báo cáo, quyền quyết định thay",
            "approvals, opinions, reports and stepping in",
        ),
        Class::Procedure => pick(language, "trình tự", "the procedure"),
        Class::Limit => pick(language, "thời hạn giải quyết", "the time limit"),
        Class::Covered => pick(language, "phạm vi được phủ", "what is covered"),
        Class::Question => pick(language, "câu hỏi đặt được", "what can be asked"),
        Class::Citation => pick(language, "chỉ khác căn cứ", "only the texts that say so"),
    }
}
