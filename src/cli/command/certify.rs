//! The arguments of `tq certify`.

use std::path::PathBuf;

use clap::{Arg, Command, value_parser};

use super::store::{bare, of_store, which};
use super::{SEVERAL, day, fact, task, units};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

pub(super) fn certify(language: Language) -> Command {
    let about = pick(
        language,
        "Chứng nhận một câu trả lời theo phiên bản đã công bố, hoặc kiểm tra một bản chứng nhận",
        "Certify a ruling by published rules, or check a certificate",
    );
    let usage = pick(
        language,
        "tq certify NHIỆM-VỤ --in [NƠI=]ĐƠN-VỊ… --on NGÀY [--fact TÊN=GIÁ-TRỊ]… --key TỆP --output TỆP
           [--of PHIÊN-BẢN | --as-known THỜI-ĐIỂM] [--store THƯ-MỤC]
       tq certify --check TỆP [--root SHA256] [--store THƯ-MỤC]",
        "tq certify TASK --in [ROLE=]UNIT… --on DATE [--fact NAME=VALUE]… --key FILE --output FILE
           [--of VERSION | --as-known MOMENT] [--store DIR]
       tq certify --check FILE [--root SHA256] [--store DIR]",
    );
    let asked = ("Ngày hỏi (bắt buộc; không tự lấy hôm nay)", "The day asked about (needed; never today by itself)");
    let question = [task(language), units(language, SEVERAL), day(language, asked), fact(language)];
    let question = question.map(|one| one.conflicts_with("check"));
    let command = bare("certify", about, language).override_usage(usage).args(question);
    of_store(command.args(files(language)).args(which(language).map(|one| one.conflicts_with("check"))), language)
}

fn files(language: Language) -> [Arg; 3] {
    let file = pick(language, "TỆP", "FILE");
    let path = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(file).value_parser(value_parser!(PathBuf)).help(help)
    };
    let key =
        pick(language, "Tệp khóa bí mật của người được chứng nhận", "File of the secret key of one who may certify");
    let output = pick(language, "Ghi bản chứng nhận vào tệp mới này", "Write the certificate to this new file");
    let check = pick(
        language,
        "Kiểm tra bản chứng nhận này: chỉ có --root thì không cần kho; có kho thì hỏi lại cả câu hỏi",
        "Check this certificate: with --root alone without a store; with the store the question is asked again",
    );
    [
        path("key", key).required_unless_present("check").conflicts_with("check"),
        path("output", output).required_unless_present("check").conflicts_with("check"),
        path("check", check),
    ]
}
