//! The items of the catalogue: what the rules speak of.

use super::{Condition, Name, Period, Scope};
use crate::source::{Span, Spanned};

/// `ID "tên tiếng Việt" / "English name"`; either name may be left out.
#[derive(Debug, Clone)]
pub struct Declared {
    pub id: Name,
    pub vietnamese: Option<Name>,
    pub english: Option<Name>,
    /// `also called "…", "…"` / `gọi khác "…"`.
    pub aliases: Vec<Name>,
    pub span: Span,
}

/// `level xa "cấp xã" / "commune"`, with `below huyen`.
#[derive(Debug, Clone)]
pub struct LevelItem {
    pub declared: Declared,
    pub below: Option<Name>,
}

/// `kind luat "luật" / "law"`, with `rank 90` and `may assign, decentralise, delegate`.
#[derive(Debug, Clone)]
pub struct KindItem {
    pub declared: Declared,
    pub rank: Option<Spanned<u32>>,
    pub may: Vec<Spanned<KindMay>>,
}

/// What documents of a kind are competent to say. Acts on texts, existence and framework sentences need `Assign`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KindMay {
    /// `devolve` / `phân quyền`: what it gives to a level, that level holds and answers for itself.
    Devolve,
    Assign,
    Decentralise,
    Entrust,
    Delegate,
}

/// `body ubnd "UBND" / "UBND"` or `class cqcm "cơ quan chuyên môn" / "specialised agency"`.
#[derive(Debug, Clone)]
pub struct BodyItem {
    pub declared: Declared,
    pub is_class: bool,
    /// `at cấp tỉnh, cấp xã`: the levels at which it exists; none for a body without a level.
    pub levels: Vec<Name>,
    pub heads: Option<Name>,
    pub under: Option<Name>,
    /// `deputises for B`.
    pub deputises: Option<Name>,
    pub classes: Vec<Name>,
    /// `works collectively` (true) or `works under one head` (false).
    pub collective: Option<Spanned<bool>>,
    pub system: Option<Name>,
    pub period: Option<Period>,
}

/// `place noi-co-dat "nơi có đất" / "site of the land"`: a place role.
#[derive(Debug, Clone)]
pub struct PlaceItem {
    pub declared: Declared,
}

#[derive(Debug, Clone)]
pub struct FactItem {
    pub declared: Declared,
    pub kind: Option<Spanned<FactKind>>,
    pub values: Vec<Declared>,
}

/// `is yes or no`, `is one of`, `is one or more of` (each `, highest first` when ordered), `is a whole number`,
/// `is a decimal`, both `in UNIT`, `is a date`, `is a level or none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    Boolean,
    One { ordered: bool },
    Many { ordered: bool },
    Integer { unit: Option<String> },
    Decimal { unit: Option<String> },
    Date,
    LevelOrNone,
}

#[derive(Debug, Clone)]
pub struct TaskItem {
    pub declared: Declared,
    pub sector: Option<Declared>,
    pub procedures: Vec<Name>,
    pub facts: Vec<Name>,
    /// Place roles; the first is the one that plain `--in` fills.
    pub places: Vec<Name>,
    /// Of these, those marked `if any` / `nếu có`: there may be no such place.
    pub optional: Vec<Name>,
    /// `covered from …`: when the rules on this task are complete; empty for as long as the library's cover.
    pub covered: Vec<Period>,
    /// `covered in SCOPE from …`: where and when else they are complete.
    pub covered_in: Vec<CoverLine>,
    pub impossible: Vec<Condition>,
    /// `left open when …`: intended gaps.
    pub open: Vec<Condition>,
}

/// `table muc-phat "mức phạt" / "fine"`, with `by FACT` and `in UNIT`.
#[derive(Debug, Clone)]
pub struct TableItem {
    pub declared: Declared,
    pub by: Option<Name>,
    pub unit: Option<String>,
}

/// `cover`, with lines `in SCOPE from DATE …`: where and when the rules are complete.
#[derive(Debug, Clone)]
pub struct CoverItem {
    pub lines: Vec<CoverLine>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct CoverLine {
    pub scopes: Vec<Scope>,
    pub period: Period,
    pub span: Span,
}

/// `register "units.csv", "successions.csv"`, paths relative to the file.
#[derive(Debug, Clone)]
pub struct RegisterItem {
    pub units: Name,
    pub successions: Name,
    pub span: Span,
}
