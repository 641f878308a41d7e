//! How much of what changes: what every form says first.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Telling, said};
use super::{Asked, Class, Diff, Extent, Findings};
use crate::reading::words::{date, pick};
use crate::rulebook::Language;

/// How much there is of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub class: Class,
    pub words: &'static str,
    pub regions: usize,
    pub tasks: usize,
    /// The largest of the regions.
    pub largest: Option<Extent>,
}

/// Of every class that there is, the gravest first.
#[must_use]
pub fn counts(language: Language, diff: &Diff) -> Vec<Count> {
    let mut by_class: BTreeMap<Class, (Count, BTreeSet<Asked>)> = BTreeMap::new();
    for change in &diff.changes {
        let none =
            Count { class: change.class, words: said(change.class, language), regions: 0, tasks: 0, largest: None };
        let (count, tasks) = by_class.entry(change.class).or_insert((none, BTreeSet::new()));
        tasks.insert(change.task);
        count.regions += 1;
        count.tasks = tasks.len();
        count.largest = count.largest.into_iter().chain(change.extent).max_by_key(Extent::size);
    }
    by_class.into_values().map(|(count, _)| count).collect()
}

/// How many tasks were compared, of which day, and whether nothing changes in them.
pub(super) fn compared(language: Language, diff: &Diff) -> String {
    let tasks = diff.compared;
    let head = match (language, diff.changes.is_empty()) {
        (Language::Vietnamese, true) => format!("không có gì thay đổi ở {tasks} nhiệm vụ"),
        (Language::English, true) => format!("nothing changes in {tasks} tasks"),
        (Language::Vietnamese, false) => format!("{tasks} nhiệm vụ được so sánh"),
        (Language::English, false) => format!("{tasks} tasks compared"),
    };
    match diff.on {
        None => head,
        Some(day) => {
            let only = pick(language, "chỉ xét câu hỏi về ngày", "only questions of");
            format!("{head}, {only} {}", date(day, language))
        }
    }
}

/// The words of every form that is a page.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    pub title: &'static str,
    pub rules: &'static str,
    /// Of the table of counts.
    pub columns: [&'static str; 4],
    pub units: &'static str,
    pub findings: &'static str,
    pub caused: &'static str,
    pub ended: &'static str,
    pub place: &'static str,
    pub extent: &'static str,
    pub example: &'static str,
    pub command: &'static str,
    pub counts: &'static str,
    pub changes: &'static str,
}

#[must_use]
pub const fn words(language: Language) -> Labels {
    match language {
        Language::Vietnamese => Labels {
            title: "Thay đổi quy định làm thay đổi điều gì",
            rules: "bộ quy định",
            columns: ["loại", "số lượng", "nhiệm vụ", "vùng lớn nhất"],
            units: "dòng của sổ đơn vị",
            findings: "khiếm khuyết",
            caused: "khiếm khuyết mới",
            ended: "khiếm khuyết không còn",
            place: "ở đâu, khi nào",
            extent: "phạm vi",
            example: "ví dụ",
            command: "lệnh hỏi",
            counts: "Tổng hợp",
            changes: "Từng nhiệm vụ",
        },
        Language::English => Labels {
            title: "What this change of rules changes",
            rules: "rules",
            columns: ["what happens", "how many", "tasks", "largest region"],
            units: "rows of the registers",
            findings: "findings of the check",
            caused: "new findings of the check",
            ended: "findings of the check that are gone",
            place: "where and when",
            extent: "extent",
            example: "such as",
            command: "command",
            counts: "In all",
            changes: "Task by task",
        },
    }
}

/// What was compared, and whether anything is unlike; one line.
#[must_use]
pub fn summary(telling: &Telling<'_>) -> String {
    let language = telling.language();
    let none = pick(language, "; khiếm khuyết vẫn như cũ", "; the findings of the check stay the same");
    let findings = if telling.findings.is_some_and(Findings::is_empty) { none } else { "" };
    format!("{}{findings}", compared(language, telling.diff))
}

/// A line of the table of counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub what: &'static str,
    pub code: Option<&'static str>,
    pub many: String,
    pub tasks: String,
    pub largest: String,
}

/// The table of counts: classes, rows of registers, findings.
#[must_use]
pub fn rows(telling: &Telling<'_>) -> Vec<Row> {
    let language = telling.language();
    let of_class = |Count { class, words, regions, tasks, largest }: Count| Row {
        what: words,
        code: Some(class.code()),
        many: regions.to_string(),
        tasks: tasks.to_string(),
        largest: largest.map(|extent| extent.words(language)).unwrap_or_default(),
    };
    let other =
        |what: &'static str, many: String| Row { what, code: None, many, tasks: String::new(), largest: String::new() };
    let labels = words(language);
    let mut rows: Vec<Row> = counts(language, telling.diff).into_iter().map(of_class).collect();
    if !telling.diff.units.is_empty() {
        rows.push(other(labels.units, telling.diff.units.len().to_string()));
    }
    if let Some(findings) = telling.findings {
        let mut caused = other(labels.caused, findings.caused.len().to_string());
        caused.largest = match (findings.errors(), language) {
            (0, _) => String::new(),
            (errors, Language::Vietnamese) => format!("trong đó {errors} lỗi"),
            (errors, Language::English) => format!("errors: {errors}"),
        };
        rows.extend([caused, other(labels.ended, findings.ended.len().to_string())]);
    }
    rows
}

/// How many findings come and go.
#[must_use]
pub fn turned(language: Language, findings: &Findings) -> String {
    let (caused, errors, ended) = (findings.caused.len(), findings.errors(), findings.ended.len());
    match language {
        Language::Vietnamese => format!("{caused} mới (trong đó {errors} lỗi), {ended} không còn"),
        Language::English => format!("{caused} new (errors: {errors}), {ended} gone"),
    }
}
