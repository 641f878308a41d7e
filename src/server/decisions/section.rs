//! The section `[decisions]` of the configuration.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::configuration::{Secret, Wrong};
use super::file::{Folder, Unfit};
use super::record::Flaw;
use super::salt::{SHORTEST, Salt};
use super::sink::Sink;
use super::stream::{Stream, standard_output};
use super::{Decisions, Pace, Plan};
use crate::reading::words::pick;
use crate::rulebook::Rulebook;
use crate::syntax::tree::Language;

/// The section, as the errors about it call it.
const PLACE: &str = "[decisions]";

/// A file that is larger is not added to, unless it is said otherwise: in MiB.
const FILE_MEBIBYTES: u64 = 64;

/// What an operator says of the log of decisions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    to: To,
    /// Of files.
    folder: Option<PathBuf>,
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
        let only_files = |member: &str| {
            wrong(member, "chỉ dùng khi to = \"file\"; hãy bỏ đi", "only goes with to = \"file\"; leave it out")
        };
        match self.to {
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
            To::Stdout if self.folder.is_some() => Err(only_files("folder")),
            To::Stdout if self.file_mebibytes.is_some() => Err(only_files("file-mebibytes")),
            To::Stdout => {
                let out = standard_output().map_err(|error| {
                    wrong("to", format!("không mở được: {error}"), format!("cannot be opened: {error}"))
                })?;
                Ok(Box::new(Stream::new(out)))
            }
        }
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
        Unfit::Broken(broken) => {
            let say = |language| format!("{}:{}: {}", broken.file, broken.line, flaw_words(&broken.flaw, language));
            let (vietnamese, english) = (say(Language::Vietnamese), say(Language::English));
            wrong(
                "folder",
                format!("{vietnamese}; hãy giữ thư mục này làm bằng chứng và ghi vào một thư mục mới"),
                format!("{english}; keep this folder as evidence and write into a new one"),
            )
        }
    }
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
