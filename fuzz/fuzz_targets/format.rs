//! What must hold is in `properties/format.rs`.
#![no_main]

#[path = "../properties/format.rs"]
mod format;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| format::holds(bytes));
