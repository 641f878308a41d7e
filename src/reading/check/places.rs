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

/// The first of some classes in a row, and the one after the last; behind all classes stands that there is no place.
pub(super) type Classes = (usize, usize);

/// A place in each role, and of which level the case spans several units there.
pub(super) type Placed = (Vec<LocalityId>, Vec<Option<LevelId>>);

/// What is asked of places: for each role its classes where they are asked, and patterns that hold or do not.
struct Asked<'a> {
    classes: &'a [Option<Classes>],
    patterns: Vec<(&'a Pattern, bool)>,
}

impl Places<'_> {
    /// The first places of these classes for which the partition's patterns hold, or do not, as asked.
    pub(super) fn first(&self, classes: &[Option<Classes>], patterns: &[(usize, bool)]) -> Option<Placed> {
        let known = |(index, holds): &(usize, bool)| Some((self.partition.patterns.get(*index)?, *holds));
        let patterns = patterns.iter().map(known).collect::<Option<Vec<(&Pattern, bool)>>>()?;
        self.more(&Asked { classes, patterns }, &mut Vec::new())
    }

    /// Goes on with the roles that have no place yet.
    fn more(&self, asked: &Asked<'_>, chosen: &mut Vec<LocalityId>) -> Option<Placed> {
        let role = chosen.len();
        let Some(classes) = asked.classes.get(role) else {
            return Some((chosen.clone(), self.spans(asked, chosen)?));
        };
        for place in self.candidates(asked, role, *classes) {
            chosen.push(place);
            let known = |pattern: &Pattern| pattern.roles.0.max(pattern.roles.1) == role;
            let fits = |(pattern, holds): &(&Pattern, bool)| {
                pattern.is_span() || !known(pattern) || pattern.holds(self.rulebook, chosen, self.day) == *holds
            };
            if asked.patterns.iter().all(fits)
                && let Some(placed) = self.more(asked, chosen)
            {
                return Some(placed);
            }
            chosen.pop();
        }
        None
    }

    /// Places of the classes, one of those that nothing asked tells apart. A case that is asked about lies in units that there are.
    fn candidates(&self, asked: &Asked<'_>, role: usize, classes: Option<Classes>) -> Vec<LocalityId> {
        let frame = &self.partition.frame;
        let optional = frame.optional.get(role).copied().unwrap_or(false);
        let (first, end) = classes.unwrap_or((0, usize::MAX));
        let inside = frame.classes.iter().take(end).skip(first);
        let nowhere = (optional && end > frame.classes.len()).then_some(LocalityId::NOWHERE);
        let members: Vec<LocalityId> = inside.flat_map(|class| class.members.iter().copied()).chain(nowhere).collect();
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
