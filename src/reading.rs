//! One file per question that can be put to the rules.

pub mod ask;
pub mod existence;
