//! Holders as they are written.

use super::{Name, Scope};
use crate::source::Span;

/// Who holds: a body, where.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The body's name, `head of CLASS` / `người đứng đầu CLASS` included as spelled.
    pub body: Name,
    pub seat: SeatAt,
    pub which: Which,
    /// `of ROLE` / `nơi ROLE`.
    pub role: Option<Name>,
    /// Further roles whose places count: beside those before them, or where there is none of those.
    pub more: Vec<(Further, Name)>,
    pub span: Span,
}

/// Which unit of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one that holds the place.
    The,
    /// `at any commune` / `cấp xã bất kỳ`.
    Any,
    /// `one of the …` / `một trong các …`: of those that the place spans.
    OneOf,
    /// `each other …` / `từng … còn lại`: of those that the place spans, without the decider's.
    EachOther,
}

/// How a further role stands to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Further {
    /// `or of ROLE` / `hoặc nơi ROLE`.
    Or,
    /// `, else of ROLE` / `, không có thì nơi ROLE`.
    Else,
}

#[derive(Debug, Clone)]
pub enum SeatAt {
    /// No level said: a body without a level, or (in framework sentences) at any.
    Unsaid,
    Level(Name),
    /// `in province "Đà Nẵng"`: a fixed unit.
    Unit(Scope),
    /// `at the same level` / `cùng cấp`.
    SameLevel,
    /// `at the next lower level` / `cấp dưới trực tiếp`.
    NextLower,
    /// `at any lower level` / `cấp dưới`.
    AnyLower,
}
