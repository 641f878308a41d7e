//! The header of a table of decisions: what each column says, by names in English or Vietnamese, in any order. Knows the
//! catalogue, no row.

use crate::reading::naming::Voice;
use crate::reading::spelled::{Lookup, lookup};
use crate::reading::words::pick;
use crate::rulebook::{Language, Names, Rulebook};
use crate::text::search_fold;

/// What a column says of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    Number,
    Date,
    SignerBody,
    SignerUnit,
    Task,
    /// The place of the role of this id; of the task's first where none is said.
    Place(Option<String>),
    /// The id of a fact.
    Fact(String),
    /// Carried along, and not read.
    Remark,
}

/// The columns of a table, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

/// Why a header is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is not even a header.
    Empty,
    NotText {
        column: usize,
    },
    Missing(Column),
    Unknown {
        written: String,
        near: Option<String>,
    },
    /// Of a place and of a fact, or of several.
    Ambiguous {
        written: String,
    },
    Twice {
        written: String,
    },
}

/// The fixed columns with their names, the first the usual one.
const FIXED: [(Column, &[&str]); 7] = [
    (Column::Number, &["number", "số", "document number", "no", "số quyết định", "số văn bản"]),
    (Column::Date, &["date", "ngày", "signed on", "ngày ký", "ngày ban hành"]),
    (Column::SignerBody, &["signer_body", "cơ quan ký", "signer", "chủ thể ký", "người ký"]),
    (Column::SignerUnit, &["signer_unit", "đơn vị ký", "đơn vị của cơ quan ký"]),
    (Column::Task, &["task", "nhiệm vụ", "việc"]),
    (Column::Place(None), &["unit", "đơn vị", "nơi", "place", "địa bàn"]),
    (Column::Remark, &["comment", "ghi chú", "note", "giải thích"]),
];

/// What every table must say. Which places and facts it needs depends on the tasks.
const NEEDED: [Column; 5] = [Column::Number, Column::Date, Column::SignerBody, Column::SignerUnit, Column::Task];

impl Columns {
    /// Reads a header.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(rulebook: &Rulebook, header: &[String]) -> Result<Self, Vec<Wrong>> {
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(vec![Wrong::Empty]);
        }
        let (mut columns, mut wrong): (Vec<Column>, Vec<Wrong>) = (Vec::new(), Vec::new());
        for name in header {
            match column(rulebook, name) {
                Ok(column) if column != Column::Remark && columns.contains(&column) => {
                    wrong.push(Wrong::Twice { written: name.clone() });
                }
                Ok(column) => columns.push(column),
                Err(one) => wrong.push(one),
            }
        }
        wrong.extend(NEEDED.into_iter().filter(|needed| !columns.contains(needed)).map(Wrong::Missing));
        if wrong.is_empty() { Ok(Self(columns)) } else { Err(wrong) }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Column> {
        self.0.iter()
    }

    /// Where a column stands.
    #[must_use]
    pub fn at(&self, column: &Column) -> Option<usize> {
        self.0.iter().position(|own| own == column)
    }
}

/// Marks and case do not matter here, nor what stands between words: spreadsheets are typed in many ways.
fn plain(name: &str) -> String {
    search_fold(&name.replace(['_', '-', '.'], " "))
}

fn column(rulebook: &Rulebook, written: &str) -> Result<Column, Wrong> {
    let name = written.trim();
    if name.starts_with('#') {
        return Ok(Column::Remark);
    }
    if let Some(fact) = name.strip_prefix("fact:").or_else(|| name.strip_prefix("dữ kiện:")) {
        return one(rulebook.facts.iter().map(|fact| &fact.names), fact, written).map(Column::Fact);
    }
    if let Some(role) = name.strip_prefix("in:").or_else(|| name.strip_prefix("nơi:")) {
        let role = one(rulebook.roles.iter().map(|role| &role.names), role, written)?;
        return Ok(Column::Place(Some(role)));
    }
    let wanted = plain(name);
    let fixed = FIXED.iter().find(|(_, names)| names.iter().any(|name| plain(name) == wanted));
    if let Some((column, _)) = fixed {
        return Ok(column.clone());
    }
    let fact = one(rulebook.facts.iter().map(|fact| &fact.names), name, written);
    let role = one(rulebook.roles.iter().map(|role| &role.names), name, written);
    match (fact, role) {
        (Ok(_), Ok(_)) => Err(Wrong::Ambiguous { written: written.to_owned() }),
        (Ok(fact), Err(_)) => Ok(Column::Fact(fact)),
        (Err(_), Ok(role)) => Ok(Column::Place(Some(role))),
        (Err(unknown), Err(other)) => Err(nearer(unknown, other, &wanted)),
    }
}

/// The id of the one thing that is called so.
fn one<'a>(names: impl Iterator<Item = &'a Names> + Clone, name: &str, written: &str) -> Result<String, Wrong> {
    let id = |place: usize| names.clone().nth(place).map(|names| names.id.clone());
    match lookup(name, names.clone()) {
        Lookup::One(place) => id(place).ok_or_else(|| Wrong::Unknown { written: written.to_owned(), near: None }),
        Lookup::Several(_) => Err(Wrong::Ambiguous { written: written.to_owned() }),
        Lookup::Unknown(near) => Err(Wrong::Unknown { written: written.to_owned(), near: near.and_then(id) }),
    }
}

/// Of two ways to be no column the one that can be mended, else a fixed column that is spelled much like it.
fn nearer(fact: Wrong, role: Wrong, wanted: &str) -> Wrong {
    let helps = |wrong: &Wrong| match wrong {
        Wrong::Unknown { near, .. } => near.is_some(),
        Wrong::Ambiguous { .. } => true,
        Wrong::Empty | Wrong::NotText { .. } | Wrong::Missing(_) | Wrong::Twice { .. } => false,
    };
    if helps(&fact) {
        return fact;
    }
    if helps(&role) {
        return role;
    }
    let mut names = FIXED.iter().flat_map(|(_, names)| names.iter());
    let near = names.find(|name| strsim::damerau_levenshtein(&plain(name), wanted) <= 2);
    match fact {
        Wrong::Unknown { written, .. } => Wrong::Unknown { written, near: near.map(|name| (*name).to_owned()) },
        other @ (Wrong::Empty
        | Wrong::NotText { .. }
        | Wrong::Missing(_)
        | Wrong::Ambiguous { .. }
        | Wrong::Twice { .. }) => other,
    }
}

/// The usual name of a column.
fn name(column: &Column, language: Language) -> String {
    let at = pick(language, 1, 0);
    match column {
        Column::Fact(id) => format!("fact:{id}"),
        Column::Place(Some(id)) => format!("in:{id}"),
        Column::Number
        | Column::Date
        | Column::SignerBody
        | Column::SignerUnit
        | Column::Task
        | Column::Place(None)
        | Column::Remark => {
            let names = FIXED.iter().find(|(own, _)| own == column).map(|(_, names)| *names);
            names.and_then(|names| names.get(at)).map_or_else(String::new, |name| (*name).to_owned())
        }
    }
}

/// What is wrong with a header, in words.
#[must_use]
pub fn words(voice: Voice<'_>, wrong: &Wrong) -> String {
    let language = voice.language;
    match language {
        Language::Vietnamese => match wrong {
            Wrong::Empty => "bảng không có dòng tiêu đề".to_owned(),
            Wrong::NotText { column } => format!("tên cột thứ {column} không phải UTF-8"),
            Wrong::Missing(column) => format!("thiếu cột `{}`", name(column, language)),
            Wrong::Unknown { written, near: None } => format!(
                "không biết cột `{written}`: không phải cột cố định, dữ kiện hay nơi nào; đặt `#` trước tên để bỏ qua"
            ),
            Wrong::Unknown { written, near: Some(near) } => {
                format!("không biết cột `{written}`; có phải là `{near}`?")
            }
            Wrong::Ambiguous { written } => {
                format!("cột `{written}` là tên của nhiều mục: hãy viết `fact:MÃ` hoặc `in:MÃ`")
            }
            Wrong::Twice { written } => format!("cột `{written}` được nêu hai lần"),
        },
        Language::English => match wrong {
            Wrong::Empty => "the table has no header".to_owned(),
            Wrong::NotText { column } => format!("the name of column {column} is not UTF-8"),
            Wrong::Missing(column) => format!("the column `{}` is missing", name(column, language)),
            Wrong::Unknown { written, near: None } => format!(
                "`{written}` is no column: neither a fixed one nor a fact nor a place; put `#` before it to pass it over"
            ),
            Wrong::Unknown { written, near: Some(near) } => {
                format!("`{written}` is no column; is `{near}` meant?")
            }
            Wrong::Ambiguous { written } => {
                format!("the column `{written}` names more than one thing: write `fact:ID` or `in:ID`")
            }
            Wrong::Twice { written } => format!("the column `{written}` is there twice"),
        },
    }
}
