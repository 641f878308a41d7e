//! Vietnamese text: normal form, tone placement, characters that are refused, and the form in which people search.
//! Knows nothing of the language.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Composed (NFC), with `\n` as the only line end and no byte order mark.
#[must_use]
pub fn normalize(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").nfc().collect()
}

/// The form in which names compare: lower case, tone placement of one kind, blanks folded to one.
#[must_use]
pub fn name_fold(name: &str) -> String {
    if name.is_ascii() {
        // The same, without a detour: codes and ids are asked for more often than names.
        let mut folded = String::with_capacity(name.len());
        for word in name.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        }
        return folded;
    }
    let folded = shadow(&name.nfc().collect::<String>().to_lowercase());
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a name has this [`name_fold`], which is made only where the first letters leave it open.
#[must_use]
pub fn folds_to(name: &str, folded: &str) -> bool {
    let mut letters = name.trim_start().chars();
    let (first, second, wanted) = (letters.next(), letters.next(), folded.chars().next());
    // No mark stands behind the first letter, so it stays what it is but for its case.
    let plain = first.filter(char::is_ascii).filter(|_| second.is_none_or(|second| second.is_ascii()));
    let apart = plain.is_some_and(|first| wanted != Some(first.to_ascii_lowercase()));
    !apart && name_fold(name) == folded
}

/// The form in which people search: [`name_fold`] without marks, `đ` as `d`.
#[must_use]
pub fn search_fold(text: &str) -> String {
    let plain: String = text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect();
    plain.replace('đ', "d").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of [`search_fold`]: runs of letters and digits.
#[must_use]
pub fn search_words(text: &str) -> Vec<String> {
    let folded = search_fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The text as the grammar sees it, byte for byte as long as the text itself: lower case, and the tone of `oa`, `oe`, `uy`
/// on the second vowel (`ủy` becomes `uỷ`, `hòa` becomes `hoà`).
#[must_use]
pub fn shadow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().map(lower).peekable();
    while let Some(first) = chars.next() {
        let moved = chars.peek().and_then(|second| move_tone(first, *second));
        if let Some((plain, toned)) = moved {
            out.push(plain);
            out.push(toned);
            chars.next();
        } else {
            out.push(first);
        }
    }
    out
}

/// Lower case, where that takes as many bytes.
fn lower(c: char) -> char {
    let mut lowered = c.to_lowercase();
    match (lowered.next(), lowered.next()) {
        (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
        _ => c,
    }
}

/// `ủ` and `y` to `u` and `ỷ`.
fn move_tone(first: char, second: char) -> Option<(char, char)> {
    if !matches!(second, 'a' | 'e' | 'y') || first.is_ascii() {
        return None;
    }
    let mut parts = std::iter::once(first).nfd();
    let (plain, tone) = (parts.next()?, parts.next()?);
    let pair = matches!((plain, second), ('o', 'a' | 'e') | ('u', 'y'));
    if parts.next().is_some() || !pair || !is_tone(tone) {
        return None;
    }
    let toned = unicode_normalization::char::compose(second, tone)?;
    (plain.len_utf8() + toned.len_utf8() == first.len_utf8() + second.len_utf8()).then_some((plain, toned))
}

/// Grave, acute, tilde, hook above, dot below.
const fn is_tone(mark: char) -> bool {
    matches!(mark, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// The first so many characters, with an ellipsis where there are more.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Characters that can make a line look other than it is, or that cannot be seen: controls, bidirectional and invisible
/// formatting, blanks that are not the blank, private use, and marks that stand on nothing.
#[must_use]
pub fn is_refused(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || c.is_whitespace() && !matches!(c, ' ' | '\n' | '\t')
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_placement_is_one() {
        assert_eq!(name_fold("Ủy ban  Hòa Vang"), name_fold("uỷ ban hoà vang"));
        assert_eq!(shadow("Hủy BỎ Điều").len(), "Hủy BỎ Điều".len());
        assert_eq!(shadow("của Huế quý"), "của huế quý");
    }

    #[test]
    fn first_letters_settle_only_what_is_settled() {
        let names =
            ["", " ", "none", " NONE", "N", "n\u{303}one", "\u{212a}hông", "không", "Không  Có", "khong", "Ủy", "uỷ"];
        let names =
            names.into_iter().chain(["1", "20257", "Phường Hòa Cường", "\u{1ef5}", "y\u{323}", "A\u{30a}", "Å"]);
        for name in names.clone() {
            for other in names.clone() {
                let folded = name_fold(other);
                assert_eq!(folds_to(name, &folded), name_fold(name) == folded, "{name:?} {other:?}");
            }
        }
    }

    #[test]
    fn what_is_long_is_cut_between_letters() {
        assert_eq!(shortened("Đất đai", 7), "Đất đai");
        assert_eq!(shortened("Đất đai", 2), "Đấ…");
        assert_eq!(shortened("", 0), "");
    }

    #[test]
    fn search_ignores_marks() {
        assert_eq!(search_fold("Đất  đai"), "dat dai");
        assert_eq!(search_words("1.009974 – Cấp giấy phép"), ["1", "009974", "cap", "giay", "phep"]);
    }
}
