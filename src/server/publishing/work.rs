//! What is done at the desk: examining, keeping what waits, publishing. Never holds the store's lock while rules are examined, and
//! serves the new version before anybody is told of it.

use std::sync::Arc;

use super::asked::{What, Wish};
use super::refused::{GONE, OVERTAKEN, doubted, faulty, refused};
use super::{Desk, reused};
use crate::library::{self, File, Library};
use crate::server::access::{Principal, Role};
use crate::server::decisions::record::Publication as Announced;
use crate::server::moves::Moved;
use crate::server::problem::{Kind, Problem};
use crate::server::{State, clock, reload, request};
use crate::store::candidate::{Candidate, anew, confirm, examine};
use crate::store::draft::{Draft, Drafted, Wanted};
use crate::store::fault::Fault;
use crate::store::log::Kept;
use crate::store::statement::{Proposal, Publication, Request, Says};
use crate::store::{Hand, Named, Placed, Store};
use crate::syntax::tree::Language;

/// So often work is done again for the sake of what others did meanwhile.
const AGAIN: usize = 8;

/// What became of what somebody proposed.
#[derive(Debug, Clone)]
pub(in crate::server) struct Outcome {
    pub(in crate::server) stage: Stage,
    /// The name under which it waits, or waited.
    pub(in crate::server) name: Option<String>,
    pub(in crate::server) by: String,
    pub(in crate::server) note: String,
    pub(in crate::server) at: jiff::Timestamp,
    pub(in crate::server) approved_by: Option<String>,
    pub(in crate::server) publication: Publication,
    /// Where it was worked out.
    pub(in crate::server) moved: Option<Arc<Vec<Moved>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Stage {
    /// It was only asked what would be.
    Dry,
    /// For somebody else than the author.
    Approval,
    /// For the publishers of the store.
    Signatures { signed: usize, needed: usize },
    /// The entry of the log.
    Published(u32),
}

impl Outcome {
    fn of_draft(Drafted { name, draft }: Drafted) -> Self {
        let Draft { by, note, at, publication, .. } = draft;
        Self { stage: Stage::Approval, name: Some(name), by, note, at, approved_by: None, publication, moved: None }
    }

    /// Of what a service proposed.
    fn of_proposal(stage: Stage, at: jiff::Timestamp, proposal: Proposal) -> Option<Self> {
        let Proposal { by, note, says, request, .. } = proposal;
        let (Says::Publication(publication), Some(Request { draft, approved_by, .. })) = (says, request) else {
            return None;
        };
        Some(Self { stage, name: Some(draft), by, note, at, approved_by, publication, moved: None })
    }

    fn of_entry(kept: &Kept) -> Option<Self> {
        Self::of_proposal(Stage::Published(kept.number), kept.at, kept.proposal.clone())
    }
}

/// The store as it is now, for this work alone.
fn opened(state: &State, language: Language) -> Result<Store, Problem> {
    let shelf = state.shelf().ok_or_else(|| Problem::internal(language))?;
    let mut store = shelf.store().beside();
    store.refresh().map_err(|fault| faulty(&fault, language))?;
    Ok(store)
}

/// All that was proposed to the service and waits, and all that it published, the newest of that first.
fn all(store: &Store, language: Language) -> Result<impl Iterator<Item = Outcome>, Problem> {
    let (drafts, wrong) = store.drafts().map_err(|fault| faulty(&fault, language))?;
    for fault in wrong {
        tracing::error!("{}", fault.words(language));
    }
    let (waiting, _) = store.waiting().map_err(|fault| faulty(&fault, language))?;
    let at = store.log().last().map_or(jiff::Timestamp::UNIX_EPOCH, |last| last.at);
    let waiting = waiting.into_iter().filter_map(move |one| {
        let stage = Stage::Signatures { signed: one.signed, needed: one.needed };
        Outcome::of_proposal(stage, at, one.proposal)
    });
    let published = store.log().entries().iter().rev().filter_map(Outcome::of_entry);
    let published: Vec<Outcome> = published.collect();
    Ok(drafts.into_iter().map(Outcome::of_draft).chain(waiting).chain(published))
}

/// What waits, or what became of what is called so.
pub(in crate::server) fn standing(
    state: &State,
    named: Option<&str>,
    language: Language,
) -> Result<Vec<Outcome>, Problem> {
    let store = opened(state, language)?;
    let all = all(&store, language)?;
    let Some(name) = named else {
        return Ok(all.filter(|one| !matches!(one.stage, Stage::Published(_))).collect());
    };
    let is_meant = |one: &Outcome| one.name.as_deref() == Some(name);
    let mut found: Vec<Outcome> = all.filter(is_meant).take(1).collect();
    for one in &mut found {
        one.moved = Some(state.moved(store.log(), &one.publication).map_err(|fault| faulty(&fault, language))?);
    }
    Ok(found)
}

/// What a request of this key came to before.
fn repeated(store: &Store, wish: &Wish) -> Result<Option<Outcome>, Problem> {
    let language = wish.language;
    let (drafts, _) = store.drafts().map_err(|fault| faulty(&fault, language))?;
    let (waiting, _) = store.waiting().map_err(|fault| faulty(&fault, language))?;
    let of_draft = |one: Drafted| Some((one.draft.key, one.draft.asked, Outcome::of_draft(one)));
    let of_proposal = |(stage, at, proposal): (Stage, jiff::Timestamp, &Proposal)| {
        let (key, asked) = proposal.request.as_ref().map(|request| (request.key, request.asked))?;
        Some((key, asked, Outcome::of_proposal(stage, at, proposal.clone())?))
    };
    let now = clock::now();
    let in_log =
        store.log().entries().iter().rev().map(|kept| (Stage::Published(kept.number), kept.at, &kept.proposal));
    let signed =
        waiting.iter().map(|one| (Stage::Signatures { signed: one.signed, needed: one.needed }, now, &one.proposal));
    let mut known = drafts
        .into_iter()
        .filter_map(of_draft)
        .chain(signed.filter_map(of_proposal))
        .chain(in_log.filter_map(of_proposal));
    match known.find(|(key, ..)| *key == wish.key) {
        Some((_, asked, outcome)) if asked == wish.asked => Ok(Some(outcome)),
        Some(_) => Err(reused(language)),
        None => Ok(None),
    }
}

/// Works again where another entry came first, or what was worked on is gone: another service of the store may have been asked for
/// the same, and then what became of it is told, and not that it came too late.
fn again<T>(work: impl Fn() -> Result<T, Problem>) -> Result<T, Problem> {
    let mut done = work();
    for _ in 0..AGAIN {
        match done {
            Err(problem) if problem.is_coded(OVERTAKEN) || problem.is_coded(GONE) => done = work(),
            done => return done,
        }
    }
    done
}

/// Proposes a version, or publishes it where nobody has to approve.
pub(in crate::server) fn propose(state: &State, desk: &Desk, wish: &Wish) -> Result<Outcome, Problem> {
    again(|| proposed(state, desk, wish))
}

fn proposed(state: &State, desk: &Desk, wish: &Wish) -> Result<Outcome, Problem> {
    let language = wish.language;
    let store = opened(state, language)?;
    if !wish.is_dry
        && let Some(mut before) = repeated(&store, wish)?
    {
        before.moved = Some(state.moved(store.log(), &before.publication).map_err(|fault| faulty(&fault, language))?);
        return Ok(before);
    }
    let active = store.log().latest().map(|(_, latest)| latest.clone());
    let active = active.ok_or_else(|| faulty(&Fault::Empty, language))?;
    is_active(&active, wish)?;
    let parent = state.of(&active).map_err(|fault| faulty(&fault, language))?;
    let (library, candidate) = examined(&store, &parent, wish)?;
    let Candidate { publication, diff } = candidate;
    store.fits(&publication).map_err(|fault| faulty(&fault, language))?;
    let moved = diff.as_ref().map(|diff| state.moves().keep((&parent, &library), diff));
    let by = (&*wish.by, wish.note.as_str());
    let wanted = Wanted { by: by.0, note: by.1, at: clock::now(), key: wish.key, asked: wish.asked, publication };
    let drafted = wanted.after(store.log());
    if wish.is_dry {
        return Ok(Outcome { stage: Stage::Dry, name: None, moved, ..Outcome::of_draft(drafted) });
    }
    if desk.approvals() > 0 {
        announced(state, ("propose", &wish.by), &drafted, language)?;
        let kept = { store }.keep_draft(drafted, &library.files, &desk.key);
        let kept = kept.map_err(|fault| faulty(&fault, language))?;
        if kept.draft.asked != wish.asked {
            return Err(reused(language));
        }
        return Ok(Outcome { moved, ..Outcome::of_draft(kept) });
    }
    publish((state, store), desk, (drafted, library, None), language).map(|outcome| Outcome { moved, ..outcome })
}

fn is_active(active: &Publication, wish: &Wish) -> Result<(), Problem> {
    if [active.rules.short(), active.rules.to_string()].contains(&wish.active) {
        return Ok(());
    }
    let (said, now) = (&wish.active, active.rules.short());
    let detail = match wish.language {
        Language::Vietnamese => format!("phiên bản đang dùng là `{now}`, không phải `{said}`: hãy làm lại trên nó"),
        Language::English => format!("the active version is `{now}` and not `{said}`: begin again from it"),
    };
    Err(Problem::new(Kind::PreconditionFailed, wish.language, detail).at("if-match").expecting(format!("\"{now}\"")))
}

/// The rules that are wished for, examined.
fn examined(store: &Store, parent: &Library, wish: &Wish) -> Result<(Arc<Library>, Candidate), Problem> {
    let language = wish.language;
    let faulty = |fault: Fault| faulty(&fault, language);
    let files = match &wish.what {
        What::Older(named) => {
            let (kept, older) = store.find(&named.parse::<Named>().map_err(faulty)?).map_err(faulty)?;
            let older = Publication { again: Some(kept.number), ..older.clone() };
            let files = store.files(&older).map_err(faulty)?;
            let library = Arc::new(library::from_files_beside(files, parent));
            let found = anew(&library, parent, &older);
            let candidate = found.map_err(|refusal| refused(&refusal, (&library, parent), language))?;
            return Ok((library, candidate));
        }
        What::Tree(files) => files.clone(),
        What::Changes(changes) => changed(parent, changes, language)?,
    };
    let given: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let library = Arc::new(library::from_files_beside(files, parent));
    let found = examine(&library, Some(parent), &wish.reasons);
    let candidate = found.map_err(|refusal| refused(&refusal, (&library, parent), language))?;
    // What nothing reads would seem to be published, and would not be.
    if let Some(idle) = given.iter().find(|path| !library.files.iter().any(|file| file.path == **path)) {
        let detail = match language {
            Language::Vietnamese => format!("`{idle}` không phải tệp quy định, và không quy định nào dùng nó"),
            Language::English => format!("`{idle}` is no file of rules, and no rules name it"),
        };
        return Err(Problem::new(Kind::NotPublishable, language, detail).at(idle).coded("idle"));
    }
    Ok((library, candidate))
}

/// The files of the active version with some changed.
fn changed(parent: &Library, changes: &[(String, Option<Vec<u8>>)], language: Language) -> Result<Vec<File>, Problem> {
    let mut files: Vec<File> = parent.files.clone();
    for ((path, text), index) in changes.iter().zip(0..) {
        let before = files.len();
        files.retain(|file| file.path != *path);
        if let Some(bytes) = text {
            files.push(File { path: path.clone(), bytes: bytes.clone() });
        } else if files.len() == before {
            let detail = match language {
                Language::Vietnamese => format!("phiên bản đang dùng không có `{path}` để xóa"),
                Language::English => format!("the active version has no `{path}` to delete"),
            };
            let at = format!("changes[{index}].path");
            return Err(Problem::new(Kind::NotPublishable, language, detail).at(&at).coded("no-file"));
        }
    }
    Ok(files)
}

/// Nothing is published of which the log of decisions, where there is one, does not hold that it was about to be.
fn announced(
    state: &State,
    (deed, by): (&str, &str),
    Drafted { name, draft }: &Drafted,
    language: Language,
) -> Result<(), Problem> {
    let Some(log) = state.decision_log() else { return Ok(()) };
    let announced = Announced {
        request: request::id(),
        by: by.to_owned(),
        deed: deed.to_owned(),
        proposal: Some(name.clone()),
        rules: Some(draft.publication.rules.to_string()),
    };
    log.publication(announced).map_err(|why| {
        let detail = match language {
            Language::Vietnamese => format!("không ghi được nhật ký quyết định nên không công bố: {why}"),
            Language::English => format!("the log of decisions cannot be written, so nothing is published: {why}"),
        };
        Problem::new(Kind::NotLogged, language, detail)
    })
}

/// Puts what was examined into the log, or among what waits for more signatures; serves it before it is told.
fn publish(
    (state, store): (&State, Store),
    desk: &Desk,
    (drafted, library, approved_by): (Drafted, Arc<Library>, Option<&str>),
    language: Language,
) -> Result<Outcome, Problem> {
    announced(state, ("publish", approved_by.unwrap_or(&drafted.draft.by)), &drafted, language)?;
    let Drafted { name, draft } = drafted;
    let approved_by = approved_by.map(str::to_owned);
    let request = Request { key: draft.key, asked: draft.asked, draft: name.clone(), approved_by: approved_by.clone() };
    let keys = std::slice::from_ref(&desk.key);
    let hand = Hand { by: &draft.by, note: &draft.note, keys, at: clock::now() };
    let content = (draft.publication.clone(), library.files.as_slice());
    let placed = { store }.publish_for(Some(request), content, &hand).map_err(|fault| faulty(&fault, language))?;
    let stage = match placed {
        Placed::Entry(number) => {
            if let Some(shelf) = state.shelf() {
                library.compile();
                shelf.offer(library);
            }
            reload::newest(state);
            Stage::Published(number)
        }
        Placed::Waits { signed, needed, .. } => Stage::Signatures { signed, needed },
    };
    Ok(Outcome { stage, approved_by, ..Outcome::of_draft(Drafted { name, draft }) })
}

/// Publishes what somebody else proposed.
pub(in crate::server) fn approve(
    (state, desk): (&State, &Desk),
    by: (&str, &Principal),
    language: Language,
) -> Result<Outcome, Problem> {
    again(|| published((state, desk), by, language))
}

fn published(
    (state, desk): (&State, &Desk),
    (name, principal): (&str, &Principal),
    language: Language,
) -> Result<Outcome, Problem> {
    let store = opened(state, language)?;
    let (drafts, _) = store.drafts().map_err(|fault| faulty(&fault, language))?;
    let Some(drafted) = drafts.into_iter().find(|one| one.name == name) else {
        return approved(&store, (name, principal), language);
    };
    let draft = &drafted.draft;
    if *draft.by == *principal.name {
        let detail = match language {
            Language::Vietnamese => "người đề nghị không tự duyệt: cần người khác",
            Language::English => "whoever proposed it does not approve it: somebody else has to",
        };
        return Err(Problem::new(Kind::Forbidden, language, detail).coded("own-proposal"));
    }
    let of = |publication: &Publication| state.of(publication).map_err(|fault| faulty(&fault, language));
    let active = store.log().latest().map(|(_, latest)| latest.clone());
    let parent = of(&active.ok_or_else(|| faulty(&Fault::Empty, language))?)?;
    let files = store.files(&draft.publication).map_err(|fault| faulty(&fault, language))?;
    let library = Arc::new(library::from_files_beside(files, &parent));
    let found = confirm(&draft.publication, &library, Some(&parent));
    let found = found.map_err(|doubt| doubted(&doubt, (&library, &parent), language))?;
    let moved = found.diff.as_ref().map(|diff| state.moves().keep((&parent, &library), diff));
    let outcome = publish((state, store), desk, (drafted, library, Some(&principal.name)), language)?;
    Ok(Outcome { moved, ..outcome })
}

/// What does not wait any more: whoever approved it may have lost the answer.
fn approved(store: &Store, (name, principal): (&str, &Principal), language: Language) -> Result<Outcome, Problem> {
    let found = all(store, language)?.find(|one| one.name.as_deref() == Some(name));
    match found {
        Some(outcome) if outcome.approved_by.as_deref() == Some(&*principal.name) => Ok(outcome),
        Some(_) => Err(not_waiting(name, language)),
        None => Err(missing(name, language)),
    }
}

fn not_waiting(name: &str, language: Language) -> Problem {
    let detail = match language {
        Language::Vietnamese => format!("đề nghị `{name}` không còn chờ duyệt"),
        Language::English => format!("the proposal `{name}` does not wait for approval any more"),
    };
    Problem::new(Kind::Conflict, language, detail).coded("not-waiting")
}

pub(in crate::server) fn missing(name: &str, language: Language) -> Problem {
    let detail = match language {
        Language::Vietnamese => format!("không có đề nghị `{name}`: đã rút, hoặc đã có phiên bản khác được công bố"),
        Language::English => format!("there is no proposal `{name}`: withdrawn, or another version was published"),
    };
    Problem::new(Kind::NotFound, language, detail)
}

/// Takes back what waits for approval.
pub(in crate::server) fn withdraw(state: &State, by: (&str, &Principal), language: Language) -> Result<(), Problem> {
    again(|| withdrawn(state, by, language))
}

fn withdrawn(state: &State, (name, principal): (&str, &Principal), language: Language) -> Result<(), Problem> {
    let mut store = opened(state, language)?;
    let (drafts, _) = store.drafts().map_err(|fault| faulty(&fault, language))?;
    let Some(drafted) = drafts.iter().find(|one| one.name == name) else {
        let is_known = all(&store, language)?.any(|one| one.name.as_deref() == Some(name));
        return Err(if is_known { not_waiting(name, language) } else { missing(name, language) });
    };
    if *drafted.draft.by != *principal.name && !principal.roles.has(Role::Approver) {
        let detail = match language {
            Language::Vietnamese => "tác giả chỉ rút đề nghị của mình",
            Language::English => "an author takes back their own proposals alone",
        };
        return Err(Problem::new(Kind::Forbidden, language, detail).coded("not-own"));
    }
    store.withdraw(name).map_err(|fault| faulty(&fault, language))
}

impl State {
    /// The rules of a version: those that are served, or read and worked out, once.
    pub(in crate::server) fn of(&self, publication: &Publication) -> Result<Arc<Library>, Fault> {
        let served = self.library();
        match self.shelf() {
            _ if served.digest == publication.rules => Ok(served),
            Some(shelf) => shelf.ready(publication, &served),
            None => Err(Fault::Empty),
        }
    }
}
