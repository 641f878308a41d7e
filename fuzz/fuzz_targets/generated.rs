//! What must hold is in `properties/generated.rs`.
#![no_main]

#[path = "../../tests/generated/mod.rs"]
mod generated;
#[path = "../properties/generated.rs"]
mod rulebook;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rulebook::holds(bytes));
