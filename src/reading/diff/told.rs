//! What a side says of one thing, in words that both sides have: seats by the new rulebook's numbers where it has them, texts by
//! number and address.

use std::collections::{BTreeMap, BTreeSet};

use super::{About, Class, Told};
use crate::partition::{Marks, Partition, Side};
use crate::resolution::{Beside, Holding};
use crate::rulebook::counterparts::{Counterparts, Twin, cited};
use crate::rulebook::{Address, Handling, Rulebook, SealOf, Seat, Sharing, Slot};
use crate::ruling::{ConflictKind, Ground, Held, Outcome, Requirement, Step};

/// A holder in words that both sides have.
type Holder = (Twin<Seat>, Held, Twin<Seat>, Option<SealOf>);

/// What is said, without the texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Of what stands beside the holder: nothing.
    Nothing,
    Holder {
        outcome: Outcome,
        holders: Vec<Holder>,
        sharing: Option<Sharing>,
        conflict: Option<ConflictKind>,
        of_several: bool,
        framework_unread: bool,
    },
    Required,
    MayStepIn,
    Handled(Vec<Handling<Twin<Seat>>>),
}

/// What is said, and by which texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) what: What,
    pub(super) cited: BTreeSet<(Step, String, Address)>,
}

impl Key {
    pub(super) const NOTHING: Self = Self { what: What::Nothing, cited: BTreeSet::new() };
}

/// Who speaks: the sides' numbers are made those of the new one.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) of: &'a Counterparts<'a>,
    pub(super) side: Side,
}

impl Speaker<'_> {
    pub(super) const fn rulebook(&self) -> &Rulebook {
        match self.side {
            Side::Old => self.of.old,
            Side::New => self.of.new,
        }
    }

    pub(super) fn seat(&self, seat: Seat) -> Twin<Seat> {
        match self.side {
            Side::Old => self.of.seat(seat),
            Side::New => Twin::Of(seat),
        }
    }

    fn cited<'g>(&self, grounds: impl Iterator<Item = &'g Ground>) -> BTreeSet<(Step, String, Address)> {
        let rulebook = self.rulebook();
        let text = |ground: &Ground| {
            let (number, address) = cited(rulebook, rulebook[ground.provision].text);
            (ground.step, number, address)
        };
        grounds.map(text).collect()
    }

    pub(super) fn holding(&self, holding: &Holding) -> Key {
        let holder = |one: &crate::ruling::Holder| (self.seat(one.seat), one.held, self.seat(one.answerable), one.seal);
        let mut holders: Vec<Holder> = holding.holders.iter().map(holder).collect();
        holders.sort();
        let what = What::Holder {
            outcome: holding.outcome,
            holders,
            sharing: holding.sharing,
            conflict: holding.conflict,
            of_several: holding.of_several,
            framework_unread: holding.framework_unread,
        };
        Key { what, cited: self.cited(holding.grounds.iter()) }
    }

    /// What stands beside the holder says of one thing.
    pub(super) fn beside(&self, about: About, beside: &Beside) -> Key {
        let what = match about {
            About::Requirement(kind, of) => {
                let is = |own: &Requirement| own.kind == kind && self.seat(own.of) == of;
                if beside.requirements.iter().any(is) { What::Required } else { What::Nothing }
            }
            About::MayStepIn(of) => {
                if beside.may_step_in.iter().any(|own| self.seat(*own) == of) {
                    What::MayStepIn
                } else {
                    What::Nothing
                }
            }
            About::Handling(slot) => self.handled(slot, &beside.handling),
            About::Holder | About::Question(_) => What::Nothing,
        };
        if what == What::Nothing { Key::NOTHING } else { Key { what, cited: self.cited(beside.grounds.iter()) } }
    }

    pub(super) fn handled(&self, slot: Slot, handling: &[Handling]) -> What {
        let own = handling.iter().filter(|one| one.slot() == slot);
        let mut all: Vec<Handling<Twin<Seat>>> = own.map(|one| one.map(|seat| self.seat(*seat))).collect();
        all.sort();
        if all.is_empty() { What::Nothing } else { What::Handled(all) }
    }
}

/// The numbers of what is said of one thing, and for each side how it says it.
#[derive(Default)]
pub(super) struct Keys {
    numbers: BTreeMap<Key, u32>,
    keys: Vec<Key>,
    told: [BTreeMap<u32, Told>; 2],
}

impl Keys {
    /// The mark of what a side says.
    pub(super) fn mark(&mut self, side: Side, key: Key, told: impl FnOnce() -> Told) -> u32 {
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key.clone()).or_insert(next);
        if number == next {
            self.keys.push(key);
        }
        let side = usize::from(side == Side::New);
        if let Some(own) = self.told.get_mut(side) {
            own.entry(number).or_insert_with(told);
        }
        number
    }

    pub(super) fn keys(&self, marks: &Marks) -> BTreeSet<&Key> {
        marks.iter().filter_map(|mark| self.keys.get(usize::try_from(*mark).ok()?)).collect()
    }

    pub(super) fn told(&self, side: Side, marks: &Marks) -> Vec<Told> {
        let own = self.told.get(usize::from(side == Side::New));
        marks.iter().filter_map(|mark| own?.get(mark).cloned()).collect()
    }

    /// What two sets of marks are to one another; `None` where the sides say the same.
    pub(super) fn class(&self, about: About, old: &Marks, new: &Marks) -> Option<Class> {
        let (old, new) = (self.keys(old), self.keys(new));
        if old == new {
            return None;
        }
        if old.is_empty() || new.is_empty() {
            // A question that cannot be asked, and one beyond what is covered, come to the same.
            let uncovered = |key: &&Key| matches!(key.what, What::Holder { outcome: Outcome::NotCovered, .. });
            return (!old.iter().chain(&new).all(uncovered)).then_some(Class::Question);
        }
        let whats = |keys: &BTreeSet<&Key>| keys.iter().map(|key| key.what.clone()).collect::<BTreeSet<What>>();
        let (old, new) = (whats(&old), whats(&new));
        if old == new {
            return Some(Class::Citation);
        }
        Some(match about {
            About::Holder => of_holders(&old, &new),
            About::Requirement(..) | About::MayStepIn(_) => Class::Approvals,
            About::Handling(Slot::Procedure) => Class::Procedure,
            About::Handling(Slot::Limit) => Class::Limit,
            About::Handling(Slot::Signers | Slot::Deputy | Slot::Seal) => Class::Signature,
            About::Question(_) => Class::Question,
        })
    }
}

/// The outcome of what may be several: then nobody knows.
fn outcome(whats: &BTreeSet<What>) -> Outcome {
    let mut outcomes = whats.iter().map(|what| match what {
        What::Holder { outcome, .. } => *outcome,
        What::Nothing | What::Required | What::MayStepIn | What::Handled(_) => Outcome::Undetermined,
    });
    match (outcomes.next(), outcomes.next()) {
        (Some(only), None) => only,
        _ => Outcome::Undetermined,
    }
}

fn of_holders(old: &BTreeSet<What>, new: &BTreeSet<What>) -> Class {
    let decides = |outcome: Outcome| matches!(outcome, Outcome::Decided | Outcome::Concurrent);
    let (before, after) = (outcome(old), outcome(new));
    match (before, after) {
        (Outcome::NotCovered, other) | (other, Outcome::NotCovered) if other != Outcome::NotCovered => Class::Covered,
        (_, Outcome::Conflict) if before != Outcome::Conflict => Class::Conflict,
        (Outcome::NotRequired, _) | (_, Outcome::NotRequired) if before != after => Class::Required,
        (Outcome::Conflict, _) if decides(after) => Class::Resolved,
        _ if new.len() > 1 && after == Outcome::Undetermined && before != after => Class::Unclear,
        _ if decides(before) && !decides(after) => Class::Lost,
        _ if decides(after) && !decides(before) => Class::Decided,
        _ if before != after && !decides(after) => Class::Undecided,
        _ => of_deciders(old, new),
    }
}

/// The outcome is of one kind: who, how, and who answers for it.
fn of_deciders(old: &BTreeSet<What>, new: &BTreeSet<What>) -> Class {
    let who = |holder: &Holder| holder.0;
    let how = |holder: &Holder| (holder.0, Some(holder.1));
    if parts(old, who) != parts(new, who) {
        Class::Moved
    } else if parts(old, how) != parts(new, how) {
        Class::Held
    } else if parts(old, |holder| *holder) != parts(new, |holder| *holder) {
        Class::Signature
    } else {
        Class::Sharing
    }
}

/// A part of each holder, for each of several that may be said.
fn parts<P: Ord>(whats: &BTreeSet<What>, of: impl Fn(&Holder) -> P) -> BTreeSet<BTreeSet<P>> {
    let of_one = |what: &What| match what {
        What::Holder { holders, .. } => Some(holders.iter().map(&of).collect()),
        What::Nothing | What::Required | What::MayStepIn | What::Handled(_) => None,
    };
    whats.iter().filter_map(of_one).collect()
}

/// All that either side says beside the holder, each thing once.
pub(super) fn asides(speakers: [(Speaker<'_>, &Partition); 2]) -> BTreeSet<About> {
    let mut all = BTreeSet::new();
    for (speaker, partition) in speakers {
        for beside in &partition.besides {
            all.extend(beside.requirements.iter().map(|one| About::Requirement(one.kind, speaker.seat(one.of))));
            all.extend(beside.may_step_in.iter().map(|seat| About::MayStepIn(speaker.seat(*seat))));
            all.extend(beside.handling.iter().map(|one| About::Handling(one.slot())));
        }
    }
    all
}
