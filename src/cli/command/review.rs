//! The arguments of `tq review`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::{base, format, store};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

pub(super) fn review(language: Language) -> Command {
    let about = pick(
        language,
        "Xem xét từng ảnh chụp đã khác với quy định, kèm các quyết định bị thay đổi; chấp nhận hoặc từ chối",
        "Step through the snapshots that differ from the rules, with the decisions that move; accept or reject each",
    );
    let usage = pick(
        language,
        "tq review [THƯ-MỤC] [--rules THƯ-MỤC]… [--against BÊN]\n       \
         tq review [THƯ-MỤC] --list [--against BÊN] [--format text|json]\n       \
         tq review [THƯ-MỤC] --accept NHIỆM-VỤ… | --accept-all",
        "tq review [DIR] [--rules DIR]… [--against SIDE]\n       \
         tq review [DIR] --list [--against SIDE] [--format text|json]\n       \
         tq review [DIR] --accept TASK… | --accept-all",
    );
    let folder = Arg::new("folder")
        .value_name(pick(language, "THƯ-MỤC", "DIR"))
        .value_parser(value_parser!(PathBuf))
        .default_value("snapshots/luat")
        .help(pick(
            language,
            "Nơi đặt ảnh chụp. Ảnh chụp giữ ngôn ngữ đang có ở đó, tiếng Việt nếu chưa có gì",
            "Where the snapshots lie. They stay in the language that they are in there, Vietnamese where there are none",
        ));
    let command = base("review", about, language)
        .override_usage(usage)
        .arg(folder)
        .arg(against(language))
        .args(unattended(language))
        .arg(format(language));
    store::beside(command, language)
}

fn against(language: Language) -> Arg {
    let help = pick(
        language,
        "So quyết định với bên này, nêu như ở tq diff: thư mục, git:BẢN, version:PHIÊN-BẢN… [mặc định: chính thư mục quy định đó, ở git:HEAD]",
        "Compare decisions with this side, named as for tq diff: a folder, git:REV, version:VERSION… [default: the same folder of rules at git:HEAD]",
    );
    Arg::new("against").long("against").value_name(pick(language, "BÊN", "SIDE")).help(help)
}

/// What needs nobody at a terminal.
fn unattended(language: Language) -> [Arg; 3] {
    let list = pick(
        language,
        "Chỉ liệt kê những gì phải xem xét; còn gì thì kết thúc với mã 1",
        "Only list what is to be reviewed; exit with 1 where anything is left",
    );
    let accept = pick(
        language,
        "Chấp nhận ảnh chụp của nhiệm vụ này (mã hoặc tên), không hỏi; lặp lại để thêm",
        "Accept the snapshot of this task (id or name) without asking; repeat for more",
    );
    let all = pick(language, "Chấp nhận mọi ảnh chụp, không hỏi", "Accept every snapshot without asking");
    let task = pick(language, "NHIỆM-VỤ", "TASK");
    [
        Arg::new("list").long("list").action(ArgAction::SetTrue).help(list),
        Arg::new("accept")
            .long("accept")
            .value_name(task)
            .action(ArgAction::Append)
            .conflicts_with_all(["list", "against"])
            .help(accept),
        Arg::new("accept-all")
            .long("accept-all")
            .action(ArgAction::SetTrue)
            .conflicts_with_all(["list", "against", "accept"])
            .help(all),
    ]
}
