//! Between those who answer and the log of decisions: which version was asked, under which request, for whom. Knows no
//! resource, and not how the log is written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value as Json, json};

use super::configuration::{Configuration, Wrong};
use super::decisions::record::Via;
use super::decisions::{Answered, Decisions, Doing, From, Given};
use super::request::{self, Call};
use super::{State, decisions};
use crate::digest::Digest;
use crate::library::Library;
use crate::ruling::{Answer, Question};

/// A log of decisions, and the entries of the store by which the rules are known there.
#[derive(Debug)]
pub(super) struct Logging {
    log: Decisions,
    entries: Mutex<BTreeMap<Digest, Option<u32>>>,
}

/// A question and the rules that answered it.
pub(super) type Put = (Arc<Library>, Question);

impl State {
    /// Logs answers from now on, as a configuration says.
    ///
    /// # Errors
    /// When the section is not right, or the log cannot be gone on with.
    pub fn log_decisions(&self, configuration: &Configuration) -> Result<(), Wrong> {
        let Some(section) = &configuration.decisions else { return Ok(()) };
        let library = self.library();
        let log = section.begin(&configuration.folder, &library.rulebook, self.settings().language)?;
        self.log_to(log);
        Ok(())
    }

    /// Logs answers from now on; a service has one log, and keeps the first.
    pub fn log_to(&self, log: Decisions) {
        let _ = self.0.decisions.set(Logging { log, entries: Mutex::default() });
    }

    /// Where answers are logged, if they are.
    #[must_use]
    pub fn decision_log(&self) -> Option<&Decisions> {
        self.logging().map(|logging| &logging.log)
    }

    pub(super) fn logging(&self) -> Option<&Logging> {
        self.0.decisions.get()
    }
}

impl Logging {
    /// An answer at `/v1/who-decides`.
    pub(super) fn answer(&self, state: &State, put: Put, given: Given) {
        if let Some(from) = self.from(request::under(), Via::WhoDecides, None) {
            self.note(state, from, put, given);
        }
    }

    /// The same answer once more.
    pub(super) fn again(&self, told: Arc<str>) {
        if let Some(from) = self.from(request::under(), Via::WhoDecides, None) {
            self.log.note(from, Answered::Written(told));
        }
    }

    /// An answer on a line of a batch.
    pub(super) fn line(&self, state: &State, (under, line): (Option<&Call>, usize), put: Put, answer: Answer) {
        if let Some(from) = self.from(under.cloned(), Via::Batch, Some(line)) {
            self.note(state, from, put, Given::Own(Box::new(answer)));
        }
    }

    /// An answer anywhere else.
    pub(super) fn elsewhere(&self, state: &State, via: Via, library: Arc<Library>, answer: Answer) {
        if let Some(from) = self.from(request::under(), via, None) {
            let put = (library, answer.question.clone());
            self.note(state, from, put, Given::Own(Box::new(answer)));
        }
    }

    /// From where it is asked; none where the answer is not of the sample.
    fn from(&self, under: Option<Call>, via: Via, line: Option<usize>) -> Option<From> {
        let (request, by) = under.map_or((None, None), |Call { id, by, .. }| (Some(id), by));
        self.log.wants(request.as_ref(), line).then_some(From { request, via, line, by })
    }

    fn note(&self, state: &State, from: From, (library, question): Put, ruling: Given) {
        let entry = self.entry(state, library.digest);
        self.log.note(from, Answered::Given { library, entry, question: Box::new(question), ruling });
    }

    /// What is logged of an answer that will be given again.
    pub(super) fn written(&self, state: &State, library: &Library, question: &Question, answer: &Answer) -> Arc<str> {
        self.log.written((library, self.entry(state, library.digest)), question, answer)
    }

    /// The entry that published these rules last; looked up once for each version.
    fn entry(&self, state: &State, rules: Digest) -> Option<u32> {
        let shelf = state.shelf()?;
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        *entries.entry(rules).or_insert_with(|| {
            // Not of the store itself, which whoever looks at it holds for as long as a database does not answer.
            shelf.log().published().rev().find(|(_, one)| one.rules == rules).map(|(kept, _)| kept.number)
        })
    }

    /// There is another entry: an old version may have been published anew.
    pub(super) fn forget(&self) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// As `/healthz/ready` shows it.
    pub(super) fn shown(&self) -> Json {
        let Doing { written, lost, last: (number, hash), failing } = self.log.doing();
        json!({
            "to": self.log.to(),
            "writing": self.log.is_writable(),
            "written": written,
            "lost": lost,
            "last": { "number": number, "hash": hash },
            "failing": failing.map(|(since, why)| json!({ "since": since.to_string(), "message": why })),
        })
    }

    /// As `/metrics` shows it.
    pub(super) fn metrics(&self) -> String {
        let decisions::Doing { written, lost, .. } = self.log.doing();
        let writing = u8::from(self.log.is_writable());
        let one = |name: &str, kind: &str, about: &str, value: u64| {
            format!(
                "# HELP thamquyen_decisions_{name} {about}\n# TYPE thamquyen_decisions_{name} {kind}\nthamquyen_decisions_{name} {value}\n"
            )
        };
        [
            one("logged_total", "counter", "Records written to the log of decisions.", written),
            one("lost_total", "counter", "Answers that are missing in the log of decisions.", lost),
            one("writing", "gauge", "Whether the log of decisions can be written.", writing.into()),
        ]
        .concat()
    }
}
