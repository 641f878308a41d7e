//! Facts of every domain, tests of them, and values near the constants of the tests.

use super::days::{DAYS, day, written};
use super::recipe::Draw;
use super::words::{Both, Line, both, fill, joined, same};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Boolean,
    One { ordered: bool },
    Many { ordered: bool },
    Integer,
    Decimal,
    Date,
    Level,
}

pub struct Fact {
    pub id: &'static str,
    pub names: (&'static str, &'static str),
    pub shape: Shape,
    pub values: &'static [(&'static str, &'static str, &'static str)],
    pub measure: Option<&'static str>,
}

impl Fact {
    fn words(&self) -> Both {
        both(self.names.0, self.names.1)
    }
}

const fn fact(
    id: &'static str,
    names: (&'static str, &'static str),
    shape: Shape,
    values: &'static [(&'static str, &'static str, &'static str)],
    measure: Option<&'static str>,
) -> Fact {
    Fact { id, names, shape, values, measure }
}

const GRADES: &[(&str, &str, &str)] =
    &[("I", "grade I", "hạng I"), ("II", "grade II", "hạng II"), ("III", "grade III", "hạng III")];

/// The last is classified by law from those before it.
pub const FACTS: [Fact; 11] = [
    fact("co-thu", ("ancient", "cổ thụ"), Shape::Boolean, &[], None),
    fact(
        "loai-cay",
        ("species", "loại cây"),
        Shape::One { ordered: false },
        &[("tung", "pine", "tùng"), ("truc", "bamboo", "trúc"), ("dao", "peach", "đào")],
        None,
    ),
    fact("hang", ("grade", "hạng cây"), Shape::One { ordered: true }, GRADES, None),
    fact("cac-hang", ("grades", "các hạng cây"), Shape::Many { ordered: true }, GRADES, None),
    fact("so-cay", ("number of trees", "số cây"), Shape::Integer, &[], Some("cây")),
    fact("dien-tich", ("area", "diện tích"), Shape::Decimal, &[], Some("ha")),
    fact("ngay-trong", ("planting day", "ngày trồng"), Shape::Date, &[], None),
    fact("cap-da-duyet", ("level that approved", "cấp đã duyệt"), Shape::Level, &[], None),
    fact("so-tang", ("storeys", "số tầng"), Shape::Integer, &[], None),
    fact(
        "bo-phan",
        ("limbs", "bộ phận"),
        Shape::Many { ordered: false },
        &[("re", "root", "rễ"), ("canh", "branch", "cành")],
        None,
    ),
    fact(
        "nhom",
        ("group", "nhóm"),
        Shape::One { ordered: false },
        &[("quy", "precious", "quý"), ("thuong", "common", "thường")],
        None,
    ),
];

/// Facts that a text may classify, each from those before it only, so that no circle can arise.
const CLASSIFIED: [usize; 4] = [10, 10, 10, 7];

const WHOLE: [i64; 4] = [9, 10, 11, 12];
const TENTHS: [i64; 4] = [50, 99, 100, 101];

/// A constant of a fact that has no named values, or the name of one.
fn constant(fact: &Fact, draw: &mut Draw<'_>) -> Both {
    let measured = |english: String, vietnamese: String| match fact.measure {
        Some(measure) => both(format!("{english} {measure}"), format!("{vietnamese} {measure}")),
        None => both(english, vietnamese),
    };
    match fact.shape {
        Shape::Boolean => {
            if draw.one_in(2) {
                both("no", "không")
            } else {
                both("yes", "có")
            }
        }
        Shape::One { .. } | Shape::Many { .. } => {
            let (_, english, vietnamese) = draw.of(fact.values);
            both(english, vietnamese)
        }
        Shape::Integer => {
            let number = draw.of(&WHOLE).to_string();
            measured(number.clone(), number)
        }
        Shape::Decimal => {
            let tenths = draw.of(&TENTHS);
            measured(format!("{}.{}", tenths / 10, tenths % 10), format!("{},{}", tenths / 10, tenths % 10))
        }
        Shape::Date => written(day(draw.pick(DAYS.len()))),
        Shape::Level => draw
            .of(&[both("region", "cấp vùng"), both("village", "cấp làng"), both("none", "không có")].each_ref())
            .clone(),
    }
}

/// `is V or V`, `is not V`, and for ordered values `is V or below`.
fn is(fact: &Fact, ordered: bool, forms: (&str, &str), draw: &mut Draw<'_>) -> Both {
    let one = constant(fact, draw);
    match draw.pick(if ordered { 6 } else { 4 }) {
        1 => {
            let two = constant(fact, draw);
            let either = if two == one { one } else { joined(&[one, two], &both(" or ", " hoặc ")) };
            fill("is {0}", &format!("{} {{0}}", forms.1), &[&either])
        }
        // The other language has no such words for the highest and lowest.
        2 if forms.0.is_empty() => fill("is not {0}", "không phải là {0}", &[&one]),
        4 => fill("is {0} or below", &format!("{} {{0}} trở xuống", forms.1), &[&one]),
        5 => fill("is {0} or above", &format!("{} {{0}} trở lên", forms.1), &[&one]),
        _ => fill("is {0}", &format!("{} {{0}}", forms.1), &[&one]),
    }
}

fn test(at: usize, tabulated: bool, draw: &mut Draw<'_>) -> Both {
    let fact = &FACTS[at];
    let name = fact.words();
    let plain = ("", "là");
    match fact.shape {
        Shape::Boolean => {
            if draw.one_in(2) {
                fill("not {0}", "không {0}", &[&name])
            } else {
                name
            }
        }
        Shape::One { ordered } => fill("{0} {1}", "{0} {1}", &[&name, &is(fact, ordered, plain, draw)]),
        Shape::Many { ordered } => match draw.pick(if ordered { 4 } else { 1 }) {
            2 => fill("highest {0} {1}", "{0} {1}", &[&name, &is(fact, true, ("highest", "cao nhất là"), draw)]),
            3 => fill("lowest {0} {1}", "{0} {1}", &[&name, &is(fact, true, ("lowest", "thấp nhất là"), draw)]),
            _ => fill("{0} {1}", "{0} {1}", &[&name, &is(fact, false, plain, draw)]),
        },
        Shape::Level => fill("{0} {1}", "{0} {1}", &[&name, &is(fact, false, plain, draw)]),
        Shape::Integer | Shape::Decimal | Shape::Date => {
            let sign = same(draw.of(&[">=", "<", "<=", ">", "="]));
            match draw.pick(8) {
                7 => return fill("{0} {1}", "{0} {1}", &[&name, &is(fact, false, plain, draw)]),
                3..=6 if tabulated && at == NUMBER => {
                    let share = draw.of(&[both("", ""), both("50 % of ", "50 % của ")].each_ref()).clone();
                    return fill("{0} {1} {2}han-muc", "{0} {1} {2}han-muc", &[&name, &sign, &share]);
                }
                _ => {}
            }
            fill("{0} {1} {2}", "{0} {1} {2}", &[&name, &sign, &constant(fact, draw)])
        }
    }
}

/// The number that a table limits, for each grade. Classifications, which may look at what is before them, do not test it.
const NUMBER: usize = 4;
const GRADE: usize = 2;

fn tabulated(facts: &[usize]) -> bool {
    facts.contains(&NUMBER) && facts.contains(&GRADE) && facts.len() < 6
}

/// Rows of a table, each grade at most once.
pub fn rows(draw: &mut Draw<'_>) -> Vec<Line> {
    let limits = ["10", "12", "20", "22"];
    let row = |grades: &str, draw: &mut Draw<'_>| Line::new(same(format!("{grades}: {} cây", draw.of(&limits))));
    match draw.pick(4) {
        0 => vec![row("I, II, III", draw)],
        1 => vec![row("I", draw), row("II, III", draw)],
        2 => vec![row("II", draw)],
        _ => vec![row("III", draw), row("I", draw)],
    }
}

/// Which fact is tested: where a table can limit the number, mostly the number.
fn tested(facts: &[usize], draw: &mut Draw<'_>) -> usize {
    let chosen = draw.pick(256);
    if tabulated(facts) && chosen >= 96 { NUMBER } else { facts[chosen % facts.len()] }
}

fn tests(facts: &[usize], draw: &mut Draw<'_>) -> Both {
    let one = test(tested(facts, draw), tabulated(facts), draw);
    if !draw.one_in(4) {
        return one;
    }
    let two = test(tested(facts, draw), tabulated(facts), draw);
    fill("{0} and {1}", "{0} và {1}", &[&one, &two])
}

/// A condition on some of the facts behind its opening words; none where there is no fact.
pub fn condition(english: &str, vietnamese: &str, facts: &[usize], draw: &mut Draw<'_>) -> Option<Line> {
    if facts.is_empty() {
        return None;
    }
    let alternatives = draw.one_in(5);
    if alternatives {
        let words = both(format!("{english} any of"), format!("{vietnamese} thuộc một trong các trường hợp"));
        let lines = (0..2 + draw.pick(2)).map(|_| Line::new(tests(facts, draw))).collect();
        return Some(Line::with(words, lines));
    }
    let words = fill(&format!("{english} {{0}}"), &format!("{vietnamese} {{0}}"), &[&tests(facts, draw)]);
    let more = draw.one_in(6).then(|| Line::new(fill("and {0}", "và {0}", &[&tests(facts, draw)])));
    Some(Line::with(words, more.into_iter().collect()))
}

/// A classified fact, what it is classified as, and the facts from which.
pub fn classified(draw: &mut Draw<'_>) -> (usize, Both, Vec<usize>) {
    let at = draw.of(&CLASSIFIED);
    let value = constant(&FACTS[at], draw);
    (at, fill("{0} is classified as {1}", "{0} được xếp loại {1}", &[&FACTS[at].words(), &value]), (0..at).collect())
}
