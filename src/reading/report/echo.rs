//! What of a question stands again in its answer and is no plain member: the units and the facts, by their ids. Written
//! straight from the question, for many questions share one answer.

use serde::{Serialize, Serializer};

use super::next::value;
use super::unit::unit;
use crate::reading::naming::Voice;
use crate::register::RowId;
use crate::ruling::Question;

/// The units asked about, by role; `null` where the question says that there is none.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    pub(super) voice: Voice<'a>,
    pub(super) question: &'a Question,
}

impl Serialize for Places<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { voice, question } = *self;
        let roles = voice.rulebook[question.task].roles.iter().zip(&question.places);
        serializer.collect_map(roles.map(|(role, rows)| {
            let units = (!question.without.contains(role)).then_some(Units { voice, rows });
            (&voice.rulebook[*role].names.id, units)
        }))
    }
}

/// The units of one role.
struct Units<'a> {
    voice: Voice<'a>,
    rows: &'a [RowId],
}

impl Serialize for Units<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().map(|row| unit(self.voice, *row)))
    }
}

/// The facts that were said.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub(super) voice: Voice<'a>,
    pub(super) question: &'a Question,
}

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { voice, question } = *self;
        let facts = question.facts.iter();
        serializer.collect_map(facts.map(|(fact, said)| (&voice.rulebook[*fact].names.id, value(voice, *fact, said))))
    }
}
