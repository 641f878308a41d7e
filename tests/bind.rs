//! Binding: the law that ships, and every problem that binding can find.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use thamquyen::bind::bind;
use thamquyen::diagnostic::{Binding, Diagnostic};
use thamquyen::register::RegisterFiles;
use thamquyen::rulebook::{ProvisionId, Rulebook, SeatAt, Statement};
use thamquyen::source::Sources;
use thamquyen::syntax::parse;
use thamquyen::syntax::tree::{File, Item, Language};
use thamquyen::wording;

/// A folder of rules, read and bound.
struct Library {
    sources: Sources,
    rulebook: Rulebook,
    diagnostics: Vec<Diagnostic>,
}

fn texts_in(folder: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ext| ext == "tq" || ext == "csv") {
                let name = path.strip_prefix(folder).expect("it lies in the folder").to_string_lossy().into_owned();
                let text = parse::normalize(&fs::read(&path).expect("the file can be read")).expect("it is a text");
                texts.insert(name, text);
            }
        }
    }
    texts
}

fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// Reads and binds texts by their paths, in the order in which they are given.
fn check(texts: &[(String, String)]) -> Library {
    let mut sources = Sources::default();
    let mut files: Vec<File> = Vec::new();
    let mut diagnostics = Vec::new();
    for (path, text) in texts {
        let id = sources.add(path.as_str(), text.as_str());
        if path.ends_with(".tq") {
            let (file, found) = parse::file(id, text);
            files.push(file);
            diagnostics.extend(found);
        }
    }
    let by_path: BTreeMap<&String, &String> = texts.iter().map(|(path, text)| (path, text)).collect();
    let mut registers = Vec::new();
    for file in &files {
        for item in &file.items {
            let Item::Register(item) = item else { continue };
            let here = &sources.get(file.source).expect("the file was added").path;
            let [units, successions] = [&item.units, &item.successions].map(|name| beside(here, &name.value));
            registers.push(RegisterFiles {
                units: by_path[&units].clone(),
                successions: by_path[&successions].clone(),
                units_path: units,
                successions_path: successions,
            });
        }
    }
    let (rulebook, found) = bind(&files, &sources, &registers);
    diagnostics.extend(found);
    Library { sources, rulebook, diagnostics }
}

/// All problems as a user reads them, the Vietnamese words below the English ones.
fn rendered(library: &Library) -> String {
    let [english, vietnamese] = [Language::English, Language::Vietnamese]
        .map(|language| wording::render(&library.sources, &library.diagnostics, language, false));
    format!("{english}{vietnamese}")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn law() -> Vec<(String, String)> {
    texts_in(&root().join("rules")).into_iter().collect()
}

/// The folder that all bad cases stand on, with files of a case in the place of its own.
fn on_base(case: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut texts = texts_in(&root().join("tests/cases/base"));
    texts.extend(case);
    texts.into_iter().collect()
}

#[test]
fn the_law_binds() {
    assert_eq!(rendered(&check(&law())), "");
}

#[test]
fn the_hypothetical_decisions_bind_on_the_law() {
    let mut texts = law();
    texts.extend(texts_in(&root().join("tests/fixtures/gia-dinh")));
    assert_eq!(rendered(&check(&texts)), "");
}

#[test]
fn the_base_of_the_cases_binds() {
    assert_eq!(rendered(&check(&on_base([]))), "");
}

/// What a rulebook says, with nothing in it that follows from the order of files.
fn said(library: &Library) -> String {
    let text = format!("{:?}", library.rulebook);
    let mut parts = text.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or(part, |(_, behind)| behind))
}

#[test]
fn the_order_of_files_changes_nothing() {
    let forward = law();
    let backward: Vec<_> = forward.iter().rev().cloned().collect();
    assert_eq!(said(&check(&forward)), said(&check(&backward)));
}

#[test]
fn an_error_costs_only_its_sentence() {
    let before = check(&on_base([]));
    let case = "article 103 clause 3\n  gpxdd is decided by UBND at commune\n";
    let mut texts = on_base([]);
    let (_, text) = texts.iter_mut().find(|(path, _)| path == "base.tq").expect("the base is there");
    let at = text.find("document 7/").expect("the next document is there");
    text.insert_str(at, case);
    let after = check(&texts);
    assert_eq!(after.diagnostics.len(), 1);
    assert_eq!(after.rulebook.provisions.len(), before.rulebook.provisions.len());
    assert_eq!(after.rulebook.texts.len(), before.rulebook.texts.len() + 1);
}

/// The provisions of a rulebook as `number address: sentence`, and what acts, cases and grounds of each point to.
fn pointers(library: &Library) -> String {
    let book = &library.rulebook;
    let name = |id: &ProvisionId| {
        let provision = &book[*id];
        let text = &book[provision.text];
        let labels: Vec<&str> = text.address.0.iter().map(|(_, label)| label.as_str()).collect();
        let sentence = library.sources.snippet(provision.span).lines().next().unwrap_or_default();
        format!("{} {} (by {}): {sentence}", book[text.document].number, labels.join("/"), book[text.enacted_by].number)
    };
    let mut lines = String::new();
    for at in 0..book.provisions.len() {
        let id = ProvisionId(u32::try_from(at).expect("there are few"));
        lines += &format!("{}\n", name(&id));
        for cases in &book[id].cases {
            cases.of.iter().for_each(|of| lines += &format!("  {:?} {}\n", cases.kind, name(of)));
        }
        if let Statement::Act { hits, .. } = &book[id].statement {
            hits.iter().for_each(|hit| lines += &format!("  hits {}\n", name(hit)));
        }
        if let Statement::Transfer { under: Some(under), giver, .. } = &book[id].statement {
            let seat = if matches!(giver.at, SeatAt::Unit(_)) { "in one unit" } else { "elsewhere" };
            lines += &format!("  from a seat {seat}\n");
            under.iter().for_each(|of| lines += &format!("  under {}\n", name(of)));
        }
    }
    lines
}

#[test]
fn provisions_point_to_what_stands_at_an_address() {
    let case = r#"
document 10/2020/QH14 "Amending law"
  law, issued 2020-06-18 by Quốc hội
  in force from 2021-01-01

article 1
  amends article 103 clause 1 of 50/2014/QH13
    clause 1
      gpxd is decided by UBND at commune
  repeals article 103 of 50/2014/QH13 except clause 2

article 2
  gpxd is decided by UBND at province
    in all other cases of this article

article 2 clause 1
  gpxd is decided by UBND at district
    when trong-khu
  gpxd requires opinion of so-xd
    in the cases of this article

document 9/QĐ-UBND of UBND in province "Đà Nẵng"
  decision, issued 2022-03-01
  in force from 2022-03-15

article 1
  delegates gpxd to UBND at district
    under article 103 clause 1 of 50/2014/QH13
"#;
    let library = check(&on_base([("case.tq".to_owned(), case.to_owned())]));
    assert_eq!(rendered(&library), "");
    insta::assert_snapshot!("provisions point to what stands at an address", pointers(&library));
}

/// Codes that no file of a few lines can show: one asks for bytes that are no text, one for 200,000 pieces of land.
const WITHOUT_CASES: [&str; 2] = ["register-unreadable", "register-too-many-localities"];

#[test]
fn every_problem_has_a_case() {
    let bad = root().join("tests/cases/bad");
    for code in Binding::CODES {
        if WITHOUT_CASES.contains(&code) {
            continue;
        }
        let folder = bad.join(code);
        assert!(folder.is_dir(), "no case for {code}");
        let texts = texts_in(&folder);
        let is_register = code.starts_with("register-");
        let cases: Vec<(String, BTreeMap<String, String>)> = if is_register {
            vec![("register".to_owned(), texts)]
        } else {
            let one = |(path, text): (String, String)| {
                (path.trim_end_matches(".tq").to_owned(), BTreeMap::from([("case.tq".to_owned(), text)]))
            };
            texts.into_iter().map(one).collect()
        };
        for (name, files) in cases {
            show(&folder, code, &name, files);
        }
    }
}

/// One case as a snapshot: what is written, and what is said about it.
fn show(folder: &Path, code: &str, name: &str, files: BTreeMap<String, String>) {
    let written: Vec<String> = files.values().filter(|text| text.len() < 1500).cloned().collect();
    let library = check(&on_base(files));
    let found = library.diagnostics.iter().any(|diagnostic| diagnostic.problem.code() == code);
    let words = rendered(&library);
    assert!(found, "{code}/{name} does not show its problem:\n{words}");
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!(name, format!("{}\n----\n{words}", written.join("\n"))));
}

/// The codes of all problems of a case.
fn codes(case: &str) -> Vec<&'static str> {
    let library = check(&on_base([("case.tq".to_owned(), case.to_owned())]));
    library.diagnostics.iter().map(|diagnostic| diagnostic.problem.code()).collect()
}

#[test]
fn causes_come_before_what_follows_from_them() {
    let sentences = "document 1/2020/QH14 \"L\"\n  law, issued 2020-06-18 by Quốc hội\n  in force from 2021-01-01\n\narticle 1\n  \
                     abc is decided by UBND at province\n    when gia-tri\n";
    let task = "task abc \"Abc\"\n  facts gia-tri\n  places dia-diem\n";
    let kind = "body ubnd \"UBND khác\"\n";
    let files = [("a.tq", sentences), ("y.tq", task), ("z.tq", kind)];
    let library = check(&on_base(files.map(|(path, text)| (path.to_owned(), text.to_owned()))));
    let path = |found: &Diagnostic| library.sources.get(found.span.source).map(|source| source.path.to_string());
    let found: Vec<_> = library.diagnostics.iter().map(|found| (found.problem.code(), path(found))).collect();
    let at = |code, path: &str| (code, Some(path.to_owned()));
    assert_eq!(found, [at("duplicate-name", "z.tq"), at("unknown-name", "y.tq")]);
    assert_eq!(library.diagnostics[1].further.len(), 1, "the sentence that tests the fact");
}

const CITES: &str = r#"
scenario "cites it"
  ask thu-hoi in district "Hải Châu" on 2020-06-01
  expect decided by UBND at district by article 1 of 8/2019/QH14

document 9/2019/QH14 "Other law"
  law, issued 2019-06-18 by Quốc hội
  in force from 2020-01-01

article 1
  thu-hoi is decided by UBND at district
    except in the cases of article 1 of 8/2019/QH14
"#;

#[test]
fn a_mistake_in_a_head_is_one_message() {
    for head in [
        "document 8/2019/QH14 \"L\"\n  law, issued 2019-06-31 by Quốc hội\n  in force from 2020-01-01\n",
        "document 8/2019/QH14 \"L\n  law, issued 2019-06-30 by Quốc hội\n  in force from 2020-01-01\n",
        "document 8/2019/QH14 \"L\"\n law, issued 2019-06-30 by Quốc hội\n  in force from 2020-01-01\n",
    ] {
        let case = format!("{head}\narticle 1\n  thu-hoi is decided by UBND at province\n{CITES}");
        assert_eq!(codes(&case).len(), 1, "{case}\n{:?}", codes(&case));
    }
    for article in
        ["article 1 clause\n  thu-hoi is decided by UBND at province\n", "article 1\n  thu-hoi is decided by\n"]
    {
        let head = "document 8/2019/QH14 \"L\"\n  law, issued 2019-06-30 by Quốc hội\n  in force from 2020-01-01\n";
        let case = format!("{head}\n{article}{CITES}");
        assert_eq!(codes(&case).len(), 1, "{case}\n{:?}", codes(&case));
    }
}

#[test]
fn a_scenario_is_never_checked_in_part() {
    let case = "document 8/2019/QH14 \"L\"\n  law, issued 2019-06-31 by Quốc hội\n  in force from 2020-01-01\n\narticle 1\n  thu-hoi is decided by UBND at province\n";
    let broken = "scenario \"a broken line\"\n  ask thu-hoi in district \"Hải Châu\" on 2020-06-31\n  expect gap\n";
    let library = check(&on_base([("case.tq".to_owned(), format!("{case}{CITES}{broken}"))]));
    assert_eq!(library.rulebook.unchecked, ["a broken line", "cites it"]);
    assert!(library.rulebook.scenarios.is_empty());
}

#[test]
fn what_hangs_on_a_broken_document_is_silent() {
    let amended = "\narticle 9\n  thu-hoi is decided by UBND at district\n    except in the cases of article 200 of 50/2014/QH13\n";
    let case = format!(
        "document 8/2025/QH14 \"L\"\n  law, issued 2025-06-31 by Quốc hội\n  in force from 2025-07-01\n\narticle 1\n  \
         amends article 200 of 50/2014/QH13\n    article 200\n      thu-hoi is decided by UBND at province\n{CITES}{amended}"
    )
    .replace("8/2019", "8/2025");
    assert_eq!(codes(&case), ["invalid-date"], "{case}");
    let curly = "văn bản 8/2019/QH14 “Luật”\n  luật, ban hành ngày 18/06/2019 bởi Quốc hội\n  có hiệu lực từ ngày 01/01/2020\n\nĐiều 1\n  thu-hoi do UBND cấp tỉnh quyết định\n";
    assert_eq!(codes(&format!("{curly}{CITES}")), ["unexpected"]);
}
