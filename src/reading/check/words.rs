//! Findings in words, in both languages.

use super::{Clear, Finding, Matter, Severity};
use crate::reading::naming::Voice;
use crate::reading::words::{self, pick};
use crate::rulebook::{Language, ProvisionId, Statement};
use crate::ruling::{ConflictKind, Fault, Named};

#[must_use]
pub const fn severity(severity: Severity, language: Language) -> &'static str {
    match (severity, language) {
        (Severity::Error, Language::Vietnamese) => "lỗi",
        (Severity::Error, Language::English) => "error",
        (Severity::Warning, Language::Vietnamese) => "cảnh báo",
        (Severity::Warning, Language::English) => "warning",
        (Severity::Note, Language::Vietnamese) => "lưu ý",
        (Severity::Note, Language::English) => "note",
    }
}

/// What is wrong, in one line.
#[must_use]
pub fn message(voice: Voice<'_>, finding: &Finding) -> String {
    let task = finding.task.map_or("", |task| voice.name(&voice.rulebook[task].names));
    let cited = |index: usize| finding.at_fault.get(index).map_or_else(String::new, |id| voice.citation(*id));
    let (first, second) = (cited(0), cited(1));
    match (finding.matter, voice.language) {
        (Matter::Gap, Language::Vietnamese) => format!("không ai có thẩm quyền đối với “{task}”"),
        (Matter::Gap, Language::English) => format!("nobody decides “{task}”"),
        (Matter::Conflict(kind), Language::Vietnamese) => {
            format!("chồng chéo ở “{task}”: {}", conflict(kind, voice.language))
        }
        (Matter::Conflict(kind), Language::English) => {
            format!("conflict over “{task}”: {}", conflict(kind, voice.language))
        }
        (Matter::Orphaned, Language::Vietnamese) => {
            format!("“{task}” thuộc thẩm quyền của một chủ thể không còn tồn tại")
        }
        (Matter::Orphaned, Language::English) => format!("“{task}” is held by a body that does not exist"),
        (Matter::Duplicate, Language::Vietnamese) => format!("{first} chỉ nhắc lại điều mà {second} đã quy định"),
        (Matter::Duplicate, Language::English) => format!("{first} only repeats what {second} says"),
        (Matter::Dead, Language::Vietnamese) => format!("{first} không bao giờ quyết định điều gì về “{task}”"),
        (Matter::Dead, Language::English) => format!("{first} never decides anything of “{task}”"),
        (Matter::Unreachable, Language::Vietnamese) => {
            format!("điều kiện của {first} về “{task}” không xảy ra ở đâu, vào ngày nào")
        }
        (Matter::Unreachable, Language::English) => {
            format!("the conditions of {first} on “{task}” hold nowhere, on no day")
        }
        (matter @ (Matter::Unlike(_) | Matter::OverLimit { .. } | Matter::Unclear(_)), language) => {
            of_handling(matter, (&first, task), language)
        }
        (Matter::DelegationEnds { on, to, outcome }, language) => {
            let on = words::date(on, language);
            let to = to.map_or_else(
                || words::outcome(outcome, language).to_owned(),
                |seat| voice.named(Named { seat, unit: None }),
            );
            match language {
                Language::Vietnamese => {
                    format!("ủy quyền “{task}” theo {first} hết hạn, không có văn bản tiếp nối từ ngày {on}: {to}")
                }
                Language::English => {
                    format!("the delegation of “{task}” by {first} ends, with none to follow from {on} on: {to}")
                }
            }
        }
        (matter @ (Matter::Basis(_) | Matter::Unchecked { .. }), _) => of_document(voice, matter),
        (Matter::TooMany, Language::Vietnamese) => {
            format!("quy định về “{task}” chia thành quá nhiều vùng nên không kiểm tra được")
        }
        (Matter::TooMany, Language::English) => {
            format!("the rules of “{task}” fall into too many regions to be checked")
        }
        (Matter::Fault(fault), language) => of_fault(fault, (&first, &second, task), language),
    }
}

/// What is wrong with how a task is handled.
fn of_handling(matter: Matter, (first, task): (&str, &str), language: Language) -> String {
    match (matter, language) {
        (Matter::Unlike(slot), language) => {
            let slot = words::slot(slot, language);
            match language {
                Language::Vietnamese => format!("các văn bản ngang nhau quy định khác nhau về “{task}”: {slot}"),
                Language::English => format!("texts of equal standing are unlike on “{task}”: {slot}"),
            }
        }
        (Matter::OverLimit { takes, limit }, language) => {
            let (takes, limit) = (words::within(takes, language), words::within(limit, language));
            match language {
                Language::Vietnamese => {
                    format!("các bước của “{task}” theo {first} cộng lại {takes}, quá thời hạn {limit}")
                }
                Language::English => {
                    format!("the steps of “{task}” by {first} take {takes} together, more than the limit of {limit}")
                }
            }
        }
        (Matter::Unclear(Clear::Procedure), Language::Vietnamese) => {
            format!("không văn bản nào nêu trình tự của “{task}”")
        }
        (Matter::Unclear(Clear::Procedure), Language::English) => format!("no text says the procedure of “{task}”"),
        (Matter::Unclear(Clear::Result), Language::Vietnamese) => format!("trình tự của “{task}” không nêu kết quả"),
        (Matter::Unclear(Clear::Result), Language::English) => format!("the procedure of “{task}” names no result"),
        _ => String::new(),
    }
}

/// What is wrong with a document.
fn of_document(voice: Voice<'_>, matter: Matter) -> String {
    match (matter, voice.language) {
        (Matter::Basis(basis), language) => {
            let (own, its) = (voice.document(basis.document), voice.document(basis.rests_on));
            match language {
                Language::Vietnamese => format!("{own} căn cứ {its}, khi đó văn bản này không có hiệu lực"),
                Language::English => format!("{own} rests on {its}, which is not in force then"),
            }
        }
        (Matter::Unchecked { document, on }, language) => {
            let document = voice.document(document);
            match (on.map(|on| words::date(on, language)), language) {
                (Some(on), Language::Vietnamese) => format!("{document} được đối chiếu với nguồn lần cuối ngày {on}"),
                (Some(on), Language::English) => format!("{document} was last checked against its source on {on}"),
                (None, Language::Vietnamese) => format!("{document} chưa từng được đối chiếu với nguồn"),
                (None, Language::English) => format!("{document} was never checked against its source"),
            }
        }
        _ => String::new(),
    }
}

fn of_fault(fault: Fault, (first, second, task): (&str, &str, &str), language: Language) -> String {
    let said = match (fault, language) {
        (Fault::WrongSubject, Language::Vietnamese) => {
            "chuyển giao vô hiệu: nhầm UBND với người đứng đầu, người chuyển giao không giữ thẩm quyền"
        }
        (Fault::WrongSubject, Language::English) => {
            "void transfer: the body is mistaken for its head; the giver does not hold the task"
        }
        (Fault::OutlivesBasis { .. }, Language::Vietnamese) => {
            "chuyển giao còn ghi hiệu lực nhưng căn cứ đã hết hiệu lực"
        }
        (Fault::OutlivesBasis { .. }, Language::English) => {
            "the transfer outlives the provision under which it was made"
        }
        (Fault::NotHeld, Language::Vietnamese) => "chuyển giao vô hiệu: người chuyển giao không giữ thẩm quyền",
        (Fault::NotHeld, Language::English) => "void transfer: the giver does not hold the task",
        (Fault::Forbidden { .. }, Language::Vietnamese) => "chuyển giao vô hiệu: bị cấm",
        (Fault::Forbidden { .. }, Language::English) => "void transfer: it is forbidden",
        (Fault::WrongPair { .. }, Language::Vietnamese) => {
            "chuyển giao vô hiệu: luật tổ chức khi ban hành không cho chuyển giữa hai chủ thể này"
        }
        (Fault::WrongPair { .. }, Language::English) => {
            "void transfer: the organisation law of its day admits none between these two"
        }
        (Fault::Upward { .. }, Language::Vietnamese) => "chuyển giao vô hiệu: chuyển lên cấp trên",
        (Fault::Upward { .. }, Language::English) => "void transfer: it goes up to a higher level",
        (Fault::NoTerm { .. }, Language::Vietnamese) => "chuyển giao vô hiệu: không nêu thời hạn",
        (Fault::NoTerm { .. }, Language::English) => "void transfer: it states no term",
        (Fault::PassedOn, Language::Vietnamese) => "chuyển giao vô hiệu: việc nhận được lại chuyển tiếp",
        (Fault::PassedOn, Language::English) => "void transfer: what was received is passed on again",
        (Fault::ReceiverAbsent, Language::Vietnamese) => "chuyển giao không có tác dụng: bên nhận không tồn tại",
        (Fault::ReceiverAbsent, Language::English) => "the transfer has no effect: its receiver does not exist",
        (Fault::Undecided, Language::Vietnamese) => {
            return format!("{first} cho phép điều mà {second} cấm về “{task}”, không văn bản nào được ưu tiên");
        }
        (Fault::Undecided, Language::English) => {
            return format!("{first} admits what {second} forbids of “{task}”, and neither prevails");
        }
        (Fault::ByClaim, Language::Vietnamese) => {
            return format!(
                "{first} và {second} trái nhau về “{task}”; văn bản thấp hơn thắng chỉ nhờ quy định ưu tiên"
            );
        }
        (Fault::ByClaim, Language::English) => {
            return format!(
                "{first} and {second} contradict each other on “{task}”; the lower text wins by a claim only"
            );
        }
        (Fault::UnfoundedClaim, Language::Vietnamese) => {
            "tự nhận được ưu tiên áp dụng mà không có văn bản cho phép đang có hiệu lực"
        }
        (Fault::UnfoundedClaim, Language::English) => "claims to prevail without an authorising text in force",
        (Fault::Incompetent, Language::Vietnamese) => "loại văn bản này không được quy định nội dung đó",
        (Fault::Incompetent, Language::English) => "this kind of document may not say this",
        (Fault::IssuerAbsent, Language::Vietnamese) => "cơ quan ban hành chưa có hoặc không còn khi ban hành",
        (Fault::IssuerAbsent, Language::English) => "its issuer did not exist when it was issued",
        (Fault::Speaks | Fault::Ended { .. } | Fault::OutsideCover, Language::Vietnamese) => "không có tác dụng",
        (Fault::Speaks | Fault::Ended { .. } | Fault::OutsideCover, Language::English) => "it has no effect",
    };
    match language {
        Language::Vietnamese => format!("{first}, về “{task}”: {said}"),
        Language::English => format!("{first}, on “{task}”: {said}"),
    }
}

const fn conflict(kind: ConflictKind, language: Language) -> &'static str {
    match (kind, language) {
        (ConflictKind::Deciders, Language::Vietnamese) => "các quy định ngang nhau nêu chủ thể khác nhau",
        (ConflictKind::Deciders, Language::English) => "sentences of equal strength name unlike deciders",
        (ConflictKind::Receivers, Language::Vietnamese) => "cùng một thẩm quyền được chuyển cho các chủ thể khác nhau",
        (ConflictKind::Receivers, Language::English) => "one holder's task is passed on to unlike receivers",
        (ConflictKind::Circular, Language::Vietnamese) => "các lần chuyển giao quay vòng về người đã giữ",
        (ConflictKind::Circular, Language::English) => "transfers come back to a holder that already had it",
        (ConflictKind::Places, Language::Vietnamese) => {
            "vụ việc trên địa bàn nhiều đơn vị mà không có quy định ai quyết định"
        }
        (ConflictKind::Places, Language::English) => "the case spans several units, and no rule chooses among them",
    }
}

/// The sentences at fault and those that make it a fault, each with what it is to the finding.
#[must_use]
pub fn because(voice: Voice<'_>, finding: &Finding) -> Vec<(String, ProvisionId)> {
    let language = voice.language;
    let at_fault = pick(language, "quy định có vấn đề", "at fault");
    let why = match finding.matter {
        Matter::Orphaned => pick(language, "không còn theo", "abolished by"),
        Matter::Dead => pick(language, "ở đó áp dụng", "there decides"),
        Matter::Fault(Fault::OutlivesBasis { .. }) => pick(language, "căn cứ đã hết", "the basis that ended"),
        Matter::DelegationEnds { .. } => pick(language, "từ đó áp dụng", "from then on"),
        Matter::OverLimit { .. } => pick(language, "thời hạn theo", "the limit is set by"),
        Matter::Gap
        | Matter::Conflict(_)
        | Matter::Duplicate
        | Matter::Fault(_)
        | Matter::Unlike(_)
        | Matter::Unclear(_)
        | Matter::Unreachable
        | Matter::Basis(_)
        | Matter::Unchecked { .. }
        | Matter::TooMany => pick(language, "theo", "by"),
    };
    let own = finding.at_fault.iter().map(|id| (format!("{at_fault}: {}", voice.citation(*id)), *id));
    let ended = pick(language, "hết hiệu lực theo", "ended by");
    let acts = |id: ProvisionId| matches!(voice.rulebook[id].statement, Statement::Act { .. });
    let said = |id: &ProvisionId| {
        let why = if finding.matter == Matter::Dead && acts(*id) { ended } else { why };
        (format!("{why}: {}", voice.citation(*id)), *id)
    };
    own.chain(finding.because.iter().map(said)).collect()
}

/// One thing to do about it.
#[must_use]
pub const fn help(finding: &Finding, language: Language) -> &'static str {
    match finding.matter {
        Matter::Gap => pick(
            language,
            "viết quy định còn thiếu, hoặc khai `bỏ ngỏ` hay thu hẹp `đã phủ` trong danh mục nếu đó là chủ ý",
            "write the sentence that is missing; if it is meant, declare it `left open` or narrow `covered` in the catalogue",
        ),
        Matter::Conflict(_) => pick(
            language,
            "thêm điều kiện, `trừ các trường hợp …`, hoặc quy định cách chọn khi luật cho nhiều chủ thể",
            "add conditions or `except in the cases of …`, or say how the deciders share it if law lets several",
        ),
        Matter::Orphaned => pick(
            language,
            "viết quy định chuyển việc này sang chủ thể khác, nếu có văn bản",
            "write the text that passes it on, if there is one",
        ),
        Matter::Duplicate | Matter::Dead => pick(
            language,
            "kiểm tra lại điều khoản; nếu đúng nguyên văn thì chấp nhận bằng tệp đường cơ sở",
            "check the article; if it is the law as it stands, accept it in the baseline",
        ),
        Matter::Unreachable => pick(
            language,
            "sửa điều kiện: các điều kiện của câu này loại trừ nhau hoặc trái với danh mục",
            "mend its conditions: they exclude each other, or the catalogue excludes them",
        ),
        Matter::Unlike(_) | Matter::OverLimit { .. } | Matter::Unclear(_) => help_handling(finding.matter, language),
        Matter::DelegationEnds { .. } => pick(
            language,
            "gia hạn, ban hành văn bản mới, hoặc để thẩm quyền trở về người giao",
            "extend it, issue a new one, or let authority go back to the giver",
        ),
        Matter::Basis(_) => pick(
            language,
            "rà soát văn bản: căn cứ đã hết không tự làm văn bản hết hiệu lực",
            "review the document: the end of its basis does not end it by itself",
        ),
        Matter::Unchecked { .. } => pick(
            language,
            "đối chiếu với nguồn rồi ghi `đã đối chiếu ngày …` dưới văn bản",
            "compare it with its source, then write `checked DATE` under the document",
        ),
        Matter::TooMany => pick(language, "giảm số điều kiện nhân lên nhau", "reduce the conditions that multiply"),
        Matter::Fault(Fault::OutlivesBasis { .. }) => pick(
            language,
            "rút ngắn thời hạn, hoặc ban hành lại theo quy định mới",
            "shorten its term, or issue it anew under the new provision",
        ),
        Matter::Fault(Fault::WrongSubject) => pick(
            language,
            "ghi đúng chủ thể giữ thẩm quyền: UBND (tập thể) và Chủ tịch UBND (cá nhân) là hai chủ thể",
            "name the subject that holds it: a body and its head are two subjects",
        ),
        Matter::Fault(Fault::Undecided | Fault::ByClaim) => pick(
            language,
            "nêu rõ văn bản nào được ưu tiên áp dụng, theo văn bản nào",
            "say which of them prevails, and by which text",
        ),
        Matter::Fault(_) => pick(
            language,
            "thẩm quyền ở lại với người chuyển giao; sửa hoặc bãi bỏ văn bản",
            "authority stays with the giver; mend or repeal the text",
        ),
    }
}

const fn help_handling(matter: Matter, language: Language) -> &'static str {
    match matter {
        Matter::Unlike(_) => pick(
            language,
            "thêm điều kiện cho từng văn bản, hoặc nêu văn bản nào được ưu tiên",
            "add conditions to each text, or say which of them prevails",
        ),
        Matter::OverLimit { .. } => {
            pick(language, "rút ngắn các bước cho vừa thời hạn", "shorten the steps so that they fit the limit")
        }
        Matter::Unclear(_) => pick(
            language,
            "ghi trình tự và kết quả của nhiệm vụ dưới điều khoản quy định",
            "write the procedure and its result under the article that lays them down",
        ),
        Matter::Gap
        | Matter::Conflict(_)
        | Matter::Orphaned
        | Matter::Duplicate
        | Matter::Fault(_)
        | Matter::Dead
        | Matter::Unreachable
        | Matter::DelegationEnds { .. }
        | Matter::Basis(_)
        | Matter::Unchecked { .. }
        | Matter::TooMany => "",
    }
}
