//! The long lists of a ruling, full of citations: the grounds, what is still to be known, what lost. They are the same for all
//! who share the ruling, so they stand in it as shapes, or as a text that was written before. Both are the same bytes.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::next::next;
use super::parts::{grounds, loss};
use crate::reading::ask::Depth;
use crate::reading::naming::Voice;
use crate::ruling::{Answer, Ground};

/// A list of shapes, or its text.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum List<'a, T> {
    Shapes(Vec<T>),
    Written(&'a RawValue),
}

/// The long lists of a ruling, as far as they are written already.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lists<'a> {
    pub chain: Option<&'a RawValue>,
    pub ask: Option<&'a RawValue>,
    pub lost: Option<&'a RawValue>,
}

impl Lists<'_> {
    /// How long those are that are written.
    pub(super) fn bytes(self) -> usize {
        [self.chain, self.ask, self.lost].into_iter().flatten().map(|text| text.get().len()).sum()
    }
}

impl<'a, T> List<'a, T> {
    /// The text, where there is one, else the shapes.
    pub(super) fn of(text: Option<&'a RawValue>, shapes: impl FnOnce() -> Vec<T>) -> Self {
        text.map_or_else(|| Self::Shapes(shapes()), Self::Written)
    }
}

/// The text of grounds.
#[must_use]
pub fn chain(voice: Voice<'_>, all: &[Ground]) -> Box<RawValue> {
    text(&grounds(voice, all))
}

/// The text of what is still to be known, where something is.
#[must_use]
pub fn ask(voice: Voice<'_>, answer: &Answer) -> Option<Box<RawValue>> {
    answer.next.as_ref().map(|open| text(&[next(voice, open)]))
}

/// The text of what lost, where it is asked for.
#[must_use]
pub fn lost(voice: Voice<'_>, answer: &Answer, depth: Depth) -> Option<Box<RawValue>> {
    match depth {
        Depth::Ruling => None,
        Depth::Record => Some(text(&answer.record.iter().map(|one| loss(voice, one)).collect::<Vec<_>>())),
    }
}

fn text(list: &(impl Serialize + ?Sized)) -> Box<RawValue> {
    to_raw_value(list).unwrap_or_default()
}
