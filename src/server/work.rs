//! Work that is not done at once: so much of it is done side by side, so much waits its turn for a while, and all else is sent
//! away. What is begun is done to its end, and until then its hand is not free, whoever hangs up meanwhile.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::places::{Full, Place, Places};
use super::problem::{Kind, Problem};
use super::{Settings, State, request};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// Who does the work, and the places of those who wait for it.
#[derive(Debug)]
pub(super) struct Hands {
    free: Arc<Semaphore>,
    places: Semaphore,
    settings: (usize, usize, Duration),
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// All hands are busy, and all places taken.
    Crowded,
    /// No hand was free in time.
    Waited,
    /// The work was not done in time.
    Overdue,
    Panicked,
}

impl Unanswered {
    pub(super) fn problem(self, language: Language) -> Problem {
        let detail = match self {
            Self::Crowded | Self::Waited => pick(
                language,
                "đang có quá nhiều câu hỏi: hãy gửi lại sau",
                "too much is asked at once: ask again in a moment",
            ),
            Self::Overdue => pick(
                language,
                "chưa trả lời xong trong thời gian cho phép: hãy hỏi lại sau",
                "the answer was not there in time: ask again in a moment",
            ),
            Self::Panicked => return Problem::internal(language),
        };
        Problem::new(Kind::Busy, language, detail)
    }
}

impl Hands {
    pub(super) fn new(settings: &Settings) -> Self {
        let Settings { hands, waiting, wait, .. } = *settings;
        Self {
            free: Arc::new(Semaphore::new(hands)),
            places: Semaphore::new(waiting),
            settings: (hands, waiting, wait),
        }
    }

    /// How much is being done, and how much waits.
    pub(super) fn busy(&self) -> (usize, usize) {
        let (hands, waiting, _) = self.settings;
        (hands.saturating_sub(self.free.available_permits()), waiting.saturating_sub(self.places.available_permits()))
    }

    async fn one(&self) -> Result<OwnedSemaphorePermit, Unanswered> {
        if let Ok(hand) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(hand);
        }
        let _place = self.places.try_acquire().map_err(|_| Unanswered::Crowded)?;
        let hand = timeout(self.settings.2, Arc::clone(&self.free).acquire_owned()).await;
        hand.ok().and_then(Result::ok).ok_or(Unanswered::Waited)
    }
}

impl State {
    /// A place among some for the request under way, if there is one.
    pub(super) fn place(&self, places: &Arc<Places>, language: Language) -> Result<Place, Problem> {
        places.take(request::client()).map_err(|full| {
            match full {
                Full::All => self.meters().unanswered(Unanswered::Crowded),
                Full::Share(_) => self.meters().limited(),
            }
            full.problem(language)
        })
    }

    /// Does work where waiting for it harms nobody, when its turn comes.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let done = self.done(work).await;
        if let Err(why) = &done {
            self.meters().unanswered(*why);
        }
        done
    }

    async fn done<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unanswered> {
        let hand = self.hands().one().await?;
        let work = request::carried(work);
        let work = move || {
            let done = work();
            drop(hand);
            done
        };
        match timeout(self.settings().answer, tokio::task::spawn_blocking(work)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(ended)) => {
                tell(ended.try_into_panic().ok());
                Err(Unanswered::Panicked)
            }
            Err(_) => Err(Unanswered::Overdue),
        }
    }
}

/// What panicked is a defect of ours, and goes to the log.
pub(super) fn tell(panic: Option<Box<dyn Any + Send>>) {
    let words = panic.as_ref().and_then(|panic| {
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str))
    });
    tracing::error!(trace_id = request::trace_id(), "panic: {}", words.unwrap_or("?"));
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::library;

    fn state(hands: usize, waiting: usize) -> State {
        let short = Duration::from_millis(300);
        let settings = Settings { hands, waiting, wait: short, answer: short, ..Settings::default() };
        State::with(library::from_texts(&[]), settings)
    }

    /// Work that is done when it is told, and who tells it.
    fn held() -> (impl FnOnce() -> u8 + Send + 'static, mpsc::Sender<()>) {
        let (tell, told) = mpsc::channel::<()>();
        (move || told.recv().map_or(1, |()| 2), tell)
    }

    #[tokio::test]
    async fn what_finds_neither_hand_nor_place_is_sent_away_at_once() {
        let state = state(1, 1);
        let (work, tell) = held();
        let one = tokio::spawn({
            let state = state.clone();
            async move { state.aside(work).await }
        });
        while state.hands().busy() != (1, 0) {
            tokio::task::yield_now().await;
        }
        let two = tokio::spawn({
            let state = state.clone();
            async move { state.aside(|| 3).await }
        });
        while state.hands().busy() != (1, 1) {
            tokio::task::yield_now().await;
        }
        assert_eq!(state.aside(|| 4).await, Err(Unanswered::Crowded));
        tell.send(()).expect("it waits");
        assert_eq!((one.await.expect("no panic"), two.await.expect("no panic")), (Ok(2), Ok(3)));
        assert_eq!(state.hands().busy(), (0, 0));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_and_a_hand_is_kept_till_its_work_is_done() {
        let state = state(1, 1);
        let (work, tell) = held();
        assert_eq!(state.aside(work).await, Err(Unanswered::Overdue));
        assert_eq!(state.hands().busy(), (1, 0), "it goes on");
        assert_eq!(state.aside(|| 3).await, Err(Unanswered::Waited));
        drop(tell);
        assert_eq!(state.aside(|| 3).await, Ok(3), "the hand is free again");
        let text = state.meters().rendered();
        for line in ["why=\"overdue\"} 1", "why=\"waited\"} 1", "why=\"crowded\"} 0"] {
            assert!(text.contains(&format!("thamquyen_requests_shed_total{{{line}")), "{line}: {text}");
        }
    }

    #[tokio::test]
    async fn a_panic_ends_no_service() {
        let state = state(1, 1);
        for _ in 0..3 {
            assert_eq!(state.aside(|| -> u8 { panic!("on purpose") }).await, Err(Unanswered::Panicked));
        }
        assert_eq!((state.aside(|| 3).await, state.hands().busy()), (Ok(3), (0, 0)));
        assert!(state.meters().rendered().contains("thamquyen_panics_total 3"));
    }
}
