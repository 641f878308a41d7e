//! What things in a rulebook are called: seats, units, documents, citations, values. Knows no ruling.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::words::{self, pick};
use crate::register::{LevelId, RowId, UnitId};
use crate::rulebook::{
    Days, Document, DocumentId, Domain, FactId, Issuer, Language, Names, ProvisionId, ReadingId, Rulebook, SeatAt,
    TextId, Value,
};
use crate::ruling::{Bound, Choice, Named};

/// A rulebook and the language in which it is spoken of.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    pub rulebook: &'a Rulebook,
    pub language: Language,
}

impl<'a> Voice<'a> {
    #[must_use]
    pub const fn new(rulebook: &'a Rulebook, language: Language) -> Self {
        Self { rulebook, language }
    }

    #[must_use]
    pub fn name(self, names: &'a Names) -> &'a str {
        names.of(self.language)
    }

    #[must_use]
    pub fn level(self, level: LevelId) -> &'a str {
        self.name(&self.rulebook[level].names)
    }

    /// A row of the register: `phường Hải Châu`.
    #[must_use]
    pub fn row(self, row: RowId) -> String {
        let row = self.rulebook.register.row(row);
        [&*lower(&row.kind), " ", &row.short_name].concat()
    }

    /// A unit over time by its last name.
    #[must_use]
    pub fn unit(self, unit: UnitId) -> String {
        self.rulebook.register.unit(unit).rows.last().map_or_else(String::new, |row| self.row(*row))
    }

    /// `Chủ tịch UBND phường Hải Châu`; the level's word where no unit is known.
    #[must_use]
    pub fn named(self, named: Named) -> String {
        let body = self.name(&self.rulebook[named.seat.body].names);
        match (named.unit, named.seat.at) {
            (Some(row), _) => {
                let row = self.rulebook.register.row(row);
                [body, self.of(), &*lower(&row.kind), " ", &row.short_name].concat()
            }
            (None, SeatAt::Nowhere) => body.to_owned(),
            (None, SeatAt::Unit(unit)) => self.of_unit(body, &self.unit(unit)),
            (None, SeatAt::Level { level, role }) => {
                let (level, role) = (self.level(level), self.name(&self.rulebook[role].names));
                [body, pick(self.language, " ", " at "), level, " (", role, ")"].concat()
            }
            (None, SeatAt::Here { level }) => [body, pick(self.language, " ", " at "), self.level(level)].concat(),
            (None, SeatAt::Any { level }) => match self.language {
                Language::Vietnamese => [body, " ", self.level(level), " bất kỳ"].concat(),
                Language::English => [body, " at any ", self.level(level)].concat(),
            },
            (None, SeatAt::Others { level, role }) => {
                let (level, role) = (self.level(level), self.name(&self.rulebook[role].names));
                match self.language {
                    Language::Vietnamese => ["từng ", body, " ", level, " còn lại (", role, ")"].concat(),
                    Language::English => ["each other ", body, " at ", level, " (", role, ")"].concat(),
                }
            }
        }
    }

    fn of_unit(self, body: &str, unit: &str) -> String {
        [body, self.of(), unit].concat()
    }

    /// What stands between a body and its unit.
    const fn of(self) -> &'static str {
        pick(self.language, " ", " of ")
    }

    /// `Luật Đất đai (45/2013/QH13)`; where several documents bear the number, with the date of issue.
    #[must_use]
    pub fn document(self, id: DocumentId) -> String {
        let document = &self.rulebook[id];
        let twins = self.rulebook.documents.iter().filter(|other| other.number == document.number).count();
        let mut number = document.number.clone();
        if twins > 1 {
            let day = words::date(document.issued, self.language);
            number = format!("{number} {} {day}", pick(self.language, "ngày", "issued"));
        }
        match &document.title {
            Some(title) => format!("{title} ({number})"),
            None => number,
        }
    }

    /// Whether the title can stand after an address without a preposition, as `Luật Đất đai` does.
    fn title_says_kind(self, document: &Document) -> bool {
        let kind = self.rulebook[document.kind].names.vietnamese.to_lowercase();
        document.title.as_ref().is_some_and(|title| title.to_lowercase().starts_with(&kind))
    }

    /// `UBND tỉnh Quảng Nam`, who issued a document.
    #[must_use]
    pub fn issuer(self, issuer: &Issuer) -> String {
        let body = self.name(&self.rulebook[issuer.body].names);
        issuer.unit.map_or_else(|| body.to_owned(), |unit| self.of_unit(body, &self.unit(unit)))
    }

    /// Where a text stands and what gave it its wording.
    #[must_use]
    pub fn text(self, id: TextId) -> String {
        let text = &self.rulebook[id];
        let mut words = self.place_in(text.document, &words::address(&text.address, self.language));
        if text.enacted_by != text.document {
            let at = text.enacted_at.as_ref().map(|at| words::address(at, self.language)).unwrap_or_default();
            let by = self.place_in(text.enacted_by, &at);
            words = format!("{words} ({} {by})", pick(self.language, "sửa đổi, bổ sung bởi", "amended by"));
        }
        words
    }

    fn place_in(self, document: DocumentId, address: &str) -> String {
        let words = self.document(document);
        match (address, self.language) {
            ("", _) => words,
            (_, Language::Vietnamese) if self.title_says_kind(&self.rulebook[document]) => format!("{address} {words}"),
            (_, Language::Vietnamese) => format!("{address} của {words}"),
            (_, Language::English) => format!("{address} of {words}"),
        }
    }

    /// The citation of a provision; one of a reading names the reading.
    #[must_use]
    pub fn citation(self, id: ProvisionId) -> String {
        let provision = &self.rulebook[id];
        let words = self.text(provision.text);
        match provision.reading {
            Some((reading, option)) => {
                let name = self.reading_option(reading, option);
                format!("{words}, {} “{name}”", pick(self.language, "theo cách hiểu", "read as"))
            }
            None => words,
        }
    }

    /// Several citations in one line.
    #[must_use]
    pub fn citations(self, provisions: &[ProvisionId]) -> String {
        provisions.iter().map(|id| self.citation(*id)).collect::<Vec<_>>().join("; ")
    }

    #[must_use]
    pub fn reading_option(self, reading: ReadingId, option: u8) -> &'a str {
        self.rulebook[reading].options.get(usize::from(option)).map_or("", String::as_str)
    }

    #[must_use]
    pub fn fact(self, fact: FactId) -> &'a str {
        self.name(&self.rulebook[fact].names)
    }

    /// A value of a fact in words, numbers with their unit of measure.
    #[must_use]
    pub fn value(self, fact: FactId, value: &Value) -> String {
        let among = |index: u8| {
            let names = values(&self.rulebook[fact].domain).get(usize::from(index));
            names.map_or_else(String::new, |names| self.name(names).to_owned())
        };
        match value {
            Value::Boolean(true) => pick(self.language, "có", "yes").to_owned(),
            Value::Boolean(false) => pick(self.language, "không", "no").to_owned(),
            Value::One(index) => among(*index),
            Value::Many(set) => {
                let and = pick(self.language, " và ", " and ");
                set.iter().map(|index| among(*index)).collect::<Vec<_>>().join(and)
            }
            Value::Number(number) => match unit_of(&self.rulebook[fact].domain) {
                Some(unit) => format!("{} {unit}", self.number(*number)),
                None => self.number(*number),
            },
            Value::Date(date) => words::date(*date, self.language),
            Value::Level(Some(level)) => self.level(*level).to_owned(),
            Value::Level(None) => pick(self.language, "không có", "none").to_owned(),
        }
    }

    /// `1 000 000`, `0,5` or `0.5`: thousands parted by blanks, which no reader takes for a decimal mark.
    #[must_use]
    pub fn number(self, number: Decimal) -> String {
        let plain = number.normalize().to_string();
        let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let mut grouped = String::from(sign);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        if let Some(rest) = rest {
            grouped.push(pick(self.language, ',', '.'));
            grouped.push_str(rest);
        }
        grouped
    }

    fn range(self, low: Option<&Bound>, high: Option<&Bound>, value: impl Fn(&Value) -> String) -> String {
        if let (Language::Vietnamese, (Some(end), None) | (None, Some(end))) = (self.language, (low, high))
            && end.included
        {
            let on = match (low.is_some(), &end.value) {
                (true, Value::Date(_)) => "trở đi",
                (false, Value::Date(_)) => "trở về trước",
                (true, _) => "trở lên",
                (false, _) => "trở xuống",
            };
            return format!("từ {} {on}", value(&end.value));
        }
        let low = low.map(|end| {
            let words = pick(self.language, ("từ", "trên"), ("at least", "above"));
            format!("{} {}", if end.included { words.0 } else { words.1 }, value(&end.value))
        });
        let high = high.map(|end| {
            let words = pick(self.language, ("đến", "dưới"), ("at most", "below"));
            format!("{} {}", if end.included { words.0 } else { words.1 }, value(&end.value))
        });
        match (low, high) {
            (Some(low), Some(high)) => format!("{low} {} {high}", pick(self.language, "và", "and")),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => pick(self.language, "mọi giá trị", "any value").to_owned(),
        }
    }

    fn extreme(self, lead: &str, values: &[u8], about: crate::ruling::About) -> String {
        let crate::ruling::About::Fact(fact) = about else { return String::new() };
        let values: Vec<String> = values.iter().map(|value| self.value(fact, &Value::One(*value))).collect();
        format!("{lead} {}", values.join(pick(self.language, " hoặc ", " or ")))
    }

    /// One choice of a next question; `fact` is what it is about, if about a fact, `reading` likewise.
    #[must_use]
    pub fn choice(self, choice: &Choice, about: &crate::ruling::About) -> String {
        use crate::ruling::About;
        let value = |value: &Value| match about {
            About::Fact(fact) => self.value(*fact, value),
            About::Place(_) | About::Reading(_) => String::new(),
        };
        match choice {
            Choice::Value(one) => value(one),
            Choice::Range { low, high } => self.range(low.as_ref(), high.as_ref(), value),
            Choice::Highest(values) => self.extreme(pick(self.language, "cao nhất là", "highest is"), values, *about),
            Choice::Lowest(values) => self.extreme(pick(self.language, "thấp nhất là", "lowest is"), values, *about),
            Choice::All(values) => self.extreme(pick(self.language, "tất cả là", "all are"), values, *about),
            Choice::Any(values) => {
                self.extreme(pick(self.language, "ít nhất một là", "at least one is"), values, *about)
            }
            Choice::Reading(option) => match about {
                About::Reading(reading) => format!("“{}”", self.reading_option(*reading, *option)),
                About::Fact(_) | About::Place(_) => option.to_string(),
            },
            Choice::NoPlace => pick(self.language, "không có nơi này", "there is no such place").to_owned(),
            Choice::Place { unit, .. } => self.part(*unit),
        }
    }

    /// A unit with its code, and its last day where it has one: a part of the asked place may be named by what it was.
    fn part(self, id: RowId) -> String {
        let row = self.rulebook.register.row(id);
        let days = Days { from: None, before: row.before };
        let end = row.before.map(|_| format!(", {}", words::days(days, self.language))).unwrap_or_default();
        format!("{} ({}{end})", self.row(id), row.code)
    }
}

/// In small letters; most type words are so already.
fn lower(word: &str) -> Cow<'_, str> {
    let small = |letter: char| letter.to_lowercase().eq(std::iter::once(letter));
    if word.chars().all(small) { word.into() } else { word.to_lowercase().into() }
}

/// The named values of a domain, if it has such.
#[must_use]
pub fn values(domain: &Domain) -> &[Names] {
    match domain {
        Domain::One { values, .. } | Domain::Many { values, .. } => values,
        Domain::Boolean | Domain::Number { .. } | Domain::Date | Domain::LevelOrNone => &[],
    }
}

/// The unit of measure of a domain, if it has one.
#[must_use]
pub fn unit_of(domain: &Domain) -> Option<&str> {
    match domain {
        Domain::Number { unit, .. } => unit.as_deref(),
        Domain::Boolean | Domain::One { .. } | Domain::Many { .. } | Domain::Date | Domain::LevelOrNone => None,
    }
}
