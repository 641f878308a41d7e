//! Units and scopes: what a rule's `in province "Đà Nẵng"` names, seen from the day on which it was written.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::diagnostic::{Binding, Limit, Noun};
use crate::register::{Found, LevelId, Register, RowId, UnitId};
use crate::rulebook::Scope;
use crate::syntax::tree::{self, UnitRef};

use super::catalogue::Catalogue;
use super::names::{fold, nearest};
use super::problems::Problems;
use super::tasks::OfTask;

pub(super) struct Places {
    pub(super) register: Register,
    /// Folded, as in [`Scope::of_type`].
    types: BTreeSet<String>,
}

impl Places {
    pub(super) fn new(register: Register) -> Self {
        let types = register.rows().map(|row| fold(&register.row(row).kind)).collect();
        Self { register, types }
    }

    pub(super) fn level(&self, unit: UnitId) -> Option<LevelId> {
        self.register.rows_of(unit).first().map(|row| self.register.row(*row).level)
    }

    pub(super) fn scopes(
        &self,
        scopes: &[tree::Scope],
        days: &[Date],
        (catalogue, of): (&Catalogue<'_>, Option<OfTask<'_>>),
        problems: &mut Problems,
    ) -> Vec<Scope> {
        scopes.iter().filter_map(|scope| self.scope(scope, days, (catalogue, of), problems)).collect()
    }

    fn scope(
        &self,
        scope: &tree::Scope,
        days: &[Date],
        (catalogue, of): (&Catalogue<'_>, Option<OfTask<'_>>),
        problems: &mut Problems,
    ) -> Option<Scope> {
        let role = match (&scope.role, of) {
            (None, _) => None,
            (Some(name), Some(of)) => Some(of.role(name, catalogue, problems)?),
            (Some(name), None) => {
                problems.add(Binding::MisplacedLimit { limit: Limit::Place }, name.span);
                return None;
            }
        };
        let (unit, former) = match &scope.unit {
            Some(unit) if scope.former => {
                let (unit, day) = self.former(unit, days, catalogue, problems)?;
                (Some(unit), Some(day))
            }
            Some(unit) => (Some(self.unit(unit, days, catalogue, problems)?), None),
            None => (None, None),
        };
        let of_type = match &scope.of_type {
            Some(name) if !self.types.contains(&fold(&name.value)) => {
                problems.add(self.unknown_type(&name.value), name.span);
                return None;
            }
            Some(name) => Some(fold(&name.value)),
            None => None,
        };
        Some(Scope { former, unit, of_type, role })
    }

    /// The unit on the first of the days on which it is found; failing that, the only one that ever bore the name.
    pub(super) fn unit(
        &self,
        unit: &UnitRef,
        days: &[Date],
        catalogue: &Catalogue<'_>,
        problems: &mut Problems,
    ) -> Option<UnitId> {
        let filter = self.filter(unit, catalogue, problems)?;
        let mut near = Vec::new();
        for day in days {
            match self.register.find(&unit.name.value, filter, *day) {
                Found::One(row) => return Some(self.register.row(row).unit),
                Found::Several(rows) => {
                    self.ambiguous(unit, &rows, problems);
                    return None;
                }
                Found::NotThen { .. } => {}
                Found::Unknown { near: rows } => near = rows,
            }
        }
        let ever = self.register.find_ever(&unit.name.value, filter);
        let units: BTreeSet<UnitId> = ever.iter().map(|row| self.register.row(*row).unit).collect();
        match (units.first(), units.len()) {
            (Some(only), 1) => Some(*only),
            (Some(_), _) => {
                self.ambiguous(unit, &ever, problems);
                None
            }
            (None, _) => {
                let nearest = near.first().map(|row| self.register.row(*row).name.clone());
                self.unknown(unit, nearest, problems);
                None
            }
        }
    }

    /// No unit was ever called so, or none of the type or level that is said.
    fn unknown(&self, unit: &UnitRef, nearest: Option<String>, problems: &mut Problems) {
        let name = unit.name.value.clone();
        let others = unit.level_or_type.iter().flat_map(|_| self.register.find_ever(&name, None));
        let others: BTreeSet<String> = others.map(|row| self.candidate(row)).collect();
        let word = unit.level_or_type.as_ref().map(|word| word.value.clone());
        let problem = match word {
            Some(word) if !others.is_empty() => {
                Binding::UnitOfOtherType { name, word, others: others.into_iter().collect() }
            }
            Some(_) | None => Binding::UnknownUnit { name, nearest },
        };
        problems.add(problem, unit.name.span);
    }

    /// Warns when the unit of an issuer is not there on the day of issue.
    pub(super) fn issues_then(&self, unit: UnitId, issued: Date, scope: &tree::Scope, problems: &mut Problems) {
        let found = self.register.unit(unit);
        let Some(written) = &scope.unit else { return };
        if issued < found.from || found.before.is_some_and(|before| before <= issued) {
            let (from, before) = (found.from, found.before);
            let problem = Binding::IssuerNotThen { unit: written.name.value.clone(), issued, from, before };
            problems.add(problem, written.name.span);
        }
    }

    /// The level or type word before the name; `None` when there is no such word in the library.
    fn filter<'t>(
        &self,
        unit: &'t UnitRef,
        catalogue: &Catalogue<'_>,
        problems: &mut Problems,
    ) -> Option<Option<&'t str>> {
        let Some(word) = &unit.level_or_type else { return Some(None) };
        if catalogue.get_level(&word.value).is_none() && !self.types.contains(&fold(&word.value)) {
            problems.add(self.unknown_type(&word.value), word.span);
            return None;
        }
        Some(Some(word.value.as_str()))
    }

    /// The unit that is called former on the last of the days, and the day on which it last was as it is meant: its own
    /// last day, or the day before it last changed its territory.
    fn former(
        &self,
        unit: &UnitRef,
        days: &[Date],
        catalogue: &Catalogue<'_>,
        problems: &mut Problems,
    ) -> Option<(UnitId, Date)> {
        let filter = self.filter(unit, catalogue, problems)?;
        let seen_from = days.iter().max().copied().unwrap_or(Date::MAX);
        let rows = self.register.find_ever(&unit.name.value, filter);
        let units: BTreeSet<UnitId> = rows.iter().map(|row| self.register.row(*row).unit).collect();
        let mut former = self.former_by(&units, seen_from);
        if former.is_empty() {
            // A text may speak of a change that is still to come.
            former = self.former_by(&units, Date::MAX);
        }
        match former.as_slice() {
            [only] => Some(*only),
            [] if rows.is_empty() => {
                self.unknown(unit, None, problems);
                None
            }
            [] => {
                let nearest = rows.first().map(|row| self.register.row(*row).name.clone());
                problems.add(Binding::UnknownUnit { name: unit.name.value.clone(), nearest }, unit.name.span);
                None
            }
            [_, ..] => {
                self.ambiguous(unit, &rows, problems);
                None
            }
        }
    }

    /// Those of the units that have ended by a day, or else have changed their territory, and the day before that.
    fn former_by(&self, units: &BTreeSet<UnitId>, day: Date) -> Vec<(UnitId, Date)> {
        let ended = |unit: &UnitId| {
            let before = self.register.unit(*unit).before.filter(|before| *before <= day)?;
            Some((*unit, before.yesterday().ok()?))
        };
        let former: Vec<(UnitId, Date)> = units.iter().filter_map(ended).collect();
        if !former.is_empty() {
            return former;
        }
        units.iter().filter_map(|unit| Some((*unit, self.before_last_change(*unit, day)?))).collect()
    }

    /// The day before the latest change of a living unit's territory up to a day.
    fn before_last_change(&self, unit: UnitId, seen_from: Date) -> Option<Date> {
        let register = &self.register;
        let changes = register.change_days().iter().rev().filter(|change| **change <= seen_from);
        changes.filter_map(|change| Some((*change, change.yesterday().ok()?))).find_map(|(change, before)| {
            let then = register.localities_of_unit(unit, before);
            (!then.is_empty() && then != register.localities_of_unit(unit, change)).then_some(before)
        })
    }

    fn ambiguous(&self, unit: &UnitRef, rows: &[RowId], problems: &mut Problems) {
        let candidates: BTreeSet<String> = rows.iter().map(|row| self.candidate(*row)).collect();
        let candidates = candidates.into_iter().collect();
        problems.add(Binding::AmbiguousUnit { name: unit.name.value.clone(), candidates }, unit.name.span);
    }

    fn candidate(&self, row: RowId) -> String {
        let row = self.register.row(row);
        format!("{} ({})", row.name, row.code)
    }

    fn unknown_type(&self, name: &str) -> Binding {
        let nearest = nearest(name, self.types.iter().map(String::as_str));
        Binding::UnknownName {
            noun: Noun::UnitType,
            name: name.to_owned(),
            nearest,
            keyword: None,
            foreign: None,
            among: Vec::new(),
        }
    }
}
