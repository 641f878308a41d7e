//! The program `tq` as a user runs it, on the small library of `tests/small`: output, streams and exit status.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs `tq` with English as the locale's language; gives status, standard output and standard error.
fn tq(arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(arguments)
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .env("LC_ALL", "C")
        .output()
        .expect("tq runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn small(arguments: &[&str]) -> (i32, String, String) {
    let rules = here("tests/small");
    let mut all = arguments.to_vec();
    all.extend(["--rules", rules.to_str().expect("UTF-8")]);
    tq(&all)
}

fn ask(arguments: &[&str]) -> (i32, String, String) {
    let mut all = vec!["ask", "giao-dat"];
    all.extend(arguments);
    small(&all)
}

#[test]
fn a_decided_case_names_the_unit_and_cites_the_article() {
    let (status, out, err) =
        ask(&["--in", "An Bình", "--on", "2023-05-10", "--fact", "doi-tuong=ca-nhan", "--fact", "dien-tich=0,1 ha"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.starts_with("UBND of quận Nhất decides\n"), "{out}");
    assert!(out.contains("article 5 clause 2 of Luật Giao đất (1/2013/QH)"), "{out}");
    assert!(out.contains("> (paraphrase) UBND cấp huyện"), "{out}");
    assert!(out.contains("from 2014-07-01 before 2025-07-01"), "{out}");
}

#[test]
fn the_same_in_vietnamese_from_a_code_and_a_vietnamese_date() {
    let (status, out, _) = ask(&[
        "--in",
        "101",
        "--on",
        "10/05/2023",
        "--fact",
        "đối tượng=cá nhân",
        "--fact",
        "diện tích=1 ha",
        "--lang",
        "vi",
    ]);
    assert_eq!(status, 0);
    assert!(out.starts_with("UBND quận Nhất có thẩm quyền quyết định\n"), "{out}");
    assert!(out.contains("chấp thuận trước của UBND tỉnh Sơn Hà"), "{out}");
    assert!(out.contains("khoản 2 Điều 5 Luật Giao đất (1/2013/QH)"), "{out}");
}

#[test]
fn what_is_missing_is_asked_with_what_each_answer_leads_to() {
    let (status, out, _) = ask(&["--in", "An Bình", "--on", "2023-05-10"]);
    assert_eq!(status, 1);
    assert!(out.starts_with("Undetermined\n"), "{out}");
    assert!(out.contains("land user?\n    - organisation: UBND of tỉnh Sơn Hà decides"), "{out}");
}

#[test]
fn a_missing_day_is_an_error_and_never_today() {
    let (status, out, err) = ask(&["--in", "An Bình"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("`--on` is missing") && err.contains("today is never assumed"), "{err}");
}

#[test]
fn a_unit_of_another_day_says_what_became_of_it() {
    let (status, _, err) = ask(&["--in", "phường An Hòa", "--on", "2026-01-01"]);
    assert_eq!(status, 2);
    assert!(err.contains("the register loaded does not hold `phường An Hòa` on 2026-01-01"), "{err}");
    assert!(err.contains("phường Tân An (201) from 2025-07-01, by 9/NQ-UBTVQH (whole)"), "{err}");
}

#[test]
fn a_unit_is_followed_to_the_day_asked_about_and_never_denied() {
    let (_, _, err) = ask(&["--in", "103", "--on", "2026-01-01"]);
    assert!(err.contains("phường Tân An (201) from 2025-07-01, by 9/NQ-UBTVQH (whole)"), "{err}");
    assert!(!err.contains("An Hòa"), "{err}");
    let (_, _, err) = ask(&["--in", "Tân An", "--on", "2015-01-01"]);
    assert!(err.contains("does not hold `Tân An` on 2015-01-01; it holds it only from 2025-07-01"), "{err}");
    let (_, _, err) = ask(&["--in", "Nowhere", "--on", "2015-01-01"]);
    assert!(err.contains("the register loaded holds no unit with the name or code `Nowhere`"), "{err}");
}

#[test]
fn what_lost_is_counted_where_it_is_not_shown() {
    let rules = here("rules");
    let place = [
        "--in",
        "20242",
        "--on",
        "2026-01-01",
        "--fact",
        "cap-cong-trinh=IV",
        "--fact",
        "loai-cong-trinh=nha-o-rieng-le",
    ];
    let (_, out, _) = tq(&[&["ask", "gpxd", "--rules", rules.to_str().expect("UTF-8")], place.as_slice()].concat());
    assert!(out.contains("add --explain to see them"), "{out}");
    let (_, out, _) = ask(&["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc"]);
    assert!(!out.contains("--explain"), "{out}");
}

#[test]
fn a_name_of_two_units_lists_both_and_the_parent_tells_them_apart() {
    let (status, _, err) = ask(&["--in", "An Bình", "--on", "2015-01-01"]);
    assert_eq!(status, 2);
    assert!(err.contains("phường An Bình (101), quận Nhất") && err.contains("phường An Bình (103), quận Nhì"), "{err}");
    let (status, out, _) = ask(&["--in", "An Bình, Nhì", "--on", "2015-01-01", "--fact", "doi-tuong=to-chuc"]);
    assert!(status == 0 && out.contains("(103)"), "{out}");
}

#[test]
fn misspelt_names_are_answered_with_what_may_have_been_meant() {
    let (status, _, err) = small(&["ask", "giao-dta", "--in", "101", "--on", "2023-05-10"]);
    assert!(status == 2 && err.contains("did you mean `giao-dat`?"), "{err}");
    assert!(err.contains("- giao-dat: Land allocation"), "{err}");
    let (_, out, _) = small(&["ask", "xyz", "--format", "json"]);
    assert!(out.contains("\"tasks\"") && out.contains("Land allocation"), "{out}");
    let (status, _, err) = ask(&["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong="]);
    assert!(status == 2 && err.contains("`--fact doi-tuong=VALUE` has no value"), "{err}");
    let (status, _, err) = ask(&["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chic"]);
    assert!(status == 2 && err.contains("expected: one of: to-chuc (organisation), ca-nhan (individual)"), "{err}");
    assert!(err.contains("did you mean `to-chuc`?"), "{err}");
    let (status, _, err) = ask(&["--in", "101", "--on", "2023-05-10", "--fact", "dien-tich=1.500 ha"]);
    assert!(status == 2 && err.contains("could be 1500 or"), "{err}");
    let (status, _, err) = ask(&["--in", "101", "--on", "2023-05-10", "--fact", "mau=xanh"]);
    assert!(status == 2 && err.contains("no fact or place `mau`"), "{err}");
    let (status, _, err) = ask(&["--in", "tru-so=101", "--on", "2023-05-10"]);
    assert!(status == 2 && err.contains("no fact or place `tru-so`"), "{err}");
}

#[test]
fn json_has_the_agreed_members() {
    let (status, out, _) =
        ask(&["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc", "--format", "json", "--explain"]);
    assert_eq!(status, 0);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["outcome"], "decided");
    assert_eq!(json["decider"]["body"], "ubnd");
    assert_eq!(json["decider"]["unit"]["code"], "1");
    assert_eq!(json["chain"][0]["address"], "article 5 clause 1");
    assert_eq!(json["chain"][0]["paraphrase"], false);
    assert_eq!(json["rules_errors"], 0);
    for member in [
        "task",
        "unit",
        "date",
        "deciders",
        "held",
        "answerable",
        "signature",
        "requires",
        "procedure",
        "result",
        "seal",
        "lost",
        "valid",
        "ask",
        "version",
    ] {
        assert!(json.get(member).is_some(), "{member}");
    }
}

#[test]
fn a_timeline_tells_the_days_of_a_unit_and_what_became_of_it() {
    let arguments = ["timeline", "giao-dat", "--in", "101", "--fact", "doi-tuong=to-chuc"];
    let (status, out, _) = small(&arguments);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("From 2014-07-01 before 2025-07-01\n  UBND of tỉnh Sơn Hà decides\n"), "{out}");
    assert!(out.contains("afterwards: phường Tân An (201) from 2025-07-01"), "{out}");
    let (status, out, _) = small(&[&arguments[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, &json["runs"][0]["outcome"]), (0, &"decided".into()));
    let (status, _, err) = small(&["timeline", "giao-dat", "--in", "Nowhere", "--lang", "vi"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("lỗi: sổ đơn vị đã nạp không có đơn vị nào"), "{err}");
}

#[test]
fn outside_the_cover_is_said_and_is_no_success() {
    let (status, out, _) = ask(&["--in", "201", "--on", "2031-01-01", "--fact", "doi-tuong=to-chuc"]);
    assert!(status == 1 && out.starts_with("Not covered"), "{out}");
}

#[test]
fn scenarios_pass_and_are_counted() {
    let (status, out, _) = small(&["test"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.ends_with("\n3 scenarios: 3 passed, 0 failed\n"), "{out}");
    assert!(out.contains("\n4 provisions: 2 count in a scenario, 0 only lose there;"), "{out}");
    // What no scenario shows comes with one that does.
    assert!(out.contains("\n      ask giao-dat in phường 101 on 2014-07-01\n"), "{out}");
    let (_, out, _) = small(&["test", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&json["coverage"]["all"], &json["coverage"]["elsewhere"]), (&Value::from(4), &Value::from(2)));
    let witness = &json["coverage"]["provisions"][3]["witness"];
    assert_eq!((&witness["task"], &witness["on"]), (&Value::from("giao-dat"), &Value::from("2014-07-01")));
    let (_, out, _) = small(&["test", "--verbose"]);
    assert!(out.contains("pass  A small plot for an individual\n"), "{out}");
}

#[test]
fn a_failing_scenario_shows_the_ruling_beside_what_was_expected() {
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = "scenario \"Wrong\"\n  ask giao-dat in xa \"An Bình\" on 2023-05-10\n    with doi-tuong = to-chuc\n  expect decided by ubnd at huyen\n";
    std::fs::write(folder.path().join("wrong.tq"), wrong).expect("written");
    let (status, out, _) = small(&["test", "--rules", folder.path().to_str().expect("UTF-8"), "--lang", "en"]);
    assert_eq!(status, 1);
    assert!(out.contains("FAIL  Wrong\n"), "{out}");
    assert!(out.contains("expected: decided by UBND at district"), "{out}");
    assert!(out.contains("UBND of tỉnh Sơn Hà decides"), "{out}");
    assert!(out.contains("wrong.tq:1  Wrong\n4 scenarios: 3 passed, 1 failed\n"), "{out}");
}

#[test]
fn rules_with_errors_still_answer_and_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("broken.tq"), "document 2/2013/QH \"Luật hỏng\"\n  nonsense here\n")
        .expect("written");
    let broken = folder.path().to_str().expect("UTF-8");
    let (status, out, err) =
        ask(&["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc", "--rules", broken]);
    assert_eq!(status, 1);
    assert!(out.starts_with("UBND of tỉnh Sơn Hà decides") && !out.contains("errors in the rules"), "{out}");
    let last = err.lines().last().unwrap_or_default();
    assert!(err.contains("broken.tq") && last.starts_with("note: errors in the rules: 4; what follows"), "{err}");
    for command in [&["table", "giao-dat"][..], &["timeline", "giao-dat", "--in", "101"]] {
        let (status, _, err) = small(&[command, &["--rules", broken]].concat());
        assert!(status == 1 && err.contains("; what follows rests on what is free of them"), "{err}");
    }
    let (status, out, _) = small(&["test", "--rules", broken]);
    assert!(status == 1 && out.trim_end().ends_with("so this is not complete"), "{out}");
    let (status, _, err) = small(&["serve", "--rules", broken, "--listen", "127.0.0.1:0"]);
    assert!(status == 2 && err.contains("broken.tq"), "{err}");
}

#[test]
fn what_is_unverified_is_said_beside_the_citation() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "document 3/QĐ of ubnd in province \"Sơn Hà\" unverified\n  decision, issued unverified\n  in force from 2020-01-01 before \
                2024-01-01\n\narticle 1\n  delegates giao-dat to ubnd at huyen\n    under article 5 clause 1 of 1/2013/QH\n";
    std::fs::write(folder.path().join("more.tq"), text).expect("written");
    let more = folder.path().to_str().expect("UTF-8");
    let question = ["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc", "--rules", more];
    let (_, out, err) = ask(&question);
    let presumed = "[unverified (number; day of issue presumed)]";
    assert!(out.contains(presumed), "{out}{err}");
    let (_, out, _) = ask(&[&question[..], &["--lang", "vi"]].concat());
    assert!(out.contains("[chưa kiểm chứng (số văn bản; ngày ban hành suy đoán)]"), "{out}");
}

#[test]
fn a_presumed_day_of_issue_is_said_where_the_order_of_texts_turns_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "document 2/2014/QH \"Luật sau\"\n  law, issued unverified by quoc-hoi\n  in force from 2015-01-01\n\narticle 1\n  giao-dat is \
                decided by ubnd at huyen\n    when doi-tuong is to-chuc\n  of one issuer, the later text prevails\n";
    std::fs::write(folder.path().join("more.tq"), text).expect("written");
    let more = folder.path().to_str().expect("UTF-8");
    let (_, out, err) =
        ask(&["--in", "101", "--on", "2023-05-10", "--fact", "doi-tuong=to-chuc", "--explain", "--rules", more]);
    let lost = "article 5 clause 1 of Luật Giao đất (1/2013/QH): earlier than article 1 of Luật sau (2/2014/QH) [day of issue presumed]";
    assert!(out.contains(lost), "{out}{err}");
}

#[test]
fn tasks_are_listed_and_searched_without_marks() {
    let (status, out, err) = small(&["tasks"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let facts = "  facts: doi-tuong (land user), dien-tich (area)\n";
    assert_eq!(out, format!("giao-dat: Land allocation (land)\n  places: noi-co-dat (site of the land)\n{facts}"));
    let (status, out, _) = small(&["tasks", "giao", "da", "--lang", "vi"]);
    assert!(status == 0 && out.starts_with("giao-dat: Giao đất (đất đai)\n  nơi: noi-co-dat (nơi có đất)"), "{out}");
    let (_, out, _) = small(&["tasks", "land", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&json["tasks"][0]["id"], &json["total"]), (&"giao-dat".into(), &1.into()));
    let (status, out, err) = small(&["tasks", "marriage"]);
    assert!(status == 1 && out.is_empty() && err.contains("there is no task that fits `marriage`"), "{out}{err}");
}

#[test]
fn scenarios_run_without_coverage_where_that_is_asked() {
    let (status, out, _) = small(&["test", "--no-coverage"]);
    assert!(status == 0 && out.starts_with("3 scenarios: 3 passed, 0 failed") && out.lines().count() == 1, "{out}");
    let (_, out, _) = small(&["test", "--no-coverage", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    assert!(json["coverage"].is_null() && json["passed"] == 3, "{out}");
}

#[test]
fn unreadable_rules_are_named() {
    let (status, _, err) = tq(&["test", "--rules", "/no/such/folder"]);
    assert!(status != 0 && err.contains("there is no folder `/no/such/folder`"), "{err}");
    let (status, _, err) = small(&["test", "--rules", here("tests/small/.").to_str().expect("UTF-8")]);
    assert!(status == 1 && err.lines().count() == 1 && err.contains("is named twice"), "{err}");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x.tq"), b"# \xff\n").expect("written");
    let (_, _, err) = tq(&["test", "--rules", folder.path().to_str().expect("UTF-8")]);
    assert!(err.contains("`x.tq` is not UTF-8"), "{err}");
}

#[test]
fn help_is_in_the_users_language() {
    let (status, out, _) = tq(&["ask", "--help", "--lang", "vi"]);
    assert!(status == 0 && out.contains("Cách dùng: tq ask"), "{out}");
    let (_, out, _) = tq(&["--help"]);
    assert!(out.contains("who decides?") && out.contains("Usage: tq"), "{out}");
    assert_eq!(tq(&["nonsense"]).0, 2);
}

#[test]
fn outside_a_checkout_the_compiled_rules_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let output =
        Command::new(env!("CARGO_BIN_EXE_tq")).args(["test", "--format", "json"]).current_dir(folder.path()).output();
    let output = output.expect("tq runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(json["scenarios"].as_array().is_some_and(|scenarios| !scenarios.is_empty()));
}

#[test]
fn a_scenario_that_cannot_be_checked_is_not_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = "scenario \"cites nothing\"\n  ask giao-dat in ward \"An Bình\" on 2023-05-10\n  \
                    expect decided by UBND at district by article 1 of 9/9999/QH\n";
    std::fs::write(folder.path().join("x.tq"), scenario).expect("a file");
    let more = folder.path().to_str().expect("UTF-8");
    let (_, without, _) = small(&["test"]);
    let (status, out, err) = small(&["test", "--rules", more]);
    assert_eq!(status, 1, "{out}{err}");
    assert!(err.contains("9/9999/QH"), "{err}");
    assert!(out.contains("- cites nothing"), "{out}");
    assert!(out.contains("1 failed; errors in the rules:") && without.contains(" 0 failed"), "{out}{without}");
}

#[test]
fn a_folder_that_is_not_there_is_all_that_is_said() {
    let (status, out, err) = tq(&["ask", "giao-dat", "--in", "x", "--on", "2023-05-10", "--rules", "no/such/folder"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert_eq!(err.lines().count(), 1, "{err}");
}

/// A copy of the small library, to be written to.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("registers")).expect("a folder");
    for name in ["rules.tq", "registers/units.csv", "registers/successions.csv"] {
        std::fs::copy(here("tests/small").join(name), folder.path().join(name)).expect("a copy");
    }
    folder
}

fn fmt(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut all = vec!["fmt", "--rules", folder.to_str().expect("UTF-8")];
    all.extend(arguments);
    tq(&all)
}

#[test]
fn what_is_canonical_stays_untouched() {
    let folder = copied();
    let path = folder.path().join("rules.tq");
    let before = std::fs::read(&path).expect("a file");
    for arguments in [["--check"].as_slice(), &[]] {
        let (status, out, err) = fmt(folder.path(), arguments);
        assert_eq!((status, out.as_str(), err.as_str()), (0, "files: 1; not canonical: 0\n", ""));
    }
    assert_eq!(std::fs::read(&path).expect("a file"), before);
}

#[test]
fn check_names_the_first_line_that_differs_and_writes_nothing() {
    let folder = copied();
    let path = folder.path().join("rules.tq");
    let loose = std::fs::read_to_string(&path).expect("a file").replace("  rank 20", "  rank    20 # loose");
    std::fs::write(&path, &loose).expect("written");
    let (status, out, _) = fmt(folder.path(), &["--check"]);
    assert_eq!(status, 1, "{out}");
    let differs =
        format!("rules.tq:12: not canonical\n  -   rank    20 # loose\n  +   rank 20{}# loose\n", " ".repeat(53));
    assert!(out.contains(&differs), "{out}");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), loose);
    let (status, out, _) = fmt(folder.path(), &[]);
    assert!(status == 0 && out.contains("rules.tq: rewritten"), "{out}");
    assert_eq!(fmt(folder.path(), &["--check"]).0, 0);
    // Only the ends of lines.
    std::fs::write(&path, std::fs::read_to_string(&path).expect("a file").replace('\n', "\r\n")).expect("written");
    let (status, out, _) = fmt(folder.path(), &["--check"]);
    assert!(status == 1 && out.contains("rules.tq: not canonical: line ends"), "{out}");
}

#[test]
fn a_file_goes_to_the_other_language_and_back() {
    let folder = copied();
    let path = folder.path().join("rules.tq");
    let before = std::fs::read_to_string(&path).expect("a file");
    let (status, out, err) = fmt(folder.path(), &["--lang", "vi"]);
    assert!(status == 0 && out.contains("đã viết lại"), "{out}{err}");
    let turned = std::fs::read_to_string(&path).expect("a file");
    assert!(turned.contains("giao-dat do ubnd cấp tinh quyết định\n    khi doi-tuong là to-chuc"), "{turned}");
    let (status, out, err) = tq(&["test", "--rules", folder.path().to_str().expect("UTF-8")]);
    assert_eq!(status, 0, "{out}{err}");
    fmt(folder.path(), &["--lang", "en"]);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), before);
}

#[test]
fn a_file_in_both_languages_is_written_in_the_one_of_most_of_it() {
    let folder = copied();
    let path = folder.path().join("rules.tq");
    let mixed = std::fs::read_to_string(&path)
        .expect("a file")
        .replace("  is a decimal in ha", "  là số thập phân tính bằng ha");
    std::fs::write(&path, mixed).expect("written");
    let (status, out, _) = fmt(folder.path(), &["--check"]);
    assert!(
        status == 1 && out.contains(": Vietnamese in a file that is English: `là số thập phân tính bằng ha`"),
        "{out}"
    );
    let (status, out, _) = fmt(folder.path(), &[]);
    assert!(status == 0 && out.contains("the file is English and had lines in Vietnamese, all are rewritten"), "{out}");
    assert!(std::fs::read_to_string(&path).expect("a file").contains("  is a decimal in ha\n"));
}

#[test]
fn a_file_with_errors_is_left_and_the_others_are_written() {
    let folder = copied();
    let broken = "giao-dat  is decded by ubnd\n";
    std::fs::write(folder.path().join("broken.tq"), broken).expect("written");
    std::fs::write(folder.path().join("loose.tq"), "place  x \"x\"").expect("written");
    let (status, out, err) = fmt(folder.path(), &[]);
    assert!(status == 1 && out.contains("loose.tq: rewritten"), "{out}");
    assert!(err.contains("broken.tq: has errors, left as it is"), "{err}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    assert_eq!((read("broken.tq").as_str(), read("loose.tq").as_str()), (broken, "place x \"x\"\n"));
    // One path, though the names come from all rules.
    let one = folder.path().join("loose.tq");
    let (status, out, _) = fmt(folder.path(), &["--check", one.to_str().expect("UTF-8")]);
    assert_eq!((status, out.as_str()), (0, "files: 1; not canonical: 0\n"));
    std::fs::write(folder.path().join("latin.tq"), b"# \xff\n").expect("written");
    let (status, _, err) = fmt(folder.path(), &["--check"]);
    assert!(status == 2 && err.contains("is not UTF-8"), "{err}");
    let (status, _, err) = fmt(folder.path(), &["no/such/file.tq"]);
    assert!(status == 2 && err.contains("cannot read `no/such/file.tq`"), "{err}");
}

/// Every region of the small library is right; two runs, in whatever language, certify the same.
#[test]
fn a_certificate_is_the_same_twice() {
    let (status, first, time) = small(&["verify"]);
    assert_eq!(status, 0, "{first}{time}");
    assert!(first.contains("giao-dat  right: ") && first.contains("1 tasks, "), "{first}");
    assert!(time.starts_with("time: "), "{time}");
    assert_eq!(small(&["verify"]).1, first);
    let hash = |text: &str| text.lines().last().and_then(|line| line.rsplit(' ').next()).map(str::to_owned);
    let (status, vietnamese, _) = small(&["verify", "--lang", "vi"]);
    assert_eq!((status, hash(&vietnamese)), (0, hash(&first)));
    let (_, json, _) = small(&["verify", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((json["right"].as_bool(), json["certificate"].as_str()), (Some(true), hash(&first).as_deref()));
}

/// In a folder without rules the ones that are compiled into the program are served.
#[test]
fn serve_answers_in_an_empty_folder() {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let folder = tempfile::tempdir().expect("a folder");
    let mut serving = Command::new(env!("CARGO_BIN_EXE_tq"))
        .args(["serve", "--listen", "127.0.0.1:0", "--lang", "en"])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("tq runs");
    let mut lines = BufReader::new(serving.stderr.take().expect("piped")).lines();
    let first = lines.next().expect("a line").expect("text");
    let address = first.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address").to_owned();
    let mut stream = std::net::TcpStream::connect(address).expect("connected");
    let path = "/v1/who-decides?task=giao-dat&in=20194&on=2023-05-10&fact.doi-tuong=ca-nhan";
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    serving.kill().expect("stopped");
    serving.wait().expect("ended");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"task\":{\"id\":\"giao-dat\""), "{answer}");
}

#[test]
fn a_mistyped_command_line_is_told_in_vietnamese() {
    for (line, expected) in [
        ("tabel", "lỗi: không có lệnh 'tabel'\n  có phải là lệnh: table\n"),
        ("ask --fcat a=b", "lỗi: không có tham số '--fcat'\n  có phải là tham số: --fact\n"),
        ("ask giao-dat thua", "lỗi: thừa 'thua'\n"),
        ("ask giao-dat --on", "lỗi: thiếu giá trị của '--on <NGÀY>'\n"),
        (
            "ask giao-dat --format xml",
            "lỗi: '--format <text|json>' không nhận giá trị 'xml'\n  có thể dùng: text, json\n",
        ),
        (
            "ask giao-dat --format texd",
            "lỗi: '--format <text|json>' không nhận giá trị 'texd'\n  có thể dùng: text, json\n  có phải là: text\n",
        ),
        ("approve", "lỗi: thiếu --key <TỆP>, <ĐỀ-NGHỊ>\n"),
        (
            "check --from 1/7/2025 --days 0",
            "lỗi: '--days <SỐ>' không nhận giá trị '0': cần một số nguyên từ 1 đến 65535\n",
        ),
        (
            "serve --listen 8080",
            "lỗi: '--listen <IP:PORT>' không nhận giá trị '8080': cần một địa chỉ IP và một cổng, ví dụ 127.0.0.1:8080\n",
        ),
        ("serve --store a --rules b", "lỗi: '--store <THƯ-MỤC>' không dùng chung với '--rules <THƯ-MỤC>'\n"),
        ("ask --on 1 --on 2", "lỗi: '--on <NGÀY>' chỉ dùng được một lần\n"),
        ("report", "lỗi: 'tq report' cần một lệnh con\n"),
        ("check --write-baseline=a", "lỗi: '--write-baseline' không nhận thêm giá trị 'a'\n"),
    ] {
        let said = |language| tq(&line.split(' ').chain(["--lang", language]).collect::<Vec<_>>());
        let (status, out, err) = said("vi");
        assert_eq!((status, out.as_str()), (2, ""), "{line}");
        assert!(err.starts_with(expected), "{line}: {err}");
        assert!(err.ends_with("\n\nXem thêm: --help\n") && !err.contains("Usage"), "{line}: {err}");
        let english = said("en");
        assert!(english.0 == 2 && english.2.starts_with("error: "), "{line}: {}", english.2);
    }
    // Whoever says nothing at all is helped.
    assert!(tq(&["--lang", "vi"]).2.contains("Cách dùng: tq"));
}

#[test]
fn an_option_of_the_environment_that_stands_against_another_is_named() {
    let tq = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
        let output = command.args(arguments).env("TQ_STORE", "there").output().expect("tq runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (status, err) = tq(&["serve", "--rules", "drafts", "--lang", "en"]);
    let words = "\n--store comes from the environment variable TQ_STORE\n";
    assert!(status == Some(2) && err.contains("cannot be used with") && err.ends_with(words), "{err}");
    let (_, err) = tq(&["serve", "--rules", "drafts", "--lang", "vi"]);
    assert!(err.ends_with("\n--store lấy từ biến môi trường TQ_STORE\n"), "{err}");
    let (status, err) = tq(&["serve", "--rules", "drafts", "--store=here", "--lang", "en"]);
    assert!(status == Some(2) && !err.contains("environment"), "{err}");
}
