//! The words of `tq fmt`: what was done to a file, or why it was left.

use crate::diagnostic::Unsayable;
use crate::syntax::tree::Language;

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    Rewritten,
    /// It is canonical only in its line ends, byte order mark, normal form or last line.
    NotCanonicalBytes,
    /// The first line that differs, as it is and as it should be.
    NotCanonical {
        is: &'a str,
        should: &'a str,
    },
    /// Most of it is in one language, this line is in the other.
    Mixed {
        main: Language,
        line: &'a str,
    },
    /// The same, after it was written anew.
    WasMixed {
        main: Language,
    },
    /// It has problems of syntax.
    Unread,
    NotWritten {
        why: &'a str,
    },
}

/// The name of a language, in a language.
const fn name(of: Language, language: Language) -> &'static str {
    match (of, language) {
        (Language::Vietnamese, Language::Vietnamese) => "tiếng Việt",
        (Language::English, Language::Vietnamese) => "tiếng Anh",
        (Language::Vietnamese, Language::English) => "Vietnamese",
        (Language::English, Language::English) => "English",
    }
}

const fn other(language: Language) -> Language {
    match language {
        Language::Vietnamese => Language::English,
        Language::English => Language::Vietnamese,
    }
}

/// What happened to a file, behind its name.
#[must_use]
pub fn outcome(outcome: Outcome<'_>, language: Language) -> String {
    match language {
        Language::Vietnamese => match outcome {
            Outcome::Rewritten => "đã viết lại".to_owned(),
            Outcome::NotCanonicalBytes => {
                "chưa đúng dạng chuẩn: dấu cuối dòng, ký tự chưa tổ hợp, hoặc dòng trống cuối tệp".to_owned()
            }
            Outcome::NotCanonical { is, should } => format!("chưa đúng dạng chuẩn\n  - {is}\n  + {should}"),
            Outcome::Mixed { main, line } => {
                format!("dòng {} trong tệp {}: `{line}`", name(other(main), language), name(main, language))
            }
            Outcome::WasMixed { main } => {
                format!("tệp {} có dòng {}, đã viết lại hết", name(main, language), name(other(main), language))
            }
            Outcome::Unread => "có lỗi, để nguyên".to_owned(),
            Outcome::NotWritten { why } => format!("không ghi được: {why}"),
        },
        Language::English => match outcome {
            Outcome::Rewritten => "rewritten".to_owned(),
            Outcome::NotCanonicalBytes => {
                "not canonical: line ends, characters that are not composed, or blank lines at the end".to_owned()
            }
            Outcome::NotCanonical { is, should } => format!("not canonical\n  - {is}\n  + {should}"),
            Outcome::Mixed { main, line } => {
                format!("{} in a file that is {}: `{line}`", name(other(main), language), name(main, language))
            }
            Outcome::WasMixed { main } => {
                format!(
                    "the file is {} and had lines in {}, all are rewritten",
                    name(main, language),
                    name(other(main), language)
                )
            }
            Outcome::Unread => "has errors, left as it is".to_owned(),
            Outcome::NotWritten { why } => format!("cannot be written: {why}"),
        },
    }
}

/// How many files there were, and how many were not canonical.
#[must_use]
pub fn summary(files: usize, changed: usize, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("số tệp: {files}; chưa đúng dạng chuẩn: {changed}"),
        Language::English => format!("files: {files}; not canonical: {changed}"),
    }
}

/// Why a line cannot be written in a language.
#[must_use]
pub fn unsayable(trouble: &Unsayable, language: Language) -> String {
    match language {
        Language::Vietnamese => match trouble {
            Unsayable::NoForm { written, into } => {
                format!("`{written}` không có cách viết bằng {}, tệp để nguyên", name(*into, language))
            }
            Unsayable::Ambiguous { name, becomes } => {
                format!("`{name}` sẽ thành `{becomes}`, cũng là tên khác; đặt tên khác trong danh mục hoặc viết mã")
            }
            Unsayable::TooLong { written, into } => {
                format!("viết bằng {} thì dòng này quá dài: `{written}`", name(*into, language))
            }
        },
        Language::English => match trouble {
            Unsayable::NoForm { written, into } => {
                format!("`{written}` has no form in {}, the file is left as it is", name(*into, language))
            }
            Unsayable::Ambiguous { name, becomes } => {
                format!(
                    "`{name}` would become `{becomes}`, which names something else too; change the catalogue or write the id"
                )
            }
            Unsayable::TooLong { written, into } => {
                format!("in {} this line is too long: `{written}`", name(*into, language))
            }
        },
    }
}
