//! Finding tasks and units by parts of what they are called, as people type it: without marks, words begun and not ended,
//! in either language, or by code. Every word of the query must begin a word of what is found. Best first, always in the
//! same order.

use jiff::civil::Date;

use crate::register::{Found, Register, RowId};
use crate::rulebook::{Names, Rulebook, Task, TaskId};
use crate::text::{name_fold, search_fold, search_words};

/// How well something fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is called just so.
    Whole,
    /// A name begins with the query.
    Start,
    /// A name holds the words of the query in a row.
    Row,
    /// The words stand apart in one name.
    OneName,
    /// In several names, or codes.
    Apart,
    /// Some words are those of units above.
    Above,
}

/// No name has more words than this, and no unit more units above it: what says more finds nothing.
const MOST_WORDS: usize = 100;
const MOST_ABOVE: usize = 8;

/// A query as it is compared.
struct Query {
    /// With its marks.
    exact: String,
    words: Vec<String>,
}

impl Query {
    fn new(text: &str) -> Self {
        Self { exact: name_fold(text), words: search_words(text) }
    }

    fn is_too_long(&self) -> bool {
        self.words.len() > MOST_WORDS
    }

    fn fit(&self, names: &[&str]) -> Option<Fit> {
        let names: Vec<Vec<String>> = names.iter().map(|name| search_words(name)).collect();
        let one = names.iter().filter_map(|name| self.fit_one(name)).min();
        let all: Vec<String> = names.concat();
        one.or_else(|| self.all_begin(&all).then_some(Fit::Apart))
    }

    fn fit_one(&self, name: &[String]) -> Option<Fit> {
        if !self.all_begin(name) {
            return None;
        }
        let row = |at: usize| {
            let part = name.get(at..at + self.words.len());
            part.is_some_and(|part| part.iter().zip(&self.words).all(|(own, asked)| own.starts_with(asked.as_str())))
        };
        Some(if name == self.words {
            Fit::Whole
        } else if row(0) {
            Fit::Start
        } else if (1..name.len()).any(row) {
            Fit::Row
        } else {
            Fit::OneName
        })
    }

    /// Whether every word begins one of those.
    fn all_begin(&self, words: &[String]) -> bool {
        self.words.iter().all(|asked| words.iter().any(|own| own.starts_with(asked.as_str())))
    }

    fn any_begins(&self, words: &[String]) -> bool {
        self.words.iter().any(|asked| words.iter().any(|own| own.starts_with(asked.as_str())))
    }

    /// Whether a name holds the query with its very marks: of equal fits the better one.
    fn is_unmarked_in(&self, names: &[&str]) -> bool {
        !names.iter().any(|name| name_fold(name).contains(&self.exact))
    }
}

/// The tasks that a query finds, best first; all in their order where it holds no word.
#[must_use]
pub fn tasks(rulebook: &Rulebook, query: &str) -> Vec<TaskId> {
    let asked = Query::new(query);
    if asked.is_too_long() {
        return Vec::new();
    }
    let all = rulebook.tasks.iter().zip((0..).map(TaskId));
    if asked.words.is_empty() {
        return all.filter(|_| query.trim().is_empty()).map(|(_, id)| id).collect();
    }
    let mut found: Vec<_> = all
        .filter_map(|(task, id)| {
            let names = names_of(task);
            Some((asked.fit(&names)?, asked.is_unmarked_in(&names), search_fold(&task.names.vietnamese), id))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(.., id)| id).collect()
}

/// Everything a task is called: names in both languages, id, codes of procedures, its sector.
fn names_of<'a>(task: &'a Task) -> Vec<&'a str> {
    let called = |names: &'a Names| [names.vietnamese.as_str(), names.english.as_str(), names.id.as_str()];
    let sector = task.sector.iter().flat_map(called);
    called(&task.names).into_iter().chain(task.procedures.iter().map(String::as_str)).chain(sector).collect()
}

/// The units that a query finds on a day: first those that are called just so, then those that a part of a name finds.
#[must_use]
pub fn units(register: &Register, query: &str, on: Date) -> Vec<RowId> {
    let named = match register.find(query, None, on) {
        Found::One(row) => vec![row],
        Found::Several(rows) => rows,
        Found::NotThen { .. } | Found::Unknown { .. } => Vec::new(),
    };
    // Behind commas stand units above.
    let mut parts = query.split(',').map(Query::new);
    let Some(asked) = parts.next().filter(|asked| !asked.words.is_empty()) else { return named };
    let above: Vec<Query> = parts.filter(|part| !part.words.is_empty()).take(MOST_ABOVE + 1).collect();
    if above.len() > MOST_ABOVE || asked.is_too_long() || above.iter().any(Query::is_too_long) {
        return named;
    }
    let mut found: Vec<_> = register
        .rows_on(on)
        .filter(|row| !named.contains(row))
        .filter_map(|id| {
            let row = register.row(id);
            let parents = register.chain_of_parents(id, on);
            let parents: Vec<&str> = parents.into_iter().map(|parent| register.row(parent).name.as_str()).collect();
            if !above.iter().all(|part| part.fit(&parents).is_some()) {
                return None;
            }
            let names = [row.short_name.as_str(), row.name.as_str(), row.code.as_str()];
            let fit = asked.fit(&names).or_else(|| {
                let all: Vec<&str> = names.into_iter().chain(parents).collect();
                let own = asked.any_begins(&search_words(&row.short_name));
                (own && asked.fit(&all).is_some()).then_some(Fit::Above)
            })?;
            Some((fit, asked.is_unmarked_in(&names), row.level, search_fold(&row.short_name), row.code.clone(), id))
        })
        .collect();
    found.sort();
    named.into_iter().chain(found.into_iter().map(|(.., id)| id)).collect()
}
