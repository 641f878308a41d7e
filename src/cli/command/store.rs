//! The arguments of the commands that keep versions.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::value::whole;
use super::{base, format};
use crate::reading::words::pick;
use crate::server::access::Role;
use crate::syntax::tree::Language;

/// Where a store lies, and what is known of it.
pub(super) fn of_store(command: Command, language: Language) -> Command {
    let folder = pick(language, "THƯ-MỤC", "DIR");
    let store = pick(
        language,
        "Kho phiên bản: thư mục hoặc địa chỉ postgres:// [mặc định: store]",
        "The store of versions: a folder, or a postgres:// address [default: store]",
    );
    let root = pick(
        language,
        "Gốc của kho, do chủ kho cho biết; chỉ cần lần đầu trên máy này",
        "The root of the store, as its owner says it; needed once on a machine",
    );
    let seen = pick(
        language,
        "Tệp ghi những gì đã thấy ở các kho [mặc định: trong thư mục trạng thái của người dùng]",
        "The file that remembers what was seen of stores [default: in the user's folder of state]",
    );
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(value_parser!(PathBuf)).help(help)
    };
    command
        .arg(path("store", folder, store).env("TQ_STORE").hide_env(true))
        .arg(Arg::new("root").long("root").value_name("SHA256").env("TQ_ROOT").hide_env(true).help(root))
        .arg(path("seen", pick(language, "TỆP", "FILE"), seen).env("TQ_SEEN").hide_env(true))
}

/// The store of a command that is about something else.
pub(super) fn beside(command: Command, language: Language) -> Command {
    of_store(command.next_help_heading(pick(language, "Phiên bản đã công bố", "Published versions")), language)
}

/// Which published version is asked, instead of folders of rules.
pub(super) fn dials(command: Command, language: Language) -> Command {
    let command = command.next_help_heading(pick(language, "Phiên bản đã công bố", "Published versions"));
    let which = which(language).map(|one| one.conflicts_with("rules"));
    of_store(command.args(which), language)
}

/// Which published version is meant.
pub(super) fn which(language: Language) -> [Arg; 2] {
    let of = pick(
        language,
        "Theo một phiên bản đã công bố: số thứ tự, từ tám chữ số đầu của mã, hoặc latest",
        "By a published version: its number, eight or more first digits of its hash, or latest",
    );
    let known = pick(
        language,
        "Theo phiên bản đã công bố đến thời điểm này: một ngày (trọn ngày) hoặc một thời điểm có múi giờ",
        "By the version that was published by then: a day (all of it) or a moment with its clock",
    );
    let one = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let moment = pick(language, "THỜI-ĐIỂM", "MOMENT");
    [one("of", pick(language, "PHIÊN-BẢN", "VERSION"), of), one("as-known", moment, known).conflicts_with("of")]
}

pub(super) fn bare(name: &'static str, about: &'static str, language: Language) -> Command {
    base(name, about, language).mut_arg("rules", |rules| rules.hide(true))
}

fn keys(language: Language) -> Arg {
    let help = pick(
        language,
        "Tệp khóa bí mật để ký; lặp lại để ký bằng nhiều khóa",
        "File of a secret key to sign with; repeat to sign with several",
    );
    let file = pick(language, "TỆP", "FILE");
    Arg::new("key")
        .long("key")
        .value_name(file)
        .value_parser(value_parser!(PathBuf))
        .action(ArgAction::Append)
        .required(true)
        .help(help)
}

/// Who does it, and why.
fn signed(command: Command, language: Language) -> Command {
    let by = pick(language, "Ai làm: tên người hoặc đơn vị", "Who does it: a person or an office");
    let note = pick(language, "Vì sao: một câu", "Why: a sentence");
    let text = pick(language, "LỜI", "TEXT");
    command
        .arg(keys(language))
        .arg(Arg::new("by").long("by").value_name(text).required(true).help(by))
        .arg(Arg::new("note").long("note").value_name(text).required(true).help(note))
}

pub(super) fn key(language: Language) -> Command {
    let about = pick(language, "Tạo hoặc xem khóa ký", "Make or show a signing key");
    let make = pick(
        language,
        "Tạo khóa bí mật trong một tệp mới và in khóa công khai",
        "Make a secret key in a new file and print the public one",
    );
    let show = pick(language, "In khóa công khai của một tệp khóa bí mật", "Print the public key of a secret key file");
    let file = |language| {
        let help = pick(language, "Tệp khóa bí mật (PKCS#8, PEM)", "The file of the secret key (PKCS#8, PEM)");
        Arg::new("file")
            .value_name(pick(language, "TỆP", "FILE"))
            .value_parser(value_parser!(PathBuf))
            .required(true)
            .help(help)
    };
    let token = pick(
        language,
        "Tạo khóa cho người gọi dịch vụ: in khóa một lần, kèm các dòng cho tệp cấu hình",
        "Make a key for a caller of the service: print it once, with the lines for the configuration",
    );
    let whose = pick(language, "Khóa của ai", "Whose key it is");
    let roles = pick(
        language,
        "Vai trò: reader, author, approver hoặc operator; lặp lại để thêm",
        "A role: reader, author, approver or operator; repeat for more",
    );
    let role = Arg::new("role").long("role").value_name(pick(language, "VAI-TRÒ", "ROLE")).help(roles);
    let role = role.value_parser(Role::ALL.map(Role::id)).hide_possible_values(true).action(ArgAction::Append);
    let name = Arg::new("name").long("name").value_name(pick(language, "TÊN", "NAME")).help(whose);
    let token = Command::new("token").about(token).arg(name.required(true)).arg(role.required(true));
    let usage = pick(
        language,
        "tq key new|show TỆP | token --name TÊN --role VAI-TRÒ…",
        "tq key new|show FILE | token --name NAME --role ROLE…",
    );
    bare("key", about, language)
        .override_usage(usage)
        .subcommand_required(true)
        .subcommand(Command::new("new").about(make).arg(file(language)))
        .subcommand(Command::new("show").about(show).arg(file(language)))
        .subcommand(token)
}

pub(super) fn store(language: Language) -> Command {
    let about = pick(
        language,
        "Tạo kho phiên bản, đổi người được ký, xác nhận là mới nhất",
        "Make a store of versions, change who may sign, confirm that it is the newest",
    );
    let make = pick(language, "Tạo kho, với những người được công bố", "Make a store, with those who may publish");
    let policy = pick(language, "Đổi những người được công bố", "Change who may publish");
    let renew = pick(language, "Xác nhận rằng nhật ký là mới nhất", "Confirm that the log is the newest");
    let usage = pick(language, "tq store new|policy|renew [TÙY CHỌN]", "tq store new|policy|renew [OPTIONS]");
    let with_policy = |command: Command| of_store(signed(policy_of(command, language), language), language);
    bare("store", about, language)
        .override_usage(usage)
        .subcommand_required(true)
        .subcommand(with_policy(Command::new("new").about(make)))
        .subcommand(with_policy(Command::new("policy").about(policy)))
        .subcommand(of_store(Command::new("renew").about(renew).arg(keys(language)), language))
}

/// Who may publish, and how.
fn policy_of(command: Command, language: Language) -> Command {
    let holder = pick(language, "TÊN=KHÓA", "NAME=KEY");
    let publisher = pick(
        language,
        "Người được công bố, với khóa công khai; lặp lại cho mỗi người",
        "Who may publish, with the public key; repeat for each",
    );
    let certifier = pick(
        language,
        "Người được chứng nhận câu trả lời, với khóa công khai; lặp lại cho mỗi người",
        "Who may certify rulings, with the public key; repeat for each",
    );
    let signatures = pick(
        language,
        "Số chữ ký cần có để công bố [mặc định: 1]",
        "How many signatures a publication takes [default: 1]",
    );
    let offset = pick(
        language,
        "Múi giờ của ngày nêu trong --as-known, ví dụ +07:00",
        "The clock of days said to --as-known, such as +07:00",
    );
    let days = pick(
        language,
        "Số ngày mà một lần xác nhận có giá trị [mặc định: 30]",
        "For how many days a confirmation holds [default: 30]",
    );
    let several = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(holder).action(ArgAction::Append).help(help)
    };
    let number = |name: &'static str, help: &'static str| Arg::new(name).long(name).value_name("N").help(help);
    command
        .arg(several("publisher", publisher).required(true))
        .arg(several("certifier", certifier))
        .arg(number("signatures", signatures).value_parser(whole::<u16>(language, 0..=u16::MAX)))
        .arg(
            Arg::new("offset")
                .long("offset")
                .value_name("±HH:MM")
                .required(true)
                .allow_hyphen_values(true)
                .help(offset),
        )
        .arg(number("fresh-days", days).value_parser(whole::<u16>(language, 0..=u16::MAX)))
}

pub(super) fn publish(language: Language) -> Command {
    let about = pick(
        language,
        "Kiểm tra bộ quy định, ký và công bố thành một phiên bản",
        "Check the rules, sign them and publish them as a version",
    );
    let usage = pick(
        language,
        "tq publish --key TỆP… --by AI --note LÝ-DO [--rules THƯ-MỤC]… [--store THƯ-MỤC] [--dry-run]",
        "tq publish --key FILE… --by WHO --note WHY [--rules DIR]… [--store DIR] [--dry-run]",
    );
    let dry = pick(language, "Chỉ cho biết sẽ công bố gì", "Only say what would be published");
    let dry = Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help(dry);
    of_store(signed(base("publish", about, language), language), language).override_usage(usage).arg(dry)
}

pub(super) fn approve(language: Language) -> Command {
    let about = pick(
        language,
        "Kiểm tra lại và ký thêm một đề nghị đang chờ",
        "Examine a proposal anew and add a signature to it",
    );
    let usage = pick(
        language,
        "tq approve ĐỀ-NGHỊ --key TỆP… [--store THƯ-MỤC]",
        "tq approve PROPOSAL --key FILE… [--store DIR]",
    );
    let help = pick(language, "Mã của đề nghị, hoặc các chữ số đầu", "The proposal's id, or its first digits");
    let name = Arg::new("proposal").value_name(pick(language, "ĐỀ-NGHỊ", "PROPOSAL")).required(true).help(help);
    of_store(bare("approve", about, language), language).override_usage(usage).arg(name).arg(keys(language))
}

pub(super) fn rollback(language: Language) -> Command {
    let about = pick(language, "Công bố lại một phiên bản cũ", "Publish an older version anew");
    let usage = pick(
        language,
        "tq rollback PHIÊN-BẢN --key TỆP… --by AI --note LÝ-DO [--store THƯ-MỤC]",
        "tq rollback VERSION --key FILE… --by WHO --note WHY [--store DIR]",
    );
    of_store(signed(bare("rollback", about, language), language), language)
        .override_usage(usage)
        .arg(version(language).required(true))
}

pub(super) fn versions(language: Language) -> Command {
    let about = pick(
        language,
        "Các phiên bản đã công bố và đề nghị đang chờ",
        "What was published, and what waits for signatures",
    );
    let usage = pick(
        language,
        "tq versions [--store THƯ-MỤC] [--format text|json]",
        "tq versions [--store DIR] [--format text|json]",
    );
    of_store(bare("versions", about, language), language).override_usage(usage).arg(format(language))
}

/// Of a published version, however it is called.
pub(super) fn version(language: Language) -> Arg {
    let help = pick(
        language,
        "Phiên bản: số thứ tự, từ tám chữ số đầu của mã, hoặc latest",
        "A version: its number, eight or more first digits of its hash, or latest",
    );
    Arg::new("version").value_name(pick(language, "PHIÊN-BẢN", "VERSION")).help(help)
}
