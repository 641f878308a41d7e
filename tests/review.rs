//! `tq review` as a reviewer has it: what is shown of each snapshot that differs, what each key does to the files, and what needs
//! no terminal.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use thamquyen::cli::{self, Status, Streams};

/// Behind the sentences of `tests/small`, so that there are three tasks.
const MORE: &str = r#"
task thu-hoi "Thu hồi đất" / "Land recovery"
  sector thu-hoi-dat "thu hồi đất" / "land recovery"
  places noi-co-dat

task khai-sinh "Khai sinh" / "Registration of birth"
  sector ho-tich "hộ tịch" / "civil status"
  places noi-co-dat

document 2/2013/QH "Luật Thu hồi"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01

article 1
  > ~ UBND cấp tỉnh thu hồi đất
  thu-hoi is decided by ubnd at tinh

article 2
  > ~ UBND cấp tỉnh đăng ký khai sinh
  khai-sinh is decided by ubnd at tinh
"#;

/// A change of each kind: approvals, citations, and who decides.
const EDITS: [(&str, &str); 3] = [
    ("dien-tich >= 0.5 ha", "dien-tich >= 0.6 ha"),
    ("article 2\n", "article 3\n"),
    ("thu-hoi is decided by ubnd at tinh", "thu-hoi is decided by ubnd at xa"),
];

const TASKS: [&str; 3] = ["giao-dat", "khai-sinh", "thu-hoi"];

/// A folder that holds `old` and `rules`, and in `shots` the snapshots of `old`.
struct Place(TempDir);

impl Place {
    /// The rules of now are the old ones with these edits.
    fn new(edits: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        for side in ["old", "rules"] {
            place.copy("tests/small/registers", &format!("{side}/registers"));
        }
        let text = fs::read_to_string(here("tests/small/rules.tq")).expect("rules");
        let text = text.split("scenario").next().expect("rules").to_owned() + MORE;
        place.write("old/rules.tq", &text);
        place.write("rules/rules.tq", &text);
        place.edit(edits);
        assert_eq!(place.snapshot("old", "shots").status, Status::Fine);
        place
    }

    fn edit(&self, edits: &[(&str, &str)]) {
        let mut text = self.read("rules/rules.tq");
        for (from, to) in edits {
            assert!(text.contains(from), "`{from}` is not in the rules");
            text = text.replacen(from, to, 1);
        }
        self.write("rules/rules.tq", &text);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn named(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn copy(&self, from: &str, to: &str) {
        fs::create_dir_all(self.path(to)).expect("made");
        for entry in fs::read_dir(here(from)).expect("a folder") {
            let path = entry.expect("an entry").path();
            fs::copy(&path, self.path(to).join(path.file_name().expect("a name"))).expect("copied");
        }
    }

    /// What lies in `shots`.
    fn kept(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(self.path("shots")).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names.into_iter().map(|name| (name.clone(), self.read(&format!("shots/{name}")))).collect()
    }

    fn shot(&self, task: &str) -> String {
        self.read(&format!("shots/{task}.txt"))
    }

    /// What `tq snapshot` writes for a task of the rules of now.
    fn wanted(&self, task: &str) -> String {
        assert_eq!(self.snapshot("rules", "wanted").status, Status::Fine);
        self.read(&format!("wanted/{task}.txt"))
    }

    fn snapshot(&self, rules: &str, folder: &str) -> Said {
        let arguments = ["snapshot".to_owned(), self.named(folder), "--rules".to_owned(), self.named(rules)];
        said(&arguments, &mut io::empty(), false, &self.named(""))
    }

    /// `tq review` on `shots`; somebody sits there where there is something to read.
    fn review(&self, arguments: &[&str], input: Option<&str>) -> Said {
        self.review_from(arguments, &mut input.unwrap_or("").as_bytes(), input.is_some())
    }

    fn review_from(&self, arguments: &[&str], input: &mut dyn Read, attended: bool) -> Said {
        let mut all = vec!["review".to_owned(), self.named("shots"), "--rules".to_owned(), self.named("rules")];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        if !arguments.contains(&"--lang") {
            all.extend(["--lang".to_owned(), "en".to_owned()]);
        }
        said(&all, input, attended, &self.named(""))
    }

    /// Beside the old rules.
    fn against(&self, arguments: &[&str], input: Option<&str>) -> Said {
        let old = self.named("old");
        self.review(&[&["--against", &old], arguments].concat(), input)
    }
}

/// What a command said; the folder in which it was run is `HERE/`.
#[derive(Debug)]
struct Said {
    status: Status,
    out: String,
    err: String,
}

fn said(arguments: &[String], input: &mut dyn Read, attended: bool, place: &str) -> Said {
    said_in(Colours::Without, arguments, (input, attended), place)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colours {
    With,
    Without,
}

fn said_in(colours: Colours, arguments: &[String], (input, attended): (&mut dyn Read, bool), place: &str) -> Said {
    let arguments: Vec<OsString> =
        ["tq"].into_iter().chain(arguments.iter().map(String::as_str)).map(Into::into).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut input = BufReader::new(input);
    let streams = Streams {
        input: &mut input,
        out: &mut out,
        err: &mut err,
        attended,
        out_color: colours == Colours::With,
        err_color: false,
    };
    let status = cli::run(&arguments, streams).expect("streams in memory");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8").replace(place, "HERE/");
    Said { status, out: text(out), err: text(err) }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn each_key_does_what_it_says_and_touches_no_other_file() {
    let place = Place::new(&EDITS);
    let before = place.kept();
    let said = place.against(&[], Some("x\n?\nd\nA\nr\n\ns\n"));
    assert_eq!(said.status, Status::Findings, "two are left: {said:?}");
    insta::assert_snapshot!("keys", said.out);
    assert_eq!(said.err, "");
    assert_eq!(place.shot("giao-dat"), place.wanted("giao-dat"), "accepted");
    assert_eq!(place.kept()[1..], before[1..], "rejected and skipped");

    let said = place.against(&["--lang", "vi"], Some("r\na\n"));
    assert_eq!(said.status, Status::Findings);
    insta::assert_snapshot!("keys in Vietnamese", said.out);

    let said = place.against(&[], Some("a\n"));
    assert_eq!(said.status, Status::Fine, "{said:?}");
    for task in TASKS {
        assert_eq!(place.shot(task), place.wanted(task));
    }
    assert!(place.kept().iter().all(|(name, _)| TASKS.contains(&name.trim_end_matches(".txt"))), "nothing else");
    let said = place.against(&[], Some(""));
    assert_eq!(said.status, Status::Fine);
    assert!(
        said.out.starts_with("no snapshot to review in HERE/shots\n") && !said.out.contains("accept (a)"),
        "{said:?}"
    );
}

#[test]
fn the_end_of_the_input_quits_and_keeps_what_was_accepted() {
    for input in ["a\nq\n", "a\n", "a\nx"] {
        let place = Place::new(&EDITS);
        let before = place.kept();
        let said = place.against(&[], Some(input));
        assert_eq!(said.status, Status::Findings);
        assert!(said.out.ends_with("\naccepted: 1, rejected: 0, undecided: 2\n"), "{}", said.out);
        assert_eq!(place.shot("giao-dat"), place.wanted("giao-dat"));
        assert_eq!(place.kept()[1..], before[1..]);
    }
    let place = Place::new(&EDITS);
    let before = place.kept();
    let said = place.review_from(&[], &mut [0xff_u8, b'\n'].as_slice(), true);
    assert_eq!((said.status, place.kept()), (Status::Findings, before));
    assert!(said.out.contains("there is no key"), "what is no text is no key");
}

#[test]
fn without_a_terminal_it_names_what_needs_none() {
    let place = Place::new(&EDITS);
    let before = place.kept();
    for language in ["vi", "en"] {
        let output = Command::new(env!("CARGO_BIN_EXE_tq"))
            .args(["review", "--lang", language, "--rules"])
            .arg(place.path("rules"))
            .arg(place.path("shots"))
            .stdin(std::process::Stdio::null())
            .output()
            .expect("tq runs");
        let words = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(["--list", "--accept", "--accept-all"].iter().all(|flag| words.contains(flag)), "{words}");
    }
    assert_eq!(place.kept(), before);
}

#[test]
fn a_list_tells_what_is_left_and_writes_nothing() {
    let place = Place::new(&EDITS);
    let before = place.kept();
    let said = place.against(&["--list"], None);
    assert_eq!(said.status, Status::Findings);
    insta::assert_snapshot!("a list", said.out);
    let said = place.against(&["--list", "--format", "json"], None);
    assert_eq!(said.status, Status::Findings);
    let json: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((&json["format"], &json["left"]), (&1.into(), &3.into()));
    let [giao_dat, khai_sinh, thu_hoi] = [0, 1, 2].map(|place| &json["snapshots"][place]);
    assert_eq!(giao_dat["regions"], serde_json::json!({ "approvals": 1 }));
    assert_eq!(khai_sinh["regions"], serde_json::json!({ "citation": 1 }));
    assert_eq!(thu_hoi["regions"], serde_json::json!({ "moved": 1 }));
    assert_eq!(thu_hoi["file"], "HERE/shots/thu-hoi.txt");
    assert_eq!((&thu_hoi["state"], &thu_hoi["kept_is_of_side"]), (&"changed".into(), &true.into()));
    assert_eq!(place.kept(), before);
    assert_eq!(place.review(&["--accept-all"], None).status, Status::Fine);
    assert_eq!(place.against(&["--list"], None).status, Status::Fine);
}

#[test]
fn flags_accept_what_they_name_and_nothing_else() {
    let place = Place::new(&EDITS);
    let before = place.kept();
    let said = place.review(&["--accept", "thu-hoi", "--accept", "khong-co"], None);
    assert_eq!((said.status, place.kept()), (Status::Wrong, before.clone()), "one is unknown: nothing is written");
    assert!(said.err.contains("khong-co"), "{said:?}");

    let said = place.review(&["--accept", "Land recovery"], None);
    assert_eq!(
        (said.status, said.out.as_str()),
        (Status::Findings, "written: HERE/shots/thu-hoi.txt\naccepted: 1, left to review: 2\n")
    );
    assert_eq!(place.shot("thu-hoi"), place.wanted("thu-hoi"));
    assert_eq!(place.kept()[..2], before[..2]);
    let said = place.review(&["--accept", "thu-hoi", "--lang", "vi"], None);
    assert!(said.out.starts_with("thu-hoi: ảnh chụp đã đúng với quy định"), "{said:?}");

    let said = place.review(&["--accept-all"], None);
    assert_eq!(said.status, Status::Fine, "{said:?}");
    for task in TASKS {
        assert_eq!(place.shot(task), place.wanted(task));
    }
    for wrong in [
        ["--list", "--accept-all"].as_slice(),
        &["--accept-all", "--accept", "thu-hoi"],
        &["--accept", "thu-hoi", "--against", "old"],
        &["--format", "json", "--accept-all"],
    ] {
        assert_eq!(place.review(wrong, None).status, Status::Wrong, "{wrong:?}");
    }
}

#[test]
fn what_is_somebody_elses_is_never_written() {
    let place = Place::new(&EDITS);
    place.write("shots/ghi-chu.txt", "một ghi chú\n");
    assert_eq!(place.review(&["--accept-all"], None).status, Status::Fine);
    assert_eq!(place.read("shots/ghi-chu.txt"), "một ghi chú\n");
    place.write("shots/thu-hoi.txt", "của người khác\n");
    for arguments in [["--accept-all"].as_slice(), &["--accept", "thu-hoi"], &["--list"]] {
        let said = place.review(arguments, None);
        assert_eq!(said.status, Status::Wrong);
        assert!(said.err.contains("thu-hoi.txt: is no snapshot that tq wrote"), "{said:?}");
    }
    assert_eq!(place.review(&[], Some("a\na\na\n")).status, Status::Wrong);
    assert_eq!(place.read("shots/thu-hoi.txt"), "của người khác\n");
}

/// Somebody who writes to a file while being asked.
struct Meddler<'a> {
    path: PathBuf,
    answer: &'a [u8],
}

impl Read for Meddler<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        fs::write(&self.path, "đang viết dở\n")?;
        self.answer.read(into)
    }
}

#[test]
fn a_file_that_changed_while_it_was_shown_is_left_alone() {
    let place = Place::new(&EDITS);
    let mut meddler = Meddler { path: place.path("shots/giao-dat.txt"), answer: b"a\n" };
    let said = place.review_from(&[], &mut meddler, true);
    assert_eq!(said.status, Status::Findings);
    assert!(said.err.contains("giao-dat.txt: was changed meanwhile"), "{said:?}");
    assert!(said.out.contains("accepted: 0, rejected: 0, undecided: 3"), "{said:?}");
    assert_eq!(place.shot("giao-dat"), "đang viết dở\n");
}

#[test]
fn new_and_left_over_tasks_are_reviewed_too() {
    let place = Place::new(&[]);
    fs::remove_file(place.path("shots/thu-hoi.txt")).expect("removed");
    let text = place.read("rules/rules.tq").replace("khai-sinh", "khai-tu").replace("Khai sinh", "Khai tử");
    place.write("rules/rules.tq", &text.replace("of birth", "of death"));
    let said = place.against(&[], Some("s\ns\na\n"));
    insta::assert_snapshot!("new and left over", said.out);
    assert!(!place.path("shots/khai-sinh.txt").exists(), "{said:?}");
    assert!(!place.path("shots/khai-tu.txt").exists());
    let said = place.review(&["--accept", "khai-tu", "--accept", "thu-hoi"], None);
    assert_eq!(said.status, Status::Fine, "{said:?}");
    assert_eq!(place.shot("khai-tu"), place.wanted("khai-tu"));
}

#[test]
fn a_left_over_file_can_be_named() {
    let place = Place::new(&[]);
    fs::copy(place.path("shots/thu-hoi.txt"), place.path("shots/viec-cu.txt")).expect("copied");
    let said = place.review(&["--accept", "viec-cu"], None);
    assert_eq!(
        (said.status, said.out.as_str()),
        (Status::Fine, "removed: HERE/shots/viec-cu.txt\naccepted: 1, left to review: 0\n")
    );
}

/// Texts that differ while no decision does, and the other way round.
#[test]
fn text_and_decisions_that_do_not_go_together_are_told() {
    // Only a name.
    let place = Place::new(&[("body ubnd \"UBND\"", "body ubnd \"Ủy ban\"")]);
    let said = place.against(&["--list"], None);
    assert_eq!(
        said.out.matches("no decision moves against HERE/old: only words or the order of lines differ").count(),
        3
    );
    let said = place.against(&["--list", "--lang", "vi"], None);
    assert_eq!(said.out.matches("không quyết định nào khác với HERE/old: chỉ khác lời văn").count(), 3, "{said:?}");

    // The text that is kept was not the old rules' either.
    let place = Place::new(&[("thu-hoi is decided by ubnd at tinh", "thu-hoi is decided by ubnd at xa")]);
    for task in ["giao-dat", "thu-hoi"] {
        let text = place.shot(task);
        place.write(&format!("shots/{task}.txt"), &text.replace("cấp tỉnh", "cấp nào đó"));
    }
    let said = place.against(&["--list"], None);
    assert_eq!(said.out.matches("the snapshot that is kept is not of the rules of HERE/old").count(), 2, "{said:?}");
    assert_eq!(
        said.out.matches("decisions that move against HERE/old: another decides (moved) 1").count(),
        1,
        "{said:?}"
    );

    // It was accepted before.
    assert_eq!(place.review(&["--accept-all"], None).status, Status::Fine);
    let said = place.against(&["--list"], None);
    assert_eq!(said.status, Status::Fine, "nothing is left");
    assert!(
        said.out.contains("(it was accepted before):\n  Land recovery (thu-hoi): another decides (moved) 1\n"),
        "{said:?}"
    );
    let said = place.against(&["--list", "--format", "json"], None);
    let json: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(json["same"][0]["why"], "accepted");

    // Another body of the same name.
    let place = Place::new(&[]);
    let text = place.read("old/rules.tq").replace("ubnd", "uy-ban");
    place.write("old/rules.tq", &text);
    assert_eq!(place.snapshot("old", "shots").status, Status::Fine);
    let said = place.against(&["--list", "--format", "json"], None);
    assert!(said.out.contains("\"why\": \"same-text\""), "{said:?}");
    let said = place.against(&[], Some(""));
    assert_eq!(said.status, Status::Fine);
    let words = "though the snapshot is the same, for the tree does not tell it; see `tq diff HERE/old`:\n  Land allocation (giao-dat): another decides (moved) 3";
    assert!(said.out.contains(words), "{said:?}");
}

#[test]
fn snapshots_in_english_stay_so() {
    let place = Place::new(&EDITS);
    let english = |rules: &str| {
        let arguments = ["snapshot", "--lang", "en", "--rules"].map(str::to_owned).into_iter();
        let arguments: Vec<String> = arguments.chain([place.named(rules), place.named("shots")]).collect();
        said(&arguments, &mut io::empty(), false, "?").status
    };
    assert_eq!(english("old"), Status::Fine);
    let said = place.review(&["--accept", "thu-hoi", "--lang", "vi"], None);
    assert!(said.out.starts_with("đã viết: ") && said.out.ends_with("còn phải xem xét: 2\n"), "{said:?}");
    let text = place.shot("thu-hoi");
    assert_eq!(english("rules"), Status::Fine);
    assert_eq!(place.shot("thu-hoi"), text);
}

#[test]
fn without_a_side_there_is_the_text_alone_and_a_named_one_must_be_there() {
    let place = Place::new(&EDITS);
    let said = place.review(&["--list"], None);
    assert_eq!(said.status, Status::Findings, "the folder is in no repository");
    assert_eq!(said.out.matches("only texts are compared, and no decisions: git has no").count(), 1, "{said:?}");
    assert!(said.out.contains("--against") && !said.out.contains("decisions that move"), "{said:?}");
    let said = place.review(&[], Some("r\n"));
    assert!(said.out.contains("+++ HERE/shots/giao-dat.txt (by the rules)"), "{said:?}");
    assert!(said.out.ends_with("run again:\n  giao-dat\n"), "{said:?}");
    for side in ["khong-co", "git:khong-co"] {
        let said = place.review(&["--list", "--against", side], None);
        assert_eq!((said.status, said.out.as_str()), (Status::Wrong, ""));
        assert!(said.err.contains("khong-co"), "{said:?}");
    }
}

#[test]
fn the_side_is_the_last_commit_unless_another_is_named() {
    let place = Place::new(&EDITS);
    let root = place.0.path();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(root)
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("it runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let commit = |what: &[&str]| {
        run("git", &[&["add"], what].concat());
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let (status, words) = run("git", &[who.as_slice(), &["commit", "-q", "-m", "rules"]].concat());
        assert_eq!(status, Some(0), "{words}");
    };
    run("git", &["init", "-q"]);
    commit(&["rules", "shots"]);
    let tq = |arguments: &[&str]| run(env!("CARGO_BIN_EXE_tq"), &[&["review", "shots", "--list"], arguments].concat());
    // The rules are as committed, and the snapshots were old then.
    let (status, words) = tq(&[]);
    assert_eq!(status, Some(1), "{words}");
    assert!(words.starts_with("3 snapshots to review in shots\ndecisions are compared with git:HEAD\n"), "{words}");
    assert_eq!(words.matches("is not of the rules of git:HEAD").count(), 3, "{words}");
    commit(&["old"]);
    let (_, words) = tq(&["--against", "git:HEAD:old"]);
    assert!(words.contains("decisions that move against git:HEAD:old: another decides (moved) 1"), "{words}");
    // Another folder of rules is compared with itself, committed.
    let (_, words) = tq(&["--rules", "./old/"]);
    assert!(words.starts_with("no snapshot to review in shots\ndecisions are compared with git:HEAD:old\n"), "{words}");
    let (_, words) = tq(&["--rules", place.path("old").to_str().expect("UTF-8")]);
    assert!(words.contains("git:HEAD:old\n"), "{words}");
    let (_, words) = tq(&["--rules", "old", "--rules", "rules"]);
    assert!(!words.contains("decisions that move"), "{words}");
}

#[test]
fn lines_that_come_and_go_are_coloured_where_that_is_wanted() {
    let place = Place::new(&EDITS);
    let arguments = ["review", "SHOTS", "--rules", "RULES", "--against", "OLD", "--lang", "en"];
    let arguments = arguments.map(|word| match word {
        "SHOTS" | "RULES" | "OLD" => place.named(&word.to_lowercase()),
        word => word.to_owned(),
    });
    let [with, without] = [Colours::With, Colours::Without]
        .map(|colours| said_in(colours, &arguments, (&mut b"s\n".as_slice(), true), &place.named("")).out);
    for coloured in [
        "\x1b[31m-      - diện tích: từ 0,5 ha trở lên\x1b[0m\n",
        "\x1b[32m+      - diện tích: từ 0,6 ha trở lên\x1b[0m\n",
    ] {
        assert!(with.contains(coloured), "{with}");
    }
    assert!(with.contains("\x1b[1m[1/3] Land allocation (giao-dat)\x1b[0m\n"), "{with}");
    let plain = ["\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m"];
    assert_eq!(plain.iter().fold(with, |text, code| text.replace(code, "")), without);
    assert!(!without.contains('\x1b'));
}

#[test]
fn a_long_text_is_cut_until_all_of_it_is_wanted() {
    let sentence = |year: i32| {
        let of = |level: &str, from: String, before: String| {
            format!("thu-hoi is decided by ubnd at {level}\n    from {from} before {before}\n  ")
        };
        let (from, mid, before) = (format!("{year}-01-01"), format!("{year}-07-01"), format!("{}-01-01", year + 1));
        of("xa", from, mid.clone()) + &of("tinh", mid, before)
    };
    let many: String = (2015..2030).map(sentence).collect();
    let place = Place::new(&[("thu-hoi is decided by ubnd at tinh", many.trim_end())]);
    let said = place.against(&[], Some("d\nd\nq\n"));
    let shown: Vec<&str> = said.out.split("[1/1]").skip(1).collect();
    let [short, full, again] = shown[..] else { panic!("shown {} times: {}", shown.len(), said.out) };
    let more = |text: &str| text.lines().filter(|line| line.ends_with(" more lines: d shows them")).count();
    assert_eq!((more(short), more(full), more(again)), (1, 0, 1), "{}", said.out);
    assert!(full.lines().count() > short.lines().count());
    let last = "+  - từ ngày 01/07/2029 đến trước ngày 01/01/2030 → UBND cấp tỉnh quyết định\n";
    assert_eq!([short, full, again].map(|text| text.contains(last)), [false, true, false], "{full}");
}

#[test]
fn registers_that_differ_are_told() {
    let place = Place::new(&[]);
    let units = place.read("rules/registers/units.csv");
    place.write("rules/registers/units.csv", &units.replace("Phường An Bình,An Bình", "Phường An Bính,An Bính"));
    let said = place.against(&["--list"], None);
    assert!(
        said.out.contains("\nrows of the registers that differ from HERE/old: 2; `tq diff HERE/old` tells them\n"),
        "{said:?}"
    );
    let said = place.against(&["--list", "--lang", "vi"], None);
    assert!(said.out.contains("\nsổ đơn vị có 2 dòng khác với HERE/old: xem `tq diff HERE/old`\n"), "{said:?}");
}
