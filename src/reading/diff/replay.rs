//! What the reference says on either side at a point of both, as far as a change speaks of it.

use std::collections::BTreeSet;

use super::told::{Key, Speaker, What};
use super::{About, Asked, Change, Class, Told};
use crate::partition::Side;
use crate::reading::check::{Point, case};
use crate::reference::{self, Beside, Judgement, Support};
use crate::register::LevelId;
use crate::resolution::Holding;
use crate::rulebook::counterparts::Counterparts;
use crate::rulebook::{FactId, ReadingId, TaskId};
use crate::ruling::{Outcome, PointRuling, Step, Verdict};

/// Whether the reference says at a change's witness what the change says, on both sides. A change of a task as a whole has none.
#[must_use]
pub fn replays(of: &Counterparts<'_>, change: &Change) -> bool {
    let (Some(point), Asked::Both { old, new }) = (&change.witness, change.task) else {
        return change.witness.is_none();
    };
    let found = Said::at(of, (old, new), point).keys(change.about);
    let told = [(Side::Old, &change.before), (Side::New, &change.after)].map(|(side, told)| {
        told.iter().map(|told| key(Speaker { of, side }, change.about, told)).collect::<BTreeSet<Key>>()
    });
    // Texts are told of the holder; of what stands beside it the reference says them all together.
    let agrees = |(found, told): (&BTreeSet<Key>, &BTreeSet<Key>)| match change.about {
        About::Holder => found == told,
        About::Requirement(..) | About::MayStepIn(_) | About::Handling(_) | About::Question(_) => {
            whats(found) == whats(told)
        }
    };
    let [before, after] = &found;
    found.iter().zip(&told).all(agrees) && (change.class != Class::Citation || before != after)
}

/// What the reference says at a point of the new rulebook on both sides.
pub struct Said<'a> {
    of: &'a Counterparts<'a>,
    /// By whichever reading is open; none where the question cannot be asked.
    rulings: [Rulings; 2],
}

/// Of the holder alone, and of all.
type Rulings = [Vec<PointRuling>; 2];

impl<'a> Said<'a> {
    #[must_use]
    pub fn at(of: &'a Counterparts<'a>, (old, new): (TaskId, TaskId), point: &Point) -> Self {
        let rulings = [(Side::Old, old), (Side::New, new)].map(|(side, task)| {
            [Beside::None, Beside::All].map(|part| rulings(Speaker { of, side }, task, point, part))
        });
        Self { of, rulings }
    }

    /// All that either side says something of.
    #[must_use]
    pub fn abouts(&self) -> BTreeSet<About> {
        let mut all = BTreeSet::from([About::Holder]);
        for (side, [_, rulings]) in [Side::Old, Side::New].into_iter().zip(&self.rulings) {
            let speaker = Speaker { of: self.of, side };
            for Verdict { requirements, may_step_in, handling, .. } in rulings.iter().map(|ruling| &ruling.verdict) {
                all.extend(requirements.iter().map(|one| About::Requirement(one.kind, speaker.seat(one.of))));
                all.extend(may_step_in.iter().map(|seat| About::MayStepIn(speaker.seat(*seat))));
                all.extend(handling.iter().map(|one| About::Handling(one.slot())));
            }
        }
        all
    }

    /// Whether the sides say unlike of one thing, without the texts where it stands beside the holder; `None` where nobody can
    /// ask on either.
    #[must_use]
    pub fn unlike(&self, about: About) -> Option<bool> {
        let [before, after] = self.keys(about);
        let uncovered = |keys: &BTreeSet<Key>| {
            keys.iter().all(|key| matches!(key.what, What::Holder { outcome: Outcome::NotCovered, .. }))
        };
        match (before.is_empty(), after.is_empty()) {
            (true, true) => None,
            (false, false) if about == About::Holder => Some(before != after),
            (false, false) => Some(whats(&before) != whats(&after)),
            // A question that cannot be asked, and one beyond what is covered, come to the same.
            (..) => Some(about == About::Holder && !(uncovered(&before) && uncovered(&after))),
        }
    }

    /// Both, for whoever looks for what went wrong.
    #[must_use]
    pub fn shown(&self, about: About) -> (String, String) {
        let [before, after] = self.keys(about);
        (format!("{before:#?}"), format!("{after:#?}"))
    }

    fn keys(&self, about: About) -> [BTreeSet<Key>; 2] {
        let [old, new] = &self.rulings;
        [(Side::Old, old), (Side::New, new)].map(|(side, [holder, all])| {
            let rulings = if about == About::Holder { holder } else { all };
            rulings.iter().map(|ruling| of_ruling(Speaker { of: self.of, side }, ruling, about)).collect()
        })
    }
}

/// What is said, without the texts.
fn whats(keys: &BTreeSet<Key>) -> BTreeSet<What> {
    keys.iter().map(|key| key.what.clone()).collect()
}

fn key(speaker: Speaker<'_>, about: About, told: &Told) -> Key {
    match told {
        Told::Holder(holding) => speaker.holding(holding),
        Told::Beside(beside) => speaker.beside(about, beside),
        Told::Nothing => Key::NOTHING,
    }
}

/// The reference's rulings at a point, by whichever reading is open; none where it cannot be asked.
fn rulings(speaker: Speaker<'_>, task: TaskId, point: &Point, part: Beside) -> Vec<PointRuling> {
    let Some(point) = seen(speaker, task, point) else { return Vec::new() };
    let support = Support::new(speaker.rulebook(), task);
    let mut open: Vec<_> = case(&support, &point).into_iter().collect();
    let mut found = Vec::new();
    while let Some(case) = open.pop() {
        match reference::judge_part(&support, &case, part) {
            Err(split) => open.extend(support.divide(&case, &split)),
            Ok(Judgement::Impossible) => {}
            Ok(Judgement::Ruling(ruling)) => found.push(*ruling),
        }
    }
    found
}

fn of_ruling(speaker: Speaker<'_>, ruling: &PointRuling, about: About) -> Key {
    let Verdict { outcome, holders, sharing, conflict, of_several, requirements, may_step_in, handling } =
        &ruling.verdict;
    let step = |ground: &&crate::ruling::Ground| match about {
        About::Requirement(..) => ground.step == Step::Requires,
        About::MayStepIn(_) => ground.step == Step::StepsIn,
        About::Handling(slot) => ground.step == Step::Handles(slot),
        About::Holder | About::Question(_) => true,
    };
    let grounds = ruling.grounds.iter().filter(step).copied().collect();
    if about == About::Holder {
        return speaker.holding(&Holding {
            outcome: *outcome,
            holders: holders.clone(),
            sharing: *sharing,
            conflict: *conflict,
            of_several: *of_several,
            grounds,
            framework_unread: ruling.framework_unread,
        });
    }
    let beside = crate::resolution::Beside {
        requirements: requirements.clone(),
        may_step_in: may_step_in.clone(),
        handling: handling.clone(),
        grounds,
    };
    speaker.beside(about, &beside)
}

/// A point of the new rulebook as a side knows it; `None` where it knows a place or value of it not.
fn seen(speaker: Speaker<'_>, task: TaskId, point: &Point) -> Option<Point> {
    let of = speaker.of;
    if speaker.side == Side::New {
        let support = Support::new(of.new, task);
        let facts = point.facts.iter().filter(|(fact, _)| support.facts.contains(fact)).cloned().collect();
        let common = |reading: &ReadingId| of.old_reading(*reading).is_some();
        let readings = point.readings.iter().filter(|(reading, _)| common(reading)).copied().collect();
        return Some(Point { facts, readings, ..point.clone() });
    }
    let places = point.places.iter().map(|place| of.old_place(*place)).collect::<Option<Vec<_>>>()?;
    let old_level = |level: LevelId| {
        let levels = (0..of.old.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId);
        levels.into_iter().find(|own| of.level(*own) == Some(level))
    };
    let spans = point.spans.iter().map(|level| level.map_or(Some(None), |level| old_level(level).map(Some)));
    let support = Support::new(of.old, task);
    let mut facts = Vec::new();
    for old in &support.facts {
        let Some(new) = of.fact(*old) else { continue };
        if let Some((_, value)) = point.facts.iter().find(|(fact, _)| *fact == new) {
            facts.push((*old, of.old_value((*old, new), value)?));
        }
    }
    facts.sort_by_key(|(fact, _): &(FactId, _)| *fact);
    let readings = point.readings.iter().filter_map(|(reading, option)| Some((of.old_reading(*reading)?, *option)));
    Some(Point {
        task,
        day: point.day,
        places,
        spans: spans.collect::<Option<Vec<_>>>()?,
        facts,
        readings: readings.collect(),
    })
}
