//! Publishing over HTTP: what a configuration says of it, and the one place where it is done. Rules are examined aside, one at a
//! time; what was begun is ended, though whoever asked for it hung up.

mod asked;
mod refused;
mod work;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tokio::sync::Semaphore;

use super::configuration::{Wrong, secret_text};
use super::problem::{Kind, Problem};
use super::{State, request};
use crate::digest::Digest;
use crate::store::key::SecretKey;
use crate::store::statement::Policy;
use crate::syntax::tree::Language;
pub(super) use asked::{LONGEST, Wish, proposal, rollback, rollback_schema, schema};
pub(super) use refused::Finding;
pub(super) use work::{Outcome, Stage, approve, missing, propose, standing, withdraw};

/// So many wait for their turn; more are told to come back.
const WAITING: usize = 8;

/// The section `[publishing]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Section {
    /// The file of the service's own secret key, one of the publishers of the store.
    key: PathBuf,
    /// How many others than the author have to approve.
    #[serde(default = "usual_approvals")]
    approvals: u8,
}

const fn usual_approvals() -> u8 {
    1
}

/// Where proposals are worked on.
#[derive(Debug)]
pub struct Desk {
    key: SecretKey,
    approvals: u8,
    /// Whose turn it is.
    turn: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// What is being worked on, by the keys of the requests.
    flights: Arc<Mutex<BTreeMap<Digest, Digest>>>,
}

impl Desk {
    /// As a configuration says.
    ///
    /// # Errors
    /// When the key cannot be read, others may read it, or the number is none that is done.
    pub(super) fn new(section: &Section, folder: &Path) -> Result<Self, Wrong> {
        if section.approvals > 1 {
            return Err(Wrong::new(
                "publishing.approvals",
                "chỉ nhận 0 hoặc 1; cần nhiều chữ ký hơn thì đổi quy chế của kho bằng `tq store policy`",
                "it is 0 or 1; for more signatures change the policy of the store by `tq store policy`",
            ));
        }
        let file = folder.join(&section.key);
        let place = file.display().to_string();
        let text = secret_text(&file)?;
        let key = SecretKey::from_pem(&text).ok_or_else(|| {
            Wrong::new(
                place,
                "không phải khóa bí mật Ed25519 (PKCS#8, PEM); tạo bằng `tq key new`",
                "this is no secret key of Ed25519 (PKCS#8, PEM); make one with `tq key new`",
            )
        })?;
        let one = |permits| Arc::new(Semaphore::new(permits));
        Ok(Self { key, approvals: section.approvals, turn: one(1), queue: one(WAITING), flights: Arc::default() })
    }

    /// How many others than the author have to approve.
    pub(super) const fn approvals(&self) -> u8 {
        self.approvals
    }

    fn flights(&self) -> MutexGuard<'_, BTreeMap<Digest, Digest>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request is being worked on as long as this is there.
struct Flight {
    desk: Arc<Desk>,
    key: Digest,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.desk.flights().remove(&self.key);
    }
}

impl State {
    /// Whether the service may publish, and tell of it, as a configuration says.
    ///
    /// # Errors
    /// When it has no store, or its key is none of the publishers.
    pub fn may_publish(&self) -> Result<(), Wrong> {
        let settings = self.settings();
        let needs_store = |place: &str| {
            let vietnamese = "cần kho phiên bản: chạy với `--store`";
            Err(Wrong::new(place, vietnamese, "it takes a store of versions: run with `--store`"))
        };
        if self.shelf().is_none() && !settings.webhooks.is_empty() {
            return needs_store("webhook");
        }
        let Some(desk) = &settings.publishing else { return Ok(()) };
        let Some(shelf) = self.shelf() else { return needs_store("publishing") };
        let may = shelf.store().log().policy().map(Policy::publishing).unwrap_or_default();
        if may.contains(&desk.key.public()) {
            return Ok(());
        }
        let key = desk.key.public().text();
        Err(Wrong::new(
            "publishing.key",
            format!("khóa {key} không có quyền công bố theo quy chế của kho: thêm bằng `tq store policy`"),
            format!("the key {key} may not publish by the policy of the store: add it by `tq store policy`"),
        ))
    }

    /// The desk, where there is one.
    pub(super) fn desk(&self, language: Language) -> Result<Arc<Desk>, Problem> {
        self.settings().publishing.clone().ok_or_else(|| {
            let detail = match language {
                Language::Vietnamese => "dịch vụ này không nhận công bố qua HTTP",
                Language::English => "this service takes no publications over HTTP",
            };
            Problem::new(Kind::NotFound, language, detail)
        })
    }

    /// Does work at the desk when its turn comes, to its end, though nobody wait for it any more.
    pub(super) async fn at_desk<T: Send + 'static>(
        &self,
        wish: Option<(Digest, Digest)>,
        language: Language,
        work: impl FnOnce(&Self, &Desk) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = self.desk(language)?;
        let flight = wish.map(|wish| depart(&desk, wish, language)).transpose()?;
        let place = Arc::clone(&desk.queue).try_acquire_owned().map_err(|_| {
            let detail = match language {
                Language::Vietnamese => "đang có quá nhiều đề nghị chờ xử lý: hãy gửi lại sau",
                Language::English => "too many proposals wait to be worked on: send it again in a moment",
            };
            Problem::new(Kind::Busy, language, detail)
        })?;
        let (state, at) = (self.clone(), Arc::clone(&desk));
        let work = request::carried(move || work(&state, &at));
        let task = tokio::spawn(async move {
            let turn = Arc::clone(&desk.turn).acquire_owned().await;
            let work = move || {
                let done = work();
                drop((turn, place, flight));
                done
            };
            tokio::task::spawn_blocking(work).await
        });
        match task.await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) | Err(_) => Err(Problem::internal(language)),
        }
    }
}

/// Notes that a request is being worked on; refuses the same one meanwhile, and another under its key.
fn depart(desk: &Arc<Desk>, (key, asked): (Digest, Digest), language: Language) -> Result<Flight, Problem> {
    let mut flights = desk.flights();
    match flights.get(&key) {
        Some(there) if *there == asked => {
            let detail = match language {
                Language::Vietnamese => "yêu cầu có khóa này đang được xử lý: hãy gửi lại sau",
                Language::English => "the request of this key is being worked on: send it again in a moment",
            };
            Err(Problem::new(Kind::Conflict, language, detail).at("idempotency-key").coded("in-flight"))
        }
        Some(_) => Err(reused(language)),
        None => {
            flights.insert(key, asked);
            Ok(Flight { desk: Arc::clone(desk), key })
        }
    }
}

/// Another request went under this key.
fn reused(language: Language) -> Problem {
    let detail = match language {
        Language::Vietnamese => "khóa này đã dùng cho một yêu cầu khác",
        Language::English => "this key was used for another request",
    };
    let expected = match language {
        Language::Vietnamese => "một khóa mới, ví dụ một UUID",
        Language::English => "a new key, such as a UUID",
    };
    Problem::new(Kind::BadQuestion, language, detail).at("idempotency-key").coded("key-reused").expecting(expected)
}
