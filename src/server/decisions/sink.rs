//! Where the lines of a log of decisions go. Knows bytes, and neither questions nor threads.

use std::io;

use jiff::Timestamp;

use super::record::{After, Link, SetAside};
use crate::digest::Digest;
use crate::syntax::tree::Language;

/// The last record that is kept, for those who watch; of an empty log number 0 and the hash of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub number: u64,
    pub hash: Digest,
}

impl Head {
    #[must_use]
    pub fn of(link: Link) -> Self {
        Self { number: link.number, hash: link.hash.unwrap_or_else(|| Digest::of(b"")) }
    }
}

/// Whole lines, each with its end.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'a> {
    pub text: &'a [u8],
    /// The number of the first one.
    pub first: u64,
    /// When the first one was given.
    pub at: Timestamp,
    /// Where the chain stands behind them.
    pub link: Link,
}

/// What is known of lines that failed, and of whether others can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They are there after all, and others can be written.
    There,
    /// Nothing of them is there, and others can be written.
    Ready,
    /// Nothing of them is there, or is taken away before others are written. Whether that can be done shows when it is tried.
    Untried,
}

/// Where lines go.
pub trait Sink: Send {
    /// `file`, `stdout`, `postgres`.
    fn name(&self) -> &'static str;

    /// Where the chain stands, from which the next line goes on.
    fn link(&self) -> Link;

    fn head(&self) -> Head {
        Head::of(self.link())
    }

    /// How the service before ended, where something was there.
    fn left_over(&self) -> Option<After> {
        None
    }

    /// What was found half written.
    fn set_aside(&self) -> Option<SetAside> {
        None
    }

    /// Adds lines, all of them or none.
    ///
    /// # Errors
    /// When they cannot be written, or nobody knows whether they are. [`Sink::settle`] says which, and comes before others are
    /// written.
    fn write(&mut self, lines: Lines<'_>) -> io::Result<()>;

    /// What became of the lines of the last write where it failed, and whether others can be written. Also asked every now and
    /// then where nothing is written.
    ///
    /// # Errors
    /// When that cannot be found out yet.
    fn settle(&mut self) -> io::Result<Standing> {
        Ok(Standing::Untried)
    }

    /// Returns when what was written outlasts a power cut.
    ///
    /// # Errors
    /// When the system refuses.
    fn sync(&mut self) -> io::Result<()>;

    /// What an error of these says, for whoever runs the service.
    fn words(&self, error: &io::Error, _: Language) -> String {
        error.to_string()
    }
}
