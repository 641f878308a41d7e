//! The id of a ruling: hashes of a text that says it by ids, codes and numbers of documents alone. In it is what a ruling says of
//! the one case that was asked, and neither words nor the days around it on which it stays so, which another law may cut
//! without touching the case. Of what is still to be known it says what is asked and what it may come to, not where the lines
//! between run.

use std::fmt::Write as _;

use crate::digest::Digest;
use crate::reading::naming::Voice;
use crate::reading::words;
use crate::rulebook::{Handling, Language, RequirementKind, Rulebook, SealOf, SeatAt, Sharing};
use crate::ruling::{About, Answer, ConflictKind, Decider, Ground, LeadsTo, Named, NextQuestion, Outcome};

/// `who-beside-grounds`, 16 digits each.
pub(super) fn of(rulebook: &Rulebook, answer: &Answer) -> String {
    let canon = Canon { rulebook };
    let mut holder = canon.holder(answer.outcome, answer.sharing, answer.conflict, &answer.deciders);
    if let Some(next) = &answer.next {
        canon.next(next, &mut holder);
    }
    let beside = canon.beside(&answer.requirements, &answer.may_step_in, &answer.handling);
    let mut grounds = canon.grounds(&answer.grounds);
    if answer.framework_unread {
        grounds.push_str("framework unread\n");
    }
    let hash = |text: &str| Digest::of(text.as_bytes()).first(16);
    [hash(&holder), hash(&beside), hash(&grounds)].join("-")
}

struct Canon<'a> {
    rulebook: &'a Rulebook,
}

impl Canon<'_> {
    fn holder(
        &self,
        outcome: Outcome,
        sharing: Option<Sharing>,
        conflict: Option<ConflictKind>,
        deciders: &[Decider],
    ) -> String {
        let mut text = String::with_capacity(128);
        text.push_str(words::outcome_code(outcome));
        text.push('\n');
        text.push_str(sharing.map_or("", words::sharing_code));
        text.push('\n');
        text.push_str(conflict.map_or("", words::conflict_code));
        text.push('\n');
        let lines = deciders.iter().map(|one| {
            let seal = match one.seal {
                None => "",
                Some(SealOf::Receiver) => "receiver",
                Some(SealOf::Giver) => "giver",
            };
            let (who, answerable) = (self.seat(one.who), self.seat(one.answerable));
            format!("{who} {} {answerable} {seal}", words::held_code(one.held))
        });
        sorted(lines, &mut text);
        text
    }

    /// What is asked, and all that it may come to.
    fn next(&self, next: &NextQuestion, text: &mut String) {
        match next.about {
            About::Fact(fact) => writes(text, "fact", &self.rulebook[fact].names.id),
            About::Place(role) => writes(text, "place", &self.rulebook[role].names.id),
            About::Reading(reading) => {
                let of = &self.rulebook[self.rulebook[reading].text];
                writes(text, "reading", &self.rulebook[of.document].number);
            }
        }
        let ends = next.branches.iter().map(|branch| match &branch.leads_to {
            LeadsTo::Ruling { outcome, deciders, sharing, conflict, .. } => {
                self.holder(*outcome, *sharing, *conflict, deciders)
            }
            LeadsTo::Further(further) => {
                let mut text = String::new();
                self.next(further, &mut text);
                text
            }
        });
        sorted(ends, text);
    }

    fn beside(
        &self,
        requirements: &[(RequirementKind, Named)],
        may_step_in: &[Named],
        handling: &[Handling<Named>],
    ) -> String {
        let requirements =
            requirements.iter().map(|(kind, of)| format!("{} {}", words::requirement_code(*kind), self.seat(*of)));
        let may_step_in = may_step_in.iter().map(|of| format!("may step in {}", self.seat(*of)));
        let mut text = String::new();
        sorted(requirements.chain(may_step_in).chain(handling.iter().map(|one| self.handling(one))), &mut text);
        text
    }

    fn handling(&self, handling: &Handling<Named>) -> String {
        let seats = |all: &[Named]| all.iter().map(|one| self.seat(*one)).collect::<Vec<_>>().join(" or ");
        let within = |within| words::within(within, Language::English);
        match handling {
            Handling::Procedure(procedure) => {
                let mut text = format!("procedure received by {}", seats(&procedure.received_by));
                for stage in &procedure.stages {
                    let takes = stage.within.map(within).unwrap_or_default();
                    let _ = write!(text, "; {} {} {takes}", seats(&stage.by), words::deed_code(stage.deed));
                }
                let result = procedure.result.as_ref().map_or("", |paper| paper.vietnamese.as_str());
                text + "; " + result
            }
            Handling::Limit(limit) => format!("limit {}", within(*limit)),
            Handling::Signers(signers) => format!("signers {}", seats(signers)),
            Handling::NoDeputy => "no deputy".to_owned(),
            Handling::Seal(of) => format!("seal {}", self.seat(*of)),
        }
    }

    fn grounds(&self, grounds: &[Ground]) -> String {
        let mut text = String::with_capacity(64 * grounds.len());
        sorted(grounds.iter().map(|one| self.ground(one)), &mut text);
        text
    }

    fn ground(&self, ground: &Ground) -> String {
        let provision = &self.rulebook[ground.provision];
        let of = &self.rulebook[provision.text];
        let (document, wording) = (&self.rulebook[of.document], &self.rulebook[of.enacted_by]);
        let mut text = String::with_capacity(64);
        let step = words::step_code(ground.step);
        let _ = write!(text, "{step} {} {} {}", document.number, document.issued, wording.number);
        for (kind, number) in &of.address.0 {
            let _ = write!(text, " {} {number}", words::part(*kind, Language::English));
        }
        if let Some((reading, option)) = provision.reading {
            let voice = Voice::new(self.rulebook, Language::English);
            let _ = write!(text, " read as {}", voice.reading_option(reading, option));
        }
        text
    }

    /// `ubnd=490`; where no unit is known, in words of the task's places.
    fn seat(&self, named: Named) -> String {
        let rulebook = self.rulebook;
        let body = &rulebook[named.seat.body].names.id;
        if let Some(row) = named.unit {
            return [body, "=", &rulebook.register.row(row).code].concat();
        }
        let level = |level: crate::register::LevelId| rulebook[level].names.id.as_str();
        match named.seat.at {
            SeatAt::Nowhere => body.clone(),
            SeatAt::Level { level: at, role } => [body, "@", level(at), "/", &rulebook[role].names.id].concat(),
            SeatAt::Here { level: at } => [body, "@", level(at)].concat(),
            SeatAt::Any { level: at } => [body, "@any ", level(at)].concat(),
            SeatAt::Others { level: at, role } => [body, "@others ", level(at), "/", &rulebook[role].names.id].concat(),
            SeatAt::Unit(unit) => [body, "@unit ", &rulebook.register.unit(unit).code].concat(),
        }
    }
}

fn writes(text: &mut String, what: &str, id: &str) {
    let _ = writeln!(text, "asks for {what} {id}");
}

/// Each once, in an order that does not depend on that of a rulebook.
fn sorted(lines: impl Iterator<Item = String>, text: &mut String) {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines.dedup();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
}
