//! The patchwork: one task that every district delegates to its communes, each from its own day and below its own threshold.

use std::fmt::Write as _;

use thamquyen::library::{self, Library};

/// As many districts as Vietnam had before 1 July 2025, and about as many communes in each.
pub(crate) const DISTRICTS: usize = 705;
const COMMUNES: usize = 15;
const DISTRICTS_OF_A_PROVINCE: usize = 11;

const CATALOGUE: &str = r#"
level tinh "cấp tỉnh" / "province"
level huyen "cấp huyện" / "district"
  below tinh
level xa "cấp xã" / "commune"
  below huyen

kind luat "luật" / "law"
  rank 90
  may devolve, assign
kind quyet-dinh "quyết định" / "decision"
  rank 20
  may delegate

body quoc-hoi "Quốc hội" / "National Assembly"
body ubnd "UBND" / "UBND"
  at tinh, huyen, xa

place noi-lam "nơi làm" / "site"

fact doi-tuong "đối tượng" / "applicant"
  is one of
    to-chuc "tổ chức" / "organisation"
    ca-nhan "cá nhân" / "individual"
fact dien-tich "diện tích" / "area"
  is a decimal in ha
fact do-thi "đô thị" / "urban"
  is yes or no

task cap-phep "Cấp phép" / "Permit"
  facts doi-tuong, dien-tich, do-thi
  places noi-lam

register "registers/units.csv", "registers/successions.csv"

document 1/2014/QH "Luật"
  law, issued 2013-11-29 by quoc-hoi
  in force from 2014-07-01

article 1
  cap-phep is decided by ubnd at tinh
    when doi-tuong is to-chuc
  cap-phep is decided by ubnd at huyen
    when doi-tuong is ca-nhan
  cap-phep requires prior approval of ubnd at tinh
    when doi-tuong is ca-nhan and do-thi
"#;

/// A library of so many districts.
pub(crate) fn library(districts: usize) -> Library {
    let (units, documents) = (units(districts), documents(districts));
    let library = library::from_texts(&[
        ("catalogue.tq", CATALOGUE),
        ("documents.tq", &documents),
        ("registers/units.csv", &units),
        ("registers/successions.csv", "date,document,old_code,new_code,portion\n"),
    ]);
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics.first());
    library
}

fn units(districts: usize) -> String {
    let mut rows = String::from("code,name,short_name,type,level,parent_code,from,before,document\n");
    let mut row = |code: &str, kind: &str, level: &str, parent: &str| {
        writeln!(rows, "{code},{kind} {code},{code},{kind},{level},{parent},2000-01-01,,").expect("memory");
    };
    for district in 0..districts {
        let province = format!("P{:03}", district / DISTRICTS_OF_A_PROVINCE);
        if district % DISTRICTS_OF_A_PROVINCE == 0 {
            row(&province, "tỉnh", "tinh", "");
        }
        let code = format!("D{district:04}");
        row(&code, "huyện", "huyen", &province);
        for commune in 0..COMMUNES {
            row(&format!("C{district:04}{commune:02}"), "xã", "xa", &code);
        }
    }
    rows
}

fn documents(districts: usize) -> String {
    let mut texts = String::new();
    let first: jiff::civil::Date = "2015-01-01".parse().expect("a day");
    for district in 0..districts {
        let span = jiff::Span::new().days(i64::try_from(district).expect("few districts"));
        let day = first.checked_add(span).expect("a day");
        let threshold = 100 + district;
        writeln!(
            texts,
            "document {number}/QĐ-UBND of ubnd in huyen \"D{district:04}\" \"Ủy quyền\"\n  decision, issued {day}\n  in force from {day}\n\narticle 1\n  delegates cap-phep to ubnd at xa\n    when doi-tuong is ca-nhan and dien-tich < {whole}.{part:02} ha\n",
            number = district + 1,
            whole = threshold / 100,
            part = threshold % 100,
        )
        .expect("memory");
    }
    texts
}
