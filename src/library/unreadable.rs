//! Files that could not be read, and the words for them. Problems inside a readable file are diagnostics instead.

use crate::diagnostic::Problem;
use crate::syntax::parse;
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
    /// The repository has no such revision, or nothing there; in git's own words.
    NoRevision(String),
    /// The folder was named before.
    FolderTwice,
    /// The folder holds no `.tq` file at all.
    NoRules,
    /// A draft is neither a file nor a folder.
    NoFile,
    /// A draft is no file of rules and no table.
    NotRules,
    /// A draft of a table that no rules name.
    NotNamed,
    /// A draft of a file of which there is a draft already.
    DraftTwice,
    /// The system refused, in its own words.
    System(String),
    /// Not UTF-8 on this line.
    NotUtf8 { line: usize },
    /// Larger than the limit, in bytes.
    TooLarge { limit: u64 },
    /// A table that the rules name, at `file:line`, is not there.
    NoTable { named_at: String },
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
                Reason::NoRevision(words) => format!("git không có `{path}`: {words}"),
                Reason::FolderTwice => format!("thư mục `{path}` được nêu hai lần"),
                Reason::NoRules => format!("thư mục `{path}` không có tệp `.tq` nào"),
                Reason::NoFile => format!("không có tệp hay thư mục `{path}`"),
                Reason::NotRules => format!("dự thảo `{path}` phải là tệp `.tq`, `.csv` hoặc thư mục"),
                Reason::NotNamed => {
                    format!("không quy định nào nêu bảng `{path}`: hãy đặt dự thảo theo đường dẫn của bảng cần thay")
                }
                Reason::DraftTwice => format!("dự thảo `{path}` thay cùng một tệp với một dự thảo khác"),
                Reason::System(words) => format!("không đọc được `{path}`: {words}"),
                Reason::NotUtf8 { line } => format!("`{path}` không phải văn bản UTF-8 (dòng {line})"),
                Reason::TooLarge { limit } => format!("`{path}` lớn hơn giới hạn {limit} byte"),
                Reason::NoTable { named_at } => format!("không có tệp `{path}` mà {named_at} nêu"),
                Reason::LeavesFolder => format!("liên kết `{path}` dẫn ra ngoài thư mục"),
            },
            Language::English => match &self.reason {
                Reason::NoFolder => format!("there is no folder `{path}`"),
                Reason::NoRevision(words) => format!("git has no `{path}`: {words}"),
                Reason::FolderTwice => format!("the folder `{path}` is named twice"),
                Reason::NoRules => format!("the folder `{path}` holds no `.tq` file"),
                Reason::NoFile => format!("there is no file or folder `{path}`"),
                Reason::NotRules => format!("the draft `{path}` must be a `.tq` file, a `.csv` file or a folder"),
                Reason::NotNamed => {
                    format!("no rules name the table `{path}`: lay the draft where the table to be replaced lies")
                }
                Reason::DraftTwice => format!("the draft `{path}` replaces the same file as another draft"),
                Reason::System(words) => format!("cannot read `{path}`: {words}"),
                Reason::NotUtf8 { line } => format!("`{path}` is not UTF-8 text (line {line})"),
                Reason::TooLarge { limit } => format!("`{path}` is larger than the limit of {limit} bytes"),
                Reason::NoTable { named_at } => format!("there is no file `{path}`, which {named_at} names"),
                Reason::LeavesFolder => format!("the link `{path}` leaves the folder"),
            },
        }
    }
}

/// The text of a file as the parser wants it, or `None` with the reason noted.
pub(super) fn text_of(path: &str, bytes: &[u8], unreadable: &mut Vec<Unreadable>) -> Option<String> {
    let reason = match parse::normalize(bytes) {
        Ok(text) => return Some(text),
        Err(Problem::NotUtf8 { line }) => Reason::NotUtf8 { line },
        Err(Problem::FileTooLarge { limit, .. }) => {
            Reason::TooLarge { limit: u64::try_from(limit).unwrap_or(u64::MAX) }
        }
        // Nothing else is wrong with a file as a whole; the code says what, should that change.
        Err(other) => Reason::System(other.code().to_owned()),
    };
    unreadable.push(Unreadable { path: path.to_owned(), reason });
    None
}
