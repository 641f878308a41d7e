//! The order of files, and of documents, articles and provisions in them, makes no difference to any ruling.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use thamquyen::library::{self, Library};
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::register::Found;
use thamquyen::rulebook::{Ask, Rulebook, Scenario};
use thamquyen::ruling::{Answer, BadQuestion, Question};

/// All files of the rule library and of the hypothetical decisions, as (path, text).
fn files() -> Vec<(String, String)> {
    fn gather(folder: &Path, root: &Path, into: &mut Vec<(String, String)>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                gather(&path, root, into);
            } else if path.extension().is_some_and(|extension| extension == "tq" || extension == "csv") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                into.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    gather(&root.join("rules"), &root.join("rules"), &mut files);
    gather(&root.join("tests/fixtures/gia-dinh"), &root.join("tests/fixtures"), &mut files);
    files
}

fn load(files: &[(String, String)]) -> Library {
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    library::from_texts(&texts)
}

fn question(rulebook: &Rulebook, scenario: &Scenario) -> Option<Question> {
    let Ask::WhoDecides { task, places, on, facts } = &scenario.ask else { return None };
    let mut rows = vec![Vec::new(); rulebook[*task].roles.len()];
    let mut without = Vec::new();
    for (role, place) in places {
        let index = rulebook[*task].roles.iter().position(|own| own == role).unwrap();
        let Some(place) = place else {
            without.push(*role);
            continue;
        };
        let found = rulebook.register.find(&place.name, place.level_or_type.as_deref(), *on);
        let Found::One(row) = found else { panic!("{}: {found:?}", scenario.title) };
        rows[index].push(row);
    }
    without.sort();
    Some(Question { task: *task, on: *on, places: rows, without, facts: facts.clone() })
}

/// By the titles of scenarios.
type Answers = Vec<(String, Vec<Answer>)>;

/// Every scenario's whole answer, ids and all, with and without its facts: ids are made from what the rules say, so they
/// too must not move.
fn answers(library: &Library) -> Answers {
    let rulebook = &library.rulebook;
    let mut all = Vec::new();
    for (index, scenario) in rulebook.scenarios.iter().enumerate() {
        let Some(question) = question(rulebook, scenario) else { continue };
        let mut answers = vec![ask(library.law(), &question, Depth::Record).unwrap()];
        // Without its facts every eighth: such a question is worked through in all its cases.
        if index.is_multiple_of(8) {
            match ask(library.law(), &Question { facts: Vec::new(), ..question }, Depth::Record) {
                Err(BadQuestion::TooWide) => {}
                answer => answers.push(answer.unwrap()),
            }
        }
        all.push((scenario.title.clone(), answers));
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all
}

/// Blocks that begin at a line for which `begins` holds; what precedes the first stays where it is.
fn blocks(text: &str, begins: impl Fn(&str) -> bool) -> (String, Vec<String>) {
    let mut head = String::new();
    let mut blocks: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        if begins(line) {
            blocks.push(String::new());
        }
        blocks.last_mut().unwrap_or(&mut head).push_str(line);
    }
    (head, blocks)
}

/// Documents of a file, articles of a document and provisions of an article in another order.
fn shuffle_file(text: &str, keys: &mut impl FnMut() -> u64) -> String {
    let top = |line: &str| !line.starts_with([' ', '#', '\n']);
    let (head, items) = blocks(text, top);
    let is_document = |item: &String| item.starts_with("văn bản") || item.starts_with("document");
    let is_article = |item: &str| {
        let word = item.split([' ', '\n']).next().unwrap_or("").to_lowercase();
        ["điểm", "khoản", "điều", "đoạn", "mục", "phần", "phụ", "article", "annex"].contains(&word.as_str())
    };
    // A document and its articles move together.
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for item in items {
        match groups.last_mut() {
            Some((_, articles)) if is_article(&item) => articles.push(item),
            _ => groups.push((item, Vec::new())),
        }
    }
    for (heading, articles) in &mut groups {
        assert!(articles.is_empty() || is_document(heading), "an article outside a document: {heading}");
        for article in articles.iter_mut() {
            *article = shuffle_article(article, keys);
        }
        articles.sort_by_cached_key(|_| keys());
    }
    groups.sort_by_cached_key(|_| keys());
    head + &groups.into_iter().map(|(heading, articles)| heading + &articles.concat()).collect::<String>()
}

/// Sentences directly under a heading, with what is indented below them, in another order. Lines that are not sentences
/// (quotes, days, confidence, readings) stay in front.
fn shuffle_article(article: &str, keys: &mut impl FnMut() -> u64) -> String {
    let sentence = |line: &str| {
        line.starts_with("  ")
            && !line.starts_with("   ")
            && ![
                "  >",
                "  từ ngày",
                "  from",
                "  độ tin cậy",
                "  confidence",
                "  cách hiểu",
                "  reading",
                "  thống nhất",
                "  #",
            ]
            .iter()
            .any(|start| line.starts_with(start))
    };
    if article.contains("cách hiểu") || article.contains("reading") {
        return article.to_owned();
    }
    let (head, mut sentences) = blocks(article, sentence);
    // What follows the last sentence's own lines (a blank line, a comment) moves with it, which changes no meaning.
    sentences.sort_by_cached_key(|_| keys());
    let mut out = head;
    for one in sentences {
        out.push_str(&one);
        if !one.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

/// How many errors the library has as it lies on disk, and its answers.
static SORTED: std::sync::OnceLock<(usize, Answers)> = std::sync::OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_rulings(seed in any::<u64>()) {
        let mut state = seed | 1;
        // A small generator of sort keys (Marsaglia's xorshift); proptest picks and shrinks the seed.
        let mut keys = move || { state ^= state << 13; state ^= state >> 7; state ^= state << 17; state };
        let files = files();
        let (errors, a) = SORTED.get_or_init(|| {
            let sorted = load(&files);
            (sorted.errors(), answers(&sorted))
        });
        let mut shuffled: Vec<(String, String)> = files
            .iter()
            .map(|(path, text)| {
                let text = if path.ends_with(".tq") { shuffle_file(text, &mut keys) } else { text.clone() };
                (path.clone(), text)
            })
            .collect();
        shuffled.sort_by_cached_key(|_| keys());
        // Other names too, so that the order by path is another one; the register's path is relative to its own file.
        for (path, _) in &mut shuffled {
            if path.ends_with(".tq") && !path.contains("pham-vi") {
                *path = format!("{:016x}.tq", keys());
            }
        }
        let shuffled = load(&shuffled);
        prop_assert_eq!(*errors, 0);
        prop_assert_eq!(shuffled.errors(), 0);
        let b = answers(&shuffled);
        prop_assert!(a.len() > 50);
        for (one, other) in a.iter().zip(&b) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(a.len(), b.len());
    }
}

/// The control: the same comparison sees a real difference, one threshold in one of the files.
#[test]
fn a_change_of_law_is_seen() {
    let mut files = files();
    let before = answers(&load(&files));
    let changed = files.iter_mut().filter(|(_, text)| text.contains("diện tích >= 0,5 ha"));
    changed.for_each(|(_, text)| *text = text.replace("diện tích >= 0,5 ha", "diện tích >= 0,4 ha"));
    let after = answers(&load(&files));
    let moved: Vec<&str> =
        before.iter().zip(&after).filter(|(one, other)| one != other).map(|((title, _), _)| title.as_str()).collect();
    assert!(moved.iter().any(|title| title.contains("0,4999 ha")), "{moved:?}");
}
