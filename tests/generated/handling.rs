//! Sentences on how a task is handled, and the lines of a procedure.

use super::catalogue::Catalogue;
use super::holders::{handler, seat};
use super::recipe::Draw;
use super::words::{Both, Line, both, fill, joined, list};

/// Slots by their number: procedure, limit, signers, deputy, seal.
pub const SLOTS: u8 = 5;

/// The sentence of a slot about tasks, named by their words, and what stands below it before its limits.
pub fn sentence(
    slot: u8,
    (tasks, named): (&[usize], &Both),
    catalogue: &Catalogue,
    draw: &mut Draw<'_>,
) -> (Both, Vec<Line>) {
    let who = |draw: &mut Draw<'_>| handler(tasks, catalogue, draw);
    let of = |english, vietnamese, other: &Both| fill(english, vietnamese, &[named, other]);
    match slot {
        0 => {
            let heading = fill("procedure {0}", "trình tự {0}", &[named]);
            let mut below = Vec::new();
            let (received, steps, result) = (draw.one_in(2), 1 + draw.pick(3), draw.pick(3));
            if received {
                let all = if draw.one_in(2) { vec![who(draw), who(draw)] } else { vec![who(draw)] };
                below.push(Line::new(fill("received by {0}", "tiếp nhận tại {0}", &[&list(&all)])));
            }
            for _ in 0..steps {
                let (by, what) = (who(draw), deed(draw));
                below.push(Line::new(match draw.pick(4) {
                    0 => fill("{0} {1}", "{0} {1}", &[&by, &what]),
                    1 => fill("{0} {1} the same day", "{0} {1} trong ngày", &[&by, &what]),
                    _ => fill("{0} {1} within {2}", "{0} {1} trong {2}", &[&by, &what, &time(draw)]),
                }));
            }
            if result > 0 {
                let english = if result > 1 { " / \"Permit\"" } else { "" };
                let words = |keyword: &str| format!("{keyword} \"Giấy phép\"{english}");
                below.push(Line::new(both(words("result"), words("kết quả"))));
            }
            (heading, below)
        }
        1 => {
            let time = time(draw);
            (of("{0} is to be decided within {1}", "{0} phải được quyết định trong {1}", &time), Vec::new())
        }
        2 => {
            let all = if draw.one_in(2) { vec![who(draw), who(draw)] } else { vec![who(draw)] };
            let all = joined(&all, &both(" or ", " hoặc "));
            (of("{0} is signed by {1}", "{0} do {1} ký", &all), Vec::new())
        }
        3 => (fill("{0} must not be signed by a deputy", "{0} không được ký thay", &[named]), Vec::new()),
        _ => (of("{0} bears the seal of {1}", "{0} dùng con dấu của {1}", &seat(tasks, catalogue, draw)), Vec::new()),
    }
}

/// The line on whose seal is used under a delegation, mostly none.
pub fn seal(draw: &mut Draw<'_>) -> Option<Line> {
    match draw.place(6) {
        4 => Some(Line::new(both("seal of the receiver", "dùng con dấu của người nhận"))),
        5 => Some(Line::new(both("seal of the giver", "dùng con dấu của người giao"))),
        _ => None,
    }
}

fn time(draw: &mut Draw<'_>) -> Both {
    let (english, vietnamese) = draw.of(&[
        ("1 working day", "1 ngày làm việc"),
        ("5 working days", "5 ngày làm việc"),
        ("1 day", "1 ngày"),
        ("5 days", "5 ngày"),
    ]);
    both(english, vietnamese)
}

fn deed(draw: &mut Draw<'_>) -> Both {
    let (english, vietnamese) = draw.of(&[
        ("examines", "thẩm tra"),
        ("verifies", "xác minh"),
        ("inspects the site", "kiểm tra thực địa"),
        ("asks for opinions", "lấy ý kiến"),
        ("gives its opinion", "cho ý kiến"),
        ("appraises", "thẩm định"),
        ("posts the notice", "niêm yết"),
        ("submits", "trình"),
        ("decides", "quyết định"),
        ("returns the result", "trả kết quả"),
    ]);
    both(english, vietnamese)
}
