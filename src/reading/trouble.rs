//! What is wrong with a question: which member, what was expected, what may have been meant. Words in both languages.

use jiff::civil::Date;

use super::naming::Voice;
use super::spelled::{self, Unfit};
use super::words::{date, pick};
use crate::register::{Fate, RowId};
use crate::rulebook::{FactId, Language, Names, ProvisionId};
use crate::ruling::BadQuestion;

/// The part of a question that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    Task,
    On,
    /// A day by this name.
    Day(&'static str),
    /// In the role that was written, if one was.
    In(Option<String>),
    Fact(String),
    /// Whose powers are asked about, or who signed.
    Body,
    /// All facts together.
    Facts,
}

impl Member {
    /// The member's path, as in JSON and in query strings.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Task => "task".to_owned(),
            Self::On => "on".to_owned(),
            Self::Day(name) => (*name).to_owned(),
            Self::In(None) => "in".to_owned(),
            Self::In(Some(role)) => format!("in.{role}"),
            Self::Fact(name) => format!("facts.{name}"),
            Self::Body => "body".to_owned(),
            Self::Facts => "facts".to_owned(),
        }
    }

    /// The member as it is written on the command line.
    #[must_use]
    pub fn argument(&self, language: Language) -> String {
        match self {
            Self::Task => pick(language, "NHIỆM-VỤ", "TASK").to_owned(),
            Self::On => "--on".to_owned(),
            Self::Day(name) => format!("--{name}"),
            Self::In(None) => "--in".to_owned(),
            Self::In(Some(role)) => format!("--in {role}=…"),
            Self::Fact(name) => format!("--fact {name}={}", pick(language, "GIÁ-TRỊ", "VALUE")),
            Self::Body => pick(language, "CHỦ-THỂ", "BODY").to_owned(),
            Self::Facts => "--fact".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub member: Member,
    /// Boxed: a trouble is the rare case of every result that can hold one.
    pub what: Box<What>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Missing,
    /// A fact with an empty value.
    NoValue,
    Unknown {
        written: String,
        near: Option<Names>,
    },
    Ambiguous {
        written: String,
        names: Vec<Names>,
    },
    /// A fact or place role that the task does not have.
    NotOfTask {
        written: String,
        near: Option<Names>,
        known: Vec<Names>,
    },
    NoDate {
        written: String,
    },
    Value {
        fact: FactId,
        written: String,
        unfit: Unfit,
    },
    Twice,
    /// The task has no place.
    NoPlaceWanted,
    SeveralUnits {
        written: String,
        rows: Vec<RowId>,
        on: Date,
    },
    UnitNotThen {
        written: String,
        rows: Vec<RowId>,
        successors: Vec<Fate>,
        on: Date,
    },
    UnknownUnit {
        written: String,
        near: Vec<RowId>,
    },
    Impossible,
    /// The task has a place of the role in every case.
    PlaceAlwaysThere,
    /// A role is said to have a place and to have none.
    PlaceAndNone,
    /// Of two units that one case spans, the first lies in the second.
    PlaceWithin {
        unit: RowId,
        within: RowId,
    },
    TooManyPlaces,
    /// What is left open branches into too many cases.
    TooWide,
    /// The task's rules fall into too many cases; sentences that multiply.
    TooManyRules {
        provisions: Vec<ProvisionId>,
    },
}

impl Trouble {
    #[must_use]
    pub fn new(member: Member, what: What) -> Self {
        Self { member, what: Box::new(what) }
    }

    /// The code under which programs tell troubles apart.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &*self.what {
            What::Missing => "missing",
            What::NoValue => "no-value",
            What::Unknown { .. } => "unknown-name",
            What::Ambiguous { .. } => "ambiguous-name",
            What::NotOfTask { .. } => "not-of-task",
            What::NoDate { .. } => "bad-date",
            What::Value { .. } => "bad-value",
            What::Twice => "twice",
            What::NoPlaceWanted => "no-place-wanted",
            What::SeveralUnits { .. } => "ambiguous-unit",
            What::UnitNotThen { .. } => "unit-not-then",
            What::UnknownUnit { .. } => "unknown-unit",
            What::Impossible => "impossible",
            What::PlaceAlwaysThere => "place-always-there",
            What::PlaceAndNone => "place-and-none",
            What::PlaceWithin { .. } => "place-within",
            What::TooManyPlaces => "too-many-places",
            What::TooWide => "too-wide",
            What::TooManyRules { .. } => "too-many-rules",
        }
    }

    /// What a refusal of the evaluator means to the one who asked.
    #[must_use]
    pub fn refused(bad: &BadQuestion, voice: Voice<'_>, on: Date) -> Self {
        match bad {
            BadQuestion::Impossible => Self::new(Member::Facts, What::Impossible),
            BadQuestion::TooManyPlaces => Self::new(Member::In(None), What::TooManyPlaces),
            BadQuestion::TooWide => Self::new(Member::Facts, What::TooWide),
            BadQuestion::TooManyRules(many) => {
                Self::new(Member::Task, What::TooManyRules { provisions: many.provisions.clone() })
            }
            BadQuestion::NotAValue(fact) => {
                let name = voice.rulebook[*fact].names.id.clone();
                let what = What::Value { fact: *fact, written: name.clone(), unfit: Unfit::Form };
                Self::new(Member::Fact(name), what)
            }
            BadQuestion::FactNotOfTask(fact) => {
                let written = voice.fact(*fact).to_owned();
                let what = What::NotOfTask { written: written.clone(), near: None, known: Vec::new() };
                Self::new(Member::Fact(written), what)
            }
            BadQuestion::PlaceAlwaysThere(role) => {
                let role = voice.rulebook[*role].names.id.clone();
                Self::new(Member::In(Some(role)), What::PlaceAlwaysThere)
            }
            BadQuestion::PlaceWithin { role, unit, within } => {
                let role = voice.rulebook[*role].names.id.clone();
                Self::new(Member::In(Some(role)), What::PlaceWithin { unit: *unit, within: *within })
            }
            BadQuestion::PlaceNotThen { role, unit } => {
                let register = &voice.rulebook.register;
                let successors = register.successors(register.row(*unit).unit);
                let successors = super::question::until(register, successors, on);
                let written = voice.row(*unit);
                let role = voice.rulebook[*role].names.id.clone();
                Self::new(Member::In(Some(role)), What::UnitNotThen { written, rows: vec![*unit], successors, on })
            }
        }
    }

    /// What was expected, where it can be said.
    #[must_use]
    pub fn expected(&self, voice: Voice<'_>) -> Option<String> {
        let language = voice.language;
        match &*self.what {
            What::Missing => Some(missing(&self.member, language).to_owned()),
            What::NoDate { .. } => Some(
                pick(language, "một ngày, như 10/05/2022 hoặc 2022-05-10", "a date such as 2022-05-10 or 10/05/2022")
                    .to_owned(),
            ),
            What::NotOfTask { known, .. } if !known.is_empty() => Some(listed(known, language)),
            What::NotOfTask { .. } => Some(nothing_known(&self.member, language).to_owned()),
            What::Ambiguous { names, .. } => Some(listed(names, language)),
            What::Value { fact, .. } => {
                Some(spelled::expected(voice.rulebook, &voice.rulebook[*fact].domain, language))
            }
            What::Unknown { .. }
            | What::NoValue
            | What::Twice
            | What::NoPlaceWanted
            | What::SeveralUnits { .. }
            | What::UnitNotThen { .. }
            | What::UnknownUnit { .. }
            | What::Impossible
            | What::PlaceAlwaysThere
            | What::PlaceAndNone
            | What::PlaceWithin { .. }
            | What::TooManyPlaces
            | What::TooWide
            | What::TooManyRules { .. } => None,
        }
    }

    /// What may have been meant, ready to be written instead.
    #[must_use]
    pub fn suggestion(&self, voice: Voice<'_>) -> Option<String> {
        match &*self.what {
            What::Unknown { near, .. } | What::NotOfTask { near, .. } => near.as_ref().map(|names| names.id.clone()),
            What::Value { unfit: Unfit::NoSuchValue(near), .. } => near.as_ref().map(|names| names.id.clone()),
            What::UnknownUnit { near, .. } => near.first().map(|row| voice.row(*row)),
            What::Missing
            | What::Ambiguous { .. }
            | What::NoDate { .. }
            | What::Value { .. }
            | What::NoValue
            | What::Twice
            | What::NoPlaceWanted
            | What::SeveralUnits { .. }
            | What::UnitNotThen { .. }
            | What::Impossible
            | What::PlaceAlwaysThere
            | What::PlaceAndNone
            | What::PlaceWithin { .. }
            | What::TooManyPlaces
            | What::TooWide
            | What::TooManyRules { .. } => None,
        }
    }

    /// One sentence that says what is wrong, the user's words in backticks; members as JSON calls them.
    #[must_use]
    pub fn words(&self, voice: Voice<'_>) -> String {
        self.sentence(voice, &self.member.path())
    }

    fn sentence(&self, voice: Voice<'_>, path: &str) -> String {
        match voice.language {
            Language::Vietnamese => match &*self.what {
                What::Missing => format!("thiếu `{path}`"),
                What::NoValue => format!("`{path}` không có giá trị: hãy nêu giá trị, hoặc bỏ hẳn dữ kiện này"),
                What::Unknown { written, .. } => self.unknown(written, voice.language),
                What::Ambiguous { written, .. } => format!("`{written}` là tên của nhiều mục"),
                What::NotOfTask { written, .. } => format!("nhiệm vụ này không có dữ kiện hoặc nơi `{written}`"),
                What::NoDate { written } => format!("`{written}` không phải là ngày"),
                What::Value { fact, written, unfit } => unfit_vietnamese(voice.fact(*fact), written, unfit),
                What::Twice => format!("`{path}` được nêu hai lần"),
                What::NoPlaceWanted => "nhiệm vụ này không phụ thuộc nơi nào".to_owned(),
                What::SeveralUnits { written, on, .. } => {
                    format!("ngày {} có nhiều đơn vị tên là `{written}`", date(*on, voice.language))
                }
                What::UnitNotThen { written, on, .. } => {
                    let day = date(*on, voice.language);
                    let later = self.later(voice).map(|from| format!("; sổ chỉ có từ ngày {from}"));
                    format!("sổ đơn vị đã nạp không có `{written}` vào ngày {day}{}", later.unwrap_or_default())
                }
                What::UnknownUnit { written, .. } => {
                    format!("sổ đơn vị đã nạp không có đơn vị nào tên hoặc mã là `{written}`")
                }
                What::Impossible => "các dữ kiện này không thể cùng xảy ra".to_owned(),
                What::PlaceAlwaysThere => format!("`{path}`: nhiệm vụ này luôn có nơi ấy"),
                What::PlaceAndNone => format!("`{path}` vừa có đơn vị vừa được nói là không có"),
                What::PlaceWithin { unit, within } => {
                    format!("`{path}`: {} nằm trong {}; nêu một trong hai", voice.row(*unit), voice.row(*within))
                }
                What::TooManyPlaces => "nhiệm vụ này không phụ thuộc nhiều nơi đến thế".to_owned(),
                What::TooWide => "còn quá nhiều trường hợp: hãy nêu thêm dữ kiện hoặc nơi cụ thể hơn".to_owned(),
                What::TooManyRules { provisions } => format!(
                    "quy định về nhiệm vụ này chia thành quá nhiều trường hợp; các điều kiện nhân lên ở: {}",
                    voice.citations(provisions)
                ),
            },
            Language::English => match &*self.what {
                What::Missing => format!("`{path}` is missing"),
                What::NoValue => format!("`{path}` has no value: say one, or leave the fact out"),
                What::Unknown { written, .. } => self.unknown(written, voice.language),
                What::Ambiguous { written, .. } => format!("`{written}` names more than one thing"),
                What::NotOfTask { written, .. } => format!("this task has no fact or place `{written}`"),
                What::NoDate { written } => format!("`{written}` is not a date"),
                What::Value { fact, written, unfit } => unfit_english(voice.fact(*fact), written, unfit),
                What::Twice => format!("`{path}` is given twice"),
                What::NoPlaceWanted => "this task does not depend on any place".to_owned(),
                What::SeveralUnits { written, on, .. } => {
                    format!("on {} more than one unit is called `{written}`", date(*on, voice.language))
                }
                What::UnitNotThen { written, on, .. } => {
                    let day = date(*on, voice.language);
                    let later = self.later(voice).map(|from| format!("; it holds it only from {from}"));
                    format!("the register loaded does not hold `{written}` on {day}{}", later.unwrap_or_default())
                }
                What::UnknownUnit { written, .. } => {
                    format!("the register loaded holds no unit with the name or code `{written}`")
                }
                What::Impossible => "these facts cannot hold together".to_owned(),
                What::PlaceAlwaysThere => format!("`{path}`: this task always has that place"),
                What::PlaceAndNone => format!("`{path}` names units and says that there is none"),
                What::PlaceWithin { unit, within } => {
                    format!("`{path}`: {} lies in {}; name one of them", voice.row(*unit), voice.row(*within))
                }
                What::TooManyPlaces => "this task does not depend on that many places".to_owned(),
                What::TooWide => "too many cases are left open: say more facts or a smaller place".to_owned(),
                What::TooManyRules { provisions } => format!(
                    "the rules on this task fall into too many cases; the conditions that multiply stand in: {}",
                    voice.citations(provisions)
                ),
            },
        }
    }

    /// Nothing is called so: no body, or no task.
    fn unknown(&self, written: &str, language: Language) -> String {
        match (&self.member, language) {
            (Member::Body, Language::Vietnamese) => format!("không có chủ thể nào tên là `{written}`"),
            (Member::Body, Language::English) => format!("there is no body `{written}`"),
            (
                Member::Task | Member::On | Member::Day(_) | Member::In(_) | Member::Fact(_) | Member::Facts,
                Language::Vietnamese,
            ) => format!("không có nhiệm vụ nào tên là `{written}`"),
            (
                Member::Task | Member::On | Member::Day(_) | Member::In(_) | Member::Fact(_) | Member::Facts,
                Language::English,
            ) => format!("there is no task `{written}`"),
        }
    }

    /// The day from which the register holds the unit, where that is after the day asked about.
    fn later(&self, voice: Voice<'_>) -> Option<String> {
        let What::UnitNotThen { rows, on, .. } = &*self.what else { return None };
        let first = rows.iter().map(|row| voice.rulebook.register.row(*row).from).min()?;
        (first > *on).then(|| date(first, voice.language))
    }

    /// The units concerned, one line each: candidates, those of other days, those that are near.
    #[must_use]
    pub fn candidates(&self) -> &[RowId] {
        match &*self.what {
            What::SeveralUnits { rows, .. } | What::UnitNotThen { rows, .. } => rows,
            What::UnknownUnit { near, .. } => near,
            What::Missing
            | What::Unknown { .. }
            | What::Ambiguous { .. }
            | What::NotOfTask { .. }
            | What::NoDate { .. }
            | What::Value { .. }
            | What::NoValue
            | What::Twice
            | What::NoPlaceWanted
            | What::Impossible
            | What::PlaceAlwaysThere
            | What::PlaceAndNone
            | What::PlaceWithin { .. }
            | What::TooManyPlaces
            | What::TooWide
            | What::TooManyRules { .. } => &[],
        }
    }

    /// What became of the unit that was meant.
    #[must_use]
    pub fn successors(&self) -> &[Fate] {
        match &*self.what {
            What::UnitNotThen { successors, .. } => successors,
            What::SeveralUnits { .. }
            | What::UnknownUnit { .. }
            | What::Missing
            | What::Unknown { .. }
            | What::Ambiguous { .. }
            | What::NotOfTask { .. }
            | What::NoDate { .. }
            | What::Value { .. }
            | What::NoValue
            | What::Twice
            | What::NoPlaceWanted
            | What::Impossible
            | What::PlaceAlwaysThere
            | What::PlaceAndNone
            | What::PlaceWithin { .. }
            | What::TooManyPlaces
            | What::TooWide
            | What::TooManyRules { .. } => &[],
        }
    }

    /// The tasks there are, where the one that was meant is not known.
    #[must_use]
    pub fn tasks<'a>(&self, voice: Voice<'a>) -> Vec<&'a Names> {
        match (&self.member, &*self.what) {
            (Member::Task, What::Missing | What::Unknown { .. }) => {
                voice.rulebook.tasks.iter().map(|task| &task.names).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Everything there is to say, as lines of text; members as the command line calls them.
    #[must_use]
    pub fn lines(&self, voice: Voice<'_>) -> Vec<String> {
        let language = voice.language;
        let mut lines = vec![self.sentence(voice, &self.member.argument(language))];
        if let Some(expected) = self.expected(voice) {
            lines.push(format!("{} {expected}", pick(language, "cần:", "expected:")));
        }
        if let Some(suggestion) = self.suggestion(voice) {
            lines.push(format!("{} `{suggestion}`?", pick(language, "ý bạn là", "did you mean")));
        }
        let tasks = self.tasks(voice);
        if !tasks.is_empty() {
            lines.push(pick(language, "các nhiệm vụ đã khai báo:", "the declared tasks:").to_owned());
        }
        lines.extend(tasks.iter().map(|names| format!("- {}: {}", names.id, voice.name(names))));
        lines.extend(self.candidates().iter().map(|row| format!("- {}", unit_line(voice, *row))));
        if !self.successors().is_empty() {
            lines.push(pick(language, "đất của đơn vị này vào ngày đó thuộc:", "its land then belongs to:").to_owned());
        }
        lines.extend(self.successors().iter().map(|fate| format!("- {}", fate_line(voice, fate))));
        lines
    }
}

const fn missing(member: &Member, language: Language) -> &'static str {
    match (member, language) {
        (Member::Task, Language::Vietnamese) => "mã hoặc tên của một nhiệm vụ",
        (Member::Task, Language::English) => "the id or name of a task",
        (Member::Body, Language::Vietnamese) => "mã hoặc tên của một chủ thể",
        (Member::Body, Language::English) => "the id or name of a body",
        (Member::On | Member::Day(_), Language::Vietnamese) => {
            "một ngày, như 10/05/2022; không bao giờ tự lấy ngày hôm nay"
        }
        (Member::On | Member::Day(_), Language::English) => "a date such as 2022-05-10; today is never assumed",
        (Member::In(_), Language::Vietnamese) => "mã hoặc tên của một đơn vị hành chính",
        (Member::In(_), Language::English) => "the code or name of an administrative unit",
        (Member::Fact(_) | Member::Facts, Language::Vietnamese) => "giá trị của dữ kiện",
        (Member::Fact(_) | Member::Facts, Language::English) => "the value of the fact",
    }
}

/// What a task is asked with that has none of these.
const fn nothing_known(member: &Member, language: Language) -> &'static str {
    match (member, language) {
        (Member::Fact(_) | Member::Facts, Language::Vietnamese) => {
            "không dữ kiện nào: nhiệm vụ này không phụ thuộc dữ kiện"
        }
        (Member::Fact(_) | Member::Facts, Language::English) => "no fact: this task depends on none",
        (Member::In(_) | Member::Task | Member::On | Member::Day(_) | Member::Body, Language::Vietnamese) => {
            "không nơi nào: nhiệm vụ này không phụ thuộc nơi"
        }
        (Member::In(_) | Member::Task | Member::On | Member::Day(_) | Member::Body, Language::English) => {
            "no place: this task depends on none"
        }
    }
}

fn unfit_vietnamese(fact: &str, written: &str, unfit: &Unfit) -> String {
    match unfit {
        Unfit::NoSuchValue(_) | Unfit::Form => format!("`{written}` không phải là giá trị của “{fact}”"),
        Unfit::Ambiguous => format!("`{written}` là tên của nhiều giá trị của “{fact}”"),
        Unfit::NotWhole => format!("“{fact}” là số nguyên, `{written}` thì không"),
        Unfit::TwoNumbers([one, other]) => {
            format!("`{written}` có thể là {one} hoặc {other}: hãy viết rõ một trong hai")
        }
        Unfit::WrongUnit => format!("`{written}` không đúng đơn vị đo của “{fact}”"),
        Unfit::TooMany => format!("“{fact}” chỉ có một giá trị, không phải `{written}`"),
    }
}

fn unfit_english(fact: &str, written: &str, unfit: &Unfit) -> String {
    match unfit {
        Unfit::NoSuchValue(_) | Unfit::Form => format!("`{written}` is not a value of “{fact}”"),
        Unfit::Ambiguous => format!("`{written}` names more than one value of “{fact}”"),
        Unfit::NotWhole => format!("“{fact}” is a whole number, `{written}` is not"),
        Unfit::TwoNumbers([one, other]) => format!("`{written}` could be {one} or {other}: write one of them"),
        Unfit::WrongUnit => format!("`{written}` is not in the unit of measure of “{fact}”"),
        Unfit::TooMany => format!("“{fact}” has one value, not `{written}`"),
    }
}

fn listed(names: &[Names], language: Language) -> String {
    let say = |names: &Names| {
        if names.id == names.of(language) { names.id.clone() } else { format!("{} ({})", names.id, names.of(language)) }
    };
    names.iter().map(say).collect::<Vec<_>>().join(", ")
}

/// `phường Hòa Khê (20233), quận Thanh Khê, từ ngày …`
#[must_use]
pub fn unit_line(voice: Voice<'_>, id: RowId) -> String {
    let register = &voice.rulebook.register;
    let row = register.row(id);
    let mut line = format!("{} ({})", voice.row(id), row.code);
    for parent in register.chain_of_parents(id, row.from) {
        line.push_str(", ");
        line.push_str(&voice.row(parent));
    }
    let days = crate::rulebook::Days { from: Some(row.from), before: row.before };
    format!("{line}, {}", super::words::days(days, voice.language))
}

/// `phường Hải Châu (20242) từ ngày 01/07/2025, theo 1659/NQ-UBTVQH15, một phần`
#[must_use]
pub fn fate_line(voice: Voice<'_>, fate: &Fate) -> String {
    let language = voice.language;
    let code = &voice.rulebook.register.row(fate.row).code;
    let from = pick(language, "từ ngày", "from");
    let mut line = format!("{} ({code}) {from} {}", voice.row(fate.row), date(fate.date, language));
    if let Some(document) = &fate.document {
        line = format!("{line}, {} {document}", pick(language, "theo", "by"));
    }
    format!("{line} ({})", portion(fate.portion, language))
}

/// How much of a unit went on.
#[must_use]
pub const fn portion(portion: crate::register::Portion, language: Language) -> &'static str {
    use crate::register::Portion;
    match (portion, language) {
        (Portion::Whole, Language::Vietnamese) => "toàn bộ",
        (Portion::Whole, Language::English) => "whole",
        (Portion::Part, Language::Vietnamese) => "một phần",
        (Portion::Part, Language::English) => "part",
        (Portion::Remainder, Language::Vietnamese) => "phần còn lại",
        (Portion::Remainder, Language::English) => "remainder",
    }
}
