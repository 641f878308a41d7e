//! Small libraries of rules that are valid by construction and use every construct of the language, in either language from one
//! representation: for properties that must hold of every rulebook. A [`Recipe`] is bytes, so that proptest shrinks it to few
//! sentences and a fuzzer can write it.

// Each test target, and the fuzz crate, uses another part of this.
#![allow(dead_code, unreachable_pub, reason = "shared by several targets")]

mod addresses;
mod catalogue;
mod days;
mod documents;
mod facts;
mod handling;
mod holders;
pub mod questions;
pub mod renumbered;
mod recipe;
mod register;
mod sentences;
mod wording;
mod words;

use proptest::collection::vec;
use proptest::prelude::*;
use thamquyen::library::{self, Library};
use thamquyen::syntax::tree::Language;

use addresses::Address;
use catalogue::Catalogue;
use days::{DAYS, Span, day};
use documents::Document;
pub use recipe::Recipe;
use recipe::{DOCUMENT, Draw, OF_PLACES, SENTENCE, WORLD};
use sentences::Placed;
use words::{Line, both, fill, same};

/// Any rulebook; it shrinks to few documents with few, simple sentences.
pub fn library() -> impl Strategy<Value = Generated> {
    let bytes = |size: usize| vec(any::<u8>(), size);
    let parts = (bytes(WORLD), vec(bytes(DOCUMENT), 2..9), vec(bytes(SENTENCE), 4..32));
    parts.prop_map(|(world, documents, sentences)| Generated::new(&Recipe { world, documents, sentences }))
}

/// How many rulebooks to look at: as many as the run asks for, else as many as usual.
pub fn wanted<N: std::str::FromStr>(usual: N) -> N {
    std::env::var("RULEBOOKS").ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// The rulebook of a number, always the same.
pub fn nth(number: u64) -> Generated {
    Generated::new(&recipe(number))
}

fn recipe(number: u64) -> Recipe {
    let mut next = numbers(number);
    let mut bytes = |size: usize| -> Vec<u8> { (0..size).map(|_| next().to_le_bytes()[3]).collect() };
    let counts = bytes(2);
    let documents = (0..3 + counts[0] % 6).map(|_| bytes(DOCUMENT)).collect();
    let sentences = (0..6 + counts[1] % 25).map(|_| bytes(SENTENCE)).collect();
    Recipe { world: bytes(WORLD), documents, sentences }
}

/// The rulebook of a number, and one that is unlike it in one place: a sentence is gone, says something else, or another is
/// added; a document has other days; or the world, its tasks, facts, bodies and units are not quite the same.
pub fn pair(number: u64) -> [Generated; 2] {
    let (before, mut after) = (recipe(number), recipe(number));
    let mut next = numbers(number ^ 0xd1ff);
    let mut pick = move |among: usize| usize::try_from(next() >> 33).unwrap_or(0) % among.max(1);
    let spoil = |bytes: &mut Vec<u8>, pick: &mut dyn FnMut(usize) -> usize| {
        let at = pick(bytes.len());
        let other = u8::try_from(1 + pick(255)).unwrap_or(1);
        bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(other));
    };
    match number % 6 {
        0 => {
            let at = pick(after.sentences.len());
            drop(after.sentences.remove(at));
        }
        1 => after.sentences.push(recipe(number + 1).sentences.swap_remove(0)),
        2 => {
            let at = pick(after.documents.len());
            spoil(&mut after.documents[at], &mut pick);
        }
        3 => spoil(&mut after.world, &mut pick),
        _ => {
            let at = pick(after.sentences.len());
            spoil(&mut after.sentences[at], &mut pick);
        }
    }
    [before, after].map(|recipe| Generated::new(&recipe))
}

/// Numbers without end from one (splitmix64).
pub fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// (path, text) of every file of a library.
pub type Files = Vec<(String, String)>;

pub fn load(files: &Files) -> Library {
    let texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    library::from_texts(&texts)
}

/// A generated library.
#[derive(Clone)]
pub struct Generated {
    catalogue: Vec<Line>,
    documents: Vec<Written>,
    tables: [(String, String); 2],
}

#[derive(Clone)]
struct Written {
    heading: Line,
    articles: Vec<Article>,
}

#[derive(Clone)]
struct Article {
    heading: words::Both,
    /// Quotes, days, a grade.
    first: Vec<Line>,
    sentences: Vec<Line>,
    readings: Vec<Line>,
}

impl Article {
    fn write(&self, language: Language, into: &mut String) {
        into.push_str(self.heading.in_language(language));
        into.push('\n');
        self.first.iter().chain(&self.sentences).chain(&self.readings).for_each(|line| line.write(language, 1, into));
    }
}

impl std::fmt::Debug for Generated {
    /// The text: what one wants to see of a failing example.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.english().iter().try_for_each(|(path, text)| writeln!(formatter, "\n== {path}\n{text}"))
    }
}

impl Generated {
    pub fn new(recipe: &Recipe) -> Self {
        let catalogue = Catalogue::new(&mut Draw::of_part(&recipe.world, WORLD));
        let documents = documents::documents(&recipe.documents, &catalogue);
        let placed = sentences::place(&recipe.sentences, &documents, &catalogue);
        let articles = Articles::new(recipe, &documents, &placed);
        let said = wording::Wording::new(&catalogue, &documents, &placed, articles.days.clone()).all();
        let lines: Vec<Line> = said.into_iter().map(|said| said.line).collect();
        let written = (0..documents.len()).map(|at| Written {
            heading: documents[at].heading(at, &catalogue, &documents),
            articles: articles.of(at, lines.clone()),
        });
        let tables = [
            ("units.csv".to_owned(), catalogue.register.units_csv()),
            ("successions.csv".to_owned(), catalogue.register.successions_csv()),
        ];
        Self { documents: written.collect(), catalogue: catalogue.lines(), tables }
    }

    pub fn english(&self) -> Files {
        self.files(Language::English)
    }

    pub fn vietnamese(&self) -> Files {
        self.files(Language::Vietnamese)
    }

    /// The catalogue and the documents, which stand in two files by turns.
    pub fn files(&self, language: Language) -> Files {
        let mut files = vec![("catalogue.tq".to_owned(), String::new())];
        files.extend(["first.tq", "second.tq"].map(|path| (path.to_owned(), String::new())));
        self.catalogue.iter().for_each(|line| line.write(language, 0, &mut files[0].1));
        for (at, document) in self.documents.iter().enumerate() {
            let text = &mut files[1 + at % 2].1;
            document.heading.write(language, 0, text);
            document.articles.iter().for_each(|article| article.write(language, text));
        }
        files.extend(self.tables.clone());
        files
    }

    /// The same in another order: of files, declarations, documents, articles and sentences.
    pub fn shuffled(&self, language: Language, seed: u64) -> Files {
        let mut next = numbers(seed);
        let mut other = self.clone();
        other.catalogue.sort_by_cached_key(|_| next());
        other.documents.sort_by_cached_key(|_| next());
        for document in &mut other.documents {
            document.articles.sort_by_cached_key(|_| next());
            document.articles.iter_mut().for_each(|article| article.sentences.sort_by_cached_key(|_| next()));
        }
        let mut files = other.files(language);
        for (path, _) in files.iter_mut().filter(|(path, _)| path.ends_with(".tq")) {
            *path = format!("{:016x}.tq", next());
        }
        files
    }

    /// How many sentences there are.
    pub fn sentences(&self) -> usize {
        let articles = self.documents.iter().flat_map(|document| &document.articles);
        articles.map(|article| article.sentences.len() + article.readings.len()).sum()
    }
}

/// Which sentences stand under one heading, and what else does.
struct Articles<'a> {
    placed: &'a [Placed<'a>],
    documents: &'a [Document],
    /// The days of the article of each sentence.
    days: Vec<Span>,
    /// What stands beside the sentences is chosen by the last bytes of the first of them.
    draws: Vec<Draw<'a>>,
}

/// What the last bytes of a sentence before those of places choose.
const BESIDE: usize = 6;

impl<'a> Articles<'a> {
    fn new(recipe: &'a Recipe, documents: &'a [Document], placed: &'a [Placed<'a>]) -> Self {
        let first = |at: usize| (0..=at).find(|other| shares(&placed[*other], &placed[at])).unwrap_or(at);
        let last = |at: usize| {
            let bytes = &recipe.sentences[at];
            let bytes = &bytes[..bytes.len().min(SENTENCE - OF_PLACES)];
            Draw::new(&bytes[bytes.len().saturating_sub(BESIDE)..])
        };
        let draws: Vec<Draw<'_>> = (0..placed.len()).map(|at| last(first(at))).collect();
        let days = placed.iter().zip(&draws).map(|(placed, draw)| {
            // New wording has the days of the amendment that brings it.
            if placed.brought_by.is_some() { Span::default() } else { period(&mut draw.clone()) }
        });
        Self { placed, documents, days: days.collect(), draws }
    }

    fn of(&self, document: usize, lines: Vec<Line>) -> Vec<Article> {
        let mut lines = lines;
        self.bring(&mut lines);
        let mut articles: Vec<(&Address, Article)> = Vec::new();
        for (at, placed) in self.placed.iter().enumerate().filter(|(_, placed)| placed.brought_by.is_none()) {
            if placed.document != document || articles.iter().any(|(address, _)| **address == placed.lives.1) {
                continue;
            }
            let here = (0..self.placed.len()).filter(|other| shares(&self.placed[*other], placed));
            articles.push((&placed.lives.1, self.article(at, &here.collect::<Vec<_>>(), &lines)));
        }
        articles.into_iter().map(|(_, article)| article).collect()
    }

    /// Puts new wording under the amendments that bring it.
    fn bring(&self, lines: &mut [Line]) {
        for (at, placed) in self.placed.iter().enumerate() {
            let Some(act) = placed.brought_by else { continue };
            let line = lines[at].clone();
            let below = &mut lines[act].below;
            // All of it lives at the one address.
            let heading = addresses::written(&placed.lives.1);
            match below.iter_mut().find(|line| line.words == heading) {
                Some(article) => article.below.push(line),
                None => below.push(Line::with(heading, vec![line])),
            }
        }
    }

    fn article(&self, first: usize, here: &[usize], lines: &[Line]) -> Article {
        let mut draw = self.draws[first].clone();
        let days = period(&mut draw);
        let (quotes, marks, settles, by) = (draw.pick(6), draw.pick(16), draw.pick(4), draw.pick(self.documents.len()));
        let mut before = Vec::new();
        if quotes == 4 {
            before.push(Line::new(same("> ~ Ủy ban quyết định")));
        } else if quotes == 5 {
            before.extend(["> Hội đồng quyết định", "> theo luật"].map(|quote| Line::new(same(quote))));
        }
        if days != Span::default() {
            before.push(Line::new(days.words(false)));
        }
        if marks == 14 {
            before.push(Line::new(both("confidence S", "độ tin cậy S")));
        }
        let mark = if marks == 15 { both(" unverified", " chưa kiểm chứng") } else { same("") };
        let heading = fill("{0}{1}", "{0}{1}", &[&addresses::written(&self.placed[first].lives.1), &mark]);
        let of = |reading: Option<usize>| -> Vec<Line> {
            here.iter().filter(|at| self.placed[**at].reading == reading).map(|at| lines[*at].clone()).collect()
        };
        let mut readings = Vec::new();
        if here.iter().any(|at| self.placed[*at].reading.is_some()) {
            for (option, name) in ["wide", "narrow"].into_iter().enumerate() {
                let words = both(format!("reading \"{name}\""), format!("cách hiểu \"{name}\""));
                readings.push(Line::with(words, of(Some(option))));
            }
            // Only by what is later, so that no reading depends on itself.
            let home = self.documents[self.placed[first].document].issued;
            let count = self.documents.len();
            let mut following = (0..count).map(|step| (by + step) % count);
            let later = following.find(|by| self.documents[*by].issued > home);
            if let Some(by) = later.filter(|_| settles == 3) {
                readings.push(Line::new(fill(
                    "settled by {0} as \"narrow\"",
                    "thống nhất theo {0} là \"narrow\"",
                    &[&self.documents[by].cited()],
                )));
            }
        }
        Article { heading, first: before, sentences: of(None), readings }
    }
}

/// Whether two sentences stand under one heading.
fn shares(one: &Placed<'_>, other: &Placed<'_>) -> bool {
    one.brought_by.is_none() && other.brought_by.is_none() && one.lives == other.lives
}

/// The days of an article, mostly not said.
fn period(draw: &mut Draw<'_>) -> Span {
    let (said, at) = (draw.pick(12), draw.pick(DAYS.len() / 2));
    match said {
        10 => Span { from: Some(at), before: None },
        11 => Span { from: None, before: Some(DAYS.len() / 2 + at) },
        _ => Span::default(),
    }
}

/// Every day on which a rulebook can change, and those beside it.
pub fn all_days() -> Vec<jiff::civil::Date> {
    let near = |at: usize| {
        let on = day(at);
        [on.yesterday(), Ok(on), on.tomorrow()].into_iter().flatten()
    };
    let mut days: Vec<jiff::civil::Date> = (0..DAYS.len()).flat_map(near).collect();
    days.sort_unstable();
    days.dedup();
    days
}
