//! The arguments of `tq diff`, described in both languages.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};

use super::value::whole;
use super::{base, day, forms, output, store};
use crate::reading::diff::{Class, LEAST};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// What `--deny` takes beside classes: a new finding of the check that is an error.
pub(in crate::cli) const FINDING: &str = "finding";

pub(super) fn diff(language: Language) -> Command {
    let about = pick(
        language,
        "Quy định thay đổi thì ai quyết định việc gì, ở đâu, từ ngày nào sẽ khác",
        "What a change of rules changes: who decides what, where and when",
    );
    let usage = pick(
        language,
        "tq diff [CŨ [MỚI]] [--with DỰ-THẢO]… [--task NHIỆM-VỤ]… [--on NGÀY] [--findings] [--deny LOẠI]…",
        "tq diff [OLD [NEW]] [--with DRAFT]… [--task TASK]… [--on DATE] [--findings] [--deny CLASS]…",
    );
    let side = pick(
        language,
        "Thư mục quy định; git:BẢN hay git:BẢN:THƯ-MỤC (bản trong kho git, không cần lấy ra); version:PHIÊN-BẢN hay known:THỜI-ĐIỂM (đã công bố); http://… (dịch vụ đang chạy) [mặc định khi có --with: như --rules]",
        "A folder of rules; git:REV or git:REV:DIR (a revision of the git repository, not checked out); version:VERSION or known:MOMENT (published); http://… (a running service) [default beside --with: as --rules]",
    );
    let new = pick(
        language,
        "Như trên [mặc định: như --rules; khi có --with thì như CŨ]",
        "The same [default: as --rules; beside --with as OLD]",
    );
    let command = base("diff", about, language)
        .override_usage(usage)
        .arg(Arg::new("old").value_name(pick(language, "CŨ", "OLD")).required_unless_present("with").help(side))
        .arg(Arg::new("new").value_name(pick(language, "MỚI", "NEW")).help(new))
        .arg(with(language))
        .arg(tasks(language))
        .arg(day(
            language,
            ("Chỉ xét câu hỏi về ngày này (hoặc today)", "Compare questions of this day alone (or today)"),
        ))
        .arg(findings(language))
        .arg(deny(language))
        .arg(forms(language, &["text", "json", "md", "html", "csv", "xlsx"]))
        .arg(limit(language))
        .arg(output(language));
    store::beside(command, language)
}

fn with(language: Language) -> Arg {
    let help = pick(
        language,
        "Đặt tệp dự thảo này (hoặc các tệp của thư mục này) lên bên MỚI: thay tệp cùng đường dẫn, nếu không có thì thêm; lặp lại cho nhiều",
        "Lay this draft (or the files of this folder) over NEW: it replaces the file of the same path, else is added; repeat for more",
    );
    let with = Arg::new("with").long("with").value_name(pick(language, "DỰ-THẢO", "DRAFT")).help(help);
    with.action(ArgAction::Append).value_parser(value_parser!(PathBuf))
}

fn tasks(language: Language) -> Arg {
    let help = pick(
        language,
        "Chỉ so sánh nhiệm vụ này (mã hoặc tên); lặp lại cho nhiều nhiệm vụ",
        "Compare this task alone (id or name); repeat for more",
    );
    let task = Arg::new("task").long("task").value_name(pick(language, "NHIỆM-VỤ", "TASK")).help(help);
    task.action(ArgAction::Append)
}

fn findings(language: Language) -> Arg {
    let help = pick(
        language,
        "So sánh cả khiếm khuyết mà `tq check` nêu: cái nào mới, cái nào hết (có sẵn khi dùng --with)",
        "Also compare what `tq check` finds: what is new, what is gone (always so with --with)",
    );
    Arg::new("findings").long("findings").action(ArgAction::SetTrue).help(help)
}

fn deny(language: Language) -> Arg {
    let help = pick(
        language,
        "Chỉ coi là sai (trạng thái 1) khi có thay đổi loại này; `finding`: khiếm khuyết mới ở mức lỗi; lặp lại cho nhiều loại",
        "Fail (status 1) only where there is a change of this class; `finding`: a new finding that is an error; repeat for more",
    );
    let classes = PossibleValuesParser::new(Class::ALL.map(Class::code).into_iter().chain([FINDING]));
    let deny = Arg::new("deny").long("deny").value_name(pick(language, "LOẠI", "CLASS")).help(help);
    deny.action(ArgAction::Append).value_parser(classes)
}

fn limit(language: Language) -> Arg {
    let help = pick(
        language,
        "Số ký tự nhiều nhất của --format md, ít nhất 4000 [mặc định: 65000]",
        "The most characters of --format md, at least 4000 [default: 65000]",
    );
    let limit = Arg::new("limit").long("limit").value_name(pick(language, "SỐ", "CHARS")).help(help);
    limit.value_parser(whole::<usize>(language, LEAST..=1_000_000_000))
}
