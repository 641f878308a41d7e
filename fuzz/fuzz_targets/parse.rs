//! What must hold is in `properties/parse.rs`.
#![no_main]

#[path = "../properties/parse.rs"]
mod parse;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| parse::holds(bytes));
