//! The words for the parts of a ruling: every enum of [`crate::ruling`], both languages, one exhaustive match each.
//! Knows no rulebook: what needs a name looked up is in [`super::naming`].

use jiff::civil::Date;

use crate::rulebook::{Address, Days, Deed, Language, PartKind, RequirementKind, Sharing, Slot, Within};
use crate::ruling::{ConflictKind, Held, Outcome, Step};

/// Picks the words of a language.
pub const fn pick<T: Copy>(language: Language, vietnamese: T, english: T) -> T {
    match language {
        Language::Vietnamese => vietnamese,
        Language::English => english,
    }
}

#[must_use]
pub const fn outcome(outcome: Outcome, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match outcome {
            Outcome::Decided => "có thẩm quyền quyết định",
            Outcome::Concurrent => "đồng thẩm quyền",
            Outcome::Gap => "bỏ trống: không quy định nào giao thẩm quyền",
            Outcome::Conflict => "chồng chéo thẩm quyền",
            Outcome::Orphaned => "mất chủ thể: người có thẩm quyền không còn tồn tại",
            Outcome::NotRequired => "không phải thực hiện thủ tục này",
            Outcome::Open => "bỏ ngỏ có chủ ý",
            Outcome::NotCovered => "ngoài phạm vi đã phủ của bộ quy định",
            Outcome::Undetermined => "chưa xác định",
        },
        Language::English => match outcome {
            Outcome::Decided => "decides",
            Outcome::Concurrent => "concurrent",
            Outcome::Gap => "gap: no provision gives the task to anybody",
            Outcome::Conflict => "conflict",
            Outcome::Orphaned => "orphaned: the holder no longer exists",
            Outcome::NotRequired => "the procedure is not required",
            Outcome::Open => "left open on purpose",
            Outcome::NotCovered => "not covered by these rules",
            Outcome::Undetermined => "undetermined",
        },
    }
}

/// The short name of an outcome, as scenarios say it.
#[must_use]
pub const fn outcome_name(outcome: Outcome, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match outcome {
            Outcome::Decided => "có người quyết định",
            Outcome::Concurrent => "đồng thẩm quyền",
            Outcome::Gap => "bỏ trống",
            Outcome::Conflict => "chồng chéo",
            Outcome::Orphaned => "mất chủ thể",
            Outcome::NotRequired => "không phải thực hiện",
            Outcome::Open => "bỏ ngỏ",
            Outcome::NotCovered => "ngoài phạm vi",
            Outcome::Undetermined => "chưa xác định",
        },
        Language::English => match outcome {
            Outcome::Decided => "decided",
            Outcome::Concurrent => "concurrent",
            Outcome::Gap => "gap",
            Outcome::Conflict => "conflict",
            Outcome::Orphaned => "orphaned",
            Outcome::NotRequired => "not required",
            Outcome::Open => "open",
            Outcome::NotCovered => "not covered",
            Outcome::Undetermined => "undetermined",
        },
    }
}

/// The outcome of a code.
#[must_use]
pub fn outcome_of_code(code: &str) -> Option<Outcome> {
    use Outcome::{Concurrent, Conflict, Decided, Gap, NotCovered, NotRequired, Open, Orphaned, Undetermined};
    let all = [Decided, Concurrent, Gap, Conflict, Orphaned, NotRequired, Open, NotCovered, Undetermined];
    all.into_iter().find(|one| outcome_code(*one) == code)
}

/// The code of an outcome in JSON.
#[must_use]
pub const fn outcome_code(outcome: Outcome) -> &'static str {
    outcome_name(outcome, Language::English)
}

#[must_use]
pub const fn held(held: Held, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match held {
            Held::Assigned => "được quy định trực tiếp",
            Held::Devolved => "được phân quyền",
            Held::Reorganised => "tiếp nhận do sắp xếp tổ chức",
            Held::Decentralised => "được phân cấp",
            Held::Delegated => "được ủy quyền",
            Held::Entrusted => "được giao",
        },
        Language::English => match held {
            Held::Assigned => "assigned",
            Held::Devolved => "devolved",
            Held::Reorganised => "by reorganisation",
            Held::Decentralised => "decentralised",
            Held::Delegated => "delegated",
            Held::Entrusted => "entrusted",
        },
    }
}

/// How held, of its code.
#[must_use]
pub fn held_of_code(code: &str) -> Option<Held> {
    use Held::{Assigned, Decentralised, Delegated, Devolved, Entrusted, Reorganised};
    let all = [Assigned, Devolved, Reorganised, Decentralised, Delegated, Entrusted];
    all.into_iter().find(|one| held_code(*one) == code)
}

/// The code of *how held* in JSON.
#[must_use]
pub const fn held_code(held: Held) -> &'static str {
    match held {
        Held::Assigned => "assigned",
        Held::Devolved => "devolved",
        Held::Reorganised => "reorganised",
        Held::Decentralised => "decentralised",
        Held::Delegated => "delegated",
        Held::Entrusted => "entrusted",
    }
}

#[must_use]
pub const fn step(step: Step, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match step {
            Step::Assigns => "quy định thẩm quyền",
            Step::SwitchesOff => "bỏ thủ tục",
            Step::Widens => "trên địa bàn nhiều đơn vị",
            Step::Passes => "chuyển thẩm quyền",
            Step::Succeeds => "kế thừa",
            Step::Decentralises => "phân cấp",
            Step::Entrusts => "giao",
            Step::Delegates => "ủy quyền",
            Step::Requires => "đặt điều kiện",
            Step::StepsIn => "được trực tiếp quyết định thay",
            Step::Handles(slot) => self::says(slot, language),
            Step::Abolishes => "không còn tổ chức",
        },
        Language::English => match step {
            Step::Assigns => "assigns",
            Step::SwitchesOff => "switches off",
            Step::Widens => "spans several units",
            Step::Passes => "passes on",
            Step::Succeeds => "succeeds",
            Step::Decentralises => "decentralises",
            Step::Entrusts => "entrusts",
            Step::Delegates => "delegates",
            Step::Requires => "requires",
            Step::StepsIn => "may step in",
            Step::Handles(slot) => self::says(slot, language),
            Step::Abolishes => "abolishes",
        },
    }
}

/// The code of a step in JSON.
#[must_use]
pub const fn step_code(step: Step) -> &'static str {
    match step {
        Step::Assigns => "assigns",
        Step::SwitchesOff => "switches-off",
        Step::Widens => "widens",
        Step::Passes => "passes",
        Step::Succeeds => "succeeds",
        Step::Decentralises => "decentralises",
        Step::Entrusts => "entrusts",
        Step::Delegates => "delegates",
        Step::Requires => "requires",
        Step::StepsIn => "steps-in",
        Step::Handles(slot) => slot_code(slot),
        Step::Abolishes => "abolishes",
    }
}

/// What a sentence on how a task is handled does.
const fn says(slot: Slot, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match slot {
            Slot::Procedure => "quy định trình tự",
            Slot::Limit => "quy định thời hạn",
            Slot::Signers => "quy định người ký",
            Slot::Deputy => "không cho ký thay",
            Slot::Seal => "quy định con dấu",
        },
        Language::English => match slot {
            Slot::Procedure => "sets the procedure",
            Slot::Limit => "sets the time limit",
            Slot::Signers => "names who signs",
            Slot::Deputy => "lets no deputy sign",
            Slot::Seal => "says whose seal",
        },
    }
}

/// The title of what stands in a slot.
#[must_use]
pub const fn slot(slot: Slot, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match slot {
            Slot::Procedure => "Trình tự",
            Slot::Limit => "Thời hạn quyết định",
            Slot::Signers => "Người ký",
            Slot::Deputy => "Ký thay",
            Slot::Seal => "Con dấu",
        },
        Language::English => match slot {
            Slot::Procedure => "Procedure",
            Slot::Limit => "To be decided within",
            Slot::Signers => "Signed by",
            Slot::Deputy => "Deputies",
            Slot::Seal => "Seal",
        },
    }
}

/// The code of a slot in JSON.
#[must_use]
pub const fn slot_code(slot: Slot) -> &'static str {
    match slot {
        Slot::Procedure => "procedure",
        Slot::Limit => "limit",
        Slot::Signers => "signers",
        Slot::Deputy => "deputy",
        Slot::Seal => "seal",
    }
}

/// `7 ngày làm việc`, `1 working day`, `the same day`.
#[must_use]
pub fn within(within: Within, language: Language) -> String {
    match (language, within) {
        (Language::Vietnamese, Within::SameDay) => "trong ngày".to_owned(),
        (Language::Vietnamese, Within::Days(days)) => format!("{days} ngày"),
        (Language::Vietnamese, Within::WorkingDays(days)) => format!("{days} ngày làm việc"),
        (Language::English, Within::SameDay) => "the same day".to_owned(),
        (Language::English, Within::Days(1)) => "1 day".to_owned(),
        (Language::English, Within::Days(days)) => format!("{days} days"),
        (Language::English, Within::WorkingDays(1)) => "1 working day".to_owned(),
        (Language::English, Within::WorkingDays(days)) => format!("{days} working days"),
    }
}

/// The same behind a verb: `trong 7 ngày làm việc`, `within 7 working days`.
#[must_use]
pub fn in_time(within: Within, language: Language) -> String {
    let time = self::within(within, language);
    match within {
        Within::SameDay => time,
        Within::Days(_) | Within::WorkingDays(_) => format!("{} {time}", pick(language, "trong", "within")),
    }
}

/// What is done at a step of a procedure.
#[must_use]
pub const fn deed(deed: Deed, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match deed {
            Deed::Examines => "thẩm tra",
            Deed::Verifies => "xác minh",
            Deed::InspectsTheSite => "kiểm tra thực địa",
            Deed::AsksForOpinions => "lấy ý kiến",
            Deed::GivesItsOpinion => "cho ý kiến",
            Deed::Appraises => "thẩm định",
            Deed::PostsTheNotice => "niêm yết",
            Deed::Submits => "trình",
            Deed::Decides => "quyết định",
            Deed::ReturnsTheResult => "trả kết quả",
        },
        Language::English => match deed {
            Deed::Examines => "examines",
            Deed::Verifies => "verifies",
            Deed::InspectsTheSite => "inspects the site",
            Deed::AsksForOpinions => "asks for opinions",
            Deed::GivesItsOpinion => "gives its opinion",
            Deed::Appraises => "appraises",
            Deed::PostsTheNotice => "posts the notice",
            Deed::Submits => "submits",
            Deed::Decides => "decides",
            Deed::ReturnsTheResult => "returns the result",
        },
    }
}

/// The code of what is done in JSON.
#[must_use]
pub const fn deed_code(deed: Deed) -> &'static str {
    match deed {
        Deed::Examines => "examines",
        Deed::Verifies => "verifies",
        Deed::InspectsTheSite => "inspects-site",
        Deed::AsksForOpinions => "asks-for-opinions",
        Deed::GivesItsOpinion => "gives-opinion",
        Deed::Appraises => "appraises",
        Deed::PostsTheNotice => "posts-notice",
        Deed::Submits => "submits",
        Deed::Decides => "decides",
        Deed::ReturnsTheResult => "returns-result",
    }
}

/// What must be obtained: followed by the holder's name.
#[must_use]
pub const fn requirement(kind: RequirementKind, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match kind {
            RequirementKind::PriorApproval => "chấp thuận trước của",
            RequirementKind::Appraisal => "thẩm định của",
            RequirementKind::Agreement => "thống nhất của",
            RequirementKind::Opinion => "ý kiến của",
            RequirementKind::Report => "báo cáo",
        },
        Language::English => match kind {
            RequirementKind::PriorApproval => "prior approval of",
            RequirementKind::Appraisal => "appraisal of",
            RequirementKind::Agreement => "agreement of",
            RequirementKind::Opinion => "opinion of",
            RequirementKind::Report => "report to",
        },
    }
}

/// The code of a requirement in JSON.
#[must_use]
pub const fn requirement_code(kind: RequirementKind) -> &'static str {
    match kind {
        RequirementKind::PriorApproval => "prior-approval",
        RequirementKind::Appraisal => "appraisal",
        RequirementKind::Agreement => "agreement",
        RequirementKind::Opinion => "opinion",
        RequirementKind::Report => "report",
    }
}

#[must_use]
pub const fn sharing(sharing: Sharing, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match sharing {
            Sharing::AnyOf => "một trong các chủ thể",
            Sharing::FirstToAccept => "người thụ lý đầu tiên",
            Sharing::ApplicantChooses => "người yêu cầu lựa chọn",
        },
        Language::English => match sharing {
            Sharing::AnyOf => "any of them",
            Sharing::FirstToAccept => "the first to accept",
            Sharing::ApplicantChooses => "the applicant chooses",
        },
    }
}

/// The code of *how shared* in JSON.
#[must_use]
pub const fn sharing_code(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::AnyOf => "any-of",
        Sharing::FirstToAccept => "first-to-accept",
        Sharing::ApplicantChooses => "applicant-chooses",
    }
}

#[must_use]
pub const fn conflict(kind: ConflictKind, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match kind {
            ConflictKind::Deciders => "các quy định ngang nhau chỉ định những người quyết định khác nhau",
            ConflictKind::Receivers => "cùng một thẩm quyền được chuyển cho nhiều nơi nhận khác nhau",
            ConflictKind::Circular => "việc phân cấp, giao, ủy quyền quay vòng về người đã giữ thẩm quyền",
            ConflictKind::Places => "vụ việc trải trên nhiều đơn vị và không quy định nào chọn một",
        },
        Language::English => match kind {
            ConflictKind::Deciders => "provisions of equal standing name different deciders",
            ConflictKind::Receivers => "the same authority is passed to different receivers",
            ConflictKind::Circular => "transfers come back to a holder that already had it",
            ConflictKind::Places => "the case spans several units and no rule chooses one",
        },
    }
}

/// The code of what makes a conflict in JSON.
#[must_use]
pub const fn conflict_code(kind: ConflictKind) -> &'static str {
    match kind {
        ConflictKind::Deciders => "deciders",
        ConflictKind::Receivers => "receivers",
        ConflictKind::Circular => "circular",
        ConflictKind::Places => "places",
    }
}

#[must_use]
pub const fn part(kind: PartKind, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match kind {
            PartKind::Annex => "Phụ lục",
            PartKind::Part => "phần",
            PartKind::Section => "Mục",
            PartKind::Subsection => "Tiểu mục",
            PartKind::Article => "Điều",
            PartKind::Clause => "khoản",
            PartKind::Point => "điểm",
            PartKind::Item => "dòng",
            PartKind::Paragraph => "đoạn",
        },
        Language::English => match kind {
            PartKind::Annex => "annex",
            PartKind::Part => "part",
            PartKind::Section => "section",
            PartKind::Subsection => "subsection",
            PartKind::Article => "article",
            PartKind::Clause => "clause",
            PartKind::Point => "point",
            PartKind::Item => "item",
            PartKind::Paragraph => "paragraph",
        },
    }
}

/// `điểm a khoản 2 Điều 59`, `article 59 clause 2 point a`; empty for a document as a whole.
#[must_use]
pub fn address(address: &Address, language: Language) -> String {
    let part =
        |(kind, number): &(PartKind, String)| format!("{} {number}", part(*kind, language)).trim_end().to_owned();
    let parts: Vec<String> = match language {
        Language::Vietnamese => address.0.iter().rev().map(part).collect(),
        Language::English => address.0.iter().map(part).collect(),
    };
    parts.join(" ")
}

/// `10/05/2023` or `2023-05-10`.
#[must_use]
pub fn date(date: Date, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
        Language::English => date.to_string(),
    }
}

/// `từ ngày … đến trước ngày …`; both ends open is `mọi ngày`.
#[must_use]
pub fn days(days: Days, language: Language) -> String {
    let say = |day| date(day, language);
    match language {
        Language::Vietnamese => match (days.from, days.before) {
            (Some(from), Some(before)) => format!("từ ngày {} đến trước ngày {}", say(from), say(before)),
            (Some(from), None) => format!("từ ngày {}", say(from)),
            (None, Some(before)) => format!("đến trước ngày {}", say(before)),
            (None, None) => "mọi ngày".to_owned(),
        },
        Language::English => match (days.from, days.before) {
            (Some(from), Some(before)) => format!("from {} before {}", say(from), say(before)),
            (Some(from), None) => format!("from {}", say(from)),
            (None, Some(before)) => format!("before {}", say(before)),
            (None, None) => "on every day".to_owned(),
        },
    }
}
