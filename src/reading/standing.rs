//! Standing reports: readings of all tasks at once, on a day or between two. Each is data first, then a [`Sheet`](super::sheet).
//! Knows diagrams and sentences, not the forms in which tables are written.

pub mod clears;
pub mod expiring;
pub mod load;
pub mod portfolio;
mod reach;
pub mod register;

use crate::reading::naming::Voice;
use crate::reading::words::{self, pick};
use crate::resolution::Holding;
use crate::rulebook::Language;
use crate::ruling::{Named, Outcome};

/// A ruling in few words, its seats in symbols: who decides, or that nobody does.
fn in_brief(voice: Voice<'_>, holding: &Holding) -> String {
    let named = |seat| voice.named(Named { seat, unit: None });
    let names: Vec<String> = holding.holders.iter().map(|holder| named(holder.seat)).collect();
    let outcome = words::outcome_name(holding.outcome, voice.language);
    match holding.outcome {
        Outcome::Decided => names.join("; "),
        Outcome::Concurrent | Outcome::Conflict | Outcome::Orphaned => format!("{outcome}: {}", names.join("; ")),
        Outcome::Gap | Outcome::NotRequired | Outcome::Open | Outcome::NotCovered | Outcome::Undetermined => {
            outcome.to_owned()
        }
    }
}

/// `5 đơn vị`: of the lowest level.
fn units(count: usize, language: Language) -> String {
    match language {
        Language::Vietnamese => format!("{count} đơn vị"),
        Language::English if count == 1 => "1 unit".to_owned(),
        Language::English => format!("{count} units"),
    }
}

/// What stands in the stead of a task's report whose rules fall into too many regions.
const fn too_many(language: Language) -> &'static str {
    pick(language, "quy định chia thành quá nhiều trường hợp", "the rules fall into too many cases")
}
