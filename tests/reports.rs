//! Reports of all tasks at once: what each says of small cases of the semantics, and that it agrees with `ask` on the real rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::naming::Voice;
use thamquyen::reading::question;
use thamquyen::reading::sheet::{self, Sheet};
use thamquyen::reading::standing::clears::{self, Clear};
use thamquyen::reading::standing::load::{self, Where};
use thamquyen::reading::standing::register::State;
use thamquyen::reading::standing::{expiring, portfolio, register};
use thamquyen::register::{LevelId, RowId};
use thamquyen::rulebook::{Language, SeatAt, TaskId};
use thamquyen::ruling::{Answer, LeadsTo, Named, NextQuestion, Outcome, Question, Step};

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

fn day(written: &str) -> Date {
    written.parse().expect("a day")
}

fn task(library: &Library, id: &str) -> TaskId {
    question::task(&library.rulebook, Some(id)).expect("a task")
}

/// A report as JSON, its rows.
fn rows(sheet: &Sheet) -> Vec<Value> {
    sheet::json(sheet, ("0", 0))["rows"].as_array().expect("rows").clone()
}

fn english(library: &Library) -> Voice<'_> {
    Voice::new(&library.rulebook, Language::English)
}

/// Document, state, where and why of every transfer on a day.
fn states(library: &Library, on: &str) -> Vec<[String; 4]> {
    let transfers = register::register(library.law(), day(on));
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => String::new(),
    };
    let row = |row: &Value| [&row["document"]["id"], &row["state"]["code"], &row["where"], &row["why"]].map(text);
    let mut states: Vec<_> = rows(&register::sheet(english(library), &transfers, day(on))).iter().map(row).collect();
    states.sort();
    states
}

#[test]
fn the_register_says_where_each_transfer_stands() {
    let library = case("void-transfers.tq");
    let found = states(&library, "2006-01-01");
    let of = |number: &str| found.iter().filter(|row| row[0] == number).collect::<Vec<_>>();
    assert_eq!(of("4/2002")[0][1..3], ["void", ""]);
    assert_eq!(of("4/2002")[0][3], "its giver does not hold the task");
    assert!(of("5/2002")[0][3].starts_with("states no term"), "{found:?}");
    assert_eq!(of("7/2005")[0][1..], ["effective", "phủ Tây", ""]);
    assert_eq!(of("9/2002")[0][1], "void");
    assert_eq!(of("11/2010")[0][1..], ["not-begun", "", ""]);
    assert_eq!(states(&library, "2012-01-01").iter().filter(|row| row[1] == "ended").count(), 7);
    assert_eq!(states(&library, "2001-12-31").iter().filter(|row| row[1] == "not-begun").count(), 8);
}

/// A transfer is effective just where the answer to some question rests on it.
#[test]
fn what_is_effective_is_a_ground_of_answers_there_and_nowhere_else() {
    for name in ["void-transfers.tq", "phan-cap-roi-uy-quyen.tq", "onward-with-consent.tq"] {
        let library = case(name);
        let rulebook = &library.rulebook;
        let mut seen = 0;
        for on in ["2003-01-01", "2006-01-01", "2010-06-01", "2011-12-31"].map(day) {
            for transfer in register::register(library.law(), on) {
                let places = match &transfer.state {
                    State::Effective { places, .. } => places.clone(),
                    State::Void(_) | State::NotBegun | State::Ended => BTreeSet::new(),
                    State::Unknown => panic!("{name} is small"),
                };
                seen += places.len();
                let lowest: BTreeSet<RowId> =
                    rulebook.register.localities().filter_map(|place| rulebook.register.lowest(place, on)).collect();
                for row in lowest {
                    let roles = rulebook[transfer.task].roles.len();
                    let mut places_asked = vec![Vec::new(); roles];
                    places_asked[0].push(row);
                    let question = Question {
                        task: transfer.task,
                        on,
                        places: places_asked,
                        without: Vec::new(),
                        facts: Vec::new(),
                    };
                    let answer = ask(library.law(), &question, Depth::Ruling).expect("an answer");
                    let rests = grounds(&answer).contains(&transfer.provision);
                    let here = rulebook.register.localities_of(row, on).iter().any(|place| places.contains(place));
                    assert_eq!(rests, here, "{name} {on} {transfer:?} {question:?}");
                }
            }
        }
        assert!(seen > 0, "{name} has no effective transfer");
    }
}

/// The transfers that an answer, or a case that it leaves open, rests on.
fn grounds(answer: &Answer) -> BTreeSet<thamquyen::rulebook::ProvisionId> {
    let mut all = answer.grounds.clone();
    let mut open: Vec<&NextQuestion> = answer.next.iter().collect();
    while let Some(next) = open.pop() {
        for branch in &next.branches {
            match &branch.leads_to {
                LeadsTo::Ruling { grounds, .. } => all.extend(grounds.iter().copied()),
                LeadsTo::Further(next) => open.push(next),
            }
        }
    }
    let moves = |step: Step| matches!(step, Step::Decentralises | Step::Delegates);
    all.into_iter().filter(|ground| moves(ground.step)).map(|ground| ground.provision).collect()
}

#[test]
fn an_end_says_who_decides_then() {
    let library = case("void-transfers.tq");
    let ends = expiring::expiring(library.law(), day("2006-12-01"), day("2007-01-02"));
    let said = rows(&expiring::sheet(english(&library), &ends, (day("2006-12-01"), 32)));
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!((said[0]["what"]["id"].as_str(), said[0]["on"].as_str()), (Some("7/2005"), Some("2007-01-01")));
    assert_eq!(
        said[0]["changes"][0],
        "withdrawal: Tree Bureau Director at region (site of the tree) → Board at region (site of the tree) (2 units)"
    );
    // The last day of the window is not in it.
    assert!(expiring::expiring(library.law(), day("2006-12-01"), day("2007-01-01")).is_empty());

    let library = rules();
    let ends = expiring::expiring(library.law(), day("2027-02-01"), day("2027-03-05"));
    let said = rows(&expiring::sheet(english(&library), &ends, (day("2027-02-01"), 32)));
    let of = |number: &str| said.iter().find(|row| row["what"]["id"] == number).expect("it ends");
    let changes = of("151/2025/NĐ-CP")["changes"].to_string();
    assert!(changes.contains("→ orphaned: chair of UBND at district"), "{changes}");
    let all = Value::Array(said.clone()).to_string();
    assert!(all.contains("Land recovery: UBND at province (site of the land) → orphaned: UBND at district"), "{all}");
    for row in &said {
        for change in row["changes"].as_array().expect("a list") {
            let (before, after) = change.as_str().and_then(|text| text.split_once(" → ")).expect("a change");
            let (before, after) =
                (before.split_once(": ").expect("a task").1, after.rsplit_once(" (").expect("units").0);
            assert_ne!(before, after, "nothing changes");
        }
    }
}

fn level(library: &Library, id: &str) -> LevelId {
    let at = library.rulebook.levels.iter().position(|level| level.names.id == id).expect("a level");
    LevelId(u8::try_from(at).expect("few levels"))
}

#[test]
fn load_is_counted_between_bounds_and_weighed_by_cases() {
    let library = rules();
    let days = (day("2025-06-30"), day("2025-08-01"));
    let gpxd = task(&library, "gpxd");
    let cases = |row: (&str, &str, &str)| load::cases(&library.rulebook, row, days);
    let weights = [
        cases(("hoa-giai-dat-dai", "940", "")).expect("cases"),
        cases(("gpxd", "47", "phường Hải Châu")).expect("cases"),
    ];
    let load = load::load(library.law(), days, &weights);
    assert_eq!(load.tasks.len(), library.rulebook.tasks.len());
    let of = |wanted: TaskId| {
        load.tasks.iter().find(|(task, _)| *task == wanted).and_then(|(_, two)| two.clone()).expect("a load")
    };
    let (before, after) = of(task(&library, "hoa-giai-dat-dai"));
    let commune = Where::At(level(&library, "xa"));
    assert_eq!((after.pairs, after.at[&commune].pairs), (94, (94, 94)));
    assert_eq!(after.at[&commune].cases, (Decimal::from(940), Decimal::from(940)));
    // Hoàng Sa had no commune.
    assert_eq!((before.pairs, before.at[&commune].pairs), (48, (47, 47)));
    let (before, after) = of(gpxd);
    let (province, district) = (Where::At(level(&library, "tinh")), Where::At(level(&library, "huyen")));
    assert_eq!(before.at[&district].pairs, (0, 48), "some classes of works, not all");
    assert_eq!((before.at.contains_key(&commune), after.at.contains_key(&district)), (false, false));
    assert_eq!((after.at[&province].pairs.0, after.at[&commune].cases.1), (0, Decimal::from(47)));
    for (_, two) in &load.tasks {
        for sums in two.iter().flat_map(|(before, after)| [before, after]) {
            let least: u32 = sums.at.values().map(|sum| sum.pairs.0).sum();
            let most: u32 = sums.at.values().map(|sum| sum.pairs.1).sum();
            assert!(least <= sums.pairs && sums.pairs <= most, "{sums:?}");
        }
    }
    let voice = english(&library);
    let wrong = |row| cases(row).expect_err("wrong").words(voice);
    assert_eq!(wrong(("gpxd", "many", "")), "`many` is not a number of cases");
    assert_eq!(wrong(("gpxdd", "1", "")), "there is no task `gpxdd`");
    assert!(wrong(("gpxd", "1", "Vĩnh Long")).contains("Vĩnh Long"));
    assert_eq!(rows(&load::sheet(voice, &load)).last().expect("a row")["task"]["code"], "all");
}

#[test]
fn the_five_clears_say_what_is_not_stated() {
    let library = rules();
    let of = |id: &str, on: &str| clears::clears(library.law(), task(&library, id), day(on));
    let found = of("hoa-giai-dat-dai", "2025-08-01");
    assert_eq!((found.person, found.named, found.responsibility), (Clear::Stated, Clear::Stated, Clear::Stated));
    let found = of("giao-dat", "2025-10-15");
    assert_eq!(found.person, Clear::Partly);
    assert!(found.gaps.iter().any(|gap| matches!(gap, clears::Gap::Person(Outcome::Conflict, 94))), "{:?}", found.gaps);
    let found = of("hoa-giai-dat-dai", "2024-07-31");
    assert_eq!((found.person, found.gaps), (Clear::Unknown, vec![clears::Gap::NotCovered]));
    let all = clears::sheet(english(&library), &[of("giao-dat", "2025-10-15")], day("2025-10-15"));
    assert_eq!(rows(&all)[0]["missing"][0], "conflict in some cases in 94 units");
}

/// Where a portfolio has a task, its body is among those who may decide it there in some case; and where it has not, in none.
#[test]
fn a_portfolio_holds_what_ask_says_and_no_more() {
    let library = rules();
    let rulebook = &library.rulebook;
    for (body, unit, on) in [
        ("ubnd", "phường Hải Châu", "2025-08-01"),
        ("chu-tich-ubnd", "quận Hải Châu", "2024-09-10"),
        ("so-xay-dung", "thành phố Đà Nẵng", "2026-08-01"),
        ("cong-chung-vien", "", "2025-11-01"),
    ] {
        let on = day(on);
        let (body, row) = question::seated(rulebook, (body, unit), on).expect("a body in its unit");
        let found = portfolio::portfolio(library.law(), body, row, on);
        assert!(!found.powers.is_empty(), "{body:?}");
        for (id, of) in (0_u32..).map(TaskId).zip(&rulebook.tasks) {
            if of.roles.len() > 1 || found.unread.contains(&id) {
                continue;
            }
            let place = row.filter(|row| rulebook.register.row(*row).level != LevelId(0));
            let places = of.roles.iter().map(|_| place.into_iter().collect()).collect();
            let question = Question { task: id, on, places, without: Vec::new(), facts: Vec::new() };
            let Ok(answer) = ask(library.law(), &question, Depth::Ruling) else { continue };
            let is = |who: &Named| {
                who.seat.body == body
                    && who.unit.is_none_or(|unit| {
                        row.is_some_and(|row| rulebook.register.row(unit).unit == rulebook.register.row(row).unit)
                    })
            };
            let Some(may) = named(&answer) else { continue };
            let level = |who: &Named| match who.seat.at {
                SeatAt::Any { level } | SeatAt::Level { level, .. } => {
                    row.is_some_and(|row| rulebook.register.row(row).level == level)
                }
                SeatAt::Nowhere | SeatAt::Here { .. } | SeatAt::Others { .. } | SeatAt::Unit(_) => true,
            };
            let asked = may.iter().any(|who| is(who) && level(who));
            let has = found.powers.iter().any(|power| power.task == id);
            assert_eq!(has, asked, "{} {} {answer:?}", rulebook[body].names.id, of.names.id);
        }
    }
}

/// All who may decide in some case; `None` where not all cases are said.
fn named(answer: &Answer) -> Option<Vec<Named>> {
    let may = |outcome| matches!(outcome, Outcome::Decided | Outcome::Concurrent | Outcome::Conflict);
    let mut found: Vec<Named> = Vec::new();
    if may(answer.outcome) {
        found.extend(answer.deciders.iter().map(|one| one.who));
    }
    let mut open: Vec<&NextQuestion> = answer.next.iter().collect();
    while let Some(next) = open.pop() {
        if next.branches.is_empty() {
            return None;
        }
        for branch in &next.branches {
            match &branch.leads_to {
                LeadsTo::Ruling { outcome, deciders, .. } if may(*outcome) => {
                    found.extend(deciders.iter().map(|one| one.who));
                }
                LeadsTo::Ruling { .. } => {}
                LeadsTo::Further(next) => open.push(next),
            }
        }
    }
    Some(found)
}

fn tq(arguments: &[&str]) -> (i32, Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tq")).args(arguments).env("LC_ALL", "C").output().expect("tq runs");
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code().unwrap_or(-1), output.stdout, error)
}

#[test]
fn the_commands_write_every_form_and_never_assume_a_day() {
    let small = here("tests/small");
    let small = small.to_str().expect("UTF-8");
    let (status, _, err) = tq(&["report", "register", "--rules", small]);
    assert_eq!(status, 2);
    assert!(err.contains("`--on` is missing"), "{err}");
    let (status, _, err) = tq(&["report", "load", "--from", "2023-01-01", "--rules", small, "--lang", "vi"]);
    assert_eq!(status, 2);
    assert!(err.contains("thiếu `--to`"), "{err}");
    let ask = ["portfolio", "ubnd", "--in", "Nhất", "--on", "2023-05-10", "--rules", small];
    let with = |form: &str| {
        let (status, out, err) = tq(&[&ask[..], &["--format", form]].concat());
        assert_eq!((status, err.as_str()), (0, ""));
        out
    };
    let text = String::from_utf8(with("text")).expect("UTF-8");
    let expected = "What UBND of quận Nhất may decide on 2023-05-10 (1)\n- Land allocation\n    place: site of the land\n    \
                    when: land user: individual\n    capacity: alone\n    held: assigned\n    \
                    grounds: article 5 clause 2 of Luật Giao đất (1/2013/QH)\n";
    assert_eq!(text, expected);
    let json: Value = serde_json::from_slice(&with("json")).expect("JSON");
    assert_eq!(
        (json["report"].as_str(), json["rows"][0]["held"]["code"].as_str()),
        (Some("portfolio"), Some("assigned"))
    );
    assert!(String::from_utf8(with("md")).expect("UTF-8").contains("| Land allocation | site of the land |"));
    assert!(String::from_utf8(with("csv")).expect("UTF-8").starts_with("\u{feff}task,place,when,"));
    assert!(with("xlsx").starts_with(b"PK"));
    let (status, _, err) = tq(&["portfolio", "ubnb", "--in", "Nhất", "--on", "2023-05-10", "--rules", small]);
    assert_eq!(status, 2);
    assert!(err.contains("there is no body `ubnb`"), "{err}");
}
