//! `tq check` as its users have it: forms of output, what is accepted, denied and allowed, exit statuses, explanations. On the
//! made-up country of `docs/check`, whose examples are held to what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use thamquyen::library::{self, Library};
use thamquyen::reading::check::explain::{Example, example, told};
use thamquyen::reading::check::{Code, check, fingerprints, unclear};
use thamquyen::rulebook::Language;
use thamquyen::source::SourceId;
use thamquyen::syntax::format::{Names, format};
use thamquyen::syntax::parse;

const BOTH: [Language; 2] = [Language::Vietnamese, Language::English];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/check").join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(here(path)).expect("a text")
}

/// The catalogue of the examples and some rules on it.
fn library(rules: &str) -> Library {
    let (base, units, successions) = (text("base.tq"), text("registers/units.csv"), text("registers/successions.csv"));
    let library = library::from_texts(&[
        ("base.tq", &base),
        ("registers/units.csv", &units),
        ("registers/successions.csv", &successions),
        ("x.tq", rules),
    ]);
    assert_eq!(library.errors(), 0, "{:?}\n{rules}", library.diagnostics);
    library
}

fn of(code: Code, language: Language) -> Example {
    example(code, language).unwrap_or_else(|| panic!("{} has an example", code.id()))
}

fn known(library: &Library) -> Vec<String> {
    fingerprints(&library.rulebook, &check(library.law()))
}

/// A folder with `rules` in it.
struct Folder(TempDir);

impl Folder {
    fn new(rules: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("rules/registers")).expect("folders");
        for file in ["base.tq", "registers/units.csv", "registers/successions.csv"] {
            fs::copy(here(file), folder.path().join("rules").join(file)).expect("a copy");
        }
        let folder = Self(folder);
        folder.write(rules);
        folder
    }

    fn write(&self, rules: &str) {
        fs::write(self.file("rules/x.tq"), rules).expect("a file");
    }

    fn file(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn tq(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_tq"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("LC_MESSAGES")
            .env_remove("LANG")
            .env("LC_ALL", "C")
            .output()
            .expect("tq runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    fn check(&self, arguments: &[&str]) -> (i32, String, String) {
        self.tq(&[&["check"], arguments].concat())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, out, err) = self.check(&[&["--format", "json"], arguments].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"))
    }
}

fn bad(code: Code) -> Folder {
    Folder::new(of(code, Language::English).bad)
}

fn without_example(code: Code) -> bool {
    matches!(code, Code::TooMany | Code::Unchecked)
}

#[test]
fn every_example_has_its_fault_and_its_mending_has_none() {
    for code in Code::ALL.iter().filter(|code| !without_example(**code)) {
        let [one, other] = BOTH.map(|language| {
            let Example { bad, mended } = of(*code, language);
            let bad = library(bad);
            let findings = if *code == Code::Unclear { unclear(bad.law()) } else { check(bad.law()) };
            assert!(findings.iter().any(|finding| finding.code() == *code), "{}: {findings:#?}", code.id());
            let left = check(library(mended).law());
            assert!(left.is_empty(), "{} mended: {left:#?}", code.id());
            known(&bad)
        });
        assert_eq!(one, other, "{}: a finding is the same in both languages", code.id());
    }
}

/// `UPDATE=1` writes the Vietnamese examples from the English ones.
#[test]
fn the_examples_are_canonical_and_say_the_same_in_both_languages() {
    let base = text("base.tq");
    let trees = [parse::file(SourceId(0), &base).0];
    let names = Names::new(&trees, ["tỉnh", "huyện", "xã"].map(str::to_owned).to_vec());
    for code in Code::ALL.iter().filter(|code| !without_example(**code)) {
        let english = text(&format!("{}.en.tq", code.id()));
        let turned = |to| format(SourceId(1), &english, &names, Some(to)).expect("it can be read").text;
        assert_eq!(turned(Language::English), english, "{}", code.id());
        let path = format!("{}.vi.tq", code.id());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(here(&path), turned(Language::Vietnamese)).expect("a file");
        }
        assert_eq!(turned(Language::Vietnamese), text(&path), "{}", code.id());
    }
}

#[test]
fn the_page_lists_every_code_and_no_other() {
    let page = fs::read_to_string(here("../check.md")).expect("the page");
    let section = page.split("\n## Codes\n").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the section");
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = Code::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |", code.id(), code.severity().id(), told(*code).title.1))
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn a_fingerprint_outlives_lines_and_files_but_not_its_region() {
    let gap = of(Code::Gap, Language::English).bad;
    let before = known(&library(gap));
    assert_eq!(before.len(), 1);
    assert_eq!(known(&library(&format!("# a comment\n\n\n{gap}"))), before);
    assert_ne!(known(&library(&gap.replace("building class is I", "building class is I or II"))), before);
    assert_ne!(known(&library(&gap.replace("2016-01-01", "2017-01-01"))), before);
}

#[test]
fn two_findings_at_one_address_are_two() {
    let twice = "document 45/2015/QH \"Luật Xây dựng\"\n  law, issued 2015-11-29 by National Assembly\n  \
                 in force from 2016-01-01\n\narticle 103\n  gpxd is decided by UBND at province\n  \
                 gpxd is decided by UBND at district\n    when cap is I and cap is not I\n  \
                 gpxd is decided by UBND at commune\n    when cap is II and cap is not II\n";
    let found = known(&library(twice));
    assert_eq!(found.len(), 2);
    assert_ne!(found[0], found[1]);
}

#[test]
fn json_says_where_and_when_and_gives_a_case_that_can_be_asked() {
    let folder = bad(Code::Gap);
    let found = folder.json(&[]);
    assert_eq!(found["format"], 1);
    let counts = &found["counts"];
    assert_eq!((&counts["errors"], &counts["tasks"], &counts["stale"]), (&1.into(), &1.into(), &0.into()));
    let [finding] = found["findings"].as_array().expect("findings").as_slice() else { panic!("{found}") };
    assert_eq!((&finding["code"], &finding["severity"]), (&"gap".into(), &"error".into()));
    assert_eq!(finding["task"]["id"], "gpxd");
    assert_eq!(finding["at"]["file"], "rules/base.tq");
    assert_eq!(finding["fingerprint"].as_str().expect("a text").len(), 64);
    let [way] = finding["regions"].as_array().expect("ways").as_slice() else { panic!("{finding}") };
    let about: Vec<&str> = way.as_array().expect("conditions").iter().filter_map(|one| one["about"].as_str()).collect();
    assert_eq!(about, ["days", "fact"]);
    assert_eq!(way[1]["choices"][0]["value"], "II");
    assert_eq!(finding["region"]["branches"][0]["if"], way[0]);
    let command = finding["witness"]["command"].as_str().expect("a command");
    assert_eq!(command, "tq ask gpxd --in 101 --on 2016-01-01 --fact cap=II");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let (status, out, _) = folder.tq(&words);
    assert_eq!(status, 1);
    assert!(out.starts_with("Gap"), "{out}");
    assert_eq!(
        folder.json(&["--lang", "vi"])["findings"][0]["message"],
        "không ai có thẩm quyền đối với “Giấy phép xây dựng”"
    );
    let named = folder.json(&["--rules", "./rules"]);
    assert_eq!(named["findings"][0]["witness"]["command"], format!("{command} --rules ./rules"));
    assert_eq!(named["findings"][0]["at"]["file"], "rules/base.tq");
}

#[test]
fn json_names_the_sentences_and_the_spot() {
    let found = bad(Code::OutlivesBasis).json(&[]);
    let finding = &found["findings"][0];
    assert_eq!(finding["code"], "outlives-basis");
    assert_eq!(finding["at_fault"][0]["document"], "5/QĐ-UBND");
    assert_eq!(finding["at_fault"][0]["issued"], "2016-12-01");
    assert_eq!(finding["at_fault"][0]["at"], finding["at"]);
    assert_eq!(finding["because"][0]["address"], "article 103");
    let line = finding["at"]["line"].as_u64().expect("a line");
    let rules = of(Code::OutlivesBasis, Language::English).bad;
    let at = rules.lines().nth(usize::try_from(line).expect("small") - 1).expect("the line");
    assert!(at.contains("delegates gpxd"), "{at}");
}

#[test]
fn gitlab_has_the_members_that_it_takes() {
    let (status, out, err) = bad(Code::Duplicate).check(&["--format", "gitlab"]);
    assert_eq!((status, err.lines().count()), (0, 1), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let [entry] = report.as_array().expect("an array").as_slice() else { panic!("{report}") };
    assert_eq!((&entry["check_name"], &entry["severity"]), (&"duplicate".into(), &"info".into()));
    assert!(entry["description"].as_str().expect("a text").contains("only repeats what"), "{entry}");
    assert!(entry["fingerprint"].is_string());
    assert_eq!(entry["location"]["path"], "rules/x.tq");
    assert_eq!(entry["location"]["lines"]["begin"], 9);
}

/// Valid by the schema of the standard; what it demands of our members is held here.
#[test]
fn sarif_names_every_rule_and_finds_its_place() {
    let folder = bad(Code::Conflict);
    let (status, out, _) = folder.check(&["--format", "sarif"]);
    assert_eq!(status, 1);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids, Code::ALL.iter().map(|code| code.id()).collect::<Vec<_>>());
    for rule in rules {
        assert!(rule["shortDescription"]["text"].is_string() && rule["help"]["text"].is_string(), "{rule}");
    }
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
    assert_eq!(result["ruleId"], rules[index]["id"]);
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "rules/x.tq");
    assert_eq!(place["region"]["startColumn"], 3);
    assert_eq!(result["relatedLocations"].as_array().expect("places").len(), 2);
    assert!(result["message"]["text"].as_str().expect("a text").contains("building class: III"), "{result}");
    let fingerprint = &folder.json(&[])["findings"][0]["fingerprint"];
    assert_eq!(&result["partialFingerprints"]["primaryLocationLineHash"], fingerprint);
    assert_eq!(result["suppressions"], Value::Null);
}

#[test]
fn junit_fails_what_is_wrong_and_passes_the_rest() {
    let base = text("base.tq");
    let two = base.replace("task gpxd", "task khac \"Việc khác\" / \"Another\"\n  places noi-xay\ntask gpxd");
    let rules = of(Code::Conflict, Language::English).bad.replace("Luật Xây dựng", "A & <B>");
    let folder = Folder::new(&format!("{rules}\n\narticle 104\n  khac is decided by UBND at commune\n"));
    fs::write(folder.file("rules/base.tq"), two).expect("a file");
    let (status, out, err) = folder.check(&["--format", "junit"]);
    assert_eq!(status, 1, "{out}{err}");
    assert!(out.contains("<testsuite name=\"tq check\" tests=\"2\" failures=\"1\" errors=\"0\">"), "{out}");
    assert!(out.contains("<testcase classname=\"gpxd\" name=\"conflict\" file=\"rules/x.tq\">"), "{out}");
    assert!(out.contains("<testcase classname=\"khac\" name=\"no defect\"/>"), "{out}");
    assert!(out.contains("A &amp; &lt;B&gt;") && !out.contains("<B>"), "{out}");
    let opened = out.matches("<testcase ").count();
    assert_eq!(opened, out.matches("</testcase>").count() + out.matches("defect\"/>").count());
}

#[test]
fn what_is_accepted_is_only_counted_and_what_is_gone_is_told() {
    let folder = bad(Code::Gap);
    let (status, out, _) = folder.check(&["--write-baseline"]);
    assert_eq!((status, out.as_str()), (0, "rules/baseline.json: findings accepted: 1, new: 1, gone: 0\n"));
    let (status, out, _) = folder.check(&[]);
    assert_eq!(status, 0);
    let (head, last) =
        ("tasks: 1, regions: ", "errors: 0, warnings: 0, notes: 0; accepted: 1, accepted without a reason: 1\n");
    assert!(out.starts_with(head) && out.ends_with(last), "{out}");
    // The reason that a person writes stays with its finding, in whatever language the file is written again.
    let path = folder.file("rules/baseline.json");
    let written = fs::read_to_string(&path).expect("the baseline");
    assert!(written.contains("\"why\": \"\"") && written.contains("cấp công trình: II"), "{written}");
    fs::write(&path, written.replace("\"why\": \"\"", "\"why\": \"known\"")).expect("a file");
    assert_eq!(folder.check(&["--write-baseline", "--lang", "en"]).0, 0);
    let (status, out, _) = folder.check(&["--all"]);
    assert_eq!(status, 0);
    assert!(out.contains("error[gap]") && out.contains("accepted: known"), "{out}");
    let all = folder.json(&["--all"]);
    assert_eq!((&all["findings"][0]["standing"], &all["findings"][0]["why"]), (&"accepted".into(), &"known".into()));
    let (_, sarif, _) = folder.check(&["--all", "--format", "sarif"]);
    assert!(sarif.contains("\"justification\": \"known\""), "{sarif}");
    // Another region is another finding.
    folder.write(&of(Code::Gap, Language::English).bad.replace("class is I", "class is I or II"));
    let (status, out, _) = folder.check(&[]);
    assert_eq!(status, 1);
    assert!(out.contains("error[gap]") && out.contains("baseline: gap gpxd"), "{out}");
    folder.write(of(Code::Gap, Language::English).mended);
    let (status, out, _) = folder.check(&["--lang", "vi"]);
    assert_eq!(status, 1);
    assert!(out.contains("đường cơ sở: gap gpxd") && out.contains("đã chấp nhận mà không còn: 1"), "{out}");
    assert_eq!(folder.json(&[])["stale"][0]["why"], "known");
    assert!(folder.check(&["--format", "junit"]).1.contains("classname=\"baseline\""));
    assert_eq!(folder.check(&["--write-baseline"]).1, "rules/baseline.json: findings accepted: 0, new: 0, gone: 1\n");
    assert_eq!(folder.check(&[]).0, 0);
}

#[test]
fn a_baseline_can_lie_elsewhere_and_must_be_one() {
    let folder = bad(Code::Gap);
    let (status, _, err) = folder.check(&["--baseline", "known.json"]);
    assert_eq!(status, 2);
    assert!(err.contains("known.json"), "{err}");
    assert_eq!(folder.check(&["--baseline", "known.json", "--write-baseline"]).0, 0);
    assert!(!folder.file("rules/baseline.json").exists());
    assert_eq!(folder.check(&["--baseline", "known.json"]).0, 0);
    assert_eq!(folder.check(&[]).0, 1);
    fs::write(folder.file("known.json"), "{").expect("a file");
    let (status, _, err) = folder.check(&["--baseline", "known.json"]);
    assert_eq!(status, 2);
    let words =
        "known.json: cannot be read from line 1: EOF while parsing an object; write it anew with --write-baseline";
    assert!(err.contains(words), "{err}");
    // Rules with errors are no rules to accept anything of.
    folder.write("nonsense\n");
    assert_eq!(folder.check(&["--write-baseline"]).0, 2);
}

#[test]
fn rules_with_errors_do_not_make_what_is_accepted_stale() {
    let folder = bad(Code::Duplicate);
    folder.check(&["--write-baseline"]);
    let rules = of(Code::Duplicate, Language::English).bad;
    folder.write(&rules.replace("by UBND at province\n    when", "by UBDN at province\n    when"));
    let (status, out, err) = folder.check(&[]);
    assert_eq!(status, 1);
    assert!(!out.contains("baseline:") && err.contains("errors in the rules: 1"), "{out}{err}");
}

#[test]
fn codes_and_grades_are_denied_and_allowed() {
    let note = bad(Code::Duplicate);
    for (arguments, status) in [
        ([].as_slice(), 0),
        (&["--deny", "duplicate"], 1),
        (&["--deny", "notes"], 1),
        (&["--deny", "notes", "--allow", "duplicate"], 0),
        (&["--deny", "gap,duplicate"], 1),
    ] {
        assert_eq!(note.check(arguments).0, status, "{arguments:?}");
    }
    let warning = bad(Code::Dead);
    for (arguments, status) in [
        ([].as_slice(), 1),
        (&["--allow", "warnings"], 0),
        (&["--allow", "dead-provision"], 0),
        (&["--allow", "warnings", "--deny", "dead-provision"], 1),
    ] {
        assert_eq!(warning.check(arguments).0, status, "{arguments:?}");
    }
    let (_, out, _) = warning.check(&["--allow", "warnings"]);
    assert!(!out.contains("dead-provision") && out.ends_with("warnings: 0, notes: 0; allowed: 1\n"), "{out}");
    let (status, out, err) = warning.check(&["--deny", "conflct"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert_eq!(err, "error: there is no code `conflct`\n  help: did you mean `conflict`?\n");
    let (status, _, err) = warning.check(&["--allow", "weather", "--lang", "vi"]);
    assert_eq!(status, 2);
    assert!(err.contains("không có mã `weather`") && err.contains("các mã: gap, conflict"), "{err}");
}

#[test]
fn one_task_can_be_checked_alone() {
    let folder = bad(Code::Gap);
    assert_eq!(folder.check(&["--task", "gpxd"]).0, 1);
    assert_eq!(folder.check(&["--task", "giấy phép xây dựng"]).0, 1);
    let (status, _, err) = folder.check(&["--task", "gpdx"]);
    assert_eq!(status, 2);
    assert!(err.contains("gpxd"), "{err}");
    assert_eq!(folder.check(&["--task", "gpxd", "--write-baseline"]).0, 2);
}

#[test]
fn text_shows_the_place_the_region_a_case_and_the_sum() {
    let (status, out, _) = bad(Code::ReceiverAbsent).check(&["--lang", "vi"]);
    assert_eq!(status, 1);
    for part in [
        "lỗi[void-receiver]:",
        "x.tq:21:3",
        "nơi xây dựng: huyện Đông",
        "ví dụ: 01/01/2017; nơi xây dựng: xã An Bình (101)",
        "tq ask gpxd --in 101 --on 2017-01-01",
        "1 nhiệm vụ, ",
        "1 lỗi, 0 cảnh báo, 0 lưu ý",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let fine = Folder::new(of(Code::ReceiverAbsent, Language::English).mended);
    let (status, out, _) = fine.check(&[]);
    assert_eq!((status, out.lines().count()), (0, 1), "{out}");
}

#[test]
fn every_code_is_explained_in_both_languages() {
    let folder = Folder::new("");
    for code in Code::ALL {
        let [vietnamese, english] = BOTH.map(|language| {
            let (status, out, err) = folder.check(&["--explain", code.id(), "--lang", language.tag()]);
            assert_eq!((status, err.as_str()), (0, ""), "{}", code.id());
            out
        });
        let told = told(*code);
        assert!(vietnamese.contains(told.title.0) && vietnamese.contains(told.meaning.0), "{vietnamese}");
        assert!(english.contains(told.title.1) && english.contains(told.meaning.1), "{english}");
        assert_eq!(english.contains("Mended:"), !without_example(*code));
        // The heading that is named is there.
        let (page, heading) = told.basis.split_once(", ").expect("a page and a heading");
        let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("the page");
        assert!(page.contains(&format!("\n## {heading}")), "{}", told.basis);
    }
    assert_eq!(folder.check(&["--explain", "no-such"]).0, 2);
    assert!(folder.check(&["--explain", "chồng chéo"]).1.starts_with("error[conflict]"));
}
