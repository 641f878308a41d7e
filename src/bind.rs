//! From trees to a checked [`Rulebook`]: every name becomes an id, every cited address the provisions that stand there,
//! every condition a test that its fact can pass. Knows nothing of evaluation.
//!
//! An error costs only what it is in: the sentence, the article or the document is left out, all else stays. The result
//! depends on what the files say, not on their order or names: see [`Rulebook`].

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Binding, Diagnostic};
use crate::register::{Register, RegisterFiles, RegisterProblem};
use crate::rulebook::{Cover, ProvisionId, Rulebook, Scenario, Statement, Task};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::tree;

mod addresses;
mod assembly;
mod catalogue;
mod cycles;
mod declare;
mod documents;
mod force;
mod handling;
mod holders;
mod links;
mod names;
mod places;
mod problems;
mod provisions;
mod scenarios;
mod tables;
mod tasks;
mod texts;
mod typing;

use catalogue::{Catalogue, Items};
use documents::Documents;
use names::names;
use places::Places;
use problems::{Problems, Stage};
use provisions::Binder;
use tasks::Tasks;
use typing::Typing;

/// Binds the files of one library. Problems come causes first: those of the catalogue and the register, of documents, of tasks,
/// of sentences, each in the order of the files and of the places in them. Where many lines use one name that is nowhere,
/// that is one problem.
///
/// The texts of `registers` also stand in `sources`, under the same paths, so that problems can point to their lines.
#[must_use]
pub fn bind(
    files: &[impl Borrow<tree::File>],
    sources: &Sources,
    registers: &[RegisterFiles],
) -> (Rulebook, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut files: Vec<&tree::File> = files.iter().map(Borrow::borrow).collect();
    files.sort_by_key(|file| sources.get(file.source).map(|source| source.path.clone()));
    let items = Items::new(&files);
    let catalogue = Catalogue::new(&items, &mut problems);
    let (register, found) = Register::build(&catalogue.level_words(&items), registers);
    register_problems(found, sources, &items, &mut problems);
    let places = Places::new(register);
    problems.enter(Stage::Documents);
    let documents = Documents::new(&items, &catalogue, &places, &mut problems);
    let texts = texts::collect(&documents, sources, &mut problems);
    problems.enter(Stage::Tasks);
    let tasks = Tasks::new(&catalogue, &texts, &mut problems);
    let binder = Binder { catalogue: &catalogue, places: &places, documents: &documents, tasks: &tasks };
    problems.enter(Stage::Sentences);
    let (texts_table, readings) = assembly::texts(&texts, &documents, &mut problems);
    let provisions = assembly::provisions(binder, &texts, &readings, sources, &mut problems);
    let cover = covers(binder, &items, &mut problems);
    let (scenarios, unchecked) = scenarios(binder, &items, &mut problems);
    problems.enter(Stage::Tasks);
    let mut bound_tasks = bind_tasks(binder, &mut problems);
    for (task, list) in bound_tasks.iter_mut().zip(assembly::by_task(&provisions, catalogue.tasks.len())) {
        task.provisions = list;
    }
    let tables = catalogue.tables();
    let table = documents.table;
    let rulebook = Rulebook {
        levels: catalogue.levels,
        kinds: catalogue.kinds,
        bodies: catalogue.bodies,
        roles: catalogue.roles,
        facts: catalogue.facts,
        tasks: bound_tasks,
        tables,
        documents: table,
        texts: texts_table,
        provisions,
        readings,
        cover,
        register: places.register,
        scenarios,
        unchecked,
    };
    silent_days(&rulebook, &mut problems);
    tables::check(&rulebook, &mut problems);
    for (_, found) in &mut problems.found {
        if let Some(file) = files.iter().find(|file| file.source == found.span.source) {
            names::tell_foreign(&mut found.problem, file.language);
        }
    }
    (rulebook, in_order(problems.found, sources))
}

/// By stage, file, place and code, each once; what several uses of one name have in common is said at the first of them.
fn in_order(mut found: Vec<(Stage, Diagnostic)>, sources: &Sources) -> Vec<Diagnostic> {
    let path = |span: Span| sources.get(span.source).map(|source| source.path.clone());
    found.sort_by(|a, b| {
        let key = |(stage, diagnostic): &(Stage, Diagnostic)| {
            (*stage, path(diagnostic.span), diagnostic.span.start, diagnostic.span.end)
        };
        key(a).cmp(&key(b)).then_with(|| a.1.problem.code().cmp(b.1.problem.code()))
    });
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut of_names: BTreeMap<String, usize> = BTreeMap::new();
    for (_, diagnostic) in found {
        if diagnostic.problem.is_of_a_name() {
            let first = *of_names.entry(format!("{:?}", diagnostic.problem)).or_insert(kept.len());
            if let Some(said) = kept.get_mut(first) {
                if said.span != diagnostic.span && said.further.last() != Some(&diagnostic.span) {
                    said.further.push(diagnostic.span);
                }
                continue;
            }
        }
        let mut last = kept.iter().rev().take_while(|other| other.span == diagnostic.span);
        if !last.any(|other| *other == diagnostic) {
            kept.push(diagnostic);
        }
    }
    kept
}

fn register_problems(found: Vec<RegisterProblem>, sources: &Sources, items: &Items<'_>, problems: &mut Problems) {
    let by_path: BTreeMap<&str, SourceId> = sources.iter().map(|(id, source)| (&*source.path, id)).collect();
    for problem in found {
        let line = by_path.get(&*problem.path).map(|id| line_of(*id, sources, problem.line));
        let declared = || items.registers.first().map(|item| item.span);
        let span = line.or_else(declared).unwrap_or_else(|| Span::new(SourceId(0), 0, 0));
        problems.add(Binding::Register(problem.kind), span);
    }
}

/// The span of a whole line, counted from 1.
fn line_of(source: SourceId, sources: &Sources, line: u32) -> Span {
    let text = sources.get(source).map_or("", |source| &source.text);
    let mut start = 0;
    for (at, content) in (1..).zip(text.split_inclusive('\n')) {
        if at == line {
            return Span::new(source, start, start + content.trim_end().len());
        }
        start += content.len();
    }
    Span::new(source, start, start)
}

fn bind_tasks(binder: Binder<'_>, problems: &mut Problems) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (at, item) in binder.catalogue.tasks.iter().enumerate() {
        let id = crate::rulebook::TaskId(catalogue::number(at));
        let of = binder.tasks.of(id);
        let typing = Typing { catalogue: binder.catalogue, task: Some(of) };
        let mut conditions = |conditions: &[tree::Condition]| {
            conditions.iter().filter_map(|condition| typing.condition(condition, problems)).collect::<Vec<_>>()
        };
        let impossible = conditions(&item.impossible);
        let open = conditions(&item.open);
        for code in item.procedures.iter().filter(|code| !is_procedure(&code.value)) {
            problems.add(Binding::OddProcedure { code: code.value.clone() }, code.span);
        }
        tasks.push(Task {
            names: names(&item.declared),
            sector: item.sector.as_ref().map(names),
            procedures: item.procedures.iter().map(|code| code.value.clone()).collect(),
            facts: of.facts.to_vec(),
            roles: of.roles.to_vec(),
            optional: of.optional.to_vec(),
            covered: item.covered.iter().map(|period| declare::bind_days(period, problems)).collect(),
            covered_in: covered_in(binder, (item, of), problems),
            impossible,
            open,
            provisions: Vec::new(),
            span: item.declared.span,
        });
    }
    tasks
}

/// `1.013949`, as the national base of administrative procedures numbers them.
fn is_procedure(code: &str) -> bool {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    code.split_once('.').is_some_and(|(group, number)| digits(group, 1) && digits(number, 6))
}

/// Warns of tasks that do not say from which day their rules are complete, and whose first sentence comes later than what the
/// library covers: on the days between the answer would be that nobody decides. After an error a sentence may be missing, and a
/// library without any cover is a world of its own.
fn silent_days(rulebook: &Rulebook, problems: &mut Problems) {
    if problems.errors() > 0 || rulebook.cover.is_empty() {
        return;
    }
    let covered = rulebook.cover.iter().map(|cover| cover.days.from).min().flatten();
    for task in rulebook.tasks.iter().filter(|task| task.covered.is_empty()) {
        let decides = |id: &&ProvisionId| {
            let statement = &rulebook[**id].statement;
            matches!(statement, Statement::DecidedBy { .. } | Statement::NotRequired { .. } | Statement::Passes { .. })
        };
        let first = task.provisions.iter().filter(decides).map(|id| rulebook.start(*id)).min().flatten();
        if let Some(first) = first.filter(|first| covered.is_none_or(|covered| covered < *first)) {
            let problem = Binding::SilentBefore { task: task.names.id.clone(), covered, first };
            problems.add(problem, task.span);
        }
    }
}

/// Where and when one task is covered beside all others.
fn covered_in(
    binder: Binder<'_>,
    (item, of): (&tree::TaskItem, tasks::OfTask<'_>),
    problems: &mut Problems,
) -> Vec<Cover> {
    if let Some(line) = item.covered_in.first().filter(|_| of.roles.is_empty()) {
        of.lacks_place(line.span, binder.catalogue, problems);
        return Vec::new();
    }
    cover_lines(binder, item.covered_in.iter(), problems)
}

fn covers(binder: Binder<'_>, items: &Items<'_>, problems: &mut Problems) -> Vec<Cover> {
    cover_lines(binder, items.covers.iter().flat_map(|item| &item.lines), problems)
}

fn cover_lines<'t>(
    binder: Binder<'_>,
    lines: impl Iterator<Item = &'t tree::CoverLine>,
    problems: &mut Problems,
) -> Vec<Cover> {
    let mut covers = Vec::new();
    for line in lines {
        let before = problems.errors();
        let days = declare::bind_days(&line.period, problems);
        let seen_from: Vec<_> = days.from.into_iter().collect();
        let scopes = binder.places.scopes(&line.scopes, &seen_from, (binder.catalogue, None), problems);
        if problems.errors() == before {
            covers.push(Cover { scopes, days });
        }
    }
    covers.sort_by(|a, b| {
        let key = |cover: &Cover| {
            let scopes: Vec<_> =
                cover.scopes.iter().map(|scope| (scope.former, scope.unit, scope.of_type.clone())).collect();
            (cover.days, scopes)
        };
        key(a).cmp(&key(b))
    });
    covers
}

/// Scenarios by title, those of one title by what they ask; and the titles of those that were left out.
fn scenarios(binder: Binder<'_>, items: &Items<'_>, problems: &mut Problems) -> (Vec<Scenario>, Vec<String>) {
    let (mut scenarios, mut unchecked) = (Vec::new(), Vec::new());
    for item in &items.scenarios {
        match binder.scenario(item, problems) {
            Some(scenario) => scenarios.push(scenario),
            None => unchecked.push(item.title.value.clone()),
        }
    }
    unchecked.sort();
    scenarios.sort_by_cached_key(|scenario: &Scenario| (scenario.title.clone(), format!("{:?}", scenario.ask)));
    (scenarios, unchecked)
}

/// The texts of which a sentence was left out.
type Broken = BTreeSet<usize>;
