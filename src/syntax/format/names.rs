//! The names that rules declare, by what they name, and the name of the same thing in the other language.
//! Knows nothing of where names stand in a sentence.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Noun;
use crate::diagnostic::Unsayable;
use crate::syntax::builtin::{HEAD_OF, NO_LEVEL, YES_NO};
use crate::syntax::tree::{Declared, FactKind, File, Item, Language};
use crate::text::name_fold;

/// The word before the name of a level, as holders have it.
const LEVEL: &str = "cấp ";

/// What the rules declare, for [`super::format`].
#[derive(Debug, Default)]
pub struct Names {
    tables: BTreeMap<Noun, Table>,
    facts: BTreeMap<usize, FactValues>,
    /// Types of units, folded: they are data of the registers, in one language only.
    types: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct FactValues {
    kind: Option<FactKind>,
    values: Table,
}

#[derive(Debug, Default)]
struct Table {
    entries: Vec<Entry>,
    by_name: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    id: String,
    vietnamese: Option<String>,
    english: Option<String>,
    aliases: Vec<String>,
}

/// A name in the language that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    /// `head of`, when the name is of the one who heads a body.
    pub(super) head: Option<&'static str>,
    pub(super) name: String,
}

impl Names {
    /// The names of all items of these files, and the types of units that the registers hold.
    #[must_use]
    pub fn new<'t>(files: impl IntoIterator<Item = &'t File>, types: impl IntoIterator<Item = String>) -> Self {
        let types = types.into_iter().map(|one| name_fold(&one)).collect();
        let mut names = Self { types, ..Self::default() };
        for item in files.into_iter().flat_map(|file| &file.items) {
            names.declare(item);
        }
        names
    }

    fn declare(&mut self, item: &Item) {
        let (noun, declared) = match item {
            Item::Level(item) => (Noun::Level, &item.declared),
            Item::Kind(item) => (Noun::Kind, &item.declared),
            Item::Body(item) => (Noun::Body, &item.declared),
            Item::Place(item) => (Noun::Place, &item.declared),
            Item::Fact(item) => (Noun::Fact, &item.declared),
            Item::Task(item) => (Noun::Task, &item.declared),
            Item::Table(item) => (Noun::Table, &item.declared),
            Item::Cover(_) | Item::Register(_) | Item::Document(_) | Item::Scenario(_) => return,
        };
        let number = self.tables.entry(noun).or_default().add(declared);
        if let (Item::Fact(fact), Some(number)) = (item, number) {
            let mut values = Table::default();
            for value in &fact.values {
                values.add(value);
            }
            let kind = fact.kind.as_ref().map(|kind| kind.value.clone());
            self.facts.insert(number, FactValues { kind, values });
        }
    }

    /// A name in a language: what is declared gets its declared name there; an id, another name, and what nobody
    /// declares stay as they are.
    pub(super) fn spell(&self, noun: Noun, name: &str, to: Language) -> Result<Spelled, Unsayable> {
        let plain = |name| Spelled { head: None, name };
        let Some(table) = self.tables.get(&noun) else { return Ok(plain(name.to_owned())) };
        if noun == Noun::Level {
            return Ok(plain(level(table, name, to)?));
        }
        if noun == Noun::Body && table.lookup(name).is_empty() {
            let folded = name_fold(name);
            let headed = HEAD_OF.iter().find_map(|(_, words)| folded.strip_prefix(&format!("{} ", name_fold(words))));
            if let (Some(rest), Some((_, head))) = (headed, HEAD_OF.iter().find(|(spoken, _)| *spoken == to)) {
                // Folding changes no number of words.
                let words: Vec<&str> = name.split(' ').collect();
                let at = words.len().saturating_sub(rest.split(' ').count());
                let rest = words.get(at..).unwrap_or_default().join(" ");
                return Ok(Spelled { head: Some(head), name: table.spell(&rest, to)? });
            }
        }
        Ok(plain(table.spell(name, to)?))
    }

    /// The value of a fact in a language.
    pub(super) fn value(&self, fact: &str, value: &str, to: Language) -> Result<String, Unsayable> {
        let number = self.tables.get(&Noun::Fact).and_then(|facts| facts.only(fact));
        let Some(fact) = number.and_then(|number| self.facts.get(&number)) else { return Ok(value.to_owned()) };
        match fact.kind {
            Some(FactKind::Boolean) => {
                let says = |(_, words): &(Language, [&str; 2])| words.iter().position(|word| same(word, value));
                let said = YES_NO.iter().find_map(says);
                let words = YES_NO.iter().find(|(spoken, _)| *spoken == to).map(|(_, words)| words);
                let word = said.and_then(|said| words.and_then(|words| words.get(said)));
                Ok(word.map_or_else(|| value.to_owned(), |word| (*word).to_owned()))
            }
            Some(FactKind::LevelOrNone) => {
                if NO_LEVEL.iter().any(|(_, none)| same(none, value)) {
                    let none = NO_LEVEL.iter().find(|(spoken, _)| *spoken == to).map(|(_, none)| *none);
                    return Ok(none.unwrap_or(value).to_owned());
                }
                Ok(self.spell(Noun::Level, value, to)?.name)
            }
            Some(
                FactKind::One { .. }
                | FactKind::Many { .. }
                | FactKind::Integer { .. }
                | FactKind::Decimal { .. }
                | FactKind::Date,
            )
            | None => fact.values.spell(value, to),
        }
    }

    /// The word before the name of a unit. Only the whole declared name of a level is turned: `xã` alone is a type of
    /// units first, and types are not levels.
    pub(super) fn unit_word(&self, word: &str, to: Language) -> Result<String, Unsayable> {
        let Some(table) = self.tables.get(&Noun::Level) else { return Ok(word.to_owned()) };
        if self.types.contains(&name_fold(word)) || table.lookup(word).is_empty() {
            return Ok(word.to_owned());
        }
        let spelled = table.spell(word, to)?;
        if self.types.contains(&name_fold(&spelled)) {
            return Err(Unsayable::Ambiguous { name: word.to_owned(), becomes: spelled });
        }
        Ok(spelled)
    }
}

fn same(one: &str, other: &str) -> bool {
    name_fold(one) == name_fold(other)
}

/// `cấp huyện` and `huyện` are one level, whichever was declared.
fn level(table: &Table, name: &str, to: Language) -> Result<String, Unsayable> {
    if !table.lookup(name).is_empty() {
        return table.spell(name, to);
    }
    let folded = name_fold(name);
    let other = match folded.strip_prefix(LEVEL) {
        // The prefix is one word.
        Some(_) => name.split_once(' ').map_or(name, |(_, rest)| rest).to_owned(),
        None => format!("{LEVEL}{name}"),
    };
    if table.lookup(&other).is_empty() { Ok(name.to_owned()) } else { table.spell(&other, to) }
}

/// A level as a Vietnamese holder has it.
pub(super) fn with_level_word(name: &str) -> String {
    if name_fold(name).starts_with(LEVEL) { name.to_owned() } else { format!("{LEVEL}{name}") }
}

/// A level as an English holder has it: the Vietnamese word belongs to the sentence there, also before a name that
/// nobody declares.
pub(super) fn without_level_word(name: &str) -> &str {
    match name.split_once(' ') {
        Some((first, rest)) if same(first, LEVEL) => rest,
        Some(_) | None => name,
    }
}

impl Table {
    /// Adds a declaration; `None` when its id is there already.
    fn add(&mut self, declared: &Declared) -> Option<usize> {
        let text = |name: &crate::syntax::tree::Name| name.value.clone();
        if self.entries.iter().any(|entry| same(&entry.id, &declared.id.value)) {
            return None;
        }
        let number = self.entries.len();
        let entry = Entry {
            id: text(&declared.id),
            vietnamese: declared.vietnamese.as_ref().map(text),
            english: declared.english.as_ref().map(text),
            aliases: declared.aliases.iter().map(text).collect(),
        };
        let all = [Some(&entry.id), entry.vietnamese.as_ref(), entry.english.as_ref()].into_iter().flatten();
        for name in all.chain(&entry.aliases) {
            let numbers = self.by_name.entry(name_fold(name)).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        self.entries.push(entry);
        Some(number)
    }

    fn lookup(&self, name: &str) -> &[usize] {
        self.by_name.get(&name_fold(name)).map_or(&[], Vec::as_slice)
    }

    /// What a name names, when that is one thing.
    fn only(&self, name: &str) -> Option<usize> {
        match self.lookup(name) {
            [only] => Some(*only),
            _ => None,
        }
    }

    fn spell(&self, name: &str, to: Language) -> Result<String, Unsayable> {
        let Some(number) = self.only(name) else { return Ok(name.to_owned()) };
        let Some(entry) = self.entries.get(number) else { return Ok(name.to_owned()) };
        let named = |text: &&String| same(text, name);
        let in_words = || entry.vietnamese.iter().chain(&entry.english);
        // `ubnd` is the id also where the name is `UBND`.
        if name == entry.id && !in_words().any(|text| text == name) {
            return Ok(name.to_owned());
        }
        if in_words().any(|text| same(text, name)) {
            let wanted = match to {
                Language::Vietnamese => entry.vietnamese.as_ref().or(entry.english.as_ref()),
                Language::English => entry.english.as_ref().or(entry.vietnamese.as_ref()),
            };
            let wanted = wanted.cloned().unwrap_or_else(|| name.to_owned());
            return match self.only(&wanted) {
                Some(_) => Ok(wanted),
                None => Err(Unsayable::Ambiguous { name: name.to_owned(), becomes: wanted }),
            };
        }
        Ok(entry.aliases.iter().find(named).unwrap_or(&entry.id).clone())
    }
}
