//! Texts of rules that callers send: laid over the rules that are served, or alone. Nothing of them is kept. Compiling rules takes
//! a core for a while and memory besides, so few of them are worked on at once, and few more are let in to wait.

use tokio::sync::{Semaphore, SemaphorePermit};

use super::State;
use super::members::Object;
use super::problem::Problem;
use crate::library::{self, File, Library};
use crate::syntax::tree::Language;

/// So many requests may hold texts at once, those that wait included.
static PLACES: Semaphore = Semaphore::const_new(8);
/// So many of them are worked on.
static HANDS: Semaphore = Semaphore::const_new(2);

/// Leave to send texts.
pub(super) struct Place(SemaphorePermit<'static>);

impl Place {
    /// Before any of the body is read.
    pub(super) fn take(language: Language) -> Result<Self, Problem> {
        PLACES.try_acquire().map(Self).map_err(|_| Problem::busy(language))
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
        Ok(Self { files, without: object.texts(WITHOUT)? })
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
