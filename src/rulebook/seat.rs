//! Symbolic holders: a body, and in words of the task's places which unit it is of.

use super::{BodyId, RoleId};
use crate::register::{LevelId, UnitId};

/// A symbolic holder. It becomes a named unit only when rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    pub body: BodyId,
    pub at: SeatAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatAt {
    /// A body without a level.
    Nowhere,
    /// The unit of this level that holds the place of this role.
    Level {
        level: LevelId,
        role: RoleId,
    },
    /// In sentences that move what is held, and name no place: the unit of this level where the holder is. Never of a holder.
    Here {
        level: LevelId,
    },
    /// Any unit of this level: each may be turned to.
    Any {
        level: LevelId,
    },
    /// Each unit of this level over which the place of this role spans, but the decider's own. Only of requirements.
    Others {
        level: LevelId,
        role: RoleId,
    },
    Unit(UnitId),
}

/// Which seats a permission or framework sentence speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeatPattern {
    pub body: BodyPattern,
    pub level: LevelPattern,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyPattern {
    /// This body, or any body of this class.
    Is(BodyId),
    /// The head of this body, or of any body of this class.
    HeadOf(BodyId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LevelPattern {
    Any,
    At(LevelId),
    Unit(UnitId),
    /// Relative to the giver (receivers only).
    Same,
    NextLower,
    AnyLower,
}
