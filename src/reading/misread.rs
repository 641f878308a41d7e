//! What the readers of JSON and TOML say in English of a text that they can read but not take, in Vietnamese. They rest on
//! `serde`, whose messages have few forms; what has none of them, mostly faults of syntax, is left as it is.

use std::borrow::Cow;

use crate::syntax::tree::Language;

/// The message in this language, without the place, which the readers of JSON append.
#[must_use]
pub fn said(message: &str, language: Language) -> Cow<'_, str> {
    let message = without_place(message).trim_end();
    match language {
        Language::English => Cow::Borrowed(message),
        Language::Vietnamese => vietnamese(message).map_or(Cow::Borrowed(message), Cow::Owned),
    }
}

/// `… at line 3 column 7` is said beside it.
fn without_place(message: &str) -> &str {
    let place = message.rsplit_once(" at line ").filter(|(_, place)| {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        place.split_once(" column ").is_some_and(|(line, column)| is_number(line) && is_number(column))
    });
    place.map_or(message, |(said, _)| said)
}

fn vietnamese(message: &str) -> Option<String> {
    const HEADS: [(&str, &str); 7] = [
        ("unknown field ", "không có mục "),
        ("unknown variant ", "không nhận "),
        ("missing field ", "thiếu mục "),
        ("duplicate field ", "nêu hai lần mục "),
        ("duplicate key", "nêu hai lần một mục"),
        ("invalid type: ", "sai kiểu: "),
        ("invalid value: ", "giá trị không dùng được: "),
    ];
    let (what, rest) = HEADS.iter().find_map(|(english, ours)| Some((ours, message.strip_prefix(english)?)))?;
    // What was found may quote anything, so what was expected stands after the last of these words.
    let Some((found, expected)) = rest.rsplit_once(", expected ") else { return Some(format!("{what}{}", kind(rest))) };
    let expected = match expected.strip_prefix("one of ") {
        Some(ones) => format!("một trong {ones}"),
        None if expected.starts_with('`') => expected.replace("` or `", "` hoặc `"),
        None => kind(expected),
    };
    Some(format!("{what}{}; cần {expected}", kind(found)))
}

/// A kind of value, which stands before the value itself where that is told.
fn kind(said: &str) -> String {
    const KINDS: [(&str, &str); 17] = [
        ("a string", "chuỗi"),
        ("string", "chuỗi"),
        ("a boolean", "true hoặc false"),
        ("boolean", "giá trị đúng sai"),
        ("integer", "số nguyên"),
        ("floating point", "số thập phân"),
        ("a sequence", "danh sách"),
        ("sequence", "danh sách"),
        ("a map", "bảng"),
        ("map", "bảng"),
        ("struct", "bảng"),
        ("null", "null"),
        ("u16", "số nguyên không âm"),
        ("u32", "số nguyên không âm"),
        ("u64", "số nguyên không âm"),
        ("usize", "số nguyên không âm"),
        ("a nonzero", "số nguyên dương"),
    ];
    let named = KINDS.iter().find_map(|(english, ours)| {
        let rest = said.strip_prefix(english)?;
        (rest.is_empty() || rest.starts_with(' ')).then_some((*ours, *english, rest))
    });
    match named {
        // Its name in our code is nothing to whoever wrote the text.
        Some((ours, "struct" | "a nonzero", _)) => ours.to_owned(),
        Some((ours, _, rest)) => format!("{ours}{rest}"),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use serde::Deserialize;

    use super::said;
    use crate::syntax::tree::Language;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    #[allow(dead_code, reason = "only what is wrong with a text is looked at")]
    struct Sample {
        port: u16,
        name: Option<String>,
        days: Option<NonZeroU64>,
        form: Option<Form>,
        is_open: Option<bool>,
        list: Option<Vec<String>>,
        inner: Option<Box<Self>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Form {
        Text,
        Json,
    }

    /// The readers themselves are asked, so that a change of their words does not pass unseen.
    #[test]
    fn what_the_readers_say_of_each_kind_is_told_in_vietnamese() {
        for (toml, expected) in [
            (
                "prot = 1",
                "không có mục `prot`; cần một trong `port`, `name`, `days`, `form`, `is-open`, `list`, `inner`",
            ),
            ("name = 'a'", "thiếu mục `port`"),
            ("port = 'a, expected b'", "sai kiểu: chuỗi \"a, expected b\"; cần số nguyên không âm"),
            ("port = 'meet at line 3'", "sai kiểu: chuỗi \"meet at line 3\"; cần số nguyên không âm"),
            ("port = 1.5", "sai kiểu: số thập phân `1.5`; cần số nguyên không âm"),
            ("port = -1", "giá trị không dùng được: số nguyên `-1`; cần số nguyên không âm"),
            ("port = 1\ndays = 0", "giá trị không dùng được: số nguyên `0`; cần số nguyên dương"),
            ("port = 1\nname = true", "sai kiểu: giá trị đúng sai `true`; cần chuỗi"),
            ("port = 1\nis-open = 'x'", "sai kiểu: chuỗi \"x\"; cần true hoặc false"),
            ("port = 1\nlist = 'x'", "sai kiểu: chuỗi \"x\"; cần danh sách"),
            ("port = 1\ninner = 'x'", "sai kiểu: chuỗi \"x\"; cần bảng"),
            ("port = 1\nform = 'yaml'", "không nhận `yaml`; cần `text` hoặc `json`"),
            ("port = 1\nport = 2", "nêu hai lần một mục"),
        ] {
            let error = toml::from_str::<Sample>(toml).expect_err(toml);
            assert_eq!(said(error.message(), Language::Vietnamese), expected, "{toml}: {error}");
            assert_eq!(said(error.message(), Language::English), error.message());
        }
        let error = serde_json::from_str::<Sample>(r#"{"port": 1, "port": 2}"#).expect_err("twice").to_string();
        assert_eq!(said(&error, Language::Vietnamese), "nêu hai lần mục `port`");
        assert_eq!(said(&error, Language::English), "duplicate field `port`");
    }
}
