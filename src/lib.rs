//! Thẩm Quyền: who decides?
//!
//! The pipeline, in the order of the modules:
//!
//! 1. [`source`], [`text`], [`calendar`] and [`quantity`] are the ground: files and positions, Vietnamese text, days, numbers.
//! 2. [`diagnostic`] names every problem, [`wording`] holds every word that a user reads, in both languages.
//! 3. [`syntax`] turns text into a [tree](syntax::tree); only its parser knows pest.
//! 4. [`register`] knows the units of a country over time; [`rulebook`] is what the rules mean once names are ids;
//!    [`mod@bind`] makes it from trees.
//! 5. [`ruling`] is the answer; [`mod@reference`] finds it, one point at a time, by reading every provision literally.
//! 6. [`reading`] holds one file per question that can be put to the rules.
//! 7. [`server`] and [`cli`] are the edges, and the only I/O.

// Nothing in here panics on what users write, and only the command line prints, to the streams that it is given.
// (Not in Cargo.toml: tests fail by panicking.)
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::todo, clippy::dbg_macro)]

pub mod source;
pub mod text;
pub mod calendar;
pub mod quantity;
pub mod diagnostic;
pub mod wording;
pub mod syntax;
pub mod register;
pub mod rulebook;
pub mod bind;
pub mod ruling;
pub mod reference;
pub mod reading;
pub mod library;
pub mod server;
pub mod cli;
