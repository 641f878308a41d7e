//! A change in words, part by part: what either side says, where, how much, a case of it. Every form of a diff is made of these
//! parts; knows no form.

use std::collections::BTreeMap;

use super::{About, Asked, Change, Class, Diff, Findings, Told, Why};
use crate::reading::check::baseline::whereabouts;
use crate::reading::check::review::Judged;
use crate::reading::check::{self, Code, ask_command, witness_line};
use crate::reading::naming::Voice;
use crate::reading::table::{beside_lines, region_lines, ruling_lines};
use crate::reading::words::pick;
use crate::rulebook::{Language, TaskId};
use crate::ruling::Outcome;

/// A diff, and in whose words it is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// Each side speaks with its own names.
    pub voices: (Voice<'a>, Voice<'a>),
    pub diff: &'a Diff,
    /// Where those were compared too.
    pub findings: Option<&'a Findings>,
    /// Hashes of the rules of both sides.
    pub versions: (&'a str, &'a str),
}

/// What one side says, or one of several things by how a text is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Of which side, and whether by one reading.
    pub when: String,
    /// What it says, then why.
    pub lines: Vec<String>,
}

/// A change in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub class: Class,
    pub task: Asked,
    /// Id and name.
    pub named: (String, String),
    /// Why nothing was compared, where nothing was.
    pub why: Option<String>,
    pub before: Vec<Said>,
    pub after: Vec<Said>,
    /// Where and when: a tree, indented.
    pub place: Vec<String>,
    pub extent: Option<String>,
    pub witness: Option<String>,
    pub command: Option<String>,
}

/// Whether a finding comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    Caused,
    Ended,
}

impl Turn {
    /// As programs read it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Caused => "finding-new",
            Self::Ended => "finding-gone",
        }
    }

    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        match self {
            Self::Caused => pick(language, "mới", "new"),
            Self::Ended => pick(language, "không còn", "gone"),
        }
    }
}

/// A finding that comes or goes, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingEntry {
    pub turn: Turn,
    pub code: Code,
    /// Id and name of its task.
    pub named: Option<(String, String)>,
    /// Whether it comes or goes, how grave it is, its code and what is wrong.
    pub title: String,
    pub because: Vec<String>,
    /// Where and when, indented.
    pub place: Vec<String>,
    pub witness: Option<String>,
    pub command: Option<String>,
    pub help: &'static str,
}

impl Telling<'_> {
    #[must_use]
    pub const fn language(&self) -> Language {
        self.voices.1.language
    }

    /// Every change, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.diff.changes.iter().map(|change| entry(self.voices, change)).collect()
    }

    /// The changes of each task, in the order of its gravest one.
    #[must_use]
    pub fn by_task(&self) -> Vec<Vec<Entry>> {
        let mut places: BTreeMap<Asked, usize> = BTreeMap::new();
        let mut all: Vec<Vec<Entry>> = Vec::new();
        for entry in self.entries() {
            let place = *places.entry(entry.task).or_insert(all.len());
            match all.get_mut(place) {
                Some(own) => own.push(entry),
                None => all.push(vec![entry]),
            }
        }
        all
    }

    /// Every finding that comes, then every one that goes.
    #[must_use]
    pub fn finding_entries(&self) -> Vec<FindingEntry> {
        self.findings.map(|findings| finding_entries(self.voices, findings)).unwrap_or_default()
    }

    /// Nothing is unlike, as far as was looked.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.diff.changes.is_empty() && self.diff.units.is_empty() && self.findings.is_none_or(Findings::is_empty)
    }
}

/// A task's name, and how much of what becomes of it.
#[must_use]
pub fn heading(entries: &[Entry], language: Language) -> (String, String) {
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    for entry in entries {
        *classes.entry(entry.class).or_default() += 1;
    }
    let classes: Vec<String> =
        classes.into_iter().map(|(class, many)| format!("{} × {many}", said(class, language))).collect();
    let (id, name) = entries.first().map(|entry| entry.named.clone()).unwrap_or_default();
    (format!("{name} ({id})"), classes.join("; "))
}

/// Indented lines as the items of a tree: how deep each is, and its words.
#[must_use]
pub fn tree(lines: &[String]) -> Vec<(usize, &str)> {
    let mut above: Vec<usize> = Vec::new();
    let item = |line: &'_ String| {
        let indent = line.len() - line.trim_start().len();
        while above.last().is_some_and(|last| *last >= indent) {
            above.pop();
        }
        above.push(indent);
        above.len() - 1
    };
    let depths: Vec<usize> = lines.iter().map(item).collect();
    let words = lines.iter().map(|line| line.trim_start()).map(|text| text.strip_prefix("- ").unwrap_or(text));
    depths.into_iter().zip(words).collect()
}

/// What becomes of which task, in one line.
#[must_use]
pub fn title(voices: (Voice<'_>, Voice<'_>), change: &Change) -> String {
    let (id, name) = named(voices, change.task);
    format!("{}: {name} ({id})", said(change.class, voices.1.language))
}

fn named((old, new): (Voice<'_>, Voice<'_>), task: Asked) -> (String, String) {
    let (voice, task) = match task {
        Asked::Both { new: task, .. } | Asked::New(task) => (new, task),
        Asked::Old(task) => (old, task),
    };
    let names = &voice.rulebook[task].names;
    (names.id.clone(), voice.name(names).to_owned())
}

pub(super) fn entry((old, new): (Voice<'_>, Voice<'_>), change: &Change) -> Entry {
    let mut entry = Entry {
        class: change.class,
        task: change.task,
        named: named((old, new), change.task),
        why: None,
        before: Vec::new(),
        after: Vec::new(),
        place: Vec::new(),
        extent: None,
        witness: None,
        command: None,
    };
    if let About::Question(why) = change.about {
        entry.why = Some(otherwise((old, new), change.task, why));
        return entry;
    }
    let Asked::Both { old: before, new: after } = change.task else { return entry };
    let language = new.language;
    entry.before = side(old, before, &change.before, pick(language, "trước", "before"));
    entry.after = side(new, after, &change.after, pick(language, "sau", "after"));
    if let Some(region) = &change.region {
        entry.place = region_lines(new, after, region);
        if entry.place.is_empty() {
            let everywhere = ("ở mọi nơi, mọi ngày, mọi trường hợp", "everywhere, every day, in every case");
            entry.place.push(pick(language, everywhere.0, everywhere.1).to_owned());
        }
    }
    entry.extent = change.extent.map(|extent| extent.words(language));
    entry.witness = change.witness.as_ref().map(|point| witness_line(new, point));
    entry.command = change.witness.as_ref().and_then(|point| ask_command(new.rulebook, point));
    entry
}

pub(super) fn finding_entries((old, new): (Voice<'_>, Voice<'_>), findings: &Findings) -> Vec<FindingEntry> {
    let caused = findings.caused.iter().map(|one| finding_entry(new, Turn::Caused, one));
    caused.chain(findings.ended.iter().map(|one| finding_entry(old, Turn::Ended, one))).collect()
}

fn finding_entry(voice: Voice<'_>, turn: Turn, judged: &Judged) -> FindingEntry {
    let (finding, language) = (&judged.finding, voice.language);
    let code = finding.code();
    let (severity, message) = (check::severity(code.severity(), language), check::message(voice, finding));
    let names = finding.task.map(|task| &voice.rulebook[task].names);
    FindingEntry {
        turn,
        code,
        named: names.map(|names| (names.id.clone(), voice.name(names).to_owned())),
        title: format!("{}: {severity} [{}]: {message}", turn.words(language), code.id()),
        because: check::because(voice, finding).into_iter().map(|(words, _)| words).collect(),
        place: whereabouts(voice, finding),
        witness: finding.witness.as_ref().map(|point| witness_line(voice, point)),
        command: finding.witness.as_ref().and_then(|point| ask_command(voice.rulebook, point)),
        help: check::help(finding, language),
    }
}

/// What one side says, which of several readings it is left open.
fn side(voice: Voice<'_>, task: TaskId, told: &[Told], when: &str) -> Vec<Said> {
    let when = match (told, voice.language) {
        ([] | [_], _) => when.to_owned(),
        (_, Language::Vietnamese) => format!("{when}, theo một cách hiểu"),
        (_, Language::English) => format!("{when}, by one reading"),
    };
    if told.is_empty() {
        return vec![Said {
            when, lines: vec![pick(voice.language, "không hỏi được", "cannot be asked").to_owned()]
        }];
    }
    let lines = |told: &Told| match told {
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
    told.iter().map(|told| Said { when: when.clone(), lines: lines(told) }).collect()
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
        (Why::Together, _) => pick(
            language,
            "hai sổ đơn vị khác nhau về việc các nơi của nhiệm vụ có cùng thuộc một đơn vị hay không: không so sánh được từng điểm",
            "by the two registers its places lie in one unit in other cases: its points cannot be compared",
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

/// A class in words.
#[must_use]
pub const fn said(class: Class, language: Language) -> &'static str {
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
