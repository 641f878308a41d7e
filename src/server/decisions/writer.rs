//! The thread that writes the log of decisions: it takes what waits in the queue, writes it in one piece, syncs every now and
//! then, and tries again where it failed. What it could not write yet it keeps, until it knows whether it is there after all;
//! the queue fills up behind it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::thread;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::super::clock;
use super::record::{self, Begins, Ends, Link, Says, Written};
use super::sink::{Head, Lines, Sink, Standing};
use super::{Announced, Answered, From, Gap, Note, Pace, Plan, Shared, locked};
use crate::reading::words::pick;

/// No more is written in one piece.
const MOST: usize = 1 << 12;

pub(super) struct Writer {
    sink: Box<dyn Sink>,
    notes: Receiver<Note>,
    announced: Receiver<Announced>,
    plan: Arc<Plan>,
    shared: Arc<Shared>,
    pace: Pace,
    /// Said first, until it is written.
    begins: Option<Begins>,
    /// Taken from the queue and not written yet.
    waiting: Vec<Note>,
    /// What was written last, where it is not known yet whether it is there.
    tried: Option<Tried>,
    /// When something was last written, or it was last looked whether that could be done.
    looked: Instant,
    /// When what is not synced was written first.
    unsynced: Option<Instant>,
    failed: bool,
    /// Nobody can hand anything over any more.
    is_over: bool,
}

/// What was in a piece that was written.
struct Tried {
    /// So many of those that wait.
    notes: usize,
    gap: Option<Gap>,
    /// All that was in it.
    records: u64,
}

impl Writer {
    pub(super) fn new(
        (sink, begins): (Box<dyn Sink>, Begins),
        (notes, announced): (Receiver<Note>, Receiver<Announced>),
        plan: Arc<Plan>,
        shared: Arc<Shared>,
        pace: Pace,
    ) -> Self {
        Self {
            sink,
            notes,
            announced,
            plan,
            shared,
            pace,
            begins: Some(begins),
            waiting: Vec::new(),
            tried: None,
            looked: clock::instant(),
            unsynced: None,
            failed: false,
            is_over: false,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            // Looked at first: what was handed over before it was said is still taken.
            let is_closing = self.shared.is_closing.load(Ordering::Acquire);
            let (written, is_full) = self.turn();
            if is_full && written {
                continue;
            }
            if is_closing || self.is_over {
                // What was handed over meanwhile, by who did not hear of the end, is written too; but nobody is waited for.
                self.turn();
                return self.end();
            }
            thread::park_timeout(if written { self.pace.look } else { self.pace.retry });
        }
    }

    /// Takes and writes once, and tells whoever waits for it. Whether it went well, and whether there may be more.
    fn turn(&mut self) -> (bool, bool) {
        self.take();
        let is_full = self.waiting.len() >= MOST;
        let (done, announced) = self.write();
        let why = done.as_ref().err().map(|error| self.sink.words(error, self.shared.language));
        let written = self.tell(done);
        // Whoever is refused finds it told everywhere.
        for Announced { done: told, .. } in announced {
            let _ = told.send(why.clone().map_or(Ok(()), Err));
        }
        (written, is_full)
    }

    /// Takes what waits in the queue, as far as there is room for it.
    fn take(&mut self) {
        while self.waiting.len() < MOST {
            match self.notes.try_recv() {
                Ok(note) => self.waiting.push(note),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => {
                    self.is_over = true;
                    return;
                }
            }
        }
    }

    /// Writes what was taken and what is announced, and syncs where it is time, or where somebody waits for it.
    /// False where there was nothing to do, which says nothing of what could be done.
    fn write(&mut self) -> (io::Result<bool>, Vec<Announced>) {
        let announced: Vec<Announced> = self.announced.try_iter().collect();
        let mut done = self.settle();
        if done.is_ok() {
            let gap = locked(&self.shared.gap).take();
            if self.begins.is_some() || gap.is_some() || !self.waiting.is_empty() || !announced.is_empty() {
                done = self.piece(&announced, gap).map(|()| true);
            }
        }
        let is_due = self.unsynced.is_some_and(|since| since.elapsed() >= self.pace.sync);
        if done.is_ok() && (is_due || !announced.is_empty()) {
            done = self.sync().map(|()| true);
        }
        (done, announced)
    }

    /// Finds out what became of a piece that failed; and every now and then, where nothing is written, whether it could be,
    /// which it says as far as the sink knows.
    fn settle(&mut self) -> io::Result<bool> {
        if self.tried.is_none() && self.looked.elapsed() < self.pace.sync {
            return Ok(false);
        }
        let standing = self.sink.settle()?;
        self.looked = clock::instant();
        match self.tried.take() {
            Some(tried) if standing == Standing::There => self.kept(&tried),
            // Those who announced something in it were told that it failed; answers are written again.
            Some(Tried { gap, .. }) => self.give_back(gap),
            None => {}
        }
        Ok(standing != Standing::Untried)
    }

    /// What was tried is in the log.
    fn kept(&mut self, tried: &Tried) {
        self.begins = None;
        self.waiting.drain(..tried.notes.min(self.waiting.len()));
        self.shared.written.fetch_add(tried.records, Ordering::Relaxed);
        self.looked = clock::instant();
        self.unsynced.get_or_insert(self.looked);
    }

    /// All that is to be written, in one piece.
    fn piece(&mut self, announced: &[Announced], gap: Option<Gap>) -> io::Result<()> {
        let (mut text, mut link) = (Vec::with_capacity(512 * (1 + self.waiting.len())), self.sink.link());
        let (first, now) = (link.number + 1, clock::now());
        // Nothing is older than what stands before it, though it be handed over by many at once.
        let mut last = Timestamp::MIN;
        let mut add = |at: Timestamp, says: &Written<'_>, link: &mut Link, text: &mut Vec<u8>| {
            last = last.max(at);
            link.add(last, says, text);
        };
        if let Some(begins) = &self.begins {
            let oldest = self.waiting.first().map_or(now, |Note { at, .. }| *at);
            add(oldest.min(now), &Says::Begins(begins.clone()), &mut link, &mut text);
        }
        for Note { at, from, answered } in &self.waiting {
            let From { request, via, line, by } = from;
            let told = match answered {
                Answered::Written(told) => Told::Kept(told),
                Answered::Given { library, entry, question, ruling } => {
                    Told::Made(self.plan.told(library, *entry, question, ruling.answer()))
                }
            };
            // What was made here is JSON.
            let Ok(told) = serde_json::from_str::<&RawValue>(told.text()) else { continue };
            let request = request.as_ref().map(|id| id.with_text(str::to_owned));
            let by = by.as_deref().map(str::to_owned);
            add(*at, &Says::Answer(record::Given { request, via: *via, line: *line, by, told }), &mut link, &mut text);
        }
        for Announced { at, publication, .. } in announced {
            add(*at, &Says::Publication(publication.clone()), &mut link, &mut text);
        }
        if let Some(Gap { lost, since, until }) = gap {
            add(now, &Says::Gap(record::Gap { lost, since, until }), &mut link, &mut text);
        }
        let at = self.waiting.first().map_or(now, |Note { at, .. }| *at);
        let tried = Tried { notes: self.waiting.len(), gap, records: link.number + 1 - first };
        match self.sink.write(Lines { text: &text, first, at, link }) {
            Ok(()) => self.kept(&tried),
            Err(error) => {
                self.tried = Some(tried);
                return Err(error);
            }
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sink.sync()?;
        self.unsynced = None;
        Ok(())
    }

    /// Answers that are still not in the log.
    fn give_back(&self, gap: Option<Gap>) {
        let Some(gap) = gap else { return };
        let mut newer = locked(&self.shared.gap);
        *newer = Some(newer.map_or(gap, |newer| Gap { lost: gap.lost + newer.lost, until: newer.until, ..gap }));
    }

    /// Says how it went, once for each change; whether it goes well.
    fn tell(&mut self, done: io::Result<bool>) -> bool {
        let language = self.shared.language;
        let mut state = locked(&self.shared.state);
        state.0 = Head::of(self.sink.link());
        match done {
            // What failed is not known to go well because nobody tries it any more.
            Ok(false) => !self.failed,
            Ok(true) => {
                state.1 = None;
                if std::mem::take(&mut self.failed) {
                    let words =
                        pick(language, "lại ghi được nhật ký quyết định", "the log of decisions is written again");
                    tracing::info!("{words}");
                }
                true
            }
            Err(error) => {
                let why = self.sink.words(&error, language);
                if !std::mem::replace(&mut self.failed, true) {
                    let words = pick(
                        language,
                        "không ghi được nhật ký quyết định; dịch vụ vẫn trả lời, việc công bố bị từ chối",
                        "the log of decisions cannot be written; questions are still answered, publications refused",
                    );
                    tracing::error!("{words}: {why}");
                }
                let since = state.1.as_ref().map_or_else(clock::now, |(since, _)| *since);
                state.1 = Some((since, why));
                false
            }
        }
    }

    /// Says that the log ends here. What could not be written is lost.
    fn end(mut self) {
        for Note { at, .. } in std::mem::take(&mut self.waiting) {
            self.shared.lose(at);
        }
        let (mut text, mut link) = (Vec::new(), self.sink.link());
        let (first, at) = (link.number + 1, clock::now());
        if let Some(Gap { lost, since, until }) = locked(&self.shared.gap).take() {
            link.add(at, &Says::Gap(record::Gap { lost, since, until }), &mut text);
        }
        link.add(at, &Says::Ends(Ends {}), &mut text);
        let done = if self.failed { Ok(()) } else { self.sink.write(Lines { text: &text, first, at, link }) };
        let done = done.and_then(|()| self.sync());
        self.tell(done.map(|()| !self.failed));
    }
}

/// What is logged of an answer, as text.
enum Told<'a> {
    Kept(&'a str),
    Made(String),
}

impl Told<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Kept(text) => text,
            Self::Made(text) => text,
        }
    }
}
