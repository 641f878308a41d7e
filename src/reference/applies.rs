//! Whether a provision applies by its own terms at a point: its days, its issuer's territory, its places, its conditions,
//! the cases it cites, its reading. No repeal, rank or holding is judged here.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::facts::{Cell, Holds};
use super::{At, Judged, Split, both, persists};
use crate::register::{LevelId, LocalityId, UnitId};
use crate::rulebook::{
    Cases, CasesKind, Clause, Condition, DocumentId, FactId, ProvisionId, RoleId, Scope, Statement, Test, Value,
};

impl At<'_> {
    /// A_c: the provision's own terms hold at the place on the clock's day.
    pub(super) fn applies(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        Ok(self.applies_if_so_read(id, place)? && self.within_reading(id, place)?)
    }

    /// The same without asking which reading of its text is taken.
    pub(super) fn applies_if_so_read(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        let provision = &self.rulebook[id];
        if !self.within_days(id, place)?
            || !self.within_territory(id, place)
            || !self.within_scopes(&provision.scopes, place)
        {
            return Ok(false);
        }
        let condition = provision.condition.as_ref().map_or(Ok(true), |condition| self.condition(condition));
        let cases = self.within_cases(&provision.cases, place);
        match (condition, cases) {
            (Ok(false), _) | (_, Ok(false)) => Ok(false),
            (condition, cases) => both(condition, cases).map(|_| true),
        }
    }

    fn within_days(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        let provision = &self.rulebook[id];
        let text = &self.rulebook[provision.text];
        if persists(self.rulebook, id) || matches!(provision.statement, Statement::Extends { .. }) {
            // What it ended stays ended, and an extension runs to the end that it names: no last day of its own.
            return Ok(self.rulebook.start(id).is_none_or(|start| start <= self.clock));
        }
        Ok(provision.days.contains(self.clock)
            && self.document_in_force(text.document, place)?
            && self.document_in_force(text.enacted_by, place)?)
    }

    /// Whether the document's term, as written and as extended, holds the clock's day. Acts on it are not judged here.
    pub(super) fn document_in_force(&self, document: DocumentId, place: Option<LocalityId>) -> Judged<bool> {
        let terms = &self.rulebook[document].in_force;
        if terms.iter().any(|days| days.contains(self.clock)) {
            return Ok(true);
        }
        let Some(extensions) = self.support.extended_by.get(&document) else { return Ok(false) };
        let mut extensions = extensions.clone();
        extensions.sort_by_key(|id| (self.rulebook.start(*id), *id));
        let mut end = terms.iter().map(|days| days.before.unwrap_or(Date::MAX)).max().unwrap_or(Date::MIN);
        for id in extensions {
            // Only what has not ended yet, by its own words or as extended before, is extended: an expired text does not
            // come back.
            if let Statement::Extends { before, .. } = self.rulebook[id].statement
                && self.rulebook.start(id).is_none_or(|start| start <= end)
                && self.may_extend(id, document)
                && self.speaks(id, place)?
            {
                if self.clock < before {
                    return Ok(true);
                }
                end = end.max(before);
            }
        }
        Ok(false)
    }

    /// A text is extended by its issuer's own text or a higher one.
    fn may_extend(&self, id: ProvisionId, document: DocumentId) -> bool {
        let enacted_by = self.rulebook[self.rulebook[id].text].enacted_by;
        let rank = |of: DocumentId| self.rulebook[self.rulebook[of].kind].rank;
        rank(enacted_by) >= rank(document) || self.rulebook[enacted_by].issuer == self.rulebook[document].issuer
    }

    /// A local document speaks in its issuer's territory as it was on the day of issue.
    pub(super) fn within_territory(&self, id: ProvisionId, place: Option<LocalityId>) -> bool {
        let document = &self.rulebook[self.rulebook[self.rulebook[id].text].enacted_by];
        let Some(unit) = document.issuer.unit else { return true };
        place.is_some_and(|place| self.lies_in(unit, place, document.issued))
    }

    /// A scope that says whose place it means is read there, any other where its sentence is read.
    pub(super) fn within_scopes(&self, scopes: &[Scope], place: Option<LocalityId>) -> bool {
        let within = |scope: &Scope| {
            let place = scope.role.map_or(place, |role| self.locality(role));
            place.is_some_and(|place| self.within_scope(scope, place))
        };
        scopes.is_empty() || scopes.iter().any(within)
    }

    fn within_scope(&self, scope: &Scope, place: LocalityId) -> bool {
        let unit = scope.unit.is_none_or(|unit| self.lies_in(unit, place, scope.former.unwrap_or(self.clock)));
        unit && scope.of_type.as_ref().is_none_or(|kind| self.lies_in_type(place, kind))
    }

    fn lies_in(&self, unit: UnitId, place: LocalityId, day: Date) -> bool {
        let register = &self.rulebook.register;
        let level = self.level_of(unit);
        level.and_then(|level| register.ancestor(place, level, day)).is_some_and(|row| register.row(row).unit == unit)
    }

    pub(super) fn level_of(&self, unit: UnitId) -> Option<LevelId> {
        let register = &self.rulebook.register;
        register.rows_of(unit).first().map(|row| register.row(*row).level)
    }

    /// Whether a unit that holds the place, at any level, is of this type on the clock's day.
    fn lies_in_type(&self, place: LocalityId, kind: &str) -> bool {
        let register = &self.rulebook.register;
        (0..self.rulebook.levels.len())
            .filter_map(|level| u8::try_from(level).ok())
            .filter_map(|level| register.ancestor(place, LevelId(level), self.clock))
            .any(|row| crate::text::name_fold(&register.row(row).kind) == *kind)
    }

    /// Whether two places are read alike on the clock's day by everything that looks at places: sentences, their issuers, cover,
    /// the levels that there are, and the units at which seats are fixed.
    pub(super) fn alike(&self, a: LocalityId, b: LocalityId) -> bool {
        let register = &self.rulebook.register;
        let mut levels = (0..self.rulebook.levels.len()).filter_map(|level| u8::try_from(level).ok()).map(LevelId);
        let there = |place, level| register.ancestor(place, level, self.clock).is_some();
        let sentences = self.support.provisions.iter().chain(&self.support.cited);
        let mut sentences = sentences.map(|id| (*id, &self.rulebook[*id].scopes));
        let read = |place, (id, scopes): (ProvisionId, &Vec<Scope>)| {
            (self.within_territory(id, Some(place)), self.within_of_each(scopes, place))
        };
        let own = self.support.tasks.iter().flat_map(|task| &self.rulebook[*task].covered_in);
        let mut cover = self.rulebook.cover.iter().chain(own);
        let mut fixed =
            self.support.provisions.iter().flat_map(|id| super::standing::units(&self.rulebook[*id].statement));
        levels.all(|level| there(a, level) == there(b, level))
            && sentences.all(|sentence| read(a, sentence) == read(b, sentence))
            && cover.all(|line| self.within_of_each(&line.scopes, a) == self.within_of_each(&line.scopes, b))
            && fixed.all(|unit| self.lies_in(unit, a, self.clock) == self.lies_in(unit, b, self.clock))
    }

    /// For each role that scopes name, and where they name none, whether one of these holds a place.
    fn within_of_each(&self, scopes: &[Scope], place: LocalityId) -> BTreeMap<Option<RoleId>, bool> {
        let mut within = BTreeMap::new();
        for scope in scopes {
            *within.entry(scope.role).or_default() |= self.within_scope(scope, place);
        }
        within
    }

    fn within_cases(&self, cases: &[Cases], place: Option<LocalityId>) -> Judged<bool> {
        let mut mixed = None;
        for limit in cases {
            let any = any(limit.of.iter().map(|id| self.own_cases(*id, place)));
            let holds = match limit.kind {
                CasesKind::In => any,
                CasesKind::Except | CasesKind::AllOther => any.map(|any| !any),
            };
            match holds {
                Ok(false) => return Ok(false),
                Ok(true) => {}
                Err(split) => mixed = Some(first(mixed, split)),
            }
        }
        mixed.map_or(Ok(true), Err)
    }

    /// The cases of a cited provision: its own `in`, `when` and cited cases, whatever its force today.
    pub(super) fn own_cases(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        let provision = &self.rulebook[id];
        if !self.within_scopes(&provision.scopes, place) {
            return Ok(false);
        }
        let condition = provision.condition.as_ref().map_or(Ok(true), |condition| self.condition(condition));
        match (condition, self.within_cases(&provision.cases, place)) {
            (Ok(false), _) | (_, Ok(false)) => Ok(false),
            (condition, cases) => both(condition, cases).map(|_| true),
        }
    }

    /// Every clause holds.
    pub(super) fn condition(&self, condition: &Condition) -> Judged<bool> {
        all(condition.clauses.iter().map(|clause| match clause {
            Clause::Test(test) => self.test(test),
            Clause::AnyOf(lines) => any(lines.iter().map(|line| all(line.iter().map(|test| self.test(test))))),
        }))
    }

    pub(super) fn test(&self, test: &Test) -> Judged<bool> {
        let fact = match *test {
            Test::Fact { fact, .. } => fact,
            Test::Limit { .. } => return self.within_limit(test),
            Test::Spans { role, level, several } => return Ok(self.spans(role, level) == several),
            Test::HasPlace { role, there } => return Ok(self.locality(role).is_some() == there),
        };
        let cells = match self.classified(fact)? {
            Some(value) => self.cell_of(fact, &value),
            None => self.possible(fact).to_vec(),
        };
        match self.support.grid.judge(test, &cells) {
            Holds::Always => Ok(true),
            Holds::Never => Ok(false),
            Holds::Mixed => Err(Split::Fact(self.index_of(fact), test.clone())),
        }
    }

    pub(super) fn index_of(&self, fact: FactId) -> usize {
        self.support.facts.iter().position(|own| *own == fact).unwrap_or(usize::MAX)
    }

    pub(super) fn possible(&self, fact: FactId) -> &[u16] {
        self.case.facts.get(self.index_of(fact)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn cell_of(&self, fact: FactId, value: &Value) -> Vec<u16> {
        let cells = self.support.grid.cells(fact);
        let holding = |cell: &Cell| cell.holds(value);
        cells.iter().position(holding).and_then(|index| u16::try_from(index).ok()).into_iter().collect()
    }

    /// The value that sentences of classification give a fact here; `None` when none speaks or they disagree, so that it
    /// is asked like any other fact.
    pub(super) fn classified(&self, fact: FactId) -> Judged<Option<Value>> {
        let Some(sentences) = self.support.classified_by.get(&fact) else { return Ok(None) };
        if let Some(known) = self.classified.borrow().get(&fact) {
            return known.clone();
        }
        let found = self.classify(sentences);
        self.classified.borrow_mut().insert(fact, found.clone());
        found
    }

    fn classify(&self, sentences: &[ProvisionId]) -> Judged<Option<Value>> {
        // A fact is of the whole case, so that it is the asked task's first place that counts, whichever task looks at it.
        let site = self.support.roles.first().and_then(|role| self.locality(*role));
        let mut speaking = Vec::new();
        let mut mixed = None;
        for id in sentences {
            match self.speaks(*id, site) {
                Ok(true) => speaking.push(*id),
                Ok(false) => {}
                Err(split) => mixed = Some(first(mixed, split)),
            }
        }
        if let Some(split) = mixed {
            return Err(split);
        }
        let winners = self.win_at(&speaking, site)?;
        let mut values = winners.iter().filter_map(|id| {
            if let Statement::Classifies { value, .. } = &self.rulebook[*id].statement { Some(value) } else { None }
        });
        let value = values.next();
        Ok(if values.all(|other| Some(other) == value) { value.cloned() } else { None })
    }

    /// Whether the facts that are classified here agree with what the question says of them.
    pub(super) fn consistent(&self) -> Judged<bool> {
        for fact in self.support.classified_by.keys() {
            // Where the question says nothing of the fact, nothing can disagree.
            let free = self.possible(*fact).len() == self.support.grid.cells(*fact).len();
            if !free
                && let Some(value) = self.classified(*fact)?
                && !self.cell_of(*fact, &value).iter().any(|cell| self.possible(*fact).contains(cell))
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the reading to which the provision belongs is the one taken: settled by a later text, or chosen by the case.
    pub(super) fn within_reading(&self, id: ProvisionId, place: Option<LocalityId>) -> Judged<bool> {
        let Some((reading, option)) = self.rulebook[id].reading else { return Ok(true) };
        for (document, settled) in &self.rulebook[reading].settled {
            // Once settled, a text has always meant that: also where the clock is an earlier day.
            if self.at_clock(self.case.day).document_stands(*document, place)? {
                return Ok(*settled == option);
            }
        }
        let index = self.support.readings.iter().position(|own| *own == reading).unwrap_or(usize::MAX);
        match self.case.readings.get(index).copied().flatten() {
            Some(taken) => Ok(taken == option),
            None => Err(Split::Reading(index)),
        }
    }
}

fn first(earlier: Option<Split>, split: Split) -> Split {
    match earlier {
        Some(earlier) => earlier.first(split),
        None => split,
    }
}

/// All hold; one that never holds settles it, whatever the others.
pub(super) fn all(parts: impl Iterator<Item = Judged<bool>>) -> Judged<bool> {
    let mut mixed = None;
    for part in parts {
        match part {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(split) => mixed = Some(first(mixed, split)),
        }
    }
    mixed.map_or(Ok(true), Err)
}

/// One holds; one that always holds settles it, whatever the others.
pub(super) fn any(parts: impl Iterator<Item = Judged<bool>>) -> Judged<bool> {
    let mut mixed = None;
    for part in parts {
        match part {
            Ok(false) => {}
            Ok(true) => return Ok(true),
            Err(split) => mixed = Some(first(mixed, split)),
        }
    }
    mixed.map_or(Ok(false), Err)
}
