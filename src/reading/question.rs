//! From outer text (a task, units, a day, facts, in either language) to a [`Question`]. Nothing is filled in: a missing
//! day is a problem, never today.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::spelled::{self, Given, Lookup};
use super::table::Only;
use super::trouble::{Member, Trouble, What};
use crate::applicability::covered;
use crate::calendar;
use crate::register::{Fate, Found, Portion, Register, RowId, UnitId};
use crate::rulebook::{BodyId, FactId, RoleId, Rulebook, TaskId, Value};
use crate::ruling::Question;
use crate::syntax::builtin::NO_LEVEL;
use crate::text::{folds_to, name_fold};

/// (role, or the task's first when none is said; unit). Several of one role: the case spans them.
pub type Place<'a> = (Option<Cow<'a, str>>, Cow<'a, str>);

/// A question as it was put, in texts of its own or of what it was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    pub task: Option<Cow<'a, str>>,
    pub on: Option<Cow<'a, str>>,
    pub places: Vec<Place<'a>>,
    pub facts: Vec<(Cow<'a, str>, Given<'a>)>,
}

/// Understands a question.
///
/// # Errors
/// The first member that is wrong, with what was expected and what may have been meant.
pub fn understand(rulebook: &Rulebook, asked: &Asked<'_>) -> Result<Question, Trouble> {
    let task = task(rulebook, asked.task.as_deref())?;
    let on = day(asked.on.as_deref())?;
    let (places, without) = places(rulebook, task, asked, on)?;
    let facts = facts(rulebook, task, asked)?;
    Ok(Question { task, on, places, without, facts })
}

/// The task that a text names.
///
/// # Errors
/// When none or several are called so.
pub fn task(rulebook: &Rulebook, written: Option<&str>) -> Result<TaskId, Trouble> {
    let written = written.map(str::trim).filter(|text| !text.is_empty());
    let written = written.ok_or_else(|| Trouble::new(Member::Task, What::Missing))?;
    // Tasks are in the order of their ids, but for such as capitals or marks order otherwise: those are found below.
    if let Ok(place) = rulebook.tasks.binary_search_by(|task| task.names.id.as_str().cmp(written)) {
        return Ok(TaskId(id(place)));
    }
    let name = |place: usize| rulebook.tasks.get(place).map(|task| task.names.clone());
    let what = match spelled::lookup(written, rulebook.tasks.iter().map(|task| &task.names)) {
        Lookup::One(place) => return Ok(TaskId(id(place))),
        Lookup::Several(places) => {
            What::Ambiguous { written: written.to_owned(), names: places.into_iter().filter_map(name).collect() }
        }
        Lookup::Unknown(near) => What::Unknown { written: written.to_owned(), near: near.and_then(name) },
    };
    Err(Trouble::new(Member::Task, what))
}

/// The body that a text names.
///
/// # Errors
/// When none or several are called so.
pub fn body(rulebook: &Rulebook, written: &str) -> Result<BodyId, Trouble> {
    let written = written.trim();
    let names = || rulebook.bodies.iter().map(|body| &body.names);
    let name = |place: usize| names().nth(place).cloned();
    let text = || written.to_owned();
    let what = match spelled::lookup(written, names()) {
        Lookup::One(place) => return Ok(BodyId(id(place))),
        Lookup::Several(places) => {
            What::Ambiguous { written: text(), names: places.into_iter().filter_map(name).collect() }
        }
        Lookup::Unknown(_) if written.is_empty() => What::Missing,
        Lookup::Unknown(near) => What::Unknown { written: text(), near: near.and_then(name) },
    };
    Err(Trouble::new(Member::Body, what))
}

/// A day that must be said.
///
/// # Errors
/// When it is missing or not written as a date.
pub fn day(written: Option<&str>) -> Result<Date, Trouble> {
    day_of(Member::On, written)
}

/// The same, of another member.
///
/// # Errors
/// As [`day`].
pub fn day_of(member: Member, written: Option<&str>) -> Result<Date, Trouble> {
    let Some(written) = written.map(str::trim).filter(|text| !text.is_empty()) else {
        return Err(Trouble::new(member, What::Missing));
    };
    calendar::read(written).ok_or_else(|| Trouble::new(member, What::NoDate { written: written.to_owned() }))
}

/// A body and the unit that it is of on a day; none for a body without a level. Of several units of one name it is the one that
/// can have such a body.
///
/// # Errors
/// When the body or its unit is missing, unknown or ambiguous.
pub fn seated(rulebook: &Rulebook, (body, unit): (&str, &str), on: Date) -> Result<(BodyId, Option<RowId>), Trouble> {
    let body = self::body(rulebook, body)?;
    let levels = &rulebook[body].levels;
    if levels.is_empty() {
        return Ok((body, None));
    }
    let found = self::unit(rulebook, Member::In(None), unit, on).or_else(|trouble| {
        let What::SeveralUnits { rows, .. } = &*trouble.what else { return Err(trouble) };
        let mut fit = rows.iter().filter(|row| levels.contains(&rulebook.register.row(**row).level));
        fit.next().filter(|_| fit.next().is_none()).copied().ok_or(trouble)
    });
    Ok((body, Some(found?)))
}

/// The unit that a text names on a day.
///
/// # Errors
/// When none or several bear the name then; what became of it, where it had ended.
pub fn unit(rulebook: &Rulebook, member: Member, written: &str, on: Date) -> Result<RowId, Trouble> {
    unit_of_kind(rulebook, member, written, None, on)
}

/// The same, with a type word or level before the name.
///
/// # Errors
/// As [`unit`].
pub fn unit_of_kind(
    rulebook: &Rulebook,
    member: Member,
    written: &str,
    kind: Option<&str>,
    on: Date,
) -> Result<RowId, Trouble> {
    unit_said(rulebook, || member, (written, kind), on)
}

/// The same, with the member that says it made only where it is told.
fn unit_said(
    rulebook: &Rulebook,
    member: impl FnOnce() -> Member,
    (written, kind): (&str, Option<&str>),
    on: Date,
) -> Result<RowId, Trouble> {
    if written.trim().is_empty() {
        return Err(Trouble::new(member(), What::Missing));
    }
    let text = || written.trim().to_owned();
    let what = match rulebook.register.find(written, kind, on) {
        Found::One(row) => return Ok(row),
        Found::Several(rows) => What::SeveralUnits { written: text(), rows, on },
        Found::NotThen { rows, successors } => {
            let successors = until(&rulebook.register, successors, on);
            What::UnitNotThen { written: text(), rows, successors, on }
        }
        Found::Unknown { mut near } => {
            let name = written.split(',').next().unwrap_or(written);
            near.retain(|row| {
                let row = rulebook.register.row(*row);
                spelled::near_enough(name, &row.short_name) || spelled::near_enough(name, &row.name)
            });
            What::UnknownUnit { written: text(), near }
        }
    };
    Err(Trouble::new(member(), what))
}

/// What became of a unit, followed to a day: the units that hold its land then, each by the last step that led to it.
#[must_use]
pub fn until(register: &Register, fates: Vec<Fate>, on: Date) -> Vec<Fate> {
    let mut waiting = fates;
    let (mut seen, mut last): (Vec<Fate>, Vec<Fate>) = (Vec::new(), Vec::new());
    while let Some(fate) = waiting.pop() {
        if fate.date > on || seen.contains(&fate) {
            continue;
        }
        seen.push(fate.clone());
        let unit = register.row(fate.row).unit;
        if let Some(row) = register.row_of(unit, on) {
            if last.iter().all(|other| other.row != row) {
                last.push(Fate { row, ..fate });
            }
            continue;
        }
        let further = register.successors(unit).into_iter().filter(|next| next.date > fate.date);
        waiting.extend(further.map(|next| match fate.portion {
            Portion::Whole => next,
            Portion::Part | Portion::Remainder => Fate { portion: Portion::Part, ..next },
        }));
    }
    last.sort_by_key(|fate| (fate.date, fate.row));
    last
}

/// The units of each role, and the roles of which it is said that there is no place.
type Places = (Vec<Vec<RowId>>, Vec<RoleId>);

fn places(rulebook: &Rulebook, task: TaskId, asked: &Asked<'_>, on: Date) -> Result<Places, Trouble> {
    let roles = &rulebook[task].roles;
    let mut places = vec![Vec::new(); roles.len()];
    let mut without: Vec<RoleId> = Vec::new();
    for (role, written) in &asked.places {
        let at = role_place(rulebook, roles, role.as_deref())?;
        if says_none(written) {
            without.push(lacking(rulebook, task, (role.as_deref(), at))?);
            continue;
        }
        let row = unit_said(rulebook, || member_in(role.as_deref()), (written, None), on)
            .or_else(|trouble| the_covered_one(rulebook, task, trouble, on))?;
        if let Some(list) = places.get_mut(at)
            && !list.contains(&row)
        {
            list.push(row);
        }
    }
    for list in &mut places {
        list.sort();
    }
    without.sort();
    without.dedup();
    not_both(rulebook, roles, &places, &without)?;
    Ok((places, without))
}

/// Of several units of one name the only one in which the task is covered.
fn the_covered_one(rulebook: &Rulebook, task: TaskId, trouble: Trouble, on: Date) -> Result<RowId, Trouble> {
    let What::SeveralUnits { rows, .. } = &*trouble.what else { return Err(trouble) };
    let inside = |row: &&RowId| {
        let localities = rulebook.register.localities_of(**row, on);
        localities.iter().any(|place| covered(rulebook, task, Some(*place), on))
    };
    let mut fit = rows.iter().filter(inside);
    fit.next().filter(|_| fit.next().is_none()).copied().ok_or(trouble)
}

fn member_in(role: Option<&str>) -> Member {
    Member::In(role.map(str::to_owned))
}

/// The role of a task of which it is said that there is no place.
fn lacking(rulebook: &Rulebook, task: TaskId, (written, at): (Option<&str>, usize)) -> Result<RoleId, Trouble> {
    let role = rulebook[task].roles.get(at).copied().filter(|role| rulebook[task].optional.contains(role));
    role.ok_or_else(|| Trouble::new(member_in(written), What::PlaceAlwaysThere))
}

fn not_both(rulebook: &Rulebook, roles: &[RoleId], places: &[Vec<RowId>], without: &[RoleId]) -> Result<(), Trouble> {
    let both = |(role, list): &(&RoleId, &Vec<RowId>)| !list.is_empty() && without.contains(role);
    match roles.iter().zip(places).find(both) {
        Some((role, _)) => {
            let role = rulebook[*role].names.id.clone();
            Err(Trouble::new(Member::In(Some(role)), What::PlaceAndNone))
        }
        None => Ok(()),
    }
}

/// What stands for a place that there is not.
fn says_none(written: &str) -> bool {
    static NONE: LazyLock<Vec<String>> = LazyLock::new(|| NO_LEVEL.iter().map(|(_, none)| name_fold(none)).collect());
    NONE.iter().any(|none| folds_to(written, none))
}

fn role_place(rulebook: &Rulebook, roles: &[RoleId], written: Option<&str>) -> Result<usize, Trouble> {
    let Some(written) = written else {
        return if roles.is_empty() { Err(Trouble::new(Member::In(None), What::NoPlaceWanted)) } else { Ok(0) };
    };
    let names = || roles.iter().map(|role| &rulebook[*role].names);
    let name = |place: usize| names().nth(place).cloned();
    let what = match spelled::lookup(written, names()) {
        Lookup::One(place) => return Ok(place),
        Lookup::Several(places) => {
            What::Ambiguous { written: written.to_owned(), names: places.into_iter().filter_map(name).collect() }
        }
        Lookup::Unknown(near) => {
            let known = names().cloned().collect();
            What::NotOfTask { written: written.to_owned(), near: near.and_then(name), known }
        }
    };
    Err(Trouble::new(member_in(Some(written)), what))
}

fn facts(rulebook: &Rulebook, task: TaskId, asked: &Asked<'_>) -> Result<Vec<(FactId, Value)>, Trouble> {
    let mut known: Vec<(FactId, Value)> = Vec::with_capacity(asked.facts.len());
    for (written, given) in &asked.facts {
        let id = fact(rulebook, task, written)?;
        let wrong = |what| Trouble::new(Member::Fact(written.to_string()), what);
        if matches!(given, Given::Text(text) if text.trim().is_empty()) {
            return Err(wrong(What::NoValue));
        }
        if known.iter().any(|(earlier, _)| *earlier == id) {
            return Err(wrong(What::Twice));
        }
        let value = spelled::value(rulebook, &rulebook[id], given)
            .map_err(|unfit| wrong(What::Value { fact: id, written: given.written(), unfit }))?;
        known.push((id, value));
    }
    known.sort();
    Ok(known)
}

/// The fact of a task that a text names.
///
/// # Errors
/// When none or several are called so.
pub fn fact(rulebook: &Rulebook, task: TaskId, written: &str) -> Result<FactId, Trouble> {
    let facts = &rulebook[task].facts;
    let names = || facts.iter().map(|fact| &rulebook[*fact].names);
    let name = |place: usize| names().nth(place).cloned();
    let what = match spelled::lookup(written, names()) {
        Lookup::One(place) => match facts.get(place) {
            Some(fact) => return Ok(*fact),
            None => What::Unknown { written: written.to_owned(), near: None },
        },
        Lookup::Several(places) => {
            What::Ambiguous { written: written.to_owned(), names: places.into_iter().filter_map(name).collect() }
        }
        Lookup::Unknown(near) => What::NotOfTask {
            written: written.to_owned(),
            near: near.and_then(name),
            known: names().cloned().collect(),
        },
    };
    Err(Trouble::new(Member::Fact(written.to_owned()), what))
}

/// The part of a task's law that a text asks for: the day and the units may be left out.
///
/// # Errors
/// As for a question.
pub fn part(rulebook: &Rulebook, asked: &Asked<'_>) -> Result<(TaskId, Only), Trouble> {
    let task = task(rulebook, asked.task.as_deref())?;
    let on = asked.on.as_deref().map(|written| day(Some(written))).transpose()?;
    let roles = &rulebook[task].roles;
    let mut units = vec![Vec::new(); roles.len()];
    let mut without = Vec::new();
    for (role, written) in &asked.places {
        let at = role_place(rulebook, roles, role.as_deref())?;
        if says_none(written) {
            without.push(lacking(rulebook, task, (role.as_deref(), at))?);
            continue;
        }
        let member = || member_in(role.as_deref());
        let row = match on {
            Some(day) => unit_said(rulebook, member, (written, None), day)?,
            None => unit_of_any_day(rulebook, member, written)?,
        };
        units.iter_mut().skip(at).take(1).for_each(|list: &mut Vec<RowId>| list.push(row));
    }
    for list in &mut units {
        list.sort();
        list.dedup();
    }
    without.sort();
    without.dedup();
    not_both(rulebook, roles, &units, &without)?;
    Ok((task, Only { units, without, on }))
}

/// A task, units and facts, over all their days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    pub task: TaskId,
    /// For each role of the task in its order; none said: anywhere.
    pub units: Vec<Vec<UnitId>>,
    /// The roles of which there is no place. Sorted.
    pub without: Vec<RoleId>,
    pub facts: Vec<(FactId, Value)>,
}

/// What is asked about over time. A unit is the one that last bore its name, or that bore it on the day, where one is said.
///
/// # Errors
/// As for a question.
pub fn lasting(rulebook: &Rulebook, asked: &Asked<'_>) -> Result<Lasting, Trouble> {
    let (task, only) = part(rulebook, asked)?;
    let units = only.units.iter().map(|rows| {
        let mut units: Vec<UnitId> = rows.iter().map(|row| rulebook.register.row(*row).unit).collect();
        units.sort();
        units.dedup();
        units
    });
    let without = only.without.clone();
    Ok(Lasting { task, units: units.collect(), without, facts: facts(rulebook, task, asked)? })
}

/// The unit that last bore a name.
fn unit_of_any_day(rulebook: &Rulebook, member: impl Fn() -> Member, written: &str) -> Result<RowId, Trouble> {
    let days = rulebook.register.change_days();
    let mut tried = days.iter().rev().map(|day| unit_said(rulebook, &member, (written, None), *day));
    let last = tried.next().unwrap_or_else(|| unit_said(rulebook, &member, (written, None), Date::MAX));
    last.or_else(|trouble| tried.find_map(Result::ok).ok_or(trouble))
}

/// The same text for the same question, however it was spelled: a key for caches and entity tags.
#[must_use]
pub fn canonical(question: &Question) -> String {
    let mut facts = Cow::Borrowed(question.facts.as_slice());
    if !facts.is_sorted() {
        facts.to_mut().sort();
    }
    format!("{:?} {} {:?} {:?} {facts:?}", question.task, question.on, question.places, question.without)
}

fn id(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
