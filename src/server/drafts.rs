//! Texts of rules that callers send: laid over the rules that are served, or alone. Nothing of them is kept. Compiling rules takes
//! a core for a while and memory besides, so few of them are worked on at once, and few more are let in to wait.

use tokio::sync::Semaphore;

use super::State;
use super::members::Object;
use super::places;
use super::problem::Problem;
use crate::library::{self, File, Library};
use crate::syntax::tree::Language;

/// So many requests may hold texts at once, those that wait included.
pub(super) const PLACES: usize = 8;
/// So many of them are worked on.
static HANDS: Semaphore = Semaphore::const_new(2);

/// Rules have some dozens of files; each that is sent is laid over all others.
const MOST: usize = 2_000;
/// In bytes: as long as the name of a file may be.
const LONGEST_PATH: usize = 255;

/// Leave to send texts.
pub(super) struct Place(places::Place);

impl Place {
    /// Before any of the body is read.
    pub(super) fn take(state: &State, language: Language) -> Result<Self, Problem> {
        state.place(state.drafts(), language).map(Self)
    }

    /// Works when the turn comes. Who hangs up meanwhile frees nothing before the work is done.
    pub(super) async fn work<T: Send + 'static>(
        self,
        state: &State,
        language: Language,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let hand = HANDS.acquire().await.map_err(|_| Problem::internal(language))?;
        let work = move || {
            let done = work();
            drop((hand, self.0));
            done
        };
        state.aside(work).await.unwrap_or_else(|why| Err(why.problem(language)))
    }
}

/// Changes of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drafts {
    files: Vec<File>,
    /// Paths of files that are left out.
    without: Vec<String>,
}

/// The members that say them.
pub(super) const FILES: &str = "files";
pub(super) const WITHOUT: &str = "without";

impl Drafts {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, Problem> {
        let mut files = Vec::new();
        for file in object.objects(FILES)?.unwrap_or_default() {
            file.only(&["path", "text"])?;
            files.push(File { path: file.needed("path")?, bytes: file.needed("text")?.into_bytes() });
        }
        let without = object.texts(WITHOUT)?;
        let named = files.iter().map(|file| &file.path).collect();
        for (name, paths) in [(FILES, named), (WITHOUT, without.iter().collect::<Vec<_>>())] {
            if paths.len() > MOST || paths.iter().any(|path| path.len() > LONGEST_PATH) {
                let expected = format!("at most {MOST} files, with paths of at most {LONGEST_PATH} bytes");
                return Err(object.wrong(name, &expected));
            }
        }
        Ok(Self { files, without })
    }

    pub(super) fn are_none(&self) -> bool {
        self.files.is_empty() && self.without.is_empty()
    }

    /// The rules with these changes; what is wrong with them is in the result.
    pub(super) fn over(self, base: &Library, language: Language) -> Result<Library, Problem> {
        let unknown = |path: &&String| !base.files.iter().any(|file| file.path == **path);
        if let Some(path) = self.without.iter().find(unknown) {
            let detail = match language {
                Language::Vietnamese => format!("bộ quy định không có tệp `{path}` để bỏ ra"),
                Language::English => format!("the rules have no file `{path}` that could be left out"),
            };
            let near = base.files.iter().map(|file| file.path.as_str());
            let near = near.min_by_key(|own| strsim::damerau_levenshtein(own, path));
            let problem = Problem::new(super::problem::Kind::WrongShape, language, detail).at(WITHOUT);
            return Err(near.map_or(problem.clone(), |near| problem.expecting(near)));
        }
        Ok(library::laid_over(Some(base), &self.without, self.files))
    }

    /// These texts and no others.
    pub(super) fn alone(self) -> Library {
        library::laid_over(None, &[], self.files)
    }
}
