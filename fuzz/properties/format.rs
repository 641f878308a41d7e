//! Any bytes as a rule file: what is canonical stays so, what is written reads as what was read, and a file that can be turned
//! into the other language comes back the same.

use std::sync::OnceLock;

use thamquyen::source::SourceId;
use thamquyen::syntax::format::{Formatted, Names, format};
use thamquyen::syntax::parse;
use thamquyen::syntax::tree::{File, Language};

static CATALOGUE: OnceLock<File> = OnceLock::new();

fn catalogue() -> File {
    let text = include_str!("../../tests/cases/good/catalogue.tq");
    let (catalogue, problems) = parse::file(SourceId(0), text);
    assert!(problems.is_empty(), "{problems:?}");
    catalogue
}

/// What the catalogue and the file itself declare.
fn names(text: &str) -> Names {
    let (own, _) = parse::file(SourceId(0), text);
    let types = ["Vùng", "Phủ", "Làng", "Trấn"].map(str::to_owned);
    Names::new([CATALOGUE.get_or_init(catalogue), &own], types)
}

fn written(text: &str, names: &Names, to: Option<Language>) -> Option<Formatted> {
    format(SourceId(0), text, names, to).ok()
}

pub(crate) fn holds(bytes: &[u8]) {
    let Ok(text) = parse::normalize(bytes) else { return };
    let names = names(&text);
    let Some(canonical) = written(&text, &names, None) else { return };
    let again = written(&canonical.text, &names, None).expect("what was written can be read");
    assert_eq!(canonical.text, again.text);
    let other = match canonical.language {
        Language::Vietnamese => Language::English,
        Language::English => Language::Vietnamese,
    };
    if let Some(turned) = written(&canonical.text, &names, Some(other)) {
        let back = written(&turned.text, &names, Some(canonical.language)).expect("it was that language before");
        assert_eq!(canonical.text, back.text);
    }
}
