//! A library of rules: folders of `.tq` files and the registers they name, read, parsed and bound.
//! Knows files; knows nothing of questions. The version is a hash of the content, so equal rules have equal versions
//! wherever they lie.

mod draft;
mod fault;
mod folder;
mod revision;
mod unreadable;
mod watch;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

pub use draft::{Base, laid_over, with_drafts};
pub use fault::Fault;
pub use unreadable::{Reason, Unreadable};
pub use watch::{Look, look};
pub use written::{Written, replace, written};

use crate::bind::bind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::partition::Partitions;
use crate::reading::ask::Law;
use crate::reading::ask::cell::Cells;
use crate::reading::check::review::Review;
use crate::reading::hands::side_by_side;
use crate::reading::heritage::{Heritage, Read, reads};
use crate::reading::verify::{Certificate, certify_rest};
use crate::register::RegisterFiles;
use crate::rulebook::{Rulebook, TaskId};
use crate::ruling::TooMany;
use crate::source::{SourceId, Sources};
use crate::syntax::format::Names;
use crate::syntax::{parse, tree};

/// The rules that were compiled into the program.
const COMPILED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/compiled_rules.rs"));

/// The file beside the rules that holds what is known and accepted of them ([`crate::reading::check::baseline`]). It says nothing
/// of what the rules mean, and is no part of their version.
pub const BASELINE: &str = "baseline.json";

/// Where rules come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// These folders, joined.
    Folders(Vec<PathBuf>),
    /// The program itself.
    Compiled,
}

impl Origin {
    /// The folders that were named, else `./rules`, else the program itself.
    #[must_use]
    pub fn choose(named: Vec<PathBuf>) -> Self {
        let here = PathBuf::from("rules");
        if !named.is_empty() {
            Self::Folders(named)
        } else if here.is_dir() {
            Self::Folders(vec![here])
        } else {
            Self::Compiled
        }
    }

    /// The path of a file of the rules as whoever named the folders knows it; within the current folder from there. That of the
    /// program's own rules is where they lie in its sources.
    #[must_use]
    pub fn path(&self, file: &str) -> String {
        let Self::Folders(folders) = self else { return format!("rules/{file}") };
        // Files of the second folder and further ones begin with its name.
        let homes = folders.iter().enumerate().filter_map(|(index, folder)| match index {
            0 => Some(folder.clone()),
            _ => folder.parent().map(PathBuf::from),
        });
        let paths: Vec<PathBuf> = homes.map(|home| home.join(file)).collect();
        let path = paths.iter().find(|path| path.is_file()).or(paths.first()).cloned().unwrap_or_default();
        let here = std::env::current_dir().ok();
        let inside = here.and_then(|here| path.strip_prefix(here).map(PathBuf::from).ok());
        let shown = inside.unwrap_or(path).to_string_lossy().replace('\\', "/");
        shown.strip_prefix("./").map_or(shown.clone(), str::to_owned)
    }
}

/// What is accepted of the rules that are inside the program.
#[must_use]
pub fn compiled_baseline() -> Option<&'static str> {
    let (_, bytes) = COMPILED.iter().find(|(path, _)| *path == BASELINE)?;
    std::str::from_utf8(bytes).ok()
}

/// A loaded library. What could not be read, parsed or bound is missing in `rulebook` and stands in the problems.
#[derive(Debug)]
pub struct Library {
    pub sources: Sources,
    pub rulebook: Rulebook,
    /// Of the rulebook's tasks, each made when it is first asked about.
    pub partitions: Partitions,
    /// Where full questions are answered without a detour, once all is compiled.
    pub cells: OnceLock<Cells>,
    /// What a check finds, once it was asked for.
    checked: OnceLock<Review>,
    /// What is read of each task, once it was asked for.
    reads: OnceLock<Vec<Read>>,
    /// What the region check found, once it was made.
    certified: OnceLock<Certificate>,
    pub diagnostics: Vec<Diagnostic>,
    pub unreadable: Vec<Unreadable>,
    /// Counted once: every ruling says it.
    errors: usize,
    /// Of everything read: what the rules are known by.
    pub digest: Digest,
    /// Its first 16 hexadecimal digits.
    pub version: String,
    /// The rule files and tables that were read, by path.
    pub files: Vec<File>,
    /// The rule files as they were understood, in the order of the sources.
    understood: Vec<Understood>,
}

/// A file of rules as it was understood. Its spans have the number that it has among the sources.
#[derive(Debug, Clone)]
struct Understood {
    tree: Arc<tree::File>,
    diagnostics: Vec<Diagnostic>,
}

/// A file of rules as it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// From the folder of the rules, with `/` between its parts.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl Library {
    /// What questions are put to.
    #[must_use]
    pub fn law(&self) -> Law<'_> {
        Law { rulebook: &self.rulebook, partitions: &self.partitions }
    }

    /// Works out every task now, and not when it is first asked about; gives the tasks that are too large.
    pub fn compile(&self) -> Vec<TooMany> {
        let tasks = self.rulebook.task_ids();
        let large = tasks.filter_map(|task| self.partitions.of(&self.rulebook, task).err()).collect();
        self.cells.get_or_init(|| Cells::new(self.law()));
        large
    }

    /// Every finding, whether accepted or not.
    #[must_use]
    pub fn review(&self) -> &Review {
        self.checked.get_or_init(|| Review::whole(self.law()))
    }

    /// Takes over from other rules what was worked out there of tasks that are the same here.
    pub fn inherit(&self, from: &Self) -> Heritage {
        let before = from.reads.get_or_init(|| reads(&from.rulebook));
        let (heritage, after) = Heritage::of((&from.rulebook, before), &self.rulebook);
        // Whoever did this before found the same.
        let _ = self.reads.set(after);
        let tasks: Vec<TaskId> = self.rulebook.task_ids().collect();
        let inherited = side_by_side(&tasks, |task| heritage.partition(from.partitions.made(heritage.old(*task)?)?));
        for (task, partition) in tasks.into_iter().zip(inherited) {
            partition.into_iter().for_each(|partition| self.partitions.give(task, partition));
        }
        heritage
    }

    /// That every region of every task is what the texts say, or which is not. Of tasks that were inherited it is known.
    #[must_use]
    pub fn certificate(&self, inherited: Option<(&Self, &Heritage)>) -> &Certificate {
        let known = |task: TaskId| {
            let (from, heritage) = inherited?;
            from.certified.get()?.of(heritage.old(task)?)
        };
        self.certified.get_or_init(|| certify_rest(self.law(), &self.version, known))
    }

    /// The names that the rules declare, and that more texts of rules do.
    #[must_use]
    pub fn names<'t>(&self, more: impl Iterator<Item = &'t str>) -> Names {
        let more: Vec<tree::File> = more.map(|text| parse::file(SourceId(0), text).0).collect();
        let trees = self.understood.iter().map(|own| &*own.tree).chain(&more);
        let register = &self.rulebook.register;
        Names::new(trees, register.rows().map(|row| register.row(row).kind.to_string()).collect::<Vec<_>>())
    }

    /// The version as a number, for keys.
    #[must_use]
    pub fn number(&self) -> u64 {
        u64::from_str_radix(&self.version, 16).unwrap_or(0)
    }

    /// What was understood of a file that has this number and says this.
    fn understood(&self, id: SourceId, text: &str) -> Option<Understood> {
        let same = self.sources.get(id).filter(|source| *source.text == *text);
        let own = same.and_then(|_| self.understood.get(usize::try_from(id.0).ok()?));
        own.filter(|own| own.tree.source == id).cloned()
    }

    /// Whether a folder that was named holds no rules, or a draft is not there: then nothing that follows would be worth saying.
    #[must_use]
    pub fn lacks_a_folder(&self) -> bool {
        let lacking = |reason: &Reason| {
            matches!(
                reason,
                Reason::NoFolder
                    | Reason::NoRevision(_)
                    | Reason::NoRules
                    | Reason::NoFile
                    | Reason::NotRules
                    | Reason::NotNamed
                    | Reason::DraftTwice
            )
        };
        self.unreadable.iter().any(|unreadable| lacking(&unreadable.reason))
    }

    /// How many errors there are; warnings do not count.
    #[must_use]
    pub const fn errors(&self) -> usize {
        self.errors
    }
}

/// Reads and binds a library. Never fails: what is wrong is in the result.
#[must_use]
pub fn load(origin: &Origin) -> Library {
    assemble(gather(origin), None)
}

/// Reads rules again, beside what was read before: of files that say the same nothing is parsed twice.
#[must_use]
pub fn load_beside(origin: &Origin, before: &Library) -> Library {
    assemble(gather(origin), Some(before))
}

fn gather(origin: &Origin) -> Gathered {
    match origin {
        Origin::Folders(folders) => folder::gather(folders),
        Origin::Compiled => Gathered::new(COMPILED.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()))),
    }
}

/// Rules given as files, as a store of versions has them.
#[must_use]
pub fn from_files(files: Vec<File>) -> Library {
    assemble(Gathered::of(files), None)
}

/// The same, beside other rules: of files that say the same nothing is parsed twice.
#[must_use]
pub fn from_files_beside(files: Vec<File>, before: &Library) -> Library {
    assemble(Gathered::of(files), Some(before))
}

/// Rules given as texts, as tests and editors have them.
#[must_use]
pub fn from_texts(files: &[(&str, &str)]) -> Library {
    assemble(Gathered::new(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))), None)
}

/// Files as read, before anything is understood.
#[derive(Debug, Default)]
struct Gathered {
    /// (path relative to its folder, content), sorted by path.
    files: Vec<(String, Vec<u8>)>,
    unreadable: Vec<Unreadable>,
    /// For each file that was laid over the others, by its path among them, the path by which it was named.
    drafts: BTreeMap<String, String>,
}

impl Gathered {
    fn new(files: impl Iterator<Item = (String, Vec<u8>)>) -> Self {
        let mut files: Vec<_> = files.collect();
        files.sort();
        Self { files, ..Self::default() }
    }

    fn of(files: Vec<File>) -> Self {
        Self::new(files.into_iter().map(|file| (file.path, file.bytes)))
    }

    /// How a file is spoken of.
    fn shown<'g>(&'g self, path: &'g str) -> &'g str {
        self.drafts.get(path).map_or(path, String::as_str)
    }
}

fn assemble(gathered: Gathered, before: Option<&Library>) -> Library {
    let mut unreadable = gathered.unreadable.clone();
    let mut sources = Sources::default();
    let mut understood: Vec<Understood> = Vec::new();
    let mut used: Vec<(&str, &[u8])> = Vec::new();
    let mut paths: Vec<&str> = Vec::new();
    for (path, bytes) in gathered.files.iter().filter(|(path, _)| is_rules(path)) {
        used.push((path, bytes));
        let Some(text) = unreadable::text_of(gathered.shown(path), bytes, &mut unreadable) else { continue };
        let id = sources.add(gathered.shown(path), text.as_str());
        paths.push(path);
        let known = before.and_then(|before| before.understood(id, &text));
        understood.push(known.unwrap_or_else(|| understand(id, &text)));
    }
    let trees: Vec<&tree::File> = understood.iter().map(|one| &*one.tree).collect();
    let mut diagnostics: Vec<Diagnostic> = understood.iter().flat_map(|one| one.diagnostics.clone()).collect();
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    let named = tables_of(&trees, &paths, &sources);
    for Table { path, named_at } in named.iter().flat_map(|pair| [&pair.0, &pair.1]) {
        if tables.contains_key(path) {
            continue;
        }
        let Some((path, bytes)) = gathered.files.iter().find(|(there, _)| there == path) else {
            unreadable.push(Unreadable { path: path.clone(), reason: Reason::NoTable { named_at: named_at.clone() } });
            continue;
        };
        used.push((path, bytes));
        if let Some(text) = unreadable::text_of(gathered.shown(path), bytes, &mut unreadable) {
            sources.add(gathered.shown(path), text.as_str());
            tables.insert(path.clone(), text);
        }
    }
    // A draft that nothing reads would seem to change nothing.
    let idle = gathered.drafts.iter().filter(|(path, _)| !is_rules(path) && !used.iter().any(|(own, _)| own == path));
    unreadable.extend(idle.map(|(_, shown)| Unreadable { path: shown.clone(), reason: Reason::NotNamed }));
    let text = |table: &Table| tables.get(&table.path).cloned().unwrap_or_default();
    let registers: Vec<RegisterFiles> = named
        .iter()
        .filter(|(units, successions)| tables.contains_key(&units.path) && tables.contains_key(&successions.path))
        .map(|(units, successions)| RegisterFiles {
            units_path: gathered.shown(&units.path).to_owned(),
            units: text(units),
            successions_path: gathered.shown(&successions.path).to_owned(),
            successions: text(successions),
        })
        .collect();
    let (rulebook, found) = bind(&trees, &sources, &registers);
    // What could not be read comes first: what binding finds may follow from it.
    diagnostics.extend(found);
    unreadable.sort();
    let partitions = Partitions::new(&rulebook);
    used.sort_unstable();
    let files: Vec<File> =
        used.into_iter().map(|(path, bytes)| File { path: path.to_owned(), bytes: bytes.to_vec() }).collect();
    let digest = Digest::of_rules(files.iter().map(|file| (file.path.as_str(), Digest::of(&file.bytes))));
    let wrong = diagnostics.iter().filter(|found| found.problem.severity() == Severity::Error).count();
    let errors = wrong + unreadable.len();
    Library {
        version: digest.short(),
        digest,
        files,
        sources,
        rulebook,
        partitions,
        cells: OnceLock::new(),
        checked: OnceLock::new(),
        reads: OnceLock::new(),
        certified: OnceLock::new(),
        diagnostics,
        unreadable,
        errors,
        understood,
    }
}

fn understand(id: SourceId, text: &str) -> Understood {
    let (tree, diagnostics) = parse::file(id, text);
    Understood { tree: Arc::new(tree), diagnostics }
}

/// Whether a path is of a file of rules.
#[must_use]
pub fn is_rules(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "tq")
}

/// A table that a rule file names, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Table {
    path: String,
    named_at: String,
}

/// The tables of units and of successions that register items name, sorted, without repeats. Each tree has a path.
fn tables_of(trees: &[&tree::File], paths: &[&str], sources: &Sources) -> Vec<(Table, Table)> {
    let mut tables = Vec::new();
    for (file, naming) in trees.iter().zip(paths) {
        let shown = sources.get(file.source).map_or("", |source| &source.path);
        for item in &file.items {
            if let tree::Item::Register(register) = item {
                let table = |name: &tree::Name| {
                    let (line, _) = sources.line_column(name.span);
                    Table { path: beside(naming, &name.value), named_at: format!("{shown}:{line}") }
                };
                tables.push((table(&register.units), table(&register.successions)));
            }
        }
    }
    tables.sort();
    tables.dedup_by(|one, other| (&one.0.path, &one.1.path) == (&other.0.path, &other.1.path));
    tables
}

/// The path of a file that another names: relative to the folder of the naming one, `.` and `..` resolved.
fn beside(naming: &str, named: &str) -> String {
    let mut parts: Vec<&str> = naming.rsplit_once('/').map_or_else(Vec::new, |(folder, _)| folder.split('/').collect());
    for part in named.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{File, beside, from_files};

    #[test]
    fn a_named_file_is_found_from_the_naming_one() {
        assert_eq!(beside("registers/da-nang.tq", "da-nang/units.csv"), "registers/da-nang/units.csv");
        assert_eq!(beside("a/b/c.tq", "../units.csv"), "a/units.csv");
        assert_eq!(beside("c.tq", "../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn the_version_depends_on_content_and_not_on_order() {
        let version = |files: &[(&str, &str)]| {
            let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() };
            from_files(files.iter().map(file).collect()).version
        };
        let one = version(&[("a.tq", "# 1"), ("b.tq", "# 2")]);
        assert_eq!(one, version(&[("b.tq", "# 2"), ("a.tq", "# 1")]));
        assert_ne!(one, version(&[("a.tq", "# 12"), ("b.tq", "#")]));
        assert_ne!(one, version(&[("a.tq", "# 1"), ("c.tq", "# 2")]));
        assert_eq!(one.len(), 16);
    }
}
