//! Where to look when a change was not meant: the sentences of changed files on which the decisions that move rest.

use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use super::against::Compared;
use crate::library::Library;
use crate::reading::diff::Told;
use crate::rulebook::ProvisionId;
use crate::ruling::Ground;

/// Files, with lines where the sentence stands there now; all changed files where no decision moves, or rests on none of them.
pub(super) fn places(case: Case<'_>, compared: &Compared, id: &str) -> Vec<String> {
    let changed = changed((&compared.old, case.library));
    let (mut lines, mut files) = (BTreeSet::new(), BTreeSet::new());
    for change in compared.of(&case.library.rulebook, id) {
        for provision in change.after.iter().flat_map(provisions) {
            let (path, line) = place(case.library, provision);
            if changed.contains(path) {
                files.insert(path);
                lines.insert((path, line));
            }
        }
    }
    for change in compared.of(&case.library.rulebook, id) {
        for provision in change.before.iter().flat_map(provisions) {
            let (path, _) = place(&compared.old, provision);
            // Where the sentence stood, something else may stand now.
            if changed.contains(path) && files.insert(path) {
                lines.insert((path, 0));
            }
        }
    }
    if lines.is_empty() {
        lines.extend(changed.into_iter().map(|path| (path, 0)));
    }
    let shown = |(path, line): (&str, usize)| match line {
        0 => case.origin.path(path),
        line => format!("{}:{line}", case.origin.path(path)),
    };
    lines.into_iter().map(shown).collect()
}

fn provisions(told: &Told) -> impl Iterator<Item = ProvisionId> {
    let grounds: Vec<Ground> = match told {
        Told::Holder(holding) => holding.grounds.to_vec(),
        Told::Beside(beside) => beside.grounds.to_vec(),
        Told::Nothing => Vec::new(),
    };
    grounds.into_iter().map(|ground| ground.provision)
}

/// The file and the line of a sentence.
fn place(library: &Library, provision: ProvisionId) -> (&str, usize) {
    let span = library.rulebook[provision].span;
    let path = library.sources.get(span.source).map_or("", |source| &*source.path);
    (path, library.sources.line_column(span).0)
}

/// The files that one side has and the other has not, or has otherwise.
fn changed<'a>((old, new): (&'a Library, &'a Library)) -> BTreeSet<&'a str> {
    let texts = |library: &'a Library| -> BTreeMap<&'a str, &'a str> {
        library.sources.iter().map(|(_, source)| (&*source.path, &*source.text)).collect()
    };
    let (old, new) = (texts(old), texts(new));
    let all: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    all.into_iter().filter(|path| old.get(path) != new.get(path)).collect()
}
