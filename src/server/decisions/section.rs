//! The section `[decisions]` of the configuration.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::configuration::{Secret, Wrong};
use super::file::{Folder, Unfit};
use super::postgres::{self, Chain};
use super::read::Broken;
use super::record::Flaw;
use super::salt::{SHORTEST, Salt};
use super::sink::Sink;
use super::stream::{Stream, standard_output};
use super::{Decisions, Pace, Plan};
use crate::reading::words::pick;
use crate::rulebook::Rulebook;
use crate::store::postgres::Address;
use crate::syntax::tree::Language;

/// The section, as the errors about it call it.
const PLACE: &str = "[decisions]";

/// A file that is larger is not added to, unless it is said otherwise: in MiB.
const FILE_MEBIBYTES: u64 = 64;

/// Where the database is said that a section does not say, as a store is said that no argument says.
const VARIABLE: &str = "TQ_DECISIONS";

/// A URL, which may hold a password before it is refused for that.
#[derive(Clone, Deserialize)]
struct Url(String);

impl std::fmt::Debug for Url {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Url(…)")
    }
}

/// What an operator says of the log of decisions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    to: To,
    /// Of files.
    folder: Option<PathBuf>,
    /// Of PostgreSQL: `postgres://USER@HOST/DATABASE?chain=NAME`, without a password.
    database: Option<Url>,
    /// `all`, or `1/N`.
    #[serde(default = "all")]
    sample: String,
    salt_file: PathBuf,
    /// Numbers and days that are logged as they are.
    #[serde(default)]
    open: Vec<String>,
    /// Enumerated facts and truth values that are hidden.
    #[serde(default)]
    personal: Vec<String>,
    /// Of files: in MiB.
    file_mebibytes: Option<u64>,
}

/// Where a log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum To {
    File,
    Stdout,
    Postgres,
}

fn all() -> String {
    "all".to_owned()
}

fn wrong(member: &str, vietnamese: impl Into<String>, english: impl Into<String>) -> Wrong {
    Wrong::new(format!("{PLACE} {member}"), vietnamese, english)
}

impl Section {
    /// Begins to write the log, beside a configuration of this folder and for these rules.
    pub(in crate::server) fn begin(
        &self,
        folder: &Path,
        rulebook: &Rulebook,
        language: Language,
    ) -> Result<Decisions, Wrong> {
        let plan = self.plan(folder, rulebook)?;
        let sink = self.sink(folder)?;
        Decisions::new(sink, plan, Pace::default(), language).map_err(|error| {
            wrong("to", format!("không mở được luồng ghi: {error}"), format!("no thread can be made: {error}"))
        })
    }

    fn plan(&self, folder: &Path, rulebook: &Rulebook) -> Result<Plan, Wrong> {
        let salt = salt_of(&folder.join(&self.salt_file))?;
        let mut plan = Plan { salt, one_in: self.one_in()?, open: self.open.clone(), personal: self.personal.clone() };
        for (member, ids) in [("open", &mut plan.open), ("personal", &mut plan.personal)] {
            ids.sort();
            ids.dedup();
            let unknown = ids.iter().find(|id| !rulebook.facts.iter().any(|fact| fact.names.id == **id));
            if let Some(id) = unknown {
                return Err(wrong(
                    member,
                    format!("không có dữ kiện `{id}`; hãy viết mã như trong `tq tasks`"),
                    format!("there is no fact `{id}`; write ids as `tq tasks` has them"),
                ));
            }
        }
        match plan.open.iter().find(|id| plan.personal.contains(id)) {
            Some(id) => Err(wrong(
                "open",
                format!("`{id}` vừa để mở vừa là dữ kiện cá nhân: chỉ ghi ở một nơi"),
                format!("`{id}` is both open and personal: say one of the two"),
            )),
            None => Ok(plan),
        }
    }

    fn one_in(&self) -> Result<u64, Wrong> {
        let of = self.sample.strip_prefix("1/").and_then(|of| of.parse::<u64>().ok()).filter(|of| *of > 0);
        let of = if self.sample == "all" { Some(1) } else { of };
        of.ok_or_else(|| {
            let said = &self.sample;
            wrong(
                "sample",
                format!("không hiểu `{said}`; viết \"all\" hoặc \"1/10\""),
                format!("`{said}` is not understood; write \"all\" or \"1/10\""),
            )
        })
    }

    fn sink(&self, folder: &Path) -> Result<Box<dyn Sink>, Wrong> {
        let only = |member: &str, to: &str| {
            let (vietnamese, english) =
                (format!("chỉ dùng khi to = \"{to}\""), format!("only goes with to = \"{to}\""));
            wrong(member, format!("{vietnamese}; hãy bỏ đi"), format!("{english}; leave it out"))
        };
        for (member, is_said, of, to) in [
            ("folder", self.folder.is_some(), To::File, "file"),
            ("file-mebibytes", self.file_mebibytes.is_some(), To::File, "file"),
            ("database", self.database.is_some(), To::Postgres, "postgres"),
        ] {
            if is_said && self.to != of {
                return Err(only(member, to));
            }
        }
        match self.to {
            To::Postgres => {
                let chain = Chain::open(&self.address()?).map_err(|unfit| chain_words(&unfit))?;
                Ok(Box::new(chain))
            }
            To::File => {
                let own = self.folder.as_ref().ok_or_else(|| {
                    wrong("folder", "thiếu; viết folder = \"decisions\"", "missing; write folder = \"decisions\"")
                })?;
                let mebibytes = self.file_mebibytes.unwrap_or(FILE_MEBIBYTES);
                let limit = mebibytes
                    .checked_mul(1 << 20)
                    .filter(|limit| *limit > 0)
                    .ok_or_else(|| wrong("file-mebibytes", "phải là số từ 1 trở lên", "must be a number from 1"))?;
                Ok(Box::new(Folder::open(&folder.join(own), limit).map_err(|unfit| unfit_words(&unfit))?))
            }
            To::Stdout => {
                let out = standard_output().map_err(|error| {
                    wrong("to", format!("không mở được: {error}"), format!("cannot be opened: {error}"))
                })?;
                Ok(Box::new(Stream::new(out)))
            }
        }
    }
}

impl Section {
    /// Which chain of which database is meant.
    fn address(&self) -> Result<Address, Wrong> {
        let said = match &self.database {
            Some(Url(said)) if Address::holds_password(said) => {
                return Err(wrong(
                    "database",
                    "không ghi mật khẩu ở đây; hãy để trong PGPASSFILE, ~/.pgpass hoặc PGPASSWORD",
                    "no password goes here; leave it to PGPASSFILE, ~/.pgpass or PGPASSWORD",
                ));
            }
            Some(Url(said)) => Some(said.clone()),
            None => std::env::var(VARIABLE).ok(),
        };
        let address =
            said.as_deref().map(Address::of_chain).transpose().map_err(|fault| {
                wrong("database", fault.words(Language::Vietnamese), fault.words(Language::English))
            })?;
        address.filter(|address| address.chain().is_some()).ok_or_else(|| {
            wrong(
                "database",
                format!(
                    "thiếu cơ sở dữ liệu hoặc tên chuỗi; viết \"postgres://NGƯỜI-DÙNG@MÁY/CSDL?chain=TÊN\" ở đây, hoặc trong {VARIABLE}"
                ),
                format!(
                    "the database or the name of the chain is missing; write \"postgres://USER@HOST/DATABASE?chain=NAME\" here, or in {VARIABLE}"
                ),
            )
        })
    }
}

/// The salt in a file that nobody else may read.
///
/// # Errors
/// When others may read it, or it is too short.
pub fn salt_of(file: &Path) -> Result<Salt, Wrong> {
    Salt::new(Secret::read(file)?.expose().as_bytes()).ok_or_else(|| {
        Wrong::new(
            file.display().to_string(),
            format!("muối ngắn hơn {SHORTEST} byte; tạo bằng `openssl rand -hex 32`"),
            format!("the salt has fewer than {SHORTEST} bytes; `openssl rand -hex 32` makes one"),
        )
    })
}

fn unfit_words(unfit: &Unfit) -> Wrong {
    match unfit {
        Unfit::System(path, error) => {
            let path = path.display();
            wrong("folder", format!("không dùng được `{path}`: {error}"), format!("`{path}` cannot be used: {error}"))
        }
        Unfit::Taken => wrong(
            "folder",
            "một dịch vụ khác đang ghi vào đây; mỗi dịch vụ cần thư mục riêng",
            "another service writes here; give each one a folder of its own",
        ),
        Unfit::Broken(broken) => wrong(
            "folder",
            format!(
                "{}; hãy giữ thư mục này làm bằng chứng và ghi vào một thư mục mới",
                broken_words(broken, Language::Vietnamese)
            ),
            format!(
                "{}; keep this folder as evidence and write into a new one",
                broken_words(broken, Language::English)
            ),
        ),
    }
}

fn chain_words(unfit: &postgres::Unfit) -> Wrong {
    let say = |language| match unfit {
        postgres::Unfit::Broken(broken) => {
            let evidence = pick(
                language,
                "hãy giữ chuỗi này làm bằng chứng và ghi vào một chuỗi mới",
                "keep this chain as evidence and write into a new one",
            );
            format!("{}; {evidence}", broken_words(broken, language))
        }
        postgres::Unfit::Database(_)
        | postgres::Unfit::Taken
        | postgres::Unfit::Missing
        | postgres::Unfit::Several(_) => unread_words(unfit, language),
    };
    wrong("database", say(Language::Vietnamese), say(Language::English))
}

/// Why a log in a database cannot be read, or gone on with.
#[must_use]
pub fn unread_words(unfit: &postgres::Unfit, language: Language) -> String {
    match unfit {
        postgres::Unfit::Database(fault) => fault.words(language),
        postgres::Unfit::Taken => postgres::taken_words(language).to_owned(),
        postgres::Unfit::Broken(broken) => broken_words(broken, language),
        postgres::Unfit::Missing => pick(language, "không có nhật ký nào ở đó", "there is no log there").to_owned(),
        postgres::Unfit::Several(names) => postgres::several_words(names, language),
    }
}

/// Where a log is broken, and how.
fn broken_words(broken: &Broken, language: Language) -> String {
    format!("{}:{}: {}", broken.file, broken.line, flaw_words(&broken.flaw, language))
}

/// What is wrong with a line of a log.
#[must_use]
pub fn flaw_words(flaw: &Flaw, language: Language) -> String {
    let (vietnamese, english) = match flaw {
        Flaw::Unreadable(why) => (format!("không phải là một bản ghi: {why}"), format!("this is no record: {why}")),
        Flaw::TooLong => ("dòng quá dài".to_owned(), "the line is too long".to_owned()),
        Flaw::Changed => (
            "dòng này đã bị sửa, hoặc dòng sau nó bị bỏ: dòng kế tiếp giữ mã băm khác".to_owned(),
            "this line was changed, or the next one is missing: what follows holds another hash of it".to_owned(),
        ),
        Flaw::Chain => (
            "mã băm không khớp với dòng trước: một trong hai dòng đã bị sửa, hoặc có dòng bị bỏ".to_owned(),
            "its hash of the line before is another: one of the two was changed, or one is missing".to_owned(),
        ),
        Flaw::Number { expected, found } => (
            format!("số thứ tự là {found}, đáng lẽ là {expected}"),
            format!("its number is {found} and should be {expected}"),
        ),
        Flaw::Cut => ("dòng cuối bị cắt dở".to_owned(), "the last line is cut off".to_owned()),
        Flaw::System(why) => (format!("không đọc được: {why}"), format!("cannot be read: {why}")),
    };
    pick(language, &vietnamese, &english).clone()
}
