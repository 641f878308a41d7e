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
use crate::rulebook::{FactId, TaskId};
use crate::ruling::{PointRuling, Step, Verdict};

/// Whether the reference says at a change's witness what the change says, on both sides. A change of a task as a whole has none.
#[must_use]
pub fn replays(of: &Counterparts<'_>, change: &Change) -> bool {
    let (Some(point), Asked::Both { old, new }) = (&change.witness, change.task) else {
        return change.witness.is_none();
    };
    let sides = [(Side::Old, old, &change.before), (Side::New, new, &change.after)];
    let told = sides.map(|(side, task, told)| {
        let speaker = Speaker { of, side };
        let found = said(speaker, task, point, change.about);
        (found, told.iter().map(|told| key(speaker, change.about, told)).collect::<BTreeSet<Key>>())
    });
    // Texts are told of the holder; of what stands beside it the reference says them all together.
    let whats = |keys: &BTreeSet<Key>| keys.iter().map(|key| key.what.clone()).collect::<BTreeSet<What>>();
    let agrees = |(found, told): &(BTreeSet<Key>, BTreeSet<Key>)| match change.about {
        About::Holder => found == told,
        _ => whats(found) == whats(told),
    };
    let [(before, _), (after, _)] = &told;
    told.iter().all(agrees) && (change.class != Class::Citation || before != after)
}

/// Whether the reference says the same of one thing on both sides at a point of the new rulebook; `None` where the question can
/// be asked on neither.
#[must_use]
pub fn says_the_same(of: &Counterparts<'_>, (old, new): (TaskId, TaskId), point: &Point, about: About) -> Option<bool> {
    let before = said(Speaker { of, side: Side::Old }, old, point, about);
    let after = said(Speaker { of, side: Side::New }, new, point, about);
    (!before.is_empty() || !after.is_empty()).then(|| before == after)
}

fn key(speaker: Speaker<'_>, about: About, told: &Told) -> Key {
    match told {
        Told::Holder(holding) => speaker.holding(holding),
        Told::Beside(beside) => speaker.beside(about, beside),
        Told::Nothing => Key::NOTHING,
    }
}

/// All that the reference says of one thing at a point, by whichever reading is open; nothing where it cannot be asked.
fn said(speaker: Speaker<'_>, task: TaskId, point: &Point, about: About) -> BTreeSet<Key> {
    let Some(point) = seen(speaker, task, point) else { return BTreeSet::new() };
    let support = Support::new(speaker.rulebook(), task);
    let mut open: Vec<_> = case(&support, &point).into_iter().collect();
    let mut found = BTreeSet::new();
    let part = if about == About::Holder { Beside::None } else { Beside::All };
    while let Some(case) = open.pop() {
        match reference::judge_part(&support, &case, part) {
            Err(split) => open.extend(support.divide(&case, &split)),
            Ok(Judgement::Impossible) => {}
            Ok(Judgement::Ruling(ruling)) => {
                found.insert(of_ruling(speaker, &ruling, about));
            }
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
        return Some(Point { facts, ..point.clone() });
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
