//! Long lists, page by page: `limit`, and `after` with the last name of the page before.

use super::caller::{Caller, Wrong};
use super::problem::Problem;

/// So many where no number is said.
pub(super) const USUAL: usize = 100;
pub(super) const MOST: usize = 1000;

/// Which page is wanted.
#[derive(Debug, Clone)]
pub(super) struct Paging {
    limit: usize,
    after: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// In the whole list.
    pub(super) total: usize,
    /// What to say as `after` for the next page, if there is one.
    pub(super) next: Option<String>,
}

impl Paging {
    pub(super) fn of(caller: &Caller) -> Result<Self, Problem> {
        let limit = match caller.one("limit") {
            None => USUAL,
            Some(written) => {
                let number = written.parse().ok().filter(|number| (1..=MOST).contains(number));
                number.ok_or_else(|| caller.wrong("limit", Wrong::Limit { written, most: MOST }))?
            }
        };
        Ok(Self { limit, after: caller.one("after").map(str::to_owned) })
    }

    /// The page of a list whose entries have names of their own.
    pub(super) fn page<T: Copy>(
        &self,
        caller: &Caller,
        all: &[T],
        name: impl Fn(T) -> String,
    ) -> Result<Page<T>, Problem> {
        let start = match &self.after {
            None => 0,
            Some(after) => {
                let last = all.iter().position(|one| name(*one) == *after);
                last.ok_or_else(|| caller.wrong("after", Wrong::Cursor(after)))? + 1
            }
        };
        let items: Vec<T> = all.iter().skip(start).take(self.limit).copied().collect();
        let more = start + items.len() < all.len();
        let next = items.last().filter(|_| more).map(|last| name(*last));
        Ok(Page { items, total: all.len(), next })
    }
}
