//! The JSON body of a question: read strictly. Unknown and repeated members are refused, numbers keep every digit.

use std::borrow::Cow;

use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::members::{members, once, text, texts, twice, unknown, whole, wrong};
use super::openapi::{DAY, WORD};
use super::problem::Problem;
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::reading::ask::Depth;
use crate::reading::question::{Asked, Place};
use crate::reading::spelled::Given;
use crate::syntax::tree::Language;

const MEMBERS: &str = "task, in, on, facts, explain, lang, version, as_known";

/// A question with how it is to be answered. Its texts are those of the body, as far as none has an escape.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) depth: Depth,
    pub(super) language: Language,
    /// Which version of the rules is asked, by name or by when it was known.
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) as_known: Option<Cow<'a, str>>,
}

impl Wanted<'_> {
    pub(super) fn dial(&self) -> Result<Dial, Problem> {
        let said = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Dial::said(said(&self.version), said(&self.as_known), self.language)
    }
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
            "version": { "type": "string", "pattern": WORD, "description": "Ask this published version: its number, eight or more first digits of its hash, or `latest`." },
            "as_known": { "type": "string", "pattern": WORD, "description": "Ask the version that was published by then: a day, all of it, or a moment with its clock." },
        },
        "required": ["task", "on"],
        "additionalProperties": false,
    })
}

/// Reads a body.
pub(super) fn read(bytes: &[u8], language: Language) -> Result<Wanted<'_>, Problem> {
    let members = whole(bytes, language)?;
    let mut wanted = Wanted { asked: Asked::default(), depth: Depth::Ruling, language, version: None, as_known: None };
    for (place, &(ref name, value)) in members.iter().enumerate() {
        if members.iter().take(place).any(|(earlier, _)| earlier == name) {
            return Err(twice(language, name));
        }
        let string = || text(value).ok_or_else(|| wrong(language, name, "string"));
        match name.as_ref() {
            "task" => wanted.asked.task = Some(string()?),
            "on" => wanted.asked.on = Some(string()?),
            VERSION => wanted.version = Some(string()?),
            AS_KNOWN => wanted.as_known = Some(string()?),
            "in" => wanted.asked.places = places(value, "in", language)?,
            "facts" => wanted.asked.facts = facts(value, "facts", language)?,
            "explain" => match value.get() {
                "true" => wanted.depth = Depth::Record,
                "false" => {}
                _ => return Err(wrong(language, name, "true, false")),
            },
            "lang" => {
                wanted.language = Language::from_tag(&string()?).ok_or_else(|| wrong(language, name, "vi, en"))?
            }
            _ => return Err(unknown(language, name, MEMBERS)),
        }
    }
    Ok(wanted)
}

/// A unit, a list of units, or an object from role to either.
pub(super) fn places<'a>(value: &'a RawValue, path: &str, language: Language) -> Result<Vec<Place<'a>>, Problem> {
    let mut places = Vec::new();
    if each_text(value, |unit| places.push((None, unit))).is_some() {
        return Ok(places);
    }
    let expected = "string, [string], { role: string | [string] }";
    let roles = members(value).ok_or_else(|| wrong(language, path, expected))?;
    places.reserve(roles.len());
    once(&roles, |role| format!("{path}.{role}"), language)?;
    for (role, value) in roles {
        let member = || format!("{path}.{role}");
        each_text(value, |unit| places.push((Some(role.clone()), unit)))
            .ok_or_else(|| wrong(language, &member(), "string, [string]"))?;
    }
    Ok(places)
}

/// A fact by the name that was written, and what was given for it.
pub(super) type Fact<'a> = (Cow<'a, str>, Given<'a>);

/// Facts by their names, as they were given.
pub(super) fn facts<'a>(value: &'a RawValue, path: &str, language: Language) -> Result<Vec<Fact<'a>>, Problem> {
    let members = members(value).ok_or_else(|| wrong(language, path, "{ name: value }"))?;
    once(&members, |name| format!("{path}.{name}"), language)?;
    let mut facts: Vec<Fact<'a>> = Vec::with_capacity(members.len());
    for (name, value) in members {
        let member = || format!("{path}.{name}");
        let given = given(value).ok_or_else(|| wrong(language, &member(), "string, number, true, false, [string]"))?;
        facts.push((name, given));
    }
    Ok(facts)
}

fn given(value: &RawValue) -> Option<Given<'_>> {
    match value.get() {
        "true" => Some(Given::Truth(true)),
        "false" => Some(Given::Truth(false)),
        number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            Some(Given::Number(Cow::Borrowed(number)))
        }
        list if list.starts_with('[') => texts(list).map(Given::Several),
        _ => text(value).map(Given::Text),
    }
}

/// Takes a text or each of a list of them; none where it is neither.
fn each_text<'a>(value: &'a RawValue, mut take: impl FnMut(Cow<'a, str>)) -> Option<()> {
    if value.get().starts_with('[') {
        texts(value.get())?.into_iter().for_each(take);
    } else {
        take(text(value)?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str =
        r#"{"task":"a","in":{"b":["c","d"],"e":"f"},"on":"g","facts":{"h":"i","j":-1.50e3,"k":["l"],"m":true}}"#;

    fn asked(body: &str) -> Asked<'_> {
        read(body.as_bytes(), Language::English).expect("a question").asked
    }

    /// `a` as `\u0061`, in every text.
    fn escaped(body: &str) -> String {
        let piece = |(place, piece): (usize, &str)| {
            if place % 2 == 0 {
                return piece.to_owned();
            }
            let letters: String = piece.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
            format!("\"{letters}\"")
        };
        body.split('"').enumerate().map(piece).collect()
    }

    #[test]
    fn texts_are_those_of_the_body_and_the_same_with_escapes() {
        let plain = asked(PLAIN);
        let borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
        assert!(plain.task.iter().chain(&plain.on).all(borrowed));
        assert!(plain.places.iter().all(|(role, unit)| role.iter().chain([unit]).all(borrowed)));
        assert!(plain.facts.iter().all(|(name, given)| borrowed(name)
            && match given {
                Given::Text(text) | Given::Number(text) => borrowed(text),
                Given::Several(texts) => texts.iter().all(borrowed),
                Given::Truth(_) => true,
            }));
        assert_eq!(plain.facts[1].1, Given::Number("-1.50e3".into()));
        let escaped = escaped(PLAIN);
        assert!(escaped.starts_with(r#"{"\u0074"#), "{escaped}");
        assert_eq!(asked(&escaped), plain);
    }
}
