//! Why a provision that applies by its own terms does not speak: every [`Why`], in words and as a code.

use super::naming::Voice;
use super::words::pick;
use crate::rulebook::{Language, ProvisionId};
use crate::ruling::Why;

/// Every code of a reason in JSON.
pub const CODES: [&str; 20] = [
    "ended",
    "lapsed",
    "incompetent",
    "issuer-absent",
    "lower-rank",
    "earlier",
    "governed",
    "displaced",
    "not-held",
    "not-held-at-birth",
    "forbidden",
    "wrong-pair",
    "no-term",
    "passed-on",
    "receiver-absent",
    "holder-absent",
    "assigned-later",
    "unfounded-claim",
    "self-requirement",
    "other-reading",
];

/// The code of a reason in JSON.
#[must_use]
pub const fn code(why: &Why) -> &'static str {
    match why {
        Why::Ended { .. } => "ended",
        Why::Lapsed { .. } => "lapsed",
        Why::Incompetent => "incompetent",
        Why::IssuerAbsent => "issuer-absent",
        Why::LowerRank { .. } => "lower-rank",
        Why::Earlier { .. } => "earlier",
        Why::Governed { .. } => "governed",
        Why::Displaced { .. } => "displaced",
        Why::NotHeld => "not-held",
        Why::NotHeldAtBirth => "not-held-at-birth",
        Why::Forbidden { .. } => "forbidden",
        Why::WrongPair { .. } => "wrong-pair",
        Why::NoTerm { .. } => "no-term",
        Why::PassedOn => "passed-on",
        Why::ReceiverAbsent => "receiver-absent",
        Why::HolderAbsent => "holder-absent",
        Why::AssignedLater => "assigned-later",
        Why::UnfoundedClaim => "unfounded-claim",
        Why::SelfRequirement => "self-requirement",
        Why::OtherReading => "other-reading",
    }
}

/// The other provision that a reason speaks of.
#[must_use]
pub const fn other(why: &Why) -> Option<ProvisionId> {
    match why {
        Why::Ended { by }
        | Why::Lapsed { by }
        | Why::Governed { by }
        | Why::Displaced { by }
        | Why::Forbidden { by }
        | Why::NoTerm { by }
        | Why::WrongPair { by } => Some(*by),
        Why::LowerRank { than } | Why::Earlier { than } => Some(*than),
        Why::Incompetent
        | Why::IssuerAbsent
        | Why::NotHeld
        | Why::NotHeldAtBirth
        | Why::PassedOn
        | Why::ReceiverAbsent
        | Why::HolderAbsent
        | Why::AssignedLater
        | Why::UnfoundedClaim
        | Why::SelfRequirement
        | Why::OtherReading => None,
    }
}

/// Whether the reason would be another, had a text been issued on another day.
#[must_use]
pub const fn turns_on_issue(why: &Why) -> bool {
    match why {
        Why::Earlier { .. }
        | Why::Lapsed { .. }
        | Why::Governed { .. }
        | Why::IssuerAbsent
        | Why::NotHeldAtBirth
        | Why::WrongPair { .. }
        | Why::NoTerm { .. }
        | Why::AssignedLater => true,
        Why::Ended { .. }
        | Why::Incompetent
        | Why::LowerRank { .. }
        | Why::Displaced { .. }
        | Why::NotHeld
        | Why::Forbidden { .. }
        | Why::PassedOn
        | Why::ReceiverAbsent
        | Why::HolderAbsent
        | Why::UnfoundedClaim
        | Why::SelfRequirement
        | Why::OtherReading => false,
    }
}

/// The reason in words, with the citation of the other provision.
#[must_use]
pub fn words(why: &Why, voice: Voice<'_>) -> String {
    let lead = match voice.language {
        Language::Vietnamese => vietnamese(why),
        Language::English => english(why),
    };
    match other(why) {
        Some(provision) => format!("{lead} {}", voice.citation(provision)),
        None => lead.to_owned(),
    }
}

const fn vietnamese(why: &Why) -> &'static str {
    match why {
        Why::Ended { .. } => "đã bị bãi bỏ, thay thế, sửa đổi, ngưng hiệu lực hoặc hủy bỏ bởi",
        Why::Lapsed { .. } => "hết hiệu lực phần tương ứng vì cùng nhiệm vụ đã được quy định tại",
        Why::Incompetent => "loại văn bản này không được quy định nội dung đó",
        Why::IssuerAbsent => "cơ quan ban hành chưa có hoặc không còn khi ban hành",
        Why::LowerRank { .. } => "hiệu lực pháp lý thấp hơn",
        Why::Earlier { .. } => "ban hành trước",
        Why::Governed { .. } => "cũ hơn hoặc thấp hơn, mà việc này ở đây đã được quy định toàn bộ tại",
        Why::Displaced { .. } => "phải nhường theo quy định đích danh cho",
        Why::NotHeld => "người chuyển giao không giữ thẩm quyền này",
        Why::NotHeldAtBirth => "người chuyển giao không giữ thẩm quyền này khi văn bản được ban hành",
        Why::Forbidden { .. } => "vô hiệu vì bị cấm bởi",
        Why::WrongPair { .. } => "giữa hai chủ thể này không được chuyển giao theo luật tổ chức khi đó, xem",
        Why::NoTerm { .. } => "không nêu thời hạn, trái với",
        Why::PassedOn => "việc nhận được lại chuyển tiếp khi không được phép",
        Why::ReceiverAbsent => "bên nhận không tồn tại ở nơi và ngày đó",
        Why::HolderAbsent => "một chủ thể được nêu không tồn tại ở nơi và ngày đó; các chủ thể khác quyết định",
        Why::AssignedLater => "thẩm quyền được quy định sau khi có việc chuyển này",
        Why::UnfoundedClaim => "tự nhận được ưu tiên mà không có văn bản cho phép đang có hiệu lực",
        Why::SelfRequirement => "yêu cầu hướng đến chính người quyết định",
        Why::OtherReading => "ở đây áp dụng cách hiểu khác của cùng văn bản",
    }
}

const fn english(why: &Why) -> &'static str {
    match why {
        Why::Ended { .. } => "repealed, replaced, amended, suspended or annulled by",
        Why::Lapsed { .. } => "lapsed in part, because the same task is decided by",
        Why::Incompetent => "this kind of document may not say this",
        Why::IssuerAbsent => "its issuer did not exist when it was issued",
        Why::LowerRank { .. } => "of lower rank than",
        Why::Earlier { .. } => "earlier than",
        Why::Governed { .. } => "older or lower, on a task that is governed here as a whole by",
        Why::Displaced { .. } => "displaced by name by",
        Why::NotHeld => "its giver does not hold the task",
        Why::NotHeldAtBirth => "its giver did not hold the task on the day it was made",
        Why::Forbidden { .. } => "void, forbidden by",
        Why::WrongPair { .. } => "no transfer between these two is admitted by the organisation law of the day, see",
        Why::NoTerm { .. } => "states no term, against",
        Why::PassedOn => "what was received was passed on without leave",
        Why::ReceiverAbsent => "its receiver does not exist there on that day",
        Why::HolderAbsent => "a holder that it names does not exist there on that day; the others decide",
        Why::AssignedLater => "the task was assigned after this passing",
        Why::UnfoundedClaim => "claims to prevail without an authorising text in force",
        Why::SelfRequirement => "addressed to the decider itself",
        Why::OtherReading => "another reading of the same text is taken here",
    }
}

/// The heading above the record.
#[must_use]
pub const fn heading(language: Language) -> &'static str {
    pick(language, "Không áp dụng", "Do not speak")
}
