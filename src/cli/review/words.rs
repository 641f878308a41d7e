//! What a reviewer reads, in both languages.

use std::collections::BTreeMap;
use std::path::Path;

use super::against::Against;
use super::found::{Item, Kept, Moves, Regions, Silent, Why};
use crate::reading::diff::{Class, Diff};
use crate::reading::words::pick;
use crate::rulebook::Language;

pub(super) const fn nobody_there(language: Language) -> &'static str {
    pick(
        language,
        "lỗi: `tq review` hỏi và chờ trả lời ở cửa sổ dòng lệnh, mà ở đây không có ai trả lời: dùng --list, --accept NHIỆM-VỤ hoặc --accept-all",
        "error: `tq review` asks and is answered at a terminal, and here is none: use --list, --accept TASK or --accept-all",
    )
}

pub(super) const fn json_is_for_lists(language: Language) -> &'static str {
    pick(language, "lỗi: `--format json` chỉ dùng cùng --list", "error: `--format json` goes with --list")
}

pub(super) const fn rules_of_the_program(language: Language) -> &'static str {
    pick(language, "quy định đang dùng là bản đi kèm chương trình", "the rules are those inside the program")
}

pub(super) const fn several_folders(language: Language) -> &'static str {
    pick(
        language,
        "quy định ghép từ nhiều thư mục, mà mỗi bên chỉ là một thư mục",
        "the rules are of several folders, and a side is one folder",
    )
}

pub(super) fn too_many_regions(task: &str, texts: &str, language: Language) -> String {
    format!("{} {task}: {texts}", pick(language, "quá nhiều vùng ở", "too many regions in"))
}

pub(super) fn errors_against(side: &str, errors: usize, language: Language) -> String {
    match language {
        Language::Vietnamese => {
            format!("chú ý: quy định ở `{side}` có {errors} lỗi; phần so sánh quyết định có thể thiếu")
        }
        Language::English => {
            format!("note: errors in the rules of `{side}`: {errors}; what is said of decisions may be wrong")
        }
    }
}

pub(super) const fn task_gone(language: Language) -> &'static str {
    pick(language, "không còn nhiệm vụ này", "there is no such task")
}

pub(super) fn nothing_to_accept(id: &str, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("{id}: ảnh chụp đã đúng với quy định, không có gì để chấp nhận"),
        Language::English => format!("{id}: the snapshot is as the rules mean, there is nothing to accept"),
    }
}

pub(super) fn accepted_and_left(accepted: usize, left: usize, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("đã chấp nhận: {accepted}, còn phải xem xét: {left}"),
        Language::English => format!("accepted: {accepted}, left to review: {left}"),
    }
}

/// What there is, and what it is compared with.
pub(super) fn head(count: usize, folder: &Path, against: &Against, language: Language) -> Vec<String> {
    let folder = folder.display();
    let many = match (language, count) {
        (Language::Vietnamese, 0) => format!("không có ảnh chụp nào phải xem xét ở {folder}"),
        (Language::English, 0) => format!("no snapshot to review in {folder}"),
        (Language::Vietnamese, _) => format!("{count} ảnh chụp phải xem xét ở {folder}"),
        (Language::English, 1) => format!("1 snapshot to review in {folder}"),
        (Language::English, _) => format!("{count} snapshots to review in {folder}"),
    };
    let mut lines = vec![many];
    match against {
        Against::Compared(compared) => {
            let side = &compared.named;
            lines.push(match language {
                Language::Vietnamese => format!("quyết định được so với {side}"),
                Language::English => format!("decisions are compared with {side}"),
            });
            lines.extend(registers(&compared.diff, side, language));
        }
        Against::Alone(why) => lines.push(match language {
            Language::Vietnamese => {
                format!("chỉ so được văn bản, không so được quyết định: {why}; nêu bên để so bằng --against")
            }
            Language::English => {
                format!("only texts are compared, and no decisions: {why}; name a side with --against")
            }
        }),
    }
    lines
}

fn registers(diff: &Diff, side: &str, language: Language) -> Option<String> {
    let count = diff.units.len();
    (count > 0).then(|| match language {
        Language::Vietnamese => format!("sổ đơn vị có {count} dòng khác với {side}: xem `tq diff {side}`"),
        Language::English => {
            format!("rows of the registers that differ from {side}: {count}; `tq diff {side}` tells them")
        }
    })
}

/// `another decides (moved) 3; only the texts that say so (citation) 1`.
pub(super) fn classes(regions: &BTreeMap<Class, Regions>) -> String {
    let one = |(class, own): (&Class, &Regions)| format!("{} ({}) {}", own.class, class.code(), own.count);
    regions.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Which decisions move with a text, in a line or two; none where nothing was compared.
pub(super) fn moves(item: &Item<'_>, side: &str, language: Language) -> Vec<String> {
    let Moves::Compared { regions, kept } = &item.moves else { return Vec::new() };
    let classes = classes(regions);
    let moving = if regions.is_empty() {
        none_moves(item, side, language)
    } else if regions.keys().all(|class| *class == Class::Citation) {
        match language {
            Language::Vietnamese => format!("không quyết định nào khác với {side}: {classes}"),
            Language::English => format!("no decision moves against {side}: {classes}"),
        }
    } else {
        match language {
            Language::Vietnamese => format!("quyết định khác với {side}: {classes}"),
            Language::English => format!("decisions that move against {side}: {classes}"),
        }
    };
    let older = match (kept, item.change.old, regions.is_empty()) {
        (Kept::OfThatSide, ..) | (Kept::OfNeither, None, _) => None,
        (Kept::OfNeither, Some(_), true) if item.change.new.is_some() => return vec![older(side, language)],
        (Kept::OfNeither, Some(_), true | false) => Some(older(side, language)),
    };
    std::iter::once(moving).chain(older).collect()
}

/// Of a text that differs where no region does.
fn none_moves(item: &Item<'_>, side: &str, language: Language) -> String {
    let why = match (item.change.old, item.change.new) {
        (None, _) => pick(language, "chỉ thiếu ảnh chụp", "only the snapshot is missing"),
        (Some(_), None) => pick(language, "chỉ thừa ảnh chụp", "only the snapshot is left over"),
        (Some(_), Some(_)) => {
            pick(language, "chỉ khác lời văn hoặc thứ tự các dòng", "only words or the order of lines differ")
        }
    };
    match language {
        Language::Vietnamese => format!("không quyết định nào khác với {side}: {why}"),
        Language::English => format!("no decision moves against {side}: {why}"),
    }
}

fn older(side: &str, language: Language) -> String {
    match language {
        Language::Vietnamese => format!(
            "ảnh chụp đang có không phải của quy định ở {side}: văn bản có thể khác ở cả những chỗ mà phần so quyết định không nêu"
        ),
        Language::English => format!(
            "the snapshot that is kept is not of the rules of {side}: its text may also differ where no decision is told to move"
        ),
    }
}

/// What is the matter with the file.
pub(super) fn state(item: &Item<'_>, (more, fewer): (usize, usize), language: Language) -> String {
    match (item.change.old, item.change.new, language) {
        (None, _, Language::Vietnamese) => format!("chưa có ảnh chụp: thêm {more} dòng"),
        (None, _, Language::English) => format!("no snapshot yet: {more} lines to add"),
        (Some(_), None, Language::Vietnamese) => "thừa: không còn nhiệm vụ này; chấp nhận là xóa tệp".to_owned(),
        (Some(_), None, Language::English) => {
            "left over: there is no such task; to accept is to remove the file".to_owned()
        }
        (Some(_), Some(_), Language::Vietnamese) => format!("thêm {more} dòng, bớt {fewer} dòng"),
        (Some(_), Some(_), Language::English) => format!("lines that come: {more}, lines that go: {fewer}"),
    }
}

/// Tasks of which decisions move, and no text.
pub(super) fn silent(all: &[Silent], side: &str, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for why in [Why::Accepted, Why::SameText] {
        let own: Vec<&Silent> = all.iter().filter(|one| one.why == why).collect();
        if own.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(match (why, language) {
            (Why::Accepted, Language::Vietnamese) => {
                format!("ảnh chụp đã đúng với quy định, nhưng quyết định khác với {side} (đã chấp nhận từ trước):")
            }
            (Why::Accepted, Language::English) => {
                format!("the snapshot is as the rules mean, and decisions move against {side} (it was accepted before):")
            }
            (Why::SameText, Language::Vietnamese) => {
                format!("khác với {side} mà ảnh chụp vẫn như cũ, vì cây quyết định không nói tới; xem `tq diff {side}`:")
            }
            (Why::SameText, Language::English) => format!(
                "different from {side} though the snapshot is the same, for the tree does not tell it; see `tq diff {side}`:"
            ),
        });
        lines.extend(own.iter().map(|one| format!("  {} ({}): {}", one.title, one.id, classes(&one.regions))));
    }
    lines
}

pub(super) const fn prompt(language: Language) -> &'static str {
    pick(
        language,
        "chấp nhận (a), từ chối (r), để sau (s), xem hết (d), thoát (q), trợ giúp (?): ",
        "accept (a), reject (r), skip (s), all of it (d), quit (q), help (?): ",
    )
}

pub(super) const fn help(language: Language) -> &'static str {
    pick(
        language,
        "  a  chấp nhận: thay đổi đúng là ý muốn, viết ảnh chụp\n  \
           r  từ chối: giữ ảnh chụp cũ; phải sửa quy định\n  \
           s  để sau: chưa quyết định, giữ ảnh chụp cũ\n  \
           d  xem hết, hoặc xem gọn lại\n  \
           q  thoát; những gì đã chấp nhận vẫn được giữ\n  \
           ?  trợ giúp này\n\
         gõ một chữ rồi nhấn Enter",
        "  a  accept: the change is what was meant, write the snapshot\n  \
           r  reject: keep the old snapshot; the rules have to be changed\n  \
           s  skip: undecided, keep the old snapshot\n  \
           d  show all of it, or the short of it again\n  \
           q  quit; what was accepted stays so\n  \
           ?  this help\n\
         type a letter and Enter",
    )
}

pub(super) fn unknown_key(written: &str, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("không có phím `{written}`: dùng a, r, s, d, q hoặc ?"),
        Language::English => format!("there is no key `{written}`: use a, r, s, d, q or ?"),
    }
}

pub(super) fn more(count: usize, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("… {count} dòng khác nữa: d để xem hết"),
        Language::English => format!("… {count} more lines: d shows them"),
    }
}

/// How many were accepted, rejected, and left undecided.
pub(super) fn summary((accepted, rejected, undecided): (usize, usize, usize), language: Language) -> String {
    match language {
        Language::Vietnamese => {
            format!("đã chấp nhận: {accepted}, từ chối: {rejected}, chưa quyết định: {undecided}")
        }
        Language::English => format!("accepted: {accepted}, rejected: {rejected}, undecided: {undecided}"),
    }
}

pub(super) const fn rejected(language: Language) -> &'static str {
    pick(
        language,
        "đã từ chối, nên phải sửa quy định, rồi chạy lại `tq review`:",
        "rejected, so the rules have to be changed, and `tq review` run again:",
    )
}
