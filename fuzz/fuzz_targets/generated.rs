//! Any bytes as the recipe of a rulebook, and questions to it. Never a panic, and every rulebook binds.
#![no_main]

#[path = "../../tests/generated/mod.rs"]
mod generated;

use generated::questions::questions;
use generated::{Generated, Recipe, load};
use libfuzzer_sys::fuzz_target;
use thamquyen::reading::ask::ask;

fuzz_target!(|bytes: &[u8]| {
    let library = load(&Generated::new(&Recipe::from_bytes(bytes)).english());
    assert_eq!(library.errors(), 0, "{:?} {:?}", library.diagnostics, library.unreadable);
    let seed = bytes.iter().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    for question in questions(&library.rulebook, seed, 3) {
        let _ = ask(&library.rulebook, &question);
    }
});
