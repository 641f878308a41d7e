//! Why a certificate is refused, and the words for it. The codes are those of the other verifier too
//! (`tests/certificate/verify.py`).

use std::fmt;

use jiff::Timestamp;

use crate::digest::Digest;
use crate::syntax::tree::Language;

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is no certificate, or not written in its only form.
    Shape,
    /// It holds another kind of thing.
    Kind(String),
    /// It is of a later program.
    Later(u8),
    /// It is of another store.
    Root { found: Digest },
    /// A policy does not follow from the one before.
    Policy,
    /// The publication does not follow from the policy.
    Publication,
    /// The confirmation that the log is the newest is not of it.
    Fresh,
    /// A key that may not certify; empty where nobody signed.
    Certifier(String),
    /// The signature is not over this certificate.
    Signature(String),
    /// It was not certified while the policy was confirmed.
    Time { at: Timestamp, from: Timestamp, before: Timestamp },
    /// The list of files is not what the rules are known by.
    Files,
    /// Certificate, ruling and publication are not of one version.
    Version,
    /// A text is not the one that was published.
    Text(String),
    /// A link of the chain is not what the texts say.
    Quote(String),
    /// The ruling answers another question.
    Question,
    /// The ruling does not hold on the day that was asked about.
    Valid,
    /// The languages do not say the same.
    Languages,
    /// The store does not hold this publication, or another policy is in force there.
    Store,
    /// The published rules say otherwise.
    Replay { program: String },
}

impl Flaw {
    /// By which programs know it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Kind(_) => "kind",
            Self::Later(_) => "later",
            Self::Root { .. } => "root",
            Self::Policy => "policy",
            Self::Publication => "publication",
            Self::Fresh => "fresh",
            Self::Certifier(_) => "certifier",
            Self::Signature(_) => "signature",
            Self::Time { .. } => "time",
            Self::Files => "files",
            Self::Version => "version",
            Self::Text(_) => "text",
            Self::Quote(_) => "quote",
            Self::Question => "question",
            Self::Valid => "valid",
            Self::Languages => "languages",
            Self::Store => "store",
            Self::Replay { .. } => "replay",
        }
    }

    /// One line: what is wrong.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::Vietnamese => self.vietnamese(),
            Language::English => self.english(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Shape => "không phải bản chứng nhận, hoặc đã bị sửa đổi hay hỏng; hãy xin lại bản gốc".to_owned(),
            Self::Kind(kind) => format!("được ký cho việc khác: `{kind}`"),
            Self::Later(format) => format!("có dạng {format} của chương trình mới hơn; hãy nâng cấp tq"),
            Self::Root { found } => format!("thuộc kho khác: gốc là {found}; hãy hỏi chủ kho gốc đúng"),
            Self::Policy => "quy chế của kho không nối tiếp nhau hoặc không đủ chữ ký".to_owned(),
            Self::Publication => "việc công bố phiên bản không đúng chỗ trong nhật ký hoặc không đủ chữ ký".to_owned(),
            Self::Fresh => "xác nhận nhật ký là mới nhất không khớp với quy chế hoặc chữ ký".to_owned(),
            Self::Certifier(key) if key.is_empty() => "không ai ký".to_owned(),
            Self::Certifier(key) => format!("khóa {key} không được chứng nhận theo quy chế của kho"),
            Self::Signature(key) => format!("chữ ký của khóa {key} không đúng với nội dung này"),
            Self::Time { at, from, before } => {
                format!("chứng nhận lúc {at}, ngoài thời gian xác nhận: từ {from} đến trước {before}")
            }
            Self::Files => "danh sách tệp không đúng với mã phiên bản đã công bố".to_owned(),
            Self::Version => "bản chứng nhận, câu trả lời và việc công bố không cùng một phiên bản".to_owned(),
            Self::Text(path) => format!("tệp `{path}` không phải tệp đã công bố"),
            Self::Quote(citation) => format!("trích dẫn không khớp với văn bản đã công bố: {citation}"),
            Self::Question => "câu trả lời không phải của câu hỏi này".to_owned(),
            Self::Valid => "câu trả lời không còn đúng vào ngày được hỏi".to_owned(),
            Self::Languages => "hai ngôn ngữ không nói cùng một điều".to_owned(),
            Self::Store => "kho không có việc công bố này, hoặc quy chế của kho khác".to_owned(),
            Self::Replay { program } => {
                format!("hỏi lại theo bộ quy định đã công bố thì ra câu trả lời khác (chứng nhận bởi tq {program})")
            }
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Shape => "is no certificate, or was changed or damaged; ask for the original".to_owned(),
            Self::Kind(kind) => format!("is signed for another purpose: `{kind}`"),
            Self::Later(format) => format!("has form {format}, of a later program; upgrade tq"),
            Self::Root { found } => {
                format!("is of another store: its root is {found}; ask the owner for the right one")
            }
            Self::Policy => "the policies of the store do not follow each other, or lack signatures".to_owned(),
            Self::Publication => {
                "the publication of the version is out of its place in the log, or lacks signatures".to_owned()
            }
            Self::Fresh => "the confirmation that the log is the newest fits neither policy nor signature".to_owned(),
            Self::Certifier(key) if key.is_empty() => "nobody signed".to_owned(),
            Self::Certifier(key) => format!("the key {key} may not certify by the policy of the store"),
            Self::Signature(key) => format!("the signature of the key {key} is not over this content"),
            Self::Time { at, from, before } => {
                format!("was certified at {at}, outside of what was confirmed: from {from} before {before}")
            }
            Self::Files => "the list of files is not the one of the version that was published".to_owned(),
            Self::Version => "certificate, ruling and publication are not of one version".to_owned(),
            Self::Text(path) => format!("the file `{path}` is not the one that was published"),
            Self::Quote(citation) => format!("a quote is not what the published text says: {citation}"),
            Self::Question => "the ruling does not answer this question".to_owned(),
            Self::Valid => "the ruling does not hold on the day that was asked about".to_owned(),
            Self::Languages => "the two languages do not say the same".to_owned(),
            Self::Store => "the store does not hold this publication, or has another policy".to_owned(),
            Self::Replay { program } => {
                format!("the published rules give another ruling when asked again (certified by tq {program})")
            }
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(form, "{}: {}", self.code(), self.english())
    }
}
