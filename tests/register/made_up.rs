//! Registers of a few lines: what is said about files that are wrong, and what Đà Nẵng has no case of.

use jiff::civil::date;
use thamquyen::register::{Found, Register, RegisterFiles, RegisterProblem, RegisterProblemKind as Kind};

use super::{DISTRICT, code, fates, levels, one};

const UNITS: &str = "code,name,short_name,type,level,parent_code,from,before,document\n";
const SUCCESSIONS: &str = "date,document,old_code,new_code,portion\n";

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
    for query in ["thanh ha", "Thãnh Hà"] {
        assert!(matches!(register.find(query, None, day), Found::Several(_)), "{query}");
    }
    // Who writes no marks may have left them out; who writes them means them.
    assert_eq!(code(&register, one(&register, "dang", None, day)), "14");
    assert!(matches!(register.find("Lạng", None, day), Found::NotThen { .. }));
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
    check(&with("11,Xã B,B,xã,xa,1,2019-06-01,,\n"), "", &[r#"u.csv:3 ParentNotThen { parent: "1", on: 2019-06-01 }"#]);
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
}

#[test]
fn problems_of_successions_are_exact() {
    let province = "1,Tỉnh A,A,tỉnh,tinh,,2020-01-01,,\n";
    let with = |rest: &str| format!("{province}{rest}");
    let check = |units: &str, successions: &str, expected: &[&str]| {
        assert_eq!(problems(units, successions), expected, "{units}{successions}");
    };
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
}

#[test]
fn a_missing_column_is_a_problem() {
    let files = RegisterFiles {
        units_path: "u.csv".to_owned(),
        units: "code,name,short_name,type,level,parent_code,from,document\n".to_owned(),
        successions_path: "s.csv".to_owned(),
        successions: SUCCESSIONS.to_owned(),
    };
    let (_, found) = Register::build(&levels(), &[files]);
    assert_eq!(
        found.iter().map(|problem| &problem.kind).collect::<Vec<_>>(),
        [&Kind::MissingColumn { column: "before" }]
    );
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
