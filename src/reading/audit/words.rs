//! An audit in words, both languages: verdicts, who was competent, what was mistaken for what, what is wrong with a row.

use super::judge::{Judged, Near};
use super::row::{Bad, Finding, Found, Known};
use super::signer::{Bench, Signer};
use super::{Tally, Verdict};
use crate::reading::explain;
use crate::reading::naming::Voice;
use crate::reading::trouble;
use crate::reading::words::{self, date, pick};
use crate::rulebook::Language;
use crate::ruling::{Ground, Held};

/// The name of a verdict.
#[must_use]
pub const fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match language {
        Language::Vietnamese => match verdict {
            Verdict::Competent => "đúng thẩm quyền",
            Verdict::UltraVires => "trái thẩm quyền",
            Verdict::Undetermined => "chưa xác định",
            Verdict::Gap => "bỏ trống",
            Verdict::Conflict => "chồng chéo",
            Verdict::Orphaned => "mất chủ thể",
            Verdict::NotRequired => "không phải thực hiện",
            Verdict::Open => "bỏ ngỏ",
            Verdict::NotCovered => "ngoài phạm vi",
        },
        Language::English => match verdict {
            Verdict::Competent => "competent",
            Verdict::UltraVires => "ultra vires",
            Verdict::Undetermined => "undetermined",
            Verdict::Gap => "gap",
            Verdict::Conflict => "conflict",
            Verdict::Orphaned => "orphaned",
            Verdict::NotRequired => "not required",
            Verdict::Open => "open",
            Verdict::NotCovered => "not covered",
        },
    }
}

/// The code of a verdict in JSON.
#[must_use]
pub const fn verdict_code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Competent => "competent",
        Verdict::UltraVires => "ultra-vires",
        Verdict::Undetermined => "undetermined",
        Verdict::Gap => "gap",
        Verdict::Conflict => "conflict",
        Verdict::Orphaned => "orphaned",
        Verdict::NotRequired => "not-required",
        Verdict::Open => "open",
        Verdict::NotCovered => "not-covered",
    }
}

/// The name of what a row that cannot be judged is.
#[must_use]
pub const fn bad_row(language: Language) -> &'static str {
    pick(language, "dòng lỗi", "bad row")
}

/// `UBND phường Hải Châu`: who signed.
pub(super) fn signer(voice: Voice<'_>, signer: &Signer) -> String {
    let body = voice.name(&voice.rulebook[signer.body].names);
    let row = match &signer.bench {
        Bench::Nowhere => return body.to_owned(),
        Bench::At(row) => Some(*row),
        Bench::Gone(rows, _) => rows.last().copied(),
    };
    let unit = row.map_or_else(String::new, |row| voice.row(row));
    [body, pick(voice.language, " ", " of "), &unit].concat()
}

/// Those who decide, or contend.
pub(super) fn competent(voice: Voice<'_>, judged: &Judged) -> String {
    let mut names: Vec<String> = judged.deciders.iter().map(|decider| voice.named(decider.who)).collect();
    names.dedup();
    names.join("; ")
}

/// By what they hold the task.
pub(super) fn held(voice: Voice<'_>, judged: &Judged) -> String {
    let mut held: Vec<Held> = judged.deciders.iter().map(|decider| decider.held).collect();
    held.sort();
    held.dedup();
    held.into_iter().map(|held| words::held(held, voice.language)).collect::<Vec<_>>().join("; ")
}

/// The grounds in one line, what is doubtful about each behind it.
pub(super) fn cited(voice: Voice<'_>, grounds: &[Ground]) -> String {
    let mut cited: Vec<String> = Vec::new();
    for ground in grounds {
        let marks = explain::marks(voice, ground.provision);
        let marks = if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
        let one = format!("{}{marks}", voice.citation(ground.provision));
        if !cited.contains(&one) {
            cited.push(one);
        }
    }
    cited.join("; ")
}

/// What the verdict does not say alone: what is missing, what was mistaken for what.
pub(super) fn notes(voice: Voice<'_>, judged: &Judged, signer: &Signer) -> Vec<String> {
    let missing = judged.missing.map(|about| {
        let what = explain::asked(voice, about);
        match voice.language {
            Language::Vietnamese => format!("cần biết: {what}"),
            Language::English => format!("depends on: {what}"),
        }
    });
    missing.into_iter().chain(judged.near.iter().map(|one| near(voice, *one, signer))).collect()
}

/// What the signer was.
#[must_use]
pub fn near(voice: Voice<'_>, near: Near, signer: &Signer) -> String {
    match voice.language {
        Language::Vietnamese => match near {
            Near::UnitGone => format!("đơn vị ký khi đó không còn{}", became(voice, signer)),
            Near::BodyAbsent => "nơi ký khi đó không tổ chức cơ quan này".to_owned(),
            Near::ItsHead => {
                format!(
                    "{} đã ký việc do người đứng đầu của mình quyết định",
                    voice.name(&voice.rulebook[signer.body].names)
                )
            }
            Near::ItsBody => "người đứng đầu đã ký việc do chính cơ quan quyết định".to_owned(),
            Near::OtherUnit => "đúng loại cơ quan, đúng cấp, nhưng của đơn vị khác".to_owned(),
            Near::OtherLevel => "đúng loại cơ quan, nhưng ở cấp khác".to_owned(),
            Near::PassedOn(by) => format!("cơ quan ký đã chuyển giao việc này theo {}", voice.citation(by)),
            Near::MayStepIn => {
                "cơ quan ký có quyền trực tiếp quyết định thay: cần biết đã rút việc lên hay chưa".to_owned()
            }
        },
        Language::English => match near {
            Near::UnitGone => format!("the signer's unit had ended by then{}", became(voice, signer)),
            Near::BodyAbsent => "there was no such body in the signer's unit then".to_owned(),
            Near::ItsHead => {
                format!("{} signed what its head decides", voice.name(&voice.rulebook[signer.body].names))
            }
            Near::ItsBody => "the head signed what the body itself decides".to_owned(),
            Near::OtherUnit => "the right body at the right level, but of another unit".to_owned(),
            Near::OtherLevel => "the right body, but at another level".to_owned(),
            Near::PassedOn(by) => format!("the signer had passed this on by {}", voice.citation(by)),
            Near::MayStepIn => "the signer may take the case back: whether it did has to be known".to_owned(),
        },
    }
}

/// The code of what the signer was in JSON.
#[must_use]
pub const fn near_code(near: Near) -> &'static str {
    match near {
        Near::UnitGone => "unit-gone",
        Near::BodyAbsent => "body-absent",
        Near::ItsHead => "its-head",
        Near::ItsBody => "its-body",
        Near::OtherUnit => "other-unit",
        Near::OtherLevel => "other-level",
        Near::PassedOn(_) => "passed-on",
        Near::MayStepIn => "may-step-in",
    }
}

/// What became of a signer's unit that had ended.
fn became(voice: Voice<'_>, signer: &Signer) -> String {
    let fates = match &signer.bench {
        Bench::Gone(_, fates) => fates.as_slice(),
        Bench::Nowhere | Bench::At(_) => &[],
    };
    // A district became so many communes that naming them says nothing.
    const LISTED: usize = 3;
    match fates {
        [] => String::new(),
        few if few.len() <= LISTED => {
            let units: Vec<String> = few
                .iter()
                .map(|fate| {
                    let from = pick(voice.language, "từ ngày", "from");
                    format!("{} {from} {}", voice.row(fate.row), date(fate.date, voice.language))
                })
                .collect();
            format!(": {}", units.join(", "))
        }
        [first, ..] => {
            let from = pick(voice.language, "từ ngày", "from");
            format!(" {from} {}", date(first.date, voice.language))
        }
    }
}

/// The code of what is wrong with a row in JSON.
#[must_use]
pub fn bad_code(bad: &Bad) -> &'static str {
    match bad {
        Bad::Cells { .. } => "wrong-cells",
        Bad::NotText { .. } => "not-text",
        Bad::OpenQuote => "open-quote",
        Bad::TooLong { .. } => "too-long",
        Bad::NoSignerUnit => "no-signer-unit",
        Bad::SignerBody(trouble) | Bad::SignerUnit(trouble) | Bad::Question(trouble) => trouble.code(),
    }
}

/// What is wrong with a row.
#[must_use]
pub fn bad(voice: Voice<'_>, bad: &Bad) -> String {
    let language = voice.language;
    match bad {
        Bad::Cells { found, wanted } => match language {
            Language::Vietnamese => format!("dòng có {found} ô, tiêu đề có {wanted} cột"),
            Language::English => format!("the row has {found} cells, the header {wanted} columns"),
        },
        Bad::NotText { column } => match language {
            Language::Vietnamese => format!("ô thứ {column} không phải UTF-8"),
            Language::English => format!("cell {column} is not UTF-8"),
        },
        Bad::OpenQuote => {
            pick(language, "dấu nháy kép mở mà không đóng", "a quotation mark is opened and not closed").to_owned()
        }
        Bad::TooLong { limit } => match language {
            Language::Vietnamese => format!("dòng dài hơn {limit} byte"),
            Language::English => format!("the row is longer than {limit} bytes"),
        },
        Bad::NoSignerUnit => pick(language, "thiếu đơn vị của cơ quan ký", "the signer's unit is missing").to_owned(),
        Bad::SignerBody(trouble) => {
            format!("{}: {}", pick(language, "cơ quan ký", "the signer's body"), question(voice, trouble))
        }
        Bad::SignerUnit(trouble) => {
            format!("{}: {}", pick(language, "đơn vị ký", "the signer's unit"), question(voice, trouble))
        }
        Bad::Question(trouble) => question(voice, trouble),
    }
}

/// What is wrong with a question, what was expected and what may have been meant, in one line.
fn question(voice: Voice<'_>, trouble: &trouble::Trouble) -> String {
    let mut line = trouble.words(voice);
    if let Some(expected) = trouble.expected(voice) {
        line = format!("{line}; {} {expected}", pick(voice.language, "cần", "expected"));
    }
    if let Some(suggestion) = trouble.suggestion(voice) {
        line = format!("{line}; {} `{suggestion}`?", pick(voice.language, "có phải là", "perhaps"));
    }
    line
}

/// A finding as lines of text: one for what is fine, and what there is to say of the rest below it.
#[must_use]
pub fn lines(voice: Voice<'_>, finding: &Finding) -> Vec<String> {
    let language = voice.language;
    let line = finding.line;
    let day = finding.on.map(|day| format!(" ({})", date(day, language))).unwrap_or_default();
    let named = format!("{line}: {}{day}", finding.number);
    match &*finding.found {
        Found::Bad(wrong) => vec![format!("{named}: {}: {}", bad_row(language), bad(voice, wrong))],
        Found::Judged(known) => {
            let task = voice.name(&voice.rulebook[known.task].names);
            let mut lines =
                vec![format!("{named}: {}: {task}, {}", verdict(known.judged.verdict, language), known.signed)];
            if !known.judged.verdict.is_fine() {
                lines.extend(told(known, language).into_iter().map(|line| format!("    {line}")));
            }
            lines
        }
    }
}

fn told(known: &Known, language: Language) -> Vec<String> {
    let mut lines: Vec<String> = known.notes.clone();
    if !known.competent.is_empty() && known.names_somebody() {
        let held = if known.held.is_empty() { String::new() } else { format!(" ({})", known.held) };
        lines.push(format!("{}: {}{held}", whose(known.judged.verdict, language), known.competent));
    }
    if !known.cited.text.is_empty() {
        lines.push(format!("{}: {}", pick(language, "căn cứ", "grounds"), known.cited.text));
    }
    lines
}

/// What stands before those whom the ruling names.
const fn whose(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Undetermined => pick(language, "có thể thuộc", "may lie with"),
        Verdict::Conflict => pick(language, "giữa", "between"),
        Verdict::Orphaned => pick(language, "thuộc chủ thể không còn tồn tại", "lies with one that is gone"),
        Verdict::Competent
        | Verdict::UltraVires
        | Verdict::Gap
        | Verdict::NotRequired
        | Verdict::Open
        | Verdict::NotCovered => pick(language, "thuộc thẩm quyền", "competent"),
    }
}

/// How many rows there were of each kind, those of which there were some.
#[must_use]
pub fn summary(tally: &Tally, language: Language) -> String {
    let some = tally.of_each().filter(|(_, count)| *count > 0);
    let each = some.map(|(one, count)| format!("{count} {}", verdict(one, language)));
    let bad = (tally.bad > 0).then(|| format!("{} {}", tally.bad, bad_row(language)));
    let parts: Vec<String> = each.chain(bad).collect();
    let rows = tally.rows();
    match language {
        Language::Vietnamese if parts.is_empty() => "không có quyết định nào".to_owned(),
        Language::English if parts.is_empty() => "no decisions".to_owned(),
        Language::Vietnamese => format!("{rows} quyết định: {}", parts.join(", ")),
        Language::English => format!("decisions: {rows}; {}", parts.join(", ")),
    }
}
