//! A diff as one page that asks nothing of any other place: no script, no font, no picture. Knows its layout; the words are
//! those of every form.

use askama::Template;

use crate::reading::diff::{self, Entry, FindingEntry, Labels, Row, Telling, Words};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// The page; what users write is escaped by the template.
pub(super) fn page(telling: &Telling<'_>) -> askama::Result<String> {
    let language = telling.language();
    let tasks = telling.by_task();
    let page = Page {
        language,
        words: diff::words(language),
        versions: telling.versions,
        summary: diff::summary(telling),
        rows: diff::rows(telling),
        findings: telling.finding_entries(),
        tasks: tasks.iter().map(|own| Task { heading: diff::heading(own, language), entries: own }).collect(),
        units: diff::unit_lines(telling.voices, telling.diff),
    };
    page.render()
}

#[derive(Template)]
#[template(path = "diff.html")]
struct Page<'a> {
    language: Language,
    words: Labels,
    versions: (&'a str, &'a str),
    summary: String,
    rows: Vec<Row>,
    findings: Vec<FindingEntry>,
    tasks: Vec<Task<'a>>,
    units: Vec<String>,
}

/// All that becomes of a task.
struct Task<'a> {
    /// Its name, and how much of what becomes of it.
    heading: (String, String),
    entries: &'a [Entry],
}

impl Page<'_> {
    /// As browsers know the language.
    const fn tag(&self) -> &'static str {
        pick(self.language, "vi", "en")
    }

    fn class(&self, entry: &&Entry) -> &'static str {
        diff::said(entry.class, self.language)
    }
}

/// What it says, and what that rests on.
fn parts(words: &Words) -> (&str, Vec<(usize, &str)>) {
    words.lines.split_first().map_or(("", Vec::new()), |(first, rest)| (first.as_str(), diff::tree(rest)))
}
