//! Text to tree.

pub mod parse;
pub mod tree;
