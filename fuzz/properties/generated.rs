//! Any bytes as the recipe of a rulebook: it binds, its questions are answered, and every region of one of its tasks is what the
//! law says.

use thamquyen::partition::Partition;
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::verify::check;
use thamquyen::rulebook::TaskId;

use crate::generated::questions::questions;
use crate::generated::{Generated, Recipe, load};

pub(crate) fn holds(bytes: &[u8]) {
    let library = load(&Generated::new(&Recipe::from_bytes(bytes)).english());
    assert_eq!(library.errors(), 0, "{:?} {:?}", library.diagnostics, library.unreadable);
    let seed = bytes.iter().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    for question in questions(&library.rulebook, seed, 1) {
        let _ = ask(library.law(), &question, Depth::Record);
    }
    let tasks = u64::try_from(library.rulebook.tasks.len()).expect("few tasks").max(1);
    let task = TaskId(u32::try_from(seed % tasks).expect("few tasks"));
    if let Ok(partition) = Partition::new(&library.rulebook, task) {
        let wrong = check(&library.rulebook, &partition).err();
        assert!(wrong.is_none(), "{wrong:#?}");
    }
}
