//! What became of a unit, and what it was made of. Knows nothing of names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{LocalityId, Portion, Register, RowId, Segment, Succession, UnitId};

/// One unit that has land of another, from a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    pub date: Date,
    pub document: Option<String>,
    /// How much of the old unit it is about.
    pub portion: Portion,
    /// The new unit for [`Register::successors`], the old one for [`Register::predecessors`].
    pub row: RowId,
}

/// The two ways to look along a succession.
#[derive(Clone, Copy)]
enum Toward {
    Later,
    Earlier,
}

impl Register {
    /// What became of a unit: those that received land of it, by day and code; itself is not named.
    ///
    /// A unit that ends without a succession of its own (an abolished district) is followed through the lowest units
    /// that it last held; then `portion` is [`Whole`](Portion::Whole) where all went to one unit, else
    /// [`Part`](Portion::Part).
    #[must_use]
    pub fn successors(&self, unit: UnitId) -> Vec<Fate> {
        let mut fates = self.own(unit, Toward::Later);
        if let Some(end) = self.unit(unit).before
            && fates.iter().all(|fate| fate.date != end)
        {
            let last = self.footprint_last(unit);
            let mut targets: BTreeMap<RowId, Option<String>> = BTreeMap::new();
            for (old, new) in last.iter().filter_map(|locality| self.crossing(*locality, end)) {
                targets.entry(new).or_insert_with(|| self.document_of(old, new, end));
            }
            let portion = if targets.len() == 1 { Portion::Whole } else { Portion::Part };
            fates.extend(targets.into_iter().map(|(row, document)| Fate { date: end, document, portion, row }));
        }
        self.in_order(fates)
    }

    /// What a unit was made of: those that gave it land, by day and code; itself is not named.
    ///
    /// A unit that begins without a succession of its own (a new district over old communes) is followed through the
    /// lowest units that it first held.
    #[must_use]
    pub fn predecessors(&self, unit: UnitId) -> Vec<Fate> {
        let mut fates = self.own(unit, Toward::Earlier);
        let begin = self.unit(unit).from;
        if fates.iter().all(|fate| fate.date != begin) {
            let first: BTreeSet<LocalityId> = self.localities_of_unit(unit, begin).into_iter().collect();
            let mut sources: BTreeMap<RowId, RowId> = BTreeMap::new();
            for (old, new) in first.iter().filter_map(|locality| self.crossing(*locality, begin)) {
                sources.entry(old).or_insert(new);
            }
            sources.retain(|old, _| self.row(*old).unit != unit);
            for (row, new) in sources {
                let mut given = self.held(row).iter().filter(|held| held.from < begin);
                let whole = given.all(|held| held.before.is_some_and(|b| b < begin) || first.contains(&held.locality));
                let portion = if whole { Portion::Whole } else { Portion::Part };
                fates.push(Fate { date: begin, document: self.document_of(row, new, begin), portion, row });
            }
        }
        self.in_order(fates)
    }

    /// The successions that name the unit on one side and another unit on the other.
    fn own(&self, unit: UnitId, toward: Toward) -> Vec<Fate> {
        let mut fates = Vec::new();
        for row in self.rows_of(unit) {
            for succession in self.successions_of(*row, toward) {
                let other = match toward {
                    Toward::Later => succession.new,
                    Toward::Earlier => succession.old,
                };
                if self.row(other).unit != unit {
                    let (document, portion) = (succession.document.clone(), succession.portion);
                    fates.push(Fate { date: succession.date, document, portion, row: other });
                }
            }
        }
        fates
    }

    fn successions_of(&self, row: RowId, toward: Toward) -> impl Iterator<Item = &Succession> {
        let places = match toward {
            Toward::Later => self.leaving.get(&row),
            Toward::Earlier => self.arriving.get(&row),
        };
        places.into_iter().flatten().filter_map(|place| self.successions.get(*place))
    }

    /// The lowest units that held a locality on the day before a day, and on it.
    fn crossing(&self, locality: LocalityId, day: Date) -> Option<(RowId, RowId)> {
        let there = |segment: &&Segment| segment.from < day && segment.before.is_none_or(|before| day <= before);
        let old = self.chain(locality)?.lowest.iter().find(there)?.row;
        Some((old, self.lowest(locality, day)?))
    }

    /// The document behind a step: that of the succession, else the one that opened the new row.
    fn document_of(&self, old: RowId, new: RowId, date: Date) -> Option<String> {
        let step = self.successions_of(old, Toward::Later).find(|step| step.date == date && step.new == new);
        match step {
            Some(step) => step.document.clone(),
            None => Some(self.row(new)).filter(|row| row.from == date).and_then(|row| row.document.clone()),
        }
    }

    fn in_order(&self, mut fates: Vec<Fate>) -> Vec<Fate> {
        fates.sort_by_key(|fate| (fate.date, self.row(fate.row).level, fate.row, fate.portion));
        fates.dedup();
        fates
    }
}
