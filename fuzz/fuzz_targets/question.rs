//! What must hold is in `properties/question.rs`.
#![no_main]

#[path = "../properties/question.rs"]
mod question;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| question::holds(bytes));
