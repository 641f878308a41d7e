//! What of a document nobody has checked. Changes no ruling, and is passed on with each.

/// What of a document nobody has checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unverified {
    pub number: bool,
    pub issued: Issued,
    pub in_force: bool,
}

/// How well a document's day of issue is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    Checked,
    Unchecked,
    /// Not known at all: its first day in force stands for it.
    Presumed,
}

impl Unverified {
    #[must_use]
    pub fn any(self) -> bool {
        self.number || self.in_force || self.issued != Issued::Checked
    }
}
