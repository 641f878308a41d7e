//! Bodies of JSON, read strictly: an object, whose members are said once, with texts that are borrowed where they have no
//! escape. Knows no resource.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::problem::{Kind, Problem};
use crate::syntax::tree::Language;

/// The members of a body, in their order, repeats and all.
pub(super) fn whole(bytes: &[u8], language: Language) -> Result<Vec<(Cow<'_, str>, &RawValue)>, Problem> {
    // Checked as a whole, so that no part of it needs to be checked again.
    let members = std::str::from_utf8(bytes).ok().and_then(|text| serde_json::from_str::<Members<'_>>(text).ok());
    if let Some(Members(members)) = members {
        return Ok(members);
    }
    // What is no JSON at all is said first.
    serde_json::from_slice::<&RawValue>(bytes).map_err(|error| malformed(language, &error))?;
    Err(wrong(language, "", "{ }"))
}

/// The place of the first name that stood there before. Callers say as many as a body holds: they are not compared pairwise.
pub(super) fn repeated<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<usize> {
    let mut seen = BTreeSet::new();
    names.position(|name| !seen.insert(name))
}

/// Refuses a member that is said twice, by the path that its name has there.
pub(super) fn once(
    members: &[(Cow<'_, str>, &RawValue)],
    at: impl Fn(&str) -> String,
    language: Language,
) -> Result<(), Problem> {
    let place = repeated(members.iter().map(|(name, _)| name.as_ref()));
    match place.and_then(|place| members.get(place)) {
        Some((name, _)) => Err(twice(language, &at(name))),
        None => Ok(()),
    }
}

/// An object in a body, and where it stands there.
#[derive(Debug)]
pub(super) struct Object<'a> {
    /// Empty of the body itself.
    path: String,
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    language: Language,
}

impl<'a> Object<'a> {
    /// The body itself.
    pub(super) fn whole(bytes: &'a [u8], language: Language) -> Result<Self, Problem> {
        Self::once(String::new(), whole(bytes, language)?, language)
    }

    fn part(value: &'a RawValue, path: String, language: Language) -> Result<Self, Problem> {
        let Some(members) = members(value) else { return Err(wrong(language, &path, "{ }")) };
        Self::once(path, members, language)
    }

    fn once(path: String, members: Vec<(Cow<'a, str>, &'a RawValue)>, language: Language) -> Result<Self, Problem> {
        let object = Self { path, members, language };
        once(&object.members, |name| object.at(name), language)?;
        Ok(object)
    }

    /// The language of what is said of it.
    pub(super) const fn speaks(&self) -> Language {
        self.language
    }

    /// Refuses members that are not known.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.members.iter().find(|(name, _)| !known.contains(&name.as_ref())) {
            Some((name, _)) => Err(unknown(self.language, &self.at(name), &known.join(", "))),
            None => Ok(()),
        }
    }

    /// The path of a member.
    pub(super) fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.members.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }

    pub(super) fn wrong(&self, name: &str, expected: &str) -> Problem {
        wrong(self.language, &self.at(name), expected)
    }

    /// What a member must have been and is not there.
    pub(super) fn missing(&self, name: &str, expected: &str) -> Problem {
        let member = self.at(name);
        let detail = match self.language {
            Language::Vietnamese => format!("thiếu `{member}`"),
            Language::English => format!("`{member}` is missing"),
        };
        Problem::new(Kind::WrongShape, self.language, detail).at(&member).expecting(expected)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        let read = |value| text(value).map(Cow::into_owned).ok_or_else(|| self.wrong(name, "string"));
        self.get(name).map(read).transpose()
    }

    pub(super) fn needed(&self, name: &str) -> Result<String, Problem> {
        self.text(name)?.ok_or_else(|| self.missing(name, "string"))
    }

    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.get(name).map(RawValue::get) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.wrong(name, "true, false")),
        }
    }

    /// A language, where one is said.
    pub(super) fn language(&self, name: &str) -> Result<Option<Language>, Problem> {
        let read = |text: String| Language::from_tag(&text).ok_or_else(|| self.wrong(name, "vi, en"));
        self.text(name)?.map(read).transpose()
    }

    /// A list of texts; none where nothing is said.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let list = value.get().starts_with('[').then(|| texts(value.get())).flatten();
        let list = list.ok_or_else(|| self.wrong(name, "[string]"))?;
        Ok(list.into_iter().map(Cow::into_owned).collect())
    }

    /// An object in it.
    pub(super) fn object(&self, name: &str) -> Result<Option<Object<'a>>, Problem> {
        self.get(name).map(|value| Object::part(value, self.at(name), self.language)).transpose()
    }

    /// A list of objects; nothing where nothing is said.
    pub(super) fn objects(&self, name: &str) -> Result<Option<Vec<Object<'a>>>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let list: Option<Vec<&RawValue>> = serde_json::from_str(value.get()).ok();
        let list = list.ok_or_else(|| self.wrong(name, "[{ }]"))?;
        let each = list.into_iter().enumerate();
        each.map(|(place, one)| Object::part(one, format!("{}.{place}", self.at(name)), self.language))
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

pub(super) fn malformed(language: Language, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let detail = match language {
        Language::Vietnamese => format!("không đọc được JSON ở dòng {line}, cột {column}"),
        Language::English => format!("the JSON cannot be read at line {line}, column {column}"),
    };
    Problem::new(Kind::MalformedJson, language, detail)
}

pub(super) fn wrong(language: Language, member: &str, expected: &str) -> Problem {
    let detail = match language {
        Language::Vietnamese => "giá trị không đúng kiểu",
        Language::English => "the value has the wrong type",
    };
    Problem::new(Kind::WrongShape, language, detail).at(member).expecting(expected)
}

pub(super) fn twice(language: Language, member: &str) -> Problem {
    let detail = match language {
        Language::Vietnamese => format!("`{member}` được nêu hai lần"),
        Language::English => format!("`{member}` is given twice"),
    };
    Problem::new(Kind::WrongShape, language, detail).at(member)
}

pub(super) fn unknown(language: Language, member: &str, known: &str) -> Problem {
    let detail = match language {
        Language::Vietnamese => format!("không có mục `{member}`"),
        Language::English => format!("there is no member `{member}`"),
    };
    Problem::new(Kind::WrongShape, language, detail).at(member).expecting(known)
}

pub(super) fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    let inside = value.get().strip_prefix('"')?.strip_suffix('"')?;
    // Nearly none has an escape.
    if inside.contains('\\') {
        serde_json::from_str(value.get()).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inside))
    }
}

pub(super) fn texts(list: &str) -> Option<Vec<Cow<'_, str>>> {
    let texts: Vec<Text<'_>> = serde_json::from_str(list).ok()?;
    Some(texts.into_iter().map(|text| text.0).collect())
}

pub(super) fn members(value: &RawValue) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    // An error that nobody reads is made for nothing.
    let object = value.get().starts_with('{').then_some(value.get())?;
    serde_json::from_str::<Members<'_>>(object).ok().map(|members| members.0)
}

/// A text, that of the body itself where it has no escape.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;

        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Borrowing)
    }
}

/// An object with its members in order, repeats and all.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members<'de>, A::Error> {
                // Room for all that most objects have.
                let mut members = Vec::with_capacity(8);
                while let Some((Text(name), value)) = access.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
