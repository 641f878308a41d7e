//! The rule library: every scenario passes, and the rulings that moved within two years come out of the program with the
//! right citations.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::scenario;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn failures(library: &Library) -> Vec<&str> {
    let rulebook = &library.rulebook;
    let failed = rulebook.scenarios.iter().filter(|one| !scenario::run(library.law(), one).passed());
    failed.map(|one| one.title.as_str()).collect()
}

#[test]
fn every_scenario_of_the_library_passes() {
    let library = library::load(&Origin::Folders(vec![here("rules")]));
    assert_eq!(library.diagnostics, []);
    assert!(library.rulebook.scenarios.len() >= 64);
    assert_eq!(failures(&library), Vec::<&str>::new());
}

#[test]
fn hypothetical_decisions_are_judged_beside_the_law() {
    let library = library::load(&Origin::Folders(vec![here("rules"), here("tests/fixtures/gia-dinh")]));
    assert_eq!(library.errors(), 0);
    assert_eq!(failures(&library), Vec::<&str>::new());
}

/// Runs `tq` on the library (and more folders); gives exit status, standard output and standard error.
fn tq(more: &[PathBuf], arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
    command.args(arguments).arg("--rules").arg(here("rules")).env("LC_ALL", "C.UTF-8");
    for folder in more {
        command.arg("--rules").arg(folder);
    }
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn ask(arguments: &[&str]) -> Value {
    let (_, out, err) = tq(&[], &[&["ask", "--format", "json", "--explain", "--lang", "en"], arguments].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"))
}

/// The decider as `body level unit-code`, and the citations of its chain.
fn ruling(answer: &Value) -> (String, Vec<String>) {
    let decider = &answer["decider"];
    let part = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let who = format!("{} {} {}", part(&decider["body"]), part(&decider["level"]), part(&decider["unit"]["code"]));
    let chain = answer["chain"].as_array().expect("a chain");
    (who, chain.iter().map(|one| format!("{} {}", part(&one["address"]), part(&one["document"]))).collect())
}

fn decides(arguments: &[&str], who: &str, by: &[&str]) {
    let answer = ask(arguments);
    let (found, chain) = ruling(&answer);
    assert_eq!(found, who, "{arguments:?}: {answer:#}");
    for citation in by {
        assert!(chain.iter().any(|one| one == citation), "{arguments:?}: {citation} is not in {chain:?}");
    }
}

#[test]
fn land_recovery_moves_from_district_to_commune_to_province() {
    let road = ["thu-hoi-dat", "--in", "20242", "--fact", "can-cu-thu-hoi=dieu-79", "--fact"];
    let on = |day: &'static str, user: &'static str| [&road[..], &[user, "--on", day]].concat();
    let company = "doi-tuong=to-chuc";
    let household = "doi-tuong=ho-gia-dinh";
    decides(&on("2024-09-10", company), "ubnd huyen 492", &["article 83 clause 2 point a 31/2024/QH15"]);
    let commune = ["article 83 clause 2 point a 31/2024/QH15", "article 5 clause 1 point b 151/2025/NĐ-CP"];
    decides(&on("2025-09-10", household), "chu-tich-ubnd xa 20242", &commune);
    decides(&on("2026-03-10", household), "ubnd tinh 48", &["article 14 clause 1 49/2026/NĐ-CP"]);
}

#[test]
fn half_a_hectare_needs_the_approval_of_the_province() {
    let farm = |area: &'static str| {
        let facts =
            ["doi-tuong=ca-nhan", "hinh-thuc=chuyen-muc-dich", "cmd-nn-sang-tmdv=yes", "dat-cong-ich-xa=no", area];
        let facts = facts.into_iter().flat_map(|fact| ["--fact", fact]);
        ask(&["giao-dat", "--in", "Xã Hòa Liên", "--on", "2022-05-20"].into_iter().chain(facts).collect::<Vec<_>>())
    };
    let (with, without) = (farm("dien-tich=0,5 ha"), farm("dien-tich=0.4999"));
    for answer in [&with, &without] {
        assert_eq!(ruling(answer).0, "ubnd huyen 497");
    }
    assert_eq!(with["requires"][0]["kind"], "prior-approval");
    assert_eq!(with["requires"][0]["of"]["unit"]["code"], "48");
    assert_eq!(without["requires"], serde_json::json!([]));
}

#[test]
fn two_readings_of_decree_140_leave_class_two_undetermined() {
    let answer = ask(&[
        "gpxd",
        "--in",
        "Hải Châu",
        "--on",
        "2025-08-01",
        "--fact",
        "cap-cong-trinh=II",
        "--fact",
        "loai-cong-trinh=khac",
    ]);
    assert_eq!(answer["outcome"], "undetermined");
    let question = &answer["ask"][0];
    assert_eq!(question["reading"]["document"], "140/2025/NĐ-CP");
    let deciders = |index: usize| question["values"][index]["deciders"][0]["unit"]["code"].clone();
    assert_eq!([deciders(0), deciders(1)], ["20242", "48"]);
    let house = ["gpxd", "--in", "Hải Châu", "--fact", "loai-cong-trinh=nha-o-rieng-le", "--on"];
    decides(&[&house[..], &["2025-08-01"]].concat(), "ubnd xa 20242", &["article 4 clause 1 140/2025/NĐ-CP"]);
    let second = ["gpxd", "--in", "20242", "--fact", "cap-cong-trinh=II", "--fact", "loai-cong-trinh=khac"];
    let on = |day: &'static str, zone: &'static str| [&second[..], &["--on", day, "--fact", zone]].concat();
    decides(&on("2023-05-10", "trong-khu-cn=no"), "ubnd tinh 48", &["article 103 clause 2 50/2014/QH13"]);
    decides(&on("2026-08-01", "trong-khu-cn=no"), "so-xay-dung tinh 48", &["article 53 clause 3 217/2026/NĐ-CP"]);
    decides(&on("2026-08-01", "trong-khu-cn=yes"), "ban-quan-ly-khu tinh 48", &["article 53 clause 2 217/2026/NĐ-CP"]);
}

#[test]
fn a_delegation_of_land_allocation_is_void() {
    let arguments = [
        "ask",
        "giao-dat",
        "--in",
        "Huyện Hòa Vang",
        "--on",
        "2025-01-05",
        "--fact",
        "doi-tuong=ca-nhan",
        "--fact",
        "hinh-thuc=giao",
        "--format",
        "json",
        "--explain",
    ];
    let (status, out, _) = tq(&[here("tests/fixtures/gia-dinh")], &arguments);
    assert_eq!(status, Some(0), "{out}");
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(ruling(&answer).0, "ubnd huyen 497");
    let lost = answer["lost"].as_array().expect("a record");
    let void: Vec<_> = lost.iter().filter(|loss| loss["why"] == "forbidden").collect();
    assert!(!void.is_empty(), "{lost:#?}");
    for loss in void {
        assert_eq!(loss["by"]["document"], "31/2024/QH15");
        assert_eq!(loss["by"]["address"], "article 123 clause 5");
    }
}

#[test]
fn a_code_names_the_unit_that_bore_it_on_the_day() {
    let on = |day: &str| ask(&["thu-hoi-dat", "--in", "20242", "--on", day])["unit"]["name"].clone();
    assert_eq!([on("2025-06-30"), on("2025-07-01")], ["Phước Ninh", "Hải Châu"]);
    let (status, out, err) = tq(&[], &["ask", "thu-hoi-dat", "--in", "492", "--on", "2025-07-01", "--lang", "vi"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    for successor in ["quận Hải Châu (492)", "phường Hải Châu (20242)", "phường Hòa Cường (20257)", "1659/NQ-UBTVQH15"]
    {
        assert!(err.contains(successor), "{successor} is not in\n{err}");
    }
}

/// A decision with four mistakes and one good sentence.
const FOUR_MISTAKES: &str = "\
văn bản 78/2026/QĐ-UBND của UBND tại tỉnh \"Đà Nẵng\" \"Giả định\"
  quyết định quy phạm pháp luật, ban hành ngày 20/07/2026
  có hiệu lực từ ngày 01/08/2026

Điều 1
  gpxd do UBND cấp huện quyết định

Điều 2
  phân cấp gpxd cho Ban quản lý khu công nghiêp cấp tỉnh
    theo khoản 3 Điều 53 của 217/2026/NĐ-CP

Điều 3
  giao-dat do UBND cấp tỉnh quyết địn

Điều 4
  giao-dat phải được UBND cấp tỉnh chấp thuận trước
    khi diện tích >= 1.500 ha

Điều 5
  dieu-chinh-gpxd phải lấy ý kiến Chủ tịch UBND cấp tỉnh
    tại phường \"Hải Châu\"
";

#[test]
fn four_mistakes_give_four_messages_on_the_right_words_and_cost_only_themselves() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x.tq"), FOUR_MISTAKES).expect("a file");
    let library = library::load(&Origin::Folders(vec![here("rules"), folder.path().to_owned()]));
    let found: Vec<(&str, &str)> =
        library.diagnostics.iter().map(|found| (found.problem.code(), library.sources.snippet(found.span))).collect();
    let expected = [
        ("misspelt-keyword", "địn"),
        ("ambiguous-number", "1.500"),
        ("unknown-name", "cấp huện"),
        ("unknown-name", "Ban quản lý khu công nghiêp"),
    ];
    assert_eq!(found, expected);
    let question = ["ask", "dieu-chinh-gpxd", "--in", "Hải Châu", "--on", "2026-08-05", "--fact", "cap-cong-trinh=II"];
    let facts = ["--fact", "loai-cong-trinh=khac", "--fact", "trong-khu-cn=no"];
    for (language, words, opinion) in
        [("vi", "có phải là", "ý kiến của Chủ tịch UBND"), ("en", "did you mean", "opinion")]
    {
        let arguments = [&question[..], &facts, &["--lang", language]].concat();
        let (status, out, err) = tq(&[folder.path().to_owned()], &arguments);
        assert_eq!(status, Some(1), "{out}{err}");
        assert!(out.contains(opinion), "the good sentence does not answer:\n{out}");
        assert!(err.contains(words), "{err}");
        for word in ["cấp huện", "khu công nghiêp", "quyết địn", "1.500"] {
            assert!(err.contains(word), "{word} is not in\n{err}");
        }
    }
}
