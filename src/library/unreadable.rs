//! Files that could not be read, and the words for them. Problems inside a readable file are diagnostics instead.

use unicode_normalization::UnicodeNormalization as _;

use crate::syntax::tree::Language;

/// One file or folder that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    pub path: String,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The folder is not there, or is no folder.
    NoFolder,
    /// The folder holds no `.tq` file at all.
    NoRules,
    /// The system refused, in its own words.
    System(String),
    /// Not UTF-8 from this byte on.
    NotUtf8 { at: usize },
    /// Larger than the limit, in bytes.
    TooLarge { limit: u64 },
    /// A link that leaves the folder.
    LeavesFolder,
}

impl Unreadable {
    /// One line: path, then what is wrong.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let path = &self.path;
        match language {
            Language::Vietnamese => match &self.reason {
                Reason::NoFolder => format!("không có thư mục `{path}`"),
                Reason::NoRules => format!("thư mục `{path}` không có tệp `.tq` nào"),
                Reason::System(words) => format!("không đọc được `{path}`: {words}"),
                Reason::NotUtf8 { at } => format!("`{path}` không phải văn bản UTF-8 (từ byte {at})"),
                Reason::TooLarge { limit } => format!("`{path}` lớn hơn giới hạn {limit} byte"),
                Reason::LeavesFolder => format!("liên kết `{path}` dẫn ra ngoài thư mục"),
            },
            Language::English => match &self.reason {
                Reason::NoFolder => format!("there is no folder `{path}`"),
                Reason::NoRules => format!("the folder `{path}` holds no `.tq` file"),
                Reason::System(words) => format!("cannot read `{path}`: {words}"),
                Reason::NotUtf8 { at } => format!("`{path}` is not UTF-8 text (from byte {at})"),
                Reason::TooLarge { limit } => format!("`{path}` is larger than the limit of {limit} bytes"),
                Reason::LeavesFolder => format!("the link `{path}` leaves the folder"),
            },
        }
    }
}

/// The text of a file in NFC without a byte order mark, or `None` with the reason noted.
pub(super) fn text_of(path: &str, bytes: &[u8], unreadable: &mut Vec<Unreadable>) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text).nfc().collect()),
        Err(error) => {
            let reason = Reason::NotUtf8 { at: error.valid_up_to() };
            unreadable.push(Unreadable { path: path.to_owned(), reason });
            None
        }
    }
}
