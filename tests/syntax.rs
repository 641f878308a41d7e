//! The parser: every form of the language book in both languages, several mistakes at once, and what must never happen.

use thamquyen::diagnostic::{Diagnostic, Problem};
use thamquyen::source::{SourceId, Sources, Span};
use thamquyen::syntax::parse;
use thamquyen::syntax::tree::{File, Item, Language};
use thamquyen::wording;

/// The one place where tests meet the parser.
fn read(text: &str) -> (File, Vec<Diagnostic>) {
    parse::file(SourceId(0), text)
}

/// The tree without positions, Vietnamese words of the book as their English ones.
fn shape(file: &File) -> String {
    let text = format!("{:?}", file.items);
    let mut shape = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        shape.push_str(before);
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    shape.push_str(rest);
    for (vietnamese, english) in [
        ("người đứng đầu cơ quan chuyên môn", "head of specialised agency"),
        ("hộ gia đình", "household"),
        ("cá nhân", "individual"),
        ("đối tượng", "applicant"),
        ("diện tích", "area"),
        ("công chứng viên", "notary"),
        ("khai-sinh", "birth-registration"),
        ("có yếu tố nước ngoài", "foreign-element"),
        ("bộ phận một cửa", "one-stop office"),
        ("Chủ tịch UBND", "chair of UBND"),
        ("cấp tỉnh", "tinh"),
        ("cấp huyện", "district"),
        ("cấp xã", "commune"),
        ("\"tỉnh\"", "\"province\""),
        ("\"quận\"", "\"district\""),
        ("\"phường\"", "\"ward\""),
        ("\"luật\"", "\"law\""),
        ("\"Đảng\"", "\"Party\""),
        ("\"hẹp\"", "\"narrow\""),
        ("quyết định của Thủ tướng", "prime_minister_decision"),
        ("\"có\"", "\"yes\""),
        ("\"không\"", "\"no\""),
        ("\"huyen\"", "\"district\""),
        ("\"xa\"", "\"commune\""),
    ] {
        shape = shape.replace(vietnamese, english);
    }
    shape
}

/// The shape of text that has no problem.
fn sound(text: &str) -> String {
    let (file, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{}\n{text}", rendered(text, &diagnostics));
    shape(&file)
}

fn rendered(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut sources = Sources::default();
    sources.add("test.tq", text);
    diagnostics.iter().map(|d| format!("{:?} at `{}`\n", d.problem, sources.snippet(d.span))).collect()
}

fn same(english: &str, vietnamese: &str) {
    assert_eq!(sound(english), sound(vietnamese), "\n{english}\n{vietnamese}");
}

const BOOK: &str = include_str!("../docs/language.md");

/// The rows of a table of the book: the pieces of code of its two columns.
fn rows(heading: &str, english_first: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let part = BOOK.split_once(heading).unwrap_or_default().1;
    let table = part.lines().skip_while(|line| !line.starts_with(&format!("| `{english_first}")));
    let cells = |line: &str| -> Option<(Vec<String>, Vec<String>)> {
        let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
        let (english, vietnamese) = line.split_once(" | ")?;
        let code = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Some((code(english), code(vietnamese)))
    };
    table.map_while(cells).collect()
}

#[test]
fn catalogue_of_the_book() {
    let (mut heads, mut middles) = ((String::new(), String::new()), (String::new(), String::new()));
    let rows = rows("## The catalogue", "level xa");
    assert!(rows.len() > 35, "{}", rows.len());
    for (english, vietnamese) in rows {
        assert_eq!(english.len(), vietnamese.len(), "{english:?}");
        for (english, vietnamese) in english.iter().zip(&vietnamese) {
            let (english, vietnamese) = (english.replace('…', "x is y"), vietnamese.replace('…', "x là y"));
            let pair = match english.len() - english.trim_start().len() {
                0 => {
                    heads = (english.clone(), vietnamese.clone());
                    (english, vietnamese)
                }
                2 => {
                    middles = (english.clone(), vietnamese.clone());
                    (format!("{}\n{english}", heads.0), format!("{}\n{vietnamese}", heads.1))
                }
                _ => (
                    format!("{}\n{}\n{english}", heads.0, middles.0),
                    format!("{}\n{}\n{vietnamese}", heads.1, middles.1),
                ),
            };
            same(&pair.0, &pair.1);
        }
    }
}

#[test]
fn documents_of_the_book() {
    let blocks: Vec<&str> = BOOK.split("```\n").skip(1).step_by(2).collect();
    let [document, van_ban, _, procedure, trinh_tu, scenario, tinh_huong] = blocks.as_slice() else {
        panic!("{} blocks", blocks.len())
    };
    same(document, van_ban);
    same(&format!("document 1/X\n\n{procedure}"), &format!("văn bản 1/X\n\n{trinh_tu}"));
    same(scenario, tinh_huong);
    same(
        "document 1234/QĐ-UBND of UBND in province \"Đà Nẵng\" \"Ủy quyền …\"",
        "văn bản 1234/QĐ-UBND của UBND tại tỉnh \"Đà Nẵng\" \"Ủy quyền …\"",
    );
    same(
        "document \"Nghị định\" unverified of UBND at tinh \"Tên\"\n  law, issued 2020-01-01 unverified\n  in force from 2020-02-01 unverified",
        "văn bản \"Nghị định\" chưa kiểm chứng của UBND cấp tỉnh \"Tên\"\n  luật, ban hành ngày 01/01/2020 chưa kiểm chứng\n  có hiệu lực từ ngày 1/2/2020 chưa kiểm chứng",
    );
    same(
        "document 1/X\n  rests on 2/Y issued 2020-01-01, 3/Z\n  confidence M",
        "văn bản 1/X\n  căn cứ 2/Y ngày 01/01/2020, 3/Z\n  độ tin cậy M",
    );
}

#[test]
fn articles_of_the_book() {
    for (english, vietnamese) in [
        ("article 59 clause 2 point a", "điểm a khoản 2 Điều 59"),
        (
            "annex I.2 section 3 subsection 3.1 part B unverified",
            "phần B Tiểu mục 3.1 Mục 3 Phụ lục I.2 chưa kiểm chứng",
        ),
        ("annex IX part B item II.2 paragraph 1", "đoạn 1 dòng II.2 phần B Phụ lục IX"),
        ("article unverified", "Điều chưa kiểm chứng"),
        (
            "article 1\n  > official\n  > words # all of it\n  > ~ other words\n  from 2026-01-31 before 2027-03-01\n  confidence M\n  T is not required\n  reading \"narrow\"\n    T is decided by H\n      when F\n  reading \"wide\"\n  settled by 123/BXD-QLN as \"narrow\"",
            "Điều 1\n  > official\n  > words # all of it\n  > ~ other words\n  từ ngày 31/01/2026 đến trước ngày 01/03/2027\n  độ tin cậy M\n  không phải thực hiện T\n  cách hiểu \"hẹp\"\n    T do H quyết định\n      khi F\n  cách hiểu \"wide\"\n  thống nhất theo 123/BXD-QLN là \"hẹp\"",
        ),
    ] {
        same(&format!("document 1/X\n{english}"), &format!("văn bản 1/X\n{vietnamese}"));
    }
}

/// The letters of the book's tables as addresses, numbers and dates.
fn filled(code: &str, article: &str, date: &str) -> String {
    let spaced = format!(" {code} ").replace(',', " ,");
    let words = spaced.split(' ').map(|word| match word {
        "A" => article.to_owned(),
        "N" => "12/2020/X".to_owned(),
        "D" | "DATE" => date.to_owned(),
        other => other.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ").replace(" ,", ",").trim().to_owned()
}

fn under_article(english: &str, vietnamese: &str, indent: &str) -> (String, String) {
    let english = filled(english, "article 1 clause 2", "2020-01-31");
    let vietnamese = filled(vietnamese, "khoản 2 Điều 1", "31/01/2020");
    let above = if indent.len() > 2 { ("  T is decided by H\n", "  T do H quyết định\n") } else { ("", "") };
    (
        format!("document 1/X\narticle 1\n{}{indent}{english}\n", above.0),
        format!("văn bản 1/X\nĐiều 1\n{}{indent}{vietnamese}\n", above.1),
    )
}

#[test]
fn provisions_of_the_book() {
    let rows = rows("## Provisions", "T is decided by H`");
    assert!(rows.len() > 30, "{}", rows.len());
    for (english, vietnamese) in rows {
        for (english, vietnamese) in english.iter().zip(&vietnamese) {
            let (english, vietnamese) = match english.as_str() {
                "agreement of" => ("T requires agreement of H", "T phải được H thống nhất"),
                "report to H" => ("T requires report to H", "T phải báo cáo H"),
                "annuls" => ("annuls A of N", "hủy bỏ A của N"),
                "within 20 days" => ("T is to be decided within 20 days", "T phải được quyết định trong 20 ngày"),
                "procedure T" => ("procedure T\n    received by H", "trình tự T\n    tiếp nhận tại H"),
                other => (other, vietnamese.as_str()),
            };
            let (english, vietnamese) = under_article(english, vietnamese, "  ");
            same(&english, &vietnamese);
        }
    }
}

#[test]
fn holders_of_the_book() {
    let rows = rows("A **holder**", "UBND at district`");
    assert_eq!(rows.len(), 6);
    for (english, vietnamese) in rows {
        for (english, vietnamese) in english.iter().zip(&vietnamese) {
            let english = if english.starts_with("at ") { format!("UBND {english}") } else { english.clone() };
            for (before, behind, truoc, sau) in [
                ("T is decided by ", "", "T do ", " quyết định"),
                ("T is decided by K or ", ", any of them", "T do K hoặc ", " quyết định, một trong các chủ thể"),
                ("T passes from K, ", " to K", "T chuyển từ K, ", " sang K"),
                ("T passes from K to ", "", "T chuyển từ K sang ", ""),
                ("", " delegates T to K", "", " ủy quyền T cho K"),
                ("", " entrusts T to K", "", " giao T cho K"),
                ("", " may entrust T to K", "", " được giao T cho K"),
                ("", " may delegate to K", "", " được ủy quyền cho K"),
                ("T requires prior approval of ", "", "T phải được ", " chấp thuận trước"),
            ] {
                let (english, vietnamese) =
                    under_article(&format!("{before}{english}{behind}"), &format!("{truoc}{vietnamese}{sau}"), "  ");
                same(&english, &vietnamese);
            }
        }
    }
}

#[test]
fn roles_of_the_book() {
    let rows = rows("### Whose place counts", "T is decided by UBND at commune of R or of S");
    assert_eq!(rows.len(), 7);
    for (english, vietnamese) in rows {
        for (english, vietnamese) in english.iter().zip(&vietnamese) {
            let (english, vietnamese) = under_article(english, vietnamese, "  ");
            same(&english, &vietnamese);
        }
    }
}

#[test]
fn limits_of_the_book() {
    let rows = rows("**Limits**", "in district \"Hải");
    assert!(rows.len() > 14, "{}", rows.len());
    for (english, vietnamese) in rows {
        for (english, vietnamese) in english.iter().zip(&vietnamese) {
            let (mut english, mut vietnamese) = under_article(english, vietnamese, "    ");
            if english.contains("    and ") {
                english = english.replace("    and", "    when z\n    and");
                vietnamese = vietnamese.replace("    và", "    khi z\n    và");
            }
            if english.ends_with("any of\n") {
                english.push_str("      F is V and area >= 2\n      not in-zone\n");
                vietnamese.push_str("      F là V và diện tích >= 2\n      không in-zone\n");
            }
            same(&english, &vietnamese);
        }
    }
    for (english, vietnamese) in [
        ("when F is not V", "khi F không phải là V"),
        ("when F is III or below", "khi F là III trở xuống"),
        ("when F is II or above and not G", "khi F là II trở lên và không G"),
        ("when highest F is III or below", "khi F cao nhất là III trở xuống"),
        ("when lowest F is III", "khi F thấp nhất là III"),
        ("when F <= 1,5 tỷ đồng and G = 50 %", "khi F <= 1,5 tỷ đồng và G = 50 %"),
        ("when F < 2020-01-01 and G > 1 000 000 m2", "khi F < 1/1/2020 và G > 1.000.000 m2"),
        ("under this point", "theo điểm này"),
        ("yields to this article, this clause", "nhường cho Điều này, khoản này"),
    ] {
        let (english, vietnamese) = under_article(english, vietnamese, "    ");
        same(&english, &vietnamese);
    }
}

#[test]
fn amendments_carry_the_new_text() {
    same(
        "document 1/X\narticle 1 clause 37\n  amends article 103 of 50/2014/QH13\n    from 2021-01-01\n    clause 2\n      > ~ new\n      T is decided by H\n        when F\n    clause 3 unverified\n      T is not required",
        "văn bản 1/X\nkhoản 37 Điều 1\n  sửa đổi, bổ sung Điều 103 của 50/2014/QH13\n    từ ngày 01/01/2021\n    khoản 2\n      > ~ new\n      T do H quyết định\n        khi F\n    khoản 3 chưa kiểm chứng\n      không phải thực hiện T",
    );
}

#[test]
fn scenarios_of_the_book() {
    let head = (
        "scenario \"s\"\n  ask T in district \"Hải Châu, X\" on 2020-01-31\n    with a = yes, b = II and III, c = 1,5 tỷ đồng\n  ",
        "tình huống \"s\"\n  hỏi T tại quận \"Hải Châu, X\" ngày 31/01/2020\n    với a = có, b = II và III, c = 1,5 tỷ đồng\n  ",
    );
    for (english, vietnamese) in [
        ("expect decided by H", "kết quả do H quyết định"),
        (
            "expect decided by UBND at district by article 1 of 1/X",
            "kết quả do UBND cấp huyện quyết định theo Điều 1 của 1/X",
        ),
        ("expect delegated to H by article 1 of 1/X", "kết quả ủy quyền cho H theo Điều 1 của 1/X"),
        ("expect entrusted to H by article 1 of 1/X", "kết quả giao cho H theo Điều 1 của 1/X"),
        ("expect decentralised to UBND at district", "kết quả phân cấp cho UBND cấp huyện"),
        ("expect undetermined between H, UBND at district", "kết quả chưa xác định giữa H, UBND cấp huyện"),
        ("expect conflict between H, H", "kết quả chồng chéo giữa H, H"),
        ("expect gap", "kết quả bỏ trống"),
        ("expect orphaned", "kết quả mất chủ thể"),
        ("expect concurrent", "kết quả đồng thẩm quyền"),
        ("expect concurrent between UBND at commune, notary", "kết quả đồng thẩm quyền giữa UBND cấp xã, notary"),
        ("expect not required", "kết quả không phải thực hiện"),
        ("expect open", "kết quả bỏ ngỏ"),
        ("expect not covered", "kết quả ngoài phạm vi"),
        ("expect requires prior approval of H", "kết quả phải được H chấp thuận trước"),
        ("expect requires opinion of H", "kết quả phải lấy ý kiến H"),
        ("expect requires nothing", "kết quả không phải xin chấp thuận"),
        ("expect lost article 1 of 1/X", "kết quả không áp dụng Điều 1 của 1/X"),
    ] {
        same(&format!("{}{english}", head.0), &format!("{}{vietnamese}", head.1));
    }
    for (english, vietnamese) in [("yes", "có"), ("no", "không")] {
        same(
            &format!("scenario \"s\"\n  ask there is B at L in district 490 on 2020-01-31\n  expect {english}"),
            &format!("tình huống \"s\"\n  hỏi có tổ chức B ở L tại quận 490 ngày 31/01/2020\n  kết quả {vietnamese}"),
        );
    }
    same(
        "scenario \"s\"\n  ask T in ward \"A\" of r1, ward 20233 of r2 on 2020-01-31",
        "tình huống \"s\"\n  hỏi T tại phường \"A\" nơi r1, phường 20233 nơi r2 ngày 31/01/2020",
    );
    same(
        "scenario \"s\"\n  ask T in ward \"A\" of r1, without r2 on 2020-01-31",
        "tình huống \"s\"\n  hỏi T tại phường \"A\" nơi r1, không có nơi r2 ngày 31/01/2020",
    );
    same(
        "scenario \"s\"\n  ask T in without r1 on 2020-01-31",
        "tình huống \"s\"\n  hỏi T tại không có nơi r1 ngày 31/01/2020",
    );
}

/// The codes of all problems and the words that they stand on.
fn problems(text: &str) -> Vec<(&'static str, String)> {
    let (_, diagnostics) = read(text);
    let mut sources = Sources::default();
    sources.add("test.tq", text);
    diagnostics.iter().map(|d| (d.problem.code(), sources.snippet(d.span).to_owned())).collect()
}

fn expect_problems(text: &str, expected: &[(&str, &str)]) {
    let found = problems(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(code, words)| (*code, words.as_str())).collect();
    assert_eq!(found, expected, "\n{text}");
}

#[test]
fn four_mistakes_give_four_messages() {
    let english = "document 45/2013/QH13\n  in force form 2014-07-01\narticle 59 clause 2\n  giao-dat is decided by UBND at district\n    when applicant iss household\n    whem area >= 1 ha\n  giao-dat requires prior aproval of UBND at province\n  thu-hoi is decided by UBND at commune\n    when area >= 1.500 m2\n  thu-hoi must not be delegated\n";
    expect_problems(
        english,
        &[
            ("misspelt-keyword", "form"),
            ("misspelt-keyword", "whem"),
            ("misspelt-keyword", "aproval"),
            ("ambiguous-number", "1.500"),
        ],
    );
    let vietnamese = "văn bản 45/2013/QH13\n  có hiệu lực từ ngay 01/07/2014\nkhoản 2 Điều 59\n  giao đất do UBND cấp huyện quyêt định\n  giao đất phải được UBND cấp tỉnh chấp thuân trước\n  thu hồi đất do UBND cấp xã quyết định\n    từ ngày 31/02/2025\n  thu hồi đất không được ủy quyền\n";
    expect_problems(
        vietnamese,
        &[
            ("misspelt-keyword", "ngay"),
            ("misspelt-keyword", "quyêt"),
            ("misspelt-keyword", "thuân"),
            ("invalid-date", "31/02/2025"),
        ],
    );
    for text in [english, vietnamese] {
        let (file, _) = read(text);
        let Some(Item::Document(document)) = file.items.first() else { panic!("the document is kept") };
        let provisions: usize = document.articles.iter().map(|article| article.provisions.len()).sum();
        assert_eq!(provisions, 1, "only what is whole is kept");
    }
}

#[test]
fn a_broken_heading_costs_its_block() {
    let text = "văn bảm 1/X \"a\"\nĐiều 1\n  T do H quyết định\nnhiệm vụ t\nvăn bản 2/X\nĐiêu 1\n  T do H quyết định\nĐiều 2\n  T do H quyết định\n";
    expect_problems(text, &[("misspelt-keyword", "bảm"), ("misspelt-keyword", "Điêu")]);
    let (file, _) = read(text);
    let [Item::Task(_), Item::Document(document)] = file.items.as_slice() else { panic!("{:?}", file.items) };
    assert_eq!(document.articles.len(), 1);
}

#[test]
fn spelling_of_keywords_is_forgiving() {
    let plain = "văn bản 1/X\nĐiều 1\n  ủy quyền hoà giải cho UBND cấp xã\n  hủy bỏ khoản 1 của 2/Y\n";
    let other = "Văn bản 1/X\nđiều 1\n  Uỷ quyền hoà giải cho UBND cấp xã\n  Huỷ bỏ Khoản 1 của 2/Y\n";
    assert_eq!(sound(plain), sound(other));
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(plain).collect();
    assert_eq!(sound(&parse::normalize(decomposed.as_bytes()).unwrap_or_default()), sound(plain));
}

#[test]
fn separators_are_reserved_only_where_they_close() {
    same(
        "document 1/X\narticle 1\n  \"cấp giấy chứng nhận\" is decided by \"Cơ quan quản lý đất đai\" at tinh",
        "văn bản 1/X\nĐiều 1\n  cấp giấy chứng nhận do \"Cơ quan quản lý đất đai\" cấp tỉnh quyết định",
    );
    same(
        "document 1/X\narticle 1\n  T is decided by H\n    when \"cấp đã quyết định\" is tinh",
        "văn bản 1/X\nĐiều 1\n  T do H quyết định\n    khi cấp đã quyết định là cấp tỉnh",
    );
    same(
        "document 1/X\narticle 1\n  delegates \"giao đất\", \"cho thuê đất\" to UBND at commune\n  \"tổ chức lễ hội\" is decided by H",
        "văn bản 1/X\nĐiều 1\n  ủy quyền giao đất, cho thuê đất cho UBND cấp xã\n  tổ chức lễ hội do H quyết định",
    );
}

/// What every line can be made of, over and over: none may run away. That is counted, not timed: pest stops at its call
/// limit, which is a problem like others.
#[test]
fn hostile_lines_end() {
    for unit in [
        "do ",
        "khi ",
        "và ",
        "a và ",
        "\"",
        "\"\" ",
        "a, ",
        "quyết định ",
        "cấp ",
        "cấp xã ",
        "hoặc ",
        "is ",
        "or ",
        "1 000 ",
        "1.",
        "a-",
        "điểm a ",
        "clause 1 ",
        "không ",
        "được ủy quyền ",
        "chuyển từ ",
        "của ",
        "ủy quyền cho ",
        "do H hoặc ",
        "requires ",
        "=",
        "# ",
        "> ",
        "trừ ",
        "from ",
    ] {
        let line: String = unit.chars().cycle().take(1_900).collect();
        let text = format!(
            "{line}\nvăn bản 1/X\n  {line}\nĐiều 1\n  {line}\n  T do H quyết định\n    khi {line}\n    {line}\n  T do {line}\ntình huống \"s\"\n  hỏi {line}\n"
        );
        let (_, diagnostics) = read(&text);
        assert!(!diagnostics.is_empty() || line.starts_with(['#', '>']), "{unit}");
    }
}

/// Long, but law: these must be read.
#[test]
fn long_lines_are_read() {
    let many = |one: &str, count: usize, joined: &str| vec![one; count].join(joined);
    for text in [
        format!("  bãi bỏ {} của 1/Y", many("điểm a khoản 12 Điều 5", 80, ", ")),
        format!("  T do H quyết định\n    khi F là {}", many("giá trị thứ năm", 80, " hoặc ")),
        format!("  {} do H quyết định", many("cấp giấy phép xây dựng công trình", 50, ", ")),
        format!("  {} được phân cấp, ủy quyền T cho Sở Xây dựng", many("UBND cấp huyện", 100, ", ")),
        format!("  T is decided by {}, any of them", many("UBND at district", 90, " or ")),
    ] {
        sound(&format!("văn bản 1/X\nĐiều 1\n{text}\n"));
    }
}

#[test]
fn limits_of_size_are_problems() {
    let long = "a".repeat(2_001);
    assert_eq!(problems(&format!("nhiệm vụ t\n  {long}"))[0].0, "line-too-long");
    let deep: String = (0..12).map(|depth| format!("{}x\n", "  ".repeat(depth))).collect();
    assert!(problems(&deep).iter().any(|(code, _)| *code == "nested-too-deep"));
    assert_eq!(problems(&"\n".repeat(50_000))[0].0, "too-many-lines");
    let large = vec![b' '; parse::FILE_LIMIT + 1];
    assert_eq!(parse::normalize(&large).map_err(|problem| problem.code()), Err("file-too-large"));
    assert_eq!(parse::normalize(b"a\nb\xff").map_err(|problem| problem.code()), Err("not-utf8"));
}

#[test]
fn small_entries() {
    assert_eq!(parse::date("10/05/2022"), parse::date("2022-05-10"));
    assert_eq!(parse::date("31/02/2025").map_err(|problem| problem.code()), Err("invalid-date"));
    let literal =
        |written: &str| parse::literal(written).map(|literal| format!("{literal:?}")).map_err(|problem| problem.code());
    assert!(literal("1,5 tỷ đồng").is_ok_and(|text| text.contains("1500000000") && text.contains("đồng")));
    assert!(literal("10/05/2022").is_ok_and(|text| text.starts_with("Date")));
    assert!(literal("hộ gia đình").is_ok_and(|text| text.starts_with("Name")));
    assert_eq!(literal("1.500"), Err("ambiguous-number"));
    assert!(literal("").is_err());
}

/// One folder of cases for each code of a problem of syntax, and no case that shows something else.
#[test]
fn every_code_has_its_cases() {
    let root = std::path::Path::new("tests/cases/bad");
    for code in Problem::SYNTAX_CODES {
        let cases: Vec<_> =
            std::fs::read_dir(root.join(code)).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        assert!(!cases.is_empty(), "no case of {code}");
        for path in cases {
            case(code, &path);
        }
    }
}

fn case(code: &str, path: &std::path::Path) {
    let bytes = repeated(std::fs::read(path).unwrap_or_default());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.trim_end_matches(".tq").to_owned();
    let (sources, diagnostics) = match parse::normalize(&bytes) {
        Ok(text) => {
            let mut sources = Sources::default();
            let id = sources.add(name, text.clone());
            (sources, parse::file(id, &text).1)
        }
        Err(problem) => (Sources::default(), vec![Diagnostic::new(problem, Span::new(SourceId(0), 0, 0))]),
    };
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.problem.code() == code), "{path:?} shows no {code}");
    let both = format!(
        "{}\n{}",
        wording::render(&sources, &diagnostics, Language::Vietnamese, false),
        wording::render(&sources, &diagnostics, Language::English, false)
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/cases");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{code}.{stem}"), both));
}

/// A case too large to be kept says in its first line how often the rest of it stands: `# times 50000`.
fn repeated(bytes: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes);
    let times = text.strip_prefix("# times ").and_then(|rest| rest.split_once('\n'));
    match times {
        Some((times, rest)) => rest.repeat(times.trim().parse().unwrap_or(1)).into_bytes(),
        None => bytes,
    }
}

const SEEDS: &str = concat!(
    "văn bản 1/X của UBND tại tỉnh \"Đà Nẵng\" \"Ủy quyền\"\n  luật, ban hành ngày 29/11/2013 bởi Quốc hội\nđiểm a khoản 2 Điều 59\n",
    "  > ~ lời\n  giao đất do UBND cấp huyện hoặc H quyết định, một trong các chủ thể\n    khi đối tượng là hộ gia đình và diện tích >= 0,5 ha\n",
    "    khi thuộc một trong các trường hợp\n      không a\n  sửa đổi, bổ sung Điều 3 của 2/Y\n    khoản 2\n      T do H quyết định\n",
    "scenario \"s\"\n  ask T in ward \"A\" on 2020-01-31\n    with a = II and III, b = 1.500 m2\n  expect decided by H by article 1 of 1/X\n",
);

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_survived(text in "(?s).{0,200}") {
        let text = parse::normalize(text.as_bytes()).unwrap_or_default();
        let (_, diagnostics) = read(&text);
        for diagnostic in diagnostics {
            let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
            proptest::prop_assert!(text.get(start..end).is_some(), "{diagnostic:?}");
        }
    }

    #[test]
    fn mutated_rules_are_survived(at in 0usize..900, take in 0usize..6, put in "[ \t\",#0-9a-zà-ỹ>.\n]{0,4}") {
        let mut chars: Vec<char> = SEEDS.chars().collect();
        let at = at.min(chars.len());
        let end = (at + take).min(chars.len());
        chars.splice(at..end, put.chars());
        let text: String = chars.into_iter().collect();
        let text = parse::normalize(text.as_bytes()).unwrap_or_default();
        let (_, diagnostics) = read(&text);
        let mut sources = Sources::default();
        sources.add("test.tq", text);
        for language in [Language::Vietnamese, Language::English] {
            proptest::prop_assert!(wording::render(&sources, &diagnostics, language, false).is_empty() == diagnostics.is_empty());
        }
    }
}
