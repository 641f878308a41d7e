//! Places of a case: of the classes that a path names, which lie together and span units as it asks. Knows the register and
//! what diagrams ask of places; nothing of facts.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::applicability::Pattern;
use crate::partition::Partition;
use crate::register::{LevelId, LocalityId, UnitId};
use crate::rulebook::Rulebook;

/// What there is to choose from on a day.
pub(super) struct Places<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) partition: &'a Partition,
    pub(super) day: Date,
    /// Units of the day before may be spanned too: what a case does that is asked about on both days.
    pub(super) turning: bool,
}

/// A place in each role, and of which level the case spans several units there.
pub(super) type Placed = (Vec<LocalityId>, Vec<Option<LevelId>>);

/// What is asked of places: for each role its class where that is asked, and patterns that hold or do not.
struct Asked<'a> {
    classes: &'a [Option<usize>],
    patterns: Vec<(&'a Pattern, bool)>,
}

impl Places<'_> {
    /// The first places of these classes for which the partition's patterns hold, or do not, as asked.
    pub(super) fn first(&self, classes: &[Option<usize>], patterns: &[(usize, bool)]) -> Option<Placed> {
        let known = |(index, holds): &(usize, bool)| Some((self.partition.patterns.get(*index)?, *holds));
        let patterns = patterns.iter().map(known).collect::<Option<Vec<(&Pattern, bool)>>>()?;
        self.more(&Asked { classes, patterns }, &mut Vec::new())
    }

    /// Goes on with the roles that have no place yet.
    fn more(&self, asked: &Asked<'_>, chosen: &mut Vec<LocalityId>) -> Option<Placed> {
        let role = chosen.len();
        let Some(class) = asked.classes.get(role) else {
            return Some((chosen.clone(), self.spans(asked, chosen)?));
        };
        for place in self.candidates(asked, role, *class) {
            chosen.push(place);
            let known = |pattern: &Pattern| pattern.roles.0.max(pattern.roles.1) == role;
            let fits = |(pattern, holds): &(&Pattern, bool)| {
                pattern.is_span() || !known(pattern) || pattern.holds(self.rulebook, chosen, self.day) == *holds
            };
            if asked.patterns.iter().all(fits) {
                if let Some(placed) = self.more(asked, chosen) {
                    return Some(placed);
                }
            }
            chosen.pop();
        }
        None
    }

    /// Places of a class, one of those that nothing asked tells apart. A case that is asked about lies in units that there are.
    fn candidates(&self, asked: &Asked<'_>, role: usize, class: Option<usize>) -> Vec<LocalityId> {
        let frame = &self.partition.frame;
        let members: Vec<LocalityId> = match class {
            Some(class) => {
                frame.classes.get(class).map_or_else(|| vec![LocalityId::NOWHERE], |class| class.members.clone())
            }
            None => {
                let nowhere = frame.optional.get(role).filter(|optional| **optional).map(|_| LocalityId::NOWHERE);
                frame.classes.iter().flat_map(|class| class.members.iter().copied()).chain(nowhere).collect()
            }
        };
        let there = |place: &LocalityId| self.rulebook.register.lowest(*place, self.day).is_some();
        let (first, rest): (Vec<LocalityId>, Vec<LocalityId>) = members.into_iter().partition(there);
        let mut seen = BTreeSet::new();
        first.into_iter().chain(rest).filter(|place| seen.insert(self.told_apart(asked, role, *place))).collect()
    }

    /// What the patterns about a role see of a place there: the unit of each level, and whether there is one that may be spanned.
    fn told_apart(&self, asked: &Asked<'_>, role: usize, place: LocalityId) -> Vec<(Option<UnitId>, bool)> {
        let register = &self.rulebook.register;
        let seen = |pattern: &Pattern| {
            if pattern.is_span() {
                return (None, self.there(place, pattern.level));
            }
            let row = register.ancestor(place, pattern.level, pattern.on.unwrap_or(self.day));
            (row.map(|row| register.row(row).unit), false)
        };
        let patterns = asked.patterns.iter().map(|(pattern, _)| *pattern);
        patterns.filter(|pattern| pattern.roles.0 == role || pattern.roles.1 == role).map(seen).collect()
    }

    /// For each role the first way to span units, none at best, as asked.
    fn spans(&self, asked: &Asked<'_>, places: &[LocalityId]) -> Option<Vec<Option<LevelId>>> {
        let levels = (0..self.rulebook.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId);
        let levels: Vec<LevelId> = levels.collect();
        let way = |(role, place): (usize, &LocalityId)| {
            let some = levels.iter().filter(|level| self.there(*place, **level)).map(|level| Some(*level));
            let mut ways = std::iter::once(None).chain(some);
            ways.find(|way| {
                let own = asked.patterns.iter().filter(|(pattern, _)| pattern.is_span() && pattern.roles.0 == role);
                let lies = |pattern: &Pattern| way.is_none_or(|highest| pattern.level < highest);
                own.into_iter().all(|(pattern, holds)| lies(pattern) == *holds)
            })
        };
        places.iter().enumerate().map(way).collect()
    }

    fn there(&self, place: LocalityId, level: LevelId) -> bool {
        let register = &self.rulebook.register;
        let on = |day: Date| register.ancestor(place, level, day).is_some();
        on(self.day) || (self.turning && self.day.yesterday().is_ok_and(on))
    }
}
