//! The arguments of every command, described in both languages.

mod certify;
mod check;
mod diff;
mod replay;
mod review;
mod store;
mod value;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};

pub(super) use self::diff::FINDING;
use self::value::{address, whole};
use super::sheet::FORMS;
use crate::reading::words::pick;
use crate::syntax::tree::Language;

const VIETNAMESE: &str = "\
{about-with-newline}
Cách dùng: {usage}

{all-args}{after-help}";
const ENGLISH: &str = "\
{about-with-newline}
Usage: {usage}

{all-args}{after-help}";

/// The whole command line.
pub(super) fn command(language: Language) -> Command {
    let about = pick(language, "Thẩm Quyền: việc này do ai quyết định?", "Thẩm Quyền: who decides?");
    let command = base("tq", about, language)
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage(pick(language, "tq <LỆNH> [TÙY CHỌN]", "tq <COMMAND> [OPTIONS]"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(pick(language, "Lệnh", "Commands"))
        .subcommand_value_name(pick(language, "LỆNH", "COMMAND"))
        .subcommand(store::dials(ask(language), language))
        .subcommand(store::dials(tasks(language), language))
        .subcommand(store::dials(table(language), language))
        .subcommand(diff::diff(language))
        .subcommand(store::dials(timeline(language), language))
        .subcommand(store::dials(audit(language), language))
        .subcommand(replay::replay(language))
        .subcommand(report(language))
        .subcommand(store::dials(portfolio(language), language))
        .subcommand(test(language))
        .subcommand(check::check(language))
        .subcommand(verify(language))
        .subcommand(fmt(language))
        .subcommand(store::publish(language))
        .subcommand(store::approve(language))
        .subcommand(store::versions(language))
        .subcommand(store::rollback(language))
        .subcommand(certify::certify(language))
        .subcommand(store::store(language))
        .subcommand(store::key(language))
        .subcommand(snapshot(language))
        .subcommand(review::review(language))
        .subcommand(serve(language));
    let help = pick(language, "In trợ giúp", "Print help");
    let version = pick(language, "In phiên bản", "Print the version");
    command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help(help).global(true))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(version))
}

fn base(name: &'static str, about: &'static str, language: Language) -> Command {
    let rules = pick(
        language,
        "Thư mục quy định; lặp lại để ghép thêm [mặc định: ./rules, nếu không có thì bản đi kèm chương trình]",
        "Folder of rules; repeat to join more [default: ./rules, else the rules inside the program]",
    );
    let lang =
        pick(language, "Ngôn ngữ: vi hoặc en [mặc định: theo máy]", "Language: vi or en [default: the locale's]");
    let command = Command::new(name)
        .about(about)
        .help_template(pick(language, VIETNAMESE, ENGLISH))
        .next_help_heading(pick(language, "Tùy chọn", "Options"))
        .arg(
            Arg::new("lang")
                .long("lang")
                .value_parser(["vi", "en"])
                .hide_possible_values(true)
                .value_name("vi|en")
                .global(true)
                .help(lang),
        );
    if name == "tq" {
        return command;
    }
    let folder = pick(language, "THƯ-MỤC", "DIR");
    let rules = Arg::new("rules").long("rules").value_name(folder).value_parser(value_parser!(PathBuf)).help(rules);
    command.arg(rules.action(ArgAction::Append))
}

fn format(language: Language) -> Arg {
    let help = pick(language, "Dạng kết quả [mặc định: text]", "Form of the output [default: text]");
    Arg::new("format")
        .long("format")
        .value_parser(["text", "json"])
        .hide_possible_values(true)
        .value_name("text|json")
        .help(help)
}

/// The forms of a table.
fn forms(language: Language, forms: &[&'static str]) -> Arg {
    let help = pick(language, "Dạng kết quả [mặc định: text]", "Form of the output [default: text]");
    let forms = PossibleValuesParser::new(forms.to_vec());
    Arg::new("format").long("format").value_parser(forms).value_name(pick(language, "DẠNG", "FORM")).help(help)
}

/// What `--in` is of a question: in Vietnamese, in English.
const SEVERAL: (&str, &str) = (
    "Mã hoặc tên đơn vị; lặp lại khi vụ việc trải trên nhiều đơn vị; NƠI=\"không có\" khi không có nơi ấy",
    "Code or name of a unit; repeat where the case spans several; ROLE=none where there is no such place",
);

fn task(language: Language) -> Arg {
    let help = pick(language, "Mã hoặc tên nhiệm vụ", "Id or name of the task");
    Arg::new("task").value_name(pick(language, "NHIỆM-VỤ", "TASK")).help(help)
}

fn units(language: Language, (vietnamese, english): (&'static str, &'static str)) -> Arg {
    let unit = pick(language, "[NƠI=]ĐƠN-VỊ", "[ROLE=]UNIT");
    let help = pick(language, vietnamese, english);
    Arg::new("in").long("in").value_name(unit).action(ArgAction::Append).help(help)
}

fn day(language: Language, (vietnamese, english): (&'static str, &'static str)) -> Arg {
    Arg::new("on").long("on").value_name(pick(language, "NGÀY", "DATE")).help(pick(language, vietnamese, english))
}

fn fact(language: Language) -> Arg {
    let help = pick(
        language,
        "Một dữ kiện; lặp lại cho mỗi dữ kiện, hoặc mỗi giá trị của dữ kiện nhiều giá trị",
        "A fact; repeat for each fact, or for each value of a fact with several",
    );
    let fact = pick(language, "TÊN=GIÁ-TRỊ", "NAME=VALUE");
    Arg::new("fact").long("fact").value_name(fact).action(ArgAction::Append).help(help)
}

fn ask(language: Language) -> Command {
    let about = pick(
        language,
        "Hỏi: việc này, ở nơi này, ngày này, do ai quyết định",
        "Ask who decides a task, there and then",
    );
    let example = pick(
        language,
        "\nVí dụ: tq ask gpxd --in \"Thạch Thang, Hải Châu\" --on 10/05/2023 --fact cap-cong-trinh=II",
        "\nExample: tq ask gpxd --in \"Thạch Thang, Hải Châu\" --on 2023-05-10 --fact cap-cong-trinh=II",
    );
    let explain = pick(language, "Nêu cả quy định không áp dụng và lý do", "Also say which provisions lost, and why");
    base("ask", about, language)
        .override_usage(pick(
            language,
            "tq ask NHIỆM-VỤ --in [NƠI=]ĐƠN-VỊ… --on NGÀY [--fact TÊN=GIÁ-TRỊ]… [--explain]",
            "tq ask TASK --in [ROLE=]UNIT… --on DATE [--fact NAME=VALUE]… [--explain]",
        ))
        .after_help(example)
        .arg(task(language))
        .arg(units(language, SEVERAL))
        .arg(day(
            language,
            ("Ngày hỏi (bắt buộc; không tự lấy hôm nay)", "The day asked about (needed; never today by itself)"),
        ))
        .arg(fact(language))
        .arg(Arg::new("explain").long("explain").action(ArgAction::SetTrue).help(explain))
        .arg(format(language))
}

fn tasks(language: Language) -> Command {
    let about = pick(
        language,
        "Liệt kê nhiệm vụ: mã, tên, lĩnh vực, thủ tục, nơi và dữ kiện",
        "List the tasks: id, name, sector, procedures, places and facts",
    );
    let usage = pick(
        language,
        "tq tasks [TỪ-KHÓA] [--rules THƯ-MỤC]… [--format text|json]",
        "tq tasks [QUERY] [--rules DIR]… [--format text|json]",
    );
    let help = pick(
        language,
        "Chỉ những nhiệm vụ có các từ này trong tên, mã, lĩnh vực hoặc mã thủ tục; không cần dấu, không cần hết từ",
        "Only tasks with these words in name, id, sector or procedure codes; marks and ends of words may be left out",
    );
    let query = Arg::new("query").value_name(pick(language, "TỪ-KHÓA", "QUERY")).action(ArgAction::Append).help(help);
    base("tasks", about, language).override_usage(usage).arg(query).arg(format(language))
}

fn table(language: Language) -> Command {
    let about =
        pick(language, "Cả cây quyết định của một nhiệm vụ, bằng lời", "The whole decision tree of a task, in words");
    let usage = pick(
        language,
        "tq table NHIỆM-VỤ [--in [NƠI=]ĐƠN-VỊ]… [--on NGÀY] [--format text|json]",
        "tq table TASK [--in [ROLE=]UNIT]… [--on DATE] [--format text|json]",
    );
    base("table", about, language)
        .override_usage(usage)
        .arg(task(language))
        .arg(units(
            language,
            (
                "Chỉ địa bàn của đơn vị này (mã hoặc tên); lặp lại để thêm đơn vị",
                "Only the land of this unit (code or name); repeat for more units",
            ),
        ))
        .arg(day(language, ("Chỉ ngày này", "Only this day")))
        .arg(format(language))
}

fn timeline(language: Language) -> Command {
    let about = pick(
        language,
        "Ai quyết định một việc ở một nơi, qua mọi ngày mà bộ quy định đã phủ",
        "Who decides a task at a place, over all the days that the rules cover",
    );
    let usage = pick(
        language,
        "tq timeline NHIỆM-VỤ --in [NƠI=]ĐƠN-VỊ… [--fact TÊN=GIÁ-TRỊ]… [--format text|json]",
        "tq timeline TASK --in [ROLE=]UNIT… [--fact NAME=VALUE]… [--format text|json]",
    );
    base("timeline", about, language)
        .override_usage(usage)
        .arg(task(language))
        .arg(units(language, SEVERAL))
        .arg(day(
            language,
            (
                "Ngày mà đơn vị mang tên này [mặc định: ngày gần nhất có tên này]",
                "A day on which the unit bears this name [default: the last]",
            ),
        ))
        .arg(fact(language))
        .arg(format(language))
}

fn audit(language: Language) -> Command {
    let about = pick(
        language,
        "Hậu kiểm các quyết định đã ký: người ký khi đó có thẩm quyền không",
        "Check decisions already signed: was the signer competent then",
    );
    let usage = pick(
        language,
        "tq audit TỆP.csv [--format text|json|csv] [--rules THƯ-MỤC]…",
        "tq audit FILE.csv [--format text|json|csv] [--rules DIR]…",
    );
    let help = pick(
        language,
        "Bảng các quyết định: số, ngày, cơ quan ký, đơn vị ký, nhiệm vụ, nơi và dữ kiện; `-` là dòng nhập",
        "The table of decisions: number, date, signer_body, signer_unit, task, places and facts; `-` is standard input",
    );
    let table = Arg::new("table").value_name(pick(language, "TỆP.csv", "FILE.csv")).required(true).help(help);
    base("audit", about, language).override_usage(usage).arg(table).arg(forms(language, &["text", "json", "csv"]))
}

/// Where a report goes, and in which form.
fn filed(command: Command, language: Language) -> Command {
    command.arg(forms(language, &FORMS)).arg(output(language))
}

fn output(language: Language) -> Arg {
    let help = pick(language, "Ghi vào tệp này thay vì in ra", "Write to this file and do not print");
    let output = Arg::new("output").long("output").value_name(pick(language, "TỆP", "FILE")).help(help);
    output.value_parser(value_parser!(PathBuf))
}

fn date(language: Language, name: &'static str, (vietnamese, english): (&'static str, &'static str)) -> Arg {
    Arg::new(name).long(name).value_name(pick(language, "NGÀY", "DATE")).help(pick(language, vietnamese, english))
}

/// The day of a report: in Vietnamese, in English.
const REPORTED: (&str, &str) =
    ("Ngày của báo cáo (bắt buộc; không tự lấy hôm nay)", "The day of the report (needed; never today by itself)");

fn report(language: Language) -> Command {
    let one = |name, usage, about| filed(base(name, about, language).override_usage(usage), language);
    let register = one(
        "register",
        pick(language, "tq report register --on NGÀY", "tq report register --on DATE"),
        pick(language, "Sổ đăng ký phân cấp, ủy quyền", "The register of transfers"),
    )
    .arg(date(language, "on", REPORTED));
    let cases = pick(
        language,
        "Số vụ việc mỗi năm, để tính trọng số: cột nhiệm vụ, số vụ việc [, đơn vị]",
        "Yearly cases by which to weigh: columns task, cases [, unit]",
    );
    let file = pick(language, "TỆP.csv", "FILE.csv");
    let load = one(
        "load",
        pick(
            language,
            "tq report load --from NGÀY --to NGÀY [--cases TỆP.csv]",
            "tq report load --from DATE --to DATE [--cases FILE.csv]",
        ),
        pick(language, "Khối lượng công việc theo cấp, trước và sau", "Load by level, before and after"),
    )
    .arg(date(language, "from", ("Ngày trước", "The day before")))
    .arg(date(language, "to", ("Ngày sau", "The day after")))
    .arg(Arg::new("cases").long("cases").value_name(file).value_parser(value_parser!(PathBuf)).help(cases));
    let days = Arg::new("days")
        .long("days")
        .value_name("N")
        .value_parser(whole::<u32>(language, 0..=u32::MAX))
        .default_value("90");
    let expiring = one(
        "expiring",
        pick(language, "tq report expiring --from NGÀY [--days N]", "tq report expiring --from DATE [--days N]"),
        pick(language, "Những gì sắp hết hiệu lực, và điều gì thay đổi", "What ends soon, and what each end changes"),
    )
    .arg(date(language, "from", ("Ngày đầu", "The first day")))
    .arg(days.help(pick(language, "Trong bao nhiêu ngày", "Within so many days")));
    let clears = one(
        "clears",
        pick(language, "tq report clears [NHIỆM-VỤ] --on NGÀY", "tq report clears [TASK] --on DATE"),
        pick(language, "Năm rõ của từng nhiệm vụ", "The five clears of each task"),
    )
    .arg(task(language))
    .arg(date(language, "on", REPORTED));
    base("report", pick(language, "Báo cáo về mọi nhiệm vụ", "Reports of all tasks"), language)
        .override_usage(pick(language, "tq report <BÁO-CÁO> [TÙY CHỌN]", "tq report <REPORT> [OPTIONS]"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(pick(language, "Báo cáo", "Reports"))
        .subcommand_value_name(pick(language, "BÁO-CÁO", "REPORT"))
        .subcommands([register, load, expiring, clears].map(|report| store::dials(report, language)))
}

fn portfolio(language: Language) -> Command {
    let about = pick(
        language,
        "Mọi việc một chủ thể được quyết định ở một đơn vị vào một ngày",
        "All that a body may decide in a unit on a day",
    );
    let usage = pick(language, "tq portfolio CHỦ-THỂ --in ĐƠN-VỊ --on NGÀY", "tq portfolio BODY --in UNIT --on DATE");
    let body = Arg::new("body").value_name(pick(language, "CHỦ-THỂ", "BODY")).help(pick(
        language,
        "Mã hoặc tên chủ thể",
        "Id or name of the body",
    ));
    let unit = Arg::new("in").long("in").value_name(pick(language, "ĐƠN-VỊ", "UNIT")).help(pick(
        language,
        "Đơn vị của chủ thể (mã hoặc tên)",
        "The body's unit (code or name)",
    ));
    filed(base("portfolio", about, language), language)
        .override_usage(usage)
        .arg(body)
        .arg(unit)
        .arg(date(language, "on", REPORTED))
}

fn snapshot(language: Language) -> Command {
    let about = pick(
        language,
        "Viết ra, hoặc so lại, cây quyết định của mọi nhiệm vụ",
        "Write, or compare, the decision trees of all tasks",
    );
    let usage = pick(
        language,
        "tq snapshot [--check] [THƯ-MỤC] [--rules THƯ-MỤC]… [--lang vi|en]",
        "tq snapshot [--check] [DIR] [--rules DIR]… [--lang vi|en]",
    );
    let folder = pick(language, "THƯ-MỤC", "DIR");
    let into = pick(
        language,
        "Nơi đặt ảnh chụp. Ảnh chụp bằng tiếng Việt, trừ khi ghi --lang en",
        "Where the snapshots lie. They are in Vietnamese unless --lang en is said",
    );
    let check = pick(
        language,
        "Không viết gì; chỉ ra chỗ khác và kết thúc với mã 1",
        "Write nothing; show what differs and exit with 1",
    );
    base("snapshot", about, language)
        .override_usage(usage)
        .arg(
            Arg::new("folder")
                .value_name(folder)
                .value_parser(value_parser!(PathBuf))
                .default_value("snapshots/luat")
                .help(into),
        )
        .arg(Arg::new("check").long("check").action(ArgAction::SetTrue).help(check))
}

fn test(language: Language) -> Command {
    let about = pick(language, "Chạy mọi tình huống trong bộ quy định", "Run every scenario in the rules");
    let usage = pick(
        language,
        "tq test [--rules THƯ-MỤC]… [--no-coverage] [--verbose] [--format text|json]",
        "tq test [--rules DIR]… [--no-coverage] [--verbose] [--format text|json]",
    );
    let verbose = pick(language, "In cả những tình huống đạt", "Also print the scenarios that pass");
    let verbose = Arg::new("verbose").long("verbose").action(ArgAction::SetTrue).help(verbose);
    let without = pick(
        language,
        "Chỉ chạy tình huống, không tìm xem quy định nào chưa có trong tình huống (nhanh hơn nhiều)",
        "Only run the scenarios, and do not look for provisions that are in none (much faster)",
    );
    let without = Arg::new("no-coverage").long("no-coverage").action(ArgAction::SetTrue).help(without);
    base("test", about, language).override_usage(usage).arg(without).arg(verbose).arg(format(language))
}

fn verify(language: Language) -> Command {
    let about = pick(
        language,
        "Đối chiếu mọi vùng của sơ đồ với văn bản; với phiên bản đã công bố, cả chữ ký, mã băm và nhật ký",
        "Compare every region of the diagrams with the texts; of a published version also signatures, hashes and log",
    );
    let usage = pick(
        language,
        "tq verify [PHIÊN-BẢN] [--store THƯ-MỤC] [--rules THƯ-MỤC]… [--format text|json]",
        "tq verify [VERSION] [--store DIR] [--rules DIR]… [--format text|json]",
    );
    let command = base("verify", about, language).override_usage(usage).arg(store::version(language));
    store::of_store(command.arg(format(language)), language)
}

fn fmt(language: Language) -> Command {
    let about = pick(
        language,
        "Viết lại tệp quy định theo dạng chuẩn; có --lang thì dịch sang ngôn ngữ đó",
        "Write rule files canonically; with --lang in that language",
    );
    let usage = pick(
        language,
        "tq fmt [TỆP…] [--check] [--lang vi|en] [--rules THƯ-MỤC]…",
        "tq fmt [PATH…] [--check] [--lang vi|en] [--rules DIR]…",
    );
    let check = pick(
        language,
        "Không ghi gì; nêu tệp chưa đúng dạng chuẩn và thoát với mã 1",
        "Write nothing; name the files that are not canonical and exit with 1",
    );
    let path = pick(
        language,
        "Tệp hoặc thư mục [mặc định: các thư mục quy định]",
        "Files or folders [default: the folders of rules]",
    );
    let name = pick(language, "TỆP", "PATH");
    let path = Arg::new("path").value_name(name).action(ArgAction::Append).help(path);
    base("fmt", about, language)
        .override_usage(usage)
        .arg(path.value_parser(value_parser!(PathBuf)))
        .arg(Arg::new("check").long("check").action(ArgAction::SetTrue).help(check))
}

fn serve(language: Language) -> Command {
    let about = pick(language, "Mở dịch vụ HTTP và trang hỏi đáp", "Serve the HTTP interface and its page");
    let listen = pick(
        language,
        "Địa chỉ lắng nghe [mặc định: 127.0.0.1:8080]",
        "Address to listen on [default: 127.0.0.1:8080]",
    );
    let listen = Arg::new("listen").long("listen").value_name("IP:PORT").help(listen);
    let config = pick(language, "Tệp cấu hình của dịch vụ (TOML)", "File of the service's configuration (TOML)");
    let file = pick(language, "TỆP", "FILE");
    let config = Arg::new("config").long("config").value_name(file).value_parser(value_parser!(PathBuf)).help(config);
    let usage = pick(
        language,
        "tq serve [--listen IP:PORT] [--rules THƯ-MỤC]… | [--store THƯ-MỤC]",
        "tq serve [--listen IP:PORT] [--rules DIR]… | [--store DIR]",
    );
    let listen = listen.value_parser(address(language));
    let command = base("serve", about, language).override_usage(usage).arg(listen).arg(config);
    store::of_store(command, language).mut_arg("store", |store| {
        let help = pick(language, "Phục vụ phiên bản mới nhất của kho này", "Serve the newest version of this store");
        store.help(help).conflicts_with("rules")
    })
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::Language;

    #[test]
    fn arguments_are_consistent_in_both_languages() {
        super::command(Language::Vietnamese).debug_assert();
        super::command(Language::English).debug_assert();
    }
}
