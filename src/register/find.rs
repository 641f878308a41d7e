//! From what people write to units. Knows how names are compared, not what they are asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::spelling::{exact, is_marked, tidy};
use super::{Fate, Portion, Register, Row, RowId};
use crate::text::search_fold as fold;

/// At most so many names are offered for one that is unknown.
const NEAR: usize = 5;

/// What a query names on a day. Rows are in the order of level, then code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    One(RowId),
    /// More than one unit bears the name then.
    Several(Vec<RowId>),
    /// Such units exist, but not on that day. `successors`: what became of those that had ended.
    NotThen {
        rows: Vec<RowId>,
        successors: Vec<Fate>,
    },
    /// No unit was ever called so. `near`: what may have been meant, the likeliest first, at most five.
    Unknown {
        near: Vec<RowId>,
    },
}

/// How well a row's name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Code,
    Exact,
    Folded,
}

/// A text and the keys under which it is compared.
#[derive(Debug, Clone)]
struct Asked {
    code: String,
    exact: String,
    fold: String,
    /// It has marks, which may not be left out then.
    marked: bool,
}

impl Asked {
    fn new(text: &str) -> Self {
        let code = tidy(text);
        Self { exact: exact(&code), fold: fold(&code), marked: is_marked(&code), code }
    }
}

/// The names and the type of a row.
#[derive(Debug, Clone)]
pub(super) struct Names {
    short: Asked,
    full: Asked,
    kind: Asked,
}

impl Names {
    pub(super) fn new(row: &Row) -> Self {
        Self { short: Asked::new(&row.short_name), full: Asked::new(&row.name), kind: Asked::new(&row.kind) }
    }

    /// The names without marks.
    pub(super) fn folded(&self) -> [&str; 2] {
        [&self.short.fold, &self.full.fold]
    }
}

/// Names as rows spell them, with their keys: who asks copied most of them from such a list.
#[derive(Debug, Clone, Default)]
pub(super) struct Spellings(BTreeMap<String, Asked>);

impl Spellings {
    pub(super) fn new<'a>(rows: impl Iterator<Item = (&'a Row, &'a Names)>) -> Self {
        let both = |(row, names): (&Row, &Names)| {
            [(row.short_name.clone(), names.short.clone()), (row.name.clone(), names.full.clone())]
        };
        Self(rows.flat_map(both).collect())
    }

    fn asked(&self, text: &str) -> Cow<'_, Asked> {
        self.0.get(text.trim()).map_or_else(|| Cow::Owned(Asked::new(text)), Cow::Borrowed)
    }

    /// A query: a name, and the names or codes of units above it behind commas.
    fn parse(&self, query: &str) -> (Cow<'_, Asked>, Vec<Cow<'_, Asked>>) {
        let mut parts = query.split(',').map(|part| self.asked(part));
        let first = parts.next().unwrap_or_else(|| self.asked(query));
        (first, parts.filter(|part| !part.code.is_empty()).collect())
    }
}

/// The id and the names of a level.
#[derive(Debug, Clone)]
pub(super) struct LevelWords(Vec<Asked>);

impl LevelWords {
    pub(super) fn new(id: &str, names: &[String]) -> Self {
        Self(std::iter::once(id).chain(names.iter().map(String::as_str)).map(Asked::new).collect())
    }
}

impl Register {
    /// The units that a query names on a day.
    ///
    /// A query is a code, or a name with or without its type word or a name of its level (`Phường Thạch Thang`,
    /// `Thạch Thang`, `Thach Thang ward`), perhaps with names or codes of units above it behind commas (`Thạch Thang,
    /// Hải Châu`). Case, blanks and the place of the tone mark do not matter; marks may be left out, but a name with
    /// the right marks beats others. `filter` is a type, or the id or a name of a level; where it can be either, the
    /// type is tried first.
    #[must_use]
    pub fn find(&self, query: &str, filter: Option<&str>, day: Date) -> Found {
        // Most queries are codes as they are written in the register.
        if filter.is_none()
            && query.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && let Some(row) = self.row_on(query, day)
        {
            return Found::One(row);
        }
        let (asked, above) = self.spellings.parse(query);
        let groups = self.filtered(self.fitting(&asked, &above, Some(day)), filter);
        let then = |row: &RowId| self.row(*row).holds_on(day);
        for group in &groups {
            let rows = self.by_level(best(group, asked.marked, then));
            match rows.as_slice() {
                [] => {}
                [one] => return Found::One(*one),
                _ => return Found::Several(rows),
            }
        }
        let ever = groups.iter().map(|group| best(group, true, |_| true)).find(|rows| !rows.is_empty());
        match ever {
            Some(rows) => {
                let rows = self.by_level(rows);
                let successors = self.successors_by(&rows, day);
                Found::NotThen { rows, successors }
            }
            None => Found::Unknown { near: self.near(&asked, day) },
        }
    }

    /// The rows of all days that a query names, best fits only, by level and code: for rules, which speak of a unit
    /// through all its rows.
    #[must_use]
    pub fn find_ever(&self, query: &str, filter: Option<&str>) -> Vec<RowId> {
        let (asked, above) = self.spellings.parse(query);
        let groups = self.filtered(self.fitting(&asked, &above, None), filter);
        let rows = groups.iter().map(|group| best(group, true, |_| true)).find(|rows| !rows.is_empty());
        self.by_level(rows.unwrap_or_default())
    }

    fn fitting(&self, asked: &Asked, above: &[Cow<'_, Asked>], day: Option<Date>) -> Vec<(Fit, RowId)> {
        let fits = |place| Some((self.fit(asked, place)?, place));
        let under = |(_, row): &(Fit, RowId)| above.iter().all(|part| self.is_under(*row, part, day));
        self.candidates(asked).into_iter().filter_map(fits).filter(under).collect()
    }

    /// The rows that can fit: those of the code, and those whose name, marks aside, is asked for with or without a word
    /// before or behind it.
    fn candidates(&self, asked: &Asked) -> Vec<RowId> {
        let name = asked.fold.as_str();
        let word = |word: &Asked| {
            let rest = [name.strip_prefix(word.fold.as_str()), name.strip_suffix(word.fold.as_str())];
            rest.map(|rest| rest.map(str::trim_ascii))
        };
        let words = self.levels.iter().flat_map(|level| &level.0).flat_map(word).flatten();
        let named = words.chain([name]).filter_map(|name| self.by_name.get(name)).flatten();
        let mut found: Vec<RowId> = named.chain(self.by_code.get(&asked.code).into_iter().flatten()).copied().collect();
        found.sort();
        found.dedup();
        found
    }

    fn fit(&self, asked: &Asked, place: RowId) -> Option<Fit> {
        let row = self.row(place);
        if row.code == asked.code {
            return Some(Fit::Code);
        }
        let names = self.names.get(place.place())?;
        let words = self.words_of(row);
        let fits = |key: fn(&Asked) -> &str| {
            let (asked, short) = (key(asked), key(&names.short));
            asked == short || asked == key(&names.full) || words.iter().any(|word| has_word(asked, key(word), short))
        };
        if fits(|asked| &asked.exact) {
            Some(Fit::Exact)
        } else if fits(|asked| &asked.fold) {
            Some(Fit::Folded)
        } else {
            None
        }
    }

    fn words_of(&self, row: &Row) -> &[Asked] {
        self.levels.get(usize::from(row.level.0)).map_or(&[], |level| level.0.as_slice())
    }

    /// Whether a unit above the row is called so, on the day where the row holds then, else on any of its days.
    fn is_under(&self, place: RowId, part: &Asked, day: Option<Date>) -> bool {
        let row = self.row(place);
        let day = day.filter(|day| row.holds_on(*day));
        let then = |day| self.chain_of_parents(place, day).into_iter().any(|above| self.fit(part, above).is_some());
        if let Some(day) = day {
            return then(day);
        }
        let later = row.parent.as_deref().into_iter().flat_map(|code| self.bearers(code)).map(|(_, above)| above.from);
        std::iter::once(row.from).chain(later.filter(|day| row.holds_on(*day))).any(then)
    }

    /// The rows that pass a filter, once for each way to understand it, the likeliest first.
    fn filtered(&self, rows: Vec<(Fit, RowId)>, filter: Option<&str>) -> Vec<Vec<(Fit, RowId)>> {
        let Some(filter) = filter.map(Asked::new) else { return vec![rows] };
        let is_kind = |row: RowId, key: fn(&Asked) -> &str| {
            self.names.get(row.place()).is_some_and(|names| key(&names.kind) == key(&filter))
        };
        let is_level = |row: RowId, key: fn(&Asked) -> &str| {
            self.words_of(self.row(row)).iter().any(|word| key(word) == key(&filter))
        };
        let pass = |way: &dyn Fn(RowId) -> bool| rows.iter().copied().filter(|(_, row)| way(*row)).collect();
        vec![
            pass(&|row| is_kind(row, |asked| &asked.exact)),
            pass(&|row| is_level(row, |asked| &asked.exact)),
            pass(&|row| is_kind(row, |asked| &asked.fold)),
            pass(&|row| is_level(row, |asked| &asked.fold)),
        ]
    }

    /// What became of the rows that had ended: of their units, or the unit itself where it goes on under another type
    /// or parent.
    fn successors_by(&self, rows: &[RowId], day: Date) -> Vec<Fate> {
        let mut fates: Vec<Fate> = Vec::new();
        for row in rows.iter().map(|row| self.row(*row)) {
            let Some(end) = row.before.filter(|end| *end <= day) else { continue };
            let next = self.rows_of(row.unit).iter().copied().find(|next| self.row(*next).from == end);
            let own = next.map(|row| {
                let document = self.row(row).document.clone();
                Fate { date: end, document, portion: Portion::Whole, row }
            });
            for fate in own.map_or_else(|| self.successors(row.unit), |own| vec![own]) {
                if !fates.contains(&fate) {
                    fates.push(fate);
                }
            }
        }
        fates
    }

    /// Units whose names differ in few letters, each by its row of the day or its last one.
    fn near(&self, asked: &Asked, day: Date) -> Vec<RowId> {
        let long = asked.fold.chars().count();
        let allowed = (long / 3).max(1);
        // As many letters differ as there are more of them: what is too long is not compared letter by letter.
        let distance = |name: &str| {
            let more = long.abs_diff(name.chars().count());
            if more > allowed { more } else { strsim::osa_distance(&asked.fold, name) }
        };
        let mut close = Vec::new();
        for unit in &self.units {
            let then = unit.rows.iter().copied().find(|row| self.row(*row).holds_on(day));
            let Some(place) = then.or(unit.rows.last().copied()) else { continue };
            let Some(names) = self.names.get(place.place()) else { continue };
            let least = distance(&names.short.fold).min(distance(&names.full.fold));
            if least <= allowed {
                close.push((least, then.is_none(), self.row(place).level, place));
            }
        }
        close.sort();
        close.into_iter().map(|(.., place)| place).take(NEAR).collect()
    }

    fn by_level(&self, mut rows: Vec<RowId>) -> Vec<RowId> {
        rows.sort_by_key(|row| (self.row(*row).level, *row));
        rows
    }
}

/// Whether `asked` is `short` with the word before or behind it.
fn has_word(asked: &str, word: &str, short: &str) -> bool {
    let rest = asked.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
    let rest = rest.or_else(|| asked.strip_suffix(word).and_then(|rest| rest.strip_suffix(' ')));
    rest == Some(short)
}

/// The rows of the best fit. A query with marks that fits exactly some day is never taken for another name on other
/// days; one without marks may have left them out.
fn best(rows: &[(Fit, RowId)], strict: bool, then: impl Fn(&RowId) -> bool) -> Vec<RowId> {
    for fit in [Fit::Code, Fit::Exact, Fit::Folded] {
        let mut of_fit = rows.iter().filter(|(other, _)| *other == fit).map(|(_, row)| *row).peekable();
        let any = of_fit.peek().is_some();
        let found: Vec<RowId> = of_fit.filter(&then).collect();
        if !found.is_empty() || (any && (strict || fit == Fit::Code)) {
            return found;
        }
    }
    Vec::new()
}
