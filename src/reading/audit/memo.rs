//! What was worked out lately, bounded: two generations, of which the elder is let go when the younger is full. Knows nothing
//! of what it keeps.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::Date;

use crate::rulebook::Days;

/// Results by what they were asked with and the days on which they hold.
#[derive(Debug)]
pub(super) struct Memo<T> {
    young: Generation<T>,
    old: Generation<T>,
    /// How many keys a generation has.
    room: usize,
}

type Generation<T> = BTreeMap<Vec<u8>, Vec<(Days, Rc<T>)>>;

/// Of one key, results for so many runs of days are kept.
const RUNS: usize = 16;

impl<T> Memo<T> {
    pub(super) const fn new(room: usize) -> Self {
        Self { young: BTreeMap::new(), old: BTreeMap::new(), room }
    }

    pub(super) fn get(&mut self, key: &[u8], day: Date) -> Option<Rc<T>> {
        let holds = |runs: &Vec<(Days, Rc<T>)>| {
            runs.iter().find(|(days, _)| days.contains(day)).map(|(days, known)| (*days, Rc::clone(known)))
        };
        if let Some((_, known)) = self.young.get(key).and_then(holds) {
            return Some(known);
        }
        let (days, known) = self.old.get(key).and_then(holds)?;
        self.keep(key.to_vec(), days, Rc::clone(&known));
        Some(known)
    }

    pub(super) fn keep(&mut self, key: Vec<u8>, days: Days, what: Rc<T>) {
        if self.young.len() >= self.room {
            self.old = std::mem::take(&mut self.young);
        }
        let runs = self.young.entry(key).or_default();
        if runs.len() >= RUNS {
            runs.clear();
        }
        runs.push((days, what));
    }
}
