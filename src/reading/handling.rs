//! How a task is handled, in words: a title and what stands under it for each slot. Knows nothing of seats: who is named it is
//! told how to say.

use super::naming::Voice;
use super::signature::{Mark, Signature};
use super::words::{self, pick};
use crate::rulebook::{Handling, Language, Paper, Procedure, Slot, Stage};
use crate::ruling::Named;

/// A slot and what is said of it, in lines.
pub type Told = (Slot, Vec<String>);

/// Each slot of which something is said. Where texts of equal standing are unlike, that comes first, then what each says.
#[must_use]
pub fn told<S>(language: Language, all: &[Handling<S>], name: &dyn Fn(&S) -> String) -> Vec<Told> {
    let slot = |slot: &Slot| {
        let own: Vec<&Handling<S>> = all.iter().filter(|one| one.slot() == *slot).collect();
        let unlike = (own.len() > 1).then(|| unlike(language).to_owned());
        let lines: Vec<String> =
            unlike.into_iter().chain(own.iter().flat_map(|one| lines(language, one, name))).collect();
        (*slot, lines)
    };
    Slot::ALL.iter().map(slot).filter(|(_, lines)| !lines.is_empty()).collect()
}

/// What is said where texts of equal standing are unlike.
pub const fn unlike(language: Language) -> &'static str {
    pick(language, "(các văn bản ngang nhau quy định khác nhau)", "(texts of equal standing are unlike)")
}

fn lines<S>(language: Language, one: &Handling<S>, name: &dyn Fn(&S) -> String) -> Vec<String> {
    match one {
        Handling::Procedure(procedure) => steps(language, procedure, name),
        Handling::Limit(within) => vec![words::within(*within, language)],
        Handling::Signers(signers) => {
            let names: Vec<String> = signers.iter().map(name).collect();
            vec![names.join(pick(language, " hoặc ", " or "))]
        }
        Handling::NoDeputy => vec![pick(language, "không được ký thay", "no deputy may sign").to_owned()],
        Handling::Seal(of) => vec![name(of)],
    }
}

fn steps<S>(language: Language, procedure: &Procedure<S>, name: &dyn Fn(&S) -> String) -> Vec<String> {
    let Procedure { received_by, stages, result } = procedure;
    let all = |seats: &[S]| seats.iter().map(name).collect::<Vec<_>>().join("; ");
    let mut lines = Vec::new();
    if !received_by.is_empty() {
        lines.push(format!("{}: {}", pick(language, "tiếp nhận", "received by"), all(received_by)));
    }
    for (number, Stage { by, deed, within }) in (1_usize..).zip(stages) {
        let within = within.map_or_else(String::new, |within| format!(" {}", words::in_time(within, language)));
        lines.push(format!("{number}. {} {}{within}", all(by), words::deed(*deed, language)));
    }
    if let Some(takes) = procedure.takes().filter(|_| stages.len() > 1) {
        let total = pick(language, "cộng các bước", "the steps together");
        lines.push(format!("{total}: {}", words::within(takes, language)));
    }
    if let Some(result) = result {
        lines.push(format!("{}: {}", pick(language, "kết quả", "result"), paper(result, language)));
    }
    lines
}

/// The name of a result in a language; where it has none there, the Vietnamese one.
#[must_use]
pub fn paper(paper: &Paper, language: Language) -> &str {
    match (language, &paper.english) {
        (Language::English, Some(english)) => english,
        (Language::Vietnamese | Language::English, _) => &paper.vietnamese,
    }
}

/// `TM. UBND phường A: Chủ tịch UBND phường A; cấp phó được ký thay (KT.)`.
#[must_use]
pub fn signature(voice: Voice<'_>, signature: &Signature) -> String {
    let name = |named: Named| voice.named(named);
    let language = voice.language;
    let mark = signature.mark.map(|(mark, of)| format!("{} {}", mark_code(mark), name(of)));
    let in_place = signature.in_place_of.map(|of| format!("KT. {}", name(of)));
    let above: Vec<String> = mark.into_iter().chain(in_place).collect();
    let above = if above.is_empty() { String::new() } else { format!("{}: ", above.join(", ")) };
    let deputy = pick(language, "; cấp phó được ký thay (KT.)", "; a deputy may sign in its place (KT.)");
    format!("{above}{}{}", name(signature.signer), if signature.deputy { deputy } else { "" })
}

/// The mark as it stands above a signature.
#[must_use]
pub const fn mark_code(mark: Mark) -> &'static str {
    match mark {
        Mark::OnBehalf => "TM.",
        Mark::ByDelegation => "TUQ.",
    }
}
