//! The register of Đà Nẵng as it is shipped; made-up registers are in `register/made_up.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::{Date, date};
use thamquyen::register::{Fate, Found, LevelId, LocalityId, Portion, Register, RegisterFiles, RowId};

#[path = "register/made_up.rs"]
mod made_up;

const PROVINCE: LevelId = LevelId(0);
const DISTRICT: LevelId = LevelId(1);
const COMMUNE: LevelId = LevelId(2);

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
        ["2025-01-01 1251/NQ-UBTVQH15 Whole Phường Vĩnh Trung", "2025-01-01 1251/NQ-UBTVQH15 Whole Phường Thạc Gián"]
    );
}

#[test]
fn a_unit_that_only_changes_parent_stays_one_unit() {
    let register = da_nang();
    let [old, new] = [last_day(), reform()].map(|day| register.row_on("20314", day).expect("Hòa Xuân"));
    assert_ne!(old, new);
    assert_eq!(register.row(old).unit, register.row(new).unit);
    assert_eq!(register.rows_of(register.row(new).unit), [old, new]);
    assert_eq!(
        register.chain_of_parents(old, last_day()).iter().map(|row| code(&register, *row)).collect::<Vec<_>>(),
        ["495", "48"]
    );
    assert_eq!(
        register.chain_of_parents(new, reform()).iter().map(|row| code(&register, *row)).collect::<Vec<_>>(),
        ["48"]
    );
}

#[test]
fn a_divided_commune_gives_localities_that_shared_one_unit() {
    let register = da_nang();
    let hoa_lien = one(&register, "Hòa Liên", None, last_day());
    let both = register.localities_of(hoa_lien, last_day());
    assert_eq!(both.len(), 2);
    let lowest =
        |day| both.iter().filter_map(|l| register.lowest(*l, day)).map(|row| name(&register, row)).collect::<Vec<_>>();
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
    let mixed = districts.values().filter(|list| list.iter().any(|district| Some(district) != list.first()));
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

/// A name as the register spells it is found in another way than one that is not.
#[test]
fn find_takes_a_name_as_it_is_spelled_like_any_other() {
    let register = da_nang();
    for row in register.rows() {
        let own = register.row(row);
        let above = own.parent.as_deref().and_then(|code| register.row_on(code, own.from));
        let above = above.map(|above| format!("{}, {}", own.name, register.row(above).short_name));
        for query in [Some(own.name.clone()), Some(own.short_name.clone()), above].into_iter().flatten() {
            let shouted = query.to_uppercase();
            for day in [y2024(), reform()] {
                assert_eq!(register.find(&query, None, day), register.find(&shouted, None, day), "{query} on {day}");
            }
            assert_eq!(register.find_ever(&query, None), register.find_ever(&shouted, None), "{query}");
        }
    }
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

    let Found::NotThen { rows, successors } = register.find("Thạch Thang", None, reform()) else {
        panic!("it is gone")
    };
    assert_eq!(rows.iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), ["20233"]);
    assert_eq!(fates(&register, &successors), ["2025-07-01 1659/NQ-UBTVQH15 Whole Phường Hải Châu"]);
    let Found::NotThen { rows, successors } = register.find("Hải Châu", Some("phường"), y2024()) else {
        panic!("not yet a ward")
    };
    assert_eq!(rows.iter().map(|row| code(&register, *row)).collect::<Vec<_>>(), ["20236", "20242"]);
    assert_eq!(successors, []);
    // The unit goes on, but not as what it was called.
    for (query, now) in [("Thị trấn Khâm Đức", "Xã Khâm Đức"), ("Hòa Xuân, Cẩm Lệ", "Phường Hòa Xuân")]
    {
        let Found::NotThen { successors, .. } = register.find(query, None, reform()) else { panic!("{query}") };
        assert_eq!(fates(&register, &successors), [format!("2025-07-01 1659/NQ-UBTVQH15 Whole {now}")]);
    }
    assert!(matches!(register.find("20333", None, y2024()), Found::NotThen { .. }));
    assert_eq!(register.find_ever("Hải Châu", Some("quận")).len(), 1);
    assert_eq!(register.find_ever("Hòa Xuân", None).len(), 2);
    assert_eq!(register.find_ever("Hòa Xuân, Cẩm Lệ", None).len(), 1);
}

#[test]
fn find_offers_names_that_are_near() {
    let register = da_nang();
    let near = |query: &str| match register.find(query, None, y2024()) {
        Found::Unknown { near } => near.iter().map(|row| name(&register, *row).to_owned()).collect::<Vec<_>>(),
        other @ (Found::One(_) | Found::Several(_) | Found::NotThen { .. }) => panic!("`{query}`: {other:?}"),
    };
    assert_eq!(near("Thạch Thnag").first().map(String::as_str), Some("Phường Thạch Thang"));
    assert_eq!(near("Hải Châu I, Thanh Khê").first().map(String::as_str), Some("Phường Hải Châu I"));
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
            .map(|locality| {
                register.change_days().iter().map(|day| register.lowest(locality, *day)).collect::<Vec<_>>()
            })
            .collect();
        (rows, register.successions().to_vec(), chains)
    };
    let expected = facts(&[whole]);
    assert_eq!(facts(&[a.clone(), b.clone()]), expected);
    assert_eq!(facts(&[b, a]), expected);
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
    let modern = |word: &str| if word == "Hoà" { "Hòa".to_owned() } else { word.to_owned() };
    let plain = |name: &str| name.split(' ').map(modern).collect::<Vec<_>>().join(" ");
    for (file, day) in
        [("danang-2021.csv", y2024()), ("units-2025-06-30.csv", last_day()), ("danang-2025.csv", reform())]
    {
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
            .map(|row| (row.code.clone(), [row.name.clone(), row.kind.clone(), row.parent.clone().unwrap_or_default()]))
            .collect();
        assert_eq!(ours, source, "{file}");
    }
    let portions = [Portion::Whole, Portion::Part, Portion::Remainder];
    let count = |portion| register.successions().iter().filter(|succession| succession.portion == portion).count();
    assert_eq!(portions.map(count), [299, 1, 1]);
}
