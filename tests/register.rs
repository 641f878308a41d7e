//! The register of Đà Nẵng as it is shipped, and what a register says about files that are wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::{Date, date};
use thamquyen::register::{
    Fate, Found, LevelId, LocalityId, Portion, Register, RegisterFiles, RegisterProblem, RegisterProblemKind as Kind,
    RowId,
};

const PROVINCE: LevelId = LevelId(0);
const DISTRICT: LevelId = LevelId(1);
const COMMUNE: LevelId = LevelId(2);

const UNITS: &str = "code,name,short_name,type,level,parent_code,from,before,document\n";
const SUCCESSIONS: &str = "date,document,old_code,new_code,portion\n";

fn y2024() -> Date {
    date(2024, 6, 1)
}
fn last_day() -> Date {
    date(2025, 6, 30)
}
fn reform() -> Date {
    date(2025, 7, 1)
}

fn levels() -> Vec<(String, Vec<String>)> {
    let level = |id: &str, names: &[&str]| (id.to_owned(), names.iter().map(|name| (*name).to_owned()).collect());
    vec![
        level("tinh", &["cấp tỉnh", "province", "tỉnh", "city"]),
        level("huyen", &["cấp huyện", "district"]),
        level("xa", &["cấp xã", "commune", "ward"]),
    ]
}

fn shipped() -> RegisterFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/registers/da-nang");
    RegisterFiles {
        units_path: "registers/da-nang/units.csv".to_owned(),
        units: fs::read_to_string(folder.join("units.csv")).expect("units.csv is shipped"),
        successions_path: "registers/da-nang/successions.csv".to_owned(),
        successions: fs::read_to_string(folder.join("successions.csv")).expect("successions.csv is shipped"),
    }
}

fn da_nang() -> Register {
    let (register, problems) = Register::build(&levels(), &[shipped()]);
    assert_eq!(problems, []);
    register
}

fn small(units: &str, successions: &str) -> (Register, Vec<RegisterProblem>) {
    let files = RegisterFiles {
        units_path: "u.csv".to_owned(),
        units: format!("{UNITS}{units}"),
        successions_path: "s.csv".to_owned(),
        successions: format!("{SUCCESSIONS}{successions}"),
    };
    Register::build(&levels(), &[files])
}

/// Problems as `file:line kind`.
fn problems(units: &str, successions: &str) -> Vec<String> {
    let (_, problems) = small(units, successions);
    problems.iter().map(|problem| format!("{}:{} {:?}", problem.path, problem.line, problem.kind)).collect()
}

fn code(register: &Register, row: RowId) -> &str {
    &register.row(row).code
}

fn name(register: &Register, row: RowId) -> &str {
    &register.row(row).name
}

fn counts(register: &Register, day: Date) -> [usize; 3] {
    [PROVINCE, DISTRICT, COMMUNE]
        .map(|level| register.rows_on(day).filter(|row| register.row(*row).level == level).count())
}

fn one(register: &Register, query: &str, filter: Option<&str>, day: Date) -> RowId {
    match register.find(query, filter, day) {
        Found::One(row) => row,
        other @ (Found::Several(_) | Found::NotThen { .. } | Found::Unknown { .. }) => {
            panic!("`{query}` on {day}: {other:?}")
        }
    }
}

fn fates(register: &Register, fates: &[Fate]) -> Vec<String> {
    let text = |fate: &Fate| {
        let document = fate.document.as_deref().unwrap_or("-");
        format!("{} {document} {:?} {}", fate.date, fate.portion, name(register, fate.row))
    };
    fates.iter().map(text).collect()
}

#[test]
fn counts_are_those_of_the_official_lists() {
    let register = da_nang();
    assert_eq!(counts(&register, date(2005, 8, 19)), [0, 0, 0]);
    assert_eq!(counts(&register, date(2005, 8, 20)), [1, 8, 56]);
    assert_eq!(counts(&register, y2024()), [1, 8, 56]);
    assert_eq!(counts(&register, last_day()), [2, 25, 280]);
    assert_eq!(counts(&register, reform()), [1, 0, 94]);
    assert_eq!(register.change_days(), [date(2005, 8, 20), date(2025, 1, 1), reform()]);
}

#[test]
fn a_code_is_no_identity() {
    let register = da_nang();
    let bearer = |code: &str, day| register.row_on(code, day).map(|row| name(&register, row));
    assert_eq!(bearer("20242", last_day()), Some("Phường Phước Ninh"));
    assert_eq!(bearer("20242", reform()), Some("Phường Hải Châu"));
    assert_eq!(bearer("20218", date(2024, 12, 31)), Some("Phường Vĩnh Trung"));
    assert_eq!(bearer("20218", date(2025, 1, 1)), Some("Phường Thạc Gián"));
    assert_eq!(bearer("20221", date(2024, 12, 31)), Some("Phường Thạc Gián"));
    assert_eq!(bearer("20221", date(2025, 1, 1)), None);
    // The two bearers of 20218 are two units, and the later one is made of the two former.
    let [old, new] = [y2024(), last_day()].map(|day| register.row_on("20218", day).expect("borne on both days"));
    assert_ne!(register.row(old).unit, register.row(new).unit);
    let made_of = register.predecessors(register.row(new).unit);
    assert_eq!(
        fates(&register, &made_of),
        [
            "2025-01-01 1251/NQ-UBTVQH15 Whole Phường Vĩnh Trung",
            "2025-01-01 1251/NQ-UBTVQH15 Whole Phường Thạc Gián"
        ]
    );
}

#[test]
fn a_unit_that_only_changes_parent_stays_one_unit() {
    let register = da_nang();
    let [old, new] = [last_day(), reform()].map(|day| register.row_on("20314", day).expect("Hòa Xuân"));
    assert_ne!(old, new);
    assert_eq!(register.row(old).unit, register.row(new).unit);
    assert_eq!(register.rows_of(register.row(new).unit), [old, new]);
    assert_eq!(register.chain_of_parents(old, last_day()).iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), [
        "495", "48"
    ]);
    assert_eq!(register.chain_of_parents(new, reform()).iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), ["48"]);
}

#[test]
fn a_divided_commune_gives_localities_that_shared_one_unit() {
    let register = da_nang();
    let hoa_lien = one(&register, "Hòa Liên", None, last_day());
    let both = register.localities_of(hoa_lien, last_day());
    assert_eq!(both.len(), 2);
    let lowest = |day| both.iter().filter_map(|l| register.lowest(*l, day)).map(|row| name(&register, row)).collect::<Vec<_>>();
    assert_eq!(lowest(y2024()), ["Xã Hòa Liên", "Xã Hòa Liên"]);
    assert_eq!(lowest(reform()), ["Phường Hải Vân", "Phường Liên Chiểu"]);
    let unit = register.row(hoa_lien).unit;
    assert_eq!(register.footprint_last(unit), both);
    assert_eq!(
        fates(&register, &register.successors(unit)),
        ["2025-07-01 1659/NQ-UBTVQH15 Part Phường Hải Vân", "2025-07-01 1659/NQ-UBTVQH15 Remainder Phường Liên Chiểu"]
    );
}

#[test]
fn hoang_sa_is_a_locality_without_a_commune_until_the_reform() {
    let register = da_nang();
    let district = one(&register, "Huyện Hoàng Sa", None, y2024());
    let [locality] = register.localities_of(district, y2024()).try_into().expect("one locality");
    assert_eq!(register.ancestor(locality, COMMUNE, last_day()), None);
    assert_eq!(register.ancestor(locality, DISTRICT, last_day()), Some(district));
    assert_eq!(register.lowest(locality, last_day()), Some(district));
    let special = register.lowest(locality, reform()).expect("đặc khu");
    assert_eq!((code(&register, special), name(&register, special)), ("20333", "Đặc khu Hoàng Sa"));
    assert_eq!(register.ancestor(locality, DISTRICT, reform()), None);
    assert_eq!(register.ancestor(locality, PROVINCE, reform()).map(|row| code(&register, row)), Some("48"));
    assert_eq!(register.change_days_of(locality), [date(2005, 8, 20), reform()]);
    assert_eq!(
        fates(&register, &register.successors(register.row(district).unit)),
        ["2025-07-01 1659/NQ-UBTVQH15 Whole Đặc khu Hoàng Sa"]
    );
}

#[test]
fn former_district_hai_chau() {
    let register = da_nang();
    let district = one(&register, "Quận Hải Châu", None, y2024());
    let unit = register.row(district).unit;
    let footprint = register.footprint_last(unit);
    assert_eq!(footprint, register.localities_of(district, last_day()));
    // Thirteen wards of 2024, none of them divided, are nine from 2025-01-01 on.
    assert_eq!(footprint.len(), 13);
    assert_eq!(register.children(district, y2024()).len(), 13);
    assert_eq!(register.children(district, last_day()).len(), 9);
    assert_eq!(register.localities_of(district, reform()), []);
    let mut now: Vec<_> = footprint.iter().filter_map(|locality| register.lowest(*locality, reform())).collect();
    now.dedup();
    now.sort();
    now.dedup();
    let names: Vec<_> = now.iter().map(|row| name(&register, *row)).collect();
    assert_eq!(names, ["Phường Hải Châu", "Phường Hòa Cường"]);
    assert_eq!(
        fates(&register, &register.successors(unit)),
        ["2025-07-01 1659/NQ-UBTVQH15 Part Phường Hải Châu", "2025-07-01 1659/NQ-UBTVQH15 Part Phường Hòa Cường"]
    );
    let quang_nam = one(&register, "Quảng Nam", None, last_day());
    let quang_nam = register.row(quang_nam).unit;
    assert_eq!(fates(&register, &register.successors(quang_nam)), ["2025-07-01 202/2025/QH15 Whole Thành phố Đà Nẵng"]);
}

#[test]
fn chains_cross_the_reform_without_loss() {
    let register = da_nang();
    let days = register.change_days().to_vec();
    let at = |day: Date| {
        let mut held: BTreeMap<RowId, Vec<LocalityId>> = BTreeMap::new();
        for locality in register.localities() {
            if let Some(row) = register.lowest(locality, day) {
                held.entry(row).or_default().push(locality);
            }
        }
        held
    };
    // Every lowest unit of every day holds something, and ids agree both ways.
    for day in &days {
        let held = at(*day);
        for row in register.rows_on(*day).filter(|row| register.children(*row, *day).is_empty()) {
            assert_eq!(held.get(&row), Some(&register.localities_of(row, *day)), "{} on {day}", name(&register, row));
        }
        for locality in register.localities() {
            for level in [PROVINCE, DISTRICT, COMMUNE] {
                if let Some(row) = register.ancestor(locality, level, *day) {
                    assert!(register.localities_of(row, *day).contains(&locality));
                    assert!(register.row(row).holds_on(*day));
                }
            }
        }
    }
    let mut edges: Vec<_> =
        register.localities().map(|l| (register.lowest(l, last_day()), register.lowest(l, reform()))).collect();
    edges.sort();
    edges.dedup();
    assert_eq!(edges.len(), 282, "281 from communes, one from huyện Hoàng Sa");
    assert_eq!(register.successions().iter().filter(|s| s.date == reform()).count(), 284);
    assert_eq!(register.localities().len(), 291);
    let commune_edges = edges.iter().filter(|(old, _)| old.is_some_and(|row| register.row(row).level == COMMUNE));
    assert_eq!(commune_edges.count(), 281);
    // Five communes have land of more than one district.
    let mut districts: BTreeMap<RowId, Vec<RowId>> = BTreeMap::new();
    for locality in register.localities() {
        let (new, old) = (register.lowest(locality, reform()), register.ancestor(locality, DISTRICT, last_day()));
        districts.entry(new.expect("held")).or_default().push(old.expect("held by a district"));
    }
    let mixed = districts.values_mut().filter(|list| {
        list.sort();
        list.dedup();
        list.len() > 1
    });
    assert_eq!(mixed.count(), 5);
}

#[test]
fn find_reads_what_people_write() {
    let register = da_nang();
    let queries = [
        "20233",
        "Phường Thạch Thang",
        "phường thạch thang",
        "Thạch Thang",
        "  Thạch   Thang ",
        "thach thang",
        "Phuong Thach Thang",
        "THẠCH THANG",
        "Thạch Thang, Hải Châu",
        "Thạch Thang, quận Hải Châu, thành phố Đà Nẵng",
        "thach thang, da nang",
        "Thạch Thang,492",
        "Thach Thang ward",
        "ward Thạch Thang",
        "Thạch Thang",
        "tha\u{323}ch thang",
    ];
    for query in queries {
        assert_eq!(code(&register, one(&register, query, None, y2024())), "20233", "{query}");
    }
    for filter in ["phường", "phuong", "xa", "commune", "ward", "Cấp xã", "cap xa"] {
        assert_eq!(code(&register, one(&register, "Thạch Thang", Some(filter), y2024())), "20233", "{filter}");
    }
    // Old and new place of the tone mark.
    for query in ["Hòa Xuân", "Hoà Xuân", "phường hoà xuân"] {
        assert_eq!(code(&register, one(&register, query, None, y2024())), "20314", "{query}");
    }
    assert_eq!(code(&register, one(&register, "Đà Nẵng", Some("tỉnh"), y2024())), "48");
    assert_eq!(code(&register, one(&register, "da nang", Some("thanh pho"), y2024())), "48");
}

#[test]
fn find_says_when_a_name_is_borne_twice_or_at_other_times() {
    let register = da_nang();
    // From 2025-01-01 Hải Châu is a ward and a district.
    assert_eq!(code(&register, one(&register, "Hải Châu", None, y2024())), "492");
    let Found::Several(rows) = register.find("Hải Châu", None, last_day()) else { panic!("two bear the name") };
    assert_eq!(rows.iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), ["492", "20236"]);
    assert_eq!(code(&register, one(&register, "quận Hải Châu", None, last_day())), "492");
    assert_eq!(code(&register, one(&register, "Hải Châu", Some("district"), last_day())), "492");
    assert_eq!(code(&register, one(&register, "Hải Châu", Some("phường"), last_day())), "20236");
    assert_eq!(code(&register, one(&register, "Hải Châu, Hải Châu", None, last_day())), "20236");
    assert_eq!(code(&register, one(&register, "Hải Châu", None, reform())), "20242");

    let Found::NotThen { rows, successors } = register.find("Thạch Thang", None, reform()) else { panic!("it is gone") };
    assert_eq!(rows.iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), ["20233"]);
    assert_eq!(fates(&register, &successors), ["2025-07-01 1659/NQ-UBTVQH15 Whole Phường Hải Châu"]);
    let Found::NotThen { rows, successors } = register.find("Hải Châu", Some("phường"), y2024()) else {
        panic!("not yet a ward")
    };
    assert_eq!(rows.iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), ["20236", "20242"]);
    assert_eq!(successors, []);
    assert!(matches!(register.find("20333", None, y2024()), Found::NotThen { .. }));
    assert_eq!(register.find_ever("Hải Châu", Some("quận")).len(), 1);
    assert_eq!(register.find_ever("Hòa Xuân", None).len(), 2);
    assert_eq!(register.find_ever("Hòa Xuân, Cẩm Lệ", None).len(), 1);
}

#[test]
fn an_exact_name_beats_one_without_marks() {
    let units = "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,,\n\
                 11,Xã Thanh Hà,Thanh Hà,xã,xa,1,2020-01-01,,\n\
                 12,Xã Thạnh Hà,Thạnh Hà,xã,xa,1,2020-01-01,,\n\
                 13,Xã Dang,Dang,xã,xa,1,2020-01-01,2021-01-01,\n\
                 14,Xã Đằng,Đằng,xã,xa,1,2020-01-01,,\n\
                 15,Xã Lạng,Lạng,xã,xa,1,2020-01-01,2021-01-01,\n\
                 16,Xã Lãng,Lãng,xã,xa,1,2020-01-01,,\n";
    let (register, problems) = small(units, "2021-01-01,,13,14,whole\n2021-01-01,,15,16,whole\n");
    assert_eq!(problems, []);
    let day = date(2022, 1, 1);
    assert_eq!(code(&register, one(&register, "Thạnh Hà", None, day)), "12");
    assert_eq!(code(&register, one(&register, "thanh ha", None, day)), "11", "`thanh` is a name with all its marks");
    assert!(matches!(register.find("Thãnh Hà", None, day), Found::Several(_)));
    // Who writes no marks may have left them out; who writes them means them.
    assert_eq!(code(&register, one(&register, "dang", None, day)), "14");
    assert!(matches!(register.find("Lạng", None, day), Found::NotThen { .. }));
}

#[test]
fn find_offers_names_that_are_near() {
    let register = da_nang();
    let near = |query: &str| match register.find(query, None, y2024()) {
        Found::Unknown { near } => near.iter().map(|row| name(&register, *row).to_owned()).collect::<Vec<_>>(),
        other @ (Found::One(_) | Found::Several(_) | Found::NotThen { .. }) => panic!("`{query}`: {other:?}"),
    };
    assert_eq!(near("Thạch Thnag").first().map(String::as_str), Some("Phường Thạch Thang"));
    assert_eq!(near("Hải Chau I, Thanh Khê"), near("hai chau i"));
    assert!(near("Hả Châu").len() <= 5);
    assert_eq!(near("Hoàn Kiếm Hà Nội"), Vec::<String>::new());
    assert_eq!(near(""), Vec::<String>::new());
    assert_eq!(near(",,"), Vec::<String>::new());
}

#[test]
fn the_order_of_files_makes_no_difference() {
    let whole = shipped();
    let halves = |text: &str| {
        let (header, lines) = text.split_once('\n').expect("a header");
        let lines: Vec<&str> = lines.lines().collect();
        let pick = |rest: usize| {
            let chosen = lines.iter().enumerate().filter(|(i, _)| i % 2 == rest).map(|(_, line)| *line).rev();
            format!("{header}\n{}\n", chosen.collect::<Vec<_>>().join("\n"))
        };
        [pick(0), pick(1)]
    };
    let [units_a, units_b] = halves(&whole.units);
    let [successions_a, successions_b] = halves(&whole.successions);
    let file = |path: &str, units: &str, successions: &str| RegisterFiles {
        units_path: format!("{path}/units.csv"),
        units: units.to_owned(),
        successions_path: format!("{path}/successions.csv"),
        successions: successions.to_owned(),
    };
    let (a, b) = (file("a", &units_a, &successions_b), file("b", &units_b, &successions_a));
    let facts = |files: &[RegisterFiles]| {
        let (register, problems) = Register::build(&levels(), files);
        assert_eq!(problems, []);
        let rows: Vec<_> = register.rows().map(|row| register.row(row).clone()).collect();
        let chains: Vec<_> = register
            .localities()
            .map(|locality| register.change_days().iter().map(|day| register.lowest(locality, *day)).collect::<Vec<_>>())
            .collect();
        (rows, register.successions().to_vec(), chains)
    };
    let expected = facts(&[whole]);
    assert_eq!(facts(&[a.clone(), b.clone()]), expected);
    assert_eq!(facts(&[b, a]), expected);
}

#[test]
fn problems_are_exact() {
    let province = "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,,\n";
    let with = |rest: &str| format!("{province}{rest}");
    let check = |units: &str, successions: &str, expected: &[&str]| {
        assert_eq!(problems(units, successions), expected, "{units}{successions}");
    };
    check(&with("11,Xã B,B,xã,xa,1,2020-01-01,,\n"), "", &[]);
    check(&with("11,Xã B,B,xã,xa,1,2020-1-01,,\n"), "", &[r#"u.csv:3 BadDate { written: "2020-1-01" }"#]);
    check(&with("\n\r\n11,Xã B,B,xã,xa,1,2020-02-30,,\n"), "", &[r#"u.csv:5 BadDate { written: "2020-02-30" }"#]);
    check(&with("11,Xã B,B,xã,ap,1,2020-01-01,,\n"), "", &[r#"u.csv:3 UnknownLevel { written: "ap" }"#]);
    check(&with("11,Xã B,B,xã,xa,2,2020-01-01,,\n"), "", &[r#"u.csv:3 UnknownParent { parent: "2" }"#]);
    check(&with("11,Xã B,B,xã,xa,11,2020-01-01,,\n"), "", &[r#"u.csv:3 ParentNotAbove { parent: "11" }"#]);
    check(&with(",Xã B,B,xã,xa,1,2020-01-01,,\n"), "", &[r#"u.csv:3 MissingValue { column: "code" }"#]);
    check(&with("11,Xã B,B,xã,xa,1\n"), "", &["u.csv:3 CellCount { expected: 9, found: 6 }"]);
    check(
        &with("11,Xã B,B,xã,xa,1,2020-01-01,2020-01-01,\n"),
        "",
        &["u.csv:3 EmptyPeriod { from: 2020-01-01, before: 2020-01-01 }"],
    );
    check(
        &with("11,Xã B,B,xã,xa,1,2019-06-01,,\n"),
        "",
        &[r#"u.csv:3 ParentNotThen { parent: "1", on: 2019-06-01 }"#],
    );
    check(
        "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,2021-01-01,\n1,Tỉnh A,A,tỉnh,tinh,,2021-02-01,,\n11,Xã B,B,xã,xa,1,2020-01-01,,\n",
        "",
        &[r#"u.csv:4 ParentNotThen { parent: "1", on: 2021-01-01 }"#],
    );
    check(
        &with("11,Xã C,C,xã,xa,1,2021-01-01,,\n11,Xã B,B,xã,xa,1,2020-01-01,,\n"),
        "",
        &[r#"u.csv:3 Overlap { code: "11", earlier: Origin { path: "u.csv", line: 4 } }"#],
    );
    check(
        &with("11,Xã B,B,xã,xa,1,2020-01-01,2021-01-01,\n"),
        "",
        &[r#"u.csv:3 NoSuccessor { code: "11", on: 2021-01-01 }"#],
    );
    // A code used again under another name is not a successor.
    check(
        &with("11,Xã B,B,xã,xa,1,2020-01-01,2021-01-01,\n11,Xã C,C,xã,xa,1,2021-01-01,,\n"),
        "",
        &[r#"u.csv:3 NoSuccessor { code: "11", on: 2021-01-01 }"#],
    );
    check(
        &with("11,Xã B,B,xã,xa,1,2020-01-01,,\n"),
        "2021-01-01,,12,11,whole\n2019-01-01,,11,11,whole\n",
        &[
            r#"s.csv:2 OldCodeNotThen { code: "12", on: 2021-01-01 }"#,
            r#"s.csv:3 OldCodeNotThen { code: "11", on: 2019-01-01 }"#,
            r#"s.csv:3 NewCodeNotThen { code: "11", on: 2019-01-01 }"#,
        ],
    );
    check(
        &with("11,Xã B,B,xã,xa,1,2020-01-01,,\n12,Xã C,C,xã,xa,1,2020-01-01,,\n"),
        "2021-01-01,,11,12,whole\n",
        &[r#"s.csv:2 LeftEmpty { code: "11", on: 2021-01-01 }"#],
    );
    check(
        &with("11,Xã B,B,xã,xa,1,2020-01-01,,\n12,Xã C,C,xã,xa,1,2020-01-01,,\n"),
        "2021-01-01,,11,12,half\n",
        &[r#"s.csv:2 UnknownPortion { written: "half" }"#],
    );
    check(
        "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,,\n2,Tỉnh B,B,tỉnh,tinh,,2020-01-01,2021-01-01,\n11,Xã B,B,xã,xa,1,2020-01-01,,\n",
        "2021-01-01,,2,1,whole\n",
        &[r#"s.csv:2 SuccessorNotLowest { code: "1", on: 2021-01-01 }"#],
    );
    let files = RegisterFiles {
        units_path: "u.csv".to_owned(),
        units: "code,name,short_name,type,level,parent_code,from,document\n".to_owned(),
        successions_path: "s.csv".to_owned(),
        successions: SUCCESSIONS.to_owned(),
    };
    let (_, found) = Register::build(&levels(), &[files]);
    assert_eq!(found.iter().map(|problem| &problem.kind).collect::<Vec<_>>(), [&Kind::MissingColumn { column: "before" }]);
}

#[test]
fn a_part_leaves_the_rest_where_it_was() {
    let units = "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,,\n\
                 11,Xã B,B,xã,xa,1,2020-01-01,,\n\
                 12,Xã C,C,xã,xa,1,2020-01-01,,\n";
    for successions in ["2021-01-01,,11,12,part\n", "2021-01-01,,11,12,part\n2021-01-01,,11,11,remainder\n"] {
        let (register, problems) = small(units, successions);
        assert_eq!(problems, []);
        assert_eq!(register.localities().len(), 3);
        let held = |code: &str, day| register.localities_of(register.row_on(code, day).expect("there"), day).len();
        assert_eq!([held("11", date(2020, 12, 31)), held("12", date(2020, 12, 31))], [2, 1]);
        assert_eq!([held("11", date(2021, 1, 1)), held("12", date(2021, 1, 1))], [1, 2]);
        let unit = register.row(one(&register, "11", None, date(2021, 1, 1))).unit;
        assert_eq!(fates(&register, &register.successors(unit)), ["2021-01-01 - Part Xã C"]);
    }
}

#[test]
fn a_new_district_over_old_communes_is_made_of_them() {
    let units = "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,,\n\
                 5,Huyện X,X,huyện,huyen,1,2020-01-01,,\n\
                 6,Huyện Y,Y,huyện,huyen,1,2021-01-01,2022-01-01,\n\
                 11,Xã B,B,xã,xa,5,2020-01-01,,\n\
                 12,Xã C,C,xã,xa,5,2020-01-01,2021-01-01,\n\
                 12,Xã C,C,xã,xa,6,2021-01-01,2022-01-01,N1\n\
                 12,Xã C,C,xã,xa,5,2022-01-01,,N2\n";
    let (register, problems) = small(units, "");
    assert_eq!(problems, []);
    let y = register.row(one(&register, "Y", None, date(2021, 1, 1))).unit;
    assert_eq!(fates(&register, &register.predecessors(y)), ["2021-01-01 N1 Whole Xã C"]);
    assert_eq!(fates(&register, &register.successors(y)), ["2022-01-01 N2 Whole Xã C"]);
    let c = one(&register, "Xã C, Y", None, date(2021, 5, 1));
    let [locality] = register.localities_of(c, date(2021, 5, 1)).try_into().expect("one");
    let district = |day| register.ancestor(locality, DISTRICT, day).map(|row| code(&register, row).to_owned());
    assert_eq!(district(date(2020, 5, 1)).as_deref(), Some("5"));
    assert_eq!(district(date(2021, 12, 31)).as_deref(), Some("6"));
    assert_eq!(district(date(2022, 1, 1)).as_deref(), Some("5"));
    assert_eq!(register.change_days_of(locality).len(), 3);
}

#[test]
fn successions_that_multiply_are_refused_not_followed() {
    let mut units = "1,Tỉnh A,A,tỉnh,tinh,,2000-01-01,,\n".to_owned();
    units += "11,Xã B,B,xã,xa,1,2000-01-01,,\n12,Xã C,C,xã,xa,1,2000-01-01,,\n";
    let mut successions = String::new();
    for year in 2001..2031 {
        for (old, new) in [("11", "12"), ("12", "11")] {
            successions += &format!("{year}-01-01,,{old},{new},part\n");
        }
    }
    let (register, problems) = small(&units, &successions);
    assert!(problems.iter().any(|problem| matches!(problem.kind, Kind::TooManyLocalities { .. })));
    assert!(register.localities().len() <= 200_000);
}

/// Against the collected sources, where they are at hand.
#[test]
fn rows_equal_the_sources() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let register = da_nang();
    let plain = |name: &str| name.replace("Hoà", "Hòa");
    for (file, day) in [("danang-2021.csv", y2024()), ("units-2025-06-30.csv", last_day()), ("danang-2025.csv", reform())] {
        let text = fs::read_to_string(folder.join(file)).expect("a source");
        let mut source: BTreeMap<String, [String; 3]> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [code, name, _, kind, _, parent] = cells.as_slice() else { panic!("{line}") };
            source.insert((*code).to_owned(), [plain(name), (*kind).to_owned(), (*parent).to_owned()]);
        }
        let parents: BTreeMap<String, String> =
            source.iter().map(|(code, [.., parent])| (code.clone(), parent.clone())).collect();
        source.retain(|code, _| {
            let mut top = code;
            while let Some(parent) = parents.get(top).filter(|parent| !parent.is_empty()) {
                top = parent;
            }
            top == "48" || top == "49"
        });
        let ours: BTreeMap<String, [String; 3]> = register
            .rows_on(day)
            .map(|row| register.row(row))
            .map(|row| {
                (row.code.clone(), [row.name.clone(), row.kind.clone(), row.parent.clone().unwrap_or_default()])
            })
            .collect();
        assert_eq!(ours, source, "{file}");
    }
    let portions = [Portion::Whole, Portion::Part, Portion::Remainder];
    let count = |portion| register.successions().iter().filter(|succession| succession.portion == portion).count();
    assert_eq!(portions.map(count), [299, 1, 1]);
}
