//! What it costs to examine rules that are to be published: all of them anew, and with one sentence changed where the version
//! before is at hand. `cargo bench --bench publication [-- EDITS]`. Speed is told as a ratio within one run.

#![expect(clippy::disallowed_methods, reason = "a bench is told by the clock")]
use std::path::Path;
use std::time::{Duration, Instant};

use thamquyen::library::{self, File, Library, Origin};
use thamquyen::store::candidate::{Reasons, examine};

/// Edits of one sentence, one after the other.
const EDITS: usize = 20;

const FILE: &str = "dien-anh/131-2022-nd-cp.tq";
const SENTENCES: [&str; 2] = ["do UBND cấp huyện quyết định", "do UBND cấp tỉnh quyết định"];

/// The rules with the sentence about commune and province said the one way or the other.
fn edited(rules: &Library, edit: usize) -> Vec<File> {
    let mut files = rules.files.clone();
    for file in files.iter_mut().filter(|file| file.path == FILE) {
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let text = if edit.is_multiple_of(2) { text.replace(SENTENCES[0], SENTENCES[1]) } else { text };
        file.bytes = format!("# {edit}\n{text}").into_bytes();
    }
    files
}

fn main() {
    let edits = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(EDITS);
    let rules = library::load(&Origin::Folders(vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")]));
    let reasons: Reasons =
        rules.review().judged.iter().map(|one| (one.fingerprint.clone(), "known".to_owned())).collect();
    let start = Instant::now();
    examine(&rules, None, &reasons).expect("sound rules");
    let whole = start.elapsed();
    rules.compile();
    println!("{} tasks, all anew: {whole:.2?}", rules.rulebook.tasks.len());
    let mut parent = rules;
    let mut spent = [Duration::ZERO; 3];
    for edit in 0..edits {
        let files = edited(&parent, edit);
        let mut at = Instant::now();
        let mut lap = |to: &mut Duration| {
            *to += at.elapsed();
            at = Instant::now();
        };
        let new = library::from_files_beside(files, &parent);
        lap(&mut spent[0]);
        examine(&new, Some(&parent), &reasons).expect("sound rules");
        lap(&mut spent[1]);
        new.compile();
        lap(&mut spent[2]);
        parent = new;
    }
    let count = u32::try_from(edits).unwrap_or(1).max(1);
    let [read, examined, ready] = spent.map(|spent| spent / count);
    let each = read + examined + ready;
    println!("one sentence changed, {edits} times: read {read:.2?}, examined {examined:.2?}, made ready {ready:.2?}");
    let ratio = whole.as_micros() / each.as_micros().max(1);
    println!("each {each:.2?}: {ratio} times faster than all anew; {} in a minute", 60_000 / each.as_millis().max(1));
}
