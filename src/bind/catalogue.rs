//! The catalogue: levels, kinds of documents, bodies, places, facts and tasks, by name and by id.

use std::collections::BTreeMap;

use crate::diagnostic::{Binding, Line, Named, Noun};
use crate::register::LevelId;
use crate::rulebook::{Body, BodyId, Domain, Fact, FactId, Kind, KindId, Level, Names, Role, RoleId, TableId, TaskId};
use crate::syntax::builtin::HEAD_OF;
use crate::syntax::tree::{self, Item, Name};

use super::declare::{bind_bodies, bind_fact, bind_kinds, bind_levels};
use super::names::{Table, fold, names, sorted};
use super::problems::Problems;

/// The items of all files, sorted out by sort.
#[derive(Default)]
pub(super) struct Items<'t> {
    pub(super) levels: Vec<&'t tree::LevelItem>,
    pub(super) kinds: Vec<&'t tree::KindItem>,
    pub(super) bodies: Vec<&'t tree::BodyItem>,
    pub(super) places: Vec<&'t tree::PlaceItem>,
    pub(super) facts: Vec<&'t tree::FactItem>,
    pub(super) tasks: Vec<&'t tree::TaskItem>,
    pub(super) tables: Vec<&'t tree::TableItem>,
    pub(super) covers: Vec<&'t tree::CoverItem>,
    pub(super) registers: Vec<&'t tree::RegisterItem>,
    pub(super) documents: Vec<&'t tree::DocumentItem>,
    pub(super) scenarios: Vec<&'t tree::ScenarioItem>,
    /// Headings that could not be read.
    pub(super) lost_headings: Vec<&'t str>,
}

impl<'t> Items<'t> {
    pub(super) fn new(files: &[&'t tree::File]) -> Self {
        let lost_headings = files.iter().flat_map(|file| &file.lost_headings).map(String::as_str).collect();
        let mut items = Self { lost_headings, ..Self::default() };
        for item in files.iter().flat_map(|file| &file.items) {
            match item {
                Item::Level(item) => items.levels.push(item),
                Item::Kind(item) => items.kinds.push(item),
                Item::Body(item) => items.bodies.push(item),
                Item::Place(item) => items.places.push(item),
                Item::Fact(item) => items.facts.push(item),
                Item::Task(item) => items.tasks.push(item),
                Item::Table(item) => items.tables.push(item),
                Item::Cover(item) => items.covers.push(item),
                Item::Register(item) => items.registers.push(item),
                Item::Document(item) => items.documents.push(item),
                Item::Scenario(item) => items.scenarios.push(item),
            }
        }
        items
    }
}

/// What the catalogue's names mean. Tasks are here by name only; [`super::tasks`] fills in the rest.
pub(super) struct Catalogue<'t> {
    pub(super) levels: Vec<Level>,
    pub(super) kinds: Vec<Kind>,
    pub(super) bodies: Vec<Body>,
    pub(super) roles: Vec<Role>,
    pub(super) facts: Vec<Fact>,
    pub(super) tasks: Vec<&'t tree::TaskItem>,
    /// By number; those that do not say by which fact are missing.
    tables: BTreeMap<usize, crate::rulebook::Table>,
    table_names: Table,
    level_names: Table,
    kind_names: Table,
    body_names: Table,
    role_names: Table,
    fact_names: Table,
    task_names: Table,
    /// Names of the values of each fact.
    value_names: Vec<Table>,
}

/// A body as spelled in a holder: its own name, or `head of` another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelled {
    Body(BodyId),
    HeadOf(BodyId),
}

#[expect(clippy::cast_possible_truncation, reason = "tables hold what people wrote, far less than 2^32 items")]
pub(super) const fn number(index: usize) -> u32 {
    index as u32
}

impl<'t> Catalogue<'t> {
    pub(super) fn new(items: &Items<'t>, problems: &mut Problems) -> Self {
        let (levels, level_names) = bind_levels(&items.levels, problems);
        let (kinds, kind_names) = bind_kinds(&items.kinds, problems);
        let places = sorted(Noun::Place, items.places.clone(), |item| &item.declared, problems);
        let role_names = Table::of(Noun::Place, places.iter().map(|item| &item.declared), problems);
        let roles = places.iter().map(|item| Role { names: names(&item.declared) }).collect();
        let tasks = sorted(Noun::Task, items.tasks.clone(), |item| &item.declared, problems);
        let task_names = Table::of(Noun::Task, tasks.iter().map(|item| &item.declared), problems);
        let facts = sorted(Noun::Fact, items.facts.clone(), |item| &item.declared, problems);
        let fact_names = Table::of(Noun::Fact, facts.iter().map(|item| &item.declared), problems);
        let (facts, value_names) = facts.iter().map(|item| bind_fact(item, problems)).unzip();
        let (bodies, body_names) = bind_bodies(&items.bodies, &level_names, problems);
        let mut catalogue = Self {
            levels,
            kinds,
            bodies,
            roles,
            facts,
            tasks,
            tables: BTreeMap::new(),
            table_names: Table::new(Noun::Table),
            level_names,
            kind_names,
            body_names,
            role_names,
            fact_names,
            task_names,
            value_names,
        };
        catalogue.bind_tables(items, problems);
        catalogue
    }

    fn bind_tables(&mut self, items: &Items<'t>, problems: &mut Problems) {
        let tables = sorted(Noun::Table, items.tables.clone(), |item| &item.declared, problems);
        self.table_names = Table::of(Noun::Table, tables.iter().map(|item| &item.declared), problems);
        for (at, item) in tables.iter().enumerate() {
            let Some(name) = &item.by else {
                let of = item.declared.id.value.clone();
                problems.add(Binding::MissingLine { line: Line::TableKey, of }, item.declared.id.span);
                continue;
            };
            let Some(by) = self.fact(name, problems) else { continue };
            if !self.the_fact(by).is_some_and(|fact| matches!(fact.domain, Domain::One { .. })) {
                problems.add(Binding::MissingLine { line: Line::TableKey, of: name.value.clone() }, name.span);
                continue;
            }
            let (unit, span) = (item.unit.clone(), item.declared.span);
            self.tables.insert(at, crate::rulebook::Table { names: names(&item.declared), by, unit, span });
        }
    }

    /// A table by name; one whose declaration is wrong was told there.
    pub(super) fn table(&self, name: &Name, problems: &mut Problems) -> Option<(TableId, &crate::rulebook::Table)> {
        let at = self.table_names.find(name, problems)?;
        let Some(table) = self.tables.get(&at) else {
            problems.add_consequence();
            return None;
        };
        Some((TableId(number(self.tables.range(..at).count())), table))
    }

    pub(super) fn tables(&self) -> Vec<crate::rulebook::Table> {
        self.tables.values().cloned().collect()
    }

    /// Ids and names of the levels, highest first, as the register is told them.
    pub(super) fn level_words(&self, items: &Items<'_>) -> Vec<(String, Vec<String>)> {
        let words = |level: &Level| {
            let Names { id, vietnamese, english, .. } = &level.names;
            let aliases = items
                .levels
                .iter()
                .filter(|item| item.declared.id.value == *id)
                .flat_map(|item| &item.declared.aliases);
            let names = [vietnamese, english].into_iter().chain(aliases.map(|alias| &alias.value));
            // `cấp huyện` is also called `huyện`, and the other way round.
            let both = names.flat_map(|name| match name.strip_prefix("cấp ") {
                Some(rest) => [name.clone(), rest.to_owned()],
                None => [name.clone(), format!("cấp {name}")],
            });
            (id.clone(), both.collect())
        };
        self.levels.iter().map(words).collect()
    }

    pub(super) fn level(&self, name: &Name, problems: &mut Problems) -> Option<LevelId> {
        let found = self.level_names.get(&name.value);
        if found.is_none() {
            problems.add(self.unknown_level(&name.value), name.span);
        }
        found.map(level_id)
    }

    pub(super) fn get_level(&self, name: &str) -> Option<LevelId> {
        self.level_names.get(name).map(level_id)
    }

    pub(super) fn kind(&self, name: &Name, problems: &mut Problems) -> Option<KindId> {
        self.kind_names.find(name, problems).map(|at| KindId(number(at)))
    }

    pub(super) fn rank(&self, name: &Name, problems: &mut Problems) -> Option<u32> {
        let at = self.kind_names.find(name, problems)?;
        self.kinds.get(at).map(|kind| kind.rank)
    }

    pub(super) fn role(&self, name: &Name, problems: &mut Problems) -> Option<RoleId> {
        self.role_names.find(name, problems).map(|at| RoleId(number(at)))
    }

    pub(super) fn get_role(&self, name: &str) -> Option<RoleId> {
        self.role_names.get(name).map(|at| RoleId(number(at)))
    }

    pub(super) fn fact(&self, name: &Name, problems: &mut Problems) -> Option<FactId> {
        self.fact_names.find(name, problems).map(|at| FactId(number(at)))
    }

    pub(super) fn get_fact(&self, name: &str) -> Option<FactId> {
        self.fact_names.get(name).map(|at| FactId(number(at)))
    }

    pub(super) fn task(&self, name: &Name, problems: &mut Problems) -> Option<TaskId> {
        self.task_names.find(name, problems).map(|at| TaskId(number(at)))
    }

    pub(super) fn get_task(&self, name: &str) -> Option<TaskId> {
        self.task_names.get(name).map(|at| TaskId(number(at)))
    }

    /// A body by its own name; `head of` is not tried.
    pub(super) fn body(&self, name: &Name, problems: &mut Problems) -> Option<BodyId> {
        self.body_names.find(name, problems).map(|at| BodyId(number(at)))
    }

    pub(super) fn spelled(&self, name: &Name, problems: &mut Problems) -> Option<Spelled> {
        if let Some(at) = self.body_names.get(&name.value) {
            return Some(Spelled::Body(BodyId(number(at))));
        }
        let folded = fold(&name.value);
        let head = HEAD_OF.iter().find_map(|(_, words)| folded.strip_prefix(&fold(words)));
        match head {
            Some(rest) => match self.body_names.get(rest) {
                Some(at) => Some(Spelled::HeadOf(BodyId(number(at)))),
                None => {
                    // As it was written: folding changes no number of words.
                    let words: Vec<&str> = name.value.split_whitespace().collect();
                    let at = words.len().saturating_sub(rest.split_whitespace().count());
                    let written = words.get(at..).unwrap_or_default().join(" ");
                    problems.add(self.body_names.unknown(&written), name.span);
                    None
                }
            },
            None => {
                problems.add(self.body_names.unknown(&name.value), name.span);
                None
            }
        }
    }

    /// The value of an enumerated fact.
    pub(super) fn value(&self, fact: FactId, name: &Name, problems: &mut Problems) -> Option<u8> {
        let at = self.value_names.get(fact.0 as usize)?.find(name, problems)?;
        u8::try_from(at).ok()
    }

    pub(super) fn unknown_level(&self, name: &str) -> Binding {
        let mut problem = self.level_names.unknown(name);
        if let Binding::UnknownName { nearest, among, .. } = &mut problem {
            // Names of levels are short: what is more than a letter apart is another level.
            let near = |meant: &String| strsim::osa_distance(&fold(name), &fold(meant)) <= 1;
            *nearest = nearest.take().filter(near);
            *among = self.levels.iter().map(|level| level_words(&level.names)).collect();
        }
        problem
    }

    pub(super) fn level_named(&self, id: LevelId) -> Named {
        self.levels.get(usize::from(id.0)).map(|level| level_words(&level.names)).unwrap_or_default()
    }

    pub(super) fn body_named(&self, id: BodyId) -> Named {
        self.the_body(id).map(|body| named(&body.names)).unwrap_or_default()
    }

    pub(super) fn the_body(&self, id: BodyId) -> Option<&Body> {
        self.bodies.get(id.0 as usize)
    }

    pub(super) fn the_fact(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(id.0 as usize)
    }

    pub(super) fn body_id_text(&self, id: BodyId) -> String {
        self.the_body(id).map(|body| body.names.id.clone()).unwrap_or_default()
    }

    pub(super) fn task_id_text(&self, id: TaskId) -> String {
        self.tasks.get(id.0 as usize).map(|task| task.declared.id.value.clone()).unwrap_or_default()
    }

    pub(super) fn role_id_text(&self, id: RoleId) -> String {
        self.roles.get(id.0 as usize).map(|role| role.names.id.clone()).unwrap_or_default()
    }
}

fn named(names: &Names) -> Named {
    Named { vietnamese: names.vietnamese.clone(), english: names.english.clone() }
}

/// A level as holders are written with it: `cấp tỉnh`.
fn level_words(names: &Names) -> Named {
    let Named { vietnamese, english } = named(names);
    let vietnamese = if fold(&vietnamese).starts_with("cấp ") { vietnamese } else { format!("cấp {vietnamese}") };
    Named { vietnamese, english }
}

#[expect(clippy::cast_possible_truncation, reason = "levels past the 255th were left out")]
pub(super) const fn level_id(index: usize) -> LevelId {
    LevelId(index as u8)
}
