//! What `tq diff` says in every form, what a draft would change, and what is refused: by the program, on small rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

/// Rules of one province, and one of their sentences that is replaced.
const RULES: &str = "tests/small";
const THRESHOLD: (&str, &str) = ("dien-tich >= 0.5 ha", "dien-tich >= 0.4 ha");

/// The sentence by which the commune decides for individuals.
const COMMUNE: &str = "  giao-dat is decided by ubnd at xa
    when doi-tuong is ca-nhan
    from 2025-07-01
";

/// A law that takes the allocation to organisations to the commune.
const DRAFT: &str = "document 7/2024/QH \"Luật sửa đổi\"
  law, issued 2024-11-29 by quoc-hoi
  in force from 2025-01-01

article 1
  > UBND cấp xã quyết định giao đất đối với tổ chức
  giao-dat is decided by ubnd at xa
    when doi-tuong is to-chuc
";

/// A folder with `before` and `rules`, each the small rules edited.
fn home(before: impl Fn(&str) -> String, after: impl Fn(&str) -> String) -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    for (side, edit) in [("before", &before as &dyn Fn(&str) -> String), ("rules", &after)] {
        for name in ["rules.tq", "registers/units.csv", "registers/successions.csv"] {
            let text =
                fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(RULES).join(name)).expect("a file");
            let path = home.path().join(side).join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
            fs::write(path, edit(&text)).expect("it is written");
        }
    }
    home
}

fn replaced((from, to): (&str, &str)) -> impl Fn(&str) -> String {
    move |text| text.replace(from, to)
}

/// The threshold lowered, and a unit renamed.
fn small() -> TempDir {
    home(str::to_owned, |text| {
        text.replace(THRESHOLD.0, THRESHOLD.1).replace("Phường Tân An,Tân An", "Phường Tân Hòa,Tân Hòa")
    })
}

struct Answer {
    status: i32,
    out: String,
    err: String,
}

fn tq(home: &TempDir, arguments: &[&str]) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tq"));
    let output = command.args(arguments).current_dir(home.path()).env("LC_ALL", "C").output().expect("tq runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Answer { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// `tq diff` with these arguments in a form, and how it ended: 1, for there are changes.
fn told(home: &TempDir, arguments: &[&str], form: &str) -> String {
    let answer = tq(home, &[&["diff"], arguments, &["--format", form]].concat());
    assert_eq!((answer.status, answer.err.as_str()), (1, ""), "{form}");
    answer.out
}

fn json(home: &TempDir, arguments: &[&str]) -> Json {
    serde_json::from_str(&told(home, arguments, "json")).expect("JSON")
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json[name].as_array().map_or(&[], Vec::as_slice)
}

/// A text as a page has it.
fn in_html(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;").replace('\'', "&#39;")
}

/// What is said in JSON is said in every other form, as often and with the same witnesses.
fn every_form_agrees(home: &TempDir, arguments: &[&str]) -> usize {
    let all = json(home, arguments);
    let (changes, units) = (list(&all, "changes"), list(&all, "units"));
    let findings = list(&all["findings"], "new").len() + list(&all["findings"], "gone").len();
    let (md, html) = (told(home, arguments, "md"), told(home, arguments, "html"));
    let table = rows(&told(home, arguments, "csv"));
    assert_eq!(table.len(), changes.len() + units.len() + findings);
    assert_eq!(html.matches("<article>").count(), changes.len() + findings, "{html}");
    for (class, count) in all["counts"].as_object().expect("counts") {
        let told = changes.iter().filter(|change| change["class"] == class.as_str()).count();
        assert_eq!(count.as_u64(), u64::try_from(told).ok());
        let row = |text: &str| text.lines().find(|line| line.contains(&format!("(`{class}`)"))).map(str::to_owned);
        assert_eq!(
            row(&md).map(|row| row.contains(&format!("| {told} |"))),
            (told > 0).then_some(true),
            "{class} {md}"
        );
        assert_eq!(html.contains(&format!("<code>{class}</code></th><td class=\"count\">{told}</td>")), told > 0);
    }
    for change in changes {
        let (task, command) = (change["task"].as_str().expect("an id"), change["witness"]["command"].as_str());
        assert!(md.contains(&format!("({task}): ")) && html.contains(&format!("({task}) <span")), "{task}");
        if let Some(command) = command {
            assert!(md.contains(&format!("- `{command}`\n")), "{command}: {md}");
            assert!(html.contains(&format!("<code>{}</code>", in_html(command))), "{command}");
            assert!(table.iter().any(|row| row[1] == task && row[11] == command), "{command}");
        }
    }
    assert_eq!(table.iter().filter(|row| row[0] == "registers").count(), units.len());
    changes.len() + units.len() + findings
}

#[test]
fn every_form_says_every_change() {
    let home = small();
    assert!(every_form_agrees(&home, &["before", "rules", "--findings"]) > 1);
    assert!(every_form_agrees(&home, &["before", "rules", "--on", "2020-01-01"]) > 0);
    assert!(every_form_agrees(&home, &["rules", "before"]) > 1);
}

#[test]
fn a_workbook_and_a_file_are_written() {
    let home = small();
    let answer = tq(&home, &["diff", "before", "rules", "--format", "xlsx", "--output", "diff.xlsx"]);
    assert_eq!((answer.status, answer.out.as_str(), answer.err.as_str()), (1, "", ""));
    assert!(fs::read(home.path().join("diff.xlsx")).expect("a file").starts_with(b"PK"));
    for form in ["text", "json", "md", "html", "csv"] {
        let printed = told(&home, &["before", "rules"], form);
        assert_eq!(tq(&home, &["diff", "before", "rules", "--format", form, "--output", "it"]).out, "");
        assert_eq!(fs::read_to_string(home.path().join("it")).expect("a file"), printed, "{form}");
    }
    let answer = tq(&home, &["diff", "before", "rules", "--output", "nowhere/it"]);
    assert!(answer.status == 2 && answer.err.contains("cannot write `nowhere/it`"), "{}", answer.err);
}

/// A name that would be a cell, a tag, code, a mention, a reference, a formula.
const HOSTILE: &str = "=cmd|x <script>alert(1)</script> `y` @all #1 **z** [a](http://b.vn)";

#[test]
fn names_of_users_take_no_effect() {
    let named = |text: &str| {
        text.replace("\"land user\"", &format!("\"{HOSTILE}\""))
            .replace("\"Land allocation\"", &format!("\"{HOSTILE}\""))
    };
    let home = home(named, |text| named(&replaced(THRESHOLD)(text)));
    let arguments = ["before", "rules", "--findings"];
    let md = told(&home, &arguments, "md");
    // Code spans say what is typed, and nothing of it is read.
    let outside: String =
        md.lines().filter(|line| !line.trim_start().starts_with("- `")).collect::<Vec<_>>().join("\n");
    for mark in ["<script", "@all", "#1 ", "`y`", "**z**", "[a]", "http://", "cmd|"] {
        assert!(!outside.contains(mark), "{mark}: {md}");
    }
    assert!(outside.contains("cmd&#124;x &#60;script&#62;"), "{md}");
    for line in md.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.matches('|').count(), 5, "{line}");
    }
    let html = told(&home, &arguments, "html");
    assert!(!html.contains("<script") && html.contains("&#60;script&#62;"), "{html}");
    assert!(!html.contains("src=") && !html.contains("href="), "it asks nothing of any other place");
    let table = rows(&told(&home, &arguments, "csv"));
    assert!(table.iter().any(|row| row[2].starts_with("'=cmd")), "{table:?}");
    assert!(!table.iter().flatten().any(|cell| cell.starts_with(['=', '+', '-', '@'])), "{table:?}");
}

/// The small rules with many tasks more, each like the second clause of the first.
fn many(text: &str) -> String {
    let Some((catalogue, rest)) = text.split_once("register ").filter(|_| text.contains("task giao-dat")) else {
        return text.to_owned();
    };
    let law = rest.split("scenario").next().expect("the law");
    let task = catalogue.split_once("task ").expect("a task").1;
    let sentences = law.split_once("article 5 clause 2").expect("a clause").1;
    let sentences: String = sentences.lines().skip(2).map(|line| format!("{line}\n")).collect();
    let named = |number: usize| format!("viec-{number}");
    let own = |number: usize| {
        task.replace("giao-dat", &named(number))
            .replace("Giao đất", &format!("Việc {number}"))
            .replace("Land", &format!("{number} land"))
    };
    let tasks: String = (0..40).map(|number| format!("task {}", own(number))).collect();
    let article =
        |number: usize| format!("article {}\n  > ~ x\n{}", 10 + number, sentences.replace("giao-dat", &named(number)));
    let articles: String = (0..40).map(article).collect();
    format!("{catalogue}{tasks}register {law}{articles}")
}

#[test]
fn a_limit_leaves_out_details_and_no_counts() {
    let home = home(many, |text| many(text).replace(THRESHOLD.0, THRESHOLD.1));
    let arguments = ["before", "rules"];
    let all = list(&json(&home, &arguments), "changes").len();
    assert_eq!(all, 41, "one of each task");
    let whole = told(&home, &arguments, "md");
    assert_eq!(whole.matches("<details>").count(), all);
    assert!(!whole.contains("no room"), "it fits");
    let mut before = 0;
    for limit in [4000, 5000, 9000, whole.chars().count() - 1] {
        let part = told(&home, &["before", "rules", "--limit", &limit.to_string()], "md");
        assert!(part.chars().count() <= limit, "{limit}");
        let shown = part.matches("<details>").count();
        assert_eq!(part.matches("</details>").count(), shown);
        assert!(shown > before, "{limit} has room for more");
        before = shown;
        assert!(part.contains(&format!("| {all} | {all} |")), "the counts are whole: {part}");
        assert!(part.contains(&format!("the details of {} items", all - shown)), "{part}");
    }
    assert_eq!(told(&home, &["before", "rules", "--limit", &whole.chars().count().to_string()], "md"), whole);
    assert_eq!(tq(&home, &["diff", "before", "rules", "--format", "md", "--limit", "3999"]).status, 2);
    let answer = tq(&home, &["diff", "before", "rules", "--limit", "5000"]);
    assert!(answer.status == 2 && answer.err.contains("`--limit` goes with `--format md`"), "{}", answer.err);
}

#[test]
fn only_the_tasks_that_are_named_are_compared() {
    let home = home(many, |text| many(text).replace(THRESHOLD.0, THRESHOLD.1));
    let all = json(&home, &["before", "rules", "--task", "viec-3", "--task", "giao-dat"]);
    let tasks: BTreeSet<&str> = list(&all, "changes").iter().filter_map(|change| change["task"].as_str()).collect();
    assert_eq!(tasks, BTreeSet::from(["giao-dat", "viec-3"]));
    assert_eq!(all["compared"], 2);
    let answer = tq(&home, &["diff", "before", "rules", "--task", "giao-dta"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("there is no task `giao-dta`") && answer.err.contains("giao-dat"), "{}", answer.err);
    let answer = tq(&home, &["diff", "before", "rules", "--on", "32/13/2020"]);
    assert!(answer.status == 2 && answer.err.contains("`32/13/2020`"), "{}", answer.err);
}

#[test]
fn nothing_takes_one_line() {
    let home = home(str::to_owned, str::to_owned);
    let answer = tq(&home, &["diff", "before", "rules", "--format", "md"]);
    assert_eq!((answer.status, answer.out.lines().count()), (0, 1), "{}", answer.out);
    // Another text that says the same is compared, and nothing is told either.
    fs::write(home.path().join("empty.tq"), "# nothing\n").expect("it is written");
    let answer = tq(&home, &["diff", "--with", "empty.tq", "--format", "md"]);
    assert_eq!((answer.status, answer.out.lines().count()), (0, 1), "{}", answer.out);
    assert!(answer.out.contains("the findings of the check stay the same"), "{}", answer.out);
}

/// The draft moves organisations to the commune and forgets individuals: a task moves, and there is a gap.
#[test]
fn a_draft_tells_what_it_would_change_and_what_it_would_break() {
    let home = home(str::to_owned, str::to_owned);
    let rules = fs::read_to_string(home.path().join("rules/rules.tq")).expect("rules");
    assert!(rules.contains(COMMUNE));
    fs::create_dir_all(home.path().join("draft")).expect("a folder");
    fs::write(home.path().join("draft/rules.tq"), rules.replace(COMMUNE, "")).expect("it is written");
    fs::write(home.path().join("draft/new.tq"), DRAFT).expect("it is written");

    let all = json(&home, &["--with", "draft"]);
    let classes: BTreeSet<&str> = list(&all, "changes").iter().filter_map(|change| change["class"].as_str()).collect();
    assert!(classes.contains("moved") && classes.contains("lost"), "{classes:?}");
    let new = list(&all["findings"], "new");
    let gap = new.first().expect("a finding");
    assert_eq!((gap["code"].as_str(), gap["severity"].as_str()), (Some("gap"), Some("error")), "the gravest first");
    assert!(every_form_agrees(&home, &["--with", "draft"]) > 3);

    let deny = |class: &str| tq(&home, &["diff", "--with", "draft", "--deny", class]).status;
    assert_eq!((deny("finding"), deny("conflict")), (1, 0));
    assert_eq!(tq(&home, &["diff", "rules", "draft", "--deny", "nothing"]).status, 2);

    // The same file alone; and the same over the other side, which is named.
    let alone = json(&home, &["--with", "draft/new.tq"]);
    assert_eq!((list(&alone, "changes").len(), list(&alone["findings"], "new").len()), (1, 0));
    assert_eq!(json(&home, &["before", "--with", "draft/new.tq"])["changes"], alone["changes"]);
    assert_eq!(tq(&home, &["diff", "--with", "draft/new.tq", "--deny", "finding"]).status, 0);

    // The other way round the finding goes.
    fs::write(home.path().join("before/rules.tq"), rules.replace(COMMUNE, "")).expect("it is written");
    let back = json(&home, &["before", "rules", "--findings"]);
    assert_eq!(list(&back["findings"], "new").len(), 0);
    assert_eq!(list(&back["findings"], "gone")[0]["code"], "gap");
    // Of a day before the gap there is none.
    let before = tq(&home, &["diff", "before", "rules", "--findings", "--on", "2024-01-01", "--format", "json"]);
    let before: Json = serde_json::from_str(&before.out).expect("JSON");
    assert_eq!(list(&before["findings"], "gone").len(), 0);
    let after = json(&home, &["before", "rules", "--findings", "--on", "2026-01-01"]);
    assert_eq!(list(&after["findings"], "gone").len(), 1, "{after:#}");
}

#[test]
fn what_is_wrong_with_a_draft_is_told() {
    let home = home(str::to_owned, str::to_owned);
    let write = |name: &str, text: &str| {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    };
    write("drafts/wrong.tq", &DRAFT.replace("giao-dat", "giao-dta"));
    write("drafts/right.tq", DRAFT);
    write("drafts/units.csv", "code\n");
    write("drafts/note.txt", "x");
    write("other/rules.tq", DRAFT);
    for (arguments, status, told) in [
        (&["--with", "drafts/wrong.tq"][..], 1, " --> drafts/wrong.tq:7:3\n"),
        (&["--with", "drafts/wrong.tq"], 1, "  ^^^^^^^^"),
        (&["--with", "missing.tq"], 2, "there is no file or folder `missing.tq`"),
        (&["--with", "drafts/note.txt"], 2, "the draft `drafts/note.txt` must be a `.tq` file"),
        (&["--with", "drafts/units.csv"], 2, "no rules name the table `drafts/units.csv`"),
        (&["--with", "rules/registers/units.csv", "--with", "rules"], 2, "replaces the same file as another draft"),
        (&["--with", "drafts/right.tq", "--with", "drafts/right.tq"], 2, "replaces the same file as another draft"),
        (&[], 2, "<OLD>"),
    ] {
        let answer = tq(&home, &[&["diff"], arguments].concat());
        assert!(
            answer.status == status && answer.err.contains(told),
            "{arguments:?}: {} {}",
            answer.status,
            answer.err
        );
    }
    // A table is replaced where it lies.
    let units = fs::read_to_string(home.path().join("rules/registers/units.csv")).expect("a table");
    write("next/registers/units.csv", &units.replace("Phường Tân An,Tân An", "Phường Tân Hòa,Tân Hòa"));
    write("next/empty.tq", "# nothing\n");
    assert_eq!(list(&json(&home, &["--with", "next"]), "units").len(), 1);
}

/// A threshold is lowered, a task moves, and there is a gap.
#[test]
fn the_forms_in_both_languages() {
    let home = home(str::to_owned, replaced(THRESHOLD));
    let rules = fs::read_to_string(home.path().join("rules/rules.tq")).expect("rules");
    fs::create_dir_all(home.path().join("draft")).expect("a folder");
    fs::write(home.path().join("draft/rules.tq"), rules.replace(COMMUNE, "")).expect("it is written");
    fs::write(home.path().join("draft/new.tq"), DRAFT).expect("it is written");
    for language in ["vi", "en"] {
        for form in ["md", "html"] {
            let arguments = ["before", "rules", "--with", "draft", "--lang", language];
            insta::assert_snapshot!(format!("{form} {language}"), told(&home, &arguments, form));
        }
    }
}
