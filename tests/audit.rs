//! Decisions already signed: verdicts on worked cases, against `ask`, whatever order rows come in, and the command around them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::civil::Date;
use serde_json::Value;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::cell::Cells;
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::audit::columns::Columns;
use thamquyen::reading::audit::{
    Auditor, Bench, Finding, Found, Judged, Near, Row, Signer, Verdict, judge, said, signer, words,
};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::question::{Asked, understand};
use thamquyen::register::RowId;
use thamquyen::rulebook::{BodyId, Language, TaskId};
use thamquyen::ruling::{Answer, LeadsTo, Named, NextQuestion, Outcome, Question};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn rules() -> Library {
    library::load(&Origin::Folders(vec![here("rules")]))
}

/// A case of the semantics with its catalogue.
fn case(name: &str) -> Library {
    let read = |name: &str| fs::read_to_string(here("tests/cases/good").join(name)).expect("text");
    let shared = ["catalogue.tq", "units.csv", "successions.csv", name].map(|name| (name, read(name)));
    let texts: Vec<(&str, &str)> = shared.iter().map(|(path, text)| (*path, text.as_str())).collect();
    library::from_texts(&texts)
}

fn cells(all: &[&str]) -> Vec<String> {
    all.iter().map(|cell| (*cell).to_owned()).collect()
}

/// The one place at which these tests judge rows: what one auditor says of them in turn.
fn audit(library: &Library, header: &[&str], rows: &[Vec<String>], language: Language) -> Vec<Finding> {
    let columns = Columns::read(&library.rulebook, &cells(header)).expect("a header");
    let full = Cells::lazily(&library.rulebook);
    let mut auditor = Auditor::new((library.law(), &full), Voice::new(&library.rulebook, language), &columns);
    rows.iter().zip(2..).map(|(cells, line)| auditor.audit(Row { line, cells })).collect()
}

fn one(library: &Library, header: &[&str], row: &[&str]) -> Judged {
    let found = audit(library, header, &[cells(row)], Language::English).remove(0).found;
    match &*found {
        Found::Judged(known) => known.judged.clone(),
        Found::Bad(bad) => panic!("{row:?} is bad: {bad:?}"),
    }
}

fn tq(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tq"))
        .arg("audit")
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tq runs");
    let (mut stdin, input) = (child.stdin.take().expect("a pipe"), input.to_owned());
    // What is answered meanwhile must not fill the pipe; a command that refuses does not read on.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("tq ends");
    let _ = writer.join().expect("the writer ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Each row of the sample says which verdict the law's table gives it.
#[test]
fn worked_cases_are_judged_as_the_law_says() {
    let sample = fs::read_to_string(here("tests/fixtures/audit/decisions.csv")).expect("the sample");
    let mut reader = csv::Reader::from_reader(sample.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let expected = header.iter().position(|name| name == "#mong đợi").expect("the column of expectations");
    let library = rules();
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    assert!(rows.len() >= 30, "only {} decisions", rows.len());
    let findings = audit(&library, &header.iter().collect::<Vec<_>>(), &rows, Language::Vietnamese);
    let voice = Voice::new(&library.rulebook, Language::Vietnamese);
    for (row, finding) in rows.iter().zip(&findings) {
        let verdict = said(voice, finding).verdict.unwrap_or("bad");
        assert_eq!(verdict, row[expected], "{}", words::lines(voice, finding).join("\n"));
    }
    for verdict in ["competent", "ultra-vires", "undetermined", "conflict", "orphaned", "open", "not-covered", "bad"] {
        assert!(rows.iter().any(|row| row[expected] == verdict), "no decision is {verdict}");
    }
}

const TREES: [&str; 8] = ["number", "date", "signer_body", "signer_unit", "task", "unit", "species", "#"];

fn tree_row<'a>(date: &'a str, body: &'a str, unit: &'a str, task: &'a str, place: &'a str) -> [&'a str; 8] {
    ["1", date, body, unit, task, place, "", ""]
}

#[test]
fn who_had_passed_it_on_and_who_may_step_in_is_said() {
    let library = case("void-transfers.tq");
    let judged = |body, unit, date| {
        let found = one(&library, &TREES, &tree_row(date, body, unit, "withdrawal", "Diên Khê"));
        (found.verdict, found.near)
    };
    let (verdict, near) = judged("Board", "Bạch Sa", "2006-01-01");
    assert_eq!(verdict, Verdict::UltraVires);
    assert!(near.iter().any(|near| matches!(near, Near::PassedOn(_))), "{near:?}");
    assert_eq!(judged("Tree Bureau Director", "Bạch Sa", "2006-01-01"), (Verdict::Competent, Vec::new()));
    // The term is over, and authority is back.
    assert_eq!(judged("Board", "Bạch Sa", "2007-01-01"), (Verdict::Competent, Vec::new()));
    assert_eq!(judged("Board Head", "Bạch Sa", "2007-01-01"), (Verdict::UltraVires, vec![Near::ItsBody]));

    let library = case("quyet-dinh-thay.tq");
    let judged = |body, unit, date| {
        let found = one(&library, &TREES, &tree_row(date, body, unit, "felling", "An Cư"));
        (found.verdict, found.near)
    };
    assert_eq!(judged("Board Head", "Đông", "2009-01-01"), (Verdict::Undetermined, vec![Near::MayStepIn]));
    assert_eq!(judged("Board Head", "Tây", "2009-01-01").0, Verdict::UltraVires);
    assert_eq!(judged("Board Head", "An Cư", "2009-01-01"), (Verdict::UltraVires, vec![Near::ItsBody]));
    assert_eq!(judged("Board", "Bạch Sa", "2009-01-01"), (Verdict::UltraVires, vec![Near::OtherLevel]));
    assert_eq!(judged("Board", "Bình Hòa", "2009-01-01"), (Verdict::UltraVires, vec![Near::OtherUnit]));
    let (verdict, near) = judged("Board", "Đông", "2010-01-01");
    assert_eq!((verdict, near), (Verdict::UltraVires, vec![Near::UnitGone, Near::OtherLevel]));

    let library = case("to-chuc.tq");
    let found = one(&library, &TREES, &tree_row("2003-01-01", "Council", "An Cư", "felling", "Cát Tường"));
    assert_eq!((found.verdict, found.near), (Verdict::UltraVires, vec![Near::BodyAbsent, Near::OtherUnit]));
    let found = one(&library, &TREES, &tree_row("2003-01-01", "Council", "An Cư", "felling", "An Cư"));
    assert_eq!(found.verdict, Verdict::Orphaned);
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn question(library: &Library, dice: &mut Dice) -> Question {
    let rulebook = &library.rulebook;
    let task = TaskId(u32::try_from(dice.below(rulebook.tasks.len())).expect("few tasks"));
    let days = ["2016-05-10", "2021-01-01", "2023-03-15", "2025-06-30", "2025-07-01", "2025-11-01", "2026-08-01"];
    let on: Date = dice.of(&days).parse().expect("a day");
    let rows: Vec<RowId> = rulebook.register.rows_on(on).collect();
    let places = rulebook[task].roles.iter().map(|_| vec![*dice.of(&rows)]).collect();
    Question { task, on, places, without: Vec::new(), facts: Vec::new() }
}

/// Every ruling that an answer leaves possible; `None` where it does not say them all.
fn rulings(answer: &Answer) -> Option<Vec<(Outcome, Vec<Named>)>> {
    fn of(next: &NextQuestion, found: &mut Vec<(Outcome, Vec<Named>)>) -> bool {
        !next.branches.is_empty()
            && next.branches.iter().all(|branch| match &branch.leads_to {
                LeadsTo::Ruling { outcome, deciders, .. } => {
                    found.push((*outcome, deciders.iter().map(|one| one.who).collect()));
                    true
                }
                LeadsTo::Further(next) => of(next, found),
            })
    }
    let mut found = Vec::new();
    match &answer.next {
        None => found.push((answer.outcome, answer.deciders.iter().map(|one| one.who).collect())),
        Some(next) => return of(next, &mut found).then_some(found),
    }
    Some(found)
}

/// A signer is competent just when it is among the deciders of every ruling that the question leaves possible, and ultra vires
/// only where it is among those of none.
#[test]
fn competent_is_who_is_among_the_deciders() {
    let library = rules();
    let (rulebook, mut dice) = (&library.rulebook, Dice(7));
    let (mut competent, mut ultra_vires) = (0, 0);
    for _ in 0..150 {
        let question = question(&library, &mut dice);
        let Ok(answer) = ask(library.law(), &question, Depth::Ruling) else { continue };
        let rulings = rulings(&answer);
        let mut signers: Vec<Signer> = (0..6)
            .map(|_| {
                let body = BodyId(u32::try_from(dice.below(rulebook.bodies.len())).expect("few bodies"));
                let rows: Vec<RowId> = rulebook.register.rows_on(question.on).collect();
                Signer { body, bench: Bench::At(*dice.of(&rows)) }
            })
            .collect();
        let deciders = rulings.iter().flatten().flat_map(|(_, who)| who);
        signers.extend(
            deciders.map(|who| Signer { body: who.seat.body, bench: who.unit.map_or(Bench::Nowhere, Bench::At) }),
        );
        for signer in signers {
            let judged = judge(rulebook, &answer, &signer);
            let unit = |row: RowId| rulebook.register.row(row).unit;
            let is = |who: &Named| match &signer.bench {
                Bench::At(row) => who.seat.body == signer.body && who.unit.map(unit) == Some(unit(*row)),
                Bench::Nowhere | Bench::Gone(..) => {
                    who.seat.body == signer.body && rulebook[signer.body].levels.is_empty()
                }
            };
            let decides = |(outcome, who): &(Outcome, Vec<Named>)| {
                matches!(outcome, Outcome::Decided | Outcome::Concurrent) && who.iter().any(is)
            };
            let everywhere = rulings.as_ref().is_some_and(|all| all.iter().all(decides));
            // Seats that stand for any unit of a level have tests of their own.
            let named = |who: &Named| who.unit.is_some() || rulebook[who.seat.body].levels.is_empty();
            if rulings.iter().flatten().flat_map(|(_, who)| who).all(named) {
                assert_eq!(judged.verdict == Verdict::Competent, everywhere, "{signer:?} {answer:?}");
            }
            if judged.verdict == Verdict::UltraVires {
                assert!(!rulings.iter().flatten().any(|(_, who)| who.iter().any(is)), "{signer:?} {answer:?}");
                ultra_vires += 1;
            }
            competent += usize::from(judged.verdict == Verdict::Competent);
        }
    }
    assert!(competent > 20 && ultra_vires > 100, "{competent} competent, {ultra_vires} ultra vires: too few to tell");
}

/// What is remembered of earlier rows changes no later one.
#[test]
fn a_row_is_judged_alike_alone_and_among_others() {
    let library = rules();
    let header = ["number", "date", "signer_body", "signer_unit", "task", "unit", "fact:doi-tuong", "loai-cong-trinh"];
    let days = ["30/06/2025", "01/07/2025", "30/01/2026", "31/01/2026", "28/02/2027", "01/03/2027", "10/05/2023"];
    let units = ["phường Hải Châu", "quận Hải Châu", "Thạch Thang", "thành phố Đà Nẵng", "huyện Hòa Vang", "không rõ"];
    let mut dice = Dice(11);
    let rows: Vec<Vec<String>> = (0..400)
        .map(|number| {
            let number = number.to_string();
            let (task, facts) = *dice.of(&[
                ("gpxd", ["", "nha-o-rieng-le"]),
                ("gpxd", ["", ""]),
                ("gcn-lan-dau", ["ca-nhan", ""]),
                ("gcn-lan-dau", ["gì đó", ""]),
            ]);
            let body = *dice.of(&["UBND", "Chủ tịch UBND", "HĐND", "Sở Xây dựng", "ủy ban"]);
            let (day, sits, place): (&str, &str, &str) = (*dice.of(&days), *dice.of(&units), *dice.of(&units));
            cells(&[&number, day, body, sits, task, place, facts[0], facts[1]])
        })
        .collect();
    let voice = Voice::new(&library.rulebook, Language::Vietnamese);
    let written = |finding: &Finding| serde_json::to_string(&said(voice, finding)).expect("JSON");
    let together = audit(&library, &header, &rows, Language::Vietnamese);
    let columns = Columns::read(&library.rulebook, &cells(&header)).expect("a header");
    let full = Cells::lazily(&library.rulebook);
    for (row, finding) in rows.iter().zip(&together) {
        let mut auditor = Auditor::new((library.law(), &full), voice, &columns);
        let alone = auditor.audit(Row { line: finding.line, cells: row });
        assert_eq!(written(&alone), written(finding));
    }
    let kinds: std::collections::BTreeSet<_> = together.iter().map(|one| said(voice, one).verdict).collect();
    assert!(kinds.len() >= 5, "only {kinds:?}");
}

#[test]
fn a_signer_is_understood_or_told_what_is_wrong() {
    let library = rules();
    let rulebook = &library.rulebook;
    let on: Date = "2023-05-10".parse().expect("a day");
    let voice = Voice::new(rulebook, Language::English);
    let wrong = |who: (&str, &str)| words::bad(voice, &signer(rulebook, who, on).expect_err("wrong"));
    assert_eq!(wrong(("", "Hải Châu")), "the signer's body: `body` is missing; expected the id or name of a body");
    assert_eq!(wrong(("UBND", " ")), "the signer's unit is missing");
    assert!(wrong(("Phòng Tư pháo", "Hải Châu")).ends_with("perhaps `phong-tu-phap`?"));
    assert!(wrong(("UBND", "Hoàn Kiếm")).starts_with("the signer's unit: "));
    // Only one of the units called so can have such a body.
    let at = |who| match signer(rulebook, who, on).expect("a signer").bench {
        Bench::At(row) => rulebook.register.row(row).name.clone(),
        other @ (Bench::Nowhere | Bench::Gone(..)) => panic!("{other:?}"),
    };
    assert_eq!(at(("Phòng Tư pháp", "Hải Châu")), "Quận Hải Châu");
}

#[test]
fn columns_are_found_in_both_languages_and_in_any_order() {
    let library = rules();
    let read = |header: &[&str]| Columns::read(&library.rulebook, &cells(header));
    let plain = read(&["number", "date", "signer_body", "signer_unit", "task"]).expect("a header");
    assert_eq!(read(&["Số", "Ngày ký", "Cơ quan ký", "ĐƠN VỊ KÝ", "Nhiệm vụ"]), Ok(plain));
    let voice = Voice::new(&library.rulebook, Language::English);
    let wrong = |header: &[&str]| {
        let all = read(header).expect_err("wrong");
        all.iter().map(|one| thamquyen::reading::audit::columns::words(voice, one)).collect::<Vec<_>>().join("; ")
    };
    let all = wrong(&["number", "date", "date", "signer_body", "loai-cong-trin", "colour"]);
    assert!(all.contains("the column `date` is there twice"), "{all}");
    assert!(all.contains("is `loai-cong-trinh` meant?"), "{all}");
    assert!(all.contains("`colour` is no column"), "{all}");
    assert!(all.contains("the column `signer_unit` is missing; the column `task` is missing"), "{all}");
    assert_eq!(wrong(&["", ""]), "the table has no header");
}

const HEADER: &str = "number;date;signer_body;signer_unit;task;unit;loai-cong-trinh;comment\n";

#[test]
fn rows_come_one_for_one_and_none_is_lost() {
    let mut table = HEADER.to_owned();
    for number in 0..2_000 {
        table.push_str(match number % 4 {
            0 => "a;10/05/2023;UBND;quận Hải Châu;gpxd;Thạch Thang;nha-o-rieng-le;\n",
            1 => "b;10/05/2023;UBND;quận Sơn Trà;gpxd;Thạch Thang;nha-o-rieng-le;\n",
            2 => "c;10/05/2023;UBND;quận Hải Châu;gpxd\n",
            _ => "d;10/05/2023;UBND;quận Hải Châu;gpxd;Thạch Thang;;\n",
        });
    }
    let (status, out, err) = tq(&["-", "--format", "json"], &table);
    assert_eq!(status, 1, "{err}");
    let rows: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 2_000);
    for (row, number) in rows.iter().zip(0..) {
        let verdict = [Some("competent"), Some("ultra-vires"), None, Some("undetermined")][number % 4];
        assert_eq!((row["line"].as_u64(), row["verdict"].as_str()), (Some(number as u64 + 2), verdict));
    }
    assert_eq!(rows[2]["error"]["code"], "wrong-cells");
    assert_eq!(rows[3]["missing"]["id"], "cap-cong-trinh");
    assert!(err.contains("decisions: 2000; 500 competent, 500 ultra vires, 500 undetermined, 500 bad row"), "{err}");
}

#[test]
fn a_spreadsheet_gets_the_table_back_with_the_verdict_and_no_formula() {
    let table = format!(
        "{HEADER}=1+1;10/05/2023;UBND;quận Hải Châu;gpxd;Thạch Thang;nha-o-rieng-le;\"@x;\"\"y\"\"\"\n+2;x;;;;;;\tz\n3;4\n"
    );
    let (status, out, _) = tq(&["-", "--format", "csv", "--lang", "vi"], &table);
    assert_eq!(status, 1);
    let text = out.strip_prefix('\u{feff}').expect("the mark by which spreadsheets know UTF-8");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header[8..], ["kết luận", "người có thẩm quyền", "hình thức", "căn cứ", "nhận xét"]);
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    assert_eq!((rows[0][0].as_str(), rows[0][7].as_str()), ("'=1+1", "'@x;\"y\""));
    assert_eq!(rows[0][8..10], ["đúng thẩm quyền", "UBND quận Hải Châu"]);
    assert_eq!((rows[1][0].as_str(), rows[1][7].as_str(), rows[1][8].as_str()), ("'+2", "'\tz", "dòng lỗi"));
    assert!(rows[2][12].starts_with("dòng 4: dòng có 2 ô"), "{:?}", rows[2]);
}

#[test]
fn the_status_says_whether_all_is_well() {
    let fine = format!("{HEADER}1;10/05/2023;UBND;quận Hải Châu;gpxd;Thạch Thang;nha-o-rieng-le;\n");
    let (status, out, err) = tq(&["-"], &fine);
    assert_eq!(status, 0, "{err}");
    assert!(out.starts_with("2: 1 (2023-05-10): competent: Building permit, UBND of quận Hải Châu\n"), "{out}");
    assert!(out.ends_with("decisions: 1; 1 competent\n"), "{out}");
    let (status, out, err) = tq(&["-", "--lang", "vi"], "số,ngày\n");
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("lỗi: thiếu cột `cơ quan ký`\n"), "{err}");
    let (status, _, err) = tq(&["/no/such/table.csv"], "");
    assert_eq!(status, 2);
    assert!(err.contains("cannot read `/no/such/table.csv`"), "{err}");
    let (status, _, err) = tq(&["-"], "");
    assert_eq!(status, 2);
    assert!(err.contains("the table has no header"), "{err}");
}

/// The question of a row is the one that `tq ask` is put.
#[test]
fn several_units_of_one_place_stand_in_one_cell() {
    let library = rules();
    let header = ["number", "date", "signer_body", "signer_unit", "task", "unit", "tai-san"];
    let row =
        ["1", "10/08/2025", "UBND", "phường Hải Châu", "ct-giao-dich", "Hải Châu + Hòa Cường", "quyen-su-dung-dat"];
    let judged = one(&library, &header, &row);
    let asked = Asked {
        task: Some("ct-giao-dich".into()),
        on: Some("2025-08-10".into()),
        places: vec![(None, "Hải Châu".into()), (None, "Hòa Cường".into())],
        facts: vec![("tai-san".into(), thamquyen::reading::spelled::Given::Text("quyen-su-dung-dat".into()))],
    };
    let question = understand(&library.rulebook, &asked).expect("a question");
    let answer = ask(library.law(), &question, Depth::Ruling).expect("an answer");
    assert_eq!((judged.verdict, &judged.deciders), (Verdict::Conflict, &answer.deciders));
}
