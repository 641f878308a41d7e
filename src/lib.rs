//! Thẩm Quyền: who decides?
//!
//! The pipeline, in the order of the modules:
//!
//! 1. [`source`], [`text`], [`calendar`], [`quantity`] and [`digest`] are the ground: files and positions, Vietnamese text, days,
//!    numbers, hashes.
//! 2. [`register`] knows the units of a country over time.
//! 3. [`diagnostic`] names every problem of rules, [`wording`] holds the words for them, in both languages.
//! 4. [`syntax`] turns text into a [tree](syntax::tree); only its parser knows pest.
//! 5. [`rulebook`] is what the rules mean once names are ids; [`mod@bind`] makes it from trees.
//! 6. [`ruling`] is the answer. [`resolution`] is the law's reasoning, a pure function of what is asked of a dossier;
//!    [`diagram`] is decision diagrams of numbers, [`applicability`] geometry: places, days and values, and nothing of law.
//!    [`partition`] puts them together: the ruling of every point of a task.
//! 7. [`mod@reference`] finds the same rulings on its own, one point or box at a time, by reading every provision literally: the
//!    oracle.
//! 8. [`reading`] holds one file per question that can be put to the rules, and the words in which answers are given.
//! 9. [`library`], [`store`], [`server`] and [`cli`] are the edges, and the only I/O: folders, versions, sockets, streams.
//!
//! A module names only those before it in this list (`tests/tidy.rs` holds it so).

// Nothing in here panics on what users write, and only the command line prints, to the streams that it is given.
// (Not in Cargo.toml: tests fail by panicking.)
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::todo, clippy::dbg_macro)]

pub mod source;
pub mod text;
pub mod calendar;
pub mod quantity;
pub mod digest;
pub mod register;
pub mod diagnostic;
pub mod wording;
pub mod syntax;
pub mod rulebook;
pub mod bind;
pub mod ruling;
pub mod resolution;
pub mod diagram;
pub mod applicability;
pub mod partition;
pub mod reference;
pub mod reading;
pub mod library;
pub mod store;
pub mod server;
pub mod cli;
