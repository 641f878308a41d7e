//! The arguments of `tq replay`, described in both languages.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::value::whole;
use super::{base, format, store};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

pub(super) fn replay(language: Language) -> Command {
    let about = pick(
        language,
        "Hỏi lại mọi câu hỏi trong nhật ký quyết định và cho biết câu trả lời nào khác",
        "Ask every question of a decision log again, and say which answers differ",
    );
    let usage = pick(
        language,
        "tq replay NHẬT-KÝ… [--check | --as-answered] [--salt TỆP [--candidates TỆP]] [--limit N] [--rules THƯ-MỤC]…",
        "tq replay LOG… [--check | --as-answered] [--salt FILE [--candidates FILE]] [--limit N] [--rules DIR]…",
    );
    let logs = pick(
        language,
        "Tệp nhật ký, theo thứ tự, hoặc thư mục của chúng, hoặc postgres://…?chain=TÊN; `-` là dòng nhập",
        "Files of a log, in their order, or their folder, or postgres://…?chain=NAME; `-` is standard input",
    );
    let check =
        pick(language, "Chỉ kiểm tra chuỗi băm, không hỏi lại", "Only check the chain of hashes, and ask nothing");
    let as_answered = pick(
        language,
        "Hỏi lại mỗi câu trả lời theo đúng phiên bản đã trả lời, lấy từ kho: không được khác chỗ nào",
        "Ask each answer again of the version that gave it, from the store: nothing may differ",
    );
    let salt = pick(
        language,
        "Tệp muối của nhật ký: để tìm lại giá trị của dữ kiện đã băm",
        "The file of the log's salt: to find the values of hidden facts again",
    );
    let candidates = pick(
        language,
        "Các giá trị có thể có của dữ kiện là số hay ngày: mỗi dòng một DỮ-KIỆN=GIÁ-TRỊ",
        "Values that numbers and days may have had: FACT=VALUE on each line",
    );
    let limit = pick(
        language,
        "Nêu nhiều nhất bấy nhiêu chỗ khác nhau [mặc định: 20]",
        "Tell at most so many differences [default: 20]",
    );
    let file = pick(language, "TỆP", "FILE");
    let path = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(file).value_parser(value_parser!(PathBuf)).help(help)
    };
    let logs = Arg::new("log").value_name(pick(language, "NHẬT-KÝ", "LOG")).required(true).help(logs);
    let command = base("replay", about, language)
        .override_usage(usage)
        .arg(logs.action(ArgAction::Append).value_parser(value_parser!(PathBuf)))
        .arg(Arg::new("check").long("check").action(ArgAction::SetTrue).help(check))
        .arg(
            Arg::new("as-answered")
                .long("as-answered")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["check", "rules", "of", "as-known"])
                .help(as_answered),
        )
        .arg(path("salt", salt))
        .arg(path("candidates", candidates).requires("salt"))
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(whole::<u16>(language, 0..=u16::MAX))
                .default_value("20")
                .hide_default_value(true)
                .help(limit),
        )
        .arg(format(language));
    store::dials(command, language)
}
