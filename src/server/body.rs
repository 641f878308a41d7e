//! The JSON body of a question: read strictly. Unknown and repeated members are refused, numbers keep every digit.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::openapi::{DAY, WORD};
use super::problem::{Kind, Problem};
use crate::reading::ask::Depth;
use crate::reading::question::Asked;
use crate::reading::spelled::Given;
use crate::syntax::tree::Language;

const MEMBERS: &str = "task, in, on, facts, explain, lang";

/// A question with how it is to be answered.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) asked: Asked,
    pub(super) depth: Depth,
    pub(super) language: Language,
}

/// What is read, as a schema.
pub(super) fn schema() -> Json {
    let text = json!({ "type": "string", "pattern": WORD });
    let texts = json!({ "type": "array", "items": text });
    let units = json!({ "anyOf": [text, texts] });
    let value = json!({ "anyOf": [text, { "type": ["number", "boolean"] }, texts] });
    json!({
        "type": "object",
        "description": "What is asked. The day is always said, never today by itself.",
        "properties": {
            "task": { "type": "string", "pattern": WORD, "description": "The id or a name of the task." },
            "in": {
                "description": "A unit by code or name, several that the case spans, or an object from roles to either.",
                "anyOf": [text, texts, { "type": "object", "additionalProperties": units }],
            },
            "on": { "type": "string", "pattern": DAY },
            "facts": { "type": "object", "description": "By id or name. What is not known is left out.", "additionalProperties": value },
            "explain": { "type": "boolean", "description": "Also say which provisions lost, and why." },
            "lang": { "type": "string", "enum": ["vi", "en"] },
        },
        "required": ["task", "on"],
        "additionalProperties": false,
    })
}

/// Reads a body.
pub(super) fn read(bytes: &[u8], language: Language) -> Result<Wanted, Problem> {
    let malformed = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        let detail = match language {
            Language::Vietnamese => format!("không đọc được JSON ở dòng {line}, cột {column}"),
            Language::English => format!("the JSON cannot be read at line {line}, column {column}"),
        };
        Problem::new(Kind::MalformedJson, language, detail)
    };
    let members = match serde_json::from_slice::<Members<'_>>(bytes) {
        Ok(members) => members.0,
        Err(_) => {
            // What is no JSON at all is said first.
            serde_json::from_slice::<&RawValue>(bytes).map_err(malformed)?;
            return Err(wrong(language, "", "{ }"));
        }
    };
    let mut wanted = Wanted { asked: Asked::default(), depth: Depth::Ruling, language };
    for (place, (name, value)) in members.iter().enumerate() {
        if members.iter().take(place).any(|(earlier, _)| earlier == name) {
            return Err(twice(language, name));
        }
        let string = || text(value).ok_or_else(|| wrong(language, name, "string"));
        match name.as_str() {
            "task" => wanted.asked.task = Some(string()?),
            "on" => wanted.asked.on = Some(string()?),
            "in" => wanted.asked.places = places(value, language)?,
            "facts" => wanted.asked.facts = facts(value, language)?,
            "explain" => match value.get() {
                "true" => wanted.depth = Depth::Record,
                "false" => {}
                _ => return Err(wrong(language, name, "true, false")),
            },
            "lang" => {
                wanted.language = Language::from_tag(&string()?).ok_or_else(|| wrong(language, name, "vi, en"))?
            }
            _ => return Err(unknown(language, name)),
        }
    }
    Ok(wanted)
}

fn wrong(language: Language, member: &str, expected: &str) -> Problem {
    let detail = match language {
        Language::Vietnamese => "giá trị không đúng kiểu",
        Language::English => "the value has the wrong type",
    };
    Problem::new(Kind::WrongShape, language, detail).at(member).expecting(expected)
}

fn twice(language: Language, member: &str) -> Problem {
    let detail = match language {
        Language::Vietnamese => format!("`{member}` được nêu hai lần"),
        Language::English => format!("`{member}` is given twice"),
    };
    Problem::new(Kind::WrongShape, language, detail).at(member)
}

fn unknown(language: Language, member: &str) -> Problem {
    let detail = match language {
        Language::Vietnamese => format!("không có mục `{member}`"),
        Language::English => format!("there is no member `{member}`"),
    };
    Problem::new(Kind::WrongShape, language, detail).at(member).expecting(MEMBERS)
}

/// A unit, a list of units, or an object from role to either.
fn places(value: &RawValue, language: Language) -> Result<Vec<(Option<String>, String)>, Problem> {
    let expected = "string, [string], { role: string | [string] }";
    if let Some(units) = texts(value) {
        return Ok(units.into_iter().map(|unit| (None, unit)).collect());
    }
    let roles = members(value).ok_or_else(|| wrong(language, "in", expected))?;
    let mut places = Vec::new();
    for (place, (role, value)) in roles.iter().enumerate() {
        let member = format!("in.{role}");
        if roles.iter().take(place).any(|(earlier, _)| earlier == role) {
            return Err(twice(language, &member));
        }
        let units = texts(value).ok_or_else(|| wrong(language, &member, "string, [string]"))?;
        places.extend(units.into_iter().map(|unit| (Some(role.clone()), unit)));
    }
    Ok(places)
}

fn facts(value: &RawValue, language: Language) -> Result<Vec<(String, Given)>, Problem> {
    let members = members(value).ok_or_else(|| wrong(language, "facts", "{ name: value }"))?;
    let mut facts: Vec<(String, Given)> = Vec::new();
    for (name, value) in members {
        let member = format!("facts.{name}");
        if facts.iter().any(|(earlier, _)| *earlier == name) {
            return Err(twice(language, &member));
        }
        let given = given(value).ok_or_else(|| wrong(language, &member, "string, number, true, false, [string]"))?;
        facts.push((name, given));
    }
    Ok(facts)
}

fn given(value: &RawValue) -> Option<Given> {
    match value.get() {
        "true" => Some(Given::Truth(true)),
        "false" => Some(Given::Truth(false)),
        number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            Some(Given::Number(number.to_owned()))
        }
        list if list.starts_with('[') => texts(value).map(Given::Several),
        _ => text(value).map(Given::Text),
    }
}

fn text(value: &RawValue) -> Option<String> {
    let inside = value.get().strip_prefix('"')?.strip_suffix('"')?;
    // Nearly none has an escape.
    if inside.contains('\\') { serde_json::from_str(value.get()).ok() } else { Some(inside.to_owned()) }
}

/// A text or a list of them.
fn texts(value: &RawValue) -> Option<Vec<String>> {
    if value.get().starts_with('[') {
        return serde_json::from_str(value.get()).ok();
    }
    text(value).map(|one| vec![one])
}

fn members(value: &RawValue) -> Option<Vec<(String, &RawValue)>> {
    // An error that nobody reads is made for nothing.
    let object = value.get().starts_with('{').then_some(value.get())?;
    serde_json::from_str::<Members<'_>>(object).ok().map(|members| members.0)
}

/// An object with its members in order, repeats and all.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = access.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
