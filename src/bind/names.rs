//! Names as they are spelled, and what they name. Knows nothing of what the named things are.

use std::collections::BTreeMap;

use crate::diagnostic::{Binding, Noun, Problem};
use crate::rulebook::Names;
use crate::source::Span;
use crate::syntax::tree::{Declared, Language, Name};
use crate::text::name_fold;

use super::problems::Problems;

/// Words that close a name in some slot; one of them misspelt is swallowed into the name before it.
const KEYWORDS: &[&str] = &[
    "cấp",
    "tại",
    "ở",
    "nơi",
    "cùng cấp",
    "quyết định",
    "do",
    "cho",
    "sang",
    "từ",
    "theo",
    "hoặc",
    "và",
    "là",
    "được",
    "phải",
    "không",
    "thuộc",
    "trừ",
    "khi",
    "at",
    "in",
    "of",
    "is",
    "to",
    "from",
    "by",
    "or",
    "and",
    "not",
    "requires",
    "decided",
    "passes",
    "may",
    "must",
    "when",
    "delegates",
    "decentralises",
    "entrusts",
    "ủy quyền",
    "phân cấp",
    "chuyển",
    "bãi bỏ",
    "ngày",
];

/// Ids and names in either language, aliases too, each to the number of the thing it names.
#[derive(Debug)]
pub(super) struct Table {
    noun: Noun,
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    number: usize,
    spelled: String,
    span: Span,
}

/// The form in which names are compared: NFC, lower case, one tone placement, single blanks.
pub(super) fn fold(name: &str) -> String {
    name_fold(name)
}

/// The three names of a declaration; a missing one is taken from the other language, then from the id.
pub(super) fn names(declared: &Declared) -> Names {
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.value.clone());
    let id = declared.id.value.clone();
    let vietnamese = text(&declared.vietnamese).or_else(|| text(&declared.english)).unwrap_or_else(|| id.clone());
    let english = text(&declared.english).or_else(|| text(&declared.vietnamese)).unwrap_or_else(|| id.clone());
    Names::new(id, vietnamese, english)
}

/// Sorts declarations by id and leaves out those whose id is taken, with a problem for each.
pub(super) fn sorted<'t, T>(
    noun: Noun,
    mut items: Vec<&'t T>,
    declared: impl Fn(&T) -> &Declared,
    problems: &mut Problems,
) -> Vec<&'t T> {
    items.sort_by(|a, b| {
        let (a, b) = (declared(a), declared(b));
        (fold(&a.id.value), a.span).cmp(&(fold(&b.id.value), b.span))
    });
    let mut kept: Vec<&T> = Vec::new();
    for item in items {
        let id = &declared(item).id;
        match kept.last().map(|last| &declared(last).id).filter(|last| fold(&last.value) == fold(&id.value)) {
            Some(first) => {
                let problem = Binding::DuplicateName { noun, name: id.value.clone() };
                problems.add_related(problem, id.span, vec![first.span]);
            }
            None => kept.push(item),
        }
    }
    kept
}

impl Table {
    pub(super) const fn new(noun: Noun) -> Self {
        Self { noun, entries: BTreeMap::new() }
    }

    /// A table of declarations, in their order.
    pub(super) fn of<'t>(
        noun: Noun,
        declared: impl IntoIterator<Item = &'t Declared>,
        problems: &mut Problems,
    ) -> Self {
        let mut table = Self::new(noun);
        for (number, declared) in declared.into_iter().enumerate() {
            table.declare(number, declared, problems);
        }
        table
    }

    pub(super) fn declare(&mut self, number: usize, declared: &Declared, problems: &mut Problems) {
        self.insert(number, &declared.id, problems);
        for name in declared.vietnamese.iter().chain(&declared.english).chain(&declared.aliases) {
            self.insert(number, name, problems);
        }
    }

    pub(super) fn insert(&mut self, number: usize, name: &Name, problems: &mut Problems) {
        let key = fold(&name.value);
        match self.entries.get_mut(&key) {
            Some(entry) if entry.number != number => {
                let problem = Binding::DuplicateName { noun: self.noun, name: name.value.clone() };
                problems.add_related(problem, name.span, vec![entry.span]);
            }
            // `UBND` rather than its id `ubnd`: a name is suggested as people write it.
            Some(entry) => entry.spelled.clone_from(&name.value),
            None => {
                self.entries.insert(key, Entry { number, spelled: name.value.clone(), span: name.span });
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<usize> {
        let key = fold(name);
        let exact = self.entries.get(&key).or_else(|| match self.noun {
            // `cấp huyện` and `huyện` are one level, whichever was declared.
            Noun::Level => key
                .strip_prefix("cấp ")
                .map_or_else(|| self.entries.get(&format!("cấp {key}")), |rest| self.entries.get(rest)),
            Noun::Kind
            | Noun::Body
            | Noun::Place
            | Noun::Fact
            | Noun::Value
            | Noun::Task
            | Noun::Table
            | Noun::UnitType
            | Noun::Reading => None,
        });
        exact.map(|entry| entry.number)
    }

    pub(super) fn find(&self, name: &Name, problems: &mut Problems) -> Option<usize> {
        let found = self.get(&name.value);
        if found.is_none() {
            problems.add(self.unknown(&name.value), name.span);
        }
        found
    }

    pub(super) fn unknown(&self, name: &str) -> Binding {
        let keyword = self.swallowed(name).map(Box::new);
        let nearest = match keyword {
            Some(_) => None,
            None => nearest(name, self.entries.values().map(|entry| entry.spelled.as_str())),
        };
        Binding::UnknownName {
            noun: self.noun,
            name: name.to_owned(),
            nearest,
            keyword,
            foreign: None,
            among: Vec::new(),
        }
    }

    /// A word of the name that is nearly a keyword and stands behind a name that is known.
    fn swallowed(&self, name: &str) -> Option<(String, String)> {
        let words: Vec<&str> = name.split_whitespace().collect();
        (1..words.len()).find_map(|start| {
            let (before, after) = words.split_at_checked(start)?;
            self.get(&before.join(" "))?;
            (1..=2.min(after.len())).find_map(|length| {
                let written = after.get(..length)?.join(" ");
                let near = |keyword: &&&str| {
                    strsim::damerau_levenshtein(&written.to_lowercase(), keyword) == 1 && keyword.chars().count() > 1
                };
                KEYWORDS.iter().find(near).map(|keyword| (written.clone(), (*keyword).to_owned()))
            })
        })
    }
}

/// Notes a keyword of the language that the file is not written in, when an unknown name took it in.
pub(super) fn tell_foreign(problem: &mut Problem, language: Language) {
    const ENGLISH: [&str; 8] = ["at", "in", "by", "to", "decided", "requires", "delegates", "from"];
    const VIETNAMESE: [&str; 8] = ["cấp", "tại", "nơi", "quyết định", "cùng cấp", "do", "theo", "cho"];
    let Problem::Binding(Binding::UnknownName { name, foreign, .. }) = problem else { return };
    let words = format!(" {} ", fold(name));
    let swallowed = |keyword: &&&str| words.contains(&format!(" {} ", fold(keyword)));
    *foreign = match language {
        Language::Vietnamese => ENGLISH.iter().find(swallowed),
        Language::English => VIETNAMESE.iter().find(swallowed),
    }
    .map(|keyword| (*keyword).to_owned());
}

/// The candidate that `name` most likely meant: few letters apart, for its length.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let key = fold(name);
    let limit = (key.chars().count() / 3).clamp(1, 4);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&key, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}
