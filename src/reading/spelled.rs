//! From what people write to the things of a rulebook: tasks, facts, values, days. Names compare regardless of case,
//! blanks and the place of the tone mark; nothing is guessed, what is near is only offered.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::rulebook::{Domain, Fact, Language, Names, Rulebook, Value};
use crate::text::{folds_to, name_fold as key, search_fold as plain};
use crate::{calendar, quantity};

/// A value of a fact as it came from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given<'a> {
    Text(Cow<'a, str>),
    Truth(bool),
    /// A number in the notation of JSON: a point before the decimals, nothing between thousands.
    Number(Cow<'a, str>),
    /// One text per value.
    Several(Vec<Cow<'a, str>>),
}

impl Given<'_> {
    /// Texts as they were said one by one; a single one may still be read as anything.
    #[must_use]
    pub fn said(texts: Vec<String>) -> Self {
        let mut texts: Vec<_> = texts.into_iter().map(Cow::Owned).collect();
        match (texts.len(), texts.pop()) {
            (1, Some(one)) => Self::Text(one),
            (_, last) => {
                texts.extend(last);
                Self::Several(texts)
            }
        }
    }

    /// What was written, for messages.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone().into_owned(),
            Self::Truth(truth) => truth.to_string(),
            Self::Several(texts) => texts.join(", "),
        }
    }
}

/// Where names stand in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    One(usize),
    /// Several things bear the name.
    Several(Vec<usize>),
    /// The nearest, if any is near.
    Unknown(Option<usize>),
}

/// Looks a name up: the id first, then the names in both languages.
pub fn lookup<'a>(written: &str, names: impl Iterator<Item = &'a Names> + Clone) -> Lookup {
    let written = written.trim();
    if let Some(place) = names.clone().position(|names| names.id == written) {
        return Lookup::One(place);
    }
    let wanted = key(written);
    let found: Vec<usize> =
        names.clone().enumerate().filter(|(_, names)| names.has(&wanted)).map(|(place, _)| place).collect();
    match found.as_slice() {
        [one] => Lookup::One(*one),
        [] => Lookup::Unknown(nearest(written, names)),
        _ => Lookup::Several(found),
    }
}

/// The one thing whose name differs in few letters. Numbers and single letters (`cấp II`, `nhóm B`) are never a slip of
/// the pen: they must be the same, Arabic or Roman.
fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a Names>) -> Option<usize> {
    let wanted = roman(&plain(written));
    let near = |names: &Names| {
        let each = [&names.id, &names.vietnamese, &names.english].into_iter().map(|name| roman(&plain(name)));
        each.filter_map(|name| slip(&wanted, &name)).min()
    };
    let ranked = names.enumerate().filter_map(|(place, names)| Some((near(names)?, place)));
    ranked.min().map(|(_, place)| place)
}

/// How many letters differ, where that can be a slip: few for the length of both, and the same numbers in both.
fn slip(wanted: &str, name: &str) -> Option<usize> {
    // No slip makes a name so much longer; `cap ii` is the longest way to write a numeral.
    if wanted.len() > 6 * name.len() + 8 || marks(wanted) != marks(name) {
        return None;
    }
    if bare(wanted) == Some(name) {
        return Some(1);
    }
    let distance = strsim::damerau_levenshtein(wanted, name);
    let (long, there) = (wanted.chars().count(), name.chars().count());
    (distance == 0 || (distance <= (long / 3).max(1) && distance * 3 < there && distance < long)).then_some(distance)
}

/// `cap ii` is `ii` where the values are called by the numeral alone.
fn bare(text: &str) -> Option<&str> {
    let words = ["cap", "loai", "hang", "nhom", "muc", "grade", "class", "group", "level"];
    words.iter().find_map(|word| text.strip_prefix(word)?.strip_prefix([' ', '-']))
}

/// The numerals and single letters of a text, in their order.
fn marks(text: &str) -> Vec<&str> {
    let is_mark = |word: &&str| {
        word.chars().count() == 1 || word.chars().all(|c| c.is_ascii_digit() || matches!(c, 'i' | 'v' | 'x'))
    };
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).filter(is_mark).collect()
}

/// The text with small Arabic numerals as Roman ones.
fn roman(text: &str) -> String {
    const NUMERALS: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
    let numeral = |word: &str| {
        let number: usize = word.parse().ok()?;
        NUMERALS.get(number.checked_sub(1)?).copied()
    };
    let words = text.split_inclusive([' ', '-', '/']).map(|piece| {
        let word = piece.trim_end_matches([' ', '-', '/']);
        let end = piece.get(word.len()..).unwrap_or_default();
        format!("{}{end}", numeral(word).unwrap_or(word))
    });
    words.collect()
}

/// Whether a unit's name can be what was meant by an unknown one: the difference is small against both.
#[must_use]
pub fn near_enough(written: &str, name: &str) -> bool {
    slip(&plain(written), &plain(name)).is_some()
}

/// Why a value was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// No value of the fact is called so; the nearest, if any is near.
    NoSuchValue(Option<Names>),
    /// Several values bear the name.
    Ambiguous,
    /// Not written as the domain wants it.
    Form,
    /// A whole number is wanted.
    NotWhole,
    /// `1.500`: could be 1500 or 1.5.
    TwoNumbers([String; 2]),
    /// Another unit of measure than the fact's.
    WrongUnit,
    /// More than one value for a fact that has one.
    TooMany,
}

/// Reads a value of a fact.
///
/// # Errors
/// Says what is wrong with the value; the fact's domain says what was expected.
pub fn value(rulebook: &Rulebook, fact: &Fact, given: &Given<'_>) -> Result<Value, Unfit> {
    let text = match given {
        Given::Several(texts) => match (&fact.domain, texts.as_slice()) {
            (Domain::Many { values, .. }, _) => return many(texts.iter().map(Cow::as_ref), values),
            (_, [one]) => one.as_ref(),
            _ => return Err(Unfit::TooMany),
        },
        Given::Text(text) | Given::Number(text) => text,
        Given::Truth(true) => "true",
        Given::Truth(false) => "false",
    };
    match &fact.domain {
        Domain::Boolean => match given {
            Given::Truth(said) => Ok(Value::Boolean(*said)),
            Given::Text(_) | Given::Number(_) | Given::Several(_) => truth(text).map(Value::Boolean),
        },
        Domain::One { values, .. } => one(text, values).map(Value::One),
        Domain::Many { values, .. } => several(text, values),
        Domain::Number { unit, integer } => {
            let number = match given {
                Given::Number(text) => Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)),
                Given::Text(text) => return whole(number(text, unit.as_deref())?, *integer),
                Given::Truth(_) | Given::Several(_) => return Err(Unfit::Form),
            };
            whole(number.map_err(|_| Unfit::Form)?, *integer)
        }
        Domain::Date => calendar::read(text.trim()).map(Value::Date).ok_or(Unfit::Form),
        Domain::LevelOrNone => level(rulebook, text),
    }
}

fn truth(text: &str) -> Result<bool, Unfit> {
    match key(text).as_str() {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        word if word == key("có") => Ok(true),
        word if word == key("không") => Ok(false),
        _ => Err(Unfit::Form),
    }
}

fn one(text: &str, values: &[Names]) -> Result<u8, Unfit> {
    match lookup(text, values.iter()) {
        Lookup::One(place) => u8::try_from(place).map_err(|_| Unfit::Form),
        Lookup::Several(_) => Err(Unfit::Ambiguous),
        Lookup::Unknown(near) => Err(Unfit::NoSuchValue(near.and_then(|place| values.get(place)).cloned())),
    }
}

fn many<'a>(texts: impl Iterator<Item = &'a str>, values: &[Names]) -> Result<Value, Unfit> {
    let set = texts.map(|text| one(text, values)).collect::<Result<std::collections::BTreeSet<u8>, Unfit>>()?;
    if set.is_empty() { Err(Unfit::Form) } else { Ok(Value::Many(set)) }
}

/// One text for one or more values: as a whole, else parted at commas, else at `và` and `and`.
fn several(text: &str, values: &[Names]) -> Result<Value, Unfit> {
    let whole = many(std::iter::once(text), values);
    if whole.is_ok() {
        return whole;
    }
    let commas = || text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let parted = many(commas(), values);
    if parted.is_ok() {
        return parted;
    }
    many(commas().flat_map(|part| part.split(" và ")).flat_map(|part| part.split(" and ")).map(str::trim), values)
}

fn whole(number: Decimal, integer: bool) -> Result<Value, Unfit> {
    if integer && !number.fract().is_zero() { Err(Unfit::NotWhole) } else { Ok(Value::Number(number.normalize())) }
}

/// `0,5`, `1 000 000`, `1,5 tỷ đồng`: a number, perhaps with a multiplier and the fact's unit of measure.
fn number(text: &str, unit: Option<&str>) -> Result<Decimal, Unfit> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || " .,-".contains(c))).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let rest = rest.to_lowercase();
    let (times, said) = quantity::multiplier(rest.trim());
    if said.is_some_and(|said| unit.is_none_or(|unit| key(unit) != key(said))) {
        return Err(Unfit::WrongUnit);
    }
    let number = quantity::read(digits.trim()).map_err(|unreadable| match unreadable {
        quantity::Unreadable::Ambiguous(readings) => Unfit::TwoNumbers(readings),
        quantity::Unreadable::Malformed => Unfit::Form,
    })?;
    number.checked_mul(times).ok_or(Unfit::Form)
}

fn level(rulebook: &Rulebook, text: &str) -> Result<Value, Unfit> {
    static NONE: LazyLock<[String; 3]> = LazyLock::new(|| ["none", "không có", "không"].map(key));
    if NONE.iter().any(|none| folds_to(text, none)) {
        return Ok(Value::Level(None));
    }
    match lookup(text, rulebook.levels.iter().map(|level| &level.names)) {
        Lookup::One(place) => {
            let id = u8::try_from(place).map_err(|_| Unfit::Form)?;
            Ok(Value::Level(Some(crate::register::LevelId(id))))
        }
        Lookup::Several(_) => Err(Unfit::Ambiguous),
        Lookup::Unknown(near) => {
            Err(Unfit::NoSuchValue(near.and_then(|place| rulebook.levels.get(place)).map(|level| level.names.clone())))
        }
    }
}

/// What a domain expects, in words.
#[must_use]
pub fn expected(rulebook: &Rulebook, domain: &Domain, language: Language) -> String {
    let list = |values: &[Names]| {
        let say = |names: &Names| {
            if names.id == names.of(language) {
                names.id.clone()
            } else {
                format!("{} ({})", names.id, names.of(language))
            }
        };
        values.iter().map(say).collect::<Vec<_>>().join(", ")
    };
    let in_unit = |unit: &Option<String>| unit.as_deref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    match language {
        Language::Vietnamese => match domain {
            Domain::Boolean => "có hoặc không".to_owned(),
            Domain::One { values, .. } => format!("một trong: {}", list(values)),
            Domain::Many { values, .. } => format!("một hoặc nhiều trong: {}", list(values)),
            Domain::Number { unit, integer: true } => format!("một số nguyên{}", in_unit(unit)),
            Domain::Number { unit, integer: false } => format!("một số, như 0,5{}", in_unit(unit)),
            Domain::Date => "một ngày, như 10/05/2022 hoặc 2022-05-10".to_owned(),
            Domain::LevelOrNone => format!("một cấp hành chính hoặc không có: {}", list(&level_names(rulebook))),
        },
        Language::English => match domain {
            Domain::Boolean => "yes or no".to_owned(),
            Domain::One { values, .. } => format!("one of: {}", list(values)),
            Domain::Many { values, .. } => format!("one or more of: {}", list(values)),
            Domain::Number { unit, integer: true } => format!("a whole number{}", in_unit(unit)),
            Domain::Number { unit, integer: false } => format!("a number such as 0.5{}", in_unit(unit)),
            Domain::Date => "a date such as 2022-05-10 or 10/05/2022".to_owned(),
            Domain::LevelOrNone => format!("a level, or none: {}", list(&level_names(rulebook))),
        },
    }
}

fn level_names(rulebook: &Rulebook) -> Vec<Names> {
    rulebook.levels.iter().map(|level| level.names.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Unfit, near_enough, number, slip};

    #[test]
    fn only_a_slip_of_the_pen_is_offered() {
        let offers = |written: &str, name: &str| slip(&super::roman(written), &super::roman(name)).is_some();
        assert!(
            offers("2", "ii") && offers("cap 2", "ii") && offers("cap 2", "cap ii") && offers("to-chic", "to-chuc")
        );
        assert!(!offers("cap 2", "cap i") && !offers("2", "i") && !offers("nhom d", "nhom a") && !offers("x", "i"));
        assert!(!near_enough("Hà Nội", "Hà Nha") && near_enough("Thạch Thanh", "Thạch Thang"));
    }

    #[test]
    fn numbers_are_exact_and_never_guessed() {
        let ok = |text: &str, unit| number(text, unit).map(|number| number.normalize().to_string());
        assert_eq!(ok("0,5 ha", Some("ha")).as_deref(), Ok("0.5"));
        assert_eq!(ok("1.000.000,25", None).as_deref(), Ok("1000000.25"));
        assert_eq!(ok("1,5 tỷ đồng", Some("đồng")).as_deref(), Ok("1500000000"));
        assert_eq!(ok("1,5 tỷ", Some("đồng")).as_deref(), Ok("1500000000"));
        assert!(matches!(ok("1.500", None), Err(Unfit::TwoNumbers(_))));
        assert_eq!(ok("3 m2", Some("ha")), Err(Unfit::WrongUnit));
        assert_eq!(ok("", None), Err(Unfit::Form));
    }
}
