//! Keys under which names are compared, beside that of [`crate::text`]. Knows nothing of units.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The tone marks of Vietnamese, which old and new spelling put on different letters of a syllable (`Hoà`, `Hòa`).
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// NFC, blanks at the ends gone and all others folded to one.
pub(super) fn tidy(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower case with all marks, each syllable's tone moved behind it: equal for one name in old and new spelling.
pub(super) fn exact(text: &str) -> String {
    text.to_lowercase().split_whitespace().map(tone_last).collect::<Vec<_>>().join(" ")
}

/// Whether the text has a mark that [`crate::text::search_fold`] takes away.
pub(super) fn is_marked(text: &str) -> bool {
    let letters: String = text.to_lowercase().nfd().collect();
    letters.chars().any(|c| c == 'đ' || is_combining_mark(c))
}

fn tone_last(syllable: &str) -> String {
    let (tones, mut letters): (String, String) = syllable.nfd().partition(|c| TONES.contains(c));
    letters.push_str(&tones);
    letters.nfc().collect()
}
