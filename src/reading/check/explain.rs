//! What each code means, which section of the documentation makes it a fault, and an example of it: bad, and mended. The
//! examples stand on the catalogue of `docs/check/base.tq`; a test checks them, and that both languages say the same.

mod texts;

use super::{Code, words};
use crate::reading::words::pick;
use crate::rulebook::Language;

/// What is told of a code; pairs are Vietnamese and English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub title: (&'static str, &'static str),
    pub meaning: (&'static str, &'static str),
    /// The page and the heading that make it a fault.
    pub basis: &'static str,
}

/// Rules with a fault, and the same without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    pub bad: &'static str,
    pub mended: &'static str,
}

/// Where faults are laid down.
#[derive(Debug, Clone, Copy)]
enum Section {
    OwnTerms,
    Force,
    Competence,
    Win,
    Holding,
    Moving,
    Standing,
    Bounds,
    Handling,
    Checked,
}

impl Section {
    const fn words(self) -> &'static str {
        match self {
            Self::OwnTerms => "docs/semantics.md, 1. Own terms",
            Self::Force => "docs/semantics.md, 2. Force",
            Self::Competence => "docs/semantics.md, 3. Competence",
            Self::Win => "docs/semantics.md, 4. WIN",
            Self::Holding => "docs/semantics.md, 5. Holding",
            Self::Moving => "docs/semantics.md, 6. Moving",
            Self::Handling => "docs/semantics.md, 7. Standing and ruling",
            Self::Standing => "docs/semantics.md, 7. Standing and ruling",
            Self::Bounds | Self::Checked => "docs/check.md, What it does not know",
        }
    }
}

#[must_use]
pub const fn told(code: Code) -> Told {
    match code {
        Code::Gap => texts::GAP,
        Code::Conflict => texts::CONFLICT,
        Code::Orphaned => texts::ORPHANED,
        Code::NotHeld => texts::NOT_HELD,
        Code::WrongSubject => texts::WRONG_SUBJECT,
        Code::Forbidden => texts::FORBIDDEN,
        Code::WrongPair => texts::WRONG_PAIR,
        Code::Upward => texts::UPWARD,
        Code::NoTerm => texts::NO_TERM,
        Code::PassedOn => texts::PASSED_ON,
        Code::ReceiverAbsent => texts::RECEIVER_ABSENT,
        Code::OutlivesBasis => texts::OUTLIVES_BASIS,
        Code::Incompetent => texts::INCOMPETENT,
        Code::CanonsDisagree => texts::CANONS_DISAGREE,
        Code::CanonsByClaim => texts::CANONS_BY_CLAIM,
        Code::UnfoundedClaim => texts::UNFOUNDED_CLAIM,
        Code::TooMany => texts::TOO_MANY,
        Code::BasisEnded => texts::BASIS_ENDED,
        Code::Dead => texts::DEAD,
        Code::Unreachable => texts::UNREACHABLE,
        Code::DelegationEnds => texts::DELEGATION_ENDS,
        Code::Unlike => texts::UNLIKE,
        Code::OverLimit => texts::OVER_LIMIT,
        Code::Unclear => texts::UNCLEAR,
        Code::Duplicate => texts::DUPLICATE,
        Code::Unchecked => texts::UNCHECKED,
    }
}

/// The line between the bad rules of an example and the mended ones.
const MENDED: &str = "\n# mended\n";

/// The example of a code; none where it would fill pages.
#[must_use]
pub fn example(code: Code, language: Language) -> Option<Example> {
    let text = text(code).map(|(vietnamese, english)| pick(language, vietnamese, english))?;
    let (bad, mended) = text.split_once(MENDED)?;
    Some(Example { bad: bad.trim(), mended: mended.trim() })
}

macro_rules! texts {
    ($code:literal) => {
        Some((
            include_str!(concat!("../../../docs/check/", $code, ".vi.tq")),
            include_str!(concat!("../../../docs/check/", $code, ".en.tq")),
        ))
    };
}

/// In Vietnamese and in English.
const fn text(code: Code) -> Option<(&'static str, &'static str)> {
    match code {
        Code::Gap => texts!("gap"),
        Code::Conflict => texts!("conflict"),
        Code::Orphaned => texts!("orphaned"),
        Code::NotHeld => texts!("void-not-held"),
        Code::WrongSubject => texts!("wrong-subject"),
        Code::Forbidden => texts!("void-forbidden"),
        Code::WrongPair => texts!("void-pair"),
        Code::Upward => texts!("void-upward"),
        Code::NoTerm => texts!("void-no-term"),
        Code::PassedOn => texts!("void-passed-on"),
        Code::ReceiverAbsent => texts!("void-receiver"),
        Code::OutlivesBasis => texts!("outlives-basis"),
        Code::Incompetent => texts!("incompetent"),
        Code::CanonsDisagree => texts!("canons-disagree"),
        Code::CanonsByClaim => texts!("canons-by-claim"),
        Code::UnfoundedClaim => texts!("unfounded-claim"),
        Code::BasisEnded => texts!("basis-ended"),
        Code::Dead => texts!("dead-provision"),
        Code::Unreachable => texts!("unreachable"),
        Code::DelegationEnds => texts!("delegation-ends"),
        Code::Unlike => texts!("unlike-handling"),
        Code::OverLimit => texts!("over-limit"),
        Code::Unclear => texts!("unclear"),
        Code::Duplicate => texts!("duplicate"),
        Code::TooMany | Code::Unchecked => None,
    }
}

/// A code as it is explained, line by line.
#[must_use]
pub fn lines(code: Code, language: Language) -> Vec<String> {
    let told = told(code);
    let of = |(vietnamese, english): (&'static str, &'static str)| pick(language, vietnamese, english);
    let severity = words::severity(code.severity(), language);
    let mut lines = vec![format!("{}[{}]: {}", severity, code.id(), of(told.title)), String::new()];
    lines.push(of(told.meaning).to_owned());
    lines.push(format!("{}: {}", of(("theo", "by")), told.basis));
    if let Some(Example { bad, mended }) = example(code, language) {
        let shown = [(bad, of(("Ví dụ có lỗi:", "An example with the fault:"))), (mended, of(("Sửa lại:", "Mended:")))];
        for (rules, title) in shown {
            lines.extend([String::new(), title.to_owned(), String::new()]);
            lines.extend(rules.lines().map(|line| format!("    {line}").trim_end().to_owned()));
        }
    }
    lines
}
