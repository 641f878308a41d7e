//! Text to tree, and text to canonical text in either language.

pub mod builtin;
pub mod format;
pub mod parse;
pub mod tree;
