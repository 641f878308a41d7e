//! What came of a log, for programs: every member always there.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::shelf::Shelf;
use super::tally::{Change, Now, Tally};
use super::text::{command, refusal, shown};
use crate::reading::logged::Difference;
use crate::reading::naming::Voice;
use crate::server::decisions::section::flaw_words;
use crate::syntax::tree::Language;

pub(super) fn shape(tally: &Tally, shelf: Option<&Shelf>, language: Language) -> Json {
    let counts: BTreeMap<&str, u64> = Difference::ALL
        .iter()
        .map(|difference| (difference.code(), tally.counts.get(difference).copied().unwrap_or_default()))
        .collect();
    let changes = shelf.map(|_| {
        let told = |(difference, change): (Difference, &Change)| {
            of_change(Voice::new(&change.rules.library.rulebook, language), difference, change)
        };
        shown(tally).map(told).collect::<Vec<_>>()
    });
    let broken = tally
        .broken
        .as_ref()
        .map(|broken| json!({ "file": broken.file, "line": broken.line, "why": flaw_words(&broken.flaw, language) }));
    json!({
        "format": 1,
        "rules": shelf.and_then(Shelf::version),
        "records": tally.records,
        "first": tally.span.map(|(first, _)| first),
        "last": tally.span.map(|(_, link)| json!({ "number": link.number, "hash": link.before() })),
        "starts": tally.starts,
        "stopped": tally.stopped,
        "anew": tally.anew,
        "set_aside": tally.set_aside,
        "publications": tally.publications,
        "lost": tally.lost,
        "one_in": tally.one_in,
        "answers": tally.answers,
        "same": shelf.map(|_| tally.same),
        "hidden": shelf.map(|_| tally.hidden),
        "hidden_facts": shelf.map(|_| &tally.hidden_facts),
        "unknown": shelf.map(|_| &tally.unknown),
        "counts": shelf.map(|_| counts),
        "changes": changes,
        "broken": broken,
    })
}

fn of_change(voice: Voice<'_>, difference: Difference, change: &Change) -> Json {
    let now = match &change.now {
        Now::Ruled(ruling, _) => Some(ruling),
        Now::Refused(_) => None,
    };
    json!({
        "class": difference.code(),
        "record": change.record,
        "at": change.at,
        "via": change.via,
        "request": change.request,
        "times": change.times,
        "version": change.told.version,
        "entry": change.told.entry,
        "question": change.told.question,
        "before": change.told.ruling,
        "after": now,
        "refused": refusal(voice, change),
        "ask": command(change),
    })
}
