//! Decisions already signed: was the signer competent then? Each is judged against the ruling of its task, places, day and
//! facts. Knows the ruling and the signer, neither tables nor streams nor who may sign for whom within an organ.

pub mod columns;
mod judge;
mod memo;
mod row;
pub mod rows;
mod shape;
mod signer;
pub mod words;

pub use judge::{Judged, Near, judge, named};
pub use row::{Auditor, Bad, Cited, Finding, Found, Known, Row};
pub use shape::{Said, said};
pub use signer::{Bench, Signer, signer};

use std::io::{self, BufRead};

use self::columns::Columns;
use self::rows::Rows;
use crate::reading::naming::Voice;
use crate::ruling::Outcome;

/// What an audit says of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The signer decides, or is one of those who do.
    Competent,
    /// Somebody else decides, in every case that the row leaves open.
    UltraVires,
    /// It depends on what the row does not say.
    Undetermined,
    Gap,
    /// Several contend, and the signer is one of them.
    Conflict,
    Orphaned,
    NotRequired,
    Open,
    NotCovered,
}

impl Verdict {
    pub const ALL: [Self; 9] = [
        Self::Competent,
        Self::UltraVires,
        Self::Undetermined,
        Self::Gap,
        Self::Conflict,
        Self::Orphaned,
        Self::NotRequired,
        Self::Open,
        Self::NotCovered,
    ];

    /// Whether nobody need look at the decision again for who signed it.
    #[must_use]
    pub const fn is_fine(self) -> bool {
        match self {
            Self::Competent | Self::NotRequired => true,
            Self::UltraVires
            | Self::Undetermined
            | Self::Gap
            | Self::Conflict
            | Self::Orphaned
            | Self::Open
            | Self::NotCovered => false,
        }
    }

    /// The verdict where nobody decides; `None` where somebody does or contends.
    const fn nobody(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Gap => Some(Self::Gap),
            Outcome::Orphaned => Some(Self::Orphaned),
            Outcome::NotRequired => Some(Self::NotRequired),
            Outcome::Open => Some(Self::Open),
            Outcome::NotCovered => Some(Self::NotCovered),
            Outcome::Undetermined => Some(Self::Undetermined),
            Outcome::Decided | Outcome::Concurrent | Outcome::Conflict => None,
        }
    }
}

/// How many decisions there were of each verdict, and how many rows could not be judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    verdicts: [u64; Verdict::ALL.len()],
    pub bad: u64,
}

impl Tally {
    pub fn count(&mut self, finding: &Finding) {
        match &*finding.found {
            Found::Bad(_) => self.bad += 1,
            Found::Judged(known) => {
                let at = Verdict::ALL.iter().position(|one| *one == known.judged.verdict);
                at.and_then(|at| self.verdicts.get_mut(at)).into_iter().for_each(|count| *count += 1);
            }
        }
    }

    /// In the order of [`Verdict::ALL`].
    pub fn of_each(&self) -> impl Iterator<Item = (Verdict, u64)> + '_ {
        Verdict::ALL.into_iter().zip(self.verdicts)
    }

    #[must_use]
    pub fn rows(&self) -> u64 {
        self.verdicts.iter().sum::<u64>() + self.bad
    }

    /// Whether every row could be judged, and none need be looked at again.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.bad == 0 && self.of_each().all(|(verdict, count)| verdict.is_fine() || count == 0)
    }
}

/// The cells of a header and what they mean, or all that is wrong with it, in words.
pub type Header = Result<(Vec<String>, Columns), Vec<String>>;

/// Reads the header of a table.
///
/// # Errors
/// When the stream fails.
pub fn header<R: BufRead>(rows: &mut Rows<R>, voice: Voice<'_>) -> io::Result<Header> {
    let wrong = |all: Vec<columns::Wrong>| Err(all.iter().map(|one| columns::words(voice, one)).collect());
    let Some(first) = rows.next_row()? else { return Ok(wrong(vec![columns::Wrong::Empty])) };
    Ok(match first.wrong {
        Some(Bad::NotText { column }) => wrong(vec![columns::Wrong::NotText { column }]),
        Some(bad) => Err(vec![words::bad(voice, &bad)]),
        None => match Columns::read(voice.rulebook, &first.cells) {
            Ok(columns) => Ok((first.cells, columns)),
            Err(all) => wrong(all),
        },
    })
}
