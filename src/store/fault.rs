//! Every way in which a store is refused, and the words for it.

use std::fmt;
use std::io;

use jiff::Timestamp;

use super::envelope::Unsound;
use crate::digest::Digest;
use crate::syntax::tree::Language;

/// What a URL of a database may say behind its question mark, beside what is meant in it.
pub(super) const PARAMETERS: [&str; 9] =
    ["host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// Why a store, or what is to be put into it, is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no store there.
    NoStore(String),
    /// There is one already.
    IsStore(String),
    /// The system refused, in its own words.
    System { name: String, said: String },
    /// A file that must be there is not.
    Missing(String),
    /// A file is larger than anything that is written there.
    Large(String),
    /// A file does not hold what it should, to the byte.
    Malformed(String),
    /// A file is of a later program.
    Later { name: String, format: u8 },
    /// A file is signed, and wrongly.
    Unsound { name: String, why: Unsound },
    /// Too few signatures.
    Few { name: String, signed: usize, needed: usize },
    /// An entry does not stand where it says, or does not follow the one before.
    Order(String),
    /// An entry says that it is older than the one before.
    Backwards(String),
    /// An entry brings a policy by which nobody could publish.
    Policy(String),
    /// A version lists files that it must not have.
    Paths(String),
    /// The files of a version are not those that it is known by.
    Content { name: String, path: String },
    /// The store is not the one that is known here.
    Root { known: Digest, found: Digest },
    /// Nobody has said yet which store this is to be.
    Unknown { found: Digest },
    /// The log is shorter than it was.
    RolledBack { seen: u32, there: u32 },
    /// The log is another than it was.
    Forked(u32),
    /// Nobody confirmed for long that the log is the newest.
    Stale { before: Timestamp },
    /// Nothing was published yet.
    Empty,
    /// Nothing was published by then.
    NotBy(Timestamp),
    /// No version is called so.
    NoVersion(String),
    /// Several are.
    Several(String),
    /// It is no moment.
    NoMoment(String),
    /// Something else was put into the log meanwhile.
    Overtaken,
    /// The clock is before the last entry.
    Clock { last: Timestamp },
    /// A key that may not do this.
    MayNot { key: String },
    /// No proposal is called so.
    NoProposal(String),
    /// So many proposals wait for approval that no more are taken.
    Full(usize),
    /// It is no hash.
    NoRoot(String),
    /// There is nowhere to keep what is known of stores.
    NoMemory,
    /// A URL of a database is not right, as its reader says; `of` is what it should name, `store` or `chain`.
    Address { said: String, of: &'static str },
    /// A URL of a database says what is not known here.
    Parameter { name: String, of: &'static str },
    /// A database does not answer.
    Away { at: String, said: String },
    /// Somebody else has been writing for too long.
    Busy(String),
    /// A database that may lose what it acknowledged, or is too old.
    Server { setting: &'static str, found: String, wanted: &'static str },
    /// The database went away while an entry was put into the log: nobody knows whether it is there.
    Uncertain(u32),
}

impl Fault {
    /// Of a file operation.
    pub(crate) fn of(name: &str, error: &io::Error) -> Self {
        let kind = error.kind();
        // A disk that knows better what is wrong says so.
        if let Some(fault) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            fault.clone()
        } else if kind == io::ErrorKind::NotFound {
            Self::Missing(name.to_owned())
        } else if kind == io::ErrorKind::FileTooLarge {
            Self::Large(name.to_owned())
        } else {
            // Whatever else the system says stays in its words.
            Self::System { name: name.to_owned(), said: error.to_string() }
        }
    }

    /// One line: what is wrong, and what to do about it.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::Vietnamese => self.vietnamese(),
            Language::English => self.english(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::NoStore(at) => format!("không có kho phiên bản ở `{at}`; tạo bằng `tq store new`"),
            Self::IsStore(at) => format!("đã có kho phiên bản ở `{at}`"),
            Self::System { name, said } => format!("không đọc hoặc ghi được `{name}`: {said}"),
            Self::Missing(name) => format!("kho thiếu `{name}`; hãy khôi phục từ bản sao lưu"),
            Self::Large(name) => format!("`{name}` lớn hơn mức cho phép; hãy khôi phục từ bản sao lưu"),
            Self::Malformed(name) => format!("`{name}` đã bị sửa đổi hoặc hỏng; hãy khôi phục từ bản sao lưu"),
            Self::Later { name, format } => {
                format!("`{name}` có dạng {format} của chương trình mới hơn; hãy nâng cấp tq")
            }
            Self::Unsound { name, why } => format!("`{name}`: {}", vietnamese(why)),
            Self::Few { name, signed, needed } => format!("`{name}` có {signed} chữ ký, cần {needed}"),
            Self::Order(name) => format!("`{name}` không nối tiếp mục trước nó trong nhật ký"),
            Self::Backwards(name) => format!("`{name}` ghi thời điểm trước mục đứng trước nó"),
            Self::Policy(name) => {
                format!("`{name}`: quy chế ký không dùng được; cần ít nhất một chữ ký và đủ người ký khác nhau")
            }
            Self::Paths(name) => format!("`{name}` liệt kê đường dẫn tệp không được phép hoặc trùng nhau"),
            Self::Content { name, path } => format!("tệp `{path}` của `{name}` đã bị sửa đổi hoặc hỏng"),
            Self::Root { known, found } => format!("đây là kho khác: gốc là {found}, gốc đã biết là {known}"),
            Self::Unknown { found } => {
                format!("chưa rõ có tin kho này không: gốc là {found}; hỏi chủ kho rồi thêm `--root {found}`")
            }
            Self::RolledBack { seen, there } => {
                format!("kho đã bị lùi lại: có {there} mục, trước đây đã thấy {seen}")
            }
            Self::Forked(number) => format!("mục {number} của nhật ký không còn là mục đã thấy trước đây"),
            Self::Stale { before } => {
                format!("chỉ được xác nhận là mới nhất đến trước {before}; người công bố chạy `tq store renew`")
            }
            Self::Empty => "chưa công bố phiên bản nào; công bố bằng `tq publish`".to_owned(),
            Self::NotBy(moment) => format!("đến {moment} chưa công bố phiên bản nào"),
            Self::NoVersion(named) => format!("không có phiên bản `{named}`; xem `tq versions`"),
            Self::Several(named) => format!("nhiều phiên bản có mã bắt đầu bằng `{named}`; hãy viết dài hơn"),
            Self::NoMoment(text) => {
                format!("`{text}` không phải thời điểm; viết như 2026-10-01 hoặc 2026-10-01T08:30:00+07:00")
            }
            Self::Overtaken => "đã có mục khác được ghi trước; hãy làm lại trên phiên bản mới nhất".to_owned(),
            Self::Clock { last } => format!("đồng hồ máy chạy chậm: mục cuối được ghi lúc {last}"),
            Self::MayNot { key } => format!("khóa {key} không có quyền này theo quy chế của kho"),
            Self::Full(most) => format!("đã có {most} đề nghị chờ duyệt; hãy duyệt hoặc rút bớt trước"),
            Self::NoProposal(id) => format!("không có đề nghị `{id}`; xem `tq versions`"),
            Self::NoRoot(text) => format!("`{text}` không phải gốc của kho: cần 64 chữ số thập lục phân viết thường"),
            Self::NoMemory => "không rõ nơi ghi những gì đã thấy ở các kho; thêm `--seen TỆP`".to_owned(),
            Self::Address { said, of } => {
                format!("địa chỉ cơ sở dữ liệu không đúng ({said}); viết như postgres://NGƯỜI-DÙNG@MÁY/CSDL?{of}=TÊN")
            }
            Self::Parameter { name, of } => {
                let others = PARAMETERS.join(", ");
                format!("địa chỉ cơ sở dữ liệu có `{name}` là điều không rõ; có thể viết: {of}, {others}")
            }
            Self::Away { at, said } => format!("cơ sở dữ liệu `{at}` không trả lời: {said}"),
            Self::Busy(at) => format!("`{at}` đang có người khác ghi quá lâu; hãy thử lại"),
            Self::Server { setting, found, wanted } => {
                format!("máy chủ cơ sở dữ liệu không giữ được dữ liệu an toàn: {setting} là {found}, phải là {wanted}")
            }
            Self::Uncertain(number) => {
                format!("không rõ mục {number} đã được ghi vào nhật ký hay chưa; xem `tq versions` trước khi làm lại")
            }
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoStore(at) => format!("there is no store of versions at `{at}`; make one with `tq store new`"),
            Self::IsStore(at) => format!("there is a store of versions at `{at}` already"),
            Self::System { name, said } => format!("cannot read or write `{name}`: {said}"),
            Self::Missing(name) => format!("the store lacks `{name}`; restore it from a backup"),
            Self::Large(name) => format!("`{name}` is larger than allowed; restore it from a backup"),
            Self::Malformed(name) => format!("`{name}` was changed or damaged; restore it from a backup"),
            Self::Later { name, format } => format!("`{name}` has form {format}, of a later program; upgrade tq"),
            Self::Unsound { name, why } => format!("`{name}`: {}", english(why)),
            Self::Few { name, signed, needed } => format!("`{name}` has {signed} signatures and needs {needed}"),
            Self::Order(name) => format!("`{name}` does not follow the entry before it in the log"),
            Self::Backwards(name) => format!("`{name}` says that it is older than the entry before it"),
            Self::Policy(name) => {
                format!(
                    "`{name}`: nobody could publish by this policy; it needs a signature and as many different signers"
                )
            }
            Self::Paths(name) => format!("`{name}` lists paths of files that are not allowed, or one twice"),
            Self::Content { name, path } => format!("the file `{path}` of `{name}` was changed or damaged"),
            Self::Root { known, found } => format!("this is another store: its root is {found}, the known one {known}"),
            Self::Unknown { found } => {
                format!(
                    "it is not known whether to trust this store: its root is {found}; ask its owner, then add `--root {found}`"
                )
            }
            Self::RolledBack { seen, there } => {
                format!("the store was set back: it has {there} entries, {seen} were seen before")
            }
            Self::Forked(number) => format!("entry {number} of the log is not the one that was seen before"),
            Self::Stale { before } => {
                format!("confirmed as the newest only until {before}; a publisher has to run `tq store renew`")
            }
            Self::Empty => "no version was published yet; publish one with `tq publish`".to_owned(),
            Self::NotBy(moment) => format!("no version was published by {moment}"),
            Self::NoVersion(named) => format!("there is no version `{named}`; see `tq versions`"),
            Self::Several(named) => format!("several versions begin with `{named}`; write more of it"),
            Self::NoMoment(text) => {
                format!("`{text}` is no moment; write as 2026-10-01 or 2026-10-01T08:30:00+07:00")
            }
            Self::Overtaken => "another entry came first; begin again on the newest version".to_owned(),
            Self::Clock { last } => format!("the clock of this machine is slow: the last entry was made at {last}"),
            Self::MayNot { key } => format!("the key {key} may not do this by the policy of the store"),
            Self::Full(most) => format!("{most} proposals wait for approval already; approve or withdraw some first"),
            Self::NoProposal(id) => format!("there is no proposal `{id}`; see `tq versions`"),
            Self::NoRoot(text) => format!("`{text}` is no root of a store: 64 lower-case hexadecimal digits are"),
            Self::NoMemory => "there is nowhere to keep what is seen of stores; add `--seen FILE`".to_owned(),
            Self::Address { said, of } => {
                format!(
                    "the address of the database is not right ({said}); write as postgres://USER@HOST/DATABASE?{of}=NAME"
                )
            }
            Self::Parameter { name, of } => {
                let others = PARAMETERS.join(", ");
                format!("the address of the database says `{name}`, which is not known; it may say: {of}, {others}")
            }
            Self::Away { at, said } => format!("the database `{at}` does not answer: {said}"),
            Self::Busy(at) => format!("somebody else has been writing to `{at}` for too long; try again"),
            Self::Server { setting, found, wanted } => {
                format!(
                    "the server of the database is not safe for what is published: {setting} is {found} and must be {wanted}"
                )
            }
            Self::Uncertain(number) => {
                format!(
                    "it is not known whether entry {number} is in the log; look at `tq versions` before trying again"
                )
            }
        }
    }
}

fn vietnamese(why: &Unsound) -> String {
    match why {
        Unsound::Malformed => "đã bị sửa đổi hoặc hỏng; hãy khôi phục từ bản sao lưu".to_owned(),
        Unsound::Kind(kind) => format!("được ký cho việc khác: {kind}"),
        Unsound::Stranger(key) => format!("khóa {key} không được ký ở đây"),
        Unsound::Forged(key) => format!("chữ ký của khóa {key} không đúng"),
        Unsound::Twice(key) => format!("khóa {key} ký hai lần"),
    }
}

fn english(why: &Unsound) -> String {
    match why {
        Unsound::Malformed => "was changed or damaged; restore it from a backup".to_owned(),
        Unsound::Kind(kind) => format!("is signed for another purpose: {kind}"),
        Unsound::Stranger(key) => format!("the key {key} may not sign here"),
        Unsound::Forged(key) => format!("the signature of the key {key} is wrong"),
        Unsound::Twice(key) => format!("the key {key} signed twice"),
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        form.write_str(&self.english())
    }
}
