//! That a forecast of a task says all that changes, and nothing that does not: the reference rules at every point on the day
//! before and on each day on which anything can change, and where both rule that somebody decides, or nobody, and not the
//! same, just one change must hold the point, with these two rulings.

use super::points::{point, whole};
use super::regions::holds_at;
use super::walk::{Spot, Walk};
use super::{Wrong, same_holding};
use crate::partition::Partition;
use crate::reading::check::Point;
use crate::reading::forecast::{Change, Window, says};
use crate::reading::table::known;
use crate::reference::{Beside, Case, Judgement, Split, Support, judge_part};
use crate::rulebook::Rulebook;
use crate::ruling::{Outcome, PointRuling};

/// A point at which forecast and reference differ.
#[derive(Debug)]
pub enum Unforeseen {
    /// So many changes are told of the point, where one should be, or none.
    Told {
        point: Box<Point>,
        before: Box<PointRuling>,
        after: Box<PointRuling>,
        changes: usize,
    },
    Places(Box<Wrong>),
}

/// Compares the changes of a task in a window with what the reference says; how many points changed, and how many did not.
///
/// # Errors
/// With the first difference.
pub fn foreseen(
    rulebook: &Rulebook,
    partition: &Partition,
    window: Window,
    changes: &[Change],
) -> Result<(usize, usize), Unforeseen> {
    let task = partition.frame.task;
    let support = Support::new(rulebook, task);
    let walk = Walk::new(&support, partition).map_err(|wrong| Unforeseen::Places(Box::new(wrong)))?;
    let known = known(rulebook, task);
    let (mut changed, mut unchanged) = (0, 0);
    for spot in walk.turns().into_iter().filter(|(.., day)| window.holds(*day) && *day > window.from) {
        for (case, before, after) in met(&support, &spot) {
            let Some(point) = point(&support, task, &case) else { continue };
            // Regions say nothing of places that the cover never holds.
            let inside = point.places.iter().zip(&known).all(|(place, known)| known.contains(place));
            let told = |change: &&Change| {
                inside
                    && change.task == task
                    && change.on == point.day
                    && holds_at(rulebook, change.region.as_ref(), &point)
            };
            let told: Vec<&Change> = changes.iter().filter(told).collect();
            let same = [&before, &after].iter().any(|ruling| is_silent(ruling)) || alike(&before, &after);
            let agrees = |change: &&&Change| says(&change.before, &before) && same_holding(&change.after, &after);
            let right = told.iter().filter(agrees).count();
            if told.len() != right || right != usize::from(!same) {
                let (before, after) = (Box::new(before), Box::new(after));
                return Err(Unforeseen::Told { point: Box::new(point), before, after, changes: told.len() });
            }
            changed += usize::from(!same);
            unchanged += usize::from(same);
        }
    }
    Ok((changed, unchanged))
}

/// What the reference rules at all points of a spot, on the day before and on the day; points that cannot be are left out.
fn met(support: &Support<'_>, spot: &Spot) -> Vec<(Case, PointRuling, PointRuling)> {
    let mut open = vec![whole(support, spot)];
    let mut met = Vec::new();
    while let Some(case) = open.pop() {
        match both(support, &case) {
            Err(split) => open.extend(support.divide(&case, &split)),
            Ok(Some((before, after))) => met.push((case, before, after)),
            Ok(None) => {}
        }
    }
    met
}

fn both(support: &Support<'_>, case: &Case) -> Result<Option<(PointRuling, PointRuling)>, Split> {
    let Some(after) = ruled(support, case)? else { return Ok(None) };
    let Ok(day) = case.day.yesterday() else { return Ok(None) };
    let eve = Case { day, ..case.clone() };
    // Where law gave a fact another value the day before, the point was none then: of that a forecast says nothing.
    Ok(ruled(support, &eve)?.map(|before| (before, after)))
}

fn ruled(support: &Support<'_>, case: &Case) -> Result<Option<PointRuling>, Split> {
    Ok(match judge_part(support, case, Beside::None)? {
        Judgement::Ruling(ruling) => Some(*ruling),
        Judgement::Impossible => None,
    })
}

/// Where the cover begins or ends nothing changes in the law.
fn is_silent(ruling: &PointRuling) -> bool {
    matches!(ruling.verdict.outcome, Outcome::NotCovered | Outcome::Undetermined)
}

fn alike(one: &PointRuling, other: &PointRuling) -> bool {
    let said = |ruling: &PointRuling| {
        let verdict = ruling.verdict.clone();
        (verdict.outcome, verdict.holders, verdict.sharing, verdict.conflict, verdict.of_several)
    };
    said(one) == said(other)
}
