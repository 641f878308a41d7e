//! `tq review --list`: what there is to review, for people and for programs.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value as Json, json};

use super::super::snapshot::unified::counted;
use super::super::{Console, Format, Status};
use super::against::Against;
use super::found::{Found, Item, Kept, Moves, Regions, Why};
use super::{Case, words};
use crate::reading::diff::Class;

pub(super) fn show(
    (case, against, found): (Case<'_>, &Against, &Found<'_>),
    console: &mut Console<'_>,
) -> io::Result<Status> {
    match console.format {
        Format::Json => console.say(&format!("{:#}", report(case, against, found)))?,
        Format::Text => {
            for line in lines((case, against, found), console) {
                console.say(&line)?;
            }
        }
    }
    Ok(if found.items.is_empty() { Status::Fine } else { Status::Findings })
}

fn lines((case, against, found): (Case<'_>, &Against, &Found<'_>), console: &Console<'_>) -> Vec<String> {
    let language = console.language;
    let side = side(against);
    let mut lines = words::head(found.items.len(), case.folder, against, language);
    for item in &found.items {
        lines.push(String::new());
        lines.push(format!("{} ({})", item.title, item.id));
        let state = words::state(item, changed_lines(item), language);
        lines.push(format!("  {}: {state}", case.folder.join(item.change.name).display()));
        lines.extend(words::moves(item, side, language).into_iter().map(|line| format!("  {line}")));
    }
    lines.extend(words::silent(&found.silent, side, language));
    lines
}

/// The other side as it was named.
pub(super) fn side(against: &Against) -> &str {
    match against {
        Against::Compared(compared) => &compared.named,
        Against::Alone(_) => "",
    }
}

/// How many lines of a text come, and how many go.
fn changed_lines(item: &Item<'_>) -> (usize, usize) {
    counted(item.change.old.unwrap_or_default(), item.change.new.unwrap_or_default())
}

fn report(case: Case<'_>, against: &Against, found: &Found<'_>) -> Json {
    let (side, version, why) = match against {
        Against::Compared(compared) => (Some(&compared.named), Some(&compared.old.version), None),
        Against::Alone(why) => (None, None, Some(why)),
    };
    let item = |item: &Item<'_>| {
        let (more, fewer) = changed_lines(item);
        let (regions, kept) = match &item.moves {
            Moves::Unknown => (None, None),
            Moves::Compared { regions, kept } => (Some(by_code(regions)), Some(*kept == Kept::OfThatSide)),
        };
        json!({
            "task": item.id,
            "name": item.title,
            "file": case.folder.join(item.change.name).to_string_lossy().replace('\\', "/"),
            "state": match (item.change.old, item.change.new) {
                (None, _) => "missing",
                (Some(_), None) => "left-over",
                (Some(_), Some(_)) => "changed",
            },
            "lines": { "more": more, "fewer": fewer },
            "regions": regions,
            "kept_is_of_side": kept,
        })
    };
    let silent = found.silent.iter().map(|one| {
        json!({
            "task": one.id,
            "name": one.title,
            "why": match one.why {
                Why::Accepted => "accepted",
                Why::SameText => "same-text",
            },
            "regions": by_code(&one.regions),
        })
    });
    json!({
        "format": 1,
        "version": case.library.version,
        "against": { "side": side, "version": version, "why_not": why },
        "left": found.items.len(),
        "snapshots": found.items.iter().map(item).collect::<Vec<_>>(),
        "same": silent.collect::<Vec<_>>(),
    })
}

/// The gravest first.
fn by_code(regions: &BTreeMap<Class, Regions>) -> serde_json::Map<String, Json> {
    regions.iter().map(|(class, own)| (class.code().to_owned(), json!(own.count))).collect()
}
