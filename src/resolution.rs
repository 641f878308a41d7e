//! The law's reasoning: from a dossier to a ruling. Knows nothing of places, days and values: what holds of them it asks of a
//! [`Dossier`], in [queries](Query) that are answered by yes or no. A total, pure function of these answers, so that whoever
//! knows the answers (a point, or a whole box of points on which none of them changes) knows the ruling.

mod beside;
mod case;
mod classification;
mod competence;
mod fault;
mod force;
mod framework;
mod handling;
mod holding;
mod passing;
mod precedence;
mod sources;
mod standing;
mod succession;
#[cfg(test)]
mod tests;
mod transfer;
mod verdict;
mod widening;

pub use beside::beside;
pub use fault::fault;
pub use sources::Sources;
pub use verdict::holding;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::register::{LevelId, UnitId};
use crate::rulebook::{
    BodyId, DocumentId, FactId, Handling, ProvisionId, ReadingId, RoleId, Rulebook, Seat, SeatAt, Sharing, Statement,
    TableId, TaskId, Value,
};
use crate::ruling::{ConflictKind, Ground, Holder, Outcome, Requirement};

/// A day on which something is judged, by what it means; which day that is resolution does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clock {
    /// The day asked about.
    Now,
    /// The day on which a document was issued.
    Issued(DocumentId),
    /// The first day of a transfer: the later of its issue and its start.
    First(ProvisionId),
    /// A day that a sentence names.
    On(Date),
}

/// A place at which sentences are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    /// A task without a place.
    Nowhere,
    Role(RoleId),
    /// Within this unit, which is asked about only where it exists.
    Unit(UnitId),
}

/// What sentences give to tests here and then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Derived {
    /// Values by sentences of classification, in order of fact: tests of these facts are tests of these values.
    pub facts: Vec<(FactId, Value)>,
    /// For tables, in order, the sentences whose rows count, and for which values.
    pub rows: Vec<(TableId, ProvisionId, Values)>,
}

impl Derived {
    /// The limit that a table states for a value.
    #[must_use]
    pub fn limit(&self, rules: &Rulebook, table: TableId, value: u8) -> Option<Decimal> {
        let (_, sentence, _) = self.rows.iter().find(|(own, _, values)| *own == table && values.holds(value))?;
        if let Statement::Tabulates { rows, .. } = &rules[*sentence].statement {
            rows.get(&value).copied()
        } else {
            None
        }
    }
}

/// Numbers of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Values([u128; 2]);

impl Values {
    const fn bit(value: u8) -> u128 {
        1 << (value % 128)
    }

    #[must_use]
    pub const fn holds(self, value: u8) -> bool {
        let [low, high] = self.0;
        (if value < 128 { low } else { high }) & Self::bit(value) != 0
    }

    pub const fn insert(&mut self, value: u8) {
        let [low, high] = &mut self.0;
        let part = if value < 128 { low } else { high };
        *part |= Self::bit(value);
    }
}

/// What resolution asks of a point. Static tables (who issued what when, ranks, targets of acts) it reads itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Query {
    /// The clock's day is not before the provision's first day ([`crate::rulebook::Rulebook::start`]).
    Begun(ProvisionId, Clock),
    /// The provision's own days (those of its article and sentence, not its document's) hold the clock's day.
    OwnDays(ProvisionId, Clock),
    /// The document's term as written holds the clock's day; extensions are not looked at.
    Term(DocumentId, Clock),
    /// The end that a sentence of extension names lies after the clock's day.
    Extends(ProvisionId, Clock),
    /// The place lies in the issuer's territory as it was when the wording was issued, and in one of the provision's `in`.
    Scope(ProvisionId, Site, Clock),
    /// The provision's `when` and the cases that it cites hold. The clock is that of the cited cases' boundaries.
    Terms(ProvisionId, Site, Clock, Derived),
    /// The task's condition of this index in `impossible` holds.
    Impossible(TaskId, usize, Derived),
    /// The task's condition of this index in `open` holds. The clock is that of the units that the case spans.
    Open(TaskId, usize, Clock, Derived),
    /// The fact, as it was given, has this value.
    Is(FactId, Value),
    /// This option is the reading that is taken of a text. Asked only while no text that settles it stands.
    Reading(ReadingId, u8),
    /// The task's own cover of the place holds the clock's day, or its own days and the rulebook's cover at the place do.
    Covered(TaskId, Site, Clock),
    /// There is a place of this role. Asked only of roles of which there may be none.
    Placed(RoleId),
    /// The case, at the place of this role, spans several units of this level. Never where the clock's day has no such unit there.
    Spans(RoleId, LevelId, Clock),
    /// Some unit of this level exists on the clock's day, wherever.
    AnyUnit(LevelId, Clock),
    /// The body's declared days hold the clock's day.
    BodyDays(BodyId, Clock),
    /// A unit of this level holds the place on the clock's day.
    UnitThere(LevelId, Site, Clock),
    /// The unit exists on the clock's day, and then at this level.
    UnitAt(UnitId, LevelId, Clock),
    /// Both lie in one unit on the clock's day; of two that say a unit, whether it is the same one.
    SameUnit(SeatAt, SeatAt, Clock),
    /// The first one's unit is the second one's or lies in it on the clock's day, or one of the units is not there.
    Under(SeatAt, SeatAt, Clock),
    /// The clock's day is after the transfer's first day.
    Past(ProvisionId, Clock),
}

/// The answers to queries at a point, or on a box of points.
pub trait Dossier {
    /// What has to be settled before the query has one answer on the whole box.
    type Unsettled;

    /// # Errors
    /// When the answer is not the same on the whole box.
    fn ask(&self, query: &Query) -> Result<bool, Self::Unsettled>;
}

/// Who holds a task at a point, and by what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holding {
    pub outcome: Outcome,
    /// Sorted, without repeats, as in [`crate::ruling::Verdict`].
    pub holders: Vec<Holder>,
    pub sharing: Option<Sharing>,
    pub conflict: Option<ConflictKind>,
    /// The case spans several units of a holder's level, and each of them may decide it as `sharing` says.
    pub of_several: bool,
    /// In the order of the law's steps.
    pub grounds: Vec<Ground>,
    /// A transfer among the grounds was admitted because no framework text is loaded for its day of issue.
    pub framework_unread: bool,
}

/// What a sentence adds, or a slot comes to, beside the holder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Beside {
    /// Sorted.
    pub requirements: Vec<Requirement>,
    /// Sorted.
    pub may_step_in: Vec<Seat>,
    /// Of one slot; several values where the texts that prevail are unlike. Sorted.
    pub handling: Vec<Handling>,
    pub grounds: Vec<Ground>,
}
