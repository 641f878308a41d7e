//! Localities: every way through the lowest units and their successions, and for each level the units that hold it
//! from day to day. Knows nothing of names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    Chain, Held, LOCALITY_LIMIT, LocalityId, Origin, Portion, Register, RegisterProblem, RegisterProblemKind, RowId,
    Segment, Succession, id,
};

/// Fills `chains` and `held` of a register whose rows and successions are admitted.
pub(super) fn trace(register: &mut Register, problems: &mut Vec<RegisterProblem>) {
    let tracer = Tracer::new(register);
    let starts = tracer.starts(problems);
    let paths = tracer.walk(&starts, problems);
    let chains: Vec<Chain> = paths.into_iter().map(|lowest| levels_of(register, lowest)).collect();
    let mut held: Vec<Vec<Held>> = vec![Vec::new(); register.rows.len()];
    for (place, chain) in chains.iter().enumerate() {
        let locality = LocalityId(id(place));
        for segment in chain.levels.iter().flatten() {
            if let Some(list) = held.get_mut(segment.row.place()) {
                list.push(Held { locality, from: segment.from, before: segment.before });
            }
        }
    }
    register.chains = chains;
    register.held = held;
}

struct Tracer<'a> {
    register: &'a Register,
    lowest: Vec<bool>,
    /// Successions out of a row, by day.
    leaving: BTreeMap<(RowId, Date), Vec<usize>>,
}

impl<'a> Tracer<'a> {
    fn new(register: &'a Register) -> Self {
        let mut leaving: BTreeMap<(RowId, Date), Vec<usize>> = BTreeMap::new();
        for (place, succession) in register.successions.iter().enumerate() {
            leaving.entry((succession.old, succession.date)).or_default().push(place);
        }
        let bottom = register.levels.len().saturating_sub(1);
        let lowest = register.rows.iter().map(|row| {
            let children = register.children.get(&row.code).map_or(&[][..], Vec::as_slice);
            usize::from(row.level.0) == bottom || !children.iter().any(|child| register.row(*child).overlaps(row))
        });
        Self { register, lowest: lowest.collect(), leaving }
    }

    fn is_lowest(&self, row: RowId) -> bool {
        self.lowest.get(row.place()).copied().unwrap_or(false)
    }

    fn successions(&self, row: RowId, date: Date) -> impl Iterator<Item = (&'a Succession, Option<&'a Origin>)> {
        let places = self.leaving.get(&(row, date)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| {
            Some((self.register.successions.get(*place)?, self.register.succession_origins.get(*place)))
        })
    }

    /// The days on which something happens to what lies in a row, after `after`; the row's end is the last.
    fn event(&self, row: RowId, after: Date) -> Option<Date> {
        let leaving = self.leaving.range((row, after)..).map(|((of, date), _)| (*of, *date));
        let leaves = leaving.take_while(|(of, _)| *of == row).map(|(_, date)| date).find(|date| *date > after);
        leaves.or(self.register.row(row).before)
    }

    /// The row that carries on as the same unit on `date`: itself, or the next of its unit.
    fn carries_on(&self, place: RowId, date: Date) -> Option<RowId> {
        let row = self.register.row(place);
        if row.before.is_none_or(|before| before > date) {
            return Some(place);
        }
        let unit = self.register.unit(row.unit);
        unit.rows.iter().copied().find(|next| self.register.row(*next).from == date)
    }

    /// Where the territory of a row goes on `date`. Where only parts are said to leave, the unit keeps the rest.
    fn targets(&self, row: RowId, date: Date) -> BTreeSet<RowId> {
        let mut targets = BTreeSet::new();
        let mut keeps = true;
        for (succession, _) in self.successions(row, date) {
            targets.insert(succession.new);
            keeps &= succession.portion == Portion::Part;
        }
        if keeps {
            targets.extend(self.carries_on(row, date));
        }
        targets
    }

    /// The lowest rows into which no chain leads at their beginning. Reports on the way what chains cannot follow.
    fn starts(&self, problems: &mut Vec<RegisterProblem>) -> Vec<RowId> {
        let mut arrivals: BTreeSet<(RowId, Date)> = BTreeSet::new();
        let mut left: Vec<(RowId, Date, &Origin)> = Vec::new();
        for (place, row) in self.register.numbered().filter(|(place, _)| self.is_lowest(*place)) {
            let mut after = row.from;
            while let Some(date) = self.event(place, after) {
                let targets = self.targets(place, date);
                arrivals.extend(targets.iter().map(|target| (*target, date)));
                for (succession, origin) in self.successions(place, date) {
                    if !self.is_lowest(succession.new) {
                        let code = self.register.row(succession.new).code.clone();
                        let kind = RegisterProblemKind::SuccessorNotLowest { code, on: date };
                        problems.extend(origin.map(|origin| origin.problem(kind)));
                    }
                    left.extend(origin.zip(self.carries_on(place, date)).map(|(origin, on)| (on, date, origin)));
                }
                if targets.is_empty() {
                    let kind = RegisterProblemKind::NoSuccessor { code: row.code.clone(), on: date };
                    problems.extend(self.register.origin(place).map(|origin| origin.problem(kind)));
                }
                if row.before == Some(date) {
                    break;
                }
                after = date;
            }
        }
        for (place, on, origin) in left {
            if !arrivals.contains(&(place, on)) {
                let code = self.register.row(place).code.clone();
                problems.push(origin.problem(RegisterProblemKind::LeftEmpty { code, on }));
            }
        }
        let begun = |(place, row): &(RowId, &super::Row)| !arrivals.contains(&(*place, row.from));
        let lowest = self.register.numbered().filter(|(place, _)| self.is_lowest(*place));
        lowest.filter(begun).map(|(place, _)| place).collect()
    }

    /// Every path from every start, in the order of the rows.
    fn walk(&self, starts: &[RowId], problems: &mut Vec<RegisterProblem>) -> Vec<Vec<Segment>> {
        let begin = |row: &RowId| vec![Segment { from: self.register.row(*row).from, before: None, row: *row }];
        let mut open: Vec<(Vec<Segment>, Option<Date>)> = starts.iter().rev().map(|row| (begin(row), None)).collect();
        let mut done = Vec::new();
        while let Some((mut path, since)) = open.pop() {
            if done.len() >= LOCALITY_LIMIT {
                let origin = self.register.origins.first().cloned().unwrap_or_default();
                problems.push(origin.problem(RegisterProblemKind::TooManyLocalities { limit: LOCALITY_LIMIT }));
                break;
            }
            let Some(last) = path.last().copied() else { continue };
            let Some(date) = self.event(last.row, since.unwrap_or(last.from)) else {
                done.push(path);
                continue;
            };
            let targets = self.targets(last.row, date);
            if targets.is_empty() {
                if let Some(last) = path.last_mut() {
                    last.before = Some(date);
                }
                done.push(path);
                continue;
            }
            for target in targets.into_iter().rev() {
                let mut path = path.clone();
                if target != last.row {
                    if let Some(last) = path.last_mut() {
                        last.before = Some(date);
                    }
                    path.push(Segment { from: date, before: None, row: target });
                }
                open.push((path, Some(date)));
            }
        }
        done
    }
}

/// The table of each level: the rows above each segment of a path.
fn levels_of(register: &Register, lowest: Vec<Segment>) -> Chain {
    let mut levels: Vec<Vec<Segment>> = vec![Vec::new(); register.levels.len()];
    for segment in &lowest {
        climb(register, *segment, &mut levels);
    }
    Chain { lowest, levels }
}

fn climb(register: &Register, segment: Segment, levels: &mut [Vec<Segment>]) {
    let row = register.row(segment.row);
    if let Some(list) = levels.get_mut(usize::from(row.level.0)) {
        match list.last_mut() {
            Some(last) if last.row == segment.row && last.before == Some(segment.from) => last.before = segment.before,
            _ => list.push(segment),
        }
    }
    let Some(parent) = &row.parent else { return };
    for (place, above) in register.bearers(parent) {
        let from = above.from.max(segment.from);
        let before = match (above.before, segment.before) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if above.level < row.level && before.is_none_or(|before| from < before) {
            climb(register, Segment { from, before, row: place }, levels);
        }
    }
}
