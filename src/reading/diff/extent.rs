//! How large a region is: so many units of the lowest level, so many days.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::reading::check::Point;
use crate::reading::table::{Condition, Node};
use crate::register::LocalityId;
use crate::rulebook::{Days, Language, Rulebook};

/// The size of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Units of the lowest level on the witness's day in which the task's first place lies somewhere in the region; none where
    /// the task has no place.
    pub units: Option<usize>,
    /// Days on which the region holds somebody's case; none where they have no beginning or no end.
    pub days: Option<i64>,
    /// From the first of these days to the last; there may be others between them.
    pub within: Days,
}

impl Extent {
    pub(super) fn of(rulebook: &Rulebook, spoken: &[BTreeSet<LocalityId>], region: &Node, witness: &Point) -> Self {
        let first = rulebook[witness.task].roles.first();
        let all = || match spoken.first() {
            Some(known) => known.clone(),
            None => rulebook.register.localities().collect(),
        };
        let mut walk = Walk { first, places: BTreeSet::new(), days: Vec::new() };
        walk.node(region, (&all(), Days::default()));
        let lowest = |place: &LocalityId| rulebook.register.lowest(*place, witness.day);
        let units: BTreeSet<_> = walk.places.iter().filter_map(lowest).collect();
        let within = Days {
            from: walk.days.iter().map(|days| days.from).min().flatten(),
            before: walk.days.iter().map(|days| days.before).reduce(later).flatten(),
        };
        Self { units: first.map(|_| units.len()), days: count(walk.days), within }
    }

    /// Larger is what concerns more units on more days; what has no end is the largest.
    #[must_use]
    pub fn size(&self) -> u128 {
        let units = self.units.and_then(|units| u128::try_from(units).ok()).unwrap_or(1);
        self.days.and_then(|days| u128::try_from(days).ok()).map_or(u128::MAX, |days| units.saturating_mul(days))
    }

    /// In words; nothing is said of what has no end.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let units = self.units.map(|units| match language {
            Language::Vietnamese => format!("{units} đơn vị cấp thấp nhất"),
            Language::English => format!("{units} units of the lowest level"),
        });
        let days = match (self.days, language) {
            (Some(days), Language::Vietnamese) => format!("{days} ngày"),
            (Some(days), Language::English) => format!("{days} days"),
            (None, Language::Vietnamese) => "không có ngày cuối".to_owned(),
            (None, Language::English) => "no last day".to_owned(),
        };
        units.into_iter().chain([days]).collect::<Vec<_>>().join(", ")
    }
}

/// What was met on the way to the ends of a region's tree.
struct Walk<'a> {
    first: Option<&'a crate::rulebook::RoleId>,
    places: BTreeSet<LocalityId>,
    days: Vec<Days>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, (places, days): (&BTreeSet<LocalityId>, Days)) {
        let Node::Branches(branches) = node else {
            self.places.extend(places);
            return self.days.push(days);
        };
        for branch in branches {
            match &branch.condition {
                Condition::Place { role, places: own } if self.first == Some(role) => {
                    let own = places.iter().copied().filter(|place| own.localities.contains(place)).collect();
                    self.node(&branch.below, (&own, days));
                }
                Condition::Days(own) => {
                    let before = own.before.into_iter().chain(days.before).min();
                    self.node(&branch.below, (places, Days { from: own.from.max(days.from), before }));
                }
                Condition::Place { .. }
                | Condition::Fact { .. }
                | Condition::Reading { .. }
                | Condition::Together { .. } => self.node(&branch.below, (places, days)),
            }
        }
    }
}

/// The later end; none is the latest.
fn later(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.zip(other).map(|(one, other)| one.max(other))
}

/// How many days there are in runs that may overlap.
fn count(mut runs: Vec<Days>) -> Option<i64> {
    runs.sort();
    let (mut all, mut counted) = (0, Date::MIN);
    for run in runs {
        let from = run.from?.max(counted);
        let before = run.before?;
        if from < before {
            all += before.duration_since(from).as_hours() / 24;
            counted = before;
        }
    }
    Some(all)
}
