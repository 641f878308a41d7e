//! That a diff of two rulebooks says all that they say unlike, and nothing else: the reference rules at a point on both sides, and
//! of each thing that it says unlike just one change must hold the point.

use std::collections::BTreeSet;

use super::regions::holds_at;
use crate::reading::check::Point;
use crate::reading::diff::{About, Asked, Change, Class, Said, spoken_of};
use crate::rulebook::TaskId;
use crate::rulebook::counterparts::Counterparts;

/// A point at which diff and reference differ.
#[derive(Debug)]
pub struct Untold {
    pub about: About,
    /// What the reference says on either side.
    pub before: String,
    pub after: String,
    /// The classes of the changes that hold the point.
    pub told: Vec<Class>,
}

/// Compares what is said of a task at a point of the new rulebook with its changes; how many things are unlike there.
///
/// # Errors
/// With the first thing that is not told, or told though it is alike.
pub fn unlike(
    of: &Counterparts<'_>,
    changes: &[Change],
    (old, new): (TaskId, TaskId),
    point: &Point,
) -> Result<usize, Box<Untold>> {
    let known = spoken_of(of, (old, new));
    if point.places.iter().zip(&known).any(|(place, known)| !known.contains(place)) {
        return Ok(0);
    }
    let said = Said::at(of, (old, new), point);
    let holds =
        |change: &&Change| change.task == Asked::Both { old, new } && holds_at(of.new, change.region.as_ref(), point);
    let here: Vec<&Change> = changes.iter().filter(holds).collect();
    let mut all: BTreeSet<About> = said.abouts();
    all.extend(here.iter().map(|change| change.about));
    let mut found = 0;
    for about in all {
        let told: Vec<Class> = here.iter().filter(|change| change.about == about).map(|change| change.class).collect();
        let Some(unlike) = said.unlike(about) else { continue };
        // Beside the holder the reference says all texts of a step together.
        let counted = told.iter().filter(|class| about == About::Holder || **class != Class::Citation).count();
        if counted != usize::from(unlike) {
            let (before, after) = said.shown(about);
            return Err(Box::new(Untold { about, before, after, told }));
        }
        found += usize::from(unlike);
    }
    Ok(found)
}
