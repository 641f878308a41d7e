//! The arguments of `tq check`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::base;
use super::value::whole;
use crate::reading::words::pick;
use crate::syntax::tree::Language;

pub(super) fn check(language: Language) -> Command {
    let about = pick(
        language,
        "Tìm mọi khiếm khuyết của quy định: bỏ trống, chồng chéo, chuyển giao vô hiệu…",
        "Find every defect of the rules: gaps, conflicts, void transfers…",
    );
    let usage = pick(
        language,
        "tq check [--task NHIỆM-VỤ]… [--deny MÃ]… [--allow MÃ]… [--baseline TỆP] [--all] [--format DẠNG]\n       \
         tq check --write-baseline [--baseline TỆP]\n       tq check --from NGÀY --days SỐ [--task NHIỆM-VỤ]… [--format text|json|ics]\n       tq check --explain MÃ",
        "tq check [--task TASK]… [--deny CODE]… [--allow CODE]… [--baseline FILE] [--all] [--format FORM]\n       \
         tq check --write-baseline [--baseline FILE]\n       tq check --from DATE --days N [--task TASK]… [--format text|json|ics]\n       tq check --explain CODE",
    );
    base("check", about, language)
        .override_usage(usage)
        .args([task(language), deny(language), allow(language), explain(language)])
        .args(baseline(language))
        .args(ahead(language))
        .args(compared(language))
        .arg(format(language))
}

/// What is said of findings, and means nothing to a forecast.
const REPORT: [&str; 6] = ["deny", "allow", "baseline", "write-baseline", "all", "stale-after"];

/// What comes.
fn ahead(language: Language) -> [Arg; 2] {
    let from = pick(
        language,
        "Thay vì tìm khiếm khuyết, dự báo điều sẽ đổi sau ngày này (hoặc `today`): bỏ trống, trở về người giao, chuyển…",
        "Instead of defects, tell what changes after this day (or `today`): gaps, what falls back, what moves…",
    );
    let days = pick(language, "Số ngày nhìn trước", "How many days to look ahead");
    let date = pick(language, "NGÀY", "DATE");
    [
        Arg::new("from").long("from").value_name(date).requires("days").conflicts_with_all(REPORT).help(from),
        Arg::new("days")
            .long("days")
            .value_name(pick(language, "SỐ", "N"))
            .requires("from")
            .value_parser(whole::<u16>(language, 1..=u16::MAX))
            .help(days),
    ]
}

/// Documents that nobody has looked at for long.
fn compared(language: Language) -> [Arg; 2] {
    let stale = pick(
        language,
        "Nêu cả văn bản chưa đối chiếu với nguồn trong số tháng này, tính đến ngày --on",
        "Also tell documents that were not compared with their source in so many months before --on",
    );
    let on = pick(language, "Ngày tính của --stale-after (hoặc `today`)", "The day of --stale-after (or `today`)");
    [
        Arg::new("stale-after")
            .long("stale-after")
            .value_name(pick(language, "THÁNG", "MONTHS"))
            .requires("on")
            .value_parser(whole::<u16>(language, 1..=u16::MAX))
            .help(stale),
        Arg::new("on").long("on").value_name(pick(language, "NGÀY", "DATE")).requires("stale-after").help(on),
    ]
}

fn task(language: Language) -> Arg {
    let help = pick(
        language,
        "Chỉ xét nhiệm vụ này (mã hoặc tên); lặp lại để thêm",
        "Look at this task only (id or name); repeat for more",
    );
    Arg::new("task").long("task").value_name(pick(language, "NHIỆM-VỤ", "TASK")).action(ArgAction::Append).help(help)
}

fn codes(name: &'static str, language: Language) -> Arg {
    let value = pick(language, "MÃ", "CODE");
    Arg::new(name).long(name).value_name(value).action(ArgAction::Append).value_delimiter(',')
}

fn deny(language: Language) -> Arg {
    codes("deny", language).help(pick(
        language,
        "Phát hiện thuộc mã này thì kết thúc với mã 1; cũng viết được `warnings`, `notes`. Lỗi và cảnh báo vốn đã như vậy",
        "Findings of this code make the exit status 1; `warnings` and `notes` too. Errors and warnings do so anyway",
    ))
}

fn allow(language: Language) -> Arg {
    codes("allow", language).help(pick(
        language,
        "Không nêu phát hiện thuộc mã này, chỉ đếm; cũng viết được `warnings`, `notes`. Nêu tên mã mạnh hơn nêu cả loại",
        "Do not report findings of this code, only count them; `warnings` and `notes` too. A code says more than a grade",
    ))
}

fn explain(language: Language) -> Arg {
    let help = pick(language, "Giải thích một mã, kèm ví dụ, rồi thôi", "Explain a code, with an example, and no more");
    Arg::new("explain").long("explain").value_name(pick(language, "MÃ", "CODE")).help(help)
}

fn baseline(language: Language) -> [Arg; 3] {
    let file = pick(language, "TỆP", "FILE");
    let help = pick(
        language,
        "Tệp phát hiện đã chấp nhận [mặc định: baseline.json trong thư mục quy định, nếu có]",
        "File of findings that are accepted [default: baseline.json in the folder of rules, if it is there]",
    );
    let write = pick(
        language,
        "Ghi mọi phát hiện hiện có vào tệp đó, giữ lại lý do đã ghi; bằng tiếng Việt, trừ khi ghi --lang en",
        "Write all findings of today into that file and keep the reasons in it; in Vietnamese unless --lang en is said",
    );
    let all = pick(
        language,
        "Nêu cả phát hiện đã chấp nhận hoặc được bỏ qua",
        "Also report findings that are accepted or allowed",
    );
    [
        Arg::new("baseline").long("baseline").value_name(file).value_parser(value_parser!(PathBuf)).help(help),
        Arg::new("write-baseline").long("write-baseline").action(ArgAction::SetTrue).conflicts_with("task").help(write),
        Arg::new("all").long("all").action(ArgAction::SetTrue).help(all),
    ]
}

fn format(language: Language) -> Arg {
    let forms = ["text", "json", "gitlab", "sarif", "junit", "ics"];
    Arg::new("format")
        .long("format")
        .value_parser(forms)
        .hide_possible_values(true)
        .value_name("text|json|gitlab|sarif|junit|ics")
        .help(pick(language, "Dạng kết quả [mặc định: text]", "Form of the output [default: text]"))
}
