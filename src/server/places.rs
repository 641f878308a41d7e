//! Places for what goes on for long: batches, listening, texts that are sent. One client has at most half of them, so that nobody keeps
//! all others out. Knows clients by their keys, and not what is answered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::problem::{Kind, Problem};
use super::rate::Key;
use crate::syntax::tree::Language;

/// All places of one kind.
#[derive(Debug)]
pub(super) struct Places {
    all: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    together: usize,
    /// Of clients that are counted, those who have one.
    each: BTreeMap<Key, usize>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    client: Option<Key>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// All are taken.
    All,
    /// The client has as many as one may have.
    Share(usize),
}

impl Full {
    pub(super) fn problem(self, language: Language) -> Problem {
        let (kind, detail) = match (self, language) {
            (Self::All, Language::Vietnamese) => {
                (Kind::Busy, "đang có quá nhiều việc cùng loại: hãy gửi lại sau".to_owned())
            }
            (Self::All, Language::English) => {
                (Kind::Busy, "too many of these are under way: send it again in a moment".to_owned())
            }
            (Self::Share(share), Language::Vietnamese) => (
                Kind::TooOften,
                format!("mỗi nơi gọi được mở {share} việc cùng loại một lúc: hãy để một việc kết thúc rồi gửi lại"),
            ),
            (Self::Share(share), Language::English) => (
                Kind::TooOften,
                format!("each client may have {share} of these at once: send it again when one of yours has ended"),
            ),
        };
        Problem::new(kind, language, detail)
    }
}

impl Places {
    pub(super) fn new(all: usize) -> Self {
        Self { all, taken: Mutex::default() }
    }

    /// Takes a place for a client; for nobody where it is not counted who asks.
    pub(super) fn take(self: &Arc<Self>, client: Option<Key>) -> Result<Place, Full> {
        let mut taken = self.taken();
        if taken.together >= self.all {
            return Err(Full::All);
        }
        if let Some(client) = client {
            let (own, share) = (taken.each.entry(client).or_default(), self.all.div_ceil(2));
            if *own >= share {
                return Err(Full::Share(share));
            }
            *own += 1;
        }
        taken.together += 1;
        Ok(Place { places: Arc::clone(self), client })
    }

    /// How many are taken.
    pub(super) fn in_use(&self) -> usize {
        self.taken().together
    }

    /// Nothing is left half done by whoever panicked with it.
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.together = taken.together.saturating_sub(1);
        let Some(client) = self.client else { return };
        if let Some(own) = taken.each.get_mut(&client) {
            *own -= 1;
            if *own == 0 {
                taken.each.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Option<Key> = Some(Key::V4(1));
    const OTHER: Option<Key> = Some(Key::V4(2));

    #[test]
    fn one_client_leaves_half_to_the_others() {
        let places = Arc::new(Places::new(5));
        let mut own: Vec<Place> = (0..3).map(|_| places.take(ONE).expect("a place")).collect();
        assert_eq!(places.take(ONE).err(), Some(Full::Share(3)));
        let others = [places.take(OTHER).expect("a place"), places.take(None).expect("a place")];
        assert_eq!((places.in_use(), places.take(OTHER).err()), (5, Some(Full::All)));
        own.pop();
        assert!(places.take(OTHER).is_ok(), "whoever leaves makes room for anybody");
        assert!(places.take(ONE).is_ok(), "and for themselves");
        drop((own, others));
        assert_eq!((places.in_use(), places.taken().each.len()), (0, 0), "who has none is forgotten");
    }

    #[test]
    fn who_is_not_counted_may_have_all_and_a_single_place_is_anybodys() {
        let places = Arc::new(Places::new(4));
        let all: Vec<Place> = (0..4).map(|_| places.take(None).expect("a place")).collect();
        assert_eq!((all.len(), places.take(None).err()), (4, Some(Full::All)));
        let only = Arc::new(Places::new(1));
        let place = only.take(ONE).expect("a place");
        assert_eq!(only.take(OTHER).err(), Some(Full::All));
        drop(place);
        assert!(only.take(OTHER).is_ok());
    }
}
